//! The categories of a taxonomy as a person reads them, with how many records have each now.

use std::collections::BTreeSet;
use std::path::Path;

use roaring::RoaringBitmap;

use super::texts;
use crate::error::Result;
use crate::run::ground::Ground;
use crate::run::{labels, taxonomy as load};
use crate::taxonomy::{Category, Taxonomy};
use crate::words::Stance;
use crate::workspace::Workspace;

/// A taxonomy and how many records there are to have its categories.
pub struct Whole {
    /// Its categories, each net before its parts.
    pub categories: Vec<Listed>,
    /// Records with words; `None` outside of a workspace.
    pub records: Option<u64>,
}

/// A category.
pub struct Listed {
    /// What its files say.
    pub category: Category,
    /// The files it stands in: its head first, then its parts.
    pub files: Vec<String>,
    /// Its words that stand first in its rules, by stance, each once.
    pub keywords: Vec<(Stance, Vec<String>)>,
    /// Records that have it, whatever the stance.
    pub records: u64,
    /// Records that have it with each stance.
    pub stances: [u64; Stance::ALL.len()],
}

/// The categories of the taxonomy that is used in the folder `start`: all, or the one that is asked for.
pub fn list(start: &Path, asked: Option<&str>) -> Result<Whole> {
    let ground = match Workspace::find(start) {
        Ok(workspace) => Some((Ground::open(&workspace)?, workspace)),
        Err(error) if error.code() == "no_workspace" => None,
        Err(error) => return Err(error),
    };
    let Some((ground, workspace)) = ground else {
        return of(&load::load(start, None)?, asked, |_| (0, [0; Stance::ALL.len()]), None);
    };
    let Ground { store, taxonomy, facts, .. } = &ground;
    let labels = labels::all(&workspace, store, taxonomy)?;
    let bases = texts(facts);
    let count = |at: usize| {
        let (mut records, mut stances) = (0, [0; Stance::ALL.len()]);
        for (base, labels) in bases.iter().zip(&labels) {
            let mut any = RoaringBitmap::new();
            for (label, rows) in labels.iter().filter(|(label, _)| label.category() == at) {
                stances[label.stance() as usize] += base.intersection_len(rows);
                any |= rows;
            }
            records += base.intersection_len(&any);
        }
        (records, stances)
    };
    of(taxonomy, asked, count, Some(bases.iter().map(RoaringBitmap::len).sum()))
}

fn of(
    taxonomy: &Taxonomy,
    asked: Option<&str>,
    count: impl Fn(usize) -> (u64, [u64; Stance::ALL.len()]),
    records: Option<u64>,
) -> Result<Whole> {
    let all = taxonomy.categories();
    let mut chosen = match asked {
        Some(asked) => vec![load::find(taxonomy, asked)?],
        None => (0..all.len()).collect(),
    };
    chosen.sort_by_key(|at| &all[*at].id);
    let listed = chosen.into_iter().map(|at| {
        let (records, stances) = count(at);
        let category = all[at].clone();
        Listed { files: files(&category), keywords: keywords(&category), category, records, stances }
    });
    Ok(Whole { categories: listed.collect(), records })
}

fn files(category: &Category) -> Vec<String> {
    let parts: BTreeSet<&str> = category.rules.iter().map(|rule| &*rule.file).filter(|f| *f != category.file).collect();
    Some(category.file.as_str()).filter(|file| !file.is_empty()).into_iter().chain(parts).map(str::to_string).collect()
}

fn keywords(category: &Category) -> Vec<(Stance, Vec<String>)> {
    let of = |stance: Stance| {
        let mut seen = BTreeSet::new();
        let rules = category.rules.iter().filter(|rule| rule.stance == stance);
        let words = rules.flat_map(|rule| rule.any.iter().map(|keyword| keyword.written.to_string()));
        (stance, words.filter(|word| seen.insert(word.clone())).collect::<Vec<_>>())
    };
    Stance::ALL.into_iter().map(of).filter(|(_, words)| !words.is_empty()).collect()
}

//! What an edit of the taxonomy moves: labels gained and lost, shares before and after, quotes both ways.

use std::collections::BTreeMap;
use std::path::Path;

use roaring::RoaringBitmap;

use super::text_base;
use crate::error::Result;
use crate::reading::Classifier;
use crate::records::Store;
use crate::report::model::Ratio;
use crate::run::facts::Facts;
use crate::run::report::excerpt;
use crate::run::{labels, taxonomy as load};
use crate::taxonomy::Taxonomy;
use crate::words::{LabelId, Record, Said, Stance};
use crate::workspace::{Labels, Workspace};

/// Quotes of a diff in each direction.
const QUOTES: usize = 20;

/// What an edit moves: one label.
pub struct Moved {
    /// Path of the category.
    pub category: String,
    /// Its name.
    pub name: Said,
    /// The stance.
    pub stance: Stance,
    /// Share before and after, of all records with words.
    pub before: Ratio,
    /// See [`Moved::before`].
    pub after: Ratio,
    /// Records that gain it.
    pub gained: u64,
    /// Records that lose it.
    pub lost: u64,
}

/// A record that gains or loses a label.
pub struct Quote {
    /// Path of the category.
    pub category: String,
    /// The stance.
    pub stance: Stance,
    /// True if the record gains it.
    pub gains: bool,
    /// Its id.
    pub uid: String,
    /// The words around the evidence.
    pub text: String,
}

/// Everything that an edit moves.
pub struct Diff {
    /// Labels that move, the most moved first.
    pub moved: Vec<Moved>,
    /// Some of the records behind them, both ways.
    pub quotes: Vec<Quote>,
}

/// Compares two taxonomy folders (without one: what the workspace uses) over the records of a workspace.
pub fn diff(workspace: &Workspace, old: Option<&Path>, new: Option<&Path>) -> Result<Diff> {
    let of = |folder: Option<&Path>| folder.map_or_else(|| load::of_workspace(workspace), load::read);
    between(workspace, &of(old)?, &of(new)?)
}

/// Compares the bundled taxonomy with the one that the workspace uses.
pub fn diff_from_bundled(workspace: &Workspace) -> Result<Diff> {
    between(workspace, &crate::taxonomy::bundled(), &load::of_workspace(workspace)?)
}

/// Compares two taxonomies over the records of a workspace.
pub fn between(workspace: &Workspace, old: &Taxonomy, new: &Taxonomy) -> Result<Diff> {
    let store = Store::open(&workspace.records())?;
    let facts = Facts::read(&store)?;
    let base: Vec<RoaringBitmap> = facts.files.iter().map(|f| f.counted(text_base())).collect();
    let records: u64 = base.iter().map(RoaringBitmap::len).sum();
    let before = by_name(old, labels::all(workspace, &store, old)?, &base);
    let after = by_name(new, labels::all(workspace, &store, new)?, &base);
    let mut keys: Vec<&(String, Stance)> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let none: Vec<RoaringBitmap> = base.iter().map(|_| RoaringBitmap::new()).collect();
    let mut moved = Vec::new();
    let mut wanted: Vec<(bool, String, Stance, (usize, u32))> = Vec::new();
    for key in keys {
        let (a, b) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        let gained: Vec<RoaringBitmap> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let lost: Vec<RoaringBitmap> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let count = |maps: &[RoaringBitmap]| maps.iter().map(RoaringBitmap::len).sum::<u64>();
        if count(&gained) + count(&lost) == 0 {
            continue;
        }
        for (gains, maps) in [(true, &gained), (false, &lost)] {
            let rows = maps.iter().enumerate().flat_map(|(file, rows)| rows.iter().map(move |row| (file, row)));
            wanted.extend(rows.take(QUOTES).map(|place| (gains, key.0.clone(), key.1, place)));
        }
        let named =
            new.find(&key.0).map(|at| &new.categories()[at]).or(old.find(&key.0).map(|at| &old.categories()[at]));
        moved.push(Moved {
            category: key.0.clone(),
            name: named.map(|c| c.name.clone()).unwrap_or_default(),
            stance: key.1,
            before: Ratio { mentions: count(a), base: records },
            after: Ratio { mentions: count(b), base: records },
            gained: count(&gained),
            lost: count(&lost),
        });
    }
    moved.sort_by_key(|m| (std::cmp::Reverse(m.gained + m.lost), m.category.clone(), m.stance));
    let quotes = quotes(&store, (old, new), wanted)?;
    Ok(Diff { moved, quotes })
}

/// Rows by category and stance, within the base: places differ between two taxonomies, names do not.
fn by_name(
    taxonomy: &Taxonomy,
    labels: Vec<Labels>,
    base: &[RoaringBitmap],
) -> BTreeMap<(String, Stance), Vec<RoaringBitmap>> {
    let mut named: BTreeMap<(String, Stance), Vec<RoaringBitmap>> = BTreeMap::new();
    for (file, labels) in labels.into_iter().enumerate() {
        for (label, rows) in labels {
            let key = (taxonomy.categories()[label.category()].id.clone(), label.stance());
            let maps = named.entry(key).or_insert_with(|| vec![RoaringBitmap::new(); base.len()]);
            maps[file] = rows & &base[file];
        }
    }
    named
}

/// The words behind some of the moves: as many ways in as out, spread over the labels.
fn quotes(
    store: &Store,
    (old, new): (&Taxonomy, &Taxonomy),
    wanted: Vec<(bool, String, Stance, (usize, u32))>,
) -> Result<Vec<Quote>> {
    let (before, after) = (Classifier::new(old), Classifier::new(new));
    let mut chosen: Vec<(bool, String, Stance, (usize, u32))> = Vec::new();
    for gains in [true, false] {
        let side: Vec<_> = wanted.iter().filter(|w| w.0 == gains).collect();
        let n = side.len().min(QUOTES);
        chosen.extend((0..n).map(|i| side[i * side.len() / n].clone()));
    }
    let places: Vec<(usize, u32)> = chosen.iter().map(|c| c.3).collect();
    let records = store.fetch(&places)?;
    let quote = |((gains, category, stance, _), record): ((bool, String, Stance, (usize, u32)), &Record)| {
        let (taxonomy, classifier) = if gains { (new, &after) } else { (old, &before) };
        let turns = record.turn_views();
        let reading = classifier.read(&record.view(&turns));
        let label = taxonomy.find(&category).map(|at| LabelId::new(at, stance));
        let evidence = reading.labels.iter().find(|l| Some(l.id) == label).and_then(|l| l.evidence.first());
        let text = match evidence {
            Some(e) => excerpt(turns[e.turn].text, &[(e.span.start as usize, e.span.end as usize)]).0,
            // A net's own evidence stands under its parts.
            None => turns.iter().find(|t| t.is_customer_text()).map_or(String::new(), |t| excerpt(t.text, &[]).0),
        };
        Quote { category, stance, gains, uid: record.uid.to_string(), text }
    };
    Ok(chosen.into_iter().zip(&records).map(quote).collect())
}

//! `taxonomy suggest`: the words that a category, or the whole taxonomy, lacks, with quotes to judge them by.

use std::collections::BTreeSet;

use super::clauses::{self, Heard, Said};
use crate::error::{Error, Result};
use crate::records::Store;
use crate::run::ground::Ground;
use crate::run::taxonomy as load;
use crate::said;
use crate::stats::suggest::{self, Clause, Material, State, Suggestion};
use crate::taxonomy::{Category, Taxonomy};
use crate::text::fold;
use crate::words::{Said as Words, Span, Stance};
use crate::workspace::Workspace;

/// Quotes of a suggestion.
const QUOTES: usize = 3;

/// Characters shown on each side of a clause.
const BESIDE: usize = 14;

/// What was suggested, and from how much.
pub struct Suggested {
    /// The category; `None`: words for new ones.
    pub category: Option<(String, Words)>,
    /// Records read, of so many with words.
    pub read: (u64, u64),
    /// Clauses without a label, of so many.
    pub open: (u64, u64),
    /// The phrases, best first.
    pub phrases: Vec<Phrase>,
}

/// A phrase with quotes.
pub struct Phrase {
    /// What speaks for it.
    pub found: Suggestion,
    /// Some of the clauses that say it: record, and the words around.
    pub quotes: Vec<(String, String)>,
}

impl Suggested {
    /// The lines to paste into the category's file: one block a stance.
    pub fn block(&self) -> String {
        let mut text = String::new();
        for stance in Stance::ALL {
            let phrases: Vec<String> = self
                .phrases
                .iter()
                .filter(|p| p.found.stance == stance)
                .map(|p| format!("{:?}", p.found.phrase))
                .collect();
            if !phrases.is_empty() {
                text.push_str(&format!("[[{}]]\nany = [{}]\n", stance.key(), phrases.join(", ")));
            }
        }
        text
    }
}

/// Looks for words of a category (of none: for new categories) in the records of a workspace.
pub fn suggest(workspace: &Workspace, category: Option<&str>, most: usize) -> Result<Suggested> {
    of_ground(workspace, &Ground::open(workspace)?, category, most)
}

/// The same of what was opened.
pub fn of_ground(workspace: &Workspace, ground: &Ground, category: Option<&str>, most: usize) -> Result<Suggested> {
    let Ground { store, taxonomy, .. } = ground;
    let place = category.map(|id| load::find(taxonomy, id)).transpose()?;
    let heard = clauses::hear(ground)?;
    if heard.records.is_empty() {
        return Err(Error::new("no_records", said!("工作区里还没有带文字的记录", "no record with words is here yet"))
            .help(said!("先用 earful add 导入评价或聊天", "import reviews or chats first: earful add FILE")));
    }
    let wanted = place.map(|at| own(taxonomy, at)).unwrap_or_default();
    let state = |said: &Said| match said.categories.iter().any(|c| wanted.contains(c)) {
        true => State::Own,
        false if said.categories.is_empty() => State::Open,
        false => State::Other,
    };
    let heard_clauses: Vec<Clause<'_>> =
        heard.clauses.iter().map(|c| Clause { record: c.record, text: &c.text, state: state(c) }).collect();
    let lexicon = clauses::lexicon(taxonomy);
    let material = Material { clauses: &heard_clauses, records: &heard.standing, lexicon: &lexicon };
    let names: Vec<String> = workspace.settings().shops.iter().map(|s| fold(&s.name)).collect();
    let named = |phrase: &str| names.iter().any(|n| n.contains(phrase) || phrase.contains(n.as_str()));
    let found = match place {
        Some(_) => {
            let looked: Vec<&str> = wanted.iter().flat_map(|c| keywords(&taxonomy.categories()[*c])).collect();
            let known = |phrase: &str| named(phrase) || looked.iter().any(|k| phrase.contains(k));
            suggest::for_category(&material, known, most)
        }
        None => suggest::for_new(&material, named, most),
    };
    let open = heard_clauses.iter().filter(|c| c.state == State::Open).count() as u64;
    let category = place.map(|at| (taxonomy.categories()[at].id.clone(), taxonomy.categories()[at].name.clone()));
    Ok(Suggested {
        category,
        read: (heard.records.len() as u64, heard.of),
        open: (open, heard.clauses.len() as u64),
        phrases: quoted(store, &heard, found)?,
    })
}

/// A category and, for a net, its parts.
fn own(taxonomy: &Taxonomy, at: usize) -> BTreeSet<usize> {
    let parts = taxonomy.categories().iter().enumerate().filter(|(_, c)| c.nets.contains(&at)).map(|(i, _)| i);
    parts.chain([at]).collect()
}

/// Keywords that give the category by themselves, and words that were shut out: a phrase with one of them
/// was thought of already.
fn keywords(category: &Category) -> impl Iterator<Item = &str> {
    let simple = |r: &&crate::taxonomy::Rule| r.near.is_empty() && r.then.is_empty() && r.all.is_empty();
    let any = category.rules.iter().filter(simple).flat_map(|r| &r.any);
    let masks = category.rules.iter().flat_map(|r| r.unless.iter().chain(&r.without));
    any.chain(masks).map(|k| &*k.folded).filter(|k| k.chars().nth(1).is_some())
}

/// Adds quotes: each from another record, no two alike.
pub fn quoted(store: &Store, heard: &Heard, found: Vec<Suggestion>) -> Result<Vec<Phrase>> {
    let mut chosen: Vec<Vec<&Said>> = Vec::new();
    for one in &found {
        let mut said: Vec<&Said> = Vec::new();
        for clause in one.clauses.iter().map(|c| &heard.clauses[*c]) {
            if said.len() < QUOTES && !said.iter().any(|s| s.record == clause.record || s.text == clause.text) {
                said.push(clause);
            }
        }
        chosen.push(said);
    }
    let quotes = quotes(store, heard, &chosen)?;
    Ok(found.into_iter().zip(quotes).map(|(found, quotes)| Phrase { found, quotes }).collect())
}

/// The words around clauses: record, and an excerpt.
pub fn quotes(store: &Store, heard: &Heard, chosen: &[Vec<&Said>]) -> Result<Vec<Vec<(String, String)>>> {
    let places: Vec<(usize, u32)> = chosen.iter().flatten().map(|s| heard.records[s.record]).collect();
    let records = store.fetch(&places)?;
    let mut records = records.iter();
    let quote = |said: &&Said| {
        let record = records.next().expect("one record was fetched for each clause");
        (record.uid.to_string(), around(&record.turns[said.turn].text, said.span))
    };
    let mut quote = quote;
    Ok(chosen.iter().map(|said| said.iter().map(&mut quote).collect()).collect())
}

/// A clause with the words on both sides of it.
fn around(text: &str, span: Span) -> String {
    let (start, end) = (span.start as usize, span.end as usize);
    let from = text[..start].char_indices().rev().nth(BESIDE - 1).map_or(0, |(i, _)| i);
    let to = text[end..].char_indices().nth(BESIDE).map_or(text.len(), |(i, _)| end + i);
    let (head, tail) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
    format!("{head}{}{tail}", text[from..to].trim())
}

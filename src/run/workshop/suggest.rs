//! `taxonomy suggest`: the words that a category, or the whole taxonomy, lacks, with quotes to judge them by.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::clauses::{self, Heard, Said};
use crate::error::{Error, Result};
use crate::records::Store;
use crate::report::model::Ratio;
use crate::run::ground::Ground;
use crate::run::taxonomy as load;
use crate::said;
use crate::stats::Count;
use crate::stats::rate::wilson;
use crate::stats::suggest::{self, Clause, Material, State, Suggestion};
use crate::taxonomy::{Category, Taxonomy};
use crate::text::fold;
use crate::words::{Said as Words, Span, Stance};
use crate::workspace::Workspace;

/// Quotes of a suggestion.
const QUOTES: usize = 3;

/// How sure it is that a category is read beside a phrase, how often at least, and how many times more than anywhere.
const BESIDE_SURE: f64 = 0.80;
const OFTEN: f64 = 0.15;
const MORE: f64 = 2.0;

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
    /// True if the workspace has a taxonomy of its own.
    pub owned: bool,
}

/// A phrase with quotes.
pub struct Phrase {
    /// What speaks for it.
    pub found: Suggestion,
    /// Some of the clauses that say it: record, and the words around.
    pub quotes: Vec<(String, String)>,
    /// The category that is read beside it most, if that tells something.
    pub beside: Option<Beside>,
}

/// A category that is read in the clauses of a phrase or in the next ones.
pub struct Beside {
    /// Its path.
    pub category: String,
    /// Its name.
    pub name: Words,
    /// Records in which it is, of those with the phrase.
    pub ratio: Ratio,
}

impl Suggested {
    /// The lines to paste into the category's file: one block a stance. Words for new categories stand below the file of the
    /// category that they fit.
    pub fn block(&self) -> String {
        let file = |phrase: &Phrase| match self.category {
            Some(_) => None,
            None => Some(phrase.beside.as_ref().map(|b| b.category.clone()).unwrap_or_default()),
        };
        let mut blocks: BTreeMap<(Option<String>, Stance), Vec<String>> = BTreeMap::new();
        for phrase in &self.phrases {
            let words = format!("{:?}", phrase.found.phrase);
            blocks.entry((file(phrase), phrase.found.stance)).or_default().push(words);
        }
        let mut text = String::new();
        let mut before = None;
        for ((file, stance), phrases) in blocks {
            if file != before {
                let name = file.as_deref().filter(|id| !id.is_empty()).unwrap_or("?");
                text.push_str(&format!("# {name}.toml\n"));
                before = file;
            }
            // What is said of a thing is not known by its name: there an opinion decides.
            let opinion = if stance == Stance::Mention { "opinion = true\n" } else { "" };
            text.push_str(&format!("[[{}]]\nany = [{}]\n{opinion}", stance.key(), phrases.join(", ")));
        }
        text
    }
}

/// Looks for words of a category (of none: for new categories) in the records of a workspace.
pub fn suggest(workspace: &Workspace, category: Option<&str>, most: usize) -> Result<Suggested> {
    let ground = &Ground::open(workspace)?;
    let taxonomy = &ground.taxonomy;
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
            let all = || wanted.iter().map(|c| &taxonomy.categories()[*c]);
            let looked: Vec<&str> = all().flat_map(keywords).collect();
            let parts: HashSet<String> = all().flat_map(parts).collect();
            let known =
                |phrase: &str| named(phrase) || parts.contains(phrase) || looked.iter().any(|k| phrase.contains(k));
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
        phrases: quoted(ground, &heard, found)?,
        owned: workspace.taxonomy().is_some(),
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

/// What the keywords of a category are made of: each of them, and the runs inside. The author has them already, and did not
/// take them alone.
fn parts(category: &Category) -> impl Iterator<Item = String> {
    let mut parts = Vec::new();
    for keyword in category.rules.iter().flat_map(|r| r.keywords()) {
        suggest::each_phrase(&keyword.folded, |part| parts.push(part.to_string()));
    }
    parts.into_iter()
}

/// The category that is read in the clauses that a phrase stands in, or next to them, far more often than anywhere.
pub fn beside(taxonomy: &Taxonomy, heard: &Heard, phrases: &[&str]) -> Vec<Option<Beside>> {
    let near = |at: usize| {
        let clauses = &heard.clauses;
        let record = clauses[at].record;
        let around = clauses[at.saturating_sub(1)..(at + 2).min(clauses.len())].iter();
        around.filter(|c| c.record == record).flat_map(|c| &c.categories).copied().collect::<BTreeSet<usize>>()
    };
    let mut anywhere: BTreeMap<usize, u64> = BTreeMap::new();
    let mut here: Vec<(BTreeSet<usize>, BTreeSet<(usize, usize)>)> = vec![Default::default(); phrases.len()];
    for (at, clause) in heard.clauses.iter().enumerate() {
        let near = near(at);
        near.iter().for_each(|category| *anywhere.entry(*category).or_default() += 1);
        for (phrase, (records, with)) in phrases.iter().zip(&mut here) {
            if clause.text.contains(phrase) {
                records.insert(clause.record);
                with.extend(near.iter().map(|category| (*category, clause.record)));
            }
        }
    }
    let all = heard.clauses.len().max(1) as f64;
    let best = |(records, with): (BTreeSet<usize>, BTreeSet<(usize, usize)>)| {
        let base = records.len() as u64;
        let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
        with.iter().for_each(|(category, _)| *counts.entry(*category).or_default() += 1);
        let sure = |category: usize, n: u64| {
            let low = wilson(Count::new(n, base), BESIDE_SURE).low;
            (low >= OFTEN && low >= MORE * anywhere[&category] as f64 / all).then_some(low)
        };
        let (category, n, _) = counts
            .into_iter()
            .filter_map(|(category, n)| Some((category, n, sure(category, n)?)))
            .max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)))?;
        let category = &taxonomy.categories()[category];
        let ratio = Ratio { mentions: n, base };
        Some(Beside { category: category.id.clone(), name: category.name.clone(), ratio })
    };
    here.into_iter().map(best).collect()
}

/// Adds quotes, each from another record, no two alike; and what is read beside.
fn quoted(ground: &Ground, heard: &Heard, found: Vec<Suggestion>) -> Result<Vec<Phrase>> {
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
    let quotes = quotes(&ground.store, heard, &chosen)?;
    let phrases: Vec<&str> = found.iter().map(|one| one.phrase.as_str()).collect();
    let beside = beside(&ground.taxonomy, heard, &phrases);
    let all = found.into_iter().zip(quotes).zip(beside);
    Ok(all.map(|((found, quotes), beside)| Phrase { found, quotes, beside }).collect())
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

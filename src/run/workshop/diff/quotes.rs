//! The words behind what an edit moves: twenty each way, spread over labels, wordings and SKUs, no two alike, each with the
//! rule that made or lost it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Side};
use crate::error::Result;
use crate::reading::{Classifier, Label};
use crate::run::report::marked;
use crate::taxonomy::{Category, Rule};
use crate::text::fold;
use crate::words::{LabelId, Record, Said, Span, Stance};

/// Quotes in each direction.
const QUOTES: usize = 20;
/// Records read for them, in each direction.
const READ: usize = 800;
/// Characters that read well.
const GOOD_LENGTH: usize = 28;

/// Why a record gains or loses a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The rule is new, or another one than before.
    NewRule,
    /// The rule was there; what held it back is gone.
    LetIn,
    /// The category is gone.
    NoCategory,
    /// The rule is gone, or another one than before.
    NoRule,
    /// The rule is there; something holds it back.
    HeldBack,
}

/// A record that gains or loses a label.
pub struct Quote {
    /// Name of the category.
    pub name: Said,
    /// Path of the category.
    pub category: String,
    /// The stance.
    pub stance: Stance,
    /// True if the record gains it.
    pub gains: bool,
    /// Stances of the same category on the other side: it moves from or to them.
    pub instead: Vec<Stance>,
    /// File and line of the rule.
    pub rule: String,
    /// What became of the rule.
    pub why: Why,
    /// Its id.
    pub uid: String,
    /// The SKU of the record; may be empty.
    pub sku: String,
    /// Day it was written, and stars.
    pub day: Option<String>,
    /// Stars, 1 to 5.
    pub stars: Option<f32>,
    /// The words around the evidence.
    pub text: String,
    /// The evidence, as byte ranges of `text`.
    pub matches: Vec<(usize, usize)>,
    /// How many others say it in the same words; `true` if more may, which were not read.
    pub alike: (usize, bool),
}

/// Chooses the quotes of a diff. `changes` are in the order in which they matter.
pub fn choose(sides: &[Side; 2], changes: &[Change]) -> Result<Vec<Quote>> {
    let readers = sides.each_ref().map(|side| Classifier::new(side.taxonomy()));
    let mut chosen = Vec::new();
    for gains in [true, false] {
        let changes: Vec<&Change> = changes.iter().filter(|c| c.gains == gains).take(QUOTES).collect();
        let most = READ / changes.len().max(1);
        let spread = |c: &&Change| {
            let n = c.rows.len().min(most);
            (0..n).map(|i| c.rows[i * c.rows.len() / n]).collect::<Vec<_>>()
        };
        let rows: Vec<Vec<(usize, u32)>> = changes.iter().map(spread).collect();
        let mut places: Vec<(usize, u32)> = rows.iter().flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        let records = sides[0].counting.ground.store.fetch(&places)?;
        let mut wordings: Vec<Wordings> = Vec::new();
        for (change, rows) in changes.iter().zip(&rows) {
            let all = rows.len() == change.rows.len();
            let quotes = rows.iter().filter_map(|place| {
                let at = places.binary_search(place).expect("every place was fetched");
                quote(sides, &readers, change, &records[at])
            });
            wordings.push(Wordings::of(quotes, all));
        }
        chosen.extend(taken(wordings));
    }
    Ok(chosen)
}

/// A record as a quote for a change, and the words that were matched. `None` if the label was decided by hand.
fn quote(sides: &[Side; 2], readers: &[Classifier; 2], change: &Change, record: &Record) -> Option<(String, Quote)> {
    let turns = record.turn_views();
    let view = record.view(&turns);
    let (id, stance) = &change.key;
    // The side that has the label tells the rule, the other what became of it.
    let (has, other) = if change.gains { (1, 0) } else { (0, 1) };
    let taxonomy = sides[has].taxonomy();
    let at = taxonomy.find(id)?;
    let category = &taxonomy.categories()[at];
    let reading = readers[has].read(&view);
    let label: &Label = reading.labels.iter().find(|l| l.id == LabelId::new(at, *stance))?;
    let evidence = label.evidence.first()?;
    let there = sides[other].taxonomy().find(id);
    let twin = there.map(|at| &sides[other].taxonomy().categories()[at]);
    let known = twin.is_some_and(|twin| has_rule(twin, &category.rules[evidence.rule]));
    let why = match (change.gains, twin, known) {
        (true, _, true) => Why::LetIn,
        (true, _, false) => Why::NewRule,
        (false, None, _) => Why::NoCategory,
        (false, _, true) => Why::HeldBack,
        (false, _, false) => Why::NoRule,
    };
    let instead = there.map_or_else(Vec::new, |at| {
        let reading = readers[other].read(&view);
        reading.labels.iter().filter(|l| l.id.category() == at).map(|l| l.id.stance()).collect()
    });
    let (wording, text, matches) = marked(label, &record.turns[evidence.turn].text);
    let quote = Quote {
        name: category.name.clone(),
        category: id.clone(),
        stance: *stance,
        gains: change.gains,
        instead,
        rule: category.rules[evidence.rule].place(&sides[has].source),
        why,
        uid: record.uid.to_string(),
        sku: record.sku.clone(),
        day: record.turns[evidence.turn].time.or(record.time).map(|t| t.day().to_string()),
        stars: record.stars.as_ref().map(|s| s.value),
        text,
        matches,
        alike: (0, false),
    };
    Some((wording, quote))
}

/// True if a category has the same rule, wherever it stands.
fn has_rule(category: &Category, rule: &Rule) -> bool {
    let bare = |rule: &Rule| Rule { file: "".into(), at: Span::new(0, 0), ..rule.clone() };
    let wanted = bare(rule);
    category.rules.iter().any(|rule| bare(rule) == wanted)
}

/// The quotes of one change by what was matched, the most frequent wording first.
struct Wordings {
    groups: Vec<Vec<Quote>>,
    /// The wording whose turn it is.
    next: usize,
}

impl Wordings {
    fn of(quotes: impl Iterator<Item = (String, Quote)>, all: bool) -> Wordings {
        let mut groups: BTreeMap<String, Vec<Quote>> = BTreeMap::new();
        for (wording, quote) in quotes {
            groups.entry(wording).or_default().push(quote);
        }
        let mut groups: Vec<(String, Vec<Quote>)> = groups.into_iter().collect();
        groups.sort_by_key(|(wording, quotes)| (std::cmp::Reverse(quotes.len()), wording.clone()));
        let known = |(_, mut quotes): (String, Vec<Quote>)| {
            let alike = (quotes.len() - 1, !all);
            quotes.iter_mut().for_each(|q| q.alike = alike);
            quotes
        };
        Wordings { groups: groups.into_iter().map(known).collect(), next: 0 }
    }

    /// The next quote: of the wording whose turn it is, from the SKU quoted least, unlike those there are.
    fn take(&mut self, seen: &mut Seen) -> Option<Quote> {
        for _ in 0..self.groups.len() {
            let at = self.next % self.groups.len();
            self.next += 1;
            let group = &mut self.groups[at];
            group.retain(|q| !seen.words.contains(&fold(&q.text)) && !seen.records.contains(&q.uid));
            let rank = |q: &Quote| {
                let used = seen.skus.get(&q.sku).copied().unwrap_or(0);
                (used, q.text.chars().count().abs_diff(GOOD_LENGTH), q.uid.clone())
            };
            let best = (0..group.len()).min_by_key(|i| rank(&group[*i]));
            if let Some(best) = best {
                let quote = group.swap_remove(best);
                group.iter_mut().for_each(|q| q.alike.0 = 0);
                seen.words.insert(fold(&quote.text));
                seen.records.insert(quote.uid.clone());
                *seen.skus.entry(quote.sku.clone()).or_default() += 1;
                return Some(quote);
            }
        }
        None
    }
}

/// What was quoted already.
#[derive(Default)]
struct Seen {
    words: BTreeSet<String>,
    records: BTreeSet<String>,
    skus: BTreeMap<String, usize>,
}

/// One of each change in turn until there are enough; those of one label and rule together.
fn taken(mut wordings: Vec<Wordings>) -> Vec<Quote> {
    let mut seen = Seen::default();
    let mut taken: Vec<(usize, Quote)> = Vec::new();
    let mut before = usize::MAX;
    while taken.len() != before && taken.len() < QUOTES {
        before = taken.len();
        for (at, wordings) in wordings.iter_mut().enumerate() {
            if taken.len() < QUOTES {
                taken.extend(wordings.take(&mut seen).map(|quote| (at, quote)));
            }
        }
    }
    taken.sort_by(|(a, one), (b, two)| {
        (a, one.why, &one.rule, &one.instead).cmp(&(b, two.why, &two.rule, &two.instead))
    });
    taken.into_iter().map(|(_, quote)| quote).collect()
}

//! Which words a taxonomy lacks: phrases of clauses that no rule reads, tested and ranked.
//!
//! For a category: phrases whose clauses read like those that have it. For a new one: phrases that belong to
//! clauses nobody reads, weighed by low stars. Both are tested on records, with the false-discovery rate held
//! over all phrases looked at, and ranked by expected gain times purity.

mod category;
mod clusters;
mod kin;
mod lexicon;
mod phrases;

use rustc_hash::{FxHashMap, FxHashSet};

use super::keyness::{Key, WORD_FROM, key_words_from};
use super::rate::wilson;
use super::{Count, Pair};
use crate::words::Stance;
pub use category::for_category;
pub use clusters::{Cluster, clusters};
pub use lexicon::{Known, Lexicon};
pub use phrases::each as each_phrase;

/// What the rules see in a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Open,
    /// Evidence of the category that words are looked for.
    Own,
    /// Evidence of other categories only.
    Other,
}

/// One clause of a customer's words, folded.
#[derive(Clone, Copy, Debug)]
pub struct Clause<'t> {
    /// The record, by its place in [`Material::records`].
    pub record: usize,
    /// The words of the clause, folded.
    pub text: &'t str,
    /// What the rules see in it.
    pub state: State,
}

/// What is known of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// It has no label at all.
    pub bare: bool,
    /// It has three stars or fewer.
    pub low: bool,
}

/// Everything that suggestions are made from.
pub struct Material<'t> {
    /// Clauses, in order of record.
    pub clauses: &'t [Clause<'t>],
    /// The records that the clauses are from.
    pub records: &'t [Standing],
    /// Cue words and small words.
    pub lexicon: &'t Lexicon,
}

/// A phrase that a taxonomy lacks.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The phrase, folded.
    pub phrase: String,
    /// Records that have it in a clause that is not read (and not the category elsewhere).
    pub records: u64,
    /// Of the records with the phrase those in which it, or what stands beside it, is read as the category or reads like it; for a
    /// new category those in which nobody reads it.
    pub evidence: Count,
    /// How many of [`Suggestion::records`] mean it at least.
    pub gain: f64,
    /// The share of them that does: the lower end of what the evidence allows.
    pub purity: f64,
    /// q-value over all phrases looked at.
    pub q: f64,
    /// How it is mostly meant: complaint or praise by the opinions beside it, else mention.
    pub stance: Stance,
    /// Open clauses that say it, best first.
    pub clauses: Vec<usize>,
}

/// False-discovery rate over the phrases of one run.
const Q: f64 = 0.10;
/// How sure the lower bound of a purity is, on both sides.
const SURE: f64 = 0.80;
/// Fewest open clauses of a phrase for a category, and for a new one.
const LEAST: (u32, u32) = (3, 5);
/// Least purity of a phrase: for a category, weighed by how often it can be told; for a new one as it is.
const PURE: (f64, f64) = (0.2, 0.6);
/// A phrase in a larger share of the records is what is sold, not what is said of it.
const COMMON: f64 = 0.04;
/// What a phrase weighs that nobody has an opinion of, for a new category.
const NAMED: f64 = 0.3;
/// How many times more low stars a fault has than all records.
const FAULT: f64 = 1.5;
/// Clauses kept for quotes.
const QUOTES: usize = 24;

/// Phrases that no category reads.
pub fn for_new(material: &Material<'_>, known: impl Fn(&str) -> bool, most: usize) -> Vec<Suggestion> {
    let lexicon = material.lexicon;
    let wanted = |p: &str| !known(p) && lexicon.names_a_thing(p) && !lexicon.holds_an_opinion(p);
    let phrases = Phrases::find(material.clauses, LEAST.1, wanted);
    let sides = |at: &mut dyn Iterator<Item = usize>| {
        let (mut unread, mut read) = (FxHashSet::default(), FxHashSet::default());
        for clause in at {
            let Clause { record, state, .. } = material.clauses[clause];
            if state == State::Open {
                unread.insert(record)
            } else {
                read.insert(record)
            };
        }
        (unread.len() as u64, read.len() as u64)
    };
    let all = sides(&mut (0..material.clauses.len()));
    let pair = |_: &str, places: &Vec<usize>| {
        let here = sides(&mut places.iter().copied());
        Pair::new(Count::new(here.1, all.1), Count::new(here.0, all.0))
    };
    let often = (material.records.len() as f64 * COMMON).max(60.0);
    let lows = material.records.iter().filter(|r| r.low).count() as f64 / material.records.len().max(1) as f64;
    let mut common = phrases.in_more_than(often as usize);
    // What is sold has as many stars as all; a fault of it has few, however often it is told.
    common.retain(|phrase| {
        let places = phrases.phrases.iter().position(|p| p == phrase).map_or(&[][..], |at| &phrases.places[at]);
        let low = places.iter().filter(|at| material.records[material.clauses[**at].record].low).count() as f64;
        low < (FAULT * lows).max(0.5) * places.len() as f64
    });
    // 穿 + a common name is the name again.
    let about =
        |phrase: &str| common.iter().any(|c| phrase.contains(c) && !lexicon.names_a_thing(&phrase.replace(c, " ")));
    let mut weights: FxHashMap<String, f64> = FxHashMap::default();
    let found = phrases.tested(WORD_FROM, pair, |phrase, places, pair, q| {
        let mut clauses = open(material, places);
        let records: FxHashSet<usize> = clauses.iter().map(|c| material.clauses[*c].record).collect();
        let n = records.len() as f64;
        let evidence = Count::new(pair.after.mentions, pair.mentions());
        let purity = wilson(evidence, SURE).low;
        let counted = |wanted: &dyn Fn(&Standing) -> bool| {
            records.iter().filter(|r| wanted(&material.records[**r])).count() as f64
        };
        let (low, bare) = (counted(&|r| r.low), counted(&|r| r.bare));
        let opinions = clauses.iter().filter(|c| opinion(material, **c).is_some()).count() as u64;
        // Where people have an opinion, or few stars, a missing category costs most: as far as that is sure.
        let sure = |n: u64, of: usize| wilson(Count::new(n, of as u64), SURE).low;
        let telling = 0.1 + sure(opinions, clauses.len()) + (sure(low as u64, records.len()) - lows).max(0.0) * 3.0;
        clauses.sort_by_key(|c| {
            let standing = material.records[material.clauses[*c].record];
            (!standing.low, !standing.bare, opinion(material, *c).is_none(), *c)
        });
        let fits = purity >= PURE.1 && !common.contains(phrase) && !about(phrase);
        let stance = stance(material, &clauses);
        // What people only name is seldom what they came to say.
        let says = if stance == Stance::Mention { NAMED } else { 1.0 };
        weights.insert(phrase.to_string(), (n + bare + low) * purity * telling * says);
        let records = records.len() as u64;
        let gain = n * purity;
        fits.then(|| Suggestion { phrase: phrase.to_string(), records, evidence, gain, purity, q, stance, clauses })
    });
    best(found, |s| weights[&s.phrase], most)
}

/// The open clauses among these.
fn open(material: &Material<'_>, places: &[usize]) -> Vec<usize> {
    places.iter().copied().filter(|p| material.clauses[*p].state == State::Open).collect()
}

/// The opinion that a clause, or the next one of its record, has.
fn opinion(material: &Material<'_>, at: usize) -> Option<Known> {
    let own = material.lexicon.rest(material.clauses[at].text).1;
    own.into_iter().map(|(_, k)| k).find(|k| *k != Known::Empty)
}

fn stance(material: &Material<'_>, clauses: &[usize]) -> Stance {
    let (mut good, mut bad) = (0, 0);
    for clause in clauses {
        match opinion(material, *clause) {
            Some(Known::Good) => good += 1,
            Some(Known::Bad) => bad += 1,
            _ if material.records[material.clauses[*clause].record].low => bad += 1,
            _ => {}
        }
    }
    let half = clauses.len().div_ceil(2);
    match (bad > good && bad >= half, good > bad && good >= half) {
        (true, _) => Stance::Complaint,
        (_, true) => Stance::Praise,
        _ => Stance::Mention,
    }
}

/// The best, of those that hold one another only the first.
fn best(mut found: Vec<Suggestion>, weight: impl Fn(&Suggestion) -> f64, most: usize) -> Vec<Suggestion> {
    found.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.phrase.cmp(&b.phrase)));
    let mut kept: Vec<Suggestion> = Vec::new();
    for mut one in found {
        if kept.len() == most {
            break;
        }
        if !kept.iter().any(|k| k.phrase.contains(&one.phrase) || one.phrase.contains(&k.phrase)) {
            one.clauses.truncate(QUOTES);
            kept.push(one);
        }
    }
    kept
}

/// Phrases with the clauses that say them.
struct Phrases {
    phrases: Vec<String>,
    places: Vec<Vec<usize>>,
}

impl Phrases {
    fn find(clauses: &[Clause<'_>], least: u32, wanted: impl Fn(&str) -> bool) -> Phrases {
        let found = phrases::find(clauses, least);
        let phrases: Vec<String> = found.into_iter().filter(|p| wanted(p)).collect();
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); phrases.len()];
        let number: FxHashMap<&str, usize> = phrases.iter().enumerate().map(|(i, p)| (p.as_str(), i)).collect();
        for (at, clause) in clauses.iter().enumerate() {
            phrases::each(clause.text, |phrase| {
                if let Some(places) = number.get(phrase).map(|i| &mut places[*i])
                    && places.last() != Some(&at)
                {
                    places.push(at);
                }
            });
        }
        Phrases { phrases, places }
    }

    /// The phrases of more than so many clauses.
    fn in_more_than(&self, clauses: usize) -> FxHashSet<&str> {
        let many = self.phrases.iter().zip(&self.places).filter(|(_, places)| places.len() > clauses);
        many.map(|(phrase, _)| phrase.as_str()).collect()
    }

    /// Tests each phrase, and hands those that pass on.
    fn tested(
        &self,
        least: u64,
        pair: impl Fn(&str, &Vec<usize>) -> Pair,
        mut make: impl FnMut(&str, &[usize], Pair, f64) -> Option<Suggestion>,
    ) -> Vec<Suggestion> {
        let pairs: Vec<Pair> = self.phrases.iter().zip(&self.places).map(|(phrase, at)| pair(phrase, at)).collect();
        let keys = key_words_from(&pairs, Q, least);
        let here = |at: usize| pairs[at].change().is_some_and(|c| c > 0.0);
        let made = |k: &Key| make(&self.phrases[k.at], &self.places[k.at], pairs[k.at], k.q);
        keys.iter().filter(|k| here(k.at)).filter_map(made).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of a shop where a rule reads 味道 and nobody reads 掉毛.
    fn shop() -> Vec<(usize, String, State)> {
        let mut clauses = Vec::new();
        for i in 0..400 {
            let (head, tail) =
                (["打开", "盒子里", "衣柜", "闻到", "隔天"][i / 8 % 5], ["", "呛", "飘", "还留", "太冲"][i / 40 % 5]);
            let (text, state) = match i % 8 {
                0 => (format!("{head}药水的味道{tail}"), State::Own),
                1 => (format!("{head}药水{tail}"), State::Open),
                2 => (format!("{head}掉毛{tail}"), State::Open),
                3 => ("快递当天就送到".to_string(), State::Other),
                4 => ("颜色跟照片一样".to_string(), State::Other),
                5 => (format!("the zipper {}", ["broke", "jams", "bent"][i / 8 % 3]), State::Open),
                6 => ("衣服不错".to_string(), State::Open),
                _ => ("已经穿上".to_string(), State::Open),
            };
            clauses.push((i, text, state));
        }
        clauses
    }

    #[test]
    fn words_that_read_like_a_category_and_words_nobody_reads() {
        let shop = shop();
        let clauses: Vec<Clause> =
            shop.iter().map(|(record, text, state)| Clause { record: *record, text, state: *state }).collect();
        let records = vec![Standing::default(); 400];
        let lexicon = Lexicon::new([("不错".to_string(), Known::Good), ("严重".to_string(), Known::Bad)]);
        let material = Material { clauses: &clauses, records: &records, lexicon: &lexicon };
        let own = for_category(&material, |_| false, 10);
        assert!(own.iter().any(|s| s.phrase == "药水"), "{own:?}");
        assert!(own.iter().all(|s| s.q <= Q && s.purity > 0.0 && s.purity < 1.0), "{own:?}");
        let new = for_new(&material, |_| false, 10);
        let phrases: Vec<&str> = new.iter().map(|s| s.phrase.as_str()).collect();
        assert!(phrases.iter().any(|p| p.contains("掉毛")), "{phrases:?}");
        assert!(phrases.iter().any(|p| p.contains("zipper")), "{phrases:?}");
        assert!(!phrases.iter().any(|p| p.contains("不错") || p.contains("照片") || p.contains("快递")), "{phrases:?}");
        assert_eq!(new, for_new(&material, |_| false, 10));
    }
}

//! Phrases that a category lacks: those whose clauses read like the category's own.
//!
//! What the words of a clause say for the category is learnt from clauses that have it, and again with the clauses that read
//! like them. A phrase is judged by the words beside it, never by itself. Words beside it tell only sometimes; how often is
//! known from the category's own clauses without their most telling word, and the rank is weighed by it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::kin::{self, Kin, odds};
use super::{Clause, LEAST, Material, PURE, Phrases, SURE, State, Suggestion, best, open, stance};
use crate::stats::rate::wilson;
use crate::stats::{Count, Pair};
use crate::words::Span;

/// How often it is learnt anew with what reads like the category: synonyms of synonyms; more would drift.
const ROUNDS: usize = 2;
/// Fewest records of which it is told what they speak of.
const TOLD: u64 = 3;
/// However seldom the words beside a phrase tell, they weigh no more than this many times.
const SELDOM: f64 = 0.05;

/// Phrases for a category, by what is expected to be gained for sure. `known` are phrases not to be suggested.
pub fn for_category(material: &Material<'_>, known: impl Fn(&str) -> bool, most: usize) -> Vec<Suggestion> {
    let Some(own) = Own::learn(material) else { return Vec::new() };
    let wanted = |phrase: &str| !known(phrase) && material.lexicon.says_a_thing(phrase);
    let phrases = Phrases::find(material.clauses, LEAST.0, wanted);
    let mut has = vec![false; material.records.len()];
    material.clauses.iter().filter(|c| c.state == State::Own).for_each(|c| has[c.record] = true);
    let all = own.sides(material, "\0", 0..material.clauses.len());
    let base = all.0 as f64 / (all.0 + all.1).max(1) as f64;
    let pair = |phrase: &str, places: &Vec<usize>| {
        let here = own.sides(material, phrase, places.iter().copied());
        Pair::new(Count::new(here.1, all.1), Count::new(here.0, all.0))
    };
    let mut weights: FxHashMap<String, f64> = FxHashMap::default();
    let found = phrases.tested(TOLD, pair, |phrase, places, pair, q| {
        let mut clauses = open(material, places);
        let gained = clauses.iter().map(|c| material.clauses[*c].record).filter(|r| !has[*r]);
        let records = gained.collect::<FxHashSet<usize>>().len() as u64;
        let evidence = Count::new(pair.after.mentions, pair.mentions());
        // What is told is what was counted. What the rank goes by is weighed: nothing above what any phrase has is nothing, as
        // much as the category's own words have is all.
        let purity = wilson(evidence, SURE).low;
        let weighed = ((purity - base) / (own.told - base).max(SELDOM)).clamp(0.0, 1.0);
        let gain = records as f64 * purity;
        let likely = |at: &usize| odds(&own.words[*at], &[]);
        clauses.sort_by(|a, b| likely(b).total_cmp(&likely(a)).then(a.cmp(b)));
        let (stance, phrase) = (stance(material, &clauses), phrase.to_string());
        let fits = weighed >= PURE.0 && records as f64 * weighed >= 1.0;
        weights.insert(phrase.clone(), records as f64 * weighed * weighed);
        fits.then_some(Suggestion { phrase, records, evidence, gain, purity, q, stance, clauses })
    });
    best(found, |s| weights[&s.phrase], most)
}

/// What is known of a category's own clauses.
struct Own {
    /// What the words of every clause say for the category, each with its place.
    words: Vec<Vec<(Span, f64)>>,
    /// Log odds of a clause of which nothing is known.
    prior: f64,
    /// How often the words beside one tell, where it is known.
    told: f64,
}

impl Own {
    /// `None` if no clause has the category, or all have.
    fn learn(material: &Material<'_>) -> Option<Own> {
        let clauses = material.clauses;
        let is_own: Vec<bool> = clauses.iter().map(|c| c.state == State::Own).collect();
        let own = is_own.iter().filter(|own| **own).count() as f64;
        let prior = (own / (clauses.len() as f64 - own)).ln();
        let spans: Vec<Vec<Span>> = clauses.iter().map(|c| kin::words(c.text, material.lexicon)).collect();
        let weighed = |kin: &Kin| -> Vec<Vec<(Span, f64)>> {
            clauses.iter().zip(&spans).map(|(clause, spans)| kin.weigh(clause.text, spans)).collect()
        };
        let mut words = weighed(&Kin::learn(clauses, &spans, &is_own)?);
        for _ in 0..ROUNDS {
            let likely = |at: usize| clauses[at].state == State::Open && odds(&words[at], &[]) + prior >= 0.0;
            let likely: Vec<bool> = (0..clauses.len()).map(|at| is_own[at] || likely(at)).collect();
            words = weighed(&Kin::learn(clauses, &spans, &likely)?);
        }
        let tells = |at: &usize| {
            let most = words[*at].iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(word, _)| *word);
            most.is_some_and(|most| odds(&words[*at], &[most]) + prior >= 0.0)
        };
        let told = (0..clauses.len()).filter(|at| is_own[*at]).filter(tells).count() as f64 / own;
        Some(Own { words, prior, told })
    }

    /// True if a clause has the category, or reads like it without a phrase.
    fn is_alike(&self, clause: &Clause<'_>, at: usize, phrase: &str) -> bool {
        let places = || clause.text.match_indices(phrase).map(|(i, found)| Span::new(i, i + found.len()));
        match clause.state {
            State::Own => true,
            State::Other => false,
            State::Open => odds(&self.words[at], &places().collect::<Vec<_>>()) + self.prior >= 0.0,
        }
    }

    /// Records with a clause that is, or reads like, the category without a phrase; and those without.
    fn sides(&self, material: &Material<'_>, phrase: &str, places: impl Iterator<Item = usize>) -> (u64, u64) {
        let (mut alike, mut other) = (FxHashSet::default(), FxHashSet::default());
        for at in places {
            let clause = &material.clauses[at];
            if self.is_alike(clause, at, phrase) {
                alike.insert(clause.record)
            } else {
                other.insert(clause.record)
            };
        }
        (alike.len() as u64, other.difference(&alike).count() as u64)
    }
}

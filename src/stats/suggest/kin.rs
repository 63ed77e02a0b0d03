//! Which clauses read like a category: the words of clauses that have it against those of all others.

use rustc_hash::FxHashMap;

use super::Clause;
use super::lexicon::{Known, Lexicon};
use crate::text::script::is_han;
use crate::words::Span;

/// A word's part in the odds, learnt from clauses whose label is known.
pub struct Kin {
    weights: FxHashMap<String, f64>,
}

/// Words that speak for one clause, the most telling; more do not make it surer, and long clauses are not drowned.
const SPEAK: usize = 4;

impl Kin {
    /// Learns what the clauses that have it say and others do not; `spans` are the [`words`] of each. `None` if no clause
    /// has it, or all have.
    pub fn learn(clauses: &[Clause<'_>], spans: &[Vec<Span>], has: &[bool]) -> Option<Kin> {
        let mut seen: FxHashMap<&str, (f64, f64)> = FxHashMap::default();
        let mut own = 0.0;
        let mut words: Vec<&str> = Vec::new();
        for ((clause, spans), has) in clauses.iter().zip(spans).zip(has) {
            own += f64::from(u8::from(*has));
            words.clear();
            words.extend(spans.iter().map(|span| span.of(clause.text)));
            words.sort_unstable();
            words.dedup();
            for word in &words {
                let counts = seen.entry(word).or_default();
                if *has { counts.0 += 1.0 } else { counts.1 += 1.0 }
            }
        }
        let other = clauses.len() as f64 - own;
        if own == 0.0 || other == 0.0 {
            return None;
        }
        let weight =
            |(a, b): (f64, f64)| ((a + 0.1 * own / other) / (own + 0.1)).ln() - ((b + 0.1) / (other + 0.1)).ln();
        let common = seen.into_iter().filter(|(_, (a, b))| a + b >= 2.0);
        Some(Kin { weights: common.map(|(word, counts)| (word.to_string(), weight(counts))).collect() })
    }

    /// What the words of a clause say for the category: each with its place.
    pub fn weigh(&self, text: &str, spans: &[Span]) -> Vec<(Span, f64)> {
        spans.iter().filter_map(|word| Some((*word, *self.weights.get(word.of(text))?))).collect()
    }
}

/// How much more likely a clause is among those of the category than among others, by its words (see [`Kin::weigh`]) that do
/// not overlap these places: the natural log of the odds.
pub fn odds(words: &[(Span, f64)], without: &[Span]) -> f64 {
    let beside = words.iter().filter(|(word, _)| !without.iter().any(|w| w.overlaps(*word)));
    let mut weights: Vec<f64> = beside.map(|(_, weight)| *weight).collect();
    weights.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
    weights.iter().take(SPEAK).sum()
}

/// What a clause says beside small words: opinions, Han characters, pairs of them, and words.
pub fn words(text: &str, lexicon: &Lexicon) -> Vec<Span> {
    let (rest, known) = lexicon.rest(text);
    let mut words: Vec<Span> = known.into_iter().filter(|(_, k)| *k != Known::Empty).map(|(word, _)| word).collect();
    for (i, span) in rest.iter().enumerate() {
        let token = span.of(text);
        if token.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        words.push(*span);
        let next = rest.get(i + 1).filter(|next| next.start == span.end && token.chars().all(is_han));
        words.extend(next.map(|next| Span { start: span.start, end: next.end }));
    }
    words
}

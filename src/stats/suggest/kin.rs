//! Which clauses read like a category: the words of clauses that have it against those of all others.

use rustc_hash::{FxHashMap, FxHashSet};

use super::lexicon::Lexicon;
use super::{Clause, State};
use crate::text::script::is_han;

/// A word's part in the odds, learnt from clauses whose label is known.
pub struct Kin {
    weights: FxHashMap<String, f64>,
    prior: f64,
}

/// Words that speak for one clause; more than this many do not make it surer.
const SPEAK: usize = 4;

impl Kin {
    /// Learns what the clauses with the category say that others do not. `None` if none has it.
    pub fn learn(clauses: &[Clause<'_>], lexicon: &Lexicon) -> Option<Kin> {
        let mut seen: FxHashMap<String, (f64, f64)> = FxHashMap::default();
        let mut own = 0.0;
        for clause in clauses {
            let is_own = clause.state == State::Own;
            own += f64::from(u8::from(is_own));
            for word in words(clause.text, lexicon) {
                let counts = seen.entry(word).or_default();
                if is_own { counts.0 += 1.0 } else { counts.1 += 1.0 }
            }
        }
        let other = clauses.len() as f64 - own;
        if own == 0.0 || other == 0.0 {
            return None;
        }
        let weight =
            |(a, b): (f64, f64)| ((a + 0.1 * own / other) / (own + 0.1)).ln() - ((b + 0.1) / (other + 0.1)).ln();
        let weights =
            seen.into_iter().filter(|(_, (a, b))| a + b >= 2.0).map(|(word, counts)| (word, weight(counts))).collect();
        Some(Kin { weights, prior: (own / other).ln() })
    }

    /// How likely a clause speaks of the category, 0 to 1.
    pub fn likeness(&self, text: &str, lexicon: &Lexicon) -> f64 {
        let mut weights: Vec<f64> =
            words(text, lexicon).into_iter().filter_map(|w| self.weights.get(&w).copied()).collect();
        if weights.is_empty() {
            return 0.0;
        }
        weights.sort_by(f64::total_cmp);
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        1.0 / (1.0 + (-(mean * weights.len().min(SPEAK) as f64 + self.prior)).exp())
    }
}

/// What a clause says beside opinions and small words: Han characters, pairs of them, and words.
fn words(text: &str, lexicon: &Lexicon) -> FxHashSet<String> {
    let (rest, _) = lexicon.rest(text);
    let mut words = FxHashSet::default();
    for (i, span) in rest.iter().enumerate() {
        let token = span.of(text);
        if token.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        words.insert(token.to_string());
        let next = rest.get(i + 1).filter(|next| next.start == span.end && token.chars().all(is_han));
        if let Some(next) = next {
            words.insert(text[span.start as usize..next.end as usize].to_string());
        }
    }
    words
}

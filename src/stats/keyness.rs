//! Which words belong here more than there. Counted by record, not by occurrence: words come in bursts, and
//! occurrences would call hundreds of words new when nothing happened.

use super::many::benjamini_hochberg;
use super::numeric::p_of_z;
use super::rate::clopper_pearson;
use super::two_sample::doubled_mid_p;
use super::{Count, Pair};

/// Records with a word here (`after`) and there (`before`), each with all records of that side.
pub type Word = Pair;

/// The four cells of a word: observed and expected.
fn cells(word: Word) -> [(f64, f64); 4] {
    let (here, there) = (word.after, word.before);
    let (n1, n2) = (here.base as f64, there.base as f64);
    let (n, f) = (n1 + n2, word.mentions() as f64);
    [
        (here.mentions as f64, n1 * f / n),
        (there.mentions as f64, n2 * f / n),
        (here.rest() as f64, n1 * (n - f) / n),
        (there.rest() as f64, n2 * (n - f) / n),
    ]
}

fn log_likelihood(cells: &[(f64, f64)]) -> f64 {
    let term = |(o, e): &(f64, f64)| if *o > 0.0 { o * (o / e).ln() } else { 0.0 };
    (2.0 * cells.iter().map(term).sum::<f64>()).max(0.0)
}

/// −1 if the word is rarer here than expected, else 1.
fn sign(word: Word) -> f64 {
    let [(here, expected), ..] = cells(word);
    if here < expected { -1.0 } else { 1.0 }
}

/// Dunning's log-likelihood G² over all four cells, negative for a word that is rarer here.
pub fn g2(word: Word) -> f64 {
    sign(word) * log_likelihood(&cells(word))
}

/// The same over the two cells that have the word, unsigned (Rayson and Garside 2000).
pub fn g2_two_cells(word: Word) -> f64 {
    log_likelihood(&cells(word)[..2])
}

/// p-value of a G² or χ² with one degree of freedom.
pub fn p_of_g2(g2: f64) -> f64 {
    p_of_z(g2.abs().sqrt())
}

/// Yates' corrected χ², negative for a word that is rarer here.
pub fn chi2(word: Word) -> f64 {
    let [(a, _), (b, _), (c, _), (d, _)] = cells(word);
    let (n, margins) = (a + b + c + d, (a + b) * (c + d) * (a + c) * (b + d));
    if margins == 0.0 {
        return 0.0;
    }
    let distance = ((a * d - b * c).abs() - n / 2.0).max(0.0);
    sign(word) * n * distance * distance / margins
}

/// log₂ of how many times more common the word is here; a count of 0 counts as ½.
pub fn log_ratio(word: Word) -> f64 {
    let common = |c: Count| if c.mentions == 0 { 0.5 } else { c.mentions as f64 } / c.base as f64;
    (common(word.after) / common(word.before)).log2()
}

/// Bayesian information criterion of "not equally common": above 2 is evidence, above 10 strong.
pub fn bic(word: Word) -> f64 {
    log_likelihood(&cells(word)) - ((word.before.base + word.after.base) as f64).ln()
}

/// Pointwise mutual information of the word and this side, natural log; `None` if it does not occur here.
pub fn pmi(word: Word) -> Option<f64> {
    let [(here, expected), ..] = cells(word);
    (here > 0.0).then(|| (here / expected).ln())
}

/// Evert's conservative log ratio (2022): the end of the log ratio's confidence interval that is nearer 0,
/// or 0 if the interval holds it. `words` is how many words are looked at (Bonferroni). An effect size with
/// its doubt built in: sort by it.
pub fn conservative_log_ratio(word: Word, words: usize) -> f64 {
    let share = Count::new(word.after.mentions, word.mentions());
    if share.base == 0 {
        return 0.0;
    }
    let around = clopper_pearson(share, 1.0 - 0.05 / words.max(1) as f64);
    let balance = word.before.base as f64 / word.after.base as f64;
    let log = |theta: f64| (balance * theta / (1.0 - theta)).log2();
    match (log(around.low), log(around.high)) {
        (low, _) if low > 0.0 => low,
        (_, high) if high < 0.0 => high,
        _ => 0.0,
    }
}

/// A word that belongs here more, or less, than there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Place of the word in the list that was given.
    pub at: usize,
    /// Conservative log ratio: above 0 it belongs here, below 0 there.
    pub log_ratio: f64,
    /// q-value over all words.
    pub q: f64,
}

/// Fewest records that a word must stand in, on both sides together.
pub const WORD_FROM: u64 = 6;

/// The words that differ between the two sides at a false-discovery rate of `q`, most telling first.
pub fn key_words(words: &[Word], q: f64) -> Vec<Key> {
    key_words_from(words, q, WORD_FROM)
}

/// The same of words that stand in at least so many records.
pub fn key_words_from(words: &[Word], q: f64, least: u64) -> Vec<Key> {
    let common = |at: &usize| words[*at].mentions() >= least;
    let places: Vec<usize> = (0..words.len()).filter(common).collect();
    let p: Vec<f64> = places.iter().map(|at| doubled_mid_p(words[*at]).unwrap_or(1.0)).collect();
    let mut keys: Vec<Key> = places
        .iter()
        .zip(benjamini_hochberg(&p))
        .filter(|(_, word_q)| *word_q <= q)
        .map(|(at, q)| Key { at: *at, log_ratio: conservative_log_ratio(words[*at], places.len()), q })
        .collect();
    keys.sort_by(|a, b| b.log_ratio.total_cmp(&a.log_ratio).then(a.q.total_cmp(&b.q)).then(a.at.cmp(&b.at)));
    keys
}

/// Log odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogOddsWord {
    /// Difference of the log odds, here less there.
    pub delta: f64,
    /// Its variance.
    pub variance: f64,
    /// Its variance with the two complements, as scattertext has it.
    pub full_variance: f64,
}

impl LogOddsWord {
    /// `delta` in standard errors. Not a test over a vocabulary.
    pub fn z(&self) -> f64 {
        self.delta / self.variance.sqrt()
    }
}

/// Log odds of every word here against there; `prior` gives each word's weight in a background text.
pub fn log_odds(here: &[f64], there: &[f64], prior: &[f64]) -> Vec<LogOddsWord> {
    let weight: f64 = prior.iter().sum();
    let (n1, n2) = (here.iter().sum::<f64>() + weight, there.iter().sum::<f64>() + weight);
    let word = |((y1, y2), a): ((&f64, &f64), &f64)| {
        let (k1, k2) = (y1 + a, y2 + a);
        let variance = 1.0 / k1 + 1.0 / k2;
        LogOddsWord {
            delta: (k1 / (n1 - k1)).ln() - (k2 / (n2 - k2)).ln(),
            variance,
            full_variance: variance + 1.0 / (n1 - k1) + 1.0 / (n2 - k2),
        }
    };
    here.iter().zip(there).zip(prior).map(word).collect()
}

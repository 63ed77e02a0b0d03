//! Since when? The day at which a ratio most likely changed, and the days it may as well have been.

use super::Count;
use super::numeric::{ln_beta, ln_sum_exp};

/// Where a series of days breaks in two.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangePoint {
    /// For each place between two days (after day 0, 1, …): how much better two ratios fit than one
    /// (log-likelihood ratio).
    pub evidence: Vec<f64>,
    /// The last day of the old ratio at the best place.
    pub last_before: usize,
    /// ln of the probability of each place, given that there is one change (Jeffreys' prior on both ratios).
    pub log_posterior: Vec<f64>,
}

impl ChangePoint {
    /// The evidence at the best place.
    pub fn strongest(&self) -> f64 {
        self.evidence[self.last_before]
    }

    /// The shortest run of first days of the new ratio that holds it with this probability: "most likely
    /// between the 12th and the 15th".
    pub fn likely(&self, probability: f64) -> (usize, usize) {
        let p: Vec<f64> = self.log_posterior.iter().map(|l| l.exp()).collect();
        let (mut best, mut from, mut sum) = ((0, p.len() - 1), 0, 0.0);
        for to in 0..p.len() {
            sum += p[to];
            while sum - p[from] >= probability && from < to {
                sum -= p[from];
                from += 1;
            }
            if sum >= probability && to - from < best.1 - best.0 {
                best = (from, to);
            }
        }
        (best.0 + 1, best.1 + 1)
    }
}

/// Finds the change point of daily counts; `None` with fewer than two days that have records.
pub fn change_point(days: &[Count]) -> Option<ChangePoint> {
    if days.iter().filter(|d| d.base > 0).count() < 2 {
        return None;
    }
    let evidence = evidence(days);
    let last_before = (0..evidence.len()).reduce(|a, b| if evidence[b] > evidence[a] { b } else { a })?;
    let marginal = |c: Count| ln_beta(0.5 + c.mentions as f64, 0.5 + c.rest() as f64);
    let mut log_posterior: Vec<f64> = splits(days).map(|(a, b)| marginal(a) + marginal(b)).collect();
    let total = ln_sum_exp(&log_posterior);
    log_posterior.iter_mut().for_each(|l| *l -= total);
    Some(ChangePoint { evidence, last_before, log_posterior })
}

/// Everything before and everything after, for each place between two days.
fn splits(days: &[Count]) -> impl Iterator<Item = (Count, Count)> {
    let mut all = Count::default();
    days.iter().for_each(|d| all += *d);
    let mut before = Count::default();
    days.iter().take(days.len().saturating_sub(1)).map(move |day| {
        before += *day;
        (before, Count { mentions: all.mentions - before.mentions, base: all.base - before.base })
    })
}

fn evidence(days: &[Count]) -> Vec<f64> {
    let log = |c: Count| {
        let term = |k: u64| if k == 0 { 0.0 } else { k as f64 * (k as f64 / c.base as f64).ln() };
        term(c.mentions) + term(c.rest())
    };
    let mut all = Count::default();
    days.iter().for_each(|d| all += *d);
    let together = log(all);
    splits(days).map(|(a, b)| log(a) + log(b) - together).collect()
}

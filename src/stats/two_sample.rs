//! Is the ratio the same on both sides? The p-values of one cell.
//!
//! The gate uses the doubled mid-p: it goes in both directions, grows steadily with the evidence, and keeps
//! its size where Fisher's test wastes half of it. A tail is summed outwards from what was seen, where
//! terms only shrink, so a cell costs microseconds at any base.

use super::Pair;
use super::numeric::{ln_hypergeometric, p_of_z};

/// Relative slack within which two probabilities count as equal, as in R.
const TIE: f64 = 1e-7;

/// The conditional distribution of the mentions after, given all mentions of both sides.
struct Table {
    x2: u64,
    m: u64,
    n1: u64,
    n2: u64,
    /// Fewest and most mentions possible after.
    low: u64,
    high: u64,
}

impl Table {
    /// `None` if a side has no records.
    fn new(pair: Pair) -> Option<Table> {
        let (n1, n2, m) = (pair.before.base, pair.after.base, pair.mentions());
        if n1 == 0 || n2 == 0 {
            return None;
        }
        Some(Table { x2: pair.after.mentions, m, n1, n2, low: m.saturating_sub(n1), high: m.min(n2) })
    }

    fn ln_p(&self, k: u64) -> f64 {
        ln_hypergeometric(k, self.m, self.n1, self.n2)
    }

    /// P(k+1) / P(k).
    fn step_up(&self, k: u64) -> f64 {
        let above = (self.n2 - k) as f64 * (self.m - k) as f64;
        above / ((k + 1) as f64 * (self.n1 + k + 1 - self.m) as f64)
    }

    /// P(k−1) / P(k).
    fn step_down(&self, k: u64) -> f64 {
        let below = k as f64 * (self.n1 + k - self.m) as f64;
        below / ((self.n2 + 1 - k) as f64 * (self.m + 1 - k) as f64)
    }

    /// True if `k` is not below what is expected.
    fn is_high(&self, k: u64) -> bool {
        k as f64 * (self.n1 + self.n2) as f64 >= self.m as f64 * self.n2 as f64
    }

    /// Probabilities beyond `k` upwards or downwards, not counting `k`, given P(k).
    fn beyond(&self, k: u64, p: f64, up: bool) -> f64 {
        let (mut sum, mut term, mut at) = (0.0, p, k);
        while at != if up { self.high } else { self.low } {
            term *= if up { self.step_up(at) } else { self.step_down(at) };
            at = if up { at + 1 } else { at - 1 };
            sum += term;
            if term <= sum * 1e-17 {
                break;
            }
        }
        sum
    }

    /// P(seen), and the sum beyond it away from the expected.
    fn seen(&self) -> (f64, f64) {
        let p = self.ln_p(self.x2).exp();
        (p, self.beyond(self.x2, p, self.is_high(self.x2)))
    }
}

/// The p-values of one cell that rest on the conditional distribution. "Greater" means more after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exact {
    /// Fisher: P(at least as many after).
    pub greater: f64,
    /// Fisher: P(at most as many after).
    pub less: f64,
    /// Mid-p: P(more after) + ½P(just as many).
    pub mid_greater: f64,
    /// Mid-p: P(fewer after) + ½P(just as many).
    pub mid_less: f64,
    /// Twice the smaller mid-p, at most 1.
    pub doubled: f64,
}

/// The one-sided p-values of a cell and the doubled mid-p; `None` if a side has no records.
pub fn exact(pair: Pair) -> Option<Exact> {
    let table = Table::new(pair)?;
    let (p, beyond) = table.seen();
    let up = table.is_high(table.x2);
    let near = beyond + 0.5 * p;
    let (mid_greater, mid_less) = if up { (near, 1.0 - near) } else { (1.0 - near, near) };
    let (greater, less) = if up { (beyond + p, 1.0 - beyond) } else { (1.0 - beyond, beyond + p) };
    let doubled = if table.low == table.high { 1.0 } else { (2.0 * mid_greater.min(mid_less)).clamp(0.0, 1.0) };
    Some(Exact { greater: greater.min(1.0), less: less.min(1.0), mid_greater, mid_less, doubled })
}

/// The doubled mid-p of Fisher's test, the gate's p-value; `None` if a side has no records.
pub fn doubled_mid_p(pair: Pair) -> Option<f64> {
    exact(pair).map(|e| e.doubled)
}

/// Fisher's two-sided p: all outcomes that are no more likely than what was seen.
pub fn fisher(pair: Pair) -> Option<f64> {
    let table = Table::new(pair)?;
    let (p, beyond) = table.seen();
    let limit = table.ln_p(table.x2) + TIE.ln_1p();
    // the outcomes on the other side that are no more likely begin at one found by bisection
    let up = table.is_high(table.x2);
    let expected = (table.m as f64 * table.n2 as f64 / (table.n1 + table.n2) as f64) as u64;
    let unlikely = |k: u64| table.ln_p(k) <= limit;
    let other = if up {
        last_that(table.low, (expected + 2).min(table.x2), unlikely)
    } else {
        let places = (table.high + 1).saturating_sub(expected.max(table.x2 + 1));
        last_that(0, places, |i| unlikely(table.high - i)).map(|i| table.high - i)
    };
    let far = other.map_or(0.0, |k| {
        let p = table.ln_p(k).exp();
        p + table.beyond(k, p, !up)
    });
    Some((p + beyond + far).min(1.0))
}

/// The last of `from..end` for which a condition holds that holds at first and then no more.
fn last_that(from: u64, end: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (from, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low > from).then(|| low - 1)
}

/// The two-sided mid-p that halves only what was seen: Fisher's minus half its probability.
pub fn mid_p_by_likelihood(pair: Pair) -> Option<f64> {
    let table = Table::new(pair)?;
    Some(fisher(pair)? - 0.5 * table.ln_p(table.x2).exp())
}

/// Every outcome that the margins allow, with its probability: what a discrete correction needs.
pub(super) fn support(pair: Pair) -> Vec<f64> {
    let Some(table) = Table::new(pair) else { return vec![1.0] };
    (table.low..=table.high).map(|k| table.ln_p(k).exp()).collect()
}

/// Place of what was seen in [`support`].
pub(super) fn seen_at(pair: Pair) -> usize {
    Table::new(pair).map_or(0, |t| (t.x2 - t.low) as usize)
}

/// The pooled z statistic without continuity correction, 0 if all records agree; `None` if a side has no
/// records.
pub fn z_pooled(pair: Pair) -> Option<f64> {
    let (p1, p2) = (pair.before.rate()?, pair.after.rate()?);
    let (n1, n2) = (pair.before.base as f64, pair.after.base as f64);
    let p = pair.mentions() as f64 / (n1 + n2);
    let variance = p * (1.0 - p) * (1.0 / n1 + 1.0 / n2);
    Some(if variance > 0.0 { (p2 - p1) / variance.sqrt() } else { 0.0 })
}

/// Two-sided p of the pooled z.
pub fn z_test(pair: Pair) -> Option<f64> {
    z_pooled(pair).map(p_of_z)
}

/// Two-sided p of z·√((N−1)/N), the "N−1" chi-square.
pub fn z_test_n_minus_1(pair: Pair) -> Option<f64> {
    let n = (pair.before.base + pair.after.base) as f64;
    z_pooled(pair).map(|z| p_of_z(z * ((n - 1.0) / n).sqrt()))
}

/// Two-sided p of Yates' corrected chi-square, the correction never larger than the distance itself.
pub fn yates(pair: Pair) -> Option<f64> {
    let z = z_pooled(pair)?;
    let (n1, n2) = (pair.before.base as f64, pair.after.base as f64);
    let expected = pair.mentions() as f64 * n2 / (n1 + n2);
    let distance = (pair.after.mentions as f64 - expected).abs();
    let corrected = if distance > 0.0 { (distance - distance.min(0.5)) / distance } else { 1.0 };
    Some(p_of_z(z * corrected))
}

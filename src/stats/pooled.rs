//! One category over many SKUs: what no single SKU has records enough to show (Mantel-Haenszel).

use super::Pair;
use super::gate::{Settings, Shift, deflate, learn_from};
use super::many::benjamini_hochberg;
use super::numeric::{p_of_z, z_of};
use super::rate::Interval;
use super::unrest::{LogOdds, Unrest, centred_odds};

/// The odds ratio that all strata share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pooled {
    /// Common odds ratio after against before (Mantel and Haenszel 1959).
    pub odds_ratio: f64,
    /// Standard error of its logarithm (Robins, Breslow and Greenland 1986).
    pub log_se: f64,
    /// Its interval.
    pub interval: Interval,
}

/// The common odds ratio; `None` if no stratum tells anything.
pub fn mantel_haenszel(strata: &[Pair], confidence: f64) -> Option<Pooled> {
    let (mut r, mut s) = (0.0, 0.0);
    let (mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0);
    for stratum in strata {
        let n = (stratum.before.base + stratum.after.base) as f64;
        if n == 0.0 {
            continue;
        }
        let (a, b) = (stratum.after.mentions as f64, stratum.after.rest() as f64);
        let (c, d) = (stratum.before.mentions as f64, stratum.before.rest() as f64);
        let (ri, si, p, q) = (a * d / n, b * c / n, (a + d) / n, (b + c) / n);
        r += ri;
        s += si;
        pr += p * ri;
        mixed += p * si + q * ri;
        qs += q * si;
    }
    if r == 0.0 || s == 0.0 {
        return None;
    }
    let log_se = (pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s)).sqrt();
    let (log, half) = ((r / s).ln(), z_of(confidence) * log_se);
    let interval = Interval { low: (log - half).exp(), high: (log + half).exp() };
    Some(Pooled { odds_ratio: r / s, log_se, interval })
}

/// The Cochran-Mantel-Haenszel statistic without continuity correction and its p-value; `None` if no
/// stratum varies.
pub fn cochran(strata: &[Pair]) -> Option<(f64, f64)> {
    let (mut distance, mut variance) = (0.0, 0.0);
    for stratum in strata {
        let (n1, n2) = (stratum.before.base as f64, stratum.after.base as f64);
        let (n, m) = (n1 + n2, stratum.mentions() as f64);
        if n > 1.0 {
            distance += stratum.after.mentions as f64 - m * n2 / n;
            variance += m * (n - m) * n1 * n2 / (n * n * (n - 1.0));
        }
    }
    (variance > 0.0).then(|| (distance * distance / variance, p_of_z(distance / variance.sqrt())))
}

/// The gate's word on a category over all its SKUs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledVerdict {
    /// What became of it.
    pub shift: Shift,
    /// The common odds ratio; `None` if no SKU tells anything.
    pub pooled: Option<Pooled>,
    /// p-value of Cochran, Mantel and Haenszel.
    pub p: Option<f64>,
    /// The q-value over all groups; `None` for a group with too few records.
    pub q: Option<f64>,
}

/// Judges groups of cells, each by what its strata share: its own family of tests. `history` holds the same
/// kind of groups for earlier pairs of periods.
pub fn judge_groups(
    groups: &[Vec<Pair>],
    history: &[Vec<Vec<Pair>>],
    settings: &Settings,
) -> (Vec<PooledVerdict>, Unrest) {
    let unrest = learn_groups(groups, history);
    let mut verdicts: Vec<PooledVerdict> = groups
        .iter()
        .map(|strata| PooledVerdict {
            shift: Shift::TooFew,
            pooled: mantel_haenszel(strata, super::CONFIDENCE),
            p: cochran(strata).map(|(_, p)| p),
            q: None,
        })
        .collect();
    let large = |i: &usize| is_large(&groups[*i], settings) && verdicts[*i].pooled.is_some();
    let filtered: Vec<usize> = (0..groups.len()).filter(large).collect();
    let p: Vec<f64> = filtered
        .iter()
        .map(|&i| {
            let variance = verdicts[i].pooled.map_or(1.0, |p| p.log_se.powi(2));
            deflate(verdicts[i].p.unwrap_or(1.0), unrest.inflation(variance))
        })
        .collect();
    for (i, q) in filtered.into_iter().zip(benjamini_hochberg(&p)) {
        let verdict = &mut verdicts[i];
        let times = verdict.pooled.map_or(1.0, |p| p.odds_ratio);
        verdict.q = Some(q);
        verdict.shift = match (q <= settings.q, times > 1.0) {
            (true, true) => Shift::Rise,
            (true, false) => Shift::Fall,
            (false, _) => Shift::Steady,
        };
    }
    (verdicts, unrest)
}

fn is_large(strata: &[Pair], settings: &Settings) -> bool {
    let mut all = Pair::default();
    strata.iter().filter(|p| p.smaller_base() > 0).for_each(|p| all += *p);
    all.mentions() >= settings.mentions && all.smaller_base() >= settings.base
}

fn learn_groups(groups: &[Vec<Pair>], history: &[Vec<Vec<Pair>>]) -> Unrest {
    let odds = |groups: &[Vec<Pair>]| {
        let settings = Settings { mentions: super::unrest::CELL_FROM, base: 1, ..Settings::default() };
        let large = groups.iter().filter(|g| is_large(g, &settings));
        let pooled = large.filter_map(|g| mantel_haenszel(g, super::CONFIDENCE));
        centred_odds(pooled.map(|p| LogOdds { ratio: p.odds_ratio.ln(), variance: p.log_se.powi(2) }).collect())
    };
    learn_from(history.iter().map(|h| odds(h)), || odds(groups))
}

//! One category over many SKUs: what no single SKU has records enough to show (Mantel-Haenszel).

use super::Pair;
use super::numeric::{p_of_z, z_of};
use super::rate::Interval;

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

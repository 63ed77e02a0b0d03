//! One ratio and how far it can be trusted: intervals for x of n.
//!
//! Reports show Wilson's. The others are here because other tools show them and numbers get compared.

use super::Count;
use super::numeric::{beta_cdf, beta_quantile, bisect, z_of};

/// Both ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end; may be infinite where the value has no upper bound.
    pub high: f64,
}

impl Interval {
    /// Nothing is known of a rate: 0 to 1.
    pub const UNKNOWN: Interval = Interval { low: 0.0, high: 1.0 };

    /// The interval cut to `[low, high]`.
    pub(super) fn within(self, low: f64, high: f64) -> Interval {
        Interval { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }
}

/// Wilson's score interval (1927) of a mention rate. Without records nothing is known.
pub fn wilson(count: Count, confidence: f64) -> Interval {
    wilson_z(count, z_of(confidence))
}

pub(super) fn wilson_z(count: Count, z: f64) -> Interval {
    let Some(p) = count.rate() else { return Interval::UNKNOWN };
    let n = count.base as f64;
    let scale = 1.0 / (1.0 + z * z / n);
    let centre = (p + z * z / (2.0 * n)) * scale;
    let half = z * scale * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    // the exact ends, which rounding would miss by 1e-18
    let low = if count.mentions == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if count.rest() == 0 { 1.0 } else { (centre + half).min(1.0) };
    Interval { low, high }
}

/// Wilson's interval with continuity correction (Newcombe 1998, method 4).
pub fn wilson_corrected(count: Count, confidence: f64) -> Interval {
    let Some(p) = count.rate() else { return Interval::UNKNOWN };
    let (n, z) = (count.base as f64, z_of(confidence));
    let (zz, q) = (z * z, 1.0 - p);
    let end = |sign: f64| {
        let root = (zz + sign * 2.0 - 1.0 / n + 4.0 * p * (n * q - sign)).max(0.0).sqrt();
        (2.0 * n * p + zz + sign * (1.0 + z * root)) / (2.0 * (n + zz))
    };
    let low = if count.mentions == 0 { 0.0 } else { end(-1.0) };
    let high = if count.rest() == 0 { 1.0 } else { end(1.0) };
    Interval { low, high }.within(0.0, 1.0)
}

/// Agresti and Coull's interval (1998): Wald's on n + z² records.
pub fn agresti_coull(count: Count, confidence: f64) -> Interval {
    if count.base == 0 {
        return Interval::UNKNOWN;
    }
    let z = z_of(confidence);
    let n = count.base as f64 + z * z;
    let p = (count.mentions as f64 + z * z / 2.0) / n;
    let half = z * (p * (1.0 - p) / n).sqrt();
    Interval { low: p - half, high: p + half }.within(0.0, 1.0)
}

/// Clopper and Pearson's "exact" interval (1934): never covers less than it says, mostly more.
pub fn clopper_pearson(count: Count, confidence: f64) -> Interval {
    let (x, rest, alpha) = (count.mentions as f64, count.rest() as f64, 1.0 - confidence);
    let low = if count.mentions == 0 { 0.0 } else { beta_quantile(x, rest + 1.0, alpha / 2.0) };
    let high = if count.rest() == 0 { 1.0 } else { beta_quantile(x + 1.0, rest, 1.0 - alpha / 2.0) };
    Interval { low, high }
}

/// Jeffreys' interval: equal tails of Beta(x+½, n−x+½), with the ends closed at 0 and n mentions.
pub fn jeffreys(count: Count, confidence: f64) -> Interval {
    let (a, b, alpha) = (count.mentions as f64 + 0.5, count.rest() as f64 + 0.5, 1.0 - confidence);
    let low = if count.mentions == 0 { 0.0 } else { beta_quantile(a, b, alpha / 2.0) };
    let high = if count.rest() == 0 { 1.0 } else { beta_quantile(a, b, 1.0 - alpha / 2.0) };
    Interval { low, high }
}

/// The rates that the mid-p binomial test does not reject.
pub fn mid_p(count: Count, confidence: f64) -> Interval {
    let (x, rest, alpha) = (count.mentions as f64, count.rest() as f64, 1.0 - confidence);
    // P(X > x) + ½P(X = x) at rate p, as the mean of P(X ≥ x) and P(X > x)
    let upper = |p: f64| {
        let at_least = if x == 0.0 { 1.0 } else { beta_cdf(x, rest + 1.0, p, 1.0 - p) };
        let more = if rest == 0.0 { 0.0 } else { beta_cdf(x + 1.0, rest, p, 1.0 - p) };
        0.5 * (at_least + more)
    };
    let low = if count.mentions == 0 { 0.0 } else { bisect(0.0, 1.0, |p| upper(p) < alpha / 2.0) };
    let high = if count.rest() == 0 { 1.0 } else { bisect(0.0, 1.0, |p| 1.0 - upper(p) > alpha / 2.0) };
    Interval { low, high }
}

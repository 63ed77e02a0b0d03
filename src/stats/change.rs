//! The change of a ratio, in points and in "times": intervals for p₂ − p₁ and p₂ / p₁.
//!
//! Reports show Newcombe's in points and the score interval in times.

use super::numeric::{bisect, z_of};
use super::rate::{Interval, wilson_z};
use super::{Count, Pair};

/// Nothing is known of a difference: −1 to 1.
const UNKNOWN: Interval = Interval { low: -1.0, high: 1.0 };
/// Nothing is known of a ratio.
const ANY_TIMES: Interval = Interval { low: 0.0, high: f64::INFINITY };

fn rates(pair: Pair) -> Option<(f64, f64)> {
    Some((pair.before.rate()?, pair.after.rate()?))
}

/// Newcombe's hybrid score interval (1998) of the difference. A side without records: −1 to 1.
pub fn newcombe(pair: Pair, confidence: f64) -> Interval {
    newcombe_z(pair, z_of(confidence))
}

pub(super) fn newcombe_z(pair: Pair, z: f64) -> Interval {
    let Some((p1, p2)) = rates(pair) else { return UNKNOWN };
    let (a, b) = (wilson_z(pair.before, z), wilson_z(pair.after, z));
    let low = p2 - p1 - (p2 - b.low).hypot(a.high - p1);
    let high = p2 - p1 + (b.high - p2).hypot(p1 - a.low);
    Interval { low, high }.within(-1.0, 1.0)
}

/// Miettinen and Nurminen's score interval (1985) of the difference.
pub fn score_difference(pair: Pair, confidence: f64) -> Interval {
    if rates(pair).is_none() {
        return UNKNOWN;
    }
    let z = z_of(confidence);
    let low = bisect(-1.0, 1.0, |d| score_of_difference(pair, d) > z);
    let high = bisect(-1.0, 1.0, |d| score_of_difference(pair, d) > -z);
    Interval { low, high }
}

/// The score statistic of a supposed difference, with N/(N−1); falls as the difference grows.
fn score_of_difference(pair: Pair, d: f64) -> f64 {
    let ((x1, n1), (x2, n2)) = (floats(pair.before), floats(pair.after));
    let (n, c) = (n1 + n2, x1 + x2);
    // the restricted maximum-likelihood rate before is a root of a cubic
    let l2 = (n2 + 2.0 * n1) * d - n - c;
    let l1 = (n1 * d - n - 2.0 * x1) * d + c;
    let l0 = x1 * d * (1.0 - d);
    let centre = l2 / (3.0 * n);
    let q = centre.powi(3) - l1 * l2 / (6.0 * n * n) + l0 / (2.0 * n);
    let p = (centre * centre - l1 / (3.0 * n)).max(0.0).sqrt().copysign(q);
    let angle = if p == 0.0 { 0.0 } else { (std::f64::consts::PI + (q / p.powi(3)).clamp(-1.0, 1.0).acos()) / 3.0 };
    let p1 = (2.0 * p * angle.cos() - centre).clamp((-d).max(0.0), (1.0 - d).min(1.0));
    let p2 = (p1 + d).clamp(0.0, 1.0);
    score(x2 / n2 - x1 / n1 - d, p2 * (1.0 - p2) / n2 + p1 * (1.0 - p1) / n1, n)
}

/// A score statistic; at a variance of 0 only its sign is left.
fn score(distance: f64, variance: f64, n: f64) -> f64 {
    let variance = variance * n / (n - 1.0);
    if variance > 0.0 {
        distance / variance.sqrt()
    } else if distance == 0.0 {
        0.0
    } else {
        f64::INFINITY.copysign(distance)
    }
}

fn floats(count: Count) -> (f64, f64) {
    (count.mentions as f64, count.base as f64)
}

/// Agresti and Caffo's interval (2000) of the difference: Wald's with one mention and one silence more.
pub fn agresti_caffo(pair: Pair, confidence: f64) -> Interval {
    if rates(pair).is_none() {
        return UNKNOWN;
    }
    let more = |c: Count| ((c.mentions + 1) as f64 / (c.base + 2) as f64, (c.base + 2) as f64);
    let ((p1, n1), (p2, n2)) = (more(pair.before), more(pair.after));
    let half = z_of(confidence) * (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2).sqrt();
    Interval { low: p2 - p1 - half, high: p2 - p1 + half }.within(-1.0, 1.0)
}

/// Wald's interval of the difference, as textbooks have it. It covers far too little with few mentions:
/// for comparing with other tools only.
pub fn wald(pair: Pair, confidence: f64) -> Option<Interval> {
    let (p1, p2) = rates(pair)?;
    let variance = p1 * (1.0 - p1) / pair.before.base as f64 + p2 * (1.0 - p2) / pair.after.base as f64;
    let half = z_of(confidence) * variance.sqrt();
    Some(Interval { low: p2 - p1 - half, high: p2 - p1 + half }.within(-1.0, 1.0))
}

/// Miettinen and Nurminen's score interval of "times": lower end 0 without mentions after, no upper end
/// without mentions before.
pub fn score_times(pair: Pair, confidence: f64) -> Interval {
    if rates(pair).is_none() {
        return ANY_TIMES;
    }
    let z = z_of(confidence);
    // bisection over ln r; no base is as large as e^100
    let end = |z: f64| bisect(-100.0, 100.0, |ln_r| score_of_times(pair, ln_r.exp()) > z).exp();
    Interval {
        low: if pair.after.mentions == 0 { 0.0 } else { end(z) },
        high: if pair.before.mentions == 0 { f64::INFINITY } else { end(-z) },
    }
}

/// The score statistic of a supposed ratio, with N/(N−1); falls as the ratio grows.
fn score_of_times(pair: Pair, r: f64) -> f64 {
    let ((x1, n1), (x2, n2)) = (floats(pair.before), floats(pair.after));
    let n = n1 + n2;
    let (a, minus_b, c) = (n * r, n2 * r + x2 + n1 + x1 * r, x1 + x2);
    // the smaller root of a·p² − b·p + c, in the form that does not cancel
    let root = (minus_b * minus_b - 4.0 * a * c).max(0.0).sqrt();
    let p1 = (2.0 * c / (minus_b + root)).clamp(0.0, (1.0 / r).min(1.0));
    let p2 = (p1 * r).clamp(0.0, 1.0);
    score(x2 / n2 - r * x1 / n1, p2 * (1.0 - p2) / n2 + r * p2 * (1.0 - p1) / n1, n)
}

/// Katz's log interval (1978) of "times"; `None` if a side has no mentions.
pub fn katz(pair: Pair, confidence: f64) -> Option<Interval> {
    if pair.before.mentions == 0 || pair.after.mentions == 0 {
        return None;
    }
    let ((x1, n1), (x2, n2)) = (floats(pair.before), floats(pair.after));
    Some(log_interval(x1, n1, x2, n2, confidence))
}

/// Walter's log interval (1975) of "times": Katz's on x+½ and n+½. Gives the ratio too; `None` if a side
/// has no records.
pub fn walter(pair: Pair, confidence: f64) -> Option<(f64, Interval)> {
    rates(pair)?;
    let half = |c: Count| (c.mentions as f64 + 0.5, c.base as f64 + 0.5);
    let ((x1, n1), (x2, n2)) = (half(pair.before), half(pair.after));
    Some(((x2 / n2) / (x1 / n1), log_interval(x1, n1, x2, n2, confidence)))
}

fn log_interval(x1: f64, n1: f64, x2: f64, n2: f64, confidence: f64) -> Interval {
    let middle = ((x2 / n2) / (x1 / n1)).ln();
    let half = z_of(confidence) * (1.0 / x1 - 1.0 / n1 + 1.0 / x2 - 1.0 / n2).max(0.0).sqrt();
    Interval { low: (middle - half).exp(), high: (middle + half).exp() }
}

//! How good the rules are, measured against hand codes: precision, recall, and a ratio corrected for both.

use super::Count;
use super::numeric::z_of;
use super::rate::{Interval, wilson, wilson_z};

/// Rules against hand codes over a plain sample of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Label given by the rules and by the person.
    pub true_positive: u64,
    /// Given by the rules only.
    pub false_positive: u64,
    /// Given by the person only.
    pub false_negative: u64,
    /// Given by neither.
    pub true_negative: u64,
}

impl Confusion {
    /// Right ones among those given: its rate is the precision.
    pub fn precision(self) -> Count {
        Count::new(self.true_positive, self.true_positive + self.false_positive)
    }

    /// Found ones among those that are there: its rate is the recall.
    pub fn recall(self) -> Count {
        Count::new(self.true_positive, self.true_positive + self.false_negative)
    }

    /// Left alone among those that are not there.
    pub fn specificity(self) -> Count {
        Count::new(self.true_negative, self.true_negative + self.false_positive)
    }

    /// Jaccard's agreement on positives, from which F₁ and its interval follow.
    fn jaccard(self) -> Count {
        Count::new(self.true_positive, self.true_positive + self.false_positive + self.false_negative)
    }

    /// F₁ = 2TP/(2TP+FP+FN).
    pub fn f1(self) -> Option<f64> {
        self.jaccard().rate().map(f1_of_jaccard)
    }

    /// Interval of F₁: Wilson's of Jaccard's, carried over.
    pub fn f1_interval(self, confidence: f64) -> Option<Interval> {
        self.jaccard().rate()?;
        let jaccard = wilson(self.jaccard(), confidence);
        Some(Interval { low: f1_of_jaccard(jaccard.low), high: f1_of_jaccard(jaccard.high) })
    }

    /// Matthews' correlation; `None` if one of the four margins is empty.
    pub fn matthews(self) -> Option<f64> {
        let [tp, fp, fne, tn] =
            [self.true_positive, self.false_positive, self.false_negative, self.true_negative].map(|c| c as f64);
        let margins = (tp + fp) * (tp + fne) * (tn + fp) * (tn + fne);
        (margins > 0.0).then(|| (tp * tn - fp * fne) / margins.sqrt())
    }
}

fn f1_of_jaccard(j: f64) -> f64 {
    2.0 * j / (1.0 + j)
}

/// A stratum of a hand-coded sample: all its records, and what became of those that were coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// Records in the stratum.
    pub records: u64,
    /// Those coded by hand.
    pub coded: Confusion,
}

/// An estimate and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its standard error (Taylor, with finite population correction).
    pub se: f64,
}

/// What a stratified sample says of all records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratified {
    /// Estimated true positives, false positives, false negatives and true negatives of all records.
    pub totals: [f64; 4],
    /// Precision; `None` if nothing was given.
    pub precision: Option<Estimate>,
    /// Recall. Its standard error is too small when few misses were found: show [`recall`] instead.
    pub recall: Option<Estimate>,
    /// Share of the records that have the label in truth.
    pub prevalence: Option<Estimate>,
    /// F₁.
    pub f1: Option<Estimate>,
}

/// Estimates for all records from a sample coded by stratum, each record weighted by its stratum's
/// records / coded (Hájek).
pub fn stratified(strata: &[Stratum]) -> Stratified {
    let cells = |c: Confusion| [c.true_positive, c.false_positive, c.false_negative, c.true_negative].map(|v| v as f64);
    let strata: Vec<(f64, f64, [f64; 4])> = strata
        .iter()
        .map(|s| (s.records as f64, cells(s.coded)))
        .map(|(all, c)| (all, c.iter().sum::<f64>(), c))
        .filter(|(_, coded, _)| *coded > 0.0)
        .collect();
    let mut totals = [0.0; 4];
    for (all, coded, c) in &strata {
        totals.iter_mut().zip(c).for_each(|(t, v)| *t += all / coded * v);
    }
    // a ratio of two weighted sums and its linearised variance
    let ratio = |above: [f64; 4], below: [f64; 4]| {
        let dot = |w: &[f64; 4], c: &[f64; 4]| w.iter().zip(c).map(|(a, b)| a * b).sum::<f64>();
        let whole = dot(&below, &totals);
        if whole <= 0.0 {
            return None;
        }
        let value = dot(&above, &totals) / whole;
        let influence: [f64; 4] = std::array::from_fn(|i| (above[i] - value * below[i]) / whole);
        let variance: f64 = strata
            .iter()
            .filter(|(_, n, _)| *n > 1.0)
            .map(|(all, n, c)| {
                let mean = dot(&influence, c) / n;
                let spread: f64 = influence.iter().zip(c).map(|(u, k)| k * (u - mean).powi(2)).sum();
                all * all * (1.0 - n / all).max(0.0) * spread / (n - 1.0) / n
            })
            .sum();
        Some(Estimate { value, se: variance.sqrt() })
    };
    Stratified {
        totals,
        precision: ratio([1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]),
        recall: ratio([1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]),
        prevalence: ratio([1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]),
        f1: ratio([2.0, 0.0, 0.0, 0.0], [2.0, 1.0, 1.0, 0.0]),
    }
}

/// A part of all records, and how many of its coded ones have the label in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// Records in the part.
    pub records: u64,
    /// Of those coded by hand, how many have the label.
    pub coded: Count,
}

impl Sampled {
    /// Wilson's interval, narrowed because the part is finite.
    pub fn interval(self, confidence: f64) -> Interval {
        let z = z_of(confidence);
        let around = wilson_z(self.coded, z);
        let Some(p) = self.coded.rate() else { return around };
        let narrow = (1.0 - self.coded.base as f64 / self.records as f64).max(0.0).sqrt();
        Interval { low: p - (p - around.low) * narrow, high: p + (around.high - p) * narrow }
    }
}

/// Recall with an interval that stays honest when few misses were found: the records that the rules gave the
/// label and those they did not were sampled apart (MOVER-R, Donner and Zou 2012). `None` if nothing was
/// coded in a part.
pub fn recall(given: Sampled, not_given: Sampled, confidence: f64) -> Option<(f64, Interval)> {
    let (v, f) = (given.coded.rate()?, not_given.coded.rate()?);
    if v == 0.0 {
        // nothing the rules gave is right: nothing is known of what they miss
        return (f > 0.0).then_some((0.0, Interval::UNKNOWN));
    }
    let (precision, missed) = (given.interval(confidence), not_given.interval(confidence));
    let scale = not_given.records as f64 / given.records as f64;
    // interval of f/v
    let end = |f_end: f64, v_end: f64, sign: f64| {
        let root = ((f * v).powi(2) - f_end * v_end * (2.0 * f - f_end) * (2.0 * v - v_end)).max(0.0).sqrt();
        let below = v_end * (2.0 * v - v_end);
        if below > 0.0 { ((f * v + sign * root) / below).max(0.0) } else { f64::INFINITY }
    };
    let (low, high) = (end(missed.low, precision.high, -1.0), end(missed.high, precision.low, 1.0));
    let of = |ratio: f64| 1.0 / (1.0 + scale * ratio);
    Some((of(f / v), Interval { low: of(high), high: of(low) }))
}

/// A ratio corrected for what the rules miss and what they give wrongly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corrected {
    /// Rogan and Gladen's estimate (1978) before it is cut to 0..1.
    pub raw: f64,
    /// The estimate, 0 to 1.
    pub rate: f64,
    /// Its standard error by Wald.
    pub se: f64,
    /// Lang and Reiczigel's interval (2014), cut to 0..1.
    pub interval: Interval,
}

/// Corrects a counted ratio by recall (found of those that are there) and specificity (left alone of those
/// that are not), each measured on hand codes. `None` if the rules are no better than chance. To be shown
/// beside the counted ratio, never in its place.
pub fn corrected(counted: Count, recall: Count, specificity: Count, confidence: f64) -> Option<Corrected> {
    let (q, se, sp) = (counted.rate()?, recall.rate()?, specificity.rate()?);
    let raw = prevalence(q, se, sp)?;
    let noise = |p: f64, n: f64| p * (1.0 - p) / n;
    let spread = |pi: f64, q: f64, n: f64, se: f64, n_se: f64, sp: f64, n_sp: f64| {
        let variance = noise(q, n) + pi * pi * noise(se, n_se) + (1.0 - pi).powi(2) * noise(sp, n_sp);
        variance.sqrt() / (se + sp - 1.0)
    };
    let [n, n_se, n_sp] = [counted.base, recall.base, specificity.base].map(|v| v as f64);
    let wald = spread(raw, q, n, se, n_se, sp, n_sp);

    let z = z_of(confidence);
    let (n, n_se, n_sp) = (n + z * z, n_se + 2.0, n_sp + 2.0);
    let q = (counted.mentions as f64 + z * z / 2.0) / n;
    let (se, sp) = ((recall.mentions as f64 + 1.0) / n_se, (specificity.mentions as f64 + 1.0) / n_sp);
    let pi = prevalence(q, se, sp)?;
    let centre = pi + 2.0 * z * z * (pi * noise(se, n_se) - (1.0 - pi) * noise(sp, n_sp));
    let half = z * spread(pi, q, n, se, n_se, sp, n_sp);
    let interval = Interval { low: centre - half, high: centre + half }.within(0.0, 1.0);
    Some(Corrected { raw, rate: raw.clamp(0.0, 1.0), se: wald, interval })
}

fn prevalence(q: f64, se: f64, sp: f64) -> Option<f64> {
    let youden = se + sp - 1.0;
    (youden > 0.0).then(|| (q + sp - 1.0) / youden)
}

//! Day by day: charts with limits, and alarms whose false ones are counted before they are switched on.
//!
//! The default alarm is the CUSUM, whose threshold comes from a budget of false alarms. "Rises three days in
//! a row" stands beside it because people ask for it, with how often it fires by chance.

use super::Count;
use super::numeric::{beta_cdf, ln_binomial, solve};

/// Chance of a point beyond one limit of a 3σ chart.
const TAIL: f64 = 0.00135;
/// Mean moving range of a normal in standard deviations.
const MOVING_RANGE: f64 = 1.128;

/// The ratio of all days together; `None` without records.
pub fn centre(days: &[Count]) -> Option<f64> {
    let mut all = Count::default();
    days.iter().for_each(|d| all += *d);
    all.rate()
}

/// Limits of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Lower limit of the ratio, at least 0.
    pub low: f64,
    /// Upper limit of the ratio.
    pub high: f64,
}

fn sigma(centre: f64, day: Count) -> Option<f64> {
    let sigma = (centre * (1.0 - centre) / day.base as f64).sqrt();
    (day.base > 0 && sigma > 0.0).then_some(sigma)
}

/// Shewhart's p-chart: centre ± 3σ. `None` on days without records, or if the centre is 0 or 1.
pub fn p_limits(centre: f64, day: Count) -> Option<Limits> {
    laney_limits(centre, 1.0, day)
}

/// Laney's p′ chart (2002): the same with σ stretched by `stretch`, see [`laney_stretch`].
pub fn laney_limits(centre: f64, stretch: f64, day: Count) -> Option<Limits> {
    let half = 3.0 * stretch * sigma(centre, day)?;
    Some(Limits { low: (centre - half).max(0.0), high: centre + half })
}

/// A day's distance from the centre in its own σ.
pub fn z_score(centre: f64, day: Count) -> Option<f64> {
    Some((day.rate()? - centre) / sigma(centre, day)?)
}

/// How much more days vary than luck makes them: the mean moving range of their z-scores / 1.128. `None` with
/// fewer than two days that have records.
pub fn laney_stretch(centre: f64, days: &[Count]) -> Option<f64> {
    let z: Vec<f64> = days.iter().filter_map(|d| z_score(centre, *d)).collect();
    let steps: Vec<f64> = z.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    (!steps.is_empty()).then(|| steps.iter().sum::<f64>() / steps.len() as f64 / MOVING_RANGE)
}

/// Counts that a day reaches by luck less than once in 740 days, from the binomial itself: the largest low
/// one (`None` if even 0 is common) and the smallest high one. For days with few mentions, where 3σ cries
/// wolf ten times too often.
pub fn exact_limits(centre: f64, day: Count) -> Option<(Option<u64>, u64)> {
    sigma(centre, day)?;
    let n = day.base;
    let at_least = |u: u64| match u {
        0 => 1.0,
        u if u > n => 0.0,
        u => beta_cdf(u as f64, (n - u + 1) as f64, centre, 1.0 - centre),
    };
    let first = |from: u64, to: u64, holds: &dyn Fn(u64) -> bool| {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    };
    let high = first(0, n + 1, &|u| at_least(u) <= TAIL);
    let common = first(0, n + 1, &|l| 1.0 - at_least(l + 1) > TAIL);
    Some((common.checked_sub(1), high))
}

/// One point of an EWMA chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smooth {
    /// The smoothed ratio.
    pub value: f64,
    /// Its limits.
    pub limits: Limits,
}

/// Exponentially weighted moving average: `weight` of the newest day (usually 0.2), limits at `width` standard
/// deviations (2.7). Days without records leave it as it is.
pub fn ewma(centre: f64, days: &[Count], weight: f64, width: f64) -> Vec<Smooth> {
    let (mut value, mut variance) = (centre, 0.0);
    days.iter()
        .map(|day| {
            if let Some(p) = day.rate() {
                value = weight * p + (1.0 - weight) * value;
                let noise = centre * (1.0 - centre) / day.base as f64;
                variance = weight * weight * noise + (1.0 - weight).powi(2) * variance;
            }
            let half = width * variance.sqrt();
            Smooth { value, limits: Limits { low: (centre - half).max(0.0), high: centre + half } }
        })
        .collect()
}

/// A cumulative sum of evidence that the ratio has risen to a worse one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cusum {
    /// The quiet ratio.
    pub quiet: f64,
    /// The ratio it is to find.
    pub worse: f64,
    /// It alarms above this.
    pub threshold: f64,
    /// The evidence so far.
    pub sum: f64,
}

impl Cusum {
    /// Learns from quiet days (28 to 56 of them): the quiet ratio is raised by one standard error, because a
    /// baseline that was lucky would cry wolf. `times` is the odds ratio to find (2 by default), `budget` the
    /// number of cells times days in which one false alarm is put up with. `None` if nothing, or everything,
    /// was mentioned.
    pub fn learn(quiet: Count, times: f64, budget: f64) -> Option<Cusum> {
        let p = quiet.rate().filter(|p| *p > 0.0 && *p < 1.0)?;
        let p = (p + (p * (1.0 - p) / quiet.base as f64).sqrt()).min(0.99);
        Some(Cusum::new(p, odds_times(p, times), budget.max(1.0).ln()))
    }

    /// A sum that finds `worse` instead of `quiet`, with this threshold.
    pub fn new(quiet: f64, worse: f64, threshold: f64) -> Cusum {
        Cusum { quiet, worse, threshold, sum: 0.0 }
    }

    /// What a day says for the worse ratio (log-likelihood ratio); 0 without records.
    pub fn evidence(&self, day: Count) -> f64 {
        day.mentions as f64 * (self.worse / self.quiet).ln()
            + day.rest() as f64 * ((1.0 - self.worse) / (1.0 - self.quiet)).ln()
    }

    /// Takes in a day; true if it alarms, and then starts anew.
    pub fn day(&mut self, day: Count) -> bool {
        self.sum = (self.sum + self.evidence(day)).max(0.0);
        let alarms = self.sum > self.threshold;
        if alarms {
            self.sum = 0.0;
        }
        alarms
    }

    /// Mean number of days until it alarms, with `base` records a day at that ratio: a Markov chain over the
    /// sum (Brook and Evans 1972), good to a few percent.
    pub fn days_to_alarm(&self, base: u64, ratio: f64) -> Option<f64> {
        const STATES: usize = 160;
        let step = self.threshold / STATES as f64;
        let days: Vec<(f64, f64)> = (0..=base)
            .map(|x| (self.evidence(Count::new(x, base)), ln_binomial(x as f64, base as f64, ratio, 1.0 - ratio).exp()))
            .filter(|(_, p)| *p > 1e-15)
            .collect();
        let row = |i: usize| {
            let mut row = vec![0.0; STATES + 1];
            row[i] += 1.0;
            for (evidence, p) in &days {
                let place = (i as f64 + evidence / step).max(0.0);
                if place <= STATES as f64 {
                    let (below, part) = (place.floor() as usize, place.fract());
                    row[below] -= p * (1.0 - part);
                    row[(below + 1).min(STATES)] -= p * part;
                }
            }
            row
        };
        let lengths = solve((0..=STATES).map(row).collect(), vec![1.0; STATES + 1])?;
        Some(lengths[0])
    }
}

/// The ratio whose odds are so many times those of `p`.
pub fn odds_times(p: f64, times: f64) -> f64 {
    let odds = times * p / (1.0 - p);
    odds / (1.0 + odds)
}

/// For each day: have the last `k` steps all been strict rises? Days without records are skipped and never
/// fire; a tie starts anew.
pub fn rising(days: &[Count], k: usize) -> Vec<bool> {
    let (mut last, mut rises): (Option<Count>, usize) = (None, 0);
    days.iter()
        .map(|day| {
            if day.base == 0 {
                return false;
            }
            let higher = |before: Count| {
                u128::from(day.mentions) * u128::from(before.base) > u128::from(before.mentions) * u128::from(day.base)
            };
            rises = if last.is_some_and(higher) { rises + 1 } else { 0 };
            last = Some(*day);
            rises >= k
        })
        .collect()
}

/// Chance that a series without any change ends in `k` rises: 1/(k+1)!.
pub fn rises_by_chance(k: u32) -> f64 {
    (1..=k + 1).map(|i| 1.0 / f64::from(i)).product()
}

/// Mean number of days until a series without any change has risen `k` days in a row.
pub fn days_to_rises(k: u32) -> f64 {
    let inverse = |n: u32| (1..=n).map(|i| 1.0 / f64::from(i)).product::<f64>();
    let sum: f64 = (0..20).map(|j| inverse((k + 1) * j) - inverse((k + 1) * j + 1)).sum();
    1.0 / sum
}

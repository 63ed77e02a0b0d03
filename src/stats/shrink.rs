//! What a ratio most likely is when there are few records: a prior learnt from all SKUs of a category.
//!
//! Good for levels ("the expected ratio of this SKU") and for "how likely did it rise"; not a gate, because
//! under drift tiny true changes would pass.

use statrs::function::gamma::digamma;

use super::numeric::{beta_cdf, beta_quantile, bisect, ln_beta};
use super::rate::Interval;
use super::{Count, Pair};

/// Largest α + β: a category that is the same everywhere would run to infinity.
const MOST: f64 = 1e6;

/// A beta distribution of the rate: as if α mentions and β silences had been seen before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Mentions seen before, > 0.
    pub alpha: f64,
    /// Silences seen before, > 0.
    pub beta: f64,
}

impl Prior {
    /// The mean rate.
    pub fn mean(self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    /// What is known after a count: its [`mean`](Prior::mean) is the expected rate.
    pub fn after(self, count: Count) -> Prior {
        Prior { alpha: self.alpha + count.mentions as f64, beta: self.beta + count.rest() as f64 }
    }

    /// The interval that holds the rate with this probability, equal tails.
    pub fn credible(self, probability: f64) -> Interval {
        let tail = (1.0 - probability) / 2.0;
        Interval {
            low: beta_quantile(self.alpha, self.beta, tail),
            high: beta_quantile(self.alpha, self.beta, 1.0 - tail),
        }
    }

    /// Log-likelihood of counts under this prior, without the binomial coefficients.
    pub fn log_likelihood(self, counts: &[Count]) -> f64 {
        let alone = ln_beta(self.alpha, self.beta);
        counts.iter().map(|c| self.after(*c)).map(|p| ln_beta(p.alpha, p.beta) - alone).sum()
    }

    /// The prior of these counts by moments (Kleinman 1973), with the correlation ρ = 1/(α+β+1) it rests on;
    /// `None` where the ratios vary no more than luck makes them.
    pub fn by_moments(counts: &[Count]) -> Option<(Prior, f64)> {
        let counts: Vec<(f64, f64)> =
            counts.iter().filter(|c| c.base > 0).map(|c| (c.mentions as f64, c.base as f64)).collect();
        let (x, n) = counts.iter().fold((0.0, 0.0), |(x, n), c| (x + c.0, n + c.1));
        let squares: f64 = counts.iter().map(|c| c.1 * c.1).sum();
        let (p, others) = (x / n, counts.len() as f64 - 1.0);
        let spread: f64 = counts.iter().map(|(x, n)| n * (x / n - p).powi(2)).sum();
        let rho = (spread - p * (1.0 - p) * others) / (p * (1.0 - p) * (n - squares / n - others));
        let size = 1.0 / rho - 1.0;
        (rho > 0.0 && size > 0.0 && p > 0.0 && p < 1.0)
            .then_some((Prior { alpha: p * size, beta: (1.0 - p) * size }, rho))
    }

    /// The prior under which these counts are most likely; `None` if nothing or everything is mentioned.
    pub fn fit(counts: &[Count]) -> Option<Prior> {
        let mut all = Count::default();
        counts.iter().for_each(|c| all += *c);
        if all.mentions == 0 || all.rest() == 0 {
            return None;
        }
        let p = all.mentions as f64 / all.base as f64;
        let even = Prior { alpha: p * MOST, beta: (1.0 - p) * MOST };
        let start = Prior::by_moments(counts).map_or(Prior { alpha: p * 100.0, beta: (1.0 - p) * 100.0 }, |m| m.0);
        let best = climb(counts, start);
        let too_large = !best.is_some_and(|b| b.alpha + b.beta < MOST);
        Some(if too_large { even } else { best.unwrap_or(even) })
    }
}

/// Newton's method over ln α and ln β, with steps cut until they lead upwards; `None` if α + β runs away.
fn climb(counts: &[Count], start: Prior) -> Option<Prior> {
    let mut at = start;
    let mut height = at.log_likelihood(counts);
    for _ in 0..200 {
        let (ga, gb, haa, hab, hbb) = slopes(counts, at);
        let mut damping = 0.0;
        let next = loop {
            let (a, d) = (haa - damping, hbb - damping);
            let determinant = a * d - hab * hab;
            if a < 0.0 && determinant > 0.0 {
                let step = ((hab * gb - d * ga) / determinant, (hab * ga - a * gb) / determinant);
                let next = Prior {
                    alpha: at.alpha * step.0.clamp(-2.0, 2.0).exp(),
                    beta: at.beta * step.1.clamp(-2.0, 2.0).exp(),
                };
                let higher = next.log_likelihood(counts);
                if higher >= height {
                    break Some((next, higher));
                }
            }
            damping = if damping == 0.0 { haa.abs().max(hbb.abs()) * 1e-3 + 1e-9 } else { damping * 4.0 };
            if damping > 1e12 {
                break None;
            }
        };
        let Some((next, higher)) = next else { return Some(at) };
        let moved = (next.alpha / at.alpha).ln().abs() + (next.beta / at.beta).ln().abs();
        (at, height) = (next, higher);
        if at.alpha + at.beta > MOST {
            return None;
        }
        if moved < 1e-10 {
            return Some(at);
        }
    }
    Some(at)
}

/// Slope and curvature of the log-likelihood over ln α and ln β.
fn slopes(counts: &[Count], at: Prior) -> (f64, f64, f64, f64, f64) {
    let (a, b) = (at.alpha, at.beta);
    let (psi_a, psi_b, psi_ab) = (digamma(a), digamma(b), digamma(a + b));
    let (tri_a, tri_b, tri_ab) = (trigamma(a), trigamma(b), trigamma(a + b));
    let (mut ga, mut gb, mut haa, mut hbb, mut hab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for count in counts.iter().filter(|c| c.base > 0) {
        let (x, y, n) = (count.mentions as f64, count.rest() as f64, count.base as f64);
        let (all, curve) = (psi_ab - digamma(a + b + n), tri_ab - trigamma(a + b + n));
        ga += digamma(a + x) - psi_a + all;
        gb += digamma(b + y) - psi_b + all;
        haa += trigamma(a + x) - tri_a + curve;
        hbb += trigamma(b + y) - tri_b + curve;
        hab += curve;
    }
    (a * ga, b * gb, a * a * haa + a * ga, a * b * hab, b * b * hbb + b * gb)
}

/// Second derivative of ln Γ.
fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 10.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    sum + 1.0 / x + s / 2.0 + s / x * (1.0 / 6.0 - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s / 30.0)))
}

/// The probability that the rate after is more than so many times the rate before, each with this prior.
pub fn probability_of_rise(prior: Prior, pair: Pair, times: f64) -> f64 {
    let (a, b) = (prior.after(pair.before), prior.after(pair.after));
    // Simpson's rule over the log odds of the rate before
    const STEPS: usize = 600;
    let logistic = |t: f64| (1.0 / (1.0 + (-t).exp()), 1.0 / (1.0 + t.exp()));
    let cdf = |t: f64| {
        let (x, y) = logistic(t);
        beta_cdf(a.alpha, a.beta, x, y)
    };
    let upper = |t: f64| {
        let (x, y) = logistic(t);
        beta_cdf(a.beta, a.alpha, y, x)
    };
    let low = bisect(-80.0, 80.0, |t| cdf(t) < 1e-10);
    let high = bisect(-80.0, 80.0, |t| upper(t) > 1e-10);
    // where so many times the rate reaches 1 there is nothing beyond, and the approach is like a square root:
    // steps that shrink towards that end make it smooth
    let high = if times > 1.0 { high.min(-(times - 1.0).ln()) } else { high };
    let width = high - low;
    let ln_scale = ln_beta(a.alpha, a.beta);
    let term = |i: usize| {
        let left = 1.0 - i as f64 / STEPS as f64;
        let (x, y) = logistic(high - width * left * left);
        let density = (a.alpha * x.ln() + a.beta * y.ln() - ln_scale).exp();
        let beyond = if times * x >= 1.0 { 0.0 } else { beta_cdf(b.beta, b.alpha, 1.0 - times * x, times * x) };
        let weight = if i == 0 || i == STEPS {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        };
        weight * density * beyond * 2.0 * left
    };
    ((0..=STEPS).map(term).sum::<f64>() * width / STEPS as f64 / 3.0).clamp(0.0, 1.0)
}

/// ln of the Bayes factor of "two rates" against "one rate", all with the same prior. Above ln 20 it may be
/// looked at every day without crying wolf more often than in one look out of twenty.
pub fn log_bayes_factor(prior: Prior, pair: Pair) -> f64 {
    let alone = ln_beta(prior.alpha, prior.beta);
    let marginal = |c: Count| {
        let p = prior.after(c);
        ln_beta(p.alpha, p.beta) - alone
    };
    let together = Count::new(pair.mentions(), pair.before.base + pair.after.base);
    marginal(pair.before) + marginal(pair.after) - marginal(together)
}

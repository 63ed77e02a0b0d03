//! Shrinking changes: what the odds ratio of a cell most likely is, given those of all others.
//!
//! The prior of the log odds ratio is a mixture of normals around 0 with a spike at 0 (as in ashr, Stephens
//! 2017); the likelihood is exact (non-central hypergeometric). For showing one cell honestly, not for
//! deciding: see the gate.

use super::Pair;
use super::numeric::ln_sum_exp;
use super::two_sample::{seen_at, support};

/// Standard deviations of the components, the spike first.
pub const COMPONENTS: [f64; 6] = [0.0, 0.1, 0.2, 0.4, 0.8, 1.6];
/// Points of the grid of log odds ratios, −4 to 4 in steps of 0.05.
const POINTS: usize = 161;
/// Place of 0 in the grid.
const ZERO: usize = POINTS / 2;
/// How many cells without a shift are added in the spirit of caution.
const CAUTION: f64 = 9.0;

/// What is known of the log odds ratio of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunk {
    /// Its mean.
    pub mean: f64,
    /// Probability that it is above 0.
    pub rise: f64,
    /// Probability that it is below 0.
    pub fall: f64,
    /// Probability that it is 0.
    pub none: f64,
    /// The value below which 5 % of its distribution lies.
    pub low: f64,
    /// 95 % lie below.
    pub high: f64,
    /// Local false sign rate: the probability that its more likely sign is wrong.
    pub false_sign: f64,
}

fn grid(i: usize) -> f64 {
    -4.0 + 0.05 * i as f64
}

/// Each component on the grid, summing to 1.
fn components() -> Vec<Vec<f64>> {
    let component = |sd: &f64| {
        if *sd == 0.0 {
            return (0..POINTS).map(|i| f64::from(u8::from(i == ZERO))).collect();
        }
        let density: Vec<f64> = (0..POINTS).map(|i| (-0.5 * (grid(i) / sd).powi(2)).exp()).collect();
        let sum: f64 = density.iter().sum();
        density.into_iter().map(|d| d / sum).collect::<Vec<f64>>()
    };
    COMPONENTS.iter().map(component).collect()
}

/// Likelihood of a cell over the grid, 1 at its best point.
fn likelihood(pair: Pair) -> Vec<f64> {
    let (ln_p, seen) = (support(pair).into_iter().map(f64::ln).collect::<Vec<_>>(), seen_at(pair));
    let log: Vec<f64> = (0..POINTS)
        .map(|i| {
            let psi = grid(i);
            let terms: Vec<f64> = ln_p.iter().enumerate().map(|(k, p)| p + k as f64 * psi).collect();
            terms[seen] - ln_sum_exp(&terms)
        })
        .collect();
    let top = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    log.into_iter().map(|v| (v - top).exp()).collect()
}

/// The weights of the components that fit all cells best, cautiously.
pub fn fit(pairs: &[Pair]) -> [f64; COMPONENTS.len()] {
    let parts = components();
    let marginal: Vec<Vec<f64>> = pairs
        .iter()
        .map(|p| {
            let l = likelihood(*p);
            parts.iter().map(|c| c.iter().zip(&l).map(|(a, b)| a * b).sum()).collect()
        })
        .collect();
    let mut weights = [1.0 / COMPONENTS.len() as f64; COMPONENTS.len()];
    for _ in 0..200 {
        let mut next = [0.0; COMPONENTS.len()];
        next[0] = CAUTION;
        for row in &marginal {
            let sum: f64 = row.iter().zip(&weights).map(|(m, w)| m * w).sum();
            for ((n, m), w) in next.iter_mut().zip(row).zip(&weights) {
                *n += m * w / sum;
            }
        }
        let total: f64 = next.iter().sum();
        next.iter_mut().for_each(|w| *w /= total);
        let moved = weights.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        weights = next;
        if moved < 1e-7 {
            break;
        }
    }
    weights
}

/// What is known of one cell under these weights.
pub fn shrink(pair: Pair, weights: &[f64; COMPONENTS.len()]) -> Shrunk {
    let (parts, likelihood) = (components(), likelihood(pair));
    let mut posterior: Vec<f64> =
        (0..POINTS).map(|i| likelihood[i] * parts.iter().zip(weights).map(|(c, w)| c[i] * w).sum::<f64>()).collect();
    let total: f64 = posterior.iter().sum();
    posterior.iter_mut().for_each(|p| *p /= total);
    let (fall, rise) = (posterior[..ZERO].iter().sum::<f64>(), posterior[ZERO + 1..].iter().sum::<f64>());
    let first_above = |share: f64| {
        let mut sum = 0.0;
        let place = posterior.iter().position(|p| {
            sum += p;
            sum >= share
        });
        grid(place.unwrap_or(POINTS - 1))
    };
    let none = posterior[ZERO];
    Shrunk {
        mean: posterior.iter().enumerate().map(|(i, p)| p * grid(i)).sum(),
        rise,
        fall,
        none,
        low: first_above(0.05),
        high: first_above(0.95),
        false_sign: (none + fall).min(none + rise),
    }
}

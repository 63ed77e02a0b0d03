//! How restless a shop is of itself: what the gate must subtract before it calls a change a shift.
//!
//! Binomial tests know only the luck of the draw. Real ratios also drift a little from period to period,
//! and records come in clusters (copied reviews, one buyer writing twice). Both are learnt from the shop's
//! own earlier periods: Var(ln OR) = φ·s² + τ², with φ ≥ 1 for clustering and τ² ≥ 0 for drift. Medians
//! carry the fit, so that real shifts of the past do not pass for unrest.

use super::Pair;
use super::numeric::median;
use crate::words::keyed;

/// Fewest cells that a fit may rest on.
pub const ENOUGH: usize = 80;
/// Fewest mentions of a cell in both periods together that it takes part with.
pub const CELL_FROM: u64 = 16;
/// The fit of τ² is 6 to 10 % low; this factor keeps the promised error rate.
pub const SAFETY: f64 = 1.25;
/// Median of χ² with one degree of freedom.
const MEDIAN_CHI2: f64 = 0.454_936_4;
/// Number of groups by s² that medians are taken in.
const BINS: usize = 8;

/// A log odds ratio (after against before, each count + ½) and its binomial variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogOdds {
    /// ln of the odds ratio.
    pub ratio: f64,
    /// Its variance s²: the sum of 1/(cell + ½) over the four cells.
    pub variance: f64,
}

impl LogOdds {
    /// Of a pair of counts.
    pub fn of(pair: Pair) -> LogOdds {
        let sides = [pair.before, pair.after].map(|c| (c.mentions as f64 + 0.5, c.rest() as f64 + 0.5));
        let [(x1, y1), (x2, y2)] = sides;
        LogOdds { ratio: (x2 / y2).ln() - (x1 / y1).ln(), variance: 1.0 / x1 + 1.0 / y1 + 1.0 / x2 + 1.0 / y2 }
    }
}

/// Where the unrest was learnt, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Learnt {
    /// From earlier pairs of periods.
    Earlier,
    /// From the very periods compared too, because there were not enough earlier ones.
    Here,
    /// Not at all: too few cells. The gate then knows only the luck of the draw.
    Nowhere,
}

keyed!(Learnt { Earlier = "earlier", Here = "here", Nowhere = "nowhere" });

/// What was learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unrest {
    /// Clustering φ ≥ 1.
    pub phi: f64,
    /// Drift τ² ≥ 0 of the log odds ratio, as fitted.
    pub tau2: f64,
    /// Number of cells it rests on.
    pub cells: usize,
    /// What it was learnt from.
    pub learnt: Learnt,
}

impl Unrest {
    /// None at all: binomial luck only.
    pub const NONE: Unrest = Unrest { phi: 1.0, tau2: 0.0, cells: 0, learnt: Learnt::Nowhere };

    /// True if it was learnt from enough cells.
    pub fn is_calibrated(&self) -> bool {
        self.learnt != Learnt::Nowhere
    }

    /// This one, or another that was learnt from something better.
    pub fn or(self, other: Unrest) -> Unrest {
        if other.learnt < self.learnt { other } else { self }
    }

    /// How many times larger the variance of a log odds ratio is than luck alone makes it, ≥ 1.
    pub fn inflation(&self, variance: f64) -> f64 {
        self.phi + SAFETY * self.tau2 / variance
    }

    /// Fits φ and τ² to log odds ratios of cells that did not shift, each already freed of what moved the
    /// whole shop ([`centred`]). [`Unrest::NONE`] with fewer than [`ENOUGH`] cells.
    pub fn fit(cells: &[LogOdds], learnt: Learnt) -> Unrest {
        if cells.len() < ENOUGH {
            return Unrest { cells: cells.len(), ..Unrest::NONE };
        }
        let bins = binned(cells);
        let mut weights: Vec<f64> = bins.iter().map(|b| b.cells).collect();
        let (mut phi, mut tau2) = (1.0, 0.0);
        for _ in 0..5 {
            (phi, tau2) = least_squares(&bins, &weights);
            for (weight, bin) in weights.iter_mut().zip(&bins) {
                *weight = bin.cells / (phi + tau2 * bin.x).max(1.0).powi(2);
            }
        }
        Unrest { phi, tau2, cells: cells.len(), learnt }
    }
}

/// The log odds ratios of the cells of one pair of periods that are large enough to learn from, without what
/// moved the whole shop: their median.
pub fn centred(pairs: &[Pair]) -> Vec<LogOdds> {
    let large = |p: &&Pair| p.mentions() >= CELL_FROM && p.smaller_base() > 0;
    centred_odds(pairs.iter().filter(large).map(|p| LogOdds::of(*p)).collect())
}

/// The same for log odds ratios.
pub fn centred_odds(mut cells: Vec<LogOdds>) -> Vec<LogOdds> {
    let mut ratios: Vec<f64> = cells.iter().map(|c| c.ratio).collect();
    let middle = median(&mut ratios).unwrap_or(0.0);
    cells.iter_mut().for_each(|c| c.ratio -= middle);
    cells
}

/// Cells of like variance: how many, how much larger than luck their spread is, and the usual 1/s².
struct Bin {
    cells: f64,
    y: f64,
    x: f64,
}

fn binned(cells: &[LogOdds]) -> Vec<Bin> {
    let mut sorted: Vec<f64> = cells.iter().map(|c| c.variance).collect();
    sorted.sort_by(f64::total_cmp);
    let edges: Vec<f64> = (0..=BINS).map(|k| quantile(&sorted, k as f64 / BINS as f64)).collect();
    let mut members: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); BINS];
    for cell in cells {
        let bin = edges.partition_point(|e| *e <= cell.variance).saturating_sub(1).min(BINS - 1);
        members[bin].0.push(cell.ratio * cell.ratio / cell.variance);
        members[bin].1.push(1.0 / cell.variance);
    }
    let bin = |(mut y, mut x): (Vec<f64>, Vec<f64>)| {
        let cells = y.len() as f64;
        Some(Bin { cells, y: median(&mut y)? / MEDIAN_CHI2, x: median(&mut x)? })
    };
    members.into_iter().filter_map(bin).collect()
}

/// Linear quantile of sorted values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// Weighted least squares y = φ + τ²·x with φ ≥ 1 and τ² ≥ 0.
fn least_squares(bins: &[Bin], weights: &[f64]) -> (f64, f64) {
    let sum = |f: &dyn Fn(&Bin) -> f64| bins.iter().zip(weights).map(|(b, w)| w * f(b)).sum::<f64>();
    let (w, x, y) = (sum(&|_| 1.0), sum(&|b| b.x), sum(&|b| b.y));
    let (xx, xy) = (sum(&|b| b.x * b.x), sum(&|b| b.x * b.y));
    let spread = w * xx - x * x;
    let tau2 = if spread > 0.0 { (w * xy - x * y) / spread } else { 0.0 };
    let phi = (y - tau2 * x) / w;
    if phi < 1.0 {
        let above = sum(&|b| b.x * (b.y - 1.0));
        (1.0, (above / xx).max(0.0))
    } else if tau2 < 0.0 {
        ((y / w).max(1.0), 0.0)
    } else {
        (phi, tau2)
    }
}

//! Did something change it? Before against after an event, with a control, and with dates that mean nothing.

use super::numeric::{p_of_z, solve};
use super::{Count, Pair};

/// A difference in differences: the treated cell before and after, less what happened to the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InDifferences {
    /// ln of the ratio of the two odds ratios (each count + ½).
    pub log_ratio: f64,
    /// Its standard error.
    pub se: f64,
    /// `log_ratio / se`.
    pub z: f64,
    /// Two-sided p-value.
    pub p: f64,
    /// The same in points: change of the treated less change of the control, −2 to 2.
    pub points: f64,
    /// Standard error of `points`.
    pub points_se: f64,
}

impl InDifferences {
    /// How many times more the odds of the treated moved than those of the control.
    pub fn ratio(&self) -> f64 {
        self.log_ratio.exp()
    }
}

/// Difference in differences. `drift` is the variance that the log odds ratio of a quiet cell has between
/// two periods (τ² of the shop's unrest), 0 if unknown. `None` if one of the four has no records.
pub fn in_differences(treated: Pair, control: Pair, drift: f64) -> Option<InDifferences> {
    let points = treated.change()? - control.change()?;
    let four = [treated.after, treated.before, control.before, control.after];
    let halves = four.map(|c| (c.mentions as f64 + 0.5, c.rest() as f64 + 0.5));
    let odds = halves.map(|(x, y)| (x / y).ln());
    let log_ratio = (odds[0] - odds[1]) - (odds[3] - odds[2]);
    let se = (halves.iter().map(|(x, y)| 1.0 / x + 1.0 / y).sum::<f64>() + drift).sqrt();
    let noise = |c: &Count| c.rate().map_or(0.0, |p| p * (1.0 - p) / c.base as f64);
    let points_se = four.iter().map(noise).sum::<f64>().sqrt();
    let z = log_ratio / se;
    Some(InDifferences { log_ratio, se, z, p: p_of_z(z), points, points_se })
}

/// A logistic regression of daily counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    /// The coefficients, on the log-odds scale.
    pub beta: Vec<f64>,
    /// Their binomial standard errors.
    pub se: Vec<f64>,
    /// Pearson χ² by degree of freedom: above 1 the days vary more than luck makes them.
    pub phi: f64,
}

impl Regression {
    /// Standard error that takes restless days into account: `se · √max(1, φ)`.
    pub fn robust_se(&self, at: usize) -> f64 {
        self.se[at] * self.phi.max(1.0).sqrt()
    }

    /// Two-sided p-value of a coefficient, by its robust standard error.
    pub fn p(&self, at: usize) -> f64 {
        p_of_z(self.beta[at] / self.robust_se(at))
    }
}

/// Logistic regression of counts on explaining numbers (one row each), by iterated weighted least squares.
/// `None` if it has no solution (too few days, or days without any or with nothing but mentions).
pub fn logistic(rows: &[Vec<f64>], counts: &[Count]) -> Option<Regression> {
    let width = rows.first()?.len();
    let days: Vec<(&[f64], f64, f64)> = rows
        .iter()
        .zip(counts)
        .filter(|(_, c)| c.base > 0)
        .map(|(r, c)| (r.as_slice(), c.mentions as f64, c.base as f64))
        .collect();
    let dot = |row: &[f64], beta: &[f64]| row.iter().zip(beta).map(|(a, b)| a * b).sum::<f64>();
    let information = |beta: &[f64]| {
        let (mut matrix, mut slope) = (vec![vec![0.0; width]; width], vec![0.0; width]);
        for (row, x, n) in &days {
            let p = 1.0 / (1.0 + (-dot(row, beta)).exp());
            let weight = n * p * (1.0 - p);
            for i in 0..width {
                slope[i] += row[i] * (x - n * p);
                for j in 0..width {
                    matrix[i][j] += weight * row[i] * row[j];
                }
            }
        }
        (matrix, slope)
    };
    let mut beta = vec![0.0; width];
    let mut settled = false;
    for _ in 0..100 {
        let (matrix, slope) = information(&beta);
        let step = solve(matrix, slope)?;
        beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s.clamp(-5.0, 5.0));
        if beta.iter().any(|b| !b.is_finite() || b.abs() > 1e3) {
            return None;
        }
        settled = step.iter().all(|s| s.abs() < 1e-10);
        if settled {
            break;
        }
    }
    let (matrix, _) = information(&beta);
    let unit = |i: usize| (0..width).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    let se = (0..width)
        .map(|i| solve(matrix.clone(), unit(i)).map(|column| column[i].sqrt()))
        .collect::<Option<Vec<f64>>>()?;
    let pearson: f64 = days
        .iter()
        .map(|(row, x, n)| {
            let p = 1.0 / (1.0 + (-dot(row, &beta)).exp());
            (x - n * p).powi(2) / (n * p * (1.0 - p))
        })
        .sum();
    let freedom = days.len().checked_sub(width).filter(|f| *f > 0)?;
    settled.then_some(Regression { beta, se, phi: pearson / freedom as f64 })
}

/// Interrupted time series: level, slope, jump at the event and change of slope after it, from daily counts;
/// the event is at day `at` of the list.
pub fn interrupted(days: &[Count], at: usize) -> Option<Regression> {
    let row = |t: usize| {
        let after = f64::from(u8::from(t >= at));
        vec![1.0, t as f64, after, (t as f64 - at as f64) * after]
    };
    logistic(&(0..days.len()).map(row).collect::<Vec<_>>(), days)
}

/// Level and jump at the event only.
pub fn before_after(days: &[Count], at: usize) -> Option<Regression> {
    let row = |t: usize| vec![1.0, f64::from(u8::from(t >= at))];
    logistic(&(0..days.len()).map(row).collect::<Vec<_>>(), days)
}

/// The Cochran-Armitage trend test over the days, as z; `None` if the ratio never varies.
pub fn trend(days: &[Count]) -> Option<f64> {
    let (mut x, mut n, mut tn, mut ttn, mut tx) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (t, day) in days.iter().enumerate() {
        let (t, xs, ns) = (t as f64, day.mentions as f64, day.base as f64);
        x += xs;
        n += ns;
        tx += t * xs;
        tn += t * ns;
        ttn += t * t * ns;
    }
    let p = x / n;
    let variance = p * (1.0 - p) * (ttn - tn * tn / n);
    (variance > 0.0).then(|| (tx - p * tn) / variance.sqrt())
}

/// How wide before and after are, in days, around an event at some day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Days before that are counted.
    pub before: usize,
    /// Days from the event on that are left out: old stock still being sold.
    pub transition: usize,
    /// Days after that are counted.
    pub after: usize,
}

impl Window {
    /// Before and after an event at day `at` of the list, as far as the days reach.
    pub fn around(self, days: &[Count], at: usize) -> Pair {
        let sum = |from: usize, to: usize| {
            let mut all = Count::default();
            days.iter().take(to).skip(from).for_each(|d| all += *d);
            all
        };
        let start = at + self.transition;
        Pair::new(sum(at.saturating_sub(self.before), at), sum(start, start + self.after))
    }
}

/// What other dates would have given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placebo {
    /// Dates tried: all whose windows fit wholly and do not touch the event.
    pub tried: usize,
    /// How many of them gave a change at least as strong (by |z|).
    pub as_strong: usize,
}

/// Repeats the comparison at every date on which nothing happened: an effect that many of them show too is
/// none. `None` if the event itself cannot be judged.
pub fn placebo(treated: &[Count], control: &[Count], at: usize, window: Window) -> Option<Placebo> {
    let z = |at: usize| {
        let pair = |days: &[Count]| window.around(days, at);
        in_differences(pair(treated), pair(control), 0.0).map(|d| d.z.abs())
    };
    let real = z(at)?;
    let reach = window.transition + window.after;
    let fits = |t: usize| t >= window.before && t + reach <= treated.len();
    let apart = |t: usize| t + reach <= at || t >= at + reach + window.before;
    let strengths: Vec<f64> = (0..treated.len()).filter(|t| fits(*t) && apart(*t)).filter_map(z).collect();
    Some(Placebo { tried: strengths.len(), as_strong: strengths.iter().filter(|s| **s >= real).count() })
}

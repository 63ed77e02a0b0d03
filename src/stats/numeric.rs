//! The few special functions that the methods share: normal, beta, binomial and hypergeometric probabilities.
//!
//! Binomial probabilities are computed as Loader does (2000, "Fast and accurate computation of binomial
//! probabilities"): a saddle-point form without cancellation, so a base of millions costs no digits.

use statrs::function::{erf, gamma};

/// Two-sided confidence that intervals are shown with.
pub const CONFIDENCE: f64 = 0.95;

/// The z with P(Z > z) = p; infinite for p = 0.
pub(super) fn normal_tail_inverse(p: f64) -> f64 {
    std::f64::consts::SQRT_2 * erf::erfc_inv(2.0 * p)
}

/// The z of a two-sided interval: 1.96 for a confidence of 0.95.
pub(super) fn z_of(confidence: f64) -> f64 {
    normal_tail_inverse((1.0 - confidence) / 2.0)
}

/// Two-sided p-value of a z.
pub(super) fn p_of_z(z: f64) -> f64 {
    erf::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// ln Γ(x).
pub(super) fn ln_gamma(x: f64) -> f64 {
    gamma::ln_gamma(x)
}

/// ln B(a, b).
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Error of Stirling's formula: ln n! − (n+½)ln n + n − ½ln 2π, for any n > 0.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * n.ln() + n - 0.5 * std::f64::consts::TAU.ln();
    }
    let nn = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / nn) / nn) / nn) / nn) / n
}

/// x·ln(x/m) + m − x without cancellation.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() < 0.1 * (x + m) {
        let v = (x - m) / (x + m);
        let mut sum = (x - m) * v;
        let mut term = 2.0 * x * v;
        for j in 1..1000 {
            term *= v * v;
            let next = sum + term / f64::from(2 * j + 1);
            if next == sum {
                return sum;
            }
            sum = next;
        }
    }
    x * (x / m).ln() + m - x
}

/// ln of C(n, x)·pˣ·qⁿ⁻ˣ with q = 1 − p, for any real 0 ≤ x ≤ n.
pub(super) fn ln_binomial(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if p <= 0.0 || q <= 0.0 {
        let certain = if p <= 0.0 { x == 0.0 } else { x == n };
        return if certain { 0.0 } else { f64::NEG_INFINITY };
    }
    if x <= 0.0 || x >= n {
        // one of the two factors is 1; ln(1 − small) keeps its digits
        let (m, other) = if x <= 0.0 { (q, p) } else { (p, q) };
        return n * if other < 0.1 { (-other).ln_1p() } else { m.ln() };
    }
    let rest = n - x;
    let body =
        stirling_error(n) - stirling_error(x) - stirling_error(rest) - deviance(x, n * p) - deviance(rest, n * q);
    body + 0.5 * (n / (std::f64::consts::TAU * x * rest)).ln()
}

/// ln of the hypergeometric probability of `k` among `n2` when `m` of `n1 + n2` are marked.
pub(super) fn ln_hypergeometric(k: u64, m: u64, n1: u64, n2: u64) -> f64 {
    let n = (n1 + n2) as f64;
    let (p, q) = (m as f64 / n, (n1 + n2 - m) as f64 / n);
    ln_binomial(k as f64, n2 as f64, p, q) + ln_binomial((m - k) as f64, n1 as f64, p, q)
        - ln_binomial(m as f64, n, p, q)
}

/// Regularised incomplete beta function I_x(a, b), with y = 1 − x given so that neither end loses digits.
pub(super) fn beta_cdf(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_fraction(b, a, y, x);
    }
    beta_fraction(a, b, x, y)
}

/// The continued fraction of I_x(a, b) by Lentz's method; quick for x below the mean.
fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / keep(1.0 - (a + b) * x / (a + 1.0)));
    let mut sum = d;
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep(1.0 + even * d);
        c = keep(1.0 + even / c);
        sum *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep(1.0 + odd * d);
        c = keep(1.0 + odd / c);
        sum *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    // xᵃ·yᵇ/(a·B(a,b)) = b/(a+b) · C(a+b, a)·xᵃ·yᵇ
    (ln_binomial(a, a + b, x, y).exp() * b / (a + b) * sum).clamp(0.0, 1.0)
}

/// The x with I_x(a, b) = p.
pub(super) fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    bisect(0.0, 1.0, |x| beta_cdf(a, b, x, 1.0 - x) < p)
}

/// The border in `[low, high]` up to which `below` holds.
pub(super) fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Median; `None` of nothing. The values are put in another order.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let upper = *upper;
    let lower = if n % 2 == 1 { upper } else { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
    Some(0.5 * (lower + upper))
}

/// Natural logarithm of Σ exp(v).
pub(super) fn ln_sum_exp(values: &[f64]) -> f64 {
    let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + values.iter().map(|v| (v - top).exp()).sum::<f64>().ln()
}

/// Solves A·x = b for a small square matrix by elimination with pivots; `None` if it is singular.
pub(super) fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for i in 0..n {
        let pivot = (i..n).max_by(|&r, &s| a[r][i].abs().total_cmp(&a[s][i].abs()))?;
        if a[pivot][i].abs() < 1e-300 {
            return None;
        }
        a.swap(i, pivot);
        b.swap(i, pivot);
        let (top, rest) = a.split_at_mut(i + 1);
        let row = &top[i];
        for (r, below) in rest.iter_mut().enumerate() {
            let factor = below[i] / row[i];
            if factor != 0.0 {
                for (v, w) in below[i..].iter_mut().zip(&row[i..]) {
                    *v -= factor * w;
                }
                b[i + 1 + r] -= factor * b[i];
            }
        }
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| a[i][j] * b[j]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    Some(b)
}

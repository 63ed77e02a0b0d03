//! Many cells at once: which of thousands of p-values still mean something.
//!
//! All functions give adjusted p-values (q-values) in the order of their input.

use super::two_sample::{seen_at, support};
use super::{Pair, two_sample};

/// Places of the values, smallest first, equal ones in their order.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

/// Turns raw values along an ascending order into step-up adjusted ones: each the smallest from its own
/// place on, at most 1.
fn step_up(order: &[usize], raw: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut adjusted = vec![1.0; order.len()];
    let mut least = 1.0_f64;
    for (rank, &at) in order.iter().enumerate().rev() {
        least = least.min(raw(rank));
        adjusted[at] = least;
    }
    adjusted
}

/// Benjamini and Hochberg (1995): controls the expected share of false ones among those reported.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let (order, m) = (ascending(p), p.len() as f64);
    step_up(&order, |rank| p[order[rank]] * m / (rank + 1) as f64)
}

/// Benjamini and Yekutieli (2001): the same under any dependence, at the price of Σ1/i.
pub fn benjamini_yekutieli(p: &[f64]) -> Vec<f64> {
    let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / i as f64).sum();
    benjamini_hochberg(p).into_iter().map(|q| (q * harmonic).min(1.0)).collect()
}

/// Holm (1979): controls the chance of any false one.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut most = 0.0_f64;
    for (rank, &at) in order.iter().enumerate() {
        most = most.max(p[at] * (p.len() - rank) as f64);
        adjusted[at] = most.min(1.0);
    }
    adjusted
}

/// Bonferroni: every p times their number.
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    p.iter().map(|v| (v * p.len() as f64).min(1.0)).collect()
}

/// Storey's q-values (2002) at λ = ½ and the share of true nulls they rest on; `None` of nothing.
pub fn storey(p: &[f64]) -> Option<(f64, Vec<f64>)> {
    if p.is_empty() {
        return None;
    }
    let above = p.iter().filter(|v| **v > 0.5).count() as f64;
    let share = ((above + 1.0) / (0.5 * p.len() as f64)).min(1.0);
    let q = benjamini_hochberg(p).into_iter().map(|q| (q * share).min(1.0)).collect();
    Some((share, q))
}

/// Simes' p-value (1986) that anything in a group is real; `None` of nothing.
pub fn simes(p: &[f64]) -> Option<f64> {
    benjamini_hochberg(p).into_iter().reduce(f64::min)
}

/// Which p-value a discrete correction is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Fisher's two-sided p.
    Fisher,
    /// The doubled mid-p.
    DoubledMidP,
}

impl Kernel {
    /// The p-value of a cell; 1 if a side has no records.
    pub fn p(self, pair: Pair) -> f64 {
        let p = match self {
            Kernel::Fisher => two_sample::fisher(pair),
            Kernel::DoubledMidP => two_sample::doubled_mid_p(pair),
        };
        p.unwrap_or(1.0)
    }

    /// For every outcome of a cell: the p-value it would have and its probability without any shift.
    fn attainable(self, pair: Pair) -> Vec<(f64, f64)> {
        let chance = support(pair);
        match self {
            Kernel::DoubledMidP => {
                let mut below = 0.0;
                let mut values = Vec::with_capacity(chance.len());
                for p in &chance {
                    let less: f64 = below + 0.5 * p;
                    below += p;
                    values.push(((2.0 * less.min(1.0 - less)).clamp(0.0, 1.0), *p));
                }
                if chance.len() == 1 {
                    values[0].0 = 1.0;
                }
                let at = seen_at(pair);
                values[at].0 = self.p(pair);
                values
            }
            Kernel::Fisher => {
                let order = ascending(&chance);
                let mut values = vec![(1.0, 0.0); chance.len()];
                let (mut sum, mut from) = (0.0, 0);
                while from < order.len() {
                    let limit = chance[order[from]] * (1.0 + 1e-7);
                    let to = order[from..].iter().take_while(|i| chance[**i] <= limit).count() + from;
                    sum += order[from..to].iter().map(|i| chance[*i]).sum::<f64>();
                    for &i in &order[from..to] {
                        values[i] = (f64::min(sum, 1.0), chance[i]);
                    }
                    from = to;
                }
                values
            }
        }
    }
}

/// Every attainable p-value of all cells, ascending, with its probability and its cell.
fn all_attainable(kernel: Kernel, pairs: &[Pair]) -> Vec<(f64, f64, usize)> {
    let mut all: Vec<(f64, f64, usize)> = Vec::new();
    for (cell, pair) in pairs.iter().enumerate() {
        all.extend(kernel.attainable(*pair).into_iter().map(|(value, p)| (value, p, cell)));
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

/// Sums of `weight` over the attainable p-values not above each `p` (ascending order given).
fn expected_below(
    all: &[(f64, f64, usize)],
    p: &[f64],
    order: &[usize],
    weight: impl Fn(usize, f64) -> f64,
) -> Vec<f64> {
    let (mut sum, mut at) = (0.0, 0);
    let mut sums = Vec::with_capacity(order.len());
    for &i in order {
        while at < all.len() && all[at].0 <= p[i] * (1.0 + 1e-9) {
            sum += weight(all[at].2, all[at].1);
            at += 1;
        }
        sums.push(sum);
    }
    sums
}

/// Discrete Benjamini-Hochberg (Heyse 2011): counts for each cell only the p-values it can take at all.
pub fn discrete(kernel: Kernel, pairs: &[Pair]) -> Vec<f64> {
    let p: Vec<f64> = pairs.iter().map(|pair| kernel.p(*pair)).collect();
    let (all, order) = (all_attainable(kernel, pairs), ascending(&p));
    let sums = expected_below(&all, &p, &order, |_, chance| chance);
    step_up(&order, |rank| sums[rank] / (rank + 1) as f64)
}

/// The step-up of Döhler, Durand and Roquain (2018, "HSU"), which is proven to hold `alpha`: which cells are
/// reported.
pub fn discrete_step_up(kernel: Kernel, pairs: &[Pair], alpha: f64) -> Vec<bool> {
    let m = pairs.len();
    let p: Vec<f64> = pairs.iter().map(|pair| kernel.p(*pair)).collect();
    let (all, order) = (all_attainable(kernel, pairs), ascending(&p));
    // the largest t with Σ F(t)/(1−F(t)) ≤ alpha·m, and every F there
    let (mut f, mut at_limit, mut limit) = (vec![0.0; m], vec![0.0; m], 0.0);
    let (mut total, mut from) = (0.0, 0);
    let odds = |f: f64| if f < 1.0 - 1e-12 { f / (1.0 - f) } else { f64::INFINITY };
    while from < all.len() {
        let t = all[from].0;
        let to = all[from..].iter().take_while(|a| a.0 <= t * (1.0 + 1e-12)).count() + from;
        for &(_, chance, cell) in &all[from..to] {
            let old = odds(f[cell]);
            f[cell] += chance;
            total += odds(f[cell]) - old;
        }
        if !(total.is_finite() && total <= alpha * m as f64) {
            break;
        }
        limit = t;
        at_limit.copy_from_slice(&f);
        from = to;
    }
    let sums = expected_below(&all, &p, &order, |cell, chance| chance / (1.0 - at_limit[cell]));
    let passes =
        |rank: usize| sums[rank] <= alpha * (rank + 1) as f64 + 1e-12 && p[order[rank]] <= limit * (1.0 + 1e-9);
    let reported = (0..m).rev().find(|&rank| passes(rank)).map_or(0, |rank| rank + 1);
    let mut out = vec![false; m];
    order[..reported].iter().for_each(|&i| out[i] = true);
    out
}

/// Two levels (Benjamini and Bogomolov 2014): groups by Simes and Benjamini-Hochberg, then cells inside the
/// R reported of G groups at alpha·R/G. Which cells are reported.
pub fn by_group(p: &[f64], group: &[usize], alpha: f64) -> Vec<bool> {
    let groups = group.iter().max().map_or(0, |g| g + 1);
    let mut members = vec![Vec::new(); groups];
    for (at, g) in group.iter().enumerate() {
        members[*g].push(at);
    }
    let values = |g: &[usize]| g.iter().map(|i| p[*i]).collect::<Vec<f64>>();
    let heads: Vec<f64> = members.iter().map(|g| simes(&values(g)).unwrap_or(1.0)).collect();
    let head_q = benjamini_hochberg(&heads);
    let reported = head_q.iter().filter(|q| **q <= alpha).count();
    let mut out = vec![false; p.len()];
    for (g, _) in members.iter().zip(&head_q).filter(|(_, q)| **q <= alpha) {
        for (i, q) in g.iter().zip(benjamini_hochberg(&values(g))) {
            out[*i] = q <= alpha * reported as f64 / groups as f64;
        }
    }
    out
}

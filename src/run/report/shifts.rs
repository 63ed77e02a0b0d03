//! From a tally to the shifts that hold: SKUs and whole shops judged in one family, then told once each.
//!
//! All cells go through the gate together. What passes is then folded so that one thing is told once: a net
//! is silent where one of its categories speaks, a shop where its SKUs explain it, a SKU where it did no more
//! than its shop.

use std::collections::BTreeMap;

use super::plan::Plan;
use crate::stats::gate::{self, Settings, Verdict};
use crate::stats::tally::{Key, Tally};
use crate::stats::two_sample::doubled_mid_p;
use crate::stats::unrest::{LogOdds, Unrest};
use crate::stats::{Count, Pair};
use crate::words::LabelId;

/// Two-sided 5% of a standard normal.
const Z: f64 = 1.959_963_985;

/// A cell of the report: one SKU's, or the whole shop's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Place in [`Tally::shops`].
    pub shop: usize,
    /// Place in [`Tally::skus`]; `None` for the whole shop.
    pub sku: Option<usize>,
    /// Category and stance.
    pub label: LabelId,
}

/// A cell with what the gate said.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Where.
    pub spot: Spot,
    /// Both periods.
    pub pair: Pair,
    /// The gate's word.
    pub verdict: Verdict,
    /// Places of the cells that are told with this one: SKUs of its shop, categories of its net.
    pub folded: Vec<usize>,
}

/// All cells, judged.
pub struct Judgement {
    /// Every cell, in order of its spot.
    pub cells: Vec<Judged>,
    /// Places in `cells` of what is told, the heaviest first.
    pub told: Vec<usize>,
    /// The shop's own unrest, as it was learnt.
    pub unrest: Unrest,
}

/// Judges all cells of a plan's two periods.
pub fn judge(tally: &Tally, plan: &Plan, settings: &Settings, wanted: impl Fn(LabelId) -> bool) -> Judgement {
    let cells = spots(tally, plan, &wanted);
    let pairs: Vec<Pair> = cells.iter().map(|(_, pair)| *pair).collect();
    let history: Vec<Vec<Pair>> = plan
        .history()
        .into_iter()
        .map(|(a, b)| {
            tally.pairs(a, b).into_iter().filter(|(key, _)| wanted(key.label)).map(|(_, pair)| pair).collect()
        })
        .collect();
    let (verdicts, unrest) = gate::judge(&pairs, &history, settings);
    let told = gate::ranked(&verdicts);
    let mut cells: Vec<Judged> = cells
        .into_iter()
        .zip(verdicts)
        .map(|((spot, pair), verdict)| Judged { spot, pair, verdict, folded: Vec::new() })
        .collect();
    let told = fold(tally, &mut cells, told);
    Judgement { cells, told, unrest }
}

/// Every SKU's cells, and the whole shop's where it has more than one SKU.
fn spots(tally: &Tally, plan: &Plan, wanted: &impl Fn(LabelId) -> bool) -> Vec<(Spot, Pair)> {
    let mut all: Vec<(Spot, Pair)> = Vec::new();
    for (key, pair) in tally.pairs(plan.against, plan.period) {
        if wanted(key.label) {
            all.push((Spot { shop: key.shop, sku: Some(key.sku), label: key.label }, pair));
        }
    }
    let mut skus: BTreeMap<usize, std::collections::BTreeSet<usize>> = BTreeMap::new();
    let mut bases: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
    for (side, period) in [plan.against, plan.period].into_iter().enumerate() {
        for line in tally.lines_of(period) {
            skus.entry(line.shop).or_default().insert(line.sku);
            bases.entry(line.shop).or_default()[side] += line.base;
        }
    }
    let mut sums: BTreeMap<(usize, LabelId), [u64; 2]> = BTreeMap::new();
    for (spot, pair) in &all {
        let sum = sums.entry((spot.shop, spot.label)).or_default();
        sum[0] += pair.before.mentions;
        sum[1] += pair.after.mentions;
    }
    for ((shop, label), [before, after]) in sums {
        if skus[&shop].len() > 1 {
            let base = bases[&shop];
            let pair = Pair::new(Count::new(before, base[0]), Count::new(after, base[1]));
            all.push((Spot { shop, sku: None, label }, pair));
        }
    }
    all.sort_unstable_by_key(|(spot, _)| *spot);
    all
}

/// Tells each thing once: first categories with their net, then SKUs with their shop.
fn fold(tally: &Tally, cells: &mut [Judged], mut told: Vec<usize>) -> Vec<usize> {
    let name = |label: LabelId| tally.categories()[label.category()].as_str();
    for whole in told.clone() {
        let net = &cells[whole];
        let prefix = format!("{}/", name(net.spot.label));
        let is_part = |part: &Judged| {
            part.spot.shop == net.spot.shop
                && part.spot.sku == net.spot.sku
                && part.spot.label.stance() == net.spot.label.stance()
                && name(part.spot.label).starts_with(&prefix)
        };
        let parts: Vec<usize> = told.iter().copied().filter(|i| is_part(&cells[*i])).collect();
        // Parts of a net are other labels of the same records: the base stays.
        settle(cells, &mut told, whole, &parts, false, |whole, part| {
            let less = |a: Count, b: Count| Count::new(a.mentions.saturating_sub(b.mentions), a.base);
            Pair::new(less(whole.before, part.before), less(whole.after, part.after))
        });
    }
    for whole in told.clone() {
        let shop = &cells[whole];
        if shop.spot.sku.is_some() || !told.contains(&whole) {
            continue;
        }
        let is_part = |part: &Judged| {
            part.spot.sku.is_some() && part.spot.shop == shop.spot.shop && part.spot.label == shop.spot.label
        };
        let parts: Vec<usize> = told.iter().copied().filter(|i| is_part(&cells[*i])).collect();
        let tested = cells.iter().filter(|c| is_part(c) && c.verdict.q.is_some()).count();
        // Where most SKUs moved it is the shop that moved, though little may be left beside them.
        let most = parts.len() >= 3 && parts.len() * 2 >= tested;
        settle(cells, &mut told, whole, &parts, most, |whole, part| {
            let less = |a: Count, b: Count| Count::new(a.mentions - b.mentions, a.base - b.base);
            Pair::new(less(whole.before, part.before), less(whole.after, part.after))
        });
    }
    told
}

/// A whole is silent where its parts explain it; else the parts that did no more than the rest are told with it.
fn settle(
    cells: &mut [Judged],
    told: &mut Vec<usize>,
    whole: usize,
    parts: &[usize],
    together: bool,
    without: impl Fn(Pair, Pair) -> Pair,
) {
    let shift = cells[whole].verdict.shift;
    let parts: Vec<usize> = parts.iter().copied().filter(|i| cells[*i].verdict.shift == shift).collect();
    if parts.is_empty() {
        return;
    }
    let sum = cells[whole].pair;
    let rest = parts.iter().fold(sum, |rest, i| without(rest, cells[*i].pair));
    let same_way = rest.change().unwrap_or(0.0) * sum.change().unwrap_or(0.0) > 0.0;
    let rest_moved = same_way && doubled_mid_p(rest).is_some_and(|p| p <= 0.05);
    if !together && !rest_moved {
        told.retain(|i| *i != whole);
        return;
    }
    let ordinary = |i: &usize| !stands_out(cells[*i].pair, without(sum, cells[*i].pair));
    let ordinary: Vec<usize> = parts.into_iter().filter(ordinary).collect();
    told.retain(|i| !ordinary.contains(i));
    cells[whole].folded.extend(ordinary);
}

/// True if a part moved further than the rest did, in the same direction.
pub fn stands_out(part: Pair, rest: Pair) -> bool {
    let (a, b) = (LogOdds::of(part), LogOdds::of(rest));
    let z = (a.ratio - b.ratio) / (a.variance + b.variance).sqrt();
    z * a.ratio.signum() > Z
}

/// The count of a spot in one period.
pub fn count(tally: &Tally, period: crate::words::Period, spot: Spot) -> Count {
    match spot.sku {
        Some(sku) => tally.count(period, Key { shop: spot.shop, sku, label: spot.label }),
        None => tally.lines_of(period).filter(|line| line.shop == spot.shop).fold(Count::default(), |mut sum, line| {
            sum += line.count(spot.label);
            sum
        }),
    }
}

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
    /// SKUs whose own shift went the same way and is told here: filled for whole shops.
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

/// Tells each thing once.
fn fold(tally: &Tally, cells: &mut [Judged], mut told: Vec<usize>) -> Vec<usize> {
    let categories = tally.categories();
    let name = |label: LabelId| categories[label.category()].as_str();
    let same_way =
        |a: &Judged, b: &Judged| a.verdict.shift == b.verdict.shift && a.spot.label.stance() == b.spot.label.stance();

    // A net is silent where one of its categories speaks.
    let quiet = |i: &usize, told: &[usize], cells: &[Judged]| {
        let net = &cells[*i];
        let prefix = format!("{}/", name(net.spot.label));
        told.iter().map(|j| &cells[*j]).any(|part| {
            part.spot.shop == net.spot.shop
                && (part.spot.sku == net.spot.sku || part.spot.sku.is_none())
                && same_way(part, net)
                && name(part.spot.label).starts_with(&prefix)
        })
    };
    let speaking: Vec<usize> = told.iter().copied().filter(|i| !quiet(i, &told, cells)).collect();
    told = speaking;

    // A shop is silent where its SKUs explain it; else the SKUs that did no more than their shop are told with it.
    let shops: Vec<usize> = told.iter().copied().filter(|i| cells[*i].spot.sku.is_none()).collect();
    for shop in shops {
        let of_shop: Vec<usize> = told
            .iter()
            .copied()
            .filter(|i| {
                let (cell, whole) = (&cells[*i], &cells[shop]);
                cell.spot.sku.is_some()
                    && cell.spot.shop == whole.spot.shop
                    && cell.spot.label == whole.spot.label
                    && cell.verdict.shift == whole.verdict.shift
            })
            .collect();
        let rest = of_shop.iter().fold(cells[shop].pair, |rest, i| without(rest, cells[*i].pair));
        let alone = |pair: Pair| {
            let same = pair.change().unwrap_or(0.0) * cells[shop].pair.change().unwrap_or(0.0) > 0.0;
            same && doubled_mid_p(pair).is_some_and(|p| p <= 0.05)
        };
        let tested = |c: &&Judged| {
            c.spot.sku.is_some()
                && c.spot.shop == cells[shop].spot.shop
                && c.spot.label == cells[shop].spot.label
                && c.verdict.q.is_some()
        };
        // Where most SKUs moved it is the shop that moved, though little may be left beside them.
        let most = of_shop.len() >= 3 && of_shop.len() * 2 >= cells.iter().filter(tested).count();
        if !of_shop.is_empty() && !most && !alone(rest) {
            told.retain(|i| *i != shop);
            continue;
        }
        let (whole, folded): (Pair, Vec<usize>) = (cells[shop].pair, of_shop);
        let ordinary: Vec<usize> =
            folded.into_iter().filter(|i| !stands_out(cells[*i].pair, without(whole, cells[*i].pair))).collect();
        cells[shop].folded = ordinary.iter().filter_map(|i| cells[*i].spot.sku).collect();
        told.retain(|i| !ordinary.contains(i));
    }
    told
}

fn without(whole: Pair, part: Pair) -> Pair {
    let less = |a: Count, b: Count| Count::new(a.mentions - b.mentions, a.base - b.base);
    Pair::new(less(whole.before, part.before), less(whole.after, part.after))
}

/// True if a part moved further than the rest did, in the same direction.
fn stands_out(part: Pair, rest: Pair) -> bool {
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

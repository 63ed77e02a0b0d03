//! From a tally to the shifts that hold: SKUs, product families and whole shops judged in one family of tests,
//! then told once each.
//!
//! All cells go through the gate together. What passes is then folded so that one thing is told once: a net
//! is silent where one of its categories speaks, a shop or family where its SKUs explain it, a SKU where it did
//! no more than its shop.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Plan;
use crate::stats::family::{self, Cells, Restless};
use crate::stats::gate::{self, Settings, Verdict};
use crate::stats::tally::{Key, Tally};
use crate::stats::unrest::LogOdds;
use crate::stats::{Count, Pair};
use crate::words::{LabelId, Period};

/// Two-sided 5% of a standard normal.
const Z: f64 = 1.959_963_985;

/// A cell of the report: one SKU's, a product family's, or the whole shop's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Place in [`Tally::shops`].
    pub shop: usize,
    /// Place in [`Families::all`]; `None` for a SKU or the whole shop.
    pub family: Option<usize>,
    /// Place in [`Tally::skus`]; `None` for a family or the whole shop.
    pub sku: Option<usize>,
    /// Category and stance.
    pub label: LabelId,
}

/// Product families: listings with more than one SKU.
#[derive(Clone, Debug, Default)]
pub struct Families {
    /// The shop and the SKUs of each.
    pub all: Vec<(usize, Vec<usize>)>,
}

impl Families {
    /// Puts the SKUs of each shop together that belong to the same listing; a shop that is one listing is
    /// itself its only family.
    pub fn of(tally: &Tally, listing: impl Fn(&str) -> String) -> Families {
        let mut skus: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        tally.lines().for_each(|line| {
            skus.entry(line.shop).or_default().insert(line.sku);
        });
        let mut all: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
        for (shop, skus) in &skus {
            for sku in skus {
                let listing = listing(&tally.skus()[*sku]);
                if !listing.is_empty() {
                    all.entry((*shop, listing)).or_default().push(*sku);
                }
            }
        }
        let several = |shop: usize, of: &Vec<usize>| of.len() > 1 && of.len() < skus[&shop].len();
        let all = all.into_iter().filter(|((shop, _), of)| several(*shop, of));
        Families { all: all.map(|((shop, _), of)| (shop, of)).collect() }
    }
}

/// A cell with what the gate said.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The shop or SKU and the label that it is about.
    pub spot: Spot,
    /// The counts of both periods.
    pub pair: Pair,
    /// Of a whole: its SKUs, and both periods of each.
    pub parts: Vec<(usize, Pair)>,
    /// The gate's word.
    pub verdict: Verdict,
    /// Places of the cells that are told with this one: SKUs of its shop, categories of its net.
    pub folded: Vec<usize>,
}

/// All cells, judged.
pub struct Judgement {
    /// Every cell: single SKUs by spot, then wholes by spot.
    pub cells: Vec<Judged>,
    /// Places in `cells` of what is told, the heaviest first.
    pub told: Vec<usize>,
    /// The shop's own unrest, as it was learnt.
    pub unrest: Restless,
    /// The product families.
    pub families: Families,
}

/// Judges all cells of a plan's two periods that are wanted, knowing the earlier periods of all cells.
pub fn judge(
    [tally, all]: [&Tally; 2],
    plan: &Plan,
    settings: &Settings,
    families: Families,
    wanted: impl Fn(LabelId) -> bool,
) -> Judgement {
    let field = Field::of(tally, (plan.against, plan.period), &families, &wanted);
    let earlier = |pair| Field::of(all, pair, &Families::default(), &|_| true).cells();
    let history: Vec<Cells> = plan.history().into_iter().map(earlier).collect();
    let cells = field.cells();
    let unrest = cells.learn(&history);
    let verdicts = cells.judge(&unrest, settings);
    let told = gate::ranked(&verdicts);
    let mut cells: Vec<Judged> = field
        .into_spots()
        .zip(verdicts)
        .map(|((spot, pair, parts), verdict)| Judged { spot, pair, parts, verdict, folded: Vec::new() })
        .collect();
    let told = fold(tally, &mut cells, told);
    Judgement { cells, told, unrest, families }
}

/// Two periods of all cells, by their spots.
pub struct Field {
    alone: Vec<(Spot, Pair)>,
    wholes: Vec<(Spot, Vec<(usize, Pair)>)>,
}

impl Field {
    /// Every SKU's cells, and those of families and shops that have more than one SKU.
    pub fn of(
        tally: &Tally,
        (before, after): (Period, Period),
        families: &Families,
        wanted: &impl Fn(LabelId) -> bool,
    ) -> Field {
        let mut alone: Vec<(Spot, Pair)> = Vec::new();
        // Mentions by whole and label, and the bases of every SKU of a whole.
        let mut bases: BTreeMap<usize, BTreeMap<usize, Pair>> = BTreeMap::new();
        for (side, period) in [before, after].into_iter().enumerate() {
            for line in tally.lines_of(period) {
                let pair = bases.entry(line.shop).or_default().entry(line.sku).or_default();
                (if side == 0 { &mut pair.before } else { &mut pair.after }).base += line.base;
            }
        }
        let mut of_label: BTreeMap<(usize, LabelId), BTreeMap<usize, Pair>> = BTreeMap::new();
        for (Key { shop, sku, label }, pair) in tally.pairs(before, after) {
            if wanted(label) {
                alone.push((Spot { shop, family: None, sku: Some(sku), label }, pair));
                of_label.entry((shop, label)).or_default().insert(sku, pair);
            }
        }
        let mut wholes: Vec<(Spot, Vec<(usize, Pair)>)> = Vec::new();
        for ((shop, label), mentioned) in &of_label {
            let skus = &bases[shop];
            let part = |sku: usize| Some((sku, *mentioned.get(&sku).or_else(|| skus.get(&sku))?));
            if skus.len() > 1 {
                let spot = Spot { shop: *shop, family: None, sku: None, label: *label };
                wholes.push((spot, skus.keys().filter_map(|sku| part(*sku)).collect()));
            }
            for (number, (_, of)) in families.all.iter().enumerate().filter(|(_, (s, _))| s == shop) {
                let parts: Vec<(usize, Pair)> = of.iter().filter_map(|sku| part(*sku)).collect();
                if parts.len() > 1 && parts.iter().any(|(sku, _)| mentioned.contains_key(sku)) {
                    wholes.push((Spot { shop: *shop, family: Some(number), sku: None, label: *label }, parts));
                }
            }
        }
        wholes.sort_by_key(|(spot, _)| *spot);
        Field { alone, wholes }
    }

    /// The cells without their names.
    pub fn cells(&self) -> Cells {
        Cells {
            alone: self.alone.iter().map(|(_, pair)| *pair).collect(),
            wholes: self.wholes.iter().map(|(_, parts)| parts.iter().map(|(_, p)| *p).collect()).collect(),
        }
    }

    fn into_spots(self) -> impl Iterator<Item = (Spot, Pair, Vec<(usize, Pair)>)> {
        let alone = self.alone.into_iter().map(|(spot, pair)| (spot, pair, Vec::new()));
        alone.chain(self.wholes.into_iter().map(|(spot, parts)| {
            let pairs: Vec<Pair> = parts.iter().map(|(_, p)| *p).collect();
            (spot, family::sum(&pairs), parts)
        }))
    }
}

/// Tells each thing once: first categories with their net, then SKUs with their family and shop.
fn fold(tally: &Tally, cells: &mut [Judged], mut told: Vec<usize>) -> Vec<usize> {
    let name = |label: LabelId| tally.categories()[label.category()].as_str();
    for whole in told.clone() {
        let net = cells[whole].clone();
        let prefix = format!("{}/", name(net.spot.label));
        let is_part = |part: &Judged| {
            let place = |spot: Spot| (spot.shop, spot.family, spot.sku);
            place(part.spot) == place(net.spot)
                && part.spot.label.stance() == net.spot.label.stance()
                && part.verdict.shift == net.verdict.shift
                && name(part.spot.label).starts_with(&prefix)
        };
        let parts: Vec<usize> = told.iter().copied().filter(|i| is_part(&cells[*i])).collect();
        // Parts of a net are other labels of the same records: the base stays.
        let less = |a: Count, b: Count| Count::new(a.mentions.saturating_sub(b.mentions), a.base);
        let without =
            |all: Pair, part: &Judged| Pair::new(less(all.before, part.pair.before), less(all.after, part.pair.after));
        let rest = parts.iter().fold(net.pair, |rest, i| without(rest, &cells[*i]));
        let rest_moved = family::moved(&[rest], net.pair.change().unwrap_or(0.0));
        settle(cells, &mut told, whole, parts, rest_moved, |part| without(net.pair, part));
    }
    for whole in told.clone() {
        let shop = cells[whole].clone();
        if shop.parts.is_empty() || !told.contains(&whole) {
            continue;
        }
        let within = |sku: usize| shop.parts.iter().any(|(s, _)| *s == sku);
        let is_part = |part: &Judged| {
            let inside = match part.spot.sku {
                Some(sku) => within(sku),
                None => part.spot != shop.spot && part.parts.iter().all(|(sku, _)| within(*sku)),
            };
            inside && part.spot.shop == shop.spot.shop && part.spot.label == shop.spot.label
        };
        let same = |i: &usize| is_part(&cells[*i]) && cells[*i].verdict.shift == shop.verdict.shift;
        let parts: Vec<usize> = told.iter().copied().filter(same).collect();
        let tested = cells.iter().filter(|c| is_part(c) && c.spot.sku.is_some() && c.verdict.q.is_some()).count();
        let single = parts.iter().filter(|i| cells[**i].spot.sku.is_some()).count();
        let without = |out: &dyn Fn(usize) -> bool| -> Vec<Pair> {
            shop.parts.iter().filter(|(sku, _)| !out(*sku)).map(|(_, pair)| *pair).collect()
        };
        let holds = |part: &Judged, sku: usize| part.spot.sku == Some(sku) || part.parts.iter().any(|(s, _)| *s == sku);
        let rest = without(&|sku| parts.iter().any(|i| holds(&cells[*i], sku)));
        // Where most SKUs moved it is the shop that moved, though little may be left beside them.
        let most = single >= 3 && single * 2 >= tested;
        let rest_moved = most || family::moved(&rest, shop.pair.change().unwrap_or(0.0));
        settle(cells, &mut told, whole, parts, rest_moved, |part| family::sum(&without(&|sku| holds(part, sku))));
        if told.contains(&whole) {
            // The net of a SKU that did no more than a category of that net in the whole shop.
            let is_told = |net: &Judged| {
                net.spot.sku.is_some_and(within)
                    && net.spot.shop == shop.spot.shop
                    && net.spot.label.stance() == shop.spot.label.stance()
                    && net.verdict.shift == shop.verdict.shift
                    && name(shop.spot.label).starts_with(&format!("{}/", name(net.spot.label)))
                    && !stands_out(net.pair, family::sum(&without(&|sku| holds(net, sku))))
            };
            told.retain(|i| !is_told(&cells[*i]));
        }
    }
    told
}

/// A whole is silent where its parts explain it; else the parts that did no more than the rest are told with it.
fn settle(
    cells: &mut [Judged],
    told: &mut Vec<usize>,
    whole: usize,
    parts: Vec<usize>,
    rest_moved: bool,
    without: impl Fn(&Judged) -> Pair,
) {
    if parts.is_empty() {
        return;
    }
    if !rest_moved {
        told.retain(|i| *i != whole);
        return;
    }
    let ordinary = |i: &usize| !stands_out(cells[*i].pair, without(&cells[*i]));
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
pub fn count(tally: &Tally, families: &Families, period: Period, spot: Spot) -> Count {
    let within = |sku: usize| match (spot.sku, spot.family) {
        (Some(only), _) => sku == only,
        (None, Some(family)) => families.all[family].1.contains(&sku),
        (None, None) => true,
    };
    tally.lines_of(period).filter(|line| line.shop == spot.shop && within(line.sku)).fold(
        Count::default(),
        |mut sum, line| {
            sum += line.count(spot.label);
            sum
        },
    )
}

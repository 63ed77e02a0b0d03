//! Asked before, complained of after: pre-sale questions beside complaints of the same SKU and category.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use super::{Desk, direction};
use crate::error::Result;
use crate::report::chats::{Table, Value};
use crate::run::labels;
use crate::run::sales::is_reason;
use crate::stats::gate::{self, Settings};
use crate::stats::{Count, Pair};
use crate::words::{Kind, LabelId, Said, Stage, Stance, Token};

/// Fewest questions, and fewest complaints, that make a pair worth looking at.
const FEWEST: u64 = 2;

/// One SKU and category.
#[derive(Default)]
struct Pairing {
    /// Pre-sale conversations that ask, of this period and the one before.
    asked: [u64; 2],
    /// Complaints about it, of this period and the one before.
    complained: [u64; 2],
    askers: BTreeSet<Token>,
    complainers: BTreeSet<Token>,
}

/// The table of pairs, the most complained first.
pub fn tables(desk: &Desk<'_>) -> Result<Vec<Table>> {
    let mut table = Table::new(
        "asked_then_complained",
        Said::new("售前问过、售后又抱怨的", "Asked before buying, complained of after"),
        &[
            ("sku", "SKU", "SKU"),
            ("category", "类别", "category"),
            ("asked", "售前问到", "asked before buying"),
            ("asked_before", "上期", "before"),
            ("complained", "抱怨", "complained"),
            ("complained_before", "上期", "before"),
            ("direction", "抱怨的变化", "complaints"),
            ("same_buyers", "同一买家", "same buyers"),
        ],
    )
    .note(Said::new(
        "售前问到 / 该 SKU 售前会话；抱怨 / 该 SKU 有文字的评价与售后会话。同一买家只在平台给出买家时能数",
        "asked / pre-sale chats of the SKU; complaints / reviews with words and after-sale chats of the SKU. Same buyers only where the platform tells buyers",
    ));
    let Some(plan) = &desk.plan else { return Ok(vec![table]) };
    let mut pairs: BTreeMap<(String, usize), Pairing> = BTreeMap::new();
    let mut presale: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut bought: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let side = |day| match plan.of(day) {
        Some(period) if period == plan.period => Some(0),
        Some(period) if period == plan.against => Some(1),
        _ => None,
    };
    for chat in desk.hall.chats.iter().filter(|chat| !chat.sku.is_empty()) {
        let Some(side) = chat.day().and_then(side) else { continue };
        let before = chat.stage == Stage::Presale;
        let bases = if before { &mut presale } else { &mut bought };
        bases.entry(chat.sku.clone()).or_default()[side] += 1;
        for (label, _) in &chat.labels {
            let pair = || (chat.sku.clone(), label.category());
            match (before, label.stance()) {
                (true, Stance::Question) => {
                    let pair = pairs.entry(pair()).or_default();
                    pair.asked[side] += 1;
                    pair.askers.extend(chat.buyer);
                }
                (false, Stance::Complaint) => {
                    let pair = pairs.entry(pair()).or_default();
                    pair.complained[side] += 1;
                    pair.complainers.extend(chat.buyer);
                }
                _ => {}
            }
        }
    }
    reviews(desk, &mut pairs, &mut bought, &side)?;
    judge(desk, &mut table, pairs, &presale, &bought);
    Ok(vec![table])
}

/// Adds the complaints of reviews and of the sheets that service keeps.
fn reviews(
    desk: &Desk<'_>,
    pairs: &mut BTreeMap<(String, usize), Pairing>,
    bought: &mut BTreeMap<String, [u64; 2]>,
    side: &dyn Fn(crate::words::Day) -> Option<usize>,
) -> Result<()> {
    let hall = desk.hall;
    let labels = labels::all(desk.workspace, &hall.ground.store, &hall.ground.taxonomy)?;
    for (file, labels) in hall.ground.facts.files.iter().zip(&labels) {
        let told = |row: &u32| matches!(file.kind(*row as usize), Kind::Review | Kind::Log);
        let rows: RoaringBitmap = (&file.current - &file.silent).iter().filter(told).collect();
        let place = |row: u32| -> Option<(&str, usize)> {
            let row = row as usize;
            Some((hall.ground.facts.skus[file.sku[row] as usize].as_str(), side(file.day(row)?)?))
        };
        for (sku, side) in rows.iter().filter_map(place) {
            bought.entry(sku.to_string()).or_default()[side] += 1;
        }
        let complaints = labels.iter().filter(|(label, _)| label.stance() == Stance::Complaint);
        for (label, said) in complaints {
            for (sku, side) in (&rows & said).iter().filter_map(place) {
                // Only what somebody asked before buying is looked for.
                if let Some(pair) = pairs.get_mut(&(sku.to_string(), label.category())) {
                    pair.complained[side] += 1;
                }
            }
        }
    }
    Ok(())
}

fn judge(
    desk: &Desk<'_>,
    table: &mut Table,
    pairs: BTreeMap<(String, usize), Pairing>,
    presale: &BTreeMap<String, [u64; 2]>,
    bought: &BTreeMap<String, [u64; 2]>,
) {
    let leaf = |category: usize| {
        let id = &desk.hall.ground.taxonomy.categories()[category].id;
        !id.starts_with("meta/") && !is_reason(id)
    };
    let worth = |((_, category), pair): &(&(String, usize), &Pairing)| {
        leaf(*category) && pair.asked[0] >= FEWEST && pair.complained[0] >= FEWEST
    };
    let kept: Vec<_> = pairs.iter().filter(worth).collect();
    let base = |of: &BTreeMap<String, [u64; 2]>, sku: &str| of.get(sku).copied().unwrap_or_default();
    let cells: Vec<Pair> = kept
        .iter()
        .map(|((sku, _), pair)| {
            let base = base(bought, sku);
            Pair::new(Count::new(pair.complained[1], base[1]), Count::new(pair.complained[0], base[0]))
        })
        .collect();
    let settings = Settings { q: desk.ask.report.q, ..Settings::default() };
    let (verdicts, _) = gate::judge(&cells, &[], &settings);
    let mut order: Vec<usize> = (0..kept.len()).collect();
    let weight = |at: usize| kept[at].1.complained[0] * kept[at].1.asked[0];
    order.sort_by_key(|at| (std::cmp::Reverse(weight(*at)), kept[*at].0));
    for at in order {
        let ((sku, category), pair) = kept[at];
        let (asked, complained) = (base(presale, sku), base(bought, sku));
        let same = pair.askers.intersection(&pair.complainers).count() as u64;
        table.push(vec![
            desk.product(sku),
            desk.category(LabelId::new(*category, Stance::Complaint)),
            Value::share(pair.asked[0], asked[0]),
            Value::share(pair.asked[1], asked[1]),
            Value::share(pair.complained[0], complained[0]),
            Value::share(pair.complained[1], complained[1]),
            Value::Moved(direction(verdicts[at].shift)),
            Value::Count(same),
        ]);
    }
}

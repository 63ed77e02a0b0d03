//! Counting: labels and light columns become the table of mentions and bases.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::facts::Facts;
use crate::report::model::{Base, Counted};
use crate::stats::tally::{Cell, Counter, Tally};
use crate::words::{Day, LabelId, Period};
use crate::workspace::Labels;

/// Counts the records that `counted` names. `periods` names the period of a day, or none for days that are not wanted;
/// `own` tells whose a shop is.
pub fn count(
    facts: &Facts,
    labels: &[Labels],
    categories: &[String],
    counted: Counted,
    periods: impl Fn(Day) -> Option<Period>,
    own: impl Fn(&str) -> bool,
) -> Tally {
    let mut counter = Counter::new(categories);
    let shops: Vec<u32> = facts.shops.iter().map(|name| counter.shop(name, own(name))).collect();
    let skus: Vec<u32> = facts.skus.iter().map(|name| counter.sku(name)).collect();
    if counted.base == Base::Orders {
        return count_orders(facts, labels, counted, &periods, counter, [&shops, &skus]);
    }
    let mut of_day: FxHashMap<i32, Option<Period>> = FxHashMap::default();

    for (file, labels) in facts.files.iter().zip(labels) {
        // Each row's line: a place in `lines`, or NONE outside the base or the periods.
        const NONE: u32 = u32::MAX;
        let mut line_of = vec![NONE; file.shop.len()];
        let mut lines: Vec<(Period, u32, u32)> = Vec::new();
        let mut bases: Vec<u64> = Vec::new();
        let mut places: FxHashMap<(Period, u32, u32), u32> = FxHashMap::default();
        for row in file.counted(counted) {
            let row = row as usize;
            let Some(day) = file.day(row) else { continue };
            let Some(period) = *of_day.entry(day.0).or_insert_with(|| periods(day)) else { continue };
            let key = (period, file.shop[row], file.sku[row]);
            let place = *places.entry(key).or_insert_with(|| {
                lines.push(key);
                bases.push(0);
                lines.len() as u32 - 1
            });
            line_of[row] = place;
            bases[place as usize] += 1;
        }

        // One label at a time over a small table of lines: no hashing in the inner loop.
        let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); lines.len()];
        let mut counts = vec![0u32; lines.len()];
        let mut touched: Vec<u32> = Vec::new();
        for (label, rows) in labels {
            for row in rows {
                let line = line_of[row as usize];
                if line == NONE {
                    continue;
                }
                if counts[line as usize] == 0 {
                    touched.push(line);
                }
                counts[line as usize] += 1;
            }
            for line in touched.drain(..) {
                let mentions = u64::from(std::mem::take(&mut counts[line as usize]));
                cells[line as usize].push(Cell { label: *label, mentions });
            }
        }
        for (((period, shop, sku), base), cells) in lines.into_iter().zip(bases).zip(cells) {
            counter.add_line(period, shops[shop as usize], skus[sku as usize], base, &cells);
        }
    }
    counter.finish()
}

/// Counts orders: each once for a SKU, in the period of its earliest record, with what any of its records mentions.
fn count_orders(
    facts: &Facts,
    labels: &[Labels],
    counted: Counted,
    periods: &impl Fn(Day) -> Option<Period>,
    mut counter: Counter,
    [shops, skus]: [&[u32]; 2],
) -> Tally {
    let (of, first) = facts.orders(counted);
    let mut mentions: Vec<BTreeSet<LabelId>> = vec![BTreeSet::new(); first.len()];
    for (orders, labels) in of.iter().zip(labels) {
        for (label, rows) in labels {
            for order in rows.iter().filter_map(|row| orders.get(&row)) {
                mentions[*order as usize].insert(*label);
            }
        }
    }
    for ((file, row), labels) in first.into_iter().zip(mentions) {
        let (file, row) = (&facts.files[file], row as usize);
        let Some(period) = file.day(row).and_then(periods) else { continue };
        let labels: Vec<LabelId> = labels.into_iter().collect();
        counter.record(period, shops[file.shop[row] as usize], skus[file.sku[row] as usize], &labels);
    }
    counter.finish()
}

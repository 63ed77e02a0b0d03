//! The way back from a number to its records: which rows of which file a cell of the report counts.

use roaring::RoaringBitmap;

use super::Ask;
use super::plan::Plan;
use crate::report::model::{Counted, Place};
use crate::run::facts::Facts;
use crate::words::{Kind, LabelId};
use crate::workspace::Labels;

/// Everything that is needed to find them.
pub struct Rows<'a> {
    /// Light columns of all records.
    pub facts: &'a Facts,
    /// Labels of every record file.
    pub labels: &'a [Labels],
    /// The periods.
    pub plan: &'a Plan,
    /// What was asked for.
    pub ask: &'a Ask,
    /// What counts.
    pub counted: Counted,
    /// The rows that count, by file.
    base: Vec<RoaringBitmap>,
}

/// A row in one of the two periods.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The record file, by its place in the store.
    pub file: usize,
    /// The row in that file.
    pub row: u32,
    /// Days from the first day of the period compared with.
    pub day: i32,
    /// True in the reported period.
    pub after: bool,
    /// True if it has the label.
    pub has: bool,
}

impl<'a> Rows<'a> {
    /// Finds the rows that count at all.
    pub fn new(facts: &'a Facts, labels: &'a [Labels], plan: &'a Plan, ask: &'a Ask, counted: Counted) -> Rows<'a> {
        let base = facts.files.iter().map(|f| f.counted(counted)).collect();
        Rows { facts, labels, plan, ask, counted, base }
    }

    /// True if records of this kind are counted.
    pub fn is_kind(&self, kind: Kind) -> bool {
        self.counted.kind.is_none_or(|wanted| wanted == kind)
    }

    /// The rows that count in a file.
    pub fn base(&self, file: usize) -> &RoaringBitmap {
        &self.base[file]
    }

    /// The rows of a file that have a label, whether they count or not.
    pub fn with(&self, file: usize, label: LabelId) -> Option<&RoaringBitmap> {
        let labels = &self.labels[file];
        let at = labels.binary_search_by_key(&label, |(l, _)| *l).ok()?;
        Some(&labels[at].1)
    }

    /// The rows of both periods in a place, in order of file and row.
    pub fn of(&self, place: &Place, label: LabelId) -> Vec<Row> {
        let shop = self.facts.shops.iter().position(|s| *s == place.shop);
        let sku = place.sku.as_ref().map(|sku| self.facts.skus.iter().position(|s| s == sku));
        let (Some(shop), true) = (shop, sku != Some(None)) else { return Vec::new() };
        let (shop, sku) = (shop as u32, sku.flatten().map(|sku| sku as u32));
        let in_listing = |sku: u32| place.listing.as_ref().is_none_or(|l| self.facts.listings[sku as usize] == *l);
        let first = self.plan.against.first().0;
        let mut found = Vec::new();
        for (number, file) in self.facts.files.iter().enumerate() {
            let with = self.with(number, label);
            for row in self.base(number) {
                let at = row as usize;
                let here =
                    file.shop[at] == shop && sku.is_none_or(|sku| file.sku[at] == sku) && in_listing(file.sku[at]);
                if !here || !self.ask.wants_place(&place.shop, &self.facts.skus[file.sku[at] as usize]) {
                    continue;
                }
                let Some(day) = file.day(at) else { continue };
                let period = self.plan.of(day);
                if period != Some(self.plan.period) && period != Some(self.plan.against) {
                    continue;
                }
                found.push(Row {
                    file: number,
                    row,
                    day: day.0 - first,
                    after: period == Some(self.plan.period),
                    has: with.is_some_and(|rows| rows.contains(row)),
                });
            }
        }
        found
    }
}

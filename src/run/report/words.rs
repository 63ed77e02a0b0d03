//! The customers' words behind a report: quotes for every shift, gap and frequent complaint.

use std::collections::BTreeMap;

use super::quotes::{self, Wanted};
use super::rows::Rows;
use super::shifts::Judgement;
use crate::error::Result;
use crate::report::model::{Category, Quote, Report};
use crate::run::ground::Ground;
use crate::stats::tally::Tally;
use crate::words::{LabelId, Stance};

/// Quotes of a shift, of a row against competitors, of a frequent complaint; and records read for them.
const QUOTES: usize = 3;
const READ: usize = 80;
/// Rows of the matrix whose cells have a quote, and records read for it.
const ROWS: usize = 20;
const READ_FOR_ONE: usize = 8;

/// What quotes are chosen from.
pub struct Words<'a> {
    pub ground: &'a Ground,
    pub rows: &'a Rows<'a>,
}

impl Words<'_> {
    /// Quotes for every shift, for gaps that hold, for complaints, and one for each cell of the matrix.
    pub fn quote(&self, report: &mut Report, tally: &Tally, judgement: &Judgement) -> Result<()> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (shift, i) in report.shifts.iter().zip(&judgement.told) {
            let label = judgement.cells[*i].spot.label;
            let rows = self.rows.of(&shift.place, label).into_iter().filter(|r| r.after && r.has);
            let rows = rows.map(|r| (r.file, r.row)).collect();
            wanted.push(Wanted { label, category: shift.category.clone(), rows, most: QUOTES, read: READ });
        }
        let shifts = wanted.len();
        let own: Vec<&str> = tally.shops().iter().filter(|s| s.own).map(|s| s.name.as_str()).collect();
        let side = !report.is_of_rivals();
        for row in report.versus.iter() {
            let Some(label) = tally.label(&row.category.id, row.stance) else { continue };
            let theirs = row.gap.is_some_and(|g| g.value < 0.0);
            let asked = |shop: &str, sku: &str| self.rows.ask.wants_place(shop, sku) || (!side && own.contains(&shop));
            wanted.push(self.want(label, &row.category, |shop, sku| asked(shop, sku) && own.contains(&shop) != theirs));
        }
        let versus = wanted.len();
        // Of competitors it is their praise, too, that one wants to read.
        for trend in
            report.trends.iter().filter(|t| t.stance == Stance::Complaint || (!side && t.stance == Stance::Praise))
        {
            let Some(label) = tally.label(&trend.category.id, trend.stance) else { continue };
            let asked = |shop: &str, sku: &str| self.rows.ask.wants_place(shop, sku);
            wanted.push(self.want(label, &trend.category, |shop, sku| asked(shop, sku) && own.contains(&shop) == side));
        }
        let trends = wanted.len();
        let mut cells: Vec<(usize, usize)> = Vec::new();
        for ((row, column), rows) in self.of_cells(report, tally) {
            let category = &report.matrix.categories[column];
            let Some(label) = tally.label(&category.id, Stance::Complaint) else { continue };
            wanted.push(Wanted { label, category: category.clone(), rows, most: 1, read: READ_FOR_ONE });
            cells.push((row, column));
        }
        let chosen = quotes::choose(&self.ground.store, self.ground.classifier(), &wanted)?;
        let mut known: BTreeMap<(String, String, Stance), usize> = BTreeMap::new();
        for (i, quotes) in chosen.into_iter().enumerate() {
            // The same words said for the same thing stand once, whoever leads to them.
            let place = |quote: Quote| {
                let key = (quote.uid.clone(), quote.category.id.clone(), quote.stance);
                *known.entry(key).or_insert_with(|| {
                    report.quotes.push(quote);
                    report.quotes.len() - 1
                })
            };
            let places: Vec<usize> = quotes.into_iter().map(place).collect();
            if i < shifts {
                report.shifts[i].quotes = places;
            } else if i < versus {
                report.versus[i - shifts].quotes = places;
            } else if let Some((row, column)) = i.checked_sub(trends).map(|at| cells[at]) {
                report.matrix.rows[row].cells[column].quote = places.first().copied();
            }
        }
        Ok(())
    }

    /// The records behind each cell of the matrix, by row and column: each label is looked through once for all
    /// of its cells.
    fn of_cells(&self, report: &Report, tally: &Tally) -> BTreeMap<(usize, usize), Vec<(usize, u32)>> {
        let matrix = &report.matrix;
        let place = |row: usize| {
            let place = &matrix.rows[row].place;
            (place.shop.as_str(), place.sku.as_deref().unwrap_or(""))
        };
        let shown: BTreeMap<(&str, &str), usize> = (0..matrix.rows.len().min(ROWS)).map(|r| (place(r), r)).collect();
        let mut cells: BTreeMap<(usize, usize), Vec<(usize, u32)>> = BTreeMap::new();
        for (column, category) in matrix.categories.iter().enumerate() {
            let Some(label) = tally.label(&category.id, Stance::Complaint) else { continue };
            self.each_now(label, |at, place| {
                let said = |row: &&usize| matrix.rows[**row].cells[column].now.mentions > 0;
                if let Some(row) = shown.get(&place).filter(said) {
                    cells.entry((*row, column)).or_default().push(at);
                }
            });
        }
        cells
    }

    /// The records of the reported period that have a label, in the shops and SKUs that pass.
    fn want(&self, label: LabelId, category: &Category, passes: impl Fn(&str, &str) -> bool) -> Wanted {
        let mut rows = Vec::new();
        self.each_now(label, |at, (shop, sku)| {
            if passes(shop, sku) {
                rows.push(at);
            }
        });
        Wanted { label, category: category.clone(), rows, most: QUOTES, read: READ }
    }

    /// Gives every record of the reported period that has a label, asked for or not, by file and row, with its shop and SKU.
    fn each_now(&self, label: LabelId, mut each: impl FnMut((usize, u32), (&str, &str))) {
        let Rows { facts, plan, .. } = self.rows;
        for (number, file) in facts.files.iter().enumerate() {
            let Some(with) = self.rows.with(number, label) else { continue };
            for row in with & self.rows.base(number) {
                let at = row as usize;
                let (shop, sku) = (&facts.shops[file.shop[at] as usize], &facts.skus[file.sku[at] as usize]);
                let now = file.day(at).and_then(|day| plan.of(day)) == Some(plan.period);
                if now {
                    each((number, row), (shop, sku));
                }
            }
        }
    }
}

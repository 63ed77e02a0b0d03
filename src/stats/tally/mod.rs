//! The whole table of counts: mentions by period, shop, SKU, category and stance, and the records behind them.
//!
//! A [`Counter`] collects, in any order; a [`Tally`] is what it becomes: sorted, compact, the same whatever
//! the order. A category that holds others (a net) is counted by record like any other category.

mod counter;
mod row;

use std::collections::BTreeMap;

pub use counter::Counter;
pub use row::Row;

use super::{Count, Pair};
use crate::words::{Grain, LabelId, Period, Stance};

/// A shop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// True for the user's own, false for a competitor's.
    pub own: bool,
}

/// A label and how many records of a line have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Category (its place in [`Tally::categories`]) and stance.
    pub label: LabelId,
    /// Records that have it.
    pub mentions: u64,
}

/// Where a cell stands, apart from its period. Ordered by shop, SKU, category and stance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Place in [`Tally::shops`].
    pub shop: usize,
    /// Place in [`Tally::skus`].
    pub sku: usize,
    /// Category and stance.
    pub label: LabelId,
}

/// The records of one SKU of a shop in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The period.
    pub period: Period,
    /// Place in [`Tally::shops`].
    pub shop: usize,
    /// Place in [`Tally::skus`].
    pub sku: usize,
    /// How many records there are.
    pub base: u64,
    /// What they mention, by label, nothing with 0 mentions.
    pub cells: &'a [Cell],
}

impl Line<'_> {
    /// Mentions of a label, with the base.
    pub fn count(&self, label: LabelId) -> Count {
        let at = self.cells.binary_search_by_key(&label, |c| c.label);
        Count::new(at.map_or(0, |i| self.cells[i].mentions), self.base)
    }
}

/// A line as it is kept: its cells end where the next line's begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    period: Period,
    shop: u32,
    sku: u32,
    base: u64,
    cells_end: usize,
}

/// The finished table, sorted by period, shop and SKU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    shops: Vec<Shop>,
    skus: Vec<String>,
    categories: Vec<String>,
    periods: Vec<Period>,
    heads: Vec<Head>,
    cells: Vec<Cell>,
}

impl Tally {
    /// The shops, by name.
    pub fn shops(&self) -> &[Shop] {
        &self.shops
    }

    /// The SKUs, by name.
    pub fn skus(&self) -> &[String] {
        &self.skus
    }

    /// The categories: first those the counter was made with, in that order, then others by name.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// The periods that have records, by time.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The label of a category of that name.
    pub fn label(&self, category: &str, stance: Stance) -> Option<LabelId> {
        self.categories.iter().position(|c| c == category).map(|i| LabelId::new(i, stance))
    }

    /// Number of cells with mentions.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// True without a single line.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    fn line(&self, at: usize) -> Line<'_> {
        let head = &self.heads[at];
        let begin = if at == 0 { 0 } else { self.heads[at - 1].cells_end };
        Line {
            period: head.period,
            shop: head.shop as usize,
            sku: head.sku as usize,
            base: head.base,
            cells: &self.cells[begin..head.cells_end],
        }
    }

    /// All lines, by period, shop and SKU.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        (0..self.heads.len()).map(|i| self.line(i))
    }

    /// The lines of one period, by shop and SKU.
    pub fn lines_of(&self, period: Period) -> impl Iterator<Item = Line<'_>> {
        let first = self.heads.partition_point(|h| h.period < period);
        let end = self.heads.partition_point(|h| h.period <= period);
        (first..end).map(|i| self.line(i))
    }

    /// One line; `None` if there are no such records.
    pub fn find(&self, period: Period, shop: usize, sku: usize) -> Option<Line<'_>> {
        let at = self.heads.binary_search_by_key(&(period, shop, sku), |h| (h.period, h.shop as usize, h.sku as usize));
        Some(self.line(at.ok()?))
    }

    /// One cell; without records it is 0 of 0.
    pub fn count(&self, period: Period, key: Key) -> Count {
        self.find(period, key.shop, key.sku).map_or(Count::default(), |line| line.count(key.label))
    }

    /// One cell in every period of the tally, 0 of 0 where there are no records.
    pub fn series(&self, key: Key) -> Vec<(Period, Count)> {
        self.periods.iter().map(|&p| (p, self.count(p, key))).collect()
    }

    /// One cell on every day of a range, 0 of 0 on days without records; from a tally by day.
    pub fn daily(&self, key: Key, range: Period) -> Vec<Count> {
        range.days().map(|day| self.count(Period::new(day, day), key)).collect()
    }

    /// Every cell that has mentions in one of two periods, by key; what is missing on a side is filled in as
    /// 0 of that side's base (0 of 0 if the SKU had no records then).
    pub fn pairs(&self, before: Period, after: Period) -> Vec<(Key, Pair)> {
        let mut lines: BTreeMap<(usize, usize), [Option<Line<'_>>; 2]> = BTreeMap::new();
        for (side, period) in [before, after].into_iter().enumerate() {
            for line in self.lines_of(period) {
                lines.entry((line.shop, line.sku)).or_default()[side] = Some(line);
            }
        }
        let mut pairs = Vec::new();
        for ((shop, sku), sides) in lines {
            let [a, b] = sides.map(|line| line.map_or((0, &[][..]), |l| (l.base, l.cells)));
            both(a, b, |label, pair| pairs.push((Key { shop, sku, label }, pair)));
        }
        pairs
    }

    /// The pairs of neighbouring periods that end no later than `before`, latest first, at most so many. Only
    /// periods as long as `before` are used (months and quarters may differ by three days).
    pub fn earlier(&self, before: Period, most: usize) -> Vec<(Period, Period)> {
        let slack = if before.len() >= 28 { 3 } else { 0 };
        let alike = |p: &Period| *p <= before && p.len().abs_diff(before.len()) <= slack;
        let periods: Vec<Period> = self.periods.iter().copied().filter(alike).collect();
        let apart = periods.windows(2).rev().filter(|w| w[0].last() < w[1].first());
        apart.take(most).map(|w| (w[0], w[1])).collect()
    }

    /// The cells of those pairs of periods, as far as they are wanted: what the gate learns the shop's own
    /// unrest from.
    pub fn history(&self, before: Period, most: usize, wanted: impl Fn(&Key) -> bool) -> Vec<Vec<Pair>> {
        let cells = |(a, b)| self.pairs(a, b).into_iter().filter(|(k, _)| wanted(k)).map(|(_, p)| p).collect();
        self.earlier(before, most).into_iter().map(cells).collect()
    }

    /// The tally with its lines put together anew: each line goes to the period, shop and SKU that `to`
    /// names, or nowhere. Bases and mentions of lines that meet are added, so lines that meet must not
    /// share records.
    pub fn regroup<'a>(&'a self, mut to: impl FnMut(&Line<'a>) -> Option<Place<'a>>) -> Tally {
        let mut counter = Counter::new(&self.categories);
        for line in self.lines() {
            if let Some(place) = to(&line) {
                let shop = counter.shop(&place.shop.name, place.shop.own);
                let sku = counter.sku(place.sku);
                counter.add_line(place.period, shop, sku, line.base, line.cells);
            }
        }
        counter.finish()
    }

    /// Where a line stands, as a start for [`regroup`](Tally::regroup).
    pub fn place(&self, line: &Line<'_>) -> Place<'_> {
        Place { period: line.period, shop: &self.shops[line.shop], sku: &self.skus[line.sku] }
    }

    /// The tally by coarser periods: each line goes to the period that holds its first day.
    pub fn roll_up(&self, grain: Grain) -> Tally {
        self.roll_up_to(|p| Some(Period::containing(p.first(), grain)))
    }

    /// The tally by any other periods; those that map to `None` are left out.
    pub fn roll_up_to(&self, mut to: impl FnMut(Period) -> Option<Period>) -> Tally {
        let goes: Vec<Option<Period>> = self.periods.iter().map(|p| to(*p)).collect();
        self.regroup(|line| {
            let at = self.periods.binary_search(&line.period).ok()?;
            Some(Place { period: goes[at]?, ..self.place(line) })
        })
    }

    /// The tally over these periods, which may overlap: each is the sum of the lines that lie wholly inside it.
    /// From a tally by day, this gives unfinished periods and the same days of earlier ones.
    pub fn over(&self, periods: &[Period]) -> Tally {
        let mut counter = Counter::new(&self.categories);
        for line in self.lines() {
            let shop = counter.shop(&self.shops[line.shop].name, self.shops[line.shop].own);
            let sku = counter.sku(&self.skus[line.sku]);
            for period in periods.iter().filter(|p| p.covers(line.period)) {
                counter.add_line(*period, shop, sku, line.base, line.cells);
            }
        }
        counter.finish()
    }

    /// The part of the tally whose lines pass.
    pub fn filter(&self, mut keep: impl FnMut(&Line<'_>) -> bool) -> Tally {
        self.regroup(|line| keep(line).then(|| self.place(line)))
    }

    /// The rows of the table, as they are written to files: a line without mentions gives one row without a
    /// category, so that its base is not lost.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.lines().flat_map(move |line| {
            let place = self.place(&line);
            let row = move |category, stance, mentions| Row {
                period: place.period,
                shop: &place.shop.name,
                own: place.shop.own,
                sku: place.sku,
                category,
                stance,
                mentions,
                base: line.base,
            };
            let bare = line.cells.is_empty().then(|| row("", None, 0));
            let named = line
                .cells
                .iter()
                .map(move |c| row(self.categories[c.label.category()].as_str(), Some(c.label.stance()), c.mentions));
            bare.into_iter().chain(named)
        })
    }
}

/// The names a line goes by.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The period.
    pub period: Period,
    /// The shop.
    pub shop: &'a Shop,
    /// The SKU.
    pub sku: &'a str,
}

/// Walks the cells of two lines side by side, by label.
fn both(a: (u64, &[Cell]), b: (u64, &[Cell]), mut see: impl FnMut(LabelId, Pair)) {
    let (mut i, mut j) = (0, 0);
    loop {
        let label = match (a.1.get(i), b.1.get(j)) {
            (Some(x), Some(y)) => x.label.min(y.label),
            (Some(x), None) => x.label,
            (None, Some(y)) => y.label,
            (None, None) => return,
        };
        let take = |cells: &[Cell], at: &mut usize| match cells.get(*at) {
            Some(cell) if cell.label == label => {
                *at += 1;
                cell.mentions
            }
            _ => 0,
        };
        let pair = Pair::new(Count::new(take(a.1, &mut i), a.0), Count::new(take(b.1, &mut j), b.0));
        see(label, pair);
    }
}

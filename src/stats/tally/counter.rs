//! Collecting counts in any order, by record or by line, on one thread or on several that are merged.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Cell, Head, Shop, Tally};
use crate::words::{LabelId, Period};

/// Most categories that a [`LabelId`] can tell apart.
const CATEGORIES: usize = 1 << 14;

/// A tally in the making.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    shops: Names,
    own: Vec<bool>,
    skus: Names,
    categories: Names,
    /// Categories that keep their order because the counter was made with them.
    fixed: usize,
    at: FxHashMap<(Period, u64), u32>,
    lines: Vec<Started>,
    /// Mentions by line and label.
    cells: FxHashMap<u64, u64>,
}

/// A line in the making.
#[derive(Clone, Debug)]
struct Started {
    period: Period,
    shop: u32,
    sku: u32,
    base: u64,
}

impl Counter {
    /// A counter for these categories, in this order: label ids are places in this list.
    pub fn new(categories: &[impl AsRef<str>]) -> Counter {
        let mut counter = Counter::default();
        for name in categories {
            counter.categories.id(name.as_ref());
        }
        counter.fixed = counter.categories.names.len();
        counter
    }

    /// The number of a shop, for [`record`](Counter::record). What was said first about whose it is stays.
    pub fn shop(&mut self, name: &str, own: bool) -> u32 {
        let id = self.shops.id(name);
        if id as usize == self.own.len() {
            self.own.push(own);
        }
        id
    }

    /// The number of a SKU, for [`record`](Counter::record).
    pub fn sku(&mut self, name: &str) -> u32 {
        self.skus.id(name)
    }

    /// The place of a category; `None` if there are already as many as can be told apart (16 384).
    pub fn category(&mut self, name: &str) -> Option<usize> {
        if self.categories.names.len() >= CATEGORIES && !self.categories.ids.contains_key(name) {
            return None;
        }
        Some(self.categories.id(name) as usize)
    }

    /// True if this shop was said to be the user's own.
    pub(super) fn is_own(&self, shop: u32) -> bool {
        self.own[shop as usize]
    }

    /// The place of a line, and true if it is new.
    #[inline]
    pub(super) fn line(&mut self, period: Period, shop: u32, sku: u32) -> (u32, bool) {
        match self.at.entry((period, u64::from(shop) << 32 | u64::from(sku))) {
            Entry::Occupied(place) => (*place.get(), false),
            Entry::Vacant(place) => {
                let line = self.lines.len() as u32;
                place.insert(line);
                self.lines.push(Started { period, shop, sku, base: 0 });
                (line, true)
            }
        }
    }

    /// The records of a line.
    pub(super) fn base(&mut self, line: u32) -> &mut u64 {
        &mut self.lines[line as usize].base
    }

    /// The mentions of a label in a line.
    pub(super) fn cell(&mut self, line: u32, label: LabelId) -> Entry<'_, u64, u64> {
        self.cells.entry(packed(line, label))
    }

    /// Counts one record of a SKU in a period, with its labels, each of which stands once.
    #[inline]
    pub fn record(&mut self, period: Period, shop: u32, sku: u32, labels: &[LabelId]) {
        let (line, _) = self.line(period, shop, sku);
        *self.base(line) += 1;
        for label in labels {
            *self.cells.entry(packed(line, *label)).or_default() += 1;
        }
    }

    /// Adds a line that was counted elsewhere.
    pub fn add_line(&mut self, period: Period, shop: u32, sku: u32, base: u64, cells: &[Cell]) {
        let (line, _) = self.line(period, shop, sku);
        *self.base(line) += base;
        for cell in cells {
            *self.cells.entry(packed(line, cell.label)).or_default() += cell.mentions;
        }
    }

    /// Adds all of another tally, by name.
    pub fn merge(&mut self, other: &Tally) {
        let shops: Vec<u32> = other.shops.iter().map(|s| self.shop(&s.name, s.own)).collect();
        let skus: Vec<u32> = other.skus.iter().map(|s| self.sku(s)).collect();
        let places: Vec<Option<usize>> = other.categories.iter().map(|c| self.category(c)).collect();
        let mut cells = Vec::new();
        for line in other.lines() {
            cells.clear();
            cells.extend(line.cells.iter().filter_map(|c| {
                let label = LabelId::new(places[c.label.category()]?, c.label.stance());
                Some(Cell { label, mentions: c.mentions })
            }));
            self.add_line(line.period, shops[line.shop], skus[line.sku], line.base, &cells);
        }
    }

    /// Sorts everything: the same counts give the same tally in whatever order they came.
    pub fn finish(self) -> Tally {
        let (shops, shop_place) = self.shops.sorted(0);
        let (skus, sku_place) = self.skus.sorted(0);
        let (categories, category_place) = self.categories.sorted(self.fixed);
        let mut own = vec![false; shops.len()];
        for (old, new) in shop_place.iter().enumerate() {
            own[*new as usize] = self.own[old];
        }
        let shops = shops.into_iter().zip(own).map(|(name, own)| Shop { name, own }).collect();

        let mut heads: Vec<(Head, u32)> = (0u32..)
            .zip(&self.lines)
            .map(|(at, l)| {
                let (shop, sku) = (shop_place[l.shop as usize], sku_place[l.sku as usize]);
                (Head { period: l.period, shop, sku, base: l.base, cells_end: 0 }, at)
            })
            .collect();
        heads.sort_unstable_by_key(|(h, _)| (h.period, h.shop, h.sku));
        let mut line_place = vec![0u32; heads.len()];
        for (new, (_, old)) in (0u32..).zip(&heads) {
            line_place[*old as usize] = new;
        }

        let mut packed_cells: Vec<(u64, u64)> = self
            .cells
            .iter()
            .filter(|(_, mentions)| **mentions > 0)
            .map(|(key, mentions)| {
                let (line, label) = unpacked(*key);
                let label = LabelId::new(category_place[label.category()] as usize, label.stance());
                (packed(line_place[line as usize], label), *mentions)
            })
            .collect();
        packed_cells.sort_unstable();
        let mut cells = Vec::with_capacity(packed_cells.len());
        for (key, mentions) in packed_cells {
            let (line, label) = unpacked(key);
            cells.push(Cell { label, mentions });
            heads[line as usize].0.cells_end = cells.len();
        }
        let mut end = 0;
        for (head, _) in &mut heads {
            end = head.cells_end.max(end);
            head.cells_end = end;
        }
        let heads: Vec<Head> = heads.into_iter().map(|(head, _)| head).collect();
        let mut periods: Vec<Period> = heads.iter().map(|h| h.period).collect();
        periods.dedup();
        Tally { shops, skus, categories, periods, heads, cells }
    }
}

fn packed(line: u32, label: LabelId) -> u64 {
    u64::from(line) << 16 | u64::from(label.0)
}

fn unpacked(key: u64) -> (u32, LabelId) {
    ((key >> 16) as u32, LabelId(key as u16))
}

/// Names and their numbers, in the order of first sight.
#[derive(Clone, Debug, Default)]
struct Names {
    names: Vec<String>,
    ids: FxHashMap<String, u32>,
}

impl Names {
    fn id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The names sorted, but for the first `fixed`; and where each number went.
    fn sorted(&self, fixed: usize) -> (Vec<String>, Vec<u32>) {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order[fixed..].sort_unstable_by_key(|i| &self.names[*i]);
        let mut place = vec![0; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            place[*old] = new;
        }
        (order.iter().map(|i| self.names[*i].clone()).collect(), place)
    }
}

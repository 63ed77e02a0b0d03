//! The operators: what a rule asks of the items found for it. One file each.

mod all;
mod any;
mod category;
mod near;
mod only;
mod pattern;
mod then;
mod unless;

pub(super) use category::places as with_categories;
pub(super) use only::refuses;
pub(super) use unless::settle;

use std::ops::Range;

use super::compile::{Step, slot};
use super::page::Page;
use super::scan::{Hits, Item};
use crate::taxonomy::Scope;
use crate::text::script::units_within;

/// A keyword, or the words that a pattern matched: one part of a place.
pub(super) type Part = Item;

/// Places where an operator holds, each with its parts.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Parts of all places, one after another.
    pub parts: Vec<Item>,
    /// Where each place's parts end.
    pub ends: Vec<u32>,
}

impl Places {
    pub fn clear(&mut self) {
        self.parts.clear();
        self.ends.clear();
    }

    /// Closes a place: the parts pushed since the last.
    fn close(&mut self) {
        self.ends.push(self.parts.len() as u32);
    }

    pub fn iter(&self) -> impl Iterator<Item = &[Part]> {
        let mut from = 0;
        self.ends.iter().map(move |end| &self.parts[std::mem::replace(&mut from, *end as usize)..*end as usize])
    }
}

/// What an operator sees.
pub(super) struct Sight<'a> {
    pub page: &'a Page,
    pub step: &'a Step,
    /// The rule's items that no longer keyword covers, sorted by start.
    pub items: &'a [Item],
    /// The clauses in which the rule may hold, by bit; clauses 32 apart share one.
    pub clauses: u32,
}

/// The unit of a rule's scope that a part lies in.
pub(super) fn unit_of(page: &Page, step: &Step, part: Part) -> u32 {
    match step.scope {
        Scope::Clause => part.clause,
        Scope::Sentence => page.clauses[part.clause as usize].sentence,
        Scope::Turn => page.sheet_at(part.start) as u32,
        Scope::Record => 0,
    }
}

impl<'a> Sight<'a> {
    pub fn unit(&self, part: Part) -> u32 {
        unit_of(self.page, self.step, part)
    }

    /// True if a word of `without` forbids a place.
    pub fn bars(&self, word: Item, part: Part) -> bool {
        match word.slot {
            slot::WITHOUT => self.unit(word) == self.unit(part),
            slot => slot == slot::WITHOUT_RECORD,
        }
    }

    fn of_slot(&self, slot: u8) -> impl Iterator<Item = Item> + 'a {
        self.items.iter().copied().filter(move |i| i.slot == slot)
    }

    /// Han characters and words between two items, or `None` if more than the rule allows, if they
    /// overlap or lie in different units.
    fn gap(&self, a: Item, b: Item) -> Option<usize> {
        if self.unit(a) != self.unit(b) {
            return None;
        }
        let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
        let between = self.page.text.get(first.end as usize..second.start as usize)?;
        units_within(between, self.step.within)
    }
}

/// Working memory of [`run`].
#[derive(Debug, Default)]
pub(super) struct Desk {
    items: Vec<Item>,
    apart: Vec<Item>,
    other: Places,
}

/// An operator that finds places.
pub(super) struct Operator {
    /// Its key in a file.
    pub key: &'static str,
    /// The operands of a rule that are its own; empty if the rule does not name it.
    pub slots: fn(&Step) -> Range<u8>,
    /// Finds the places where it holds.
    pub places: fn(&Sight<'_>, &mut Places),
}

/// The operators, in the order in which they are asked; the first that a rule names gives the evidence.
pub(super) static OPERATORS: [Operator; 5] = [
    Operator { key: "any", slots: |step| slot::ANY..slot::ANY + u8::from(step.any), places: any::places },
    Operator { key: "near", slots: |step| step.near.clone(), places: near::places },
    Operator { key: "then", slots: |step| step.then.clone(), places: then::places },
    Operator {
        key: "pattern",
        slots: |step| slot::TRIGGER..slot::TRIGGER + u8::from(!step.patterns.is_empty()),
        places: pattern::places,
    },
    Operator { key: "all", slots: |step| step.all.clone(), places: all::places },
];

/// Finds the places where a rule holds, its `category` operator aside, given the [clauses](Hits::clauses_for) in which it may.
pub(super) fn run(page: &Page, hits: &Hits, step: &Step, clauses: u32, desk: &mut Desk, out: &mut Places) {
    out.clear();
    hits.items(step, &mut desk.items, &mut desk.apart);
    settle(&mut desk.items);
    let sight = Sight { page, step, items: &desk.items, clauses };
    let mut anchored = false;
    for operator in OPERATORS.iter().filter(|o| !(o.slots)(step).is_empty()) {
        if !anchored {
            (operator.places)(&sight, out);
            anchored = true;
        } else {
            desk.other.clear();
            (operator.places)(&sight, &mut desk.other);
            keep(out, |parts| desk.other.iter().any(|other| sight.unit(other[0]) == sight.unit(parts[0])));
        }
        if out.ends.is_empty() {
            return;
        }
    }
    if !desk.apart.is_empty() {
        keep(out, |parts| !desk.apart.iter().any(|b| sight.bars(*b, parts[0])));
    }
}

/// Keeps the places that fit.
pub(super) fn keep(places: &mut Places, fits: impl Fn(&[Part]) -> bool) {
    let (mut from, mut parts, mut kept) = (0, 0, 0);
    for i in 0..places.ends.len() {
        let end = places.ends[i] as usize;
        if fits(&places.parts[from..end]) {
            places.parts.copy_within(from..end, parts);
            parts += end - from;
            places.ends[kept] = parts as u32;
            kept += 1;
        }
        from = end;
    }
    places.parts.truncate(parts);
    places.ends.truncate(kept);
}

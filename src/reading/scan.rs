//! The scan: one pass of the automaton over a page; matches sorted by rule and cue.

use super::compile::{Program, slot};
use crate::taxonomy::{Cue, Edges};
use crate::text::script::{is_han, is_letter};
use crate::words::Span;

/// A keyword of one rule, found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub start: u32,
    pub end: u32,
    pub slot: u8,
}

impl Item {
    pub fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// A cue word, found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CueHit {
    pub start: u32,
    pub end: u32,
    pub cue: Cue,
}

/// What the scan found: items in chains by rule, and cues by place.
#[derive(Debug, Default)]
pub(super) struct Hits {
    /// Items with the place of the next of the same rule, 0 for none; the first entry is unused.
    chain: Vec<(Item, u32)>,
    /// The newest item of each rule.
    heads: Vec<u32>,
    /// Rules with an item.
    pub touched: Vec<u32>,
    /// Cues, sorted by start, longer before shorter.
    pub cues: Vec<CueHit>,
}

impl Hits {
    /// Scans a page.
    pub fn scan(&mut self, program: &Program, text: &str) {
        self.clear(program.steps.len());
        let Some(automaton) = &program.automaton else { return };
        for found in automaton.find_overlapping_iter(text) {
            let word = &program.words[found.value() as usize];
            let (start, end) = (found.start(), found.end());
            let edges = if word.edges.is_free() { 0 } else { edges_at(text, start, end) };
            for usage in &program.uses[word.uses.start as usize..word.uses.end as usize] {
                if usage.edges.0 & !edges == 0 {
                    self.add(usage.rule, Item { start: start as u32, end: end as u32, slot: usage.slot });
                }
            }
            for usage in &program.cues[word.cues.start as usize..word.cues.end as usize] {
                if usage.edges.0 & !edges == 0 {
                    self.add_cue(CueHit { start: start as u32, end: end as u32, cue: usage.cue });
                }
            }
        }
    }

    fn clear(&mut self, rules: usize) {
        self.chain.clear();
        self.chain.push((Item { start: 0, end: 0, slot: slot::ANY }, 0));
        for rule in self.touched.drain(..) {
            self.heads[rule as usize] = 0;
        }
        self.heads.resize(rules, 0);
        self.cues.clear();
    }

    fn add(&mut self, rule: u32, item: Item) {
        let head = &mut self.heads[rule as usize];
        if *head == 0 {
            self.touched.push(rule);
        }
        self.chain.push((item, *head));
        *head = self.chain.len() as u32 - 1;
    }

    /// Matches come sorted by their end: a few steps back keep the cues sorted by their start.
    fn add_cue(&mut self, hit: CueHit) {
        let key = |h: &CueHit| (h.start, std::cmp::Reverse(h.end));
        let mut at = self.cues.len();
        while at > 0 && key(&self.cues[at - 1]) > key(&hit) {
            at -= 1;
        }
        self.cues.insert(at, hit);
    }

    /// The items of a rule, newest first.
    pub fn items(&self, rule: u32) -> impl Iterator<Item = Item> + '_ {
        let mut at = self.heads[rule as usize];
        std::iter::from_fn(move || {
            let (item, next) = *self.chain.get(at as usize).filter(|_| at > 0)?;
            at = next;
            Some(item)
        })
    }
}

/// Which edges hold at the ends of a match.
fn edges_at(text: &str, start: usize, end: usize) -> u8 {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let mut edges = 0;
    if !before.is_some_and(is_letter) {
        edges |= Edges::WORD_LEFT;
        if !before.is_some_and(is_han) {
            edges |= Edges::STOP_LEFT;
        }
    }
    if !after.is_some_and(is_letter) {
        edges |= Edges::WORD_RIGHT;
        if !after.is_some_and(is_han) {
            edges |= Edges::STOP_RIGHT;
        }
    }
    edges
}

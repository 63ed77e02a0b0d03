//! The scan: one pass of the automaton over a page; matches sorted by rule and cue.

use super::compile::{Program, Word, slot};
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

/// A match with the edges that hold at its ends.
#[derive(Clone, Copy, Debug)]
struct Hit {
    start: u32,
    end: u32,
    word: u32,
    edges: u8,
}

/// What the scan found: the rules that may hold, their items in chains, and cues by place.
#[derive(Debug, Default)]
pub(super) struct Hits {
    hits: Vec<Hit>,
    /// The operands found of each rule, by bit.
    operands: Vec<u32>,
    /// Rules with an operand, whose bits are to be cleared.
    touched: Vec<u32>,
    /// Rules that have all they need.
    pub ready: Vec<u32>,
    /// Items with the place of the next of the same rule, 0 for none; the first entry is unused.
    chain: Vec<(Item, u32)>,
    /// The newest item of each rule.
    heads: Vec<u32>,
    /// Cues, sorted by start, longer before shorter.
    pub cues: Vec<CueHit>,
}

/// Set with the operands of a rule that has all it needs.
const READY: u32 = 1 << 31;

impl Hits {
    /// Scans a page.
    pub fn scan(&mut self, program: &Program, text: &str) {
        self.clear(program.steps.len());
        let Some(automaton) = &program.automaton else { return };
        for found in automaton.find_overlapping_iter(text) {
            let word = &program.words[found.value() as usize];
            let (start, end) = (found.start(), found.end());
            let edges = if word.edges.is_free() { 0 } else { edges_at(text, start, end) };
            let hit = Hit { start: start as u32, end: end as u32, word: found.value(), edges };
            if !word.uses.is_empty() {
                self.hits.push(hit);
                self.count(program, word, edges);
            }
            for usage in &program.cues[word.cues.start as usize..word.cues.end as usize] {
                if usage.edges.0 & !edges == 0 {
                    self.add_cue(CueHit { start: hit.start, end: hit.end, cue: usage.cue });
                }
            }
        }
        for rule in &program.second {
            self.operands[*rule as usize] |= READY;
            self.touched.push(*rule);
        }
        if !(self.ready.is_empty() && program.second.is_empty()) {
            self.deal(program);
        }
    }

    /// Counts the operands that a word is; most rules never get all they need, and end here.
    fn count(&mut self, program: &Program, word: &Word, edges: u8) {
        for usage in &program.uses[word.uses.start as usize..word.uses.end as usize] {
            if usage.edges.0 & !edges == 0 {
                let operands = &mut self.operands[usage.rule as usize];
                let before = *operands;
                *operands |= 1 << usage.slot;
                if *operands != before {
                    if before == 0 {
                        self.touched.push(usage.rule);
                    }
                    let needs = program.needs[usage.rule as usize];
                    if *operands & needs == needs && before & READY == 0 {
                        *operands |= READY;
                        self.ready.push(usage.rule);
                    }
                }
            }
        }
    }

    /// Deals the matches out to the rules that may hold.
    fn deal(&mut self, program: &Program) {
        for hit in &self.hits {
            let uses = &program.words[hit.word as usize].uses;
            for usage in &program.uses[uses.start as usize..uses.end as usize] {
                if self.operands[usage.rule as usize] & READY != 0 && usage.edges.0 & !hit.edges == 0 {
                    let head = &mut self.heads[usage.rule as usize];
                    self.chain.push((Item { start: hit.start, end: hit.end, slot: usage.slot }, *head));
                    *head = self.chain.len() as u32 - 1;
                }
            }
        }
    }

    fn clear(&mut self, rules: usize) {
        for rule in self.touched.drain(..) {
            self.operands[rule as usize] = 0;
            self.heads[rule as usize] = 0;
        }
        self.operands.resize(rules, 0);
        self.heads.resize(rules, 0);
        self.hits.clear();
        self.ready.clear();
        self.chain.clear();
        self.chain.push((Item { start: 0, end: 0, slot: slot::ANY }, 0));
        self.cues.clear();
    }

    /// True if every operand that a rule needs was found.
    pub fn has_all(&self, rule: u32, needs: u32) -> bool {
        self.operands[rule as usize] & needs == needs
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

//! The scan: one pass of the automaton over a page; matches sorted by rule and cue.

use super::compile::{Program, rule_bit, slot};
use super::page::Page;
use crate::taxonomy::{Cue, Edges};
use crate::text::script::{is_han, is_letter};
use crate::words::Span;

/// A keyword of one rule, found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub start: u32,
    pub end: u32,
    /// The clause that it begins in.
    pub clause: u32,
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

/// A match of a keyword, with the edges that hold at its ends.
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
    /// What is known of each rule.
    rules: Vec<Known>,
    /// Rules whose key operand was found.
    pub candidates: Vec<u32>,
    /// Items with the place of the next of the same rule, 0 for none; the first entry is unused.
    chain: Vec<(Item, u32)>,
    /// Cues, sorted by start, longer before shorter.
    pub cues: Vec<CueHit>,
    /// Cues that tell in what manner a text is written, sorted likewise: they stand among the others without hiding any.
    pub manners: Vec<CueHit>,
}

/// What is known of a rule.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The operands found, by bit; only counted for a candidate.
    operands: u32,
    /// Its newest item in the chain.
    head: u32,
    is_candidate: bool,
}

impl Hits {
    /// Scans a page, and finds the rules that are worth looking at.
    pub fn scan(&mut self, program: &Program, text: &str) {
        self.clear(program.steps.len());
        let Some(automaton) = &program.automaton else { return };
        // Borrowed one by one, so that the loop keeps them in registers.
        let Hits { hits, rules, candidates, cues, manners, .. } = self;
        let rules = rules.as_mut_slice();
        for found in automaton.find_overlapping_iter(text) {
            let word = &program.words[found.value() as usize];
            let (start, end) = (found.start() as u32, found.end() as u32);
            let edges = if word.edges.is_free() { 0 } else { edges_at(text, start as usize, end as usize) };
            if word.rules != 0 {
                hits.push(Hit { start, end, word: found.value(), edges });
                for usage in program.key_uses(word) {
                    let known = &mut rules[usage.rule as usize];
                    if !known.is_candidate && usage.edges.0 & !edges == 0 {
                        known.is_candidate = true;
                        candidates.push(usage.rule);
                    }
                }
            }
            for usage in program.cues(word) {
                if usage.edges.0 & !edges == 0 {
                    match usage.cue {
                        Cue::Talk | Cue::Address | Cue::Verdict => manners.push(CueHit { start, end, cue: usage.cue }),
                        cue => cues.push(CueHit { start, end, cue }),
                    }
                }
            }
        }
        for rule in &program.second {
            self.look_at(*rule);
        }
        sort(&mut self.cues);
        sort(&mut self.manners);
    }

    /// Makes a rule a candidate: most rules never are, and their other operands cost nothing.
    #[inline]
    pub fn look_at(&mut self, rule: u32) {
        let known = &mut self.rules[rule as usize];
        if !known.is_candidate {
            known.is_candidate = true;
            self.candidates.push(rule);
        }
    }

    /// Deals the matches out to the candidates.
    pub fn deal(&mut self, program: &Program, page: &Page) {
        let bits = self.candidates.iter().fold(0, |bits, rule| bits | rule_bit(*rule));
        let (rules, chain) = (self.rules.as_mut_slice(), &mut self.chain);
        let mut clause = 0;
        for hit in &self.hits {
            let word = &program.words[hit.word as usize];
            if word.rules & bits == 0 {
                continue;
            }
            clause = page.clause_near(clause, hit.start);
            for usage in program.uses(word) {
                let known = &mut rules[usage.rule as usize];
                if known.is_candidate && usage.edges.0 & !hit.edges == 0 {
                    known.operands |= 1 << usage.slot;
                    let item = Item { start: hit.start, end: hit.end, clause: clause as u32, slot: usage.slot };
                    chain.push((item, known.head));
                    known.head = chain.len() as u32 - 1;
                }
            }
        }
    }

    /// The operands found of a candidate, by bit.
    pub fn operands(&self, rule: u32) -> u32 {
        self.rules[rule as usize].operands
    }

    /// Collects the items of a candidate; those of `without` and the triggers of patterns apart.
    pub fn items(&self, rule: u32, items: &mut Vec<Item>, apart: &mut Vec<Item>) {
        items.clear();
        apart.clear();
        let mut at = self.rules[rule as usize].head;
        while at > 0 {
            let (item, next) = self.chain[at as usize];
            match item.slot {
                slot::WITHOUT | slot::WITHOUT_RECORD | slot::TRIGGER | slot::SECOND_TRIGGER => apart.push(item),
                _ => items.push(item),
            }
            at = next;
        }
    }

    fn clear(&mut self, rules: usize) {
        for rule in self.candidates.drain(..) {
            self.rules[rule as usize] = Known::default();
        }
        self.rules.resize(rules, Known::default());
        self.hits.clear();
        self.chain.clear();
        self.chain.push((Item { start: 0, end: 0, clause: 0, slot: slot::ANY }, 0));
        self.cues.clear();
        self.manners.clear();
    }
}

/// Matches come sorted by their end: a few steps back sort them by their start.
fn sort(cues: &mut [CueHit]) {
    let key = |h: &CueHit| (h.start, std::cmp::Reverse(h.end));
    for i in 1..cues.len() {
        let hit = cues[i];
        let mut at = i;
        while at > 0 && key(&cues[at - 1]) > key(&hit) {
            cues[at] = cues[at - 1];
            at -= 1;
        }
        cues[at] = hit;
    }
}

/// Which edges hold at the ends of a match.
fn edges_at(text: &str, start: usize, end: usize) -> u8 {
    let bytes = text.as_bytes();
    let mut edges = 0;
    // One space may stand between a word and the readable thing before it.
    let left = if start > 0 && bytes[start - 1] == b' ' { start - 1 } else { start };
    let (letter, readable) = beside(bytes[..left].last(), || text[..left].chars().next_back());
    if !letter || left < start {
        edges |= Edges::WORD_LEFT;
    }
    if !readable {
        edges |= Edges::STOP_LEFT;
    }
    let right = end + usize::from(bytes.get(end) == Some(&b' '));
    let (letter, readable) = beside(bytes.get(right), || text[right..].chars().next());
    if !letter || right > end {
        edges |= Edges::WORD_RIGHT;
    }
    if !readable {
        edges |= Edges::STOP_RIGHT;
    }
    edges
}

/// Whether a letter stands beside a match, and whether anything readable does, given the byte there.
fn beside(byte: Option<&u8>, char: impl FnOnce() -> Option<char>) -> (bool, bool) {
    match byte {
        None => (false, false),
        Some(b) if b.is_ascii() => (b.is_ascii_alphanumeric(), b.is_ascii_alphanumeric()),
        Some(_) => char().map_or((false, false), |c| (is_letter(c), is_letter(c) || is_han(c))),
    }
}

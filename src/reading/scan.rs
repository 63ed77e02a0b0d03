//! The scan: one pass of the automaton over a page; matches sorted by rule and cue.

use super::compile::{Program, Use, rule_bit, slot};
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
    /// What is known of each rule.
    rules: Vec<Known>,
    /// Rules whose key operand was found; after the scan, those that have all they need.
    pub ready: Vec<u32>,
    /// Rules of which something is known.
    touched: Vec<u32>,
    /// The bits of the rules in `ready`.
    bits: u64,
    /// Items with the place of the next of the same rule, 0 for none; the first entry is unused.
    chain: Vec<(Item, u32)>,
    /// Cues, sorted by start, longer before shorter.
    pub cues: Vec<CueHit>,
}

/// What is known of a rule.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The operands found, by bit; only counted for a rule whose key was found.
    operands: u32,
    /// Its newest item in the chain.
    head: u32,
    is_candidate: bool,
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
            let hit = Hit { start: start as u32, end: end as u32, word: found.value(), edges };
            if word.rules != 0 {
                self.hits.push(hit);
                for usage in program.key_uses(word) {
                    if usage.edges.0 & !edges == 0 {
                        self.look_at(usage.rule);
                    }
                }
            }
            for usage in program.cues(word) {
                if usage.edges.0 & !edges == 0 {
                    self.add_cue(CueHit { start: hit.start, end: hit.end, cue: usage.cue });
                }
            }
        }
        for rule in &program.second {
            self.look_at(*rule);
        }
        if !self.ready.is_empty() {
            self.deal(program);
        }
    }

    /// Makes a rule a candidate: most rules never are, and their other operands cost nothing.
    #[inline]
    fn look_at(&mut self, rule: u32) {
        let known = &mut self.rules[rule as usize];
        if !known.is_candidate {
            known.is_candidate = true;
            self.ready.push(rule);
            self.bits |= rule_bit(rule);
        }
    }

    /// Deals the matches out to the candidates, and keeps those that have all they need.
    fn deal(&mut self, program: &Program) {
        for hit in &self.hits {
            let word = &program.words[hit.word as usize];
            if word.rules & self.bits == 0 {
                continue;
            }
            for usage in program.uses(word) {
                let known = &mut self.rules[usage.rule as usize];
                if known.is_candidate && usage.edges.0 & !hit.edges == 0 {
                    known.operands |= 1 << usage.slot;
                    self.chain.push((Item { start: hit.start, end: hit.end, slot: usage.slot }, known.head));
                    known.head = self.chain.len() as u32 - 1;
                }
            }
        }
        self.touched.extend_from_slice(&self.ready);
        let rules = &self.rules;
        self.ready.retain(|rule| {
            let needs = program.steps[*rule as usize].needs;
            rules[*rule as usize].operands & needs == needs
        });
    }

    fn clear(&mut self, rules: usize) {
        for rule in self.touched.drain(..) {
            self.rules[rule as usize] = Known::default();
        }
        self.rules.resize(rules, Known::default());
        self.hits.clear();
        self.ready.clear();
        self.bits = 0;
        self.chain.clear();
        self.chain.push((Item { start: 0, end: 0, slot: slot::ANY }, 0));
        self.cues.clear();
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

    /// Every item of a rule, candidate or not: for those who ask why it does not hold.
    pub fn all_items(&self, program: &Program, rule: u32) -> Vec<Item> {
        let of_hit = |hit: &Hit| {
            let fits = |u: &&Use| u.rule == rule && u.edges.0 & !hit.edges == 0;
            let slots = program.uses(&program.words[hit.word as usize]).iter().filter(fits).map(|u| u.slot);
            slots.map(|slot| Item { start: hit.start, end: hit.end, slot }).collect::<Vec<_>>()
        };
        self.hits.iter().flat_map(of_hit).collect()
    }

    /// The items of a rule, newest first.
    pub fn items(&self, rule: u32) -> impl Iterator<Item = Item> + '_ {
        let mut at = self.rules[rule as usize].head;
        std::iter::from_fn(move || {
            let (item, next) = *self.chain.get(at as usize).filter(|_| at > 0)?;
            at = next;
            Some(item)
        })
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

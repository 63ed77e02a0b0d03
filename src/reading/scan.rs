//! The scan: one pass of the automaton over a page; matches sorted by list and cue.

use super::compile::{Program, Step, slot};
use super::page::Page;
use crate::taxonomy::{Cue, Edges, Scope};
use crate::text::script::{is_han, is_letter};
use crate::words::Span;

/// A keyword of an operand, found.
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

/// A match of a word, with the edges that hold at its ends.
#[derive(Clone, Copy, Debug)]
struct Hit {
    start: u32,
    end: u32,
    word: u32,
    edges: u8,
}

/// What the scan found: matches, the rules that they wake, and cues by place.
#[derive(Debug, Default)]
pub(super) struct Hits {
    hits: Vec<Hit>,
    /// The rules of whose rarest operand a word was found, by bit.
    woken: Vec<u64>,
    /// What was found of each list.
    lists: Vec<Known>,
    /// The lists that are wanted.
    wanted: Vec<u32>,
    /// Matches with the place of the next of the same list, 0 for none; the first entry is unused.
    chain: Vec<(Item, u32)>,
    /// Cues, sorted by start, longer before shorter.
    pub cues: Vec<CueHit>,
    /// Cues that stand among the others without hiding any, sorted likewise.
    pub apart: Vec<CueHit>,
    /// Where a shop's own reply begins and ends, sorted likewise.
    pub replies: Vec<CueHit>,
}

/// What was found of a list.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Some rule that may hold asks for it.
    is_wanted: bool,
    /// The clauses that its matches begin in, by bit; clauses 32 apart share one.
    clauses: u32,
    /// Its newest match in the chain.
    head: u32,
}

impl Hits {
    /// Scans a page: all words and cues on it.
    pub fn scan(&mut self, program: &Program, page: &Page) {
        self.hits.clear();
        self.cues.clear();
        self.apart.clear();
        self.replies.clear();
        self.woken.clear();
        self.woken.resize(program.steps.len().div_ceil(64), 0);
        let Hits { hits, woken, cues, apart, replies, .. } = self;
        let (vocabulary, woken) = (&program.vocabulary, woken.as_mut_slice());
        program.finder.scan(&page.text, |start, end, number| {
            let word = vocabulary.word(number);
            let parted = page.is_parted(start as u32, end as u32);
            let edges = if word.edges.is_free() && !parted { 0 } else { edges_at(page, start, end) };
            if parted && edges & (Edges::STOP_LEFT | Edges::STOP_RIGHT) == 0 {
                return;
            }
            let (start, end) = (start as u32, end as u32);
            if word.is_used() {
                hits.push(Hit { start, end, word: number, edges });
            }
            for usage in vocabulary.wakes(word) {
                woken[usage.of as usize / 64] |= u64::from(usage.edges.0 & !edges == 0) << (usage.of % 64);
            }
            for usage in vocabulary.cues(word) {
                if usage.edges.0 & !edges == 0 {
                    let list = match usage.cue {
                        Cue::Reply | Cue::Signed => &mut *replies,
                        cue if cue.stands_apart() => &mut *apart,
                        _ => &mut *cues,
                    };
                    list.push(CueHit { start, end, cue: usage.cue });
                }
            }
        });
        sort(&mut self.cues);
        sort(&mut self.apart);
        sort(&mut self.replies);
    }

    /// The rules that may hold: some word of their rarest operand is there. Those that need no word are not among them.
    pub fn woken(&self) -> impl Iterator<Item = u32> {
        self.woken.iter().zip((0..).step_by(64)).flat_map(|(bits, first)| {
            let next = |bits: &u64| Some(bits & (bits - 1)).filter(|rest| *rest != 0);
            let rest = std::iter::successors(Some(*bits).filter(|bits| *bits != 0), next);
            rest.map(move |bits| first + bits.trailing_zeros())
        })
    }

    /// Deals the matches out to the lists of these rules, now that the page has clauses.
    pub fn deal<'s>(&mut self, program: &Program, page: &Page, steps: impl Iterator<Item = &'s Step>) {
        let Hits { hits, lists, wanted, chain, .. } = self;
        for list in wanted.drain(..) {
            lists[list as usize] = Known::default();
        }
        lists.resize(program.vocabulary.lists, Known::default());
        for list in steps.flat_map(|step| &step.operands).flat_map(|operand| &operand.lists) {
            let known = &mut lists[*list as usize];
            if !known.is_wanted {
                known.is_wanted = true;
                wanted.push(*list);
            }
        }
        chain.truncate(1);
        chain.resize(1, (Item { start: 0, end: 0, clause: 0, slot: slot::ANY }, 0));
        let mut clause = 0;
        for hit in hits {
            clause = page.clause_near(clause, hit.start);
            let item = Item { start: hit.start, end: hit.end, clause: clause as u32, slot: slot::ANY };
            for usage in program.vocabulary.lists(program.vocabulary.word(hit.word)) {
                let known = &mut lists[usage.of as usize];
                if known.is_wanted && usage.edges.0 & !hit.edges == 0 {
                    known.clauses |= 1 << (clause % 32);
                    chain.push((item, known.head));
                    known.head = chain.len() as u32 - 1;
                }
            }
        }
    }

    /// The clauses in which a rule that was dealt to may hold, by bit: those that have a word of each operand that the scope of
    /// the rule wants in one clause. None if an operand has no word at all.
    pub fn clauses_for(&self, step: &Step) -> u32 {
        let mut clauses = u32::MAX;
        for operand in step.needed() {
            let own = operand.lists.iter().fold(0, |bits, list| bits | self.lists[*list as usize].clauses);
            if own == 0 {
                return 0;
            }
            if step.scope == Scope::Clause || operand.is_trigger() {
                clauses &= own;
            }
        }
        clauses
    }

    /// Collects the matches of a rule that was dealt to; those of `without` apart.
    pub fn items(&self, step: &Step, items: &mut Vec<Item>, apart: &mut Vec<Item>) {
        items.clear();
        apart.clear();
        for operand in step.operands.iter().filter(|o| !o.is_trigger()) {
            let into = match operand.slot {
                slot::WITHOUT | slot::WITHOUT_RECORD => &mut *apart,
                _ => &mut *items,
            };
            for list in &operand.lists {
                let mut at = self.lists[*list as usize].head;
                while at > 0 {
                    let (item, next) = self.chain[at as usize];
                    into.push(Item { slot: operand.slot, ..item });
                    at = next;
                }
            }
        }
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
fn edges_at(page: &Page, start: usize, end: usize) -> u8 {
    let text = page.text.as_str();
    let bytes = text.as_bytes();
    let mut edges = 0;
    // One space may stand between a word and the readable thing before it.
    let left = if start > 0 && bytes[start - 1] == b' ' { start - 1 } else { start };
    let (letter, readable) = beside(bytes[..left].last(), || text[..left].chars().next_back());
    if !letter || left < start {
        edges |= Edges::WORD_LEFT;
    }
    if !readable || page.is_border(start as u32) {
        edges |= Edges::STOP_LEFT;
    }
    let right = end + usize::from(bytes.get(end) == Some(&b' '));
    let (letter, readable) = beside(bytes.get(right), || text[right..].chars().next());
    if !letter || right > end {
        edges |= Edges::WORD_RIGHT;
    }
    if !readable || page.is_border(end as u32) {
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

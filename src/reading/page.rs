//! The page: all messages of one speaker, folded one after another, with their clauses.

use std::ops::Range;

use super::grammar::Grammar;
use crate::taxonomy::Cue;
use crate::text::script::is_han;
use crate::text::{Clause, Cut, Folded, clause, fold_into};
use crate::words::{Span, Speaker, TurnKind, TurnView};

/// Where one message stands on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet {
    /// Its place among the record's turns.
    pub turn: u32,
    pub start: u32,
}

/// Bytes of a short line: thirty Han characters, or a sentence of English.
const SHORT: usize = 90;

/// The folded messages of one speaker.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub text: String,
    pub sheets: Vec<Sheet>,
    pub clauses: Vec<Clause>,
    /// Spaces between Han phrases.
    soft: Vec<u32>,
    borders: Vec<u32>,
}

/// True if this turn's words are read for rules that listen to `speaker`.
fn is_heard(turn: &TurnView<'_>, speaker: Speaker) -> bool {
    let words = matches!(turn.kind, TurnKind::Said | TurnKind::FollowUp);
    turn.speaker == speaker && (words || (speaker != Speaker::Buyer && turn.kind == TurnKind::Automatic))
}

impl Page {
    /// Folds what `speaker` said.
    pub fn fill(&mut self, turns: &[TurnView<'_>], speaker: Speaker) {
        self.text.clear();
        self.sheets.clear();
        self.soft.clear();
        for (i, turn) in turns.iter().enumerate().filter(|(_, t)| is_heard(t, speaker)) {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            let (start, soft) = (self.text.len() as u32, self.soft.len());
            fold_into(turn.text, &mut self.text, &mut self.soft);
            if !clause::spaces_are_borders(&self.text[start as usize..], &self.soft[soft..]) {
                self.soft.truncate(soft);
            }
            self.sheets.push(Sheet { turn: i as u32, start });
        }
    }

    /// Cuts the page into clauses; `contrasts` finds the places in its text, sorted, where a contrast word begins.
    pub fn cut(&mut self, contrasts: impl FnOnce(&str, &mut Vec<u32>)) {
        self.borders.clear();
        self.borders.extend_from_slice(&self.soft);
        contrasts(&self.text, &mut self.borders);
        if self.borders.len() > self.soft.len() && !self.soft.is_empty() {
            self.borders.sort_unstable();
        }
        clause::split(&self.text, &self.borders, &mut self.clauses);
    }

    /// Takes back the question marks that an export wrote for a picture: several in a row (Chinese doubles real ones) or one after
    /// a statement (Camera is poor ?), at the end of a clause which does not ask.
    pub fn unmark_pictures(&mut self, grammar: &Grammar, asks: impl Fn(&Clause) -> bool) {
        for clause in self.clauses.iter_mut().filter(|c| c.cut == Cut::Question) {
            let said = &self.text[clause.start as usize..clause.end as usize];
            let marks = &self.text[clause.end as usize..];
            let drawn = match said.contains(is_han) {
                true => marks.starts_with("???"),
                false => marks.starts_with("??") || states(said, grammar),
            };
            if drawn && !asks(clause) {
                clause.cut = Cut::Sentence;
            }
        }
    }

    /// True if a space that parts two phrases stands between these places. A word reaches across it only if it holds all of the
    /// phrase on one side (物流 很快); in 质量很好 用了一次 nothing is 好用.
    pub fn is_parted(&self, start: u32, end: u32) -> bool {
        let next = self.soft.partition_point(|at| *at <= start);
        self.soft.get(next).is_some_and(|at| *at < end)
    }

    /// True if such a space stands there.
    pub fn is_border(&self, at: u32) -> bool {
        self.soft.binary_search(&at).is_ok()
    }

    /// The clause of a place, looked for from a clause nearby.
    pub fn clause_near(&self, mut clause: usize, at: u32) -> usize {
        while clause > 0 && self.clauses[clause].start > at {
            clause -= 1;
        }
        while self.clauses.get(clause + 1).is_some_and(|c| c.start <= at) {
            clause += 1;
        }
        clause
    }

    /// The next clause of the same sentence.
    pub fn clause_after(&self, clause: &Clause) -> Option<&Clause> {
        let at = self.clauses.partition_point(|c| c.start <= clause.start);
        self.clauses.get(at).filter(|next| next.sentence == clause.sentence)
    }

    /// True if the line that a clause belongs to is no longer than a question would be.
    pub fn is_short(&self, clause: &Clause) -> bool {
        if self.text.len() <= SHORT {
            return true;
        }
        let bytes = self.text.as_bytes();
        let (start, end) = (clause.start as usize, clause.end as usize);
        let before = &bytes[start.saturating_sub(SHORT + 1)..start];
        let after = &bytes[end..bytes.len().min(end + SHORT + 1)];
        let before = before.len() - memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let after = memchr::memchr(b'\n', after).unwrap_or(after.len());
        before + (end - start) + after <= SHORT
    }

    /// True if the page is a single line of no more than so many bytes.
    pub fn is_single(&self, most: usize) -> bool {
        self.text.len() <= most && !self.text.contains('\n')
    }

    /// True if nothing readable stands beside these words.
    pub fn stands_alone(&self, start: u32, end: u32) -> bool {
        let readable = |c: char| c.is_alphanumeric();
        !self.text[..start as usize].ends_with(readable) && !self.text[end as usize..].starts_with(readable)
    }

    /// True if nothing stands before this place in its line.
    pub fn opens_line(&self, at: u32) -> bool {
        self.text[..at as usize].chars().rev().take_while(|c| *c != '\n').all(|c| !c.is_alphanumeric())
    }

    /// True if the page is a single line, no longer than a question would be.
    pub fn is_one_line(&self) -> bool {
        self.is_single(SHORT)
    }

    /// True if the page has several lines, most of them short.
    pub fn has_short_lines(&self) -> bool {
        let lines = self.text.lines().count();
        let short = self.text.lines().filter(|l| l.len() <= SHORT).count();
        lines > 1 && short * 3 >= lines * 2
    }

    /// The message of a place.
    pub fn sheet_at(&self, at: u32) -> usize {
        self.sheets.partition_point(|s| s.start <= at).saturating_sub(1)
    }

    /// The bytes of the message of a place.
    pub fn message(&self, at: u32) -> Range<u32> {
        let sheet = self.sheet_at(at);
        let end = self.sheets.get(sheet + 1).map_or(self.text.len() as u32, |next| next.start);
        self.sheets[sheet].start..end
    }

    /// The bytes of the verbatim behind these bytes of the page, given the fold of their message.
    pub fn back(&self, sheet: usize, folded: &Folded, span: Span) -> Span {
        let start = self.sheets[sheet].start;
        folded.back(Span { start: span.start - start, end: span.end - start })
    }
}

/// True if words of other scripts than Han stand in the order of a statement: the verb comes after what it is said of.
fn states(said: &str, grammar: &Grammar) -> bool {
    let verb = |word: &str| grammar.of(Cue::ToBe).is(word);
    let asks = |word: &str| verb(word) || grammar.of(Cue::AsksFirst).is(word);
    let words = || said.split_whitespace();
    let mut pairs = words().zip(words().skip(1));
    let turned = pairs.any(|(a, b)| verb(a) && grammar.of(Cue::Subject).is(b));
    words().any(verb) && !words().next().is_some_and(asks) && !turned
}

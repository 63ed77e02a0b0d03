//! What is not so: wished, supposed, feared, expected, nearly, or said of something else.

use super::{Around, Heard};
use crate::reading::compile::Step;
use crate::reading::page::Page;
use crate::reading::scan::CueHit;
use crate::taxonomy::Cue;
use crate::words::Stance;

/// A condition or expectation in words reaches this far: `if you use too much of it`.
const CONDITION: usize = 5;

/// What is nearly so stands this close in words: `almost knocked over`.
const NEARLY: usize = 1;

/// What is less than another names it this close: 没有我以前买的好.
const COMPARED: usize = 3;

/// What is bad stands this close after what may be another thing, and before the sentence comes back to this one ...
const AHEAD: usize = 20;

/// ... or the next sentence opens with it: so this one.
const OPENS: usize = 1;

/// Bytes of the longest words that hold this one against something else, with a space.
const LONGEST: u32 = 24;

impl Heard<'_> {
    /// The cue that opens the shop's own reply, if a place stands in one: an export of answers holds them among the customers'.
    pub(super) fn reply(&self, at: u32) -> Option<CueHit> {
        let before = &self.replies[..self.replies.partition_point(|c| c.start <= at)];
        before.last().copied().filter(|c| c.cue == Cue::Reply)
    }
}

impl Around<'_> {
    /// The cue that says that it is not so, or not known.
    pub(super) fn unreal(&self, step: &Step) -> Option<CueHit> {
        let first = self.first();
        let before = |c: &CueHit| c.end <= first;
        self.cues.iter().copied().find(|c| match c.cue {
            // I had hoped it would be better: what was hoped for is not wished.
            Cue::Wish => before(c) || self.gap(c.end, self.clause.end) == 0 && self.awaited().is_none(),
            Cue::Conditional => before(c) && (self.is_han() || self.gap(c.end, first) <= CONDITION),
            Cue::Unknown => before(c) && self.is_unanswered(step),
            Cue::Unsure | Cue::Feared => before(c) && !self.is_turned(c),
            // almost done, one thing: they stink.
            Cue::Almost => before(c) && !self.is_turned(c) && (self.is_han() || self.gap(c.end, first) <= NEARLY),
            Cue::ThirdParty => before(c) && !self.is_turned(c) && !self.is_measure(c),
            _ => false,
        })
    }

    /// The cue in the sentence before the evidence that speaks of other things or an earlier time, if nothing since comes back to
    /// this one: I tried other brands, they all leaked.
    pub(super) fn of_others(&self) -> Option<CueHit> {
        let clauses = &self.heard.page.clauses;
        let sentence = clauses[clauses.partition_point(|c| c.sentence < self.clause.sentence)].start;
        let of = |kind: Cue| {
            let mut named = self.apart(kind, sentence, self.first());
            let others = *named.clone().last()?;
            let back = |kind: Cue| self.apart(kind, others.end, self.last()).next().is_some();
            (!back(Cue::This) && !back(Cue::Points) && !named.any(|c| self.is_measure(c))).then_some(others)
        };
        let near = |c: &CueHit| self.gap(c.end, self.first()) <= AHEAD;
        of(Cue::Others).or_else(|| of(Cue::Elsewhere).filter(|c| near(c) && self.comes_back()))
    }

    /// True if this one is pointed at after the evidence: 以前的起皮，这款不会; in words with a contrast before it (most are slow, but
    /// this one flies), or at the head of the next sentence (Most are slow. This one flies).
    fn comes_back(&self) -> bool {
        let Heard { page: Page { clauses, .. }, cues, .. } = self.heard;
        let next = clauses.partition_point(|c| c.sentence <= self.clause.sentence);
        let (last, end) = (self.last(), clauses[next - 1].end);
        let turns = |at: u32| {
            let before = |c: &CueHit| c.cue == Cue::Contrast && c.start >= last && self.gap(c.end, at) <= COMPARED;
            cues.iter().take_while(|c| c.end <= at).any(before)
        };
        let close = |c: &CueHit| self.gap(last, c.start) <= AHEAD && (self.is_han() || turns(c.start));
        self.apart(Cue::Points, last, end).any(|c| close(c) && !self.is_measure(c))
            || clauses.get(next).is_some_and(|n| {
                let opens = |c: &CueHit| self.gap(n.start, c.start) <= OPENS;
                self.apart(Cue::Points, n.start, n.end).any(opens)
            })
    }

    /// The condition of what would have been better without it: 如果没有线头就更好了.
    pub(super) fn regretted(&self, step: &Step) -> Option<CueHit> {
        let first = self.first();
        let condition = self.before_evidence(|c| matches!(c, Cue::Conditional | Cue::Wish))?;
        let denied = |c: &CueHit| c.cue == Cue::Negation && c.start >= condition.end && c.end <= first;
        let rest = &self.heard.page.text[self.last() as usize..];
        let rest = &rest[..rest.find(['\n', '。', '；']).unwrap_or(rest.len())];
        let better = self.small(Cue::Better).within(rest);
        (step.stance == Stance::Complaint && better && self.cues.iter().any(denied)).then_some(condition)
    }

    /// The cue that says that it was expected, promised or claimed.
    pub(super) fn awaited(&self) -> Option<CueHit> {
        let near = |c: &CueHit| self.is_han() || self.gap(c.end, self.first()) <= CONDITION;
        self.before_evidence(|c| matches!(c, Cue::Expected | Cue::Promised | Cue::Claimed))
            .filter(|c| !self.is_turned(c) && near(c))
    }

    /// The condition that closes what is supposed (好用的话); a topic before it is only named (质量的话).
    pub(super) fn supposed(&self, step: &Step) -> Option<CueHit> {
        let last = self.last();
        let closes = |c: &CueHit| c.cue == Cue::Conditional && c.start >= last && self.gap(last, c.start) == 0;
        self.cues.iter().copied().find(|c| step.stance != Stance::Mention && closes(c) && self.is_han())
    }

    /// True if what is not known is the thing itself; the reason alone may be (不知道为什么不能用).
    fn is_unanswered(&self, step: &Step) -> bool {
        let complains = || match step.stance {
            Stance::Mention => self.opinion(&mut Vec::new()) == Some(Stance::Complaint),
            stance => stance == Stance::Complaint,
        };
        self.question().is_some_and(|q| q.cue != Cue::Why || !complains())
    }

    /// True if this one is held against the other that the cue names: 和我以前买的一样好, 还不如以前买的好, compared to my old one.
    fn is_measure(&self, cue: &CueHit) -> bool {
        let less = |c: &CueHit| c.cue == Cue::Less && c.start <= cue.start && self.gap(c.end, cue.start) <= COMPARED;
        // 不像别人说的是假货: denied as well.
        let denied = |m: &CueHit| self.cues.iter().any(|c| c.cue == Cue::Negation && c.end == m.start);
        let mut measures = self.apart(Cue::Measure, cue.start.saturating_sub(LONGEST), cue.start);
        self.heard.cues.iter().any(less) || measures.any(|m| self.gap(m.end, cue.start) <= 1 && !denied(m))
    }

    /// True if the clause turns between a cue and the evidence.
    fn is_turned(&self, cue: &CueHit) -> bool {
        let first = self.first();
        let between = |c: &&CueHit| c.start >= cue.end && c.start < first;
        self.cues.iter().filter(between).any(|c| matches!(c.cue, Cue::Barrier | Cue::Contrast | Cue::Turn))
    }
}

//! What is not so: wished, supposed, feared, expected, nearly, or said of something else.

use super::Around;
use crate::reading::compile::Step;
use crate::reading::scan::CueHit;
use crate::taxonomy::Cue;
use crate::words::Stance;

/// A condition or expectation in words reaches this far: `if you use too much of it`.
const CONDITION: usize = 5;

impl Around<'_> {
    /// The cue that says that it is not so, or not known.
    pub(super) fn unreal(&self, step: &Step) -> Option<CueHit> {
        let first = self.first();
        let before = |c: &CueHit| c.end <= first;
        // 还不如以前买的好: the other thing is what this one is held against.
        let compared = |c: &CueHit| self.cues.iter().any(|less| less.cue == Cue::Less && less.end <= c.start);
        self.cues.iter().copied().find(|c| match c.cue {
            // I had hoped it would be better: what was hoped for is not wished.
            Cue::Wish => before(c) || self.gap(c.end, self.clause.end) == 0 && self.awaited().is_none(),
            Cue::Conditional => before(c) && (self.is_han() || self.gap(c.end, first) <= CONDITION),
            Cue::Unknown => before(c) && self.is_unanswered(step),
            Cue::Unsure | Cue::Feared | Cue::Almost => before(c) && !self.is_turned(c),
            Cue::ThirdParty => before(c) && !self.is_turned(c) && !compared(c) && !self.is_measure(c),
            _ => false,
        })
    }

    /// The condition of what would have been better without it: 如果没有线头就更好了.
    pub(super) fn regretted(&self, step: &Step) -> Option<CueHit> {
        let first = self.first();
        let condition = self.before_evidence(|c| matches!(c, Cue::Conditional | Cue::Wish))?;
        let denied = |c: &CueHit| c.cue == Cue::Negation && c.start >= condition.end && c.end <= first;
        let rest = &self.heard.page.text[self.last() as usize..];
        let rest = &rest[..rest.find(['\n', '。', '；']).unwrap_or(rest.len())];
        let better = rest.find('就').is_some_and(|at| rest[at..].contains(['好', '美']));
        (step.stance == Stance::Complaint && better && self.cues.iter().any(denied)).then_some(condition)
    }

    /// The cue that says that it was expected or promised.
    pub(super) fn awaited(&self) -> Option<CueHit> {
        let near = |c: &CueHit| self.is_han() || self.gap(c.end, self.first()) <= CONDITION;
        self.before_evidence(|c| matches!(c, Cue::Expected | Cue::Promised)).filter(|c| !self.is_turned(c) && near(c))
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

    /// True if this one is held against the other that the cue names: 和以前买的一样好, compared to my old one.
    fn is_measure(&self, cue: &CueHit) -> bool {
        let before = self.heard.page.text[..cue.start as usize].trim_end();
        // 不像别人说的是假货: denied as well.
        before.ends_with(['和', '跟', '与', '比', '同', '像', '较']) && !before.ends_with("不像")
            || [" to", " than", " with", " from", "unlike", " as"].iter().any(|word| before.ends_with(word))
    }

    /// True if the clause turns between a cue and the evidence.
    fn is_turned(&self, cue: &CueHit) -> bool {
        let first = self.first();
        let between = |c: &&CueHit| c.start >= cue.end && c.start < first;
        self.cues.iter().filter(between).any(|c| matches!(c.cue, Cue::Barrier | Cue::Contrast))
    }
}

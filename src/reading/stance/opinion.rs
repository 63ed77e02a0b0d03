//! Opinions: what is said of a topic that is only named.

use super::{Around, BARE, Manner, is_opinion};
use crate::reading::scan::CueHit;
use crate::taxonomy::Cue;
use crate::text::Clause;
use crate::words::Stance;

/// An opinion is looked for this far after its topic ...
const OPINION_AFTER: usize = 12;
/// ... and this far before it, in words of other scripts than Han or over a list (超赞的发货速度、商品质量) this far.
const OPINION_BEFORE: usize = 4;
const OPINION_LISTED: usize = 7;
/// Who talks to a shop says little of it: there an opinion stands this close after its topic, and never before it
/// (可以退款的).
const OPINION_IN_TALK: usize = 5;

impl Around<'_> {
    /// The opinion on a topic: the next after it, else one right before it; denials turn it, and so
    /// does an exception (除了包装其他都好).
    pub(super) fn opinion(&self, used: &mut Vec<CueHit>) -> Option<Stance> {
        let (first, last) = (self.first(), self.last());
        let talks = self.manner == Manner::Talks;
        let reach = if talks { OPINION_IN_TALK } else { OPINION_AFTER };
        let after = self
            .cues
            .iter()
            .position(|c| is_opinion(c) && c.start >= last)
            .filter(|i| self.gap(last, self.cues[*i].start) <= reach);
        let before = || {
            let nearest = |to: u32, kind: &dyn Fn(&CueHit) -> bool| {
                self.cues.iter().rposition(|c| c.end <= to && (kind(c) || c.cue == Cue::Joiner))
            };
            let mut to = first;
            let mut i = nearest(to, &is_opinion)?;
            // 超赞的质量和服务: what joins two topics may stand between, right before the second.
            if self.cues[i].cue == Cue::Joiner && self.gap(self.cues[i].end, first) <= BARE {
                to = self.cues[i].start;
                i = nearest(to, &is_opinion)?;
            }
            let lists = || self.heard.page.text[self.cues[i].end as usize..to as usize].contains('、');
            let reach = if lists() { OPINION_LISTED } else { OPINION_BEFORE };
            (is_opinion(&self.cues[i]) && self.gap(self.cues[i].end, to) <= reach).then_some(i)
        };
        let i = after.or_else(|| before().filter(|_| !talks))?;
        let hit = self.cues[i];
        let from = used.len();
        for (n, cue) in self.cues[..i].iter().enumerate() {
            let again = used.last().is_some_and(|u| u.start == cue.start);
            // 不是棉的质量差: what is denied before a topic is not what is said of it.
            let apart =
                cue.end < first && hit.start >= last && self.says(Cue::IsNot, cue) && self.gap(cue.end, first) > 1;
            if matches!(cue.cue, Cue::Negation | Cue::Less)
                && !again
                && !apart
                && self.reaches(n, hit.start, hit.cue == Cue::Negative)
            {
                used.push(*cue);
            }
        }
        // The quality is supposed to be good, used to be good: it is not.
        let awaited = |c: &&CueHit| matches!(c.cue, Cue::Expected | Cue::Promised) && c.start >= last;
        if hit.cue == Cue::Positive
            && used.len() == from
            && let Some(cue) = self.cues[..i].iter().find(awaited)
        {
            used.push(*cue);
        }
        let mut turned = (used.len() - from) % 2 == 1;
        let rest = self.cues[..i].iter().any(|c| c.cue == Cue::Rest && c.start >= last);
        if let Some(except) = self.before_evidence(|c| c == Cue::Except).filter(|_| rest) {
            used.push(except);
            turned = !turned;
        }
        used.push(hit);
        Some(if (hit.cue == Cue::Positive) == turned { Stance::Complaint } else { Stance::Praise })
    }

    /// The cue that takes the topic of a praise out of it: 除了快递其他都好.
    pub(super) fn excepted(&self) -> Option<CueHit> {
        let (first, last) = (self.first(), self.last());
        let except = self.before_evidence(|c| c == Cue::Except).filter(|c| self.gap(c.end, first) == 0)?;
        self.cues.iter().any(|c| c.cue == Cue::Rest && c.start > first && c.end <= last).then_some(except)
    }

    /// True if a stance counts that was found with these cues. Who talks to a shop wants something of it: what is only
    /// supposed there is nothing, and what is good is mostly asked for, told of (以前都是第二天就到的) or a fault that is
    /// not there (不是质量问题, 没拆封).
    pub(super) fn is_meant(&self, stance: Stance, used: &[CueHit]) -> bool {
        let denies = |c: &CueHit| matches!(c.cue, Cue::Negation | Cue::DeniesBefore | Cue::Little);
        match stance {
            _ if self.manner < Manner::Talks => true,
            Stance::Mention => used.is_empty(),
            Stance::Praise => self.is_praised() && !used.iter().any(denies),
            Stance::Complaint | Stance::Question => true,
        }
    }

    /// True if a clause of a chat holds a word of praise: most of what is good there is asked for or told of
    /// (以前都是第二天就到的).
    pub(super) fn is_praised(&self) -> bool {
        let Clause { start, end, .. } = *self.clause;
        let within = |c: &CueHit| c.start >= start && c.end <= end;
        let weak = |c: &CueHit| self.apart(Cue::Weak, c.start, c.end).any(|w| w.start == c.start && w.end == c.end);
        let good = self.heard.cues.iter().any(|c| c.cue == Cue::Positive && within(c) && !weak(c));
        // Nothing new begins at these.
        let so = || self.small(Cue::So).within(&self.heard.page.text[start as usize..end as usize]);
        (good || so() || self.apart(Cue::Degree, start, end).next().is_some())
            && self.question().is_none()
            && self.before_evidence(|c| c == Cue::Possible).is_none()
    }
}

//! What is not so: wished, supposed, feared, nearly, or said of something else.

use super::Around;
use crate::reading::compile::Step;
use crate::reading::scan::CueHit;
use crate::taxonomy::Cue;
use crate::words::Stance;

impl Around<'_> {
    /// The cue that says that it is not so, or not known.
    pub(super) fn unreal(&self) -> Option<CueHit> {
        let first = self.first();
        let turned = |cue: &CueHit| {
            let between = |c: &&CueHit| c.start >= cue.end && c.start < first;
            self.cues.iter().filter(between).any(|c| matches!(c.cue, Cue::Barrier | Cue::Contrast))
        };
        self.cues.iter().copied().find(|c| match c.cue {
            Cue::Wish => c.end <= first || self.gap(c.end, self.clause.end) == 0,
            Cue::Conditional => c.end <= first,
            Cue::Unknown => c.end <= first && self.question().is_some(),
            Cue::Unsure | Cue::Feared | Cue::Almost | Cue::ThirdParty => c.end <= first && !turned(c),
            _ => false,
        })
    }

    /// The condition that closes what is supposed (好用的话); a topic before it is only named (质量的话).
    pub(super) fn supposed(&self, step: &Step) -> Option<CueHit> {
        let last = self.last();
        let closes = |c: &CueHit| c.cue == Cue::Conditional && c.start >= last && self.gap(last, c.start) == 0;
        self.cues.iter().copied().find(|c| step.stance != Stance::Mention && closes(c))
    }
}

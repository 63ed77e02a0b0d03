//! Stance: what the words around an evidence make of it, and which cue decided.

use super::compile::Step;
use super::page::Page;
use super::scan::CueHit;
use crate::taxonomy::{Cue, Denied};
use crate::text::script::{is_han, units};
use crate::text::{Clause, Cut};
use crate::words::{Span, Stance};

/// Denial reaches over this many Han characters or words.
const REACH: usize = 5;
/// An opinion is looked for this far after its topic ...
const OPINION_AFTER: usize = 12;
/// ... and this far before it.
const OPINION_BEFORE: usize = 4;
/// A denial after the evidence (异味完全没有) stands this close.
const DENIED_AFTER: usize = 4;

/// Working memory of [`decide`].
#[derive(Debug, Default)]
pub(super) struct Bench {
    /// The cues of the clause that no other covers, in order.
    cues: Vec<CueHit>,
    /// The cues that decided.
    pub used: Vec<CueHit>,
}

/// Decides the stance of an evidence, given its parts and clause; `None` if it is no evidence after
/// all. `bench.used` then holds the cues that decided.
pub(super) fn decide(
    page: &Page,
    cues: &[CueHit],
    step: &Step,
    parts: &[Span],
    clause: &Clause,
    bench: &mut Bench,
) -> Option<Stance> {
    bench.used.clear();
    if step.fixed {
        return Some(step.stance);
    }
    resolve(page, cues, parts, clause, &mut bench.cues);
    let around = Around { page, clause, parts, cues: &bench.cues };
    around.decide(step, &mut bench.used)
}

/// The cues of a clause outside the evidence: leftmost, then longest, without overlaps.
fn resolve(page: &Page, cues: &[CueHit], parts: &[Span], clause: &Clause, out: &mut Vec<CueHit>) {
    out.clear();
    let mut free_from = clause.start;
    let first = cues.partition_point(|c| c.start < clause.start);
    for hit in cues[first..].iter().take_while(|c| c.start < clause.end) {
        let span = Span { start: hit.start, end: hit.end };
        let same_place = out.last().is_some_and(|last| (last.start, last.end) == (hit.start, hit.end));
        if hit.end > clause.end || (hit.start < free_from && !same_place) || parts.iter().any(|p| p.overlaps(span)) {
            continue;
        }
        let mut hit = *hit;
        if hit.cue == Cue::Negation && is_a_not_a(&page.text, hit) {
            hit.cue = Cue::Question;
        }
        free_from = hit.end;
        out.push(hit);
    }
}

/// 大不大, 掉不掉色: the same character before and after a one-character denial asks.
fn is_a_not_a(text: &str, hit: CueHit) -> bool {
    let (start, end) = (hit.start as usize, hit.end as usize);
    let before = text[..start].chars().next_back();
    end - start == 3 && before.is_some_and(is_han) && before == text[end..].chars().next()
}

/// An evidence and the cues around it.
struct Around<'a> {
    page: &'a Page,
    clause: &'a Clause,
    parts: &'a [Span],
    cues: &'a [CueHit],
}

impl Around<'_> {
    fn decide(&self, step: &Step, used: &mut Vec<CueHit>) -> Option<Stance> {
        let is_topic = step.stance == Stance::Mention;
        if let Some(cue) = self.question() {
            let opinion = if is_topic { self.opinion(&mut Vec::new()) } else { Some(step.stance) };
            let given = opinion == Some(Stance::Complaint) && matches!(cue.cue, Cue::Why | Cue::Rhetorical);
            if !given {
                used.push(cue);
                return Some(Stance::Question);
            }
        }
        if let Some(cue) = self.unreal() {
            used.push(cue);
            return Some(if step.stance == Stance::Question { Stance::Question } else { Stance::Mention });
        }
        if is_topic {
            let silent = (!step.opinion).then_some(Stance::Mention);
            return self.opinion(used).or(silent);
        }
        let from = used.len();
        self.denials(used);
        if (used.len() - from) % 2 == 0 {
            return Some(step.stance);
        }
        match step.denied {
            Denied::Opposite => Some(opposite(step.stance)),
            Denied::Complaint => Some(Stance::Complaint),
            Denied::Praise => Some(Stance::Praise),
            Denied::Mention => Some(Stance::Mention),
            Denied::Nothing => None,
        }
    }

    fn first(&self) -> u32 {
        self.parts.iter().map(|p| p.start).min().unwrap_or(self.clause.start)
    }

    fn last(&self) -> u32 {
        self.parts.iter().map(|p| p.end).max().unwrap_or(self.clause.end)
    }

    /// Han characters and words between two places.
    fn gap(&self, from: u32, to: u32) -> usize {
        units(&self.page.text[from as usize..to as usize])
    }

    /// The cue that makes the clause a question.
    fn question(&self) -> Option<CueHit> {
        let asks = |c: &&CueHit| matches!(c.cue, Cue::Question | Cue::Why | Cue::Rhetorical);
        let strength = |c: &&CueHit| match c.cue {
            Cue::Rhetorical => 0,
            Cue::Why => 1,
            _ => 2,
        };
        let mark = || {
            let end = self.clause.end;
            (self.clause.cut == Cut::Question).then_some(CueHit { start: end, end: end + 1, cue: Cue::Question })
        };
        self.cues.iter().filter(asks).min_by_key(strength).copied().or_else(mark)
    }

    /// The cue that says that it is not so, or not known.
    fn unreal(&self) -> Option<CueHit> {
        let first = self.first();
        self.cues.iter().copied().find(|c| match c.cue {
            Cue::Wish => true,
            Cue::Conditional | Cue::Unsure | Cue::Feared | Cue::Almost | Cue::ThirdParty => c.end <= first,
            _ => false,
        })
    }

    /// Collects the denials that reach the evidence.
    fn denials(&self, used: &mut Vec<CueHit>) {
        for (i, hit) in self.cues.iter().enumerate() {
            let reaches = match hit.cue {
                Cue::Negation => {
                    let next = self.parts.iter().map(|p| p.start).filter(|start| *start >= hit.end).min();
                    next.is_some_and(|start| self.reaches(i, start))
                }
                Cue::DeniesBefore => self.denies_before(hit),
                _ => false,
            };
            if reaches && used.last().is_none_or(|u| u.start != hit.start) {
                used.push(*hit);
            }
        }
    }

    /// True if the denial at place `i` of the cues reaches what begins at `target`.
    fn reaches(&self, i: usize, target: u32) -> bool {
        let hit = self.cues[i];
        let stopped = self.cues[i + 1..]
            .iter()
            .take_while(|c| c.start < target)
            .any(|c| matches!(c.cue, Cue::Barrier | Cue::Contrast | Cue::Positive | Cue::Negative));
        !stopped && self.gap(hit.end, target) <= REACH
    }

    /// True if this denial closes the clause, shortly after the evidence.
    fn denies_before(&self, hit: &CueHit) -> bool {
        let rest = &self.page.text[hit.end as usize..self.clause.end as usize];
        let closes = rest.chars().all(|c| !c.is_alphanumeric() || "的了哦呢啊呀哈吧".contains(c));
        closes && hit.start >= self.last() && self.gap(self.last(), hit.start) <= DENIED_AFTER
    }

    /// The opinion on a topic: the next after it, else one right before it; denials turn it.
    fn opinion(&self, used: &mut Vec<CueHit>) -> Option<Stance> {
        let (first, last) = (self.first(), self.last());
        let is_opinion = |c: &CueHit| matches!(c.cue, Cue::Positive | Cue::Negative);
        let after = self
            .cues
            .iter()
            .position(|c| is_opinion(c) && c.start >= last)
            .filter(|i| self.gap(last, self.cues[*i].start) <= OPINION_AFTER);
        let before = || {
            let i = self.cues.iter().rposition(|c| c.end <= first && (is_opinion(c) || c.cue == Cue::Joiner))?;
            (is_opinion(&self.cues[i]) && self.gap(self.cues[i].end, first) <= OPINION_BEFORE).then_some(i)
        };
        let i = after.or_else(before)?;
        let hit = self.cues[i];
        let from = used.len();
        for (n, cue) in self.cues[..i].iter().enumerate() {
            if cue.cue == Cue::Negation && self.reaches(n, hit.start) {
                used.push(*cue);
            }
        }
        let denied = (used.len() - from) % 2 == 1;
        used.push(hit);
        Some(if (hit.cue == Cue::Positive) == denied { Stance::Complaint } else { Stance::Praise })
    }
}

fn opposite(stance: Stance) -> Stance {
    match stance {
        Stance::Complaint => Stance::Praise,
        Stance::Praise => Stance::Complaint,
        other => other,
    }
}

//! Stance: what the words around an evidence make of it, and which cue decided.

mod denials;
mod opinion;
mod questions;
mod unreal;

use super::compile::Step;
use super::grammar::{Grammar, Small};
use super::manner::Manner;
use super::operator::Part;
use super::page::Page;
use super::scan::CueHit;
use crate::taxonomy::{Cue, Denied};
use crate::text::script::{is_han, units};
use crate::text::{Clause, Cut};
use crate::words::{Span, Speaker, Stance};

/// A clause with no more than this beside its topic is bare, and the next clause may open with the
/// opinion on it ...
const BARE: usize = 1;
/// ... within this distance.
const OPENING: usize = 4;
/// A clause that goes on a list of topics has no more than these Han characters or words ...
const NAMED: usize = 3;
/// ... and a list no more than these clauses after the first.
const LISTED: usize = 4;

/// Working memory of [`decide`].
#[derive(Debug, Default)]
pub(in crate::reading) struct Bench {
    /// The cues of the clause that no other covers, in order.
    cues: Vec<CueHit>,
    /// The parts of the evidence within its clause.
    parts: Vec<Span>,
    /// The cues that decided.
    pub used: Vec<CueHit>,
}

/// A keyword of what was found.
#[derive(Clone, Copy, Debug)]
pub(in crate::reading) struct Held {
    pub category: u16,
    /// Which finding it belongs to.
    pub of: u32,
    /// Its rule complains.
    pub complains: bool,
    pub span: Span,
}

/// What was heard: the page, the small words, all its cues, those that stand apart, the bounds of replies, and the keywords of all
/// that was found.
#[derive(Clone, Copy)]
pub(in crate::reading) struct Heard<'a> {
    pub page: &'a Page,
    pub grammar: &'a Grammar,
    pub cues: &'a [CueHit],
    pub apart: &'a [CueHit],
    pub replies: &'a [CueHit],
    pub held: &'a [Held],
}

/// Decides the stance of an evidence, given its parts and the clause of the first of them; `None` if it is no evidence after
/// all. `bench.used` then holds the cues that decided.
pub(in crate::reading) fn decide(
    heard: Heard<'_>,
    step: &Step,
    parts: &[Part],
    clause: &Clause,
    manner: Manner,
    bench: &mut Bench,
) -> Option<Stance> {
    let Heard { page, cues, .. } = heard;
    bench.used.clear();
    if step.speaker == Speaker::Buyer
        && let Some(reply) = heard.reply(parts[0].start)
    {
        bench.used.push(reply);
        return None;
    }
    if step.fixed {
        return Some(step.stance);
    }
    let within = Span { start: clause.start, end: clause.end };
    bench.parts.clear();
    bench.parts.extend(parts.iter().map(|p| p.span()).filter(|p| within.covers(*p)));
    let closing = closing_topic(step, parts);
    resolve(heard, &bench.parts, clause, &mut bench.cues);
    let around =
        Around { manner, category: step.category, heard, clause, parts: &bench.parts, closing, cues: &bench.cues };
    let decided = around.decide(step, &mut bench.used);
    if decided != Verdict::LookOn {
        return decided.stance();
    }
    // A clause that only names its topic (包装，很好) is answered by the next, or by the one that ends the list (质量，物流，都很好).
    let silent = manner.silence(step.for_chats()).filter(|_| !step.opinion);
    let says_more = |c: &&Clause| {
        let opinion = |hit: &CueHit| hit.start >= c.start && hit.end <= c.end && is_opinion(hit);
        units(&page.text[c.start as usize..c.end as usize]) > NAMED || cues.iter().any(opinion)
    };
    let after = std::iter::successors(page.clause_after(clause), |c| page.clause_after(c));
    let Some(next) = after.take(LISTED).find(says_more) else { return silent };
    resolve(heard, &[], next, &mut bench.cues);
    let opening = [Span { start: next.start, end: next.start }];
    let around = Around {
        manner,
        category: step.category,
        heard,
        clause: next,
        parts: &opening,
        closing: None,
        cues: &bench.cues,
    };
    let opens = around.cues.iter().find(|c| is_opinion(c));
    if opens.is_none_or(|c| around.gap(next.start, c.start) > OPENING) {
        return silent;
    }
    around.opinion(&mut bench.used).filter(|stance| around.is_meant(*stance, &bench.used)).or(silent)
}

/// Where the topic of a `near` stands, if it is the last of the parts: what stands between the opinion and it
/// (薄薄的一层摸不到羽绒) denies neither.
fn closing_topic(step: &Step, parts: &[Part]) -> Option<u32> {
    let last = parts.iter().max_by_key(|p| p.start).filter(|_| parts.len() > 1 && !step.near.is_empty())?;
    (last.slot == step.near.start).then_some(last.start)
}

/// What a clause says of an evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Stance(Stance),
    Nothing,
    /// A topic by itself: the next clause may tell.
    LookOn,
}

impl Verdict {
    fn stance(self) -> Option<Stance> {
        match self {
            Verdict::Stance(stance) => Some(stance),
            _ => None,
        }
    }
}

/// The cues of a clause outside the evidence: leftmost, then longest, without overlaps.
fn resolve(heard: Heard<'_>, parts: &[Span], clause: &Clause, out: &mut Vec<CueHit>) {
    let Heard { page, cues, grammar, .. } = heard;
    out.clear();
    let mut free_from = clause.start;
    let first = cues.partition_point(|c| c.start < clause.start);
    for hit in cues[first..].iter().take_while(|c| c.start < clause.end) {
        let same_place = out.last().is_some_and(|last| (last.start, last.end) == (hit.start, hit.end));
        if hit.end > clause.end || (hit.start < free_from && !same_place) || is_of_evidence(hit, parts) {
            continue;
        }
        let mut hit = *hit;
        if matches!(hit.cue, Cue::Negation | Cue::Little) && is_a_not_a(&page.text, hit, grammar.of(Cue::Bare)) {
            hit.cue = Cue::Question;
        }
        // What is little may begin a denial of what follows: 不大不小.
        if hit.cue != Cue::Little {
            free_from = hit.end;
        }
        out.push(hit);
    }
}

/// True if a cue is part of what the keywords say: it shares a place with one. Only a question may
/// hold a keyword (什么质量), or reach into it (能不能退).
fn is_of_evidence(hit: &CueHit, parts: &[Span]) -> bool {
    let span = Span { start: hit.start, end: hit.end };
    let asks = matches!(hit.cue, Cue::Question | Cue::Tag | Cue::Why | Cue::Rhetorical);
    let beyond = |p: Span| hit.cue == Cue::Rhetorical && span.end > p.end;
    let asks_of = |p: Span| asks && (span.start < p.start || beyond(p) || span.covers(p) && span.len() > p.len());
    parts.iter().any(|p| p.overlaps(span) && !asks_of(*p))
}

/// 大不大, 掉不掉色: the same character before and after a one-character denial asks.
fn is_a_not_a(text: &str, hit: CueHit, bare: &Small) -> bool {
    let before = text[..hit.start as usize].chars().next_back();
    let mut from = text[hit.start as usize..].chars();
    from.next();
    (hit.cue != Cue::Negation || hit.end - hit.start == 3)
        && (hit.cue == Cue::Negation || bare.begins(&text[hit.start as usize..]))
        && before.is_some_and(is_han)
        && before == from.next()
}

/// An evidence and the cues around it.
struct Around<'a> {
    manner: Manner,
    category: u16,
    heard: Heard<'a>,
    clause: &'a Clause,
    parts: &'a [Span],
    /// Where a topic closes the evidence.
    closing: Option<u32>,
    /// The cues of the clause, resolved.
    cues: &'a [CueHit],
}

impl Around<'_> {
    fn decide(&self, step: &Step, used: &mut Vec<CueHit>) -> Verdict {
        match self.judge(step, used) {
            Verdict::Stance(stance)
                if self.manner == Manner::Talks && !self.is_meant(stance, used) && self.answered().is_none() =>
            {
                used.clear();
                Verdict::Nothing
            }
            // I tried other brands, they all leaked: nothing is said of this one.
            Verdict::Stance(Stance::Complaint) => {
                let Some(others) = self.of_others() else { return Verdict::Stance(Stance::Complaint) };
                used.clear();
                used.push(others);
                Verdict::Nothing
            }
            verdict => verdict,
        }
    }

    fn judge(&self, step: &Step, used: &mut Vec<CueHit>) -> Verdict {
        if step.stance == Stance::Question {
            return self.asked_outright(used);
        }
        if let Some(cue) = self.halved() {
            used.push(cue);
            return Verdict::Stance(match step.stance {
                _ if self.manner == Manner::Talks || self.clause.cut == Cut::Question => Stance::Question,
                // 怀疑是不是假货
                Stance::Praise if self.says(Cue::ToBe, &cue) => Stance::Complaint,
                _ => Stance::Mention,
            });
        }
        if let Some(yes) = self.answered() {
            return match self.told_of(step, used) {
                Verdict::Stance(stance) if !yes => Verdict::Stance(opposite(stance)),
                verdict => verdict,
            };
        }
        if let Some((cue, stance)) = self.asked(step) {
            used.push(cue);
            return Verdict::Stance(stance);
        }
        if let Some(cue) = self.regretted(step) {
            used.push(cue);
            return Verdict::Stance(Stance::Complaint);
        }
        if let Some(cue) = self.unreal(step).or_else(|| self.supposed(step)) {
            used.push(cue);
            return Verdict::Stance(Stance::Mention);
        }
        let Some(cue) = self.awaited() else { return self.told_of(step, used) };
        used.push(cue);
        match (self.told_of(step, used), cue.cue) {
            // 客服说是正品: who knows.
            (Verdict::Stance(Stance::Praise), Cue::Claimed) => Verdict::Stance(Stance::Mention),
            // 以为很暖和: it is not.
            (Verdict::Stance(Stance::Praise), _) => Verdict::Stance(Stance::Complaint),
            (Verdict::Nothing, _) => Verdict::Nothing,
            // I had hoped it would be better: it is not.
            (_, Cue::Expected) if self.cues.iter().any(|c| c.cue == Cue::Wish && c.start >= self.last()) => {
                Verdict::Stance(Stance::Complaint)
            }
            // 说好的赠品没有: so it is.
            (Verdict::Stance(stance), Cue::Promised | Cue::Claimed) => Verdict::Stance(stance),
            _ => Verdict::Stance(Stance::Mention),
        }
    }

    /// What a clause says that neither asks nor supposes.
    fn told_of(&self, step: &Step, used: &mut Vec<CueHit>) -> Verdict {
        if step.stance == Stance::Mention
            && let Some(stance) = self.opinion(used)
        {
            return Verdict::Stance(stance);
        }
        if step.stance == Stance::Praise
            && let Some(except) = self.excepted()
        {
            used.push(except);
            return Verdict::Stance(Stance::Complaint);
        }
        let from = used.len();
        self.denials(step.stance, used);
        let denied = (used.len() - from) % 2 == 1;
        match (denied, step.denied) {
            (false, _) if step.stance != Stance::Mention => Verdict::Stance(step.stance),
            // 已经退货了: told, not asked for.
            (false, _) if self.manner == Manner::Talks && step.for_chats() && self.is_done() => {
                Verdict::Stance(Stance::Mention)
            }
            (false, _) if self.is_bare() => Verdict::LookOn,
            (false, _) if step.opinion => Verdict::Nothing,
            (false, _) => self.manner.silence(step.for_chats()).map_or(Verdict::Nothing, Verdict::Stance),
            // 没有说明书的照片: in a chat nobody asks for it.
            (true, Denied::Opposite)
                if step.stance == Stance::Mention && self.manner == Manner::Talks && !step.for_chats() =>
            {
                Verdict::Nothing
            }
            // What is spoken of is not there, or does not what it should: 没有赠品.
            (true, Denied::Opposite) if step.stance == Stance::Mention => Verdict::Stance(Stance::Complaint),
            (true, Denied::Opposite) => Verdict::Stance(opposite(step.stance)),
            (true, Denied::Complaint) => Verdict::Stance(Stance::Complaint),
            (true, Denied::Praise) => Verdict::Stance(Stance::Praise),
            (true, Denied::Mention) => Verdict::Stance(Stance::Mention),
            (true, Denied::Nothing) => Verdict::Nothing,
        }
    }

    fn may_ask(&self) -> bool {
        self.manner >= Manner::MayAsk
    }

    fn has_denial(&self) -> bool {
        self.cues.iter().any(|c| c.cue == Cue::Negation)
    }

    /// The first cue of a kind that stands before the evidence.
    fn before_evidence(&self, kind: impl Fn(Cue) -> bool) -> Option<CueHit> {
        let first = self.first();
        self.cues.iter().copied().find(|c| kind(c.cue) && c.end <= first)
    }

    /// The cues of a kind that stand apart, between two places; but for those in an idiom (超市).
    fn apart(&self, cue: Cue, from: u32, to: u32) -> impl Iterator<Item = &CueHit> + Clone {
        let Heard { apart, cues, .. } = self.heard;
        let within = apart[apart.partition_point(|c| c.start < from)..].iter().take_while(move |c| c.start < to);
        within.filter(move |c| {
            let hides = |idiom: &CueHit| idiom.cue == Cue::Idiom && idiom.start <= c.start && idiom.end > c.end;
            let near = &cues[cues.partition_point(|i| i.start + 48 < c.start)..];
            c.cue == cue && c.end <= to && !near.iter().take_while(|i| i.start <= c.start).any(hides)
        })
    }

    /// True if a cue of a kind that stands apart begins at a place, and ends before another.
    fn begins_with(&self, cue: Cue, at: u32, to: u32) -> bool {
        self.apart(cue, at, to).next().is_some_and(|c| c.start == at)
    }

    /// True if the clause says nothing but its topic.
    fn is_bare(&self) -> bool {
        self.gap(self.clause.start, self.first()) + self.gap(self.last(), self.clause.end) <= BARE
    }

    fn first(&self) -> u32 {
        self.parts.iter().map(|p| p.start).min().unwrap_or(self.clause.start)
    }

    fn last(&self) -> u32 {
        self.parts.iter().map(|p| p.end).max().unwrap_or(self.clause.end)
    }

    /// The words of a cue.
    fn said(&self, cue: &CueHit) -> &str {
        &self.heard.page.text[cue.start as usize..cue.end as usize]
    }

    /// The small words of a list.
    fn small(&self, cue: Cue) -> &Small {
        self.heard.grammar.of(cue)
    }

    /// True if a cue is a small word of a list.
    fn says(&self, list: Cue, cue: &CueHit) -> bool {
        self.small(list).is(self.said(cue))
    }

    /// Han characters and words between two places; none if the evidence reaches beyond its clause.
    fn gap(&self, from: u32, to: u32) -> usize {
        self.heard.page.text.get(from as usize..to as usize).map_or(0, units)
    }

    /// True for a Chinese clause.
    fn is_han(&self) -> bool {
        self.heard.page.text[self.clause.start as usize..self.clause.end as usize].chars().any(is_han)
    }
}

fn is_opinion(cue: &CueHit) -> bool {
    matches!(cue.cue, Cue::Positive | Cue::Negative)
}

fn opposite(stance: Stance) -> Stance {
    match stance {
        Stance::Complaint => Stance::Praise,
        Stance::Praise => Stance::Complaint,
        other => other,
    }
}

//! Stance: what the words around an evidence make of it, and which cue decided.

use super::compile::Step;
use super::operator::Part;
use super::page::Page;
use super::scan::CueHit;
use crate::taxonomy::{Cue, Denied};
use crate::text::script::{is_han, units};
use crate::text::{Clause, Cut};
use crate::words::{Span, Stance};

/// Denial reaches over this many Han characters or words.
const REACH: usize = 5;
/// ... and over this many of a list (没有瑕疵和脏污).
const LISTED: usize = 12;
/// An opinion is looked for this far after its topic ...
const OPINION_AFTER: usize = 12;
/// ... and this far before it.
const OPINION_BEFORE: usize = 4;
/// Who talks to a shop says little of it: there an opinion stands this close after its topic, and never before it
/// (可以退款的).
const OPINION_IN_TALK: usize = 5;
/// A clause with no more than this beside its topic is bare, and the next clause may open with the
/// opinion on it ...
const BARE: usize = 1;
/// ... within this distance.
const OPENING: usize = 4;
/// A denial after the evidence (异味完全没有) stands this close.
const DENIED_AFTER: usize = 4;

/// What ends a question in a chat, and softens a statement elsewhere.
const HALF_QUESTIONS: [char; 7] = ['吗', '么', '嘛', '吧', '呢', '不', '没'];

/// Working memory of [`decide`].
#[derive(Debug, Default)]
pub(super) struct Bench {
    /// The cues of the clause that no other covers, in order.
    cues: Vec<CueHit>,
    /// The parts of the evidence within its clause.
    parts: Vec<Span>,
    /// The cues that decided.
    pub used: Vec<CueHit>,
}

/// In what manner a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    /// A review of some length, in which hardly anybody asks: 用这样的包装说得过去吗？ complains.
    Tells,
    /// A short line: a question in it may be meant.
    MayAsk,
    /// A chat: who writes wants an answer, or something done.
    Talks,
}

impl Manner {
    /// What it means to name a topic and say nothing of it: in a chat, that it is asked for (申请退款).
    fn silence(self) -> Stance {
        match self {
            Manner::Talks => Stance::Question,
            _ => Stance::Mention,
        }
    }
}

/// What was heard: the page, all its cues, and the keywords of all that was found, each with its category.
#[derive(Clone, Copy)]
pub(super) struct Heard<'a> {
    pub page: &'a Page,
    pub cues: &'a [CueHit],
    pub held: &'a [(u16, Span)],
}

/// Decides the stance of an evidence, given its parts and the clause of the first of them; `None` if it is no evidence after
/// all. `bench.used` then holds the cues that decided.
pub(super) fn decide(
    heard: Heard<'_>,
    step: &Step,
    parts: &[Part],
    clause: &Clause,
    manner: Manner,
    bench: &mut Bench,
) -> Option<Stance> {
    let Heard { page, cues, .. } = heard;
    bench.used.clear();
    if step.fixed {
        return Some(step.stance);
    }
    let within = Span { start: clause.start, end: clause.end };
    bench.parts.clear();
    bench.parts.extend(parts.iter().map(|p| p.span()).filter(|p| within.covers(*p)));
    let closing = closing_topic(step, parts);
    resolve(page, cues, &bench.parts, clause, &mut bench.cues);
    let around =
        Around { manner, category: step.category, heard, clause, parts: &bench.parts, closing, cues: &bench.cues };
    let decided = around.decide(step, &mut bench.used);
    if decided != Verdict::LookOn {
        return decided.stance();
    }
    // A clause that only names its topic (包装，很好) is answered by the next.
    let silent = (!step.opinion).then_some(manner.silence());
    let Some(next) = page.clause_after(clause) else { return silent };
    resolve(page, cues, &[], next, &mut bench.cues);
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
    let opens = around.cues.iter().find(|c| matches!(c.cue, Cue::Positive | Cue::Negative));
    if opens.is_none_or(|c| around.gap(next.start, c.start) > OPENING) {
        return silent;
    }
    around.opinion(&mut bench.used).or(silent)
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
fn resolve(page: &Page, cues: &[CueHit], parts: &[Span], clause: &Clause, out: &mut Vec<CueHit>) {
    out.clear();
    let mut free_from = clause.start;
    let first = cues.partition_point(|c| c.start < clause.start);
    for hit in cues[first..].iter().take_while(|c| c.start < clause.end) {
        let same_place = out.last().is_some_and(|last| (last.start, last.end) == (hit.start, hit.end));
        if hit.end > clause.end || (hit.start < free_from && !same_place) || is_of_evidence(hit, parts) {
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

/// True if a cue is part of what the keywords say: it shares a place with one. Only a question may
/// hold a keyword (什么质量), or reach into it (能不能退).
fn is_of_evidence(hit: &CueHit, parts: &[Span]) -> bool {
    let span = Span { start: hit.start, end: hit.end };
    let asks = matches!(hit.cue, Cue::Question | Cue::Tag | Cue::Why | Cue::Rhetorical);
    let asks_of = |p: Span| asks && (span.start < p.start || span.covers(p) && span.len() > p.len());
    parts.iter().any(|p| p.overlaps(span) && !asks_of(*p))
}

/// 大不大, 掉不掉色: the same character before and after a one-character denial asks.
fn is_a_not_a(text: &str, hit: CueHit) -> bool {
    let (start, end) = (hit.start as usize, hit.end as usize);
    let before = text[..start].chars().next_back();
    end - start == 3 && before.is_some_and(is_han) && before == text[end..].chars().next()
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
        if step.stance == Stance::Question {
            return self.asked_outright(used);
        }
        if let Some((cue, stance)) = self.asked(step) {
            used.push(cue);
            return Verdict::Stance(stance);
        }
        if let Some(cue) = self.unreal().or_else(|| self.supposed(step)) {
            used.push(cue);
            return Verdict::Stance(Stance::Mention);
        }
        if step.stance == Stance::Mention
            && let Some(stance) = self.opinion(used)
        {
            return Verdict::Stance(stance);
        }
        let from = used.len();
        self.denials(used);
        let denied = (used.len() - from) % 2 == 1;
        match (denied, step.denied) {
            (false, _) if step.stance != Stance::Mention => Verdict::Stance(step.stance),
            (false, _) if self.is_bare() => Verdict::LookOn,
            (false, _) if step.opinion => Verdict::Nothing,
            (false, _) => Verdict::Stance(self.manner.silence()),
            // What is spoken of is not there, or does not what it should: 没有赠品.
            (true, Denied::Opposite) if step.stance == Stance::Mention => Verdict::Stance(Stance::Complaint),
            (true, Denied::Opposite) => Verdict::Stance(opposite(step.stance)),
            (true, Denied::Complaint) => Verdict::Stance(Stance::Complaint),
            (true, Denied::Praise) => Verdict::Stance(Stance::Praise),
            (true, Denied::Mention) => Verdict::Stance(Stance::Mention),
            (true, Denied::Nothing) => Verdict::Nothing,
        }
    }

    /// What a rule that asks by itself (能退货, how to use) comes to: told of, it is only mentioned; in a long review
    /// where nothing else asks, it is nothing.
    fn asked_outright(&self, used: &mut Vec<CueHit>) -> Verdict {
        let (told, asks) = (self.told(), self.question());
        used.extend(told.or(asks));
        match asks.map(|c| c.cue) {
            _ if told.is_some() => Verdict::Stance(Stance::Mention),
            Some(Cue::Rhetorical) => Verdict::Stance(Stance::Complaint),
            None if !self.may_ask() => Verdict::Nothing,
            _ => Verdict::Stance(Stance::Question),
        }
    }

    /// The cue that makes the clause a question or a complaint in a question's clothes.
    fn asked(&self, step: &Step) -> Option<(CueHit, Stance)> {
        let cue = self.question()?;
        let side = || match step.stance {
            Stance::Mention => self.opinion(&mut Vec::new()),
            stance => Some(stance),
        };
        match cue.cue {
            Cue::Rhetorical => Some((cue, Stance::Complaint)),
            // 怎么这么贵: the reason is asked, the complaint is given.
            Cue::Why if side() == Some(Stance::Complaint) => None,
            // 不知道会不会掉色: nobody is asked.
            _ if self.told().is_some() => None,
            Cue::Question if self.may_ask() || self.clause.cut == Cut::Question => Some((cue, Stance::Question)),
            // 留意了一下有没有打折: a long review tells of a question.
            Cue::Question => Some((cue, Stance::Mention)),
            Cue::Tag if self.is_open() => Some((cue, Stance::Question)),
            // 坏了?, 还没送呢: told, and an answer is wanted.
            Cue::Tag
                if (self.is_han() || !self.may_ask())
                    && self.is_weak(cue)
                    && !self.is_bare()
                    && side() == Some(Stance::Complaint) =>
            {
                None
            }
            // 很喜欢?: exports write ? for a picture that they cannot hold.
            Cue::Tag
                if (!self.may_ask() || self.is_lone_mark(cue))
                    && side() == Some(Stance::Praise)
                    && !self.has_denial() =>
            {
                None
            }
            _ if self.may_ask() || !self.is_han() => Some((cue, Stance::Question)),
            _ => Some((cue, Stance::Complaint)),
        }
    }

    /// The cue that says that a question is only told of: nobody is asked.
    fn told(&self) -> Option<CueHit> {
        let unknown = |c: Cue| matches!(c, Cue::Unknown | Cue::Unsure);
        self.before_evidence(unknown).filter(|_| self.clause.cut != Cut::Question && self.manner < Manner::Talks)
    }

    /// True if the clause speaks of what may be.
    fn is_open(&self) -> bool {
        let last = self.last();
        self.cues.iter().any(|c| c.cue == Cue::Possible && c.end <= last)
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

    /// Han characters and words between two places; none if the evidence reaches beyond its clause.
    fn gap(&self, from: u32, to: u32) -> usize {
        self.heard.page.text.get(from as usize..to as usize).map_or(0, units)
    }

    /// The cue that makes the clause a question.
    fn question(&self) -> Option<CueHit> {
        let asks = |c: &&CueHit| match c.cue {
            Cue::Question | Cue::Why => self.asks_there(c),
            cue => matches!(cue, Cue::Tag | Cue::Rhetorical),
        };
        let strength = |c: &&CueHit| match c.cue {
            Cue::Rhetorical => 0,
            Cue::Why => 1,
            Cue::Question => 2,
            _ => 3,
        };
        let mark = || {
            let end = self.clause.end;
            (self.clause.cut == Cut::Question).then_some(CueHit { start: end, end: end + 1, cue: Cue::Tag })
        };
        self.cues.iter().filter(asks).min_by_key(strength).copied().or_else(mark).or_else(|| self.half_question())
    }

    /// The last character of a clause in a chat, where it asks for a yes: 换货吧, 能退不.
    fn half_question(&self) -> Option<CueHit> {
        let end = self.clause.end;
        let last = self.heard.page.text[..end as usize].chars().next_back()?;
        let start = end - last.len_utf8() as u32;
        let asks = self.manner == Manner::Talks && HALF_QUESTIONS.contains(&last) && start >= self.last();
        asks.then_some(CueHit { start, end, cue: Cue::Tag })
    }

    /// True if nothing asks but a mark or a last character that may as well soften what is told.
    fn is_weak(&self, cue: CueHit) -> bool {
        cue.start >= self.clause.end || self.heard.page.text[cue.start as usize..].starts_with(['吧', '呢'])
    }

    /// True if nothing but the mark at the end of a Chinese clause asks.
    fn is_lone_mark(&self, cue: CueHit) -> bool {
        cue.start >= self.clause.end && self.is_han()
    }

    /// True for a Chinese clause.
    fn is_han(&self) -> bool {
        self.heard.page.text[self.clause.start as usize..self.clause.end as usize].chars().any(is_han)
    }

    /// Words of other scripts than Han ask at the head of their clause or before a question mark:
    /// `is this my size`, but not `this is my third`.
    fn asks_there(&self, cue: &CueHit) -> bool {
        let word = self.heard.page.text[cue.start as usize..].chars().next();
        word.is_some_and(is_han) || self.clause.cut == Cut::Question || self.gap(self.clause.start, cue.start) == 0
    }

    /// The cue that says that it is not so, or not known.
    fn unreal(&self) -> Option<CueHit> {
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
    fn supposed(&self, step: &Step) -> Option<CueHit> {
        let last = self.last();
        let closes = |c: &CueHit| c.cue == Cue::Conditional && c.start >= last && self.gap(last, c.start) == 0;
        self.cues.iter().copied().find(|c| step.stance != Stance::Mention && closes(c))
    }

    /// Collects the denials that reach the evidence.
    fn denials(&self, used: &mut Vec<CueHit>) {
        for (i, hit) in self.cues.iter().enumerate() {
            let reaches = match hit.cue {
                Cue::Negation => {
                    let next = self.parts.iter().map(|p| p.start).filter(|start| *start >= hit.end).min();
                    next.is_some_and(|start| self.closing != Some(start) && self.reaches(i, start))
                }
                Cue::DeniesBefore => self.denies_before(hit),
                _ => false,
            };
            if reaches && used.last().is_none_or(|u| u.start != hit.start) {
                used.push(*hit);
            }
        }
    }

    /// True if the denial at place `i` of the cues reaches what begins at `target`; not if that is
    /// itself a barrier (没过两天就降价).
    fn reaches(&self, i: usize, target: u32) -> bool {
        let hit = self.cues[i];
        let first = self.heard.cues.partition_point(|c| c.start < target);
        if self.heard.cues[first..].iter().take_while(|c| c.start == target).any(|c| c.cue == Cue::Barrier) {
            return false;
        }
        let listed = self.is_listed(hit.end, target);
        if !listed && self.is_spent(&hit, target) {
            return false;
        }
        let stops = |cue: Cue| match cue {
            Cue::Barrier | Cue::Contrast => true,
            Cue::Positive | Cue::Negative => !listed,
            _ => false,
        };
        let stopped = self.cues[i + 1..].iter().take_while(|c| c.start < target).any(|c| stops(c.cue));
        let reach = match (self.begins_anew(target), listed) {
            (true, _) => 1,
            (_, true) => LISTED,
            _ => REACH,
        };
        !stopped && !self.is_denied_anew(i, target) && self.gap(hit.end, target) <= reach
    }

    /// True if the denial belongs to another keyword of its category, which ends before the target: 不夹脚不磨脚.
    fn is_spent(&self, hit: &CueHit, target: u32) -> bool {
        let held = self.heard.held.iter().filter(|(category, _)| *category == self.category).map(|(_, span)| span);
        held.into_iter().any(|k| k.start <= hit.start && k.end > hit.end && k.end <= target)
    }

    /// True if what stands there begins with a denial or a degree of its own (不显脚大, 很自然): only a denial right
    /// before it turns that.
    fn begins_anew(&self, at: u32) -> bool {
        self.heard.page.text[at as usize..].chars().next().is_some_and(|c| "不没无未很挺超蛮".contains(c))
    }

    /// True if another denial stands between the one at place `i` and its target: `not dry and not oily`. Chinese ones
    /// that stand side by side make a yes.
    fn is_denied_anew(&self, i: usize, target: u32) -> bool {
        let hit = self.cues[i];
        let anew = |c: &CueHit| c.cue == Cue::Negation && c.start < target && self.gap(hit.end, c.start) > 0;
        !self.heard.page.text[hit.start as usize..].starts_with(is_han) && self.cues[i + 1..].iter().any(anew)
    }

    /// True if the target goes on a list after a denial: 没有瑕疵和脏污跟色差.
    fn is_listed(&self, from: u32, target: u32) -> bool {
        let between = self.heard.page.text.get(from as usize..target as usize).unwrap_or("");
        between
            .char_indices()
            .rev()
            .find(|(_, c)| "和跟与及或、".contains(*c))
            .is_some_and(|(at, c)| units(&between[at + c.len_utf8()..]) <= 1)
    }

    /// True if this denial closes the clause, shortly after the evidence.
    fn denies_before(&self, hit: &CueHit) -> bool {
        let rest = &self.heard.page.text[hit.end as usize..self.clause.end as usize];
        let closes = rest.chars().all(|c| !c.is_alphanumeric() || "的了哦呢啊呀哈吧".contains(c));
        closes && hit.start >= self.last() && self.gap(self.last(), hit.start) <= DENIED_AFTER
    }

    /// The opinion on a topic: the next after it, else one right before it; denials turn it, and so
    /// does an exception (除了包装其他都好).
    fn opinion(&self, used: &mut Vec<CueHit>) -> Option<Stance> {
        let (first, last) = (self.first(), self.last());
        let is_opinion = |c: &CueHit| matches!(c.cue, Cue::Positive | Cue::Negative);
        let talks = self.manner == Manner::Talks;
        let reach = if talks { OPINION_IN_TALK } else { OPINION_AFTER };
        let after = self
            .cues
            .iter()
            .position(|c| is_opinion(c) && c.start >= last)
            .filter(|i| self.gap(last, self.cues[*i].start) <= reach);
        let before = || {
            let i = self.cues.iter().rposition(|c| c.end <= first && (is_opinion(c) || c.cue == Cue::Joiner))?;
            (is_opinion(&self.cues[i]) && self.gap(self.cues[i].end, first) <= OPINION_BEFORE).then_some(i)
        };
        let i = after.or_else(|| before().filter(|_| !talks))?;
        let hit = self.cues[i];
        let from = used.len();
        for (n, cue) in self.cues[..i].iter().enumerate() {
            let again = used.last().is_some_and(|u| u.start == cue.start);
            if cue.cue == Cue::Negation && !again && self.reaches(n, hit.start) {
                used.push(*cue);
            }
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
}

fn opposite(stance: Stance) -> Stance {
    match stance {
        Stance::Complaint => Stance::Praise,
        Stance::Praise => Stance::Complaint,
        other => other,
    }
}

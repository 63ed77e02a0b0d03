//! Questions: which of them are asked, which only told of, and which complain.

use std::ops::Range;

use super::{Around, Heard, Manner, Verdict};
use crate::reading::compile::Step;
use crate::reading::grammar::Small;
use crate::reading::page::Page;
use crate::reading::scan::CueHit;
use crate::taxonomy::Cue;
use crate::text::script::{is_han, units};
use crate::text::{Clause, Cut};
use crate::words::Stance;

/// The writer of a review who answers a question of his own (Pricey? Of course) asks in no more words than these.
const OWN_QUESTION: usize = 12;
/// A greeting that asks (在吗) has no more Han characters or words than these.
const GREETING: usize = 2;

impl Around<'_> {
    /// What a rule that asks by itself (能退货, how to use) comes to: told of, it is only mentioned; in a long review
    /// where nothing else asks, or where the writer answers it, it is nothing.
    pub(super) fn asked_outright(&self, used: &mut Vec<CueHit>) -> Verdict {
        if self.answered().is_some() {
            return Verdict::Nothing;
        }
        let (told, asks) = (self.told(), self.question());
        used.extend(told.or(asks));
        match asks.map(|c| c.cue) {
            _ if told.is_some() => Verdict::Stance(Stance::Mention),
            Some(Cue::Rhetorical) => Verdict::Stance(Stance::Complaint),
            None if !self.may_ask() => Verdict::Nothing,
            None if self.is_done() => Verdict::Stance(Stance::Mention),
            _ => Verdict::Stance(Stance::Question),
        }
    }

    /// The cue that makes the clause a question or a complaint in a question's clothes.
    pub(super) fn asked(&self, step: &Step) -> Option<(CueHit, Stance)> {
        let cue = self.question()?;
        let side = || match step.stance {
            Stance::Mention => self.opinion(&mut Vec::new()),
            stance => Some(stance),
        };
        match cue.cue {
            Cue::Rhetorical => Some((cue, Stance::Complaint)),
            // 怎么这么贵: the reason is asked, the complaint is given.
            Cue::Why if side() == Some(Stance::Complaint) => None,
            // 怎么这么好看: so it is.
            Cue::Why
                if self.manner < Manner::Talks
                    && self.small(Cue::How).begins(self.said(&cue))
                    && side() == Some(Stance::Praise)
                    && !self.has_denial() =>
            {
                None
            }
            // 质感不错没怎么注意: the reason of something else is asked.
            Cue::Why
                if !self.may_ask() && self.is_han() && cue.start >= self.last() && side() == Some(Stance::Praise) =>
            {
                None
            }
            // 不知道会不会掉色: nobody is asked.
            _ if self.told().is_some() => None,
            // 样式不好看可以退吗: something else is asked.
            Cue::Tag | Cue::Question if step.stance == Stance::Complaint && self.asks_further(cue) => None,
            Cue::Question if self.may_ask() || self.clause.cut == Cut::Question => Some((cue, Stance::Question)),
            // 留意了一下有没有打折: a long review tells of a question.
            Cue::Question => Some((cue, Stance::Mention)),
            // 快递这么不负责任吗: what is so is not asked.
            Cue::Tag if side() == Some(Stance::Complaint) && self.is_wondered() => None,
            // 以后还会再来?: exports write ? for a picture that they cannot hold.
            Cue::Tag
                if !self.may_ask()
                    && self.is_lone_mark(cue)
                    && side() == Some(Stance::Praise)
                    && !self.has_denial() =>
            {
                None
            }
            Cue::Tag if self.is_open() => Some((cue, Stance::Question)),
            // 不会是假的吧: doubted.
            Cue::Tag if self.is_doubted() => match self.manner == Manner::Talks {
                true => Some((cue, Stance::Question)),
                false => Some((cue, Stance::Complaint)),
            },
            // 坏了?, 还没送呢: told, and an answer is wanted.
            Cue::Tag
                if (self.is_han() || !self.may_ask())
                    && self.is_weak(cue)
                    && (!self.is_bare() || self.begins_anew(self.first()))
                    && side() == Some(Stance::Complaint) =>
            {
                None
            }
            // 穿着看质量?: the same mark says nothing of a topic.
            Cue::Tag if !self.may_ask() && self.is_lone_mark(cue) && side().is_none() && !self.has_denial() => None,
            // 很喜欢?, and in a review 很喜欢吗 as well.
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

    /// What the writer answers to the short question that this clause puts: Pricey? Of course; 会起球吗，不会; 质量差吗？不差.
    pub(super) fn answered(&self) -> Option<bool> {
        let Clause { start, end, cut, .. } = *self.clause;
        let Page { text, clauses, .. } = self.heard.page;
        let asks = cut == Cut::Question || self.asks_to_the_end() && self.is_han();
        // 赠品呢？没有 answers by no yes or no, 怎么这么贵 neither.
        let why = || self.cues.iter().any(|c| c.cue == Cue::Why);
        let open = || self.small(Cue::Particle).ends(&text[..end as usize]) || why();
        if !asks || open() || self.gap(start, end) > OWN_QUESTION {
            return None;
        }
        let next = clauses.get(clauses.partition_point(|c| c.start <= start))?;
        let (question, answer) = (&text[start as usize..end as usize], &text[next.start as usize..next.end as usize]);
        let answer = answer.trim_start_matches(|c: char| !c.is_alphanumeric());
        let (yes, no) = (self.small(Cue::Yes), self.small(Cue::No));
        if !self.is_han() {
            let opens = |list: &Small| list.opens(answer).is_some();
            return (opens(yes) || opens(no)).then(|| opens(yes));
        }
        let unknown = |c: &CueHit| c.cue == Cue::Unknown && c.start >= next.start && c.end <= next.end;
        let other = text[end as usize..next.start as usize].contains('\n');
        if other
            || next.cut == Cut::Question
            || self.small(Cue::Softly).ends(answer)
            || self.heard.cues.iter().any(unknown)
        {
            return None;
        }
        let closes = |rest: &str| self.small(Cue::Particle).trim(rest).is_empty();
        let can = self.small(Cue::Can);
        let echoes = |rest: &str| !can.begins(rest) && rest.chars().next().is_some_and(|c| question.contains(c));
        // 快吗？快得很: the end of the question, and no other word that only begins so.
        let asked = question.trim_end_matches(|c: char| self.small(Cue::Softly).is(c.encode_utf8(&mut [0; 4])));
        let repeats = |rest: &str| {
            let mut ends = asked.char_indices().map(|(at, _)| &asked[at..]);
            !rest.is_empty() && question.contains(rest)
                || ends.any(|end| rest.strip_prefix(end).is_some_and(|rest| closes(rest) || units(end) > 1))
        };
        match (no.opens(answer), yes.opens(answer)) {
            (Some(rest), _) if closes(rest) || echoes(rest) => Some(false),
            (_, Some(rest)) if closes(rest) || repeats(rest) => Some(true),
            _ => repeats(answer).then_some(true),
        }
    }

    /// True if a Chinese clause asks and ends so: 会起球吗, 会不会起球.
    fn asks_to_the_end(&self) -> bool {
        let closes =
            |c: &CueHit| c.cue == Cue::Tag && c.end == self.clause.end && self.small(Cue::Softly).is(self.said(c));
        self.cues.iter().any(|c| c.cue == Cue::Question || closes(c))
    }

    /// True if a clause of a chat tells what was done (已经退了) or would be (如果不合适就退), and wants nothing, and nothing in
    /// its message asks.
    pub(super) fn is_done(&self) -> bool {
        let Clause { start, end, .. } = *self.clause;
        let (after, did) = (&self.heard.page.text[self.last() as usize..end as usize], self.small(Cue::Did));
        let done = did.begins(after) || did.ends(after) || self.apart(Cue::Done, start, end).next().is_some();
        (done || self.before_evidence(|c| c == Cue::Conditional).is_some())
            && self.apart(Cue::Wanted, start, end).next().is_none()
            && !self.message_asks()
    }

    /// True if something asks in the message of this clause; more than whether somebody is there (在吗).
    fn message_asks(&self) -> bool {
        let Heard { page, cues, .. } = self.heard;
        let within = page.message(self.clause.start);
        let from = page.clauses.partition_point(|c| c.start < within.start);
        page.clauses[from..].iter().take_while(|c| c.start < within.end).any(|c| {
            let asks = |cue: &CueHit| matches!(cue.cue, Cue::Question | Cue::Tag | Cue::Why) && cue.end <= c.end;
            let said =
                || cues[cues.partition_point(|cue| cue.start < c.start)..].iter().take_while(|cue| cue.start < c.end);
            self.gap(c.start, c.end) > GREETING && (c.cut == Cut::Question || said().any(asks))
        })
    }

    /// The cue that says that a question is only told of: nobody is asked.
    fn told(&self) -> Option<CueHit> {
        let unknown = |c: Cue| matches!(c, Cue::Unknown | Cue::Unsure);
        self.before_evidence(unknown)
            .or_else(|| self.unknown_answer())
            .or_else(|| self.unknown_after_all())
            .filter(|_| self.clause.cut != Cut::Question && self.manner < Manner::Talks)
    }

    /// 效果不知道怎么样: the question itself is what is not known.
    fn unknown_answer(&self) -> Option<CueHit> {
        let asks = |c: CueHit| matches!(c.cue, Cue::Question | Cue::Why | Cue::Tag);
        let mut pairs = self.cues.windows(2);
        pairs.find(|p| p[0].cue == Cue::Unknown && asks(p[1]) && self.gap(p[0].end, p[1].start) == 0).map(|p| p[0])
    }

    /// 质量好不好不知道: what closes the clause says that nobody knows.
    fn unknown_after_all(&self) -> Option<CueHit> {
        self.cues.last().copied().filter(|c| c.cue == Cue::Unknown && self.gap(c.end, self.clause.end) == 0)
    }

    /// True if the clause speaks of what may be.
    fn is_open(&self) -> bool {
        let last = self.last();
        self.cues.iter().any(|c| c.cue == Cue::Possible && c.end <= last)
    }

    /// The cue that makes the clause a question.
    pub(super) fn question(&self) -> Option<CueHit> {
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
        // 这能用吗?!: nobody waits for an answer.
        let text = &self.heard.page.text;
        let (before, after) = text.split_at(self.clause.end as usize);
        let cried = after.starts_with("?!") && self.small(Cue::Softly).ends(before);
        let cry = |c: CueHit| if cried && c.cue == Cue::Tag { CueHit { cue: Cue::Rhetorical, ..c } } else { c };
        let said = self.cues.iter().filter(asks).min_by_key(strength).copied();
        said.or_else(mark).map(cry).or_else(|| self.half_question())
    }

    /// The last character of a clause in a chat, where it asks for a yes: 换货吧, 能退不; or what makes a doubt.
    fn half_question(&self) -> Option<CueHit> {
        let (last, end) = (self.last(), self.clause.end);
        let text = &self.heard.page.text;
        let cue = |from: u32, at: Range<usize>| CueHit {
            start: from + at.start as u32,
            end: from + at.end as u32,
            cue: Cue::Tag,
        };
        if self.is_doubted() {
            return self.small(Cue::Doubt).last(&text[last as usize..end as usize]).map(|at| cue(last, at));
        }
        let start = text[..end as usize].char_indices().next_back()?.0;
        let asks = self.manner == Manner::Talks
            && start >= last as usize
            && self.small(Cue::Softly).is(&text[start..end as usize]);
        asks.then(|| cue(0, start..end as usize))
    }

    /// True if the clause wonders how much of it there is, whatever its end asks.
    fn is_wondered(&self) -> bool {
        let said = &self.heard.page.text[self.clause.start as usize..self.clause.end as usize];
        self.is_han() && !self.has_denial() && self.small(Cue::How).within(said)
    }

    /// True if what can be done about the evidence is asked: 可以退吗, 能不能换.
    fn asks_further(&self, cue: CueHit) -> bool {
        let last = self.last();
        let can = |c: &CueHit| {
            c.start >= last && self.small(Cue::Can).begins(self.said(c)) && self.gap(c.end, self.clause.end) > 0
        };
        cue.start >= last
            && self.gap(last, self.clause.end) > 1
            && self.cues.iter().any(|c| matches!(c.cue, Cue::Possible | Cue::Question) && can(c))
    }

    /// 不会是假的吧, 这不是骗人嘛: a denial that the end of its clause takes back.
    fn is_doubted(&self) -> bool {
        let rest = &self.heard.page.text[self.last() as usize..self.clause.end as usize];
        let denial = self.before_evidence(|c| c == Cue::Negation);
        denial.is_some_and(|c| self.says(Cue::Doubted, &c)) && self.small(Cue::Doubt).within(rest)
    }

    /// True if nothing asks but a mark or a last character that may as well soften what is told.
    fn is_weak(&self, cue: CueHit) -> bool {
        cue.start >= self.clause.end || self.small(Cue::Particle).begins(&self.heard.page.text[cue.start as usize..])
    }

    /// True if nothing but the mark at the end of a Chinese clause asks.
    fn is_lone_mark(&self, cue: CueHit) -> bool {
        let asked = self.small(Cue::Softly).ends(&self.heard.page.text[..self.clause.end as usize]);
        cue.start >= self.clause.end && !asked && self.is_han()
    }

    /// Words of other scripts than Han ask at the head of their clause or before a question mark:
    /// `is this my size`, but not `this is my third`.
    fn asks_there(&self, cue: &CueHit) -> bool {
        let word = self.heard.page.text[cue.start as usize..].chars().next();
        word.is_some_and(is_han) || self.clause.cut == Cut::Question || self.gap(self.clause.start, cue.start) == 0
    }

    /// The first character of what asks, where a keyword is its second half: 是 + 不是假货.
    pub(super) fn halved(&self) -> Option<CueHit> {
        let text = &self.heard.page.text;
        let first = self.first();
        let before = text[..first as usize].chars().next_back().filter(|c| is_han(*c))?;
        // 就是不是很厚 asks nothing.
        let start = first as usize - before.len_utf8();
        if self.small(Cue::Parted).ends(&text[..start]) {
            return None;
        }
        let keyword = &text[first as usize..];
        let asks = self.small(Cue::Bare).begins(keyword) && keyword.chars().nth(1) == Some(before);
        asks.then_some(CueHit { start: start as u32, end: first, cue: Cue::Question })
    }
}

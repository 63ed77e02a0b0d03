//! Denials: which of them reach the evidence.

use super::{Around, Held, is_opinion};
use crate::reading::scan::CueHit;
use crate::taxonomy::Cue;
use crate::text::script::{is_han, units};
use crate::words::{Span, Stance};

/// Denial reaches over this many Han characters or words.
const REACH: usize = 5;
/// ... and over this many of a list (没有瑕疵和脏污).
const LISTED: usize = 12;
/// A denial stands this close to the first of two faults side by side.
const BESIDE: usize = 1;
/// A denial after the evidence (异味完全没有) stands this close.
const DENIED_AFTER: usize = 4;

impl Around<'_> {
    /// Collects the denials that reach the evidence.
    pub(super) fn denials(&self, stance: Stance, used: &mut Vec<CueHit>) {
        let praise = stance == Stance::Praise;
        for (i, hit) in self.cues.iter().enumerate() {
            if stance != Stance::Complaint && self.is_of_fear(hit) || praise && self.is_surpassed(hit) {
                continue;
            }
            let reaches = match hit.cue {
                Cue::Negation | Cue::Less => {
                    let next = self.parts.iter().map(|p| p.start).filter(|start| *start >= hit.end).min();
                    next.is_some_and(|start| self.closing != Some(start) && self.reaches(i, start, !praise))
                }
                Cue::DeniesBefore => self.denies_before(hit),
                Cue::Little => stance == Stance::Complaint && hit.start == self.last() && self.denies_before(hit),
                _ => false,
            };
            if reaches && used.last().is_none_or(|u| u.start != hit.start) {
                used.push(*hit);
            }
        }
    }

    /// True if the denial at place `i` of the cues reaches what begins at `target`; not if that is
    /// or holds a barrier (没过两天就降价, 还没收到就降价). What is good goes on no list (`lists`): 正确无误、包装完整.
    pub(super) fn reaches(&self, i: usize, target: u32, lists: bool) -> bool {
        let hit = self.cues[i];
        let first = self.heard.cues.partition_point(|c| c.start < target);
        let inside = |c: &&CueHit| c.start == target || (c.start < self.last() && self.is_han());
        if self.heard.cues[first..].iter().take_while(inside).any(|c| c.cue == Cue::Barrier) {
            return false;
        }
        let paired = lists && self.is_paired(hit.end, target);
        let listed = || lists && !self.says(Cue::Not, &hit) && self.is_listed(hit.end, target);
        let beside = || lists && !self.says(Cue::Not, &hit) && self.is_beside(&hit, target);
        let listed = hit.cue == Cue::Less || paired || listed() || beside();
        // 不如地摊货: what it is held against is no better.
        let against =
            || lists && hit.cue == Cue::Less && hit.end == target && self.small(Cue::Not).begins(self.said(&hit));
        if !listed && self.is_spent(&hit, target, lists) || self.is_left(&hit, target) || against() {
            return false;
        }
        let stops = |c: &CueHit| match c.cue {
            Cue::Barrier | Cue::Contrast | Cue::Turn => true,
            Cue::Positive | Cue::Negative => !(listed || lists && self.modifies(c, target)),
            _ => false,
        };
        let stopped = self.cues[i + 1..].iter().take_while(|c| c.start < target).any(stops);
        let between = self.heard.page.text.get(hit.end as usize..target as usize).unwrap_or("");
        let anew = !paired && self.begins_anew(target) && !self.small(Cue::Feels).within(between);
        let reach = match (anew, listed || !lists && self.is_compared(&hit, target)) {
            (true, _) => 1,
            (_, true) => LISTED,
            _ => REACH,
        };
        let over = !listed && between.contains('、');
        let aside = !listed && self.stands_aside(&hit, target, between);
        !over && !aside && !stopped && !self.is_denied_anew(i, target) && self.gap(hit.end, target) <= reach
    }

    /// True if what is denied is a fear: 不用担心掉色, but not 不用担心保暖.
    fn is_of_fear(&self, hit: &CueHit) -> bool {
        let from = &self.heard.cues[self.heard.cues.partition_point(|c| c.start < hit.start)..];
        from.iter().take_while(|c| c.start < hit.end).any(|c| c.cue == Cue::Feared && c.end <= hit.end)
    }

    /// True if it cannot be praised enough: cannot recommend this highly enough.
    fn is_surpassed(&self, hit: &CueHit) -> bool {
        let rest = &self.heard.page.text[self.last() as usize..self.clause.end as usize];
        self.small(Cue::Can).begins(self.said(hit)) && rest.split(' ').any(|word| self.small(Cue::Enough).is(word))
    }

    /// True if an opinion is one on the target itself: 没有粗糙的线头, without annoying lag, not had any issues with freezing.
    fn modifies(&self, opinion: &CueHit, target: u32) -> bool {
        let between = self.heard.page.text.get(opinion.end as usize..target as usize).unwrap_or("");
        match self.is_han() {
            true => self.small(Cue::Of).is(between),
            false => {
                let with = || between.split_whitespace().next().is_some_and(|word| self.small(Cue::Of).is(word));
                between.trim().is_empty() || opinion.cue == Cue::Negative && with()
            }
        }
    }

    /// True if the denial belongs to another keyword of its category, which ends before the target: 不夹脚不磨脚.
    fn is_spent(&self, hit: &CueHit, target: u32, lists: bool) -> bool {
        let held = self.heard.held;
        // without a + glitch: what holds the denial goes on to the target.
        let goes_on = |k: &Held| {
            let with = |o: &Held| o.of == k.of && o.span.start <= target && o.span.end > target;
            held.iter().any(with)
        };
        let own = |k: &&Held| {
            let Span { start, end } = k.span;
            k.category == self.category && start <= hit.start && end > hit.end && end <= target
        };
        held.iter().filter(own).any(|k| !goes_on(k)) || self.is_used_up(hit, target, lists)
    }

    /// True if a bare 不 or 没 belongs to the word right after it alone: the target denies for itself (不干不油), or what is denied
    /// closes with 的 before it (不挑身材的好看款式).
    fn stands_aside(&self, hit: &CueHit, target: u32, between: &str) -> bool {
        let itself = self.small(Cue::Bare).begins(&self.heard.page.text[target as usize..]);
        // 没海尔的凉快: held against it.
        let closed =
            self.small(Cue::Not).begins(self.said(hit)) && self.small(Cue::Of).ends(between) && units(between) > 2;
        self.says(Cue::Bare, hit)
            && !between.is_empty()
            && !self.small(Cue::LeadsOn).begins(between)
            && (itself || closed)
    }

    /// True if the denial is left behind at a degree, where something new begins: 不翻卷很舒适, 没有想象的那么小很好. Not if what
    /// stands between leads on to it (没觉得颜色很好看, 不是那种很薄的).
    fn is_left(&self, hit: &CueHit, target: u32) -> bool {
        let within = |start: u32, end: u32, d: &CueHit| start >= hit.end && end <= d.start;
        let said = |d: &CueHit| {
            self.heard.held.iter().any(|k| within(k.span.start, k.span.end, d))
                || self.cues.iter().any(|c| is_opinion(c) && within(c.start, c.end, d))
        };
        let left = |d: &CueHit| match hit.cue {
            Cue::Less => said(d),
            _ => {
                let between = &self.heard.page.text[hit.end as usize..d.start as usize];
                units(between) >= 2 && between.chars().all(is_han) && !self.small(Cue::LeadsOn).within(between)
            }
        };
        !self.small(Cue::Feels).within(self.said(hit)) && self.apart(Cue::Degree, hit.end, target).any(left)
    }

    /// True if the target is the second of a pair that the denial opens: 不会太紧太松.
    fn is_paired(&self, from: u32, target: u32) -> bool {
        let text = &self.heard.page.text;
        let twice = |word: &str| text[from as usize..].starts_with(word) && text[target as usize..].starts_with(word);
        self.small(Cue::So).words().any(twice) && (2..=3).contains(&self.gap(from, target))
    }

    /// True if what is good is held against something else: 没有白瓶的好用, and no more is said.
    fn is_compared(&self, hit: &CueHit, target: u32) -> bool {
        let closes = self.gap(self.last(), self.clause.end) <= 1;
        let plain = self.apart(Cue::Degree, hit.end, target).next().is_none();
        let named = |k: &Held| k.span.start >= hit.end && k.span.end <= target;
        closes && plain && self.says(Cue::HasNot, hit) && !self.heard.held.iter().any(named)
    }

    /// True if a small word takes the denial before the target comes: 不贵值得买, 不油清爽; or a keyword of another
    /// category that the target does not go on from: 不是正品洗头痒; or a fault before what is good: 没有色差穿着合身.
    fn is_used_up(&self, hit: &CueHit, target: u32, lists: bool) -> bool {
        let text = &self.heard.page.text;
        let between = |from: u32| text.get(from as usize..target as usize).unwrap_or("");
        let own = target - self.small(Cue::So).trim(between(hit.end)).len() as u32;
        let small = self.small(Cue::Not).begins(self.said(hit)) && self.begins_with(Cue::Quality, own, target);
        let noun = self.says(Cue::IsNot, hit) || self.says(Cue::HasNot, hit);
        let within =
            |k: &Span| k.start <= hit.start && k.end > hit.end && k.end < target && self.gap(k.end, target) > 0;
        let other = |k: &Span| {
            k.start >= hit.end
                && self.gap(hit.end, k.start) == 0
                && k.end < target
                && (self.gap(k.end, target) >= 2 || self.begins_with(Cue::Degree, k.end, target))
                && !self.parts.iter().any(|p| p.overlaps(*k))
        };
        let fault = |k: &Held| {
            let Span { start, end } = k.span;
            let denied = start >= hit.end && end <= target && self.gap(hit.end, start) <= 1;
            !lists && k.complains && denied && !self.parts.iter().any(|p| p.overlaps(k.span))
        };
        let mut others = self.heard.held.iter().filter(|k| k.category != self.category).map(|k| &k.span);
        small || others.any(|k| within(k) || noun && other(k)) || self.heard.held.iter().any(fault)
    }

    /// True if what stands there begins with a denial or a degree of its own (不显脚大, 很自然): only a denial right
    /// before it turns that.
    pub(super) fn begins_anew(&self, at: u32) -> bool {
        let text = &self.heard.page.text[at as usize..];
        let barrier = || self.heard.cues.iter().any(|c| c.cue == Cue::Barrier && c.start == at);
        self.small(Cue::Bare).begins(text)
            || text.starts_with(is_han)
                && (self.begins_with(Cue::Degree, at, self.heard.page.text.len() as u32) || barrier())
    }

    /// True if another denial stands between the one at place `i` and its target: `not dry and not oily`, 不会太小不会太大.
    /// Chinese ones that stand side by side, or speak of the same thing (不能说没有), make a yes.
    fn is_denied_anew(&self, i: usize, target: u32) -> bool {
        let hit = self.cues[i];
        let text = &self.heard.page.text;
        let han = text[hit.start as usize..].starts_with(is_han);
        let bridge = |c: &CueHit| han && self.small(Cue::LeadsOn).begins(&text[hit.end as usize..c.start as usize]);
        let anew =
            |c: &CueHit| c.cue == Cue::Negation && c.start < target && self.gap(hit.end, c.start) > 0 && !bridge(c);
        self.cues[i + 1..].iter().any(anew)
    }

    /// True if the target goes on a list after a denial: 没有瑕疵和脏污跟色差.
    fn is_listed(&self, from: u32, target: u32) -> bool {
        let between = self.heard.page.text.get(from as usize..target as usize).unwrap_or("");
        let word = self.small(Cue::Listing).last(between).map(|at| at.end);
        let end = word.max(between.rfind('、').map(|at| at + '、'.len_utf8()));
        end.is_some_and(|end| units(&between[end..]) <= 1)
    }

    /// True if the target stands right beside another fault that is denied: 不会卡粉浮粉, 没有破损掉漆, 没有破碎的.
    fn is_beside(&self, hit: &CueHit, target: u32) -> bool {
        let close = |k: &Held| k.complains && k.span.start >= hit.end && self.gap(hit.end, k.span.start) <= BESIDE;
        let denied = |k: &Held| k.span.end == target && (close(k) || k.span.start <= hit.start);
        self.is_han() && !self.begins_anew(target) && self.heard.held.iter().any(denied)
    }

    /// True if this denial closes the clause, shortly after the evidence.
    fn denies_before(&self, hit: &CueHit) -> bool {
        let rest = &self.heard.page.text[hit.end as usize..self.clause.end as usize];
        let closes =
            rest.chars().all(|c| !c.is_alphanumeric() || self.small(Cue::Particle).is(c.encode_utf8(&mut [0; 4])));
        let even = self.small(Cue::Even).begins(&self.heard.page.text[self.first() as usize..]);
        // 很保暖线头都没有: the nearest keyword is denied.
        let nearer = |k: &Held| k.span.start >= self.last() && k.span.end <= hit.start;
        let nearest = !self.heard.held.iter().any(nearer);
        closes && !even && nearest && hit.start >= self.last() && self.gap(self.last(), hit.start) <= DENIED_AFTER
    }
}

//! Manner: whether a text is a review or a message to the shop, told by its words.

use super::page::Page;
use super::scan::{CueHit, Hits};
use crate::taxonomy::Cue;
use crate::text::{Clause, Cut, script};
use crate::words::Stance;

/// Bytes of a message that asks the shop something.
const MESSAGE: usize = 180;

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
    /// The manner of a clause: whether its text talks to a shop, whether it is one of a review, and whether its line is short.
    pub fn of(talks: bool, reviews: bool, short: bool) -> Manner {
        match (talks, reviews, short) {
            (true, ..) => Manner::Talks,
            (false, false, true) => Manner::MayAsk,
            _ => Manner::Tells,
        }
    }

    /// What it means to name a topic and say nothing of it: in a chat, that it is asked for (申请退款), if its rule is made
    /// for chats; else nothing.
    pub fn silence(self, for_chats: bool) -> Option<Stance> {
        match self {
            Manner::Talks => for_chats.then_some(Stance::Question),
            _ => Some(Stance::Mention),
        }
    }
}

/// True if these are words to a shop rather than of one: a word that nobody else says; or, where no word is one of a
/// review, a short line that asks, a longer one that asks the shop, or several lines with more than one question.
pub(super) fn talks_to_shop(page: &Page, hits: &Hits) -> bool {
    let cues = &hits.cues;
    let has = |kinds: &[Cue]| cues.iter().enumerate().any(|(i, c)| kinds.contains(&c.cue) && !is_covered(cues, i, c));
    let asks = || has(&[Cue::Question, Cue::Tag, Cue::Why]) && !has(&[Cue::Rhetorical, Cue::Unknown]);
    // Chinese exports write ? for a picture: there a word has to ask.
    let marked = || page.clauses.iter().any(|c| c.cut == Cut::Question) && !page.text.chars().any(script::is_han);
    let asking = |(i, c): &(usize, &CueHit)| matches!(c.cue, Cue::Question | Cue::Tag) && !is_covered(cues, *i, c);
    let keeps_asking = || page.has_short_lines() && cues.iter().enumerate().filter(asking).count() > 1;
    // A bare word (好的) opens a line of a chat; at the end of a review it closes what was told.
    let bare = |c: &CueHit| {
        page.stands_alone(c.start, c.end) && (!page.opens_line(c.start) || goes_on_to_praise(page, hits, c))
    };
    let addressed = || page.is_single(MESSAGE) && marks(hits, Cue::Address) && asks();
    let one = || page.is_one_line() && (asks() || marked());
    // 请问这算怎么回事 in a long review asks nobody.
    let told = page.text.len() > 2 * MESSAGE && !page.has_short_lines() && marks(hits, Cue::Verdict);
    hits.apart.iter().any(|c| c.cue == Cue::Talk && !bare(c) && !(told && c.start > 0))
        || keeps_asking()
        || (!marks(hits, Cue::Verdict) && (one() || addressed()))
}

/// True if the line that a word opens goes on to praise (嗯，挺保暖), more than who thanks or agrees does (好的).
fn goes_on_to_praise(page: &Page, hits: &Hits, opener: &CueHit) -> bool {
    let end = page.text[opener.end as usize..].find('\n').map_or(page.text.len(), |at| opener.end as usize + at) as u32;
    let within = |c: &&CueHit| c.start >= opener.end && c.end <= end;
    let weak = |c: &CueHit| hits.apart.iter().any(|w| w.cue == Cue::Weak && (w.start, w.end) == (c.start, c.end));
    hits.cues.iter().filter(within).any(|c| c.cue == Cue::Positive && !weak(c))
}

/// True if a clause has a word that asks, or opens as a question does.
pub(super) fn asks(hits: &Hits, clause: &Clause) -> bool {
    let from = &hits.cues[hits.cues.partition_point(|c| c.start < clause.start)..];
    from.iter().take_while(|c| c.start < clause.end).any(|c| match c.cue {
        Cue::Question | Cue::Why | Cue::Rhetorical | Cue::Tag => true,
        cue => cue == Cue::Possible && c.start <= clause.start + 1,
    })
}

/// True if words that only a review says stand there, or a question that is none.
pub(super) fn reviews(hits: &Hits) -> bool {
    marks(hits, Cue::Verdict) || hits.cues.iter().any(|c| c.cue == Cue::Rhetorical)
}

/// True if a cue of this kind marks the manner.
fn marks(hits: &Hits, kind: Cue) -> bool {
    hits.apart.iter().any(|c| c.cue == kind)
}

/// True if a longer cue holds this one (不管什么时候).
pub(super) fn is_covered(cues: &[CueHit], i: usize, hit: &CueHit) -> bool {
    let covers = |c: &CueHit| c.end >= hit.end && c.start < hit.start || c.start == hit.start && c.end > hit.end;
    cues[..i].iter().rev().take_while(|c| c.start + 48 > hit.start).any(covers)
}

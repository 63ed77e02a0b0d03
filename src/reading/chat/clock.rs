//! The clock: waits of many conversations under one definition.

use std::collections::BTreeMap;

use super::pack::{Definition, LeftOut, Measure, Unit};
use super::talk::{Round, Talk, Wait};
use crate::words::{Day, Moment, Token};

/// A conversation as the clock sees it.
#[derive(Clone, Copy, Debug)]
pub struct Timed<'a> {
    /// Its rounds, read under the definition's own [`Answers`](super::Answers).
    pub talk: &'a Talk,
    /// The customer's rating of the service.
    pub stars: Option<f32>,
    /// The buyer who asked, as a token.
    pub buyer: Option<Token>,
}

/// What a definition makes of many conversations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Rounds, conversations or buyers counted.
    pub base: u64,
    /// Of them answered in time.
    pub within: u64,
    /// Of them without an answer.
    pub silent: u64,
    /// Waits of those that were answered, in seconds, shortest first.
    pub waits: Vec<i64>,
    /// Sum of the waits with the cap, and how many went into it.
    pub capped: (i64, u64),
    /// Sum of the mean waits of conversations, and of how many.
    pub means: (f64, u64),
    /// Answered, but the time is not known.
    pub untimed: u64,
    /// Outside the hours.
    pub outside: u64,
    /// Left out by the definition, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Rated conversations.
    pub rated: u64,
    /// Of them with few stars.
    pub low: u64,
}

/// Reads the clock. `closed` tells the days on which the shop was closed.
pub fn read<'a>(
    definition: &Definition,
    talks: impl IntoIterator<Item = Timed<'a>>,
    closed: impl Fn(Day) -> bool,
) -> Reading {
    let mut reading = Reading::default();
    let mut buyers: BTreeMap<Token, Wait> = BTreeMap::new();
    for timed in talks {
        let out = left_out(definition, timed.talk, &closed);
        if let Some(stars) = timed.stars.filter(|_| out.is_none()) {
            reading.rated += 1;
            reading.low += u64::from(stars <= definition.stars);
        }
        let rounds = match definition.unit {
            Unit::Conversation => &timed.talk.rounds[..timed.talk.rounds.len().min(1)],
            Unit::Round | Unit::Buyer => &timed.talk.rounds[..],
        };
        let before = (reading.capped.0, reading.capped.1);
        for round in rounds {
            let out = out
                .or((round.courtesy && definition.leave_out.contains(&LeftOut::Courtesy)).then_some(LeftOut::Courtesy));
            if let Some(reason) = out {
                *reading.left_out.entry(reason).or_default() += 1;
            } else if !in_hours(definition.hours, round.at) {
                reading.outside += 1;
            } else if let (Unit::Buyer, Some(buyer)) = (definition.unit, timed.buyer) {
                let worst = buyers.entry(buyer).or_insert(round.wait);
                *worst = worse(*worst, round.wait);
            } else {
                reading.count(definition, round.wait);
            }
        }
        let (seconds, rounds) = (reading.capped.0 - before.0, reading.capped.1 - before.1);
        if rounds > 0 {
            reading.means.0 += seconds as f64 / rounds as f64;
            reading.means.1 += 1;
        }
    }
    for wait in buyers.into_values() {
        reading.count(definition, wait);
    }
    reading.waits.sort_unstable();
    reading
}

impl Reading {
    fn count(&mut self, definition: &Definition, wait: Wait) {
        self.base += 1;
        match wait {
            Wait::Seconds(seconds) => {
                self.within += u64::from(definition.within.is_some_and(|limit| seconds <= limit));
                self.waits.push(seconds);
                self.capped.0 += definition.cap.map_or(seconds, |cap| seconds.min(cap));
                self.capped.1 += 1;
            }
            Wait::Silence => {
                self.silent += 1;
                if let Some(cap) = definition.cap {
                    self.capped.0 += cap;
                    self.capped.1 += 1;
                }
            }
            Wait::Untimed => self.untimed += 1,
        }
    }

    /// The number that the definition asks for: a share 0..=1 or seconds; `None` without anything counted.
    pub fn value(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Within => share(self.within, self.timed()),
            Measure::Mean => self.mean(),
            Measure::MeanOfMeans => (self.means.1 > 0).then(|| self.means.0 / self.means.1 as f64),
            Measure::Median => self.percentile(0.5),
            Measure::Unanswered => share(self.silent, self.base),
            Measure::Dissatisfied => share(self.low, self.rated),
        }
    }

    /// Numerator and denominator of a share; `None` for times.
    pub fn ratio(&self, measure: Measure) -> Option<(u64, u64)> {
        match measure {
            Measure::Within => Some((self.within, self.timed())),
            Measure::Unanswered => Some((self.silent, self.base)),
            Measure::Dissatisfied => Some((self.low, self.rated)),
            Measure::Mean | Measure::MeanOfMeans | Measure::Median => None,
        }
    }

    /// What can be in time or not: all but answers without a time. Where no answer at all has one, the log has no
    /// clock, and silence tells nothing of being in time.
    fn timed(&self) -> u64 {
        if self.waits.is_empty() && self.untimed > 0 { 0 } else { self.base - self.untimed }
    }

    /// Mean wait in seconds, with the cap.
    pub fn mean(&self) -> Option<f64> {
        (self.capped.1 > 0 && (self.timed() > 0 || self.untimed == 0))
            .then(|| self.capped.0 as f64 / self.capped.1 as f64)
    }

    /// A quantile of the waits that ended in an answer, in seconds (linear between neighbours).
    pub fn percentile(&self, p: f64) -> Option<f64> {
        percentile(&self.waits, p)
    }
}

/// A quantile of sorted numbers, linear between neighbours; `None` of nothing.
pub fn percentile(sorted: &[i64], p: f64) -> Option<f64> {
    let place = p.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let (low, part) = (place.floor() as usize, place.fract());
    let high = sorted[(low + 1).min(sorted.len() - 1)];
    Some(sorted[low] as f64 + part * (high - sorted[low]) as f64)
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn left_out(definition: &Definition, talk: &Talk, closed: &impl Fn(Day) -> bool) -> Option<LeftOut> {
    definition.leave_out.iter().copied().find(|reason| match reason {
        LeftOut::AgentStarted => talk.agent_started,
        LeftOut::BotAlone => talk.is_bot_alone(),
        LeftOut::Holiday => talk.began.is_some_and(|at| closed(at.day())),
        LeftOut::Courtesy => false,
    })
}

/// True if a moment lies within hours of the day; a message without a time counts as within.
pub fn in_hours(hours: Option<(u32, u32)>, at: Option<Moment>) -> bool {
    let (Some((from, to)), Some(at)) = (hours, at) else { return true };
    (from..to).contains(&(at.second_of_day() / 3600))
}

fn worse(a: Wait, b: Wait) -> Wait {
    match (a, b) {
        (Wait::Silence, _) | (_, Wait::Silence) => Wait::Silence,
        (Wait::Untimed, other) | (other, Wait::Untimed) => other,
        (Wait::Seconds(a), Wait::Seconds(b)) => Wait::Seconds(a.max(b)),
    }
}

/// True if a round had no answer, or a later one than so many seconds.
pub fn is_late(round: &Round, seconds: i64) -> bool {
    match round.wait {
        Wait::Silence => true,
        Wait::Seconds(wait) => wait > seconds,
        Wait::Untimed => false,
    }
}

//! Definition packs: how a platform counts, as data with a date and a source, because definitions differ and change.
//!
//! A pack is one file of `packs/`. Nothing here is a score: platforms do not publish how they grade.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::talk::Answers;
use crate::words::{Day, Period, Said};

/// What is counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Every round.
    Round,
    /// A conversation, by its first round.
    Conversation,
    /// A buyer, who is answered in time if every round of theirs is.
    Buyer,
}

/// Which number of the clock it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Share answered within a time.
    Within,
    /// Mean wait, in seconds.
    Mean,
    /// Mean of the conversations' mean waits, in seconds.
    MeanOfMeans,
    /// Median wait, in seconds.
    Median,
    /// Share without an answer.
    Unanswered,
    /// Share of rated conversations with few stars.
    Dissatisfied,
}

/// What a definition leaves out of numerator and denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Conversations that the shop began.
    AgentStarted,
    /// Conversations in which only bots and automatic messages answered.
    BotAlone,
    /// Days on which the shop was closed (`events.csv`, kind `holiday`).
    Holiday,
    /// Rounds in which the customer only thanked or agreed.
    Courtesy,
}

/// One metric as one platform defined it from a day on.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Stable identifier such as `rate_3min`.
    pub key: String,
    /// What an operator calls it.
    pub name: Said,
    /// First day on which it held.
    pub from: Day,
    /// Which number it is.
    pub measure: Measure,
    /// What is counted once.
    pub unit: Unit,
    /// Hours of the shop's clock, from (included) to (excluded); by the customer's first message. `None`: all day.
    pub hours: Option<(u32, u32)>,
    /// Days that are counted, the last of the period included; `None`: the period itself.
    pub days: Option<u32>,
    /// Seconds within which an answer is in time, included.
    pub within: Option<i64>,
    /// Longest wait that goes into a mean, in seconds; a round without an answer counts as that.
    pub cap: Option<i64>,
    /// What closes a round.
    pub answers: Answers,
    /// What is left out.
    pub leave_out: Vec<LeftOut>,
    /// Stars up to which a rating is low.
    pub stars: f32,
    /// Numerator and denominator in words.
    pub meaning: Said,
    /// Where the definition was found.
    pub source: String,
}

/// How one platform counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Platform key, the word for `--pack`.
    pub key: String,
    /// What operators call it.
    pub name: Said,
    /// Days from the end of a conversation in which a purchase is its own.
    pub attribution_days: u32,
    /// Where that was found.
    pub attribution_source: String,
    /// Its metrics, in the order of the file; several with one key follow each other in time.
    pub metrics: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    platform: String,
    name: Name,
    attribution_days: u32,
    attribution_source: String,
    metric: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metric {
    key: String,
    name: Name,
    from: String,
    measure: Measure,
    #[serde(default = "round")]
    unit: Unit,
    hours: Option<(u32, u32)>,
    days: Option<u32>,
    within: Option<i64>,
    cap: Option<i64>,
    #[serde(default)]
    answers: Vec<Answer>,
    #[serde(default)]
    leave_out: Vec<LeftOut>,
    stars: Option<f32>,
    meaning: Name,
    source: String,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Agent,
    AssistingBot,
    Bot,
    Automatic,
}

fn round() -> Unit {
    Unit::Round
}

impl Pack {
    /// Reads a pack, or says what is wrong with its text.
    pub fn read(text: &str) -> Result<Pack, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let metrics = file.metric.into_iter().map(definition).collect::<Result<Vec<_>, _>>()?;
        Ok(Pack {
            key: file.platform,
            name: Said::new(file.name.zh, file.name.en),
            attribution_days: file.attribution_days,
            attribution_source: file.attribution_source,
            metrics,
        })
    }

    /// The metrics as they were defined on a day; one that was not yet defined by its first definition.
    pub fn on(&self, day: Day) -> Vec<&Definition> {
        let mut latest: BTreeMap<&str, (usize, &Definition)> = BTreeMap::new();
        for (at, definition) in self.metrics.iter().enumerate() {
            let held = latest.entry(&definition.key).or_insert((at, definition));
            let newer = definition.from <= day && (definition.from > held.1.from || held.1.from > day);
            if newer {
                held.1 = definition;
            }
        }
        let mut held: Vec<(usize, &Definition)> = latest.into_values().collect();
        held.sort_by_key(|(at, _)| *at);
        held.into_iter().map(|(_, definition)| definition).collect()
    }
}

fn definition(metric: Metric) -> Result<Definition, String> {
    let wrong = |what: &str| format!("{}: {what}", metric.key);
    let from: Period = metric.from.parse().map_err(|_| wrong("from is a day such as 2025-12-01"))?;
    if metric.hours.is_some_and(|(from, to)| from >= to || to > 24) {
        return Err(wrong("hours run from a full hour to a later one, up to 24"));
    }
    let needs = match metric.measure {
        Measure::Within if metric.within.is_none() => Some("within is missing"),
        Measure::Dissatisfied if metric.stars.is_none() => Some("stars is missing"),
        _ if metric.days == Some(0) => Some("days is at least 1"),
        _ => None,
    };
    if let Some(what) = needs {
        return Err(wrong(what));
    }
    let has = |answer| metric.answers.contains(&answer);
    let answers = Answers {
        assisting_bot: has(Answer::AssistingBot) || metric.answers.is_empty(),
        bot: has(Answer::Bot),
        automatic: has(Answer::Automatic),
    };
    Ok(Definition {
        from: from.first(),
        name: Said::new(metric.name.zh, metric.name.en),
        measure: metric.measure,
        unit: metric.unit,
        hours: metric.hours,
        days: metric.days,
        within: metric.within,
        cap: metric.cap,
        answers,
        leave_out: metric.leave_out,
        stars: metric.stars.unwrap_or(0.0),
        meaning: Said::new(metric.meaning.zh, metric.meaning.en),
        source: metric.source,
        key: metric.key,
    })
}

macro_rules! packs {
    ($($file:literal),+ $(,)?) => {
        /// The bundled packs, our own first.
        pub fn bundled() -> Vec<Pack> {
            [$(include_str!(concat!("../../../packs/", $file))),+]
                .into_iter()
                .map(|text| Pack::read(text).expect("a test reads every bundled pack"))
                .collect()
        }
    };
}

packs!("earful.toml", "taobao.toml", "douyin.toml", "kuaishou.toml", "pdd.toml", "tiktok.toml", "tencent.toml");

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse::<Period>().expect("a day").first()
    }

    #[test]
    fn the_definition_of_the_day_holds() {
        let packs = bundled();
        let tiktok = packs.iter().find(|p| p.key == "tiktok").expect("a pack");
        let within = |at: &str| tiktok.on(day(at)).iter().find(|d| d.key == "response_rate").and_then(|d| d.within);
        assert_eq!(within("2025-03-01"), Some(24 * 3600));
        assert_eq!(within("2026-03-01"), Some(12 * 3600));
        for pack in &packs {
            assert!(pack.metrics.iter().all(|m| !m.source.is_empty()), "{}", pack.key);
            let keys: Vec<&str> = pack.on(day("2026-10-31")).iter().map(|d| d.key.as_str()).collect();
            let mut once = keys.clone();
            once.dedup();
            assert_eq!(keys, once);
        }
    }

    #[test]
    fn a_wrong_pack_says_what_is_wrong() {
        let good = include_str!("../../../packs/taobao.toml");
        for (from, to) in
            [("hours = [8, 23]", "hours = [23, 8]"), ("days = 30", "days = 0"), ("within = 180", "withn = 180")]
        {
            assert!(good.contains(from), "{from}");
            assert!(Pack::read(&good.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}

//! Dates that count back from the day a page was seen: 昨天 10:20, 7小时前, 2 weeks ago.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::BadDate;

/// A length of time back from when the file was taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ago {
    count: i64,
    unit: Unit,
    /// Time of day, where it is told (昨天 10:20).
    time: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Ago {
    /// The time that lies so long before the day on which the file was taken. Of that day itself no hour is
    /// known: minutes and hours count from noon, and days are told as days.
    pub(super) fn before(self, seen: Date) -> Result<DateTime, BadDate> {
        let noon = Time::constant(12, 0, 0, 0);
        let (back, start) = match self.unit {
            Unit::Second => (self.count.seconds(), noon),
            Unit::Minute => (self.count.minutes(), noon),
            Unit::Hour => (self.count.hours(), noon),
            Unit::Day => (self.count.days(), Time::midnight()),
            Unit::Week => (self.count.weeks(), Time::midnight()),
            Unit::Month => (self.count.months(), Time::midnight()),
            Unit::Year => (self.count.years(), Time::midnight()),
        };
        let at = seen.to_datetime(start).checked_sub(back).map_err(|_| BadDate::OutOfRange)?;
        Ok(self.time.map_or(at, |time| at.date().to_datetime(time)))
    }

    /// Reads a text in lower case; the time of day, if any, is read by `clock`.
    pub(super) fn read(text: &str, clock: impl Fn(&str) -> Option<Time>) -> Option<Ago> {
        const DAYS: [(&str, i64); 9] = [
            ("今天", 0),
            ("昨天", 1),
            ("昨日", 1),
            ("前天", 2),
            ("大前天", 3),
            ("today", 0),
            ("yesterday", 1),
            ("hari ini", 0),
            ("kemarin", 1),
        ];
        for (word, count) in DAYS {
            if let Some(rest) = text.strip_prefix(word) {
                let rest = rest.trim_start_matches([' ', ',', '，']).trim_start_matches("at ").trim();
                let time = if rest.is_empty() { None } else { Some(clock(rest)?) };
                return Some(Ago { count, unit: Unit::Day, time });
            }
        }
        if matches!(text, "刚刚" | "刚才" | "just now" | "now") {
            return Some(Ago { count: 0, unit: Unit::Second, time: None });
        }
        let rest = ["前", "ago", "yang lalu", "lalu"].iter().find_map(|end| text.strip_suffix(end))?.trim();
        let rest = rest.trim_start_matches("about ").trim_start_matches("大约").trim_start_matches('约');
        let at = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, unit) = rest.split_at(at);
        let (count, unit) = match digits {
            "" => one(unit.trim())?,
            digits => (digits.parse().ok().filter(|n| *n < 100_000)?, unit.trim()),
        };
        Some(Ago { count, unit: unit_of(unit)?, time: None })
    }
}

/// "a week", "an hour", "一周", "半年": the count as a word.
fn one(text: &str) -> Option<(i64, &str)> {
    const COUNTS: [(&str, i64); 12] = [
        ("an ", 1),
        ("a ", 1),
        ("one ", 1),
        ("一", 1),
        ("两", 2),
        ("二", 2),
        ("三", 3),
        ("四", 4),
        ("五", 5),
        ("六", 6),
        ("se", 1),
        ("半年", 6),
    ];
    let (word, count) = COUNTS.iter().find(|(word, _)| text.starts_with(word))?;
    if *word == "半年" {
        return Some((6, "月"));
    }
    Some((*count, &text[word.len()..]))
}

fn unit_of(word: &str) -> Option<Unit> {
    Some(match word.trim_start_matches('个') {
        "秒" | "秒钟" | "s" | "second" | "seconds" | "sec" | "detik" => Unit::Second,
        "分" | "分钟" | "min" | "mins" | "minute" | "minutes" | "menit" => Unit::Minute,
        "小时" | "h" | "hour" | "hours" | "hr" | "hrs" | "jam" => Unit::Hour,
        "天" | "日" | "d" | "day" | "days" | "hari" => Unit::Day,
        "周" | "星期" | "礼拜" | "w" | "week" | "weeks" | "minggu" => Unit::Week,
        "月" | "month" | "months" | "mo" | "bulan" => Unit::Month,
        "年" | "y" | "year" | "years" | "tahun" => Unit::Year,
        _ => return None,
    })
}

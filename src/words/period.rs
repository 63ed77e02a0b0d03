//! A stretch of days on the shop's calendar, the grains it can have, and which one it is compared with.
//!
//! A period is nothing but its first and last day. What it is called follows from the days: a range that
//! is exactly October is October, however it was written.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::{Day, Lang, Said, called, keyed};
use crate::said;

/// How finely time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// One day.
    Day,
    /// ISO 8601 week: Monday to Sunday, week 1 contains 4 January.
    Week,
    /// Sunday to Saturday.
    SundayWeek,
    /// Saturday to Friday.
    SaturdayWeek,
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

// Finest first.
keyed!(Grain {
    Day = "day",
    Week = "week",
    SundayWeek = "sunday-week",
    SaturdayWeek = "saturday-week",
    Month = "month",
    Quarter = "quarter",
    Year = "year",
});

called!(Grain {
    Day: "日", "天", "每日", "每天", "按日", "按天", "daily";
    Week: "周", "星期", "每周", "按周", "周一起", "weekly", "monday-week";
    SundayWeek: "周日起", "周（周日起）";
    SaturdayWeek: "周六起", "周（周六起）";
    Month: "月", "月份", "每月", "按月", "monthly";
    Quarter: "季度", "季", "每季", "按季", "按季度", "quarterly";
    Year: "年", "年度", "每年", "按年", "yearly", "annual";
});

impl Grain {
    /// The name an operator reads.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Grain::Day => lang.of("日", "day"),
            Grain::Week => lang.of("周", "week"),
            Grain::SundayWeek => lang.of("周（周日起）", "week from Sunday"),
            Grain::SaturdayWeek => lang.of("周（周六起）", "week from Saturday"),
            Grain::Month => lang.of("月", "month"),
            Grain::Quarter => lang.of("季度", "quarter"),
            Grain::Year => lang.of("年", "year"),
        }
    }

    /// First and last date of the stretch that holds a date.
    fn around(self, date: Date) -> Option<(Date, Date)> {
        let month_start = |month: i8| Date::new(date.year(), month, 1).ok();
        let (first, days) = match self {
            Grain::Day => (date, 1),
            Grain::Week => (back(date, i32::from(date.weekday().to_monday_zero_offset()))?, 7),
            Grain::SundayWeek => (back(date, i32::from(date.weekday().to_sunday_zero_offset()))?, 7),
            Grain::SaturdayWeek => (back(date, (i32::from(date.weekday().to_sunday_zero_offset()) + 1) % 7)?, 7),
            Grain::Month => (date.first_of_month(), i32::from(date.days_in_month())),
            Grain::Quarter => {
                let first = month_start((date.month() - 1) / 3 * 3 + 1)?;
                let last = month_start(first.month() + 2)?.last_of_month();
                return Some((first, last));
            }
            Grain::Year => (date.first_of_year(), i32::from(date.days_in_year())),
        };
        Some((first, back(first, 1 - days)?))
    }
}

/// The date so many days earlier.
fn back(date: Date, days: i32) -> Option<Date> {
    Day::from_civil(date).plus(-days).civil()
}

/// A stretch of days, both ends included. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    first: Day,
    last: Day,
}

impl Period {
    /// The days from one to another, in either order.
    pub fn new(a: Day, b: Day) -> Period {
        Period { first: a.min(b), last: a.max(b) }
    }

    /// The period of this grain that holds a day; a day outside the calendar (years ±9999) is its own period.
    pub fn containing(day: Day, grain: Grain) -> Period {
        match day.civil().and_then(|date| grain.around(date)) {
            Some((first, last)) => Period { first: Day::from_civil(first), last: Day::from_civil(last) },
            None => Period { first: day, last: day },
        }
    }

    /// First day.
    pub fn first(self) -> Day {
        self.first
    }

    /// Last day, which still belongs to it.
    pub fn last(self) -> Day {
        self.last
    }

    /// Number of days, at least 1.
    pub fn len(self) -> u32 {
        (i64::from(self.last.0) - i64::from(self.first.0) + 1) as u32
    }

    /// Never: a period has at least one day.
    pub fn is_empty(self) -> bool {
        false
    }

    /// Every day of it, in order.
    pub fn days(self) -> impl DoubleEndedIterator<Item = Day> {
        (self.first.0..=self.last.0).map(Day)
    }

    /// True if the day belongs to it.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// True if every day of the other belongs to it.
    pub fn covers(self, other: Period) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The grain whose unit it is exactly; `None` for any other range.
    pub fn grain(self) -> Option<Grain> {
        let cut = |grain: &Grain| Period::containing(self.first, *grain) == self;
        self.first.civil()?;
        Grain::ALL.into_iter().find(cut)
    }

    /// The period just before (环比): the unit before for a day, week, month, quarter or year, and as many
    /// days before for any other range.
    pub fn previous(self) -> Period {
        match self.grain() {
            Some(grain) => Period::containing(self.first.plus(-1), grain),
            None => Period { first: self.first.plus(-(self.len() as i32)), last: self.first.plus(-1) },
        }
    }

    /// The period just after, the inverse of [`previous`](Period::previous) for the units of a grain.
    pub fn next(self) -> Period {
        match self.grain() {
            Some(grain) => Period::containing(self.last.plus(1), grain),
            None => Period { first: self.last.plus(1), last: self.last.plus(self.len() as i32) },
        }
    }

    /// The same period last year (同比). Days and weeks keep their weekday: the same ISO week and weekday of
    /// the year before, or 364 days earlier where that year had no such week. All else goes by the date.
    pub fn same_last_year(self) -> Period {
        match self.grain() {
            Some(Grain::Day) => {
                let day = self.first.same_iso_day_last_year().unwrap_or(self.first.plus(-364));
                Period { first: day, last: day }
            }
            Some(Grain::Week) => {
                let first = self.first.same_iso_day_last_year().unwrap_or(self.first.plus(-364));
                Period { first, last: first.plus(6) }
            }
            Some(Grain::SundayWeek | Grain::SaturdayWeek) => {
                Period { first: self.first.plus(-364), last: self.last.plus(-364) }
            }
            Some(grain) => Period::containing(self.first.year_before(), grain),
            None => Period { first: self.first.year_before(), last: self.last.year_before() },
        }
    }

    /// Its first `k` days, or all of it if it has no more. Nothing has no days, so `k` counts as at least 1.
    pub fn first_days(self, k: u32) -> Period {
        let days = k.clamp(1, self.len());
        Period { first: self.first, last: self.first.plus(days as i32 - 1) }
    }

    /// How many of its days are complete when `watermark` is the last complete day.
    pub fn complete_days(self, watermark: Day) -> u32 {
        let through = i64::from(watermark.0.min(self.last.0)) - i64::from(self.first.0) + 1;
        through.max(0) as u32
    }

    /// An unfinished period and the one it is compared with, both cut to the days that are complete, so that
    /// day 1 to k stands against day 1 to k. `None` if not a day of it is complete yet.
    pub fn cut_both(self, against: Period, watermark: Day) -> Option<(Period, Period)> {
        match self.complete_days(watermark) {
            0 => None,
            k if k >= self.len() => Some((self, against)),
            k => Some((self.first_days(k), against.first_days(k))),
        }
    }

    /// The units of a grain that hold its days, in order.
    pub fn units(self, grain: Grain) -> impl Iterator<Item = Period> {
        let first = Period::containing(self.first, grain);
        std::iter::successors(Some(first), move |p| {
            let next = Period::containing(p.last.plus(1), grain);
            (next.first > p.last).then_some(next)
        })
        .take_while(move |p| p.first <= self.last)
    }
}

impl Day {
    /// So many days later, or earlier if negative.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// The same ISO week and weekday of the ISO year before; `None` if that year has no such week.
    pub fn same_iso_day_last_year(self) -> Option<Day> {
        let iso = self.civil()?.iso_week_date();
        let before = ISOWeekDate::new(iso.year().checked_sub(1)?, iso.week(), iso.weekday()).ok()?;
        Some(Day::from_civil(before.date()))
    }

    /// The same date one year earlier; 28 February for 29 February.
    fn year_before(self) -> Day {
        let earlier = |date: Date| Some(Day::from_civil(date.checked_sub(jiff::Span::new().years(1)).ok()?));
        self.civil().and_then(earlier).unwrap_or(self.plus(-365))
    }
}

impl fmt::Display for Period {
    /// `2026-10-31`, `2026-W40`, `2026-10`, `2026-Q3`, `2026`, or else `2026-10-01..2026-10-15`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(date), grain) = (self.first.civil(), self.grain()) else {
            return f.write_str("-");
        };
        match grain {
            Some(Grain::Day) => write!(f, "{date}"),
            Some(Grain::Week) => {
                let iso = date.iso_week_date();
                write!(f, "{:04}-W{:02}", iso.year(), iso.week())
            }
            Some(Grain::Month) => write!(f, "{:04}-{:02}", date.year(), date.month()),
            Some(Grain::Quarter) => write!(f, "{:04}-Q{}", date.year(), (date.month() - 1) / 3 + 1),
            Some(Grain::Year) => write!(f, "{:04}", date.year()),
            Some(Grain::SundayWeek | Grain::SaturdayWeek) | None => write!(f, "{}..{}", self.first, self.last),
        }
    }
}

impl FromStr for Period {
    type Err = Said;

    /// Reads what [`Display`](fmt::Display) writes; both sides of `..` may be any period
    /// (`2026-07..2026-09`), a date may be written with `/`.
    fn from_str(text: &str) -> Result<Period, Said> {
        let whole = match text.split_once("..") {
            Some((from, to)) => unit(from).zip(unit(to)).filter(|(a, b)| a.first <= b.last),
            None => unit(text).map(|p| (p, p)),
        };
        whole.map(|(a, b)| Period { first: a.first, last: b.last }).ok_or_else(|| {
            said!(
                "看不懂这个时间段：可以写成 2026-10-31、2026-10、2026-W40、2026-Q3、2026 或 2026-10-01..2026-10-15",
                "not a period: write 2026-10-31, 2026-10, 2026-W40, 2026-Q3, 2026 or 2026-10-01..2026-10-15"
            )
        })
    }
}

/// One day, week, month, quarter or year.
fn unit(text: &str) -> Option<Period> {
    let text = text.trim();
    let mut parts = text.split(['-', '/']);
    let year: i16 = digits(parts.next()?, 4)?;
    let (second, third) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let (date, grain) = match (second, third) {
        (None, None) => (Date::new(year, 1, 1).ok()?, Grain::Year),
        (Some(part), None) => match part.split_at_checked(1)? {
            ("W" | "w", week) => (ISOWeekDate::new(year, digits(week, 2)?, Weekday::Monday).ok()?.date(), Grain::Week),
            ("Q" | "q", quarter) => {
                let quarter: i8 = digits(quarter, 1).filter(|q| (1..=4).contains(q))?;
                (Date::new(year, quarter * 3 - 2, 1).ok()?, Grain::Quarter)
            }
            _ => (Date::new(year, digits(part, 2)?, 1).ok()?, Grain::Month),
        },
        (Some(month), Some(day)) => (Date::new(year, digits(month, 2)?, digits(day, 2)?).ok()?, Grain::Day),
        (None, Some(_)) => return None,
    };
    Some(Period::containing(Day::from_civil(date), grain))
}

/// A number of at most so many digits; a year needs all four.
fn digits<T: FromStr>(text: &str, most: usize) -> Option<T> {
    let fits = text.len() == most || (most == 2 && text.len() == 1);
    (fits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap_or_else(|e: Said| panic!("{text}: {}", e.en))
    }

    #[test]
    fn a_period_is_read_named_and_compared() {
        // written, shown, days, previous, same period last year
        let cases = [
            ("2026-10-31", "2026-10-31", 1, "2026-10-30", "2025-11-01"),
            ("2026/1/5", "2026-01-05", 1, "2026-01-04", "2025-01-06"),
            ("2026-w40", "2026-W40", 7, "2026-W39", "2025-W40"),
            ("2026-W53", "2026-W53", 7, "2026-W52", "2026-W01"),
            ("2026-10", "2026-10", 31, "2026-09", "2025-10"),
            ("2026-01", "2026-01", 31, "2025-12", "2025-01"),
            ("2024-02", "2024-02", 29, "2024-01", "2023-02"),
            ("2026-Q3", "2026-Q3", 92, "2026-Q2", "2025-Q3"),
            ("2026", "2026", 365, "2025", "2025"),
            (
                "2026-10-01..2026-10-15",
                "2026-10-01..2026-10-15",
                15,
                "2026-09-16..2026-09-30",
                "2025-10-01..2025-10-15",
            ),
            ("2026-10-01..2026-10-31", "2026-10", 31, "2026-09", "2025-10"),
            ("2026-07..2026-09", "2026-Q3", 92, "2026-Q2", "2025-Q3"),
            ("2026-10-04..2026-10-10", "2026-10-04..2026-10-10", 7, "2026-09-27..2026-10-03", "2025-10-05..2025-10-11"),
            ("2026-10-03..2026-10-09", "2026-10-03..2026-10-09", 7, "2026-09-26..2026-10-02", "2025-10-04..2025-10-10"),
            (
                "2024-02-20..2024-02-29",
                "2024-02-20..2024-02-29",
                10,
                "2024-02-10..2024-02-19",
                "2023-02-20..2023-02-28",
            ),
        ];
        for (written, shown, days, previous, last_year) in cases {
            let p = period(written);
            assert_eq!(p.to_string(), shown, "{written}");
            assert_eq!(period(&p.to_string()), p, "{written}");
            assert_eq!(p.len(), days, "{written}");
            assert_eq!(p.days().count(), days as usize, "{written}");
            assert_eq!(p.previous().to_string(), previous, "{written}");
            assert_eq!(p.same_last_year().to_string(), last_year, "{written}");
            assert_eq!(p.grain().map(|_| p.previous().next()), p.grain().map(|_| p), "{written}");
        }
        for wrong in [
            "",
            "x",
            "26-10",
            "2026-13",
            "2026-W54",
            "2025-W53",
            "2026-Q5",
            "2026-02-30",
            "2026-10-",
            "2026-10..2026-09",
        ] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unfinished_period_stands_against_the_same_days() {
        let (this, last) = (period("2026-10"), period("2026-09"));
        let at = |text| period(text).first();
        assert_eq!(this.cut_both(last, at("2026-09-30")), None);
        let (a, b) = this.cut_both(last, at("2026-10-12")).expect("twelve days");
        assert_eq!((a.to_string(), b.to_string()), ("2026-10-01..2026-10-12".into(), "2026-09-01..2026-09-12".into()));
        assert_eq!(this.cut_both(last, at("2026-10-31")), Some((this, last)));
        let (_, february) = period("2026-03").cut_both(period("2026-02"), at("2026-03-30")).expect("thirty days");
        assert_eq!(february, period("2026-02"));
    }

    #[test]
    fn units_cover_a_range() {
        let named: Vec<String> = period("2026-09-28..2026-10-12").units(Grain::Week).map(|p| p.to_string()).collect();
        assert_eq!(named, ["2026-W40", "2026-W41", "2026-W42"]);
        assert_eq!(period("2026").units(Grain::Month).count(), 12);
        let far = Period::new(Day(i32::MAX - 1), Day(i32::MAX));
        assert_eq!((far.to_string(), far.units(Grain::Month).count()), ("-".into(), 2));
    }
}

//! Which periods a report shows: the one asked for, the one it is compared with, and those before them.

use crate::error::{Error, Result};
use crate::report::model::Provisional;
use crate::said;
use crate::stats::gate::FEWEST_DAYS;
use crate::words::{Day, Grain, Period};

/// Periods shown in series: a year of months.
pub const SERIES: usize = 12;
/// Pairs of earlier periods that the gate learns from at most: half a year of weeks.
pub const PAIRS: usize = 26;

/// Which days make up which period.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The period reported on, whole.
    pub period: Period,
    /// The period compared with, whole.
    pub against: Period,
    /// The same period of last year, whole.
    pub last_year: Period,
    /// Consecutive periods up to the reported one, oldest first.
    pub series: Vec<Period>,
    /// Those before the series, oldest first: not shown, but the gate learns from them.
    earlier: Vec<Period>,
    /// Set if the period is not over: only the first days of every period are counted.
    pub provisional: Option<Provisional>,
    /// Days of each period that are counted, if not all.
    days: Option<u32>,
}

impl Plan {
    /// Plans a report over records of these days. Without a period: the last one that has at least a week of days.
    pub fn make(
        grain: Grain,
        asked: Option<Period>,
        against: Option<Period>,
        (first, last): (Day, Day),
    ) -> Result<Plan> {
        let latest = Period::containing(last, grain);
        let period = asked.unwrap_or({
            let short = latest.len() > FEWEST_DAYS && latest.complete_days(last) < FEWEST_DAYS;
            if short && latest.previous().last() >= first { latest.previous() } else { latest }
        });
        if period.last() < first || period.first() > last {
            let what = said!("{period} 没有记录", "there are no records of {period}");
            return Err(Error::new("no_records", what)
                .help(said!("记录从 {first} 到 {last}", "the records run from {first} to {last}")));
        }
        if let Some(against) = against.filter(|a| a.last() < first || a.first() > last) {
            let what = said!("对比的 {against} 没有记录", "there are no records of {against} to compare with");
            return Err(Error::new("no_records", what)
                .help(said!("记录从 {first} 到 {last}", "the records run from {first} to {last}")));
        }
        let against = against.unwrap_or_else(|| period.previous());
        let days = (last < period.last()).then(|| period.complete_days(last).max(1));
        let back = std::iter::successors(Some(period), |p| (p.first() > first).then(|| p.previous()));
        let mut earlier: Vec<Period> = back.take(PAIRS + 2).collect();
        earlier.reverse();
        let series = earlier.split_off(earlier.len().saturating_sub(SERIES));
        let provisional = days.map(|days| Provisional { until: last.to_string(), days });
        Ok(Plan { period, against, last_year: period.same_last_year(), series, earlier, provisional, days })
    }

    /// The period, of the series, those before it, the one compared with or that of last year, to which a day
    /// counts; `None` if it does not count.
    pub fn of(&self, day: Day) -> Option<Period> {
        let mut all = self.all().rev().chain([&self.against, &self.last_year]);
        let period = *all.find(|p| p.contains(day))?;
        self.counted(period).contains(day).then_some(period)
    }

    /// True if the period is not over and has fewer days than a highlight may rest on.
    pub fn is_too_young(&self) -> bool {
        self.days.is_some_and(|days| days < FEWEST_DAYS) && self.period.len() > FEWEST_DAYS
    }

    /// The part of a period that is counted.
    pub fn counted(&self, period: Period) -> Period {
        self.days.map_or(period, |k| period.first_days(k))
    }

    /// The same in blocks of so many periods each, the last of which ends with the reported one; `None` where there
    /// are not two such blocks, or if the period is not compared with the one before it.
    pub fn rolled(&self, periods: usize) -> Option<Plan> {
        let all: Vec<Period> = self.all().copied().collect();
        let mut blocks: Vec<Period> = all
            .rchunks_exact(periods)
            .map(|block| Period::new(block[0].first(), block[block.len() - 1].last()))
            .collect();
        let (&period, &against) = (blocks.first()?, blocks.get(1)?);
        blocks.reverse();
        let neighbours = self.against == self.period.previous();
        let (last_year, provisional) = (period.same_last_year(), self.provisional.clone());
        let plan = Plan { period, against, last_year, series: blocks, earlier: Vec::new(), provisional, days: None };
        neighbours.then_some(plan)
    }

    /// Pairs of neighbouring periods, the latest first, none of which is the reported one: what the gate learns from.
    pub fn history(&self) -> Vec<(Period, Period)> {
        let earlier: Vec<Period> = self.all().copied().filter(|p| *p < self.period).collect();
        earlier.windows(2).rev().map(|w| (w[0], w[1])).collect()
    }

    /// Every period of the series and before it, oldest first.
    fn all(&self) -> impl DoubleEndedIterator<Item = &Period> {
        self.earlier.iter().chain(&self.series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse::<Period>().unwrap().first()
    }

    fn plan(asked: Option<&str>, first: &str, last: &str) -> Plan {
        Plan::make(Grain::Month, asked.map(|p| p.parse().unwrap()), None, (day(first), day(last))).unwrap()
    }

    #[test]
    fn the_last_period_with_a_week_of_days_is_reported() {
        let whole = plan(None, "2026-07-01", "2026-10-31");
        assert_eq!((whole.period.to_string().as_str(), whole.provisional.is_none()), ("2026-10", true));
        assert_eq!(whole.series.len(), 4);
        assert_eq!(whole.history().len(), 2);

        let young = plan(None, "2026-07-01", "2026-11-03");
        assert_eq!(young.period.to_string(), "2026-10");

        let open = plan(None, "2026-07-01", "2026-11-12");
        assert_eq!(open.period.to_string(), "2026-11");
        assert_eq!(open.provisional.as_ref().unwrap().days, 12);
        // Day 13 of any month does not count while this one has twelve.
        assert_eq!(open.of(day("2026-10-12")).unwrap().to_string(), "2026-10");
        assert_eq!(open.of(day("2026-10-13")), None);
    }

    #[test]
    fn the_gate_learns_from_more_weeks_than_are_shown() {
        let of = |first| Plan::make(Grain::Week, None, None, (day(first), day("2026-11-01"))).unwrap();
        for (first, shown, pairs) in [("2026-05-01", 12, 25), ("2020-01-01", 12, PAIRS), ("2026-10-19", 2, 0)] {
            let plan = of(first);
            assert_eq!((plan.series.len(), plan.history().len()), (shown, pairs), "{first}");
            assert!(plan.history().iter().all(|(before, after)| before.next() == *after && *after < plan.period));
        }
        assert_eq!(of("2026-05-01").rolled(4).unwrap().history().len(), 4);
    }

    #[test]
    fn a_period_without_records_is_refused_with_the_days_there_are() {
        let days = (day("2026-07-01"), day("2026-10-31"));
        let wrong = Plan::make(Grain::Month, Some("2025-01".parse().unwrap()), None, days).unwrap_err();
        assert!(wrong.message(crate::words::Lang::En).contains("2026-07-01"));
    }
}

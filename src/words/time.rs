//! A moment and a day on the shop's own clock.
//!
//! The zone is settled once, at import: from there on a record carries what the shop's wall clock
//! showed, so that "October" means the shop's October and no floor below the edges needs a zone.

use std::fmt;

use jiff::civil;

/// Seconds since 1970-01-01T00:00:00 as the shop's wall clock showed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// Days since 1970-01-01 on the shop's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl Moment {
    /// The moment of a civil date and time.
    pub fn from_civil(at: civil::DateTime) -> Moment {
        let day = Day::from_civil(at.date());
        let clock = i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second());
        Moment(i64::from(day.0) * 86_400 + clock)
    }

    /// The moment that a clock in this zone shows at an instant.
    pub fn in_zone(instant: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> Moment {
        Moment::from_civil(zone.to_datetime(instant))
    }

    /// The calendar day.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(86_400) as i32)
    }

    /// Seconds since midnight, 0..86400.
    pub fn second_of_day(self) -> u32 {
        self.0.rem_euclid(86_400) as u32
    }
}

impl Day {
    /// The day of a civil date.
    pub fn from_civil(date: civil::Date) -> Day {
        Day((date.duration_since(EPOCH).as_secs() / 86_400) as i32)
    }

    /// The civil date; `None` outside the years -9999..=9999.
    pub fn civil(self) -> Option<civil::Date> {
        EPOCH.checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }

    /// The first moment of the day.
    pub fn start(self) -> Moment {
        Moment(i64::from(self.0) * 86_400)
    }
}

impl fmt::Display for Day {
    /// `2026-10-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(date) => write!(f, "{date}"),
            None => f.write_str("-"),
        }
    }
}

impl fmt::Display for Moment {
    /// `2026-10-31 08:05:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.second_of_day();
        write!(f, "{} {:02}:{:02}:{:02}", self.day(), s / 3600, s / 60 % 60, s % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_goes_to_the_calendar_and_back() {
        for date in [civil::date(1969, 12, 31), civil::date(1970, 1, 1), civil::date(2026, 10, 31)] {
            assert_eq!(Day::from_civil(date).civil(), Some(date));
        }
        let at = Moment::from_civil(civil::date(2026, 10, 31).at(8, 5, 0, 0));
        assert_eq!(at.to_string(), "2026-10-31 08:05:00");
        assert_eq!(at.day().start().to_string(), "2026-10-31 00:00:00");
    }
}

//! Dates of every form that exports know, on the shop's clock.
//!
//! [`read()`] says what a cell states without any knowledge of the file; [`Clock::place`] puts that on the
//! shop's clock with what the file as a whole has settled: the order of day and month, and the day on which
//! it was taken. A date without a year and a time without a date wait until the row above is known.

mod look;
mod order;
mod read;
mod relative;
mod words;

use jiff::civil::{self, Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub use look::{DateLook, date_look};
pub use order::readings;
pub use read::read;
pub use relative::Ago;

use crate::ingest::source::{DateOrder, Settings, Source};
use crate::ingest::table::Cell;
use crate::words::{Day, Moment};

/// What a cell states about a time, before the file's own facts are applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stated {
    /// A calendar day.
    Day(Date),
    /// A wall clock's time, without a zone.
    Local(DateTime),
    /// An instant: seconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// Three numbers whose order the file must settle; with a zone, its minutes east of Greenwich.
    Numbers([u16; 3], Option<Time>, Option<i32>),
    /// Month and day without a year.
    Yearless(i8, i8, Option<Time>),
    /// A time of day without a date.
    Clock(Time),
    /// So long before the file was taken.
    Ago(Ago),
}

/// Why a cell that should hold a date gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDate {
    /// It is no date that we know.
    Unreadable,
    /// Day and month could be either way round, and nothing in the file settles it.
    Order,
    /// It counts from the day the file was taken, which nobody has told.
    Capture,
    /// Before 1995 or after 2100.
    OutOfRange,
}

impl Stated {
    /// True if it lacks its year or its day, which the row above may tell.
    pub fn is_partial(self) -> bool {
        matches!(self, Stated::Yearless(..) | Stated::Clock(_))
    }

    fn of(date: Date, time: Option<Time>) -> Stated {
        time.map_or(Stated::Day(date), |time| Stated::Local(date.to_datetime(time)))
    }
}

/// What a file's dates need beside the cell: zones, and what the file as a whole settles.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The shop's own clock.
    home: TimeZone,
    /// Zone of times that carry none, if it is another.
    away: Option<TimeZone>,
    /// Order of the numbers, where it is settled.
    pub order: Option<DateOrder>,
    /// The day on which the file was taken.
    pub captured: Option<Date>,
}

/// The years in which a review can have been written.
const YEARS: std::ops::RangeInclusive<i16> = 1995..=2100;

impl Clock {
    /// The clock of a shop in this zone, where files are written in this other.
    pub fn new(home: TimeZone, files: TimeZone) -> Clock {
        let away = (files != home).then_some(files);
        Clock { home, away, order: None, captured: None }
    }

    /// The clock for a source.
    pub fn of(source: &Source, settings: &Settings<'_>) -> Clock {
        let clock = Clock::new(settings.home.clone(), source.zone.clone());
        Clock { order: source.date_order, captured: source.captured, ..clock }
    }

    /// The moment a cell states. `Ok(None)` if it is empty; `above` is the moment of the row above, from which
    /// a date without a year or a time without a date takes what it lacks.
    pub fn moment(&self, cell: Cell<'_>, above: Option<Moment>) -> Result<Option<Moment>, BadDate> {
        match read_cell(cell)? {
            Some(stated) => self.place(stated, above).map(Some),
            None => Ok(None),
        }
    }

    /// Puts what a cell states on the shop's clock.
    pub fn place(&self, stated: Stated, above: Option<Moment>) -> Result<Moment, BadDate> {
        let at = match stated {
            Stated::Day(day) => day.to_datetime(Time::midnight()),
            Stated::Local(at) => self.at_home(at)?,
            Stated::Instant(second) => self.local(second)?,
            Stated::Numbers(numbers, time, zone) => {
                let date = order::date(self.order.ok_or(BadDate::Order)?, numbers)?;
                match (time, zone) {
                    (Some(time), Some(east)) => self.local(read::instant(date.to_datetime(time), east))?,
                    (Some(time), None) => self.at_home(date.to_datetime(time))?,
                    (None, _) => date.to_datetime(Time::midnight()),
                }
            }
            Stated::Yearless(month, day, time) => {
                self.with_year(month, day, above)?.to_datetime(time.unwrap_or_default())
            }
            Stated::Clock(time) => self.with_date(time, above)?,
            Stated::Ago(ago) => ago.before(self.captured.ok_or(BadDate::Capture)?)?,
        };
        if YEARS.contains(&at.year()) { Ok(Moment::from_civil(at)) } else { Err(BadDate::OutOfRange) }
    }

    /// A wall clock's time elsewhere, on the shop's clock.
    fn at_home(&self, at: DateTime) -> Result<DateTime, BadDate> {
        let Some(away) = &self.away else { return Ok(at) };
        let instant = away.to_timestamp(at).map_err(|_| BadDate::OutOfRange)?;
        Ok(self.home.to_datetime(instant))
    }

    fn local(&self, second: i64) -> Result<DateTime, BadDate> {
        let instant = Timestamp::from_second(second).map_err(|_| BadDate::OutOfRange)?;
        Ok(self.home.to_datetime(instant))
    }

    /// A sheet is kept in order: the year is the one nearest to the row above. Where there is no row above, it
    /// is the last such day that was not after the file was taken.
    fn with_year(&self, month: i8, day: i8, above: Option<Moment>) -> Result<Date, BadDate> {
        let near = above.and_then(|m| m.day().civil());
        let anchor = near.or(self.captured).ok_or(BadDate::Capture)?;
        let distance = |date: Date| (i64::from(Day::from_civil(date).0) - i64::from(Day::from_civil(anchor).0)).abs();
        (anchor.year() - 4..=anchor.year() + 1)
            .filter_map(|year| Date::new(year, month, day).ok())
            .filter(|date| near.is_some() || *date <= anchor)
            .min_by_key(|date| distance(*date))
            .ok_or(BadDate::Unreadable)
    }

    /// The day of the row above, or the next one where the clock has gone back by more than half a day
    /// (a conversation that passes midnight).
    fn with_date(&self, time: Time, above: Option<Moment>) -> Result<DateTime, BadDate> {
        let Some(above) = above.and_then(|m| m.day().civil().map(|day| (m, day))) else {
            return Ok(self.captured.ok_or(BadDate::Capture)?.to_datetime(time));
        };
        let (moment, day) = above;
        let same = day.to_datetime(time);
        if moment.0 - Moment::from_civil(same).0 > 12 * 3600 {
            return day.tomorrow().map(|next| next.to_datetime(time)).map_err(|_| BadDate::OutOfRange);
        }
        Ok(same)
    }
}

/// What a cell of any type states. `Ok(None)` if it is empty.
pub fn read_cell(cell: Cell<'_>) -> Result<Option<Stated>, BadDate> {
    match cell {
        Cell::Empty | Cell::Error => Ok(None),
        Cell::Text(text) => read(text),
        Cell::Number(number) => from_number(number).map(Some),
        Cell::Date(at) if at.time() == Time::midnight() => Ok(Some(Stated::Day(at.date()))),
        Cell::Date(at) => Ok(Some(Stated::Local(at))),
        Cell::Bool(_) => Err(BadDate::Unreadable),
    }
}

/// A bare number: a day of Excel's calendar, seconds or milliseconds since 1970, or digits that spell a date.
pub(super) fn from_number(number: f64) -> Result<Stated, BadDate> {
    match number {
        n if !n.is_finite() => Err(BadDate::Unreadable),
        n if (20_000.0..80_000.0).contains(&n) => excel(n),
        n if (1e9..1e10).contains(&n) => Ok(Stated::Instant(n.floor() as i64)),
        n if (1e11..1e13).contains(&n) => Ok(Stated::Instant((n / 1e3).floor() as i64)),
        n if (1e15..1e16).contains(&n) => Ok(Stated::Instant((n / 1e6).floor() as i64)),
        n if (1.9e7..2.2e7).contains(&n) && n.fract() == 0.0 => {
            let n = n as i64;
            let date = Date::new((n / 10_000) as i16, (n / 100 % 100) as i8, (n % 100) as i8);
            date.map(Stated::Day).map_err(|_| BadDate::Unreadable)
        }
        _ => Err(BadDate::Unreadable),
    }
}

/// Days since 1899-12-30 with the time of day as the fraction, to the nearest second.
fn excel(serial: f64) -> Result<Stated, BadDate> {
    let seconds = (serial * 86_400.0).round() as i64;
    let start = civil::date(1899, 12, 30).to_datetime(Time::midnight());
    let at = start.checked_add(seconds.seconds()).map_err(|_| BadDate::OutOfRange)?;
    Ok(Stated::of(at.date(), Some(at.time()).filter(|time| *time != Time::midnight())))
}

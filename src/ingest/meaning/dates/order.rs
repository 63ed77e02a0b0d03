//! The order of day, month and year: what three numbers allow. The file as a whole settles it, or is asked about.

use jiff::civil::Date;

use super::BadDate;
use crate::ingest::source::DateOrder;

/// The years that a year of two digits can mean.
const SHORT_YEARS: std::ops::RangeInclusive<u16> = 2010..=2040;

/// The date that three numbers give in an order.
pub fn date(order: DateOrder, [a, b, c]: [u16; 3]) -> Result<Date, BadDate> {
    let (year, month, day) = match order {
        DateOrder::YearFirst => (a, b, c),
        DateOrder::DayFirst => (c, b, a),
        DateOrder::MonthFirst => (c, a, b),
    };
    if month > 12 || day > 31 {
        return Err(BadDate::Unreadable);
    }
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year as i16, month as i8, day as i8).map_err(|_| BadDate::Unreadable)
}

/// The orders in which three numbers are a date, with the date.
pub fn readings(numbers: [u16; 3]) -> impl Iterator<Item = (DateOrder, Date)> {
    let plausible = move |order: DateOrder| {
        let year = numbers[if order == DateOrder::YearFirst { 0 } else { 2 }];
        let long = numbers.iter().any(|n| *n >= 100);
        if long { year >= 100 } else { SHORT_YEARS.contains(&(year + 2000)) }
    };
    DateOrder::ALL.into_iter().filter(move |o| plausible(*o)).filter_map(move |o| Some((o, date(o, numbers).ok()?)))
}

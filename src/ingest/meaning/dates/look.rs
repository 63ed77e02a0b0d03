//! How a cell looks to a reader of dates: what detection asks of every column that might hold them.

use super::{Stated, order, read_cell};
use crate::ingest::source::DateOrder;
use crate::ingest::table::Cell;

/// How a cell looks to a reader of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateLook {
    /// No date.
    No,
    /// A date with one reading.
    Sure,
    /// Three numbers that are a date in this order only.
    Only(DateOrder),
    /// Three numbers that are one date in one order and another in another.
    Either([u16; 3]),
    /// A time without a date.
    TimeOnly,
    /// Month and day without a year.
    NoYear,
    /// 昨天, 2 weeks ago.
    Relative,
}

/// Looks at a cell. A bare number counts only if it can be a Unix time (s or ms) or an Excel serial of this century.
pub fn date_look(cell: Cell<'_>) -> DateLook {
    match read_cell(cell) {
        Err(_) | Ok(None) => DateLook::No,
        Ok(Some(Stated::Day(_) | Stated::Local(_) | Stated::Instant(_))) => DateLook::Sure,
        Ok(Some(Stated::Clock(_))) => DateLook::TimeOnly,
        Ok(Some(Stated::Yearless(..))) => DateLook::NoYear,
        Ok(Some(Stated::Ago(_))) => DateLook::Relative,
        Ok(Some(Stated::Numbers(numbers, ..))) => {
            let mut readings = order::readings(numbers);
            match (readings.next(), readings.next()) {
                (None, _) => DateLook::No,
                (Some((only, _)), None) => DateLook::Only(only),
                (Some(_), Some(_)) => DateLook::Either(numbers),
            }
        }
    }
}

//! The counts behind every report as one table, for other programs; `earful report --tally` reads it back.

use std::path::Path;

use super::report::{Ask, Counting};
use crate::disk;
use crate::error::{Error, Result};
use crate::records::write_tally;
use crate::report::safe_cell;
use crate::said;
use crate::stats::tally::{Row, Tally};
use crate::words::{Period, Stance};
use crate::workspace::Workspace;

/// The columns, in order.
pub const COLUMNS: [&str; 8] = ["period", "shop", "own", "sku", "category", "stance", "mentions", "base"];

/// What was written.
pub struct Written {
    /// How many rows were written.
    pub rows: usize,
    /// The last period, if it is not over.
    pub unfinished: Option<Period>,
}

/// Counts a workspace by period and writes the table.
pub fn write(workspace: &Workspace, ask: &Ask, path: &Path, parquet: bool) -> Result<Written> {
    let counting = Counting::open(workspace, ask)?;
    let ask = &counting.ask;
    let tally = counting.tally(workspace, ask, |day| Some(Period::containing(day, ask.grain)))?;
    let wanted = |row: &Row<'_>| row.stance.is_none_or(|stance| ask.wants(row.category, stance));
    let bytes = if parquet {
        write_tally(tally.rows().filter(wanted))?
    } else {
        csv(&tally, wanted)
            .map_err(|e| Error::new("write", said!("表格没有写成", "the table could not be written")).cause(e))?
    };
    disk::write(path, &bytes)?;
    let last = tally.periods().last().copied();
    Ok(Written {
        rows: tally.rows().filter(wanted).count(),
        unfinished: last.filter(|p| p.last() > counting.days.last),
    })
}

fn csv(tally: &Tally, wanted: impl Fn(&Row<'_>) -> bool) -> std::result::Result<Vec<u8>, csv::Error> {
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{FEFF}".as_bytes().to_vec());
    csv.write_record(COLUMNS)?;
    for row in tally.rows().filter(wanted) {
        csv.write_record([
            row.period.to_string().as_str(),
            &safe_cell(row.shop),
            if row.own { "true" } else { "false" },
            &safe_cell(row.sku),
            row.category,
            row.stance.map_or("", Stance::key),
            &row.mentions.to_string(),
            &row.base.to_string(),
        ])?;
    }
    csv.into_inner().map_err(|e| csv::Error::from(e.into_error()))
}

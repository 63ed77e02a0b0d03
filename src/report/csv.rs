//! The report as tidy CSV: one row a cell, with BOM so that spreadsheets read it as UTF-8.

use std::io::Write;

use super::model::Direction;
use super::{Report, safe};
use crate::error::{Error, Result};
use crate::said;
use crate::words::Lang;

/// Writes every cell of both periods, with the gate's word in the column `shift` of the later one: `rise` and `fall`
/// are highlights. Column names are the same in every language: `earful report --tally` reads them.
pub fn write(report: &Report, _lang: Lang, out: &mut dyn Write) -> Result<()> {
    super::put(out, "\u{FEFF}")?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    let failed =
        |e: ::csv::Error| Error::new("write", said!("表格没有写成", "the table could not be written")).cause(e);
    csv.write_record(["period", "shop", "own", "sku", "category", "stance", "mentions", "base", "shift", "q"])
        .map_err(failed)?;
    for cell in &report.cells {
        csv.write_record([
            cell.period.as_str(),
            &safe::cell(&cell.shop),
            if cell.own { "true" } else { "false" },
            &safe::cell(&cell.sku),
            &cell.category,
            cell.stance.key(),
            &cell.ratio.mentions.to_string(),
            &cell.ratio.base.to_string(),
            cell.shift.map_or("", Direction::key),
            &cell.q.map_or(String::new(), |q| format!("{q:.6}")),
        ])
        .map_err(failed)?;
    }
    csv.flush().map_err(|e| Error::new("write", said!("表格没有写成", "the table could not be written")).cause(e))
}

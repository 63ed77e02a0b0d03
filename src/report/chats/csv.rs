//! Tables as tidy CSV: one row a cell, with BOM, so that one file holds them all and pivots.

use std::io::Write;

use super::{Tables, Value};
use crate::error::{Error, Result};
use crate::report::{put, safe};
use crate::said;
use crate::words::Lang;

/// Writes every cell of every table.
pub fn write(tables: &Tables, lang: Lang, out: &mut dyn Write) -> Result<()> {
    put(out, "\u{FEFF}")?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    let failed =
        |e: ::csv::Error| Error::new("write", said!("表格没有写成", "the table could not be written")).cause(e);
    csv.write_record(["table", "row", "column", "value", "mentions", "base"]).map_err(failed)?;
    for table in &tables.tables {
        for (at, row) in table.rows.iter().enumerate() {
            for (column, value) in table.columns.iter().zip(row) {
                let (text, mentions, base) = cell(value, lang);
                csv.write_record([table.key, &(at + 1).to_string(), &column.key, &safe::cell(&text), &mentions, &base])
                    .map_err(failed)?;
            }
        }
    }
    csv.flush().map_err(|e| Error::new("write", said!("表格没有写成", "the table could not be written")).cause(e))
}

fn cell(value: &Value, lang: Lang) -> (String, String, String) {
    let plain = |text: String| (text, String::new(), String::new());
    match value {
        Value::None => plain(String::new()),
        Value::Share(ratio) => (
            ratio.share().map_or(String::new(), |share| format!("{share:.6}")),
            ratio.mentions.to_string(),
            ratio.base.to_string(),
        ),
        Value::Seconds(n) => plain(format!("{n:.0}")),
        Value::Number(n) => plain(format!("{n:.6}")),
        Value::Points(n) => plain(format!("{n:.6}")),
        other => plain(other.shown(lang)),
    }
}

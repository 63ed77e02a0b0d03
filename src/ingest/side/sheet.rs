//! Any table, CSV or workbook, as rows of text: for sheets that people edit and hand back.

use super::text;
use crate::error::{Error, Result};
use crate::ingest::bytes::{Bytes, Input};
use crate::ingest::container::{Plan, documents};
use crate::ingest::source::Settings;
use crate::ingest::table::{Cell, Row};
use crate::said;
use crate::words::Said;

/// Columns of a sheet that are read.
const COLUMNS: usize = 64;

/// A cell of which a spreadsheet kept something else than what was typed: row, column from 0, and what it kept.
pub type Spoilt = (u64, usize, Said);

/// The rows of the first sheet that has any: number in the file, and cells as they were written; and the cells that
/// are empty there because a spreadsheet took them for dates or formulas.
pub fn read(input: &Input<'_>) -> Result<(Vec<(u64, Vec<String>)>, Vec<Spoilt>)> {
    let settings = Settings::new("", [0; 32]);
    for mut document in documents(Bytes::open(input, &settings.room)?, &settings)?.0 {
        for (at, sheet) in document.container.sheets()?.into_iter().enumerate() {
            let (mut rows, mut spoilt) = (Vec::new(), Vec::new());
            if let Some(headers) = &sheet.headers {
                rows.push((1, headers.clone()));
            }
            let plan = Plan { columns: COLUMNS, ..Plan::default() };
            document.container.rows(at, &plan, &mut |mut batch| {
                for row in (0..batch.len()).map(|i| batch.row(i)) {
                    spoilt.extend(spoilt_in(row));
                    if !row.is_empty() {
                        rows.push(cells(row));
                    }
                }
                batch.clear();
                Ok(batch)
            })?;
            if !rows.is_empty() {
                return Ok((rows, spoilt));
            }
        }
    }
    let file = input.name();
    Err(Error::new("empty_sheet", said!("{file}：表里没有内容", "{file}: the sheet is empty")))
}

fn spoilt_in(row: Row<'_>) -> impl Iterator<Item = Spoilt> + '_ {
    row.cells().take(COLUMNS).enumerate().filter_map(move |(column, cell)| {
        let why = match cell {
            Cell::Date(_) => said!("被表格软件存成了日期", "a spreadsheet made a date of it"),
            Cell::Error => said!("被表格软件当成了公式", "a spreadsheet took it for a formula"),
            _ => return None,
        };
        Some((row.number(), column, why))
    })
}

fn cells(row: Row<'_>) -> (u64, Vec<String>) {
    let cell = |cell: Cell<'_>| match cell {
        Cell::Text(text) => armed(text).to_string(),
        other => text(other),
    };
    (row.number(), row.cells().take(COLUMNS).map(cell).collect())
}

/// The text of a cell without the quote that [`report::sheet`](crate::report) put before a formula's sign.
fn armed(text: &str) -> &str {
    let rest = text.trim_start_matches('\'');
    let formula = rest.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula && rest.len() < text.len() { &text[1..] } else { text }
}

//! A table that people edit and hand back: a workbook or a CSV, formulas disarmed and no character lost.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

use crate::error::{Error, Result};
use crate::said;

/// A column: its heading, and how wide it is shown.
pub type Column<'a> = (&'a str, f64);

/// The table in the form of this file ending; `None` if it is neither `xlsx` nor `csv`.
pub fn bytes(ending: &str, name: &str, columns: &[Column<'_>], rows: &[Vec<String>]) -> Option<Result<Vec<u8>>> {
    match ending.to_ascii_lowercase().as_str() {
        "xlsx" => Some(xlsx(name, columns, rows).map_err(|e| failed(e.to_string()))),
        "csv" => Some(csv(columns, rows)),
        _ => None,
    }
}

fn failed(cause: String) -> Error {
    Error::new("write", said!("表格没有写成", "the table could not be written")).cause(cause)
}

fn xlsx(name: &str, columns: &[Column<'_>], rows: &[Vec<String>]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    let head = Format::new().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(0x2F4B6E));
    // Text cells: a spreadsheet then leaves 1/2, 007 and =1 as they are.
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    for (at, (title, width)) in columns.iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, *title, &head)?;
        sheet.set_column_width(at as u16, *width)?;
        sheet.set_column_format(at as u16, &text)?;
    }
    for (number, row) in rows.iter().enumerate() {
        for (at, cell) in row.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
            sheet.write_string_with_format(number as u32 + 1, at as u16, disarmed(cell), &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if !rows.is_empty() {
        sheet.autofilter(0, 0, rows.len() as u32, columns.len() as u16 - 1)?;
    }
    book.save_to_buffer()
}

fn csv(columns: &[Column<'_>], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut out = "\u{FEFF}".as_bytes().to_vec();
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(&mut out);
    csv.write_record(columns.iter().map(|c| c.0)).map_err(|e| failed(e.to_string()))?;
    for row in rows {
        csv.write_record(row.iter().map(|c| disarmed(c).into_owned())).map_err(|e| failed(e.to_string()))?;
    }
    csv.flush().map_err(|e| failed(e.to_string()))?;
    drop(csv);
    Ok(out)
}

/// A cell that no spreadsheet takes for a formula: a `'` before a formula's sign, and before every `'` that
/// already stands there, so that reading takes exactly one away.
fn disarmed(cell: &str) -> Cow<'_, str> {
    let rest = cell.trim_start_matches('\'').trim_start();
    match rest.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => Cow::Owned(format!("'{cell}")),
        _ => Cow::Borrowed(cell),
    }
}

//! A table that people edit and hand back: a workbook or a CSV, formulas disarmed and no character lost.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Workbook, XlsxError};

use crate::error::{Error, Result};
use crate::said;
use crate::words::Lang;

/// A column: its heading, and how wide it is shown.
pub type Column<'a> = (&'a str, f64);

/// What a table looks like.
pub struct Form<'a> {
    /// The name of its sheet.
    pub name: &'a str,
    /// Its columns.
    pub columns: &'a [Column<'a>],
    /// A column, and what a workbook offers to choose from in it.
    pub choices: Option<(usize, Vec<&'a str>)>,
    /// What a workbook says of its columns on a sheet of its own: heading and words.
    pub guide: Vec<(&'a str, &'a str)>,
    /// The language of that.
    pub lang: Lang,
}

impl Form<'_> {
    /// The table in the form of this file ending; `None` if it is neither `xlsx` nor `csv`.
    pub fn bytes(&self, ending: &str, rows: &[Vec<String>]) -> Option<Result<Vec<u8>>> {
        match ending.to_ascii_lowercase().as_str() {
            "xlsx" => Some(xlsx(self, rows).map_err(|e| failed(e.to_string()))),
            "csv" => Some(csv(self.columns, rows)),
            _ => None,
        }
    }
}

/// Lines of a cell that are shown at most.
const LINES: usize = 22;

/// How many lines a text takes in a column of this width.
fn lines(text: &str, width: f64) -> usize {
    // What is broken at words, and by fonts of other widths, takes a little more.
    let line =
        |line: &str| (unicode_width::UnicodeWidthStr::width(line) as f64 * 1.08 / width).ceil().max(1.0) as usize;
    text.lines().map(line).sum()
}

fn failed(cause: String) -> Error {
    Error::new("write", said!("表格没有写成", "the table could not be written")).cause(cause)
}

fn xlsx(form: &Form<'_>, rows: &[Vec<String>]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(0x2F4B6E));
    // Text cells: a spreadsheet then leaves 1/2, 007 and =1 as they are.
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    let formula = text.clone().set_quote_prefix();
    let columns = form.columns;
    let sheet = book.add_worksheet();
    sheet.set_name(form.name)?;
    for (at, (title, width)) in columns.iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, *title, &head)?;
        sheet.set_column_width(at as u16, *width)?;
        sheet.set_column_format(at as u16, &text)?;
    }
    for (number, row) in rows.iter().enumerate() {
        let lines = row.iter().zip(columns).map(|(cell, (_, width))| lines(cell, *width)).max().unwrap_or(1);
        if lines > 1 {
            // Not every program finds the height of wrapped text by itself.
            sheet.set_row_height(number as u32 + 1, 17.0 * lines.min(LINES) as f64)?;
        }
        for (at, cell) in row.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
            // A string is no formula, and stays none when it is edited; only a quote of its own would be taken away.
            let is_quoted = cell.starts_with('\'');
            let shown = if is_quoted { disarmed(cell) } else { Cow::Borrowed(cell.as_str()) };
            let format = if !is_quoted && disarmed(cell).len() > cell.len() { &formula } else { &text };
            sheet.write_string_with_format(number as u32 + 1, at as u16, shown, format)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    // On paper: all columns on a page, and their names on each.
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    if !rows.is_empty() {
        sheet.autofilter(0, 0, rows.len() as u32, columns.len() as u16 - 1)?;
    }
    if let Some((column, choices)) = &form.choices {
        // Other words are asked about and not forbidden; rows may be added below.
        let offer =
            DataValidation::new().allow_list_strings(choices)?.set_error_style(DataValidationErrorStyle::Warning);
        sheet.add_data_validation(1, *column as u16, rows.len() as u32 + 1000, *column as u16, &offer)?;
    }
    if !form.guide.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name(form.lang.of("怎么填", "how to fill it in"))?;
        let bold = Format::new().set_bold().set_align(FormatAlign::Top);
        sheet.set_column_width(0, 14.0)?.set_column_width(1, 110.0)?;
        for (at, (title, words)) in form.guide.iter().enumerate() {
            sheet.write_string_with_format(at as u32, 0, *title, &bold)?;
            sheet.write_string_with_format(at as u32, 1, *words, &text)?;
        }
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

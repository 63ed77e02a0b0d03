//! Tables as a workbook: one sheet each, filtered, frozen and ready to print.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, FormatAlign, Workbook, XlsxError};

use super::{Table, Tables, Value};
use crate::error::{Error, Result};
use crate::report::model::Tone;
use crate::report::put_bytes;
use crate::report::xlsx::page::{Page, Styles};
use crate::said;
use crate::words::Lang;

/// Characters that a sheet's name may not have, and its longest length.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
const NAME: usize = 31;
/// Widest column where tables share a sheet.
const STACKED: f64 = 36.0;

/// Writes the workbook. The same tables give the same bytes.
pub fn write(tables: &Tables, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let failed =
        |e: XlsxError| Error::new("write", said!("表格没有写成", "the workbook could not be written")).cause(e);
    put_bytes(out, &workbook(tables, lang).map_err(failed)?)
}

fn workbook(tables: &Tables, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // No clock: two runs over the same records must give the same file.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("earful · 原声").set_creation_datetime(&epoch));
    let styles = Styles::new();
    let first = book.add_worksheet();
    first.set_name(lang.of("总览", "Overview"))?;
    let mut page = Page::new(first, &styles, lang);
    page.sheet.set_column_width(0, 110)?;
    page.styled(0, tables.title.in_lang(lang), &styles.title)?;
    page.row += 2;
    for said in &tables.verdict {
        page.styled(0, said.in_lang(lang), &styles.verdict)?;
        page.row += 1;
    }
    page.print_setup()?;
    for table in &tables.tables {
        let name: String = table.title.in_lang(lang).chars().filter(|c| !FORBIDDEN.contains(c)).take(NAME).collect();
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        let mut page = Page::new(sheet, &styles, lang);
        fill(&mut page, table)?;
        page.print_setup()?;
    }
    book.save_to_buffer()
}

/// One table on a sheet: frozen, filtered.
pub fn fill(page: &mut Page<'_>, table: &Table) -> std::result::Result<(), XlsxError> {
    let lang = page.lang;
    let columns = columns(table);
    let heads: Vec<(&str, &str, f64)> = columns.iter().map(Column::head).collect();
    let head = page.row;
    page.head_over(&heads, 1, &|at| columns[at].number)?;
    rows(page, table, &columns)?;
    page.filter(head, columns.len() as u16)?;
    if !table.note.in_lang(lang).is_empty() {
        page.row += 1;
        page.styled(0, table.note.in_lang(lang), &page.styles.text.clone())?;
    }
    Ok(())
}

/// Several tables on one sheet, one below the other.
pub fn stack(page: &mut Page<'_>, tables: &[Table]) -> std::result::Result<(), XlsxError> {
    let lang = page.lang;
    let mut widths: Vec<f64> = Vec::new();
    for table in tables {
        page.row += 1;
        page.styled(0, table.title.in_lang(lang), &page.styles.verdict.clone().unset_text_wrap())?;
        page.row += 1;
        if !table.note.in_lang(lang).is_empty() {
            page.styled(0, table.note.in_lang(lang), &page.styles.note.clone().unset_text_wrap())?;
            page.row += 1;
        }
        let columns = columns(table);
        for (at, column) in columns.iter().enumerate() {
            let (zh, en, width) = column.head();
            page.title(at as u16, lang.of(zh, en), column.number)?;
            if widths.len() <= at {
                widths.push(0.0);
            }
            widths[at] = widths[at].max(width.min(STACKED));
        }
        page.sheet.set_row_height(page.row, 32)?;
        page.row += 1;
        let shown = Table { rows: table.rows.iter().take(table.shown).cloned().collect(), ..table.clone() };
        rows(page, &shown, &columns)?;
    }
    for (at, width) in widths.iter().enumerate() {
        page.sheet.set_column_width(at as u16, *width)?;
    }
    Ok(())
}

/// A column of a sheet: a column of the table, and beside a share what it is a share of.
struct Column<'t> {
    /// Place in the table.
    at: usize,
    zh: &'t str,
    en: &'t str,
    width: f64,
    base: bool,
    /// It holds numbers, which stand at the right.
    number: bool,
}

impl<'t> Column<'t> {
    fn head(&self) -> (&'t str, &'t str, f64) {
        (self.zh, self.en, self.width)
    }
}

fn columns(table: &Table) -> Vec<Column<'_>> {
    let mut columns = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let longest = |long: &dyn Fn(&Value) -> usize| table.rows.iter().take(50).map(|r| long(&r[at])).max();
        let characters = longest(&|value| match value {
            Value::Text(text) => unicode_width::UnicodeWidthStr::width(text.as_str()),
            Value::Said(said) => said.en.chars().count().max(unicode_width::UnicodeWidthStr::width(said.zh.as_str())),
            _ => 0,
        });
        let is_words = |value: &Value| matches!(value, Value::Text(_) | Value::Said(_) | Value::Moved(_));
        let number = !table.rows.iter().any(|row| is_words(&row[at]));
        let width = match characters.unwrap_or(0) {
            0..=14 => 14.0,
            n @ 15..=24 => n as f64 + 2.0,
            _ => 44.0,
        };
        columns.push(Column { at, zh: &column.name.zh, en: &column.name.en, width, base: false, number });
        if table.rows.iter().any(|row| matches!(row[at], Value::Share(_))) {
            columns.push(Column { at, zh: "分母", en: "of", width: 8.0, base: true, number: true });
        }
    }
    columns
}

fn rows(page: &mut Page<'_>, table: &Table, columns: &[Column<'_>]) -> std::result::Result<(), XlsxError> {
    let lang = page.lang;
    for row in &table.rows {
        let shown: Vec<(String, f64)> = columns
            .iter()
            .filter(|c| matches!(row[c.at], Value::Text(_) | Value::Said(_)))
            .map(|c| (row[c.at].shown(lang), c.width.min(STACKED)))
            .collect();
        let texts: Vec<(&str, f64)> = shown.iter().map(|(text, width)| (text.as_str(), *width)).collect();
        page.fit(&texts)?;
        for (place, column) in columns.iter().enumerate() {
            cell(page, place as u16, &row[column.at], column.base)?;
        }
        page.row += 1;
    }
    Ok(())
}

fn cell(page: &mut Page<'_>, at: u16, value: &Value, base: bool) -> std::result::Result<(), XlsxError> {
    match value {
        Value::None => Ok(()),
        Value::Share(ratio) if base => page.number(at, Some(ratio.base as f64), &page.styles.small.clone()),
        Value::Share(ratio) => page.share(at, *ratio),
        Value::Count(n) => page.count(at, *n),
        Value::Number(n) => {
            page.number(at, Some(*n), &page.styles.text.clone().set_align(FormatAlign::Right).set_num_format("0.00"))
        }
        Value::Points(n) => page.number(at, Some(*n * 100.0), &page.styles.points.clone()),
        Value::Seconds(n) => {
            let format = page.styles.text.clone().set_align(FormatAlign::Right).set_num_format("[h]:mm:ss");
            page.number(at, Some(*n / 86_400.0), &format)
        }
        Value::Moved(direction) => page.direction(at, *direction, Tone::Neither),
        Value::Text(_) | Value::Said(_) => page.styled(at, &value.shown(page.lang), &page.styles.wrapped.clone()),
    }
}

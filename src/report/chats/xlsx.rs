//! Tables as a workbook: one sheet each, filtered, frozen and ready to print.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::{Table, Tables, Value};
use crate::error::{Error, Result};
use crate::report::put_bytes;
use crate::report::xlsx::page::{Page, Styles};
use crate::said;
use crate::words::Lang;

/// Characters that a sheet's name may not have, and its longest length.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
const NAME: usize = 31;

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

/// One table on a sheet.
pub fn fill(page: &mut Page<'_>, table: &Table) -> std::result::Result<(), XlsxError> {
    let lang = page.lang;
    let wide =
        |at: usize| table.rows.iter().take(50).any(|r| matches!(&r[at], Value::Text(t) if t.chars().count() > 24));
    let said =
        |at: usize| table.rows.iter().take(50).any(|r| matches!(&r[at], Value::Said(s) if s.zh.chars().count() > 16));
    let columns: Vec<(&str, &str, f64)> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, c)| (c.name.zh.as_str(), c.name.en.as_str(), if wide(at) || said(at) { 44.0 } else { 15.0 }))
        .collect();
    let head = page.row;
    page.head(&columns, 1)?;
    for row in &table.rows {
        for (at, value) in row.iter().enumerate() {
            let at = at as u16;
            match value {
                Value::None => {}
                Value::Count(n) => page.count(at, *n)?,
                Value::Share(ratio) => page.share(at, *ratio)?,
                Value::Number(n) => page.number(at, Some(*n), &page.styles.text.clone().set_num_format("0.00"))?,
                Value::Points(n) => page.number(at, Some(*n * 100.0), &page.styles.points.clone())?,
                Value::Seconds(n) => {
                    let format = page.styles.text.clone().set_num_format("[h]:mm:ss");
                    page.number(at, Some(*n / 86_400.0), &format)?;
                }
                Value::Moved(direction) => page.direction(at, *direction)?,
                Value::Text(_) | Value::Said(_) => page.styled(at, &value.shown(lang), &page.styles.wrapped.clone())?,
            }
        }
        page.row += 1;
    }
    page.filter(head, table.columns.len() as u16)?;
    if !table.note.in_lang(lang).is_empty() {
        page.row += 1;
        page.styled(0, table.note.in_lang(lang), &page.styles.note.clone())?;
    }
    Ok(())
}

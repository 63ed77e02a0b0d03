//! The report as a workbook: one sheet a question, numbers that lead to the words behind them.
//!
//! A sheet is one file in this folder and one line in [`SHEETS`].

mod data;
mod definitions;
mod matrix;
mod overview;
pub(super) mod page;
mod quotes;
mod shifts;
mod trends;
mod versus;

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::{Report, service};
use crate::error::{Error, Result};
use crate::said;
use crate::words::Lang;
use page::{Page, Styles};

/// A sheet: its name, and what fills it.
struct Sheet {
    name: (&'static str, &'static str),
    fill: fn(&mut Page, &Report) -> std::result::Result<(), XlsxError>,
}

const SHEETS: &[Sheet] = &[
    Sheet { name: ("总览", "Overview"), fill: overview::fill },
    Sheet { name: ("变化", "Shifts"), fill: shifts::fill },
    Sheet { name: ("SKU×类别", "SKU x category"), fill: matrix::fill },
    Sheet { name: ("趋势", "Trends"), fill: trends::fill },
    Sheet { name: ("竞品", "Competitors"), fill: versus::fill },
    Sheet { name: service::SHEET, fill: service::fill },
    Sheet { name: QUOTES, fill: quotes::fill },
    Sheet { name: ("数据", "Data"), fill: data::fill },
    Sheet { name: ("口径", "Definitions"), fill: definitions::fill },
];

/// The sheet that links lead to.
const QUOTES: (&str, &str) = ("原声", "Quotes");

/// Writes the workbook. The same report gives the same bytes.
pub fn write(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let failed =
        |e: XlsxError| Error::new("write", said!("表格没有写成", "the workbook could not be written")).cause(e);
    let bytes = workbook(report, lang).map_err(failed)?;
    out.write_all(&bytes)
        .map_err(|e| Error::new("write", said!("表格没有写成", "the workbook could not be written")).cause(e))
}

fn workbook(report: &Report, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // No clock: two runs over the same records must give the same file.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("earful · 原声").set_creation_datetime(&epoch));
    let styles = Styles::new();
    // Without chats and cases there is no sheet of them.
    let wanted = |sheet: &&Sheet| sheet.name != service::SHEET || report.service.is_some();
    for sheet in SHEETS.iter().filter(wanted) {
        let worksheet = book.add_worksheet();
        worksheet.set_name(lang.of(sheet.name.0, sheet.name.1))?;
        let mut page = Page::new(worksheet, &styles, lang);
        (sheet.fill)(&mut page, report)?;
        page.print_setup()?;
    }
    book.save_to_buffer()
}

//! What chats, lost sales and after-sale cases add to the periodic report: a section, a sheet, a few lines.

use maud::{Markup, html};
use rust_xlsxwriter::XlsxError;

use super::chats::section::section;
use super::chats::{Tables, xlsx};
use super::xlsx::page::Page;
use crate::report::Report;
use crate::words::Lang;

/// Name of the sheet.
pub const SHEET: (&str, &str) = ("客服", "Service");

/// The section of the page; nothing without chats and cases.
pub fn page(report: &Report, lang: Lang) -> Markup {
    let service = report.service.as_ref().map(Tables::filled);
    html! {
        @if let Some(service) = service {
            section #service {
                h2 { (service.title.in_lang(lang)) }
                @for said in &service.verdict { p { (said.in_lang(lang)) } }
                @for table in &service.tables { (section(table, lang, false)) }
            }
        }
    }
}

/// Fills the sheet.
pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let Some(service) = report.service.as_ref().map(Tables::filled) else { return Ok(()) };
    page.sheet.set_column_width(0, 30)?;
    page.styled(0, service.title.in_lang(page.lang), &page.styles.title)?;
    page.row += 2;
    for said in &service.verdict {
        page.styled(0, said.in_lang(page.lang), &page.styles.text)?;
        page.row += 1;
    }
    xlsx::stack(page, &service.tables)
}

/// The message in a line each.
pub fn lines(report: &Report, lang: Lang) -> Vec<&str> {
    let service = report.service.iter();
    service.flat_map(|service| service.verdict.iter().map(move |said| said.in_lang(lang))).collect()
}

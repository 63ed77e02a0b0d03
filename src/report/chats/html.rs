//! Tables as one HTML page: no network, no script, the style of every report.

use std::io::Write;

use maud::html;

use super::Tables;
use super::section::section;
use crate::error::Result;
use crate::report::html::page;
use crate::report::put;
use crate::words::Lang;

/// Writes the page.
pub fn write(tables: &Tables, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let title = tables.title.in_lang(lang);
    let body = html! {
        h1 { (title) }
        @for said in &tables.verdict { p.verdict { (said.in_lang(lang)) } }
        @for table in &tables.tables { (section(table, lang, true)) }
    };
    put(out, &page(title, lang, &body).into_string())
}

//! Tables as one HTML page: no network, no script, the style of every report.

use std::io::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Table, Tables};
use crate::error::Result;
use crate::report::html::{STYLE, policy};
use crate::report::put;
use crate::words::Lang;

/// Writes the page.
pub fn write(tables: &Tables, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let title = tables.title.in_lang(lang);
    let page = html! {
        (DOCTYPE)
        html lang=(lang.of("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) " · earful" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                @for said in &tables.verdict { p.verdict { (said.in_lang(lang)) } }
                @for table in &tables.tables { (section(table, lang)) }
            }
        }
    };
    put(out, &page.into_string())
}

/// One table as a section of a page; nothing if it has no rows.
pub fn section(table: &Table, lang: Lang) -> Markup {
    html! {
        @if !table.rows.is_empty() {
            section id=(table.key) {
                h2 { (table.title.in_lang(lang)) }
                @if !table.note.in_lang(lang).is_empty() { p.soft { (table.note.in_lang(lang)) } }
                table {
                    thead { tr { @for column in &table.columns { th { (column.name.in_lang(lang)) } } } }
                    tbody { @for row in &table.rows { tr { @for value in row { td { (value.shown(lang)) } } } } }
                }
            }
        }
    }
}

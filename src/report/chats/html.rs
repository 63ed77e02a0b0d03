//! Tables as one HTML page: no network, no script, the style of every report.

use std::io::Write;

use maud::{DOCTYPE, PreEscaped, html};

use super::Tables;
use super::section::section;
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
                @for table in &tables.tables { (section(table, lang, true)) }
            }
        }
    };
    put(out, &page.into_string())
}

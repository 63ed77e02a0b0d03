//! Tables as Markdown, to paste into a chat group or a document.

use std::io::Write;

use super::Tables;
use crate::error::Result;
use crate::report::put;
use crate::report::safe::markdown as escape;
use crate::words::Lang;

/// Writes the tables, each cut to what fits a page.
pub fn write(tables: &Tables, lang: Lang, out: &mut dyn Write) -> Result<()> {
    put(out, &format!("# {}\n\n", escape(tables.title.in_lang(lang))))?;
    for said in &tables.verdict {
        put(out, &format!("**{}**\n\n", escape(said.in_lang(lang))))?;
    }
    for table in tables.tables.iter().filter(|t| !t.rows.is_empty() && t.shown > 0) {
        put(out, &format!("## {}\n\n", escape(table.title.in_lang(lang))))?;
        let head: Vec<String> = table.columns.iter().map(|c| escape(c.name.in_lang(lang))).collect();
        put(out, &format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len())))?;
        for row in table.rows.iter().take(table.shown) {
            let cells: Vec<String> = row.iter().map(|value| escape(&value.shown(lang))).collect();
            put(out, &format!("| {} |\n", cells.join(" | ")))?;
        }
        let more = table.rows.len().saturating_sub(table.shown);
        if more > 0 {
            put(out, &lang.of(format!("\n另有 {more} 行\n"), format!("\nand {more} more rows\n")))?;
        }
        let note = table.note.in_lang(lang);
        put(out, &if note.is_empty() { "\n".into() } else { format!("\n{}\n\n", escape(note)) })?;
    }
    Ok(())
}

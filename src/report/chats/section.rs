//! A table as a section of a page: numbers to the right, words to the left, long tables folded.

use maud::{Markup, html};

use super::{Table, Value};
use crate::words::Lang;

/// Rows that a page shows unfolded.
const OPEN: usize = 20;

/// One table as a section; nothing if it has no rows. `whole` keeps the rows past those shown, folded.
pub fn section(table: &Table, lang: Lang, whole: bool) -> Markup {
    let open = if whole && table.shown > 0 { table.shown.max(OPEN) } else { table.shown };
    let (first, rest) = table.rows.split_at(open.min(table.rows.len()));
    let more = rest.len();
    html! {
        @if !table.rows.is_empty() {
            section id=(table.key) {
                h2 { (table.title.in_lang(lang)) }
                @if !table.note.in_lang(lang).is_empty() { p.soft { (table.note.in_lang(lang)) } }
                @if !first.is_empty() { (rows(table, first, lang)) }
                @if more > 0 && whole {
                    details {
                        summary { (lang.of(format!("另有 {more} 行"), format!("{more} more rows"))) }
                        (rows(table, rest, lang))
                    }
                }
            }
        }
    }
}

fn is_words(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Said(_) | Value::Moved(_))
}

/// Characters from which words want room.
const LONG: usize = 20;

fn rows(table: &Table, rows: &[Vec<Value>], lang: Lang) -> Markup {
    let any = |holds: &dyn Fn(&Value) -> bool| -> Vec<bool> {
        (0..table.columns.len()).map(|at| table.rows.iter().any(|row| holds(&row[at]))).collect()
    };
    let words = any(&is_words);
    let long = any(&|value| is_words(value) && value.shown(lang).chars().count() > LONG);
    html! {
        div.scroll {
            table {
                thead {
                    tr {
                        @for (at, column) in table.columns.iter().enumerate() {
                            th class=[(!words[at]).then_some("number")] { (column.name.in_lang(lang)) }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, value) in row.iter().enumerate() {
                                td.words[words[at]].long[long[at]] { (value.shown(lang)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

//! Tables for programs: one object a row, with stable keys, a share as mentions and base.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::{SCHEMA, Shown, Tables, Value};
use crate::error::{Error, Result};
use crate::report::{put, safe};
use crate::said;
use crate::words::Lang;

/// Writes the object.
pub fn write(tables: &Tables, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let shown: Vec<Shown<'_>> = tables
        .tables
        .iter()
        .map(|table| Shown {
            key: table.key,
            title: table.title.in_lang(lang),
            note: table.note.in_lang(lang),
            columns: table.columns.iter().map(|c| (c.key.as_str(), c.name.in_lang(lang))).collect(),
            rows: table
                .rows
                .iter()
                .map(|row| {
                    let cells = table.columns.iter().zip(row);
                    cells.map(|(column, value)| (column.key.clone(), cell(value, lang))).collect::<Map<_, _>>()
                })
                .collect(),
        })
        .collect();
    let verdict: Vec<&str> = tables.verdict.iter().map(|said| said.in_lang(lang)).collect();
    let whole = json!({ "schema": SCHEMA, "title": tables.title.in_lang(lang), "verdict": verdict, "tables": shown });
    let text = serde_json::to_string_pretty(&whole)
        .map_err(|e| Error::new("write", said!("报告没有写成", "the report could not be written")).cause(e))?;
    put(out, &format!("{text}\n"))
}

fn cell(value: &Value, lang: Lang) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Text(text) => json!(safe::shown(text)),
        Value::Said(said) => json!(said.in_lang(lang)),
        Value::Count(n) => json!(n),
        Value::Number(n) | Value::Seconds(n) | Value::Points(n) => json!(n),
        Value::Share(ratio) => json!({ "mentions": ratio.mentions, "base": ratio.base, "share": ratio.share() }),
        Value::Moved(direction) => json!(direction),
    }
}

//! A report made of tables: what `earful chats`, `lost`, `agents` and `cases` show, in every form.
//!
//! A form is one file with one function `write`, and one line in [`FORMS`].

mod csv;
mod html;
mod json;
mod md;
pub(super) mod section;
mod terminal;
pub(super) mod xlsx;

use std::io::Write;

use serde::Serialize;

use super::Style;
use super::model::{Direction, Ratio};
use crate::error::Result;
use crate::words::{Lang, Said};

pub use terminal::write as terminal;

/// Name and version of the JSON form.
pub const SCHEMA: &str = "earful.tables/1";

/// A report made of tables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tables {
    /// What it is about.
    pub title: Said,
    /// The message, each a sentence.
    pub verdict: Vec<Said>,
    /// The tables, the most telling first.
    pub tables: Vec<Table>,
}

/// One table: an answer to one question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// Stable identifier, also the name in CSV and JSON.
    pub key: &'static str,
    /// The question it answers.
    pub title: Said,
    /// How to read it; may be empty.
    pub note: Said,
    /// Its columns, from left to right.
    pub columns: Vec<Column>,
    /// Rows, each with one value a column.
    pub rows: Vec<Vec<Value>>,
    /// Rows shown where there is little room; the files have all.
    #[serde(skip)]
    pub shown: usize,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Stable identifier.
    pub key: String,
    /// Head of the column.
    pub name: Said,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing that could be told.
    None,
    /// Text from anywhere, shown safely.
    Text(String),
    /// Our own words.
    Said(Said),
    /// A count.
    Count(u64),
    /// A number of any kind, shown with two digits.
    Number(f64),
    /// Mentions of a base.
    Share(Ratio),
    /// A length of time in seconds.
    Seconds(f64),
    /// A difference of two shares, as a fraction.
    Points(f64),
    /// Which way a ratio went.
    Moved(Direction),
}

impl Table {
    /// A table without rows.
    pub fn new(key: &'static str, title: Said, columns: &[(&'static str, &'static str, &'static str)]) -> Table {
        let column = |(key, zh, en): &(&str, &str, &str)| Column { key: key.to_string(), name: Said::new(*zh, *en) };
        Table {
            key,
            title,
            note: Said::default(),
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
            shown: 10,
        }
    }

    /// Says how to read it.
    pub fn note(mut self, note: Said) -> Table {
        self.note = note;
        self
    }

    /// Shows so many rows where there is little room.
    pub fn shown(mut self, rows: usize) -> Table {
        self.shown = rows;
        self
    }

    /// The table without some of its columns.
    pub fn without(&self, keys: &[&str]) -> Table {
        self.with_columns(|at| !keys.contains(&self.columns[at].key.as_str()))
    }

    fn with_columns(&self, wanted: impl Fn(usize) -> bool) -> Table {
        let kept: Vec<usize> = (0..self.columns.len()).filter(|at| wanted(*at)).collect();
        let rows = self.rows.iter().map(|row| kept.iter().map(|at| row[*at].clone()).collect()).collect();
        Table { columns: kept.iter().map(|at| self.columns[*at].clone()).collect(), rows, ..self.clone() }
    }

    /// Adds a column that only the data know of, after those that are there.
    pub fn column(&mut self, key: impl Into<String>, name: Said) {
        self.columns.push(Column { key: key.into(), name });
    }

    /// The table for people: without columns in which no row has anything.
    pub fn filled(&self) -> Table {
        let says = |value: &Value| match value {
            Value::None => false,
            Value::Share(ratio) => ratio.base > 0,
            _ => true,
        };
        self.with_columns(|at| self.rows.iter().any(|row| says(&row[at])))
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Value>) {
        assert_eq!(row.len(), self.columns.len(), "a row of {} has a value a column", self.key);
        self.rows.push(row);
    }
}

impl Value {
    /// Text, or nothing if it is empty.
    pub fn text(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() { Value::None } else { Value::Text(text) }
    }

    /// A share that carries its base.
    pub fn share(mentions: u64, base: u64) -> Value {
        Value::Share(Ratio { mentions, base })
    }

    /// Seconds, if there are any.
    pub fn seconds(seconds: Option<f64>) -> Value {
        seconds.map_or(Value::None, Value::Seconds)
    }

    /// As people read it.
    pub fn shown(&self, lang: Lang) -> String {
        match self {
            Value::None => "—".into(),
            Value::Text(text) => super::safe::shown(text).replace(['\n', '\r', '\t'], " "),
            Value::Said(said) => said.in_lang(lang).to_string(),
            Value::Count(n) => n.to_string(),
            Value::Number(n) => format!("{n:.2}"),
            Value::Share(ratio) => super::number::share(*ratio),
            Value::Seconds(seconds) => duration(*seconds, lang),
            Value::Points(points) => format!("{:+.1}", points * 100.0),
            Value::Moved(direction) => format!("{} {}", direction.mark(), direction.said().in_lang(lang)),
        }
    }
}

/// A length of time for people: `45 s`, `3 min 20 s`, `5 h 10 min`, `2 d 3 h`.
pub fn duration(seconds: f64, lang: Lang) -> String {
    let s = seconds.round() as i64;
    let two = |a: i64, unit: (&str, &str), b: i64, small: (&str, &str)| {
        let rest = if b > 0 { format!(" {b} {}", lang.of(small.0, small.1)) } else { String::new() };
        format!("{a} {}{rest}", lang.of(unit.0, unit.1))
    };
    let (second, minute, hour, day) = (("秒", "s"), ("分", "min"), ("小时", "h"), ("天", "d"));
    match s {
        ..60 => two(s, second, 0, second),
        60..3600 => two(s / 60, minute, s % 60, second),
        3600..86_400 => two(s / 3600, hour, s / 60 % 60, minute),
        _ => two(s / 86_400, day, s / 3600 % 24, hour),
    }
}

type Form = (&'static str, fn(&Tables, Lang, &mut dyn Write) -> Result<()>);

/// Every form in a file, by its ending; the same endings as [`FORMATS`](super::FORMATS).
const FORMS: &[Form] =
    &[("xlsx", xlsx::write), ("html", html::write), ("md", md::write), ("csv", csv::write), ("json", json::write)];

/// Writes the tables in the form of this file ending; `None` if there is no such form.
pub fn write(tables: &Tables, ending: &str, lang: Lang, out: &mut dyn Write) -> Option<Result<()>> {
    let (known, form) = FORMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending))?;
    // Programs find every column; people are spared those that nobody could fill.
    let for_programs = ["csv", "json"].contains(known);
    Some(if for_programs { form(tables, lang, out) } else { form(&tables.filled(), lang, out) })
}

impl Tables {
    /// The tables for people: those with rows, without columns that say nothing.
    pub fn filled(&self) -> Tables {
        let tables = self.tables.iter().filter(|table| !table.rows.is_empty()).map(Table::filled).collect();
        Tables { title: self.title.clone(), verdict: self.verdict.clone(), tables }
    }
}

/// Writes the tables as one screen of a terminal.
pub fn on_terminal(tables: &Tables, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    terminal(&tables.filled(), lang, style, out)
}

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    title: &'a str,
    note: &'a str,
    columns: Vec<(&'a str, &'a str)>,
    rows: Vec<serde_json::Map<String, serde_json::Value>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_of_reports_is_one_of_tables() {
        let known: Vec<&str> = super::super::FORMATS.iter().map(|f| f.ending).collect();
        let ours: Vec<&str> = FORMS.iter().map(|(ending, _)| *ending).collect();
        assert_eq!(known, ours);
    }

    #[test]
    fn durations_are_read_at_a_glance() {
        for (seconds, zh, en) in [
            (0.0, "0 秒", "0 s"),
            (59.4, "59 秒", "59 s"),
            (200.0, "3 分 20 秒", "3 min 20 s"),
            (18_600.0, "5 小时 10 分", "5 h 10 min"),
            (183_600.0, "2 天 3 小时", "2 d 3 h"),
        ] {
            assert_eq!((duration(seconds, Lang::Zh).as_str(), duration(seconds, Lang::En).as_str()), (zh, en));
        }
    }

    #[test]
    fn hostile_text_is_harmless_in_every_form() {
        let evil = "=cmd|'/c'!A1 <script>alert(1)</script> | \u{202e}x";
        let mut table = Table::new("t", Said::new("表", "table"), &[("a", "甲", "a")]);
        table.push(vec![Value::text(evil)]);
        let tables = Tables { title: Said::new("题", "title"), verdict: vec![], tables: vec![table] };
        for (ending, form) in FORMS {
            let mut bytes = Vec::new();
            form(&tables, Lang::En, &mut bytes).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            match *ending {
                "csv" => assert!(text.contains("'=cmd") || text.contains("\"'=cmd"), "{text}"),
                "html" | "md" => assert!(!text.contains("<script>"), "{text}"),
                _ => {}
            }
            assert!(!text.contains('\u{202e}'), "{ending}");
        }
    }
}

//! What people see: one report as data, and one file for each form it can take.
//!
//! A format is one file with one function `write`, and one line in [`FORMATS`].

pub mod chats;
mod csv;
mod html;
mod json;
mod md;
pub mod model;
mod number;
mod safe;
mod service;
pub mod sheet;
mod terminal;
mod wording;
mod xlsx;

use std::io::Write;

use crate::error::{Error, Result};
use crate::said;
use crate::words::{Lang, Said};
pub use model::{Report, pieces};
pub use number::{points, share, short, spark, times};
pub use safe::{cell as safe_cell, cut, shown as safe_text};
pub use terminal::{Style, wrap};
pub use wording::{
    account, effect_line, event_name, footing, heading, opportunity_lines, owner_name, place_name, reason_name, scope,
    shops, standing_line, wider_lines,
};

/// A form that a report can take in a file.
pub struct Format {
    /// File ending, and the word for `--format`.
    pub ending: &'static str,
    /// What it is good for.
    pub about: (&'static str, &'static str),
    write: fn(&Report, Lang, &mut dyn Write) -> Result<()>,
}

/// Every form, in the order in which help lists them.
pub const FORMATS: &[Format] = &[
    Format {
        ending: "xlsx",
        about: (
            "工作簿：总览、变化、热力图、趋势、竞品、原声",
            "workbook: overview, shifts, heat map, trends, competitors, words",
        ),
        write: xlsx::write,
    },
    Format {
        ending: "html",
        about: ("单个网页：图表可点到原声，可打印", "one page: every mark leads to the words; prints"),
        write: html::write,
    },
    Format { ending: "md", about: ("短文，可贴进聊天群", "short text for a chat group"), write: md::write },
    Format {
        ending: "csv",
        about: ("每格一行，可透视（带 BOM）", "one row a cell, to pivot (with BOM)"),
        write: csv::write,
    },
    Format {
        ending: "json",
        about: ("给程序用，结构有版本", "for programs, with a schema version"),
        write: json::write,
    },
];

impl Format {
    /// The format of that file ending.
    pub fn of(ending: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|f| f.ending.eq_ignore_ascii_case(ending))
    }

    /// Writes the whole report.
    pub fn write(&self, report: &Report, lang: Lang, out: &mut dyn Write) -> Result<()> {
        (self.write)(report, lang, out)
    }

    /// What it is good for, in both languages.
    pub fn help(&self) -> Said {
        Said::new(self.about.0, self.about.1)
    }
}

/// Writes the report as one screen of a terminal, `width` columns wide.
pub fn terminal(report: &Report, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    terminal::write(report, lang, style, out)
}

/// Writes a piece of text.
fn put(out: &mut dyn Write, text: &str) -> Result<()> {
    put_bytes(out, text.as_bytes())
}

/// Writes bytes.
fn put_bytes(out: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    out.write_all(bytes)
        .map_err(|e| Error::new("write", said!("报告没有写成", "the report could not be written")).cause(e))
}

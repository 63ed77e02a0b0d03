//! Row -> record: dates, stars, ids, variants, masking, tokens, roles, conversations, repeats.

use super::source::{Settings, Source};
use super::table::{Batch, Cell, Row};
use crate::error::Result;
use crate::words::{Ledger, Record, Said};

pub mod dates;

pub use dates::{DateLook, date_look};

/// True if the cell can be a rating: a number of a known scale, or words such as 五星, ★★★★☆, 好评, good.
pub fn looks_like_stars(cell: Cell<'_>) -> bool {
    cell.text().and_then(|t| t.parse::<f64>().ok()).is_some_and(|n| (-1.0..=100.0).contains(&n))
}

/// What one row says, not yet set in relation to the other rows.
pub struct Reading(Option<Record>);

/// Reads rows of one source, with no memory of the rows before.
pub struct Reader<'a> {
    _source: &'a Source,
    _settings: &'a Settings<'a>,
}

impl<'a> Reader<'a> {
    /// A reader of this source.
    pub fn new(source: &'a Source, settings: &'a Settings<'a>) -> Reader<'a> {
        Reader { _source: source, _settings: settings }
    }

    /// What the row says.
    pub fn read(&self, _row: Row<'_>) -> Reading {
        Reading(None)
    }
}

/// Where the records go.
pub type Sink<'s> = dyn FnMut(Record) -> Result<()> + 's;

/// Sets rows in relation: repeats, follow-ups, conversations.
pub struct Gather<'a> {
    _source: &'a Source,
    _settings: &'a Settings<'a>,
}

impl<'a> Gather<'a> {
    /// Nothing gathered yet.
    pub fn new(source: &'a Source, settings: &'a Settings<'a>) -> Gather<'a> {
        Gather { _source: source, _settings: settings }
    }

    /// Takes the next row's reading, in the order of the file.
    pub fn take(&mut self, reading: Reading, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<()> {
        ledger.rows += 1;
        match reading.0 {
            None => ledger.leave_out("empty"),
            Some(record) => {
                ledger.kept += 1;
                sink(record)?;
            }
        }
        Ok(())
    }

    /// Gives out what waited for further rows.
    pub fn finish(self, _ledger: &mut Ledger, _sink: &mut Sink<'_>) -> Result<()> {
        Ok(())
    }
}

/// Text chat logs.
pub mod chat {
    use super::*;

    /// A chat log being read line by line.
    pub struct Log {}

    impl Log {
        /// A reader for this text, if the first lines look like a chat log.
        pub fn sniff(_head: &str) -> Option<Log> {
            None
        }

        /// Key of the profile: `qianniu_paren`, `qianniu_clipboard`, `qq_text`, `tmall_seller_page`.
        pub fn profile(&self) -> &'static str {
            "qianniu_paren"
        }

        /// The columns of the rows that this log gives: keys of fields.
        pub fn headers(&self) -> &'static [&'static str] {
            &["conv_id", "ts", "sender", "role", "msg_type", "text"]
        }

        /// What was recognised, for the operator.
        pub fn said(&self) -> Said {
            Said::default()
        }

        /// Takes the next line; finished messages become rows.
        pub fn line(&mut self, _number: u64, _line: &str, _rows: &mut Batch) {}

        /// Gives out the last message.
        pub fn finish(&mut self, _rows: &mut Batch) {}
    }
}

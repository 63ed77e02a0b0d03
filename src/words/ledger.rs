//! What became of every row of one imported file: the proof that nothing went missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Lang, Said, limits};

/// One thing that was wrong with a row, or with the whole file. It never holds a cell's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Row of the file from 1, header included; `None` if it concerns the whole file.
    pub row: Option<u64>,
    /// Stable identifier such as `bad_date`.
    pub code: String,
    /// What is wrong, for an operator.
    pub message: Said,
}

/// The account of one file: `rows = kept + repeats + left out`, and how it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The file, as the user named it.
    pub file: String,
    /// Fingerprint of the file's bytes: 64 hexadecimal digits of BLAKE3.
    pub blake3: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// The shop it was added to.
    pub shop: String,
    /// Such as `utf-8`, `gb18030`, `utf-16le`; the container's own name if it has no text encoding.
    pub encoding: String,
    /// Such as `csv`, `csv-semicolon`, `xlsx`, `jsonp:comments[]`.
    pub container: String,
    /// The profile's key, or `aliases` if the columns were recognised one by one.
    pub profile: String,
    /// Header -> field, as it was read.
    pub mapping: BTreeMap<String, String>,
    /// Headers that nobody knows, in the order of the file.
    pub unknown_columns: Vec<String>,
    /// Rows read, header rows apart. A row is one review, or one message of a chat.
    pub rows: u64,
    /// Rows that went into a record.
    pub kept: u64,
    /// Rows that repeat an earlier one of this file or of the workspace.
    pub repeats: u64,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Records made: fewer than `kept` where messages were gathered into conversations.
    pub records: u64,
    /// Facts worth knowing about what was kept, counted: near copies, damaged ids, default praise.
    pub marks: BTreeMap<String, u64>,
    /// First and last day of the records, `2026-10-01`; empty if none has a date.
    pub days: Option<(String, String)>,
    /// What was wrong, the first [`limits::PROBLEMS`] of it.
    pub problems: Vec<Notice>,
    /// How many problems there were in all.
    pub problems_in_all: u64,
}

impl Ledger {
    /// Counts a row that was left out.
    pub fn leave_out(&mut self, reason: &str) {
        count(&mut self.left_out, reason);
    }

    /// Counts a fact about a row that was kept.
    pub fn mark(&mut self, fact: &str) {
        count(&mut self.marks, fact);
    }

    /// Notes a problem; past the limit it is only counted.
    pub fn problem(&mut self, row: Option<u64>, code: &str, message: Said) {
        self.problems_in_all += 1;
        if self.problems.len() < limits::PROBLEMS {
            self.problems.push(Notice { row, code: code.into(), message });
        }
    }

    /// Rows that were left out, of every reason.
    pub fn left_out_in_all(&self) -> u64 {
        self.left_out.values().sum()
    }

    /// True if every row is accounted for.
    pub fn balances(&self) -> bool {
        self.rows == self.kept + self.repeats + self.left_out_in_all()
    }

    /// The ledger as one JSON object, its messages in one language.
    pub fn json(&self, lang: Lang) -> serde_json::Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(problems) = value.get_mut("problems").and_then(|p| p.as_array_mut()) {
            for (shown, kept) in problems.iter_mut().zip(&self.problems) {
                shown["message"] = kept.message.in_lang(lang).into();
            }
        }
        value
    }
}

fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(n) => *n += 1,
        None => drop(counts.insert(key.to_string(), 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_accounted_for_and_problems_are_bounded() {
        let mut ledger = Ledger { rows: 103, kept: 1, repeats: 2, ..Ledger::default() };
        for row in 0..100 {
            ledger.leave_out("empty");
            ledger.problem(Some(row), "bad_date", crate::said!("日期读不懂", "date not understood"));
        }
        assert!(ledger.balances());
        ledger.problem(None, "more", Said::default());
        assert_eq!((ledger.problems.len(), ledger.problems_in_all), (limits::PROBLEMS, 101));
        assert_eq!(ledger.json(Lang::Zh)["problems"][0]["message"], "日期读不懂");
        let back: Ledger = serde_json::from_str(&serde_json::to_string(&ledger).unwrap()).unwrap();
        assert_eq!(back, ledger);
    }
}

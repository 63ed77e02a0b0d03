//! decisions.jsonl: what people decided by hand, one line a decision, the newest counts.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::lines;
use crate::error::Result;
use crate::said;
use crate::words::{Place, Problem, Severity, Stance, Uid};

/// The name of the file.
pub const FILE: &str = "decisions.jsonl";

/// One decision about one record and one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The record.
    pub uid: Uid,
    /// Path of the category, such as `product/smell`.
    pub category: String,
    /// The stance that it has; `None`: it does not have the category.
    pub stance: Option<Stance>,
    /// The person who decided.
    pub who: String,
    /// When, as `2026-10-31`; empty if unknown.
    pub date: String,
    /// Why it was decided so.
    pub note: String,
    /// What the rules said then: stances, joined by commas; empty if unknown, `none` for nothing.
    pub rules: String,
    /// True if this takes an earlier decision back: the rules count again.
    pub undone: bool,
}

/// A line as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    uid: String,
    category: String,
    #[serde(default)]
    stance: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    who: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    date: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    rules: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    undone: bool,
}

impl Line {
    fn decision(self) -> Option<Decision> {
        let stance = match self.stance {
            None => None,
            Some(key) => Some(Stance::from_key(&key)?),
        };
        let Line { category, who, date, note, rules, undone, .. } = self;
        Some(Decision { uid: self.uid.parse().ok()?, category, stance, who, date, note, rules, undone })
    }
}

/// Reads all decisions, oldest first, and what could not be read.
pub fn read(path: &Path) -> Result<(Vec<Decision>, Vec<Problem>)> {
    let text = lines::read(path)?.unwrap_or_default();
    let (mut decisions, mut problems) = (Vec::new(), Vec::new());
    for (row, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Line>(line).ok().and_then(Line::decision) {
            Some(decision) => decisions.push(decision),
            None => problems.push(Problem {
                code: "bad_decision",
                severity: Severity::Warning,
                place: Place { file: Some(FILE.into()), row: Some(row as u64 + 1), span: None },
                what: said!("这一行不是一条决定，已跳过", "this line is no decision and was left out"),
                help: Some(said!(
                    "写法：{example}",
                    "write it as {example}",
                    example = r#"{"uid":"00000000000000ff","category":"product/smell","stance":"complaint"}"#
                )),
            }),
        }
    }
    Ok((decisions, problems))
}

/// The decisions that stand: for each record and category the newest, unless it was taken back.
pub fn standing(decisions: Vec<Decision>) -> Vec<Decision> {
    let newest: BTreeMap<(Uid, String), Decision> =
        decisions.into_iter().map(|d| ((d.uid, d.category.clone()), d)).collect();
    newest.into_values().filter(|d| !d.undone).collect()
}

/// Adds decisions.
pub fn append(path: &Path, decisions: &[Decision]) -> Result<()> {
    let line = |d: &Decision| {
        let line = Line {
            uid: d.uid.to_string(),
            category: d.category.clone(),
            stance: d.stance.map(|s| s.key().to_string()),
            who: d.who.clone(),
            date: d.date.clone(),
            note: d.note.clone(),
            rules: d.rules.clone(),
            undone: d.undone,
        };
        serde_json::to_string(&line).expect("strings are JSON") + "\n"
    };
    lines::append(path, "", &decisions.iter().map(line).collect::<String>())
}

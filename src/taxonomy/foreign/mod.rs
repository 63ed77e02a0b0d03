//! Dictionaries that people already have: quanteda and plain YAML, LIWC, WordStat, Yoshikoder. Each becomes rows
//! of a sheet; what a form can say and a keyword cannot is told and left out.

mod liwc;
mod wordstat;
mod yaml;
mod yoshikoder;

use std::collections::BTreeMap;

use super::sheet::{self, CATEGORY, EXACT, KEYWORD, Row, STANCE};
use super::write::quote;
use crate::said;
use crate::words::{Place, Problem, Said, Severity, Stance};

/// A word of a dictionary with the path of names above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names, outermost first.
    pub path: Vec<String>,
    /// The word as it stands there: `*` opens an end.
    pub word: String,
    /// Line in the file; 0 if unknown.
    pub line: u64,
}

/// A form of dictionary.
pub struct Form {
    /// Ending of its files.
    pub endings: &'static [&'static str],
    /// What people call it.
    pub name: &'static str,
    read: fn(&str) -> Result<(Vec<Entry>, Vec<Problem>), Said>,
}

/// Every form.
pub const FORMS: &[Form] = &[
    Form { endings: &["yml", "yaml"], name: "quanteda / YAML", read: yaml::read },
    Form { endings: &["dic"], name: "LIWC", read: liwc::read },
    Form { endings: &["cat"], name: "WordStat", read: wordstat::read },
    Form { endings: &["ykd"], name: "Yoshikoder", read: yoshikoder::read },
];

impl Form {
    /// The form of a file with this ending.
    pub fn of(ending: &str) -> Option<&'static Form> {
        FORMS.iter().find(|f| f.endings.iter().any(|e| e.eq_ignore_ascii_case(ending)))
    }

    /// Reads a dictionary: its words in order, and what was left out. `Err` if it is not of this form.
    pub fn read(&self, text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
        (self.read)(text.trim_start_matches('\u{feff}'))
    }
}

/// A problem at a line of a dictionary.
fn left_out(line: u64, zh: &str, en: &str) -> Problem {
    let place = Place { row: (line > 0).then_some(line), ..Place::default() };
    Problem { code: "left_out", severity: Severity::Warning, place, what: Said::new(zh, en), help: None }
}

/// The words as rows of a sheet below the net `under`. A last name that is a stance gives it, else `stance` does.
/// Words with wildcards inside become patterns.
pub fn rows(entries: &[Entry], under: &str, stance: Stance) -> (Vec<Row>, Vec<Problem>) {
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut patterns: BTreeMap<(String, Stance), Vec<String>> = BTreeMap::new();
    for entry in entries {
        let mut path = entry.path.clone();
        let own = path.last().and_then(|p| Stance::written(p));
        if own.is_some() && path.len() > 1 {
            path.pop();
        }
        let given = own.unwrap_or(stance);
        let parts: Vec<String> = [under.to_string()].into_iter().chain(path.iter().map(|p| slug(p))).collect();
        let id = parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join("/");
        let word = entry.word.trim();
        let inner = word.trim_start_matches('*').trim_end_matches('*');
        if inner.is_empty() {
            problems.push(left_out(
                entry.line,
                "这个词只有通配符，略过",
                "this word is nothing but wildcards: left out",
            ));
        } else if inner.contains(['*', '?']) {
            patterns.entry((id, given)).or_default().push(pattern(word));
        } else {
            let mut row = Row::default();
            row[CATEGORY] = id;
            row[STANCE] = given.key().to_string();
            row[KEYWORD] = sheet::word(word);
            rows.push(row);
        }
    }
    for ((id, given), patterns) in patterns {
        let mut row = Row::default();
        row[CATEGORY] = id;
        row[STANCE] = given.key().to_string();
        row[EXACT] = format!("pattern = [{}]", patterns.iter().map(|p| quote(p)).collect::<Vec<_>>().join(", "));
        rows.push(row);
    }
    (rows, problems)
}

/// A word with wildcards as a pattern.
fn pattern(word: &str) -> String {
    let inner = word.trim_start_matches('*').trim_end_matches('*');
    let body: String = inner
        .chars()
        .map(|c| match c {
            '*' => "[a-z0-9']*".to_string(),
            '?' => "[a-z0-9]".to_string(),
            c if c.is_alphanumeric() || c == ' ' => c.to_lowercase().to_string(),
            c => format!("\\{c}"),
        })
        .collect();
    let edge = |open: bool| if open { "" } else { "\\b" };
    format!("{}{body}{}", edge(word.starts_with('*')), edge(word.ends_with('*')))
}

/// A name as part of a path.
fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        match c {
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            '-' => out.push('-'),
            _ if !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    let slug = out.trim_matches('_').to_string();
    if slug.is_empty() { "other".to_string() } else { slug }
}

/// The complaint of a file that is not of its form.
fn not_this(name: &str) -> Said {
    said!("这不是 {name} 词典", "this is no {name} dictionary")
}

//! Dictionaries that people already have: quanteda and plain YAML, LIWC, WordStat, Yoshikoder. Each becomes rows
//! of a sheet; what a form can say and a keyword cannot is told and left out.

mod liwc;
mod wordstat;
mod yaml;
mod yoshikoder;

use std::collections::BTreeMap;

use super::sheet::cell::{self, Join};
use super::sheet::{self, ALL, CATEGORY, EXACT, KEYWORD, Row, STANCE, WITHOUT};
use super::write::quote;
use crate::said;
use crate::words::{Lang, Place, Problem, Said, Severity, Stance};

/// What a dictionary has of one category: a word, or a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names, outermost first.
    pub path: Vec<String>,
    /// What is looked for.
    pub what: What,
    /// Line in the file; 0 if unknown.
    pub line: u64,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The word as it stands there: `*` opens an end.
    Word(String),
    /// Words that must or must not stand together.
    Rule(Combined),
}

/// Words that must or must not stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combined {
    /// One list, or several that stand close together.
    pub lists: Vec<Vec<String>>,
    /// In this order.
    pub ordered: bool,
    /// How far apart at most.
    pub within: Option<u32>,
    /// Lists that stand anywhere besides.
    pub all: Vec<Vec<String>>,
    /// Words that must not stand there.
    pub without: Vec<String>,
    /// How far it looks, as a rule says it; empty: a clause.
    pub scope: &'static str,
}

impl Entry {
    fn word(path: Vec<String>, word: String, line: u64) -> Entry {
        Entry { path, what: What::Word(word), line }
    }
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
    Form { endings: &["dicx"], name: "LIWC-22", read: liwc::read_table },
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

/// The code of what was not taken over.
const LEFT_OUT: &str = "left_out";

/// That something at a line of a dictionary was not taken over, and why.
fn left_out(line: u64, zh: &str, en: &str) -> Problem {
    Problem { code: LEFT_OUT, ..taken_as(line, zh, en) }
}

/// How something at a line of a dictionary was taken.
fn taken_as(line: u64, zh: &str, en: &str) -> Problem {
    let place = Place { row: (line > 0).then_some(line), ..Place::default() };
    Problem { code: "taken_as", severity: Severity::Warning, place, what: Said::new(zh, en), help: None }
}

/// A row of a sheet, with the line of the dictionary that it comes from.
type Lined = (u64, Row);

/// The words as rows of a sheet below the net `under`. A last name that is a stance gives it, else `stance` does.
/// Words with wildcards inside become patterns. The first of the remarks counts what was taken over and what was not,
/// `left` having been left out before.
pub fn rows(entries: &[Entry], under: &str, stance: Stance, left: Vec<Problem>) -> (Vec<Lined>, Vec<Problem>) {
    let (mut rows, mut problems) = (Vec::new(), left);
    let (mut words, mut rules) = (0, 0);
    let mut patterns: BTreeMap<(String, Stance), (u64, Vec<String>)> = BTreeMap::new();
    for entry in entries {
        let mut path = entry.path.clone();
        let own = path.last().and_then(|p| Stance::written(p));
        if own.is_some() && path.len() > 1 {
            path.pop();
        }
        let given = own.unwrap_or(stance);
        let parts: Vec<String> = [under.to_string()].into_iter().chain(path.iter().map(|p| slug(p))).collect();
        let id = parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join("/");
        let mut row = Row::default();
        row[CATEGORY].clone_from(&id);
        row[STANCE] = given.key().to_string();
        match &entry.what {
            What::Rule(rule) => {
                let all = rule.lists.iter().chain(&rule.all).chain([&rule.without]).flatten();
                if let Some((zh, en)) = all.map(|word| word.as_str()).find_map(unusable) {
                    problems.push(left_out(entry.line, zh, en));
                    continue;
                }
                rule.fill(&mut row);
                rows.push((entry.line, row));
                rules += 1;
            }
            What::Word(word) => match (unusable(word), unusable(&word.replace(['*', '?'], ""))) {
                (None, _) => {
                    row[KEYWORD] = sheet::word(word.trim());
                    rows.push((entry.line, row));
                    words += 1;
                }
                // What has wildcards within can be looked for as a pattern.
                (Some(INNER), None) => {
                    let of = patterns.entry((id, given)).or_insert_with(|| (entry.line, Vec::new()));
                    of.1.push(pattern(word.trim()));
                    words += 1;
                }
                (Some((zh, en)), _) => problems.push(left_out(entry.line, zh, en)),
            },
        }
    }
    for ((id, given), (line, patterns)) in patterns {
        let mut row = Row::default();
        row[CATEGORY] = id;
        row[STANCE] = given.key().to_string();
        row[EXACT] = format!("pattern = [{}]", patterns.iter().map(|p| quote(p)).collect::<Vec<_>>().join(", "));
        rows.push((line, row));
    }
    let left = problems.iter().filter(|p| p.code == LEFT_OUT).count();
    let what = said!(
        "读到 {words} 个词、{rules} 条规则；{left} 处没有照搬",
        "words taken over: {words}, rules: {rules}; left out: {left}"
    );
    problems.insert(0, Problem { code: "taken", severity: Severity::Note, place: Place::default(), what, help: None });
    (rows, problems)
}

/// Why a word with wildcards within is no keyword.
const INNER: (&str, &str) =
    ("规则里的词，* 只能在头尾，没有照搬", "in a rule * can only stand at the ends of a word: left out");

/// Why a word cannot be a keyword, if it cannot.
fn unusable(word: &str) -> Option<(&'static str, &'static str)> {
    let inner = word.trim().trim_matches('*');
    if inner.starts_with('@') || inner.starts_with('|') || inner.ends_with('|') {
        return Some((
            "词头尾的 @ 和 | 在这里另有意思，没有照搬",
            "@ and | at the ends mean something else here: left out",
        ));
    }
    if inner.contains(['*', '?']) && inner.chars().any(char::is_alphanumeric) {
        return Some(INNER);
    }
    let is_empty = super::Keyword::parse(word, crate::words::Span::new(0, 0)).is_none();
    is_empty.then_some(("这个词只有通配符或符号，没有照搬", "nothing but wildcards or signs stands here: left out"))
}

impl Combined {
    /// Puts the rule into the cells of a row.
    fn fill(&self, row: &mut Row) {
        let join = if self.ordered { Join::Then } else { Join::Near };
        row[KEYWORD] = match &self.lists[..] {
            [one] => cell::list(one, Lang::En).join(", "),
            several => cell::joined(several, join, self.within, Lang::En),
        };
        row[ALL] = cell::joined(&self.all, Join::All, None, Lang::En);
        row[WITHOUT] = cell::list(&self.without, Lang::En).join(", ");
        if !self.scope.is_empty() {
            row[EXACT] = format!("scope = {}", quote(self.scope));
        }
    }
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

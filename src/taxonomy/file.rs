//! From the text of one file to its values: every key known, every mistake told with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::list::Lists;
use super::{Keyword, Rule, keys, slip};
use crate::said;
use crate::words::{Place, Problem, Said, Severity, Span};

/// One file while it is read: where its problems are collected.
pub(super) struct Page<'a> {
    pub path: &'a str,
    pub text: &'a str,
    /// The shared lists that its rules may name.
    pub lists: &'a Lists,
    pub problems: &'a mut Vec<Problem>,
}

pub(super) type Value<'i> = Spanned<DeValue<'i>>;

pub(super) fn span(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// The number of the line in which a place begins.
pub(super) fn line_of(text: &str, at: Span) -> u64 {
    let before = &text.as_bytes()[..(at.start as usize).min(text.len())];
    before.iter().filter(|b| **b == b'\n').count() as u64 + 1
}

/// A place of a file, with the number of its line.
pub fn place_of((path, text): (&str, &str), at: Span) -> Place {
    Place { file: Some(path.to_owned()), row: Some(line_of(text, at)), span: Some(at) }
}

/// A problem at a place of a file.
pub(super) fn problem(
    (path, text): (&str, &str),
    code: &'static str,
    severity: Severity,
    at: Span,
    what: Said,
    help: Option<Said>,
) -> Problem {
    let place = place_of((path, text), at);
    Problem { code, severity, place, what, help }
}

/// Where a rule writes a word: its first place in quotes after the rule begins; the rule, if it stands nowhere.
pub(super) fn written_at(text: &str, rule: &Rule, word: &str) -> Span {
    let from = rule.at.start as usize;
    let quoted = [format!("\"{word}\""), format!("'{word}'")];
    let found = |q: &String| text.get(from..)?.find(q.as_str()).map(|at| span(from + at..from + at + q.len()));
    quoted.iter().filter_map(found).min().unwrap_or(rule.at)
}

impl<'a> Page<'a> {
    /// Tells of something that cannot be used.
    pub fn error(&mut self, code: &'static str, at: Span, what: Said, help: Option<Said>) {
        self.tell(code, Severity::Error, at, what, help);
    }

    pub fn tell(&mut self, code: &'static str, severity: Severity, at: Span, what: Said, help: Option<Said>) {
        self.problems.push(problem((self.path, self.text), code, severity, at, what, help));
    }

    /// Parses the file and hands each of its entries to `entry`.
    pub fn read(&mut self, entry: impl FnMut(&mut Self, &str, &Value<'_>) -> bool, known: &[&str]) {
        self.parsed(|page, table| {
            page.entries(table, known, entry);
        });
    }

    /// Parses the file and hands over each of its entries, whatever its name is, with the place of the name.
    pub fn each(&mut self, mut entry: impl FnMut(&mut Self, &str, Span, &Value<'_>)) {
        self.parsed(|page, table| {
            for (key, value) in table {
                entry(page, key.get_ref(), span(key.span()), value);
            }
        });
    }

    /// Parses the file and hands over what could be parsed. A bracket that is missing makes nonsense of all that follows,
    /// so of a file that is no TOML nothing but the first mistake is told.
    fn parsed(&mut self, read: impl FnOnce(&mut Self, &DeTable<'_>)) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let told = self.problems.len();
        read(self, table.get_ref());
        let Some(first) = errors.iter().min_by_key(|e| e.span().map_or(0, |at| at.start)) else { return };
        self.problems.truncate(told);
        let at = first.span().map_or(Span::new(0, 0), span);
        let (what, help) = slip::told(self.text, at, first.message());
        self.error("bad_toml", at, what, Some(help));
    }

    /// Hands each entry of a table to `entry`, which says whether it knew the key; true if all were known.
    pub fn entries(
        &mut self,
        table: &DeTable<'_>,
        known: &[&str],
        mut entry: impl FnMut(&mut Self, &str, &Value<'_>) -> bool,
    ) -> bool {
        let mut fine = true;
        for (key, value) in table.iter() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                fine &= entry(self, name, value);
            } else {
                fine = false;
                let help = keys::home(name).or_else(|| keys::did_you_mean(name, known));
                let help = help.or_else(|| Some(keys::one_of(name, known)));
                self.error(
                    "unknown_key",
                    span(key.span()),
                    said!("不认识的键“{name}”", "unknown key `{name}`", name = name),
                    help,
                );
            }
        }
        fine
    }

    /// A string, or a problem.
    pub fn string<'v>(&mut self, value: &'v Value<'_>) -> Option<(&'v str, Span)> {
        if let Some(text) = value.get_ref().as_str() {
            return Some((text, span(value.span())));
        }
        self.wrong(value, ("一段带引号的文字", "a text in quotes"), "\"…\"");
        None
    }

    /// A list of strings; one string counts as a list of one.
    pub fn strings<'v>(&mut self, value: &'v Value<'_>) -> Option<Vec<(&'v str, Span)>> {
        match value.get_ref().as_array() {
            Some(list) => list.iter().map(|v| self.string(v)).collect(),
            None => Some(vec![self.string(value)?]),
        }
    }

    /// A list of lists of strings; a string in the outer list counts as a list of one.
    pub fn lists<'v>(&mut self, value: &'v Value<'_>) -> Option<Vec<Vec<(&'v str, Span)>>> {
        match value.get_ref().as_array() {
            Some(list) => list.iter().map(|v| self.strings(v)).collect(),
            None => {
                self.wrong(value, ("几组词", "lists of words"), "[[\"…\", \"…\"], [\"…\"]]");
                None
            }
        }
    }

    /// A keyword, or a problem.
    pub fn keyword(&mut self, (text, at): (&str, Span)) -> Option<Keyword> {
        let keyword = Keyword::parse(text, at);
        if keyword.is_none() {
            self.error(
                "empty_keyword",
                at,
                said!("这个关键词是空的", "this keyword is empty"),
                Some(said!("删去它，或写上词。", "Take it away, or write a word.")),
            );
        }
        keyword
    }

    /// `true` or `false`, or a problem.
    pub fn truth(&mut self, value: &Value<'_>) -> Option<bool> {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong(value, ("不带引号的 true 或 false", "true or false without quotes"), "true");
        }
        truth
    }

    /// A table, or a problem that shows how one is written.
    pub fn table<'v, 'i>(&mut self, value: &'v Value<'i>, example: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, ("一个表", "a table"), example);
        }
        table
    }

    /// Tells that another kind of value was expected, and how one is written.
    pub fn wrong(&mut self, value: &Value<'_>, (zh, en): (&str, &str), example: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => ("一段文字", "a text"),
            DeValue::Integer(_) | DeValue::Float(_) => ("一个数字", "a number"),
            DeValue::Boolean(_) => ("true 或 false", "true or false"),
            DeValue::Array(_) => ("一个列表", "a list"),
            DeValue::Table(_) => ("一个表", "a table"),
            _ => ("一个日期", "a date"),
        };
        self.error(
            "wrong_value",
            span(value.span()),
            Said::new(format!("这里应是{zh}，却是{}", found.0), format!("expected {en}, found {}", found.1)),
            Some(said!("写成：{example}", "Write: {example}")),
        );
    }

    /// One word of a fixed set, or a problem that names the set.
    pub fn one_of<T>(&mut self, value: &Value<'_>, from_key: impl Fn(&str) -> Option<T>, keys: &[&str]) -> Option<T> {
        let word = self.string(value)?;
        self.among(word, from_key, keys)
    }

    /// Several words of a fixed set, or a problem for the first that is none of them.
    pub fn some_of<T>(
        &mut self,
        value: &Value<'_>,
        from_key: impl Fn(&str) -> Option<T>,
        keys: &[&str],
    ) -> Option<Vec<T>> {
        let words = self.strings(value)?;
        words.into_iter().map(|word| self.among(word, &from_key, keys)).collect()
    }

    fn among<T>(&mut self, (text, at): (&str, Span), from_key: impl Fn(&str) -> Option<T>, keys: &[&str]) -> Option<T> {
        let found = from_key(text);
        if found.is_none() {
            let what = said!("这里不能写“{text}”", "`{text}` cannot stand here");
            self.error("wrong_value", at, what, Some(keys::one_of(text, keys)));
        }
        found
    }
}

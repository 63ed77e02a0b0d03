//! From the text of one file to its values: every key known, every mistake told with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Keyword;
use super::list::Lists;
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

/// The commonest of the parser's messages in Chinese; others as they are.
fn in_chinese(message: &str) -> &str {
    const SAID: [(&str, &str); 6] = [
        ("missing comma", "列表里两个词之间缺逗号"),
        ("unclosed array", "列表没有用 ] 收尾"),
        ("must be quoted", "词要放在引号里"),
        ("with no value", "只有名字，没有 = 和后面的内容"),
        ("invalid basic string", "引号没有成对"),
        ("unclosed table", "[[ ]] 没有成对"),
    ];
    SAID.iter().find(|(part, _)| message.contains(part)).map_or(message, |(_, zh)| zh)
}

/// True if a line from which a mistake was told has quotes, commas or brackets of Chinese writing.
fn has_wide_signs(text: &str, at: Span) -> bool {
    let is_line = |c: char| c == '\n';
    let start = text.get(..at.start as usize).and_then(|before| before.rfind(is_line)).map_or(0, |n| n + 1);
    let line = text.get(start..).map_or("", |rest| rest.split(is_line).next().unwrap_or(""));
    line.contains(['“', '”', '‘', '’', '，', '、', '＝', '＂', '【', '】', '［', '］'])
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
    let line =
        text.as_bytes()[..(at.start as usize).min(text.len())].iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let place = Place { file: Some(path.to_owned()), row: Some(line), span: Some(at) };
    Problem { code, severity, place, what, help }
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
        let en = first.message().to_owned();
        let zh = in_chinese(&en);
        let what = Said::new(format!("这里不是合法的 TOML：{zh}"), format!("this is not valid TOML: {en}"));
        let help = if has_wide_signs(self.text, at) {
            said!(
                "这里有中文标点：包住词的引号和隔开词的逗号要用英文的 \" 和 ,。",
                "There are Chinese signs here: the quotes around words and the commas between them are \" and ,."
            )
        } else {
            said!(
                "看这一行和它上面的列表：引号、逗号、括号要成对。",
                "Look at this line and the list above it: quotes, commas and brackets come in pairs."
            )
        };
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
                let help =
                    nearest(name, known).map(|near| said!("是不是“{near}”？", "Did you mean `{near}`?", near = near));
                let help = help.or_else(|| {
                    let list = known.join(", ");
                    Some(said!("这里可以写：{list}", "What can stand here: {list}", list = list))
                });
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
        self.wrong(value, "一段带引号的文字", "a text in quotes");
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
                self.wrong(value, "一个列表", "a list");
                None
            }
        }
    }

    /// A keyword, or a problem.
    pub fn keyword(&mut self, (text, at): (&str, Span)) -> Option<Keyword> {
        let keyword = Keyword::parse(text, at);
        if keyword.is_none() {
            self.error("empty_keyword", at, said!("这个关键词是空的", "this keyword is empty"), None);
        }
        keyword
    }

    /// `true` or `false`, or a problem.
    pub fn truth(&mut self, value: &Value<'_>) -> Option<bool> {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong(value, "true 或 false", "true or false");
        }
        truth
    }

    /// A table, or a problem.
    pub fn table<'v, 'i>(&mut self, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, "一个表，写在方括号下面或花括号里", "a table, below square brackets or within braces");
        }
        table
    }

    /// Tells that another kind of value was expected.
    pub fn wrong(&mut self, value: &Value<'_>, zh: &str, en: &str) {
        let found = value.get_ref().type_str();
        self.error(
            "wrong_value",
            span(value.span()),
            Said::new(format!("这里应是{zh}，却是 {found}"), format!("expected {en}, found {found}")),
            None,
        );
    }

    /// One word of a fixed set, or a problem that names the set.
    pub fn one_of<T>(&mut self, value: &Value<'_>, from_key: impl Fn(&str) -> Option<T>, keys: &[&str]) -> Option<T> {
        let (text, at) = self.string(value)?;
        let found = from_key(text);
        if found.is_none() {
            let list = keys.join(", ");
            self.error(
                "wrong_value",
                at,
                said!("这里只能写：{list}", "expected one of: {list}", list = list),
                nearest(text, keys).map(|near| said!("是不是“{near}”？", "Did you mean `{near}`?", near = near)),
            );
        }
        found
    }
}

/// The known word that `name` is most likely a misspelling of.
pub(super) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|k| (distance(name, k), *k)).min()?;
    (near.0 <= 1 + name.chars().count() / 4).then_some(near.1)
}

/// Edits (insert, delete, replace) from one word to another.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let edit = (corner + usize::from(ca != *cb)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], edit);
        }
    }
    row[b.len()]
}

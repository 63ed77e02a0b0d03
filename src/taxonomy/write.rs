//! From a taxonomy back to the text of its files: what is read again gives the same taxonomy.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::list::written;
use super::rule::{Denied, Only, Scope, WITHIN, stars};
use super::{Keyword, Rule, Taxonomy};
use crate::words::{Said, Stance};

/// Columns after which a list is broken.
const WIDE: usize = 100;

impl Taxonomy {
    /// The files of this taxonomy: path, text. Nets that no file describes have none.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (at, category) in self.categories().iter().enumerate().filter(|(_, c)| !c.file.is_empty()) {
            files.insert(category.file.clone(), self.head_of(at));
            for rule in &category.rules {
                add_rule(files.entry(rule.file.to_string()).or_default(), rule);
            }
            let examples = examples(category.examples.iter().map(|e| (e.stance, e.text.as_str())));
            files.entry(category.file.clone()).or_default().push_str(&examples);
        }
        let mut lists: BTreeMap<&str, Vec<(&'static str, Vec<&str>)>> = BTreeMap::new();
        for word in self.cues() {
            let file = lists.entry(&word.file).or_default();
            match file.last_mut().filter(|(key, _)| *key == word.cue.key()) {
                Some((_, words)) => words.push(&word.keyword.written),
                None => file.push((word.cue.key(), vec![&word.keyword.written])),
            }
        }
        for (file, lists) in lists {
            let mut text = String::new();
            for (key, words) in lists {
                text.push_str(&list(key, &words));
            }
            files.insert(file.to_string(), text);
        }
        for shared in self.lists() {
            let words: Vec<&str> = shared.words.iter().map(|k| &*k.written).collect();
            files.entry(shared.file.clone()).or_default().push_str(&list(&key(&shared.name), &words));
        }
        files
    }

    /// What a category's file says before its rules: name, meaning, and what its net does not hand down.
    pub fn head_of(&self, at: usize) -> String {
        let category = &self.categories()[at];
        let net = category.nets.first().map(|n| &self.categories()[*n]);
        let mut text = format!("name = {}\n", said(&category.name));
        let means = &category.means;
        if means.zh == means.en && !means.zh.is_empty() {
            let _ = writeln!(text, "means = {}", quote(&means.zh));
        } else if means.zh != means.en {
            let _ = writeln!(text, "means = {}", said(means));
        }
        let area = net.map_or(Default::default(), |n| n.area);
        if category.area != area {
            let _ = writeln!(text, "area = {}", quote(category.area.key()));
        }
        if net.map_or("", |n| &n.owner) != category.owner {
            let _ = writeln!(text, "owner = {}", quote(&category.owner));
        }
        if net.map_or(Said::default(), |n| n.action.clone()) != category.action {
            let _ = writeln!(text, "action = {}", said(&category.action));
        }
        let silencing = self.own_without_record(at);
        if !silencing.is_empty() {
            text.push_str(&list("without_record", &written(silencing)));
        }
        text
    }
}

/// Adds a rule to the text of its file, a line apart from what stands there.
pub(super) fn add_rule(text: &mut String, rule: &Rule) {
    let gap = if text.is_empty() { "" } else { "\n" };
    let _ = write!(text, "{gap}[[{}]]\n{}", rule.stance.key(), body(rule));
}

/// The lines of a rule below its `[[stance]]`.
pub fn body(rule: &Rule) -> String {
    let mut text = String::new();
    if !rule.any.is_empty() {
        text.push_str(&list("any", &written(&rule.any)));
    }
    text.push_str(&rest(rule));
    if !rule.unless.is_empty() {
        text.push_str(&list("unless", &written(&rule.unless)));
    }
    text
}

/// The lines of a rule without its `any` and `unless`.
pub fn rest(rule: &Rule) -> String {
    let mut text = String::new();
    for (key, lists) in [("all", &rule.all), ("near", &rule.near), ("then", &rule.then)] {
        if !lists.is_empty() {
            text.push_str(&nested(key, lists));
        }
    }
    if rule.within != WITHIN {
        let _ = writeln!(text, "within = {}", rule.within);
    }
    for (key, words) in [("without", &rule.without), ("without_record", &rule.without_record)] {
        if !words.is_empty() {
            text.push_str(&list(key, &written(words)));
        }
    }
    if !rule.pattern.is_empty() {
        text.push_str(&list("pattern", &rule.pattern.iter().map(|p| p.written.as_str()).collect::<Vec<_>>()));
    }
    if !rule.category.is_empty() {
        text.push_str(&list("category", &rule.category.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    if rule.only != Only::default() {
        let _ = writeln!(text, "only = {}", only(&rule.only));
    }
    if rule.scope != Scope::default() {
        let _ = writeln!(text, "scope = {}", quote(rule.scope.key()));
    }
    if rule.denied != Denied::default() {
        let _ = writeln!(text, "denied = {}", quote(rule.denied.key()));
    }
    for (key, truth) in [("opinion", rule.opinion), ("fixed", rule.fixed)] {
        if truth {
            let _ = writeln!(text, "{key} = true");
        }
    }
    text
}

/// The `[examples]` of a category, in the order of stances; empty if it has none.
pub fn examples<'e>(all: impl Iterator<Item = (Option<Stance>, &'e str)> + Clone) -> String {
    let mut text = String::new();
    for stance in Stance::ALL.map(Some).into_iter().chain([None]) {
        let of: Vec<&str> = all.clone().filter(|(s, _)| *s == stance).map(|(_, text)| text).collect();
        if !of.is_empty() {
            text.push_str(&list(stance.map_or("none", Stance::key), &of));
        }
    }
    if text.is_empty() { text } else { format!("\n[examples]\n{text}") }
}

fn only(only: &Only) -> String {
    let mut parts = Vec::new();
    if let Some(range) = only.stars {
        parts.push(format!("stars = {}", quote(&stars_text(range))));
    }
    if let Some(speaker) = only.speaker {
        parts.push(format!("speaker = {}", quote(speaker.key())));
    }
    let kinds: Vec<String> = only.kind.iter().map(|k| k.key().to_string()).collect();
    let lists = [
        ("kind", &kinds),
        ("stage", &only.stage),
        ("platform", &only.platform),
        ("sku", &only.sku),
        ("lang", &only.lang),
    ];
    for (key, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        parts.push(format!("{key} = [{}]", list.iter().map(|w| quote(w)).collect::<Vec<_>>().join(", ")));
    }
    format!("{{ {} }}", parts.join(", "))
}

/// The text that is read as this range of stars.
fn stars_text((low, high): (f32, f32)) -> String {
    let near = |v: f32| (v * 100.0).round() / 100.0;
    let forms = [
        format!("<={high}"),
        format!(">={low}"),
        format!("<{}", near(high)),
        format!(">{}", near(low)),
        format!("{low}"),
    ];
    forms.into_iter().find(|text| stars(text) == Some((low, high))).unwrap_or_else(|| format!("{low}-{high}"))
}

/// `key = ["a", "b"]`, over several lines if it is long.
fn list(key: &str, words: &[impl AsRef<str>]) -> String {
    let words: Vec<String> = words.iter().map(|w| quote(w.as_ref())).collect();
    let line = format!("{key} = [{}]\n", words.join(", "));
    if unicode_width::UnicodeWidthStr::width(line.as_str()) <= WIDE {
        return line;
    }
    format!("{key} = [\n{}]\n", wrapped(&words, 2))
}

fn nested(key: &str, lists: &[Vec<Keyword>]) -> String {
    let inner: Vec<String> = lists
        .iter()
        .map(|l| format!("[{}]", written(l).iter().map(|w| quote(w)).collect::<Vec<_>>().join(", ")))
        .collect();
    let line = format!("{key} = [{}]\n", inner.join(", "));
    if unicode_width::UnicodeWidthStr::width(line.as_str()) <= WIDE {
        return line;
    }
    let mut text = format!("{key} = [\n");
    for (list, short) in lists.iter().zip(&inner) {
        if unicode_width::UnicodeWidthStr::width(short.as_str()) + 3 <= WIDE {
            let _ = writeln!(text, "  {short},");
        } else {
            let words: Vec<String> = written(list).iter().map(|w| quote(w)).collect();
            let _ = write!(text, "  [\n{}  ],\n", wrapped(&words, 4));
        }
    }
    text + "]\n"
}

/// Quoted words on lines of even length.
fn wrapped(words: &[String], indent: usize) -> String {
    let (mut text, mut wide) = (" ".repeat(indent), indent);
    for (i, word) in words.iter().enumerate() {
        let width = unicode_width::UnicodeWidthStr::width(word.as_str()) + 2;
        if wide + width > WIDE && i > 0 {
            text = text.trim_end().to_string() + "\n" + &" ".repeat(indent);
            wide = indent;
        }
        let _ = write!(text, "{word}, ");
        wide += width;
    }
    text.trim_end().to_string() + "\n"
}

fn said(said: &Said) -> String {
    format!("{{ zh = {}, en = {} }}", quote(&said.zh), quote(&said.en))
}

/// A TOML key: bare where it can be.
pub fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_string() } else { quote(name) }
}

/// A TOML string.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

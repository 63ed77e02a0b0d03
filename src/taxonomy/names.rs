//! The check of what things are called: files, categories, and who acts.

use std::collections::BTreeMap;

use super::file::{problem, span, written_at};
use super::keys::{nearest, one_of};
use super::{Category, Rule, Taxonomy};
use crate::said;
use crate::words::{Problem, Severity, Span};

/// What is odd about the names of files and categories, and about who acts.
pub(super) fn check(taxonomy: &Taxonomy, files: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tell = |path: &str, code, at, (what, help)| {
        let text = files.get(path).map_or("", String::as_str);
        problems.push(problem((path, text), code, Severity::Warning, at, what, Some(help)));
    };
    let mut paths: BTreeMap<String, &str> = BTreeMap::new();
    for path in files.keys() {
        // What a file manager makes of a copy: `a - 副本`, `a (1)`.
        if path.contains(|c: char| c.is_whitespace() || "()（）".contains(c)) {
            let what =
                said!("文件名里有空格或括号：它是不是一份副本？", "its name holds spaces or brackets: is it a copy?");
            let help = said!(
                "每个文件都是一个类目：副本要删去，否则改名，只用字、字母、数字和 _。",
                "Every file is a category: delete a copy, or rename it with letters, digits and _ only."
            );
            tell(path, "odd_name", Span::new(0, 0), (what, help));
        }
        if let Some(other) = paths.insert(path.to_lowercase(), path) {
            let what = said!("和 {other} 只差大小写", "differs from {other} in capital letters only");
            let help = said!(
                "换一个名字：在 Windows 和 Mac 上两个会变成一个。",
                "Rename one of them: Windows and Mac make one file of the two."
            );
            tell(path, "twin_name", Span::new(0, 0), (what, help));
        }
    }
    let mut named: BTreeMap<&str, &Category> = BTreeMap::new();
    for category in taxonomy.categories().iter().filter(|c| !c.file.is_empty()) {
        if let Some(other) = named.insert(&category.name.zh, category) {
            let (name, file) = (&category.name.zh, &other.file);
            let what = said!("名称“{name}”和 {file} 的一样", "its name `{name}` is that of {file}");
            let help = said!("换一个名称，报告里才分得开。", "Give it another, so that a report can tell them apart.");
            tell(&category.file, "same_name", key(files, &category.file, "name"), (what, help));
        }
        let own = key(files, &category.file, "owner");
        let known = &Category::OWNERS;
        if let Some(near) = nearest(&category.owner, known).filter(|near| *near != category.owner && own.end > 0) {
            let owner = &category.owner;
            let what = said!("负责人“{owner}”别处都没有", "nobody else is called by the owner `{owner}`");
            tell(&category.file, "odd_owner", own, (what, said!("是不是“{near}”？", "Did you mean `{near}`?")));
        }
    }
    problems
}

/// Where the head of a file says something; nowhere, if it does not.
fn key(files: &BTreeMap<String, String>, path: &str, key: &str) -> Span {
    let Some(text) = files.get(path) else { return Span::new(0, 0) };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.split('=').next().is_some_and(|name| name.trim() == key) {
            return span(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    Span::new(0, 0)
}

/// A rule that asks for a platform or a SKU that is not known.
pub fn unmet(rule: &Rule, key: &str, word: &str, known: &[&str], files: &BTreeMap<String, String>) -> Problem {
    let text = files.get(&*rule.file).map_or("", String::as_str);
    let (at, known) = (written_at(text, rule, word), known.iter().copied().filter(|k| !k.is_empty()));
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let what =
        said!("不认识的 {key}“{word}”，这条规则用不上", "the {key} `{word}` is not known, so this rule is never asked");
    problem((&rule.file, text), "unmet", Severity::Warning, at, what, Some(one_of(word, &known)))
}

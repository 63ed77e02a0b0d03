//! Shared lists: words that several rules ask for, written once in `_lists/` and named in a rule as `"@name"`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::category::Category;
use super::file::Page;
use super::keys::nearest;
use super::{Keyword, Taxonomy};
use crate::said;
use crate::words::Span;

/// The folder of the shared lists.
pub const LISTS: &str = "_lists/";

/// What a word of a rule begins with to stand for all words of a list.
pub const SIGN: char = '@';

/// A list of words with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordList {
    /// What rules call it, without the sign.
    pub name: String,
    /// Its words.
    pub words: Vec<Keyword>,
    /// The file that it stands in.
    pub file: String,
    /// Where its name stands in that file.
    pub at: Span,
}

/// The lists by their names.
pub(super) type Lists = BTreeMap<String, WordList>;

/// Reads a file of lists.
pub(super) fn read_lists(page: &mut Page<'_>, lists: &mut Lists) {
    page.each(|page, name, at, value| {
        let mut words = Vec::new();
        for (text, at) in page.strings(value).unwrap_or_default() {
            if text.trim_start().starts_with(SIGN) {
                let what = said!("词表里不能再写别的词表", "a list cannot name another list");
                let help = said!("把那些词写在这里。", "Write its words here.");
                page.error("list_in_list", at, what, Some(help));
            } else {
                words.extend(page.keyword((text, at)));
            }
        }
        let list = WordList { name: name.to_owned(), words, file: page.path.to_owned(), at };
        if let Some(before) = lists.insert(name.to_owned(), list) {
            let what = said!(
                "词表“{name}”在 {file} 里已有",
                "the list `{name}` stands in {file} already",
                name = name,
                file = before.file
            );
            page.error("repeated_list", at, what, Some(said!("换一个名字。", "Give it another name.")));
        }
    });
}

/// Adds a word of a rule: itself, or all words of a list for its name. `None`, with a problem told, if it cannot be used.
pub(super) fn expand(page: &mut Page<'_>, word: (&str, Span), all: &mut Vec<Keyword>) -> Option<()> {
    let lists = page.lists;
    let Some(name) = word.0.trim().strip_prefix([SIGN, '＠']) else {
        all.push(page.keyword(word)?);
        return Some(());
    };
    let Some(list) = lists.get(name) else {
        let known: Vec<&str> = lists.keys().map(String::as_str).collect();
        let help = nearest(name, &known).map(|near| said!("是不是“@{near}”？", "Did you mean `@{near}`?", near = near));
        let help = help.unwrap_or_else(|| {
            said!(
                "在 _lists/ 的文件里写上 {name} = [\"…\"]。",
                "Write {name} = [\"…\"] in a file of _lists/.",
                name = name
            )
        });
        let what = said!("没有词表“{name}”", "there is no list `{name}`", name = name);
        page.error("unknown_list", word.1, what, Some(help));
        return None;
    };
    let name: Arc<str> = name.into();
    let brought = |k: &Keyword| Keyword { list: Some(name.clone()), at: word.1, ..k.clone() };
    all.extend(list.words.iter().map(brought));
    Some(())
}

/// The words of a rule as its file has them: the name of a list in place of its words.
pub(super) fn written(keywords: &[Keyword]) -> Vec<String> {
    let mut named = BTreeSet::new();
    let form = |k: &Keyword| match &k.list {
        Some(list) => named.insert(list.clone()).then(|| format!("{SIGN}{list}")),
        None => Some(k.written.to_string()),
    };
    keywords.iter().filter_map(form).collect()
}

impl Taxonomy {
    /// The shared lists, in the order of their names.
    pub fn lists(&self) -> &[WordList] {
        &self.lists
    }

    /// The lists that no rule names.
    pub(super) fn idle_lists(&self) -> impl Iterator<Item = &WordList> {
        let keywords = self.categories().iter().flat_map(Category::keywords);
        let named: BTreeSet<&str> = keywords.filter_map(|k| k.list.as_deref()).collect();
        self.lists.iter().filter(move |l| !named.contains(l.name.as_str()))
    }
}

//! A category: one thing that can be said, with its rules, its owner and its examples.

use super::{Keyword, Rule};
use crate::words::{Said, Span, Stance, keyed};

/// The part of a shop score that a category drags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// What was sold.
    #[default]
    Product,
    /// How it came.
    Logistics,
    /// How people were treated.
    Service,
}

keyed!(Area { Product = "product", Logistics = "logistics", Service = "service" });

/// One category of a taxonomy. A category with parts below it is a net.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Its path in the taxonomy folder: `product/size/small`.
    pub id: String,
    /// What operators call it.
    pub name: Said,
    /// What it means, for the people who read and label.
    pub means: Said,
    /// The part of a shop score that it drags.
    pub area: Area,
    /// Who acts: supplier, courier, service, detail page ...
    pub owner: String,
    /// What to do next.
    pub action: Said,
    /// Places of the nets above it in the taxonomy, nearest first.
    pub nets: Vec<usize>,
    /// True if other categories stand below it.
    pub is_net: bool,
    /// Words that must not stand in anything that the speaker said, for all of its rules: those of its own head, then
    /// those of the nets above it.
    pub without_record: Vec<Keyword>,
    /// Its own rules.
    pub rules: Vec<Rule>,
    /// Sentences that its rules must read as written.
    pub examples: Vec<Example>,
    /// The file that describes it, its head; empty for a net without a file. A rule tells its file itself.
    pub file: String,
}

impl Category {
    /// Those who act that every report has a name for; a shop may write others.
    pub const OWNERS: [&str; 8] =
        ["supplier", "courier", "service", "operations", "warehouse", "listing", "after-sale", "marketing"];

    /// Every keyword of its rules, and those that it asks of all of them.
    pub fn keywords(&self) -> impl Iterator<Item = &Keyword> {
        self.rules.iter().flat_map(Rule::keywords).chain(&self.without_record)
    }

    /// Where a word can be added, for a message: its file, or `smell*.toml` for one of several.
    pub fn written_in(&self) -> String {
        let is_whole = self.rules.iter().all(|rule| *rule.file == *self.file);
        if is_whole { self.file.clone() } else { format!("{}*.toml", self.id) }
    }

    /// Hands over all that its labels depend on, part by part: two categories that hand over the same read alike.
    pub fn each_part(&self, mut add: impl FnMut(&str)) {
        add(&format!("without_record {}", self.without_record.len()));
        self.without_record.iter().for_each(|keyword| add(&keyword.written));
        self.rules.iter().for_each(|rule| rule.each_part(&mut add));
    }
}

/// A path without the `.toml` at its end.
pub(super) fn stem(path: &str) -> &str {
    path.strip_suffix(".toml").unwrap_or(path)
}

/// The category that a file belongs to and, of a part, its name; from the path without `.toml`. The category's name ends
/// at the first dot: `product/performance.battery` is the part `battery` of `product/performance`.
pub fn parted(path: &str) -> (&str, Option<&str>) {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name..].find('.') {
        Some(dot) => (&path[..name + dot], Some(&path[name + dot + 1..])),
        None => (path, None),
    }
}

/// A sentence and what the category must say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The stance that it must have, or `None` if the category must not appear.
    pub stance: Option<Stance>,
    /// The sentence.
    pub text: String,
    /// Where it stands in its file.
    pub at: Span,
}

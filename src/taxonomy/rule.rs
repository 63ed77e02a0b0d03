//! A rule: what must be found, where, and which stance that gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Keyword;
use super::file::line_of;
use crate::words::{Kind, Span, Speaker, Stance, keyed};

/// How far apart the parts of `near` and `then` may stand when a rule does not say: Han characters
/// or words of other scripts between them.
pub const WITHIN: u32 = 6;

/// Most lists of `near`, `then` and `all`.
pub const LISTS: u8 = 6;

/// The regular expression of a pattern: of linear time and limited size.
pub(super) fn regex(folded: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(folded).size_limit(1 << 20).dfa_size_limit(1 << 20).build()
}

/// One rule of a category. All operators that it names must hold within its scope; the first that
/// is present of `any`, `near`, `then`, `pattern`, `category`, `all` gives the evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The stance of the block that it stands in.
    pub stance: Stance,
    /// One of these keywords.
    pub any: Vec<Keyword>,
    /// One keyword of each list, anywhere in the scope.
    pub all: Vec<Vec<Keyword>>,
    /// One keyword of each list, close together, in any order.
    pub near: Vec<Vec<Keyword>>,
    /// One keyword of each list, close together, in this order.
    pub then: Vec<Vec<Keyword>>,
    /// Greatest distance of `near` and `then`.
    pub within: u32,
    /// Keywords that mask the place that they cover.
    pub unless: Vec<Keyword>,
    /// Keywords that must not stand in the scope.
    pub without: Vec<Keyword>,
    /// Keywords that must not stand anywhere in what the speaker said.
    pub without_record: Vec<Keyword>,
    /// A topic counts only where its clause has an opinion, or asks.
    pub opinion: bool,
    /// Regular expressions over one clause of folded text.
    pub pattern: Vec<Pattern>,
    /// Ids of categories one of which must have evidence in the scope.
    pub category: Vec<String>,
    /// Which records and turns it looks at.
    pub only: Only,
    /// How far its operators reach.
    pub scope: Scope,
    /// What a denied evidence gives.
    pub denied: Denied,
    /// The stance holds whatever the words around the evidence say.
    pub fixed: bool,
    /// The file that it stands in: its category's head, or a part.
    pub file: Arc<str>,
    /// Where it stands in its file.
    pub at: Span,
}

impl Rule {
    /// Every keyword of the rule.
    pub fn keywords(&self) -> impl Iterator<Item = &Keyword> {
        let lists = self.all.iter().chain(&self.near).chain(&self.then).flatten();
        self.any.iter().chain(lists).chain(&self.unless).chain(&self.without).chain(&self.without_record)
    }

    /// Where it begins: file and line.
    pub fn place(&self, files: &BTreeMap<String, String>) -> String {
        let text = files.get(&*self.file).map_or("", String::as_str);
        format!("{}:{}", self.file, line_of(text, self.at))
    }

    /// Hands over all that labels depend on, part by part: two rules that hand over the same read alike.
    pub fn each_part(&self, add: &mut impl FnMut(&str)) {
        let Rule { stance, within, opinion, category, only, scope, denied, fixed, .. } = self;
        add(&format!("{:?}", (stance, within, opinion, category, only, scope, denied, fixed)));
        add(&format!("pattern {}", self.pattern.len()));
        self.pattern.iter().for_each(|p| add(&p.folded));
        let many = [("all", &self.all), ("near", &self.near), ("then", &self.then)];
        let many = many.into_iter().flat_map(|(name, lists)| lists.iter().map(move |list| (name, list)));
        let single = [
            ("any", &self.any),
            ("unless", &self.unless),
            ("without", &self.without),
            ("without_record", &self.without_record),
        ];
        for (name, list) in single.into_iter().chain(many) {
            // The count keeps a word apart from the name of the next list.
            add(&format!("{name} {}", list.len()));
            // What is looked for at the ends follows from how it is written.
            list.iter().for_each(|keyword| add(&keyword.written));
        }
    }
}

/// A regular expression of the `pattern` operator.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it stands in the file.
    pub written: String,
    /// With its characters folded one by one.
    pub folded: String,
    /// What runs.
    pub regex: regex::Regex,
    /// Where it stands in its file.
    pub at: Span,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        (&self.written, self.at) == (&other.written, other.at)
    }
}

/// How far the operators of a rule reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// From punctuation or a contrast word to the next.
    #[default]
    Clause,
    /// To the full stop.
    Sentence,
    /// One message.
    Turn,
    /// All messages of the speaker.
    Record,
}

keyed!(Scope { Clause = "clause", Sentence = "sentence", Turn = "turn", Record = "record" });

/// What a denied evidence gives (没有异味: a denied complaint).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Denied {
    /// Complaint and praise change places; the others stay.
    #[default]
    Opposite,
    /// A complaint.
    Complaint,
    /// Praise.
    Praise,
    /// A mention.
    Mention,
    /// No label.
    Nothing,
}

keyed!(Denied {
    Opposite = "opposite",
    Complaint = "complaint",
    Praise = "praise",
    Mention = "mention",
    Nothing = "nothing",
});

/// Which records and turns a rule looks at. An empty list asks nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Only {
    /// Stars, both ends included; records without stars do not fit.
    pub stars: Option<(f32, f32)>,
    /// Who speaks; without it, the buyer.
    pub speaker: Option<Speaker>,
    /// Kinds of record; words that only a message to a shop has make any of them a chat.
    pub kind: Vec<Kind>,
    /// Stages of a conversation, of [`Only::STAGES`].
    pub stage: Vec<String>,
    /// Platform keys.
    pub platform: Vec<String>,
    /// SKUs.
    pub sku: Vec<String>,
    /// Languages: `zh`, `en`, `other`.
    pub lang: Vec<String>,
}

impl Only {
    /// The stages of a conversation that [`Only::stage`] may name.
    pub const STAGES: [&str; 3] = ["presale", "delivery", "aftersale"];

    /// The languages that [`Only::lang`] may name; every third one is `other`.
    pub const LANGS: [&str; 3] = ["zh", "en", "other"];

    /// Who speaks.
    pub fn speaker(&self) -> Speaker {
        self.speaker.unwrap_or(Speaker::Buyer)
    }

    /// True if nothing but the speaker is asked.
    pub fn is_free(&self) -> bool {
        Only { speaker: None, ..self.clone() } == Only::default()
    }
}

/// Reads a range of stars: `<=3`, `>=4`, `<3`, `>2`, `5`, `1-2`.
pub fn stars(text: &str) -> Option<(f32, f32)> {
    let text = text.trim();
    let number = |s: &str| s.trim().parse::<f32>().ok().filter(|v| (0.0..=5.0).contains(v));
    let step = 0.001;
    if let Some(rest) = text.strip_prefix("<=") {
        return Some((0.0, number(rest)?));
    }
    if let Some(rest) = text.strip_prefix(">=") {
        return Some((number(rest)?, 5.0));
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some((0.0, number(rest)? - step));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some((number(rest)? + step, 5.0));
    }
    match text.split_once('-') {
        Some((low, high)) => Some((number(low)?, number(high)?)).filter(|(low, high)| low <= high),
        None => number(text).map(|v| (v, v)),
    }
}

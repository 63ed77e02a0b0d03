//! Grammar: the small words that are asked for at a place. They stand everywhere, so that none of them is looked for.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::taxonomy::{Cue, CueWord, Edges};
use crate::text::script::is_han;

/// The lists of cues that [stand in place](Cue::stands_in_place).
#[derive(Debug)]
pub(super) struct Grammar(BTreeMap<Cue, Small>);

/// The words of one list.
#[derive(Debug, Default)]
pub(super) struct Small(Vec<(Box<str>, Edges)>);

impl Grammar {
    pub fn new(cues: &[CueWord]) -> Grammar {
        let mut lists: BTreeMap<Cue, Small> = BTreeMap::new();
        for CueWord { cue, keyword, .. } in cues.iter().filter(|word| word.cue.stands_in_place()) {
            lists.entry(*cue).or_default().0.push(((*keyword.folded).into(), keyword.edges));
        }
        Grammar(lists)
    }

    /// The words of a list.
    pub fn of(&self, cue: Cue) -> &Small {
        static NONE: Small = Small(Vec::new());
        self.0.get(&cue).unwrap_or(&NONE)
    }
}

impl Small {
    /// True if this is one of the words; `wh*` stands for all that begin so.
    pub fn is(&self, text: &str) -> bool {
        let open = |edges: &Edges| edges.0 == Edges::WORD_LEFT;
        self.0.iter().any(|(word, edges)| **word == *text || open(edges) && text.starts_with(&**word))
    }

    /// True if a text begins with one.
    pub fn begins(&self, text: &str) -> bool {
        self.words().any(|word| text.starts_with(word))
    }

    /// What follows the longest one that a text begins with; words of letters have to end there.
    pub fn opens<'t>(&self, text: &'t str) -> Option<&'t str> {
        let whole = |rest: &&str| !rest.starts_with(|c: char| c.is_alphanumeric() && !is_han(c));
        let rests = self.words().filter_map(|word| text.strip_prefix(word)).filter(whole);
        rests.min_by_key(|rest| rest.len())
    }

    /// True if a text ends with one.
    pub fn ends(&self, text: &str) -> bool {
        self.words().any(|word| text.ends_with(word))
    }

    /// True if a text holds one.
    pub fn within(&self, text: &str) -> bool {
        self.words().any(|word| text.contains(word))
    }

    /// Where the last one in a text stands.
    pub fn last(&self, text: &str) -> Option<Range<usize>> {
        let places = self.words().filter_map(|word| text.rfind(word).map(|at| at..at + word.len()));
        places.max_by_key(|place| place.start)
    }

    /// A text without those that it begins with.
    pub fn trim<'t>(&self, text: &'t str) -> &'t str {
        let rest = self.words().find_map(|word| text.strip_prefix(word));
        rest.map_or(text, |rest| self.trim(rest))
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(word, _)| &**word)
    }
}

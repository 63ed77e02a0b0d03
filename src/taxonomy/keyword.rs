//! Keywords: what is looked for, folded, and which of their ends must be the edge of a word.

use std::sync::Arc;

use crate::text::fold;
use crate::text::script::is_letter;
use crate::words::Span;

/// One keyword of a rule or a cue list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// As it stands in the file.
    pub written: Arc<str>,
    /// The folded text that is looked for; mostly the one that is written, and then not kept twice.
    pub folded: Arc<str>,
    /// What must hold at its ends.
    pub edges: Edges,
    /// The shared list that brought it into its rule, if one did.
    pub list: Option<Arc<str>>,
    /// Where it, or the name of its list, stands in its file.
    pub at: Span,
}

/// What must hold at the ends of a keyword.
///
/// A keyword that begins or ends with a letter or digit (not Han) matches at the edge of a word
/// there, unless a `*` opens that end; `|` asks that nothing readable stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edges(pub u8);

impl Edges {
    /// No letter or digit before.
    pub const WORD_LEFT: u8 = 1;
    /// No letter or digit after.
    pub const WORD_RIGHT: u8 = 2;
    /// Nothing readable before: the beginning, punctuation or a space.
    pub const STOP_LEFT: u8 = 4;
    /// Nothing readable after.
    pub const STOP_RIGHT: u8 = 8;

    /// True if nothing is asked.
    pub fn is_free(self) -> bool {
        self.0 == 0
    }

    /// True if punctuation or a space is asked for, before or after.
    pub fn asks_for_a_stop(self) -> bool {
        self.0 & (Edges::STOP_LEFT | Edges::STOP_RIGHT) != 0
    }
}

impl Keyword {
    /// Reads a keyword as written in a file; `None` if nothing of it is left after folding.
    pub fn parse(written: &str, at: Span) -> Option<Keyword> {
        let mut edges = 0;
        let mut body = written.trim();
        let (mut open_left, mut open_right) = (false, false);
        if let Some(rest) = body.strip_prefix('|') {
            (body, edges) = (rest, edges | Edges::STOP_LEFT);
        } else if let Some(rest) = body.strip_prefix('*') {
            (body, open_left) = (rest, true);
        }
        if let Some(rest) = body.strip_suffix('|') {
            (body, edges) = (rest, edges | Edges::STOP_RIGHT);
        } else if let Some(rest) = body.strip_suffix('*') {
            (body, open_right) = (rest, true);
        }
        let folded = fold(body);
        if folded.chars().next().is_some_and(is_letter) && !open_left {
            edges |= Edges::WORD_LEFT;
        }
        if folded.chars().next_back().is_some_and(is_letter) && !open_right {
            edges |= Edges::WORD_RIGHT;
        }
        if folded.is_empty() {
            return None;
        }
        let written: Arc<str> = written.into();
        let folded = if *written == *folded { written.clone() } else { folded.into() };
        Some(Keyword { written, folded, edges: Edges(edges), list: None, at })
    }

    /// True if wherever this keyword is found, `inner` is found within it.
    pub(super) fn always_holds(&self, inner: &Keyword) -> bool {
        let asks = |edge: u8| inner.edges.0 & edge != 0;
        let edge = |end: Option<char>, own: u8| end.map_or(self.edges.0 & own != 0, |c| !is_letter(c));
        !asks(Edges::STOP_LEFT | Edges::STOP_RIGHT)
            && self.folded.match_indices(&*inner.folded).any(|(at, found)| {
                let (left, right) = (&self.folded[..at], &self.folded[at + found.len()..]);
                (!asks(Edges::WORD_LEFT) || edge(left.chars().next_back(), Edges::WORD_LEFT))
                    && (!asks(Edges::WORD_RIGHT) || edge(right.chars().next(), Edges::WORD_RIGHT))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_words_unless_opened() {
        for (written, folded, edges) in [
            ("起球", "起球", 0),
            ("pill*", "pill", 1),
            ("*proof", "proof", 2),
            ("Size 偏小", "size偏小", 1),
            ("|无", "无", 4),
            ("么|", "么", 8),
            ("doesn't", "doesnt", 3),
        ] {
            let keyword = Keyword::parse(written, Span::new(0, 0)).unwrap();
            assert_eq!((&*keyword.folded, keyword.edges.0), (folded, edges), "{written}");
        }
        assert_eq!(Keyword::parse(" * ", Span::new(0, 0)), None);
    }
}

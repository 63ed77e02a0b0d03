//! Folded text as tokens at places, so that a phrase at exact distances is a substring and nothing else.
//!
//! A Han character, a mark, a picture and a line break are one token each; a run of letters or digits is one
//! token (the edges of words are its ends); a space is none. From one token to the next the place grows by
//! [`STEP`], and by one more over a space: the sum of two steps is never one step, so a phrase cannot leap.
//! The token of a Han character before another holds both: pairs are far rarer than characters, and a word
//! of two characters is then a single term. A Han character beside which nothing readable stands carries a
//! mark for that side, at its own place.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::script::{is_han, is_letter};

/// Places from one token to the next.
const STEP: u32 = 2;
/// The first place of a text: far enough from the text before it that no phrase spans two.
const FIRST: u32 = 2 * STEP;
/// Nothing readable stands before this Han character.
pub(super) const STOP_LEFT: &str = "\u{2}";
/// Nothing readable stands after it.
pub(super) const STOP_RIGHT: &str = "\u{3}";

/// Walks through the tokens of a folded text.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    text: &'a str,
    /// Where the next token begins.
    at: usize,
    place: u32,
    before: Option<char>,
}

/// One token, before its text is copied anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    pub place: u32,
    /// True for a Han character.
    pub han: bool,
    /// Where the Han character behind this one ends.
    pub pair_end: Option<usize>,
    pub stop_left: bool,
    pub stop_right: bool,
}

impl<'a> Walk<'a> {
    pub fn new(text: &'a str) -> Walk<'a> {
        Walk { text, at: 0, place: FIRST - STEP, before: None }
    }
}

fn readable(c: Option<char>) -> bool {
    c.is_some_and(|c| is_han(c) || is_letter(c))
}

impl Iterator for Walk<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let mut rest = self.text[self.at..].chars();
        let mut first = rest.next()?;
        self.place += STEP;
        if first == ' ' && self.before != Some(' ') {
            self.before = Some(' ');
            self.at += 1;
            self.place += 1;
            first = rest.next()?;
        }
        let (start, before) = (self.at, self.before);
        self.at += first.len_utf8();
        let mut last = first;
        let mut after = rest.next();
        if is_letter(first) {
            while let Some(c) = after.filter(|c| is_letter(*c)) {
                self.at += c.len_utf8();
                last = c;
                after = rest.next();
            }
        }
        self.before = Some(last);
        let han = is_han(first);
        Some(Piece {
            start,
            end: self.at,
            place: self.place,
            han,
            pair_end: after.filter(|c| han && is_han(*c)).map(|c| self.at + c.len_utf8()),
            stop_left: han && !readable(before),
            stop_right: han && !readable(after),
        })
    }
}

/// The tokenizer under which tantivy knows the above.
#[derive(Clone, Default)]
pub(super) struct Characters {
    token: Token,
}

pub(super) struct Stream<'a> {
    walk: Walk<'a>,
    token: &'a mut Token,
    stop_left: bool,
    stop_right: bool,
}

impl Tokenizer for Characters {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        Stream { walk: Walk::new(text), token: &mut self.token, stop_left: false, stop_right: false }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        if std::mem::take(&mut self.stop_left) {
            self.token.text.push_str(STOP_LEFT);
        } else if std::mem::take(&mut self.stop_right) {
            self.token.text.push_str(STOP_RIGHT);
        } else {
            let Some(piece) = self.walk.next() else { return false };
            self.token.position = piece.place as usize;
            self.token.text.push_str(&self.walk.text[piece.start..piece.pair_end.unwrap_or(piece.end)]);
            (self.stop_left, self.stop_right) = (piece.stop_left, piece.stop_right);
        }
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_tell_neighbours_from_strangers() {
        let walk = |text: &str| {
            Walk::new(text).map(|p| format!("{}{}", &text[p.start..p.end], p.place)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(walk("size偏小"), "size4 偏6 小8");
        assert_eq!(walk("runs small"), "runs4 small7");
        assert_eq!(walk("runs, small"), "runs4 ,6 small9");
        assert_eq!(walk("a  b"), "a4  7 b9");
        assert_eq!(walk(" a "), "a5");
        assert_eq!(walk("大\n小"), "大4 \n6 小8");
        let stops: Vec<_> = Walk::new("无味a,无 b").map(|p| (p.stop_left, p.stop_right)).collect();
        assert_eq!(
            stops,
            [(true, false), (false, false), (false, false), (false, false), (true, true), (false, false)]
        );
    }
}

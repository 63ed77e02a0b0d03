//! Personal data masked before anything is kept.
//!
//! [`find()`] says what is where; [`Masker`] writes the text anew with every place masked in the shape that
//! people know (`138****8000`, `d****@example.com`), and gives tokens for buyers and orders, so that one
//! buyer still counts once. What it does not find it cannot mask: it knows patterns, checks and context
//! words, not meaning. Masking twice changes nothing.

mod check;
mod find;
mod hint;
mod rules;
mod shape;
mod token;
mod wide;

use std::borrow::Cow;

pub use find::{Found, Pii, find};
pub use token::Keys;

use crate::words::Token;
use hint::Hint;

/// Masks texts of one workspace.
#[derive(Clone)]
pub struct Masker {
    /// The keyed tokens.
    pub keys: Keys,
    keep: bool,
}

impl Masker {
    /// A masker with the workspace's secret. With `keep`, texts stay as they are; buyers and orders become
    /// tokens all the same.
    pub fn new(key: [u8; 32], keep: bool) -> Masker {
        Masker { keys: Keys::new(key), keep }
    }

    /// The text with personal data masked. `note` is told every place that was masked.
    pub fn mask<'t>(&self, text: &'t str, note: &mut dyn FnMut(Pii)) -> Cow<'t, str> {
        if self.keep {
            return Cow::Borrowed(text);
        }
        let hint = Hint::of(text);
        if hint.is_clean() {
            return Cow::Borrowed(text);
        }
        let mut masked = Cow::Borrowed(text);
        // A mask can open a border that a neighbouring digit had closed: look again until nothing is found.
        for _ in 0..4 {
            let Some(again) = self.once(&masked, note) else { break };
            masked = Cow::Owned(again);
        }
        masked
    }

    fn once(&self, text: &str, note: &mut dyn FnMut(Pii)) -> Option<String> {
        let found = find::find_hinted(text, Hint::of(text));
        let mut masked = String::new();
        let mut from = 0;
        for place in found.iter().filter(|f| f.pii != Pii::Hotline) {
            masked.push_str(&text[from..place.span.start as usize]);
            shape::push(&mut masked, place.pii, place.span.of(text), &self.keys);
            from = place.span.end as usize;
            note(place.pii);
        }
        (from > 0).then(|| masked + &text[from..])
    }

    /// Replaces a person's name wherever it stands in a text: an agent greets the buyer by name.
    pub fn hide<'t>(&self, text: &'t str, name: &str, token: Token) -> Cow<'t, str> {
        let long_enough = name.chars().nth(if name.is_ascii() { 3 } else { 1 }).is_some();
        if self.keep || !long_enough || !text.contains(name) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.replace(name, &shape::label("买家", token)))
    }
}

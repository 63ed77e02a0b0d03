//! The customers' own words in a report.

use serde::Serialize;

use super::ratio::{Category, Place};
use crate::words::Stance;

/// A customer's own words.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    /// The record that it is from, by its id.
    pub uid: String,
    /// The shop and SKU of the record.
    pub place: Place,
    /// Day it was written.
    pub day: Option<String>,
    /// Stars, 1 to 5.
    pub stars: Option<f32>,
    /// The file that the record came from.
    pub file: String,
    /// The row of the record in that file.
    pub row: u64,
    /// What it is quoted for.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// The words, masked, shortened around the match.
    pub text: String,
    /// The matches, as byte ranges of `text`.
    pub matches: Vec<(usize, usize)>,
    /// How many other records say the same.
    pub alike: usize,
}

impl Quote {
    /// The words cut at the matches: each piece with whether it was matched.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        pieces(&self.text, &self.matches)
    }
}

/// A text cut at the matches, which are in order and do not overlap: each piece with whether it was matched.
pub fn pieces<'a>(text: &'a str, matches: &[(usize, usize)]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &(start, end) in matches {
        pieces.push((&text[at..start], false));
        pieces.push((&text[start..end], true));
        at = end;
    }
    pieces.push((&text[at..], false));
    pieces
}

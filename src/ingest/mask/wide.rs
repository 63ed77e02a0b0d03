//! Full-width letters, digits and signs as their narrow forms, with the way back to the text as it was.

use crate::words::Span;

/// A text with narrow forms, and where each of its bytes came from.
pub struct Narrow {
    text: String,
    /// For every byte of the narrow text, and its end: the byte of the original.
    from: Vec<u32>,
}

impl Narrow {
    /// Narrows what patterns look at: letters, digits and the signs `@ - . + ( )`.
    pub fn of(text: &str) -> Narrow {
        let mut narrow = Narrow { text: String::with_capacity(text.len()), from: Vec::with_capacity(text.len() + 1) };
        for (at, c) in text.char_indices() {
            let c = match c {
                '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＠' | '－' | '．' | '＋' | '（' | '）' => {
                    char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
                }
                c => c,
            };
            narrow.text.push(c);
            narrow.from.resize(narrow.text.len(), at as u32);
        }
        narrow.from.push(text.len() as u32);
        narrow
    }

    /// The narrow text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place in the original.
    pub fn back(&self, span: Span) -> Span {
        Span { start: self.from[span.start as usize], end: self.from[span.end as usize] }
    }
}

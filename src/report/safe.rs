//! Text from strangers made harmless where it is shown: no formula, no control or direction character.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text with control, zero-width and bidirectional characters made visible, so that it can neither steer a
/// terminal nor pretend to be other text. Line ends and tabs become spaces.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if hidden(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn hidden(c: char) -> bool {
    // The zero-width joiner stays: it builds emoji.
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A text cell for a CSV that a spreadsheet will open: a leading `'` where it could be taken for a formula.
pub fn cell(text: &str) -> Cow<'_, str> {
    let text = shown(text);
    match text.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => Cow::Owned(format!("'{text}")),
        _ => text,
    }
}

/// Markdown, mentions and links in a stranger's text are shown, not acted on.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in shown(text).chars() {
        match c {
            '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '|' | '\\' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '@' => out.push('＠'),
            c => out.push(c),
        }
    }
    out
}

/// Text as one line of at most so many columns, with an ellipsis where it was cut; a Han character takes two.
pub fn cut(text: &str, width: usize) -> String {
    let text = shown(text);
    if text.width() <= width {
        return text.into_owned();
    }
    let (mut out, mut column) = (String::new(), 1);
    for c in text.chars() {
        column += c.width().unwrap_or(0);
        if column > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_hidden_characters_are_disarmed() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell(" ＝cmd"), "' ＝cmd");
        assert_eq!(cell("-5℃ 都不怕"), "'-5℃ 都不怕");
        assert_eq!(cell("很好"), "很好");
        assert_eq!(shown("a\u{202E}b\u{1b}[31m"), "a<U+202E>b<U+001B>[31m");
        assert_eq!(shown("👨\u{200D}👩\u{200D}👧"), "👨\u{200D}👩\u{200D}👧");
    }
}

//! Scripts: which characters are Han, which make up words, and which language a text is in.

use crate::words::Span;

/// True for a Chinese character.
#[inline]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '\u{F900}'..='\u{FAFF}' | '〇' | '々')
}

/// True for a character that makes up words of several characters: a letter or digit that is not Han.
#[inline]
pub fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        _ => !is_han(c) && c.is_alphanumeric(),
    }
}

/// How far apart two places are: Han characters and whole words of other scripts in `text`.
pub fn units(text: &str) -> usize {
    units_within(text, usize::MAX).unwrap_or(0)
}

/// [`units`] if they are at most `most`; stops counting beyond.
pub fn units_within(text: &str, most: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut count, mut in_word, mut at) = (0, false, 0);
    while at < bytes.len() {
        let (is_unit, letter, len) = match bytes[at] {
            b @ 0..0x80 => {
                let letter = b.is_ascii_alphanumeric() || (in_word && b == b'\'');
                (letter && !in_word, letter, 1)
            }
            // The common Han characters stand in these rows of three bytes.
            0xE5..=0xE9 => (true, false, 3),
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                let letter = is_letter(c);
                (is_han(c) || (letter && !in_word), letter, c.len_utf8())
            }
        };
        count += usize::from(is_unit);
        if count > most {
            return None;
        }
        in_word = letter;
        at += len;
    }
    Some(count)
}

/// The language of a text as far as its script tells: `zh`, `en` (Latin letters) or `other`;
/// `None` without any letter.
pub fn language(text: &str) -> Option<&'static str> {
    let (mut han, mut latin, mut other) = (0usize, 0usize, 0usize);
    for c in text.chars() {
        match c {
            _ if is_han(c) => han += 1,
            'a'..='z' | 'A'..='Z' => latin += 1,
            _ if c.is_alphabetic() && c > '\u{24F}' => other += 1,
            _ => {}
        }
    }
    // A Han character says about as much as three Latin letters; brand names are often Latin.
    match (han * 3, latin, other * 2) {
        (0, 0, 0) => None,
        (h, l, o) if h >= l && h >= o => Some("zh"),
        (_, l, o) if l >= o => Some("en"),
        _ => Some("other"),
    }
}

/// The words of non-Han scripts and the runs of Han characters in a text, in order.
pub fn runs(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.by_ref().find(|(_, c)| is_han(*c) || is_letter(*c))?;
        let mut end = start + first.len_utf8();
        let same = |c: char| if is_han(first) { is_han(c) } else { is_letter(c) };
        while let Some((at, c)) = chars.next_if(|(_, c)| same(*c)) {
            end = at + c.len_utf8();
        }
        Some(Span::new(start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_characters_and_words() {
        assert_eq!(units("味道 is very 大, 3 days"), 2 + 2 + 1 + 2);
        assert_eq!(language("这件 T-shirt 很好"), Some("zh"));
        assert_eq!(language("nice shirt 好"), Some("en"));
        assert_eq!(language("123 😡"), None);
        let text = "买了iPhone 15很好";
        assert_eq!(runs(text).map(|s| s.of(text)).collect::<Vec<_>>(), ["买了", "iPhone", "15", "很好"]);
    }
}

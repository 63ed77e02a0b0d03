//! Clauses and sentences of folded text: the stretches within which words belong together.

/// One clause: half-open bytes of the folded text, without the punctuation around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Number of its sentence, from 0.
    pub sentence: u32,
    /// How it ends.
    pub cut: Cut,
}

/// How a clause ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// A space between Han phrases, or a contrast word.
    Soft,
    /// A comma, bracket, dash or picture.
    Clause,
    /// A full stop, line break or the end of the text.
    Sentence,
    /// A question mark.
    Question,
}

/// Splits folded text into clauses. `soft` holds further places, sorted, at which a clause ends.
/// Where nearly every word has a space around it, as in segmented text, spaces are no borders:
/// the caller leaves them out ([`spaces_are_borders`]).
pub fn split(text: &str, soft: &[u32], out: &mut Vec<Clause>) {
    out.clear();
    let bytes = text.as_bytes();
    let (mut start, mut sentence, mut soft) = (0, 0, soft.iter().peekable());
    let mut at = 0;
    while at < bytes.len() {
        while let Some(border) = soft.next_if(|s| **s as usize <= at) {
            close(out, &mut start, *border as usize, &mut sentence, Cut::Soft, 0);
        }
        let (cut, len) = cut_at(text, bytes, at);
        if let Some(cut) = cut {
            close(out, &mut start, at, &mut sentence, cut, len);
        }
        at += len;
    }
    close(out, &mut start, bytes.len(), &mut sentence, Cut::Sentence, 0);
}

/// True if the spaces found while folding `text` tell where phrases end.
pub fn spaces_are_borders(text: &str, soft: &[u32]) -> bool {
    // Segmented Chinese has a space every two or three characters of three bytes.
    soft.len() * 12 < text.len()
}

fn close(out: &mut Vec<Clause>, start: &mut usize, at: usize, sentence: &mut u32, cut: Cut, len: usize) {
    if at > *start {
        out.push(Clause { start: *start as u32, end: at as u32, sentence: *sentence, cut });
    } else if let Some(last) = out.last_mut().filter(|_| len > 0) {
        // `!?` and `,。`: the stronger mark decides.
        if cut > last.cut {
            if last.cut < Cut::Sentence && cut >= Cut::Sentence && last.sentence == *sentence {
                *sentence += 1;
            }
            last.cut = cut;
        }
        *start = at + len;
        return;
    }
    *start = at + len;
    if cut >= Cut::Sentence {
        *sentence += 1;
    }
}

/// What ends at this byte, and how many bytes to go on.
#[inline]
fn cut_at(text: &str, bytes: &[u8], at: usize) -> (Option<Cut>, usize) {
    match bytes[at] {
        // `:?` and `,?` are a picture that an export could not hold.
        b'?' if at > 0 && matches!(bytes[at - 1], b':' | b',') => (Some(Cut::Clause), 1),
        b'?' => (Some(Cut::Question), 1),
        b'!' | b'\n' => (Some(Cut::Sentence), 1),
        b';' => (Some(Cut::Sentence), 1),
        b'.' => ((!between_digits(bytes, at)).then_some(Cut::Sentence), 1),
        b',' | b':' => ((!between_digits(bytes, at)).then_some(Cut::Clause), 1),
        b'(' | b')' | b'[' | b']' | b'<' | b'>' | b'~' | b'|' => (Some(Cut::Clause), 1),
        b'-' => {
            let alone = at > 0 && matches!(bytes[at - 1], b' ' | b'-') || bytes.get(at + 1) == Some(&b'-');
            (alone.then_some(Cut::Clause), 1)
        }
        0..0x80 => (None, 1),
        0xE4..=0xE9 => (None, 3), // Han
        _ => cut_at_char(text, at),
    }
}

fn between_digits(bytes: &[u8], at: usize) -> bool {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    at > 0 && digit(at - 1) && digit(at + 1)
}

fn cut_at_char(text: &str, at: usize) -> (Option<Cut>, usize) {
    let c = text[at..].chars().next().unwrap_or(' ');
    let cut = match c {
        '。' => Some(Cut::Sentence),
        // Signs that stand inside what is said, and marks that belong to the letter before.
        '、' | '・' | '·' | '×' | '°' | '€' | '£' | '¥' => None,
        '\u{0300}'..='\u{036F}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' => None,
        // Dashes, dots, stars, faces: whoever draws one has ended what he said.
        _ if !c.is_alphanumeric() && !c.is_whitespace() => Some(Cut::Clause),
        _ => None,
    };
    (cut, c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold_into;

    fn clauses(text: &str) -> Vec<(String, u32, Cut)> {
        let (mut folded, mut soft, mut out) = (String::new(), Vec::new(), Vec::new());
        fold_into(text, &mut folded, &mut soft);
        split(&folded, &soft, &mut out);
        out.iter().map(|c| (folded[c.start as usize..c.end as usize].to_owned(), c.sentence, c.cut)).collect()
    }

    #[test]
    fn text_is_cut_where_a_reader_stops() {
        let say = |text: &str| {
            clauses(text).into_iter().map(|(t, s, c)| format!("{s}{}{t}", &format!("{c:?}")[..1])).collect::<Vec<_>>()
        };
        assert_eq!(
            say("很好，不错。颜色、质量都好！！会掉色吗？？"),
            ["0C很好", "0S不错", "1S颜色、质量都好", "2Q会掉色吗"]
        );
        assert_eq!(
            say("3.5 cm, 1,000 left.i like it - really"),
            ["0C3.5 cm", "0S 1,000 left", "1Ci like it ", "1S really"]
        );
        assert_eq!(say("很大 很好看😍物流快"), ["0S很大", "0C很好看", "0S物流快"]);
        assert_eq!(say("真的吗!?\n嗯"), ["0Q真的吗", "1S嗯"]);
        assert_eq!(say("不擠壓⋯質料不錯‧‧‧好穿▽推"), ["0C不挤压", "0C质料不错", "0C好穿", "0S推"]);
        assert_eq!(say("“很好”颜色、阿·桑 9×9 cm"), ["0S\"很好\"颜色、阿·桑9×9 cm"]);
        assert_eq!(say("...").len(), 0);
    }
}

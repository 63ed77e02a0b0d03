//! Folding: the one form in which keywords and verbatims meet, with the way back to the original.
//!
//! Folded text is NFKC, lower case, simplified Chinese, without control and zero-width characters.
//! Spaces beside a Han character are gone (`size 偏小` and `size偏小` are the same), other runs of
//! white space are one space, line breaks stay. A character repeated three times or more is written
//! once (大大大大了 -> 大了, but 谢谢 stays), a letter twice (sooooo -> soo); digits and `xxxl` stay.
//! `n't` is written `nt`, and spaces within a contraction go, so that doesn't, doesn’t, doesnt and
//! `does n ' t` are one word.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose};

use super::script::is_han;
use crate::words::Span;

/// Changes whenever folding gives another text for some input; part of every taxonomy's fingerprint.
pub const FOLD_VERSION: u32 = 2;

/// Pairs of characters, traditional and simplified, one by one as OpenCC has them (Apache-2.0).
const SIMPLIFIED: &str = include_str!("simplified.txt");
/// What OpenCC leaves to phrases or counts as proper in both, and shops write in either way; the bopomofo ㄧ is what
/// Taiwan's keyboards give for 一.
const ALSO: &str = "著着妳你祇只衹只牠它彷仿喫吃麽么ㄧ一";

/// The folded form of a text.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out, &mut Vec::new());
    out
}

/// Appends the folded form of a text to `out`, and to `soft` the places in `out` where a space
/// between two Han characters was: borders of phrases in text without punctuation.
pub fn fold_into(text: &str, out: &mut String, soft: &mut Vec<u32>) {
    run(text, &mut Plain { out, soft });
}

/// A folded text that knows where each of its characters came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// Where a space between two Han characters was.
    pub soft: Vec<u32>,
    pieces: Vec<Piece>,
}

/// One folded character: where it begins in the folded text, and the bytes of the original it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    at: u32,
    from: u32,
    to: u32,
}

impl Folded {
    /// Folds a text and keeps the way back.
    pub fn new(text: &str) -> Folded {
        let mut folded = Folded::default();
        run(text, &mut folded);
        folded
    }

    /// The bytes of the original behind these bytes of the folded text.
    pub fn back(&self, span: Span) -> Span {
        let first = self.pieces.partition_point(|p| p.at <= span.start).saturating_sub(1);
        let last = self.pieces.partition_point(|p| p.at < span.end).saturating_sub(1).max(first);
        match (self.pieces.get(first), self.pieces.get(last)) {
            (Some(a), Some(b)) => Span { start: a.from, end: b.to },
            _ => Span { start: 0, end: 0 },
        }
    }
}

/// Where folded characters go. Both ways of folding run the same steps and differ only here.
trait Sink {
    /// Bytes `from..to` of the source, unchanged.
    fn copy(&mut self, source: &str, from: usize, to: usize);
    /// One character that stands for bytes `from..to` of the source.
    fn push(&mut self, c: char, from: usize, to: usize);
    /// Takes the last character back; the one before it stands for the source up to `to` as well.
    fn pop(&mut self, to: usize);
    /// The last character stands for the source up to `to` as well.
    fn stretch(&mut self, to: usize);
    /// Puts another character in place of the last, which stands for the source up to `to` as well.
    fn swap(&mut self, c: char, to: usize);
    /// A phrase may end here.
    fn soft_border(&mut self);
}

struct Plain<'a> {
    out: &'a mut String,
    soft: &'a mut Vec<u32>,
}

impl Sink for Plain<'_> {
    fn copy(&mut self, source: &str, from: usize, to: usize) {
        self.out.push_str(&source[from..to]);
    }

    fn push(&mut self, c: char, _: usize, _: usize) {
        self.out.push(c);
    }

    fn pop(&mut self, _: usize) {
        self.out.pop();
        self.stretch(0);
    }

    fn stretch(&mut self, _: usize) {
        drop_borders(self.soft, self.out.len());
    }

    fn swap(&mut self, c: char, _: usize) {
        self.out.pop();
        self.out.push(c);
    }

    fn soft_border(&mut self) {
        self.soft.push(self.out.len() as u32);
    }
}

/// Borders between characters that are no longer there go with them (赞 赞 赞).
fn drop_borders(soft: &mut Vec<u32>, len: usize) {
    while soft.last().is_some_and(|at| *at as usize >= len) {
        soft.pop();
    }
}

impl Sink for Folded {
    fn copy(&mut self, source: &str, from: usize, to: usize) {
        for (i, c) in source[from..to].char_indices() {
            self.push(c, from + i, from + i + c.len_utf8());
        }
    }

    fn push(&mut self, c: char, from: usize, to: usize) {
        self.pieces.push(Piece { at: self.text.len() as u32, from: from as u32, to: to as u32 });
        self.text.push(c);
    }

    fn pop(&mut self, to: usize) {
        self.text.pop();
        self.pieces.pop();
        self.stretch(to);
    }

    fn stretch(&mut self, to: usize) {
        drop_borders(&mut self.soft, self.text.len());
        if let Some(last) = self.pieces.last_mut() {
            last.to = to as u32;
        }
    }

    fn swap(&mut self, c: char, to: usize) {
        self.text.pop();
        self.text.push(c);
        self.stretch(to);
    }

    fn soft_border(&mut self) {
        self.soft.push(self.text.len() as u32);
    }
}

/// What the table says of a character of the basic plane: its folded form, or, in the range of the
/// surrogates, which no character uses, one of these.
const DROP: u16 = 0xD800;
const SPACE: u16 = 0xD801;
const LINE: u16 = 0xD802;
const APOSTROPHE: u16 = 0xD803;
/// More than one character, a combining mark: looked at one by one.
const LONG: u16 = 0xD804;

static TABLE: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut table: Box<[u16]> = (0..=0xFFFF_u32).map(|c| char::from_u32(c).map_or(DROP, plan)).collect();
    for pairs in [SIMPLIFIED, ALSO] {
        let mut chars = pairs.chars().filter(|c| *c != '\n');
        while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
            if to <= '\u{FFFF}' {
                table[from as usize] = to as u32 as u16;
            }
        }
    }
    // A pair, or the plain form of a radical, may lead to a character that has a pair of its own.
    for c in 0..table.len() {
        let to = usize::from(table[c]);
        if (0x3400..0xA000).contains(&to) {
            table[c] = table[to];
        }
    }
    table
});

/// What to do with a character of the basic plane, simplification aside.
fn plan(c: char) -> u16 {
    match c {
        '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{E000}'..='\u{F8FF}' | '!'..='&' | '('..='@' => {
            c as u32 as u16
        }
        'a'..='z' => c as u32 as u16,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => LINE,
        _ if is_apostrophe(c) => APOSTROPHE,
        _ if c.is_whitespace() => SPACE,
        _ if is_invisible(c) => DROP,
        _ if canonical_combining_class(c) != 0 => LONG,
        _ => {
            let mut forms = expand(c);
            match (forms.next(), forms.next()) {
                (Some(one), None) if one <= '\u{FFFF}' && !one.is_whitespace() => one as u32 as u16,
                _ => LONG,
            }
        }
    }
}

/// What is typed for the apostrophe of a contraction.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇' | '`' | '´')
}

/// Control, format and variation characters: they have no width and no meaning for a reader.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// NFKC and lower case of one character, with typographic quotes and hyphens made plain.
fn expand(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c).nfkc().flat_map(char::to_lowercase).nfkc().map(|c| match c {
        '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' => '"',
        '‐' | '‑' | '−' => '-',
        _ => c,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    Line,
}

/// What has been written last and what is waiting to be written.
struct State {
    /// The last folded character; NUL before the first.
    last: char,
    /// How often it has come in a row.
    run: u32,
    /// White space that has been read and not yet written.
    gap: Gap,
    gap_from: usize,
    gap_to: usize,
    /// The apostrophe of a contraction has just been read: a space after it does not count.
    in_contraction: bool,
}

fn run<S: Sink>(text: &str, sink: &mut S) {
    let table: &[u16] = &TABLE;
    let bytes = text.as_bytes();
    let mut state = State { last: '\0', run: 0, gap: Gap::None, gap_from: 0, gap_to: 0, in_contraction: false };
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let planned = if c <= '\u{FFFF}' { table[c as usize] } else { LONG };
        if state.gap == Gap::None && !state.in_contraction && c != state.last {
            // Most characters are already folded: they are copied in one go.
            let unchanged = u32::from(planned) == c as u32
                || (c == ' ' && is_plain(state.last) && bytes.get(at + 1).is_some_and(|b| is_plain_next(*b)));
            if unchanged {
                state.last = c;
                state.run = 1;
                continue;
            }
        }
        sink.copy(text, copied, at);
        copied = at + c.len_utf8();
        state.slow(c, planned, at, copied, text, sink);
    }
    sink.copy(text, copied, text.len());
}

/// True after a character beside which a space is kept.
fn is_plain(last: char) -> bool {
    last.is_ascii_graphic()
}

/// True before a character beside which a space is kept; `n't` and apostrophes are looked at closely.
fn is_plain_next(next: u8) -> bool {
    next.is_ascii_graphic() && !matches!(next, b'n' | b'N' | b'\'' | b'`')
}

/// The first place from `at` on where something other than a space or an invisible character stands.
fn past_blanks(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.find(|c| !matches!(plan(c), SPACE | DROP)).unwrap_or(rest.len())
}

/// The place after the `n` and the apostrophe of a contraction that follow `at`, blanks between them aside.
fn after_n_apostrophe(text: &str, at: usize) -> Option<usize> {
    let mut rest = text[past_blanks(text, at)..].chars();
    rest.next().filter(|c| matches!(c, 'n' | 'N'))?;
    let at = past_blanks(text, text.len() - rest.as_str().len());
    let mut rest = text[at..].chars();
    rest.next().filter(|c| is_apostrophe(*c))?;
    Some(text.len() - rest.as_str().len())
}

/// True if, blanks aside, a whole word of these stands at `at`.
fn word_at(text: &str, at: usize, words: &[&str]) -> bool {
    let mut word = String::new();
    'letters: for c in text[past_blanks(text, at)..].chars().filter(|c| plan(*c) != DROP) {
        for form in expand(c) {
            let mark = canonical_combining_class(form) != 0;
            if is_han(form) || !(form.is_alphanumeric() || mark) || word.len() > 2 {
                break 'letters;
            }
            word.push(form);
        }
    }
    words.contains(&word.as_str())
}

/// What follows the apostrophe of a contraction.
const CONTRACTED: [&str; 7] = ["t", "s", "m", "d", "re", "ve", "ll"];

impl State {
    /// One character that is not simply copied: it stands at `from..to` of the source.
    fn slow<S: Sink>(&mut self, c: char, planned: u16, from: usize, to: usize, text: &str, sink: &mut S) {
        match planned {
            DROP => {}
            SPACE if self.in_contraction => {}
            SPACE => {
                let not = || after_n_apostrophe(text, to).is_some_and(|at| word_at(text, at, &["t"]));
                if !(self.last.is_ascii_alphabetic() && not()) {
                    self.white(Gap::Space, from, to);
                }
            }
            LINE => self.white(Gap::Line, from, to),
            APOSTROPHE => {
                let contracts = self.last.is_ascii_alphabetic() && word_at(text, to, &CONTRACTED);
                if contracts && self.gap == Gap::Space {
                    self.gap = Gap::None;
                }
                if contracts && self.last == 'n' && word_at(text, to, &["t"]) {
                    sink.stretch(to);
                } else {
                    self.emit('\'', from, to, sink);
                }
                self.in_contraction = contracts;
            }
            LONG if is_invisible(c) => {}
            LONG if canonical_combining_class(c) != 0 => self.combine(c, from, to, sink),
            LONG => {
                for form in expand(c) {
                    if form.is_whitespace() {
                        self.white(Gap::Space, from, to);
                    } else {
                        self.emit(simplify(form), from, to, sink);
                    }
                }
            }
            plain => self.emit(char::from_u32(u32::from(plain)).unwrap_or(c), from, to, sink),
        }
    }

    fn white(&mut self, gap: Gap, from: usize, to: usize) {
        self.gap_to = to;
        if self.gap == Gap::None {
            self.gap_from = from;
        }
        if self.gap != Gap::Line {
            self.gap = gap;
        }
    }

    /// A combining mark joins the letter before it where a joined form exists.
    fn combine<S: Sink>(&mut self, mark: char, from: usize, to: usize, sink: &mut S) {
        match compose(self.last, mark) {
            Some(joined) if self.gap == Gap::None && self.run == 1 => {
                self.last = joined;
                sink.swap(joined, to);
            }
            _ => self.emit(mark, from, to, sink),
        }
    }

    fn emit<S: Sink>(&mut self, c: char, from: usize, to: usize, sink: &mut S) {
        self.close_gap(c, sink);
        self.in_contraction = false;
        if c != self.last {
            self.last = c;
            self.run = 1;
            return sink.push(c, from, to);
        }
        self.run += 1;
        let keep_all = c.is_ascii_digit() || c == 'x' || c == '\n';
        if keep_all || self.run == 2 {
            sink.push(c, from, to);
        } else if self.run == 3 && (is_han(c) || !c.is_alphabetic()) {
            sink.pop(to);
        } else {
            sink.stretch(to);
        }
    }

    /// Writes the white space that stands between the last character and `next`, if it is to stay.
    fn close_gap<S: Sink>(&mut self, next: char, sink: &mut S) {
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        if gap == Gap::None || matches!(self.last, '\0' | '\n') {
            return;
        }
        let white = if gap == Gap::Line { '\n' } else { ' ' };
        if gap == Gap::Line || !(is_han(self.last) || is_han(next)) {
            sink.push(white, self.gap_from, self.gap_to);
            self.last = white;
            self.run = 1;
        } else if is_han(self.last) && is_han(next) {
            sink.soft_border();
        }
    }
}

/// The simplified form of one character.
fn simplify(c: char) -> char {
    match c {
        '\u{3400}'..='\u{9FFF}' => char::from_u32(u32::from(TABLE[c as usize])).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_makes_one_form_of_many() {
        for (from, to) in [
            ("大大大大了", "大了"),
            ("谢谢，好好的", "谢谢,好好的"),
            ("ＳＩＺＥ　偏小！", "size偏小!"),
            ("size 偏小", "size偏小"),
            ("買小了，顏色不對", "买小了,颜色不对"),
            ("穿著很舒服", "穿着很舒服"),
            ("跟照片ㄧ樣，少寄ㄧ件", "跟照片一样,少寄一件"),
            ("Doesn’t smell", "doesnt smell"),
            ("I have n't  it 's", "i havent it's"),
            ("don ' t, did n’t, I ' m, McD ' s not n", "dont, didnt, i'm, mcd's not n"),
            ("n'tC\u{301}, n'\u{200b}ｔ, n\u{3000} ' t, do n't很", "n'tć, nt, nt, dont很"),
            ("the 'small' one, rock 'n' roll", "the 'small' one, rock 'n' roll"),
            ("soooooo goooood", "soo good"),
            ("XXXL 1000", "xxxl 1000"),
            ("小小小\u{3000}小的", "小的"),
            ("\u{F94A}\u{2F6A}", "垒皮"),
            ("很大 很好看\r\n\r\n还行 ", "很大很好看\n还行"),
            ("a\u{200b}b\u{feff}", "ab"),
            ("cafe\u{301} CAFÉ", "café café"),
            ("①㎏…", "1kg."),
            ("😡😡😡😡 bad", "😡 bad"),
            ("", ""),
        ] {
            assert_eq!(fold(from), to, "{from:?}");
            assert_eq!(fold(to), to, "twice: {from:?}");
        }
        let mut soft = Vec::new();
        fold_into("很大 很好看", &mut String::new(), &mut soft);
        assert_eq!(soft, [6]);
    }

    #[test]
    fn the_way_back_quotes_the_original() {
        let text = "這 件 大大大大了，Doesn’t fit…";
        let folded = Folded::new(text);
        let spacing = Folded::new("—¨");
        assert_eq!(spacing.back(Span::new(3, 4)).of("—¨"), "¨", "a mark that is a space and an accent in one");
        for (part, original) in
            [("这件", "這 件"), ("大了", "大大大大了"), ("doesnt", "Doesn’t"), (".", "…"), ("fit", "fit")]
        {
            let at = folded.text.find(part).unwrap();
            assert_eq!(folded.back(Span::new(at, at + part.len())).of(text), original);
        }
    }
}

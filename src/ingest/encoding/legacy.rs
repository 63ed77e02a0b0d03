//! Old encodings carry no mark: each is asked how usual the characters would be, and known column names outweigh that.

use encoding_rs::{
    BIG5, EUC_KR, GB18030, KOI8_R, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254,
};

use super::{Coding, coding};

/// Below this no encoding fits, and what it made of the bytes would be nonsense.
const LEAST: f64 = 0.3;

/// The encoding of bytes that are not UTF-8; `None` if none fits.
pub fn tell(head: &[u8], familiar: &dyn Fn(&str) -> usize) -> Option<Coding> {
    let gb_name = if has_four_byte_gb(head) { "gb18030" } else { "gbk" };
    // Of two that fit as well the first is taken.
    let candidates = [
        (coding(gb_name, GB18030, 0), usual(head, gb)),
        (coding("big5", BIG5, 0), usual(head, big5)),
        (coding("shift_jis", SHIFT_JIS, 0), usual(head, shift_jis)),
        (coding("windows-1252", WINDOWS_1252, 0), latin(head, is_western)),
        (coding("windows-1254", WINDOWS_1254, 0), latin(head, is_turkish)),
        (coding("windows-1250", WINDOWS_1250, 0), latin(head, is_polish)),
        (coding("windows-1251", WINDOWS_1251, 0), letters(head, windows_1251)),
        (coding("koi8-r", KOI8_R, 0), letters(head, koi8)),
        (coding("euc-kr", EUC_KR, 0), korean(head)),
        (coding("windows-874", WINDOWS_874, 0), thai(head)),
    ];
    let mut best: Option<(Coding, f64)> = None;
    for (coding, usual) in candidates {
        let (text, _) = coding.codec.decode_without_bom_handling(&head[..head.len().min(16 << 10)]);
        let score = usual + familiar(&text).min(5) as f64;
        if best.is_none_or(|(_, most)| score > most) {
            best = Some((coding, score));
        }
    }
    best.filter(|(_, score)| *score >= LEAST).map(|(coding, _)| coding)
}

/// How usual the characters would be as Chinese of GB18030.
pub fn like_gb(bytes: &[u8]) -> f64 {
    usual(bytes, gb)
}

/// What stands at the start of these bytes: how usual it would be (1.0 a frequent character, negative an
/// impossible one), and its length.
type Look = fn(&[u8]) -> (f64, usize);

/// Mean worth of the characters of a text that are not ASCII.
fn usual(mut rest: &[u8], look: Look) -> f64 {
    let (mut worth, mut seen) = (0.0, 0u32);
    while let Some(&first) = rest.first() {
        let mut len = 1;
        if first >= 0x80 {
            if rest.len() < 2 {
                break;
            }
            let found = look(rest);
            worth += found.0;
            len = found.1.min(rest.len());
            seen += 1;
        }
        rest = &rest[len..];
    }
    if seen == 0 { 0.0 } else { worth / f64::from(seen) }
}

fn gb(bytes: &[u8]) -> (f64, usize) {
    match bytes {
        [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..] => (0.5, 4),
        // Level 1 hanzi and punctuation.
        [0xB0..=0xD7 | 0xA1 | 0xA3, 0xA1..=0xFE, ..] => (1.0, 2),
        [0xD8..=0xF7 | 0xA2 | 0xA4..=0xA9, 0xA1..=0xFE, ..] => (0.3, 2),
        [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, ..] => (-0.2, 2),
        _ => (-1.0, 1),
    }
}

fn big5(bytes: &[u8]) -> (f64, usize) {
    match bytes {
        // Frequent hanzi and punctuation.
        [0xA4..=0xC6 | 0xA1, 0x40..=0x7E | 0xA1..=0xFE, ..] => (0.95, 2),
        [0xC9..=0xF9 | 0xA2..=0xA3, 0x40..=0x7E | 0xA1..=0xFE, ..] => (0.2, 2),
        [0x81..=0xFE, 0x40..=0x7E | 0xA1..=0xFE, ..] => (-0.3, 2),
        _ => (-1.0, 1),
    }
}

fn shift_jis(bytes: &[u8]) -> (f64, usize) {
    match bytes {
        // Kana and punctuation, then level 1 kanji; a half-width kana is one byte.
        [0x82, 0x9F..=0xF1, ..] | [0x83, 0x40..=0x96, ..] | [0x81, 0x40..=0xAC, ..] => (1.0, 2),
        [0x88..=0x97, 0x40..=0x7E | 0x80..=0xFC, ..] => (0.7, 2),
        [0xA1..=0xDF, ..] => (-0.1, 1),
        [0x82 | 0x98..=0x9F | 0xE0..=0xEA, 0x40..=0x7E | 0x80..=0xFC, ..] => (0.1, 2),
        _ => (-1.0, 1),
    }
}

/// Hangul stands in a part of what is frequent hanzi elsewhere: where there is much text and all of it stands there,
/// it is Korean.
fn korean(head: &[u8]) -> f64 {
    let hangul: Look = |bytes| match bytes {
        [0xB0..=0xC8 | 0xA1 | 0xA3, 0xA1..=0xFE, ..] => (1.0, 2),
        [0x81..=0xFE, 0x41..=0xFE, ..] => (-0.5, 2),
        _ => (-1.0, 1),
    };
    let is_much = head.iter().filter(|b| **b >= 0x80).count() >= 80;
    usual(head, hangul) * if is_much { 1.03 } else { 0.9 }
}

/// Latin text has its high bytes alone between letters, and they are letters too.
fn latin(head: &[u8], is_letter: fn(u8) -> bool) -> f64 {
    let (mut good, mut all) = (0u32, 0u32);
    for (byte, before, after) in high(head) {
        all += 1;
        let is_lonely = before.is_none_or(|b| b < 0x80) && after.is_none_or(|b| b < 0x80);
        let inside = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphabetic());
        good += u32::from(is_lonely && (is_letter(byte) || !inside(before) && !inside(after)));
    }
    if all == 0 { 0.0 } else { 0.9 * f64::from(good) / f64::from(all) }
}

fn is_western(byte: u8) -> bool {
    // Six letters of Icelandic are others in Turkish, which is more often met.
    is_turkish(byte) && !matches!(byte, 0xD0 | 0xDD | 0xDE | 0xF0 | 0xFD | 0xFE)
}

fn is_turkish(byte: u8) -> bool {
    matches!(byte, 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0xFF | 0x8A | 0x8C | 0x8E | 0x9A | 0x9C | 0x9E | 0x9F)
}

/// The letters of Polish, of which half are signs in Western Europe.
fn is_polish(byte: u8) -> bool {
    const LETTERS: &[u8] = b"\xA5\xB9\xC6\xE6\xCA\xEA\xA3\xB3\xD1\xF1\xD3\xF3\x8C\x9C\x8F\x9F\xAF\xBF";
    LETTERS.contains(&byte)
}

/// What a byte is in an encoding of Cyrillic.
#[derive(Clone, Copy, PartialEq)]
enum Letter {
    Small,
    Large,
    /// A sign that stands beside words: a dash, a quote.
    Sign,
    None,
}

fn windows_1251(byte: u8) -> Letter {
    match byte {
        0xE0..=0xFF | 0xB8 | 0xB3 | 0xBF | 0xBA => Letter::Small,
        0xC0..=0xDF | 0xA8 | 0xB2 | 0xAF | 0xAA => Letter::Large,
        0x84 | 0x85 | 0x91..=0x97 | 0x99 | 0xA0 | 0xA7 | 0xAB | 0xBB | 0xB0 | 0xB9 => Letter::Sign,
        _ => Letter::None,
    }
}

fn koi8(byte: u8) -> Letter {
    match byte {
        0xC0..=0xDF | 0xA3 => Letter::Small,
        0xE0..=0xFF | 0xB3 => Letter::Large,
        0x94 | 0x95 | 0x9A | 0x9C | 0xBF => Letter::Sign,
        _ => Letter::None,
    }
}

/// Words of one alphabet: no Latin letter beside the others, and a large letter only where a word begins or all
/// are large.
fn letters(head: &[u8], of: fn(u8) -> Letter) -> f64 {
    let (mut worth, mut all) = (0.0, 0u32);
    for (byte, before, after) in high(head) {
        let near = |b: Option<u8>| b.filter(|b| *b >= 0x80).map_or(Letter::None, of);
        let is_latin = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphabetic());
        all += 1;
        worth += match of(byte) {
            _ if is_latin(before) || is_latin(after) => -1.0,
            Letter::Sign => 0.9,
            Letter::None => -1.0,
            Letter::Large if near(before) == Letter::Small => 0.0,
            Letter::Large if near(before) == Letter::Large => 0.7,
            Letter::Small | Letter::Large => 1.0,
        };
    }
    if all == 0 { 0.0 } else { 0.97 * worth / f64::from(all) }
}

/// Thai: signs above and below stand on a letter, and some bytes are none.
fn thai(head: &[u8]) -> f64 {
    let (mut worth, mut all) = (0.0, 0u32);
    for (byte, before, _) in high(head) {
        all += 1;
        worth += match byte {
            0xD1 | 0xD4..=0xDA | 0xE7..=0xEE if before.is_some_and(|b| matches!(b, 0xA1..=0xEE)) => 1.0,
            0xA1..=0xCE | 0xD0 | 0xD2 | 0xD3 | 0xE0..=0xE6 => 0.9,
            0xCF | 0xF0..=0xF9 => 0.0,
            _ => -3.0,
        };
    }
    if all == 0 { 0.0 } else { worth / f64::from(all) }
}

/// Every byte that is not ASCII, what stands before it and what behind.
fn high(head: &[u8]) -> impl Iterator<Item = (u8, Option<u8>, Option<u8>)> {
    let beside = |at: usize| (at.checked_sub(1).and_then(|i| head.get(i)).copied(), head.get(at + 1).copied());
    head.iter().enumerate().filter(|(_, b)| **b >= 0x80).map(move |(at, b)| (*b, beside(at).0, beside(at).1))
}

fn has_four_byte_gb(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|w| matches!(w, [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39]))
}

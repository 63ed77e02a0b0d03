//! What the text of a date says: one scan over numbers, words and signs instead of a pile of patterns.

use jiff::civil::{Date, DateTime, Time};

use super::relative::Ago;
use super::{BadDate, Stated, from_number, order, words};
use crate::words::Moment;

/// A date is short; longer cells are not looked at.
const LONGEST: usize = 120;

/// Reads a cell's text. `Ok(None)` if it says that there is no date.
pub fn read(text: &str) -> Result<Option<Stated>, BadDate> {
    let text = text.trim();
    if let Some(stated) = plain(text.as_bytes()) {
        return Ok(Some(stated));
    }
    let text = text.trim_start_matches('\'');
    let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(text).trim();
    if is_none(text) {
        return Ok(None);
    }
    if text.len() > LONGEST {
        return Err(BadDate::Unreadable);
    }
    slow(&lower(text)).map(Some).ok_or(BadDate::Unreadable)
}

fn is_none(text: &str) -> bool {
    const NONE: &[&str] = &["", "-", "--", "/", "0", "null", "none", "nan", "nat", "n/a", "无", "0000-00-00"];
    NONE.iter().any(|n| text.eq_ignore_ascii_case(n)) || text == "0000-00-00 00:00:00"
}

/// The form that nearly all rows have: `2024-01-03 12:00:01`, also with `T` or `/`, with or without the time.
fn plain(b: &[u8]) -> Option<Stated> {
    if !(b.len() == 19 || b.len() == 10) || !matches!((b[4], b[7]), (b'-', b'-') | (b'/', b'/')) {
        return None;
    }
    let two = |i: usize| -> Option<i8> {
        let (a, b) = (b[i].wrapping_sub(b'0'), b[i + 1].wrapping_sub(b'0'));
        (a < 10 && b < 10).then(|| (a * 10 + b) as i8)
    };
    let date = Date::new(i16::from(two(0)?) * 100 + i16::from(two(2)?), two(5)?, two(8)?).ok()?;
    if b.len() == 10 {
        return Some(Stated::Day(date));
    }
    if !matches!(b[10], b' ' | b'T') || b[13] != b':' || b[16] != b':' {
        return None;
    }
    Some(Stated::Local(date.to_datetime(Time::new(two(11)?, two(14)?, two(17)?, 0).ok()?)))
}

/// The instant at which a clock `east` minutes from Greenwich shows this.
pub(super) fn instant(at: DateTime, east: i32) -> i64 {
    Moment::from_civil(at).0 - i64::from(east) * 60
}

/// Lower case, with full-width digits and signs as their narrow forms.
fn lower(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => ' ',
        '\u{2013}' | '\u{2212}' => '-',
        c => c,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

fn slow(text: &str) -> Option<Stated> {
    if let Some(stated) = digits(text) {
        return Some(stated);
    }
    if let Some(ago) = Ago::read(text, |rest| scan(rest)?.time_of_day()?) {
        return Some(Stated::Ago(ago));
    }
    scan(sentence(text)).and_then(Scan::stated)
}

/// Only digits: a date spelt without signs, an Excel day, or seconds since 1970.
fn digits(text: &str) -> Option<Stated> {
    let dots = text.bytes().filter(|b| *b == b'.').count();
    let scientific = text.contains("e+");
    if dots > 1 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || scientific && matches!(b, b'e' | b'+')) {
        return None;
    }
    if dots == 0 && matches!(text.len(), 12 | 14) && text.starts_with("20") {
        let part = |i: usize| text[i..i + 2].parse::<i8>().ok();
        let date = Date::new(text[..4].parse().ok()?, part(4)?, part(6)?).ok()?;
        let second = if text.len() == 14 { part(12)? } else { 0 };
        return Some(Stated::Local(date.to_datetime(Time::new(part(8)?, part(10)?, second, 0).ok()?)));
    }
    from_number(text.parse().ok()?).ok()
}

/// "Reviewed in Germany on 3 February 2024": the part that is the date.
fn sentence(text: &str) -> &str {
    const BEFORE: &[&str] = &[" on ", " vom ", " am ", " le ", " el ", " il ", " em ", " op ", " den "];
    const AFTER: &[&str] = &["に", "在", " tarihinde", "已购", "已購"];
    let first = first_word(text);
    if first.is_empty() {
        return AFTER.iter().find_map(|word| text.split_once(word)).map_or(text, |(date, _)| date.trim());
    }
    if words::month(first).or(words::afternoon(first).map(i8::from)).is_some() || words::is_filler(first) {
        return text;
    }
    let cut = BEFORE.iter().filter_map(|word| text.rfind(word).map(|at| at + word.len())).max();
    cut.map_or(text, |at| text[at..].trim())
}

fn first_word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

/// What a scan has gathered.
#[derive(Default)]
struct Scan {
    /// Numbers of the date that no sign has named, with their count of digits and the sign before them.
    free: Vec<(u16, usize, char)>,
    year: Option<u16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<Time>,
    afternoon: Option<bool>,
    /// Minutes east of Greenwich.
    zone: Option<i32>,
    named_month: bool,
    weekday: bool,
}

fn scan(text: &str) -> Option<Scan> {
    let mut found = Scan::default();
    let mut rest = text;
    let mut sign = ' ';
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            rest = found.number(rest, sign)?;
            sign = ' ';
        } else if c.is_alphabetic() {
            let word = first_word(rest);
            rest = rest[word.len()..].trim_start_matches('.');
            found.word(word)?;
            sign = ' ';
        } else if c == '(' && found.time.is_some() {
            break;
        } else if matches!(c, ' ' | ',' | '，' | '-' | '/' | '.' | '+' | '\'' | '·' | '|') {
            sign = if c == ' ' { sign } else { c };
            rest = &rest[c.len_utf8()..];
        } else {
            return None;
        }
    }
    Some(found)
}

impl Scan {
    /// Takes the number at the start, and what belongs to it; gives what follows.
    fn number<'a>(&mut self, text: &'a str, sign: char) -> Option<&'a str> {
        let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        // `Sat Jan 06 10:00:00 +0800 2024`: there the year comes last.
        let is_year = |rest: &str| rest.len() == 4 && rest.bytes().all(|b| b.is_ascii_digit());
        let year_follows = self.named_month && digits.len() == 4 && (sign == '+' || is_year(rest.trim_start()));
        let may_be_zone = self.time.is_some() && matches!(sign, '+' | '-') && self.zone.unwrap_or(0) == 0;
        if may_be_zone && (self.has_date() || year_follows) {
            return self.offset(digits, rest, sign);
        }
        if digits.len() > 4 {
            return self.joined(digits).map(|()| rest);
        }
        let value: u16 = digits.parse().ok()?;
        let mark = rest.chars().next().unwrap_or(' ');
        let after = &rest[mark.len_utf8().min(rest.len())..];
        match mark {
            ':' | '时' | '点' if self.time.is_none() => self.clock(value, after),
            '年' | '月' | '日' | '号' | '號' => {
                match mark {
                    '年' => self.year = Some(value).filter(|_| self.year.is_none()),
                    '月' => self.month = Some(value as i8).filter(|_| self.month.is_none()),
                    _ => self.day = Some(value as i8).filter(|_| self.day.is_none()),
                }
                Some(after)
            }
            _ => {
                self.free.push((value, digits.len(), sign));
                (self.free.len() <= 3).then_some(rest)
            }
        }
    }

    fn has_date(&self) -> bool {
        self.day.is_some() || self.free.len() + usize::from(self.named_month) == 3
    }

    /// `20240103` before a time.
    fn joined(&mut self, digits: &str) -> Option<()> {
        if digits.len() != 8 || !self.free.is_empty() {
            return None;
        }
        self.year = Some(digits[..4].parse().ok()?);
        self.month = Some(digits[4..6].parse().ok()?);
        self.day = Some(digits[6..].parse().ok()?);
        Some(())
    }

    /// The rest of a time after `hour:`; seconds and their fraction may be absent.
    fn clock<'a>(&mut self, hour: u16, text: &'a str) -> Option<&'a str> {
        let two = |text: &'a str| -> Option<(i8, &'a str)> {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()).min(2);
            Some((text[..end].parse().ok()?, &text[end..]))
        };
        let (minute, mut rest) = match two(text) {
            Some((minute, rest)) => (minute, rest.strip_prefix('分').unwrap_or(rest)),
            None => (0, text),
        };
        let mut second = 0;
        let told = rest
            .strip_prefix(':')
            .or(Some(rest).filter(|r| text.contains('秒') && r.starts_with(|c: char| c.is_ascii_digit())));
        if let Some((value, after)) = told.and_then(two) {
            second = value;
            rest = after.strip_prefix('秒').unwrap_or(after);
            if let Some(fraction) =
                after.strip_prefix(['.', ',']).filter(|f| f.starts_with(|c: char| c.is_ascii_digit()))
            {
                rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            }
        }
        self.time = Some(Time::new(i8::try_from(hour).ok()?, minute, second, 0).ok()?);
        Some(rest)
    }

    /// `+08:00`, `-0500`, `+8` after a time or after `GMT`.
    fn offset<'a>(&mut self, digits: &str, rest: &'a str, sign: char) -> Option<&'a str> {
        let (hours, minutes, rest) = match (digits.len(), rest.strip_prefix(':')) {
            (1 | 2, Some(after)) if after.len() >= 2 && after.is_char_boundary(2) => {
                (digits, after[..2].parse().ok()?, &after[2..])
            }
            (1 | 2, _) => (digits, 0, rest),
            (4, _) => (&digits[..2], digits[2..].parse().ok()?, rest),
            _ => return None,
        };
        let east: i32 = hours.parse::<i32>().ok().filter(|h| *h <= 14)? * 60 + minutes;
        self.zone = Some(if sign == '-' { -east } else { east });
        Some(rest)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        if let Some(month) = words::month(word) {
            self.named_month = true;
            return self.month.replace(month).is_none().then_some(());
        }
        if let Some(afternoon) = words::afternoon(word) {
            self.afternoon = Some(afternoon);
            return Some(());
        }
        if let Some(zone) = words::zone(word) {
            self.zone = Some(zone);
            return Some(());
        }
        self.weekday |= words::is_weekday(word);
        (self.weekday || words::is_filler(word)).then_some(())
    }

    fn stated(mut self) -> Option<Stated> {
        let time = self.time_of_day()?;
        let (year, month, day) = match (self.year, self.month, self.day) {
            (None, None, None) => return self.numbers(time),
            (None, Some(month), None) if self.named_month => {
                let (year, day) = self.around_month()?;
                (year, month, day)
            }
            (year, Some(month), Some(day)) if self.free.is_empty() => (year, month, day),
            _ => return None,
        };
        let Some(year) = year else {
            Date::new(2024, month, day).ok()?;
            return Some(Stated::Yearless(month, day, time));
        };
        let year = if year < 100 { year + 2000 } else { year };
        self.at(Date::new(year as i16, month, day).ok()?, time)
    }

    /// Day and year beside a month's name: the year has four digits, or comes after the day.
    fn around_month(&mut self) -> Option<(Option<u16>, i8)> {
        match self.free[..] {
            [(day, 1 | 2, _)] => Some((None, day as i8)),
            [(year, 4, _), (day, 1 | 2, _)] | [(day, 1 | 2, _), (year, 4, _)] => Some((Some(year), day as i8)),
            [(day, 1 | 2, _), (year, 2, _)] => Some((Some(year), day as i8)),
            _ => None,
        }
    }

    /// Numbers without a word: a year of four digits in front settles the order by itself.
    fn numbers(&self, time: Option<Time>) -> Option<Stated> {
        match self.free[..] {
            [] => time.filter(|_| self.zone.is_none() && !self.weekday).map(Stated::Clock),
            [(year, 4, _), (month, 1 | 2, a), (day, 1 | 2, b)] if a != ' ' && a == b => {
                self.at(Date::new(year as i16, month as i8, day as i8).ok()?, time)
            }
            // "01 5, 2014" is American by its comma.
            [(month, 1 | 2, _), (day, 1 | 2, ' '), (year, 4, ',')] => {
                self.at(Date::new(year as i16, month as i8, day as i8).ok()?, time)
            }
            [(a, 1 | 2, _), (b, 1 | 2, s), (c, 2 | 4, t)] if s != ' ' && s == t => {
                order::readings([a, b, c]).next()?;
                Some(Stated::Numbers([a, b, c], time, self.zone))
            }
            [(month, 1 | 2, _), (day, 1 | 2, '-' | '/')] => {
                let (month, day) = if month > 12 { (day, month) } else { (month, day) };
                Date::new(2024, month as i8, day as i8).ok()?;
                Some(Stated::Yearless(month as i8, day as i8, time))
            }
            _ => None,
        }
    }

    fn time_of_day(&mut self) -> Option<Option<Time>> {
        let Some(time) = self.time else { return self.afternoon.is_none().then_some(None) };
        let hour = match (self.afternoon, time.hour()) {
            (Some(true), hour @ 1..=11) => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        Some(Some(Time::new(hour, time.minute(), time.second(), 0).ok()?))
    }

    fn at(&self, date: Date, time: Option<Time>) -> Option<Stated> {
        Some(match (time, self.zone) {
            (Some(time), Some(east)) => Stated::Instant(instant(date.to_datetime(time), east)),
            _ => Stated::of(date, time),
        })
    }
}

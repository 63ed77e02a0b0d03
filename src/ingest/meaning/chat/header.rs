//! The lines that begin a message in text logs: who, and when.

use std::sync::LazyLock;

use regex::Regex;

/// The shape of a header line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// `name (time): text`
    Paren,
    /// `name time`, with or without a blank between
    Tail,
    /// `name --> name time`
    Arrow,
    /// `[name] time`
    Bracket,
    /// `time name(number)` or `time name<mail>`
    Qq,
    /// `time name: text`, `[time] name: text`, `time - name: text`
    Inline,
    /// a time alone: the name stands on the line above, or before the text on the line below
    Time,
    /// `10:15 name text`, parted by tabs, below a line that says the day
    Clock,
}

/// A header line, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// What of a name and a time it shows, and in which order.
    pub shape: Shape,
    /// Who; empty for [`Shape::Time`].
    pub sender: &'a str,
    /// To whom, where it says so.
    pub to: Option<&'a str>,
    /// When, as it is written.
    pub at: &'a str,
    /// The beginning of the text, where it stands on the same line.
    pub text: &'a str,
}

const TIME: &str = r"(?P<at>(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}/\d{1,2}/\d{2,4},?)[T\s]*(?:上午|下午|AM|PM)?\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?[AaPp][Mm])?)";

static SHAPES: LazyLock<Vec<(Shape, Regex)>> = LazyLock::new(|| {
    let shape = |shape, pattern: &str| (shape, Regex::new(&pattern.replace("TIME", TIME)).expect("a fixed pattern"));
    vec![
        shape(Shape::Paren, r"^(?P<who>\S.{0,63}?)\s*[(（]TIME[)）]\s*[:：]\s?(?P<text>.*)$"),
        shape(Shape::Time, r"^TIME$"),
        shape(
            Shape::Qq,
            r"^TIME\s+(?P<who>\S.{0,63}?)(?:[(（][A-Za-z0-9._+-]{4,32}[)）]|[(（<][^()<>]{3,64}@[^()<>]{3,64}[)）>]|<[^<>]{3,64}>)$",
        ),
        shape(
            Shape::Inline,
            r"^\[?TIME\]?\s*(?:-\s)?(?P<who>[^\s:：,，][^:：,，]{0,40}(?:[:：][^\s:：,，]{1,20})?)[:：]\s(?P<text>.*)$",
        ),
        shape(Shape::Arrow, r"^(?P<who>\S.{0,63}?)\s*-{1,2}>\s*(?P<to>\S.{0,63}?)\s*TIME$"),
        shape(Shape::Bracket, r"^\[(?P<who>[^\]]{1,64})\]\s*TIME\s*(?P<text>.*)$"),
        shape(Shape::Tail, r"^(?P<who>[^\s,;|\t][^,;|\t]{0,47}?)[^\S\t]*TIME$"),
    ]
});

impl<'a> Header<'a> {
    /// Takes a line apart, if it is a header.
    pub fn of(line: &'a str) -> Option<Header<'a>> {
        let line = line.trim();
        // Every header has a clock's colon after a digit.
        if line.len() > 400
            || !line.bytes().zip(line.bytes().skip(1)).any(|(a, b)| a.is_ascii_digit() && (b == b':' || b == 0xef))
        {
            return None;
        }
        SHAPES.iter().find_map(|(shape, pattern)| {
            let hit = pattern.captures(line)?;
            let part = |name| hit.name(name).map_or("", |m| m.as_str().trim());
            let sender = part("who");
            // `time - name: <Media omitted>` is no name with a mail behind it.
            let is_name = *shape == Shape::Time
                || !sender.contains("://") && !is_number(sender) && !sender.ends_with([':', '：']);
            let to = hit.name("to").map(|m| m.as_str().trim());
            is_name.then(|| Header { shape: *shape, sender, to, at: part("at"), text: part("text") })
        })
    }
}

/// `time name`, as QQ writes it of a person without a number: only in a log that says that it is QQ's.
pub fn nameless_qq(line: &str) -> Option<Header<'_>> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&r"^TIME\s+(?P<who>[^\s:：].{0,40})$".replace("TIME", TIME)).expect("a fixed pattern")
    });
    let hit = SHAPE.captures(line.trim())?;
    let part = |name| hit.name(name).map_or("", |m| m.as_str().trim());
    Some(Header { shape: Shape::Qq, sender: part("who"), to: None, at: part("at"), text: "" })
}

/// `10:15 name text`, parted by tabs, as LINE writes it below the day.
pub fn clock(line: &str) -> Option<Header<'_>> {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:上午|下午|午前|午後|오전 |오후 )?\d{1,2}:\d{2}(?:\s?[AaPp][Mm])?$").expect("a fixed pattern")
    });
    let mut parts = line.trim_end().splitn(3, '\t');
    let (at, sender, text) = (parts.next()?, parts.next()?, parts.next()?);
    (CLOCK.is_match(at) && !sender.is_empty()).then_some(Header { shape: Shape::Clock, sender, to: None, at, text })
}

/// A line that says only a day: `2024/01/05(Fri)`, `2024.01.05 星期五`.
pub fn day(line: &str) -> Option<&str> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\p{L}{2,9}, )?(?P<day>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}/\d{1,2}/\d{4})\s*(?:[(（]\p{L}{1,9}[)）]|\p{L}{2,9})?$")
            .expect("a fixed pattern")
    });
    Some(DAY.captures(line.trim())?.name("day")?.as_str())
}

/// A rest of a time, or a number: nobody is called so.
fn is_number(sender: &str) -> bool {
    sender.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | ':' | '.'))
}

/// `name: text` on the line below a time.
pub fn named(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let mut cuts = line.char_indices().filter(|(_, c)| matches!(c, ':' | '：'));
    let (first, c) = cuts.next().filter(|(at, _)| *at > 0 && *at < 96)?;
    let (name, text) = (&line[..first], &line[first + c.len_utf8()..]);
    // `shop:person: text`
    if let Some((second, c)) = cuts.next()
        && second - first < 60
        && !text.starts_with(' ')
        && !line[first..second].contains([' ', '，', ',', '。', '?', '？'])
    {
        return Some((line[..second].trim(), line[second + c.len_utf8()..].trim()));
    }
    (!name.contains([',', '，', '。', '?', '？', '!', '！'])).then(|| (name.trim(), text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_shape() {
        for (line, shape, sender, at, text) in [
            ("示例买家01 (2024-01-03 12:00:01): 在吗", Shape::Paren, "示例买家01", "2024-01-03 12:00:01", "在吗"),
            ("示例旗舰店:阿亮 (2024-02-08 9:06:10): 亲", Shape::Paren, "示例旗舰店:阿亮", "2024-02-08 9:06:10", "亲"),
            ("买家（2024-02-08 下午 9:06）：", Shape::Paren, "买家", "2024-02-08 下午 9:06", ""),
            ("示例买家03 2024-01-15 14:02:09", Shape::Tail, "示例买家03", "2024-01-15 14:02:09", ""),
            ("示例旗舰店:小美2024-1-15 14:02:31", Shape::Tail, "示例旗舰店:小美", "2024-1-15 14:02:31", ""),
            (
                "示例买家03 --> 示例旗舰店:小美 2024-01-15 14:03:00",
                Shape::Arrow,
                "示例买家03",
                "2024-01-15 14:03:00",
                "",
            ),
            ("[示例买家03] 2024-01-01 10:00:00", Shape::Bracket, "示例买家03", "2024-01-01 10:00:00", ""),
            ("2024-01-15 14:03:40", Shape::Time, "", "2024-01-15 14:03:40", ""),
            ("2024-01-03 9:00:00 示例(12345678)", Shape::Qq, "示例", "2024-01-03 9:00:00", ""),
            ("2024-01-03 9:00:00 Sample<a@example.com>", Shape::Qq, "Sample", "2024-01-03 9:00:00", ""),
            ("[03/01/2024, 12:00:01] Sam: hello", Shape::Inline, "Sam", "03/01/2024, 12:00:01", "hello"),
            ("1/3/24, 12:00 PM - Sam: hello", Shape::Inline, "Sam", "1/3/24, 12:00 PM", "hello"),
        ] {
            let header = Header::of(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((header.shape, header.sender, header.at, header.text), (shape, sender, at, text), "{line}");
        }
        for line in [
            "亲，2024-01-15 发货",
            "今天 14:02 到的",
            "",
            "1,好,5,2024-01-03 12:00:01",
            "https://a.b/c:80 2024-01-03 12:00:01",
            "物流很慢\t\t2024-01-03 12:00:01\t",
        ] {
            assert_eq!(Header::of(line), None, "{line}");
        }
        assert_eq!(named("示例旗舰店:小美: 亲，有的"), Some(("示例旗舰店:小美", "亲，有的")));
        assert_eq!(named("买家: 在吗"), Some(("买家", "在吗")));
        assert_eq!(named("亲，地址是：上海"), None);
    }
}

//! Stars of every scale, normalised to 1..5 with the cell kept as it was.

use crate::ingest::table::Cell;
use crate::words::Stars;

/// A rating as a cell states it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rated {
    /// A number on the source's scale.
    Number(f32),
    /// A number with its own scale: "4.0 out of 5 stars", ★★★★☆.
    Of(f32, f32),
    /// A word that says how good on the usual scale: 好评, 五星.
    Stars(f32),
}

/// The rating of a cell, on a scale from `scale.0` to `scale.1` (1 to 5 if not told). `Ok(None)` if there is
/// none (empty, N/A, or 0 where the scale begins at 1).
pub fn stars(cell: Cell<'_>, scale: Option<(f32, f32)>) -> Result<Option<Stars>, BadStars> {
    if cell.is_empty() {
        return Ok(None);
    }
    let raw = super::cells::string(cell).ok_or(BadStars)?;
    if super::cells::says_nothing(&raw) {
        return Ok(None);
    }
    let value = match rated(&raw).ok_or(BadStars)? {
        Rated::Number(n) => match normalise(n, scale.unwrap_or((1.0, 5.0))) {
            Some(value) => value,
            None if n == 0.0 => return Ok(None),
            None => return Err(BadStars),
        },
        Rated::Of(n, max) => normalise(n, (1.0, max)).ok_or(BadStars)?,
        Rated::Stars(value) => value,
    };
    Ok(Some(Stars { value, raw: raw.into_owned() }))
}

/// A rating as a flag with three values. `ranked`: 1 bad, 2 neutral, 3 good (a column named `rank`); else
/// 1 good, 0 neutral, -1 bad.
pub fn three_way(cell: Cell<'_>, ranked: bool) -> Result<Option<Stars>, BadStars> {
    if cell.is_empty() {
        return Ok(None);
    }
    let raw = super::cells::string(cell).ok_or(BadStars)?;
    if super::cells::says_nothing(&raw) {
        return Ok(None);
    }
    let value = match (rated(&raw).ok_or(BadStars)?, ranked) {
        (Rated::Number(1.0), true) | (Rated::Number(-1.0), false) => 1.0,
        (Rated::Number(2.0), true) | (Rated::Number(0.0), false) => 3.0,
        (Rated::Number(3.0), true) | (Rated::Number(1.0), false) => 5.0,
        (Rated::Number(_), _) => return Err(BadStars),
        (Rated::Of(n, max), _) => normalise(n, (1.0, max)).ok_or(BadStars)?,
        (Rated::Stars(value), _) => value,
    };
    Ok(Some(Stars { value, raw: raw.into_owned() }))
}

/// A cell that should hold a rating and holds none on the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadStars;

/// True if the cell can be a rating: a number of a known scale, or words such as 五星, ★★★★☆, 好评, good.
pub fn looks_like_stars(cell: Cell<'_>) -> bool {
    let Some(text) = super::cells::string(cell) else { return false };
    match rated(&text) {
        Some(Rated::Number(n)) => (-1.0..=100.0).contains(&n),
        other => other.is_some(),
    }
}

/// A scale that begins at 1 is stretched to 1..5 (2 of 1..10 is 1.4); one that begins at 0 has its 1 at a
/// fifth of its length, as platforms that count in hundreds have it (20 of 0..100 is 1).
fn normalise(n: f32, (min, max): (f32, f32)) -> Option<f32> {
    if max <= min || !(min..=max).contains(&n) {
        return None;
    }
    let value = if min == 0.0 { (n * 5.0 / max).max(1.0) } else { 1.0 + 4.0 * (n - min) / (max - min) };
    Some((value * 100.0).round() / 100.0)
}

fn rated(text: &str) -> Option<Rated> {
    let text = text.trim();
    if let Some(n) = number(text) {
        return Some(Rated::Number(n));
    }
    word(text).map(Rated::Stars).or_else(|| drawn(text)).or_else(|| spelt(&text.to_lowercase()))
}

/// `4`, `4.5`, `4,5`.
fn number(text: &str) -> Option<f32> {
    let plain = text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'));
    plain.then(|| text.replace(',', ".").parse().ok()).flatten()
}

fn word(text: &str) -> Option<f32> {
    const WORDS: &[(&str, f32)] = &[
        ("好评", 5.0),
        ("中评", 3.0),
        ("差评", 1.0),
        ("好評", 5.0),
        ("中評", 3.0),
        ("差評", 1.0),
        ("good", 5.0),
        ("neutral", 3.0),
        ("bad", 1.0),
        ("positive", 5.0),
        ("negative", 1.0),
        // What Steam and others ask instead of stars.
        ("recommended", 5.0),
        ("not recommended", 1.0),
        ("推荐", 5.0),
        ("不推荐", 1.0),
        // As Google writes them.
        ("five", 5.0),
        ("four", 4.0),
        ("three", 3.0),
        ("two", 2.0),
        ("one", 1.0),
        ("非常满意", 5.0),
        ("满意", 4.0),
        ("一般", 3.0),
        ("不满意", 2.0),
        ("非常不满意", 1.0),
    ];
    WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, stars)| *stars)
}

/// ★★★★☆, ⭐⭐⭐.
fn drawn(text: &str) -> Option<Rated> {
    let (mut full, mut all) = (0, 0);
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '\u{fe0f}') {
        match c {
            '★' | '⭐' | '🌟' => (full, all) = (full + 1, all + 1),
            '☆' => all += 1,
            _ => return None,
        }
    }
    let max = if all == full { 5 } else { all };
    (full > 0 && full <= max && max >= 3).then_some(Rated::Of(full as f32, max as f32))
}

/// "4.0 out of 5 stars", "4/5", "5 stars", "star5", "4星", 五星, "80%".
fn spelt(text: &str) -> Option<Rated> {
    const HAN: [&str; 5] = ["一", "二", "三", "四", "五"];
    if let Some(rated) = of_how_many(text) {
        return Some(rated);
    }
    if let Some(n) = text.strip_suffix('%') {
        return Some(Rated::Stars(normalise(number(n.trim())?, (0.0, 100.0))?));
    }
    let star = text.strip_suffix("stars").or(text.strip_suffix("star")).or(text.strip_prefix("star"));
    let star =
        star.or_else(|| text.strip_suffix("星好评")).or_else(|| text.strip_suffix('星')).or(text.strip_suffix('分'))?;
    let star = star.trim().trim_end_matches('颗').trim_start_matches('-');
    let han = HAN.iter().position(|h| *h == star).map(|at| at as f32 + 1.0).or((star == "两").then_some(2.0));
    han.or_else(|| number(star)).filter(|n| (1.0..=5.0).contains(n)).map(Rated::Stars)
}

/// "4.0 out of 5 stars", "4,0 von 5 Sternen", "4.0 颗星，最多 5 颗星", "5つ星のうち4.0", "4/5".
fn of_how_many(text: &str) -> Option<Rated> {
    const PARTS: &[&str] = &[" out of ", "/", " von ", " sur ", " de ", " su ", " van ", " z ", "最多", "のうち"];
    let part = PARTS.iter().find(|part| text.contains(**part))?;
    let (left, right) = text.split_once(part)?;
    if *part == "/" {
        // A slash stands between many things: only two numbers are a rating.
        let max = right.trim().trim_end_matches(['分', '星', '颗']);
        return Some(Rated::Of(number(left.trim())?, number(max).filter(|m| (3.0..=100.0).contains(m))?));
    }
    let first = |text: &str| {
        let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        number(&text[..text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(text.len())])
    };
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let (left, right, words) = (first(left)?, first(right)?, letters(text) - letters(part));
    let (n, max) = if *part == "のうち" { (right, left) } else { (left, right) };
    ((3.0..=100.0).contains(&max) && words <= 12).then_some(Rated::Of(n, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, scale: Option<(f32, f32)>) -> Option<f32> {
        stars(Cell::Text(text), scale).ok().flatten().map(|s| s.value)
    }

    #[test]
    fn every_scale_comes_to_one_to_five() {
        for (text, expect) in [
            ("5", 5.0),
            ("4.5", 4.5),
            ("4,5", 4.5),
            ("4.0 out of 5 stars", 4.0),
            ("4/5", 4.0),
            ("10/10", 5.0),
            ("star5", 5.0),
            ("3 stars", 3.0),
            ("五星", 5.0),
            ("四星", 4.0),
            ("2星", 2.0),
            ("★★★★☆", 4.0),
            ("⭐⭐⭐", 3.0),
            ("好评", 5.0),
            ("中评", 3.0),
            ("差评", 1.0),
            ("Good", 5.0),
            ("bad", 1.0),
            ("80%", 4.0),
            ("5分", 5.0),
            ("4,0 von 5 Sternen", 4.0),
            ("4,0 sur 5 étoiles", 4.0),
            ("4,0 de 5 estrellas", 4.0),
            ("4,0 su 5 stelle", 4.0),
            ("4.0 颗星，最多 5 颗星", 4.0),
            ("5つ星のうち4.0", 4.0),
        ] {
            assert_eq!(value(text, None), Some(expect), "{text}");
        }
        for (text, scale, expect) in [
            ("80", (0.0, 100.0), 4.0),
            ("20", (0.0, 100.0), 1.0),
            ("100", (0.0, 100.0), 5.0),
            ("2", (1.0, 10.0), 1.44),
            ("10", (1.0, 10.0), 5.0),
            ("1", (1.0, 10.0), 1.0),
            ("4", (1.0, 5.0), 4.0),
        ] {
            assert_eq!(value(text, Some(scale)), Some(expect), "{text} of {scale:?}");
        }
        for text in ["6", "80", "很好", "1.2.3", "-2", "六星", "☆☆", "用了3天/洗了5次", "a/b", "3 de enero de 2024"]
        {
            assert_eq!(stars(Cell::Text(text), None), Err(BadStars), "{text}");
        }
        for none in [Cell::Empty, Cell::Text("0"), Cell::Text("N/A"), Cell::Text(" - "), Cell::Text("未评分")] {
            assert_eq!(stars(none, None), Ok(None), "{none:?}");
        }
        assert_eq!(stars(Cell::Number(5.0), None).unwrap().unwrap().raw, "5");
    }

    #[test]
    fn flags_have_three_values() {
        let value = |text, ranked| three_way(Cell::Text(text), ranked).ok().flatten().map(|s| s.value);
        assert_eq!([value("1", false), value("0", false), value("-1", false)], [Some(5.0), Some(3.0), Some(1.0)]);
        assert_eq!([value("1", true), value("2", true), value("3", true)], [Some(1.0), Some(3.0), Some(5.0)]);
        assert_eq!((value("差评", true), value("neutral", false), value("7", false)), (Some(1.0), Some(3.0), None));
        assert!(looks_like_stars(Cell::Text("四星")) && !looks_like_stars(Cell::Text("真不错")));
    }
}

//! Text out of HTML: entities decoded, formatting tags taken away, line breaks kept. Anything else in angle
//! brackets stays as it was written.

use std::borrow::Cow;

/// The text without HTML's dress.
pub fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains(['&', '<', '\r', '\0']) {
        return Cow::Borrowed(text);
    }
    let once = undress(text);
    // Some exporters encode twice: &amp;hellip;
    let text = if text.contains("&amp;") && once.contains('&') { undress(&once) } else { once };
    Cow::Owned(text.trim().to_string())
}

fn undress(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '\r', '\0']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'&' => entity(rest).map(|(c, len)| {
                out.push(c);
                len
            }),
            b'<' => tag(rest).map(|(breaks, len)| {
                if breaks && !out.ends_with('\n') {
                    out.push('\n');
                }
                len
            }),
            b'\r' => {
                out.push_str(if rest.starts_with("\r\n") { "" } else { "\n" });
                Some(1)
            }
            _ => Some(1),
        };
        let taken = taken.unwrap_or_else(|| {
            out.push_str(&rest[..1]);
            1
        });
        rest = &rest[taken..];
    }
    out + rest
}

/// The character of an entity at the start, and its length.
pub fn entity(text: &str) -> Option<(char, usize)> {
    const NAMED: &[(&str, char)] = &[
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("hellip", '…'),
        ("mdash", '—'),
        ("ndash", '–'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("middot", '·'),
        ("bull", '•'),
        ("deg", '°'),
        ("times", '×'),
        ("yen", '¥'),
        ("euro", '€'),
        ("pound", '£'),
        ("cent", '¢'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("sect", '§'),
        ("plusmn", '±'),
        ("frac12", '½'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("eacute", 'é'),
        ("egrave", 'è'),
        ("agrave", 'à'),
        ("ccedil", 'ç'),
        ("auml", 'ä'),
        ("ouml", 'ö'),
        ("uuml", 'ü'),
        ("szlig", 'ß'),
        ("ntilde", 'ñ'),
        ("iexcl", '¡'),
        ("iquest", '¿'),
        ("rarr", '→'),
        ("larr", '←'),
        ("hearts", '♥'),
        ("ensp", ' '),
        ("emsp", ' '),
        ("zwj", '\u{200d}'),
    ];
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || *c == '\n')?
        }
        None => NAMED.iter().find(|(n, _)| *n == name)?.1,
    };
    Some((c, end + 1))
}

/// Whether a formatting tag at the start breaks the line, and its length.
fn tag(text: &str) -> Option<(bool, usize)> {
    const INLINE: &[&str] = &[
        "b", "i", "u", "s", "a", "em", "strong", "span", "font", "small", "big", "sub", "sup", "del", "td", "th",
        "center",
    ];
    const BREAKING: &[&str] = &[
        "br",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "tbody",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
    ];
    let end = text.bytes().take(400).position(|b| b == b'>')?;
    let inside = text[1..end].trim_end_matches('/').trim();
    let name = inside.trim_start_matches('/');
    let (name, attributes) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
    if !attributes.is_empty() && !attributes.contains('=') {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let breaks = BREAKING.contains(&name.as_str());
    (breaks || INLINE.contains(&name.as_str())).then_some((breaks, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_goes_and_text_stays() {
        for (text, expect) in [
            ("杯子有点&hellip;&hellip;塑料味道，<b></b>晾了", "杯子有点……塑料味道，晾了"),
            ("sleeps with it<br />Would buy again", "sleeps with it\nWould buy again"),
            ("<div><p>One &amp; two</p><p>three</p></div>", "One & two\nthree"),
            ("it&#39;s &#x1F600; &amp;quot;ok&amp;quot;", "it's 😀 \"ok\""),
            ("a < b && c > d", "a < b && c > d"),
            ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
            ("</script><script>alert(1)</script>", "</script><script>alert(1)</script>"),
            ("小<b 很好>大", "小<b 很好>大"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("AT&T &unknown; &", "AT&T &unknown; &"),
        ] {
            assert_eq!(plain(text), expect, "{text}");
        }
    }
}

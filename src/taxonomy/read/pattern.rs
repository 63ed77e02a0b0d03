//! A regular expression of a rule, folded like the texts that it is looked for in.

use super::super::file::Page;
use super::super::rule::{self, Pattern};
use crate::said;
use crate::text::fold;
use crate::words::{Span, limits};

pub(super) fn read_pattern(page: &mut Page<'_>, (written, at): (&str, Span)) -> Option<Pattern> {
    let folded = fold_pattern(written);
    let regex = match written.len() {
        0..=limits::PATTERN_BYTES => rule::regex(&folded).map_err(|e| e.to_string()),
        _ => Err(format!("> {} bytes", limits::PATTERN_BYTES)),
    };
    match regex {
        Ok(regex) => Some(Pattern { written: written.to_owned(), folded, regex, at }),
        Err(why) => {
            let last = why.lines().last().unwrap_or_default();
            page.error(
                "bad_pattern",
                at,
                said!("正则表达式不能用：{why}", "the pattern cannot be used: {why}", why = last),
                None,
            );
            None
        }
    }
}

/// Folds the characters of a pattern one by one; its syntax stays. Digits and word edges are those of
/// ASCII: after folding there are hardly others, and they cost much less.
fn fold_pattern(written: &str) -> String {
    let (mut out, mut in_class) = (String::new(), false);
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match (chars.next(), in_class) {
                (Some('d'), false) => out.push_str("[0-9]"),
                (Some('d'), true) => out.push_str("0-9"),
                (Some('b'), false) => out.push_str("(?-u:\\b)"),
                (next, _) => {
                    out.push(c);
                    out.extend(next);
                }
            },
            // Flags and names of a group.
            '(' if !in_class && chars.as_str().starts_with('?') => {
                out.push(c);
                for c in chars.by_ref() {
                    out.push(c);
                    if matches!(c, ':' | ')' | '>') {
                        break;
                    }
                }
            }
            _ if c.is_ascii() => {
                in_class = if c == '[' { true } else { in_class && c != ']' };
                out.push(c.to_ascii_lowercase());
            }
            _ => {
                let folded = fold(c.encode_utf8(&mut [0; 4]));
                let mut forms = folded.chars();
                match (forms.next(), forms.next()) {
                    (Some(one), None) => out.push(one),
                    _ => out.push(c),
                }
            }
        }
    }
    out
}

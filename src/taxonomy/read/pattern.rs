//! A regular expression of a rule, folded like the texts that it is looked for in.

use super::super::file::Page;
use super::super::rule::{self, Pattern};
use crate::said;
use crate::text::fold;
use crate::words::{Said, Span, limits};

/// The reasons of the engine, and what they are in Chinese.
const REASONS: [(&str, &str); 12] = [
    ("unclosed group", "( 没有用 ) 收尾"),
    ("unopened group", "多了一个 )"),
    ("unclosed character class", "[ 没有用 ] 收尾"),
    ("repetition operator missing", "*、+、? 前面没有字"),
    ("look-around", "不支持 (?=…)、(?!…) 这类前后查看"),
    ("backreferences", "不支持 \\1 这类回指"),
    ("count range", "{…} 里前一个数要小于后一个"),
    ("repetition", "{…} 里要是数字，如 {1,3}"),
    ("escape", "\\ 后面的字母不认识"),
    ("bytes", "太长"),
    ("size limit", "展开后太大"),
    ("nest", "套得太深"),
];

pub(super) fn read_pattern(page: &mut Page<'_>, (written, at): (&str, Span)) -> Option<Pattern> {
    let folded = fold_pattern(written);
    let regex = match written.len() {
        0..=limits::PATTERN_BYTES => rule::regex(&folded).map_err(|e| e.to_string()),
        _ => Err(format!("longer than {} bytes", limits::PATTERN_BYTES)),
    };
    match regex {
        Ok(regex) => Some(Pattern { written: written.to_owned(), folded, regex, at }),
        Err(why) => {
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let zh = REASONS.iter().find(|(part, _)| why.contains(part)).map_or("写法不对", |(_, zh)| zh);
            page.error(
                "bad_pattern",
                at,
                Said::new(format!("正则表达式不能用：{zh}"), format!("the pattern cannot be used: {why}")),
                Some(said!(
                    "只找几个字就写在 any 里；不要什么就写在 unless、without 里。",
                    "Plain words belong into any; what must not be there into unless or without."
                )),
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

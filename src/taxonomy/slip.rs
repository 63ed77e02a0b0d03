//! What slip of the pen made a file no TOML: the parser's complaint and its line, in the words of somebody who edits a list
//! of words and not a program.

use super::keys::{CATEGORY_KEYS, ONLY_KEYS, RULE_KEYS, nearest};
use crate::said;
use crate::text::script::is_han;
use crate::words::{Said, Span};

/// Signs of Chinese writing, and what TOML has in their place.
const WIDE: [(&str, char); 7] =
    [("“”＂„", '"'), ("‘’＇", '\''), ("，、", ','), ("：＝", '='), ("【［〔", '['), ("】］〕", ']'), ("｛｝", '{')];

/// What a person writes for a truth value and TOML does not know.
const TRUTHS: [&str; 10] = ["True", "TRUE", "False", "FALSE", "yes", "no", "Yes", "No", "是", "否"];

/// What is wrong at a place that cannot be read, and what to do.
pub(super) fn told(text: &str, at: Span, message: &str) -> (Said, Said) {
    let start = text.get(..at.start as usize).map_or(0, |before| before.rfind('\n').map_or(0, |n| n + 1));
    let line = text[start..].lines().next().unwrap_or_default().trim();
    if message.contains("duplicate key") {
        return twice(text.get(at.start as usize..at.end as usize).unwrap_or_default());
    }
    of_line(line, &bare(line), message).unwrap_or_else(|| of_message(text, start, line, message))
}

/// What the line itself shows.
fn of_line(line: &str, bare: &str, message: &str) -> Option<(Said, Said)> {
    let (key, value) = bare.split_once('=').unwrap_or((bare, ""));
    Some(if message.contains("carriage return") {
        (
            said!("换行用的是旧式的符号", "its lines end as those of very old computers"),
            said!("用编辑器另存一次，换行选 LF 或 CRLF。", "Save it again with line ends LF or CRLF."),
        )
    } else if message.contains("escape") {
        (
            said!("双引号里的 \\ 有别的意思", "a `\\` within double quotes means something else"),
            said!("正则写在单引号里：pattern = '…'", "Write a pattern in single quotes: pattern = '…'"),
        )
    } else if bare.contains(|c| WIDE.iter().any(|(wide, _)| wide.contains(c))) {
        wide_signs(bare)
    } else if line.starts_with("//") || line.starts_with("--") {
        (
            said!("备注不能这样开头", "a remark does not begin like this"),
            said!("备注以 # 开头。", "Begin a remark with #."),
        )
    } else if !bare.contains('=') && bare.contains(':') {
        (
            said!("名字后面不能用 :", "a `:` cannot stand after a name"),
            said!("改成 =，如 any = [\"起球\"]", "Write =, as in any = [\"pilling\"]"),
        )
    } else if bare.contains('=') && key.contains(is_han) && !line.starts_with('[') {
        let near = nearest(key.trim(), &[&RULE_KEYS[..], &CATEGORY_KEYS, &ONLY_KEYS].concat());
        let some = said!("如 any、unless、near；见词表里的 README.md", "Such as any, unless, near; see README.md");
        let near = near.map(|near| said!("是不是“{near}”？", "Did you mean `{near}`?"));
        (said!("= 前面的名字要用英文", "the name before = is one of a few English words"), near.unwrap_or(some))
    } else if TRUTHS.contains(&value.trim()) {
        (
            said!("这里应是 true 或 false", "expected true or false"),
            said!("全部小写，不加引号。", "In small letters and without quotes."),
        )
    } else if bare.contains('"') {
        (
            said!("引号没有成对", "a quote is missing"),
            said!("每个词前后各一个英文双引号 \"。", "Each word stands between two \"."),
        )
    } else {
        return None;
    })
}

/// What the parser says, of a line that shows nothing by itself.
fn of_message(text: &str, start: usize, line: &str, message: &str) -> (Said, Said) {
    let is = |part: &str| message.contains(part);
    let ends_before = line.starts_with('[') || line.contains('=');
    let list = is("unclosed array") || is("missing comma") && ends_before;
    // A list that the parser finds open at the end of its own line may have begun there.
    let before = start + if is("unclosed array") { line.len() } else { 0 };
    let words = said!("写成 [\"甲\", \"乙\"]", "Write [\"one\", \"two\"]");
    let generic = said!("引号、逗号、括号要成对，用英文的。", "Quotes, commas and brackets come in pairs.");
    if is("unclosed array table") || is("unclosed table") {
        (
            said!("方括号没有成对", "its brackets do not come in pairs"),
            said!("写成 [[complaint]] 或 [examples]。", "Write [[complaint]] or [examples]."),
        )
    } else if let (true, Some(n)) = (list, opened(text, before)) {
        (
            said!("第 {n} 行开始的列表没有用 ] 收尾", "the list that begins in line {n} is not closed by a ]"),
            said!("在它最后一个词后面加上 ]。", "Put a ] after its last word."),
        )
    } else if is("missing comma") {
        (said!("列表里两个词之间缺逗号", "a comma is missing between two words"), words)
    } else if is("must be quoted") {
        (said!("词要放在引号里", "a word stands in quotes"), words)
    } else if is("with no value") || is("missing value") {
        (said!("只有名字，没有 = 和后面的内容", "a name without = and what it is to be"), generic)
    } else {
        (Said::new("这一行的写法不对", format!("this line cannot be read: {message}")), generic)
    }
}

/// A line without its remark and its whole strings: what is left is its grammar, and whatever spoils it.
fn bare(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find(['"', '\'', '#']) {
        out.push_str(&rest[..at]);
        let quote = &rest[at..=at];
        let end = rest[at + 1..].find(quote);
        match (quote, end) {
            ("#", _) => return out,
            (_, Some(end)) => rest = &rest[at + 1 + end + 1..],
            (_, None) => break,
        }
        if rest.is_empty() {
            return out;
        }
    }
    out + rest
}

fn twice(key: &str) -> (Said, Said) {
    (
        said!("“{key}”在这里写了两次", "`{key}` stands here twice"),
        said!("合成一个，词都放进同一个列表。", "Make one of the two, with all words in one list."),
    )
}

fn wide_signs(bare: &str) -> (Said, Said) {
    let found = |wide: &str| bare.chars().filter(|c| wide.contains(*c)).collect::<String>();
    let (mut signs, mut plain) = (String::new(), String::new());
    for (wide, ascii) in WIDE {
        let found = found(wide);
        if !found.is_empty() {
            signs.push_str(&found);
            plain.push_str(&format!(" {ascii}"));
        }
    }
    (
        said!("这里有中文标点：{signs}", "there are signs of Chinese writing here: {signs}"),
        said!("换成英文的：{plain}", "Write these instead: {plain}", plain = plain.trim()),
    )
}

/// The number of the line that opens a list which is still open at a place.
fn opened(text: &str, before: usize) -> Option<usize> {
    let (mut open, mut depth) = (None, 0);
    for (n, line) in text.get(..before.min(text.len()))?.lines().enumerate() {
        let bare = bare(line);
        let more = bare.matches('[').count() as i64 - bare.matches(']').count() as i64;
        if depth <= 0 {
            (open, depth) = if bare.contains('=') && more > 0 { (Some(n + 1), more) } else { (None, 0) };
        } else {
            depth += more;
        }
    }
    open.filter(|_| depth > 0)
}

//! Words that answer nothing: the shop's greetings, and the customer's thanks.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;

/// A greeting that comes this fast was sent by a machine, in seconds.
pub(super) const MACHINE_SECONDS: i64 = 10;

/// The words of `packs/manners.toml`, which says what each list is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    greetings: List,
    machines: List,
    hellos: List,
    hello_ends: List,
    courtesies: List,
    declines: List,
    filling: List,
    more: List,
    pub over: List,
    pub handed_on: List,
    pub handed_by: List,
    pub assists: List,
    pub pictures: List,
}

type List = Vec<String>;

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../packs/manners.toml")).expect("a test reads the bundled words")
});

/// True if a text holds one of these words.
pub(super) fn holds(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(&**word))
}

/// True if every clause of the text greets: such a text, sent at once, answers nothing.
pub fn is_greeting(text: &str) -> bool {
    let low = lower(text);
    if holds(&low, &WORDS.machines) {
        return true;
    }
    let mut greets = false;
    for clause in low.split(['，', ',', '。', '！', '!', '~', '～', '？', '?', '；', ';', '\n', '.']) {
        let clause = clause.trim();
        let ends = WORDS.hello_ends.iter().filter_map(|end| clause.strip_suffix(&**end));
        let mut hellos = ends.chain([clause]).filter(|c| WORDS.hellos.iter().any(|hello| hello == c));
        if clause.is_empty() || hellos.next().is_some() {
            continue;
        }
        if !holds(clause, &WORDS.greetings) {
            return false;
        }
        greets = true;
    }
    greets
}

/// The text in small letters: most of it has none that are large, and is read as it is.
fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

/// True if the text asks whether there is anything else.
pub fn asks_for_more(text: &str) -> bool {
    holds(&lower(text), &WORDS.more)
}

/// True if the text declines an offer of more help, and says no more than that and thanks.
pub fn declines(text: &str) -> bool {
    says_only(text, |rest| longest(rest, &WORDS.courtesies).max(longest(rest, &WORDS.declines)))
}

/// True if the text says nothing but thanks, agreement or farewell: no answer is owed to it.
pub fn is_courtesy(text: &str) -> bool {
    says_only(text, |rest| longest(rest, &WORDS.courtesies))
}

/// Bytes of the longest of these words that the text begins with.
fn longest(rest: &str, words: &[String]) -> Option<usize> {
    words.iter().filter(|word| rest.starts_with(&***word)).map(|word| word.len()).max()
}

/// True if a short text holds such words, small words around them, and nothing else.
fn says_only(text: &str, telling: impl Fn(&str) -> Option<usize>) -> bool {
    if text.chars().count() > 24 {
        return false;
    }
    let low = lower(text);
    let is_word = |c: char| c.is_alphanumeric() && !('\u{1f000}'..).contains(&c);
    let mut said = false;
    for piece in low.split(|c: char| !is_word(c) && c != '\'').filter(|p| !p.is_empty()) {
        let mut rest = piece;
        while !rest.is_empty() {
            match (telling(rest), longest(rest, &WORDS.filling)) {
                (Some(n), filling) => {
                    said = true;
                    rest = &rest[n.max(filling.unwrap_or(0))..];
                }
                (None, Some(n)) => rest = &rest[n..],
                (None, None) => return false,
            }
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_declines_more_help_is_owed_nothing() {
        for (offer, text, owed) in [
            ("请问还有其他可以帮您的吗", "没有了，谢谢", false),
            ("请问还有其他可以帮您的吗", "没有啦", false),
            ("请问还有其他可以帮您的吗", "没有收到货", true),
            ("请问您收到货了吗", "没有", true),
            ("Is there anything else?", "No, thank you", false),
            ("Is there anything else?", "no refund yet", true),
        ] {
            let closes = is_courtesy(text) || asks_for_more(offer) && declines(text);
            assert_eq!(!closes, owed, "{offer} {text}");
        }
    }

    #[test]
    fn manners_are_told_from_matter() {
        for (text, greeting, courtesy) in [
            ("亲，欢迎光临示例店！客服正在赶来的路上，请先描述您的问题哦~", true, false),
            ("您好，请问有什么可以帮您", true, false),
            ("亲亲，当前咨询人数较多，客服会按顺序回复您，感谢耐心等待", true, false),
            ("亲，欢迎光临，这款有货的", false, false),
            ("在的亲", false, false),
            ("谢谢", false, true),
            ("好的，谢谢您", false, true),
            ("嗯嗯👌", false, true),
            ("好的吧 那什么时候发货", false, false),
            ("好看吗", false, false),
            ("Thank you so much!", false, true),
            ("ok but where is it", false, false),
            ("Welcome to our shop! How can I help you?", true, false),
            ("？", false, false),
        ] {
            assert_eq!((is_greeting(text), is_courtesy(text)), (greeting, courtesy), "{text}");
        }
    }
}

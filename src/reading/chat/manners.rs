//! Words that answer nothing: the shop's greetings, and the customer's thanks.

use std::borrow::Cow;

/// A greeting that comes this fast was sent by a machine, in seconds.
pub(super) const MACHINE_SECONDS: i64 = 10;

const GREETINGS: &[&str] = &[
    "欢迎光临",
    "欢迎来到",
    "欢迎咨询",
    "很高兴为您服务",
    "高兴为您服务",
    "客服正在赶来",
    "正在赶来的路上",
    "请先描述",
    "请描述您的问题",
    "有什么可以帮",
    "有什么可以为您",
    "有什么问题我可以帮",
    "有什么能帮",
    "还有其他还可以帮",
    "还有其他可以帮",
    "请问还有什么",
    "请问有什么",
    "有什么需要帮",
    "咨询人数较多",
    "咨询量较大",
    "客服忙线",
    "会尽快回复",
    "稍后回复您",
    "看到会第一时间",
    "看到后会第一时间",
    "正在为您转接",
    "正在为您接入",
    "请耐心等待",
    "服务时间为",
    "工作时间为",
    "在线时间",
    "how can i help",
    "how may i help",
    "how may i assist",
    "thank you for contacting",
    "thanks for contacting",
    "thanks for reaching out",
    "welcome to",
    "we'll get back to you",
    "we will get back to you",
    "an agent will be with you",
];

/// What only a machine says: whatever stands beside it.
const MACHINES: &[&str] = &[
    "智能助手",
    "智能客服",
    "回复数字",
    "直接回复序号",
    "咨询人数较多",
    "咨询量较大",
    "客服忙线",
    "自动回复",
    "automatic reply",
    "auto-reply",
    "virtual assistant",
];

/// Clauses that greet by themselves and may stand beside a greeting.
const HELLOS: &[&str] =
    &["您好", "你好", "亲", "亲亲", "亲爱的", "在的", "在呢", "嗨", "hi", "hello", "dear", "hey there"];

const COURTESIES: &[&str] = &[
    "谢谢",
    "感谢",
    "多谢",
    "谢啦",
    "谢了",
    "谢",
    "好的",
    "好嘞",
    "好滴",
    "好吧",
    "好",
    "嗯嗯",
    "嗯",
    "恩恩",
    "恩",
    "收到",
    "知道了",
    "明白了",
    "明白",
    "了解了",
    "了解",
    "晓得了",
    "懂了",
    "行吧",
    "行",
    "可以了",
    "没事了",
    "没事",
    "没有了",
    "没了",
    "哦哦",
    "哦",
    "噢",
    "喔",
    "ok",
    "okay",
    "拜拜",
    "再见",
    "晚安",
    "辛苦了",
    "辛苦",
    "麻烦了",
    "麻烦你了",
    "麻烦您了",
    "不客气",
    "thanks",
    "thank",
    "you",
    "thx",
    "bye",
    "great",
    "got",
    "it",
    "perfect",
    "cool",
    "alright",
    "嘻嘻",
    "哈哈",
    "冲了",
    "拍了",
    "拍下了",
    "已拍",
    "下单了",
];

/// What answers "anything else?" and asks nothing.
const DECLINES: &[&str] =
    &["没有", "没", "不用", "不需要", "暂时没有", "暂时没", "暂时不用", "no", "nope", "nothing", "not now"];

/// Small words around them.
const FILLING: &[&str] = &[
    "了", "的", "啊", "哈", "呢", "吧", "啦", "呀", "哦", "亲", "你", "您", "先", "那", "就", "这样", "滴", "嘞", "so",
    "much", "very",
];

/// True if every clause of the text greets: such a text, sent at once, answers nothing.
pub fn is_greeting(text: &str) -> bool {
    let low = lower(text);
    if MACHINES.iter().any(|words| low.contains(words)) {
        return true;
    }
    let mut greets = false;
    for clause in low.split(['，', ',', '。', '！', '!', '~', '～', '？', '?', '；', ';', '\n', '.']) {
        let clause = clause.trim();
        let hello =
            |c: &str| HELLOS.contains(&c) || HELLOS.contains(&c.trim_end_matches(['哦', '呢', '哒', '的', '呀']));
        if clause.is_empty() || hello(clause) {
            continue;
        }
        if !GREETINGS.iter().any(|g| clause.contains(g)) {
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
    const MORE: &[&str] = &["还有其他", "还有其它", "其他问题", "其它问题", "还有什么", "还有别的", "anything else"];
    let low = lower(text);
    MORE.iter().any(|words| low.contains(words))
}

/// True if the text declines an offer of more help, and says no more than that and thanks.
pub fn declines(text: &str) -> bool {
    says_only(text, |rest| longest(rest, COURTESIES).max(longest(rest, DECLINES)))
}

/// True if the text says nothing but thanks, agreement or farewell: no answer is owed to it.
pub fn is_courtesy(text: &str) -> bool {
    says_only(text, |rest| longest(rest, COURTESIES))
}

/// Bytes of the longest of these words that the text begins with.
fn longest(rest: &str, words: &[&str]) -> Option<usize> {
    words.iter().filter(|word| rest.starts_with(**word)).map(|word| word.len()).max()
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
            match (telling(rest), longest(rest, FILLING)) {
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

//! What kind of message a text is: words, a card, an automatic message, one that was taken back.

use std::sync::LazyLock;

use regex::Regex;

use crate::words::{Speaker, TurnKind};

/// What the content alone says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// What sort of message it is.
    pub kind: TurnKind,
    /// Who must have written it, whatever the role says: platforms send notices in the buyer's name.
    pub speaker: Option<Speaker>,
}

/// Beginnings of the platforms' own notices.
const NOTICES: &[&str] = &[
    "平台提示",
    "平台消息",
    "平台客服",
    "平台通知",
    "平台已",
    "平台介入",
    "系统提示",
    "系统消息",
    "系统通知",
    "【系统",
    "[系统",
    "【平台",
    "[平台",
    "机器人未找到",
    "工单",
    "当前用户来自",
    "会话已结束",
    "会话超时",
    "对方已结束",
    "客户已离开",
    "用户超时未",
    "该用户由",
    "温馨提示：对方",
    "以下为历史消息",
    "以上是历史消息",
    "客服已接入",
    "开始接待",
];

static HANDED_ON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^由\s?.{1,40}\s?(?:转交给|转接给|转接到)|^.{1,40}\s(?:已)?(?:转交|转接)(?:给|到)\s|^会话由.{1,40}转")
        .expect("a fixed pattern")
});

static TAKEN_BACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^.{0,60}撤回了?(?:一条)?消息.{0,10}$|^(?i:this message was deleted)\.?$").expect("a fixed pattern")
});

/// What WhatsApp writes where a picture was.
static OMITTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\u{200e}?<?(?i:media|image|video|audio|sticker|gif|document) omitted>?$").expect("a fixed pattern")
});

static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(?:https?://|//|www\.)\S+$").expect("a fixed pattern"));

static PRODUCT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[?&](?:id|itemId|item_id|goods_id|goodsId|sku|product_id)=(\d{5,20})|item\.jd\.com/(\d{5,16})|/dp/([A-Z0-9]{10})")
        .expect("a fixed pattern")
});

/// Brackets in which clients write what is no text.
const CARDS: &[&str] = &[
    "图片",
    "语音",
    "视频",
    "文件",
    "位置",
    "商品",
    "宝贝",
    "订单",
    "卡片",
    "链接",
    "动画表情",
    "商品链接",
    "订单卡片",
    "商品卡片",
    "优惠券",
    "红包",
    "小视频",
    "表情包",
    "image",
    "picture",
    "photo",
    "video",
    "audio",
    "voice",
    "file",
    "sticker",
    "product",
    "order",
    "card",
    "location",
    "貼圖",
    "照片",
    "影片",
    "スタンプ",
    "写真",
];

impl Content {
    /// Looks at a text and at the type that a column gives.
    pub fn of(text: &str, kind: Option<&str>, platform: &str) -> Content {
        let text = text.trim();
        let said = |kind| Content { kind, speaker: None };
        if let Some(kind) = kind.and_then(by_type) {
            let speaker = (kind == TurnKind::Automatic).then_some(Speaker::System);
            return Content { kind, speaker: speaker.filter(|_| is_notice(text, platform)) };
        }
        if text.is_empty() || TAKEN_BACK.is_match(text) {
            return said(TurnKind::Recalled);
        }
        if is_card(text) || OMITTED.is_match(text) {
            return said(TurnKind::Card);
        }
        if is_notice(text, platform) {
            return Content { kind: TurnKind::Automatic, speaker: Some(Speaker::System) };
        }
        let automatic =
            ["[自动回复]", "【自动回复】", "自动回复：", "自动回复:", "(自动回复)", "（自动回复）", "[auto-reply]"];
        if automatic.iter().any(|mark| text.starts_with(mark)) {
            return said(TurnKind::Automatic);
        }
        said(TurnKind::Said)
    }
}

/// What the type column says. Numbers differ between platforms: only 1 of Pinduoduo's is known, and the
/// content shows it too.
fn by_type(kind: &str) -> Option<TurnKind> {
    let kind = kind.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| kind.contains(w));
    if has(&["recall", "revoke", "withdraw", "撤回"]) {
        Some(TurnKind::Recalled)
    } else if has(&["auto", "自动", "system", "notice", "系统", "通知", "trigger", "event"]) {
        Some(TurnKind::Automatic)
    } else if CARDS.iter().any(|card| kind == *card)
        || has(&["card", "卡片", "image", "图片", "video", "语音", "audio", "attachment"])
    {
        Some(TurnKind::Card)
    } else {
        None
    }
}

fn is_card(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .or_else(|| text.strip_prefix('【')?.strip_suffix('】'));
    if let Some(inside) = inside {
        let name = inside.split([':', '：']).next().unwrap_or(inside).trim();
        return CARDS.iter().any(|card| name.eq_ignore_ascii_case(card));
    }
    LINK.is_match(text)
}

fn is_notice(text: &str, platform: &str) -> bool {
    if NOTICES.iter().any(|notice| text.starts_with(notice)) || HANDED_ON.is_match(text) {
        return true;
    }
    // A whole message in brackets that is longer than the name of an emoji.
    let bracketed = text.starts_with('[') && text.find(']') == Some(text.len() - 1);
    bracketed && (platform == "pdd" || text.chars().count() > 10) && !is_placeholder(text)
}

/// `[地址x]`, `[订单#a1b2]`: what was masked, not what the platform says.
fn is_placeholder(text: &str) -> bool {
    text.contains('#') || text.ends_with("x]") || text.ends_with("*]")
}

/// The product that a link or a card points to.
pub fn product_of(text: &str) -> Option<String> {
    let hit = PRODUCT.captures(text)?;
    (1..=3).find_map(|group| hit.get(group)).map(|m| m.as_str().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_word_of_anyone() {
        for (text, platform, kind, speaker) in [
            ("在吗", "", TurnKind::Said, None),
            ("[微笑]", "taobao", TurnKind::Said, None),
            ("[图片]", "", TurnKind::Card, None),
            ("https://item.example.com/item.htm?id=600000000001", "", TurnKind::Card, None),
            ("看看这个 https://item.example.com/a", "", TurnKind::Said, None),
            ("平台提示：您已进入会话", "pdd", TurnKind::Automatic, Some(Speaker::System)),
            ("[用户申请退款]", "pdd", TurnKind::Automatic, Some(Speaker::System)),
            ("由 服务助手 转交给 示例旗舰店:阿亮", "", TurnKind::Automatic, Some(Speaker::System)),
            ("示例买家03 撤回了一条消息", "", TurnKind::Recalled, None),
            ("为什么要撤回呢", "", TurnKind::Said, None),
            ("", "", TurnKind::Recalled, None),
            ("[自动回复] 亲，在的", "", TurnKind::Automatic, None),
            ("工单什么时候处理", "", TurnKind::Automatic, Some(Speaker::System)),
        ] {
            assert_eq!(Content::of(text, None, platform), Content { kind, speaker }, "{text}");
        }
        assert_eq!(Content::of("x", Some("image"), "").kind, TurnKind::Card);
        assert_eq!(Content::of("x", Some("0"), "").kind, TurnKind::Said);
        assert_eq!(product_of("https://a.com/item.htm?spm=1&id=600000000001").as_deref(), Some("600000000001"));
    }
}

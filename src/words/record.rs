//! The record: one review, conversation or log entry, with its turns and who spoke them.

use std::fmt;

use super::{Lang, Moment, Stance, called, keyed};

/// Identity of a record, the same for every version of it and in every import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uid(pub u64);

impl fmt::Display for Uid {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for Uid {
    type Err = std::num::ParseIntError;

    fn from_str(s: &str) -> Result<Uid, Self::Err> {
        u64::from_str_radix(s, 16).map(Uid)
    }
}

/// A keyed hash that stands for a buyer or an order: the same person gives the same token in one
/// workspace, and nothing leads back from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(pub u64);

impl fmt::Display for Token {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A review, with its follow-up and the seller's reply as further turns.
    Review = 0,
    /// A customer-service conversation.
    Chat = 1,
    /// A row of a hand-kept service sheet.
    Log = 2,
    /// A row of a sheet of those who did not buy.
    Lost = 3,
    /// An after-sale case.
    Case = 4,
}

keyed!(Kind { Review = "review", Chat = "chat", Log = "log", Lost = "lost", Case = "case" });

called!(Kind {
    Review: "评价", "评论", "comment";
    Chat: "会话", "聊天", "对话", "客服聊天", "聊天记录", "conversation", "dialog", "dialogue";
    Log: "登记", "客服登记", "登记表", "log entry";
    Lost: "未成交登记", "未成交", "流失", "没买", "lost sale";
    Case: "售后单", "工单", "after-sale case";
});

impl Kind {
    /// The name an operator reads.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Kind::Review => lang.of("评价", "review"),
            Kind::Chat => lang.of("会话", "conversation"),
            Kind::Log => lang.of("登记", "log entry"),
            Kind::Lost => lang.of("未成交登记", "lost sale"),
            Kind::Case => lang.of("售后单", "after-sale case"),
        }
    }
}

/// Who wrote a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Speaker {
    /// The customer: the only one whose words are counted as the customer's.
    Buyer = 0,
    /// A person of the shop.
    Agent = 1,
    /// A machine of the shop.
    Bot = 2,
    /// The platform.
    System = 3,
}

keyed!(Speaker { Buyer = "buyer", Agent = "agent", Bot = "bot", System = "system" });

// As platforms name them in a column of roles, too.
called!(Speaker {
    Buyer:
        "买家", "客户", "顾客", "消费者", "用户", "访客", "買家", "顧客", "会员", "user", "customer", "client", "visitor",
        "lead", "contact", "guest", "consumer", "end-user", "requester", "member", "q";
    Agent:
        "客服", "卖家", "商家", "人工", "人工客服", "店铺", "坐席", "賣家", "小二", "seller", "staff", "mall_cs", "admin",
        "cs", "kefu", "waiter", "merchant", "operator", "service", "shop", "teammate", "a";
    Bot:
        "机器人", "智能客服", "店小蜜", "自动回复", "robot", "trigger", "chatbot", "ai", "assistant";
    System: "平台", "系统", "系统消息", "通知", "platform", "notice";
});

impl Speaker {
    /// The name an operator reads.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Speaker::Buyer => lang.of("买家", "buyer"),
            Speaker::Agent => lang.of("客服", "agent"),
            Speaker::Bot => lang.of("机器人", "bot"),
            Speaker::System => lang.of("平台", "platform"),
        }
    }
}

/// What a turn is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum TurnKind {
    /// What was written: the review itself, a chat message, a seller's reply.
    Said = 0,
    /// A follow-up review (追评), with its own date.
    FollowUp = 1,
    /// A product card, order card, picture or link: a reference, not words.
    Card = 2,
    /// An automatic message: greeting, notice.
    Automatic = 3,
    /// A message that was taken back or is empty; it keeps its place in the clock.
    Recalled = 4,
}

keyed!(TurnKind {
    Said = "said",
    FollowUp = "follow_up",
    Card = "card",
    Automatic = "automatic",
    Recalled = "recalled",
});

/// One message and who wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Who wrote it.
    pub speaker: Speaker,
    /// What it is.
    pub kind: TurnKind,
    /// When, on the shop's clock.
    pub time: Option<Moment>,
    /// Name of the agent or sub-account, as shown; never a buyer's name.
    pub agent: Option<String>,
    /// The verbatim: unchanged but for masking.
    pub text: String,
}

/// Why a stored record says nothing: it is counted apart and kept out of ratios over text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Silence {
    /// The platform's own text in place of a review ("此用户没有填写评价").
    DefaultPraise = 1,
    /// No words of the buyer.
    Empty = 2,
}

/// A rating: normalised, and as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Stars {
    /// 1.0 (worst) to 5.0 (best), whatever the scale of the source.
    pub value: f32,
    /// The cell as it was.
    pub raw: String,
}

/// One review, conversation or log entry: what is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Identity, the same for every version.
    pub uid: Uid,
    /// What it is.
    pub kind: Kind,
    /// The shop's name; whether it is the user's own stands in the workspace's settings.
    pub shop: String,
    /// Platform key such as `tmall`, `amazon`; empty if unknown.
    pub platform: String,
    /// Product (listing) id; empty if unknown.
    pub product_id: String,
    /// Product title; empty if unknown.
    pub product: String,
    /// What reports count by: the SKU id, else the product id, else the product title; empty if unknown.
    pub sku: String,
    /// The variant split into attributes: (`颜色`, `黑`), (`尺码`, `XL`).
    pub variant: Vec<(String, String)>,
    /// The rating of the product.
    pub stars: Option<Stars>,
    /// When it was written, on the shop's clock.
    pub time: Option<Moment>,
    /// When the thing was bought.
    pub bought: Option<Moment>,
    /// Buyer token.
    pub buyer: Option<Token>,
    /// Order token.
    pub order: Option<Token>,
    /// The category a person gave it in the source, kept beside the taxonomy's.
    pub given: Option<String>,
    /// Set if the record carries no words of the buyer.
    pub silence: Option<Silence>,
    /// True if its text nearly repeats an earlier record's: kept, and reported with and without.
    pub near_copy: bool,
    /// Row in the source file, from 1, header included.
    pub row: u64,
    /// The turns, in order of time.
    pub turns: Vec<Turn>,
}

/// A turn as the classifier sees it, borrowed from wherever it is kept.
#[derive(Clone, Copy, Debug)]
pub struct TurnView<'a> {
    /// Who wrote it.
    pub speaker: Speaker,
    /// What it is.
    pub kind: TurnKind,
    /// The verbatim.
    pub text: &'a str,
}

impl TurnView<'_> {
    /// True if these are the customer's own words.
    pub fn is_customer_text(&self) -> bool {
        self.speaker == Speaker::Buyer && matches!(self.kind, TurnKind::Said | TurnKind::FollowUp)
    }
}

/// A record as the classifier sees it: no allocation, wherever it is kept.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What it is.
    pub kind: Kind,
    /// Platform key.
    pub platform: &'a str,
    /// SKU.
    pub sku: &'a str,
    /// Normalised stars, 1.0 to 5.0.
    pub stars: Option<f32>,
    /// `presale`, `delivery`, `aftersale`; empty if unknown.
    pub stage: &'a str,
    /// `zh`, `en` or another, where somebody has told it; empty: as the script of the text tells.
    pub lang: &'a str,
    /// All turns, of every speaker.
    pub turns: &'a [TurnView<'a>],
}

impl Record {
    /// The turns as the classifier sees them.
    pub fn turn_views(&self) -> Vec<TurnView<'_>> {
        self.turns.iter().map(|t| TurnView { speaker: t.speaker, kind: t.kind, text: &t.text }).collect()
    }
}

impl Record {
    /// The record as the classifier sees it, over its own [`turn_views`](Record::turn_views).
    pub fn view<'a>(&'a self, turns: &'a [TurnView<'a>]) -> View<'a> {
        View {
            kind: self.kind,
            platform: &self.platform,
            sku: &self.sku,
            stars: self.stars.as_ref().map(|s| s.value),
            stage: "",
            lang: "",
            turns,
        }
    }
}

/// A category given with a stance: the packed form that bitmaps and tallies use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelId(pub u16);

impl LabelId {
    /// Packs a category's place in its taxonomy with a stance.
    pub fn new(category: usize, stance: Stance) -> LabelId {
        LabelId((category as u16) << 2 | stance as u16)
    }

    /// The category's place in its taxonomy.
    pub fn category(self) -> usize {
        usize::from(self.0 >> 2)
    }

    /// The stance.
    pub fn stance(self) -> Stance {
        Stance::ALL[usize::from(self.0 & 3)]
    }
}

//! The numbers of a report: what a ratio is of, where it is, and which way it went.

use serde::Serialize;

use crate::said;
use crate::words::{Kind, Said, Stance, called, keyed};

/// Below this base a ratio is shown as `2/3`, never as a percentage.
pub const MIN_BASE_FOR_PERCENT: u64 = 20;

/// Which records a ratio is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Every record, with or without words.
    All,
    /// Records with words of the customer.
    Text,
    /// Records with words and at most three stars.
    LowStars,
    /// Orders, where records carry one.
    Orders,
    /// Whatever a table of counts from elsewhere was counted over.
    Given,
}

keyed!(Base { All = "all", Text = "text", LowStars = "low-stars", Orders = "orders", Given = "given" });

called!(Base {
    All: "全部", "所有";
    Text: "有文字", "文字";
    LowStars: "低星", "低分", "三星及以下";
    Orders: "订单";
    Given: "计数表";
});

impl Base {
    /// Those that can be asked for.
    pub fn to_ask() -> impl Iterator<Item = Base> {
        Base::ALL.into_iter().filter(|base| *base != Base::Given)
    }
}

/// Which records a ratio is of: what they are, and which of those.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Which of them count.
    pub base: Base,
    /// Only records of this kind; `None` for all kinds together.
    #[serde(serialize_with = "kind_key")]
    pub kind: Option<Kind>,
}

fn kind_key<S: serde::Serializer>(kind: &Option<Kind>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.map_or("all", Kind::key))
}

impl Counted {
    /// What it means, for the definitions and the header.
    pub fn said(self) -> Said {
        let (zh, en) = match self.kind {
            None => ("记录", "records"),
            Some(Kind::Review) => ("评价", "reviews"),
            Some(Kind::Chat) => ("会话", "conversations"),
            Some(Kind::Log) => ("登记", "log entries"),
            Some(Kind::Lost) => ("未成交登记", "lost sales"),
            Some(Kind::Case) => ("售后单", "after-sale cases"),
        };
        match self.base {
            Base::Given => said!("计数表给出的样本", "as given by the table of counts"),
            Base::All => said!("全部{zh}（含无文字的）", "all {en}, with or without words"),
            Base::Text => said!("有文字的{zh}", "{en} with words"),
            Base::LowStars => said!("三星及以下、有文字的{zh}", "{en} with words and at most 3 stars"),
            Base::Orders => said!(
                "留下{zh}的订单（每单每个 SKU 算一次，归到最早一条那天，任何一条提到都算）",
                "orders that left {en} with words: each once for a SKU, on the day of its first, mentioning what any of them mentions"
            ),
        }
    }
}

/// Mentions of a base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Records that mention it.
    pub mentions: u64,
    /// Records that could have.
    pub base: u64,
}

impl Ratio {
    /// The share, 0..=1; `None` without records.
    pub fn share(self) -> Option<f64> {
        (self.base > 0).then(|| self.mentions as f64 / self.base as f64)
    }
}

/// Where a ratio is: a shop, one SKU of it or all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The shop, by its name.
    pub shop: String,
    /// SKU; `None` for the whole shop or a listing.
    pub sku: Option<String>,
    /// The listing, by its id, where all of its SKUs are meant together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<String>,
    /// Title of the product, if one SKU is meant and it is known.
    pub product: String,
    /// True if only some SKUs of the shop or listing were asked for, and it is they that are meant.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub narrowed: bool,
}

/// A category as a report names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Category {
    /// Path in the taxonomy.
    pub id: String,
    /// Name in both languages.
    pub name: Said,
    /// `product`, `logistics` or `service`.
    pub area: String,
    /// Who acts.
    pub owner: String,
    /// What to do next about it.
    pub action: Said,
}

/// Which way a ratio went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It rose, and the gate holds.
    Rise,
    /// It fell, and the gate holds.
    Fall,
    /// It did not move enough to say so.
    Steady,
    /// Too few records to tell.
    TooFew,
}

keyed!(Direction { Rise = "rise", Fall = "fall", Steady = "steady", TooFew = "too-few" });

impl Direction {
    /// The mark that stands beside the number; never colour alone.
    pub fn mark(self) -> &'static str {
        match self {
            Direction::Rise => "▲",
            Direction::Fall => "▼",
            Direction::Steady => "·",
            Direction::TooFew => "?",
        }
    }

    /// The word for it.
    pub fn said(self) -> Said {
        match self {
            Direction::Rise => Said::new("上升", "rise"),
            Direction::Fall => Said::new("下降", "fall"),
            Direction::Steady => Said::new("平稳", "steady"),
            Direction::TooFew => Said::new("样本太少，看不出", "too few to tell"),
        }
    }
}

/// An estimate with its 95% interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// Upper end; infinite values are written as null in JSON.
    pub high: f64,
}

/// One count with its place.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// The period that is counted.
    pub period: String,
    /// The shop that is counted.
    pub shop: String,
    /// True for the user's own.
    pub own: bool,
    /// The SKU that is counted.
    pub sku: String,
    /// The path of the category.
    pub category: String,
    /// The stance that is counted.
    pub stance: Stance,
    /// Mentions of the base.
    #[serde(flatten)]
    pub ratio: Ratio,
    /// The gate's word on the change to this period: `rise` and `fall` are highlights; `None` in the period
    /// compared with.
    pub shift: Option<Direction>,
    /// Share of false ones to expect among highlights at least as strong; `None` if it was not tested.
    pub q: Option<f64>,
}

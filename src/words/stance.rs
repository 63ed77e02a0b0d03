//! The four ways in which a customer can speak of a thing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{called, keyed};

/// How a record speaks of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Stance {
    /// Says or clearly implies that it is bad.
    Complaint = 0,
    /// Says that it is good, or that the problem is absent.
    Praise = 1,
    /// Asks about it, or asks for something to be done.
    Question = 2,
    /// Speaks of it without taking a side: a wish, advice, another product.
    Mention = 3,
}

// In the order in which reports show them.
keyed!(Stance { Complaint = "complaint", Praise = "praise", Question = "question", Mention = "mention" });

called!(Stance {
    Complaint: "不满", "差评", "投诉", "抱怨", "吐槽", "负面", "negative";
    Praise: "好评", "表扬", "称赞", "夸", "夸奖", "满意", "正面", "positive";
    Question: "询问", "咨询", "提问", "疑问", "问", "ask", "inquiry", "enquiry";
    Mention: "提及", "提到", "中性", "中立", "neutral";
});

/// How people write that a record does not have a category; the usual Chinese and English word first.
pub const NO_STANCE: [&str; 6] = ["无", "none", "没有", "没", "-", "0"];

impl Stance {
    /// The name an operator reads.
    pub fn name(self, lang: super::Lang) -> &'static str {
        self.word(lang)
    }

    /// The stance that a person wrote, or that there is none; `None` for any other word.
    pub fn written_or_none(text: &str) -> Option<Option<Stance>> {
        let is_none = NO_STANCE.contains(&text.trim().to_lowercase().as_str());
        if is_none { Some(None) } else { Stance::written(text).map(Some) }
    }
}

impl fmt::Display for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

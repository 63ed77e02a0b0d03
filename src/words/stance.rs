//! The four ways in which a customer can speak of a thing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::keyed;

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

impl Stance {
    /// The name an operator reads.
    pub fn name(self, lang: super::Lang) -> &'static str {
        match self {
            Stance::Complaint => lang.of("不满", "complaint"),
            Stance::Praise => lang.of("好评", "praise"),
            Stance::Question => lang.of("询问", "question"),
            Stance::Mention => lang.of("提及", "mention"),
        }
    }

    /// The stance that a person wrote by its name, in either language.
    pub fn written(text: &str) -> Option<Stance> {
        let text = text.trim().to_lowercase();
        Stance::ALL.into_iter().find(|s| [s.key(), s.name(super::Lang::Zh)].contains(&text.as_str()))
    }
}

impl fmt::Display for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

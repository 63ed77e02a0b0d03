//! The two languages an operator can read, and a sentence that exists in both.
//!
//! Chinese and English stand side by side where they are said, so that neither can be forgotten.

use serde::{Deserialize, Serialize};

use super::{called, keyed};

/// The language of everything an operator sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

keyed!(Lang { Zh = "zh", En = "en" });

called!(Lang {
    Zh: "中文", "汉语", "简体中文", "繁体中文", "简体", "cn", "zh-CN", "zh_CN", "zho", "chi", "chinese";
    En: "英文", "英语", "en-US", "en_US", "eng", "english";
});

impl Lang {
    /// The language of a locale such as `zh_CN.UTF-8`: English for all but Chinese.
    pub fn of_locale(locale: &str) -> Lang {
        if locale.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
    }

    /// Picks the wording of this language.
    pub fn of<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The Chinese wording.
    pub zh: String,
    /// The English wording.
    pub en: String,
}

impl Said {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Said {
        Said { zh: zh.into(), en: en.into() }
    }

    /// The wording of one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.of(&self.zh, &self.en)
    }
}

/// `said!("读了 {n} 行", "read {n} rows")`: a [`Said`] with both wordings formatted.
#[macro_export]
macro_rules! said {
    ($zh:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::Said::new(format!($zh $(, $name = $value)*), format!($en $(, $name = $value)*))
    };
}

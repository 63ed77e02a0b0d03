//! The hand-written sentences and which goods they can be said of.

use std::path::Path;

use serde::Deserialize;

use crate::plan::Sku;

/// Everything under `sentences/`.
pub struct Sentences {
    /// Chinese groups of reviews.
    pub zh: Vec<Group>,
    /// English groups of reviews.
    pub en: Vec<Group>,
    /// Chats.
    pub chats: Chats,
    /// Names, replies and other furniture.
    pub frame: Frame,
}

/// Sentences that carry the same labels.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Labels as `category stance`; the first is the one that the plan asks for.
    pub says: Vec<String>,
    /// Kinds of goods it can be said of; empty for any.
    #[serde(default)]
    pub goods: Vec<String>,
    /// `hant` for Traditional Chinese, `personal` for invented personal data.
    #[serde(default)]
    pub script: String,
    /// The sentences.
    pub texts: Vec<String>,
}

/// One sentence of a group.
#[derive(Clone, Copy)]
pub struct Sentence<'a> {
    /// The verbatim.
    pub text: &'a str,
    /// Its labels.
    pub says: &'a [String],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<Group>,
}

/// `chats.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chats {
    /// How buyers begin.
    pub hello: Vec<String>,
    /// What the machine says first.
    pub auto: Vec<String>,
    /// How buyers end.
    pub thanks: Vec<String>,
    /// How agents end.
    pub close: Vec<String>,
    /// What agents should not say, and now and then do.
    pub aside: Vec<String>,
    /// How buyers say that they bought.
    pub buy: Vec<String>,
    /// What agents answer to that.
    pub bought: Vec<String>,
    /// Questions with answers.
    pub round: Vec<Round>,
    /// Reasons for not buying.
    pub lost: Vec<Lost>,
}

/// A question and its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// `presale` or `aftersale`.
    pub stage: String,
    /// Labels.
    pub says: Vec<String>,
    /// Kinds of goods it can be asked of; empty for any.
    #[serde(default)]
    pub goods: Vec<String>,
    /// Ways to ask.
    pub buyer: Vec<String>,
    /// Ways to answer; as many as `buyer` if each question has its own answer.
    pub agent: Vec<String>,
    /// What may come next in the same matter: question and answer.
    #[serde(default)]
    pub then: Vec<(String, String)>,
}

/// A reason for not buying.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lost {
    /// Labels.
    pub says: Vec<String>,
    /// Ways to say it.
    pub buyer: Vec<String>,
}

/// `frame.toml`: what stands around the sentences.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// Texts that platforms put in place of a review.
    pub default_praise: Vec<String>,
    /// How a follow-up begins.
    pub follow_up: Vec<String>,
    /// Shop's answers to complaints.
    pub reply_complaint: Vec<String>,
    /// Shop's answers to praise.
    pub reply_praise: Vec<String>,
    /// Nicknames of buyers.
    pub nicknames: Vec<String>,
    /// Surnames and given names of overseas buyers.
    pub given_names: Vec<String>,
    /// First letters of their surnames.
    pub initials: Vec<String>,
    /// Agents of the own shop.
    pub agents: Vec<String>,
    /// Invented personal data that somebody writes into a review.
    pub personal: Vec<String>,
    /// Provinces.
    pub provinces: Vec<String>,
}

fn read<T: serde::de::DeserializeOwned>(folder: &Path, name: &str) -> T {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

impl Sentences {
    /// Reads the folder, or stops.
    pub fn read(folder: &Path) -> Sentences {
        let mut zh = Vec::new();
        for name in ["service.toml", "goods.toml", "twist.toml"] {
            zh.extend(read::<File>(folder, name).group);
        }
        let en = read::<File>(folder, "en.toml").group;
        Sentences { zh, en, chats: read(folder, "chats.toml"), frame: read(folder, "frame.toml") }
    }

    /// All sentences of a SKU that carry this label first; with an empty label those that carry none.
    pub fn pool(&self, sku: &Sku, says: &str) -> Vec<Sentence<'_>> {
        let groups = if sku.export == "amazon" { &self.en } else { &self.zh };
        groups
            .iter()
            .filter(|g| g.says.first().map_or("", String::as_str) == says)
            .filter(|g| fits(&g.goods, sku) && (g.script != "hant" || sku.export == "tmall"))
            .flat_map(|g| g.texts.iter().map(|text| Sentence { text, says: &g.says }))
            .collect()
    }
}

/// True if something said of these goods can be said of this SKU.
pub fn fits(goods: &[String], sku: &Sku) -> bool {
    goods.is_empty() || goods.iter().any(|g| sku.goods.contains(g))
}

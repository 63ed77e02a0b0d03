//! What somebody tells about a text that stands in no workspace: who says it, where, with how many stars.

use serde_json::{Map, Value};

use crate::ingest::meaning::stars;
use crate::ingest::table::Cell;
use crate::words::{Kind, Lang, Speaker, Stage, TurnKind, TurnView, View, platform_called};

/// What is told about a text; what is not told is as if nobody knew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Stars.
    pub stars: Option<f32>,
    /// Key of the platform, or the word that stands for it; empty if it is not told.
    pub platform: String,
    /// Stage of the conversation.
    pub stage: Option<Stage>,
    /// Who wrote it.
    pub speaker: Option<Speaker>,
    /// What it is.
    pub kind: Option<Kind>,
    /// As `only` of a rule writes it: zh, en; empty if it is not told.
    pub lang: String,
}

impl Told {
    /// What the fields of a line tell. What is odd is as if it were not told.
    pub fn of_fields(fields: &Map<String, Value>) -> Told {
        let stars = match fields.get("rating") {
            Some(Value::Number(number)) => {
                number.as_f64().map(|n| n as f32).filter(|stars| (1.0..=5.0).contains(stars))
            }
            Some(Value::String(text)) => stars(Cell::Text(text), None).ok().flatten().map(|stars| stars.value),
            _ => None,
        };
        let word = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().trim();
        Told {
            stars,
            platform: Told::platform(word("source")),
            stage: Stage::written(word("stage")),
            speaker: Speaker::written(word("speaker")),
            kind: Kind::written(word("kind")),
            lang: language(word("lang")),
        }
    }

    /// The key of a platform as somebody wrote it.
    pub fn platform(written: &str) -> String {
        platform_called(written).unwrap_or(written).to_string()
    }

    /// The text by speaker, as the classifier reads it. A text whose lines open with a role (`买家：…`, `Agent: …`) is a
    /// conversation: each line is read as said by its speaker.
    pub fn turns<'a>(&self, text: &'a str) -> Vec<TurnView<'a>> {
        let turn = |(speaker, text)| TurnView { speaker, kind: TurnKind::Said, text };
        turns(text, self.speaker.unwrap_or(Speaker::Buyer)).into_iter().map(turn).collect()
    }

    /// The record that these turns are.
    pub fn view<'a>(&'a self, turns: &'a [TurnView<'a>]) -> View<'a> {
        let is_chat = turns.len() > 1 || self.is_of_chat();
        View {
            kind: self.kind.unwrap_or(if is_chat { Kind::Chat } else { Kind::Review }),
            platform: &self.platform,
            sku: "",
            stars: self.stars,
            stage: self.stage.map_or("", Stage::key),
            lang: &self.lang,
            turns,
        }
    }

    /// True if what is told makes a chat of it. What is said after a sale with stars is a review.
    fn is_of_chat(&self) -> bool {
        match self.stage {
            Some(Stage::Presale) => true,
            Some(_) => self.stars.is_none(),
            None => false,
        }
    }
}

/// A text by speaker: one turn, or one for each stretch that a role opens.
fn turns(text: &str, speaker: Speaker) -> Vec<(Speaker, &str)> {
    let mut turns: Vec<(Speaker, usize, usize)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match role(line) {
            Some((speaker, skip)) => turns.push((speaker, at + skip, at + line.len())),
            // Only a text that opens with a role is a conversation: a colon stands in reviews too.
            None if turns.is_empty() => return vec![(speaker, text)],
            None => {
                if let Some(last) = turns.last_mut() {
                    last.2 = at + line.len();
                }
            }
        }
        at += line.len();
    }
    turns.into_iter().map(|(speaker, from, to)| (speaker, &text[from..to])).collect()
}

/// The role that opens a line, and the bytes it takes: `买家：`, `[customer] `, `Agent: `.
fn role(line: &str) -> Option<(Speaker, usize)> {
    let open = line.trim_start();
    let (name, rest) = match open.strip_prefix(['[', '【']) {
        Some(inner) => inner.split_once([']', '】'])?,
        None => open.split_once([':', '：'])?,
    };
    let speaker = Speaker::written(name)?;
    Some((speaker, line.len() - rest.trim_start_matches([':', '：', ' ']).len()))
}

/// The language that a line names: zh-CN, en_US, 中文, English. A tag that does not look like one tells nothing.
fn language(told: &str) -> String {
    let told = told.to_lowercase();
    let tag = told.split(['-', '_']).next().unwrap_or_default();
    if let Some(lang) = Lang::written(tag) {
        return lang.key().to_string();
    }
    match tag {
        "other" => tag.to_string(),
        _ if (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_lowercase()) && tag != "und" => {
            tag.to_string()
        }
        _ => String::new(),
    }
}

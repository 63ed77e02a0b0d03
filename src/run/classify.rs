//! Labels for any text, without a workspace: JSON lines in, JSON lines out, offsets in characters.
//!
//! A text whose lines open with a role (`买家：…`, `Agent: …`) is a conversation: each line is read as
//! said by its speaker.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::ingest::meaning::chat::speaker_called;
use crate::reading::Classifier;
use crate::said;
use crate::taxonomy::Taxonomy;
use crate::words::{Kind, Speaker, Stance, TurnKind, TurnView, View, limits};

/// One line of input. Unknown keys are allowed: the file may carry more than we need.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: serde_json::Value,
    /// Exports write `null` for a review without words.
    text: Option<String>,
    #[serde(default)]
    rating: Option<f32>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    kind: Option<String>,
}

/// One line of output.
#[derive(Serialize)]
struct Labelled<'a> {
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    id: serde_json::Value,
    labels: Vec<Label<'a>>,
}

#[derive(Serialize)]
struct Label<'a> {
    category: &'a str,
    stance: Stance,
    evidence: Vec<Evidence<'a>>,
}

/// A place in the given text, in characters.
#[derive(Serialize)]
struct Evidence<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

/// Reads JSON lines with a `text`, writes a line with labels for each. Plain lines of text are taken as they are.
/// Returns the number of lines.
pub fn lines(taxonomy: &Taxonomy, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<u64> {
    let classifier = Classifier::new(taxonomy);
    let mut number = 0;
    let mut buffer = String::new();
    let broken = |e: std::io::Error, number: u64| {
        Error::new(
            "input",
            said!("第 {n} 行读不了：不是 UTF-8 文字", "line {n} cannot be read: not UTF-8 text", n = number),
        )
        .cause(e)
    };
    let written =
        |e: std::io::Error| Error::new("write", said!("结果写不出去", "the result could not be written")).cause(e);
    loop {
        buffer.clear();
        if input.read_line(&mut buffer).map_err(|e| broken(e, number + 1))? == 0 {
            return Ok(number);
        }
        number += 1;
        let text = buffer.trim_start_matches('\u{FEFF}').trim();
        if text.is_empty() {
            continue;
        }
        let line = parse(text, number)?;
        serde_json::to_writer(&mut *out, &label(taxonomy, &classifier, &line)).map_err(|e| written(e.into()))?;
        out.write_all(b"\n").map_err(written)?;
    }
}

fn parse(text: &str, number: u64) -> Result<Line> {
    if text.len() > limits::LINE_BYTES {
        return Err(Error::new("input", said!("第 {n} 行太长", "line {n} is too long", n = number)));
    }
    if !text.starts_with('{') {
        let (text, rating) = (Some(text.to_string()), None);
        let (source, stage) = (String::new(), String::new());
        return Ok(Line { id: serde_json::Value::Null, text, rating, source, stage, speaker: None, kind: None });
    }
    serde_json::from_str(text).map_err(|e| {
        Error::new("input", said!("第 {n} 行不是带 text 的 JSON", "line {n} is not JSON with a text", n = number))
            .help(said!(
                "每行一个对象，如 {{\"id\":1,\"text\":\"…\"}}，或每行一段文字",
                "one object a line such as {{\"id\":1,\"text\":\"…\"}}, or one text a line"
            ))
            .cause(e)
    })
}

fn label<'a>(taxonomy: &'a Taxonomy, classifier: &Classifier, line: &'a Line) -> Labelled<'a> {
    let text = line.text.as_deref().unwrap_or_default();
    let speaker = line.speaker.as_deref().and_then(speaker_called).unwrap_or(Speaker::Buyer);
    let parts = turns(text, speaker);
    let turns: Vec<TurnView<'_>> =
        parts.iter().map(|(speaker, text)| TurnView { speaker: *speaker, kind: TurnKind::Said, text }).collect();
    let is_chat = parts.len() > 1 || !line.stage.is_empty();
    let view = View {
        kind: line.kind.as_deref().and_then(Kind::from_key).unwrap_or(if is_chat { Kind::Chat } else { Kind::Review }),
        platform: &line.source,
        sku: "",
        stars: line.rating,
        stage: &line.stage,
        turns: &turns,
    };
    let reading = classifier.read(&view);
    let labels = reading.labels.iter().map(|label| {
        let mut evidence: Vec<Evidence<'_>> = Vec::with_capacity(label.evidence.len());
        for one in &label.evidence {
            let said = turns[one.turn].text;
            let quoted = one.span.of(said);
            // A turn is a part of the text, so its place in it can be told from where the two lie.
            let start = text[..said.as_ptr().addr() - text.as_ptr().addr() + one.span.start as usize].chars().count();
            let found = Evidence { start, end: start + quoted.chars().count(), text: quoted };
            if evidence.iter().all(|e| (e.start, e.end) != (found.start, found.end)) {
                evidence.push(found);
            }
        }
        Label { category: &taxonomy.categories()[label.id.category()].id, stance: label.id.stance(), evidence }
    });
    Labelled { id: line.id.clone(), labels: labels.collect() }
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
    let speaker = speaker_called(name)?;
    Some((speaker, line.len() - rest.trim_start_matches([':', '：', ' ']).len()))
}

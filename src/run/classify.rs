//! Labels for any text, without a workspace: JSON lines in, JSON lines out, offsets in characters.
//!
//! A text whose lines open with a role (`买家：…`, `Agent: …`) is a conversation: each line is read as
//! said by its speaker.

use std::io::{BufRead, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::ingest::meaning::chat::speaker_called;
use crate::ingest::meaning::stars;
use crate::ingest::table::Cell;
use crate::reading::Classifier;
use crate::reading::chat::stage::Stage;
use crate::said;
use crate::taxonomy::Taxonomy;
use crate::words::{Kind, Place, Problem, Said, Severity, Speaker, Stance, TurnKind, TurnView, View, limits};

/// What became of the lines.
#[derive(Debug, Default)]
pub struct Done {
    /// Lines that hold something.
    pub lines: u64,
    /// Those of them that could not be read and have no labels.
    pub failed: u64,
    /// What is wrong with the first of these.
    pub problems: Vec<Problem>,
}

/// One line of input. Unknown keys are allowed: the file may carry more than we need.
#[derive(Default)]
struct Line {
    id: Value,
    text: String,
    stars: Option<f32>,
    source: String,
    stage: Option<Stage>,
    speaker: Option<Speaker>,
    kind: Option<Kind>,
    /// As `only` of a rule writes it: zh, en.
    lang: String,
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
/// A line that cannot be read is told with its number and has no line in the result; the others go on.
pub fn lines(taxonomy: &Taxonomy, path: &Path, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<Done> {
    let classifier = Classifier::new(taxonomy);
    let written =
        |e: std::io::Error| Error::new("write", said!("结果写不出去", "the result could not be written")).cause(e);
    let file = (path != Path::new("-")).then(|| path.display().to_string());
    let mut done = Done::default();
    let (mut number, mut buffer, mut objects) = (0, Vec::new(), false);
    loop {
        buffer.clear();
        if input.read_until(b'\n', &mut buffer).map_err(|e| Error::file(path, e))? == 0 {
            return Ok(done);
        }
        number += 1;
        let line = match parse(&buffer, &mut objects) {
            Ok(None) => continue,
            Ok(Some(line)) => line,
            Err(what) => {
                done.lines += 1;
                done.failed += 1;
                if done.problems.len() < limits::PROBLEMS {
                    let place = Place { file: file.clone(), row: Some(number), span: None };
                    let (code, severity) = ("bad_line", Severity::Error);
                    done.problems.push(Problem { code, severity, place, what, help: None });
                }
                continue;
            }
        };
        done.lines += 1;
        serde_json::to_writer(&mut *out, &label(taxonomy, &classifier, &line)).map_err(|e| written(e.into()))?;
        out.write_all(b"\n").map_err(written)?;
    }
}

/// What stands in a line; `None` where it is blank. `objects` tells whether there were JSON objects before: then a
/// line that is none is a mistake, and not a text.
fn parse(bytes: &[u8], objects: &mut bool) -> std::result::Result<Option<Line>, Said> {
    if bytes.len() > limits::LINE_BYTES {
        return Err(said!("这一行太长", "this line is too long"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| said!("不是 UTF-8 文字", "this is not UTF-8 text"))?;
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    // [客服] opens a text as well as a list.
    let is_list = || text.starts_with('[') && serde_json::from_str::<Vec<Value>>(text).is_ok();
    if !text.starts_with('{') {
        return match *objects || is_list() {
            true => Err(said!("这一行不是 JSON 对象", "this line is no JSON object")),
            false => Ok(Some(Line { text: text.to_string(), ..Line::default() })),
        };
    }
    *objects = true;
    let object = serde_json::from_str(text)
        .map_err(|_| said!("不是完整的 JSON 对象（一行一个）", "this is no whole JSON object (one a line)"))?;
    Line::read(object).map(Some)
}

impl Line {
    /// The fields of an object. Only `text` must be there: what is odd elsewhere is as if it were not told.
    fn read(mut object: Map<String, Value>) -> std::result::Result<Line, Said> {
        let text = match object.remove("text") {
            Some(Value::String(text)) => text,
            // Exports write `null` for a review without words, and a number for 666.
            Some(Value::Null) => String::new(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(said!("字段 text 不是文字", "the field `text` is no text")),
            None => return Err(said!("没有字段 text", "the field `text` is missing")),
        };
        let stars = match object.get("rating") {
            Some(Value::Number(number)) => {
                number.as_f64().map(|n| n as f32).filter(|stars| (1.0..=5.0).contains(stars))
            }
            Some(Value::String(text)) => stars(Cell::Text(text), None).ok().flatten().map(|stars| stars.value),
            _ => None,
        };
        let word = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().trim();
        Ok(Line {
            text,
            stars,
            source: word("source").to_string(),
            stage: Stage::written(word("stage")),
            speaker: speaker_called(word("speaker")),
            kind: Kind::written(word("kind")),
            lang: language(word("lang")),
            id: object.remove("id").unwrap_or_default(),
        })
    }

    /// True if its fields make a chat of it. What is said after a sale with stars is a review.
    fn is_of_chat(&self) -> bool {
        match self.stage {
            Some(Stage::Presale) => true,
            Some(_) => self.stars.is_none(),
            None => false,
        }
    }
}

fn label<'a>(taxonomy: &'a Taxonomy, classifier: &Classifier, line: &'a Line) -> Labelled<'a> {
    let text = line.text.as_str();
    let parts = turns(text, line.speaker.unwrap_or(Speaker::Buyer));
    let turns: Vec<TurnView<'_>> =
        parts.iter().map(|(speaker, text)| TurnView { speaker: *speaker, kind: TurnKind::Said, text }).collect();
    let is_chat = parts.len() > 1 || line.is_of_chat();
    let view = View {
        kind: line.kind.unwrap_or(if is_chat { Kind::Chat } else { Kind::Review }),
        platform: &line.source,
        sku: "",
        stars: line.stars,
        stage: line.stage.map_or("", Stage::key),
        lang: &line.lang,
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

/// The language that a line names: zh-CN, en_US, 中文, English. A tag that does not look like one tells nothing.
fn language(told: &str) -> String {
    let told = told.to_lowercase();
    let tag = told.split(['-', '_']).next().unwrap_or_default();
    match tag {
        "chinese" | "中文" | "汉语" | "简体中文" | "繁体中文" | "zho" | "chi" | "cn" => "zh".to_string(),
        "english" | "英文" | "英语" | "eng" => "en".to_string(),
        "other" => tag.to_string(),
        _ if (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_lowercase()) && tag != "und" => {
            tag.to_string()
        }
        _ => String::new(),
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
    let speaker = speaker_called(name)?;
    Some((speaker, line.len() - rest.trim_start_matches([':', '：', ' ']).len()))
}

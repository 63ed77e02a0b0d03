//! Labels for any text, without a workspace: JSON lines in, JSON lines out, offsets in characters.
//!
use std::io::{BufRead, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use super::told::Told;
use crate::error::{Error, Result};
use crate::reading::Classifier;
use crate::said;
use crate::taxonomy::Taxonomy;
use crate::words::{Place, Problem, Said, Severity, Stance, limits};

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
    told: Told,
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
        let told = Told::of_fields(&object);
        Ok(Line { text, told, id: object.remove("id").unwrap_or_default() })
    }
}

fn label<'a>(taxonomy: &'a Taxonomy, classifier: &Classifier, line: &'a Line) -> Labelled<'a> {
    let text = line.text.as_str();
    let turns = line.told.turns(text);
    let view = line.told.view(&turns);
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

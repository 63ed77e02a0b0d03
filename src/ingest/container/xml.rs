//! XML feeds of reviews, and the spreadsheets that old programs save as XML; no DTD, no entities of its own.

use std::cell::Cell as StdCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::tree::{Layout, Style, Tree};
use super::{Container, Emit, Plan, Rows, Sheet, sample};
use crate::error::{Error, Result};
use crate::ingest::bytes::{self, Bytes};
use crate::ingest::encoding::{Coding, Decoded};
use crate::ingest::meaning::plain::entity;
use crate::ingest::table::Cell;
use crate::said;
use crate::words::limits;

const STYLE: Style = Style { joint: '/', list: "" };

struct Xml {
    bytes: Bytes,
    coding: Coding,
    records: Vec<(String, Layout)>,
    broken: u64,
}

/// A document.
pub fn open(bytes: Bytes, coding: Coding) -> Box<dyn Container> {
    Box::new(Xml { bytes, coding, records: Vec::new(), broken: 0 })
}

fn broken(name: &str, place: u64, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    let name = bytes::shown(name);
    Error::new(
        "broken_xml",
        said!("{name}：XML 在第 {place} 字节附近有错", "{name}: the XML is broken near byte {place}"),
    )
    .help(said!("请重新导出", "export it again"))
    .cause(cause)
}

/// What the walk meets; names are without their namespace.
enum Mark<'a> {
    Start(String, Vec<(String, String)>),
    Text(&'a str),
    End,
}

impl Xml {
    /// Gives every start, text and end of the document.
    fn walk(&mut self, give: &mut dyn FnMut(Mark<'_>) -> Result<()>) -> Result<()> {
        self.bytes.rewind()?;
        let name = self.bytes.name.clone();
        let failed = |e| Error::file(std::path::Path::new(&name), e);
        let size = Rc::new(StdCell::new(0));
        let decoded = Decoded::new(&mut self.bytes, self.coding).map_err(failed)?;
        let mut text = Text { decoded, window: String::new(), at: 0, size: size.clone() };
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 << 10, &mut text));
        reader.config_mut().check_end_names = true;
        let mut buffer = Vec::new();
        let mut depth = 0;
        loop {
            let place = reader.buffer_position();
            buffer.clear();
            size.set(0);
            let event = reader.read_event_into(&mut buffer).map_err(|e| match size.get() > limits::LINE_BYTES {
                true => too_large(&name),
                false => broken(&name, place, e),
            });
            match event? {
                Event::Start(start) => {
                    depth += 1;
                    if depth > limits::DEPTH {
                        return Err(too_deep(&name));
                    }
                    give(begun(&start))?;
                }
                Event::Empty(start) => {
                    give(begun(&start))?;
                    give(Mark::End)?;
                }
                Event::End(_) => {
                    depth -= 1;
                    give(Mark::End)?;
                }
                Event::Text(text) => give(Mark::Text(&text))?,
                Event::CData(text) => give(Mark::Text(&text))?,
                // Entities that the document declares itself are not expanded.
                Event::GeneralRef(name) => {
                    let written = format!("&{};", &*name);
                    give(Mark::Text(&entity(&written).map_or(written, |(c, _)| c.to_string())))?;
                }
                Event::Eof => break,
                Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
            }
        }
        drop(reader);
        self.broken = text.decoded.broken;
        Ok(())
    }
}

fn too_large(name: &str) -> Error {
    let (name, mib) = (bytes::shown(name), limits::LINE_BYTES >> 20);
    Error::new(
        "too_large",
        said!("{name}：XML 里的一段超过 {mib} MiB", "{name}: one piece of the XML is over {mib} MiB"),
    )
    .help(said!("请重新导出，或导出为 CSV", "export it again, or as CSV"))
}

fn too_deep(name: &str) -> Error {
    let (name, depth) = (bytes::shown(name), limits::DEPTH);
    Error::new("too_deep", said!("{name}：XML 嵌套超过 {depth} 层", "{name}: the XML is nested more than {depth} deep"))
}

fn begun(start: &BytesStart<'_>) -> Mark<'static> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_string();
    let mut attributes = start.attributes();
    let attributes = attributes
        .with_checks(false)
        .flatten()
        .take(64)
        .filter(|a| !a.key.as_ref().starts_with("xmlns"))
        .map(|a| (local(a.key.as_ref()), a.value.into_owned()))
        .collect();
    Mark::Start(local(start.name().as_ref()), attributes)
}

/// Most different paths of elements that are looked at.
const PATHS: usize = 4096;

/// What the first walk learns: how often each path occurs, and what stands under it.
#[derive(Default)]
struct Shape {
    path: Vec<String>,
    counts: BTreeMap<String, (u64, BTreeSet<String>)>,
    constants: Vec<(String, String)>,
}

impl Shape {
    fn take(&mut self, mark: Mark<'_>) {
        match mark {
            Mark::Start(name, _) => {
                let parent = self.path.join("/");
                self.path.push(name.clone());
                let path = self.path.join("/");
                if let Some((_, children)) = self.counts.get_mut(&parent) {
                    children.insert(name);
                }
                if self.counts.len() < PATHS || self.counts.contains_key(&path) {
                    self.counts.entry(path).or_default().0 += 1;
                }
            }
            Mark::End => drop(self.path.pop()),
            Mark::Text(text) => {
                let text = text.trim();
                if !text.is_empty() && text.len() < 512 && self.path.len() > 1 && self.constants.len() < 256 {
                    let path = self.path[1..].join("/");
                    // What occurs again is no constant, but part of a record.
                    match self.counts.get(&self.path.join("/")) {
                        Some((1, _)) => self.constants.push((path, text.to_string())),
                        _ => self.constants.retain(|(p, _)| *p != path),
                    }
                }
            }
        }
    }

    /// Paths whose elements could be records: the ones with several names inside, most names first.
    fn candidates(&self) -> Vec<String> {
        let mut found: Vec<_> = self.counts.iter().filter(|(_, (_, children))| children.len() >= 2).collect();
        found.sort_by_key(|(path, (count, children))| (std::cmp::Reverse((*count > 1, children.len())), path.len()));
        found.into_iter().take(12).map(|(path, _)| path.clone()).collect()
    }

    fn is_spreadsheet(&self) -> bool {
        self.counts.contains_key("Workbook/Worksheet/Table/Row")
    }
}

/// About what an element takes in memory beside its text.
const NAMED: usize = 100;

/// Builds the trees of the elements at one path.
struct Builder<'g> {
    wanted: &'g str,
    path: Vec<String>,
    open: Vec<(String, Vec<(String, Tree)>, String)>,
    bytes: usize,
    give: &'g mut dyn FnMut(Tree) -> Result<()>,
}

impl Builder<'_> {
    fn take(&mut self, mark: Mark<'_>) -> Result<()> {
        match mark {
            Mark::Start(name, attributes) => {
                self.path.push(name.clone());
                if !self.open.is_empty() || self.path.join("/") == self.wanted {
                    self.bytes += name.len() + NAMED;
                    let marks = attributes.into_iter().map(|(k, v)| (format!("@{k}"), Tree::Text(v))).collect();
                    self.open.push((name, marks, String::new()));
                }
            }
            Mark::Text(text) => {
                if let Some((_, _, all)) = self.open.last_mut()
                    && self.bytes < limits::LINE_BYTES
                {
                    self.bytes += text.len();
                    all.push_str(text);
                }
            }
            Mark::End => {
                self.path.pop();
                let Some((name, children, text)) = self.open.pop() else { return Ok(()) };
                match self.open.last_mut() {
                    None => {
                        self.bytes = 0;
                        (self.give)(Tree::Map(children))?;
                    }
                    // What is too large for a record is cut, as a long text is.
                    Some((_, outer, _)) if self.bytes < limits::LINE_BYTES => close(outer, name, children, text),
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }
}

/// Puts a finished element into the one around it; its attributes stand beside it as `name@attribute`.
fn close(outer: &mut Vec<(String, Tree)>, name: String, children: Vec<(String, Tree)>, text: String) {
    if outer.len() > 8 * limits::COLUMNS {
        return;
    }
    let (marks, inner): (Vec<_>, Vec<_>) = children.into_iter().partition(|(k, _)| k.starts_with('@'));
    for (mark, value) in marks {
        outer.push((format!("{name}{mark}"), value));
    }
    let text = text.trim();
    let value = match inner.is_empty() {
        true if text.is_empty() => Tree::Null,
        true => Tree::Text(text.to_string()),
        false => Tree::Map(inner),
    };
    outer.push((name, value));
}

impl Xml {
    fn trees(&mut self, wanted: &str, give: &mut dyn FnMut(Tree) -> Result<()>) -> Result<()> {
        let mut builder = Builder { wanted, path: Vec::new(), open: Vec::new(), bytes: 0, give };
        self.walk(&mut |mark| builder.take(mark))
    }

    /// Rows of `Workbook/Worksheet/Table/Row/Cell/Data`.
    fn spreadsheet(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        let mut rows = Rows::new(emit);
        let mut number = 0;
        let mut give = |row: Tree| {
            let Tree::Map(cells) = row else { return Ok(()) };
            number += 1;
            let mut column = 0;
            let mut at = 0;
            for (name, value) in &cells {
                let index = match (name.as_str(), value) {
                    ("Cell@Index", Tree::Text(n)) => n.parse::<usize>().ok(),
                    _ => None,
                };
                if let Some(index) = index {
                    at = (index - 1.min(index)).min(limits::COLUMNS);
                }
                if name != "Cell" {
                    continue;
                }
                for _ in column..at {
                    rows.push(Cell::Empty);
                }
                column = column.max(at) + 1;
                at = column;
                let data = match value {
                    Tree::Map(data) => data.iter().find(|(k, _)| k == "Data").map(|(_, v)| v),
                    _ => None,
                };
                rows.push(match data {
                    Some(Tree::Text(text)) => Cell::Text(text),
                    _ => Cell::Empty,
                });
            }
            rows.end_row(number)
        };
        self.trees("Workbook/Worksheet/Table/Row", &mut give)?;
        rows.finish()
    }
}

/// The name of a spreadsheet among the records.
const SPREADSHEET: &str = "Workbook/Worksheet/Table/Row";

impl Container for Xml {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let mut shape = Shape::default();
        self.walk(&mut |mark| {
            shape.take(mark);
            Ok(())
        })?;
        if shape.is_spreadsheet() {
            self.records = vec![(SPREADSHEET.into(), Layout::new(STYLE, None))];
            let sample = sample(|emit| self.spreadsheet(emit))?;
            return Ok(vec![Sheet { container: "xml-spreadsheet".into(), sample, ..Sheet::default() }]);
        }
        let mut sheets = Vec::new();
        for path in shape.candidates() {
            let mut layout = Layout::new(STYLE, None);
            self.trees(&path, &mut |tree| {
                layout.learn(&tree);
                Ok(())
            })?;
            let mut rows = layout.clone();
            let sample = sample(|emit| {
                let mut out = Rows::new(emit);
                let mut number = 0;
                self.trees(&path, &mut |tree| rows.rows(&tree, &mut number, &mut out))?;
                out.finish()
            })?;
            sheets.push(Sheet {
                container: format!("xml:{path}"),
                headers: Some(layout.headers().to_vec()),
                sample,
                constants: shape.constants.clone(),
                ..Sheet::default()
            });
            self.records.push((path, layout));
        }
        Ok(sheets)
    }

    fn rows(&mut self, sheet: usize, plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        let (path, mut layout) = self.records[sheet].clone();
        if path == SPREADSHEET {
            return self.spreadsheet(emit);
        }
        layout.follow(plan);
        let mut rows = Rows::new(emit);
        let mut number = 0;
        self.trees(&path, &mut |tree| layout.rows(&tree, &mut number, &mut rows))?;
        rows.finish()
    }

    fn broken(&self) -> u64 {
        self.broken
    }
}

/// The text of a file as UTF-8 bytes.
struct Text<'b> {
    decoded: Decoded<&'b mut Bytes>,
    window: String,
    at: usize,
    /// Bytes given since somebody set it to nothing.
    size: Rc<StdCell<usize>>,
}

impl Read for Text<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.window.len() {
            self.window.clear();
            self.at = 0;
            if !self.decoded.more(&mut self.window)? {
                return Ok(0);
            }
        }
        let ahead = &self.window.as_bytes()[self.at..];
        let n = ahead.len().min(buf.len());
        buf[..n].copy_from_slice(&ahead[..n]);
        self.at += n;
        self.size.set(self.size.get() + n);
        if self.size.get() > limits::LINE_BYTES {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        Ok(n)
    }
}

//! JSON in every dress: one document, JSONL, JSONP, documents one after another, JSON inside strings.
//!
//! The file is read twice and never held: once to see which lists there are and what their elements
//! say, once for the rows. Only one element of an outermost list is in memory at a time.

mod odd;
mod text;
mod walk;

use std::io::ErrorKind::InvalidData;

use text::{Utf8, wrapper};
use walk::{Piece, Seen};

use super::tree::{Layout, Style, Tree, inner_lists};
use super::{Container, Emit, Plan, Rows, SAMPLE_ROWS, Sheet, sample};
use crate::error::{Error, Result};
use crate::ingest::bytes::{self, Bytes};
use crate::ingest::encoding::Coding;
use crate::ingest::vocabulary::known;
use crate::said;
use crate::words::limits;

const STYLE: Style = Style { joint: '.', list: "[]" };

/// True if the text can be JSON or JSONP.
pub fn begins(start: &str) -> bool {
    let body = &start[wrapper(start)..];
    let rest = body.trim_start_matches(['{', '[', ' ', '\n', '\r', '\t']);
    match body.as_bytes().first() {
        Some(b'{') => rest.starts_with(['"', '}']),
        // `[name] 2026-01-01` begins a chat log.
        Some(b'[') => {
            rest.starts_with(['"', ']', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'n', 't', 'f'])
                && is_json_so_far(body)
        }
        _ => false,
    }
}

/// True if the first value of a list is whole JSON, as far as the text goes.
fn is_json_so_far(body: &str) -> bool {
    let mut stream = serde_json::Deserializer::from_str(body).into_iter::<serde::de::IgnoredAny>();
    match stream.next() {
        Some(Err(err)) => err.is_eof(),
        Some(Ok(_)) => true,
        None => false,
    }
}

struct Json {
    bytes: Bytes,
    coding: Coding,
    jsonp: bool,
    by_line: bool,
    sheets: Vec<Known>,
    broken: u64,
}

/// Where the records of a sheet are found again.
#[derive(Clone)]
struct Known {
    way: Way,
    path: String,
    layout: Layout,
}

/// How a document is walked through.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// List by list.
    Lists,
    /// Line by line.
    Lines,
    /// Whole, for records that stand in no list.
    Whole,
}

/// A document that begins with `start`.
pub fn open(bytes: Bytes, coding: Coding, start: &str) -> Box<dyn Container> {
    let jsonp = wrapper(start) > 0;
    let mut lines = start.lines().filter(|l| !l.trim().is_empty());
    let whole = |line: &str| line.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
    // One value a line: then a broken line costs only itself.
    let by_line = !jsonp
        && lines.next().is_some_and(|l| whole(l.trim()))
        && lines.next().is_none_or(|l| l.trim_start().starts_with('{'));
    let by_line = by_line && start.trim_end().contains('\n');
    Box::new(Json { bytes, coding, jsonp, by_line, sheets: Vec::new(), broken: 0 })
}

impl Json {
    /// Gives what stands in the document.
    fn walk(&mut self, way: Way, seen: &mut Seen<'_>) -> Result<()> {
        self.bytes.rewind()?;
        let name = bytes::shown(&self.bytes.name);
        let text = Utf8::new(&mut self.bytes, self.coding, seen.size.clone());
        let mut text = text.map_err(|e| Error::file(std::path::Path::new(&name), e))?;
        let walked = match way {
            Way::Lines => walk::lines(&mut text, seen),
            Way::Lists => walk::values(&mut text, seen),
            Way::Whole => walk::roots(&mut text, seen),
        };
        self.broken = text.decoded.broken;
        match walked {
            Err(_) if seen.stopped.is_some() => Err(seen.stopped.take().expect("just seen")),
            // A download that broke off: what is whole counts, and the operator hears of it.
            Err(err) if seen.found > 0 && err.is_eof() => seen.end_early(),
            Err(err) if err.is_data() || err.io_error_kind() == Some(InvalidData) => Err(too_large(&name)),
            Err(err) => Err(broken(&name, &err)),
            Ok(()) => Ok(()),
        }
    }

    /// Looks through the document in one way; returns how many documents it is.
    fn look(&mut self, way: Way, found: &mut Found) -> Result<u64> {
        let mut take = |piece: Piece<'_>| {
            match piece {
                Piece::Element { tree, size, .. } if way == Way::Whole => {
                    let (path, trees) = odd::records(tree);
                    let each = size / trees.len().max(1) as u64;
                    for tree in trees {
                        found.take(Piece::Element { path: &path, tree, in_string: false, size: each });
                    }
                }
                piece => found.take(piece),
            }
            Ok(())
        };
        let mut seen = Seen::new(&mut take);
        self.walk(way, &mut seen)?;
        Ok(seen.documents)
    }

    /// The sheets of the lists that were found in one way.
    fn add(&mut self, way: Way, documents: u64, found: Found, sheets: &mut Vec<Sheet>) -> Result<()> {
        for list in found.lists {
            for (each, layout) in list.layouts {
                let path = match (way, &each) {
                    (Way::Lines, _) => String::new(),
                    (_, Some(each)) if list.path.is_empty() => each.clone(),
                    (_, Some(each)) => [&list.path, ".", each].concat(),
                    (_, None) => list.path.clone(),
                };
                let dress = match (way, path.is_empty()) {
                    _ if self.jsonp => "jsonp:",
                    (Way::Lines, _) => "jsonl",
                    (Way::Whole, true) if documents > 1 => "jsonl",
                    (_, true) => "json",
                    _ => "json:",
                };
                let in_strings = if list.in_string { " (JSON strings)" } else { "" };
                let mut rows = layout.clone();
                let mut number = 0;
                let sample = sample(|emit| {
                    let mut out = Rows::new(emit);
                    list.first.iter().try_for_each(|tree| rows.rows(tree, &mut number, &mut out))?;
                    out.finish()
                })?;
                sheets.push(Sheet {
                    container: format!("{dress}{path}{in_strings}"),
                    headers: Some(layout.headers().to_vec()),
                    sample,
                    constants: found.constants.clone(),
                    each,
                    profile: None,
                });
                self.sheets.push(Known { way, path: list.path.clone(), layout });
            }
        }
        Ok(())
    }
}

fn broken(name: &str, err: &serde_json::Error) -> Error {
    let (line, column) = (err.line(), err.column());
    Error::new(
        "broken_json",
        said!(
            "{name}：JSON 在第 {line} 行第 {column} 列有错",
            "{name}: the JSON is broken at line {line}, column {column}"
        ),
    )
    .help(said!(
        "请重新导出；如果是手工拼接的，请检查逗号和括号",
        "export it again; if it was put together by hand, check commas and brackets"
    ))
}

/// What the walk and the text say of a value that is past a limit is all that they say themselves.
fn too_large(name: &str) -> Error {
    let mib = limits::ELEMENT_BYTES >> 20;
    let values = limits::ELEMENT_VALUES;
    Error::new(
        "too_large",
        said!(
            "{name}：JSON 里的一条记录（或一整块没有列表的内容）超过 {mib} MiB 或 {values} 个值",
            "{name}: one element of the JSON (or all of it, where nothing is a list) has more than {mib} MiB or {values} values"
        ),
    )
    .help(said!(
        "导出为列表，或每行一条的 JSONL，或 CSV",
        "export it as a list of records, as JSONL with one a line, or as CSV"
    ))
}

impl Container for Json {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let mut sheets = Vec::new();
        let mut found = Found::default();
        let way = if self.by_line { Way::Lines } else { Way::Lists };
        let documents = self.look(way, &mut found)?;
        let in_no_list = found.lists.is_empty() || documents > 1;
        let of_messages = self.bytes.len <= ONE_RECORD && found.lists.iter().any(|list| is_conversation(&list.path));
        self.add(way, documents, found, &mut sheets)?;
        if (in_no_list || of_messages) && !self.jsonp && way == Way::Lists {
            let mut found = Found::default();
            match self.look(Way::Whole, &mut found) {
                // The lists were read: a document that breaks off behind them is no failure.
                Err(_) if !in_no_list => return Ok(sheets),
                looked => looked?,
            };
            if !in_no_list {
                found.keep_conversations();
            }
            self.add(Way::Whole, documents, found, &mut sheets)?;
        }
        Ok(sheets)
    }

    fn rows(&mut self, sheet: usize, plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        let Known { way, path: wanted, mut layout } = self.sheets[sheet].clone();
        layout.follow(plan);
        let mut rows = Rows::new(emit);
        let mut number = 0;
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Element { tree, .. } if way == Way::Whole => {
                let (path, trees) = odd::records(tree);
                let trees = if path == wanted { trees } else { Vec::new() };
                trees.iter().try_for_each(|tree| layout.rows(tree, &mut number, &mut rows))
            }
            Piece::Element { path, tree, .. } if path == wanted && matches!(tree, Tree::Map(_)) => {
                layout.rows(&tree, &mut number, &mut rows)
            }
            Piece::BadLine(line) => {
                rows.lose(line, "broken_row", said!("这一行不是完整的 JSON", "the line is not whole JSON"))
            }
            Piece::CutOff => {
                number += 1;
                let said = said!("文件在这里中断，后面的内容没有了", "the file breaks off here; the rest is missing");
                rows.lose(number, "cut_off", said)
            }
            _ => Ok(()),
        };
        self.walk(way, &mut Seen::new(&mut take))?;
        rows.finish()
    }

    fn broken(&self) -> u64 {
        self.broken
    }
}

/// What the first walk finds: lists with their headers and first elements, and values outside them.
#[derive(Default)]
struct Found {
    lists: Vec<List>,
    constants: Vec<(String, String)>,
}

struct List {
    path: String,
    in_string: bool,
    /// One layout for its elements, and one for every list inside them.
    layouts: Vec<(Option<String>, Layout)>,
    first: Vec<Tree>,
    /// Bytes of the file that `first` stands for.
    held: u64,
}

/// Most lists, values outside lists, and inner lists that are looked at.
const LISTS: usize = 64;
const CONSTANTS: usize = 256;
const INNER: usize = 8;
/// A document of this size may be a single conversation: then its list holds messages, not records.
const ONE_RECORD: u64 = 8 << 20;
/// Stop keeping elements of a list for its sample after this many bytes.
const HELD_BYTES: u64 = 4 << 20;

/// True if a list of this path holds the messages of a conversation, as some profile knows it.
fn is_conversation(path: &str) -> bool {
    let ends =
        |each: &String| path.strip_suffix(each.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    known().profiles.iter().any(|profile| profile.each.iter().any(ends))
}

impl Found {
    /// Keeps only the readings whose inner lists some profile knows as those of a conversation.
    fn keep_conversations(&mut self) {
        for list in &mut self.lists {
            list.layouts.retain(|(each, _)| each.as_deref().is_some_and(is_conversation));
        }
    }

    fn take(&mut self, piece: Piece<'_>) {
        let (path, tree, in_string, size) = match piece {
            Piece::Element { path, tree, in_string, size } => (path, tree, in_string, size),
            Piece::Value(path, value) => {
                if self.constants.len() < CONSTANTS {
                    self.constants.push((path.to_string(), value));
                }
                return;
            }
            Piece::BadLine(_) | Piece::CutOff => return,
        };
        if !matches!(tree, Tree::Map(_)) {
            return;
        }
        let at = match self.lists.iter().position(|l| l.path == path) {
            Some(at) => at,
            None if self.lists.len() >= LISTS => return,
            None => {
                let layouts = vec![(None, Layout::new(STYLE, None))];
                self.lists.push(List { path: path.to_string(), in_string, layouts, first: Vec::new(), held: 0 });
                self.lists.len() - 1
            }
        };
        let list = &mut self.lists[at];
        list.in_string &= in_string;
        if list.first.len() < SAMPLE_ROWS {
            for each in inner_lists(&tree, STYLE) {
                let known = list.layouts.iter().any(|(e, _)| e.as_deref() == Some(&each));
                if !known && list.layouts.len() <= INNER {
                    let mut layout = Layout::new(STYLE, Some(&each));
                    list.first.iter().for_each(|tree| layout.learn(tree));
                    list.layouts.push((Some(each), layout));
                }
            }
        }
        list.layouts.iter_mut().for_each(|(_, layout)| layout.learn(&tree));
        if list.first.len() < SAMPLE_ROWS / 10 && list.held < HELD_BYTES {
            list.held += size;
            list.first.push(tree);
        }
    }
}

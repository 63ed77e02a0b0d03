//! JSON in every dress: one document, JSONL, JSONP, documents one after another, JSON inside strings.
//!
//! The file is read twice and never held: once to see which lists there are and what their elements
//! say, once for the rows. Only one element of an outermost list is in memory at a time.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::tree::{Layout, Style, Tree, inner_lists};
use super::{Container, Emit, Plan, Rows, SAMPLE_ROWS, Sheet, sample};
use crate::error::{Error, Result};
use crate::ingest::bytes::{self, Bytes};
use crate::ingest::encoding::{Coding, Decoded};
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
                && serde_looks_ahead(body)
        }
        _ => false,
    }
}

/// True if the first value of a list is whole JSON, as far as the text goes.
fn serde_looks_ahead(body: &str) -> bool {
    let mut stream = serde_json::Deserializer::from_str(body).into_iter::<serde::de::IgnoredAny>();
    match stream.next() {
        Some(Err(err)) => err.is_eof(),
        Some(Ok(_)) => true,
        None => false,
    }
}

/// Length of `callback(` before the JSON; 0 if there is none.
fn wrapper(start: &str) -> usize {
    let name = start.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '/' | '*' | ' ')));
    match name {
        Some(at) if at > 0 && at < 200 && start[at..].starts_with('(') => {
            let rest = &start[at + 1..];
            at + 1 + (rest.len() - rest.trim_start().len())
        }
        _ => 0,
    }
}

struct Json {
    bytes: Bytes,
    coding: Coding,
    jsonp: bool,
    by_line: bool,
    lists: Vec<(String, Layout)>,
    broken: u64,
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
    Box::new(Json { bytes, coding, jsonp, by_line, lists: Vec::new(), broken: 0 })
}

impl Json {
    /// Gives every element of the outermost lists with the list's path, and every value outside lists.
    fn walk(&mut self, seen: &mut Seen<'_>) -> Result<()> {
        self.bytes.rewind()?;
        let name = bytes::shown(&self.bytes.name);
        let text = Utf8::new(&mut self.bytes, self.coding, seen.size.clone());
        let mut text = text.map_err(|e| Error::file(std::path::Path::new(&name), e))?;
        let walked = match self.by_line {
            true => walk_lines(&mut text, seen),
            false => walk_values(&mut text, seen),
        };
        self.broken = text.decoded.broken;
        match walked {
            Err(_) if seen.stopped.is_some() => Err(seen.stopped.take().expect("just seen")),
            Err(err) if seen.found > 0 && err.is_eof() => {
                // A download that broke off: what is whole counts, and the operator hears of it.
                (seen.give)(Piece::CutOff)
            }
            Err(err) => Err(broken(&name, &err)),
            Ok(()) => Ok(()),
        }
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

/// What the walk meets.
enum Piece<'a> {
    /// An element of the list of this path, of about this size in bytes; `in_string` if it was JSON
    /// inside a string.
    Element { path: &'a str, tree: Tree, in_string: bool, size: u64 },
    /// A single value at this path.
    Value(&'a str, String),
    /// A line that is no JSON.
    BadLine(u64),
    /// The file ends too early.
    CutOff,
}

struct Seen<'s> {
    give: &'s mut dyn FnMut(Piece<'_>) -> Result<()>,
    path: String,
    found: u64,
    /// Bytes read since the last piece.
    size: Rc<Cell<u64>>,
    /// What the taker said when it wanted no more.
    stopped: Option<Error>,
}

impl<'s> Seen<'s> {
    fn new(give: &'s mut dyn FnMut(Piece<'_>) -> Result<()>) -> Seen<'s> {
        Seen { give, path: String::new(), found: 0, size: Rc::default(), stopped: None }
    }

    fn give<E: serde::de::Error>(&mut self, piece: Piece<'_>) -> std::result::Result<(), E> {
        self.found += 1;
        self.size.set(0);
        (self.give)(piece).map_err(|err| {
            self.stopped = Some(err);
            E::custom("stopped")
        })
    }
}

fn walk_lines(text: &mut Utf8<'_>, seen: &mut Seen<'_>) -> std::result::Result<(), serde_json::Error> {
    let mut line = String::new();
    let mut number = 0;
    while text.line(&mut line).map_err(serde_json::Error::io)? {
        number += 1;
        let trimmed = line.trim().trim_end_matches(',');
        if trimmed.is_empty() {
            continue;
        }
        match serde_json::from_str::<Tree>(trimmed) {
            Ok(tree) => {
                seen.give(Piece::Element { path: "", tree: opened(tree).0, in_string: false, size: line.len() as u64 })?
            }
            Err(_) => seen.give(Piece::BadLine(number))?,
        }
    }
    Ok(())
}

fn walk_values(text: &mut Utf8<'_>, seen: &mut Seen<'_>) -> std::result::Result<(), serde_json::Error> {
    text.skip_wrapper().map_err(serde_json::Error::io)?;
    loop {
        if !text.skip_between().map_err(serde_json::Error::io)? {
            return Ok(());
        }
        let mut values = serde_json::Deserializer::from_reader(&mut *text);
        Outer(seen).deserialize(&mut values)?;
    }
}

/// Reads values outside lists: maps are entered, lists are given element by element.
struct Outer<'a, 's>(&'a mut Seen<'s>);

impl<'de> DeserializeSeed<'de> for Outer<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> std::result::Result<(), D::Error> {
        de.deserialize_any(self)
    }
}

/// Longest single value outside the rows that is kept: a shop's name, not a page of HTML.
const CONSTANT_BYTES: usize = 512;

impl<'de> Visitor<'de> for Outer<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let seen = self.0;
        let length = seen.path.len();
        while let Some(name) = map.next_key::<String>()? {
            if length > 0 {
                seen.path.push('.');
            }
            seen.path.push_str(&name);
            map.next_value_seed(Outer(seen))?;
            seen.path.truncate(length);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        let path = format!("{}[]", self.0.path);
        while let Some(tree) = list.next_element::<Tree>()? {
            let (tree, in_string) = opened(tree);
            let size = self.0.size.get();
            self.0.give(Piece::Element { path: &path, tree, in_string, size })?;
        }
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<(), E> {
        // A whole answer kept as a string in another answer.
        if text.len() > 1 && text.starts_with(['{', '[']) {
            let mut inner = serde_json::Deserializer::from_str(text);
            if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
                return Outer(self.0).deserialize(&mut inner).map_err(E::custom);
            }
        }
        if text.is_empty() || text.len() > CONSTANT_BYTES {
            return Ok(());
        }
        let path = self.0.path.clone();
        self.0.give(Piece::Value(&path, text.to_string()))
    }

    fn visit_u64<E: serde::de::Error>(self, n: u64) -> std::result::Result<(), E> {
        self.visit_str(&n.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, n: i64) -> std::result::Result<(), E> {
        self.visit_str(&n.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, n: f64) -> std::result::Result<(), E> {
        self.visit_str(&n.to_string())
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }
}

impl<'de> serde::Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(de: D) -> std::result::Result<Tree, D::Error> {
        de.deserialize_any(Inner)
    }
}

struct Inner;

impl<'de> Visitor<'de> for Inner {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Tree, A::Error> {
        let mut out: Vec<(String, Tree)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Tree>()? {
            if out.len() > 8 * limits::COLUMNS {
                return Err(A::Error::custom("too many names in one object"));
            }
            out.push((name, value));
        }
        Ok(Tree::Map(out))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Tree, A::Error> {
        let mut out = Vec::new();
        while let Some(value) = list.next_element()? {
            out.push(value);
        }
        Ok(Tree::List(out))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(text.to_string()))
    }

    fn visit_string<E>(self, text: String) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_u64<E>(self, n: u64) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(n.to_string()))
    }

    fn visit_i64<E>(self, n: i64) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(n.to_string()))
    }

    fn visit_f64<E>(self, n: f64) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(n.to_string()))
    }

    fn visit_bool<E>(self, truth: bool) -> std::result::Result<Tree, E> {
        Ok(Tree::Bool(truth))
    }

    fn visit_unit<E>(self) -> std::result::Result<Tree, E> {
        Ok(Tree::Null)
    }
}

/// Strings that are JSON objects or lists, opened; true if the value itself was one.
fn opened(tree: Tree) -> (Tree, bool) {
    match tree {
        Tree::Text(text) if text.starts_with("{\"") || text.starts_with("[{") => match serde_json::from_str(&text) {
            Ok(tree) => (tree, true),
            Err(_) => (Tree::Text(text), false),
        },
        Tree::Map(map) => (Tree::Map(map.into_iter().map(|(k, v)| (k, opened(v).0)).collect()), false),
        Tree::List(list) => (Tree::List(list.into_iter().map(|v| opened(v).0).collect()), false),
        other => (other, false),
    }
}

impl Container for Json {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let mut found = Found::default();
        self.walk(&mut Seen::new(&mut |piece| {
            found.take(piece);
            Ok(())
        }))?;
        let dress = match (self.jsonp, self.by_line) {
            (true, _) => "jsonp:",
            (_, true) => "jsonl",
            _ => "json:",
        };
        let mut sheets = Vec::new();
        for list in found.lists {
            let whole_path = |each: &str| if self.by_line { String::new() } else { [&list.path, ".", each].concat() };
            for (each, layout) in list.layouts {
                let path =
                    each.as_deref().map_or(if self.by_line { String::new() } else { list.path.clone() }, whole_path);
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
                self.lists.push((list.path.clone(), layout));
            }
        }
        Ok(sheets)
    }

    fn rows(&mut self, sheet: usize, plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        let (wanted, mut layout) = self.lists[sheet].clone();
        layout.follow(plan);
        let mut rows = Rows::new(emit);
        let mut number = 0;
        self.walk(&mut Seen::new(&mut |piece| match piece {
            Piece::Element { path, tree, .. } if path == wanted && matches!(tree, Tree::Map(_)) => {
                layout.rows(&tree, &mut number, &mut rows)
            }
            Piece::BadLine(line) => {
                rows.lose(line, "broken_row", said!("这一行不是完整的 JSON", "the line is not whole JSON"))
            }
            Piece::CutOff => {
                number += 1;
                rows.lose(
                    number,
                    "cut_off",
                    said!("文件在这里中断，后面的内容没有了", "the file breaks off here; the rest is missing"),
                )
            }
            _ => Ok(()),
        }))?;
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
/// Stop keeping elements of a list for its sample after this many bytes.
const HELD_BYTES: u64 = 4 << 20;
/// Largest single element of a list, or value outside lists, in bytes.
const ELEMENT_BYTES: u64 = 64 << 20;

impl Found {
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

/// The text of a file as UTF-8 bytes, with a limit on what one value may take.
struct Utf8<'b> {
    decoded: Decoded<&'b mut Bytes>,
    text: String,
    at: usize,
    size: Rc<Cell<u64>>,
}

impl<'b> Utf8<'b> {
    fn new(bytes: &'b mut Bytes, coding: Coding, size: Rc<Cell<u64>>) -> io::Result<Utf8<'b>> {
        Ok(Utf8 { decoded: Decoded::new(bytes, coding)?, text: String::new(), at: 0, size })
    }

    /// What is there to be read; empty at the end.
    fn ahead(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.text.len() {
            self.text.clear();
            self.at = 0;
            if !self.decoded.more(&mut self.text)? {
                break;
            }
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    /// The same as text, between values, where characters are whole.
    fn text_ahead(&mut self) -> io::Result<&str> {
        self.ahead()?;
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn skip_wrapper(&mut self) -> io::Result<()> {
        let ahead = self.text_ahead()?;
        let blank = ahead.len() - ahead.trim_start().len();
        let skip = blank + wrapper(ahead.trim_start());
        self.at += skip;
        Ok(())
    }

    /// Passes over what stands between documents: blanks, commas, the end of a callback and the start of
    /// the next; false at the end of the file.
    fn skip_between(&mut self) -> io::Result<bool> {
        loop {
            let ahead = self.text_ahead()?;
            if ahead.is_empty() {
                return Ok(false);
            }
            let rest = ahead
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ';' | ',' | '\u{feff}' | '\0'));
            let skip = ahead.len() - rest.len() + wrapper(rest);
            if skip == 0 {
                return Ok(true);
            }
            self.at += skip;
        }
    }

    /// The next line without its end; false at the end of the file.
    fn line(&mut self, line: &mut String) -> io::Result<bool> {
        line.clear();
        loop {
            let ahead = self.text_ahead()?;
            if ahead.is_empty() {
                return Ok(!line.is_empty());
            }
            if let Some(end) = ahead.find('\n') {
                line.push_str(&ahead[..end]);
                self.at += end + 1;
                return Ok(true);
            }
            if line.len() + ahead.len() > limits::LINE_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "line too long"));
            }
            line.push_str(ahead);
            self.at = self.text.len();
        }
    }
}

impl Read for Utf8<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead()?;
        let n = ahead.len().min(buf.len());
        buf[..n].copy_from_slice(&ahead[..n]);
        self.at += n;
        self.size.set(self.size.get() + n as u64);
        if self.size.get() > ELEMENT_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "one value is too large"));
        }
        Ok(n)
    }
}

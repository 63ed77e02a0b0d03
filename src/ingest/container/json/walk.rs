//! Walking through JSON without holding it: lists are given element by element.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::text::Utf8;
use crate::error::{Error, Result};
use crate::ingest::container::tree::Tree;
use crate::words::limits;

/// What the walk meets.
pub enum Piece<'a> {
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

/// Who takes what is met, and where the walk is.
pub struct Seen<'s> {
    give: &'s mut dyn FnMut(Piece<'_>) -> Result<()>,
    path: String,
    /// Pieces met so far.
    pub found: u64,
    /// Documents met so far.
    pub documents: u64,
    /// Bytes read since the last piece.
    pub size: Rc<Cell<u64>>,
    /// What the taker said when it wanted no more.
    pub stopped: Option<Error>,
}

impl<'s> Seen<'s> {
    /// Gives what is met to `give`.
    pub fn new(give: &'s mut dyn FnMut(Piece<'_>) -> Result<()>) -> Seen<'s> {
        Seen { give, path: String::new(), found: 0, documents: 0, size: Rc::default(), stopped: None }
    }

    /// Tells the taker that the file ends too early.
    pub fn end_early(&mut self) -> Result<()> {
        (self.give)(Piece::CutOff)
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

/// Walks through values that stand one a line.
pub fn lines(text: &mut Utf8<'_>, seen: &mut Seen<'_>) -> std::result::Result<(), serde_json::Error> {
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

/// Walks through values that stand one after another, most often only one.
pub fn values(text: &mut Utf8<'_>, seen: &mut Seen<'_>) -> std::result::Result<(), serde_json::Error> {
    text.skip_wrapper().map_err(serde_json::Error::io)?;
    loop {
        if !text.skip_between().map_err(serde_json::Error::io)? {
            return Ok(());
        }
        seen.documents += 1;
        let mut values = serde_json::Deserializer::from_reader(&mut *text);
        Outer(seen).deserialize(&mut values)?;
    }
}

/// Walks through values as [`values`] does, each given whole.
pub fn roots(text: &mut Utf8<'_>, seen: &mut Seen<'_>) -> std::result::Result<(), serde_json::Error> {
    text.skip_wrapper().map_err(serde_json::Error::io)?;
    while text.skip_between().map_err(serde_json::Error::io)? {
        let tree = Tree::deserialize(&mut serde_json::Deserializer::from_reader(&mut *text))?;
        let size = seen.size.get();
        seen.give(Piece::Element { path: "", tree: opened(tree).0, in_string: false, size })?;
    }
    Ok(())
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

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(de: D) -> std::result::Result<Tree, D::Error> {
        Inner(&Cell::new(0)).deserialize(de)
    }
}

/// Reads a value whole, and counts the values in it: a small text can hold a great many.
struct Inner<'c>(&'c Cell<usize>);

impl<'de> DeserializeSeed<'de> for Inner<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> std::result::Result<Tree, D::Error> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > limits::ELEMENT_VALUES {
            return Err(D::Error::custom("too many values in one element"));
        }
        de.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inner<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Tree, A::Error> {
        let mut out: Vec<(String, Tree)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            out.push((name, map.next_value_seed(Inner(self.0))?));
        }
        Ok(Tree::Map(out))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Tree, A::Error> {
        let mut out = Vec::new();
        while let Some(value) = list.next_element_seed(Inner(self.0))? {
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
pub fn opened(tree: Tree) -> (Tree, bool) {
    open(tree, &Cell::new(0))
}

fn open(tree: Tree, count: &Cell<usize>) -> (Tree, bool) {
    match tree {
        Tree::Text(text) if text.starts_with("{\"") || text.starts_with("[{") => {
            let mut inner = serde_json::Deserializer::from_str(&text);
            match Inner(count).deserialize(&mut inner).and_then(|tree| inner.end().map(|()| tree)) {
                Ok(tree) => (tree, true),
                Err(_) => (Tree::Text(text), false),
            }
        }
        Tree::Map(map) => (Tree::Map(map.into_iter().map(|(k, v)| (k, open(v, count).0)).collect()), false),
        Tree::List(list) => (Tree::List(list.into_iter().map(|v| open(v, count).0).collect()), false),
        other => (other, false),
    }
}

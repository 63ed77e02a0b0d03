//! A tree of names and values (an element of a JSON list, an XML element) laid out as a row of cells.

use rustc_hash::FxHashMap;

use super::{Plan, Rows};
use crate::error::Result;
use crate::ingest::table::{Cell, LIST};
use crate::ingest::vocabulary::known;
use crate::words::limits;

/// A value. Numbers are texts, so that ids keep their digits.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A text or a number.
    Text(String),
    /// Several values.
    List(Vec<Tree>),
    /// Named values, in the order of the file.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// True if it is no list and no map.
    pub fn is_plain(&self) -> bool {
        !matches!(self, Tree::List(_) | Tree::Map(_))
    }

    /// The value at a path of names, through maps only.
    fn at(&self, path: &[&str]) -> Option<&Tree> {
        match (path, self) {
            ([], _) => Some(self),
            ([name, rest @ ..], Tree::Map(map)) => map.iter().find(|(k, _)| k == name)?.1.at(rest),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            Tree::Bool(true) => Some("true"),
            Tree::Bool(false) => Some("false"),
            _ => None,
        }
    }
}

/// How paths are written: `a.b` in JSON, `a/b` in XML.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Between a name and the name inside it.
    pub joint: char,
    /// After the name of a list, where that is written.
    pub list: &'static str,
}

/// Lays trees out as rows under headers that are paths, learnt from the trees themselves.
#[derive(Clone, Debug)]
pub struct Layout {
    style: Style,
    /// The path of the inner list whose elements are rows, with the names that lead to it.
    each: Option<(String, Vec<String>)>,
    headers: Vec<String>,
    index: FxHashMap<String, usize>,
    row: Vec<Slot>,
    /// Columns of the outer row that belong to a message of its own, not to all inner ones.
    alone: Vec<usize>,
    /// Those of them that hold its words.
    words: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    text: String,
    truth: Option<bool>,
    filled: bool,
}

impl Layout {
    /// A layout of this style. `each` is a path of lists such as `history[]` or `pages[].comments[]`.
    pub fn new(style: Style, each: Option<&str>) -> Layout {
        let each = each
            .map(|path| (path.to_string(), path.split("[]").filter(|p| !p.is_empty()).map(str::to_string).collect()));
        Layout {
            style,
            each,
            headers: Vec::new(),
            index: FxHashMap::default(),
            row: Vec::new(),
            alone: Vec::new(),
            words: Vec::new(),
        }
    }

    /// Takes from the plan what the outer row says as a message of its own.
    pub fn follow(&mut self, plan: &Plan) {
        self.alone.clone_from(&plan.alone);
        self.words.clone_from(&plan.words);
    }

    /// The headers learnt so far.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Learns the headers of a tree without giving rows.
    pub fn learn(&mut self, tree: &Tree) {
        self.lay(tree, &mut |_| Ok(())).unwrap_or_default();
    }

    /// Gives the rows of a tree: one, or one for each element of the inner list and one for what is
    /// said outside it.
    pub fn rows(&mut self, tree: &Tree, number: &mut u64, rows: &mut Rows<'_, '_>) -> Result<()> {
        self.lay(tree, &mut |cells| {
            for slot in cells {
                rows.push(match slot.truth {
                    _ if !slot.filled => Cell::Empty,
                    Some(truth) => Cell::Bool(truth),
                    None => Cell::Text(&slot.text),
                });
            }
            *number += 1;
            rows.end_row(*number)
        })
    }

    fn lay(&mut self, tree: &Tree, give: &mut dyn FnMut(&[Slot]) -> Result<()>) -> Result<()> {
        self.clear();
        let Some((path, steps)) = self.each.take() else {
            self.fill("", tree, 0);
            return give(&self.row);
        };
        let done = self.lay_each(tree, &path, &steps, give);
        self.each = Some((path, steps));
        done
    }

    /// The outer row first, then a row for each inner element with the outer values beside it.
    fn lay_each(
        &mut self,
        tree: &Tree,
        path: &str,
        steps: &[String],
        give: &mut dyn FnMut(&[Slot]) -> Result<()>,
    ) -> Result<()> {
        let mut inner = Vec::new();
        let outer = split(tree, steps, self.style.joint, &mut inner);
        self.fill("", &outer, 0);
        let outer_row = self.row.clone();
        let filled = |column: &usize| self.row.get(*column).is_some_and(|slot| !slot.text.trim().is_empty());
        if inner.is_empty() || self.words.iter().any(filled) {
            give(&self.row)?;
        }
        let mut shared = outer_row;
        for column in &self.alone {
            shared.get_mut(*column).map(std::mem::take);
        }
        for element in inner {
            self.clear();
            self.row.clone_from(&shared);
            self.row.resize(self.headers.len(), Slot::default());
            self.fill(path, element, 0);
            give(&self.row)?;
        }
        Ok(())
    }

    fn clear(&mut self) {
        for slot in &mut self.row {
            slot.text.clear();
            (slot.truth, slot.filled) = (None, false);
        }
    }

    fn slot(&mut self, path: &str) -> Option<&mut Slot> {
        let at = match self.index.get(path) {
            Some(at) => *at,
            None if self.headers.len() >= limits::COLUMNS => return None,
            None => {
                self.headers.push(path.to_string());
                self.index.insert(path.to_string(), self.headers.len() - 1);
                self.headers.len() - 1
            }
        };
        if at >= self.row.len() {
            self.row.resize(at + 1, Slot::default());
        }
        Some(&mut self.row[at])
    }

    fn put(&mut self, path: &str, value: &Tree) {
        let Some(slot) = self.slot(path) else { return };
        let Some(text) = value.text() else { return };
        if slot.filled {
            slot.text.push(LIST);
            slot.truth = None;
        } else if let Tree::Bool(truth) = value {
            slot.truth = Some(*truth);
        }
        slot.filled = true;
        slot.text.push_str(text);
    }

    fn fill(&mut self, path: &str, value: &Tree, depth: usize) {
        if depth > limits::DEPTH {
            return;
        }
        let joint = self.style.joint;
        let inner = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path}{joint}{name}") };
        match value {
            Tree::Map(map) if path.is_empty() || !self.is_one_cell(path, map) => {
                if map.is_empty() {
                    self.slot(path);
                }
                let names: Vec<String> = map.iter().map(|(name, _)| inner(name)).collect();
                for (name, (_, value)) in names.iter().zip(map) {
                    self.fill(name, value, depth + 1);
                }
            }
            Tree::Map(map) => {
                // Some write the colon into the name: {"Size:": " Large"}.
                let name = |k: &str| k.trim_end_matches([':', '：', ' ']).to_string();
                let pairs = map.iter().filter_map(|(k, v)| Some(format!("{}:{}", name(k), v.text()?.trim())));
                let joined = pairs.collect::<Vec<_>>().join(";");
                self.put(path, &Tree::Text(joined));
            }
            Tree::List(list) => self.fill_list(path, list, depth),
            plain => self.put(path, plain),
        }
    }

    fn fill_list(&mut self, path: &str, list: &[Tree], depth: usize) {
        if list.iter().all(Tree::is_plain) || known().is_whole(path) {
            self.slot(path);
            for value in list {
                match value {
                    // Of a list of pictures the first address of each will do.
                    Tree::Map(map) => {
                        if let Some((_, first)) = map.iter().find(|(_, v)| v.text().is_some_and(|t| !t.is_empty())) {
                            self.put(path, first);
                        }
                    }
                    plain => self.put(path, plain),
                }
            }
            return;
        }
        let path = format!("{path}{}", self.style.list);
        for value in list {
            self.fill(&path, value, depth + 1);
        }
    }

    /// True if the map is one cell: a variant such as {"颜色": "黑"}.
    fn is_one_cell(&self, path: &str, map: &[(String, Tree)]) -> bool {
        let plain = map.iter().all(|(_, v)| v.is_plain());
        plain && (known().is_whole(path) || known().fields(last(path)) == [crate::ingest::Field::SkuText])
    }
}

/// The last name of a path.
pub fn last(path: &str) -> &str {
    path.rsplit(['.', '/']).next().unwrap_or(path).trim_end_matches("[]")
}

/// Takes the elements of the inner list out of a tree; returns the tree without that list.
fn split<'t>(tree: &'t Tree, steps: &[String], joint: char, inner: &mut Vec<&'t Tree>) -> Tree {
    let [step, rest @ ..] = steps else { return tree.clone() };
    let names: Vec<&str> = step.trim_matches(joint).split(joint).collect();
    if let Some(Tree::List(list)) = tree.at(&names) {
        for element in list {
            match rest {
                [] => inner.push(element),
                _ => drop(split(element, rest, joint, inner)),
            }
        }
    }
    without(tree, &names)
}

fn without(tree: &Tree, names: &[&str]) -> Tree {
    let (Tree::Map(map), [name, rest @ ..]) = (tree, names) else { return tree.clone() };
    Tree::Map(
        map.iter()
            .filter(|(k, _)| !(rest.is_empty() && k == name))
            .map(|(k, v)| (k.clone(), if k == name { without(v, rest) } else { v.clone() }))
            .collect(),
    )
}

/// Paths of the lists of maps inside a tree, at most three deep: candidates for rows of their own.
pub fn inner_lists(tree: &Tree, style: Style) -> Vec<String> {
    fn walk(tree: &Tree, path: &str, style: Style, lists: usize, found: &mut Vec<String>) {
        let Tree::Map(map) = tree else { return };
        for (name, value) in map {
            let path = if path.is_empty() { name.clone() } else { format!("{path}{}{name}", style.joint) };
            match value {
                Tree::Map(_) => walk(value, &path, style, lists, found),
                Tree::List(list) if lists < 3 => {
                    let path = format!("{path}[]");
                    let Some(first) = list.iter().find(|v| matches!(v, Tree::Map(_))) else { continue };
                    if !found.contains(&path) {
                        found.push(path.clone());
                    }
                    walk(first, &path, style, lists + 1, found);
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(tree, "", style, 0, &mut found);
    found
}

//! HTML tables, which many back offices save under the name .xls, streamed row by row.
//!
//! A page is not built as a tree: some pages of a few kilobytes grow to millions of nodes. Tags that do not
//! make a table are passed over, tables inside tables stand for themselves.

use std::collections::BTreeMap;

use super::{Container, Emit, Plan, Rows, SAMPLE_ROWS, Sheet, enough, is_enough};
use crate::error::{Error, Result};
use crate::ingest::bytes::Bytes;
use crate::ingest::encoding::{Coding, Decoded};
use crate::ingest::meaning::plain::entity;
use crate::ingest::table::{Batch, Cell};
use crate::words::limits;

/// Most tables of a page that are looked at, and most that stand inside each other.
const TABLES: usize = 64;
/// Longest tag.
const TAG_BYTES: usize = 64 << 10;
/// Farthest that a cell reaches over columns and rows.
const SPAN: usize = 64;
const ROW_SPAN: u64 = 10_000;

struct Page {
    bytes: Bytes,
    coding: Coding,
    broken: u64,
}

/// The tables of a page.
pub fn open(bytes: Bytes, coding: Coding) -> Box<dyn Container> {
    Box::new(Page { bytes, coding, broken: 0 })
}

/// Takes the finished rows: number of the table, number of the row in it, cells.
type Give<'g> = dyn FnMut(usize, u64, &[String]) -> Result<()> + 'g;

/// A table that is open.
#[derive(Default)]
struct Open {
    table: usize,
    rows: u64,
    row: Vec<String>,
    in_row: bool,
    cell: Option<CellText>,
    /// Cells that reach down into the next rows: column -> rows left, text.
    down: BTreeMap<usize, (u64, String)>,
}

/// The text of a cell that is being read.
#[derive(Default)]
struct CellText {
    text: String,
    /// A blank is due before the next word.
    blank: bool,
    columns: usize,
    rows: u64,
}

impl CellText {
    /// Adds text as a page shows it: runs of white space are one blank.
    fn add(&mut self, text: &str) {
        for (at, word) in text.split([' ', '\t', '\r', '\n']).enumerate() {
            self.blank |= at > 0;
            if word.is_empty() || self.text.len() > limits::FIELD_BYTES {
                continue;
            }
            if self.blank && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.blank = false;
        }
    }

    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.blank = false;
    }
}

impl Open {
    /// Ends the cell under way, and puts the cells beside it that reach down from above.
    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let text = cell.text.trim_end().to_string();
        self.fill_from_above();
        for n in 0..cell.columns {
            if self.row.len() >= limits::COLUMNS {
                return;
            }
            let text = if n == 0 { text.clone() } else { String::new() };
            if cell.rows > 1 {
                self.down.insert(self.row.len(), (cell.rows - 1, text.clone()));
            }
            self.row.push(text);
        }
    }

    fn fill_from_above(&mut self) {
        while let Some((left, text)) = self.down.get_mut(&self.row.len()) {
            self.row.push(text.clone());
            *left -= 1;
            if *left == 0 {
                self.down.remove(&(self.row.len() - 1));
            }
        }
    }

    fn end_row(&mut self, give: &mut Give<'_>) -> Result<()> {
        self.end_cell();
        if !std::mem::take(&mut self.in_row) {
            return Ok(());
        }
        self.fill_from_above();
        self.rows += 1;
        let given = if self.row.is_empty() { Ok(()) } else { give(self.table, self.rows, &self.row) };
        self.row.clear();
        given
    }
}

/// Reads a page tag by tag.
#[derive(Default)]
struct Scanner {
    open: Vec<Open>,
    tables: usize,
    /// Name of the element whose content is no text: a script, a style.
    passing: Option<&'static str>,
}

impl Scanner {
    /// Takes what is whole of the text; returns how much that was.
    fn take(&mut self, text: &str, at_end: bool, give: &mut Give<'_>) -> Result<usize> {
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            if let Some(name) = self.passing {
                let Some(end) = find_end(rest, name) else {
                    return Ok(if at_end {
                        text.len()
                    } else {
                        at + rest.floor_char_boundary(rest.len().saturating_sub(16))
                    });
                };
                self.passing = None;
                at += end;
                continue;
            }
            let plain = rest.find(['<', '&']).unwrap_or(rest.len());
            if plain > 0 {
                self.text(&rest[..plain]);
                at += plain;
                continue;
            }
            if rest.starts_with('&') {
                if rest.len() < 32 && !at_end {
                    break;
                }
                let (c, len) = entity(rest).unwrap_or(('&', 1));
                self.text(c.encode_utf8(&mut [0; 4]));
                at += len;
                continue;
            }
            let Some(len) = length_of(rest, at_end) else { break };
            match len {
                1 => self.text("<"),
                _ => self.tag(&rest[1..len - 1], give)?,
            }
            at += len;
        }
        Ok(at)
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.open.last_mut().and_then(|open| open.cell.as_mut()) {
            cell.add(text);
        }
    }

    fn tag(&mut self, tag: &str, give: &mut Give<'_>) -> Result<()> {
        let end = tag.find(|c: char| c.is_whitespace() || (c == '/' && !tag.starts_with('/'))).unwrap_or(tag.len());
        let name = tag[..end].to_ascii_lowercase();
        match name.as_str() {
            "script" => self.passing = Some("script"),
            "style" => self.passing = Some("style"),
            "table" if self.open.len() < TABLES => {
                self.open.push(Open { table: self.tables, ..Open::default() });
                self.tables += 1;
            }
            _ => {}
        }
        match (name.as_str(), self.open.last_mut()) {
            ("/table", Some(open)) => {
                open.end_row(give)?;
                self.open.pop();
            }
            ("tr", Some(open)) => {
                open.end_row(give)?;
                open.in_row = true;
            }
            ("/tr", Some(open)) => open.end_row(give)?,
            ("td" | "th", Some(open)) => {
                open.end_cell();
                open.in_row = true;
                let columns = attribute(tag, "colspan").unwrap_or(1).clamp(1, SPAN as u64) as usize;
                let rows = attribute(tag, "rowspan").unwrap_or(1).clamp(1, ROW_SPAN);
                open.cell = Some(CellText { columns, rows, ..CellText::default() });
            }
            ("/td" | "/th", Some(open)) => open.end_cell(),
            ("br" | "p" | "div" | "li" | "/p" | "/div", Some(Open { cell: Some(cell), .. })) => cell.line(),
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, give: &mut Give<'_>) -> Result<()> {
        while let Some(mut open) = self.open.pop() {
            open.end_row(give)?;
        }
        Ok(())
    }
}

/// Where the end tag of a script or style begins.
fn find_end(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"</")
        .find(|at| bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes())))
}

/// Length of the tag or comment at the start; 1 if it is none; `None` if its end is not there yet.
fn length_of(text: &str, at_end: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.len() < 4 && !at_end {
        return None;
    }
    let unfinished = if at_end || bytes.len() > TAG_BYTES { Some(1) } else { None };
    if bytes.starts_with(b"<!--") {
        return memchr::memmem::find(bytes, b"-->").map(|end| end + 3).or(unfinished);
    }
    if !bytes.get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')) {
        return Some(1);
    }
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().take(TAG_BYTES) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    unfinished
}

/// The number of an attribute such as `colspan="2"`.
fn attribute(tag: &str, name: &str) -> Option<u64> {
    let lower = tag.to_ascii_lowercase();
    let after = lower.split_once(name)?.1.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Page {
    fn scan(&mut self, give: &mut Give<'_>) -> Result<()> {
        self.bytes.rewind()?;
        let name = self.bytes.name.clone();
        let failed = |e| Error::file(std::path::Path::new(&name), e);
        let mut decoded = Decoded::new(&mut self.bytes, self.coding).map_err(failed)?;
        let mut scanner = Scanner::default();
        let mut window = String::new();
        let mut at_end = false;
        while !at_end {
            at_end = !decoded.more(&mut window).map_err(failed)?;
            let taken = scanner.take(&window, at_end, give)?;
            window.drain(..taken);
        }
        self.broken = decoded.broken;
        scanner.finish(give)
    }
}

impl Container for Page {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let mut samples: Vec<Batch> = Vec::new();
        let scanned = self.scan(&mut |table, number, cells| {
            if table < TABLES {
                samples.resize_with(samples.len().max(table + 1), Batch::default);
                let batch = &mut samples[table];
                if batch.len() < SAMPLE_ROWS {
                    cells.iter().for_each(|cell| batch.push(Cell::Text(cell)));
                    batch.end_row(number);
                } else if table == 0 && samples.len() == 1 {
                    return Err(enough());
                }
            }
            Ok(())
        });
        match scanned {
            Err(err) if !is_enough(&err) => return Err(err),
            _ => {}
        }
        let sheet = |sample| Sheet { container: "html".into(), sample, ..Sheet::default() };
        Ok(samples.into_iter().map(sheet).collect())
    }

    fn rows(&mut self, sheet: usize, _plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        let mut rows = Rows::new(emit);
        self.scan(&mut |table, number, cells| {
            if table != sheet {
                return Ok(());
            }
            cells.iter().for_each(|cell| rows.push(Cell::Text(cell)));
            rows.end_row(number)
        })?;
        rows.finish()
    }

    fn broken(&self) -> u64 {
        self.broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a page, with the text taken in pieces of this size.
    fn rows(page: &str, piece: usize) -> Vec<String> {
        let mut out = Vec::new();
        let mut give = |table: usize, _: u64, cells: &[String]| {
            out.push(format!("{table}: {}", cells.join("|")));
            Ok(())
        };
        let mut scanner = Scanner::default();
        let mut window = String::new();
        let mut chars = page.chars().peekable();
        while chars.peek().is_some() {
            window.extend(chars.by_ref().take(piece));
            let taken = scanner.take(&window, chars.peek().is_none(), &mut give).unwrap();
            window.drain(..taken);
        }
        scanner.finish(&mut give).unwrap();
        out
    }

    #[test]
    fn tables_come_out_however_they_are_written() {
        for (page, expected) in [
            ("<table><tr><td>a</td><td>b</td></tr></table>", vec!["0: a|b"]),
            ("<TABLE><TR><TH>a<TH>b<TR><TD>1<TD>2</TABLE>", vec!["0: a|b", "0: 1|2"]),
            ("<table><tr><td colspan=2>a</td><td>b</td></tr></table>", vec!["0: a||b"]),
            ("<table><tr><td rowspan='2'>d</td><td>1</td></tr><tr><td>2</td></tr></table>", vec!["0: d|1", "0: d|2"]),
            (
                "<table><tr><td> a\n  b <b>c</b><br>d&amp;e&lt;&#20320;&nope; 1<2 </td></tr></table>",
                vec!["0: a b c\nd&e<你&nope; 1<2"],
            ),
            (
                "<style>td{}</style><script>'<table>'</script><!-- <table> --><table><tr><td title='>'>x</td></tr></table>",
                vec!["0: x"],
            ),
            ("<table><tr><td><table><tr><td>in</td></tr></table>out</td></tr></table>", vec!["1: in", "0: out"]),
            ("no table at all < 3", vec![]),
        ] {
            for piece in [1, 7, 1000] {
                assert_eq!(rows(page, piece), expected, "{page} by {piece}");
            }
        }
    }
}

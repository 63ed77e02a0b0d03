//! CSV and its kin: the delimiter is found by trying, and a stray quote costs one row, not the file.

use memchr::{memchr, memchr2};

use super::{Container, Emit, Plan, Rows, Sheet, sample};
use crate::error::Result;
use crate::ingest::bytes::Bytes;
use crate::ingest::encoding::{Coding, Decoded};
use crate::ingest::table::Cell;
use crate::ingest::vocabulary::known;
use crate::said;
use crate::words::limits;

/// How cells are parted.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dialect {
    delimiter: u8,
    /// False if quotes are characters like all others.
    quotes: bool,
    /// Lines end in `\r` alone.
    old_mac: bool,
}

struct Delimited {
    bytes: Bytes,
    coding: Coding,
    dialect: Dialect,
    broken: u64,
}

/// A table of this text, which begins with `head`.
pub fn open(bytes: Bytes, coding: Coding, head: &str) -> Box<dyn Container> {
    let dialect = Dialect::of(whole_lines(head));
    Box::new(Delimited { bytes, coding, dialect, broken: 0 })
}

/// Without the last line, if that may be cut off.
fn whole_lines(head: &str) -> &str {
    match head.rfind(['\n', '\r']) {
        Some(end) if head.len() >= 16 << 10 => &head[..=end],
        _ => head,
    }
}

impl Dialect {
    fn of(head: &str) -> Dialect {
        let old_mac = !head.contains('\n') && head.contains('\r');
        let mut best = Dialect { delimiter: b',', quotes: true, old_mac };
        let mut best_score = best.score(head);
        for delimiter in [b'\t', b';', b'|'] {
            let quoted = Dialect { delimiter, ..best };
            let score = quoted.score(head);
            if score > best_score + 1e-9 {
                (best, best_score) = (quoted, score);
            }
        }
        // Some exports part by tabs and know no quotes: then rows come out evener without them.
        let plain = Dialect { quotes: false, ..best };
        if best.delimiter == b'\t' && plain.score(head) > best_score + 1e-9 { plain } else { best }
    }

    /// How much this looks like a table: known names in the header row, and rows of one length.
    fn score(self, head: &str) -> f64 {
        let mut lengths = Vec::new();
        let mut names = 0;
        let mut at = 0;
        let mut cells = Cells::default();
        while at < head.len() && lengths.len() < 200 {
            let Step::Row(next, _) = self.row(&head[at..], true, &mut cells) else { break };
            let row = cells.of(&head[at..]);
            if lengths.len() < 10 {
                names = names.max(row.clone().filter(|c| !known().fields(c).is_empty()).count());
            }
            if row.clone().any(|c| !c.trim().is_empty()) {
                lengths.push(row.count());
            }
            at += next.max(1);
        }
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        lengths.iter().for_each(|n| *counts.entry(*n).or_default() += 1);
        let usual = counts.iter().max_by_key(|(n, count)| (**count, **n)).map_or(0, |(n, _)| *n);
        let even = counts.get(&usual).copied().unwrap_or(0) as f64 / lengths.len().max(1) as f64;
        if usual < 2 { names as f64 } else { even + names as f64 * 2.0 + (usual.min(20) as f64) / 100.0 }
    }

    fn name(self) -> &'static str {
        match self.delimiter {
            b'\t' => "tsv",
            b';' => "csv-semicolon",
            b'|' => "csv-pipe",
            _ => "csv",
        }
    }

    fn line_end(self) -> u8 {
        if self.old_mac { b'\r' } else { b'\n' }
    }
}

/// The cells of one row: places in the text, or in the scratch where quotes had to be undone.
#[derive(Default)]
struct Cells {
    places: Vec<Place>,
    scratch: String,
}

#[derive(Clone, Copy)]
struct Place {
    start: usize,
    end: usize,
    in_scratch: bool,
}

impl Cells {
    fn of<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> + Clone {
        self.places
            .iter()
            .map(move |p| if p.in_scratch { &self.scratch[p.start..p.end] } else { &text[p.start..p.end] })
    }

    fn plain(&mut self, start: usize, end: usize) {
        self.push(Place { start, end, in_scratch: false });
    }

    fn push(&mut self, place: Place) {
        if self.places.len() < MOST_CELLS {
            self.places.push(place);
        }
    }
}

enum Step {
    /// One row, up to this byte, over this many lines.
    Row(usize, u64),
    /// A quoted cell of this row is never closed.
    Unclosed,
    /// The text ends inside the row.
    More,
}

/// Most cells of a row that are told apart: no table is so wide, and a line of nothing but commas may be long.
const MOST_CELLS: usize = 1 << 14;
/// A quoted cell longer than this is a stray quote.
const QUOTED_BYTES: usize = limits::FIELD_BYTES;

impl Dialect {
    /// Parts one row from the start of `text`.
    fn row(self, text: &str, at_end: bool, cells: &mut Cells) -> Step {
        cells.places.clear();
        cells.scratch.clear();
        let bytes = text.as_bytes();
        let (mut at, mut lines) = (0, 1);
        loop {
            let start = at;
            let quote = self.quotes && opens(bytes, start);
            if let Some(quote) = quote.then(|| start + blanks(&bytes[start..])) {
                match self.quoted(text, quote, at_end, cells) {
                    Ok((end, more_lines)) => {
                        at = end;
                        lines += more_lines;
                    }
                    Err(Step::Unclosed) => return self.unquoted_row(text, at_end, cells),
                    Err(step) => return step,
                }
            } else {
                match memchr2(self.delimiter, self.line_end(), &bytes[start..]) {
                    Some(found) => at = start + found,
                    None if at_end => at = bytes.len(),
                    None => return Step::More,
                }
                let line_ends = at == bytes.len() || bytes[at] != self.delimiter;
                let end = if line_ends && at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
                cells.plain(start, end);
            }
            if at >= bytes.len() {
                return Step::Row(at, lines);
            }
            at += 1;
            if bytes[at - 1] != self.delimiter {
                return Step::Row(at, lines);
            }
            if at >= bytes.len() {
                // The row ends in a delimiter at the end of what is there.
                if !at_end {
                    return Step::More;
                }
                cells.plain(at, at);
                return Step::Row(at, lines);
            }
        }
    }

    /// Reads a quoted cell; returns where the delimiter or line end after it stands, and the lines crossed.
    fn quoted(
        self,
        text: &str,
        quote: usize,
        at_end: bool,
        cells: &mut Cells,
    ) -> std::result::Result<(usize, u64), Step> {
        let bytes = text.as_bytes();
        let (mut at, mut from, mut lines) = (quote + 1, quote + 1, 0);
        let scratch_start = cells.scratch.len();
        let mut undone = false;
        loop {
            let Some(found) = memchr(b'"', &bytes[at..]) else {
                let unclosed = at_end || bytes.len() - quote > QUOTED_BYTES;
                return Err(if unclosed { Step::Unclosed } else { Step::More });
            };
            let end = at + found;
            lines += memchr::memchr_iter(self.line_end(), &bytes[at..end]).count() as u64;
            match bytes.get(end + 1) {
                None if !at_end => return Err(Step::More),
                Some(b'"') => {
                    cells.scratch.push_str(&text[from..=end]);
                    undone = true;
                    at = end + 2;
                    from = at;
                    continue;
                }
                _ => {}
            }
            let after = end + 1 + trailing(&bytes[end + 1..], self.delimiter);
            let closes = match bytes.get(after) {
                None => at_end,
                Some(b) => *b == self.delimiter || *b == self.line_end(),
            };
            if closes {
                if undone {
                    cells.scratch.push_str(&text[from..end]);
                    let place = Place { start: scratch_start, end: cells.scratch.len(), in_scratch: true };
                    cells.push(place);
                } else {
                    cells.plain(from, end);
                }
                return Ok((after, lines));
            }
            if bytes.get(after).is_none() {
                return Err(Step::More);
            }
            // A quote inside a quoted cell: kept, but a cell of several lines that has one was never quoted.
            if lines > 0 {
                return Err(Step::Unclosed);
            }
            at = end + 1;
        }
    }

    /// The line as if quotes meant nothing, for a row whose quote is never closed.
    fn unquoted_row(self, text: &str, at_end: bool, cells: &mut Cells) -> Step {
        cells.scratch.clear();
        let plain = Dialect { quotes: false, ..self };
        plain.row(text, at_end, cells)
    }
}

/// True if a quoted cell begins here, blanks before the quote allowed.
fn opens(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + blanks(&bytes[at..])) == Some(&b'"')
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| **b == b' ').count()
}

/// Blanks and a carriage return between a closing quote and what follows.
fn trailing(bytes: &[u8], delimiter: u8) -> usize {
    bytes.iter().take_while(|b| matches!(**b, b' ' | b'\r' | b'\t') && **b != delimiter).count()
}

impl Delimited {
    fn read(&mut self, plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        self.bytes.rewind()?;
        let name = self.bytes.name.clone();
        let failed = |e| crate::error::Error::file(std::path::Path::new(&name), e);
        let mut decoded = Decoded::new(&mut self.bytes, self.coding).map_err(failed)?;
        let mut rows = Rows::new(emit);
        let mut cells = Cells::default();
        let mut window = String::new();
        let (mut number, mut at_end, mut enough, mut lost) = (1u64, false, 0, false);
        while !at_end {
            while !at_end && window.len() <= enough {
                at_end = !decoded.more(&mut window).map_err(failed)?;
            }
            let mut at = 0;
            if lost {
                let end = memchr(self.dialect.line_end(), window.as_bytes());
                at = end.map_or(window.len(), |end| end + 1);
                lost = end.is_none();
                number += u64::from(!lost);
            }
            while at < window.len() {
                let rest = &window[at..];
                match self.dialect.row(rest, at_end, &mut cells) {
                    Step::Row(next, lines) => {
                        self.dialect.give(rest, &cells, plan, number, &mut rows)?;
                        at += next;
                        number += lines;
                    }
                    _ if rest.len() > limits::LINE_BYTES => {
                        rows.lose(number, "long_line", said!("这一行太长", "the line is too long"))?;
                        // The rest of the line is dropped as it comes.
                        lost = true;
                        at = window.len();
                    }
                    _ => break,
                }
            }
            window.drain(..at);
            // A row that has not ended is looked at again when twice as much of it is there.
            enough = (2 * window.len()).min(limits::LINE_BYTES);
        }
        self.broken = decoded.broken;
        rows.finish()
    }
}

impl Dialect {
    /// Hands a row on. Cells beyond the last column of a carelessly joined row belong to the text.
    fn give(self, text: &str, cells: &Cells, plan: &Plan, number: u64, rows: &mut Rows<'_, '_>) -> Result<()> {
        let places = &cells.places;
        let mut len = places.len();
        if len == 1 && cells.of(text).all(|c| c.trim().is_empty()) {
            return Ok(());
        }
        let empty = |p: &Place| p.start == p.end;
        while plan.columns > 0 && len > plan.columns && empty(&places[len - 1]) {
            len -= 1;
        }
        let surplus = if plan.columns > 0 { len.saturating_sub(plan.columns) } else { 0 };
        let joined = plan.text.filter(|t| surplus > 0 && places[*t..=*t + surplus].iter().all(|p| !p.in_scratch));
        let mut column = 0;
        while column < len.min(limits::COLUMNS) {
            let place = places[column];
            if joined == Some(column) {
                rows.push(Cell::Text(&text[place.start..places[column + surplus].end]));
                column += surplus + 1;
                continue;
            }
            let from = if place.in_scratch { cells.scratch.as_str() } else { text };
            rows.push(Cell::Text(&from[place.start..place.end]));
            column += 1;
        }
        rows.end_row(number)
    }
}

impl Container for Delimited {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let container = self.dialect.name().to_string();
        let sample = sample(|emit| self.read(&Plan::default(), emit))?;
        Ok(vec![Sheet { container, sample, ..Sheet::default() }])
    }

    fn rows(&mut self, _sheet: usize, plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        self.read(plan, emit)
    }

    fn broken(&self) -> u64 {
        self.broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a text, read in pieces as small as can be: by one row at a time.
    fn rows(text: &str) -> Vec<Vec<String>> {
        let dialect = Dialect::of(text);
        let (mut cells, mut at, mut out) = (Cells::default(), 0, Vec::new());
        while at < text.len() {
            let Step::Row(next, _) = dialect.row(&text[at..], true, &mut cells) else { panic!() };
            out.push(cells.of(&text[at..]).map(str::to_string).collect());
            at += next;
        }
        out
    }

    #[test]
    fn cells_come_out_whatever_parts_them() {
        let cases: &[(&str, &[&[&str]])] = &[
            ("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
            ("a;b\r\n1;\"2;3\"\r\n", &[&["a", "b"], &["1", "2;3"]]),
            ("a\tb\n1\t2", &[&["a", "b"], &["1", "2"]]),
            ("a|b|c\n1|2|3\n", &[&["a", "b", "c"], &["1", "2", "3"]]),
            ("a,b\r1,2\r", &[&["a", "b"], &["1", "2"]]),
            ("a,b\n1,\"x \"\"y\"\"\nz\"\n", &[&["a", "b"], &["1", "x \"y\"\nz"]]),
            ("a,b,c\n1,,\n", &[&["a", "b", "c"], &["1", "", ""]]),
            ("a, \"b,c\" ,d\n", &[&["a", "b,c", "d"]]),
            // Quotes that mean nothing.
            (
                "id,text\n1,5\" screen\n2,\"good\" one\n",
                &[&["id", "text"], &["1", "5\" screen"], &["2", "\"good\" one"]],
            ),
            ("a,b\n\"said \"great\" stuff, ok\",5\n", &[&["a", "b"], &["said \"great\" stuff, ok", "5"]]),
        ];
        for (text, expected) in cases {
            assert_eq!(rows(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_stray_quote_costs_one_row() {
        let mut text = String::from("id,text,date\n1,\"never closed,2026-01-01\n");
        for n in 2..50 {
            text.push_str(&format!("{n},\"said \"\"x\"\"\",2026-01-01\n{n},plain,2026-01-01\n"));
        }
        let found = rows(&text);
        assert_eq!(found.len(), 1 + 1 + 96);
        assert_eq!(found[1], ["1", "\"never closed", "2026-01-01"]);
        assert_eq!(found[2], ["2", "said \"x\"", "2026-01-01"]);
    }
}

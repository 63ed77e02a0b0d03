//! HTML tables, which many back offices save under the name .xls.

use scraper::{ElementRef, Html, Selector};

use super::{Container, Emit, Plan, Rows, Sheet, sample};
use crate::error::Result;
use crate::ingest::bytes::Bytes;
use crate::ingest::encoding::{self, Coding};
use crate::ingest::table::Cell;
use crate::words::limits;

/// Largest HTML file: it is held as a whole.
const HTML_BYTES: u64 = 128 << 20;

/// The tables of a page, as texts.
struct Page {
    tables: Vec<Vec<Vec<String>>>,
    broken: u64,
}

/// Reads the tables of a page; tables inside tables stand for themselves.
pub fn open(mut bytes: Bytes, coding: Coding) -> Result<Box<dyn Container>> {
    if bytes.len > HTML_BYTES {
        return Err(crate::ingest::bytes::too_large(&bytes.name, HTML_BYTES));
    }
    let text = encoding::head_text(&mut bytes, coding, usize::MAX)?;
    let broken = text.matches('\u{FFFD}').count() as u64;
    let page = Html::parse_document(&text);
    let table = Selector::parse("table").expect("a fixed selector");
    let tables = page.select(&table).map(rows_of).filter(|rows| !rows.is_empty()).collect();
    Ok(Box::new(Page { tables, broken }))
}

fn rows_of(table: ElementRef<'_>) -> Vec<Vec<String>> {
    let is = |node: &ElementRef<'_>, names: &[&str]| names.contains(&node.value().name());
    let parts = table.child_elements().flat_map(|part| match is(&part, &["tr"]) {
        true => vec![part],
        false if is(&part, &["thead", "tbody", "tfoot"]) => part.child_elements().filter(|r| is(r, &["tr"])).collect(),
        false => Vec::new(),
    });
    let rows = parts.map(|row| {
        let mut cells = Vec::new();
        for cell in row.child_elements().filter(|c| is(c, &["td", "th"])) {
            let span = cell.attr("colspan").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1).clamp(1, 64);
            cells.push(text_of(cell));
            cells.extend(std::iter::repeat_n(String::new(), span - 1));
        }
        cells.truncate(limits::COLUMNS);
        cells
    });
    rows.filter(|row| !row.is_empty()).collect()
}

/// The text of a cell; breaks and paragraphs are line ends.
fn text_of(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in cell.descendants() {
        if let Some(found) = node.value().as_text() {
            // Line ends in the source are blanks on the page.
            let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
            let words = found.split(blank).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
            if !words.is_empty() {
                if found.starts_with(blank) && !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(&words);
                if found.ends_with(blank) {
                    text.push(' ');
                }
            }
        } else if node.value().as_element().is_some_and(|e| matches!(e.name(), "br" | "p" | "div" | "li"))
            && !text.is_empty()
        {
            text.push('\n');
        }
    }
    text.trim().to_string()
}

impl Page {
    fn read(&self, table: usize, emit: &mut Emit<'_>) -> Result<()> {
        let mut rows = Rows::new(emit);
        for (at, row) in self.tables[table].iter().enumerate() {
            row.iter().for_each(|cell| rows.push(Cell::Text(cell)));
            rows.end_row(at as u64 + 1)?;
        }
        rows.finish()
    }
}

impl Container for Page {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let sheet = |table: usize| {
            let sample = sample(|emit| self.read(table, emit))?;
            Ok(Sheet { container: "html".into(), sample, ..Sheet::default() })
        };
        (0..self.tables.len().min(64)).map(sheet).collect()
    }

    fn rows(&mut self, sheet: usize, _plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        self.read(sheet, emit)
    }

    fn broken(&self) -> u64 {
        self.broken
    }
}

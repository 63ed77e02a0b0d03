//! Files that hold no customer's words but say what became of them: orders, and after-sale cases. Their columns
//! are found by name, every row is accounted for, and names become tokens before anything is kept.

mod cases;
mod orders;

use super::bytes::{Bytes, Input};
use super::container::{Plan, Sheet, documents};
use super::meaning::dates::{Clock, read_cell};
use super::source::{DateOrder, Settings};
use super::table::{Cell, Row};
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Ledger, Moment};

pub use cases::read as cases;
pub use orders::read as orders;

/// A column that is looked for.
struct Wanted {
    /// The word in the ledger.
    key: &'static str,
    /// Its names, lower case, without spaces and brackets.
    names: &'static [&'static str],
    /// Without it the file is not what it should be.
    needed: bool,
}

/// A column's name as it is compared: lower case, letters, digits and Han only.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Rows looked at for the header.
const HEADER_WITHIN: usize = 12;

/// The header of a sheet: its row (0 if the container knows it) and the column of everything wanted.
fn header(sheet: &Sheet, wanted: &[Wanted]) -> Option<(u64, Vec<String>, Vec<Option<usize>>)> {
    let of = |names: &[String]| -> Option<Vec<Option<usize>>> {
        let plain: Vec<String> = names.iter().map(|n| plain(n)).collect();
        let at = |w: &Wanted| w.names.iter().find_map(|name| plain.iter().position(|p| p == name));
        let found: Vec<Option<usize>> = wanted.iter().map(at).collect();
        let whole = wanted.iter().zip(&found).all(|(w, at)| at.is_some() || !w.needed);
        (whole && found.iter().flatten().count() >= 2).then_some(found)
    };
    if let Some(headers) = &sheet.headers {
        return of(headers).map(|found| (0, headers.clone(), found));
    }
    (0..sheet.sample.len().min(HEADER_WITHIN)).find_map(|at| {
        let row = sheet.sample.row(at);
        let names: Vec<String> = row.cells().map(text).collect();
        of(&names).map(|found| (row.number(), names, found))
    })
}

/// The text of a cell, without what spreadsheets wrap around numbers.
fn text(cell: Cell<'_>) -> String {
    let text = match cell {
        Cell::Text(text) => text.trim().to_string(),
        Cell::Number(n) => format!("{n}"),
        Cell::Bool(b) => b.to_string(),
        Cell::Empty | Cell::Date(_) => String::new(),
    };
    let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(&text);
    text.trim_start_matches('\'').trim().to_string()
}

/// One row, by what was wanted.
struct Line<'a> {
    row: Row<'a>,
    columns: &'a [Option<usize>],
    clock: &'a Clock,
}

impl Line<'_> {
    fn cell(&self, at: usize) -> Cell<'_> {
        self.columns[at].map_or(Cell::Empty, |column| self.row.cell(column))
    }

    fn text(&self, at: usize) -> String {
        text(self.cell(at))
    }

    /// The moment of a cell; an error if there is something that is no date.
    fn moment(&self, at: usize) -> std::result::Result<Option<Moment>, ()> {
        match read_cell(self.cell(at)) {
            Ok(None) => Ok(None),
            Ok(Some(stated)) => self.clock.place(stated, None).map(Some).map_err(|_| ()),
            Err(_) => Err(()),
        }
    }

    /// A number such as `¥12.50` or `1,200`.
    fn number(&self, at: usize) -> Option<f64> {
        let text: String = self.text(at).chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
        text.parse().ok()
    }
}

/// Reads every sheet that has the wanted columns; `each` says why a row is left out, if it is.
fn lines(
    input: &Input<'_>,
    settings: &Settings<'_>,
    wanted: &[Wanted],
    what: (&str, &str),
    ledger: &mut Ledger,
    each: &mut dyn FnMut(&Line<'_>, &mut Ledger) -> Result<Option<&'static str>>,
) -> Result<()> {
    let mut bytes = Bytes::open(input, &settings.room)?;
    ledger.file = input.name();
    ledger.blake3 = bytes.fingerprint()?.to_hex().to_string();
    ledger.bytes = bytes.len;
    ledger.shop.clone_from(&settings.shop);
    let files = settings.zone.clone().unwrap_or_else(|| settings.home.clone());
    let mut clock = Clock::new(settings.home.clone(), files);
    clock.order = Some(settings.date_order.unwrap_or(DateOrder::MonthFirst));
    clock.captured = settings.captured;
    let mut found = false;
    for mut document in documents(bytes, settings)?.0 {
        for (at, sheet) in document.container.sheets()?.into_iter().enumerate() {
            let Some((head, names, columns)) = header(&sheet, wanted) else { continue };
            found = true;
            ledger.encoding = document.encoding.to_string();
            ledger.container = [document.packing, &sheet.container].concat();
            for (wanted, column) in wanted.iter().zip(&columns) {
                if let Some(column) = column {
                    ledger.mapping.insert(names[*column].clone(), wanted.key.to_string());
                }
            }
            let plan = Plan { columns: names.len(), ..Plan::default() };
            document.container.rows(at, &plan, &mut |mut batch| {
                for index in 0..batch.len() {
                    let row = batch.row(index);
                    if row.number() <= head || row.is_empty() {
                        continue;
                    }
                    ledger.rows += 1;
                    let line = Line { row, columns: &columns, clock: &clock };
                    match each(&line, ledger)? {
                        Some("repeat") => ledger.repeats += 1,
                        Some(reason) => ledger.leave_out(reason),
                        None => ledger.kept += 1,
                    }
                }
                batch.clear();
                Ok(batch)
            })?;
        }
    }
    if found {
        return Ok(());
    }
    let needed: Vec<&str> = wanted.iter().filter(|w| w.needed).map(|w| w.names[0]).collect();
    let (file, needed) = (input.name(), needed.join(", "));
    let (zh, en) = what;
    Err(Error::new("not_this_file", said!("{file}：看不出是{zh}", "{file}: this does not look like {en}"))
        .help(said!("表头里至少要有这些列：{needed}", "the header must have at least these columns: {needed}")))
}

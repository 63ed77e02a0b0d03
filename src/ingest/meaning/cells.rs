//! Cells of a row by field: the first column that holds something, else what the file says as a whole.

use std::borrow::Cow;

use crate::ingest::field::Field;
use crate::ingest::source::Source;
use crate::ingest::table::{Cell, LIST, Row};

/// The columns of every field, found once for a source.
pub struct Columns {
    of: Vec<Vec<usize>>,
    constants: Vec<(Field, String)>,
}

impl Columns {
    /// The columns of a source.
    pub fn new(source: &Source) -> Columns {
        let of = Field::ALL.iter().map(|f| source.mapping.of(*f).to_vec()).collect();
        Columns { of, constants: source.constants.clone() }
    }

    /// The columns of a field, best first.
    pub fn of(&self, field: Field) -> &[usize] {
        &self.of[field as usize]
    }

    /// True if a column or the file as a whole carries the field.
    pub fn has(&self, field: Field) -> bool {
        !self.of(field).is_empty() || self.constant(field).is_some()
    }

    /// What the file as a whole says.
    pub fn constant(&self, field: Field) -> Option<&str> {
        self.constants.iter().find(|(f, _)| *f == field).map(|(_, value)| value.trim()).filter(|v| !v.is_empty())
    }

    /// The first cell of a field that is not empty.
    pub fn cell<'r>(&'r self, row: Row<'r>, field: Field) -> Cell<'r> {
        let mut cells = self.of(field).iter().map(|column| row.cell(*column));
        match cells.find(|cell| !cell.is_empty()) {
            Some(cell) => cell,
            None => self.constant(field).map_or(Cell::Empty, Cell::Text),
        }
    }

    /// The text of a field, without blanks around it and without words that mean "nothing".
    pub fn text<'r>(&'r self, row: Row<'r>, field: Field) -> Option<Cow<'r, str>> {
        string(self.cell(row, field)).filter(|text| !is_nothing(text))
    }

    /// The values of a field whose cell holds a list, each with its place in the list.
    pub fn list<'r>(&'r self, row: Row<'r>, field: Field) -> Vec<(usize, String)> {
        let Some(text) = string(self.cell(row, field)) else { return Vec::new() };
        let parts = text.split(LIST).map(str::trim).enumerate();
        parts
            .filter(|(_, part)| !part.is_empty() && !is_nothing(part))
            .map(|(at, part)| (at, part.to_string()))
            .collect()
    }

    /// Whether a flag is set; `None` if the cell does not say.
    pub fn flag(&self, row: Row<'_>, field: Field) -> Option<bool> {
        match self.cell(row, field) {
            Cell::Bool(flag) => Some(flag),
            Cell::Number(n) => Some(n != 0.0),
            cell => flag(cell.text()?),
        }
    }
}

/// A yes or no in words.
pub fn flag(text: &str) -> Option<bool> {
    const YES: &[&str] = &["true", "yes", "y", "1", "是", "已", "有", "t"];
    const NO: &[&str] = &["false", "no", "n", "0", "否", "未", "无", "f", "none", "null"];
    let is = |words: &[&str]| words.iter().any(|w| text.eq_ignore_ascii_case(w));
    if is(YES) {
        Some(true)
    } else if is(NO) {
        Some(false)
    } else {
        None
    }
}

/// What a spreadsheet writes for a formula that failed, saved as text.
fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 7] = ["#N/A", "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NULL!", "#NUM!"];
    text.starts_with('#') && ERRORS.contains(&text)
}

/// The text of a cell of any type: whole numbers without a fraction.
pub fn string(cell: Cell<'_>) -> Option<Cow<'_, str>> {
    match cell {
        Cell::Empty | Cell::Error => None,
        Cell::Text(text) => Some(text.trim()).filter(|t| !t.is_empty() && !is_error(t)).map(Cow::Borrowed),
        Cell::Number(n) => Some(Cow::Owned(format!("{n}"))),
        Cell::Bool(flag) => Some(Cow::Owned(flag.to_string())),
        Cell::Date(at) => Some(Cow::Owned(at.to_string())),
    }
}

/// True if the cell holds only a sign or a word for "nothing here", as people and programs fill cells in that they
/// cannot leave empty.
pub fn says_nothing(text: &str) -> bool {
    const NOTHING: &[&str] = &[
        "-",
        "--",
        "—",
        "——",
        "/",
        "n/a",
        "#n/a",
        "na",
        "无",
        "無",
        "暂无",
        "未评分",
        "无评分",
        "暂无评分",
        "no rating",
        "not rated",
        "unrated",
    ];
    let text = text.trim();
    is_nothing(text) || is_error(text) || (text.len() <= 12 && NOTHING.iter().any(|n| text.eq_ignore_ascii_case(n)))
}

/// Words with which programs write an empty cell.
fn is_nothing(text: &str) -> bool {
    text.len() <= 4 && ["null", "nan", "none", "nil", "[]", "{}"].iter().any(|n| text.eq_ignore_ascii_case(n))
}

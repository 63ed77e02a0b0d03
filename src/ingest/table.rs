//! Rows of any container, as cells: what every reader of bytes fills and every reader of meaning takes.

use jiff::civil;

use crate::words::Said;

/// Parts the values of a repeated JSON or XML path within one cell (`appends[].content`).
pub const LIST: char = '\u{1f}';

/// One cell, borrowed from its batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text, also of every number that was text in the file: ids keep all their digits.
    Text(&'a str),
    /// A number that Excel kept as a float; whole numbers beyond 2^53 have lost digits.
    Number(f64),
    /// A date that Excel kept as such.
    Date(civil::DateTime),
    /// A truth value.
    Bool(bool),
    /// What a spreadsheet could not work out: `#NAME?`, `#N/A`.
    Error,
}

impl<'a> Cell<'a> {
    /// The text, trimmed; `None` if the cell is empty, blank or not text.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Cell::Text(text) => Some(text.trim()).filter(|t| !t.is_empty()),
            _ => None,
        }
    }

    /// True if nothing is in it.
    pub fn is_empty(self) -> bool {
        match self {
            Cell::Empty | Cell::Error => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Kept {
    Empty,
    Text(u32, u32),
    Number(f64),
    Date(civil::DateTime),
    Bool(bool),
    Error,
}

/// Some hundred rows in three buffers that are used again for the next rows.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    text: String,
    cells: Vec<Kept>,
    rows: Vec<(u64, u32)>,
    /// Rows that could not be read at all: number, code, and what was wrong.
    pub lost: Vec<(u64, &'static str, Said)>,
}

impl Batch {
    /// Forgets the rows and keeps the buffers.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        self.lost.clear();
    }

    /// Notes a row that could not be read at all.
    pub fn lose(&mut self, number: u64, code: &'static str, what: Said) {
        self.lost.push((number, code, what));
    }

    /// Adds the rows of another batch.
    pub fn append(&mut self, other: &Batch) {
        for index in 0..other.len() {
            let row = other.row(index);
            row.cells().for_each(|cell| self.push(cell));
            self.end_row(row.number());
        }
    }

    /// Adds a cell to the row under way.
    pub fn push(&mut self, cell: Cell<'_>) {
        self.cells.push(match cell {
            Cell::Empty | Cell::Text("") => Kept::Empty,
            Cell::Text(text) => {
                let start = self.text.len() as u32;
                self.text.push_str(text);
                Kept::Text(start, self.text.len() as u32)
            }
            Cell::Number(n) => Kept::Number(n),
            Cell::Date(at) => Kept::Date(at),
            Cell::Bool(b) => Kept::Bool(b),
            Cell::Error => Kept::Error,
        });
    }

    /// Ends the row under way. `number` is its place in the file from 1, header included.
    pub fn end_row(&mut self, number: u64) {
        self.rows.push((number, self.cells.len() as u32));
    }

    /// The row of this index.
    pub fn row(&self, index: usize) -> Row<'_> {
        let start = if index == 0 { 0 } else { self.rows[index - 1].1 };
        let (number, end) = self.rows[index];
        Row { batch: self, start: start as usize, end: end as usize, number }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes of text held.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}

/// One row, borrowed from its batch.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    batch: &'a Batch,
    start: usize,
    end: usize,
    number: u64,
}

impl<'a> Row<'a> {
    /// The cell of a column; empty past the end of the row.
    pub fn cell(self, column: usize) -> Cell<'a> {
        match self.batch.cells[self.start..self.end].get(column) {
            None | Some(Kept::Empty) => Cell::Empty,
            Some(&Kept::Text(start, end)) => Cell::Text(&self.batch.text[start as usize..end as usize]),
            Some(&Kept::Number(n)) => Cell::Number(n),
            Some(&Kept::Date(at)) => Cell::Date(at),
            Some(&Kept::Bool(b)) => Cell::Bool(b),
            Some(&Kept::Error) => Cell::Error,
        }
    }

    /// All cells.
    pub fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        (0..self.len()).map(move |column| self.cell(column))
    }

    /// Number of cells.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// True if every cell is empty.
    pub fn is_empty(self) -> bool {
        self.cells().all(Cell::is_empty)
    }

    /// Place of the row in the file from 1, header included.
    pub fn number(self) -> u64 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_row_by_row() {
        let at = civil::date(2026, 10, 31).at(8, 0, 0, 0);
        let mut batch = Batch::default();
        for number in [2, 4] {
            for cell in [Cell::Text("好"), Cell::Empty, Cell::Number(5.0), Cell::Date(at), Cell::Bool(true)] {
                batch.push(cell);
            }
            batch.end_row(number);
        }
        batch.end_row(5);
        assert_eq!(batch.len(), 3);
        let row = batch.row(1);
        assert_eq!((row.number(), row.len(), row.cell(0).text()), (4, 5, Some("好")));
        assert_eq!((row.cell(3), row.cell(9)), (Cell::Date(at), Cell::Empty));
        assert!(batch.row(2).is_empty());
    }
}

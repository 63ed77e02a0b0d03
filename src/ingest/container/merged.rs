//! Cells merged over several rows, as people merge the date of a day in sheets kept by hand: each row gets the value.

use jiff::civil;

use crate::ingest::table::{Batch, Cell};

/// The merged cells of one sheet, and what stands in them.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    spans: Vec<Span>,
}

#[derive(Clone, Debug)]
struct Span {
    column: usize,
    /// First and last row, from 1.
    rows: (u64, u64),
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Empty,
    Text(String),
    Number(f64),
    Date(civil::DateTime),
    Bool(bool),
}

impl Merged {
    /// Cells of one column over several rows: (column from 0, first row and last row from 1).
    pub fn new(spans: impl Iterator<Item = (usize, u64, u64)>) -> Merged {
        let span = |(column, first, last)| Span { column, rows: (first, last), value: Value::Empty };
        Merged { spans: spans.map(span).collect() }
    }

    /// True if nothing is merged.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The rows with the values of merged cells in each row that says anything.
    pub fn fill(&mut self, batch: &Batch) -> Batch {
        let mut out = Batch::default();
        for row in (0..batch.len()).map(|at| batch.row(at)) {
            let number = row.number();
            for span in self.spans.iter_mut().filter(|s| s.rows.0 == number) {
                span.value = Value::of(row.cell(span.column));
            }
            let reaches = |s: &&Span| s.rows.0 < number && number <= s.rows.1 && row.cell(s.column).is_empty();
            let filled: Vec<&Span> =
                if row.is_empty() { Vec::new() } else { self.spans.iter().filter(reaches).collect() };
            let width = filled.iter().map(|s| s.column + 1).fold(row.len(), usize::max);
            for column in 0..width {
                let merged = filled.iter().find(|s| s.column == column);
                out.push(merged.map_or(row.cell(column), |s| s.value.cell()));
            }
            out.end_row(number);
        }
        out
    }
}

impl Value {
    fn of(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Empty | Cell::Error => Value::Empty,
            Cell::Text(text) => Value::Text(text.to_string()),
            Cell::Number(n) => Value::Number(n),
            Cell::Date(at) => Value::Date(at),
            Cell::Bool(b) => Value::Bool(b),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Value::Empty => Cell::Empty,
            Value::Text(text) => Cell::Text(text),
            Value::Number(n) => Cell::Number(*n),
            Value::Date(at) => Cell::Date(*at),
            Value::Bool(b) => Cell::Bool(*b),
        }
    }
}

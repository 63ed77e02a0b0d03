//! Parquet, which is at home in `records`: its reader is handed in with the settings.

use super::{Container, Emit, Plan, Rows, Sheet, sample};
use crate::error::{Error, Result};
use crate::ingest::bytes::{self, Bytes};
use crate::ingest::source::Settings;
use crate::ingest::table::Cell;
use crate::said;

/// A reader of column files: gives its headers, and its rows cell by cell.
pub trait Columns: Send {
    /// Names of the columns; inner ones as `a.b`.
    fn headers(&self) -> Vec<String>;

    /// Gives every row.
    fn rows(&mut self, give: &mut dyn FnMut(&[Cell<'_>]) -> Result<()>) -> Result<()>;
}

/// Opens a reader of a file, given its name and all its bytes.
pub type OpenColumns = dyn Fn(&str, Vec<u8>) -> Result<Box<dyn Columns>> + Sync;

/// Largest file that is taken: it is held as a whole.
const PARQUET_BYTES: u64 = 1 << 30;

struct Table {
    columns: Box<dyn Columns>,
}

/// A Parquet file.
pub fn open(mut bytes: Bytes, settings: &Settings<'_>) -> Result<Box<dyn Container>> {
    let Some(open) = settings.columns else {
        let name = bytes::shown(&bytes.name);
        return Err(Error::new(
            "not_a_table",
            said!("{name}：这里不能读取 Parquet", "{name}: Parquet cannot be read here"),
        ));
    };
    let whole = bytes.whole(PARQUET_BYTES)?;
    Ok(Box::new(Table { columns: open(&bytes.name, whole)? }))
}

impl Table {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        let mut rows = Rows::new(emit);
        let mut number = 0;
        self.columns.rows(&mut |cells| {
            cells.iter().for_each(|cell| rows.push(*cell));
            number += 1;
            rows.end_row(number)
        })?;
        rows.finish()
    }
}

impl Container for Table {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let headers = Some(self.columns.headers());
        let sample = sample(|emit| self.read(emit))?;
        Ok(vec![Sheet { container: "parquet".into(), headers, sample, ..Sheet::default() }])
    }

    fn rows(&mut self, _sheet: usize, _plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        self.read(emit)
    }
}

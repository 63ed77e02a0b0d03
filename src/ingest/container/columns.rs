//! Parquet, which is at home in `records`: its reader is handed in with the settings.

use std::fs::File;

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

    /// Gives every row as texts; lists are joined by [`LIST`](crate::ingest::table::LIST).
    fn rows(&mut self, give: &mut dyn FnMut(&[Option<&str>]) -> Result<()>) -> Result<()>;
}

/// Opens a reader of a file, given its name for messages.
pub type OpenColumns = dyn Fn(&str, File) -> Result<Box<dyn Columns>> + Sync;

struct Table {
    columns: Box<dyn Columns>,
    name: String,
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
    // A reader of Parquet goes to and fro, so it gets a file of its own.
    let scratch = bytes.room.folder();
    let copied = tempfile::tempfile_in(&scratch).and_then(|mut file| {
        std::io::copy(&mut bytes, &mut file)?;
        Ok(file)
    });
    let file = copied.map_err(|e| Error::file(&scratch, e))?;
    let columns = bytes::guarded(&bytes.name, || open(&bytes.name, file))?;
    Ok(Box::new(Table { columns, name: bytes.name }))
}

impl Table {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        let mut rows = Rows::new(emit);
        let mut number = 0;
        bytes::guarded(&self.name, || {
            self.columns.rows(&mut |cells| {
                cells.iter().for_each(|cell| rows.push(cell.map_or(Cell::Empty, Cell::Text)));
                number += 1;
                rows.end_row(number)
            })
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

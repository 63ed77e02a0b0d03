//! Parquet files of others, row by row as text: exports of data warehouses, brought to the importer by `run`.

use std::fmt::Write as _;
use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Decimal128Array, RecordBatch};
use arrow_schema::{DataType, Field, TimeUnit};
use jiff::Timestamp;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::{Error, Result};
use crate::said;

/// Rows that are decoded at a time.
const ROWS: usize = 1024;
/// Deepest structure of columns inside columns that is entered.
const DEPTH: usize = 8;

/// A Parquet file that somebody else wrote.
pub struct Foreign {
    name: String,
    file: File,
    columns: Vec<Column>,
}

/// One column of plain values, and how to get there through columns that hold columns.
struct Column {
    header: String,
    path: Vec<usize>,
}

impl Foreign {
    /// Opens a file; `name` is for messages.
    pub fn open(name: &str, file: File) -> Result<Foreign> {
        let copy = file.try_clone().map_err(|e| broken(name, e))?;
        let schema = ParquetRecordBatchReaderBuilder::try_new(copy).map_err(|e| broken(name, e))?.schema().clone();
        let mut columns = Vec::new();
        for (at, field) in schema.fields().iter().enumerate() {
            find(field, field.name().clone(), vec![at], &mut columns);
        }
        Ok(Foreign { name: name.to_string(), file, columns })
    }

    /// Names of the columns; inner ones as `a.b`.
    pub fn headers(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.header.clone()).collect()
    }

    /// Gives every row as texts; a list of values is joined by U+001F.
    pub fn rows(&mut self, give: &mut dyn FnMut(&[Option<&str>]) -> Result<()>) -> Result<()> {
        let failed = |e: &dyn std::error::Error| broken(&self.name, std::io::Error::other(e.to_string()));
        let file = self.file.try_clone().map_err(|e| failed(&e))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| failed(&e))?;
        for batch in builder.with_batch_size(ROWS).build().map_err(|e| failed(&e))? {
            self.rows_of(&batch.map_err(|e| failed(&e))?, give)?;
        }
        Ok(())
    }

    fn rows_of(&self, batch: &RecordBatch, give: &mut dyn FnMut(&[Option<&str>]) -> Result<()>) -> Result<()> {
        let arrays: Vec<Option<ArrayRef>> = self.columns.iter().map(|c| inner(batch, &c.path)).collect();
        let mut texts = vec![String::new(); arrays.len()];
        for row in 0..batch.num_rows() {
            let filled = arrays.iter().zip(&mut texts).map(|(array, text)| {
                text.clear();
                array.as_ref().is_some_and(|array| write(array, row, text))
            });
            let filled: Vec<bool> = filled.collect();
            let cells: Vec<Option<&str>> = texts.iter().zip(&filled).map(|(t, f)| f.then_some(t.as_str())).collect();
            give(&cells)?;
        }
        Ok(())
    }
}

fn broken(name: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    Error::new(
        "broken_parquet",
        said!("{name}：Parquet 文件无法读取，可能已损坏", "{name}: the Parquet file cannot be read; it may be damaged"),
    )
    .help(said!("请重新导出，或改存为 CSV", "export it again, or save it as CSV"))
    .cause(cause)
}

/// Finds the columns of plain values under a field.
fn find(field: &Field, header: String, path: Vec<usize>, found: &mut Vec<Column>) {
    match field.data_type() {
        DataType::Struct(inner) if path.len() < DEPTH => {
            for (at, field) in inner.iter().enumerate() {
                let path = [path.as_slice(), &[at]].concat();
                find(field, format!("{header}.{}", field.name()), path, found);
            }
        }
        _ => found.push(Column { header, path }),
    }
}

fn inner(batch: &RecordBatch, path: &[usize]) -> Option<ArrayRef> {
    let (first, rest) = path.split_first()?;
    let mut array = batch.columns().get(*first)?.clone();
    for at in rest {
        array = array.as_struct_opt()?.columns().get(*at)?.clone();
    }
    Some(array)
}

/// Appends a value as text; false if there is none, or none that is text.
fn write(array: &ArrayRef, row: usize, out: &mut String) -> bool {
    if array.is_null(row) {
        return false;
    }
    macro_rules! number {
        ($type:ty) => {
            write!(out, "{}", array.as_primitive::<$type>().value(row)).is_ok()
        };
    }
    macro_rules! entry {
        ($type:ty) => {{
            let entries = array.as_dictionary::<$type>();
            entries.key(row).is_some_and(|key| key < entries.values().len() && write(entries.values(), key, out))
        }};
    }
    match array.data_type() {
        DataType::Utf8 => push(out, array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => push(out, array.as_string::<i64>().value(row)),
        DataType::Utf8View => push(out, array.as_string_view().value(row)),
        DataType::Boolean => push(out, if array.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal128(..) => {
            array.as_any().downcast_ref::<Decimal128Array>().is_some_and(|d| push(out, &d.value_as_string(row)))
        }
        DataType::Date32 => {
            instant(out, i64::from(array.as_primitive::<Date32Type>().value(row)), 86_400_000_000, false)
        }
        DataType::Date64 => instant(out, array.as_primitive::<Date64Type>().value(row), 1_000, false),
        DataType::Timestamp(unit, zone) => {
            let (value, micros) = match unit {
                TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().value(row), 1_000_000),
                TimeUnit::Millisecond => (array.as_primitive::<TimestampMillisecondType>().value(row), 1_000),
                TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().value(row), 1),
                TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().value(row) / 1_000, 1),
            };
            instant(out, value, micros, zone.is_some())
        }
        DataType::List(_) => list(out, &array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(out, &array.as_list::<i64>().value(row)),
        DataType::Dictionary(key, _) => match **key {
            DataType::Int8 => entry!(Int8Type),
            DataType::Int16 => entry!(Int16Type),
            DataType::Int32 => entry!(Int32Type),
            DataType::Int64 => entry!(Int64Type),
            DataType::UInt8 => entry!(UInt8Type),
            DataType::UInt16 => entry!(UInt16Type),
            DataType::UInt32 => entry!(UInt32Type),
            _ => false,
        },
        _ => false,
    }
}

fn push(out: &mut String, text: &str) -> bool {
    out.push_str(text);
    true
}

/// A count of so many microseconds since 1970 as `2026-10-31T08:05:00`, with `Z` if it is an instant.
fn instant(out: &mut String, value: i64, micros: i64, is_instant: bool) -> bool {
    let Some(at) = value.checked_mul(micros).and_then(|m| Timestamp::from_microsecond(m).ok()) else { return false };
    let text = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    push(out, &text) && (!is_instant || push(out, "Z"))
}

fn list(out: &mut String, values: &ArrayRef) -> bool {
    let mut any = false;
    for row in 0..values.len() {
        let before = out.len();
        if any {
            out.push('\u{1f}');
        }
        if write(values, row, out) {
            any = true;
        } else {
            out.truncate(before);
        }
    }
    any
}

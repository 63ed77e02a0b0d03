//! A tally as a Parquet table, for engines that would rather not read CSV.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt64Array};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::writer::failed;
use crate::error::Result;
use crate::stats::tally::Row;
use crate::words::Stance;

/// The bytes of a Parquet file with a row for each of these, in their order.
pub fn write_tally<'a>(rows: impl Iterator<Item = Row<'a>>) -> Result<Vec<u8>> {
    bytes(&rows.collect::<Vec<_>>()).map_err(|e| failed(Path::new("tally.parquet"), e))
}

fn bytes(rows: &[Row<'_>]) -> std::result::Result<Vec<u8>, ParquetError> {
    let text =
        |of: &dyn Fn(&Row<'_>) -> String| Arc::new(StringArray::from_iter_values(rows.iter().map(of))) as ArrayRef;
    let number =
        |of: &dyn Fn(&Row<'_>) -> u64| Arc::new(UInt64Array::from_iter_values(rows.iter().map(of))) as ArrayRef;
    let own: BooleanArray = rows.iter().map(|r| Some(r.own)).collect();
    let batch = RecordBatch::try_from_iter([
        ("period", text(&|r| r.period.to_string())),
        ("shop", text(&|r| r.shop.to_string())),
        ("own", Arc::new(own) as ArrayRef),
        ("sku", text(&|r| r.sku.to_string())),
        ("category", text(&|r| r.category.to_string())),
        ("stance", text(&|r| r.stance.map_or("", Stance::key).to_string())),
        ("mentions", number(&|r| r.mentions)),
        ("base", number(&|r| r.base)),
    ])?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.into_inner()
}

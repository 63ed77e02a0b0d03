//! The report as JSON: the whole of [`model::Report`](super::model::Report), with a schema version; docs/report-json.md
//! tells every field.

use std::io::Write;

use super::Report;
use crate::error::{Error, Result};
use crate::said;
use crate::words::Lang;

/// Writes the report; the language does not matter, names carry both.
pub fn write(report: &Report, _lang: Lang, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)
        .map_err(|e| Error::new("write", said!("报告没有写成", "the report could not be written")).cause(e))?;
    super::put(out, "\n")
}

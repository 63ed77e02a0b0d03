//! Adds lines to a text file that people also edit: whole or not at all, and never onto an unended line.

use std::fs;
use std::path::Path;

use crate::disk;
use crate::error::{Error, Result};

/// The text of a file; `None` if it is not there.
pub fn read(path: &Path) -> Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8(bytes).unwrap_or_else(|err| chinese(err.as_bytes())))),
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(err) => Err(Error::file(path, err)),
    }
}

/// A spreadsheet program may have saved the file in the old Chinese encoding.
fn chinese(bytes: &[u8]) -> String {
    encoding_rs::GB18030.decode(bytes).0.into_owned()
}

/// Appends `lines`, each ended, to the file; a new file begins with `head`.
pub fn append(path: &Path, head: &str, lines: &str) -> Result<()> {
    let mut text = read(path)?.unwrap_or_else(|| head.to_string());
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(lines);
    disk::write(path, text.as_bytes())
}

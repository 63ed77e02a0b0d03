//! The text of a JSON file as bytes, without what scripts wrap around it.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::ingest::bytes::Bytes;
use crate::ingest::encoding::{Coding, Decoded};
use crate::words::limits;

/// Length of `callback(` before the JSON; 0 if there is none.
pub fn wrapper(start: &str) -> usize {
    let name = start.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '/' | '*' | ' ')));
    match name {
        Some(at) if at > 0 && at < 200 && start[at..].starts_with('(') => {
            let rest = &start[at + 1..];
            at + 1 + (rest.len() - rest.trim_start().len())
        }
        _ => 0,
    }
}

/// The text of a file as UTF-8 bytes, with a limit on what one value may take.
pub struct Utf8<'b> {
    /// Where it comes from.
    pub decoded: Decoded<&'b mut Bytes>,
    text: String,
    at: usize,
    size: Rc<Cell<u64>>,
}

impl<'b> Utf8<'b> {
    /// The text of a file; `size` counts the bytes that are read.
    pub fn new(bytes: &'b mut Bytes, coding: Coding, size: Rc<Cell<u64>>) -> io::Result<Utf8<'b>> {
        Ok(Utf8 { decoded: Decoded::new(bytes, coding)?, text: String::new(), at: 0, size })
    }

    /// What is there to be read; empty at the end.
    fn ahead(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.text.len() {
            self.text.clear();
            self.at = 0;
            if !self.decoded.more(&mut self.text)? {
                break;
            }
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    /// The same as text, between values, where characters are whole.
    fn text_ahead(&mut self) -> io::Result<&str> {
        self.ahead()?;
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    /// Passes over `callback(`.
    pub fn skip_wrapper(&mut self) -> io::Result<()> {
        let ahead = self.text_ahead()?;
        let blank = ahead.len() - ahead.trim_start().len();
        let skip = blank + wrapper(ahead.trim_start());
        self.at += skip;
        Ok(())
    }

    /// Passes over what stands between documents: blanks, commas, the end of a callback and the start of
    /// the next; false at the end of the file.
    pub fn skip_between(&mut self) -> io::Result<bool> {
        loop {
            let ahead = self.text_ahead()?;
            if ahead.is_empty() {
                return Ok(false);
            }
            let rest = ahead
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ';' | ',' | '\u{feff}' | '\0'));
            let skip = ahead.len() - rest.len() + wrapper(rest);
            if skip == 0 {
                return Ok(true);
            }
            self.at += skip;
        }
    }

    /// The next line without its end; false at the end of the file.
    pub fn line(&mut self, line: &mut String) -> io::Result<bool> {
        line.clear();
        loop {
            let ahead = self.text_ahead()?;
            if ahead.is_empty() {
                return Ok(!line.is_empty());
            }
            if let Some(end) = ahead.find('\n') {
                line.push_str(&ahead[..end]);
                self.at += end + 1;
                return Ok(true);
            }
            if line.len() + ahead.len() > limits::LINE_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "line too long"));
            }
            line.push_str(ahead);
            self.at = self.text.len();
        }
    }
}

impl Read for Utf8<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead()?;
        let n = ahead.len().min(buf.len());
        buf[..n].copy_from_slice(&ahead[..n]);
        self.at += n;
        self.size.set(self.size.get() + n as u64);
        if self.size.get() > limits::ELEMENT_BYTES as u64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "one value is too large"));
        }
        Ok(n)
    }
}

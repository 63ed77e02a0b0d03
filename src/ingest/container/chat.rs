//! Text that is no table, chat logs above all: lines become rows in the hands of `meaning::chat`.

use super::{BATCH_BYTES, BATCH_ROWS, Container, Emit, Plan, Rows, Sheet, sample};
use crate::error::Result;
use crate::ingest::bytes::Bytes;
use crate::ingest::encoding::{self, Coding, Decoded};
use crate::ingest::meaning::chat::Log;
use crate::words::limits;

struct Chat {
    bytes: Bytes,
    coding: Coding,
    log: Log,
    broken: u64,
}

/// A text that `log` has recognised.
pub fn open(bytes: Bytes, coding: Coding, log: Log) -> Box<dyn Container> {
    Box::new(Chat { bytes, coding, log, broken: 0 })
}

impl Chat {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        // The log remembers what it has read, so every reading begins with a fresh one.
        let head = encoding::head_text(&mut self.bytes, self.coding, 64 << 10)?;
        let Some(mut log) = Log::sniff(&head) else { return Ok(()) };
        self.bytes.rewind()?;
        let name = self.bytes.name.clone();
        let failed = |e| crate::error::Error::file(std::path::Path::new(&name), e);
        let mut decoded = Decoded::new(&mut self.bytes, self.coding).map_err(failed)?;
        let mut rows = Rows::new(emit);
        let mut window = String::new();
        let (mut number, mut at_end) = (0, false);
        while !at_end {
            at_end = !decoded.more(&mut window).map_err(failed)?;
            let mut at = 0;
            while at < window.len() {
                let rest = &window[at..];
                let end = match rest.find('\n') {
                    Some(end) => end,
                    None if at_end || rest.len() > limits::FIELD_BYTES => rest.len(),
                    None => break,
                };
                number += 1;
                let line = &rest[..rest.floor_char_boundary(end.min(limits::FIELD_BYTES))];
                log.line(number, line.trim_end_matches('\r'), rows.batch());
                rows.hand_on(BATCH_ROWS, BATCH_BYTES)?;
                at += (end + 1).min(rest.len());
            }
            window.drain(..at);
        }
        log.finish(rows.batch());
        self.broken = decoded.broken;
        rows.finish()
    }
}

impl Container for Chat {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let sample = sample(|emit| self.read(emit))?;
        Ok(vec![Sheet {
            container: "text".into(),
            headers: Some(self.log.headers().iter().map(|h| h.to_string()).collect()),
            sample,
            profile: Some(self.log.profile()),
            ..Sheet::default()
        }])
    }

    fn rows(&mut self, _sheet: usize, _plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        self.read(emit)
    }

    fn broken(&self) -> u64 {
        self.broken
    }
}

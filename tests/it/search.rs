//! Search finds exactly the records that hold the phrase: no more, no fewer, in any arrangement of files.

use std::collections::BTreeSet;
use std::path::Path;

use earful::index::{Doc, Found, Heard, Index, Order, Piece, Query};
use earful::text::fold;
use earful::words::{Moment, Record, Speaker, TurnKind, TurnView};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::store::review;

/// One message: who, what kind, what.
type Said = (Speaker, TurnKind, String);

/// Records in files, as an index sees them.
struct Corpus {
    files: Vec<Vec<(Option<Moment>, Vec<Said>)>>,
}

impl Corpus {
    fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (file, records) in self.files.iter().enumerate() {
            let id = blake3::hash(format!("{records:?}").as_bytes()).to_hex().to_string();
            // Row groups of at most seven rows.
            for start in (0..records.len()).step_by(7) {
                let rows = (records.len() - start).min(7) as u32;
                pieces.push(Piece { file, id: id.clone(), start: start as u32, rows, bytes: 1 });
            }
        }
        pieces
    }

    fn open(&self, folder: &Path) -> Index {
        let pieces = self.pieces();
        Index::open(folder, pieces.clone(), |at, add| {
            let piece = &pieces[at];
            let rows = piece.start as usize..(piece.start + piece.rows) as usize;
            self.files[piece.file][rows].iter().try_for_each(|(time, turns)| {
                let view = |(speaker, kind, text): &'_ Said| -> TurnView<'_> {
                    TurnView { speaker: *speaker, kind: *kind, text: unsafe { &*(text.as_str() as *const str) } }
                };
                let turns: Vec<TurnView> = turns.iter().map(view).collect();
                add(Doc { time: *time, turns: &turns })
            })
        })
        .unwrap()
    }
}

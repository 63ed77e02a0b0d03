//! One record, several rows: which row is the newest, which the first, and what an import has seen before.

use rayon::prelude::*;
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;

use super::schema::Fields;
use super::store::Store;
use super::writer::silence_key;
use crate::error::Result;
use crate::words::{Record, Uid};

/// Hash of what was said: stars, time, SKU, variant, given category and all turns. Two rows of one record
/// with the same hash say the same; the row in the source file and titles that a shop may edit do not matter.
pub fn version(record: &Record) -> u64 {
    let mut hash = blake3::Hasher::new();
    let mut text = |part: &str| {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    text(record.kind.key());
    text(&record.sku);
    text(record.stars.as_ref().map_or("", |s| &s.raw));
    text(record.silence.map_or("", silence_key));
    text(record.given.as_deref().unwrap_or(""));
    for (name, value) in &record.variant {
        text(name);
        text(value);
    }
    for turn in &record.turns {
        text(turn.agent.as_deref().unwrap_or(""));
        text(&turn.text);
    }
    let mut number = |n: i64| {
        hash.update(&n.to_le_bytes());
    };
    number(record.time.map_or(i64::MIN, |t| t.0));
    number(record.variant.len() as i64);
    for turn in &record.turns {
        number(turn.time.map_or(i64::MIN, |t| t.0));
        number((turn.speaker as i64) << 8 | turn.kind as i64);
    }
    let bytes = hash.finalize();
    u64::from_le_bytes(bytes.as_bytes()[..8].try_into().expect("eight bytes"))
}

/// What an import finds when it meets a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Never seen: it is kept.
    New,
    /// Seen, but it said something else: it is kept, and the newest counts.
    Changed,
    /// Seen with just these words, in this import or an earlier one: a repeat.
    Repeat,
}

/// Every (record, version) that a workspace holds: 16 bytes each.
#[derive(Default)]
pub struct Known {
    /// Sorted.
    stored: Vec<(u64, u64)>,
    fresh: FxHashSet<(u64, u64)>,
    fresh_uids: FxHashSet<u64>,
}

impl Known {
    /// Reads what the workspace holds.
    pub fn load(store: &Store) -> Result<Known> {
        let parts = store.scan(Fields::UID | Fields::VERSION, |batch| {
            (0..batch.len()).map(|at| (batch.uid(at).0, batch.version(at))).collect::<Vec<_>>()
        })?;
        let mut stored = Vec::with_capacity(store.rows() as usize);
        parts.into_iter().for_each(|part| stored.extend(part));
        stored.par_sort_unstable();
        Ok(Known { stored, ..Known::default() })
    }

    /// Meets a record, and remembers it.
    pub fn meet(&mut self, record: &Record) -> Meeting {
        let pair = (record.uid.0, version(record));
        let at = self.stored.partition_point(|known| *known < (pair.0, 0));
        let mut versions = self.stored[at..].iter().take_while(|known| known.0 == pair.0).peekable();
        let stored_uid = versions.peek().is_some();
        if versions.any(|known| *known == pair) || !self.fresh.insert(pair) {
            return Meeting::Repeat;
        }
        let fresh_uid = self.fresh_uids.insert(pair.0);
        if stored_uid || !fresh_uid { Meeting::Changed } else { Meeting::New }
    }

    /// True if the record is in the workspace or has been met.
    pub fn has(&self, uid: Uid) -> bool {
        let at = self.stored.partition_point(|known| *known < (uid.0, 0));
        self.stored.get(at).is_some_and(|known| known.0 == uid.0) || self.fresh_uids.contains(&uid.0)
    }
}

/// Per record file, in the order of [`Store::files`], the rows that count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Rows that hold the newest version of their record: what everything counts.
    pub current: Vec<RoaringBitmap>,
    /// Rows that hold the first version of their record: what "as first given" counts.
    pub first: Vec<RoaringBitmap>,
}

impl Snapshot {
    /// Finds the newest and the first version of every record. A later file is newer, and so is a later row.
    pub fn take(store: &Store) -> Result<Snapshot> {
        let parts = store.scan(Fields::UID, |batch| {
            let place = |at: usize| (batch.file() as u64) << 32 | u64::from(batch.start() + at as u32);
            (0..batch.len()).map(|at| (batch.uid(at).0, place(at))).collect::<Vec<_>>()
        })?;
        let mut rows = Vec::with_capacity(store.rows() as usize);
        parts.into_iter().for_each(|part| rows.extend(part));
        rows.par_sort_unstable();

        let whole = |rows: u64| {
            let mut all = RoaringBitmap::new();
            all.insert_range(0..rows as u32);
            all
        };
        let all: Vec<RoaringBitmap> = store.files().iter().map(|file| whole(file.rows)).collect();
        let mut snapshot = Snapshot { current: all.clone(), first: all };
        let drop_from = |maps: &mut [RoaringBitmap], (_, place): (u64, u64)| {
            maps[(place >> 32) as usize].remove(place as u32);
        };
        for pair in rows.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            drop_from(&mut snapshot.current, pair[0]);
            drop_from(&mut snapshot.first, pair[1]);
        }
        Ok(snapshot)
    }

    /// Records: each counted once, whatever its number of versions.
    pub fn records(&self) -> u64 {
        self.current.iter().map(RoaringBitmap::len).sum()
    }
}

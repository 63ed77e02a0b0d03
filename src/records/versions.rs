//! One record, several rows: which row is the newest, which the first, and what an import has seen before.

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::schema::Fields;
use super::store::Store;
use super::writer::silence_key;
use crate::disk::Pairs;
use crate::error::Result;
use crate::words::Record;

/// Hash of what was said: stars, time, SKU, variant, given category and all turns. Two rows of one record
/// with the same hash say the same; the row in the source file and titles that a shop may edit do not matter.
pub fn version(record: &Record) -> u64 {
    let mut hash = Mix::default();
    hash.text(record.kind.key());
    hash.text(&record.sku);
    hash.text(record.stars.as_ref().map_or("", |s| &s.raw));
    hash.text(record.silence.map_or("", silence_key));
    hash.text(record.given.as_deref().unwrap_or(""));
    hash.number(record.time.map_or(u64::MAX, |t| t.0 as u64));
    hash.number(record.variant.len() as u64);
    for (name, value) in &record.variant {
        hash.text(name);
        hash.text(value);
    }
    for turn in &record.turns {
        hash.number((turn.speaker as u64) << 8 | turn.kind as u64);
        hash.number(turn.time.map_or(u64::MAX, |t| t.0 as u64));
        hash.text(turn.agent.as_deref().unwrap_or(""));
        hash.text(&turn.text);
    }
    hash.0
}

/// A hash of words of eight bytes: every word is multiplied into the whole, both halves of the product
/// count. It stands in files, so it must never change.
struct Mix(u64);

impl Default for Mix {
    fn default() -> Mix {
        Mix(0x9E37_79B9_7F4A_7C15)
    }
}

impl Mix {
    fn number(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * u128::from(0xD6E8_FEB8_6659_FD93_u64);
        self.0 = (product as u64 ^ (product >> 64) as u64).wrapping_add(0xA076_1D64_78BD_642F);
    }

    fn text(&mut self, text: &str) {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        words.iter().for_each(|word| self.number(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.number(u64::from_le_bytes(last));
        self.number(text.len() as u64);
    }
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

/// Row groups whose keys are read at once.
const AT_ONCE: usize = 32;

/// Every (record, version) that a workspace holds. It takes no more memory than its pairs do.
pub struct Known {
    /// A record -> the version that was met first; (record, version) -> nothing, for the others.
    pairs: Pairs,
}

impl Known {
    /// Reads what the workspace holds into these pairs, which are empty.
    pub fn load(store: &Store, pairs: Pairs) -> Result<Known> {
        let mut known = Known { pairs };
        for units in store.units().chunks(AT_ONCE) {
            let parts = store.scan_units(units, Fields::UID | Fields::VERSION, |batch| {
                (0..batch.len()).map(|at| (batch.uid(at).0, batch.version(at))).collect::<Vec<_>>()
            })?;
            for (uid, version) in parts.into_iter().flatten() {
                known.note(uid, version)?;
            }
        }
        Ok(known)
    }

    /// What is held of a record, which is not remembered.
    pub fn look(&self, record: &Record) -> Result<Meeting> {
        self.meeting(record.uid.0, || version(record))
    }

    /// Meets a record, and remembers it.
    pub fn meet(&mut self, record: &Record) -> Result<Meeting> {
        self.note(record.uid.0, version(record))
    }

    /// What a version is to what is held of its record. Nearly every record is new: only of the others is the version
    /// asked for.
    fn meeting(&self, uid: u64, version: impl FnOnce() -> u64) -> Result<Meeting> {
        let Some(first) = self.pairs.get(uid)? else { return Ok(Meeting::New) };
        let version = version();
        let is_held = first == version || self.pairs.get(both(uid, version))?.is_some();
        Ok(if is_held { Meeting::Repeat } else { Meeting::Changed })
    }

    fn note(&mut self, uid: u64, version: u64) -> Result<Meeting> {
        let meeting = self.meeting(uid, || version)?;
        match meeting {
            Meeting::New => self.pairs.put(uid, version)?,
            Meeting::Changed => self.pairs.put(both(uid, version), 0)?,
            Meeting::Repeat => None,
        };
        Ok(meeting)
    }
}

/// One number for a record and a version of it.
fn both(uid: u64, version: u64) -> u64 {
    let mut mix = Mix(uid);
    mix.number(version);
    mix.0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_what_was_said_stays_and_spreads() {
        let hash = |texts: &[&str]| {
            let mut mix = Mix::default();
            texts.iter().for_each(|text| mix.text(text));
            mix.0
        };
        // Written into files: these numbers never change.
        assert_eq!(
            [hash(&[]), hash(&[""]), hash(&["裤子偏小一码"])],
            [11400714819323198485, 7271475328369216071, 2506664546384061773]
        );
        assert_ne!(hash(&["a", "b"]), hash(&["ab", ""]));
        assert_ne!(hash(&["a"]), hash(&["a\0"]));
        let mut all: Vec<u64> = (0..200_000).map(|i| hash(&[&format!("第{i}条"), "好"])).collect();
        // No bit leans to one side.
        for bit in 0..64 {
            let ones = all.iter().filter(|h| *h >> bit & 1 == 1).count();
            assert!((98_500..101_500).contains(&ones), "bit {bit}: {ones}");
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 200_000);
    }
}

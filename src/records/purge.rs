//! Takes records out for good: before a day, or of one buyer. The only thing that ever changes a fact.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::schema::Fields;
use super::store::Store;
use super::writer::Writer;
use crate::error::Result;
use crate::words::{Day, Token, Uid};

/// What is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purge {
    /// Everything written before this day. A record without a time stays.
    Before(Day),
    /// Everything of this buyer.
    Buyer(Token),
}

/// What a purge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records taken out.
    pub records: u64,
    /// Rows taken out: every version of those records.
    pub rows: u64,
    /// Files rewritten.
    pub files: u64,
}

/// Takes records out, with every version of each. File by file, each rewritten beside the old one and put
/// in its place at once; a purge that was interrupted is finished by running it again. An emptied file
/// stays, with its ledger. Only for the one writer.
pub fn purge(folder: &Path, what: Purge) -> Result<Purged> {
    let store = Store::open(folder)?;
    let uids = meant(&store, what)?;
    let mut purged = Purged { records: uids.len() as u64, ..Purged::default() };
    if uids.is_empty() {
        return Ok(purged);
    }
    for (place, file) in store.files().iter().enumerate() {
        let units = store.units_of(place);
        let hits = store.scan_units(&units, Fields::UID, |batch| {
            (0..batch.len()).filter(|at| uids.contains(&batch.uid(*at))).count() as u64
        })?;
        let rows: u64 = hits.iter().sum();
        if rows == 0 {
            continue;
        }
        let mut writer = Writer::begin(folder, &file.zone)?;
        for unit in units {
            let batch = store.read(unit, Fields::ALL)?;
            for at in (0..batch.len()).filter(|at| !uids.contains(&batch.uid(*at))) {
                writer.push(&batch.record(at))?;
            }
        }
        writer.replace(&file.path, &file.source, &file.ledger, file.purged + rows)?;
        purged.rows += rows;
        purged.files += 1;
    }
    Ok(purged)
}

/// How many records that would take out.
pub fn would_purge(folder: &Path, what: Purge) -> Result<u64> {
    Ok(meant(&Store::open(folder)?, what)?.len() as u64)
}

fn meant(store: &Store, what: Purge) -> Result<FxHashSet<Uid>> {
    let parts = store.scan(Fields::UID | Fields::TIME | Fields::BUYER, |batch| {
        let out = |at: &usize| match what {
            Purge::Before(day) => batch.time(*at).is_some_and(|time| time < day.start()),
            Purge::Buyer(buyer) => batch.buyer(*at) == Some(buyer),
        };
        (0..batch.len()).filter(out).map(|at| batch.uid(at)).collect::<Vec<_>>()
    })?;
    Ok(parts.into_iter().flatten().collect())
}

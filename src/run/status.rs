//! What is in a workspace: every imported file with its account, and how many records that makes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::Facts;
use crate::error::Result;
use crate::ingest::FAR_DATES;
use crate::records::{Snapshot, Store};
use crate::report::model::Read;
use crate::words::{Kind, Ledger, Problem, Said};
use crate::workspace::Workspace;

/// The state of a workspace.
#[derive(Serialize)]
pub struct Status {
    /// The account of every imported file, in the order of import.
    pub files: Vec<Ledger>,
    /// Records, each counted once whatever its number of versions.
    pub records: u64,
    /// Rows that hold an older version of a record.
    pub older_versions: u64,
    /// Shops with their records' files: name and whether it is a competitor's.
    pub shops: Vec<(String, bool)>,
    /// Fingerprint of the taxonomy in use.
    pub taxonomy: String,
    /// True if the workspace has a taxonomy of its own.
    pub own_taxonomy: bool,
    /// Labels that people decided by hand, and that stand.
    pub decided: usize,
    /// Records that are dated so long after all others that it must be a slip.
    pub strays: u64,
    /// What to say of them, where the account of no file does.
    #[serde(skip)]
    pub caution: Option<Said>,
    /// Lines of the files that people write that cannot be read.
    #[serde(skip)]
    pub problems: Vec<Problem>,
}

/// Looks at a workspace.
pub fn status(workspace: &Workspace) -> Result<Status> {
    let store = Store::open(&workspace.records())?;
    let records = Snapshot::take(&store)?.records();
    let files = ledgers(&store);
    let days = Facts::read(&store)?.days(None);
    let told = files.iter().any(|ledger| ledger.problems.iter().any(|p| p.code == FAR_DATES));
    let shops = workspace.settings().shops.iter().map(|s| (s.name.clone(), s.competitor)).collect();
    Ok(Status {
        files,
        records,
        older_versions: store.rows() - records,
        shops,
        taxonomy: super::taxonomy::of_workspace(workspace)?.fingerprint(),
        own_taxonomy: workspace.taxonomy().is_some(),
        decided: workspace.decided()?.len(),
        strays: days.and_then(|days| days.strays).map_or(0, |strays| strays.records),
        caution: days.and_then(|days| days.caution()).filter(|_| !told),
        problems: [workspace.events()?.1, workspace.decisions()?.1].concat(),
    })
}

/// The ledgers of all record files; one that cannot be read is an account of its rows alone.
pub fn ledgers(store: &Store) -> Vec<Ledger> {
    let ledger = |file: &crate::records::RecordFile| {
        serde_json::from_str(&file.ledger).unwrap_or_else(|_| Ledger {
            file: file.source.name.clone(),
            rows: file.rows,
            kept: file.rows,
            records: file.rows,
            ..Ledger::default()
        })
    };
    store.files().iter().map(ledger).collect()
}

/// The sum of the ledgers and the records they gave, for the head of a report.
pub fn read(store: &Store, facts: &Facts) -> Read {
    let mut sum = Read { files: store.files().len(), ..Read::default() };
    for file in &facts.files {
        let is_review = |row: &u32| file.kind(*row as usize) == Kind::Review;
        sum.records += file.current.len();
        sum.wordless += (&file.current & &file.silent).iter().filter(is_review).count() as u64;
    }
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    for ledger in ledgers(store) {
        sum.rows += ledger.rows;
        sum.kept += ledger.kept;
        sum.repeats += ledger.repeats;
        for (reason, count) in ledger.left_out {
            *left_out.entry(reason).or_default() += count;
        }
    }
    Read { left_out, ..sum }
}

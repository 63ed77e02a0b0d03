//! The label cache: which rows of a record file have which label, under one taxonomy.
//!
//! A damaged, missing or foreign file is simply not there: labels are then read again.

use std::fs;
use std::path::{Path, PathBuf};

use roaring::RoaringBitmap;

use crate::disk;
use crate::error::{Error, Result};
use crate::words::LabelId;

/// Per label, in order of their ids, the ordinals of the rows that have it.
pub type Labels = Vec<(LabelId, RoaringBitmap)>;

const MAGIC: &[u8] = b"earful labels 1\n";
const SUM: usize = 16;

/// The folder of cached labels, keyed by record file and taxonomy fingerprint.
#[derive(Clone, Debug)]
pub struct LabelCache {
    folder: PathBuf,
}

impl LabelCache {
    pub(super) fn new(folder: PathBuf) -> LabelCache {
        LabelCache { folder }
    }

    fn path(&self, file_id: &str, fingerprint: &str) -> PathBuf {
        self.folder.join(format!("{file_id}-{fingerprint}"))
    }

    /// The labels of a record file (by its id) under a taxonomy, if they were kept.
    pub fn get(&self, file_id: &str, fingerprint: &str) -> Option<Labels> {
        decode(&fs::read(self.path(file_id, fingerprint)).ok()?)
    }

    /// Keeps the labels of a record file under a taxonomy. Any number of readers may do so at once.
    pub fn put(&self, file_id: &str, fingerprint: &str, labels: &Labels) -> Result<()> {
        fs::create_dir_all(&self.folder).map_err(|err| Error::file(&self.folder, err))?;
        disk::write(&self.path(file_id, fingerprint), &encode(labels))
    }

    /// Forgets the labels of record files that are gone and of all taxonomies but these.
    pub fn prune(&self, file_ids: &[&str], fingerprints: &[&str]) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let keep = name
                .split_once('-')
                .is_some_and(|(id, fingerprint)| file_ids.contains(&id) && fingerprints.contains(&fingerprint));
            if !keep && !name.starts_with(disk::UNFINISHED) {
                // A cache that cannot be deleted does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn encode(labels: &Labels) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend((labels.len() as u32).to_le_bytes());
    for (label, rows) in labels {
        bytes.extend(label.0.to_le_bytes());
        bytes.extend((rows.serialized_size() as u32).to_le_bytes());
        rows.serialize_into(&mut bytes).expect("memory takes it");
    }
    let sum = blake3::hash(&bytes);
    bytes.extend(&sum.as_bytes()[..SUM]);
    bytes
}

fn decode(bytes: &[u8]) -> Option<Labels> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    if blake3::hash(body).as_bytes()[..SUM] != *sum {
        return None;
    }
    let mut rest = body.strip_prefix(MAGIC)?;
    let mut take = |n: usize| {
        let (head, tail) = rest.split_at_checked(n)?;
        rest = tail;
        Some(head)
    };
    let count = u32::from_le_bytes(take(4)?.try_into().ok()?);
    let mut labels = Labels::new();
    for _ in 0..count {
        let label = LabelId(u16::from_le_bytes(take(2)?.try_into().ok()?));
        let size = u32::from_le_bytes(take(4)?.try_into().ok()?);
        labels.push((label, RoaringBitmap::deserialize_from(take(size as usize)?).ok()?));
    }
    Some(labels)
}

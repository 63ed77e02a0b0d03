//! Labels of all records under one taxonomy: read from the cache where they are, else from the text, then kept.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::reading::{Classifier, Scratch};
use crate::records::{Batch, Fields, Store};
use crate::taxonomy::Taxonomy;
use crate::words::{LabelId, Stance};
use crate::workspace::{Labels, Workspace};

/// The labels of every record file, in the order of the store.
pub fn all(workspace: &Workspace, store: &Store, taxonomy: &Taxonomy) -> Result<Vec<Labels>> {
    let cache = workspace.labels();
    let fingerprint = taxonomy.fingerprint();
    let mut classifier = None;
    let mut labels = Vec::with_capacity(store.files().len());
    for (i, file) in store.files().iter().enumerate() {
        let found = match cache.get(&file.id, &fingerprint) {
            Some(found) => found,
            None => {
                let classifier = classifier.get_or_insert_with(|| Classifier::new(taxonomy));
                let fresh = read(store, i, classifier)?;
                // A cache that cannot be written costs time, not truth.
                let _ = cache.put(&file.id, &fingerprint, &fresh);
                fresh
            }
        };
        labels.push(found);
    }
    decide(workspace, store, taxonomy, &mut labels)?;
    Ok(labels)
}

/// Reads the labels of one record file from its text.
pub fn read(store: &Store, file: usize, classifier: &Classifier) -> Result<Labels> {
    let parts = store.scan_units(&store.units_of(file), Fields::VIEW, |batch| of_batch(batch, classifier))?;
    let mut all: BTreeMap<LabelId, RoaringBitmap> = BTreeMap::new();
    for (label, rows) in parts.into_iter().flatten() {
        // Row groups come in order, so rows only grow.
        all.entry(label).or_default().extend(rows);
    }
    Ok(all.into_iter().collect())
}

fn of_batch(batch: &Batch, classifier: &Classifier) -> Vec<(LabelId, Vec<u32>)> {
    let turns = batch.turn_views();
    let mut scratch = Scratch::default();
    let mut rows: FxHashMap<LabelId, Vec<u32>> = FxHashMap::default();
    for at in 0..batch.len() {
        for label in classifier.labels(&batch.view(at, &turns), &mut scratch) {
            rows.entry(*label).or_default().push(batch.start() + at as u32);
        }
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_unstable_by_key(|(label, _)| *label);
    rows
}

/// What people decided by hand wins over the rules.
fn decide(workspace: &Workspace, store: &Store, taxonomy: &Taxonomy, labels: &mut [Labels]) -> Result<()> {
    let (decisions, _) = workspace.decisions()?;
    for decision in decisions {
        let Some(category) = taxonomy.find(&decision.category) else { continue };
        for (file, row) in store.find(decision.uid)? {
            for stance in Stance::ALL {
                let label = LabelId::new(category, stance);
                let wanted = decision.stance == Some(stance);
                match labels[file].binary_search_by_key(&label, |(l, _)| *l) {
                    Ok(at) if wanted => drop(labels[file][at].1.insert(row)),
                    Ok(at) => drop(labels[file][at].1.remove(row)),
                    Err(at) if wanted => labels[file].insert(at, (label, RoaringBitmap::from_iter([row]))),
                    Err(_) => {}
                }
            }
        }
    }
    Ok(())
}

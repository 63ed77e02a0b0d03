//! Labels of all records under one taxonomy: read from the cache where they are, else from the text, then kept.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::sales::{Sales, is_reason};
use crate::error::Result;
use crate::reading::{Classifier, Scratch};
use crate::records::{Batch, Fields, Store, Unit};
use crate::taxonomy::Taxonomy;
use crate::words::{Kind, LabelId, Stance};
use crate::workspace::{Labels, Workspace};

/// The labels of every record file, in the order of the store. Only categories whose rules changed are read again.
pub fn all(workspace: &Workspace, store: &Store, taxonomy: &Taxonomy) -> Result<Vec<Labels>> {
    let cache = workspace.labels();
    let read: Vec<usize> = (0..taxonomy.categories().len()).filter(|c| taxonomy.is_read(*c)).collect();
    let fingerprints = taxonomy.category_fingerprints(&read);
    let mut classifiers: BTreeMap<Vec<usize>, (Classifier, Vec<usize>)> = BTreeMap::new();
    let mut all = Vec::with_capacity(store.files().len());
    let mut fresh = false;
    for (number, file) in store.files().iter().enumerate() {
        let mut labels: BTreeMap<LabelId, RoaringBitmap> = BTreeMap::new();
        let mut missing = Vec::new();
        for (category, fingerprint) in read.iter().zip(&fingerprints) {
            match cache.get(&file.id, fingerprint) {
                Some(found) => {
                    labels.extend(found.into_iter().map(|(l, rows)| (LabelId::new(*category, l.stance()), rows)))
                }
                None => missing.push(*category),
            }
        }
        if !missing.is_empty() {
            fresh = true;
            let (classifier, places) = classifiers.entry(missing.clone()).or_insert_with(|| {
                let (part, places) = taxonomy.part(&missing);
                (Classifier::new(&part), places)
            });
            let mut found: BTreeMap<usize, Labels> = missing.iter().map(|c| (*c, Labels::new())).collect();
            for (label, rows) in of_file(store, number, classifier)? {
                let category = places[label.category()];
                if let Some(found) = found.get_mut(&category) {
                    found.push((LabelId::new(0, label.stance()), rows.clone()));
                    labels.insert(LabelId::new(category, label.stance()), rows);
                }
            }
            for (category, found) in found {
                let at = read.binary_search(&category).expect("only read categories are missing");
                // A cache that cannot be written costs time, not truth.
                let _ = cache.put(&file.id, &fingerprints[at], &found);
            }
        }
        all.push(labels.into_iter().collect());
    }
    if fresh {
        let ids: Vec<&str> = store.files().iter().map(|f| f.id.as_str()).collect();
        cache.prune(&ids, &fingerprints.iter().map(String::as_str).collect::<Vec<_>>());
    }
    hold_to_lost(workspace, store, taxonomy, &mut all)?;
    decide(workspace, store, taxonomy, &mut all)?;
    Ok(all.into_iter().map(|labels| with_nets(taxonomy, labels)).collect())
}

/// A net has every record that one of its categories has, once.
fn with_nets(taxonomy: &Taxonomy, own: Labels) -> Labels {
    let mut labels: BTreeMap<LabelId, RoaringBitmap> = own.iter().cloned().collect();
    for (label, rows) in own {
        for net in &taxonomy.categories()[label.category()].nets {
            *labels.entry(LabelId::new(*net, label.stance())).or_default() |= &rows;
        }
    }
    labels.into_iter().collect()
}

/// Reads the labels of one record file from its text.
fn of_file(store: &Store, file: usize, classifier: &Classifier) -> Result<Labels> {
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

/// A reason for leaving counts only of conversations that could have led to a purchase and did not. Only those that
/// give one are looked at.
fn hold_to_lost(workspace: &Workspace, store: &Store, taxonomy: &Taxonomy, all: &mut [Labels]) -> Result<()> {
    let is_reason = |label: LabelId| is_reason(&taxonomy.categories()[label.category()].id);
    let mut sales = None;
    for (file, labels) in all.iter_mut().enumerate() {
        let reasons = labels.iter().filter(|(label, _)| is_reason(*label));
        let given = reasons.fold(RoaringBitmap::new(), |given, (_, rows)| given | rows);
        if given.is_empty() {
            continue;
        }
        let sales = match &mut sales {
            Some(known) => &*known,
            unknown => &*unknown.insert(Sales::of_workspace(workspace)?),
        };
        let stayed = |batch: &Batch| -> Vec<u32> {
            let rows = (0..batch.len()).map(|at| (at, batch.start() + at as u32));
            rows.filter(|(at, row)| batch.kind(*at) == Kind::Chat && given.contains(*row))
                .filter(|(at, _)| !sales.is_lost(&batch.record(*at)))
                .map(|(_, row)| row)
                .collect()
        };
        let holds = |unit: &Unit| given.range_cardinality(unit.start..unit.start + unit.rows) > 0;
        let units: Vec<Unit> = store.units_of(file).into_iter().filter(holds).collect();
        let stayed: RoaringBitmap = store.scan_units(&units, Fields::ALL, stayed)?.into_iter().flatten().collect();
        for (_, rows) in labels.iter_mut().filter(|(label, _)| is_reason(*label)) {
            *rows -= &stayed;
        }
    }
    Ok(())
}

/// What people decided by hand wins over the rules.
fn decide(workspace: &Workspace, store: &Store, taxonomy: &Taxonomy, labels: &mut [Labels]) -> Result<()> {
    let decisions = workspace.decided()?;
    if decisions.is_empty() {
        return Ok(());
    }
    let places = store.find_all(&decisions.iter().map(|d| d.uid).collect())?;
    for decision in decisions {
        let Some(category) = taxonomy.find(&decision.category) else { continue };
        for &(file, row) in places.get(&decision.uid).into_iter().flatten() {
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

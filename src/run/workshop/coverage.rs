//! How much of what customers say has a label, and what the records without one speak of.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::clauses::{self, Said};
use super::suggest::{Beside, beside, quotes};
use crate::error::Result;
use crate::report::model::{Base, Counted, Ratio};
use crate::run::ground::Ground;
use crate::run::labels;
use crate::stats::suggest::{self, Clause, Material, State};
use crate::workspace::Workspace;

/// Clusters shown.
const CLUSTERS: usize = 10;
/// Quotes of a cluster.
const QUOTES: usize = 3;

/// How much of what customers say has a label.
pub struct Coverage {
    /// Records with words, and those of them with a label.
    pub labelled: Ratio,
    /// The same for low stars, where a missing label costs most.
    pub low_stars: Ratio,
    /// Records without a label that were read for the clusters.
    pub read: u64,
    /// What they speak of, the largest cluster first.
    pub clusters: Vec<Cluster>,
}

/// Records without a label that speak of one thing.
pub struct Cluster {
    /// What they share; `None`: they say nothing in particular.
    pub phrase: Option<String>,
    /// How many, of those read; each record is in one cluster.
    pub records: Ratio,
    /// The category that is read beside it most, wherever it is said.
    pub beside: Option<Beside>,
    /// Some of them, no two alike: record, and the words around.
    pub quotes: Vec<(String, String)>,
}

/// Measures the coverage of the workspace's taxonomy.
pub fn coverage(workspace: &Workspace) -> Result<Coverage> {
    let ground = Ground::open(workspace)?;
    let Ground { store, taxonomy, facts, .. } = &ground;
    let labels = labels::all(workspace, store, taxonomy)?;
    let any: Vec<RoaringBitmap> =
        labels.iter().map(|labels| labels.iter().fold(RoaringBitmap::new(), |all, (_, rows)| all | rows)).collect();
    let of = |base: Base| {
        let counted = Counted { base, kind: None };
        let mut ratio = Ratio::default();
        for (file, any) in facts.files.iter().zip(&any) {
            let rows = file.counted(counted);
            ratio.base += rows.len();
            ratio.mentions += rows.intersection_len(any);
        }
        ratio
    };
    let (labelled, low_stars) = (of(Base::Text), of(Base::LowStars));
    let mut coverage = Coverage { labelled, low_stars, read: 0, clusters: Vec::new() };
    if labelled.mentions == labelled.base {
        return Ok(coverage);
    }
    let heard = clauses::hear(&ground)?;
    // By the labels that count: what was decided by hand is one.
    let bare: Vec<bool> = heard.records.iter().map(|(file, row)| !any[*file].contains(*row)).collect();
    let state = |said: &Said| if bare[said.record] { State::Open } else { State::Other };
    let heard_clauses: Vec<Clause<'_>> =
        heard.clauses.iter().map(|c| Clause { record: c.record, text: &c.text, state: state(c) }).collect();
    let lexicon = clauses::lexicon(taxonomy);
    let material = Material { clauses: &heard_clauses, records: &heard.standing, lexicon: &lexicon };
    let found = suggest::clusters(&material, CLUSTERS);
    coverage.read = bare.iter().filter(|bare| **bare).count() as u64;
    let phrases: Vec<&str> = found.iter().map(|c| c.phrase.as_deref().unwrap_or("\0")).collect();
    let beside = beside(taxonomy, &heard, &phrases);
    let chosen: Vec<Vec<&Said>> = found.iter().map(|c| different(&heard.clauses, &c.clauses)).collect();
    let quotes = quotes(store, &heard, &chosen)?;
    for ((one, beside), quotes) in found.into_iter().zip(beside).zip(quotes) {
        let records = Ratio { mentions: one.records as u64, base: coverage.read };
        coverage.clusters.push(Cluster { phrase: one.phrase, records, beside, quotes });
    }
    Ok(coverage)
}

/// Clauses that are not alike, spread evenly.
fn different<'h>(all: &'h [Said], clauses: &[usize]) -> Vec<&'h Said> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let different: Vec<&Said> = clauses.iter().map(|at| &all[*at]).filter(|said| seen.insert(&said.text)).collect();
    let n = different.len().min(QUOTES);
    (0..n).map(|i| different[i * different.len() / n]).collect()
}

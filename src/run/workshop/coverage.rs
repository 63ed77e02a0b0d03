//! How much of what customers say has a label, and what the rest speaks of.

use roaring::RoaringBitmap;

use super::suggest::{Phrase, of_ground};
use crate::error::Result;
use crate::report::model::{Base, Counted, Ratio};
use crate::run::ground::Ground;
use crate::run::labels;
use crate::run::report::excerpt;
use crate::workspace::Workspace;

/// Clusters shown.
const CLUSTERS: usize = 12;

/// How much of what customers say has a label.
pub struct Coverage {
    /// Records with words, and those of them with a label.
    pub labelled: Ratio,
    /// The same for low stars, where a missing label costs most.
    pub low_stars: Ratio,
    /// The biggest clusters of what nobody reads: a phrase, and what says it.
    pub clusters: Vec<Phrase>,
    /// Some of the records without a label.
    pub quotes: Vec<(String, String)>,
}

/// Measures the coverage of the workspace's taxonomy, with an even spread of what is not covered.
pub fn coverage(workspace: &Workspace, most: usize) -> Result<Coverage> {
    let ground = Ground::open(workspace)?;
    let Ground { store, taxonomy, facts, .. } = &ground;
    let labels = labels::all(workspace, store, taxonomy)?;
    let mut open: Vec<(usize, u32)> = Vec::new();
    let (mut labelled, mut low_stars) = (Ratio::default(), Ratio::default());
    for (number, (file, labels)) in facts.files.iter().zip(&labels).enumerate() {
        let any = labels.iter().fold(RoaringBitmap::new(), |all, (_, rows)| all | rows);
        for (base, ratio) in [(Base::Text, &mut labelled), (Base::LowStars, &mut low_stars)] {
            let rows = file.counted(Counted { base, kind: None });
            ratio.base += rows.len();
            ratio.mentions += rows.intersection_len(&any);
        }
        open.extend((file.counted(Counted { base: Base::Text, kind: None }) - any).iter().map(|row| (number, row)));
    }
    let n = open.len().min(most);
    let places: Vec<(usize, u32)> = (0..n).map(|i| open[i * open.len() / n]).collect();
    let quote = |r: crate::words::Record| {
        let turns = r.turn_views();
        let text = turns.iter().find(|t| t.is_customer_text()).map_or(String::new(), |t| excerpt(t.text, &[]).0);
        (r.uid.to_string(), text)
    };
    let mut clusters =
        if labelled.base == 0 { Vec::new() } else { of_ground(workspace, &ground, None, CLUSTERS)?.phrases };
    clusters.sort_by_key(|p| (std::cmp::Reverse(p.found.records), p.found.phrase.clone()));
    Ok(Coverage { labelled, low_stars, clusters, quotes: store.fetch(&places)?.into_iter().map(quote).collect() })
}

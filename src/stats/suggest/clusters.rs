//! What the records speak of that have no label: those that say nothing in particular, and clusters of those that share a
//! phrase. Each record is in one cluster, the first that takes it.

use rustc_hash::FxHashSet;

use super::{Material, Phrases, State};

/// Fewest records of a cluster.
const LEAST: usize = 3;
/// Least share of a phrase's records that have no label: below, others are read well enough.
const MOSTLY: f64 = 0.3;

/// Records that speak of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// What they share; `None`: they say nothing in particular.
    pub phrase: Option<String>,
    /// Records, by their place in the material.
    pub records: usize,
    /// Clauses that say it, one a record.
    pub clauses: Vec<usize>,
}

/// The largest clusters of the records without a label, whose clauses are [`State::Open`], all others [`State::Other`].
pub fn clusters(material: &Material<'_>, most: usize) -> Vec<Cluster> {
    let (clauses, lexicon) = (material.clauses, material.lexicon);
    let open = || (0..clauses.len()).filter(|at| clauses[*at].state == State::Open);
    let telling: FxHashSet<usize> =
        open().filter(|at| lexicon.names_a_thing(clauses[*at].text)).map(|at| clauses[at].record).collect();
    let mut taken: FxHashSet<usize> = FxHashSet::default();
    let first = |taken: &mut FxHashSet<usize>, places: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
        places.filter(|at| taken.insert(clauses[*at].record)).collect()
    };
    let plain = first(&mut taken, &mut open().filter(|at| !telling.contains(&clauses[*at].record)));
    let mut found = Vec::new();
    if plain.len() >= LEAST {
        found.push(Cluster { phrase: None, records: plain.len(), clauses: plain });
    }
    let phrases = Phrases::find(clauses, LEAST as u32, |phrase| lexicon.names_a_thing(phrase));
    let mut left: Vec<(&str, f64, Vec<usize>)> = Vec::new();
    for (phrase, places) in phrases.phrases.iter().zip(&phrases.places) {
        let own: Vec<usize> = places.iter().copied().filter(|at| clauses[*at].state == State::Open).collect();
        let share = own.len() as f64 / places.len().max(1) as f64;
        if share >= MOSTLY {
            left.push((phrase, share, own));
        }
    }
    while found.len() < most {
        for (_, _, places) in &mut left {
            places.retain(|at| !taken.contains(&clauses[*at].record));
        }
        left.retain(|(_, _, places)| places.len() >= LEAST);
        let weight = |(phrase, share, places): &(&str, f64, Vec<usize>)| {
            let records = places.iter().map(|at| clauses[*at].record).collect::<FxHashSet<_>>().len();
            (records as f64 * share, phrase.len(), std::cmp::Reverse(phrase.to_string()))
        };
        let heaviest = left.iter().max_by(|a, b| weight(a).partial_cmp(&weight(b)).expect("no share is no number"));
        let Some((phrase, _, places)) = heaviest else { break };
        let (phrase, places) = (phrase.to_string(), places.clone());
        let clauses = first(&mut taken, &mut places.into_iter());
        if clauses.len() < LEAST {
            left.retain(|(p, _, _)| *p != phrase);
            continue;
        }
        found.push(Cluster { phrase: Some(phrase), records: clauses.len(), clauses });
    }
    found.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.phrase.cmp(&b.phrase)));
    found
}

//! Evaluation: labels of people against the classifier's, counted per text.

use std::collections::{BTreeMap, BTreeSet};

use super::{Classifier, Scratch};
use crate::taxonomy::Taxonomy;
use crate::words::Stance;

/// Which ids of the taxonomy stand for each category of the people's labels.
pub type Map = BTreeMap<String, Vec<String>>;

/// One text and what people said of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name in the source.
    pub id: String,
    /// The text.
    pub text: String,
    /// The categories that it speaks of; true if the polarity is negative.
    pub gold: Vec<(String, bool)>,
}

/// Right and wrong answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Both say so.
    pub hit: usize,
    /// Only the classifier says so.
    pub extra: usize,
    /// Only people say so.
    pub missed: usize,
}

impl Score {
    /// Counts one text.
    pub fn add(&mut self, gold: bool, given: bool) {
        self.hit += usize::from(gold && given);
        self.extra += usize::from(!gold && given);
        self.missed += usize::from(gold && !given);
    }

    /// Share of what the classifier says that people say; 0..=1, 0 if it says nothing.
    pub fn precision(&self) -> f64 {
        ratio(self.hit, self.hit + self.extra)
    }

    /// Share of what people say that the classifier says; 0..=1.
    pub fn recall(&self) -> f64 {
        ratio(self.hit, self.hit + self.missed)
    }

    /// Harmonic mean of precision and recall; 0..=1.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.hit, 2 * self.hit + self.extra + self.missed)
    }
}

fn ratio(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// The place of a case, what people say of it (mentioned, negative), and what the classifier says.
pub type Difference = (usize, (bool, bool), (bool, bool));

/// The scores of one gold category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The gold category.
    pub category: String,
    /// Speaks of it, in any stance.
    pub mention: Score,
    /// Complaint against negative.
    pub complaint: Score,
    /// Texts that people and classifier see differently.
    pub errors: Vec<Difference>,
}

/// Scores a classifier on cases; one row for each category of the map.
pub fn evaluate(taxonomy: &Taxonomy, classifier: &Classifier, map: &Map, cases: &[Case]) -> Vec<Row> {
    let places: Vec<BTreeSet<usize>> = map.values().map(|ids| places(taxonomy, ids)).collect();
    let mut rows: Vec<Row> = map
        .keys()
        .map(|c| Row {
            category: c.clone(),
            mention: Score::default(),
            complaint: Score::default(),
            errors: Vec::new(),
        })
        .collect();
    let mut scratch = Scratch::default();
    for (n, case) in cases.iter().enumerate() {
        let labels = classifier.text_labels(&case.text, &mut scratch);
        for (row, places) in rows.iter_mut().zip(&places) {
            let of_row = || labels.iter().filter(|l| places.contains(&l.category()));
            let given = (of_row().next().is_some(), of_row().any(|l| l.stance() == Stance::Complaint));
            let gold_of = || case.gold.iter().filter(|(c, _)| *c == row.category);
            let gold = (gold_of().next().is_some(), gold_of().any(|(_, negative)| *negative));
            row.mention.add(gold.0, given.0);
            row.complaint.add(gold.1, given.1);
            if gold != given {
                row.errors.push((n, gold, given));
            }
        }
    }
    rows
}

/// The categories that an id stands for: itself and, for a net, what is below it.
fn places(taxonomy: &Taxonomy, ids: &[String]) -> BTreeSet<usize> {
    ids.iter().filter_map(|id| taxonomy.find(id)).collect()
}

/// Ids of the map that the taxonomy does not have.
pub fn unknown_ids<'m>(taxonomy: &Taxonomy, map: &'m Map) -> Vec<&'m str> {
    map.values().flatten().map(String::as_str).filter(|id| taxonomy.find(id).is_none()).collect()
}

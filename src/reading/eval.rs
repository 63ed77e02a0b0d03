//! Evaluation: labels of people against the classifier's, counted per text.

use std::collections::BTreeMap;

use super::{Classifier, Scratch};
use crate::taxonomy::Taxonomy;
use crate::words::{LabelId, Stance};

/// What stands for each category of the people's labels: ids of the taxonomy, each in any stance, or, written
/// `id stance`, in that stance only ("the size is right" is praise of the fit, a complaint of it is not).
pub type Map = BTreeMap<String, Vec<String>>;

/// One text and what people said of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name in the source.
    pub id: String,
    /// The text.
    pub text: String,
    /// The categories that it speaks of; true if the polarity is negative.
    pub codes: Vec<(String, bool)>,
}

/// Right and wrong answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Texts to which people and rules both give it.
    pub both: usize,
    /// Only the classifier says so.
    pub extra: usize,
    /// Only people say so.
    pub missed: usize,
}

impl Score {
    /// Counts one text.
    pub fn add(&mut self, coded: bool, given: bool) {
        self.both += usize::from(coded && given);
        self.extra += usize::from(!coded && given);
        self.missed += usize::from(coded && !given);
    }

    /// Share of what the classifier says that people say; 0..=1, 0 if it says nothing.
    pub fn precision(&self) -> f64 {
        ratio(self.both, self.both + self.extra)
    }

    /// Share of what people say that the classifier says; 0..=1.
    pub fn recall(&self) -> f64 {
        ratio(self.both, self.both + self.missed)
    }

    /// Harmonic mean of precision and recall; 0..=1.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.both, 2 * self.both + self.extra + self.missed)
    }
}

fn ratio(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// The place of a case, what people say of it (mentioned, negative), and what the classifier says.
pub type Difference = (usize, (bool, bool), (bool, bool));

/// The scores of one category of the people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The category, as people call it.
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
    let wanted: Vec<Vec<Wanted>> =
        map.values().map(|entries| entries.iter().filter_map(|e| wanted(taxonomy, e)).collect()).collect();
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
        for (row, wanted) in rows.iter_mut().zip(&wanted) {
            let is_of_row =
                |l: &LabelId| wanted.iter().any(|(c, s)| *c == l.category() && s.is_none_or(|s| s == l.stance()));
            let of_row = || labels.iter().filter(|l| is_of_row(l));
            let given = (of_row().next().is_some(), of_row().any(|l| l.stance() == Stance::Complaint));
            let codes_of = || case.codes.iter().filter(|(c, _)| *c == row.category);
            let coded = (codes_of().next().is_some(), codes_of().any(|(_, negative)| *negative));
            row.mention.add(coded.0, given.0);
            row.complaint.add(coded.1, given.1);
            if coded != given {
                row.errors.push((n, coded, given));
            }
        }
    }
    rows
}

/// A category, and the stance if only one counts.
type Wanted = (usize, Option<Stance>);

/// What an entry of a map stands for; nothing if the taxonomy has no such category or stance.
fn wanted(taxonomy: &Taxonomy, entry: &str) -> Option<Wanted> {
    match entry.split_once(' ') {
        None => Some((taxonomy.find(entry)?, None)),
        Some((id, stance)) => Some((taxonomy.find(id)?, Some(Stance::from_key(stance)?))),
    }
}

/// Entries of the map that name no category or stance of the taxonomy.
pub fn unknown_entries<'m>(taxonomy: &Taxonomy, map: &'m Map) -> Vec<&'m str> {
    map.values().flatten().map(String::as_str).filter(|e| wanted(taxonomy, e).is_none()).collect()
}

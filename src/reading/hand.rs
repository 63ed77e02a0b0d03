//! Hand codes with the taxonomy's own ids and stances: how well the rules match them, and two people each other.

use std::collections::{BTreeMap, BTreeSet};

use super::eval::Score;
use super::{Classifier, Scratch};
use crate::taxonomy::Taxonomy;
use crate::words::{Kind, Speaker, Stance, TurnKind, TurnView, View};

/// A text and what a person said of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// Its name; two files are matched by it.
    pub id: String,
    /// The text.
    pub text: String,
    /// What the person sees in it.
    pub labels: BTreeSet<(String, Stance)>,
    /// The one category that was asked about; `None`: all.
    pub only: Option<String>,
    /// Stars, if known.
    pub stars: Option<f32>,
    /// Platform key; empty if unknown.
    pub platform: String,
    /// Stage of a conversation; empty if unknown.
    pub stage: String,
    /// What it is; `None`: a review.
    pub kind: Option<Kind>,
}

impl Judged {
    fn asks(&self, category: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == category)
    }
}

/// A category (`None`: all of them) and a stance (`None`: whatever it is).
pub type Key = (Option<String>, Option<Stance>);

/// The score of a key, and the texts that person and rules see differently.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Right, wrong, missed.
    pub score: Score,
    /// Places of the texts.
    pub errors: Vec<usize>,
}

/// What the rules say of each text, asked for the same categories as the person.
pub fn given(taxonomy: &Taxonomy, classifier: &Classifier, judged: &[Judged]) -> Vec<BTreeSet<(String, Stance)>> {
    let mut scratch = Scratch::default();
    let of = |one: &Judged| {
        let turns = [TurnView { speaker: Speaker::Buyer, kind: TurnKind::Said, text: &one.text }];
        let (platform, stage) = (one.platform.as_str(), one.stage.as_str());
        let kind = one.kind.unwrap_or(Kind::Review);
        let view = View { kind, platform, sku: "", stars: one.stars, stage, lang: "", turns: &turns };
        let labels = classifier.labels(&view, &mut scratch);
        let named = labels.iter().map(|l| (&taxonomy.categories()[l.category()], l.stance()));
        // A net says what its parts say: it counts only where a person was asked about it.
        let asked = named.filter(|(c, _)| one.asks(&c.id) && (!c.is_net || one.only.is_some()));
        asked.map(|(c, stance)| (c.id.clone(), stance)).collect()
    };
    judged.iter().map(of).collect()
}

/// Scores what was given against what people say; keys in order, all categories together first.
pub fn score(judged: &[Judged], given: &[BTreeSet<(String, Stance)>]) -> BTreeMap<Key, Row> {
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for (at, (one, given)) in judged.iter().zip(given).enumerate() {
        let mut add = |key: Key, coded: bool, given: bool| {
            let row = rows.entry(key).or_default();
            row.score.add(coded, given);
            if coded != given {
                row.errors.push(at);
            }
        };
        for (category, stance) in one.labels.union(given) {
            let pair = (category.clone(), *stance);
            let (coded, found) = (one.labels.contains(&pair), given.contains(&pair));
            add((Some(category.clone()), Some(*stance)), coded, found);
            add((None, Some(*stance)), coded, found);
        }
        let ids = |set: &BTreeSet<(String, Stance)>| set.iter().map(|(c, _)| c.clone()).collect::<BTreeSet<_>>();
        let (coded, found) = (ids(&one.labels), ids(given));
        for category in coded.union(&found) {
            let (coded, found) = (coded.contains(category), found.contains(category));
            add((Some(category.clone()), None), coded, found);
            add((None, None), coded, found);
        }
    }
    rows
}

/// Two people on the same texts: for each category (`stance` `None`) and each category and stance that either
/// gave, the texts that both, one or neither gave it. Texts are matched by their names.
pub fn together(a: &[Judged], b: &[Judged]) -> BTreeMap<Key, [u64; 4]> {
    let second: BTreeMap<&str, &Judged> = b.iter().map(|j| (j.id.as_str(), j)).collect();
    let both: Vec<(&Judged, &Judged)> = a.iter().filter_map(|one| Some((one, *second.get(one.id.as_str())?))).collect();
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    for (category, stance) in both.iter().flat_map(|(a, b)| a.labels.union(&b.labels)) {
        keys.insert((Some(category.clone()), None));
        keys.insert((Some(category.clone()), Some(*stance)));
    }
    let count = |key: &Key| {
        let category = key.0.as_deref().unwrap_or_default();
        let has = |j: &Judged| j.labels.iter().any(|(c, s)| c == category && key.1.is_none_or(|k| k == *s));
        let mut counts = [0; 4];
        for (a, b) in both.iter().filter(|(a, b)| a.asks(category) && b.asks(category)) {
            counts[match (has(a), has(b)) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            }] += 1;
        }
        counts
    };
    keys.iter().map(|key| (key.clone(), count(key))).collect()
}

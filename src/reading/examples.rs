//! The examples of a taxonomy, run as tests.

use std::collections::{BTreeMap, BTreeSet};

use super::{Classifier, Scratch};
use crate::said;
use crate::taxonomy::{Category, Example, Taxonomy};
use crate::words::{Kind, LabelId, Place, Problem, Severity, Speaker, Stance, TurnKind, TurnView, View};

/// What the examples say of a taxonomy.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// How many sentences were read.
    pub sentences: usize,
    /// How many were read otherwise than written.
    pub failed: usize,
    /// One error for each of these, and one note for each rule that no example reaches.
    pub problems: Vec<Problem>,
}

/// An example that is read otherwise than written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Path of its category.
    pub category: String,
    /// The stance that it should have; `None`: it must not have the category.
    pub stance: Option<Stance>,
    /// The sentence.
    pub text: String,
    /// What it has.
    pub found: Vec<Stance>,
}

/// The examples of some categories, by their places, that are read otherwise than written.
pub fn misread(taxonomy: &Taxonomy, classifier: &Classifier, places: &[usize]) -> Vec<Misread> {
    let mut all = Vec::new();
    let mut scratch = Scratch::default();
    for place in places {
        let category = &taxonomy.categories()[*place];
        let ears = ears(category);
        for example in &category.examples {
            if let Err(found) = heard(classifier, &mut scratch, (*place, &ears), example, &mut |_| {}) {
                let (category, text) = (category.id.clone(), example.text.clone());
                all.push(Misread { category, stance: example.stance, text, found });
            }
        }
    }
    all
}

/// Reads an example as whoever the rules of its category listen to would say it; `Err` with what the first of them reads,
/// if nobody's is as written.
fn heard(
    classifier: &Classifier,
    scratch: &mut Scratch,
    (place, ears): (usize, &[(Speaker, Kind)]),
    example: &Example,
    each: &mut dyn FnMut(&View<'_>),
) -> Result<(), Vec<Stance>> {
    let mut first = None;
    for &(speaker, kind) in ears {
        let turns = [TurnView { speaker, kind: TurnKind::Said, text: &example.text }];
        let view = View { kind, platform: "", sku: "", stars: None, stage: "", lang: "", turns: &turns };
        each(&view);
        let labels = classifier.labels(&view, scratch);
        let found: Vec<Stance> =
            Stance::ALL.into_iter().filter(|s| labels.contains(&LabelId::new(place, *s))).collect();
        let first = first.get_or_insert_with(|| found.clone());
        if example.stance.map_or(first.is_empty(), |stance| found.contains(&stance)) {
            return Ok(());
        }
    }
    Err(first.unwrap_or_default())
}

/// Reads every example with the whole taxonomy, as the words of a speaker, in a kind of record, that its category's
/// rules listen to: it must have its stance in one of these. One that must have none is read as the first rule listens.
pub fn test(taxonomy: &Taxonomy, classifier: &Classifier, files: &BTreeMap<String, String>) -> Tested {
    let mut tested = Tested { sentences: 0, failed: 0, problems: Vec::new() };
    let mut scratch = Scratch::default();
    for (place, category) in taxonomy.categories().iter().enumerate() {
        let mut reached = BTreeSet::new();
        let ears = ears(category);
        for example in &category.examples {
            let mut reach = |view: &View<'_>| {
                let reading = classifier.read(view);
                let own = reading.labels.iter().filter(|l| l.id.category() == place);
                reached.extend(own.flat_map(|l| &l.evidence).map(|e| e.rule));
            };
            tested.sentences += 1;
            if let Err(found) = heard(classifier, &mut scratch, (place, &ears), example, &mut reach) {
                tested.failed += 1;
                tested.problems.push(wrong(category, example, &found, files));
            }
        }
        for (n, rule) in category.rules.iter().enumerate().filter(|(n, _)| !reached.contains(n)) {
            let n = n + 1;
            tested.problems.push(Problem {
                code: "unreached",
                severity: Severity::Note,
                place: at(&rule.file, rule.at.start, files),
                what: said!("没有例句用到第 {n} 条规则", "no example reaches rule {n}"),
                help: None,
            });
        }
    }
    tested
}

/// To whom, in which kind of record, the rules of a category listen, each once, in their order.
fn ears(category: &Category) -> Vec<(Speaker, Kind)> {
    let mut ears: Vec<(Speaker, Kind)> = Vec::new();
    for only in category.rules.iter().map(|rule| &rule.only) {
        let ear = (only.speaker(), only.kind.first().copied().unwrap_or(Kind::Review));
        if !ears.contains(&ear) {
            ears.push(ear);
        }
    }
    if ears.is_empty() {
        ears.push((Speaker::Buyer, Kind::Review));
    }
    ears
}

fn wrong(category: &Category, example: &Example, found: &[Stance], files: &BTreeMap<String, String>) -> Problem {
    let keys = |stances: &[Stance]| stances.iter().map(|s| s.key()).collect::<Vec<_>>().join(", ");
    let expected = example.stance.map_or("none", Stance::key);
    let found = if found.is_empty() { "none".to_owned() } else { keys(found) };
    let id = &category.id;
    Problem {
        code: "example",
        severity: Severity::Error,
        place: at(&category.file, example.at.start, files),
        what: said!(
            "例句应读作 {expected}，却读作 {found}",
            "the example should read {expected} and reads {found}",
            expected = expected,
            found = found
        ),
        help: Some(said!(
            "earful why --text \"例句\" --not {id} 会逐条说明原因。",
            "earful why --text \"the example\" --not {id} tells why, rule by rule.",
            id = id
        )),
    }
}

fn at(file: &str, byte: u32, files: &BTreeMap<String, String>) -> Place {
    let text = files.get(file).map_or("", String::as_str);
    let before = &text.as_bytes()[..(byte as usize).min(text.len())];
    Place {
        file: Some(file.to_owned()),
        row: Some(before.iter().filter(|b| **b == b'\n').count() as u64 + 1),
        span: None,
    }
}

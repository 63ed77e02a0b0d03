//! The examples of a taxonomy, run as tests.

use std::collections::{BTreeMap, BTreeSet};

use super::{Classifier, Nearness, Reading, Scratch, WhyNot};
use crate::said;
use crate::taxonomy::{Category, Example, Taxonomy, place_of};
use crate::words::Lang::{En, Zh};
use crate::words::{Kind, LabelId, Lang, Problem, Said, Severity, Speaker, Stance, TurnKind, TurnView, View};

/// What the examples say of a taxonomy.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// How many sentences were read.
    pub sentences: usize,
    /// How many were read otherwise than written.
    pub failed: usize,
    /// One error for each of these.
    pub problems: Vec<Problem>,
    /// Rules that no example reaches: the place of the category, and of the rule in it.
    pub unreached: Vec<(usize, usize)>,
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
    for &ear in ears {
        let found: Vec<Stance> = as_heard(&example.text, ear, |view| {
            each(view);
            let labels = classifier.labels(view, scratch);
            Stance::ALL.into_iter().filter(|s| labels.contains(&LabelId::new(place, *s))).collect()
        });
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
    let mut tested = Tested { sentences: 0, failed: 0, problems: Vec::new(), unreached: Vec::new() };
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
                let why = |view: &View<'_>| {
                    let near = || nearest(category, &classifier.why_not(taxonomy, view, place), files);
                    made(category, place, example, &classifier.read(view), files).or_else(near)
                };
                let reason = as_heard(&example.text, ears[0], why);
                tested.problems.push(wrong(category, example, &found, reason, files));
            }
        }
        tested.unreached.extend((0..category.rules.len()).filter(|n| !reached.contains(n)).map(|n| (place, n)));
    }
    tested
}

/// Hands over a sentence as the only words of a speaker in a record.
fn as_heard<T>(text: &str, (speaker, kind): (Speaker, Kind), read: impl FnOnce(&View<'_>) -> T) -> T {
    let turns = [TurnView { speaker, kind: TurnKind::Said, text }];
    read(&View { kind, platform: "", sku: "", stars: None, stage: "", lang: "", turns: &turns })
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

/// The rules that made the labels of a category: where each stands, and what it found.
fn made(
    category: &Category,
    place: usize,
    example: &Example,
    reading: &Reading,
    files: &BTreeMap<String, String>,
) -> Option<Said> {
    let of_category = reading.labels.iter().filter(|l| l.id.category() == place).flat_map(|l| &l.evidence);
    let one = |e: &super::Evidence| {
        let rule = &category.rules[e.rule];
        let words: Vec<&str> = e.keywords.iter().map(|k| k.of(&example.text)).collect();
        format!("{} “{}”", rule.place(files), words.join(" … "))
    };
    let mut all: Vec<String> = of_category.map(one).collect();
    all.dedup();
    let all = all.join("; ");
    (!all.is_empty()).then(|| said!("这样读的规则：{all}", "The rule that reads it so: {all}"))
}

/// The rule that came nearest to holding, if one did, and what was in its way.
fn nearest(category: &Category, why: &[WhyNot], files: &BTreeMap<String, String>) -> Option<Said> {
    let near = why.first().filter(|why| why.nearness != Nearness::Far)?;
    let (at, said) = (category.rules[near.rule].place(files), near.said());
    Some(Said::new(format!("最接近的：{at} {}", said.zh), format!("The nearest: {at} {}", said.en)))
}

fn wrong(
    category: &Category,
    example: &Example,
    found: &[Stance],
    reason: Option<Said>,
    files: &BTreeMap<String, String>,
) -> Problem {
    let name = |stances: &[Stance], lang: Lang| match stances {
        [] => lang.of("没有标签", "no label").to_owned(),
        some => some.iter().map(|s| s.name(lang)).collect::<Vec<_>>().join(lang.of("、", ", ")),
    };
    let wanted: Vec<Stance> = example.stance.into_iter().collect();
    let (id, text) = (&category.id, example.text.replace('"', "'"));
    let why = format!("earful why --text \"{text}\" --not {id}");
    let help = match reason {
        Some(told) => Said::new(format!("{}。逐条说明：{why}", told.zh), format!("{}. Rule by rule: {why}", told.en)),
        None => said!("没有一条规则成立。差在哪里：{why}", "No rule holds. What is in the way: {why}"),
    };
    Problem {
        code: "example",
        severity: Severity::Error,
        place: place_of((&category.file, files.get(&category.file).map_or("", String::as_str)), example.at),
        what: Said::new(
            format!("例句应读作“{}”，却读作“{}”", name(&wanted, Zh), name(found, Zh)),
            format!("the example should read {} and reads {}", name(&wanted, En), name(found, En)),
        ),
        help: Some(help),
    }
}

//! Rules that are too broad, judged by what they hit and not by how they are written: held against what customers say, a broad
//! one hits many clauses, and these speak of everything.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use super::clauses::{Said, evidence, of_turn, spread};
use super::texts;
use crate::error::Result;
use crate::reading::Classifier;
use crate::records::{Fields, Store};
use crate::run::demo;
use crate::run::facts::Facts;
use crate::said;
use crate::taxonomy::{self, Rule, Taxonomy, place_of};
use crate::text::fold;
use crate::text::script::is_han;
use crate::words::{self, Problem, Severity, Span, View};

/// Most records that rules are held against, and the fewest of a workspace that tell anything.
const READ: u64 = 4_000;
const FEW: u64 = 300;
/// Clauses of a language below which nothing is said of it, and hits below which nothing is said of a rule.
const CLAUSES: u64 = 500;
const HITS: u64 = 20;
/// A broad rule hits one clause of so many,
const ONE_OF: u64 = 50;
/// of which the bundled taxonomy labels nearly as many as of all clauses: at least six tenths of that share,
const KNOWN: f64 = 0.6;
/// and no category makes up half of them.
const TOP: f64 = 0.5;

/// What customers said, in clauses, with what the rules that are judged hit.
#[derive(Default)]
struct Sample {
    /// Of clauses with Han characters, and of others: how many there are, and how many the bundled taxonomy labels.
    all: [Tally; 2],
    /// The same of the clauses that a rule hits, and that one word of it hits.
    hit: BTreeMap<(usize, usize, Option<String>), [Tally; 2]>,
}

#[derive(Default)]
struct Tally {
    clauses: u64,
    labelled: u64,
    /// How many of them the bundled taxonomy gives each category.
    of: BTreeMap<usize, u64>,
}

impl Tally {
    fn add(&mut self, clause: &Said) {
        self.clauses += 1;
        self.labelled += u64::from(!clause.categories.is_empty());
        clause.categories.iter().for_each(|c| *self.of.entry(*c).or_default() += 1);
    }

    /// The share of the category that most of them have.
    fn top(&self) -> f64 {
        self.of.values().max().map_or(0.0, |most| *most as f64 / self.clauses as f64)
    }

    fn is_broad(&self, all: &Tally) -> bool {
        let share = |t: &Tally| t.labelled as f64 / t.clauses.max(1) as f64;
        all.clauses >= CLAUSES
            && self.clauses >= HITS
            && self.clauses * ONE_OF >= all.clauses
            && share(self) >= KNOWN * share(all)
            && self.top() < TOP
    }
}

/// Which of these rules (category and number) are too broad: by the records of a workspace, or by the bundled demonstration
/// where there are too few.
pub(super) fn broad(
    taxonomy: &Taxonomy,
    rules: &BTreeSet<(usize, usize)>,
    files: &BTreeMap<String, String>,
    records: Option<(&Store, &Facts)>,
) -> Result<Vec<Problem>> {
    let categories: Vec<usize> = rules.iter().map(|(c, _)| *c).collect::<BTreeSet<_>>().into_iter().collect();
    if categories.is_empty() {
        return Ok(Vec::new());
    }
    let (part, places) = taxonomy.part(&categories);
    let judge = Judge { own: Classifier::new(&part), known: Classifier::new(&taxonomy::bundled()), rules, places };
    let mut sample = Sample::default();
    let with_words = records.map(|(store, facts)| {
        let base = texts(facts);
        let of: u64 = base.iter().map(RoaringBitmap::len).sum();
        (store, base, of)
    });
    let source = match with_words.filter(|(_, _, of)| *of >= FEW) {
        Some((store, base, of)) => {
            let chosen = spread(&base, of.min(READ), of);
            let parts = store.scan(Fields::VIEW, |batch| {
                let turns = batch.turn_views();
                let rows = (0..batch.len()).filter(|at| chosen[batch.file()].contains(batch.start() + *at as u32));
                rows.flat_map(|at| judge.clauses(&batch.view(at, &turns))).collect::<Vec<_>>()
            })?;
            parts.into_iter().flatten().for_each(|clause| sample.add(&clause));
            said!("这个工作区", "this workspace")
        }
        None => {
            for record in demo::records()? {
                judge.clauses(&record.view(&record.turn_views())).iter().for_each(|clause| sample.add(clause));
            }
            said!("自带的演示数据", "the bundled demonstration")
        }
    };
    Ok(sample.told(taxonomy, files, &source))
}

/// The rules that are judged, and what knows better.
struct Judge<'a> {
    /// Reads the categories of the rules that are judged.
    own: Classifier,
    /// The bundled taxonomy.
    known: Classifier,
    rules: &'a BTreeSet<(usize, usize)>,
    /// Places in the taxonomy of the categories that `own` reads.
    places: Vec<usize>,
}

/// A clause, and what hit it: category, rule, word.
type Hit = (Said, Vec<(usize, usize, String)>);

impl Judge<'_> {
    fn clauses(&self, view: &View<'_>) -> Vec<Hit> {
        let known = evidence(&self.known.read(view));
        let mut hits: BTreeMap<usize, Vec<(Span, (usize, usize, String))>> = BTreeMap::new();
        for label in self.own.read(view).labels {
            let category = self.places[label.id.category()];
            for e in label.evidence.iter().filter(|e| self.rules.contains(&(category, e.rule))) {
                let word = fold(e.keywords[0].of(view.turns[e.turn].text));
                hits.entry(e.turn).or_default().push((e.keywords[0], (category, e.rule, word)));
            }
        }
        let turns = view.turns.iter().enumerate().filter(|(_, turn)| turn.is_customer_text());
        let of_turn = |(n, turn)| {
            let here = hits.get(&n).map_or(&[][..], Vec::as_slice);
            let with_hits = move |said: Said| {
                let hits = here.iter().filter(|(span, _)| span.overlaps(said.span)).map(|(_, hit)| hit.clone());
                let mut hits: Vec<_> = hits.collect();
                hits.sort();
                hits.dedup();
                (said, hits)
            };
            of_turn(n, turn, known.get(&n).map_or(&[][..], Vec::as_slice)).into_iter().map(with_hits)
        };
        turns.flat_map(of_turn).collect()
    }
}

impl Sample {
    fn add(&mut self, (clause, hits): &Hit) {
        let kind = usize::from(!clause.text.contains(is_han));
        self.all[kind].add(clause);
        let rules: BTreeSet<(usize, usize)> = hits.iter().map(|(category, rule, _)| (*category, *rule)).collect();
        let of_rules = rules.into_iter().map(|(category, rule)| (category, rule, None));
        let of_words = hits.iter().map(|(category, rule, word)| (*category, *rule, Some(word.clone())));
        for key in of_rules.chain(of_words) {
            self.hit.entry(key).or_default()[kind].add(clause);
        }
    }

    /// One problem for each broad word of a rule, or for the rule if it is none of its words.
    fn told(&self, taxonomy: &Taxonomy, files: &BTreeMap<String, String>, source: &words::Said) -> Vec<Problem> {
        let broad = self.hit.iter().filter_map(|((category, rule, word), tallies)| {
            let kind = (0..2).find(|kind| tallies[*kind].is_broad(&self.all[*kind]))?;
            Some(((*category, *rule), word, &tallies[kind], &self.all[kind]))
        });
        let mut found: BTreeMap<(usize, usize), Vec<(&Option<String>, &Tally, &Tally)>> = BTreeMap::new();
        broad.for_each(|(rule, word, tally, all)| found.entry(rule).or_default().push((word, tally, all)));
        let mut problems = Vec::new();
        for ((category, number), mut broad) in found {
            let rule = &taxonomy.categories()[category].rules[number];
            // Of a rule that asks for more than a word, a word says nothing.
            let simple = rule.near.is_empty() && rule.then.is_empty() && rule.all.is_empty() && rule.pattern.is_empty();
            let named = simple && broad.iter().any(|(word, ..)| word.is_some());
            broad.retain(|(word, ..)| word.is_some() == named);
            problems.extend(
                broad.iter().map(|(word, tally, all)| problem(rule, word.as_deref(), tally, all, files, source)),
            );
        }
        problems
    }
}

fn problem(
    rule: &Rule,
    word: Option<&str>,
    tally: &Tally,
    all: &Tally,
    files: &BTreeMap<String, String>,
    source: &words::Said,
) -> Problem {
    let written = word.and_then(|word| rule.any.iter().find(|k| *k.folded == *word));
    let (hits, of, top) = (tally.clauses, all.clauses, (tally.top() * 100.0).round());
    let percent = (hits as f64 / of as f64 * 100.0).round();
    let name = written.map_or(("这条规则".to_owned(), "this rule".to_owned()), |k| {
        (format!("“{}”", k.written), format!("`{}`", k.written))
    });
    let ((zh, en), text) = (name, files.get(&*rule.file).map_or("", String::as_str));
    Problem {
        code: "broad",
        severity: Severity::Warning,
        place: place_of((&rule.file, text), written.map_or(rule.at, |k| k.at)),
        what: words::Said::new(
            format!(
                "{zh}太宽：{}的 {of} 个分句里它命中 {hits} 个（{percent}%），说什么的都有，同一类的最多占 {top}%",
                source.zh
            ),
            format!(
                "{en} is too broad: of {of} clauses of {} it hits {hits} ({percent}%), which speak of everything: no category has more than {top}% of them",
                source.en
            ),
        ),
        help: Some(said!(
            "换成更具体的词，或用 near 和另一组词写在一起。",
            "Use words that say more, or put it into near beside a second list."
        )),
    }
}

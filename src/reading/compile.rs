//! From a taxonomy to what runs: one automaton over all keywords and cues, and rules by number.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};
use regex::Regex;

use crate::taxonomy::{Cue, Denied, Edges, Keyword, Only, Rule, Scope, Taxonomy, frequency, required, rule};
use crate::words::{Kind, Speaker, Stance};

/// Operands of a rule, by number: these, then one for each list of `near`, `then` and `all`.
pub(super) mod slot {
    pub const ANY: u8 = 0;
    pub const UNLESS: u8 = 1;
    pub const WITHOUT: u8 = 2;
    pub const WITHOUT_RECORD: u8 = 3;
    /// A word without which a pattern cannot match.
    pub const TRIGGER: u8 = 4;
    /// Another such word.
    pub const SECOND_TRIGGER: u8 = 5;
    pub const LISTS: u8 = 6;
}

/// Where a keyword is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub rule: u32,
    pub slot: u8,
    pub edges: Edges,
}

/// What a cue word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CueUse {
    pub cue: Cue,
    pub edges: Edges,
}

/// One distinct folded text that the automaton looks for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    /// A bit for each rule that uses it, rules 64 apart sharing one.
    pub rules: u64,
    uses_from: u32,
    uses: u16,
    /// How many of its uses, the first, are in the key operand of a rule.
    keys: u16,
    cues_from: u32,
    cues: u8,
    /// All edges that some use asks for.
    pub edges: Edges,
}

/// A rule, ready to run.
#[derive(Debug)]
pub(super) struct Step {
    pub category: u16,
    /// Its place among the category's rules.
    pub rule: u16,
    pub stance: Stance,
    pub any: bool,
    pub near: Range<u8>,
    pub then: Range<u8>,
    pub all: Range<u8>,
    /// Operands, by bit, without which it cannot hold.
    pub needs: u32,
    /// The one of them that is met least often: only with it the rule is looked at. 0 if none.
    pub key: u8,
    pub within: usize,
    pub patterns: Vec<Matcher>,
    pub parents: Vec<u16>,
    pub scope: Scope,
    pub denied: Denied,
    pub fixed: bool,
    pub opinion: bool,
    pub speaker: Speaker,
    /// Conditions on the record; `None` if there are none.
    pub only: Option<Only>,
}

/// A pattern, compiled when a text first asks for it: most taxonomies have many that few texts need.
#[derive(Debug)]
pub(super) struct Matcher {
    folded: String,
    regex: OnceLock<Option<Regex>>,
}

impl Matcher {
    fn new(folded: &str) -> Matcher {
        Matcher { folded: folded.to_owned(), regex: OnceLock::new() }
    }

    /// The regular expression; `None` only for a pattern that was refused when it was read.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| rule::regex(&self.folded).ok()).as_ref()
    }
}

impl Step {
    /// True if only chats are read by this rule.
    pub fn for_chats(&self) -> bool {
        self.only.as_ref().is_some_and(|only| only.kind == [Kind::Chat])
    }
}

/// Every text that is looked for, and what for.
type Words<'t> = BTreeMap<Cow<'t, str>, (Vec<Use>, Vec<CueUse>)>;

/// Everything that runs.
pub(super) struct Program {
    pub automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    pub words: Vec<Word>,
    pub uses: Vec<Use>,
    pub cues: Vec<CueUse>,
    pub steps: Vec<Step>,
    /// Steps that run on every text: those whose pattern or category needs no keyword.
    pub always: Vec<u32>,
    /// Steps that look at other categories' evidence, in an order that settles those first.
    pub second: Vec<u32>,
    /// Speakers that some rule listens to.
    pub speakers: Vec<Speaker>,
    /// The nets above each category.
    pub nets: Vec<Vec<u16>>,
    /// True if a rule asks for the stage of a conversation.
    pub asks_stage: bool,
}

impl Program {
    pub fn new(taxonomy: &Taxonomy) -> Program {
        let mut words = Words::new();
        let mut steps = Vec::new();
        for (c, category) in taxonomy.categories().iter().enumerate() {
            for (r, rule) in category.rules.iter().enumerate() {
                let number = steps.len() as u32;
                let triggers = triggers(rule);
                collect(rule, number, &mut words);
                for (i, list) in triggers.iter().enumerate() {
                    let usage = Use { rule: number, slot: slot::TRIGGER + i as u8, edges: Edges::default() };
                    for word in list {
                        words.entry(word.clone().into()).or_default().0.push(usage);
                    }
                }
                steps.push(step(taxonomy, (c, r), rule, &triggers));
            }
        }
        for word in taxonomy.cues() {
            let uses = words.entry(word.keyword.folded.as_str().into()).or_default();
            uses.1.push(CueUse { cue: word.cue, edges: word.keyword.edges });
        }
        let always = numbers(&steps, |s| s.needs == 0 && s.parents.is_empty());
        let second = second_steps(&steps, taxonomy.categories().len());
        let mut speakers: Vec<Speaker> = steps.iter().map(|s| s.speaker).collect();
        speakers.sort();
        speakers.dedup();
        let asks_stage = steps.iter().any(|s| s.only.as_ref().is_some_and(|only| !only.stage.is_empty()));
        let nets = taxonomy.categories().iter().map(|c| c.nets.iter().map(|n| *n as u16).collect()).collect();
        let mut program = Program {
            automaton: None,
            words: Vec::with_capacity(words.len()),
            uses: Vec::new(),
            cues: Vec::new(),
            steps,
            always,
            second,
            speakers,
            nets,
            asks_stage,
        };
        let texts: Vec<&str> = words.keys().map(|w| &**w).collect();
        // Building fails on an empty set only: folded keywords are distinct and not empty.
        program.automaton = CharwiseDoubleArrayAhoCorasickBuilder::new().build(texts).ok();
        for (uses, cues) in words.into_values() {
            program.add_word(uses, cues);
        }
        program
    }

    fn add_word(&mut self, mut uses: Vec<Use>, mut cues: Vec<CueUse>) {
        let is_key = |u: &Use| self.steps[u.rule as usize].key == u.slot;
        uses.sort_by_key(|u| !is_key(u));
        uses.dedup();
        cues.sort_by_key(|c| c.cue);
        cues.dedup();
        let edges = uses.iter().map(|u| u.edges.0).chain(cues.iter().map(|c| c.edges.0)).fold(0, |a, b| a | b);
        self.words.push(Word {
            rules: uses.iter().fold(0, |bits, u| bits | rule_bit(u.rule)),
            uses_from: self.uses.len() as u32,
            uses: uses.len() as u16,
            keys: uses.iter().filter(|u| is_key(u)).count() as u16,
            edges: Edges(edges),
            cues_from: self.cues.len() as u32,
            cues: cues.len() as u8,
        });
        self.uses.extend(uses);
        self.cues.extend(cues);
    }

    /// What a word is looked for.
    pub fn uses(&self, word: &Word) -> &[Use] {
        &self.uses[word.uses_from as usize..][..word.uses.into()]
    }

    /// Those of its uses that make a rule worth looking at.
    pub fn key_uses(&self, word: &Word) -> &[Use] {
        &self.uses[word.uses_from as usize..][..word.keys.into()]
    }

    /// What a word is as a cue.
    pub fn cues(&self, word: &Word) -> &[CueUse] {
        &self.cues[word.cues_from as usize..][..word.cues.into()]
    }
}

/// The bit of a rule in [`Word::rules`].
pub(super) fn rule_bit(rule: u32) -> u64 {
    1 << (rule % 64)
}

fn numbers(steps: &[Step], wanted: impl Fn(&Step) -> bool) -> Vec<u32> {
    (0..steps.len() as u32).filter(|n| wanted(&steps[*n as usize])).collect()
}

/// Steps with a `category` operator, each after those whose categories it looks at; a circle is
/// broken where it is met.
fn second_steps(steps: &[Step], categories: usize) -> Vec<u32> {
    let mut level = vec![0usize; categories];
    for _ in 0..categories.min(16) {
        for step in steps.iter().filter(|s| !s.parents.is_empty()) {
            let above = step.parents.iter().map(|p| level[usize::from(*p)]).max().unwrap_or(0) + 1;
            let own = &mut level[usize::from(step.category)];
            *own = (*own).max(above.min(16));
        }
    }
    let mut second = numbers(steps, |s| !s.parents.is_empty());
    second.sort_by_key(|n| level[usize::from(steps[*n as usize].category)]);
    second
}

/// Lists of words of each of which every match of the rule's patterns holds one: two for a single
/// pattern, one for several, none if a pattern can do without.
fn triggers(rule: &Rule) -> Vec<Vec<String>> {
    match rule.pattern.as_slice() {
        [one] => required(&one.folded).into_iter().take(2).collect(),
        several => {
            let lists: Option<Vec<Vec<String>>> =
                several.iter().map(|p| required(&p.folded).into_iter().next()).collect();
            lists.map(|lists| lists.concat()).filter(|words| !words.is_empty()).into_iter().collect()
        }
    }
}

fn collect<'t>(rule: &'t Rule, number: u32, words: &mut Words<'t>) {
    let mut add = |keywords: &'t [Keyword], slot: u8| {
        for keyword in keywords {
            let usage = Use { rule: number, slot, edges: keyword.edges };
            words.entry(keyword.folded.as_str().into()).or_default().0.push(usage);
        }
    };
    add(&rule.any, slot::ANY);
    add(&rule.unless, slot::UNLESS);
    add(&rule.without, slot::WITHOUT);
    add(&rule.without_record, slot::WITHOUT_RECORD);
    for (i, list) in rule.near.iter().chain(&rule.then).chain(&rule.all).enumerate() {
        add(list, slot::LISTS + i as u8);
    }
}

fn step(taxonomy: &Taxonomy, (category, number): (usize, usize), rule: &Rule, triggers: &[Vec<String>]) -> Step {
    let near = slot::LISTS..slot::LISTS + rule.near.len() as u8;
    let then = near.end..near.end + rule.then.len() as u8;
    let all = then.end..then.end + rule.all.len() as u8;
    let lists = (near.start..all.end).fold(0, |bits, slot| bits | 1 << slot);
    let needs = lists
        | u32::from(!rule.any.is_empty()) << slot::ANY
        | u32::from(!triggers.is_empty()) << slot::TRIGGER
        | u32::from(triggers.len() > 1) << slot::SECOND_TRIGGER;
    let load = |slot: u8| -> u32 {
        match slot {
            slot::ANY => rule.any.iter().map(|k| frequency(&k.folded)).sum(),
            slot::TRIGGER | slot::SECOND_TRIGGER => {
                triggers[usize::from(slot - slot::TRIGGER)].iter().map(|w| frequency(w)).sum()
            }
            list => {
                let lists = rule.near.iter().chain(&rule.then).chain(&rule.all);
                lists.skip(usize::from(list - slot::LISTS)).take(1).flatten().map(|k| frequency(&k.folded)).sum()
            }
        }
    };
    Step {
        category: category as u16,
        rule: number as u16,
        stance: rule.stance,
        any: !rule.any.is_empty(),
        near,
        then,
        all,
        needs,
        key: (0..31).filter(|slot| needs >> slot & 1 == 1).min_by_key(|slot| load(*slot)).unwrap_or(slot::UNLESS),
        within: rule.within as usize,
        patterns: rule.pattern.iter().map(|p| Matcher::new(&p.folded)).collect(),
        parents: rule.category.iter().filter_map(|id| taxonomy.find(id)).map(|c| c as u16).collect(),
        scope: rule.scope,
        denied: rule.denied,
        fixed: rule.fixed,
        opinion: rule.opinion,
        speaker: rule.only.speaker(),
        only: (!rule.only.is_free()).then(|| rule.only.clone()),
    }
}

//! From a taxonomy to what runs: rules by number, the lists that each asks for, and which of these wake it.

use std::ops::Range;

use regex::Regex;

use super::finder::Finder;
use super::grammar::Grammar;
use super::vocabulary::{Gathering, Vocabulary};
use crate::taxonomy::{Denied, Only, Rule, Scope, Taxonomy, frequencies, required};
use crate::words::{Kind, Speaker, Stance};

/// Operands of a rule, by number: these, then one for each list of `near`, `then` and `all`.
pub(super) mod slot {
    pub const ANY: u8 = 0;
    pub const UNLESS: u8 = 1;
    pub const WITHOUT: u8 = 2;
    pub const WITHOUT_RECORD: u8 = 3;
    /// Words without one of which a pattern cannot match, and so on up to [`LISTS`].
    pub const TRIGGER: u8 = 4;
    pub const LISTS: u8 = 8;
}

/// Most operands that a pattern can have: more would seldom keep it from being tried ...
const TRIGGERS: usize = (slot::LISTS - slot::TRIGGER) as usize;
/// ... and nor would words that are so [frequent](frequencies).
const FREQUENT: u32 = 2_000;

/// What a rule asks for: a word of one of these lists.
#[derive(Debug)]
pub(super) struct Operand {
    pub slot: u8,
    pub lists: Vec<u32>,
}

impl Operand {
    /// True if the rule cannot hold without it.
    fn is_needed(&self) -> bool {
        !matches!(self.slot, slot::UNLESS | slot::WITHOUT | slot::WITHOUT_RECORD)
    }

    /// True for the words of a pattern.
    pub fn is_trigger(&self) -> bool {
        (slot::TRIGGER..slot::LISTS).contains(&self.slot)
    }
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
    /// First those without which it cannot hold, and of these the one that is met least often.
    pub operands: Vec<Operand>,
    /// How many operands it cannot do without.
    needed: usize,
    pub within: usize,
    pub patterns: Vec<Regex>,
    pub parents: Vec<u16>,
    pub scope: Scope,
    pub denied: Denied,
    pub fixed: bool,
    pub opinion: bool,
    pub speaker: Speaker,
    /// Conditions on the record; `None` if there are none.
    pub only: Option<Only>,
}

impl Step {
    /// True if only chats are read by this rule.
    pub fn for_chats(&self) -> bool {
        self.only.as_ref().is_some_and(|only| only.kind == [Kind::Chat])
    }

    /// The operands without which it cannot hold.
    pub fn needed(&self) -> &[Operand] {
        &self.operands[..self.needed]
    }
}

/// Everything that runs.
pub(super) struct Program {
    pub finder: Finder,
    pub vocabulary: Vocabulary,
    pub grammar: Grammar,
    pub steps: Vec<Step>,
    /// Steps that run on every text: those whose pattern needs no word.
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
        let rules = || {
            let categories = taxonomy.categories().iter().enumerate();
            categories.flat_map(|(c, category)| category.rules.iter().enumerate().map(move |(r, rule)| ((c, r), rule)))
        };
        let triggers: Vec<Vec<Vec<String>>> = rules().map(|(_, rule)| triggers(rule)).collect();
        // About half of them are said in several rules.
        let mut gathering = Gathering::with_room(rules().map(|(_, rule)| rule.keywords().count()).sum::<usize>() / 2);
        let silencing: Vec<Vec<u32>> =
            taxonomy.categories().iter().map(|category| gathering.operand(&category.without_record)).collect();
        let mut steps: Vec<Step> = rules()
            .zip(&triggers)
            .map(|((place, rule), triggers)| {
                step(taxonomy, place, rule, operands(rule, &silencing[place.0], triggers, &mut gathering))
            })
            .collect();
        gathering.cues(taxonomy.cues());
        // The automaton takes longer than all else: it is built beside it.
        let vocabulary = || {
            by_rarity(&mut steps, &gathering.loads());
            gathering.vocabulary(&wakes(&steps, gathering.lists()))
        };
        let (finder, vocabulary) = rayon::join(|| gathering.finder(), vocabulary);
        let is_always = |n: &u32| steps[*n as usize].needed == 0 && steps[*n as usize].parents.is_empty();
        let mut speakers: Vec<Speaker> = steps.iter().map(|s| s.speaker).collect();
        speakers.sort();
        speakers.dedup();
        Program {
            always: (0..steps.len() as u32).filter(is_always).collect(),
            second: second_steps(&steps, taxonomy.categories().len()),
            speakers,
            nets: taxonomy.categories().iter().map(|c| c.nets.iter().map(|n| *n as u16).collect()).collect(),
            asks_stage: steps.iter().any(|s| s.only.as_ref().is_some_and(|only| !only.stage.is_empty())),
            grammar: Grammar::new(taxonomy.cues()),
            finder,
            vocabulary,
            steps,
        }
    }
}

/// Puts the operands of each step in the order that it asks of them, given how often a word of each list is met.
fn by_rarity(steps: &mut [Step], loads: &[u64]) {
    for step in steps {
        let load = |operand: &Operand| -> u64 { operand.lists.iter().map(|list| loads[*list as usize]).sum() };
        step.operands.sort_by_cached_key(|operand| (!operand.is_needed(), load(operand)));
    }
}

/// For each list the rules that its matches wake: those whose rarest operand it is in.
fn wakes(steps: &[Step], lists: usize) -> Vec<Vec<u32>> {
    let mut wakes = vec![Vec::new(); lists];
    for (number, step) in steps.iter().enumerate().filter(|(_, s)| s.parents.is_empty()) {
        for list in step.needed().first().map_or(&[][..], |rarest| &rarest.lists) {
            wakes[*list as usize].push(number as u32);
        }
    }
    wakes
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
    let is_second = |n: &u32| !steps[*n as usize].parents.is_empty();
    let mut second: Vec<u32> = (0..steps.len() as u32).filter(is_second).collect();
    second.sort_by_key(|n| level[usize::from(steps[*n as usize].category)]);
    second
}

/// Lists of words of each of which every match of the rule's patterns holds one: those of a single
/// pattern, one for several, none if a pattern can do without.
fn triggers(rule: &Rule) -> Vec<Vec<String>> {
    match rule.pattern.as_slice() {
        [one] => {
            let rare = |(i, words): &(usize, Vec<String>)| *i == 0 || frequencies(words) < FREQUENT;
            let lists = required(&one.folded).into_iter().enumerate().filter(rare);
            lists.map(|(_, words)| words).take(TRIGGERS).collect()
        }
        several => {
            let lists: Option<Vec<Vec<String>>> =
                several.iter().map(|p| required(&p.folded).into_iter().next()).collect();
            lists.map(|lists| lists.concat()).filter(|words| !words.is_empty()).into_iter().collect()
        }
    }
}

/// The operands of a rule, with the lists that silence all rules of its category.
fn operands<'t>(
    rule: &'t Rule,
    silencing: &[u32],
    triggers: &'t [Vec<String>],
    gathering: &mut Gathering<'t>,
) -> Vec<Operand> {
    let lists = rule.near.iter().chain(&rule.then).chain(&rule.all).zip(slot::LISTS..);
    let single = [
        (&rule.any, slot::ANY),
        (&rule.unless, slot::UNLESS),
        (&rule.without, slot::WITHOUT),
        (&rule.without_record, slot::WITHOUT_RECORD),
    ];
    let lists = single.into_iter().chain(lists).filter(|(list, _)| !list.is_empty());
    let mut operands: Vec<Operand> =
        lists.map(|(list, slot)| Operand { slot, lists: gathering.operand(list) }).collect();
    match operands.iter_mut().find(|o| o.slot == slot::WITHOUT_RECORD) {
        Some(operand) => operand.lists.extend_from_slice(silencing),
        None if silencing.is_empty() => (),
        None => operands.push(Operand { slot: slot::WITHOUT_RECORD, lists: silencing.to_vec() }),
    }
    for (words, slot) in triggers.iter().zip(slot::TRIGGER..) {
        operands.push(Operand { slot, lists: vec![gathering.list(words)] });
    }
    operands
}

fn step(taxonomy: &Taxonomy, (category, number): (usize, usize), rule: &Rule, operands: Vec<Operand>) -> Step {
    let near = slot::LISTS..slot::LISTS + rule.near.len() as u8;
    let then = near.end..near.end + rule.then.len() as u8;
    let all = then.end..then.end + rule.all.len() as u8;
    Step {
        category: category as u16,
        rule: number as u16,
        stance: rule.stance,
        any: !rule.any.is_empty(),
        near,
        then,
        all,
        needed: operands.iter().filter(|o| o.is_needed()).count(),
        operands,
        within: rule.within as usize,
        patterns: rule.pattern.iter().map(|p| p.regex.clone()).collect(),
        parents: rule.category.iter().filter_map(|id| taxonomy.find(id)).map(|c| c as u16).collect(),
        scope: rule.scope,
        denied: rule.denied,
        fixed: rule.fixed,
        opinion: rule.opinion,
        speaker: rule.only.speaker(),
        only: (!rule.only.is_free()).then(|| rule.only.clone()),
    }
}

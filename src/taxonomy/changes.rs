//! What differs between two taxonomies, as their owner would say it: keywords added, removed and moved.

use std::collections::{BTreeMap, BTreeSet};

use super::{Category, Rule, Taxonomy};
use crate::words::Stance;

/// A keyword that stands elsewhere now: category and stance before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The keyword.
    pub keyword: String,
    /// Where it stood.
    pub from: (String, Stance),
    /// Where it stands.
    pub to: (String, Stance),
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Categories that are new.
    pub new: Vec<String>,
    /// Categories that are gone.
    pub gone: Vec<String>,
    /// Keywords that only the new one has, by category and stance.
    pub added: BTreeMap<(String, Stance), Vec<String>>,
    /// Keywords that only the old one has.
    pub removed: BTreeMap<(String, Stance), Vec<String>>,
    /// Keywords that changed their place.
    pub moved: Vec<Moved>,
    /// Words that only the new one has in an operator of a category and stance (`near`, `unless` …).
    pub more: BTreeMap<(String, Stance, &'static str), Vec<String>>,
    /// Words of operators that only the old one has.
    pub less: BTreeMap<(String, Stance, &'static str), Vec<String>>,
    /// Categories whose rules differ in something else than words: distances, conditions, or which of them has which
    /// word.
    pub rules: Vec<String>,
    /// Categories whose rules are the same, in other files.
    pub parts: Vec<String>,
    /// Categories whose name, meaning, owner or action differ.
    pub about: Vec<String>,
    /// Categories whose examples differ.
    pub examples: Vec<String>,
    /// Files of cue words and of shared lists that differ.
    pub cues: Vec<String>,
}

impl Changes {
    /// True if nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }
}

type Place = (String, Stance);

/// What differs between an old and a new taxonomy.
pub fn changes(old: &Taxonomy, new: &Taxonomy) -> Changes {
    let ids = |t: &Taxonomy| t.categories().iter().map(|c| c.id.clone()).collect::<BTreeSet<_>>();
    let (before, after) = (ids(old), ids(new));
    let mut changes = Changes {
        new: after.difference(&before).cloned().collect(),
        gone: before.difference(&after).cloned().collect(),
        ..Changes::default()
    };
    let (has, had) = (keywords(new), keywords(old));
    let mut lost: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for (word, place) in had.difference(&has) {
        lost.entry(word).or_default().push(place);
    }
    let mut moved: BTreeSet<(&str, &Place)> = BTreeSet::new();
    for (word, place) in has.difference(&had) {
        match lost.get_mut(word.as_str()).and_then(Vec::pop) {
            Some(from) => {
                moved.insert((word, from));
                changes.moved.push(Moved { keyword: word.clone(), from: from.clone(), to: place.clone() });
            }
            None => changes.added.entry(place.clone()).or_default().push(word.clone()),
        }
    }
    for (word, place) in had.difference(&has).filter(|(word, place)| !moved.contains(&(word.as_str(), place))) {
        changes.removed.entry(place.clone()).or_default().push(word.clone());
    }
    let (has, had) = (operands(new), operands(old));
    changes.more = beyond(&has, &had);
    changes.less = beyond(&had, &has);
    let worded: BTreeSet<String> = changes.more.keys().chain(changes.less.keys()).map(|key| key.0.clone()).collect();
    for id in before.intersection(&after) {
        let (Some(a), Some(b)) = (old.find(id), new.find(id)) else { continue };
        let (one, two) = (&old.categories()[a], &new.categories()[b]);
        let same = |read: fn(&Category) -> BTreeSet<String>| read(one) == read(two);
        if !same(bones) || same(words) && !worded.contains(id) && !same(whole) {
            changes.rules.push(id.clone());
        } else if same(whole) && !same(placed) {
            changes.parts.push(id.clone());
        }
        if old.head_of(a) != new.head_of(b) {
            changes.about.push(id.clone());
        }
        let examples = |c: &Category| c.examples.iter().map(|e| (e.stance, e.text.clone())).collect::<BTreeSet<_>>();
        if examples(one) != examples(two) {
            changes.examples.push(id.clone());
        }
    }
    let cues =
        |t: &Taxonomy| t.files().into_iter().filter(|(path, _)| path.starts_with('_')).collect::<BTreeMap<_, _>>();
    let (one, two) = (cues(old), cues(new));
    let paths: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
    changes.cues = paths.into_iter().filter(|p| one.get(*p) != two.get(*p)).cloned().collect();
    changes
}

/// Every plain keyword with its place.
fn keywords(taxonomy: &Taxonomy) -> BTreeSet<(String, Place)> {
    let of = |c: &Category| {
        let places = c.rules.iter().flat_map(|r| r.any.iter().map(move |k| (k.written.to_string(), r.stance)));
        places.map(|(word, stance)| (word, (c.id.clone(), stance))).collect::<Vec<_>>()
    };
    taxonomy.categories().iter().flat_map(of).collect()
}

/// A word of an operator, with its place.
type Operand = (Place, &'static str, String);

/// How often each word of each operator stands there.
fn operands(taxonomy: &Taxonomy) -> BTreeMap<Operand, usize> {
    let mut found = BTreeMap::new();
    for category in taxonomy.categories() {
        for rule in &category.rules {
            let lists = [("near", &rule.near), ("then", &rule.then), ("all", &rule.all)];
            let lists = lists.into_iter().flat_map(|(name, lists)| lists.iter().map(move |list| (name, list)));
            let single =
                [("unless", &rule.unless), ("without", &rule.without), ("without_record", &rule.without_record)];
            for (name, list) in lists.chain(single) {
                for word in super::list::written(list) {
                    *found.entry(((category.id.clone(), rule.stance), name, word)).or_default() += 1;
                }
            }
        }
    }
    found
}

/// The words that stand oftener in `one` than in `two`.
fn beyond(
    one: &BTreeMap<Operand, usize>,
    two: &BTreeMap<Operand, usize>,
) -> BTreeMap<(String, Stance, &'static str), Vec<String>> {
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (operand, count) in one.iter().filter(|(operand, count)| two.get(operand).is_none_or(|n| n < count)) {
        let ((id, stance), name, word) = operand;
        let more = count - two.get(operand).copied().unwrap_or_default();
        found.entry((id.clone(), *stance, *name)).or_default().extend(vec![word.clone(); more]);
    }
    found
}

/// The rules without their words, in any order, and what holds for all of them.
fn bones(category: &Category) -> BTreeSet<String> {
    let text = |rule: &Rule| {
        let mut bare = rule.clone();
        let shape = (!rule.any.is_empty(), rule.near.len(), rule.then.len(), rule.all.len());
        for words in [&mut bare.any, &mut bare.unless, &mut bare.without, &mut bare.without_record] {
            words.clear();
        }
        for lists in [&mut bare.near, &mut bare.then, &mut bare.all] {
            lists.clear();
        }
        format!("{shape:?} {}", written(&bare))
    };
    let all = category.without_record.iter().map(|word| word.written.to_string());
    category.rules.iter().map(text).chain(all).collect()
}

/// The plain keywords of each stance.
fn words(category: &Category) -> BTreeSet<String> {
    let of = |rule: &Rule| rule.any.iter().map(|word| format!("{} {}", rule.stance, word.written)).collect::<Vec<_>>();
    category.rules.iter().flat_map(of).collect()
}

/// The rules, in any order.
fn whole(category: &Category) -> BTreeSet<String> {
    category.rules.iter().map(written).collect()
}

/// The rules, each with its file.
fn placed(category: &Category) -> BTreeSet<String> {
    category.rules.iter().map(|rule| format!("{} {}", rule.file, written(rule))).collect()
}

/// A rule with its words in one order: in which they stand means nothing.
fn written(rule: &Rule) -> String {
    let mut rule = rule.clone();
    for words in [&mut rule.any, &mut rule.unless] {
        words.sort_by(|a, b| a.written.cmp(&b.written));
    }
    format!("{} {}", rule.stance, super::write::body(&rule))
}

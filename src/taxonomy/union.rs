//! A taxonomy with what a sheet or a dictionary has besides: words are added, and nothing that is there goes.

use std::collections::{BTreeMap, BTreeSet};

use super::write::{add_rule, body, examples, key, quote};
use super::{Cue, Keyword, Rule, Taxonomy};

/// The files of the category `id` of `old` with what `new` has besides, and how much of that was there already.
pub fn united(old: &Taxonomy, new: &Taxonomy, id: &str) -> (BTreeMap<String, String>, usize) {
    let (before, Some(after)) = (old.find(id).filter(|at| !old.categories[*at].file.is_empty()), new.find(id)) else {
        return Default::default();
    };
    let head = before.map_or_else(|| new.head_of(after), |at| old.head_of(at));
    let mut rules = before.map_or(Vec::new(), |at| old.categories[at].rules.clone());
    let mut sentences = before.map_or(Vec::new(), |at| old.categories[at].examples.clone());
    let mut there = 0;
    for rule in &new.categories[after].rules {
        there += add(&mut rules, rule.clone());
    }
    for example in &new.categories[after].examples {
        match sentences.iter().any(|e| (e.stance, &e.text) == (example.stance, &example.text)) {
            true => there += 1,
            false => sentences.push(example.clone()),
        }
    }
    let file = format!("{id}.toml");
    let mut files = BTreeMap::from([(file.clone(), head)]);
    rules.iter().for_each(|rule| add_rule(files.entry(rule.file.to_string()).or_default(), rule));
    let sentences = examples(sentences.iter().map(|e| (e.stance, e.text.as_str())));
    files.entry(file).or_default().push_str(&sentences);
    (files, there)
}

/// Adds a rule: its plain words to one that asks the same besides, else as it is; how many of its words were there.
fn add(rules: &mut Vec<Rule>, mut rule: Rule) -> usize {
    let others = rules.iter().filter(|r| r.stance == rule.stance);
    if rule.any.is_empty() {
        let is_there = others.map(body).any(|text| text == body(&rule));
        if !is_there {
            rules.push(rule);
        }
        return usize::from(is_there);
    }
    let had: BTreeSet<String> = others.flat_map(|r| &r.any).map(name).collect();
    let of: BTreeSet<String> = rule.any.iter().map(name).collect();
    rule.any.retain(|word| !had.contains(&name(word)));
    let there = of.intersection(&had).count();
    if rule.any.is_empty() {
        return there;
    }
    let fits = |r: &&mut Rule| {
        let (mut one, mut two) = (Rule::clone(r), rule.clone());
        if two.unless.is_empty() {
            one.unless.clear();
        }
        one.any.clear();
        two.any.clear();
        !r.any.is_empty() && r.stance == rule.stance && body(&one) == body(&two)
    };
    match rules.iter_mut().find(fits) {
        Some(other) => other.any.append(&mut rule.any),
        None => rules.push(rule),
    }
    there
}

/// A word as its rule has it: the list that brought it, or itself.
fn name(word: &Keyword) -> String {
    word.list.as_ref().map_or_else(|| word.written.to_string(), |list| format!("@{list}"))
}

/// The file `path` of cue words or of shared lists with the words that `new` has besides, and how many were there.
pub fn united_words(old: &Taxonomy, new: &Taxonomy, path: &str) -> (String, usize) {
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    let mut there = 0;
    let cues = |t: &Taxonomy| {
        let of = |cue: Cue| {
            t.cues
                .iter()
                .filter(move |w| w.cue == cue && w.file == path)
                .map(move |w| (cue.key().to_string(), w.keyword.written.to_string()))
        };
        Cue::ALL.into_iter().flat_map(of).collect::<Vec<_>>()
    };
    let shared = |t: &Taxonomy| {
        let lists = t.lists.iter().filter(|l| l.file == path);
        lists.flat_map(|l| l.words.iter().map(|w| (l.name.clone(), w.written.to_string()))).collect::<Vec<_>>()
    };
    let all = |t: &Taxonomy| [cues(t), shared(t)].concat();
    let had = all(old);
    for (list, word) in had.iter().cloned().chain(all(new).into_iter().filter(|word| {
        let is_there = had.contains(word);
        there += usize::from(is_there);
        !is_there
    })) {
        match lists.iter_mut().find(|(name, _)| *name == list) {
            Some((_, words)) => words.push(word),
            None => lists.push((list, vec![word])),
        }
    }
    let text = |(name, words): &(String, Vec<String>)| {
        let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
        format!("{} = [\n  {},\n]\n", key(name), words.join(",\n  "))
    };
    (lists.iter().map(text).collect(), there)
}

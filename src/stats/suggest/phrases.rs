//! Phrases worth looking at: Chinese ones found as new words, others as runs of one to three words.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lexicon::{stands_alone, tokens};
use super::{Clause, State};
use crate::stats::new_words::{self, Thresholds};
use crate::text::script::is_han;

/// Most words of a phrase in a script with spaces.
const WORDS: usize = 3;
/// Characters from which a common threshold of cohesion is right; below, the best fifth is taken.
const ENOUGH: usize = 100_000;

/// The phrases of the open clauses that stand in at least `least` of them.
pub fn find(clauses: &[Clause<'_>], least: u32) -> Vec<String> {
    let open = || clauses.iter().filter(|c| c.state == State::Open).map(|c| c.text);
    let mut phrases = han(open(), least);
    phrases.extend(latin(open(), least));
    phrases.retain(|phrase| stands_alone(phrase));
    phrases.sort();
    phrases
}

fn han<'t>(texts: impl Iterator<Item = &'t str> + Clone, least: u32) -> Vec<String> {
    let scored = new_words::score(texts.clone(), least, is_han);
    let characters: usize = texts.map(|t| t.chars().filter(|c| is_han(*c)).count()).sum();
    let mut thresholds = Thresholds { texts: least, ..Thresholds::default() };
    if characters < ENOUGH {
        let mut pmi: Vec<f64> = scored.iter().map(|w| w.pmi).collect();
        pmi.sort_by(f64::total_cmp);
        thresholds.pmi = pmi.get(pmi.len() * 4 / 5).copied().unwrap_or(0.0).min(thresholds.pmi);
    }
    new_words::pick(&scored, thresholds, |_| false).into_iter().map(|w| w.word.clone()).collect()
}

fn latin<'t>(texts: impl Iterator<Item = &'t str>, least: u32) -> Vec<String> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for text in texts {
        let mut here: FxHashSet<&str> = FxHashSet::default();
        each(text, |phrase| {
            if !phrase.chars().next().is_some_and(is_han) && here.insert(phrase) {
                *counts.entry(phrase).or_default() += 1;
            }
        });
    }
    let common: BTreeMap<&str, u32> = counts.into_iter().filter(|(p, n)| *n >= least && stands_alone(p)).collect();
    // A phrase that nearly always stands in a longer one is that longer one.
    let mut inside: FxHashSet<&str> = FxHashSet::default();
    for (phrase, n) in common.iter().filter(|(p, _)| p.contains(' ')) {
        each(phrase, |part| {
            let mostly = common.get(part).is_some_and(|all| f64::from(*n) >= 0.8 * f64::from(*all));
            if part.len() < phrase.len() && mostly {
                inside.insert(part);
            }
        });
    }
    common.keys().filter(|p| !inside.contains(**p)).map(|p| (*p).to_string()).collect()
}

/// Gives every run of tokens of a text that could be a phrase: 2 to 4 Han characters, 1 to 3 words.
pub fn each<'t>(text: &'t str, mut see: impl FnMut(&'t str)) {
    let tokens = tokens(text);
    let is_han_at = |i: usize| text[tokens[i].start as usize..].chars().next().is_some_and(is_han);
    for from in 0..tokens.len() {
        let han = is_han_at(from);
        let most = if han { new_words::LONGEST } else { WORDS };
        for to in from..(from + most).min(tokens.len()) {
            if to > from {
                let between = &text[tokens[to - 1].end as usize..tokens[to].start as usize];
                if is_han_at(to) != han || between != if han { "" } else { " " } {
                    break;
                }
            }
            if to > from || !han {
                see(&text[tokens[from].start as usize..tokens[to].end as usize]);
            }
        }
    }
}

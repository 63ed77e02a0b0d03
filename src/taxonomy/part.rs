//! A taxonomy reduced to some categories: what must be read again after an edit, and nothing else.
//!
//! Categories are read independently of each other but for rules that refer to others. So the labels of one
//! category have a fingerprint of their own, and an edit costs a reading of that category alone.

use std::collections::BTreeSet;

use super::fingerprint::Fingerprint;
use super::{ENGINE_VERSION, Taxonomy};

impl Taxonomy {
    /// True if a category has labels of its own to read, or from its rules; a net without rules has only its parts'.
    pub fn is_read(&self, at: usize) -> bool {
        !self.categories[at].rules.is_empty()
    }

    /// Names what the labels of each of these categories depend on. 32 hex digits.
    pub fn category_fingerprints(&self, of: &[usize]) -> Vec<String> {
        // What all have in common is hashed once.
        let mut common = Fingerprint::default();
        common.add(&format!("fold {} engine {ENGINE_VERSION}", crate::text::FOLD_VERSION));
        for (cue, word) in self.cues.iter().map(|w| (w.cue, &w.keyword)) {
            common.add(&format!("{cue:?} {} {:?}", word.folded, word.edges));
        }
        let one = |at: &usize| {
            let mut own = common.clone();
            for needed in self.needed(&[*at]) {
                own.add(if needed == *at { "own" } else { &self.categories[needed].id });
                self.categories[needed].each_part(|part| own.add(part));
            }
            own.finish().to_hex()[..32].to_string()
        };
        of.iter().map(one).collect()
    }

    /// The taxonomy of these categories and of those that their rules refer to; second, for each category of it,
    /// its place in this one.
    pub fn part(&self, wanted: &[usize]) -> (Taxonomy, Vec<usize>) {
        let places: Vec<usize> = self.needed(wanted).into_iter().collect();
        let new_place = |old: &usize| places.binary_search(old).ok();
        let category = |old: &usize| {
            let mut category = self.categories[*old].clone();
            category.nets = category.nets.iter().filter_map(new_place).collect();
            category
        };
        let part =
            Taxonomy { categories: places.iter().map(category).collect(), cues: self.cues.clone(), lists: Vec::new() };
        (part, places)
    }

    /// These categories, those that their rules refer to, and the parts of nets among them.
    fn needed(&self, wanted: &[usize]) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        let mut open: Vec<usize> = wanted.to_vec();
        while let Some(at) = open.pop() {
            if !needed.insert(at) {
                continue;
            }
            let category = &self.categories[at];
            open.extend(category.rules.iter().flat_map(|r| &r.category).filter_map(|id| self.find(id)));
            if category.is_net {
                open.extend((0..self.categories.len()).filter(|i| self.categories[*i].nets.contains(&at)));
            }
        }
        needed
    }
}

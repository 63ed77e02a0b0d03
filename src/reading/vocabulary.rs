//! What is looked for: every distinct word once, and the lists that it stands in. A list that many rules ask for is kept
//! once, so a match is dealt to few lists, not to many rules.

use std::collections::BTreeMap;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::finder::Finder;
use crate::taxonomy::{Cue, CueWord, Edges, Keyword, frequency};

/// What a match of a word does: it belongs to a list, or wakes a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// The list or the rule.
    pub of: u32,
    /// What must hold at the ends of the match.
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
    wakes_from: u32,
    lists_from: u32,
    uses_to: u32,
    cues: (u32, u32),
    /// All edges that some use asks for.
    pub edges: Edges,
}

impl Word {
    /// True if it stands in a list.
    pub fn is_used(&self) -> bool {
        self.lists_from < self.uses_to
    }
}

/// What a match of each word means.
pub(super) struct Vocabulary {
    words: Vec<Word>,
    uses: Vec<Use>,
    cues: Vec<CueUse>,
    /// How many lists there are; they go by number.
    pub lists: usize,
}

impl Vocabulary {
    pub fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }

    /// The rules that a match of this word wakes.
    pub fn wakes(&self, word: &Word) -> &[Use] {
        &self.uses[word.wakes_from as usize..word.lists_from as usize]
    }

    /// The lists that a word stands in.
    pub fn lists(&self, word: &Word) -> &[Use] {
        &self.uses[word.lists_from as usize..word.uses_to as usize]
    }

    fn add(&mut self, uses: &[Use], wakes: &[Vec<u32>], cues: (u32, u32)) {
        let of_cues = self.cues[cues.0 as usize..cues.1 as usize].iter().map(|c| c.edges);
        let edges = uses.iter().map(|u| u.edges).chain(of_cues).fold(0, |all, edges| all | edges.0);
        let wakes_from = self.uses.len() as u32;
        for usage in uses {
            self.uses.extend(wakes[usage.of as usize].iter().map(|rule| Use { of: *rule, ..*usage }));
        }
        let lists_from = self.uses.len() as u32;
        self.uses.extend_from_slice(uses);
        let uses_to = self.uses.len() as u32;
        self.words.push(Word { wakes_from, lists_from, uses_to, cues, edges: Edges(edges) });
    }

    /// What a word is as a cue.
    pub fn cues(&self, word: &Word) -> &[CueUse] {
        &self.cues[word.cues.0 as usize..word.cues.1 as usize]
    }
}

/// Gathers the words of a taxonomy and numbers their lists.
#[derive(Default)]
pub(super) struct Gathering<'t> {
    numbers: FxHashMap<&'t str, u32>,
    texts: Vec<&'t str>,
    uses: Vec<(u32, Use)>,
    cues: Vec<(u32, CueUse)>,
    lists: u32,
    /// The shared lists met so far. Those of one name are equal, unless somebody changed a rule by hand.
    shared: BTreeMap<&'t str, Vec<(&'t [Keyword], u32)>>,
}

impl<'t> Gathering<'t> {
    /// With room for so many distinct words.
    pub fn with_room(words: usize) -> Gathering<'t> {
        let numbers = FxHashMap::with_capacity_and_hasher(words, FxBuildHasher);
        Gathering { numbers, texts: Vec::with_capacity(words), ..Gathering::default() }
    }

    /// The lists of an operand: the shared ones that it names, and one of its own words.
    pub fn operand(&mut self, keywords: &'t [Keyword]) -> Vec<u32> {
        let mut lists = Vec::new();
        let mut own = None;
        for words in keywords.chunk_by(|a, b| a.list == b.list) {
            let list = match &words[0].list {
                Some(name) => self.shared(name, words),
                None => *own.get_or_insert_with(|| self.next()),
            };
            if words[0].list.is_none() {
                self.add(list, words);
            }
            lists.push(list);
        }
        lists.sort_unstable();
        lists.dedup();
        lists
    }

    /// A list of words that match anywhere.
    pub fn list(&mut self, words: &'t [String]) -> u32 {
        let list = self.next();
        for word in words {
            let word = self.number(word);
            self.uses.push((word, Use { of: list, edges: Edges::default() }));
        }
        list
    }

    pub fn cues(&mut self, cues: &'t [CueWord]) {
        for CueWord { cue, keyword, .. } in cues.iter().filter(|word| !word.cue.stands_in_place()) {
            let word = self.number(&keyword.folded);
            self.cues.push((word, CueUse { cue: *cue, edges: keyword.edges }));
        }
        self.cues.sort_by_key(|(word, cue)| (*word, cue.cue));
        self.cues.dedup();
    }

    /// How many lists there are.
    pub fn lists(&self) -> usize {
        self.lists as usize
    }

    /// A guess at how often a word of each list is met: by what the words look like, and by how many lists ask for them,
    /// for what many ask for is what people say.
    pub fn loads(&self) -> Vec<u64> {
        let mut asked = vec![0u64; self.texts.len()];
        self.uses.iter().for_each(|(word, _)| asked[*word as usize] += 1);
        for (asked, text) in asked.iter_mut().zip(&self.texts) {
            *asked *= u64::from(frequency(text));
        }
        let mut loads = vec![0; self.lists()];
        self.uses.iter().for_each(|(word, usage)| loads[usage.of as usize] += asked[*word as usize]);
        loads
    }

    /// What finds the words by their numbers.
    pub fn finder(&self) -> Finder {
        Finder::new(&self.texts)
    }

    /// What the words are, given for each list the rules that its matches wake.
    pub fn vocabulary(&self, wakes: &[Vec<u32>]) -> Vocabulary {
        let (uses, uses_from) = by_word(&self.uses, self.texts.len());
        let (cues, cues_from) = by_word(&self.cues, self.texts.len());
        let mut vocabulary = Vocabulary {
            words: Vec::with_capacity(self.texts.len()),
            uses: Vec::with_capacity(uses.len() * 2),
            cues,
            lists: self.lists(),
        };
        for (uses_at, cues_at) in uses_from.windows(2).zip(cues_from.windows(2)) {
            vocabulary.add(&uses[uses_at[0] as usize..uses_at[1] as usize], wakes, (cues_at[0], cues_at[1]));
        }
        vocabulary
    }

    fn shared(&mut self, name: &'t str, words: &'t [Keyword]) -> u32 {
        let alike = |a: &Keyword, b: &Keyword| a.folded == b.folded && a.edges == b.edges;
        let same = |known: &[Keyword]| known.len() == words.len() && known.iter().zip(words).all(|(a, b)| alike(a, b));
        let known = self.shared.get(name).and_then(|known| known.iter().find(|(known, _)| same(known)));
        if let Some((_, list)) = known {
            return *list;
        }
        let list = self.next();
        self.shared.entry(name).or_default().push((words, list));
        self.add(list, words);
        list
    }

    fn add(&mut self, list: u32, words: &'t [Keyword]) {
        for keyword in words {
            let word = self.number(&keyword.folded);
            self.uses.push((word, Use { of: list, edges: keyword.edges }));
        }
    }

    fn next(&mut self) -> u32 {
        self.lists += 1;
        self.lists - 1
    }

    fn number(&mut self, text: &'t str) -> u32 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.texts.len() as u32 - 1
        })
    }
}

/// What belongs to each word, one word after another in the order given, and where that of each begins.
fn by_word<T: Copy>(pairs: &[(u32, T)], words: usize) -> (Vec<T>, Vec<u32>) {
    let mut from = vec![0; words + 1];
    for (word, _) in pairs {
        from[*word as usize + 1] += 1;
    }
    for word in 0..words {
        from[word + 1] += from[word];
    }
    let (mut next, mut sorted) = (from.clone(), pairs.iter().map(|(_, what)| *what).collect::<Vec<T>>());
    for (word, what) in pairs {
        sorted[next[*word as usize] as usize] = *what;
        next[*word as usize] += 1;
    }
    (sorted, from)
}

//! The finder: where the words that are looked for stand in a text, all in one pass.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};

use crate::text::script::is_han;

/// Characters of the longest word that the automaton knows as a whole. Of longer ones, mostly English phrases, it knows so many
/// and the rest is compared: with ten it had half as many states again, and took a third longer to build.
const HEAD: usize = 7;

type Automaton = CharwiseDoubleArrayAhoCorasick<u32>;

/// Finds words by their numbers.
pub(super) struct Finder {
    /// Give the number of a word, or past these the number of a head: one for the words that begin with a Han character, one
    /// for the others. They are built side by side, and in either script the other's has next to nothing to do.
    automata: [Option<Automaton>; 2],
    /// How many words there are.
    words: usize,
    /// The words of each head in [`longer`](Finder::longer).
    heads: Vec<(u32, u32)>,
    /// Long words by their heads: the number of each and what follows its head.
    longer: Vec<(u32, Box<str>)>,
}

impl Finder {
    /// Finds these words, which are distinct; the number of each is its place.
    pub fn new(words: &[&str]) -> Finder {
        let mut finder = Finder { automata: [None, None], words: words.len(), heads: Vec::new(), longer: Vec::new() };
        let patterns = finder.patterns(words);
        let (han, others): (Vec<_>, Vec<_>) = patterns.into_iter().partition(|(word, _)| word.starts_with(is_han));
        finder.automata = rayon::join(|| automaton(han), || automaton(others)).into();
        finder
    }

    /// Hands over each place of each word in a text: its start, its end and the number of the word.
    pub fn scan(&self, text: &str, mut each: impl FnMut(usize, usize, u32)) {
        for automaton in self.automata.iter().flatten() {
            for found in automaton.find_overlapping_iter(text) {
                let (start, end, number) = (found.start(), found.end(), found.value());
                let Some(head) = (number as usize).checked_sub(self.words) else {
                    each(start, end, number);
                    continue;
                };
                let (from, to) = self.heads[head];
                for (word, rest) in &self.longer[from as usize..to as usize] {
                    if text.as_bytes()[end..].starts_with(rest.as_bytes()) {
                        each(start, end + rest.len(), *word);
                    }
                }
            }
        }
    }

    /// What the automaton is to look for, each with its number; notes what follows the heads.
    fn patterns<'t>(&mut self, words: &[&'t str]) -> Vec<(&'t str, u32)> {
        let (mut patterns, mut long) = (Vec::with_capacity(words.len()), Vec::new());
        for (word, number) in words.iter().zip(0..) {
            match word.char_indices().nth(HEAD) {
                Some((at, _)) => long.push((word.split_at(at), number)),
                None => patterns.push((*word, number)),
            }
        }
        long.sort_unstable();
        for group in long.chunk_by(|((head, _), _), ((next, _), _)| head == next) {
            let ((head, _), _) = group[0];
            patterns.push((head, (words.len() + self.heads.len()) as u32));
            let from = self.longer.len() as u32;
            self.longer.extend(group.iter().map(|((_, rest), number)| (*number, Box::from(*rest))));
            self.heads.push((from, self.longer.len() as u32));
        }
        patterns
    }
}

/// `None` without patterns: they are distinct and not empty, so that nothing else can fail. Among so many a filter of places
/// would seldom skip one.
fn automaton(patterns: Vec<(&str, u32)>) -> Option<Automaton> {
    CharwiseDoubleArrayAhoCorasickBuilder::new().use_prefilter(false).build_with_values(patterns).ok()
}

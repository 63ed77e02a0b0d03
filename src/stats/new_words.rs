//! Words nobody has put into a dictionary: runs of characters that hold together inside and are free outside.

use rustc_hash::{FxHashMap, FxHashSet};

/// Longest run of characters that is looked at.
pub const LONGEST: usize = 4;

/// A run of characters and what speaks for its being a word.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWord {
    /// The characters.
    pub word: String,
    /// How often it occurs.
    pub count: u32,
    /// In how many texts.
    pub texts: u32,
    /// How well it holds together: the smallest pointwise mutual information over all ways to cut it in two,
    /// natural log.
    pub pmi: f64,
    /// How free it is: the smaller entropy of its left and right neighbours, natural log.
    pub freedom: f64,
    /// Entropy of the left neighbours. Every border of a text counts as a neighbour of its own, because short
    /// reviews begin and end with the word.
    pub left: f64,
    /// Entropy of the right neighbours.
    pub right: f64,
}

#[derive(Default)]
struct Seen {
    count: u32,
    texts: u32,
    last_text: usize,
    left: FxHashMap<char, u32>,
    right: FxHashMap<char, u32>,
    left_borders: u32,
    right_borders: u32,
}

/// Scores all runs of 2 to [`LONGEST`] characters that occur at least `least` times. Each text is cut into
/// stretches by `joins`: characters for which it is false (punctuation, Latin letters, digits) never stand in
/// a word. Sorted by count, most common first, then by the word.
pub fn score<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
    least: u32,
    joins: impl Fn(char) -> bool,
) -> Vec<NewWord> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    let mut total = 0u64;
    for stretch in texts.clone().flat_map(|t| stretches(t, &joins)) {
        total += each_run(stretch, |run, _, _| *counts.entry(run).or_default() += 1);
    }
    let common = |run: &str, n: &u32| *n >= least && run.chars().nth(1).is_some();
    let mut seen: FxHashMap<&str, Seen> =
        counts.iter().filter(|(run, n)| common(run, n)).map(|(run, _)| (*run, Seen::default())).collect();
    for (at, text) in texts.enumerate() {
        for stretch in stretches(text, &joins) {
            each_run(stretch, |run, left, right| {
                if let Some(word) = seen.get_mut(run) {
                    word.see(at + 1, left, right);
                }
            });
        }
    }
    let p = |run: &str| f64::from(counts.get(run).copied().unwrap_or(0)) / total as f64;
    let cuts = |run: &str| run.char_indices().skip(1).map(|(i, _)| i).collect::<Vec<_>>();
    let mut words: Vec<NewWord> = seen
        .into_iter()
        .map(|(run, s)| {
            let pmi = cuts(run).into_iter().map(|i| (p(run) / (p(&run[..i]) * p(&run[i..]))).ln());
            let (left, right) = (entropy(&s.left, s.left_borders), entropy(&s.right, s.right_borders));
            NewWord {
                word: run.to_owned(),
                count: s.count,
                texts: s.texts,
                pmi: pmi.fold(f64::INFINITY, f64::min),
                freedom: left.min(right),
                left,
                right,
            }
        })
        .collect();
    words.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word)));
    words
}

/// Thresholds of a new word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The fewest texts that must say it.
    pub texts: u32,
    /// Least pointwise mutual information.
    pub pmi: f64,
    /// The least freedom of the characters beside it.
    pub freedom: f64,
}

impl Default for Thresholds {
    /// Five texts, ten times more often together than by chance (right for 100 000 characters and more), and
    /// a freedom of 0.8.
    fn default() -> Thresholds {
        Thresholds { texts: 5, pmi: std::f64::consts::LN_10, freedom: 0.8 }
    }
}

/// The words that pass, without those that stand almost only inside a longer one that passes too (80 % of
/// its texts), and without what is `known`.
pub fn pick(words: &[NewWord], least: Thresholds, known: impl Fn(&str) -> bool) -> Vec<&NewWord> {
    let passes = |w: &&NewWord| w.texts >= least.texts && w.pmi >= least.pmi && w.freedom >= least.freedom;
    let good: Vec<&NewWord> = words.iter().filter(passes).collect();
    let mut inside: FxHashSet<&str> = FxHashSet::default();
    for longer in &good {
        each_run(&longer.word, |run, _, _| {
            let shorter = run.len() < longer.word.len();
            let mostly = |w: &&&NewWord| w.word == run && f64::from(longer.texts) >= 0.8 * f64::from(w.texts);
            if shorter && good.iter().any(|w| mostly(&w)) {
                inside.insert(run);
            }
        });
    }
    good.iter().filter(|w| !inside.contains(w.word.as_str()) && !known(&w.word)).copied().collect()
}

impl Seen {
    fn see(&mut self, text: usize, left: Option<char>, right: Option<char>) {
        self.count += 1;
        if self.last_text != text {
            self.last_text = text;
            self.texts += 1;
        }
        match left {
            Some(c) => *self.left.entry(c).or_default() += 1,
            None => self.left_borders += 1,
        }
        match right {
            Some(c) => *self.right.entry(c).or_default() += 1,
            None => self.right_borders += 1,
        }
    }
}

/// Entropy of neighbours, each border being one of its own.
fn entropy(neighbours: &FxHashMap<char, u32>, borders: u32) -> f64 {
    let mut counts: Vec<u32> = neighbours.values().copied().collect();
    counts.sort_unstable();
    let total = f64::from(counts.iter().sum::<u32>() + borders);
    let term = |n: f64| n / total * (total / n).ln();
    counts.into_iter().map(|n| term(f64::from(n))).sum::<f64>() + f64::from(borders) * term(1.0)
}

fn stretches<'a>(text: &'a str, joins: &impl Fn(char) -> bool) -> impl Iterator<Item = &'a str> {
    text.split(move |c| !joins(c)).filter(|s| !s.is_empty())
}

/// Gives every run of 1 to [`LONGEST`] characters of a stretch with its neighbours, and the number of
/// characters.
fn each_run<'a>(stretch: &'a str, mut see: impl FnMut(&'a str, Option<char>, Option<char>)) -> u64 {
    let mut starts: Vec<usize> = stretch.char_indices().map(|(i, _)| i).collect();
    let characters = starts.len();
    starts.push(stretch.len());
    for from in 0..characters {
        let left = stretch[..starts[from]].chars().next_back();
        for to in from + 1..=(from + LONGEST).min(characters) {
            let right = stretch[starts[to]..].chars().next();
            see(&stretch[starts[from]..starts[to]], left, right);
        }
    }
    characters as u64
}

//! What a pattern cannot do without: words one of which stands in every text that it matches.
//! They let the automaton say where a pattern is worth trying.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most words of a list that is worth looking for.
const MOST: usize = 64;

/// Lists of words: of each list one word stands in everything the pattern matches. The list that is
/// met least often comes first; none if the pattern can match without any of a few words.
pub fn required(pattern: &str) -> Vec<Vec<String>> {
    let Ok(hir) = regex_syntax::ParserBuilder::new().build().parse(pattern) else { return Vec::new() };
    let mut lists = known(&hir).lists();
    lists.sort_by_cached_key(|list| frequencies(list));
    lists.dedup();
    lists
}

/// What is known of the texts that a part of a pattern matches.
enum Known {
    /// They are these and no others.
    Exactly(Vec<String>),
    /// Each holds a word of each of these lists.
    Holding(Vec<Vec<String>>),
}

impl Known {
    /// The lists that help to find such a text: a list with an empty word does not.
    fn lists(self) -> Vec<Vec<String>> {
        match self {
            Known::Exactly(words) if words.iter().all(|w| !w.is_empty()) => vec![shortest(words)],
            Known::Exactly(_) => Vec::new(),
            Known::Holding(lists) => lists,
        }
    }
}

fn known(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::Exactly(vec![String::new()]),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(word) => Known::Exactly(vec![word.to_lowercase()]),
            Err(_) => Known::Holding(Vec::new()),
        },
        HirKind::Class(Class::Unicode(class)) => {
            let count: usize = class.ranges().iter().map(|r| r.len()).sum();
            let chars = || class.ranges().iter().flat_map(|r| r.start()..=r.end());
            if count > MOST {
                return Known::Holding(Vec::new());
            }
            Known::Exactly(chars().map(|c| c.to_lowercase().collect()).collect())
        }
        HirKind::Class(Class::Bytes(_)) => Known::Holding(Vec::new()),
        HirKind::Repetition(repeated) => match (repeated.min, repeated.max, known(&repeated.sub)) {
            (0, Some(1), Known::Exactly(mut words)) => {
                words.push(String::new());
                Known::Exactly(words)
            }
            (0, ..) => Known::Holding(Vec::new()),
            (.., sub) => Known::Holding(sub.lists()),
        },
        HirKind::Capture(capture) => known(&capture.sub),
        HirKind::Concat(parts) => one_after_another(parts),
        HirKind::Alternation(branches) => one_of(branches),
    }
}

/// Parts that stand side by side make longer words, as long as these are few: `(很|太)(贵|差)` asks for 很贵, 很差, 太贵 or 太差.
fn one_after_another(parts: &[Hir]) -> Known {
    let mut lists = Vec::new();
    let mut run = Known::Exactly(vec![String::new()]);
    for part in parts {
        run = match (run, known(part)) {
            (Known::Exactly(heads), Known::Exactly(tails)) if heads.len() * tails.len() <= MOST => {
                let tailed = |head: String| tails.iter().map(move |tail| head.clone() + tail);
                Known::Exactly(heads.into_iter().flat_map(tailed).collect())
            }
            (run, part) => {
                lists.push(run);
                part
            }
        };
    }
    if lists.is_empty() {
        return run;
    }
    lists.push(run);
    Known::Holding(lists.into_iter().flat_map(Known::lists).collect())
}

/// A list that has a word of every branch.
fn one_of(branches: &[Hir]) -> Known {
    let branches: Vec<Known> = branches.iter().map(known).collect();
    let count = |k: &Known| if let Known::Exactly(words) = k { words.len() } else { MOST + 1 };
    if branches.iter().map(count).sum::<usize>() <= MOST {
        let words = branches.into_iter().flat_map(|k| if let Known::Exactly(words) = k { words } else { Vec::new() });
        return Known::Exactly(words.collect());
    }
    let best = |k: Known| k.lists().into_iter().min_by_key(|list| frequencies(list));
    let all: Option<Vec<Vec<String>>> = branches.into_iter().map(best).collect();
    let all = all.map(|lists| shortest(lists.concat()));
    Known::Holding(all.filter(|list| list.len() <= 2 * MOST).into_iter().collect())
}

/// The words that hold no other of them: where one of the longer stands, so does the shorter.
fn shortest(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    words.dedup();
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if !kept.iter().any(|k| word.contains(k.as_str())) {
            kept.push(word);
        }
    }
    kept
}

/// A guess at how often one of these words is met, in a hundred thousand characters.
pub fn frequencies(words: &[String]) -> u32 {
    words.iter().map(|w| frequency(w)).sum()
}

/// Characters that stand in every other sentence, alone or within words.
const COMMON: &str = "的了不是我很好有一就都也没到在大小这个买用给还能多快来天么要发货说可以太";

/// A guess at how often a word is met, in a hundred thousand characters, from its length and script.
pub fn frequency(word: &str) -> u32 {
    let len = word.chars().count();
    if word.is_ascii() {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        return match len {
            1 if word == " " => 15_000,
            1 if digits => 200,
            1 => 4_000,
            2 => 500,
            3 => 200,
            4 | 5 => 50,
            _ => 10,
        };
    }
    let common = word.chars().all(|c| COMMON.contains(c));
    match (len, common) {
        (1, true) => 1_000,
        (1, false) => 100,
        (2, true) => 200,
        (2, false) => 20,
        (3, true) => 20,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn words_that_a_pattern_needs() {
        let words = |pattern: &str| required(pattern).iter().map(|w| w.join(" ")).collect::<Vec<_>>();
        assert_eq!(words("等了?.{0,4}(天|周)"), ["等", "周 天"]);
        assert_eq!(words("(?:非常|[很好])快的?$"), ["好快 很快 非常快"]);
        assert_eq!(words("[0-9]+(?:个)?(?:星期|礼拜)才"), ["星期才 礼拜才", "0 1 2 3 4 5 6 7 8 9"]);
        assert_eq!(words("Take[sn]? forever"), ["take forever taken forever takes forever"]);
        assert_eq!(words("(abc|d*)").len(), 0);
        assert_eq!(words(r"\w+").len(), 0);
    }
}

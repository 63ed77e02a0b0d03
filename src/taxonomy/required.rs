//! What a pattern cannot do without: words one of which stands in every text that it matches.
//! They let the automaton say where a pattern is worth trying.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most words of a list that is worth looking for.
const MOST: usize = 64;

/// Lists of words: of each list one word stands in everything the pattern matches. The list that is
/// met least often comes first; none if the pattern can match without any of a few words.
pub fn required(pattern: &str) -> Vec<Vec<String>> {
    let Ok(hir) = regex_syntax::ParserBuilder::new().build().parse(pattern) else { return Vec::new() };
    let mut lists = lists(&hir);
    for list in &mut lists {
        list.iter_mut().for_each(|w| *w = w.to_lowercase());
        list.sort();
        list.dedup();
    }
    lists.sort_by_key(|list| load(list));
    lists.dedup();
    lists
}

fn lists(hir: &Hir) -> Vec<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).map(|s| vec![vec![s.to_owned()]]).unwrap_or_default()
        }
        HirKind::Class(Class::Unicode(class)) => {
            let count: usize = class.ranges().iter().map(|r| r.len()).sum();
            let chars = || class.ranges().iter().flat_map(|r| r.start()..=r.end());
            if count <= MOST / 2 { vec![chars().map(String::from).collect()] } else { Vec::new() }
        }
        HirKind::Repetition(repeated) if repeated.min > 0 => lists(&repeated.sub),
        HirKind::Capture(capture) => lists(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(lists).filter(|list| !list.is_empty()).collect(),
        // One list that has a word of every branch.
        HirKind::Alternation(branches) => {
            let best = |branch| lists(branch).into_iter().min_by_key(|list| load(list));
            let all: Option<Vec<Vec<String>>> = branches.iter().map(best).collect();
            all.map(|lists| lists.concat()).filter(|list| list.len() <= MOST).into_iter().collect()
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Repetition(_) => Vec::new(),
    }
}

/// A guess at how often one of these words is met.
pub fn load(words: &[String]) -> u32 {
    words.iter().map(|w| frequency(w)).sum()
}

/// A guess at how often a word is met, from its length and script.
pub fn frequency(word: &str) -> u32 {
    let len = word.chars().count();
    match (word.is_ascii(), len) {
        (false, 1) => 64,
        (false, 2) => 8,
        (true, 1) => 12,
        (true, 2..=3) => 16,
        (true, 4..=5) => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn words_that_a_pattern_needs() {
        let words = |pattern: &str| required(pattern).iter().map(|w| w.join(" ")).collect::<Vec<_>>();
        assert_eq!(words("等了?.{0,4}(天|周)"), ["等", "周 天"]);
        assert_eq!(words("(?:非常|[很好])快的?$"), ["快", "好 很 非常"]);
        assert_eq!(words("[0-9]+(?:个)?(?:星期|礼拜)才"), ["星期 礼拜", "才", "0 1 2 3 4 5 6 7 8 9"]);
        assert_eq!(words("Take[sn]? forever"), [" forever", "take"]);
        assert_eq!(words("(abc|d*)").len(), 0);
        assert_eq!(words(r"\w+").len(), 0);
    }
}

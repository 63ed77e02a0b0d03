//! What a pattern cannot do without: words one of which stands in every text that it matches.
//! They let the automaton say where a pattern is worth trying.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most words that are worth looking for.
const MOST: usize = 64;

/// Words one of which stands in everything the pattern matches; `None` if there are no such words.
pub fn required(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::ParserBuilder::new().build().parse(pattern).ok()?;
    let mut words = words(&hir)?;
    words.iter_mut().for_each(|w| *w = w.to_lowercase());
    words.sort();
    words.dedup();
    Some(words)
}

fn words(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let count: usize = class.ranges().iter().map(|r| r.len()).sum();
            let chars = || class.ranges().iter().flat_map(|r| r.start()..=r.end());
            (count > 0 && count <= MOST / 2).then(|| chars().map(String::from).collect())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repeated) => (repeated.min > 0).then(|| words(&repeated.sub)).flatten(),
        HirKind::Capture(capture) => words(&capture.sub),
        // One part is enough: the one whose words say most.
        HirKind::Concat(parts) => parts.iter().filter_map(words).min_by_key(|w| cost(w)),
        HirKind::Alternation(branches) => {
            let all: Option<Vec<Vec<String>>> = branches.iter().map(words).collect();
            all.map(|lists| lists.concat()).filter(|list| list.len() <= MOST)
        }
    }
}

/// Short words are met often, and so are many.
fn cost(words: &[String]) -> (usize, usize) {
    let shortest = words.iter().map(|w| w.chars().count()).min().unwrap_or(0);
    (usize::MAX - shortest, words.len())
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn words_that_a_pattern_needs() {
        let words = |pattern: &str| required(pattern).map(|w| w.join(" "));
        assert_eq!(words("等了?.{0,4}(天|周)").as_deref(), Some("等"));
        assert_eq!(words("(?:非常|[很好])快的?$").as_deref(), Some("快"));
        assert_eq!(words(r"\d+(?:个)?(?:星期|礼拜)才").as_deref(), Some("星期 礼拜"));
        assert_eq!(words("Take[sn]? forever").as_deref(), Some(" forever"));
        assert_eq!(words("(abc|d*)"), None);
        assert_eq!(words(r"\w+"), None);
    }
}

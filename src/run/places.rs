//! Shops and SKUs as an operator names them: one that the workspace does not have is a slip, not an empty result.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::said;
use crate::taxonomy::distance;

/// Most names that a message lists.
const LISTED: usize = 6;

/// Refuses a shop or SKU of which no record is, and says which there are.
pub fn check(facts: &Facts, shops: &[String], skus: &[String]) -> Result<()> {
    if let Some(name) = stranger(shops, &facts.shops) {
        return Err(Error::new("option", said!("工作区里没有店铺“{name}”", "the workspace has no shop “{name}”"))
            .help(there_are(name, &facts.shops)));
    }
    if let Some(name) = stranger(skus, &facts.skus) {
        return Err(Error::new("option", said!("工作区里没有 SKU“{name}”", "the workspace has no SKU “{name}”"))
            .help(there_are(name, &facts.skus)));
    }
    Ok(())
}

fn stranger<'a>(asked: &'a [String], known: &[String]) -> Option<&'a String> {
    asked.iter().find(|name| !known.contains(name))
}

/// The names that hold what was typed, or are held by it; without any, the first of all.
fn there_are(typed: &str, known: &[String]) -> crate::words::Said {
    let typed = typed.to_lowercase();
    let is_near = |name: &&String| {
        let name = name.to_lowercase();
        name.contains(&typed) || typed.contains(&name)
    };
    let named = || known.iter().filter(|name| !name.is_empty());
    let near: Vec<&String> = named().filter(is_near).collect();
    let all = if near.is_empty() { named().collect() } else { near };
    let list: Vec<&str> = all.iter().take(LISTED).map(|name| name.as_str()).collect();
    let (list, more) = (list.join(" | "), if all.len() > LISTED { " | …" } else { "" });
    said!("有：{list}{more}", "there are: {list}{more}")
}

/// The known shop whose name a new one nearly bears: they begin alike but for one character, or differ by one in all.
pub(super) fn near<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    known.iter().copied().find(|k| is_near(&name.to_lowercase(), &k.to_lowercase()))
}

fn is_near(a: &str, b: &str) -> bool {
    let unnumbered = |name: &str| name.trim_end_matches(char::is_numeric).len();
    // Shops that are only numbered are told apart on purpose.
    if unnumbered(a) < a.len() && unnumbered(b) < b.len() && a[..unnumbered(a)] == b[..unnumbered(b)] {
        return false;
    }
    let shorter = a.chars().count().min(b.chars().count());
    let beginning = |name: &str| name.chars().take(shorter).collect::<String>();
    // Two Han characters are a name; as many letters are not.
    let enough = if a.is_ascii() || b.is_ascii() { 4 } else { 2 };
    let begin_alike = a.chars().next() == b.chars().next() && distance(&beginning(a), &beginning(b)) <= 1;
    shorter >= enough && (begin_alike || (shorter > 3 && distance(a, b) <= 1))
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_slip_in_the_name_of_a_shop_is_seen() {
        let known = ["小鹿生活馆", "Littledeer Home", "分店1"];
        for slip in ["小路", "小鹿", "小鹿生活", "小鹿生活馆旗舰店", "大鹿生活馆"] {
            assert_eq!(near(slip, &known), Some("小鹿生活馆"), "{slip}");
        }
        for slip in ["littledeer home", "Littledear Home", "Littledeer"] {
            assert_eq!(near(slip, &known), Some("Littledeer Home"), "{slip}");
        }
        for other in ["萌趣旗舰店", "Lido", "分店2", "鹿", ""] {
            assert_eq!(near(other, &known), None, "{other}");
        }
    }
}

//! Shops and SKUs as an operator names them: one that the workspace does not have is a slip, not an empty result.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::said;

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

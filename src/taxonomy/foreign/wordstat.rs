//! WordStat `.cat`: lines indented by tabs, words end in a weight in brackets, `_` stands for a space; rules begin with `@`
//! and say in square brackets which words stand near, before or after which, or must not.

use super::{Combined, Entry, What, left_out, not_this, taken_as};
use crate::words::{Problem, Said};

/// Reads a dictionary.
pub fn read(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let (mut entries, mut problems, mut rules) = (Vec::new(), Vec::new(), Vec::new());
    // Names with their indent, their line, and whether anything stands below them.
    let mut above: Vec<(usize, String, u64, bool)> = Vec::new();
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    for (i, line) in lines {
        let (number, indent) = (i as u64 + 1, line.len() - line.trim_start().len());
        childless(&mut above, indent, &mut problems);
        let line = line.trim();
        if let Some(name) = above.last_mut() {
            name.3 = true;
        }
        let Some(word) = weighted(line) else {
            above.push((indent, line.to_string(), number, false));
            continue;
        };
        let path: Vec<String> = above.iter().map(|(_, name, ..)| name.clone()).collect();
        if path.is_empty() {
            problems.push(left_out(number, "不属于任何类别的词，没有照搬", "a word of no category: left out"));
        } else if word.starts_with('@') {
            rules.push((number, path, word.to_string()));
        } else {
            entries.push(Entry::word(path, plain(word), number));
        }
    }
    childless(&mut above, 0, &mut problems);
    if entries.is_empty() && rules.is_empty() {
        return Err(not_this("WordStat"));
    }
    for (line, path, rule) in rules {
        match combined(&rule, &entries) {
            Ok((what, is_narrower)) => {
                if is_narrower {
                    problems.push(taken_as(
                        line,
                        "“不靠近”读作“同一范围里不能有”：距离和先后没有照搬",
                        "NOT NEAR, BEFORE or AFTER is taken as: not in the same scope, whatever the distance and order",
                    ));
                }
                entries.push(Entry { path, what: What::Rule(what), line });
            }
            Err((zh, en)) => {
                let (zh, en) = (format!("WordStat 规则没有照搬：{zh}"), format!("a WordStat rule was left out: {en}"));
                problems.push(left_out(line, &zh, &en));
            }
        }
    }
    entries.sort_by_key(|entry| entry.line);
    problems.sort_by_key(|problem| problem.place.row);
    Ok((entries, problems))
}

/// Leaves the names that a line of this indent does not stand below, and tells of those that had nothing below them.
fn childless(above: &mut Vec<(usize, String, u64, bool)>, indent: usize, problems: &mut Vec<Problem>) {
    while let Some((_, _, line, has)) = above.pop_if(|(i, ..)| *i >= indent) {
        if !has {
            problems.push(left_out(
                line,
                "下面没有词的类别；若是词，后面要有权重，如 (1)",
                "a category without words; if it is a word, its weight must follow, as (1)",
            ));
        }
    }
}

/// The word of a line that ends in a weight.
fn weighted(line: &str) -> Option<&str> {
    let (word, weight) = line.strip_suffix(')')?.rsplit_once('(')?;
    weight.trim().parse::<f64>().ok().map(|_| word.trim())
}

fn plain(word: &str) -> String {
    word.replace('_', " ").to_lowercase()
}

/// Why a rule cannot be taken over.
type Kind = (String, String);

fn kind(zh: &str, en: &str) -> Kind {
    (zh.to_string(), en.to_string())
}

/// A rule, such as `@NAME [GOOD NOT NEAR #NEGATIONS /S /C3]`; second, true if it now holds in fewer places than there.
fn combined(rule: &str, entries: &[Entry]) -> Result<(Combined, bool), Kind> {
    let inner = rule.split_once('[').and_then(|(_, rest)| rest.rsplit_once(']'));
    let inner = inner.ok_or_else(|| kind("没有方括号", "no square brackets"))?.0;
    let mut made = Combined::default();
    let (mut operator, mut not, mut order) = (None, false, None);
    let mut is_narrower = false;
    for token in inner.split_whitespace() {
        match token.to_uppercase().as_str() {
            "NOT" => not = true,
            word @ ("NEAR" | "BEFORE" | "AFTER" | "AND") => operator = Some(word.to_string()),
            word @ ("OR" | "XOR" | "IN") => return Err(kind(word, word)),
            flag if flag.starts_with('/') => match flag.split_at(1).1 {
                "S" => made.scope = "sentence",
                "P" => made.scope = "turn",
                "D" => made.scope = "record",
                far => {
                    let number = far.strip_prefix('C').and_then(|n| n.parse().ok());
                    made.within = Some(number.ok_or_else(|| kind(flag, flag))?);
                }
            },
            _ => {
                let words = operand(token, entries)?;
                match (operator.take(), std::mem::take(&mut not)) {
                    (None, false) if made.lists.is_empty() => made.lists.push(words),
                    (Some(op), true) => {
                        is_narrower |= op != "AND";
                        made.without.extend(words);
                    }
                    (Some(op), false) if op == "AND" => made.all.push(words),
                    (Some(op), false) => {
                        if order.is_some_and(|before: String| before != op) {
                            return Err(kind("NEAR、BEFORE、AFTER 混用", "NEAR, BEFORE and AFTER mixed"));
                        }
                        made.ordered = op != "NEAR";
                        let at = if op == "AFTER" { 0 } else { made.lists.len() };
                        made.lists.insert(at, words);
                        order = Some(op);
                    }
                    (None, _) => {
                        return Err(kind(
                            "两个词之间没有 NEAR、BEFORE、AFTER、AND",
                            "no NEAR, BEFORE, AFTER or AND between two words",
                        ));
                    }
                }
            }
        }
    }
    if made.lists.is_empty() || operator.is_some() || not {
        return Err(kind("少了词", "a word is missing"));
    }
    if made.lists.len() == 1 {
        made.within = None;
    }
    if made.scope.is_empty() {
        made.scope = "sentence";
    }
    Ok((made, is_narrower))
}

/// The words of an operand: itself, or all of a category by its name.
fn operand(token: &str, entries: &[Entry]) -> Result<Vec<String>, Kind> {
    if token.starts_with(['@', '(']) || token.contains('|') {
        return Err(kind("里面有别的规则，或括号", "another rule or brackets within"));
    }
    let Some(name) = token.strip_prefix('#') else { return Ok(vec![plain(token)]) };
    let is_it = |e: &&Entry| e.path.iter().any(|p| plain(p) == plain(name));
    let word = |e: &Entry| match &e.what {
        What::Word(word) => Some(word.clone()),
        What::Rule(_) => None,
    };
    let words: Vec<String> = entries.iter().filter(is_it).filter_map(word).collect();
    if words.is_empty() {
        return Err(kind("里面说到的类别没有词", "a category that it names has no words"));
    }
    Ok(words)
}

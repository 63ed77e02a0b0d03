//! LIWC `.dic`: categories with numbers between two lines of `%`, then words with the numbers they belong to.

use std::collections::BTreeMap;

use super::{Entry, left_out, not_this};
use crate::words::{Problem, Said};

/// Reads a dictionary.
pub fn read(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let mut lines = text.lines().enumerate().map(|(i, l)| (i as u64 + 1, l)).filter(|(_, l)| !l.trim().is_empty());
    if lines.next().is_none_or(|(_, l)| l.trim() != "%") {
        return Err(not_this("LIWC"));
    }
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut closed = false;
    for (_, line) in lines.by_ref() {
        if line.trim() == "%" {
            closed = true;
            break;
        }
        // Newer files nest categories by indentation, and add a remark in brackets.
        let indent = line.len() - line.trim_start().len();
        let mut parts = line.trim().splitn(2, |c: char| c.is_whitespace());
        let (number, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default().trim());
        let name = name.split('(').next().unwrap_or_default().trim();
        above.retain(|(i, _)| *i < indent);
        let path = above.iter().map(|(_, n)| n.clone()).chain([name.to_string()]).collect();
        above.push((indent, name.to_string()));
        names.insert(number.to_string(), path);
    }
    if !closed || names.is_empty() {
        return Err(not_this("LIWC"));
    }
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    for (number, line) in lines {
        let mut cells = line.trim().split('\t').map(str::trim).filter(|c| !c.is_empty());
        let word = cells.next().unwrap_or_default().to_string();
        let mut numbers: Vec<&str> = cells.flat_map(str::split_whitespace).collect();
        let mut word = word;
        if numbers.is_empty() {
            // Spaces instead of tabs: the numbers stand at the end.
            let parts: Vec<String> = word.split_whitespace().map(str::to_string).collect();
            let first = parts.iter().position(|p| names.contains_key(p)).unwrap_or(parts.len());
            numbers = line.split_whitespace().skip(first).collect();
            word = parts[..first].join(" ");
        }
        let plain = numbers.iter().all(|n| names.contains_key(*n)) && !word.contains(['(', '<']) && !numbers.is_empty();
        if !plain || word.is_empty() {
            problems.push(left_out(
                number,
                "带条件的词，或没有这个类别编号，略过",
                "a word with a condition or of no category: left out",
            ));
            continue;
        }
        for n in numbers {
            entries.push(Entry { path: names[n].clone(), word: word.clone(), line: number });
        }
    }
    Ok((entries, problems))
}

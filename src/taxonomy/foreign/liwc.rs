//! LIWC `.dic`: categories with numbers between two lines of `%`, then words with the numbers they belong to; and
//! `.dicx` of LIWC-22: a table with a word a row and a category a column.

use std::collections::BTreeMap;

use super::{Entry, left_out, not_this, taken_as};
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
        // `(02 134)125/464` and `(would) like`: a category, or a word, that hangs on what stands beside it.
        let letters = |c: char| c.is_alphanumeric();
        let is_conditional =
            numbers.iter().any(|n| n.contains(['(', '<', '/'])) || word.contains(['(', '<']) && word.contains(letters);
        if is_conditional {
            problems.push(left_out(number, "LIWC 的带条件的词，没有照搬", "a LIWC word with a condition: left out"));
        } else if numbers.is_empty() || word.is_empty() {
            problems.push(left_out(
                number,
                "没有词，或没有类别编号，没有照搬",
                "no word, or no number of a category: left out",
            ));
        } else if numbers.iter().any(|n| !names.contains_key(*n)) {
            problems.push(left_out(number, "没有这个编号的类别，没有照搬", "no category has this number: left out"));
        }
        for n in numbers.into_iter().filter(|n| !is_conditional && !word.is_empty() && names.contains_key(*n)) {
            entries.push(Entry::word(names[n].clone(), word.clone(), number));
        }
    }
    Ok((entries, problems))
}

/// Reads a table of LIWC-22: the words in the first column, `X` or a weight where a word belongs to a category.
pub fn read_table(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let tabs = text.lines().next().is_some_and(|l| l.contains('\t'));
    let delimiter = if tabs { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) if names.len() > 1 => names.iter().map(|name| name.trim().to_string()).collect(),
        _ => return Err(not_this("LIWC-22")),
    };
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut weighted = 0;
    for row in reader.records() {
        let row = row.map_err(|_| not_this("LIWC-22"))?;
        let line = row.position().map_or(0, csv::Position::line);
        let word = row.get(0).unwrap_or_default().trim();
        let before = entries.len();
        for (name, cell) in names.iter().zip(row.iter()).skip(1).filter(|(_, cell)| !cell.trim().is_empty()) {
            let weight = cell.trim().parse::<f64>().ok();
            if weight.is_none() && !cell.trim().eq_ignore_ascii_case("x") {
                problems.push(left_out(
                    line,
                    "这一格不是 X，也不是数",
                    "this cell is neither X nor a number: left out",
                ));
            } else if weight != Some(0.0) {
                weighted += usize::from(weight.is_some_and(|w| w != 1.0));
                entries.push(Entry::word(vec![name.clone()], word.to_string(), line));
            }
        }
        if entries.len() == before {
            problems.push(left_out(line, "不属于任何类别的词，没有照搬", "a word of no category: left out"));
        }
    }
    if weighted > 0 {
        let (zh, en) = (
            format!("有权重的词 {weighted} 处，权重没有照搬"),
            format!("words with a weight: {weighted}; it is not taken over"),
        );
        problems.push(taken_as(0, &zh, &en));
    }
    if entries.is_empty() { Err(not_this("LIWC-22")) } else { Ok((entries, problems)) }
}

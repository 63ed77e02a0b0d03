//! WordStat `.cat`: lines indented by tabs, words end in a weight in brackets, `_` stands for a space.

use super::{Entry, left_out, not_this};
use crate::words::{Problem, Said};

/// Reads a dictionary.
pub fn read(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut above: Vec<(usize, String)> = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let (number, indent) = (i as u64 + 1, line.len() - line.trim_start().len());
        above.retain(|(i, _)| *i < indent);
        let line = line.trim();
        let Some(word) = weighted(line) else {
            above.push((indent, line.to_string()));
            continue;
        };
        if word.starts_with('@') || word.contains('#') {
            problems.push(left_out(
                number,
                "WordStat 规则不能照搬，略过",
                "a WordStat rule cannot be taken over: left out",
            ));
        } else if above.is_empty() {
            problems.push(left_out(number, "不属于任何类别的词，略过", "a word of no category: left out"));
        } else {
            let path = above.iter().map(|(_, name)| name.clone()).collect();
            entries.push(Entry { path, word: word.replace('_', " ").to_lowercase(), line: number });
        }
    }
    if entries.is_empty() { Err(not_this("WordStat")) } else { Ok((entries, problems)) }
}

/// The word of a line that ends in a weight.
fn weighted(line: &str) -> Option<&str> {
    let (word, weight) = line.strip_suffix(')')?.rsplit_once('(')?;
    weight.trim().parse::<f64>().ok().map(|_| word.trim())
}

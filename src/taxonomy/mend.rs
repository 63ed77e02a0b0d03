//! What the check finds and a machine can mend without moving a label: dead words and exceptions, words written twice.

use std::collections::BTreeMap;

use super::Taxonomy;
use crate::words::{Problem, Span};

/// Codes of problems whose word can go.
const CAN_GO: [&str; 3] = ["dead_unless", "repeated", "silenced"];

/// True for a problem whose word [`mended`] takes out.
pub fn can_go(problem: &Problem) -> bool {
    CAN_GO.contains(&problem.code)
}

/// The files without dead words, dead exceptions and repeated words, and how many words went. A file that could not be read
/// afterwards as before stays as it is.
pub fn mended(files: &BTreeMap<String, String>) -> (BTreeMap<String, String>, usize) {
    let (taxonomy, problems) = Taxonomy::read(files.clone());
    let mut spans: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    let found = taxonomy.check(files);
    for problem in found.iter().filter(|p| can_go(p)) {
        if let (Some(file), Some(span)) = (&problem.place.file, problem.place.span) {
            spans.entry(file).or_default().push(span);
        }
    }
    let (mut out, mut count) = (files.clone(), 0);
    for (file, mut spans) in spans {
        let Some(text) = files.get(file) else { continue };
        spans.sort();
        spans.dedup();
        let mut mended = text.clone();
        for span in spans.iter().rev() {
            cut(&mut mended, *span);
        }
        let own = |p: &&Problem| p.place.file.as_deref() == Some(file);
        let before = problems.iter().filter(own).count();
        out.insert(file.to_string(), mended);
        let after = Taxonomy::read(out.clone()).1.iter().filter(own).count();
        if after > before {
            out.insert(file.to_string(), text.clone());
        } else {
            count += spans.len();
        }
    }
    (out, count)
}

/// Cuts a quoted word out of its list, with its comma, and its line if nothing else stands there.
fn cut(text: &mut String, span: Span) {
    let (start, mut end) = (span.start as usize, span.end as usize);
    let rest = text[end..].trim_start_matches([' ', '\t']);
    if let Some(after) = rest.strip_prefix(',') {
        end = text.len() - after.len();
        let spaces = after.len() - after.trim_start_matches(' ').len();
        end += spaces;
    }
    let mut start = start;
    let line = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let alone = text[line..start].trim().is_empty() && text[end..].starts_with('\n');
    if alone {
        start = line;
        end += 1;
    } else if text[end..].trim_start().starts_with(']') && text[..start].ends_with(", ") {
        // The last of its line leaves no comma and space behind.
        start -= 2;
    }
    text.replace_range(start..end, "");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dead_words_go_and_the_file_stays_readable() {
        let name = "name = { zh = \"甲\", en = \"A\" }\n";
        let text = format!(
            "{name}# a remark\n[[mention]]\nany = [\"起球\", \"毛球\", \"起球\"]\nunless = [\n  \"防起球\", \"大家\",\n  \"好看\",\n  \"不起球\",\n]\n\
             [[mention]]\nany = [\"掉色\"]\nunless = [\"好的\"]\n"
        );
        let files = BTreeMap::from([("a.toml".to_string(), text)]);
        let (mended, count) = mended(&files);
        let wanted = format!(
            "{name}# a remark\n[[mention]]\nany = [\"起球\", \"毛球\"]\nunless = [\n  \"防起球\", \n  \"不起球\",\n]\n\
             [[mention]]\nany = [\"掉色\"]\nunless = []\n"
        );
        assert_eq!((mended["a.toml"].as_str(), count), (wanted.as_str(), 4));
    }
}

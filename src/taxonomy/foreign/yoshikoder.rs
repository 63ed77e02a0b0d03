//! Yoshikoder `.ykd`: XML of `cnode` (a category) and `pnode` (a word), each with a name.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Entry, What, left_out, not_this};
use crate::said;
use crate::words::{Problem, Said, limits};

/// Reads a dictionary. The outermost category is the dictionary's own name and is left out.
pub fn read(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let mut reader = Reader::from_str(text);
    let mut entries = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let (mut is_dictionary, mut is_regexp) = (false, false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                is_dictionary |= tag.name().as_ref() == "dictionary";
                is_regexp |= attribute(&tag, "patternengine").eq_ignore_ascii_case("regexp");
                if path.len() > limits::DEPTH {
                    return Err(not_this("Yoshikoder"));
                }
                node(&tag, &mut path, &mut entries, reader.buffer_position());
                if tag.name().as_ref() == "cnode" {
                    path.push(name(&tag));
                }
            }
            Ok(Event::Empty(tag)) => node(&tag, &mut path, &mut entries, reader.buffer_position()),
            Ok(Event::End(tag)) if tag.name().as_ref() == "cnode" => drop(path.pop()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) => {
                let at = line(text, reader.error_position());
                let why = e.to_string();
                return Err(said!("第 {at} 行不是合法的 XML：{why}", "line {at} is not valid XML: {why}"));
            }
        }
    }
    if !is_dictionary || entries.is_empty() {
        return Err(not_this("Yoshikoder"));
    }
    let mut at = 0;
    for entry in &mut entries {
        at = entry.line.max(at);
        entry.line = line(text, at);
    }
    let mut problems = Vec::new();
    if is_regexp {
        let is_plain =
            |e: &Entry| matches!(&e.what, What::Word(word) if !word.contains(|c| "\\[](){}+.^$|".contains(c)));
        for entry in entries.iter().filter(|e| !is_plain(e)) {
            problems.push(left_out(entry.line, "正则表达式，没有照搬", "a regular expression: left out"));
        }
        entries.retain(is_plain);
    }
    Ok((entries, problems))
}

/// The line of a byte.
fn line(text: &str, byte: u64) -> u64 {
    text.as_bytes()[..(byte as usize).min(text.len())].iter().filter(|b| **b == b'\n').count() as u64 + 1
}

fn node(tag: &BytesStart<'_>, path: &mut [String], entries: &mut Vec<Entry>, at: u64) {
    if tag.name().as_ref() == "pnode" && !path.is_empty() {
        let names = if path.len() > 1 { &path[1..] } else { &path[..] };
        entries.push(Entry::word(names.to_vec(), name(tag), at));
    }
}

fn name(tag: &BytesStart<'_>) -> String {
    attribute(tag, "name")
}

fn attribute(tag: &BytesStart<'_>, key: &str) -> String {
    let named = tag.attributes().flatten().find(|a| a.key.as_ref() == key);
    named
        .and_then(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.trim().to_string()))
        .unwrap_or_default()
}

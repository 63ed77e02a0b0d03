//! Yoshikoder `.ykd`: XML of `cnode` (a category) and `pnode` (a word), each with a name.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Entry, not_this};
use crate::words::{Problem, Said, limits};

/// Reads a dictionary. The outermost category is the dictionary's own name and is left out.
pub fn read(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let mut reader = Reader::from_str(text);
    let mut entries = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut is_dictionary = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                is_dictionary |= tag.name().as_ref() == "dictionary";
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
            Err(_) => return Err(not_this("Yoshikoder")),
        }
    }
    if !is_dictionary || entries.is_empty() {
        return Err(not_this("Yoshikoder"));
    }
    let mut at = 0;
    let line = |byte: u64| {
        text.as_bytes()[..(byte as usize).min(text.len())].iter().filter(|b| **b == b'\n').count() as u64 + 1
    };
    for entry in &mut entries {
        at = entry.line.max(at);
        entry.line = line(at);
    }
    Ok((entries, Vec::new()))
}

fn node(tag: &BytesStart<'_>, path: &mut [String], entries: &mut Vec<Entry>, at: u64) {
    if tag.name().as_ref() == "pnode" && !path.is_empty() {
        let names = if path.len() > 1 { &path[1..] } else { &path[..] };
        entries.push(Entry { path: names.to_vec(), word: name(tag), line: at });
    }
}

fn name(tag: &BytesStart<'_>) -> String {
    let named = tag.attributes().flatten().find(|a| a.key.as_ref() == "name");
    named
        .and_then(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.trim().to_string()))
        .unwrap_or_default()
}

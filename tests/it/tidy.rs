//! The rules of the house, held by reading its own source: floors, homes, sizes, first sentences.

use std::fs;
use std::path::{Path, PathBuf};

use earful::text::script::is_han;

/// The floors from the ground up. A module may use what stands on a lower floor, and nothing beside it.
const FLOORS: &[&[&str]] = &[
    &["words"],
    &["text"],
    &["taxonomy"],
    &["reading"],
    &["stats"],
    &["error"],
    &["disk"],
    &["index", "ingest", "records", "workspace"],
    &["report"],
    &["run"],
    &["cli"],
];

/// Where a crate is at home: nobody else may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("tantivy", &["index"]),
    ("parquet", &["records"]),
    ("arrow_array", &["records"]),
    ("arrow_schema", &["records"]),
    ("calamine", &["ingest", "taxonomy"]),
    ("rust_xlsxwriter", &["report", "taxonomy"]),
    ("maud", &["report"]),
    ("clap", &["cli"]),
    ("comfy_table", &["report", "cli"]),
    ("indicatif", &["cli"]),
    ("ferrous_opencc", &["text"]),
    ("unicode_normalization", &["text"]),
    ("daachorse", &["reading"]),
    ("statrs", &["stats"]),
    ("encoding_rs", &["ingest", "workspace"]),
    ("quick_xml", &["ingest", "taxonomy"]),
    ("zip", &["ingest"]),
    ("serde_saphyr", &["taxonomy"]),
];

/// Floors that cannot fail: no file, clock, network or `Error`.
const PURE: &[&str] = &["words", "text", "taxonomy", "reading", "stats"];
const IMPURE: &[&str] =
    &["std::fs", "std::net", "std::process", "SystemTime", "Instant::now", "std::env", "crate::error"];

const MAX_LINES: usize = 600;
const MAX_FUNCTION: usize = 80;

struct Source {
    module: String,
    path: PathBuf,
    /// The file without its unit tests.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap().to_string();
                let inside = path.strip_prefix(&root).unwrap();
                let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
                found.push(Source { module: first.trim_end_matches(".rs").to_string(), path, code });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 10, "the source was not found");
    found
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|names| names.contains(&module))
}

/// The lines of code without comments.
fn lines(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter(|l| !l.trim_start().starts_with("//"))
}

fn names_crate(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    line.match_indices(&path)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

fn report(broken: Vec<String>, help: &str) {
    assert!(broken.is_empty(), "\n{}\nhelp: {help}\n", broken.join("\n"));
}

#[test]
fn a_module_uses_only_lower_floors() {
    let mut broken = Vec::new();
    for source in sources() {
        let Some(own) = floor(&source.module) else { continue };
        for line in lines(&source.code) {
            for (at, _) in line.match_indices("crate::") {
                let used: String = line[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if used != source.module && floor(&used).is_some_and(|f| f >= own) {
                    broken.push(format!("{}: uses `{used}`", source.path.display()));
                }
            }
        }
    }
    report(broken, "move the shared noun down to a lower floor, or hand the value in from `run`");
}

#[test]
fn every_module_has_a_floor() {
    let broken = sources()
        .iter()
        .filter(|s| floor(&s.module).is_none() && !["lib", "main"].contains(&s.module.as_str()))
        .map(|s| s.path.display().to_string())
        .collect();
    report(broken, "add the module to FLOORS here and to lib.rs and ARCHITECTURE.md");
}

#[test]
fn a_crate_is_used_only_at_home() {
    let mut broken = Vec::new();
    for source in sources() {
        for (name, homes) in HOMES {
            if !homes.contains(&source.module.as_str()) && lines(&source.code).any(|l| names_crate(l, name)) {
                broken.push(format!("{}: uses `{name}`, at home in {homes:?}", source.path.display()));
            }
        }
    }
    report(broken, "ask the module that is its home for what you need");
}

#[test]
fn the_lower_floors_know_no_world() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|s| PURE.contains(&s.module.as_str())) {
        for line in lines(&source.code) {
            for word in IMPURE.iter().filter(|w| line.contains(**w)) {
                broken.push(format!("{}: `{word}`", source.path.display()));
            }
        }
    }
    report(broken, "hand the value in; floors below `error` are pure functions");
}

#[test]
fn the_reading_has_no_words_of_its_own() {
    // These speak to operators.
    let speaks = |path: &str| ["why_not.rs", "examples.rs", "stage.rs"].iter().any(|name| path.ends_with(name));
    let mut broken = Vec::new();
    for source in sources().iter().filter(|s| s.module == "reading") {
        let path = source.path.display().to_string();
        let worded = lines(&source.code).filter(|line| line.contains(is_han));
        broken.extend(worded.filter(|_| !speaks(&path)).map(|line| format!("{path}: {}", line.trim())));
    }
    report(broken, "words of a language stand in taxonomy/_cues or packs, where they can be changed");
}

#[test]
fn every_file_says_what_it_is_for_and_stays_small() {
    let mut broken = Vec::new();
    for source in sources() {
        let path = source.path.display();
        if !source.code.starts_with("//! ") {
            broken.push(format!("{path}: does not open with a `//!` sentence"));
        }
        let count = source.code.lines().count();
        if count > MAX_LINES {
            broken.push(format!("{path}: {count} lines"));
        }
        for (name, length) in functions(&source.code) {
            if length > MAX_FUNCTION {
                broken.push(format!("{path}: fn {name} has {length} lines"));
            }
        }
    }
    report(broken, "split by idea, not by length");
}

/// Names and lengths of the functions, by the indentation that rustfmt guarantees.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let all: Vec<&str> = code.lines().collect();
    for (i, line) in all.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start();
        let Some(at) = head.find("fn ").filter(|at| {
            head[..*at].split_whitespace().all(|w| w.starts_with("pub") || ["const", "unsafe", "async"].contains(&w))
        }) else {
            continue;
        };
        let name: String = head[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(end) = all[i..].iter().position(|l| *l == close) {
            found.push((name, end + 1));
        }
    }
    found
}

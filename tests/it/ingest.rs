//! Exports of every known source are read without a word from the operator, or refused with the reason.

use std::path::{Path, PathBuf};

use earful::ingest::{self, Input, Settings};
use earful::words::{Kind, Lang, Ledger, Record};
use serde_json::Value;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

fn settings() -> Settings<'static> {
    Settings::new("示例店", [7; 32])
}

fn read(file: &str) -> earful::error::Result<(Ledger, Vec<Record>)> {
    let path = samples().join(file);
    ingest::preview(Input::Path(&path), &settings(), usize::MAX)
}

#[test]
#[ignore]
fn show() {
    for entry in std::fs::read_dir(samples()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "expected.json" {
            continue;
        }
        match read(&name) {
            Ok((l, _)) => println!(
                "{name}: {} {} {} rows {} kept {} rep {} out {:?}\n   {:?}\n   unknown {:?} {:?}",
                l.profile,
                l.encoding,
                l.container,
                l.rows,
                l.kept,
                l.repeats,
                l.left_out,
                l.mapping,
                l.unknown_columns,
                l.problems.iter().map(|p| &p.message.en).collect::<Vec<_>>()
            ),
            Err(e) => println!("{name}: ERR {} {e}", e.code()),
        }
    }
}

//! One integration binary: every area is a module, and tells its story through one door.

mod asked;
mod chat;
mod chat_files;
mod cli;
mod corpora;
mod demo;
mod dress;
mod exports;
mod gate;
mod golden;
mod ingest;
mod labels;
mod mask;
mod meaning;
mod mistakes;
mod parts;
mod reading;
mod report;
mod search;
mod service;
mod sheet;
mod slips;
mod stance;
mod store;
mod tally;
mod taxonomy;
mod text;
mod tidy;
mod workshop;
mod workspace;

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// How many cases a property is tried on. The same ones in every run, so that a run tells of the
/// change and not of luck; `PROPTEST_CASES` asks for more of them, `PROPTEST_RNG_SEED` for others.
fn cases(usual: u32) -> ProptestConfig {
    let asked = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    ProptestConfig {
        cases: asked("PROPTEST_CASES").map_or(usual, |n| n as u32),
        rng_seed: RngSeed::Fixed(asked("PROPTEST_RNG_SEED").unwrap_or(20_261_101)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The program in a folder, as one types it.
fn earful(folder: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("earful")
        .unwrap()
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .env("LC_ALL", "C")
        .args(args)
        .output()
        .unwrap()
}

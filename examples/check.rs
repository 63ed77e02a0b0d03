//! Checks a taxonomy folder and runs its examples: `cargo run --example check -- [taxonomy] [--notes]`.

use std::collections::BTreeMap;
use std::path::Path;

use earful::reading::{Classifier, examples};
use earful::taxonomy::Taxonomy;
use earful::words::Severity;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = args.iter().find(|a| !a.starts_with("--")).map_or("taxonomy", String::as_str);
    let files: BTreeMap<String, String> = earful::run::taxonomy::files(Path::new(dir))
        .unwrap_or_else(|e| {
            eprintln!("{e}");
            std::process::exit(2)
        })
        .into_iter()
        .collect();
    let (taxonomy, mut problems) = Taxonomy::read(files.clone());
    problems.extend(taxonomy.check(&files));
    let tested = examples::test(&taxonomy, &Classifier::new(&taxonomy), &files);
    problems.extend(tested.problems);
    let notes = args.iter().any(|a| a == "--notes");
    for p in problems.iter().filter(|p| notes || p.severity > Severity::Note) {
        let place = format!("{}:{}", p.place.file.as_deref().unwrap_or("-"), p.place.row.unwrap_or(0));
        println!("{place}: {:?} {}: {}", p.severity, p.code, p.what.zh);
    }
    println!("{} examples, {} failed; fingerprint {}", tested.sentences, tested.failed, taxonomy.fingerprint());
}

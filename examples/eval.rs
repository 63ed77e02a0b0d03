//! Scores the taxonomy against people's labels: `cargo run --example eval -- GOLD.jsonl MAP.toml
//! [--category NAME] [--errors fp|fn|neg-fp|neg-fn] [--half 0|1] [--limit N] [--dir taxonomy] [--rules]`.
//!
//! Error rows go to the terminal only: the corpora must not be copied.

use std::collections::BTreeMap;
use std::path::Path;

use earful::reading::Classifier;
use earful::reading::eval::{Case, Map, Score, evaluate, unknown_ids};
use earful::taxonomy::Taxonomy;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).map(String::as_str);
    let (Some(gold), Some(map)) = (args.first(), args.get(1)) else {
        eprintln!(
            "usage: eval GOLD.jsonl MAP.toml [--category NAME] [--errors fp|fn|neg-fp|neg-fn] [--half 0|1] [--limit N] [--dir taxonomy]"
        );
        std::process::exit(2);
    };
    let taxonomy = load(Path::new(option("--dir").unwrap_or("taxonomy")));
    let map = read_map(&std::fs::read_to_string(map).expect("the map can be read"));
    for id in unknown_ids(&taxonomy, &map) {
        eprintln!("not in the taxonomy: {id}");
    }
    let half: Option<u8> = option("--half").and_then(|h| h.parse().ok());
    let cases: Vec<Case> = std::fs::read_to_string(gold)
        .expect("the gold file can be read")
        .lines()
        .map(read_case)
        .filter(|c| {
            half.is_none_or(|h| {
                c.id.bytes().fold(7u32, |a, b| a.wrapping_mul(31) + u32::from(b)) >> 3 & 1 == u32::from(h)
            })
        })
        .collect();
    let classifier = Classifier::new(&taxonomy);
    let rows = evaluate(&taxonomy, &classifier, &map, &cases);
    println!(
        "{:<22}{:>6}  {:>5} {:>5} {:>5}   {:>6}  {:>5} {:>5} {:>5}",
        "category", "gold", "prec", "rec", "F1", "neg", "prec", "rec", "F1"
    );
    for row in &rows {
        println!("{:<22}{}   {}", row.category, figures(&row.mention), figures(&row.complaint));
    }
    if args.iter().any(|a| a == "--rules") {
        let wanted = |c: &str| option("--category").is_none_or(|w| w == c);
        map.iter().filter(|(c, _)| wanted(c)).for_each(|(c, ids)| rules(&taxonomy, &classifier, &cases, c, ids));
    }
    let Some(kind) = option("--errors") else { return };
    let limit: usize = option("--limit").and_then(|l| l.parse().ok()).unwrap_or(60);
    for row in rows.iter().filter(|r| option("--category").is_none_or(|c| c == r.category)) {
        println!("\n== {} {kind}", row.category);
        let wanted = row.errors.iter().filter(|(_, gold, given)| match kind {
            "fp" => given.0 && !gold.0,
            "fn" => gold.0 && !given.0,
            "neg-fp" => given.1 && !gold.1,
            _ => gold.1 && !given.1,
        });
        for (n, _, _) in wanted.take(limit) {
            let case = &cases[*n];
            println!("[{}] {}", case.id, case.text.replace('\n', " / "));
            for label in classifier.read_text(&case.text).labels {
                let id = &taxonomy.categories()[label.id.category()].id;
                if !map[&row.category].contains(id) {
                    continue;
                }
                for e in label.evidence {
                    let cues: Vec<String> =
                        e.cues.iter().map(|c| format!("{}:{}", c.cue.key(), c.span.of(&case.text))).collect();
                    println!(
                        "      {id} {} rule {} «{}» {}",
                        label.id.stance(),
                        e.rule + 1,
                        e.span.of(&case.text),
                        cues.join(" ")
                    );
                }
            }
        }
    }
}

/// How often each rule behind a gold category is right: texts that people gave the category and
/// others, then the same for texts where no other rule has evidence.
fn rules(taxonomy: &Taxonomy, classifier: &Classifier, cases: &[Case], category: &str, ids: &[String]) {
    let mut counts: BTreeMap<(String, String, u32), [usize; 4]> = BTreeMap::new();
    for case in cases {
        let gold = usize::from(!case.gold.iter().any(|(c, _)| c == category));
        let mut found = std::collections::BTreeSet::new();
        for label in classifier.read_text(&case.text).labels {
            let id = &taxonomy.categories()[label.id.category()].id;
            if ids.contains(id) {
                found.extend(label.evidence.iter().map(|e| (id.clone(), label.id.stance().to_string(), e.rule as u32)));
            }
        }
        let alone = found.len() == 1;
        for key in found {
            let count = counts.entry(key).or_default();
            count[gold] += 1;
            count[2 + gold] += usize::from(alone);
        }
    }
    println!("\n== {category}: rule, right / wrong, alone right / wrong");
    for ((id, stance, rule), [right, wrong, alone_right, alone_wrong]) in counts {
        println!("{id} {stance} rule {}: {right} / {wrong}, {alone_right} / {alone_wrong}", rule + 1);
    }
}

fn figures(score: &Score) -> String {
    let gold = score.hit + score.missed;
    format!("{gold:>6}  {:>5.3} {:>5.3} {:>5.3}", score.precision(), score.recall(), score.f1())
}

fn load(dir: &Path) -> Taxonomy {
    let mut files = Vec::new();
    collect(dir, dir, &mut files);
    let (taxonomy, problems) = Taxonomy::read(files);
    for p in problems {
        let place = (p.place.file.unwrap_or_default(), p.place.row.unwrap_or(0));
        eprintln!(
            "{}:{}: {:?}: {} {}",
            place.0,
            place.1,
            p.severity,
            p.what.en,
            p.help.map_or(String::new(), |h| h.en)
        );
    }
    taxonomy
}

fn collect(root: &Path, dir: &Path, out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(dir).expect("the taxonomy folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, out);
        } else if let (Ok(name), Ok(text)) = (path.strip_prefix(root), std::fs::read_to_string(&path)) {
            out.push((name.to_string_lossy().into_owned(), text));
        }
    }
}

fn read_map(text: &str) -> Map {
    let whole: BTreeMap<String, Map> = toml::from_str(text).expect("a map file has one table `[map]`");
    whole.into_iter().find(|(name, _)| name == "map").map(|(_, map)| map).unwrap_or_default()
}

fn read_case(line: &str) -> Case {
    let value: serde_json::Value = serde_json::from_str(line).expect("one JSON object a line");
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let gold = value["gold"].as_array().into_iter().flatten();
    let pair = |g: &serde_json::Value| (g[0].as_str().unwrap_or_default().to_owned(), g[1].as_str() == Some("NEG"));
    Case { id: text("id"), text: text("text"), gold: gold.map(pair).collect() }
}

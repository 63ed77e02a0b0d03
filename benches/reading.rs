//! From characters to labels: fold, classify, and the re-reading that an edit of one category costs.
//!
//! The texts are our own sentences, repeated; every bench asserts its answer before it is timed. Figures of one
//! run are to be compared with each other: machines are noisy.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use earful::reading::{Classifier, Scratch};
use earful::{taxonomy, text};

/// How often the sentences are read in one round.
const ROUNDS: usize = 10;

fn sentences() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/sentences/dev.jsonl");
    let lines = std::fs::read_to_string(path).expect("the sentences are in the repository");
    let of = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON")["text"].as_str().map(str::to_string)
    };
    lines.lines().filter_map(of).collect()
}

fn labels(classifier: &Classifier, texts: &[String]) -> usize {
    let mut scratch = Scratch::default();
    texts.iter().map(|t| classifier.text_labels(t, &mut scratch).len()).sum()
}

fn benches(c: &mut Criterion) {
    let texts: Vec<String> = sentences().into_iter().cycle().take(527 * ROUNDS).collect();
    let bytes: u64 = texts.iter().map(|t| t.len() as u64).sum();
    let whole = taxonomy::bundled();
    let smell = whole.find("product/smell").expect("a category of the bundled taxonomy");
    let (part, _) = whole.part(&[smell]);
    let (all, one) = (Classifier::new(&whole), Classifier::new(&part));
    let (of_all, of_one) = (labels(&all, &texts), labels(&one, &texts));
    assert!(of_all > texts.len() / 2, "most sentences carry a label: {of_all} of {}", texts.len());
    assert!(of_one > 0 && of_one < of_all / 5, "one category gives few of the labels: {of_one} of {of_all}");
    let folded: usize = texts.iter().map(|t| text::fold(t).len()).sum();

    let mut group = c.benchmark_group("reading");
    group.sample_size(20).throughput(Throughput::Bytes(bytes));
    group.bench_function("fold", |b| {
        let (mut out, mut soft) = (String::new(), Vec::new());
        b.iter(|| {
            let mut sum = 0;
            for text in &texts {
                out.clear();
                soft.clear();
                text::fold_into(text, &mut out, &mut soft);
                sum += out.len();
            }
            assert_eq!(black_box(sum), folded);
        });
    });
    group.bench_function("classify", |b| b.iter(|| assert_eq!(black_box(labels(&all, &texts)), of_all)));
    group.bench_function("re-read one category", |b| b.iter(|| assert_eq!(black_box(labels(&one, &texts)), of_one)));
    group.finish();
    c.bench_function("load the bundled taxonomy", |b| {
        b.iter(|| {
            assert_eq!(
                black_box(Classifier::new(&taxonomy::bundled())).text_labels("没有异味", &mut Scratch::default()).len(),
                2
            )
        })
    });
}

criterion_group!(reading, benches);
criterion_main!(reading);

//! From characters to labels: fold, classify, and the re-reading that an edit of one category costs.
//!
//! The texts are our own sentences, repeated; every bench asserts its answer before it is timed. Figures of one
//! run are to be compared with each other: machines are noisy.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use earful::reading::{Classifier, Scratch};
use earful::taxonomy::Taxonomy;
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

/// A taxonomy of so many keywords, forty a category: words of two to four characters that hardly occur; the first ten
/// categories have one that does, `c0000` reads 味道.
fn generated(keywords: usize) -> Taxonomy {
    const CHARACTERS: &str = "山川湖海松竹梅兰东西南北春夏秋冬金木水火琴棋书画云雨风雷鱼虫鸟兽红黄蓝绿笔墨纸砚";
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let common = ["味道", "快递", "质量", "客服", "尺码", "颜色", "包装", "价格", "效果", "手感"];
    let mut state = 20_261_101_u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut word = || -> String { (0..2 + next(3)).map(|_| characters[next(characters.len())]).collect() };
    let file = |number: usize| {
        let mut words: Vec<String> = (0..39).map(|_| word()).collect();
        words.push(if number < common.len() { common[number].to_string() } else { word() });
        let list: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
        let text = format!("name = {{ zh = \"甲\", en = \"A\" }}\n[[mention]]\nany = [{}]\n", list.join(", "));
        (format!("c{number:04}.toml"), text)
    };
    let files: Vec<(String, String)> = (0..keywords / 40).map(file).collect();
    let cues = taxonomy::bundled_files().into_iter().filter(|(path, _)| path.starts_with("_cues/"));
    Taxonomy::read(files.into_iter().chain(cues)).0
}

/// Ten times the keywords must not cost three times the reading; loading must not be felt.
fn scale(c: &mut Criterion, texts: &[String], bytes: u64) {
    let mut group = c.benchmark_group("keywords");
    group.sample_size(20).throughput(Throughput::Bytes(bytes));
    for keywords in [2_000, 20_000] {
        let taxonomy = generated(keywords);
        let found: usize = taxonomy.categories().iter().flat_map(|c| &c.rules).map(|r| r.keywords().count()).sum();
        assert_eq!(found, keywords);
        let classifier = Classifier::new(&taxonomy);
        let smell = taxonomy.find("c0000").expect("the category of 味道");
        let mut scratch = Scratch::default();
        let read = classifier.text_labels("一股奇怪的味道", &mut scratch);
        assert!(read.iter().any(|l| l.category() == smell), "味道 is read among {keywords} keywords");
        let of_all = labels(&classifier, texts);
        group.bench_function(format!("classify with {keywords}"), |b| {
            b.iter(|| assert_eq!(black_box(labels(&classifier, texts)), of_all));
        });
        group.bench_function(format!("load {keywords}"), |b| {
            b.iter(|| black_box(Classifier::new(&generated(keywords))))
        });
    }
    group.finish();
}

fn labels(classifier: &Classifier, texts: &[String]) -> usize {
    let mut scratch = Scratch::default();
    texts.iter().map(|t| classifier.text_labels(t, &mut scratch).len()).sum()
}

/// The shortest of several times that something took.
fn best(mut run: impl FnMut()) -> Duration {
    let timed = (0..7).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    timed.min().expect("it ran")
}

/// Scan and rules beside what they cannot be faster than: the automaton of all keywords and cues over the same texts, folded
/// before. One after the other in one process, so that the machine cancels out.
fn ratio(whole: &Taxonomy, classifier: &Classifier, texts: &[String]) {
    let keywords = whole.categories().iter().flat_map(|c| &c.rules).flat_map(|r| r.keywords());
    let words: BTreeSet<&str> = keywords.chain(whole.cues().iter().map(|c| &c.keyword)).map(|k| &*k.folded).collect();
    let automaton: CharwiseDoubleArrayAhoCorasick<u32> =
        CharwiseDoubleArrayAhoCorasick::new(&words).expect("distinct words");
    let folded: Vec<String> = texts.iter().map(|t| text::fold(t)).collect();
    let places = || -> usize { folded.iter().map(|t| automaton.find_overlapping_iter(t).count()).sum() };
    let (found, of_all) = (places(), labels(classifier, texts));
    assert!(found > of_all, "a label has a keyword: {found} places, {of_all} labels");
    let bare = best(|| assert_eq!(black_box(places()), found));
    let (mut out, mut soft) = (String::new(), Vec::new());
    let fold = best(|| {
        for text in texts {
            out.clear();
            soft.clear();
            text::fold_into(text, &mut out, &mut soft);
        }
        black_box(out.len());
    });
    let whole = best(|| assert_eq!(black_box(labels(classifier, texts)), of_all));
    let ratio = bare.as_secs_f64() / whole.saturating_sub(fold).as_secs_f64();
    println!(
        "scan and rules run at {ratio:.2} of the speed of the bare automaton ({whole:?} with folding, bare {bare:?})"
    );
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

    ratio(&whole, &all, &texts);
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
    scale(c, &texts, bytes);
    c.bench_function("load the bundled taxonomy", |b| {
        b.iter_with_large_drop(|| {
            let taxonomy = taxonomy::bundled();
            let classifier = Classifier::new(&taxonomy);
            assert_eq!(classifier.text_labels("没有异味", &mut Scratch::default()).len(), 2);
            (taxonomy, classifier)
        })
    });
}

criterion_group!(reading, benches);
criterion_main!(reading);

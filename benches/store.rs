//! How fast facts are written, read and found. Every bench asserts its answer, so that fast is never wrong.
//!
//! `EARFUL_ROWS` sets the number of reviews (20,000 if unset); with `EARFUL_CORPORA` their texts are those of
//! `raw/*.jsonl` there, cycled, else sentences put together here.

use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use earful::disk::Pairs;
use earful::index::{Doc, Index, Order, Piece, Query};
use earful::records::{Fields, Known, Meeting, Snapshot, Source, Store, Unit, Writer};
use earful::text::{Folded, fold};
use earful::words::limits::KEYS;
use earful::words::{Day, Kind, Record, Speaker, Stars, Token, Turn, TurnKind, Uid};
use rayon::prelude::*;
use tempfile::TempDir;

/// What operators look for, short and common: the slow ones.
const PHRASES: [&str; 40] = [
    "质量",
    "味道",
    "偏小",
    "客服",
    "物流",
    "很好",
    "不错",
    "快递",
    "包装",
    "退货",
    "有味道",
    "没有异味",
    "掉色",
    "起球",
    "尺码",
    "性价比",
    "不值",
    "态度",
    "发货",
    "颜色",
    "喜欢",
    "满意",
    "好评",
    "差评",
    "一般",
    "收到",
    "东西",
    "价格便宜",
    "很",
    "不",
    "做工精细",
    "安装师傅",
    "洗衣机",
    "色差",
    "线头",
    "实物",
    "和图片",
    "舒服",
    "下次还会",
    "good",
];

fn rows() -> usize {
    std::env::var("EARFUL_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000)
}

fn dice(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*seed >> 33) as usize
}

/// Texts of the corpora, at most 60 characters each, or sentences of parts.
fn texts() -> Vec<String> {
    let Some(folder) = std::env::var_os("EARFUL_CORPORA") else {
        let parts = [
            "质量很好",
            "味道有点大",
            "偏小一码",
            "客服态度不错",
            "物流很快",
            "有味道",
            "穿着舒服",
            "洗了就掉色",
            "good",
        ];
        let mut seed = 3;
        return (0..5_000)
            .map(|_| (0..6).map(|_| parts[dice(&mut seed) % parts.len()]).collect::<Vec<_>>().join("，"))
            .collect();
    };
    let mut texts = Vec::new();
    for name in ["zh_shop_polarity", "zh_tmall_clothing", "zh_shoes", "zh_washing_machines", "zh_learning_tablets"] {
        let path = Path::new(&folder).join(format!("raw/{name}.jsonl"));
        for line in std::fs::read_to_string(&path).expect("the corpora are there").lines() {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON lines");
            texts.extend(value["text"].as_str().map(|text| text.chars().take(60).collect::<String>()));
        }
    }
    let mut seed = 5;
    for at in (1..texts.len()).rev() {
        texts.swap(at, dice(&mut seed) % (at + 1));
    }
    texts
}

fn reviews(rows: usize) -> Vec<Record> {
    let (texts, mut seed) = (texts(), 7);
    let review = |i: usize| {
        let time = Some(Day(20_400 + (dice(&mut seed) % 365) as i32).start());
        let sku = dice(&mut seed) % 2_000;
        let text = texts[i % texts.len()].clone();
        Record {
            uid: Uid((i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            kind: Kind::Review,
            shop: "我的店".into(),
            platform: "tmall".into(),
            product_id: format!("{}", 600_000_000 + sku / 8),
            product: format!("商品标题 {}", sku / 8),
            sku: format!("SKU-{sku:04}"),
            variant: vec![("颜色".into(), ["黑", "白", "蓝"][sku % 3].into()), ("尺码".into(), "XL".into())],
            stars: Some(Stars { value: 5.0, raw: "5".into() }),
            time,
            bought: None,
            buyer: Some(Token(dice(&mut seed) as u64)),
            order: Some(Token(dice(&mut seed) as u64)),
            given: None,
            silence: None,
            near_copy: false,
            row: i as u64 + 2,
            turns: vec![Turn { speaker: Speaker::Buyer, kind: TurnKind::Said, time, agent: None, text }],
        }
    };
    (0..rows).map(review).collect()
}

fn write(folder: &Path, records: &[Record]) {
    let mut writer = Writer::begin(folder, "Asia/Shanghai").unwrap();
    records.iter().for_each(|record| writer.push(record).unwrap());
    writer.finish(&Source { name: "bench.csv".into(), hash: String::new() }, "{}").unwrap();
}

fn build(folder: &Path, store: &Store) -> Index {
    let units = store.units();
    let piece = |unit: &Unit| Piece {
        file: unit.file,
        id: store.files()[unit.file].id.clone(),
        start: unit.start,
        rows: unit.rows,
        bytes: unit.bytes,
    };
    Index::open(folder, units.iter().map(piece).collect(), |at, add| {
        let batch = store.read(units[at], Fields::VIEW | Fields::TIME)?;
        let turns = batch.turn_views();
        (0..batch.len()).try_for_each(|row| add(Doc { time: batch.time(row), turns: &turns[batch.turns_of(row)] }))
    })
    .unwrap()
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn facts(c: &mut Criterion) {
    let records = reviews(rows());
    let text: usize = records.iter().flat_map(|r| &r.turns).map(|t| t.text.len()).sum();
    let mut group = c.benchmark_group("facts");
    group.sample_size(10).throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("write", |b| {
        b.iter_batched(
            || TempDir::new().unwrap(),
            |folder| {
                write(folder.path(), &records);
                folder
            },
            BatchSize::PerIteration,
        );
    });
    let folder = TempDir::new().unwrap();
    write(folder.path(), &records);
    let store = Store::open(folder.path()).unwrap();
    println!(
        "{} rows, {:.1} MB of text, {:.1} MB on the disk",
        records.len(),
        megabytes(text as u64),
        megabytes(store.files()[0].bytes)
    );
    group.bench_function("scan views", |b| {
        b.iter(|| {
            let bytes = store.scan(Fields::VIEW, |batch| {
                let turns = batch.turn_views();
                let views = (0..batch.len()).map(|at| batch.view(at, &turns));
                views.map(|view| view.turns.iter().map(|turn| turn.text.len()).sum::<usize>()).sum::<usize>()
            });
            assert_eq!(bytes.unwrap().into_iter().sum::<usize>(), text);
        });
    });
    group.bench_function("snapshot", |b| {
        b.iter(|| assert_eq!(Snapshot::take(&store).unwrap().records(), records.len() as u64));
    });
    group.bench_function("know and meet again", |b| {
        b.iter(|| {
            let mut known = Known::load(&store, Pairs::new(folder.path().into(), KEYS)).unwrap();
            assert!(records.iter().all(|record| known.meet(record).unwrap() == Meeting::Repeat));
        });
    });
    let places: Vec<_> = (0..20).map(|i| (0, (i * 7919 % records.len()) as u32)).collect();
    group.bench_function("fetch 20 rows", |b| {
        b.iter(|| {
            let found = store.fetch(&places).unwrap();
            assert!(found.iter().zip(&places).all(|(record, (_, row))| *record == records[*row as usize]));
        });
    });
}

fn text(c: &mut Criterion) {
    let records = reviews(rows());
    let folder = TempDir::new().unwrap();
    write(folder.path(), &records);
    let store = Store::open(folder.path()).unwrap();
    let mut group = c.benchmark_group("text");
    group.sample_size(10).throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("index", |b| {
        b.iter_batched(
            || TempDir::new().unwrap(),
            |place| {
                build(place.path(), &store);
                place
            },
            BatchSize::PerIteration,
        );
    });
    let place = TempDir::new().unwrap();
    let index = build(place.path(), &store);
    println!("index: {:.1} MB on the disk", megabytes(index.bytes()));

    let texts: Vec<String> = records.par_iter().map(|record| fold(&record.turns[0].text)).collect();
    let mut phrases: Vec<String> = PHRASES.map(String::from).to_vec();
    let mut seed = 11;
    while phrases.len() < 200 {
        let folded: Vec<char> = texts[dice(&mut seed) % texts.len()].chars().collect();
        let (at, len) = (dice(&mut seed) % folded.len().max(1), 2 + dice(&mut seed) % 4);
        let cut: String = folded[at..folded.len().min(at + len)].iter().collect();
        if cut.chars().all(earful::text::script::is_han) && cut.chars().count() > 1 {
            phrases.push(cut);
        }
    }
    let queries: Vec<Query> = phrases.iter().map(|phrase| Query::with(&[phrase]).unwrap()).collect();
    let mut wrong = 0;
    for (query, phrase) in queries.iter().zip(&phrases) {
        let total = index.search(query, Order::Newest, 20, |_, _| true).unwrap().total;
        let is_there = |text: &&String| match phrase.is_ascii() {
            true => !query.spans(text).is_empty(),
            false => text.contains(phrase.as_str()),
        };
        wrong += u64::from(total != texts.par_iter().filter(is_there).count() as u64);
    }
    assert_eq!(wrong, 0, "search and scan disagree");
    for (name, range) in [("common", 0..PHRASES.len()), ("cut out", PHRASES.len()..200), ("all", 0..200)] {
        for order in [Order::Newest, Order::Best] {
            // The best of five, so that other work on the machine does not count.
            let once = |query: &Query| {
                let start = Instant::now();
                std::hint::black_box(index.search(query, order, 20, |_, _| true).unwrap());
                start.elapsed()
            };
            let best = |query: &Query| (0..5).map(|_| once(query)).min().unwrap();
            let mut times: Vec<Duration> = queries[range.clone()].iter().map(best).collect();
            times.sort();
            let at = |share: usize| times[(times.len() - 1) * share / 100];
            println!("search {name} {order:?}: p50 {:?}  p95 {:?}  max {:?}", at(50), at(95), at(100));
        }
    }
    group.throughput(Throughput::Elements(queries.len() as u64));
    group.bench_function("search 200 phrases", |b| {
        b.iter(|| queries.iter().map(|q| index.search(q, Order::Newest, 20, |_, _| true).unwrap().total).sum::<u64>());
    });
    let text = "没有异味，穿着很舒服，下次还会再来";
    assert_eq!(Query::with(&["舒服"]).unwrap().spans(&Folded::new(text).text).len(), 1);
}

criterion_group!(benches, facts, text);
criterion_main!(benches);

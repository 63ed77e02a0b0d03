//! How fast counts become a report. Every bench asserts its answer; `cargo bench --bench report`.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use earful::run::report::{Ask, of_tally};
use earful::stats::random::Random;
use earful::stats::tally::Counter;
use earful::words::{LabelId, Period, Stance};

const SKUS: usize = 200;
const CATEGORIES: usize = 60;
const MONTHS: usize = 12;

/// A year of counts with one ratio that triples in its last month.
fn year(file: &mut impl Write) {
    let mut random = Random::new(1);
    writeln!(file, "period,shop,own,sku,category,stance,mentions,base").unwrap();
    for month in 1..=MONTHS {
        for sku in 0..SKUS {
            for category in 0..CATEGORIES {
                let planted = month == MONTHS && sku == 7 && category == 3;
                let mentions = if planted { 120 } else { 36 + random.below(9) };
                writeln!(file, "2026-{month:02},shop,true,sku{sku:03},c{category:02},complaint,{mentions},800")
                    .unwrap();
            }
        }
    }
}

/// What anybody would write: the rows read and grouped by hash.
fn plainly(path: &Path) -> u64 {
    let mut cells: HashMap<(String, String, String), u64> = HashMap::new();
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        *cells.entry((row[0].into(), row[3].into(), row[4].into())).or_default() += row[6].parse::<u64>().unwrap();
    }
    cells.values().sum()
}

/// The answer, and the shortest of three times it took.
fn best<T>(f: &dyn Fn() -> T) -> (T, Duration) {
    let timed = (0..3).map(|_| {
        let start = Instant::now();
        (f(), start.elapsed())
    });
    timed.min_by_key(|(_, took)| *took).unwrap()
}

fn a_year_is_reported(c: &mut Criterion) {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    year(&mut file);
    let (report, took) = best(&|| of_tally(file.path(), &Ask::default()).unwrap());
    let (mentions, plain) = best(&|| plainly(file.path()));
    assert!(mentions > 0);
    let times = took.as_secs_f64() / plain.as_secs_f64();
    println!(
        "a report on {} rows: {took:?}, {times:.2} times reading them plainly ({plain:?})",
        SKUS * CATEGORIES * MONTHS
    );
    assert!(times <= 4.0, "{times}");
    let told: Vec<_> = report.shifts.iter().map(|s| (s.place.sku.as_deref(), s.category.id.as_str())).collect();
    assert_eq!(told, [(Some("sku007"), "c03")]);
    c.bench_function("200 SKUs x 60 categories x 12 months", |b| b.iter(|| of_tally(file.path(), &Ask::default())));
}

/// A million records: period, SKU, labels.
fn records() -> Vec<(Period, u32, Vec<LabelId>)> {
    let mut random = Random::new(2);
    let months: Vec<Period> = (1..=12).map(|m| format!("2026-{m:02}").parse().unwrap()).collect();
    let label = |random: &mut Random| LabelId::new(random.below(CATEGORIES), Stance::ALL[random.below(4)]);
    (0..1_000_000)
        .map(|_| {
            let mut labels: Vec<LabelId> = (0..random.below(4)).map(|_| label(&mut random)).collect();
            labels.sort_unstable();
            labels.dedup();
            (months[random.below(12)], random.below(SKUS) as u32, labels)
        })
        .collect()
}

fn a_million_records_are_tallied(c: &mut Criterion) {
    let records = records();
    let names: Vec<String> = (0..CATEGORIES).map(|i| format!("c{i:02}")).collect();
    let ours = || {
        let mut counter = Counter::new(&names);
        let shop = counter.shop("shop", true);
        let skus: Vec<u32> = (0..SKUS).map(|i| counter.sku(&format!("sku{i:03}"))).collect();
        for (period, sku, labels) in &records {
            counter.record(*period, shop, skus[*sku as usize], labels);
        }
        counter.finish()
    };
    let plain = || {
        let mut cells: HashMap<(Period, u32, LabelId), u64> = HashMap::new();
        for (period, sku, labels) in &records {
            for label in labels {
                *cells.entry((*period, *sku, *label)).or_default() += 1;
            }
        }
        cells
    };
    let (mentions, tallied) = best(&|| ours().lines().flat_map(|l| l.cells).map(|c| c.mentions).sum::<u64>());
    let (expected, grouped) = best(&|| plain().values().sum::<u64>());
    assert_eq!(mentions, expected);
    let times = tallied.as_secs_f64() / grouped.as_secs_f64();
    println!("tally of a million records: {tallied:?}, {times:.2} times a plain hash group-by ({grouped:?})");
    assert!(times <= 3.0, "{times}");
    c.bench_function("a million records", |b| b.iter(ours));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = a_year_is_reported, a_million_records_are_tallied
}
criterion_main!(benches);

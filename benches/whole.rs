//! The main job from end to end on the bundled data: import, report, the report after an edit, search.

use std::hint::black_box;
use std::io::Cursor;
use std::time::{Duration, Instant};

use calamine::{Reader as _, Xlsx};
use criterion::{Criterion, criterion_group, criterion_main};
use earful::ingest::{Input, Settings, read};
use earful::run::report::{Ask, of_workspace};
use earful::run::{demo, search, workshop};
use earful::workspace::Workspace;

const SHIFTS: usize = 6;

fn benches(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (workspace, ledgers) = demo::make(&folder.path().join("demo"), None).expect("the demo imports");
    let rows: u64 = ledgers.iter().map(|l| l.rows).sum();
    let mut group = c.benchmark_group("whole");
    group.sample_size(10);
    group.bench_function("import", |b| {
        b.iter(|| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let (_, ledgers) = demo::make(&folder.path().join("demo"), None).expect("the demo imports");
            assert_eq!(black_box(ledgers.iter().map(|l| l.rows).sum::<u64>()), rows);
        });
    });
    let report = |workspace: &Workspace| of_workspace(workspace, &Ask::default()).expect("a report").shifts.len();
    assert_eq!(report(&workspace), SHIFTS);
    group.bench_function("report", |b| b.iter(|| assert_eq!(black_box(report(&workspace)), SHIFTS)));
    group.bench_function("report, every label read anew", |b| {
        b.iter(|| {
            std::fs::remove_dir_all(workspace.root().join(".earful/labels")).expect("the cache was there");
            assert_eq!(black_box(report(&workspace)), SHIFTS);
        });
    });
    let ask = search::Ask { phrases: vec!["偏小".into()], limit: 20, ..search::Ask::default() };
    let total = search::search(&workspace, &ask).expect("a search").total;
    assert!(total > 20);
    group.bench_function("search", |b| {
        b.iter(|| assert_eq!(black_box(search::search(&workspace, &ask).expect("a search").total), total))
    });
    let covered = workshop::coverage(&workspace).expect("a coverage").labelled;
    assert!(covered.mentions > covered.base / 2);
    group.finish();
}

/// Rows of the tables that are read beside a plain parser.
const ROWS: usize = 200_000;
const XLSX_ROWS: usize = 200_000;
const WORDS: [&str; 4] = ["起球", "偏小", "客服", "物流"];

/// The reviews of the demonstration, said again and again until there are enough.
fn row(n: usize) -> [String; 4] {
    const SAID: [&str; 6] = [
        "面料很舒服，洗了两次就起球了，客服说可以退，物流倒是挺快的",
        "比平时的码偏小，建议买大一码，颜色和图片一样，孩子很喜欢",
        "快递三天才到，盒子压扁了，好在东西没坏，客服态度很好",
        "用了一个月来追评，没有异味，质量对得起价格，会回购",
        "大小合适，厚度适中，穿着不闷，同事看到也要买",
        "客服半天不回，物流信息也不更新，体验很差",
    ];
    let text = format!("{}，第{n}次买，{}", SAID[n % 6], SAID[(n / 6) % 6]);
    let day = format!("2026-{:02}-{:02} 10:{:02}:00", n / 28 % 12 + 1, n % 28 + 1, n % 60);
    [format!("R{n:09}"), text, day, format!("{}", n % 5 + 1)]
}

/// The median of five runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[2]
}

/// How many rows an export has when it is read as `earful add` reads it, short of writing it down.
fn rows_of(name: &str, bytes: &[u8]) -> u64 {
    let settings = Settings::new("shop", [7; 32]);
    read(Input::Bytes(name, bytes), &settings, &mut |record| {
        black_box(record);
        Ok(())
    })
    .expect("the table is read")
    .rows
}

/// How much longer reading takes than merely parsing the same table and counting words in it, or than the workbook's
/// own reader takes to walk over its cells. In one process and one after the other, so that the machine cancels out.
fn ratios() {
    let mut table = String::from("评价编号,评价内容,评价时间,评分\n");
    (0..ROWS).for_each(|n| table += &format!("{}\n", row(n).join(",")));
    let plain = median(|| {
        let mut parsed = csv::Reader::from_reader(table.as_bytes());
        let mut found = 0;
        for record in parsed.records() {
            let record = record.expect("sound rows");
            found += WORDS.iter().filter(|word| record[1].contains(**word)).count();
        }
        assert!(found > ROWS);
    });
    let whole = median(|| assert_eq!(rows_of("a.csv", table.as_bytes()), ROWS as u64));
    let mib = table.len() as f64 / f64::from(1 << 20);
    println!(
        "csv: {ROWS} rows, {mib:.0} MiB: read in {whole:?}, parsed and counted by one thread in {plain:?}: {:.2} times as long",
        whole.as_secs_f64() / plain.as_secs_f64()
    );
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["评价编号", "评价内容", "评价时间", "评分"].iter().enumerate() {
        sheet.write(0, column as u16, *name).expect("a header");
    }
    for n in 0..XLSX_ROWS {
        for (column, cell) in row(n).iter().enumerate() {
            sheet.write(n as u32 + 1, column as u16, cell.as_str()).expect("a cell");
        }
    }
    let book = book.save_to_buffer().expect("a workbook");
    let plain = median(|| {
        let mut book = Xlsx::new(Cursor::new(&book)).expect("a workbook");
        let name = book.sheet_names()[0].clone();
        let mut cells = book.worksheet_cells_reader(&name).expect("a sheet");
        let mut count = 0;
        while cells.next_cell().expect("a cell").is_some() {
            count += 1;
        }
        assert_eq!(count, (XLSX_ROWS + 1) * 4);
    });
    let whole = median(|| assert_eq!(rows_of("a.xlsx", &book), XLSX_ROWS as u64));
    println!(
        "xlsx: {XLSX_ROWS} rows: read in {whole:?}, cells walked over by their reader in {plain:?}: {:.2} times as long",
        whole.as_secs_f64() / plain.as_secs_f64()
    );
}

fn beside_plain_parsers(_: &mut Criterion) {
    ratios();
}

criterion_group!(whole, beside_plain_parsers, benches);
criterion_main!(whole);

//! The main job from end to end on the bundled data: import, report, the report after an edit, search.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use earful::run::report::{Ask, of_workspace};
use earful::run::{demo, search, workshop};
use earful::workspace::Workspace;

const SHIFTS: usize = 6;

fn benches(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (workspace, ledgers) = demo::make(&folder.path().join("demo")).expect("the demo imports");
    let rows: u64 = ledgers.iter().map(|l| l.rows).sum();
    let mut group = c.benchmark_group("whole");
    group.sample_size(10);
    group.bench_function("import", |b| {
        b.iter(|| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let (_, ledgers) = demo::make(&folder.path().join("demo")).expect("the demo imports");
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
    let covered = workshop::coverage(&workspace, 0).expect("a coverage").labelled;
    assert!(covered.mentions > covered.base / 2);
    group.finish();
}

criterion_group!(whole, benches);
criterion_main!(whole);

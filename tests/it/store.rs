//! The facts on the disk: what is written comes back, versions, repeats, purges, crashes, full disks.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use earful::disk::Pairs;
use earful::records::{Fields, Known, Meeting, Purge, Purged, Snapshot, Source, Store, Writer, purge, version};
use earful::words::{Day, Kind, Moment, Record, Silence, Speaker, Stars, Token, Turn, TurnKind, Uid};
use earful::workspace::{Settings, Workspace};
use proptest::prelude::*;
use tempfile::TempDir;

/// A review that says this.
pub fn review(uid: u64, day: i32, text: &str) -> Record {
    Record {
        uid: Uid(uid),
        kind: Kind::Review,
        shop: "我的店".into(),
        platform: "tmall".into(),
        product_id: String::new(),
        product: "裤子".into(),
        sku: format!("SKU-{}", uid % 7),
        variant: vec![("颜色".into(), "黑".into())],
        stars: Some(Stars { value: 4.0, raw: "4星".into() }),
        time: Some(Day(day).start()),
        bought: None,
        buyer: Some(Token(uid % 5)),
        order: None,
        given: None,
        silence: None,
        near_copy: false,
        row: uid + 2,
        turns: vec![Turn {
            speaker: Speaker::Buyer,
            kind: TurnKind::Said,
            time: Some(Day(day).start()),
            agent: None,
            text: text.into(),
        }],
    }
}

/// Writes one record file.
pub fn import(folder: &Path, name: &str, records: &[Record]) {
    let mut writer = Writer::begin(folder, "Asia/Shanghai").unwrap();
    records.iter().for_each(|record| writer.push(record).unwrap());
    writer.finish(&Source { name: name.into(), hash: "ab".into() }, r#"{"rows":3}"#).unwrap();
}

/// Every row of a folder of record files, in order.
pub fn everything(folder: &Path) -> Vec<Record> {
    let store = Store::open(folder).unwrap();
    let parts = store.scan(Fields::ALL, |batch| (0..batch.len()).map(|at| batch.record(at)).collect::<Vec<_>>());
    parts.unwrap().into_iter().flatten().collect()
}

fn moments() -> impl Strategy<Value = Option<Moment>> {
    proptest::option::of((-70_000_000_000i64..250_000_000_000).prop_map(Moment))
}

fn turns() -> impl Strategy<Value = Turn> {
    (0..4usize, 0..5usize, moments(), proptest::option::of("\\PC{0,8}"), "\\PC{0,40}").prop_map(
        |(speaker, kind, time, agent, text)| Turn {
            speaker: Speaker::ALL[speaker],
            kind: TurnKind::ALL[kind],
            time,
            agent,
            text,
        },
    )
}

fn records() -> impl Strategy<Value = Record> {
    let place = ["\\PC{0,6}", "[a-z]{0,3}", "\\PC{0,6}", "\\PC{0,6}", "[A-C]{0,2}"];
    let tokens = (proptest::option::of(any::<u64>()), proptest::option::of(any::<u64>()));
    let given = proptest::option::of("\\PC{0,6}");
    let silence = proptest::option::of(prop_oneof![Just(Silence::DefaultPraise), Just(Silence::Empty)]);
    let variant = proptest::collection::vec(("\\PC{0,4}", "\\PC{0,4}"), 0..3);
    let stars = proptest::option::of((1.0f32..5.0, "\\PC{0,4}"));
    let head = (any::<u64>(), 0..5usize, place, variant, stars, moments(), moments());
    let tail = (tokens, given, silence, any::<bool>(), 1..9_000_000_000u64, proptest::collection::vec(turns(), 0..6));
    (head, tail).prop_map(|((uid, kind, place, variant, stars, time, bought), tail)| {
        let (tokens, given, silence, near_copy, row, turns) = tail;
        let [shop, platform, product_id, product, sku] = place;
        Record {
            uid: Uid(uid),
            kind: Kind::ALL[kind],
            shop,
            platform,
            product_id,
            product,
            sku,
            variant,
            stars: stars.map(|(value, raw)| Stars { value, raw }),
            time,
            bought,
            buyer: tokens.0.map(Token),
            order: tokens.1.map(Token),
            given,
            silence,
            near_copy,
            row,
            turns,
        }
    })
}

proptest! {
    #![proptest_config(crate::cases(24))]

    #[test]
    fn what_is_written_comes_back(written in proptest::collection::vec(records(), 0..40)) {
        let folder = TempDir::new().unwrap();
        import(folder.path(), "评价 导出.csv", &written);
        prop_assert_eq!(&everything(folder.path()), &written);
        let store = Store::open(folder.path()).unwrap();
        // Singly and in any order it is the same record, and a view shows the same words.
        let places: Vec<_> = (0..written.len() as u32).rev().map(|row| (0, row)).collect();
        prop_assert!(store.fetch(&places).unwrap().iter().eq(written.iter().rev()));
        store.scan(Fields::VIEW, |batch| {
            let turns = batch.turn_views();
            for at in 0..batch.len() {
                let (view, record) = (batch.view(at, &turns), &written[batch.start() as usize + at]);
                assert_eq!((view.kind, view.sku, view.platform), (record.kind, &*record.sku, &*record.platform));
                let texts = |turns: &[earful::words::TurnView]| turns.iter().map(|t| t.text.to_string()).collect::<Vec<_>>();
                assert_eq!(texts(view.turns), texts(&record.turn_views()));
            }
        }).unwrap();
    }
}

#[test]
fn the_same_records_give_the_same_bytes_and_a_readable_name() {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let records: Vec<Record> = (0..70_000).map(|i| review(i, 20_000 + (i % 90) as i32, "裤子偏小一码")).collect();
    for folder in &folders {
        import(folder.path(), "2026年10月 评价(导出).CSV", &records);
        import(folder.path(), "../../x", &records[..1]);
    }
    let [a, b] = [&folders[0], &folders[1]].map(|f| Store::open(f.path()).unwrap());
    assert_eq!(a.files()[0].name, "000001-2026年10月-评价-导出.parquet");
    assert_eq!(a.files()[1].name, "000002-x.parquet");
    assert_eq!(std::fs::read(&a.files()[0].path).unwrap(), std::fs::read(&b.files()[0].path).unwrap());
    assert_ne!(a.files()[0].id, a.files()[1].id);
    assert_eq!((a.files()[0].ledger.as_str(), a.files()[0].zone.as_str()), (r#"{"rows":3}"#, "Asia/Shanghai"));
    // Several row groups, and single rows at their borders.
    let units = a.units_of(0);
    assert!(units.len() > 2);
    let rows: Vec<_> = units.iter().flat_map(|u| [(0, u.start), (0, u.start + u.rows - 1)]).collect();
    for (record, (_, row)) in a.fetch(&rows).unwrap().iter().zip(&rows) {
        assert_eq!(record, &records[*row as usize]);
    }
}

#[test]
fn the_newest_version_counts_and_the_first_is_kept() {
    let folder = TempDir::new().unwrap();
    let first = [review(1, 10, "很好"), review(2, 10, "偏小"), review(3, 11, "没有异味")];
    let mut edited = review(2, 10, "偏小，追评：退了");
    edited.stars = None;
    import(folder.path(), "one.csv", &first);
    import(folder.path(), "two.csv", &[edited.clone(), review(4, 12, "新的")]);
    let store = Store::open(folder.path()).unwrap();
    let snapshot = Snapshot::take(&store).unwrap();
    let rows = |maps: &[roaring::RoaringBitmap]| maps.iter().map(|m| m.iter().collect::<Vec<_>>()).collect::<Vec<_>>();
    assert_eq!(rows(&snapshot.current), [vec![0, 2], vec![0, 1]]);
    assert_eq!(rows(&snapshot.first), [vec![0, 1, 2], vec![1]]);
    assert_eq!(snapshot.records(), 4);
    assert_eq!(store.find(Uid(2)).unwrap(), [(0, 1), (1, 0)]);

    for most in [1, 2, 1000] {
        let mut known = Known::load(&store, Pairs::new(folder.path().into(), most)).unwrap();
        assert_eq!(known.meet(&first[1]).unwrap(), Meeting::Repeat, "an older version is a repeat too");
        assert_eq!(known.meet(&edited).unwrap(), Meeting::Repeat);
        assert_eq!(known.meet(&review(2, 10, "又改了")).unwrap(), Meeting::Changed);
        assert_eq!(known.meet(&review(2, 10, "又改了")).unwrap(), Meeting::Repeat);
        assert_eq!(known.meet(&review(9, 10, "新")).unwrap(), Meeting::New);
        assert_eq!(known.meet(&review(9, 10, "新，改")).unwrap(), Meeting::Changed);
    }
    let elsewhere = Record { row: 77, product: "换了标题".into(), near_copy: true, ..first[0].clone() };
    assert_eq!(version(&elsewhere), version(&first[0]), "where it stood in the file is no version");
}

#[test]
fn a_purge_takes_every_version_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), "one.csv", &(0..100).map(|i| review(i, i as i32, "甲")).collect::<Vec<_>>());
    import(folder.path(), "two.csv", &[review(3, 200, "乙"), review(150, 201, "丙"), review(151, 202, "丁")]);
    let before = Store::open(folder.path()).unwrap();
    let gone = purge(folder.path(), Purge::Before(Day(10))).unwrap();
    assert_eq!(gone, Purged { records: 10, rows: 11, files: 2 });
    let left = everything(folder.path());
    assert_eq!(left.len(), 103 - 11);
    assert!(left.iter().all(|r| r.uid.0 >= 10 && r.time >= Some(Day(10).start())));
    let after = Store::open(folder.path()).unwrap();
    assert_eq!(after.files()[0].ledger, before.files()[0].ledger);
    assert_eq!((after.files()[0].purged, after.files()[1].purged), (10, 1));
    assert_ne!(after.files()[0].id, before.files()[0].id, "caches of the old content are void");
    // A reader that opened the workspace before is told, not misled.
    assert_eq!(before.scan(Fields::UID, |b| b.len()).unwrap_err().code(), "changed");

    let gone = purge(folder.path(), Purge::Buyer(Token(1))).unwrap();
    assert_eq!(gone.records, 18 + 1);
    assert!(everything(folder.path()).iter().all(|r| r.buyer != Some(Token(1))));
    assert_eq!(purge(folder.path(), Purge::Buyer(Token(1))).unwrap(), Purged::default());
}

#[test]
fn a_damaged_file_is_named_never_misread() {
    let folder = TempDir::new().unwrap();
    import(folder.path(), "one.csv", &(0..50).map(|i| review(i, 1, "好")).collect::<Vec<_>>());
    let path = folder.path().join("000001-one.parquet");
    let whole = std::fs::read(&path).unwrap();
    for cut in [0, 4, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        assert_eq!(Store::open(folder.path()).unwrap_err().code(), "broken_record_file", "cut at {cut}");
    }
    // A flipped byte is an error or changes nothing that can be seen; it is never a panic.
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(store) = Store::open(folder.path()) {
            let _ = store.scan(Fields::ALL, |batch| (0..batch.len()).for_each(|i| drop(batch.record(i))));
        }
    }
}

const CHILD: &str = "EARFUL_TEST_CHILD";

/// Not a test of its own: imports into the workspace named by the environment until it is killed.
#[test]
fn child_that_imports() {
    let Ok(root) = std::env::var(CHILD) else { return };
    let workspace = Workspace::open(Path::new(&root)).unwrap();
    for round in 0.. {
        let Ok(writing) = workspace.write() else { continue };
        let store = Store::open(&writing.records()).unwrap();
        let rows = 1_000 + 10 * store.files().len() as u64;
        let records: Vec<_> = (0..rows).map(|i| review(store.rows() + i, 1, &format!("第{round}次 {i}"))).collect();
        let mut writer = Writer::begin(&writing.records(), "Asia/Shanghai").unwrap();
        for record in &records {
            if let Err(err) = writer.push(record) {
                eprintln!("{} {}", err.code(), err);
                std::process::exit(2);
            }
        }
        match writer.finish(&Source { name: format!("{rows}.csv"), hash: String::new() }, "{}") {
            Ok(_) => println!("imported {rows}"),
            Err(err) => {
                eprintln!("{} {}", err.code(), err);
                std::process::exit(2);
            }
        }
    }
}

fn child(root: &Path, before: &str) -> Command {
    let mut command = Command::new("sh");
    let me = std::env::current_exe().unwrap();
    let line = format!("{before} exec '{}' --exact store::child_that_imports --nocapture", me.display());
    command.args(["-c", &line]).env(CHILD, root).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Whole files only, numbered without a gap, each with as many rows as its name says.
fn assert_whole(workspace: &Workspace) -> usize {
    let store = Store::open(&workspace.records()).unwrap();
    for (at, file) in store.files().iter().enumerate() {
        let rows = 1_000 + 10 * at as u64;
        assert_eq!(file.name, format!("{:06}-{rows}.parquet", at + 1));
        assert_eq!(file.rows, rows);
    }
    let uids = store.scan(Fields::UID, |b| (0..b.len()).map(|i| b.uid(i).0).collect::<Vec<_>>()).unwrap();
    assert!(uids.into_iter().flatten().eq(0..store.rows()), "every row once, in order");
    store.files().len()
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_the_workspace_is_as_before_or_after_an_import() {
    let folder = TempDir::new().unwrap();
    let workspace = Workspace::init(folder.path(), &Settings::default()).unwrap();
    let rounds = if std::env::var_os("EARFUL_LONG").is_some() { 300 } else { 12 };
    let (mut seed, mut strays) = (7u64, 0);
    for _ in 0..rounds {
        let mut child = child(folder.path(), "").spawn().unwrap();
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        std::thread::sleep(Duration::from_millis(20 + (seed >> 33) % 150));
        child.kill().unwrap();
        let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let files = assert_whole(&workspace);
        assert!(files >= said.matches("imported").count(), "what was said to be imported is there");
        strays += std::fs::read_dir(workspace.records()).unwrap().count() - files;
        drop(workspace.write().unwrap());
        assert_eq!(std::fs::read_dir(workspace.records()).unwrap().count(), files, "the next writer sweeps up");
    }
    assert!(assert_whole(&workspace) > 0 && strays > 0, "the kills came in the middle of imports");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let workspace = Workspace::init(folder.path(), &Settings::default()).unwrap();
    // A limit on the size of a file stands in for a disk without room.
    let out = child(folder.path(), "trap '' XFSZ; ulimit -f 40;").output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains("what was there is untouched"), "{said}");
    assert_whole(&workspace);
    drop(workspace.write().unwrap());
    assert_eq!(std::fs::read_dir(workspace.records()).unwrap().count(), assert_whole(&workspace));
}

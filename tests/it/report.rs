//! The report as an operator asks for it at the terminal: every option, tables of counts from elsewhere, a kept
//! report beside today's.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// What the program printed; it must have ended well.
fn earful(folder: &Path, args: &[&str]) -> String {
    let out = Command::cargo_bin("earful").unwrap().current_dir(folder).args(["--lang", "en"]).args(args).output();
    let out = out.unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{args:?}: {told}");
    String::from_utf8(out.stdout).unwrap()
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let text = earful(folder, &[&["report", "--format", "json"], args].concat());
    serde_json::from_str(&text).unwrap()
}

/// Four months of two SKUs; in the last one the first SKU smells.
fn rows() -> String {
    let mut text = String::new();
    for (month, day) in [(7, 31), (8, 31), (9, 30), (10, 31)].iter().flat_map(|(m, days)| (1..=*days).map(|d| (*m, d)))
    {
        for sku in ["A", "B"] {
            for n in 0..4 {
                let smells = n == 0 && (day % 10 == 0 || (month == 10 && sku == "A" && day % 2 == 0));
                let (stars, said) =
                    if smells { (1, "一股塑料味，难闻") } else { (5, "东西不错，很喜欢") };
                // Two records of an order: the second one says nothing of the smell.
                let order = format!("{month:02}{day:02}{sku}{}", n / 2);
                writeln!(
                    text,
                    "R{month}{day}{sku}{n},{order},{sku},2026-{month:02}-{day:02} 1{n}:00:00,{stars},{said}"
                )
                .unwrap();
            }
        }
    }
    // A year before there were a few.
    for n in 0..8 {
        writeln!(text, "Y{n},Y{n},A,2025-10-{:02} 10:00:00,5,东西不错，很喜欢", n + 1).unwrap();
    }
    text
}

/// One record of a mistyped year is in no report unless somebody asks for that year; the report says so.
#[test]
fn a_mistyped_year_does_not_choose_the_period() {
    let folder = workspace();
    let at = folder.path();
    let before = json(at, &[]);
    let row = "评价编号,订单编号,商品SKU,评价时间,评价星级,评价内容\nZ1,Z1,A,2038-01-19 10:00:00,5,东西不错\n";
    fs::write(at.join("late.csv"), row).unwrap();
    earful(at, &["add", "late.csv", "--shop", "mine"]);
    let after = json(at, &[]);
    assert_eq!((&after["period"], &after["shifts"]), (&before["period"], &before["shifts"]));
    let said =
        |report: &Value| report["cautions"].as_array().unwrap().iter().any(|c| c.to_string().contains("2038-01-19"));
    assert_eq!((said(&before), said(&after)), (false, true));
    assert_eq!(json(at, &["--period", "2038-01"])["period"], "2038-01");
}

fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    earful(at, &["init"]);
    fs::write(at.join("reviews.csv"), format!("评价编号,订单编号,商品SKU,评价时间,评价星级,评价内容\n{}", rows()))
        .unwrap();
    earful(at, &["add", "reviews.csv", "--shop", "mine"]);
    folder
}

#[test]
fn every_option_asks_for_what_it_says() {
    let folder = workspace();
    let at = folder.path();
    let base = |report: &Value| report["shops"][0]["now"].as_u64().unwrap();
    // (options, period, compared with, records)
    let cases: &[(&[&str], &str, &str, u64)] = &[
        (&[], "2026-10", "2026-09", 248),
        (&["--by", "quarter", "--period", "2026-Q3"], "2026-Q3", "2026-Q2", 92 * 8),
        (&["--by", "week", "--period", "2026-W41"], "2026-W41", "2026-W40", 56),
        (
            &["--by", "saturday-week", "--period", "2026-10-03..2026-10-09"],
            "2026-10-03..2026-10-09",
            "2026-09-26..2026-10-02",
            56,
        ),
        (&["--period", "2026-10-05..2026-10-14"], "2026-10-05..2026-10-14", "2026-09-25..2026-10-04", 80),
        (&["--period", "2026-10", "--against", "2026-08"], "2026-10", "2026-08", 248),
        (&["--against", "last-year"], "2026-10", "2025-10", 248),
        (&["--sku", "A"], "2026-10", "2026-09", 124),
        (&["--base", "low-stars"], "2026-10", "2026-09", 18),
        (&["--base", "orders"], "2026-10", "2026-09", 124),
        (&["--base", "all", "--kind", "review"], "2026-10", "2026-09", 248),
    ];
    for (options, period, against, records) in cases {
        let report = json(at, options);
        let seen = (report["period"].as_str().unwrap(), report["against"].as_str().unwrap(), base(&report));
        assert_eq!(seen, (*period, *against, *records), "{options:?}");
    }
    let told = |report: &Value| -> Vec<String> {
        let name = |s: &Value| format!("{} {}", s["category"]["id"].as_str().unwrap(), s["stance"].as_str().unwrap());
        report["shifts"].as_array().unwrap().iter().map(name).collect()
    };
    assert_eq!(told(&json(at, &["--category", "product/smell"])), ["product/smell complaint"]);
    let smell = json(at, &["--category", "product/smell"]);
    assert_eq!(
        smell["shifts"][0]["last_year"],
        serde_json::json!({"mentions": 0, "base": 8}),
        "{}",
        smell["shifts"][0]
    );
    assert!(smell["shifts"][0]["causes"].to_string().contains("the same period last year: 0/8"));
    assert_eq!(told(&json(at, &["--stance", "praise", "--category", "product/smell"])), [""; 0]);
    // An order of two records mentions what one of them mentions: as many mentions, half the base.
    let orders = json(at, &["--base", "orders", "--category", "product/smell", "--sku", "A"]);
    assert_eq!(
        (&orders["shifts"][0]["now"]["mentions"], &orders["shifts"][0]["now"]["base"]),
        (&15.into(), &62.into())
    );
}

#[test]
fn a_kept_report_stands_beside_today_s() {
    let folder = workspace();
    let at = folder.path();
    earful(at, &["report", "--save", "monday", "--sku", "A", "--category", "product/smell"]);
    let same = earful(at, &["report", "--as-of", "monday"]);
    assert!(same.contains("same taxonomy and definitions; 0 record files came, 0 are gone"), "{same}");
    assert!(same.contains("▲→▲ A · Smell complaint: 12.1% (15/124) → 12.1% (15/124)"), "{same}");
    // Late records: the ratio moves through them and through nothing else.
    let late: String =
        (0..40).map(|n| format!("L{n},9{n},A,2026-10-{:02} 09:00:00,5,东西不错，很喜欢\n", n % 30 + 1)).collect();
    fs::write(at.join("late.csv"), format!("评价编号,订单编号,商品SKU,评价时间,评价星级,评价内容\n{late}")).unwrap();
    earful(at, &["add", "late.csv", "--shop", "mine"]);
    let moved = earful(at, &["report", "--as-of", "monday"]);
    assert!(moved.contains("1 record files came") && moved.contains("12.1% (15/124) → 9.1% (15/164)"), "{moved}");
    assert!(moved.contains("taxonomy +0.0, records -3.0 points"), "{moved}");
    // Another taxonomy: it is named.
    earful(at, &["taxonomy", "own"]);
    let smell = at.join("taxonomy/product/smell.toml");
    let text = fs::read_to_string(&smell).unwrap().replace("塑料味", "塑料塑料味");
    fs::write(&smell, text).unwrap();
    let reread = earful(at, &["report", "--as-of", "monday"]);
    assert!(reread.contains("other taxonomy"), "{reread}");
}

/// A table of counts: 30 SKUs and a category that triples in one of them.
fn table(periods: &[&str], own: &str) -> String {
    let mut text = String::from("\u{FEFF}Base,mentions,stance,category,sku,own,shop,period,note\n");
    for (at, period) in periods.iter().enumerate() {
        for (sku, category) in (0..30).flat_map(|s| (0..6).map(move |c| (s, c))) {
            let tripled = at + 1 == periods.len() && (sku, category) == (7, 3);
            let mentions = if tripled { 96 } else { 28 + (sku * 7 + category * 3 + at * 5) % 9 };
            writeln!(text, "400,{mentions}.0,complaint,c{category},s{sku:02},{own},mine,{period},x").unwrap();
        }
    }
    text
}

#[test]
fn a_table_from_elsewhere_may_be_odd() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let months = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"];
    let weeks = ["2026-W38", "2026-W39", "2026-W40", "2026-W41"];
    let days = ["2026/10/01..2026/10/10", "2026/10/11..2026/10/20"];
    // (periods, how `own` is written, where the unrest was learnt)
    let cases: &[(&[&str], &str, &str)] = &[
        (&months, "true", "earlier"),
        (&months, "1", "earlier"),
        (&weeks, "是", "earlier"),
        (&weeks, "TRUE", "earlier"),
        (&months[3..], "Y", "here"),
        (&days, "自家", "here"),
    ];
    for (periods, own, learnt) in cases {
        fs::write(at.join("t.csv"), table(periods, own)).unwrap();
        let report = json(at, &["--tally", "t.csv"]);
        assert_eq!(report["gate"]["learnt"], *learnt, "{periods:?} {own}");
        assert_eq!(report["shops"][0]["own"], true);
        let told: Vec<_> = report["shifts"].as_array().unwrap().iter().map(|s| &s["place"]["sku"]).collect();
        assert_eq!(told, ["s07"], "{periods:?} {own}");
        let highlighted = |c: &&Value| matches!(c["shift"].as_str(), Some("rise" | "fall"));
        let cells: Vec<&Value> = report["cells"].as_array().unwrap().iter().filter(highlighted).collect();
        assert_eq!(cells.len(), 1);
        assert_eq!((&cells[0]["sku"], &cells[0]["category"]), (&"s07".into(), &"c3".into()));
        let csv = earful(at, &["report", "--tally", "t.csv", "--format", "csv"]);
        let rows: Vec<&str> = csv.lines().filter(|l| l.contains(",rise,") || l.contains(",fall,")).collect();
        assert!(rows.len() == 1 && rows[0].contains(",s07,c3,complaint,96,400,rise,"), "{rows:?}");
    }
}

#[test]
fn without_history_every_form_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let few = table(&["2026-09", "2026-10"], "true");
    // A single SKU: not even the two periods tell how restless it is.
    let one: String =
        few.lines().filter(|l| l.contains("period") || l.contains(",s07,")).map(|l| format!("{l}\n")).collect();
    for (table, said) in [(&few, "Too few earlier periods"), (&one, "Not calibrated")] {
        fs::write(at.join("t.csv"), table).unwrap();
        for form in ["md", "html", "json"] {
            let text = earful(at, &["report", "--tally", "t.csv", "--format", form]);
            assert!(text.contains(said), "{form}: {text}");
        }
        let screen = earful(at, &["report", "--tally", "t.csv"]);
        assert!(screen.contains(said), "{screen}");
    }
}

#[test]
fn what_a_week_cannot_tell_four_weeks_can() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut text = String::from("period,shop,own,sku,category,stance,mentions,base\n");
    for (week, sku, category) in (22..42).flat_map(|w| (0..30).flat_map(move |s| (0..6).map(move |c| (w, s, c)))) {
        let risen = week >= 38 && (sku, category) == (7, 3);
        let mentions = if risen { 10 } else { 3 + (sku * 7 + category * 3 + week * 5) % 3 };
        writeln!(text, "2026-W{week},mine,true,s{sku:02},c{category},complaint,{mentions},60").unwrap();
    }
    fs::write(at.join("t.csv"), text).unwrap();
    let report = json(at, &["--tally", "t.csv"]);
    assert_eq!(report["shifts"].as_array().unwrap().len(), 0, "{}", report["shifts"]);
    let wider = &report["wider"];
    assert_eq!(
        (&wider["period"], &wider["against"]),
        (&"2026-09-14..2026-10-11".into(), &"2026-08-17..2026-09-13".into())
    );
    let told: Vec<_> = wider["shifts"].as_array().unwrap().iter().map(|s| &s["place"]["sku"]).collect();
    assert_eq!(told, ["s07"]);
    let screen = earful(at, &["report", "--tally", "t.csv"]);
    assert!(screen.contains("holding over four") && screen.contains("2026-W41 · 10-05–10-11"), "{screen}");
    // No SKU of it has mentions enough in two weeks to learn from: the whole shop's ratios do it for them.
    assert_eq!((&report["gate"]["learnt"], report["cautions"].as_array().unwrap().len()), (&"earlier".into(), 0));
    // It has been so for four weeks: this week is like the last.
    assert!(
        json(at, &["--tally", "t.csv"])["wider"]["shifts"][0]["causes"][0]["en"].as_str().unwrap().contains("before")
    );
}

#[test]
fn what_no_sku_of_a_listing_shows_the_listing_does() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut text = String::from("评价编号,商品ID,商品名称,商品SKU,评价时间,评价星级,评价内容\n");
    for (month, listing, sku) in (5..11).flat_map(|m| (0..3).flat_map(move |l| (0..6).map(move |s| (m, l, s)))) {
        // Six SKUs of one listing, each from 3 to 8 of 40: none of them holds alone.
        let smelly = if (month, listing) == (10, 1) { 8 } else { 2 + (month + sku) % 3 };
        for n in 0..40 {
            let said = if n < smelly { "一股塑料味，难闻" } else { "东西不错，很喜欢" };
            let (day, id) = (n % 28 + 1, format!("{month}-{listing}-{sku}-{n}"));
            writeln!(
                text,
                "{id},90000{listing},毛绒玩具{listing}号,S{listing}{sku},2026-{month:02}-{day:02} 10:00:00,4,{said}"
            )
            .unwrap();
        }
    }
    fs::write(at.join("reviews.csv"), text).unwrap();
    earful(at, &["init"]);
    earful(at, &["add", "reviews.csv", "--shop", "mine"]);
    let report = json(at, &["--category", "product/smell"]);
    let told: Vec<_> = report["shifts"].as_array().unwrap().iter().map(|s| &s["place"]).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["listing"], &told[0]["sku"]), (&"900001".into(), &Value::Null));
    assert_eq!(report["shifts"][0]["now"]["base"], 240);
    let quotes = report["quotes"].as_array().unwrap();
    let first = &quotes[report["shifts"][0]["quotes"][0].as_u64().unwrap() as usize];
    assert!(first["place"]["sku"].as_str().unwrap().starts_with("S1"), "a quote of that listing");
    assert!(earful(at, &["report", "--category", "product/smell"]).contains("毛绒玩具1号 (all its SKUs)"));
    // Asked for one by one they are no listing and no shop, neither now nor in what was kept.
    let skus: Vec<String> = (0..6).map(|s| format!("S1{s}")).collect();
    let skus: Vec<&str> = skus.iter().flat_map(|s| ["--sku", s.as_str()]).collect();
    earful(at, &[&["report", "--save", "six", "--category", "product/smell"][..], &skus].concat());
    let kept = earful(at, &["report", "--as-of", "six"]);
    assert!(kept.contains("▲→▲ mine the SKUs asked for · Smell") && !kept.contains("whole shop"), "{kept}");
}

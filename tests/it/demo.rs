//! The bundled demonstration: the four planted shifts are found with their causes and nothing else, and every
//! form of the report is held by a snapshot. `INSTA_UPDATE=always cargo test demo` writes them anew.

use std::sync::LazyLock;

use calamine::Reader;
use earful::report::model::Tone;
use earful::report::{Format, Report, Style, terminal};
use earful::run::report::{Ask, Which, of_tally, of_workspace};
use earful::run::{counts, demo, selftest};
use earful::words::{Grain, Kind, Lang, Stance};
use earful::workspace::Workspace;

/// The demo workspace, made once for all tests of this file; removed with the folder of the run.
static DEMO: LazyLock<(tempfile::TempDir, Workspace)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (workspace, _) = demo::make(&folder.path().join("demo"), None).expect("the demo imports");
    (folder, workspace)
});

fn report(ask: &Ask) -> Report {
    let mut report = of_workspace(&DEMO.1, ask).expect("a report");
    // The key of a workspace is random, and so is the fingerprint of its records.
    report.data = "data".into();
    // An edit of the taxonomy that changes no number here changes no snapshot.
    report.taxonomy = "taxonomy".into();
    report
}

fn named(report: &Report) -> Vec<(String, String, Stance)> {
    let place = |s: &earful::report::model::Shift| s.place.sku.clone().unwrap_or_else(|| s.place.shop.clone());
    report.shifts.iter().map(|s| (place(s), s.category.id.clone(), s.stance)).collect()
}

#[test]
fn the_planted_shifts_are_found_and_nothing_else() {
    let report = report(&Ask::default());
    let found = named(&report);
    let is = |place: &str, category: &str, stance: Stance| (place.to_string(), category.to_string(), stance);
    let planted = [
        is("610020101", "product/size/small", Stance::Complaint),
        is("610020102", "product/smell", Stance::Complaint),
        is("小鹿生活馆", "fulfilment/shipping", Stance::Complaint),
        is("萌趣旗舰店", "service/named_agent", Stance::Praise),
    ];
    // What follows from them, by corpora/demo/CARD.md.
    let follows = [
        is("小鹿生活馆", "fulfilment/courier", Stance::Complaint),
        is("萌趣旗舰店", "service/attitude", Stance::Praise),
    ];
    for shift in &planted {
        assert!(found.contains(shift), "missed {shift:?}; found {found:?}");
    }
    for shift in &found {
        assert!(planted.contains(shift) || follows.contains(shift), "found {shift:?}, which was not planted");
    }
    // The days and events of the card stand among the causes.
    let causes = |sku: &str| {
        let at = found.iter().position(|f| f.0 == sku).expect("found above");
        report.shifts[at].causes.iter().map(|c| c.en.as_str()).collect::<Vec<_>>().join("\n")
    };
    assert!(causes("小鹿生活馆").contains("most likely since 2026-10-04"), "{}", causes("小鹿生活馆"));
    assert!(causes("610020102").contains("2026-10-08 manufacturer"), "{}", causes("610020102"));
    let agents = found.iter().position(|f| *f == planted[3]).expect("found above");
    assert!(report.shifts[agents].causes.iter().any(|c| c.en.contains("2026-09-30 reply")));
}

#[test]
fn the_search_that_the_demo_names_finds_the_number_of_the_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = crate::earful(folder.path(), &["demo", "shop", "--lang", "zh"]);
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let line = said.lines().find(|l| l.contains("earful search --category")).expect("a search for a category");
    let (command, told) = line.split_once('#').expect("how many it finds");
    let typed: Vec<&str> = command.split_whitespace().skip(1).collect();
    let shop = folder.path().join("shop");
    let found = String::from_utf8_lossy(&crate::earful(&shop, &typed).stdout).into_owned();
    // The workspace keeps the language that was asked for.
    let number = found.split(" 条").next().expect("a number");
    assert!(told.contains(&format!(" {number} 条")), "{line}\n{found}");
    assert!(said.contains(&format!("({number}/")), "{number} is in the report: {said}");
}

#[test]
fn the_most_frequent_complaints_say_whose_they_are() {
    let screen = |ask: &Ask, lang| {
        let mut text = Vec::new();
        terminal(&report(ask), lang, Style { color: false, width: 100 }, &mut text).expect("written");
        String::from_utf8(text).expect("text")
    };
    let of = |shops: &[&str], skus: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|n| n.to_string()).collect();
        Ask { shops: list(shops), skus: list(skus), ..Ask::default() }
    };
    for (ask, zh, en) in [
        (of(&[], &[]), "自家 2 家店合计说得最多的不满：", "complaints, 2 own shops together:"),
        (of(&["小鹿生活馆"], &[]), "全店说得最多的不满：", "complaints, whole shop:"),
        (of(&[], &["610020101"]), "SKU 610020101 说得最多的不满：", "complaints, SKU 610020101:"),
        (of(&[], &["610020101", "610020102"]), "选定的 2 个 SKU 合计说得", "the 2 SKUs asked for together:"),
    ] {
        let (chinese, english) = (screen(&ask, Lang::Zh), screen(&ask, Lang::En));
        assert!(chinese.contains(zh) && english.contains(en), "{chinese}{english}");
        // What is narrowed to some SKUs is never called the whole shop.
        let is_whole = ask.skus.is_empty() || !(chinese.contains("全店 ·") || english.contains("whole shop ·"));
        assert!(is_whole, "{chinese}{english}");
    }
}

/// A report on a competitor alone is read by one's own people: what is praised and blamed there beside the same here,
/// and nothing for the competitor's warehouse to do.
#[test]
fn a_competitor_alone_stands_beside_the_own_shops() {
    let report = report(&Ask { shops: vec!["萌趣旗舰店".into()], ..Ask::default() });
    let mut text = Vec::new();
    terminal(&report, Lang::Zh, Style { color: true, width: 120 }, &mut text).expect("written");
    let text = String::from_utf8(text).expect("text");
    for said in [
        "萌趣旗舰店（竞品） · 2026-10",
        "竞品有 2 项变化站得住",
        "，自家 1.2% (12/1034)  ▁",
        "可以学：那边更常被夸 服务态度",
        "先补：我们更常被抱怨 物流配送",
        "萌趣旗舰店（竞品）最常被夸：",
        "萌趣旗舰店（竞品）说得最多的不满：",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // Neither good nor bad for us: no colour.
    assert!(!text.contains("\x1b[1;35m") && !text.contains("\x1b[1;34m"), "{text}");
    assert!(report.shifts.iter().all(|s| report.tone(s) == Tone::Neither && s.ours.is_some_and(|o| o.base == 1034)));
    assert!(report.shifts.iter().all(|s| s.category.action.zh.starts_with("对手因此更常被夸")));
    assert!(report.versus.iter().filter(|v| v.holds).all(|v| v.matched.is_some() && !v.quotes.is_empty()));
    assert!(!report.matrix.rows.is_empty() && report.matrix.rows.iter().all(|r| r.place.shop == "萌趣旗舰店"));
    let whole = self::report(&Ask::default());
    assert_eq!(report.versus_notes, whole.versus_notes, "the same comparison, whoever leads to it");
    assert!(whole.shifts.iter().any(|s| whole.tone(s) == Tone::Worse));
}

/// What is looked things up in stays off the paper: nobody prints three thousand rows of counts.
#[test]
fn a_workbook_prints_what_is_read() {
    let report = report(&Ask::default());
    let mut bytes = Vec::new();
    Format::of("xlsx").expect("a known form").write(&report, Lang::En, &mut bytes).expect("written");
    let book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let areas: Vec<&str> =
        book.defined_names().iter().filter(|(n, _)| n.contains("Print_Area")).map(|(_, at)| at.as_str()).collect();
    let told = report.told_quotes().len();
    assert!(told > 10 && told < report.quotes.len());
    for area in ["Data!$A$1:$J$40".to_string(), format!("Quotes!$A$1:$L${}", told + 1)] {
        assert!(areas.contains(&area.as_str()), "{area}: {areas:?}");
    }
}

#[test]
fn quiet_months_say_nothing() {
    for month in ["2026-06", "2026-07", "2026-08", "2026-09"] {
        let ask = Ask { period: Some(month.parse().expect("a month")), ..Ask::default() };
        assert_eq!(named(&report(&ask)), [], "{month}");
    }
}

#[test]
fn reviews_are_counted_unless_something_else_is_asked_for() {
    let records = |kind| {
        let report = report(&Ask { kind, ..Ask::default() });
        (report.counted.said().en, report.shops.iter().map(|s| s.now + s.before).sum::<u64>())
    };
    let (reviews, n) = records(Which::Usual);
    assert_eq!((reviews.as_str(), n), ("reviews with words", records(Which::Only(Kind::Review)).1));
    let (chats, c) = records(Which::Only(Kind::Chat));
    let (lost, l) = records(Which::Only(Kind::Lost));
    assert_eq!((chats.as_str(), lost.as_str()), ("conversations with words", "lost sales with words"));
    let (cases, a) = records(Which::Only(Kind::Case));
    assert_eq!(cases, "after-sale cases with words");
    assert_eq!(records(Which::All), ("records with words".to_string(), n + c + l + a));
    let wrong = of_workspace(&DEMO.1, &Ask { kind: Which::Only(Kind::Log), ..Ask::default() });
    assert!(wrong.is_err(), "there are no service logs");
}

#[test]
fn a_tally_gives_the_report_that_the_records_give() {
    let whole = report(&Ask::default());
    for (name, parquet) in [("tally.csv", false), ("tally.parquet", true)] {
        let path = DEMO.0.path().join(name);
        counts::write(&DEMO.1, &Ask::default(), &path, parquet).expect("written");
        let again = of_tally(&path, &Ask::default()).expect("read back");
        assert_eq!(named(&again), named(&whole), "{name}");
        let numbers = |r: &Report| r.shifts.iter().map(|s| (s.now, s.before, s.extra, s.q)).collect::<Vec<_>>();
        assert_eq!(numbers(&again), numbers(&whole), "{name}");
        assert_eq!((again.steady, again.too_few), (whole.steady, whole.too_few), "{name}");
    }
}

#[test]
fn a_report_of_one_category_names_the_others() {
    let narrowed = report(&Ask { categories: vec!["气味".into()], ..Ask::default() });
    let notes: String = narrowed.versus_notes.iter().map(|note| format!("{} {}", note.zh, note.en)).collect();
    assert!(notes.contains("物流配送") && notes.contains("Shipping") && !notes.contains("fulfilment/"), "{notes}");
}

#[test]
fn weeks_begin_when_the_settings_say_so() {
    let ask = Ask { grain: Grain::Week, ..Ask::default() };
    let week = report(&ask);
    let days = week.provisional.as_ref().map(|p| p.days);
    assert_eq!((week.period.as_str(), days), ("2026-W44", Some(6)), "its Sunday is not there yet");
    let folder = DEMO.0.path().join("sunday");
    let (workspace, _) = demo::make(&folder, None).expect("the demo imports");
    let settings = folder.join("earful.toml");
    let text = std::fs::read_to_string(&settings).expect("settings").replace("\"monday\"", "\"sunday\"");
    std::fs::write(&settings, text).expect("written");
    drop(workspace);
    let workspace = Workspace::open(&folder).expect("opens");
    assert_eq!(of_workspace(&workspace, &ask).expect("a report").period, "2026-10-25..2026-10-31");
}

#[test]
fn the_report_cries_wolf_no_more_often_than_it_promises() {
    let outcome = selftest::of_workspace(&DEMO.1, &Ask::default(), 60, 7).expect("an outcome");
    assert!(outcome.passes(), "{outcome:?}");
    let quiet: usize = outcome.background.iter().filter(|(p, _)| p != "2026-10").map(|(_, n)| n).sum();
    assert_eq!(quiet, 0, "{:?}", outcome.background);
    let large = |s: &&selftest::Seen| s.times > 2.5 && s.from >= 50;
    let (seen, planted) = outcome.sights.iter().filter(large).fold((0, 0), |(a, b), s| (a + s.seen, b + s.planted));
    assert!(seen * 10 >= planted * 8, "{seen} of {planted} tripled ratios were seen");
}

fn written(report: &Report, ending: &str, lang: Lang) -> String {
    let mut bytes = Vec::new();
    Format::of(ending).expect("a known form").write(report, lang, &mut bytes).expect("written");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn every_form_looks_as_it_did() {
    let whole = report(&Ask::default());
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let mut text = Vec::new();
        terminal(&whole, lang, Style { color: false, width: 100 }, &mut text).expect("written");
        insta::assert_snapshot!(format!("terminal_{name}"), String::from_utf8(text).expect("text"));
        insta::assert_snapshot!(format!("md_{name}"), written(&whole, "md", lang));
    }
    // The long forms over one SKU and one net: small enough to be read.
    let ask = Ask { skus: vec!["610020101".into()], categories: vec!["product/size".into()], ..Ask::default() };
    let small = report(&ask);
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        insta::assert_snapshot!(format!("csv_{name}"), written(&small, "csv", lang).replace('\r', ""));
        insta::assert_snapshot!(format!("json_{name}"), written(&small, "json", lang));
        // The style sheet, and its hash in the policy, are no matter of a report.
        let page = written(&small, "html", lang);
        let (head, rest) = page.split_once("<style>").expect("a style sheet");
        let (_, body) = rest.split_once("</style>").expect("its end");
        let hash = head.split_once("'sha256-").and_then(|(_, rest)| rest.split_once('\'')).expect("a policy").0;
        insta::assert_snapshot!(
            format!("html_{name}"),
            format!("{}{body}", head.replace(hash, "…")).replace('>', ">\n")
        );
        insta::assert_snapshot!(format!("xlsx_{name}"), cells(&small, lang));
    }
}

/// Every sheet of the workbook, a line a row, as a spreadsheet program reads it; without the hidden columns that
/// sparklines are drawn from.
fn cells(report: &Report, lang: Lang) -> String {
    let mut bytes = Vec::new();
    Format::of("xlsx").expect("a known form").write(report, lang, &mut bytes).expect("written");
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut text = String::new();
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).expect("a sheet");
        text.push_str(&format!("== {name}\n"));
        for row in sheet.rows() {
            let cells: Vec<String> = row.iter().take(24).map(ToString::to_string).collect();
            text.push_str(cells.join(" | ").trim_end_matches([' ', '|']));
            text.push('\n');
        }
    }
    text
}

#[test]
fn the_terminal_shows_one_screen() {
    use unicode_width::UnicodeWidthStr;
    let whole = report(&Ask::default());
    let mut many = whole.clone();
    many.shifts = whole.shifts.iter().cycle().take(40).cloned().collect();
    for (report, lang) in [(&whole, Lang::Zh), (&whole, Lang::En), (&many, Lang::Zh), (&many, Lang::En)] {
        let mut text = Vec::new();
        terminal(report, lang, Style { color: false, width: 100 }, &mut text).expect("written");
        let text = String::from_utf8(text).expect("text");
        assert!(text.lines().count() <= 45, "{} lines\n{text}", text.lines().count());
        assert!(text.lines().all(|line| line.width() <= 100), "{text}");
        assert!(text.contains("-o"), "where the rest is");
    }
}

#[test]
fn the_schema_of_the_json_form_is_written_down() {
    let told = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report-json.md")).expect("the page");
    let weekly = report(&Ask { grain: Grain::Week, ..Ask::default() });
    let mut missing = std::collections::BTreeSet::new();
    for whole in [report(&Ask::default()), weekly] {
        keys(&serde_json::to_value(&whole).expect("json"), &mut |key| {
            if !told.contains(&format!("`{key}`")) {
                missing.insert(key.to_string());
            }
        });
    }
    // The languages stand in the text above the table.
    let missing: Vec<&str> = missing.iter().map(String::as_str).filter(|k| !["zh", "en"].contains(k)).collect();
    assert!(missing.is_empty(), "docs/report-json.md does not name {missing:?}");
}

fn keys(value: &serde_json::Value, see: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            see(key);
            // The tables on chats have a schema of their own.
            if key != "service" {
                keys(value, see);
            }
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, see)),
        _ => {}
    }
}

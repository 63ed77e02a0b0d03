//! Exports of chats through the command line: every hard case is read as it should be or refused with a reason, and
//! every row is counted.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

pub(super) fn earful(folder: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("earful").unwrap();
    let output = command.current_dir(folder).env("LC_ALL", "C").args(args).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

pub(super) fn json(folder: &Path, args: &[&str]) -> Value {
    let (code, text) = earful(folder, args);
    assert_eq!(code, 0, "{args:?}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{args:?}: {e}: {text}"))
}

pub(super) fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(earful(folder.path(), &["init"]).0, 0);
    folder
}

/// Imports a file of chats and hands back its account.
pub(super) fn add(folder: &Path, name: &str, text: &str) -> Value {
    fs::write(folder.join(name), text).unwrap();
    let ledger = json(folder, &["add", name, "--shop", "店", "--format", "json"]);
    let number = |key: &str| ledger[key].as_u64().unwrap();
    let left_out: u64 = ledger["left_out"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(number("rows"), number("kept") + number("repeats") + left_out, "{ledger}");
    ledger
}

pub(super) fn table<'t>(report: &'t Value, key: &str) -> &'t [Value] {
    let tables = report["tables"].as_array().unwrap();
    let table = tables.iter().find(|t| t["key"] == key).unwrap_or_else(|| panic!("no table {key}"));
    table["rows"].as_array().unwrap()
}

const HEAD: &str = "会话ID,消息ID,时间,角色,发送人,内容,商品ID\n";
/// Ten o'clock on a Monday, in seconds of the day.
const TEN: i64 = 36_000;

/// The time so many seconds after ten o'clock on 12 October 2026.
fn at(seconds: i64) -> String {
    let seconds = TEN + seconds;
    let (day, clock) = (12 + seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    format!("2026-10-{day:02} {:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60)
}

/// `b 0 words`: who, seconds after ten, what. `b` buyer, `a`/`c` two agents, `bot` a bot alone, `mei` a bot in the
/// first agent's name, `sys` the platform, `obs` a role that nobody knows; `-` is a missing time.
fn rows(case: usize, lines: &[&str]) -> String {
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let mut parts = line.splitn(3, ' ');
        let (who, time, words) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap_or("这款有货吗"));
        let time = time.parse().map_or(String::new(), at);
        let (role, sender) = match who {
            "b" => ("买家", "甲"),
            "a" => ("客服", "店:小美"),
            "c" => ("客服", "店:阿亮"),
            "bot" => ("机器人", "店小蜜"),
            "mei" => ("机器人", "店:小美"),
            "obs" => ("观察员", "督导"),
            _ => ("系统", "系统"),
        };
        writeln!(out, "s{case},{case}-{n},{time},{role},{sender},{words},{}", 600_000 + case).unwrap();
    }
    out
}

/// What it is; its messages; rounds, rounds without an answer, seconds to the first answer.
type Case = (&'static str, &'static [&'static str], (u64, u64, Option<i64>));

const CASES: &[Case] = &[
    ("messages in a row are one round", &["b 0 在吗", "b 10 有货吗", "b 20 多大", "a 60 有的"], (1, 0, Some(60))),
    (
        "an automatic welcome answers nothing",
        &["b 0", "a 1 亲，欢迎光临！请先描述您的问题哦~", "a 90 有的"],
        (1, 0, Some(90)),
    ),
    ("nor does a queue notice", &["b 0", "a 1 当前咨询人数较多，客服会按顺序回复您"], (1, 1, None)),
    ("a bot that assists an agent answers", &["b 0", "mei 5 有货的", "a 50 需要几件"], (1, 0, Some(5))),
    ("a bot alone does not", &["b 0", "bot 2 有货的"], (1, 1, None)),
    (
        "handed on: the second agent's answer counts",
        &["b 0", "sys 30 由 店:小美 转交给 店:阿亮", "c 100 有的"],
        (1, 0, Some(100)),
    ),
    ("handed on without a word is open", &["b 0", "sys 30 由 店:小美 转交给 店:阿亮"], (1, 1, None)),
    ("what the agent took back answers nothing", &["b 0", "a 20 撤回了一条消息", "a 80 有的"], (1, 0, Some(80))),
    ("what the buyer took back asks nothing", &["b 0 撤回了一条消息", "a 60 您好"], (0, 0, None)),
    ("opened again two days later", &["b 0", "b 172800 还有货吗", "a 172860 有的"], (2, 1, None)),
    ("begun by the shop", &["a 0 您的快递到了", "b 1800 几点取", "a 1980 九点前"], (1, 0, Some(180))),
    ("silence to the end", &["b 0", "a 40 有的", "b 1200 那多少钱"], (2, 1, Some(40))),
    ("thanks owe nothing", &["b 0", "a 40 有的", "b 60 好的，谢谢"], (1, 0, Some(40))),
    ("rows in disorder are put in order", &["b 0", "a 90 有的", "b 60 急用"], (1, 0, Some(90))),
    ("an agent's clock that is behind times nothing", &["b 300 有货吗", "a 100 有的", "b 420 谢谢"], (1, 1, None)),
    ("one missing time stays behind the message above", &["b 0", "b - 在吗", "a 70 有的"], (1, 0, Some(70))),
    ("an unknown role is not guessed", &["b 0", "obs 5 这个客人很急", "a 65 有的"], (1, 0, Some(65))),
];

#[test]
fn hard_cases_through_an_export() {
    let folder = workspace();
    let folder = folder.path();
    let text: String = CASES.iter().enumerate().map(|(n, (_, lines, _))| rows(n, lines)).collect();
    let text = format!("{HEAD}{text}");
    let ledger = add(folder, "chats.csv", &text);
    let messages: usize = CASES.iter().map(|(_, lines, _)| lines.len()).sum();
    assert_eq!(ledger["rows"], messages, "{ledger}");
    assert_eq!(ledger["left_out"], serde_json::json!({ "unknown_role": 1 }), "{ledger}");
    assert_eq!(ledger["records"], CASES.len(), "{ledger}");
    assert_eq!(ledger["marks"]["message_without_time"], 1, "{ledger}");
    assert!(ledger["marks"]["clock_went_back"].as_u64() >= Some(1), "{ledger}");

    let report = json(folder, &["chats", "--format", "json"]);
    let listed = table(&report, "conversations");
    assert_eq!(listed.len(), CASES.len());
    for (n, (what, _, expect)) in CASES.iter().enumerate() {
        let sku = (600_000 + n).to_string();
        let row = listed.iter().find(|row| row["sku"] == *sku).unwrap();
        let wait = row["first_wait"].as_f64().map(|s| s as i64);
        let found = (row["rounds"].as_u64().unwrap(), row["unanswered"].as_u64().unwrap(), wait);
        assert_eq!(found, *expect, "{what}");
    }

    // The same export again, and one that overlaps: nothing is counted twice.
    let again = add(folder, "again.csv", &text);
    assert_eq!((again["records"].as_u64(), again["kept"].as_u64()), (Some(0), Some(0)), "{again}");
    let twice = format!("{text}{}", rows(99, &["b 0", "b 0", "a 30 有的"]));
    add(folder, "overlap.csv", &twice);
    let report = json(folder, &["chats", "--format", "json"]);
    assert_eq!(table(&report, "conversations").len(), CASES.len() + 1);
}

#[test]
fn hours_holidays_and_three_minutes_are_read_by_the_platforms_own_definition() {
    let folder = workspace();
    let folder = folder.path();
    // Seconds from ten to 22:59:59 and to 23:00:00; the day after is a holiday.
    let (last, past, holiday) = (46_799, 46_800, 86_400);
    let talk = |case: usize, from: i64, wait: i64| {
        let (ask, answer) = (format!("b {from} 有货吗"), format!("a {} 有的", from + wait));
        rows(case, &[&ask, &answer])
    };
    let text = [talk(1, 0, 180), talk(2, 0, 181), talk(3, last, 10), talk(4, past, 10), talk(5, holiday, 10)].concat();
    let text = format!("{HEAD}{text}{}", rows(6, &["a 0 您的快递到了", "b 60 好", "b 61 几点", "a 90 九点"]));
    add(folder, "chats.csv", &text);
    fs::write(folder.join("events.csv"), "date,kind,shop,sku,text\n2026-10-13,休假,店,,放假\n").unwrap();
    let rate = |pack: &str, key: &str| {
        let report = json(folder, &["chats", "--pack", pack, "--lang", "zh", "--format", "json"]);
        let row = table(&report, "clocks").iter().find(|row| row["metric"] == key).unwrap().clone();
        (row["value"]["mentions"].as_u64(), row["value"]["base"].as_u64(), row["left_out"].as_u64().unwrap())
    };
    assert_eq!(
        rate("douyin", "三分钟人工回复率"),
        (Some(4), Some(5), 1),
        "180 s is in time, 181 is not, 23:00 is outside"
    );
    assert_eq!(rate("tiktok", "12 小时回复率"), (Some(4), Some(4), 2), "a holiday and what the shop began are out");
}

#[test]
fn exports_without_a_clock_are_read_and_untimed_and_ten_thousand_messages_are_one_conversation() {
    let folder = workspace();
    let folder = folder.path();
    let many: Vec<String> =
        (0..10_000).map(|n| format!("{} {} 第{n}句", if n % 5 == 4 { "a" } else { "b" }, n * 7)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let ledger = add(folder, "many.csv", &format!("{HEAD}{}", rows(1, &many)));
    assert_eq!((&ledger["kept"], &ledger["records"]), (&10_000.into(), &1.into()));
    let report = json(folder, &["chats", "--format", "json"]);
    assert_eq!(table(&report, "conversations")[0]["rounds"], 2_000);

    let folder = workspace();
    let folder = folder.path();
    let text = format!("{HEAD}{}", rows(1, &["b - 有货吗", "a - 有的", "b - 多少钱"])).replace(",时间,", ",备注,");
    let ledger = add(folder, "untimed.csv", &text);
    assert_eq!(ledger["kept"], 3, "{ledger}");
    let report = json(folder, &["chats", "--format", "json"]);
    let clocks = table(&report, "clocks");
    assert_eq!(clocks[0]["value"], Value::Null, "no clock, no rate");
    assert_eq!(table(&report, "conversations")[0]["unanswered"], 1, "silence needs no clock");

    // A column of times that cannot be read: refused by the row, with the reason.
    let good: String = (0..20).map(|case| rows(10 + case, &["b 0", "a 30 有的"])).collect();
    let text = format!("{HEAD}{good}s1,1,谁知道,买家,甲,有货吗,1\ns1,2,昨天吧,客服,店:小美,有的,1\n");
    let ledger = add(folder, "bad_times.csv", &text);
    assert_eq!((&ledger["kept"], &ledger["left_out"]["bad_date"]), (&40.into(), &2.into()), "{ledger}");
}

#[test]
fn a_column_that_says_who_bought_is_enough_to_tell_who_did_not() {
    let folder = workspace();
    let folder = folder.path();
    let head = HEAD.replace("商品ID", "商品ID,是否成交");
    let talk = |case: usize, bought: &str| {
        let rows = rows(case, &["b 0 有货吗", "a 30 有的"]);
        rows.lines()
            .fold(String::new(), |all, line| format!("{all}{line},{bought}\n"))
            .replace(",甲,", &format!(",甲{case},"))
    };
    add(folder, "chats.csv", &format!("{head}{}{}{}", talk(1, "是"), talk(2, "否"), talk(3, "")));
    let report = json(folder, &["lost", "--format", "json"]);
    let shares: Vec<u64> =
        table(&report, "conversion").iter().map(|row| row["now"]["mentions"].as_u64().unwrap()).collect();
    assert_eq!(shares, [1, 2]);
    assert_eq!(table(&report, "lost").len(), 2);
}

//! Exports of every known source are read without a word from the operator, or refused with the reason.

use std::path::{Path, PathBuf};

use earful::error::Result;
use earful::ingest::{self, DateOrder, Field, Input, Settings};
use earful::words::{Ledger, Record};
use serde_json::Value;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

fn settings() -> Settings<'static> {
    Settings::new("示例店", [7; 32])
}

fn read(file: &str) -> Result<(Ledger, Vec<Record>)> {
    ingest::preview(Input::Path(&samples().join(file)), &settings(), usize::MAX)
}

fn read_text(name: &str, text: &str, settings: &Settings<'_>) -> Result<(Ledger, Vec<Record>)> {
    ingest::preview(Input::Bytes(name, text.as_bytes()), settings, usize::MAX)
}

fn code(read: Result<(Ledger, Vec<Record>)>) -> &'static str {
    read.err().map_or("read", |e| e.code())
}

/// The fields that a table of mappings names, each with the headers that may carry it.
fn wanted(mapping: &Value) -> Vec<(String, Vec<String>)> {
    let headers = |text: &str| text.split(['|', '+']).map(|h| h.split(" (").next().unwrap_or(h).to_string()).collect();
    let entries = mapping.as_object().unwrap().iter();
    entries.map(|(field, headers_of)| (field.clone(), headers(headers_of.as_str().unwrap()))).collect()
}

#[test]
fn the_samples_are_read_as_expected() {
    let expected: Value = serde_json::from_slice(&std::fs::read(samples().join("expected.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for sample in expected.as_array().unwrap() {
        let file = sample["file"].as_str().unwrap();
        let kind = sample["kind"].as_str().unwrap();
        let ledger = match (kind, read(file)) {
            ("reject", read) => {
                assert_eq!(code(read), "not_a_review_file", "{file}");
                continue;
            }
            ("ambiguous", read) => {
                assert_eq!(code(read), "ambiguous_dates", "{file}");
                continue;
            }
            (_, Err(err)) => {
                wrong.push(format!("{file}: {err}"));
                continue;
            }
            (_, Ok((ledger, _))) => ledger,
        };
        let mut say = |what: &str, found: &str, wanted: &str| {
            if found != wanted {
                wrong.push(format!("{file}: {what} is {found}, not {wanted}"));
            }
        };
        say("encoding", &ledger.encoding, sample["encoding"].as_str().unwrap());
        say("container", &ledger.container, sample["container"].as_str().unwrap());
        say("rows", &ledger.rows.to_string(), &sample["records"].to_string());
        if ledger.container != "text" {
            for (field, headers) in wanted(&sample["mapping"]) {
                let found =
                    headers.iter().find_map(|h| ledger.mapping.get(h.trim_end_matches("[]"))).map(String::as_str);
                let from_file_name = headers == ["file name"];
                if !from_file_name {
                    say(&headers.join("|"), found.unwrap_or("nothing"), &field);
                }
            }
        }
        assert!(ledger.balances(), "{file}: {ledger:?}");
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_profile_reads_its_sample() {
    let mut wrong = Vec::new();
    for format in ingest::formats() {
        match read(format.sample) {
            Ok((ledger, _)) if ledger.profile == format.key && ledger.rows > 0 && ledger.balances() => {}
            Ok((ledger, _)) => {
                wrong.push(format!("{}: read as {}, {} rows", format.sample, ledger.profile, ledger.rows))
            }
            Err(err) => wrong.push(format!("{}: {err}", format.sample)),
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_flag_settles_what_the_file_leaves_open() {
    let ambiguous = samples().join("neg_ambiguous_dates.csv");
    let order = |order| Settings { date_order: Some(order), ..settings() };
    for settings in [order(DateOrder::DayFirst), order(DateOrder::MonthFirst)] {
        let (ledger, _) = ingest::preview(Input::Path(&ambiguous), &settings, 5).unwrap();
        assert_eq!(ledger.rows, 3);
    }
    let unknown = "wann,was,x\n2026-01-02,Der Deckel schließt nicht richtig,1\n2026-01-03,Farbe wie auf dem Bild,2\n";
    let map = |pairs: &[(&str, Field)]| {
        let map = pairs.iter().map(|(h, f)| (h.to_string(), *f)).collect();
        read_text("a.csv", unknown, &Settings { map, ..settings() })
    };
    let (ledger, _) = map(&[("was", Field::Text), ("wann", Field::CreatedAt), ("x", Field::Nothing)]).unwrap();
    assert_eq!((ledger.mapping["was"].as_str(), ledger.mapping["wann"].as_str()), ("text", "created_at"));
    assert!(ledger.unknown_columns.is_empty(), "{ledger:?}");
    assert_eq!(code(map(&[("wer", Field::Buyer)])), "unknown_header");
    let asked = Settings { profile: Some("jd_csv".into()), ..settings() };
    assert_eq!(code(read_text("a.csv", "content,creationTime\n好,2026-01-02\n", &asked)), "read");
    let asked = Settings { profile: Some("no_such".into()), ..settings() };
    assert_eq!(code(read_text("a.csv", unknown, &asked)), "unknown_profile");
}

#[test]
fn the_cells_settle_what_a_name_leaves_open() {
    // A headline that repeats is the product's name, a product that is a number its id, ratings go to ten.
    let mut table = String::from("product,title,date,rating,text\n");
    for n in 0..30 {
        let stars = n % 10 + 1;
        table += &format!("10000884{}2,三匹立式柜机客厅空调,2024-01-02,{stars},第{n}个人说制冷不错\n", n % 3);
    }
    let (ledger, records) = read_text("a.csv", &table, &settings()).unwrap();
    assert_eq!((ledger.mapping["product"].as_str(), ledger.mapping["title"].as_str()), ("product_id", "product_title"));
    assert_eq!(records[0].turns[0].text, "第0个人说制冷不错");
    assert_eq!(records[9].stars.as_ref().map(|s| s.value), Some(5.0));
    // A dialog inside a session, with its whole text beside it.
    let chats = r#"{"session":"a","turns":[{"role":"customer","text":"在吗"},{"role":"agent","text":"您好，在的"}],"text":"在吗您好，在的"}
{"session":"b","turns":[{"role":"customer","text":"坏了怎么办"}],"text":"坏了怎么办"}"#;
    let (ledger, records) = read_text("c.jsonl", chats, &settings()).unwrap();
    assert_eq!((ledger.rows, ledger.kept, records.len()), (3, 3, 2));
    assert_eq!(records[0].turns.len(), 2);
}

//! Rows become records: dates, stars, variants, chats, and what is left out.

mod chats;
mod dates;
mod reviews;

use earful::ingest::meaning::chat::Log;
use earful::ingest::meaning::{Copies, Gather, Memory, Reader};
use earful::ingest::table::{Batch, Cell};
use earful::ingest::{Field, Held, Mapping, Settings, Source};
use earful::words::{Kind, Ledger, Record, Speaker, Turn, TurnKind};
use jiff::tz::TimeZone;

/// A source with these columns: `header=field`, or the field's key alone.
fn source(kind: Kind, platform: &str, columns: &[&str]) -> Source {
    let mut mapping = Mapping::default();
    let mut headers = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let (header, field) = column.split_once('=').unwrap_or((column, column));
        headers.push(header.to_string());
        mapping.add(field.parse::<Field>().unwrap_or_else(|_| panic!("no field {field}")), at);
    }
    Source {
        profile: "aliases".into(),
        platform: platform.into(),
        kind,
        headers,
        mapping,
        date_order: None,
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        scale: None,
        captured: None,
        product_id: None,
        constants: Vec::new(),
        weak_ids: false,
        file: "test".into(),
    }
}

fn settings<'a>() -> Settings<'a> {
    Settings::new("示例店", [7; 32])
}

fn batch(rows: &[&[&str]]) -> Batch {
    let mut batch = Batch::default();
    for (number, row) in (2..).zip(rows) {
        row.iter().for_each(|cell| batch.push(Cell::Text(cell)));
        batch.end_row(number);
    }
    batch
}

/// Reads all rows; the account must balance.
fn read_all(source: &Source, settings: &Settings<'_>, rows: &Batch) -> (Vec<Record>, Ledger) {
    let reader = Reader::new(source, settings);
    let mut memory = Memory::new(&settings.room, Copies::default());
    let mut gather = Gather::new(source, settings, &mut memory);
    let mut ledger = Ledger::default();
    let mut records = Vec::new();
    let mut sink = |record| {
        records.push(record);
        Ok(())
    };
    for at in 0..rows.len() {
        gather.take(reader.read(rows.row(at)), &mut ledger, &mut sink).unwrap();
    }
    gather.finish(&mut ledger, &mut sink).unwrap();
    assert_eq!(ledger.rows, rows.len() as u64);
    assert!(ledger.balances(), "{ledger:?}");
    assert_eq!(ledger.records, records.len() as u64);
    (records, ledger)
}

fn read(source: &Source, rows: &[&[&str]]) -> (Vec<Record>, Ledger) {
    read_all(source, &settings(), &batch(rows))
}

/// A text log through sniffing, rows and records.
fn read_log(text: &str) -> (Vec<Record>, Ledger, &'static str) {
    let mut log = Log::sniff(text).expect("a chat log");
    let mut rows = Batch::default();
    for (number, line) in (1..).zip(text.lines()) {
        log.line(number, line, &mut rows);
    }
    log.finish(&mut rows);
    let kind = if log.headers().contains(&"conv_id") { Kind::Chat } else { Kind::Review };
    let source = Source { profile: log.profile().into(), ..source(kind, "taobao", log.headers()) };
    let (records, ledger) = read_all(&source, &settings(), &rows);
    (records, ledger, log.profile())
}

/// The turns in short: `buyer 2024-01-03 12:00:01 text`.
fn said(record: &Record) -> Vec<String> {
    let short = |turn: &Turn| {
        let kind = if turn.kind == TurnKind::Said { String::new() } else { format!("({})", turn.kind.key()) };
        let time = turn.time.map(|t| t.to_string()).unwrap_or("-".into());
        format!("{}{kind} {time} {}", turn.speaker.key(), turn.text.replace('\n', "/"))
    };
    record.turns.iter().map(short).collect()
}

fn left_out(ledger: &Ledger) -> Vec<(&str, u64)> {
    ledger.left_out.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()
}

fn customer_text(record: &Record) -> String {
    let own = record
        .turns
        .iter()
        .filter(|t| t.speaker == Speaker::Buyer && matches!(t.kind, TurnKind::Said | TurnKind::FollowUp));
    own.map(|t| t.text.as_str()).collect::<Vec<_>>().join("|")
}

//! JSON, JSONL and JSONP: whatever stands beside, inside or after a list of records.

#![no_main]

use earful_fuzz::import;
use libfuzzer_sys::fuzz_target;

const RECORD: &str = r#"{"id":"1","content":"很好","created_at":"2026-01-02","rating":5}"#;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let json = match first % 5 {
        0 => format!("[{RECORD},{text}]"),
        1 => format!("{RECORD}\n{text}"),
        2 => format!(r#"{{"data":{{"list":[{RECORD},{{"content":{text}}}]}}}}"#),
        3 => format!("cb({{\"list\":[{RECORD}]}});{text}"),
        _ => format!(r#"{{"chats":[{{"id":1,"messages":[{{"role":"user","content":{text}}}]}}]}}"#),
    };
    import("fuzz.json", json.as_bytes());
});

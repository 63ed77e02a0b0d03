//! Exports of every known source are read without a word from the operator, or refused with the reason.

use std::path::{Path, PathBuf};

use earful::error::Result;
use earful::ingest::{self, DateOrder, Field, Input, Room, Settings};
use earful::run::add::parquet;
use earful::words::limits::Limits;
use earful::words::{Lang, Ledger, Record};
use earful::workspace::Workspace;
use proptest::prelude::*;
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

/// Other spellings, other languages, other wrappings of known exports: what is read, and what is refused.
#[test]
fn exports_in_other_words_are_read_too() {
    let chat = r#"{"id":"1","type":"chat","timestamp":"2024-01-12T10:00:00Z","visitor":{"name":"V"},"history":[
        {"type":"chat.msg","timestamp":"2024-01-12T10:00:05Z","name":"V","msg":"Does it run small?","sender_type":"Visitor"},
        {"type":"chat.msg","timestamp":"2024-01-12T10:00:40Z","name":"Kim","msg":"True to size","sender_type":"Agent"}]}"#;
    let one_of_two = chat.replace(r#""id":"1""#, r#""id":"2""#);
    let by_id = format!(r#"{{"count":2,"docs":{{"1":{chat},"2":{one_of_two}}}}}"#);
    let rates = r#"{"trade_rate":[
        {"tid":1,"oid":1,"role":"buyer","nick":"a","result":"bad","created":"2024-01-06 15:00:00","rated_nick":"店","content":"开胶了"},
        {"tid":1,"oid":2,"role":"seller","nick":"店","result":"good","created":"2024-01-06 16:00:00","rated_nick":"a","content":"好买家"}]}"#;
    let columns = r#"[{"file":"a.csv","mapping":{"text":"content","created_at":"date"}},
        {"file":"b.csv","mapping":{"text":"评价内容","created_at":"评价时间"}},{"file":"c.csv","mapping":{"text":"reviewText"}}]"#;
    let cases: &[(&str, &str, &str)] = &[
        ("a.csv", "l_type1,l_type2,l_cmt,l_time,l_level\n黑,XL,质量很好,2024-01-05 10:00:00,5\n", "tmall_csv_en 1 5★"),
        (
            "a.csv",
            "good_id,rateContent,rateDate,good_type,add_comment\n1,有色差,2024-01-06,颜色:白,洗了掉色\n",
            "tmall_csv_en 1",
        ),
        (
            "a.json",
            r#"[{"rate_content":"好","auction_sku":"黑","rate_date":"2024-01-05","display_user_nick":"a"}]"#,
            "onebound 1",
        ),
        ("a.txt", "评论内容\t追加评论\t日期\t商家回复\n物流太慢了\t\t2024-01-15 10:20:32\t\n", "tmall_plugin 1"),
        (
            "a.csv",
            "Datum;Sterne;Rezension\n05.01.2024;\"5,0 von 5 Sternen\";Hält warm\n16.01.2024;\"1,0 von 5 Sternen\";Undicht\n",
            "aliases 2 5★",
        ),
        ("a.csv", "Fecha;Puntuación;Comentario\n05/01/2024;5;Muy bueno\n16/01/2024;1;Llegó roto\n", "aliases 2 5★"),
        ("a.csv", "작성일,별점,리뷰\n2024-01-05,5,아주 좋아요\n2024-01-06,1,깨졌어요\n", "aliases 2 5★"),
        (
            "a.csv",
            "買家暱稱,評論時間,星級,評論內容\na**b,2024/01/05,5,品質很好\nc**d,2024/01/06,1,壞了\n",
            "aliases 2 5★",
        ),
        (
            "a.csv",
            "asin,作者,内容,日期,评分\nB0,Al,很好用,2024年1月15日在美国审核,\"5.0 颗星，最多 5 颗星\"\nB0,Bo,坏了,2024年2月3日在美国审核,\"1.0 颗星，最多 5 颗星\"\n",
            "aliases 2 5★",
        ),
        (
            "a.csv",
            "顾客,客服,时间,内容\njd_a,小王,2024-01-05 10:00:00,顾客：在吗\njd_a,小王,2024-01-05 10:00:09,客服：您好\n",
            "aliases 2",
        ),
        ("chat.json", chat, "zendesk_chat 2"),
        ("chats.json", &by_id, "zendesk_chat 4"),
        ("rates.json", rates, "taobao_traderates 2 1★"),
        ("columns.json", columns, "not_a_review_file"),
        (
            "expired.json",
            r#"{"error":{"code":401,"message":"Your session has ended, log in again"}}"#,
            "not_a_review_file",
        ),
        ("expired.json", r#"{"code":500,"msg":"系统繁忙","time":"2024-03-01 10:00:00"}"#, "not_a_review_file"),
        ("expired.json", r#"{"error":{"message":"bad token"},"timestamp":1709251200}"#, "not_a_review_file"),
        ("expired.json", r#"{"ret":["FAIL_SYS_SESSION_EXPIRED::Session过期"],"data":{}}"#, "not_a_review_file"),
        ("expired.json", r#"{"code":401,"msg":"请先登录","data":null}"#, "not_a_review_file"),
        ("refused.json", r#"{"status":"error","message":"invalid token","data":null}"#, "not_a_review_file"),
        ("one.json", r#"{"status":"published","message":"the zip broke","author":"Al"}"#, "aliases 1"),
    ];
    for (name, text, expected) in cases {
        let found = match read_text(name, text, &settings()) {
            Err(err) => err.code().to_string(),
            Ok((ledger, records)) => {
                assert!(ledger.unknown_columns.is_empty(), "{text}: {:?}", ledger.unknown_columns);
                let stars = records[0].stars.as_ref().map_or(String::new(), |s| format!(" {}★", s.value));
                format!("{} {}{stars}", ledger.profile, ledger.rows)
            }
        };
        assert_eq!(found, *expected, "{text}");
    }
    let (ledger, _) = read_text("rates.json", rates, &settings()).unwrap();
    assert_eq!((ledger.kept, ledger.left_out.get("seller_text")), (1, Some(&1)));
    let (ledger, _) = read_text("a.csv", "日期,客户原话\n1.5,裤子偏小了\n1.6,味道很大\n", &settings()).unwrap();
    assert!(ledger.problems.iter().any(|p| p.code == "bad_dates"), "{ledger:?}");
}

#[test]
fn dates_of_two_readings_are_asked_about_with_both() {
    let err = read("neg_ambiguous_dates.csv").unwrap_err();
    let text = err.message(Lang::En);
    for part in ["--date-order day-first reads it as 20", "--date-order month-first reads it as 20"] {
        assert!(text.contains(part), "{text}");
    }
}

/// What a chat's columns say of the whole: the subject, who bought, a role that is neither side's.
#[test]
fn chats_keep_subject_purchase_and_strangers_apart() {
    let table = "会话ID,角色,发送人,发送时间,消息内容,是否成交,主题\n\
                 1,客户,a,2024-01-05 10:00:00,什么时候发货,是,催发货\n1,客服,b,2024-01-05 10:00:10,今天,是,催发货\n\
                 1,观察员,c,2024-01-05 10:00:20,注意话术,是,催发货\n2,客户,d,2024-01-06 10:00:00,有优惠吗,否,\n";
    let (ledger, records) = read_text("a.csv", table, &settings()).unwrap();
    assert_eq!((ledger.rows, ledger.kept, ledger.left_out.get("unknown_role")), (4, 3, Some(&1)), "{ledger:?}");
    assert_eq!(records[0].turns[0].text, "催发货\n什么时候发货");
    assert_eq!(records.iter().map(|r| r.bought.is_some()).collect::<Vec<_>>(), [true, false]);
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

/// What fuzzing has found: an old workbook whose chain of sectors goes in a circle, or whose stream says that it is
/// longer than the file, sent its reader after memory without end.
#[test]
fn what_is_only_named_a_workbook_is_read_as_what_it_is_or_told() {
    let table = "评价时间,评价内容,评价星级\n2026-10-01,有股塑料味,2\n2026-10-02,没有异味,5\n";
    let page = format!("<html><table><tr>{}</table></html>", table.replace(',', "<td>").replace('\n', "<tr>"));
    for (name, text, container) in [("a.xlsx", table, "csv"), ("b.XLS", &page, "html")] {
        let (ledger, records) = read_text(name, text, &settings()).unwrap();
        assert_eq!((&*ledger.container, records.len()), (container, 2), "{name}");
    }
    for (name, text, is) in [
        ("notes.xlsx", "今天天气不错\n我们去买衣服\n质量不好\n", "plain text"),
        ("export.xls", "<!DOCTYPE html><html><body><form>Please log in</form></body></html>", "a web page"),
    ] {
        let err = read_text(name, text, &settings()).unwrap_err();
        assert!(err.to_string().contains(is), "{name}: {err}");
        assert_eq!(err.code(), "misnamed");
    }
    assert_eq!(code(read_text("notes.txt", "今天天气不错\n质量不好\n", &settings())), "no_text_column");
}

#[test]
fn a_list_of_short_texts_under_its_name_is_a_table() {
    for text in ["评价内容\n掉色严重\n很好穿\n", "Review\ntoo small\nnice\n"] {
        let (ledger, records) = read_text("list.csv", text, &settings()).unwrap();
        assert_eq!((ledger.rows, records.len()), (2, 2), "{text}");
        assert!(ledger.problems.iter().any(|p| p.code == "no_date_column"), "{text}");
    }
    assert_eq!(code(read_text("list.csv", "颜色\n红\n蓝\n", &settings())), "no_text_column");
}

#[test]
fn a_column_that_the_operator_names_needs_no_known_name_beside_it() {
    let rows: String = (0..9).map(|i| format!("2026-10-0{},x{i},味道太大了，很刺鼻 {i}\n", i + 1)).collect();
    for headers in ["aa,bb,cc", "评价时间 Sum,SKU 数量,Review Count 评价内容长度"] {
        let text = format!("{headers}\n{rows}");
        let names: Vec<&str> = headers.split(',').collect();
        assert_eq!(code(read_text("r.csv", &text, &settings())), "no_text_column", "{headers}");
        let map = vec![(names[2].to_string(), Field::Text), (names[0].to_string(), Field::CreatedAt)];
        let (ledger, records) = read_text("r.csv", &text, &Settings { map, ..settings() }).unwrap();
        assert_eq!((ledger.rows, ledger.kept, records.len()), (9, 9, 9), "{headers}");
        assert_eq!(ledger.days.unwrap().0, "2026-10-01", "{headers}");
        let wrong = vec![("dd".to_string(), Field::Text)];
        assert_ne!(code(read_text("r.csv", &text, &Settings { map: wrong, ..settings() })), "read", "{headers}");
    }
}

#[test]
fn headers_in_two_languages_are_known_by_the_chinese_one() {
    let text = "Review Date 评价时间,SKU,评分（Star Rating）,评价内容/Content,商品 Rating\n\
                2026-10-01,K1,5,味道太大了，很刺鼻,3\n2026-10-02,K2,1,质量很好，穿着舒服,4\n";
    let (ledger, records) = read_text("r.csv", text, &settings()).unwrap();
    for (header, field) in
        [("Review Date 评价时间", "created_at"), ("评分（Star Rating）", "rating"), ("评价内容/Content", "text")]
    {
        assert_eq!(ledger.mapping.get(header).map(String::as_str), Some(field), "{header}");
    }
    assert_eq!(ledger.unknown_columns, ["商品 Rating"]);
    assert_eq!(records[0].stars.as_ref().map(|s| s.value), Some(5.0));
}

#[test]
fn a_rating_that_some_rows_lack_is_still_the_rating() {
    for (nothing, scale) in [("N/A", 5), ("-", 5), ("", 5), ("未评分", 5), ("nan", 10), ("n/a", 10)] {
        let rows: String = (0..30)
            .map(|i| {
                let stars = if i % 2 == 0 { (i % scale + 1).to_string() } else { nothing.to_string() };
                format!("2026-10-{:02},K1,{stars},smells of plastic {i}\n", i % 28 + 1)
            })
            .collect();
        let (ledger, records) = read_text("r.csv", &format!("Date,SKU,Rating,Review\n{rows}"), &settings()).unwrap();
        assert_eq!(ledger.mapping.get("Rating").map(String::as_str), Some("rating"), "{nothing}");
        assert_eq!(records.iter().filter(|r| r.stars.is_some()).count(), 15, "{nothing}");
        // Another scale is told, and nothing else.
        let told: Vec<&str> = ledger.problems.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(told, ["other_scale"][..usize::from(scale == 10)], "{nothing}");
    }
}

#[test]
fn old_workbooks_that_go_in_circles_are_refused() {
    let sound = std::fs::read(samples().join("old_excel.xls")).unwrap();
    let number = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let (directory, table) = (number(&sound, 48), number(&sound, 76));
    let of_table = |sector: usize| (table + 1) * 512 + 4 * sector;
    let entries = (directory + 1) * 512;
    let changes = [
        (of_table(directory), directory as u32),
        (of_table(number(&sound, entries + 128 + 116)), number(&sound, entries + 128 + 116) as u32),
        (entries + 128 + 120, u32::MAX),
        (64, 0x00FF_FFFF),
    ];
    for (at, value) in changes {
        let mut bytes = sound.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        let err = ingest::preview(Input::Bytes("a.xls", &bytes), &settings(), 1).unwrap_err();
        assert_eq!(err.code(), "broken_workbook", "{at}");
    }
    assert!(ingest::preview(Input::Bytes("a.xls", &sound), &settings(), 1).is_ok());
}

/// What fuzzing has found.
#[test]
fn headers_of_any_signs_are_only_names() {
    for header in ["铁[]", "a.铁[]", "[]", ".", "/", "a[].", "^", "#1", "@x"] {
        let text = format!("评价内容,{header},评价时间\n质量很好,1,2026-01-02\n");
        assert_eq!(read_text("a.csv", &text, &settings()).unwrap().0.kept, 1, "{header}");
    }
}

/// The bytes of every sample, in order of their names.
fn all_samples() -> &'static [(String, Vec<u8>)] {
    static SAMPLES: std::sync::LazyLock<Vec<(String, Vec<u8>)>> = std::sync::LazyLock::new(|| {
        let files = std::fs::read_dir(samples()).unwrap().map(|entry| entry.unwrap());
        let mut all: Vec<_> =
            files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())).collect();
        all.sort();
        all
    });
    &SAMPLES
}

/// Bytes that mean something to one format or another.
const SIGNS: &[u8] = b"\"'{}[]<>,;\t\n\r:=\0\x1f\xff";

/// One change of a file: bytes overwritten, taken out, put in twice, or the rest cut off.
fn damaged(bytes: &mut Vec<u8>, (how, at, len, byte): (u8, prop::sample::Index, usize, u8)) {
    if bytes.is_empty() {
        return;
    }
    let from = at.index(bytes.len());
    let to = (from + len).min(bytes.len());
    match how {
        0 => bytes[from..to].fill(byte),
        1 => drop(bytes.drain(from..to)),
        2 => {
            let again = bytes[from..to].to_vec();
            bytes.splice(from..from, again);
        }
        3 => bytes.insert(from, SIGNS[usize::from(byte) % SIGNS.len()]),
        _ => bytes.truncate(from + 1),
    }
}

proptest! {
    #![proptest_config(crate::cases(256))]

    /// Whatever happens to a real export on its way, there are records or a reason, and every row is accounted for.
    #[test]
    fn damaged_exports_give_records_or_a_reason(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0u8..5, any::<prop::sample::Index>(), 1usize..64, any::<u8>()), 1..8),
    ) {
        let (name, bytes) = which.get(all_samples());
        let mut bytes = bytes.clone();
        changes.into_iter().for_each(|change| damaged(&mut bytes, change));
        let settings = Settings { columns: Some(&parquet), ..settings() };
        match ingest::preview(Input::Bytes(name, &bytes), &settings, usize::MAX) {
            Ok((ledger, records)) => {
                prop_assert!(ledger.balances(), "{:?}", ledger);
                prop_assert_eq!(ledger.records, records.len() as u64);
            }
            Err(err) => prop_assert!(!err.code().is_empty()),
        }
    }
}

/// Limits can be moved, and the refusal names the flag that moves them.
#[test]
fn limits_are_named_and_can_be_moved() {
    let file = read_text("a.csv", "评价内容,评价时间\n好,2026-01-02\n", &settings());
    assert!(file.is_ok());
    let with = |limits: Limits| Settings { room: Room { limits, ..Room::default() }, ..settings() };
    let usual = Limits::default();
    for (limits, code, flag) in [
        (Limits { file_bytes: 100, ..usual }, "too_large", "--max-size"),
        (Limits { rows: 2, ..usual }, "too_large", "--max-rows"),
        (Limits { cells: 3, ..usual }, "too_large", "--max-cells"),
        (Limits { entries: 2, ..usual }, "archive_bomb", "--max-entries"),
    ] {
        let path = samples().join("lost_deals.xlsx");
        let err = ingest::preview(Input::Path(&path), &with(limits), 1).unwrap_err();
        assert_eq!(err.code(), code, "{flag}");
        assert!(err.message(Lang::En).contains(flag), "{}", err.message(Lang::En));
    }
    let long = format!("评价内容,评价时间\n{},2026-01-02\n", "好".repeat(1000));
    let (ledger, records) = read_text("a.csv", &long, &with(Limits { text_bytes: 1024, ..usual })).unwrap();
    assert_eq!((records[0].turns[0].text.len(), ledger.problems[0].code.as_str()), (1023, "cut"));
}

/// A text that nearly repeats one of an earlier import is kept and flagged; a later version of a review is not.
#[test]
fn near_copies_of_earlier_imports_are_flagged() {
    let text = "这款儿童保温水杯颜值很高，杯盖密封性也不错，孩子每天带去幼儿园，保温效果能到下午，会推荐给朋友";
    let table = |id: &str, text: &str| format!("评价编号,评价内容,评价时间\nR{id}7001,{text},2026-01-02\n");
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::init(folder.path(), &Default::default()).unwrap();
    let add = |id: &str, text: &str| {
        let text = table(id, text);
        let input = Input::Bytes("a.csv", text.as_bytes());
        let ledger = earful::run::add::add(&mut workspace.write().unwrap(), input, &Default::default(), None).unwrap();
        (ledger.kept, ledger.repeats, ledger.marks.get("near_copy").copied().unwrap_or(0))
    };
    assert_eq!(add("1", text), (1, 0, 0));
    assert_eq!(add("1", text), (0, 1, 0), "the same again");
    assert_eq!(add("1", &text.replace("朋友", "同事")), (1, 0, 0), "a later version");
    assert_eq!(add("2", &text.replace('，', " ")), (1, 0, 1), "somebody else's copy");
}

/// However few keys an import holds in memory: the same records, the same account.
#[test]
fn keys_in_files_change_nothing() {
    let long = "这款儿童保温水杯颜值很高，杯盖密封性也不错，孩子每天带去幼儿园，保温效果能到下午";
    let mut table = String::from("评价编号,昵称,商品SKU,评价内容,评价时间,评分\n");
    for n in 0..400u32 {
        // Ids that come again with the same words and with others, words of nobody that come again.
        let (id, text) = match n % 5 {
            0 => (format!("R{:05}", n % 170), format!("{long}第{}个", n % 7)),
            1 => (format!("Q{:05}", n % 110), "很好".into()),
            2 => (format!("P{n:05}"), format!("裤子偏小{}码，洗了起球", n % 11)),
            3 => (format!("P{n:05}"), "好".into()),
            _ => (String::new(), "不错".into()),
        };
        table += &format!("{id},,S{},{text},2026-01-0{},5\n", n % 5, n % 2 + 1);
    }
    let mut inputs = all_samples().to_vec();
    inputs.push(("keys.csv".into(), table.into_bytes()));
    let read = |name: &str, bytes: &[u8], keys: usize| {
        let room = Room { limits: Limits { keys, ..Limits::default() }, ..Room::default() };
        let settings = Settings { columns: Some(&parquet), room, ..settings() };
        ingest::preview(Input::Bytes(name, bytes), &settings, usize::MAX).map_err(|err| err.code())
    };
    for (name, bytes) in &inputs {
        let usual = read(name, bytes, Limits::default().keys);
        for keys in [1, 3] {
            let (found, usual) = (read(name, bytes, keys), usual.as_ref());
            assert_eq!(found.as_ref().map(|(_, records)| records), usual.map(|(_, records)| records), "{name}");
            assert_eq!(
                found.map(|(ledger, _)| ledger),
                usual.map(|(ledger, _)| ledger.clone()).map_err(|e| *e),
                "{name}"
            );
        }
    }
    let (ledger, _) = read("keys.csv", &inputs[inputs.len() - 1].1, 2).unwrap();
    assert!(ledger.repeats > 50 && ledger.marks["changed"] > 10 && ledger.marks["near_copy"] > 10, "{ledger:?}");
    // And so of what the workspace holds: whatever was added in whichever room is a repeat in any other.
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::init(folder.path(), &Default::default()).unwrap();
    let add = |keys: usize| {
        let ask = earful::run::add::Ask { limits: Limits { keys, ..Limits::default() }, ..Default::default() };
        let input = Input::Bytes("keys.csv", &inputs[inputs.len() - 1].1);
        earful::run::add::add(&mut workspace.write().unwrap(), input, &ask, None).unwrap()
    };
    let first = add(5);
    assert_eq!((first.kept, first.repeats), (ledger.kept, ledger.repeats));
    for keys in [1, 4, 100_000] {
        let again = add(keys);
        assert_eq!((again.kept, again.repeats, again.records), (0, again.rows, 0), "{keys} keys");
    }
}

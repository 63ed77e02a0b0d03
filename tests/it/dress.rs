//! The same table in every container and encoding is the same table; and no bytes make the importer fall.

use std::io::Write;

use earful::error::Result;
use earful::ingest::{self, Columns, Input, Settings};
use earful::records::foreign::Foreign;
use earful::words::{Lang, Ledger};
use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16LE};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

const HEADERS: [&str; 6] = ["评价编号", "评价时间", "评分", "评价内容", "商家编码", "店铺备注2"];
const ROWS: [[&str; 6]; 4] = [
    ["9000000000000000001", "2026-01-05 10:00:00", "5", "杯子很好看，孩子喜欢", "CUP-01", "x"],
    ["9000000000000000002", "2026-01-16 11:00:00", "1", "盖子漏水, 退货了; 说\"没问题\"", "CUP-02", "y"],
    ["9000000000000000003", "2026-02-06 12:00:00", "4", "快递有点慢\n包装完好", "CUP-01", "x"],
    ["9000000000000000004", "2026-02-09 13:00:00", "3", "有一股塑料味 | 散了两天", "CUP-02", "z"],
];

fn settings() -> Settings<'static> {
    Settings::new("示例店", [7; 32])
}

fn read_with(name: &str, bytes: &[u8], settings: &Settings<'_>) -> Result<Ledger> {
    ingest::preview(Input::Bytes(name, bytes), settings, 0).map(|(ledger, _)| ledger)
}

fn read(name: &str, bytes: &[u8]) -> Result<Ledger> {
    read_with(name, bytes, &settings())
}

fn all_rows() -> impl Iterator<Item = [&'static str; 6]> {
    std::iter::once(HEADERS).chain(ROWS)
}

fn delimited(delimiter: &str, end: &str) -> String {
    let cell = |c: &str| match c.contains(['"', '\n', ',', ';', '|', '\t']) {
        true => format!("\"{}\"", c.replace('"', "\"\"")),
        false => c.to_string(),
    };
    all_rows().map(|row| row.map(cell).join(delimiter) + end).collect()
}

fn objects() -> Vec<serde_json::Value> {
    let object = |row: [&str; 6]| HEADERS.iter().zip(row).map(|(h, c)| (h.to_string(), c.into())).collect();
    ROWS.iter().map(|row| serde_json::Value::Object(object(*row))).collect()
}

fn html() -> String {
    let escape = |c: &str| c.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>");
    let row = |row: [&str; 6]| format!("<tr>{}</tr>", row.map(|c| format!("<td>{}</td>", escape(c))).concat());
    format!(
        "<html><head><meta charset=\"gbk\"></head><body><p>导出</p><table>{}</table></body></html>",
        all_rows().map(row).collect::<String>()
    )
}

fn xml_feed() -> String {
    let names = ["review_id", "created_at", "rating", "content", "sku", "remark_2"];
    let escape = |c: &str| c.replace('&', "&amp;").replace('<', "&lt;");
    let row = |row: &[&str; 6]| {
        let cells = names.iter().zip(row).map(|(n, c)| format!("<{n}>{}</{n}>", escape(c))).collect::<String>();
        format!("<review>{cells}</review>")
    };
    format!(
        "<?xml version=\"1.0\"?><feed><shop>示例店</shop><reviews>{}</reviews></feed>",
        ROWS.iter().map(row).collect::<String>()
    )
}

fn xml_spreadsheet() -> String {
    let escape = |c: &str| c.replace('&', "&amp;").replace('<', "&lt;");
    let cell = |c: &str| format!("<Cell><Data ss:Type=\"String\">{}</Data></Cell>", escape(c));
    let rows: String = all_rows().map(|row| format!("<Row>{}</Row>", row.map(cell).concat())).collect();
    format!(
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook \
         xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
         <Worksheet ss:Name=\"a\"><Table>{rows}</Table></Worksheet></Workbook>"
    )
}

fn xlsx(above: &[&str]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let mut at = 0;
    for title in above {
        sheet.write(at, 0, *title).unwrap();
        at += 1;
    }
    for row in all_rows() {
        for (column, cell) in row.iter().enumerate() {
            match cell.parse::<f64>().ok().filter(|n| *n < 10.0) {
                Some(number) => sheet.write(at, column as u16, number).unwrap(),
                None => sheet.write(at, column as u16, *cell).unwrap(),
            };
        }
        at += 1;
    }
    book.save_to_buffer().unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn parquet() -> Vec<u8> {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    let column =
        |c: usize| -> ArrayRef { std::sync::Arc::new(StringArray::from_iter_values(ROWS.iter().map(|r| r[c]))) };
    let batch = RecordBatch::try_from_iter(HEADERS.iter().enumerate().map(|(c, h)| (*h, column(c)))).unwrap();
    let mut out = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

struct Adapter(Foreign);

impl Columns for Adapter {
    fn headers(&self) -> Vec<String> {
        self.0.headers()
    }

    fn rows(&mut self, give: &mut dyn FnMut(&[Option<&str>]) -> Result<()>) -> Result<()> {
        self.0.rows(give)
    }
}

fn encoded(text: &str, codec: &'static Encoding) -> Vec<u8> {
    codec.encode(text).0.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_same_rows_in_every_dress() {
    let csv = delimited(",", "\n");
    let json = objects();
    let array = serde_json::to_string_pretty(&json).unwrap();
    let answer = serde_json::json!({"code": 0, "data": {"page": 1, "shopName": "x", "list": json}}).to_string();
    let in_string = serde_json::json!({"ok": true, "body": array}).to_string();
    let of_strings = serde_json::json!({"list": json.iter().map(ToString::to_string).collect::<Vec<_>>()}).to_string();
    let pages = serde_json::json!({"pages": [{"comments": json[..2]}, {"comments": json[2..]}]}).to_string();
    let lines: String = json.iter().map(|o| format!("{o}\n")).collect();
    let cells: Vec<Vec<&str>> = ROWS.iter().map(|row| row.to_vec()).collect();
    let split = serde_json::json!({"columns": HEADERS, "data": cells}).to_string();
    let by_id: serde_json::Map<_, _> =
        json.iter().zip(["71", "72", "73", "74"]).map(|(o, id)| (id.into(), o.clone())).collect();
    let by_id = serde_json::json!({"comments": by_id, "page": 1}).to_string();
    let one_by_one: String = json.iter().map(|o| serde_json::to_string_pretty(o).unwrap() + "\n").collect();
    let two_answers: String =
        json.chunks(2).map(|c| format!("cb_1({});\n", serde_json::json!({"comments": c}))).collect();
    let sheet = xlsx(&[]);
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("a.csv", csv.clone().into(), "utf-8", "csv"),
        ("a.csv", delimited(",", "\r\n").into(), "utf-8", "csv"),
        ("a.csv", format!("\u{feff}{csv}").into(), "utf-8-sig", "csv"),
        ("a.csv", encoded(&csv, GB18030), "gbk", "csv"),
        ("a.txt", encoded(&delimited("\t", "\r\n"), GB18030), "gbk", "tsv"),
        ("a.csv", utf16(&format!("\u{feff}{}", delimited("\t", "\r\n"))), "utf-16", "tsv"),
        ("a.csv", utf16(&csv), "utf-16", "csv"),
        ("a.csv", delimited(";", "\n").into(), "utf-8", "csv-semicolon"),
        ("a.csv", delimited("|", "\n").into(), "utf-8", "csv-pipe"),
        ("a.xls", encoded(&delimited("\t", "\n"), GB18030), "gbk", "tsv"),
        ("a.xls", encoded(&html(), GB18030), "gbk", "html"),
        ("a.xls", xml_spreadsheet().into(), "utf-8", "xml-spreadsheet"),
        ("a.xml", xml_feed().into(), "utf-8", "xml:feed/reviews/review"),
        ("a.xlsx", sheet.clone(), "xlsx", "xlsx"),
        ("a.csv", xlsx(&["1 月评价导出", "导出时间：2026-02-10"]), "xlsx", "xlsx"),
        ("a.json", array.clone().into(), "utf-8", "json:[]"),
        ("a.json", answer.clone().into(), "utf-8", "json:data.list[]"),
        ("a.json", encoded(&format!("callback_77( {answer} );"), GB18030), "gbk", "jsonp:data.list[]"),
        ("a.json", in_string.into(), "utf-8", "json:body[]"),
        ("a.json", of_strings.into(), "utf-8", "json:list[] (JSON strings)"),
        ("a.json", pages.into(), "utf-8", "json:pages[].comments[]"),
        ("a.jsonl", lines.clone().into(), "utf-8", "jsonl"),
        ("a.json", split.into(), "utf-8", "json"),
        ("a.json", by_id.into(), "utf-8", "json:comments"),
        ("a.json", one_by_one.into(), "utf-8", "jsonl"),
        ("a.txt", two_answers.into(), "utf-8", "jsonp:comments[]"),
        ("a.parquet", parquet(), "parquet", "parquet"),
        ("a.csv.gz", gz(csv.as_bytes()), "utf-8", "gz:csv"),
        (
            "a.zip",
            zip(&[("评价/a.csv", csv.as_bytes()), ("readme.txt", b"exported by nobody"), ("1.png", b"\x89PNG\r\n")]),
            "utf-8",
            "zip:csv",
        ),
        ("a.zip", zip(&[("a.xlsx", &sheet)]), "xlsx", "zip:xlsx"),
    ];
    let open = |name: &str, file| Ok(Box::new(Adapter(Foreign::open(name, file)?)) as Box<dyn Columns>);
    let settings = Settings { columns: Some(&open), ..settings() };
    let mut wrong = Vec::new();
    for (name, bytes, encoding, container) in cases {
        match read_with(name, &bytes, &settings) {
            Ok(ledger) => {
                let fields: Vec<&str> = ledger.mapping.values().map(String::as_str).collect();
                let found = (
                    ledger.encoding.as_str(),
                    ledger.container.as_str(),
                    ledger.rows,
                    fields.len(),
                    ledger.unknown_columns.len(),
                );
                if found != (encoding, container, 4, 5, 1) {
                    wrong.push(format!("{container}: {found:?} {:?}", ledger.mapping));
                }
            }
            Err(err) => wrong.push(format!("{encoding} {container}: {err}")),
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn old_workbooks_and_merged_cells_are_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/old_excel.xls");
    let (ledger, records) = ingest::preview(Input::Path(&path), &settings(), 9).unwrap();
    assert_eq!((ledger.container.as_str(), ledger.rows, ledger.kept), ("xls", 3, 3));
    assert_eq!(records[1].time.unwrap().to_string(), "2026-01-19 21:30:00");
    // A sheet kept by hand: the day is written once and merged over its rows.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["日期", "SKU", "问题类型", "客户原话"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    for row in 1..=4 {
        sheet.write(row, 1, "CUP-01").unwrap();
        sheet.write(row, 3, format!("第{row}个杯子漏水")).unwrap();
    }
    sheet.merge_range(1, 0, 3, 0, "2026-01-05", &rust_xlsxwriter::Format::new()).unwrap();
    sheet.write(4, 0, "2026-01-06").unwrap();
    let book = book.save_to_buffer().unwrap();
    let (ledger, records) = ingest::preview(Input::Bytes("日报.xlsx", &book), &settings(), 9).unwrap();
    let days: Vec<String> = records.iter().map(|r| r.time.unwrap().day().to_string()).collect();
    assert_eq!(
        (ledger.kept, days),
        (4, ["2026-01-05", "2026-01-05", "2026-01-05", "2026-01-06"].map(String::from).into())
    );
}

#[test]
fn other_encodings_are_told_by_their_text() {
    let traditional = "訂單編號,評價內容,評價時間\n1,品質很好，寄送速度也快，會再回購,2026-01-02\n2,顏色跟圖片不一樣，有點失望,2026-01-13\n";
    let japanese = "レビュー,日付,星\nとても使いやすいです。色もきれいで満足しています,2026-01-02,5\nすぐに壊れました,2026-01-13,1\n";
    for (text, codec, name) in [(traditional, BIG5, "big5"), (japanese, SHIFT_JIS, "shift_jis")] {
        let ledger = read("a.csv", &encoded(text, codec)).unwrap();
        assert_eq!((ledger.encoding.as_str(), ledger.rows), (name, 2));
    }
    let garbled = GB18030.decode(delimited(",", "\n").as_bytes()).0.into_owned();
    assert_eq!(read("a.csv", garbled.as_bytes()).unwrap_err().code(), "mojibake");
    let mut broken = delimited(",", "\n").into_bytes();
    let at = broken.iter().rposition(|b| *b == b'|').unwrap();
    broken[at] = 0xFF;
    let ledger = read("a.csv", &broken).unwrap();
    assert_eq!((ledger.rows, ledger.problems[0].code.as_str()), (4, "broken_bytes"));
}

/// A sheet of one cell far from all others, an archive of nothing but zeros, and their like.
#[test]
fn bombs_and_other_files_are_refused_at_once() {
    let zeros = vec![0; 300 << 20];
    let open_many: Vec<String> = (0..2_001).map(|n| format!("{n}.csv")).collect();
    let many: Vec<(&str, &[u8])> = open_many.iter().map(|n| (n.as_str(), b"a,b\n".as_slice())).collect();
    let bomb = zip(&[("xl/workbook.xml", &zeros)]);
    let deep_json = format!("[{}", "{\"a\":[".repeat(100_000));
    let deep_xml = "<a>".repeat(100_000);
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><feed><review><content>&b;</content>\
                  <rating>5</rating><created_at>2026-01-02</created_at></review></feed>";
    let mut far = rust_xlsxwriter::Workbook::new();
    far.add_worksheet().write(1_048_575, 16_383, "x").unwrap();
    let far = far.save_to_buffer().unwrap();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("bomb.xlsx", bomb, "archive_bomb"),
        ("a.gz", gz(&zeros), "archive_bomb"),
        ("many.zip", zip(&many), "archive_bomb"),
        ("twice.gz", gz(&gz(b"a,b\n1,2\n")), "nested_archive"),
        ("twice.zip", zip(&[("a.zip", &zip(&[("a.csv", b"a,b\n")]))]), "nested_archive"),
        ("cut.zip", zip(&[("a.csv", delimited(",", "\n").as_bytes())])[..200].to_vec(), "broken_archive"),
        ("far.xlsx", far, "no_text_column"),
        ("deep.json", deep_json.into(), "broken_json"),
        ("deep.xml", deep_xml.into(), "too_deep"),
        ("empty.csv", b"".to_vec(), "empty_file"),
        ("blank.csv", b" \n\n".to_vec(), "empty_file"),
        ("a.pdf", b"%PDF-1.7 ...".to_vec(), "not_a_table"),
        ("letter.xlsx", zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]), "not_a_table"),
        ("login.csv", b"<!DOCTYPE html><html><body><h1>Log in</h1></body></html>".to_vec(), "misnamed"),
        ("a.png", b"\x89PNG\r\n\x1a\n".to_vec(), "not_a_table"),
        ("letter.doc", b"{\\rtf1\\ansi hello}".to_vec(), "not_a_table"),
        ("program.csv", [&b"MZ"[..], &[0xFF, 0, 3, 0xFE, 0, 0x81, 7, 0, 0x9F]].concat().repeat(40), "not_a_table"),
        ("pictures.zip", zip(&[("a.png", b"\x89PNG\r\n\x1a\n")]), "not_a_table"),
        ("nothing.xlsx", rust_xlsxwriter::Workbook::new().save_to_buffer().unwrap(), "empty_file"),
        ("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and nothing more".to_vec(), "broken_workbook"),
        ("letter.txt", "亲爱的顾客：\n感谢您的支持。\n此致\n".into(), "no_text_column"),
        ("traffic.csv", "日期,商品ID,曝光量,点击率,访客数\n2026-01-02,1,10,0.1,5\n".into(), "not_a_review_file"),
        ("parcels.csv", "订单编号,物流单号,物流公司,签收时间\n1,SF1,顺丰,2026-01-02\n".into(), "not_a_review_file"),
        ("stock.csv", "商品ID,商品标题,库存,售价\n1,示例,5,9\n".into(), "not_a_review_file"),
    ];
    for (name, bytes, code) in cases {
        let found = read(name, &bytes);
        assert_eq!(found.as_ref().err().map(|e| e.code()), Some(code), "{name}: {found:?}");
    }
    // What is in an archive is named with it, and what can be done is told by what it is.
    for (name, bytes, words) in [
        ("pictures.zip", zip(&[("a.png", b"\x89PNG\r\n\x1a\n")]), "pictures.zip：a.png："),
        ("october.rar", b"Rar!\x1a\x07\x00".to_vec(), "先解压"),
        ("october.pdf", b"%PDF-1.7 ...".to_vec(), "存成 .xlsx"),
        ("facts.csv", "问题,答案\n怎么退货,点退货\n多久发货,当天\n".into(), "另外导出评价或聊天记录"),
    ] {
        let error = read(name, &bytes).unwrap_err().message(Lang::Zh);
        assert!(error.contains(words), "{name}: {error}");
    }
    // A line too long is one row, and what a formula that failed left behind is no word of a customer's.
    let head = "SKU,评价时间,评价内容\n";
    let long = format!("{head}K1,2026-10-01,{}\nK1,2026-10-02,很好用呀\n", "好".repeat(6_000_000));
    let ledger = read("long.csv", long.as_bytes()).unwrap();
    assert_eq!((ledger.rows, ledger.kept, ledger.left_out.get("long_line")), (2, 1, Some(&1)));
    assert_eq!(ledger.problems.iter().filter_map(|p| p.row).collect::<Vec<_>>(), [2]);
    let failed =
        format!("{head}K1,2026-10-01,很好用呀\n#NAME?,2026-10-02,味道很大\nK1,2026-10-03,#VALUE!\nK1,#REF!,真的不错\n");
    let ledger = read("failed.csv", failed.as_bytes()).unwrap();
    assert_eq!((ledger.rows, ledger.kept, ledger.left_out.get("empty")), (4, 2, Some(&1)), "{ledger:?}");
    // Lists that have an option of their own are told it.
    for (name, header, flag) in [
        ("orders.csv", "订单编号,买家昵称,付款时间,订单状态,收货人", "--orders"),
        ("cases.csv", "case id,order id,opened,closed,result", "--cases"),
    ] {
        let error = read(name, format!("{header}\n1,2,2026-10-01 10:00,2026-10-02,refunded\n").as_bytes()).unwrap_err();
        assert_eq!(error.code(), "not_a_review_file", "{name}");
        assert!(error.message(Lang::En).contains(flag) && error.message(Lang::Zh).contains(flag), "{name}");
    }
    let ledger = read("laughs.xml", laughs.as_bytes()).unwrap();
    assert_eq!(ledger.rows, 1);
}

#[test]
fn damaged_parts_cost_themselves_and_nothing_more() {
    let rows: String = (0..300)
        .map(|n| format!("{{\"id\":\"{n}\",\"content\":\"第{n}次买了\",\"created_at\":\"2026-01-02\"}}\n"))
        .collect();
    let mut lines: Vec<&str> = rows.lines().collect();
    lines[150] = "{\"id\":\"150\",\"conte";
    let ledger = read("a.jsonl", lines.join("\n").as_bytes()).unwrap();
    assert_eq!((ledger.rows, ledger.left_out.get("broken_row")), (300, Some(&1)));
    let list = serde_json::json!({"list": objects()}).to_string();
    let ledger = read("cut.json", &list.as_bytes()[..list.len() - 40]).unwrap();
    assert_eq!((ledger.rows, ledger.left_out.get("cut_off")), (4, Some(&1)));
    let again = [delimited(",", "\n"), delimited(",", "\n")].concat();
    assert_eq!(read("appended.csv", again.as_bytes()).unwrap().rows, 8);
    let surplus = "昵称,评价时间,评价内容,评分\na,2026-01-02,好看, 也好用,5\nb,2026-01-03,一般,3\n";
    assert_eq!(read("joined.csv", surplus.as_bytes()).unwrap().rows, 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Whatever the bytes, there are records or a reason; and every row is accounted for.
    #[test]
    fn any_bytes_give_rows_or_a_reason(
        dress in 0usize..12,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        noise in prop::collection::vec(any::<u8>(), 0..400),
        keep in 0.2f64..1.0,
    ) {
        let mut bytes = match dress {
            0 => noise.clone(),
            1 => delimited(",", "\n").into_bytes(),
            2 => encoded(&delimited("\t", "\r\n"), GB18030),
            3 => utf16(&delimited(",", "\n")),
            4 => serde_json::json!({"data": {"list": objects()}}).to_string().into_bytes(),
            5 => objects().iter().map(|o| format!("{o}\n")).collect::<String>().into_bytes(),
            6 => html().into_bytes(),
            7 => xml_feed().into_bytes(),
            8 => xml_spreadsheet().into_bytes(),
            9 => xlsx(&[]),
            10 => gz(delimited(",", "\n").as_bytes()),
            _ => zip(&[("a.csv", delimited(",", "\n").as_bytes())]),
        };
        for (index, byte) in &cuts {
            if !bytes.is_empty() {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
        }
        if !cuts.is_empty() {
            bytes.truncate((bytes.len() as f64 * keep) as usize + 1);
        }
        match read("a.csv", &bytes) {
            Ok(ledger) => prop_assert!(ledger.balances(), "{:?}", ledger),
            Err(err) => prop_assert!(!err.code().is_empty()),
        }
    }
}

#[test]
fn bytes_are_never_decoded_to_less_than_they_say() {
    // Every row of a longer file arrives, also where the pieces that are read end inside a character.
    for codec in [UTF_8, GB18030, UTF_16LE] {
        let mut text = String::from("评价编号,评价时间,评价内容\n");
        for n in 0..30_000 {
            text.push_str(&format!("{n},2026-01-02,第{n}位顾客说不错\n"));
        }
        let bytes = if codec == UTF_16LE { utf16(&format!("\u{feff}{text}")) } else { encoded(&text, codec) };
        assert_eq!(read("long.csv", &bytes).unwrap().rows, 30_000);
    }
}

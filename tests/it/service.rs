//! The commands about chats on the demo and on hostile files: every row accounted for, no name leaves, files in
//! every form, and the figures of the demo.

use std::fs;
use std::path::Path;

use earful::ingest::Input;
use earful::report::FORMATS;
use earful::report::chats::{self, Table, Tables, Value};
use earful::run::add::{self, Ask as Add};
use earful::run::chats::{Ask, agents, cases, lost, of_workspace};
use earful::run::{demo, side};
use earful::words::Lang;
use earful::workspace::{Settings, Workspace};

fn table<'t>(tables: &'t Tables, key: &str) -> &'t Table {
    tables.tables.iter().find(|t| t.key == key).unwrap_or_else(|| panic!("no table {key}"))
}

fn written(tables: &Tables, ending: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    chats::write(tables, ending, Lang::Zh, &mut bytes).unwrap().unwrap();
    bytes
}

#[test]
fn the_demo_tells_who_did_not_buy_and_how_service_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, _) = demo::make(&folder.path().join("shop"), None).unwrap();
    let orders = workspace.orders().unwrap();
    assert_eq!(orders.len(), 84);
    assert!(!fs::read_to_string(workspace.root().join("orders.csv")).unwrap().contains("星星"), "tokens only");

    let ask = Ask::default();
    let report = of_workspace(&workspace, &ask).unwrap();
    let count = |table: &Table| table.rows.len();
    assert_eq!(count(table(&report, "conversations")), 77, "October");
    assert!(count(table(&report, "asked")) > 10 && count(table(&report, "open_questions")) > 5);
    let lost = lost(&workspace, &ask).unwrap();
    let volume = &table(&lost, "conversion").rows;
    let [Value::Share(bought), Value::Share(not)] = [&volume[0][1], &volume[1][1]] else { panic!("shares") };
    assert_eq!(bought.mentions + not.mentions, bought.base);
    assert_eq!(not.mentions as usize, count(table(&lost, "lost")));
    assert!(bought.mentions >= 10, "buyers are found by their tokens");
    let kappa = |row: &Vec<Value>| matches!(row[5], Value::Number(k) if k > 0.4);
    assert!(table(&lost, "agreement").rows.iter().filter(|r| kappa(r)).count() >= 3);

    let open = agents(&workspace, &ask).unwrap();
    let hidden = agents(&workspace, &Ask { pseudonyms: true, ..Ask::default() }).unwrap();
    let text = |tables: &Tables| String::from_utf8(written(tables, "csv")).unwrap();
    assert!(text(&open).contains("小鹿生活馆:小圆"));
    assert!(!text(&hidden).contains("小鹿生活馆:") && text(&hidden).contains("agent#"));

    // A browser heeds only the first of two class attributes.
    let twice = regex::Regex::new("<[^>]* class=\"[^\"]*\"[^>]* class=").unwrap();
    for tables in [&report, &lost, &open] {
        let page = String::from_utf8(written(tables, "html")).unwrap();
        assert_eq!(twice.find(&page).map(|m| m.as_str()), None);
        for format in FORMATS {
            let bytes = written(tables, format.ending);
            assert!(bytes.len() > 200, "{}", format.ending);
            assert_eq!(bytes, written(tables, format.ending), "the same report gives the same bytes");
            assert!(!String::from_utf8_lossy(&bytes).contains("安静的美男子"), "no buyer's name in {}", format.ending);
        }
    }
}

#[test]
fn the_stage_is_the_one_that_the_writer_of_the_demo_meant() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, _) = demo::make(&folder.path().join("shop"), None).unwrap();
    let truth = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/demo/truth.csv");
    let mut rows = csv::Reader::from_path(truth).unwrap();
    let meant: Vec<bool> = rows
        .records()
        .map(Result::unwrap)
        .filter(|row| row[0].starts_with("qianniu"))
        .map(|row| row[4].starts_with("presale"))
        .collect();
    let mut told: Vec<Option<bool>> = Vec::new();
    for month in 5..=10 {
        let period = format!("2026-{month:02}").parse().unwrap();
        let ask =
            Ask { report: earful::run::report::Ask { period: Some(period), ..Default::default() }, ..Ask::default() };
        let report = of_workspace(&workspace, &ask).unwrap();
        told.extend(table(&report, "conversations").rows.iter().map(|row| match row[3].shown(Lang::En).as_str() {
            "pre-sale" => Some(true),
            "not told" => None,
            _ => Some(false),
        }));
    }
    assert_eq!(told.len(), meant.len());
    let agree = told.iter().zip(&meant).filter(|(told, meant)| **told == Some(**meant)).count();
    assert!(agree * 100 >= meant.len() * 88, "{agree} of {} agree", meant.len());
}

fn empty(folder: &Path) -> Workspace {
    Workspace::init(folder, &Settings::default()).unwrap()
}

#[test]
fn orders_and_cases_account_for_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = empty(&folder.path().join("shop"));
    let file = folder.path().join("orders.csv");
    fs::write(
        &file,
        "订单编号,买家会员名,订单状态,订单创建时间,商品ID\n\
         1001,甲乙丙丁,交易成功,2026-10-02 10:00:00,61\n\
         1001,甲乙丙丁,交易成功,2026-10-02 10:00:00,61\n\
         1002,j***1,交易成功,2026-10-03 10:00:00,61\n\
         1003,甲乙丙丁,交易关闭,2026-10-04 10:00:00,61\n\
         1004,甲乙丙丁,交易成功,谁知道,61\n\
         ,甲乙丙丁,交易成功,2026-10-04 10:00:00,61\n",
    )
    .unwrap();
    let add = |file: &Path| side::add_orders(&mut workspace.write().unwrap(), Input::Path(file), &Add::default());
    let ledger = add(&file).unwrap();
    assert!(ledger.balances());
    assert_eq!((ledger.rows, ledger.kept, ledger.repeats), (6, 2, 1));
    assert_eq!(ledger.left_out.keys().collect::<Vec<_>>(), ["bad_date", "no_order_id", "not_paid"]);
    assert_eq!((add(&file).unwrap().kept, workspace.orders().unwrap().len()), (0, 2), "twice changes nothing");
    fs::write(&file, "a,b\n1,2\n").unwrap();
    assert_eq!(add(&file).unwrap_err().code(), "not_this_file");

    assert_eq!(cases(&workspace, &Ask::default()).unwrap_err().code(), "no_cases");
    assert_eq!(of_workspace(&workspace, &Ask::default()).unwrap_err().code(), "no_chats");
    let file = folder.path().join("cases.csv");
    fs::write(
        &file,
        "售后单号,申请时间,审核时间,完结时间,售后类型,处理方式,退款金额,首次原因,最终原因,买家会员名,商品ID\n\
         a1,2026-10-01 10:00:00,2026-10-01 12:00:00,2026-10-03 10:00:00,退货退款,人工,40,质量问题,不想要了,甲乙丙丁,61\n\
         a2,2026-10-01 10:00:00,,2026-10-01 10:00:05,仅退款,系统自动,5,少件,,甲乙丙丁,61\n\
         a3,2026-10-02 10:00:00,,,换货,人工,,尺码不合适,,甲乙丙丁,61\n\
         a4,2026-10-05 10:00:00,2026-10-05 11:00:00,2026-10-05 09:00:00,换货,人工,,尺码不合适,,甲乙丙丁,61\n\
         a4,2026-10-05 10:00:00,,,换货,人工,,尺码不合适,,甲乙丙丁,61\n\
         a5,,,,换货,人工,,尺码不合适,,甲乙丙丁,61\n",
    )
    .unwrap();
    let add = || side::add_cases(&mut workspace.write().unwrap(), Input::Path(&file), &Add::default()).unwrap();
    let ledger = add();
    assert!(ledger.balances());
    assert_eq!((ledger.rows, ledger.kept, ledger.repeats, ledger.left_out["no_date"]), (6, 4, 1, 1));
    assert_eq!(ledger.marks["clock_went_back"], 1);
    assert_eq!(add().repeats, 5, "twice changes nothing");
    let report = cases(&workspace, &Ask::default()).unwrap();
    assert_eq!(table(&report, "open").rows.len(), 1, "a3, three days before the last moment told");
    let quadrant = &table(&report, "quadrant").rows;
    assert_eq!(quadrant[0][0].shown(Lang::En), "both");
    assert_eq!(quadrant[0][1].shown(Lang::En), "退货退款");
    assert_eq!(table(&report, "reasons").rows.len(), 3);
}

#[test]
fn what_the_shop_knows_of_itself_shows_in_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, _) = demo::make(&folder.path().join("shop"), None).unwrap();
    // A phrase of the shop's own list, one that two agents took up, and a listing change.
    fs::write(
        workspace.root().join("scripts.csv"),
        "name,phrase\n优先发,\"亲的订单已收到，今天优先发\"\n没人说,\"谁也不说XX的话\"\n",
    )
    .unwrap();
    let events = "date,kind,shop,sku,text\n2026-10-04,话术,小鹿生活馆,,客服改说“今天优先发”\n2026-10-04,listing,小鹿生活馆,,物流变慢\n";
    fs::write(workspace.root().join("events.csv"), events).unwrap();
    let open = agents(&workspace, &Ask::default()).unwrap();
    let scripts = table(&open, "scripts");
    let row = |name: &str| scripts.rows.iter().find(|r| r[0].shown(Lang::Zh) == name).unwrap();
    let said = |row: &[Value]| matches!(row[2], Value::Share(r) if r.mentions >= 3 && r.base > 50);
    assert!(said(row("优先发")) && !said(row("没人说")));
    assert_eq!(table(&open, "scripts_by_agent").columns.len(), 4, "one column for each phrase of the list");
    let phrases = table(&open, "phrases");
    let bought = phrases.rows.iter().find(|r| r[1].shown(Lang::En).contains("purchase")).unwrap();
    assert!(matches!((&bought[2], &bought[3]), (Value::Share(b), Value::Share(a)) if b.base > 0 && a.base > 0));
    let praise = phrases.rows.iter().find(|r| r[1].shown(Lang::Zh).contains("点名")).unwrap();
    assert!(matches!(&praise[5], Value::Share(control) if control.base > 100), "competitors are the control");
    // Named agents of the competitor rose by themselves: the shop's own share fell beside them, and is no rise.
    assert!(!praise[10].shown(Lang::En).contains("rise"), "{:?}", praise[10]);

    let hidden = agents(&workspace, &Ask { pseudonyms: true, ..Ask::default() }).unwrap();
    for format in FORMATS {
        let text = String::from_utf8_lossy(&written(&hidden, format.ending)).into_owned();
        assert!(!text.contains("小圆") && !text.contains("糖糖"), "an agent's name in {}", format.ending);
    }
    let pairs = of_workspace(&workspace, &Ask::default()).unwrap();
    let pair = &table(&pairs, "asked_then_complained").rows[0];
    assert!(pair[0].shown(Lang::En).starts_with("610020102") && pair[1].shown(Lang::En) == "Smell");

    let every = earful::run::chats::definitions();
    let metrics = table(&every, "definitions");
    for pack in ["earful", "taobao", "douyin", "kuaishou", "pdd", "tiktok", "tencent"] {
        assert!(metrics.rows.iter().any(|r| r[0].shown(Lang::En) == pack), "{pack}");
    }
    assert!(metrics.rows.iter().all(|r| r[11] != Value::None), "every definition names its source");
}

/// One conversation of a mistyped year is in no report on chats unless somebody asks for that year; the report says so.
#[test]
fn a_mistyped_year_of_a_chat_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, _) = demo::make(&folder.path().join("shop"), None).unwrap();
    let told = || {
        let reports = [of_workspace, lost, agents].map(|report| report(&workspace, &Ask::default()).unwrap());
        let said = |tables: &Tables| {
            let both = tables.verdict.iter().filter(|s| s.zh.contains("2038-01-19") && s.en.contains("mistyped"));
            (both.count(), tables.title.en.contains("2026-10"))
        };
        reports.each_ref().map(said)
    };
    assert_eq!(told(), [(0, true); 3]);
    let file = folder.path().join("late.csv");
    let rows = "会话ID,时间,角色,发送人,内容,商品ID\nz1,2038-01-19 10:00:00,买家,远方,在吗,61\n";
    fs::write(&file, rows).unwrap();
    let ask = Add { shop: Some("小鹿生活馆".into()), ..Add::default() };
    let ledger = add::add(&mut workspace.write().unwrap(), Input::Path(&file), &ask, None).unwrap();
    assert_eq!(ledger.kept, 1);
    assert_eq!(told(), [(1, true); 3]);
}

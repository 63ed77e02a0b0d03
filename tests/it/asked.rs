//! What chats are asked for, through the command line: questions that rise after a listing change or of a new
//! product, questions before buying that come back as complaints, and reasons for leaving that a purchase takes back.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::chat_files::{add, earful, json, table, workspace};

const HEAD: &str = "会话ID,时间,角色,发送人,内容,商品ID\n";

/// Conversations of one SKU on consecutive days of a month, two messages each; the first `asked` of them ask `what`.
fn talks(sku: &str, month: &str, n: usize, (asked, what): (usize, &str)) -> String {
    let mut out = String::new();
    for at in 0..n {
        let says = if at < asked { what } else { "能发顺丰吗" };
        // The days are dealt out evenly, so that both halves of every month are alike.
        // Four weeks from the third, or from the first.
        let first = if month.ends_with("09") { 3 } else { 1 };
        let time = format!("{month}-{:02} {:02}:00", first + at * 7 % 28, 9 + at % 12);
        let id = format!("{sku}-{month}-{at}");
        writeln!(out, "{id},{time}:00,买家,客{id},{says},{sku}\n{id},{time}:40,客服,店:小美,亲可以的,{sku}").unwrap();
    }
    out
}

fn mentions(row: &Value, key: &str) -> [u64; 2] {
    ["mentions", "base"].map(|part| row[key][part].as_u64().unwrap_or_else(|| panic!("{key} of {row}")))
}

/// Rows of a SKU and category; a product may stand behind its SKU.
fn of<'r>(rows: &'r [Value], sku: &str, category: &str) -> Vec<&'r Value> {
    let is = |row: &&Value| row["sku"].as_str().is_some_and(|s| s.starts_with(sku)) && row["category"] == category;
    rows.iter().filter(is).collect()
}

#[test]
fn questions_that_rise_after_a_listing_change_or_of_a_new_product_are_told_and_no_others() {
    let folder = workspace();
    let folder = folder.path();
    let (size, quiet) = ("穿几码合适", (4, "穿几码合适"));
    let mut text = HEAD.to_string();
    // 601 loses its size chart on 1 October, 602 is edited, too, and stays as it was; 603 is new in October.
    text += &talks("601", "2026-09", 56, quiet);
    text += &talks("601", "2026-10", 56, (24, size));
    text += &talks("602", "2026-09", 56, quiet);
    text += &talks("602", "2026-10", 56, quiet);
    text += &talks("603", "2026-10", 56, (24, "这个怎么安装"));
    add(folder, "chats.csv", &text);
    for (sku, kind, what) in [("601", "listing", "尺码表拿掉了"), ("602", "listing", "换主图"), ("603", "new", "上新")]
    {
        let args = ["event", "add", "2026-10-01", what, "--kind", kind, "--shop", "店", "--sku", sku];
        assert_eq!(earful(folder, &args).0, 0);
    }
    let report = json(folder, &["chats", "--lang", "zh", "--format", "json"]);
    let rows = table(&report, "after_events");
    let rises: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row["direction"] == "rise")
        .map(|row| (row["sku"].as_str().unwrap(), row["category"].as_str().unwrap()))
        .collect();
    assert_eq!(rises, [("603", "使用方法"), ("601", "合身度")], "{rows:#?}");
    let [listing] = of(rows, "601", "合身度")[..] else { panic!("one row") };
    assert_eq!((mentions(listing, "after"), mentions(listing, "before")), ([24, 56], [4, 56]));
    assert_eq!(listing["of"], "之前四周");
    let [new] = of(rows, "603", "使用方法")[..] else { panic!("one row") };
    assert_eq!((mentions(new, "after"), mentions(new, "before")), ([24, 56], [0, 112]));
    assert_eq!(new["of"], "同期其他 SKU");
    assert!(listing["event"].as_str().unwrap().contains("尺码表拿掉了"));
}

#[test]
fn what_was_asked_before_buying_is_linked_to_complaints_of_the_same_product_and_nothing_else() {
    let folder = workspace();
    let folder = folder.path();
    let smell = (12, "这个会有味道吗");
    let mut text = HEAD.to_string();
    // Asked of 601 and of 602, complained of by buyers of 601 and of 603.
    for month in ["2026-09", "2026-10"] {
        text += &talks("601", month, 40, smell);
        text += &talks("602", month, 40, smell);
        text += &talks("603", month, 40, (0, ""));
    }
    // Two who asked come back and complain in a chat of their own.
    for at in 0..2 {
        let asker = format!("客601-2026-10-{at}");
        writeln!(text, "b{at},2026-10-29 10:0{at}:00,买家,{asker},收到了，一股塑料味，太难闻了,601").unwrap();
        writeln!(text, "b{at},2026-10-29 10:1{at}:00,客服,店:小美,亲抱歉，给您处理,601").unwrap();
    }
    add(folder, "chats.csv", &text);
    let mut reviews = "评价编号,商品ID,评价时间,评价星级,评价内容\n".to_string();
    for (sku, month, bad) in
        [("601", 9, 3), ("601", 10, 30), ("602", 9, 0), ("602", 10, 0), ("603", 9, 3), ("603", 10, 30)]
    {
        for at in 0..60 {
            let says = if at < bad { "一股刺鼻的味道" } else { "孩子很喜欢，质量不错" };
            writeln!(reviews, "R{sku}{month}{at},{sku},2026-{month:02}-{:02} 08:00:00,4,{says}{at}", 1 + at % 28)
                .unwrap();
        }
    }
    add(folder, "reviews.csv", &reviews);
    let report = json(folder, &["chats", "--period", "2026-10", "--lang", "zh", "--format", "json"]);
    let rows = table(&report, "asked_then_complained");
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let [row] = of(rows, "601", "气味")[..] else { panic!("601 and smell: {rows:#?}") };
    assert_eq!((mentions(row, "asked"), mentions(row, "asked_before")), ([12, 40], [12, 40]));
    assert_eq!((mentions(row, "complained"), mentions(row, "complained_before")), ([32, 62], [3, 60]));
    assert_eq!((&row["direction"], &row["same_buyers"]), (&"rise".into(), &2.into()));
}

/// Chats that a tally counts with a category.
fn counted(folder: &Path, category: &str) -> u64 {
    let path = folder.join("tally.csv");
    let args = ["tally", "--kind", "chat", "--category", category, "-o", "tally.csv"];
    let (code, said) = earful(folder, &args);
    assert_eq!(code, 0, "{said}");
    let mut rows = csv::Reader::from_path(path).unwrap();
    let column = |row: &csv::StringRecord, at: usize| row[at].to_string();
    let of = |row: &csv::StringRecord| column(row, 4) == category && column(row, 5) == "mention";
    rows.records().map(Result::unwrap).filter(of).map(|row| column(&row, 6).parse::<u64>().unwrap()).sum()
}

/// Chats that a search finds with it.
fn found(folder: &Path, category: &str) -> Vec<String> {
    let (_, hits) = earful(folder, &["search", "--kind", "chat", "--category", category, "--format", "csv"]);
    hits.lines().skip(1).map(|line| line.split(',').next().unwrap().to_string()).collect()
}

#[test]
fn a_reason_for_leaving_counts_only_of_those_who_left_in_every_report_and_search() {
    let folder = workspace();
    let folder = folder.path();
    let talk = |id: &str, day: u32, words: &str| {
        format!(
            "{id},2026-10-{day:02} 10:00:00,买家,客{id},{words},601\n{id},2026-10-{day:02} 10:01:00,客服,店:小美,亲好的,601\n"
        )
    };
    let mut text = HEAD.to_string();
    text += &talk("1", 5, "有点贵，再看看别家");
    text += &talk("2", 5, "太贵了，算了不买了");
    text += &talk("3", 5, "收到货了，质量太差要退货，早知道这么贵就不买了");
    add(folder, "chats.csv", &text);
    let lost = "lost/price";
    assert_eq!((counted(folder, lost), found(folder, lost).len()), (2, 2), "whoever sends it back did buy");

    // One of them buys two days later: whatever counts reasons for leaving lets it go.
    let stayed = found(folder, lost);
    let buys = |buyer: &str| {
        let head = "订单编号,买家会员名,订单状态,订单创建时间,商品ID";
        fs::write(folder.join("bought.csv"), format!("{head}\n{buyer}1,{buyer},交易成功,2026-10-07 10:00:00,601\n"))
            .unwrap();
        assert_eq!(earful(folder, &["add", "--orders", "bought.csv", "--shop", "店"]).0, 0);
        earful(folder, &["lost", "--lang", "en"]).1
    };
    assert!(buys("客9").contains("means nothing"), "orders of people who never asked");
    assert_eq!((counted(folder, lost), found(folder, lost)), (2, stayed.clone()));
    assert!(!buys("客2").contains("means nothing"));
    let left = found(folder, lost);
    assert_eq!((counted(folder, lost), left.len()), (1, 1));
    let bought = stayed.iter().find(|uid| !left.contains(uid)).unwrap();
    let (_, why) = earful(folder, &["why", bought, "--lang", "en"]);
    assert!(why.contains(lost) && why.contains("reasons for not buying are not counted"), "{why}");
    assert!(!earful(folder, &["why", &left[0], "--lang", "en"]).1.contains("not counted"));

    let report = json(folder, &["lost", "--lang", "zh", "--format", "json"]);
    let reasons = table(&report, "reasons");
    let price = reasons.iter().find(|row| row["reason"] == "嫌贵没买").unwrap();
    assert_eq!(mentions(price, "now"), [1, 1], "the one that did not buy gave it");

    // A person who decides by hand is believed.
    let stance = ["decide", bought.as_str(), lost, "mention"];
    let (code, said) = earful(folder, &stance);
    assert_eq!(code, 0, "{said}");
    assert_eq!((counted(folder, lost), found(folder, lost).len()), (2, 2));
}

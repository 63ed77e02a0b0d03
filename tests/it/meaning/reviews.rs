//! Rows of reviews and of sheets kept by hand.

use super::*;
use earful::words::{Moment, Silence};
use proptest::prelude::*;

#[test]
fn a_review_has_its_follow_up_and_reply_in_their_places() {
    let source = source(
        Kind::Review,
        "tmall",
        &[
            "review_id",
            "buyer",
            "created_at",
            "sku_text",
            "rating",
            "text",
            "append_text",
            "append_days",
            "reply",
            "reply_time",
            "order_id",
            "product_title",
        ],
    );
    let rows: &[&[&str]] = &[
        &[
            "900000001",
            "示例买家",
            "2024-01-19 21:02:33",
            "颜色:黑;尺码:XL",
            "4",
            "孩子很喜欢，<b></b>花色好",
            "用了两周漏水",
            "14",
            "已补发，电话13800138000",
            "2024-01-20 08:00:00",
            "3000000000000000009",
            "杯子",
        ],
        &["900000002", "x***y", "2024-01-22 00:00:01", "", "", "此用户没有填写评论!", "", "", "", "", "", "杯子"],
        &[
            "900000003",
            "x***y",
            "2024-01-22 00:00:01",
            "",
            "",
            "此用户没有填写评论!",
            "其实有味道",
            "3",
            "",
            "",
            "0",
            "杯子",
        ],
    ];
    let (records, ledger) = read(&source, rows);
    let review = &records[0];
    assert_eq!(
        said(review),
        [
            "buyer 2024-01-19 21:02:33 孩子很喜欢，花色好",
            "agent 2024-01-20 08:00:00 已补发，电话138****8000",
            "buyer(follow_up) 2024-02-02 21:02:33 用了两周漏水",
        ]
    );
    assert_eq!(customer_text(review), "孩子很喜欢，花色好|用了两周漏水");
    assert_eq!(review.variant, [("颜色".into(), "黑".into()), ("尺码".into(), "XL".into())]);
    assert_eq!((review.stars.as_ref().unwrap().value, review.sku.as_str()), (4.0, "杯子"));
    assert!(review.buyer.is_some() && review.order.is_some() && review.row == 2);
    assert_eq!((records[1].silence, customer_text(&records[1])), (Some(Silence::DefaultPraise), String::new()));
    assert_eq!((records[2].silence, records[2].buyer, records[2].order), (None, None, None));
    assert_eq!(customer_text(&records[2]), "其实有味道");
    assert_eq!((ledger.kept, left_out(&ledger), ledger.records), (2, vec![("default_praise", 1)], 3));
    assert_eq!(ledger.days, Some(("2024-01-19".into(), "2024-01-22".into())));
    assert_eq!(ledger.marks["masked_phone"], 1);
}

#[test]
fn rows_are_left_out_for_a_reason_that_is_counted() {
    let source = source(
        Kind::Review,
        "",
        &[
            "review_id",
            "created_at",
            "rating",
            "text",
            "curated=moderation",
            "is_seller",
            "is_public",
            "sample_filter",
            "buyer",
        ],
    );
    let rows: &[&[&str]] = &[
        &["r-0001", "2024-01-01", "5", "很好", "ok", "false", "true", "", "a"],
        &["r-0002", "2024-01-01", "5", "buy watches", "spam", "", "", "", "b"],
        &["r-0003", "2024-01-01", "5", "谢谢惠顾", "", "true", "", "", "c"],
        &["r-0004", "2024-01-01", "5", "VIP", "", "", "false", "", "d"],
        &["r-0005", "2024-01-01", "5", "good", "", "", "", "4-5 star only", "e"],
        &["r-0006", "", "5", "good", "", "", "", "", "f"],
        &["r-0007", "2024-02-30", "5", "good", "", "", "", "", "g"],
        &["r-0008", "05/03/2024", "5", "good", "", "", "", "", "h"],
        &["r-0009", "2024-01-01", "3", "", "", "", "", "", "i"],
        &["", "", "", "", "", "", "", "", ""],
        &["r-0001", "2024-01-01", "5", "很好", "ok", "false", "true", "", "a"],
        &["r-0001", "2024-01-01", "1", "坏了，改了", "ok", "false", "true", "", "a"],
    ];
    let (records, ledger) = read(&source, rows);
    assert_eq!(
        left_out(&ledger),
        [
            ("bad_date", 1),
            ("date_order", 1),
            ("empty", 2),
            ("internal_note", 1),
            ("no_date", 1),
            ("seller_text", 1),
            ("spam", 1),
            ("star_filtered", 1),
        ]
    );
    assert_eq!((ledger.kept, ledger.repeats, ledger.marks["changed"]), (2, 1, 1));
    assert_eq!(records[1].silence, Some(Silence::Empty));
    assert_eq!(records[0].uid, records[2].uid, "an edited review is another version of the same record");
    let rows_told: Vec<(Option<u64>, &str)> = ledger.problems.iter().map(|p| (p.row, p.code.as_str())).collect();
    assert_eq!(rows_told, [(Some(7), "no_date"), (Some(8), "bad_date"), (Some(9), "date_order")]);
}

#[test]
fn the_same_export_again_changes_nothing_and_numbers_that_start_again_join_nothing() {
    let source = source(Kind::Review, "jd", &["序号=review_id", "sku_id", "buyer", "created_at", "text"]);
    let long = "质量真的很不错，物流也很快，客服态度好，下次还会再来买的";
    let rows: &[&[&str]] = &[
        &["1", "A", "甲", "2024-01-01 10:00:00", "很好"],
        &["2", "A", "乙", "2024-01-01 11:00:00", "很好"],
        &["3", "A", "", "2024-01-01 12:00:00", "很好"],
        &["4", "A", "", "2024-01-01 12:00:00", "很好"],
        &["5", "A", "", "2024-01-01 12:00:00", long],
        &["6", "A", "", "2024-01-01 12:00:00", long],
    ];
    let (records, ledger) = read(&source, rows);
    assert_eq!(
        (records.len(), ledger.repeats),
        (5, 1),
        "two people may say 很好; nobody writes the same long text twice"
    );
    let held = |record: &Record| {
        Ok(match records.iter().find(|known| known.uid == record.uid) {
            Some(known) if known.turns == record.turns => Held::This,
            Some(_) => Held::Another,
            None => Held::Nothing,
        })
    };
    let again = Settings { held: Some(&held), ..settings() };
    let mut shuffled = rows.to_vec();
    shuffled.rotate_left(2);
    let (new, ledger) = read_all(&source, &again, &batch(&shuffled));
    assert_eq!((new.len(), ledger.repeats, ledger.kept), (0, 6, 0));
}

#[test]
fn near_copies_are_kept_and_flagged() {
    let source = source(Kind::Review, "jd", &["review_id", "created_at", "text"]);
    let text = "这款儿童保温水杯颜值很高，杯盖密封性也不错，孩子每天带去幼儿园，保温效果能到下午";
    let (records, ledger) = read(
        &source,
        &[
            &["1000001", "2024-01-01", text],
            &["1000002", "2024-01-02", &text.replace('，', "。")],
            &["1000003", "2024-01-03", "裤子偏小一码，洗了起球，退货要自己出运费，很失望"],
        ],
    );
    assert_eq!(records.iter().map(|r| r.near_copy).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!((ledger.kept, ledger.marks["near_copy"]), (3, 1));
}

#[test]
fn damaged_ids_are_marked_and_join_nothing() {
    let source =
        source(Kind::Review, "tmall", &["review_id", "created_at", "text", "sku_id", "product_id", "order_id"]);
    let (records, ledger) = read(
        &source,
        &[
            &["6.9E+17", "2024-01-01", "味道很大，晾了两天才散掉，孩子不肯用", "1.78E+15", "6000001", "6.9E+18"],
            &["6.9E+17", "2024-01-01", "颜色和图片不一样，摸起来也比较薄", "1.78E+15", "6000001", "6.9E+18"],
        ],
    );
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|r| r.sku == "6000001" && r.order.is_none()));
    assert_eq!((ledger.marks["damaged_id"], ledger.repeats), (6, 0));
}

#[test]
fn sheets_kept_by_hand() {
    let log = source(Kind::Log, "", &["created_at", "sku_id", "category_manual", "text"]);
    let (records, ledger) = read(
        &log,
        &[
            &["2024/2/5", "CUP", "气味", "异味太重，打13800138000没人接"],
            &["2月6日", "CUP", "错发", "颜色发错"],
            &["", "LAMP", "", "灯不亮"],
            &["2024年2月7日", "LAMP", "漏电", ""],
        ],
    );
    let days: Vec<String> = records.iter().map(|r| r.time.unwrap().day().to_string()).collect();
    assert_eq!(days, ["2024-02-05", "2024-02-06", "2024-02-06", "2024-02-07"]);
    let given: Vec<Option<&str>> = records.iter().map(|r| r.given.as_deref()).collect();
    assert_eq!(given, [Some("气味"), Some("错发"), None, Some("漏电")]);
    assert_eq!((records[0].kind, customer_text(&records[0])), (Kind::Log, "异味太重，打138****8000没人接".to_string()));
    assert_eq!((ledger.kept, left_out(&ledger), ledger.marks["date_from_above"]), (3, vec![("empty", 1)], 1));

    let lost = source(Kind::Lost, "taobao", &["旺旺名=buyer", "未成交原因=text", "日期=created_at"]);
    let (records, _) = read(&lost, &[&["示例买家", "太贵", "2024-01-05"]]);
    assert_eq!((records[0].kind, records[0].buyer.is_some()), (Kind::Lost, true));

    let undated = source(Kind::Review, "", &["text", "rating"]);
    let (records, ledger) = read(&undated, &[&["好", "5"], &["坏", "1"]]);
    assert_eq!((records[0].time, ledger.kept, ledger.problems[0].code.as_str()), (None, 2, "no_date_column"));
}

#[test]
fn ratings_come_from_the_best_column_that_has_one() {
    let with = |columns: &[&str], row: &[&str]| {
        let mut all = vec!["created_at", "text"];
        all.extend(columns);
        let mut cells = vec!["2024-01-01", "好"];
        cells.extend(row);
        read(&source(Kind::Review, "", &all), &[&cells]).0[0].stars.as_ref().map(|s| s.value)
    };
    assert_eq!(with(&["rating", "rating_raw"], &["", "差评"]), Some(1.0));
    assert_eq!(with(&["rateType=rating_raw"], &["-1"]), Some(1.0));
    assert_eq!(with(&["rank=rating_raw"], &["1"]), Some(1.0));
    assert_eq!(with(&["rating_raw", "rating_product"], &["", "4"]), Some(4.0));
    assert_eq!(with(&["rating", "rating_min", "rating_max"], &["2", "1", "10"]), Some(1.44));
    assert_eq!(with(&["rating", "rating_max"], &["5", "5"]), Some(5.0));
    assert_eq!(with(&["rating"], &["80"]), None);
}

#[test]
fn titles_lists_and_pros_belong_to_the_words() {
    let source = source(
        Kind::Review,
        "amazon",
        &["created_at", "title", "text", "text_pros", "append_text", "append_time", "reply", "text_translated"],
    );
    let (records, _) = read(
        &source,
        &[&[
            "January 15, 2024",
            "Strong smell",
            "Does not wash out.<br />Returned",
            "Light\u{1f}Cheap",
            "second\u{1f}third",
            "2024-02-01\u{1f}2024-03-01",
            "sorry\u{1f}really sorry",
            "气味很重",
        ]],
    );
    assert_eq!(
        said(&records[0]),
        [
            "buyer 2024-01-15 00:00:00 Strong smell/Does not wash out./Returned/Light/Cheap",
            "buyer(follow_up) 2024-02-01 00:00:00 second",
            "buyer(follow_up) 2024-03-01 00:00:00 third",
            "agent - sorry",
            "agent - really sorry",
        ]
    );
}

#[test]
fn follow_ups_in_rows_of_their_own_go_to_their_review() {
    let source =
        source(Kind::Review, "douyin", &["review_id", "parent_id", "is_append", "created_at", "text", "append_text"]);
    let (records, ledger) = read(
        &source,
        &[
            &["7300000000000000009", "7300000000000000001", "1", "1707130000", "补发了一个"],
            &["7300000000000000001", "0", "0", "1704420000", "杯盖裂了", ""],
            &["7300000000000000002", "0", "0", "1704420000", "颜色不对", "客服补了5元"],
            &["7300000000000000008", "7300000000000000002", "1", "1707130000", "客服补了5元"],
            &["7300000000000000007", "7300000000000000003", "1", "1707130000", "没有首评的追评"],
        ],
    );
    assert_eq!(
        said(&records[0]),
        ["buyer 2024-01-05 10:00:00 杯盖裂了", "buyer(follow_up) 2024-02-05 18:46:40 补发了一个"]
    );
    assert_eq!((records.len(), ledger.kept, ledger.repeats), (3, 4, 1));
    assert_eq!(ledger.marks["follow_up_alone"], 1);
}

#[test]
fn a_sample_of_good_stars_only_is_told() {
    let source = source(Kind::Review, "", &["created_at", "text", "rating", "buyer"]);
    let rows: Vec<[String; 4]> =
        (0..60).map(|n| ["2024-01-01".into(), format!("好{n}"), "5".into(), format!("b{n}")]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let (_, ledger) = read(&source, &rows);
    assert_eq!(ledger.problems[0].code, "narrow_stars");
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("2024-01-03 12:00:01".into()),
        Just("2月6日".into()),
        Just("05/03/2024".into()),
        Just("5".into()),
        Just("好评".into()),
        Just("1".into()),
        Just("true".into()),
        Just("此用户没有填写评价".into()),
        Just("13800138000".into()),
        Just("示例旗舰店:小美".into()),
        Just("颜色:黑;尺码:XL".into()),
        Just("a\u{1f}b".into()),
        Just("客户".into()),
        Just("6.9E+17".into()),
        Just("撤回了一条消息".into()),
        Just("2024-01-03 12:00:01\n买家: 在吗\n".into()),
        "[0-9]{1,8}",
        ".{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn every_row_is_accounted_for(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        fields in prop::sample::subsequence(Field::ALL.to_vec(), 1..14),
        rows in prop::collection::vec(prop::collection::vec(cell(), 14), 0..20),
    ) {
        let columns: Vec<&str> = fields.iter().map(|f| f.key()).collect();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        // `read` asserts that rows = kept + repeats + left out.
        let (records, ledger) = read(&source(kind, "taobao", &columns), &rows);
        for record in &records {
            prop_assert!(record.turns.iter().all(|t| !t.text.contains("13800138000")));
        }
        // The same rows once more: the same records, byte for byte.
        prop_assert_eq!(read(&source(kind, "taobao", &columns), &rows), (records, ledger));
    }
}

#[test]
fn moments_of_rows_are_on_the_shops_clock() {
    let source = source(Kind::Review, "shopify", &["created_at", "text"]);
    let (records, _) = read(&source, &[&["2024-01-03 05:00:00 -0500", "ok"]]);
    assert_eq!(records[0].time.map(|t: Moment| t.to_string()).as_deref(), Some("2024-01-03 18:00:00"));
}

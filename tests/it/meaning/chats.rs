//! Chats: every text shape, roles, cards, clocks, conversations.

use super::*;
use earful::words::Silence;
use proptest::prelude::*;

#[test]
fn qianniu_with_brackets() {
    let text = "示例买家01 (2024-01-03 12:00:01): 在吗，这个水杯有味道吗\n示例旗舰店:小美 (2024-01-03 12:00:20): 亲，示例买家01您好\n\
        示例买家01 (2024-01-03 12:01:00): 好的，今天能发货吗\n发广东深圳的\n示例旗舰店:小美 (2024-01-03 12:01:30): 下午发哦\n\n\
        示例买家02 (2024-02-08 9:05:07): 杯盖是裂的\n示例旗舰店:阿亮 (2024-02-08 9:06:10): 亲，麻烦提供电话\n\
        示例买家02 (2024-02-08 9:07:00): 订单3000000000000000009，电话 130 0000 0001，广东省深圳市示例区示例路1号2栋303室 张三\n\
        示例旗舰店:阿亮 (2024-02-08 9:08:00): 已为您登记补发\n";
    let (records, ledger, profile) = read_log(text);
    assert_eq!((profile, ledger.rows, ledger.kept, records.len()), ("qianniu_paren", 8, 8, 2));
    let first = said(&records[0]);
    assert_eq!(first[2], "buyer 2024-01-03 12:01:00 好的，今天能发货吗/发广东深圳的");
    assert!(first[1].starts_with("agent 2024-01-03 12:00:20 亲，[买家#") && !first[1].contains("示例买家"));
    assert_eq!(records[1].turns[1].agent.as_deref(), Some("示例旗舰店:阿亮"));
    assert!(!records[1].turns[2].text.contains("0000") && !records[1].turns[2].text.contains("张三"));
    assert!(records[0].buyer.is_some() && records[0].buyer != records[1].buyer);
    assert_eq!(records[0].row, 1);
}

#[test]
fn qianniu_from_the_clipboard_has_four_shapes() {
    let text = "示例买家03 2024-01-15 14:02:09\n当前用户来自 商品详情页\n这款有500ml的吗\n已读\n示例旗舰店:小美2024-1-15 14:02:31\n亲，有的哦\n已读\n\
        示例买家03 --> 示例旗舰店:小美 2024-01-15 14:03:00\n太贵了，别家才39\n示例旗舰店:小美\n2024-01-15 14:03:40\n亲，我们送三年质保呢\n\
        由 服务助手 转交给 示例旗舰店:阿亮\n示例买家03 撤回了一条消息\n示例买家03 2024-02-02 20:00:00\n\
        https://item.example.com/item.htm?id=600000000001\n还有活动吗\n未读\n";
    let (records, ledger, profile) = read_log(text);
    assert_eq!((profile, ledger.rows, ledger.kept), ("qianniu_clipboard", 5, 5));
    assert_eq!(records.len(), 2, "more than a day of silence lies between");
    assert_eq!(
        said(&records[0]),
        [
            "buyer 2024-01-15 14:02:09 这款有500ml的吗",
            "agent 2024-01-15 14:02:31 亲，有的哦",
            "buyer 2024-01-15 14:03:00 太贵了，别家才39",
            "agent 2024-01-15 14:03:40 亲，我们送三年质保呢",
        ]
    );
    assert_eq!(
        said(&records[1]),
        [
            "buyer(card) 2024-02-02 20:00:00 https://item.example.com/item.htm?id=600000000001",
            "buyer 2024-02-02 20:00:00 还有活动吗",
        ]
    );
    assert_eq!(records[1].product_id, "600000000001");
    assert_eq!(records[0].buyer, records[1].buyer);
}

#[test]
fn other_text_shapes() {
    for (text, profile, expect) in [
        (
            "消息对象:示例买家\n\n2024-01-03 9:00:00 示例买家(12345678)\n在吗\n\n2024-01-03 9:00:10 小店(87654321)\n亲，在的\n",
            "qq_text",
            vec!["buyer 2024-01-03 09:00:00 在吗", "agent 2024-01-03 09:00:10 亲，在的"],
        ),
        (
            "[示例买家] 2024-01-01 10:00:00\n有货吗\n[示例店:小美] 2024-01-01 10:00:05\n有的\n",
            "qianniu_clipboard",
            vec!["buyer 2024-01-01 10:00:00 有货吗", "agent 2024-01-01 10:00:05 有的"],
        ),
        (
            "小明 (2024-01-03 12:00:00): 怎么还没发货\n青青 (2024-01-03 12:00:20): 亲，您好，马上为您查询\n小明 (2024-01-03 12:01:00): 我的很急\n",
            "qianniu_paren",
            vec![
                "buyer 2024-01-03 12:00:00 怎么还没发货",
                "agent 2024-01-03 12:00:20 亲，您好，马上为您查询",
                "buyer 2024-01-03 12:01:00 我的很急",
            ],
        ),
    ] {
        let (records, ledger, found) = read_log(text);
        assert_eq!((found, said(&records[0])), (profile, expect.iter().map(|s| s.to_string()).collect()));
        assert_eq!(ledger.left_out_in_all(), 0);
    }
    for text in [
        "日期,SKU,原话\n2024-01-03 12:00:01,A,坏了\n",
        "你好\n这是一封信\n2024年1月\n",
        "",
        "a,b,2024-01-03 12:00:01\nc,d,2024-01-03 12:00:02\n",
    ] {
        assert!(Log::sniff(text).is_none(), "{text}");
    }
}

#[test]
fn reviews_copied_from_the_sellers_page() {
    let text = "初次评价：2026-07-13 20:13\n杯子有味道\n追加评价：2026-07-20 08:00\n散了\n订单号：3000000000000000009\n情感分类：负面\n\
        初次评价：2026-07-14 20:13\n很好\n订单号：3000000000000000010\n";
    let (records, ledger, profile) = read_log(text);
    assert_eq!((profile, ledger.kept), ("tmall_seller_page", 2));
    assert_eq!(
        said(&records[0]),
        ["buyer 2026-07-13 20:13:00 杯子有味道", "buyer(follow_up) 2026-07-20 08:00:00 散了"]
    );
    assert!(records[0].order.is_some() && records[0].order != records[1].order);
}

#[test]
fn a_dialog_in_one_cell() {
    let source = source(Kind::Chat, "taobao", &["客户ID=conv_id", "聊天记录=text"]);
    let cell = "2024-01-03 12:00:01\n示例买家01: 有味道吗\n\n2024-01-03 12:00:20\n示例旗舰店:小美: 亲，没有的\n\n2024-01-03 12:01:00\n示例买家01: 好的\n";
    let (records, ledger) =
        read(&source, &[&["示例买家01", cell], &["示例买家02", "2024-01-04 12:00:01\n示例买家02: 发货了吗\n"]]);
    assert_eq!((ledger.rows, ledger.kept, records.len()), (2, 2, 2));
    assert_eq!(
        said(&records[0]),
        [
            "buyer 2024-01-03 12:00:01 有味道吗",
            "agent 2024-01-03 12:00:20 亲，没有的",
            "buyer 2024-01-03 12:01:00 好的",
        ]
    );
}

#[test]
fn times_without_a_day_take_the_files_and_count_midnights_back() {
    let columns = ["客户名=conv_id", "msg_id", "ts", "text", "sender", "账号类型=role"];
    let captured = Some(jiff::civil::date(2024, 1, 16));
    let source = Source { captured, profile: "qianniu_xlsx".into(), ..source(Kind::Chat, "taobao", &columns) };
    let rows: &[&[&str]] = &[
        &["甲", "1", "23:59:30", "在吗", "甲", "客户"],
        &["甲", "2", "23:59:50", "亲在的", "示例店:小美", "客服"],
        &["甲", "3", "00:00:10", "有味道", "甲", "客户"],
    ];
    let (records, ledger) = read(&source, rows);
    let times: Vec<String> = records[0].turns.iter().map(|t| t.time.unwrap().to_string()).collect();
    assert_eq!(times, ["2024-01-15 23:59:30", "2024-01-15 23:59:50", "2024-01-16 00:00:10"]);
    assert_eq!((ledger.marks["day_from_file"], ledger.problems[0].code.as_str()), (1, "day_from_file"));
    let (records, ledger) = read(&Source { captured: None, ..source }, rows);
    assert_eq!((records[0].time, ledger.kept), (None, 3), "read, without a day, and said so");
    assert_eq!(ledger.marks["time_without_day"], 1);
}

#[test]
fn notices_in_the_buyers_name_cards_and_recalls_are_not_the_customers_words() {
    let source = source(Kind::Chat, "pdd", &["ts", "msg_id", "role", "sender", "text", "type=msg_type"]);
    let mut source = source;
    source.constants = vec![(Field::Buyer, "示例买家".into())];
    let (records, ledger) = read(
        &source,
        &[
            &["1705370400", "m1", "user", "", "收纳盒少了两个", "0"],
            &["1705370410", "m2", "robot", "示例店:客服1", "亲，正在为您转接人工", "0"],
            &["1705370425", "m3", "user", "", "平台提示：您已进入会话", "0"],
            &["1705370500", "m4", "mall_cs", "示例店:客服1", "亲，麻烦发一下手机号哦", "0"],
            &["1705370560", "m5", "user", "", "13800138000", "0"],
            &["1705370570", "m6", "user", "", "", "0"],
            &["1705370600", "m7", "mall_cs", "示例店:客服1", "https://img.example.com/c.jpg", "1"],
            &["1705370600", "m7", "mall_cs", "示例店:客服1", "https://img.example.com/c.jpg", "1"],
            &["1705370700", "m8", "observer", "", "嗯", "0"],
        ],
    );
    assert_eq!(
        said(&records[0]),
        [
            "buyer 2024-01-16 10:00:00 收纳盒少了两个",
            "bot 2024-01-16 10:00:10 亲，正在为您转接人工",
            "system(automatic) 2024-01-16 10:00:25 平台提示：您已进入会话",
            "agent 2024-01-16 10:01:40 亲，麻烦发一下手机号哦",
            "buyer 2024-01-16 10:02:40 138****8000",
            "buyer(recalled) 2024-01-16 10:02:50 ",
            "agent(card) 2024-01-16 10:03:20 https://img.example.com/c.jpg",
        ]
    );
    assert_eq!(customer_text(&records[0]), "收纳盒少了两个|138****8000");
    assert_eq!((records.len(), ledger.kept, ledger.repeats, left_out(&ledger)), (1, 7, 1, vec![("unknown_role", 1)]));
}

#[test]
fn flags_and_lists_tell_the_role() {
    let jddc = source(Kind::Chat, "jd", &["session_id=conv_id", "user_id=buyer", "waiter_send=role", "content=text"]);
    let (records, ledger) = read(
        &jddc,
        &[
            &["s0001", "u0001", "0", "台灯不亮了怎么办"],
            &["s0001", "u0001", "1", "您好，请问是收到就不亮吗"],
            &["s0001", "u0001", "0", "是的"],
            &["s0002", "u0002", "0", "什么时候发货"],
            &["s0001", "u0001", "0", "是的"],
        ],
    );
    assert_eq!((records.len(), ledger.kept, ledger.problems[0].code.as_str()), (2, 5, "no_date_column"));
    assert_eq!(said(&records[1]), ["buyer - 什么时候发货"]);
    assert_eq!(records[0].turns.len(), 4, "without times nothing shows that 是的 is a repeat");

    let nested = source(Kind::Chat, "", &["session=conv_id", "turns[].role=role", "turns[].text=text"]);
    let (records, _) = read(&nested, &[&["a", "customer\u{1f}agent\u{1f}customer", "在吗\u{1f}您好\u{1f}坏了"]]);
    assert_eq!(said(&records[0]), ["buyer - 在吗", "agent - 您好", "buyer - 坏了"]);

    let rated = source(
        Kind::Chat,
        "zendesk",
        &["id=conv_id", "role", "name=sender", "ts", "msg=text", "rating_csat", "csat_comment"],
    );
    let (records, _) = read(
        &rated,
        &[
            &["1", "Visitor", "Ann", "2024-01-11 10:00:00", "My mug broke", "bad", "took too long"],
            &["1", "Trigger", "Bot", "2024-01-11 10:00:01", "Welcome!", "bad", "took too long"],
            &["1", "Agent", "Bea", "2024-01-11 10:05:00", "So sorry", "bad", "took too long"],
        ],
    );
    assert_eq!(
        said(&records[0]),
        [
            "buyer 2024-01-11 10:00:00 My mug broke",
            "bot(automatic) 2024-01-11 10:00:01 Welcome!",
            "agent 2024-01-11 10:05:00 So sorry",
            "buyer 2024-01-11 10:05:00 took too long",
        ]
    );

    let tickets = source(
        Kind::Chat,
        "zendesk",
        &["Id=conv_id", "Requester=buyer", "Subject=text", "Created at=ts", "Satisfaction Score=rating_csat"],
    );
    let (records, ledger) = read(
        &tickets,
        &[
            &["9001", "A", "Where is my order?", "2024-01-11 10:00", "good"],
            &["9002", "B", "Wrong colour", "2024-01-30 10:00", "bad"],
        ],
    );
    assert_eq!((records.len(), ledger.kept, customer_text(&records[1])), (2, 2, "Wrong colour".into()));
    assert_eq!(records.iter().map(|r| r.stars.as_ref().unwrap().value).collect::<Vec<_>>(), [5.0, 1.0]);
}

#[test]
fn clocks_that_jump_run_backwards_or_miss() {
    let source = source(Kind::Chat, "", &["conv_id", "role", "ts", "text"]);
    let (records, ledger) = read(
        &source,
        &[
            &["c1", "user", "2024-01-03 10:00:00", "一"],
            &["c1", "agent", "2024-01-03 10:00:20", "二"],
            &["c1", "user", "2024-01-03 10:00:15", "三"],
            &["c1", "agent", "", "四"],
            &["c1", "user", "2024-01-03 10:01:00", "五"],
            &["c2", "agent", "2024-01-03 10:02:00", "丙"],
            &["c2", "user", "2024-01-03 10:01:00", "乙"],
            &["c2", "user", "2024-01-03 10:00:00", "甲"],
            &["c3", "user", "not a date", "没有时间"],
            &["c4", "agent", "2024-01-04 10:00:00", "在吗亲"],
        ],
    );
    let order: Vec<String> = records.iter().map(|r| r.turns.iter().map(|t| t.text.as_str()).collect()).collect();
    assert_eq!(order, ["一三四二五", "甲乙丙", "在吗亲"]);
    assert_eq!(records[2].silence, Some(Silence::Empty), "the customer said nothing");
    assert_eq!(
        (ledger.marks["clock_went_back"], ledger.marks["newest_first"], ledger.marks["message_without_time"]),
        (1, 1, 1)
    );
    assert_eq!(left_out(&ledger), [("bad_date", 1)]);
}

#[test]
fn a_conversation_of_many_thousand_messages_is_bounded() {
    let source = source(Kind::Chat, "", &["conv_id", "role", "ts", "text"]);
    let rows: Vec<[String; 4]> = (0..20_500)
        .map(|n| ["c".into(), "user".into(), (1_700_000_000 + n * 60).to_string(), format!("第{n}条")])
        .collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let (records, ledger) = read(&source, &rows);
    assert_eq!(
        (records[0].turns.len(), ledger.kept, left_out(&ledger)),
        (20_000, 20_000, vec![("too_many_turns", 500)])
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_lines_are_a_log_or_not(lines in prop::collection::vec(prop_oneof![
        Just("示例买家01 (2024-01-03 12:00:01): 在吗".to_string()), Just("示例旗舰店:小美2024-1-15 14:02:31".into()), Just(String::new()),
        Just("甲 --> 店:乙 2024-01-15 14:03:00".into()), Just("2024-01-15 14:03:40".into()), Just("小美: 好的".into()), Just("已读".into()),
        Just("[甲] 2024-01-01 10:00:00".into()), Just("消息对象:甲".into()), Just("2024-01-03 9:00:00 甲(12345678)".into()),
        Just("初次评价：2026-07-13 20:13".into()), Just("追加评价：".into()), Just("订单号：1".into()), Just("https://a.b/c?id=12345678".into()),
        Just("[03/01/2024, 12:00:01] Sam: hello".into()), ".{0,30}",
    ], 0..30)) {
        let text = lines.join("\n");
        if Log::sniff(&text).is_some() {
            // `read_log` asserts that every row is accounted for.
            let (records, ..) = read_log(&text);
            prop_assert!(records.iter().all(|r| r.silence.is_some() || !customer_text(r).is_empty()));
        }
    }
}

//! What people do wrong, and what the program says and does then: wrong folders, names, endings, slips of the pen.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::earful;

/// What a command says, on both streams, and how it ends.
fn said(folder: &Path, args: &[&str]) -> (String, Option<i32>) {
    let out = earful(folder, args);
    let text = [out.stdout, out.stderr].concat();
    (String::from_utf8_lossy(&text).into_owned(), out.status.code())
}

fn reviews(from: usize) -> String {
    let row = |i: usize| {
        let words = ["盒子压扁了，一股塑料味", "没有异味，孩子很喜欢", "会掉色吗", "发货很快"][i % 4];
        format!("R{i},SKU-{},2026-{:02}-{:02} 08:00:00,{},{words}{i}\n", i % 2 + 1, 9 + i % 2, i % 28 + 1, i % 5 + 1)
    };
    let rows: String = (from..from + 40).map(row).collect();
    format!("评价编号,商品SKU,评价时间,评价星级,评价内容\n{rows}")
}

fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(said(at, &["init"]).1, Some(0));
    fs::write(at.join("reviews.csv"), reviews(0)).unwrap();
    let (text, code) = said(at, &["add", "reviews.csv", "--shop", "我的店"]);
    assert_eq!(code, Some(0), "{text}");
    folder
}

#[test]
fn a_folder_a_pattern_and_the_locks_of_excel_are_what_they_stand_for() {
    let folder = workspace();
    let at = folder.path();
    let exports = at.join("导 出");
    fs::create_dir(&exports).unwrap();
    fs::write(exports.join("十月.csv"), reviews(100)).unwrap();
    fs::write(exports.join("九月.csv"), reviews(200)).unwrap();
    fs::write(exports.join("~$十月.xlsx"), b"\x05admin").unwrap();
    fs::write(exports.join("photo.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    // A second download of the same name: brackets stand for themselves.
    fs::write(at.join("十月[1].csv"), reviews(400)).unwrap();
    let (text, code) = said(at, &["add", "?月[1]*.csv", "--dry-run", "--shop", "我的店", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("40 行 = 留用 40"), "{text}");
    for path in ["导 出", "导 出/*.csv", "导 出/?月.csv"] {
        let (text, code) = said(at, &["add", path, "--dry-run", "--shop", "我的店", "--lang", "zh"]);
        assert_eq!(code, Some(0), "{path}: {text}");
        assert!(text.contains("2 个文件，80 行 = 留用 80 + 重复 0"), "{path}: {text}");
    }
    let (text, code) = said(at, &["add", "导 出/~$十月.xlsx", "导 出/十月.csv", "--shop", "我的店", "--lang", "en"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("lock of a file that is open in Excel") && text.contains("40 kept"), "{text}");
    fs::create_dir(at.join("empty")).unwrap();
    for (path, word) in
        [("empty", "no export is in this folder"), ("导 出/*.xls", "no such files"), ("nowhere/*.csv", "no such")]
    {
        let (text, code) = said(at, &["add", path, "--shop", "我的店"]);
        assert!(code == Some(2) && text.contains(word) && text.contains("what to do"), "{path}: {text}");
    }
}

#[test]
fn of_several_files_the_end_says_which_were_not_read() {
    let folder = workspace();
    let at = folder.path();
    fs::write(at.join("more.csv"), reviews(300)).unwrap();
    fs::write(at.join("empty.csv"), "").unwrap();
    fs::write(at.join("headers.csv"), "评价编号,商品SKU,评价时间,评价星级,评价内容\n").unwrap();
    let (text, code) =
        said(at, &["add", "reviews.csv", "empty.csv", "more.csv", "headers.csv", "--shop", "我的店", "--lang", "zh"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("3 个文件，80 行 = 留用 40 + 重复 40 + 没有计入 0"), "{text}");
    assert!(text.contains("1 个没有读进来") && text.contains("：empty.csv"), "{text}");
    assert!(text.contains("只有表头") && text.contains("下一步：earful report"), "{text}");
    // What the import warned of, the status says again.
    let future =
        "评价编号,商品SKU,评价时间,评价星级,评价内容\nX1,SKU-1,昨日,5,很好很好\nX2,SKU-1,2026-10-02,5,很好很好呀\n";
    fs::write(at.join("odd.csv"), future).unwrap();
    let (added, _) = said(at, &["add", "odd.csv", "--shop", "我的店", "--lang", "en"]);
    let warned: Vec<&str> = added.lines().filter(|line| line.starts_with("  ! ")).collect();
    let (status, _) = said(at, &["status", "--lang", "en"]);
    assert!(!warned.is_empty() && warned.iter().all(|line| status.contains(line)), "{added}\n{status}");
}

#[test]
fn what_an_operator_types_first_is_understood_or_answered() {
    let folder = workspace();
    let at = folder.path();
    let found = said(at, &["search", "塑料味", "--lang", "zh"]).0;
    let uid = found.split_whitespace().find(|word| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit()));
    let uid = uid.expect("a search shows the id of a record");
    for (args, code, words) in [
        (&["event", "add", "2026-10-08", "换快递", "改发中通"][..], 0, "记下了"),
        (&["event", "list"], 0, "换快递 改发中通"),
        (&["decide", uid, "气味", "没有"], 0, "没有这一类"),
        (&["decide", uid, "气味", "挺好"], 2, "不满, 好评, 询问, 提及, 无"),
        (&["search", "--category", "物流"], 2, "物流配送 (fulfilment/shipping)"),
        (&["sample", "气味", "-n", "10"], 0, "样本-product-smell.xlsx，10 条"),
        // Nobody's work is written over.
        (&["taxonomy", "sample", "气味"], 2, "样本-product-smell.xlsx"),
        (&["eval", "sample"], 2, "earful sample"),
        (&["-w", ".", "coverage"], 0, "有标签的记录"),
        (&["status", "评价"], 2, "多出来的词：评价"),
    ] {
        let (text, ended) = said(at, &[args, &["--lang", "zh"]].concat());
        assert!(ended == Some(code) && text.contains(words), "{args:?}: {text}");
    }
}

#[test]
fn a_value_goes_by_its_chinese_words_as_well() {
    let folder = workspace();
    let at = folder.path();
    for (chinese, english) in [
        (&["report", "--by", "周"][..], &["report", "--by", "week"][..]),
        (&["report", "--by", "每周", "--against", "去年同期"], &["report", "--by", "Week", "--against", "last-year"]),
        (&["report", "--by", "周日起"], &["report", "--by", "sunday-week"]),
        (
            &["report", "--stance", "差评", "--base", "低星"],
            &["report", "--stance", "complaint", "--base", "low-stars"],
        ),
        (&["report", "--kind", "评论"], &["report", "--kind", "review"]),
        (&["report", "--kind", "全部"], &["report", "--kind", "all"]),
        (&["chats", "--pack", "拼多多", "--definitions"], &["chats", "--pack", "pdd", "--definitions"]),
        (
            &["search", "--stance", "投诉", "--who", "顾客", "--sort", "最新", "--kind", "评价"],
            &["search", "--stance", "complaint", "--who", "buyer", "--sort", "newest", "--kind", "review"],
        ),
        (
            &["why", "--text", "什么时候发货", "--kind", "聊天", "--stage", "售前", "--source", "天猫"],
            &["why", "--text", "什么时候发货", "--kind", "chat", "--stage", "presale", "--source", "tmall"],
        ),
        (&["add", "reviews.csv", "--date-order", "年月日"], &["add", "reviews.csv", "--date-order", "year-first"]),
        (&["status", "--lang", "中文"], &["status", "--lang", "zh"]),
    ] {
        assert_eq!(said(at, chinese), said(at, english), "{chinese:?}");
    }
    // The help names those of its language, and a slip is answered with them.
    for (lang, by) in [("zh", "日, 周, 周日起, 周六起, 月, 季度, 年"), ("en", "day, week, sunday-week")] {
        for args in [&["report", "--help"][..], &["report", "--by", "旬"]] {
            let (text, _) = said(at, &[args, &["--lang", lang]].concat());
            assert!(text.replace('\n', " ").contains(by), "{lang} {args:?}: {text}");
        }
    }
}

#[test]
fn everything_speaks_the_language_of_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(said(at, &["init", "shop", "--lang", "zh"]).1, Some(0));
    let shop = at.join("shop");
    for (from, args) in [
        (&shop, &["--help"][..]),
        (&shop, &["report", "--perid", "2026-10"]),
        (&shop, &["raport"]),
        (&shop.join("records"), &["report", "--by", "x"]),
    ] {
        let (text, _) = said(from, args);
        assert!(text.contains("用法") && !text.contains("Usage") && !text.contains("error:"), "{args:?}: {text}");
        assert!(!said(from, &[args, &["--lang=en"]].concat()).0.contains("用法"), "{args:?}");
    }
    // Told from outside, in every way in which it can be written.
    for place in [&["-w", "shop"][..], &["-wshop"], &["--workspace", "shop"], &["--workspace=shop"]] {
        let (text, code) = said(at, &[place, &["raport"]].concat());
        assert!(code == Some(2) && text.contains("没有这个命令"), "{place:?}: {text}");
    }
    // A mistake in the settings is told in their language.
    let settings = fs::read_to_string(shop.join("earful.toml")).unwrap();
    fs::write(shop.join("earful.toml"), settings.replace("zone = \"", "zone = ")).unwrap();
    let (text, code) = said(&shop, &["status"]);
    assert!(code == Some(2) && text.contains("错误：") && text.contains("怎么办"), "{text}");
}

#[test]
fn why_reads_a_text_by_what_is_told_about_it_and_says_what_more_would_change() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let rule = |only: &str| format!("[[complaint]]\nonly = {{ {only} }}\nany = [\"盒子\"]\n");
    let files = [("low", "stars = \"<=2\""), ("chat", "kind = \"聊天\""), ("agent", "speaker = \"客服\"")];
    assert_eq!(said(at, &["init", "."]).1, Some(0));
    fs::create_dir(at.join("taxonomy")).unwrap();
    for (name, only) in files {
        let text = format!("name = {{ zh = \"{name}\", en = \"{name}\" }}\n\n{}", rule(only));
        fs::write(at.join(format!("taxonomy/{name}.toml")), text).unwrap();
    }
    let why = |more: &[&str]| said(at, &[&["why", "--text", "盒子", "--lang", "zh"], more].concat()).0;
    let (label, hint) = (|name: &str| format!("\n{name} ({name}) · 不满\n"), "再多说一点");
    let text = why(&[]);
    assert!(text.contains("没有标签") && text.contains(hint), "{text}");
    for line in ["--kind 会话：多了 chat (chat) · 不满", "--stars 1：多了 low", "--speaker 客服：多了 agent"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    for (more, name) in [
        (&["--stars", "1"][..], "low"),
        (&["--kind", "会话"], "chat"),
        (&["--stage", "售后"], "chat"),
        (&["--speaker", "客服"], "agent"),
    ] {
        assert!(why(more).contains(&label(name)), "{more:?}: {}", why(more));
    }
    let all = why(&["--stars", "5", "--kind", "评价", "--speaker", "买家"]);
    assert!(!all.contains(hint), "{all}");
    assert!(why(&["--stars", "6"]).contains("1 到 5"));
}

#[test]
fn a_buyer_who_asks_for_it_is_taken_out_by_name_or_by_token() {
    let folder = workspace();
    let at = folder.path();
    let rows = "评价编号,商品SKU,评价时间,评价星级,评价内容,买家昵称\nB1,SKU-1,2026-10-02,1,一股塑料味很重,示例买家甲\nB2,SKU-1,2026-10-03,5,没有异味很好,示例买家乙\n";
    fs::write(at.join("buyers.csv"), rows).unwrap();
    assert_eq!(said(at, &["add", "buyers.csv", "--shop", "我的店"]).1, Some(0));
    assert_eq!(said(at, &["purge", "--buyer", "示例买家丙", "--yes"]).1, Some(1));
    let (text, code) = said(at, &["purge", "--buyer", "示例买家甲", "--yes", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("删除了 1 条记录"), "{text}");
    assert_eq!(said(at, &["purge", "--buyer", "示例买家甲", "--yes"]).1, Some(1));
}

#[test]
fn a_date_far_ahead_is_named_and_does_not_choose_the_period() {
    let folder = workspace();
    let at = folder.path();
    let slip = reviews(500) + "X1,SKU-1,2062-11-03 08:00:00,5,一股塑料味\n";
    fs::write(at.join("slip.csv"), &slip).unwrap();
    for args in [&["add", "slip.csv", "--shop", "我的店", "--dry-run"][..], &["add", "slip.csv", "--shop", "我的店"]]
    {
        let (text, _) = said(at, &[args, &["--lang", "en"]].concat());
        assert!(text.contains("! 1 record is dated more than three months after all others (2062-11-03)"), "{text}");
        assert!(text.contains("2026-09-01 … 2062-11-03"), "{text}");
    }
    let (status, _) = said(at, &["status", "--lang", "zh"]);
    assert_eq!(status.matches("1 条记录的日期（2062-11-03）").count(), 1, "{status}");
    let (report, _) = said(at, &["report", "--lang", "en"]);
    assert!(report.starts_with("我的店 · 2026-10") && report.contains("earful search --since 2062-11-03"), "{report}");
    let (found, _) = said(at, &["search", "--since", "2062-11-03", "--lang", "en"]);
    assert!(found.contains("塑料味") && found.contains("slip.csv"), "{found}");
    let (asked, _) = said(at, &["report", "--period", "2062-11", "--lang", "en"]);
    assert!(asked.contains("2062-11"), "{asked}");
    // A sheet of one day with a slip in it.
    let sheet = "日期,SKU,问题,原话\n2026-10-30,SKU-1,尺码,裤子小了一号\n2026-10-31,SKU-1,色差,颜色和图片不一样\n2062-11-01,SKU-2,气味,味道刺鼻\n";
    fs::write(at.join("day.csv"), sheet).unwrap();
    let (text, _) = said(at, &["add", "day.csv", "--shop", "我的店", "--lang", "zh"]);
    assert!(text.contains("1 条记录的日期（2062-11-01）"), "{text}");
    let (text, code) = said(at, &["report", "--kind", "log", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("2026-10"), "{text}");
    // Where no file shows it by itself, the status does.
    let folder = workspace();
    let at = folder.path();
    fs::write(at.join("one.csv"), slip.lines().next().unwrap().to_string() + "\n" + slip.lines().last().unwrap())
        .unwrap();
    assert_eq!(said(at, &["add", "one.csv", "--shop", "我的店"]).1, Some(0));
    let (status, _) = said(at, &["status", "--lang", "en"]);
    assert!(status.contains("! 1 record is dated") && status.contains("the others end on 2026-10"), "{status}");
}

#[test]
fn a_number_above_the_stars_is_a_slip_unless_there_are_many() {
    let folder = workspace();
    let at = folder.path();
    let file = |ratings: &[&str]| {
        let row = |(i, rating): (usize, &&str)| format!("2026-10-{:02},{rating},味道还可以吧{i}\n", i + 1);
        let rows: String = ratings.iter().enumerate().map(row).collect();
        fs::write(at.join("rated.csv"), format!("评价时间,评分,评价内容\n{rows}")).unwrap();
        let (zh, _) = said(at, &["add", "rated.csv", "--dry-run", "--shop", "我的店", "--lang", "zh"]);
        (zh, said(at, &["add", "rated.csv", "--dry-run", "--shop", "我的店", "--lang", "en"]).0)
    };
    let (zh, en) = file(&["5", "4", "9", "3", "3", "3"]);
    assert!(zh.contains("1 行的评分读不懂，或者超出范围") && en.contains("1 ratings are not understood"), "{zh}{en}");
    assert!(zh.contains(" 4★ ") && zh.contains(" 3★ ") && !zh.contains("4.56"), "{zh}");
    assert!(!file(&["9"]).0.contains("4.56"));
    let (zh, en) = file(&["9", "8", "10", "3", "5", "7"]);
    assert!(zh.contains("“评分”列有不少数大于 5：按 10 分制读") && en.contains("read as out of 10"), "{zh}{en}");
    assert!(zh.contains(" 4.56★ "), "{zh}");
}

#[test]
fn dates_of_several_orders_are_counted_and_not_guessed() {
    let folder = workspace();
    let at = folder.path();
    let add = |dates: &[String], more: &[&str]| {
        let row = |(i, date): (usize, &String)| format!("{date},5,a very nice cup number {i}\n");
        let rows: String = dates.iter().enumerate().map(row).collect();
        fs::write(at.join("dated.csv"), format!("date,rating,review\n{rows}")).unwrap();
        said(at, &[&["add", "dated.csv", "--dry-run", "--shop", "我的店", "--lang", "en"], more].concat())
    };
    // The last row of many says so as well as one of three.
    let mut many: Vec<String> = (0..600).map(|i| format!("{:02}/{:02}/2025", i % 12 + 1, i % 15 + 13)).collect();
    many.push("25/04/2025".to_string());
    for (dates, told) in [
        (vec!["03/04/2025".into(), "25/04/2025".into(), "04/25/2025".into()], "1 rows day-first, 1 rows month-first"),
        (many, "600 rows month-first, 1 rows day-first"),
    ] {
        let (text, code) = add(&dates, &[]);
        assert!(code == Some(2) && text.contains(told) && text.contains("--date-order"), "{text}");
        let (text, code) = add(&dates, &["--date-order", "month-first"]);
        assert!(code == Some(0) && text.contains("row "), "{text}");
    }
}

#[test]
fn the_same_records_under_another_shop_are_noticed_whatever_the_bytes() {
    let folder = workspace();
    let at = folder.path();
    // Saved anew: another column, another order of the rows.
    let anew = |text: &str| {
        let mut lines: Vec<String> = text.lines().skip(1).map(|line| format!("{line},x")).collect();
        lines.reverse();
        format!("评价编号,商品SKU,评价时间,评价星级,评价内容,备注2\n{}\n", lines.join("\n"))
    };
    fs::write(at.join("anew.csv"), anew(&reviews(0))).unwrap();
    let add = |args: &[&str]| said(at, &[&["add"], args].concat());
    for (lang, told) in [("zh", "“我的店”名下已经有了"), ("en", "\"我的店\" holds 40 already")] {
        let (text, code) = add(&["anew.csv", "--shop", "二店", "--lang", lang]);
        assert!(code == Some(2) && text.contains(told) && text.contains("--again"), "{text}");
    }
    let (text, code) = add(&["anew.csv", "--shop", "我的店", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("重复 40") && text.contains("没有新的"), "{text}");
    // A few of them are told and kept.
    fs::write(
        at.join("few.csv"),
        anew(&(reviews(500) + &reviews(0).lines().skip(1).take(3).collect::<Vec<_>>().join("\n"))),
    )
    .unwrap();
    let (text, code) = add(&["few.csv", "--shop", "二店", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("43 条里有 3 条“我的店”名下已经有了"), "{text}");
    let (text, code) = add(&["anew.csv", "--shop", "二店", "--again", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("名下已经有了"), "{text}");
    // Orders as well, and chats.
    let rows = (1..4).map(|i| format!("8800112{i},甲,2026-10-0{i} 08:00:00,SKU-1\n"));
    let orders = format!("订单编号,买家会员名,订单付款时间,商品编码\n{}", rows.collect::<String>());
    fs::write(at.join("deals.csv"), orders).unwrap();
    let (text, code) = add(&["--orders", "deals.csv", "--shop", "我的店", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("下一步：earful lost"), "{text}");
    let (text, code) = add(&["--orders", "deals.csv", "--shop", "二店", "--lang", "zh"]);
    assert!(code == Some(2) && text.contains("3 条里有 3 条“我的店”名下已经有了"), "{text}");
    assert_eq!(add(&["--orders", "deals.csv", "--shop", "二店", "--again"]).1, Some(0));
    let chat = |more: &str| {
        let row = |i: usize| {
            format!(
                "C{i}00{i},2026-10-0{} 10:00:00,买家,什么时候发货呀{i}{more}\nC{i}00{i},2026-10-0{} 10:01:00,客服,今天就发{more}\n",
                i + 1,
                i + 1
            )
        };
        format!(
            "会话ID,发送时间,角色,消息内容{}\n{}",
            if more.is_empty() { "" } else { ",备注2" },
            (0..4).map(row).collect::<String>()
        )
    };
    fs::write(at.join("chat.csv"), chat("")).unwrap();
    fs::write(at.join("chat2.csv"), chat(",x")).unwrap();
    assert_eq!(add(&["chat.csv", "--shop", "我的店"]).1, Some(0));
    let (text, code) = add(&["chat2.csv", "--shop", "二店", "--lang", "zh"]);
    assert!(code == Some(2) && text.contains("4 条里有 4 条“我的店”名下已经有了"), "{text}");
}

#[test]
fn what_was_not_kept_has_no_next_step() {
    let folder = workspace();
    let at = folder.path();
    fs::write(
        at.join("undated.csv"),
        "评价编号,商品SKU,评价时间,评价内容\nR9001,SKU-1,2026-10-01,很好很好\nR9002,SKU-1,某天,很好很好呀\n"
            .replace("2026-10-01", "那天"),
    )
    .unwrap();
    for (lang, told) in [("zh", "没有留下一条记录"), ("en", "not one record was kept")] {
        let (text, _) =
            said(at, &["add", "undated.csv", "--shop", "我的店", "--map", "评价时间=created_at", "--lang", lang]);
        assert!(text.contains(told) && !text.contains("earful report"), "{text}");
    }
}

#[test]
fn an_unknown_shop_or_sku_is_a_slip_and_not_an_empty_result() {
    let folder = workspace();
    let at = folder.path();
    for (args, wrong, known) in [
        (vec!["report", "--shop", "我的小店"], "我的小店", "我的店"),
        (vec!["report", "--sku", "SKU-9"], "SKU-9", "SKU-1 | SKU-2"),
        (vec!["search", "味", "--shop", "店"], "店", "我的店"),
        (vec!["search", "味", "--sku", "sku-1"], "sku-1", "SKU-1"),
        (vec!["selftest", "--sku", "1"], "1", "SKU-1"),
    ] {
        for (lang, word) in [("zh", "有："), ("en", "there are: ")] {
            let (text, code) = said(at, &[args.clone(), vec!["--lang", lang]].concat());
            assert_eq!(code, Some(2), "{args:?}: {text}");
            assert!(
                text.contains(&format!("“{wrong}”")) && text.contains(&format!("{word}{known}")),
                "{args:?}: {text}"
            );
        }
    }
}

#[test]
fn nothing_is_purged_without_a_yes() {
    let folder = workspace();
    let at = folder.path();
    let records = || said(at, &["search", "--format", "csv", "-n", "100"]).0.lines().count();
    let all = records();
    for (lang, word) in [("zh", "20 条"), ("en", "20 records")] {
        let (text, code) = said(at, &["purge", "--before", "2026-10", "--lang", lang]);
        assert!(code == Some(1) && text.contains(word) && text.contains("--yes"), "{text}");
        assert_eq!(records(), all);
    }
    assert_eq!(said(at, &["purge", "--before", "2020-01", "--yes"]).1, Some(1), "there is nothing to take out");
    assert_eq!(said(at, &["purge", "--before", "2026-10", "--yes"]).1, Some(0));
    assert_eq!(records(), all - 20);
}

#[test]
fn what_is_not_there_does_not_stand_for_something_else() {
    let folder = workspace();
    let at = folder.path();
    assert_eq!(said(at, &["report", "--save", "十月"]).1, Some(0));
    for (args, word) in [
        (&["-w", "nowhere", "status"][..], "nowhere：找不到"),
        (&["report", "--against", "2030-01"], "2030-01 没有记录"),
        (&["report", "--as-of", "九月"], "有：十月"),
        (&["search", "--stars", "9"], "--stars"),
    ] {
        let (text, code) = said(at, &[args, &["--lang", "zh"]].concat());
        assert!(code == Some(2) && text.contains(word), "{args:?}: {text}");
    }
}

#[test]
fn a_line_of_a_file_of_ours_that_cannot_be_read_is_named_once() {
    let folder = workspace();
    let at = folder.path();
    fs::write(at.join("events.csv"), "date,kind,shop,sku,text\n2026-10-01,listing,,,换图\n10月1日,listing,,,换图\n")
        .unwrap();
    fs::write(at.join("decisions.jsonl"), "{half a line\n").unwrap();
    for args in [&["status"][..], &["event", "list"]] {
        let (text, _) = said(at, &[args, &["--lang", "zh"]].concat());
        assert_eq!(text.matches("events.csv 第 3 行：").count(), 1, "{args:?}: {text}");
    }
    assert!(said(at, &["status", "--lang", "en"]).0.contains("decisions.jsonl row 1: "));
    let settings = fs::read_to_string(at.join("earful.toml")).unwrap();
    fs::write(at.join("earful.toml"), settings.replace("zone = \"", "zone = ")).unwrap();
    let (text, code) = said(at, &["status", "--lang", "zh"]);
    assert!(code == Some(2) && text.matches("earful.toml").count() == 1, "{text}");
}

#[test]
fn a_category_goes_by_its_name_as_well() {
    let folder = workspace();
    let at = folder.path();
    let (by_path, _) = said(at, &["search", "--category", "product/smell", "--stance", "complaint", "--lang", "zh"]);
    for name in ["气味", "Smell", "smell", "product/smell/"] {
        let (text, code) = said(at, &["search", "--category", name, "--stance", "不满", "--lang", "zh"]);
        assert_eq!((text.as_str(), code), (by_path.as_str(), Some(0)), "{name}");
    }
    let report = |name| said(at, &["report", "--category", name, "--format", "csv"]).0;
    assert_eq!(report("气味"), report("product/smell"));
    assert!(report("气味").contains("product/smell"));
    let (found, _) = said(at, &["search", "塑料味", "-n", "1", "--format", "jsonl"]);
    let uid = serde_json::from_str::<serde_json::Value>(found.lines().next().unwrap()).unwrap();
    let uid = uid["uid"].as_str().unwrap();
    let (text, code) = said(at, &["decide", uid, "气味", "好评", "--lang", "zh"]);
    assert!(code == Some(0) && text.contains("product/smell → 好评"), "{text}");
    let (text, code) = said(at, &["search", "--category", "尺", "--lang", "zh"]);
    assert!(code == Some(2) && text.contains("product/size"), "{text}");
}

#[test]
fn why_not_tells_the_rules_that_came_near_and_counts_the_others() {
    let folder = workspace();
    let (text, _) = said(folder.path(), &["why", "--text", "塑料味太大", "--not", "质量做工", "--lang", "zh"]);
    let told: Vec<&str> = text.lines().filter(|line| line.starts_with("product/quality")).collect();
    assert!(told.len() <= 8, "{text}");
    assert!(text.contains("earful taxonomy suggest product/quality"), "{text}");
    let (text, _) = said(folder.path(), &["why", "--text", "有异味", "--not", "气味", "--lang", "zh"]);
    assert!(text.contains("\n它有这一类：不满。各条规则：\nproduct/smell.toml"), "{text}");
    let both = "物流不错，三天才到货";
    let (text, _) = said(folder.path(), &["why", "--text", both, "--not", "fulfilment/shipping", "--lang", "en"]);
    assert!(text.contains("\nit has this category, as complaint and praise. Rule by rule:\n"), "{text}");
    let (text, _) = said(folder.path(), &["why", "--text", "有异味", "--not", "product", "--lang", "en"]);
    assert!(text.contains("\nit has this by Smell (product/smell), as complaint\n"), "{text}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_named_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workspace();
    let at = folder.path();
    let (text, code) = said(at, &["report", "-o", "nowhere/r.html", "--lang", "zh"]);
    assert!(code == Some(2) && text.contains("nowhere：找不到") && text.contains("怎么办"), "{text}");
    fs::write(at.join("gbk.toml"), b"any = [\"\xd2\xec\xce\xb6\"]").unwrap();
    let taxonomy = at.join("words");
    fs::create_dir(&taxonomy).unwrap();
    fs::rename(at.join("gbk.toml"), taxonomy.join("gbk.toml")).unwrap();
    let (text, _) = said(at, &["taxonomy", "check", "words", "--lang", "zh"]);
    assert!(text.contains("不是 UTF-8") && text.contains("另存为 UTF-8"), "{text}");
    let locked = at.join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // Who may do everything is not kept out by permissions.
    if fs::write(locked.join("probe"), "").is_err() {
        let workspace = at.to_str().unwrap();
        let (text, code) = said(&locked, &["-w", workspace, "report", "-o", "r.html", "--lang", "en"]);
        assert!(code == Some(2) && text.contains("r.html: permission denied") && text.contains("Excel"), "{text}");
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_the_readme_says_of_sentences_is_so() {
    let folder = tempfile::tempdir().unwrap();
    let (en, zh) = (include_str!("../../README.md"), include_str!("../../README.zh.md"));
    for (readme, text, stance) in [
        (en, "No smell at all", "praise"),
        (en, "does the colour run?", "question"),
        (zh, "没有异味", "praise"),
        (zh, "会掉色吗", "question"),
    ] {
        assert!(readme.contains(text), "{text}");
        let (said, _) = said(folder.path(), &["why", "--text", text, "--lang", "en"]);
        assert!(said.contains(&format!("· {stance}")), "{text}: {said}");
    }
    for (readme, text) in [(en, "I feared it would be small but it fits"), (zh, "本来担心小，结果刚好")] {
        assert!(readme.contains(text), "{text}");
        let (said, _) = said(folder.path(), &["why", "--text", text, "--lang", "en"]);
        assert!(!said.contains("· complaint"), "{text}: {said}");
    }
}

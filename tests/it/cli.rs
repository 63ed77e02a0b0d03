//! The command line as an operator meets it: what it says when something is wrong, and its exit codes.

use std::fs;
use std::path::Path;

use earful::text::script::is_han;
use tempfile::TempDir;

use crate::earful;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const REVIEWS: &str = "评价编号,商品SKU,评价时间,评价星级,评价内容\n\
    R1,SKU-1,2026-10-01 08:00:00,1,盒子压扁了，一股塑料味\n\
    R2,SKU-1,2026-10-02 08:00:00,5,没有异味，孩子很喜欢\n\
    R3,SKU-2,2026-10-03 08:00:00,3,会掉色吗，电话13812345678\n";

/// A workspace with one small file in it.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(earful(folder.path(), &["init"]).status.code(), Some(0));
    fs::write(folder.path().join("reviews.csv"), REVIEWS).unwrap();
    let added = earful(folder.path(), &["add", "reviews.csv", "--shop", "我的店"]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    folder
}

#[test]
fn every_failure_is_a_sentence_in_both_languages_with_exit_code_2() {
    let folder = workspace();
    let at = folder.path();
    fs::write(
        at.join("orders.csv"),
        "订单编号,买家会员名,买家应付货款,收货人姓名,收货地址,物流单号\n1,a,9.9,张三,某路1号,SF1234567890123\n",
    )
    .unwrap();
    fs::write(at.join("broken.xlsx"), b"PK\x03\x04 this is no workbook").unwrap();
    fs::write(at.join("mojibake.csv"), "ÆÀÂÛÄÚÈÝ,ÆÀ¼Ûʱ¼ä\nºÃ,2026-10-01\n").unwrap();
    let empty = tempfile::tempdir().unwrap();
    // (folder, arguments, a word of the Chinese message, a word of the English one)
    let cases: &[(&Path, &[&str], &str, &str)] = &[
        (at, &["add", "missing.csv"], "找不到", "no such file"),
        (at, &["add", "orders.csv"], "订单", "order"),
        (at, &["add", "broken.xlsx"], "broken.xlsx", "broken.xlsx"),
        (at, &["add", "mojibake.csv"], "乱码", "mojibake"),
        (at, &["add", "reviews.csv", "--map", "评价内容=words"], "--map", "--map"),
        (at, &["report", "--period", "octember"], "--period", "--period"),
        (at, &["report", "--period", "2019-01"], "没有记录", "no records"),
        (at, &["report", "-o", "report.docx"], "report.docx", "report.docx"),
        (at, &["report", "--category", "product/smel"], "product/smel", "product/smel"),
        (at, &["search", "味", "--stars", "many"], "--stars", "--stars"),
        (at, &["why", "0000000000000000"], "没有这条记录", "no such record"),
        (at, &["raport"], "raport", "raport"),
        (at, &["report", "--perid", "2026-10"], "--perid", "--perid"),
        (empty.path(), &["status"], "工作区", "workspace"),
    ];
    for (folder, args, zh, en) in cases {
        for (lang, word) in [("zh", zh), ("en", en)] {
            let mut args: Vec<&str> = args.to_vec();
            args.extend(["--lang", lang]);
            let output = earful(folder, &args);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
            assert!(said.contains(word), "{args:?} should say {word:?}: {said}");
            assert!(!said.contains("panicked") && !said.contains("13812345678"), "{args:?}: {said}");
        }
    }
    let status = text(&earful(at, &["status", "--lang", "en"]).stdout);
    assert!(status.contains("3 rows = 3 kept + 0 repeats"), "nothing of it may have changed the workspace: {status}");
}

#[test]
fn importing_twice_changes_nothing() {
    let folder = workspace();
    let before: Vec<_> = fs::read_dir(folder.path().join("records")).unwrap().map(|e| e.unwrap().file_name()).collect();
    let again = earful(folder.path(), &["add", "reviews.csv", "--shop", "我的店", "--format", "json"]);
    let ledger: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&ledger["rows"], &ledger["kept"], &ledger["repeats"]), (&3.into(), &0.into(), &3.into()));
    let after: Vec<_> = fs::read_dir(folder.path().join("records")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(before, after);
}

#[test]
fn a_file_goes_to_one_shop_and_a_shop_stands_on_one_side() {
    let folder = workspace();
    let at = folder.path();
    let add = |args: &[&str]| {
        let output = earful(at, &[&["add", "reviews.csv", "--lang", "en"], args].concat());
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    for more in [&[][..], &["--dry-run"]] {
        let (code, said) = add(&[&["--shop", "另一家"], more].concat());
        assert!(code == Some(2) && said.contains("already in, under \"我的店\""), "{said}");
        assert!(said.contains("records/000001-reviews.parquet") && said.contains("--again"), "{said}");
        // Nothing of it is new, yet the flag is not passed over.
        let (code, said) = add(&[&["--shop", "我的店", "--competitor"], more].concat());
        assert!(code == Some(2) && said.contains("known as your own") && said.contains("earful.toml"), "{said}");
    }
    assert_eq!(add(&["--shop", "我的店"]).0, Some(0));
    let (code, said) = add(&["--shop", "我的店铺", "--again"]);
    assert!(code == Some(0) && said.contains("3 kept"), "{said}");
    assert!(said.contains("new shop \"我的店铺\"; there is \"我的店\""), "{said}");
    // It has been there since.
    let (code, said) = add(&["--shop", "我的店铺"]);
    assert!(code == Some(0) && said.contains("3 repeats") && !said.contains("new shop"), "{said}");
}

#[test]
fn the_search_finds_the_words_and_masks_the_person() {
    let folder = workspace();
    let found = earful(folder.path(), &["search", "塑料味", "--format", "jsonl"]);
    let hit: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!((hit["sku"].as_str(), hit["row"].as_u64()), (Some("SKU-1"), Some(2)));
    let phone = earful(folder.path(), &["search", "掉色", "--lang", "zh"]);
    let shown = text(&phone.stdout);
    assert!(shown.contains("138****") && !shown.contains("13812345678"), "{shown}");
    let none = earful(folder.path(), &["search", "不存在的词"]);
    assert_eq!(none.status.code(), Some(1), "nothing found is exit code 1");
}

#[test]
fn why_shows_rule_keyword_and_cue_for_any_text() {
    let folder = tempfile::tempdir().unwrap();
    let why = earful(folder.path(), &["why", "--text", "没有异味", "--lang", "en"]);
    let shown = text(&why.stdout);
    assert!(
        shown.contains("product/smell") && shown.contains("praise") && shown.contains("; denial: \"没有\""),
        "{shown}"
    );
    let why = earful(folder.path(), &["why", "--text", "没有异味", "--not", "product/smell", "--lang", "zh"]);
    assert!(text(&why.stdout).contains("“没有”（否定）使它成为好评"));
    // The rule is where it says.
    let line: usize = shown.split("product/smell.toml:").nth(1).unwrap().split(')').next().unwrap().parse().unwrap();
    let file = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/taxonomy/product/smell.toml")).unwrap();
    assert_eq!(file.lines().nth(line - 1), Some("[[complaint]]"));
}

#[test]
fn the_categories_are_listed_with_what_they_mean_and_how_many_records_have_them() {
    let folder = workspace();
    let at = folder.path();
    let run = |args: &[&str]| text(&earful(at, args).stdout);
    let (zh, en) = (run(&["taxonomy", "list", "--lang", "zh"]), run(&["taxonomy", "list", "--lang", "en"]));
    for (list, lines) in [
        (&zh, ["  product/smell  气味 · Smell (2)\n      商品或包装的气味", "全部 3 条有文字的记录", "→ 供应商："]),
        (&en, ["  product/smell  气味 · Smell (2)\n      Odour of the product", "of 3 with words", "→ supplier: "]),
    ] {
        for line in lines {
            assert!(list.contains(line), "{line}: {list}");
        }
    }
    // Every category has its line.
    let files = earful::taxonomy::bundled();
    for category in files.categories() {
        assert!(zh.contains(&format!("{}  ", category.id)), "{}", category.id);
        let means = &category.means;
        assert!(means.zh.contains(is_han) && !means.en.contains(is_han), "{}: in each language", category.id);
    }
    let found = run(&["search", "--category", "product/smell", "-n", "50", "--format", "jsonl"]).lines().count();
    assert_eq!(found, 2, "the search finds as many");
    let one = run(&["show", "气味", "--lang", "zh"]);
    for part in
        ["不满 1，好评 1", "不满的词：", "例句（不算）", "product/smell.toml", "earful search --category product/smell"]
    {
        assert!(one.contains(part), "{part}: {one}");
    }
    // Without a workspace nothing is counted.
    let outside = tempfile::tempdir().unwrap();
    let list = text(&earful(outside.path(), &["taxonomy", "list", "--lang", "en"]).stdout);
    assert!(list.contains("product/smell  气味 · Smell\n"), "{list}");
}

#[test]
fn classify_gives_offsets_in_characters_of_the_given_text() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.jsonl"), "{\"id\":7,\"text\":\"👍 客服好，但一股塑料味\"}\n").unwrap();
    let output = earful(folder.path(), &["classify", "--format", "jsonl", "in.jsonl"]);
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["id"], 7);
    let smell = line["labels"].as_array().unwrap().iter().find(|l| l["category"] == "product/smell").unwrap();
    assert_eq!(smell["stance"], "complaint");
    let (start, end) = (smell["evidence"][0]["start"].as_u64().unwrap(), smell["evidence"][0]["end"].as_u64().unwrap());
    let quoted: String = "👍 客服好，但一股塑料味".chars().skip(start as usize).take((end - start) as usize).collect();
    assert_eq!(quoted, smell["evidence"][0]["text"].as_str().unwrap());
}

#[test]
fn help_exists_in_both_languages_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let english = text(&earful(folder.path(), &["--help", "--lang", "en"]).stdout);
    let chinese = text(&earful(folder.path(), &["--help", "--lang", "zh"]).stdout);
    assert!(english.contains("Nothing leaves the machine") && chinese.contains("数据不出本机"));
    let commands = [
        "demo", "init", "add", "formats", "status", "report", "chats", "lost", "agents", "cases", "event", "tally",
        "selftest", "search", "why", "decide", "taxonomy", "eval", "purge", "classify",
    ];
    for command in commands {
        assert!(english.contains(command) && chinese.contains(command), "{command}");
        for (lang, heading, own) in [("zh", "通用选项:", "  --"), ("en", "Options of every command:", "  --")] {
            let help = earful(folder.path(), &[command, "--help", "--lang", lang]);
            let (help, code) = (text(&help.stdout), help.status.code());
            assert_eq!(code, Some(0), "{command}");
            // Its own options come first, in one language.
            let (_, shared) = help.split_once(heading).unwrap_or_else(|| panic!("{command}: {help}"));
            assert!(
                shared.contains("--lang") && shared.contains("--help") && shared.matches(own).count() < 8,
                "{help}"
            );
            for word in ["Arguments:", "Options:", "Usage:", "possible values"].into_iter().filter(|_| lang == "zh") {
                assert!(!help.contains(word), "{command}: {help}");
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_a_broken_pipe_is_not() {
    let folder = workspace();
    let program = assert_cmd::cargo::cargo_bin("earful");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(&program)
        .current_dir(folder.path())
        .args(["status", "--lang", "en"])
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("could not be written"));
    let script = format!("'{}' formats | head -n 1", program.display());
    let piped = std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(piped.stderr.is_empty(), "{}", text(&piped.stderr));
}

#[test]
fn classify_tells_speakers_apart() {
    let folder = tempfile::tempdir().unwrap();
    let said = |line: &str| {
        std::fs::write(folder.path().join("in.jsonl"), line).unwrap();
        let output = earful(folder.path(), &["classify", "--format", "jsonl", "in.jsonl"]);
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let labels = value["labels"].as_array().unwrap().iter();
        labels
            .map(|l| {
                format!("{} {} {}", l["category"].as_str().unwrap(), l["stance"].as_str().unwrap(), l["evidence"][0])
            })
            .collect::<Vec<_>>()
    };
    let chat = said(r#"{"text":"客服：亲，质量很好的\n买家：什么时候发货\n还有，多少钱"}"#);
    assert_eq!(
        chat,
        [
            r#"fulfilment/shipping question {"end":19,"start":14,"text":"什么时候发"}"#,
            r#"price/level question {"end":27,"start":24,"text":"多少钱"}"#
        ]
    );
    assert_eq!(said(r#"{"text":"质量很好","speaker":"客服"}"#), [""; 0]);
    assert_eq!(said(r#"{"text":null}"#), [""; 0]);
    assert_eq!(said(r#"{"text":"质量：很好"}"#).len(), 1);
}

/// What `classify` gives for a file of lines: its lines, and what it says beside them.
fn classified(lines: &str) -> (Vec<serde_json::Value>, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.jsonl"), lines).unwrap();
    let output = earful(folder.path(), &["classify", "--format", "jsonl", "in.jsonl", "--lang", "en"]);
    let lines = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, text(&output.stderr), output.status.code())
}

#[test]
fn only_a_stage_of_chats_makes_a_chat_of_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let rule =
        "name = { zh = \"盒子\", en = \"box\" }\n\n[[complaint]]\nonly = { kind = \"review\" }\nany = [\"盒子\"]\n";
    fs::create_dir_all(folder.path().join("tax")).unwrap();
    fs::write(folder.path().join("tax/box.toml"), rule).unwrap();
    let line = |more: &str| format!("{{\"text\":\"盒子\"{more}}}\n");
    let reviews = [
        "",
        ",\"stage\":\"review\"",
        ",\"stage\":\"reviews\"",
        ",\"stage\":\"评价\"",
        ",\"stage\":\"whatever\"",
        ",\"stage\":3",
        ",\"stage\":null",
        ",\"stage\":\"after_sale\",\"rating\":5",
        ",\"stage\":\"after_sale\",\"kind\":\"review\"",
        ",\"stage\":\"售后\",\"kind\":\"评价\"",
    ];
    let chats = [
        ",\"kind\":\"chat\"",
        ",\"kind\":\"Chats\"",
        ",\"stage\":\"presale\"",
        ",\"stage\":\"pre_sale\"",
        ",\"stage\":\"Pre-Sale\"",
        ",\"stage\":\"售前\"",
        ",\"stage\":\"in transit\"",
        ",\"stage\":\"delivery\"",
        ",\"stage\":\"after-sale\",\"rating\":null",
        ",\"stage\":\"aftersales\",\"rating\":\"\"",
        ",\"stage\":\"售后\"",
    ];
    let all: String = reviews.iter().chain(&chats).map(|more| line(more)).collect();
    fs::write(folder.path().join("in.jsonl"), all).unwrap();
    let output = earful(folder.path(), &["classify", "in.jsonl", "--taxonomy", "tax"]);
    assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), reviews.len() + chats.len());
    let (of_reviews, of_chats) = lines.split_at(reviews.len());
    assert_eq!(of_reviews[0]["labels"].as_array().unwrap().len(), 1);
    for (more, found) in reviews.iter().zip(of_reviews) {
        assert_eq!(*found, of_reviews[0], "{more}");
    }
    assert_ne!(of_chats[0], of_reviews[0]);
    for (more, found) in chats.iter().zip(of_chats) {
        assert_eq!(*found, of_chats[0], "{more}");
    }
}

#[test]
fn odd_fields_are_as_if_they_were_not_told() {
    let taxonomy = tempfile::tempdir().unwrap();
    let at = taxonomy.path();
    fs::create_dir_all(at.join("tax")).unwrap();
    let rule = "[[complaint]]\nonly = { stars = \"1-2\" }\nany = [\"盒子\"]\n";
    fs::write(at.join("tax/box.toml"), format!("name = {{ zh = \"盒子\", en = \"box\" }}\n\n{rule}")).unwrap();
    let cases = [
        ("2", true),
        ("1.5", true),
        ("\"2\"", true),
        ("\"2.0\"", true),
        ("\"1 stars\"", true),
        ("4", false),
        ("\"4.0\"", false),
        ("\"5 stars\"", false),
        ("\"\"", false),
        ("\"soso\"", false),
        ("null", false),
        ("[1]", false),
        ("true", false),
        ("0", false),
    ];
    let line = |(rating, _): &(&str, bool)| {
        format!("{{\"id\":\"a-1\",\"text\":\"盒子\",\"rating\":{rating},\"source\":1,\"speaker\":2,\"kind\":[]}}\n")
    };
    fs::write(at.join("in.jsonl"), cases.iter().map(line).collect::<String>()).unwrap();
    let output = earful(at, &["classify", "in.jsonl", "--taxonomy", "tax"]);
    assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)));
    for (line, (rating, found)) in text(&output.stdout).lines().zip(cases) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["id"], "a-1");
        assert_eq!(!line["labels"].as_array().unwrap().is_empty(), found, "{rating}: {line}");
    }
}

#[test]
fn the_language_that_a_line_names_wins_over_its_script() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir_all(at.join("tax")).unwrap();
    let rule = "name = { zh = \"盒子\", en = \"box\" }\n\n[[complaint]]\nonly = { lang = \"zh\" }\nany = [\"盒子\"]\n";
    fs::write(at.join("tax/box.toml"), rule).unwrap();
    let cases = [
        ("\"zh\"", 1),
        ("\"zh-CN\"", 1),
        ("\"中文\"", 1),
        ("\"\"", 1),
        ("null", 1),
        ("7", 1),
        ("\"en\"", 0),
        ("\"English\"", 0),
    ];
    let line = |(lang, _): &(&str, usize)| format!("{{\"text\":\"盒子\",\"lang\":{lang}}}\n");
    fs::write(at.join("in.jsonl"), cases.iter().map(line).collect::<String>()).unwrap();
    let output = earful(at, &["classify", "in.jsonl", "--taxonomy", "tax"]);
    assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)));
    for (line, (lang, found)) in text(&output.stdout).lines().zip(cases) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["labels"].as_array().unwrap().len(), found, "{lang}: {line}");
    }
}

#[test]
fn a_line_that_cannot_be_read_is_told_and_the_rest_goes_on() {
    let (lines, said, code) = classified(
        "{\"id\":1,\"text\":\"质量很好\"}\n{\"id\":2}\n{\"id\":3,\"text\":[\"张三\"]}\n\n张三\n{\"id\":6,\"text\":\"张三\n[1]\n{\"id\":8,\"text\":666}\n",
    );
    let ids: Vec<_> = lines.iter().map(|line| line["id"].clone()).collect();
    assert_eq!((ids, code), (vec![serde_json::json!(1), serde_json::json!(8)], Some(2)));
    for told in [
        "5 lines could not be read",
        "the other 2 ",
        "in.jsonl row 2: the field `text` is missing",
        "in.jsonl row 3: the field `text` is no text",
        "in.jsonl row 5: this line is no JSON object",
        "in.jsonl row 6: this is no whole JSON object",
        "in.jsonl row 7: this line is no JSON object",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("张三"));
    // A file of plain lines has no objects to miss.
    let (lines, said, code) = classified("[客服] 您好\n质量很好\n");
    assert_eq!((lines.len(), said.as_str(), code), (2, "", Some(0)));
    let (lines, said, code) = classified("\n");
    assert_eq!((lines.len(), code), (0, Some(1)));
    assert!(said.contains("in.jsonl: no text is in it"), "{said}");
}

#[test]
fn a_language_asked_for_when_the_workspace_is_made_stays() {
    let folder = tempfile::tempdir().unwrap();
    earful(folder.path(), &["init", "shop", "--lang", "zh"]);
    let shop = folder.path().join("shop");
    assert!(fs::read_to_string(shop.join("earful.toml")).unwrap().contains("\nlanguage = \"zh\"\n"));
    assert!(text(&earful(&shop, &["status"]).stdout).contains("工作区"));
    earful(folder.path(), &["init", "other"]);
    assert!(fs::read_to_string(folder.path().join("other/earful.toml")).unwrap().contains("\n# language = "));
}

#[test]
fn a_list_of_cases_tells_the_columns_that_it_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    earful(folder.path(), &["init", "."]);
    fs::write(folder.path().join("cases.csv"), "售后单号,申请时间,商品编码,快递柜\nA1,2026-10-01 10:00:00,SKU-1,7\n")
        .unwrap();
    let output = earful(folder.path(), &["add", "--cases", "cases.csv", "--shop", "s", "--format", "json"]);
    let ledger: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&ledger["mapping"]["商品编码"], &ledger["unknown_columns"]),
        (&"sku_id".into(), &serde_json::json!(["快递柜"]))
    );
}

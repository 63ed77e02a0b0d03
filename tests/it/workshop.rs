//! The workshop around a taxonomy, through the command line: suggestions, sheets, samples, decisions.

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

pub fn earful(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("earful").unwrap();
    command.current_dir(folder).env_remove("RUST_BACKTRACE").env("LC_ALL", "C").args(args).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command that must end with this exit code; what it printed.
pub fn ends(folder: &Path, code: i32, args: &[&str]) -> String {
    let output = earful(folder, args);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{args:?}: {err}");
    out + &err
}

/// A workspace of 320 reviews: known complaints, and two things that no rule reads.
pub fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    ends(folder.path(), 0, &["init"]);
    let mut rows = String::from("评价编号,商品SKU,评价时间,评价星级,评价内容\n");
    for i in 0..320 {
        let when = ["一周", "扫地", "当晚", "昨天", "客厅里", "才开机"][i / 8 % 6];
        let how = ["", "停", "问", "拍照", "坐等"][i / 48 % 5];
        let (stars, words) = match i % 8 {
            0 => (1, "一股塑料味，闻着头晕".to_string()),
            1 => (5, "没有异味，孩子很喜欢".to_string()),
            2 => (2, format!("{when}缠头发{how}，打电话13812345{i:03}没用")),
            3 => (2, format!("{when}滚刷缠头发{how}")),
            4 => (5, "快递很快，第二天就到了".to_string()),
            5 => (1, "the brush head flimflams. not happy".to_string()),
            6 => (4, "颜色和图片一样".to_string()),
            _ => (5, "不错".to_string()),
        };
        rows.push_str(&format!(
            "R{i},SKU-{},2026-{:02}-{:02} 08:00:00,{stars},{words}\n",
            i % 3,
            9 + i % 2,
            1 + i % 28
        ));
    }
    fs::write(folder.path().join("reviews.csv"), rows).unwrap();
    ends(folder.path(), 0, &["add", "reviews.csv", "--shop", "我的店"]);
    folder
}

#[test]
fn suggestions_name_what_nobody_reads_with_quotes_and_a_block_to_paste() {
    let folder = workspace();
    let json = |args: &[&str]| -> Value {
        serde_json::from_slice(&earful(folder.path(), args).stdout).unwrap_or_else(|e| panic!("{args:?}: {e}"))
    };
    let new = json(&["taxonomy", "suggest", "--new", "--format", "json"]);
    let phrases: Vec<&str> =
        new["suggestions"].as_array().unwrap().iter().map(|s| s["phrase"].as_str().unwrap()).collect();
    assert!(phrases.iter().any(|p| p.contains("缠头发") || p.contains("头发")), "{phrases:?}");
    assert!(phrases.iter().any(|p| p.contains("brush") || p.contains("flimflam")), "{phrases:?}");
    assert!(!phrases.iter().any(|p| p.contains("异味") || p.contains("快递") || p.contains("不错")), "{phrases:?}");
    assert_eq!(new["suggestions"][0]["stance"], "complaint", "{new:#}");
    let quotes = new["suggestions"].to_string();
    assert!(!quotes.contains("1381234") && quotes.contains("\"record\""), "quotes are masked: {quotes}");
    assert_eq!(new, json(&["taxonomy", "suggest", "--new", "--format", "json"]), "the same every time");
    // What is suggested can be pasted as it is.
    let paste = new["paste"].as_str().unwrap();
    assert!(toml::from_str::<toml::Table>(paste).is_ok(), "{paste}");

    for (lang, word) in [("zh", "新建一类：先 earful taxonomy own"), ("en", "earful taxonomy own first")] {
        let shown = ends(folder.path(), 0, &["taxonomy", "suggest", "--new", "--lang", lang]);
        assert!(shown.contains(word) && shown.contains("[[complaint]]"), "{shown}");
        let none = ends(folder.path(), 2, &["taxonomy", "suggest", "product/smel", "--lang", lang]);
        assert!(none.contains("product/smel"), "{none}");
        ends(folder.path(), 2, &["taxonomy", "suggest", "--lang", lang]);
    }
    // 闻着头晕 is said where a smell is told, in a clause of its own: whatever is suggested for smell is sure.
    let smell = json(&["taxonomy", "suggest", "product/smell", "--format", "json"]);
    for one in smell["suggestions"].as_array().unwrap() {
        assert!(one["q"].as_f64().unwrap() <= 0.1 && one["purity"].as_f64().unwrap() > 0.0, "{one}");
    }
}

#[test]
fn a_sample_is_blind_and_what_people_fill_in_is_scored_and_compared() {
    let folder = workspace();
    let at = folder.path();
    for file in ["s.csv", "s.xlsx", "s.jsonl", "again.csv"] {
        ends(at, 0, &["taxonomy", "sample", "product/smell", "-n", "40", "-o", file, "--seed", "7"]);
    }
    let text = fs::read_to_string(at.join("s.csv")).unwrap();
    assert_eq!(text, fs::read_to_string(at.join("again.csv")).unwrap(), "the same seed draws the same");
    assert_eq!(text.lines().count(), 41);
    assert!(!text.contains("praise") && !text.contains("complaint"), "blind: {text}");
    assert!(!text.contains("13812345"), "masked");
    let smell = |line: &str| line.contains("塑料味") || line.contains("异味");
    let labelled = text.lines().filter(|l| smell(l)).count();
    assert_eq!(labelled, 20, "half of it from records that the rules give the category");

    // Nothing filled in yet: said, and no score.
    assert!(ends(at, 1, &["eval", "s.xlsx", "--lang", "zh"]).contains("还没有"));
    // Two people fill it in; the second is wrong about one text.
    let fill = |wrong: usize| -> String {
        let mut seen = 0;
        let fill = |line: &str| {
            let cells: Vec<&str> = line.splitn(3, ',').collect();
            let label = match (line.contains("塑料味"), line.contains("异味")) {
                (true, _) => "不满",
                (_, true) => "praise",
                _ => "无",
            };
            seen += usize::from(label == "不满");
            let label = if label == "不满" && seen <= wrong { "none" } else { label };
            let words = cells[2].rsplitn(3, ',').nth(2).unwrap();
            format!("{},{},{words},{label},\n", cells[0], cells[1])
        };
        let mut lines = text.lines();
        let head = lines.next().unwrap().to_string() + "\n";
        head + &lines.map(fill).collect::<String>()
    };
    fs::write(at.join("one.csv"), fill(0)).unwrap();
    fs::write(at.join("two.csv"), fill(1)).unwrap();
    for lang in ["zh", "en"] {
        let score = ends(at, 0, &["eval", "one.csv", "--lang", lang]);
        assert!(score.contains("| 20 | 1.00 [0.84 … 1.00] | 1.00 [0.84 … 1.00] | 1.00 ["), "{score}");
        // Half of the sample has the label, of all records a quarter: what 20 texts may have missed weighs three times.
        let of_all = ["320", "80", "1.00 [0.68 … 1.00]"];
        assert!(of_all.iter().all(|said| score.lines().last().unwrap().contains(said)), "{score}");
        let errors = ends(at, 0, &["eval", "two.csv", "--errors", "--lang", lang]);
        assert!(errors.contains("塑料味") && errors.contains("0.95"), "{errors}");
        let agree = ends(at, 0, &["eval", "one.csv", "two.csv", "--lang", lang]);
        assert!(agree.contains("19/1/0") && agree.contains("0.95 ["), "{agree}");
    }
    // The forms in which labels come.
    let lines = "{\"id\":1,\"text\":\"一股塑料味\",\"labels\":[[\"product/smell\",\"complaint\"]]}\n\
        {\"id\":2,\"text\":\"没有异味\",\"labels\":[{\"category\":\"product/smell\",\"stance\":\"praise\"}]}\n\
        {\"id\":3,\"text\":\"一般\",\"labels\":[]}\n{\"id\":4,\"text\":\"?\",\"labels\":null}\n";
    fs::write(at.join("hand.jsonl"), lines).unwrap();
    let score = ends(at, 0, &["eval", "hand.jsonl", "--lang", "en"]);
    assert!(
        score.contains("3 labelled texts, 1 not filled in") && score.contains("| product/smell | praise | 1 |"),
        "{score}"
    );
    // Labels of others, by a map; an entry may ask for one stance.
    fs::write(at.join("gold.jsonl"), "{\"id\":\"1\",\"text\":\"没有异味\",\"gold\":[[\"odour\",\"POS\"]]}\n").unwrap();
    for (entry, f1) in
        [("product/smell", "1.00"), ("product/smell praise", "1.00"), ("product/smell complaint", "0.00")]
    {
        fs::write(at.join("map.toml"), format!("[map]\nodour = [\"{entry}\"]\n")).unwrap();
        let score = ends(at, 0, &["eval", "gold.jsonl", "--map", "map.toml", "--lang", "en"]);
        assert!(score.lines().any(|l| l.contains("odour") && l.contains(f1)), "{entry}: {score}");
    }
    for entry in ["product/odour", "product/smell maybe"] {
        fs::write(at.join("map.toml"), format!("[map]\nodour = [\"{entry}\"]\n")).unwrap();
        assert!(ends(at, 2, &["eval", "gold.jsonl", "--map", "map.toml", "--lang", "en"]).contains(entry));
    }
    for (bad, word) in [
        ("id,text,labels\n1,a,product/smell maybe\n", "row 2"),
        ("id,words\n1,a\n", "row 1"),
        ("id,text,labels\n1,a,product/smel praise\n", "product/smel"),
    ] {
        fs::write(at.join("bad.csv"), bad).unwrap();
        assert!(ends(at, 2, &["eval", "bad.csv", "--lang", "en"]).contains(word), "{bad}");
    }
    ends(at, 2, &["taxonomy", "sample", "product/smell", "-o", "s.docx"]);
}

#[test]
fn a_decision_wins_survives_is_counted_apart_and_can_be_taken_back() {
    let folder = workspace();
    let at = folder.path();
    let found: Value = {
        let output = earful(at, &["search", "塑料味", "--format", "jsonl", "--limit", "1"]);
        serde_json::from_str(text(&output.stdout).lines().next().unwrap()).unwrap()
    };
    let uid = found["uid"].as_str().unwrap();
    let complaints = || {
        let out = text(
            &earful(
                at,
                &[
                    "search",
                    "塑料味",
                    "--category",
                    "product/smell",
                    "--stance",
                    "complaint",
                    "--limit",
                    "100",
                    "--format",
                    "jsonl",
                ],
            )
            .stdout,
        );
        out.lines().filter(|l| l.contains(uid)).count()
    };
    assert_eq!(complaints(), 1);
    let said = ends(at, 0, &["decide", uid, "product/smell", "好评", "--note", "她喜欢", "--lang", "en"]);
    assert!(said.contains("praise (rules: complaint)"), "{said}");
    assert_eq!(complaints(), 0, "a decision wins over the rules");
    ends(at, 0, &["decide", uid, "price/level", "none", "--lang", "en"]);
    // Counted apart, in both languages.
    for (lang, status, why) in [
        ("zh", "人工判定：2 处", "气味 (product/smell) · 好评（人工判定：她喜欢）\n  规则的答案：不满\n"),
        (
            "en",
            "decided by hand: 2 labels",
            "Smell (product/smell) · praise, decided by hand: 她喜欢\n  the rules say: complaint\n",
        ),
    ] {
        assert!(ends(at, 0, &["status", "--lang", lang]).contains(status));
        assert!(ends(at, 0, &["why", uid, "--lang", lang]).contains(why));
        let list = ends(at, 0, &["decide", "--list", "--lang", lang]);
        assert!(list.lines().count() == 2 && list.contains("她喜欢"), "{list}");
    }
    let why = ends(at, 0, &["why", uid, "--lang", "en", "--not", "product/smell"]);
    assert!(!why.contains("(product/smell) · complaint"), "{why}");
    assert!(why.contains("\nit has this category, as praise, decided by hand. Rule by rule:\n"), "{why}");
    let why = ends(at, 0, &["why", uid, "--lang", "en", "--not", "price/level"]);
    assert!(why.contains("(price/level) · does not have it, decided by hand\n  the rules say: not this category\n"));
    assert!(why.contains("\ndecided by hand: it does not have this category, whatever the rules say."), "{why}");
    let report = ends(at, 0, &["report", "--lang", "en"]);
    assert!(report.contains("2 labels decided by hand"), "{report}");
    // It survives a re-run from nothing.
    fs::remove_dir_all(at.join(".earful")).unwrap();
    assert_eq!(complaints(), 0);
    ends(at, 0, &["decide", uid, "product/smell", "--undo"]);
    assert_eq!(complaints(), 1, "the rules count again");
    ends(at, 2, &["decide", uid, "product/smell", "--undo"]);
    for bad in [
        &["decide", "0000000000000000", "product/smell", "praise"][..],
        &["decide", uid, "product/smel", "praise"],
        &["decide", uid, "product", "praise"],
        &["decide", uid, "product/smell"],
        &["decide", uid, "product/smell", "great"],
    ] {
        for lang in ["zh", "en"] {
            ends(at, 2, &[bad, &["--lang", lang]].concat());
        }
    }
    assert!(ends(at, 2, &["decide", uid, "味", "praise", "--lang", "zh"]).contains("如 气味 (product/smell)"));
    assert_eq!(fs::read_to_string(at.join("decisions.jsonl")).unwrap().lines().count(), 3, "appended, never rewritten");
}

#[cfg(unix)]
#[test]
fn an_edit_shows_its_effect_and_is_kept_only_after_a_yes() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workspace();
    let at = folder.path();
    // An "editor" that adds a rule; one that spoils the file; one that changes nothing.
    for (name, line) in [
        ("good", "printf '\\n[[complaint]]\\nany = [\"缠头发\"]\\n' >> \"$1\""),
        ("bad", "printf '\\n[[complain]]\\n' >> \"$1\""),
        ("idle", "true"),
    ] {
        fs::write(at.join(name), format!("#!/bin/sh\n{line}\n")).unwrap();
        fs::set_permissions(at.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let edit = |editor: &str, more: &[&str]| {
        let mut command = Command::cargo_bin("earful").unwrap();
        let args = [&["taxonomy", "diff", "--edit", "product/usage", "--lang", "en"][..], more].concat();
        let output =
            command.current_dir(at).env("EDITOR", at.join(editor)).env_remove("VISUAL").args(args).output().unwrap();
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    assert_eq!(edit("idle", &["--yes"]).0, Some(0));
    let (code, said) = edit("bad", &["--yes"]);
    assert!(code == Some(2) && said.contains("complain"), "{said}");
    assert!(!at.join("taxonomy").exists());
    fs::remove_dir_all(at.join(".earful/edit")).unwrap();
    let (code, said) = edit("good", &[]);
    assert!(code == Some(1) && said.contains("product/usage") && said.contains("+80"), "{said}");
    assert!(!at.join("taxonomy").exists(), "nothing is kept without a yes: {said}");
    let (code, said) = edit("idle", &["--yes"]);
    assert!(
        code == Some(0) && said.contains("kept in") && said.contains("next: earful report"),
        "the edit waited: {said}"
    );
    assert!(fs::read_to_string(at.join("taxonomy/product/usage.toml")).unwrap().contains("缠头发"));
    // An edit that waits must not take back what was written in between.
    assert_eq!(edit("good", &[]).0, Some(1));
    let since = fs::read_to_string(at.join("taxonomy/product/smell.toml")).unwrap() + "# since\n";
    fs::write(at.join("taxonomy/product/smell.toml"), &since).unwrap();
    let (code, said) = edit("idle", &["--yes"]);
    assert!(code == Some(2) && said.contains("was changed since"), "{said}");
    assert_eq!(fs::read_to_string(at.join("taxonomy/product/smell.toml")).unwrap(), since);
    let clusters = ends(at, 0, &["taxonomy", "coverage", "--lang", "en"]);
    assert!(clusters.contains("biggest clusters") && clusters.contains("flimflams"), "{clusters}");
}

#[test]
fn a_diff_has_the_numbers_of_the_report_names_the_rule_and_quotes_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let category = |names: &str, words: &str| format!("name = {names}\n[[complaint]]\nany = [{words}]\n");
    let write = |folder: &str, smell: &str| {
        fs::create_dir_all(at.join(folder).join("product")).unwrap();
        fs::write(at.join(folder).join("product.toml"), "name = { zh = \"商品\", en = \"Product\" }\n").unwrap();
        let smell = category("{ zh = \"气味\", en = \"Smell\" }", smell);
        fs::write(at.join(folder).join("product/smell.toml"), smell).unwrap();
    };
    ends(at, 0, &["init", "--lang", "zh"]);
    write("old", "\"异味\"");
    write("taxonomy", "\"药水气\"");
    // Reviews of two months and SKUs, half of them in the same words; default praise; conversations.
    let mut rows = String::from("评价编号,商品SKU,评价时间,评价星级,评价内容\n");
    for i in 0..120 {
        let words = match i % 6 {
            0 => format!("打开一股药水气{}", ["", "，头晕", "，晾了几天"][i / 6 % 3]),
            1 => "有异味".to_string(),
            2 => "此用户没有填写评价。".to_string(),
            _ => format!("第{i}次来买"),
        };
        rows.push_str(&format!("R{i},SKU-{},2026-{:02}-{:02} 08:00:00,3,{words}\n", i % 5, 9 + i / 6 % 2, 1 + i % 28));
    }
    fs::write(at.join("reviews.csv"), rows).unwrap();
    ends(at, 0, &["add", "reviews.csv", "--shop", "我的店"]);
    // The numbers of the report by either taxonomy.
    let share = |taxonomy: &str, more: &[&str]| -> (u64, u64) {
        fs::rename(at.join("taxonomy"), at.join("aside")).unwrap();
        fs::rename(at.join(taxonomy), at.join("taxonomy")).unwrap();
        let output = earful(at, &[&["report", "--format", "json"], more].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        fs::rename(at.join("taxonomy"), at.join(taxonomy)).unwrap();
        fs::rename(at.join("aside"), at.join("taxonomy")).unwrap();
        let mut trends = report["trends"].as_array().unwrap().iter();
        let trend = trends.find(|t| t["category"]["id"] == "product/smell").unwrap_or_else(|| panic!("{report:#}"));
        let last = trend["series"].as_array().unwrap().last().unwrap();
        (last["mentions"].as_u64().unwrap(), last["base"].as_u64().unwrap())
    };
    write("new", "\"药水气\"");
    for more in [&[][..], &["--sku", "SKU-1"], &["--period", "2026-09"], &["--by", "week", "--period", "2026-W41"]] {
        let said = ends(at, 1, &[&["taxonomy", "diff", "old", "new"], more].concat());
        let [old, new] = ["old", "new"].map(|taxonomy| share(taxonomy, more));
        let number = |(mentions, base): (u64, u64)| match base < 20 {
            true => format!("{mentions}/{base}"),
            false => format!("{:.1}% ({mentions}/{base})", 100.0 * mentions as f64 / base as f64),
        };
        let step = format!("气味 不满 (product/smell)  {} → {}", number(old), number(new));
        assert!(said.contains(&step), "{more:?}: {step} in\n{said}");
    }
    let said = ends(at, 1, &["taxonomy", "diff", "old"]);
    for words in [
        "100 条有文字的记录里，40 条的标签会变。",
        "全店 50 条，默认好评和无文字的 10 条不算",
        "全部时间 +20 −20 条",
        "得到的标签 20 个，看 3 条：\n  气味 不满 · 新规则 product/smell.toml:2\n",
        "失去的标签 20 个，看 1 条：\n  气味 不满 · 规则 product/smell.toml:2（旧词表）删了或改了\n",
        "“有[异味]”（同样说法还有 19 条）",
    ] {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    let quotes: Vec<&str> = said.lines().filter(|l| l.starts_with("    “")).collect();
    let texts: std::collections::BTreeSet<&str> = quotes.iter().filter_map(|l| l.split('”').next()).collect();
    assert_eq!(texts.len(), quotes.len(), "{said}");
    let english = ends(at, 1, &["taxonomy", "diff", "old", "--lang", "en"]);
    for words in
        ["40 of 100 records with words", "Smell complaint · new rule product/smell.toml:2", "is gone or another one"]
    {
        assert!(english.contains(words), "{words} in\n{english}");
    }
}

#[test]
fn what_stays_unlabelled_is_clustered_by_record_and_new_words_name_the_category_beside_them() {
    let folder = workspace();
    let at = folder.path();
    for (lang, words) in [
        (
            "zh",
            [
                "没有标签的 160 条，最大的几堆",
                "\n  缠头发  80 条，占 50.0% (80/160)\n",
                "\n  没说到具体的事  40 条，占 25.0% (40/160)\n      不错 · ",
                "不用归类",
                "其余 0 条各说各的。\n下一步：earful taxonomy suggest --new",
            ],
        ),
        (
            "en",
            [
                "Without a label: 160 records",
                "\n  缠头发  80 records, 50.0% (80/160) of them\n",
                "\n  nothing in particular  40 records",
                "one of its own, if",
                "next: earful taxonomy suggest --new",
            ],
        ),
    ] {
        let said = ends(at, 0, &["taxonomy", "coverage", "--lang", lang]);
        for words in words {
            assert!(said.contains(words), "{words} in\n{said}");
        }
        // What is read is in no cluster: neither the smell nor the courier.
        assert!(!said.contains("塑料味") && !said.contains("快递"), "{said}");
        // Three of the first cluster, no two alike.
        let quotes: Vec<&str> = said.lines().filter(|l| l.contains("缠头发") && l.contains(" · ")).collect();
        assert!(quotes.len() == 3 && quotes[0] != quotes[1] && quotes[1] != quotes[2], "{said}");
    }
    // A word that is said where a category is read belongs to it; the others do not.
    let mut rows = String::from("评价编号,商品SKU,评价时间,评价星级,评价内容\n");
    for i in 0..120 {
        let words = match i % 3 {
            0 => format!("一股塑料味，第{i}天打喷嚏"),
            1 => format!("颜色好看，第{i}次买"),
            _ => format!("快递很快，送到{i}楼"),
        };
        rows.push_str(&format!("N{i},SKU-1,2026-10-{:02} 08:00:00,{},{words}\n", 1 + i % 28, 2 + i % 3));
    }
    fs::write(at.join("more.csv"), rows).unwrap();
    ends(at, 0, &["add", "more.csv", "--shop", "我的店"]);
    let new: Value =
        serde_json::from_slice(&earful(at, &["taxonomy", "suggest", "--new", "--format", "json"]).stdout).unwrap();
    let of = |word: &str| {
        let mut all = new["suggestions"].as_array().unwrap().iter();
        let found = all.find(|s| s["phrase"].as_str().unwrap().contains(word));
        found.unwrap_or_else(|| panic!("{word} in {new:#}"))
    };
    assert_eq!(of("喷嚏")["beside"]["category"], "product/smell", "{new:#}");
    assert_eq!(of("喷嚏")["beside"]["records"], 40);
    assert_eq!(of("缠头发")["beside"], Value::Null);
    assert_eq!(of("喷嚏")["evidence"], serde_json::json!([40, 40]));
    assert!(new["paste"].as_str().unwrap().contains("# product/smell.toml\n[[complaint]]\nany = [\""), "{new:#}");
    // The order is told truly: with a taxonomy of its own the workspace needs no second one.
    assert!(ends(at, 0, &["taxonomy", "suggest", "--new", "--lang", "zh"]).contains("副本"));
    ends(at, 0, &["taxonomy", "own"]);
    let owned = ends(at, 0, &["taxonomy", "suggest", "--new", "--lang", "zh"]);
    assert!(!owned.contains("taxonomy own") && owned.contains("taxonomy diff --edit product/smell"), "{owned}");
}

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
        let how = ["", "停", "卡死", "拆下洗", "罢工"][i / 48 % 5];
        let (stars, words) = match i % 8 {
            0 => (1, "一股塑料味，闻着头晕".to_string()),
            1 => (5, "没有异味，孩子很喜欢".to_string()),
            2 => (2, format!("{when}缠头发{how}，打电话13812345{i:03}没用")),
            3 => (2, format!("{when}滚刷缠头发{how}")),
            4 => (5, "快递很快，第二天就到了".to_string()),
            5 => (1, "the brush head wobbles. not happy".to_string()),
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
    assert!(phrases.iter().any(|p| p.contains("brush") || p.contains("wobbles")), "{phrases:?}");
    assert!(!phrases.iter().any(|p| p.contains("异味") || p.contains("快递") || p.contains("不错")), "{phrases:?}");
    assert_eq!(new["suggestions"][0]["stance"], "complaint", "{new:#}");
    let quotes = new["suggestions"].to_string();
    assert!(!quotes.contains("1381234") && quotes.contains("\"record\""), "quotes are masked: {quotes}");
    assert_eq!(new, json(&["taxonomy", "suggest", "--new", "--format", "json"]), "the same every time");
    // What is suggested can be pasted as it is.
    let paste = new["paste"].as_str().unwrap();
    assert!(toml::from_str::<toml::Table>(paste).is_ok(), "{paste}");

    for (lang, word) in [("zh", "粘贴到"), ("en", "To paste into")] {
        let shown = ends(folder.path(), 0, &["taxonomy", "suggest", "--new", "--lang", lang]);
        assert!(shown.contains(word) && shown.contains("[[complaint]]"), "{shown}");
        let none = ends(folder.path(), 2, &["taxonomy", "suggest", "product/smel", "--lang", lang]);
        assert!(none.contains("product/smel"), "{none}");
        ends(folder.path(), 2, &["taxonomy", "suggest", "--lang", lang]);
    }
    // 闻着头晕 is said where a smell is told, in a clause of its own: whatever is suggested for smell is sure.
    let smell = json(&["taxonomy", "suggest", "product/smell", "--format", "json"]);
    for one in smell["suggestions"].as_array().unwrap() {
        assert!(one["q"].as_f64().unwrap() <= 0.1 && one["purity"].as_f64().unwrap() >= 0.45, "{one}");
    }
}

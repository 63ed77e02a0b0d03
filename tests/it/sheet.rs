//! The taxonomy as a sheet, there and back through the command line, with the mistakes that people make in one; and the
//! dictionaries of other programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use earful::taxonomy::{Taxonomy, bundled, bundled_files, changes, parted, sheet};
use earful::words::Lang;

use crate::workshop::{ends, workspace};

/// The header of a whole sheet.
const HEADER: &str = "category,name,stance,rule,keyword,unless,all,without,example,exact\n";

/// The taxonomy of a folder, and every problem of it.
fn taxonomy_of(folder: &Path) -> Taxonomy {
    earful::run::taxonomy::read(folder)
        .unwrap_or_else(|e| panic!("{}: {}", folder.display(), e.message(earful::words::Lang::En)))
}

/// A workspace with a small taxonomy of its own: it is read many times.
fn small() -> tempfile::TempDir {
    let folder = workspace();
    let at = folder.path();
    fs::create_dir_all(at.join("taxonomy/product")).unwrap();
    fs::create_dir_all(at.join("taxonomy/_cues")).unwrap();
    let smell = "# 气味 smells\nname = { zh = \"气味\", en = \"Smell\" }\n\n[[complaint]]\nany = [\"塑料味\", \"异味\"]\n\
         unless = [\"异味剂\"]\n\n[[praise]]\nthen = [[\"味\", \"气味\"], [\"没有\", \"不大\"]]\nwithin = 3\nall = [[\"这\"]]\n\
         without = [\"吗\"]\n\n[examples]\ncomplaint = [\"一股塑料味\", \"有异味\"]\nnone = [\"除异味剂很好用\"]\n";
    let shipping =
        "name = { zh = \"快递\", en = \"Shipping\" }\n[[complaint]]\nnear = [[\"快递\", \"物流\"], [\"慢\"]]\n";
    for (path, text) in [
        ("product.toml", "name = { zh = \"商品\", en = \"Product\" }\n"),
        ("product/smell.toml", smell),
        ("shipping.toml", shipping),
        ("_cues/zh.toml", "negation = [\"没有\"]\n"),
    ] {
        fs::write(at.join("taxonomy").join(path), text).unwrap();
    }
    folder
}

#[test]
fn what_is_written_is_read_again_as_the_same_taxonomy() {
    let bundled = bundled();
    let (again, problems) = Taxonomy::read(bundled.files());
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(again.fingerprint(), bundled.fingerprint());
    assert!(changes(&bundled, &again).is_empty());
}

#[test]
fn rows_come_back_as_the_same_files_whole_and_by_category() {
    let bundled = bundled();
    let written = bundled.files();
    let read = |lang: Lang, id: &str| {
        let wanted = |found: &str| id.is_empty() || found == id;
        let rows: Vec<(u64, sheet::Row)> = (2..).zip(bundled.rows(lang, wanted)).collect();
        let own = |path: &String| parted(path.trim_end_matches(".toml")).0 == id;
        let beside: BTreeMap<_, _> = match id.is_empty() {
            true => BTreeMap::new(),
            false => written.iter().filter(|(p, _)| !own(p)).map(|(p, t)| (p.clone(), t.clone())).collect(),
        };
        let (files, problems) = sheet::files("s.csv", &rows, &beside);
        assert_eq!(problems, [], "{id}");
        (files, rows.len())
    };
    for lang in [Lang::Zh, Lang::En] {
        let (files, rows) = read(lang, "");
        let again = Taxonomy::read(files).0;
        assert_eq!((again.fingerprint(), again.files()), (bundled.fingerprint(), written.clone()));
        assert!(rows < 20_000, "a rule is a row or a few, not a row for each of its words: {rows}");
    }
    for (at, category) in bundled.categories().iter().enumerate() {
        let (files, _) = read(if at % 2 == 0 { Lang::Zh } else { Lang::En }, &category.id);
        // The rules as they were written. What hangs on the net above, such as an owner that it hands down, is the same
        // only where the net is there.
        for (path, text) in files {
            let rules = |text: &str| text.split_once("\n[[").map(|(_, rules)| rules.to_string());
            assert_eq!(rules(&text), rules(&written[&path]), "{path}");
        }
    }
}

#[test]
fn a_sheet_comes_back_without_loss_and_says_what_an_edit_changes() {
    let folder = workspace();
    let at = folder.path();
    let bundled = bundled();
    for (sheet, lang) in [("taxonomy.xlsx", "zh"), ("taxonomy.csv", "en")] {
        ends(at, 0, &["taxonomy", "export", sheet, "--lang", lang]);
        ends(at, 0, &["taxonomy", "import", sheet, "--into", "whole", "--yes"]);
        assert_eq!(taxonomy_of(&at.join("whole")).fingerprint(), bundled.fingerprint(), "{sheet}");
        assert!(changes(&bundled, &taxonomy_of(&at.join("whole"))).is_empty(), "{sheet}");
        fs::remove_dir_all(at.join("whole")).unwrap();
    }

    // One category of all: a keyword added without a rule's number, one taken away, one to another category, a formula.
    ends(at, 0, &["taxonomy", "export", "气味", "part.csv", "--lang", "en"]);
    let text = fs::read_to_string(at.join("part.csv")).unwrap();
    assert!(text.lines().skip(1).all(|l| l.starts_with("product/smell") || !l.contains(",complaint,")), "{text}");
    assert_eq!(text.matches(", 塑料味,").count(), 1);
    let mut edited = text.replace(", 塑料味,", ",");
    edited.push_str("product/smell,,complaint,,药水气,,,,,\r\nproduct/quality,,complaint,,塑料味,,,,,\r\nnew/thing,,praise,,'=1+1,,,,,\r\nnew/thing,,praise,,,,,,这是=1+1,\r\n");
    fs::write(at.join("edited.csv"), &edited).unwrap();
    let (gbk, _, _) = encoding_rs::GB18030.encode(edited.trim_start_matches('\u{feff}'));
    fs::write(at.join("gbk.csv"), gbk).unwrap();
    for (sheet, lang, words) in [
        (
            "edited.csv",
            "en",
            [
                "药水气",
                "塑料味: product/smell complaint → product/quality complaint",
                "new categories 2: new, new/thing",
                "not in this sheet and left as they are: ",
                "What that moves in the records:",
            ],
        ),
        (
            "gbk.csv",
            "zh",
            [
                "药水气",
                "塑料味: product/smell 不满 → product/quality 不满",
                "新类别 2: new, new/thing",
                "个类别不动",
                "对现有记录的影响：",
            ],
        ),
    ] {
        let said = ends(at, 1, &["taxonomy", "import", sheet, "--lang", lang]);
        for word in words {
            assert!(said.contains(word), "{sheet} {lang}: {word} in\n{said}");
        }
        assert!(!at.join("taxonomy").exists(), "nothing is kept without a yes");
    }
    ends(at, 0, &["taxonomy", "import", "edited.csv", "--yes"]);
    let kept = taxonomy_of(&at.join("taxonomy"));
    let thing = &kept.categories()[kept.find("new/thing").unwrap()];
    assert_eq!(&*thing.rules[0].any[0].written, "=1+1", "the formula's quote is gone and the keyword is whole");
    // The files of categories that did not change keep their remarks.
    let color = fs::read_to_string(at.join("taxonomy/product/color.toml")).unwrap();
    let bundled_files: BTreeMap<_, _> = bundled_files().into_iter().collect();
    assert_eq!(color, bundled_files["product/color.toml"]);
}

#[test]
fn a_part_sheet_touches_its_categories_only_and_words_without_numbers_are_added() {
    let folder = small();
    let at = folder.path();
    let whole = taxonomy_of(&at.join("taxonomy"));
    let file = |path: &str| fs::read_to_string(at.join("taxonomy").join(path)).unwrap();
    let import = |code: i32, more: &[&str], text: &str| {
        fs::write(at.join("s.csv"), text).unwrap();
        ends(at, code, &[&["taxonomy", "import", "s.csv", "--lang", "en"], more].concat())
    };
    for (of, rows) in
        [(&["product/smell"][..], 6), (&["商品"], 7), (&["Smell", "shipping"], 8), (&["_cues/zh"], 2), (&[], 11)]
    {
        for (out, lang) in [("p.csv", "zh"), ("p.xlsx", "en")] {
            let said = ends(at, 0, &[&["taxonomy", "export"], of, &[out, "--lang", lang]].concat());
            assert!(said.contains(&rows.to_string()), "{of:?}: {said}");
            let same = ends(at, 0, &["taxonomy", "import", out, "--yes", "--lang", "en"]);
            assert!(same.contains("nothing changes"), "{of:?} {out}: {same}");
        }
    }
    ends(at, 2, &["taxonomy", "export", "product/smel", "p.csv"]);
    ends(at, 2, &["taxonomy", "export", "p.docx"]);

    ends(at, 0, &["taxonomy", "export", "product/smell", "p.csv", "--lang", "zh"]);
    let text = fs::read_to_string(at.join("p.csv")).unwrap();
    let text = text.trim_start_matches('\u{feff}');
    // (what of the sheet, by what, what is then said, rules of the category or none)
    for (from, to, said, rule) in [
        (
            "塑料味、异味",
            "塑料味，异味\n霉味；臭",
            &["+2 product/smell complaint: 臭 · 霉味"][..],
            "any = [\"塑料味\", \"异味\", \"霉味\", \"臭\"]",
        ),
        (
            "异味剂",
            "异味剂、异味香",
            &["+1 product/smell complaint unless: 异味香"],
            "unless = [\"异味剂\", \"异味香\"]",
        ),
        ("没有、不大 (3)", "没有、不大、小（4）", &["+1 product/smell praise then: 小", "distance"], "within = 4"),
        (
            " → ",
            " … ",
            &["other conditions of rules differ 1: product/smell"],
            "near = [[\"味\", \"气味\"], [\"没有\", \"不大\"]]",
        ),
        (",吗,", ",吗、呢,", &["+1 product/smell praise without: 呢"], "without = [\"吗\", \"呢\"]"),
        (",这,", ",这、那 + 款,", &["+2 product/smell praise all: 款 · 那"], "all = [[\"这\", \"那\"], [\"款\"]]"),
        ("product/smell,气味", "product/smell,味道", &["s.csv:2: column `name`: this column is only to be read"], ""),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        let edited = text.replacen(from, &if to.contains('\n') { format!("\"{to}\"") } else { to.to_string() }, 1);
        let shown = import(if rule.is_empty() { 0 } else { 1 }, &[], &edited);
        for said in said.iter().filter(|s| **s != "distance") {
            assert!(shown.contains(said), "{from}: {said} in {shown}");
        }
        if !rule.is_empty() {
            import(0, &["--yes"], &edited);
            assert!(file("product/smell.toml").contains(rule), "{from}: {}", file("product/smell.toml"));
            import(0, &["--yes"], text);
        }
        assert_eq!(taxonomy_of(&at.join("taxonomy")).fingerprint(), whole.fingerprint(), "{from}");
    }
    // Without what describes it, it is the same category; without numbers and description, words to add.
    let bare: String = text.lines().filter(|l| !l.contains("说明")).map(|l| format!("{l}\n")).collect();
    assert!(import(0, &[], &bare).contains("nothing changes"));
    let said = import(
        0,
        &["--yes"],
        "category,stance,keyword\n气味,complaint,药水气、异味\n,,\nshipping,complaint,快递 … 丢\n",
    );
    assert!(
        said.contains("+1 product/smell complaint: 药水气") && said.contains("of these were there already: 1"),
        "{said}"
    );
    assert!(file("product/smell.toml").contains("any = [\"塑料味\", \"异味\", \"药水气\"]"));
    assert!(file("shipping.toml").contains("near = [[\"快递\"], [\"丢\"]]"));
    // In a whole category too, a word that is there is not there twice.
    let again = format!("{text}product/smell,,不满,,异味、馊味,,,,,\n");
    let said = import(1, &[], &again);
    assert!(said.contains("not added again: 1") && said.contains("+1 product/smell complaint: 馊味"), "{said}");
    // Categories go only when told to.
    import(0, &["--yes", "--remove"], text);
    assert_eq!(taxonomy_of(&at.join("taxonomy")).categories().len(), 2);
}

#[test]
fn mistakes_in_a_sheet_are_refused_by_row_and_column_and_nothing_is_written() {
    let folder = small();
    let at = folder.path();
    let before = taxonomy_of(&at.join("taxonomy")).fingerprint();
    for (rows, row, column) in [
        ("product/smell,,complain,,臭,,,,,", 2, "stance"),
        ("../evil,,complaint,,臭,,,,,", 2, "category"),
        (",,complaint,,臭,,,,,\nproduct/smell,,complaint,,臭,,,,,", 2, "category"),
        ("product/smell,,complaint,x,臭,,,,,", 2, "rule"),
        ("product/smell,,complaint,1,臭,,,,,\nproduct/smell,,praise,1,香,,,,,", 3, "stance"),
        ("product/smell,,complaint,,,臭豆腐,,,,", 2, "rule"),
        ("product/smell,,complaint,3,,,,,,", 2, "keyword"),
        ("product/smell,,none,,臭,,,,,", 2, "stance"),
        ("product/smell,,about,,臭,,,,,", 2, "keyword"),
        ("product/smell,,complaint,1,臭,,,,,\"near = [[\"\"味\"\"], []]\"", 2, "exact"),
        ("product/smell,,complaint,1,臭,,,,,anny = 3", 2, "exact"),
        ("product/smell,,complaint,1,臭,,,,,anny = 3\nproduct/smell,,praise,2,香,,,,,anny = 4", 3, "exact"),
        ("product/smell,,complaint,1,臭,,,,,\nproduct/smell,,complaint,1,  *  ,,,,,", 3, "keyword"),
        ("product/smell,,complaint,1,臭,*,,,,", 2, "unless"),
        ("product/smell,,complaint,1,臭,,*,,,", 2, "all"),
        ("product/smell,,complaint,1,臭,,,*,,", 2, "without"),
        ("product/smell,,complaint,1,唉…,,,,,", 2, "keyword"),
        ("product/smell,,complaint,1,味 … 大 → 臭,,,,,", 2, "keyword"),
        ("product/smell,,complaint,1,\"\"\"臭\",,,,,", 2, "keyword"),
        ("product/smell,,complaint,1,味 … 大,,,,,\nproduct/smell,,complaint,1,臭,,,,,", 3, "keyword"),
        ("product/smell,,complaint,1,臭,,,,,\nproduct/smell,,complaint,1,味 … 大,,,,,", 3, "keyword"),
        ("product/smell,,complaint,1,臭,,,,,\"category = \"\"no/such\"\"\"", 2, "exact"),
        ("_cues/zh,,possitive,,好,,,,,", 2, "stance"),
        ("_lists/own,,names,,,,,,,", 2, "keyword"),
        ("_lists/own,,names,,小美,小,,,,", 2, "unless"),
        ("_lists/own,,names,,小美,,,,,\nproduct/smell,,complaint,1,@nomes,,,,,", 3, "keyword"),
    ] {
        fs::write(at.join("bad.csv"), format!("{HEADER}{rows}\n")).unwrap();
        for lang in ["zh", "en"] {
            let said = ends(at, 2, &["taxonomy", "import", "bad.csv", "--yes", "--lang", lang]);
            let names = sheet::COLUMNS.iter().find(|(_, en)| *en == column).unwrap();
            assert!(said.contains(if lang == "zh" { names.0 } else { names.1 }), "{rows} should name {column}: {said}");
            assert!(said.contains(&format!("{row}")), "{rows} should name row {row}: {said}");
        }
        assert_eq!(taxonomy_of(&at.join("taxonomy")).fingerprint(), before);
    }
    // The same of row after row is said a few times.
    let many = "product/smell,,complain,,臭,,,,,\n".repeat(200);
    fs::write(at.join("many.csv"), format!("{HEADER}{many}")).unwrap();
    let said = ends(at, 2, &["taxonomy", "import", "many.csv", "--yes", "--lang", "en"]);
    assert!(said.contains("row 4") && !said.contains("row 5") && said.contains("… and 197 more"), "{said}");
    assert!(said.contains("did you mean complaint?"), "{said}");
    // A column that is gone, has another name, or stands there twice.
    for (header, zh, en) in [
        (HEADER.replace(",exact", ""), "第 1 行没有“其他条件”列", "row 1 has no column `exact`"),
        (HEADER.replace("rule", "number"), "第 1 行没有“规则”列", "row 1 has no column `rule`"),
        (HEADER.replace("keyword", "keywords"), "是不是“keyword”？", "did you mean `keyword`?"),
        (HEADER.replace("keyword", "关键字"), "是不是“关键词”？", "did you mean `关键词`?"),
        (HEADER.replace("all", "keyword"), "出现了两次", "two columns `keyword`"),
        ("category,words\n".to_string(), "立场", "stance"),
    ] {
        let about = "product/smell,,about,,,,,,,\n";
        fs::write(at.join("no.csv"), format!("{header}{about}product/smell,,complaint,1,臭,,,,,\n")).unwrap();
        for (lang, word) in [("zh", zh), ("en", en)] {
            let said = ends(at, 2, &["taxonomy", "import", "no.csv", "--lang", lang]);
            assert!(said.contains(word), "{header}: {said}");
        }
    }
    fs::write(at.join("more.csv"), "category,stance,keyword,谁加的\nproduct/smell,complaint,药水气,小王\n").unwrap();
    let said = ends(at, 1, &["taxonomy", "import", "more.csv", "--lang", "zh"]);
    assert!(said.contains("“谁加的”这一列不读"), "{said}");
    for (rows, lang, word) in
        [("", "zh", "没有一行"), (",,,,,,,,,\n", "en", "no row"), (",,complaint,,臭,,,,,\n", "en", "no row")]
    {
        fs::write(at.join("empty.csv"), format!("{HEADER}{rows}")).unwrap();
        for more in ["--remove", "--add"] {
            let said = ends(at, 2, &["taxonomy", "import", "empty.csv", more, "--yes", "--lang", lang]);
            assert!(said.contains("empty.csv") && said.contains(word), "{said}");
        }
    }
    ends(at, 2, &["taxonomy", "import", "missing.xlsx"]);
}

#[test]
fn what_an_edit_breaks_is_told_before_it_is_kept_and_it_can_be_undone() {
    let folder = small();
    let at = folder.path();
    let before = taxonomy_of(&at.join("taxonomy")).files();
    ends(at, 2, &["taxonomy", "undo", "--yes"]);
    ends(at, 0, &["taxonomy", "export", "product/smell", "p.csv", "--lang", "zh"]);
    let text = fs::read_to_string(at.join("p.csv")).unwrap();
    // A word goes, and with it an example; a new example is wrong from the beginning.
    let edited = text.replace("塑料味、", "") + "product/smell,,好评,,,,,,无味得很,\r\n";
    fs::write(at.join("p.csv"), edited).unwrap();
    for (lang, words) in [
        (
            "zh",
            [
                "改后有 2 条例句不再读对：",
                "第 5 行 product/smell：应读作不满，却读作无 · 一股塑料味",
                "第 8 行 product/smell：应读作好评，却读作无 · 无味得很",
            ],
        ),
        (
            "en",
            [
                "Examples that are read otherwise than written then: 2",
                "row 5 product/smell: should read complaint and reads none · 一股塑料味",
                "row 8 product/smell: should read praise and reads none · 无味得很",
            ],
        ),
    ] {
        let said = ends(at, 1, &["taxonomy", "import", "p.csv", "--lang", lang]);
        words.iter().for_each(|word| assert!(said.contains(word), "{word} in {said}"));
    }
    ends(at, 0, &["taxonomy", "import", "p.csv", "--yes"]);
    let after = taxonomy_of(&at.join("taxonomy")).files();
    assert_ne!(before, after);
    // An edit that breaks nothing more says nothing of what was broken before.
    fs::write(at.join("more.csv"), "category,stance,keyword\nproduct/smell,complaint,药水气\n").unwrap();
    let said = ends(at, 1, &["taxonomy", "import", "more.csv", "--lang", "en"]);
    assert!(!said.contains("otherwise"), "{said}");
    let said = ends(at, 0, &["taxonomy", "undo", "--yes", "--lang", "en"]);
    assert!(said.contains("+1 product/smell complaint: 塑料味"), "{said}");
    assert_eq!(taxonomy_of(&at.join("taxonomy")).files(), before);
    ends(at, 0, &["taxonomy", "undo", "--yes"]);
    assert_eq!(taxonomy_of(&at.join("taxonomy")).files(), after);

    // Where there was none of its own, the bundled one is used again, and goes on with the program.
    fs::remove_dir_all(at.join("taxonomy")).unwrap();
    ends(at, 0, &["taxonomy", "import", "more.csv", "--yes"]);
    assert!(at.join("taxonomy").exists());
    assert_eq!(
        ends(at, 1, &["taxonomy", "undo", "--lang", "en"]).matches("−1 product/smell complaint: 药水气").count(),
        1
    );
    ends(at, 0, &["taxonomy", "undo", "--yes"]);
    assert!(!at.join("taxonomy").exists());
    ends(at, 0, &["taxonomy", "undo", "--yes"]);
    assert!(fs::read_to_string(at.join("taxonomy/product/smell.toml")).unwrap().contains("药水气"));
}

#[test]
fn what_a_spreadsheet_made_of_a_cell_is_told_and_merged_cells_and_numbers_are_read() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let folder = small();
    let at = folder.path();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["类别", "立场", "关键词"].iter().enumerate() {
        sheet.write_string(0, column as u16, *name).unwrap();
    }
    sheet.merge_range(1, 0, 3, 0, "气味", &Format::new()).unwrap();
    for (row, word) in [(1, 618.0), (2, 3.5)] {
        sheet.write_string(row, 1, "不满").unwrap();
        sheet.write_number(row, 2, word).unwrap();
    }
    sheet.write_string(3, 1, " 不满 ").unwrap();
    sheet.write_string(3, 2, " 1-2 ，=1+1\n-3 、").unwrap();
    book.save(at.join("fine.xlsx")).unwrap();
    let said = ends(at, 1, &["taxonomy", "import", "fine.xlsx", "--lang", "zh"]);
    assert!(said.contains("+5 product/smell 不满: -3 · 1-2 · 3.5 · 618 · =1+1"), "{said}");

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "小王改的词").unwrap();
    for (column, name) in ["类别", "立场", "关键词"].iter().enumerate() {
        sheet.write_string(1, column as u16, *name).unwrap();
        sheet.write_string(2, column as u16, ["气味", "不满", "霉味"][column]).unwrap();
        sheet.write_string(5, column as u16, ["气味", "complain", "馊味"][column]).unwrap();
    }
    for row in 3..5 {
        sheet.write_string(row, 0, "气味").unwrap();
        sheet.write_string(row, 1, "不满").unwrap();
    }
    let day = Format::new().set_num_format("m月d日");
    sheet.write_datetime_with_format(3, 2, ExcelDateTime::from_ymd(2026, 1, 2).unwrap(), &day).unwrap();
    sheet.write_formula(4, 2, Formula::new("=异味").set_result("#NAME?")).unwrap();
    book.save(at.join("bad.xlsx")).unwrap();
    for (lang, words) in [
        ("zh", ["第 4 行", "存成了日期", "第 5 行", "当成了公式", "第 6 行", "是不是 complaint？"]),
        ("en", ["row 4", "made a date of it", "row 5", "took it for a formula", "row 6", "did you mean complaint?"]),
    ] {
        let said = ends(at, 2, &["taxonomy", "import", "bad.xlsx", "--yes", "--lang", lang]);
        words.iter().for_each(|word| assert!(said.contains(word), "{word} in {said}"));
    }
}

#[test]
fn a_category_is_known_by_its_name_and_a_slip_of_the_pen_is_no_new_one() {
    let folder = workspace();
    let at = folder.path();
    // A small taxonomy: names are what is asked about here, and it is read many times.
    fs::create_dir_all(at.join("taxonomy/product")).unwrap();
    fs::write(at.join("taxonomy/product.toml"), "name = { zh = \"商品\", en = \"Product\" }\n").unwrap();
    let smell = "name = { zh = \"气味\", en = \"Smell\" }\n[[complaint]]\nany = [\"异味\"]\n";
    fs::write(at.join("taxonomy/product/smell.toml"), smell).unwrap();
    let import = |code: i32, rows: &str| {
        fs::write(at.join("new.csv"), format!("category,stance,keyword\n{rows}")).unwrap();
        ends(at, code, &["taxonomy", "import", "new.csv", "--lang", "en"])
    };
    for name in
        ["product/smell", "Product/Smell", "/product/smell/", "smell", "Smell", "SMELL", "气味", "product/smell.odd"]
    {
        // Without a yes: 1.
        let said = import(1, &format!("{name},complaint,药水气\n"));
        assert!(
            said.contains("+1 product/smell complaint: 药水气") && !said.contains("new categories"),
            "{name}: {said}"
        );
    }
    assert!(import(1, "气味,complaint,药水气\n").contains("new.csv:2: column `category`: taken as product/smell"));
    for name in ["product/smel", "product/smells", "Product/Smel", "smel", "produkt/smell"] {
        let said = import(2, &format!("product/smell,complaint,药水气\n{name},complaint,药膏气\n"));
        assert!(said.contains("row 3") && said.contains("did you mean product/smell?"), "{name}: {said}");
    }
    for name in ["product/lid", "own/thing", "宠物", "product/宠物毛"] {
        let said = import(1, &format!("{name},complaint,药水气\n"));
        assert!(said.contains("new categories"), "{name}: {said}");
    }
    // What is described is meant.
    let said = import(1, "product/smells,about,\nproduct/smells,complaint,药水气\n");
    assert!(said.contains("new categories 1: product/smells"), "{said}");
}

#[test]
fn dictionaries_of_other_programs_are_added_as_categories() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/dictionaries");
    // (file, a category, its keywords and patterns, what is said of words that cannot be taken over)
    for (file, id, words, left) in [
        ("quanteda.yml", "quanteda/delivery/slow", &["late*", "took forever", "\\bdel[a-z0-9]yed\\b"][..], None),
        ("quanteda.yml", "quanteda/feel/soft_fabric", &["scratchy", "扎人", "silky"], None),
        ("lists.yaml", "lists/缠头发", &["缠头发", "缠住头发"], None),
        ("own.dic", "own/noise", &["humming", "buzz*", "drain*"], Some("own.dic:9")),
        ("own.dic", "own/battery_life", &["drain*", "low battery"], Some("own.dic:9")),
        ("own.cat", "own/comfort/bad_fit", &["pinch*", "too tight", "tight", "toe"], None),
        ("own.ykd", "own/wobble", &["wobbl*", "shak* about"], None),
        ("own.ykd", "own/noise_hum", &["嗡嗡"], None),
    ] {
        let source = samples.join(file);
        let into = format!("into-{file}");
        let said =
            ends(at, 0, &["taxonomy", "import", source.to_str().unwrap(), "--into", &into, "--yes", "--lang", "en"]);
        assert!(left.is_none_or(|left| said.contains(left)), "{file}: {said}");
        let read = taxonomy_of(&at.join(&into));
        let category = &read.categories()[read.find(id).unwrap_or_else(|| panic!("{file}: no {id}: {said}"))];
        let patterns = category.rules.iter().flat_map(|r| r.pattern.iter().map(|p| p.written.clone()));
        let mut found: Vec<String> =
            category.rules.iter().flat_map(|r| r.keywords()).map(|k| k.written.to_string()).collect();
        found.extend(patterns);
        found.sort();
        let mut wanted: Vec<String> = words.iter().map(|w| w.to_string()).collect();
        wanted.sort();
        if id == "own/wobble" {
            wanted = vec!["\\bshak[a-z0-9']* about\\b".into(), "wobbl*".into()];
        }
        assert_eq!(found, wanted, "{file} {id}");
        // A second import of the same adds nothing.
        let again =
            ends(at, 0, &["taxonomy", "import", source.to_str().unwrap(), "--into", &into, "--yes", "--lang", "en"]);
        assert!(again.contains("nothing changes"), "{file}: {again}");
    }
    // (file, its text, what is said of it in English; what is not taken over is counted)
    let liwc = "%\r\n1\tnoise\r\n\t2\tloud\r\n%\r\nhum*\t1\t2\r\n嗡嗡\t2\r\nlike\t(02 134)125/464\r\nlost\t9\r\n:(\t1\r\n*\t1\r\n@home\t1\r\n618\t1\r\n";
    let gbk = encoding_rs::GB18030.encode(liwc).0.into_owned();
    let cat = "FEEL\n\tNEGATIONS\n\t\tNOT (1)\n\t\tNEVER (1)\n\tGOOD\n\t\tSOFT* (1)\n\t\t@ONE [SOFT NOT NEAR #NEGATIONS /S /C3] (1)\n\t\t\
        @TWO [SEAM BEFORE SCRATCH* /C4] (1)\n\t\t@THREE [RIPS AFTER WASH] (1)\n\t\t@FOUR [A NEAR @ONE] (1)\n\t\t@FIVE [FIT* AND TOO_TIGHT /P] (1)\n\t\t\
        @SIX [A NEAR B AFTER C] (1)\n\tEMPTY\n";
    for (file, text, words) in [
        (
            "l.dic",
            [b"\xef\xbb\xbf", liwc.as_bytes()].concat(),
            &[
                "l.dic: words taken over: 5, rules: 0; left out: 4",
                "l.dic:7: a LIWC word with a condition",
                "l.dic:8: no category has this number",
                "l.dic:10: nothing but wildcards or signs",
                "l.dic:11: @ and |",
                "+3 l/noise mention: 618 · :( · hum*",
                "+2 l/noise/loud mention: hum* · 嗡嗡",
            ][..],
        ),
        ("g.dic", gbk, &["words taken over: 5, rules: 0; left out: 4", "+2 g/noise/loud mention: hum* · 嗡嗡"]),
        (
            "r.cat",
            cat.as_bytes().to_vec(),
            &[
                "r.cat: words taken over: 3, rules: 4; left out: 3",
                "r.cat:7: NOT NEAR, BEFORE or AFTER is taken as",
                "r.cat:10: a WordStat rule was left out: another rule",
                "r.cat:12: a WordStat rule was left out: NEAR, BEFORE and AFTER mixed",
                "r.cat:13: a category without words",
                "+2 r/feel/good mention without: never · not",
                "+4 r/feel/good mention then: rips · scratch* · seam · wash",
                "+1 r/feel/good mention all: too tight",
            ],
        ),
        (
            "t.dicx",
            "DicTerm,Stress,Rest\nstress*,X,\ntired,2,\n\"kind, of\",x,X\nnothing,,\nodd,y,\n".as_bytes().to_vec(),
            &[
                "t.dicx: words taken over: 4, rules: 0; left out: 3",
                "words with a weight: 1",
                "t.dicx:5: a word of no category",
                "t.dicx:6: this cell is neither X nor a number",
                "+3 t/stress mention: kind, of · stress* · tired",
            ],
        ),
        (
            "n.yml",
            "a:\n  b:\n    c: [late*, 3.5, 618, ~]\n    d:\n  e: [true]\n".as_bytes().to_vec(),
            &["n.yml: words taken over: 3, rules: 0; left out: 3", "a / b / d: empty", "+3 n/a/b/c mention: 3.5 · 618 · late*"],
        ),
        ("plain.yaml", "- 异味\r\n- too big\r\n".as_bytes().to_vec(), &["+2 plain mention: too big · 异味"]),
        (
            "x.ykd",
            "<dictionary patternengine=\"regexp\"><cnode name=\"d\"><cnode name=\"a\"><pnode name=\"hum\"/>\n<pnode name=\"b.z+\"/></cnode></cnode></dictionary>"
                .as_bytes()
                .to_vec(),
            &["words taken over: 1, rules: 0; left out: 1", "x.ykd:2: a regular expression"],
        ),
    ] {
        fs::write(at.join(file), text).unwrap();
        let into = format!("into-{file}");
        let said = ends(at, 0, &["taxonomy", "import", file, "--into", &into, "--yes", "--lang", "en"]);
        words.iter().for_each(|word| assert!(said.contains(word), "{file}: {word} in\n{said}"));
        ends(at, 0, &["taxonomy", "check", &into]);
    }
    let rules = taxonomy_of(&at.join("into-r.cat")).files();
    let good = &rules["r/feel/good.toml"];
    for rule in [
        "any = [\"soft\"]\nwithout = [\"not\", \"never\"]\nscope = \"sentence\"",
        "then = [[\"seam\"], [\"scratch*\"]]\nwithin = 4\nscope = \"sentence\"",
        "then = [[\"wash\"], [\"rips\"]]\nscope = \"sentence\"",
        "any = [\"fit*\"]\nall = [[\"too tight\"]]\nscope = \"turn\"",
    ] {
        assert!(good.contains(rule), "{rule} in {good}");
    }
    let broken = "<dictionary>\n<cnode name=\"a\">\n<pnode name=\"b\"></cnode>\n</dictionary>";
    fs::write(at.join("broken.ykd"), broken).unwrap();
    assert!(
        ends(at, 2, &["taxonomy", "import", "broken.ykd", "--into", "x", "--lang", "en"])
            .contains("line 3 is not valid XML")
    );
    for (file, text) in
        [("x.yml", "- a: [\n"), ("x.dic", "no dictionary\n"), ("x.cat", "NAME\n"), ("x.ykd", "<html><p>a</p></html>")]
    {
        fs::write(at.join(file), text).unwrap();
        ends(at, 2, &["taxonomy", "import", file, "--into", "nothing", "--yes"]);
        assert!(!at.join("nothing").exists(), "{file}");
    }
}

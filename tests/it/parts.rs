//! A category in several files: one category to whoever counts, files of their own to whoever edits.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use earful::reading::{Classifier, examples};
use earful::taxonomy::{Taxonomy, bundled_files, changes, mended, sheet};
use earful::words::{Lang, Problem};

use crate::workshop::{earful, ends, text};

const NAME: &str = "name = { zh = \"性能\", en = \"Performance\" }\n";
const GENERAL: &str = "\n[[complaint]]\nany = [\"不好用\"]\n";
const EXAMPLES: &str = "\n[examples]\ncomplaint = [\"不好用\"]\n";
const BATTERY: &str =
    "# Batteries.\n[[complaint]]\nany = [\"掉电\", \"耗电\"]\n\n[[complaint]]\npattern = '充.{1,3}小时'\n";
const NOISE: &str = "[[complaint]]\nany = [\"噪音\"]\nunless = [\"没噪音\"]\n";

type Files = BTreeMap<String, String>;

fn files(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| (format!("{path}.toml"), (*text).to_owned())).collect()
}

/// A head and two parts.
fn three() -> Files {
    files(&[("p", &[NAME, GENERAL, EXAMPLES].concat()), ("p.noise", NOISE), ("p.battery", BATTERY)])
}

fn told(problems: &[Problem]) -> Vec<String> {
    let place = |p: &Problem| format!("{}:{}", p.place.file.as_deref().unwrap_or("-"), p.place.row.unwrap_or(0));
    let mut told: Vec<String> = problems.iter().map(|p| format!("{} {}", place(p), p.code)).collect();
    told.sort();
    told
}

#[test]
fn parts_are_joined_into_one_category_head_first() {
    let whole = files(&[("p", &[NAME, GENERAL, "\n", BATTERY, "\n", NOISE, EXAMPLES].concat())]);
    let (one, two) = (Taxonomy::read(whole), Taxonomy::read(three()));
    assert_eq!((&one.1, &two.1), (&vec![], &vec![]));
    let (one, two) = (one.0, two.0);
    assert_eq!(two.categories().len(), 1);
    // Nothing that was read before is read again, and no figure is called another one's.
    assert_eq!(
        (one.fingerprint(), one.category_fingerprints(&[0])),
        (two.fingerprint(), two.category_fingerprints(&[0]))
    );
    let at: Vec<&str> = two.categories()[0].rules.iter().map(|rule| &*rule.file).collect();
    assert_eq!(at, ["p.toml", "p.battery.toml", "p.battery.toml", "p.noise.toml"]);
    // Written again each rule is where it was; in a sheet too.
    assert_eq!(two.files().into_keys().collect::<Vec<_>>(), three().into_keys().collect::<Vec<_>>());
    assert!(changes(&two, &Taxonomy::read(two.files()).0).is_empty());
    let mut rows: Vec<(u64, sheet::Row)> = (2..).zip(two.rows(Lang::Zh, |_| true)).collect();
    let (back, problems) = sheet::files("s.csv", &rows, &BTreeMap::new());
    assert_eq!((Taxonomy::read(back).0.files(), problems), (two.files(), vec![]));
    // A rule moves to another file, or to a new one: that is an edit, and no label's.
    for to in ["p", "p.new"] {
        rows.iter_mut().filter(|(_, row)| row[0] == "p.noise").for_each(|(_, row)| row[0] = to.to_owned());
        let (moved, problems) = sheet::files("s.csv", &rows, &BTreeMap::new());
        assert_eq!(problems, []);
        let moved = changes(&two, &Taxonomy::read(moved).0);
        assert_eq!((&moved.parts, moved.is_empty()), (&vec!["p".to_owned()], false), "{moved:?}");
        rows.iter_mut()
            .filter(|(_, row)| row[sheet::KEYWORD].contains("噪音"))
            .for_each(|(_, row)| row[0] = "p.noise".to_owned());
    }
}

#[test]
fn what_is_wrong_with_a_part_is_told_with_its_file() {
    let head = [NAME, GENERAL, EXAMPLES].concat();
    for (path, part, expected) in [
        ("p.battery", BATTERY, &[][..]),
        ("p.a.b", NOISE, &[]),
        ("p.battery", "# Nothing yet.\n", &[]),
        ("p.battery", NAME, &["p.battery.toml:1 key_of_head"]),
        (
            "p.battery",
            "means = \"x\"\n\n[examples]\nnone = [\"y\"]\n",
            &["p.battery.toml:1 key_of_head", "p.battery.toml:3 key_of_head"],
        ),
        ("p.battery", "without_record = [\"酒店\"]\n", &["p.battery.toml:1 key_of_head"]),
        ("p.battery", "[[complain]]\nany = [\"x\"]\n", &["p.battery.toml:1 unknown_key"]),
        ("p.battery", "\n\n[[complaint]]\ncategory = \"p.battery\"\n", &["p.battery.toml:4 unknown_category"]),
        ("q.battery", BATTERY, &["q.battery.toml:1 no_head"]),
        ("net/p.battery", BATTERY, &["net/p.battery.toml:1 no_head"]),
        ("p.battery", "[[complaint]]\nany = [\"起球\", \"起球\"]\n", &["p.battery.toml:2 repeated"]),
        ("p.battery", "\n[[complaint]]\nany = [\"不好用\"]\n", &["p.battery.toml:3 doubled"]),
        // As far from the top of its file as the rule of the head that it doubles.
        ("p.battery", &format!("#{}{GENERAL}", " ".repeat(NAME.len() - 2) + "\n"), &["p.battery.toml:4 doubled"]),
        ("p.battery", "[[praise]]\nany = [\"好用\"]\n", &["p.battery.toml:1 untested"]),
        ("p.battery", "[[complaint]]\nany = [\"起球\"]\nunless = [\"起毛\"]\n", &["p.battery.toml:3 dead_unless"]),
    ] {
        let all = files(&[("p", &head), (path, part)]);
        let (taxonomy, mut problems) = Taxonomy::read(all.clone());
        problems.extend(taxonomy.check(&all));
        assert_eq!(told(&problems), expected, "{path} {part}: {problems:?}");
        for said in problems.iter().flat_map(|p| [Some(&p.what), p.help.as_ref()]).flatten() {
            assert!(said.zh != said.en && !said.zh.is_empty(), "{said:?}");
        }
    }
    let all = files(&[("p", &head), ("p.battery", "[[complaint]]\nany = [\"起球\", \"起球\", \"不好用\"]\n")]);
    let taxonomy = Taxonomy::read(all.clone()).0;
    let check = taxonomy.check(&all);
    assert_eq!(check[1].what.en, "`不好用` stands in p.toml:4 already (the same once folded)");
    let (mended, count) = mended(&all);
    assert_eq!((mended["p.battery.toml"].as_str(), count), ("[[complaint]]\nany = [\"起球\", \"不好用\"]\n", 1));
    assert_eq!(mended["p.toml"], all["p.toml"]);
    let taxonomy = Taxonomy::read(three()).0;
    let tested = examples::test(&taxonomy, &Classifier::new(&taxonomy), &three());
    let rules = tested.unreached.iter().map(|(category, rule)| &taxonomy.categories()[*category].rules[*rule]);
    let unreached: Vec<String> = rules.map(|rule| rule.place(&three())).collect();
    assert_eq!(unreached, ["p.battery.toml:2", "p.battery.toml:5", "p.noise.toml:1"]);
    assert_eq!(tested.failed, 0);
}

#[test]
fn rows_of_a_sheet_name_a_part_after_its_category() {
    for (rows, expected) in [
        (&[["p.battery", "", "complaint", "", "掉电", "", "", "", "", ""]][..], Ok(&["p.battery", "p"][..])),
        // An example belongs to the category, whichever part its row names.
        (
            &[
                ["p", "", "complaint", "", "难用", "", "", "", "", ""],
                ["p.battery", "", "complaint", "", "", "", "", "", "掉电快", ""],
            ],
            Ok(&["p"]),
        ),
        (&[["p.battery", "", "about", "", "", "", "", "", "", "means = \"x\""]], Err((2, "`category`"))),
        (&[["p..battery", "", "complaint", "", "掉电", "", "", "", "", ""]], Err((2, "`category`"))),
        (&[["p.a/b", "", "complaint", "", "掉电", "", "", "", "", ""]], Err((2, "`category`"))),
        (&[["p.battery", "", "complaint", "", "", "", "", "", "", "pattern = '('"]], Err((2, "`exact`"))),
    ] {
        let rows: Vec<(u64, sheet::Row)> = (2..).zip(rows.iter().map(|row| row.map(str::to_owned))).collect();
        let (found, problems) = sheet::files("s.csv", &rows, &BTreeMap::new());
        match expected {
            Ok(paths) => {
                assert_eq!(problems, [], "{rows:?}");
                assert_eq!(found.keys().map(|p| p.trim_end_matches(".toml")).collect::<Vec<_>>(), paths);
            }
            Err((row, column)) => {
                assert_eq!(problems[0].place.row, Some(row), "{problems:?}");
                assert!(problems[0].what.en.contains(column), "{problems:?}");
            }
        }
    }
}

/// A small taxonomy of the workspace's own: a category with a part, and the bundled cues.
fn own(folder: &Path) {
    let head = "# 气味 smells\nname = { zh = \"气味\", en = \"Smell\" }\n\n[[complaint]]\nany = [\"塑料味\", \"异味\"]\n\n\
                [examples]\ncomplaint = [\"一股塑料味\"]\n";
    let part = "# 药水 medicine\n\n[[complaint]]\nany = [\"药水气\"]\n";
    let net = "name = { zh = \"商品\", en = \"Product\" }\n";
    let mut files = files(&[("product", net), ("product/smell", head), ("product/smell.odd", part)]);
    files.extend(bundled_files().into_iter().filter(|(path, _)| path.starts_with("_cues/")));
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_part_is_found_edited_and_exported_through_the_door() {
    use std::os::unix::fs::PermissionsExt;
    let folder = crate::workshop::workspace();
    let at = folder.path();
    own(&at.join("taxonomy"));
    ends(at, 0, &["taxonomy", "test"]);
    let why = ends(at, 0, &["why", "--text", "一股药水气", "--lang", "en"]);
    assert!(why.contains("product/smell.odd.toml:3"), "{why}");
    let not = ends(at, 1, &["why", "--text", "你好", "--not", "product/smell", "--lang", "zh"]);
    assert!(not.contains("product/smell.toml:4") && not.contains("product/smell.odd.toml:3"), "{not}");

    // The editor gets the part that is named.
    fs::write(at.join("editor"), "#!/bin/sh\nprintf '\\n[[complaint]]\\nany = [\"缠头发\"]\\n' >> \"$1\"\n").unwrap();
    fs::set_permissions(at.join("editor"), fs::Permissions::from_mode(0o755)).unwrap();
    let edit = |category: &str| {
        let mut command = assert_cmd::Command::cargo_bin("earful").unwrap();
        let args = ["taxonomy", "diff", "--edit", "--yes", "--lang", "en", "--category", category];
        let output = command.current_dir(at).env("EDITOR", at.join("editor")).env_remove("VISUAL").args(args).output();
        let output = output.unwrap();
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, said) = edit("product/smell.old");
    assert!(code == Some(2) && said.contains("product/smell | product/smell.odd"), "{said}");
    let (code, said) = edit("product/smell.odd");
    assert!(code == Some(0) && said.contains("product/smell") && said.contains("+80"), "{said}");
    let part = at.join("taxonomy/product/smell.odd.toml");
    let edited = fs::read_to_string(&part).unwrap();
    assert!(edited.starts_with("# 药水") && edited.contains("缠头发"), "{edited}");

    // A word too many is taken out of the part and out of nothing else.
    fs::write(&part, edited.replace("[\"药水气\"]", "[\"药水气\", \"药水气\"]")).unwrap();
    ends(at, 0, &["taxonomy", "check", "--fix"]);
    assert_eq!(fs::read_to_string(&part).unwrap(), edited);

    // Out to a sheet and back: the same; one word more: in the part, and the head keeps its remarks.
    ends(at, 0, &["taxonomy", "export", "t.csv", "--lang", "en"]);
    let same = ends(at, 0, &["taxonomy", "import", "t.csv", "--yes", "--lang", "en"]);
    assert!(same.contains("nothing changes"), "{same}");
    let head = fs::read_to_string(at.join("taxonomy/product/smell.toml")).unwrap();
    let sheet = fs::read_to_string(at.join("t.csv")).unwrap();
    fs::write(at.join("t.csv"), sheet + "product/smell.odd,,complaint,,药膏气,,,,,\r\n").unwrap();
    ends(at, 0, &["taxonomy", "import", "t.csv", "--yes"]);
    assert!(fs::read_to_string(&part).unwrap().contains("药膏气"));
    assert_eq!(fs::read_to_string(at.join("taxonomy/product/smell.toml")).unwrap(), head);
    fs::write(at.join("more.csv"), "category,stance,keyword\nproduct/smell,complaint,药膏气\n").unwrap();
    let known = ends(at, 0, &["taxonomy", "import", "more.csv", "--add", "--yes", "--lang", "en"]);
    assert!(known.contains("nothing changes"), "a word of a part is there: {known}");

    fs::rename(at.join("taxonomy/product/smell.toml"), at.join("smell.toml")).unwrap();
    for (lang, words) in [("zh", "却没有那个文件"), ("en", "which is not there")] {
        let output = earful(at, &["why", "--text", "一股药水气", "--lang", lang]);
        let said = text(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains("product/smell.odd.toml") && said.contains(words),
            "{said}"
        );
    }
}

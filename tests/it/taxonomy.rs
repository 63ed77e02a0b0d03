//! The taxonomy: what a file may say, what is told of one that cannot be used, and the check.

use std::collections::BTreeMap;

use earful::reading::{Classifier, examples};
use earful::taxonomy::{Taxonomy, bundled, bundled_files};
use earful::words::{Problem, Severity};

const NAME: &str = "name = { zh = \"甲\", en = \"A\" }\n";

fn read(files: &[(&str, &str)]) -> (Taxonomy, Vec<Problem>) {
    Taxonomy::read(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

fn told(problems: &[Problem]) -> Vec<String> {
    let one =
        |p: &Problem| format!("{}:{} {}", p.place.file.as_deref().unwrap_or("-"), p.place.row.unwrap_or(0), p.code);
    problems.iter().map(one).collect()
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (body, expected) in [
        ("[[complaint]]\nany = [\"差\"]\n", &[][..]),
        ("[[complaint]]\nanny = [\"差\"]\n", &["a.toml:3 unknown_key"]),
        ("[[complain]]\nany = [\"差\"]\n", &["a.toml:2 unknown_key"]),
        ("[[complaint]]\nany = [\"差\"]\nwithin = \"6\"\n", &["a.toml:4 wrong_value"]),
        ("[[complaint]]\nany = [\"差\", 3]\n", &["a.toml:3 wrong_value"]),
        ("[[complaint]]\nany = [\"  \"]\n", &["a.toml:3 empty_keyword"]),
        ("[[complaint]]\nunless = [\"差\"]\n", &["a.toml:2 empty_rule"]),
        ("[[complaint]]\npattern = \"(\"\n", &["a.toml:3 bad_pattern"]),
        ("[[complaint]]\npattern = '((\\w{99}){99}){99}'\n", &["a.toml:3 bad_pattern"]),
        ("[[complaint]]\nany = [\"差\"]\nonly = { stars = \"bad\" }\n", &["a.toml:4 wrong_value"]),
        ("[[complaint]]\nany = [\"差\"]\nonly = { speaker = \"nobody\" }\n", &["a.toml:4 wrong_value"]),
        ("[[complaint]]\nany = [\"差\"]\nscope = \"page\"\n", &["a.toml:4 wrong_value"]),
        ("[[complaint]]\ncategory = \"b\"\n", &["a.toml:3 unknown_category"]),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { stage = \"afer\" }\n", &["a.toml:4 wrong_value"]),
        ("[[complaint]]\nnear = [[\"差\"], []]\n", &["a.toml:3 bad_lists"]),
        ("any = [\n", &["a.toml:2 bad_toml"]),
        ("[[complaint]]\nany = [\"差\"\n\n[[praise]]\nanny = [\"好\"]\n", &["a.toml:5 bad_toml"]),
        ("complaint = [\"差\"]\n", &["a.toml:2 wrong_value"]),
    ] {
        let text = format!("{NAME}{body}");
        let (taxonomy, problems) = read(&[("a.toml", &text)]);
        assert_eq!(told(&problems), expected, "{body}: {problems:?}");
        let rules: usize = taxonomy.categories().iter().map(|c| c.rules.len()).sum();
        assert_eq!(rules, usize::from(expected.is_empty()), "a rule with a mistake is left out: {body}");
    }
    let (_, problems) = read(&[("a.toml", &format!("{NAME}[[complaint]]\nunles = [\"x\"]\n"))]);
    assert_eq!(problems[0].help.as_ref().unwrap().en, "Did you mean `unless`?");
}

#[test]
fn folders_are_nets_and_hand_down() {
    let net = format!("{NAME}area = \"logistics\"\nowner = \"courier\"\n");
    let (taxonomy, problems) =
        read(&[("post/slow.toml", NAME), ("post.toml", &net), ("a/b/c.toml", NAME), ("notes.txt", "not a category")]);
    assert_eq!(told(&problems), ["a.toml:1 no_net_file", "a/b.toml:1 no_net_file"]);
    let ids: Vec<&str> = taxonomy.categories().iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["a", "a/b", "a/b/c", "post", "post/slow"]);
    let slow = &taxonomy.categories()[4];
    assert_eq!((slow.area.key(), slow.owner.as_str(), slow.nets.as_slice()), ("logistics", "courier", &[3][..]));
    assert_eq!(taxonomy.categories()[2].nets, [1, 0]);
    assert!(taxonomy.categories()[3].is_net && !slow.is_net);
}

#[test]
fn what_heads_forbid_adds_up_and_is_written_where_it_was() {
    let list = ("_lists/x.toml", "inns = [\"酒店\", \"宾馆\"]\n");
    let net = format!("{NAME}without_record = [\"@inns\"]\n");
    let part = format!("{NAME}without_record = [\"小说\"]\n\n[[complaint]]\nany = [\"太小\"]\n");
    let files = [("size.toml", net.as_str()), ("size/small.toml", part.as_str()), list];
    let (taxonomy, problems) = read(&files);
    assert_eq!(problems, []);
    let classifier = Classifier::new(&taxonomy);
    for (text, labels) in [("太小", 1), ("小说太小", 0), ("酒店太小", 0)] {
        assert_eq!(classifier.read_text(text).labels.len(), labels, "{text}");
    }
    for (path, text) in files {
        assert_eq!(taxonomy.files()[path], text);
    }
    let (_, problems) = read(&[("a.toml", &format!("{NAME}without_record = [\"@inn\"]\n")), list]);
    assert_eq!(told(&problems), ["a.toml:2 unknown_list"]);
    // What the net forbids need not be said again, in a head or in a rule.
    let again = part.replace("\"小说\"", "\"酒店\"").replace('甲', "乙") + "without_record = [\"@inns\"]\n";
    let files = [("size.toml", net.as_str()), ("size/small.toml", again.as_str()), list];
    let check = read(&files).0.check(&files.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
    let found: Vec<String> = told(&check).into_iter().filter(|told| !told.ends_with("untested")).collect();
    assert_eq!(found, ["size/small.toml:2 repeated", "size/small.toml:6 repeated"]);
}

#[test]
fn the_fingerprint_follows_what_labels_depend_on() {
    let print = |text: &str| read(&[("a.toml", text)]).0.fingerprint();
    let base = print(&format!("{NAME}[[complaint]]\nany = [\"差\"]\n"));
    assert_eq!(base.len(), 64);
    assert_eq!(base, print("# remark\nname = { zh = \"乙\", en = \"B\" }\n\n[[complaint]]\nany = [ \"差\" ]\n"));
    for other in [
        "[[praise]]\nany = [\"差\"]\n",
        "[[complaint]]\nany = [\"差的\"]\n",
        "[[complaint]]\nany = [\"差\"]\nfixed = true\n",
    ] {
        assert_ne!(base, print(&format!("{NAME}{other}")), "{other}");
    }
    // A word that is called like an operator stays a word.
    let word = print(&format!("{NAME}[[complaint]]\nany = [\"差\", \"unless\"]\n"));
    assert_ne!(word, print(&format!("{NAME}[[complaint]]\nany = [\"差\"]\nunless = [\"unless\"]\n")));
}

#[test]
fn the_check_finds_what_a_reader_overlooks() {
    for (body, expected) in [
        ("[[complaint]]\nany = [\"差评\"]\n[examples]\ncomplaint = [\"差评\"]\n", &[][..]),
        ("[[complaint]]\nany = [\"差评\"]\n", &["a.toml:2 untested"]),
        ("[[mention]]\nany = [\"差\"]\n", &["a.toml:3 single_character"]),
        ("[[mention]]\nany = [\"差\"]\nunless = [\"差不多\"]\n", &[]),
        ("[[mention]]\nany = [\"的\", \"东西\"]\nunless = [\"好东西\"]\n", &["a.toml:3 single_character"]),
        ("[[mention]]\nany = [\"a\"]\n", &["a.toml:3 single_character"]),
        ("[[mention]]\nany = [\"|差|\"]\n", &[]),
        ("[[mention]]\npattern = '.*'\n", &["a.toml:3 empty_pattern", "a.toml:3 slow_pattern"]),
        ("[[mention]]\nany = [\"起球\", \"会起球\"]\n", &["a.toml:3 shadowed"]),
        ("[[mention]]\nany = [\"起球\"]\nunless = [\"起毛\"]\n", &["a.toml:4 dead_unless"]),
        ("[[mention]]\nany = [\"起球\", \"起球\"]\n", &["a.toml:3 repeated"]),
        ("[[mention]]\nany = [\"起球\"]\n[[mention]]\nany = [\"Pill\", \"起球\"]\n", &["a.toml:5 doubled"]),
        ("[[mention]]\nany = [\"起球\"]\n[[mention]]\nany = [\"起球\"]\nfixed = true\n", &[]),
        (
            "[[mention]]\nany = [\"起球\"]\nunless = [\"不起球\"]\n[[mention]]\nany = [\"起球\"]\nunless = [\"防起球\"]\n",
            &[],
        ),
        ("[[mention]]\npattern = '\\w+'\n", &["a.toml:3 slow_pattern"]),
        ("without_record = [\"酒店\"]\n[[mention]]\nany = [\"起球\"]\nwithout = [\"被子\"]\n", &[]),
        ("without_record = [\"酒店\", \"酒店\"]\n[[mention]]\nany = [\"起球\"]\n", &["a.toml:2 repeated"]),
        ("without_record = [\"酒店\"]\n", &["a.toml:2 idle_head"]),
        (
            "without_record = [\"酒店\"]\n[[mention]]\nany = [\"起球\"]\nwithout = [\n\"被子\",\n\"酒店\"]\n",
            &["a.toml:7 repeated"],
        ),
        ("[[mention]]\nany = [\"起球\"]\nwithout = [\"酒店\"]\nwithout_record = [\"酒店\"]\n", &["a.toml:4 repeated"]),
        ("[[mention]]\nany = [\"床单\", \"酒店的床\"]\nwithout = [\"酒店\"]\n", &["a.toml:3 silenced"]),
        ("[[mention]]\nany = [\"nothing good\"]\nwithout = [\"not\"]\n", &[]),
        ("without_record = [\"not\"]\n[[mention]]\nany = [\"was not good\"]\n", &["a.toml:3 dead_rule"]),
        ("without_record = [\"not\"]\n[[mention]]\nany = [\"was not good\", \"bad\"]\n", &["a.toml:4 silenced"]),
    ] {
        let text = format!("{NAME}{body}");
        let (taxonomy, problems) = read(&[("a.toml", &text)]);
        assert_eq!(problems, [], "{body}");
        let files = BTreeMap::from([("a.toml".to_owned(), text)]);
        assert_eq!(told(&taxonomy.check(&files)), expected, "{body}");
    }
    for (cues, expected) in [
        ("positive = [\"棒\"]\nnegative = [\"差\", \"棒\"]\n", "_cues/zh.toml:1 contrary_cue"),
        ("negative = [\"差|\"]\nso = [\n\"这么\",\n\"那么|\"]\n", "_cues/zh.toml:4 idle_edge"),
    ] {
        let (taxonomy, _) = read(&[("_cues/zh.toml", cues)]);
        let files = BTreeMap::from([("_cues/zh.toml".to_owned(), cues.to_owned())]);
        assert_eq!(told(&taxonomy.check(&files)), [expected]);
    }
}

#[test]
fn a_shared_list_stands_for_its_words() {
    let list = ("_lists/people.toml", "family = [\"妈妈\", \"孩子\"]\n");
    let named = format!("{NAME}[[praise]]\nnear = [[\"@family\", \"老板\"], [\"喜欢\"]]\n");
    let plain = format!("{NAME}[[praise]]\nnear = [[\"妈妈\", \"孩子\", \"老板\"], [\"喜欢\"]]\n");
    let (taxonomy, problems) = read(&[("a.toml", &named), list]);
    assert_eq!(problems, []);
    assert_eq!(taxonomy.fingerprint(), read(&[("a.toml", &plain)]).0.fingerprint(), "it reads as if written out");
    assert!(taxonomy.files()["a.toml"].contains("near = [[\"@family\", \"老板\"], [\"喜欢\"]]"), "its name is kept");
    assert_eq!(taxonomy.files()[list.0], list.1);

    let rule = "[[mention]]\nany = ";
    for (lists, body, expected) in [
        ("family = [\"妈妈\"]\n", "[\"@famly\"]\n", &["a.toml:3 unknown_list", "_lists/x.toml:1 unused_list"][..]),
        ("family = [\"妈妈\", \"@b\"]\nb = [\"孩子\"]\n", "[\"@family\", \"@b\"]\n", &["_lists/x.toml:1 list_in_list"]),
        ("family = [\"妈妈\"]\nother = [\"爸爸\"]\n", "[\"@family\"]\n", &["_lists/x.toml:2 unused_list"]),
        ("family = [\"妈妈\", \"妈妈\"]\n", "[\"@family\"]\n", &["_lists/x.toml:1 repeated"]),
        // The word goes, the list stays.
        ("family = [\"妈妈\"]\n", "[\n\"妈妈\",\n\"@family\"]\n", &["a.toml:4 repeated"]),
        ("family = [\"妈妈\"]\n", "[\"@family\"]\nunless = [\"@family\"]\n", &[]),
    ] {
        let text = format!("{NAME}{rule}{body}");
        let files = [("a.toml", text.as_str()), ("_lists/x.toml", lists)];
        let (taxonomy, mut problems) = read(&files);
        problems.extend(taxonomy.check(&files.map(|(p, t)| (p.to_owned(), t.to_owned())).into()));
        assert_eq!(told(&problems), expected, "{lists}{body}");
    }
    let twice = [("_lists/x.toml", "a = [\"妈妈\"]\n"), ("_lists/y.toml", "a = [\"孩子\"]\n")];
    assert_eq!(told(&read(&twice).1), ["_lists/y.toml:1 repeated_list"]);
}

#[test]
fn examples_are_run_as_tests() {
    let text = format!(
        "{NAME}[[complaint]]\nany = [\"起球\"]\n[[question]]\nany = [\"会起毛吗\"]\n[examples]\n\
         complaint = [\"起球了\", \"没有起球\"]\nnone = [\"起球\"]\n"
    );
    let cues = ("_cues/zh.toml", "negation = [\"没有\"]\n");
    let (taxonomy, problems) = read(&[("a.toml", &text), cues]);
    assert_eq!(problems, []);
    let files = BTreeMap::from([("a.toml".to_owned(), text)]);
    let tested = examples::test(&taxonomy, &Classifier::new(&taxonomy), &files);
    assert_eq!((tested.sentences, tested.failed), (3, 2));
    assert_eq!(told(&tested.problems), ["a.toml:7 example", "a.toml:8 example"]);
    assert_eq!(tested.unreached, [(0, 1)]);
}

#[test]
fn the_default_taxonomy_can_be_read() {
    let (taxonomy, problems) = Taxonomy::read(bundled_files());
    let errors: Vec<&Problem> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(taxonomy, bundled());
}

#[test]
fn the_examples_of_the_default_taxonomy_hold() {
    let files: BTreeMap<String, String> = bundled_files().into_iter().collect();
    let taxonomy = bundled();
    let tested = examples::test(&taxonomy, &Classifier::new(&taxonomy), &files);
    let failed = tested.problems.iter().filter(|p| p.code == "example");
    let told: Vec<String> = failed
        .map(|p| format!("{}:{} {}", p.place.file.as_deref().unwrap_or("-"), p.place.row.unwrap_or(0), p.what.en))
        .collect();
    assert!(told.is_empty(), "{} of {} sentences:\n{}", told.len(), tested.sentences, told.join("\n"));
}

#[test]
fn the_default_taxonomy_is_clean() {
    let files: BTreeMap<String, String> = bundled_files().into_iter().collect();
    let (taxonomy, _) = Taxonomy::read(files.clone());
    let above_a_note = |p: &Problem| p.severity > Severity::Note;
    let found: Vec<Problem> = taxonomy.check(&files).into_iter().filter(above_a_note).collect();
    assert_eq!(told(&found), [""; 0]);
    assert_eq!(earful::taxonomy::mended(&files).0, files, "there is nothing to mend");
}

//! Reading: operators, both ways of reading, evidence and nets.

use earful::reading::{Classifier, Reason, Scratch};
use earful::taxonomy::{Taxonomy, bundled_files};
use earful::text::fold;
use earful::words::{Kind, LabelId, Speaker, Stance, TurnKind, TurnView, View};
use proptest::prelude::*;

/// A taxonomy from `path: body` pairs, with the cue lists of the default one.
fn taxonomy(sheets: &[(&str, &str)]) -> Taxonomy {
    let name = "name = { zh = \"甲\", en = \"A\" }\n";
    let files = sheets.iter().map(|(path, body)| ((*path).to_owned(), format!("{name}{body}")));
    let cues = bundled_files().into_iter().filter(|(path, _)| path.starts_with("_cues/"));
    let (taxonomy, problems) = Taxonomy::read(files.chain(cues));
    assert_eq!(problems, []);
    taxonomy
}

fn turn(text: &str) -> TurnView<'_> {
    TurnView { speaker: Speaker::Buyer, kind: TurnKind::Said, text }
}

fn view<'a>(turns: &'a [TurnView<'a>]) -> View<'a> {
    View { kind: Kind::Review, platform: "tmall", sku: "A1", stars: Some(2.0), stage: "presale", lang: "", turns }
}

/// True if some label is given to the texts, as one record of several turns.
fn holds(body: &str, texts: &[&str]) -> bool {
    let classifier = Classifier::new(&taxonomy(&[("a.toml", body)]));
    let turns: Vec<TurnView<'_>> = texts.iter().map(|t| turn(t)).collect();
    !classifier.labels(&view(&turns), &mut Scratch::default()).is_empty()
}

#[test]
fn operators_find_what_they_say() {
    for (body, yes, no) in [
        ("any = [\"起球\"]", &["衣服起球", "起 球"][..], &["起,球", "气球"][..]),
        ("any = [\"pill*\"]", &["it pills", "PILLING"], &["caterpillar", "spill"]),
        ("any = [\"*proof\"]", &["waterproof bag"], &["proofing"]),
        ("any = [\"size偏小\"]", &["size 偏小", "SIZE偏小了"], &["oversize偏小"]),
        ("any = [\"3天\"]", &["3天到", "等了3天"], &["13天到"]),
        ("any = [\"|无味\"]", &["无味", "衣服,无味的"], &["毫无味道"]),
        ("any = [\"好用\"]", &["东西不错 好用", "东西真的很好 用 下次再买"], &["质量是很好 用了一次就坏"]),
        ("any = [\"物流很快\"]", &["东西收到了 物流 很快就到"], &["东西不错 就是物流 很快坏了"]),
        ("any = [\"|慢|\"]", &["东西真的不错 慢 不满意", "慢"], &["东西不错 慢了一点"]),
        ("any = [\"么|\"]", &["会掉么", "是么?"], &["什么颜色"]),
        (
            "near = [[\"味道\"], [\"大\"]]",
            &["味道大", "味道有点大", "很大的味道"],
            &["味道还可以,码数大", "味道一二三四五六七大"],
        ),
        ("near = [[\"smell\"], [\"bad\"]]\nwithin = 2", &["smell is so bad", "bad smell"], &["smell of this is bad"]),
        ("near = [[\"快递\", \"到\"], [\"快\"]]", &["快递快"], &["快递到"]),
        ("then = [[\"朋友\"], [\"要\"]]", &["朋友也要"], &["要给朋友"]),
        ("then = [[\"a\"], [\"b\"], [\"c\"]]", &["a b c"], &["a c b"]),
        ("all = [[\"箱子\"], [\"坏\", \"破\"]]", &["箱子从头到脚都是一个破字"], &["箱子,坏了"]),
        ("all = [[\"箱子\"], [\"坏\"]]\nscope = \"sentence\"", &["箱子,坏了"], &["箱子。坏了"]),
        ("any = [\"大\"]\nunless = [\"大小\"]", &["大小合适就是大"], &["大小合适"]),
        ("any = [\"大\"]\nwithout = [\"房间\"]", &["大,房间也行"], &["房间大"]),
        ("any = [\"大\"]\nwithout_record = [\"房间\"]", &["大"], &["大,房间也行"]),
        ("any = [\"大\"]\nnear = [[\"味道\"], [\"重\"]]", &["味道重又大"], &["味道重,大"]),
        ("pattern = '^等了?\\d+天$'", &["等3天", "好的,等了12天,到了"], &["我等了3天", "等几天"]),
        ("pattern = '[一二三]天才(到|收)'", &["三天才到", "三天才收"], &["三天才好"]),
        ("pattern = '買小了'", &["买小了", "買小了"], &["买大了"]),
        ("pattern = 'Size[ -]?(?P<Which>S|XL)\\b'", &["size s", "Size-XL", "ＳＩＺＥ xl"], &["size xs", "sized l"]),
    ] {
        let body = format!("[[mention]]\nfixed = true\n{body}\n");
        for text in yes {
            assert!(holds(&body, &[text]), "{body} on {text}");
        }
        for text in no {
            assert!(!holds(&body, &[text]), "{body} on {text}");
        }
    }
}

#[test]
fn scopes_reach_over_turns() {
    let body = |scope: &str| format!("[[mention]]\nfixed = true\nall = [[\"箱子\"], [\"坏\"]]\nscope = \"{scope}\"\n");
    assert!(!holds(&body("turn"), &["箱子", "坏了"]) && holds(&body("turn"), &["箱子。坏了"]));
    assert!(holds(&body("record"), &["箱子", "坏了"]));
}

#[test]
fn only_looks_at_records_and_speakers() {
    for (only, expected) in [
        ("stars = \"<=3\"", true),
        ("stars = \">=4\"", false),
        ("rating = \"1-2\"", true),
        ("kind = [\"review\", \"chat\"]", true),
        ("kind = \"chat\"", false),
        ("stage = \"presale\"", true),
        ("source = \"jd\"", false),
        ("platform = [\"jd\", \"tmall\"]", true),
        ("sku = \"A2\"", false),
        ("lang = \"zh\"", true),
        ("lang = \"en\"", false),
        ("speaker = \"agent\"", false),
    ] {
        let body = format!("[[mention]]\nany = [\"起球\"]\nonly = {{ {only} }}\n");
        assert_eq!(holds(&body, &["衣服起球"]), expected, "{only}");
    }
    let taxonomy =
        taxonomy(&[("a.toml", "[[mention]]\nany = [\"返现\"]\nfixed = true\nonly = { speaker = \"agent\" }\n")]);
    let classifier = Classifier::new(&taxonomy);
    let agent = TurnView { speaker: Speaker::Agent, ..turn("好评返现") };
    let (mut scratch, turns) = (Scratch::default(), [turn("返现吗"), agent]);
    assert_eq!(classifier.labels(&view(&turns), &mut scratch), [LabelId::new(0, Stance::Mention)]);
    assert_eq!(classifier.labels(&view(&turns[..1]), &mut scratch), []);
    let reading = classifier.read(&view(&turns));
    assert_eq!(reading.labels[0].evidence[0].turn, 1);
}

#[test]
fn what_a_category_must_not_stand_beside_holds_for_all_of_its_rules_and_parts() {
    let rules = "[[complaint]]\nany = [\"大\"]\n[[praise]]\nany = [\"正好\"]\nwithout_record = [\"袜\"]\n";
    let taxonomy = taxonomy(&[
        ("a.toml", "without_record = [\"房间\", \"早餐\"]\n"),
        ("a/b.toml", rules),
        ("a/c.toml", &format!("without_record = [\"外套\"]\n{rules}")),
    ]);
    let classifier = Classifier::new(&taxonomy);
    let ids = |text: &str| classifier.read_text(text).labels.iter().map(|l| l.id.category()).collect::<Vec<_>>();
    assert_eq!(ids("大"), [1, 2]);
    assert_eq!(ids("外套,大"), [1]);
    for text in ["房间,大", "正好,早餐", "正好,袜"] {
        assert!(ids(text).is_empty(), "{text}");
    }
    let (again, problems) = Taxonomy::read(taxonomy.files());
    assert_eq!((again.fingerprint(), problems), (taxonomy.fingerprint(), vec![]));
}

#[test]
fn another_category_can_be_asked_for() {
    let taxonomy = taxonomy(&[
        ("a.toml", "[[complaint]]\nany = [\"破\"]\n"),
        ("b.toml", "[[complaint]]\nany = [\"赠品\"]\ncategory = \"a\"\n"),
        ("c.toml", "[[complaint]]\ncategory = [\"b\"]\n"),
    ]);
    let classifier = Classifier::new(&taxonomy);
    let ids = |text: &str| classifier.read_text(text).labels.iter().map(|l| l.id.category()).collect::<Vec<_>>();
    assert_eq!(ids("赠品破了"), [0, 1, 2]);
    assert_eq!(ids("赠品,破了"), [0]);
}

#[test]
fn the_longest_keyword_wins_a_place_and_a_place_counts_once() {
    let taxonomy = taxonomy(&[("a.toml", "[[complaint]]\nany = [\"味道\", \"味道大\", \"味道大得很\"]\n")]);
    let reading = Classifier::new(&taxonomy).read_text("味道大得很，味道大");
    let quotes: Vec<&str> = reading.labels[0].evidence.iter().map(|e| e.span.of("味道大得很，味道大")).collect();
    assert_eq!(quotes, ["味道大得很", "味道大"]);
}

#[test]
fn a_category_does_not_steal_from_another_and_nets_count_once() {
    let taxonomy = taxonomy(&[
        ("n.toml", ""),
        ("n/a.toml", "[[complaint]]\nany = [\"味道\"]\n"),
        ("n/b.toml", "[[complaint]]\nany = [\"味道大\"]\n[[praise]]\nany = [\"不错\"]\n"),
    ]);
    let classifier = Classifier::new(&taxonomy);
    let mut scratch = Scratch::default();
    let labels = classifier.text_labels("味道大,不错", &mut scratch);
    let complaint = |c| LabelId::new(c, Stance::Complaint);
    let praise = |c| LabelId::new(c, Stance::Praise);
    assert_eq!(labels, [complaint(0), praise(0), complaint(1), complaint(2), praise(2)]);
}

#[test]
fn why_not_says_what_failed() {
    let sheets = [(
        "a.toml",
        "[[complaint]]\nnear = [[\"味道\"], [\"大\"]]\nunless = [\"大小\"]\nwithout = [\"好吃\"]\nwithout_record = [\"酒店\"]\nonly = { stars = \"<=3\" }\n\
         [[mention]]\nany = [\"味道\"]\nopinion = true\n[[complaint]]\npattern = '^臭$'\n[[complaint]]\nany = [\"异味\"]\ndenied = \"nothing\"\n[[mention]]\nany = [\"这个味道\"]\n",
    )];
    let taxonomy = taxonomy(&sheets);
    let classifier = Classifier::new(&taxonomy);
    for (text, rule, expected) in [
        ("很大", 0, "Missing(\"near\", 1"),
        ("味道大小都行", 0, "Masked"),
        ("味道还行,就是大", 0, "Clauses(\"near\""),
        ("味道闻起来真的是非常非常大", 0, "Apart(\"near\""),
        ("味道大好吃", 0, "Barred"),
        ("味道大,这家酒店", 0, "Silenced(Quote { turn: 0, span: Span { start: 16, end: 22 }, text: \"酒店\" }, None)"),
        ("味道不大", 0, "Holds(Praise"),
        ("味道大", 1, "Yields"),
        ("这是味道的事情", 1, "NoOpinion"),
        ("很臭", 2, "Pattern"),
        ("没有异味", 3, "Denied"),
        ("在吗，这个味道", 4, "InChat"),
    ] {
        let turns = [turn(text)];
        let reports = classifier.why_not(&taxonomy, &view(&turns), 0);
        let report = reports.iter().find(|r| r.rule == rule).unwrap();
        assert!(format!("{:?}", report.reason).starts_with(expected), "{text}: {:?}", report.reason);
        assert!(!report.said().zh.is_empty() && report.said().en.starts_with(&format!("rule {}", rule + 1)));
    }
    let turns = [turn("味道大")];
    let rich = View { stars: Some(5.0), ..view(&turns) };
    assert_eq!(classifier.why_not(&taxonomy, &rich, 0)[0].reason, Reason::Record("stars", "5".to_string()));
    let agent = [TurnView { speaker: Speaker::Agent, ..turn("味道大") }];
    let heard = classifier.why_not(&taxonomy, &view(&agent), 0);
    assert!(matches!(heard[0].reason, Reason::Heard(Speaker::Buyer, Speaker::Agent, _)), "{:?}", heard[0]);
    assert!(heard.iter().any(|why| why.reason == Reason::Silent(Speaker::Buyer)));
}

#[test]
fn why_not_begins_with_the_rules_that_came_nearest() {
    let sheets = [
        ("n.toml", "without_record = [\"酒店\"]\n[[mention]]\nany = [\"衣服\"]\n"),
        (
            "n/a.toml",
            "without_record = [\"宾馆\"]\n\
             [[complaint]]\nnear = [[\"屏\"], [\"花\"]]\n\
             [[complaint]]\nthen = [[\"屏\"], [\"碎\"]]\n\
             [[complaint]]\npattern = '^屏.*裂$'\n\
             [[complaint]]\nany = [\"屏|\"]\n\
             [[complaint]]\nall = [[\"碎\"], [\"了\"]]\n\
             [[complaint]]\nany = [\"漏\"]\n\
             [[complaint]]\nany = [\"裂\"]\nonly = { kind = \"chat\" }\n\
             [[complaint]]\nany = [\"糟\"]\n",
        ),
    ];
    let taxonomy = taxonomy(&sheets);
    let classifier = Classifier::new(&taxonomy);
    let all = |text: &str| {
        let turns = [turn(text)];
        let all = classifier.why_not(&taxonomy, &view(&turns), 1);
        all.into_iter().map(|why| (why.rule + 1, format!("{:?}", why.reason), why.said())).collect::<Vec<_>>()
    };
    let reports = all("碎的屏是裂的，好了，真糟");
    let expected = [
        (8, "Holds", "it holds"),
        (2, "Order", "wrong order: `then` wants `屏` first"),
        (4, "Edge", "the list has `屏|`"),
        (5, "Clauses(\"all\"", "different clauses (`scope` = clause); widen"),
        (7, "Record(\"kind\", \"review\")", "`kind` of `only`: it has review"),
        (1, "Missing(\"near\", 2", "no word of list 2"),
        (3, "Pattern", "the pattern does not fit"),
        (6, "Missing(\"any\", 1", "no word of list 1"),
    ];
    assert_eq!(reports.len(), expected.len());
    for ((rule, reason, said), (number, opens, holds)) in reports.iter().zip(expected) {
        assert_eq!(*rule, number, "{reports:#?}");
        assert!(reason.starts_with(opens) && said.en.contains(holds), "{reason} {said:?}");
    }
    let far = all("屏用了不到三天时间就全部都碎光");
    let said = &far.iter().find(|(rule, ..)| *rule == 2).unwrap().2;
    assert!(said.en.contains("too far apart: 12 characters or words between them, `within` = 6"), "{far:#?}");
    let clause = all("屏的，碎了");
    let said = &clause.iter().find(|(rule, ..)| *rule == 2).unwrap().2;
    assert!(said.en.contains("different clauses (`scope` = clause, 1 apart, `within` = 6)"), "{said:?}");
    for (text, head) in [("真糟，这家酒店", "at the head of n,"), ("真糟，这家宾馆", "at the head of n/a,")]
    {
        assert!(all(text)[0].2.en.contains(head), "{text}: {:#?}", all(text));
    }
}

/// Rules of every kind, for the properties.
const MIXED: [(&str, &str); 4] = [
    ("n.toml", "[[mention]]\nany = [\"衣服\"]\n"),
    (
        "n/a.toml",
        "[[complaint]]\nnear = [[\"味道\", \"smell*\"], [\"大\", \"bad\"]]\nwithout = [\"好吃\"]\n[[mention]]\nany = [\"味道\", \"smell*\"]\n",
    ),
    (
        "n/b.toml",
        "[[complaint]]\nany = [\"小\", \"小了\", \"small\"]\nunless = [\"大小\"]\n[[praise]]\nthen = [[\"大小\"], [\"好\"]]\nscope = \"record\"\n",
    ),
    (
        "c.toml",
        "[[complaint]]\npattern = '(很|不)小'\n[[praise]]\ncategory = \"n/b\"\n[[mention]]\nany = [\"好\"]\nopinion = true\nonly = { speaker = \"agent\" }\n",
    ),
];

/// Sentences made of what the rules and cues look for.
fn sentences() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "味道",
        "smell",
        "smells ",
        "大",
        "小",
        "小了",
        "大小",
        "很",
        "不",
        "没有",
        "好",
        "好吃",
        "吗",
        "？",
        "，",
        "。",
        " ",
        "但是",
        "衣服",
        "bad ",
        "not ",
        "small ",
        "does ",
        "n't ",
        "希望",
        "担心",
        "除了",
        "都",
        "\n",
        "味 道",
        "小小小小",
        "差",
        "😡",
        "SMALL",
        "怎么",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(crate::cases(3000))]

    #[test]
    fn both_ways_of_reading_agree(texts in prop::collection::vec((sentences(), any::<bool>()), 0..4)) {
        thread_local!(static CLASSIFIER: (Taxonomy, Classifier) = {
            let taxonomy = taxonomy(&MIXED);
            let classifier = Classifier::new(&taxonomy);
            (taxonomy, classifier)
        });
        let turns: Vec<TurnView<'_>> = texts
            .iter()
            .map(|(text, agent)| TurnView { speaker: if *agent { Speaker::Agent } else { Speaker::Buyer }, ..turn(text) })
            .collect();
        CLASSIFIER.with(|(taxonomy, classifier)| {
            let mut scratch = Scratch::default();
            let labels = classifier.labels(&view(&turns), &mut scratch).to_vec();
            let reading = classifier.read(&view(&turns));
            // Nets are what stands above the labels, each once.
            let mut expected: Vec<LabelId> = reading.labels.iter().map(|l| l.id).collect();
            for label in &reading.labels {
                let nets = &taxonomy.categories()[label.id.category()].nets;
                expected.extend(nets.iter().map(|n| LabelId::new(*n, label.id.stance())));
            }
            expected.sort();
            expected.dedup();
            prop_assert_eq!(&labels, &expected);
            for label in &reading.labels {
                prop_assert!(!label.evidence.is_empty());
                for e in &label.evidence {
                    let text = turns[e.turn].text;
                    prop_assert!(!e.span.of(text).is_empty());
                    let rule = &taxonomy.categories()[label.id.category()].rules[e.rule];
                    prop_assert_eq!(rule.only.speaker(), turns[e.turn].speaker);
                    for k in &e.keywords {
                        prop_assert!(e.span.covers(*k));
                        let quote = fold(k.of(text));
                        let known = rule.keywords().any(|w| quote.starts_with(&*w.folded)) || !rule.pattern.is_empty() || !rule.category.is_empty();
                        prop_assert!(known, "{:?} in {:?}", quote, text);
                    }
                    for c in &e.cues {
                        prop_assert!(!c.span.of(text).is_empty());
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_finds_exactly_the_substrings(
        words in prop::collection::vec("[好大小的了]{1,3}", 1..6),
        text in "[好大小的了，]{0,20}",
    ) {
        let list = words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
        let text_of_rule = format!("name = {{ zh = \"甲\", en = \"A\" }}\n[[mention]]\nfixed = true\nany = [{list}]\n");
        let (taxonomy, _) = Taxonomy::read([("a.toml".to_owned(), text_of_rule)]);
        let found = !Classifier::new(&taxonomy).read_text(&text).labels.is_empty();
        let folded = fold(&text);
        prop_assert_eq!(found, words.iter().any(|w| folded.contains(&fold(w))), "{:?} in {:?}", words, folded);
    }
}

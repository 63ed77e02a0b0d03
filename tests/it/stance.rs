//! Stance: a table of sentences and what they say, read with a small taxonomy of its own.

use std::collections::BTreeMap;

use earful::reading::Classifier;
use earful::taxonomy::{Cue, Taxonomy, bundled_files};
use earful::words::Stance;

/// The small taxonomy with the cue lists of the default one.
fn taxonomy() -> Taxonomy {
    taxonomy_with(None)
}

/// The same with a file more.
fn taxonomy_with(own: Option<(String, String)>) -> Taxonomy {
    let sheets: BTreeMap<String, toml::Table> = toml::from_str(include_str!("stance/taxonomy.toml")).unwrap();
    let files = sheets.into_iter().map(|(path, table)| (path, toml::to_string(&table).unwrap()));
    let cues = bundled_files().into_iter().filter(|(path, _)| path.starts_with("_cues/"));
    let (taxonomy, problems) = Taxonomy::read(files.chain(cues).chain(own));
    assert_eq!(problems, []);
    taxonomy
}

fn sign(stance: Stance) -> char {
    match stance {
        Stance::Complaint => '-',
        Stance::Praise => '+',
        Stance::Question => '?',
        Stance::Mention => '~',
    }
}

#[test]
fn sentences_are_read_as_people_read_them() {
    let taxonomy = taxonomy();
    let classifier = Classifier::new(&taxonomy);
    let (mut count, mut wrong) = (0, Vec::new());
    for line in include_str!("stance/sentences.txt").lines().filter(|l| !l.starts_with('#')) {
        let (text, says) = line.split_once(" | ").expect("`sentence | labels`");
        let mut expected: Vec<&str> = says.split_whitespace().filter(|s| *s != ".").collect();
        expected.sort_unstable();
        let reading = classifier.read_text(text);
        let mut found: Vec<String> = reading
            .labels
            .iter()
            .map(|l| format!("{}{}", taxonomy.categories()[l.id.category()].id, sign(l.id.stance())))
            .collect();
        found.sort_unstable();
        count += 1;
        if found != expected {
            let cues: Vec<String> = reading
                .labels
                .iter()
                .flat_map(|l| &l.evidence)
                .flat_map(|e| &e.cues)
                .map(|c| format!("{}:{}", c.cue.key(), c.span.of(text)))
                .collect();
            wrong.push(format!("{text}: expected {expected:?}, found {found:?} by {cues:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_cue_that_decided_is_quoted() {
    let classifier = Classifier::new(&taxonomy());
    for (text, cue, quote) in [
        ("完全没有異味", Cue::Negation, "没有"),
        ("会不会偏小", Cue::Question, "会不会"),
        ("包装太差", Cue::Negative, "太差"),
        ("Quality is Great", Cue::Positive, "Great"),
        ("本来担心偏小", Cue::Feared, "本来担心"),
        ("掉色吗？", Cue::Tag, "吗"),
        ("会掉色？", Cue::Tag, "？"),
    ] {
        let reading = classifier.read_text(text);
        let cues: Vec<_> = reading.labels.iter().flat_map(|l| &l.evidence).flat_map(|e| &e.cues).collect();
        assert!(cues.iter().any(|c| c.cue == cue && c.span.of(text) == quote), "{text}: {cues:?}");
    }
}

#[test]
fn a_word_of_ones_own_counts() {
    for (list, word, text, without, with) in [
        ("quality", "涩", "不涩漂亮", "looks-", "looks+"),
        ("degree", "老", "没有线头老难看", "looks+", "looks-"),
        ("measure", "对照", "对照以前买的质量一样好", "quality~", "quality+"),
        ("weak", "完美", "在吗，包装完美", "packaging+", ""),
        ("yes", "sure thing", "Expensive? Sure thing", "price?", "price-"),
        ("no", "nah", "Beautiful? Nah", "looks?", "looks-"),
        ("done", "早就", "在吗，早就换货", "exchange?", "exchange~"),
        ("wanted", "求", "在吗，已经换货了求速度", "exchange~", "exchange?"),
        ("turn", "谁料", "不会觉得谁料小", "small+", "small-"),
        ("others", "在从前那家", "在从前那家买，掉色", "fade-", ""),
        ("elsewhere", "隔壁", "隔壁掉色，这款漂亮", "fade- looks+", "looks+"),
        ("this", "the blue one", "I tried other brands and the blue one faded", "", "fade-"),
        ("claimed", "骗子说", "骗子说不掉色", "fade+", "fade~"),
        ("reply", "we are glad to hear", "We are glad to hear from you. It is beautiful.", "looks+", ""),
        ("signed", "yours truly", "Thank you for your query. Yours truly. It is beautiful.", "", "looks+"),
        ("points", "此番", "以前掉色，此番漂亮", "fade- looks+", "looks+"),
        ("not", "没", "没瑕疵和难看", "looks+", "looks-"),
        ("has_not", "木有", "木有大街隔壁货架白瓶漂亮", "looks+", "looks-"),
        ("is_not", "并不是", "并不是棉的质量差", "quality+", "quality-"),
        ("leads_on", "愿", "不愿说没有异味", "smell+", "smell-"),
        ("of", "之", "没有粗糙之起球", "pilling-", "pilling+"),
        ("listing", "同", "没有瑕疵同掉色", "fade-", "fade+"),
        ("particle", "嘞", "异味没有嘞", "smell-", "smell+"),
        ("softly", "咯", "在吗，异味咯", "smell-", "smell?"),
        ("how", "为何", "为何这么漂亮，真的很喜欢", "looks-", "looks+"),
        ("did", "罢", "在吗，换货罢", "exchange?", "exchange~"),
        ("can", "行", "掉色行吗以后", "fade?", "fade-"),
        ("enough", "plenty", "cannot praise the cheap price plenty", "price-", "price+"),
        ("doubted", "别", "别掉色吧", "fade+", "fade-"),
        ("doubt", "哇", "不会掉色哇", "fade+", "fade-"),
        ("better", "就妙", "如果没有掉色，那就妙", "fade~", "fade-"),
        ("to_be", "looks", "The quality looks ugly?", "looks? quality?", "looks- quality-"),
        ("subject", "yours", "Overall is yours ugly?", "looks-", "looks?"),
        ("asks_first", "tell", "tell me the box is ugly?", "looks- packaging-", "looks? packaging?"),
    ] {
        let own = ("_cues/own.toml".to_owned(), format!("{list} = [\"{word}\"]"));
        for (own, says) in [(None, without), (Some(own), with)] {
            let taxonomy = taxonomy_with(own);
            let reading = Classifier::new(&taxonomy).read_text(text);
            let label = |l: &earful::reading::Label| {
                format!("{}{}", taxonomy.categories()[l.id.category()].id, sign(l.id.stance()))
            };
            let found: Vec<String> = reading.labels.iter().map(label).collect();
            assert_eq!(found.join(" "), says, "{list}: {text}");
        }
    }
}

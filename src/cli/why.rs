//! `earful why`: each label of a record with its evidence, rule and cue, shown on the text.

use clap::{Arg, ArgMatches, Command, value_parser};

use super::door::{Door, print};
use super::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::report::safe_text;
use crate::run::told::Told;
use crate::run::why::{self, Explained, Label, Reason};
use crate::said;
use crate::words::{Kind, Lang, Speaker, Stage};

pub const VERB: Verb = Verb {
    name: "why",
    about: ("一条记录为什么这样归类，为什么没有归到某类", "why a record has its labels, and why not another"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(args::value(
            lang,
            "record",
            ("记录编号（search 和报告里有）", "id of a record (search and reports show it)"),
        ))
        .arg(
            args::option(lang, "text", "TEXT", ("直接给一段文字", "a text instead of a record"))
                .conflicts_with("record"),
        )
        .arg(args::option(lang, "not", "CATEGORY", ("为什么没有这个类别", "why not this category")))
        .args(about_text(lang).map(|arg| arg.conflicts_with("record")))
}

/// What is told about a text: rules that ask for it say nothing where nobody tells.
fn about_text(lang: Lang) -> [Arg; 5] {
    let stages = [Stage::Presale, Stage::Delivery, Stage::Aftersale].map(|stage| args::called(lang, stage.words()));
    [
        args::choice(
            lang,
            "kind",
            Kind::ALL.map(|kind| args::called(lang, kind.words())).into(),
            ("这段文字是什么（默认：评价）", "what the text is (default: a review)"),
        ),
        args::choice(lang, "stage", stages.into(), ("聊天在哪个阶段", "stage of the chat")),
        args::choice(
            lang,
            "speaker",
            Speaker::ALL.map(|speaker| args::called(lang, speaker.words())).into(),
            ("谁说的（默认：买家）", "who said it (default: the buyer)"),
        ),
        args::option(lang, "stars", "N", ("几星，1 到 5", "stars, 1 to 5")).value_parser(value_parser!(f32)),
        args::option(lang, "source", "PLATFORM", ("哪个平台，如 天猫", "the platform, such as amazon")),
    ]
}

fn told(matches: &ArgMatches) -> Result<Told> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let stars = matches.get_one::<f32>("stars").copied();
    if stars.is_some_and(|stars| !(1.0..=5.0).contains(&stars)) {
        return Err(Error::new("option", said!("--stars 是 1 到 5", "--stars lies between 1 and 5")));
    }
    Ok(Told {
        stars,
        platform: Told::platform(text("source").unwrap_or_default()),
        stage: text("stage").and_then(Stage::written),
        speaker: text("speaker").and_then(Speaker::written),
        kind: text("kind").and_then(Kind::written),
        lang: String::new(),
    })
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let explained = match (text("record"), text("text")) {
        (Some(id), _) => why::of_record(door.start(), id, text("not"))?,
        (None, Some(words)) => why::of_text(door.start(), words, &told(matches)?, text("not"))?,
        (None, None) => {
            return Err(Error::new("option", said!("要说明哪条记录", "say which record")).help(said!(
                "earful why 记录编号，或 earful why --text \"一段话\"",
                "earful why RECORD, or earful why --text \"some words\""
            )));
        }
    };
    print(&shown(&explained, door))?;
    Ok(if explained.labels.iter().all(|label| label.stance.is_none()) { Exit::Found } else { Exit::Fine })
}

fn shown(explained: &Explained, door: &Door) -> String {
    let lang = door.lang;
    let mut text = String::new();
    if let Some(record) = &explained.record {
        let time = record.time.map(|t| t.to_string()).unwrap_or_default();
        let stars = record.stars.as_ref().map(|s| format!("{}★ ", s.value)).unwrap_or_default();
        text.push_str(&format!(
            "{} · {} · {} · {time} {stars}\n",
            record.uid,
            safe_text(&record.shop),
            safe_text(&record.sku)
        ));
    }
    for turn in &explained.turns {
        text.push_str(&format!("{}: {}\n", turn.0.name(lang), safe_text(&turn.1)));
    }
    text.push('\n');
    if explained.labels.is_empty() {
        text.push_str(lang.of("没有标签。\n", "No labels.\n"));
    }
    for label in &explained.labels {
        text.push_str(&heading(label, lang));
        for evidence in &label.evidence {
            text.push_str(&place(evidence, lang));
        }
    }
    if let Some(why) = &explained.uncounted {
        text.push_str(&format!("{}\n", why.in_lang(lang)));
    }
    for line in &explained.not {
        text.push_str(&format!("{}\n", line.in_lang(lang)));
    }
    if !explained.otherwise.is_empty() {
        text.push_str(lang.of("\n再多说一点，读法就不同：\n", "\nIt would be read otherwise with more told:\n"));
    }
    for line in &explained.otherwise {
        text.push_str(&format!("  {}\n", line.in_lang(lang)));
    }
    text
}

/// A category with the stance that counts; below it what the rules say, if somebody decided otherwise.
fn heading(label: &Label, lang: Lang) -> String {
    let stance = label.stance.map_or(lang.of("没有这一类", "does not have it"), |s| s.name(lang));
    let name = format!("{} ({}) · {stance}", label.name.in_lang(lang), label.category);
    let Some(decision) = &label.decided else { return name + "\n" };
    let rules: Vec<&str> = label.rules.iter().map(|s| s.name(lang)).collect();
    let rules = match rules.is_empty() {
        true => lang.of("没有这一类", "not this category").to_string(),
        false => rules.join(lang.of("、", ", ")),
    };
    let note = match safe_text(&decision.note) {
        note if note.is_empty() => String::new(),
        note => lang.of(format!("：{note}"), format!(": {note}")),
    };
    lang.of(
        format!("{name}（人工判定{note}）\n  规则的答案：{rules}\n"),
        format!("{name}, decided by hand{note}\n  the rules say: {rules}\n"),
    )
}

/// A place that says so, with its rule and cues.
fn place(evidence: &Reason, lang: Lang) -> String {
    let words = safe_text(&evidence.words);
    let keywords: Vec<_> = evidence.keywords.iter().map(|k| safe_text(k)).collect();
    let (rule, at) = (evidence.rule, &evidence.at);
    let mut text = lang.of(
        format!("  “{words}”  第 {rule} 条规则（{at}），关键词：{}", keywords.join(" + ")),
        format!("  \"{words}\"  rule {rule} ({at}), keywords: {}", keywords.join(" + ")),
    );
    for (cue, said) in &evidence.cues {
        let (cue, said) = (cue.name(lang), safe_text(said));
        text.push_str(&lang.of(format!("；{cue}：“{said}”"), format!("; {cue}: \"{said}\"")));
    }
    text + "\n"
}

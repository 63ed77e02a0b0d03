//! `earful taxonomy suggest`: words that a category, or the whole taxonomy, lacks.

use clap::{ArgMatches, Command, value_parser};
use serde_json::json;

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::report::safe_text;
use crate::run::workshop::{self, Suggested};
use crate::said;
use crate::words::Lang;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "suggest",
    about: (
        "从没读出来的原话里找词：某一类缺什么词，或还缺哪些类",
        "words from what is not read: which words a category lacks, or which categories are missing",
    ),
    args: arguments,
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(args::value(
            lang,
            "category",
            ("给哪一类找词，如 product/smell", "the category that wants words, such as product/smell"),
        ))
        .arg(
            args::switch(lang, "new", ("还没有哪一类读到的词", "words that no category reads"))
                .conflicts_with("category"),
        )
        .arg(
            args::option(lang, "number", "N", ("最多几个（默认 15）", "at most so many (default 15)"))
                .short('n')
                .value_parser(value_parser!(u16).range(1..=500)),
        )
        .arg(args::choice(lang, "format", vec!["text", "json"], ("结果的格式", "form of the result")))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let category = matches.get_one::<String>("category").map(String::as_str);
    if category.is_none() && !matches.get_flag("new") {
        return Err(Error::new("option", said!("要说明给哪一类找词", "say which category wants words")).help(said!(
            "earful taxonomy suggest product/smell；找还没有的类别用 --new",
            "earful taxonomy suggest product/smell; for missing categories use --new"
        )));
    }
    let most = matches.get_one::<u16>("number").map_or(15, |n| usize::from(*n));
    let workspace = Workspace::find(door.start())?;
    let suggested = door.working(|| workshop::suggest(&workspace, category, most))?;
    if matches.get_one::<String>("format").is_some_and(|f| f == "json") {
        print(&json(&suggested))?;
    } else {
        print(&text(&suggested, door.lang))?;
    }
    Ok(if suggested.phrases.is_empty() { Exit::Found } else { Exit::Fine })
}

fn text(suggested: &Suggested, lang: Lang) -> String {
    let ((read, of), (open, clauses)) = (suggested.read, suggested.open);
    let head = match &suggested.category {
        Some((id, name)) => format!("{} ({id})", name.in_lang(lang)),
        None => lang.of("还没有类别的词", "Words without a category").to_string(),
    };
    let mut text = lang.of(
        format!("{head}：读了 {of} 条中的 {read} 条，{clauses} 个分句里 {open} 个没有读出内容。\n"),
        format!("{head}: {read} of {of} records read; nothing is read in {open} of their {clauses} clauses.\n"),
    );
    if suggested.phrases.is_empty() {
        text.push_str(lang.of("没有找到够可靠的词。\n", "No word is sure enough to suggest.\n"));
        return text;
    }
    for (i, phrase) in suggested.phrases.iter().enumerate() {
        let one = &phrase.found;
        let (n, words, stance) = (i + 1, safe_text(&one.phrase), one.stance.name(lang));
        let (gain, records, purity) = (one.gain.round().max(1.0), one.records, one.purity * 100.0);
        text.push_str(&lang.of(
            format!("\n{n:>2}. {words}  约多 {gain:.0} 条（出现在 {records} 条里），纯度 {purity:.0}%，多为{stance}\n"),
            format!("\n{n:>2}. {words}  about +{gain:.0} records (said in {records}), purity {purity:.0} %, mostly {stance}\n"),
        ));
        for (uid, quote) in &phrase.quotes {
            text.push_str(&format!("      {} · {uid}\n", safe_text(quote)));
        }
    }
    match &suggested.category {
        Some((id, _)) => text.push_str(&lang.of(
            format!("\n粘贴到 {id}.toml（不要的删去），earful taxonomy diff --edit {id} 打开它，存盘后看影响：\n\n"),
            format!("\nTo paste into {id}.toml (leave out what does not fit), earful taxonomy diff --edit {id} opens it and shows the effect:\n\n"),
        )),
        None => text.push_str(lang.of(
            "\n已有类别能放的，粘贴到它的文件；都放不下的，新建一个文件（类别/名字.toml）：\n\n",
            "\nTo paste into the category that fits, or into a new file (net/name.toml):\n\n",
        )),
    }
    text.push_str(&suggested.block());
    text
}

fn json(suggested: &Suggested) -> String {
    let phrases: Vec<_> = suggested
        .phrases
        .iter()
        .map(|p| {
            let quotes: Vec<_> = p.quotes.iter().map(|(uid, text)| json!({"record": uid, "text": text})).collect();
            let round = |v: f64| (v * 1000.0).round() / 1000.0;
            json!({
                "phrase": p.found.phrase, "stance": p.found.stance, "gain": round(p.found.gain),
                "records": p.found.records, "purity": round(p.found.purity), "q": p.found.q, "quotes": quotes,
            })
        })
        .collect();
    let value = json!({
        "category": suggested.category.as_ref().map(|(id, _)| id),
        "records_read": suggested.read.0, "records": suggested.read.1,
        "clauses_open": suggested.open.0, "clauses": suggested.open.1,
        "suggestions": phrases, "paste": suggested.block(),
    });
    format!("{}\n", serde_json::to_string_pretty(&value).expect("plain data"))
}

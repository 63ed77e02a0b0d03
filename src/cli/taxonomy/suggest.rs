//! `earful taxonomy suggest`: words that a category, or the whole taxonomy, lacks.

use clap::{ArgMatches, Command, value_parser};
use serde_json::json;

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::report::safe_text;
use crate::run::workshop::{self, Beside, Phrase, Suggested};
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
    let known = suggested.category.is_some();
    for (i, phrase) in suggested.phrases.iter().enumerate() {
        text.push_str(&one(i + 1, phrase, known, lang));
    }
    text.push_str(&next(suggested, lang));
    text
}

/// A phrase with what speaks for it.
fn one(n: usize, phrase: &Phrase, known: bool, lang: Lang) -> String {
    let found = &phrase.found;
    let (words, stance) = (safe_text(&found.phrase), found.stance.name(lang));
    let (gain, records) = (found.gain.round().max(1.0), found.records);
    let (these, of, purity) = (found.evidence.mentions, found.evidence.base, found.purity * 100.0);
    let evidence = match known {
        true => lang.of(
            format!("说它的 {of} 条里 {these} 条旁边就是这一类或很像，凭这个数至少 {purity:.0}%"),
            format!("beside it {these} of {of} records say this or much like it: by that count at least {purity:.0} %"),
        ),
        false => lang.of(
            format!("说它的 {of} 条里 {these} 条没有读出来"),
            format!("nobody reads it in {these} of {of} records"),
        ),
    };
    let mut text = lang.of(
        format!("\n{n:>2}. {words}  至少多 {gain:.0} 条（没读出来的有 {records} 条），多为{stance}；{evidence}\n"),
        format!(
            "\n{n:>2}. {words}  at least +{gain:.0} records (of {records} not read), mostly {stance}; {evidence}\n"
        ),
    );
    if !known {
        text.push_str(&format!("      {}\n", belongs(phrase.beside.as_ref(), lang)));
    }
    for (uid, quote) in &phrase.quotes {
        text.push_str(&format!("      {} · {uid}\n", safe_text(quote)));
    }
    text
}

/// Which category a phrase fits, by what is read beside it.
pub fn belongs(beside: Option<&Beside>, lang: Lang) -> String {
    let Some(Beside { category, name, ratio }) = beside else {
        return lang
            .of(
                "旁边没有哪一类特别多：原话说的是一件事，就自成一类",
                "no category stands out beside it: one of its own, if the quotes speak of one thing",
            )
            .to_string();
    };
    let (name, n, of) = (safe_text(name.in_lang(lang)), ratio.mentions, ratio.base);
    lang.of(
        format!("旁边常读到：{name} ({category})，{of} 条里 {n} 条"),
        format!("often read beside it: {name} ({category}), in {n} of {of} records"),
    )
}

/// What to do with the words, in the order in which it is done.
fn next(suggested: &Suggested, lang: Lang) -> String {
    // Only an edit that is kept makes the taxonomy the workspace's own: nothing has to be done before.
    let kept = match suggested.owned {
        true => lang.of("存盘看影响，同意才保存", "save to see the effect, it is kept after a yes"),
        false => lang.of(
            "打开的是自带词表的副本，存盘看影响，同意才保存，保存后就是工作区自己的",
            "a copy of the bundled taxonomy: save to see the effect, after a yes it is kept as the workspace's own",
        ),
    };
    let fits = suggested.phrases.iter().find_map(|p| Some(p.beside.as_ref()?.category.as_str()));
    let put = match (&suggested.category, fits) {
        (Some((id, _)), _) => lang.of(
            format!("earful taxonomy diff --edit {id}，把下面要的粘进去，不要的词删去（{kept}）"),
            format!("earful taxonomy diff --edit {id}, paste what you want of these lines, leave out what does not fit ({kept})"),
        ),
        (None, Some(id)) => lang.of(
            format!("挑一个词，放进它旁边常读到的那一类，如 earful taxonomy diff --edit {id}（{kept}）"),
            format!("put a word into the category read beside it, such as earful taxonomy diff --edit {id} ({kept})"),
        ),
        (None, None) => String::new(),
    };
    let new = match (&suggested.category, suggested.owned) {
        (Some(_), _) => String::new(),
        (None, true) => lang.of(
            "新建一类：写 taxonomy/大类/名字.toml，earful taxonomy check 查一遍，earful taxonomy diff 看和自带词表差多少".to_string(),
            "for a category of its own: write taxonomy/net/name.toml, then earful taxonomy check, and earful taxonomy diff shows what differs from the bundled one".to_string(),
        ),
        (None, false) => lang.of(
            "新建一类：先 earful taxonomy own（词表成为工作区自己的），再写 taxonomy/大类/名字.toml，earful taxonomy check 查一遍，earful taxonomy diff 看影响".to_string(),
            "for a category of its own: earful taxonomy own first (the taxonomy becomes the workspace's), write taxonomy/net/name.toml, then earful taxonomy check, and earful taxonomy diff shows the effect".to_string(),
        ),
    };
    let steps: Vec<String> = [put, new].into_iter().filter(|step| !step.is_empty()).collect();
    let (head, steps) = (lang.of("下一步：", "next: "), steps.join(lang.of("；\n", ";\n")));
    format!("\n{head}{steps}\n\n{}", suggested.block())
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
                "evidence": [p.found.evidence.mentions, p.found.evidence.base],
                "beside": p.beside.as_ref().map(|b| json!({
                    "category": b.category, "records": b.ratio.mentions, "of": b.ratio.base,
                })),
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

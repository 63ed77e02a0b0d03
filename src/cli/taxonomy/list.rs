//! `earful taxonomy list` and `show`: which categories there are, what they mean, and how many records have them now.

use clap::ArgMatches;

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::error::Result;
use crate::report::{owner_name, safe_text};
use crate::run::workshop::{self, Listed, Whole};
use crate::words::{Lang, Stance};

/// Words of a stance that are named, and examples of it.
const WORDS: usize = 24;
const EXAMPLES: usize = 6;

pub const LIST: Verb = Verb {
    name: "list",
    about: (
        "有哪些类别：含义、现在多少条、谁来做什么",
        "the categories: what they mean, how many records now, who does what",
    ),
    args: |command, _| command,
    run: |_, door| {
        let whole = door.working(|| workshop::list(door.start(), None))?;
        print(&all(&whole, door.lang))?;
        Ok(Exit::Fine)
    },
};

pub const SHOW: Verb = Verb {
    name: "show",
    about: ("一个类别的全部：含义、词、例句、在哪些文件", "one category in full: meaning, words, examples, files"),
    args: |command, lang| {
        let help = ("类别，如 气味 或 product/smell", "category, such as Smell or product/smell");
        command.arg(args::value(lang, "category", help).required(true))
    },
    run: show,
};

fn show(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let asked = matches.get_one::<String>("category").map(String::as_str);
    let whole = door.working(|| workshop::list(door.start(), asked))?;
    let told = whole.categories.iter().map(|listed| one(listed, &whole, door.lang));
    print(&told.collect::<String>())?;
    Ok(Exit::Fine)
}

fn all(whole: &Whole, lang: Lang) -> String {
    let n = whole.categories.len();
    let mut text = match whole.records {
        Some(records) => lang.of(
            format!("{n} 个类别；括号里是有它的记录，全部 {records} 条有文字的记录里\n"),
            format!("{n} categories; in brackets the records that have each, of {records} with words\n"),
        ),
        None => lang.of(format!("{n} 个类别\n"), format!("{n} categories\n")),
    };
    for listed in &whole.categories {
        let category = &listed.category;
        let pad = "  ".repeat(category.id.matches('/').count());
        let count = whole.records.map_or(String::new(), |_| format!(" ({})", listed.records));
        if category.nets.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{pad}{}  {}{count}\n", category.id, names(listed)));
        for line in [category.means.in_lang(lang).to_string(), next(listed, lang)].iter().filter(|l| !l.is_empty()) {
            text.push_str(&format!("{pad}    {}\n", safe_text(line)));
        }
    }
    text.push_str(lang.of(
        "\n一个类别的词和例句：earful taxonomy show 气味\n",
        "\nThe words and examples of one: earful taxonomy show product/smell\n",
    ));
    text
}

fn one(listed: &Listed, whole: &Whole, lang: Lang) -> String {
    let category = &listed.category;
    let mut text = format!("{}  {}\n", category.id, names(listed));
    for line in [category.means.in_lang(lang).to_string(), next(listed, lang)].iter().filter(|l| !l.is_empty()) {
        text.push_str(&format!("  {}\n", safe_text(line)));
    }
    if let Some(records) = whole.records {
        let stances = Stance::ALL.map(|stance| format!("{} {}", stance.name(lang), listed.stances[stance as usize]));
        let (n, stances) = (listed.records, stances.join(lang.of("，", ", ")));
        text.push_str(&lang.of(
            format!("  {records} 条有文字的记录里 {n} 条有它：{stances}\n"),
            format!("  {n} of {records} records with words have it: {stances}\n"),
        ));
    }
    for (stance, words) in &listed.keywords {
        let more = words.len().saturating_sub(WORDS);
        let shown: Vec<&str> = words.iter().take(WORDS).map(String::as_str).collect();
        let rest = match more {
            0 => String::new(),
            _ => lang.of(format!(" …… 另有 {more} 个"), format!(" … and {more} more")),
        };
        let name = stance.name(lang);
        text.push_str(&lang.of(
            format!("\n{name}的词：{}{rest}\n", shown.join("、")),
            format!("\nwords of {name}: {}{rest}\n", shown.join(", ")),
        ));
    }
    let mut stances: Vec<Option<Stance>> = Stance::ALL.map(Some).into();
    stances.push(None);
    for stance in stances {
        let of = category.examples.iter().filter(|example| example.stance == stance);
        let shown: Vec<String> = of.take(EXAMPLES).map(|example| format!("  {}\n", example.text)).collect();
        if !shown.is_empty() {
            let name = stance.map_or(lang.of("不算", "not this"), |s| s.name(lang));
            text.push_str(&lang.of(format!("\n例句（{name}）：\n"), format!("\nexamples ({name}):\n")));
            text.push_str(&shown.concat());
        }
    }
    let (files, rules, id) = (listed.files.join(lang.of("、", ", ")), category.rules.len(), &category.id);
    text.push_str(&lang.of(
        format!("\n{rules} 条规则，在 {files}\n看原话：earful search --category {id}；加词：earful taxonomy suggest {id}\n"),
        format!("\n{rules} rules, in {files}\nthe words of customers: earful search --category {id}; missing words: earful taxonomy suggest {id}\n"),
    ));
    text
}

/// Its name in both languages.
fn names(listed: &Listed) -> String {
    let name = &listed.category.name;
    let both = if name.zh == name.en { name.zh.clone() } else { format!("{} · {}", name.zh, name.en) };
    safe_text(&both).into_owned()
}

/// Who acts, and how.
fn next(listed: &Listed, lang: Lang) -> String {
    let (owner, action) = (owner_name(&listed.category.owner, lang), listed.category.action.in_lang(lang));
    let between = if owner.is_empty() || action.is_empty() { "" } else { lang.of("：", ": ") };
    format!("{}{between}{action}", if owner.is_empty() { String::new() } else { format!("→ {owner}") })
}

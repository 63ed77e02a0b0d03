//! `earful taxonomy export` and `import`: the taxonomy as a sheet, and dictionaries from other programs.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args, report};
use crate::error::Result;
use crate::reading::examples::Misread;
use crate::report::safe_text;
use crate::run::workshop::{self, Import};
use crate::said;
use crate::taxonomy::Changes;
use crate::words::{Lang, Problem, Stance};
use crate::workspace::Workspace;

/// Keywords named of each category.
const NAMED: usize = 12;
/// Problems shown.
const SHOWN: usize = 20;

pub const EXPORT: Verb = Verb {
    name: "export",
    about: ("导出成一张表（.xlsx 或 .csv），在 Excel 里改", "write one sheet (.xlsx or .csv) to edit in a spreadsheet"),
    args: |command, lang| {
        let what = (
            "写到哪个文件；前面可以写只要哪些类别或大类（名称或路径）",
            "the file to write; before it the categories or nets that are wanted (name or path), if not all",
        );
        let file = args::path(lang, "file", what).value_name("CATEGORY… FILE");
        command
            .override_usage("earful taxonomy export [CATEGORY]... <FILE>")
            .arg(file.required(true).num_args(1..))
            .arg(
                args::option(
                    lang,
                    "from",
                    "DIR",
                    ("词表文件夹（默认：在用的）", "taxonomy folder (default: the one in use)"),
                )
                .value_parser(clap::value_parser!(PathBuf)),
            )
    },
    run: export,
};

pub const IMPORT: Verb = Verb {
    name: "import",
    about: (
        "把改好的表或别的词典（.yml .dic .dicx .cat .ykd）读回来，先看变化再保存",
        "read an edited sheet or a dictionary (.yml .dic .dicx .cat .ykd) back; shows what changes before it is kept",
    ),
    args: import_arguments,
    run: import,
};

pub const UNDO: Verb = Verb {
    name: "undo",
    about: (
        "退回导入或修改之前的词表；再来一次就是恢复",
        "go back to the taxonomy before the last import or edit; once more goes forth again",
    ),
    args: |command, lang| command.arg(yes(lang)),
    run: undo,
};

fn import_arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(args::path(lang, "file", ("表或词典", "the sheet or dictionary")).required(true))
        .arg(
            args::option(
                lang,
                "into",
                "DIR",
                ("放进这个词表文件夹（默认：工作区的）", "into this taxonomy folder (default: the workspace's)"),
            )
            .value_parser(clap::value_parser!(PathBuf)),
        )
        .arg(args::switch(lang, "add", ("只添加词，一个也不去掉", "only add words, and take none away")))
        .arg(
            args::switch(
                lang,
                "remove",
                (
                    "去掉表里没有的类别（不加就留着不动）",
                    "take away the categories that the sheet does not have (without it they stay)",
                ),
            )
            .conflicts_with("add"),
        )
        .arg(args::option(
            lang,
            "under",
            "NET",
            (
                "词典的类别放在哪个网下面（默认：文件名）",
                "net for a dictionary's categories (default: the file's name)",
            ),
        ))
        .arg(args::choice(
            lang,
            "stance",
            report::stances(lang),
            ("词典里的词算什么立场（默认：提及）", "stance of a dictionary's words (default: mention)"),
        ))
        .arg(yes(lang))
}

/// `--yes`: for scripts.
pub fn yes(lang: Lang) -> clap::Arg {
    args::switch(lang, "yes", ("不问，直接保存", "keep it without asking")).short('y')
}

fn export(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let named: Vec<&PathBuf> = matches.get_many::<PathBuf>("file").expect("required").collect();
    let (file, of) = named.split_last().expect("one at least");
    let of: Vec<&str> = of.iter().filter_map(|name| name.to_str()).collect();
    let folder = matches.get_one::<PathBuf>("from").map(PathBuf::as_path);
    let rows = workshop::export(door.start(), folder, &of, file, door.lang)?;
    let file = file.display();
    door.tell(&said!(
        "写好了：{file}，{rows} 行。改完运行 earful taxonomy import {file}",
        "written: {file}, {rows} rows. After the edit: earful taxonomy import {file}"
    ));
    Ok(Exit::Fine)
}

fn import(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let path = |name: &str| matches.get_one::<PathBuf>(name).map(PathBuf::as_path);
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let ask = Import {
        file: path("file").expect("required"),
        into: path("into"),
        add: matches.get_flag("add"),
        remove: matches.get_flag("remove"),
        under: text("under"),
        stance: text("stance").and_then(Stance::written).unwrap_or(Stance::Mention),
    };
    let ready = door.working(|| workshop::prepare(door.start(), &ask))?;
    print(
        &(removed(&ready.changes, door.lang)
            + &problems(&ready.problems, door.lang)
            + &changes(&ready.changes, door.lang)
            + &stay(&ready, door.lang)),
    )?;
    if ready.changes.is_empty() {
        return Ok(Exit::Fine);
    }
    let sure = matches.get_flag("yes");
    if let Some(effect) = if sure { None } else { door.working(|| ready.effect(door.start(), &ask))? } {
        let head = door.lang.of("\n对现有记录的影响：\n", "\nWhat that moves in the records:\n");
        print(&format!("{head}{}", super::diff::text(&effect, door)))?;
    }
    let wrong: Vec<_> = ready.broken.iter().map(|(wrong, row)| (wrong, *row)).collect();
    print(&broken(&wrong, door.lang))?;
    if !agreed(sure, door) {
        return Ok(Exit::Found);
    }
    let folder = ready.keep()?;
    let folder = folder.display();
    door.tell(&match ask.into {
        Some(_) => said!("已保存到 {folder}", "kept in {folder}"),
        None => {
            said!("已保存到 {folder}；要退回：earful taxonomy undo", "kept in {folder}; earful taxonomy undo goes back")
        }
    });
    Ok(Exit::Fine)
}

fn undo(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    let earlier = workshop::earlier(&workspace)?;
    print(&(removed(&earlier.changes, door.lang) + &changes(&earlier.changes, door.lang)))?;
    if !agreed(matches.get_flag("yes"), door) {
        return Ok(Exit::Found);
    }
    earlier.keep(&workspace)?;
    door.tell(&said!(
        "已退回上一版；再运行一次 earful taxonomy undo 就是恢复",
        "back to the earlier one; earful taxonomy undo once more goes forth again"
    ));
    Ok(Exit::Fine)
}

/// Asks the person, if there is one. Without one only `--yes` agrees.
pub fn agreed(yes: bool, door: &Door) -> bool {
    door.agrees(
        yes,
        &said!("保存吗？[y/N]", "Keep it? [y/N]"),
        &said!("没有保存；确定要保存请加 --yes", "nothing was kept; add --yes to keep it"),
    )
}

/// The categories that an import removes. It stands first: the sheet does not give them back.
fn removed(changes: &Changes, lang: Lang) -> String {
    let (n, all) = (changes.gone.len(), changes.gone.join(", "));
    match n {
        0 => String::new(),
        1 => lang.of(format!("会去掉 1 个类别：{all}\n"), format!("removes 1 category: {all}\n")),
        _ => lang.of(format!("会去掉 {n} 个类别：{all}\n"), format!("removes {n} categories: {all}\n")),
    }
}

/// The examples that an edit breaks, each with its row in a sheet if it stands in one.
pub fn broken(wrong: &[(&Misread, Option<u64>)], lang: Lang) -> String {
    let n = wrong.len();
    let mut text = match n {
        0 => return String::new(),
        1 => {
            lang.of("\n改后有 1 条例句不再读对：\n", "\nOne example is read otherwise than written then:\n").to_string()
        }
        _ => lang.of(
            format!("\n改后有 {n} 条例句不再读对：\n"),
            format!("\nExamples that are read otherwise than written then: {n}\n"),
        ),
    };
    let none = lang.of("无", "none");
    for (Misread { category, stance, text: sentence, found }, row) in wrong.iter().take(SHOWN) {
        let expected = stance.map_or(none, |s| s.name(lang));
        let found: Vec<&str> = found.iter().map(|s| s.name(lang)).collect();
        let found = if found.is_empty() { none.to_string() } else { found.join(lang.of("、", ", ")) };
        let row = row.map_or(String::new(), |row| lang.of(format!("第 {row} 行 "), format!("row {row} ")));
        let sentence = safe_text(sentence);
        text.push_str(&lang.of(
            format!("  {row}{category}：应读作{expected}，却读作{found} · {sentence}\n"),
            format!("  {row}{category}: should read {expected} and reads {found} · {sentence}\n"),
        ));
    }
    if n > SHOWN {
        let more = n - SHOWN;
        text.push_str(&lang.of(format!("  ……另有 {more} 条\n"), format!("  … and {more} more\n")));
    }
    text
}

/// How many categories are not in the sheet, and stay.
fn stay(ready: &workshop::Ready, lang: Lang) -> String {
    match ready.stay {
        0 => String::new(),
        n => lang.of(
            format!("表里没有的 {n} 个类别不动\n"),
            format!("not in this sheet and left as they are: {n} categories\n"),
        ),
    }
}

fn problems(problems: &[Problem], lang: Lang) -> String {
    let mut text = String::new();
    for problem in problems.iter().take(SHOWN) {
        let file = problem.place.file.as_deref().unwrap_or("-");
        let row = problem.place.row.map_or(String::new(), |r| format!(":{r}"));
        text.push_str(&format!("{file}{row}: {}\n", problem.what.in_lang(lang)));
    }
    let more = problems.len().saturating_sub(SHOWN);
    if more > 0 {
        text.push_str(&lang.of(format!("……另有 {more} 处\n"), format!("… and {more} more\n")));
    }
    text
}

fn changes(changes: &Changes, lang: Lang) -> String {
    if changes.is_empty() {
        return lang
            .of("和现在的词表一样，没有变化。\n", "The same as the taxonomy in use: nothing changes.\n")
            .to_string();
    }
    let mut text = String::new();
    let mut ids = |head: (&str, &str), ids: &[String]| {
        if !ids.is_empty() {
            text.push_str(&format!("{} {}: {}\n", lang.of(head.0, head.1), ids.len(), ids.join(", ")));
        }
    };
    ids(("新类别", "new categories"), &changes.new);
    ids(("规则的其他条件有变", "other conditions of rules differ"), &changes.rules);
    ids(("规则换了文件", "rules moved to another file"), &changes.parts);
    ids(("名称、含义、负责人或做法有变", "name, meaning, owner or action differ"), &changes.about);
    ids(("例句有变", "examples differ"), &changes.examples);
    ids(("语气词有变", "cue words differ"), &changes.cues);
    let mut words = |sign: &str, category: &str, part: &str, words: &[String]| {
        let named: Vec<_> = words.iter().take(NAMED).map(|w| safe_text(w)).collect();
        let more = if words.len() > NAMED { " …" } else { "" };
        text.push_str(&format!("{sign}{} {category} {part}: {}{more}\n", words.len(), named.join(" · ")));
    };
    for (sign, list) in [("+", &changes.added), ("−", &changes.removed)] {
        for ((category, stance), list) in list {
            words(sign, category, stance.name(lang), list);
        }
    }
    for (sign, list) in [("+", &changes.more), ("−", &changes.less)] {
        for ((category, stance, operator), list) in list {
            words(sign, category, &format!("{} {}", stance.name(lang), lang.of(in_chinese(operator), operator)), list);
        }
    }
    for moved in changes.moved.iter().take(SHOWN) {
        let ((from, was), (to, is)) = (&moved.from, &moved.to);
        let word = safe_text(&moved.keyword);
        text.push_str(&format!("{word}: {from} {} → {to} {}\n", was.name(lang), is.name(lang)));
    }
    let more = changes.moved.len().saturating_sub(SHOWN);
    if more > 0 {
        text.push_str(&lang.of(format!("……另有 {more} 个词换了地方\n"), format!("… and {more} more keywords moved\n")));
    }
    text
}

/// What an operator is called in Chinese.
fn in_chinese(operator: &str) -> &str {
    match operator {
        "near" => "挨着的词",
        "then" => "先后的词",
        "all" => "还要有",
        "unless" => "除外",
        "without" => "不能有",
        _ => "整段不能有",
    }
}

//! `earful taxonomy export` and `import`: the taxonomy as a sheet, and dictionaries from other programs.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args, report};
use crate::error::{Error, Result};
use crate::report::safe_text;
use crate::run::workshop::{self, Import};
use crate::said;
use crate::taxonomy::Changes;
use crate::words::{Lang, Problem, Stance};

/// Keywords named of each category.
const NAMED: usize = 12;
/// Problems shown.
const SHOWN: usize = 20;

pub const EXPORT: Verb = Verb {
    name: "export",
    about: ("导出成一张表（.xlsx 或 .csv），在 Excel 里改", "write one sheet (.xlsx or .csv) to edit in a spreadsheet"),
    args: |command, lang| {
        command.arg(args::path(lang, "file", ("写到哪个文件", "the file to write")).required(true)).arg(args::path(
            lang,
            "folder",
            ("词表文件夹（默认：在用的）", "taxonomy folder (default: the one in use)"),
        ))
    },
    run: export,
};

pub const IMPORT: Verb = Verb {
    name: "import",
    about: (
        "把改好的表或别的词典（.yml .dic .cat .ykd）读回来，先看变化再保存",
        "read an edited sheet or a dictionary (.yml .dic .cat .ykd) back; shows what changes before it is kept",
    ),
    args: import_arguments,
    run: import,
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
        .arg(args::switch(lang, "add", ("只添加，表里没有的也留着", "only add: what the sheet does not have stays")))
        .arg(
            args::switch(lang, "remove", ("去掉表里没有的类别", "remove the categories that the sheet does not have"))
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
    let path = |name: &str| matches.get_one::<PathBuf>(name).map(PathBuf::as_path);
    let file = path("file").expect("required");
    let rows = workshop::export(door.start(), path("folder"), file, door.lang)?;
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
        under: text("under"),
        stance: text("stance").and_then(Stance::written).unwrap_or(Stance::Mention),
    };
    let ready = door.working(|| workshop::prepare(door.start(), &ask))?;
    print(
        &(removed(&ready.changes, door.lang)
            + &problems(&ready.problems, door.lang)
            + &changes(&ready.changes, door.lang)),
    )?;
    if ready.changes.is_empty() {
        return Ok(Exit::Fine);
    }
    let (sure, gone) = (matches.get_flag("yes"), ready.changes.gone.len());
    if sure && gone > 0 && !matches.get_flag("remove") {
        // Nobody reads what a script is shown.
        let file = ask.file.display();
        return Err(Error::new(
            "sheet",
            said!(
                "{file}：词表里有 {gone} 个类别不在这个表里，什么也没有改",
                "{file}: {gone} categories of the taxonomy are not in this sheet, and nothing was changed"
            ),
        )
        .help(said!("要留着它们，加 --add；要去掉它们，加 --remove", "--add keeps them, --remove lets them go")));
    }
    if let Some(effect) = if sure { None } else { door.working(|| ready.effect(door.start(), &ask))? } {
        let head = door.lang.of("\n对现有记录的影响：\n", "\nWhat that moves in the records:\n");
        print(&format!("{head}{}", super::diff::text(&effect, door)))?;
    }
    if !agreed(sure, door) {
        return Ok(Exit::Found);
    }
    let folder = ready.keep()?;
    let folder = folder.display();
    door.tell(&said!(
        "已保存到 {folder}；原来的在 {folder}.before",
        "kept in {folder}; what was there is in {folder}.before"
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
    for (sign, list) in [("+", &changes.added), ("−", &changes.removed)] {
        for ((category, stance), words) in list {
            let named: Vec<_> = words.iter().take(NAMED).map(|w| safe_text(w)).collect();
            let more = if words.len() > NAMED { " …" } else { "" };
            text.push_str(&format!(
                "{sign}{} {category} {}: {}{more}\n",
                words.len(),
                stance.name(lang),
                named.join(" · ")
            ));
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

//! `earful taxonomy check`, `test` and `own`: is it right, and make it the shop's own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{ArgMatches, Command};

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::report::cut;
use crate::run::workshop::{self, Check, Checked};
use crate::said;
use crate::taxonomy::can_go;
use crate::words::{Lang, Problem, Severity};
use crate::workspace::Workspace;

/// Columns of a line of a file; and characters before the place that is meant: how many are too many, and how many then stay.
const WIDE: usize = 90;
const FAR: usize = 30;
const BEFORE: usize = 10;

pub const CHECK: Verb = Verb {
    name: "check",
    about: (
        "像编译器一样检查：拼错、死词、重复、过宽……",
        "check like a compiler: misspelt, dead, doubled, too broad …",
    ),
    args: arguments,
    run: |matches, door| run(matches, door, false),
};

pub const TEST: Verb = Verb {
    name: "test",
    about: ("检查，并把例句当测试跑", "check, and run the examples as tests"),
    args: arguments,
    run: |matches, door| run(matches, door, true),
};

pub const OWN: Verb = Verb {
    name: "own",
    about: ("把自带词表放进工作区，之后用自己的", "put the bundled taxonomy into the workspace, to be edited"),
    args: |command, _| command,
    run: own,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(args::path(
            lang,
            "folder",
            ("词表文件夹（默认：工作区在用的）", "taxonomy folder (default: the one the workspace uses)"),
        ))
        .arg(args::switch(lang, "notes", ("连小提醒也列出", "list notes too")))
        .arg(args::switch(
            lang,
            "all",
            ("小提醒一条一条列出，不按文件合并", "list every note by itself, not one line a file"),
        ))
        .arg(args::switch(
            lang,
            "fix",
            (
                "删去没有用的词、什么也盖不住的除外词和重复的词（不改变任何标签）",
                "take out dead words, dead exceptions and repeated words (moves no label)",
            ),
        ))
}

fn run(matches: &ArgMatches, door: &Door, test: bool) -> Result<Exit> {
    let workspace = Workspace::find(door.start()).ok();
    let own = workspace.as_ref().and_then(Workspace::taxonomy);
    let folder = matches.get_one::<PathBuf>("folder").or(own.as_ref());
    if matches.get_flag("fix") {
        let folder = folder.ok_or_else(|| {
            Error::new("option", said!("自带词表不能改", "the bundled taxonomy cannot be changed")).help(said!(
                "先运行 earful taxonomy own，或写明文件夹",
                "run earful taxonomy own first, or name a folder"
            ))
        })?;
        let n = workshop::mend(folder)?;
        door.tell(&said!("删去了 {n} 个词", "{n} words taken out"));
    }
    let (notes, all) = (matches.get_flag("notes"), matches.get_flag("all"));
    let (folder, workspace) = (folder.map(PathBuf::as_path), workspace.as_ref());
    let ask = Check { folder, workspace, examples: test, all };
    let checked = door.working(|| workshop::check(ask))?;
    print(&shown(&checked, notes || all, test, door))?;
    Ok(if checked.count(Severity::Error) == 0 { Exit::Fine } else { Exit::Found })
}

fn own(_: &ArgMatches, door: &Door) -> Result<Exit> {
    let folder = workshop::own(&Workspace::find(door.start())?)?;
    let folder = folder.display();
    door.tell(&said!(
        "词表在 {folder}，一类一个文件，大类分成几个，写法见其中的 README.md；改完运行 earful taxonomy check",
        "the taxonomy is in {folder}, one category a file (a large one in parts), README.md says how; after an edit run earful taxonomy check"
    ));
    Ok(Exit::Fine)
}

/// The problems as a compiler shows them: place, what is wrong, the line itself, what to do. Then the counts.
fn shown(checked: &Checked, notes: bool, tested: bool, door: &Door) -> String {
    let lang = door.lang;
    let mut text = String::new();
    for problem in checked.problems.iter().filter(|p| notes || p.severity > Severity::Note) {
        let (zh, en, code) = match problem.severity {
            Severity::Error => ("错误", "error", "1;31"),
            Severity::Warning => ("警告", "warning", "1;33"),
            Severity::Note => ("提醒", "note", "1;36"),
        };
        let file = problem.place.file.as_deref().unwrap_or("-");
        let row = problem.place.row.map_or(String::new(), |r| format!(":{r}"));
        let kind = door.style.paint(code, lang.of(zh, en));
        let what = problem.what.in_lang(lang);
        text.push_str(&format!("{file}{row}: {kind}{}{what}\n", lang.of("：", ": ")));
        if let Some(line) = line_of(problem, &checked.files) {
            text.push_str(&format!("    | {}\n", door.style.dim(&line)));
        }
        if let Some(help) = &problem.help {
            text.push_str(&format!("    {}{}\n", lang.of("怎么办：", "what to do: "), help.in_lang(lang)));
        }
    }
    let (n, errors, warnings, small) = (
        checked.categories,
        checked.count(Severity::Error),
        checked.count(Severity::Warning),
        checked.count(Severity::Note),
    );
    text.push_str(&lang.of(
        format!("{n} 个类别：{errors} 个错误，{warnings} 个警告，{small} 个提醒\n"),
        format!("{n} categories; errors: {errors}, warnings: {warnings}, notes: {small}\n"),
    ));
    if checked.stopped {
        text.push_str(lang.of(
            "有的文件读不了：先改好错误，再查其余的\n",
            "some files cannot be read: mend the errors, and the rest will be looked at\n",
        ));
        return text;
    }
    if tested {
        let (sentences, failed, (open, rules)) = (checked.sentences, checked.failed, checked.unreached);
        text.push_str(&lang.of(
            format!("{sentences} 个例句，{failed} 个读得和写的不一样；{rules} 条规则，{open} 条没有例句用到\n"),
            format!("{sentences} examples, {failed} read otherwise than written; {rules} rules, {open} reached by no example\n"),
        ));
    }
    if small > 0 && !notes {
        text.push_str(lang.of("提醒不影响读法；加 --notes 列出\n", "notes change no reading; --notes lists them\n"));
    }
    let words = checked.problems.iter().filter(|p| can_go(p)).count();
    if words > 0 {
        text.push_str(&lang.of(
            format!("{words} 处是多余的词：earful taxonomy check --fix 会删去，不改变任何标签\n"),
            format!("{words} of these are words too many: earful taxonomy check --fix takes them out, which moves no label\n"),
        ));
    }
    text
}

/// The line of a file that a problem points at, cut around the place where it is longer than a screen.
fn line_of(problem: &Problem, files: &BTreeMap<String, String>) -> Option<String> {
    let at = problem.place.span?.start as usize;
    let text = files.get(problem.place.file.as_deref()?)?;
    let start = text.get(..at)?.rfind('\n').map_or(0, |n| n + 1);
    let line = text[start..].lines().next()?;
    let before = line[..(at - start).min(line.len())].chars().count();
    let from = if before > FAR { before - BEFORE } else { 0 };
    let rest: String = line.chars().skip(from).collect();
    let head = if from > 0 { "… " } else { "" };
    Some(format!("{head}{}", cut(rest.trim(), WIDE))).filter(|line| !line.is_empty())
}

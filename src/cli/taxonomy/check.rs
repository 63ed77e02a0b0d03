//! `earful taxonomy check`, `test` and `own`: is it right, and make it the shop's own.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::run::workshop::{self, Checked};
use crate::said;
use crate::taxonomy::can_go;
use crate::words::{Lang, Severity};
use crate::workspace::Workspace;

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
            "fix",
            (
                "删去没有用的词、什么也盖不住的除外词和重复的词（不改变任何标签）",
                "take out dead words, dead exceptions and repeated words (moves no label)",
            ),
        ))
}

fn run(matches: &ArgMatches, door: &Door, test: bool) -> Result<Exit> {
    let own = Workspace::find(door.start()).ok().and_then(|w| w.taxonomy());
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
    let checked = workshop::check(folder.map(PathBuf::as_path), test)?;
    print(&problems(&checked, matches.get_flag("notes"), test, door.lang))?;
    Ok(if checked.is_fine() { Exit::Fine } else { Exit::Found })
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

fn problems(checked: &Checked, notes: bool, tested: bool, lang: Lang) -> String {
    let mut text = String::new();
    for problem in checked.problems.iter().filter(|p| notes || p.severity > Severity::Note) {
        let kind = match problem.severity {
            Severity::Error => lang.of("错误", "error"),
            Severity::Warning => lang.of("警告", "warning"),
            Severity::Note => lang.of("提醒", "note"),
        };
        let file = problem.place.file.as_deref().unwrap_or("-");
        let row = problem.place.row.map_or(String::new(), |r| format!(":{r}"));
        text.push_str(&format!("{file}{row}: {kind} {}: {}\n", problem.code, problem.what.in_lang(lang)));
        if let Some(help) = &problem.help {
            text.push_str(&format!("    {}\n", help.in_lang(lang)));
        }
    }
    let count = |severity| checked.problems.iter().filter(|p| p.severity == severity).count();
    let (n, errors, warnings, small) =
        (checked.categories, count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    text.push_str(&lang.of(
        format!("{n} 个类别：{errors} 个错误，{warnings} 个警告，{small} 个提醒\n"),
        format!("{n} categories; errors: {errors}, warnings: {warnings}, notes: {small}\n"),
    ));
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
    if tested {
        let (sentences, failed) = (checked.sentences, checked.failed);
        text.push_str(&lang.of(
            format!("{sentences} 个例句，{failed} 个读得和写的不一样\n"),
            format!("{sentences} examples, {failed} read otherwise than written\n"),
        ));
    }
    text
}

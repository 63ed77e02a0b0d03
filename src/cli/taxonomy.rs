//! `earful taxonomy`: the workshop: check, test, own, diff, coverage.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, Verb, args};
use crate::error::Result;
use crate::report::{safe_text, share};
use crate::run::workshop::{self, Checked};
use crate::said;
use crate::words::{Lang, Severity};
use crate::workspace::Workspace;

/// Records without a label that `coverage` shows.
const OPEN: usize = 20;
/// Labels that `diff` shows.
const MOVED: usize = 30;

pub const VERB: Verb = Verb {
    name: "taxonomy",
    about: (
        "词表：检查、跑例句、改成自己的、看改动影响",
        "the taxonomy: check, test, make it your own, see what an edit moves",
    ),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let sub = |name: &'static str, zh, en| args::translated(Command::new(name), lang).about(lang.of(zh, en));
    let folder = || {
        args::path(
            lang,
            "folder",
            ("词表文件夹（默认：工作区在用的）", "taxonomy folder (default: the one the workspace uses)"),
        )
    };
    let notes = || args::switch(lang, "notes", ("连小提醒也列出", "list notes too"));
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            sub(
                "check",
                "像编译器一样检查：拼错、死词、重复、过宽……",
                "check like a compiler: misspelt, dead, doubled, too broad …",
            )
            .arg(folder())
            .arg(notes()),
        )
        .subcommand(
            sub("test", "检查，并把例句当测试跑", "check, and run the examples as tests").arg(folder()).arg(notes()),
        )
        .subcommand(sub(
            "own",
            "把自带词表放进工作区，之后用自己的",
            "put the bundled taxonomy into the workspace, to be edited",
        ))
        .subcommand(
            sub(
                "diff",
                "两份词表之间：哪些记录得到或失去标签，占比动多少",
                "between two taxonomies: which records gain or lose which label, which shares move",
            )
            .arg(args::path(lang, "old", ("旧词表文件夹", "folder of the old taxonomy")).required(true))
            .arg(args::path(
                lang,
                "new",
                ("新词表文件夹（默认：工作区在用的）", "folder of the new one (default: the one the workspace uses)"),
            )),
        )
        .subcommand(sub("coverage", "还有多少没归类，抽看原话", "how much has no label, with examples"))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let (name, sub) = matches.subcommand().expect("clap demands one");
    let folder = |key: &str| sub.get_one::<PathBuf>(key).map(PathBuf::as_path);
    match name {
        "check" | "test" => {
            let own = Workspace::find(door.start()).ok().and_then(|w| w.taxonomy());
            let checked = workshop::check(folder("folder").or(own.as_deref()), name == "test")?;
            print(&problems(&checked, sub.get_flag("notes"), name == "test", door.lang))?;
            Ok(if checked.is_fine() { Exit::Fine } else { Exit::Found })
        }
        "own" => {
            let folder = workshop::own(&Workspace::find(door.start())?)?;
            let folder = folder.display();
            door.tell(&said!(
                "词表在 {folder}，一类一个文件；改完运行 earful taxonomy check",
                "the taxonomy is in {folder}, one category a file; after an edit run earful taxonomy check"
            ));
            Ok(Exit::Fine)
        }
        "diff" => diff(&Workspace::find(door.start())?, folder("old"), folder("new"), door),
        _ => coverage(&Workspace::find(door.start())?, door),
    }
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
        format!("{n} categories: {errors} errors, {warnings} warnings, {small} notes\n"),
    ));
    if tested {
        let (sentences, failed) = (checked.sentences, checked.failed);
        text.push_str(&lang.of(
            format!("{sentences} 个例句，{failed} 个读得和写的不一样\n"),
            format!("{sentences} examples, {failed} read otherwise than written\n"),
        ));
    }
    text
}

fn diff(workspace: &Workspace, old: Option<&Path>, new: Option<&Path>, door: &Door) -> Result<Exit> {
    let lang = door.lang;
    let diff = workshop::diff(workspace, old, new)?;
    if diff.moved.is_empty() {
        print(lang.of("没有一条记录的标签变化。\n", "No record's labels move.\n"))?;
        return Ok(Exit::Fine);
    }
    let mut text = String::new();
    for moved in diff.moved.iter().take(MOVED) {
        text.push_str(&format!(
            "{} ({}) · {}   {} → {}   +{} −{}\n",
            moved.name.in_lang(lang),
            moved.category,
            moved.stance.name(lang),
            share(moved.before),
            share(moved.after),
            moved.gained,
            moved.lost
        ));
    }
    let more = diff.moved.len().saturating_sub(MOVED);
    if more > 0 {
        text.push_str(&lang.of(format!("……另有 {more} 个标签\n"), format!("… and {more} more labels\n")));
    }
    for (gains, head) in [
        (true, lang.of("\n得到标签的：\n", "\nGain a label:\n")),
        (false, lang.of("\n失去标签的：\n", "\nLose a label:\n")),
    ] {
        let side: Vec<_> = diff.quotes.iter().filter(|q| q.gains == gains).collect();
        if !side.is_empty() {
            text.push_str(head);
        }
        for quote in side {
            let words = safe_text(&quote.text);
            text.push_str(&format!("  {} {} · {words} · {}\n", quote.category, quote.stance.name(lang), quote.uid));
        }
    }
    print(&text)?;
    Ok(Exit::Found)
}

fn coverage(workspace: &Workspace, door: &Door) -> Result<Exit> {
    let lang = door.lang;
    let coverage = workshop::coverage(workspace, OPEN)?;
    let (all, low) = (share(coverage.labelled), share(coverage.low_stars));
    let mut text = lang.of(
        format!("有标签的记录：{all}；三星及以下：{low}\n\n没有标签的，均匀抽取：\n"),
        format!(
            "records with a label: {all}; of those with at most 3 stars: {low}\n\nWithout a label, an even spread:\n"
        ),
    );
    for (uid, words) in &coverage.quotes {
        text.push_str(&format!("  {} · {uid}\n", safe_text(words)));
    }
    print(&text)?;
    Ok(Exit::Fine)
}

//! `earful taxonomy diff`: what an edit moves.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::exchange;
use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::error::Result;
use crate::report::{safe_text, share};
use crate::run::workshop::{self, Diff};
use crate::said;
use crate::words::Lang;
use crate::workspace::Workspace;

/// Labels shown.
const MOVED: usize = 30;

pub const VERB: Verb = Verb {
    name: "diff",
    about: (
        "两份词表之间：哪些记录得到或失去标签，占比动多少",
        "between two taxonomies: which records gain or lose which label, which shares move",
    ),
    args: arguments,
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(args::path(
            lang,
            "old",
            ("旧词表文件夹（默认：自带的）", "folder of the old taxonomy (default: the bundled one)"),
        ))
        .arg(args::path(
            lang,
            "new",
            ("新词表文件夹（默认：工作区在用的）", "folder of the new one (default: the one the workspace uses)"),
        ))
        .arg(
            args::switch(
                lang,
                "edit",
                ("打开编辑器改一份副本，看影响，同意才保存", "edit a copy, see the effect, keep it only after a yes"),
            )
            .conflicts_with("new"),
        )
        .arg(
            args::option(
                lang,
                "category",
                "CATEGORY",
                ("只打开这一类的文件，或它的一部分", "open the file of this category or of a part of it"),
            )
            .requires("edit"),
        )
        .arg(exchange::yes(lang))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    if matches.get_flag("edit") {
        return edit(&workspace, matches, door);
    }
    let folder = |key: &str| matches.get_one::<PathBuf>(key).map(PathBuf::as_path);
    let diff = match folder("old") {
        None if workspace.taxonomy().is_none() => {
            door.tell(&said!(
                "工作区用的就是自带词表，没有可比的；earful taxonomy own 之后才能改",
                "the workspace uses the bundled taxonomy, so there is nothing to compare; earful taxonomy own makes it yours to edit"
            ));
            return Ok(Exit::Fine);
        }
        None => door.working(|| workshop::diff_from_bundled(&workspace))?,
        old => door.working(|| workshop::diff(&workspace, old, folder("new")))?,
    };
    print(&text(&diff, door.lang))?;
    Ok(if diff.moved.is_empty() { Exit::Fine } else { Exit::Found })
}

fn edit(workspace: &Workspace, matches: &ArgMatches, door: &Door) -> Result<Exit> {
    // Who names a category without its option means it just as well.
    let named = matches.get_one::<PathBuf>("old").and_then(|path| path.to_str());
    let category = matches.get_one::<String>("category").map(String::as_str).or(named);
    let edited = workshop::edit(workspace, category)?;
    if edited.same {
        edited.forget();
        door.tell(&said!("没有改动", "nothing was edited"));
        return Ok(Exit::Fine);
    }
    print(&text(&edited.diff, door.lang))?;
    if !exchange::agreed(matches.get_flag("yes"), door) {
        let copy = edited.copy.display();
        door.tell(&said!("改动留在 {copy}，下次 --edit 接着改", "the edit stays in {copy}; --edit goes on with it"));
        return Ok(Exit::Found);
    }
    let folder = edited.keep()?;
    let folder = folder.display();
    door.tell(&said!("已保存到 {folder}", "kept in {folder}"));
    Ok(Exit::Fine)
}

/// The whole diff as text.
pub fn text(diff: &Diff, lang: Lang) -> String {
    if diff.moved.is_empty() {
        return lang.of("没有一条记录的标签变化。\n", "No record's labels move.\n").to_string();
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
    text
}

//! `earful decide`: a person's word on a record and a category, which wins over the rules.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, Verb, args, report};
use crate::error::{Error, Result};
use crate::report::safe_text;
use crate::run::decide::{self, Decided, Verdict};
use crate::said;
use crate::words::{Lang, NO_STANCE, Stance};
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "decide",
    about: ("人工判定一条记录的类别，优先于规则", "decide by hand what a record says; it wins over the rules"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let none = PossibleValue::new(lang.of(NO_STANCE[0], NO_STANCE[1])).aliases(NO_STANCE);
    let stances = report::stances(lang).into_iter().chain([none]);
    command
        .arg(args::value(
            lang,
            "record",
            ("记录编号（search 和报告里有）", "id of a record (search and reports show it)"),
        ))
        .arg(args::value(
            lang,
            "category",
            ("类别，如 气味 或 product/smell", "category, such as Smell or product/smell"),
        ))
        .arg(
            args::value(
                lang,
                "stance",
                (
                    "立场：不满、好评、询问、提及；无：没有这一类",
                    "stance: complaint, praise, question, mention; none: it does not have the category",
                ),
            )
            .value_parser(PossibleValuesParser::new(stances))
            .ignore_case(true)
            .hide_possible_values(true),
        )
        .arg(args::option(lang, "note", "TEXT", ("为什么", "why")))
        .arg(args::switch(lang, "undo", ("撤回判定，重新听规则的", "take the decision back: the rules count again")))
        .arg(args::switch(lang, "list", ("列出所有判定", "list every decision")).conflicts_with("record"))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    if matches.get_flag("list") {
        return list(&workspace, door);
    }
    let verdict = match (matches.get_flag("undo"), text("stance")) {
        (true, _) => Some(Verdict::Undo),
        (false, stance) => {
            stance.and_then(Stance::written_or_none).map(|stance| stance.map_or(Verdict::HasNot, Verdict::Has))
        }
    };
    let (Some(record), Some(category), Some(verdict)) = (text("record"), text("category"), verdict) else {
        return Err(Error::new("option", said!("要写明记录、类别和立场", "say which record, category and stance"))
            .help(said!(
                "earful decide 记录编号 气味 不满；没有这一类写 无",
                "earful decide RECORD product/smell complaint; none if it does not have the category"
            )));
    };
    let decided = decide::decide(&workspace, record, category, verdict, text("note").unwrap_or_default())?;
    print(&line(&decided, door.lang))?;
    Ok(Exit::Fine)
}

fn list(workspace: &Workspace, door: &Door) -> Result<Exit> {
    let all = decide::list(workspace)?;
    if all.is_empty() {
        print(door.lang.of("还没有人工判定。\n", "Nothing was decided by hand yet.\n"))?;
        return Ok(Exit::Found);
    }
    print(&all.iter().map(|d| line(d, door.lang)).collect::<String>())?;
    Ok(Exit::Fine)
}

/// A decision beside what the rules say.
fn line(decided: &Decided, lang: Lang) -> String {
    let decision = &decided.decision;
    let stance = match (decision.undone, decision.stance) {
        (true, _) => lang.of("撤回判定", "decision taken back"),
        (false, Some(stance)) => stance.name(lang),
        (false, None) => lang.of("没有这一类", "does not have it"),
    };
    let rules = match &decided.rules {
        None => lang.of("记录已不在", "the record is gone").to_string(),
        Some(stances) if stances.is_empty() => lang.of("没有", "nothing").to_string(),
        Some(stances) => stances.iter().map(|s| s.name(lang)).collect::<Vec<_>>().join(lang.of("、", ", ")),
    };
    let mut text = lang.of(
        format!("{} {} → {stance}（规则：{rules}）", decision.uid, decision.category),
        format!("{} {} → {stance} (rules: {rules})", decision.uid, decision.category),
    );
    for part in [&decision.date, &decision.who, &decision.note].into_iter().filter(|p| !p.is_empty()) {
        text.push_str(&format!(" · {}", safe_text(part)));
    }
    text + "\n"
}

//! The command line: what was typed becomes a call of `run`, and what comes back is shown.
//!
//! One command is one file with its [`Verb`], and one line in [`VERBS`].

mod add;
mod agents;
mod args;
mod cases;
mod chats;
mod classify;
mod complain;
mod decide;
mod demo;
mod door;
mod eval;
mod event;
mod files;
mod formats;
mod init;
mod lost;
mod purge;
mod report;
mod search;
mod selftest;
mod status;
mod tables;
mod tally;
mod taxonomy;
mod why;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ContextKind;
use clap::{ArgMatches, Command};

use crate::error::Result;
use crate::words::Lang;
use door::Door;

/// How a command ended, if it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// All is well.
    Fine = 0,
    /// A check failed, or nothing was found.
    Found = 1,
    /// Something failed and was told, and the rest was done.
    Failed = 2,
}

/// A command.
struct Verb {
    name: &'static str,
    /// What it does, in Chinese and English.
    about: (&'static str, &'static str),
    /// Adds its arguments.
    args: fn(Command, Lang) -> Command,
    run: fn(&ArgMatches, &Door) -> Result<Exit>,
}

/// Every command, in the order of a first day with the program.
const VERBS: &[Verb] = &[
    demo::VERB,
    init::VERB,
    add::VERB,
    formats::VERB,
    status::VERB,
    report::VERB,
    chats::VERB,
    lost::VERB,
    agents::VERB,
    cases::VERB,
    event::VERB,
    tally::VERB,
    selftest::VERB,
    search::VERB,
    why::VERB,
    decide::VERB,
    taxonomy::VERB,
    eval::VERB,
    purge::VERB,
    classify::VERB,
];

/// Runs the program on the arguments it was started with. Exit codes: 0 fine, 1 found something or nothing, 2 error.
pub fn main() -> ExitCode {
    let mut typed: Vec<OsString> = std::env::args_os().collect();
    let lang = door::language(&typed);
    let mut parsed = command(lang).try_get_matches_from(&typed);
    if let Some(at) = parsed.as_ref().err().and_then(|error| of_the_workshop(error, &typed)) {
        typed.insert(at, taxonomy::VERB.name.into());
        parsed = command(lang).try_get_matches_from(&typed);
    }
    let matches = match parsed {
        Ok(matches) => matches,
        Err(e) => return complain::about_arguments(&e, lang),
    };
    let door = Door::new(&matches, lang);
    let (name, verb_matches) = matches.subcommand().expect("clap demands a command");
    let verb = VERBS.iter().find(|v| v.name == name).expect("clap knows only these commands");
    match (verb.run)(verb_matches, &door) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(e) => complain::about(&e, &door),
    }
}

/// Where a command of the workshop stands that was looked for at the front door: `earful sample` is `earful taxonomy sample`.
fn of_the_workshop(error: &clap::Error, typed: &[OsString]) -> Option<usize> {
    let name = error.get(ContextKind::InvalidSubcommand)?.to_string();
    typed.iter().position(|word| *word == *name).filter(|_| taxonomy::has(&name))
}

fn command(lang: Lang) -> Command {
    let verbs = VERBS.iter().map(|verb| {
        let about = lang.of(verb.about.0, verb.about.1);
        (verb.args)(args::translated(Command::new(verb.name), lang).about(about), lang)
    });
    let command = args::global(args::translated(Command::new("earful"), lang), lang)
        .version(env!("CARGO_PKG_VERSION"))
        .about(lang.of(
            "earful · 原声：读评价与客服聊天，按可改的词表归类，看每类问题的占比怎样变。数据不出本机。",
            "earful · 原声: reads reviews and service chats, sorts them by an editable taxonomy, shows which share moved. Nothing leaves the machine.",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(verbs);
    args::in_order(command)
}

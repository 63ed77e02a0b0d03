//! `earful taxonomy`: the workshop. One subcommand is one constant, and one line in [`SUBS`].

mod check;
mod coverage;
mod diff;
mod exchange;
mod list;
mod sample;
mod suggest;

use clap::{ArgMatches, Command};

use super::door::Door;
use super::{Exit, Verb, args};
use crate::error::Result;
use crate::words::Lang;

pub const VERB: Verb = Verb {
    name: "taxonomy",
    about: (
        "词表：有哪些类别、检查、补词、改、导出导入、看改动影响",
        "the taxonomy: list its categories, check, find missing words, edit, export, see what an edit moves",
    ),
    args: |command, lang| arguments(command, lang),
    run,
};

/// Every subcommand, in the order in which a taxonomy is worked on.
const SUBS: &[Verb] = &[
    list::LIST,
    list::SHOW,
    check::CHECK,
    check::TEST,
    check::OWN,
    coverage::VERB,
    suggest::VERB,
    diff::VERB,
    exchange::EXPORT,
    exchange::IMPORT,
    exchange::UNDO,
    sample::VERB,
];

fn arguments(command: Command, lang: Lang) -> Command {
    let sub = |verb: &Verb| {
        let about = lang.of(verb.about.0, verb.about.1);
        (verb.args)(args::translated(Command::new(verb.name), lang).about(about), lang)
    };
    command.subcommand_required(true).arg_required_else_help(true).subcommands(SUBS.iter().map(sub))
}

/// True if the workshop has a command of this name.
pub fn has(name: &str) -> bool {
    SUBS.iter().any(|verb| verb.name == name)
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let (name, sub) = matches.subcommand().expect("clap demands one");
    let verb = SUBS.iter().find(|v| v.name == name).expect("clap knows only these");
    (verb.run)(sub, door)
}

//! `earful cases`: how long after-sale cases take, what they cost, and which are open too long.

use clap::ArgMatches;

use super::door::Door;
use super::{Exit, Verb, tables};
use crate::error::Result;
use crate::run::chats as run;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "cases",
    about: ("售后单：用时、成本、超时未结、慢与亏", "after-sale cases: time, cost, what is open too long"),
    args: |command, lang| tables::arguments(command, lang),
    run: go,
};

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let (workspace, ask) = (Workspace::find(door.start())?, tables::ask(matches)?);
    let report = door.working(|| run::cases(&workspace, &ask))?;
    tables::show(&report, matches, door)
}

//! `earful agents`: what agents should not say, low ratings and their cause, praise by name, reply phrases.

use clap::ArgMatches;

use super::door::Door;
use super::{Exit, Verb, tables};
use crate::error::Result;
use crate::run::chats as run;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "agents",
    about: (
        "客服答得怎样：不该说的话、低分原因、点名表扬、话术前后",
        "how service answered: words to avoid, low ratings, praise by name, reply phrases",
    ),
    args: |command, lang| tables::arguments(command, lang),
    run: go,
};

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let (workspace, ask) = (Workspace::find(door.start())?, tables::ask(matches)?);
    let report = door.working(|| run::agents(&workspace, &ask))?;
    tables::show(&report, matches, door)
}

//! `earful chats`: what people ask, how fast they were answered, and what was left open.

use clap::builder::PossibleValue;
use clap::{ArgMatches, Command};

use super::door::Door;
use super::{Exit, Verb, args, tables};
use crate::error::Result;
use crate::reading::chat::pack::bundled;
use crate::run::chats as run;
use crate::words::{Lang, platform_names};
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "chats",
    about: (
        "客服聊天：问了什么、多久答、哪些没人答",
        "chats: what is asked, how fast it is answered, what was left open",
    ),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    tables::arguments(command, lang).arg(pack(lang)).arg(args::switch(
        lang,
        "definitions",
        (
            "只看各平台的口径：单位、时段、封顶、什么算回复、出处",
            "only how each platform counts: unit, hours, caps, what answers, source",
        ),
    ))
}

/// `--pack`.
pub fn pack(lang: Lang) -> clap::Arg {
    let called = |key: String| PossibleValue::new(key.clone()).aliases(platform_names(&key));
    let packs: Vec<PossibleValue> = bundled().into_iter().map(|pack| called(pack.key)).collect();
    args::choice(lang, "pack", packs, ("用哪个平台的口径（默认：earful）", "whose definitions (default: earful)"))
        .value_name("KEY")
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    if matches.get_flag("definitions") {
        return tables::show(&run::definitions(), matches, door);
    }
    let ask = tables::ask(matches)?;
    let workspace = Workspace::find(door.start())?;
    let report = door.working(|| run::of_workspace(&workspace, &ask))?;
    tables::show(&report, matches, door)
}

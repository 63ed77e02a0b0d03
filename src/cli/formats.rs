//! `earful formats`: every kind of export that is known, from the same list that detection uses.

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, Verb};
use crate::error::Result;
use crate::ingest;
use crate::words::Lang;

pub const VERB: Verb = Verb {
    name: "formats",
    about: ("认得哪些导出格式", "which exports are known"),
    args: |command: Command, _: Lang| command,
    run,
};

fn run(_: &ArgMatches, door: &Door) -> Result<Exit> {
    let mut text = String::new();
    for format in ingest::formats() {
        text.push_str(&format!("{:<24}{}\n", format.key, format.name(door.lang)));
    }
    print(&text)?;
    Ok(Exit::Fine)
}

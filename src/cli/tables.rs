//! What the commands about chats share: their options, and how their tables are shown or written.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, args, report};
use crate::disk;
use crate::error::{Error, Result};
use crate::report::chats::{self, Tables};
use crate::run::chats::Ask;
use crate::said;
use crate::words::{Lang, platform_called};

/// The options of every report made of tables.
pub fn arguments(command: Command, lang: Lang) -> Command {
    let pseudonyms = args::switch(lang, "pseudonyms", ("客服姓名换成代号", "agents go by tokens instead of names"));
    report::forms(report::when_and_where(command, lang).arg(report::against(lang)).arg(pseudonyms), lang)
}

/// What was asked for.
pub fn ask(matches: &ArgMatches) -> Result<Ask> {
    let pack = matches.try_get_one::<String>("pack").ok().flatten();
    let pack = pack.map(|pack| platform_called(pack).map_or_else(|| pack.to_lowercase(), str::to_string));
    Ok(Ask {
        report: report::ask(matches)?,
        pack: pack.unwrap_or_default(),
        pseudonyms: matches.get_flag("pseudonyms"),
        ..Ask::default()
    })
}

/// Shows the tables, or writes them.
pub fn show(tables: &Tables, matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let output = matches.get_one::<PathBuf>("output");
    let ending = match output {
        Some(path) => Some(report::ending(path)?.ending),
        None => matches.get_one::<String>("format").map(String::as_str),
    };
    let mut bytes = Vec::new();
    match ending {
        None => chats::on_terminal(tables, door.lang, door.style, &mut bytes)?,
        Some(ending) => chats::write(tables, ending, door.lang, &mut bytes).expect("an ending of the list")?,
    }
    match output {
        Some(path) => {
            disk::write(path, &bytes)?;
            let path = path.display();
            door.tell(&said!("写好了：{path}", "written: {path}"));
        }
        None => {
            let text = std::str::from_utf8(&bytes).map_err(|_| {
                Error::new("option", said!("这种格式要写成文件", "this form needs a file"))
                    .help(said!("加 -o 文件名", "add -o FILE"))
            })?;
            print(text)?;
        }
    }
    Ok(Exit::Fine)
}

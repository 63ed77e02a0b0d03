//! What the commands about chats share: their options, and how their tables are shown or written.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, args, report};
use crate::disk;
use crate::error::{Error, Result};
use crate::report::FORMATS;
use crate::report::chats::{self, Tables};
use crate::run::chats::Ask;
use crate::said;
use crate::words::{Grain, Lang};

/// The options of every report made of tables.
pub fn arguments(command: Command, lang: Lang) -> Command {
    let endings: Vec<&'static str> = FORMATS.iter().map(|f| f.ending).collect();
    command
        .arg(args::choice(
            lang,
            "by",
            Grain::ALL.iter().map(|g| g.key()).collect(),
            ("周期（默认：月）", "grain (default: month)"),
        ))
        .arg(args::option(
            lang,
            "period",
            "PERIOD",
            ("本期，如 2026-10、2026-W40", "period, such as 2026-10, 2026-W40"),
        ))
        .arg(args::option(
            lang,
            "against",
            "PERIOD",
            ("对比哪一期（默认：上一期）", "compared with (default: the one before)"),
        ))
        .arg(args::options(lang, "shop", "NAME", ("只看这家店", "only this shop")))
        .arg(args::options(lang, "sku", "SKU", ("只看这个 SKU", "only this SKU")))
        .arg(args::switch(lang, "pseudonyms", ("客服姓名换成代号", "agents go by tokens instead of names")))
        .arg(args::choice(lang, "format", endings, ("不写文件时的格式", "form where no file is named")))
        .arg(args::output(
            lang,
            (
                "写成文件，格式看后缀：xlsx html md csv json",
                "write a file; its ending tells the form: xlsx html md csv json",
            ),
        ))
}

/// What was asked for.
pub fn ask(matches: &ArgMatches) -> Result<Ask> {
    let pack = matches.try_get_one::<String>("pack").ok().flatten().cloned().unwrap_or_default();
    Ok(Ask { report: report::ask(matches)?, pack, pseudonyms: matches.get_flag("pseudonyms"), ..Ask::default() })
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

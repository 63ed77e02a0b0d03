//! `earful tally`: the counts behind every report, as a table for other programs.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::door::Door;
use super::{Exit, Verb, args, report};
use crate::error::{Error, Result};
use crate::run::counts;
use crate::said;
use crate::words::Lang;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "tally",
    about: (
        "把各期的条数写成一张表（csv 或 parquet）",
        "write the counts of every period as one table (csv or parquet)",
    ),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    report::what(command, lang)
        .mut_arg("period", |arg| arg.hide(true))
        .mut_arg("q", |arg| arg.hide(true))
        .arg(args::output(lang, ("写到哪个文件：.csv 或 .parquet", "file to write: .csv or .parquet")).required(true))
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let path = matches.get_one::<PathBuf>("output").expect("clap demands it");
    let parquet = match path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase().as_str() {
        "csv" => false,
        "parquet" => true,
        _ => {
            let what = said!("不知道要写成什么格式：{file}", "unknown form: {file}", file = path.display());
            return Err(Error::new("option", what).help(said!("后缀用 csv 或 parquet", "end it in csv or parquet")));
        }
    };
    let (workspace, ask) = (Workspace::find(door.start())?, report::ask(matches)?);
    let written = door.working(|| counts::write(&workspace, &ask, path, parquet))?;
    let (rows, path) = (written.rows, path.display());
    door.tell(&said!("写好了：{path}，{rows} 行", "written: {path}, {rows} rows"));
    if let Some(period) = written.unfinished {
        door.tell(&said!(
            "{period} 还没过完，它的数只到最后一天的记录",
            "{period} is not over: its counts reach only to the last day of the records"
        ));
    }
    Ok(Exit::Fine)
}

//! `earful purge`: takes records out for good, by age or by buyer.

use clap::{ArgMatches, Command};

use super::door::Door;
use super::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::records::{self, Purge};
use crate::run::purge;
use crate::said;
use crate::words::{Lang, Period, Said};
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "purge",
    about: ("彻底删除记录：按日期或按买家", "take records out for good: by age or by buyer"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let buyer = args::option(
        lang,
        "buyer",
        "BUYER",
        (
            "删除这个买家的记录：写导出文件里的账号，或表里的买家代号",
            "every record of this buyer: the name in the exports, or the token in the tables",
        ),
    );
    command
        .arg(args::option(lang, "before", "DAY", ("删除这天以前的", "everything written before this day")))
        .arg(buyer.conflicts_with("before"))
        .arg(args::switch(lang, "yes", ("不问，直接删除", "take them out without asking")).short('y'))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let workspace = Workspace::find(door.start())?;
    let what = match (text("before"), text("buyer")) {
        (Some(day), _) => Some(Purge::Before(day.parse::<Period>().map_err(|_| wrong())?.first())),
        (None, Some(buyer)) => purge::buyer(&workspace, buyer)?.map(Purge::Buyer),
        (None, None) => {
            return Err(Error::new("option", said!("要说明删什么", "say what to take out"))
                .help(said!("--before 日期，或 --buyer 买家", "--before DAY or --buyer BUYER")));
        }
    };
    let nothing = || {
        door.tell(&said!("没有这样的记录，什么也没有删", "there are no such records; nothing was taken out"));
        Ok(Exit::Found)
    };
    let Some(what) = what else { return nothing() };
    let n = records::would_purge(&workspace.records(), what)?;
    let bought = match what {
        Purge::Buyer(buyer) => workspace.orders()?.iter().filter(|order| order.buyer == Some(buyer)).count(),
        Purge::Before(_) => 0,
    };
    if n == 0 && bought == 0 {
        return nothing();
    }
    let orders = match bought {
        0 => Said::default(),
        _ => said!("和 {bought} 个订单", " and {bought} orders"),
    };
    let agreed = door.agrees(
        matches.get_flag("yes"),
        &Said::new(
            format!("会彻底删除 {n} 条记录{}，不能撤回。删除吗？[y/N]", orders.zh),
            format!("This takes {n} records{} out for good, with no way back. Go on? [y/N]", orders.en),
        ),
        &said!(
            "没有删除（共 {n} 条）；确定要删请加 --yes",
            "nothing was taken out ({n} records were meant); add --yes to do it"
        ),
    );
    if !agreed {
        return Ok(Exit::Found);
    }
    let writing = workspace.write()?;
    let purged = records::purge(&writing.records(), what)?;
    if let Purge::Buyer(buyer) = what {
        writing.forget_orders(buyer)?;
    }
    // The caches hold the same words.
    writing.forget()?;
    let (records, files) = (purged.records, purged.files);
    door.tell(&said!(
        "删除了 {records} 条记录，改写了 {files} 个文件；原来的导出文件不在工作区里，请自行处理",
        "{records} records taken out, {files} files rewritten; the exports they came from are yours to delete"
    ));
    Ok(Exit::Fine)
}

fn wrong() -> Error {
    Error::new("option", said!("--before 读不懂", "--before is not understood"))
        .help(said!("写成 2026-01-01", "write it like 2026-01-01"))
}

//! `earful lost`: who asked and did not buy, why, and what nobody answered them.

use std::path::PathBuf;

use clap::{ArgMatches, Command, value_parser};

use super::door::Door;
use super::{Exit, Verb, args, chats, tables};
use crate::error::Result;
use crate::ingest::Input;
use crate::run::{add, chats as run, side};
use crate::words::Lang;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "lost",
    about: ("问了没买的人：原因、登记、最后没人答的话", "who asked and did not buy: why, and what nobody answered"),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    tables::arguments(command, lang)
        .arg(chats::pack(lang))
        .arg(
            args::options(
                lang,
                "orders",
                "FILE",
                (
                    "订单导出文件，只用这一次（earful add --orders 会留下）",
                    "export of orders, for this once (earful add --orders keeps it)",
                ),
            )
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            args::option(
                lang,
                "window",
                "DAYS",
                ("几天内下单算成交（默认看口径包）", "days within which an order is theirs (default: the pack's)"),
            )
            .value_parser(value_parser!(u32).range(0..=365)),
        )
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    let mut ask = tables::ask(matches)?;
    ask.window = matches.get_one::<u32>("window").copied();
    let shop = ask.report.shops.first().cloned().or_else(|| {
        let own = workspace.settings().shops.iter().find(|s| !s.competitor);
        own.map(|s| s.name.clone())
    });
    for file in matches.get_many::<PathBuf>("orders").unwrap_or_default() {
        let (orders, _) =
            side::orders(&workspace, Input::Path(file), &add::Ask { shop: shop.clone(), ..add::Ask::default() })?;
        ask.orders.extend(orders);
    }
    tables::show(&run::lost(&workspace, &ask)?, matches, door)
}

//! `earful event`: what happened and when, what changed after it, and the same campaign of another year.

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, Verb, args, complain, report};
use crate::error::{Error, Result};
use crate::report::model::Event as Told;
use crate::report::{effect_line, event_name, safe_text, share};
use crate::run::event::{self, Alike};
use crate::run::report as run;
use crate::said;
use crate::words::{Lang, Period, Said};
use crate::workspace::{Event, Workspace};

pub const VERB: Verb = Verb {
    name: "event",
    about: (
        "记下发生了什么（换厂、改详情页、大促、话术），看前后变化",
        "note what happened (manufacturer, listing, campaign, reply) and see before against after",
    ),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let add = args::translated(Command::new("add"), lang)
        .about(lang.of("记一件事", "note an event"))
        .arg(args::value(lang, "date", ("哪天，如 2026-10-08", "the day, such as 2026-10-08")).required(true))
        .arg(args::value(lang, "text", ("发生了什么", "what happened")).num_args(1..).required(true))
        .arg(args::option(
            lang,
            "kind",
            "KIND",
            (
                "manufacturer（换厂）、listing（详情页）、campaign（大促）、reply（话术）或自己的词",
                "manufacturer, listing, campaign, reply, or a word of your own",
            ),
        ))
        .arg(args::option(lang, "shop", "NAME", ("哪家店（默认：全部）", "which shop (default: all)")))
        .arg(args::option(lang, "sku", "SKU", ("哪个 SKU（默认：全部）", "which SKU (default: all)")));
    let list = report::what(args::translated(Command::new("list"), lang), lang)
        .about(lang.of("列出事件和之后的变化", "list events and what changed after them"))
        .arg(args::option(
            lang,
            "like",
            "WORDS",
            (
                "同类事件并排看：日期（11.11）或说明里的字",
                "set events that are alike side by side: a date (11.11) or words of the text",
            ),
        ));
    command.subcommand_required(true).arg_required_else_help(true).subcommand(add).subcommand(list)
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    match matches.subcommand() {
        Some(("add", matches)) => add(&workspace, matches, door),
        Some((_, matches)) => list(&workspace, matches, door),
        None => Ok(Exit::Fine),
    }
}

fn add(workspace: &Workspace, matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let text = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    let wrong = || {
        Error::new("option", said!("日期读不懂", "the date is not understood"))
            .help(said!("写成 2026-10-08", "write it as 2026-10-08"))
    };
    let day: Period = text("date").parse().map_err(|_| wrong())?;
    if day.len() != 1 {
        return Err(wrong());
    }
    let words: Vec<&str> = matches.get_many::<String>("text").unwrap_or_default().map(String::as_str).collect();
    let event =
        Event { day: day.first(), kind: text("kind"), shop: text("shop"), sku: text("sku"), text: words.join(" ") };
    event::add(workspace, event)?;
    door.tell(&said!("记下了：{day}", "noted: {day}"));
    Ok(Exit::Fine)
}

fn list(workspace: &Workspace, matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let ask = report::ask(matches)?;
    if let Some(like) = matches.get_one::<String>("like") {
        print(&beside(&event::alike(workspace, &ask, like)?, door.lang))?;
        return Ok(Exit::Fine);
    }
    let (events, problems) = workspace.events()?;
    for problem in &problems {
        door.tell(&Said::new(complain::of(problem, Lang::Zh), complain::of(problem, Lang::En)));
    }
    if events.is_empty() {
        door.tell(&said!("还没有事件：earful event add 日期 说明", "no events yet: earful event add DATE TEXT"));
        return Ok(Exit::Found);
    }
    let told = door.working(|| run::of_workspace(workspace, &ask)).map(|r| r.events).unwrap_or_default();
    let mut text = String::new();
    for event in &events {
        let day = event.day.to_string();
        let found = told.iter().find(|t| {
            (&t.day, &t.kind, &t.shop, &t.sku, &t.text) == (&day, &event.kind, &event.shop, &event.sku, &event.text)
        });
        text.push_str(&entry(event, found, door.lang));
    }
    print(&text)?;
    Ok(Exit::Fine)
}

fn entry(event: &Event, told: Option<&Told>, lang: Lang) -> String {
    let place: Vec<&str> =
        [&event.shop, &event.sku].into_iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    let mut text =
        safe_text(&format!("{} {} {} {}", event.day, event_name(&event.kind, lang), place.join(" "), event.text))
            .into_owned();
    text.push('\n');
    let Some(told) = told else { return text };
    for effect in &told.effects {
        text.push_str(&format!("    {}\n", effect_line(effect, told.control.as_ref(), lang)));
    }
    if told.effects.is_empty() {
        text.push_str(match &told.control {
            Some(_) => lang.of("    之后没有站得住的变化\n", "    nothing that holds changed after it\n"),
            None => {
                lang.of("    没有可对照的店或 SKU，不作判断\n", "    nothing to compare with, so nothing is said\n")
            }
        });
    }
    text
}

fn beside(alike: &Alike, lang: Lang) -> String {
    let days = alike.days;
    let mut text =
        lang.of(format!("事件当天起 {days} 天的占比：\n"), format!("Shares of the {days} days from each event:\n"));
    for (i, [day, kind, sku, what]) in alike.events.iter().enumerate() {
        text.push_str(&format!("  {}. {}\n", i + 1, safe_text(&format!("{day} {kind} {sku} {what}"))));
    }
    for (category, stance, ratios) in &alike.rows {
        let shares: Vec<String> = ratios.iter().map(|r| share(*r)).collect();
        text.push_str(&format!("  {} {}: {}\n", category.name.in_lang(lang), stance.name(lang), shares.join(" | ")));
    }
    text
}

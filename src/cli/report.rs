//! `earful report`: what moved, in the terminal or as a file.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::door::{Door, print};
use super::{Exit, Verb, args};
use crate::disk;
use crate::error::{Error, Result};
use crate::report::model::{Base, Ratio};
use crate::report::{self, FORMATS, Format, Report};
use crate::run::report::saved::{self, Bridge};
use crate::run::report::{self as run, Ask, Counting, Which};
use crate::said;
use crate::words::{Grain, Kind, Lang, Period, Stance};
use crate::workspace::Workspace;

/// How people write the same period of last year.
const LAST_YEAR: [&str; 4] = ["last-year", "去年", "去年同期", "同比"];
/// The words for all kinds of record together.
const ALL_KINDS: &[&str] = &["all", "全部", "所有"];

pub const VERB: Verb = Verb {
    name: "report",
    about: ("哪类问题的占比变了，背后是什么", "which shares moved, and what is behind it"),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let command = what(command, lang)
        .arg(against(lang))
        .arg(
            args::option(
                lang,
                "tally",
                "FILE",
                ("用别处数好的计数表（csv、parquet）", "report on counts made elsewhere (csv, parquet)"),
            )
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(args::option(
            lang,
            "save",
            "NAME",
            ("留底，以后可用 --as-of 对照", "keep the report under a name, for --as-of later"),
        ))
        .arg(args::option(
            lang,
            "as-of",
            "NAME",
            (
                "把留底的报告和今天的并排，分清哪些是词表动的、哪些是记录动的",
                "set a kept report beside today's: what moved through the taxonomy, what through records",
            ),
        ));
    forms(command, lang)
}

/// The stances, by their names.
pub fn stances(lang: Lang) -> Vec<PossibleValue> {
    Stance::ALL.map(|stance| args::called(lang, stance.words())).into()
}

/// The period compared with.
pub fn against(lang: Lang) -> Arg {
    let help = (
        "对比哪一期（默认：上一期；去年：去年同期）",
        "compared with (default: the one before; last-year: the same of last year)",
    );
    args::option(lang, "against", "PERIOD", help)
}

/// The arguments that say in which form a report is written: of every command that writes one.
pub fn forms(command: Command, lang: Lang) -> Command {
    let endings: Vec<&'static str> = FORMATS.iter().map(|f| f.ending).collect();
    let help = (
        "写成文件，格式看后缀：xlsx html md csv json",
        "write a file; its ending tells the form: xlsx html md csv json",
    );
    command
        .arg(args::choice(lang, "format", endings, ("不写文件时的格式", "form where no file is named")))
        .arg(args::output(lang, help))
}

/// The arguments that say when and where: of every command that looks at records.
pub fn when_and_where(command: Command, lang: Lang) -> Command {
    let grains = Grain::ALL.map(|grain| args::called(lang, grain.words())).into();
    let period = (
        "本期，如 2026-10、2026-W40、2026-10-01..2026-10-15（默认：最近一期）",
        "period, such as 2026-10, 2026-W40, 2026-10-01..2026-10-15 (default: the latest)",
    );
    command
        .arg(args::choice(lang, "by", grains, ("周期（默认：月）", "grain (default: month)")))
        .arg(args::option(lang, "period", "PERIOD", period))
        .arg(args::options(lang, "shop", "NAME", ("只看这家店", "only this shop")))
        .arg(args::options(lang, "sku", "SKU", ("只看这个 SKU", "only this SKU")))
}

/// Which kind of record is counted.
pub fn kind(lang: Lang) -> Arg {
    let kinds = Kind::ALL.map(Kind::words).into_iter().chain([ALL_KINDS]);
    let kinds = kinds.map(|words| args::called(lang, words)).collect();
    let help = (
        "数哪种记录：评价、会话、登记……（默认：有评价就数评价）",
        "which records: reviews, chats, logs … (default: reviews where there are any)",
    );
    args::choice(lang, "kind", kinds, help)
}

/// The arguments that say what is counted: of every command that counts.
pub fn what(command: Command, lang: Lang) -> Command {
    when_and_where(command, lang)
        .arg(kind(lang))
        .arg(args::options(lang, "category", "ID", ("只看这个类别（含其下）", "only this category and those below it")))
        .arg(
            args::choice(lang, "stance", stances(lang), ("只看这种立场", "only this stance")).action(ArgAction::Append),
        )
        .arg(args::choice(
            lang,
            "base",
            Base::to_ask().map(|base| args::called(lang, base.words())).collect(),
            ("分母（默认：有文字的记录）", "base (default: records with words)"),
        ))
        .arg(
            args::option(
                lang,
                "q",
                "SHARE",
                ("列出的变化里可容忍的误报比例（默认 0.10）", "share of false highlights accepted (default 0.10)"),
            )
            .value_parser(value_parser!(f64)),
        )
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let ask = ask(matches)?;
    let output = matches.get_one::<PathBuf>("output");
    let format = match output {
        Some(path) => Some(ending(path)?),
        None => matches.get_one::<String>("format").and_then(|f| Format::of(f)),
    };
    if let Some(name) = matches.get_one::<String>("as-of") {
        let workspace = Workspace::find(door.start())?;
        print(&beside(&door.working(|| saved::bridge(&workspace, name))?, door))?;
        return Ok(Exit::Fine);
    }
    let report = match matches.get_one::<PathBuf>("tally") {
        Some(path) => run::of_tally(path, &ask)?,
        None => {
            let workspace = Workspace::find(door.start())?;
            let counting = door.working(|| Counting::open(&workspace, &ask))?;
            let report = door.working(|| run::of(&workspace, &counting))?;
            if let Some(name) = matches.get_one::<String>("save") {
                let path = saved::keep(&workspace, &counting, &report, name)?;
                door.tell(&said!("留底：{path}", "kept: {path}", path = path.display()));
            }
            report
        }
    };
    match (output, format) {
        (Some(path), Some(format)) => write(&report, format, path, door)?,
        (_, Some(format)) => print_bytes(&bytes(&report, format, door.lang)?)?,
        _ => show(&report, door)?,
    }
    Ok(Exit::Fine)
}

/// A kept report beside today's.
fn beside(bridge: &Bridge, door: &Door) -> String {
    let (lang, width) = (door.lang, door.style.width);
    let [then, now] = bridge.verdicts.each_ref().map(|v| v.in_lang(lang));
    let [came, gone] = bridge.files;
    let reading = match (bridge.taxonomy_changed, bridge.definitions_changed) {
        (_, false) => said!("词表", "taxonomy"),
        (false, true) => said!("口径", "definitions"),
        (true, true) => said!("词表和口径", "taxonomy and definitions"),
    };
    let reading = reading.in_lang(lang);
    let changed = if bridge.taxonomy_changed || bridge.definitions_changed {
        lang.of(format!("{reading}变了"), format!("other {reading}"))
    } else {
        lang.of("词表和口径没变", "same taxonomy and definitions").to_string()
    };
    let head = lang.of(
        [
            format!("当时：{then}"),
            format!("现在：{now}"),
            format!("{changed}；新增 {came} 个记录文件，少了 {gone} 个。"),
        ],
        [
            format!("then: {then}"),
            format!("now:  {now}"),
            format!("{changed}; {came} record files came, {gone} are gone."),
        ],
    );
    let mut text: String = head.iter().map(|line| report::wrap(line, width, "")).collect();
    for row in &bridge.rows {
        let word = |told: &Option<String>| match told.as_deref() {
            Some("rise") => "▲",
            Some(_) => "▼",
            None => "·",
        };
        let place = report::safe_text(&report::place_name(&row.place, lang)).into_owned();
        let step = |from: Ratio, to: Ratio| match (from.share(), to.share()) {
            (Some(a), Some(b)) => format!("{:+.1}", (b - a) * 100.0),
            _ => "—".to_string(),
        };
        let (category, stance) = (row.category.name.in_lang(lang), row.stance.name(lang));
        let (was, is) = (word(&row.told[0]), word(&row.told[1]));
        let (a, b) = (report::share(row.then), report::share(row.today));
        let (words, records) = (step(row.then, row.reread), step(row.reread, row.today));
        let line = lang.of(
            format!("{was}→{is} {place} · {category} {stance}：{a} → {b}；{reading} {words}，记录 {records}（百分点）"),
            format!("{was}→{is} {place} · {category} {stance}: {a} → {b}; {reading} {words}, records {records} points"),
        );
        text.push_str(&report::wrap(&line, width, "  "));
    }
    text
}

/// The report in the terminal.
pub fn show(report: &Report, door: &Door) -> Result<()> {
    let mut text = Vec::new();
    report::terminal(report, door.lang, door.style, &mut text)?;
    print_bytes(&text)
}

/// The report as a file, whole or not at all.
pub fn write(report: &Report, format: &Format, path: &Path, door: &Door) -> Result<()> {
    disk::write(path, &bytes(report, format, door.lang)?)?;
    let path = path.display();
    door.tell(&said!("写好了：{path}", "written: {path}"));
    Ok(())
}

fn bytes(report: &Report, format: &Format, lang: Lang) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    format.write(report, lang, &mut bytes)?;
    Ok(bytes)
}

fn print_bytes(bytes: &[u8]) -> Result<()> {
    match std::str::from_utf8(bytes) {
        Ok(text) => print(text),
        Err(_) => Err(Error::new("option", said!("这种格式要写成文件", "this form needs a file"))
            .help(said!("加 -o 文件名", "add -o FILE"))),
    }
}

/// The form that a file name asks for.
pub fn ending(path: &Path) -> Result<&'static Format> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    Format::of(ending).ok_or_else(|| {
        let known: Vec<&str> = FORMATS.iter().map(|f| f.ending).collect();
        let known = known.join(" ");
        Error::new("option", said!("不知道要写成什么格式：{file}", "unknown form: {file}", file = path.display()))
            .help(said!("后缀用这些之一：{known}", "use one of these endings: {known}"))
    })
}

/// What was asked for, by the arguments of [`what`].
pub fn ask(matches: &ArgMatches) -> Result<Ask> {
    let text = |name: &str| matches.try_get_one::<String>(name).ok().flatten().map(String::as_str);
    let list = |name: &str| {
        matches.try_get_many::<String>(name).ok().flatten().unwrap_or_default().cloned().collect::<Vec<_>>()
    };
    let period = |name: &str| text(name).filter(|t| !LAST_YEAR.contains(t)).map(|t| parse_period(name, t)).transpose();
    let q = matches.try_get_one::<f64>("q").ok().flatten().copied().unwrap_or(run::Q);
    if !(q > 0.0 && q <= 0.5) {
        return Err(Error::new("option", said!("--q 要在 0 和 0.5 之间", "--q lies between 0 and 0.5")));
    }
    let period_asked = period("period")?;
    let grain = text("by").and_then(Grain::written);
    Ok(Ask {
        grain: grain.or(period_asked.and_then(Period::grain)).unwrap_or(Grain::Month),
        period: period_asked,
        against: period("against")?,
        last_year: text("against").is_some_and(|t| LAST_YEAR.contains(&t)),
        shops: list("shop"),
        skus: list("sku"),
        categories: list("category"),
        stances: list("stance").iter().filter_map(|s| Stance::written(s)).collect(),
        kind: match text("kind") {
            None => Which::Usual,
            Some(key) => Kind::written(key).map_or(Which::All, Which::Only),
        },
        base: text("base").and_then(Base::written).unwrap_or(Base::Text),
        q,
    })
}

fn parse_period(name: &str, text: &str) -> Result<Period> {
    text.parse().map_err(|_| {
        Error::new("option", said!("--{name} 读不懂", "--{name} is not understood")).help(said!(
            "写成 2026-10、2026-W40、2026-Q3、2026-10-31 或 2026-10-01..2026-10-15",
            "write 2026-10, 2026-W40, 2026-Q3, 2026-10-31 or 2026-10-01..2026-10-15"
        ))
    })
}

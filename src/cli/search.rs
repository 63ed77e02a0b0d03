//! `earful search`: the customers' own words, exact, with where each stands.

use clap::{Arg, ArgMatches, Command, value_parser};

use super::door::{Door, print, quoted_text};
use super::{Exit, Verb, args, report};
use crate::error::{Error, Result};
use crate::index::{Heard, Order};
use crate::report::model::{Base, Report, Shift};
use crate::report::{pieces, safe_cell, safe_text};
use crate::run::search::{self, Ask, Found, Hit};
use crate::said;
use crate::words::{Kind, Lang, Period, Stance};
use crate::workspace::Workspace;

const LIMIT: usize = 20;

pub const VERB: Verb = Verb {
    name: "search",
    about: (
        "搜原话：逐字精确，可按店铺、SKU、类别、立场、星级、时间筛",
        "search the words: exact; by shop, SKU, category, stance, stars, time",
    ),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(
            args::value(
                lang,
                "phrases",
                (
                    "要有的词句，多个要同时出现；英文词尾 * 表示开放",
                    "phrases that must all be there; * opens the end of a Latin word",
                ),
            )
            .num_args(0..),
        )
        .arg(args::options(lang, "without", "PHRASE", ("不能有的词句", "phrases that must not be there")))
        .arg(args::choice(
            lang,
            "who",
            Heard::ALL.map(|heard| args::called(lang, heard.words())).into(),
            ("谁说的（默认：顾客）", "whose words (default: the buyer's)"),
        ))
        .arg(args::options(lang, "shop", "NAME", ("店铺", "shop")))
        .arg(args::options(lang, "sku", "SKU", ("SKU", "SKU")))
        .arg(args::choice(
            lang,
            "kind",
            Kind::ALL.map(|kind| args::called(lang, kind.words())).into(),
            ("哪一类记录", "kind of record"),
        ))
        .arg(args::option(
            lang,
            "category",
            "ID",
            ("类别，如 气味 或 product/smell", "category, such as Smell or product/smell"),
        ))
        .arg(args::choice(lang, "stance", report::stances(lang), ("立场", "stance")))
        .arg(args::option(lang, "stars", "RANGE", ("星级，如 1 或 1-3", "stars, such as 1 or 1-3")))
        .arg(args::option(lang, "since", "DAY", ("从哪天起，如 2026-09-01", "first day, such as 2026-09-01")))
        .arg(args::option(lang, "until", "DAY", ("到哪天止", "last day")))
        .arg(args::choice(
            lang,
            "sort",
            Order::ALL.map(|order| args::called(lang, order.words())).into(),
            ("顺序（默认：新的在前）", "order (default: newest first)"),
        ))
        .arg(limit(lang))
        .arg(args::choice(lang, "format", vec!["table", "jsonl", "csv"], ("结果的格式", "form of the result")))
}

fn limit(lang: Lang) -> Arg {
    let help = ("最多显示几条（默认 20）", "hits shown (default 20)");
    args::option(lang, "limit", "N", help).short('n').value_parser(value_parser!(usize))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let list = |name: &str| matches.get_many::<String>(name).unwrap_or_default().cloned().collect::<Vec<_>>();
    let ask = Ask {
        phrases: list("phrases"),
        without: list("without"),
        heard: text("who").and_then(Heard::written).unwrap_or_default(),
        shops: list("shop"),
        skus: list("sku"),
        kind: text("kind").and_then(Kind::written),
        category: text("category").map(str::to_string),
        stance: text("stance").and_then(Stance::written),
        stars: text("stars").map(stars).transpose()?,
        since: text("since").map(|t| day("since", t)).transpose()?.map(|p| p.first()),
        until: text("until").map(|t| day("until", t)).transpose()?.map(|p| p.last()),
        order: text("sort").and_then(Order::written).unwrap_or_default(),
        limit: matches.get_one::<usize>("limit").copied().unwrap_or(LIMIT),
    };
    let workspace = Workspace::find(door.start())?;
    let found = door.working(|| search::search(&workspace, &ask))?;
    match text("format") {
        Some("jsonl") => print(&jsonl(&found))?,
        Some("csv") => print(&csv(&found)?)?,
        _ => print(&table(&found, door))?,
    }
    if found.total == 0 {
        door.tell(&said!(
            "没有找到：换个短些的说法，或去掉 --shop、--sku、--since 这样的条件；earful status 看导入了什么",
            "nothing was found: try shorter words, or fewer conditions such as --shop, --sku, --since; earful status shows what was imported"
        ));
    }
    Ok(if found.total > 0 { Exit::Fine } else { Exit::Found })
}

/// The command that finds just the records a shift of a report counts in its own period; `None` where no search can,
/// because it counts orders, several SKUs together or a table from elsewhere.
pub(super) fn behind(report: &Report, shift: &Shift) -> Option<String> {
    let counted = report.counted;
    if matches!(counted.base, Base::Orders | Base::Given) || shift.place.listing.is_some() {
        return None;
    }
    let whole: Period = report.period.parse().ok()?;
    let days = report.provisional.as_ref().map_or(whole, |p| whole.first_days(p.days));
    // The path of a category is its own; a name may be shared.
    let mut command = format!("earful search --category {} --stance {}", shift.category.id, shift.stance.key());
    if let Some(kind) = counted.kind {
        command.push_str(&format!(" --kind {}", kind.key()));
    }
    if counted.base == Base::LowStars {
        command.push_str(" --stars 1-3");
    }
    command.push_str(&format!(" --shop {}", quoted_text(&shift.place.shop)));
    if let Some(sku) = &shift.place.sku {
        command.push_str(&format!(" --sku {}", quoted_text(sku)));
    }
    command.push_str(&format!(" --since {} --until {}", days.first(), days.last()));
    Some(command)
}

/// A day, or any period that is written as one: `2026-09` is its first or last day.
fn day(name: &str, text: &str) -> Result<Period> {
    text.parse().map_err(|_| {
        Error::new("option", said!("--{name} 读不懂", "--{name} is not understood"))
            .help(said!("写成 2026-09-01", "write it like 2026-09-01"))
    })
}

fn stars(text: &str) -> Result<(f32, f32)> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    match (low.trim().parse(), high.trim().parse()) {
        (Ok(low), Ok(high)) if 1.0 <= low && low <= high && high <= 5.0 => Ok((low, high)),
        _ => Err(Error::new("option", said!("--stars 读不懂", "--stars is not understood"))
            .help(said!("写成 1 或 1-3", "write 1 or 1-3"))),
    }
}

fn table(found: &Found, door: &Door) -> String {
    let lang = door.lang;
    let (total, shown) = (found.total, found.hits.len());
    let mut text = lang.of(format!("{total} 条，显示 {shown} 条\n"), format!("{total} records, {shown} shown\n"));
    for hit in &found.hits {
        text.push('\n');
        for (words, matched) in pieces(&hit.text, &hit.matches) {
            let words = safe_text(words);
            text.push_str(&if matched { door.style.matched(&words) } else { words.into_owned() });
        }
        let Hit { uid, shop, sku, file, row, .. } = hit;
        let day = hit.day.as_deref().unwrap_or("—");
        let stars = hit.stars.map(|s| format!("{s}★ ")).unwrap_or_default();
        let place = format!("{day} {stars}{} {} · {}:{row} · {uid}", safe_text(shop), safe_text(sku), safe_text(file));
        text.push_str(&format!("\n  {}\n", door.style.dim(&place)));
    }
    text
}

fn jsonl(found: &Found) -> String {
    let line = |hit: &Hit| serde_json::to_string(hit).expect("a hit is plain data") + "\n";
    found.hits.iter().map(line).collect()
}

fn csv(found: &Found) -> Result<String> {
    let failed =
        |e: ::csv::Error| Error::new("write", said!("结果写不出去", "the result could not be written")).cause(e);
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    csv.write_record(["uid", "day", "shop", "sku", "stars", "file", "row", "speaker", "text"]).map_err(failed)?;
    for hit in &found.hits {
        let stars = hit.stars.map(|s| s.to_string()).unwrap_or_default();
        csv.write_record([
            hit.uid.as_str(),
            hit.day.as_deref().unwrap_or(""),
            &safe_cell(&hit.shop),
            &safe_cell(&hit.sku),
            &stars,
            &safe_cell(&hit.file),
            &hit.row.to_string(),
            hit.speaker,
            &safe_cell(&hit.text),
        ])
        .map_err(failed)?;
    }
    let bytes = csv.into_inner().map_err(|e| failed(e.into_error().into()))?;
    Ok(format!("\u{FEFF}{}", String::from_utf8_lossy(&bytes)))
}

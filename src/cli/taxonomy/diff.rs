//! `earful taxonomy diff`: what an edit moves.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::exchange;
use crate::cli::door::{Door, print};
use crate::cli::report::{ask, kind, when_and_where};
use crate::cli::{Exit, Verb, args};
use crate::error::Result;
use crate::report::model::{Place, Ratio, Shift, pieces};
use crate::report::{heading, place_name, safe_text, scope, share};
use crate::run::report::Ask;
use crate::run::workshop::{self, Diff, Moved, OfKind, Quote, Why};
use crate::said;
use crate::words::Lang;
use crate::workspace::Workspace;

/// Labels shown of each kind of record.
const MOVED: usize = 15;
/// Nets named of each kind, and shifts that the report tells only before or after.
const FEW: usize = 6;

pub const VERB: Verb = Verb {
    name: "diff",
    about: (
        "两份词表之间：哪些记录得到或失去标签，报告里的占比动多少",
        "between two taxonomies: which records gain or lose which label, which shares of the report move",
    ),
    args: arguments,
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let command = command
        .arg(args::path(
            lang,
            "old",
            ("旧词表文件夹（默认：自带的）", "folder of the old taxonomy (default: the bundled one)"),
        ))
        .arg(args::path(
            lang,
            "new",
            ("新词表文件夹（默认：工作区在用的）", "folder of the new one (default: the one the workspace uses)"),
        ))
        .arg(
            args::switch(
                lang,
                "edit",
                ("打开编辑器改一份副本，看影响，同意才保存", "edit a copy, see the effect, keep it only after a yes"),
            )
            .conflicts_with("new"),
        )
        .arg(
            args::option(
                lang,
                "category",
                "CATEGORY",
                ("只打开这一类的文件，或它的一部分", "open the file of this category or of a part of it"),
            )
            .requires("edit"),
        )
        .arg(exchange::yes(lang));
    when_and_where(command, lang).arg(kind(lang))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    // Here a category is what the editor opens: the report is asked for with all of them.
    let ask = Ask { categories: Vec::new(), ..ask(matches)? };
    if matches.get_flag("edit") {
        return edit(&workspace, matches, &ask, door);
    }
    let folder = |key: &str| matches.get_one::<PathBuf>(key).map(PathBuf::as_path);
    let diff = match folder("old") {
        None if workspace.taxonomy().is_none() => {
            door.tell(&said!(
                "工作区用的就是自带词表，没有可比的。改词表：earful taxonomy diff --edit 类别（保存后就是工作区自己的）",
                "the workspace uses the bundled taxonomy, so there is nothing to compare. To edit it: earful taxonomy diff --edit CATEGORY (what is kept is the workspace's own)"
            ));
            return Ok(Exit::Fine);
        }
        None => door.working(|| workshop::diff_from_bundled(&workspace, &ask))?,
        old => door.working(|| workshop::diff(&workspace, old, folder("new"), &ask))?,
    };
    print(&text(&diff, door))?;
    Ok(if diff.is_empty() { Exit::Fine } else { Exit::Found })
}

fn edit(workspace: &Workspace, matches: &ArgMatches, ask: &Ask, door: &Door) -> Result<Exit> {
    // Who names a category without its option means it just as well.
    let named = matches.get_one::<PathBuf>("old").and_then(|path| path.to_str());
    let category = matches.get_one::<String>("category").map(String::as_str).or(named);
    let edited = workshop::edit(workspace, category, ask)?;
    if edited.same {
        edited.forget();
        door.tell(&said!("没有改动", "nothing was edited"));
        return Ok(Exit::Fine);
    }
    let broken: Vec<_> = edited.broken.iter().map(|wrong| (wrong, None)).collect();
    print(&(text(&edited.diff, door) + &exchange::broken(&broken, door.lang)))?;
    if !exchange::agreed(matches.get_flag("yes"), door) {
        let copy = edited.copy.display();
        door.tell(&said!("改动留在 {copy}，下次 --edit 接着改", "the edit stays in {copy}; --edit goes on with it"));
        return Ok(Exit::Found);
    }
    let first = workspace.taxonomy().is_none();
    let folder = edited.keep()?;
    let folder = folder.display();
    door.tell(&said!(
        "已保存到 {folder}；要退回：earful taxonomy undo",
        "kept in {folder}; earful taxonomy undo goes back"
    ));
    if first {
        door.tell(&said!(
            "工作区从此用自己的词表，不再跟着新版本的自带词表变",
            "the workspace has a taxonomy of its own now: that of later versions does not change it"
        ));
    }
    door.tell(&said!(
        "下一步：earful report 按改过的词表数；earful taxonomy diff 随时看和自带词表差在哪里",
        "next: earful report counts by it; earful taxonomy diff shows what differs from the bundled one"
    ));
    Ok(Exit::Fine)
}

/// The whole diff as text.
pub fn text(diff: &Diff, door: &Door) -> String {
    let lang = door.lang;
    if diff.is_empty() {
        return lang.of("没有一条记录的标签变化。\n", "No record's labels move.\n").to_string();
    }
    let (n, of) = (diff.records.mentions, diff.records.base);
    let mut text = lang.of(
        format!("{of} 条有文字的记录里，{n} 条的标签会变。\n"),
        format!("{n} of {of} records with words change their labels.\n"),
    );
    for kind in &diff.kinds {
        text.push_str(&of_kind(kind, door));
    }
    for gains in [true, false] {
        let side: Vec<&Quote> = diff.quotes.iter().filter(|q| q.gains == gains).collect();
        let (shown, all) = (side.len(), diff.labels[usize::from(gains)]);
        if all == 0 {
            continue;
        }
        let head = match gains {
            true => lang
                .of(format!("得到的标签 {all} 个，看 {shown} 条："), format!("Labels gained: {all}, {shown} of them:")),
            false => lang
                .of(format!("失去的标签 {all} 个，看 {shown} 条："), format!("Labels lost: {all}, {shown} of them:")),
        };
        text.push_str(&format!("\n{}\n", door.style.bold(&head)));
        let mut before = String::new();
        for quote in side {
            let cause = cause(quote, lang);
            if cause != before {
                text.push_str(&format!("  {cause}\n"));
                before = cause;
            }
            text.push_str(&quoted(quote, door));
        }
    }
    text
}

/// The numbers of the report of one kind of record.
fn of_kind(kind: &OfKind, door: &Door) -> String {
    let lang = door.lang;
    let (counted, [base, silent]) = (kind.counted.said(), kind.base);
    let counted = counted.in_lang(lang);
    let left = match silent {
        0 => String::new(),
        _ => lang.of(
            format!("，默认好评和无文字的 {silent} 条不算"),
            format!(", and {silent} in which nobody wrote anything, left out"),
        ),
    };
    let head = match &kind.report {
        Some(report) => {
            let (when, who) = (heading(report, lang), scope(report, lang));
            let who = who.trim();
            lang.of(
                format!("{counted} · {when} · {who} {base} 条{left}"),
                format!("{counted} · {when} · {who}: {base}{left}"),
            )
        }
        None => lang.of(format!("{counted} · 这一期没有"), format!("{counted} · none in this period")),
    };
    let mut text = format!("\n{}\n", door.style.bold(&head));
    let (nets, moved): (Vec<&Moved>, Vec<&Moved>) = kind.moved.iter().partition(|m| m.net);
    for one in moved.iter().take(MOVED) {
        text.push_str(&line(one, kind, lang));
    }
    let more = moved.len().saturating_sub(MOVED);
    if more > 0 {
        text.push_str(&lang.of(format!("  ……另有 {more} 个标签\n"), format!("  … and {more} more labels\n")));
    }
    // A net with what moves in it says nothing new of itself.
    let nets: Vec<String> = nets
        .iter()
        .filter(|m| m.own[0] != m.own[1])
        .take(FEW)
        .map(|m| format!("{} {}", name(m, lang), step(m.own)))
        .collect();
    if !nets.is_empty() {
        let nets = nets.join(lang.of("；", "; "));
        text.push_str(&lang.of(format!("  所在的大类：{nets}\n"), format!("  the nets above: {nets}\n")));
    }
    let [gone, new] = &kind.told;
    for (shifts, head) in [
        (new, lang.of("报告会多说：", "the report would tell besides:")),
        (gone, lang.of("报告不再说：", "the report would no longer tell:")),
    ] {
        if !shifts.is_empty() {
            text.push_str(&format!("  {head}\n"));
        }
        for shift in shifts.iter().take(FEW) {
            text.push_str(&format!("    {}\n", told(shift, lang)));
        }
        let more = shifts.len().saturating_sub(FEW);
        if more > 0 {
            text.push_str(&lang.of(format!("    ……另有 {more} 项\n"), format!("    … and {more} more\n")));
        }
    }
    text
}

fn name(moved: &Moved, lang: Lang) -> String {
    format!("{} {}", safe_text(moved.name.in_lang(lang)), moved.stance.name(lang))
}

/// `2.4% (25/1034) → 3.1% (32/1034)`.
fn step([before, after]: [Ratio; 2]) -> String {
    format!("{} → {}", share(before), share(after))
}

/// One label: the ratio before and after, and how many records of all periods are behind it.
fn line(moved: &Moved, kind: &OfKind, lang: Lang) -> String {
    let (name, gained, lost) = (name(moved, lang), moved.gained, moved.lost);
    let mut numbers: Vec<String> = Vec::new();
    if kind.report.is_some() {
        if moved.own[0].base + moved.own[1].base > 0 {
            let points = match (moved.own[0].share(), moved.own[1].share()) {
                (Some(a), Some(b)) if a != b => {
                    let points = (b - a) * 100.0;
                    lang.of(format!("（{points:+.1} 点）"), format!(" ({points:+.1} points)"))
                }
                _ => String::new(),
            };
            numbers.push(step(moved.own) + &points);
        }
        if moved.others[0] != moved.others[1] {
            let step = step(moved.others);
            numbers.push(lang.of(format!("竞品 {step}"), format!("competitors {step}")));
        }
    }
    numbers.push(lang.of(format!("全部时间 +{gained} −{lost} 条"), format!("all periods +{gained} −{lost} records")));
    let numbers = numbers.join(lang.of("；", "; "));
    let mut text = format!("  {name} ({})  {numbers}\n", moved.category);
    if let Some((place, ratios)) = &moved.most {
        let (place, step) = (safe_place(place, lang), step(*ratios));
        text.push_str(
            &lang.of(format!("      动得最多的：{place} {step}\n"), format!("      most of all {place}: {step}\n")),
        );
    }
    text
}

fn safe_place(place: &Place, lang: Lang) -> String {
    safe_text(&place_name(place, lang)).into_owned()
}

/// A shift as the report tells it.
fn told(shift: &Shift, lang: Lang) -> String {
    let (mark, place) = (shift.direction.mark(), safe_place(&shift.place, lang));
    let (name, stance) = (safe_text(shift.category.name.in_lang(lang)), shift.stance.name(lang));
    format!("{mark} {place} · {name} {stance}  {} ← {}", share(shift.now), share(shift.before))
}

/// What made or lost the labels of some quotes: `气味 不满 ← 新规则 product/smell.toml:12`.
fn cause(quote: &Quote, lang: Lang) -> String {
    let rule = safe_text(&quote.rule);
    let why = match quote.why {
        Why::NewRule => lang.of(format!("新规则 {rule}"), format!("new rule {rule}")),
        Why::LetIn => lang.of(
            format!("规则 {rule} 没变，原来被挡住"),
            format!("rule {rule} is as it was; what held it back is gone"),
        ),
        Why::NoCategory => lang.of("这一类没有了", "the category is gone").to_string(),
        Why::NoRule => lang.of(
            format!("规则 {rule}（旧词表）删了或改了"),
            format!("rule {rule} (of the old taxonomy) is gone or another one"),
        ),
        Why::HeldBack => lang.of(
            format!("规则 {rule}（旧词表）没变，现在被别的规则、例外或语气词挡住"),
            format!(
                "rule {rule} (of the old taxonomy) is as it was; another rule, an exception or a cue holds it back"
            ),
        ),
    };
    let instead: Vec<&str> = quote.instead.iter().map(|s| s.name(lang)).collect();
    let instead = match (instead.join(lang.of("、", ", ")), quote.gains) {
        (stances, _) if stances.is_empty() => String::new(),
        (stances, true) => lang.of(format!("；原来是{stances}"), format!("; it was {stances}")),
        (stances, false) => lang.of(format!("；现在是{stances}"), format!("; it is {stances} now")),
    };
    format!("{} {} · {why}{instead}", safe_text(quote.name.in_lang(lang)), quote.stance.name(lang))
}

fn quoted(quote: &Quote, door: &Door) -> String {
    let lang = door.lang;
    let words: String = pieces(&quote.text, &quote.matches)
        .into_iter()
        .map(|(words, matched)| match matched {
            true => door.style.matched(&safe_text(words)),
            false => safe_text(words).into_owned(),
        })
        .collect();
    let stars = quote.stars.map(|s| format!("{s}★"));
    let sku = Some(safe_text(&quote.sku).into_owned()).filter(|sku| !sku.is_empty());
    let about: Vec<String> = [sku, quote.day.clone(), stars, Some(quote.uid.clone())].into_iter().flatten().collect();
    let about = door.style.dim(&about.join(" "));
    let alike = match quote.alike {
        (0, _) => String::new(),
        (n, exact) => {
            let more = if exact { "+" } else { "" };
            lang.of(format!("（同样说法还有 {n}{more} 条）"), format!(" (and {n}{more} more in these words)"))
        }
    };
    lang.of(format!("    “{words}”{alike} {about}\n"), format!("    \"{words}\"{alike} {about}\n"))
}

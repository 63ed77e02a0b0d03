//! `earful selftest`: how often the report would have cried wolf on these very records, and what it can see.

use clap::{ArgMatches, Command, value_parser};

use super::door::{Door, print};
use super::{Exit, Verb, args, report};
use crate::error::{Error, Result};
use crate::run::selftest::{self, Outcome};
use crate::said;
use crate::words::Lang;
use crate::workspace::Workspace;

/// Random splits, if nothing else is said.
const RUNS: usize = 200;
/// The same records give the same answer.
const SEED: u64 = 20_261_031;

pub const VERB: Verb = Verb {
    name: "selftest",
    about: (
        "拿自己的数据考一考：没事时误报几次，有事时看得见多少",
        "try the report on your own records: false alarms where nothing happened, what it sees where something did",
    ),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    report::what(command, lang)
        .mut_arg("period", |arg| arg.hide(true))
        .arg(
            args::option(lang, "runs", "N", ("随机对半拆多少次（默认 200）", "random splits (default 200)"))
                .value_parser(value_parser!(u64).range(20..=5000)),
        )
        .arg(args::choice(lang, "format", vec!["json"], ("给程序用", "for programs")))
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let runs = matches.get_one::<u64>("runs").map_or(RUNS, |n| *n as usize);
    let (workspace, ask) = (Workspace::find(door.start())?, report::ask(matches)?);
    let outcome = door.working(|| selftest::of_workspace(&workspace, &ask, runs, SEED))?;
    if matches.contains_id("format") {
        let json = serde_json::to_string_pretty(&outcome)
            .map_err(|e| Error::new("write", said!("结果写不出去", "the result could not be written")).cause(e))?;
        print(&format!("{json}\n"))?;
    } else {
        print(&text(&outcome, door.lang))?;
    }
    Ok(if outcome.passes() { Exit::Fine } else { Exit::Found })
}

fn text(o: &Outcome, lang: Lang) -> String {
    let (records, places, (first, last)) = (o.records, o.places, &o.days);
    let (runs, any, allowed, q, cells) = (o.runs, o.with_any, o.allowed, o.q * 100.0, o.learnt_from);
    let (phi, drift) = (o.unrest.0, o.unrest.1.sqrt());
    let verdict = if o.passes() {
        lang.of("守住了", "the promise holds")
    } else {
        lang.of("没守住", "the promise is broken")
    };
    let mut text = lang.of(
        format!(
            "{records} 条记录，{places} 个 SKU，{first} 到 {last}。\n\n\
             1. 把同一 SKU、同一星期几的记录随机对半拆 {runs} 次：两半之间什么都没发生，任何一项变化都是误报。\n\
             \x20  有误报的：{any} 次（允许 {allowed} 次，q = {q:.0}%）。{verdict}。共 {} 项。\n\n\
             2. 本店自身的波动（从 {cells} 个格子学到）：扎堆 {phi:.2}，漂移 {drift:.2}（对数比值比的标准差）。\n",
            o.highlights
        ),
        format!(
            "{records} records of {places} SKUs, {first} to {last}.\n\n\
             1. Records of the same SKU and weekday split into random halves {runs} times: nothing happened between them, \
             so every shift is a false one.\n\
             \x20  Splits with a false one: {any} (allowed {allowed}, q = {q:.0}%): {verdict}. False ones in all: {}.\n\n\
             2. The shop's own unrest (learnt from {cells} cells): clustering {phi:.2}, drift {drift:.2} (sd of the log odds ratio).\n",
            o.highlights
        ),
    );
    let pairs = o.background.len();
    let listed: usize = o.background.iter().map(|(_, n)| n).sum();
    if pairs > 0 {
        let mean = listed as f64 / pairs as f64;
        let each: Vec<String> = o.background.iter().map(|(p, n)| format!("{p}: {n}")).collect();
        let each = each.join("  ");
        text.push_str(&lang.of(
            format!("   过去 {pairs} 期里，平均每期有 {mean:.1} 个格子的变化站得住（真变化也算在内；报告会把同一件事并成一项，所以列出的更少）：\n   {each}\n"),
            format!("   Over the past {pairs} periods {mean:.1} cells held on average (true shifts too; a report tells what belongs together once, and so lists fewer):\n   {each}\n"),
        ));
    }
    text.push_str(lang.of("\n3. 埋进去的变化看得见多少（看见/埋下）：\n", "\n3. Planted shifts, seen of planted:\n"));
    let mut sizes: Vec<(u64, Option<u64>)> = o.sights.iter().map(|s| (s.from, s.below)).collect();
    sizes.sort_unstable_by_key(|s| s.0);
    sizes.dedup();
    for (from, below) in sizes {
        let size = below.map_or_else(|| format!("{from}+"), |below| format!("{from}–{}", below - 1));
        let seen: Vec<String> = o
            .sights
            .iter()
            .filter(|s| (s.from, s.below) == (from, below))
            .map(|s| {
                format!("×{:.1} {}/{} ({:.0}%)", s.times, s.seen, s.planted, s.seen as f64 / s.planted as f64 * 100.0)
            })
            .collect();
        let seen = seen.join("   ");
        text.push_str(&lang.of(
            format!("   两期共 {size} 条提到：{seen}\n"),
            format!("   {size} mentions in the two periods together: {seen}\n"),
        ));
    }
    let share = o.false_share * 100.0;
    text.push_str(&lang.of(
        format!("   此时列出的变化里误报占 {share:.1}%。\n"),
        format!("   Of what was listed then, {share:.1}% was false.\n"),
    ));
    text
}

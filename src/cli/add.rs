//! `earful add`: imports exports, says how each was read, and keeps the account of every row.

use std::io::Write;
use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, Verb, args, complain, files};
use crate::error::{Error, Result};
use crate::ingest::{DateOrder, Field, Input};
use crate::report::{account, safe_text, wrap};
use crate::run::add::{self, Ask};
use crate::run::side;
use crate::said;
use crate::words::limits::Limits;
use crate::words::{Lang, Ledger, Record};
use crate::workspace::Workspace;

/// Records that a dry run shows.
const SHOWN: usize = 5;

pub const VERB: Verb = Verb {
    name: "add",
    about: ("导入导出文件（任何平台）", "import exports (of any platform)"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let command = command
        .arg(
            args::path(
                lang,
                "files",
                (
                    "文件、文件夹，或 *.csv 这样的写法；- 是标准输入",
                    "files, folders, or patterns such as *.csv; - is standard input",
                ),
            )
            .num_args(1..)
            .required(true),
        )
        .arg(args::option(lang, "shop", "NAME", ("店铺名", "name of the shop")))
        .arg(args::switch(lang, "competitor", ("这是竞品的店", "the shop is a competitor's")))
        .arg(args::switch(
            lang,
            "orders",
            ("这是订单表：只记谁在何时买了什么（代号）", "these are orders: who bought what when is kept, as tokens"),
        ))
        .arg(
            args::switch(
                lang,
                "cases",
                ("这是售后单：申请、审核、完结时间与原因", "these are after-sale cases: times, reasons, cost"),
            )
            .conflicts_with("orders"),
        )
        .arg(args::switch(lang, "dry-run", ("只看会怎样读，不导入", "show how it would be read, import nothing")))
        .arg(args::option(
            lang,
            "profile",
            "KEY",
            ("指定格式，见 earful formats", "name the format, see earful formats"),
        ))
        .arg(args::options(lang, "map", "HEADER=FIELD", ("指定某列是什么", "say what a column is")))
        .arg(args::option(lang, "tz", "ZONE", ("文件里时间的时区", "time zone of the times in the file")))
        .arg(args::choice(
            lang,
            "date-order",
            DateOrder::ALL.map(|order| args::called(lang, order.words())).into(),
            ("31/01、01/31 还是 26/01", "31/01, 01/31 or 26/01"),
        ))
        .arg(args::option(
            lang,
            "capture-date",
            "DATE",
            ("抓取日期，用于“昨天”和没有日期的时间", "day of capture, for \"yesterday\" and times without a date"),
        ))
        .arg(args::switch(
            lang,
            "again",
            ("别的店已导入过的同一个文件，也照样导入", "add a file although another shop has it already"),
        ))
        .arg(args::switch(lang, "keep-pii", ("不遮盖个人信息（不建议）", "do not mask personal data (not advised)")))
        .arg(args::choice(lang, "format", vec!["text", "json"], ("账目的格式", "form of the ledger")));
    let limit = |command: Command, (name, value, help): &(&'static str, &'static str, args::Help)| {
        command.arg(args::option(lang, name, value, *help).hide_short_help(true))
    };
    LIMITS.iter().fold(command, limit)
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let ask = ask(matches)?;
    let json = matches.get_one::<String>("format").is_some_and(|f| f == "json");
    let workspace = Workspace::find(door.start())?;
    let named: Vec<&PathBuf> = matches.get_many("files").expect("required").collect();
    let mut sum = Sum { what: Adds::asked(matches), ..Sum::default() };
    for file in &files::meant(&named)? {
        if files::is_lock(file) {
            let name = file.display();
            door.tell(&said!(
                "{name}：Excel 打开文件时留下的锁，没有内容，跳过",
                "{name}: the lock of a file that is open in Excel, which holds nothing; passed over"
            ));
            continue;
        }
        let input = if file.as_os_str() == "-" { Input::Stdin } else { Input::Path(file) };
        let done = one(input, &ask, matches, &workspace, door);
        match done {
            Ok((ledger, _)) if json => print(&format!("{}\n", ledger.json(door.lang)))?,
            Ok((ledger, records)) => {
                tell(&ledger, &records, door)?;
                sum.take(&ledger);
            }
            // One file that cannot be read does not keep the others out.
            Err(error) => {
                complain::about(&error, door);
                sum.failed.push(file.display().to_string());
            }
        }
    }
    let tried = matches.get_flag("dry-run");
    if !json {
        sum.tell(tried, door)?;
    }
    Ok(if sum.failed.is_empty() { Exit::Fine } else { Exit::Failed })
}

/// What a file adds.
#[derive(Clone, Copy, Debug, Default)]
enum Adds {
    #[default]
    Records,
    Orders,
    Cases,
}

impl Adds {
    fn asked(matches: &ArgMatches) -> Adds {
        match (matches.get_flag("orders"), matches.get_flag("cases")) {
            (true, _) => Adds::Orders,
            (_, true) => Adds::Cases,
            _ => Adds::Records,
        }
    }
}

/// What several files together gave, and which gave nothing: said last, where it is still seen.
#[derive(Default)]
struct Sum {
    what: Adds,
    files: usize,
    rows: u64,
    kept: u64,
    repeats: u64,
    failed: Vec<String>,
}

impl Sum {
    fn take(&mut self, ledger: &Ledger) {
        self.files += 1;
        self.rows += ledger.rows;
        self.kept += ledger.kept;
        self.repeats += ledger.repeats;
    }

    fn tell(&self, tried: bool, door: &Door) -> Result<()> {
        let Sum { files, rows, kept, repeats, failed, .. } = self;
        if files + failed.len() > 1 {
            let left_out = rows - kept - repeats;
            let mut text = door.lang.of(
                format!("\n一共 {files} 个文件，{rows} 行 = 留用 {kept} + 重复 {repeats} + 没有计入 {left_out}\n"),
                format!(
                    "\n{files} files in all, {rows} rows = {kept} kept + {repeats} repeats + {left_out} left out\n"
                ),
            );
            if !failed.is_empty() {
                let (n, names) = (failed.len(), failed.iter().map(|name| safe_text(name)).collect::<Vec<_>>());
                text.push_str(&door.lang.of(
                    format!("{n} 个没有读进来（原因见上面的“错误”）：{}\n", names.join("，")),
                    format!("{n} could not be read (the errors above say why): {}\n", names.join(", ")),
                ));
            }
            print(&text)?;
        }
        if tried || *files == 0 {
            return Ok(());
        }
        door.tell(&match self.what {
            _ if *kept == 0 && repeats == rows => {
                said!("没有新的：每一行都已经在里面了", "nothing new: every row is in already")
            }
            _ if *kept == 0 => {
                said!("没有留下一条记录：原因见上面的数", "not one record was kept: the counts above say why")
            }
            Adds::Records => said!(
                "下一步：earful report 看什么变了；earful status 看读了什么",
                "next: earful report shows what moved; earful status what was read"
            ),
            Adds::Orders => said!(
                "下一步：earful lost 看谁问了没买；earful chats 分售前售后",
                "next: earful lost shows who asked and did not buy; earful chats tells before from after the sale"
            ),
            Adds::Cases => said!("下一步：earful cases 看售后快慢和原因", "next: earful cases shows times and reasons"),
        });
        Ok(())
    }
}

/// Adds one file, or shows how it would be read.
fn one(
    input: Input<'_>,
    ask: &Ask,
    matches: &ArgMatches,
    workspace: &Workspace,
    door: &Door,
) -> Result<(Ledger, Vec<Record>)> {
    let ledger = match (Adds::asked(matches), matches.get_flag("dry-run")) {
        (Adds::Orders, true) => side::orders(workspace, input, ask)?.1,
        (Adds::Cases, true) => return side::cases(workspace, input, ask, SHOWN),
        (Adds::Records, true) => return add::dry_run(workspace, input, ask, SHOWN),
        (Adds::Orders, false) => side::add_orders(&mut workspace.write()?, input, ask)?,
        (Adds::Cases, false) => side::add_cases(&mut workspace.write()?, input, ask)?,
        (Adds::Records, false) => {
            let bar = door.bar();
            let progress = |read: u64, all: Option<u64>| {
                if let Some(all) = all {
                    bar.set_length(all);
                }
                bar.set_position(read);
            };
            let ledger = add::add(&mut workspace.write()?, input, ask, Some(&progress));
            bar.finish_and_clear();
            ledger?
        }
    };
    Ok((ledger, Vec::new()))
}

fn ask(matches: &ArgMatches) -> Result<Ask> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let captured = text("capture-date").map(|date| date.parse()).transpose().map_err(|e: jiff::Error| {
        Error::new("option", said!("--capture-date 要写成 2026-10-31", "--capture-date is written 2026-10-31")).cause(e)
    })?;
    let map = matches.get_many::<String>("map").unwrap_or_default().map(|pair| mapped(pair)).collect::<Result<_>>()?;
    Ok(Ask {
        shop: text("shop"),
        competitor: matches.get_flag("competitor"),
        profile: text("profile"),
        map,
        zone: text("tz"),
        date_order: text("date-order").and_then(|order| DateOrder::written(&order)),
        captured,
        again: matches.get_flag("again"),
        keep_pii: matches.get_flag("keep-pii"),
        limits: limits(matches)?,
    })
}

/// The limits that may be moved: flag, what it counts, and what it is for.
const LIMITS: [(&str, &str, args::Help); 6] = [
    ("max-size", "MIB", ("文件或解压后的大小上限", "largest file, or unpacked archive")),
    ("max-ratio", "N", ("解压倍数上限", "most times its size that an archive may unpack to")),
    ("max-entries", "N", ("压缩包里的文件数上限", "most files in an archive")),
    ("max-rows", "N", ("一个 Excel 工作表的行数上限", "most rows of an Excel sheet")),
    ("max-cells", "N", ("一个 Excel 工作表的格数上限", "most cells of an Excel sheet")),
    ("max-text", "KIB", ("一段文字保留的长度上限（最多 1024）", "longest text that is kept (at most 1024)")),
];

fn limits(matches: &ArgMatches) -> Result<Limits> {
    let usual = Limits::default();
    let number = |name: &str| -> Result<Option<u64>> {
        let Some(text) = matches.get_one::<String>(name) else { return Ok(None) };
        let number = text.parse::<u64>().ok().filter(|n| (1..=1 << 32).contains(n));
        number
            .map(Some)
            .ok_or_else(|| Error::new("option", said!("--{name} 要写成正整数", "--{name} takes a whole number from 1")))
    };
    let size = number("max-size")?.map(|mib| mib << 20);
    let count = |name: &str, usual: usize| Ok::<usize, Error>(number(name)?.map_or(usual, |n| n as usize));
    Ok(Limits {
        file_bytes: size.unwrap_or(usual.file_bytes),
        archive_bytes: size.unwrap_or(usual.archive_bytes),
        ratio: number("max-ratio")?.unwrap_or(usual.ratio),
        entries: count("max-entries", usual.entries)?,
        rows: number("max-rows")?.unwrap_or(usual.rows),
        cells: number("max-cells")?.unwrap_or(usual.cells),
        text_bytes: number("max-text")?.map_or(usual.text_bytes, |kib| (kib as usize) << 10),
        ..usual
    })
}

fn mapped(pair: &str) -> Result<(String, Field)> {
    let wrong = || {
        let fields: Vec<&str> = Field::ALL.iter().map(|f| f.key()).collect();
        let fields = fields.join(" ");
        Error::new("option", said!("--map 要写成 列名=字段", "--map is written HEADER=FIELD"))
            .help(said!("字段有：{fields}", "the fields: {fields}"))
    };
    let (header, field) = pair.rsplit_once('=').ok_or_else(wrong)?;
    Ok((header.to_string(), Field::ALL.iter().copied().find(|f| f.key() == field).ok_or_else(wrong)?))
}

/// How the file was read, in a few lines.
fn tell(ledger: &Ledger, records: &[Record], door: &Door) -> Result<()> {
    let lang = door.lang;
    let Ledger { file, encoding, container, profile, .. } = ledger;
    let mut text = format!("{}\n", safe_text(file));
    text.push_str(&lang.of(
        format!("  读法：{encoding} · {container} · {profile}\n"),
        format!("  read as: {encoding} · {container} · {profile}\n"),
    ));
    let mapping: Vec<String> = ledger.mapping.iter().map(|(h, f)| format!("{}→{f}", safe_text(h))).collect();
    text.push_str(&lang.of(format!("  列：{}\n", mapping.join("，")), format!("  columns: {}\n", mapping.join(", "))));
    if !ledger.unknown_columns.is_empty() {
        let unknown: Vec<_> = ledger.unknown_columns.iter().map(|c| safe_text(c)).collect();
        text.push_str(&lang.of(
            format!("  不认识的列：{}\n", unknown.join("，")),
            format!("  unknown columns: {}\n", unknown.join(", ")),
        ));
    }
    text.push_str(&wrap(&account(ledger, lang), door.style.width, "  "));
    if let Some((first, last)) = &ledger.days {
        text.push_str(&format!("  {first} … {last}\n"));
    }
    text.push_str(&problems(ledger, lang));
    for record in records {
        let words: Vec<String> =
            record.turns.iter().map(|t| format!("{}: {}", t.speaker.key(), safe_text(&t.text))).collect();
        let time = record.time.map(|t| t.to_string()).unwrap_or_default();
        let stars = record.stars.as_ref().map(|s| format!("{}★", s.value)).unwrap_or_default();
        text.push_str(&format!("  - {time} {} {stars} {}\n", safe_text(&record.sku), words.join(" / ")));
    }
    print(&text)?;
    std::io::stdout().flush().ok();
    Ok(())
}

/// What went wrong while a file was read, row by row; the same said of row after row is said a few times.
pub(super) fn problems(ledger: &Ledger, lang: Lang) -> String {
    let row = |row: u64| lang.of(format!("第 {row} 行："), format!("row {row}: "));
    let line = |what: &str, at: Option<u64>| format!("  ! {}{what}\n", at.map(row).unwrap_or_default());
    let all = ledger.problems.iter().map(|p| (p.message.in_lang(lang), p.row));
    let mut lines = complain::few(all.map(|(what, at)| (what, line(what, at))));
    let more = ledger.problems_in_all - lines.len() as u64;
    if more > 0 {
        lines.push(lang.of(format!("  ! 另有 {more} 处\n"), format!("  ! and {more} more\n")));
    }
    lines.concat()
}

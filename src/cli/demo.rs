//! `earful demo`: the main job on the bundled data, from export to report and quotes.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::door::{Door, chosen, print, quoted};
use super::report::{show, write};
use super::{Exit, Verb, args, search};
use crate::error::Result;
use crate::report::Format;
use crate::report::model::Ratio;
use crate::run::report::{self as run, Ask};
use crate::run::{demo, status};
use crate::said;
use crate::words::Lang;

const FOLDER: &str = "earful-demo";

pub const VERB: Verb = Verb {
    name: "demo",
    about: (
        "用自带的数据走一遍：导入、归类、报告、搜索",
        "the whole job on bundled data: import, read, report, search",
    ),
    args: |command, lang| arguments(command, lang),
    run: go,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command.arg(args::path(
        lang,
        "folder",
        ("放在哪个文件夹（默认 earful-demo）", "folder to make (default earful-demo)"),
    ))
}

fn go(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let folder = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_else(|| PathBuf::from(FOLDER));
    let (workspace, ledgers) = demo::make(&folder, chosen(matches, door.lang)).map_err(|error| match error.code() {
        "workspace_exists" => error.help(said!(
            "换一个文件夹名：earful demo 另一个名字；要重来就先删掉它",
            "choose another folder: earful demo NAME; to begin anew, delete this one first"
        )),
        _ => error,
    })?;
    let lang = door.lang;
    let rows: u64 = ledgers.iter().map(|l| l.rows).sum();
    let records: u64 = status::status(&workspace)?.records;
    print(&lang.of(
        format!("导入了 {} 个文件，{rows} 行，得到 {records} 条记录。\n\n", ledgers.len()),
        format!("Imported {} files, {rows} rows, which make {records} records.\n\n", ledgers.len()),
    ))?;
    let report = run::of_workspace(&workspace, &Ask::default())?;
    show(&report, door)?;
    for ending in ["xlsx", "html"] {
        let format = Format::of(ending).expect("a known form");
        write(&report, format, &folder.join(format!("report.{ending}")), door)?;
    }
    // The search for a SKU's shift finds as many records as the report says.
    let shown = || report.shifts.iter().filter(|s| s.place.sku.is_some()).chain(&report.shifts);
    let counted = shown().find_map(|shift| Some((search::behind(&report, shift)?, shift.now)));
    let line = |(command, now): (String, Ratio)| {
        let n = now.mentions;
        lang.of(format!("  {command}   # 就是报告里的那 {n} 条\n"), format!("  {command}   # the {n} of the report\n"))
    };
    let counted = counted.map(line).unwrap_or_default();
    let quoted = quoted(&folder);
    let folder = folder.display();
    print(&lang.of(
        format!(
            "\n接下来可以试试：\n  cd {quoted}\n{counted}  earful search 塑料味 --stance complaint\n  earful search \"runs small\"\n  earful status\n\n打开 {folder}/report.html 看图，{folder}/report.xlsx 是表格。\n"
        ),
        format!(
            "\nThings to try next:\n  cd {quoted}\n{counted}  earful search 塑料味 --stance complaint\n  earful search \"runs small\"\n  earful status\n\nOpen {folder}/report.html for the charts; {folder}/report.xlsx is the workbook.\n"
        ),
    ))?;
    Ok(Exit::Fine)
}

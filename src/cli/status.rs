//! `earful status`: what is in the workspace, what was left out and why.

use clap::{ArgMatches, Command};

use super::door::{Door, print};
use super::{Exit, Verb, args};
use crate::error::Result;
use crate::report::{account, safe_text, wrap};
use crate::run::status::{self, Status};
use crate::words::Lang;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "status",
    about: ("工作区里有什么，没计入什么，为什么", "what is in the workspace, what was left out and why"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command.arg(args::choice(lang, "format", vec!["text", "json"], ("结果的格式", "form of the result")))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    let status = status::status(&workspace)?;
    if matches.get_one::<String>("format").is_some_and(|f| f == "json") {
        let value = serde_json::to_string_pretty(&status).expect("a status is plain data");
        print(&format!("{value}\n"))?;
    } else {
        print(&text(&status, &workspace, door))?;
    }
    Ok(if status.files.is_empty() { Exit::Found } else { Exit::Fine })
}

fn text(status: &Status, workspace: &Workspace, door: &Door) -> String {
    let (lang, width) = (door.lang, door.style.width);
    let root = workspace.root().display();
    let mut text = lang.of(format!("工作区 {root}\n"), format!("workspace {root}\n"));
    for (name, competitor) in &status.shops {
        let side = if *competitor { lang.of("竞品", "competitor") } else { lang.of("自家", "own") };
        text.push_str(&format!("  {} ({side})\n", safe_text(name)));
    }
    if status.files.is_empty() {
        text.push_str(lang.of(
            "还没有导入文件。下一步：earful add 导出文件 --shop 店名\n",
            "Nothing imported yet. Next: earful add EXPORT --shop NAME\n",
        ));
        return text;
    }
    for ledger in &status.files {
        text.push_str(&format!("\n{} · {}\n", safe_text(&ledger.file), safe_text(&ledger.shop)));
        text.push_str(&wrap(&account(ledger, lang), width, "  "));
        let days = ledger.days.as_ref().map(|(a, b)| format!("{a} … {b} · ")).unwrap_or_default();
        text.push_str(&format!("  {days}{} · {} · {}\n", ledger.encoding, ledger.container, ledger.profile));
        text.push_str(&super::add::problems(ledger, lang));
    }
    let (records, older) = (status.records, status.older_versions);
    let versions = match older {
        0 => String::new(),
        _ => lang
            .of(format!("（另有 {older} 个旧版本，不重复计）"), format!(" (and {older} older versions, not counted)")),
    };
    text.push_str(
        &lang.of(format!("\n一共 {records} 条记录{versions}。\n"), format!("\n{records} records in all{versions}.\n")),
    );
    let what = lang.of(
        "默认好评和无文字的也存着，只计星级，不进占比；一段会话多行算一条，评价连追评算一条。",
        "Default praise and reviews without words are stored for their stars and are in no share; the rows of a conversation are one record, a review and its follow-up too.",
    );
    text.push_str(&wrap(what, width, "  "));
    let print = &status.taxonomy[..12];
    let whose =
        if status.own_taxonomy { lang.of("自己的", "its own") } else { lang.of("自带的", "the bundled one") };
    text.push_str(
        &lang.of(format!("词表：{whose}，指纹 {print}\n"), format!("taxonomy: {whose}, fingerprint {print}\n")),
    );
    if let Some(caution) = &status.caution {
        text.push_str(&format!("! {}\n", caution.in_lang(lang)));
    }
    for problem in &status.problems {
        text.push_str(&format!("! {}\n", super::complain::of(problem, lang)));
    }
    if status.decided > 0 {
        let n = status.decided;
        text.push_str(&lang.of(
            format!("人工判定：{n} 处，优先于规则（earful decide --list）\n"),
            format!("decided by hand: {n} labels, which win over the rules (earful decide --list)\n"),
        ));
    }
    text
}

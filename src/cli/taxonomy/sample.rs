//! `earful taxonomy sample`: texts for people to label, blind.

use std::path::PathBuf;

use clap::{ArgMatches, Command, value_parser};

use crate::cli::door::{Door, quoted};
use crate::cli::{Exit, Verb, args};
use crate::error::Result;
use crate::run::hand;
use crate::said;
use crate::words::Lang;
use crate::workspace::Workspace;

pub const VERB: Verb = Verb {
    name: "sample",
    about: (
        "抽一份样本给人标注（不显示规则的结果）",
        "draw texts for people to label, without showing what the rules say",
    ),
    args: arguments,
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(
            args::value(lang, "category", ("给哪一类抽，如 product/smell", "the category, such as product/smell"))
                .required(true),
        )
        .arg(
            args::option(lang, "number", "N", ("抽多少条（默认 50）", "how many texts (default 50)"))
                .short('n')
                .value_parser(value_parser!(u16).range(2..=5000)),
        )
        .arg(
            args::option(lang, "seed", "N", ("种子：同一种子抽到同样的", "seed: the same seed draws the same"))
                .value_parser(value_parser!(u64)),
        )
        .arg(args::output(
            lang,
            (
                "写到 .xlsx、.csv 或 .jsonl（默认：样本-类别.xlsx）",
                "write .xlsx, .csv or .jsonl (default: sample-CATEGORY.xlsx)",
            ),
        ))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let category = matches.get_one::<String>("category").expect("required");
    let n = matches.get_one::<u16>("number").map_or(50, |n| usize::from(*n));
    let seed = matches.get_one::<u64>("seed").copied().unwrap_or(1);
    let out = matches.get_one::<PathBuf>("output").map(PathBuf::as_path);
    let drawn = hand::sample(&Workspace::find(door.start())?, category, n, seed, out, door.lang)?;
    let (texts, file) = (drawn.texts, quoted(&drawn.file));
    door.tell(&said!(
        "写好了：{file}，{texts} 条。在“标签”列写 不满、好评、询问、提及 或 无，再运行 earful eval {file}",
        "written: {file}, {texts} texts. Fill in labels with complaint, praise, question, mention or none, then: earful eval {file}"
    ));
    if drawn.labelled == 0 {
        door.tell(&said!(
            "规则没有给任何记录这一类，精确率无从谈起",
            "the rules give no record this category: nothing can be said of their precision"
        ));
    }
    Ok(if texts > 0 { Exit::Fine } else { Exit::Found })
}

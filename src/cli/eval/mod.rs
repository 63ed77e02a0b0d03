//! `earful eval`: how well the taxonomy reads, against labels that people gave; and how well two people agree.

mod hand;

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, value_parser};

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb, args};
use crate::disk;
use crate::error::Result;
use crate::reading::eval::{Row, Score};
use crate::run::{quality, taxonomy};
use crate::said;
use crate::stats::CONFIDENCE;
use crate::stats::quality::Confusion;
use crate::words::Lang;

pub const VERB: Verb = Verb {
    name: "eval",
    about: ("词表读得准不准：和人工标注比", "how well the taxonomy reads: against labels that people gave"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    let path = |name, value, help| args::option(lang, name, value, help).value_parser(value_parser!(PathBuf));
    command
        .arg(
            args::path(
                lang,
                "labelled",
                (
                    "标注文件（jsonl、csv、xlsx），或放着多个标注文件的文件夹",
                    "labelled file (jsonl, csv, xlsx), or a folder of them",
                ),
            )
            .required(true),
        )
        .arg(args::path(
            lang,
            "second",
            ("另一个人标的同一批：算两人的一致程度", "the same texts labelled by another: how well the two agree"),
        ))
        .arg(path(
            "map",
            "FILE",
            (
                "别人的标签怎么对应到我们的类别；或对应表的文件夹",
                "map from labels of others to our categories, or a folder of maps",
            ),
        ))
        .arg(args::option(lang, "category", "CATEGORY", ("只看这一类", "only this category")))
        .arg(args::switch(
            lang,
            "errors",
            ("列出人和规则看法不同的原文", "list the texts that people and rules see differently"),
        ))
        .arg(path("taxonomy", "DIR", ("用这个词表文件夹", "use the taxonomy in this folder")))
        .arg(args::output(lang, ("写成 Markdown 表格", "write a Markdown table")))
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let path = |name: &str| matches.get_one::<PathBuf>(name).map(PathBuf::as_path);
    let taxonomy = taxonomy::load(door.start(), path("taxonomy"))?;
    let labelled = path("labelled").expect("required");
    let asked = matches.get_one::<String>("category").map(|asked| taxonomy::find(&taxonomy, asked)).transpose()?;
    let category = asked.map(|at| taxonomy.categories()[at].id.as_str());
    let Some(map) = path("map") else {
        return match path("second") {
            Some(second) => hand::agreement(labelled, second, category, path("output"), door),
            None => hand::score(&taxonomy, labelled, category, matches.get_flag("errors"), path("output"), door),
        };
    };
    if matches.get_flag("errors") && !labelled.is_dir() {
        return hand::coded_errors(&taxonomy, labelled, map, category, door);
    }
    let scored = if labelled.is_dir() {
        quality::of_folder(&taxonomy, labelled, map)?
    } else {
        let name = labelled.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        vec![(name, quality::of_file(&taxonomy, labelled, map)?)]
    };
    keep(&table(&scored, &taxonomy.fingerprint()[..12]), path("output"), door)?;
    Ok(if scored.is_empty() { Exit::Found } else { Exit::Fine })
}

/// Prints a table, or writes it.
fn keep(table: &str, out: Option<&Path>, door: &Door) -> Result<()> {
    match out {
        Some(out) => {
            disk::write(out, table.as_bytes())?;
            door.tell(&said!("写好了：{out}", "written: {out}", out = out.display()));
            Ok(())
        }
        None => print(table),
    }
}

fn table(scored: &[(String, Vec<Row>)], fingerprint: &str) -> String {
    let mut text = format!(
        "# Quality\n\nTexts in which people and the bundled taxonomy see the same, per corpus and category: *mention* whatever the stance, and\n\
         *complaint* against negative labels. n: texts that people gave the label. F1 with its 95 % interval. Written by `earful eval`;\n\
         taxonomy {fingerprint}. The corpora are public, labelled by others and by other definitions; they are not part of this repository.\n\n\
         | corpus | category | n | precision | recall | F1 mention | negative | F1 complaint |\n|---|---|---|---|---|---|---|---|\n"
    );
    for (corpus, rows) in scored {
        for row in rows {
            let (m, c) = (&row.mention, &row.complaint);
            let negative = c.both + c.missed;
            let complaint = if negative == 0 { "–".to_string() } else { f1(c) };
            text.push_str(&format!(
                "| {corpus} | {} | {} | {:.2} | {:.2} | {} | {negative} | {complaint} |\n",
                row.category,
                m.both + m.missed,
                m.precision(),
                m.recall(),
                f1(m)
            ));
        }
    }
    text
}

fn f1(score: &Score) -> String {
    let confusion = Confusion {
        true_positive: score.both as u64,
        false_positive: score.extra as u64,
        false_negative: score.missed as u64,
        true_negative: 0,
    };
    match confusion.f1_interval(CONFIDENCE) {
        Some(i) => format!("{:.2} [{:.2} … {:.2}]", score.f1(), i.low, i.high),
        None => "–".to_string(),
    }
}

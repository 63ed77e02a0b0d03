//! `earful taxonomy coverage`: how much has no label, and what it speaks of.

use clap::ArgMatches;

use super::suggest::belongs;
use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb};
use crate::error::Result;
use crate::report::{safe_text, share};
use crate::run::workshop::{self, Cluster, Coverage};
use crate::words::Lang;
use crate::workspace::Workspace;

/// Records for which a category of their own is worth a thought.
const ENOUGH: u64 = 10;

pub const VERB: Verb = Verb {
    name: "coverage",
    about: ("还有多少没归类，都在说什么", "how much has no label, and what it speaks of"),
    args: |command, _| command,
    run,
};

fn run(_: &ArgMatches, door: &Door) -> Result<Exit> {
    let workspace = Workspace::find(door.start())?;
    let coverage = door.working(|| workshop::coverage(&workspace))?;
    print(&text(&coverage, door.lang))?;
    Ok(Exit::Fine)
}

fn text(coverage: &Coverage, lang: Lang) -> String {
    let (all, low) = (share(coverage.labelled), share(coverage.low_stars));
    let mut text = lang.of(
        format!("有标签的记录：{all}；三星及以下：{low}\n"),
        format!("records with a label: {all}; of those with at most 3 stars: {low}\n"),
    );
    let (open, read) = (coverage.labelled.base - coverage.labelled.mentions, coverage.read);
    if open == 0 {
        return text;
    }
    let some = match read < open {
        true => lang.of(format!("，均匀读了 {read} 条"), format!(", an even spread of {read} read")),
        false => String::new(),
    };
    text.push_str(&lang.of(
        format!("\n没有标签的 {open} 条{some}，最大的几堆（一条只算一堆）：\n"),
        format!("\nWithout a label: {open} records{some}. The biggest clusters (a record is in one):\n"),
    ));
    for cluster in &coverage.clusters {
        text.push_str(&one(cluster, lang));
    }
    let rest = read - coverage.clusters.iter().map(|c| c.records.mentions).sum::<u64>();
    text.push_str(&lang.of(
        format!("\n其余 {rest} 条各说各的。\n下一步：earful taxonomy suggest --new 从所有记录里没读出来的分句找词，三星及以下的优先。\n"),
        format!("\nThe other {rest} records speak of this and that.\nnext: earful taxonomy suggest --new finds words in the clauses of all records that are not read, low stars first.\n"),
    ));
    text
}

fn one(cluster: &Cluster, lang: Lang) -> String {
    let (n, share) = (cluster.records.mentions, share(cluster.records));
    let name = match &cluster.phrase {
        Some(phrase) => safe_text(phrase).into_owned(),
        None => lang.of("没说到具体的事", "nothing in particular").to_string(),
    };
    let mut text =
        lang.of(format!("\n  {name}  {n} 条，占 {share}\n"), format!("\n  {name}  {n} records, {share} of them\n"));
    for (uid, words) in &cluster.quotes {
        text.push_str(&format!("      {} · {uid}\n", safe_text(words)));
    }
    let next = match (&cluster.phrase, &cluster.beside) {
        (None, _) => lang.of("不用归类", "needs no category").to_string(),
        (Some(_), beside) => {
            let id = beside.as_ref().map_or(String::new(), |b| format!(" {}", b.category));
            let belongs = belongs(beside.as_ref(), lang);
            match beside {
                Some(_) => lang.of(
                    format!("{belongs}；放进去：earful taxonomy diff --edit{id}"),
                    format!("{belongs}; to put it there: earful taxonomy diff --edit{id}"),
                ),
                None if n < ENOUGH => lang
                    .of("没有相近的类，也太少：先放着", "no category is near, and they are few: leave them for now")
                    .to_string(),
                None => belongs,
            }
        }
    };
    text + &format!("      → {next}\n")
}

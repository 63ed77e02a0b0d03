//! `earful taxonomy coverage`: how much has no label, and what it speaks of.

use clap::ArgMatches;

use crate::cli::door::{Door, print};
use crate::cli::{Exit, Verb};
use crate::error::Result;
use crate::report::{safe_text, share};
use crate::run::workshop;
use crate::workspace::Workspace;

/// Records without a label that are shown.
const OPEN: usize = 20;

pub const VERB: Verb = Verb {
    name: "coverage",
    about: ("还有多少没归类，都在说什么", "how much has no label, and what it speaks of"),
    args: |command, _| command,
    run,
};

fn run(_: &ArgMatches, door: &Door) -> Result<Exit> {
    let lang = door.lang;
    let workspace = Workspace::find(door.start())?;
    let coverage = door.working(|| workshop::coverage(&workspace, OPEN))?;
    let (all, low) = (share(coverage.labelled), share(coverage.low_stars));
    let mut text = lang.of(
        format!("有标签的记录：{all}；三星及以下：{low}\n"),
        format!("records with a label: {all}; of those with at most 3 stars: {low}\n"),
    );
    if !coverage.clusters.is_empty() {
        text.push_str(lang.of("\n没有读出来的，最大的几堆：\n", "\nThe biggest clusters of what is not read:\n"));
    }
    for cluster in &coverage.clusters {
        let (phrase, n) = (safe_text(&cluster.found.phrase), cluster.found.records);
        text.push_str(&lang.of(format!("  {n:>4} 条  {phrase}\n"), format!("  {n:>4} records  {phrase}\n")));
        for (uid, words) in cluster.quotes.iter().take(2) {
            text.push_str(&format!("            {} · {uid}\n", safe_text(words)));
        }
    }
    text.push_str(lang.of("\n一个标签也没有的，均匀抽取：\n", "\nWithout any label, an even spread:\n"));
    for (uid, words) in &coverage.quotes {
        text.push_str(&format!("  {} · {uid}\n", safe_text(words)));
    }
    print(&text)?;
    Ok(Exit::Fine)
}

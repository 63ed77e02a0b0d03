//! `earful classify`: labels for any text, without a workspace.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::door::Door;
use super::{Exit, Verb, args, complain};
use crate::error::{Error, Result};
use crate::run;
use crate::run::classify::Done;
use crate::said;
use crate::taxonomy::Taxonomy;
use crate::words::Lang;

pub const VERB: Verb = Verb {
    name: "classify",
    about: ("给任意文字归类（不需要工作区）", "label any text (no workspace needed)"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command
        .arg(
            args::path(
                lang,
                "file",
                (
                    "每行一段文字，或一个带 text 的 JSON；- 是标准输入",
                    "one text a line, or JSON with a text; - is standard input",
                ),
            )
            .required(true),
        )
        .arg(args::choice(lang, "format", vec!["jsonl"], ("结果的格式", "form of the result")))
        .arg(
            args::option(lang, "taxonomy", "DIR", ("用这个词表文件夹", "use the taxonomy in this folder"))
                .value_parser(clap::value_parser!(PathBuf)),
        )
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let path = matches.get_one::<PathBuf>("file").expect("required");
    let folder = matches.get_one::<PathBuf>("taxonomy");
    // Never dropped: the process ends with it, and to free a hundred thousand words takes a while.
    let taxonomy: &Taxonomy = Box::leak(Box::new(run::taxonomy::load(door.start(), folder.map(PathBuf::as_path))?));
    let stdin = std::io::stdin();
    let mut input: Box<dyn BufRead> = match path {
        path if path == Path::new("-") => Box::new(stdin.lock()),
        path => Box::new(BufReader::new(File::open(path).map_err(|e| Error::file(path, e))?)),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = run::classify::lines(taxonomy, path, &mut input, &mut out)?;
    out.flush().map_err(|e| Error::file(Path::new("-"), e))?;
    let Done { lines, failed, problems } = done;
    if lines == 0 {
        let name = path.display();
        door.tell(&said!("{name}：里面没有文字", "{name}: no text is in it"));
        return Ok(Exit::Found);
    }
    if failed == 0 {
        return Ok(Exit::Fine);
    }
    let rest = lines - failed;
    let error = Error::new(
        "input",
        said!(
            "{failed} 行读不了，没有归类；其余 {rest} 行已归类",
            "{failed} lines could not be read and have no labels; the other {rest} have theirs"
        ),
    )
    .help(said!(
        "每行一个对象，如 {{\"id\":1,\"text\":\"…\"}}，或每行一段文字；改好下面的行，再运行一次",
        "one object a line such as {{\"id\":1,\"text\":\"…\"}}, or one text a line; mend the lines below and run this again"
    ));
    complain::about(&error.problems(problems), door);
    Ok(Exit::Failed)
}

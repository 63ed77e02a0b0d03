//! `earful init`: makes a workspace.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::door::{Door, chosen, quoted};
use super::{Exit, Verb, args};
use crate::error::{Error, Result};
use crate::said;
use crate::words::Lang;
use crate::workspace::{Settings, Workspace};

pub const VERB: Verb = Verb {
    name: "init",
    about: ("建一个工作区", "make a workspace"),
    args: |command, lang| arguments(command, lang),
    run,
};

fn arguments(command: Command, lang: Lang) -> Command {
    command.arg(args::path(lang, "folder", ("文件夹（默认：当前文件夹）", "folder (default: the current one)"))).arg(
        args::option(
            lang,
            "tz",
            "ZONE",
            ("店铺时钟的时区，如 Asia/Shanghai", "time zone of the shops' clock, such as Asia/Shanghai"),
        ),
    )
}

fn run(matches: &ArgMatches, door: &Door) -> Result<Exit> {
    let folder = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_else(|| PathBuf::from("."));
    let mut settings = Settings { language: chosen(matches, door.lang), ..Settings::default() };
    if let Some(zone) = matches.get_one::<String>("tz") {
        settings.zone = zone.clone();
        // Read back as the file will be, so that a wrong name is told now and not at the first import.
        settings = Settings::parse(&settings.to_toml(), &folder.join("earful.toml")).map_err(|_| {
            Error::new("option", said!("--tz 不认识时区 {zone}", "--tz: unknown time zone {zone}"))
                .help(said!("写成 Asia/Shanghai 这样的名字", "write it like Asia/Shanghai"))
        })?;
    }
    let workspace = Workspace::init(&folder, &settings)?;
    let (root, quoted) = (workspace.root().display().to_string(), quoted(workspace.root()));
    door.tell(&match folder == Path::new(".") {
        true => said!(
            "工作区建好了，就在当前文件夹\n下一步：earful add 导出文件 --shop 店名",
            "the workspace is ready, in this folder\nnext: earful add EXPORT --shop NAME"
        ),
        false => said!(
            "工作区建好了：{root}\n下一步：cd {quoted}，然后 earful add 导出文件 --shop 店名",
            "the workspace is ready: {root}\nnext: cd {quoted}, then earful add EXPORT --shop NAME"
        ),
    });
    Ok(Exit::Fine)
}

//! Building blocks of arguments, with help in the operator's language.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, Command, value_parser};

use crate::words::Lang;

/// Help in two languages.
pub type Help = (&'static str, &'static str);

/// An option that takes a value.
pub fn option(lang: Lang, name: &'static str, value: &'static str, help: Help) -> Arg {
    Arg::new(name).long(name).value_name(value).help(lang.of(help.0, help.1))
}

/// An option that may be given several times.
pub fn options(lang: Lang, name: &'static str, value: &'static str, help: Help) -> Arg {
    option(lang, name, value, help).action(ArgAction::Append)
}

/// An option that takes one of a few words, which its help names.
pub fn choice<W: Into<PossibleValue>>(lang: Lang, name: &'static str, words: Vec<W>, help: Help) -> Arg {
    let words: Vec<PossibleValue> = words.into_iter().map(Into::into).collect();
    let names = words.iter().map(PossibleValue::get_name).collect::<Vec<_>>().join(", ");
    let help = lang.of(format!("{}：{names}", help.0), format!("{}: {names}", help.1));
    Arg::new(name)
        .long(name)
        .value_parser(PossibleValuesParser::new(words))
        .ignore_case(true)
        .hide_possible_values(true)
        .help(help)
}

/// A value by the words that people have for it, its key and the usual Chinese one first: the help names one of these,
/// all of them are understood. Its `written` reads what was typed.
pub fn called(lang: Lang, words: &[&'static str]) -> PossibleValue {
    PossibleValue::new(lang.of(words[1], words[0])).aliases(words.iter().copied())
}

/// A switch.
pub fn switch(lang: Lang, name: &'static str, help: Help) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(lang.of(help.0, help.1))
}

/// A value without a name.
pub fn value(lang: Lang, name: &'static str, help: Help) -> Arg {
    let arg = Arg::new(name).help(lang.of(help.0, help.1));
    // English headings are clap's own.
    if lang == Lang::Zh { arg.help_heading("参数") } else { arg }
}

/// One file or folder.
pub fn path(lang: Lang, name: &'static str, help: Help) -> Arg {
    value(lang, name, help).value_parser(value_parser!(PathBuf))
}

/// Where to write: `-o FILE`.
pub fn output(lang: Lang, help: Help) -> Arg {
    option(lang, "output", "FILE", help).short('o').value_parser(value_parser!(PathBuf))
}

/// The options of every command, told after its own.
pub fn global(command: Command, lang: Lang) -> Command {
    let heading = lang.of("通用选项", "Options of every command");
    let folder = ("工作区文件夹（默认从当前文件夹往上找）", "workspace folder (default: found upwards from here)");
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    // Each by its key: who cannot read the one finds the other.
    let languages = Lang::ALL.map(|language| called(Lang::En, language.words()));
    let everywhere = [
        choice(lang, "lang", languages.into(), ("界面语言", "language of the output")),
        option(lang, "workspace", "DIR", folder).short('w').value_parser(value_parser!(PathBuf)),
        choice(lang, "color", vec!["auto", "always", "never"], ("颜色", "colours")),
        switch(lang, "quiet", ("不显示进度和提示", "no progress, no hints")).short('q'),
        switch(lang, "verbose", ("出错时显示技术原因", "show the technical cause of an error")).short('v'),
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help(lang.of("显示帮助", "show help")),
    ];
    let last = |(at, arg): (usize, Arg)| arg.global(true).help_heading(heading).display_order(1000 + at);
    command
        .args(everywhere.into_iter().enumerate().map(last))
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg(version.help(lang.of("显示版本", "print version")).help_heading(heading).display_order(2000))
}

/// Headings of the help in the operator's language.
pub fn translated(command: Command, lang: Lang) -> Command {
    let command = command.disable_help_flag(true);
    match lang {
        Lang::En => command,
        Lang::Zh => command
            .subcommand_help_heading("命令")
            .subcommand_value_name("命令")
            .next_help_heading("选项")
            .help_template("{about}\n\n用法：{usage}\n\n{all-args}{after-help}"),
    }
}

/// Values without a name stand in the help as they are typed; under a heading of ours they would stand by their names.
pub fn in_order(command: Command) -> Command {
    let mut place = 0;
    let placed = |arg: Arg| {
        place += usize::from(arg.is_positional());
        if arg.is_positional() { arg.display_order(place) } else { arg }
    };
    command.mut_args(placed).mut_subcommands(in_order)
}

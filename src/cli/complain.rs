//! How a failure is told: one sentence in the operator's language, what to do next, and the exit code.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};

use super::door::Door;
use crate::error::Error;
use crate::words::{Lang, Problem};

const FAILED: u8 = 2;
/// Problems of an error that are told, and of those that say the same.
const SHOWN: usize = 20;
const SAME: usize = 3;

/// Tells of an error. A broken pipe is no error: the reader had enough.
pub fn about(error: &Error, door: &Door) -> ExitCode {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = cause {
        if e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        cause = e.source();
    }
    let lang = door.lang;
    let message = error.message(lang);
    eprintln!("{}{message}", lang.of("错误：", "error: "));
    eprint!("{}", problems(error, &message, lang));
    if door.verbose {
        let mut cause = std::error::Error::source(error);
        while let Some(e) = cause {
            eprintln!("  {}{e}", lang.of("技术原因：", "cause: "));
            cause = e.source();
        }
    }
    ExitCode::from(FAILED)
}

/// The problems behind an error, not more than a screen holds.
fn problems(error: &Error, message: &str, lang: Lang) -> String {
    // What the message is made of need not be said again.
    let all = error.all_problems().iter().filter(|p| !message.contains(p.what.in_lang(lang)));
    let mut lines = few(all.clone().map(|p| (p.what.in_lang(lang), format!("  {}\n", of(p, lang)))));
    lines.truncate(SHOWN);
    let more = all.count() - lines.len();
    if more > 0 {
        lines.push(lang.of(format!("  ……另有 {more} 处\n"), format!("  … and {more} more\n")));
    }
    lines.concat()
}

/// The lines, each with what it says: of those that say the same the first few.
pub fn few<'a>(lines: impl Iterator<Item = (&'a str, String)>) -> Vec<String> {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    let mut is_told = |what: &'a str| {
        let times = said.entry(what).or_default();
        *times += 1;
        *times <= SAME
    };
    lines.filter_map(|(what, line)| is_told(what).then_some(line)).collect()
}

/// A problem in one line: file, row, what is wrong.
pub fn of(problem: &Problem, lang: Lang) -> String {
    let row = problem.place.row.map(|r| lang.of(format!("第 {r} 行："), format!("row {r}: "))).unwrap_or_default();
    let file = problem.place.file.as_ref().map(|f| format!("{f} ")).unwrap_or_default();
    format!("{file}{row}{}", problem.what.in_lang(lang))
}

/// Tells what was wrong with the arguments; help and version are no errors.
pub fn about_arguments(error: &clap::Error, lang: Lang) -> ExitCode {
    let help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if help || lang == Lang::En {
        // A failed print of help has nobody left to tell.
        let _ = error.print();
        return ExitCode::from(if help && !error.use_stderr() { 0 } else { FAILED });
    }
    let of = |kind| error.get(kind).map(|v| v.to_string()).unwrap_or_default();
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument if !arg.starts_with('-') => format!("多出来的词：{arg}；中间有空格的要加引号"),
        ErrorKind::UnknownArgument => format!("不认识选项 {arg}"),
        ErrorKind::InvalidSubcommand => format!("没有这个命令：{}", of(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面要有一个值"),
        ErrorKind::InvalidValue => format!("{arg} 不能是“{value}”，可以是：{}", of(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => format!("{arg} 的值“{value}”不对"),
        ErrorKind::MissingRequiredArgument => format!("还缺：{arg}"),
        ErrorKind::ArgumentConflict if of(ContextKind::PriorArg) == arg => format!("{arg} 只能写一次"),
        ErrorKind::ArgumentConflict => format!("{arg} 不能和 {} 一起用", of(ContextKind::PriorArg)),
        ErrorKind::MissingSubcommand => "还缺一个命令".to_string(),
        _ => format!("参数不对：{arg}"),
    };
    let suggested = format!("{}{}", of(ContextKind::SuggestedArg), of(ContextKind::SuggestedSubcommand));
    if !suggested.is_empty() {
        text.push_str(&format!("；是不是想写 {suggested}？"));
    }
    let usage = of(ContextKind::Usage);
    let usage = usage.trim().strip_prefix("Usage:").map_or_else(String::new, |usage| format!("：{}", usage.trim()));
    eprintln!("错误：{text}\n  怎么办：加 --help 看用法{usage}");
    ExitCode::from(FAILED)
}

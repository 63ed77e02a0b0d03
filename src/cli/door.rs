//! What every command knows of the person at the terminal: language, colours, width, workspace.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use clap::ArgMatches;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::{Error, Result};
use crate::report::Style;
use crate::said;
use crate::words::{Lang, Said};
use crate::workspace::Workspace;

/// How long a job may take before a sign tells that it goes on.
const PATIENCE: Duration = Duration::from_millis(900);
/// Columns beyond which a line is hard to read, however wide the terminal.
const WIDEST: usize = 120;

/// The person at the terminal.
pub struct Door {
    /// Language of everything shown.
    pub lang: Lang,
    /// How the terminal shows things.
    pub style: Style,
    /// No progress, no hints.
    pub quiet: bool,
    /// Show technical causes.
    pub verbose: bool,
    /// `--workspace`.
    pub workspace: Option<PathBuf>,
}

/// `--lang`, else the language of the workspace, else the locale of the machine. Told by the words as they were typed,
/// before they are parsed: help and errors of the arguments follow it too.
pub fn language(typed: &[OsString]) -> Lang {
    if let Some(lang) = typed_value(typed, "--lang", None).and_then(|key| Lang::written(key.to_str()?)) {
        return lang;
    }
    let start = typed_value(typed, "--workspace", Some("-w")).unwrap_or(OsStr::new("."));
    Workspace::language(Path::new(start)).unwrap_or_else(|| Lang::of_locale(&locale()))
}

/// The language that was typed for this command: it stays a new workspace's. One that follows from the computer does not.
pub fn chosen(matches: &ArgMatches, lang: Lang) -> Option<Lang> {
    (matches.value_source("lang") == Some(clap::parser::ValueSource::CommandLine)).then_some(lang)
}

/// What stands for an option among the words, after `=` or as the next word; a short name needs neither.
fn typed_value<'a>(typed: &'a [OsString], long: &str, short: Option<&str>) -> Option<&'a OsStr> {
    typed.iter().take_while(|word| *word != "--").enumerate().find_map(|(at, word)| {
        let next = || typed.get(at + 1).map(OsString::as_os_str);
        if word == long || short.is_some_and(|short| word == short) {
            return next();
        }
        let word = word.to_str()?;
        let glued = || word.strip_prefix(short?).map(|rest| rest.strip_prefix('=').unwrap_or(rest));
        word.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')).or_else(glued).map(OsStr::new)
    })
}

fn locale() -> String {
    let variables =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|v| !v.is_empty()));
    variables.or_else(sys_locale::get_locale).unwrap_or_default()
}

impl Door {
    /// Reads the global options and the terminal.
    pub fn new(matches: &ArgMatches, lang: Lang) -> Door {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let color = match matches.get_one::<String>("color").map(String::as_str) {
            Some("always") => true,
            Some("never") => false,
            _ => std::io::stdout().is_terminal() && !set("NO_COLOR") && std::env::var("TERM").as_deref() != Ok("dumb"),
        };
        let wide = || {
            terminal_size::terminal_size()
                .map(|(width, _)| usize::from(width.0))
                .filter(|w| *w > 0)
                .map(|w| w.min(WIDEST))
        };
        let width = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).or_else(wide).unwrap_or(100);
        Door {
            lang,
            style: Style { color, width },
            quiet: matches.get_flag("quiet"),
            verbose: matches.get_flag("verbose"),
            workspace: matches.get_one::<PathBuf>("workspace").cloned(),
        }
    }

    /// The folder from which a workspace is looked for, upwards.
    pub fn start(&self) -> &Path {
        self.workspace.as_deref().unwrap_or(Path::new("."))
    }

    /// Says something to the person, beside the output proper.
    pub fn tell(&self, said: &Said) {
        if !self.quiet {
            // Whoever closed stderr does not want to hear it.
            let _ = writeln!(std::io::stderr(), "{}", said.in_lang(self.lang));
        }
    }

    /// Asks the person, if there is one; without one only `yes` agrees. Says `not` where nobody did.
    pub fn agrees(&self, yes: bool, question: &Said, not: &Said) -> bool {
        if yes {
            return true;
        }
        let mut line = String::new();
        if std::io::stdin().is_terminal() {
            // Asked even where hints are not wanted: it waits for an answer.
            eprintln!("{}", question.in_lang(self.lang));
            let _ = std::io::stdin().lock().read_line(&mut line);
        }
        let agreed = ["y", "yes", "是", "好"].contains(&line.trim().to_lowercase().as_str());
        if !agreed {
            self.tell(not);
        }
        agreed
    }

    /// Does a job; while it takes long, a sign on the terminal tells that it goes on.
    pub fn working<T>(&self, job: impl FnOnce() -> T) -> T {
        if self.is_still() || !std::io::stderr().is_terminal() {
            return job();
        }
        let (done, wait) = mpsc::channel::<()>();
        let message = self.lang.of(
            "正在处理；第一次读记录、改了词表之后要久一些",
            "working; the first time, and after an edit of the taxonomy, it takes longer",
        );
        std::thread::scope(|threads| {
            threads.spawn(move || {
                // Whoever gets an answer at once needs no sign.
                if wait.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("a fixed template");
                    let sign = ProgressBar::new_spinner().with_style(style).with_message(message);
                    sign.enable_steady_tick(Duration::from_millis(120));
                    let _ = wait.recv();
                    sign.finish_and_clear();
                }
            });
            let result = job();
            drop(done);
            result
        })
    }

    /// True if nothing is to move on the screen.
    fn is_still(&self) -> bool {
        self.quiet || std::env::var_os("CI").is_some() || std::env::var("TERM").as_deref() == Ok("dumb")
    }

    /// A progress bar in bytes, drawn only on a terminal.
    pub fn bar(&self) -> ProgressBar {
        let target = if self.is_still() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let style =
            ProgressStyle::with_template("{msg} [{wide_bar}] {bytes}/{total_bytes} {eta}").expect("a fixed template");
        ProgressBar::with_draw_target(None, target).with_style(style)
    }
}

/// A path as it is typed: in quotes where a shell would break it.
pub fn quoted(path: &Path) -> String {
    quoted_text(&path.display().to_string())
}

/// A name as it is typed: in quotes where a shell would break it.
pub fn quoted_text(text: &str) -> String {
    // What a shell makes of these stands between words or begins something else.
    let breaks = |c: char| c.is_whitespace() || "&|;<>()$`'#*?[]{}~!".contains(c);
    if text.is_empty() || text.contains(breaks) { format!("\"{text}\"") } else { text.to_string() }
}

/// Prints to standard output. A reader who had enough is no failure.
pub fn print(text: &str) -> Result<()> {
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(|e| Error::new("write", said!("结果写不出去", "the result could not be written")).cause(e))
}

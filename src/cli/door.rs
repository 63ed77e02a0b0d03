//! What every command knows of the person at the terminal: language, colours, width, workspace.

use std::ffi::OsString;
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

/// `--lang`, else the locale of the machine. Read before the arguments are parsed, for help and errors too.
pub fn language(typed: &[OsString]) -> Lang {
    let key = asked_language(typed).map(str::to_string).unwrap_or_else(locale);
    if key.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
}

/// The language that was typed for this command: it stays a new workspace's. One that follows from the computer does not.
pub fn chosen(matches: &ArgMatches, lang: Lang) -> Option<Lang> {
    (matches.value_source("lang") == Some(clap::parser::ValueSource::CommandLine)).then_some(lang)
}

/// What `--lang` says, if it stands there.
fn asked_language(typed: &[OsString]) -> Option<&str> {
    let words: Vec<&str> = typed.iter().filter_map(|w| w.to_str()).collect();
    words.iter().enumerate().find_map(|(i, word)| match word.strip_prefix("--lang") {
        Some("") => words.get(i + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    })
}

fn locale() -> String {
    let variables =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|v| !v.is_empty()));
    variables.or_else(sys_locale::get_locale).unwrap_or_default()
}

impl Door {
    /// Reads the global options and the terminal. A workspace may have a language of its own, which `--lang`
    /// overrules.
    pub fn new(matches: &ArgMatches, typed: &[OsString]) -> Door {
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
        let workspace = matches.get_one::<PathBuf>("workspace").cloned();
        let own = || Workspace::find(workspace.as_deref().unwrap_or(Path::new("."))).ok()?.settings().language;
        let lang = asked_language(typed).is_none().then(own).flatten().unwrap_or_else(|| language(typed));
        Door {
            lang,
            style: Style { color, width },
            quiet: matches.get_flag("quiet"),
            verbose: matches.get_flag("verbose"),
            workspace,
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

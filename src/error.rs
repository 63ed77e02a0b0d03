//! What stops a command: one line that says what is wrong, with which file, and what to do.

use std::fmt;
use std::path::Path;

use crate::words::{Lang, Problem, Said};

/// Result of everything that touches the world.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure that an operator can act on. It never holds a cell's text.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: &'static str,
    what: Said,
    help: Option<Said>,
    problems: Vec<Problem>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error that says what is wrong; `code` is a stable identifier such as `not_a_review_file`.
    pub fn new(code: &'static str, what: Said) -> Error {
        Error(Box::new(Inner { code, what, help: None, problems: Vec::new(), cause: None }))
    }

    /// Adds what to do next.
    pub fn help(mut self, help: Said) -> Error {
        self.0.help = Some(help);
        self
    }

    /// Says of what the thing is a part: the archive that a file is in.
    pub fn inside(mut self, whole: &str) -> Error {
        let Said { zh, en } = &self.0.what;
        self.0.what = Said::new(format!("{whole}：{zh}"), format!("{whole}: {en}"));
        self
    }

    /// Adds the technical cause, shown only with `--verbose`.
    pub fn cause(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.0.cause = Some(cause.into());
        self
    }

    /// Adds every problem that led here, if there was more than one thing wrong.
    pub fn problems(mut self, problems: Vec<Problem>) -> Error {
        self.0.problems = problems;
        self
    }

    /// The stable identifier.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Every problem that led here.
    pub fn all_problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// A file that could not be read or written.
    pub fn file(path: &Path, err: std::io::Error) -> Error {
        use std::io::ErrorKind::*;
        // Windows: another program has the file, or a part of it, to itself.
        let held = cfg!(windows) && matches!(err.raw_os_error(), Some(32 | 33));
        let (what, help) = match err.kind() {
            _ if held => (
                ("别的程序正开着这个文件", "another program has this file open"),
                ("在 Excel 里关掉它，再运行一次", "close it in Excel and run this again"),
            ),
            NotFound => (
                ("找不到这个文件或文件夹", "there is no such file or folder"),
                ("检查路径；有空格的路径要加引号", "check the path; one with blanks needs quotes"),
            ),
            PermissionDenied | ReadOnlyFilesystem => (
                ("没有读写的权限", "permission denied"),
                (
                    "文件可能正被别的程序（如 Excel）开着，或文件夹只读：关掉它，或换一个文件夹",
                    "it may be open in another program, such as Excel, or its folder is read-only: close it, or use another folder",
                ),
            ),
            StorageFull | QuotaExceeded | FileTooLarge => (
                ("磁盘已满；原有数据未受影响", "the disk is full; what was there is untouched"),
                ("腾出空间，再运行一次", "make room and run this again"),
            ),
            IsADirectory => (
                ("这是一个文件夹，不是文件", "this is a folder, not a file"),
                ("写出文件夹里的文件名", "name a file in it"),
            ),
            InvalidData => (
                ("不是 UTF-8 文字", "this is not UTF-8 text"),
                ("用编辑器另存为 UTF-8 编码", "save it as UTF-8 in your editor"),
            ),
            _ => (
                ("无法读写", "cannot be read or written"),
                ("加 --verbose 看技术原因", "--verbose shows the technical cause"),
            ),
        };
        let name = path.display();
        Error::new("file", Said::new(format!("{name}：{}", what.0), format!("{name}: {}", what.1)))
            .help(Said::new(help.0, help.1))
            .cause(err)
    }

    /// The message in one language, with the help on a second line if there is one.
    pub fn message(&self, lang: Lang) -> String {
        match &self.0.help {
            None => self.0.what.in_lang(lang).to_string(),
            Some(help) => format!(
                "{}\n{}{}",
                self.0.what.in_lang(lang),
                lang.of("  怎么办：", "  what to do: "),
                help.in_lang(lang)
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|e| e as _)
    }
}

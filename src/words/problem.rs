//! What is wrong with something the user gave us: collected and shown, while the rest goes on.

use super::Said;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant.
    Warning,
    /// Cannot be used as it is.
    Error,
}

/// Where a problem is. Rows and lines count from 1, as a spreadsheet or an editor shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, as the user named it.
    pub file: Option<String>,
    /// Row of a table, or line of a text.
    pub row: Option<u64>,
    /// Byte range within the file's text, for files that are shown with the line underlined.
    pub span: Option<super::Span>,
}

/// One problem. It never holds a cell's text: that may be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable identifier such as `bad_date`, the same in every language and output.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where it is wrong.
    pub place: Place,
    /// What is wrong.
    pub what: Said,
    /// What to do next, if there is something.
    pub help: Option<Said>,
}

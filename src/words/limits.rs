//! Everything has a limit, and every limit stands here.

/// The limits of one import, which an operator may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest size of a file that is no archive, in bytes.
    pub file_bytes: u64,
    /// Largest unpacked size of one spreadsheet or archive, in bytes.
    pub archive_bytes: u64,
    /// Largest ratio of unpacked to packed size.
    pub ratio: u64,
    /// Most entries in an archive.
    pub entries: usize,
    /// Most cells of one spreadsheet.
    pub cells: u64,
    /// Most rows of one spreadsheet.
    pub rows: u64,
    /// Longest text that is kept, in bytes; at most [`FIELD_BYTES`].
    pub text_bytes: usize,
    /// Most records whose keys stay in memory; the keys of the others stand in a file meanwhile.
    pub keys: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: UNPACKED_BYTES,
            archive_bytes: ARCHIVE_BYTES,
            ratio: ARCHIVE_RATIO,
            entries: ARCHIVE_ENTRIES,
            cells: SHEET_CELLS,
            rows: SHEET_ROWS,
            text_bytes: TURN_BYTES,
            keys: KEYS,
        }
    }
}

/// Largest unpacked size of one input, in bytes.
pub const UNPACKED_BYTES: u64 = 4 << 30;
/// Largest unpacked size of one spreadsheet or archive, in bytes.
pub const ARCHIVE_BYTES: u64 = 1 << 30;
/// Largest ratio of unpacked to packed size of an archive over 1 MiB.
pub const ARCHIVE_RATIO: u64 = 200;
/// Most entries in an archive.
pub const ARCHIVE_ENTRIES: usize = 2_000;
/// Most cells of one spreadsheet.
pub const SHEET_CELLS: u64 = 20_000_000;
/// Most rows of one spreadsheet.
pub const SHEET_ROWS: u64 = 2_000_000;
/// Most columns of one table.
pub const COLUMNS: usize = 512;
/// Longest line of a text file, in bytes.
pub const LINE_BYTES: usize = 16 << 20;
/// Longest field, in bytes.
pub const FIELD_BYTES: usize = 1 << 20;
/// Largest single element of a list in JSON, or value outside lists, in bytes.
pub const ELEMENT_BYTES: usize = 64 << 20;
/// Most values in such an element.
pub const ELEMENT_VALUES: usize = 1 << 20;
/// Deepest nesting of JSON or XML.
pub const DEPTH: usize = 128;
/// Longest text of one turn that is kept, in bytes; more is cut at a character border and counted.
pub const TURN_BYTES: usize = 64 << 10;
/// Most records whose keys stay in memory: the most that a hash table of 36 MB takes.
pub const KEYS: usize = 7 << 18;
/// Most turns of one record.
pub const TURNS: usize = 20_000;
/// Most problems kept with a message; more are only counted.
pub const PROBLEMS: usize = 100;
/// Most categories of a taxonomy.
pub const CATEGORIES: usize = 4_000;
/// Most keywords of a taxonomy, those of a shared list counted in each rule that names it; about 150 bytes each.
pub const KEYWORDS: usize = 400_000;
/// Longest pattern of the `pattern` operator, in bytes.
pub const PATTERN_BYTES: usize = 1 << 10;

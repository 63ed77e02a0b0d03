//! What a file is made of, told by its bytes: each container gives sheets of rows.

mod biff;
mod chat;
mod columns;
mod delimited;
mod excel;
mod html;
mod json;
mod merged;
mod tree;
mod xml;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub use columns::{Columns, OpenColumns};
pub use tree::last;

use super::bytes::{self, Bytes};
use super::encoding::{self, Coding};
use super::source::Settings;
use super::table::{Batch, Cell};
use super::vocabulary::known;
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Said, limits};

/// One table of a document, before anybody knows what it says.
#[derive(Default)]
pub struct Sheet {
    /// As the ledger shows it: `csv-semicolon`, `json:data[]`.
    pub container: String,
    /// Its headers, if the container knows them; else they stand in one of the first rows.
    pub headers: Option<Vec<String>>,
    /// The first rows.
    pub sample: Batch,
    /// Values that stand once in the document, outside the rows, by path.
    pub constants: Vec<(String, String)>,
    /// Path of the inner list whose elements are the rows, if the rows are such.
    pub each: Option<String>,
    /// The profile, if the container could tell it.
    pub profile: Option<&'static str>,
}

/// How many rows, and how many bytes of them, are looked at before a sheet is understood.
pub const SAMPLE_ROWS: usize = 2000;
const SAMPLE_BYTES: usize = 4 << 20;

/// What the rows of a sheet are read with, once it is understood.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Number of columns; 0 if it does not matter.
    pub columns: usize,
    /// The column of the text: surplus cells of a carelessly joined row belong to it.
    pub text: Option<usize>,
    /// Where rows are elements of an inner list: columns of the outer element that make a message of
    /// its own (its text, its time, its sender) and are not repeated beside the inner ones.
    pub alone: Vec<usize>,
    /// Those of them that hold its words.
    pub words: Vec<usize>,
}

/// Where rows go: takes a full batch, gives back an empty one.
pub type Emit<'e> = dyn FnMut(Batch) -> Result<Batch> + 'e;

/// A document taken apart.
pub trait Container: Send {
    /// Its tables with their first rows.
    fn sheets(&mut self) -> Result<Vec<Sheet>>;

    /// All rows of a sheet, header rows included where the container does not know them.
    fn rows(&mut self, sheet: usize, plan: &Plan, emit: &mut Emit<'_>) -> Result<()>;

    /// Characters that could not be read so far.
    fn broken(&self) -> u64 {
        0
    }
}

/// A document: its container and the encoding of its text.
pub struct Document {
    /// File name, or name of the entry in the archive.
    pub name: String,
    /// As the ledger shows it.
    pub encoding: &'static str,
    /// What it is, whatever its name says, in Chinese and English.
    pub form: Form,
    /// `zip:` or `gz:` if it was packed.
    pub packing: &'static str,
    /// What gives its sheets.
    pub container: Box<dyn Container>,
    /// Bytes read so far, and in all.
    pub gauge: Arc<AtomicU64>,
    /// Bytes in all.
    pub len: u64,
}

/// What a document is, in Chinese and English.
pub type Form = (&'static str, &'static str);

const WORKBOOK: Form = ("Excel 表", "a workbook");
const COLUMNS: Form = ("Parquet 表", "a Parquet table");
const TEXT: Form = ("纯文本", "plain text");
const PAGE: Form = ("网页", "a web page");
const JSON: Form = ("JSON", "JSON");
const XML: Form = ("XML", "XML");

/// Collects rows into batches and hands them on.
pub struct Rows<'e, 'f> {
    batch: Batch,
    emit: &'e mut Emit<'f>,
}

/// A batch is handed on at this size: large enough to share out, small enough to stay in the cache.
const BATCH_ROWS: usize = 1024;
const BATCH_BYTES: usize = 512 << 10;

impl<'e, 'f> Rows<'e, 'f> {
    /// Nothing collected yet.
    pub fn new(emit: &'e mut Emit<'f>) -> Self {
        Rows { batch: Batch::default(), emit }
    }

    /// Adds a cell to the row under way, cut to the limit.
    pub fn push(&mut self, cell: Cell<'_>) {
        self.batch.push(clip(cell));
    }

    /// The batch under way, for those who write rows into it themselves.
    pub fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }

    /// Ends the row under way.
    pub fn end_row(&mut self, number: u64) -> Result<()> {
        self.batch.end_row(number);
        self.hand_on(BATCH_ROWS, BATCH_BYTES)
    }

    /// Notes a row that could not be read at all.
    pub fn lose(&mut self, number: u64, code: &'static str, what: Said) -> Result<()> {
        self.batch.lose(number, code, what);
        self.hand_on(BATCH_ROWS, BATCH_BYTES)
    }

    /// Hands on what is left.
    pub fn finish(mut self) -> Result<()> {
        self.hand_on(1, 0)
    }

    /// Hands the batch on if it has grown to this size.
    pub fn hand_on(&mut self, rows: usize, bytes: usize) -> Result<()> {
        if self.batch.len() + self.batch.lost.len() >= rows || (bytes > 0 && self.batch.bytes() >= bytes) {
            self.batch = (self.emit)(std::mem::take(&mut self.batch))?;
            self.batch.clear();
        }
        Ok(())
    }
}

/// Cuts a text to the limit of one field, at a character.
fn clip(cell: Cell<'_>) -> Cell<'_> {
    match cell {
        Cell::Text(text) if text.len() > limits::FIELD_BYTES => {
            Cell::Text(&text[..text.floor_char_boundary(limits::FIELD_BYTES)])
        }
        other => other,
    }
}

/// The code of [`enough`]: no failure, but the end of looking.
const ENOUGH: &str = "enough";

/// What a taker of samples says when it has seen enough.
fn enough() -> Error {
    Error::new(ENOUGH, Said::default())
}

fn is_enough(err: &Error) -> bool {
    err.code() == ENOUGH
}

/// The first rows that `read` gives, as one batch.
pub fn sample(read: impl FnOnce(&mut Emit<'_>) -> Result<()>) -> Result<Batch> {
    let mut sample = Batch::default();
    let read = read(&mut |batch: Batch| {
        sample.append(&batch);
        if sample.len() >= SAMPLE_ROWS || sample.bytes() >= SAMPLE_BYTES { Err(enough()) } else { Ok(batch) }
    });
    match read {
        Err(err) if !is_enough(&err) => Err(err),
        _ => Ok(sample),
    }
}

/// Takes an input apart: one document, or one for every file in an archive; and how many files of the
/// archive are none.
pub fn documents(mut bytes: Bytes, settings: &Settings<'_>) -> Result<(Vec<Document>, usize)> {
    let mut packing = "";
    if bytes.head(2)? == [0x1F, 0x8B] {
        bytes = bytes.gunzip()?;
        packing = "gz:";
        let again = bytes.head(4)?;
        if again.starts_with(&[0x1F, 0x8B]) {
            return Err(nested(&bytes.name));
        }
    }
    if bytes.len == 0 {
        return Err(empty(&bytes.name));
    }
    if !bytes.head(4)?.starts_with(b"PK\x03\x04") {
        return Ok((vec![document(bytes, packing, settings)?], 0));
    }
    if excel::is_workbook(&mut bytes)? {
        return Ok((vec![document(bytes, packing, settings)?], 0));
    }
    if excel::is_writing(&mut bytes)? {
        return Err(not_a_table(&bytes.name));
    }
    let (archive, mut documents, mut refused) = (bytes.name.clone(), Vec::new(), Vec::new());
    for entry in excel::entries(bytes)? {
        match document(entry, "zip:", settings) {
            Ok(document) => documents.push(document),
            Err(err) => refused.push(err),
        }
    }
    let skipped = refused.len();
    match refused.into_iter().next() {
        Some(first) if documents.is_empty() => Err(first.inside(&bytes::shown(&archive))),
        _ => Ok((documents, skipped)),
    }
}

/// One document that is no archive.
fn document(mut bytes: Bytes, packing: &'static str, settings: &Settings<'_>) -> Result<Document> {
    let (name, gauge, len) = (bytes.name.clone(), bytes.gauge(), bytes.len);
    let head = bytes.head(4096)?;
    let (encoding, form, container) = match head.as_slice() {
        [] => return Err(empty(&name)),
        [b'P', b'K', 3, 4, ..] if excel::is_workbook(&mut bytes)? => ("xlsx", WORKBOOK, excel::open(bytes, false)?),
        [b'P', b'K', 3, 4, ..] | [0x1F, 0x8B, ..] => return Err(nested(&name)),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => ("xls", WORKBOOK, excel::open(bytes, true)?),
        [b'P', b'A', b'R', b'1', ..] => ("parquet", COLUMNS, columns::open(bytes, settings)?),
        _ if is_foreign(&head) => return Err(not_a_table(&name)),
        _ => text(bytes)?,
    };
    Ok(Document { name, encoding, form, packing, container, gauge, len })
}

/// A document that is text in some encoding.
fn text(mut bytes: Bytes) -> Result<(&'static str, Form, Box<dyn Container>)> {
    let coding = match encoding::detect(&mut bytes, &|text| known().familiar(text)) {
        // Text in whatever encoding has no such bytes.
        Err(_) if bytes.head(4096)?.iter().filter(|b| **b < 9).count() > 1 => return Err(not_a_table(&bytes.name)),
        coding => coding?,
    };
    let text = encoding::head_text(&mut bytes, coding, 64 << 10)?;
    if text.chars().take(4096).filter(|c| c.is_control() && !c.is_whitespace()).count() > 40 {
        return Err(not_a_table(&bytes.name));
    }
    encoding::refuse_mojibake(&bytes.name, &text)?;
    let (form, container) = of_text(bytes, coding, &text)?;
    Ok((coding.name, form, container))
}

/// The container of a text, by how it begins.
fn of_text(bytes: Bytes, coding: Coding, text: &str) -> Result<(Form, Box<dyn Container>)> {
    let start = text.trim_start();
    let lower: String = start.chars().take(2048).flat_map(char::to_lowercase).collect();
    if start.is_empty() {
        return Err(empty(&bytes.name));
    }
    if json::begins(start) {
        return Ok((JSON, json::open(bytes, coding, start)));
    }
    let html = ["<html", "<table", "<!doctype html", "<body", "<meta", "<tr"];
    let is_xml = lower.starts_with("<?xml") && !lower.contains("<html");
    if !is_xml && lower.starts_with('<') && html.iter().any(|tag| lower.contains(tag)) {
        return Ok((PAGE, html::open(bytes, coding)));
    }
    if is_xml || (lower.starts_with('<') && lower.contains('>')) {
        return Ok((XML, xml::open(bytes, coding)));
    }
    let log = if has_headers(start) { None } else { super::meaning::chat::Log::sniff(text) };
    match log {
        Some(log) => Ok((TEXT, chat::open(bytes, coding, log))),
        None => Ok((TEXT, delimited::open(bytes, coding, text))),
    }
}

/// True if the first line names several columns: then it is a table, whatever its rows look like.
fn has_headers(start: &str) -> bool {
    let names = start.lines().next().unwrap_or_default().split(['\t', ',', ';', '|']);
    names.filter(|name| name.chars().count() < 40 && known().is_name(name)).count() >= 2
}

/// True if a file of this name should be of another form: a workbook, or anything but a page.
pub fn is_misnamed(name: &str, form: Form) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    let is_one_of = |endings: &[&str]| endings.iter().any(|known| ending.eq_ignore_ascii_case(known));
    form != WORKBOOK && is_one_of(&["xlsx", "xls", "xlsm", "et"])
        || form == PAGE && is_one_of(&["csv", "tsv", "txt", "json"])
}

/// Known beginnings of files that hold no rows.
fn is_foreign(head: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[
        b"%PDF",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"Rar!",
        b"7z\xBC\xAF",
        b"\x7FELF",
        b"MZ\x90",
        b"SQLite format",
        b"BZh",
        b"\xFD7zXZ",
        b"\x28\xB5\x2F\xFD",
        b"RIFF",
        b"OggS",
        b"ID3",
        b"{\\rtf",
        b"L\0\0\0\x01\x14\x02\0",
    ];
    BEGINNINGS.iter().any(|b| head.starts_with(b))
}

fn empty(name: &str) -> Error {
    let name = bytes::shown(name);
    Error::new("empty_file", said!("{name}：文件是空的", "{name}: the file is empty"))
        .help(said!("请确认导出已经完成", "check that the export has finished"))
}

fn nested(name: &str) -> Error {
    let name = bytes::shown(name);
    Error::new("nested_archive", said!("{name}：压缩包里还有压缩包", "{name}: an archive inside an archive"))
        .help(said!("请先解压外层", "unpack the outer one first"))
}

fn not_a_table(name: &str) -> Error {
    let name = bytes::shown(name);
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let said = said!("{name}：不是表格或文本文件", "{name}: neither a table nor a text");
    let help = match ending.as_str() {
        "rar" | "7z" | "tar" | "tgz" | "bz2" | "xz" | "zst" => {
            said!("先解压，再导入里面的表格", "unpack it first, and add the tables that are in it")
        }
        "doc" | "docx" | "wps" | "rtf" | "pdf" | "ppt" | "pptx" => said!(
            "把里面的表格复制到 Excel 或 WPS，存成 .xlsx 再导入",
            "copy the table in it into Excel or WPS, save that as .xlsx and add it"
        ),
        _ => said!(
            "可以导入：CSV、TSV、Excel、JSON、XML、HTML 表格、聊天记录文本、Parquet，以及它们的 gz 和 zip",
            "what can be added: CSV, TSV, Excel, JSON, XML, HTML tables, chat texts, Parquet, and gz or zip of these"
        ),
    };
    Error::new("not_a_table", said).help(help)
}

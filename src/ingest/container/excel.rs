//! Excel workbooks, streamed cell by cell, and archives of exports; both are measured before they are trusted.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};

use calamine::{Cell as Found, Data, DataRef, ExcelDateTime, Reader as _, Xls, Xlsx};
use jiff::civil;
use zip::ZipArchive;
use zip::result::ZipError;

use super::biff;
use super::merged::Merged;
use super::{Container, Emit, Plan, Rows, SAMPLE_ROWS, Sheet, sample};
use crate::error::{Error, Result};
use crate::ingest::bytes::{self, Bytes, Shelf};
use crate::ingest::table::{Batch, Cell};
use crate::said;
use crate::words::limits::{self, Limits};

/// True if the archive is an Excel workbook.
pub fn is_workbook(bytes: &mut Bytes) -> Result<bool> {
    holds(bytes, &["xl/"])
}

/// True if the archive is a text document or a presentation.
pub fn is_writing(bytes: &mut Bytes) -> Result<bool> {
    holds(bytes, &["word/", "ppt/"])
}

/// True if the archive has a file in one of these folders.
fn holds(bytes: &mut Bytes, folders: &[&str]) -> Result<bool> {
    bytes.rewind()?;
    let name = bytes.name.clone();
    let archive = ZipArchive::new(&mut *bytes).map_err(|e| bytes::broken_archive(&name).cause(e))?;
    let inside = |name: String| folders.iter().any(|folder| name.starts_with(folder));
    let found = archive.file_names().take(limits::ARCHIVE_ENTRIES).any(|n| n.is_ok_and(|n| inside(n.to_string())));
    bytes.rewind()?;
    Ok(found)
}

/// The files of an archive, unpacked within limits, in order of their names.
pub fn entries(mut bytes: Bytes) -> Result<Vec<Bytes>> {
    let (name, space) = (bytes.name.clone(), bytes.room.clone());
    let broken = |e: ZipError| match e {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => locked(&name),
        other => bytes::broken_archive(&name).cause(other),
    };
    bytes.rewind()?;
    let mut archive = ZipArchive::new(&mut bytes).map_err(broken)?;
    check_entries(&name, archive.len(), space.limits.entries)?;
    let mut found = BTreeMap::new();
    let mut shelf = Shelf::new(&space);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let inner = entry_name(entry.name_raw());
        let base = inner.rsplit(['/', '\\']).next().unwrap_or_default().to_string();
        if entry.is_dir() || base.is_empty() || base.starts_with('.') || inner.starts_with("__MACOSX") {
            continue;
        }
        let packed = entry.compressed_size();
        let place = shelf.put(&base, entry, packed, space.limits.archive_bytes)?;
        if !place.is_empty() {
            found.insert(inner, (base, place));
        }
    }
    match found.is_empty() {
        true => Err(bytes::broken_archive(&name)),
        false => Ok(shelf.take(found.into_values())),
    }
}

fn locked(name: &str) -> Error {
    let name = bytes::shown(name);
    Error::new("locked_archive", said!("{name}：压缩包有密码", "{name}: the archive is locked with a password"))
        .help(said!("请先用密码解压", "unpack it with the password first"))
}

/// Chinese Windows writes the names in GBK without saying so.
fn entry_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

fn check_entries(name: &str, entries: usize, limit: usize) -> Result<()> {
    if entries <= limit {
        return Ok(());
    }
    let name = bytes::shown(name);
    Err(Error::new(
        "archive_bomb",
        said!("{name}：压缩包里超过 {limit} 个文件", "{name}: more than {limit} files in the archive"),
    )
    .help(said!(
        "请先解压，再导入需要的文件，或用 --max-entries 放宽",
        "unpack it and add the files you need, or allow more with --max-entries"
    )))
}

/// Unpacks everything once into nothing: declared sizes are not trusted, and calamine has no bound of its own.
fn measure(bytes: &mut Bytes) -> Result<()> {
    let (name, limits) = (bytes.name.clone(), bytes.room.limits);
    let broken = |e: ZipError| bytes::broken_archive(&name).cause(e);
    bytes.rewind()?;
    let mut archive = ZipArchive::new(&mut *bytes).map_err(broken)?;
    check_entries(&name, archive.len(), limits.entries)?;
    let mut room = limits.archive_bytes;
    let mut chunk = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(broken)?;
        let (packed, mut len) = (entry.compressed_size(), 0u64);
        // The reader holds all shared strings at once; the sheets it reads cell by cell.
        let held = entry.name_raw().ends_with(b"sharedStrings.xml");
        let most = if held { room.min(limits.archive_bytes / 4) } else { room };
        loop {
            let n = entry.read(&mut chunk).map_err(|e| bytes::broken_archive(&name).cause(e))?;
            if n == 0 {
                break;
            }
            len += n as u64;
            if len > most {
                return Err(bytes::too_large(&name, limits.archive_bytes));
            }
            bytes::check_ratio(&name, Some(packed), len, limits)?;
        }
        room -= len;
    }
    bytes.rewind()
}

/// Opens a workbook: `.xlsx`, or the `.xls` of before 2007.
pub fn open(mut bytes: Bytes, old: bool) -> Result<Box<dyn Container>> {
    let (name, limits) = (bytes.name.clone(), bytes.room.limits);
    bytes.rewind()?;
    if old {
        // The old format is read as a whole, so its own size is the first measure.
        let whole = bytes.whole(OLD_BYTES)?;
        match biff::cells(&whole, limits.cells) {
            Some(cells) if cells > OLD_CELLS.min(limits.cells) => return Err(too_many(&name, limits)),
            Some(_) => {}
            None => return Err(broken_workbook(&name)),
        }
        let book = bytes::guarded(&name, || Xls::new(Cursor::new(whole)).map_err(|e| unreadable(&name, e)))?;
        return Ok(Box::new(Old { book, name }));
    }
    measure(&mut bytes)?;
    let book = bytes::guarded(&name, || Xlsx::new(bytes).map_err(|e| unreadable(&name, e)))?;
    Ok(Box::new(New { book, name, limits, merged: Vec::new() }))
}

/// Largest `.xls`: the format itself ends at 65,536 rows a sheet.
const OLD_BYTES: u64 = 128 << 20;
/// Most cells of an `.xls`, empty ones between the others included.
const OLD_CELLS: u64 = 8 << 20;

fn broken_workbook(name: &str) -> Error {
    let name = bytes::shown(name);
    Error::new(
        "broken_workbook",
        said!(
            "{name}：Excel 文件无法读取，可能已损坏或加了密码",
            "{name}: the workbook cannot be read; it may be damaged or locked with a password"
        ),
    )
    .help(said!(
        "用 Excel 或 WPS 打开后另存为 .xlsx 或 .csv 再试",
        "open it in Excel or WPS, save it as .xlsx or .csv, and try again"
    ))
}

fn unreadable(name: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    broken_workbook(name).cause(cause)
}

struct New<RS> {
    book: Xlsx<RS>,
    name: String,
    limits: Limits,
    /// By sheet: its merged cells; only looked for in small sheets, such as are kept by hand.
    merged: Vec<Merged>,
}

impl<RS: Read + Seek> New<RS> {
    /// Cells merged downwards within one column.
    fn merged_in(&mut self, sheet: &str) -> Merged {
        let found = self.book.merge_cells_by_sheet_name(sheet).unwrap_or_default();
        let down = found.into_iter().filter(|d| d.start.1 == d.end.1 && d.start.0 < d.end.0);
        Merged::new(
            down.take(SAMPLE_ROWS).map(|d| (d.start.1 as usize, u64::from(d.start.0) + 1, u64::from(d.end.0) + 1)),
        )
    }

    fn read(&mut self, sheet: &str, emit: &mut Emit<'_>) -> Result<()> {
        let (name, limits) = (&self.name, self.limits);
        let mut cells = self.book.worksheet_cells_reader(sheet).map_err(|e| unreadable(name, e))?;
        let mut line = Line::new(emit);
        let mut count = 0u64;
        while let Some(found) = cells.next_cell().map_err(|e| unreadable(name, e))? {
            count += 1;
            if count > limits.cells || u64::from(found.get_position().0) >= limits.rows {
                return Err(too_many(name, limits));
            }
            line.take(&found, |v| match v {
                DataRef::Int(n) => Value::Number(*n as f64),
                DataRef::Float(n) => Value::Number(*n),
                DataRef::String(s) => Value::Text(s),
                DataRef::SharedString(s) => Value::Text(s),
                DataRef::Bool(b) => Value::Bool(*b),
                DataRef::DateTime(at) => Value::Date(*at),
                DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => Value::Text(s),
                DataRef::Error(_) => Value::Error,
                DataRef::Empty => Value::Empty,
            })?;
        }
        line.finish()
    }
}

fn too_many(name: &str, limits: Limits) -> Error {
    let name = bytes::shown(name);
    let Limits { rows, cells, .. } = limits;
    Error::new(
        "too_large",
        said!(
            "{name}：工作表超过 {rows} 行或 {cells} 格",
            "{name}: a sheet has more than {rows} rows or {cells} cells"
        ),
    )
    .help(said!(
        "请按月份拆分，或另存为 CSV，或用 --max-rows、--max-cells 放宽",
        "split it by month, save it as CSV, or allow more with --max-rows and --max-cells"
    ))
}

/// A cell's value, whichever reader it came from.
enum Value<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Date(ExcelDateTime),
    Bool(bool),
    Error,
}

/// Sets single cells together to rows.
struct Line<'e, 'f> {
    rows: Rows<'e, 'f>,
    row: Option<u32>,
    column: u32,
}

impl<'e, 'f> Line<'e, 'f> {
    fn new(emit: &'e mut Emit<'f>) -> Self {
        Line { rows: Rows::new(emit), row: None, column: 0 }
    }

    fn take<T: calamine::CellType>(&mut self, found: &Found<T>, value: impl Fn(&T) -> Value<'_>) -> Result<()> {
        let (row, column) = found.get_position();
        if self.row != Some(row) {
            self.end()?;
            (self.row, self.column) = (Some(row), 0);
        }
        if column < self.column || column as usize >= limits::COLUMNS {
            return Ok(());
        }
        for _ in self.column..column {
            self.rows.push(Cell::Empty);
        }
        self.column = column + 1;
        match value(found.get_value()) {
            Value::Empty => self.rows.push(Cell::Empty),
            Value::Text(text) => self.rows.push(Cell::Text(text)),
            Value::Number(n) => self.rows.push(Cell::Number(n)),
            Value::Bool(b) => self.rows.push(Cell::Bool(b)),
            Value::Error => self.rows.push(Cell::Error),
            Value::Date(at) => match clock(at) {
                Some(text) => self.rows.push(Cell::Text(&text)),
                None => self.rows.push(moment(at).map_or(Cell::Number(at.as_f64()), Cell::Date)),
            },
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        match self.row {
            Some(row) => self.rows.end_row(u64::from(row) + 1),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Result<()> {
        self.end()?;
        self.rows.finish()
    }
}

/// A time of day without a date, as text.
fn clock(at: ExcelDateTime) -> Option<String> {
    let days = at.as_f64();
    if !(at.is_duration() || (0.0..1.0).contains(&days)) || !(0.0..1.0).contains(&days) {
        return None;
    }
    let seconds = (days * 86_400.0).round() as u32 % 86_400;
    Some(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

fn moment(at: ExcelDateTime) -> Option<civil::DateTime> {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time = civil::Time::new(hour as i8, minute as i8, second as i8, i32::from(milli) * 1_000_000).ok()?;
    // Half a second more, for times that a float has just missed.
    let at = date.to_datetime(time);
    Some(if milli >= 500 {
        at.saturating_add(jiff::Span::new().seconds(1)).with().subsec_nanosecond(0).build().ok()?
    } else {
        at.with().subsec_nanosecond(0).build().ok()?
    })
}

fn sheet_of(sample: Batch) -> Sheet {
    Sheet { container: "xlsx".into(), sample, ..Sheet::default() }
}

impl<RS: Read + Seek + Send> Container for New<RS> {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let mut sheets = Vec::new();
        for name in self.book.sheet_names() {
            let mut sample = sample(|emit| bytes::guarded(&self.name.clone(), || self.read(&name, emit)))?;
            let mut merged = if sample.len() < SAMPLE_ROWS { self.merged_in(&name) } else { Merged::default() };
            self.merged.push(merged.clone());
            if !merged.is_empty() {
                sample = merged.fill(&sample);
            }
            sheets.push(sheet_of(sample));
        }
        Ok(sheets)
    }

    fn rows(&mut self, sheet: usize, _plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        let name = self.book.sheet_names()[sheet].clone();
        let mut merged = self.merged.get(sheet).cloned().unwrap_or_default();
        let mut fill = |batch: Batch| emit(if merged.is_empty() { batch } else { merged.fill(&batch) });
        bytes::guarded(&self.name.clone(), || self.read(&name, &mut fill))
    }
}

struct Old<RS: Read + Seek> {
    book: Xls<RS>,
    name: String,
}

impl<RS: Read + Seek> Old<RS> {
    fn read(&mut self, sheet: &str, emit: &mut Emit<'_>) -> Result<()> {
        let range = self.book.worksheet_range(sheet).map_err(|e| unreadable(&self.name, e))?;
        let (top, left) = range.start().unwrap_or_default();
        let mut line = Line::new(emit);
        for (row, column, value) in range.used_cells() {
            let found = Found::new((top + row as u32, left + column as u32), value.clone());
            line.take(&found, |v| match v {
                Data::Int(n) => Value::Number(*n as f64),
                Data::Float(n) => Value::Number(*n),
                Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => Value::Text(s),
                Data::Bool(b) => Value::Bool(*b),
                Data::DateTime(at) => Value::Date(*at),
                Data::Error(_) => Value::Error,
                Data::Empty => Value::Empty,
                #[allow(unreachable_patterns)]
                _ => Value::Empty,
            })?;
        }
        line.finish()
    }
}

impl<RS: Read + Seek + Send> Container for Old<RS> {
    fn sheets(&mut self) -> Result<Vec<Sheet>> {
        let mut sheets = Vec::new();
        for name in self.book.sheet_names() {
            let sample = sample(|emit| bytes::guarded(&self.name.clone(), || self.read(&name, emit)))?;
            sheets.push(Sheet { container: "xls".into(), ..sheet_of(sample) });
        }
        Ok(sheets)
    }

    fn rows(&mut self, sheet: usize, _plan: &Plan, emit: &mut Emit<'_>) -> Result<()> {
        let name = self.book.sheet_names()[sheet].clone();
        bytes::guarded(&self.name.clone(), || self.read(&name, emit))
    }
}

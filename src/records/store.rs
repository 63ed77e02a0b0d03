//! The record files of a workspace: their ledgers, parallel scans by row group, single records by place.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::file::metadata::PageIndexPolicy;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::batch::Batch;
use super::schema::{self, Fields};
use super::writer::{GROUP_ROWS, Source, failed};
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Record, Uid};

/// One record file.
#[derive(Clone, Debug)]
pub struct RecordFile {
    /// Where it stands.
    pub path: PathBuf,
    /// Its file name.
    pub name: String,
    /// Sixteen hex digits that stand for its content: what caches are keyed by.
    pub id: String,
    /// How many rows it holds.
    pub rows: u64,
    /// Bytes on the disk.
    pub bytes: u64,
    /// Where the records came from.
    pub source: Source,
    /// Time zone of the shop's clock at import.
    pub zone: String,
    /// What the import wrote down, as JSON.
    pub ledger: String,
    /// Rows that were purged from it since.
    pub purged: u64,
    /// First ordinal of each row group, and the number of rows last.
    starts: Vec<u32>,
    reader: ArrowReaderMetadata,
    modified: Option<SystemTime>,
}

/// A row group of a file: what one thread reads at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Place of the file in [`Store::files`].
    pub file: usize,
    /// Row group in the file.
    pub group: usize,
    /// Ordinal, within the file, of its first row.
    pub start: u32,
    /// How many rows it holds.
    pub rows: u32,
    /// About how many bytes they take in memory.
    pub bytes: u64,
}

/// The record files of a workspace as they were when it was opened. Later imports do not disturb it.
#[derive(Clone, Debug, Default)]
pub struct Store {
    files: Vec<RecordFile>,
}

impl Store {
    /// Opens a folder of record files, in the order of import. A folder that is not there holds none.
    pub fn open(folder: &Path) -> Result<Store> {
        let mut paths: Vec<PathBuf> = names(folder)?.into_iter().map(|name| folder.join(name)).collect();
        paths.sort();
        let files = paths.par_iter().map(|path| RecordFile::open(path)).collect::<Result<_>>()?;
        Ok(Store { files })
    }

    /// The files, in the order of import.
    pub fn files(&self) -> &[RecordFile] {
        &self.files
    }

    /// Rows of all files, every version of a record counted.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Every row group, in order.
    pub fn units(&self) -> Vec<Unit> {
        (0..self.files.len()).flat_map(|file| self.units_of(file)).collect()
    }

    /// The row groups of one file.
    pub fn units_of(&self, file: usize) -> Vec<Unit> {
        let RecordFile { starts, reader, .. } = &self.files[file];
        let bytes = reader.metadata().row_groups().iter().map(|group| group.total_byte_size().max(0) as u64);
        let groups = starts.windows(2).zip(bytes).enumerate();
        groups.map(|(group, (at, bytes))| Unit { file, group, start: at[0], rows: at[1] - at[0], bytes }).collect()
    }

    /// Reads one row group.
    pub fn read(&self, unit: Unit, fields: Fields) -> Result<Batch> {
        let file = &self.files[unit.file];
        let mut batches = file.batches(unit.group, fields, None)?;
        let columns = batches.pop().filter(|_| batches.is_empty()).ok_or_else(|| broken(&file.path))?;
        Batch::new(unit.file, unit.start, &columns).ok_or_else(|| broken(&file.path))
    }

    /// Reads every row group, many at a time, and hands back what `each` made of them, in order.
    pub fn scan<T: Send>(&self, fields: Fields, each: impl Fn(&Batch) -> T + Sync) -> Result<Vec<T>> {
        self.scan_units(&self.units(), fields, each)
    }

    /// As [`Store::scan`], of these row groups only.
    pub fn scan_units<T: Send>(
        &self,
        units: &[Unit],
        fields: Fields,
        each: impl Fn(&Batch) -> T + Sync,
    ) -> Result<Vec<T>> {
        units.par_iter().with_max_len(1).map(|unit| Ok(each(&self.read(*unit, fields)?))).collect()
    }

    /// Single records by (file, ordinal), in the order asked for. Reads only the pages that hold them.
    pub fn fetch(&self, places: &[(usize, u32)]) -> Result<Vec<Record>> {
        let mut wanted: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
        for &(file, ordinal) in places {
            let starts = &self.files[file].starts;
            let group = starts.partition_point(|start| *start <= ordinal) - 1;
            assert!(group + 1 < starts.len(), "row {ordinal} of {} is not there", self.files[file].name);
            wanted.entry((file, group)).or_default().push(ordinal);
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let read: Vec<Vec<((usize, u32), Record)>> = wanted
            .into_par_iter()
            .map(|((file, group), rows)| self.fetch_group(file, group, rows))
            .collect::<Result<_>>()?;
        let found: BTreeMap<(usize, u32), Record> = read.into_iter().flatten().collect();
        places.iter().map(|place| found.get(place).cloned().ok_or_else(|| broken(&self.files[place.0].path))).collect()
    }

    fn fetch_group(&self, file: usize, group: usize, mut rows: Vec<u32>) -> Result<Vec<((usize, u32), Record)>> {
        rows.sort_unstable();
        rows.dedup();
        let RecordFile { path, starts, .. } = &self.files[file];
        let mut selectors = Vec::new();
        let mut at = starts[group];
        for &row in &rows {
            selectors.push(RowSelector::skip((row - at) as usize));
            selectors.push(RowSelector::select(1));
            at = row + 1;
        }
        let mut records = Vec::with_capacity(rows.len());
        for columns in self.files[file].batches(group, Fields::ALL, Some(selectors.into()))? {
            let batch = Batch::new(file, 0, &columns).ok_or_else(|| broken(path))?;
            records.extend((0..batch.len()).map(|i| batch.record(i)));
        }
        Ok(rows.into_iter().map(|row| (file, row)).zip(records).collect())
    }

    /// Every row of a record, oldest version first: (file, ordinal).
    pub fn find(&self, uid: Uid) -> Result<Vec<(usize, u32)>> {
        Ok(self.find_all(&FxHashSet::from_iter([uid]))?.remove(&uid).unwrap_or_default())
    }

    /// Every row of each of these records, oldest version first, in one scan.
    pub fn find_all(&self, uids: &FxHashSet<Uid>) -> Result<BTreeMap<Uid, Vec<(usize, u32)>>> {
        let parts = self.scan(Fields::UID, |batch| {
            let rows = (0..batch.len()).map(|at| (batch.uid(at), (batch.file(), batch.start() + at as u32)));
            rows.filter(|(uid, _)| uids.contains(uid)).collect::<Vec<_>>()
        })?;
        let mut found: BTreeMap<Uid, Vec<(usize, u32)>> = BTreeMap::new();
        for (uid, place) in parts.into_iter().flatten() {
            found.entry(uid).or_default().push(place);
        }
        Ok(found)
    }
}

impl RecordFile {
    fn open(path: &Path) -> Result<RecordFile> {
        let read = |err| Error::file(path, err);
        let file = File::open(path).map_err(read)?;
        let about = file.metadata().map_err(read)?;
        let options = ArrowReaderOptions::new()
            .with_column_index_policy(PageIndexPolicy::Skip)
            .with_offset_index_policy(PageIndexPolicy::Optional);
        let reader = calmly(path, || ArrowReaderMetadata::load(&file, options).map_err(|err| failed(path, err)))?;
        let meta = reader.metadata().file_metadata();
        let value = |key: &str| {
            let pairs = meta.key_value_metadata().into_iter().flatten();
            pairs.filter(|pair| pair.key == key).find_map(|pair| pair.value.clone()).unwrap_or_default()
        };
        match value(schema::META_SCHEMA).as_str() {
            schema::SCHEMA_VERSION => {}
            "" => return Err(broken(path)),
            _ => return Err(other_version(path)),
        }
        let mut starts = vec![0u32];
        for group in reader.metadata().row_groups() {
            let rows = u32::try_from(group.num_rows()).ok().filter(|rows| *rows <= GROUP_ROWS as u32);
            let end = rows.and_then(|rows| starts[starts.len() - 1].checked_add(rows));
            starts.push(end.ok_or_else(|| broken(path))?);
        }
        Ok(RecordFile {
            path: path.to_path_buf(),
            name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            id: value(schema::META_ID),
            rows: u64::from(starts[starts.len() - 1]),
            bytes: about.len(),
            source: Source { name: value(schema::META_SOURCE), hash: value(schema::META_HASH) },
            zone: value(schema::META_ZONE),
            ledger: value(schema::META_LEDGER),
            purged: value(schema::META_PURGED).parse().unwrap_or(0),
            starts,
            modified: about.modified().ok(),
            reader,
        })
    }

    /// Opens the file again, and refuses if it is no longer the one whose columns are known.
    fn reopen(&self) -> Result<File> {
        let read = |err| Error::file(&self.path, err);
        let file = File::open(&self.path).map_err(read)?;
        let about = file.metadata().map_err(read)?;
        if about.len() != self.bytes || about.modified().ok() != self.modified {
            let what = said!(
                "{name} 在读取过程中被换掉了（有人正在清除数据）",
                "{name} was replaced while it was read (someone is purging)",
                name = self.name
            );
            return Err(Error::new("changed", what).help(said!("再运行一次即可", "run the command again")));
        }
        Ok(file)
    }

    fn batches(&self, group: usize, fields: Fields, rows: Option<RowSelection>) -> Result<Vec<RecordBatch>> {
        calmly(&self.path, || self.decode(group, fields, rows))
    }

    fn decode(&self, group: usize, fields: Fields, rows: Option<RowSelection>) -> Result<Vec<RecordBatch>> {
        let fail = |err| failed(&self.path, err);
        let mask = fields.mask(self.reader.parquet_schema());
        let size = (self.starts[group + 1] - self.starts[group]) as usize;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.reopen()?, self.reader.clone())
            .with_row_groups(vec![group])
            .with_batch_size(size)
            .with_projection(mask);
        let builder = match rows {
            Some(rows) => builder.with_row_selection(rows),
            None => builder,
        };
        let reader = builder.build().map_err(fail)?;
        reader.map(|batch| batch.map_err(|err| broken(&self.path).cause(err))).collect()
    }
}

/// Reads what may be damaged: the decoder trusts some of what it reads, and a panic of it is a broken file.
fn calmly<T>(path: &Path, read: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken(path)))
}

/// The names of the record files in a folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let read = |err| Error::file(folder, err);
    let entries = match fs::read_dir(folder) {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(read)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(read)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".parquet") && !name.starts_with('.') {
            names.push(name);
        }
    }
    Ok(names)
}

/// The number of the next import: one more than the highest that is there.
pub(super) fn next_number(folder: &Path) -> Result<u32> {
    let digits = |name: &String| name.split(['-', '.']).next().and_then(|n| n.parse::<u32>().ok());
    Ok(names(folder)?.iter().filter_map(digits).max().unwrap_or(0) + 1)
}

/// A file in the folder of records that is not one of ours, or no longer whole.
pub(super) fn broken(path: &Path) -> Error {
    let name = path.display();
    let what = said!("{name}：不是完整的记录文件", "{name}: not a whole record file", name = name);
    Error::new("broken_record_file", what).help(said!(
        "从备份恢复这个文件；或把它移出 records 文件夹，再重新导入它的来源文件",
        "restore it from a backup, or move it out of the records folder and import its source again"
    ))
}

fn other_version(path: &Path) -> Error {
    let what = said!(
        "{name}：由另一个版本的 earful 写成，列结构不同",
        "{name}: written by another version of earful, with other columns",
        name = path.display()
    );
    Error::new("record_file_version", what)
        .help(said!("请用写它的版本，或升级 earful", "use the version that wrote it, or update earful"))
}

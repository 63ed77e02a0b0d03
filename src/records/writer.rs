//! Writes one record file: records stream in, row groups are encoded beside the reader, and nothing
//! has a name before everything is on the disk.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use arrow_array::RecordBatch;
use arrow_array::builder::{
    BooleanBuilder, Float32Builder, Int64Builder, ListBuilder, StringBuilder, StringDictionaryBuilder, StructBuilder,
    TimestampMillisecondBuilder,
};
use arrow_array::types::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use tempfile::NamedTempFile;

use super::versions::version;
use super::{schema, store};
use crate::disk;
use crate::error::{Error, Result};
use crate::words::{Moment, Record, Silence, TurnKind};

/// Most rows of a row group: small enough to be shared out among threads, large enough to compress.
pub(super) const GROUP_ROWS: usize = 32 << 10;
/// Most bytes of text of a row group, so that long conversations do not fill the memory.
const GROUP_BYTES: usize = 16 << 20;
/// Rows of a page: what is decoded to show a single record.
const PAGE_ROWS: usize = 2 << 10;

/// Where records came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Name of the source file, as the user wrote it.
    pub name: String,
    /// Hash of its bytes, hexadecimal.
    pub hash: String,
}

impl Source {
    /// The file's own name, without the folders: what a report shows.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }
}

/// Writes one record file. Dropped before [`finish`](Writer::finish), it leaves nothing behind.
pub struct Writer {
    folder: PathBuf,
    file: NamedTempFile,
    columns: Columns,
    encoder: Option<Encoder>,
    content: blake3::Hasher,
    zone: String,
    pushed: u64,
}

struct Encoder {
    batches: SyncSender<RecordBatch>,
    thread: JoinHandle<std::result::Result<ArrowWriter<File>, ParquetError>>,
}

impl Writer {
    /// Begins a new file in the folder of records. `zone` names the time zone of the shop's clock.
    pub fn begin(folder: &Path, zone: &str) -> Result<Writer> {
        let file = disk::begin(folder)?;
        let handle = file.as_file().try_clone().map_err(|err| Error::file(folder, err))?;
        let mut writer =
            ArrowWriter::try_new(handle, schema::SCHEMA.clone(), Some(properties())).map_err(|e| failed(folder, e))?;
        let (batches, inbox) = sync_channel::<RecordBatch>(1);
        let thread = std::thread::spawn(move || {
            for batch in inbox {
                writer.write(&batch)?;
                writer.flush()?;
            }
            Ok(writer)
        });
        Ok(Writer {
            folder: folder.to_path_buf(),
            file,
            columns: Columns::new(),
            encoder: Some(Encoder { batches, thread }),
            content: blake3::Hasher::new(),
            zone: zone.to_string(),
            pushed: 0,
        })
    }

    /// Adds a record.
    pub fn push(&mut self, record: &Record) -> Result<()> {
        let version = version(record);
        self.content.update(&record.uid.0.to_le_bytes());
        self.content.update(&version.to_le_bytes());
        self.content.update(record.platform.as_bytes());
        self.columns.push(record, version);
        self.pushed += 1;
        if self.columns.rows >= GROUP_ROWS || self.columns.bytes >= GROUP_BYTES {
            self.send()?;
        }
        Ok(())
    }

    /// How many records were pushed. An import that found nothing new is dropped, not finished.
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Ends the file and gives it the next free number and the name of its source. `ledger` is what the
    /// import wrote down, as JSON. Says where the file is.
    pub fn finish(self, source: &Source, ledger: &str) -> Result<PathBuf> {
        let number = store::next_number(&self.folder)?;
        let path = self.folder.join(file_name(number, &source.name));
        self.close(&path, source, ledger, 0, disk::finish_new)?;
        Ok(path)
    }

    /// Ends the file in the place of an older one, from which `purged` rows are gone.
    pub(super) fn replace(self, path: &Path, source: &Source, ledger: &str, purged: u64) -> Result<()> {
        self.close(path, source, ledger, purged, disk::finish)
    }

    fn close(
        mut self,
        path: &Path,
        source: &Source,
        ledger: &str,
        purged: u64,
        name: fn(NamedTempFile, &Path) -> Result<()>,
    ) -> Result<()> {
        if self.columns.rows > 0 {
            self.send()?;
        }
        let mut writer = self.join()?;
        for part in [&source.name, &source.hash, &self.zone, ledger, &purged.to_string()] {
            self.content.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        let id = self.content.finalize().to_hex()[..16].to_string();
        for (key, value) in [
            (schema::META_SCHEMA, schema::SCHEMA_VERSION),
            (schema::META_ID, &id),
            (schema::META_ZONE, &self.zone),
            (schema::META_SOURCE, &source.name),
            (schema::META_HASH, &source.hash),
            (schema::META_LEDGER, ledger),
            (schema::META_PURGED, &purged.to_string()),
        ] {
            writer.append_key_value_metadata(KeyValue::new(key.to_string(), value.to_string()));
        }
        writer.close().map_err(|e| failed(path, e))?;
        name(self.file, path)
    }

    fn send(&mut self) -> Result<()> {
        let batch = self.columns.take();
        match &self.encoder {
            Some(encoder) if encoder.batches.send(batch).is_ok() => Ok(()),
            // The encoder stopped: what it says is why.
            _ => self.join().map(|_| ()),
        }
    }

    fn join(&mut self) -> Result<ArrowWriter<File>> {
        let stopped = || ParquetError::General("the encoder had stopped before".into());
        let Some(Encoder { batches, thread }) = self.encoder.take() else {
            return Err(failed(&self.folder, stopped()));
        };
        drop(batches);
        match thread.join() {
            Ok(result) => result.map_err(|err| failed(&self.folder, err)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// A Parquet error as an operator reads it: what the disk said, if the disk said it.
pub(super) fn failed(path: &Path, err: ParquetError) -> Error {
    match err {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => Error::file(path, *io),
            Err(other) => store::broken(path).cause(other),
        },
        other => store::broken(path).cause(other),
    }
}

/// `000012-` and what the source's name says, without what a file system may not like.
fn file_name(number: u32, source: &str) -> String {
    let stem = Path::new(source).file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mut slug = String::new();
    for c in stem.chars() {
        if slug.len() > 60 {
            break;
        }
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    format!("{number:06}-{}.parquet", if slug.is_empty() { "records" } else { slug })
}

fn properties() -> WriterProperties {
    let column = |name: &str| ColumnPath::from(name.split('.').map(String::from).collect::<Vec<_>>());
    let text = column("turns.list.element.text");
    let mut builder = WriterProperties::builder()
        .set_created_by("earful".into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).expect("level 1 exists")))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_dictionary_enabled(text.clone(), false)
        .set_column_encoding(text.clone(), Encoding::DELTA_LENGTH_BYTE_ARRAY)
        .set_column_statistics_enabled(text, EnabledStatistics::None);
    // Hashes do not compress; trying costs time.
    for name in ["uid", "version", "buyer_token", "order_token"] {
        builder = builder
            .set_column_dictionary_enabled(column(name), false)
            .set_column_compression(column(name), Compression::UNCOMPRESSED);
    }
    for name in ["row", "time", "bought", "turns.list.element.time"] {
        builder = builder
            .set_column_dictionary_enabled(column(name), false)
            .set_column_encoding(column(name), Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}

type NamesBuilder = StringDictionaryBuilder<Int32Type>;

/// Records on their way into columns.
struct Columns {
    rows: usize,
    bytes: usize,
    uid: Int64Builder,
    version: Int64Builder,
    /// kind, shop, platform, product_id, product, sku: in the order of the schema.
    place: [NamesBuilder; 6],
    variant: ListBuilder<StructBuilder>,
    stars: Float32Builder,
    stars_raw: NamesBuilder,
    time: TimestampMillisecondBuilder,
    bought: TimestampMillisecondBuilder,
    buyer: Int64Builder,
    order: Int64Builder,
    given: NamesBuilder,
    silence: NamesBuilder,
    near_copy: BooleanBuilder,
    row: Int64Builder,
    turns: ListBuilder<StructBuilder>,
}

/// The word of a silence in files.
pub(super) fn silence_key(silence: Silence) -> &'static str {
    match silence {
        Silence::DefaultPraise => "default_praise",
        Silence::Empty => "empty",
    }
}

fn millis(time: Option<Moment>) -> Option<i64> {
    time.map(|t| t.0.saturating_mul(1000))
}

fn known(name: &str) -> Option<&str> {
    (!name.is_empty()).then_some(name)
}

/// The builder of one part of a list's structs.
fn part<B: arrow_array::builder::ArrayBuilder>(list: &mut ListBuilder<StructBuilder>, at: usize) -> &mut B {
    list.values().field_builder::<B>(at).expect("the parts are those of the schema")
}

impl Columns {
    fn new() -> Columns {
        let variant = StructBuilder::new(
            schema::variant_parts(),
            vec![Box::new(NamesBuilder::new()), Box::new(NamesBuilder::new())],
        );
        let turns = StructBuilder::new(
            schema::turn_parts(),
            vec![
                Box::new(NamesBuilder::new()),
                Box::new(NamesBuilder::new()),
                Box::new(TimestampMillisecondBuilder::new()),
                Box::new(NamesBuilder::new()),
                Box::new(StringBuilder::new()),
            ],
        );
        Columns {
            rows: 0,
            bytes: 0,
            uid: Int64Builder::new(),
            version: Int64Builder::new(),
            place: std::array::from_fn(|_| NamesBuilder::new()),
            variant: ListBuilder::new(variant).with_field(schema::element(schema::variant_parts())),
            stars: Float32Builder::new(),
            stars_raw: NamesBuilder::new(),
            time: TimestampMillisecondBuilder::new(),
            bought: TimestampMillisecondBuilder::new(),
            buyer: Int64Builder::new(),
            order: Int64Builder::new(),
            given: NamesBuilder::new(),
            silence: NamesBuilder::new(),
            near_copy: BooleanBuilder::new(),
            row: Int64Builder::new(),
            turns: ListBuilder::new(turns).with_field(schema::element(schema::turn_parts())),
        }
    }

    fn push(&mut self, record: &Record, version: u64) {
        self.rows += 1;
        self.uid.append_value(record.uid.0 as i64);
        self.version.append_value(version as i64);
        let place =
            [record.kind.key(), &record.shop, &record.platform, &record.product_id, &record.product, &record.sku];
        for (column, name) in self.place.iter_mut().zip(place) {
            column.append_option(known(name));
        }
        for (name, value) in &record.variant {
            part::<NamesBuilder>(&mut self.variant, 0).append_value(name);
            part::<NamesBuilder>(&mut self.variant, 1).append_value(value);
            self.variant.values().append(true);
        }
        self.variant.append(true);
        self.stars.append_option(record.stars.as_ref().map(|s| s.value));
        self.stars_raw.append_option(record.stars.as_ref().map(|s| &s.raw));
        self.time.append_option(millis(record.time));
        self.bought.append_option(millis(record.bought));
        self.buyer.append_option(record.buyer.map(|t| t.0 as i64));
        self.order.append_option(record.order.map(|t| t.0 as i64));
        self.given.append_option(record.given.as_ref());
        self.silence.append_option(record.silence.map(silence_key));
        self.near_copy.append_value(record.near_copy);
        self.row.append_value(record.row as i64);
        for turn in &record.turns {
            self.bytes += turn.text.len();
            part::<NamesBuilder>(&mut self.turns, 0).append_value(turn.speaker.key());
            part::<NamesBuilder>(&mut self.turns, 1).append_value(TurnKind::key(turn.kind));
            part::<TimestampMillisecondBuilder>(&mut self.turns, 2).append_option(millis(turn.time));
            part::<NamesBuilder>(&mut self.turns, 3).append_option(turn.agent.as_ref());
            part::<StringBuilder>(&mut self.turns, 4).append_value(&turn.text);
            self.turns.values().append(true);
        }
        self.turns.append(true);
    }

    fn take(&mut self) -> RecordBatch {
        let Columns { place, .. } = self;
        let [kind, shop, platform, product_id, product, sku] = place.each_mut().map(|c| c.finish());
        let batch = RecordBatch::try_new(
            schema::SCHEMA.clone(),
            vec![
                Arc::new(self.uid.finish()),
                Arc::new(self.version.finish()),
                Arc::new(kind),
                Arc::new(shop),
                Arc::new(platform),
                Arc::new(product_id),
                Arc::new(product),
                Arc::new(sku),
                Arc::new(self.variant.finish()),
                Arc::new(self.stars.finish()),
                Arc::new(self.stars_raw.finish()),
                Arc::new(self.time.finish()),
                Arc::new(self.bought.finish()),
                Arc::new(self.buyer.finish()),
                Arc::new(self.order.finish()),
                Arc::new(self.given.finish()),
                Arc::new(self.silence.finish()),
                Arc::new(self.near_copy.finish()),
                Arc::new(self.row.finish()),
                Arc::new(self.turns.finish()),
            ],
        );
        (self.rows, self.bytes) = (0, 0);
        batch.expect("the columns are those of the schema")
    }
}

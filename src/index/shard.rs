//! One shard: a tantivy index of one segment over a run of rows, written once and never changed.

use std::fs;
use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::index::Index;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};
use tantivy::store::Compressor;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{IndexSettings, ReloadPolicy, Searcher, TantivyError};

use super::tokens::Characters;
use crate::disk;
use crate::error::{Error, Result};
use crate::said;
use crate::text::fold_into;
use crate::words::{Moment, Speaker, TurnKind, TurnView};

/// Memory that a shard's table of terms starts with, in bytes; it grows as needed.
const MEMORY: usize = 32 << 20;
const TOKENIZER: &str = "characters";
const TIME: &str = "time";

/// What the index learns of a row.
#[derive(Clone, Copy, Debug)]
pub struct Doc<'a> {
    /// When it was written.
    pub time: Option<Moment>,
    /// What was said, turn by turn.
    pub turns: &'a [TurnView<'a>],
}

/// The fields of a shard: who is heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The customer's own words.
    pub buyer: Field,
    /// What the shop and the platform wrote.
    pub others: Field,
    time: Field,
}

pub(super) fn schema() -> (Schema, Fields) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let mut builder = Schema::builder();
    let fields = Fields {
        buyer: builder.add_text_field("buyer", text.clone()),
        others: builder.add_text_field("others", text),
        time: builder.add_i64_field(TIME, NumericOptions::default() | FAST),
    };
    (builder.build(), fields)
}

fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(TOKENIZER, TextAnalyzer::from(Characters::default()));
    tokenizers
}

/// Builds a shard in its folder: beside it first, then in its place at once. `fill` hands over every row.
pub(super) fn build(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut dyn FnMut(Doc<'_>) -> Result<()>) -> Result<()>,
) -> Result<()> {
    let fail = |err: TantivyError| failed(folder, err);
    let unfinished =
        tempfile::Builder::new().prefix(disk::UNFINISHED).tempdir_in(folder).map_err(|err| Error::file(folder, err))?;
    let directory = MmapDirectory::open(unfinished.path()).map_err(|err| fail(err.into()))?;
    let (schema, fields) = schema();
    let settings = IndexSettings {
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    let mut writer = Index::builder()
        .schema(schema)
        .settings(settings)
        .tokenizers(tokenizers())
        .single_segment_index_writer::<TantivyDocument>(directory, MEMORY)
        .map_err(fail)?;
    let (mut folded, mut soft) = (String::new(), Vec::new());
    fill(&mut |doc| {
        let mut row = TantivyDocument::new();
        if let Some(time) = doc.time {
            row.add_i64(fields.time, time.0);
        }
        for turn in doc.turns {
            if let Some(field) = field_of(turn, &fields) {
                folded.clear();
                soft.clear();
                fold_into(turn.text, &mut folded, &mut soft);
                row.add_text(field, &folded);
            }
        }
        writer.add_document(row).map_err(fail)
    })?;
    writer.finalize().map_err(fail)?;
    let (from, to) = (unfinished.path(), folder.join(name));
    match fs::rename(from, &to) {
        Ok(()) => {
            // It has its name now; there is nothing left to clean up.
            let _ = unfinished.keep();
            Ok(())
        }
        // Another reader built the same shard meanwhile: one is as good as the other.
        Err(_) if to.is_dir() => Ok(()),
        Err(err) => Err(Error::file(&to, err)),
    }
}

/// Where a turn is searched; `None`: it holds no words.
fn field_of(turn: &TurnView<'_>, fields: &Fields) -> Option<Field> {
    match (turn.speaker, turn.kind) {
        _ if turn.is_customer_text() => Some(fields.buyer),
        (Speaker::Buyer, _) | (_, TurnKind::Card | TurnKind::Recalled) => None,
        _ => Some(fields.others),
    }
}

/// Opens a shard that was built.
pub(super) fn open(path: &Path) -> Result<Searcher> {
    let fail = |err: TantivyError| failed(path, err);
    let directory = MmapDirectory::open(path).map_err(|err| fail(err.into()))?;
    let mut index = Index::open(directory).map_err(fail)?;
    index.set_tokenizers(tokenizers());
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(fail)?;
    let searcher: Searcher = reader.searcher();
    match searcher.segment_readers() {
        [one] if one.alive_bitset().is_none() => Ok(searcher),
        _ => Err(failed(path, TantivyError::InternalError("not one whole segment".into()))),
    }
}

/// The column of times of an opened shard.
pub(super) fn times(searcher: &Searcher) -> tantivy::Result<tantivy::columnar::Column<i64>> {
    searcher.segment_reader(0).fast_fields().i64(TIME)
}

/// A tantivy error as an operator reads it.
pub(super) fn failed(path: &Path, err: TantivyError) -> Error {
    let what = said!("索引 {path} 无法读写", "the index {path} cannot be read or written", path = path.display());
    Error::new("index", what).cause(err).help(said!(
        "检查磁盘空间；或删除 .earful 文件夹，它会自动重建，不会丢失数据",
        "check the free space of the disk, or delete the folder .earful: it comes back by itself and holds no data"
    ))
}

//! The index of a workspace: built where it is missing, searched in parallel, merged in one order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring};
use tantivy::schema::Field;
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use super::plan::{self, Piece};
use super::query::Query;
use super::shard::{self, Doc, Fields, failed};
use crate::disk;
use crate::error::{Error, Result};
use crate::words::{Moment, called, keyed};

/// How hits are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest first; without a time last.
    #[default]
    Newest,
    /// Best first, by BM25.
    Best,
}

keyed!(Order { Newest = "newest", Best = "best" });

called!(Order { Newest: "最新", "时间"; Best: "最相关", "相关", "相关度" });

/// One record found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Place of its record file in the store.
    pub file: usize,
    /// Ordinal of its row in the file.
    pub ordinal: u32,
    /// When it was written.
    pub time: Option<Moment>,
    /// BM25 score; 0 if hits are ordered by time.
    pub score: f32,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// How many records match, shown or not.
    pub total: u64,
    /// The first of them.
    pub hits: Vec<Hit>,
}

/// The index of a workspace, open for any number of searches at once.
pub struct Index {
    folder: PathBuf,
    fields: Fields,
    pieces: Vec<Piece>,
    shards: Vec<Shard>,
}

struct Shard {
    pieces: Range<usize>,
    searcher: Searcher,
}

/// Work that another process left unfinished so long ago is not going on any more.
const STALE: Duration = Duration::from_secs(24 * 3600);

impl Index {
    /// Rows that [`Index::open`] would have to read.
    pub fn unread(folder: &Path, pieces: &[Piece]) -> u64 {
        let missing = |shard: &Range<usize>| !folder.join(plan::name(&pieces[shard.clone()])).is_dir();
        let rows = |shard: Range<usize>| pieces[shard].iter().map(|piece| u64::from(piece.rows)).sum::<u64>();
        plan::cut(pieces).into_iter().filter(missing).map(rows).sum()
    }

    /// Opens the index over these pieces, in the order of import, and first builds what is missing of it.
    /// `read` hands over the rows of a piece, by its place in `pieces`, every one and in order.
    pub fn open(
        folder: &Path,
        pieces: Vec<Piece>,
        read: impl Fn(usize, &mut dyn FnMut(Doc<'_>) -> Result<()>) -> Result<()> + Sync,
    ) -> Result<Index> {
        fs::create_dir_all(folder).map_err(|err| Error::file(folder, err))?;
        let build = |shard: &Range<usize>, name: &str| {
            shard::build(folder, name, |add| shard.clone().try_for_each(|piece| read(piece, add)))
        };
        let wanted: Vec<(Range<usize>, String)> =
            plan::cut(&pieces).into_iter().map(|shard| (shard.clone(), plan::name(&pieces[shard]))).collect();
        let open = |(shard, name): &(Range<usize>, String)| {
            let path = folder.join(name);
            if !path.is_dir() {
                build(shard, name)?;
            }
            let rows: u64 = pieces[shard.clone()].iter().map(|piece| u64::from(piece.rows)).sum();
            let whole = |searcher: &Searcher| searcher.num_docs() == rows;
            let searcher = match shard::open(&path).ok().filter(whole) {
                Some(searcher) => searcher,
                None => {
                    // It was damaged: a cache is built again.
                    fs::remove_dir_all(&path).map_err(|err| Error::file(&path, err))?;
                    build(shard, name)?;
                    shard::open(&path)?
                }
            };
            Ok(Shard { pieces: shard.clone(), searcher })
        };
        let shards = wanted.par_iter().with_max_len(1).map(open).collect::<Result<_>>()?;
        forget(folder, &wanted.into_iter().map(|(_, name)| name).collect());
        Ok(Index { folder: folder.to_path_buf(), fields: shard::schema().1, pieces, shards })
    }

    /// Finds the records that match and that `keep` (file, ordinal) lets through, counts all of them and
    /// shows the first `limit`.
    pub fn search(
        &self,
        query: &Query,
        order: Order,
        limit: usize,
        keep: impl Fn(usize, u32) -> bool + Sync,
    ) -> Result<Found> {
        let parts = self.each_shard(|shard| {
            let times = shard::times(&shard.searcher)?;
            let mut total = 0;
            let mut best: BinaryHeap<Reverse<(Key, u32)>> = BinaryHeap::with_capacity(limit + 1);
            self.each_match(shard, query, order == Order::Best, |doc, piece, ordinal, score| {
                if !keep(piece.file, ordinal) {
                    return;
                }
                total += 1;
                let time = times.first(doc);
                let key = Key::new(order, time, score, piece.file, ordinal);
                if best.len() < limit {
                    best.push(Reverse((key, score.to_bits())));
                } else if best.peek().is_some_and(|Reverse((least, _))| *least < key) {
                    best.pop();
                    best.push(Reverse((key, score.to_bits())));
                }
            })?;
            Ok((total, best.into_vec()))
        })?;
        let total = parts.iter().map(|(total, _)| total).sum();
        let mut best: Vec<_> = parts.into_iter().flat_map(|(_, best)| best).collect();
        best.sort_unstable();
        best.truncate(limit);
        let hit = |Reverse((key, score)): Reverse<(Key, u32)>| key.hit(f32::from_bits(score));
        Ok(Found { total, hits: best.into_iter().map(hit).collect() })
    }

    /// Every record that matches: per record file, in the order of the store, the ordinals of its rows.
    pub fn matching(&self, query: &Query) -> Result<Vec<RoaringBitmap>> {
        let parts = self.each_shard(|shard| {
            let mut found: Vec<(usize, Vec<u32>)> = Vec::new();
            self.each_match(shard, query, false, |_, piece, ordinal, _| match found.last_mut() {
                Some((file, rows)) if *file == piece.file => rows.push(ordinal),
                _ => found.push((piece.file, vec![ordinal])),
            })?;
            Ok(found)
        })?;
        let files = self.pieces.iter().map(|piece| piece.file + 1).max().unwrap_or(0);
        let mut maps = vec![RoaringBitmap::new(); files];
        for (file, rows) in parts.into_iter().flatten() {
            maps[file].extend(rows);
        }
        Ok(maps)
    }

    /// Bytes on the disk.
    pub fn bytes(&self) -> u64 {
        let size = |path: PathBuf| {
            let files = fs::read_dir(path).into_iter().flatten().flatten();
            files.filter_map(|file| file.metadata().ok()).map(|about| about.len()).sum::<u64>()
        };
        self.shards.iter().map(|shard| size(self.folder.join(plan::name(&self.pieces[shard.pieces.clone()])))).sum()
    }

    fn each_shard<T: Send>(&self, search: impl Fn(&Shard) -> SearchResult<T> + Sync) -> Result<Vec<T>> {
        self.shards
            .par_iter()
            .with_max_len(1)
            .map(|shard| {
                search(shard).map_err(|err| match err {
                    Failure::Ours(err) => err,
                    Failure::Index(err) => failed(&self.folder, err),
                })
            })
            .collect()
    }

    /// Calls `each` with (document, piece, ordinal, score) for every match, in order.
    fn each_match(
        &self,
        shard: &Shard,
        query: &Query,
        scored: bool,
        mut each: impl FnMut(u32, &Piece, u32, f32),
    ) -> SearchResult<()> {
        let scoring = match scored {
            true => EnableScoring::enabled_from_statistics_provider(self, &shard.searcher),
            false => EnableScoring::disabled_from_searcher(&shard.searcher),
        };
        let weight = query.for_fields(&self.fields)?.weight(scoring)?;
        let mut scorer = weight.scorer(shard.searcher.segment_reader(0), 1.0)?;
        let mut pieces = self.pieces[shard.pieces.clone()].iter();
        let Some(mut piece) = pieces.next() else { return Ok(()) };
        let mut begin = 0;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            while doc >= begin + piece.rows {
                begin += piece.rows;
                piece = pieces.next().expect("a shard has a document for every row of its pieces");
            }
            let score = if scored { scorer.score() } else { 0.0 };
            each(doc, piece, piece.start + (doc - begin), score);
            doc = scorer.advance();
        }
        Ok(())
    }
}

/// Where a hit stands among hits: greater comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// Bits of the score, which is never negative, so that they order as it does; 0 if unscored.
    score: u32,
    time: Option<i64>,
    file: usize,
    ordinal: u32,
}

impl Key {
    fn new(order: Order, time: Option<i64>, score: f32, file: usize, ordinal: u32) -> Key {
        let score = if order == Order::Best { score.max(0.0).to_bits() } else { 0 };
        Key { score, time, file, ordinal }
    }

    fn hit(self, score: f32) -> Hit {
        Hit { file: self.file, ordinal: self.ordinal, time: self.time.map(Moment), score }
    }
}

enum Failure {
    Ours(Error),
    Index(tantivy::TantivyError),
}

impl From<Error> for Failure {
    fn from(err: Error) -> Failure {
        Failure::Ours(err)
    }
}

impl From<tantivy::TantivyError> for Failure {
    fn from(err: tantivy::TantivyError) -> Failure {
        Failure::Index(err)
    }
}

type SearchResult<T> = std::result::Result<T, Failure>;

/// What is rare is told over all shards, so that a record's score does not hang on the shard it is in.
impl Bm25StatisticsProvider for Index {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.shards.iter().map(|shard| shard.searcher.total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.shards.iter().map(|shard| shard.searcher.total_num_docs()).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.shards.iter().map(|shard| shard.searcher.doc_freq(term)).sum()
    }
}

/// Deletes shards that nobody wants any more. Who has one open keeps it until done.
fn forget(folder: &Path, wanted: &FxHashSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        let going_on = name.starts_with(disk::UNFINISHED) && age.is_none_or(|age| age < STALE);
        if !wanted.contains(&name) && !going_on {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

//! Which row groups make up which shard: a pure function of what there is, so that an import changes only
//! the last few shards and two machines agree on all of them.

use std::ops::Range;

use crate::text::FOLD_VERSION;

/// Changes whenever a shard built from the same text would be another.
const INDEX_VERSION: u32 = 1;
/// A shard is full with so many rows,
const SHARD_ROWS: u64 = 64 << 10;
/// or so many bytes of columns.
const SHARD_BYTES: u64 = 32 << 20;

/// A run of rows of one record file: what is read at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Place of the record file in the store.
    pub file: usize,
    /// What stands for the file's content.
    pub id: String,
    /// Ordinal of the first row in the file.
    pub start: u32,
    /// Rows of the file.
    pub rows: u32,
    /// About how many bytes they are.
    pub bytes: u64,
}

/// Cuts the pieces, in order, into shards. Full shards come first; of the rest, powers of two, so that
/// adding a piece builds one small shard and seldom a larger one.
pub(super) fn cut(pieces: &[Piece]) -> Vec<Range<usize>> {
    let mut shards = Vec::new();
    let (mut start, mut rows, mut bytes) = (0, 0, 0);
    for (at, piece) in pieces.iter().enumerate() {
        rows += u64::from(piece.rows);
        bytes += piece.bytes;
        if rows >= SHARD_ROWS || bytes >= SHARD_BYTES {
            shards.push(start..at + 1);
            (start, rows, bytes) = (at + 1, 0, 0);
        }
    }
    while start < pieces.len() {
        let size = 1 << (pieces.len() - start).ilog2();
        shards.push(start..start + size);
        start += size;
    }
    shards
}

/// The name of a shard: a hash of everything that decides what is in it.
pub(super) fn name(pieces: &[Piece]) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(&INDEX_VERSION.to_le_bytes()).update(&FOLD_VERSION.to_le_bytes());
    for piece in pieces {
        hash.update(piece.id.as_bytes()).update(&[0]);
        hash.update(&piece.start.to_le_bytes()).update(&piece.rows.to_le_bytes());
    }
    hash.finalize().to_hex()[..24].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(rows: &[u32]) -> Vec<Piece> {
        rows.iter().map(|rows| Piece { file: 0, id: "x".into(), start: 0, rows: *rows, bytes: 1 }).collect()
    }

    #[test]
    fn adding_pieces_leaves_full_shards_alone_and_builds_few_others() {
        assert!(cut(&[]).is_empty());
        let big = 40_000;
        assert_eq!(cut(&pieces(&[big, big, big, 5, 5])), [0..2, 2..4, 4..5]);
        let (mut built, mut before) = (0, Vec::new());
        for n in 1..=256 {
            let now = cut(&pieces(&vec![100; n]));
            assert!(now.len() <= 9 && now.iter().map(|s| s.len()).sum::<usize>() == n);
            built += now.iter().filter(|s| !before.contains(*s)).map(|s| s.len()).sum::<usize>();
            before = now;
        }
        assert!(built <= 256 * 9, "{built}");
    }
}

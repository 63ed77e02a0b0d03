//! Finds text: exact for any Han substring and for Latin words; knows no taxonomy.
//!
//! The home of tantivy. Searching for a keyword finds exactly the records in which the classifier sees it,
//! because both look for the same folded characters with the same rule for the edges of words; but for a space
//! between Chinese phrases, which ends a keyword for the classifier and not for who searches. The index is a
//! cache: a folder of shards, each named by what it was built from, so that an import builds only what is
//! new, a purge or a new way of folding builds again what it touched, and readers never wait.

mod plan;
mod query;
mod search;
mod shard;
mod tokens;

pub use plan::Piece;
pub use query::{Heard, Query};
pub use search::{Found, Hit, Index, Order};
pub use shard::Doc;

//! The facts: immutable Parquet files, one an import, read in parallel and never changed but by a purge.
//!
//! The home of parquet and arrow. Columns stand in [`schema`]; every engine that reads Parquet reads them.

mod batch;
pub mod foreign;
mod purge;
pub mod schema;
mod store;
mod table;
mod versions;
mod writer;

pub use batch::{Batch, Names};
pub use purge::{Purge, Purged, purge, would_purge};
pub use schema::Fields;
pub use store::{RecordFile, Store, Unit};
pub use table::write_tally;
pub use versions::{Known, Meeting, Snapshot, version};
pub use writer::{Source, Writer};

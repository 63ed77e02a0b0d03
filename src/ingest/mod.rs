//! From any export to masked, normalised records, with a ledger of what was read and left out.
//!
//! Two halves. Bytes -> tables -> which source is it: this folder. Row -> record: [`meaning`].
//! Between them stand [`table::Batch`] (rows) and [`source::Source`] (how to read them):
//!
//! 1. A container fills batches; detection looks at the first of them and decides a `Source`.
//! 2. `meaning::Reader::new(&Source, &Settings)` is built once; `reader.read(Row) -> Reading` has no
//!    state and is called for many rows at once by rayon: dates, stars, variants, masking, tokens.
//! 3. `meaning::Gather` takes the readings one by one, in the order of the file: repeats,
//!    conversations, counts. `gather.take(reading, &mut Ledger, sink)`, then `gather.finish(..)`.
//! 4. Text chat logs, and other text that is no table, become rows too: `meaning::chat::Log` turns lines
//!    into rows whose headers are keys of fields.

pub mod bytes;
mod container;
mod detect;
mod encoding;
pub mod field;
pub mod mask;
pub mod meaning;
mod read;
pub mod side;
pub mod source;
pub mod table;
mod vocabulary;

pub use bytes::{Input, Room};
pub use container::{Columns, OpenColumns};
pub use field::Field;
pub use meaning::Sketch;
pub use read::{FAR_DATES, preview, read};
pub use source::{DateOrder, Held, Mapping, Other, Settings, Source};
pub use vocabulary::{Format, formats};

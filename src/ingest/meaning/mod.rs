//! Row -> record: dates, stars, ids, variants, masking, tokens, roles, conversations, repeats.
//!
//! [`Reader`] says what one row means by itself; it has no state and runs on many rows at once. [`Gather`]
//! takes the readings in the order of the file and knows what only the rows together tell: the year of a
//! date without one, repeats and near copies, follow-ups in rows of their own, conversations. Every row ends
//! in the ledger: kept, repeat, or left out with a reason.

mod cells;
pub mod chat;
mod copies;
pub mod dates;
mod gather;
mod id;
pub(in crate::ingest) mod plain;
mod reader;
mod reasons;
mod review;
mod silence;
mod stars;
mod uid;
mod variant;

pub use cells::says_nothing;
pub use copies::{Copies, Sketch};
pub use dates::{DateLook, date_look, readings};
pub use gather::{Gather, Memory, Sink};
pub use reader::{Reader, Reading};
pub use stars::{looks_like_stars, stars};

//! A workspace: plain files in a folder, found, made, locked for one writer, never left half-written.
//!
//! ```text
//! myshop/
//!   earful.toml       settings: shops, time zone, language, week start
//!   taxonomy/         the shop's own codebook; as long as it is absent the bundled one is used
//!   records/          what was imported, one Parquet file an import
//!   decisions.jsonl   what people decided by hand
//!   events.csv        what happened: manufacturer changes, campaigns, listing edits
//!   agents.csv        by which names customers know the agents, if somebody keeps it
//!   scripts.csv       phrases that agents should use, if somebody keeps them
//!   orders.csv        who bought, as tokens
//!   earful.key        secret behind the buyer and order tokens: keep a copy, never share it
//!   .earful/          caches; may be deleted at any time and come back the same
//! ```

mod cache;
mod decisions;
mod events;
mod key;
mod lines;
mod orders;
mod place;
mod roster;
mod settings;

pub use cache::{LabelCache, Labels};
pub use decisions::Decision;
pub use events::Event;
pub use key::Key;
pub use lines::read as text_of;
pub use place::{Workspace, Writing};
pub use settings::{Settings, Shop};

//! earful reads what customers say, sorts every record into an editable keyword taxonomy, and shows
//! how the share of each problem moves, with the customer's own words one step away.
//!
//! The modules below are listed from the ground up: a module uses only what stands above it in this
//! list. `tests/it/tidy.rs` reads the imports and holds that, and ARCHITECTURE.md is the map.

// Links to private items serve those who read the source; `--document-private-items` resolves them.
#![allow(rustdoc::private_intra_doc_links)]

// Floor 0: the nouns. No file, no clock, no failure.
pub mod words;
// Floor 1: text as characters: folding with the way back, clauses, words.
pub mod text;
// Floor 2: the codebook: categories, rules, operators, checks.
pub mod taxonomy;
// Floor 3: record -> labels, and why; chats -> rounds and clocks.
pub mod reading;
// Floor 4: labels -> numbers that can be trusted.
pub mod stats;
// Floor 5: everything above this line cannot fail; everything below may.
pub mod error;
// The step above it: a file is on the disk whole or not at all.
pub mod disk;
// Floor 6: the edges: files in, facts kept, text found.
pub mod index;
pub mod ingest;
pub mod records;
pub mod workspace;
// Floor 7: what people see.
pub mod report;
// Floor 9: the only place that knows the order of things.
pub mod run;
// Floor 10: the doors.
pub mod cli;

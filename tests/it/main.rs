//! One integration binary: every area is a module, and tells its story through one door.

mod chat;
mod cli;
mod corpora;
mod demo;
mod dress;
mod gate;
mod golden;
mod ingest;
mod labels;
mod mask;
mod meaning;
mod reading;
mod search;
mod service;
mod stance;
mod store;
mod tally;
mod taxonomy;
mod text;
mod tidy;
mod workspace;

//! Reading: a record becomes labels, each with the evidence and the cue that made it.

mod classifier;
mod compile;
pub mod eval;
mod operator;
mod page;
mod scan;
mod stance;

pub use classifier::{Classifier, Evidence, Label, Reading, Said, Scratch};

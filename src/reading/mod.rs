//! Reading: a record becomes labels, each with the evidence and the cue that made it; a chat becomes
//! rounds and clocks.

pub mod case;
pub mod chat;
mod classifier;
mod compile;
pub mod eval;
pub mod examples;
mod finder;
mod grammar;
pub mod hand;
mod manner;
mod operator;
mod page;
mod scan;
mod stance;
mod vocabulary;
mod why_not;

pub use classifier::{Classifier, Evidence, Label, Reading, Said, Scratch};
pub use why_not::{Nearness, Quote, Reason, WhyNot};

//! Text as characters: folding with the way back, clauses, scripts and words.

pub mod clause;
pub mod fold;
pub mod script;

pub use clause::{Clause, Cut, split};
pub use fold::{FOLD_VERSION, Folded, fold, fold_into};

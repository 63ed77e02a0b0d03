//! From labels to numbers that can be trusted. Every method is a pure function of counts; what is
//! undefined is `None`, never a number that looks like one.

mod count;
pub mod tally;

pub use count::{Count, Pair};

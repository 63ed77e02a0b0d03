//! From labels to numbers that can be trusted. Every method is a pure function of counts; what is
//! undefined is `None`, never a number that looks like one.

pub mod agree;
pub mod alarm;
pub mod change;
pub mod change_point;
mod count;
pub mod days;
pub mod event;
pub mod family;
pub mod gate;
pub mod impact;
pub mod keyness;
pub mod many;
pub mod mix;
pub mod mixture;
pub mod new_words;
mod numeric;
pub mod pooled;
pub mod quality;
pub mod random;
pub mod rate;
pub mod rolling;
pub mod selftest;
pub mod shrink;
pub mod suggest;
pub mod tally;
pub mod two_sample;
pub mod unrest;

pub use count::{Count, Pair};
pub use numeric::CONFIDENCE;

//! The only place that knows the order of things: each file is one job, from its beginning to its end.

pub mod add;
pub mod chats;
pub mod classify;
pub mod counts;
pub mod decide;
pub mod demo;
pub mod event;
pub mod facts;
pub mod ground;
pub mod hand;
pub mod labels;
mod places;
pub mod purge;
pub mod quality;
pub mod report;
pub mod sales;
pub mod search;
pub mod selftest;
pub mod side;
pub mod status;
pub mod tally;
pub mod taxonomy;
pub mod told;
pub mod why;
pub mod workshop;

//! What happened in a chat, and how fast: turns become rounds, rounds become clocks by a stated definition,
//! and a conversation gets its stage.

pub mod clock;
mod manners;
pub mod pack;
pub mod stage;
mod talk;

pub use manners::{is_courtesy, is_greeting};
pub use talk::{Answers, Round, Talk, Wait};

//! Text as characters.

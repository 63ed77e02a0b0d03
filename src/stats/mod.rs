//! From labels to numbers that can be trusted.

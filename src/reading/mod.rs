//! From a record to its labels, and why.

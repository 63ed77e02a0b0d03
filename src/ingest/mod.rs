//! From any export to masked, normalised records, with a ledger of what was read and left out.

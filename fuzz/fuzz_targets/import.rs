//! Any bytes at all: the front door must give records or a reason.

#![no_main]

use earful::ingest::{Input, Settings, preview};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((ledger, _)) = preview(Input::Bytes("fuzz", bytes), &Settings::new("shop", [7; 32]), 0) {
        assert!(ledger.balances());
    }
});

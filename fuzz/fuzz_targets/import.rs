//! Any bytes at all: the front door must give records or a reason.

#![no_main]

use earful_fuzz::import;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    import("fuzz", bytes);
});

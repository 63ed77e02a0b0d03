//! What every target does with the bytes that it made: the whole way from a container to masked records.

use earful::ingest::{Input, Settings, preview};
use earful::run::add::parquet;
use earful::words::limits;

/// Reads a file of this name as `earful add` does. It must give records or a reason, account for every row, and keep
/// no text longer than the limit.
pub fn import(name: &str, bytes: &[u8]) {
    let settings = Settings { columns: Some(&parquet), ..Settings::new("shop", [7; 32]) };
    match preview(Input::Bytes(name, bytes), &settings, 100) {
        Ok((ledger, records)) => {
            assert!(ledger.balances(), "{ledger:?}");
            let turns = records.iter().flat_map(|r| &r.turns);
            assert!(turns.clone().all(|t| t.text.len() <= limits::TURN_BYTES));
        }
        Err(err) => assert!(!err.code().is_empty()),
    }
}

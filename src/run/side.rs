//! Adding what is no customer's words: orders to look chats up in, and after-sale cases.

use std::sync::{Mutex, PoisonError};

use super::add::{Ask, settings, shop};
use crate::error::Result;
use crate::ingest::{Input, Settings, side};
use crate::records::{Known, Meeting, Source, Store, Writer};
use crate::words::{Ledger, Order, Record};
use crate::workspace::{Shop, Workspace, Writing};

/// The platform in whose realm a shop's buyers are known.
fn platform(shop: &Shop) -> &str {
    // Most sellers who keep such lists by hand sell on Taobao; a shop of another platform says so in earful.toml.
    shop.platform.as_deref().unwrap_or("taobao")
}

/// Reads orders as [`add_orders`] would and keeps nothing.
pub fn orders(workspace: &Workspace, input: Input<'_>, ask: &Ask) -> Result<(Vec<Order>, Ledger)> {
    let shop = shop(workspace, ask)?;
    side::orders(input, &settings(workspace, &shop, ask)?, platform(&shop))
}

/// Adds an export of orders to `orders.csv`. Those that are there already are repeats.
pub fn add_orders(writing: &mut Writing, input: Input<'_>, ask: &Ask) -> Result<Ledger> {
    let (orders, mut ledger) = orders(writing, input, ask)?;
    let fresh = writing.keep_orders(&orders)? as u64;
    ledger.repeats += ledger.kept - fresh;
    (ledger.kept, ledger.records) = (fresh, fresh);
    Ok(ledger)
}

/// Adds a list of after-sale cases as records.
pub fn add_cases(writing: &mut Writing, input: Input<'_>, ask: &Ask) -> Result<Ledger> {
    let shop = shop(writing, ask)?;
    let known = Mutex::new(Known::load(&Store::open(&writing.records())?)?);
    let held = |record: &Record| {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.meet(record) == Meeting::Repeat
    };
    let zone = writing.settings().zone_of(&shop.name).to_string();
    let settings = Settings { held: Some(&held), ..settings(writing, &shop, ask)? };
    let mut writer = Writer::begin(&writing.records(), &zone)?;
    let ledger = side::cases(input, &settings, platform(&shop), &mut |record| writer.push(&record))?;
    assert!(ledger.balances(), "every row of {} must be accounted for", ledger.file);
    if writer.pushed() == 0 {
        return Ok(ledger);
    }
    let source = Source { name: ledger.file.clone(), hash: ledger.blake3.clone() };
    let text = serde_json::to_string(&ledger).expect("a ledger is plain data");
    writing.add_shop(&shop)?;
    writer.finish(&source, &text)?;
    Ok(ledger)
}

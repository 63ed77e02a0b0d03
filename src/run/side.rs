//! Adding what is no customer's words: orders to look chats up in, and after-sale cases.

use std::collections::BTreeSet;

use super::add::{self, Ask, keep, settings, shop};
use crate::error::Result;
use crate::ingest::{Input, side};
use crate::words::{Ledger, Order, Record, Token};
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
    check_elsewhere(&writing.orders()?, &orders, &mut ledger, ask)?;
    let fresh = writing.keep_orders(&orders)? as u64;
    ledger.repeats += ledger.kept - fresh;
    (ledger.kept, ledger.records) = (fresh, fresh);
    Ok(ledger)
}

/// Refuses orders that stand under another shop.
fn check_elsewhere(known: &[Order], orders: &[Order], ledger: &mut Ledger, ask: &Ask) -> Result<()> {
    fn own(order: &Order) -> (Token, &str) {
        (order.order, &order.shop)
    }
    let held: BTreeSet<(Token, &str)> = known.iter().map(own).collect();
    let shops: BTreeSet<&str> = known.iter().map(|order| order.shop.as_str()).collect();
    let fresh: Vec<&Order> = orders.iter().filter(|order| !held.contains(&own(order))).collect();
    let of = |shop: &&str| fresh.iter().filter(|order| held.contains(&(order.order, shop))).count() as u64;
    add::check_elsewhere(shops.iter().map(|shop| (*shop, of(shop))), ledger, ask)
}

/// Reads after-sale cases as [`add_cases`] would and hands back the first records, keeping nothing.
pub fn cases(workspace: &Workspace, input: Input<'_>, ask: &Ask, first: usize) -> Result<(Ledger, Vec<Record>)> {
    let shop = shop(workspace, ask)?;
    let mut records = Vec::new();
    let ledger = side::cases(input, &settings(workspace, &shop, ask)?, platform(&shop), &mut |record| {
        if records.len() < first {
            records.push(record);
        }
        Ok(())
    })?;
    Ok((ledger, records))
}

/// Adds a list of after-sale cases as records.
pub fn add_cases(writing: &mut Writing, input: Input<'_>, ask: &Ask) -> Result<Ledger> {
    keep(writing, ask, |settings, shop, sink| side::cases(input, &settings, platform(shop), sink))
}

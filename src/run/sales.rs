//! Who bought after asking: a reason for leaving counts only of those who could have bought and did not, in every
//! report and in every search.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::reading::chat::Talk;
use crate::reading::chat::pack::bundled;
use crate::reading::chat::stage::{Known, Why, stage};
use crate::words::{Moment, Order, Record, Stage, Token};
use crate::workspace::Workspace;

/// Orders by buyer, and how long after a conversation one of them is its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sales {
    of_buyer: BTreeMap<Token, Vec<(Moment, String)>>,
    /// How many orders there are.
    pub known: usize,
    /// Days after a conversation in which a purchase is its own.
    pub window: u32,
}

/// What is known of the purchase after a conversation.
#[derive(Clone, Debug, Default)]
pub struct Purchase {
    /// The export of the chat itself says that the customer bought.
    pub told: bool,
    orders: Vec<Moment>,
    /// First and last message.
    span: Option<(Moment, Moment)>,
}

impl Sales {
    /// The orders of a workspace and the window of our own definitions: what counts where nothing else is asked for.
    pub fn of_workspace(workspace: &Workspace) -> Result<Sales> {
        let window = bundled().first().map_or(0, |own| own.attribution_days);
        Ok(Sales::new(workspace.orders()?, window))
    }

    /// These orders, each once.
    pub fn new(mut orders: Vec<Order>, window: u32) -> Sales {
        orders.sort();
        orders.dedup();
        let known = orders.len();
        let mut of_buyer: BTreeMap<Token, Vec<(Moment, String)>> = BTreeMap::new();
        for order in orders {
            if let (Some(buyer), Some(at)) = (order.buyer, order.bought) {
                of_buyer.entry(buyer).or_default().push((at, order.sku));
            }
        }
        of_buyer.values_mut().for_each(|orders| orders.sort());
        Sales { of_buyer, known, window }
    }

    /// True if this buyer has an order.
    pub fn knows(&self, buyer: Option<Token>) -> bool {
        buyer.is_some_and(|buyer| self.of_buyer.contains_key(&buyer))
    }

    /// The purchase after a conversation, the stage that orders and words tell, and why.
    pub fn of(&self, record: &Record, talk: &Talk) -> (Purchase, Stage, Why) {
        let mine = record.buyer.and_then(|buyer| self.of_buyer.get(&buyer));
        // Where either side does not know the SKU, anything of theirs.
        let same = |other: &str| record.sku.is_empty() || other.is_empty() || other == record.sku;
        let mut orders: Vec<Moment> =
            mine.into_iter().flatten().filter(|(_, other)| same(other)).map(|(at, _)| *at).collect();
        orders.extend(record.bought);
        orders.sort_unstable();
        let began = talk.began.or(record.time);
        let known = Known { names_order: record.order.is_some(), orders: &orders, began };
        let (stage, why) = stage(&record.turns, known);
        let span = began.map(|began| (began, talk.ended.unwrap_or(began)));
        (Purchase { told: record.bought.is_some(), orders, span }, stage, why)
    }

    /// True if a conversation could have led to a purchase and did not.
    pub fn is_lost(&self, record: &Record) -> bool {
        let (purchase, stage, _) = self.of(record, &Talk::read(&record.turns, crate::reading::chat::Answers::HUMAN));
        could_buy(stage) && !purchase.is_within(self.window)
    }
}

impl Purchase {
    /// True if the buyer bought within so many days of the last message.
    pub fn is_within(&self, days: u32) -> bool {
        self.told
            || self.span.is_some_and(|(began, ended)| {
                let last = ended.day().plus(days as i32);
                self.orders.iter().any(|at| *at >= began && at.day() <= last)
            })
    }
}

/// True if a conversation of this stage could lead to a purchase: those about an order of before could not.
pub fn could_buy(stage: Stage) -> bool {
    matches!(stage, Stage::Presale | Stage::Unknown)
}

/// True if a category tells why somebody did not buy.
pub fn is_reason(category: &str) -> bool {
    category.starts_with("lost/")
}

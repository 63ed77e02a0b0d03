//! An order: who bought, what, when. It says nothing, so it is no record; chats are looked up in it.

use super::{Moment, Token};

/// One line of an order, as tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// The order.
    pub order: Token,
    /// Who ordered; `None` if the platform hides it.
    pub buyer: Option<Token>,
    /// When it was bought.
    pub bought: Option<Moment>,
    /// The shop.
    pub shop: String,
    /// What: the SKU, else the listing; may be empty.
    pub sku: String,
}

//! Where in the life of a purchase a customer writes.

use super::{Said, called, keyed};

/// The stage of a purchase in which a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Before buying.
    Presale,
    /// Bought, on its way.
    Delivery,
    /// Arrived.
    Aftersale,
    /// Nothing tells.
    Unknown,
}

// None for a stage that nothing tells.
keyed!(Stage { Presale = "presale", Delivery = "delivery", Aftersale = "aftersale", Unknown = "" });

called!(Stage {
    Presale: "售前", "before sale", "pre-purchase", "before purchase", "售前咨询", "售前阶段";
    Delivery:
        "在途", "in delivery", "transit", "in transit", "shipping", "in sale", "on the way", "售中", "物流", "物流中",
        "运输中", "配送中";
    Aftersale:
        "售后", "after", "post-sale", "post-purchase", "after purchase", "售後", "售后服务", "售后阶段";
    Unknown: "";
});

impl Stage {
    /// What an operator calls it.
    pub fn said(self) -> Said {
        match self {
            Stage::Presale => Said::new("售前", "pre-sale"),
            Stage::Delivery => Said::new("在途", "in delivery"),
            Stage::Aftersale => Said::new("售后", "after-sale"),
            Stage::Unknown => Said::new("看不出", "not told"),
        }
    }
}

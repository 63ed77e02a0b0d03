//! What `plan.toml` says.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::{Date, date};
use serde::Deserialize;

/// The whole plan.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Seed of all chance.
    pub seed: u64,
    /// Months as `2026-05` and their volume as a share of `per_month`.
    pub months: Vec<(String, f64)>,
    /// Share of rows with the platform's own praise.
    pub default_praise: f64,
    /// Share of rows without text.
    pub empty: f64,
    /// Share of reviews with a follow-up, where the platform has them.
    pub follow_up: f64,
    /// Share of complaints that the shop answers.
    pub reply: f64,
    /// Shops, own and competitor.
    pub shop: Vec<Shop>,
    /// Goods.
    pub sku: Vec<Sku>,
    /// Rates by kind of goods and label.
    pub rates: BTreeMap<String, BTreeMap<String, f64>>,
    /// Planted shifts.
    pub shift: Vec<Shift>,
    /// Service chats.
    pub chats: Chats,
    /// After-sale cases.
    pub cases: Cases,
}

/// A shop.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// False for a competitor.
    pub own: bool,
}

/// One listing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sku {
    /// Which export it stands in: tmall, pdd, amazon, jd.
    pub export: String,
    /// Shop name.
    pub shop: String,
    /// Listing id as the platform writes it.
    pub id: String,
    /// Listing title.
    pub title: String,
    /// Kinds of goods, the narrowest first.
    pub goods: Vec<String>,
    /// Reviews per month.
    pub per_month: f64,
    /// Attribute name and its values, one list each.
    pub variants: Vec<Vec<String>>,
}

/// A planted shift.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// What happens, for people.
    pub name: String,
    /// Listing ids; empty with `shop` for all of a shop.
    #[serde(default)]
    pub sku: Vec<String>,
    /// Shop name.
    #[serde(default)]
    pub shop: String,
    /// Label that is said more.
    pub says: String,
    /// First day.
    pub since: String,
    /// Rate from that day on.
    pub rate: f64,
}

/// Plan of the chats: conversations per month by label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chats {
    /// Conversations before a purchase that end in one.
    pub bought: usize,
    /// Conversations that nobody answers.
    pub unanswered: usize,
    /// Questions before a purchase.
    pub presale: BTreeMap<String, usize>,
    /// Reasons given for not buying.
    pub lost: BTreeMap<String, usize>,
    /// Questions after a purchase.
    pub aftersale: BTreeMap<String, usize>,
    /// Planted shifts.
    pub shift: Vec<ChatShift>,
}

/// A planted shift of the chats.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatShift {
    /// Label.
    pub says: String,
    /// First day.
    pub since: String,
    /// Further conversations in that month.
    pub more: usize,
}

/// Plan of the after-sale cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// Kinds of case.
    pub kind: Vec<CaseKind>,
    /// Reasons, in turn.
    pub reason: Vec<CaseReason>,
}

/// A kind of case. Times are in hours, costs in yuan: the least and the most.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseKind {
    /// What was asked for.
    pub name: String,
    /// Cases per month.
    pub per_month: usize,
    /// Share that no person decides.
    #[serde(default)]
    pub automatic: f64,
    /// From the request to the shop's answer.
    pub review: [i64; 2],
    /// From there to the end.
    pub finish: [i64; 2],
    /// Something comes back and is looked at.
    #[serde(default)]
    pub inspected: bool,
    /// What a case costs.
    pub cost: [i64; 2],
    /// A planted shift: from a day on it takes longer to the end.
    pub slower: Option<Slower>,
}

/// Since when, and how many times as long.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slower {
    /// First day.
    pub since: String,
    /// Factor.
    pub times: f64,
}

/// Why something is sent back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReason {
    /// As first stated.
    pub first: String,
    /// As it stood at the end, if it changed.
    #[serde(default)]
    pub last: String,
    /// Kinds of case.
    pub kinds: Vec<String>,
    /// Kinds of goods; empty for all.
    #[serde(default)]
    pub goods: Vec<String>,
}

impl Plan {
    /// Reads the plan, or stops.
    pub fn read(path: &Path) -> Plan {
        let text = std::fs::read_to_string(path).expect("plan.toml can be read");
        toml::from_str(&text).unwrap_or_else(|e| panic!("plan.toml: {e}"))
    }

    /// First day and number of days of a month.
    pub fn month(&self, index: usize) -> (Date, i64) {
        let (year, month) = self.months[index].0.split_once('-').expect("year-month");
        let first = date(year.parse().expect("year"), month.parse().expect("month"), 1);
        (first, first.days_in_month().into())
    }

    /// Base rate of every label for a SKU: its own kinds of goods first, then what holds for all.
    pub fn rates(&self, sku: &Sku) -> BTreeMap<&str, f64> {
        let mut rates = BTreeMap::new();
        for kind in sku.goods.iter().map(String::as_str).chain(["all"]) {
            for (says, rate) in self.rates.get(kind).into_iter().flatten() {
                rates.entry(says.as_str()).or_insert(*rate);
            }
        }
        rates
    }

    /// The planted shift of a label for a SKU.
    pub fn shift(&self, sku: &Sku, says: &str) -> Option<(Date, f64)> {
        let hits = |s: &&Shift| s.says == says && (s.shop == sku.shop || s.sku.contains(&sku.id));
        self.shift.iter().find(hits).map(|s| (s.since.parse().expect("a date"), s.rate))
    }
}

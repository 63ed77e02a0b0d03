//! A row of a tally file: the same table whether it was counted here or elsewhere.

use std::collections::hash_map::Entry;

use super::Counter;
use crate::said;
use crate::words::{LabelId, Period, Said, Stance};

/// One row: `period,shop,own,sku,category,stance,mentions,base`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The period.
    pub period: Period,
    /// The shop's name.
    pub shop: &'a str,
    /// True for the user's own shop.
    pub own: bool,
    /// The SKU.
    pub sku: &'a str,
    /// The category; empty in a row that only gives the base.
    pub category: &'a str,
    /// The stance; `None` in a row that only gives the base.
    pub stance: Option<Stance>,
    /// Records that have the label.
    pub mentions: u64,
    /// All records of that SKU, shop and period: the same number in every row of theirs.
    pub base: u64,
}

impl Counter {
    /// Takes in one row of a file, or says what is wrong with it and leaves it out. Every cell may stand
    /// once; what never stands in a row has 0 mentions.
    pub fn add_row(&mut self, row: &Row<'_>) -> Result<(), Said> {
        if row.mentions > row.base {
            return Err(said!("提及数大于基数", "more mentions than its base has records"));
        }
        let shop = self.shop(row.shop, row.own);
        if self.is_own(shop) != row.own {
            return Err(said!(
                "同一店铺在别的行里归属不同（own 列）",
                "another row says otherwise whose shop this is (column own)"
            ));
        }
        let sku = self.sku(row.sku);
        let (line, new) = self.line(row.period, shop, sku);
        if new {
            *self.base(line) = row.base;
        } else if *self.base(line) != row.base {
            return Err(said!(
                "同一时间段、店铺和 SKU 的基数与前面的行不同",
                "another row gives a different base for this period, shop and SKU"
            ));
        }
        let stance = match (row.category.is_empty(), row.stance) {
            (false, Some(stance)) => stance,
            (true, None) if row.mentions == 0 => return Ok(()),
            _ => {
                return Err(said!(
                    "类别和倾向要么都写，要么都空（空则提及数为 0）",
                    "a category needs a stance and a stance a category"
                ));
            }
        };
        let Some(category) = self.category(row.category) else {
            return Err(said!("类别太多", "too many categories"));
        };
        match self.cell(line, LabelId::new(category, stance)) {
            Entry::Occupied(_) => Err(said!("这一格在前面已经出现过", "this cell already stands in another row")),
            Entry::Vacant(cell) => {
                cell.insert(row.mentions);
                Ok(())
            }
        }
    }
}

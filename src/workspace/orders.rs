//! orders.csv: who bought, as tokens; beside the records, because an order says nothing and is only looked up.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::DateTime;

use super::lines;
use crate::disk;
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Moment, Order, Token};

/// The name of the file.
pub const FILE: &str = "orders.csv";
const HEAD: &str = "order,buyer,bought,shop,sku";

/// Reads all orders, in order of their tokens, each once.
pub fn read(path: &Path) -> Result<Vec<Order>> {
    let Some(text) = lines::read(path)? else { return Ok(Vec::new()) };
    let text = text.trim_start_matches('\u{feff}');
    if text.lines().next().is_some_and(|head| head.trim() != HEAD) {
        let file = path.display();
        return Err(Error::new("orders", said!("{file} 不是 earful 写的", "{file} was not written by earful")).help(
            said!(
                "earful 用这个名字存订单：把你自己的文件换个名字，再 earful add --orders 它",
                "earful keeps its orders under that name: give your own file another one, then earful add --orders it"
            ),
        ));
    }
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut orders = BTreeSet::new();
    for (at, cells) in rows.records().enumerate() {
        let order = cells.ok().as_ref().and_then(order);
        orders.insert(order.ok_or_else(|| {
            let (file, row) = (path.display(), at + 2);
            Error::new("orders", said!("{file} 第 {row} 行读不懂", "{file}: row {row} cannot be read")).help(said!(
                "这个文件由 earful 写；删去这一行，或删去整个文件再导入订单",
                "this file is written by earful; delete that row, or the file, and add the orders again"
            ))
        })?);
    }
    Ok(orders.into_iter().collect())
}

fn order(cells: &csv::StringRecord) -> Option<Order> {
    let token = |text: &str| u64::from_str_radix(text, 16).ok().map(Token);
    let bought = cells.get(2)?;
    Some(Order {
        order: token(cells.get(0)?)?,
        buyer: token(cells.get(1)?),
        bought: match bought {
            "" => None,
            text => Some(Moment::from_civil(text.parse::<DateTime>().ok()?)),
        },
        shop: cells.get(3)?.to_string(),
        sku: cells.get(4)?.to_string(),
    })
}

/// Adds orders that are not there yet; says how many were.
pub fn append(path: &Path, orders: &[Order]) -> Result<usize> {
    let known: BTreeSet<Order> = read(path)?.into_iter().collect();
    let fresh: BTreeSet<&Order> = orders.iter().filter(|order| !known.contains(order)).collect();
    let rows = written(path, fresh.iter().copied())?;
    lines::append(path, &format!("\u{feff}{HEAD}\n"), &rows)?;
    Ok(fresh.len())
}

/// Takes out the orders of a buyer; says how many there were.
pub fn forget(path: &Path, buyer: Token) -> Result<usize> {
    let (gone, kept): (Vec<Order>, Vec<Order>) = read(path)?.into_iter().partition(|o| o.buyer == Some(buyer));
    if !gone.is_empty() {
        let rows = written(path, kept.iter())?;
        disk::write(path, format!("\u{feff}{HEAD}\n{rows}").as_bytes())?;
    }
    Ok(gone.len())
}

/// Orders as rows of the file.
fn written<'o>(path: &Path, orders: impl Iterator<Item = &'o Order>) -> Result<String> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    for order in orders {
        let text = |token: Option<Token>| token.map_or(String::new(), |t| t.to_string());
        let bought = order.bought.map_or(String::new(), |m| m.to_string());
        rows.write_record([&order.order.to_string(), &text(order.buyer), &bought, &order.shop, &order.sku])
            .map_err(|err| Error::file(path, std::io::Error::other(err)))?;
    }
    let rows = rows.into_inner().map_err(|err| Error::file(path, err.into_error()))?;
    Ok(String::from_utf8_lossy(&rows).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_kept_once_and_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let order = |n: u64, buyer| Order {
            order: Token(n),
            buyer,
            bought: Some(Moment(1_790_000_000)),
            shop: "店, \"甲\"".into(),
            sku: String::new(),
        };
        let orders = [order(2, Some(Token(7))), order(1, None)];
        assert_eq!(append(&path, &orders).unwrap(), 2);
        assert_eq!(append(&path, &orders).unwrap(), 0);
        assert_eq!(read(&path).unwrap(), [order(1, None), order(2, Some(Token(7)))]);
        assert_eq!((forget(&path, Token(7)).unwrap(), forget(&path, Token(7)).unwrap()), (1, 0));
        assert_eq!(read(&path).unwrap(), [order(1, None)]);
        for text in [format!("{HEAD}\nnonsense\n"), "订单编号,买家会员名\n1,甲\n".to_string()] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path).unwrap_err().code(), "orders");
        }
    }
}

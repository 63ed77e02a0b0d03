//! Orders: who bought, what, when. Only tokens, times and SKUs are kept.

use std::collections::BTreeSet;

use super::{BUYER, Line, PRODUCT, SKU, Wanted, lines, needed, wanted};
use crate::error::Result;
use crate::ingest::bytes::Input;
use crate::ingest::mask::Keys;
use crate::ingest::source::Settings;
use crate::words::{Ledger, Moment, Order};

const WANTED: &[Wanted] = &[
    needed("order_id", "订单编号 订单号 主订单编号 订单id orderid ordernumber orderno ordersn amazonorderid tid name"),
    needed(
        "bought_at",
        "订单付款时间 付款时间 支付时间 订单创建时间 下单时间 创建时间 拼单成功时间 paidat paidtime createdat createdtime \
         ordercreationdate orderdate purchasedate boughtat",
    ),
    BUYER,
    SKU,
    PRODUCT,
    wanted("status", "订单状态 交易状态 状态 orderstatus status financialstatus"),
];

/// Orders that nobody paid for.
const NOT_BOUGHT: &[&str] =
    &["关闭", "取消", "等待买家付款", "待付款", "未付款", "unpaid", "cancel", "voided", "pending payment"];

/// Reads an export of orders: the orders, and the account of its rows.
pub fn read(input: Input<'_>, settings: &Settings<'_>, platform: &str) -> Result<(Vec<Order>, Ledger)> {
    let keys = Keys::new(settings.key);
    let mut ledger = Ledger { profile: "orders".into(), ..Ledger::default() };
    let mut orders = Vec::new();
    let mut seen = BTreeSet::new();
    let mut each = |line: &Line<'_>, ledger: &mut Ledger| -> Result<Option<&'static str>> {
        let number = line.text("order_id");
        let Some(order) = keys.order(&number).filter(|_| !number.is_empty()) else { return Ok(Some("no_order_id")) };
        let status = line.text("status").to_lowercase();
        if NOT_BOUGHT.iter().any(|word| status.contains(word)) {
            return Ok(Some("not_paid"));
        }
        let Ok(bought) = line.moment("bought_at") else { return Ok(Some("bad_date")) };
        if bought.is_none() {
            return Ok(Some("no_date"));
        }
        let buyer = keys.buyer(platform, &line.text("buyer"));
        if buyer.is_none() {
            ledger.mark("order_without_buyer");
        }
        let sku =
            [line.text("sku_id"), line.text("product_id")].into_iter().find(|s| !s.is_empty()).unwrap_or_default();
        let order = Order { order, buyer, bought, shop: settings.shop.clone(), sku };
        if !seen.insert(order.clone()) {
            return Ok(Some("repeat"));
        }
        orders.push(order);
        Ok(None)
    };
    lines(&input, settings, WANTED, ("订单表", "a list of orders"), &mut ledger, &mut each)?;
    ledger.records = orders.len() as u64;
    let days = || orders.iter().filter_map(|o| o.bought).map(Moment::day);
    ledger.days = days().min().zip(days().max()).map(|(a, b)| (a.to_string(), b.to_string()));
    Ok((orders, ledger))
}

//! Orders: who bought, what, when. Only tokens, times and SKUs are kept.

use std::collections::BTreeSet;

use super::{Line, Wanted, lines};
use crate::error::Result;
use crate::ingest::bytes::Input;
use crate::ingest::mask::Keys;
use crate::ingest::source::Settings;
use crate::words::{Ledger, Moment, Order};

const WANTED: &[Wanted] = &[
    Wanted {
        key: "order_id",
        names: &[
            "订单编号",
            "订单号",
            "主订单编号",
            "订单id",
            "orderid",
            "ordernumber",
            "orderno",
            "ordersn",
            "amazonorderid",
            "tid",
            "name",
        ],
        needed: true,
    },
    Wanted {
        key: "bought_at",
        names: &[
            "订单付款时间",
            "付款时间",
            "支付时间",
            "订单创建时间",
            "下单时间",
            "创建时间",
            "拼单成功时间",
            "paidat",
            "paidtime",
            "createdat",
            "createdtime",
            "ordercreationdate",
            "orderdate",
            "purchasedate",
            "boughtat",
        ],
        needed: true,
    },
    Wanted {
        key: "buyer",
        names: &[
            "买家会员名",
            "买家旺旺",
            "旺旺名",
            "买家昵称",
            "买家账号",
            "下单帐号",
            "下单账号",
            "会员名",
            "用户昵称",
            "买家",
            "buyer",
            "buyerusername",
            "usernamebuyer",
            "buyernickname",
            "username",
            "email",
            "buyeremail",
        ],
        needed: false,
    },
    Wanted {
        key: "sku_id",
        names: &["商家编码", "sku编码", "商品sku", "skuid", "sku", "sellersku", "lineitemsku", "规格编码"],
        needed: false,
    },
    Wanted {
        key: "product_id",
        names: &["商品id", "宝贝id", "商品编号", "链接id", "itemid", "productid", "goodsid", "numiid", "asin"],
        needed: false,
    },
    Wanted {
        key: "status",
        names: &["订单状态", "交易状态", "状态", "orderstatus", "status", "financialstatus"],
        needed: false,
    },
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
        let number = line.text(0);
        let Some(order) = keys.order(&number).filter(|_| !number.is_empty()) else { return Ok(Some("no_order_id")) };
        let status = line.text(5).to_lowercase();
        if NOT_BOUGHT.iter().any(|word| status.contains(word)) {
            return Ok(Some("not_paid"));
        }
        let Ok(bought) = line.moment(1) else { return Ok(Some("bad_date")) };
        if bought.is_none() {
            return Ok(Some("no_date"));
        }
        let buyer = keys.buyer(platform, &line.text(2));
        if buyer.is_none() {
            ledger.mark("order_without_buyer");
        }
        let sku = [line.text(3), line.text(4)].into_iter().find(|s| !s.is_empty()).unwrap_or_default();
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

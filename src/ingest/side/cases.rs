//! After-sale cases: one row, one case, which becomes a record.

use super::{BUYER, Line, PRODUCT, SKU, Wanted, lines, needed, wanted};
use crate::error::Result;
use crate::ingest::bytes::Input;
use crate::ingest::mask::Masker;
use crate::ingest::meaning::Sink;
use crate::ingest::read::tell_strays;
use crate::ingest::source::{Held, Settings};
use crate::reading::case::Case;
use crate::stats::days::DayCounts;
use crate::words::{Kind, Ledger, Record, Silence, Uid};

const WANTED: &[Wanted] = &[
    needed("case_id", "售后单号 售后编号 退款编号 退款单号 工单号 caseid returnid refundid id"),
    needed("opened", "申请时间 退款的申请时间 售后申请时间 发起时间 创建时间 openedat opened requestedat createdat"),
    wanted("reviewed", "审核时间 商家处理时间 同意时间 客服处理时间 reviewedat reviewed approvedat"),
    wanted("inspected", "验货时间 收货验货时间 质检时间 商家收货时间 inspectedat inspected"),
    wanted("closed", "完结时间 退款完结时间 完成时间 关闭时间 closedat closed completedat resolvedat"),
    wanted("kind", "售后类型 售后方式 退款类型 类型 kind type returntype"),
    wanted("automatic", "处理方式 审核方式 是否自动 自动 automatic handling"),
    wanted("cost", "成本 赔付金额 损失金额 退款金额 买家退款金额 cost refundamount amount"),
    wanted(
        "first_reason",
        "首次原因 首次申请原因 申请原因 买家退款原因 退款原因 售后原因 原因 firstreason reason returnreason",
    ),
    wanted("last_reason", "最终原因 修改后原因 最后原因 判定原因 lastreason finalreason"),
    wanted("order_id", "订单编号 订单号 orderid"),
    BUYER,
    SKU,
    PRODUCT,
    wanted("product_title", "商品名称 宝贝标题 商品 product title"),
];

/// The case of a row; `Err` names the reason for which the row is left out.
fn case(line: &Line<'_>, masker: &Masker) -> std::result::Result<Case, &'static str> {
    let [Ok(opened), Ok(reviewed), Ok(inspected), Ok(closed)] =
        ["opened", "reviewed", "inspected", "closed"].map(|key| line.moment(key))
    else {
        return Err("bad_date");
    };
    let automatic = match line.text("automatic").to_lowercase().as_str() {
        "" => None,
        word => Some(
            ["自动", "系统", "极速", "auto", "true", "是", "1", "yes"].iter().any(|w| word.contains(w))
                && !word.contains("非自动"),
        ),
    };
    Ok(Case {
        opened,
        reviewed,
        inspected,
        closed,
        automatic,
        cost: line.number("cost").filter(|cost| cost.is_finite()),
        first_reason: masked(line, masker, "first_reason"),
        last_reason: masked(line, masker, "last_reason"),
    })
}

/// The words of a cell, masked.
fn masked(line: &Line<'_>, masker: &Masker, key: &str) -> String {
    masker.mask(&line.text(key), &mut |_| {}).into_owned()
}

/// Reads a list of cases: gives its records to `sink` and returns the account of its rows.
pub fn read(input: Input<'_>, settings: &Settings<'_>, platform: &str, sink: &mut Sink<'_>) -> Result<Ledger> {
    let masker = Masker::new(settings.key, settings.keep_pii);
    let mut ledger = Ledger { profile: "cases".into(), ..Ledger::default() };
    let mut seen = settings.room.pairs();
    let mut days = DayCounts::default();
    let mut records = 0;
    let mut each = |line: &Line<'_>, ledger: &mut Ledger| -> Result<Option<&'static str>> {
        let number = line.text("case_id");
        if number.is_empty() {
            return Ok(Some("no_id"));
        }
        let case = match case(line, &masker) {
            Ok(case) => case,
            Err(why) => return Ok(Some(why)),
        };
        let Some(began) = case.opened else { return Ok(Some("no_date")) };
        if case.closed.is_some() && case.handling().is_none() {
            ledger.mark("clock_went_back");
        }
        let turns = case.turns();
        let product_id = line.text("product_id");
        let sku = Some(line.text("sku_id")).filter(|sku| !sku.is_empty()).unwrap_or_else(|| product_id.clone());
        let record = Record {
            uid: Uid(masker.keys.token("case", &settings.shop, &number).0),
            kind: Kind::Case,
            shop: settings.shop.clone(),
            platform: platform.to_string(),
            product_id,
            product: line.text("product_title"),
            sku,
            variant: Vec::new(),
            stars: None,
            time: case.opened,
            bought: None,
            buyer: masker.keys.buyer(platform, &line.text("buyer")),
            order: masker.keys.order(&line.text("order_id")).filter(|_| !line.text("order_id").is_empty()),
            given: Some(masked(line, &masker, "kind")).filter(|kind| !kind.is_empty()),
            silence: case.first_reason.is_empty().then_some(Silence::Empty),
            near_copy: false,
            row: line.row.number(),
            turns,
        };
        if seen.put(record.uid.0, 0)?.is_some()
            || settings.held.map_or(Ok(Held::Nothing), |held| held(&record))? == Held::This
        {
            return Ok(Some("repeat"));
        }
        days.add(began.day());
        records += 1;
        sink(record)?;
        Ok(None)
    };
    lines(&input, settings, WANTED, ("售后单", "a list of after-sale cases"), &mut ledger, &mut each)?;
    ledger.records = records;
    ledger.days = days.range();
    tell_strays(&days, &mut ledger);
    Ok(ledger)
}

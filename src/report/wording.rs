//! The sentences that every form of the report shares: its heading, what it counted, what it left out.

use super::model::{Place, Read, Report};
use crate::words::Lang;

/// `2026-10（对比 2026-09）`, with what is provisional about it.
pub fn heading(report: &Report, lang: Lang) -> String {
    let (period, against) = (&report.period, &report.against);
    let text = lang.of(format!("{period}（对比 {against}）"), format!("{period} against {against}"));
    match &report.provisional {
        None => text,
        Some(p) => lang.of(
            format!("{text} · 截至 {}，两边各比前 {} 天，暂定", p.until, p.days),
            format!("{text} · until {}, first {} days of each, provisional", p.until, p.days),
        ),
    }
}

/// `深色 SKU-1 加绒裤`, or the whole shop.
pub fn place_name(place: &Place, lang: Lang) -> String {
    match &place.sku {
        None => format!("{} {}", place.shop, lang.of("全店", "whole shop")),
        Some(sku) if place.product.is_empty() || place.product == *sku => sku.clone(),
        Some(sku) => format!("{sku} {}", place.product),
    }
}

/// What was counted, in one line.
pub fn footing(report: &Report, lang: Lang) -> String {
    let base = report.base.said();
    let base = base.in_lang(lang);
    let gate = if report.gate.calibrated {
        lang.of("误报率按本店往期校准", "calibrated on this shop's earlier periods")
    } else {
        lang.of("往期太少，未校准", "too few earlier periods, not calibrated")
    };
    let (tested, q) = (report.gate.tested, report.gate.q * 100.0);
    lang.of(
        format!("分母：{base}。检验了 {tested} 个占比，q = {q:.0}%，{gate}。{}。", read_line(&report.read, lang)),
        format!("Base: {base}. {tested} ratios tested at q = {q:.0}%, {gate}. {}.", read_line(&report.read, lang)),
    )
}

/// What was read and left out, in one line.
pub fn read_line(read: &Read, lang: Lang) -> String {
    let Read { files, rows, kept, repeats, .. } = read;
    let mut text = lang.of(
        format!("{files} 个文件 {rows} 行：留用 {kept}，重复 {repeats}"),
        format!("{rows} rows of {files} files: {kept} kept, {repeats} repeats"),
    );
    for (reason, count) in &read.left_out {
        text.push_str(&format!("{}{} {count}", lang.of("，", ", "), reason_name(reason, lang)));
    }
    text
}

/// The name of a reason for leaving a row out.
pub fn reason_name(reason: &str, lang: Lang) -> &str {
    match reason {
        "default_praise" => lang.of("默认好评", "default praise"),
        "empty" => lang.of("无文字", "no words"),
        "spam" => lang.of("平台标为垃圾", "flagged as spam"),
        "seller_text" => lang.of("卖家文字", "seller's text"),
        "no_date" => lang.of("无日期", "no date"),
        "bad_date" => lang.of("日期读不懂", "unreadable date"),
        other => other,
    }
}

//! The sentences that every form of the report shares: its heading, what it counted, what it left out.

use super::model::{Base, Cost, Effect, Place, Ratio, Read, Report, Shift, Standing};
use super::number;
use crate::words::{Day, Grain, Lang, Ledger, Period, Said};

/// `2026-10（对比 2026-09）`, with what is provisional about it.
pub fn heading(report: &Report, lang: Lang) -> String {
    let (period, against) = (dated(&report.period), dated(&report.against));
    let text = lang.of(format!("{period}（对比 {against}）"), format!("{period} against {against}"));
    match &report.provisional {
        None => text,
        Some(p) => lang.of(
            format!("{text} · 截至 {}，两边各比前 {} 天，暂定", p.until, p.days),
            format!("{text} · until {}, first {} days of each, provisional", p.until, p.days),
        ),
    }
}

/// The shops that a report is on: one's own, or the competitors that alone were asked for.
pub fn shops(report: &Report, lang: Lang) -> String {
    let rivals = report.is_of_rivals();
    let names: Vec<&str> = report.shops.iter().filter(|s| s.own != rivals).map(|s| s.name.as_str()).collect();
    let names = names.join(lang.of("、", ", "));
    if rivals { lang.of(format!("{names}（竞品）"), format!("{names} (competitor)")) } else { names }
}

/// The same ratio of the own shops beside a competitor's.
pub fn ours(ours: Ratio, lang: Lang) -> String {
    let ours = number::share(ours);
    lang.of(format!("自家 {ours}"), format!("own shops {ours}"))
}

/// What the colours of marks and numbers mean.
pub fn legend(lang: Lang) -> &'static str {
    lang.of(
        "▲ 上升，▼ 下降。颜色说的是对自家的好坏：紫红 = 变差（不满升、好评降），蓝 = 变好；竞品的变化、询问和提及没有好坏，不上色。",
        "▲ rise, ▼ fall. Colour tells what it means for one's own shops: magenta is worse (more complaint, less praise), blue is better; what moves at a competitor's, and questions and mentions, are neither and have no colour.",
    )
}

/// A week with its days, `2026-W44 · 10-26–11-01`: nobody knows weeks by their numbers. Other periods as they are.
fn dated(period: &str) -> String {
    let week = period.parse::<Period>().ok().filter(|p| p.grain() == Some(Grain::Week));
    let Some(week) = week else { return period.to_string() };
    let day = |day: Day| day.to_string().chars().skip("2026-".len()).collect::<String>();
    format!("{period} · {}–{}", day(week.first()), day(week.last()))
}

/// `深色 SKU-1 加绒裤`, or the whole shop.
pub fn place_name(place: &Place, lang: Lang) -> String {
    match &place.sku {
        None if place.listing.is_some() => {
            let (name, id) = (&place.product, place.listing.as_deref().unwrap_or(""));
            let name = if name.is_empty() { id } else { name };
            match place.narrowed {
                true => lang.of(format!("{name}（选定各款合计）"), format!("{name} (its SKUs asked for)")),
                false => lang.of(format!("{name}（各款合计）"), format!("{name} (all its SKUs)")),
            }
        }
        None if place.narrowed => format!("{} {}", place.shop, lang.of("选定 SKU 合计", "the SKUs asked for")),
        None => format!("{} {}", place.shop, lang.of("全店", "whole shop")),
        Some(sku) if place.product.is_empty() || place.product == *sku => sku.clone(),
        Some(sku) => format!("{sku} {}", place.product),
    }
}

/// What the ratios over all own records are of: the shop, several of them together, or only the SKUs asked for.
pub fn scope(report: &Report, lang: Lang) -> String {
    let own = report.shops.iter().filter(|s| s.own).count();
    match (&report.skus[..], own) {
        ([sku], _) => lang.of(format!("SKU {sku} "), format!("SKU {sku}")),
        ([_, _, ..], _) => {
            let n = report.skus.len();
            lang.of(format!("选定的 {n} 个 SKU 合计"), format!("the {n} SKUs asked for together"))
        }
        ([], _) if report.is_of_rivals() => shops(report, lang),
        ([], 0 | 1) => lang.of("全店", "whole shop").to_string(),
        ([], n) => lang.of(format!("自家 {n} 家店合计"), format!("{n} own shops together")),
    }
}

/// What four weeks show together and the week alone does not: a heading line, at most so many lines, and how many more
/// there are.
pub fn wider_lines(report: &Report, lang: Lang, most: usize) -> Vec<String> {
    let Some(wider) = report.wider.as_ref().filter(|w| !w.shifts.is_empty()) else { return Vec::new() };
    let (period, against) = (&wider.period, &wider.against);
    let head = lang.of(
        format!("这周比上周站不住，四周合看站得住（{period} 对比 {against}）："),
        format!("Not from last week to this, but holding over four ({period} against {against}):"),
    );
    let line = |shift: &Shift| {
        let (mark, place) = (shift.direction.mark(), place_name(&shift.place, lang));
        let (name, stance) = (shift.category.name.in_lang(lang), shift.stance.name(lang));
        let (now, before) = (number::share(shift.now), number::share(shift.before));
        let why = shift.causes.first().map(|why| why.in_lang(lang)).unwrap_or_default();
        lang.of(
            format!("{mark} {place} · {name} {stance} {now} ← {before}，{why}"),
            format!("{mark} {place} · {name} {stance} {now} ← {before}, {why}"),
        )
    };
    let more = wider.shifts.len().saturating_sub(most);
    let rest = (more > 0).then(|| lang.of(format!("……另有 {more} 项"), format!("… and {more} more")));
    std::iter::once(head).chain(wider.shifts.iter().take(most).map(line)).chain(rest).collect()
}

/// What was counted and how many of it, and how it was tested.
pub fn footing(report: &Report, lang: Lang) -> String {
    let base = report.counted.said();
    let base = base.in_lang(lang);
    let of = |own: bool| report.shops.iter().filter(|s| s.own == own).map(|s| s.now).sum::<u64>();
    let (own, other) = (of(true), of(false));
    let unit = if report.counted.base == Base::Orders { "单" } else { "条" };
    let now = match (own, other) {
        (own, 0) => lang.of(format!(" {own}"), own.to_string()),
        (0, other) => lang.of(format!("竞品 {other}"), format!("{other} of competitors")),
        _ => lang.of(format!("自家 {own}、竞品 {other}"), format!("{own} own, {other} of competitors")),
    };
    let (tested, q) = (report.gate.tested, report.gate.q * 100.0);
    let gate = if report.gate.calibrated {
        lang.of(
            format!("列出的变化里误报约 {q:.0}% 以内，按本店往期校准"),
            format!("about {q:.0}% or fewer of the shifts told are false, calibrated on this shop's earlier periods"),
        )
    } else {
        lang.of(
            format!("误报标称 {q:.0}%，未经往期校准"),
            format!("meant to hold false ones to {q:.0}%, but not calibrated on earlier periods"),
        )
    };
    lang.of(
        format!("分母：{base}，本期{now} {unit}。检验了样本够的 {tested} 个占比，{gate}。"),
        format!("Base: {base}, this period {now}. {tested} ratios with enough records tested; {gate}."),
    )
}

/// All ratios, by what became of them.
pub fn rest_line(report: &Report, lang: Lang) -> String {
    let Report { moved, steady, too_few, .. } = report;
    let (all, tested, told) = (moved + steady + too_few, report.gate.tested, report.shifts.len());
    let moved = match (*moved, told) {
        (0, _) => String::new(),
        (n, told) if n == told => lang.of(format!("{n} 个变化站得住，"), format!("{n} hold, ")),
        // One thing is told once, though SKU, shop, category and net all moved.
        (n, told) => {
            lang.of(format!("{n} 个变化站得住（合成上面 {told} 项），"), format!("{n} hold (told as {told} above), "))
        }
    };
    lang.of(
        format!("共 {all} 个占比，检验了 {tested} 个：{moved}{steady} 个平稳，{too_few} 个看不出动没动。"),
        format!("{all} ratios, {tested} tested: {moved}{steady} are steady, {too_few} could be either."),
    )
}

/// What became of the rows of one file, and how many records they make.
pub fn account(ledger: &Ledger, lang: Lang) -> String {
    let Ledger { rows, kept, repeats, records, .. } = ledger;
    let mut text = lang.of(
        format!("{rows} 行 = 留用 {kept} + 重复 {repeats}"),
        format!("{rows} rows = {kept} kept + {repeats} repeats"),
    );
    for (reason, count) in &ledger.left_out {
        text.push_str(&format!(" + {} {count}", reason_name(reason, lang)));
    }
    text.push_str(&lang.of(format!("，存成 {records} 条记录"), format!(", stored as {records} records")));
    text
}

/// What was read and left out, in one line.
pub fn read_line(read: &Read, lang: Lang) -> String {
    let Read { files, rows, kept, repeats, records, wordless, .. } = read;
    let mut text = lang.of(
        format!("{files} 个文件 {rows} 行：留用 {kept}，重复 {repeats}"),
        format!("{rows} rows of {files} files: {kept} kept, {repeats} repeats"),
    );
    for (reason, count) in &read.left_out {
        text.push_str(&format!("{}{} {count}", lang.of("，", ", "), reason_name(reason, lang)));
    }
    let worded = records - wordless;
    if worded != *kept {
        text.push_str(&lang.of(
            format!("；留用的合成 {worded} 条记录（一段会话、一条评价连追评各算一条）"),
            format!("; those kept make {worded} records (a conversation is one, and a review with its follow-ups)"),
        ));
    }
    if *wordless > 0 {
        text.push_str(&lang.of(
            format!("，加上默认好评和无文字的 {wordless} 条（只计星级），共存 {records} 条"),
            format!(", plus {wordless} of default praise or no words (stars only): {records} in all"),
        ));
    }
    if read.decided > 0 {
        let n = read.decided;
        text.push_str(&lang.of(format!("；人工判定 {n} 处"), format!("; {n} labels decided by hand")));
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
        "no_year" => lang.of("日期没有年份", "date without year"),
        "no_capture_date" => lang.of("不知抓取日期", "day of capture unknown"),
        "date_order" => lang.of("日月次序不明", "day or month first unclear"),
        "unknown_role" => lang.of("说话人不明", "speaker unknown"),
        "too_many_turns" => lang.of("会话过长", "conversation too long"),
        "star_filtered" => lang.of("按星级抓取的样本", "taken by stars"),
        "image" => lang.of("图片", "picture"),
        "no_id" => lang.of("无单号", "no case number"),
        "no_order_id" => lang.of("无订单号", "no order number"),
        "not_paid" => lang.of("未付款", "not paid"),
        "internal_note" => lang.of("内部备注", "internal note"),
        "rejected" => lang.of("平台已删除", "removed by the platform"),
        "long_line" => lang.of("行过长", "line too long"),
        "broken_row" => lang.of("残缺的行", "broken row"),
        "cut_off" => lang.of("文件中断", "cut off"),
        other => other,
    }
}

/// What changed after an event, in one line: before, after, how much more than the control, other dates tried.
pub fn effect_line(effect: &Effect, control: Option<&Said>, lang: Lang) -> String {
    let (before, after) = (number::share(effect.before), number::share(effect.after));
    let (name, stance, times) = (effect.category.name.in_lang(lang), effect.stance.name(lang), effect.times);
    let control = control.map_or("", |c| c.in_lang(lang));
    let [was, is] = effect.control.map(number::share);
    let mut line = lang.of(
        format!("{name} {stance}：{before} → {after}；{control} {was} → {is}；相对 ×{times:.1}"),
        format!("{name} {stance}: {before} → {after}; {control} {was} → {is}; ×{times:.1} beside them"),
    );
    if let Some((strong, tried)) = effect.placebo.filter(|(_, tried)| *tried > 0) {
        line.push_str(&lang.of(
            format!("；换 {tried} 个无事的日期，{strong} 个有这么强"),
            format!("; as strong on {strong} of {tried} other dates"),
        ));
    }
    line
}

/// The figures a shop is held to, in one line.
pub fn standing_line(standing: &Standing, lang: Lang) -> String {
    let Standing { until, days, first, current, quality, .. } = standing;
    let (first, current, quality) = (number::share(*first), number::share(*current), number::share(*quality));
    lang.of(
        format!("截至 {until} 的 {days} 天：差评率按首次打星 {first}，按现在 {current}；本期低星里说商品的 {quality}"),
        format!("{days} days until {until}: bad reviews {first} as first given, {current} as they stand; of this period's low stars {quality} are about the product"),
    )
}

/// The biggest opportunity of each area, in one line each.
pub fn opportunity_lines(standing: &Standing, lang: Lang) -> Vec<String> {
    let line = |cost: &Cost| {
        let (name, ratio) = (cost.category.name.in_lang(lang), number::share(cost.ratio));
        let (gap, gain, area) = (cost.gap, cost.opportunity, area_name(&cost.category.area, lang));
        lang.of(
            format!("{area}：{name}（{ratio}），有它的评价低 {gap:.1} 星，若与其他评价一样，均分可升 {gain:.2}"),
            format!("{area}: {name} ({ratio}), {gap:.1} stars lower with it; the mean could gain {gain:.2}"),
        )
    };
    standing.costs.iter().filter(|c| c.biggest).map(line).collect()
}

/// The name of an area of a shop.
pub fn area_name(area: &str, lang: Lang) -> &str {
    match area {
        "product" => lang.of("商品", "product"),
        "logistics" => lang.of("物流", "logistics"),
        "service" => lang.of("服务", "service"),
        other => other,
    }
}

/// What kind of event; a word of the shop's own stays as it is.
pub fn event_name(kind: &str, lang: Lang) -> &str {
    match kind {
        "manufacturer" => lang.of("换厂家", "manufacturer"),
        "listing" => lang.of("改详情页", "listing"),
        "campaign" => lang.of("大促", "campaign"),
        "reply" => lang.of("换话术", "reply"),
        other => other,
    }
}

/// Who acts; a word of the shop's own stays as it is.
pub fn owner_name(owner: &str, lang: Lang) -> &str {
    match owner {
        "supplier" => lang.of("供应商", "supplier"),
        "courier" => lang.of("快递", "courier"),
        "service" => lang.of("客服", "service"),
        "operations" => lang.of("运营", "operations"),
        "warehouse" => lang.of("仓库", "warehouse"),
        "listing" => lang.of("详情页", "listing"),
        "after-sale" => lang.of("售后", "after-sale"),
        "marketing" => lang.of("推广", "marketing"),
        other => other,
    }
}

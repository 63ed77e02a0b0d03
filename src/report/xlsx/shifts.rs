//! Every shift that holds, with its numbers, what is behind it, its sparkline and a way to the words.

use rust_xlsxwriter::XlsxError;

use super::page::{Page, two_lines};
use crate::report::Report;
use crate::report::wording::{self, owner_name};

/// Widths of the columns whose texts are wrapped.
const PRODUCT: f64 = 26.0;
const BEHIND: f64 = 80.0;
const ACTION: f64 = 36.0;

/// Columns of numbers.
const NUMBERS: std::ops::RangeInclusive<usize> = 6..=17;

const COLUMNS: &[(&str, &str, f64)] = &[
    ("方向", "way", 9.0),
    ("店铺", "shop", 14.0),
    ("SKU", "SKU", 16.0),
    ("商品", "product", PRODUCT),
    ("类别", "category", 14.0),
    ("立场", "stance", 8.0),
    ("本期条数", "mentions", 8.0),
    ("本期样本", "base", 8.0),
    ("本期占比", "share", 8.0),
    ("上期条数", "mentions before", 8.0),
    ("上期样本", "base before", 8.0),
    ("上期占比", "share before", 8.0),
    ("占比变化（百分点）", "change (points)", 10.0),
    ("区间下限", "low", 8.0),
    ("区间上限", "high", 8.0),
    ("倍数", "times", 7.0),
    ("至少多/少（条）", "at least (records)", 9.0),
    ("q 值", "q", 7.0),
    ("走势", "course", 14.0),
    ("背后", "what is behind it", BEHIND),
    ("负责", "owner", 10.0),
    ("下一步", "next step", ACTION),
    ("原声", "words", 8.0),
];

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.head_over(COLUMNS, 5, &|column| NUMBERS.contains(&column))?;
    page.pages_wide = 2;
    page.sheet.set_repeat_columns(0, 4)?;
    for shift in &report.shifts {
        let ours = shift.ours.map(|ours| wording::ours(ours, lang));
        let causes: Vec<&str> =
            ours.as_deref().into_iter().chain(shift.causes.iter().map(|c| c.in_lang(lang))).collect();
        let product = two_lines(&shift.place.product, PRODUCT);
        page.fit(&[(&product, PRODUCT), (&causes.join("\n"), BEHIND), (shift.category.action.in_lang(lang), ACTION)])?;
        page.direction(0, shift.direction, report.tone(shift))?;
        page.text(1, &shift.place.shop)?;
        page.text(2, shift.place.sku.as_deref().unwrap_or(lang.of("全店", "whole shop")))?;
        page.styled(3, &product, &page.styles.wrapped.clone())?;
        page.text(4, shift.category.name.in_lang(lang))?;
        page.text(5, shift.stance.name(lang))?;
        page.count(6, shift.now.mentions)?;
        page.count(7, shift.now.base)?;
        page.share_to(8, shift.now, shift.quotes.first().copied())?;
        page.count(9, shift.before.mentions)?;
        page.count(10, shift.before.base)?;
        page.share(11, shift.before)?;
        let styles = page.styles;
        page.number(12, shift.change.map(|c| c.value * 100.0), &styles.points)?;
        page.number(13, shift.change.map(|c| c.low * 100.0), &styles.points)?;
        page.number(14, shift.change.map(|c| c.high * 100.0), &styles.points)?;
        page.number(15, shift.times.map(|t| t.value), &styles.times)?;
        page.count(16, shift.extra)?;
        page.number(17, shift.q, &styles.count.clone().set_num_format("0.000"))?;
        page.spark(18, &shift.series)?;
        page.lines(19, &causes)?;
        page.text(20, owner_name(&shift.category.owner, lang))?;
        page.styled(21, shift.category.action.in_lang(lang), &page.styles.wrapped.clone())?;
        if let Some(&quote) = shift.quotes.first() {
            page.quote_link(
                22,
                quote,
                &lang.of(format!("{} 条", shift.quotes.len()), format!("{} quotes", shift.quotes.len())),
            )?;
        }
        page.row += 1;
    }
    page.filter(0, COLUMNS.len() as u16)
}

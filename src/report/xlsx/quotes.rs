//! The customers' own words: what was matched, where it stands in which file.

use rust_xlsxwriter::XlsxError;

use super::page::Page;
use crate::report::Report;

/// Row of the first quote: links from other sheets count on it.
pub const FIRST_ROW: u32 = 1;

const COLUMNS: &[(&str, &str, f64)] = &[
    ("日期", "date", 11.0),
    ("店铺", "shop", 14.0),
    ("SKU", "SKU", 16.0),
    ("星级", "stars", 6.0),
    ("类别", "category", 14.0),
    ("立场", "stance", 8.0),
    ("原声", "words", 80.0),
    ("命中", "matched", 16.0),
    ("类似", "alike", 7.0),
    ("记录", "record", 18.0),
    ("文件", "file", 24.0),
    ("行", "row", 8.0),
];

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.head(COLUMNS, 0)?;
    debug_assert_eq!(page.row, FIRST_ROW);
    for quote in &report.quotes {
        page.fit(&[(&quote.text, 80.0)])?;
        page.text(0, quote.day.as_deref().unwrap_or(""))?;
        page.text(1, &quote.place.shop)?;
        page.text(2, quote.place.sku.as_deref().unwrap_or(""))?;
        let styles = page.styles;
        page.number(3, quote.stars.map(f64::from), &styles.count)?;
        page.text(4, quote.category.name.in_lang(lang))?;
        page.text(5, quote.stance.name(lang))?;
        page.styled(6, &quote.text, &styles.wrapped)?;
        let matched: Vec<&str> = quote.matches.iter().map(|&(start, end)| &quote.text[start..end]).collect();
        page.text(7, &matched.join(" · "))?;
        page.count(8, quote.alike as u64)?;
        page.text(9, &quote.uid)?;
        page.text(10, &quote.file)?;
        page.count(11, quote.row)?;
        page.row += 1;
    }
    // Nobody follows a link on paper: the quotes of shifts and competitors are printed, which stand first.
    page.printed = Some(FIRST_ROW + report.told_quotes().last().map_or(0, |last| *last as u32 + 1));
    page.filter(0, COLUMNS.len() as u16)
}

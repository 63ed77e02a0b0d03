//! SKU × category: the share of complaints this period as a heat map, a framed cell where a rise holds.

use rust_xlsxwriter::{Color, ConditionalFormat2ColorScale, ConditionalFormatDataBar, FormatBorder, XlsxError};

use super::page::{Page, two_lines};
use crate::report::Report;
use crate::report::model::Direction;

/// Width of the column of products.
const PRODUCT: f64 = 26.0;

const FIXED: &[(&str, &str, f64)] = &[
    ("店铺", "shop", 14.0),
    ("SKU", "SKU", 16.0),
    ("商品", "product", PRODUCT),
    ("样本量 n", "n", 9.0),
    ("差评率", "bad-review rate", 9.0),
    ("首要问题", "top problem", 14.0),
];

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    for (i, category) in report.matrix.categories.iter().enumerate() {
        let column = (FIXED.len() + i) as u16;
        page.sheet.write_string_with_format(0, column, category.name.in_lang(lang), &page.styles.head)?;
        page.sheet.set_column_width(column, 8.5)?;
    }
    page.head(FIXED, 2)?;
    for row in &report.matrix.rows {
        page.text(0, &row.place.shop)?;
        page.text(1, row.place.sku.as_deref().unwrap_or(lang.of("全店", "whole shop")))?;
        let product = two_lines(&row.place.product, PRODUCT);
        page.fit(&[(&product, PRODUCT)])?;
        page.styled(2, &product, &page.styles.wrapped.clone())?;
        page.count(3, row.base)?;
        page.share(4, row.bad)?;
        let top = (0..row.cells.len()).filter(|&i| row.cells[i].now.mentions > 0).max_by_key(|&i| {
            // Ties go to the first category.
            (row.cells[i].now.mentions, std::cmp::Reverse(i))
        });
        page.text(5, top.map_or("", |i| report.matrix.categories[i].name.in_lang(lang)))?;
        for (i, cell) in row.cells.iter().enumerate() {
            let column = (FIXED.len() + i) as u16;
            page.share_to(column, cell.now, cell.quote)?;
            if cell.direction == Direction::Rise {
                let framed = page.styles.percent.clone().set_bold().set_border(FormatBorder::Medium);
                let share = cell.now.share().filter(|_| cell.now.base >= crate::report::model::MIN_BASE_FOR_PERCENT);
                page.number(column, share, &framed)?;
            }
        }
        page.row += 1;
    }
    let (last_row, columns) = (page.row.saturating_sub(1), FIXED.len() + report.matrix.categories.len());
    if last_row >= 1 && columns > FIXED.len() {
        let heat =
            ConditionalFormat2ColorScale::new().set_minimum_color(Color::White).set_maximum_color(Color::RGB(0xE08A3C));
        page.sheet.add_conditional_format(1, FIXED.len() as u16, last_row, columns as u16 - 1, &heat)?;
        let bar = ConditionalFormatDataBar::new().set_fill_color(Color::RGB(0x9DB7D5)).set_solid_fill(true);
        page.sheet.add_conditional_format(1, 3, last_row, 3, &bar)?;
    }
    page.filter(0, columns as u16)
}

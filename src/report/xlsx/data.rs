//! Every cell of both periods, one a row, for people who pivot. Column names are those of `earful tally`.

use rust_xlsxwriter::XlsxError;

use super::page::Page;
use crate::report::Report;
use crate::report::model::Direction;

const COLUMNS: &[(&str, &str, f64)] = &[
    ("period", "period", 12.0),
    ("shop", "shop", 16.0),
    ("own", "own", 7.0),
    ("sku", "sku", 18.0),
    ("category", "category", 26.0),
    ("stance", "stance", 11.0),
    ("mentions", "mentions", 10.0),
    ("base", "base", 10.0),
    ("shift", "shift", 10.0),
    ("q", "q", 9.0),
];

/// Rows on paper: one page that shows what the sheet holds. It is for pivot tables.
const PRINTED: u32 = 40;

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    page.head(COLUMNS, 0)?;
    for cell in &report.cells {
        page.text(0, &cell.period)?;
        page.text(1, &cell.shop)?;
        page.text(2, if cell.own { "true" } else { "false" })?;
        page.text(3, &cell.sku)?;
        page.text(4, &cell.category)?;
        page.text(5, cell.stance.key())?;
        page.count(6, cell.ratio.mentions)?;
        page.count(7, cell.ratio.base)?;
        page.text(8, cell.shift.map_or("", Direction::key))?;
        if cell.q.is_some() {
            page.number(9, cell.q, &page.styles.count.clone().set_num_format("0.000"))?;
        }
        page.row += 1;
    }
    page.printed = Some(PRINTED);
    page.filter(0, COLUMNS.len() as u16)
}

//! The whole shop over time: a table of shares, and a native chart of the most frequent complaints.

use rust_xlsxwriter::{Chart, ChartLegendPosition, ChartType, XlsxError};

use super::page::Page;
use crate::report::{Report, effect_line, event_name};
use crate::words::Stance;

/// Columns before the periods.
const FIXED: u16 = 4;
/// Rows that the chart covers.
const CHART_ROWS: u32 = 18;
/// Lines in the chart: more cannot be told apart.
const LINES: usize = 6;

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    for (i, period) in report.periods.iter().enumerate() {
        page.sheet.write_string_with_format(0, FIXED + i as u16, period, &page.styles.head)?;
        page.sheet.set_column_width(FIXED + i as u16, 10)?;
    }
    page.head(
        &[("店铺", "shop", 28.0), ("类别", "category", 16.0), ("立场", "stance", 9.0), ("走势", "course", 14.0)],
        FIXED,
    )?;
    page.columns = FIXED + report.periods.len() as u16;
    let mut charted = Vec::new();
    for trend in &report.trends {
        page.text(0, &trend.place.shop)?;
        page.text(1, trend.category.name.in_lang(lang))?;
        page.text(2, trend.stance.name(lang))?;
        page.spark(3, &trend.series)?;
        for (i, ratio) in trend.series.iter().enumerate() {
            page.share(FIXED + i as u16, *ratio)?;
        }
        if trend.stance == Stance::Complaint && charted.len() < LINES {
            charted.push(page.row);
        }
        page.row += 1;
    }
    if charted.is_empty() || report.periods.len() < 2 {
        return events(page, report);
    }
    let sheet = page.sheet.name();
    let last = FIXED + report.periods.len() as u16 - 1;
    let mut chart = Chart::new(ChartType::Line);
    for row in charted {
        chart
            .add_series()
            .set_name((sheet.as_str(), row, 1))
            .set_categories((sheet.as_str(), 0, FIXED, 0, last))
            .set_values((sheet.as_str(), row, FIXED, row, last));
    }
    chart.title().set_name(lang.of("说得最多的不满：占比走势", "Most frequent complaints: share over time"));
    chart.y_axis().set_num_format("0%").set_min(0);
    chart.legend().set_position(ChartLegendPosition::Right);
    chart.set_width(900).set_height(360);
    // The chart goes whole on a page of its own.
    page.sheet.set_page_breaks(&[page.row])?;
    page.sheet.insert_chart(page.row + 1, 1, &chart)?;
    page.row += CHART_ROWS;
    events(page, report)
}

/// What happened, and what changed after it and not beside it.
fn events(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    page.row += u32::from(!report.events.is_empty());
    for event in &report.events {
        let head = format!("{} {} {} {}", event.day, event_name(&event.kind, page.lang), event.sku, event.text);
        page.styled(0, &head, &page.styles.note.clone().unset_text_wrap())?;
        page.row += 1;
        for effect in &event.effects {
            page.text(1, &effect_line(effect, event.control.as_ref(), page.lang))?;
            page.row += 1;
        }
    }
    Ok(())
}

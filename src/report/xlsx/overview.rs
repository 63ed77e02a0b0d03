//! The first sheet: what was read, the verdict, the shifts in one table, how many could not be told.

use rust_xlsxwriter::XlsxError;

use super::page::{Page, two_lines};
use crate::report::wording::{legend, rest_line};
use crate::report::{
    Report, footing, heading, number, opportunity_lines, place_name, shops, standing_line, wider_lines,
};

/// Shifts on the first sheet; all of them stand on the second.
const SHIFTS: usize = 15;

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.columns = 8;
    for (column, width) in [(0, 34.0), (1, 16.0), (2, 9.0), (3, 15.0), (4, 15.0), (5, 22.0), (6, 12.0), (7, 60.0)] {
        page.sheet.set_column_width(column, width)?;
    }
    page.styled(0, &format!("{} · {}", shops(report, lang), heading(report, lang)), &page.styles.title.clone())?;
    page.sheet.set_row_height(page.row, 28)?;
    page.row += 1;
    wide(page, report.verdict.in_lang(lang), true)?;
    for caution in &report.cautions {
        wide(page, &format!("⚠ {}", caution.in_lang(lang)), true)?;
    }
    wide(page, &footing(report, lang), false)?;
    wide(page, &rest_line(report, lang), false)?;
    for line in wider_lines(report, lang, usize::MAX) {
        wide(page, &line, false)?;
    }
    for note in &report.mixed {
        wide(page, note.in_lang(lang), false)?;
    }
    for note in &report.versus_notes {
        wide(page, note.in_lang(lang), false)?;
    }
    if let Some(standing) = &report.standing {
        wide(page, &standing_line(standing, lang), false)?;
        for line in opportunity_lines(standing, lang) {
            wide(page, &line, false)?;
        }
    }
    page.row += 1;
    sides(page, report)?;
    page.row += 1;
    table(page, report)?;
    page.row += 1;
    wide(page, legend(lang), false)
}

/// A sentence over the whole width.
fn wide(page: &mut Page, text: &str, strong: bool) -> Result<(), XlsxError> {
    let format = if strong { page.styles.verdict.clone() } else { page.styles.note.clone() };
    page.sheet.merge_range(page.row, 0, page.row, 7, "", &format)?;
    page.styled(0, text, &format)?;
    let lines = (unicode_width::UnicodeWidthStr::width(text) / 150 + 1) as f64;
    page.sheet.set_row_height(page.row, lines * if strong { 20.0 } else { 17.0 })?;
    page.row += 1;
    Ok(())
}

fn sides(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    let heads = [("店铺", "shop"), ("", ""), ("", ""), ("本期记录", "records now"), ("上期记录", "records before")];
    for (i, (zh, en)) in heads.iter().enumerate() {
        page.sheet.write_string_with_format(page.row, i as u16, lang.of(*zh, *en), &page.styles.head)?;
    }
    page.row += 1;
    for shop in &report.shops {
        page.text(0, &shop.name)?;
        page.text(1, if shop.own { lang.of("自家", "own") } else { lang.of("竞品", "competitor") })?;
        page.count(3, shop.now)?;
        page.count(4, shop.before)?;
        page.row += 1;
    }
    Ok(())
}

fn table(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    let heads = [
        ("SKU", "SKU"),
        ("类别", "category"),
        ("立场", "stance"),
        ("本期占比", "share now"),
        ("上期占比", "share before"),
        ("变化（百分点）", "change (points)"),
        ("至少多/少", "at least"),
        ("原声", "the customer's words"),
    ];
    for (i, (zh, en)) in heads.iter().enumerate() {
        page.sheet.write_string_with_format(page.row, i as u16, lang.of(*zh, *en), &page.styles.head)?;
    }
    page.row += 1;
    for shift in report.shifts.iter().take(SHIFTS) {
        let name = format!("{} {}", shift.direction.mark(), place_name(&shift.place, lang));
        let name = two_lines(&name, 34.0);
        page.fit(&[(&name, 34.0)])?;
        page.styled(0, &name, &page.styles.moved(report.tone(shift)).clone().set_text_wrap().set_indent(1))?;
        page.text(1, shift.category.name.in_lang(lang))?;
        page.text(2, shift.stance.name(lang))?;
        page.text(3, &number::share(shift.now))?;
        page.text(4, &number::share(shift.before))?;
        page.text(5, &number::points(shift.change))?;
        page.count(6, shift.extra)?;
        if let Some(&quote) = shift.quotes.first() {
            let text: String = report.quotes[quote].text.chars().take(60).collect();
            page.quote_link(7, quote, &text)?;
        }
        page.row += 1;
    }
    Ok(())
}

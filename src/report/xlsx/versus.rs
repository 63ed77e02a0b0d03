//! Own shops against competitors on the same taxonomy: the widest gaps first, with an interval.

use rust_xlsxwriter::XlsxError;

use super::page::Page;
use crate::report::Report;

const COLUMNS: &[(&str, &str, f64)] = &[
    ("类别", "category", 18.0),
    ("立场", "stance", 9.0),
    ("自家占比", "own share", 10.0),
    ("自家条数", "own mentions", 9.0),
    ("自家样本", "own base", 9.0),
    ("竞品占比", "competitor share", 10.0),
    ("竞品条数", "competitor mentions", 9.0),
    ("竞品样本", "competitor base", 9.0),
    ("差距（百分点）", "gap (points)", 10.0),
    ("区间下限", "low", 9.0),
    ("区间上限", "high", 9.0),
    ("同星级相比（优势比）", "odds at equal stars", 9.0),
    ("站得住", "holds", 8.0),
    ("原声", "words", 48.0),
];

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.head(COLUMNS, 2)?;
    for row in &report.versus {
        page.text(0, row.category.name.in_lang(lang))?;
        page.text(1, row.stance.name(lang))?;
        for (column, ratio) in [(2, row.own), (5, row.other)] {
            page.share(column, ratio)?;
            page.count(column + 1, ratio.mentions)?;
            page.count(column + 2, ratio.base)?;
        }
        let styles = page.styles;
        page.number(8, row.gap.map(|g| g.value * 100.0), &styles.points)?;
        page.number(9, row.gap.map(|g| g.low * 100.0), &styles.points)?;
        page.number(10, row.gap.map(|g| g.high * 100.0), &styles.points)?;
        page.number(11, row.matched.map(|m| m.value), &styles.times)?;
        page.text(12, if row.holds { lang.of("是", "yes") } else { "" })?;
        if let Some(&quote) = row.quotes.first() {
            let text: String = report.quotes[quote].text.chars().take(40).collect();
            page.quote_link(13, quote, &text)?;
        }
        page.row += 1;
    }
    page.filter(0, COLUMNS.len() as u16)?;
    page.row += 1;
    for note in &report.versus_notes {
        page.styled(0, note.in_lang(lang), &page.styles.note.clone().unset_text_wrap())?;
        page.row += 1;
    }
    Ok(())
}

//! What the words and numbers of the workbook mean, what was left out, and which taxonomy was used.

use rust_xlsxwriter::XlsxError;

use super::page::Page;
use crate::report::Report;
use crate::report::wording::{read_line, reason_name};

pub fn fill(page: &mut Page, report: &Report) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.head(&[("词", "term", 26.0), ("意思", "meaning", 110.0)], 0)?;
    for definition in &report.definitions {
        line(page, definition.term.in_lang(lang), definition.meaning.in_lang(lang))?;
    }
    line(page, lang.of("读入", "read"), &read_line(&report.read, lang))?;
    for (reason, count) in &report.read.left_out {
        let term = lang.of("未计入：", "left out: ").to_string() + reason_name(reason, lang);
        line(page, &term, &count.to_string())?;
    }
    line(page, lang.of("词表指纹", "taxonomy fingerprint"), crate::report::short(&report.taxonomy))?;
    line(page, lang.of("数据指纹", "data fingerprint"), crate::report::short(&report.data))
}

fn line(page: &mut Page, term: &str, meaning: &str) -> Result<(), XlsxError> {
    page.fit(&[(meaning, 110.0)])?;
    page.text(0, term)?;
    page.styled(1, meaning, &page.styles.wrapped.clone())?;
    page.row += 1;
    Ok(())
}

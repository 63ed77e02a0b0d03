//! The report as a short text for a chat group: the verdict, the shifts, one quote each.

use std::io::Write;

use super::model::Shift;
use super::safe::markdown as escape;
use super::{Report, footing, heading, number, place_name, put, shops, standing_line, wider_lines, wording};
use crate::error::Result;
use crate::words::Lang;

/// At most this many shifts; the rest is one line that says how many.
const SHIFTS: usize = 8;

/// Writes the report.
pub fn write(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<()> {
    put(out, &format!("# {} · {}\n\n", escape(&shops(report, lang)), heading(report, lang)))?;
    put(out, &format!("**{}**\n\n", escape(report.verdict.in_lang(lang))))?;
    for caution in &report.cautions {
        put(out, &format!("⚠ {}\n\n", escape(caution.in_lang(lang))))?;
    }
    for shift in report.shifts.iter().take(SHIFTS) {
        put(out, &item(report, shift, lang))?;
    }
    if report.shifts.len() > SHIFTS {
        let more = report.shifts.len() - SHIFTS;
        put(out, &lang.of(format!("- 另有 {more} 项\n"), format!("- and {more} more\n")))?;
    }
    for line in &wider_lines(report, lang, SHIFTS) {
        put(out, &format!("- {}\n", escape(line)))?;
    }
    for note in &report.mixed {
        put(out, &format!("- {}\n", escape(note.in_lang(lang))))?;
    }
    if report.is_of_rivals() {
        for note in &report.versus_notes {
            put(out, &format!("- {}\n", escape(note.in_lang(lang))))?;
        }
    }
    if let Some(standing) = &report.standing {
        put(out, &format!("\n{}\n", escape(&standing_line(standing, lang))))?;
    }
    for line in super::service::lines(report, lang) {
        put(out, &format!("\n{}\n", escape(line)))?;
    }
    put(out, &format!("\n{}\n", footing(report, lang)))
}

fn item(report: &Report, shift: &Shift, lang: Lang) -> String {
    let place = escape(&place_name(&shift.place, lang));
    let name = shift.category.name.in_lang(lang);
    let stance = shift.stance.name(lang);
    let (now, before) = (number::share(shift.now), number::share(shift.before));
    let points = number::points(shift.change);
    let mark = shift.direction.mark();
    let mut text = lang.of(
        format!("- {mark} **{place} · {name}**（{stance}）{now} ← {before}，{points} 个百分点\n"),
        format!("- {mark} **{place} · {name}** ({stance}) {now} ← {before}, {points} points\n"),
    );
    if let Some(ours) = shift.ours {
        text.push_str(&format!("  {}\n", wording::ours(ours, lang)));
    }
    for cause in shift.causes.iter().take(1) {
        text.push_str(&format!("  {}\n", escape(cause.in_lang(lang))));
    }
    if let Some(quote) = shift.quotes.first().map(|&i| &report.quotes[i]) {
        text.push_str(&format!("  > {}\n", escape(&quote.text)));
    }
    text
}

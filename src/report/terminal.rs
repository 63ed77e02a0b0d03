//! The report as one screen of a terminal: the verdict first, then what moved, each with one quote.

use std::io::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::model::{Direction, Quote, Report, Shift};
use super::{footing, heading, number, opportunity_lines, place_name, put, safe, standing_line};
use crate::error::Result;
use crate::words::{Lang, Stance};

/// How the terminal can show things.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Colours and bold.
    pub color: bool,
    /// Columns.
    pub width: usize,
}

/// At most this many shifts on the screen.
const SHIFTS: usize = 12;
/// Most frequent complaints of the period, shown where nothing moved or beside what did.
const TOP: usize = 5;

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    /// Words that were matched.
    pub fn matched(self, text: &str) -> String {
        if self.color { self.paint("1;4", text) } else { format!("[{text}]") }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Beside the point.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Worse is magenta, better is blue: told apart without red and green, and never by colour alone.
    fn moved(self, shift: &Shift, text: &str) -> String {
        let worse = (shift.direction == Direction::Rise) == (shift.stance != Stance::Praise);
        self.paint(if worse { "1;35" } else { "1;34" }, text)
    }
}

/// Writes the report.
pub fn write(report: &Report, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    let own: Vec<&str> = report.shops.iter().filter(|s| s.own).map(|s| s.name.as_str()).collect();
    let title = format!("{} · {}", own.join(lang.of("、", ", ")), heading(report, lang));
    put(out, &format!("{}\n", style.bold(&safe::shown(&title))))?;
    put(out, &format!("{}\n\n", wrap(&footing(report, lang), style.width, "").trim_end()))?;
    put(out, &format!("{}\n", style.bold(&wrap(report.verdict.in_lang(lang), style.width, ""))))?;
    for shift in report.shifts.iter().take(SHIFTS) {
        put(out, &entry(report, shift, lang, style))?;
    }
    let more = report.shifts.len().saturating_sub(SHIFTS);
    if more > 0 {
        put(out, &lang.of(format!("……另有 {more} 项，见 -o 文件\n"), format!("… and {more} more, see the -o file\n")))?;
    }
    let (steady, few) = (report.steady, report.too_few);
    put(
        out,
        &lang.of(
            format!("\n其余占比：{steady} 个平稳，{few} 个样本太少、看不出。\n"),
            format!("\nThe other ratios: {steady} steady, {few} with too few records to tell.\n"),
        ),
    )?;
    top(report, lang, style, out)?;
    if !report.versus_notes.is_empty() {
        put(out, "\n")?;
    }
    for note in &report.versus_notes {
        put(out, &wrap(note.in_lang(lang), style.width, ""))?;
    }
    standing(report, lang, style, out)
}

/// The figures a shop is held to, and where the most stars are to be won.
fn standing(report: &Report, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    let Some(standing) = &report.standing else { return Ok(()) };
    put(out, &format!("\n{}", wrap(&standing_line(standing, lang), style.width, "")))?;
    for line in opportunity_lines(standing, lang) {
        put(out, &wrap(&line, style.width, "  "))?;
    }
    Ok(())
}

fn entry(report: &Report, shift: &Shift, lang: Lang, style: Style) -> String {
    let name = format!(
        "{} {} · {} {}",
        shift.direction.mark(),
        safe::shown(&place_name(&shift.place, lang)),
        shift.category.name.in_lang(lang),
        shift.stance.name(lang)
    );
    let extra = match shift.direction {
        Direction::Fall => lang.of(format!("至少少 {} 条", shift.extra), format!("at least {} fewer", shift.extra)),
        _ => lang.of(format!("至少多 {} 条", shift.extra), format!("at least {} extra", shift.extra)),
    };
    let mut text = format!(
        "\n{}  {}\n    {} ← {}   {}{}   {}   {extra}\n",
        style.moved(shift, &name),
        number::spark(&shift.series),
        number::share(shift.now),
        number::share(shift.before),
        number::points(shift.change),
        lang.of("个百分点", " points"),
        number::times(shift.times, lang),
    );
    for cause in &shift.causes {
        text.push_str(&wrap(cause.in_lang(lang), style.width, "    "));
    }
    if let Some(quote) = shift.quotes.first().map(|&i| &report.quotes[i]) {
        text.push_str(&quoted(quote, lang, style));
    }
    text
}

fn quoted(quote: &Quote, lang: Lang, style: Style) -> String {
    let paint = |(text, matched): (&str, bool)| {
        if matched { style.matched(&safe::shown(text)) } else { safe::shown(text).into_owned() }
    };
    let words: String = quote.pieces().into_iter().map(paint).collect();
    let day = quote.day.as_deref().unwrap_or("");
    let stars = quote.stars.map(|s| format!(" {s:.0}★")).unwrap_or_default();
    let place = style.dim(&format!("{day}{stars} {}", quote.uid));
    lang.of(format!("    “{words}” {place}\n"), format!("    \"{words}\" {place}\n"))
}

fn top(report: &Report, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    let complaints = report.trends.iter().filter(|t| t.stance == Stance::Complaint).take(TOP);
    let mut lines = String::new();
    for trend in complaints {
        let now = trend.series.last().copied().unwrap_or_default();
        let name = trend.category.name.in_lang(lang);
        let pad = " ".repeat(22usize.saturating_sub(name.width()));
        lines.push_str(&format!("  {name}{pad}{}  {}\n", number::spark(&trend.series), number::share(now)));
    }
    if lines.is_empty() {
        return Ok(());
    }
    let head = lang.of("全店说得最多的不满：", "Most frequent complaints, whole shop:");
    put(out, &format!("\n{}\n{lines}", style.bold(head)))
}

/// Breaks a line at the terminal's width; a Han character takes two columns.
fn wrap(text: &str, width: usize, indent: &str) -> String {
    let width = width.max(40);
    let mut out = String::from(indent);
    let mut column = indent.width();
    for word in pieces(&safe::shown(text)) {
        if column + word.trim_end().width() > width && column > indent.width() {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(indent);
            column = indent.width();
        }
        out.push_str(&word);
        column += word.width();
    }
    out.push('\n');
    out
}

/// Words with their following space; every Han character is a piece, with closing punctuation attached.
fn pieces(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for c in text.chars() {
        let wide = c.width().unwrap_or(0) > 1;
        let closes = matches!(c, '，' | '。' | '；' | '：' | '、' | '）' | '”' | '！' | '？' | ' ');
        match out.last_mut() {
            Some(last)
                if closes || (!wide && !last.ends_with(' ') && !last.ends_with(|l: char| l.width() > Some(1))) =>
            {
                last.push(c)
            }
            _ => out.push(c.to_string()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_han_characters() {
        let text = wrap("一二三四五六七八九十一二三四五六七八九十，好 and so on", 40, "  ");
        assert!(text.lines().all(|l| l.width() <= 42), "{text}");
        assert_eq!(text.replace("\n  ", "").trim(), "一二三四五六七八九十一二三四五六七八九十，好 and so on");
    }
}

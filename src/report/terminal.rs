//! The report as one screen of a terminal: the verdict first, then what moved, each with one cause and one quote.

use std::io::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::model::{Direction, Quote, Report, Shift, Tone};
use super::wording::{self, read_line};
use super::{
    footing, heading, number, opportunity_lines, place_name, put, safe, scope, shops, standing_line, wider_lines,
};
use crate::error::Result;
use crate::words::{Lang, Stance};

/// How the terminal can show things.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Colours and bold.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Lines of a screen.
const LINES: usize = 45;
/// Lines of a shift: what, how much, one cause, one quote.
const ENTRY: usize = 4;
/// Shifts of four weeks.
const WIDER: usize = 3;
/// Notes on competitors, and their most frequent praise and complaints, in a report on them alone.
const RIVALS: usize = 5;
/// Most frequent complaints of the period, shown where nothing moved or beside what did.
const TOP: usize = 3;

impl Style {
    /// Text in a colour, where there are colours.
    pub fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    /// Words that were matched.
    pub fn matched(self, text: &str) -> String {
        if self.color { self.paint("1;4", text) } else { format!("[{text}]") }
    }

    /// A heading, in bold where there are colours.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Beside the point.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Worse is magenta, better is blue: told apart without red and green, and never by colour alone.
    fn moved(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Worse => "1;35",
            Tone::Better => "1;34",
            Tone::Neither => "1",
        };
        self.paint(code, text)
    }
}

/// Writes the report. What does not fit the screen is in the files, and a line says so.
pub fn write(report: &Report, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    let (head, tail) = (head(report, lang, style), tail(report, lang, style));
    let room = LINES.saturating_sub(head.lines().count() + tail.lines().count());
    let all = report.shifts.len();
    // Where not all have room, a line says how many more there are.
    let shown = if all * ENTRY <= room { all } else { (room.saturating_sub(1) / ENTRY).clamp(1, all) };
    put(out, &head)?;
    for shift in &report.shifts[..shown] {
        put(out, &entry(report, shift, lang, style))?;
    }
    let more = report.shifts.len() - shown;
    if more > 0 {
        put(out, &lang.of(format!("……另有 {more} 项\n"), format!("… and {more} more\n")))?;
    }
    put(out, &tail)
}

fn head(report: &Report, lang: Lang, style: Style) -> String {
    let title = format!("{} · {}", shops(report, lang), heading(report, lang));
    let mut text = format!("{}\n", style.bold(wrap(&title, style.width, "").trim_end()));
    text.push_str(&wrap(&footing(report, lang), style.width, ""));
    text.push_str(&format!("\n{}\n", style.bold(wrap(report.verdict.in_lang(lang), style.width, "").trim_end())));
    for caution in &report.cautions {
        text.push_str(&wrap(&format!("⚠ {}", caution.in_lang(lang)), style.width, ""));
    }
    text
}

/// Below the shifts: the other ratios, the most frequent complaints, a line each on mix, competitors and standing.
fn tail(report: &Report, lang: Lang, style: Style) -> String {
    let mut text = format!("\n{}", wrap(&wording::rest_line(report, lang), style.width, ""));
    for note in report.mixed.iter().take(1) {
        text.push_str(&wrap(note.in_lang(lang), style.width, ""));
    }
    // On competitors alone, how they stand to one's own shops is the report.
    for note in report.versus_notes.iter().take(if report.is_of_rivals() { RIVALS } else { 1 }) {
        text.push_str(&wrap(note.in_lang(lang), style.width, ""));
    }
    for line in &wider_lines(report, lang, WIDER) {
        text.push_str(&format!("{}\n", safe::cut(line, style.width)));
    }
    if report.is_of_rivals() {
        text.push_str(&top(report, Stance::Praise, RIVALS, lang, style));
        text.push_str(&top(report, Stance::Complaint, RIVALS, lang, style));
    } else {
        text.push_str(&top(report, Stance::Complaint, TOP, lang, style));
    }
    if let Some(standing) = &report.standing {
        text.push_str(&wrap(&standing_line(standing, lang), style.width, ""));
        text.push_str(
            &opportunity_lines(standing, lang).first().map_or(String::new(), |line| wrap(line, style.width, "")),
        );
    }
    let service = super::service::lines(report, lang);
    if !service.is_empty() {
        text.push_str(&wrap(&whole_sentences(&service, lang, style.width), style.width, ""));
    }
    if report.read.files > 0 {
        let read = lang.of(
            format!("读入：{}。", read_line(&report.read, lang)),
            format!("Read: {}.", read_line(&report.read, lang)),
        );
        text.push_str(&format!("{}\n", style.dim(wrap(&read, style.width, "").trim_end())));
    }
    let hint = lang.of(
        "全部原声、热力图、走势和口径：earful report -o 报告.xlsx（或 .html）",
        "All quotes, heat map, trends and definitions: earful report -o report.xlsx (or .html)",
    );
    text.push_str(&format!("{}\n", style.dim(wrap(hint, style.width, "").trim_end())));
    text
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
    let spark = number::spark(&shift.series);
    let ours =
        shift.ours.map(|ours| format!("{}{}", lang.of("，", ", "), wording::ours(ours, lang))).unwrap_or_default();
    let figures = format!(
        "{} ← {}   {}{}   {}   {extra}",
        number::share(shift.now),
        number::share(shift.before),
        number::points(shift.change),
        lang.of("个百分点", " points"),
        number::about(shift.times, lang),
    );
    let mut text = format!(
        "{}{ours}  {spark}\n{}",
        style
            .moved(report.tone(shift), &safe::cut(&name, style.width.saturating_sub(spark.width() + ours.width() + 2))),
        wrap(&figures, style.width, "    "),
    );
    if let Some(cause) = shift.causes.first() {
        text.push_str(&format!("    {}\n", safe::cut(cause.in_lang(lang), style.width.saturating_sub(4))));
    }
    if let Some(quote) = shift.quotes.first().map(|&i| &report.quotes[i]) {
        text.push_str(&quoted(quote, lang, style));
    }
    text
}

/// One line: the words around the match, as far as there is room, and where they stand.
fn quoted(quote: &Quote, lang: Lang, style: Style) -> String {
    let day = quote.day.as_deref().unwrap_or("");
    let stars = quote.stars.map(|s| format!(" {s:.0}★")).unwrap_or_default();
    let place = format!("{day}{stars} {}", quote.uid);
    let mut room = style.width.saturating_sub(place.width() + 9);
    let mut words = String::new();
    for (text, matched) in quote.pieces() {
        let piece = safe::cut(text, room);
        room -= piece.width().min(room);
        let brackets = if matched && !style.color { 2 } else { 0 };
        room = room.saturating_sub(brackets);
        words.push_str(&if matched { style.matched(&piece) } else { piece });
        if room == 0 {
            break;
        }
    }
    let place = style.dim(&place);
    lang.of(format!("    “{words}” {place}\n"), format!("    \"{words}\" {place}\n"))
}

/// The most frequent categories of a stance, each with its course.
fn top(report: &Report, stance: Stance, most: usize, lang: Lang, style: Style) -> String {
    let mut lines = String::new();
    for trend in report.trends.iter().filter(|t| t.stance == stance).take(most) {
        let now = trend.series.last().copied().unwrap_or_default();
        let name = trend.category.name.in_lang(lang);
        let pad = " ".repeat(22usize.saturating_sub(name.width()));
        let ours = trend.ours.map(|ours| format!("   {}", wording::ours(ours, lang))).unwrap_or_default();
        lines.push_str(&format!("  {name}{pad}{}  {}{ours}\n", number::spark(&trend.series), number::share(now)));
    }
    if lines.is_empty() {
        return lines;
    }
    let scope = scope(report, lang);
    let head = match stance {
        Stance::Praise => lang.of(format!("{scope}最常被夸："), format!("Most frequent praise, {scope}:")),
        _ => lang.of(format!("{scope}说得最多的不满："), format!("Most frequent complaints, {scope}:")),
    };
    format!("{}\n{lines}", style.bold(&safe::cut(&safe::shown(&head), style.width)))
}

/// As many of the sentences on service as stand on one line, the first in any case, and where the others are.
fn whole_sentences(sentences: &[&str], lang: Lang, width: usize) -> String {
    let (head, more) = (lang.of("客服：", "Service: "), lang.of("（earful chats）", " (earful chats)"));
    let mut line = format!("{head}{}", sentences[0]);
    for next in &sentences[1..] {
        if line.width() + next.width() + 1 + more.width() > width {
            return line + more;
        }
        line.push_str(lang.of("", " "));
        line.push_str(next);
    }
    line
}

/// Breaks a line at the terminal's width; a Han character takes two columns.
pub fn wrap(text: &str, width: usize, indent: &str) -> String {
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

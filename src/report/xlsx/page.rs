//! One sheet being written: cells by meaning (a share, points, a name), formats and print setup in one place.

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatUnderline, Sparkline, SparklineType, Url, Worksheet, XlsxError,
};

use super::QUOTES;
use crate::report::model::{Direction, MIN_BASE_FOR_PERCENT, Ratio, Tone};
use crate::report::safe;
use crate::words::Lang;

/// Longest text of a cell that a spreadsheet accepts, in UTF-16 units, with room for an ellipsis.
const CELL_UNITS: usize = 32_000;

/// Highest row that a spreadsheet accepts, in points.
const TALLEST: f64 = 409.0;

/// First of the hidden columns that sparklines are drawn from.
const HIDDEN_COLUMN: u16 = 60;

/// Formats, made once for the book.
pub struct Styles {
    pub title: Format,
    pub verdict: Format,
    pub head: Format,
    pub text: Format,
    pub wrapped: Format,
    pub count: Format,
    pub percent: Format,
    pub small: Format,
    pub points: Format,
    pub times: Format,
    pub worse: Format,
    pub better: Format,
    pub neither: Format,
    pub link: Format,
    pub note: Format,
}

impl Styles {
    pub fn new() -> Styles {
        let text = Format::new().set_font_name("Arial").set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let ink = Color::RGB(0x1F2A37);
        Styles {
            title: text.clone().set_font_size(16).set_bold().set_font_color(ink),
            verdict: text.clone().set_font_size(12).set_bold().set_text_wrap(),
            head: text
                .clone()
                .set_indent(1)
                .set_bold()
                .set_text_wrap()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x2F4B6E))
                .set_align(FormatAlign::VerticalCenter)
                .set_border_bottom(FormatBorder::Thin),
            wrapped: text.clone().set_text_wrap().set_indent(1),
            count: text.clone().set_num_format("#,##0"),
            percent: text.clone().set_num_format("0.0%"),
            small: text.clone().set_font_color(Color::RGB(0x8A8F98)).set_align(FormatAlign::Right),
            points: text.clone().set_num_format("+0.0;-0.0;0.0"),
            times: text.clone().set_num_format("\"×\"0.0"),
            worse: text.clone().set_bold().set_font_color(Color::RGB(0xA3195B)),
            better: text.clone().set_bold().set_font_color(Color::RGB(0x1A5FB4)),
            neither: text.clone().set_bold(),
            link: text
                .clone()
                .set_indent(1)
                .set_font_color(Color::RGB(0x1A5FB4))
                .set_underline(FormatUnderline::Single),
            note: text.clone().set_font_color(Color::RGB(0x5E6672)).set_text_wrap(),
            // Apart from the number in the cell before.
            text: text.set_indent(1),
        }
    }
}

impl Styles {
    /// The format of what moved.
    pub fn moved(&self, tone: Tone) -> &Format {
        match tone {
            Tone::Worse => &self.worse,
            Tone::Better => &self.better,
            Tone::Neither => &self.neither,
        }
    }
}

/// As much of a product's name as two wrapped lines of a column hold: whatever a listing has written into its title
/// must not make a row tall. The SKU stands beside it.
pub fn two_lines(name: &str, width: f64) -> String {
    safe::cut(name, (width * FILLED * 2.0) as usize - 2)
}

/// The part of a column's width that wrapped text fills.
const FILLED: f64 = 0.92;

/// A sheet with a row to write next.
pub struct Page<'a> {
    pub sheet: &'a mut Worksheet,
    pub styles: &'a Styles,
    pub lang: Lang,
    pub row: u32,
    /// Pages side by side in print; more than one repeats the frozen columns.
    pub pages_wide: u16,
    /// Columns that are printed: the helpers of sparklines to their right are not. 0: whatever there is.
    pub columns: u16,
    /// Rows that are printed, if not all: what is looked things up in is not for paper.
    pub printed: Option<u32>,
}

impl<'a> Page<'a> {
    pub fn new(sheet: &'a mut Worksheet, styles: &'a Styles, lang: Lang) -> Page<'a> {
        sheet.set_default_row_height(17);
        Page { sheet, styles, lang, row: 0, pages_wide: 1, columns: 0, printed: None }
    }

    /// A header row with column widths; it freezes above `frozen` first columns and repeats in print.
    pub fn head(&mut self, columns: &[(&str, &str, f64)], frozen: u16) -> Result<(), XlsxError> {
        self.head_over(columns, frozen, &|_| false)
    }

    /// The same, where `numbers` tells which columns hold numbers: their names stand over them, at the right.
    pub fn head_over(
        &mut self,
        columns: &[(&str, &str, f64)],
        frozen: u16,
        numbers: &dyn Fn(usize) -> bool,
    ) -> Result<(), XlsxError> {
        for (i, (zh, en, width)) in columns.iter().enumerate() {
            self.title(i as u16, self.lang.of(zh, en), numbers(i))?;
            self.sheet.set_column_width(i as u16, *width)?;
        }
        self.freeze(frozen)
    }

    /// The name of a column, over its numbers if it holds such.
    pub fn title(&mut self, column: u16, name: &str, number: bool) -> Result<(), XlsxError> {
        let head = &self.styles.head;
        let right = head.clone().set_indent(0).set_align(FormatAlign::Right);
        self.styled(column, name, if number { &right } else { head })
    }

    /// Freezes everything above the next row, and the first columns.
    pub fn freeze(&mut self, columns: u16) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 32)?;
        self.sheet.set_repeat_rows(self.row, self.row)?;
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, columns)?;
        Ok(())
    }

    /// Filter buttons over a table whose header is row `head`.
    pub fn filter(&mut self, head: u32, columns: u16) -> Result<(), XlsxError> {
        self.columns = columns;
        if self.row > head + 1 {
            self.sheet.autofilter(head, 0, self.row - 1, columns - 1)?;
        }
        Ok(())
    }

    /// Text from anywhere: never a formula, never a link, hidden characters shown.
    pub fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        self.styled(column, text, &self.styles.text.clone())
    }

    /// Makes the row as high as its longest wrapped text needs: text and column width of each.
    pub fn fit(&mut self, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
        let lines = |(text, width): &(&str, f64)| -> f64 {
            let line = |l: &str| (unicode_width::UnicodeWidthStr::width(l) as f64 / (width * FILLED)).ceil().max(1.0);
            text.lines().map(line).sum()
        };
        let most = texts.iter().map(lines).fold(1.0, f64::max);
        self.sheet.set_row_height(self.row, (most * 13.5 + 6.0).min(TALLEST))?;
        Ok(())
    }

    /// Several texts in one cell, each on a line of its own.
    pub fn lines(&mut self, column: u16, texts: &[&str]) -> Result<(), XlsxError> {
        let lines: Vec<_> = texts.iter().map(|text| safe::shown(text)).collect();
        self.write(column, lines.join("\n"), &self.styles.wrapped.clone())
    }

    /// Text in a format.
    pub fn styled(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.write(column, safe::shown(text).into_owned(), format)
    }

    /// Harmless text, cut to what a cell holds.
    fn write(&mut self, column: u16, text: String, format: &Format) -> Result<(), XlsxError> {
        let units: usize = text.chars().map(char::len_utf16).sum();
        if units <= CELL_UNITS {
            self.sheet.write_string_with_format(self.row, column, text, format)?;
        } else {
            let cut: String = text.chars().take(CELL_UNITS / 2).chain(['…']).collect();
            self.sheet.write_string_with_format(self.row, column, cut, format)?;
        }
        Ok(())
    }

    pub fn count(&mut self, column: u16, count: u64) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, column, count as f64, &self.styles.count)?;
        Ok(())
    }

    /// A share as a percentage, grey `2/3` where the base is too small, a dash without records.
    pub fn share(&mut self, column: u16, ratio: Ratio) -> Result<(), XlsxError> {
        match ratio.share() {
            None => self.sheet.write_string_with_format(self.row, column, "—", &self.styles.small)?,
            Some(_) if ratio.base < MIN_BASE_FOR_PERCENT => {
                let text = format!("{}/{}", ratio.mentions, ratio.base);
                self.sheet.write_string_with_format(self.row, column, text, &self.styles.small)?
            }
            Some(p) => self.sheet.write_number_with_format(self.row, column, p, &self.styles.percent)?,
        };
        Ok(())
    }

    /// A share that leads to a quote, if there is one.
    pub fn share_to(&mut self, column: u16, ratio: Ratio, quote: Option<usize>) -> Result<(), XlsxError> {
        if let Some(quote) = quote {
            // The link stays when the number is written over its text.
            self.quote_link(column, quote, "…")?;
        }
        self.share(column, ratio)
    }

    /// A number if there is one and it is finite, else a dash.
    pub fn number(&mut self, column: u16, number: Option<f64>, format: &Format) -> Result<(), XlsxError> {
        match number.filter(|n| n.is_finite()) {
            Some(n) => self.sheet.write_number_with_format(self.row, column, n, format)?,
            None => self.sheet.write_string_with_format(self.row, column, "—", &self.styles.small)?,
        };
        Ok(())
    }

    /// `▲ rise` in the colour of what it means.
    pub fn direction(&mut self, column: u16, direction: Direction, tone: Tone) -> Result<(), XlsxError> {
        let format = match direction {
            Direction::Rise | Direction::Fall => self.styles.moved(tone),
            _ => &self.styles.text,
        };
        let text = format!("{} {}", direction.mark(), direction.said().in_lang(self.lang));
        self.sheet.write_string_with_format(self.row, column, text, format)?;
        Ok(())
    }

    /// A link to a quote on the sheet of quotes.
    pub fn quote_link(&mut self, column: u16, quote: usize, text: &str) -> Result<(), XlsxError> {
        let sheet = self.lang.of(QUOTES.0, QUOTES.1);
        let to = format!("internal:'{sheet}'!A{}", quote + super::quotes::FIRST_ROW as usize + 1);
        let url = Url::new(to).set_text(safe::shown(text));
        self.sheet.write_url_with_format(self.row, column, url, &self.styles.link)?;
        Ok(())
    }

    /// A sparkline; the shares it is drawn from stand in hidden columns to the right.
    pub fn spark(&mut self, column: u16, series: &[Ratio]) -> Result<(), XlsxError> {
        if series.is_empty() {
            return Ok(());
        }
        for (i, ratio) in series.iter().enumerate() {
            let at = HIDDEN_COLUMN + i as u16;
            if let Some(share) = ratio.share() {
                self.sheet.write_number_with_format(self.row, at, share, &self.styles.percent)?;
            }
            self.sheet.set_column_hidden(at)?;
        }
        let name = self.sheet.name();
        let last = HIDDEN_COLUMN + series.len() as u16 - 1;
        let line = Sparkline::new()
            .set_range((name.as_str(), self.row, HIDDEN_COLUMN, self.row, last))
            .set_type(SparklineType::Column)
            .show_hidden_data(true)
            .set_custom_min(0);
        self.sheet.add_sparkline(self.row, column, &line)?;
        Ok(())
    }

    /// A4, landscape, one page wide, page numbers; below a part that is printed it says that there is more.
    pub fn print_setup(&mut self) -> Result<(), XlsxError> {
        let cut = self.printed.filter(|rows| *rows < self.row);
        let footer = match cut {
            None => self.lang.of("&L&A&R第 &P 页 共 &N 页", "&L&A&Rpage &P of &N"),
            Some(_) => self.lang.of(
                "&L&A：只印开头部分，其余见文件&R第 &P 页 共 &N 页",
                "&L&A: only the first part is printed, the rest is in the file&Rpage &P of &N",
            ),
        };
        if let (Some(column), Some(row)) = (self.columns.checked_sub(1), cut.unwrap_or(self.row).checked_sub(1)) {
            self.sheet.set_print_area(0, 0, row, column)?;
        }
        self.sheet
            .set_paper_size(9)
            .set_landscape()
            .set_print_fit_to_pages(self.pages_wide, 0)
            .set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
        self.sheet.set_footer(footer);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn a_long_title_takes_two_lines() {
        for title in ["儿童保温杯".repeat(30), "Kids Insulated Water Bottle, ".repeat(10)] {
            let cut = two_lines(&title, 26.0);
            assert!(cut.ends_with('…') && cut.width() as f64 <= 26.0 * FILLED * 2.0, "{cut}");
        }
        assert_eq!(two_lines("保温杯", 26.0), "保温杯");
    }
}

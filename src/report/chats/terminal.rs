//! Tables on a terminal: the verdict first, then each table with its first rows.

use std::io::Write;

use comfy_table::{ColumnConstraint, ContentArrangement, Table as Grid, Width, presets};

use super::{Tables, Value};
use crate::error::Result;
use crate::report::{Style, put, wrap};
use crate::words::Lang;

/// Columns that a screen has no room for; the files have them.
const WIDE: [&str; 2] = ["meaning", "source"];
/// Columns that are copied or read at a glance: never broken in two.
const WHOLE: [&str; 5] = ["uid", "time", "opened", "buyer", "direction"];
/// The column that begins with a day, and the width of a day with its margins.
const EVENT: &str = "event";
const DAY: u16 = 12;
/// Characters of a quote that is shown whole; where columns are many, the fewer.
const QUOTE: usize = 48;
const NARROW: usize = 20;
/// Marks the first row under the header; it has no width, and no text of ours.
const FIRST: char = '\u{2060}';
/// So many columns are many.
const MANY: usize = 6;

/// Writes the screen.
pub fn write(tables: &Tables, lang: Lang, style: Style, out: &mut dyn Write) -> Result<()> {
    put(out, &format!("{}\n", style.bold(tables.title.in_lang(lang))))?;
    for said in &tables.verdict {
        put(out, &wrap(said.in_lang(lang), style.width, ""))?;
    }
    for table in tables.tables.iter().filter(|t| !t.rows.is_empty() && t.shown > 0) {
        put(out, &format!("\n{}\n", style.bold(table.title.in_lang(lang))))?;
        let mut grid = Grid::new();
        grid.load_style(presets::NOTHING);
        grid.set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_width(style.width.clamp(40, usize::from(u16::MAX)) as u16);
        let fits = |at: &usize| !WIDE.contains(&table.columns[*at].key.as_str());
        let columns: Vec<usize> = (0..table.columns.len()).filter(fits).collect();
        grid.set_header(columns.iter().map(|at| table.columns[*at].name.in_lang(lang)));
        for (number, row) in table.rows.iter().take(table.shown).enumerate() {
            let most = if columns.len() > MANY { NARROW } else { QUOTE };
            let mut cells: Vec<String> = columns.iter().map(|at| short(&row[*at], most, lang)).collect();
            if let Some(first) = cells.first_mut().filter(|_| number == 0) {
                first.insert(0, FIRST);
            }
            grid.add_row(cells);
        }
        for (place, at) in columns.iter().enumerate() {
            let key = table.columns[*at].key.as_str();
            let Some(column) = grid.column_mut(place) else { continue };
            if WHOLE.contains(&key) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            } else if key == EVENT {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(DAY)));
            }
        }
        put(out, &with_dim_header(&grid, style))?;
        let more = table.rows.len().saturating_sub(table.shown);
        if more > 0 {
            let text =
                lang.of(format!("……另有 {more} 行，见 -o 文件"), format!("… and {more} more rows, see the -o file"));
            put(out, &format!("{}\n", style.dim(&text)))?;
        }
        if !table.note.in_lang(lang).is_empty() {
            put(out, &format!("{}\n", style.dim(wrap(table.note.in_lang(lang), style.width, "").trim_end())))?;
        }
    }
    Ok(())
}

/// The grid with its header in another tone. The grid measures and breaks what it is given, so the signs of the tone
/// come only afterwards.
fn with_dim_header(grid: &Grid, style: Style) -> String {
    let mut in_header = true;
    let tone = |line: String| {
        in_header &= !line.contains(FIRST);
        let line = line.replace(FIRST, "");
        if in_header { style.dim(&line) + "\n" } else { line + "\n" }
    };
    grid.lines().map(tone).collect()
}

/// Long quotes are cut on the screen.
fn short(value: &Value, most: usize, lang: Lang) -> String {
    let text = value.shown(lang);
    if !matches!(value, Value::Text(_)) || text.chars().count() <= most {
        return text;
    }
    text.chars().take(most).chain(['…']).collect()
}

//! A tally that was counted elsewhere, as a CSV or Parquet file.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::error::{Error, Result};
use crate::records::foreign::Foreign;
use crate::run::counts::COLUMNS;
use crate::said;
use crate::stats::tally::{Counter, Row, Tally};
use crate::words::{Said, Stance};

/// Reads `period,shop,own,sku,category,stance,mentions,base`, in any order, among other columns.
pub fn read(path: &Path) -> Result<Tally> {
    let file = File::open(path).map_err(|e| Error::file(path, e))?;
    let mut table = Table { counter: Counter::default(), places: [0; 8], row: 1, path };
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
        let mut rows = Foreign::open(&path.display().to_string(), file)?;
        table.head(&rows.headers())?;
        rows.rows(&mut |cells| table.take(|at| cells.get(at).copied().flatten().unwrap_or("")))?;
    } else {
        let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(BufReader::new(file));
        let broken = |row: u64, e: csv::Error| at_row(path, row, &said!("读不了", "cannot be read")).cause(e);
        let head: Vec<String> = csv.headers().map_err(|e| broken(1, e))?.iter().map(str::to_string).collect();
        table.head(&head)?;
        let mut cells = csv::StringRecord::new();
        while csv.read_record(&mut cells).map_err(|e| broken(table.row + 1, e))? {
            table.take(|at| cells.get(at).unwrap_or(""))?;
        }
    }
    Ok(table.counter.finish())
}

/// A table on its way in.
struct Table<'a> {
    counter: Counter,
    /// Where each of [`COLUMNS`] stands.
    places: [usize; 8],
    row: u64,
    path: &'a Path,
}

fn at_row(path: &Path, row: u64, what: &Said) -> Error {
    let (file, zh, en) = (path.display(), &what.zh, &what.en);
    Error::new("tally", said!("{file} 第 {row} 行：{zh}", "{file}, row {row}: {en}")).help(said!(
        "列是 period,shop,own,sku,category,stance,mentions,base",
        "the columns are period,shop,own,sku,category,stance,mentions,base"
    ))
}

impl Table<'_> {
    fn head(&mut self, head: &[String]) -> Result<()> {
        for (place, column) in self.places.iter_mut().zip(COLUMNS) {
            let named = |cell: &String| cell.trim_start_matches('\u{FEFF}').trim().eq_ignore_ascii_case(column);
            *place = head
                .iter()
                .position(named)
                .ok_or_else(|| at_row(self.path, 1, &said!("缺少 {column} 列", "there is no column {column}")))?;
        }
        Ok(())
    }

    fn take<'c>(&mut self, cell: impl Fn(usize) -> &'c str) -> Result<()> {
        self.row += 1;
        let cells = self.places.map(|at| cell(at).trim());
        self.add(cells).map_err(|what| at_row(self.path, self.row, &what))
    }

    fn add(
        &mut self,
        [period, shop, own, sku, category, stance, mentions, base]: [&str; 8],
    ) -> std::result::Result<(), Said> {
        let own = match own.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" | "1.0" | "yes" | "y" | "own" | "是" | "自家" | "自营" => true,
            "false" | "f" | "0" | "0.0" | "no" | "n" | "" | "competitor" | "否" | "竞品" => false,
            _ => return Err(said!("own 列要写 true 或 false", "column own is true or false")),
        };
        let number = |text: &str| {
            let whole = text.strip_suffix(".0").map_or(Cow::Borrowed(text), |t| Cow::Owned(t.to_string()));
            whole.parse::<u64>().map_err(|_| said!("mentions 和 base 要是整数", "mentions and base are whole numbers"))
        };
        let known = Stance::written(stance);
        if known.is_none() && !stance.is_empty() {
            return Err(said!("没有这种立场", "there is no such stance"));
        }
        let period = period.parse().map_err(|_| said!("周期读不懂", "the period is not understood"))?;
        let (mentions, base) = (number(mentions)?, number(base)?);
        self.counter.add_row(&Row { period, shop, own, sku, category, stance: known, mentions, base })
    }
}

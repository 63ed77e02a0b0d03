//! A tally that was counted elsewhere, as a CSV file.

use std::path::Path;

use crate::error::{Error, Result};
use crate::said;
use crate::stats::tally::{Counter, Row, Tally};
use crate::words::Stance;

#[derive(serde::Deserialize)]
struct Line {
    period: String,
    shop: String,
    own: String,
    sku: String,
    category: String,
    stance: String,
    mentions: u64,
    base: u64,
}

/// Reads `period,shop,own,sku,category,stance,mentions,base`.
pub fn read(path: &Path) -> Result<Tally> {
    let file = std::fs::File::open(path).map_err(|e| Error::file(path, e))?;
    let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(std::io::BufReader::new(file));
    let mut counter = Counter::default();
    for (i, line) in csv.deserialize::<Line>().enumerate() {
        let row = i + 2;
        let wrong = |zh: &str, en: &str| {
            Error::new("tally", said!("{file} 第 {row} 行：{zh}", "{file}, row {row}: {en}", file = path.display()))
                .help(said!(
                    "列是 period,shop,own,sku,category,stance,mentions,base",
                    "the columns are period,shop,own,sku,category,stance,mentions,base"
                ))
        };
        let line = line.map_err(|e| wrong("列不对或不是数", "a column is missing or not a number").cause(e))?;
        let period = line.period.parse().map_err(|_| wrong("周期读不懂", "the period is not understood"))?;
        let own = match line.own.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "own" | "是" => true,
            "false" | "0" | "no" | "" | "否" => false,
            _ => return Err(wrong("own 列要写 true 或 false", "column own is true or false")),
        };
        let stance = Stance::from_key(&line.stance);
        if stance.is_none() && !line.stance.is_empty() {
            return Err(wrong("没有这种立场", "there is no such stance"));
        }
        let row = Row {
            period,
            shop: &line.shop,
            own,
            sku: &line.sku,
            category: &line.category,
            stance,
            mentions: line.mentions,
            base: line.base,
        };
        counter.add_row(&row).map_err(|what| wrong(&what.zh, &what.en))?;
    }
    Ok(counter.finish())
}

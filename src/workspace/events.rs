//! events.csv: what happened and when, kept by hand or by command, in a file that a spreadsheet opens.

use std::path::Path;

use jiff::civil::Date;

use super::lines;
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Day, Place, Problem, Severity};

/// The name of the file.
pub const FILE: &str = "events.csv";

/// The columns, by the names under which they are found; the first is the one that is written.
const COLUMNS: [&[&str]; 5] = [
    &["date", "日期", "时间"],
    &["kind", "类型", "种类"],
    &["shop", "店铺"],
    &["sku", "商品", "货号"],
    &["text", "说明", "内容", "备注"],
];

/// Something that happened to a shop or one of its products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub day: Day,
    /// What kind: `manufacturer`, `listing`, `campaign`, `reply`, or the user's own word.
    pub kind: String,
    /// Shop; empty: all.
    pub shop: String,
    /// SKU; empty: all.
    pub sku: String,
    /// What happened.
    pub text: String,
}

/// Reads all events, in order of their day, and what could not be read.
pub fn read(path: &Path) -> Result<(Vec<Event>, Vec<Problem>)> {
    let Some(text) = lines::read(path)? else { return Ok((Vec::new(), Vec::new())) };
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let head = rows.headers().cloned().unwrap_or_default();
    let at = |column: usize| {
        let named = |cell: &str| COLUMNS[column].contains(&cell.trim_start_matches('\u{feff}').to_lowercase().as_str());
        head.iter().position(named)
    };
    let Some(date_at) = at(0) else {
        let what = said!("{file}：没有日期列", "{file}: there is no date column", file = path.display());
        return Err(Error::new("events", what)
            .help(said!("第一行写成 date,kind,shop,sku,text", "let the first line be date,kind,shop,sku,text")));
    };
    let places = [at(1), at(2), at(3), at(4)];
    let (mut events, mut problems) = (Vec::new(), Vec::new());
    for (row, cells) in rows.records().enumerate() {
        let cells = cells.unwrap_or_default();
        if cells.iter().all(str::is_empty) {
            continue;
        }
        let [kind, shop, sku, text] = places.map(|at| at.and_then(|at| cells.get(at)).unwrap_or_default().to_string());
        match cells.get(date_at).and_then(day) {
            Some(day) => events.push(Event { day, kind, shop, sku, text }),
            None => problems.push(Problem {
                code: "bad_date",
                severity: Severity::Warning,
                place: Place { file: Some(FILE.into()), row: Some(row as u64 + 2), span: None },
                what: said!("日期看不懂，这一行已跳过", "the date cannot be read; the row was left out"),
                help: Some(said!("写成 2026-10-31", "write it as 2026-10-31")),
            }),
        }
    }
    events.sort_by_key(|event| event.day);
    Ok((events, problems))
}

/// `2026-10-31`, `2026/10/31`, `2026.10.31`, `2026年10月31日`, padded or not.
fn day(cell: &str) -> Option<Day> {
    let plain = cell.split([' ', 'T']).next()?.replace(['/', '.', '年', '月'], "-").replace('日', "");
    Date::strptime("%Y-%m-%d", plain).ok().map(Day::from_civil)
}

/// Adds events.
pub fn append(path: &Path, events: &[Event]) -> Result<()> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    for event in events {
        let day = event.day.to_string();
        lines
            .write_record([day.as_str(), &event.kind, &event.shop, &event.sku, &event.text])
            .map_err(|err| Error::file(path, std::io::Error::other(err)))?;
    }
    let lines = lines.into_inner().map_err(|err| Error::file(path, err.into_error()))?;
    // The mark lets spreadsheet programs see that the file is UTF-8.
    let head = format!("\u{feff}{}\n", COLUMNS.map(|names| names[0]).join(","));
    lines::append(path, &head, &String::from_utf8_lossy(&lines))
}

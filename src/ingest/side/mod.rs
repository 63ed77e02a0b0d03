//! Files that hold no customer's words but say what became of them: orders, and after-sale cases. Their columns
//! are found by name, every row is accounted for, and names become tokens before anything is kept.

mod cases;
mod orders;
mod sheet;

use std::collections::BTreeMap;

use super::bytes::{Bytes, Input};
use super::container::{Plan, Sheet, documents};
use super::meaning::dates::{Clock, read_cell};
use super::source::{DateOrder, Settings};
use super::table::{Cell, Row};
use super::vocabulary::normal;
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Ledger, Moment};

pub use cases::read as cases;
pub use orders::read as orders;
pub use sheet::{Spoilt, read as sheet};

/// A column that is looked for.
struct Wanted {
    /// The word in the ledger.
    key: &'static str,
    /// Its names, the best first, parted by blanks and compared as [`normal`] has them.
    names: &'static str,
    /// Without it the file is not what it should be.
    needed: bool,
}

const fn wanted(key: &'static str, names: &'static str) -> Wanted {
    Wanted { key, names, needed: false }
}

const fn needed(key: &'static str, names: &'static str) -> Wanted {
    Wanted { key, names, needed: true }
}

/// Who bought, as both lists call it.
const BUYER: Wanted = wanted(
    "buyer",
    "买家会员名 买家旺旺 旺旺名 买家昵称 买家账号 下单帐号 下单账号 会员名 用户昵称 买家 buyer buyerusername usernamebuyer \
     buyernickname username email buyeremail",
);
/// The seller's code of what was bought.
const SKU: Wanted = wanted("sku_id", "商家编码 商品编码 sku编码 商品sku skuid sku sellersku lineitemsku 规格编码");
/// The listing.
const PRODUCT: Wanted = wanted("product_id", "商品id 宝贝id 商品编号 链接id itemid productid goodsid numiid asin");

/// Rows looked at for the header.
const HEADER_WITHIN: usize = 12;

/// The header of a sheet.
struct Header {
    /// Its row; 0 if the container knows it.
    row: u64,
    names: Vec<String>,
    /// Key -> column of everything wanted that is there.
    columns: BTreeMap<&'static str, usize>,
}

impl Header {
    fn of(row: u64, names: Vec<String>, wanted: &[Wanted]) -> Option<Header> {
        let normal_names: Vec<String> = names.iter().map(|n| normal(n)).collect();
        let at = |w: &Wanted| w.names.split_whitespace().find_map(|name| normal_names.iter().position(|n| n == name));
        let columns: BTreeMap<_, _> = wanted.iter().filter_map(|w| Some((w.key, at(w)?))).collect();
        let is_whole = wanted.iter().all(|w| !w.needed || columns.contains_key(w.key));
        (is_whole && columns.len() >= 2).then_some(Header { row, names, columns })
    }

    fn find(sheet: &Sheet, wanted: &[Wanted]) -> Option<Header> {
        if let Some(headers) = &sheet.headers {
            return Header::of(0, headers.clone(), wanted);
        }
        (0..sheet.sample.len().min(HEADER_WITHIN)).find_map(|at| {
            let row = sheet.sample.row(at);
            Header::of(row.number(), row.cells().map(text).collect(), wanted)
        })
    }
}

/// The text of a cell, without what spreadsheets wrap around numbers.
fn text(cell: Cell<'_>) -> String {
    let text = match cell {
        Cell::Text(text) => text.trim().to_string(),
        Cell::Number(n) => format!("{n}"),
        Cell::Bool(b) => b.to_string(),
        Cell::Empty | Cell::Error | Cell::Date(_) => String::new(),
    };
    let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(&text);
    text.trim_start_matches('\'').trim().to_string()
}

/// One row, by what was wanted.
struct Line<'a> {
    row: Row<'a>,
    header: &'a Header,
    clock: &'a Clock,
}

impl Line<'_> {
    fn cell(&self, key: &str) -> Cell<'_> {
        self.header.columns.get(key).map_or(Cell::Empty, |column| self.row.cell(*column))
    }

    fn text(&self, key: &str) -> String {
        text(self.cell(key))
    }

    /// The moment of a cell; an error if there is something that is no date.
    fn moment(&self, key: &str) -> std::result::Result<Option<Moment>, ()> {
        match read_cell(self.cell(key)) {
            Ok(None) => Ok(None),
            Ok(Some(stated)) => self.clock.place(stated, None).map(Some).map_err(|_| ()),
            Err(_) => Err(()),
        }
    }

    /// A number such as `¥12.50` or `1,200`.
    fn number(&self, key: &str) -> Option<f64> {
        let text: String = self.text(key).chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
        text.parse().ok()
    }
}

/// Reads every sheet that has the wanted columns; `each` says why a row is left out, if it is.
fn lines(
    input: &Input<'_>,
    settings: &Settings<'_>,
    wanted: &[Wanted],
    what: (&str, &str),
    ledger: &mut Ledger,
    each: &mut dyn FnMut(&Line<'_>, &mut Ledger) -> Result<Option<&'static str>>,
) -> Result<()> {
    let mut bytes = Bytes::open(input, &settings.room)?;
    ledger.file = input.name();
    ledger.blake3 = bytes.fingerprint()?.to_hex().to_string();
    ledger.bytes = bytes.len;
    ledger.shop.clone_from(&settings.shop);
    let files = settings.zone.clone().unwrap_or_else(|| settings.home.clone());
    let mut clock = Clock::new(settings.home.clone(), files);
    clock.order = Some(settings.date_order.unwrap_or(DateOrder::MonthFirst));
    clock.captured = settings.captured;
    let mut found = false;
    for mut document in documents(bytes, settings)?.0 {
        for (at, sheet) in document.container.sheets()?.into_iter().enumerate() {
            let Some(header) = Header::find(&sheet, wanted) else { continue };
            found = true;
            ledger.encoding = document.encoding.to_string();
            ledger.container = [document.packing, &sheet.container].concat();
            for (key, column) in &header.columns {
                ledger.mapping.insert(header.names[*column].clone(), key.to_string());
            }
            let known = |at: usize| header.columns.values().any(|column| *column == at);
            let others = header.names.iter().enumerate().filter(|(at, name)| !known(*at) && !name.is_empty());
            ledger.unknown_columns.extend(others.map(|(_, name)| name.clone()));
            let plan = Plan { columns: header.names.len(), ..Plan::default() };
            document.container.rows(at, &plan, &mut |mut batch| {
                for index in 0..batch.len() {
                    let row = batch.row(index);
                    if row.number() <= header.row || row.is_empty() {
                        continue;
                    }
                    ledger.rows += 1;
                    let line = Line { row, header: &header, clock: &clock };
                    match each(&line, ledger)? {
                        Some("repeat") => ledger.repeats += 1,
                        Some(reason) => ledger.leave_out(reason),
                        None => ledger.kept += 1,
                    }
                }
                batch.clear();
                Ok(batch)
            })?;
        }
    }
    if found {
        return Ok(());
    }
    let needed: Vec<&str> =
        wanted.iter().filter(|w| w.needed).filter_map(|w| w.names.split_whitespace().next()).collect();
    let (file, needed) = (input.name(), needed.join(", "));
    let (zh, en) = what;
    Err(Error::new("not_this_file", said!("{file}：看不出是{zh}", "{file}: this does not look like {en}"))
        .help(said!("表头里至少要有这些列：{needed}", "the header must have at least these columns: {needed}")))
}

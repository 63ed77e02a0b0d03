//! The bundled demonstration: a workspace made of the exports of one shop and one competitor.

use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::add::{self, Ask};
use super::side;
use crate::disk;
use crate::error::{Error, Result};
use crate::ingest::{self, Input};
use crate::words::{Lang, Ledger, Record};
use crate::workspace::{Settings, Workspace};

static EXPORTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/corpora/demo/exports");
const EVENTS: &str = include_str!("../../corpora/demo/events.csv");

/// The exports in the order of import: file, shop, and whether the shop is a competitor's.
const FILES: [(&str, &str, bool); 6] = [
    ("tmall_reviews.xlsx", OWN, false),
    ("pdd_reviews.csv", OWN, false),
    ("qianniu_chats.txt", OWN, false),
    ("lost_sales.xlsx", OWN, false),
    ("amazon_us_reviews.csv", "Littledeer Home", false),
    ("jd_competitor.json", "萌趣旗舰店", true),
];
const OWN: &str = "小鹿生活馆";

/// Makes the workspace in `folder`, which must not hold one, and imports everything. Nothing is overwritten. Without a
/// language the workspace speaks that of the computer.
pub fn make(folder: &Path, language: Option<Lang>) -> Result<(Workspace, Vec<Ledger>)> {
    let workspace = Workspace::init(folder, &Settings { language, ..Settings::default() })?;
    let exports = folder.join("exports");
    fs::create_dir_all(&exports).map_err(|e| Error::file(&exports, e))?;
    EXPORTS.extract(&exports).map_err(|e| Error::file(&exports, e))?;
    disk::write(&folder.join("events.csv"), EVENTS.as_bytes())?;
    let mut ledgers = Vec::new();
    for (file, shop, competitor) in FILES {
        let ask = Ask { shop: Some(shop.to_string()), competitor, ..Ask::default() };
        let path = exports.join(file);
        ledgers.push(add::add(&mut workspace.write()?, Input::Path(&path), &ask, None)?);
    }
    let orders = exports.join("taobao_orders.csv");
    let ask = Ask { shop: Some(OWN.to_string()), ..Ask::default() };
    side::add_orders(&mut workspace.write()?, Input::Path(&orders), &ask)?;
    ledgers.push(side::add_cases(&mut workspace.write()?, Input::Path(&exports.join("taobao_cases.csv")), &ask)?);
    Ok((Workspace::open(folder)?, ledgers))
}

/// The records of the exports, without a workspace: a sample of what customers say, in Chinese and English.
pub fn records() -> Result<Vec<Record>> {
    let mut all = Vec::new();
    for (file, shop, _) in FILES {
        let bytes = EXPORTS.get_file(file).map_or(&[][..], |f| f.contents());
        let settings = ingest::Settings::new(shop, [0; 32]);
        ingest::read(Input::Bytes(file, bytes), &settings, &mut |record| {
            all.push(record);
            Ok(())
        })?;
    }
    Ok(all)
}

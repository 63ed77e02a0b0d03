//! The bundled demonstration: a workspace made of the exports of one shop and one competitor.

use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::add::{self, Ask};
use crate::error::{Error, Result};
use crate::ingest::Input;
use crate::said;
use crate::words::Ledger;
use crate::workspace::{Settings, Workspace};

static EXPORTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/corpora/demo/exports");
const EVENTS: &str = include_str!("../../corpora/demo/events.csv");

/// The shops of the exports, by the folder that they stand in.
const SHOPS: [(&str, &str, bool); 2] = [("own", "小鹿生活馆", false), ("competitor", "萌趣旗舰店", true)];

/// Makes the workspace in `folder`, which must not hold one, and imports everything. Nothing is overwritten.
pub fn make(folder: &Path) -> Result<(Workspace, Vec<Ledger>)> {
    let workspace = Workspace::init(folder, &Settings::default())?;
    let exports = folder.join("exports");
    EXPORTS.extract(prepared(&exports)?).map_err(|e| Error::file(&exports, e))?;
    let events = folder.join("events.csv");
    fs::write(&events, EVENTS).map_err(|e| Error::file(&events, e))?;
    let mut ledgers = Vec::new();
    for (side, shop, competitor) in SHOPS {
        let ask = Ask { shop: Some(shop.to_string()), competitor, ..Ask::default() };
        let mut files: Vec<_> = EXPORTS.get_dir(side).map(|d| d.files().collect()).unwrap_or_default();
        files.sort_by_key(|f: &&include_dir::File<'_>| f.path());
        for file in files {
            let path = exports.join(file.path());
            ledgers.push(add::add(&mut workspace.write()?, &Input::File(&path), &ask, None)?);
        }
    }
    if ledgers.is_empty() {
        return Err(Error::new("demo", said!("这个程序没有带演示数据", "this program was built without demonstration data")));
    }
    Ok((Workspace::open(folder)?, ledgers))
}

fn prepared(folder: &Path) -> Result<&Path> {
    fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
    Ok(folder)
}

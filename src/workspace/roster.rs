//! agents.csv: by which names customers know the agents; kept by hand, absent in most workspaces.

use std::path::Path;

use super::lines;
use crate::error::Result;

/// The name of the file.
pub const FILE: &str = "agents.csv";
/// A file of the same form: phrases that agents should use. Columns: name, phrase.
pub const SCRIPTS: &str = "scripts.csv";

/// Names in reviews with the account that each stands for. Columns: account, name; several rows an account.
pub fn read(path: &Path) -> Result<Vec<(String, String)>> {
    let Some(text) = lines::read(path)? else { return Ok(Vec::new()) };
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let pair = |cells: csv::StringRecord| Some((cells.get(1)?.to_string(), cells.get(0)?.to_string()));
    let pairs = rows.records().flatten().filter_map(pair);
    Ok(pairs.filter(|(name, account)| !name.is_empty() && !account.is_empty()).collect())
}

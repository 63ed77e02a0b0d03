//! How well a taxonomy reads: its labels against labels that people gave.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::reading::Classifier;
use crate::reading::eval::{Case, Map, Row, evaluate, unknown_entries};
use crate::said;
use crate::taxonomy::Taxonomy;

/// Scores a taxonomy on labelled JSON lines (`text`, `gold`: pairs of category and polarity) by a map of categories.
pub fn of_file(taxonomy: &Taxonomy, labelled: &Path, map: &Path) -> Result<Vec<Row>> {
    Ok(with_cases(taxonomy, labelled, map)?.0)
}

/// The same, with the texts that the errors of a row point at.
pub fn with_cases(taxonomy: &Taxonomy, labelled: &Path, map: &Path) -> Result<(Vec<Row>, Vec<Case>)> {
    let map = read_map(map)?;
    if let Some(entry) = unknown_entries(taxonomy, &map).first() {
        let what = said!("词表里没有 {entry}", "the taxonomy has no {entry}");
        let help = said!(
            "写类别的 id，或 “id 立场”，如 \"product/size/fit praise\"",
            "write the id of a category, or \"id stance\", such as \"product/size/fit praise\""
        );
        return Err(Error::new("map", what).help(help));
    }
    let text = fs::read_to_string(labelled).map_err(|e| Error::file(labelled, e))?;
    let cases = text.lines().enumerate().map(|(i, line)| case(line, i + 1, labelled)).collect::<Result<Vec<_>>>()?;
    Ok((evaluate(taxonomy, &Classifier::new(taxonomy), &map, &cases), cases))
}

/// Scores every corpus of a folder that has a map of the same name; in order of name.
pub fn of_folder(taxonomy: &Taxonomy, corpora: &Path, maps: &Path) -> Result<Vec<(String, Vec<Row>)>> {
    let mut names: Vec<String> = fs::read_dir(maps)
        .map_err(|e| Error::file(maps, e))?
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_string()))
        .filter(|name| corpora.join(format!("{name}.jsonl")).is_file())
        .collect();
    names.sort();
    let score = |name: String| {
        let rows = of_file(taxonomy, &corpora.join(format!("{name}.jsonl")), &maps.join(format!("{name}.toml")))?;
        Ok((name, rows))
    };
    names.into_iter().map(score).collect()
}

fn read_map(path: &Path) -> Result<Map> {
    let text = fs::read_to_string(path).map_err(|e| Error::file(path, e))?;
    let tables: BTreeMap<String, Map> = toml::from_str(&text).map_err(|e| {
        Error::new("map", said!("{path}：读不懂", "{path}: not understood", path = path.display()))
            .help(said!("写一张 [map] 表：标签 = [\"类别\"]", "write one table [map]: label = [\"category\"]"))
            .cause(e)
    })?;
    Ok(tables.into_iter().find(|(name, _)| name == "map").map(|(_, map)| map).unwrap_or_default())
}

fn case(line: &str, number: usize, path: &Path) -> Result<Case> {
    let value: serde_json::Value = serde_json::from_str(line).map_err(|e| {
        let path = path.display();
        Error::new("input", said!("{path} 第 {number} 行不是 JSON", "{path}, line {number} is not JSON")).cause(e)
    })?;
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_string();
    let pair = |g: &serde_json::Value| (g[0].as_str().unwrap_or_default().to_string(), g[1].as_str() == Some("NEG"));
    let codes = value["gold"].as_array().into_iter().flatten().map(pair).collect();
    Ok(Case { id: text("id"), text: text("text"), codes })
}

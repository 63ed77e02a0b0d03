//! YAML: names above lists of words, as quanteda writes its dictionaries and people write lists.

use serde_json::Value;

use super::{Entry, left_out, not_this};
use crate::said;
use crate::words::{Problem, Said, limits};

/// Reads a dictionary.
pub fn read(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), Said> {
    let value: Value = serde_saphyr::from_str(text).map_err(|e| {
        let why = e.to_string();
        let why = why.lines().next().unwrap_or_default().to_string();
        said!("这不是合法的 YAML：{why}", "this is not valid YAML: {why}")
    })?;
    let mut found = (Vec::new(), Vec::new());
    match &value {
        // A list without a name has that of its file.
        Value::Object(_) | Value::Array(_) => walk(&value, &mut Vec::new(), &mut found),
        _ => return Err(not_this("YAML")),
    }
    if found.0.is_empty() { Err(not_this("YAML")) } else { Ok(found) }
}

fn walk(value: &Value, path: &mut Vec<String>, found: &mut (Vec<Entry>, Vec<Problem>)) {
    let word = |word: String| Entry::word(path.clone(), word, 0);
    // The parser does not hand on its lines, so a place is told by its names.
    let left = |zh: &str, en: &str| {
        let at = path.join(" / ");
        left_out(0, &format!("{at}：{zh}"), &format!("{at}: {en}"))
    };
    match value {
        _ if path.len() > limits::DEPTH.min(7) => {
            found.1.push(left("层级太深，没有照搬", "nested too deep: left out"));
        }
        Value::Object(table) => {
            for (name, inner) in table {
                path.push(name.clone());
                walk(inner, path, found);
                path.pop();
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| walk(inner, path, found)),
        Value::String(text) => found.0.push(word(text.clone())),
        Value::Number(number) => found.0.push(word(number.to_string())),
        // YAML reads a bare `no` or `on` as a truth value in some of its versions; as a word it needs quotes.
        Value::Bool(_) => {
            found.1.push(left(
                "true / false 要加引号才是词，没有照搬",
                "true or false needs quotes to be a word: left out",
            ));
        }
        Value::Null => found.1.push(left("空的，没有词", "empty: no word stands there")),
    }
}

//! JSON whose records stand in no list of objects: single objects, objects by id, rows under a list of columns.

use crate::ingest::container::tree::Tree;

/// Deepest place in a document where such a table is looked for.
const DEPTH: usize = 5;

/// The records of a document that has no list of objects: those of its largest table, else itself.
pub fn records(tree: Tree) -> (String, Vec<Tree>) {
    let mut best = None;
    find(&tree, "", 0, &mut best);
    best.unwrap_or_else(|| (String::new(), vec![tree]))
}

fn find(tree: &Tree, path: &str, depth: usize, best: &mut Option<(String, Vec<Tree>)>) {
    let found = table(tree);
    if found.len() > best.as_ref().map_or(1, |(_, rows)| rows.len()) {
        *best = Some((path.to_string(), found));
    }
    if let (Tree::Map(map), true) = (tree, depth < DEPTH) {
        for (name, value) in map {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            find(value, &path, depth + 1, best);
        }
    }
}

/// The records of a value that is a table in one of the known ways.
fn table(tree: &Tree) -> Vec<Tree> {
    match tree {
        Tree::Map(map) => split(map).or_else(|| by_column(map)).or_else(|| by_id(map)).unwrap_or_default(),
        // Rows with the headers in the first.
        Tree::List(rows) => match rows.split_first() {
            Some((Tree::List(names), rows)) => rows_of(names, rows).unwrap_or_default(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// `{"columns": ["id", ..], "data": [[1, ..], ..]}`.
fn split(map: &[(String, Tree)]) -> Option<Vec<Tree>> {
    let list = |names: &[&str]| {
        map.iter().find_map(|(name, value)| match value {
            Tree::List(list) if names.contains(&name.to_lowercase().as_str()) => Some(list.as_slice()),
            _ => None,
        })
    };
    rows_of(
        list(&["columns", "headers", "header", "fields", "titles"])?,
        list(&["data", "rows", "values", "items", "list"])?,
    )
}

fn rows_of(names: &[Tree], rows: &[Tree]) -> Option<Vec<Tree>> {
    let names: Option<Vec<&String>> =
        names.iter().map(|n| if let Tree::Text(n) = n { Some(n) } else { None }).collect();
    let names = names.filter(|n| n.len() > 1)?;
    let row = |row: &Tree| match row {
        Tree::List(cells) => Some(Tree::Map(names.iter().map(|n| n.to_string()).zip(cells.iter().cloned()).collect())),
        _ => None,
    };
    rows.iter().map(row).collect()
}

/// `{"content": {"0": "..", "1": ".."}, "date": {..}}` and `{"content": ["..", ".."], "date": [..]}`.
fn by_column(map: &[(String, Tree)]) -> Option<Vec<Tree>> {
    let column = |value: &Tree| match value {
        Tree::Map(cells) if cells.first().is_some_and(|(k, _)| k == "0") => {
            Some(cells.iter().map(|(_, v)| v.clone()).collect())
        }
        Tree::List(cells) if cells.len() > 1 && cells.iter().all(Tree::is_plain) => Some(cells.clone()),
        _ => None,
    };
    let columns: Option<Vec<(&String, Vec<Tree>)>> = map.iter().map(|(name, v)| Some((name, column(v)?))).collect();
    let columns = columns.filter(|c| c.len() > 1)?;
    let rows = columns[0].1.len();
    if columns.iter().any(|(_, cells)| cells.len() != rows) {
        return None;
    }
    let row = |at: usize| columns.iter().map(|(name, cells)| (name.to_string(), cells[at].clone())).collect();
    Some((0..rows).map(|at| Tree::Map(row(at))).collect())
}

/// `{"1001": {"content": ".."}, "1002": {..}}`: objects of the same names.
fn by_id(map: &[(String, Tree)]) -> Option<Vec<Tree>> {
    let (Tree::Map(first), rest) = (&map.first()?.1, &map[1..]) else { return None };
    let alike = |value: &Tree| match value {
        Tree::Map(inner) => {
            inner.iter().filter(|(k, _)| first.iter().any(|(f, _)| f == k)).count() * 2 > first.len().max(1)
        }
        _ => false,
    };
    let all = !rest.is_empty() && rest.iter().all(|(_, value)| alike(value));
    all.then(|| map.iter().map(|(_, value)| value.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_in_every_shape() {
        for (json, path, count) in [
            (r#"{"columns":["a","b"],"data":[[1,2],[3,4],[5,6]]}"#, "", 3),
            (r#"{"x":{"a":{"0":1,"1":2},"b":{"0":3,"1":4}}}"#, "x", 2),
            (r#"{"a":[1,2,3],"b":[3,4,5]}"#, "", 3),
            (r#"{"list":{"7":{"a":1,"b":2},"8":{"a":3,"b":4}},"page":1}"#, "list", 2),
            (r#"[["a","b"],[1,2],[3,4]]"#, "", 2),
            (r#"{"a":1,"b":{"c":2}}"#, "", 1),
        ] {
            let (found, rows) = records(serde_json::from_str(json).unwrap());
            assert_eq!((found.as_str(), rows.len()), (path, count), "{json}");
        }
    }
}

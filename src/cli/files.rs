//! The files that an operator names: a folder stands for the exports in it, `*` and `?` for the names they fit.
//!
//! Most shells resolve `*.csv` themselves; those of Windows do not.

use std::fs;
use std::path::{Path, PathBuf};

use wildmatch::WildMatch;

use crate::error::{Error, Result};
use crate::said;

/// How the names of exports end, for telling them from what else lies in a folder.
const EXPORTS: [&str; 21] = [
    "csv", "tsv", "tab", "txt", "log", "xls", "xlsx", "xlsm", "xlsb", "ods", "json", "jsonl", "ndjson", "js", "xml",
    "html", "htm", "mhtml", "parquet", "gz", "zip",
];

/// The files meant by the paths, in order; those of a folder by name.
pub fn meant(paths: &[&PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for &path in paths {
        let pattern = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            let found = inside(path, &is_export)?;
            if found.is_empty() {
                let name = path.display();
                return Err(Error::new(
                    "file",
                    said!("{name}：文件夹里没有导出文件", "{name}: no export is in this folder"),
                )
                .help(said!(
                    "文件在它的子文件夹里时，写出那个子文件夹",
                    "where they are in a folder within, name that"
                )));
            }
            files.extend(found);
        } else if pattern.contains(['*', '?']) && !path.exists() {
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let named = if cfg!(windows) { WildMatch::new_case_insensitive } else { WildMatch::new };
            let fits = named(&pattern);
            let found = inside(folder, &|name| fits.matches(name))?;
            if found.is_empty() {
                let name = path.display();
                return Err(Error::new("file", said!("{name}：没有这样的文件", "{name}: there are no such files"))
                    .help(said!("检查文件夹和后缀", "check the folder and the ending")));
            }
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// True for the file that Excel or LibreOffice keeps beside one that it has open: there are no rows in it.
pub fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_lock_name(&name.to_string_lossy()))
}

fn is_lock_name(name: &str) -> bool {
    name.starts_with("~$") || name.starts_with(".~lock.")
}

/// The files of a folder whose names are wanted, by name; hidden ones and locks are not.
fn inside(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|err| Error::file(folder, err))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|err| Error::file(folder, err))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() && !name.starts_with('.') && !is_lock_name(&name) && wanted(&name) {
            found.push(if folder == Path::new(".") { PathBuf::from(name) } else { path });
        }
    }
    found.sort();
    Ok(found)
}

fn is_export(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| EXPORTS.iter().any(|e| ending.eq_ignore_ascii_case(e)))
}

//! Which taxonomy is used: a folder that is named, else the workspace's own, else the bundled one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::said;
use crate::taxonomy::{self, Category, Taxonomy};
use crate::words::{Place, Problem, Severity, limits};
use crate::workspace::Workspace;

/// Loads the taxonomy for work in the folder `start`.
pub fn load(start: &Path, folder: Option<&Path>) -> Result<Taxonomy> {
    let folder = folder.map_or_else(|| own(start), |folder| Ok(Some(folder.to_owned())))?;
    folder.map_or_else(|| Ok(taxonomy::bundled()), |folder| read(&folder))
}

/// The files of the taxonomy that is used in the folder `start`.
pub fn source(start: &Path) -> Result<BTreeMap<String, String>> {
    Ok(own(start)?.map_or_else(|| Ok(taxonomy::bundled_files()), |folder| files(&folder))?.into_iter().collect())
}

/// A taxonomy and its files, by their paths.
pub type Sourced = (Taxonomy, BTreeMap<String, String>);

/// The taxonomy that is used in the folder `start`, and its files.
pub fn with_source(start: &Path) -> Result<Sourced> {
    let files = source(start)?;
    let folder = own(start)?.unwrap_or_default();
    Ok((checked(&folder, files.clone())?, files))
}

/// The folder of the taxonomy that the workspace around `start` has of its own. No workspace is needed to label text.
fn own(start: &Path) -> Result<Option<PathBuf>> {
    match Workspace::find(start) {
        Ok(workspace) => Ok(workspace.taxonomy()),
        Err(error) if error.code() == "no_workspace" => Ok(None),
        Err(error) => Err(error),
    }
}

/// The taxonomy of a workspace.
pub fn of_workspace(workspace: &Workspace) -> Result<Taxonomy> {
    workspace.taxonomy().map_or_else(|| Ok(taxonomy::bundled()), |folder| read(&folder))
}

/// Reads a taxonomy folder; refuses it if a file has an error, for a rule that is silently missing moves numbers.
pub fn read(folder: &Path) -> Result<Taxonomy> {
    checked(folder, files(folder)?)
}

/// The same with its files.
pub fn read_with_source(folder: &Path) -> Result<Sourced> {
    let files: BTreeMap<String, String> = files(folder)?.into_iter().collect();
    Ok((checked(folder, files.clone())?, files))
}

fn checked(folder: &Path, files: impl IntoIterator<Item = (String, String)>) -> Result<Taxonomy> {
    let (taxonomy, problems) = Taxonomy::read(files);
    refuse(folder, problems)?;
    Ok(taxonomy)
}

/// Fails if one of these problems is an error.
fn refuse(folder: &Path, problems: Vec<Problem>) -> Result<()> {
    let errors: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let (n, folder) = (errors.len(), folder.display());
    Err(Error::new("taxonomy", said!("词表 {folder} 有 {n} 处错误", "errors in the taxonomy {folder}: {n}"))
        .help(said!("earful taxonomy check 会指出每一处", "earful taxonomy check points at each"))
        .problems(errors))
}

/// The place of a category by its path, or by its name in either language where only one has it; else an error that
/// says how one is written.
pub fn find(taxonomy: &Taxonomy, asked: &str) -> Result<usize> {
    let asked = asked.trim().trim_matches('/');
    let all = || taxonomy.categories().iter().enumerate();
    let named = named(taxonomy, asked);
    if let [at] = named[..] {
        return Ok(at);
    }
    let small = asked.to_lowercase();
    let holds =
        |c: &Category| c.name.zh.contains(asked) || c.name.en.to_lowercase().contains(&small) || c.id.contains(&small);
    let near: Vec<&Category> = match named.is_empty() {
        true => all().filter(|(_, c)| !asked.is_empty() && holds(c)).map(|(_, c)| c).take(5).collect(),
        false => named.iter().map(|at| &taxonomy.categories()[*at]).collect(),
    };
    let written = |name: fn(&Category) -> &str| {
        let near: Vec<String> = near.iter().map(|c| format!("{} ({})", name(c), c.id)).collect();
        if near.is_empty() { "product/smell".to_string() } else { near.join(" | ") }
    };
    let (zh, en) = (written(|c| &c.name.zh), written(|c| &c.name.en));
    Err(Error::new("option", said!("词表里没有类别 {asked}", "the taxonomy has no category {asked}")).help(said!(
        "写类别的名称或路径，如 {zh}；earful taxonomy list 列出全部",
        "write the name of a category or its path, such as {en}; earful taxonomy list shows them all"
    )))
}

/// The places of the categories that are called so: one by its path, or all that have it as their name in either
/// language or as the end of their path. Small and capital letters are the same.
pub fn named(taxonomy: &Taxonomy, asked: &str) -> Vec<usize> {
    // A part of a category names its category.
    if let Some(at) = taxonomy.find(asked).or_else(|| taxonomy.find(taxonomy::parted(asked).0)) {
        return vec![at];
    }
    let is_id = |c: &Category| c.id.eq_ignore_ascii_case(asked);
    if let Some(at) = taxonomy.categories().iter().position(is_id) {
        return vec![at];
    }
    let last = |c: &Category| c.id.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(asked));
    let is_named = |c: &Category| c.name.zh == asked || c.name.en.eq_ignore_ascii_case(asked) || last(c);
    let all = taxonomy.categories().iter().enumerate();
    all.filter(|(_, c)| is_named(c)).map(|(at, _)| at).collect()
}

/// Every TOML file of a taxonomy folder with its path inside it, in order.
pub fn files(folder: &Path) -> Result<Vec<(String, String)>> {
    let (files, problems) = look(folder)?;
    refuse(folder, problems)?;
    Ok(files)
}

/// The same, with what is wrong with files that hold no text or are not read for their names.
pub fn look(folder: &Path) -> Result<(Vec<(String, String)>, Vec<Problem>)> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inner) = folders.pop() {
        let entries = fs::read_dir(&inner).map_err(|e| Error::file(&inner, e))?;
        for entry in entries {
            let entry = entry.map_err(|e| Error::file(&inner, e))?;
            let path = entry.path();
            // Links are not followed: they could lead anywhere, and round in circles.
            let kind = entry.file_type().map_err(|e| Error::file(&path, e))?;
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            let parts: Vec<_> = path.strip_prefix(folder).unwrap_or(&path).components().collect();
            let parts: Vec<String> = parts.iter().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
            let inside = parts.join("/");
            if kind.is_file() && path.extension().is_some_and(|e| e == "toml") {
                let bytes = fs::read(&path).map_err(|e| Error::file(&path, e))?;
                match String::from_utf8(bytes) {
                    Ok(text) => found.push((inside, text.trim_start_matches('\u{feff}').to_owned())),
                    Err(e) => problems.push(no_text(inside, &e.as_bytes()[..e.utf8_error().valid_up_to()])),
                }
            } else if is_misnamed(&inside) {
                problems.push(misnamed(inside));
            }
        }
        if found.len() > limits::CATEGORIES {
            return Err(Error::new("taxonomy", said!("词表里的文件太多", "the taxonomy has too many files")));
        }
    }
    found.sort();
    Ok((found, problems))
}

/// A file that is no UTF-8; `before` is what of it is.
fn no_text(inside: String, before: &[u8]) -> Problem {
    let row = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
    Problem {
        code: "not_utf8",
        severity: Severity::Error,
        place: Place { file: Some(inside), row: Some(row), span: None },
        what: said!("这个文件不是 UTF-8 文字（可能是 GBK）", "this file is not UTF-8 text (it may be GBK)"),
        help: Some(said!("用记事本或编辑器打开，另存为 UTF-8 编码。", "Open it in your editor and save it as UTF-8.")),
    }
}

/// True for a name that was to be one of a category and ends otherwise: `smell.toml.txt`, `smell.TOML`.
fn is_misnamed(inside: &str) -> bool {
    let small = inside.to_lowercase();
    small.ends_with(".toml") || small.ends_with(".toml.txt")
}

fn misnamed(inside: String) -> Problem {
    let name = inside.to_lowercase().find(".toml").map_or(&*inside, |at| inside.get(..at).unwrap_or(&inside));
    let help = said!(
        "改名为 {name}.toml；Windows 要先在“查看”里勾选“文件扩展名”。",
        "Rename it {name}.toml; Windows shows the ends of names if you ask for file name extensions under View."
    );
    Problem {
        code: "not_read",
        severity: Severity::Warning,
        what: said!(
            "文件名不以 .toml 结尾，没有读这个文件",
            "its name does not end in .toml, so this file is not read"
        ),
        help: Some(help),
        place: Place { file: Some(inside), ..Place::default() },
    }
}

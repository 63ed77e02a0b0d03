//! `taxonomy diff --edit`: an editor on a copy, the effect of the edit, and nothing kept without a yes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::broken;
use super::diff::{Diff, diff};
use super::place::replace;
use crate::disk;
use crate::error::{Error, Result};
use crate::reading::examples::Misread;
use crate::run::report::Ask;
use crate::run::taxonomy as load;
use crate::said;
use crate::taxonomy::{self, Taxonomy, parted};
use crate::workspace::Workspace;

/// An edit whose effect is known, and that is not kept yet.
pub struct Edited {
    /// What it moves.
    pub diff: Diff,
    /// Examples that are read otherwise than written now, and were not before.
    pub broken: Vec<Misread>,
    /// True if no file differs.
    pub same: bool,
    /// Where the copy is.
    pub copy: PathBuf,
    files: BTreeMap<String, String>,
    target: PathBuf,
}

/// Opens the editor on a copy of the taxonomy in use - on the file of a category or of a part, if one is named - and works out
/// what the edit moves. The copy stays where it is until the edit is kept, so that no work is lost.
pub fn edit(workspace: &Workspace, category: Option<&str>, ask: &Ask) -> Result<Edited> {
    let target = workspace.root().join("taxonomy");
    let before = load::source(workspace.root())?;
    let copy = workspace.root().join(".earful").join("edit");
    let base = copy.with_extension("base");
    if !copy.is_dir() {
        // What an edit began with that somebody deleted.
        let _ = std::fs::remove_dir_all(&base);
        replace(&base, &before)?;
        replace(&copy, &before)?;
    } else if base.is_dir() && load::files(&base)?.into_iter().collect::<BTreeMap<_, _>>() != before {
        return Err(stale(&copy));
    }
    let open = match category {
        Some(asked) => copy.join(file_of(&load::of_workspace(workspace)?, &before, asked)?),
        None => copy.clone(),
    };
    run_editor(&open)?;
    // A mistake is told by file and line; the copy waits for the next try.
    let edited = load::read(&copy).map_err(|e| {
        let path = copy.display();
        let problems = e.all_problems().to_vec();
        Error::new("taxonomy", said!("改过的词表有错误，没有保存", "the edited taxonomy has errors and was not kept"))
            .help(said!(
                "再运行一次 earful taxonomy diff --edit 接着改；副本在 {path}",
                "run earful taxonomy diff --edit again to go on; the copy is in {path}"
            ))
            .problems(problems)
    })?;
    let files: BTreeMap<String, String> = load::files(&copy)?.into_iter().collect();
    let same = files == before;
    let broken = broken(&load::of_workspace(workspace)?, &edited);
    let diff = diff(workspace, None, Some(&copy), ask)?;
    Ok(Edited { diff, broken, same, copy, files, target })
}

/// The file of a category, or of a part of one (`product/performance.battery`).
fn file_of(taxonomy: &Taxonomy, files: &BTreeMap<String, String>, asked: &str) -> Result<String> {
    let (category, part) = parted(asked.trim());
    let category = &taxonomy.categories()[load::find(taxonomy, category)?];
    let Some(part) = part else { return Ok(category.file.clone()) };
    let id = &category.id;
    let file = format!("{id}.{part}.toml");
    if files.contains_key(&file) {
        return Ok(file);
    }
    let mut parts: Vec<&str> = files.keys().filter_map(|path| path.strip_suffix(".toml")).collect();
    parts.retain(|path| parted(path).0 == id);
    // The head, which is the shortest, first.
    parts.sort_unstable();
    let parts = parts.join(" | ");
    Err(Error::new("option", said!("词表里没有文件 {file}", "the taxonomy has no file {file}"))
        .help(said!("写这几个之一：{parts}", "write one of: {parts}")))
}

impl Edited {
    /// Makes the edited copy the workspace's taxonomy.
    pub fn keep(self) -> Result<PathBuf> {
        replace(&self.target, &self.files)?;
        self.forget();
        Ok(self.target)
    }

    /// Throws the copy away.
    pub fn forget(&self) {
        // A copy that stays is offered again, which does no harm.
        for folder in [self.copy.clone(), self.copy.with_extension("before"), self.copy.with_extension("base")] {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// An edit that waits while the taxonomy went on: to keep it would take back what was changed since.
fn stale(copy: &Path) -> Error {
    let copy = copy.display();
    Error::new(
        "taxonomy",
        said!(
            "上次没有保存的改动还在 {copy}，而词表后来又改过，保存会丢掉后来的改动",
            "an edit that was not kept is in {copy}, and the taxonomy was changed since: to keep it would lose that"
        ),
    )
    .help(said!(
        "把要留的改动抄到词表里，删去 {copy}，再运行一次",
        "copy what you want of it into the taxonomy, delete {copy}, and run this again"
    ))
}

fn run_editor(open: &Path) -> Result<()> {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|v| std::env::var(v).ok().filter(|e| !e.trim().is_empty()));
    let editor = named.unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_string());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default().to_string();
    let failed = |e: Option<std::io::Error>| {
        let error = Error::new(
            "editor",
            said!("编辑器 {program} 没有正常结束", "the editor {program} did not end well"),
        )
        .help(said!(
            "用环境变量 EDITOR 指定编辑器；只能打开单个文件的编辑器请加 --category 类别",
            "name an editor in the environment variable EDITOR; one that opens no folders needs --category CATEGORY"
        ));
        match e {
            Some(e) => error.cause(e),
            None => error,
        }
    };
    let status = Command::new(&program).args(words).arg(open).status().map_err(|e| failed(Some(e)))?;
    if status.success() { Ok(()) } else { Err(failed(None)) }
}

/// Takes dead exceptions and doubled keywords out of the files of a folder; says how many. No label changes.
pub fn mend(folder: &Path) -> Result<usize> {
    let files: BTreeMap<String, String> = load::files(folder)?.into_iter().collect();
    let (mended, count) = taxonomy::mended(&files);
    for (path, text) in mended.iter().filter(|(path, text)| files.get(*path) != Some(text)) {
        disk::write(&folder.join(path), text.as_bytes())?;
    }
    Ok(count)
}

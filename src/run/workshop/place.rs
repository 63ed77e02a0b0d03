//! A taxonomy in the place of another: a folder is replaced whole, what was there stays beside it as `taxonomy.before`,
//! and the two can change places again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::{Error, Result};
use crate::run::taxonomy as load;
use crate::said;
use crate::taxonomy::{self, Changes, GUIDE, changes};
use crate::workspace::Workspace;

/// Puts these files in the place of a folder.
pub fn replace(target: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // One writer at a time, where the folder is a workspace's.
    let lock = match Workspace::open(parent) {
        Ok(workspace) => Some(workspace.write()?),
        Err(_) => None,
    };
    let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (fresh, before) = (parent.join(format!("{}{name}", disk::UNFINISHED)), parent.join(format!("{name}.before")));
    remove(&fresh)?;
    write(&fresh, files)?;
    if target.exists() {
        carry(target, &fresh)?;
        remove(&before)?;
        fs::rename(target, &before).map_err(|e| Error::file(target, e))?;
    } else if lock.is_some() {
        // What was used until now is the bundled taxonomy.
        remove(&before)?;
        write(&before, &bundled())?;
    }
    if let Err(e) = fs::rename(&fresh, target) {
        let _ = fs::rename(&before, target);
        return Err(Error::file(target, e));
    }
    Ok(())
}

fn bundled() -> BTreeMap<String, String> {
    taxonomy::bundled_files().into_iter().collect()
}

/// Writes files, and the guide, into a folder.
fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    let guide = (GUIDE.0.to_string(), GUIDE.1.to_string());
    for (path, text) in files.iter().chain([(&guide.0, &guide.1)]) {
        let path = folder.join(path);
        let inner = path.parent().unwrap_or(folder);
        fs::create_dir_all(inner).map_err(|e| Error::file(inner, e))?;
        disk::write(&path, text.as_bytes())?;
    }
    Ok(())
}

/// What stands in the workspace's `taxonomy.before`, and what is used now.
pub struct Earlier {
    /// What differs, from now to then.
    pub changes: Changes,
    target: PathBuf,
    before: PathBuf,
    is_bundled: bool,
}

/// Looks at what an import or an edit has replaced.
pub fn earlier(workspace: &Workspace) -> Result<Earlier> {
    let (target, before) = (workspace.root().join("taxonomy"), workspace.root().join("taxonomy.before"));
    if !before.is_dir() {
        return Err(Error::new(
            "taxonomy",
            said!("没有上一版词表可以退回", "there is no earlier taxonomy to go back to"),
        )
        .help(said!("导入或 diff --edit 保存之后才有上一版", "an import or an edit that was kept leaves one")));
    }
    let now = load::of_workspace(workspace)?;
    let then = load::read(&before)?;
    let is_bundled = load::files(&before)?.into_iter().collect::<BTreeMap<_, _>>() == bundled();
    Ok(Earlier { changes: changes(&now, &then), target, before, is_bundled })
}

impl Earlier {
    /// Lets the two change places: a second time is forth again.
    pub fn keep(self, workspace: &Workspace) -> Result<()> {
        let _lock = workspace.write()?;
        let Earlier { target, before, is_bundled, .. } = self;
        let aside = workspace.root().join(format!("{}taxonomy", disk::UNFINISHED));
        let rename = |from: &Path, to: &Path| fs::rename(from, to).map_err(|e| Error::file(from, e));
        remove(&aside)?;
        match target.exists() {
            true => rename(&target, &aside)?,
            false => write(&aside, &bundled())?,
        }
        match is_bundled {
            // The bundled one needs no folder, and goes on with the program.
            true => remove(&before)?,
            false => rename(&before, &target)?,
        }
        rename(&aside, &before)
    }
}

/// Copies what is beside the categories, such as a guide or notes, to the new folder.
fn carry(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).map_err(|e| Error::file(from, e))? {
        let entry = entry.map_err(|e| Error::file(from, e))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(|e| Error::file(from, e))?);
        let is_category = path.extension().is_some_and(|e| e == "toml");
        if kind.is_file() && !is_category {
            fs::copy(&path, to.join(entry.file_name())).map_err(|e| Error::file(&path, e))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::file(folder, e)),
        _ => Ok(()),
    }
}

//! Where a workspace is, what is in it, and who may write.

use std::fs::{self, File, TryLockError};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use super::settings::{self, Settings, Shop};
use super::{Decision, Event, Key, LabelCache, decisions, events, key, orders, roster};
use crate::disk;
use crate::error::{Error, Result};
use crate::said;
use crate::words::{Lang, Order, Problem, Token};

/// A workspace that was found. Reading needs no lock and is never blocked.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    settings: Settings,
}

impl Workspace {
    /// Makes a workspace of this folder, which may hold other files but not a workspace.
    ///
    /// No `taxonomy/` is written: as long as there is none the bundled taxonomy is used, and improves with
    /// each version of earful. [`Writing::own_taxonomy`] makes it the shop's own.
    pub fn init(root: &Path, settings: &Settings) -> Result<Workspace> {
        let file = root.join(settings::FILE);
        if file.exists() {
            let what = said!("{root} 已经是一个工作区", "{root} is a workspace already", root = root.display());
            return Err(Error::new("workspace_exists", what).help(said!(
                "直接在里面用 earful add 导入；想另建一个，请换一个文件夹名",
                "go there and use earful add; for another one, give another name"
            )));
        }
        let records = root.join("records");
        fs::create_dir_all(&records).map_err(|err| Error::file(&records, err))?;
        key::create(&root.join(key::FILE))?;
        ignore(&root.join(".gitignore"))?;
        // Last, because this file is what makes it a workspace.
        disk::write(&file, settings.to_toml().as_bytes())?;
        Workspace::open(root)
    }

    /// Opens the workspace in this folder.
    pub fn open(root: &Path) -> Result<Workspace> {
        let file = root.join(settings::FILE);
        let text = match fs::read_to_string(&file) {
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Err(not_here(root)),
            text => text.map_err(|err| Error::file(&file, err))?,
        };
        let settings = Settings::parse(text.trim_start_matches('\u{feff}'), &file)?;
        Ok(Workspace { root: root.to_path_buf(), settings })
    }

    /// Finds the workspace that this folder is in: here, or in a folder above.
    pub fn find(from: &Path) -> Result<Workspace> {
        // A folder that is not there must not stand for the workspace around it.
        if !from.is_dir() {
            return Err(Error::file(from, std::io::ErrorKind::NotFound.into()));
        }
        let from = std::path::absolute(from).map_err(|err| Error::file(from, err))?;
        match from.ancestors().find(|folder| folder.join(settings::FILE).is_file()) {
            Some(root) => Workspace::open(root),
            None => Err(not_here(&from)),
        }
    }

    /// The language of the workspace that this folder is in, if it has one of its own. A file with a mistake in it has
    /// its language all the same: the mistake is told in it.
    pub fn language(from: &Path) -> Option<Lang> {
        let from = std::path::absolute(from).ok()?;
        let file = from.ancestors().map(|folder| folder.join(settings::FILE)).find(|file| file.is_file())?;
        settings::language_of(&fs::read_to_string(file).ok()?)
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The folder of record files.
    pub fn records(&self) -> PathBuf {
        self.root.join("records")
    }

    /// The shop's own taxonomy; `None`: the bundled one is used.
    pub fn taxonomy(&self) -> Option<PathBuf> {
        Some(self.root.join("taxonomy")).filter(|folder| folder.is_dir())
    }

    /// The folder of the text index.
    pub fn index(&self) -> PathBuf {
        self.caches().join("index")
    }

    /// The cached labels.
    pub fn labels(&self) -> LabelCache {
        LabelCache::new(self.caches().join("labels"))
    }

    /// Where a writer may put what it forgets at the end.
    pub fn scratch(&self) -> PathBuf {
        self.caches()
    }

    /// The folder that may be deleted.
    fn caches(&self) -> PathBuf {
        self.root.join(".earful")
    }

    /// The secret behind buyer and order tokens.
    pub fn key(&self) -> Result<Key> {
        key::read(&self.root.join(key::FILE))
    }

    /// What people decided by hand, oldest first, and lines that could not be read.
    pub fn decisions(&self) -> Result<(Vec<Decision>, Vec<Problem>)> {
        decisions::read(&self.root.join(decisions::FILE))
    }

    /// The decisions that stand, in order of record and category.
    pub fn decided(&self) -> Result<Vec<Decision>> {
        Ok(decisions::standing(self.decisions()?.0))
    }

    /// Who bought, as far as orders were added.
    pub fn orders(&self) -> Result<Vec<Order>> {
        orders::read(&self.root.join(orders::FILE))
    }

    /// Names by which customers know the agents, each with its account.
    pub fn roster(&self) -> Result<Vec<(String, String)>> {
        roster::read(&self.root.join(roster::FILE))
    }

    /// Phrases that agents should use, each with what the shop calls it.
    pub fn scripts(&self) -> Result<Vec<(String, String)>> {
        roster::read(&self.root.join(roster::SCRIPTS))
    }

    /// What happened, in order of day, and rows that could not be read.
    pub fn events(&self) -> Result<(Vec<Event>, Vec<Problem>)> {
        events::read(&self.root.join(events::FILE))
    }

    /// Becomes the one writer, until the value is dropped; an error if there is another. Removes what a
    /// crash left unfinished.
    pub fn write(&self) -> Result<Writing> {
        let folder = self.caches();
        fs::create_dir_all(&folder).map_err(|err| Error::file(&folder, err))?;
        let path = folder.join("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|err| Error::file(&path, err))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(err)) => return Err(Error::file(&path, err)),
            Err(TryLockError::WouldBlock) => {
                let what = said!(
                    "另一个 earful 正在写入 {root}",
                    "another earful is writing to {root}",
                    root = self.root.display()
                );
                return Err(Error::new("busy", what).help(said!(
                    "等它结束再运行；查看和搜索不受影响",
                    "wait until it is done; reports and searches can go on"
                )));
            }
        }
        fs::create_dir_all(self.records()).map_err(|err| Error::file(&self.records(), err))?;
        for folder in [self.root.clone(), self.records(), self.labels().folder().to_path_buf()] {
            disk::sweep(&folder);
        }
        // Another writer may have been here since this workspace was opened.
        Ok(Writing { workspace: Workspace::open(&self.root)?, _lock: lock })
    }
}

/// A workspace with the right to write to it.
#[derive(Debug)]
pub struct Writing {
    workspace: Workspace,
    _lock: File,
}

impl Deref for Writing {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl Writing {
    /// Enters a shop into the settings if it is not there. An error if it is there on the other side.
    pub fn add_shop(&mut self, shop: &Shop) -> Result<()> {
        self.settings.check_side(shop)?;
        if self.settings.shop(&shop.name).is_some() {
            return Ok(());
        }
        let path = self.root.join(settings::FILE);
        let mut text = fs::read_to_string(&path).map_err(|err| Error::file(&path, err))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&shop.to_toml());
        let settings = Settings::parse(text.trim_start_matches('\u{feff}'), &path)?;
        disk::write(&path, text.as_bytes())?;
        self.workspace.settings = settings;
        Ok(())
    }

    /// Adds hand decisions.
    pub fn decide(&self, decisions: &[Decision]) -> Result<()> {
        decisions::append(&self.root.join(decisions::FILE), decisions)
    }

    /// Takes out the orders of a buyer; says how many there were.
    pub fn forget_orders(&self, buyer: Token) -> Result<usize> {
        orders::forget(&self.root.join(orders::FILE), buyer)
    }

    /// Adds orders that are not there yet; says how many were.
    pub fn keep_orders(&self, orders: &[Order]) -> Result<usize> {
        orders::append(&self.root.join(orders::FILE), orders)
    }

    /// Adds events.
    pub fn note(&self, events: &[Event]) -> Result<()> {
        events::append(&self.root.join(events::FILE), events)
    }

    /// Makes the taxonomy the shop's own: writes these files (path within the folder, text), all or none.
    pub fn own_taxonomy<'a>(&self, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<PathBuf> {
        let folder = self.root.join("taxonomy");
        if folder.exists() {
            let what = said!("{folder} 已经存在", "{folder} is there already", folder = folder.display());
            return Err(Error::new("taxonomy_exists", what)
                .help(said!("直接修改里面的文件即可", "edit the files that are in it")));
        }
        let unfinished = self.root.join(format!("{}taxonomy", disk::UNFINISHED));
        for (name, text) in files {
            let path = unfinished.join(name);
            let parent = path.parent().unwrap_or(&unfinished);
            fs::create_dir_all(parent).map_err(|err| Error::file(parent, err))?;
            disk::write(&path, text.as_bytes())?;
        }
        fs::rename(&unfinished, &folder).map_err(|err| Error::file(&folder, err))?;
        Ok(folder)
    }

    /// Deletes the caches: after a purge they may still hold words that are to be gone.
    pub fn forget(&self) -> Result<()> {
        for folder in [self.index(), self.labels().folder().to_path_buf()] {
            match fs::remove_dir_all(&folder) {
                Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(Error::file(&folder, err)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Keeps the caches and the key out of version control.
fn ignore(path: &Path) -> Result<()> {
    let mut text = match fs::read_to_string(path) {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.map_err(|err| Error::file(path, err))?,
    };
    for line in ["/.earful/", "/earful.key"] {
        if !text.lines().any(|known| known == line) {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    disk::write(path, text.as_bytes())
}

fn not_here(folder: &Path) -> Error {
    let what = said!(
        "{folder} 不在任何工作区里（找不到 earful.toml）",
        "{folder} is not in a workspace (there is no earful.toml)",
        folder = folder.display()
    );
    Error::new("no_workspace", what).help(said!(
        "先运行 earful init 文件夹名，再进入这个文件夹",
        "run earful init NAME first, then go into that folder"
    ))
}

//! The secret behind buyer and order tokens: without it nobody can tell whether a token is a certain buyer.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};
use crate::said;

/// The name of its file. It stands beside the settings, because `.earful/` may be deleted.
pub const FILE: &str = "earful.key";

/// 32 secret bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(pub [u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(secret)")
    }
}

/// Writes a new key that only its owner can read. Leaves one that is there as it is.
pub fn create(path: &Path) -> Result<()> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|err| Error::file(path, std::io::Error::other(err)))?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(err) if err.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        file => file
            .and_then(|mut file| file.write_all(format!("{hex}\n").as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|err| Error::file(path, err)),
    }
}

/// Reads the key.
pub fn read(path: &Path) -> Result<Key> {
    let text = match fs::read_to_string(path) {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Err(lost(path)),
        text => text.map_err(|err| Error::file(path, err))?,
    };
    let text = text.trim();
    let mut key = [0u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(lost(path));
    }
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| lost(path))?;
    }
    Ok(Key(key))
}

fn lost(path: &Path) -> Error {
    let what = said!(
        "{file} 不见了或已损坏：没有它，同一位买家在新旧数据里会被当成两个人",
        "{file} is missing or damaged: without it one buyer would be two people in old and new records",
        file = path.display()
    );
    Error::new("key", what).help(said!(
        "从备份恢复它；确实找不回来，就新建一个工作区并重新导入所有来源文件",
        "restore it from a backup; if it is lost, make a new workspace and import all sources again"
    ))
}

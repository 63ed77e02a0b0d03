//! Writes a file so that it is there whole or not at all, whatever happens meanwhile; and [`Pairs`] of numbers
//! that outgrow the memory.

mod pairs;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

pub use pairs::Pairs;

use crate::error::{Error, Result};

/// How a file that is not finished yet begins its name.
pub const UNFINISHED: &str = ".unfinished-";

/// A new unfinished file in this folder, with the permissions of any other new file.
pub fn begin(folder: &Path) -> Result<NamedTempFile> {
    unfinished(folder).map_err(|err| Error::file(folder, err))
}

fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Gives the file its name once its bytes are on the disk. Replaces what was there.
pub fn finish(file: NamedTempFile, path: &Path) -> Result<()> {
    file.as_file().sync_all().map_err(|err| Error::file(path, err))?;
    file.persist(path).map_err(|err| Error::file(path, err.error))?;
    sync_folder(path)
}

/// As [`finish`], but fails if the name is taken.
pub fn finish_new(file: NamedTempFile, path: &Path) -> Result<()> {
    file.as_file().sync_all().map_err(|err| Error::file(path, err))?;
    file.persist_noclobber(path).map_err(|err| Error::file(path, err.error))?;
    sync_folder(path)
}

/// Writes these bytes as this file, whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = folder_of(path);
    // Where the folder is there it is the file that cannot be written.
    let mut file = unfinished(folder).map_err(|err| Error::file(if folder.is_dir() { path } else { folder }, err))?;
    file.write_all(bytes).map_err(|err| Error::file(path, err))?;
    finish(file, path)
}

/// Removes what a crash left unfinished in this folder; only for the one writer. Says how many.
pub fn sweep(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let stray = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(UNFINISHED);
    entries
        .flatten()
        .filter(stray)
        .filter(|entry| {
            let path = entry.path();
            fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)).is_ok()
        })
        .count()
}

/// Fills `bytes` from this place of a file on, wherever others read it.
#[cfg(unix)]
pub fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

/// Fills `bytes` from this place of a file on, wherever others read it.
#[cfg(windows)]
pub fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (bytes, at) = (&mut bytes[read..], at + read as u64),
        }
    }
    Ok(())
}

/// The folder that holds a file: the current one for a bare name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name is only safe once the folder that holds it is on the disk.
fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(unix) {
        let folder = folder_of(path);
        File::open(folder).and_then(|f| f.sync_all()).map_err(|err| Error::file(folder, err))?;
    }
    Ok(())
}

//! One input's bytes, seekable and within limits: the file itself, or what was unpacked from it.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Once};

use tempfile::{SpooledData, SpooledTempFile};

use crate::disk::{self, Pairs};
use crate::error::{Error, Result};
use crate::said;
use crate::words::limits::Limits;

/// Where an export comes from.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A file.
    Path(&'a Path),
    /// What is piped in.
    Stdin,
    /// Bytes in memory, with the name that they would have as a file.
    Bytes(&'a str, &'a [u8]),
}

impl Input<'_> {
    /// The name for messages and the ledger.
    pub fn name(&self) -> String {
        match self {
            Input::Path(path) => path.display().to_string(),
            Input::Stdin => "-".into(),
            Input::Bytes(name, _) => name.to_string(),
        }
    }
}

/// Bytes that can be read again from the start.
pub trait Seekable: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seekable for T {}

/// Where input may be unpacked, and the limits of what is read.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Folder for what must be unpacked to be read; else the system's.
    pub scratch: Option<PathBuf>,
    /// How much is read.
    pub limits: Limits,
}

impl Room {
    /// The folder for what is unpacked.
    pub fn folder(&self) -> PathBuf {
        self.scratch.clone().unwrap_or_else(std::env::temp_dir)
    }

    /// Room for keys: beyond the limit they stand in the folder.
    pub fn pairs(&self) -> Pairs {
        Pairs::new(self.folder(), self.limits.keys)
    }
}

/// One document, packed or not: its name and its bytes.
pub struct Bytes {
    /// File name without folders.
    pub name: String,
    /// Length in bytes.
    pub len: u64,
    /// The room that it may take.
    pub room: Room,
    data: Box<dyn Seekable>,
    read: Arc<AtomicU64>,
}

/// More than this is put into a file on disk while it is unpacked.
const IN_MEMORY: usize = 32 << 20;
const CHUNK: usize = 256 << 10;

impl Bytes {
    /// Opens an input. Packed input stays packed.
    pub fn open(input: &Input<'_>, room: &Room) -> Result<Bytes> {
        match input {
            Input::Path(path) => {
                let file = File::open(path).map_err(|e| Error::file(path, e))?;
                let meta = file.metadata().map_err(|e| Error::file(path, e))?;
                if meta.is_dir() {
                    return Err(Error::file(path, io::ErrorKind::IsADirectory.into()));
                }
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if meta.is_file() {
                    if meta.len() > room.limits.file_bytes {
                        return Err(too_large(&name, room.limits.file_bytes));
                    }
                    return Ok(Bytes::new(name, meta.len(), room, Box::new(file)));
                }
                // A pipe: /dev/stdin, <(command).
                unpack(name, file, None, room.limits.file_bytes, room)
            }
            Input::Stdin => unpack("-".into(), io::stdin().lock(), None, room.limits.file_bytes, room),
            Input::Bytes(name, bytes) => {
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_string();
                Ok(Bytes::new(name, bytes.len() as u64, room, Box::new(Cursor::new(bytes.to_vec()))))
            }
        }
    }

    fn new(name: String, len: u64, room: &Room, data: Box<dyn Seekable>) -> Bytes {
        Bytes { name, len, room: room.clone(), data, read: Arc::default() }
    }

    /// The first bytes, at most `n`.
    pub fn head(&mut self, n: usize) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        self.rewind()?;
        let read = (&mut self.data).take(n as u64).read_to_end(&mut head);
        read.map_err(|e| self.failed(e))?;
        self.rewind()?;
        Ok(head)
    }

    /// Goes back to the start.
    pub fn rewind(&mut self) -> Result<()> {
        self.read.store(0, Ordering::Relaxed);
        self.data.seek(SeekFrom::Start(0)).map_err(|e| self.failed(e))?;
        Ok(())
    }

    /// All bytes, if there are no more than `limit`.
    pub fn whole(&mut self, limit: u64) -> Result<Vec<u8>> {
        if self.len > limit {
            return Err(too_large(&self.name, limit));
        }
        self.head(limit as usize)
    }

    /// The fingerprint of all bytes.
    pub fn fingerprint(&mut self) -> Result<blake3::Hash> {
        self.rewind()?;
        let mut hasher = blake3::Hasher::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match self.data.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => drop(hasher.update(&chunk[..n])),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.failed(e)),
            }
        }
        self.rewind()?;
        Ok(hasher.finalize())
    }

    /// How many bytes have been read since the last start, to be asked while somebody else reads.
    pub fn gauge(&self) -> Arc<AtomicU64> {
        self.read.clone()
    }

    /// An error of the world about this document.
    pub fn failed(&self, err: io::Error) -> Error {
        Error::file(Path::new(&self.name), err)
    }

    /// Unpacks a gzip file.
    pub fn gunzip(mut self) -> Result<Bytes> {
        self.rewind()?;
        let lower = self.name.to_ascii_lowercase();
        let name = match lower.strip_suffix(".gz").or(lower.strip_suffix(".gzip")) {
            Some(stem) => self.name[..stem.len()].to_string(),
            None => self.name.clone(),
        };
        let packed = self.len;
        unpack(
            name,
            flate2::read::MultiGzDecoder::new(self.data),
            Some(packed),
            self.room.limits.archive_bytes,
            &self.room,
        )
    }
}

impl Read for Bytes {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.data.read(buf)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Seek for Bytes {
    fn seek(&mut self, pos: SeekFrom) -> io::Result<u64> {
        self.data.seek(pos)
    }
}

/// Copies a stream into something seekable, within limits. Declared sizes are not trusted.
pub fn unpack(name: String, from: impl Read, packed: Option<u64>, limit: u64, room: &Room) -> Result<Bytes> {
    let scratch = room.folder();
    let mut to = tempfile::spooled_tempfile_in(IN_MEMORY, &scratch);
    let len = copy(&name, from, packed, limit, room, &mut to)?;
    to.seek(SeekFrom::Start(0)).map_err(|e| Error::file(&scratch, e))?;
    Ok(Bytes::new(name, len, room, Box::new(to)))
}

/// Copies a stream within limits; says how long it is.
fn copy(
    name: &str,
    mut from: impl Read,
    packed: Option<u64>,
    limit: u64,
    room: &Room,
    to: &mut impl Write,
) -> Result<u64> {
    let mut chunk = vec![0; CHUNK];
    let mut len = 0u64;
    loop {
        let n = match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(broken_archive(name).cause(e)),
        };
        len += n as u64;
        if len > limit {
            return Err(too_large(name, limit));
        }
        check_ratio(name, packed, len, room.limits)?;
        to.write_all(&chunk[..n]).map_err(|e| Error::file(&room.folder(), e))?;
    }
    Ok(len)
}

/// Where the files of one archive are unpacked, one behind the other: in memory while they are small, else in
/// one file.
pub struct Shelf {
    room: Room,
    data: SpooledTempFile,
    len: u64,
}

impl Shelf {
    /// An empty one.
    pub fn new(room: &Room) -> Shelf {
        Shelf { room: room.clone(), data: tempfile::spooled_tempfile_in(IN_MEMORY, room.folder()), len: 0 }
    }

    /// Unpacks a file, if what is here then is no longer than the limit; says where it stands.
    pub fn put(&mut self, name: &str, from: impl Read, packed: u64, limit: u64) -> Result<Range<u64>> {
        let room = limit.saturating_sub(self.len);
        let len = copy(name, from, Some(packed), room, &self.room, &mut self.data)?;
        self.len += len;
        Ok(self.len - len..self.len)
    }

    /// The files that stand in these places.
    pub fn take(self, files: impl IntoIterator<Item = (String, Range<u64>)>) -> Vec<Bytes> {
        let room = &self.room;
        let piece = |place: Range<u64>, data| Box::new(Piece { data, at: place.start, place }) as Box<dyn Seekable>;
        let of = |(name, place): (String, Range<u64>), data| {
            Bytes::new(name, place.end - place.start, room, piece(place, data))
        };
        let files = files.into_iter();
        match self.data.into_inner() {
            SpooledData::InMemory(all) => {
                let all: Arc<[u8]> = all.into_inner().into();
                files.map(|file| of(file, Stored::Memory(all.clone()))).collect()
            }
            SpooledData::OnDisk(file) => {
                let all = Arc::new(file);
                files.map(|file| of(file, Stored::File(all.clone()))).collect()
            }
        }
    }
}

enum Stored {
    Memory(Arc<[u8]>),
    File(Arc<File>),
}

/// A part of what was unpacked, as a file of its own.
struct Piece {
    data: Stored,
    place: Range<u64>,
    at: u64,
}

impl Read for Piece {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = (self.place.end.saturating_sub(self.at)).min(buf.len() as u64) as usize;
        match &self.data {
            Stored::Memory(all) => buf[..n].copy_from_slice(&all[self.at as usize..][..n]),
            Stored::File(file) => disk::read_at(file, &mut buf[..n], self.at)?,
        }
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Piece {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(n) => self.place.start.checked_add(n),
            SeekFrom::End(n) => self.place.end.checked_add_signed(n),
            SeekFrom::Current(n) => self.at.checked_add_signed(n),
        };
        // Behind the end there is nothing to be read; before the start there is another file.
        let at = at.filter(|at| *at >= self.place.start).ok_or(io::ErrorKind::InvalidInput)?;
        self.at = at.min(self.place.end);
        Ok(self.at - self.place.start)
    }
}

/// Refuses what unpacks to far more than it weighs.
pub fn check_ratio(name: &str, packed: Option<u64>, len: u64, limits: Limits) -> Result<()> {
    let ratio_is_off = packed.is_some_and(|p| len > 1 << 20 && len / p.max(1) > limits.ratio);
    if !ratio_is_off {
        return Ok(());
    }
    let (name, ratio) = (shown(name), limits.ratio);
    Err(Error::new(
        "archive_bomb",
        said!(
            "{name}：解压后超过原大小的 {ratio} 倍，不像正常的导出",
            "{name}: unpacks to more than {ratio} times its size, which no export does"
        ),
    )
    .help(said!(
        "请先自行解压核对，再导入里面的文件；确实可信时可用 --max-ratio 放宽",
        "unpack it yourself, look at it, and add the file inside; if you trust it, --max-ratio allows more"
    )))
}

/// The input is larger than a limit.
pub fn too_large(name: &str, limit: u64) -> Error {
    let (name, mib) = (shown(name), limit >> 20);
    Error::new("too_large", said!("{name}：超过 {mib} MiB 的上限", "{name}: larger than the limit of {mib} MiB")).help(
        said!(
            "请按月份或店铺拆成几个文件再导入，或用 --max-size 放宽（MiB）",
            "split it by month or shop and add the parts, or allow more with --max-size (MiB)"
        ),
    )
}

/// The packing is damaged.
pub fn broken_archive(name: &str) -> Error {
    let name = shown(name);
    Error::new(
        "broken_archive",
        said!("{name}：压缩包已损坏，无法解压", "{name}: the archive is damaged and cannot be unpacked"),
    )
    .help(said!("请重新下载或重新导出", "download or export it again"))
}

thread_local! {
    /// True while this thread runs a reader that others wrote.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a reader that others wrote: if it gives up on a damaged file in its own way, that is an error like others,
/// and nothing is printed.
pub fn guarded<T>(name: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    static HUSH: Once = Once::new();
    HUSH.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic)
            }
        }));
    });
    let before = GUARDED.replace(true);
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    GUARDED.set(before);
    read.unwrap_or_else(|_| {
        let name = shown(name);
        Err(Error::new(
            "broken_file",
            said!("{name}：文件已损坏，无法读取", "{name}: the file is damaged and cannot be read"),
        )
        .help(said!("请重新导出，或另存为 CSV", "export it again, or save it as CSV")))
    })
}

/// A name fit for a message: without control characters, and not endless.
pub fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_on_a_shelf_are_files_of_their_own() {
        // In memory, and beyond what memory is given.
        for large in [10, IN_MEMORY + 10] {
            let room = Room::default();
            let mut shelf = Shelf::new(&room);
            let files = [b"first".to_vec(), vec![b'x'; large], b"last one".to_vec()];
            let limit = 1 << 30;
            let put = |(n, file): (usize, &Vec<u8>)| {
                (n.to_string(), shelf.put("x", file.as_slice(), file.len() as u64, limit).unwrap())
            };
            let places: Vec<_> = files.iter().enumerate().map(put).collect();
            assert_eq!(shelf.put("x", &b"too much"[..], 8, 20).unwrap_err().code(), "too_large");
            let mut taken = shelf.take(places);
            assert_eq!(taken[1].seek(SeekFrom::End(-3)).unwrap(), large as u64 - 3);
            for (bytes, file) in taken.iter_mut().zip(&files).rev() {
                let mut rest = Vec::new();
                bytes.read_to_end(&mut rest).unwrap();
                assert!(file.ends_with(&rest) && rest.len() >= 3);
                assert!(bytes.head(1 << 30).unwrap() == *file, "each from its own start to its own end");
                assert!(bytes.seek(SeekFrom::Current(-1)).is_err(), "nothing before the start");
            }
        }
    }
}

//! Number -> number for as many as there are: the newest in memory, the rest sorted in files without a name.
//!
//! What memory holds has a limit whatever is put in. Past it, the pairs are sorted into a file; two files of
//! like size are merged into one, so that n pairs stand in about log2(n) files. A filter of fixed size tells
//! nearly every key that is in no file; the others cost one page of each file.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::read_at;
use crate::error::{Error, Result};

/// Bytes of a pair.
const PAIR: usize = 16;
/// Pairs that are read at once to find one.
const PAGE: usize = 256;

type Pair = (u64, u64);

/// Number -> number. Keys should be hashes: a key is taken to be as good as random.
pub struct Pairs {
    folder: PathBuf,
    most: usize,
    newest: FxHashMap<u64, u64>,
    /// The oldest and largest first.
    runs: Vec<Run>,
    filter: Filter,
}

impl Pairs {
    /// None yet. Past `most` pairs they stand in files in this folder, which vanish with what is made here.
    pub fn new(folder: PathBuf, most: usize) -> Pairs {
        Pairs { folder, most: most.max(1), newest: FxHashMap::default(), runs: Vec::new(), filter: Filter::default() }
    }

    /// The value that was put last for a key.
    pub fn get(&self, key: u64) -> Result<Option<u64>> {
        if let Some(value) = self.newest.get(&key) {
            return Ok(Some(*value));
        }
        if !self.filter.may_have(key) {
            return Ok(None);
        }
        for run in self.runs.iter().rev() {
            if let Some(value) = run.get(key).map_err(|err| Error::file(&self.folder, err))? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Puts a value for a key, in place of an earlier one. Says what that was.
    pub fn put(&mut self, key: u64, value: u64) -> Result<Option<u64>> {
        let before = self.get(key)?;
        if self.newest.len() >= self.most && !self.newest.contains_key(&key) {
            self.spill().map_err(|err| Error::file(&self.folder, err))?;
        }
        self.newest.insert(key, value);
        Ok(before)
    }

    /// Moves what is in memory into a file, and merges files of like size.
    fn spill(&mut self) -> io::Result<()> {
        let mut pairs: Vec<Pair> = self.newest.drain().collect();
        pairs.sort_unstable();
        pairs.iter().for_each(|(key, _)| self.filter.add(*key));
        self.runs.push(Run::write(&self.folder, pairs.into_iter().map(Ok))?);
        while let [.., older, newer] = self.runs.as_slice()
            && older.len <= newer.len * 2
        {
            let merged = Run::write(&self.folder, merge(older.pairs()?, newer.pairs()?))?;
            self.runs.truncate(self.runs.len() - 2);
            self.runs.push(merged);
        }
        Ok(())
    }
}

/// Sorted pairs in a file, no key twice.
struct Run {
    file: File,
    len: usize,
    /// The first key of every page.
    pages: Vec<u64>,
}

impl Run {
    fn write(folder: &std::path::Path, pairs: impl Iterator<Item = io::Result<Pair>>) -> io::Result<Run> {
        let mut out = BufWriter::with_capacity(PAGE * PAIR * 16, tempfile::tempfile_in(folder)?);
        let (mut len, mut pages) = (0, Vec::new());
        for pair in pairs {
            let (key, value) = pair?;
            if len % PAGE == 0 {
                pages.push(key);
            }
            out.write_all(&bytes_of((key, value)))?;
            len += 1;
        }
        Ok(Run { file: out.into_inner().map_err(|err| err.into_error())?, len, pages })
    }

    fn get(&self, key: u64) -> io::Result<Option<u64>> {
        let Some(page) = self.pages.partition_point(|first| *first <= key).checked_sub(1) else { return Ok(None) };
        let mut bytes = [0; PAGE * PAIR];
        let from = page * PAGE;
        let bytes = &mut bytes[..(self.len - from).min(PAGE) * PAIR];
        read_at(&self.file, bytes, (from * PAIR) as u64)?;
        let (pairs, _) = bytes.as_chunks::<PAIR>();
        let found = pairs.binary_search_by_key(&key, |pair| pair_of(pair).0);
        Ok(found.ok().map(|at| pair_of(&pairs[at]).1))
    }

    /// All pairs, in order.
    fn pairs(&self) -> io::Result<impl Iterator<Item = io::Result<Pair>>> {
        let mut file = &self.file;
        file.rewind()?;
        let mut from = BufReader::with_capacity(PAGE * PAIR * 16, file);
        Ok((0..self.len).map(move |_| {
            let mut bytes = [0; PAIR];
            from.read_exact(&mut bytes).map(|()| pair_of(&bytes))
        }))
    }
}

/// Two runs as one: of a key that stands in both, the newer value.
fn merge(
    older: impl Iterator<Item = io::Result<Pair>>,
    newer: impl Iterator<Item = io::Result<Pair>>,
) -> impl Iterator<Item = io::Result<Pair>> {
    let (mut older, mut newer) = (older.peekable(), newer.peekable());
    std::iter::from_fn(move || match (older.peek(), newer.peek()) {
        (Some(Ok((old, _))), Some(Ok((new, _)))) => match old.cmp(new) {
            std::cmp::Ordering::Less => older.next(),
            std::cmp::Ordering::Greater => newer.next(),
            std::cmp::Ordering::Equal => {
                older.next();
                newer.next()
            }
        },
        (Some(Err(_)), _) | (_, None) => older.next(),
        (_, Some(_)) => newer.next(),
    })
}

fn bytes_of((key, value): Pair) -> [u8; PAIR] {
    (u128::from(key) | u128::from(value) << 64).to_le_bytes()
}

fn pair_of(bytes: &[u8; PAIR]) -> Pair {
    let both = u128::from_le_bytes(*bytes);
    (both as u64, (both >> 64) as u64)
}

/// Tells for most keys that they were never added; six bits a key, all in one line of the processor's cache.
/// With ten million keys one in two hundred of the others is not told; with more, more: that costs time, never
/// a wrong answer and never memory.
#[derive(Default)]
struct Filter {
    lines: Vec<[u64; 8]>,
}

/// 16 MB.
const LINES: u32 = 18;
const BITS: u32 = 6;

impl Filter {
    fn place(key: u64) -> (usize, impl Iterator<Item = (usize, u64)>) {
        let line = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - LINES);
        let spread = (key ^ key >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let bits = (0..BITS).map(move |bit| (spread >> (9 * bit + 1)) as usize & 511);
        (line as usize, bits.map(|bit| (bit / 64, 1 << (bit % 64))))
    }

    fn add(&mut self, key: u64) {
        if self.lines.is_empty() {
            self.lines = vec![[0; 8]; 1 << LINES];
        }
        let (line, mut bits) = Filter::place(key);
        bits.by_ref().for_each(|(word, bit)| self.lines[line][word] |= bit);
    }

    fn may_have(&self, key: u64) -> bool {
        let (line, mut bits) = Filter::place(key);
        self.lines.get(line).is_some_and(|line| bits.all(|(word, bit)| line[word] & bit != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as good as random.
    fn numbers(mut seed: u64) -> impl FnMut() -> u64 {
        move || {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let n = (seed ^ seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            n ^ n >> 27
        }
    }

    #[test]
    fn files_and_memory_answer_alike() {
        let folder = tempfile::TempDir::new().unwrap();
        for most in [1, 2, 7, 100, 1000, 1 << 20] {
            let mut pairs = Pairs::new(folder.path().into(), most);
            let mut plain = FxHashMap::default();
            let mut next = numbers(most as u64);
            let puts = if most < 7 { 300 } else { 20_000 };
            for _ in 0..puts {
                // Few enough keys that many come again, the ends among them.
                let key = match next() % (puts / 2) {
                    0 => 0,
                    1 => u64::MAX,
                    n => numbers(n)(),
                };
                let value = next();
                assert_eq!(pairs.get(key).unwrap(), plain.get(&key).copied());
                assert_eq!(pairs.put(key, value).unwrap(), plain.insert(key, value));
                assert!(pairs.newest.len() <= most, "no more than {most} in memory");
            }
            for (key, value) in &plain {
                assert_eq!(pairs.get(*key).unwrap(), Some(*value));
                assert_eq!(pairs.get(key ^ 1).unwrap(), plain.get(&(key ^ 1)).copied());
            }
            assert!(pairs.runs.len() <= 16, "{} files of {most}", pairs.runs.len());
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the files have no name");
    }

    #[test]
    fn the_filter_tells_most_keys_that_were_never_added() {
        let (mut filter, mut next) = (Filter::default(), numbers(1));
        assert!(!filter.may_have(next()));
        let added: Vec<u64> = (0..1_000_000).map(|_| next()).collect();
        added.iter().for_each(|key| filter.add(*key));
        assert!(added.iter().all(|key| filter.may_have(*key)));
        let wrong = (0..100_000).filter(|_| filter.may_have(next())).count();
        assert!(wrong < 100, "{wrong} of 100,000");
    }
}

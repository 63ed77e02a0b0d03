//! Old Excel files, measured before they are opened: one far cell would make the reader build all cells before it.

const END: u32 = 0xFFFF_FFFA;
const SECTORS: usize = 1 << 19;

/// The compound file around the workbook: sectors chained by a table.
struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    chain: Vec<u32>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Compound<'a>> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Compound { bytes, sector, chain: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|n| u32_at(bytes, 76 + 4 * n)).filter(|s| *s < END).collect();
        let mut next = u32_at(bytes, 68)?;
        while next < END && tables.len() < SECTORS {
            let more = file.sector(next)?;
            let places = sector / 4 - 1;
            tables.extend((0..places).filter_map(|n| u32_at(more, 4 * n)).filter(|s| *s < END));
            next = u32_at(more, 4 * places)?;
        }
        if tables.len() * sector > bytes.len() {
            return None;
        }
        for table in tables {
            let entries = file.sector(table)?;
            file.chain.extend((0..sector / 4).filter_map(|n| u32_at(entries, 4 * n)));
        }
        file.is_sound().then_some(file)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize + 1).checked_mul(self.sector)?;
        self.bytes.get(start..(start + self.sector).min(self.bytes.len()))
    }

    /// The bytes of a chain of sectors; `None` if the chain bites its own tail.
    fn follow(&self, mut number: u32) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        while let Some(sector) = self.sector(number).filter(|_| number < END) {
            if out.len() > self.bytes.len() {
                return None;
            }
            out.extend_from_slice(sector);
            number = self.chain.get(number as usize).copied().unwrap_or(END);
        }
        Some(out)
    }

    /// True if no stream says that it is longer than the file, and no chain goes in a circle: the reader believes
    /// both and would never come to an end.
    fn is_sound(&self) -> bool {
        self.streams_end().unwrap_or(false)
    }

    fn streams_end(&self) -> Option<bool> {
        let small_tables = u32_at(self.bytes, 64)? as usize;
        if small_tables.checked_mul(self.sector)? > self.bytes.len() {
            return Some(false);
        }
        let small: Vec<u8> = if small_tables > 0 { self.follow(u32_at(self.bytes, 60)?)? } else { Vec::new() };
        let small: Vec<u32> = (0..small.len() / 4).filter_map(|n| u32_at(&small, 4 * n)).collect();
        let directory = self.follow(u32_at(self.bytes, 48)?)?;
        // Sound streams share no sectors, so all of them together have no more than the file.
        let mut steps = self.bytes.len() / 64 + 16;
        for entry in directory.chunks_exact(128) {
            let len = if self.sector == 512 { u64::from(u32_at(entry, 120)?) } else { u64_at(entry, 120)? };
            if len > self.bytes.len() as u64 {
                return Some(false);
            }
            let (chain, sector) = if len < 4096 { (&small, 64) } else { (&self.chain, self.sector) };
            let (mut number, mut left) = (u32_at(entry, 116)?, len as usize);
            while number < END && left > 0 {
                steps = steps.checked_sub(1)?;
                left = left.saturating_sub(sector);
                number = chain.get(number as usize).copied().unwrap_or(END);
            }
        }
        Some(true)
    }

    /// The stream of the workbook.
    fn workbook(&self) -> Option<Vec<u8>> {
        let directory = self.follow(u32_at(self.bytes, 48)?)?;
        let entries = directory.chunks_exact(128);
        let name = |entry: &[u8]| {
            let units = entry[..64].chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).take_while(|u| *u != 0);
            String::from_utf16_lossy(&units.collect::<Vec<_>>()).to_lowercase()
        };
        let root = entries.clone().next()?;
        let book = entries.clone().find(|e| matches!(name(e).as_str(), "workbook" | "book"))?;
        let (start, size) = (u32_at(book, 116)?, u32_at(book, 120)? as usize);
        if size >= u32_at(self.bytes, 56)? as usize {
            return self.follow(start);
        }
        // Small streams lie in sectors of 64 bytes within the stream of the root.
        let small = self.follow(u32_at(root, 116)?)?;
        let chain = self.follow(u32_at(self.bytes, 60)?)?;
        let mut out = Vec::new();
        let mut number = start;
        while number < END && out.len() < size {
            let at = number as usize * 64;
            out.extend_from_slice(small.get(at..at + 64)?);
            number = u32_at(&chain, 4 * number as usize)?;
        }
        Some(out)
    }
}

/// How many cells a reader would build for the sheets of an old workbook (more than `most` are not counted); `None` if it is no sound workbook.
pub fn cells(bytes: &[u8], most: u64) -> Option<u64> {
    let stream = Compound::open(bytes)?.workbook()?;
    let mut all = 0u64;
    let mut area = Area::default();
    let mut at = 0;
    while let (Some(kind), Some(len)) = (u16_at(&stream, at), u16_at(&stream, at + 2)) {
        let data = stream.get(at + 4..(at + 4 + len).min(stream.len()))?;
        match kind {
            // The beginning and the end of a sheet.
            0x0809 | 0x0409 | 0x0209 | 0x000A => all += std::mem::take(&mut area).cells(),
            // Its size, as the file says, which the reader believes.
            0x0200 => {
                let wide = data.len() >= 14;
                let rows = if wide { u32_at(data, 4)? } else { u16_at(data, 2)? as u32 };
                let columns = u16_at(data, if wide { 10 } else { 6 })? as u64;
                all += u64::from(rows).saturating_mul(columns);
            }
            // Cells: all begin with their row and column.
            0x0006 | 0x0203..=0x0205 | 0x027E | 0x00FD | 0x00D6 | 0x0001..=0x0005 => {
                area.see(u16_at(data, 0)?, u16_at(data, 2)?);
            }
            0x00BD => {
                area.see(u16_at(data, 0)?, u16_at(data, 2)?);
                area.see(u16_at(data, 0)?, u16_at(data, data.len().saturating_sub(2))?);
            }
            _ => {}
        }
        if all > most {
            return Some(all);
        }
        at += 4 + len;
    }
    Some(all + area.cells())
}

#[derive(Default)]
struct Area {
    rows: Option<(usize, usize)>,
    columns: Option<(usize, usize)>,
}

impl Area {
    fn see(&mut self, row: usize, column: usize) {
        let wider = |range: Option<(usize, usize)>, n: usize| Some(range.map_or((n, n), |(a, b)| (a.min(n), b.max(n))));
        self.rows = wider(self.rows, row);
        self.columns = wider(self.columns, column);
    }

    fn cells(self) -> u64 {
        let size = |range: Option<(usize, usize)>| range.map_or(0, |(a, b)| (b - a + 1) as u64);
        size(self.rows) * size(self.columns)
    }
}

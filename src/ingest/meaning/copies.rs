//! Near copies: texts that nearly repeat an earlier one, by the share of three-letter pieces they have in common.
//!
//! A sketch keeps, for each of sixteen orders, the smallest piece of the text: the share of equal places
//! estimates the share of equal pieces. Three groups of five places find the candidates, so that each text
//! costs three looks into one table, whatever the number of texts.

/// Shorter texts repeat by chance ("质量不错，物流很快"), and are never called copies.
const FEWEST_LETTERS: usize = 15;
/// Equal places of sixteen that make a near copy: about four fifths of all pieces.
const ALIKE: usize = 13;
/// Most texts remembered; then the oldest memory is dropped as a whole. About 70 MB.
const MOST: usize = 1 << 20;
const ORDERS: usize = 16;
const BANDS: usize = 3;

/// What is remembered of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    places: [u16; ORDERS],
    bands: [u32; BANDS],
}

impl Sketch {
    /// The sketch of a text; `None` if the text is too short to be a copy.
    pub fn of(text: &str) -> Option<Sketch> {
        // Any letter counts, in lower case; signs, blanks and emoji do not.
        let letters = text.chars().filter(|c| is_letter(*c)).map(|c| c.to_ascii_lowercase() as u64);
        let (mut a, mut b, mut count) = (0u64, 0u64, 0usize);
        let mut least = [u32::MAX; ORDERS];
        for c in letters {
            count += 1;
            if count >= 3 {
                let piece = mix(a << 42 ^ b << 21 ^ c);
                for (place, salt) in least.iter_mut().zip(SALTS) {
                    *place = (*place).min(((piece ^ piece >> 29).wrapping_mul(salt) >> 32) as u32);
                }
            }
            (a, b) = (b, c);
        }
        (count >= FEWEST_LETTERS).then(|| Sketch {
            places: least.map(|place| place as u16),
            bands: std::array::from_fn(|band| {
                least[band * 5..band * 5 + 5].iter().fold(band as u64, |h, p| mix(h ^ u64::from(*p))) as u32
            }),
        })
    }

    /// Most texts that are remembered before the oldest memory is dropped as a whole.
    pub const MOST: usize = MOST;

    /// True if a text is too short to have a sketch.
    pub fn is_too_short(text: &str) -> bool {
        text.chars().filter(|c| is_letter(*c)).nth(FEWEST_LETTERS - 1).is_none()
    }

    fn is_like(&self, other: &Sketch) -> bool {
        self.places.iter().zip(&other.places).filter(|(a, b)| a == b).count() >= ALIKE
    }
}

/// A letter or digit; Chinese characters and ASCII are told without looking into tables.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
        || if c.is_ascii() { c.is_ascii_alphanumeric() } else { !is_cjk_sign(c) && c.is_alphanumeric() }
}

fn is_cjk_sign(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

const SALTS: [u64; ORDERS] = {
    let mut salts = [0; ORDERS];
    let mut at = 0;
    while at < ORDERS {
        salts[at] = mix(0x9e37_79b9_7f4a_7c15u64.wrapping_mul(at as u64 + 1)) | 1;
        at += 1;
    }
    salts
};

/// Spreads the bits of a number (the finisher of splitmix64).
pub(super) const fn mix(n: u64) -> u64 {
    let n = (n ^ n >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ n >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ n >> 31
}

/// The texts seen so far.
#[derive(Default)]
pub struct Copies {
    sketches: Vec<[u16; ORDERS]>,
    /// Band -> the text that had it first: the band's key above, the text's number plus one below; 0 is free.
    table: Vec<u64>,
    used: usize,
}

impl Copies {
    /// Copies with these texts remembered, the oldest first.
    pub fn of(sketches: Vec<Sketch>) -> Copies {
        let mut copies = Copies::default();
        for sketch in &sketches {
            copies.has_like(sketch);
        }
        copies
    }

    /// True if the text nearly repeats an earlier one; else it is remembered.
    pub fn has_like(&mut self, sketch: &Sketch) -> bool {
        if self.sketches.len() >= MOST {
            *self = Copies::default();
        }
        if (self.used + BANDS) * 2 > self.table.len() {
            self.grow();
        }
        let mut free = [None; BANDS];
        for (band, key) in sketch.bands.iter().enumerate() {
            match self.slot(*key) {
                Ok(text) => {
                    let earlier = Sketch { places: self.sketches[text], bands: [0; BANDS] };
                    if earlier.is_like(sketch) {
                        return true;
                    }
                }
                Err(slot) => free[band] = Some(slot),
            }
        }
        self.sketches.push(sketch.places);
        for (band, _) in free.iter().enumerate().filter(|(_, slot)| slot.is_some()) {
            // The slot is looked for again: an earlier band of this text may have taken it.
            if let Err(slot) = self.slot(sketch.bands[band]) {
                self.table[slot] = u64::from(sketch.bands[band]) << 32 | self.sketches.len() as u64;
                self.used += 1;
            }
        }
        false
    }

    /// The text that has a band, or the free slot where it would stand.
    fn slot(&self, key: u32) -> Result<usize, usize> {
        let last = self.table.len() - 1;
        let mut at = mix(u64::from(key)) as usize & last;
        loop {
            match self.table[at] {
                0 => return Err(at),
                kept if (kept >> 32) as u32 == key => return Ok((kept as u32 - 1) as usize),
                _ => at = (at + 1) & last,
            }
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![0; (old.len() * 2).max(1 << 10)];
        for kept in old.into_iter().filter(|kept| *kept != 0) {
            if let Err(slot) = self.slot((kept >> 32) as u32) {
                self.table[slot] = kept;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_copies_are_found_and_different_texts_are_not() {
        let text = "这款儿童保温水杯颜值很高，杯盖密封性也不错，孩子每天带去幼儿园，保温效果能到下午，客服态度也很好，会推荐给朋友";
        let mut copies = Copies::default();
        let mut has = |text: &str| Sketch::of(text).map(|s| copies.has_like(&s));
        assert_eq!(has(text), Some(false));
        assert_eq!(has(&text.replace('，', "！ ")), Some(true), "only signs differ");
        assert_eq!(has(&text.replace("朋友", "同事")), Some(true), "two letters differ");
        assert_eq!(
            has("裤子比尺码表小了一码，洗了一次就起球，退货还要自己出运费，客服半天才回复，很失望"),
            Some(false)
        );
        assert_eq!(has("质量很好"), None, "short texts repeat by chance");
        assert_eq!(has("Great cup, my son loves it and it keeps water warm"), Some(false));
        assert_eq!(has("great cup my son LOVES it and it keeps water warm!!"), Some(true));
    }

    #[test]
    fn many_different_texts_stay_different() {
        let mut copies = Copies::default();
        let text = |n: u64| {
            (0..30).map(|i| char::from_u32(0x4e00 + (mix(n << 8 | i) % 3000) as u32).unwrap()).collect::<String>()
        };
        let found = (0..20_000).filter(|n| copies.has_like(&Sketch::of(&text(*n)).unwrap())).count();
        assert_eq!(found, 0);
        assert!((0..20_000).step_by(97).all(|n| copies.has_like(&Sketch::of(&text(n)).unwrap())));
    }
}

//! Who a record is: the platform's own number where there is one, else what it says, of what, by whom, when.

use rustc_hash::FxHasher;
use std::hash::Hasher;

use super::copies::mix;
use crate::words::{Moment, Record, Uid};

/// A record's identity, as far as one row tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The platform's number.
    Number(u64),
    /// What is known beside the day, which the rows above may have to tell.
    Words(u64),
}

impl Identity {
    /// By the platform's number of the record.
    pub fn of_number(platform: &str, shop: &str, number: &str) -> Identity {
        Identity::Number(hash(&["number", platform, shop, number]))
    }

    /// By platform, shop, SKU, buyer and text; the day comes in later.
    pub fn of_words(parts: [&str; 5]) -> Identity {
        Identity::Words(hash(&parts))
    }

    /// The record's uid.
    pub fn uid(self, time: Option<Moment>) -> Uid {
        match self {
            Identity::Number(hash) => Uid(hash),
            Identity::Words(hash) => Uid(mix(hash ^ mix(time.map_or(u64::MAX, |t| t.day().0 as u64)))),
        }
    }
}

/// A hash that stays the same for ever: BLAKE3 over the parts and their lengths.
pub fn hash(parts: &[&str]) -> u64 {
    let mut hash = blake3::Hasher::new();
    for part in parts {
        hash.update(&(part.len() as u32).to_le_bytes());
        hash.update(part.as_bytes());
    }
    u64::from_le_bytes(hash.finalize().as_bytes()[..8].try_into().expect("eight bytes"))
}

/// True if the platform's number tells one record from all others. A running number that a tool has given
/// (序号 1, 2, 3) starts again in the next export.
pub fn is_lasting(number: &str) -> bool {
    number.len() >= 6 || number.bytes().any(|b| !b.is_ascii_digit()) && number.len() >= 4
}

/// What a record says, for finding its repeats within one import; time apart.
pub fn content(record: &Record) -> u64 {
    let mut hash = FxHasher::default();
    let mut text = |text: &str| {
        hash.write(text.as_bytes());
        hash.write_u64(text.len() as u64);
    };
    text(&record.sku);
    text(record.stars.as_ref().map_or("", |s| &s.raw));
    text(record.given.as_deref().unwrap_or(""));
    record.turns.iter().for_each(|turn| text(&turn.text));
    hash.write_u64(record.silence.map_or(0, |s| s as u64));
    mix(hash.finish())
}

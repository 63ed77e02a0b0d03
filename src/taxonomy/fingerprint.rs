//! Fingerprints: a hash over many short parts, handed to the hasher in large pieces, which is much faster.

use blake3::{Hash, Hasher};

/// Bytes of a piece.
const PIECE: usize = 1 << 16;

/// A fingerprint in the making: as if each part was hashed after its length.
#[derive(Clone, Default)]
pub(super) struct Fingerprint {
    hasher: Hasher,
    waiting: Vec<u8>,
}

impl Fingerprint {
    pub fn add(&mut self, part: &str) {
        self.waiting.extend_from_slice(&(part.len() as u64).to_le_bytes());
        self.waiting.extend_from_slice(part.as_bytes());
        if self.waiting.len() >= PIECE {
            self.hasher.update(&self.waiting);
            self.waiting.clear();
        }
    }

    pub fn finish(mut self) -> Hash {
        self.hasher.update(&self.waiting);
        self.hasher.finalize()
    }
}

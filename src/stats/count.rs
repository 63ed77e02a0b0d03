//! The number everything here is made of: so many mentions among so many records.

use std::ops::AddAssign;

/// Mentions and their base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Count {
    /// Records that have the label, each once.
    pub mentions: u64,
    /// Records that could have had it.
    pub base: u64,
}

impl Count {
    /// So many mentions among so many records. Mentions never exceed the base.
    pub fn new(mentions: u64, base: u64) -> Count {
        Count { mentions: mentions.min(base), base }
    }

    /// The mention rate, 0 to 1; `None` without records, which is not 0 %.
    pub fn rate(self) -> Option<f64> {
        (self.base > 0).then(|| self.mentions as f64 / self.base as f64)
    }

    /// Records without the label.
    pub fn rest(self) -> u64 {
        self.base.saturating_sub(self.mentions)
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.mentions += other.mentions;
        self.base += other.base;
    }
}

/// The same cell in two periods, or in two groups of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The period compared with.
    pub before: Count,
    /// The period looked at.
    pub after: Count,
}

impl Pair {
    /// A pair of counts.
    pub fn new(before: Count, after: Count) -> Pair {
        Pair { before, after }
    }

    /// Change of the mention rate, −1 to 1 (0.064 is 6.4 points); `None` if a side has no records.
    pub fn change(self) -> Option<f64> {
        Some(self.after.rate()? - self.before.rate()?)
    }

    /// How many times the mention rate before; `None` if a side has no records or the rate before is 0.
    pub fn times(self) -> Option<f64> {
        let before = self.before.rate().filter(|p| *p > 0.0)?;
        Some(self.after.rate()? / before)
    }

    /// Mentions of both sides together.
    pub fn mentions(self) -> u64 {
        self.before.mentions + self.after.mentions
    }

    /// The smaller base.
    pub fn smaller_base(self) -> u64 {
        self.before.base.min(self.after.base)
    }
}

impl AddAssign for Pair {
    fn add_assign(&mut self, other: Pair) {
        self.before += other.before;
        self.after += other.after;
    }
}

//! Repeatable chance: SplitMix64, seeded from the plan and a name.

/// A stream of numbers that depends on nothing but its seed.
pub struct Dice(u64);

impl Dice {
    /// The stream of this seed and name. Streams of different names do not touch each other, so an
    /// edit to one SKU leaves the others as they were.
    pub fn new(seed: u64, name: &str) -> Dice {
        Dice(name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in 0..n.
    pub fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// Uniform in low..=high.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True with this probability.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// All of them in another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// Deals out a share of growing numbers without noise: after each call the total dealt is within one
/// of the share of the total seen.
pub struct Quota {
    exact: f64,
    dealt: usize,
}

impl Quota {
    /// A quota that starts somewhere between two whole numbers, so that rare things do not all fall
    /// into the same month.
    pub fn new(dice: &mut Dice) -> Quota {
        Quota { exact: dice.unit(), dealt: 0 }
    }

    /// How many of the next `n` at this rate.
    pub fn deal(&mut self, n: usize, rate: f64) -> usize {
        self.exact += n as f64 * rate;
        let now = self.exact as usize - self.dealt;
        self.dealt += now;
        now
    }
}

/// Hands out a list in turn, in a shuffled order, again from the start when it ends.
pub struct Rota<T> {
    items: Vec<T>,
    next: usize,
}

impl<T: Copy> Rota<T> {
    /// A shuffled list.
    pub fn new(mut items: Vec<T>, dice: &mut Dice) -> Rota<T> {
        dice.shuffle(&mut items);
        Rota { items, next: 0 }
    }

    /// The next one.
    pub fn take(&mut self) -> T {
        let item = self.items[self.next % self.items.len()];
        self.next += 1;
        item
    }
}

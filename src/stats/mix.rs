//! Did it get worse, or was more sold of what was always worse? A change split into mix and rate.

use super::Pair;

/// A change of the whole, split by part (SKU, channel, source, stars) so that nothing is left over:
/// the sum of `mix` and `rate` over all parts is `after − before`.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The whole's mention rate before.
    pub before: f64,
    /// The whole's mention rate after.
    pub after: f64,
    /// What each part's larger or smaller share of the records did.
    pub mix: Vec<f64>,
    /// What each part's own change did.
    pub rate: Vec<f64>,
    /// Standard error of the sum of `rate`.
    pub rate_se: f64,
}

impl Split {
    /// What the mix did, in all.
    pub fn mix_total(&self) -> f64 {
        self.mix.iter().sum()
    }

    /// What the parts' own changes did, in all.
    pub fn rate_total(&self) -> f64 {
        self.rate.iter().sum()
    }

    /// True if the mix did at least half of the change: then a report says so in words.
    pub fn is_mostly_mix(&self) -> bool {
        let change = self.after - self.before;
        change != 0.0 && self.mix_total() / change >= 0.5
    }
}

/// Kitagawa's decomposition (1955) with centred mix terms. A part that is missing on one side takes its rate
/// from the other, so that all it did is mix. `None` if a side has no records at all.
pub fn kitagawa(parts: &[Pair]) -> Option<Split> {
    let mut whole = Pair::default();
    parts.iter().for_each(|p| whole += *p);
    let (before, after) = (whole.before.rate()?, whole.after.rate()?);
    let (n0, n1) = (whole.before.base as f64, whole.after.base as f64);
    let middle = (before + after) / 2.0;
    let (mut mix, mut rate, mut variance) = (Vec::new(), Vec::new(), 0.0);
    for part in parts {
        let (r0, r1) = (part.before.rate(), part.after.rate());
        let (Some(r0), Some(r1)) = (r0.or(r1), r1.or(r0)) else {
            mix.push(0.0);
            rate.push(0.0);
            continue;
        };
        let (w0, w1) = (part.before.base as f64 / n0, part.after.base as f64 / n1);
        mix.push((w1 - w0) * ((r0 + r1) / 2.0 - middle));
        rate.push((r1 - r0) * (w0 + w1) / 2.0);
        if part.smaller_base() > 0 {
            let noise = [part.before, part.after].map(|c| {
                let p = (c.mentions as f64 + 0.5) / (c.base as f64 + 1.0);
                p * (1.0 - p) / c.base as f64
            });
            variance += ((w0 + w1) / 2.0).powi(2) * (noise[0] + noise[1]);
        }
    }
    Some(Split { before, after, mix, rate, rate_se: variance.sqrt() })
}

/// One side of a split by three factors: the share of each outer part (channel), the share of each inner
/// part within it (SKU in channel), and the mention rate there.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreeFactors {
    /// Share of each outer part.
    pub outer: Vec<f64>,
    /// Share of each inner part within its outer part.
    pub inner: Vec<Vec<f64>>,
    /// Mention rate of each inner part.
    pub rate: Vec<Vec<f64>>,
}

/// What outer shares, inner shares and rates each did (Das Gupta 1993, which is Shapley's value): three
/// numbers that add up to the change. Both sides must have the same parts; others are left out.
pub fn das_gupta(before: &ThreeFactors, after: &ThreeFactors) -> [f64; 3] {
    let sides = [before, after];
    // the whole with each factor taken from one side or the other
    let total = |a: usize, b: usize, r: usize| -> f64 {
        let outer = sides[a].outer.iter().zip(&sides[b].inner).zip(&sides[r].rate);
        outer.map(|((a, inner), rate)| a * inner.iter().zip(rate).map(|(b, r)| b * r).sum::<f64>()).sum()
    };
    let effect = |with: &dyn Fn(usize, usize, usize) -> f64| {
        let step = |x: usize, y: usize| with(1, x, y) - with(0, x, y);
        (step(1, 1) + step(0, 0)) / 3.0 + (step(1, 0) + step(0, 1)) / 6.0
    };
    [effect(&|f, x, y| total(f, x, y)), effect(&|f, x, y| total(x, f, y)), effect(&|f, x, y| total(x, y, f))]
}

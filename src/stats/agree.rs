//! How far two people, or a person and the rules, agree on a label.

use std::collections::BTreeMap;

use super::numeric::z_of;
use super::rate::Interval;

/// Two coders, one label, every record of both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Records that both gave the label.
    pub both: u64,
    /// Only the first did.
    pub only_a: u64,
    /// Only the second did.
    pub only_b: u64,
    /// Records to which neither gave it.
    pub neither: u64,
}

impl Agreement {
    fn shares(self) -> Option<[f64; 4]> {
        let n = self.both + self.only_a + self.only_b + self.neither;
        (n > 0).then(|| [self.both, self.only_a, self.only_b, self.neither].map(|c| c as f64 / n as f64))
    }

    fn records(self) -> f64 {
        (self.both + self.only_a + self.only_b + self.neither) as f64
    }

    /// Share of the records on which they agree; `None` without records.
    pub fn percent(self) -> Option<f64> {
        self.shares().map(|[a, _, _, d]| a + d)
    }

    /// Cohen's κ; `None` where both always say the same one thing, so that chance alone agrees.
    pub fn kappa(self) -> Option<f64> {
        let [a, b, c, d] = self.shares()?;
        let chance = (a + b) * (a + c) + (c + d) * (b + d);
        (chance < 1.0).then(|| (a + d - chance) / (1.0 - chance))
    }

    /// Standard error of κ (Fleiss, Cohen and Everitt 1969).
    pub fn kappa_se(self) -> Option<f64> {
        let (kappa, [a, b, c, d]) = (self.kappa()?, self.shares()?);
        let (rows, columns) = ([a + b, c + d], [a + c, b + d]);
        let chance = rows[0] * columns[0] + rows[1] * columns[1];
        let agreed: f64 =
            [(a, 0), (d, 1)].iter().map(|(p, i)| p * (1.0 - (rows[*i] + columns[*i]) * (1.0 - kappa)).powi(2)).sum();
        let apart = b * (columns[0] + rows[1]).powi(2) + c * (columns[1] + rows[0]).powi(2);
        let fixed = kappa - chance * (1.0 - kappa);
        let variance = (agreed + (1.0 - kappa).powi(2) * apart - fixed * fixed) / (1.0 - chance).powi(2);
        Some((variance.max(0.0) / self.records()).sqrt())
    }

    /// Interval of κ by its standard error.
    pub fn kappa_interval(self, confidence: f64) -> Option<Interval> {
        let (kappa, half) = (self.kappa()?, self.kappa_se()? * z_of(confidence));
        Some(Interval { low: kappa - half, high: kappa + half })
    }

    /// Brennan and Prediger's κ (also PABAK): chance taken as ½.
    pub fn brennan_prediger(self) -> Option<f64> {
        self.percent().map(|p| 2.0 * p - 1.0)
    }

    /// Gwet's AC1, which does not fall when nearly all records agree.
    pub fn ac1(self) -> Option<f64> {
        let [a, b, c, d] = self.shares()?;
        let given = a + (b + c) / 2.0;
        let chance = 2.0 * given * (1.0 - given);
        Some((a + d - chance) / (1.0 - chance))
    }

    /// Agreement on the records that anyone gave the label: 2·both / (given by a + given by b).
    pub fn positive(self) -> Option<f64> {
        let given = 2 * self.both + self.only_a + self.only_b;
        (given > 0).then(|| 2.0 * self.both as f64 / given as f64)
    }

    /// Krippendorff's α for these two coders.
    pub fn alpha(self) -> Option<f64> {
        let pairs = [(1.0, 1.0, self.both), (1.0, 0.0, self.only_a + self.only_b), (0.0, 0.0, self.neither)];
        let mut coincidences = Coincidences::default();
        for (x, y, records) in pairs {
            coincidences.add(&[x, y], records as f64);
        }
        coincidences.alpha(Scale::Nominal)
    }
}

/// What the values that coders give mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Names without order.
    Nominal,
    /// Ranks.
    Ordinal,
    /// Numbers whose differences count.
    Interval,
    /// Numbers whose proportions count.
    Ratio,
}

/// Krippendorff's α (2011) of any number of coders, `None` for what a coder left out: one list per coder,
/// records in the same order. `None` if the values never vary or no record has two of them.
pub fn krippendorff(coders: &[Vec<Option<f64>>], scale: Scale) -> Option<f64> {
    let mut coincidences = Coincidences::default();
    for record in 0..coders.iter().map(Vec::len).max()? {
        let values: Vec<f64> = coders.iter().filter_map(|c| c.get(record).copied().flatten()).collect();
        coincidences.add(&values, 1.0);
    }
    coincidences.alpha(scale)
}

/// How often values stand together in a record, by the bits of the value (which keep the order of values ≥ 0).
#[derive(Default)]
struct Coincidences {
    values: Vec<f64>,
    pairs: BTreeMap<(usize, usize), f64>,
}

impl Coincidences {
    fn place(&mut self, value: f64) -> usize {
        self.values.iter().position(|v| *v == value).unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        })
    }

    fn add(&mut self, record: &[f64], times: f64) {
        if record.len() < 2 || times == 0.0 {
            return;
        }
        let places: Vec<usize> = record.iter().map(|v| self.place(*v)).collect();
        for (i, a) in places.iter().enumerate() {
            for b in places.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, b)| b) {
                *self.pairs.entry((*a, *b)).or_default() += times / (record.len() - 1) as f64;
            }
        }
    }

    fn alpha(&self, scale: Scale) -> Option<f64> {
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        order.sort_by(|a, b| self.values[*a].total_cmp(&self.values[*b]));
        let margin: Vec<f64> =
            order.iter().map(|a| self.pairs.iter().filter(|((x, _), _)| x == a).map(|(_, n)| n).sum()).collect();
        let total: f64 = margin.iter().sum();
        let distance = |i: usize, j: usize| {
            let (i, j) = (i.min(j), i.max(j));
            let (a, b) = (self.values[order[i]], self.values[order[j]]);
            match scale {
                Scale::Nominal => f64::from(u8::from(i != j)),
                Scale::Ordinal => (margin[i..=j].iter().sum::<f64>() - (margin[i] + margin[j]) / 2.0).powi(2),
                Scale::Interval => (a - b).powi(2),
                Scale::Ratio if a + b == 0.0 => 0.0,
                Scale::Ratio => ((a - b) / (a + b)).powi(2),
            }
        };
        let (mut seen, mut expected) = (0.0, 0.0);
        for i in 0..order.len() {
            for j in (0..order.len()).filter(|j| *j != i) {
                seen += self.pairs.get(&(order[i], order[j])).copied().unwrap_or(0.0) * distance(i, j);
                expected += margin[i] * margin[j] * distance(i, j) / (total - 1.0);
            }
        }
        (expected > 0.0).then(|| 1.0 - seen / expected)
    }
}

/// Cohen's κ of two coders with any labels; `None` where chance alone agrees.
pub fn cohen<T: Ord>(a: &[T], b: &[T]) -> Option<f64> {
    let n = a.len().min(b.len()) as f64;
    let agreed = a.iter().zip(b).filter(|(x, y)| x == y).count() as f64 / n;
    let mut given: BTreeMap<&T, (f64, f64)> = BTreeMap::new();
    for (x, y) in a.iter().zip(b) {
        given.entry(x).or_default().0 += 1.0 / n;
        given.entry(y).or_default().1 += 1.0 / n;
    }
    let chance: f64 = given.values().map(|(p, q)| p * q).sum();
    (n > 0.0 && chance < 1.0).then(|| (agreed - chance) / (1.0 - chance))
}

/// Fleiss' κ (1971): for each record, how many coders chose each label; the same number of coders for all.
pub fn fleiss(records: &[Vec<u64>]) -> Option<f64> {
    let coders = records.first()?.iter().sum::<u64>() as f64;
    let n = records.len() as f64;
    let labels = records.iter().map(Vec::len).max()?;
    let agreed: f64 = records
        .iter()
        .map(|r| r.iter().map(|c| (c * c.saturating_sub(1)) as f64).sum::<f64>() / (coders * (coders - 1.0)))
        .sum::<f64>()
        / n;
    let share = |label: usize| records.iter().filter_map(|r| r.get(label)).sum::<u64>() as f64 / (n * coders);
    let chance: f64 = (0..labels).map(|l| share(l).powi(2)).sum();
    (coders > 1.0 && chance < 1.0).then(|| (agreed - chance) / (1.0 - chance))
}

/// Holsti's coefficient: twice what both gave, by what each gave.
pub fn holsti(both: u64, given_a: u64, given_b: u64) -> Option<f64> {
    let given = given_a + given_b;
    (given > 0).then(|| 2.0 * both as f64 / given as f64)
}

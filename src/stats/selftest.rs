//! The report proves itself on the user's own records: split at random, nothing has shifted, so every
//! highlight is a false one; with shifts planted by hand, it shows what can be seen at all.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::family::{Cells, Restless};
use super::gate::Settings;
use super::random::Random;
use super::{Count, Pair};
use crate::words::{Day, LabelId};

/// Records in short: where each belongs, its day and its labels.
#[derive(Clone, Debug, Default)]
pub struct Records {
    days: Vec<(u32, u8)>,
    ends: Vec<usize>,
    cells: Vec<u32>,
    numbers: FxHashMap<(u32, LabelId), u32>,
    /// Place of each cell.
    places: Vec<u32>,
    most_places: u32,
    /// Places that make a whole: a product family, a shop.
    groups: Vec<Vec<u32>>,
}

/// The cells of a whole: of each of its places the cell with the label, if any record there ever had it.
type Whole = Vec<(u32, Option<u32>)>;

impl Records {
    /// Takes in a record: `place` numbers the SKU of a shop, each label stands once.
    pub fn add(&mut self, place: u32, day: Day, labels: &[LabelId]) {
        self.days.push((place, (day.0.rem_euclid(7)) as u8));
        self.most_places = self.most_places.max(place + 1);
        for label in labels {
            let next = self.places.len() as u32;
            let cell = *self.numbers.entry((place, *label)).or_insert(next);
            if cell == next {
                self.places.push(place);
            }
            self.cells.push(cell);
        }
        self.ends.push(self.cells.len());
    }

    /// Takes some places together as a whole, which is judged as well.
    pub fn group(&mut self, places: Vec<u32>) {
        self.groups.push(places);
    }

    /// Every label of every whole.
    fn wholes(&self) -> Vec<Whole> {
        let mut wholes = Vec::new();
        for group in self.groups.iter().filter(|g| g.len() > 1) {
            let labels: BTreeSet<LabelId> =
                self.numbers.keys().filter(|(place, _)| group.contains(place)).map(|(_, label)| *label).collect();
            let cell = |place: u32, label| (place, self.numbers.get(&(place, label)).copied());
            wholes.extend(labels.into_iter().map(|label| group.iter().map(|place| cell(*place, label)).collect()));
        }
        wholes
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// True without a record.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The records by place and weekday, which are split apart.
    fn strata(&self) -> Vec<Vec<u32>> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_key(|r| self.days[*r as usize]);
        order.chunk_by(|a, b| self.days[*a as usize] == self.days[*b as usize]).map(<[u32]>::to_vec).collect()
    }

    /// Splits the records of each stratum into two random halves and counts both: all labels of a record stay
    /// together, so categories hang together as they do in truth.
    fn split(&self, strata: &[Vec<u32>], random: &mut Random) -> Halves {
        let mut cells = vec![[0u64; 2]; self.places.len()];
        let mut bases = vec![[0u64; 2]; self.most_places as usize];
        for stratum in strata {
            // an odd record goes to either side
            let odd = if stratum.len() % 2 == 1 { random.below(2) } else { 0 };
            let mut wanted = stratum.len() / 2 + odd;
            for (seen, record) in stratum.iter().enumerate() {
                let side = usize::from(random.below(stratum.len() - seen) < wanted);
                wanted -= side;
                let record = *record as usize;
                bases[self.days[record].0 as usize][side] += 1;
                let begin = if record == 0 { 0 } else { self.ends[record - 1] };
                for cell in &self.cells[begin..self.ends[record]] {
                    cells[*cell as usize][side] += 1;
                }
            }
        }
        let pair = |([x1, x2], place): (&[u64; 2], &u32)| {
            let [n1, n2] = bases[*place as usize];
            Pair::new(Count::new(*x1, n1), Count::new(*x2, n2))
        };
        Halves { pairs: cells.iter().zip(&self.places).map(pair).collect(), bases }
    }
}

/// Two random halves, counted.
struct Halves {
    pairs: Vec<Pair>,
    bases: Vec<[u64; 2]>,
}

impl Halves {
    /// The cells that a report would judge.
    fn cells(self, wholes: &[Whole]) -> Cells {
        let part = |(place, cell): &(u32, Option<u32>)| match cell {
            Some(cell) => self.pairs[*cell as usize],
            None => {
                let [n1, n2] = self.bases[*place as usize];
                Pair::new(Count::new(0, n1), Count::new(0, n2))
            }
        };
        let wholes = wholes.iter().map(|whole| whole.iter().map(part).collect()).collect();
        Cells { alone: self.pairs, wholes }
    }
}

/// How often a report over records in which nothing shifted would have cried wolf.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WolfCries {
    /// Random splits tried.
    pub runs: usize,
    /// Splits with any highlight.
    pub with_any: usize,
    /// Highlights in all splits together.
    pub highlights: usize,
    /// As many splits with any highlight are within the promise: runs·q + 2.33·√(runs·q·(1−q)).
    pub allowed: usize,
}

impl WolfCries {
    /// True if the promise is kept.
    pub fn passes(&self) -> bool {
        self.with_any <= self.allowed
    }
}

/// Splits the records at random so many times and judges each split as a report would.
pub fn cry_wolf(records: &Records, unrest: &Restless, settings: &Settings, runs: usize, seed: u64) -> WolfCries {
    let (strata, wholes, mut random) = (records.strata(), records.wholes(), Random::new(seed));
    let (mut with_any, mut highlights) = (0, 0);
    for _ in 0..runs {
        let cells = records.split(&strata, &mut random).cells(&wholes);
        let listed = cells.listed(unrest, settings).len();
        with_any += usize::from(listed > 0);
        highlights += listed;
    }
    let expected = runs as f64 * settings.q;
    let allowed = (expected + 2.33 * (expected * (1.0 - settings.q)).sqrt()) as usize;
    WolfCries { runs, with_any, highlights, allowed }
}

/// How often planted shifts of one kind were seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// The ratio was made so many times larger.
    pub times: f64,
    /// Mentions in both halves together, from here …
    pub from: u64,
    /// … to below here.
    pub below: u64,
    /// Shifts planted.
    pub planted: usize,
    /// Shifts highlighted.
    pub seen: usize,
}

/// What planted shifts showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    /// By size of the shift and of the cell.
    pub sights: Vec<Sight>,
    /// Mean share of false ones among the highlights.
    pub false_share: f64,
}

/// Sizes of cells that sights are told by.
const SIZES: [u64; 6] = [0, 5, 20, 50, 200, u64::MAX];
/// Sizes of the shifts that are planted.
const TIMES: [f64; 3] = [1.5, 2.0, 3.0];

/// Plants shifts in one cell of twenty of a random split (random records of the SKU are given the label) and
/// judges it, so many times. A whole that holds such a cell is rightly highlighted.
pub fn plant(records: &Records, unrest: &Restless, settings: &Settings, runs: usize, seed: u64) -> Planted {
    let (strata, wholes, mut random) = (records.strata(), records.wholes(), Random::new(seed));
    let mut sights: Vec<Sight> = TIMES
        .iter()
        .flat_map(|times| {
            SIZES.windows(2).map(|w| Sight { times: *times, from: w[0], below: w[1], planted: 0, seen: 0 })
        })
        .collect();
    let mut false_share = 0.0;
    for _ in 0..runs {
        let mut halves = records.split(&strata, &mut random);
        let planted: Vec<Option<usize>> = halves.pairs.iter_mut().map(|p| shift(p, &mut random)).collect();
        for (at, pair) in planted.iter().zip(&halves.pairs) {
            if let Some(size) = at {
                sight(&mut sights, *size, pair).planted += 1;
            }
        }
        let cells = halves.cells(&wholes);
        let listed = cells.listed(unrest, settings);
        let is_planted = |at: usize| match at.checked_sub(planted.len()) {
            None => planted[at].is_some(),
            Some(whole) => wholes[whole].iter().any(|(_, cell)| cell.is_some_and(|c| planted[c as usize].is_some())),
        };
        let wrong = listed.iter().filter(|at| !is_planted(**at)).count();
        false_share += wrong as f64 / listed.len().max(1) as f64 / runs as f64;
        for at in listed {
            if let Some(size) = planted.get(at).copied().flatten() {
                sight(&mut sights, size, &cells.alone[at]).seen += 1;
            }
        }
    }
    Planted { sights, false_share }
}

/// Gives random records of the half after the label, in one cell of twenty; says which size of shift.
fn shift(pair: &mut Pair, random: &mut Random) -> Option<usize> {
    if random.below(20) != 0 || pair.after.mentions == 0 {
        return None;
    }
    let size = random.below(TIMES.len());
    let more = pair.after.mentions as f64 * (TIMES[size] - 1.0);
    let more = (more + random.unit()) as u64;
    pair.after.mentions += more.min(pair.after.rest());
    Some(size)
}

fn sight<'a>(sights: &'a mut [Sight], size: usize, pair: &Pair) -> &'a mut Sight {
    let sizes = SIZES.len() - 1;
    let at = SIZES[1..sizes].partition_point(|s| *s <= pair.mentions());
    &mut sights[size * sizes + at]
}

/// How many cells a report would have highlighted in each of the shop's earlier pairs of periods, oldest
/// first, each judged by what came before it: the honest background, drift and all.
pub fn background(pairs: &[Cells], settings: &Settings) -> Vec<usize> {
    (0..pairs.len())
        .map(|at| {
            let unrest = pairs[at].learn(&pairs[..at]);
            pairs[at].listed(&unrest, settings).len()
        })
        .collect()
}

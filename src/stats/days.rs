//! From when to when there are records, and which of them are dated so far after all others that the date must be a slip.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::said;
use crate::words::{Day, Said};

/// From when to when there are records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Day,
    /// The last day, the strays left aside.
    pub last: Day,
    /// The very last day.
    pub utmost: Day,
    /// The strays, if there are any. They must not decide what a report is about.
    pub strays: Option<Strays>,
}

/// A few records that are dated long after all others: a mistyped date, most likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strays {
    /// How many.
    pub records: u64,
    /// The days of the first and the last of them.
    pub days: (Day, Day),
}

/// Among so many records one may stray; among fewer one as well.
const ONE_IN: u64 = 200;
/// Days that strays lie after all others, at least; and more than ever passed between two of those.
const APART: i32 = 90;
/// So few records do not tell what is usual: of them one is a stray only if it lies nine years after the others.
const FEW: u64 = 10;
const FAR_APART: i32 = 3287;
/// No shop comes back after twenty years: then as many as one in four are slips.
const AGES_APART: i32 = 7305;
const ONE_IN_AGES: u64 = 4;

/// How many records there are of each day.
#[derive(Default)]
pub struct DayCounts(FxHashMap<Day, u64>);

impl DayCounts {
    /// Counts a record of this day.
    pub fn add(&mut self, day: Day) {
        *self.0.entry(day).or_default() += 1;
    }

    /// The first and the very last day, as they are written; `None` without any.
    pub fn range(&self) -> Option<(String, String)> {
        Some((self.0.keys().min()?.to_string(), self.0.keys().max()?.to_string()))
    }

    /// From when to when they are; `None` without any.
    pub fn days(&self) -> Option<Days> {
        let records: BTreeMap<Day, u64> = self.0.iter().map(|(day, n)| (*day, *n)).collect();
        let (first, utmost) = (*records.keys().next()?, *records.keys().next_back()?);
        let all: u64 = records.values().sum();
        let most = (all / ONE_IN).max(1);
        let (mut before, mut longest) = (0, if all > FEW { APART } else { FAR_APART });
        for ((day, n), (next, _)) in records.iter().zip(records.iter().skip(1)) {
            before += n;
            let pause = next.0 - day.0;
            let most = if pause > AGES_APART { most.max(all / ONE_IN_AGES) } else { most };
            if pause > longest && all - before <= most {
                let strays = Strays { records: all - before, days: (*next, utmost) };
                return Some(Days { first, last: *day, utmost, strays: Some(strays) });
            }
            longest = longest.max(pause);
        }
        Some(Days { first, last: utmost, utmost, strays: None })
    }
}

impl Days {
    /// Of records of these days, in any order; `None` without any.
    pub fn of(days: impl Iterator<Item = Day>) -> Option<Days> {
        let mut counts = DayCounts::default();
        days.for_each(|day| counts.add(day));
        counts.days()
    }

    /// What a report says of the strays, and how they are found.
    pub fn caution(&self) -> Option<Said> {
        let Strays { days: (from, _), .. } = self.strays?;
        let (last, Said { zh, en }) = (self.last, self.strays?.said());
        Some(said!(
            "{zh}；没有按它们选周期，其余记录到 {last} 为止（earful search --since {from} 找出它们）。",
            "{en}; they did not choose the period, the others end on {last} (earful search --since {from} finds them)."
        ))
    }
}

impl Strays {
    /// What is said of them.
    pub fn said(&self) -> Said {
        let Strays { records, days: (from, to) } = self;
        let days = if from == to { from.to_string() } else { format!("{from} … {to}") };
        let are = if *records == 1 { "record is" } else { "records are" };
        said!(
            "{records} 条记录的日期（{days}）比其余所有记录晚三个月以上，多半是写错了",
            "{records} {are} dated more than three months after all others ({days}), most likely mistyped"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_records_long_after_all_others_stray() {
        let days = |told: &[(i32, usize)]| {
            let days = Days::of(told.iter().flat_map(|(day, n)| vec![Day(*day); *n])).unwrap();
            (days.last.0, days.strays.map_or((0, 0), |s| (s.records, s.days.0.0)))
        };
        assert_eq!(days(&[(0, 50), (30, 50), (4000, 1)]), (30, (1, 4000)));
        assert_eq!(days(&[(0, 500), (30, 500), (4000, 2), (9000, 3)]), (30, (5, 4000)));
        // The year mistyped by one, three months back.
        assert_eq!(days(&[(0, 50), (90, 50), (365, 1)]), (90, (1, 365)));
        // A shop that came back, a quiet one, a season's first record, and too many to be slips.
        assert_eq!(days(&[(0, 50), (400, 1), (420, 50)]), (420, (0, 0)));
        assert_eq!(days(&[(0, 50), (90, 1)]), (90, (0, 0)));
        assert_eq!(days(&[(0, 50), (200, 50), (400, 1)]), (400, (0, 0)));
        assert_eq!(days(&[(0, 500), (4000, 6)]), (4000, (0, 0)));
        // So few records that none of them is the rule; and a slip of 36 years among them.
        assert_eq!(days(&[(0, 1), (300, 1), (301, 1), (900, 1)]), (900, (0, 0)));
        assert_eq!(days(&[(0, 1), (1, 1), (13_000, 1)]), (1, (1, 13_000)));
        assert_eq!(days(&[(7, 1)]), (7, (0, 0)));
        // A decade off among a few, and several of them a generation off.
        assert_eq!(days(&[(0, 2), (9, 1), (3600, 1)]), (9, (1, 3600)));
        assert_eq!(days(&[(0, 3), (9, 3), (13_000, 1), (13_005, 1)]), (9, (2, 13_000)));
        assert_eq!(days(&[(0, 1), (13_000, 1), (13_005, 1)]), (13_005, (0, 0)));
    }
}

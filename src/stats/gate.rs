//! The gate: which of all the cells of a report really shifted.
//!
//! A cell passes a filter that knows nothing of the direction (enough mentions, enough records), gets a
//! doubled mid-p, is deflated by the shop's own unrest, and must survive Benjamini-Hochberg over all cells
//! of the report. What cannot be told is called that.

use super::change::newcombe;
use super::many::benjamini_hochberg;
use super::numeric::{CONFIDENCE, normal_tail_inverse, p_of_z};
use super::rate::Interval;
use super::two_sample::doubled_mid_p;
use super::unrest::{Learnt, LogOdds, Unrest, centred};
use super::{Pair, unrest};
use crate::words::keyed;

/// Fewest complete days of an unfinished period that a highlight may rest on: a shorter stretch has other
/// weekdays than the one it is compared with.
pub const FEWEST_DAYS: u32 = 7;

/// What the gate asks of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Share of false ones among the shifts reported that is put up with: 0.10, or 0.05 for strict.
    pub q: f64,
    /// Fewest mentions in both periods together.
    pub mentions: u64,
    /// Fewest records in each period.
    pub base: u64,
    /// A cell is too small to tell if only a change above this many times could be seen in it.
    pub blind_above: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { q: 0.10, mentions: 10, base: 20, blind_above: 3.0 }
    }
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shift {
    /// The ratio rose.
    Rise,
    /// The ratio fell.
    Fall,
    /// A change worth seeing would have been seen, and was not.
    Steady,
    /// Too few to tell.
    TooFew,
}

keyed!(Shift { Rise = "rise", Fall = "fall", Steady = "steady", TooFew = "too_few" });

impl Shift {
    /// True for a rise or a fall: what a report lists.
    pub fn is_shift(self) -> bool {
        matches!(self, Shift::Rise | Shift::Fall)
    }
}

/// The gate's word on one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// What became of it.
    pub shift: Shift,
    /// Doubled mid-p of the cell alone; `None` if a side has no records.
    pub p: Option<f64>,
    /// The same after deflation by the shop's unrest.
    pub deflated: Option<f64>,
    /// The q-value over all cells of the report; `None` if the cell did not pass the filter.
    pub q: Option<f64>,
    /// Newcombe's 95 % interval of the change, −1 to 1.
    pub change: Interval,
    /// At least so many more records after than the ratio before would have given (fewer, for a fall): the
    /// base after times the near end of the 90 % interval. Orders the list.
    pub at_least: f64,
    /// Only a change of at least this many times would be visible; `None` if none would be.
    pub visible_from: Option<f64>,
}

/// Judges all cells of a report. `history` holds the pairs of earlier periods of the same grain, from which
/// the shop's unrest is learnt; without enough of them it is learnt from the cells themselves.
pub fn judge(pairs: &[Pair], history: &[Vec<Pair>], settings: &Settings) -> (Vec<Verdict>, Unrest) {
    let unrest = learn(pairs, history);
    (judge_with(pairs, &unrest, settings), unrest)
}

/// Learns the shop's unrest from earlier pairs of periods; if those are too few, from the pair itself too.
pub fn learn(pairs: &[Pair], history: &[Vec<Pair>]) -> Unrest {
    learn_from(history.iter().map(|p| centred(p)), || centred(pairs))
}

/// Fits earlier cells, and those at hand only where there are too few earlier ones: they hold the very shifts
/// that are looked for.
pub(super) fn learn_from(earlier: impl Iterator<Item = Vec<LogOdds>>, here: impl FnOnce() -> Vec<LogOdds>) -> Unrest {
    let mut cells: Vec<LogOdds> = earlier.flatten().collect();
    if cells.len() >= unrest::ENOUGH {
        return Unrest::fit(&cells, Learnt::Earlier);
    }
    cells.extend(here());
    Unrest::fit(&cells, Learnt::Here)
}

/// Judges all cells with an unrest learnt elsewhere.
pub fn judge_with(pairs: &[Pair], unrest: &Unrest, settings: &Settings) -> Vec<Verdict> {
    let tests: Vec<Test> = pairs.iter().map(|p| Test::of(*p, unrest)).collect();
    let mut verdicts: Vec<Verdict> = tests.iter().map(details).collect();
    decide(&tests, settings, &mut verdicts);
    verdicts
}

/// The places of the cells that would be highlighted, and nothing else about them: for trying it many times.
pub fn listed(pairs: &[Pair], unrest: &Unrest, settings: &Settings) -> Vec<usize> {
    let tests: Vec<Test> = pairs.iter().map(|p| Test::of(*p, unrest)).collect();
    significant(&tests, settings)
}

/// A cell as it goes into the family of tests.
pub(super) struct Test {
    /// Both periods.
    pub pair: Pair,
    /// See [`Verdict::p`].
    pub p: Option<f64>,
    /// See [`Verdict::deflated`].
    pub deflated: Option<f64>,
    /// How many times larger the variance is than luck makes it.
    pub inflation: f64,
    /// Above 0 if it rose, below 0 if it fell, 0 if it is no shift whatever its p-value.
    pub way: f64,
}

impl Test {
    pub fn of(pair: Pair, unrest: &Unrest) -> Test {
        let inflation = unrest.inflation(LogOdds::of(pair).variance);
        let p = doubled_mid_p(pair);
        let way = pair.change().map_or(0.0, |c| if c == 0.0 { 0.0 } else { c.signum() });
        Test { pair, p, deflated: p.map(|p| deflate(p, inflation)), inflation, way }
    }
}

/// The cells that pass the filter with their q-values.
fn q_values(tests: &[Test], settings: &Settings) -> Vec<(usize, f64)> {
    let passes = |i: &usize| {
        let pair = tests[*i].pair;
        pair.mentions() >= settings.mentions && pair.smaller_base() >= settings.base
    };
    let filtered: Vec<usize> = (0..tests.len()).filter(passes).collect();
    let p: Vec<f64> = filtered.iter().map(|i| tests[*i].deflated.unwrap_or(1.0)).collect();
    filtered.into_iter().zip(benjamini_hochberg(&p)).collect()
}

/// The places of what shifted.
pub(super) fn significant(tests: &[Test], settings: &Settings) -> Vec<usize> {
    let q = q_values(tests, settings).into_iter();
    q.filter(|(i, q)| *q <= settings.q && tests[*i].way != 0.0).map(|(i, _)| i).collect()
}

/// Gives every cell its q-value over all of them, and its verdict.
pub(super) fn decide(tests: &[Test], settings: &Settings, verdicts: &mut [Verdict]) {
    for (i, q) in q_values(tests, settings) {
        let verdict = &mut verdicts[i];
        verdict.q = Some(q);
        verdict.shift = if q <= settings.q && tests[i].way != 0.0 {
            if tests[i].way > 0.0 { Shift::Rise } else { Shift::Fall }
        } else if verdict.visible_from.is_some_and(|times| times <= settings.blind_above) {
            Shift::Steady
        } else {
            Shift::TooFew
        };
    }
}

/// What can be said of a cell before it is set beside the others.
pub(super) fn details(test: &Test) -> Verdict {
    Verdict {
        shift: Shift::TooFew,
        p: test.p,
        deflated: test.deflated,
        q: None,
        change: newcombe(test.pair, CONFIDENCE),
        at_least: at_least(test.pair),
        visible_from: visible_from(test.pair, test.inflation),
    }
}

/// A two-sided p-value as it would be if the variance were so many times larger.
pub(super) fn deflate(p: f64, inflation: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    p_of_z(normal_tail_inverse(p / 2.0) / inflation.sqrt())
}

fn at_least(pair: Pair) -> f64 {
    let near = newcombe(pair, 0.90);
    let points = if near.low > 0.0 { near.low } else { (-near.high).max(0.0) };
    if pair.smaller_base() == 0 { 0.0 } else { pair.after.base as f64 * points }
}

/// The smallest "times" that a cell of these bases would show with 80 % power at p = 0.001, which is about
/// what Benjamini-Hochberg asks; from the common rate of both sides. `None` if not even a rate of 1 would.
pub fn visible_from(pair: Pair, inflation: f64) -> Option<f64> {
    const Z_TEST: f64 = 3.290_526_731;
    const Z_POWER: f64 = 0.841_621_234;
    let (n1, n2) = (pair.before.base as f64, pair.after.base as f64);
    if n1 == 0.0 || n2 == 0.0 {
        return None;
    }
    let n = 2.0 * n1 * n2 / (n1 + n2);
    let p1 = (pair.mentions() as f64 + 0.5) / (n1 + n2 + 1.0);
    let shows = |r: f64| {
        let p2 = p1 * r;
        let mean = (p1 + p2) / 2.0;
        let under_none = (2.0 * mean * (1.0 - mean) * inflation / n).sqrt();
        let under_shift = ((p1 * (1.0 - p1) + p2 * (1.0 - p2)) * inflation / n).sqrt();
        p2 - p1 >= Z_TEST * under_none + Z_POWER * under_shift
    };
    let most = 1.0 / p1;
    shows(most).then(|| super::numeric::bisect(1.0, most, |r| !shows(r)))
}

/// The places of the shifts, the one with most records behind it first; ties by q, then by place.
pub fn ranked(verdicts: &[Verdict]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..verdicts.len()).filter(|i| verdicts[*i].shift.is_shift()).collect();
    places.sort_by(|&a, &b| {
        let (a, b) = (&verdicts[a], &verdicts[b]);
        b.at_least.total_cmp(&a.at_least).then(a.q.unwrap_or(1.0).total_cmp(&b.q.unwrap_or(1.0)))
    });
    places
}

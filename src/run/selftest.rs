//! The report tried on the shop's own records where nothing happened, and where something was planted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::report::plan::PAIRS;
use super::report::shifts::{Families, Field};
use super::report::{Ask, Counting};
use crate::error::Result;
use crate::stats::days::Days;
use crate::stats::family::Cells;
use crate::stats::gate::Settings;
use crate::stats::selftest::{Records, background, cry_wolf, plant};
use crate::stats::tally::Tally;
use crate::words::{Day, Grain, LabelId, Period};
use crate::workspace::Workspace;

/// Runs with planted shifts, of which each plants many.
const PLANTINGS: usize = 200;

/// What came out.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Records tried.
    pub records: usize,
    /// Places (SKUs of shops) they belong to.
    pub places: usize,
    /// First and last day.
    pub days: (String, String),
    /// Share of false highlights accepted.
    pub q: f64,
    /// Random splits, and how many of them had a highlight, which is always a false one.
    pub runs: usize,
    /// See [`Outcome::runs`].
    pub with_any: usize,
    /// Splits with a highlight that the promise allows.
    pub allowed: usize,
    /// Highlights in all splits.
    pub highlights: usize,
    /// Clustering and drift learnt from all pairs of periods.
    pub unrest: (f64, f64),
    /// Cells they were learnt from; too few and the gate knows only the luck of the draw.
    pub learnt_from: usize,
    /// Neighbouring periods of the grain, and highlights the report would have shown in each.
    pub background: Vec<(String, usize)>,
    /// The grain.
    pub grain: &'static str,
    /// What planted shifts showed.
    pub sights: Vec<Seen>,
    /// Mean share of false ones among the highlights with planted shifts.
    pub false_share: f64,
}

impl Outcome {
    /// True if the report cried wolf no more often than it promises.
    pub fn passes(&self) -> bool {
        self.with_any <= self.allowed
    }
}

/// How many planted shifts of one kind were seen.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// The ratio was made so many times larger.
    pub times: f64,
    /// Mentions of the cell, from here to below there.
    pub from: u64,
    /// `None`: no upper end.
    pub below: Option<u64>,
    /// Shifts planted and seen.
    pub planted: usize,
    /// See [`Seen::planted`].
    pub seen: usize,
}

/// Tries the report on a workspace.
pub fn of_workspace(workspace: &Workspace, ask: &Ask, runs: usize, seed: u64) -> Result<Outcome> {
    let counting = Counting::open(workspace, ask)?;
    let ask = &counting.ask;
    let records = records(&counting, ask);
    let grain = ask.grain;
    let tally = counting.tally(workspace, ask, |day| whole(day, grain, counting.days))?;
    let wanted = |label: LabelId| ask.wants(&tally.categories()[label.category()], label.stance());
    let listings = counting.listings();
    let families = Families::of(&tally, |sku| listings.get(sku).map_or(String::new(), |l| l.to_string()));
    let (periods, history): (Vec<Period>, Vec<Cells>) = steps(&tally, &families, &wanted).into_iter().unzip();
    let unrest = Cells::default().learn(&history);
    let settings = Settings { q: ask.q, ..Settings::default() };
    let wolf = cry_wolf(&records, &unrest, &settings, runs, seed);
    let planted = plant(&records, &unrest, &settings, PLANTINGS.min(runs), seed ^ 1);
    let sights = planted.sights.iter().filter(|s| s.planted > 0).map(|s| Seen {
        times: s.times,
        from: s.from,
        below: Some(s.below).filter(|b| *b != u64::MAX),
        planted: s.planted,
        seen: s.seen,
    });
    Ok(Outcome {
        records: records.len(),
        places: tally.lines().map(|l| (l.shop, l.sku)).collect::<std::collections::BTreeSet<_>>().len(),
        days: (counting.days.first.to_string(), counting.days.last.to_string()),
        q: ask.q,
        runs,
        with_any: wolf.with_any,
        allowed: wolf.allowed,
        highlights: wolf.highlights,
        unrest: (unrest.alone.phi, unrest.alone.tau2),
        learnt_from: unrest.alone.cells,
        background: periods.iter().map(Period::to_string).zip(background(&history, &settings)).collect(),
        grain: grain.key(),
        sights: sights.collect(),
        false_share: planted.false_share,
    })
}

/// The period of a day, if all of its days lie within the records.
fn whole(day: Day, grain: Grain, days: Days) -> Option<Period> {
    let period = Period::containing(day, grain);
    Period::new(days.first, days.last).covers(period).then_some(period)
}

/// The cells of neighbouring periods, oldest first, by the later one.
fn steps(tally: &Tally, families: &Families, wanted: &impl Fn(LabelId) -> bool) -> Vec<(Period, Cells)> {
    let periods = tally.periods();
    let from = periods.len().saturating_sub(PAIRS + 1);
    let next_to = |w: &&[Period]| w[0].last().plus(1) == w[1].first();
    let cells = |w: &[Period]| (w[1], Field::of(tally, (w[0], w[1]), families, wanted).cells());
    periods[from..].windows(2).filter(next_to).map(cells).collect()
}

/// Every counted record in short, with the wholes that a report judges: shops and product families.
fn records(counting: &Counting, ask: &Ask) -> Records {
    let mut records = Records::default();
    let facts = &counting.ground.facts;
    let mut places: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (file, labels) in facts.files.iter().zip(&counting.labels) {
        let mut of_row: Vec<Vec<LabelId>> = vec![Vec::new(); file.shop.len()];
        for (label, rows) in labels {
            let id = &counting.ground.taxonomy.categories()[label.category()].id;
            if ask.wants(id, label.stance()) {
                rows.iter().for_each(|row| of_row[row as usize].push(*label));
            }
        }
        for row in file.counted(counting.counted) {
            let at = row as usize;
            let (shop, sku) = (file.shop[at], file.sku[at]);
            let Some(day) = file.day(at) else { continue };
            if ask.wants_place(&facts.shops[shop as usize], &facts.skus[sku as usize]) {
                let next = places.len() as u32;
                records.add(*places.entry((shop, sku)).or_insert(next), day, &of_row[at]);
            }
        }
    }
    let mut wholes: BTreeMap<(u32, &str), Vec<u32>> = BTreeMap::new();
    for ((shop, sku), place) in &places {
        wholes.entry((*shop, "")).or_default().push(*place);
        let listing = facts.listings[*sku as usize].as_str();
        if !listing.is_empty() {
            wholes.entry((*shop, listing)).or_default().push(*place);
        }
    }
    let all: BTreeMap<u32, usize> =
        wholes.iter().filter(|((_, listing), _)| listing.is_empty()).map(|((shop, _), of)| (*shop, of.len())).collect();
    for ((shop, listing), places) in wholes {
        if listing.is_empty() || places.len() < all[&shop] {
            records.group(places);
        }
    }
    records
}

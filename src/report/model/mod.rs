//! A report as data: everything that any of its forms shows, and nothing that depends on one of them.

mod finding;
mod quote;
mod ratio;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use finding::{Cost, Effect, Event, Matrix, MatrixCell, MatrixRow, Shift, Standing, Tone, Trend, Versus, Wider};
pub use quote::{Quote, pieces};
pub use ratio::{Base, Category, Cell, Counted, Direction, Estimate, MIN_BASE_FOR_PERCENT, Place, Ratio};

use crate::words::{Day, Period, Said, Stance};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "earful.report/1";

/// A whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this form: [`SCHEMA`].
    pub schema: &'static str,
    /// The shops in it, own ones first.
    pub shops: Vec<Shop>,
    /// The only SKUs that were asked for; empty: all there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// The period reported on, such as `2026-10`.
    pub period: String,
    /// The period it is compared with.
    pub against: String,
    /// Set if the period is not over: it is compared with the same number of days.
    pub provisional: Option<Provisional>,
    /// Which records the ratios are of.
    #[serde(flatten)]
    pub counted: Counted,
    /// What was read and left out, over the whole workspace.
    pub read: Read,
    /// The message in one sentence.
    pub verdict: Said,
    /// Said beside the verdict: that the gate could not learn from earlier periods how restless the shop is, that
    /// dates look mistyped.
    pub cautions: Vec<Said>,
    /// How the gate was set.
    pub gate: Gate,
    /// Rises and falls that hold, the heaviest first.
    pub shifts: Vec<Shift>,
    /// Ratios of whole shops that moved because the mix of SKUs did: no shifts, each a sentence.
    pub mixed: Vec<Said>,
    /// How many ratios moved and hold: more than [`Report::shifts`], which tell each thing once.
    pub moved: usize,
    /// How many moved too little to matter, and how many had too few records to tell.
    pub steady: usize,
    /// See [`Report::steady`].
    pub too_few: usize,
    /// What four weeks show together and the week alone does not; only in weekly reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wider: Option<Wider>,
    /// SKU × category for the complaints of this period.
    pub matrix: Matrix,
    /// The periods of every series in the report, oldest first.
    pub periods: Vec<String>,
    /// Ratios of the whole own shop over time, the most frequent first.
    pub trends: Vec<Trend>,
    /// Own shops against competitors, the widest gap first.
    pub versus: Vec<Versus>,
    /// What own shops and competitors are known for, in sentences.
    pub versus_notes: Vec<Said>,
    /// The customers' own words behind the shifts and the largest categories.
    pub quotes: Vec<Quote>,
    /// The figures a shop is held to; `None` without rated records of own shops.
    pub standing: Option<Standing>,
    /// What happened, from `events.csv`, within the periods shown.
    pub events: Vec<Event>,
    /// What chats, lost sales and after-sale cases tell; `None` without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<super::chats::Tables>,
    /// Every cell of both periods, to pivot.
    pub cells: Vec<Cell>,
    /// What the words and numbers mean.
    pub definitions: Vec<Definition>,
    /// Fingerprint of the taxonomy that gave the labels.
    pub taxonomy: String,
    /// Fingerprint of the records that were counted.
    pub data: String,
}

/// A shop and how many of its records lie in the two periods.
#[derive(Clone, Debug, Serialize)]
pub struct Shop {
    /// Its name, as the workspace has it.
    pub name: String,
    /// True for the user's own.
    pub own: bool,
    /// Records of this period.
    pub now: u64,
    /// Records of the period compared with.
    pub before: u64,
}

/// A period that is not over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Provisional {
    /// Last complete day in the data.
    pub until: String,
    /// Days compared on both sides.
    pub days: u32,
}

/// What was read into the workspace.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Read {
    /// Imported files.
    pub files: usize,
    /// Rows read.
    pub rows: u64,
    /// Rows that became records.
    pub kept: u64,
    /// Rows that repeat others.
    pub repeats: u64,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Records that the workspace holds, each once: a conversation of many rows is one.
    pub records: u64,
    /// Of these, reviews that are default praise or have no words: left out of shares, but they have stars.
    pub wordless: u64,
    /// Labels that people decided by hand, which win over the rules.
    #[serde(skip_serializing_if = "none")]
    pub decided: u64,
}

fn none(count: &u64) -> bool {
    *count == 0
}

/// How the gate was set.
#[derive(Clone, Debug, Serialize)]
pub struct Gate {
    /// Share of false highlights accepted among the highlights.
    pub q: f64,
    /// Clustering learnt from earlier periods; 1 is none.
    pub phi: f64,
    /// Drift learnt from earlier periods, as a variance of log odds.
    pub tau2: f64,
    /// Cells that it was learnt from; too few and `calibrated` is false.
    pub learnt_from: usize,
    /// True if it was learnt from earlier periods, as it should be.
    pub calibrated: bool,
    /// Where it was learnt: `earlier` periods, `here` (the very periods compared), or `nowhere`.
    pub learnt: &'static str,
    /// Ratios that were tested.
    pub tested: usize,
}

/// What a word or number means.
#[derive(Clone, Debug, Serialize)]
pub struct Definition {
    /// The word that a report uses.
    pub term: Said,
    /// What it means.
    pub meaning: Said,
}

impl Report {
    /// True if only competitors were asked for.
    pub fn is_of_rivals(&self) -> bool {
        !self.shops.is_empty() && self.shops.iter().all(|s| !s.own)
    }

    /// Places in [`Report::quotes`] of those that belong to a shift or a gap between own shops and competitors.
    pub fn told_quotes(&self) -> BTreeSet<usize> {
        let shifts = self.shifts.iter().flat_map(|s| &s.quotes);
        shifts.chain(self.versus.iter().flat_map(|v| &v.quotes)).copied().collect()
    }

    /// What a shift means for the user: every form colours by it.
    pub fn tone(&self, shift: &Shift) -> Tone {
        let own = self.shops.iter().any(|s| s.own && s.name == shift.place.shop);
        match (own, shift.stance, shift.direction) {
            (true, Stance::Complaint, Direction::Rise) | (true, Stance::Praise, Direction::Fall) => Tone::Worse,
            (true, Stance::Complaint, Direction::Fall) | (true, Stance::Praise, Direction::Rise) => Tone::Better,
            _ => Tone::Neither,
        }
    }

    /// Where a day `2026-10-12` lies on the axis of [`Report::periods`], in periods from the first; `None` outside.
    pub fn place_of_day(&self, day: &str) -> Option<f64> {
        let day = Day::from_civil(day.parse().ok()?);
        let spans: Option<Vec<Period>> = self.periods.iter().map(|p| p.parse().ok()).collect();
        let spans = spans?;
        let i = spans.iter().position(|p| p.first() <= day && day <= p.last())?;
        let within = f64::from(day.0 - spans[i].first().0) / f64::from(spans[i].len());
        // The mark of a period stands for its middle.
        Some((i as f64 + within - 0.5).max(0.0))
    }
}

//! What a report tells with its ratios: shifts, the matrix, trends, gaps, events and what stars cost.

use serde::Serialize;

use super::ratio::{Category, Direction, Estimate, Place, Ratio};
use crate::words::{Said, Stance};

/// Two periods of one ratio, compared.
#[derive(Clone, Debug, Serialize)]
pub struct Shift {
    /// The shop or SKU that it is about.
    pub place: Place,
    /// The category that moved.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// Whether it rose or fell.
    pub direction: Direction,
    /// The ratio of this period.
    pub now: Ratio,
    /// The period compared with.
    pub before: Ratio,
    /// The same period of last year, if there are records.
    pub last_year: Option<Ratio>,
    /// Change of the share, as a fraction: 0.064 is 6.4 points.
    pub change: Option<Estimate>,
    /// How many times the share before.
    pub times: Option<Estimate>,
    /// Share of false ones to expect among highlights at least as strong as this.
    pub q: Option<f64>,
    /// At least this many records more (rise) or fewer (fall) than the old share would have given.
    pub extra: u64,
    /// The ratio in each of [`super::Report::periods`].
    pub series: Vec<Ratio>,
    /// Of a competitor: the same ratio of all own shops, if they have records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<Ratio>,
    /// What is behind it, each a sentence.
    pub causes: Vec<Said>,
    /// Places in [`super::Report::quotes`].
    pub quotes: Vec<usize>,
}

/// Shifts of a longer stretch, a family of tests of its own: a rolled-up cell that is told holds by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Wider {
    /// The stretch that ends with the reported period.
    pub period: String,
    /// The one before.
    pub against: String,
    /// What holds over it, without what the period itself tells.
    pub shifts: Vec<Shift>,
}

/// SKU × category of this period's complaints.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Matrix {
    /// The categories of its columns.
    pub categories: Vec<Category>,
    /// Rows, the largest base first.
    pub rows: Vec<MatrixRow>,
}

/// One SKU.
#[derive(Clone, Debug, Serialize)]
pub struct MatrixRow {
    /// The SKU of the row.
    pub place: Place,
    /// Records of this period.
    pub base: u64,
    /// Records with one or two stars of those with stars.
    pub bad: Ratio,
    /// Complaints of this period and of the one before, for each column.
    pub cells: Vec<MatrixCell>,
}

/// One SKU and category.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MatrixCell {
    /// The ratio of this period.
    pub now: Ratio,
    /// The period compared with.
    pub before: Ratio,
    /// Which way, by the gate.
    pub direction: Direction,
    /// A place in [`super::Report::quotes`], where somebody said so.
    pub quote: Option<usize>,
}

/// A ratio over time.
#[derive(Clone, Debug, Serialize)]
pub struct Trend {
    /// The shop or SKU that it is about.
    pub place: Place,
    /// The category that is followed.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// The ratio in each of [`super::Report::periods`].
    pub series: Vec<Ratio>,
    /// Of competitors: the same ratio of all own shops in this period, if they have records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<Ratio>,
}

/// What a shift means for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// An own shop is complained of more, or praised less.
    Worse,
    /// An own shop is complained of less, or praised more.
    Better,
    /// Neither: questions, mentions, and what moves at a competitor's.
    Neither,
}

/// Own shops against competitors.
#[derive(Clone, Debug, Serialize)]
pub struct Versus {
    /// The category that is compared.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// The ratio of the own shops.
    pub own: Ratio,
    /// The competitors'.
    pub other: Ratio,
    /// Own share less the competitors', as a fraction.
    pub gap: Option<Estimate>,
    /// Odds own against competitors among records with the same stars (and channel, if they share one).
    pub matched: Option<Estimate>,
    /// False-discovery value within this table.
    pub q: Option<f64>,
    /// True if the gap holds.
    pub holds: bool,
    /// A place in [`super::Report::quotes`] for own and for the competitors, where there is one.
    pub quotes: Vec<usize>,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// The day on which it happened.
    pub day: String,
    /// Kind, as it stands in `events.csv`.
    pub kind: String,
    /// Shop; empty for all.
    pub shop: String,
    /// SKU; empty for all.
    pub sku: String,
    /// What happened, as it was noted.
    pub text: String,
    /// What changed after it and not in the control, the strongest first.
    pub effects: Vec<Effect>,
    /// What it was compared with: other SKUs or competitors; `None` if there was nothing to compare with.
    pub control: Option<Said>,
}

/// What changed after an event, less what changed in the control.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// The category that is compared before and after.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// Before the event.
    pub before: Ratio,
    /// After it, without the transition days.
    pub after: Ratio,
    /// The control before and after.
    pub control: [Ratio; 2],
    /// How many times more the odds moved here than in the control.
    pub times: f64,
    /// False-discovery value over all categories of this event.
    pub q: f64,
    /// Other dates that were tried, and how many of them gave as strong a change.
    pub placebo: Option<(usize, usize)>,
}

/// The figures a shop is held to.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// Last of the days.
    pub until: String,
    /// Days that count: 60, or fewer while the records warm up.
    pub days: u32,
    /// Bad reviews (1 or 2 stars) of those days by the stars first given.
    pub first: Ratio,
    /// The same as they stand today, after changed stars.
    pub current: Ratio,
    /// Of the low-star records with words of this period, those that complain of the product.
    pub quality: Ratio,
    /// What each complaint costs in stars, the costliest first.
    pub costs: Vec<Cost>,
}

/// What a category costs in stars.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// The category that drags.
    pub category: Category,
    /// Rated records that complain of it.
    pub ratio: Ratio,
    /// Mean stars of the other records less those of records that complain of it.
    pub gap: f64,
    /// Standard error of the gap.
    pub se: f64,
    /// Stars that the mean of all would gain if these records scored like the others.
    pub opportunity: f64,
    /// True for the largest opportunity of its area.
    pub biggest: bool,
}

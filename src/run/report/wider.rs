//! What four weeks show together and no single one does: the cells of a weekly report rolled up, as a family of
//! tests of its own.

use super::build::{Names, shift};
use super::plan::Plan;
use super::shifts::{self, Families};
use crate::report::model::{Shift, Wider};
use crate::stats::gate::Settings;
use crate::stats::tally::Tally;
use crate::words::{LabelId, Period};

/// Weeks taken together.
const WEEKS: usize = 4;

/// The shifts of the last four weeks against the four before that the week itself does not tell; `None` for other
/// grains, and where there are not eight weeks.
pub fn of(
    [tally, all]: [&Tally; 2],
    plan: &Plan,
    settings: &Settings,
    names: &Names<'_>,
    wanted: impl Fn(LabelId) -> bool,
    told: &[Shift],
) -> Option<Wider> {
    let plan = (plan.period.len() == 7).then(|| plan.rolled(WEEKS))??;
    let block = |period: Period| plan.series.iter().copied().find(|block| block.covers(period));
    let (tally, all) = (tally.roll_up_to(block), all.roll_up_to(block));
    let families = Families::of(&tally, names.listing);
    let judgement = shifts::judge([&tally, &all], &plan, settings, families, wanted);
    let known =
        |s: &Shift| told.iter().any(|t| t.place == s.place && t.category.id == s.category.id && t.stance == s.stance);
    let cells = judgement.told.iter().map(|i| &judgement.cells[*i]);
    let shifts: Vec<Shift> =
        cells.map(|cell| shift(&tally, &plan, &judgement, cell, names)).filter(|s| !known(s)).collect();
    Some(Wider { period: plan.period.to_string(), against: plan.against.to_string(), shifts })
}

//! What four weeks show together and no single one does: the cells of a weekly report rolled up, as a family of
//! tests of its own.

use super::build::{Names, shift};
use super::plan::Plan;
use super::shifts::{self, Families};
use crate::report::model::{Shift, Wider};
use crate::said;
use crate::stats::Pair;
use crate::stats::gate::{self, Settings};
use crate::stats::tally::Tally;
use crate::words::{LabelId, Period, Said};

/// Records in a week below which its own change tells nothing.
const FEW: u64 = 30;
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
    week: impl Fn(&Shift) -> Option<(gate::Shift, Pair)>,
) -> Option<Wider> {
    let plan = (plan.period.len() == 7).then(|| plan.rolled(WEEKS))??;
    let block = |period: Period| plan.series.iter().copied().find(|block| block.covers(period));
    let (tally, all) = (tally.roll_up_to(block), all.roll_up_to(block));
    let families = Families::of(&tally, names.listing);
    let judgement = shifts::judge([&tally, &all], &plan, settings, families, wanted);
    let known =
        |s: &Shift| told.iter().any(|t| t.place == s.place && t.category.id == s.category.id && t.stance == s.stance);
    let cells = judgement.told.iter().map(|i| &judgement.cells[*i]);
    let mut shifts: Vec<Shift> =
        cells.map(|cell| shift([&tally, &all], &plan, &judgement, cell, names)).filter(|s| !known(s)).collect();
    for shift in &mut shifts {
        let reason = reason(shift, week(shift));
        shift.causes.insert(0, reason);
    }
    Some(Wider { period: plan.period.to_string(), against: plan.against.to_string(), shifts })
}

/// Why the week does not tell what four weeks do: it moved in weeks before, or this week too but with too few records.
fn reason(shift: &Shift, week: Option<(gate::Shift, Pair)>) -> Said {
    let over_four = shift.change.as_ref().map_or(0.0, |c| c.value);
    let is_small = week.is_none_or(|(found, pair)| {
        // Half of the change or more from last week to this: it goes on, and a week is too small to prove it.
        let goes_on = pair.change().is_some_and(|now| now * over_four.signum() * 2.0 >= over_four.abs());
        found == gate::Shift::TooFew && (goes_on || pair.smaller_base() < FEW)
    });
    match is_small {
        true => said!("单周样本太少", "too few in a single week"),
        false => said!("前几周就动了，这周比上周没有再动", "it moved in weeks before, not from last week to this"),
    }
}

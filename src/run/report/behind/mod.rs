//! What is behind a shift, in sentences: since when, which event lies near, mix or the thing itself, which
//! variant, channel or agent carries it, and in which words it is said.

mod carriers;
mod since;
mod wordings;

use super::Counting;
use super::rows::{Row, Rows};
use super::shifts::{Judged, Judgement};
use crate::error::Result;
use crate::report::model::Report;
use crate::stats::tally::Tally;
use crate::workspace::Event;
use carriers::Details;

/// Shifts that are looked behind; a report with more of them is not read one by one.
const LOOKED_BEHIND: usize = 60;

/// Adds to every shift what is behind it.
pub fn tell(
    rows: &Rows<'_>,
    counting: &Counting,
    events: &[Event],
    judgement: &Judgement,
    tally: &Tally,
    report: &mut Report,
) -> Result<()> {
    if report.shifts.is_empty() {
        return Ok(());
    }
    let details = Details::read(&counting.ground.store)?;
    let looked: Vec<(&Judged, Vec<Row>)> = judgement
        .told
        .iter()
        .zip(&report.shifts)
        .take(LOOKED_BEHIND)
        .map(|(i, shift)| {
            let judged = &judgement.cells[*i];
            (judged, rows.of(&shift.place, judged.spot.label))
        })
        .collect();
    let mut words = wordings::of(counting, &looked)?.into_iter();
    for ((judged, seen), shift) in looked.iter().zip(&mut report.shifts) {
        let since = since::range(rows.plan, seen);
        let shop = &tally.shops()[judged.spot.shop];
        let event = since.and_then(|range| since::event(range, events, &shop.name, shift.place.sku.as_deref()));
        let (mostly_mix, not_mix) = carriers::mix(rows, judged, seen);
        let told_with = std::mem::take(&mut shift.causes);
        // What explains most stands first: short forms of the report show no more.
        let first = [mostly_mix, event, carriers::carrier(rows, &details, judged, seen), since.map(since::said)];
        shift.causes.extend(first.into_iter().flatten().chain(told_with));
        shift.causes.extend([words.next().flatten(), not_mix].into_iter().flatten());
    }
    Ok(())
}

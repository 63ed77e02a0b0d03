//! `then`: one keyword of each list, close together, in this order.

use super::{Places, Sight};

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    for item in sight.of_slot(sight.step.then.start) {
        let from = out.parts.len();
        out.parts.push(item);
        let mut last = item;
        for slot in sight.step.then.clone().skip(1) {
            let next = sight.of_slot(slot).find(|o| o.start >= last.end && sight.gap(last, *o).is_some());
            match next {
                Some(next) => {
                    out.parts.push(next);
                    last = next;
                }
                None => break,
            }
        }
        if out.parts.len() - from == sight.step.then.len() {
            out.close();
        } else {
            out.parts.truncate(from);
        }
    }
}

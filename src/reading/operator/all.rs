//! `all`: one keyword of each list, anywhere in the scope.

use super::{Places, Sight};

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    let mut last_unit = None;
    for item in sight.of_slot(sight.step.all.start) {
        let unit = sight.unit(item);
        if last_unit == Some(unit) {
            continue;
        }
        last_unit = Some(unit);
        let from = out.parts.len();
        out.parts.push(item);
        for slot in sight.step.all.clone().skip(1) {
            let other = sight.of_slot(slot).find(|o| sight.unit(*o) == unit && !o.span().overlaps(item.span()));
            out.parts.extend(other);
        }
        if out.parts.len() - from == sight.step.all.len() {
            out.close();
        } else {
            out.parts.truncate(from);
        }
    }
}

//! `near`: one keyword of each list, close together, in any order.

use super::{Places, Sight};

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    for item in sight.of_slot(sight.step.near.start) {
        let from = out.parts.len();
        out.parts.push(item);
        for slot in sight.step.near.clone().skip(1) {
            let closest = sight
                .of_slot(slot)
                .filter(|o| !out.parts[from..].iter().any(|p| p.span().overlaps(o.span())))
                .filter_map(|o| Some((sight.gap(item, o)?, o)))
                .min_by_key(|(gap, o)| (*gap, o.start));
            match closest {
                Some((_, other)) => out.parts.push(other),
                None => break,
            }
        }
        if out.parts.len() - from == sight.step.near.len() {
            out.close();
        } else {
            out.parts.truncate(from);
        }
    }
}

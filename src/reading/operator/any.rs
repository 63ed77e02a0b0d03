//! `any`: one of these keywords.

use super::{Places, Sight, slot};

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    for item in sight.of_slot(slot::ANY) {
        out.parts.push(item);
        out.close();
    }
}

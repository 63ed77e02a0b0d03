//! `category`: another category has evidence in the scope.

use super::{Page, Part, Places, Step, keep, unit_of};

/// Keeps the places in whose unit one of the named categories has evidence; a rule without other
/// operators takes that evidence as its own. `evidence` gives its places on the page.
pub(in crate::reading) fn places(page: &Page, step: &Step, places: &mut Places, evidence: &[Part]) {
    if !step.needed().is_empty() || !step.patterns.is_empty() {
        return keep(places, |parts| {
            let unit = unit_of(page, step, parts[0]);
            evidence.iter().any(|e| unit_of(page, step, *e) == unit)
        });
    }
    for part in evidence {
        places.parts.push(*part);
        places.close();
    }
}

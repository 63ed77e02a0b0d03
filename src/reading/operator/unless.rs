//! `unless`: keywords that mask the place they cover; and the longest keyword wins a place.

use super::{Item, slot};

/// Sorts a rule's items and leaves those that no longer keyword of the rule covers. Items of
/// `without` and triggers of patterns go to `apart`, untouched.
pub(in crate::reading) fn settle(found: impl Iterator<Item = Item>, items: &mut Vec<Item>, apart: &mut Vec<Item>) {
    items.clear();
    apart.clear();
    for item in found {
        match item.slot {
            slot::WITHOUT | slot::WITHOUT_RECORD | slot::TRIGGER => apart.push(item),
            _ => items.push(item),
        }
    }
    if items.len() > 1 {
        items.sort_unstable_by_key(|i| (i.start, std::cmp::Reverse(i.end), i.slot));
        let (mut start, mut end) = (0, 0);
        items.retain(|item| {
            let covered = item.end <= end && (item.start, item.end) != (start, end);
            if !covered && item.end > end {
                (start, end) = (item.start, item.end);
            }
            !covered
        });
    }
}

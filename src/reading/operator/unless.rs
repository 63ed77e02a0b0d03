//! `unless`: keywords that mask the place they cover; and the longest keyword wins a place.

use super::Item;

/// Sorts a rule's items and leaves those that no longer keyword of the rule covers.
pub(in crate::reading) fn settle(items: &mut Vec<Item>) {
    if items.len() < 2 {
        return;
    }
    items.sort_unstable_by_key(|i| (i.start, std::cmp::Reverse(i.end), i.slot));
    let (mut start, mut end) = (0, 0);
    items.retain(|item| {
        let covered = item.end <= end && (item.start, item.end) != (start, end);
        if !covered && item.end > end {
            (start, end) = (item.start, item.end);
        }
        !covered
    });
    // A word may stand in several lists of one operand.
    items.dedup();
}

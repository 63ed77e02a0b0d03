//! `pattern`: a regular expression over each clause; `^` and `$` are the ends of the clause.

use super::{Part, Places, Sight, slot};
use crate::words::Span;

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    // Only clauses with the words without which no pattern matches are worth trying.
    let clauses = (0..sight.page.clauses.len()).filter(|clause| sight.clauses >> (clause % 32) & 1 == 1);
    clauses.for_each(|clause| try_clause(sight, clause, out));
}

fn try_clause(sight: &Sight<'_>, number: usize, out: &mut Places) {
    let clause = &sight.page.clauses[number];
    let text = &sight.page.text[clause.start as usize..clause.end as usize];
    let trimmed = text.trim_start_matches(' ');
    let start = clause.end as usize - trimmed.len();
    for regex in &sight.step.patterns {
        let Some(found) = regex.find(trimmed.trim_end_matches(' ')).filter(|m| !m.is_empty()) else { continue };
        let span = Span::new(start + found.start(), start + found.end());
        if !sight.items.iter().any(|i| i.slot == slot::UNLESS && i.span().covers(span)) {
            out.parts.push(Part { start: span.start, end: span.end, clause: number as u32, slot: slot::TRIGGER });
            out.close();
        }
    }
}

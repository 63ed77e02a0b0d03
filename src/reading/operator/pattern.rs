//! `pattern`: a regular expression over each clause; `^` and `$` are the ends of the clause.

use super::{Places, Sight, slot};
use crate::text::Clause;
use crate::words::Span;

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    if sight.step.needs >> slot::TRIGGER & 1 == 0 {
        return sight.page.clauses.iter().for_each(|clause| try_clause(sight, clause, out));
    }
    // Only clauses with a word without which no pattern matches are worth trying.
    let mut last = None;
    for trigger in sight.apart.iter().rev().filter(|i| i.slot == slot::TRIGGER) {
        let clause = sight.page.clause_at(trigger.start);
        if last != Some(clause) {
            last = Some(clause);
            try_clause(sight, &sight.page.clauses[clause], out);
        }
    }
}

fn try_clause(sight: &Sight<'_>, clause: &Clause, out: &mut Places) {
    let text = &sight.page.text[clause.start as usize..clause.end as usize];
    let trimmed = text.trim_start_matches(' ');
    let start = clause.end as usize - trimmed.len();
    for regex in &sight.step.patterns {
        let Some(found) = regex.find(trimmed.trim_end_matches(' ')).filter(|m| !m.is_empty()) else { continue };
        let span = Span::new(start + found.start(), start + found.end());
        if !sight.items.iter().any(|i| i.slot == slot::UNLESS && i.span().covers(span)) {
            out.parts.push(span);
            out.close();
        }
    }
}

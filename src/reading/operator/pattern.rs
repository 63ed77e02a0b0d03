//! `pattern`: a regular expression over each clause; `^` and `$` are the ends of the clause.

use super::{Places, Sight};
use crate::words::Span;

pub(super) fn places(sight: &Sight<'_>, out: &mut Places) {
    for clause in &sight.page.clauses {
        let text = &sight.page.text[clause.start as usize..clause.end as usize];
        let trimmed = text.trim_start_matches(' ');
        let start = clause.end as usize - trimmed.len();
        for regex in &sight.step.patterns {
            let found = regex.find(trimmed.trim_end_matches(' ')).filter(|m| !m.is_empty());
            if let Some(found) = found {
                let span = Span::new(start + found.start(), start + found.end());
                if !sight.items.iter().any(|i| i.slot == super::slot::UNLESS && i.span().covers(span)) {
                    out.parts.push(span);
                    out.close();
                }
            }
        }
    }
}

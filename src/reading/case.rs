//! An after-sale case: when it was opened, reviewed, inspected and closed, of what kind, at what cost, and why.
//!
//! A case is a record like any other: its reasons are the customer's turns, its steps are the platform's. So it
//! needs no columns of its own, and the taxonomy reads its reasons.

use crate::words::{Moment, Speaker, Turn, TurnKind};

/// An after-sale case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// When the customer asked for it.
    pub opened: Option<Moment>,
    /// When the shop said yes or no.
    pub reviewed: Option<Moment>,
    /// When what came back was looked at.
    pub inspected: Option<Moment>,
    /// When it was over.
    pub closed: Option<Moment>,
    /// True if no person decided it, false if one did; `None` if it is not told.
    pub automatic: Option<bool>,
    /// What it cost the shop, in the shop's currency.
    pub cost: Option<f64>,
    /// The reason as first stated.
    pub first_reason: String,
    /// The reason as it stood at the end; empty if it never changed.
    pub last_reason: String,
}

const STEPS: [&str; 4] = ["opened", "reviewed", "inspected", "closed"];

impl Case {
    /// The case as turns of a record.
    pub fn turns(&self) -> Vec<Turn> {
        let turn = |speaker, kind, time, text: &str| Turn { speaker, kind, time, agent: None, text: text.to_string() };
        let step = |time: Option<Moment>, text: &str| turn(Speaker::System, TurnKind::Automatic, time, text);
        let mut turns = Vec::new();
        if !self.first_reason.is_empty() {
            turns.push(turn(Speaker::Buyer, TurnKind::Said, self.opened, &self.first_reason));
        }
        if !self.last_reason.is_empty() && self.last_reason != self.first_reason {
            turns.push(turn(Speaker::Buyer, TurnKind::FollowUp, None, &self.last_reason));
        }
        for (name, time) in STEPS.into_iter().zip([self.opened, self.reviewed, self.inspected, self.closed]) {
            if time.is_some() {
                turns.push(step(time, name));
            }
        }
        if let Some(automatic) = self.automatic {
            turns.push(step(None, if automatic { "automatic" } else { "by hand" }));
        }
        if let Some(cost) = self.cost {
            turns.push(step(None, &format!("cost {cost}")));
        }
        turns
    }

    /// The case that these turns tell of.
    pub fn of(turns: &[Turn]) -> Case {
        let mut case = Case::default();
        for turn in turns {
            match (turn.speaker, turn.kind, turn.text.as_str()) {
                (Speaker::Buyer, TurnKind::Said, text) => case.first_reason = text.to_string(),
                (Speaker::Buyer, TurnKind::FollowUp, text) => case.last_reason = text.to_string(),
                (Speaker::System, _, "opened") => case.opened = turn.time,
                (Speaker::System, _, "reviewed") => case.reviewed = turn.time,
                (Speaker::System, _, "inspected") => case.inspected = turn.time,
                (Speaker::System, _, "closed") => case.closed = turn.time,
                (Speaker::System, _, "automatic") => case.automatic = Some(true),
                (Speaker::System, _, "by hand") => case.automatic = Some(false),
                (Speaker::System, _, text) => {
                    case.cost = text.strip_prefix("cost ").and_then(|n| n.parse().ok()).or(case.cost);
                }
                _ => {}
            }
        }
        case
    }

    /// Seconds from opening to the end of the shop's work: the request's review and the inspection, as the
    /// platforms count it, else from opening to closing. `None` if it is not over, or ran backwards.
    pub fn handling(&self) -> Option<i64> {
        let opened = self.opened?.0;
        let end = self.closed.or(self.inspected).or(self.reviewed)?.0;
        (end >= opened).then_some(end - opened)
    }

    /// True if it is not closed.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_goes_into_turns_and_back() {
        let case = Case {
            opened: Some(Moment(100)),
            reviewed: Some(Moment(200)),
            inspected: None,
            closed: Some(Moment(5_000)),
            automatic: Some(false),
            cost: Some(12.5),
            first_reason: "质量问题".into(),
            last_reason: "不想要了".into(),
        };
        assert_eq!(Case::of(&case.turns()), case);
        assert_eq!(case.handling(), Some(4_900));
        assert_eq!(Case { closed: Some(Moment(1)), ..case }.handling(), None);
        assert_eq!(Case::of(&Case::default().turns()), Case::default());
    }
}

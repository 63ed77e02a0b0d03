//! Deals out after-sale cases: what was asked for, how long each step took, what it cost, and why.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::dice::{Dice, Quota, Rota};
use crate::people::nickname;
use crate::plan::{CaseKind, CaseReason, Plan, Sku};
use crate::reviews::{end_of_data, moment};
use crate::sentences::{Frame, fits};

/// One case.
pub struct Case<'a> {
    /// The buyer's nickname, another in every case.
    pub buyer: String,
    /// What it is about.
    pub sku: &'a Sku,
    /// What was asked for.
    pub kind: &'a str,
    /// No person decided it.
    pub automatic: bool,
    /// Opened, reviewed, inspected, closed; those after the end of the data have not happened.
    pub steps: [Option<DateTime>; 4],
    /// What it cost, in yuan.
    pub cost: f64,
    /// The reason as first stated, and what became of it if it changed.
    pub reason: (&'a str, &'a str),
}

/// All cases in order of time.
pub fn write_all<'a>(plan: &'a Plan, frame: &Frame) -> Vec<Case<'a>> {
    let mut dice = Dice::new(plan.seed, "cases");
    let goods: Vec<&Sku> = plan.sku.iter().filter(|s| s.export == "tmall").collect();
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    for kind in &plan.cases.kind {
        let reasons: Vec<&CaseReason> = plan.cases.reason.iter().filter(|r| r.kinds.contains(&kind.name)).collect();
        let mut reasons = Rota::new(reasons, &mut dice);
        let mut skus: BTreeMap<&str, Rota<&Sku>> = BTreeMap::new();
        let mut automatic = Quota::new(&mut dice);
        for month in 0..plan.months.len() {
            let (first, days) = plan.month(month);
            for _ in 0..kind.per_month {
                let reason = reasons.take();
                let fitting = || goods.iter().copied().filter(|s| fits(&reason.goods, s)).collect();
                let sku = skus.entry(&reason.first).or_insert_with(|| Rota::new(fitting(), &mut dice)).take();
                let mut buyer = nickname(frame, &mut dice);
                while !names.insert(buyer.clone()) {
                    buyer = nickname(frame, &mut dice);
                }
                let automatic = automatic.deal(1, kind.automatic) == 1;
                let day = dice.below(days as usize) as i64;
                let opened = moment(first, day, &mut dice);
                cases.push(Case {
                    buyer,
                    sku,
                    kind: &kind.name,
                    automatic,
                    steps: steps(kind, automatic, opened, end_of_data(plan), &mut dice),
                    cost: dice.between(kind.cost[0] * 100, kind.cost[1] * 100) as f64 / 100.0,
                    reason: (&reason.first, &reason.last),
                });
            }
        }
    }
    cases.sort_by(|a, b| (a.steps[0], &a.buyer).cmp(&(b.steps[0], &b.buyer)));
    cases
}

/// When each step was taken, if before the end.
fn steps(kind: &CaseKind, automatic: bool, opened: DateTime, end: DateTime, dice: &mut Dice) -> [Option<DateTime>; 4] {
    let reviewed = match automatic {
        true => opened + dice.between(1, 9).seconds(),
        false => opened + dice.between(kind.review[0] * 60, kind.review[1] * 60).minutes(),
    };
    let slower = kind.slower.as_ref().filter(|s| opened.date() >= s.since.parse::<Date>().expect("a date"));
    let minutes = dice.between(kind.finish[0] * 60, kind.finish[1] * 60);
    let closed = reviewed + (minutes as f64 * slower.map_or(1.0, |s| s.times)).round() as i64 * 1.minute();
    let inspected = kind.inspected.then(|| closed - dice.between(20, 90).minutes());
    [Some(opened), Some(reviewed), inspected, Some(closed)].map(|step| step.filter(|at| *at <= end))
}

//! What a periodic report tells of chats, lost sales and after-sale cases: the few tables that are read every time.

use super::asked::Asked;
use super::hall::Hall;
use super::{Ask, Desk, agents, cases, clocks, gaps, later, lost, overview, pack};
use crate::error::Result;
use crate::report::chats::{Table, Tables};
use crate::run::ground::Ground;
use crate::run::report;
use crate::run::report::plan::Plan;
use crate::words::{Kind, Period, Said};
use crate::workspace::Workspace;

/// Days before the periods that some clocks look back.
const LOOK_BACK: i32 = 60;
/// Rows of a table in a periodic report.
const ROWS: usize = 10;

/// The tables of a period; `None` where the workspace has no chats and no cases in it.
pub fn of(workspace: &Workspace, ground: &Ground, ask: &report::Ask, plan: &Plan) -> Result<Option<Tables>> {
    let ask = Ask { report: ask.clone(), ..Ask::default() };
    let (mut verdict, mut tables) = (Vec::new(), Vec::new());
    if ground.facts.has(Kind::Chat) {
        let first = plan.against.first().min(plan.period.first());
        let days = Period::new(first.plus(-LOOK_BACK), plan.period.last().max(plan.against.last()));
        let hall = Hall::read(workspace, ground, &ask, &pack("")?, Some(days))?;
        let desk = Desk::planned(&hall, &ask, Some(plan.clone()), workspace)?;
        if desk.now().next().is_some() {
            (verdict, tables) = chats(&desk)?;
        }
    }
    if ground.facts.has(Kind::Case) {
        let (said, of_cases) = cases::monthly(workspace, &ask, plan)?;
        verdict.extend(said);
        tables.extend(of_cases);
    }
    tables.retain(|table| !table.rows.is_empty());
    for table in &mut tables {
        table.shown = table.shown.min(ROWS);
    }
    let (period, against) = (plan.period, plan.against);
    let title = crate::said!("客服 · {period}，对比 {against}", "Service · {period} against {against}");
    Ok((!tables.is_empty()).then_some(Tables { title, verdict, tables }))
}

fn chats(desk: &Desk<'_>) -> Result<(Vec<Said>, Vec<Table>)> {
    let asked = Asked::count(desk);
    let mut verdict = overview::verdict(desk, &asked);
    let mut tables = vec![asked.most(desk)?, asked.moved(desk), gaps::unanswered(desk)];
    tables.extend(later::tables(desk)?);
    tables.push(gaps::after_events(desk)?);
    let (said, of_lost) = lost::monthly(desk)?;
    verdict.extend(said);
    tables.extend(of_lost);
    let metrics = clocks::metrics(desk, &pack("")?)?.without(&["ours", "differs", "source"]);
    tables.extend([metrics, clocks::by_agent(desk), clocks::worst_hours(desk)]);
    tables.push(agents::checks(desk)?.0);
    Ok((verdict, tables))
}

//! How after-sale cases were handled: time and cost by kind, what is open too long, which kinds are slow or lose money.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ask, Plan};
use crate::error::{Error, Result};
use crate::reading::case::Case;
use crate::reading::chat::clock::percentile;
use crate::records::{Batch, Fields, Snapshot, Store};
use crate::report::chats::{Table, Tables, Value};
use crate::said;
use crate::words::{Kind, Moment, Period, Said};
use crate::workspace::Workspace;

/// The target, and the most, in seconds.
const TARGET: i64 = 24 * 3600;
const MOST: i64 = 48 * 3600;

struct Held {
    case: Case,
    kind: String,
    sku: String,
    uid: String,
}

/// The report on after-sale cases.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Tables> {
    let period = ask.report.period;
    let all = held(workspace, ask)?;
    let now = opened_in(&all, period);
    if now.is_empty() {
        return Err(Error::new("no_cases", said!("没有售后单", "there are no after-sale cases"))
            .help(said!("先导入：earful add --cases 售后单导出文件", "import them first: earful add --cases CASES")));
    }
    let against = period.map(|period| ask.report.against.unwrap_or_else(|| period.previous()));
    let before = against.map_or(Vec::new(), |against| opened_in(&all, Some(against)));
    let mut title = Said::new("售后处理", "After-sale cases");
    let opened = || now.iter().filter_map(|held| held.case.opened.map(Moment::day));
    if let Some((first, last)) = opened().min().zip(opened().max()) {
        title = said!("售后处理 · 全部，{first} 到 {last}", "After-sale cases · all, {first} to {last}");
    }
    if let (Some(period), Some(against)) = (period, against) {
        title = said!("售后处理 · {period}，对比 {against}", "After-sale cases · {period} against {against}");
    }
    let (tables, verdict) = tables(&all, &now, &before, period);
    Ok(Tables { title, verdict, tables })
}

/// What a periodic report tells of cases: nothing where there are none in the period.
pub fn monthly(workspace: &Workspace, ask: &Ask, plan: &Plan) -> Result<(Vec<Said>, Vec<Table>)> {
    let all = held(workspace, ask)?;
    let [now, before] = [plan.period, plan.against].map(|period| opened_in(&all, Some(plan.counted(period))));
    if now.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (tables, verdict) = tables(&all, &now, &before, Some(plan.period));
    Ok((verdict, tables))
}

fn tables(all: &[Held], now: &[&Held], before: &[&Held], period: Option<Period>) -> (Vec<Table>, Vec<Said>) {
    let (open, mut verdict) = open(all, now, period);
    let (quadrant, worst) = quadrant(now);
    verdict.extend(worst);
    (vec![by_kind(now, before), quadrant, open, reasons(now)], verdict)
}

/// All cases of the shops and SKUs asked for.
fn held(workspace: &Workspace, ask: &Ask) -> Result<Vec<Held>> {
    let store = Store::open(&workspace.records())?;
    let snapshot = Snapshot::take(&store)?;
    let read = |batch: &Batch| -> Vec<Held> {
        (0..batch.len())
            .filter(|at| batch.kind(*at) == Kind::Case)
            .filter(|at| snapshot.current[batch.file()].contains(batch.start() + *at as u32))
            .map(|at| batch.record(at))
            .filter(|record| ask.report.wants_place(&record.shop, &record.sku))
            .map(|record| Held {
                case: Case::of(&record.turns),
                kind: record.given.unwrap_or_default(),
                sku: record.sku,
                uid: record.uid.to_string(),
            })
            .collect()
    };
    Ok(store.scan(Fields::ALL, read)?.into_iter().flatten().collect())
}

/// Those that were opened in a period, or all.
fn opened_in(all: &[Held], period: Option<Period>) -> Vec<&Held> {
    let day = |held: &Held| held.case.opened.map(Moment::day);
    all.iter().filter(|h| period.is_none_or(|p| day(h).is_some_and(|day| p.contains(day)))).collect()
}

/// What a kind of case takes and costs.
#[derive(Default)]
struct Sum {
    cases: u64,
    automatic: u64,
    /// Seconds of those that a person handled.
    times: Vec<i64>,
    reviews: Vec<i64>,
    costs: Vec<f64>,
}

fn sums<'c>(cases: &[&'c Held]) -> BTreeMap<&'c str, Sum> {
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for Held { case, kind, .. } in cases {
        let sum = sums.entry(kind).or_default();
        sum.cases += 1;
        sum.automatic += u64::from(case.automatic == Some(true));
        if case.automatic != Some(true) {
            sum.times.extend(case.handling().filter(|_| !case.is_open()));
            sum.reviews.extend(case.opened.zip(case.reviewed).map(|(a, b)| b.0 - a.0).filter(|s| *s >= 0));
        }
        sum.costs.extend(case.cost);
    }
    for sum in sums.values_mut() {
        sum.times.sort_unstable();
        sum.reviews.sort_unstable();
    }
    sums
}

impl Sum {
    /// What to look at first, by the place of the quadrant: [both, loss-making, slow, neither].
    fn next(&self, quadrant: u8) -> Option<Said> {
        let whole = percentile(&self.times, 0.5).unwrap_or(0.0);
        let is_review = percentile(&self.reviews, 0.5).is_some_and(|review| review > whole / 2.0);
        let slow = match is_review {
            true => Said::new("时间花在审核：当天审完", "the time goes into the review: answer the same day"),
            false => Said::new(
                "时间花在审核之后：催寄回，收到当天验货",
                "the time goes after the review: chase the return, inspect it the day it comes",
            ),
        };
        let loses = Said::new("先看下面它最多的原因", "look at its commonest reasons first");
        match quadrant {
            0 => Some(Said::new(format!("{}；{}", slow.zh, loses.zh), format!("{}; {}", slow.en, loses.en))),
            1 => Some(loses),
            2 => Some(slow),
            _ => None,
        }
    }

    fn cost(&self) -> Option<f64> {
        (!self.costs.is_empty()).then(|| self.costs.iter().sum::<f64>() / self.costs.len() as f64)
    }
}

fn kind_name(kind: &str) -> Value {
    if kind.is_empty() { Value::Said(Said::new("（未写）", "(not told)")) } else { Value::text(kind) }
}

fn by_kind(cases: &[&Held], before: &[&Held]) -> Table {
    let mut table = Table::new(
        "by_kind",
        Said::new("各类售后用了多久", "Time by kind"),
        &[
            ("kind", "类型", "kind"),
            ("cases", "单数", "cases"),
            ("automatic", "自动处理", "auto"),
            ("review", "审核（中位）", "review (median)"),
            ("median", "完结（中位）", "closed (median)"),
            ("median_before", "上期", "before"),
            ("p90", "P90", "p90"),
            ("p95", "P95", "p95"),
            ("over_24h", "超 24 小时", "over 24 h"),
            ("over_48h", "超 48 小时", "over 48 h"),
            ("cost", "平均成本", "mean cost"),
        ],
    )
    .note(Said::new(
        "时长只算人工处理且已完结的单；目标 24 小时，最多 48 小时",
        "times of cases that a person handled and that are closed; target 24 h, 48 h at most",
    ));
    let earlier = sums(before);
    let mut rows: Vec<_> = sums(cases).into_iter().collect();
    rows.sort_by(|a, b| b.1.cases.cmp(&a.1.cases).then(a.0.cmp(b.0)));
    for (kind, sum) in rows {
        let over = |limit: i64| sum.times.iter().filter(|t| **t > limit).count() as u64;
        let n = sum.times.len() as u64;
        table.push(vec![
            kind_name(kind),
            Value::Count(sum.cases),
            Value::share(sum.automatic, sum.cases),
            Value::seconds(percentile(&sum.reviews, 0.5)),
            Value::seconds(percentile(&sum.times, 0.5)),
            Value::seconds(earlier.get(kind).and_then(|sum| percentile(&sum.times, 0.5))),
            Value::seconds(percentile(&sum.times, 0.9)),
            Value::seconds(percentile(&sum.times, 0.95)),
            Value::share(over(TARGET), n),
            Value::share(over(MOST), n),
            sum.cost().map_or(Value::None, Value::Number),
        ]);
    }
    table
}

/// Slow: the median is over the target. Loss-making: a case costs more than the mean of all cases. Says which are both.
fn quadrant(cases: &[&Held]) -> (Table, Option<Said>) {
    let mut table = Table::new(
        "quadrant",
        Said::new("慢、亏、又慢又亏", "Slow, loss-making, both"),
        &[
            ("quadrant", "象限", "quadrant"),
            ("kind", "类型", "kind"),
            ("cases", "单数", "cases"),
            ("median", "完结（中位）", "closed (median)"),
            ("cost", "平均成本", "mean cost"),
            ("next", "先看什么", "look first at"),
        ],
    )
    .note(Said::new(
        "慢 = 中位时长超过 24 小时；亏 = 单均成本高于全部单的平均",
        "slow = median over 24 h; loss-making = mean cost of a case above that of all cases",
    ));
    let costs: Vec<f64> = cases.iter().filter_map(|h| h.case.cost).collect();
    let mean = costs.iter().sum::<f64>() / costs.len().max(1) as f64;
    let mut rows: Vec<_> = sums(cases)
        .into_iter()
        .map(|(kind, sum)| {
            let slow = percentile(&sum.times, 0.5).is_some_and(|t| t > TARGET as f64);
            let loses = sum.cost().is_some_and(|cost| cost > mean);
            let (rank, said) = match (slow, loses) {
                (true, true) => (0, Said::new("又慢又亏", "both")),
                (false, true) => (1, Said::new("亏", "loss-making")),
                (true, false) => (2, Said::new("慢", "slow")),
                (false, false) => (3, Said::new("正常", "neither")),
            };
            (rank, said, kind, sum)
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(b.3.cases.cmp(&a.3.cases)).then(a.2.cmp(b.2)));
    let both: Vec<&str> = rows.iter().filter(|row| row.0 == 0).map(|row| row.2).collect();
    let worst = (!both.is_empty()).then(|| {
        Said::new(
            format!("又慢又亏：{}。", both.join("、")),
            format!("Both slow and loss-making: {}.", both.join(", ")),
        )
    });
    for (rank, said, kind, sum) in rows {
        table.push(vec![
            Value::Said(said),
            kind_name(kind),
            Value::Count(sum.cases),
            Value::seconds(percentile(&sum.times, 0.5)),
            sum.cost().map_or(Value::None, Value::Number),
            sum.next(rank).map_or(Value::None, Value::Said),
        ]);
    }
    (table, worst)
}

/// Cases open for more than a day at the end of the period, whenever they were opened, the oldest first; and how
/// many in a sentence.
fn open(all: &[Held], now: &[&Held], period: Option<Period>) -> (Table, Vec<Said>) {
    // The last moment in the data stands for today: the same data give the same report.
    let times = all.iter().flat_map(|h| [h.case.opened, h.case.reviewed, h.case.inspected, h.case.closed]);
    let end = period.map(|period| period.last().plus(1).start());
    let until = times.flatten().filter(|at| end.is_none_or(|end| *at < end)).max();
    let mut table = Table::new(
        "open",
        Said::new("超过 24 小时没有完结的单", "Open for more than 24 hours"),
        &[
            ("opened", "申请时间", "opened"),
            ("open_for", "已经", "open for"),
            ("over_48h", "超 48 小时", "over 48 h"),
            ("kind", "类型", "kind"),
            ("sku", "SKU", "SKU"),
            ("reason", "原因", "reason"),
            ("uid", "记录", "record"),
        ],
    );
    let mut rows: Vec<(i64, &Held)> = all
        .iter()
        .filter(|h| h.case.closed.is_none_or(|closed| Some(closed) > until))
        .filter_map(|h| Some((until?.0 - h.case.opened?.0, h)))
        .filter(|(age, _)| *age > TARGET)
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.uid.cmp(&b.1.uid)));
    let most = rows.iter().filter(|(age, _)| *age > MOST).count();
    for (age, held) in rows {
        let over = if age > MOST { Said::new("是", "yes") } else { Said::new("否", "no") };
        table.push(vec![
            held.case.opened.map_or(Value::None, |at| Value::Text(at.to_string())),
            Value::Seconds(age as f64),
            Value::Said(over),
            kind_name(&held.kind),
            Value::text(held.sku.clone()),
            Value::text(held.case.first_reason.clone()),
            Value::Text(held.uid.clone()),
        ]);
    }
    let (n, late) = (now.len(), table.rows.len());
    let until = until.map_or("-".into(), |at| at.to_string());
    let verdict = match late {
        0 => said!(
            "{n} 张售后单；到 {until} 没有开了 24 小时以上还没完结的。",
            "{n} after-sale cases; at {until} none was open for more than 24 hours."
        ),
        _ => said!(
            "{n} 张售后单；到 {until} 还有 {late} 张开了 24 小时以上没有完结，其中 {most} 张超过 48 小时。",
            "{n} after-sale cases; {late} were open for more than 24 hours at {until}, {most} of them for more than 48."
        ),
    };
    (table, vec![verdict])
}

/// The reason as first stated against the last: the first stays on the record of quality returns.
fn reasons(cases: &[&Held]) -> Table {
    let mut table = Table::new(
        "reasons",
        Said::new("首次原因与最终原因", "First reason and last"),
        &[
            ("first", "首次原因", "first"),
            ("last", "最终原因", "last"),
            ("kinds", "类型", "kinds"),
            ("cases", "单数", "cases"),
            ("share", "占首次原因", "of the first"),
        ],
    )
    .note(Said::new("品质退货率按首次原因算", "the quality-return rate counts the first reason"));
    let mut counts: BTreeMap<(&str, &str), (u64, BTreeSet<&str>)> = BTreeMap::new();
    let mut firsts: BTreeMap<&str, u64> = BTreeMap::new();
    for Held { case, kind, .. } in cases.iter().filter(|h| !h.case.first_reason.is_empty()) {
        let (n, kinds) = counts.entry((&case.first_reason, &case.last_reason)).or_default();
        *n += 1;
        kinds.insert(kind);
        *firsts.entry(&case.first_reason).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(pair, (n, _))| (std::cmp::Reverse(*n), *pair));
    for ((first, last), (n, kinds)) in rows {
        let kinds: Vec<&str> = kinds.into_iter().filter(|kind| !kind.is_empty()).collect();
        let last = if last.is_empty() { Value::Said(Said::new("未改", "unchanged")) } else { Value::text(last) };
        table.push(vec![
            Value::text(first),
            last,
            Value::text(kinds.join(" ")),
            Value::Count(n),
            Value::share(n, firsts[first]),
        ]);
    }
    table
}

//! How fast service answered: the chosen pack's metrics beside ours, and the waits by agent, hour and SKU.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Chat, Desk};
use crate::error::Result;
use crate::reading::chat::clock::{self, Reading, Timed, is_late, percentile};
use crate::reading::chat::pack::{Definition, LeftOut, Measure, Pack, Unit, bundled};
use crate::reading::chat::{Round, Wait};
use crate::report::chats::{Table, Value};
use crate::said;
use crate::words::{Day, Period, Said};

/// A round answered later than this is late, in seconds.
pub const LATE: i64 = 180;

/// All tables of the clock.
pub fn tables(desk: &Desk<'_>, pack: &Pack) -> Result<Vec<Table>> {
    Ok(vec![metrics(desk, pack)?, by_agent(desk), by_hour(desk), worst_hours(desk), by_sku(desk)])
}

/// Waits by agent.
pub fn by_agent(desk: &Desk<'_>) -> Table {
    by_group(desk, "by_agent", ("各客服", "By agent"), |chat, round| {
        round.agent.map(|at| desk.agent(&chat.talk.agents[usize::from(at)]))
    })
}

/// Waits by SKU.
pub fn by_sku(desk: &Desk<'_>) -> Table {
    by_group(desk, "by_sku", ("各 SKU", "By SKU"), |chat, _| {
        let known = !chat.sku.is_empty() && chat.sku != "0";
        known.then(|| desk.product(&chat.sku).shown(crate::words::Lang::En))
    })
}

/// Days on which the shop was closed, by `events.csv`.
fn holidays(desk: &Desk<'_>) -> Result<BTreeSet<Day>> {
    let (events, _) = desk.workspace.events()?;
    let closed = |kind: &str| ["holiday", "closed", "休假", "放假", "假期", "打烊"].contains(&kind);
    Ok(events.into_iter().filter(|e| closed(&e.kind.to_lowercase())).map(|e| e.day).collect())
}

/// The days that a definition looks at, for the period and the one before.
fn windows(desk: &Desk<'_>, definition: &Definition) -> Option<[Period; 2]> {
    let plan = desk.plan.as_ref()?;
    Some([plan.period, plan.against].map(|period| match definition.days {
        None => plan.counted(period),
        Some(days) => {
            let last = plan.counted(period).last();
            Period::new(last.plus(1 - days as i32), last)
        }
    }))
}

fn read(desk: &Desk<'_>, definition: &Definition, window: Option<Period>, closed: &BTreeSet<Day>) -> Reading {
    let chats = desk.hall.chats.iter().filter(|chat| match window {
        None => true,
        Some(window) => chat.day().is_some_and(|day| window.contains(day)),
    });
    let timed = chats.map(|chat| Timed { talk: chat.talk(definition.answers), stars: chat.stars, buyer: chat.buyer });
    clock::read(definition, timed, |day| closed.contains(&day))
}

fn value(definition: &Definition, reading: &Reading) -> Value {
    match reading.ratio(definition.measure) {
        Some((_, 0)) => Value::None,
        Some((part, whole)) => Value::share(part, whole),
        None => Value::seconds(reading.value(definition.measure)),
    }
}

/// The pack's metrics, each beside ours with what makes the difference.
pub fn metrics(desk: &Desk<'_>, pack: &Pack) -> Result<Table> {
    let closed = &holidays(desk)?;
    let title = Said::new(format!("响应指标（{}）", pack.name.zh), format!("Clocks ({})", pack.name.en));
    let mut table = Table::new(
        "clocks",
        title,
        &[
            ("metric", "指标", "metric"),
            ("value", "本期", "now"),
            ("before", "上期", "before"),
            ("counted", "计入", "counted"),
            ("left_out", "不计", "left out"),
            ("ours", "我们的口径", "ours"),
            ("differs", "差在哪", "what differs"),
            ("meaning", "定义", "definition"),
            ("source", "出处（生效日）", "source (from)"),
        ],
    )
    .shown(20)
    .note(Said::new(
        "平台的算法会变，出处多为公开转述：以后台为准；换口径用 --pack",
        "platforms change how they count, and most sources are secondary: check your console; --pack chooses another",
    ));
    let day = desk.plan.as_ref().map_or(Day(i32::MAX), |plan| plan.period.last());
    let packs = bundled();
    let own = packs.first().map(|own| own.on(day)).unwrap_or_default();
    for definition in pack.on(day) {
        let windows = windows(desk, definition);
        let now = read(desk, definition, windows.map(|w| w[0]), closed);
        let before = windows.map(|w| read(desk, definition, Some(w[1]), closed));
        let ours = own.iter().find(|d| d.key == definition.key && pack.key != packs[0].key);
        let (ours_value, differs) = match ours {
            None => (Value::None, Said::default()),
            Some(ours) => {
                let windows = self::windows(desk, ours);
                (value(ours, &read(desk, ours, windows.map(|w| w[0]), closed)), difference(definition, ours))
            }
        };
        let out: u64 = now.left_out.values().sum::<u64>() + now.outside;
        let counted = if definition.measure == Measure::Dissatisfied { now.rated } else { now.base };
        table.push(vec![
            Value::Said(definition.name.clone()),
            value(definition, &now),
            before.map_or(Value::None, |before| value(definition, &before)),
            Value::Count(counted),
            Value::Count(out),
            ours_value,
            if differs == Said::default() { Value::None } else { Value::Said(differs) },
            Value::Said(definition.meaning.clone()),
            Value::Text(format!("{} ({})", definition.source, definition.from)),
        ]);
    }
    Ok(table)
}

/// Where two definitions of one metric part.
fn difference(theirs: &Definition, ours: &Definition) -> Said {
    let mut parts: Vec<Said> = Vec::new();
    if theirs.hours != ours.hours {
        let hours = theirs.hours.map_or((0, 24), |hours| hours);
        parts.push(said!("只算 {a}–{b} 点", "only {a}-{b} o'clock", a = hours.0, b = hours.1));
    }
    if theirs.unit != ours.unit {
        let (zh, en) = match theirs.unit {
            Unit::Round => ("按轮次", "by round"),
            Unit::Conversation => ("按会话", "by conversation"),
            Unit::Buyer => ("按人", "by buyer"),
        };
        parts.push(Said::new(zh, en));
    }
    if theirs.measure != ours.measure && theirs.measure == Measure::MeanOfMeans {
        parts.push(Said::new("先按会话平均", "averaged by conversation first"));
    }
    if theirs.cap != ours.cap {
        match theirs.cap {
            Some(cap) => parts.push(said!(
                "单轮最多 {cap} 秒，未回复按此计",
                "a wait counts at most {cap} s, no answer as that",
                cap = cap
            )),
            None => parts.push(Said::new("不封顶", "without a cap")),
        }
    }
    if theirs.within != ours.within {
        let within = theirs.within.unwrap_or(0);
        parts.push(said!("{within} 秒内", "within {within} s", within = within));
    }
    if theirs.answers.bot != ours.answers.bot {
        parts.push(Said::new("机器人也算回复", "a bot's reply counts"));
    }
    if theirs.days.is_some() && theirs.days != ours.days {
        let days = theirs.days.unwrap_or(0);
        parts.push(said!("最近 {days} 天", "the last {days} days", days = days));
    }
    let courtesy = |d: &Definition| d.leave_out.contains(&LeftOut::Courtesy);
    if courtesy(ours) && !courtesy(theirs) {
        parts.push(Said::new("道谢也算一轮", "thanks are rounds, too"));
    }
    if theirs.leave_out.contains(&LeftOut::BotAlone) {
        parts.push(Said::new("全自动会话不计", "bot-only conversations are out"));
    }
    let join = |of: fn(&Said) -> &str, by: &str| parts.iter().map(of).collect::<Vec<_>>().join(by);
    Said::new(join(|s| &s.zh, "；"), join(|s| &s.en, "; "))
}

/// Waits of one group.
#[derive(Default)]
struct Waits {
    rounds: u64,
    silent: u64,
    late: u64,
    untimed: u64,
    seconds: Vec<i64>,
}

impl Waits {
    fn add(&mut self, round: &Round) {
        self.rounds += 1;
        self.silent += u64::from(round.wait == Wait::Silence);
        self.late += u64::from(is_late(round, LATE));
        match round.wait {
            Wait::Seconds(seconds) => self.seconds.push(seconds),
            Wait::Untimed => self.untimed += 1,
            Wait::Silence => {}
        }
    }
}

/// Waits by agent, by SKU: whoever has most rounds first.
fn by_group(
    desk: &Desk<'_>,
    key: &'static str,
    title: (&'static str, &'static str),
    group: impl Fn(&Chat, &Round) -> Option<String>,
) -> Table {
    let mut table = Table::new(
        key,
        Said::new(title.0, title.1),
        &[
            ("group", title.0, title.1),
            ("rounds", "轮次", "rounds"),
            ("in_time", "三分钟内", "within 3 min"),
            ("unanswered", "无人回答", "unanswered"),
            ("median", "中位等待", "median wait"),
            ("mean", "平均等待", "mean wait"),
            ("p90", "P90", "p90"),
            ("p95", "P95", "p95"),
        ],
    );
    let mut groups: BTreeMap<String, Waits> = BTreeMap::new();
    for chat in desk.now() {
        for round in chat.talk.rounds.iter().filter(|r| !r.courtesy) {
            groups.entry(group(chat, round).unwrap_or_default()).or_default().add(round);
        }
    }
    let mut rows: Vec<_> = groups.into_iter().collect();
    rows.sort_by(|a, b| b.1.rounds.cmp(&a.1.rounds).then(a.0.cmp(&b.0)));
    for (name, mut waits) in rows {
        waits.seconds.sort_unstable();
        let n = waits.seconds.len();
        // A log without a clock tells nothing of being in time.
        let timed = if n == 0 && waits.untimed > 0 { 0 } else { waits.rounds - waits.untimed };
        let mean = (n > 0).then(|| waits.seconds.iter().sum::<i64>() as f64 / n as f64);
        table.push(vec![
            if name.is_empty() { Value::Said(Said::new("（未知）", "(not told)")) } else { Value::Text(name) },
            Value::Count(waits.rounds),
            if timed == 0 { Value::None } else { Value::share(waits.rounds - waits.late - waits.untimed, timed) },
            Value::share(waits.silent, waits.rounds),
            Value::seconds(percentile(&waits.seconds, 0.5)),
            Value::seconds(mean),
            Value::seconds(percentile(&waits.seconds, 0.9)),
            Value::seconds(percentile(&waits.seconds, 0.95)),
        ]);
    }
    table
}

/// Late or unanswered, and unanswered, of all rounds: by hour, and by day of the week behind the sum of all days.
type Week = [[[u64; 3]; 8]; 24];

fn week(desk: &Desk<'_>) -> Week {
    let mut week: Week = [[[0; 3]; 8]; 24];
    for chat in desk.now() {
        for round in chat.talk.rounds.iter().filter(|r| !r.courtesy && r.wait != Wait::Untimed) {
            let Some(at) = round.at else { continue };
            let Some(date) = at.day().civil() else { continue };
            let hour = (at.second_of_day() / 3600) as usize;
            let weekday = date.weekday().to_monday_zero_offset() as usize + 1;
            for column in [0, weekday] {
                let cell = &mut week[hour][column];
                cell[0] += u64::from(is_late(round, LATE));
                cell[1] += u64::from(round.wait == Wait::Silence);
                cell[2] += 1;
            }
        }
    }
    week
}

const WEEKDAYS: [(&str, &str, &str); 7] = [
    ("mon", "周一", "Mon"),
    ("tue", "周二", "Tue"),
    ("wed", "周三", "Wed"),
    ("thu", "周四", "Thu"),
    ("fri", "周五", "Fri"),
    ("sat", "周六", "Sat"),
    ("sun", "周日", "Sun"),
];

/// Where in the week rounds wait: late or unanswered of all, by hour and weekday.
fn by_hour(desk: &Desk<'_>) -> Table {
    let head = [("hour", "时段", "hour"), ("all", "全周", "all days")];
    let columns: Vec<_> = head.into_iter().chain(WEEKDAYS).collect();
    let mut table = Table::new(
        "by_hour",
        Said::new("一周各时段：迟到或无人回答", "Hours of the week: late or unanswered"),
        &columns,
    )
    .shown(24)
    .note(Said::new(
        "三分钟内没有人回答的轮次 / 该时段的轮次",
        "rounds not answered within 3 minutes / rounds of the hour",
    ));
    for (hour, cells) in week(desk).iter().enumerate().filter(|(_, cells)| cells[0][2] > 0) {
        let mut row = vec![Value::Text(format!("{hour:02}:00"))];
        row.extend(cells.iter().map(|[late, _, all]| if *all == 0 { Value::None } else { Value::share(*late, *all) }));
        table.push(row);
    }
    table
}

/// The hours of the week in which most rounds were not met.
pub fn worst_hours(desk: &Desk<'_>) -> Table {
    let mut table = Table::new(
        "worst_hours",
        Said::new("最常没人答的时段", "Hours in which nobody answers"),
        &[
            ("hour", "时段", "hour"),
            ("unanswered", "无人回答", "unanswered"),
            ("late", "迟到或无人回答", "late or unanswered"),
        ],
    )
    .shown(8)
    .note(Said::new("按无人回答的轮次多少排", "by the number of rounds without an answer"));
    let week = week(desk);
    let cells = (0..24).flat_map(|hour| (1..8).map(move |day| (hour, day)));
    let mut worst: Vec<(usize, usize, [u64; 3])> =
        cells.map(|(hour, day)| (hour, day, week[hour][day])).filter(|(_, _, [late, ..])| *late > 0).collect();
    worst.sort_by_key(|(hour, day, [late, silent, all])| (Reverse((*silent, *late)), *all, *day, *hour));
    for (hour, day, [late, silent, all]) in worst {
        let (_, zh, en) = WEEKDAYS[day - 1];
        let end = hour + 1;
        table.push(vec![
            Value::Said(said!("{zh} {hour}–{end} 点", "{en} {hour}:00-{end}:00")),
            Value::share(silent, all),
            Value::share(late, all),
        ]);
    }
    table
}

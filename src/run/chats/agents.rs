//! How service answered: what agents should not say, why conversations were rated low, whom customers praise by
//! name, and what a new reply phrase did.

use std::collections::{BTreeMap, BTreeSet};

use super::clocks::LATE;
use super::hall::Hall;
use super::{Ask, Chat, Desk, day, pack};
use crate::error::Result;
use crate::reading::chat::clock::is_late;
use crate::report::chats::{Table, Tables, Value};
use crate::run::labels;
use crate::said;
use crate::stats::change::newcombe;
use crate::stats::{CONFIDENCE, Count, Pair};
use crate::words::{Day, Kind, LabelId, Record, Said, Speaker, Stance};
use crate::workspace::{Labels, Workspace};

/// What agents should not say, by category, and what is called for.
const MANNERS: [&str; 3] = ["meta/asked_for_rating", "meta/forbidden_promise", "meta/flat_refusal"];
/// Stars up to which a conversation is rated low.
const LOW: f32 = 3.0;
/// Days on either side of a new reply phrase.
const AROUND: i32 = 28;
/// Praise that a reply phrase may bring.
const PRAISE: [&str; 3] = ["service/named_agent", "service/attitude", "service/response"];
/// An agent who did not know.
const UNSURE: &[&str] =
    &["不清楚", "不知道", "不太了解", "不了解", "不太确定", "不确定", "没有资料", "not sure", "don't know", "no idea"];

/// The report on how service answered.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Tables> {
    let hall = Hall::read(workspace, ask, &pack("")?)?;
    let desk = Desk::new(&hall, ask, workspace)?;
    let labels = labels::all(workspace, &hall.store, &hall.taxonomy)?;
    let (checks, evidence, found) = checks(&desk)?;
    let verdict = vec![said!(
        "{found} 个会话里有客服不该说的话。",
        "{found} conversations hold something an agent should not say.",
        found = found
    )];
    let tables = vec![checks, evidence, low(&desk)?, named(&desk, &labels)?, phrases(&desk, &labels)?];
    Ok(Tables { title: desk.title("客服表现", "How service answered"), verdict, tables })
}

/// Agents' turns against the categories that listen to them: by agent, and the words themselves.
fn checks(desk: &Desk<'_>) -> Result<(Table, Table, u64)> {
    let taxonomy = &desk.hall.taxonomy;
    let wanted: Vec<usize> = MANNERS.iter().filter_map(|id| taxonomy.find(id)).collect();
    let mut said: Vec<(&Chat, usize, usize)> = Vec::new();
    for chat in desk.now() {
        for (label, turns) in &chat.labels {
            if let Some(at) = wanted.iter().position(|c| *c == label.category()) {
                said.extend(turns.iter().map(|turn| (chat, *turn, at)));
            }
        }
    }
    said.sort_by_key(|(chat, turn, at)| (std::cmp::Reverse(chat.began), chat.place, *turn, *at));
    said.dedup_by_key(|(chat, turn, at)| (chat.place, *turn, *at));
    let records = fetch(desk, said.iter().map(|(chat, ..)| *chat))?;
    let mut evidence = Table::new(
        "said",
        Said::new("客服不该说的话", "What agents should not have said"),
        &[
            ("time", "时间", "time"),
            ("agent", "客服", "agent"),
            ("what", "问题", "what"),
            ("words", "客服原话", "the agent's words"),
            ("uid", "记录", "record"),
        ],
    );
    let mut by: BTreeMap<String, [BTreeSet<(usize, u32)>; 3]> = BTreeMap::new();
    for (chat, turn, at) in &said {
        let Some(turn) = records[&chat.place].turns.get(*turn).filter(|t| t.speaker != Speaker::Buyer) else {
            continue;
        };
        let agent = turn.agent.as_deref().map_or(String::new(), |name| desk.agent(name));
        evidence.push(vec![
            day(chat),
            Value::text(agent.clone()),
            desk.category(LabelId::new(wanted[*at], Stance::Mention)),
            Value::text(turn.text.clone()),
            Value::Text(chat.uid.to_string()),
        ]);
        by.entry(agent).or_default()[*at].insert(chat.place);
    }
    let mut talks: BTreeMap<String, u64> = BTreeMap::new();
    for chat in desk.now() {
        for name in &chat.talk.agents {
            *talks.entry(desk.agent(name)).or_default() += 1;
        }
    }
    let mut table = Table::new(
        "checks",
        Said::new("各客服的话", "What agents say"),
        &[
            ("agent", "客服", "agent"),
            ("conversations", "会话", "conversations"),
            ("asked_for_rating", "求好评", "asked for a rating"),
            ("forbidden_promise", "违规承诺", "forbidden promise"),
            ("flat_refusal", "生硬拒绝", "flat refusal"),
        ],
    );
    let found: BTreeSet<(usize, u32)> = by.values().flatten().flatten().copied().collect();
    let mut rows: Vec<(String, u64)> = talks.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for (agent, n) in rows {
        let mut row = vec![Value::text(agent.clone()), Value::Count(n)];
        row.extend((0..3).map(|at| Value::share(by.get(&agent).map_or(0, |sets| sets[at].len() as u64), n)));
        table.push(row);
    }
    Ok((table, evidence, found.len() as u64))
}

fn fetch<'c>(desk: &Desk<'_>, chats: impl Iterator<Item = &'c Chat>) -> Result<BTreeMap<(usize, u32), Record>> {
    let places: BTreeSet<(usize, u32)> = chats.map(|c| c.place).collect();
    let places: Vec<(usize, u32)> = places.into_iter().collect();
    Ok(places.iter().copied().zip(desk.hall.store.fetch(&places)?).collect())
}

/// Conversations rated low, each with the likeliest cause and what shows it.
fn low(desk: &Desk<'_>) -> Result<Table> {
    let mut table = Table::new(
        "low_rated",
        Said::new("低分会话可能为什么", "Why conversations may have been rated low"),
        &[
            ("cause", "可能的原因", "likely cause"),
            ("time", "时间", "time"),
            ("stars", "星", "stars"),
            ("agent", "客服", "agent"),
            ("evidence", "依据", "evidence"),
            ("uid", "记录", "record"),
        ],
    )
    .note(Said::new("先看等了多久，再看语气，再看答没答上", "waiting first, then tone, then whether the agent knew"));
    let rated: Vec<&Chat> = desk.now().filter(|chat| chat.stars.is_some_and(|stars| stars <= LOW)).collect();
    let records = fetch(desk, rated.iter().copied())?;
    let mut rows = Vec::new();
    for chat in rated {
        let record = &records[&chat.place];
        let has = |ids: &[&str], stance: Option<Stance>| {
            let is = |l: LabelId| ids.contains(&desk.category_id(l)) && stance.is_none_or(|s| s == l.stance());
            chat.labels.iter().find(|(l, _)| is(*l)).and_then(|(_, turns)| record.turns.get(*turns.first()?))
        };
        let late = chat.talk.rounds.iter().find(|r| !r.courtesy && is_late(r, LATE));
        let unsure = record
            .turns
            .iter()
            .find(|t| t.speaker == Speaker::Agent && UNSURE.iter().any(|w| t.text.to_lowercase().contains(w)));
        let (rank, cause, evidence) = if let Some(round) = late {
            (0, Said::new("等太久", "waited"), record.turns.get(round.first).map_or("", |t| &t.text))
        } else if let Some(turn) =
            has(&["meta/flat_refusal"], None).or_else(|| has(&["service/attitude"], Some(Stance::Complaint)))
        {
            (1, Said::new("语气", "tone"), turn.text.as_str())
        } else if let Some(turn) = unsure {
            (2, Said::new("没答上", "did not know"), turn.text.as_str())
        } else {
            (3, Said::new("看不出", "not told"), "")
        };
        let agent = chat.talk.agents.first().map_or(String::new(), |name| desk.agent(name));
        rows.push((
            (rank, std::cmp::Reverse(chat.began), chat.place),
            vec![
                Value::Said(cause),
                day(chat),
                chat.stars.map_or(Value::None, |s| Value::Number(f64::from(s))),
                Value::text(agent),
                Value::text(evidence),
                Value::Text(chat.uid.to_string()),
            ],
        ));
    }
    rows.sort_by_key(|(key, _)| *key);
    rows.into_iter().for_each(|(_, row)| table.push(row));
    Ok(table)
}

/// Names by which customers may know the agents: `agents.csv` (account, name), else the accounts themselves.
fn roster(desk: &Desk<'_>) -> Result<BTreeMap<String, String>> {
    let mut roster = BTreeMap::new();
    for name in desk.hall.chats.iter().flat_map(|chat| &chat.talk.agents) {
        let short = name.rsplit([':', '：']).next().unwrap_or(name).trim();
        if short.chars().count() >= 2 {
            roster.insert(short.to_string(), name.clone());
        }
    }
    for (name, account) in desk.workspace.roster()? {
        roster.insert(name, account);
    }
    Ok(roster)
}

/// Praise of agents by name in reviews, linked to the roster.
fn named(desk: &Desk<'_>, labels: &[Labels]) -> Result<Table> {
    let mut table = Table::new(
        "named",
        Said::new("评价里点名夸的客服", "Agents praised by name in reviews"),
        &[("agent", "客服", "agent"), ("now", "本期", "now"), ("before", "上期", "before")],
    )
    .note(Said::new(
        "名册取自 agents.csv（客服账号,评价里的称呼）；没有时取聊天里的账号名",
        "the roster is agents.csv (account,name in reviews); without it, the accounts seen in chats",
    ));
    let roster = roster(desk)?;
    let Some(category) = desk.hall.taxonomy.find("service/named_agent") else { return Ok(table) };
    let label = LabelId::new(category, Stance::Praise);
    let mut places: Vec<((usize, u32), usize)> = Vec::new();
    let mut bases = [0u64; 2];
    for (at, (file, labels)) in desk.hall.facts.files.iter().zip(labels).enumerate() {
        let side = |row: u32| own_side(desk, at, row);
        for row in (&file.current - &file.silent).iter() {
            if let Some(side) = side(row) {
                bases[side] += 1;
            }
        }
        let said = labels.iter().find(|(l, _)| *l == label).map(|(_, rows)| rows & &file.current);
        places.extend(said.iter().flatten().filter_map(|row| Some(((at, row), side(row)?))));
    }
    let records = desk.hall.store.fetch(&places.iter().map(|(place, _)| *place).collect::<Vec<_>>())?;
    let mut counts: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for (record, (_, side)) in records.iter().zip(&places) {
        let text: String =
            record.turns.iter().filter(|t| t.speaker == Speaker::Buyer).map(|t| t.text.as_str()).collect();
        let mut agents: BTreeSet<&str> = roster
            .iter()
            .filter(|(name, _)| text.contains(name.as_str()))
            .map(|(_, account)| account.as_str())
            .collect();
        if agents.is_empty() {
            agents.insert("");
        }
        for agent in agents {
            let name = if agent.is_empty() { String::new() } else { desk.agent(agent) };
            counts.entry(name).or_default()[*side] += 1;
        }
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|a, b| b.1[0].cmp(&a.1[0]).then(a.0.cmp(&b.0)));
    for (name, [now, before]) in rows {
        let name = if name.is_empty() {
            Value::Said(Said::new("（不在名册）", "(not on the roster)"))
        } else {
            Value::Text(name)
        };
        table.push(vec![name, Value::share(now, bases[0]), Value::share(before, bases[1])]);
    }
    Ok(table)
}

/// 0 for a review of an own shop in the period, 1 for one of the period before.
fn own_side(desk: &Desk<'_>, file: usize, row: u32) -> Option<usize> {
    let facts = &desk.hall.facts.files[file];
    let plan = desk.plan.as_ref()?;
    let shop = &desk.hall.facts.shops[facts.shop[row as usize] as usize];
    let own = desk.workspace.settings().shop(shop).is_none_or(|s| !s.competitor);
    if !own || facts.kind(row as usize) != Kind::Review {
        return None;
    }
    match plan.of(facts.day(row as usize)?)? {
        period if period == plan.period => Some(0),
        period if period == plan.against => Some(1),
        _ => None,
    }
}

/// The empty table of [`phrases`].
fn phrases_table() -> Table {
    Table::new(
        "phrases",
        Said::new("换了话术前后", "Before and after a new reply phrase"),
        &[
            ("event", "事件", "event"),
            ("what", "看什么", "what"),
            ("after", "之后四周", "four weeks after"),
            ("before", "之前四周", "four weeks before"),
            ("points", "百分点", "points"),
            ("low", "区间下限", "interval from"),
            ("high", "区间上限", "interval to"),
        ],
    )
    .note(Said::new(
        "事件取自 events.csv，类型 reply；前后之差不等于因果，区间是 95%",
        "events of kind reply in events.csv; a difference is no proof of a cause; intervals are 95%",
    ))
}

/// Praise of service, and purchases, four weeks before and after a reply phrase was taken up.
fn phrases(desk: &Desk<'_>, labels: &[Labels]) -> Result<Table> {
    let mut table = phrases_table();
    let (events, _) = desk.workspace.events()?;
    for event in events.iter().filter(|e| ["reply", "话术", "回复"].contains(&e.kind.to_lowercase().as_str())) {
        let side = |day: Day| match day.0 - event.day.0 {
            d if (-AROUND..0).contains(&d) => Some(0),
            d if (0..AROUND).contains(&d) => Some(1),
            _ => None,
        };
        let mut counts = [[0u64; 2]; PRAISE.len()];
        let mut bases = [0u64; 2];
        for (file, labels) in desk.hall.facts.files.iter().zip(labels) {
            let here = |row: u32| -> Option<usize> {
                let row = row as usize;
                let shop = &desk.hall.facts.shops[file.shop[row] as usize];
                let asked = event.shop.is_empty() || event.shop == *shop;
                side(file.day(row)?).filter(|_| asked && file.kind(row) == Kind::Review)
            };
            let rows = &file.current - &file.silent;
            rows.iter().filter_map(here).for_each(|side| bases[side] += 1);
            for (at, id) in PRAISE.iter().enumerate() {
                let Some(label) = desk.hall.taxonomy.find(id).map(|c| LabelId::new(c, Stance::Praise)) else {
                    continue;
                };
                let said = labels.iter().find(|(l, _)| *l == label).map(|(_, said)| said & &rows);
                said.iter().flatten().filter_map(here).for_each(|side| counts[at][side] += 1);
            }
        }
        let mut cells: Vec<(Said, [u64; 2], [u64; 2])> = PRAISE
            .iter()
            .zip(counts)
            .filter_map(|(id, n)| {
                let name = &desk.hall.taxonomy.categories()[desk.hall.taxonomy.find(id)?].name;
                Some((Said::new(format!("{}·好评", name.zh), format!("{}, praise", name.en)), n, bases))
            })
            .collect();
        let mut bought = [[0u64; 2]; 2];
        for chat in desk.hall.chats.iter().filter(|c| event.shop.is_empty() || event.shop == c.shop) {
            let Some(side) = chat.day().and_then(side) else { continue };
            bought[1][side] += 1;
            let began = chat.began.map_or(0, |m| m.0);
            bought[0][side] += u64::from(chat.orders.iter().any(|at| at.0 >= began && at.0 - began <= 3 * 86_400));
        }
        if desk.hall.orders.known > 0 {
            cells.push((
                Said::new("三天内下单的会话", "conversations with a purchase within 3 days"),
                bought[0],
                bought[1],
            ));
        }
        for (what, n, base) in cells.into_iter().filter(|(_, _, base)| base[0] + base[1] > 0) {
            let pair = Pair::new(Count::new(n[0], base[0]), Count::new(n[1], base[1]));
            let interval = newcombe(pair, CONFIDENCE);
            table.push(vec![
                Value::text(format!("{} {} {}", event.day, event.shop, event.text)),
                Value::Said(what),
                Value::share(n[1], base[1]),
                Value::share(n[0], base[0]),
                pair.change().map_or(Value::None, Value::Points),
                Value::Points(interval.low),
                Value::Points(interval.high),
            ]);
        }
    }
    Ok(table)
}

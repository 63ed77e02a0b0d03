//! How service answered: what agents should not say, why conversations were rated low, and whom customers praise
//! by name; scripts and what a new phrase did stand beside.

use std::collections::{BTreeMap, BTreeSet};

use super::clocks::LATE;
use super::hall::Hall;
use super::{Ask, Chat, Desk, day, pack, phrases, scripts};
use crate::error::Result;
use crate::reading::chat::clock::is_late;
use crate::report::chats::{Table, Tables, Value};
use crate::run::ground::Ground;
use crate::run::labels;
use crate::said;
use crate::words::{Kind, LabelId, Record, Said, Speaker, Stance};
use crate::workspace::{Labels, Workspace};

/// Stars up to which a conversation is rated low.
const LOW: f32 = 3.0;
/// An agent who did not know.
const UNSURE: &[&str] =
    &["不清楚", "不知道", "不太了解", "不了解", "不太确定", "不确定", "没有资料", "not sure", "don't know", "no idea"];

/// The report on how service answered.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Tables> {
    let ground = Ground::open(workspace)?;
    let hall = Hall::read(workspace, &ground, ask, &pack("")?, None)?.or_empty()?;
    let desk = Desk::new(&hall, ask, workspace)?;
    let labels = labels::all(workspace, &hall.ground.store, &hall.ground.taxonomy)?;
    let (checks, evidence, found) = checks(&desk)?;
    let verdict = vec![match found {
        0 => said!("没有听到客服不该说的话。", "No agent said anything that an agent should not say."),
        1 => said!("1 个会话里有客服不该说的话。", "1 conversation holds something an agent should not say."),
        _ => {
            said!("{found} 个会话里有客服不该说的话。", "{found} conversations hold something an agent should not say.")
        }
    }];
    let mut tables = vec![checks, evidence];
    tables.extend(scripts::tables(&desk)?);
    tables.extend([low(&desk)?, named(&desk, &labels)?, phrases::table(&desk, &labels)?]);
    Ok(desk.tables(desk.title("客服表现", "How service answered"), verdict, tables))
}

/// The categories that listen to agents: what they should not say, and whatever the shop added.
fn manners(desk: &Desk<'_>) -> Vec<usize> {
    let categories = desk.hall.ground.taxonomy.categories().iter().enumerate();
    let listens = categories.filter(|(_, c)| c.rules.iter().any(|r| r.only.speaker() != Speaker::Buyer));
    listens.map(|(at, _)| at).collect()
}

/// Agents' turns against the categories that listen to them: by agent, and the words themselves.
pub fn checks(desk: &Desk<'_>) -> Result<(Table, Table, u64)> {
    let wanted = manners(desk);
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
    let mut by: BTreeMap<String, Vec<BTreeSet<(usize, u32)>>> = BTreeMap::new();
    for (chat, turn, at) in &said {
        let Some(turn) = records[&chat.place].turns.get(*turn).filter(|t| t.speaker != Speaker::Buyer) else {
            continue;
        };
        let agent = turn.agent.as_deref().map_or(String::new(), |name| desk.agent(name));
        evidence.push(vec![
            day(chat),
            who(&agent),
            desk.category(LabelId::new(wanted[*at], Stance::Mention)),
            Value::text(desk.hide(&turn.text)),
            Value::Text(chat.uid.to_string()),
        ]);
        by.entry(agent).or_insert_with(|| vec![BTreeSet::new(); wanted.len()])[*at].insert(chat.place);
    }
    let found: BTreeSet<(usize, u32)> = by.values().flatten().flatten().copied().collect();
    Ok((by_agent(desk, &wanted, &by), evidence, found.len() as u64))
}

/// How many conversations of each agent hold what the categories look for.
fn by_agent(desk: &Desk<'_>, wanted: &[usize], by: &BTreeMap<String, Vec<BTreeSet<(usize, u32)>>>) -> Table {
    let mut talks: BTreeMap<String, u64> = BTreeMap::new();
    for chat in desk.now() {
        let mut names: BTreeSet<String> = chat.talk.agents.iter().map(|name| desk.agent(name)).collect();
        if names.is_empty() && chat.talk.human {
            names.insert(String::new());
        }
        names.into_iter().for_each(|name| *talks.entry(name).or_default() += 1);
    }
    let mut table = Table::new(
        "checks",
        Said::new("各客服的话", "What agents say"),
        &[("agent", "客服", "agent"), ("conversations", "会话", "conversations")],
    );
    for category in wanted {
        let category = &desk.hall.ground.taxonomy.categories()[*category];
        let key = category.id.rsplit('/').next().unwrap_or(&category.id);
        table.column(key, category.name.clone());
    }
    let mut rows: Vec<(String, u64)> = talks.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for (agent, n) in rows {
        let found = |at: usize| by.get(&agent).map_or(0, |sets| sets[at].len() as u64);
        let mut row = vec![who(&agent), Value::Count(n)];
        row.extend((0..wanted.len()).map(|at| Value::share(found(at), n)));
        table.push(row);
    }
    table
}

/// An agent, or that the export does not name one.
fn who(agent: &str) -> Value {
    if agent.is_empty() { Value::Said(Said::new("（未知）", "(not told)")) } else { Value::text(agent) }
}

fn fetch<'c>(desk: &Desk<'_>, chats: impl Iterator<Item = &'c Chat>) -> Result<BTreeMap<(usize, u32), Record>> {
    let places: BTreeSet<(usize, u32)> = chats.map(|c| c.place).collect();
    let places: Vec<(usize, u32)> = places.into_iter().collect();
    Ok(places.iter().copied().zip(desk.hall.ground.store.fetch(&places)?).collect())
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
                who(&agent),
                Value::text(desk.hide(evidence)),
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
        let short = super::short_name(name);
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
    let Some(category) = desk.hall.ground.taxonomy.find("service/named_agent") else { return Ok(table) };
    let label = LabelId::new(category, Stance::Praise);
    let mut places: Vec<((usize, u32), usize)> = Vec::new();
    let mut bases = [0u64; 2];
    for (at, (file, labels)) in desk.hall.ground.facts.files.iter().zip(labels).enumerate() {
        let side = |row: u32| own_side(desk, at, row);
        for row in (&file.current - &file.silent).iter() {
            if let Some(side) = side(row) {
                bases[side] += 1;
            }
        }
        let said = labels.iter().find(|(l, _)| *l == label).map(|(_, rows)| rows & &file.current);
        places.extend(said.iter().flatten().filter_map(|row| Some(((at, row), side(row)?))));
    }
    let records = desk.hall.ground.store.fetch(&places.iter().map(|(place, _)| *place).collect::<Vec<_>>())?;
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
    let facts = &desk.hall.ground.facts.files[file];
    let plan = desk.plan.as_ref()?;
    let shop = &desk.hall.ground.facts.shops[facts.shop[row as usize] as usize];
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

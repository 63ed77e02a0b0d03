//! Questions that were not met: no answer, a late one, asked again, or on the rise since something changed.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::stance;
use super::clocks::LATE;
use super::hall::is_matter;
use super::{Chat, Desk, buyer, day, direction};
use crate::error::Result;
use crate::reading::chat::Wait;
use crate::reading::chat::clock::is_late;
use crate::report::chats::{Table, Value};
use crate::stats::gate::{self, Settings, Shift};
use crate::stats::{Count, Pair};
use crate::words::{LabelId, Said, Stance, Token};
use crate::workspace::Event;

/// Days on either side of an event.
const AROUND: i32 = 28;
/// Days within which a buyer who asks the same again is repeating.
const AGAIN: i32 = 30;
/// Open questions listed at most.
const LISTED: usize = 500;

/// All tables of unmet questions.
pub fn tables(desk: &Desk<'_>) -> Result<Vec<Table>> {
    Ok(vec![unanswered(desk), listed(desk)?, repeated(desk), after_events(desk)?])
}

/// The questions of a conversation: label, round in which it is first asked.
fn questions<'a>(desk: &'a Desk<'_>, chat: &'a Chat) -> impl Iterator<Item = (LabelId, usize)> + 'a {
    chat.labels.iter().filter_map(move |(label, turns)| {
        let asks = label.stance() == Stance::Question && is_matter(desk.category_id(*label), *label);
        let round = turns.iter().find_map(|turn| chat.round_of(*turn)).filter(|_| asks)?;
        Some((*label, round))
    })
}

/// Which questions got no answer, or a late one.
pub fn unanswered(desk: &Desk<'_>) -> Table {
    let mut table = Table::new(
        "unmet",
        Said::new("哪类问题没人答、答得晚", "Questions without an answer, or a late one"),
        &[
            ("category", "类别", "category"),
            ("asked", "问到", "asked"),
            ("unanswered", "无人回答", "unanswered"),
            ("late", "三分钟外才答", "answered after 3 min"),
        ],
    );
    let mut counts: BTreeMap<LabelId, [u64; 3]> = BTreeMap::new();
    for chat in desk.now() {
        for (label, round) in questions(desk, chat) {
            let round = &chat.talk.rounds[round];
            let count = counts.entry(label).or_default();
            count[0] += 1;
            count[1] += u64::from(round.wait == Wait::Silence);
            count[2] += u64::from(matches!(round.wait, Wait::Seconds(s) if s > LATE));
        }
    }
    let mut rows: Vec<_> = counts.into_iter().filter(|(_, [_, silent, late])| silent + late > 0).collect();
    rows.sort_by_key(|(label, [asked, silent, late])| (std::cmp::Reverse((silent + late, *asked)), *label));
    for (label, [asked, silent, late]) in rows {
        table.push(vec![
            desk.category(label),
            Value::Count(asked),
            Value::share(silent, asked),
            Value::share(late, asked),
        ]);
    }
    table
}

/// Those questions themselves, the latest first.
fn listed(desk: &Desk<'_>) -> Result<Table> {
    let mut table = Table::new(
        "open_questions",
        Said::new("没人答、答得晚的原话", "What was left without an answer, or answered late"),
        &[
            ("time", "时间", "time"),
            ("buyer", "买家代号", "buyer token"),
            ("sku", "SKU", "SKU"),
            ("stage", "阶段", "stage"),
            ("waited", "等了", "waited"),
            ("text", "原声", "words"),
            ("uid", "记录", "record"),
        ],
    )
    .note(Said::new("看整段聊天：earful why 记录号", "the whole conversation: earful why RECORD"));
    let mut open: Vec<(&Chat, usize)> = Vec::new();
    for chat in desk.now() {
        let late = |(_, round): &(usize, &crate::reading::chat::Round)| !round.courtesy && is_late(round, LATE);
        open.extend(chat.talk.rounds.iter().enumerate().filter(late).map(|(at, _)| (chat, at)));
    }
    open.sort_by_key(|(chat, round)| (std::cmp::Reverse(chat.talk.rounds[*round].at), chat.place, *round));
    open.truncate(LISTED);
    let turns: Vec<(&Chat, usize)> = open.iter().map(|(chat, round)| (*chat, chat.talk.rounds[*round].last)).collect();
    for ((chat, round), text) in open.iter().zip(desk.texts(&turns)?) {
        let waited = match chat.talk.rounds[*round].wait {
            Wait::Seconds(seconds) => Value::Seconds(seconds as f64),
            _ => Value::Said(Said::new("无人回答", "no answer")),
        };
        table.push(vec![
            day(chat),
            buyer(chat),
            Value::text(chat.sku.clone()),
            Value::Said(chat.stage.said()),
            waited,
            Value::text(text),
            Value::Text(chat.uid.to_string()),
        ]);
    }
    Ok(table)
}

/// The same buyer asks the same again: in a later round, or in another conversation within a month.
fn repeated(desk: &Desk<'_>) -> Table {
    let mut table = Table::new(
        "repeated",
        Said::new("同一个人又问了一遍", "Asked again by the same buyer"),
        &[
            ("category", "类别", "category"),
            ("again", "又问的买家", "buyers who asked again"),
            ("times", "共问", "times asked"),
        ],
    )
    .note(Said::new(
        "三十天内又问同一类；平台不给买家时，只看同一个会话里隔了回答又问的",
        "the same category within thirty days; where the platform does not tell buyers, again in the same conversation after an answer",
    ));
    let mut asked: BTreeMap<LabelId, BTreeMap<Token, Vec<i32>>> = BTreeMap::new();
    let mut anonymous: BTreeMap<LabelId, (BTreeSet<usize>, u64, u64)> = BTreeMap::new();
    for (at, chat) in desk.now().enumerate() {
        for (label, turns) in &chat.labels {
            if label.stance() != Stance::Question || !is_matter(desk.category_id(*label), *label) {
                continue;
            }
            let rounds: BTreeSet<usize> = turns.iter().filter_map(|turn| chat.round_of(*turn)).collect();
            match chat.buyer {
                Some(buyer) => {
                    let day = chat.day().map_or(0, |d| d.0);
                    asked.entry(*label).or_default().entry(buyer).or_default().extend(rounds.iter().map(|_| day));
                }
                None => {
                    let entry = anonymous.entry(*label).or_default();
                    entry.2 += u64::from(!rounds.is_empty());
                    if rounds.len() > 1 {
                        entry.0.insert(at);
                        entry.1 += rounds.len() as u64;
                    }
                }
            }
        }
    }
    let mut rows: BTreeMap<LabelId, [u64; 3]> = BTreeMap::new();
    for (label, buyers) in asked {
        let row = rows.entry(label).or_default();
        for days in buyers.into_values() {
            row[2] += 1;
            let mut days = days;
            days.sort_unstable();
            if days.windows(2).any(|pair| pair[1] - pair[0] <= AGAIN) {
                row[0] += 1;
                row[1] += days.len() as u64;
            }
        }
    }
    for (label, (chats, times, all)) in anonymous {
        let row = rows.entry(label).or_default();
        row[0] += chats.len() as u64;
        row[1] += times;
        row[2] += all;
    }
    let mut rows: Vec<_> = rows.into_iter().filter(|(_, [again, ..])| *again > 0).collect();
    rows.sort_by_key(|(label, [again, times, _])| (std::cmp::Reverse((*again, *times)), *label));
    for (label, [again, times, buyers]) in rows {
        table.push(vec![desk.category(label), Value::share(again, buyers), Value::Count(times)]);
    }
    table
}

fn in_shop(event: &Event, chat: &Chat) -> bool {
    event.shop.is_empty() || event.shop == chat.shop
}

/// What is asked more, or less, in the four weeks after something happened than in the four before.
pub fn after_events(desk: &Desk<'_>) -> Result<Table> {
    let mut table = Table::new(
        "after_events",
        Said::new("某件事之后问得更多的", "Asked more after something happened"),
        &[
            ("event", "事件", "event"),
            ("sku", "SKU", "SKU"),
            ("category", "类别", "category"),
            ("stance", "立场", "stance"),
            ("direction", "变化", "direction"),
            ("after", "之后四周", "four weeks after"),
            ("before", "对比", "compared with"),
            ("of", "对比的是", "which is"),
        ],
    )
    .note(Said::new(
        "事件取自 events.csv；话术与常见问题可能还没跟上",
        "events come from events.csv; scripts and the FAQ may not have followed",
    ));
    let (events, _) = desk.workspace.events()?;
    let mut cells: Vec<(usize, bool, LabelId, Pair)> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let here = |chat: &Chat| in_shop(event, chat) && (event.sku.is_empty() || event.sku == chat.sku);
        let side = |chat: &Chat| match chat.day()?.0 - event.day.0 {
            d if (-AROUND..0).contains(&d) => Some(0),
            d if (0..AROUND).contains(&d) => Some(1),
            _ => None,
        };
        // Of a new product nobody asked before: the other products of the same weeks stand in for it.
        let is_new = !event.sku.is_empty() && !desk.hall.chats.iter().any(|c| here(c) && side(c) == Some(0));
        let place = |chat: &Chat| match (here(chat), is_new) {
            (true, _) => side(chat),
            (false, true) if chat.sku.is_empty() || !in_shop(event, chat) => None,
            (false, true) => side(chat).filter(|side| *side == 1).map(|_| 0),
            (false, false) => None,
        };
        let mut bases = [0u64; 2];
        let mut mentions: BTreeMap<LabelId, [u64; 2]> = BTreeMap::new();
        for chat in &desk.hall.chats {
            let Some(side) = place(chat) else { continue };
            bases[side] += 1;
            for (label, _) in chat.labels.iter().filter(|(l, _)| is_matter(desk.category_id(*l), *l)) {
                mentions.entry(*label).or_default()[side] += 1;
            }
        }
        let pair = |m: [u64; 2]| Pair::new(Count::new(m[0], bases[0]), Count::new(m[1], bases[1]));
        cells.extend(mentions.into_iter().map(|(label, m)| (at, is_new, label, pair(m))));
    }
    let pairs: Vec<Pair> = cells.iter().map(|(.., pair)| *pair).collect();
    let settings = Settings { q: desk.ask.report.q, ..Settings::default() };
    let (verdicts, _) = gate::judge(&pairs, &[], &settings);
    for place in gate::ranked(&verdicts).into_iter().filter(|place| verdicts[*place].shift == Shift::Rise) {
        let (at, is_new, label, pair) = cells[place];
        let event = &events[at];
        table.push(vec![
            Value::text(format!("{} {} {}", event.day, event.kind, event.text)),
            Value::text(event.sku.clone()),
            desk.category(label),
            Value::Said(stance(label.stance())),
            Value::Moved(direction(verdicts[place].shift)),
            Value::share(pair.after.mentions, pair.after.base),
            Value::share(pair.before.mentions, pair.before.base),
            Value::Said(if is_new {
                Said::new("同期其他 SKU", "other SKUs of the same weeks")
            } else {
                Said::new("之前四周", "the four weeks before")
            }),
        ]);
    }
    Ok(table)
}

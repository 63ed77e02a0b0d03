//! How many conversations there were, of which stage and why, and the message in a few sentences.

use std::collections::BTreeMap;

use super::asked::{Asked, joined, stance};
use super::{Chat, Desk, buyer, day};
use crate::error::Result;
use crate::reading::chat::Wait;
use crate::reading::chat::stage::Why;
use crate::report::chats::{Table, Value};
use crate::said;
use crate::words::{LabelId, Said, Stage};

/// Volume by stage, and what told the stage.
pub fn tables(desk: &Desk<'_>) -> Vec<Table> {
    let mut volume = Table::new(
        "volume",
        Said::new("会话量", "How many conversations"),
        &[
            ("stage", "阶段", "stage"),
            ("conversations", "会话", "conversations"),
            ("share", "占比", "share"),
            ("before", "上期占比", "share before"),
            ("rounds", "轮次", "rounds"),
            ("unanswered", "无人回答的轮次", "rounds without an answer"),
            ("messages", "消息", "messages"),
            ("untimed", "没有时间的轮次", "rounds without a time"),
        ],
    );
    let count = |stage: Option<Stage>, of: &mut dyn Iterator<Item = &Chat>| {
        let mut sum = [0u64; 5];
        for chat in of.filter(|chat| stage.is_none_or(|s| s == chat.stage)) {
            let rounds = || chat.talk.rounds.iter().filter(|r| !r.courtesy);
            sum[0] += 1;
            sum[1] += rounds().count() as u64;
            sum[2] += rounds().filter(|r| r.wait == Wait::Silence).count() as u64;
            sum[3] += chat.talk.messages as u64;
            sum[4] += rounds().filter(|r| r.wait == Wait::Untimed || r.at.is_none()).count() as u64;
        }
        sum
    };
    let (all, before) = (count(None, &mut desk.now())[0], count(None, &mut desk.before())[0]);
    for stage in Stage::ALL.map(Some).into_iter().chain([None]) {
        let sum = count(stage, &mut desk.now());
        let was = count(stage, &mut desk.before())[0];
        if sum[0] + was > 0 {
            volume.push(vec![
                Value::Said(stage.map_or(Said::new("合计", "all"), Stage::said)),
                Value::Count(sum[0]),
                Value::share(sum[0], all),
                Value::share(was, before),
                Value::Count(sum[1]),
                Value::share(sum[2], sum[1]),
                Value::Count(sum[3]),
                Value::Count(sum[4]),
            ]);
        }
    }
    vec![volume, reasons(desk)]
}

/// Every conversation with what was made of it: the way from a number to the words. Files have it, screens do not.
pub fn list(desk: &Desk<'_>) -> Result<Table> {
    let mut table = Table::new(
        "conversations",
        Said::new("会话清单", "Every conversation"),
        &[
            ("time", "时间", "time"),
            ("buyer", "买家代号", "buyer token"),
            ("sku", "SKU", "SKU"),
            ("stage", "阶段", "stage"),
            ("reason", "依据", "reason"),
            ("categories", "类别", "categories"),
            ("rounds", "轮次", "rounds"),
            ("unanswered", "无人回答", "unanswered"),
            ("first_wait", "首次响应", "first response"),
            ("first", "第一句", "first words"),
            ("uid", "记录", "record"),
        ],
    )
    .shown(0)
    .note(Said::new("看整段聊天：earful why 记录号", "the whole conversation: earful why RECORD"));
    let chats: Vec<&Chat> = desk.now().collect();
    let first: Vec<(&Chat, usize)> = chats.iter().map(|c| (*c, c.talk.rounds.first().map_or(0, |r| r.first))).collect();
    for (chat, text) in chats.iter().zip(desk.texts(&first)?) {
        let matters = chat.labels.iter().filter(|(l, _)| !desk.category_id(*l).starts_with("meta/"));
        let names: Vec<Said> = matters.map(|(l, _)| named(desk, *l)).collect();
        let rounds = || chat.talk.rounds.iter().filter(|r| !r.courtesy);
        table.push(vec![
            day(chat),
            buyer(chat),
            Value::text(chat.sku.clone()),
            Value::Said(chat.stage.said()),
            Value::Said(chat.why.said()),
            match names.is_empty() {
                true => Value::None,
                false => Value::Said(Said::new(joined(&names, |s| &s.zh, "、"), joined(&names, |s| &s.en, ", "))),
            },
            Value::Count(rounds().count() as u64),
            Value::Count(rounds().filter(|r| r.wait == Wait::Silence).count() as u64),
            match rounds().next().map(|round| round.wait) {
                Some(Wait::Seconds(seconds)) => Value::Seconds(seconds as f64),
                _ => Value::None,
            },
            Value::text(text),
            Value::Text(chat.uid.to_string()),
        ]);
    }
    Ok(table)
}

/// A label by the names of its category and stance.
fn named(desk: &Desk<'_>, label: LabelId) -> Said {
    let (name, stance) = (desk.category_said(label), stance(label.stance()));
    Said::new(format!("{}·{}", name.zh, stance.zh), format!("{} · {}", name.en, stance.en))
}

/// What told the stage, so that it can be checked.
fn reasons(desk: &Desk<'_>) -> Table {
    let mut table = Table::new(
        "stage_reasons",
        Said::new("阶段怎么看出来的", "What told the stage"),
        &[("stage", "阶段", "stage"), ("reason", "依据", "reason"), ("conversations", "会话", "conversations")],
    )
    .shown(8);
    let mut counts: BTreeMap<(Stage, Why), u64> = BTreeMap::new();
    for chat in desk.now() {
        // Days behind an order differ from chat to chat; they are one reason.
        let why = if let Why::OrderedBefore(_) = chat.why { Why::OrderedBefore(0) } else { chat.why };
        *counts.entry((chat.stage, why)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((stage, why), n)| (std::cmp::Reverse(*n), *stage, *why));
    for ((stage, why), n) in rows {
        let why =
            if let Why::OrderedBefore(_) = why { Said::new("下单之后", "after the order") } else { why.said() };
        table.push(vec![Value::Said(stage.said()), Value::Said(why), Value::Count(n)]);
    }
    table
}

/// The first sentences of the report.
pub fn verdict(desk: &Desk<'_>, asked: &Asked) -> Vec<Said> {
    let (mut chats, mut rounds, mut silent, mut timed) = (0u64, 0u64, 0u64, false);
    for chat in desk.now() {
        chats += 1;
        timed |= chat.talk.rounds.iter().any(|r| matches!(r.wait, Wait::Seconds(_)));
        rounds += chat.talk.rounds.iter().filter(|r| !r.courtesy).count() as u64;
        silent += chat.talk.rounds.iter().filter(|r| !r.courtesy && r.wait == Wait::Silence).count() as u64;
    }
    let mut verdict = vec![said!(
        "{chats} 个会话，{rounds} 轮问答，其中 {silent} 轮没有人回答。",
        "{chats} conversations, {rounds} rounds, {silent} of them without an answer.",
        chats = chats,
        rounds = rounds,
        silent = silent
    )];
    if !timed && rounds > silent {
        verdict.push(Said::new(
            "消息没有时间，响应时长算不出来：导出时带上时间列。",
            "The messages carry no times, so no wait can be told: export them with their time.",
        ));
    }
    verdict.extend(asked.verdict(desk));
    verdict
}

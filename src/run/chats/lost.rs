//! Who asked and did not buy: how many, why by what they said, why as service noted it, and who they are.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::joined;
use super::hall::Hall;
use super::{Ask, Chat, Desk, buyer, day, direction, pack};
use crate::error::{Error, Result};
use crate::reading::chat::Wait;
use crate::records::{Batch, Fields};
use crate::report::chats::{Table, Tables, Value};
use crate::run::ground::Ground;
use crate::run::sales::{self, Sales};
use crate::said;
use crate::stats::agree::Agreement;
use crate::stats::gate::{self, Settings, Shift};
use crate::stats::{Count, Pair};
use crate::words::{Day, Kind, LabelId, Moment, Said, Token};
use crate::workspace::Workspace;

/// Days between a conversation and the note that service made of it.
const NOTED_WITHIN: i32 = 3;

/// A row of the sheet in which service notes who did not buy.
struct Note {
    buyer: Option<Token>,
    day: Option<Day>,
    reasons: BTreeSet<usize>,
}

/// The report on those who did not buy.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Tables> {
    let pack = pack(&ask.pack)?;
    let ground = Ground::open(workspace)?;
    let hall = Hall::read(workspace, &ground, ask, &pack, None)?.or_empty()?;
    let notes = notes(&hall)?;
    if !hall.knows_sales() && notes.is_empty() {
        return Err(Error::new(
            "no_orders",
            said!("不知道谁买了：没有订单", "nobody knows who bought: there are no orders"),
        )
        .help(said!(
            "earful add --orders 订单导出文件，或 earful lost --orders 订单导出文件",
            "earful add --orders ORDERS, or earful lost --orders ORDERS"
        )));
    }
    let desk = Desk::new(&hall, ask, workspace)?;
    let table = Lost { desk: &desk, notes: &notes };
    let (reasons, noted) = (table.reasons(), table.noted());
    let verdict = table.verdict(&[&reasons.1[..], &noted.1]);
    let tables = vec![table.volume(), reasons.0, noted.0, table.agreement(), table.list()?];
    Ok(desk.tables(desk.title("没有成交的会话", "Conversations without a purchase"), verdict, tables))
}

/// The rows of the sheets of lost sales.
fn notes(hall: &Hall<'_>) -> Result<Vec<Note>> {
    let classifier = hall.ground.classifier();
    let read = |batch: &Batch| -> Vec<Note> {
        let turns = batch.turn_views();
        let current = &hall.ground.facts.files[batch.file()].current;
        (0..batch.len())
            .filter(|at| batch.kind(*at) == Kind::Lost && current.contains(batch.start() + *at as u32))
            .map(|at| {
                let labels = classifier.read(&batch.view(at, &turns)).labels;
                let reasons = labels.iter().map(|l| l.id.category()).filter(|c| is_reason(hall, *c)).collect();
                Note { buyer: batch.buyer(at), day: batch.time(at).map(Moment::day), reasons }
            })
            .collect()
    };
    Ok(hall.ground.store.scan(Fields::ALL, read)?.into_iter().flatten().collect())
}

fn is_reason(hall: &Hall<'_>, category: usize) -> bool {
    sales::is_reason(&hall.ground.taxonomy.categories()[category].id)
}

/// What a periodic report tells of lost sales: nothing where nobody knows who bought.
pub fn monthly(desk: &Desk<'_>) -> Result<(Vec<Said>, Vec<Table>)> {
    let notes = notes(desk.hall)?;
    if !desk.hall.knows_sales() && notes.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let lost = Lost { desk, notes: &notes };
    let ((said, rises), (noted, noted_rises)) = (lost.reasons(), lost.noted());
    Ok((lost.verdict(&[&rises[..], &noted_rises]), vec![lost.volume(), said, noted]))
}

struct Lost<'a> {
    desk: &'a Desk<'a>,
    notes: &'a [Note],
}

impl<'a> Lost<'a> {
    /// Conversations without a purchase. Without any orders: those that service noted.
    fn lost<'c>(&'c self, chats: impl Iterator<Item = &'a Chat> + 'c) -> impl Iterator<Item = &'a Chat> + 'c {
        chats.filter(move |c| self.is_lost(c))
    }

    fn is_lost(&self, chat: &Chat) -> bool {
        let hall = self.desk.hall;
        chat.could_buy()
            && if hall.knows_sales() { !chat.bought(hall.sales.window) } else { self.note_of(chat).is_some() }
    }

    fn note_of(&self, chat: &Chat) -> Option<&'a Note> {
        let (buyer, day) = (chat.buyer?, chat.day()?);
        let near = |n: &&Note| n.buyer == Some(buyer) && n.day.is_some_and(|d| (d.0 - day.0).abs() <= NOTED_WITHIN);
        self.notes.iter().filter(near).min_by_key(|n| n.day.map_or(i32::MAX, |d| (d.0 - day.0).abs()))
    }

    fn said_reasons(&self, chat: &Chat) -> BTreeSet<usize> {
        chat.labels.iter().map(|(l, _)| l.category()).filter(|c| is_reason(self.desk.hall, *c)).collect()
    }

    fn name(&self, category: usize) -> Value {
        self.desk.category(LabelId::new(category, crate::words::Stance::Mention))
    }

    fn volume(&self) -> Table {
        let mut table = Table::new(
            "conversion",
            Said::new("询单与成交", "Asked and bought"),
            &[
                ("what", "项目", "what"),
                ("now", "本期", "now"),
                ("before", "上期", "before"),
            ],
        )
        .note(said!(
            "售前或看不出阶段的会话；最后一条消息之后 {days} 天内下单算成交",
            "conversations that are pre-sale or of no told stage; an order within {days} days of the last message is theirs",
            days = self.desk.hall.sales.window
        ));
        let count = |chats: &mut dyn Iterator<Item = &'a Chat>| {
            let could: Vec<&Chat> = chats.filter(|c| c.could_buy()).collect();
            let bought = could.iter().filter(|c| c.bought(self.desk.hall.sales.window)).count() as u64;
            (bought, could.len() as u64)
        };
        let (now, before) = (count(&mut self.desk.now()), count(&mut self.desk.before()));
        table.push(vec![
            Value::Said(Said::new("成交的会话", "conversations with a purchase")),
            Value::share(now.0, now.1),
            Value::share(before.0, before.1),
        ]);
        table.push(vec![
            Value::Said(Said::new("没有成交的会话", "conversations without one")),
            Value::share(now.1 - now.0, now.1),
            Value::share(before.1 - before.0, before.1),
        ]);
        table
    }

    /// Reasons by what the customers said, and those that rise.
    fn reasons(&self) -> (Table, Vec<Said>) {
        let mut counts: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
        let mut bases = [0u64; 2];
        let mut add = |side: usize, chat: &Chat| {
            bases[side] += 1;
            for category in self.said_reasons(chat) {
                counts.entry(category).or_default()[side] += 1;
            }
        };
        self.lost(self.desk.now()).for_each(|c| add(0, c));
        self.lost(self.desk.before()).for_each(|c| add(1, c));
        let title = Said::new("没买的原因（顾客自己说的）", "Why they did not buy (in their own words)");
        let (table, rises) = self.shares("reasons", title, counts, bases);
        (table.note(self.base()), rises)
    }

    /// What the reasons are shares of, and where else they are counted so.
    fn base(&self) -> Said {
        let base = said!(
            "占比 = 说到的会话 / 没有成交的会话",
            "share = conversations that say it / conversations without a purchase"
        );
        let found = if Sales::of_workspace(self.desk.workspace).is_ok_and(|usual| usual == self.desk.hall.sales) {
            said!("；earful search --category lost/… 找到的正是这些", "; earful search --category lost/... finds these")
        } else {
            said!(
                "；earful search 和其他报告按工作区里的订单和通常的天数数，会有出入",
                "; earful search and other reports count by the orders of the workspace and the usual days, and may differ"
            )
        };
        Said::new(base.zh + &found.zh, base.en + &found.en)
    }

    /// Reasons as service noted them.
    fn noted(&self) -> (Table, Vec<Said>) {
        let mut counts: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
        let mut bases = [0u64; 2];
        for note in self.notes {
            let period = note.day.and_then(|day| self.desk.plan.as_ref()?.of(day));
            let side = match (&self.desk.plan, period) {
                (None, _) => 0,
                (Some(plan), Some(period)) if period == plan.period => 0,
                (Some(plan), Some(period)) if period == plan.against => 1,
                _ => continue,
            };
            bases[side] += 1;
            for category in &note.reasons {
                counts.entry(*category).or_default()[side] += 1;
            }
        }
        let title = Said::new("没买的原因（客服登记的）", "Why they did not buy (as service noted)");
        self.shares("noted_reasons", title, counts, bases)
    }

    /// A table of reasons with the gate's word, and the names of those that rise.
    fn shares(
        &self,
        key: &'static str,
        title: Said,
        counts: BTreeMap<usize, [u64; 2]>,
        bases: [u64; 2],
    ) -> (Table, Vec<Said>) {
        let mut table = Table::new(
            key,
            title,
            &[
                ("reason", "原因", "reason"),
                ("now", "本期", "now"),
                ("before", "上期", "before"),
                ("direction", "变化", "direction"),
            ],
        );
        let pair = |m: &[u64; 2]| Pair::new(Count::new(m[1], bases[1]), Count::new(m[0], bases[0]));
        let pairs: Vec<Pair> = counts.values().map(pair).collect();
        let settings = Settings { q: self.desk.ask.report.q, ..Settings::default() };
        let (verdicts, _) = gate::judge(&pairs, &[], &settings);
        let mut rows: Vec<_> = counts.into_iter().zip(verdicts).collect();
        rows.sort_by_key(|((category, [now, _]), _)| (std::cmp::Reverse(*now), *category));
        let mut rises = Vec::new();
        for ((category, [now, before]), verdict) in rows {
            if verdict.shift == Shift::Rise {
                rises.push(self.desk.category_said(LabelId::new(category, crate::words::Stance::Mention)));
            }
            table.push(vec![
                self.name(category),
                Value::share(now, bases[0]),
                Value::share(before, bases[1]),
                Value::Moved(direction(verdict.shift)),
            ]);
        }
        (table, rises)
    }

    /// How far what customers said and what service noted agree, over conversations that have both.
    fn agreement(&self) -> Table {
        let mut table = Table::new(
            "agreement",
            Said::new("顾客说的与客服登记的一致吗", "Do both agree"),
            &[
                ("reason", "原因", "reason"),
                ("both", "都说", "both"),
                ("only_said", "只有顾客说", "only the customer"),
                ("only_noted", "只有客服登记", "only service"),
                ("agree", "一致", "agreed"),
                ("kappa", "κ", "kappa"),
                ("ac1", "AC1", "AC1"),
            ],
        )
        .note(Said::new(
            "整个工作区里既有聊天又有登记、至少一边说了原因的买家；κ 和 AC1 是去掉碰巧之后的一致：1 完全一致，0 和乱猜一样，0.6 以上可信",
            "buyers of the whole workspace with a conversation and a note, at least one of which gives a reason; kappa and AC1 are agreement beyond chance: 1 is whole, 0 as good as guessing, from 0.6 on it can be relied upon",
        ));
        let mut both: Vec<(BTreeSet<usize>, &BTreeSet<usize>)> = Vec::new();
        for chat in self.desk.hall.chats.iter().filter(|c| self.is_lost(c)) {
            let Some(note) = self.note_of(chat) else { continue };
            let said = self.said_reasons(chat);
            if !said.is_empty() || !note.reasons.is_empty() {
                both.push((said, &note.reasons));
            }
        }
        let all: BTreeSet<usize> = both.iter().flat_map(|(a, b)| a.iter().chain(b.iter())).copied().collect();
        for category in all {
            let mut agreement = Agreement::default();
            for (said, noted) in &both {
                match (said.contains(&category), noted.contains(&category)) {
                    (true, true) => agreement.both += 1,
                    (true, false) => agreement.only_a += 1,
                    (false, true) => agreement.only_b += 1,
                    (false, false) => agreement.neither += 1,
                }
            }
            let number = |n: Option<f64>| n.map_or(Value::None, Value::Number);
            table.push(vec![
                self.name(category),
                Value::Count(agreement.both),
                Value::Count(agreement.only_a),
                Value::Count(agreement.only_b),
                Value::share(agreement.both + agreement.neither, both.len() as u64),
                number(agreement.kappa()),
                number(agreement.ac1()),
            ]);
        }
        table
    }

    /// Everyone, the latest first, with the last question that nobody answered.
    fn list(&self) -> Result<Table> {
        let mut table = Table::new(
            "lost",
            Said::new("没有成交的买家", "Who did not buy"),
            &[
                ("time", "时间", "time"),
                ("buyer", "买家代号", "buyer token"),
                ("sku", "SKU", "SKU"),
                ("said", "自己说的原因", "reason said"),
                ("noted", "客服登记", "reason noted"),
                ("unanswered", "最后没人答的话", "last words without an answer"),
                ("last", "最后一句", "last words"),
                ("uid", "记录", "record"),
            ],
        )
        .note(Said::new("看整段聊天：earful why 记录号", "the whole conversation: earful why RECORD"));
        let mut lost: Vec<&Chat> = self.lost(self.desk.now()).collect();
        lost.sort_by_key(|c| (std::cmp::Reverse(c.began), c.place));
        let silent = |c: &Chat| {
            let open = c.talk.rounds.iter().rev().find(|r| r.wait == Wait::Silence && !r.courtesy);
            open.map(|r| r.last)
        };
        let mut wanted: Vec<(&Chat, usize)> = Vec::new();
        for chat in &lost {
            wanted.extend(chat.talk.rounds.last().map(|r| (*chat, r.last)));
            wanted.extend(silent(chat).map(|turn| (*chat, turn)));
        }
        let mut texts = self.desk.texts(&wanted)?.into_iter();
        let names = |categories: &BTreeSet<usize>| {
            let said: Vec<Said> = categories
                .iter()
                .map(|c| self.desk.category_said(LabelId::new(*c, crate::words::Stance::Mention)))
                .collect();
            if said.is_empty() {
                return Value::None;
            }
            let join = |of: fn(&Said) -> &str, by: &str| said.iter().map(of).collect::<Vec<_>>().join(by);
            Value::Said(Said::new(join(|s| &s.zh, "、"), join(|s| &s.en, ", ")))
        };
        for chat in lost {
            let last = chat.talk.rounds.last().and_then(|_| texts.next()).unwrap_or_default();
            let open = silent(chat).and_then(|_| texts.next()).unwrap_or_default();
            table.push(vec![
                day(chat),
                buyer(chat),
                Value::text(chat.sku.clone()),
                names(&self.said_reasons(chat)),
                self.note_of(chat).map_or(Value::None, |n| names(&n.reasons)),
                Value::text(open),
                Value::text(last),
                Value::Text(chat.uid.to_string()),
            ]);
        }
        Ok(table)
    }

    fn verdict(&self, rises: &[&[Said]]) -> Vec<Said> {
        let lost = self.lost(self.desk.now()).count();
        let could = self.desk.now().filter(|c| c.could_buy()).count();
        let mut verdict = vec![said!(
            "{could} 个可能成交的会话里，{lost} 个没有成交。",
            "{lost} of {could} conversations that could have led to a purchase did not."
        )];
        let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
        for chat in self.lost(self.desk.now()) {
            self.said_reasons(chat).into_iter().for_each(|reason| *counts.entry(reason).or_default() += 1);
        }
        let mut most: Vec<(usize, u64)> = counts.into_iter().collect();
        most.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
        let most: Vec<Said> = most
            .iter()
            .take(3)
            .map(|(reason, _)| self.desk.category_said(LabelId::new(*reason, crate::words::Stance::Mention)))
            .collect();
        if !most.is_empty() {
            let (zh, en) = (joined(&most, |s| &s.zh, "、"), joined(&most, |s| &s.en, ", "));
            verdict.push(said!("说得最多的原因：{zh}。", "Reasons given most: {en}."));
        }
        let hall = self.desk.hall;
        if hall.sales.known > 0 && !hall.chats.iter().any(|chat| hall.sales.knows(chat.buyer)) {
            verdict.push(Said::new(
                "订单里没有一个买家出现在聊天里：检查订单导出是不是同一家店、带不带买家会员名；在此之前别信成交数。",
                "no buyer of the orders stands in the chats: are the orders of the same shop, and do they name buyers? Until then the number of purchases means nothing.",
            ));
        }
        let mut rises: Vec<Said> = rises.concat();
        rises.sort_by(|a, b| a.zh.cmp(&b.zh));
        rises.dedup();
        if !rises.is_empty() {
            let (zh, en) = (joined(&rises, |s| &s.zh, "、"), joined(&rises, |s| &s.en, ", "));
            verdict.push(said!(
                "上升的原因：{zh}。先看竞品改了什么。",
                "Reasons that rise: {en}. Look first at what competitors changed."
            ));
        }
        verdict
    }
}

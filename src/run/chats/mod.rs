//! What chats tell: what people ask, who did not buy and why, how service answered, how cases were handled.

mod agents;
mod asked;
mod cases;
mod clocks;
mod definitions;
mod gaps;
mod hall;
mod later;
mod lost;
mod monthly;
mod overview;
mod phrases;
mod scripts;

use std::collections::{BTreeMap, BTreeSet};

pub use agents::of_workspace as agents;
pub use cases::of_workspace as cases;
pub use definitions::all as definitions;
pub use lost::of_workspace as lost;
pub use monthly::of as monthly;

use hall::{Chat, Hall};

use super::report;
use super::report::plan::Plan;
use crate::error::{Error, Result};
use crate::reading::chat::pack::{Pack, bundled};
use crate::report::chats::{Table, Tables, Value};
use crate::report::model::Direction;
use crate::run::ground::Ground;
use crate::said;
use crate::stats::days::Days;
use crate::stats::gate::Shift;
use crate::words::{LabelId, Order, Said};
use crate::workspace::Workspace;

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Periods, shops, SKUs, categories, as in any report.
    pub report: report::Ask,
    /// Definition pack; empty: our own.
    pub pack: String,
    /// Agents go by tokens instead of names.
    pub pseudonyms: bool,
    /// Days after a conversation in which a purchase is its own; else the pack's.
    pub window: Option<u32>,
    /// Orders beside those of the workspace.
    pub orders: Vec<Order>,
}

/// Everything that the tables of one report are made from.
struct Desk<'a> {
    hall: &'a Hall<'a>,
    ask: &'a Ask,
    /// `None` if no conversation has a time: all are taken together.
    plan: Option<Plan>,
    /// What to say of conversations whose dates did not choose the periods.
    caution: Option<Said>,
    workspace: &'a Workspace,
    /// Names of agents and what stands for them, where they go by tokens.
    names: Vec<(String, String)>,
}

/// The report on conversations.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Tables> {
    let pack = pack(&ask.pack)?;
    let ground = Ground::open(workspace)?;
    let hall = Hall::read(workspace, &ground, ask, &pack, None)?.or_empty()?;
    let desk = Desk::new(&hall, ask, workspace)?;
    let asked = asked::Asked::count(&desk);
    let mut tables = asked.tables(&desk)?;
    tables.extend(gaps::tables(&desk)?);
    tables.extend(later::tables(&desk)?);
    tables.extend(clocks::tables(&desk, &pack)?);
    tables.extend(overview::tables(&desk));
    tables.push(overview::list(&desk)?);
    let verdict = overview::verdict(&desk, &asked);
    Ok(desk.tables(desk.title("客服聊天", "Chats"), verdict, tables))
}

/// The definition pack of this name; our own if none is named.
pub fn pack(name: &str) -> Result<Pack> {
    let packs = bundled();
    let known: Vec<&str> = packs.iter().map(|p| p.key.as_str()).collect();
    let known = known.join(" ");
    let at = packs.iter().position(|p| p.key == name || name.is_empty() && p.key == "earful");
    at.map(|at| packs[at].clone()).ok_or_else(|| {
        Error::new("option", said!("没有叫 {name} 的口径包", "there is no definition pack {name}"))
            .help(said!("可用的有：{known}", "there are: {known}"))
    })
}

impl<'a> Desk<'a> {
    fn new(hall: &'a Hall<'a>, ask: &'a Ask, workspace: &'a Workspace) -> Result<Desk<'a>> {
        let days = Days::of(hall.chats.iter().filter_map(Chat::day));
        let plan = days.map(|days| ask.report.plan(days)).transpose()?;
        let caution = days.and_then(|days| days.caution());
        Ok(Desk { caution, ..Desk::planned(hall, ask, plan, workspace)? })
    }

    /// A desk for periods that were planned elsewhere.
    fn planned(hall: &'a Hall<'a>, ask: &'a Ask, plan: Option<Plan>, workspace: &'a Workspace) -> Result<Desk<'a>> {
        let mut names: Vec<(String, String)> = Vec::new();
        if ask.pseudonyms {
            let accounts = hall.chats.iter().flat_map(|chat| &chat.talk.agents);
            let accounts: BTreeSet<&String> = accounts.collect();
            for (name, account) in workspace.roster()? {
                names.push((name, hall.pseudonym(&account)));
            }
            for account in accounts {
                let short = short_name(account);
                let pseudonym = hall.pseudonym(account);
                names.extend([account.as_str(), short].map(|name| (name.to_string(), pseudonym.clone())));
            }
            names.retain(|(name, _)| name.chars().count() >= 2);
            // The longer name first: the account before the name in it.
            names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        }
        Ok(Desk { hall, ask, plan, caution: None, workspace, names })
    }

    /// A text without the names of agents, where they go by tokens.
    fn hide(&self, text: &str) -> String {
        let hidden = |text: String, (name, pseudonym): &(String, String)| {
            if text.contains(name.as_str()) { text.replace(name.as_str(), pseudonym) } else { text }
        };
        self.names.iter().fold(text.to_string(), hidden)
    }

    /// The conversations of the period.
    fn now(&self) -> impl Iterator<Item = &'a Chat> {
        let plan = self.plan.clone();
        self.hall.chats.iter().filter(move |chat| match &plan {
            None => true,
            Some(plan) => chat.day().and_then(|day| plan.of(day)) == Some(plan.period),
        })
    }

    /// The conversations of the period compared with.
    fn before(&self) -> impl Iterator<Item = &'a Chat> {
        let plan = self.plan.clone();
        self.hall.chats.iter().filter(move |chat| {
            plan.as_ref().is_some_and(|plan| chat.day().and_then(|day| plan.of(day)) == Some(plan.against))
        })
    }

    fn title(&self, zh: &str, en: &str) -> Said {
        match &self.plan {
            None => Said::new(format!("{zh} · 没有时间，全部合看"), format!("{en} · no times, all together")),
            Some(plan) => {
                let (period, against) = (plan.period, plan.against);
                Said::new(format!("{zh} · {period}，对比 {against}"), format!("{en} · {period} against {against}"))
            }
        }
    }

    /// A report of these tables, with what must be said of the dates.
    fn tables(&self, title: Said, mut verdict: Vec<Said>, tables: Vec<Table>) -> Tables {
        verdict.extend(self.caution.iter().map(|c| Said::new(format!("⚠ {}", c.zh), format!("⚠ {}", c.en))));
        Tables { title, verdict, tables }
    }

    /// The name of a category in both languages.
    fn category(&self, label: LabelId) -> Value {
        Value::Said(self.category_said(label))
    }

    fn category_said(&self, label: LabelId) -> Said {
        self.hall.ground.taxonomy.categories()[label.category()].name.clone()
    }

    fn category_id(&self, label: LabelId) -> &str {
        &self.hall.ground.taxonomy.categories()[label.category()].id
    }

    /// The title of a SKU's product, else the SKU itself.
    fn product(&self, sku: &str) -> Value {
        let title = self.hall.titles.get(sku).filter(|t| !t.is_empty());
        match title {
            Some(title) => Value::text(format!("{sku} {title}")),
            None => Value::text(sku),
        }
    }

    /// An agent by name, or by token.
    fn agent(&self, name: &str) -> String {
        if self.ask.pseudonyms { self.hall.pseudonym(name) } else { name.to_string() }
    }

    /// The texts of turns: conversation and place of the turn -> verbatim, in the order asked for.
    fn texts(&self, wanted: &[(&Chat, usize)]) -> Result<Vec<String>> {
        let mut places: Vec<(usize, u32)> = wanted.iter().map(|(chat, _)| chat.place).collect();
        places.sort_unstable();
        places.dedup();
        let records = self.hall.ground.store.fetch(&places)?;
        let of: BTreeMap<(usize, u32), usize> = places.into_iter().zip(0..).collect();
        let text = |(chat, turn): &(&Chat, usize)| {
            records[of[&chat.place]].turns.get(*turn).map_or(String::new(), |turn| self.hide(&turn.text))
        };
        Ok(wanted.iter().map(text).collect())
    }
}

/// The name of a person in that of an account: `shop:person`.
fn short_name(account: &str) -> &str {
    account.rsplit([':', '：']).next().unwrap_or(account).trim()
}

/// The direction that the gate gave.
fn direction(shift: Shift) -> Direction {
    match shift {
        Shift::Rise => Direction::Rise,
        Shift::Fall => Direction::Fall,
        Shift::Steady => Direction::Steady,
        Shift::TooFew => Direction::TooFew,
    }
}

/// The day as text, empty if unknown.
fn day(chat: &Chat) -> Value {
    chat.began.map_or(Value::None, |at| Value::Text(at.to_string()[..16].to_string()))
}

/// A buyer as a short token; the first 8 digits tell buyers of one shop apart.
fn buyer(chat: &Chat) -> Value {
    chat.buyer.map_or(Value::None, |token| Value::Text(token.to_string()[..8].to_string()))
}

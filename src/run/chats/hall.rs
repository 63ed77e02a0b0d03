//! The conversations of the user's own shops, read once: rounds, stage, labels with the turns that say them.

use std::collections::BTreeMap;

use super::Ask;
use crate::error::{Error, Result};
use crate::ingest::mask::Keys;
use crate::reading::chat::pack::Pack;
use crate::reading::chat::stage::{Why, of_labels};
use crate::reading::chat::{Answers, Talk};
use crate::records::{Batch, Fields};
use crate::run::ground::Ground;
use crate::run::sales::{Purchase, Sales, could_buy, is_reason};
use crate::said;
use crate::taxonomy::Taxonomy;
use crate::words::{Day, Kind, LabelId, Moment, Period, Stage, Stance, Token, Uid};
use crate::workspace::Workspace;

/// One conversation.
pub struct Chat {
    /// Record file and row.
    pub place: (usize, u32),
    pub uid: Uid,
    pub shop: String,
    pub sku: String,
    pub buyer: Option<Token>,
    pub stars: Option<f32>,
    pub began: Option<Moment>,
    /// Its rounds under our own definition.
    pub talk: Talk,
    /// Its rounds where a platform counts other answers.
    others: Vec<(Answers, Talk)>,
    pub stage: Stage,
    pub why: Why,
    /// Labels of every speaker's turns, each with the turns that say it.
    pub labels: Vec<(LabelId, Vec<usize>)>,
    purchase: Purchase,
}

impl Chat {
    /// The day on which it began.
    pub fn day(&self) -> Option<Day> {
        self.began.map(Moment::day)
    }

    /// Its rounds under these answers.
    pub fn talk(&self, answers: Answers) -> &Talk {
        self.others.iter().find(|(known, _)| *known == answers).map_or(&self.talk, |(_, talk)| talk)
    }

    /// True if it could have led to a purchase: those about an order of before could not.
    pub fn could_buy(&self) -> bool {
        could_buy(self.stage)
    }

    /// True if its buyer bought within so many days of its last message.
    pub fn bought(&self, days: u32) -> bool {
        self.purchase.is_within(days)
    }

    /// The round that a turn belongs to.
    pub fn round_of(&self, turn: usize) -> Option<usize> {
        self.talk.rounds.iter().position(|round| (round.first..=round.last).contains(&turn))
    }
}

/// All conversations, with what they are looked up in.
pub struct Hall<'a> {
    pub chats: Vec<Chat>,
    /// The records and the taxonomy.
    pub ground: &'a Ground,
    pub sales: Sales,
    /// SKU -> title of its product.
    pub titles: BTreeMap<String, String>,
    keys: Keys,
}

impl<'a> Hall<'a> {
    /// Reads the conversations of the user's own shops: all of them, or those of some days.
    pub fn read(
        workspace: &Workspace,
        ground: &'a Ground,
        ask: &Ask,
        pack: &Pack,
        days: Option<Period>,
    ) -> Result<Hall<'a>> {
        let Ground { store, taxonomy, facts, .. } = ground;
        crate::run::places::check(facts, &ask.report.shops, &ask.report.skus)?;
        let mut orders = workspace.orders()?;
        orders.extend(ask.orders.iter().cloned());
        let sales = Sales::new(orders, ask.window.unwrap_or(pack.attribution_days));
        let mut others: Vec<Answers> = pack.metrics.iter().map(|m| m.answers).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|answers| *answers != Answers::HUMAN);
        let classifier = ground.classifier();
        let own = |shop: &str| workspace.settings().shop(shop).is_none_or(|s| !s.competitor);
        let read = |batch: &Batch| -> Vec<Chat> {
            let turns = batch.turn_views();
            let current = &facts.files[batch.file()].current;
            (0..batch.len())
                .filter(|at| batch.kind(*at) == Kind::Chat && current.contains(batch.start() + *at as u32))
                .filter(|at| {
                    let (shop, sku) = (batch.shops().get(*at), batch.skus().get(*at));
                    own(shop) && ask.report.wants_place(shop, sku)
                })
                .filter(|at| days.is_none_or(|days| batch.time(*at).is_some_and(|t| days.contains(t.day()))))
                .map(|at| {
                    let record = batch.record(at);
                    let reading = classifier.read(&batch.view(at, &turns));
                    let talk = Talk::read(&record.turns, Answers::HUMAN);
                    let named =
                        |l: &crate::reading::Label| (taxonomy.categories()[l.id.category()].id.as_str(), l.id.stance());
                    let (purchase, mut stage, mut why) = sales.of(&record, &talk);
                    if stage == Stage::Unknown {
                        (stage, why) = of_labels(reading.labels.iter().map(named), why);
                    }
                    let label = |l: crate::reading::Label| (l.id, l.evidence.iter().map(|e| e.turn).collect());
                    Chat {
                        place: (batch.file(), batch.start() + at as u32),
                        uid: record.uid,
                        shop: record.shop,
                        sku: record.sku,
                        buyer: record.buyer,
                        stars: record.stars.map(|s| s.value),
                        began: talk.began.or(record.time),
                        others: others.iter().map(|a| (*a, Talk::read(&record.turns, *a))).collect(),
                        talk,
                        stage,
                        why,
                        labels: reading.labels.into_iter().map(label).collect(),
                        purchase,
                    }
                })
                .collect()
        };
        let mut chats: Vec<Chat> = store.scan(Fields::ALL, read)?.into_iter().flatten().collect();
        for chat in chats.iter_mut().filter(|chat| !chat.could_buy() || chat.bought(sales.window)) {
            chat.labels.retain(|(label, _)| !is_reason(&taxonomy.categories()[label.category()].id));
        }
        decide(workspace, taxonomy, &mut chats)?;
        let titles = facts.skus.iter().cloned().zip(facts.products.iter().cloned()).collect();
        let keys = Keys::new(workspace.key()?.0);
        Ok(Hall { chats, ground, sales, titles, keys })
    }

    /// True if anything tells who bought: orders, or the export of the chats itself.
    pub fn knows_sales(&self) -> bool {
        self.sales.known > 0 || self.chats.iter().any(|chat| chat.purchase.told)
    }

    /// The hall if there is anybody in it.
    pub fn or_empty(self) -> Result<Hall<'a>> {
        if !self.chats.is_empty() {
            return Ok(self);
        }
        let what = said!("工作区里没有聊天记录", "there are no conversations in the workspace");
        Err(Error::new("no_chats", what).help(said!(
            "先导入聊天导出文件：earful add 聊天记录.txt --shop 店名",
            "import an export of chats first: earful add CHATS.txt --shop NAME"
        )))
    }

    /// A name that stands for an agent and does not tell who it is; the same in every report of the workspace.
    pub fn pseudonym(&self, name: &str) -> String {
        format!("agent#{:04x}", self.keys.token("agent", "", name).0 & 0xffff)
    }
}

/// What people decided by hand wins over the rules.
fn decide(workspace: &Workspace, taxonomy: &Taxonomy, chats: &mut [Chat]) -> Result<()> {
    for decision in workspace.decided()? {
        let Some(category) = taxonomy.find(&decision.category) else { continue };
        for chat in chats.iter_mut().filter(|chat| chat.uid == decision.uid) {
            chat.labels.retain(|(label, _)| label.category() != category);
            if let Some(stance) = decision.stance {
                let first = chat.talk.rounds.first().map_or(0, |round| round.first);
                chat.labels.push((LabelId::new(category, stance), vec![first]));
                chat.labels.sort();
            }
        }
    }
    Ok(())
}

/// True if a label tells what a customer asks or complains of; reasons for leaving and manners are told apart.
pub fn is_matter(id: &str, label: LabelId) -> bool {
    matches!(label.stance(), Stance::Question | Stance::Complaint) && !id.starts_with("meta/") && !is_reason(id)
}

//! Puts conversations together: a greeting, the machine, a card, questions and answers, an end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::dice::{Dice, Quota, Rota};
use crate::people::nickname;
use crate::plan::{Plan, Sku};
use crate::reviews::moment;
use crate::sentences::{Round, Sentences, fits};

/// Who says something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The buyer.
    Buyer,
    /// An agent of the shop.
    Agent,
}

/// One conversation.
pub struct Chat<'a> {
    /// The buyer's nickname, another in every conversation.
    pub buyer: String,
    /// The agent's sub-account.
    pub agent: &'a str,
    /// What it is about.
    pub sku: &'a Sku,
    /// `presale` or `aftersale`.
    pub stage: &'static str,
    /// Messages in order of time.
    pub lines: Vec<(DateTime, Who, String)>,
    /// What the buyer says, sorted.
    pub labels: BTreeSet<&'a str>,
    /// When he ordered after the conversation, if he did.
    pub ordered: Option<DateTime>,
    /// The reason he gave for not buying.
    pub lost: Option<String>,
}

/// How a conversation before the purchase ends.
#[derive(Clone, Copy)]
enum End<'a> {
    Bought,
    Lost(&'a str),
    Silent,
    Unanswered,
}

/// All conversations in order of time.
pub fn write_all<'a>(plan: &'a Plan, sentences: &'a Sentences) -> Vec<Chat<'a>> {
    let mut talk = Talk::new(plan, sentences);
    let mut chats = Vec::new();
    for month in 0..plan.months.len() {
        chats.extend(talk.month(month));
    }
    chats.sort_by_key(|c| c.lines[0].0);
    chats
}

struct Talk<'a> {
    plan: &'a Plan,
    sentences: &'a Sentences,
    dice: Dice,
    goods: Vec<&'a Sku>,
    /// Ways to ask, by stage and label.
    asks: BTreeMap<(&'static str, &'a str), Rota<(usize, usize)>>,
    lost: BTreeMap<&'a str, Rota<(usize, usize)>>,
    names: BTreeSet<String>,
    turn: usize,
    asides: Quota,
}

impl<'a> Talk<'a> {
    fn new(plan: &'a Plan, sentences: &'a Sentences) -> Talk<'a> {
        let mut dice = Dice::new(plan.seed, "chats");
        let goods = plan.sku.iter().filter(|s| s.export == "tmall").collect();
        let mut asks = BTreeMap::new();
        let wanted = [("presale", &plan.chats.presale), ("aftersale", &plan.chats.aftersale)];
        for (stage, label) in wanted.into_iter().flat_map(|(stage, list)| list.keys().map(move |l| (stage, l.as_str())))
        {
            let ways: Vec<(usize, usize)> = (0..sentences.chats.round.len())
                .filter(|&r| {
                    let round = &sentences.chats.round[r];
                    round.stage == stage && round.says.first().map_or("none", String::as_str) == label
                })
                .flat_map(|r| (0..sentences.chats.round[r].buyer.len()).map(move |b| (r, b)))
                .collect();
            assert!(!ways.is_empty(), "no {stage} round for {label}");
            asks.insert((stage, label), Rota::new(ways, &mut dice));
        }
        let mut lost = BTreeMap::new();
        for (i, reason) in sentences.chats.lost.iter().enumerate() {
            let ways = (0..reason.buyer.len()).map(|b| (i, b)).collect();
            lost.insert(reason.says[0].as_str(), Rota::new(ways, &mut dice));
        }
        let asides = Quota::new(&mut dice);
        Talk { plan, sentences, dice, goods, asks, lost, names: BTreeSet::new(), turn: 0, asides }
    }

    fn month(&mut self, month: usize) -> Vec<Chat<'a>> {
        let (first, days) = self.plan.month(month);
        let plan = &self.plan.chats;
        let mut ends: Vec<End> = vec![End::Bought; plan.bought];
        ends.extend(vec![End::Unanswered; plan.unanswered]);
        ends.extend(plan.lost.iter().flat_map(|(says, n)| vec![End::Lost(says); *n]));
        let total: usize = plan.presale.values().sum();
        ends.extend(vec![End::Silent; total - ends.len()]);
        self.dice.shuffle(&mut ends);

        let mut chats = Vec::new();
        let asked: Vec<&str> = plan.presale.iter().flat_map(|(says, n)| vec![says.as_str(); *n]).collect();
        for (says, end) in asked.into_iter().zip(ends) {
            let day = self.dice.below(days as usize) as i64;
            let start = moment(first, day, &mut self.dice);
            chats.push(self.presale(says, end, start));
        }
        for (says, n) in &plan.aftersale {
            for _ in 0..*n {
                let day = self.dice.below(days as usize) as i64;
                let start = moment(first, day, &mut self.dice);
                chats.push(self.aftersale(says, start));
            }
        }
        for shift in &plan.shift {
            let since: Date = shift.since.parse().expect("a date");
            if since.first_of_month() == first {
                for _ in 0..shift.more {
                    let day = self.dice.between(i64::from(since.day()) - 1, days - 1);
                    let start = moment(first, day, &mut self.dice);
                    chats.push(self.aftersale(&shift.says, start));
                }
            }
        }
        chats
    }

    /// The next question with this label, and a listing it can be asked of.
    fn ask(&mut self, stage: &'static str, says: &'a str) -> (&'a Round, usize, &'a Sku) {
        let (round, way) = self.asks.get_mut(&(stage, says)).expect("known labels").take();
        let round = &self.sentences.chats.round[round];
        self.turn += 1;
        let fitting: Vec<&Sku> = self.goods.iter().copied().filter(|s| fits(&round.goods, s)).collect();
        (round, way, fitting[self.turn % fitting.len()])
    }

    fn open(&mut self, sku: &'a Sku, stage: &'static str, start: DateTime) -> Chat<'a> {
        let mut buyer = nickname(&self.sentences.frame, &mut self.dice);
        while !self.names.insert(buyer.clone()) {
            buyer = nickname(&self.sentences.frame, &mut self.dice);
        }
        let agent = self.dice.pick(&self.sentences.frame.agents);
        let labels = BTreeSet::new();
        let mut chat = Chat { buyer, agent, sku, stage, lines: Vec::new(), labels, ordered: None, lost: None };
        let words = &self.sentences.chats;
        let mut clock = start;
        if stage == "presale" || self.dice.chance(0.4) {
            chat.lines.push((clock, Who::Buyer, format!("https://detail.tmall.com/item.htm?id={}", sku.id)));
            clock += self.dice.between(2, 9).seconds();
        }
        if self.dice.chance(0.6) {
            chat.lines.push((clock, Who::Buyer, self.dice.pick(&words.hello).clone()));
            clock += 1.seconds();
            chat.lines.push((clock, Who::Agent, self.dice.pick(&words.auto).clone()));
        }
        chat
    }

    /// Adds a message some seconds after the last one.
    fn say(&mut self, chat: &mut Chat, who: Who, text: &str, wait: (i64, i64)) {
        let start = chat.lines.last().map(|l| l.0).expect("an opened conversation");
        chat.lines.push((start + self.dice.between(wait.0, wait.1).seconds(), who, text.to_string()));
    }

    /// How long agents take: mostly a minute, sometimes much longer.
    fn patience(&mut self) -> (i64, i64) {
        if self.dice.chance(0.15) { (190, 1500) } else { (12, 150) }
    }

    /// A question, and if somebody is there its answer and perhaps what comes next.
    fn round(&mut self, chat: &mut Chat<'a>, round: &'a Round, way: usize, answered: bool) {
        self.say(chat, Who::Buyer, &round.buyer[way], (4, 40));
        chat.labels.extend(round.says.iter().map(String::as_str));
        if !answered {
            return;
        }
        let own = round.agent.len() == round.buyer.len();
        let answer = if own { &round.agent[way] } else { self.dice.pick(&round.agent) };
        let wait = self.patience();
        self.say(chat, Who::Agent, answer, wait);
        if !round.then.is_empty() && self.dice.chance(0.4) {
            let (more, answer) = self.dice.pick(&round.then);
            self.say(chat, Who::Buyer, more, (8, 90));
            let wait = self.patience();
            self.say(chat, Who::Agent, answer, wait);
        }
        if self.asides.deal(1, 0.06) > 0 {
            let aside = self.dice.pick(&self.sentences.chats.aside);
            self.say(chat, Who::Agent, aside, (3, 20));
        }
    }

    fn presale(&mut self, says: &'a str, end: End<'a>, start: DateTime) -> Chat<'a> {
        let (round, way, sku) = self.ask("presale", says);
        let mut chat = self.open(sku, "presale", start);
        let unanswered = matches!(end, End::Unanswered);
        self.round(&mut chat, round, way, !unanswered);
        let talk = &self.sentences.chats;
        match end {
            End::Unanswered => {
                if self.dice.chance(0.5) {
                    self.say(&mut chat, Who::Buyer, "？", (60, 400));
                }
            }
            End::Silent => {
                if self.dice.chance(0.7) {
                    let thanks = self.dice.pick(&talk.thanks);
                    self.say(&mut chat, Who::Buyer, thanks, (10, 90));
                    let close = self.dice.pick(&talk.close);
                    self.say(&mut chat, Who::Agent, close, (5, 60));
                }
            }
            End::Bought => {
                let buy = self.dice.pick(&talk.buy);
                self.say(&mut chat, Who::Buyer, buy, (60, 1800));
                let ordered = chat.lines.last().map(|l| l.0 - self.dice.between(5, 50).seconds());
                chat.ordered = ordered;
                let answer = self.dice.pick(&talk.bought);
                self.say(&mut chat, Who::Agent, answer, (10, 120));
            }
            End::Lost(reason) => {
                let (i, way) = self.lost.get_mut(reason).expect("known reasons").take();
                let lost = &talk.lost[i];
                self.say(&mut chat, Who::Buyer, &lost.buyer[way], (20, 300));
                chat.labels.extend(lost.says.iter().map(String::as_str));
                chat.lost = Some(reason.split(' ').next().unwrap_or(reason).to_string());
                if self.dice.chance(0.5) {
                    let close = self.dice.pick(&talk.close);
                    self.say(&mut chat, Who::Agent, close, (10, 120));
                }
            }
        }
        chat
    }

    fn aftersale(&mut self, says: &'a str, start: DateTime) -> Chat<'a> {
        let (round, way, sku) = self.ask("aftersale", says);
        let mut chat = self.open(sku, "aftersale", start);
        if chat.lines.is_empty() {
            let number = self.dice.between(100_000_000, 999_999_999);
            chat.lines.push((start, Who::Buyer, format!("订单号：4421{number}208831")));
        }
        self.round(&mut chat, round, way, true);
        if round.agent.len() > 1 && self.dice.chance(0.5) {
            let thanks = self.dice.pick(&self.sentences.chats.thanks);
            self.say(&mut chat, Who::Buyer, thanks, (20, 300));
            let close = self.dice.pick(&self.sentences.chats.close);
            self.say(&mut chat, Who::Agent, close, (5, 90));
        }
        chat
    }
}

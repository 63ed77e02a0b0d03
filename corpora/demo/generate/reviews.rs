//! Deals sentences out to reviews, so that every label has its planned share in every month, no more noise
//! than rounding, and nobody praises and blames the same thing in one breath.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::dice::{Dice, Quota, Rota};
use crate::plan::{Plan, Sku};
use crate::sentences::{Sentence, Sentences};

/// Most sentences of one review.
const MOST: usize = 3;

/// One review before any platform has put it into its own shape.
pub struct Review<'a> {
    /// The listing.
    pub sku: &'a Sku,
    /// Running number, unique in the corpus.
    pub number: u64,
    /// When it was written.
    pub time: DateTime,
    /// 1 to 5.
    pub stars: u8,
    /// The first text; empty or the platform's own words if the buyer wrote nothing.
    pub text: String,
    /// The follow-up and its time.
    pub follow_up: Option<(DateTime, String)>,
    /// The shop's answer.
    pub reply: String,
    /// What it says, sorted.
    pub labels: BTreeSet<&'a str>,
    /// True if the buyer wrote nothing.
    pub silent: bool,
}

struct Draft<'a> {
    time: DateTime,
    said: Vec<Sentence<'a>>,
    silent: bool,
}

/// What two sentences of one review must not share: the category, all sizes being one.
fn topic(says: &str) -> &str {
    let category = says.split(' ').next().unwrap_or("");
    if category.starts_with("product/size/") { "product/size" } else { category }
}

fn stance(says: &str) -> &str {
    says.split(' ').nth(1).unwrap_or("")
}

impl<'a> Draft<'a> {
    fn count(&self, wanted: &str) -> usize {
        self.said.iter().flat_map(|s| s.says).filter(|l| stance(l) == wanted).count()
    }

    /// True if the sentence can be added: room, no topic twice, and nobody recommends what he complains of.
    fn takes(&self, sentence: &Sentence) -> bool {
        let topics: Vec<&str> = self.said.iter().flat_map(|s| s.says).map(|l| topic(l)).collect();
        let clash = |says: &str| {
            let sour = says.starts_with("loyalty/") && stance(says) == "praise" && self.count("complaint") > 0;
            let sweet = says.starts_with("loyalty/") && stance(says) == "complaint" && self.count("praise") > 0;
            topics.contains(&topic(says)) || sour || sweet || self.loyal_against(stance(says))
        };
        !self.silent && self.said.len() < MOST && !sentence.says.iter().any(|l| clash(l))
    }

    fn loyal_against(&self, added: &str) -> bool {
        let against = match added {
            "complaint" => "praise",
            "praise" => "complaint",
            _ => return false,
        };
        self.said.iter().flat_map(|s| s.says).any(|l| l.starts_with("loyalty/") && stance(l) == against)
    }
}

/// All reviews of all listings, in order of listing and time.
pub fn write_all<'a>(plan: &'a Plan, sentences: &'a Sentences) -> Vec<Review<'a>> {
    let mut reviews = Vec::new();
    for sku in &plan.sku {
        let mut writer = Writer::new(plan, sentences, sku);
        for month in 0..plan.months.len() {
            let drafts = writer.month(month);
            for draft in drafts {
                let number = reviews.len() as u64 + 1;
                reviews.push(writer.finish(draft, number));
            }
        }
    }
    reviews
}

struct Writer<'a> {
    plan: &'a Plan,
    sentences: &'a Sentences,
    sku: &'a Sku,
    dice: Dice,
    rates: BTreeMap<&'a str, f64>,
    quotas: BTreeMap<&'a str, Quota>,
    rotas: BTreeMap<&'a str, Rota<Sentence<'a>>>,
    plain: Rota<Sentence<'a>>,
    silence: [Quota; 2],
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan, sentences: &'a Sentences, sku: &'a Sku) -> Writer<'a> {
        let mut dice = Dice::new(plan.seed, &sku.id);
        let mut rates = plan.rates(sku);
        rates.retain(|says, _| !sentences.pool(sku, says).is_empty());
        let quotas = rates.keys().map(|says| (*says, Quota::new(&mut dice))).collect();
        let rotas = rates.keys().map(|says| (*says, Rota::new(sentences.pool(sku, says), &mut dice))).collect();
        let plain = Rota::new(sentences.pool(sku, ""), &mut dice);
        let silence = [Quota::new(&mut dice), Quota::new(&mut dice)];
        Writer { plan, sentences, sku, dice, rates, quotas, rotas, plain, silence }
    }

    /// One month of drafts.
    fn month(&mut self, month: usize) -> Vec<Draft<'a>> {
        let (first, days) = self.plan.month(month);
        let rows = (self.sku.per_month * self.plan.months[month].1).round() as usize;
        let mut drafts: Vec<Draft> = (0..rows)
            .map(|i| {
                let day = (i as f64 + self.dice.unit()) / rows as f64 * days as f64;
                let time = moment(first, day as i64, &mut self.dice);
                Draft { time, said: Vec::new(), silent: false }
            })
            .collect();
        drafts.sort_by_key(|d| d.time);
        self.silence(&mut drafts);
        let mut says: Vec<&str> = self.rates.keys().copied().collect();
        // Planted labels first: they are bound to dates. Then the common ones, while there is room.
        says.sort_by(|a, b| {
            let key = |s: &str| (self.plan.shift(self.sku, s).is_none(), -(self.rates[s] * 1e6) as i64);
            key(a).cmp(&key(b))
        });
        for label in says {
            self.deal(label, &mut drafts);
        }
        for draft in drafts.iter_mut().filter(|d| !d.silent) {
            let complains = draft.count("complaint") > 0;
            if draft.said.is_empty() || (!complains && draft.said.len() < MOST && self.dice.chance(0.12)) {
                draft.said.push(self.plain.take());
            }
        }
        drafts
    }

    /// Marks the rows in which the buyer says nothing.
    fn silence(&mut self, drafts: &mut [Draft]) {
        let quiet = self.silence[0].deal(drafts.len(), self.plan.default_praise + self.plan.empty);
        let mut order: Vec<usize> = (0..drafts.len()).collect();
        self.dice.shuffle(&mut order);
        order.iter().take(quiet).for_each(|&i| drafts[i].silent = true);
    }

    /// Gives a label its share of the drafts, before and after a planted shift.
    fn deal(&mut self, label: &'a str, drafts: &mut [Draft<'a>]) {
        let base = self.rates[label];
        let (since, after) = self.plan.shift(self.sku, label).unwrap_or((Date::MAX, base));
        for (shifted, rate) in [(false, base), (true, after)] {
            let here: Vec<usize> = (0..drafts.len())
                .filter(|&i| !drafts[i].silent && (drafts[i].time.date() >= since) == shifted)
                .collect();
            let quota = self.quotas.get_mut(label).expect("a quota for every label");
            for _ in 0..quota.deal(here.len(), rate) {
                let sentence = self.rotas.get_mut(label).expect("sentences for every label").take();
                let chosen = self.choose(&here, drafts, &sentence);
                drafts[chosen].said.push(sentence);
            }
        }
    }

    /// A draft that takes the sentence; those with less to say yet are likelier.
    fn choose(&mut self, here: &[usize], drafts: &[Draft], sentence: &Sentence) -> usize {
        let mut order = here.to_vec();
        self.dice.shuffle(&mut order);
        let open: Vec<usize> = order.into_iter().filter(|&i| drafts[i].takes(sentence)).collect();
        assert!(!open.is_empty(), "{}: no room for {:?}; lower a rate in plan.toml", self.sku.id, sentence.says);
        let likely = |d: &Draft| [1.0, 0.5, 0.2][d.said.len()];
        let found = open.iter().position(|&i| self.dice.chance(likely(&drafts[i])));
        open[found.unwrap_or(0)]
    }

    /// Puts the sentences together, with stars, follow-up and reply.
    fn finish(&mut self, mut draft: Draft<'a>, number: u64) -> Review<'a> {
        let labels: BTreeSet<&str> = draft.said.iter().flat_map(|s| s.says.iter().map(String::as_str)).collect();
        let stars = stars(&draft, &mut self.dice);
        let frame = &self.sentences.frame;
        let zh = self.sku.export != "amazon";
        // Praise mostly comes first.
        if self.dice.chance(0.75) {
            draft.said.sort_by_key(|s| s.says.iter().any(|l| stance(l) == "complaint"));
        }
        let can_follow = ["tmall", "jd"].contains(&self.sku.export.as_str()) && draft.said.len() > 1;
        let follow_up = (can_follow && self.dice.chance(self.plan.follow_up * 2.0)).then(|| {
            let last = draft.said.pop().expect("more than one");
            let later = (draft.time + self.dice.between(2, 25).days()).min(end_of_data(self.plan));
            let time = later.max(draft.time + 40.minutes());
            (time, format!("{}{}", self.dice.pick(&frame.follow_up), last.text))
        });
        let mut text = join(&draft.said, zh, &mut self.dice);
        if !draft.silent && zh && number.is_multiple_of(531) {
            text = format!("{text}，{}", self.dice.pick(&frame.personal));
        }
        if draft.silent
            && self.silence[1].deal(1, self.plan.default_praise / (self.plan.default_praise + self.plan.empty)) > 0
            && zh
        {
            text = self.dice.pick(&frame.default_praise).clone();
        }
        let reply = self.reply(stars, draft.silent);
        Review { sku: self.sku, number, time: draft.time, stars, text, follow_up, reply, labels, silent: draft.silent }
    }

    fn reply(&mut self, stars: u8, silent: bool) -> String {
        let frame = &self.sentences.frame;
        let own = self.plan.shop.iter().any(|s| s.name == self.sku.shop && s.own);
        if silent || !own || self.sku.export == "amazon" {
            String::new()
        } else if stars <= 3 && self.dice.chance(self.plan.reply) {
            self.dice.pick(&frame.reply_complaint).clone()
        } else if stars == 5 && self.dice.chance(0.06) {
            self.dice.pick(&frame.reply_praise).clone()
        } else {
            String::new()
        }
    }
}

/// A day of the month, at an hour when people write.
pub fn moment(first: Date, day: i64, dice: &mut Dice) -> DateTime {
    let hour = *dice.pick(&[8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23]);
    let date = first + day.days();
    date.at(hour, dice.below(60) as i8, dice.below(60) as i8, 0)
}

/// The last moment that the exports know.
pub fn end_of_data(plan: &Plan) -> DateTime {
    let (first, days) = plan.month(plan.months.len() - 1);
    (first + (days - 1).days()).at(23, 30, 0, 0)
}

/// Stars as such a text would get them.
fn stars(draft: &Draft, dice: &mut Dice) -> u8 {
    if draft.silent {
        return 5;
    }
    match (draft.count("complaint"), draft.count("praise")) {
        (0, 0) => *dice.pick(&[5, 5, 5, 5, 4]),
        (0, _) => *dice.pick(&[5, 5, 5, 5, 5, 5, 5, 4]),
        (1, 0) => *dice.pick(&[1, 1, 2, 2, 3]),
        (1, _) => *dice.pick(&[3, 3, 4, 4, 2]),
        _ => *dice.pick(&[1, 1, 2]),
    }
}

/// Sentences as people string them together: commas, full stops, spaces, nothing, now and then a turn or a face.
fn join(said: &[Sentence], zh: bool, dice: &mut Dice) -> String {
    let mut text = String::new();
    for (i, sentence) in said.iter().enumerate() {
        if i > 0 {
            let sour = |s: &Sentence| s.says.iter().any(|l| stance(l) == "complaint");
            let turns = sour(sentence) && !said[..i].iter().any(sour) && !said[i - 1].says.is_empty();
            let between: &[&str] = match (zh, turns) {
                (true, true) => &["，", "。", "，就是", "，但是", "，不过", " ", "。"],
                (true, false) => &["，", "，", "。", "。", " ", "！", "～", "；", "\n"],
                (false, true) => &[". ", ". ", ", but ", ". However, "],
                (false, false) => &[". ", ". ", "! ", ".\n"],
            };
            let joint = *dice.pick(between);
            text.push_str(joint);
            if matches!(joint, ", but " | ". However, ") && !sentence.text.starts_with("I ") {
                let mut letters = sentence.text.chars();
                text.extend(letters.next().map(|c| c.to_ascii_lowercase()));
                text.push_str(letters.as_str());
                continue;
            }
        }
        text.push_str(sentence.text);
    }
    if said.is_empty() {
        return text;
    }
    let sour = said.iter().any(|s| s.says.iter().any(|l| stance(l) == "complaint"));
    let faces: &[&str] =
        if sour { &["😡", "😭", "🙃", "💔"] } else { &["😊", "👍", "❤️", "🌹", "😄"] };
    match (dice.below(16), zh) {
        (0, _) => text.push_str(faces[dice.below(faces.len())]),
        (1..=4, true) => text.push('。'),
        (5..=6, true) => text.push('！'),
        (1..=8, false) => text.push('.'),
        _ => {}
    }
    text
}

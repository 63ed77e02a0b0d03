//! A conversation becomes a record: in order of time, its speakers told, its buyer's name out of the text.

use super::super::copies::mix;
use super::super::gather::Account;
use super::super::reader::When;
use super::super::uid::hash;
use super::talk::{Talk, Talks};
use super::{About, Message};
use crate::ingest::mask::Masker;
use crate::ingest::meaning::dates::{Clock, Stated};
use crate::ingest::source::{Other, Source};
use crate::words::{Kind, Moment, Record, Silence, Speaker, Turn, TurnKind, Uid, limits};

/// A buyer who is silent for a day begins another conversation, where sessions have no number of their own.
const SILENCE_ENDS: i64 = 24 * 3600;

/// What conversations need to become records.
pub(in crate::ingest::meaning) struct Builder<'a> {
    pub source: &'a Source,
    pub shop: &'a str,
    pub others: &'a [Other],
    pub masker: Masker,
    pub clock: Clock,
    /// True if the source has a column of times at all.
    pub dated: bool,
}

/// A conversation as a record, and how many rows of the file are in it.
pub(in crate::ingest::meaning) struct Built {
    pub record: Record,
    pub rows: u64,
    /// What its uid would be in each of the other shops.
    pub elsewhere: Vec<Uid>,
}

impl Builder<'_> {
    /// The records of a conversation; rows that cannot be in one are left out in the account.
    pub fn build(&self, mut talk: Talk, talks: &Talks, account: &mut Account<'_>) -> Vec<Built> {
        for stranger in talk.settle_speakers(talks).iter().filter(|m| m.counts) {
            account.leave_out(stranger.row, "unknown_role");
        }
        let guessed = talk.messages.iter().filter(|m| m.strange_role && m.counts).count();
        (0..guessed).for_each(|_| account.mark("role_guessed"));
        let times = self.times(&talk.messages, account);
        let mut messages: Vec<(Option<Moment>, Message)> =
            times.into_iter().zip(std::mem::take(&mut talk.messages)).collect();
        if self.dated && messages.iter().all(|(time, _)| time.is_none()) && !self.lacks_only_the_day(&messages) {
            for (_, message) in messages.iter().filter(|(_, m)| m.counts) {
                let reason = if message.when == When::Never { "no_date" } else { "bad_date" };
                account.leave_out(message.row, reason);
            }
            return Vec::new();
        }
        let lacking = messages.iter().filter(|(time, m)| self.dated && time.is_none() && m.counts).count();
        (0..lacking).for_each(|_| account.mark("message_without_time"));
        in_order(&mut messages, account);
        let mut built = Vec::new();
        for (part, messages) in parted(messages, talk.by_buyer).into_iter().enumerate() {
            built.extend(self.one(&talk, part, messages, account));
        }
        built
    }

    fn lacks_only_the_day(&self, messages: &[(Option<Moment>, Message)]) -> bool {
        messages.iter().any(|(_, m)| matches!(m.when, When::Partial(_)))
    }

    /// The times of the messages. Where only the time of day is told, the day on which the file was taken is
    /// the last one, and midnights that were passed are counted back from it.
    fn times(&self, messages: &[Message], account: &mut Account<'_>) -> Vec<Option<Moment>> {
        let mut above = None;
        let clocks = messages.iter().filter(|m| matches!(m.when, When::Partial(Stated::Clock(_)))).count();
        let mut times: Vec<Option<Moment>> = Vec::with_capacity(messages.len());
        for message in messages {
            let time = match message.when {
                When::At(moment) => Some(moment),
                When::Partial(stated) => self.clock.place(stated, above).ok(),
                When::Never | When::Bad(_) => None,
            };
            above = time.or(above);
            times.push(time);
        }
        if clocks > 0 && clocks == messages.len() {
            match (self.clock.captured, above) {
                (Some(captured), Some(last)) => {
                    let past = i64::from(last.day().0 - crate::words::Day::from_civil(captured).0) * 86_400;
                    times.iter_mut().flatten().for_each(|time| time.0 -= past);
                    account.mark("day_from_file");
                }
                _ => account.mark("time_without_day"),
            }
        }
        times
    }

    /// One record of a conversation, or of a part of it.
    fn one(
        &self,
        talk: &Talk,
        part: usize,
        messages: Vec<(Option<Moment>, Message)>,
        account: &mut Account<'_>,
    ) -> Option<Built> {
        let time = messages.iter().find_map(|(time, _)| *time);
        let row = messages.iter().map(|(_, m)| m.row).min()?;
        let about = gathered(&messages);
        let name = messages.iter().find_map(|(_, m)| {
            m.buyer.clone().or_else(|| m.sender.clone().filter(|_| m.speaker == Some(Speaker::Buyer)))
        });
        let name = name.or_else(|| talk.by_buyer.then(|| talk.key.clone()));
        let in_shop = |shop: &str| self.identity(shop, talk, part, time, &messages);
        let identity = in_shop(self.shop);
        let elsewhere = self.others.iter().map(|other| in_shop(&other.shop)).collect();
        let mut rows = 0;
        let mut turns: Vec<Turn> = Vec::with_capacity(messages.len().min(limits::TURNS));
        for (time, message) in messages {
            if turns.len() >= limits::TURNS {
                if message.counts {
                    account.leave_out(message.row, "too_many_turns");
                }
                continue;
            }
            rows += u64::from(message.counts);
            turns.push(self.turn(time, message, name.as_deref(), &about));
        }
        head(&mut turns, about.subject.as_deref());
        if let Some(text) = about.comment.clone().filter(|t| !t.is_empty()) {
            let time = turns.iter().rev().find_map(|t| t.time);
            turns.push(Turn { speaker: Speaker::Buyer, kind: TurnKind::Said, time, agent: None, text });
        }
        let heard = |t: &Turn| t.speaker == Speaker::Buyer && matches!(t.kind, TurnKind::Said | TurnKind::FollowUp);
        let last = turns.iter().rev().find_map(|t| t.time);
        let silence = (!turns.iter().any(heard)).then_some(Silence::Empty);
        let product_id =
            turns.iter().filter(|t| t.kind == TurnKind::Card).find_map(|t| super::content::product_of(&t.text));
        let product_id = if about.product_id.is_empty() { product_id.unwrap_or_default() } else { about.product_id };
        let sku =
            [&about.sku, &product_id, &about.product].into_iter().find(|s| !s.is_empty()).cloned().unwrap_or_default();
        let record = Record {
            uid: identity,
            kind: Kind::Chat,
            shop: self.shop.to_string(),
            buyer: name.and_then(|name| self.masker.keys.buyer(&about.platform, &name)),
            platform: about.platform,
            product_id,
            product: about.product,
            sku,
            variant: Vec::new(),
            stars: about.stars,
            time,
            // A yes without a day is dated by the last message.
            bought: about.bought.or_else(|| last.filter(|_| about.did_buy)),
            order: about.order,
            given: about.given,
            silence,
            near_copy: false,
            row,
            turns,
        };
        Some(Built { record, rows, elsewhere })
    }

    /// A session's number tells it from all others; a buyer's conversation is told by when it began.
    fn identity(
        &self,
        shop: &str,
        talk: &Talk,
        part: usize,
        time: Option<Moment>,
        messages: &[(Option<Moment>, Message)],
    ) -> Uid {
        let platform = &self.source.platform;
        let lasting = !talk.by_buyer && !talk.key.starts_with('#');
        let number = if lasting {
            hash(&["session", platform, shop, &talk.key])
        } else {
            let key = self.masker.keys.token("identity", "", &talk.key).to_string();
            let key = if talk.key.starts_with('#') { "" } else { &key };
            let began = time.map(|t| t.to_string());
            let first = messages.first().map_or("", |(_, m)| m.text.as_str());
            hash(&[
                "talk",
                platform,
                shop,
                key,
                began.as_deref().unwrap_or(first),
                if key.is_empty() { first } else { "" },
            ])
        };
        let part = if lasting { talk.part } else { talk.part + if time.is_none() { part as u32 } else { 0 } };
        Uid(if part == 0 { number } else { mix(number ^ u64::from(part)) })
    }

    fn turn(&self, time: Option<Moment>, message: Message, name: Option<&str>, about: &About) -> Turn {
        let speaker = message.speaker.unwrap_or(Speaker::System);
        let mut text = message.text;
        if let Some(name) = name
            && text.contains(name)
        {
            let token = self.masker.keys.token("buyer", "", name);
            text = self
                .masker
                .hide(&text, name, self.masker.keys.buyer(&about.platform, name).unwrap_or(token))
                .into_owned();
        }
        let agent = match speaker {
            Speaker::Agent => message.sender.or_else(|| about.agent.clone()),
            // In whose name a bot writes tells whether it assists a person.
            Speaker::Bot => message.sender,
            Speaker::Buyer | Speaker::System => None,
        };
        Turn { speaker, kind: message.kind, time, agent, text }
    }
}

/// Puts the subject of a mail or a ticket before the customer's first words, unless they say it themselves.
fn head(turns: &mut [Turn], subject: Option<&str>) {
    let Some(subject) = subject.map(str::trim).filter(|s| !s.is_empty()) else { return };
    let first = turns.iter_mut().find(|t| t.kind == TurnKind::Said && !t.text.is_empty());
    if let Some(turn) = first.filter(|t| t.speaker == Speaker::Buyer && !t.text.contains(subject)) {
        turn.text = format!("{subject}\n{}", turn.text);
    }
}

/// What all messages tell of the conversation: the first that says something.
fn gathered(messages: &[(Option<Moment>, Message)]) -> About {
    let mut all = About::default();
    for about in messages.iter().filter_map(|(_, m)| m.about.as_deref()) {
        for (to, from) in [
            (&mut all.platform, &about.platform),
            (&mut all.product_id, &about.product_id),
            (&mut all.product, &about.product),
            (&mut all.sku, &about.sku),
        ] {
            if to.is_empty() {
                to.clone_from(from);
            }
        }
        all.order = all.order.or(about.order);
        all.stars = all.stars.or_else(|| about.stars.clone());
        all.given = all.given.or_else(|| about.given.clone());
        all.agent = all.agent.or_else(|| about.agent.clone());
        all.comment = all.comment.or_else(|| about.comment.clone());
        all.subject = all.subject.or_else(|| about.subject.clone());
        all.bought = all.bought.or(about.bought);
        all.did_buy |= about.did_buy;
    }
    all
}

/// Puts messages in order of time. A log that runs backwards is turned round; a clock that jumps back is
/// counted; a message without a time stays behind the one above it.
fn in_order(messages: &mut [(Option<Moment>, Message)], account: &mut Account<'_>) {
    let times: Vec<Moment> = messages.iter().filter_map(|(time, _)| *time).collect();
    let (back, forth) = times.windows(2).fold((0, 0), |(back, forth), pair| match pair[0].cmp(&pair[1]) {
        std::cmp::Ordering::Greater => (back + 1, forth),
        std::cmp::Ordering::Less => (back, forth + 1),
        std::cmp::Ordering::Equal => (back, forth),
    });
    if back == 0 {
        return;
    }
    if back > forth {
        messages.reverse();
        account.mark("newest_first");
    } else {
        account.mark("clock_went_back");
    }
    let mut last = Moment(i64::MIN);
    let mut keys: Vec<Moment> = Vec::with_capacity(messages.len());
    for (time, _) in messages.iter() {
        last = time.unwrap_or(last);
        keys.push(last);
    }
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| keys[*at]);
    apply(messages, order);
}

/// Moves everything to its place: `order[n]` is what comes to place `n`.
fn apply<T>(items: &mut [T], mut order: Vec<usize>) {
    for start in 0..items.len() {
        let mut at = start;
        while order[at] != start {
            let from = order[at];
            items.swap(at, from);
            order[at] = at;
            at = from;
        }
        order[at] = at;
    }
}

/// One buyer's messages, parted where nobody spoke for a day.
fn parted(messages: Vec<(Option<Moment>, Message)>, by_buyer: bool) -> Vec<Vec<(Option<Moment>, Message)>> {
    let mut parts: Vec<Vec<(Option<Moment>, Message)>> = Vec::new();
    let mut last: Option<Moment> = None;
    for (time, message) in messages {
        let pause = time.zip(last).is_some_and(|(now, before)| now.0 - before.0 > SILENCE_ENDS);
        if parts.is_empty() || by_buyer && pause {
            parts.push(Vec::new());
        }
        last = time.or(last);
        parts.last_mut().expect("pushed above").push((time, message));
    }
    parts
}

#[cfg(test)]
mod tests {
    #[test]
    fn things_go_to_their_places() {
        let mut items = ["c", "a", "d", "b"];
        super::apply(&mut items, vec![1, 3, 0, 2]);
        assert_eq!(items, ["a", "b", "c", "d"]);
    }
}

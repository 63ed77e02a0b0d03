//! Chats: a row becomes a message, messages become conversations.

mod build;
mod content;
mod header;
mod log;
mod role;
mod seller_page;
mod talk;

use std::borrow::Cow;

pub(super) use build::Builder;
pub use log::Log;
pub(super) use talk::{Talk, Talks};

use super::id::id;
use super::reader::{Reader, Reading, What, When};
use super::review::platform;
use super::stars;
use super::uid::hash;
use crate::ingest::field::Field;
use crate::ingest::table::{Cell, LIST, Row};
use crate::words::{Moment, Speaker, Stars, Token, TurnKind};
use content::Content;
use log::{Speech, Spoken};

/// One message, not yet in its conversation.
pub(super) struct Message {
    /// Row of the file.
    pub row: u64,
    /// True for the message that stands for its row in the ledger.
    pub counts: bool,
    /// The conversation it names, or the buyer.
    pub talk: Option<String>,
    /// The buyer's name, if a column tells it.
    pub buyer: Option<String>,
    /// Who sent it, by name.
    pub sender: Option<String>,
    /// Who sent it, if a column tells the role.
    pub speaker: Option<Speaker>,
    /// True if a column should have told the role, in words that nobody knows.
    pub strange_role: bool,
    pub when: When,
    pub kind: TurnKind,
    pub text: String,
    /// For finding repeats: the platform's number, else time, sender and text. `None` if neither is there.
    pub same: Option<u64>,
    /// What it says of the conversation as a whole.
    pub about: Option<Box<About>>,
}

/// What a message tells of its conversation.
#[derive(Clone, Default)]
pub(super) struct About {
    pub platform: String,
    pub order: Option<Token>,
    pub product_id: String,
    pub product: String,
    pub sku: String,
    pub stars: Option<Stars>,
    pub given: Option<String>,
    pub agent: Option<String>,
    /// What the customer wrote with a rating of the service.
    pub comment: Option<String>,
    /// What a mail or a ticket is headed with.
    pub subject: Option<String>,
    /// When the buyer bought.
    pub bought: Option<Moment>,
    /// True if a column says that the buyer bought, and not when.
    pub did_buy: bool,
}

/// Reads one row: one message, or a dialog that stands in one cell.
pub(super) fn read(reader: &Reader<'_>, row: Row<'_>, reading: &mut Reading) -> What {
    let columns = &reader.columns;
    if is_log_entry(reader, row) {
        return What::Out("internal_note");
    }
    let text = columns.text(row, Field::Text).unwrap_or_default();
    let talk = id(columns.cell(row, Field::ConvId)).map(|i| i.text);
    let alone =
        columns.of(Field::Ts).is_empty() && columns.of(Field::Sender).is_empty() && columns.of(Field::Role).is_empty();
    if alone && text.len() == 32_767 || text.chars().count() == 32_767 {
        reading.marks.push("cell_cut");
    }
    let mut messages = match alone.then(|| Speech::of_cell(&text)).flatten() {
        Some(spoken) => dialog(reader, row, &spoken, reading),
        None if text.contains(LIST) => listed(reader, row, reading),
        None => vec![single(reader, row, &text, reading)],
    };
    if let Some(card) = card(reader, row, &messages, reading) {
        messages.insert(0, card);
    }
    let about = about(reader, row, reading);
    let buyer = columns.text(row, Field::Buyer).map(Cow::into_owned);
    for message in &mut messages {
        message.talk = talk.clone();
        message.buyer.clone_from(&buyer);
    }
    match messages.first_mut() {
        None => What::Out("empty"),
        Some(first) => {
            first.counts = true;
            first.about = about.map(Box::new);
            What::Messages(messages)
        }
    }
}

/// The product that a column refers to, as a card before the words about it.
fn card(reader: &Reader<'_>, row: Row<'_>, messages: &[Message], reading: &mut Reading) -> Option<Message> {
    let [message] = messages else { return None };
    let text = reader.columns.text(row, Field::ProductRef).filter(|t| *t != message.text)?;
    let mut card = Message::at(message.row, message.when);
    (card.sender, card.speaker, card.strange_role) = (message.sender.clone(), message.speaker, message.strange_role);
    (card.kind, card.text) = (TurnKind::Card, reader.keep(&text, reading));
    card.same = message.same.map(|same| hash(&["card", &same.to_string()]));
    Some(card)
}

/// Parts of a conversation that are no messages: notes, assignments, tags.
fn is_log_entry(reader: &Reader<'_>, row: Row<'_>) -> bool {
    const MESSAGES: &[&str] =
        &["comment", "message", "chat.msg", "chat", "msg", "text", "offline_msg", "open", "source"];
    let part = reader.columns.text(row, Field::PartType);
    part.is_some_and(|part| !MESSAGES.iter().any(|m| part.eq_ignore_ascii_case(m)))
}

impl Message {
    fn at(row: u64, when: When) -> Message {
        Message {
            row,
            counts: false,
            talk: None,
            buyer: None,
            sender: None,
            speaker: None,
            strange_role: false,
            when,
            kind: TurnKind::Said,
            text: String::new(),
            same: None,
            about: None,
        }
    }
}

/// A message in a row of its own.
fn single(reader: &Reader<'_>, row: Row<'_>, text: &str, reading: &mut Reading) -> Message {
    let columns = &reader.columns;
    let mut message = Message::at(row.number(), reader.when(row, Field::Ts));
    if message.when == When::Never {
        message.when = reader.when(row, Field::CreatedAt);
    }
    message.sender = columns.text(row, Field::Sender).map(Cow::into_owned);
    let role = columns.text(row, Field::Role);
    message.speaker = role.as_deref().and_then(|role| reader.role(role));
    message.strange_role = role.is_some() && message.speaker.is_none();
    let kind = columns.text(row, Field::MsgType).or(role.filter(|role| is_trigger(role)));
    // `客服：您好` where no column tells who speaks.
    let told = message.sender.is_none() && message.speaker.is_none() && !message.strange_role;
    let (text, by) = match header::named(text).filter(|_| told) {
        Some((name, rest)) if Speaker::written(name).is_some() => (rest, Speaker::written(name)),
        _ => (text, None),
    };
    message.speaker = message.speaker.or(by);
    fill(reader, &mut message, text, kind.as_deref(), reading);
    let number = columns.text(row, Field::MsgId);
    message.same = number.map(|n| hash(&["message", &n])).or(same(&message, text));
    message
}

/// What makes a message the same as another where it has no number.
fn same(message: &Message, text: &str) -> Option<u64> {
    let time = match message.when {
        When::At(moment) => moment.to_string(),
        When::Partial(stated) => format!("{stated:?}"),
        When::Never | When::Bad(_) => return None,
    };
    Some(hash(&[&time, message.sender.as_deref().unwrap_or(""), text]))
}

/// The text and what kind of message it makes.
fn fill(reader: &Reader<'_>, message: &mut Message, text: &str, kind: Option<&str>, reading: &mut Reading) {
    let content = Content::of(text, kind, &reader.source.platform);
    message.kind = content.kind;
    if let Some(speaker) = content.speaker {
        message.speaker = Some(speaker);
    }
    message.text = reader.keep(text, reading);
    if message.kind == TurnKind::Said && message.text.is_empty() {
        // Nothing but a tag or a sign without a form.
        message.kind = TurnKind::Recalled;
    }
}

/// A role that sends by itself: what it says is automatic.
fn is_trigger(role: &str) -> bool {
    role.eq_ignore_ascii_case("trigger") || role == "自动回复"
}

/// The messages of a dialog in one cell.
fn dialog(reader: &Reader<'_>, row: Row<'_>, spoken: &[Spoken], reading: &mut Reading) -> Vec<Message> {
    let message = |spoken: &Spoken| {
        let mut message = Message::at(row.number(), reader.place(Cell::Text(&spoken.at)));
        message.sender = Some(spoken.sender.clone());
        fill(reader, &mut message, &spoken.text, None, reading);
        message.same = same(&message, &spoken.text);
        message
    };
    spoken.iter().map(message).collect()
}

/// The messages of a conversation whose cells hold lists.
fn listed(reader: &Reader<'_>, row: Row<'_>, reading: &mut Reading) -> Vec<Message> {
    let columns = &reader.columns;
    let part = |field, at: usize| -> Option<String> {
        let cell = columns.cell(row, field);
        let text = super::cells::string(cell)?;
        let parts: Vec<&str> = text.split(LIST).collect();
        let one = if parts.len() == 1 { parts.first() } else { parts.get(at) };
        one.map(|p| p.trim().to_string()).filter(|p| !p.is_empty())
    };
    let text = columns.text(row, Field::Text).unwrap_or_default().into_owned();
    let mut messages = Vec::new();
    for (at, text) in text.split(LIST).enumerate() {
        let when = part(Field::Ts, at).map_or(When::Never, |t| reader.place(Cell::Text(&t)));
        let mut message = Message::at(row.number(), when);
        message.sender = part(Field::Sender, at);
        let role = part(Field::Role, at);
        message.speaker = role.as_deref().and_then(|role| reader.role(role));
        message.strange_role = role.is_some() && message.speaker.is_none();
        let kind = part(Field::MsgType, at).or(role.filter(|role| is_trigger(role)));
        fill(reader, &mut message, text, kind.as_deref(), reading);
        message.same = part(Field::MsgId, at).map(|n| hash(&["message", &n])).or(same(&message, text));
        messages.push(message);
    }
    messages
}

fn about(reader: &Reader<'_>, row: Row<'_>, reading: &mut Reading) -> Option<About> {
    let columns = &reader.columns;
    let whole = |field| id(columns.cell(row, field)).filter(|i| !i.damaged).map(|i| i.text);
    let csat = columns.cell(row, Field::RatingCsat);
    let order = whole(Field::OrderId).or_else(|| whole(Field::SuborderId));
    let product_id =
        whole(Field::ProductId).or_else(|| columns.text(row, Field::ProductRef).and_then(|r| content::product_of(&r)));
    let product = columns.text(row, Field::ProductTitle).map(Cow::into_owned);
    let about = About {
        platform: platform(reader, row),
        order: order.and_then(|o| reader.masker.keys.order(&o)),
        sku: whole(Field::SkuId).unwrap_or_default(),
        product_id: product_id.unwrap_or_default(),
        product: product.unwrap_or_default(),
        stars: stars::stars(csat, reader.source.scale).ok().flatten(),
        given: columns.text(row, Field::CategoryManual).map(|t| reader.keep(&t, reading)),
        agent: columns.text(row, Field::Agent).map(Cow::into_owned),
        comment: columns.text(row, Field::CsatComment).map(|t| reader.keep(&t, reading)),
        subject: columns.text(row, Field::Title).map(|t| reader.keep(&t, reading)),
        bought: reader.when(row, Field::BoughtAt).moment(),
        did_buy: columns.has(Field::Verified) && columns.flag(row, Field::Verified) == Some(true),
    };
    Some(about)
}

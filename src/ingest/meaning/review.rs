//! A row of a review export, or of a hand-kept sheet, as a record: the review, its follow-up, the seller's reply.

use super::id::{Id, id};
use super::reader::{Draft, Reader, Reading, What, When};
use super::uid::{Identity, content, is_lasting};
use super::{copies, silence, stars, variant};
use crate::ingest::field::Field;
use crate::ingest::table::{Cell, LIST, Row};
use crate::words::{Kind, Moment, Record, Silence, Speaker, Stars, Turn, TurnKind, Uid, platform_called};

/// Reads one row.
pub fn read(reader: &Reader<'_>, row: Row<'_>, reading: &mut Reading) -> What {
    let when = reader.when(row, Field::CreatedAt);
    let when = if when == When::Never { reader.when(row, Field::Ts) } else { when };
    let mut record = frame(reader, row, when, reading);
    let raw = words_of(reader, row);
    let turns = turns(reader, row, &raw, when.moment(), reading);
    record.silence = turns.silence;
    record.turns = turns.turns;
    let number = id(reader.columns.cell(row, Field::ReviewId));
    let is_nothing = record.turns.is_empty() && record.stars.is_none() && record.given.is_none();
    if is_nothing && when == When::Never && number.is_none() {
        return What::Out("empty");
    }
    let (identity, elsewhere) = identity(reader, row, &record, number, &raw, reading);
    let parent = parent(reader, row, &record);
    if parent.is_some() {
        record.turns.iter_mut().for_each(|turn| turn.kind = TurnKind::FollowUp);
    }
    let silent = record.silence.map(|s| match s {
        Silence::DefaultPraise => "default_praise",
        Silence::Empty => "empty",
    });
    // The words as they are kept, so that those of the workspace can be compared with them.
    let said = record.turns.iter().find(|t| t.speaker == Speaker::Buyer && t.kind == TurnKind::Said);
    let sketch = said.filter(|_| record.kind == Kind::Review).and_then(|t| copies::Sketch::of(&t.text));
    let named = [Field::Buyer, Field::Email].into_iter().any(|field| !reader.columns.cell(row, field).is_empty());
    let anyones = matches!(identity, Identity::Words(_)) && !named && copies::Sketch::is_too_short(&raw);
    let content = content(&record);
    What::Record(Box::new(Draft { record, identity, elsewhere, when, anyones, content, sketch, parent, silent }))
}

/// Everything but the words.
fn frame(reader: &Reader<'_>, row: Row<'_>, when: When, reading: &mut Reading) -> Record {
    let columns = &reader.columns;
    let text = |field| columns.text(row, field).map(|t| t.into_owned()).unwrap_or_default();
    let platform = platform(reader, row);
    let buyer = columns.text(row, Field::Buyer).or_else(|| columns.text(row, Field::Email));
    let order = [Field::OrderId, Field::SuborderId].into_iter().find_map(|f| id(columns.cell(row, f)));
    let damaged_order = order.as_ref().is_some_and(|o| o.damaged);
    let product = Some(text(Field::ProductTitle)).filter(|t| !t.is_empty());
    let product = product.unwrap_or_else(|| text(Field::ProductHandle));
    let mut whole = |field| {
        let found = id(columns.cell(row, field))?;
        if found.damaged {
            reading.marks.push("damaged_id");
        }
        (!found.damaged).then_some(found.text)
    };
    let product_id = whole(Field::ProductId).or_else(|| reader.source.product_id.clone()).unwrap_or_default();
    let sku = whole(Field::SkuId);
    if sku.is_some() && columns.text(row, Field::SkuId).is_some_and(|all| all.contains(LIST)) {
        reading.marks.push("more_skus");
    }
    let sku = sku.unwrap_or_else(|| if product_id.is_empty() { product.clone() } else { product_id.clone() });
    if damaged_order {
        reading.marks.push("damaged_id");
    }
    let stars = rating(reader, row, reading);
    let given = columns.text(row, Field::CategoryManual).map(|t| reader.keep(&t, reading)).filter(|t| !t.is_empty());
    if columns.flag(row, Field::Vine) == Some(true) {
        reading.marks.push("vine");
    }
    if columns.flag(row, Field::IsSyndicated) == Some(true) {
        reading.marks.push("syndicated");
    }
    Record {
        uid: Uid(0),
        kind: reader.source.kind,
        shop: reader.shop.to_string(),
        buyer: buyer.and_then(|name| reader.masker.keys.buyer(&platform, &name)),
        platform,
        product_id,
        product,
        sku,
        variant: attributes(reader, row, reading),
        stars,
        time: when.moment(),
        bought: reader.when(row, Field::BoughtAt).moment(),
        order: order.filter(|o| !o.damaged).and_then(|o| reader.masker.keys.order(&o.text)),
        given,
        silence: None,
        near_copy: false,
        row: row.number(),
        turns: Vec::new(),
    }
}

/// The platform that the row names, else the source's.
pub fn platform(reader: &Reader<'_>, row: Row<'_>) -> String {
    let Some(named) = reader.columns.text(row, Field::Platform) else { return reader.source.platform.clone() };
    platform_called(&named).map_or_else(|| named.to_lowercase(), str::to_string)
}

fn rating(reader: &Reader<'_>, row: Row<'_>, reading: &mut Reading) -> Option<Stars> {
    let columns = &reader.columns;
    let edge = |field| columns.cell(row, field).text().and_then(|t| t.parse::<f32>().ok());
    let scale = match (edge(Field::RatingMin), edge(Field::RatingMax)) {
        (min, Some(max)) => Some((min.unwrap_or(1.0), max)),
        (_, None) => reader.source.scale,
    };
    let mut bad = false;
    let mut first = |field, scale| {
        columns.of(field).iter().find_map(|column| {
            stars::stars(row.cell(*column), scale).unwrap_or_else(|_| {
                bad = true;
                None
            })
        })
    };
    let flag = || stars::three_way(columns.cell(row, Field::RatingRaw), reader.ranked).ok().flatten();
    let stars = first(Field::Rating, scale).or_else(flag).or_else(|| first(Field::RatingProduct, None));
    if stars.is_none() && bad {
        reading.marks.push("bad_rating");
    }
    stars
}

fn attributes(reader: &Reader<'_>, row: Row<'_>, reading: &mut Reading) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for column in reader.columns.of(Field::SkuText) {
        if let Some(text) = super::cells::string(row.cell(*column)) {
            let header = reader.source.headers.get(*column).map_or("", String::as_str);
            variant::add(&text, header, &mut all);
        }
    }
    for (_, value) in &mut all {
        let masked = reader.masker.mask(value, &mut |pii| reading.masked.push(pii));
        if let std::borrow::Cow::Owned(masked) = masked {
            *value = masked;
        }
    }
    all
}

/// The customer's words as the file has them: headline, text, what was liked and disliked, a word on the service.
fn words_of(reader: &Reader<'_>, row: Row<'_>) -> String {
    let columns = &reader.columns;
    let mut words = columns.text(row, Field::Text).map(|t| t.into_owned()).unwrap_or_default();
    if words.contains(crate::ingest::table::LIST) {
        words = columns.list(row, Field::Text).into_iter().map(|(_, t)| t).collect::<Vec<_>>().join("\n");
    }
    if let Some(title) = columns.text(row, Field::Title)
        && !words.starts_with(title.trim_end_matches(['.', '…']))
    {
        words = if words.is_empty() { title.into_owned() } else { format!("{title}\n{words}") };
    }
    for field in [Field::TextPros, Field::TextCons, Field::TextService] {
        if reader.columns.has(field) {
            for (_, more) in columns.list(row, field) {
                words = if words.is_empty() { more } else { format!("{words}\n{more}") };
            }
        }
    }
    words
}

struct Turns {
    turns: Vec<Turn>,
    silence: Option<Silence>,
}

fn turns(reader: &Reader<'_>, row: Row<'_>, raw: &str, time: Option<Moment>, reading: &mut Reading) -> Turns {
    let columns = &reader.columns;
    let mut turns = Vec::with_capacity(1);
    let by_flag = columns.has(Field::IsDefault) && columns.flag(row, Field::IsDefault) == Some(true);
    let mut silence = silence::silence(raw).or(by_flag.then_some(Silence::DefaultPraise));
    if silence != Some(Silence::Empty) {
        let (speaker, kind) = match silence {
            Some(_) => (Speaker::System, TurnKind::Automatic),
            None => (Speaker::Buyer, TurnKind::Said),
        };
        turns.push(Turn { speaker, kind, time, agent: None, text: reader.keep(raw, reading) });
    }
    if columns.has(Field::AppendText) {
        for turn in follow_ups(reader, row, time, reading) {
            silence = None;
            turns.push(turn);
        }
    }
    if columns.has(Field::Reply) {
        let reply_time = reader.when(row, Field::ReplyTime).moment();
        let agent = columns.text(row, Field::Agent).map(|a| a.into_owned());
        for (_, reply) in columns.list(row, Field::Reply) {
            let text = reader.keep(&reply, reading);
            let turn =
                Turn { speaker: Speaker::Agent, kind: TurnKind::Said, time: reply_time, agent: agent.clone(), text };
            turns.push(turn);
        }
    }
    if turns.iter().all(|turn| turn.time.is_some()) {
        turns.sort_by_key(|turn| turn.time);
    }
    Turns { turns, silence }
}

/// Follow-ups, each with its own date: told, or so many days after the review.
fn follow_ups(reader: &Reader<'_>, row: Row<'_>, time: Option<Moment>, reading: &mut Reading) -> Vec<Turn> {
    let columns = &reader.columns;
    let texts = columns.list(row, Field::AppendText);
    if texts.is_empty() {
        return Vec::new();
    }
    let times = columns.list(row, Field::AppendTime);
    let days = columns.text(row, Field::AppendDays).and_then(|d| digits(&d));
    let later = days.and_then(|days| Some(Moment(time?.0 + days * 86_400)));
    let told_alone = || if texts.len() == 1 { reader.when(row, Field::AppendTime).moment() } else { None };
    let mut turns = Vec::new();
    for (place, text) in &texts {
        if silence::silence(text).is_some() {
            continue;
        }
        let listed = times.iter().find(|(at, _)| at == place).and_then(|(_, t)| reader.place(Cell::Text(t)).moment());
        let time = listed.or_else(told_alone).or(later);
        let text = reader.keep(text, reading);
        turns.push(Turn { speaker: Speaker::Buyer, kind: TurnKind::FollowUp, time, agent: None, text });
    }
    turns
}

/// "14", "14天后", "14 days".
fn digits(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok().filter(|days| *days < 3650)
}

/// By the platform's number if it lasts; else by what is said, of what, by whom (and when). With it what it would be in each
/// of the other shops.
fn identity(
    reader: &Reader<'_>,
    row: Row<'_>,
    record: &Record,
    number: Option<Id>,
    raw: &str,
    reading: &mut Reading,
) -> (Identity, Vec<Identity>) {
    let in_all =
        |of: &dyn Fn(&str) -> Identity| (of(&record.shop), reader.others.iter().map(|o| of(&o.shop)).collect());
    if let Some(number) = number {
        if number.damaged {
            reading.marks.push("damaged_id");
        } else if !reader.source.weak_ids && is_lasting(&number.text) {
            return in_all(&|shop| Identity::of_number(&record.platform, shop, &number.text));
        }
    }
    let buyer = reader.columns.text(row, Field::Buyer).or_else(|| reader.columns.text(row, Field::Email));
    let buyer = buyer.map(|name| reader.masker.keys.token("identity", "", &name).to_string()).unwrap_or_default();
    let words = if record.silence.is_some() && raw.is_empty() { record.order.map(|o| o.to_string()) } else { None };
    let words = words.as_deref().unwrap_or(raw);
    in_all(&|shop| Identity::of_words([&record.platform, shop, &record.sku, &buyer, words]))
}

/// The review that this row follows up, where rows say so.
fn parent(reader: &Reader<'_>, row: Row<'_>, record: &Record) -> Option<Identity> {
    let columns = &reader.columns;
    if columns.of(Field::IsAppend).is_empty() || columns.flag(row, Field::IsAppend) != Some(true) {
        return None;
    }
    let parent = id(columns.cell(row, Field::ParentId)).filter(|p| !p.damaged && p.text != "0")?;
    Some(Identity::of_number(&record.platform, &record.shop, &parent.text))
}

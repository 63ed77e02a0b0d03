//! Which column carries which field: by a profile, by aliases, and as the operator says.

use super::{Column, Rank};
use crate::error::{Error, Result};
use crate::ingest::bytes::shown;
use crate::ingest::container::{Sheet, last};
use crate::ingest::field::Field;
use crate::ingest::source::{Mapping, Settings};
use crate::ingest::table::Cell;
use crate::ingest::vocabulary::{Other, Profile, known, normal};
use crate::said;
use crate::text::script::is_han;
use crate::words::{Kind, Said};

/// A row that may be the headers.
#[derive(Clone, Debug)]
pub struct HeaderRow {
    /// Its index in the sample; `None` if the container knows the headers.
    pub at: Option<usize>,
    /// The names of the columns, from left to right.
    pub names: Vec<String>,
}

impl HeaderRow {
    /// How many of the names are known.
    pub fn known_names(&self) -> usize {
        self.names.iter().filter(|n| !candidates(n.trim_start_matches('^'), true).is_empty()).count()
    }
}

/// One way to read a sheet.
pub struct Reading {
    /// The profile, if one was recognised.
    pub profile: Option<&'static Profile>,
    /// What its rows are.
    pub kind: Kind,
    /// Index of the header row in the sample.
    pub header: Option<usize>,
    /// The headers; `#1`, `#2` .. where there are none.
    pub headers: Vec<String>,
    /// Column -> field.
    pub mapping: Mapping,
    /// Columns that the profile knows.
    pub known: usize,
    /// How sure this is.
    pub rank: Rank,
    /// What the operator should know of it.
    pub notices: Vec<(&'static str, Said)>,
}

/// How many rows from the top may hold the headers.
const HEADER_ROWS: usize = 10;

/// The rows that may be headers.
pub fn header_rows(sheet: &Sheet) -> Vec<HeaderRow> {
    if let Some(headers) = &sheet.headers {
        let mut rows = vec![HeaderRow { at: None, names: headers.clone() }];
        // Pages of records: inside the list the names are those of the records.
        if let Some(each) = &sheet.each {
            let inner = |h: &String| {
                h.strip_prefix(each.as_str()).map_or(format!("^{h}"), |h| h.trim_start_matches('.').to_string())
            };
            rows.push(HeaderRow { at: None, names: headers.iter().map(inner).collect() });
        }
        return rows;
    }
    let rows = (0..sheet.sample.len().min(HEADER_ROWS)).map(|at| {
        let name = |cell: Cell<'_>| cell.text().unwrap_or_default().trim_matches('\u{feff}').to_string();
        HeaderRow { at: Some(at), names: sheet.sample.row(at).cells().map(name).collect() }
    });
    rows.filter(|row| row.names.iter().any(|n| !n.is_empty())).collect()
}

/// What a file without a customer's words is, by the names in one of these rows.
pub fn looks_like(rows: &[HeaderRow]) -> Option<Other> {
    let mut counts: Vec<(&Other, usize)> = Vec::new();
    for row in rows {
        for other in row.names.iter().filter_map(|name| known().against(name)) {
            match counts.iter_mut().find(|(o, _)| *o == other) {
                Some((_, n)) => *n += 1,
                None => counts.push((other, 1)),
            }
        }
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(other, _)| other.clone())
}

impl Reading {
    fn new(row: &HeaderRow, profile: Option<&'static Profile>) -> Reading {
        let kind = profile.map_or(Kind::Review, |p| p.kind);
        let headers = row.names.iter().map(|n| n.trim_start_matches('^').to_string()).collect();
        let (mapping, notices, rank) = (Mapping::default(), Vec::new(), Rank(0, 0.0));
        Reading { profile, kind, header: row.at, headers, mapping, known: 0, rank, notices }
    }

    /// A sheet whose headers are keys of fields.
    pub fn of_keys(sheet: &Sheet, profile: &'static Profile) -> Reading {
        let names = sheet.headers.clone().unwrap_or_default();
        let mut reading = Reading::new(&HeaderRow { at: None, names }, Some(profile));
        for (column, key) in reading.headers.iter().enumerate() {
            if let Ok(field) = key.parse() {
                reading.mapping.add(field, column);
            }
        }
        reading.rank = Rank(9, 0.0);
        reading
    }

    /// The readings by all profiles whose signature is there in full.
    pub fn by_signature(sheet: &Sheet, row: &HeaderRow) -> Vec<Reading> {
        let names: Vec<String> = row.names.iter().map(|n| normal(n)).collect();
        let there = |header: &String| names.contains(&normal(header));
        let inner = row.names.iter().any(|n| n.starts_with('^'));
        let mut found = Vec::new();
        for profile in &known().profiles {
            let Some(signature) = profile.signatures.iter().filter(|s| s.iter().all(there)).map(Vec::len).max() else {
                continue;
            };
            let is_each = sheet.each.as_ref().is_some_and(|each| profile.each.contains(each)) && !inner;
            // A list inside the records is no list of records, unless the profile says so.
            if sheet.each.is_some() && !is_each && !inner {
                continue;
            }
            let Some(mut reading) = Reading::of_profile(sheet, row.clone(), profile) else { continue };
            let all = row.names.iter().filter(|n| !n.trim().is_empty()).count();
            // Of two exports whose names are alike but for their spelling, it is the one that spells them so.
            let spelt = profile.signatures.iter().flatten().filter(|h| row.names.contains(h)).count();
            // A table that is mostly something else only shares some names with it.
            if sheet.headers.is_none() && reading.known * 2 < all {
                continue;
            }
            let class = if is_each {
                8
            } else if inner {
                6
            } else {
                7
            };
            reading.rank = Rank(class, reading.known as f64 + signature as f64 / 100.0 + spelt.min(9) as f64 / 10.0);
            found.push(reading);
        }
        found
    }

    /// The reading by one profile, if the words are there; other columns by their aliases.
    pub fn of_profile(sheet: &Sheet, row: HeaderRow, profile: &'static Profile) -> Option<Reading> {
        let mut reading = Reading::new(&row, Some(profile));
        let mut found: Vec<(Field, usize, usize)> = Vec::new();
        for (column, name) in row.names.iter().enumerate() {
            if let Some((field, rank)) = profile.field_of(name) {
                found.push((field, rank, column));
            }
        }
        found.sort();
        reading.known = found.len();
        for (field, _, column) in &found {
            reading.mapping.add(*field, *column);
        }
        reading.mapping.has(Field::Text).then(|| {
            reading.supplement(sheet);
            reading.rank = Rank(7, reading.known as f64);
            reading
        })
    }

    /// Fields that the profile lacks, or whose columns are empty, from columns that it does not know.
    fn supplement(&mut self, sheet: &Sheet) {
        let first = self.header.map_or(0, |h| h + 1);
        let looks: Vec<Column> = (0..self.headers.len()).map(|c| Column::of(&sheet.sample, first, c)).collect();
        let is_chat = self.kind == Kind::Chat;
        for (column, look) in looks.iter().enumerate() {
            if self.mapping.field(column).is_some() || look.filled == 0 {
                continue;
            }
            let fields = candidates(&self.headers[column], sheet.each.is_none());
            let free = |f: &Field| {
                let empty = *f == Field::Nothing || self.mapping.of(*f).iter().all(|c| looks[*c].filled == 0);
                let fits_kind = is_chat || !f.is_of_chat() || *f == Field::Agent;
                empty && fits_kind && *f != Field::Text
            };
            if let Some(field) = look.settles(&fields).filter(free) {
                self.mapping.add(field, column);
            }
        }
    }

    /// The reading of a sheet in which the operator named columns, however few others are known.
    pub fn told(sheet: &Sheet, settings: &Settings<'_>) -> Option<Reading> {
        let told = |row: &HeaderRow| {
            let has = |header: &str| row.names.iter().any(|name| normal(name) == normal(header));
            !settings.map.is_empty() && settings.map.iter().all(|(header, _)| header.starts_with('#') || has(header))
        };
        let row = header_rows(sheet).into_iter().find(told)?;
        Some(Reading::aliased(sheet, &row).0)
    }

    /// The reading by aliases, if at least two columns are known.
    pub fn by_aliases(sheet: &Sheet, row: &HeaderRow) -> Option<Reading> {
        let inner = row.names.iter().any(|n| n.starts_with('^'));
        if sheet.each.is_some() && !inner {
            return None;
        }
        let (reading, enough) = Reading::aliased(sheet, row);
        enough.then_some(reading)
    }

    /// The reading by aliases, and whether enough is known.
    fn aliased(sheet: &Sheet, row: &HeaderRow) -> (Reading, bool) {
        let inner = row.names.iter().any(|n| n.starts_with('^'));
        let mut reading = Reading::new(row, None);
        let first = row.at.map_or(0, |h| h + 1);
        // A list of messages with their roles holds the dialog, whatever text stands outside of it.
        let holds = |f| row.names.iter().any(|n| !n.starts_with('^') && known().fields(n).contains(&f));
        let dialog = inner && holds(Field::Role) && holds(Field::Text);
        let mut found: Vec<(Field, i64, usize)> = Vec::new();
        for (column, name) in row.names.iter().enumerate() {
            let outside = name.starts_with('^');
            let name = name.trim_start_matches('^');
            let fields = candidates(name, sheet.each.is_none());
            if fields.is_empty() || (dialog && outside && fields.contains(&Field::Text)) {
                continue;
            }
            let look = Column::of(&sheet.sample, first, column);
            let Some(field) = look.settles(&fields) else { continue };
            // The longest text is the text; of other columns the one with the more telling name.
            let worth = match field {
                Field::Text => (look.chars * 100.0) as i64,
                _ => normal(last(name)).chars().count() as i64 + if look.filled == 0 { -100 } else { 0 },
            };
            found.push((field, -worth, column));
        }
        found.sort();
        for (field, _, column) in &found {
            reading.mapping.add(*field, *column);
        }
        let known = found.iter().filter(|(f, ..)| *f != Field::Nothing).count();
        let words = reading.mapping.has(Field::Text);
        // A column that is called text and reads like it is enough.
        let reads_like_it = |c: usize| Column::of(&sheet.sample, first, c).is_free_text();
        // A list of texts under its name has no other column.
        let alone = row.at == Some(0) && row.names.iter().filter(|name| !name.trim().is_empty()).count() == 1;
        let enough = known >= 2
            || words && alone
            || words && row.known_names() >= 2
            || reading.mapping.first(Field::Text).is_some_and(reads_like_it);
        let class = match (inner, dialog) {
            (_, true) => 5,
            (true, _) => 3,
            _ => 4,
        };
        reading.rank = Rank(class, known as f64 + if words { 3.0 } else { 0.0 });
        reading.kind = reading.kind_by_fields();
        let timed = reading.mapping.has(Field::CreatedAt) || reading.mapping.has(Field::Ts);
        if timed && reading.mapping.has(Field::Sender) && sheet.container.ends_with("messages[]") {
            reading.kind = Kind::Chat;
        }
        (reading, enough)
    }

    /// What the rows are, by the fields that are there.
    pub fn kind_by_fields(&self) -> Kind {
        let has = |field| self.mapping.has(field);
        let named = |names: &[&str]| self.headers.iter().any(|h| names.contains(&normal(h).as_str()));
        let timed = has(Field::Ts) || has(Field::CreatedAt);
        if named(&LOST_TEXTS) {
            return Kind::Lost;
        }
        if named(&["退款原因", "退货原因", "售后原因", "售后单号", "退款编号", "售后编号"]) && has(Field::Text)
        {
            return Kind::Case;
        }
        let rated = has(Field::Rating) || has(Field::RatingRaw);
        let sent = self.headers.iter().any(|h| h.contains("发送") || h.contains("发言") || h.contains("聊天"));
        let chat =
            has(Field::ConvId) || has(Field::Role) || (timed && (sent || (has(Field::Sender) && named(&CHAT_TEXTS))));
        if chat && !rated {
            return Kind::Chat;
        }
        if has(Field::CategoryManual) && !rated { Kind::Log } else { Kind::Review }
    }

    /// Moves fields to where they belong for the kind of rows, and drops what the cells speak against.
    pub fn settle(&mut self, columns: &[Column]) {
        let pairs = [(Field::CreatedAt, Field::Ts), (Field::ReviewId, Field::MsgId), (Field::Buyer, Field::Sender)];
        let chat = self.kind == Kind::Chat;
        for (of_review, of_chat) in pairs {
            let (from, to) = if chat { (of_review, of_chat) } else { (of_chat, of_review) };
            // A chat has both a buyer and senders.
            if self.profile.is_none() && !(chat && from == Field::Buyer) && !self.mapping.has(to) {
                self.mapping.rename(from, to);
            }
        }
        if !chat {
            let keep = |f: Field| self.profile.is_some() || !matches!(f, Field::ConvId | Field::Role | Field::MsgType);
            self.mapping.retain(keep);
        }
        if self.profile.is_none() {
            self.settle_product(columns);
        }
        let is_agents = |c: &usize| self.headers[*c].contains("客服");
        if chat && self.mapping.has(Field::Role) && self.mapping.of(Field::Sender).iter().all(is_agents) {
            self.mapping.rename(Field::Sender, Field::Agent);
        }
        let time = if chat { Field::Ts } else { Field::CreatedAt };
        let unreadable = |c: &usize| columns.get(*c).is_some_and(|c| c.filled > 0 && c.dates < 0.5);
        if self.profile.is_some() && !self.mapping.of(time).is_empty() && self.mapping.of(time).iter().all(unreadable) {
            self.notices.push(("bad_dates", said!("时间列大多读不懂", "most cells of the time column are no dates")));
        }
        self.settle_by_cells(columns);
        self.note_dates_that_are_none(columns, time);
    }

    /// Tells of a column that is called a time and holds none, where no other one does.
    fn note_dates_that_are_none(&mut self, columns: &[Column], time: Field) {
        if self.profile.is_some() || self.mapping.has(time) {
            return;
        }
        let is_time = |c: &usize| {
            let fields = candidates(&self.headers[*c], true);
            self.mapping.field(*c).is_none()
                && columns.get(*c).is_some_and(|look| look.filled > 0)
                && fields.iter().any(|f| matches!(f, Field::CreatedAt | Field::Ts))
        };
        if let Some(column) = (0..self.headers.len()).find(is_time) {
            let column = shown(&self.headers[column]);
            self.notices.push((
                "bad_dates",
                said!(
                    "“{column}”列的内容不是能读懂的日期，未采用；请写成 2026-01-31",
                    "column “{column}” holds no dates that can be read and was not used; write them as 2026-01-31"
                ),
            ));
        }
    }
}

impl Reading {
    /// A product that is a number is an id; a headline that repeats from row to row is the product's name.
    fn settle_product(&mut self, columns: &[Column]) {
        let look = |mapping: &Mapping, field| mapping.first(field).and_then(|c: usize| columns.get(c));
        let is_number = |c: &Column| c.filled > 0 && c.numbers > 0.9;
        if !self.mapping.has(Field::ProductId) && look(&self.mapping, Field::ProductTitle).is_some_and(is_number) {
            self.mapping.rename(Field::ProductTitle, Field::ProductId);
        }
        if look(&self.mapping, Field::Title).is_some_and(Column::repeats) {
            let free = !self.mapping.has(Field::ProductTitle);
            self.mapping.rename(Field::Title, if free { Field::ProductTitle } else { Field::Nothing });
        }
    }
}

/// Names of text columns that only sheets of lost sales have.
const LOST_TEXTS: [&str; 9] = [
    "未成交原因",
    "流失原因",
    "未购买原因",
    "未下单原因",
    "reasonnotbought",
    "reasonfornotbuying",
    "whynotbought",
    "lostreason",
    "lostdealreason",
];
/// Names of text columns that only chats have.
const CHAT_TEXTS: [&str; 6] = ["消息内容", "对话内容", "message", "msg", "messagetext", "消息"];

/// The fields that a name may mean; for a path first as a whole, then by its last name and what it is of.
fn candidates(name: &str, whole_rows: bool) -> Vec<Field> {
    let fields = known().fields(name);
    if !fields.is_empty() {
        return fields.to_vec();
    }
    let fields = in_both_languages(name);
    if !fields.is_empty() {
        return fields;
    }
    let tail = last(name);
    if tail == name || tail.starts_with('@') || tail.contains('@') {
        return Vec::new();
    }
    let joined = known().fields(&name.replace(['.', '/'], "").replace("[]", ""));
    if !joined.is_empty() {
        return joined.to_vec();
    }
    let before = name.rfind(['.', '/']).map_or(String::new(), |at| name[..at].to_lowercase());
    let of = |words: &[&str]| words.iter().any(|w| before.contains(w));
    let fields = known().fields(tail);
    let is = |field| fields.contains(&field);
    let text = is(Field::Text);
    let time = is(Field::CreatedAt) || is(Field::Ts);
    if of(&["reply", "replies", "response", "回复"]) {
        return if text || is(Field::Reply) {
            vec![Field::Reply]
        } else if time {
            vec![Field::ReplyTime]
        } else {
            Vec::new()
        };
    }
    if of(&["append", "after", "followup", "follow_up", "additional", "追"]) {
        return if text || is(Field::AppendText) {
            vec![Field::AppendText]
        } else if time {
            vec![Field::AppendTime]
        } else {
            Vec::new()
        };
    }
    let named = matches!(normal(tail).as_str(), "name" | "title" | "nickname" | "nick" | "id" | "username");
    if named && of(&["product", "item", "goods", "sku", "商品"]) {
        return match normal(tail).as_str() {
            "id" => vec![Field::ProductId],
            "name" | "title" => vec![Field::ProductTitle],
            _ => Vec::new(),
        };
    }
    if named && of(&["user", "author", "buyer", "reviewer", "customer", "member", "profile"]) {
        return if normal(tail) == "id" { Vec::new() } else { vec![Field::Buyer] };
    }
    if named && !of(&["review", "comment", "rating", "feedback", "评价", "评论"]) {
        return Vec::new();
    }
    // In lists inside a row the cells of several elements are joined: no text of its own.
    if whole_rows && name.contains("[]") && (text || time) {
        return Vec::new();
    }
    fields.to_vec()
}

/// The fields of a header in two languages, such as `Review Date 评价时间` or `评分（Rating）`: what its Chinese part
/// means, unless the other part means something else.
fn in_both_languages(name: &str) -> Vec<Field> {
    let parts = || name.split(|c: char| c.is_whitespace() || "()（）/|-_[]【】".contains(c)).filter(|p| !p.is_empty());
    let (han, other): (Vec<&str>, Vec<&str>) = parts().partition(|part| part.chars().all(is_han));
    if han.is_empty() || other.is_empty() || other.iter().any(|part| part.contains(is_han)) {
        return Vec::new();
    }
    let (own, other) = (known().fields(&han.concat()), known().fields(&other.join(" ")));
    own.iter().copied().filter(|field| other.is_empty() || other.contains(field)).collect()
}

/// Does what `--map` says.
pub fn apply(reading: &mut Reading, settings: &Settings<'_>) -> Result<()> {
    for (header, field) in &settings.map {
        let by_number = header.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
        let by_name = reading.headers.iter().position(|h| normal(h) == normal(header));
        let Some(column) = by_name.or(by_number.filter(|n| *n < reading.headers.len())) else {
            let (header, all) =
                (shown(header), reading.headers.iter().map(|h| shown(h)).collect::<Vec<_>>().join(" | "));
            return Err(Error::new("unknown_header", said!("没有“{header}”这一列", "there is no column “{header}”"))
                .help(said!("列名：{all}", "columns: {all}")));
        };
        reading.mapping.remove(column);
        if *field != Field::Nothing && !matches!(field, Field::SkuText | Field::Images) {
            reading.mapping.retain(|f| f != *field);
        }
        reading.mapping.add(*field, column);
    }
    if !settings.map.is_empty() && reading.profile.is_none() {
        reading.kind = reading.kind_by_fields();
    }
    Ok(())
}

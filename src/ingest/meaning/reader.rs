//! What one row says by itself: a pure function of the row, called for many rows at once.

use super::cells::Columns;
use super::chat::Message;
use super::copies::Sketch;
use super::dates::{BadDate, Clock, Stated, read_cell};
use super::uid::Identity;
use super::{chat, review};
use crate::ingest::field::Field;
use crate::ingest::mask::{Masker, Pii};
use crate::ingest::source::{Other, Settings, Source};
use crate::ingest::table::{Cell, Row};
use crate::words::{Kind, Moment, Record, Speaker, limits};

/// What one row says, not yet set in relation to the other rows.
pub struct Reading {
    pub(super) row: u64,
    pub(super) what: What,
    /// Facts that are counted if the row is kept.
    pub(super) marks: Vec<&'static str>,
    /// What was masked.
    pub(super) masked: Vec<Pii>,
}

pub(super) enum What {
    /// Left out, and why.
    Out(&'static str),
    /// A review, or a row of a hand-kept sheet.
    Record(Box<Draft>),
    /// Messages of a conversation: one, or a whole dialog that stood in one cell.
    Messages(Vec<Message>),
}

/// A record that still lacks what only the rows around it tell.
pub(super) struct Draft {
    pub record: Record,
    pub identity: Identity,
    /// What its identity would be in each of the other shops.
    pub elsewhere: Vec<Identity>,
    pub when: When,
    /// True if anyone could have written it: no name, and a text so short that it repeats by chance.
    pub anyones: bool,
    /// What it says, for finding repeats.
    pub content: u64,
    pub sketch: Option<Sketch>,
    /// The row is a follow-up of this review.
    pub parent: Option<Identity>,
    /// Why a stored record is counted as left out.
    pub silent: Option<&'static str>,
}

/// A time as far as one row tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    /// The source has no dates, or the cell is empty.
    Never,
    /// On the shop's clock.
    At(Moment),
    /// It lacks its year or its day.
    Partial(Stated),
    /// A cell that gives no date.
    Bad(BadDate),
}

impl When {
    /// The moment, if the row alone tells it.
    pub fn moment(self) -> Option<Moment> {
        match self {
            When::At(moment) => Some(moment),
            _ => None,
        }
    }
}

/// Reads rows of one source, with no memory of the rows before.
pub struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) shop: &'a str,
    pub(super) others: &'a [Other],
    pub(super) columns: Columns,
    pub(super) clock: Clock,
    pub(super) masker: Masker,
    /// Longest text that is kept, in bytes.
    most: usize,
    /// A column called `rank` counts 1 bad, 2 neutral, 3 good.
    pub(super) ranked: bool,
    /// `is_spam` says with a plain yes what other columns say in words.
    pub(super) spam_flag: bool,
}

impl<'a> Reader<'a> {
    /// A reader of this source.
    pub fn new(source: &'a Source, settings: &'a Settings<'a>) -> Reader<'a> {
        let header_of =
            |field| source.mapping.first(field).and_then(|at| source.headers.get(at)).map(|h| h.to_lowercase());
        Reader {
            source,
            shop: &settings.shop,
            others: settings.others,
            columns: Columns::new(source),
            clock: Clock::of(source, settings),
            masker: Masker::new(settings.key, settings.keep_pii),
            most: settings.room.limits.text_bytes.min(limits::FIELD_BYTES),
            ranked: header_of(Field::RatingRaw).is_some_and(|h| h.trim() == "rank"),
            spam_flag: header_of(Field::Moderation).is_some_and(|h| h.contains("spam")),
        }
    }

    /// What the row says.
    pub fn read(&self, row: Row<'_>) -> Reading {
        let mut reading =
            Reading { row: row.number(), what: What::Out("empty"), marks: Vec::new(), masked: Vec::new() };
        reading.what = match self.unwanted(row) {
            Some(reason) => What::Out(reason),
            None if self.source.kind == Kind::Chat => chat::read(self, row, &mut reading),
            None => review::read(self, row, &mut reading),
        };
        reading
    }

    /// Rows that are no customer's at all.
    fn unwanted(&self, row: Row<'_>) -> Option<&'static str> {
        let columns = &self.columns;
        let set = |field| !columns.of(field).is_empty() && columns.flag(row, field) == Some(true);
        if set(Field::IsSeller) {
            return Some("seller_text");
        }
        if self.source.kind != Kind::Chat
            && columns.has(Field::Role)
            && columns.text(row, Field::Role).and_then(|role| self.role(&role)) == Some(Speaker::Agent)
        {
            return Some("seller_text");
        }
        if !columns.of(Field::IsPublic).is_empty() && columns.flag(row, Field::IsPublic) == Some(false) {
            return Some("internal_note");
        }
        if columns.has(Field::SampleFilter) && columns.text(row, Field::SampleFilter).is_some() {
            return Some("star_filtered");
        }
        let moderation = columns.text(row, Field::Moderation)?;
        let is = |words: &[&str]| words.iter().any(|w| moderation.eq_ignore_ascii_case(w));
        if is(&["spam", "fraud", "fake", "垃圾", "垃圾评论", "广告", "刷单"])
            || self.spam_flag && is(&["true", "1", "yes"])
        {
            return Some("spam");
        }
        is(&["rejected", "deleted", "disapproved", "removed", "已删除", "审核不通过"]).then_some("rejected")
    }

    /// The time of a field: the first column that can be read.
    pub(super) fn when(&self, row: Row<'_>, field: Field) -> When {
        let mut bad = None;
        for column in self.columns.of(field) {
            match self.place(row.cell(*column)) {
                When::Never => {}
                When::Bad(why) => bad = bad.or(Some(why)),
                told => return told,
            }
        }
        if let Some(constant) = self.columns.constant(field).filter(|_| bad.is_none()) {
            return self.place(Cell::Text(constant));
        }
        bad.map_or(When::Never, When::Bad)
    }

    /// The time that a cell states.
    pub(super) fn place(&self, cell: Cell<'_>) -> When {
        match read_cell(cell) {
            Ok(None) => When::Never,
            Err(why) => When::Bad(why),
            Ok(Some(stated)) if stated.is_partial() => When::Partial(stated),
            Ok(Some(stated)) => self.clock.place(stated, None).map_or_else(When::Bad, When::At),
        }
    }

    /// A text as it may be kept: freed of HTML, masked, cut at the limit.
    pub(super) fn keep(&self, text: &str, reading: &mut Reading) -> String {
        let plain = super::plain::plain(text);
        // What is masked may be longer than its mask: the text is cut well behind the limit first.
        let head = &plain[..plain.floor_char_boundary(2 * self.most)];
        let masked = self.masker.mask(head, &mut |pii| reading.masked.push(pii));
        if masked.len() <= self.most && head.len() == plain.len() {
            return masked.into_owned();
        }
        reading.marks.push("cut");
        masked[..masked.floor_char_boundary(self.most)].to_string()
    }
}

//! How one file is read: its profile, which column carries which field, and what settles dates and stars.

use std::sync::atomic::AtomicU64;

use jiff::{civil, tz::TimeZone};

use super::bytes::Room;
use super::container::OpenColumns;
use super::field::Field;
use super::meaning::Sketch;
use crate::error::Result;
use crate::words::{Kind, Record, called, keyed};

/// Which of three numbers is the day, the month, the year, where no year of four digits in front tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 31/01/2026.
    DayFirst,
    /// 01/31/2026.
    MonthFirst,
    /// 26-01-31.
    YearFirst,
}

keyed!(DateOrder { DayFirst = "day-first", MonthFirst = "month-first", YearFirst = "year-first" });

called!(DateOrder {
    DayFirst: "日月年", "日在前", "dmy", "dd/mm/yyyy";
    MonthFirst: "月日年", "月在前", "mdy", "mm/dd/yyyy";
    YearFirst: "年月日", "年在前", "ymd", "yyyy/mm/dd";
});

/// What a workspace holds of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing.
    Nothing,
    /// The same record with other words or stars.
    Another,
    /// This very record: same uid, same content.
    This,
}

/// Another shop of the workspace.
pub struct Other {
    /// Its name.
    pub shop: String,
    /// How many of the records that are new here it holds already.
    pub holds: AtomicU64,
}

/// What the operator said, and what the workspace knows.
pub struct Settings<'a> {
    /// Name of the shop.
    pub shop: String,
    /// The shop's own clock: every moment of a record is read on it.
    pub home: TimeZone,
    /// `--tz`: zone of times that carry none; else the profile's, else the shop's.
    pub zone: Option<TimeZone>,
    /// Platform of the shop, for exports that do not tell it.
    pub platform: Option<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--map header=field`.
    pub map: Vec<(String, Field)>,
    /// `--date-order`.
    pub date_order: Option<DateOrder>,
    /// `--capture-date`: the day on which "yesterday" and times without a date were written down.
    pub captured: Option<civil::Date>,
    /// The workspace's secret for tokens.
    pub key: [u8; 32],
    /// `--keep-pii`: do not mask.
    pub keep_pii: bool,
    /// What the workspace holds of a record.
    pub held: Option<&'a (dyn Fn(&Record) -> Result<Held> + Sync)>,
    /// The other shops: the same record may be theirs.
    pub others: &'a [Other],
    /// The texts of the workspace's reviews, as sketches: what near copies are told by.
    pub earlier: Option<&'a (dyn Fn() -> Result<Vec<Sketch>> + Sync)>,
    /// Called with the bytes read so far and the size of the file, if known.
    pub progress: Option<&'a (dyn Fn(u64, Option<u64>) + Sync)>,
    /// Opens Parquet files, which `records` can.
    pub columns: Option<&'a OpenColumns>,
    /// Where the input may be unpacked, and how much of it is read.
    pub room: Room,
}

impl Settings<'_> {
    /// Settings of a shop on Shanghai's clock, with nothing said.
    pub fn new(shop: impl Into<String>, key: [u8; 32]) -> Self {
        let home = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
        Settings {
            shop: shop.into(),
            home,
            zone: None,
            profile: None,
            platform: None,
            map: Vec::new(),
            date_order: None,
            captured: None,
            key,
            keep_pii: false,
            held: None,
            others: &[],
            earlier: None,
            progress: None,
            columns: None,
            room: Room::default(),
        }
    }
}

/// The decided reading of one table: all that meaning needs to know beside the rows.
#[derive(Clone, Debug)]
pub struct Source {
    /// The profile's key, or `aliases`.
    pub profile: String,
    /// Platform key such as `tmall`; empty if unknown.
    pub platform: String,
    /// What a row is, or a part of.
    pub kind: Kind,
    /// The headers, as the file writes them.
    pub headers: Vec<String>,
    /// Column -> field. A field may have several columns: the order of [`Mapping::of`] is their rank.
    pub mapping: Mapping,
    /// Order of numeric dates with the year last, if it could be settled.
    pub date_order: Option<DateOrder>,
    /// Zone of times that carry none.
    pub zone: TimeZone,
    /// Lowest and highest rating of the source, if not 1 to 5.
    pub scale: Option<(f32, f32)>,
    /// The day of "yesterday" and of times without a date: `--capture-date`, else from the file's name.
    pub captured: Option<civil::Date>,
    /// Product id from the file's name, where the profile says that it stands there.
    pub product_id: Option<String>,
    /// Fields of the file as a whole, such as the buyer and the shop of a chat dump.
    pub constants: Vec<(Field, String)>,
    /// True if the review ids only count the rows: they tell rows of one file apart, and nothing else.
    pub weak_ids: bool,
    /// Name of the file's stem: tells conversations of different files apart.
    pub file: String,
}

/// Which column carries which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// (field, columns in order of rank), sorted by field.
    fields: Vec<(Field, Vec<usize>)>,
}

impl Mapping {
    /// Adds a column, of lower rank than those already there.
    pub fn add(&mut self, field: Field, column: usize) {
        match self.fields.binary_search_by_key(&field, |(f, _)| *f) {
            Ok(at) if self.fields[at].1.contains(&column) => {}
            Ok(at) => self.fields[at].1.push(column),
            Err(at) => self.fields.insert(at, (field, vec![column])),
        }
    }

    /// Takes a column out.
    pub fn remove(&mut self, column: usize) {
        self.fields.iter_mut().for_each(|(_, columns)| columns.retain(|c| *c != column));
        self.fields.retain(|(_, columns)| !columns.is_empty());
    }

    /// Keeps the fields that are wanted.
    pub fn retain(&mut self, wanted: impl Fn(Field) -> bool) {
        self.fields.retain(|(field, _)| wanted(*field));
    }

    /// Gives the columns of one field to another.
    pub fn rename(&mut self, from: Field, to: Field) {
        if let Ok(at) = self.fields.binary_search_by_key(&from, |(f, _)| *f) {
            let (_, columns) = self.fields.remove(at);
            columns.into_iter().for_each(|column| self.add(to, column));
        }
    }

    /// The columns of a field, best first.
    pub fn of(&self, field: Field) -> &[usize] {
        self.fields.binary_search_by_key(&field, |(f, _)| *f).map_or(&[], |at| &self.fields[at].1)
    }

    /// The best column of a field.
    pub fn first(&self, field: Field) -> Option<usize> {
        self.of(field).first().copied()
    }

    /// True if a column carries the field.
    pub fn has(&self, field: Field) -> bool {
        self.first(field).is_some()
    }

    /// The field of a column.
    pub fn field(&self, column: usize) -> Option<Field> {
        self.fields.iter().find(|(_, columns)| columns.contains(&column)).map(|(f, _)| *f)
    }

    /// All fields with their columns.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &[usize])> {
        self.fields.iter().map(|(f, columns)| (*f, columns.as_slice()))
    }
}

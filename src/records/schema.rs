//! The columns of a record file, as any engine sees them.
//!
//! | column | Parquet type | meaning |
//! |---|---|---|
//! | `uid` | INT64 | identity, the bits of the unsigned number whose 16 hex digits every command shows |
//! | `version` | INT64 | hash of what was said; two rows of one `uid` differ in it |
//! | `kind` | string | `review`, `chat`, `log`, `lost`, `case` |
//! | `shop`, `platform`, `product_id`, `product`, `sku` | string, null if unknown | where it belongs |
//! | `variant` | list of {`name`, `value`} | 颜色 = 黑 |
//! | `stars`, `stars_raw` | FLOAT 1.0 to 5.0, string | the rating, normalised and as it was |
//! | `time`, `bought` | TIMESTAMP millis, no zone | the shop's wall clock; the zone is `earful.zone` of the metadata |
//! | `buyer_token`, `order_token` | INT64 | keyed hashes; nothing leads back from them |
//! | `given` | string | the category that a person gave it in the source |
//! | `silence` | string | `default_praise`, `empty`: it carries no words of the buyer |
//! | `near_copy` | BOOLEAN | its text nearly repeats an earlier record's |
//! | `row` | INT64 | row in the source file |
//! | `turns` | list of {`speaker`, `kind`, `time`, `agent`, `text`} | the verbatims |
//!
//! Signed integers and milliseconds, because Spark knows no others. Few-valued columns are dictionary
//! encoded. Metadata: `earful.schema`, `earful.id` (a hash of the content: what caches are keyed by),
//! `earful.zone`, `earful.source`, `earful.source_hash`, `earful.ledger` (JSON), `earful.purged` (rows).
//! A later version of a record is a later row with the same `uid`: the newest counts, the first is kept.

use std::ops::BitOr;
use std::sync::{Arc, LazyLock};

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::schema::types::SchemaDescriptor;

/// Version of the columns; a file of another version is refused, never misread.
pub const SCHEMA_VERSION: &str = "1";

pub(super) const META_SCHEMA: &str = "earful.schema";
pub(super) const META_ID: &str = "earful.id";
pub(super) const META_ZONE: &str = "earful.zone";
pub(super) const META_SOURCE: &str = "earful.source";
pub(super) const META_HASH: &str = "earful.source_hash";
pub(super) const META_LEDGER: &str = "earful.ledger";
pub(super) const META_PURGED: &str = "earful.purged";

/// Which columns a scan reads; the fewer, the faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields(u32);

/// One line a column: constant, leaf column of the file.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $bit:literal : [$($leaf:literal),+];)+) => {
        impl Fields {
            $($(#[$doc])* pub const $name: Fields = Fields(1 << $bit);)+
            const LEAVES: &'static [(Fields, &'static [&'static str])] = &[$((Fields::$name, &[$($leaf),+])),+];
        }
    };
}

fields! {
    /// Identity.
    UID = 0: ["uid"];
    /// Hash of what was said.
    VERSION = 1: ["version"];
    /// What it is.
    KIND = 2: ["kind"];
    /// Shop.
    SHOP = 3: ["shop"];
    /// Platform key.
    PLATFORM = 4: ["platform"];
    /// Product id and title.
    PRODUCT = 5: ["product_id", "product"];
    /// SKU.
    SKU = 6: ["sku"];
    /// Variant attributes.
    VARIANT = 7: ["variant.list.element.name", "variant.list.element.value"];
    /// Normalised stars.
    STARS = 8: ["stars"];
    /// Stars as they were.
    STARS_RAW = 9: ["stars_raw"];
    /// When it was written.
    TIME = 10: ["time"];
    /// When the thing was bought.
    BOUGHT = 11: ["bought"];
    /// Buyer token.
    BUYER = 12: ["buyer_token"];
    /// Order token.
    ORDER = 13: ["order_token"];
    /// Category given in the source.
    GIVEN = 14: ["given"];
    /// Why it says nothing.
    SILENCE = 15: ["silence"];
    /// Near copies.
    NEAR_COPY = 16: ["near_copy"];
    /// Row in the source.
    ROW = 17: ["row"];
    /// Turns: speaker, kind and text.
    TURNS = 18: ["turns.list.element.speaker", "turns.list.element.kind", "turns.list.element.text"];
    /// Turns: speaker, kind, time and agent, without the text.
    CLOCK = 19: [
        "turns.list.element.speaker", "turns.list.element.kind", "turns.list.element.time", "turns.list.element.agent"
    ];
}

impl Fields {
    /// Every column.
    pub const ALL: Fields = Fields((1 << 20) - 1);
    /// What the classifier reads: a [`View`](crate::words::View).
    pub const VIEW: Fields =
        Fields(Fields::KIND.0 | Fields::PLATFORM.0 | Fields::SKU.0 | Fields::STARS.0 | Fields::TURNS.0);

    /// True if all of `other` are among these.
    pub fn has(self, other: Fields) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn mask(self, columns: &SchemaDescriptor) -> ProjectionMask {
        let wanted = Fields::LEAVES.iter().filter(|(field, _)| self.has(*field)).flat_map(|(_, leaves)| *leaves);
        ProjectionMask::columns(columns, wanted.copied())
    }
}

impl BitOr for Fields {
    type Output = Fields;

    fn bitor(self, other: Fields) -> Fields {
        Fields(self.0 | other.0)
    }
}

/// Text with few values.
pub(super) fn names_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

pub(super) fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, None)
}

/// The parts of a variant attribute.
pub(super) fn variant_parts() -> Vec<Field> {
    vec![Field::new("name", names_type(), false), Field::new("value", names_type(), false)]
}

/// The parts of a turn.
pub(super) fn turn_parts() -> Vec<Field> {
    vec![
        Field::new("speaker", names_type(), false),
        Field::new("kind", names_type(), false),
        Field::new("time", time_type(), true),
        Field::new("agent", names_type(), true),
        Field::new("text", DataType::Utf8, false),
    ]
}

pub(super) fn element(parts: Vec<Field>) -> Field {
    Field::new("element", DataType::Struct(parts.into()), false)
}

/// The columns, in order.
pub(super) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let list = |parts| DataType::List(Arc::new(element(parts)));
    Arc::new(Schema::new(vec![
        Field::new("uid", DataType::Int64, false),
        Field::new("version", DataType::Int64, false),
        Field::new("kind", names_type(), false),
        Field::new("shop", names_type(), true),
        Field::new("platform", names_type(), true),
        Field::new("product_id", names_type(), true),
        Field::new("product", names_type(), true),
        Field::new("sku", names_type(), true),
        Field::new("variant", list(variant_parts()), false),
        Field::new("stars", DataType::Float32, true),
        Field::new("stars_raw", names_type(), true),
        Field::new("time", time_type(), true),
        Field::new("bought", time_type(), true),
        Field::new("buyer_token", DataType::Int64, true),
        Field::new("order_token", DataType::Int64, true),
        Field::new("given", names_type(), true),
        Field::new("silence", names_type(), true),
        Field::new("near_copy", DataType::Boolean, false),
        Field::new("row", DataType::Int64, false),
        Field::new("turns", list(turn_parts()), false),
    ]))
});

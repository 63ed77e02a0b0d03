//! A row group in memory: cheap accessors by row, and views for the classifier without a copy of any text.

use std::ops::Range;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, BooleanArray, DictionaryArray, Float32Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
    TimestampMillisecondArray,
};

use super::writer::silence_key;
use crate::words::{Kind, Moment, Record, Silence, Speaker, Stars, Token, Turn, TurnKind, TurnView, Uid, View};

/// A column with few values: each row holds a number, each number a name.
#[derive(Clone, Debug)]
pub struct Names {
    keys: DictionaryArray<Int32Type>,
    values: StringArray,
}

impl Names {
    fn of(column: &dyn Array) -> Option<Names> {
        let keys = column.as_any().downcast_ref::<DictionaryArray<Int32Type>>()?.clone();
        let values = keys.values().as_any().downcast_ref::<StringArray>()?.clone();
        Some(Names { keys, values })
    }

    /// The name in this row; empty if unknown.
    pub fn get(&self, at: usize) -> &str {
        self.number(at).map_or("", |number| self.values.value(number))
    }

    /// The number of the name in this row, valid in this batch only; `None` if unknown.
    pub fn number(&self, at: usize) -> Option<usize> {
        self.keys.key(at)
    }

    /// The name of a number.
    pub fn name(&self, number: usize) -> &str {
        self.values.value(number)
    }

    /// How many numbers there are.
    pub fn numbers(&self) -> usize {
        self.values.len()
    }

    /// Reads every name once: what each number stands for, or `None` if one stands for nothing known.
    fn decode<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        (0..self.numbers()).map(|number| parse(self.name(number))).collect()
    }
}

/// A column with few values, each of them a word of the house.
#[derive(Clone, Debug)]
struct Coded<T> {
    names: Names,
    values: Vec<T>,
}

impl<T: Copy> Coded<T> {
    fn of(column: &dyn Array, parse: impl Fn(&str) -> Option<T>) -> Option<Coded<T>> {
        let names = Names::of(column)?;
        let values = names.decode(parse)?;
        Some(Coded { names, values })
    }

    fn get(&self, at: usize) -> Option<T> {
        self.names.number(at).map(|number| self.values[number])
    }
}

/// Rows of one row group, with the columns that were asked for. Asking for another column is a mistake of
/// the program and panics with the column's name.
#[derive(Clone, Debug)]
pub struct Batch {
    file: usize,
    start: u32,
    rows: usize,
    uid: Option<Int64Array>,
    version: Option<Int64Array>,
    kind: Option<Coded<Kind>>,
    shop: Option<Names>,
    platform: Option<Names>,
    product_id: Option<Names>,
    product: Option<Names>,
    sku: Option<Names>,
    variant: Option<(ListArray, Names, Names)>,
    stars: Option<Float32Array>,
    stars_raw: Option<Names>,
    time: Option<TimestampMillisecondArray>,
    bought: Option<TimestampMillisecondArray>,
    buyer: Option<Int64Array>,
    order: Option<Int64Array>,
    given: Option<Names>,
    silence: Option<Coded<Silence>>,
    near_copy: Option<BooleanArray>,
    row: Option<Int64Array>,
    turns: Option<Turns>,
}

#[derive(Clone, Debug)]
struct Turns {
    list: ListArray,
    speaker: Coded<Speaker>,
    kind: Coded<TurnKind>,
    time: Option<TimestampMillisecondArray>,
    agent: Option<Names>,
    text: Option<StringArray>,
}

/// A column that is there has the type of the schema, or the file is not one of ours: `Err`.
type Column<T> = std::result::Result<Option<T>, ()>;

fn typed<T: Clone + 'static>(column: Option<&dyn Array>) -> Column<T> {
    column.map(|c| c.as_any().downcast_ref::<T>().cloned().ok_or(())).transpose()
}

fn named(column: Option<&dyn Array>) -> Column<Names> {
    column.map(|c| Names::of(c).ok_or(())).transpose()
}

fn coded<T: Copy>(column: Option<&dyn Array>, parse: impl Fn(&str) -> Option<T>) -> Column<Coded<T>> {
    column.map(|c| Coded::of(c, parse).ok_or(())).transpose()
}

fn structs(list: &ListArray) -> std::result::Result<&StructArray, ()> {
    list.values().as_any().downcast_ref::<StructArray>().ok_or(())
}

fn part<'a>(parts: &'a StructArray, name: &str) -> Option<&'a dyn Array> {
    parts.column_by_name(name).map(|c| c.as_ref())
}

impl Batch {
    /// `None` if the columns are not those of the schema.
    pub(super) fn new(file: usize, start: u32, columns: &RecordBatch) -> Option<Batch> {
        Batch::build(file, start, columns).ok()
    }

    fn build(file: usize, start: u32, columns: &RecordBatch) -> std::result::Result<Batch, ()> {
        let get = |name: &str| columns.column_by_name(name).map(|c| c.as_ref());
        let silence = |key: &str| [Silence::DefaultPraise, Silence::Empty].into_iter().find(|s| silence_key(*s) == key);
        let variant = match typed::<ListArray>(get("variant"))? {
            None => None,
            Some(list) => {
                let parts = structs(&list)?;
                let (name, value) = (named(part(parts, "name"))?.ok_or(())?, named(part(parts, "value"))?.ok_or(())?);
                Some((list, name, value))
            }
        };
        Ok(Batch {
            file,
            start,
            rows: columns.num_rows(),
            uid: typed(get("uid"))?,
            version: typed(get("version"))?,
            kind: coded(get("kind"), Kind::from_key)?,
            shop: named(get("shop"))?,
            platform: named(get("platform"))?,
            product_id: named(get("product_id"))?,
            product: named(get("product"))?,
            sku: named(get("sku"))?,
            variant,
            stars: typed(get("stars"))?,
            stars_raw: named(get("stars_raw"))?,
            time: typed(get("time"))?,
            bought: typed(get("bought"))?,
            buyer: typed(get("buyer_token"))?,
            order: typed(get("order_token"))?,
            given: named(get("given"))?,
            silence: coded(get("silence"), silence)?,
            near_copy: typed(get("near_copy"))?,
            row: typed(get("row"))?,
            turns: typed(get("turns"))?.map(Turns::of).transpose()?,
        })
    }

    /// The file's place in [`Store::files`](super::Store::files).
    pub fn file(&self) -> usize {
        self.file
    }

    /// The ordinal, within its file, of the first row.
    pub fn start(&self) -> u32 {
        self.start
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The identity of a row's record.
    pub fn uid(&self, at: usize) -> Uid {
        Uid(read(&self.uid, "uid").value(at) as u64)
    }

    /// Hash of what was said.
    pub fn version(&self, at: usize) -> u64 {
        read(&self.version, "version").value(at) as u64
    }

    /// What sort of record a row is.
    pub fn kind(&self, at: usize) -> Kind {
        read(&self.kind, "kind").get(at).unwrap_or(Kind::Review)
    }

    /// The names of the shops, by number.
    pub fn shops(&self) -> &Names {
        read(&self.shop, "shop")
    }

    /// The platform keys, by number.
    pub fn platforms(&self) -> &Names {
        read(&self.platform, "platform")
    }

    /// The product ids, by number.
    pub fn product_ids(&self) -> &Names {
        read(&self.product_id, "product_id")
    }

    /// Product titles.
    pub fn products(&self) -> &Names {
        read(&self.product, "product")
    }

    /// The SKUs, by number.
    pub fn skus(&self) -> &Names {
        read(&self.sku, "sku")
    }

    /// Categories given in the source.
    pub fn given(&self) -> &Names {
        read(&self.given, "given")
    }

    /// Variant attributes.
    pub fn variant(&self, at: usize) -> impl Iterator<Item = (&str, &str)> {
        let (list, name, value) = read(&self.variant, "variant");
        range(list, at).map(|i| (name.get(i), value.get(i)))
    }

    /// Normalised stars, 1.0 to 5.0.
    pub fn stars(&self, at: usize) -> Option<f32> {
        let stars = read(&self.stars, "stars");
        stars.is_valid(at).then(|| stars.value(at))
    }

    /// When it was written, on the shop's clock.
    pub fn time(&self, at: usize) -> Option<Moment> {
        moment(read(&self.time, "time"), at)
    }

    /// When the thing was bought.
    pub fn bought(&self, at: usize) -> Option<Moment> {
        moment(read(&self.bought, "bought"), at)
    }

    /// The token of a row's buyer.
    pub fn buyer(&self, at: usize) -> Option<Token> {
        token(read(&self.buyer, "buyer_token"), at)
    }

    /// The token of a row's order.
    pub fn order(&self, at: usize) -> Option<Token> {
        token(read(&self.order, "order_token"), at)
    }

    /// Why it says nothing.
    pub fn silence(&self, at: usize) -> Option<Silence> {
        read(&self.silence, "silence").get(at)
    }

    /// True if its text nearly repeats an earlier record's.
    pub fn near_copy(&self, at: usize) -> bool {
        read(&self.near_copy, "near_copy").value(at)
    }

    /// Row in the source file.
    pub fn row(&self, at: usize) -> u64 {
        read(&self.row, "row").value(at) as u64
    }

    /// All turns of all rows, one after the other: what [`Batch::view`] cuts its slices from.
    pub fn turn_views(&self) -> Vec<TurnView<'_>> {
        let turns = read(&self.turns, "turns");
        let text = read(&turns.text, "turns.text");
        (0..text.len())
            .map(|i| TurnView { speaker: turns.speaker(i), kind: turns.kind(i), text: text.value(i) })
            .collect()
    }

    /// The turns of this row, as a range of all turns of the batch.
    pub fn turns_of(&self, at: usize) -> Range<usize> {
        range(&read(&self.turns, "turns").list, at)
    }

    /// A row as the classifier sees it. `turns` are [`Batch::turn_views`] of this batch, made once.
    pub fn view<'a>(&'a self, at: usize, turns: &'a [TurnView<'a>]) -> View<'a> {
        View {
            kind: self.kind(at),
            platform: self.platforms().get(at),
            sku: self.skus().get(at),
            stars: self.stars(at),
            stage: "",
            lang: "",
            turns: &turns[self.turns_of(at)],
        }
    }

    /// When and by whom each turn of this row was written: what clocks are computed from.
    pub fn clock(&self, at: usize) -> impl Iterator<Item = (Speaker, TurnKind, Option<Moment>, &str)> {
        let turns = read(&self.turns, "turns");
        let (time, agent) = (read(&turns.time, "turns.time"), read(&turns.agent, "turns.agent"));
        self.turns_of(at).map(move |i| (turns.speaker(i), turns.kind(i), moment(time, i), agent.get(i)))
    }

    /// The whole record. Needs all fields.
    pub fn record(&self, at: usize) -> Record {
        let turns = read(&self.turns, "turns");
        let (agent, text) = (read(&turns.agent, "turns.agent"), read(&turns.text, "turns.text"));
        let turn = |i: usize| Turn {
            speaker: turns.speaker(i),
            kind: turns.kind(i),
            time: moment(read(&turns.time, "turns.time"), i),
            agent: agent.number(i).map(|number| agent.name(number).to_string()),
            text: text.value(i).to_string(),
        };
        let raw = read(&self.stars_raw, "stars_raw");
        let given = self.given();
        Record {
            uid: self.uid(at),
            kind: self.kind(at),
            shop: self.shops().get(at).to_string(),
            platform: self.platforms().get(at).to_string(),
            product_id: self.product_ids().get(at).to_string(),
            product: self.products().get(at).to_string(),
            sku: self.skus().get(at).to_string(),
            variant: self.variant(at).map(|(name, value)| (name.to_string(), value.to_string())).collect(),
            stars: self.stars(at).map(|value| Stars { value, raw: raw.get(at).to_string() }),
            time: self.time(at),
            bought: self.bought(at),
            buyer: self.buyer(at),
            order: self.order(at),
            given: given.number(at).map(|number| given.name(number).to_string()),
            silence: self.silence(at),
            near_copy: self.near_copy(at),
            row: self.row(at),
            turns: self.turns_of(at).map(turn).collect(),
        }
    }
}

impl Turns {
    fn of(list: ListArray) -> std::result::Result<Turns, ()> {
        let parts = structs(&list)?.clone();
        Ok(Turns {
            speaker: coded(part(&parts, "speaker"), Speaker::from_key)?.ok_or(())?,
            kind: coded(part(&parts, "kind"), TurnKind::from_key)?.ok_or(())?,
            time: typed(part(&parts, "time"))?,
            agent: named(part(&parts, "agent"))?,
            text: typed(part(&parts, "text"))?,
            list,
        })
    }

    fn speaker(&self, i: usize) -> Speaker {
        self.speaker.get(i).unwrap_or(Speaker::System)
    }

    fn kind(&self, i: usize) -> TurnKind {
        self.kind.get(i).unwrap_or(TurnKind::Said)
    }
}

fn read<'a, T>(column: &'a Option<T>, name: &str) -> &'a T {
    match column {
        Some(column) => column,
        None => panic!("the scan did not ask for the column `{name}`"),
    }
}

fn range(list: &ListArray, at: usize) -> Range<usize> {
    let offsets = list.value_offsets();
    offsets[at] as usize..offsets[at + 1] as usize
}

fn moment(column: &TimestampMillisecondArray, at: usize) -> Option<Moment> {
    column.is_valid(at).then(|| Moment(column.value(at).div_euclid(1000)))
}

fn token(column: &Int64Array, at: usize) -> Option<Token> {
    column.is_valid(at).then(|| Token(column.value(at) as u64))
}

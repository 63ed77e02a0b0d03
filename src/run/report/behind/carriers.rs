//! Mix or the thing itself, and which variant, channel or agent carries a shift.

use std::collections::BTreeMap;

use super::super::mix::Mix;
use super::super::rows::{Row, Rows};
use super::super::shifts::{Judged, stands_out};
use crate::error::Result;
use crate::records::{Batch, Fields, Store};
use crate::report::model::Ratio;
use crate::report::share;
use crate::said;
use crate::stats::two_sample::doubled_mid_p;
use crate::stats::{Count, Pair};
use crate::words::{Kind, Lang, Said, Speaker};

/// Fewest records of this period that a value needs to be called the carrier.
const FEWEST: u64 = 20;

/// Attributes of every row: colour, size, agent.
pub struct Details {
    names: Vec<String>,
    values: Vec<String>,
    /// By file: where each row's pairs end, and the pairs of name and value.
    files: Vec<(Vec<u32>, Vec<(u32, u32)>)>,
}

impl Details {
    /// Reads the attributes of all records.
    pub fn read(store: &Store) -> Result<Details> {
        let parts = store.scan(Fields::VARIANT | Fields::CLOCK, |batch| (batch.file(), attributes(batch)))?;
        let (mut names, mut values) = (Numbers::default(), Numbers::default());
        let mut files = vec![(Vec::new(), Vec::new()); store.files().len()];
        for (file, rows) in parts {
            let (ends, pairs) = &mut files[file];
            for row in rows {
                pairs.extend(row.iter().map(|(name, value)| (names.number(name), values.number(value))));
                ends.push(pairs.len() as u32);
            }
        }
        Ok(Details { names: names.list, values: values.list, files })
    }

    fn of(&self, row: &Row) -> &[(u32, u32)] {
        let (ends, pairs) = &self.files[row.file];
        let at = row.row as usize;
        let begin = if at == 0 { 0 } else { ends[at - 1] };
        &pairs[begin as usize..ends[at] as usize]
    }
}

/// The name under which agents go.
const AGENT: &str = "客服";

fn attributes(batch: &Batch) -> Vec<Vec<(String, String)>> {
    let of = |at| {
        let mut pairs: Vec<(String, String)> = batch
            .variant(at)
            .filter(|(name, value)| !name.is_empty() && !value.is_empty())
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let agent = batch.clock(at).find(|(speaker, _, _, name)| *speaker == Speaker::Agent && !name.is_empty());
        pairs.extend(agent.map(|(_, _, _, name)| (AGENT.to_string(), name.to_string())));
        pairs
    };
    (0..batch.len()).map(of).collect()
}

#[derive(Default)]
struct Numbers {
    list: Vec<String>,
    of: BTreeMap<String, u32>,
}

impl Numbers {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.of.get(text) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.list.push(text.to_string());
        self.of.insert(text.to_string(), number);
        number
    }
}

/// That it is mostly mix, by SKU, kind of record, stars or channel; else for a whole that it is not the mix of SKUs.
pub fn mix(rows: &Rows<'_>, judged: &Judged, seen: &[Row]) -> (Option<Said>, Option<Said>) {
    let facts = rows.facts;
    let file = |r: &Row| (&facts.files[r.file], r.row as usize);
    let same = |name: &str| Said::new(name, name);
    let named = |kind: Kind| Said::new(kind.name(Lang::Zh), kind.name(Lang::En));
    let skus = by(seen, |r| file(r).0.sku[file(r).1]);
    let kinds = by(seen, |r| file(r).0.kind(file(r).1));
    let stars = by(seen, |r| Stars::of(file(r).0.stars(file(r).1)));
    let channels = by(seen, |r| file(r).0.platform[file(r).1]);
    let most = mostly(&skus, SKU, |sku| same(&facts.skus[*sku as usize]))
        .or_else(|| mostly(&kinds, ("记录种类", "kind of record"), |kind| named(*kind)))
        .or_else(|| mostly(&stars, ("星级", "star group"), |stars| stars.said()).filter(|_| stars_moved(&stars)))
        .or_else(|| mostly(&channels, ("渠道", "channel"), |channel| same(&facts.platforms[*channel as usize])));
    let denied = split(&skus).filter(|_| most.is_none() && judged.spot.sku.is_none()).map(|mix| mix.denied(SKU));
    (most, denied)
}

/// How SKUs are called.
const SKU: (&str, &str) = ("SKU", "SKU");

/// That the mix of these parts did most of it.
fn mostly<K: Ord>(parts: &BTreeMap<K, Pair>, what: (&str, &str), name: impl Fn(&K) -> Said) -> Option<Said> {
    split(parts).filter(Mix::is_most)?.said(what, |at| name(parts.keys().nth(at).expect("a part has a key")))
}

fn split<K>(parts: &BTreeMap<K, Pair>) -> Option<Mix> {
    Mix::of(&parts.values().copied().collect::<Vec<_>>())
}

/// Stars by groups.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stars {
    None,
    Low,
    Middle,
    High,
}

impl Stars {
    fn of(stars: Option<f32>) -> Stars {
        match stars {
            None => Stars::None,
            Some(stars) if stars <= 2.0 => Stars::Low,
            Some(stars) if stars < 4.0 => Stars::Middle,
            Some(_) => Stars::High,
        }
    }

    fn said(self) -> Said {
        match self {
            Stars::None => Said::new("没打星的", "no stars"),
            Stars::Low => Said::new("1–2 星", "1–2 stars"),
            Stars::Middle => Said::new("3 星", "3 stars"),
            Stars::High => Said::new("4–5 星", "4–5 stars"),
        }
    }
}

/// True if stars moved among the records that do not have the label too. Who complains gives few stars, so among
/// those that have it the stars always move, and prove nothing.
fn stars_moved(parts: &BTreeMap<Stars, Pair>) -> bool {
    let without = |count: Count| count.base - count.mentions;
    let all = parts.values().fold([0, 0], |[a, b], p| [a + without(p.before), b + without(p.after)]);
    parts.values().any(|part| {
        let pair = Pair::new(Count::new(without(part.before), all[0]), Count::new(without(part.after), all[1]));
        doubled_mid_p(pair).is_some_and(|p| p <= 0.01)
    })
}

fn by<K: Ord>(seen: &[Row], key: impl Fn(&Row) -> K) -> BTreeMap<K, Pair> {
    let mut parts: BTreeMap<K, Pair> = BTreeMap::new();
    for row in seen {
        let pair = parts.entry(key(row)).or_default();
        let side = if row.after { &mut pair.after } else { &mut pair.before };
        *side += Count::new(u64::from(row.has), 1);
    }
    parts
}

/// The value of an attribute, or the channel, in which the shift stands out from the rest of it.
pub fn carrier(rows: &Rows<'_>, details: &Details, judged: &Judged, seen: &[Row]) -> Option<Said> {
    let mut pairs: BTreeMap<(u32, u32), Pair> = BTreeMap::new();
    let mut all: BTreeMap<u32, Pair> = BTreeMap::new();
    let channel = details.names.len() as u32;
    for row in seen {
        let platform = (channel, rows.facts.files[row.file].platform[row.row as usize]);
        for key in details.of(row).iter().copied().chain([platform]) {
            let one = Count::new(u64::from(row.has), 1);
            for pair in [pairs.entry(key).or_default(), all.entry(key.0).or_default()] {
                *(if row.after { &mut pair.after } else { &mut pair.before }) += one;
            }
        }
    }
    let sign = judged.pair.change()?.signum();
    let tested: Vec<((u32, u32), Pair, Pair)> = pairs
        .into_iter()
        .map(|(key, pair)| (key, pair, without(all[&key.0], pair)))
        .filter(|(_, pair, rest)| pair.after.base >= FEWEST && rest.after.base >= FEWEST)
        .collect();
    let limit = 0.05 / tested.len().max(1) as f64;
    let (key, pair, rest) = tested
        .into_iter()
        .filter_map(|(key, pair, rest)| {
            let now = Pair::new(rest.after, pair.after);
            let p = doubled_mid_p(now).filter(|p| *p <= limit)?;
            let ahead = now.change()? * sign > 0.0 && stands_out(pair, rest);
            ahead.then_some((p, (key, pair, rest)))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))?
        .1;
    let ratio = |c: Count| share(Ratio { mentions: c.mentions, base: c.base });
    let (now, before, others) = (ratio(pair.after), ratio(pair.before), ratio(rest.after));
    let value = if key.0 == channel { &rows.facts.platforms[key.1 as usize] } else { &details.values[key.1 as usize] };
    let (zh, en) = if key.0 == channel { ("渠道", "channel") } else { english(&details.names[key.0 as usize]) };
    Some(said!(
        "集中在{zh} {value}：{now} ← {before}，其余 {others}",
        "carried by {en} {value}: {now} ← {before}, the others {others}"
    ))
}

fn without(all: Pair, part: Pair) -> Pair {
    let less = |a: Count, b: Count| Count::new(a.mentions - b.mentions, a.base - b.base);
    Pair::new(less(all.before, part.before), less(all.after, part.after))
}

/// The name of an attribute in both languages.
fn english(name: &str) -> (&str, &str) {
    match name {
        AGENT => (name, "agent"),
        "颜色" | "颜色分类" => (name, "colour"),
        "尺码" | "尺寸" => (name, "size"),
        "款式" => (name, "style"),
        _ => (name, name),
    }
}

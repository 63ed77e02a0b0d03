//! Mix or the thing itself, and which variant, channel or agent carries a shift.

use std::collections::BTreeMap;

use super::super::rows::{Row, Rows};
use super::super::shifts::{Judged, stands_out};
use crate::error::Result;
use crate::records::{Batch, Fields, Store};
use crate::report::model::Ratio;
use crate::report::share;
use crate::said;
use crate::stats::mix::kitagawa;
use crate::stats::two_sample::doubled_mid_p;
use crate::stats::{Count, Pair};
use crate::words::{Said, Speaker};

/// Fewest records of this period that a value needs to be called the carrier.
const FEWEST: u64 = 20;
/// Smallest part of a change that is worth a sentence on mix, as a fraction.
const SMALL: f64 = 0.002;

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

/// What the mix did and what the parts did, by SKU for a whole shop, else by channel; silent where there is
/// only one part, or where nothing but the parts moved and there are no SKUs to speak of.
pub fn mix(rows: &Rows<'_>, judged: &Judged, seen: &[Row]) -> Option<Said> {
    let facts = rows.facts;
    let by_sku = || by(seen, |r| facts.files[r.file].sku[r.row as usize]);
    let by_channel = || by(seen, |r| facts.files[r.file].platform[r.row as usize]);
    if judged.spot.sku.is_none() {
        let parts = by_sku();
        let name = |key: u32| facts.skus[key as usize].clone();
        return split(&parts, ("SKU", "SKU"), name, true).or_else(|| channel(rows, &by_channel(), false));
    }
    channel(rows, &by_channel(), false)
}

fn channel(rows: &Rows<'_>, parts: &BTreeMap<u32, Pair>, always: bool) -> Option<Said> {
    split(parts, ("渠道", "channel"), |key| rows.facts.platforms[key as usize].clone(), always)
}

fn by(seen: &[Row], key: impl Fn(&Row) -> u32) -> BTreeMap<u32, Pair> {
    let mut parts: BTreeMap<u32, Pair> = BTreeMap::new();
    for row in seen {
        let pair = parts.entry(key(row)).or_default();
        let side = if row.after { &mut pair.after } else { &mut pair.before };
        *side += Count::new(u64::from(row.has), 1);
    }
    parts
}

fn split(parts: &BTreeMap<u32, Pair>, what: (&str, &str), name: impl Fn(u32) -> String, always: bool) -> Option<Said> {
    if parts.len() < 2 {
        return None;
    }
    let pairs: Vec<Pair> = parts.values().copied().collect();
    let split = kitagawa(&pairs)?;
    let change = split.after - split.before;
    if change.abs() < SMALL {
        return None;
    }
    let points = |p: f64| format!("{:+.1}", p * 100.0).replace("-0.0", "0.0").replace("+0.0", "0.0");
    let (zh, en) = what;
    let (all, mix, rate) = (points(change), points(split.mix_total()), points(split.rate_total()));
    if !split.is_mostly_mix() {
        return always.then(|| {
            said!(
                "不是{zh}构成变了：{all} 个百分点里各{zh}自身占 {rate}，构成占 {mix}",
                "not the mix: of {all} points {rate} are the {en}s' own change, {mix} the mix of {en}s"
            )
        });
    }
    let (at, _) = split.mix.iter().enumerate().max_by(|a, b| (a.1 * change).total_cmp(&(b.1 * change)))?;
    let (key, pair) = parts.iter().nth(at)?;
    let name = name(*key);
    let part = |count: Count, whole: u64| format!("{:.0}%", count.base as f64 / whole.max(1) as f64 * 100.0);
    let whole = pairs.iter().fold(Pair::default(), |mut sum, p| {
        sum += *p;
        sum
    });
    let (was, is) = (part(pair.before, whole.before.base), part(pair.after, whole.after.base));
    Some(said!(
        "主要是{zh}构成变了：{all} 个百分点里 {mix} 来自构成（{name} 占记录的 {was} → {is}），各{zh}自身只有 {rate}",
        "mostly mix: of {all} points {mix} come from which {en} the records are of ({name}: {was} → {is} of them), only {rate} from the {en}s themselves"
    ))
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

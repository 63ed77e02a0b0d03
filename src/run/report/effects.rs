//! What changed after an event and did not change beside it: before against after around each event, with
//! other SKUs or competitors as control, and dates on which nothing happened as a test of the method.

use std::collections::BTreeMap;

use super::build::{Names, nets};
use super::plan::Plan;
use super::{Ask, Counting};
use crate::error::Result;
use crate::report::model::{Effect, Event, Ratio};
use crate::said;
use crate::stats::event::{Window, in_differences, placebo};
use crate::stats::many::benjamini_hochberg;
use crate::stats::tally::Tally;
use crate::stats::two_sample::doubled_mid_p;
use crate::stats::unrest::SAFETY;
use crate::stats::{Count, Pair};
use crate::words::{LabelId, Period, Said};
use crate::workspace::{self, Workspace};

/// Days before and after that are compared, and days left out in between: old stock is still being sold. A long
/// time before, because most SKUs have few records a day.
const WINDOW: Window = Window { before: 84, transition: 2, after: 28 };
/// Fewest days after an event that say anything.
const FEWEST_DAYS: i32 = 7;
/// Fewest mentions before and after together.
const FEWEST: u64 = 10;
/// False-discovery rate over the categories of an event.
const Q: f64 = 0.10;
/// Effects told of each event.
const TOLD: usize = 5;

/// The events of the periods shown, with what changed after each.
pub fn of(
    workspace: &Workspace,
    counting: &Counting,
    ask: &Ask,
    plan: &Plan,
    names: &Names<'_>,
    tau2: f64,
    events: &[workspace::Event],
) -> Result<Vec<Event>> {
    let first = plan.series.first().map_or(plan.period.first(), |p| p.first());
    let shown: Vec<&workspace::Event> =
        events.iter().filter(|e| e.day >= first && e.day <= plan.period.last()).collect();
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    // The control needs all shops, whatever the report is narrowed to.
    let everywhere = Ask { shops: Vec::new(), skus: Vec::new(), ..ask.clone() };
    let daily = counting.tally(workspace, &everywhere, |day| Some(Period::new(day, day)))?;
    let days = Period::new(counting.days.first, counting.days.last);
    Ok(shown.into_iter().map(|event| told(event, &daily, days, ask, names, tau2)).collect())
}

fn told(event: &workspace::Event, daily: &Tally, days: Period, ask: &Ask, names: &Names<'_>, tau2: f64) -> Event {
    let mut told = Event {
        day: event.day.to_string(),
        kind: event.kind.clone(),
        shop: event.shop.clone(),
        sku: event.sku.clone(),
        text: event.text.clone(),
        effects: Vec::new(),
        control: None,
    };
    let Some((control, said)) = control(event, daily) else { return told };
    told.control = Some(said);
    let reach = days.last().0 - event.day.0 - WINDOW.transition as i32;
    let at = event.day.0 - days.first().0;
    if at < FEWEST_DAYS || reach < FEWEST_DAYS {
        return told;
    }
    let treated = |shop: usize, sku: usize| is_treated(event, daily, shop, sku);
    let (here, there) = (series(daily, days, treated), series(daily, days, control));
    let nets = nets(daily);
    told.effects = effects(&here, &there, at as usize, tau2, |label| {
        let id = &daily.categories()[label.category()];
        (ask.wants(id, label.stance()) && !nets[label.category()]).then(|| (names.category)(id))
    });
    told
}

fn is_treated(event: &workspace::Event, daily: &Tally, shop: usize, sku: usize) -> bool {
    let shop = &daily.shops()[shop];
    let shop_fits = if event.shop.is_empty() { shop.own } else { shop.name == event.shop };
    shop_fits && (event.sku.is_empty() || daily.skus()[sku] == event.sku)
}

/// What an event is compared with: the other SKUs of the shop, or for a whole shop the shops of the other side.
fn control<'a>(
    event: &'a workspace::Event,
    daily: &'a Tally,
) -> Option<(Box<dyn Fn(usize, usize) -> bool + 'a>, Said)> {
    let own = daily.shops().iter().find(|s| s.name == event.shop).is_none_or(|s| s.own);
    if !event.sku.is_empty() {
        let others = move |shop: usize, sku: usize| {
            let shop = &daily.shops()[shop];
            let fits = if event.shop.is_empty() { shop.own } else { shop.name == event.shop };
            fits && daily.skus()[sku] != event.sku
        };
        let any = daily.lines().any(|l| others(l.shop, l.sku));
        return any.then(|| (Box::new(others) as Box<_>, said!("同店其他 SKU", "the shop's other SKUs")));
    }
    let others = move |shop: usize, _| daily.shops()[shop].own != own;
    let any = daily.lines().any(|l| others(l.shop, l.sku));
    let said = if own { said!("竞品", "competitors") } else { said!("自家店", "own shops") };
    any.then(|| (Box::new(others) as Box<_>, said))
}

/// Daily counts: of every label, and of all records.
struct Daily {
    bases: Vec<u64>,
    mentions: BTreeMap<LabelId, Vec<u64>>,
}

impl Daily {
    fn of(&self, label: LabelId) -> Vec<Count> {
        let none = vec![0; self.bases.len()];
        let mentions = self.mentions.get(&label).unwrap_or(&none);
        mentions.iter().zip(&self.bases).map(|(x, n)| Count::new(*x, *n)).collect()
    }
}

fn series(daily: &Tally, days: Period, wanted: impl Fn(usize, usize) -> bool) -> Daily {
    let length = days.len() as usize;
    let mut series = Daily { bases: vec![0; length], mentions: BTreeMap::new() };
    for line in daily.lines().filter(|l| days.covers(l.period) && wanted(l.shop, l.sku)) {
        let at = (line.period.first().0 - days.first().0) as usize;
        series.bases[at] += line.base;
        for cell in line.cells {
            series.mentions.entry(cell.label).or_insert_with(|| vec![0; length])[at] += cell.mentions;
        }
    }
    series
}

fn effects(
    here: &Daily,
    there: &Daily,
    at: usize,
    tau2: f64,
    wanted: impl Fn(LabelId) -> Option<crate::report::model::Category>,
) -> Vec<Effect> {
    let mut found = Vec::new();
    for label in here.mentions.keys() {
        let (treated, control) = (here.of(*label), there.of(*label));
        let pairs = [WINDOW.around(&treated, at), WINDOW.around(&control, at)];
        if pairs[0].mentions() < FEWEST {
            continue;
        }
        let Some(category) = wanted(*label) else { continue };
        if let Some(did) = in_differences(pairs[0], pairs[1], SAFETY * tau2) {
            found.push((*label, category, pairs, did, treated, control));
        }
    }
    let p: Vec<f64> = found.iter().map(|f| f.3.p).collect();
    let ratio = |c: Count| Ratio { mentions: c.mentions, base: c.base };
    let mut effects: Vec<(f64, Effect)> = Vec::new();
    for ((label, category, [treated, control], did, days, beside), q) in found.into_iter().zip(benjamini_hochberg(&p)) {
        if q > Q || !moved(treated, did.log_ratio) {
            continue;
        }
        let tried = placebo(&days, &beside, at, WINDOW).map(|p| (p.as_strong, p.tried));
        let effect = Effect {
            category,
            stance: label.stance(),
            before: ratio(treated.before),
            after: ratio(treated.after),
            control: [ratio(control.before), ratio(control.after)],
            times: did.ratio(),
            q,
            placebo: tried,
        };
        effects.push((did.p, effect));
    }
    effects.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.category.id.cmp(&b.1.category.id)));
    effects.truncate(TOLD);
    effects.into_iter().map(|(_, effect)| effect).collect()
}

/// True if the treated itself moved that way: a control that moved alone is no effect.
fn moved(treated: Pair, log_ratio: f64) -> bool {
    let alone = doubled_mid_p(treated).is_some_and(|p| p <= 0.05);
    alone && treated.change().is_some_and(|c| c * log_ratio > 0.0)
}

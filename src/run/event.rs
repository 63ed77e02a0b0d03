//! Events: entering them, and setting the same campaign of two years side by side.

use serde::Serialize;

use super::report::{Ask, Counting, naming};
use crate::error::{Error, Result};
use crate::report::model::{Category, Ratio};
use crate::said;
use crate::words::{Day, LabelId, Period, Stance};
use crate::workspace::{Event, Workspace};

/// Days from an event on that are compared with those of its like.
const DAYS: i32 = 14;
/// Categories shown.
const SHOWN: usize = 12;

/// Enters an event. The shop must be known, so that a typing error does not hide it from every report.
pub fn add(workspace: &Workspace, event: Event) -> Result<()> {
    let shops = &workspace.settings().shops;
    if !event.shop.is_empty() && !shops.iter().any(|s| s.name == event.shop) {
        let known = shops.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(" ");
        return Err(Error::new(
            "option",
            said!("没有登记过店铺“{shop}”", "there is no shop \"{shop}\"", shop = event.shop),
        )
        .help(said!("登记过的有：{known}", "there are: {known}")));
    }
    workspace.write()?.note(&[event])
}

/// Events that are alike, with the ratios of the days after each.
#[derive(Serialize)]
pub struct Alike {
    /// The events, oldest first: day, kind, SKU or empty, text.
    pub events: Vec<[String; 4]>,
    /// Category and stance with its ratio after each event.
    pub rows: Vec<(Category, Stance, Vec<Ratio>)>,
    /// Days counted from each event on.
    pub days: i32,
}

/// True if an event is like what was typed: the same month and day (`11.11`, `11-11`), or the words.
pub fn is_like(event: &Event, like: &str) -> bool {
    let numbers: Vec<&str> = like.split(['.', '-', '/', '月']).map(|n| n.trim_end_matches('日')).collect();
    if let [month, day] = numbers[..]
        && let (Ok(month), Ok(day)) = (month.parse::<i8>(), day.parse::<i8>())
    {
        return event.day.civil().is_some_and(|date| date.month() == month && date.day() == day);
    }
    event.text.contains(like) || event.kind.contains(like)
}

/// Sets events that are alike side by side.
pub fn alike(workspace: &Workspace, ask: &Ask, like: &str) -> Result<Alike> {
    let (events, _) = workspace.events()?;
    let events: Vec<Event> = events.into_iter().filter(|e| is_like(e, like)).collect();
    if events.is_empty() {
        return Err(Error::new("no_events", said!("没有像“{like}”的事件", "no event is like \"{like}\""))
            .help(said!("earful event list 列出全部", "earful event list shows them all")));
    }
    let counting = Counting::open(workspace, ask)?;
    let ask = &counting.ask;
    let everywhere = Ask { shops: Vec::new(), skus: Vec::new(), ..ask.clone() };
    let daily = counting.tally(workspace, &everywhere, |day| Some(Period::new(day, day)))?;
    let own = |shop: usize| daily.shops()[shop].own;
    let after = |event: &Event, label: Option<LabelId>| {
        let days = Period::new(event.day, Day(event.day.0 + DAYS - 1));
        let here = |shop: usize, sku: usize| {
            let fits = if event.shop.is_empty() { own(shop) } else { daily.shops()[shop].name == event.shop };
            fits && (event.sku.is_empty() || daily.skus()[sku] == event.sku)
        };
        let mut ratio = Ratio::default();
        for line in daily.lines().filter(|l| days.covers(l.period) && here(l.shop, l.sku)) {
            ratio.base += line.base;
            ratio.mentions += label.map_or(0, |label| line.count(label).mentions);
        }
        ratio
    };
    let nets = super::report::nets(&daily);
    let name = naming(&counting.ground.taxonomy);
    let mut rows: Vec<(Category, Stance, Vec<Ratio>)> = Vec::new();
    for (place, id) in daily.categories().iter().enumerate().filter(|(place, _)| !nets[*place]) {
        for stance in Stance::ALL.into_iter().filter(|stance| ask.wants(id, *stance)) {
            let ratios: Vec<Ratio> = events.iter().map(|e| after(e, Some(LabelId::new(place, stance)))).collect();
            if ratios.iter().any(|r| r.mentions > 0) {
                rows.push((name(id), stance, ratios));
            }
        }
    }
    let mentions = |row: &(Category, Stance, Vec<Ratio>)| row.2.iter().map(|r| r.mentions).sum::<u64>();
    rows.sort_by(|a, b| mentions(b).cmp(&mentions(a)).then_with(|| (&a.0.id, a.1).cmp(&(&b.0.id, b.1))));
    rows.truncate(SHOWN);
    let told = events.into_iter().map(|e| [e.day.to_string(), e.kind, e.sku, e.text]).collect();
    Ok(Alike { events: told, rows, days: DAYS })
}

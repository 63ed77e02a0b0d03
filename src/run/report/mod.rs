//! The report: plan the periods, count, judge, look behind, quote.

mod build;
mod definitions;
mod plan;
mod quotes;
mod shifts;
mod table;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use build::Names;
use plan::Plan;
pub use quotes::excerpt;
use words::Words;

use super::facts::Facts;
use super::{labels, status, tally};
use crate::error::{Error, Result};
use crate::records::Store;
use crate::report::model::{Base, Category, Event, Ratio, Report};
use crate::said;
use crate::stats::tally::Tally;
use crate::taxonomy::Taxonomy;
use crate::words::{Day, Grain, Period, Said, Stance};
use crate::workspace::Workspace;

/// Share of false highlights accepted, if nothing else is said.
pub const Q: f64 = 0.10;
/// Stars up to which a record is bad.
const BAD_STARS: f32 = 2.0;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How finely time is cut.
    pub grain: Grain,
    /// The period; else the last one.
    pub period: Option<Period>,
    /// The period compared with; else the one before.
    pub against: Option<Period>,
    /// Compare with the same period of last year.
    pub last_year: bool,
    /// Only these shops; all if empty.
    pub shops: Vec<String>,
    /// Only these SKUs; all if empty.
    pub skus: Vec<String>,
    /// Only these categories and those below them; all if empty.
    pub categories: Vec<String>,
    /// Only these stances; all if empty.
    pub stances: Vec<Stance>,
    /// Which records count.
    pub base: Base,
    /// Share of false highlights accepted.
    pub q: f64,
}

impl Default for Ask {
    fn default() -> Ask {
        Ask {
            grain: Grain::Month,
            period: None,
            against: None,
            last_year: false,
            shops: Vec::new(),
            skus: Vec::new(),
            categories: Vec::new(),
            stances: Vec::new(),
            base: Base::Text,
            q: Q,
        }
    }
}

impl Ask {
    fn wants(&self, category: &str, stance: Stance) -> bool {
        let below = |id: &String| {
            category.strip_prefix(id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        (self.categories.is_empty() || self.categories.iter().any(below))
            && (self.stances.is_empty() || self.stances.contains(&stance))
    }

    fn wants_place(&self, shop: &str, sku: &str) -> bool {
        (self.shops.is_empty() || self.shops.iter().any(|s| s == shop))
            && (self.skus.is_empty() || self.skus.iter().any(|s| s == sku))
    }

    fn plan(&self, days: (Day, Day)) -> Result<Plan> {
        let plan = Plan::make(self.grain, self.period, self.against, days)?;
        if self.last_year {
            return Plan::make(self.grain, Some(plan.period), Some(plan.period.same_last_year()), days);
        }
        Ok(plan)
    }
}

/// The report of a workspace.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Report> {
    let store = Store::open(&workspace.records())?;
    if store.rows() == 0 {
        return Err(Error::new("empty", said!("工作区里还没有记录", "there are no records in the workspace"))
            .help(said!("先导入：earful add 导出文件 --shop 店名", "import first: earful add EXPORT --shop NAME")));
    }
    let taxonomy = super::taxonomy::of_workspace(workspace)?;
    check_categories(ask, &taxonomy)?;
    let labels = labels::all(workspace, &store, &taxonomy)?;
    let facts = Facts::read(&store)?;
    let days = facts.days().ok_or_else(|| {
        Error::new("no_dates", said!("没有一条记录有日期，分不出周期", "no record has a date, so there are no periods"))
            .help(said!(
                "earful search 仍可用；导入带日期的导出文件再看报告",
                "earful search works; import an export with dates for a report"
            ))
    })?;
    let plan = ask.plan(days)?;
    let own = |shop: &str| workspace.settings().shop(shop).is_none_or(|s| !s.competitor);
    let ids: Vec<String> = taxonomy.categories().iter().map(|c| c.id.clone()).collect();
    let tally = tally::count(&facts, &labels, &ids, ask.base, |day| plan.of(day), own);
    let tally = narrowed(tally, ask);
    let bad = bad(&facts, &plan);
    let titles: BTreeMap<&str, &str> =
        facts.skus.iter().map(String::as_str).zip(facts.products.iter().map(String::as_str)).collect();
    let names = Names {
        category: &|id| category(&taxonomy, id),
        product: &|sku| titles.get(sku).copied().unwrap_or("").to_string(),
        bad: &bad,
    };
    let (mut report, judgement) = build::build(&tally, &plan, ask, &names);
    report.read = status::read(&store);
    report.taxonomy = taxonomy.fingerprint();
    report.data = store.files().iter().map(|f| &f.id[..8.min(f.id.len())]).collect::<Vec<_>>().join("-");
    let source = Words { store: &store, taxonomy: &taxonomy, facts: &facts, labels: &labels, plan: &plan, ask };
    source.quote(&mut report, &tally, &judgement)?;
    report.events = events(workspace, &plan)?;
    Ok(report)
}

/// The report of counts made elsewhere: no text, so no quotes.
pub fn of_tally(path: &Path, ask: &Ask) -> Result<Report> {
    let days_tally = table::read(path)?;
    let taxonomy = crate::taxonomy::bundled();
    let periods = days_tally.periods();
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Err(Error::new("empty", said!("计数表是空的", "the table of counts is empty")));
    };
    // The table is already cut into periods: the last one is the report's unless another is asked for.
    let grain = last.grain().unwrap_or(ask.grain);
    let ask = Ask { grain, period: ask.period.or(Some(*last)), ..ask.clone() };
    let plan = ask.plan((first.first(), last.last()))?;
    let tally = narrowed(days_tally, &ask);
    let bad = BTreeMap::new();
    let names = Names { category: &|id| category(&taxonomy, id), product: &|_| String::new(), bad: &bad };
    let (report, _) = build::build(&tally, &plan, &ask, &names);
    Ok(report)
}

fn check_categories(ask: &Ask, taxonomy: &Taxonomy) -> Result<()> {
    match ask.categories.iter().find(|id| taxonomy.find(id).is_none()) {
        None => Ok(()),
        Some(id) => Err(Error::new("option", said!("词表里没有类别 {id}", "the taxonomy has no category {id}"))
            .help(said!("类别写成路径，如 product/smell", "a category is written as its path, such as product/smell"))),
    }
}

fn narrowed(tally: Tally, ask: &Ask) -> Tally {
    if ask.shops.is_empty() && ask.skus.is_empty() {
        return tally;
    }
    let (shops, skus) = (tally.shops().to_vec(), tally.skus().to_vec());
    tally.filter(|line| ask.wants_place(&shops[line.shop].name, &skus[line.sku]))
}

/// A category as reports name it; one that the taxonomy does not know goes by its id.
fn category(taxonomy: &Taxonomy, id: &str) -> Category {
    let Some(known) = taxonomy.find(id).map(|at| &taxonomy.categories()[at]) else {
        let name = Said::new(id, id);
        return Category { id: id.into(), name, area: String::new(), owner: String::new(), action: Said::default() };
    };
    Category {
        id: id.into(),
        name: known.name.clone(),
        area: known.area.key().to_string(),
        owner: known.owner.clone(),
        action: known.action.clone(),
    }
}

/// One or two stars of those with stars, by shop and SKU, in the reported period.
fn bad(facts: &Facts, plan: &Plan) -> BTreeMap<(String, String), Ratio> {
    let mut bad: BTreeMap<(u32, u32), Ratio> = BTreeMap::new();
    for file in &facts.files {
        for row in &file.current {
            let row = row as usize;
            let (Some(day), Some(stars)) = (file.day(row), file.stars(row)) else { continue };
            if plan.of(day) == Some(plan.period) {
                let ratio = bad.entry((file.shop[row], file.sku[row])).or_default();
                ratio.base += 1;
                ratio.mentions += u64::from(stars <= BAD_STARS);
            }
        }
    }
    let name = |(shop, sku): (u32, u32)| (facts.shops[shop as usize].clone(), facts.skus[sku as usize].clone());
    bad.into_iter().map(|(key, ratio)| (name(key), ratio)).collect()
}

fn events(workspace: &Workspace, plan: &Plan) -> Result<Vec<Event>> {
    let (events, _) = workspace.events()?;
    let first = plan.series.first().map_or(plan.period.first(), |p| p.first());
    let shown = events.into_iter().filter(|e| e.day >= first && e.day <= plan.period.last());
    Ok(shown.map(|e| Event { day: e.day.to_string(), kind: e.kind, shop: e.shop, sku: e.sku, text: e.text }).collect())
}

//! The report: plan the periods, count, judge, look behind, quote.

mod behind;
mod build;
mod definitions;
mod effects;
mod mix;
pub(super) mod plan;
mod quotes;
mod rivals;
mod rows;
pub mod saved;
pub(super) mod shifts;
mod standing;
mod table;
mod versus;
mod wider;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use build::Names;
pub use build::{nets, sums};
use plan::Plan;
pub use quotes::{excerpt, marked};
use rows::Rows;
use words::Words;

use super::facts::Facts;
use super::ground::Ground;
use super::{labels, status, tally};
use crate::error::{Error, Result};
use crate::report::model::{Base, Category, Counted, Ratio, Report};
use crate::said;
use crate::stats::days::Days;
use crate::stats::tally::Tally;
use crate::taxonomy::Taxonomy;
use crate::words::{Day, Grain, Kind, Period, Said, Stance};
use crate::workspace::{Labels, Workspace};

/// Share of false highlights accepted, if nothing else is said.
pub const Q: f64 = 0.10;
/// Stars up to which a record is bad.
const BAD_STARS: f32 = 2.0;

/// Which kinds of record are counted. Reviews, conversations and sheets have ratios of their own: together
/// they would move whenever their mix moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Reviews where there are any, else everything.
    #[default]
    Usual,
    /// All kinds together.
    All,
    /// One kind.
    Only(Kind),
}

impl Which {
    /// The kind that is counted among these records; `None` for all together.
    pub fn of(self, facts: &Facts) -> Option<Kind> {
        match self {
            Which::Usual => facts.has(Kind::Review).then_some(Kind::Review),
            Which::All => None,
            Which::Only(kind) => Some(kind),
        }
    }
}

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
    /// What is counted: reviews, conversations …
    pub kind: Which,
    /// Which of those count.
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
            kind: Which::Usual,
            base: Base::Text,
            q: Q,
        }
    }
}

impl Ask {
    /// True if this category and stance are wanted.
    pub fn wants(&self, category: &str, stance: Stance) -> bool {
        let below = |id: &String| {
            category.strip_prefix(id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        (self.categories.is_empty() || self.categories.iter().any(below))
            && (self.stances.is_empty() || self.stances.contains(&stance))
    }

    /// True if records of this shop and SKU are wanted.
    pub fn wants_place(&self, shop: &str, sku: &str) -> bool {
        (self.shops.is_empty() || self.shops.iter().any(|s| s == shop))
            && (self.skus.is_empty() || self.skus.iter().any(|s| s == sku))
    }

    /// The same with what the workspace knows: weeks begin when it says so, and categories go by their paths.
    fn settled(&self, workspace: &Workspace, taxonomy: &Taxonomy) -> Result<Ask> {
        let grain = match (self.grain, workspace.settings().week_start) {
            (Grain::Week, jiff::civil::Weekday::Sunday) => Grain::SundayWeek,
            (Grain::Week, jiff::civil::Weekday::Saturday) => Grain::SaturdayWeek,
            (grain, _) => grain,
        };
        let id = |asked: &String| super::taxonomy::find(taxonomy, asked).map(|at| taxonomy.categories()[at].id.clone());
        let categories = self.categories.iter().map(id).collect::<Result<_>>()?;
        Ok(Ask { grain, categories, ..self.clone() })
    }

    pub(super) fn plan(&self, days: Days) -> Result<Plan> {
        // Who asks for the days of the strays gets them.
        let astray = self.period.is_some_and(|period| period.first() > days.last);
        let days = (days.first, if astray { days.utmost } else { days.last });
        let plan = Plan::make(self.grain, self.period, self.against, days)?;
        if self.last_year {
            return Plan::make(self.grain, Some(plan.period), Some(plan.period.same_last_year()), days);
        }
        Ok(plan)
    }
}

/// Everything that is counted: records, labels and how to name them.
pub struct Counting {
    /// What was asked for, as the workspace knows it.
    pub ask: Ask,
    /// The records and the taxonomy.
    pub ground: Ground,
    /// Labels of every record file.
    pub labels: Vec<Labels>,
    /// What counts.
    pub counted: Counted,
    /// From when to when.
    pub days: Days,
}

impl Counting {
    /// Opens the records of a workspace and labels them.
    pub fn open(workspace: &Workspace, ask: &Ask) -> Result<Counting> {
        let ground = Ground::open(workspace)?;
        if ground.store.rows() == 0 {
            return Err(Error::new("empty", said!("工作区里还没有记录", "there are no records in the workspace"))
                .help(said!(
                    "先导入：earful add 导出文件 --shop 店名",
                    "import first: earful add EXPORT --shop NAME"
                )));
        }
        let mut counting = Counting::unturned(workspace, ground, ask)?;
        // What was asked for stays as it was asked.
        let (kind, asked) = (ask.kind.of(&counting.ground.facts), ask.kind);
        if !counting.turn_to(kind) {
            return Err(no_days(kind));
        }
        counting.ask.kind = asked;
        Ok(counting)
    }

    /// The same before it is known what is counted: [`Counting::turn_to`] tells.
    pub fn unturned(workspace: &Workspace, ground: Ground, ask: &Ask) -> Result<Counting> {
        let ask = ask.settled(workspace, &ground.taxonomy)?;
        super::places::check(&ground.facts, &ask.shops, &ask.skus)?;
        let labels = labels::all(workspace, &ground.store, &ground.taxonomy)?;
        let counted = Counted { base: ask.base, kind: None };
        let days =
            ground.facts.days(None).unwrap_or(Days { first: Day(0), last: Day(0), utmost: Day(0), strays: None });
        Ok(Counting { ask, ground, labels, counted, days })
    }

    /// Counts records of this kind (of all) from now on; false if none of them has a date.
    pub fn turn_to(&mut self, kind: Option<Kind>) -> bool {
        self.ask.kind = kind.map_or(Which::All, Which::Only);
        self.counted.kind = kind;
        let days = self.ground.facts.days(kind);
        self.days = days.unwrap_or(self.days);
        days.is_some()
    }

    /// Counts by the periods that `periods` names, in the shops and SKUs that were asked for.
    pub fn tally(&self, workspace: &Workspace, ask: &Ask, periods: impl Fn(Day) -> Option<Period>) -> Result<Tally> {
        Ok(self.both(workspace, ask, periods)?.1)
    }

    /// The tally of everything, and of the shops and SKUs that were asked for.
    fn both(
        &self,
        workspace: &Workspace,
        ask: &Ask,
        periods: impl Fn(Day) -> Option<Period>,
    ) -> Result<(Tally, Tally)> {
        let own = |shop: &str| workspace.settings().shop(shop).is_none_or(|s| !s.competitor);
        let ids: Vec<String> = self.ground.taxonomy.categories().iter().map(|c| c.id.clone()).collect();
        let all = tally::count(&self.ground.facts, &self.labels, &ids, self.counted, periods, own);
        let tally = narrowed(&all, ask);
        if tally.is_empty() {
            return Err(nothing_counted(self.counted, self.days));
        }
        Ok((all, tally))
    }

    /// The listing of every SKU that has one.
    pub fn listings(&self) -> BTreeMap<&str, &str> {
        let facts = &self.ground.facts;
        let all = facts.skus.iter().zip(&facts.listings).filter(|(_, listing)| !listing.is_empty());
        all.map(|(sku, listing)| (sku.as_str(), listing.as_str())).collect()
    }

    /// Fingerprint of the records.
    pub fn data(&self) -> String {
        self.ground.store.files().iter().map(|f| &f.id[..8.min(f.id.len())]).collect::<Vec<_>>().join("-")
    }
}

fn no_days(kind: Option<Kind>) -> Error {
    let help = said!(
        "earful status 看有什么；--kind all 全部一起看；没有日期的记录可用 earful search",
        "earful status tells what there is; --kind all takes everything; earful search works without dates"
    );
    match kind {
        Some(kind) => Error::new(
            "no_records",
            said!(
                "没有带日期的这类记录：{key}",
                "there are no records of this kind with a date: {key}",
                key = kind.key()
            ),
        ),
        None => Error::new(
            "no_dates",
            said!("没有一条记录有日期，分不出周期", "no record has a date, so there are no periods"),
        ),
    }
    .help(help)
}

fn nothing_counted(counted: Counted, Days { first, utmost, .. }: Days) -> Error {
    let Said { zh, en } = counted.said();
    let help = match counted.base {
        Base::Orders => {
            said!("导出里没有订单号；用 --base text", "the exports carry no order numbers; use --base text")
        }
        _ => said!(
            "检查 --period、--shop、--sku、--kind 和 --base；记录从 {first} 到 {utmost}",
            "check --period, --shop, --sku, --kind and --base; the records run from {first} to {utmost}"
        ),
    };
    Error::new("no_records", Said::new(format!("没有可数的记录：{zh}"), format!("nothing to count: {en}"))).help(help)
}

/// The report of a workspace.
pub fn of_workspace(workspace: &Workspace, ask: &Ask) -> Result<Report> {
    of(workspace, &Counting::open(workspace, ask)?)
}

/// What a report says in figures, without words, causes and events.
pub struct Figures {
    /// From when to when.
    pub plan: Plan,
    /// The counts behind it.
    pub tally: Tally,
    /// The report.
    pub report: Report,
}

/// The figures of the report of what was opened: the numbers that [`of`] gives.
pub fn figures(workspace: &Workspace, counting: &Counting) -> Result<Figures> {
    let plan = counting.ask.plan(counting.days)?;
    let (all, tally) = counting.both(workspace, &counting.ask, |day| plan.of(day))?;
    let bad = BTreeMap::new();
    let (report, _) =
        with_names(counting, &bad, |names| build::build([&tally, &all], &plan, &counting.ask, counting.counted, names));
    Ok(Figures { plan, tally, report })
}

/// Hands over the names of what was opened.
fn with_names<T>(counting: &Counting, bad: &BTreeMap<(String, String), Ratio>, job: impl FnOnce(&Names<'_>) -> T) -> T {
    let Ground { taxonomy, facts, .. } = &counting.ground;
    let places: BTreeMap<&str, usize> = facts.skus.iter().map(String::as_str).zip(0..).collect();
    let known = |sku: &str, of: &[String]| places.get(sku).map(|at| of[*at].clone()).unwrap_or_default();
    job(&Names {
        category: &|id| category(taxonomy, id),
        product: &|sku| known(sku, &facts.products),
        listing: &|sku| known(sku, &facts.listings),
        narrowed: !counting.ask.skus.is_empty(),
        bad,
    })
}

/// The report of what was opened.
pub fn of(workspace: &Workspace, counting: &Counting) -> Result<Report> {
    let Counting { ask, ground, labels, counted, .. } = counting;
    let Ground { store, taxonomy, facts, .. } = ground;
    let plan = ask.plan(counting.days)?;
    let (all, tally) = counting.both(workspace, ask, |day| plan.of(day))?;
    let rows = Rows::new(facts, labels, &plan, ask, *counted);
    let bad = bad(&rows);
    with_names(counting, &bad, |names| {
        let (mut report, judgement) = build::build([&tally, &all], &plan, ask, *counted, names);
        report.read = status::read(store, facts);
        report.read.decided = workspace.decided()?.len() as u64;
        report.cautions.extend(counting.days.caution());
        report.taxonomy = taxonomy.fingerprint();
        report.data = counting.data();
        let (events, _) = workspace.events()?;
        behind::tell(&rows, counting, &events, &judgement, &tally, &mut report)?;
        let beside = rivals::beside(&tally, &all);
        versus::matched(&rows, &beside, &mut report);
        report.versus_notes = versus::notes(&beside, &plan, &report, names);
        let source = Words { ground, rows: &rows };
        source.quote(&mut report, &beside, &judgement)?;
        report.standing = standing::of(&rows, &tally, names);
        report.events = effects::of(workspace, counting, ask, &plan, names, report.gate.tau2, &events)?;
        if matches!(ask.kind, Which::Usual | Which::All | Which::Only(Kind::Chat | Kind::Case)) {
            report.service = super::chats::monthly(workspace, ground, ask, &plan)?;
        }
        Ok(report)
    })
}

/// The report of counts made elsewhere: no text, so no quotes.
pub fn of_tally(path: &Path, ask: &Ask) -> Result<Report> {
    let all = table::read(path)?;
    let taxonomy = crate::taxonomy::bundled();
    let periods = all.periods();
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Err(Error::new("empty", said!("计数表是空的", "the table of counts is empty")));
    };
    // The table is already cut into periods: the last one is the report's unless another is asked for.
    let grain = last.grain().unwrap_or(ask.grain);
    let ask = Ask { grain, period: ask.period.or(Some(*last)), ..ask.clone() };
    let plan = ask.plan(Days { first: first.first(), last: last.last(), utmost: last.last(), strays: None })?;
    let tally = narrowed(&all, &ask);
    let bad = BTreeMap::new();
    let none = |_: &str| String::new();
    let names = Names {
        category: &|id| category(&taxonomy, id),
        product: &none,
        listing: &none,
        narrowed: !ask.skus.is_empty(),
        bad: &bad,
    };
    let counted = Counted { base: Base::Given, kind: None };
    let (report, _) = build::build([&tally, &all], &plan, &ask, counted, &names);
    Ok(report)
}

fn narrowed(tally: &Tally, ask: &Ask) -> Tally {
    if ask.shops.is_empty() && ask.skus.is_empty() {
        return tally.clone();
    }
    let (shops, skus) = (tally.shops().to_vec(), tally.skus().to_vec());
    tally.filter(|line| ask.wants_place(&shops[line.shop].name, &skus[line.sku]))
}

/// How reports name the categories of a taxonomy.
pub fn naming(taxonomy: &Taxonomy) -> impl Fn(&str) -> Category {
    |id| category(taxonomy, id)
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
fn bad(rows: &Rows<'_>) -> BTreeMap<(String, String), Ratio> {
    let mut bad: BTreeMap<(u32, u32), Ratio> = BTreeMap::new();
    let facts = rows.facts;
    for file in &facts.files {
        for row in file.current.iter().map(|r| r as usize).filter(|r| rows.is_kind(file.kind(*r))) {
            let (Some(day), Some(stars)) = (file.day(row), file.stars(row)) else { continue };
            if rows.plan.of(day) == Some(rows.plan.period) {
                let ratio = bad.entry((file.shop[row], file.sku[row])).or_default();
                ratio.base += 1;
                ratio.mentions += u64::from(stars <= BAD_STARS);
            }
        }
    }
    let name = |(shop, sku): (u32, u32)| (facts.shops[shop as usize].clone(), facts.skus[sku as usize].clone());
    bad.into_iter().map(|(key, ratio)| (name(key), ratio)).collect()
}

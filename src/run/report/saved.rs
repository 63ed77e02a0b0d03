//! As reported then, and as seen today: a report is kept with its counts and fingerprints, and set beside the
//! same period of today with a bridge of what moved through the taxonomy or the definitions and what through the records.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::{Ask, Counting, Which, definitions, of};
use crate::disk;
use crate::error::{Error, Result};
use crate::report::model::{Base, Category, Direction, Place, Ratio, Report};
use crate::said;
use crate::words::{Grain, Kind, Said, Stance};
use crate::workspace::Workspace;

/// Name and version of the kept form.
const SCHEMA: &str = "earful.kept/2";
/// The folder of the workspace in which reports are kept.
const FOLDER: &str = "reports";

/// A report as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    schema: String,
    asked: Asked,
    /// Fingerprints of the taxonomy and the definitions, and the record files that were there.
    taxonomy: String,
    definitions: String,
    files: Vec<String>,
    verdict: Said,
    /// What was told, and which way.
    shifts: Vec<(Spot, String)>,
    /// Counts of the period: shop, SKU, category, stance, mentions, base.
    cells: Vec<(String, String, String, String, u64, u64)>,
}

/// What the report was asked for.
#[derive(Serialize, Deserialize)]
struct Asked {
    period: String,
    against: String,
    grain: String,
    kind: String,
    base: String,
    shops: Vec<String>,
    skus: Vec<String>,
    categories: Vec<String>,
    stances: Vec<String>,
    q: f64,
}

impl Asked {
    fn of(ask: &Ask, report: &Report) -> Asked {
        Asked {
            period: report.period.clone(),
            against: report.against.clone(),
            grain: ask.grain.key().into(),
            kind: report.counted.kind.map_or("all", Kind::key).into(),
            base: report.counted.base.key().into(),
            shops: ask.shops.clone(),
            skus: ask.skus.clone(),
            categories: ask.categories.clone(),
            stances: ask.stances.iter().map(|s| s.key().to_string()).collect(),
            q: ask.q,
        }
    }

    /// The same question again; `None` if it is not understood.
    fn ask(&self) -> Option<Ask> {
        Some(Ask {
            grain: Grain::from_key(&self.grain)?,
            period: Some(self.period.parse().ok()?),
            against: Some(self.against.parse().ok()?),
            last_year: false,
            shops: self.shops.clone(),
            skus: self.skus.clone(),
            categories: self.categories.clone(),
            stances: self.stances.iter().map(|s| Stance::from_key(s)).collect::<Option<_>>()?,
            kind: Kind::from_key(&self.kind).map_or(Which::All, Which::Only),
            base: Base::from_key(&self.base)?,
            q: self.q,
        })
    }
}

/// Where something was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Spot {
    shop: String,
    sku: Option<String>,
    listing: Option<String>,
    category: String,
    stance: String,
}

/// Then and now.
#[derive(Debug, Serialize)]
pub struct Bridge {
    /// The message of the kept report, and of the same period today.
    pub verdicts: [Said; 2],
    /// True if the taxonomy is another one.
    pub taxonomy_changed: bool,
    /// True if the definitions are others: what is counted, and how.
    pub definitions_changed: bool,
    /// Record files that came since, and that are gone.
    pub files: [usize; 2],
    /// Everything that was told then or is told now.
    pub rows: Vec<Step>,
}

/// One ratio, then and now.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The shop or SKU that it is about.
    pub place: Place,
    /// The category that moved.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// As it was told then and is now: the key of a direction; `None` if it is not told.
    pub told: [Option<String>; 2],
    /// As counted then.
    pub then: Ratio,
    /// The records of then under the taxonomy and definitions of today.
    pub reread: Ratio,
    /// As counted today.
    pub today: Ratio,
}

fn path(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    if !plain || name.len() > 120 {
        return Err(Error::new(
            "option",
            said!("名字只用字、数字、- 和 _", "a name has letters, digits, - and _ only"),
        ));
    }
    Ok(workspace.root().join(FOLDER).join(format!("{name}.json")))
}

/// Names of the reports that were kept.
fn names(workspace: &Workspace) -> Vec<String> {
    let entries = fs::read_dir(workspace.root().join(FOLDER)).into_iter().flatten().flatten();
    let name = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = entries.filter_map(|entry| name(entry.path())).collect();
    names.sort();
    names
}

fn files(counting: &Counting) -> Vec<String> {
    counting.ground.store.files().iter().map(|f| f.id.clone()).collect()
}

fn key(direction: Direction) -> String {
    let key = if direction == Direction::Rise { "rise" } else { "fall" };
    key.to_string()
}

fn told(report: &Report) -> impl Iterator<Item = (Spot, String)> + '_ {
    report.shifts.iter().map(|s| {
        let spot = Spot {
            shop: s.place.shop.clone(),
            sku: s.place.sku.clone(),
            listing: s.place.listing.clone(),
            category: s.category.id.clone(),
            stance: s.stance.key().to_string(),
        };
        (spot, key(s.direction))
    })
}

/// Keeps a report under a name. A name that is taken is refused: what was reported stays.
pub fn keep(workspace: &Workspace, counting: &Counting, report: &Report, name: &str) -> Result<PathBuf> {
    let path = path(workspace, name)?;
    if path.exists() {
        let what = said!("已经有叫“{name}”的报告", "there is a report \"{name}\" already");
        return Err(Error::new("exists", what).help(said!("换个名字", "choose another name")));
    }
    let cell = |c: &crate::report::model::Cell| {
        let stance = c.stance.key().to_string();
        (c.shop.clone(), c.sku.clone(), c.category.clone(), stance, c.ratio.mentions, c.ratio.base)
    };
    let kept = Kept {
        schema: SCHEMA.into(),
        asked: Asked::of(&counting.ask, report),
        taxonomy: report.taxonomy.clone(),
        definitions: definitions::fingerprint(report.counted),
        files: files(counting),
        verdict: report.verdict.clone(),
        shifts: told(report).collect(),
        cells: report.cells.iter().filter(|c| c.period == report.period).map(cell).collect(),
    };
    let json = serde_json::to_vec(&kept)
        .map_err(|e| Error::new("write", said!("报告没有存成", "the report could not be kept")).cause(e))?;
    fs::create_dir_all(workspace.root().join(FOLDER)).map_err(|e| Error::file(&path, e))?;
    disk::write(&path, &json)?;
    Ok(path)
}

/// A kept report, and what it was asked.
fn kept(workspace: &Workspace, name: &str) -> Result<(Kept, Ask)> {
    let path = path(workspace, name)?;
    let bytes = fs::read(&path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => {
            let names = names(workspace).join(" | ");
            Error::new("kept", said!("没有叫“{name}”的留底", "there is no report kept as \"{name}\"")).help(said!(
                "有：{names}；earful report --save 名字 会留底",
                "there are: {names}; earful report --save NAME keeps one"
            ))
        }
        _ => Error::file(&path, e),
    })?;
    let broken = || Error::new("kept", said!("“{name}”读不懂", "\"{name}\" cannot be read"));
    let kept: Kept = serde_json::from_slice(&bytes).map_err(|e| broken().cause(e))?;
    if kept.schema != SCHEMA {
        return Err(broken());
    }
    let ask = kept.asked.ask().ok_or_else(broken)?;
    Ok((kept, ask))
}

/// Sets a kept report beside today's report of the same period.
pub fn bridge(workspace: &Workspace, name: &str) -> Result<Bridge> {
    let (kept, ask) = kept(workspace, name)?;
    let mut counting = Counting::open(workspace, &ask)?;
    let now = of(workspace, &counting)?;
    let here = files(&counting);
    let gone = kept.files.iter().filter(|id| !here.contains(id)).count();
    let came: Vec<usize> = (0..here.len()).filter(|i| !kept.files.contains(&here[*i])).collect();
    let plan: Plan = ask.plan(counting.days)?;
    // The records of then: later files do not count, and what they replaced does not come back.
    came.iter().for_each(|i| counting.ground.facts.files[*i].current.clear());
    let reread = counting.tally(workspace, &ask, |day| plan.of(day).filter(|p| *p == plan.period))?;
    let reread = sums(reread.rows().map(|r| {
        (
            r.shop.to_string(),
            r.sku.to_string(),
            r.category.to_string(),
            r.stance.map_or("", Stance::key),
            r.mentions,
            r.base,
        )
    }));
    let then = sums(kept.cells.iter().map(|c| (c.0.clone(), c.1.clone(), c.2.clone(), c.3.as_str(), c.4, c.5)));
    let today =
        sums(now.cells.iter().filter(|c| c.period == now.period).map(|c| {
            (c.shop.clone(), c.sku.clone(), c.category.clone(), c.stance.key(), c.ratio.mentions, c.ratio.base)
        }));
    let taxonomy_changed = kept.taxonomy != now.taxonomy;
    let definitions_changed = kept.definitions != definitions::fingerprint(now.counted);
    let same_reading = !taxonomy_changed && !definitions_changed;
    let told_now: Vec<(Spot, String)> = told(&now).collect();
    let mut spots: Vec<&Spot> = Vec::new();
    for (spot, _) in kept.shifts.iter().chain(&told_now) {
        if !spots.contains(&spot) {
            spots.push(spot);
        }
    }
    let direction = |of: &[(Spot, String)], spot: &Spot| of.iter().find(|(s, _)| s == spot).map(|(_, way)| way.clone());
    let (name, listings) = (super::naming(&counting.ground.taxonomy), counting.listings());
    let facts = &counting.ground.facts;
    let product = |spot: &Spot| {
        let is = |sku: &str| match &spot.sku {
            Some(wanted) => wanted == sku,
            None => spot.listing.as_deref().is_some_and(|wanted| listings.get(sku) == Some(&wanted)),
        };
        facts.skus.iter().position(|sku| is(sku)).map(|at| facts.products[at].clone()).unwrap_or_default()
    };
    let rows = spots.iter().filter_map(|spot| {
        let count = |sums: &Sums| sums.of(spot, &listings);
        let place = Place {
            shop: spot.shop.clone(),
            sku: spot.sku.clone(),
            listing: spot.listing.clone(),
            product: product(spot),
            narrowed: !ask.skus.is_empty() && spot.sku.is_none(),
        };
        // Under the same reading whatever moved came with records: new ones, corrected ones, deleted ones.
        let (then, today) = (count(&then), count(&today));
        Some(Step {
            place,
            category: name(&spot.category),
            stance: Stance::from_key(&spot.stance)?,
            told: [direction(&kept.shifts, spot), direction(&told_now, spot)],
            then,
            reread: if same_reading { then } else { count(&reread) },
            today,
        })
    });
    Ok(Bridge {
        rows: rows.collect(),
        taxonomy_changed,
        definitions_changed,
        verdicts: [kept.verdict.clone(), now.verdict.clone()],
        files: [came.len(), gone],
    })
}

/// Counts by shop and SKU.
#[derive(Default)]
struct Sums {
    bases: BTreeMap<(String, String), u64>,
    mentions: BTreeMap<(String, String, String, String), u64>,
}

fn sums<'a>(rows: impl Iterator<Item = (String, String, String, &'a str, u64, u64)>) -> Sums {
    let mut sums = Sums::default();
    for (shop, sku, category, stance, mentions, base) in rows {
        sums.bases.insert((shop.clone(), sku.clone()), base);
        *sums.mentions.entry((shop, sku, category, stance.to_string())).or_default() += mentions;
    }
    sums
}

impl Sums {
    fn of(&self, spot: &Spot, listings: &BTreeMap<&str, &str>) -> Ratio {
        let here = |shop: &str, sku: &str| {
            shop == spot.shop
                && spot.sku.as_deref().is_none_or(|wanted| wanted == sku)
                && spot.listing.as_deref().is_none_or(|wanted| listings.get(sku) == Some(&wanted))
        };
        Ratio {
            base: self.bases.iter().filter(|((s, k), _)| here(s, k)).map(|(_, n)| n).sum(),
            mentions: self
                .mentions
                .iter()
                .filter(|((s, k, c, t), _)| here(s, k) && *c == spot.category && *t == spot.stance)
                .map(|(_, n)| n)
                .sum(),
        }
    }
}

//! What an edit of the taxonomy moves: records that gain or lose a label, the numbers of the report before and after, what it
//! then tells, and quotes both ways.

mod quotes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use roaring::RoaringBitmap;

use crate::error::Result;
use crate::report::model::{Base, Counted, Place, Ratio, Report, Shift};
use crate::run::facts::{Facts, FileFacts};
use crate::run::ground::Ground;
use crate::run::report::plan::Plan;
use crate::run::report::{Ask, Counting, Figures, Which, figures, sums};
use crate::run::taxonomy::{self as load, Sourced};
use crate::taxonomy::{Taxonomy, bundled_files};
use crate::words::{Kind, Said, Stance};
use crate::workspace::Workspace;

pub use quotes::{Quote, Why};

/// What an edit moves: one label among the records of a kind.
pub struct Moved {
    /// Path of the category.
    pub category: String,
    /// Its name.
    pub name: Said,
    /// The stance.
    pub stance: Stance,
    /// True if the category holds others: it moves with them.
    pub net: bool,
    /// The ratio of the own shops in the period, before and after.
    pub own: [Ratio; 2],
    /// The same of competitors.
    pub others: [Ratio; 2],
    /// Where it moves most of the own SKUs, if it moves there and there is more than one.
    pub most: Option<(Place, [Ratio; 2])>,
    /// Records of all periods that gain it.
    pub gained: u64,
    /// Records of all periods that lose it.
    pub lost: u64,
}

/// What an edit moves among the records of one kind: each has ratios of its own.
pub struct OfKind {
    /// What is counted.
    pub counted: Counted,
    /// The report's figures by the new taxonomy; `None` where no period can be told.
    pub report: Option<Report>,
    /// Records of own shops in the period that are counted, and that are left out because nobody wrote anything.
    pub base: [u64; 2],
    /// Labels that move, the most moved first.
    pub moved: Vec<Moved>,
    /// Shifts that the report tells with the old taxonomy only, and with the new only.
    pub told: [Vec<Shift>; 2],
}

/// Everything that an edit moves.
#[derive(Default)]
pub struct Diff {
    /// Records whose labels move, of those with words.
    pub records: Ratio,
    /// By kind of record.
    pub kinds: Vec<OfKind>,
    /// Labels that records lose and gain, without those of nets.
    pub labels: [u64; 2],
    /// Some of the records behind them, both ways.
    pub quotes: Vec<Quote>,
}

impl Diff {
    /// True if no label moves.
    pub fn is_empty(&self) -> bool {
        self.records.mentions == 0
    }
}

/// Compares two taxonomy folders (without one: what the workspace uses) over the records of a workspace.
pub fn diff(workspace: &Workspace, old: Option<&Path>, new: Option<&Path>, ask: &Ask) -> Result<Diff> {
    let of = |folder: Option<&Path>| folder.map_or_else(|| load::with_source(workspace.root()), load::read_with_source);
    between(workspace, [of(old)?, of(new)?], ask)
}

/// Compares the bundled taxonomy with the one that the workspace uses.
pub fn diff_from_bundled(workspace: &Workspace, ask: &Ask) -> Result<Diff> {
    let bundled = (crate::taxonomy::bundled(), bundled_files().into_iter().collect());
    between(workspace, [bundled, load::with_source(workspace.root())?], ask)
}

/// One of the two: the records as it reads them, and its files.
struct Side {
    counting: Counting,
    source: BTreeMap<String, String>,
}

impl Side {
    fn taxonomy(&self) -> &Taxonomy {
        &self.counting.ground.taxonomy
    }

    fn facts(&self) -> &Facts {
        &self.counting.ground.facts
    }
}

/// A category's path and a stance: places differ between two taxonomies, names do not.
type Key = (String, Stance);

/// A label with the records that gain or lose it.
struct Change {
    key: Key,
    gains: bool,
    rows: Vec<(usize, u32)>,
}

/// Compares two taxonomies over the records of a workspace, by the numbers of the report that is asked for.
pub fn between(workspace: &Workspace, taxonomies: [Sourced; 2], ask: &Ask) -> Result<Diff> {
    let side = |(taxonomy, source): Sourced| -> Result<Side> {
        Ok(Side { counting: Counting::unturned(workspace, Ground::read_by(workspace, taxonomy)?, ask)?, source })
    };
    let [old, new] = taxonomies;
    let mut sides = [side(old)?, side(new)?];
    let kinds: Vec<Option<Kind>> = match (ask.kind, sides[0].facts()) {
        (Which::Usual, facts) => Kind::ALL.into_iter().filter(|kind| facts.has(*kind)).map(Some).collect(),
        (asked, facts) => vec![asked.of(facts)],
    };
    let mut diff = Diff::default();
    let mut changes: BTreeMap<(bool, Key), Vec<(usize, u32)>> = BTreeMap::new();
    let mut touched: BTreeSet<(usize, u32)> = BTreeSet::new();
    for kind in kinds {
        let (counted, facts) = (Counted { base: ask.base, kind }, sides[0].facts());
        let base: Vec<RoaringBitmap> = facts.files.iter().map(|file| wanted(facts, file, ask, counted)).collect();
        diff.records.base += base.iter().map(RoaringBitmap::len).sum::<u64>();
        let [before, after] = sides.each_ref().map(|side| by_name(side, &base));
        let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        let none = vec![RoaringBitmap::new(); base.len()];
        let mut moved = Vec::new();
        for key in keys {
            let (a, b) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
            let less = |a: &[RoaringBitmap], b: &[RoaringBitmap]| -> Vec<(usize, u32)> {
                let rows = a.iter().zip(b).map(|(a, b)| a - b).enumerate();
                rows.flat_map(|(file, rows)| rows.into_iter().map(move |row| (file, row))).collect()
            };
            let (gained, lost) = (less(b, a), less(a, b));
            if gained.is_empty() && lost.is_empty() {
                continue;
            }
            let net = sides.iter().any(|side| is_net(side.taxonomy(), &key.0));
            moved.push((key.clone(), net, gained.len() as u64, lost.len() as u64));
            for (gains, rows) in [(true, gained), (false, lost)] {
                touched.extend(&rows);
                if !net {
                    diff.labels[usize::from(gains)] += rows.len() as u64;
                    changes.entry((gains, key.clone())).or_default().extend(rows);
                }
            }
        }
        if !moved.is_empty() {
            diff.kinds.push(of_kind(workspace, &mut sides, ask, counted, moved)?);
        }
    }
    diff.records.mentions = touched.len() as u64;
    let change = |((gains, key), rows)| Change { key, gains, rows };
    let mut changes: Vec<Change> = changes.into_iter().map(change).filter(|c| !c.rows.is_empty()).collect();
    changes.sort_by(|a, b| b.rows.len().cmp(&a.rows.len()).then_with(|| a.key.cmp(&b.key)));
    diff.quotes = quotes::choose(&sides, &changes)?;
    Ok(diff)
}

/// The rows of a file that are counted, in the shops and SKUs that are asked for.
fn wanted(facts: &Facts, file: &FileFacts, ask: &Ask, counted: Counted) -> RoaringBitmap {
    let rows = file.counted(counted);
    if ask.shops.is_empty() && ask.skus.is_empty() {
        return rows;
    }
    rows.into_iter().filter(|row| is_wanted(facts, file, ask, *row)).collect()
}

fn is_wanted(facts: &Facts, file: &FileFacts, ask: &Ask, row: u32) -> bool {
    let (shop, sku) = (file.shop[row as usize] as usize, file.sku[row as usize] as usize);
    ask.wants_place(&facts.shops[shop], &facts.skus[sku])
}

/// Rows by category and stance, within the base.
fn by_name(side: &Side, base: &[RoaringBitmap]) -> BTreeMap<Key, Vec<RoaringBitmap>> {
    let taxonomy = side.taxonomy();
    let mut named: BTreeMap<Key, Vec<RoaringBitmap>> = BTreeMap::new();
    for (file, labels) in side.counting.labels.iter().enumerate() {
        for (label, rows) in labels {
            let key = (taxonomy.categories()[label.category()].id.clone(), label.stance());
            let maps = named.entry(key).or_insert_with(|| vec![RoaringBitmap::new(); base.len()]);
            maps[file] = rows & &base[file];
        }
    }
    named
}

/// True if a category holds others.
fn is_net(taxonomy: &Taxonomy, id: &str) -> bool {
    taxonomy.find(id).is_some_and(|at| taxonomy.categories().iter().any(|c| c.nets.contains(&at)))
}

/// The numbers of the report before and after, among the records of a kind.
fn of_kind(
    workspace: &Workspace,
    sides: &mut [Side; 2],
    ask: &Ask,
    counted: Counted,
    moved: Vec<(Key, bool, u64, u64)>,
) -> Result<OfKind> {
    let is_dated = sides.each_mut().map(|side| side.counting.turn_to(counted.kind)) == [true, true];
    let (sides, facts) = (&*sides, sides[0].facts());
    let of = |side: &Side| figures(workspace, &side.counting);
    let figures: Vec<Figures> = match sides.iter().map(of).collect::<Result<_>>() {
        // Records without a date have labels and no period.
        _ if !is_dated => Vec::new(),
        // The period that is asked for may have no conversations, and reviews.
        Err(error) if error.code() == "no_records" && ask.kind == Which::Usual => Vec::new(),
        figures => figures?,
    };
    let name = |id: &str| {
        let of = |side: &Side| Some(side.taxonomy().categories()[side.taxonomy().find(id)?].name.clone());
        of(&sides[1]).or_else(|| of(&sides[0])).unwrap_or_default()
    };
    let sums: Vec<[_; 2]> =
        figures.iter().map(|f| [true, false].map(|own| sums(&f.tally, f.plan.period, own))).collect();
    let ratios = |(id, stance): &Key, whose: usize| -> [Ratio; 2] {
        [0, 1].map(|i| {
            let Some((sums, base)) = sums.get(i).map(|sums| &sums[whose]) else { return Ratio::default() };
            let mentions = figures[i].tally.label(id, *stance).and_then(|label| sums.get(&label));
            Ratio { mentions: mentions.copied().unwrap_or(0), base: *base }
        })
    };
    let moved = moved.into_iter().map(|(key, net, gained, lost)| Moved {
        name: name(&key.0),
        own: ratios(&key, 0),
        others: ratios(&key, 1),
        most: most(&figures, facts, &key),
        category: key.0,
        stance: key.1,
        net,
        gained,
        lost,
    });
    let mut moved: Vec<Moved> = moved.collect();
    moved.sort_by_key(|m| (std::cmp::Reverse(m.gained + m.lost), m.category.clone(), m.stance));
    let told = match &figures[..] {
        [a, b] => [only_in(&a.report, &b.report), only_in(&b.report, &a.report)],
        _ => Default::default(),
    };
    let base = sums.first().map_or(0, |sums| sums[0].1);
    let silent = figures.first().map_or(0, |f| silent(workspace, facts, ask, counted, &f.plan));
    let report = figures.into_iter().nth(1).map(|f| f.report);
    Ok(OfKind { counted, report, base: [base, silent], moved, told })
}

/// Where a label of the own shops moves most.
fn most(figures: &[Figures], facts: &Facts, (id, stance): &Key) -> Option<(Place, [Ratio; 2])> {
    let [old, new] = figures else { return None };
    let count = |figures: &Figures| -> BTreeMap<(String, String), Ratio> {
        let tally = &figures.tally;
        let label = tally.label(id, *stance);
        let lines = tally.lines_of(figures.plan.period).filter(|l| tally.shops()[l.shop].own);
        let ratio = |line: crate::stats::tally::Line<'_>| {
            let mentions = label.map_or(0, |label| line.count(label).mentions);
            let place = (tally.shops()[line.shop].name.clone(), tally.skus()[line.sku].clone());
            (place, Ratio { mentions, base: line.base })
        };
        lines.map(ratio).collect()
    };
    let (old, new) = (count(old), count(new));
    let step = |place: &(String, String)| new[place].mentions.abs_diff(old.get(place).map_or(0, |r| r.mentions));
    let known = || new.keys().filter(|(_, sku)| !sku.is_empty());
    let place = known().max_by(|a, b| step(a).cmp(&step(b)).then_with(|| b.cmp(a)))?;
    if step(place) == 0 || known().count() < 2 {
        return None;
    }
    let ratios = [old.get(place).copied().unwrap_or_default(), new[place]];
    let (shop, sku) = place.clone();
    let product = facts.skus.iter().position(|s| *s == sku).map_or(String::new(), |at| facts.products[at].clone());
    Some((Place { shop, sku: Some(sku), listing: None, product, narrowed: false }, ratios))
}

/// What one report tells and another does not, wherever it stands.
fn only_in(here: &Report, there: &Report) -> Vec<Shift> {
    let same = |a: &Shift, b: &Shift| {
        (&a.place, &a.category.id, a.stance, a.direction) == (&b.place, &b.category.id, b.stance, b.direction)
    };
    here.shifts.iter().filter(|a| !there.shifts.iter().any(|b| same(a, b))).cloned().collect()
}

/// Records of own shops in a period in which nobody wrote anything: default praise, stars alone.
fn silent(workspace: &Workspace, facts: &Facts, ask: &Ask, counted: Counted, plan: &Plan) -> u64 {
    if counted.base != Base::Text {
        return 0;
    }
    let own: Vec<bool> =
        facts.shops.iter().map(|name| workspace.settings().shop(name).is_none_or(|shop| !shop.competitor)).collect();
    let of = |file: &FileFacts| {
        let all = wanted(facts, file, ask, Counted { base: Base::All, ..counted }) & &file.silent;
        let within = |row: usize| file.day(row).is_some_and(|day| plan.of(day) == Some(plan.period));
        all.iter().map(|row| row as usize).filter(|row| own[file.shop[*row] as usize] && within(*row)).count() as u64
    };
    facts.files.iter().map(of).sum()
}

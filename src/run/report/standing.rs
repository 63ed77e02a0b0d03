//! The figures a shop is held to: bad reviews of 60 days as first given and as they stand, how many low stars
//! are about the product, what each complaint costs in stars.

use roaring::RoaringBitmap;

use super::BAD_STARS;
use super::build::Names;
use super::rows::Rows;
use crate::report::model::{Cost, Ratio, Standing};
use crate::stats::impact::{Ratings, star_impact};
use crate::stats::tally::Tally;
use crate::words::{Day, Kind, LabelId, Period, Stance};

/// Days that platforms look back.
const DAYS: i32 = 60;
/// Stars up to which a record is low.
const LOW_STARS: f32 = 3.0;
/// Fewest rated records that a cost is told of.
const FEWEST: u64 = 10;
/// Costs told.
const COSTS: usize = 10;

/// The figures of the own shops; `None` if they have no rated reviews in these days.
pub fn of(rows: &Rows<'_>, tally: &Tally, names: &Names<'_>) -> Option<Standing> {
    if !rows.is_kind(Kind::Review) {
        return None;
    }
    let told = rows.facts.days(Some(Kind::Review))?;
    let until = told.last.min(rows.plan.period.last());
    let days = Period::new(until.plus(1 - DAYS).max(told.first.min(until)), until);
    let own: Vec<&str> = tally.shops().iter().filter(|s| s.own).map(|s| s.name.as_str()).collect();
    let own: Vec<bool> = rows.facts.shops.iter().map(|s| own.contains(&s.as_str())).collect();
    let (mut first, mut current, mut low) = (Ratio::default(), Ratio::default(), Ratio::default());
    for (number, file) in rows.facts.files.iter().enumerate() {
        let rated = |row: u32| {
            let at = row as usize;
            let sku = &rows.facts.skus[file.sku[at] as usize];
            let wanted = file.kind(at) == Kind::Review
                && own[file.shop[at] as usize]
                && rows.ask.wants_place(&rows.facts.shops[file.shop[at] as usize], sku);
            if wanted { file.stars(at).zip(file.day(at)) } else { None }
        };
        for (versions, ratio) in [(&file.first, &mut first), (&file.current, &mut current)] {
            for (stars, _) in versions.iter().filter_map(rated).filter(|(_, day)| days.contains(*day)) {
                ratio.base += 1;
                ratio.mentions += u64::from(stars <= BAD_STARS);
            }
        }
        let product = of_product(rows, tally, names, number);
        let spoken = &file.current - &file.silent;
        let low_rated = |row: &u32| rated(*row).is_some_and(|(stars, day)| stars <= LOW_STARS && now(rows, day));
        for row in spoken.iter().filter(low_rated) {
            low.base += 1;
            low.mentions += u64::from(product.contains(row));
        }
    }
    let costs = costs(rows, tally, names, &own);
    let standing = Standing { until: until.to_string(), days: days.len(), first, current, quality: low, costs };
    (current.base > 0).then_some(standing)
}

fn now(rows: &Rows<'_>, day: Day) -> bool {
    rows.plan.of(day) == Some(rows.plan.period)
}

/// Rows of a file with a complaint of the product.
fn of_product(rows: &Rows<'_>, tally: &Tally, names: &Names<'_>, file: usize) -> RoaringBitmap {
    let of_product = |label: &LabelId| {
        label.stance() == Stance::Complaint
            && tally.categories().get(label.category()).is_some_and(|id| (names.category)(id).area == "product")
    };
    let with = rows.labels[file].iter().filter(|(label, _)| of_product(label));
    with.fold(RoaringBitmap::new(), |all, (_, rows)| all | rows)
}

/// What each complaint costs the own shops' mean in the reported period.
fn costs(rows: &Rows<'_>, tally: &Tally, names: &Names<'_>, own: &[bool]) -> Vec<Cost> {
    let mut all = Ratings::default();
    let mut with: std::collections::BTreeMap<LabelId, Ratings> = std::collections::BTreeMap::new();
    let nets = super::build::nets(tally);
    for (number, file) in rows.facts.files.iter().enumerate() {
        let rated: RoaringBitmap = rows
            .base(number)
            .iter()
            .filter(|row| {
                let at = *row as usize;
                let (shop, sku) = (file.shop[at] as usize, file.sku[at] as usize);
                own[shop]
                    && file.stars(at).is_some()
                    && file.day(at).is_some_and(|day| now(rows, day))
                    && rows.ask.wants_place(&rows.facts.shops[shop], &rows.facts.skus[sku])
            })
            .collect();
        let stars = |row: u32| f64::from(file.stars(row as usize).unwrap_or(0.0));
        rated.iter().for_each(|row| all.add(stars(row)));
        for (label, labelled) in &rows.labels[number] {
            if label.stance() == Stance::Complaint && !nets.get(label.category()).copied().unwrap_or(true) {
                let ratings = with.entry(*label).or_default();
                (labelled & &rated).iter().for_each(|row| ratings.add(stars(row)));
            }
        }
    }
    let mut costs: Vec<Cost> = with
        .into_iter()
        .filter(|(_, ratings)| ratings.records >= FEWEST)
        .filter_map(|(label, ratings)| {
            let impact = star_impact(ratings, all.without(ratings))?;
            Some(Cost {
                category: (names.category)(&tally.categories()[label.category()]),
                ratio: Ratio { mentions: ratings.records, base: all.records },
                gap: impact.gap,
                se: impact.se,
                opportunity: impact.opportunity,
                biggest: false,
            })
        })
        .filter(|cost| cost.opportunity > 0.0)
        .collect();
    costs.sort_by(|a, b| b.opportunity.total_cmp(&a.opportunity).then_with(|| a.category.id.cmp(&b.category.id)));
    let mut areas: Vec<String> = Vec::new();
    for cost in &mut costs {
        cost.biggest = !areas.contains(&cost.category.area);
        areas.push(cost.category.area.clone());
    }
    // The largest of each area stays, however far down.
    let mut place = 0;
    costs.retain(|cost| {
        place += 1;
        place <= COSTS || cost.biggest
    });
    costs
}

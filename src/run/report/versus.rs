//! Own shops beside competitors: the same comparison among records with the same stars, and what each side is
//! known for.

use std::collections::BTreeMap;

use super::build::{Names, nets};
use super::plan::Plan;
use super::rows::Rows;
use crate::report::model::{Estimate, Report};
use crate::report::share;
use crate::said;
use crate::stats::pooled::mantel_haenszel;
use crate::stats::tally::Tally;
use crate::stats::{CONFIDENCE, Count, Pair};
use crate::words::{LabelId, Lang, Said, Stance};

/// An own praise rarer than this, while competitors are praised twice as often, is silence.
const SILENT: f64 = 0.03;
/// Complaints named of each side.
const NAMED: usize = 3;

/// Adds to every row the odds among records with the same stars, and of the same channel if there is one that
/// both sides sell on.
pub fn matched(rows: &Rows<'_>, tally: &Tally, report: &mut Report) {
    let facts = rows.facts;
    let own: BTreeMap<&str, bool> = tally.shops().iter().map(|s| (s.name.as_str(), s.own)).collect();
    let whose: Vec<Option<bool>> = facts.shops.iter().map(|s| own.get(s.as_str()).copied()).collect();
    // (file, row, stratum, own): every record of the period, once for all rows of the table.
    let mut records: Vec<(usize, u32, (u32, u8), bool)> = Vec::new();
    for (number, file) in facts.files.iter().enumerate() {
        for row in rows.base(number) {
            let at = row as usize;
            let Some(own) = whose[file.shop[at] as usize] else { continue };
            let now = file.day(at).and_then(|day| rows.plan.of(day)) == Some(rows.plan.period);
            if now && rows.ask.wants_place(&facts.shops[file.shop[at] as usize], &facts.skus[file.sku[at] as usize]) {
                let stars = file.stars(at).map_or(0, |s| 1 + u8::from(s > 2.0) + u8::from(s > 3.0));
                records.push((number, row, (file.platform[at], stars), own));
            }
        }
    }
    let sides = |channel: u32, own: bool| records.iter().any(|r| r.2.0 == channel && r.3 == own);
    let shared: Vec<bool> = (0..facts.platforms.len() as u32).map(|c| sides(c, true) && sides(c, false)).collect();
    let by_channel = shared.contains(&true);
    for line in &mut report.versus {
        let Some(label) = tally.label(&line.category.id, line.stance) else { continue };
        let mut strata: BTreeMap<(u32, u8), Pair> = BTreeMap::new();
        for (file, row, (channel, stars), own) in &records {
            let has = rows.with(*file, label).is_some_and(|with| with.contains(*row));
            let key = (if by_channel { *channel } else { 0 }, *stars);
            let pair = strata.entry(key).or_default();
            *(if *own { &mut pair.after } else { &mut pair.before }) += Count::new(u64::from(has), 1);
        }
        let strata: Vec<Pair> = strata.into_values().filter(|p| p.smaller_base() > 0).collect();
        line.matched = mantel_haenszel(&strata, CONFIDENCE).map(|pooled| Estimate {
            value: pooled.odds_ratio,
            low: pooled.interval.low,
            high: pooled.interval.high,
        });
    }
}

/// What is praised there and silent here, and what each side's complaints are mostly about.
pub fn notes(tally: &Tally, plan: &Plan, report: &Report, names: &Names<'_>) -> Vec<Said> {
    let mut notes = Vec::new();
    for line in report.versus.iter().filter(|v| v.holds && v.stance == Stance::Praise) {
        let (Some(own), Some(other)) = (line.own.share(), line.other.share()) else { continue };
        if own < SILENT && other > 2.0 * own {
            let (zh, en) = (line.category.name.in_lang(Lang::Zh), line.category.name.in_lang(Lang::En));
            let (there, here) = (share(line.other), share(line.own));
            notes.push(said!(
                "那边常被夸、这边几乎没人提：{zh}，竞品 {there}，自家 {here}",
                "praised there, silent here: {en}, competitors {there}, own {here}"
            ));
        }
    }
    let voices = [true, false].map(|own| voice(tally, plan, names, own));
    if let [Some(own), Some(other)] = voices {
        notes.push(Said::new(
            format!("不满的话语份额（占全部不满提及）：自家 {}；竞品 {}", own.zh, other.zh),
            format!("share of voice among all complaints: own {}; competitors {}", own.en, other.en),
        ));
    }
    notes
}

/// The categories that most of a side's complaint mentions are of, with their share of all of them.
fn voice(tally: &Tally, plan: &Plan, names: &Names<'_>, own: bool) -> Option<Said> {
    let nets = nets(tally);
    let mut counts: BTreeMap<LabelId, u64> = BTreeMap::new();
    for line in tally.lines_of(plan.period).filter(|l| tally.shops()[l.shop].own == own) {
        for cell in line.cells.iter().filter(|c| c.label.stance() == Stance::Complaint && !nets[c.label.category()]) {
            *counts.entry(cell.label).or_default() += cell.mentions;
        }
    }
    let all: u64 = counts.values().sum();
    let mut ranked: Vec<(LabelId, u64)> = counts.into_iter().collect();
    ranked.sort_by_key(|(label, n)| (std::cmp::Reverse(*n), *label));
    let list = |lang: Lang| {
        let one = |(label, n): &(LabelId, u64)| {
            let name = (names.category)(&tally.categories()[label.category()]).name;
            format!("{} {:.0}%", name.in_lang(lang), *n as f64 / all as f64 * 100.0)
        };
        ranked.iter().take(NAMED).map(one).collect::<Vec<_>>().join(lang.of("、", ", "))
    };
    (all >= 20).then(|| Said::new(list(Lang::Zh), list(Lang::En)))
}

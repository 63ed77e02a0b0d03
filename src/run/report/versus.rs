//! Own shops beside competitors: the same comparison among records with the same stars, and what each side is
//! known for.

use std::collections::BTreeMap;

use super::build::{Names, nets};
use super::plan::Plan;
use super::rows::Rows;
use crate::report::model::{Estimate, Report, Versus};
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
    let (facts, rivals) = (rows.facts, report.is_of_rivals());
    let own: BTreeMap<&str, bool> = tally.shops().iter().map(|s| (s.name.as_str(), s.own)).collect();
    let whose: Vec<Option<bool>> = facts.shops.iter().map(|s| own.get(s.as_str()).copied()).collect();
    // (file, row, stratum, own): every record of the period, once for all rows of the table.
    let mut records: Vec<(usize, u32, (u32, u8), bool)> = Vec::new();
    for (number, file) in facts.files.iter().enumerate() {
        for row in rows.base(number) {
            let at = row as usize;
            let Some(own) = whose[file.shop[at] as usize] else { continue };
            let now = file.day(at).and_then(|day| rows.plan.of(day)) == Some(rows.plan.period);
            let (shop, sku) = (&facts.shops[file.shop[at] as usize], &facts.skus[file.sku[at] as usize]);
            if now && (rows.ask.wants_place(shop, sku) || (rivals && own)) {
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

/// What is praised there and silent here, what we can learn, say and mend, and what each side's complaints are mostly
/// about.
pub fn notes(tally: &Tally, plan: &Plan, report: &Report, names: &Names<'_>) -> Vec<Said> {
    let mut notes = Vec::new();
    for line in report.versus.iter().filter(|v| is_silent(v)) {
        let (zh, en) = (line.category.name.in_lang(Lang::Zh), line.category.name.in_lang(Lang::En));
        let (there, here) = (share(line.other), share(line.own));
        notes.push(said!(
            "那边常被夸、这边几乎没人提：{zh}，竞品 {there}，自家 {here}",
            "praised there, silent here: {en}, competitors {there}, own {here}"
        ));
    }
    notes.extend(steps(report));
    let voices = [true, false].map(|own| voice(tally, plan, names, own));
    if let [Some(own), Some(other)] = voices {
        notes.push(Said::new(
            format!("不满的话语份额（占全部不满提及）：自家 {}；竞品 {}", own.zh, other.zh),
            format!("share of voice among all complaints: own {}; competitors {}", own.en, other.en),
        ));
    }
    notes
}

/// The gaps that hold, by what they are good for: to learn, to say, to mend. What is silent here is told already.
fn steps(report: &Report) -> Vec<Said> {
    let list = |stance: Stance, ahead: bool| {
        let is = |v: &&Versus| {
            let lead = v.gap.is_some_and(|g| g.value > 0.0);
            v.holds && v.stance == stance && lead == ahead && !is_silent(v)
        };
        let rows: Vec<&Versus> = report.versus.iter().filter(is).take(NAMED).collect();
        let words = |lang: Lang| {
            let one = |v: &&Versus| {
                let (own, other) = (share(v.own), share(v.other));
                let name = v.category.name.in_lang(lang);
                lang.of(
                    format!("{name}（自家 {own}，竞品 {other}）"),
                    format!("{name} (own {own}, competitors {other})"),
                )
            };
            rows.iter().map(one).collect::<Vec<_>>().join(lang.of("、", ", "))
        };
        (!rows.is_empty()).then(|| (words(Lang::Zh), words(Lang::En)))
    };
    let learn = list(Stance::Praise, false)
        .map(|(zh, en)| said!("可以学：那边更常被夸 {zh}", "to learn: they are praised more for {en}"));
    let say = list(Stance::Praise, true)
        .map(|(zh, en)| said!("可以讲：我们更常被夸 {zh}", "to say: we are praised more for {en}"));
    let contrast = list(Stance::Complaint, false)
        .map(|(zh, en)| said!("可以讲：我们更少被抱怨 {zh}", "to say: we are complained of less for {en}"));
    let mend = list(Stance::Complaint, true)
        .map(|(zh, en)| said!("先补：我们更常被抱怨 {zh}", "to mend: we are complained of more for {en}"));
    [learn, say, contrast, mend].into_iter().flatten().collect()
}

/// Praised there, and hardly a word of it here.
fn is_silent(line: &Versus) -> bool {
    let shares = line.own.share().zip(line.other.share());
    line.holds && line.stance == Stance::Praise && shares.is_some_and(|(own, other)| own < SILENT && other > 2.0 * own)
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

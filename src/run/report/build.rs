//! Puts a report together from a tally: everything that needs counts and names, and no text.

use std::collections::BTreeMap;

use super::Ask;
use super::mix;
use super::plan::Plan;
use super::rivals::{self, beside};
use super::shifts::{self, Families, Judged, Judgement, Spot};
use super::wider;
use crate::report::model::{
    Category, Cell, Counted, Direction, Estimate, Gate, Matrix, MatrixCell, MatrixRow, Place, Ratio, Read, Report,
    SCHEMA, Shift, Shop, Trend, Versus,
};
use crate::said;
use crate::stats::change::{newcombe, score_times};
use crate::stats::gate::{self, Settings};
use crate::stats::tally::Tally;
use crate::stats::unrest::{CELL_FROM, ENOUGH, Learnt, Unrest};
use crate::stats::{CONFIDENCE, Count, Pair};
use crate::words::{LabelId, Lang, Said, Stance};

/// Columns of the matrix.
const COLUMNS: usize = 14;
/// Ratios that are followed over time, besides all complaints.
const TRENDS: usize = 30;
/// Rows of own against competitors.
const VERSUS: usize = 24;
/// SKUs named of those that moved with their shop.
const NAMED: usize = 5;

/// The names that a tally only has ids for.
pub struct Names<'a> {
    /// A category by its path.
    pub category: &'a dyn Fn(&str) -> Category,
    /// The title of a SKU's product.
    pub product: &'a dyn Fn(&str) -> String,
    /// The listing of a SKU, by its id; empty if it is not known.
    pub listing: &'a dyn Fn(&str) -> String,
    /// True if only some SKUs are counted.
    pub narrowed: bool,
    /// Records with one or two stars, of those with stars, of this period: by shop and SKU.
    pub bad: &'a BTreeMap<(String, String), Ratio>,
}

/// The report without quotes, causes and events, and the judgement that it shows. Besides the counts that were
/// asked for it takes all there are: how restless the shop is does not hang on what is looked at.
pub fn build(
    [tally, all]: [&Tally; 2],
    plan: &Plan,
    ask: &Ask,
    counted: Counted,
    names: &Names<'_>,
) -> (Report, Judgement) {
    let nets = nets(tally);
    let wanted = |label: LabelId| ask.wants(&tally.categories()[label.category()], label.stance());
    let settings = Settings { q: ask.q, ..Settings::default() };
    let families = Families::of(tally, names.listing);
    let mut judgement = shifts::judge([tally, all], plan, &settings, families, wanted);
    if plan.is_too_young() {
        judgement.told.clear();
        let shifted = judgement.cells.iter_mut().filter(|c| c.verdict.shift.is_shift());
        shifted.for_each(|c| c.verdict.shift = gate::Shift::TooFew);
    }
    let leaf = |label: LabelId| !nets[label.category()] && wanted(label);
    let shifts: Vec<Shift> =
        judgement.told.iter().map(|i| shift([tally, all], plan, &judgement, &judgement.cells[*i], names)).collect();
    let number = |wanted: gate::Shift| judgement.cells.iter().filter(|c| c.verdict.shift == wanted).count();
    // The cell of this period that a shift of several periods is about.
    let alone = |of: &Shift| {
        let is = |c: &&Judged| {
            c.spot.label.stance() == of.stance
                && tally.categories()[c.spot.label.category()] == of.category.id
                && place(tally, &judgement.families, c.spot, names) == of.place
        };
        judgement.cells.iter().find(is).map(|c| (c.verdict.shift, c.pair))
    };
    let unrest = &judgement.unrest.alone;
    let report = Report {
        schema: SCHEMA,
        shops: shops(tally, plan),
        skus: ask.skus.clone(),
        period: plan.period.to_string(),
        against: plan.against.to_string(),
        provisional: plan.provisional.clone(),
        wider: wider::of([tally, all], plan, &settings, names, wanted, &shifts, alone),
        counted,
        read: Read::default(),
        verdict: verdict(tally, plan, &shifts),
        cautions: caution(unrest).into_iter().collect(),
        gate: Gate {
            q: ask.q,
            phi: unrest.phi,
            tau2: unrest.tau2,
            learnt_from: unrest.cells,
            calibrated: unrest.learnt == Learnt::Earlier,
            learnt: unrest.learnt.key(),
            tested: judgement.cells.iter().filter(|c| c.verdict.q.is_some()).count(),
        },
        mixed: mixed(tally, &judgement, &settings, names, &leaf),
        moved: number(gate::Shift::Rise) + number(gate::Shift::Fall),
        steady: number(gate::Shift::Steady),
        too_few: number(gate::Shift::TooFew),
        matrix: matrix(tally, plan, &judgement, names, &leaf),
        periods: plan.series.iter().map(|p| p.to_string()).collect(),
        trends: trends([tally, all], plan, names, &leaf),
        versus: versus(&beside(tally, all), plan, &settings, names, &leaf),
        versus_notes: Vec::new(),
        quotes: Vec::new(),
        standing: None,
        events: Vec::new(),
        service: None,
        cells: cells(tally, plan, &judgement),
        definitions: super::definitions::all(counted),
        shifts,
        taxonomy: String::new(),
        data: String::new(),
    };
    (report, judgement)
}

/// Which categories hold others, by their place.
pub fn nets(tally: &Tally) -> Vec<bool> {
    let all = tally.categories();
    let holds = |id: &String| {
        let prefix = format!("{id}/");
        all.iter().any(|other| other.starts_with(&prefix))
    };
    all.iter().map(holds).collect()
}

fn ratio(count: Count) -> Ratio {
    Ratio { mentions: count.mentions, base: count.base }
}

fn shops(tally: &Tally, plan: &Plan) -> Vec<Shop> {
    let base = |shop: usize, period| tally.lines_of(period).filter(|l| l.shop == shop).map(|l| l.base).sum();
    let mut shops: Vec<Shop> = tally
        .shops()
        .iter()
        .enumerate()
        .map(|(i, s)| Shop {
            name: s.name.clone(),
            own: s.own,
            now: base(i, plan.period),
            before: base(i, plan.against),
        })
        .filter(|s| s.now + s.before > 0)
        .collect();
    shops.sort_by_key(|s| (!s.own, std::cmp::Reverse(s.now)));
    shops
}

fn place(tally: &Tally, families: &Families, spot: Spot, names: &Names<'_>) -> Place {
    let sku = spot.sku.map(|sku| tally.skus()[sku].clone());
    let one_of = spot.family.map(|family| &tally.skus()[families.all[family].1[0]]);
    let product = sku.as_ref().or(one_of).map(|sku| (names.product)(sku)).unwrap_or_default();
    let listing = one_of.map(|sku| (names.listing)(sku));
    Place {
        shop: tally.shops()[spot.shop].name.clone(),
        narrowed: names.narrowed && sku.is_none(),
        sku,
        listing,
        product,
    }
}

/// What to bear in mind where the gate had no earlier periods to learn from, and what would change that.
fn caution(unrest: &Unrest) -> Option<Said> {
    let found = unrest.cells;
    match unrest.learnt {
        Learnt::Earlier => None,
        Learnt::Here => Some(said!(
            "往期太少：本店平时的波动只能从正在比较的两期里估，误报率没有往期可证，请当线索看。补上更早的记录，或换短一档的周期（--by），就能校准。",
            "Too few earlier periods: how restless the shop is could only be learnt from the two periods compared, so the rate of false alarms is not proven; take these as leads. Earlier records, or shorter periods (--by), would calibrate it."
        )),
        Learnt::Nowhere => Some(said!(
            "未校准：本店平时的波动要从 {ENOUGH} 个“相邻两期合计提到 {CELL_FROM} 次以上”的占比里学，眼下只有 {found} 个；只排除了抽样的偶然，误报会比标称的多，请当线索看。补上更早的记录，或换长一档的周期（--by），就能校准。",
            "Not calibrated: how restless the shop is of itself is learnt from {ENOUGH} ratios with {CELL_FROM} mentions or more in two neighbouring periods, and there are only {found}. Only the luck of the draw is ruled out: expect more false alarms than stated and take these as leads. Earlier records, or longer periods (--by), would calibrate it."
        )),
    }
}

/// Ratios of whole shops that moved only because the mix of SKUs did.
fn mixed(
    tally: &Tally,
    judgement: &Judgement,
    settings: &Settings,
    names: &Names<'_>,
    leaf: &impl Fn(LabelId) -> bool,
) -> Vec<Said> {
    let name = |spot: Spot| {
        let category = (names.category)(&tally.categories()[spot.label.category()]);
        let place = place(tally, &judgement.families, spot, names);
        let words = |lang| {
            let place = crate::report::place_name(&place, lang);
            format!("{place} · {} {}", category.name.in_lang(lang), spot.label.stance().name(lang))
        };
        Said::new(words(Lang::Zh), words(Lang::En))
    };
    mix::notes(judgement, settings, leaf, name, |sku| tally.skus()[sku].clone())
}

fn direction(shift: gate::Shift) -> Direction {
    match shift {
        gate::Shift::Rise => Direction::Rise,
        gate::Shift::Fall => Direction::Fall,
        gate::Shift::Steady => Direction::Steady,
        gate::Shift::TooFew => Direction::TooFew,
    }
}

/// A cell as the report tells it.
pub fn shift(
    [tally, all]: [&Tally; 2],
    plan: &Plan,
    judgement: &Judgement,
    judged: &Judged,
    names: &Names<'_>,
) -> Shift {
    let Judged { spot, pair, verdict, .. } = judged;
    let count = |period| ratio(shifts::count(tally, &judgement.families, period, *spot));
    let series: Vec<Ratio> = plan.series.iter().map(|p| count(*p)).collect();
    let mut causes = told_with(tally, judgement, judged, names);
    let last_year = Some(count(plan.last_year)).filter(|r| r.base > 0 && plan.last_year != plan.against);
    causes.extend(last_year.map(|then| beside_last_year(then, *pair)));
    let category = (names.category)(&tally.categories()[spot.label.category()]);
    let (own, way) = (tally.shops()[spot.shop].own, direction(verdict.shift));
    Shift {
        place: place(tally, &judgement.families, *spot, names),
        category: if own { category } else { rivals::advised(category, spot.label.stance(), way) },
        stance: spot.label.stance(),
        direction: way,
        now: ratio(pair.after),
        before: ratio(pair.before),
        last_year,
        change: change(*pair),
        times: times(*pair),
        q: verdict.q,
        extra: verdict.at_least.floor() as u64,
        series,
        ours: if own { None } else { rivals::ours(all, plan.period, spot.label) },
        causes,
        quotes: Vec::new(),
    }
}

/// The ratio of the same period last year, and how far this one is from it.
fn beside_last_year(then: Ratio, pair: Pair) -> Said {
    let change = change(Pair::new(Count::new(then.mentions, then.base), pair.after));
    let (then, points) = (crate::report::share(then), crate::report::points(change));
    said!("去年同期 {then}，同比 {points} 个百分点", "the same period last year: {then}, {points} points since")
}

/// What moved in the same way and is told here: SKUs of the shop, categories of the net.
fn told_with(tally: &Tally, judgement: &Judgement, judged: &Judged, names: &Names<'_>) -> Vec<Said> {
    let parts = || judged.folded.iter().map(|i| judgement.cells[*i].spot);
    let mut causes = Vec::new();
    let mut skus: Vec<&str> =
        parts().filter(|p| p.label == judged.spot.label).filter_map(|p| Some(tally.skus()[p.sku?].as_str())).collect();
    skus.sort_unstable();
    if !skus.is_empty() {
        let (n, list) = (skus.len(), skus[..skus.len().min(NAMED)].join(" "));
        let more = if n > NAMED { " …" } else { "" };
        causes.push(said!(
            "全店一起动，其中 {n} 个 SKU 单独看也站得住：{list}{more}",
            "the whole shop moved; of its SKUs {n} hold alone: {list}{more}"
        ));
    }
    let mut labels: Vec<LabelId> = parts().map(|p| p.label).filter(|l| *l != judged.spot.label).collect();
    labels.sort_unstable();
    if !labels.is_empty() {
        let name = |lang| {
            let names: Vec<String> = labels
                .iter()
                .map(|l| (names.category)(&tally.categories()[l.category()]).name.in_lang(lang).to_string())
                .collect();
            names.join(lang.of("、", ", "))
        };
        let (zh, en) = (name(Lang::Zh), name(Lang::En));
        causes.push(Said::new(format!("其中的{zh}单独看也站得住"), format!("within it {en} holds alone")));
    }
    causes
}

fn change(pair: Pair) -> Option<Estimate> {
    let interval = newcombe(pair, CONFIDENCE);
    Some(Estimate { value: pair.change()?, low: interval.low, high: interval.high })
}

fn times(pair: Pair) -> Option<Estimate> {
    let interval = score_times(pair, CONFIDENCE);
    Some(Estimate { value: pair.times()?, low: interval.low, high: interval.high })
}

/// The message in one sentence: how many, how many of them for the worse, and the heaviest.
fn verdict(tally: &Tally, plan: &Plan, shifts: &[Shift]) -> Said {
    let period = plan.period;
    let Some(first) = shifts.first() else {
        if plan.is_too_young() {
            return said!(
                "{period} 还不满一周，星期几都没比齐，先不下结论。",
                "{period} is less than a week old: its weekdays are not those it is compared with, so nothing is said."
            );
        }
        return said!("{period}：没有站得住的变化。", "{period}: nothing moved that holds.");
    };
    let is_own = |s: &&Shift| tally.shops().iter().any(|shop| shop.own && shop.name == s.place.shop);
    let worse = |s: &&Shift| match s.stance {
        Stance::Complaint => s.direction == Direction::Rise,
        Stance::Praise => s.direction == Direction::Fall,
        Stance::Question | Stance::Mention => false,
    };
    // What moves at a competitor's is neither better nor worse.
    let own = shifts.iter().filter(is_own).count();
    let (n, bad) = (shifts.len(), shifts.iter().filter(is_own).filter(worse).count());
    let rivals = n - own;
    let (now, before) = (crate::report::share(first.now), crate::report::share(first.before));
    let words = |lang| {
        let place = crate::report::place_name(&first.place, lang);
        format!("{place} · {} {}", first.category.name.in_lang(lang), first.stance.name(lang))
    };
    let (zh, en) = (words(Lang::Zh), words(Lang::En));
    let hold_zh = match (own, rivals) {
        (0, _) => format!("竞品有 {n} 项变化站得住"),
        (_, 0) => format!("有 {n} 项变化站得住，其中 {bad} 项变差"),
        _ => format!("有 {n} 项变化站得住：自家 {own} 项（{bad} 项变差）、竞品 {rivals} 项"),
    };
    let hold_en = match (own, rivals, bad) {
        (0, 1, _) => "1 shift of a competitor holds".to_string(),
        (0, _, _) => format!("{n} shifts of competitors hold"),
        (1, 0, 1) => "1 shift holds, for the worse".to_string(),
        (1, 0, _) => "1 shift holds".to_string(),
        (_, 0, _) => format!("{n} shifts hold, {bad} of them for the worse"),
        _ => format!("{n} shifts hold: {own} own ({bad} for the worse) and {rivals} of competitors"),
    };
    Said::new(
        format!("{period} {hold_zh}；影响最大的是 {zh}：{before} → {now}。"),
        format!("{period}: {hold_en}; the heaviest is {en}: {before} → {now}."),
    )
}

/// Sums over the SKUs of a side's shops in one period, by label, and their base.
pub fn sums(tally: &Tally, period: crate::words::Period, own: bool) -> (BTreeMap<LabelId, u64>, u64) {
    let mut sums: BTreeMap<LabelId, u64> = BTreeMap::new();
    let mut base = 0;
    for line in tally.lines_of(period).filter(|l| tally.shops()[l.shop].own == own) {
        base += line.base;
        for cell in line.cells {
            *sums.entry(cell.label).or_default() += cell.mentions;
        }
    }
    (sums, base)
}

fn matrix(
    tally: &Tally,
    plan: &Plan,
    judgement: &Judgement,
    names: &Names<'_>,
    leaf: &impl Fn(LabelId) -> bool,
) -> Matrix {
    let own = !rivals::only(tally);
    let (sums, _) = sums(tally, plan.period, own);
    let mut columns: Vec<(LabelId, u64)> =
        sums.into_iter().filter(|(label, _)| label.stance() == Stance::Complaint && leaf(*label)).collect();
    columns.sort_by_key(|(label, n)| (std::cmp::Reverse(*n), *label));
    columns.truncate(COLUMNS);
    let judged: BTreeMap<Spot, Direction> =
        judgement.cells.iter().map(|c| (c.spot, direction(c.verdict.shift))).collect();
    let mut rows: Vec<MatrixRow> = Vec::new();
    for line in tally.lines_of(plan.period).filter(|l| tally.shops()[l.shop].own == own) {
        let spot = |label| Spot { shop: line.shop, family: None, sku: Some(line.sku), label };
        let place = place(tally, &judgement.families, spot(LabelId(0)), names);
        let before = tally.find(plan.against, line.shop, line.sku);
        let cells = columns.iter().map(|(label, _)| MatrixCell {
            now: ratio(line.count(*label)),
            before: ratio(before.map_or(Count::default(), |b| b.count(*label))),
            direction: judged.get(&spot(*label)).copied().unwrap_or(Direction::TooFew),
            quote: None,
        });
        let key = (place.shop.clone(), place.sku.clone().unwrap_or_default());
        let bad = names.bad.get(&key).copied().unwrap_or_default();
        rows.push(MatrixRow { base: line.base, bad, cells: cells.collect(), place });
    }
    rows.sort_by(|a, b| b.base.cmp(&a.base).then_with(|| a.place.cmp(&b.place)));
    let id = |label: LabelId| &tally.categories()[label.category()];
    Matrix { categories: columns.iter().map(|(label, _)| (names.category)(id(*label))).collect(), rows }
}

fn trends([tally, all]: [&Tally; 2], plan: &Plan, names: &Names<'_>, leaf: &impl Fn(LabelId) -> bool) -> Vec<Trend> {
    let side = !rivals::only(tally);
    let over: Vec<(BTreeMap<LabelId, u64>, u64)> = plan.series.iter().map(|p| sums(tally, *p, side)).collect();
    let Some((now, _)) = over.last() else { return Vec::new() };
    let mut labels: Vec<(LabelId, u64)> = now.iter().map(|(l, n)| (*l, *n)).filter(|(l, _)| leaf(*l)).collect();
    labels.sort_by_key(|(label, n)| (std::cmp::Reverse(*n), *label));
    // All complaints stay: charts tell what part of them a category is.
    let mut place = 0;
    labels.retain(|(label, _)| {
        place += 1;
        place <= TRENDS || label.stance() == Stance::Complaint
    });
    let shops: Vec<&str> = tally.shops().iter().filter(|s| s.own == side).map(|s| s.name.as_str()).collect();
    let place =
        Place { shop: shops.join(" + "), sku: None, listing: None, product: String::new(), narrowed: names.narrowed };
    let trend = |(label, _): (LabelId, u64)| Trend {
        place: place.clone(),
        category: (names.category)(&tally.categories()[label.category()]),
        stance: label.stance(),
        series: over
            .iter()
            .map(|(sums, base)| Ratio { mentions: sums.get(&label).copied().unwrap_or(0), base: *base })
            .collect(),
        ours: if side { None } else { rivals::ours(all, plan.period, label) },
    };
    labels.into_iter().map(trend).collect()
}

/// Own shops against all competitors in this period, a family of its own.
fn versus(
    tally: &Tally,
    plan: &Plan,
    settings: &Settings,
    names: &Names<'_>,
    leaf: &impl Fn(LabelId) -> bool,
) -> Vec<Versus> {
    let (own, own_base) = sums(tally, plan.period, true);
    let (other, other_base) = sums(tally, plan.period, false);
    if own_base == 0 || other_base == 0 {
        return Vec::new();
    }
    let mut labels: Vec<LabelId> = own.keys().chain(other.keys()).copied().filter(|l| leaf(*l)).collect();
    labels.sort_unstable();
    labels.dedup();
    let pairs: Vec<Pair> = labels
        .iter()
        .map(|label| {
            let of = |sums: &BTreeMap<LabelId, u64>| sums.get(label).copied().unwrap_or(0);
            Pair::new(Count::new(of(&other), other_base), Count::new(of(&own), own_base))
        })
        .collect();
    let verdicts = gate::judge_with(&pairs, &Unrest::NONE, settings);
    let mut rows: Vec<Versus> = labels
        .iter()
        .zip(pairs.iter().zip(&verdicts))
        .map(|(label, (pair, verdict))| Versus {
            category: (names.category)(&tally.categories()[label.category()]),
            stance: label.stance(),
            own: ratio(pair.after),
            other: ratio(pair.before),
            gap: change(*pair),
            matched: None,
            q: verdict.q,
            holds: verdict.shift.is_shift(),
            quotes: Vec::new(),
        })
        .collect();
    let gap = |v: &Versus| v.gap.map_or(0.0, |g| g.value.abs());
    rows.sort_by(|a, b| {
        b.holds
            .cmp(&a.holds)
            .then(gap(b).total_cmp(&gap(a)))
            .then_with(|| (&a.category.id, a.stance).cmp(&(&b.category.id, b.stance)))
    });
    rows.truncate(VERSUS);
    rows
}

/// Every judged cell of a SKU, in both periods: those that fell to nothing and those that came from nothing too.
fn cells(tally: &Tally, plan: &Plan, judgement: &Judgement) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (period, now) in [(plan.against, false), (plan.period, true)] {
        for Judged { spot, pair, verdict, .. } in &judgement.cells {
            let (Some(sku), count) = (spot.sku, if now { pair.after } else { pair.before }) else { continue };
            if count.base == 0 {
                continue;
            }
            let shop = &tally.shops()[spot.shop];
            cells.push(Cell {
                period: period.to_string(),
                shop: shop.name.clone(),
                own: shop.own,
                sku: tally.skus()[sku].clone(),
                category: tally.categories()[spot.label.category()].clone(),
                stance: spot.label.stance(),
                ratio: ratio(count),
                shift: now.then(|| direction(verdict.shift)),
                q: if now { verdict.q } else { None },
            });
        }
    }
    cells
}

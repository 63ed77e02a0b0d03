//! The gate keeps its word: on synthetic shops it cries wolf no more often than promised, and sees what the
//! published table says can be seen.
//!
//! A shop has 200 SKUs × 20 categories, 5 to 2000 records per SKU and period (log-uniform), ratios of
//! 0.5 to 20 %. Periods differ by luck alone, or also drift, repeat a fifth of their records, or hold
//! planted shifts (5 % of the cells, ×1.5, ×2 or ×3, seven in ten upwards, half of them in a tenth of the SKUs).
//! The short run is part of every test run; `EARFUL_LONG=1` measures as finely as the promise is stated.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use earful::report::model::{Direction, Report};
use earful::run::report::{Ask, of_tally};
use earful::stats::family::{self, Cells, Restless};
use earful::stats::gate::{self, Settings};
use earful::stats::random::Random;
use earful::stats::selftest::{self, Records};
use earful::stats::unrest::{Learnt, Unrest};
use earful::stats::{Count, Pair, two_sample};
use earful::words::{Day, LabelId};

/// What is put into a synthetic shop.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    pub skus: usize,
    pub most_records: f64,
    /// Standard deviation of the log odds ratio between two periods.
    pub drift: f64,
    /// A fifth of the records repeat another one.
    pub copies: bool,
    /// Complaints of any category come from the same unhappy records.
    pub latent: bool,
    pub planted: bool,
    /// Earlier periods besides the two compared.
    pub earlier: usize,
}

pub const QUIET: Scenario =
    Scenario { skus: 200, most_records: 2000.0, drift: 0.0, copies: false, latent: false, planted: false, earlier: 6 };

const CATEGORIES: usize = 20;

/// One synthetic shop: the counts of every period, the pair to judge, what was planted, and the pairs before it.
pub struct Shop {
    pub periods: Vec<Vec<Count>>,
    pub pairs: Vec<Pair>,
    pub history: Vec<Vec<Pair>>,
    pub planted: Vec<bool>,
    pub up: Vec<bool>,
}

fn odds(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

fn rate(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

pub fn draw(s: &Scenario, random: &mut Random) -> Shop {
    let cells = s.skus * CATEGORIES;
    let (low, high) = (5.0_f64.ln(), s.most_records.ln());
    let sizes: Vec<f64> = (0..s.skus).map(|_| (low + random.unit() * (high - low)).exp().floor()).collect();
    let base: Vec<f64> = (0..cells)
        .map(|i| {
            let at = (i % CATEGORIES) as f64 / (CATEGORIES - 1) as f64;
            let level = (0.005_f64.ln() + at * (0.20_f64 / 0.005).ln()).exp();
            rate(odds(level) + 0.5 * random.normal()).min(0.5)
        })
        .collect();
    let mut shop =
        Shop { periods: vec![], pairs: vec![], history: vec![], planted: vec![false; cells], up: vec![false; cells] };
    let mut shifted = base.clone();
    if s.planted {
        plant(s, &base, &mut shifted, &mut shop, random);
    }
    let periods: Vec<Vec<Count>> = (0..s.earlier + 2)
        .map(|t| count(s, &sizes, if t == s.earlier + 1 { &shifted } else { &base }, random))
        .collect();
    let pair = |a: &[Count], b: &[Count]| a.iter().zip(b).map(|(x, y)| Pair::new(*x, *y)).collect::<Vec<_>>();
    shop.pairs = pair(&periods[s.earlier], &periods[s.earlier + 1]);
    shop.history = periods[..=s.earlier].windows(2).map(|w| pair(&w[0], &w[1])).collect();
    shop.periods = periods;
    shop
}

fn plant(s: &Scenario, base: &[f64], shifted: &mut [f64], shop: &mut Shop, random: &mut Random) {
    let mut skus: Vec<usize> = (0..s.skus).collect();
    random.shuffle(&mut skus);
    let bad: Vec<bool> = (0..s.skus).map(|i| skus[..s.skus / 10].contains(&i)).collect();
    let total = base.len() / 20;
    for inside in [true, false] {
        let mut cells: Vec<usize> = (0..base.len()).filter(|c| bad[c / CATEGORIES] == inside).collect();
        random.shuffle(&mut cells);
        for &cell in &cells[..total / 2] {
            let times = [1.5, 2.0, 3.0][random.below(3)];
            let up = random.unit() < 0.7;
            shifted[cell] = (base[cell] * if up { times } else { 1.0 / times }).min(0.6);
            shop.planted[cell] = true;
            shop.up[cell] = up;
        }
    }
}

/// The counts of one period.
fn count(s: &Scenario, sizes: &[f64], rates: &[f64], random: &mut Random) -> Vec<Count> {
    let mut counts = Vec::with_capacity(rates.len());
    for (sku, size) in sizes.iter().enumerate() {
        let n = (size * (0.3 * random.normal()).exp()).round().clamp(5.0, s.most_records) as u64;
        let drifted: Vec<f64> = rates[sku * CATEGORIES..][..CATEGORIES]
            .iter()
            .map(|p| if s.drift > 0.0 { rate(odds(*p) + s.drift / 2.0_f64.sqrt() * random.normal()) } else { *p })
            .collect();
        let unhappy = (drifted.iter().copied().fold(0.0, f64::max) * 1.6).min(0.9);
        let negative = random.binomial(n, unhappy);
        for p in drifted {
            let x = if s.latent {
                random.binomial(negative, (p / unhappy).min(1.0))
            } else if s.copies {
                let own = ((n as f64 * 0.8).round() as u64).max(1);
                let x = random.binomial(own, p);
                x + random.binomial(n - own, x as f64 / own as f64)
            } else {
                random.binomial(n, p)
            };
            counts.push(Count::new(x, n));
        }
    }
    counts
}

/// What the gate did over many shops.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Share of the reports with a false highlight.
    pub any_false: f64,
    /// Mean share of false ones among the highlights, and its standard error.
    pub fdr: f64,
    pub fdr_se: f64,
    /// Mean share of the planted shifts that were highlighted.
    pub power: f64,
    /// Share of the highlighted planted shifts that point the wrong way.
    pub wrong_way: f64,
}

pub fn measure(s: &Scenario, reps: usize, q: f64, seed: u64) -> Outcome {
    let settings = Settings { q, ..Settings::default() };
    let (mut out, mut shares, mut seen, mut wrong) = (Outcome::default(), Vec::new(), 0, 0);
    for rep in 0..reps {
        let shop = draw(s, &mut Random::new(seed + rep as u64));
        let unrest = gate::learn(&shop.pairs, &shop.history);
        let listed = gate::listed(&shop.pairs, &unrest, &settings);
        let right = listed.iter().filter(|i| shop.planted[**i]).count();
        let planted = shop.planted.iter().filter(|p| **p).count();
        let rises = |i: &usize| shop.pairs[*i].change() > Some(0.0);
        out.any_false += f64::from(u8::from(listed.len() > right)) / reps as f64;
        out.power += right as f64 / planted.max(1) as f64 / reps as f64;
        shares.push((listed.len() - right) as f64 / listed.len().max(1) as f64);
        seen += right;
        wrong += listed.iter().filter(|i| shop.planted[**i] && rises(i) != shop.up[**i]).count();
    }
    out.fdr = shares.iter().sum::<f64>() / reps as f64;
    out.fdr_se = (shares.iter().map(|f| (f - out.fdr).powi(2)).sum::<f64>()).sqrt() / reps as f64;
    out.wrong_way = wrong as f64 / seen.max(1) as f64;
    out
}

/// Name, scenario, most reports with a false highlight, least power.
fn promises() -> [(&'static str, Scenario, f64, f64); 9] {
    let planted = Scenario { planted: true, ..QUIET };
    [
        ("quiet", QUIET, 0.10, 0.0),
        ("latent", Scenario { latent: true, ..QUIET }, 0.10, 0.0),
        ("copies", Scenario { copies: true, ..QUIET }, 0.12, 0.0),
        ("drift", Scenario { drift: 0.20, ..QUIET }, 0.12, 0.0),
        ("copies and drift", Scenario { copies: true, drift: 0.15, ..QUIET }, 0.12, 0.0),
        ("planted", planted, 1.0, 0.185),
        ("planted, copies", Scenario { copies: true, ..planted }, 1.0, 0.131),
        ("planted, drift", Scenario { drift: 0.15, ..planted }, 1.0, 0.139),
        ("planted, copies and drift", Scenario { copies: true, drift: 0.15, ..planted }, 1.0, 0.112),
    ]
}

fn hold(promise: (&str, Scenario, f64, f64), reps: usize) {
    const Q: f64 = 0.10;
    let (name, scenario, any, power) = promise;
    let seen = measure(&scenario, reps, Q, 7);
    println!("{name}: {seen:?}");
    if scenario.planted {
        assert!(seen.fdr <= Q + 3.0 * seen.fdr_se, "{name}: {seen:?}");
        assert!(seen.wrong_way < 0.01, "{name}: {seen:?}");
        // the table's own figures are good to half a point
        assert!(seen.power >= power - 0.005 - 0.15 / (reps as f64).sqrt(), "{name}: {seen:?}");
    } else {
        let slack = 3.0 * (any * (1.0 - any) / reps as f64).sqrt();
        assert!(seen.any_false <= any + slack, "{name}: {seen:?}");
    }
}

#[test]
fn a_quiet_shop_stays_quiet_and_a_shift_is_seen() {
    for (name, scenario, any, power) in promises() {
        if std::env::var_os("EARFUL_LONG").is_some() {
            hold((name, scenario, any, power), 400);
        } else if scenario.planted {
            hold((name, Scenario { earlier: 2, ..scenario }, any, power), 12);
        } else {
            hold((name, Scenario { skus: 50, earlier: 3, ..scenario }, any, power), 40);
        }
    }
}

/// The shop as the table of counts that `earful report --tally` reads.
fn write(shop: &Shop, path: &Path) {
    let mut text = String::from("period,shop,own,sku,category,stance,mentions,base\n");
    for (month, counts) in shop.periods.iter().enumerate() {
        for (cell, count) in counts.iter().enumerate() {
            let (sku, category) = (cell / CATEGORIES, cell % CATEGORIES);
            let (x, n) = (count.mentions, count.base);
            writeln!(text, "2026-{:02},mine,true,s{sku:03},c{category:02},complaint,{x},{n}", month + 1).expect("text");
        }
    }
    std::fs::write(path, text).expect("written");
}

/// Place of every highlighted cell and whether it rose, by the column `shift` that every form has; and the number
/// of shifts told of whole shops.
fn highlights(report: &Report) -> (BTreeSet<(usize, bool)>, usize) {
    let number = |text: &str| text[1..].parse::<usize>().expect("a number");
    let cells = report.cells.iter().filter_map(|c| match c.shift? {
        Direction::Rise => Some((number(&c.sku) * CATEGORIES + number(&c.category), true)),
        Direction::Fall => Some((number(&c.sku) * CATEGORIES + number(&c.category), false)),
        Direction::Steady | Direction::TooFew => None,
    });
    (cells.collect(), report.shifts.iter().filter(|s| s.place.sku.is_none()).count())
}

#[test]
fn a_report_on_a_table_of_counts_keeps_the_same_promise() {
    let long = std::env::var_os("EARFUL_LONG").is_some();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tally.csv");
    for (name, scenario, any, power) in promises() {
        let (scenario, reps) = match long {
            true => (scenario, 100),
            false => (Scenario { skus: 40, earlier: 2, most_records: 1000.0, ..scenario }, 2),
        };
        let (mut cries, mut shops, mut seen, mut planted, mut shares) = (0, 0, 0, 0, Vec::new());
        for rep in 0..reps {
            let shop = draw(&scenario, &mut Random::new(1000 + rep));
            write(&shop, &path);
            let report = of_tally(&path, &Ask::default()).expect("a report");
            assert!(report.gate.calibrated && report.cautions.is_empty());
            let (listed, whole) = highlights(&report);
            let right = listed.iter().filter(|(i, up)| shop.planted[*i] && shop.up[*i] == *up).count();
            cries += usize::from(listed.len() + whole > 0);
            (shops, seen) = (shops + whole, seen + right);
            planted += shop.planted.iter().filter(|p| **p).count();
            // counted as strictly as can be: no shift of a whole shop was planted
            shares.push((listed.len() - right + whole) as f64 / (listed.len() + whole).max(1) as f64);
        }
        let n = reps as f64;
        let fdr = shares.iter().sum::<f64>() / n;
        let se = shares.iter().map(|f| (f - fdr).powi(2)).sum::<f64>().sqrt() / n;
        let found = seen as f64 / planted.max(1) as f64;
        println!("{name}: any {cries}/{reps}, whole shops {shops}, fdr {fdr:.3} ± {se:.3}, power {found:.3}");
        if scenario.planted {
            assert!(fdr <= 0.10 + 3.0 * se, "{name}: {fdr}");
            assert!(!long || found >= power - 0.005 - 0.15 / n.sqrt(), "{name}: {found}");
        } else {
            assert!(cries as f64 <= any * n + 3.0 * (any * (1.0 - any) * n).sqrt(), "{name}: {cries} of {reps}");
        }
    }
}

#[test]
fn without_deflation_the_same_shops_cry_wolf() {
    // what the test above can see: luck alone is not enough
    let scenario = Scenario { skus: 50, earlier: 0, copies: true, drift: 0.15, ..QUIET };
    let cries = (0..10)
        .filter(|seed| {
            let shop = draw(&scenario, &mut Random::new(*seed));
            !gate::listed(&shop.pairs, &Unrest::NONE, &Settings::default()).is_empty()
        })
        .count();
    assert!(cries >= 8, "{cries} of 10");
}

#[test]
fn a_verdict_says_how_much_and_what_could_be_seen() {
    let pair = |x1, n1, x2, n2| Pair::new(Count::new(x1, n1), Count::new(x2, n2));
    let cells = [
        pair(40, 2000, 80, 2000),
        pair(1, 3, 2, 3),
        pair(400, 4000, 405, 4000),
        pair(30, 300, 4, 310),
        pair(6, 400, 7, 380),
        pair(0, 0, 30, 40),
        pair(50, 50, 60, 60),
    ];
    let (verdicts, unrest) = gate::judge(&cells, &[], &Settings::default());
    use gate::Shift::*;
    let shifts: Vec<gate::Shift> = verdicts.iter().map(|v| v.shift).collect();
    assert_eq!(shifts, [Rise, TooFew, Steady, Fall, TooFew, TooFew, TooFew]);
    assert!(!unrest.is_calibrated());
    assert_eq!(gate::ranked(&verdicts), [0, 3]);
    let rise = verdicts[0];
    assert!((20.0..40.0).contains(&rise.at_least), "at least 20 of the 40 more: {}", rise.at_least);
    assert!(rise.change.low > 0.0 && rise.change.high < 0.04);
    assert!(verdicts[2].visible_from < Some(1.5) && verdicts[4].visible_from > Some(3.0));
    assert_eq!((verdicts[5].p, verdicts[5].q, verdicts[5].visible_from, verdicts[5].at_least), (None, None, None, 0.0));
    assert_eq!(verdicts[6].visible_from, None, "nothing can rise above all records");
}

#[test]
fn what_no_sku_shows_all_together_do() {
    let mut random = Random::new(3);
    let mut strata = |before: f64, after: f64| -> Vec<Pair> {
        let mut count = |p| Count::new(random.binomial(60, p), 60);
        (0..30).map(|_| Pair::new(count(before), count(after))).collect()
    };
    let groups = [strata(0.05, 0.05), strata(0.05, 0.09), strata(0.08, 0.03)];
    let alone: Vec<Pair> = groups.concat();
    assert!(gate::listed(&alone, &Unrest::NONE, &Settings::default()).is_empty(), "no SKU alone");
    // one SKU that moved is no matter of the shop
    let mut one = strata(0.05, 0.05);
    one[3] = Pair::new(Count::new(6, 60), Count::new(50, 60));
    let cells = Cells { alone: Vec::new(), wholes: groups.into_iter().chain([one]).collect() };
    let verdicts = cells.judge(&Restless::NONE, &Settings::default());
    use gate::Shift::*;
    assert_eq!(verdicts.iter().map(|v| v.shift).collect::<Vec<_>>(), [Steady, Rise, Fall, Steady]);
}

/// A shop whose SKUs have a few dozen records a week: hardly one of their ratios has mentions enough to learn from,
/// those of the whole shop have, and they keep the single ones quiet too.
#[test]
fn small_skus_are_calibrated_by_their_shop() {
    let small = Scenario { skus: 40, most_records: 40.0, earlier: 6, copies: true, drift: 0.15, ..QUIET };
    let reps = if std::env::var_os("EARFUL_LONG").is_some() { 1000 } else { 40 };
    let (mut cries, mut alone, mut uncalibrated) = (0, 0, 0);
    for rep in 0..reps {
        let shop = draw(&small, &mut Random::new(500 + rep));
        let cells = |pairs: &Vec<Pair>| Cells {
            alone: pairs.clone(),
            wholes: (0..CATEGORIES).map(|c| pairs.iter().skip(c).step_by(CATEGORIES).copied().collect()).collect(),
        };
        let history: Vec<Cells> = shop.history.iter().map(cells).collect();
        let (now, settings) = (cells(&shop.pairs), Settings::default());
        let unrest = now.learn(&history);
        assert_eq!(unrest.alone.learnt, Learnt::Earlier);
        alone += usize::from(gate::learn(&shop.pairs, &shop.history).learnt == Learnt::Earlier);
        cries += usize::from(!now.listed(&unrest, &settings).is_empty());
        uncalibrated += usize::from(!now.listed(&Restless::NONE, &settings).is_empty());
    }
    println!("any {cries}/{reps}, without calibration {uncalibrated}, single SKUs enough in {alone}");
    assert!(alone * 10 < reps as usize, "{alone}");
    let slack = 3.0 * (0.12 * 0.88 * reps as f64).sqrt();
    assert!(cries as f64 <= 0.12 * reps as f64 + slack, "{cries} of {reps}");
    assert!(uncalibrated > 2 * cries, "{uncalibrated} against {cries}");
}

#[test]
fn a_changed_mix_is_no_shift() {
    // more is sold of a SKU that was always worse; nothing else happened
    let parts = [(40, 2000, 10, 500), (400, 2000, 700, 3500)]
        .map(|(x1, n1, x2, n2)| Pair::new(Count::new(x1, n1), Count::new(x2, n2)));
    let all = family::sum(&parts);
    assert_eq!(gate::listed(&[all], &Unrest::NONE, &Settings::default()), [0], "the plain sum rose");
    let cells = Cells { alone: parts.to_vec(), wholes: vec![parts.to_vec()] };
    assert!(cells.listed(&Restless::NONE, &Settings::default()).is_empty());
}

#[test]
fn a_p_value_is_the_same_from_either_side_and_at_any_size() {
    let mut random = Random::new(11);
    for _ in 0..2000 {
        let mut count = || {
            let base = (random.unit() * 14.0).exp() as u64 + 1;
            let p = random.unit() * random.unit();
            Count::new((base as f64 * p) as u64, base)
        };
        let (a, b) = (count(), count());
        let silent = |c: Count| Count::new(c.rest(), c.base);
        let p = |a, b| two_sample::doubled_mid_p(Pair::new(a, b)).expect("records on both sides");
        let here = p(a, b);
        assert!((0.0..=1.0).contains(&here), "{a:?} {b:?}: {here}");
        for other in [p(b, a), p(silent(a), silent(b))] {
            assert!((here - other).abs() <= 1e-7 * here + 1e-300, "{a:?} {b:?}: {here} {other}");
        }
        let fisher = two_sample::fisher(Pair::new(a, b)).expect("records on both sides");
        let seen = two_sample::mid_p_by_likelihood(Pair::new(a, b)).expect("records on both sides");
        assert!(seen <= fisher && fisher <= 1.0, "{a:?} {b:?}: {fisher} {seen}");
    }
}

fn records(random: &mut Random) -> Records {
    let mut records = Records::default();
    for sku in 0..20 {
        for _ in 0..300 {
            let day = Day(20_000 + random.below(60) as i32);
            // one unhappy record in five names several things at once
            let unhappy = random.unit() < 0.2;
            let named = |p: f64, random: &mut Random| random.unit() < if unhappy { p } else { p / 10.0 };
            let labels: Vec<LabelId> =
                (0..12).filter(|c| named(0.1 + 0.05 * f64::from(*c), random)).map(LabelId).collect();
            records.add(sku, day, &labels);
        }
    }
    records.group((0..20).collect());
    records.group((0..4).collect());
    records
}

#[test]
fn the_users_own_records_split_at_random_show_nothing() {
    let records = records(&mut Random::new(5));
    let (settings, runs) = (Settings::default(), 60);
    let cries = selftest::cry_wolf(&records, &Restless::NONE, &settings, runs, 1);
    assert!(cries.passes() && cries.with_any <= cries.highlights, "{cries:?}");
    assert_eq!(cries, selftest::cry_wolf(&records, &Restless::NONE, &settings, runs, 1), "same seed, same answer");
    let planted = selftest::plant(&records, &Restless::NONE, &settings, runs, 2);
    assert!(planted.false_share < 0.2, "{planted:?}");
    let seen = |times: f64, from: u64| {
        let of = planted.sights.iter().filter(|s| s.times == times && s.from >= from && s.from < 200);
        let (seen, planted) = of.fold((0, 0), |(s, p), sight| (s + sight.seen, p + sight.planted));
        (planted > 50).then(|| seen as f64 / planted as f64).expect("enough planted")
    };
    assert!(seen(3.0, 50) > 0.6 && seen(3.0, 50) > seen(2.0, 50) && seen(2.0, 50) > seen(1.5, 50), "{planted:?}");
    let month = |seed| Cells { alone: draw(&QUIET_SMALL, &mut Random::new(seed)).pairs, wholes: Vec::new() };
    let months: Vec<Cells> = (0..5).map(month).collect();
    let background = selftest::background(&months, &settings);
    assert!(background.iter().sum::<usize>() <= 2, "{background:?}");
}

const QUIET_SMALL: Scenario = Scenario { skus: 40, earlier: 0, ..QUIET };

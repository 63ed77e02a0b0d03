//! The family of tests of one report: the cells of single SKUs and those of wholes (product families, shops),
//! which show what no single SKU has records enough for. All of them share one false-discovery control.
//!
//! A whole is judged twice: as the plain sum that is shown, and by what its SKUs have in common
//! (Mantel-Haenszel), so that a changed mix of SKUs is no shift. It must pass both, and still move without the
//! SKUs that moved it most: else it is a matter of those SKUs.

use super::Pair;
use super::gate::{Settings, Test, Verdict, decide, deflate, details, learn_from, significant};
use super::mix::kitagawa;
use super::numeric::z_of;
use super::pooled::{cochran, mantel_haenszel};
use super::two_sample::doubled_mid_p;
use super::unrest::{CELL_FROM, LogOdds, Unrest, centred, centred_odds};

/// A whole shifted only if it did so without this part of its SKUs, at least one: those that moved it most.
const STRONGEST: f64 = 0.1;
/// How sure it must be that the others moved too.
const OTHERS: f64 = 0.05;

/// Everything that one report tests.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// Both periods of single SKUs' cells.
    pub alone: Vec<Pair>,
    /// Wholes, each as both periods of all of its SKUs, those without a mention too.
    pub wholes: Vec<Vec<Pair>>,
}

/// How restless single SKUs and wholes are of themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restless {
    /// Of single SKUs.
    pub alone: Unrest,
    /// The unrest of wholes: shops and nets.
    pub wholes: Unrest,
}

impl Restless {
    /// None at all: binomial luck only.
    pub const NONE: Restless = Restless { alone: Unrest::NONE, wholes: Unrest::NONE };
}

/// The sum of the parts of a whole.
pub fn sum(parts: &[Pair]) -> Pair {
    let mut whole = Pair::default();
    parts.iter().for_each(|p| whole += *p);
    whole
}

impl Cells {
    /// Learns the unrest from the same cells of earlier pairs of periods. Where single SKUs or wholes have too few
    /// cells for that, the other ones' unrest stands in: copies are as frequent in a SKU as in its shop, and where
    /// mentions are too few to learn from, drift is small beside the luck of the draw.
    pub fn learn(&self, history: &[Cells]) -> Restless {
        let alone = learn_from(history.iter().map(|h| centred(&h.alone)), || centred(&self.alone));
        let wholes = learn_from(history.iter().map(Cells::odds_of_wholes), || self.odds_of_wholes());
        Restless { alone: alone.or(wholes), wholes: wholes.or(alone) }
    }

    fn odds_of_wholes(&self) -> Vec<LogOdds> {
        let large = self.wholes.iter().filter(|w| {
            let sum = sum(w);
            sum.mentions() >= CELL_FROM && sum.smaller_base() > 0
        });
        let pooled = large.filter_map(|w| mantel_haenszel(w, super::CONFIDENCE));
        centred_odds(pooled.map(|p| LogOdds { ratio: p.odds_ratio.ln(), variance: p.log_se.powi(2) }).collect())
    }

    fn tests(&self, unrest: &Restless) -> Vec<Test> {
        let alone = self.alone.iter().map(|p| Test::of(*p, &unrest.alone));
        alone.chain(self.wholes.iter().map(|w| whole(w, &unrest.wholes))).collect()
    }

    /// The word on every cell: first those of single SKUs, then the wholes.
    pub fn judge(&self, unrest: &Restless, settings: &Settings) -> Vec<Verdict> {
        let tests = self.tests(unrest);
        let mut verdicts: Vec<Verdict> = tests.iter().map(details).collect();
        for (verdict, parts) in verdicts[self.alone.len()..].iter_mut().zip(&self.wholes) {
            verdict.at_least = at_least(parts);
        }
        decide(&tests, settings, &mut verdicts);
        verdicts
    }

    /// The places of the cells that would be highlighted, and nothing else about them: for trying it many times.
    pub fn listed(&self, unrest: &Restless, settings: &Settings) -> Vec<usize> {
        significant(&self.tests(unrest), settings)
    }
}

fn whole(parts: &[Pair], unrest: &Unrest) -> Test {
    let pair = sum(parts);
    let plain = Test::of(pair, unrest);
    let common = mantel_haenszel(parts, super::CONFIDENCE).zip(cochran(parts));
    let Some((pooled, (_, p))) = common else { return Test { way: 0.0, deflated: Some(1.0), ..plain } };
    let inflation = unrest.inflation(pooled.log_se.powi(2));
    let both = |a: Option<f64>, b: f64| a.map(|a| a.max(b));
    let way = if pooled.odds_ratio > 1.0 { 1.0 } else { -1.0 };
    Test {
        p: both(plain.p, p),
        deflated: both(plain.deflated, deflate(p, inflation)),
        way: if way == plain.way && is_common(parts, way) { way } else { 0.0 },
        ..plain
    }
}

/// True if the parts moved that way even without those that moved the whole most.
fn is_common(parts: &[Pair], way: f64) -> bool {
    let pull = |p: &Pair| {
        let (n1, n2) = (p.before.base as f64, p.after.base as f64);
        way * (p.after.mentions as f64 - p.mentions() as f64 * n2 / (n1 + n2))
    };
    let mut telling: Vec<Pair> = parts.iter().copied().filter(|p| p.smaller_base() > 0 && p.mentions() > 0).collect();
    telling.sort_by(|a, b| pull(b).total_cmp(&pull(a)));
    let strongest = ((telling.len() as f64 * STRONGEST).ceil() as usize).max(1);
    moved(telling.get(strongest..).unwrap_or(&[]), way)
}

/// True if parts together moved that way, by what they have in common.
pub fn moved(parts: &[Pair], way: f64) -> bool {
    match parts {
        [] => false,
        [one] => doubled_mid_p(*one).is_some_and(|p| p <= OTHERS) && one.change().is_some_and(|c| c * way > 0.0),
        _ => {
            let p = cochran(parts).is_some_and(|(_, p)| p <= OTHERS);
            p && mantel_haenszel(parts, super::CONFIDENCE).is_some_and(|m| m.odds_ratio.ln() * way > 0.0)
        }
    }
}

/// At least so many records more (fewer) after than the parts' own ratios before would have given: the near
/// end of the 90 % interval of what the parts did, without what their mix did.
fn at_least(parts: &[Pair]) -> f64 {
    let Some(split) = kitagawa(parts) else { return 0.0 };
    let points = split.rate_total().abs() - z_of(0.90) * split.rate_se;
    sum(parts).after.base as f64 * points.max(0.0)
}

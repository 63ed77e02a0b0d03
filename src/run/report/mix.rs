//! Did it get worse, or was more sold of what was always worse? The split of a change into mix and rate, in words.

use super::shifts::{Judgement, Spot};
use crate::report::model::Ratio;
use crate::report::share;
use crate::said;
use crate::stats::gate::{self, Settings};
use crate::stats::mix::{Split, kitagawa};
use crate::stats::{Count, Pair};
use crate::words::{LabelId, Said};

/// Smallest part of a change that is worth a sentence on mix, as a fraction.
const SMALL: f64 = 0.002;
/// Changes of wholes that are told although they are mix.
const TOLD: usize = 5;

/// What the mix of some parts did.
pub struct Mix {
    split: Split,
    all: Pair,
    parts: Vec<Pair>,
}

impl Mix {
    /// The split of a change worth a word; `None` for one part only.
    pub fn of(parts: &[Pair]) -> Option<Mix> {
        let split = kitagawa(parts).filter(|s| parts.len() > 1 && (s.after - s.before).abs() >= SMALL)?;
        Some(Mix { split, all: crate::stats::family::sum(parts), parts: parts.to_vec() })
    }

    /// True if the mix did at least half of the change.
    pub fn is_most(&self) -> bool {
        self.split.is_mostly_mix()
    }

    /// That the mix did it, by which part most; `what` names the parts (SKU, channel), `name` one of them.
    pub fn said(&self, what: (&str, &str), name: impl Fn(usize) -> Said) -> Option<Said> {
        let (split, (zh, en)) = (&self.split, what);
        let change = split.after - split.before;
        let (at, _) = split.mix.iter().enumerate().max_by(|a, b| (a.1 * change).total_cmp(&(b.1 * change)))?;
        let part = |count: Count, whole: Count| format!("{:.0}%", count.base as f64 / whole.base.max(1) as f64 * 100.0);
        let (was, is) = (part(self.parts[at].before, self.all.before), part(self.parts[at].after, self.all.after));
        let [all, mix, rate] = self.points();
        let Said { zh: name_zh, en: name_en } = name(at);
        Some(Said::new(
            format!(
                "主要是{zh}构成变了：{all} 个百分点里 {mix} 来自构成（{name_zh} 占记录的 {was} → {is}），各{zh}自身只有 {rate}"
            ),
            format!(
                "mostly mix: of {all} points {mix} come from which {en} the records are of ({name_en}: {was} → {is} of them), only {rate} from each {en} itself"
            ),
        ))
    }

    /// That it was not the mix.
    pub fn denied(&self, (zh, en): (&str, &str)) -> Said {
        let [all, mix, rate] = self.points();
        said!(
            "不是 {zh} 构成变了：{all} 个百分点里各 {zh} 自身占 {rate}，构成占 {mix}",
            "not the mix: of {all} points {rate} are the {en}s' own change, {mix} the mix of {en}s"
        )
    }

    fn points(&self) -> [String; 3] {
        let split = &self.split;
        let points = |p: f64| format!("{:+.1}", p * 100.0).replace("-0.0", "0.0").replace("+0.0", "0.0");
        [points(split.after - split.before), points(split.mix_total()), points(split.rate_total())]
    }
}

/// Ratios of whole shops that moved because the mix of SKUs moved: no shifts, but people will ask. `name` gives
/// the place and category, `sku` the name of a SKU.
pub fn notes(
    judgement: &Judgement,
    settings: &Settings,
    wanted: &impl Fn(LabelId) -> bool,
    name: impl Fn(Spot) -> Said,
    sku: impl Fn(usize) -> String,
) -> Vec<Said> {
    let shops: Vec<_> = judgement
        .cells
        .iter()
        .filter(|c| !c.parts.is_empty() && c.spot.family.is_none() && wanted(c.spot.label))
        .collect();
    let pairs: Vec<Pair> = shops.iter().map(|c| c.pair).collect();
    let moved = gate::judge_with(&pairs, &judgement.unrest.wholes, settings);
    let ratio = |c: Count| share(Ratio { mentions: c.mentions, base: c.base });
    let mut notes = Vec::new();
    for at in gate::ranked(&moved) {
        let cell = shops[at];
        let parts: Vec<Pair> = cell.parts.iter().map(|(_, pair)| *pair).collect();
        let Some(mix) = Mix::of(&parts).filter(|m| m.is_most() && !cell.verdict.shift.is_shift()) else { continue };
        let part = |at: usize| Said::new(sku(cell.parts[at].0), sku(cell.parts[at].0));
        let Some(said) = mix.said(("SKU", "SKU"), part) else { continue };
        let (name, before, after) = (name(cell.spot), ratio(cell.pair.before), ratio(cell.pair.after));
        notes.push(Said::new(
            format!("{} {before} → {after}，{}", name.zh, said.zh),
            format!("{} {before} → {after}: {}", name.en, said.en),
        ));
    }
    notes.truncate(TOLD);
    notes
}

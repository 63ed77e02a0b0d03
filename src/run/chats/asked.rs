//! What is asked, by stage and SKU, and which of it moved: judged by the same gate as every other ratio.
//!
//! A stage is to the tally what a shop is: so a shift within a stage is told once, for the SKU or the whole.

use super::hall::is_matter;
use super::{Desk, direction};
use crate::reading::chat::stage::Stage;
use crate::report::chats::{Table, Value};
use crate::run::report::shifts::{self, Families, Judgement};
use crate::said;
use crate::stats::Pair;
use crate::stats::gate::{Settings, Shift};
use crate::stats::tally::{Counter, Tally};
use crate::words::{LabelId, Said, Stance};

/// Between shop and stage in the tally's names.
const BETWEEN: char = '\u{1f}';

/// The counts, and what the gate said of them.
pub struct Asked {
    tally: Option<Tally>,
    judgement: Option<Judgement>,
    /// Mentions in the period, by stage and label, and conversations of the stage.
    top: Vec<Top>,
}

struct Top {
    stage: Stage,
    label: LabelId,
    now: (u64, u64),
    before: (u64, u64),
}

impl Asked {
    /// Counts the matters of all conversations.
    pub fn count(desk: &Desk<'_>) -> Asked {
        let top = top(desk);
        let Some(plan) = &desk.plan else { return Asked { tally: None, judgement: None, top } };
        let ids: Vec<&str> = desk.hall.taxonomy.categories().iter().map(|c| c.id.as_str()).collect();
        let mut counter = Counter::new(&ids);
        for chat in &desk.hall.chats {
            let Some(period) = chat.day().and_then(|day| plan.of(day)) else { continue };
            let shop = counter.shop(&format!("{}{BETWEEN}{}", chat.shop, chat.stage.key()), true);
            let sku = counter.sku(&chat.sku);
            let labels: Vec<LabelId> = chat.labels.iter().map(|(label, _)| *label).collect();
            counter.record(period, shop, sku, &labels);
        }
        let tally = counter.finish();
        let settings = Settings { q: desk.ask.report.q, ..Settings::default() };
        let wanted = |label: LabelId| {
            let id = ids[label.category()];
            is_matter(id, label) && desk.ask.report.wants(id, label.stance())
        };
        let judgement = shifts::judge([&tally, &tally], plan, &settings, Families::default(), wanted);
        Asked { tally: Some(tally), judgement: Some(judgement), top }
    }

    /// The most asked, and what moved.
    pub fn tables(&self, desk: &Desk<'_>) -> Vec<Table> {
        let mut asked = Table::new(
            "asked",
            Said::new("问得最多的", "Asked most"),
            &[
                ("stage", "阶段", "stage"),
                ("category", "类别", "category"),
                ("stance", "立场", "stance"),
                ("now", "本期", "now"),
                ("before", "上期", "before"),
            ],
        )
        .note(Said::new(
            "占比 = 问到的会话 / 该阶段的会话",
            "share = conversations that ask it / conversations of the stage",
        ));
        for top in &self.top {
            asked.push(vec![
                Value::Said(top.stage.said()),
                desk.category(top.label),
                Value::Said(stance(top.label.stance())),
                Value::share(top.now.0, top.now.1),
                Value::share(top.before.0, top.before.1),
            ]);
        }
        let mut moved = Table::new(
            "asked_shifts",
            Said::new("问题的变化", "Questions that moved"),
            &[
                ("direction", "变化", "direction"),
                ("stage", "阶段", "stage"),
                ("sku", "SKU", "SKU"),
                ("category", "类别", "category"),
                ("stance", "立场", "stance"),
                ("now", "本期", "now"),
                ("before", "上期", "before"),
                ("points", "百分点", "points"),
                ("q", "误报率 q", "q"),
            ],
        )
        .note(Said::new(
            "只列出在全部格子的误报控制之后仍站得住的变化",
            "only what holds after false-discovery control over all cells",
        ));
        for (stage, sku, cell) in self.told() {
            let Pair { before, after } = cell.pair;
            moved.push(vec![
                Value::Moved(direction(cell.verdict.shift)),
                Value::Said(stage.said()),
                sku.map_or(Value::Said(Said::new("全店", "whole shop")), |sku| desk.product(sku)),
                desk.category(cell.spot.label),
                Value::Said(stance(cell.spot.label.stance())),
                Value::share(after.mentions, after.base),
                Value::share(before.mentions, before.base),
                cell.pair.change().map_or(Value::None, Value::Points),
                cell.verdict.q.map_or(Value::None, Value::Number),
            ]);
        }
        vec![asked, moved]
    }

    fn told(&self) -> Vec<(Stage, Option<&str>, &shifts::Judged)> {
        let (Some(tally), Some(judgement)) = (&self.tally, &self.judgement) else { return Vec::new() };
        let of = |at: &usize| {
            let cell = &judgement.cells[*at];
            let shop = &tally.shops()[cell.spot.shop].name;
            let key = shop.rsplit(BETWEEN).next().unwrap_or_default();
            let stage = Stage::ALL.into_iter().find(|s| s.key() == key).unwrap_or(Stage::Unknown);
            (stage, cell.spot.sku.map(|sku| tally.skus()[sku].as_str()), cell)
        };
        judgement.told.iter().map(of).collect()
    }

    /// What moved, in one sentence.
    pub fn verdict(&self, desk: &Desk<'_>) -> Vec<Said> {
        let rises: Vec<Said> = self
            .told()
            .into_iter()
            .filter(|(_, _, cell)| cell.verdict.shift == Shift::Rise)
            .take(3)
            .map(|(stage, sku, cell)| {
                let (name, place) = (desk.category_said(cell.spot.label), stage.said());
                let sku = sku.unwrap_or("");
                Said::new(
                    format!(
                        "{}·{}{}",
                        place.zh,
                        name.zh,
                        if sku.is_empty() { String::new() } else { format!("（{sku}）") }
                    ),
                    format!(
                        "{} {}{}",
                        place.en,
                        name.en,
                        if sku.is_empty() { String::new() } else { format!(" ({sku})") }
                    ),
                )
            })
            .collect();
        if rises.is_empty() {
            return match &self.judgement {
                Some(_) => {
                    vec![said!("没有哪类问题的占比站得住地上升。", "No question's share rose in a way that holds.")]
                }
                None => Vec::new(),
            };
        }
        let zh: Vec<&str> = rises.iter().map(|s| s.zh.as_str()).collect();
        let en: Vec<&str> = rises.iter().map(|s| s.en.as_str()).collect();
        vec![Said::new(format!("问得更多了：{}。", zh.join("、")), format!("Asked more: {}.", en.join(", ")))]
    }
}

/// Matters of the period by stage, the most frequent first.
fn top(desk: &Desk<'_>) -> Vec<Top> {
    use std::collections::BTreeMap;
    let mut bases: BTreeMap<Stage, [u64; 2]> = BTreeMap::new();
    let mut mentions: BTreeMap<(Stage, LabelId), [u64; 2]> = BTreeMap::new();
    let mut add = |side: usize, chat: &super::Chat| {
        bases.entry(chat.stage).or_default()[side] += 1;
        for (label, _) in chat.labels.iter().filter(|(l, _)| is_matter(desk.category_id(*l), *l)) {
            mentions.entry((chat.stage, *label)).or_default()[side] += 1;
        }
    };
    desk.now().for_each(|chat| add(0, chat));
    desk.before().for_each(|chat| add(1, chat));
    let wanted = |label: LabelId| desk.ask.report.wants(desk.category_id(label), label.stance());
    let mut top: Vec<Top> = mentions
        .into_iter()
        .filter(|((_, label), [now, _])| *now > 0 && wanted(*label))
        .map(|((stage, label), [now, before])| {
            let base = bases[&stage];
            Top { stage, label, now: (now, base[0]), before: (before, base[1]) }
        })
        .collect();
    top.sort_by_key(|t| (std::cmp::Reverse(t.now.0), t.stage, t.label));
    top
}

/// A stance in both languages.
pub fn stance(stance: Stance) -> Said {
    use crate::words::Lang;
    Said::new(stance.name(Lang::Zh), stance.name(Lang::En))
}

//! What is asked, in all, by stage and by SKU, and which of it moved: judged by the same gate as every other ratio.
//!
//! A stage is to the tally what a shop is: so a shift within a stage is told once, for the SKU or the whole.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::hall::is_matter;
use super::{Chat, Desk, direction};
use crate::error::Result;
use crate::report::chats::{Table, Value};
use crate::run::report::shifts::{self, Families, Judgement};
use crate::said;
use crate::stats::Pair;
use crate::stats::gate::{Settings, Shift};
use crate::stats::tally::{Counter, Tally};
use crate::words::{LabelId, Said, Stage, Stance};

/// Between shop and stage in the tally's names.
const BETWEEN: char = '\u{1f}';
/// Places looked at for an example, and the length of a good one in characters.
const PLACES: usize = 100;
const TELLING: usize = 14;

/// The counts, and what the gate said of them.
pub struct Asked {
    tally: Option<Tally>,
    judgement: Option<Judgement>,
    /// Mentions in the period, by stage and label, and conversations of the stage.
    top: Vec<Top>,
}

/// A question over all stages.
#[derive(Default)]
struct Questions {
    now: u64,
    before: u64,
    /// Of the period, by [`Stage`].
    by_stage: [u64; 4],
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
        let ids: Vec<&str> = desk.hall.ground.taxonomy.categories().iter().map(|c| c.id.as_str()).collect();
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

    /// The most asked, by stage, by SKU, and what moved.
    pub fn tables(&self, desk: &Desk<'_>) -> Result<Vec<Table>> {
        Ok(vec![self.most(desk)?, self.by_stage(desk), by_sku(desk), self.moved(desk)])
    }

    /// The questions of all stages, the most frequent first, each with how somebody put it.
    pub fn most(&self, desk: &Desk<'_>) -> Result<Table> {
        let mut table = Table::new(
            "asked",
            Said::new("问得最多的", "Asked most"),
            &[
                ("category", "问题", "question"),
                ("now", "本期", "now"),
                ("before", "上期", "before"),
                ("presale", "其中售前", "pre-sale"),
                ("delivery", "在途", "in delivery"),
                ("aftersale", "售后", "after-sale"),
                ("example", "比如", "such as"),
            ],
        )
        .note(Said::new("占比 = 问到的会话 / 全部会话", "share = conversations that ask it / conversations"));
        let questions = self.questions();
        let now: Vec<&Chat> = desk.now().collect();
        let before = desk.before().count() as u64;
        let labels: Vec<LabelId> = questions.iter().map(|(label, _)| *label).collect();
        let examples = examples(desk, &now, &labels)?;
        for ((label, counts), example) in questions.into_iter().zip(examples) {
            let of = |stage: Stage| Value::Count(counts.by_stage[stage as usize]);
            table.push(vec![
                desk.category(label),
                Value::share(counts.now, now.len() as u64),
                Value::share(counts.before, before),
                of(Stage::Presale),
                of(Stage::Delivery),
                of(Stage::Aftersale),
                Value::text(example),
            ]);
        }
        Ok(table)
    }

    /// Questions over all stages, the most frequent first.
    fn questions(&self) -> Vec<(LabelId, Questions)> {
        let mut of: BTreeMap<LabelId, Questions> = BTreeMap::new();
        for top in self.top.iter().filter(|t| t.label.stance() == Stance::Question) {
            let counts = of.entry(top.label).or_default();
            counts.now += top.now.0;
            counts.before += top.before.0;
            counts.by_stage[top.stage as usize] += top.now.0;
        }
        let mut questions: Vec<_> = of.into_iter().collect();
        questions.sort_by_key(|(label, counts)| (Reverse(counts.now), *label));
        questions
    }

    /// What people come with, by stage.
    fn by_stage(&self, desk: &Desk<'_>) -> Table {
        let mut asked = Table::new(
            "asked_by_stage",
            Said::new("各阶段为了什么来", "Why they write, by stage"),
            &[
                ("stage", "阶段", "stage"),
                ("category", "类别", "category"),
                ("stance", "立场", "stance"),
                ("now", "本期", "now"),
                ("before", "上期", "before"),
            ],
        )
        .note(Said::new(
            "占比 = 问到或抱怨的会话 / 该阶段的会话",
            "share = conversations that ask it or complain of it / conversations of the stage",
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
        asked
    }

    /// What moved, in one stage and place each.
    pub fn moved(&self, desk: &Desk<'_>) -> Table {
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
        moved
    }

    fn told(&self) -> Vec<(Stage, Option<&str>, &shifts::Judged)> {
        let (Some(tally), Some(judgement)) = (&self.tally, &self.judgement) else { return Vec::new() };
        let of = |at: &usize| {
            let cell = &judgement.cells[*at];
            let shop = &tally.shops()[cell.spot.shop].name;
            let key = shop.rsplit(BETWEEN).next().unwrap_or_default();
            let stage = Stage::from_key(key).unwrap_or(Stage::Unknown);
            (stage, cell.spot.sku.map(|sku| tally.skus()[sku].as_str()), cell)
        };
        judgement.told.iter().map(of).collect()
    }

    /// What is asked most, and what moved, in a sentence each.
    pub fn verdict(&self, desk: &Desk<'_>) -> Vec<Said> {
        let most: Vec<Said> = self.questions().iter().take(3).map(|(label, _)| desk.category_said(*label)).collect();
        let mut verdict = self.moves(desk);
        if !most.is_empty() {
            let (zh, en) = (joined(&most, |s| &s.zh, "、"), joined(&most, |s| &s.en, ", "));
            verdict.insert(0, said!("问得最多的：{zh}。", "Asked most: {en}."));
        }
        verdict
    }

    fn moves(&self, desk: &Desk<'_>) -> Vec<Said> {
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
        let (zh, en) = (joined(&rises, |s| &s.zh, "、"), joined(&rises, |s| &s.en, ", "));
        vec![said!("问得更多了：{zh}。", "Asked more: {en}.")]
    }
}

/// Names in a row, in one of the languages.
pub fn joined(names: &[Said], of: fn(&Said) -> &str, by: &str) -> String {
    names.iter().map(of).collect::<Vec<_>>().join(by)
}

/// How somebody put each of these questions: the words nearest to a length that tells and can be taken in.
fn examples(desk: &Desk<'_>, chats: &[&Chat], labels: &[LabelId]) -> Result<Vec<String>> {
    let mut places: Vec<(&Chat, usize)> = Vec::new();
    let mut counts: Vec<usize> = Vec::with_capacity(labels.len());
    for label in labels {
        let of = |chat: &&Chat| chat.labels.iter().find(|(l, _)| l == label).and_then(|(_, t)| t.first().copied());
        let found = chats.iter().filter_map(|chat| Some((*chat, of(chat)?))).take(PLACES);
        let before = places.len();
        places.extend(found);
        counts.push(places.len() - before);
    }
    let mut texts = desk.texts(&places)?.into_iter();
    let best = |n: usize| texts.by_ref().take(n).min_by_key(|text| text.chars().count().abs_diff(TELLING));
    Ok(counts.into_iter().map(best).map(Option::unwrap_or_default).collect())
}

/// What is asked of each SKU, the SKU with most conversations first, its most frequent questions each.
fn by_sku(desk: &Desk<'_>) -> Table {
    const EACH: usize = 3;
    let mut table = Table::new(
        "asked_by_sku",
        Said::new("各 SKU 问什么", "What is asked of each SKU"),
        &[
            ("sku", "SKU", "SKU"),
            ("category", "问题", "question"),
            ("now", "本期", "now"),
            ("before", "上期", "before"),
            ("presale", "其中售前", "pre-sale"),
        ],
    )
    .shown(12)
    .note(Said::new(
        "每个 SKU 问得最多的三类；占比 = 问到的会话 / 该 SKU 的会话",
        "the three most asked of each SKU; share = conversations that ask it / conversations of the SKU",
    ));
    let mut bases: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    let mut mentions: BTreeMap<(&str, LabelId), [u64; 3]> = BTreeMap::new();
    for (side, chat) in desk.now().map(|c| (0, c)).chain(desk.before().map(|c| (1, c))) {
        if chat.sku.is_empty() {
            continue;
        }
        bases.entry(&chat.sku).or_default()[side] += 1;
        for (label, _) in chat.labels.iter().filter(|(l, _)| l.stance() == Stance::Question) {
            if is_matter(desk.category_id(*label), *label) {
                let counts = mentions.entry((&chat.sku, *label)).or_default();
                counts[side] += 1;
                counts[2] += u64::from(side == 0 && chat.stage == Stage::Presale);
            }
        }
    }
    let wanted = |label: LabelId| desk.ask.report.wants(desk.category_id(label), label.stance());
    let mut rows: Vec<_> = mentions.into_iter().filter(|((_, label), [now, ..])| *now > 0 && wanted(*label)).collect();
    rows.sort_by_key(|((sku, label), [now, ..])| (Reverse(bases[sku][0]), *sku, Reverse(*now), *label));
    let mut last = ("", 0);
    for ((sku, label), [now, before, presale]) in rows {
        last = if last.0 == sku { (sku, last.1 + 1) } else { (sku, 1) };
        if last.1 <= EACH {
            let base = bases[sku];
            table.push(vec![
                desk.product(sku),
                desk.category(label),
                Value::share(now, base[0]),
                Value::share(before, base[1]),
                Value::Count(presale),
            ]);
        }
    }
    table
}

/// Matters of the period by stage, the most frequent first.
fn top(desk: &Desk<'_>) -> Vec<Top> {
    let mut bases: BTreeMap<Stage, [u64; 2]> = BTreeMap::new();
    let mut mentions: BTreeMap<(Stage, LabelId), [u64; 2]> = BTreeMap::new();
    let mut add = |side: usize, chat: &Chat| {
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
    top.sort_by_key(|t| (Reverse(t.now.0), t.stage, t.label));
    top
}

/// A stance in both languages.
pub fn stance(stance: Stance) -> Said {
    use crate::words::Lang;
    Said::new(stance.name(Lang::Zh), stance.name(Lang::En))
}

//! Why a record has its labels, and why it has not another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::sales::{Sales, is_reason};
use super::told::Told;
use crate::error::{Error, Result};
use crate::reading::{Classifier, Nearness, Scratch, WhyNot};
use crate::records::Store;
use crate::said;
use crate::taxonomy::{Category, Cue, Taxonomy};
use crate::words::{Kind, LabelId, Lang, Record, Said, Speaker, Stage, Stance, Uid, View};
use crate::workspace::{Decision, Workspace};

/// Rules that are all told, however far they are from holding.
const FEW: usize = 5;
/// Rules that are told at most.
const MOST: usize = 8;

/// A record, or a text, with the reasons for its labels.
pub struct Explained {
    /// The record, if it is one.
    pub record: Option<Record>,
    /// Who said what.
    pub turns: Vec<(Speaker, String)>,
    /// Its labels, each category that somebody decided by hand once.
    pub labels: Vec<Label>,
    /// Why not the category that was asked about.
    pub not: Vec<Said>,
    /// Why a label above is not counted.
    pub uncounted: Option<Said>,
    /// Of a text: which labels it would have if more were told about it.
    pub otherwise: Vec<Said>,
}

/// A label and its reasons.
pub struct Label {
    /// Path of the category.
    pub category: String,
    /// Its name.
    pub name: Said,
    /// The stance that counts; `None` if somebody decided that it has not the category.
    pub stance: Option<Stance>,
    /// What somebody decided by hand: it wins over the rules.
    pub decided: Option<Decision>,
    /// The stances that the rules give.
    pub rules: Vec<Stance>,
    /// The places that say so.
    pub evidence: Vec<Reason>,
}

/// One place that says so.
pub struct Reason {
    /// The words, from the first keyword to the last.
    pub words: String,
    /// The keywords as the customer wrote them.
    pub keywords: Vec<String>,
    /// Which rule of the category, from 1.
    pub rule: usize,
    /// File and line at which the rule begins.
    pub at: String,
    /// The cues that decided the stance: what the cue does, and the words.
    pub cues: Vec<(Cue, String)>,
}

/// Explains a record of the workspace.
pub fn of_record(start: &Path, id: &str, not: Option<&str>) -> Result<Explained> {
    let unknown = || {
        Error::new("no_record", said!("工作区里没有这条记录", "the workspace has no such record"))
            .help(said!("编号是 16 位，earful search 的结果里有", "ids have 16 digits; earful search shows them"))
    };
    let uid: Uid = id.parse().map_err(|_| unknown())?;
    let workspace = Workspace::find(start)?;
    let store = Store::open(&workspace.records())?;
    // The newest version is the last.
    let place = store.find(uid)?.pop().ok_or_else(unknown)?;
    let record = store.fetch(&[place])?.pop().ok_or_else(unknown)?;
    let turns = record.turn_views();
    let (taxonomy, source) = super::taxonomy::with_source(workspace.root())?;
    let decided = workspace.decided()?.into_iter().filter(|d| d.uid == uid).collect();
    let explained = explain(&taxonomy, &source, &record.view(&turns), decided, not)?;
    let uncounted = uncounted(&workspace, &record, &explained.labels)?;
    Ok(Explained { record: Some(record.clone()), uncounted, ..explained })
}

/// Why a reason for leaving is not counted: whoever bought did not leave.
fn uncounted(workspace: &Workspace, record: &Record, labels: &[Label]) -> Result<Option<Said>> {
    let leaves = record.kind == Kind::Chat && labels.iter().any(|l| l.stance.is_some() && is_reason(&l.category));
    if !leaves || Sales::of_workspace(workspace)?.is_lost(record) {
        return Ok(None);
    }
    Ok(Some(said!(
        "没买的原因不计入：这位买家之后买了，或者这段聊天谈的是已有的订单。",
        "reasons for not buying are not counted: this customer bought, or writes about an order of before."
    )))
}

/// Explains a text by what is told about it; what is not told is read as a review of nobody knows how many stars.
pub fn of_text(start: &Path, text: &str, told: &Told, not: Option<&str>) -> Result<Explained> {
    let (taxonomy, source) = super::taxonomy::with_source(start)?;
    let turns = told.turns(text);
    let explained = explain(&taxonomy, &source, &told.view(&turns), Vec::new(), not)?;
    Ok(Explained { otherwise: otherwise(&taxonomy, text, told), ..explained })
}

/// What the labels would be if more were told: rules ask for it, and say nothing where nobody tells.
fn otherwise(taxonomy: &Taxonomy, text: &str, told: &Told) -> Vec<Said> {
    let classifier = Classifier::new(taxonomy);
    let mut scratch = Scratch::default();
    let mut labels = |told: &Told| -> BTreeSet<LabelId> {
        let turns = told.turns(text);
        let labels = classifier.labels(&told.view(&turns), &mut scratch).iter().copied();
        // What its parts say is said of them.
        labels.filter(|label| !taxonomy.categories()[label.category()].is_net).collect()
    };
    let of_chat = told.kind.is_none() && told.stage.is_none();
    let mut more: Vec<(String, String, Told)> = Vec::new();
    let mut tell = |flag: &str, [zh, en]: [&str; 2], told: Told| {
        more.push((format!("{flag} {zh}"), format!("{flag} {en}"), told));
    };
    if of_chat {
        let kind = Kind::Chat;
        tell("--kind", [kind.word(Lang::Zh), kind.word(Lang::En)], Told { kind: Some(kind), ..told.clone() });
        for stage in [Stage::Presale, Stage::Aftersale] {
            let words = [stage.word(Lang::Zh), stage.word(Lang::En)];
            tell("--stage", words, Told { stage: Some(stage), ..told.clone() });
        }
    }
    if told.stars.is_none() && told.stage.is_none() {
        for stars in ["1", "5"] {
            tell("--stars", [stars; 2], Told { stars: stars.parse().ok(), ..told.clone() });
        }
    }
    if told.speaker.is_none() {
        let agent = Speaker::Agent;
        tell("--speaker", [agent.word(Lang::Zh), agent.word(Lang::En)], Told { speaker: Some(agent), ..told.clone() });
    }
    let now = labels(told);
    let mut seen = BTreeSet::from([now.clone()]);
    let mut said = Vec::new();
    for (zh, en, told) in more {
        let then = labels(&told);
        // A shop's own words have few labels, which is no news.
        let is_news = told.speaker != Some(Speaker::Agent) || !then.is_subset(&now);
        if is_news && seen.insert(then.clone()) {
            let [came_zh, came_en] = named(taxonomy, then.difference(&now));
            let [gone_zh, gone_en] = named(taxonomy, now.difference(&then));
            let parts = |words: [&str; 2], came: String, gone: String, between: &str| {
                let parts = words.into_iter().zip([came, gone]).filter(|(_, names)| !names.is_empty());
                parts.map(|(word, names)| format!("{word} {names}")).collect::<Vec<_>>().join(between)
            };
            said.push(Said::new(
                format!("{zh}：{}", parts(["多了", "没了"], came_zh, gone_zh, "；")),
                format!("{en}: {}", parts(["with", "without"], came_en, gone_en, "; ")),
            ));
        }
    }
    said
}

/// Labels by the names of their categories and stances, in Chinese and English.
fn named<'a>(taxonomy: &Taxonomy, labels: impl Iterator<Item = &'a LabelId>) -> [String; 2] {
    let labels: Vec<&LabelId> = labels.collect();
    let named = |lang: Lang| {
        let name = |label: &&LabelId| {
            let category = &taxonomy.categories()[label.category()];
            format!("{} ({}) · {}", category.name.in_lang(lang), category.id, label.stance().name(lang))
        };
        labels.iter().map(name).collect::<Vec<_>>().join(lang.of("、", ", "))
    };
    [named(Lang::Zh), named(Lang::En)]
}

/// The rules that came nearest, one by one; the others by their number.
fn told(category: &Category, source: &BTreeMap<String, String>, all: &[WhyNot]) -> Vec<Said> {
    let told = |why: &WhyNot| {
        let (at, said) = (category.rules[why.rule].place(source), why.said());
        Said::new(format!("{at} {}", said.zh), format!("{at} {}", said.en))
    };
    if all.len() <= FEW {
        return all.iter().map(told).collect();
    }
    let near = all.iter().take_while(|why| why.nearness != Nearness::Far).take(MOST);
    let (count, id, file) = (all.len() - near.clone().count(), &category.id, category.written_in());
    let rest = match count == all.len() {
        true => said!("{count} 条规则都差得远", "none of its {count} rules came near"),
        false => said!("其余 {count} 条规则差得更远", "the other {count} rules are further from holding"),
    };
    let more = said!(
        "：词不在这里，或者不看这种记录。缺词可以加进 {file}；earful taxonomy suggest {id} 从全部记录里找缺的词。",
        ": their words do not stand here, or they are for other records. A missing word can be added to {file}; earful taxonomy suggest {id} looks for such words in all records."
    );
    let rest = Said::new(rest.zh + &more.zh, rest.en + &more.en);
    near.map(told).chain((count > 0).then_some(rest)).collect()
}

fn explain(
    taxonomy: &Taxonomy,
    source: &BTreeMap<String, String>,
    view: &View<'_>,
    decided: Vec<Decision>,
    not: Option<&str>,
) -> Result<Explained> {
    let classifier = Classifier::new(taxonomy);
    let reading = classifier.read(view);
    let labels = reading.labels.iter().map(|label| {
        let category = &taxonomy.categories()[label.id.category()];
        let reason = |e: &crate::reading::Evidence| {
            let text = view.turns[e.turn].text;
            Reason {
                words: e.span.of(text).to_string(),
                keywords: e.keywords.iter().map(|k| k.of(text).to_string()).collect(),
                rule: e.rule + 1,
                at: category.rules[e.rule].place(source),
                cues: e.cues.iter().map(|c| (c.cue, c.span.of(text).to_string())).collect(),
            }
        };
        Label {
            category: category.id.clone(),
            name: category.name.clone(),
            stance: Some(label.id.stance()),
            decided: None,
            rules: vec![label.id.stance()],
            evidence: label.evidence.iter().map(reason).collect(),
        }
    });
    let labels = overruled(taxonomy, labels.collect(), decided);
    let not = not.map(|id| super::taxonomy::find(taxonomy, id)).transpose()?;
    let not = not.map_or_else(Vec::new, |at| {
        let category = &taxonomy.categories()[at];
        let rules = told(category, source, &classifier.why_not(taxonomy, view, at));
        let own: Vec<&Label> = labels.iter().filter(|label| label.category == category.id).collect();
        let own = own.first().map(|first| stands(first, &own));
        let is_below = |label: &&Label| {
            let below = taxonomy.find(&label.category).map(|below| &taxonomy.categories()[below]);
            label.stance.is_some() && below.is_some_and(|below| below.nets.contains(&at))
        };
        own.into_iter().chain(labels.iter().filter(is_below).map(stands_below)).chain(rules).collect()
    });
    let turns = view.turns.iter().map(|t| (t.speaker, t.text.to_string())).collect();
    Ok(Explained { record: None, turns, labels, not, uncounted: None, otherwise: Vec::new() })
}

/// The labels that count: what was decided by hand stands in the place of what the rules say of the same category.
fn overruled(taxonomy: &Taxonomy, mut labels: Vec<Label>, decided: Vec<Decision>) -> Vec<Label> {
    for decision in decided {
        let is_of = |label: &Label| label.category == decision.category;
        let at = labels.iter().position(is_of).unwrap_or(labels.len());
        let rules: Vec<Label> = labels.extract_if(.., |label| is_of(label)).collect();
        let known = taxonomy.find(&decision.category).map(|at| taxonomy.categories()[at].name.clone());
        labels.insert(
            at,
            Label {
                category: decision.category.clone(),
                name: known.unwrap_or_else(|| Said::new(&decision.category, &decision.category)),
                stance: decision.stance,
                rules: rules.iter().flat_map(|label| label.rules.clone()).collect(),
                evidence: rules.into_iter().flat_map(|label| label.evidence).collect(),
                decided: Some(decision),
            },
        );
    }
    labels
}

/// What holds of a category that was asked for as if it did not: its labels, and the first of them.
fn stands(first: &Label, labels: &[&Label]) -> Said {
    if first.stance.is_none() {
        return said!(
            "人工判定：没有这一类，规则不算数。规则看到的是：",
            "decided by hand: it does not have this category, whatever the rules say. What the rules see:"
        );
    }
    let stances = |lang| -> Vec<&str> { labels.iter().filter_map(|l| Some(l.stance?.name(lang))).collect() };
    let (zh, en) = match first.decided {
        Some(_) => ("（人工判定）", ", decided by hand"),
        None => ("", ""),
    };
    Said::new(
        format!("它有这一类：{}{zh}。各条规则：", stances(Lang::Zh).join("、")),
        format!("it has this category, as {}{en}. Rule by rule:", stances(Lang::En).join(" and ")),
    )
}

/// What gives a net that was asked for as if it did not hold.
fn stands_below(label: &Label) -> Said {
    let stance = |lang| label.stance.map_or("", |stance| stance.name(lang));
    Said::new(
        format!("下面的“{}”（{}）给了它：{}", label.name.zh, label.category, stance(Lang::Zh)),
        format!("it has this by {} ({}), as {}", label.name.en, label.category, stance(Lang::En)),
    )
}

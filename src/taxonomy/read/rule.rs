//! One rule of a category file: its operators, and which records it looks at.

use std::sync::Arc;

use super::super::Keyword;
use super::super::file::{Page, Value, span};
use super::super::keys::{ONLY_KEYS, RULE_KEYS};
use super::super::list::expand;
use super::super::rule::{self, Denied, Only, Rule, Scope};
use super::pattern::read_pattern;
use crate::said;
use crate::words::{Kind, Lang, Span, Speaker, Stage, Stance, platform_called};

pub(super) fn read_rules(page: &mut Page<'_>, value: &Value<'_>, stance: Stance, out: &mut Vec<Rule>) {
    let Some(blocks) = value.get_ref().as_array() else {
        return page.wrong(
            value,
            ("规则，以两层方括号开头", "rules, each below double brackets"),
            &format!("[[{}]]", stance.key()),
        );
    };
    let file: Arc<str> = page.path.into();
    for block in blocks.iter() {
        if let Some(rule) = read_rule(page, block, stance, &file) {
            out.push(rule);
        }
    }
}

/// One block; `None`, with problems told, if anything in it cannot be used.
fn read_rule(page: &mut Page<'_>, block: &Value<'_>, stance: Stance, file: &Arc<str>) -> Option<Rule> {
    let at = span(block.span());
    let table = page.table(block, "[[complaint]]")?;
    let mut rule = Rule {
        stance,
        any: Vec::new(),
        all: Vec::new(),
        near: Vec::new(),
        then: Vec::new(),
        within: rule::WITHIN,
        unless: Vec::new(),
        without: Vec::new(),
        without_record: Vec::new(),
        opinion: false,
        pattern: Vec::new(),
        category: Vec::new(),
        only: Only::default(),
        scope: Scope::Clause,
        denied: Denied::Opposite,
        fixed: false,
        file: file.clone(),
        at,
    };
    let fine = page.entries(table, &RULE_KEYS, |page, key, value| read_operator(page, key, value, &mut rule).is_some());
    let finds = !rule.any.is_empty()
        || !rule.all.is_empty()
        || !rule.near.is_empty()
        || !rule.then.is_empty()
        || !rule.pattern.is_empty()
        || !rule.category.is_empty();
    if fine && !finds {
        page.error(
            "empty_rule",
            at,
            said!("这条规则没有要找的词", "this rule looks for nothing"),
            Some(said!(
                "写上 any、near、then、all、pattern 或 category。",
                "Give it any, near, then, all, pattern or category."
            )),
        );
    }
    (fine && finds).then_some(rule)
}

fn read_operator(page: &mut Page<'_>, key: &str, value: &Value<'_>, rule: &mut Rule) -> Option<()> {
    match key {
        "any" => rule.any = keywords(page, value)?,
        "unless" => rule.unless = keywords(page, value)?,
        "without" => rule.without = keywords(page, value)?,
        "without_record" => rule.without_record = keywords(page, value)?,
        "all" => rule.all = keyword_lists(page, value)?,
        "near" => rule.near = keyword_lists(page, value)?,
        "then" => rule.then = keyword_lists(page, value)?,
        "within" => {
            let number = value.get_ref().as_integer().and_then(|i| u32::from_str_radix(i.as_str(), i.radix()).ok());
            if number.is_none() {
                page.wrong(value, ("从 0 起的整数", "a whole number from 0"), "6");
            }
            rule.within = number?;
        }
        "pattern" => {
            rule.pattern = page.strings(value)?.into_iter().map(|p| read_pattern(page, p)).collect::<Option<_>>()?
        }
        "category" => rule.category = page.strings(value)?.into_iter().map(|(id, _)| id.to_owned()).collect(),
        "only" => rule.only = read_only(page, value)?,
        "scope" => rule.scope = page.one_of(value, Scope::from_key, &Scope::KEYS)?,
        "denied" => rule.denied = page.one_of(value, Denied::from_key, &Denied::KEYS)?,
        "opinion" => rule.opinion = page.truth(value)?,
        _ => rule.fixed = page.truth(value)?,
    }
    Some(())
}

pub(super) fn keywords(page: &mut Page<'_>, value: &Value<'_>) -> Option<Vec<Keyword>> {
    let words = page.strings(value)?;
    expanded(page, words)
}

fn expanded(page: &mut Page<'_>, words: Vec<(&str, Span)>) -> Option<Vec<Keyword>> {
    let mut all = Vec::with_capacity(words.len());
    for word in words {
        expand(page, word, &mut all)?;
    }
    Some(all)
}

fn keyword_lists(page: &mut Page<'_>, value: &Value<'_>) -> Option<Vec<Vec<Keyword>>> {
    let lists = page.lists(value)?;
    if lists.len() > usize::from(rule::LISTS) || lists.iter().any(Vec::is_empty) {
        let most = rule::LISTS;
        page.error(
            "bad_lists",
            span(value.span()),
            said!(
                "这里要 1 到 {most} 组词，每组不能为空",
                "expected 1 to {most} lists of words, none of them empty",
                most = most
            ),
            Some(said!("写成：[[\"…\", \"…\"], [\"…\"]]", "Write: [[\"…\", \"…\"], [\"…\"]]")),
        );
        return None;
    }
    lists.into_iter().map(|list| expanded(page, list)).collect()
}

fn read_only(page: &mut Page<'_>, value: &Value<'_>) -> Option<Only> {
    let table = page.table(value, "only = { stars = \"<=3\" }")?;
    let mut only = Only::default();
    let fine =
        page.entries(table, &ONLY_KEYS, |page, key, value| read_condition(page, key, value, &mut only).is_some());
    fine.then_some(only)
}

fn read_condition(page: &mut Page<'_>, key: &str, value: &Value<'_>, only: &mut Only) -> Option<()> {
    let plain =
        |page: &mut Page<'_>| Some(page.strings(value)?.into_iter().map(|(s, _)| s.to_owned()).collect::<Vec<_>>());
    match key {
        "stars" | "rating" => only.stars = Some(read_stars(page, value)?),
        "speaker" => only.speaker = Some(page.one_of(value, Speaker::written, &Speaker::KEYS)?),
        "kind" => only.kind = page.some_of(value, Kind::written, &Kind::KEYS)?,
        "stage" => {
            let stages = page.some_of(value, Stage::written, &Only::STAGES)?;
            only.stage = stages.into_iter().map(|stage| stage.key().to_owned()).collect();
        }
        // A platform that is not known stays as it is: who knows the records tells of it.
        "platform" | "source" => {
            let known = |word: String| platform_called(&word).map_or(word, str::to_owned);
            only.platform = plain(page)?.into_iter().map(known).collect();
        }
        "sku" => only.sku = plain(page)?,
        _ => only.lang = page.some_of(value, language, &Only::LANGS)?,
    }
    Some(())
}

/// The key of a language that is written by any of its names.
fn language(text: &str) -> Option<String> {
    let other = || Only::LANGS.into_iter().find(|key| *key == text);
    Lang::written(text).map(Lang::key).or_else(other).map(str::to_owned)
}

fn read_stars(page: &mut Page<'_>, value: &Value<'_>) -> Option<(f32, f32)> {
    let example = "stars = \"<=3\", \">=4\", \"5\", \"1-2\"";
    if value.get_ref().as_str().is_none() {
        page.wrong(value, ("一段带引号的文字", "a text in quotes"), example);
        return None;
    }
    let (text, at) = page.string(value)?;
    let stars = rule::stars(text);
    if stars.is_none() {
        let what = said!("“{text}”不是从 0 到 5 的星级", "`{text}` is no range of stars from 0 to 5");
        page.error("wrong_value", at, what, Some(said!("写成：{example}", "Write: {example}")));
    }
    stars
}

//! One rule of a category file: its operators, and which records it looks at.

use std::sync::Arc;

use super::super::Keyword;
use super::super::file::{Page, Value, span};
use super::super::list::expand;
use super::super::rule::{self, Denied, Only, Rule, Scope};
use super::pattern::read_pattern;
use crate::said;
use crate::words::{Kind, Span, Speaker, Stage, Stance, platform_called};

pub(super) const RULE_KEYS: [&str; 15] = [
    "any",
    "all",
    "near",
    "then",
    "within",
    "unless",
    "without",
    "without_record",
    "opinion",
    "pattern",
    "category",
    "only",
    "scope",
    "denied",
    "fixed",
];
pub(super) const ONLY_KEYS: [&str; 9] =
    ["stars", "rating", "speaker", "kind", "stage", "platform", "source", "sku", "lang"];

pub(super) fn read_rules(page: &mut Page<'_>, value: &Value<'_>, stance: Stance, out: &mut Vec<Rule>) {
    let Some(blocks) = value.get_ref().as_array() else {
        return page.wrong(
            value,
            "用两层方括号开头的规则块，如 [[complaint]]",
            "a block below double brackets, such as [[complaint]]",
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
    let table = page.table(block)?;
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
                page.wrong(value, "一个整数", "a whole number");
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
            None,
        );
        return None;
    }
    lists.into_iter().map(|list| expanded(page, list)).collect()
}

fn read_only(page: &mut Page<'_>, value: &Value<'_>) -> Option<Only> {
    let table = page.table(value)?;
    let mut only = Only::default();
    let fine =
        page.entries(table, &ONLY_KEYS, |page, key, value| read_condition(page, key, value, &mut only).is_some());
    fine.then_some(only)
}

/// The keys of what is written by another of its names.
fn known(written: Vec<String>, key: impl Fn(&str) -> Option<&'static str>) -> Vec<String> {
    written.into_iter().map(|word| key(&word).map_or(word, str::to_string)).collect()
}

fn read_condition(page: &mut Page<'_>, key: &str, value: &Value<'_>, only: &mut Only) -> Option<()> {
    let plain =
        |page: &mut Page<'_>| Some(page.strings(value)?.into_iter().map(|(s, _)| s.to_owned()).collect::<Vec<_>>());
    match key {
        "stars" | "rating" => {
            only.stars = Some(page.one_of(value, rule::stars, &["<=3", ">=4", "5", "1-2"])?);
        }
        "speaker" => only.speaker = Some(page.one_of(value, Speaker::written, &Speaker::KEYS)?),
        "kind" => {
            let list = plain(page)?;
            only.kind = list.iter().filter_map(|k| Kind::written(k)).collect();
            if only.kind.len() < list.len() {
                let list = Kind::KEYS.join(", ");
                page.error(
                    "wrong_value",
                    span(value.span()),
                    said!("这里只能写：{list}", "expected some of: {list}", list = list),
                    None,
                );
                return None;
            }
        }
        // A name that is not known stays as it is: the check tells a stage that no conversation has.
        "stage" => only.stage = known(plain(page)?, |stage| Some(Stage::written(stage)?.key())),
        "platform" | "source" => only.platform = known(plain(page)?, platform_called),
        "sku" => only.sku = plain(page)?,
        _ => only.lang = plain(page)?,
    }
    Some(())
}

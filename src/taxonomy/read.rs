//! From the files of a taxonomy folder to the taxonomy, with the problems met on the way.

use std::collections::BTreeMap;

use super::category::{Area, Category, Example};
use super::cues::{CUES, Cue, CueWord};
use super::file::{Page, Value, problem, span};
use super::list::{LISTS, Lists, expand, read_lists};
use super::rule::{self, Denied, Only, Pattern, Rule, Scope};
use super::{Keyword, Taxonomy};
use crate::said;
use crate::text::fold;
use crate::words::{Kind, Problem, Said, Severity, Span, Speaker, Stance, limits};

impl Taxonomy {
    /// Reads a taxonomy from its files: paths relative to its folder (`product/smell.toml`), in any
    /// order, with their text. Files that do not end in `.toml` are left out. A rule with a mistake
    /// is left out and told as a problem of severity error: whoever counts must stop at one.
    pub fn read(files: impl IntoIterator<Item = (String, String)>) -> (Taxonomy, Vec<Problem>) {
        let mut problems = Vec::new();
        let files: BTreeMap<String, String> = files
            .into_iter()
            .map(|(path, text)| (path.replace('\\', "/"), text.trim_start_matches('\u{feff}').to_owned()))
            .filter(|(path, _)| path.ends_with(".toml"))
            .collect();
        let (none, mut lists) = (Lists::new(), Lists::new());
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with(LISTS)) {
            read_lists(&mut Page { path, text, lists: &none, problems: &mut problems }, &mut lists);
        }
        let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
        let mut cues = Vec::new();
        for (path, text) in &files {
            let mut page = Page { path, text, lists: &lists, problems: &mut problems };
            if path.starts_with(CUES) {
                read_cues(&mut page, &mut cues);
            } else if !path.starts_with(LISTS) {
                let id = path.trim_end_matches(".toml").to_owned();
                let draft = read_category(&mut page);
                drafts.insert(id, draft);
            }
        }
        add_missing_nets(&mut drafts, &mut problems);
        let mut taxonomy =
            Taxonomy { categories: build(drafts), cues, lists: lists.into_values().collect(), fingerprint: [0; 32] };
        taxonomy.check_references(&files, &mut problems);
        taxonomy.check_limits(&mut problems);
        taxonomy.fingerprint = taxonomy.compute_fingerprint();
        (taxonomy, problems)
    }

    fn check_references(&mut self, files: &BTreeMap<String, String>, problems: &mut Vec<Problem>) {
        let ids: Vec<String> = self.categories.iter().map(|c| c.id.clone()).collect();
        for category in &mut self.categories {
            let text = files.get(&category.file).map_or("", String::as_str);
            category.rules.retain(|rule| {
                let unknown = rule.category.iter().find(|id| ids.binary_search(id).is_err());
                if let Some(id) = unknown {
                    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
                    let what = said!("没有类目“{id}”", "there is no category `{id}`", id = id);
                    let help = super::file::nearest(id, &known)
                        .map(|near| said!("是不是“{near}”？", "Did you mean `{near}`?", near = near));
                    let place = (category.file.as_str(), text);
                    problems.push(problem(place, "unknown_category", Severity::Error, rule.at, what, help));
                }
                unknown.is_none()
            });
        }
    }

    fn check_limits(&mut self, problems: &mut Vec<Problem>) {
        let keywords: usize = self.categories.iter().flat_map(|c| &c.rules).map(|r| r.keywords().count()).sum();
        let counts = [
            (self.categories.len(), limits::CATEGORIES, "类目", "categories"),
            (keywords + self.cues.len(), limits::KEYWORDS, "关键词", "keywords"),
        ];
        for (found, limit, zh, en) in counts {
            if found > limit {
                let what = Said::new(
                    format!("{zh}太多：{found}，上限 {limit}"),
                    format!("too many {en}: {found}, the limit is {limit}"),
                );
                let help = said!("拆成几套分类，或合并相近的词。", "Split the taxonomy, or join words that are alike.");
                let place = Default::default();
                problems.push(Problem { code: "too_many", severity: Severity::Error, place, what, help: Some(help) });
                self.categories.truncate(limits::CATEGORIES);
            }
        }
    }
}

/// A category as its file says, before nets hand down what it leaves open.
#[derive(Default)]
struct Draft {
    name: Said,
    means: String,
    area: Option<Area>,
    owner: Option<String>,
    action: Option<Said>,
    rules: Vec<Rule>,
    examples: Vec<Example>,
    file: String,
}

const CATEGORY_KEYS: [&str; 10] =
    ["name", "means", "area", "owner", "action", "complaint", "praise", "question", "mention", "examples"];
const RULE_KEYS: [&str; 15] = [
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
const ONLY_KEYS: [&str; 9] = ["stars", "rating", "speaker", "kind", "stage", "platform", "source", "sku", "lang"];

fn read_category(page: &mut Page<'_>) -> Draft {
    let mut draft = Draft { file: page.path.to_owned(), ..Draft::default() };
    page.read(
        |page, key, value| {
            match key {
                "name" => draft.name = names(page, value).unwrap_or_default(),
                "means" => draft.means = page.string(value).map_or_else(String::new, |(text, _)| text),
                "area" => draft.area = page.one_of(value, area_from_key, &["product", "logistics", "service"]),
                "owner" => draft.owner = page.string(value).map(|(text, _)| text),
                "action" => draft.action = names(page, value),
                "examples" => read_examples(page, value, &mut draft.examples),
                stance => {
                    let stance = Stance::from_key(stance).expect("a key of CATEGORY_KEYS");
                    read_rules(page, value, stance, &mut draft.rules);
                }
            }
            true
        },
        &CATEGORY_KEYS,
    );
    if draft.name.zh.is_empty() || draft.name.en.is_empty() {
        page.tell(
            "no_name",
            Severity::Warning,
            Span::new(0, 0),
            said!("类目缺少中文或英文名称", "the category has no Chinese or no English name"),
            Some(said!("写上 name = {{ zh = \"…\", en = \"…\" }}", "Write name = {{ zh = \"…\", en = \"…\" }}")),
        );
    }
    // Blocks in the order in which they stand in the file, whatever their stance.
    draft.rules.sort_by_key(|r| r.at.start);
    draft
}

fn area_from_key(key: &str) -> Option<Area> {
    [Area::Product, Area::Logistics, Area::Service].into_iter().find(|a| a.key() == key)
}

fn names(page: &mut Page<'_>, value: &Value<'_>) -> Option<Said> {
    let table = page.table(value)?;
    let mut said = Said::default();
    page.entries(table, &["zh", "en"], |page, key, value| {
        let text = page.string(value).map_or_else(String::new, |(text, _)| text);
        if key == "zh" {
            said.zh = text
        } else {
            said.en = text
        }
        true
    });
    Some(said)
}

fn read_examples(page: &mut Page<'_>, value: &Value<'_>, out: &mut Vec<Example>) {
    let Some(table) = page.table(value) else { return };
    page.entries(table, &["complaint", "praise", "question", "mention", "none"], |page, key, value| {
        let stance = Stance::from_key(key);
        for (text, at) in page.strings(value).unwrap_or_default() {
            out.push(Example { stance, text, at });
        }
        true
    });
}

fn read_rules(page: &mut Page<'_>, value: &Value<'_>, stance: Stance, out: &mut Vec<Rule>) {
    let Some(blocks) = value.get_ref().as_array() else {
        return page.wrong(
            value,
            "用两层方括号开头的规则块，如 [[complaint]]",
            "a block below double brackets, such as [[complaint]]",
        );
    };
    for block in blocks.iter() {
        if let Some(rule) = read_rule(page, block, stance) {
            out.push(rule);
        }
    }
}

/// One block; `None`, with problems told, if anything in it cannot be used.
fn read_rule(page: &mut Page<'_>, block: &Value<'_>, stance: Stance) -> Option<Rule> {
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
            rule.pattern = page.strings(value)?.into_iter().map(|p| pattern(page, p)).collect::<Option<_>>()?
        }
        "category" => rule.category = page.strings(value)?.into_iter().map(|(id, _)| id).collect(),
        "only" => rule.only = read_only(page, value)?,
        "scope" => rule.scope = page.one_of(value, scope_from_key, &["clause", "sentence", "turn", "record"])?,
        "denied" => {
            let keys = ["opposite", "complaint", "praise", "mention", "nothing"];
            rule.denied = page.one_of(value, denied_from_key, &keys)?;
        }
        "opinion" => rule.opinion = page.truth(value)?,
        _ => rule.fixed = page.truth(value)?,
    }
    Some(())
}

fn scope_from_key(key: &str) -> Option<Scope> {
    Some(match key {
        "clause" => Scope::Clause,
        "sentence" => Scope::Sentence,
        "turn" => Scope::Turn,
        "record" => Scope::Record,
        _ => return None,
    })
}

fn denied_from_key(key: &str) -> Option<Denied> {
    Some(match key {
        "opposite" => Denied::Opposite,
        "complaint" => Denied::Complaint,
        "praise" => Denied::Praise,
        "mention" => Denied::Mention,
        "nothing" => Denied::Nothing,
        _ => return None,
    })
}

fn keywords(page: &mut Page<'_>, value: &Value<'_>) -> Option<Vec<Keyword>> {
    let words = page.strings(value)?;
    expanded(page, words)
}

fn expanded(page: &mut Page<'_>, words: Vec<(String, Span)>) -> Option<Vec<Keyword>> {
    let words: Option<Vec<Vec<Keyword>>> = words.into_iter().map(|word| expand(page, word)).collect();
    words.map(|words| words.concat())
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

fn pattern(page: &mut Page<'_>, (written, at): (String, Span)) -> Option<Pattern> {
    let folded = fold_pattern(&written);
    let wrong = if written.len() > limits::PATTERN_BYTES {
        Some(format!("> {} bytes", limits::PATTERN_BYTES))
    } else if rule::is_small(&folded) {
        None
    } else {
        rule::regex(&folded).err().map(|e| e.to_string())
    };
    if let Some(why) = wrong {
        let last = why.lines().last().unwrap_or_default().to_owned();
        page.error(
            "bad_pattern",
            at,
            said!("正则表达式不能用：{why}", "the pattern cannot be used: {why}", why = last),
            None,
        );
        return None;
    }
    Some(Pattern { written, folded, at })
}

/// Folds the characters of a pattern one by one; its syntax stays. Digits and word edges are those of
/// ASCII: after folding there are hardly others, and they cost much less.
fn fold_pattern(written: &str) -> String {
    let (mut out, mut in_class) = (String::new(), false);
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match (chars.next(), in_class) {
                (Some('d'), false) => out.push_str("[0-9]"),
                (Some('d'), true) => out.push_str("0-9"),
                (Some('b'), false) => out.push_str("(?-u:\\b)"),
                (next, _) => {
                    out.push(c);
                    out.extend(next);
                }
            },
            // Flags and names of a group.
            '(' if !in_class && chars.as_str().starts_with('?') => {
                out.push(c);
                for c in chars.by_ref() {
                    out.push(c);
                    if matches!(c, ':' | ')' | '>') {
                        break;
                    }
                }
            }
            _ if c.is_ascii() => {
                in_class = if c == '[' { true } else { in_class && c != ']' };
                out.push(c.to_ascii_lowercase());
            }
            _ => {
                let folded = fold(c.encode_utf8(&mut [0; 4]));
                let mut forms = folded.chars();
                match (forms.next(), forms.next()) {
                    (Some(one), None) => out.push(one),
                    _ => out.push(c),
                }
            }
        }
    }
    out
}

fn read_only(page: &mut Page<'_>, value: &Value<'_>) -> Option<Only> {
    let table = page.table(value)?;
    let mut only = Only::default();
    let fine =
        page.entries(table, &ONLY_KEYS, |page, key, value| read_condition(page, key, value, &mut only).is_some());
    fine.then_some(only)
}

fn read_condition(page: &mut Page<'_>, key: &str, value: &Value<'_>, only: &mut Only) -> Option<()> {
    let plain = |page: &mut Page<'_>| Some(page.strings(value)?.into_iter().map(|(s, _)| s).collect::<Vec<_>>());
    match key {
        "stars" | "rating" => {
            only.stars = Some(page.one_of(value, rule::stars, &["<=3", ">=4", "5", "1-2"])?);
        }
        "speaker" => {
            let keys = Speaker::ALL.map(Speaker::key);
            only.speaker = Some(page.one_of(value, Speaker::from_key, &keys)?);
        }
        "kind" => {
            let keys = Kind::ALL.map(Kind::key);
            let list = plain(page)?;
            only.kind = list.iter().filter_map(|k| Kind::from_key(k)).collect();
            if only.kind.len() < list.len() {
                let list = keys.join(", ");
                page.error(
                    "wrong_value",
                    span(value.span()),
                    said!("这里只能写：{list}", "expected some of: {list}", list = list),
                    None,
                );
                return None;
            }
        }
        "stage" => only.stage = plain(page)?,
        "platform" | "source" => only.platform = plain(page)?,
        "sku" => only.sku = plain(page)?,
        _ => only.lang = plain(page)?,
    }
    Some(())
}

fn read_cues(page: &mut Page<'_>, out: &mut Vec<CueWord>) {
    let keys = Cue::ALL.map(Cue::key);
    page.read(
        |page, key, value| {
            let cue = Cue::from_key(key).expect("a key of the list");
            for word in page.strings(value).unwrap_or_default() {
                if let Some(keyword) = page.keyword(word) {
                    out.push(CueWord { cue, keyword, file: page.path.to_owned() });
                }
            }
            true
        },
        &keys,
    );
}

/// A folder without a file of its own is a net without a description.
fn add_missing_nets(drafts: &mut BTreeMap<String, Draft>, problems: &mut Vec<Problem>) {
    let mut missing = BTreeMap::new();
    for id in drafts.keys() {
        for net in nets_of(id) {
            if !drafts.contains_key(net) {
                missing.insert(net.to_owned(), ());
            }
        }
    }
    for (id, ()) in missing {
        let last = id.rsplit('/').next().unwrap_or(&id).to_owned();
        let file = format!("{id}.toml");
        let what = said!("文件夹“{id}”没有说明文件", "the folder `{id}` has no file that describes it", id = id);
        let help = said!("加一个 {file}，写上名称。", "Add {file} with a name.", file = file);
        problems.push(problem((&file, ""), "no_net_file", Severity::Warning, Span::new(0, 0), what, Some(help)));
        drafts.insert(id, Draft { name: Said::new(last.clone(), last), ..Draft::default() });
    }
}

/// The ids of the nets above a category, nearest first.
fn nets_of(id: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(id.rsplit_once('/').map(|(net, _)| net), |net| net.rsplit_once('/').map(|(net, _)| net))
}

fn build(drafts: BTreeMap<String, Draft>) -> Vec<Category> {
    let ids: Vec<String> = drafts.keys().cloned().collect();
    let place = |id: &str| ids.binary_search_by(|probe| probe.as_str().cmp(id)).ok();
    let mut categories: Vec<Category> = Vec::with_capacity(ids.len());
    for (id, draft) in drafts {
        let nets: Vec<usize> = nets_of(&id).filter_map(place).collect();
        // Nets stand before their parts in the order of ids, so that what they hand down is settled.
        let above = nets.first().map(|n| &categories[*n]);
        let category = Category {
            name: Said { zh: or_id(draft.name.zh, &id), en: or_id(draft.name.en, &id) },
            means: draft.means,
            area: draft.area.or(above.map(|a| a.area)).unwrap_or_default(),
            owner: draft.owner.or(above.map(|a| a.owner.clone())).unwrap_or_default(),
            action: draft.action.or(above.map(|a| a.action.clone())).unwrap_or_default(),
            is_net: ids.iter().any(|other| nets_of(other).any(|net| net == id)),
            rules: draft.rules,
            examples: draft.examples,
            file: draft.file,
            nets,
            id,
        };
        categories.push(category);
    }
    categories
}

fn or_id(name: String, id: &str) -> String {
    if name.is_empty() { id.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_beside_the_taxonomy_names_every_key() {
        let guide = super::super::GUIDE.1;
        let keys = RULE_KEYS.into_iter().chain(ONLY_KEYS).chain(Cue::ALL.map(Cue::key));
        let missing: Vec<&str> = keys.filter(|key| !guide.contains(&format!("`{key}`"))).collect();
        assert_eq!(missing, [""; 0]);
        let heads = CATEGORY_KEYS.iter().filter(|key| !guide.contains(**key));
        assert_eq!(heads.collect::<Vec<_>>(), [&""; 0]);
    }

    #[test]
    fn the_category_of_the_guide_can_be_read() {
        let guide = super::super::GUIDE.1;
        let body = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let lists = ("_lists/own.toml".to_owned(), "tastes = [\"好吃\"]\n".to_owned());
        let (taxonomy, problems) = Taxonomy::read([("smell.toml".to_owned(), body.to_owned()), lists]);
        assert_eq!((problems, taxonomy.categories()[0].rules.len()), (vec![], 2));
    }
}

//! From the files of a taxonomy folder to the taxonomy, with the problems met on the way.

mod pattern;
mod rule;

use std::collections::BTreeMap;

use rayon::prelude::*;

use self::rule::{keywords, read_rules};
use super::category::{Area, Category, Example, parted, stem};
use super::cues::{CUES, Cue, CueWord};
use super::file::{Page, Value, problem, span, written_at};
use super::keys::{CATEGORY_KEYS, nearest};
use super::list::{LISTS, Lists, read_lists};
use super::rule::Rule;
use super::{Keyword, Taxonomy};
use crate::said;
use crate::words::{Problem, Said, Severity, Span, Stance, limits};

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
        let others = files.par_iter().filter(|(path, _)| !path.starts_with(LISTS));
        let read: Vec<_> = others.map(|(path, text)| (path, read_file(path, text, &lists))).collect();
        let mut parts = Vec::new();
        // In the order of their paths, whichever was read first.
        for (path, (content, told)) in read {
            problems.extend(told);
            match content {
                Content::Cues(words) => cues.extend(words),
                Content::Category(draft) => {
                    drafts.insert(stem(path).to_owned(), *draft);
                }
                Content::Part(rules) => parts.push((path, rules)),
            }
        }
        for (path, rules) in parts {
            match drafts.get_mut(parted(stem(path)).0) {
                Some(draft) => draft.rules.extend(rules),
                None => problems.push(headless(path, &files[path])),
            }
        }
        add_missing_nets(&mut drafts, &mut problems);
        let mut taxonomy = Taxonomy { categories: build(drafts), cues, lists: lists.into_values().collect() };
        taxonomy.check_references(&files, &mut problems);
        taxonomy.check_limits(&mut problems);
        (taxonomy, problems)
    }

    fn check_references(&mut self, files: &BTreeMap<String, String>, problems: &mut Vec<Problem>) {
        let known: Vec<(String, Said)> = self.categories.iter().map(|c| (c.id.clone(), c.name.clone())).collect();
        let is_known = |id: &str| known.binary_search_by(|(known, _)| known.as_str().cmp(id)).is_ok();
        for rule in self.categories.iter().flat_map(|c| &c.rules) {
            let Some(id) = rule.category.iter().find(|id| !is_known(id)) else { continue };
            let what = said!("没有类目“{id}”", "there is no category `{id}`", id = id);
            let help = match meant(id, &known) {
                Some(near) => said!("是不是“{near}”？", "Did you mean `{near}`?"),
                None => {
                    said!("写类目的路径，如 product/smell。", "Write the path of a category, such as product/smell.")
                }
            };
            let text = files.get(&*rule.file).map_or("", String::as_str);
            let at = written_at(text, rule, id);
            let told = problem((&rule.file, text), "unknown_category", Severity::Error, at, what, Some(help));
            problems.push(told);
        }
        let fits = |rule: &Rule| rule.category.iter().all(|id| is_known(id));
        self.categories.iter_mut().for_each(|category| category.rules.retain(fits));
    }

    fn check_limits(&mut self, problems: &mut Vec<Problem>) {
        let keywords: usize = self.categories.iter().map(|c| c.keywords().count()).sum();
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

/// The category that is meant by a path that none has: by its name, the end of its path, or misspelt.
fn meant<'a>(written: &'a str, known: &'a [(String, Said)]) -> Option<&'a str> {
    // A part is none: its rules are those of its category.
    let path = parted(stem(written.trim())).0;
    let is = |(id, name): &&(String, Said)| {
        id == path || name.zh == path || name.en == path || id.rsplit('/').next() == Some(path)
    };
    let ids: Vec<&str> = known.iter().map(|(id, _)| id.as_str()).collect();
    known.iter().find(is).map(|(id, _)| id.as_str()).or_else(|| nearest(path, &ids))
}

/// A category as its files say, before nets hand down what it leaves open.
#[derive(Default)]
struct Draft {
    name: Said,
    means: Said,
    area: Option<Area>,
    owner: Option<String>,
    action: Option<Said>,
    without_record: Vec<Keyword>,
    rules: Vec<Rule>,
    examples: Vec<Example>,
    file: String,
}

/// What a file that is no shared list holds.
enum Content {
    Cues(Vec<CueWord>),
    /// A category of one file, or the head of one.
    Category(Box<Draft>),
    /// More rules of a category.
    Part(Vec<Rule>),
}

fn read_file(path: &str, text: &str, lists: &Lists) -> (Content, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut page = Page { path, text, lists, problems: &mut problems };
    let content = match parted(stem(path)) {
        _ if path.starts_with(CUES) => Content::Cues(read_cues(&mut page)),
        (_, None) => Content::Category(Box::new(read_category(&mut page))),
        (id, Some(_)) => Content::Part(read_part(&mut page, id)),
    };
    (content, problems)
}

fn read_category(page: &mut Page<'_>) -> Draft {
    let mut draft = Draft { file: page.path.to_owned(), ..Draft::default() };
    page.read(
        |page, key, value| {
            match key {
                "name" => draft.name = names(page, value).unwrap_or_default(),
                "means" => draft.means = meaning(page, value).unwrap_or_default(),
                "area" => draft.area = page.one_of(value, Area::from_key, &Area::KEYS),
                "owner" => draft.owner = page.string(value).map(|(text, _)| text.to_owned()),
                "action" => draft.action = names(page, value),
                "without_record" => draft.without_record = keywords(page, value).unwrap_or_default(),
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
    // Whatever else is wrong may be why there is no name.
    if (draft.name.zh.is_empty() || draft.name.en.is_empty()) && page.problems.is_empty() {
        let what = match page.text.trim().is_empty() {
            true => said!("这个文件是空的", "this file is empty"),
            false => said!("类目缺少中文或英文名称", "the category has no Chinese or no English name"),
        };
        let help = said!(
            "在文件开头写上 name = {{ zh = \"…\", en = \"…\" }}",
            "Write name = {{ zh = \"…\", en = \"…\" }} at the head of the file."
        );
        page.tell("no_name", Severity::Warning, Span::new(0, 0), what, Some(help));
    }
    // Blocks in the order in which they stand in the file, whatever their stance.
    draft.rules.sort_by_key(|r| r.at.start);
    draft
}

/// The rules of a part of the category `id`: what describes the category stands in its head alone.
fn read_part(page: &mut Page<'_>, id: &str) -> Vec<Rule> {
    let mut rules = Vec::new();
    page.read(
        |page, key, value| {
            match Stance::from_key(key) {
                Some(stance) => read_rules(page, value, stance, &mut rules),
                None => {
                    let what = said!(
                        "“{key}”要写在 {id}.toml 里；这个文件是它的一部分，只有规则",
                        "`{key}` belongs into {id}.toml; this file is a part of it and holds rules only"
                    );
                    page.error(
                        "key_of_head",
                        span(value.span()),
                        what,
                        Some(said!(
                            "移到 {id}.toml；要做单独的类目，文件名里就不要有点。",
                            "Move it to {id}.toml; the file of a category of its own has no dot in its name."
                        )),
                    );
                }
            }
            true
        },
        &CATEGORY_KEYS,
    );
    rules.sort_by_key(|r| r.at.start);
    rules
}

/// A part of a category that is not there.
fn headless(path: &str, text: &str) -> Problem {
    let id = parted(stem(path)).0;
    let what = said!("这是 {id}.toml 的一部分，却没有那个文件", "this is a part of {id}.toml, which is not there");
    let help = said!(
        "加一个 {id}.toml，写上名称；要做单独的类目，文件名里就不要有点。",
        "Add {id}.toml with a name; the file of a category of its own has no dot in its name."
    );
    problem((path, text), "no_head", Severity::Error, Span::new(0, 0), what, Some(help))
}

/// What a category means: in both languages, or in the one of the shop.
fn meaning(page: &mut Page<'_>, value: &Value<'_>) -> Option<Said> {
    match value.get_ref().as_str() {
        Some(text) => Some(Said::new(text, text)),
        None => names(page, value),
    }
}

fn names(page: &mut Page<'_>, value: &Value<'_>) -> Option<Said> {
    let table = page.table(value, "{ zh = \"…\", en = \"…\" }")?;
    let mut said = Said::default();
    page.entries(table, &["zh", "en"], |page, key, value| {
        let text = page.string(value).map_or_else(String::new, |(text, _)| text.to_owned());
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
    let Some(table) = page.table(value, "[examples]") else { return };
    page.entries(table, &["complaint", "praise", "question", "mention", "none"], |page, key, value| {
        let stance = Stance::from_key(key);
        for (text, at) in page.strings(value).unwrap_or_default() {
            out.push(Example { stance, text: text.to_owned(), at });
        }
        true
    });
}

fn read_cues(page: &mut Page<'_>) -> Vec<CueWord> {
    let mut out = Vec::new();
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
        &Cue::KEYS,
    );
    out
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
            without_record: above
                .iter()
                .fold(draft.without_record, |own, net| [own, net.without_record.clone()].concat()),
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
    use super::super::keys;
    use super::*;

    #[test]
    fn the_guide_beside_the_taxonomy_names_every_key() {
        let guide = super::super::GUIDE.1;
        let names = keys::RULE_KEYS.into_iter().chain(keys::ONLY_KEYS).chain(Cue::KEYS);
        let missing: Vec<&str> = names.filter(|key| !guide.contains(&format!("`{key}`"))).collect();
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

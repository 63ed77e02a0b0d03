//! A taxonomy as one table that people edit in a spreadsheet, and back: one row a rule.
//!
//! Columns: category, its name, stance, rule, keyword, unless, all, without, example, and the exact text of everything
//! that does not fit these. A cell holds as many words as one likes; lists that must stand together are joined in the
//! cell of keywords (`快递、物流 … 慢 (8)`). Rows of one number are one rule, so a long list goes on in the next row. A row
//! without a number adds plain keywords to the first simple rule of its stance; with anything else it is a rule of its own.
//! A rule that stands in a part of a category names that part after the category (`product/performance.battery`), and
//! comes back to it. Cue lists are categories that begin with `_cues/`, shared lists such that begin with `_lists/`; the
//! name of the list stands in the place of the stance.

pub(super) mod cell;
mod read;

use std::collections::BTreeSet;

use super::category::stem;
use super::keys::{distance, nearest};
use super::list::written;
use super::rule::WITHIN;
use super::write::rest;
use super::{CUES, Category, Rule, Taxonomy};
use crate::said;
use crate::words::{Lang, NO_STANCE, Place, Problem, Said, Severity, Stance};

use cell::Join;
pub use cell::quoted as word;
pub use read::files;

/// The columns, in Chinese and English.
pub const COLUMNS: [(&str, &str); 10] = [
    ("类别", "category"),
    ("名称", "name"),
    ("立场", "stance"),
    ("规则", "rule"),
    ("关键词", "keyword"),
    ("除外", "unless"),
    ("还要有", "all"),
    ("不能有", "without"),
    ("例句", "example"),
    ("其他条件", "exact"),
];

/// The row that describes a category: what its file says before the rules, in its exact column. With it the rows of
/// the category are all of it.
const ABOUT: (&str, &str) = ("说明", "about");

/// One row, by column.
pub type Row = [String; COLUMNS.len()];

/// Where a column stands.
pub const CATEGORY: usize = 0;
/// See [`CATEGORY`].
pub const NAME: usize = 1;
/// See [`CATEGORY`].
pub const STANCE: usize = 2;
/// See [`CATEGORY`].
pub const RULE: usize = 3;
/// See [`CATEGORY`].
pub const KEYWORD: usize = 4;
const UNLESS: usize = 5;
pub(super) const ALL: usize = 6;
pub(super) const WITHOUT: usize = 7;
/// See [`CATEGORY`].
pub const EXAMPLE: usize = 8;
/// See [`CATEGORY`].
pub const EXACT: usize = 9;

/// What belongs into a column, for whoever fills it in: column, Chinese, English.
pub const GUIDE: [(usize, &str, &str); COLUMNS.len()] = [
    (
        CATEGORY,
        "类别的路径或名称，每一行都要写。表里没有的类别不动。product/performance.battery 是性能这一类里写电池的那个文件。",
        "Path or name of the category, in every row. Categories that are not in the sheet stay as they are. product/performance.battery is the file about batteries of that category.",
    ),
    (NAME, "类别叫什么，只供查看。", "What the category is called; only to be read."),
    (
        STANCE,
        "不满、好评、询问、提及；例句还可以写“无”：不该有这个类别。“说明”那一行写类别的名称和负责人。",
        "complaint, praise, question or mention; of an example also none: it must not have the category. The row `about` holds the category's names and owner.",
    ),
    (
        RULE,
        "同一个编号的各行是一条规则：除外词、还要有、不能有只管这一条。加词不必写编号：会放进这个立场里没有其他条件的规则。新规则写一个新编号，或空着。",
        "Rows of one number are one rule; its exceptions and conditions hold for that rule alone. A word to add needs no number: it joins the rule of its stance that asks nothing else. A new rule has a new number or none.",
    ),
    (
        KEYWORD,
        "找什么，任何一个都算；多个词用“、”或逗号隔开，也可以换行。要挨在一起的：快递、物流 … 慢、迟 (8) 是不论先后、最多隔 8 个字；味道 → 没有、不大 (3) 是按这个先后。英文词 pill* 也找 pilling。@名字 是共用的一张词表。词里有逗号、… 、→ 或引号，就用英文引号包起来。",
        "What is looked for: any of these words, parted by commas or line breaks. Close together: courier, parcel … slow, late (8) is in any order with at most 8 words between; smell → none, faint (3) in this order. pill* finds pilling too. @name is a list of shared words. A word with a comma, …, → or a quote in it goes into quotes.",
    ),
    (
        UNLESS,
        "这条规则的例外：关键词落在这些词里面就不算（异味剂里的异味）。",
        "Exceptions of this rule: a keyword inside one of these words does not count (smell in smelling salts).",
    ),
    (
        ALL,
        "这一句里还要有其中一个词；要有几样，用 + 隔开：擦、涂 + 脸。",
        "One of these words must stand in the clause too; of several lists one each, parted by +: rub, put on + face.",
    ),
    (WITHOUT, "这一句里有其中一个词就不算。", "The rule does not count where one of these words stands in the clause."),
    (
        EXAMPLE,
        "一行一句，导入时当测试跑：读作这一行的立场才对。",
        "One sentence a row, run as a test at import: it must be read with the stance of its row.",
    ),
    (
        EXACT,
        "其余的条件，照词表文件的写法（见 taxonomy 文件夹里的 README.md）；看不懂就别动。",
        "All other conditions, as the files of the taxonomy have them (README.md in its folder); leave it as it is if in doubt.",
    ),
];

/// What stands in a cell of stances, for a list to choose from.
pub fn stances(lang: Lang) -> Vec<&'static str> {
    let names = Stance::ALL.map(|s| s.name(lang)).into_iter();
    names.chain([lang.of(NO_STANCE[0], NO_STANCE[1]), lang.of(ABOUT.0, ABOUT.1)]).collect()
}

impl Taxonomy {
    /// The taxonomy as rows; of the categories, cue files and files of lists that are wanted, by their ids.
    pub fn rows(&self, lang: Lang, wanted: impl Fn(&str) -> bool) -> Vec<Row> {
        let mut rows = Vec::new();
        for (at, category) in self.categories().iter().enumerate().filter(|(_, c)| !c.file.is_empty()) {
            if wanted(&category.id) {
                let mut about = row(&category.id, category.name.in_lang(lang), lang.of(ABOUT.0, ABOUT.1));
                about[EXACT] = self.head_of(at).trim_end().to_string();
                rows.push(about);
                of_category(category, lang, &mut rows);
            }
        }
        let cues = self.cues().iter().map(|word| (&word.file, word.cue.key(), &word.keyword));
        let lists = self.lists().iter().flat_map(|l| l.words.iter().map(move |word| (&l.file, l.name.as_str(), word)));
        // Words of one list in one file, in the order of the files.
        let mut words: Vec<((&str, &str), Vec<String>)> = Vec::new();
        for (file, name, word) in cues.chain(lists).filter(|(file, ..)| wanted(stem(file))) {
            match words.last_mut().filter(|(of, _)| *of == (stem(file), name)) {
                Some((_, words)) => words.push(word.written.to_string()),
                None => words.push(((stem(file), name), vec![word.written.to_string()])),
            }
        }
        let mut described = BTreeSet::new();
        for ((id, list), words) in words {
            let name = if id.starts_with(CUES) {
                lang.of("语气词", "cue words")
            } else {
                lang.of("共用的词", "shared words")
            };
            if described.insert(id) {
                rows.push(row(id, name, lang.of(ABOUT.0, ABOUT.1)));
            }
            for words in cell::list(&words, lang) {
                let mut one = row(id, name, list);
                one[KEYWORD] = words;
                rows.push(one);
            }
        }
        rows
    }
}

impl Taxonomy {
    /// The category of which a path that is not there is likely a slip of the pen: the end of the path, or the net.
    /// Names of few letters differ by few: they must be closer than what else is called near.
    pub fn near(&self, id: &str) -> Option<&str> {
        let near = |name: &str, known: &mut dyn Iterator<Item = &str>| {
            let (small, known) = (name.to_lowercase(), known.map(str::to_string).collect::<Vec<_>>());
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let letters = small.chars().count();
            let found = (letters >= 4).then(|| nearest(&small, &known)).flatten()?;
            (distance(&small, found) <= 1 + letters / 8).then(|| found.to_string())
        };
        let ids = || self.categories().iter().map(|c| c.id.as_str());
        let Some((net, last)) = id.rsplit_once('/') else {
            let found = near(id, &mut ids().map(|id| id.rsplit('/').next().unwrap_or(id)))?;
            return ids().find(|id| id.rsplit('/').next() == Some(found.as_str()));
        };
        let ends = || ids().filter_map(|id| id.rsplit_once('/'));
        let within = near(last, &mut ends().filter(|(n, _)| n.eq_ignore_ascii_case(net)).map(|(_, last)| last));
        let found = match within {
            Some(last) => format!("{}/{last}", net.to_lowercase()),
            None => {
                let same = |(_, l): &(&str, &str)| l.eq_ignore_ascii_case(last);
                format!("{}/{}", near(net, &mut ends().filter(same).map(|(net, _)| net))?, last.to_lowercase())
            }
        };
        ids().find(|id| id.eq_ignore_ascii_case(&found))
    }
}

/// True for a row that describes its category, and so says that it is meant to be one and stands here as a whole.
pub fn describes(row: &Row) -> bool {
    [ABOUT.0, ABOUT.1].contains(&row[STANCE].trim())
}

/// The category or file of lists that a row belongs to, as it is written there.
pub fn id(row: &Row) -> &str {
    row[CATEGORY].trim().trim_matches('/')
}

/// That a cell of a column of the sheet cannot be used, or how it was taken.
pub fn remark(row: u64, column: usize, severity: Severity, what: &Said) -> Problem {
    let (name_zh, name_en) = COLUMNS[column];
    let what = Said::new(format!("“{name_zh}”列：{}", what.zh), format!("column `{name_en}`: {}", what.en));
    Problem { code: "bad_cell", severity, place: Place { row: Some(row), ..Place::default() }, what, help: None }
}

fn row(category: &str, name: &str, stance: &str) -> Row {
    let mut row = Row::default();
    row[CATEGORY] = category.to_string();
    row[NAME] = name.to_string();
    row[STANCE] = stance.to_string();
    row
}

fn of_category(category: &Category, lang: Lang, rows: &mut Vec<Row>) {
    let name = category.name.in_lang(lang);
    for (n, rule) in category.rules.iter().enumerate() {
        let unless = cell::list(&written(&rule.unless), lang);
        let without = cell::list(&written(&rule.without), lang);
        let (keywords, all, exact) = operators(rule, lang);
        for i in 0..keywords.len().max(unless.len()).max(without.len()).max(1) {
            let mut one = row(stem(&rule.file), name, rule.stance.name(lang));
            one[RULE] = (n + 1).to_string();
            for (column, cells) in [(KEYWORD, &keywords), (UNLESS, &unless), (WITHOUT, &without)] {
                one[column] = cells.get(i).cloned().unwrap_or_default();
            }
            if i == 0 {
                one[ALL].clone_from(&all);
                one[EXACT].clone_from(&exact);
            }
            rows.push(one);
        }
    }
    for example in &category.examples {
        let stance = example.stance.map_or(lang.of(NO_STANCE[0], NO_STANCE[1]), |s| s.name(lang));
        let mut one = row(&category.id, name, stance);
        one[EXAMPLE].clone_from(&example.text);
        rows.push(one);
    }
}

/// The cells of what a rule looks for, of what it asks besides, and of all that has no column.
fn operators(rule: &Rule, lang: Lang) -> (Vec<String>, String, String) {
    let lists = |lists: &[Vec<super::Keyword>]| lists.iter().map(|l| written(l)).collect::<Vec<_>>();
    let mut left = rule.clone();
    left.without.clear();
    left.all.clear();
    let mut keywords = cell::list(&written(&rule.any), lang);
    for (join, list, others) in [(Join::Near, &mut left.near, &rule.then), (Join::Then, &mut left.then, &rule.near)] {
        // Lists that stand beside plain keywords or others are for people who write rules.
        if list.len() > 1 && rule.any.is_empty() && others.is_empty() {
            keywords = vec![cell::joined(&lists(list), join, Some(rule.within), lang)];
            list.clear();
            left.within = WITHIN;
        }
    }
    (keywords, cell::joined(&lists(&rule.all), Join::All, None, lang), rest(&left).trim_end().to_string())
}

/// The column of each heading, in either language; `None` for the columns that are not there. Second, what is wrong
/// with the heading itself.
pub fn header(names: &[String]) -> ([Option<usize>; COLUMNS.len()], Vec<Problem>) {
    let plain: Vec<String> = names.iter().map(|n| n.trim_matches('\u{feff}').trim().to_lowercase()).collect();
    let is = |name: &String, (zh, en): (&str, &str)| [zh, en].contains(&name.as_str());
    let found = COLUMNS.map(|column| plain.iter().position(|name| is(name, column)));
    let mut problems = Vec::new();
    let mut tell = |severity, what: Said| {
        let place = Place { row: Some(1), ..Place::default() };
        problems.push(Problem { code: "bad_header", severity, place, what, help: None });
    };
    for (at, name) in plain.iter().enumerate().filter(|(at, name)| !name.is_empty() && !found.contains(&Some(*at))) {
        let shown: String = names[at].trim().chars().take(20).collect();
        if COLUMNS.iter().any(|column| is(name, *column)) {
            tell(Severity::Error, said!("“{shown}”这一列出现了两次", "there are two columns `{shown}`", shown = shown));
            continue;
        }
        let missing = || {
            (0..COLUMNS.len()).filter(|c| *c != NAME && found[*c].is_none()).flat_map(|c| [COLUMNS[c].0, COLUMNS[c].1])
        };
        match nearest(name, &missing().collect::<Vec<_>>()) {
            Some(near) => tell(
                Severity::Error,
                said!(
                    "不认识“{shown}”这一列；是不是“{near}”？",
                    "column `{shown}` is not known; did you mean `{near}`?",
                    shown = shown,
                    near = near
                ),
            ),
            None => tell(Severity::Note, said!("“{shown}”这一列不读", "column `{shown}` is not read", shown = shown)),
        }
    }
    (found, problems)
}

/// True for the path of a category: parts of letters, digits, `_` and `-`, which are safe names of files.
pub fn is_id(id: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    !id.is_empty() && id.len() <= 200 && id.split('/').count() <= 8 && id.split('/').all(part)
}

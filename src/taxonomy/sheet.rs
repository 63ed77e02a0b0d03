//! A taxonomy as one table that people edit in a spreadsheet, and back: one row a keyword.
//!
//! Columns: category, stance, rule, keyword, unless, example, and the exact text of everything that does not
//! fit a cell. A row may fill any of the last four. Rows without a rule's number go to the first simple rule
//! of their stance, or make one. A rule that stands in a part of a category names that part after the category
//! (`product/performance.battery`), and comes back to it. Cue lists are categories that begin with `_cues/`, shared
//! lists such that begin with `_lists/`; the name of the list stands in the place of the stance.

use std::collections::{BTreeMap, BTreeSet};

use super::category::stem;
use super::file::{distance, nearest};
use super::list::{LISTS, written};
use super::write::{add_rule, examples, key, quote, rest};
use super::{CUES, Category, Cue, Rule, Taxonomy, parted};
use crate::words::{Lang, NO_STANCE, Place, Problem, Said, Severity, Stance};

/// The columns, in Chinese and English.
pub const COLUMNS: [(&str, &str); 7] = [
    ("类别", "category"),
    ("立场", "stance"),
    ("规则", "rule"),
    ("关键词", "keyword"),
    ("除外", "unless"),
    ("例句", "example"),
    ("其他条件", "exact"),
];

/// The row that describes a category: what its file says before the rules, in its exact column.
const ABOUT: (&str, &str) = ("说明", "about");
/// One row, by column.
pub type Row = [String; 7];

/// Place of the column of categories; the others follow.
pub const CATEGORY: usize = 0;
const STANCE: usize = 1;
const RULE: usize = 2;
const KEYWORD: usize = 3;
const UNLESS: usize = 4;
const EXAMPLE: usize = 5;
const EXACT: usize = 6;

impl Taxonomy {
    /// The taxonomy as rows.
    pub fn rows(&self, lang: Lang) -> Vec<Row> {
        let mut rows = Vec::new();
        for (at, category) in self.categories().iter().enumerate().filter(|(_, c)| !c.file.is_empty()) {
            let mut about = row(&category.id, lang.of(ABOUT.0, ABOUT.1));
            about[EXACT] = self.head_of(at).trim_end().to_string();
            rows.push(about);
            of_category(category, lang, &mut rows);
        }
        for word in self.cues() {
            let mut cue = row(stem(&word.file), word.cue.key());
            cue[KEYWORD] = word.keyword.written.to_string();
            rows.push(cue);
        }
        for list in self.lists() {
            for word in &list.words {
                let mut one = row(stem(&list.file), &list.name);
                one[KEYWORD] = word.written.to_string();
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

/// True for a row that describes its category, and so says that it is meant to be one.
pub fn describes(row: &Row) -> bool {
    [ABOUT.0, ABOUT.1].contains(&row[STANCE].trim())
}

/// That a cell of a column of the sheet cannot be used, or how it was taken.
pub fn remark(row: u64, column: usize, severity: Severity, what: &Said) -> Problem {
    let (name_zh, name_en) = COLUMNS[column];
    let what = Said::new(format!("“{name_zh}”列：{}", what.zh), format!("column `{name_en}`: {}", what.en));
    Problem { code: "bad_cell", severity, place: Place { row: Some(row), ..Place::default() }, what, help: None }
}

fn row(category: &str, stance: &str) -> Row {
    let mut row = Row::default();
    row[CATEGORY] = category.to_string();
    row[STANCE] = stance.to_string();
    row
}

fn of_category(category: &Category, lang: Lang, rows: &mut Vec<Row>) {
    for (n, rule) in category.rules.iter().enumerate() {
        let (any, unless) = (written(&rule.any), written(&rule.unless));
        for i in 0..any.len().max(unless.len()).max(1) {
            let mut one = row(stem(&rule.file), rule.stance.name(lang));
            one[RULE] = (n + 1).to_string();
            one[KEYWORD] = any.get(i).cloned().unwrap_or_default();
            one[UNLESS] = unless.get(i).cloned().unwrap_or_default();
            if i == 0 {
                one[EXACT] = rest(rule).trim_end().to_string();
            }
            rows.push(one);
        }
    }
    for example in &category.examples {
        let mut one = row(&category.id, example.stance.map_or(lang.of(NO_STANCE[0], NO_STANCE[1]), |s| s.name(lang)));
        one[EXAMPLE].clone_from(&example.text);
        rows.push(one);
    }
}

/// The column of each heading, in either language; `None` for the columns that are not there. `Err` names what
/// must be there.
pub fn header(names: &[String]) -> Result<[Option<usize>; 7], (&'static str, &'static str)> {
    let plain = |name: &str| name.trim_matches('\u{feff}').trim().to_lowercase();
    let find = |(zh, en): (&str, &str)| names.iter().position(|n| [zh, en].contains(&plain(n).as_str()));
    let found = COLUMNS.map(find);
    match [CATEGORY, STANCE].into_iter().find(|c| found[*c].is_none()) {
        Some(missing) => Err(COLUMNS[missing]),
        None => Ok(found),
    }
}

/// A rule while its rows are collected.
struct Draft {
    number: Option<u64>,
    stance: Stance,
    /// Each word with its row.
    any: Vec<(String, u64)>,
    unless: Vec<(String, u64)>,
    exact: String,
    row: u64,
}

/// A category, or a part of one, while its rows are collected.
#[derive(Default)]
struct Page {
    about: Option<(String, u64)>,
    rules: Vec<Draft>,
    examples: Vec<(Option<Stance>, String)>,
    row: u64,
}

/// What rows are made into.
#[derive(Default)]
struct Desk {
    pages: BTreeMap<String, Page>,
    cues: BTreeMap<String, Vec<(Cue, String)>>,
    /// Words of shared lists, by file and list.
    lists: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The files of shared lists, which rules may name.
    shared: BTreeMap<String, String>,
    /// Every category of the sheet.
    ids: Vec<String>,
    problems: Vec<Problem>,
}

/// From rows, each with its number in the sheet, to the files of a taxonomy, and what cannot be used.
/// `file` is the sheet's name for messages; `shared` the files of shared lists to go on with if the sheet has none.
pub fn files(
    file: &str,
    rows: &[(u64, Row)],
    shared: BTreeMap<String, String>,
) -> (BTreeMap<String, String>, Vec<Problem>) {
    let mut desk = Desk::default();
    for (number, row) in rows {
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            desk.take(*number, row);
        }
    }
    desk.pages.values_mut().for_each(|page| page.rules.sort_by_key(|draft| draft.number.unwrap_or(u64::MAX)));
    desk.ids = desk.pages.keys().filter(|id| parted(id).1.is_none()).cloned().collect();
    desk.shared = if desk.lists.is_empty() { shared } else { desk.written_lists() };
    let mut files = desk.shared.clone();
    let pages = std::mem::take(&mut desk.pages);
    // All at once: to read each rule by itself takes as many times as there are rules, and is for those with a mistake.
    let whole = pages.iter().map(|(id, page)| (format!("{id}.toml"), page.head(id).0 + &page.lines()));
    let (taxonomy, problems) = Taxonomy::read(whole.chain(desk.shared.clone()));
    let wrong = problems.iter().filter(|p| p.severity == Severity::Error).filter_map(|p| p.place.file.as_deref());
    let wrong: BTreeSet<&str> = wrong.collect();
    let rules = |file: &str| {
        let all = taxonomy.categories().iter().flat_map(|c| &c.rules);
        all.filter(|rule| *rule.file == *file).cloned().collect::<Vec<_>>()
    };
    for (id, page) in pages {
        let file = format!("{id}.toml");
        let rules = rules(&file);
        let whole = rules.len() == page.rules.len() && !wrong.contains(file.as_str());
        let text = if whole { page.text(&id, &rules) } else { desk.in_pieces(&id, &page) };
        files.insert(file, text);
    }
    for (id, words) in &desk.cues {
        let mut text = String::new();
        for cue in Cue::ALL {
            let of: Vec<String> = words.iter().filter(|(c, _)| *c == cue).map(|(_, w)| quote(w)).collect();
            if !of.is_empty() {
                text.push_str(&format!("{} = [\n  {},\n]\n", cue.key(), of.join(",\n  ")));
            }
        }
        files.insert(format!("{id}.toml"), text);
    }
    for problem in &mut desk.problems {
        problem.place.file = Some(file.to_string());
    }
    desk.problems.sort_by_key(|p| p.place.row);
    (files, desk.problems)
}

impl Desk {
    /// Tells what is wrong with a cell.
    fn wrong(&mut self, row: u64, column: usize, zh: &str, en: &str) {
        self.problems.push(remark(row, column, Severity::Error, &Said::new(zh, en)));
    }

    fn take(&mut self, number: u64, row: &Row) {
        let id = row[CATEGORY].trim().trim_matches('/').to_string();
        let (category, part) = parted(&id);
        if !is_id(category) || part.is_some_and(|part| !is_id(part)) {
            let zh = "要写类别的路径，如 product/smell（字母、数字、汉字、_ 和 -）";
            return self.wrong(number, CATEGORY, zh, "expected the path of a category, such as product/smell");
        }
        let stance = row[STANCE].trim();
        if id.starts_with(CUES) {
            return match Cue::from_key(stance) {
                Some(cue) if !row[KEYWORD].trim().is_empty() => {
                    self.cues.entry(id).or_default().push((cue, row[KEYWORD].clone()));
                }
                Some(_) => self.wrong(number, KEYWORD, "语气词不能空着", "a cue word must stand here"),
                None => {
                    let list = Cue::KEYS.join(", ");
                    self.wrong(
                        number,
                        STANCE,
                        &format!("语气词表里只能写：{list}"),
                        &format!("expected one of: {list}"),
                    );
                }
            };
        }
        if id.starts_with(LISTS) {
            if stance.is_empty() || row[KEYWORD].trim().is_empty() {
                let zh = "词表的每一行要有名字和一个词";
                return self.wrong(number, KEYWORD, zh, "every row of a list needs its name and a word");
            }
            self.lists.entry(id).or_default().entry(stance.to_string()).or_default().push(row[KEYWORD].clone());
            return;
        }
        let page = self.pages.entry(category.to_string()).or_insert_with(|| Page { row: number, ..Page::default() });
        if describes(row) {
            if part.is_some() {
                let zh = "说明要写在类别那一行，名字里不带点";
                return self.wrong(number, CATEGORY, zh, "such a row names the category, without the dot of a part");
            }
            if page.about.replace((row[EXACT].clone(), number)).is_some() {
                self.wrong(number, STANCE, "这个类别已经有一行说明", "this category has such a row already");
            }
            return;
        }
        let Some(stance) = Stance::written_or_none(stance) else {
            let zh = "只能写：不满、好评、询问、提及、无、说明";
            return self.wrong(number, STANCE, zh, "expected complaint, praise, question, mention, none or about");
        };
        if !row[EXAMPLE].trim().is_empty() {
            page.examples.push((stance, row[EXAMPLE].clone()));
        }
        if [KEYWORD, UNLESS, EXACT].iter().all(|c| row[*c].trim().is_empty()) {
            return;
        }
        match stance {
            Some(stance) => self.rule(number, row, stance),
            None => {
                self.wrong(number, STANCE, "“无”只能配例句，不能配关键词", "`none` is for examples, not for keywords")
            }
        }
    }

    /// The files of the sheet's own shared lists.
    fn written_lists(&self) -> BTreeMap<String, String> {
        let text = |lists: &BTreeMap<String, Vec<String>>| {
            let quoted = |words: &Vec<String>| words.iter().map(|w| quote(w)).collect::<Vec<_>>().join(",\n  ");
            lists.iter().map(|(name, words)| format!("{} = [\n  {},\n]\n", key(name), quoted(words))).collect()
        };
        self.lists.iter().map(|(id, lists)| (format!("{id}.toml"), text(lists))).collect()
    }

    /// Puts a row into the rule that it belongs to.
    fn rule(&mut self, number: u64, row: &Row, stance: Stance) {
        let text = row[RULE].trim();
        let rule = text.strip_suffix(".0").unwrap_or(text).parse::<u64>().ok();
        if rule.is_none() && !text.is_empty() {
            return self.wrong(number, RULE, "要写规则的编号，或空着", "expected the number of a rule, or nothing");
        }
        let exact = row[EXACT].trim();
        let id = row[CATEGORY].trim().trim_matches('/');
        let page = self.pages.entry(id.to_string()).or_insert_with(|| Page { row: number, ..Page::default() });
        let found = match rule {
            Some(n) => page.rules.iter().position(|d| d.number == Some(n)),
            // Words without a number join the first rule that asks nothing else; other operators make their own.
            None if exact.is_empty() => page.rules.iter().position(|d| d.stance == stance && d.exact.is_empty()),
            None => None,
        };
        let at = found.unwrap_or_else(|| {
            let (any, unless) = (Vec::new(), Vec::new());
            page.rules.push(Draft { number: rule, stance, any, unless, exact: String::new(), row: number });
            page.rules.len() - 1
        });
        let draft = &mut page.rules[at];
        if draft.stance != stance {
            let zh = "同一条规则的立场不一致；新规则请换一个编号";
            return self.wrong(number, STANCE, zh, "rows of one rule differ in stance; give a new rule a new number");
        }
        if !exact.is_empty() {
            if !draft.exact.is_empty() {
                let zh = "这条规则的其他条件已经写在前面一行";
                return self.wrong(number, EXACT, zh, "this rule has its exact text in a row above");
            }
            draft.exact = exact.to_string();
        }
        for (column, list) in [(KEYWORD, &mut draft.any), (UNLESS, &mut draft.unless)] {
            if !row[column].trim().is_empty() {
                list.push((row[column].clone(), number));
            }
        }
    }

    /// The text of a file of a category; each rule is read by itself, so that a mistake is told with its row.
    fn in_pieces(&mut self, id: &str, page: &Page) -> String {
        let (head, row) = page.head(id);
        self.read(&head, &|_| (row, EXACT));
        let read = |draft: &Draft| {
            let (lines, places) = draft.lines();
            self.read(&lines, &|line| places.get(line as usize - 1).copied().unwrap_or((draft.row, EXACT)))
        };
        page.text(id, &page.rules.iter().filter_map(read).collect::<Vec<_>>())
    }

    /// Reads a piece of a file; `place` gives row and column of a line of it.
    fn read(&mut self, text: &str, place: &dyn Fn(u64) -> (u64, usize)) -> Option<Rule> {
        let mut files = vec![(PIECE.to_string(), text.to_string())];
        files.extend(self.shared.clone());
        if text.contains("category") {
            // What a rule may refer to.
            files.extend(self.ids.iter().map(|id| (format!("{id}.toml"), String::new())));
        }
        let (taxonomy, problems) = Taxonomy::read(files);
        let own = |p: &&Problem| p.severity == Severity::Error && p.place.file.as_deref() == Some(PIECE);
        let told: Vec<Problem> = problems.iter().filter(own).cloned().collect();
        for problem in &told {
            let (row, column) = place(problem.place.row.unwrap_or(1));
            self.wrong(row, column, &problem.what.zh, &problem.what.en);
        }
        let piece = taxonomy.categories().iter().find(|c| c.file == PIECE)?;
        piece.rules.first().filter(|_| told.is_empty()).cloned()
    }
}

/// The file name of a piece that is read by itself; no category can have it.
const PIECE: &str = "=.toml";

impl Page {
    /// What the file of a category says before its rules, and the row that it stands in; nothing for a part.
    fn head(&self, id: &str) -> (String, u64) {
        match &self.about {
            _ if parted(id).1.is_some() => (String::new(), self.row),
            Some((about, row)) if !about.trim().is_empty() => (about.trim().to_string() + "\n", *row),
            _ => (format!("name = {{ zh = {0}, en = {0} }}\n", quote(id.rsplit('/').next().unwrap_or(id))), self.row),
        }
    }

    /// The rules as they stand in the sheet.
    fn lines(&self) -> String {
        self.rules.iter().map(|draft| draft.lines().0).collect()
    }

    /// The text of the category's file with these rules.
    fn text(&self, id: &str, rules: &[Rule]) -> String {
        let mut text = self.head(id).0;
        for rule in rules {
            add_rule(&mut text, rule);
        }
        text + &examples(self.examples.iter().map(|(stance, text)| (*stance, text.as_str())))
    }
}

impl Draft {
    /// The rule as the text of a file, and row and column behind each line.
    fn lines(&self) -> (String, Vec<(u64, usize)>) {
        let mut text = format!("[[{}]]\n", self.stance.key());
        let mut places = vec![(self.row, if self.exact.is_empty() { STANCE } else { EXACT })];
        for (key, column, words) in [("any", KEYWORD, &self.any), ("unless", UNLESS, &self.unless)] {
            if words.is_empty() {
                continue;
            }
            text.push_str(&format!("{key} = [\n"));
            places.push((words[0].1, column));
            for (word, row) in words {
                text.push_str(&format!("  {},\n", quote(word)));
                places.push((*row, column));
            }
            text.push_str("]\n");
            places.push((words[0].1, column));
        }
        text.push_str(&self.exact);
        (text + "\n", places)
    }
}

/// True for the path of a category: parts of letters, digits, `_` and `-`, which are safe names of files.
pub fn is_id(id: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    !id.is_empty() && id.len() <= 200 && id.split('/').count() <= 8 && id.split('/').all(part)
}

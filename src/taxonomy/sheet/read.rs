//! From the rows of a sheet to the files of a taxonomy, every mistake with its row and column.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{self, Content, Join};
use super::{
    ABOUT, ALL, CATEGORY, EXACT, EXAMPLE, KEYWORD, RULE, Row, STANCE, UNLESS, WITHOUT, describes, id, is_id, remark,
};
use crate::said;
use crate::taxonomy::keys::nearest;
use crate::taxonomy::list::LISTS;
use crate::taxonomy::write::{add_rule, examples, key, quote};
use crate::taxonomy::{CUES, Cue, Rule, Taxonomy, parted};
use crate::words::{NO_STANCE, Problem, Said, Severity, Stance};

/// A word of a sheet with its row.
type Word = (String, u64);

/// A rule while its rows are collected.
struct Draft {
    number: Option<u64>,
    stance: Stance,
    any: Vec<Word>,
    unless: Vec<Word>,
    without: Vec<Word>,
    /// Lists that stand together, and such that stand anywhere, each with its row.
    joined: Vec<(Content, u64)>,
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
    /// What rules may name: the files of shared lists, and of every other category an empty one.
    shared: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

/// From rows, each with its number in the sheet, to the files that they make, and what cannot be used. `file` is the
/// sheet's name for messages; `beside` the other files of the taxonomy, which its rules may name.
pub fn files(
    file: &str,
    rows: &[(u64, Row)],
    beside: &BTreeMap<String, String>,
) -> (BTreeMap<String, String>, Vec<Problem>) {
    let mut desk = Desk::default();
    for (number, row) in rows {
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            desk.take(*number, row);
        }
    }
    desk.pages.values_mut().for_each(|page| page.rules.sort_by_key(|draft| draft.number.unwrap_or(u64::MAX)));
    let mut files = desk.written_lists();
    desk.shared =
        beside.iter().filter(|(path, _)| path.starts_with(LISTS)).map(|(p, t)| (p.clone(), t.clone())).collect();
    desk.shared.extend(files.clone());
    let category = |path: &&String| !path.starts_with('_') && parted(path.trim_end_matches(".toml")).1.is_none();
    desk.shared.extend(beside.keys().filter(category).map(|path| (path.clone(), String::new())));
    let pages = std::mem::take(&mut desk.pages);
    // All at once: to read each rule by itself takes as many times as there are rules, and is for those with a mistake.
    let whole = pages.iter().map(|(id, page)| (format!("{id}.toml"), page.head(id).0 + &page.lines()));
    let (taxonomy, problems) = Taxonomy::read(desk.shared.clone().into_iter().chain(whole));
    let wrong = problems.iter().filter(|p| p.severity == Severity::Error).filter_map(|p| p.place.file.as_deref());
    let wrong: BTreeSet<&str> = wrong.collect();
    let rules = |file: &str| {
        let all = taxonomy.categories().iter().flat_map(|c| &c.rules);
        all.filter(|rule| *rule.file == *file).cloned().collect::<Vec<_>>()
    };
    desk.shared
        .extend(pages.keys().filter(|id| parted(id).1.is_none()).map(|id| (format!("{id}.toml"), String::new())));
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
    fn wrong(&mut self, row: u64, column: usize, what: &Said) {
        self.problems.push(remark(row, column, Severity::Error, what));
    }

    fn take(&mut self, number: u64, row: &Row) {
        let id = id(row).to_string();
        let (category, part) = parted(&id);
        if !is_id(category) || part.is_some_and(|part| !is_id(part)) {
            let what = said!(
                "要写类别的路径，如 product/smell（字母、数字、汉字、_ 和 -）；每一行都要写",
                "expected the path of a category, such as product/smell, in every row"
            );
            return self.wrong(number, CATEGORY, &what);
        }
        let stance = row[STANCE].trim();
        if id.starts_with(CUES) || id.starts_with(LISTS) {
            return self.of_list(number, row, id.clone());
        }
        let page = self.pages.entry(category.to_string()).or_insert_with(|| Page { row: number, ..Page::default() });
        if describes(row) {
            let cells = [RULE, KEYWORD, UNLESS, ALL, WITHOUT, EXAMPLE];
            if let Some(column) = cells.into_iter().find(|c| !row[*c].trim().is_empty()) {
                let what = said!("“说明”那一行这里要空着", "in a row `about` this stays empty");
                self.wrong(number, column, &what);
            } else if part.is_some() {
                let what = said!(
                    "说明要写在类别那一行，名字里不带点",
                    "such a row names the category, without the dot of a part"
                );
                self.wrong(number, CATEGORY, &what);
            } else if page.about.replace((row[EXACT].clone(), number)).is_some() {
                let what = said!("这个类别已经有一行说明", "this category has such a row already");
                self.wrong(number, STANCE, &what);
            }
            return;
        }
        let Some(stance) = Stance::written_or_none(stance) else {
            return self.wrong(number, STANCE, &no_stance(stance));
        };
        if !row[EXAMPLE].trim().is_empty() {
            page.examples.push((stance, row[EXAMPLE].clone()));
        }
        let of_rule = [KEYWORD, UNLESS, ALL, WITHOUT, EXACT];
        let filled = of_rule.into_iter().find(|c| !row[*c].trim().is_empty());
        match (stance, filled) {
            (Some(stance), Some(_)) => self.rule(number, row, stance),
            (None, Some(_)) => {
                let what = said!("“无”只能配例句，不能配关键词", "`none` is for examples, not for keywords");
                self.wrong(number, STANCE, &what);
            }
            (_, None) if row[EXAMPLE].trim().is_empty() => {
                let what = said!("这一行没有词，也没有例句", "no keyword and no example stands in this row");
                self.wrong(number, KEYWORD, &what);
            }
            (_, None) => {}
        }
    }

    /// Words of a file of cues or of shared lists.
    fn of_list(&mut self, number: u64, row: &Row, id: String) {
        if describes(row) {
            return;
        }
        let list = row[STANCE].trim();
        let words = match cell::parse(&row[KEYWORD], &[]) {
            Ok(content) => content.lists.concat(),
            Err(what) => return self.wrong(number, KEYWORD, &what),
        };
        if let Some(other) =
            [RULE, UNLESS, ALL, WITHOUT, EXAMPLE, EXACT].into_iter().find(|c| !row[*c].trim().is_empty())
        {
            let what = said!("词表的行只有名字和词", "a row of a list has a name and words only");
            return self.wrong(number, other, &what);
        }
        if list.is_empty() || words.is_empty() {
            let what = said!("词表的每一行要有名字和词", "every row of a list needs its name and words");
            return self.wrong(number, KEYWORD, &what);
        }
        if id.starts_with(LISTS) {
            return self.lists.entry(id).or_default().entry(list.to_string()).or_default().extend(words);
        }
        match Cue::from_key(list) {
            Some(cue) => self.cues.entry(id).or_default().extend(words.into_iter().map(|word| (cue, word))),
            None => {
                let list = Cue::KEYS.join(", ");
                self.wrong(number, STANCE, &said!("语气词表里只能写：{list}", "expected one of: {list}", list = list));
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
            let what = said!("要写规则的编号，或空着", "expected the number of a rule, or nothing");
            return self.wrong(number, RULE, &what);
        }
        let mut read = |column: usize, joins: &[Join]| match cell::parse(&row[column], joins) {
            Ok(content) => Some(content),
            Err(what) => {
                self.wrong(number, column, &what);
                None
            }
        };
        let keyword = read(KEYWORD, &[Join::Near, Join::Then]);
        let (unless, all, without) = (read(UNLESS, &[]), read(ALL, &[Join::All]), read(WITHOUT, &[]));
        let (Some(keyword), Some(unless), Some(all), Some(without)) = (keyword, unless, all, without) else { return };
        let exact = row[EXACT].trim();
        let is_plain =
            keyword.join.is_none() && [UNLESS, ALL, WITHOUT, EXACT].iter().all(|c| row[*c].trim().is_empty());
        if rule.is_none() && [KEYWORD, ALL, EXACT].iter().all(|c| row[*c].trim().is_empty()) {
            let what = said!("要写它属于哪一条规则的编号", "write the number of the rule that this belongs to");
            return self.wrong(number, RULE, &what);
        }
        let keyword = match rule.is_none() && is_plain {
            true => self.fresh(number, id(row), stance, keyword),
            false => Some(keyword),
        };
        let Some(keyword) = keyword else { return };
        let page = self.pages.entry(id(row).to_string()).or_insert_with(|| Page { row: number, ..Page::default() });
        let found = match rule {
            Some(n) => page.rules.iter().position(|d| d.number == Some(n)),
            // Words without a number join the first rule that asks nothing else; other operators make their own.
            None if is_plain => page.rules.iter().position(|d| d.stance == stance && d.is_plain()),
            None => None,
        };
        let at = found.unwrap_or_else(|| {
            page.rules.push(Draft::new(rule, stance, number));
            page.rules.len() - 1
        });
        let draft = &mut page.rules[at];
        if let Some((column, what)) = draft.clash(stance, &keyword, exact) {
            return self.wrong(number, column, &what);
        }
        let rows = |words: Vec<String>| words.into_iter().map(|word| (word, number));
        draft.exact.push_str(exact);
        draft.unless.extend(rows(unless.lists.concat()));
        draft.without.extend(rows(without.lists.concat()));
        if keyword.join.is_some() {
            draft.joined.push((keyword, number));
        } else {
            draft.any.extend(rows(keyword.lists.concat()));
        }
        if !all.lists.concat().is_empty() {
            draft.joined.push((Content { join: Some(Join::All), ..all }, number));
        }
    }

    /// Plain words without those that the rules above have already, which is told; `None` if nothing is left of them.
    fn fresh(&mut self, number: u64, id: &str, stance: Stance, mut words: Content) -> Option<Content> {
        let rules = self.pages.get(id).into_iter().flat_map(|page| &page.rules).filter(|draft| draft.stance == stance);
        let had: BTreeSet<&str> = rules.flat_map(|draft| &draft.any).map(|(word, _)| word.as_str()).collect();
        let before = words.lists.concat().len();
        words.lists.iter_mut().for_each(|list| list.retain(|word| !had.contains(word.as_str())));
        let left = words.lists.concat().len();
        if left < before {
            let n = before - left;
            let what =
                said!("有 {n} 个词本来就有，没有再加", "words that were there already and are not added again: {n}");
            self.problems.push(remark(number, KEYWORD, Severity::Note, &what));
        }
        (left > 0 || before == 0).then_some(words)
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
        let named = |(path, _): &(&String, &String)| path.starts_with(LISTS) || text.contains("category");
        let shared = self.shared.iter().filter(named).map(|(path, text)| (path.clone(), text.clone()));
        let (taxonomy, problems) = Taxonomy::read(shared.chain([(PIECE.to_string(), text.to_string())]));
        let own = |p: &&Problem| p.severity == Severity::Error && p.place.file.as_deref() == Some(PIECE);
        let told: Vec<Problem> = problems.iter().filter(own).cloned().collect();
        for problem in &told {
            let (row, column) = place(problem.place.row.unwrap_or(1));
            self.wrong(row, column, &problem.what);
        }
        let piece = taxonomy.categories().iter().find(|c| c.file == PIECE)?;
        piece.rules.first().filter(|_| told.is_empty()).cloned()
    }
}

/// That a stance is none, with the one that was likely meant.
fn no_stance(found: &str) -> Said {
    let names = || Stance::ALL.into_iter().map(Stance::key).chain([NO_STANCE[1], ABOUT.1]);
    match nearest(&found.to_lowercase(), &names().collect::<Vec<_>>()).filter(|_| !found.is_empty()) {
        Some(near) => said!(
            "只能写：不满、好评、询问、提及、无、说明；是不是 {near}？",
            "expected complaint, praise, question, mention, none or about; did you mean {near}?",
            near = near
        ),
        None => said!(
            "只能写：不满、好评、询问、提及、无、说明",
            "expected complaint, praise, question, mention, none or about"
        ),
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
    fn new(number: Option<u64>, stance: Stance, row: u64) -> Draft {
        let (any, unless, without) = Default::default();
        Draft { number, stance, any, unless, without, joined: Vec::new(), exact: String::new(), row }
    }

    /// What of another row cannot belong to it, and why.
    fn clash(&self, stance: Stance, keyword: &Content, exact: &str) -> Option<(usize, Said)> {
        let stands_together = self.joined.iter().any(|(content, _)| content.join != Some(Join::All));
        let (joined, plain) = (keyword.join.is_some(), keyword.join.is_none() && !keyword.lists.concat().is_empty());
        if self.stance != stance {
            let what = said!(
                "同一条规则的立场不一致；新规则请换一个编号",
                "rows of one rule differ in stance; give a new rule a new number"
            );
            Some((STANCE, what))
        } else if !exact.is_empty() && !self.exact.is_empty() {
            let what = said!("这条规则的其他条件已经写在前面一行", "this rule has its exact text in a row above");
            Some((EXACT, what))
        } else if joined && (stands_together || !self.any.is_empty()) || plain && stands_together {
            let what = said!(
                "一条规则要么是一些词，要么是一组连在一起的词；另写一条，换一个编号",
                "a rule has either words or words that stand together: give the other a number of its own"
            );
            Some((KEYWORD, what))
        } else {
            None
        }
    }

    /// True if it asks for one of its words and for nothing else.
    fn is_plain(&self) -> bool {
        self.joined.is_empty() && self.without.is_empty() && self.exact.is_empty()
    }

    /// The rule as the text of a file, and row and column behind each line.
    fn lines(&self) -> (String, Vec<(u64, usize)>) {
        let mut text = format!("[[{}]]\n", self.stance.key());
        let mut places = vec![(self.row, if self.exact.is_empty() { STANCE } else { EXACT })];
        let mut line = |words: &str, place: (u64, usize)| {
            text.push_str(words);
            text.push('\n');
            places.push(place);
        };
        let plain =
            [("any", KEYWORD, &self.any), ("unless", UNLESS, &self.unless), ("without", WITHOUT, &self.without)];
        for (key, column, words) in plain.into_iter().filter(|(.., words)| !words.is_empty()) {
            line(&format!("{key} = ["), (words[0].1, column));
            words.iter().for_each(|(word, row)| line(&format!("  {},", quote(word)), (*row, column)));
            line("]", (words[0].1, column));
        }
        for (content, row) in &self.joined {
            let (key, column) = match content.join {
                Some(Join::Near) => ("near", KEYWORD),
                Some(Join::Then) => ("then", KEYWORD),
                _ => ("all", ALL),
            };
            let lists = content.lists.iter().map(|l| l.iter().map(|w| quote(w)).collect::<Vec<_>>().join(", "));
            line(&format!("{key} = [[{}]]", lists.collect::<Vec<_>>().join("], [")), (*row, column));
            if let Some(within) = content.within {
                line(&format!("within = {within}"), (*row, column));
            }
        }
        text.push_str(&self.exact);
        (text + "\n", places)
    }
}

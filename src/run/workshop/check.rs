//! The check of a taxonomy: what its files say, what no reader needs, what no example tests, and what its rules would hit.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::breadth::broad;
use crate::error::{Error, Result};
use crate::ingest::formats;
use crate::reading::Classifier;
use crate::reading::examples::{self, Tested};
use crate::records::Store;
use crate::run::facts::Facts;
use crate::run::taxonomy as load;
use crate::said;
use crate::taxonomy::{self, Category, Rule, Taxonomy, place_of};
use crate::words::{Problem, Severity, Stance, platform_called};
use crate::workspace::Workspace;

/// Lines that are named of the rules of a file that no example reaches.
const NAMED: usize = 6;

/// What is to be checked.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The folder of the taxonomy; the bundled one without.
    pub folder: Option<&'a Path>,
    /// The workspace whose records the rules are held against.
    pub workspace: Option<&'a Workspace>,
    /// Run the examples too.
    pub examples: bool,
    /// Name every rule that no example reaches, and not each file once.
    pub all: bool,
}

/// What the check and the examples say of a taxonomy.
#[derive(Default)]
pub struct Checked {
    /// Everything that was found: errors first, then in order of file and line.
    pub problems: Vec<Problem>,
    /// The files, by path, for whoever shows a line of one.
    pub files: BTreeMap<String, String>,
    /// Files that cannot be read hide what else may be wrong: nothing more was looked at.
    pub stopped: bool,
    /// Example sentences, and how many were read otherwise than written.
    pub sentences: usize,
    /// See [`Checked::sentences`].
    pub failed: usize,
    /// Categories.
    pub categories: usize,
    /// Rules that no example reaches, and rules in all.
    pub unreached: (usize, usize),
}

impl Checked {
    /// How many problems weigh so much.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|p| p.severity == severity).count()
    }
}

/// Checks a taxonomy and, if wanted, runs its examples.
pub fn check(ask: Ask<'_>) -> Result<Checked> {
    let (files, mut problems) = match ask.folder {
        Some(folder) => load::look(folder)?,
        None => (taxonomy::bundled_files(), Vec::new()),
    };
    if let (Some(folder), true) = (ask.folder, files.is_empty() && problems.is_empty()) {
        let folder = folder.display();
        return Err(Error::new("taxonomy", said!("{folder} 里没有 .toml 文件", "{folder} holds no .toml file"))
            .help(said!("写明词表所在的文件夹", "name the folder that a taxonomy stands in")));
    }
    let files: BTreeMap<String, String> = files.into_iter().collect();
    let (taxonomy, told) = Taxonomy::read(files.clone());
    problems.extend(told);
    let mut checked = Checked { categories: taxonomy.categories().len(), ..Checked::default() };
    checked.stopped = problems.iter().any(|p| p.severity == Severity::Error);
    if !checked.stopped {
        problems.extend(taxonomy.check(&files));
        let own = own_rules(&taxonomy);
        let held = ask.workspace.map(Held::open).transpose()?;
        problems.extend(named(&taxonomy, &files, held.as_ref()));
        problems.extend(broad(&taxonomy, &own, &files, held.as_ref().map(|held| (&held.store, &held.facts)))?);
        if ask.examples {
            let tested = examples::test(&taxonomy, &Classifier::new(&taxonomy), &files);
            problems.extend(untested(&taxonomy, &tested, &own, &files, ask.all));
            let rules = taxonomy.categories().iter().map(|c| c.rules.len()).sum();
            checked.unreached = (tested.unreached.len(), rules);
            (checked.sentences, checked.failed) = (tested.sentences, tested.failed);
            problems.extend(tested.problems);
        }
    }
    problems.sort_by(|a, b| {
        let key = |p: &Problem| (Reverse(p.severity), p.place.file.clone(), p.place.row);
        key(a).cmp(&key(b))
    });
    (checked.problems, checked.files) = (problems, files);
    Ok(checked)
}

/// The rules that no example reaches, one line a file. Those that the bundled taxonomy does not have are the shop's own work:
/// they are worth a warning.
fn untested(
    taxonomy: &Taxonomy,
    tested: &Tested,
    own: &BTreeSet<(usize, usize)>,
    files: &BTreeMap<String, String>,
    all: bool,
) -> Vec<Problem> {
    let mut groups: BTreeMap<(&str, bool), Vec<&Rule>> = BTreeMap::new();
    for &(category, rule) in &tested.unreached {
        let Category { rules, examples, .. } = &taxonomy.categories()[category];
        // That a stance has no example at all is told by the check.
        let stance = rules[rule].stance;
        if stance != Stance::Mention && !examples.iter().any(|e| e.stance == Some(stance)) {
            continue;
        }
        let is_new = own.contains(&(category, rule));
        groups.entry((&rules[rule].file, is_new)).or_default().push(&rules[rule]);
    }
    let mut problems = Vec::new();
    for ((file, is_new), rules) in groups {
        let text = files.get(file).map_or("", String::as_str);
        let severity = if is_new { Severity::Warning } else { Severity::Note };
        for rules in rules.chunks(if all { 1 } else { rules.len() }) {
            let place = place_of((file, text), rules[0].at);
            let lines: Vec<u64> = rules.iter().filter_map(|rule| place_of((file, text), rule.at).row).collect();
            let more = if lines.len() > NAMED { " …" } else { "" };
            let (n, named) = (lines.len(), lines.iter().take(NAMED).map(u64::to_string).collect::<Vec<_>>());
            let (zh, en) = (named.join("、"), named.join(", "));
            let what = match (n, is_new) {
                (1, false) => said!("没有例句用到这条规则", "no example reaches this rule"),
                (1, true) => said!("没有例句用到这条自己写的规则", "no example reaches this rule of your own"),
                (_, false) => said!(
                    "{n} 条规则没有例句用到：第 {zh}{more} 行",
                    "{n} rules are reached by no example: lines {en}{more}"
                ),
                (_, true) => said!(
                    "{n} 条自己写的规则没有例句用到：第 {zh}{more} 行",
                    "{n} rules of your own are reached by no example: lines {en}{more}"
                ),
            };
            let help = is_new.then(|| {
                said!(
                    "给每条在 [examples] 里写一句客人会说的话。",
                    "Write for each a sentence that a customer would say below [examples]."
                )
            });
            problems.push(Problem { code: "unreached", severity, place, what, help });
        }
    }
    problems
}

/// The records of a workspace.
struct Held {
    store: Store,
    facts: Facts,
}

impl Held {
    fn open(workspace: &Workspace) -> Result<Held> {
        let store = Store::open(&workspace.records())?;
        let facts = Facts::read(&store)?;
        Ok(Held { store, facts })
    }
}

/// Platforms that no export has and SKUs that no record has, asked for by `only`: such a rule is never asked.
fn named(taxonomy: &Taxonomy, files: &BTreeMap<String, String>, held: Option<&Held>) -> Vec<Problem> {
    let of_records = |names: fn(&Facts) -> &Vec<String>| held.map_or(&[][..], |held| names(&held.facts));
    let mut platforms: Vec<&str> = formats().map(|format| format.platform).collect();
    platforms.extend(of_records(|facts| &facts.platforms).iter().map(String::as_str));
    let skus: Vec<&str> = of_records(|facts| &facts.skus).iter().map(String::as_str).collect();
    let mut problems = Vec::new();
    for rule in taxonomy.categories().iter().flat_map(|c| &c.rules) {
        let asked = [("platform", &rule.only.platform, &platforms), ("sku", &rule.only.sku, &skus)];
        for (key, words, known) in asked {
            // Without records nobody knows which SKUs there are.
            let is_known = |word: &str| known.contains(&word) || key == "platform" && platform_called(word).is_some();
            let unknown = words.iter().filter(|w| !known.is_empty() && !is_known(w));
            problems.extend(unknown.map(|word| taxonomy::unmet(rule, key, word, known, files)));
        }
    }
    problems
}

/// The rules that the bundled taxonomy does not have: new ones, and those that were changed.
fn own_rules(taxonomy: &Taxonomy) -> BTreeSet<(usize, usize)> {
    let bundled = taxonomy::bundled();
    let of_category = |(at, category): (usize, &Category)| {
        let same = bundled.find(&category.id).map_or(&[][..], |at| &bundled.categories()[at].rules);
        let known: BTreeSet<String> = same.iter().map(content).collect();
        let own = |(n, rule)| (!known.contains(&content(rule))).then_some((at, n));
        category.rules.iter().enumerate().filter_map(own).collect::<Vec<_>>()
    };
    taxonomy.categories().iter().enumerate().flat_map(of_category).collect()
}

/// What a rule says, without where it stands.
fn content(rule: &Rule) -> String {
    let mut text = String::new();
    rule.each_part(&mut |part| {
        text.push_str(part);
        text.push('\n');
    });
    text
}

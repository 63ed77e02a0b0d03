//! `eval` on hand codes with our own ids: a score per category and stance, the errors, and two people's agreement.

use std::collections::BTreeSet;
use std::path::Path;

use super::keep;
use crate::cli::Exit;
use crate::cli::door::{Door, print};
use crate::error::{Error, Result};
use crate::reading::Classifier;
use crate::reading::eval::Score;
use crate::reading::hand::{self, Judged, Key, Row};
use crate::report::safe_text;
use crate::run::hand::{self as files, Whole};
use crate::run::quality;
use crate::run::taxonomy::find;
use crate::said;
use crate::stats::agree::Agreement;
use crate::stats::quality::{Confusion, Sampled, recall};
use crate::stats::rate::wilson;
use crate::stats::{CONFIDENCE, Count};
use crate::taxonomy::Taxonomy;
use crate::words::{Lang, Stance};
use crate::workspace::Workspace;

/// Errors shown.
const ERRORS: usize = 60;

/// Scores the rules on a labelled file.
pub fn score(
    taxonomy: &Taxonomy,
    labelled: &Path,
    category: Option<&str>,
    errors: bool,
    out: Option<&Path>,
    door: &Door,
) -> Result<Exit> {
    let (mut judged, open) = read(labelled, door)?;
    if judged.is_empty() {
        return Ok(Exit::Found);
    }
    // People write the name of a category, and the rules know its path.
    let id = |asked: &str| find(taxonomy, asked).map_or(asked.to_string(), |at| taxonomy.categories()[at].id.clone());
    for one in &mut judged {
        one.labels = one.labels.iter().map(|(category, stance)| (id(category), *stance)).collect();
    }
    if let Some(id) = judged.iter().flat_map(|j| &j.labels).map(|(c, _)| c).find(|c| taxonomy.find(c).is_none()) {
        return Err(Error::new("labels", said!("词表里没有类别 {id}", "the taxonomy has no category {id}"))
            .help(said!("改掉标注里的类别名，或用 --map 对应", "mend the label, or map it with --map")));
    }
    let given = hand::given(taxonomy, &Classifier::new(taxonomy), &judged);
    let whole = match Workspace::find(door.start()) {
        Ok(workspace) => files::whole(&workspace, taxonomy, &judged)?,
        Err(_) => None,
    };
    let rows = hand::score(&judged, &given);
    let wanted = |key: &Key| category.is_none_or(|c| key.0.as_deref().is_none_or(|k| k == c));
    let lang = door.lang;
    let (n, print_) = (judged.len(), &taxonomy.fingerprint()[..12]);
    let mut text = lang.of(
        format!("{n} 条有人工标注，{open} 条还没有标；词表 {print_}。方括号是 95% 区间。\n\n"),
        format!("{n} labelled texts, {open} not filled in yet; taxonomy {print_}. Brackets: 95 % interval.\n\n"),
    );
    text.push_str(lang.of(
        "| 类别 | 立场 | n | 精确率 | 召回率 | F1 |\n|---|---|---|---|---|---|\n",
        "| category | stance | n | precision | recall | F1 |\n|---|---|---|---|---|---|\n",
    ));
    for (key, row) in rows.iter().filter(|(key, _)| wanted(key)) {
        text.push_str(&line(key, row, lang));
    }
    if let Some(whole) = whole {
        text.push_str(&of_all(&whole, &judged, &given, lang));
    }
    if errors {
        text.push('\n');
        text.push_str(&differences(&judged, &given, &rows, category, lang));
    }
    keep(&text, out, door)?;
    Ok(if judged.is_empty() { Exit::Found } else { Exit::Fine })
}

/// Recall among all records of the workspace: what the sample says of those that have the label, and of the rest, weighed by how
/// many there are.
fn of_all(whole: &Whole, judged: &[Judged], given: &[BTreeSet<(String, Stance)>], lang: Lang) -> String {
    let coded = |by_rules: bool| {
        let part = judged.iter().zip(given).filter(|(_, g)| g.is_empty() != by_rules);
        let (yes, all) = part.fold((0, 0), |(yes, all), (j, _)| (yes + u64::from(!j.labels.is_empty()), all + 1));
        Count::new(yes, all)
    };
    let parts = [(whole.given, true), (whole.others, false)];
    let [with, without] = parts.map(|(records, by_rules)| Sampled { records, coded: coded(by_rules) });
    let Some((rate, around)) = recall(with, without, CONFIDENCE) else { return String::new() };
    let (all, found, category) = (whole.given + whole.others, whole.given, &whole.category);
    let recall = format!("{rate:.2} [{:.2} … {:.2}]", around.low, around.high);
    let missed = without.coded;
    lang.of(
        format!(
            "\n样本里约一半是规则给了 {category} 的，全部 {all} 条里只有 {found} 条；按全部记录算，召回率是 {recall}（规则没给的 {} 条里有 {} 条该给）。\n",
            missed.base, missed.mentions
        ),
        format!(
            "\nAbout half of a sample has {category} by the rules, of all {all} records {found} have it: among all of them recall is {recall} ({} of the {} without it ought to have it).\n",
            missed.mentions, missed.base
        ),
    )
}

fn read(path: &Path, door: &Door) -> Result<(Vec<Judged>, usize)> {
    let (judged, open) = files::read(path)?;
    if judged.is_empty() {
        door.tell(&said!("还没有一条标注：在“标签”列写上立场", "no text is labelled yet: fill in the column labels"));
    }
    Ok((judged, open))
}

fn line(key: &Key, row: &Row, lang: Lang) -> String {
    let Score { both, extra, missed } = row.score;
    let share = |part: usize, of: usize| {
        let count = Count::new(part as u64, of as u64);
        count.rate().map_or("–".to_string(), |rate| {
            let around = wilson(count, CONFIDENCE);
            format!("{rate:.2} [{:.2} … {:.2}]", around.low, around.high)
        })
    };
    let confusion = Confusion {
        true_positive: both as u64,
        false_positive: extra as u64,
        false_negative: missed as u64,
        true_negative: 0,
    };
    let f1 = match (confusion.f1(), confusion.f1_interval(CONFIDENCE)) {
        (Some(f1), Some(i)) => format!("{f1:.2} [{:.2} … {:.2}]", i.low, i.high),
        _ => "–".to_string(),
    };
    let category = key.0.as_deref().unwrap_or(lang.of("**全部**", "**all**"));
    format!(
        "| {category} | {} | {} | {} | {} | {f1} |\n",
        stance(key.1, lang),
        both + missed,
        share(both, both + extra),
        share(both, both + missed)
    )
}

fn stance(stance: Option<Stance>, lang: Lang) -> &'static str {
    stance.map_or(lang.of("不论", "any"), |s| s.name(lang))
}

/// The texts that person and rules see differently.
fn differences(
    judged: &[Judged],
    given: &[BTreeSet<(String, Stance)>],
    rows: &std::collections::BTreeMap<Key, Row>,
    category: Option<&str>,
    lang: Lang,
) -> String {
    let of = |(key, row): (&Key, &Row)| {
        let wanted = key.1.is_some() && key.0.is_some() && category.is_none_or(|c| key.0.as_deref() == Some(c));
        if wanted { row.errors.clone() } else { Vec::new() }
    };
    let places: BTreeSet<usize> = rows.iter().flat_map(of).collect();
    let mut text = String::new();
    for at in places.iter().take(ERRORS) {
        let one = &judged[*at];
        text.push_str(&format!("[{}] {}\n", safe_text(&one.id), safe_text(&one.text)));
        for (head, a, b) in [
            (lang.of("只有人说", "only people"), &one.labels, &given[*at]),
            (lang.of("只有规则说", "only rules"), &given[*at], &one.labels),
        ] {
            let only: Vec<String> = a.difference(b).map(|(c, s)| format!("{c} {}", s.name(lang))).collect();
            if !only.is_empty() {
                text.push_str(&format!("      {head}: {}\n", only.join(", ")));
            }
        }
    }
    more(places.len(), lang) + &text
}

fn more(errors: usize, lang: Lang) -> String {
    let shown = errors.min(ERRORS);
    lang.of(
        format!("看法不同的 {errors} 条，列出 {shown} 条：\n\n"),
        format!("{errors} texts are seen differently, {shown} of them here:\n\n"),
    )
}

/// The errors on a file with labels of others.
pub fn coded_errors(
    taxonomy: &Taxonomy,
    labelled: &Path,
    map: &Path,
    category: Option<&str>,
    door: &Door,
) -> Result<Exit> {
    let lang = door.lang;
    let (rows, cases) = quality::with_cases(taxonomy, labelled, map)?;
    let classifier = Classifier::new(taxonomy);
    let mut text = String::new();
    for row in rows.iter().filter(|r| category.is_none_or(|c| c == r.category)) {
        text.push_str(&format!("== {} · {}", row.category, more(row.errors.len(), lang)));
        for (at, coded, given) in row.errors.iter().take(ERRORS) {
            let case = &cases[*at];
            let say = |(has, negative): &(bool, bool)| match (has, negative) {
                (false, _) => lang.of("无", "none"),
                (_, true) => lang.of("不满", "complaint"),
                _ => lang.of("有", "there"),
            };
            text.push_str(&format!("[{}] {}\n", safe_text(&case.id), safe_text(&case.text)));
            text.push_str(&format!(
                "      {}: {} · {}: {}\n",
                lang.of("人", "people"),
                say(coded),
                lang.of("规则", "rules"),
                say(given)
            ));
            for label in classifier.read_text(&case.text).labels {
                let id = &taxonomy.categories()[label.id.category()].id;
                for e in &label.evidence {
                    let words = safe_text(e.span.of(&case.text)).into_owned();
                    text.push_str(&format!("      {id} {} · {} · {words}\n", label.id.stance().name(lang), e.rule + 1));
                }
            }
        }
    }
    print(&text)?;
    Ok(if text.is_empty() { Exit::Found } else { Exit::Fine })
}

/// How well two people agree.
pub fn agreement(a: &Path, b: &Path, category: Option<&str>, out: Option<&Path>, door: &Door) -> Result<Exit> {
    let lang = door.lang;
    let ((one, _), (two, _)) = (read(a, door)?, read(b, door)?);
    let names: BTreeSet<&str> = two.iter().map(|j| j.id.as_str()).collect();
    let both = one.iter().filter(|j| names.contains(j.id.as_str())).count();
    if both == 0 {
        return Err(Error::new("labels", said!("两份标注没有相同编号的文字", "the two files share no text")).help(
            said!("两人要标同一份样本，id 列不要改", "both must label the same sample; leave the ids as they are"),
        ));
    }
    let mut text = lang.of(
        format!("两人都标了 {both} 条。κ 的方括号是 95% 区间；两人几乎都说“无”时看 AC1 和正一致。\n\n| 类别 | 立场 | 都给/甲/乙 | 一致 | κ | α | AC1 | 正一致 |\n"),
        format!("{both} texts labelled by both. κ with its 95 % interval; where both nearly always say none, look at AC1 and positive agreement.\n\n| category | stance | both/one/two | agree | κ | α | AC1 | positive |\n"),
    );
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    for (key, [yes, only_a, only_b, neither]) in hand::together(&one, &two) {
        if category.is_some_and(|c| key.0.as_deref() != Some(c)) {
            continue;
        }
        let agreement = Agreement { both: yes, only_a, only_b, neither };
        let figure = |v: Option<f64>| v.map_or("–".to_string(), |v| format!("{v:.2}"));
        let kappa = match agreement.kappa_interval(CONFIDENCE) {
            Some(i) => format!("{} [{:.2} … {:.2}]", figure(agreement.kappa()), i.low, i.high.min(1.0)),
            None => "–".to_string(),
        };
        text.push_str(&format!(
            "| {} | {} | {yes}/{only_a}/{only_b} | {} | {kappa} | {} | {} | {} |\n",
            key.0.as_deref().unwrap_or_default(),
            stance(key.1, lang),
            figure(agreement.percent()),
            figure(agreement.alpha()),
            figure(agreement.ac1()),
            figure(agreement.positive())
        ));
    }
    keep(&text, out, door)?;
    Ok(Exit::Fine)
}

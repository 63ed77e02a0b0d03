//! The taxonomy as a sheet that an operator edits, and back; and dictionaries from other programs.
//!
//! Nothing is written before it is known what changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::broken;
use super::diff::{Diff, between};
use super::place::replace;
use crate::disk;
use crate::error::{Error, Result};
use crate::ingest::{Input, side};
use crate::reading::examples::Misread;
use crate::records::Store;
use crate::report::sheet::{self as form, Form};
use crate::run::report::Ask as Asked;
use crate::run::taxonomy as load;
use crate::said;
use crate::taxonomy::foreign;
use crate::taxonomy::sheet::{self, Row};
use crate::taxonomy::{self, CUES, Changes, LISTS, Taxonomy, changes, parted, united, united_words};
use crate::words::{Lang, Place, Problem, Said, Severity, Stance};
use crate::workspace::{Workspace, text_of};

/// Rows looked at for the header of a sheet.
const HEADER_WITHIN: usize = 12;

/// Width of the columns of a sheet.
const WIDTHS: [f64; sheet::COLUMNS.len()] = [22.0, 12.0, 8.0, 6.0, 60.0, 26.0, 22.0, 26.0, 40.0, 34.0];

/// Writes the taxonomy in use, or a folder's, as a sheet; of some of its categories, each with all below it, if they are
/// named. Says how many rows.
pub fn export(start: &Path, folder: Option<&Path>, of: &[&str], out: &Path, lang: Lang) -> Result<usize> {
    let ending = out.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    let taxonomy = load::load(start, folder)?;
    let mut wanted = Vec::new();
    for asked in of {
        let files = |id: &str| id.starts_with(CUES) || id.starts_with(LISTS);
        wanted.push(match files(asked) {
            true => asked.to_string(),
            false => taxonomy.categories()[load::find(&taxonomy, asked)?].id.clone(),
        });
    }
    let below =
        |id: &str, net: &String| id.strip_prefix(net.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'));
    let rows = taxonomy.rows(lang, |id| wanted.is_empty() || wanted.iter().any(|net| below(id, net)));
    let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
    let columns: Vec<form::Column<'_>> =
        sheet::COLUMNS.iter().zip(WIDTHS).map(|((zh, en), width)| (lang.of(*zh, *en), width)).collect();
    let form = Form {
        name: lang.of("词表", "taxonomy"),
        columns: &columns,
        choices: Some((sheet::STANCE, sheet::stances(lang))),
        guide: sheet::GUIDE
            .map(|(column, zh, en)| (lang.of(sheet::COLUMNS[column].0, sheet::COLUMNS[column].1), lang.of(zh, en)))
            .to_vec(),
        lang,
    };
    let bytes = form.bytes(&ending, &rows).ok_or_else(|| no_sheet(out))??;
    disk::write(out, &bytes)?;
    Ok(rows.len())
}

fn no_sheet(path: &Path) -> Error {
    let path = path.display();
    Error::new("option", said!("{path}：不认识的格式", "{path}: no known form"))
        .help(said!("用 .xlsx 或 .csv", "use .xlsx or .csv"))
}

/// What is to be imported, and how.
pub struct Ask<'a> {
    /// The sheet or dictionary.
    pub file: &'a Path,
    /// The folder it goes into; `None`: the workspace's taxonomy.
    pub into: Option<&'a Path>,
    /// Only add: what the sheet does not have stays.
    pub add: bool,
    /// Take away the categories that the sheet does not have; else they stay.
    pub remove: bool,
    /// Net for the categories of a dictionary; `None`: the name of its file.
    pub under: Option<&'a str>,
    /// Stance of a dictionary's words.
    pub stance: Stance,
}

/// An import that is ready, and not kept yet.
pub struct Ready {
    /// What changes.
    pub changes: Changes,
    /// What was left out of a dictionary, and remarks on the result.
    pub problems: Vec<Problem>,
    /// The taxonomy that comes out.
    pub taxonomy: Taxonomy,
    /// Categories that are not in the sheet and stay.
    pub stay: usize,
    /// Examples that are read otherwise than written then, and are not now, with their rows in the sheet.
    pub broken: Vec<(Misread, Option<u64>)>,
    files: BTreeMap<String, String>,
    target: PathBuf,
}

/// Reads a sheet or a dictionary and works out what it changes. Fails, with every mistake by row and column, if
/// something in it cannot be used.
pub fn prepare(start: &Path, ask: &Ask<'_>) -> Result<Ready> {
    let target = match ask.into {
        Some(folder) => folder.to_path_buf(),
        None => Workspace::find(start)?.root().join("taxonomy"),
    };
    let old_files: BTreeMap<String, String> = match (target.is_dir(), ask.into) {
        (true, _) => load::files(&target)?.into_iter().collect(),
        (false, None) => taxonomy::bundled_files().into_iter().collect(),
        (false, Some(_)) => BTreeMap::new(),
    };
    let old = Taxonomy::read(old_files.clone()).0;
    let name = ask.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let ending = ask.file.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    let (rows, add, mut problems) = match foreign::Form::of(&ending) {
        Some(form) => {
            let (rows, problems) = dictionary(ask, form, &name)?;
            (rows, true, problems)
        }
        None => {
            let (mut rows, mut notes) = of_sheet(ask.file, &name, &old)?;
            notes.extend(called(&old, &name, &mut rows)?);
            (rows, ask.add, notes)
        }
    };
    let whole = if add { BTreeSet::new() } else { whole(&rows) };
    let rows = headed(&old, rows, &whole);
    let named: BTreeSet<String> = rows.iter().map(|(_, row)| owner(sheet::id(row))).collect();
    let is_named = |path: &String| named.contains(&owner(path.trim_end_matches(".toml")));
    let goes = |path: &String| is_named(path) || ask.remove && !path.starts_with('_');
    let mut files: BTreeMap<String, String> =
        old_files.iter().filter(|(path, _)| !goes(path)).map(|(p, t)| (p.clone(), t.clone())).collect();
    let (written, told) = sheet::files(&name, &rows, &files);
    problems.extend(told);
    let wrong = |problem: &Problem| problem.severity == Severity::Error;
    if problems.iter().any(wrong) {
        let mut problems: Vec<Problem> = problems.into_iter().filter(wrong).collect();
        problems.sort_by_key(|problem| problem.place.row);
        return Err(refused(&name, problems));
    }
    let (written, there) = added(&old, &files, written, &named, &whole);
    if there > 0 {
        let what = said!("其中 {there} 处本来就有", "of these were there already: {there}");
        let place = Place { file: Some(name.clone()), ..Place::default() };
        problems.push(Problem { code: "there", severity: Severity::Note, place, what, help: None });
    }
    let settled = settled(&old, &old_files, &files, written);
    files.extend(settled);
    let cues = |files: &BTreeMap<String, String>| files.keys().any(|path| path.starts_with(CUES));
    if !cues(&files) {
        // A sheet without cue words says nothing of them; a taxonomy without any reads no denial.
        files.extend(taxonomy::bundled_files().into_iter().filter(|(path, _)| path.starts_with(CUES)));
    }
    let (taxonomy, told) = Taxonomy::read(files.clone());
    let errors: Vec<Problem> = told.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    if !errors.is_empty() {
        return Err(refused(&name, errors));
    }
    problems.extend(told.into_iter().filter(|p| !["no_name", "no_net_file"].contains(&p.code)));
    problems.extend(names(&taxonomy, &name, &rows));
    let stay = taxonomy.categories().iter().filter(|c| !named.contains(&c.id) && !c.file.is_empty()).count();
    let changes = changes(&old, &taxonomy);
    let broken = if changes.is_empty() { Vec::new() } else { broken(&old, &taxonomy) };
    let row = |wrong: &Misread| {
        let is_it = |row: &Row| row[sheet::EXAMPLE] == wrong.text && owner(sheet::id(row)) == wrong.category;
        rows.iter().find(|(_, row)| is_it(row)).map(|(number, _)| *number)
    };
    let broken = broken.into_iter().map(|wrong| (row(&wrong), wrong)).map(|(row, wrong)| (wrong, row)).collect();
    Ok(Ready { changes, problems, taxonomy, stay, broken, files, target })
}

/// The category that a row or a file belongs to, whichever part of it; of a list its file.
fn owner(id: &str) -> String {
    let is_list = id.starts_with(CUES) || id.starts_with(LISTS);
    (if is_list { id } else { parted(id).0 }).to_string()
}

/// What stands in the sheet as a whole, as an export has it: what is described there, or has numbers of rules. Of anything
/// else the sheet has some words to add.
fn whole(rows: &[(u64, Row)]) -> BTreeSet<String> {
    let is_whole = |row: &Row| sheet::describes(row) || !row[sheet::RULE].trim().is_empty();
    rows.iter().filter(|(_, row)| is_whole(row)).map(|(_, row)| owner(sheet::id(row))).collect()
}

/// The rows with what describes a category that the sheet has as a whole but for that row.
fn headed(old: &Taxonomy, rows: Vec<(u64, Row)>, whole: &BTreeSet<String>) -> Vec<(u64, Row)> {
    let described: BTreeSet<String> =
        rows.iter().filter(|(_, row)| sheet::describes(row)).map(|(_, row)| owner(sheet::id(row))).collect();
    let heads = old.rows(Lang::En, |id| whole.contains(id) && !described.contains(id));
    heads.into_iter().filter(sheet::describes).map(|row| (0, row)).chain(rows).collect()
}

/// What was written, where it is not the whole joined with what is there; second, how much of it was there.
fn added(
    old: &Taxonomy,
    beside: &BTreeMap<String, String>,
    mut written: BTreeMap<String, String>,
    named: &BTreeSet<String>,
    whole: &BTreeSet<String>,
) -> (BTreeMap<String, String>, usize) {
    let new = Taxonomy::read(beside.clone().into_iter().chain(written.clone())).0;
    let mut there = 0;
    for id in named.difference(whole) {
        let (files, count) = if id.starts_with('_') {
            let path = format!("{id}.toml");
            let (text, count) = united_words(old, &new, &path);
            (BTreeMap::from([(path, text)]), count)
        } else {
            united(old, &new, id)
        };
        written.extend(files);
        there += count;
    }
    (written, there)
}

/// A remark on each category whose name is not the one that stands in its rows: it is there to be read only.
fn names(taxonomy: &Taxonomy, name: &str, rows: &[(u64, Row)]) -> Vec<Problem> {
    let mut told = BTreeSet::new();
    let mut remarks = Vec::new();
    for (number, row) in rows {
        let shown = row[sheet::NAME].trim();
        let Some(at) = taxonomy.find(parted(sheet::id(row)).0).filter(|_| !shown.is_empty()) else { continue };
        let is = &taxonomy.categories()[at].name;
        if shown != is.zh && shown != is.en && told.insert(at) {
            let what = said!(
                "这一列只供查看，没有照它改；改名字请改“说明”那一行的“其他条件”",
                "this column is only to be read and changes nothing; the name is in the row `about`, column `exact`"
            );
            let mut remark = sheet::remark(*number, sheet::NAME, Severity::Note, &what);
            remark.place.file = Some(name.to_string());
            remarks.push(remark);
        }
    }
    remarks
}

/// Puts the path of a category where its name stands, and tells so. Fails where a category is not there and nearly is:
/// it would become one of its own beside the one that was meant, and take its words along.
fn called(old: &Taxonomy, name: &str, rows: &mut [(u64, Row)]) -> Result<Vec<Problem>> {
    let id = |row: &Row| sheet::id(row).to_string();
    let described: BTreeSet<String> =
        rows.iter().filter(|(_, row)| sheet::describes(row)).map(|(_, r)| id(r)).collect();
    let (mut notes, mut wrong, mut told) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, row) in rows {
        if id(row).is_empty() {
            // Who knows a category by its name writes it where names stand.
            row[sheet::CATEGORY] = row[sheet::NAME].trim().to_string();
        }
        let asked = id(row);
        let (category, part) = parted(&asked);
        let is_word = asked.is_empty() || asked.starts_with(CUES) || asked.starts_with(LISTS);
        if is_word || old.find(category).is_some() {
            continue;
        }
        // A name may hold a dot, as a part does.
        let (at, part) = match load::named(old, &asked) {
            whole if !whole.is_empty() => (whole, None),
            _ => (load::named(old, category), part),
        };
        let named: Vec<&str> = at.into_iter().map(|at| old.categories()[at].id.as_str()).collect();
        let is_case = named.len() == 1 && named[0].eq_ignore_ascii_case(category);
        // A category with a description of its own is meant to be one.
        if described.contains(category) && !is_case {
            continue;
        }
        let mut say = |severity: Severity, what: Said| {
            let mut problem = sheet::remark(*number, sheet::CATEGORY, severity, &what);
            problem.place.file = Some(name.to_string());
            if severity == Severity::Error { wrong.push(problem) } else { notes.push(problem) }
        };
        match (&named[..], old.near(category)) {
            ([one], _) => {
                if told.insert(asked.clone()) {
                    say(Severity::Note, said!("读作 {one}", "taken as {one}"));
                }
                row[sheet::CATEGORY] = part.map_or(one.to_string(), |part| format!("{one}.{part}"));
            }
            ([], None) => {}
            ([], Some(near)) => say(
                Severity::Error,
                said!(
                    "没有这个类别；是不是 {near}？真要新建，就给它加一行“说明”",
                    "there is no such category; did you mean {near}? For a new one add a row `about`"
                ),
            ),
            (several, _) => {
                let all = several.join(" | ");
                say(
                    Severity::Error,
                    said!(
                        "不止一个类别叫这个名字，要写路径：{all}",
                        "several categories are called so; write the path: {all}"
                    ),
                );
            }
        }
    }
    if wrong.is_empty() { Ok(notes) } else { Err(refused(name, wrong)) }
}

fn refused(name: &str, problems: Vec<Problem>) -> Error {
    let n = problems.len();
    Error::new(
        "sheet",
        said!("{name} 有 {n} 处不能用，什么也没有改", "{name}: {n} cells cannot be used, and nothing was changed"),
    )
    .help(said!("按下面的行和列改好，再导入一次", "mend the rows and columns below and import it again"))
    .problems(problems)
}

impl Ready {
    /// Which records it moves; `None` where there are none, or where it goes into another folder than the workspace's.
    pub fn effect(&self, start: &Path, ask: &Ask<'_>) -> Result<Option<Diff>> {
        if ask.into.is_some() || self.changes.is_empty() {
            return Ok(None);
        }
        let workspace = Workspace::find(start)?;
        if Store::open(&workspace.records())?.rows() == 0 {
            return Ok(None);
        }
        let new = (self.taxonomy.clone(), self.files.clone());
        between(&workspace, [load::with_source(workspace.root())?, new], &Asked::default()).map(Some)
    }

    /// Writes the folder, whole or not at all. What was there stays beside it as `NAME.before`.
    pub fn keep(self) -> Result<PathBuf> {
        replace(&self.target, &self.files)?;
        Ok(self.target)
    }
}

/// Files of categories that did not change stay as they are, with their remarks and line breaks.
fn settled(
    old: &Taxonomy,
    texts: &BTreeMap<String, String>,
    beside: &BTreeMap<String, String>,
    files: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let before = old.files();
    let after = Taxonomy::read(beside.clone().into_iter().chain(files.clone())).0.files();
    let keep = |path: &String| before.contains_key(path) && before.get(path) == after.get(path);
    let text = |path: String, text: String| {
        // What is not written by a person is written in one form.
        let text = if keep(&path) { texts.get(&path).cloned() } else { after.get(&path).cloned() }.unwrap_or(text);
        (path, text)
    };
    files.into_iter().map(|(path, words)| text(path, words)).collect()
}

/// The rows of a sheet, by the columns of its header, and remarks on that.
fn of_sheet(file: &Path, name: &str, old: &Taxonomy) -> Result<(Vec<(u64, Row)>, Vec<Problem>)> {
    let ending = file.extension().map(|e| e.to_ascii_lowercase());
    if !ending.is_some_and(|e| ["xlsx", "xls", "csv", "tsv", "txt"].iter().any(|k| e == *k)) {
        return Err(no_sheet(file).help(said!(
            "表格用 .xlsx 或 .csv；词典可以是 .yml .dic .dicx .cat .ykd",
            "sheets are .xlsx or .csv; dictionaries .yml .dic .dicx .cat .ykd"
        )));
    }
    let (rows, spoilt) = side::sheet(&Input::Path(file))?;
    // People write a title above the table.
    let is_header = |(_, names): &(u64, Vec<String>)| {
        let (columns, _) = sheet::header(names);
        columns[sheet::CATEGORY].is_some() && columns[sheet::STANCE].is_some()
    };
    let above = rows.iter().take(HEADER_WITHIN).position(is_header).unwrap_or(0);
    let mut rows = rows.into_iter().skip(above);
    let (line, header) = rows.next().unwrap_or_default();
    let (columns, mut remarks) = sheet::header(&header);
    remarks.iter_mut().for_each(|problem| problem.place.row = Some(line));
    remarks.iter_mut().for_each(|problem| problem.place.file = Some(name.to_string()));
    let row = |(number, cells): (u64, Vec<String>)| {
        let cell = |c: Option<usize>| c.and_then(|c| cells.get(c)).cloned().unwrap_or_default();
        (number, columns.map(cell))
    };
    let rows: Vec<(u64, Row)> = rows.map(row).collect();
    // A column that an export had, and that somebody deleted, would take everything in it away.
    let needed = |c: &usize| match *c {
        sheet::CATEGORY | sheet::STANCE => true,
        c => c != sheet::NAME && whole(&rows).iter().any(|id| id.starts_with('_') || !load::named(old, id).is_empty()),
    };
    if let Some((zh, en)) = (0..columns.len()).filter(needed).find(|c| columns[*c].is_none()).map(|c| sheet::COLUMNS[c])
    {
        let names = |of: fn(&(&'static str, &'static str)) -> &'static str| {
            sheet::COLUMNS.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let (all_zh, all_en) = (names(|column| column.0), names(|column| column.1));
        return Err(Error::new(
            "sheet",
            said!("{name} 第 {line} 行没有“{zh}”列", "{name}: row {line} has no column `{en}`"),
        )
        .help(said!("表头应是：{all_zh}（或 {all_en}）", "the header is: {all_en} (or {all_zh})"))
        .problems(remarks));
    }
    if remarks.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(refused(name, remarks));
    }
    for (row, at, why) in spoilt {
        if let Some(column) = columns.iter().position(|c| *c == Some(at)).filter(|c| *c != sheet::NAME) {
            let (zh, en) = (why.zh, why.en);
            let what = Said::new(
                format!("这一格{zh}；把格式改成“文本”，再写一遍"),
                format!("{en}; make the cell's format `Text` and write it again"),
            );
            let mut remark = sheet::remark(row, column, Severity::Error, &what);
            remark.place.file = Some(name.to_string());
            remarks.push(remark);
        }
    }
    if rows.iter().all(|(_, row)| row[sheet::CATEGORY].trim().is_empty() && row[sheet::NAME].trim().is_empty()) {
        // A sheet says what the taxonomy is to be: one without rows would be the end of it.
        return Err(Error::new(
            "sheet",
            said!(
                "{name}：表头下面没有一行写了类别，什么也没有改",
                "{name}: no row below the header names a category, and nothing was changed"
            ),
        )
        .help(said!(
            "earful taxonomy export 写出现在的词表，在它上面改",
            "earful taxonomy export writes the taxonomy in use: edit that"
        )));
    }
    Ok((rows, remarks))
}

/// The rows of a dictionary.
fn dictionary(ask: &Ask<'_>, form: &foreign::Form, name: &str) -> Result<(Vec<(u64, Row)>, Vec<Problem>)> {
    let text = text_of(ask.file)?.ok_or_else(|| {
        let path = ask.file.display();
        Error::new("missing", said!("找不到文件 {path}", "no such file: {path}"))
    })?;
    let (entries, left) = form.read(&text).map_err(|what| {
        Error::new("dictionary", Said::new(format!("{name}：{}", what.zh), format!("{name}: {}", what.en)))
    })?;
    let stem = ask.file.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
    let stem: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let under = ask.under.unwrap_or(&stem);
    if !sheet::is_id(under) {
        return Err(Error::new("option", said!("--under 要写类别的路径", "--under wants the path of a net"))
            .help(said!("如 product 或 product/own", "such as product or product/own")));
    }
    let (rows, mut problems) = foreign::rows(&entries, under, ask.stance, left);
    for problem in &mut problems {
        problem.place.file = Some(name.to_string());
    }
    Ok((rows, problems))
}

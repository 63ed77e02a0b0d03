//! The taxonomy as a sheet that an operator edits, and back; and dictionaries from other programs.
//!
//! Nothing is written before it is known what changes. A folder is replaced whole, and what was there is kept
//! beside it as `taxonomy.before`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::diff::{Diff, between};
use crate::disk;
use crate::error::{Error, Result};
use crate::ingest::{Input, side};
use crate::records::Store;
use crate::report::sheet as form;
use crate::run::report::Ask as Asked;
use crate::run::taxonomy as load;
use crate::said;
use crate::taxonomy::foreign::{self, Form};
use crate::taxonomy::sheet::{self, Row};
use crate::taxonomy::{self, CUES, Changes, GUIDE, LISTS, Taxonomy, changes, parted};
use crate::words::{Lang, Problem, Said, Severity, Stance};
use crate::workspace::{Workspace, text_of};

/// Width of the columns of a sheet.
const WIDTHS: [f64; 7] = [28.0, 8.0, 6.0, 24.0, 24.0, 48.0, 60.0];

/// Writes the taxonomy in use as a sheet; says how many rows.
pub fn export(start: &Path, folder: Option<&Path>, out: &Path, lang: Lang) -> Result<usize> {
    let taxonomy = load::load(start, folder)?;
    let rows: Vec<Vec<String>> = taxonomy.rows(lang).into_iter().map(Vec::from).collect();
    let columns: Vec<form::Column<'_>> =
        sheet::COLUMNS.iter().zip(WIDTHS).map(|((zh, en), width)| (lang.of(*zh, *en), width)).collect();
    let ending = out.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = form::bytes(&ending, "taxonomy", &columns, &rows).ok_or_else(|| no_sheet(out))??;
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
    let (rows, add, mut problems) = match Form::of(&ending) {
        Some(form) => {
            let (rows, problems) = dictionary(ask, form, &name)?;
            (rows, true, problems)
        }
        None => {
            let mut rows = of_sheet(ask.file, &name)?;
            let notes = called(&old, &name, &mut rows)?;
            (rows, ask.add, notes)
        }
    };
    let lists = old_files.iter().filter(|(path, _)| path.starts_with(LISTS));
    let lists = lists.map(|(path, text)| (path.clone(), text.clone())).collect();
    let (written, wrong) = match add {
        true => sheet::files(&name, &merged(&old, rows), lists),
        false => sheet::files(&name, &rows, lists),
    };
    if !wrong.is_empty() {
        return Err(refused(&name, wrong));
    }
    let mut files = settled(&old, &old_files, written);
    let cues = |files: &BTreeMap<String, String>| files.keys().any(|path| path.starts_with(CUES));
    if !cues(&files) {
        // A sheet without cue words says nothing of them; a taxonomy without any reads no denial.
        let bundled = || taxonomy::bundled_files().into_iter().collect();
        let from: BTreeMap<String, String> = if cues(&old_files) { old_files.clone() } else { bundled() };
        files.extend(from.into_iter().filter(|(path, _)| path.starts_with(CUES)));
    }
    let (taxonomy, told) = Taxonomy::read(files.clone());
    let errors: Vec<Problem> = told.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    if !errors.is_empty() {
        return Err(refused(&name, errors));
    }
    problems.extend(told.into_iter().filter(|p| p.code != "no_name"));
    Ok(Ready { changes: changes(&old, &taxonomy), problems, taxonomy, files, target })
}

/// Puts the path of a category where its name stands, and tells so. Fails where a category is not there and nearly is:
/// it would become one of its own beside the one that was meant, and take its words along.
fn called(old: &Taxonomy, name: &str, rows: &mut [(u64, Row)]) -> Result<Vec<Problem>> {
    let id = |row: &Row| row[sheet::CATEGORY].trim().trim_matches('/').to_string();
    let described: BTreeSet<String> =
        rows.iter().filter(|(_, row)| sheet::describes(row)).map(|(_, r)| id(r)).collect();
    let (mut notes, mut wrong, mut told) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, row) in rows {
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

/// Puts these files in the place of a folder.
pub fn replace(target: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // One writer at a time, where the folder is a workspace's.
    let _lock = match Workspace::open(parent) {
        Ok(workspace) => Some(workspace.write()?),
        Err(_) => None,
    };
    let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (fresh, before) = (parent.join(format!("{}{name}", disk::UNFINISHED)), parent.join(format!("{name}.before")));
    remove(&fresh)?;
    let guide = (GUIDE.0.to_string(), GUIDE.1.to_string());
    for (path, text) in files.iter().chain([(&guide.0, &guide.1)]) {
        let path = fresh.join(path);
        let folder = path.parent().unwrap_or(&fresh);
        fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
        disk::write(&path, text.as_bytes())?;
    }
    if target.exists() {
        carry(target, &fresh)?;
        remove(&before)?;
        fs::rename(target, &before).map_err(|e| Error::file(target, e))?;
    }
    if let Err(e) = fs::rename(&fresh, target) {
        let _ = fs::rename(&before, target);
        return Err(Error::file(target, e));
    }
    Ok(())
}

/// Copies what is beside the categories, such as a guide or notes, to the new folder.
fn carry(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).map_err(|e| Error::file(from, e))? {
        let entry = entry.map_err(|e| Error::file(from, e))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(|e| Error::file(from, e))?);
        let is_category = path.extension().is_some_and(|e| e == "toml");
        if kind.is_file() && !is_category {
            fs::copy(&path, to.join(entry.file_name())).map_err(|e| Error::file(&path, e))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::file(folder, e)),
        _ => Ok(()),
    }
}

/// Files of categories that did not change stay as they are, with their remarks and line breaks.
fn settled(
    old: &Taxonomy,
    texts: &BTreeMap<String, String>,
    files: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let before = old.files();
    let after = Taxonomy::read(files.clone()).0.files();
    let keep = |path: &String| before.contains_key(path) && before.get(path) == after.get(path);
    let text = |path: String, text: String| {
        // What is not written by a person is written in one form.
        let text = if keep(&path) { texts.get(&path).cloned() } else { after.get(&path).cloned() }.unwrap_or(text);
        (path, text)
    };
    files.into_iter().map(|(path, words)| text(path, words)).collect()
}

/// The rows of a sheet, by the columns of its header.
fn of_sheet(file: &Path, name: &str) -> Result<Vec<(u64, Row)>> {
    let ending = file.extension().map(|e| e.to_ascii_lowercase());
    if !ending.is_some_and(|e| ["xlsx", "xls", "csv", "tsv", "txt"].iter().any(|k| e == *k)) {
        return Err(no_sheet(file).help(said!(
            "表格用 .xlsx 或 .csv；词典可以是 .yml .dic .cat .ykd",
            "sheets are .xlsx or .csv; dictionaries .yml .dic .cat .ykd"
        )));
    }
    let mut rows = side::sheet(&Input::Path(file))?.into_iter();
    let header = rows.next().map(|(_, names)| names).unwrap_or_default();
    let columns = sheet::header(&header).map_err(|(zh, en)| {
        let names = |of: fn(&(&'static str, &'static str)) -> &'static str| {
            sheet::COLUMNS.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let (all_zh, all_en) = (names(|column| column.0), names(|column| column.1));
        Error::new("sheet", said!("{name} 第 1 行没有“{zh}”列", "{name}: row 1 has no column `{en}`"))
            .help(said!("表头应是：{all_zh}（或 {all_en}）", "the header is: {all_en} (or {all_zh})"))
    })?;
    let row = |(number, cells): (u64, Vec<String>)| {
        let cell = |c: Option<usize>| c.and_then(|c| cells.get(c)).cloned().unwrap_or_default();
        (number, columns.map(cell))
    };
    let rows: Vec<(u64, Row)> = rows.map(row).collect();
    if rows.iter().all(|(_, row)| row[sheet::CATEGORY].trim().is_empty()) {
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
    Ok(rows)
}

/// The rows of a dictionary.
fn dictionary(ask: &Ask<'_>, form: &Form, name: &str) -> Result<(Vec<(u64, Row)>, Vec<Problem>)> {
    let text = text_of(ask.file)?.ok_or_else(|| {
        let path = ask.file.display();
        Error::new("missing", said!("找不到文件 {path}", "no such file: {path}"))
    })?;
    let (entries, mut problems) = form.read(&text).map_err(|what| Error::new("dictionary", what))?;
    let stem = ask.file.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
    let stem: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let under = ask.under.unwrap_or(&stem);
    if !sheet::is_id(under) {
        return Err(Error::new("option", said!("--under 要写类别的路径", "--under wants the path of a net"))
            .help(said!("如 product 或 product/own", "such as product or product/own")));
    }
    let (rows, left) = foreign::rows(&entries, under, ask.stance);
    problems.extend(left);
    for problem in &mut problems {
        problem.place.file = Some(name.to_string());
    }
    Ok((rows.into_iter().enumerate().map(|(i, row)| (i as u64 + 1, row)).collect(), problems))
}

/// The rows of a taxonomy with those that are to be added; a keyword that its category has, in whichever part, is not
/// added again.
fn merged(old: &Taxonomy, rows: Vec<(u64, Row)>) -> Vec<(u64, Row)> {
    let mut all: Vec<(u64, Row)> = old.rows(Lang::En).into_iter().map(|row| (0, row)).collect();
    let stance = |text: &str| Stance::written(text).map_or_else(|| text.trim().to_string(), |s| s.key().to_string());
    let place = |row: &Row, column: usize| {
        (parted(row[0].trim()).0.to_string(), stance(&row[1]), column, row[column].trim().to_string())
    };
    let mut there: std::collections::BTreeSet<_> =
        all.iter().flat_map(|(_, row)| [3, 4, 5, 6].map(|c| place(row, c))).collect();
    for (number, mut row) in rows {
        for column in [3, 4, 5, 6] {
            if !row[column].is_empty() && !there.insert(place(&row, column)) {
                row[column].clear();
            }
        }
        // The sheet's own rules keep apart from those that are there.
        row[2].clear();
        let about = ["about", "说明"].contains(&row[1].trim());
        if row[3..].iter().any(|cell| !cell.is_empty()) && !(about && old.find(row[0].trim()).is_some()) {
            all.push((number, row));
        }
    }
    all
}

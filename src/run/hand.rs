//! Files of hand codes: drawn blind from a workspace, and read back in whatever form people filled them in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::ground::Ground;
use super::told::Told;
use super::{labels, taxonomy as load};
use crate::disk;
use crate::error::{Error, Result};
use crate::ingest::{Input, side};
use crate::reading::hand::Judged;
use crate::report::model::{Base, Counted};
use crate::report::sheet;
use crate::said;
use crate::stats::random::Random;
use crate::taxonomy::Taxonomy;
use crate::words::{Kind, Lang, Record, Stance, Uid, View};
use crate::workspace::{Labels, Workspace, text_of};

/// The records that a sample is drawn from.
const DRAWN: Counted = Counted { base: Base::Text, kind: None };

/// What a sample stands for: the records of the workspace that can be drawn.
pub struct Whole {
    /// The category that people were asked about.
    pub category: String,
    /// Records that the rules give it.
    pub given: u64,
    /// Records that they do not.
    pub others: u64,
}

/// What was drawn.
pub struct Drawn {
    /// Texts in the file.
    pub texts: usize,
    /// Of those, texts that the rules give the category (not told in the file).
    pub labelled: usize,
    /// The file.
    pub file: PathBuf,
}

/// Draws a blind sample for a category and writes it: half from records that the rules give it, half from the
/// others, each half spread over stars and time. The same seed draws the same. Without a file it gets one that is named
/// after the category; none is written over, for somebody may have filled it in.
pub fn sample(
    workspace: &Workspace,
    category: &str,
    n: usize,
    seed: u64,
    out: Option<&Path>,
    lang: Lang,
) -> Result<Drawn> {
    let Ground { store, taxonomy, facts, .. } = &Ground::open(workspace)?;
    let at = load::find(taxonomy, category)?;
    let category = taxonomy.categories()[at].id.as_str();
    let usual = || PathBuf::from(format!("{}-{}.xlsx", lang.of("样本", "sample"), category.replace('/', "-")));
    let file = out.map_or_else(usual, Path::to_path_buf);
    if file.exists() {
        let name = file.display();
        return Err(Error::new("exists", said!("已经有文件 {name}", "there is a file {name} already")).help(said!(
            "里面可能有标好的标签，不会盖掉；用 -o 换一个名字",
            "it may hold labels that were filled in and is not written over; give another name with -o"
        )));
    }
    let labels = labels::all(workspace, store, taxonomy)?;
    let mut random = Random::new(seed);
    let mut strata: [Vec<((u8, i32, u64), (usize, u32))>; 2] = Default::default();
    for (number, (file, labels)) in facts.files.iter().zip(&labels).enumerate() {
        let has = rows_with(labels, at);
        for row in file.counted(DRAWN) {
            let band = file.stars(row as usize).map_or(0, |s| if s <= 3.0 { 1 } else { 2 });
            let month = file.day(row as usize).map_or(0, |d| d.0 / 30);
            strata[usize::from(has.contains(row))].push(((band, month, random.bits()), (number, row)));
        }
    }
    let labelled = strata[1].len().min(n.div_ceil(2).max(n.saturating_sub(strata[0].len())));
    let mut chosen: Vec<(usize, u32)> = Vec::new();
    for (stratum, wanted) in strata.iter_mut().zip([n - labelled.min(n), labelled]) {
        stratum.sort_unstable();
        let wanted = wanted.min(stratum.len());
        chosen.extend((0..wanted).map(|i| stratum[i * stratum.len() / wanted].1));
    }
    // The order must not tell which half a text is from.
    random.shuffle(&mut chosen);
    let records = store.fetch(&chosen)?;
    write(&file, category, &records, lang)?;
    Ok(Drawn { texts: records.len(), labelled, file })
}

/// What hand codes stand for: half of a sample has the label, of all records few do, so that what the rules miss weighs more
/// there than in the sample. `None` if these are not records of the workspace, or not of one category, or if the workspace is
/// read by another taxonomy.
pub fn whole(workspace: &Workspace, read_by: &Taxonomy, judged: &[Judged]) -> Result<Option<Whole>> {
    let Some(category) = judged.first().and_then(|j| j.only.clone()) else { return Ok(None) };
    let uids: FxHashSet<Uid> = judged.iter().filter_map(|j| j.id.parse().ok()).collect();
    // Asked before the records are opened: most labelled files are none of a workspace's.
    if uids.len() < judged.len() || judged.iter().any(|j| j.only.as_ref() != Some(&category)) {
        return Ok(None);
    }
    let Ground { store, taxonomy, facts, .. } = &Ground::open(workspace)?;
    let Ok(at) = load::find(taxonomy, &category) else { return Ok(None) };
    if taxonomy.fingerprint() != read_by.fingerprint() || store.find_all(&uids)?.len() < uids.len() {
        return Ok(None);
    }
    let labels = labels::all(workspace, store, taxonomy)?;
    let parts = facts.files.iter().zip(&labels).map(|(file, labels)| {
        let drawn = file.counted(DRAWN);
        let given = drawn.intersection_len(&rows_with(labels, at));
        (given, drawn.len() - given)
    });
    let (given, others) = parts.fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    Ok(Some(Whole { category, given, others }))
}

/// The records of a file that have a category.
fn rows_with(labels: &Labels, at: usize) -> RoaringBitmap {
    labels.iter().filter(|(l, _)| l.category() == at).fold(RoaringBitmap::new(), |all, (_, rows)| all | rows)
}

/// The customer's words of a record.
fn words(record: &Record) -> String {
    let turns = record.turn_views();
    turns.iter().filter(|t| t.is_customer_text()).map(|t| t.text).collect::<Vec<_>>().join("\n")
}

fn write(out: &Path, category: &str, records: &[Record], lang: Lang) -> Result<()> {
    let ending = out.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if ending == "jsonl" {
        let line = |r: &Record| {
            let mut line = json!({"id": r.uid.to_string(), "text": words(r), "category": category, "labels": null});
            if r.kind != Kind::Review {
                line["kind"] = json!(r.kind.key());
            }
            if let Some(stars) = &r.stars {
                line["rating"] = json!(stars.value);
            }
            format!("{line}\n")
        };
        return disk::write(out, records.iter().map(line).collect::<String>().as_bytes());
    }
    let columns: [sheet::Column<'_>; 5] = [
        (lang.of("编号", "id"), 18.0),
        (lang.of("类别", "category"), 22.0),
        (lang.of("原文", "text"), 90.0),
        (lang.of("标签", "labels"), 18.0),
        (lang.of("备注", "note"), 30.0),
    ];
    let row = |r: &Record| vec![r.uid.to_string(), category.to_string(), words(r), String::new(), String::new()];
    let rows: Vec<Vec<String>> = records.iter().map(row).collect();
    let form = sheet::Form { name: "labels", columns: &columns, choices: None, guide: Vec::new(), lang };
    let bytes = form.bytes(&ending, &rows).ok_or_else(|| {
        let path = out.display();
        Error::new("option", said!("{path}：不认识的格式", "{path}: no known form"))
            .help(said!("用 .xlsx、.csv 或 .jsonl", "use .xlsx, .csv or .jsonl"))
    })??;
    disk::write(out, &bytes)
}

/// Reads hand codes; second, how many texts nobody has filled in yet.
pub fn read(path: &Path) -> Result<(Vec<Judged>, usize)> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let read = if ["xlsx", "xls", "csv", "tsv"].contains(&ending.as_str()) {
        of_sheet(path, &name)?
    } else {
        of_lines(path, &name)?
    };
    let all = read.len();
    let judged: Vec<Judged> = read.into_iter().flatten().collect();
    Ok((judged.clone(), all - judged.len()))
}

fn wrong(name: &str, row: u64, zh: &str, en: &str) -> Error {
    Error::new("labels", said!("{name} 第 {row} 行：{zh}", "{name}, row {row}: {en}")).help(said!(
        "标签里写立场（不满、好评、询问、提及、无），或“类别 立场”，多个用分号隔开",
        "labels holds stances (complaint, praise, question, mention, none) or `category stance`, parted by semicolons"
    ))
}

fn of_sheet(path: &Path, name: &str) -> Result<Vec<Option<Judged>>> {
    let mut rows = side::sheet(&Input::Path(path))?.0.into_iter();
    let header = rows.next().map(|(_, h)| h).unwrap_or_default();
    let column = |names: &[&str]| header.iter().position(|h| names.contains(&h.trim().to_lowercase().as_str()));
    let (Some(text), Some(labels)) = (column(&["text", "原文", "内容"]), column(&["labels", "标签", "标注"]))
    else {
        return Err(wrong(name, 1, "表头要有“原文”和“标签”两列", "the header must have the columns text and labels"));
    };
    let (id, category) = (column(&["id", "编号"]), column(&["category", "类别"]));
    let judged = |(row, cells): (u64, Vec<String>)| {
        let cell =
            |at: Option<usize>| at.and_then(|at| cells.get(at)).map(|c| c.trim().to_string()).unwrap_or_default();
        let only = Some(cell(category)).filter(|c| !c.is_empty());
        let filled = cell(Some(labels));
        if filled.is_empty() {
            return Ok(None);
        }
        let id = Some(cell(id)).filter(|i| !i.is_empty()).unwrap_or_else(|| row.to_string());
        let labels = spelled(&filled, only.as_deref())
            .ok_or_else(|| wrong(name, row, "标签读不懂", "the labels are not understood"))?;
        Ok(Some(Judged { id, text: cell(Some(text)), labels, only, ..Judged::default() }))
    };
    rows.map(judged).collect()
}

fn of_lines(path: &Path, name: &str) -> Result<Vec<Option<Judged>>> {
    let text = text_of(path)?.ok_or_else(|| {
        let path = path.display();
        Error::new("missing", said!("找不到文件 {path}", "no such file: {path}")).help(said!(
            "先抽一份来标注：earful sample 气味 -n 50",
            "draw texts to label first: earful sample product/smell -n 50"
        ))
    })?;
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    let judged = |(number, line): (usize, &str)| {
        let row = number as u64 + 1;
        let value: Value = serde_json::from_str(line).map_err(|_| wrong(name, row, "不是 JSON", "this is not JSON"))?;
        let word = |key: &str| match &value[key] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let only = Some(word("category")).filter(|c| !c.is_empty());
        let labels = match &value["labels"] {
            Value::Null => return Ok(None),
            Value::String(text) => spelled(text, only.as_deref()),
            Value::Array(list) => list.iter().map(|l| of_json(l, only.as_deref())).collect(),
            _ => None,
        };
        let labels = labels.ok_or_else(|| wrong(name, row, "labels 读不懂", "the labels are not understood"))?;
        let id = Some(word("id")).filter(|i| !i.is_empty()).unwrap_or_else(|| row.to_string());
        // Read as `classify` reads it: a line without a stage and stars is a review.
        let told = value.as_object().map(Told::of_fields).unwrap_or_default();
        let View { kind, stage, .. } = told.view(&[]);
        let (kind, stage, stars, platform) = (Some(kind), stage.to_string(), told.stars, told.platform);
        Ok(Some(Judged { id, text: word("text"), labels, only, stars, platform, stage, kind }))
    };
    lines.map(judged).collect()
}

/// `["product/smell","complaint"]`, `{"category":…,"stance":…}` or a stance.
fn of_json(label: &Value, only: Option<&str>) -> Option<(String, Stance)> {
    let (category, stance) = match label {
        Value::Array(pair) => (pair.first()?.as_str()?.to_string(), pair.get(1)?.as_str()?),
        Value::Object(table) => (table.get("category")?.as_str()?.to_string(), table.get("stance")?.as_str()?),
        Value::String(stance) => (only?.to_string(), stance.as_str()),
        _ => return None,
    };
    Some((category, Stance::written(stance)?))
}

/// Labels as people write them into a cell.
fn spelled(text: &str, only: Option<&str>) -> Option<BTreeSet<(String, Stance)>> {
    let mut labels = BTreeSet::new();
    for part in text.split([';', '；', ',', '，', '、', '|', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
        let (category, stance) = match part.rsplit_once([' ', ':', '：']) {
            Some((category, stance)) => (Some(category.trim()), stance.trim()),
            None => (only, part),
        };
        if let Some(stance) = Stance::written_or_none(stance)? {
            labels.insert((category?.to_string(), stance));
        }
    }
    Some(labels)
}

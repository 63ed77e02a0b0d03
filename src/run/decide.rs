//! Decisions by hand: what a person says of a record and a category wins over the rules, now and in every re-run.

use rustc_hash::FxHashSet;

use crate::error::{Error, Result};
use crate::reading::Classifier;
use crate::records::Store;
use crate::run::taxonomy as load;
use crate::said;
use crate::words::{LabelId, Record, Stance, Uid};
use crate::workspace::{Decision, Workspace};

/// What is decided of a record and a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has this stance.
    Has(Stance),
    /// It does not have the category.
    HasNot,
    /// The rules count again.
    Undo,
}

/// A decision, and what the rules say of the same.
pub struct Decided {
    /// As it stands in `decisions.jsonl`.
    pub decision: Decision,
    /// What the rules say now; `None` if the record is no longer there.
    pub rules: Option<Vec<Stance>>,
}

/// Keeps a decision about a record. Says what the rules say of it.
pub fn decide(workspace: &Workspace, id: &str, category: &str, verdict: Verdict, note: &str) -> Result<Decided> {
    let uid: Uid = id.parse().map_err(|_| unknown())?;
    let taxonomy = load::of_workspace(workspace)?;
    let at = load::find(&taxonomy, category)?;
    let category = taxonomy.categories()[at].id.as_str();
    if taxonomy.categories()[at].is_net && taxonomy.categories()[at].rules.is_empty() {
        return Err(Error::new(
            "option",
            said!("{category} 是一个网，没有自己的标签", "{category} is a net and has no label of its own"),
        )
        .help(said!("请判定它下面的某一类", "decide on one of the categories below it")));
    }
    let store = Store::open(&workspace.records())?;
    let record = newest(&store, uid)?.ok_or_else(unknown)?;
    let stances = rules(&Classifier::new(&taxonomy), &record, at);
    let stands = workspace.decided()?.into_iter().any(|d| d.uid == uid && d.category == category);
    if verdict == Verdict::Undo && !stands {
        return Err(Error::new(
            "no_decision",
            said!("这条记录的这一类没有人工判定", "nothing was decided by hand of this record and category"),
        )
        .help(said!("earful decide --list 列出全部", "earful decide --list shows all")));
    }
    let decision = Decision {
        uid,
        category: category.to_string(),
        stance: if let Verdict::Has(stance) = verdict { Some(stance) } else { None },
        who: std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default(),
        date: jiff::Zoned::now().date().to_string(),
        note: note.to_string(),
        rules: keys(&stances),
        undone: verdict == Verdict::Undo,
    };
    workspace.write()?.decide(std::slice::from_ref(&decision))?;
    Ok(Decided { decision, rules: Some(stances) })
}

/// Every decision that stands, beside what the rules say now.
pub fn list(workspace: &Workspace) -> Result<Vec<Decided>> {
    let decisions = workspace.decided()?;
    let taxonomy = load::of_workspace(workspace)?;
    let classifier = Classifier::new(&taxonomy);
    let store = Store::open(&workspace.records())?;
    let uids: FxHashSet<Uid> = decisions.iter().map(|d| d.uid).collect();
    let places = store.find_all(&uids)?;
    let newest: Vec<(usize, u32)> = places.values().filter_map(|p| p.last().copied()).collect();
    let records = store.fetch(&newest)?;
    let of = |decision: Decision| {
        let record = records.iter().find(|r| r.uid == decision.uid);
        let rules =
            record.map(|r| taxonomy.find(&decision.category).map_or_else(Vec::new, |at| rules(&classifier, r, at)));
        Decided { decision, rules }
    };
    Ok(decisions.into_iter().map(of).collect())
}

fn unknown() -> Error {
    Error::new("no_record", said!("工作区里没有这条记录", "the workspace has no such record"))
        .help(said!("编号是 16 位，earful search 的结果里有", "ids have 16 digits; earful search shows them"))
}

/// The newest version of a record.
fn newest(store: &Store, uid: Uid) -> Result<Option<Record>> {
    let place = store.find_all(&FxHashSet::from_iter([uid]))?.remove(&uid).and_then(|mut p| p.pop());
    place.map_or(Ok(None), |place| Ok(store.fetch(&[place])?.pop()))
}

/// The stances that the rules give a record in one category.
fn rules(classifier: &Classifier, record: &Record, category: usize) -> Vec<Stance> {
    let turns = record.turn_views();
    let mut scratch = crate::reading::Scratch::default();
    let labels = classifier.labels(&record.view(&turns), &mut scratch);
    Stance::ALL.into_iter().filter(|s| labels.contains(&LabelId::new(category, *s))).collect()
}

fn keys(stances: &[Stance]) -> String {
    let keys: Vec<&str> = stances.iter().map(|s| s.key()).collect();
    if keys.is_empty() { "none".to_string() } else { keys.join(",") }
}

//! Finding the customers' own words: exact phrases, filtered by where, when, how many stars, and labels.

use roaring::RoaringBitmap;
use serde::Serialize;

use super::facts::Facts;
use super::labels;
use super::report::excerpt;
use crate::error::Result;
use crate::index::{Doc, Heard, Index, Order, Piece, Query};
use crate::reading::{Classifier, Label};
use crate::records::{Fields, Snapshot, Store, Unit};
use crate::taxonomy::Taxonomy;
use crate::text::Folded;
use crate::words::{Day, Kind, LabelId, Record, Speaker, Stance, TurnKind};
use crate::workspace::Workspace;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Phrases that must all be there.
    pub phrases: Vec<String>,
    /// Phrases that must not.
    pub without: Vec<String>,
    /// Whose words.
    pub heard: Heard,
    /// Only these shops; all if empty.
    pub shops: Vec<String>,
    /// Only these SKUs; all if empty.
    pub skus: Vec<String>,
    /// Only records of this kind.
    pub kind: Option<Kind>,
    /// Only records with this category.
    pub category: Option<String>,
    /// Only records with this stance, of that category or of any.
    pub stance: Option<Stance>,
    /// Lowest and highest stars.
    pub stars: Option<(f32, f32)>,
    /// First day.
    pub since: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
    /// Newest or best first.
    pub order: Order,
    /// Hits shown.
    pub limit: usize,
}

/// What was found.
pub struct Found {
    /// Records that match.
    pub total: u64,
    /// The first of them.
    pub hits: Vec<Hit>,
}

/// One record found.
#[derive(Serialize)]
pub struct Hit {
    /// The id of the record.
    pub uid: String,
    /// Day it was written.
    pub day: Option<String>,
    /// Shop.
    pub shop: String,
    /// SKU.
    pub sku: String,
    /// Stars, 1 to 5.
    pub stars: Option<f32>,
    /// Source file.
    pub file: String,
    /// Row in it.
    pub row: u64,
    /// Who said it.
    pub speaker: &'static str,
    /// The words around the first match.
    pub text: String,
    /// The matches, as byte ranges of `text`.
    pub matches: Vec<(usize, usize)>,
}

/// Searches a workspace; builds what is missing of the index first.
pub fn search(workspace: &Workspace, ask: &Ask) -> Result<Found> {
    let store = Store::open(&workspace.records())?;
    let query = Query::with(&ask.phrases)?.without(&ask.without)?.heard(ask.heard);
    let index = open(workspace, &store)?;
    let labelled = match ask.category.is_some() || ask.stance.is_some() {
        true => Some(Labelled::of(workspace, ask)?),
        false => None,
    };
    let keep = keep(workspace, &store, ask, labelled.as_ref())?;
    let found = index.search(&query, ask.order, ask.limit, keep)?;
    let places: Vec<(usize, u32)> = found.hits.iter().map(|h| (h.file, h.ordinal)).collect();
    let records = store.fetch(&places)?;
    // Without words to look for, those that give the label are shown.
    let telling = labelled.filter(|_| ask.phrases.is_empty()).map(|l| (Classifier::new(&l.taxonomy), l));
    let hit = |((file, _), record): (&(usize, u32), &Record)| {
        let place = telling.as_ref().and_then(|(classifier, labelled)| labelled.place(classifier, record));
        hit(&query, record, place, store.files()[*file].source.file_name())
    };
    Ok(Found { total: found.total, hits: places.iter().zip(&records).map(hit).collect() })
}

/// Brings the index up to date: afterwards a search reads nothing but the index.
pub fn open(workspace: &Workspace, store: &Store) -> Result<Index> {
    let units: Vec<Unit> = store.units();
    let piece = |unit: &Unit| {
        let file = &store.files()[unit.file];
        let share = u64::from(unit.rows) * file.bytes / file.rows.max(1);
        Piece { file: unit.file, id: file.id.clone(), start: unit.start, rows: unit.rows, bytes: share }
    };
    Index::open(&workspace.index(), units.iter().map(piece).collect(), |at, add| {
        let batch = store.read(units[at], Fields::TIME | Fields::TURNS)?;
        let turns = batch.turn_views();
        for row in 0..batch.len() {
            add(Doc { time: batch.time(row), turns: &turns[batch.turns_of(row)] })?;
        }
        Ok(())
    })
}

/// Which records pass the filters. Only newest versions do.
fn keep<'a>(
    workspace: &Workspace,
    store: &Store,
    ask: &'a Ask,
    labelled: Option<&Labelled>,
) -> Result<Box<dyn Fn(usize, u32) -> bool + Sync + 'a>> {
    let plain = ask.kind.is_none()
        && ask.shops.is_empty()
        && ask.skus.is_empty()
        && ask.stars.is_none()
        && ask.since.is_none()
        && ask.until.is_none();
    let rows = labelled.map(|labelled| labelled.rows(workspace, store)).transpose()?;
    let has = move |file: usize, row: u32| rows.as_ref().is_none_or(|rows| rows[file].contains(row));
    if plain {
        let current = Snapshot::take(store)?.current;
        return Ok(Box::new(move |file, row| current[file].contains(row) && has(file, row)));
    }
    let facts = Facts::read(store)?;
    super::places::check(&facts, &ask.shops, &ask.skus)?;
    Ok(Box::new(move |number, row| {
        let file = &facts.files[number];
        let at = row as usize;
        let one_of = |list: &[String], name: &String| list.is_empty() || list.contains(name);
        let day = file.day(at);
        file.current.contains(row)
            && ask.kind.is_none_or(|kind| kind == file.kind(at))
            && one_of(&ask.shops, &facts.shops[file.shop[at] as usize])
            && one_of(&ask.skus, &facts.skus[file.sku[at] as usize])
            && ask.stars.is_none_or(|(low, high)| file.stars(at).is_some_and(|s| low <= s && s <= high))
            && ask.since.is_none_or(|since| day.is_some_and(|d| d >= since))
            && ask.until.is_none_or(|until| day.is_some_and(|d| d <= until))
            && has(number, row)
    }))
}

/// The category or stance asked for.
struct Labelled {
    taxonomy: Taxonomy,
    category: Option<usize>,
    stance: Option<Stance>,
}

/// A turn of a record, and the matches in it as byte ranges.
type Place = (usize, Vec<(usize, usize)>);

impl Labelled {
    fn of(workspace: &Workspace, ask: &Ask) -> Result<Labelled> {
        let taxonomy = super::taxonomy::of_workspace(workspace)?;
        let category = ask.category.as_deref().map(|id| super::taxonomy::find(&taxonomy, id)).transpose()?;
        Ok(Labelled { taxonomy, category, stance: ask.stance })
    }

    /// Per record file, the rows that have it.
    fn rows(&self, workspace: &Workspace, store: &Store) -> Result<Vec<RoaringBitmap>> {
        let wanted = |label: &LabelId| {
            self.category.is_none_or(|c| c == label.category()) && self.stance.is_none_or(|s| s == label.stance())
        };
        let labels = labels::all(workspace, store, &self.taxonomy)?;
        let of_file = |labels: &crate::workspace::Labels| {
            let rows = labels.iter().filter(|(label, _)| wanted(label)).map(|(_, rows)| rows);
            rows.fold(RoaringBitmap::new(), |all, rows| all | rows)
        };
        Ok(labels.iter().map(of_file).collect())
    }

    /// Where a record says it; nowhere if a person decided it by hand.
    fn place(&self, classifier: &Classifier, record: &Record) -> Option<Place> {
        let turns = record.turn_views();
        let reading = classifier.read(&record.view(&turns));
        // A net is said where one of its categories is.
        let is = |category: usize| {
            self.category.is_none_or(|c| c == category || self.taxonomy.categories()[category].nets.contains(&c))
        };
        let wanted = |l: &&Label| is(l.id.category()) && self.stance.is_none_or(|s| s == l.id.stance());
        let evidence = reading.labels.iter().find(wanted)?.evidence.first()?;
        let spans = evidence.keywords.iter().map(|s| (s.start as usize, s.end as usize));
        Some((evidence.turn, spans.collect()))
    }
}

/// The record with the words around its first match, or at the place given.
fn hit(query: &Query, record: &Record, place: Option<Place>, file: &str) -> Hit {
    let heard = |speaker: Speaker| match query.who() {
        Heard::Buyer => speaker == Speaker::Buyer,
        Heard::Others => speaker != Speaker::Buyer,
        Heard::All => true,
    };
    let said =
        record.turns.iter().filter(|t| heard(t.speaker) && matches!(t.kind, TurnKind::Said | TurnKind::FollowUp));
    let matched = |turn: &crate::words::Turn| {
        let folded = Folded::new(&turn.text);
        let spans = query.spans(&folded.text);
        spans.into_iter().map(|s| folded.back(s)).map(|s| (s.start as usize, s.end as usize)).collect::<Vec<_>>()
    };
    let turns: Vec<_> = match place {
        Some((turn, spans)) => vec![(&record.turns[turn], spans)],
        None => said.map(|turn| (turn, matched(turn))).collect(),
    };
    let (turn, spans) = turns.iter().find(|(_, spans)| !spans.is_empty()).or(turns.first()).cloned().unzip();
    let (text, matches) = match (turn, spans) {
        (Some(turn), Some(spans)) => excerpt(&turn.text, &spans),
        _ => (String::new(), Vec::new()),
    };
    Hit {
        uid: record.uid.to_string(),
        day: turn.and_then(|t| t.time).or(record.time).map(|t| t.day().to_string()),
        shop: record.shop.clone(),
        sku: record.sku.clone(),
        stars: record.stars.as_ref().map(|s| s.value),
        file: file.to_string(),
        row: record.row,
        speaker: turn.map_or("", |t| t.speaker.key()),
        text,
        matches,
    }
}

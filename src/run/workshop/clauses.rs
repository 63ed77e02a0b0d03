//! The clauses of a workspace's records and what the rules see in each: what suggestions and clusters are made of.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use super::texts;
use crate::error::Result;
use crate::reading::Reading;
use crate::records::Fields;
use crate::run::ground::Ground;
use crate::stats::suggest::{Known, Lexicon, Standing};
use crate::taxonomy::{Cue, Taxonomy};
use crate::text::{self, Clause, Folded, fold};
use crate::words::{Span, TurnView};

/// Most records read, spread evenly over all: words that matter stand in them too.
pub const READ: u64 = 20_000;

/// A clause with its place.
pub struct Said {
    /// The record, by its place in [`Heard::records`].
    pub record: usize,
    /// The turn, by its place in the record.
    pub turn: usize,
    /// Where it stands in the verbatim.
    pub span: Span,
    /// Its words, folded.
    pub text: String,
    /// Categories with evidence in it, by place, sorted.
    pub categories: Vec<usize>,
}

/// What was read: clauses, and the records that they are from.
pub struct Heard {
    /// Records: file and row.
    pub records: Vec<(usize, u32)>,
    /// What is known of each.
    pub standing: Vec<Standing>,
    /// Clauses, in order of record.
    pub clauses: Vec<Said>,
    /// Records with words in all.
    pub of: u64,
}

/// Reads an even spread of the records with words.
pub fn hear(ground: &Ground) -> Result<Heard> {
    let (store, facts) = (&ground.store, &ground.facts);
    let base: Vec<RoaringBitmap> = texts(facts);
    let of: u64 = base.iter().map(RoaringBitmap::len).sum();
    let chosen = spread(&base, of.min(READ), of);
    let classifier = ground.classifier();
    let parts = store.scan(Fields::VIEW, |batch| {
        let turns = batch.turn_views();
        let rows = (0..batch.len()).filter(|at| chosen[batch.file()].contains(batch.start() + *at as u32));
        rows.map(|at| {
            let view = batch.view(at, &turns);
            let found = evidence(&classifier.read(&view));
            let clauses = view.turns.iter().enumerate().filter(|(_, t)| t.is_customer_text());
            let clauses: Vec<Said> =
                clauses.flat_map(|(n, turn)| of_turn(n, turn, found.get(&n).map_or(&[][..], Vec::as_slice))).collect();
            ((batch.file(), batch.start() + at as u32), found.is_empty(), clauses)
        })
        .collect::<Vec<_>>()
    })?;
    let mut heard = Heard { records: Vec::new(), standing: Vec::new(), clauses: Vec::new(), of };
    for (place, bare, clauses) in parts.into_iter().flatten() {
        let record = heard.records.len();
        let low = facts.files[place.0].stars(place.1 as usize).is_some_and(|s| s <= 3.0);
        heard.records.push(place);
        heard.standing.push(Standing { bare, low });
        heard.clauses.extend(clauses.into_iter().map(|c| Said { record, ..c }));
    }
    Ok(heard)
}

/// Where a record has evidence of which category, by turn.
pub fn evidence(reading: &Reading) -> BTreeMap<usize, Vec<(Span, usize)>> {
    let mut found: BTreeMap<usize, Vec<(Span, usize)>> = BTreeMap::new();
    for label in &reading.labels {
        for e in &label.evidence {
            found.entry(e.turn).or_default().push((e.span, label.id.category()));
        }
    }
    found
}

/// So many of these rows, evenly over all.
pub fn spread(rows: &[RoaringBitmap], wanted: u64, of: u64) -> Vec<RoaringBitmap> {
    let mut at = 0u64;
    let mut takes = |_: &u32| {
        let take = (at * wanted) / of.max(1) != ((at + 1) * wanted) / of.max(1);
        at += 1;
        take
    };
    rows.iter().map(|rows| rows.iter().filter(&mut takes).collect()).collect()
}

/// The clauses of a turn, with the categories that have evidence in each.
pub fn of_turn(turn: usize, view: &TurnView<'_>, evidence: &[(Span, usize)]) -> Vec<Said> {
    let folded = Folded::new(view.text);
    let soft = if text::clause::spaces_are_borders(&folded.text, &folded.soft) { &folded.soft[..] } else { &[] };
    let mut clauses: Vec<Clause> = Vec::new();
    text::split(&folded.text, soft, &mut clauses);
    let said = |clause: &Clause| {
        let own = Span { start: clause.start, end: clause.end };
        let span = folded.back(own);
        let mut categories: Vec<usize> = evidence.iter().filter(|(e, _)| e.overlaps(span)).map(|(_, c)| *c).collect();
        categories.sort_unstable();
        categories.dedup();
        Said { record: 0, turn, span, text: own.of(&folded.text).to_string(), categories }
    };
    clauses.iter().map(said).collect()
}

/// The cue words of a taxonomy as a lexicon of what is not worth suggesting.
pub fn lexicon(taxonomy: &Taxonomy) -> Lexicon {
    let cue = |word: &crate::taxonomy::CueWord| {
        let does = match word.cue {
            Cue::Positive => Known::Good,
            Cue::Negative => Known::Bad,
            _ => Known::Empty,
        };
        (fold(&word.keyword.folded), does)
    };
    Lexicon::new(taxonomy.cues().iter().filter(|w| w.cue != Cue::Idiom).map(cue))
}

//! In which words a shift is said: the wordings that were matched, this period and before, and those that are
//! new inside the category.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Counting;
use super::super::rows::Row;
use super::super::shifts::Judged;
use crate::error::Result;
use crate::reading::{Classifier, Evidence};
use crate::said;
use crate::stats::keyness::key_words;
use crate::stats::{Count, Pair};
use crate::text;
use crate::words::{LabelId, Record, Said};

/// Records read for each period of a shift, spread evenly over all.
const READ: usize = 300;
/// Wordings named.
const NAMED: usize = 3;
/// A longer piece of evidence is a sentence, not a wording.
const LONGEST: usize = 16;
/// False-discovery rate at which a wording is called new.
const Q: f64 = 0.10;

/// A sentence for each shift, where there is something to say.
pub fn of(counting: &Counting, looked: &[(&Judged, Vec<Row>)]) -> Result<Vec<Option<Said>>> {
    let spread = |rows: &[Row], after: bool| -> Vec<(usize, u32)> {
        let all: Vec<(usize, u32)> =
            rows.iter().filter(|r| r.has && r.after == after).map(|r| (r.file, r.row)).collect();
        let n = all.len().min(READ);
        (0..n).map(|i| all[i * all.len() / n]).collect()
    };
    let wanted: Vec<[Vec<(usize, u32)>; 2]> =
        looked.iter().map(|(_, rows)| [spread(rows, false), spread(rows, true)]).collect();
    let mut places: Vec<(usize, u32)> = wanted.iter().flatten().flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let records = counting.ground.store.fetch(&places)?;
    let classifier = counting.ground.classifier();
    let record = |place: &(usize, u32)| &records[places.binary_search(place).expect("every place was fetched")];
    let said = looked.iter().zip(&wanted).map(|((judged, _), sides)| {
        let read = |side: &Vec<(usize, u32)>| {
            side.iter().map(|p| wordings(classifier, judged.spot.label, record(p))).collect::<Vec<_>>()
        };
        sentence(judged, [read(&sides[0]), read(&sides[1])])
    });
    Ok(said.collect())
}

/// The wordings that gave a record its label, each once.
fn wordings(classifier: &Classifier, label: LabelId, record: &Record) -> BTreeSet<String> {
    let turns = record.turn_views();
    let reading = classifier.read(&record.view(&turns));
    let Some(label) = reading.labels.iter().find(|l| l.id == label) else { return BTreeSet::new() };
    let pieces: BTreeSet<String> = label.evidence.iter().map(|e| piece(record, e)).collect();
    let whole = |w: &&String| {
        let part = pieces.iter().any(|other| other != *w && other.contains(w.as_str()));
        !part && !w.is_empty() && w.chars().count() <= LONGEST
    };
    pieces.iter().filter(whole).cloned().collect()
}

/// The keywords of a piece of evidence, folded: `快递…慢`; all of it where a pattern was matched.
fn piece(record: &Record, evidence: &Evidence) -> String {
    let text = &record.turns[evidence.turn].text;
    let mut spans = evidence.keywords.clone();
    spans.sort_unstable_by_key(|s| (s.start, s.end));
    let mut piece = String::new();
    let mut end = None;
    for span in if spans.is_empty() { vec![evidence.span] } else { spans } {
        match end {
            Some(end) if span.end <= end => continue,
            Some(end) if span.start < end => piece.push_str(&text[end as usize..span.end as usize]),
            Some(end) if span.start > end => piece.push_str(&format!("…{}", span.of(text))),
            _ => piece.push_str(span.of(text)),
        }
        end = Some(span.end);
    }
    piece.split('…').map(|part| text::fold(part).trim().to_string()).collect::<Vec<_>>().join("…")
}

fn sentence(judged: &Judged, [before, after]: [Vec<BTreeSet<String>>; 2]) -> Option<Said> {
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for (side, records) in [&before, &after].into_iter().enumerate() {
        for wording in records.iter().flatten() {
            counts.entry(wording).or_default()[side] += 1;
        }
    }
    let bases = [before.len() as u64, after.len() as u64];
    let pair = |c: &[u64; 2]| Pair::new(Count::new(c[0], bases[0]), Count::new(c[1], bases[1]));
    let listed: Vec<(&str, [u64; 2])> = counts.into_iter().collect();
    let pairs: Vec<Pair> = listed.iter().map(|(_, c)| pair(c)).collect();
    let fresh = key_words(&pairs, Q).into_iter().find(|k| k.log_ratio > 0.0).map(|k| listed[k.at]);
    // Mentions as they would be in all records, where only a part of them was read.
    let whole = [judged.pair.before.mentions, judged.pair.after.mentions];
    let scaled = |c: [u64; 2], side: usize| c[side] * whole[side] / bases[side].max(1);
    let risen = judged.pair.change()? > 0.0;
    let mut by_move = listed;
    let moved = |c: [u64; 2]| {
        let step = scaled(c, 1) as i64 - scaled(c, 0) as i64;
        if risen { step } else { -step }
    };
    by_move.retain(|(_, c)| moved(*c) > 0);
    by_move.sort_by_key(|(wording, c)| (std::cmp::Reverse(moved(*c)), wording.to_string()));
    by_move.truncate(NAMED);
    if by_move.is_empty() {
        return None;
    }
    let list = |join: &str, open: &str, close: &str| {
        let one = |(w, c): &(&str, [u64; 2])| format!("{open}{w}{close} {} ← {}", scaled(*c, 1), scaled(*c, 0));
        by_move.iter().map(one).collect::<Vec<_>>().join(join)
    };
    let (zh, en) = (list("、", "“", "”"), list(", ", "\"", "\""));
    let head = if risen {
        said!("变多的说法：{zh}", "said more: {en}")
    } else {
        said!("变少的说法：{zh}", "said less: {en}")
    };
    let Some((new, _)) = fresh else { return Some(head) };
    Some(Said::new(format!("{}；类别内新冒头的是“{new}”", head.zh), format!("{}; new within it is \"{new}\"", head.en)))
}

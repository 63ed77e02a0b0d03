//! Which of the customers' words stand for many: one of each wording, the most frequent wordings first.
//!
//! The method, as the definitions state it: an even spread of the records that have the label is read, they
//! are grouped by the words that were matched, and each of the largest groups gives the text nearest to a
//! readable length. Copies of a text count as one.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::reading::{Classifier, Label};
use crate::records::Store;
use crate::report::model::{Category, Place, Quote};
use crate::text;
use crate::words::{LabelId, Record};

/// Characters that read well.
const GOOD_LENGTH: usize = 28;
/// Characters of a quote at most.
const LONGEST: usize = 90;

/// Quotes wanted for one label in one place.
pub struct Wanted {
    /// The label.
    pub label: LabelId,
    /// How the report names it.
    pub category: Category,
    /// The records that have it: (record file, row), in order.
    pub rows: Vec<(usize, u32)>,
    /// How many quotes.
    pub most: usize,
    /// Records read for them; they are spread evenly over all.
    pub read: usize,
}

/// Chooses quotes for each want, in order.
pub fn choose(store: &Store, classifier: &Classifier, wanted: &[Wanted]) -> Result<Vec<Vec<Quote>>> {
    let spread: Vec<Vec<(usize, u32)>> = wanted.iter().map(|w| spread(&w.rows, w.read)).collect();
    let mut places: Vec<(usize, u32)> = spread.iter().flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let records = store.fetch(&places)?;
    let chosen = wanted.iter().zip(&spread).map(|(want, rows)| {
        let read = rows.iter().map(|place| {
            let at = places.binary_search(place).expect("every place was fetched");
            (&records[at], store.files()[place.0].source.file_name())
        });
        of_label(classifier, want, read)
    });
    Ok(chosen.collect())
}

/// At most so many of the rows, evenly over all.
fn spread(rows: &[(usize, u32)], most: usize) -> Vec<(usize, u32)> {
    let n = rows.len().min(most);
    (0..n).map(|i| rows[i * rows.len() / n]).collect()
}

fn of_label<'a>(
    classifier: &Classifier,
    want: &Wanted,
    records: impl Iterator<Item = (&'a Record, &'a str)>,
) -> Vec<Quote> {
    let mut wordings: BTreeMap<String, Vec<Quote>> = BTreeMap::new();
    for (record, file) in records {
        if let Some((wording, quote)) = quote(classifier, want, record, file) {
            wordings.entry(wording).or_default().push(quote);
        }
    }
    let mut groups: Vec<(String, Vec<Quote>)> = wordings.into_iter().collect();
    groups.sort_by_key(|(wording, quotes)| (std::cmp::Reverse(quotes.len()), wording.clone()));
    let best = groups.into_iter().filter_map(|(_, mut quotes)| {
        quotes.sort_by(|a, b| a.text.cmp(&b.text).then(a.uid.cmp(&b.uid)));
        quotes.dedup_by(|a, b| a.text == b.text);
        let alike = quotes.len() - 1;
        let best = quotes.into_iter().min_by_key(|q| {
            let length = q.text.chars().count();
            (length.abs_diff(GOOD_LENGTH), q.uid.clone())
        })?;
        Some(Quote { alike, ..best })
    });
    best.take(want.most).collect()
}

/// The record as a quote for the label, and the wording that was matched.
fn quote(classifier: &Classifier, want: &Wanted, record: &Record, file: &str) -> Option<(String, Quote)> {
    let turns = record.turn_views();
    let view = record.view(&turns);
    let reading = classifier.read(&view);
    let label = reading.labels.iter().find(|l| l.id == want.label)?;
    let turn = label.evidence.first()?.turn;
    let (wording, words, matches) = marked(label, &record.turns[turn].text);
    let quote = Quote {
        uid: record.uid.to_string(),
        place: Place {
            shop: record.shop.clone(),
            sku: Some(record.sku.clone()).filter(|s| !s.is_empty()),
            listing: None,
            product: record.product.clone(),
            narrowed: false,
        },
        day: record.turns[turn].time.or(record.time).map(|t| t.day().to_string()),
        stars: record.stars.as_ref().map(|s| s.value),
        file: file.to_string(),
        row: record.row,
        category: want.category.clone(),
        stance: want.label.stance(),
        text: words,
        matches,
        alike: 0,
    };
    Some((wording, quote))
}

/// What the evidence of a label looks like in the turn of its first: the words matched, folded; and the words around,
/// with the matches in them.
pub fn marked(label: &Label, whole: &str) -> (String, String, Vec<(usize, usize)>) {
    let turn = label.evidence.first().map(|e| e.turn);
    let here = label.evidence.iter().filter(|e| Some(e.turn) == turn);
    let mut spans: Vec<(usize, usize)> = here.map(|e| (e.span.start as usize, e.span.end as usize)).collect();
    spans.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    let wording = joined.iter().map(|&(s, e)| text::fold(&whole[s..e])).collect::<Vec<_>>().join(" ");
    let (words, matches) = excerpt(whole, &joined);
    (wording, words, matches)
}

/// The sentence around the first match, at most [`LONGEST`] characters, with the matches that lie in it.
pub fn excerpt(text: &str, spans: &[(usize, usize)]) -> (String, Vec<(usize, usize)>) {
    let ends = |c: char| matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n' | '~' | '～');
    let (first, last) = spans.first().map_or((0, 0), |s| (s.0, s.1));
    let sentence = text[..first].rfind(ends).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let close =
        text[last..].char_indices().find(|(_, c)| ends(*c)).map_or(text.len(), |(i, c)| last + i + c.len_utf8());
    let (sentence, close) = if spans.is_empty() { (0, text.len()) } else { (sentence, close) };
    let sentence = sentence + text[sentence..close].len() - text[sentence..close].trim_start().len();
    let starts: Vec<usize> = text[sentence..close].char_indices().map(|(i, _)| sentence + i).chain([close]).collect();
    let chars = starts.len() - 1;
    let at = starts.partition_point(|i| *i < first);
    let from = if chars <= LONGEST { 0 } else { at.saturating_sub(LONGEST / 3).min(chars - LONGEST) };
    let to = chars.min(from + LONGEST);
    let (begin, end) = (starts[from], starts[to]);
    let head = if begin > 0 { "…" } else { "" };
    let tail = if end < text.trim_end().len() { "…" } else { "" };
    let shift = |at: usize| at.clamp(begin, end) - begin + head.len();
    let matches = spans.iter().map(|&(s, e)| (shift(s), shift(e))).filter(|(s, e)| s < e).collect();
    (format!("{head}{}{tail}", &text[begin..end]), matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_keeps_the_match_in_its_middle() {
        let text = "前".repeat(200) + "起球" + &"后".repeat(200);
        let (words, matches) = excerpt(&text, &[(600, 606)]);
        assert_eq!(words.chars().count(), LONGEST + 2);
        assert_eq!(&words[matches[0].0..matches[0].1], "起球");
        assert_eq!(excerpt("短", &[(0, 3)]), ("短".to_string(), vec![(0, 3)]));
        assert_eq!(excerpt("很好。 有味道！还行", &[(10, 19)]), ("…有味道！…".to_string(), vec![(3, 12)]));
        assert_eq!(excerpt("", &[]), (String::new(), vec![]));
    }
}

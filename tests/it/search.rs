//! Search finds exactly the records that hold the phrase: no more, no fewer, in any arrangement of files.

use std::collections::BTreeSet;
use std::path::Path;

use earful::index::{Doc, Heard, Hit, Index, Order, Piece, Query};
use earful::reading::{Classifier, Scratch};
use earful::taxonomy::Taxonomy;
use earful::text::{Folded, fold, script::is_han, script::is_letter};
use earful::words::{Day, Moment, Speaker, TurnKind, TurnView};
use proptest::prelude::*;
use tempfile::TempDir;

/// A record as an index sees it: when, and who wrote what.
type Row = (Option<Moment>, Vec<(Speaker, String)>);

fn said(text: &str) -> Row {
    (None, vec![(Speaker::Buyer, text.to_string())])
}

/// Row groups of at most `group` rows.
fn pieces(files: &[Vec<Row>], group: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (file, rows) in files.iter().enumerate() {
        let id = blake3::hash(format!("{rows:?}").as_bytes()).to_hex().to_string();
        for start in (0..rows.len()).step_by(group) {
            let rows = (rows.len() - start).min(group) as u32;
            pieces.push(Piece { file, id: id.clone(), start: start as u32, rows, bytes: 1 });
        }
    }
    pieces
}

fn open(folder: &Path, files: &[Vec<Row>], group: usize) -> Index {
    let pieces = pieces(files, group);
    let read = |at: usize, add: &mut dyn FnMut(Doc<'_>) -> earful::error::Result<()>| {
        let piece: &Piece = &pieces[at];
        let rows = piece.start as usize..(piece.start + piece.rows) as usize;
        files[piece.file][rows].iter().try_for_each(|(time, turns)| {
            let turns: Vec<_> =
                turns.iter().map(|turn| TurnView { speaker: turn.0, kind: TurnKind::Said, text: &turn.1 }).collect();
            add(Doc { time: *time, turns: &turns })
        })
    };
    Index::open(folder, pieces.clone(), read).unwrap()
}

fn found(index: &Index, query: &Query) -> BTreeSet<(usize, u32)> {
    let maps = index.matching(query).unwrap();
    maps.iter().enumerate().flat_map(|(file, rows)| rows.iter().map(move |row| (file, row))).collect()
}

/// The rule, character by character, written once more and as plainly as it can be.
fn holds(text: &str, phrase: &str) -> bool {
    let text: Vec<char> = fold(text).chars().collect();
    let body = phrase.trim().trim_matches(['*', '|']);
    let word: Vec<char> = fold(body).chars().collect();
    let edge = |mark: Option<char>, end: Option<&char>, beside: Option<char>| match mark {
        Some('|') => !beside.is_some_and(|c| is_letter(c) || is_han(c)),
        Some('*') => true,
        _ => !(end.is_some_and(|c| is_letter(*c)) && beside.is_some_and(is_letter)),
    };
    let mark = |c: Option<char>| c.filter(|c| matches!(c, '*' | '|'));
    (0..text.len()).any(|at| {
        text[at..].starts_with(&word)
            && edge(mark(phrase.chars().next()), word.first(), at.checked_sub(1).map(|i| text[i]))
            && edge(mark(phrase.chars().next_back()), word.last(), text.get(at + word.len()).copied())
    })
}

/// Few different characters, so that phrases are met often and nearly met oftener.
fn texts(longest: usize) -> impl Strategy<Value = String> {
    let alphabet =
        ["好", "不", "味", "買", "a", "b", "ab", "A", " ", " ", ",", "。", "\n", "7", "é", "カ", "-", "'", "😀", "１"];
    proptest::collection::vec(proptest::sample::select(alphabet.to_vec()), 0..longest).prop_map(|parts| parts.concat())
}

fn phrases() -> impl Strategy<Value = String> {
    (0..8u8, texts(5)).prop_filter_map("a phrase says something", |(marks, body)| {
        let folded = fold(&body);
        let (first, last) = (folded.chars().next()?, folded.chars().next_back()?);
        // Folding a phrase and folding a text must see the same neighbours: no white space at its ends.
        if body.trim() != body || body.contains(['\n']) || folded.trim() != folded {
            return None;
        }
        Some(match marks {
            0 if is_letter(first) => format!("*{body}"),
            1 if is_letter(last) => format!("{body}*"),
            2 if is_letter(first) && is_letter(last) => format!("*{body}*"),
            3 if is_han(first) => format!("|{body}"),
            4 if is_han(last) => format!("{body}|"),
            _ => body,
        })
    })
}

proptest! {
    #![proptest_config(crate::cases(40))]

    #[test]
    fn a_phrase_is_found_just_where_it_stands(
        files in proptest::collection::vec(proptest::collection::vec(proptest::collection::vec(texts(12), 0..3), 0..20), 1..4),
        phrases in proptest::collection::vec(phrases(), 12),
        group in 1..9usize,
    ) {
        let files: Vec<Vec<Row>> = files.into_iter().map(|rows| rows.into_iter().map(|turns| {
            (None, turns.into_iter().map(|text| (Speaker::Buyer, text)).collect())
        }).collect()).collect();
        let folder = TempDir::new().unwrap();
        let index = open(folder.path(), &files, group);
        for phrase in &phrases {
            let query = Query::with(&[phrase]).unwrap();
            let expected: BTreeSet<(usize, u32)> = files.iter().enumerate().flat_map(|(file, rows)| {
                let hit = |(_, (_, turns)): &(usize, &Row)| turns.iter().any(|(_, text)| holds(text, phrase));
                rows.iter().enumerate().filter(hit).map(move |(row, _)| (file, row as u32)).collect::<Vec<_>>()
            }).collect();
            prop_assert_eq!(&found(&index, &query), &expected, "{:?}", phrase);
            // What is shown is what was found.
            for (file, rows) in files.iter().enumerate() {
                for (row, (_, turns)) in rows.iter().enumerate() {
                    let shown = turns.iter().any(|(_, text)| !query.spans(&fold(text)).is_empty());
                    prop_assert_eq!(shown, expected.contains(&(file, row as u32)), "{:?} in {:?}", phrase, turns);
                }
            }
        }
    }
}

/// Every text of the demo sentences, and phrases cut out of them.
fn sentences() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/demo/sentences");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect::<String>();
    files.split('"').filter(|text| text.len() > 6).map(str::to_string).collect()
}

#[test]
fn search_finds_the_records_in_which_the_classifier_sees_the_keyword() {
    let texts = sentences();
    assert!(texts.len() > 300);
    let mut keywords = BTreeSet::new();
    for (at, text) in texts.iter().enumerate().step_by(7) {
        let folded: Vec<char> = fold(text).chars().filter(|c| !"\\\"*|\n".contains(*c)).collect();
        for len in 1..=5 {
            let from = (at * 7 + len) % folded.len().saturating_sub(len).max(1);
            let cut: String = folded[from..folded.len().min(from + len)].iter().collect();
            if cut.trim() == cut && cut.contains(|c| is_han(c) || is_letter(c)) {
                keywords.insert(cut.clone());
                if cut.ends_with(is_letter) && len > 1 {
                    keywords.insert(format!("{cut}*"));
                }
                if cut.starts_with(is_han) {
                    keywords.insert(format!("|{cut}"));
                }
            }
        }
        keywords
            .extend(text.split(' ').filter(|w| w.len() > 2 && w.chars().all(char::is_alphanumeric)).map(String::from));
    }
    let keywords: Vec<String> = keywords.into_iter().collect();
    // One category a keyword and no cue lists: a label is there if and only if the keyword is seen.
    let (taxonomy, _) = Taxonomy::read(keywords.iter().enumerate().map(|(at, keyword)| {
        let text = format!("name = {{ zh = \"{at}\", en = \"{at}\" }}\n[[mention]]\nany = [{keyword:?}]\n");
        (format!("k{at:05}.toml"), text)
    }));
    assert_eq!(taxonomy.categories().len(), keywords.len());
    let classifier = Classifier::new(&taxonomy);
    let mut seen = vec![BTreeSet::new(); keywords.len()];
    let mut scratch = Scratch::default();
    for (row, text) in texts.iter().enumerate() {
        for label in classifier.text_labels(text, &mut scratch) {
            seen[label.category()].insert((0, row as u32));
        }
    }
    let folder = TempDir::new().unwrap();
    let index = open(folder.path(), &[texts.iter().map(|text| said(text)).collect()], 1000);
    // A space between Chinese phrases ends a keyword for the classifier; who searches finds it across one as well.
    let spaced = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        chars.windows(3).any(|three| is_han(three[0]) && three[1].is_whitespace() && is_han(three[2]))
    };
    let plain = |rows: &BTreeSet<(usize, u32)>| -> BTreeSet<(usize, u32)> {
        rows.iter().copied().filter(|(_, row)| !spaced(&texts[*row as usize])).collect()
    };
    let mut hits = 0;
    for (keyword, seen) in keywords.iter().zip(&seen) {
        let found = plain(&found(&index, &Query::with(&[keyword]).unwrap()));
        hits += found.len();
        assert_eq!(found, plain(seen), "{keyword:?}");
    }
    assert!(keywords.len() > 300 && hits > 3_000, "{} keywords, {hits} hits", keywords.len());
}

#[test]
fn an_import_builds_what_is_new_a_purge_forgets_and_damage_heals() {
    let folder = TempDir::new().unwrap();
    let file = |n: usize, text: &str| (0..n).map(|i| said(&format!("{text}{i}"))).collect::<Vec<Row>>();
    let mut files = vec![file(10, "偏小"), file(10, "异味")];
    let shards = || {
        let names = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        names.collect::<BTreeSet<_>>()
    };
    let count = |index: &Index, text: &str| found(index, &Query::with(&[text]).unwrap()).len();
    assert_eq!(Index::unread(folder.path(), &pieces(&files, 100)), 20);
    let index = open(folder.path(), &files, 100);
    assert_eq!((count(&index, "偏小"), count(&index, "异味"), index.bytes() > 0), (10, 10, true));
    let before = shards();
    files.push(file(3, "掉色"));
    assert_eq!(Index::unread(folder.path(), &pieces(&files, 100)), 3);
    let newer = open(folder.path(), &files, 100);
    assert!(shards().is_superset(&before) && count(&newer, "掉色") == 3);
    files.remove(0);
    let purged = open(folder.path(), &files, 100);
    assert_eq!((count(&purged, "偏小"), count(&purged, "异味"), count(&purged, "掉色")), (0, 10, 3));
    assert!(shards().is_disjoint(&before), "nothing of the purged file is left");
    assert_eq!(count(&index, "偏小"), 10, "who has it open keeps it");
    drop((index, newer, purged));
    for entry in shards() {
        for file in std::fs::read_dir(folder.path().join(entry)).unwrap() {
            std::fs::write(file.unwrap().path(), "x").unwrap();
        }
    }
    assert_eq!(count(&open(folder.path(), &files, 100), "异味"), 10);
}

#[test]
fn hits_are_newest_or_best_first_filtered_and_all_counted() {
    let at = |day: i32, text: &str| (Some(Day(day).start()), vec![(Speaker::Buyer, text.to_string())]);
    let files = vec![
        vec![at(3, "味道很大"), at(9, "味道，味道，还是味道"), said("味道")],
        vec![at(5, "没有什么问题，就是刚打开的时候有一点点味道，过了几天就好了"), at(9, "好"), at(9, "味道好")],
    ];
    let folder = TempDir::new().unwrap();
    let index = open(folder.path(), &files, 2);
    let query = Query::with(&["味道"]).unwrap();
    let places = |hits: &[Hit]| hits.iter().map(|hit| (hit.file, hit.ordinal)).collect::<Vec<_>>();
    let all = index.search(&query, Order::Newest, 10, |_, _| true).unwrap();
    assert_eq!((all.total, places(&all.hits)), (5, vec![(1, 2), (0, 1), (1, 0), (0, 0), (0, 2)]));
    assert_eq!(all.hits[0].time, Some(Day(9).start()));
    let best = index.search(&query, Order::Best, 10, |_, _| true).unwrap();
    assert_eq!(places(&best.hits).first(), Some(&(0, 1)), "three times in a short text");
    assert_eq!(places(&best.hits).last(), Some(&(1, 0)), "once in a long one");
    assert!(best.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
    let some = index.search(&query, Order::Newest, 1, |file, _| file == 0).unwrap();
    assert_eq!((some.total, places(&some.hits)), (3, vec![(0, 1)]));
    // Scores do not hang on how records are spread over shards.
    let folder = TempDir::new().unwrap();
    let whole = open(folder.path(), &files, 100).search(&query, Order::Best, 10, |_, _| true).unwrap();
    assert_eq!(whole, best);
}

#[test]
fn phrases_are_combined_and_the_shops_words_are_apart() {
    let chat = |buyer: &str, agent: &str| (None, vec![(Speaker::Buyer, buyer.into()), (Speaker::Agent, agent.into())]);
    let files =
        vec![vec![chat("有味道吗", "没有味道的亲"), chat("会掉色吗", "不会，也没有味道"), chat("你好", "在的亲")]];
    let folder = TempDir::new().unwrap();
    let index = open(folder.path(), &files, 100);
    let rows = |query: Query| found(&index, &query).into_iter().map(|(_, row)| row).collect::<Vec<_>>();
    assert_eq!(rows(Query::with(&["味道"]).unwrap()), [0]);
    assert_eq!(rows(Query::with(&["味道"]).unwrap().heard(Heard::Others)), [0, 1]);
    assert_eq!(rows(Query::with(&["味道"]).unwrap().heard(Heard::All)), [0, 1]);
    assert_eq!(rows(Query::with(&["没有味道", "亲"]).unwrap().heard(Heard::Others)), [0]);
    assert_eq!(rows(Query::with(&["亲"]).unwrap().without(&["味道"]).unwrap().heard(Heard::Others)), [2]);
    assert_eq!(rows(Query::with::<&str>(&[]).unwrap()), [0, 1, 2]);
    assert_eq!(rows(Query::with::<&str>(&[]).unwrap().without(&["吗"]).unwrap()), [2]);
    assert_eq!(Query::with(&[" * "]).unwrap_err().code(), "query");
    let letters = Query::with(&["|abc"]).unwrap();
    assert_eq!(index.matching(&letters).unwrap_err().code(), "query");
    // What is highlighted, in the original.
    let text = "味  道！有點味道，味道 PILLS pill";
    let folded = Folded::new(text);
    let query = Query::with(&["味道", "pill*"]).unwrap();
    let shown: Vec<_> = query.spans(&folded.text).into_iter().map(|span| folded.back(span).of(text)).collect();
    assert_eq!(shown, ["味  道", "味道", "味道", "PILLS", "pill"]);
}

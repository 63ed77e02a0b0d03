//! What is looked for: phrases written like the keywords of a taxonomy, all of which must be there.

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query as TantivyQuery, RegexPhraseQuery, RegexQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::shard::Fields;
use super::tokens::{STOP_LEFT, STOP_RIGHT, Walk};
use crate::error::{Error, Result};
use crate::said;
use crate::taxonomy::{Edges, Keyword};
use crate::text::script::{is_han, is_letter};
use crate::words::{Span, called, keyed};

/// Whose words are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Heard {
    /// The customer's: what categories are counted by.
    #[default]
    Buyer,
    /// The shop's and the platform's.
    Others,
    /// Everybody's.
    All,
}

keyed!(Heard { Buyer = "buyer", Others = "others", All = "all" });

called!(Heard {
    Buyer: "顾客", "买家", "客户", "customer";
    Others: "别人", "客服", "商家", "agent";
    All: "全部", "所有";
});

/// Phrases that must be there and phrases that must not. Without any phrase it is every record.
#[derive(Clone, Debug, Default)]
pub struct Query {
    with: Vec<Keyword>,
    without: Vec<Keyword>,
    heard: Heard,
}

impl Query {
    /// Records that hold all of these phrases. A phrase is written like a keyword: a Latin word at its end
    /// is whole unless a `*` opens it; `|` asks that nothing readable stands beside a Han character.
    pub fn with<S: AsRef<str>>(phrases: &[S]) -> Result<Query> {
        Ok(Query { with: parse(phrases)?, ..Query::default() })
    }

    /// And none of these.
    pub fn without<S: AsRef<str>>(mut self, phrases: &[S]) -> Result<Query> {
        self.without = parse(phrases)?;
        Ok(self)
    }

    /// In the words of these.
    pub fn heard(mut self, heard: Heard) -> Query {
        self.heard = heard;
        self
    }

    /// Whose words are searched.
    pub fn who(&self) -> Heard {
        self.heard
    }

    /// Where the phrases stand in a folded text, in order and without overlaps: what a quote highlights.
    pub fn spans(&self, folded: &str) -> Vec<Span> {
        let mut found: Vec<Span> = self.with.iter().flat_map(|phrase| spans(phrase, folded)).collect();
        found.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        found.retain(|span| {
            span.start >= end && {
                end = span.end;
                true
            }
        });
        found
    }

    pub(super) fn for_fields(&self, fields: &Fields) -> Result<Box<dyn TantivyQuery>> {
        let part = |phrase: &Keyword| -> Result<Box<dyn TantivyQuery>> {
            Ok(match self.heard {
                Heard::Buyer => in_field(phrase, fields.buyer)?,
                Heard::Others => in_field(phrase, fields.others)?,
                Heard::All => Box::new(BooleanQuery::union(vec![
                    in_field(phrase, fields.buyer)?,
                    in_field(phrase, fields.others)?,
                ])),
            })
        };
        if let ([phrase], []) = (self.with.as_slice(), self.without.as_slice()) {
            return part(phrase);
        }
        let mut parts: Vec<(Occur, Box<dyn TantivyQuery>)> = Vec::new();
        for phrase in &self.with {
            parts.push((Occur::Must, part(phrase)?));
        }
        if parts.is_empty() {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        for phrase in &self.without {
            parts.push((Occur::MustNot, part(phrase)?));
        }
        Ok(Box::new(BooleanQuery::new(parts)))
    }
}

fn parse<S: AsRef<str>>(phrases: &[S]) -> Result<Vec<Keyword>> {
    let nothing = || {
        Error::new("query", said!("要找的词里没有可以找的字", "there is nothing to look for in the phrase"))
            .help(said!("例如：earful search 有味道", "for example: earful search \"runs small\""))
    };
    phrases.iter().map(|phrase| Keyword::parse(phrase.as_ref(), Span::new(0, 0)).ok_or_else(nothing)).collect()
}

/// One token of a phrase: the term, or a pattern of terms if a `*` opens it.
enum Part {
    Term(String),
    Pattern(String),
}

fn in_field(phrase: &Keyword, field: Field) -> Result<Box<dyn TantivyQuery>> {
    let parts = parts(phrase)?;
    let term = |text: &str| Term::from_field_text(field, text);
    let broken = |err: tantivy::TantivyError| {
        Error::new("query", said!("这个词太宽泛，无法查找", "the phrase is too wide to look for")).cause(err)
    };
    let exact: Option<Vec<(usize, Term)>> = parts
        .iter()
        .map(|(place, part)| match part {
            Part::Term(text) => Some((*place, term(text))),
            Part::Pattern(_) => None,
        })
        .collect();
    Ok(match (exact, parts.as_slice()) {
        (_, []) => Box::new(EmptyQuery),
        (Some(terms), [(_, Part::Term(_))]) => {
            Box::new(TermQuery::new(terms[0].1.clone(), IndexRecordOption::WithFreqs))
        }
        (Some(terms), _) => Box::new(PhraseQuery::new_with_offset(terms)),
        (None, [(_, Part::Pattern(pattern))]) => Box::new(RegexQuery::from_pattern(pattern, field).map_err(broken)?),
        (None, _) => {
            let patterns = parts.iter().map(|(place, part)| match part {
                Part::Term(text) => (*place, escape(text)),
                Part::Pattern(pattern) => (*place, pattern.clone()),
            });
            Box::new(RegexPhraseQuery::new_with_offset(field, patterns.collect()))
        }
    })
}

/// The tokens of a phrase and their places, from 0.
fn parts(phrase: &Keyword) -> Result<Vec<(usize, Part)>> {
    let (text, edges) = (phrase.folded.trim(), phrase.edges.0);
    let pieces: Vec<_> = Walk::new(text).collect();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Ok(Vec::new()) };
    let stops = [(Edges::STOP_LEFT, first.start), (Edges::STOP_RIGHT, last.start)];
    if stops.iter().any(|(edge, at)| edges & edge != 0 && !text[*at..].starts_with(is_han)) {
        return Err(Error::new("query", said!("“|”只能写在汉字旁边", "\"|\" can only stand beside a Han character")));
    }
    let mut parts = Vec::new();
    // Where the run of Han characters that is being passed began; every second pair of it is enough.
    let mut run = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let (first_of_run, last_of_all) = (at == 0 || pieces[at - 1].pair_end.is_none(), at + 1 == pieces.len());
        run = if first_of_run { at } else { run };
        let part = match piece.pair_end {
            Some(end) => {
                let last_pair = pieces[at + 1].pair_end.is_none();
                ((at - run) % 2 == 0 || last_pair).then(|| Part::Term(text[piece.start..end].to_string()))
            }
            None if piece.han && !first_of_run => None,
            None => Some(single(&text[piece.start..piece.end], piece.han, edges, at == 0, last_of_all)),
        };
        parts.extend(part.map(|part| ((piece.place - first.place) as usize, part)));
    }
    if edges & Edges::STOP_LEFT != 0 {
        parts.push((0, Part::Term(STOP_LEFT.to_string())));
    }
    if edges & Edges::STOP_RIGHT != 0 {
        parts.push(((last.place - first.place) as usize, Part::Term(STOP_RIGHT.to_string())));
    }
    Ok(parts)
}

/// A token that is no pair, with what a `*` or the rest of the text may add at the ends of the phrase.
fn single(word: &str, han: bool, edges: u8, first: bool, last: bool) -> Part {
    let letters = word.starts_with(is_letter);
    let open_left = first && letters && edges & Edges::WORD_LEFT == 0;
    let open_right = last && (han || (letters && edges & Edges::WORD_RIGHT == 0));
    match (open_left, open_right) {
        (false, false) => Part::Term(word.to_string()),
        (left, right) => {
            let any = |open: bool| if open { ".*" } else { "" };
            Part::Pattern(format!("{}{}{}", any(left), escape(word), any(right)))
        }
    }
}

/// A pattern that matches just this text.
fn escape(text: &str) -> String {
    regex::escape(text)
}

/// Where a phrase stands in a folded text, by the rule that the classifier goes by.
fn spans(phrase: &Keyword, folded: &str) -> Vec<Span> {
    let edges = phrase.edges.0;
    let mut found = Vec::new();
    let (text, letter) = (phrase.folded.trim(), |c: Option<char>| c.is_some_and(is_letter));
    let mut from = 0;
    while let Some(at) = folded[from..].find(text) {
        let (start, mut end) = (from + at, from + at + text.len());
        from = start + folded[start..].chars().next().map_or(1, char::len_utf8);
        let before = folded[..start].chars().next_back();
        let after = folded[end..].chars().next();
        let han = |c: Option<char>| c.is_some_and(is_han);
        let wrong = (edges & Edges::WORD_LEFT != 0 && letter(before))
            || (edges & Edges::WORD_RIGHT != 0 && letter(after))
            || (edges & Edges::STOP_LEFT != 0 && (letter(before) || han(before)))
            || (edges & Edges::STOP_RIGHT != 0 && (letter(after) || han(after)));
        if !wrong {
            // An opened end takes the rest of the word with it.
            if text.ends_with(is_letter) {
                end += folded[end..].chars().take_while(|c| is_letter(*c)).map(char::len_utf8).sum::<usize>();
            }
            found.push(Span::new(start, end));
        }
    }
    found
}

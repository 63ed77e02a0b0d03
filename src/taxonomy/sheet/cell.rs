//! What stands in a cell: several words, or lists of words that must stand together (`快递、物流 … 慢、迟 (8)`).

use crate::said;
use crate::words::{Lang, Said};

/// Width at which the words of a list go on in the next row: what a spreadsheet shows of one row.
const WIDE: usize = 600;
/// Width up to which lists that stand together are written on one line.
const LINE: usize = 60;
/// What parts words, whoever typed it.
const PARTS: [char; 7] = ['、', '，', ',', '；', ';', '\n', '\r'];

/// How the lists of a cell hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `…`: close together, in any order.
    Near,
    /// `→`: close together, in this order.
    Then,
    /// `+`: anywhere in the scope.
    All,
}

impl Join {
    fn sign(self) -> &'static str {
        match self {
            Join::Near => "…",
            Join::Then => "→",
            Join::All => "+",
        }
    }
}

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Lists of words; one, if nothing joins them.
    pub lists: Vec<Vec<String>>,
    /// What joins them.
    pub join: Option<Join>,
    /// How far apart they may stand, if it says so.
    pub within: Option<u32>,
}

/// The words of a list as cells of rows one below the other; none for no words.
pub fn list(words: &[String], lang: Lang) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for word in words.iter().map(|word| quoted(word)) {
        let part = lang.of("、", ", ");
        match cells.last_mut().filter(|cell| width(cell) + width(&word) < WIDE) {
            Some(cell) => cell.push_str(&format!("{part}{word}")),
            None => cells.push(word),
        }
    }
    cells
}

/// Lists that hang together as one cell.
pub fn joined(lists: &[Vec<String>], join: Join, within: Option<u32>, lang: Lang) -> String {
    let part = lang.of("、", ", ");
    let lists: Vec<String> = lists.iter().map(|l| l.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(part)).collect();
    let short = lists.iter().map(|l| width(l) + 3).sum::<usize>() <= LINE;
    let sign = join.sign();
    let cell = lists.join(&if short { format!(" {sign} ") } else { format!("\n{sign} ") });
    within.map_or(cell.clone(), |within| format!("{cell} ({within})"))
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// A word as it stands in a cell: in quotes if something in it would be read as more than a word.
pub fn quoted(word: &str) -> String {
    let signs = ["…", "⋯", "...", "→", "->", "=>", "+", "＋"];
    let plain = word == word.trim()
        && !word.is_empty()
        && !word.contains(PARTS)
        && !signs.iter().any(|sign| word.contains(sign))
        && !word.starts_with(['"', '“'])
        && !word.ends_with([')', '）']);
    if plain { word.to_string() } else { format!("\"{}\"", word.replace('"', "\"\"")) }
}

/// Reads a cell. `joins` are the signs that mean something there; what cannot be read is told.
pub fn parse(cell: &str, joins: &[Join]) -> Result<Content, Said> {
    let mut reader = Reader { rest: cell, lists: vec![Vec::new()], word: None, join: None, joins };
    while reader.step()? {}
    reader.end_word();
    let Reader { mut lists, join, .. } = reader;
    let mut within = None;
    if join.is_some_and(|join| join != Join::All)
        && let Some(word) = lists.last_mut().and_then(Vec::pop)
    {
        let (rest, number) = distance(&word);
        within = number;
        lists.last_mut().expect("there is one").extend(rest);
    }
    if join.is_some() && lists.iter().any(Vec::is_empty) {
        return Err(said!(
            "… → + 的两边都要有词；词里面本来就有这些符号，就用英文引号包住整个词",
            "words must stand on both sides of … → +; put a word that holds such a sign in quotes"
        ));
    }
    let lists = lists.into_iter().map(|list| list.into_iter().map(|(word, _)| word).collect()).collect();
    Ok(Content { lists, join, within })
}

/// A word, and whether it stood in quotes.
type Word = (String, bool);

/// The distance at the end of the last word, in round brackets, and what is left of the word.
fn distance(word: &Word) -> (Option<Word>, Option<u32>) {
    let found = || {
        let inner = word.0.strip_suffix([')', '）'])?;
        let (rest, number) = inner.rsplit_once(['(', '（'])?;
        Some((rest.trim().to_string(), number.trim().parse().ok()?))
    };
    match found().filter(|_| !word.1) {
        Some((rest, number)) => (Some((rest, false)).filter(|(rest, _)| !rest.is_empty()), Some(number)),
        None => (Some(word.clone()), None),
    }
}

struct Reader<'a> {
    rest: &'a str,
    lists: Vec<Vec<Word>>,
    /// The word that is being read.
    word: Option<Word>,
    join: Option<Join>,
    joins: &'a [Join],
}

impl Reader<'_> {
    /// Reads one sign; false at the end.
    fn step(&mut self) -> Result<bool, Said> {
        let Some(first) = self.rest.chars().next() else { return Ok(false) };
        if let Some((join, len)) = self.sign() {
            self.end_word();
            if self.join.is_some_and(|before| before != join) {
                return Err(said!(
                    "一格里只能用一种：… 是不论先后，→ 是按这个先后",
                    "only one of them in a cell: … is in any order, → in this order"
                ));
            }
            self.join = Some(join);
            self.lists.push(Vec::new());
            self.rest = &self.rest[len..];
        } else if PARTS.contains(&first) {
            self.end_word();
            self.rest = &self.rest[first.len_utf8()..];
        } else if matches!(first, '"' | '“') && self.word.as_ref().is_none_or(|(word, _)| word.trim().is_empty()) {
            self.quote(first)?;
        } else {
            let (word, quoted) = self.word.get_or_insert_default();
            if *quoted && !first.is_whitespace() && !matches!(first, '(' | '（') {
                return Err(unclosed());
            }
            if *quoted && matches!(first, '(' | '（') {
                // A distance after a word in quotes.
                self.end_word();
                return Ok(true);
            }
            if !*quoted {
                word.push(first);
            }
            self.rest = &self.rest[first.len_utf8()..];
        }
        Ok(true)
    }

    /// Reads a word in quotes; a quote within it is doubled.
    fn quote(&mut self, open: char) -> Result<(), Said> {
        let close = if open == '“' { '”' } else { '"' };
        let mut word = String::new();
        let mut rest = self.rest[open.len_utf8()..].chars();
        loop {
            match rest.next().ok_or_else(unclosed)? {
                c if c != close => word.push(c),
                c if rest.as_str().starts_with(close) => {
                    word.push(c);
                    rest.next();
                }
                _ => break,
            }
        }
        self.word = Some((word, true));
        self.rest = rest.as_str();
        Ok(())
    }

    /// The sign that stands here, and its length.
    fn sign(&self) -> Option<(Join, usize)> {
        let dots = |c: char| self.rest.len() - self.rest.trim_start_matches(c).len();
        let found = match self.rest.chars().next()? {
            c @ ('…' | '⋯') => (Join::Near, dots(c)),
            '.' if self.rest.starts_with("...") => (Join::Near, dots('.')),
            '→' => (Join::Then, '→'.len_utf8()),
            '-' | '=' if self.rest[1..].starts_with('>') => (Join::Then, 2),
            c @ ('+' | '＋') => (Join::All, c.len_utf8()),
            _ => return None,
        };
        self.joins.contains(&found.0).then_some(found)
    }

    fn end_word(&mut self) {
        let Some((word, quoted)) = self.word.take() else { return };
        let word = if quoted { word } else { word.trim().to_string() };
        if quoted || !word.is_empty() {
            self.lists.last_mut().expect("there is one").push((word, quoted));
        }
    }
}

fn unclosed() -> Said {
    said!("引号没有成对，或引号后面没有用“、”隔开", "a quote is not closed, or no comma stands after it")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Join; 2] = [Join::Near, Join::Then];

    fn words(lists: &[&[&str]]) -> Vec<Vec<String>> {
        lists.iter().map(|l| l.iter().map(|w| w.to_string()).collect()).collect()
    }

    #[test]
    fn words_are_parted_as_people_part_them() {
        for (cell, lists, join, within) in [
            ("异味、臭味", &[&["异味", "臭味"][..]][..], None, None),
            (" 异味 ，臭味; too big,\r\n怪味\n、", &[&["异味", "臭味", "too big", "怪味"]], None, None),
            ("慢 (8)", &[&["慢 (8)"]], None, None),
            ("\"震，\"、“a, b” , \"say \"\"hi\"\"\"", &[&["震，", "a, b", "say \"hi\""]], None, None),
            ("快递、物流 … 慢 (8)", &[&["快递", "物流"], &["慢"]], Some(Join::Near), Some(8)),
            ("快递……慢（8）", &[&["快递"], &["慢"]], Some(Join::Near), Some(8)),
            ("味道\n→ 没有\n-> 大, 重\n(5)", &[&["味道"], &["没有"], &["大", "重"]], Some(Join::Then), Some(5)),
            ("a...b", &[&["a"], &["b"]], Some(Join::Near), None),
            ("a → \"b (2)\"", &[&["a"], &["b (2)"]], Some(Join::Then), None),
            ("a → \"b)\" (3)", &[&["a"], &["b)"]], Some(Join::Then), Some(3)),
            ("1+1、@tastes、|无", &[&["1+1", "@tastes", "|无"]], None, None),
        ] {
            let found = parse(cell, &BOTH).unwrap_or_else(|e| panic!("{cell}: {e:?}"));
            assert_eq!(found, Content { lists: words(lists), join, within }, "{cell}");
        }
        assert_eq!(parse("擦、涂 + 脸", &[Join::All]).unwrap().lists, words(&[&["擦", "涂"], &["脸"]]));
        for cell in ["唉……", "→ 慢", "a … b → c", "a … … b", "\"a", "\"a\"b", "a → (3)"] {
            assert!(parse(cell, &BOTH).is_err(), "{cell}");
        }
    }

    #[test]
    fn whatever_is_written_is_read_again() {
        let odd = [
            "震，", "a, b", "+清爽", "\"q\"", "“q”", " a ", "唉…", "a->b", "(x)", "…", "\"", "a\nb", "，", "@x", "=1",
            "'",
        ];
        let odd: Vec<String> = odd.iter().map(|w| w.to_string()).collect();
        for lang in [Lang::Zh, Lang::En] {
            let cells = list(&odd, lang);
            assert_eq!(parse(&cells[0], &BOTH).unwrap().lists.concat(), odd);
            for (join, within) in [(Join::Near, Some(6)), (Join::Then, Some(0)), (Join::All, None)] {
                let lists = vec![odd.clone(), vec!["b (3)".to_string()]];
                let cell = joined(&lists, join, within, lang);
                assert_eq!(parse(&cell, &[join]).unwrap(), Content { lists, join: Some(join), within }, "{cell}");
            }
        }
        let many: Vec<String> = (0..500).map(|i| format!("word {i}")).collect();
        let cells = list(&many, Lang::En);
        let read: Vec<String> = cells.iter().flat_map(|c| parse(c, &BOTH).unwrap().lists.concat()).collect();
        assert!(cells.len() > 5 && read == many);
    }
}

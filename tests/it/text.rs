//! Text: folding is one function with two ways of running it, and leads back to the original.

use earful::text::{Clause, Folded, fold, fold_into, split};
use earful::words::Span;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use proptest::prelude::*;

/// Text with what folding has to look at: Han, traditional, wide, runs, spaces, marks, contractions.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[好大小的了不很吗買裝麼顏]{1,4}",
        2 => "[a-zA-Z0-9]{1,6}",
        2 => "[ \u{3000}\n\t]{1,3}",
        2 => "[，。！？、；：,.!?~…—-]{1,4}",
        1 => "( ?[nNｎ][ \u{200b}]{0,2}['’´][ \u{200b}]{0,2}[tｔ])|( ?['’][ \u{200b}]{0,2}s)",
        1 => "[①㎏½ﬁＡｂ１ÀéÉİß\u{301}\u{200b}\u{fe0f}😡👍🏻ぁカ한\u{AD}]{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A letter or digit, but for those drawn as pictures, which end a clause (❶).
fn readable(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F000}'..='\u{1FAFF}')
}

proptest! {
    #![proptest_config(crate::cases(2000))]

    #[test]
    fn both_ways_of_folding_agree(text in texts()) {
        let (mut out, mut soft) = (String::new(), Vec::new());
        fold_into(&text, &mut out, &mut soft);
        let folded = Folded::new(&text);
        prop_assert_eq!(&folded.text, &out);
        prop_assert_eq!(&folded.soft, &soft);
        prop_assert!(soft.windows(2).all(|w| w[0] < w[1]));
        prop_assert!(soft.iter().all(|at| out.is_char_boundary(*at as usize) && (*at as usize) < out.len()));
    }

    #[test]
    fn folding_twice_changes_nothing(text in texts()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn every_folded_character_leads_back(text in texts()) {
        let folded = Folded::new(&text);
        let mut last = 0;
        for (at, c) in folded.text.char_indices() {
            let back = folded.back(Span::new(at, at + c.len_utf8()));
            let quote = text.get(back.start as usize..back.end as usize);
            prop_assert!(quote.is_some_and(|q| !q.is_empty()), "{:?} of {:?}", c, text);
            prop_assert!(back.start >= last);
            last = back.start;
        }
    }

    #[test]
    fn clauses_stand_in_order_and_leave_out_nothing_readable(text in texts()) {
        let (mut folded, mut soft, mut clauses) = (String::new(), Vec::new(), Vec::new());
        fold_into(&text, &mut folded, &mut soft);
        split(&folded, &soft, &mut clauses);
        let mut at = 0;
        for Clause { start, end, .. } in &clauses {
            let (start, end) = (*start as usize, *end as usize);
            prop_assert!(at <= start && start < end);
            prop_assert!(!folded[at..start].chars().any(readable), "{:?}", folded);
            at = end;
        }
        prop_assert!(!folded[at..].chars().any(readable), "{:?}", folded);
        prop_assert!(clauses.windows(2).all(|w| w[0].sentence <= w[1].sentence));
    }
}

#[test]
fn the_table_of_simplified_characters_is_what_opencc_says() {
    let table = include_str!("../../src/text/simplified.txt");
    let opencc = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
    let mut expected = String::new();
    for c in ('\u{3400}'..='\u{9FFF}').chain('\u{F900}'..='\u{FAFF}') {
        let to = opencc.convert(&c.to_string());
        let mut chars = to.chars();
        if let (Some(one), None) = (chars.next(), chars.next())
            && one != c
            && one <= '\u{FFFF}'
            && c < '\u{F900}'
        {
            expected.push(c);
            expected.push(one);
        }
    }
    let found: String = table.chars().filter(|c| *c != '\n').collect();
    assert_eq!(found, expected, "write the characters of the expected text to src/text/simplified.txt");
}

//! In which stage a customer writes: before buying, while it is on its way, or after.
//!
//! Orders and their times decide where they are known; else an order that the conversation refers to; else the
//! customer's own words. The reason is always told.

use std::sync::LazyLock;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use serde::Deserialize;

use crate::said;
use crate::text::fold;
use crate::words::{Moment, Said, Speaker, Stage, Stance, Turn, TurnKind, TurnView};

/// Seconds from an order after which what was bought has arrived, if nobody says otherwise: seven days.
const ARRIVES_WITHIN: i64 = 7 * 86_400;
/// Only the first of a customer's messages are read: what a conversation is about is said early.
const MESSAGES: usize = 12;
/// How a link or card of a product begins or looks; an order's card names an order instead.
const PAGES: &[&str] =
    &["[链接", "[商品", "[宝贝", "item.", "detail.", "/item", "/goods", "/product", "/dp/", "/shop/product"];
/// A word for the time before buying that weighs more than this says that nothing is bought yet.
const UNDECIDED: u32 = 3;

/// Why a conversation has its stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// The customer's first order came later.
    OrderedLater,
    /// The customer had ordered so many days before.
    OrderedBefore(i32),
    /// The conversation names an order.
    NamesOrder,
    /// This word of the customer, as a byte range of the turn's text is not needed: the folded word itself.
    Word(&'static str),
    /// The customer began with the page of a product, and names no order.
    FromPage,
    /// The taxonomy finds a complaint of what came, or of the way it came.
    Complains,
    /// The taxonomy finds a question about the thing or its price.
    Asks,
    /// The taxonomy finds a reason for not buying.
    Leaves,
    /// Nothing tells.
    Nothing,
}

impl Why {
    /// The reason as a sentence.
    pub fn said(self) -> Said {
        match self {
            Why::OrderedLater => Said::new("之后才下单", "ordered later"),
            Why::OrderedBefore(days) => said!("下单后第 {days} 天", "{days} days after the order", days = days),
            Why::NamesOrder => Said::new("提到订单", "names an order"),
            Why::Word(word) => said!("说到“{word}”", "says \"{word}\"", word = word),
            Why::FromPage => Said::new("从商品页进来，没提订单", "came from a product's page, names no order"),
            Why::Complains => Said::new("抱怨的是收到的东西或物流", "complains of what came"),
            Why::Asks => Said::new("问的是商品或价格", "asks about the product or its price"),
            Why::Leaves => Said::new("说了不买的原因", "gives a reason for not buying"),
            Why::Nothing => Said::new("没有线索", "nothing tells"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    presale: Vec<Words>,
    delivery: Vec<Words>,
    aftersale: Vec<Words>,
    order: Vec<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    weight: u32,
    words: Vec<String>,
}

/// What a cue word speaks for.
#[derive(Clone, Copy)]
struct Cue {
    stage: Stage,
    weight: u32,
    word: &'static str,
}

struct Cues {
    automaton: CharwiseDoubleArrayAhoCorasick<u32>,
    cues: Vec<Cue>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../packs/stage.toml")).expect("a test reads the bundled cues");
    let mut cues: Vec<(String, Cue)> = Vec::new();
    let lists = [
        (Stage::Presale, file.presale),
        (Stage::Delivery, file.delivery),
        (Stage::Aftersale, file.aftersale),
        (Stage::Unknown, file.order),
    ];
    for (stage, lists) in lists {
        for Words { weight, words } in lists {
            for word in words {
                let folded = fold(&word);
                // Read once for the life of the program.
                let word: &'static str = Box::leak(word.into_boxed_str());
                if cues.iter().all(|(known, _)| *known != folded) {
                    cues.push((folded, Cue { stage, weight, word }));
                }
            }
        }
    }
    let patterns = cues.iter().zip(0u32..).map(|((word, _), at)| (word.as_str(), at));
    let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostLongest)
        .build_with_values(patterns)
        .expect("the words are not empty and each stands once");
    Cues { automaton, cues: cues.into_iter().map(|(_, cue)| cue).collect() }
});

/// What is known of a conversation beside its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The conversation refers to an order.
    pub names_order: bool,
    /// When the customer ordered, earliest first.
    pub orders: &'a [Moment],
    /// When the conversation began.
    pub began: Option<Moment>,
}

/// The stage of a conversation, and why.
pub fn stage(turns: &[Turn], known: Known<'_>) -> (Stage, Why) {
    let words = Heard::of(turns.iter().map(|t| TurnView { speaker: t.speaker, kind: t.kind, text: &t.text }));
    let before =
        known.began.and_then(|began| known.orders.iter().rev().find(|at| **at <= began).map(|at| began.0 - at.0));
    if let Some(seconds) = before {
        let days = (seconds / 86_400) as i32;
        // What customers say decides between the two stages behind an order; else the days do.
        let stage = match words.best_after_order() {
            Some(stage) => stage,
            None if seconds <= ARRIVES_WITHIN => Stage::Delivery,
            None => Stage::Aftersale,
        };
        let fresh_question =
            words.weight(Stage::Presale) > words.weight(Stage::Delivery) + words.weight(Stage::Aftersale);
        if !(fresh_question && seconds > ARRIVES_WITHIN) {
            return (stage, Why::OrderedBefore(days));
        }
    }
    let later = known.began.is_some_and(|began| known.orders.iter().any(|at| *at > began));
    if later && words.weight(Stage::Aftersale) < 3 && words.weight(Stage::Delivery) < 3 {
        return (Stage::Presale, Why::OrderedLater);
    }
    if words.is_undecided() {
        return (Stage::Presale, Why::Word(words.word(Stage::Presale)));
    }
    if known.names_order || words.names_order {
        return (words.best_after_order().unwrap_or(Stage::Delivery), Why::NamesOrder);
    }
    match words.best() {
        Some((stage, word)) => (stage, Why::Word(word)),
        None => (Stage::Unknown, if words.from_page { Why::FromPage } else { Why::Nothing }),
    }
}

/// The stage that the customer's words alone tell: what a rule of the taxonomy may ask for, since labels hang on
/// text and nothing else.
pub fn of_words(turns: &[TurnView<'_>]) -> Stage {
    let words = Heard::of(turns.iter().copied());
    if words.is_undecided() {
        return Stage::Presale;
    }
    if words.names_order {
        return words.best_after_order().unwrap_or(Stage::Delivery);
    }
    words.best().map_or(Stage::Unknown, |(stage, _)| stage)
}

/// The stage that the labels of a conversation tell where its words alone tell none: ids of categories, each with
/// its stance. Where they tell none either, who came from a product's page has not bought.
pub fn of_labels<'l>(labels: impl Iterator<Item = (&'l str, Stance)>, why: Why) -> (Stage, Why) {
    let told = labels.filter_map(|(id, stance)| match (id.split_once('/')?.0, stance) {
        ("lost", _) => Some((0, Stage::Presale, Why::Leaves)),
        ("fulfilment", Stance::Complaint) if id == "fulfilment/shipping" => Some((2, Stage::Delivery, Why::Complains)),
        ("product" | "gift" | "fulfilment", Stance::Complaint) => Some((1, Stage::Aftersale, Why::Complains)),
        ("product" | "price" | "people", Stance::Question) => Some((3, Stage::Presale, Why::Asks)),
        _ => None,
    });
    let unknown = if why == Why::FromPage { Stage::Presale } else { Stage::Unknown };
    told.min_by_key(|(rank, ..)| *rank).map_or((unknown, why), |(_, stage, why)| (stage, why))
}

/// The weight of what was said for each stage, and the first word that decides for it.
#[derive(Default)]
struct Heard {
    weights: [u32; 3],
    words: [Option<(u32, &'static str)>; 3],
    names_order: bool,
    /// The first message with a telling word.
    first: Option<usize>,
    /// The customer says in so many words that nothing is bought yet.
    undecided: bool,
    /// The customer began with the link or card of a product.
    from_page: bool,
}

impl Heard {
    fn of<'t>(turns: impl Iterator<Item = TurnView<'t>>) -> Heard {
        let cues = &*CUES;
        let mut heard = Heard::default();
        let said = turns.filter(|t| t.speaker == Speaker::Buyer && t.kind != TurnKind::Recalled);
        for (at, turn) in said.take(MESSAGES).enumerate() {
            let folded = fold(turn.text);
            heard.from_page |= at < 2 && PAGES.iter().any(|page| folded.contains(page));
            let mut said: Vec<u32> = Vec::new();
            for hit in cues.automaton.leftmost_find_iter(&folded) {
                let cue = cues.cues[hit.value() as usize];
                if cue.weight == 0 || said.contains(&hit.value()) {
                    continue;
                }
                said.push(hit.value());
                let place = match cue.stage {
                    Stage::Unknown => {
                        heard.names_order = true;
                        continue;
                    }
                    stage => stage as usize,
                };
                // What is said first weighs more: it is what the conversation is about.
                let first = *heard.first.get_or_insert(at);
                let times = if at == first { 3 } else { 1 + u32::from(at < 3) };
                let weight = if turn.kind == TurnKind::Card { 0 } else { cue.weight * times };
                heard.weights[place] += weight;
                heard.undecided |= cue.stage == Stage::Presale && cue.weight > UNDECIDED && weight > 0;
                if weight > 0 && heard.words[place].is_none_or(|(known, _)| known < cue.weight) {
                    heard.words[place] = Some((cue.weight, cue.word));
                }
            }
        }
        heard
    }

    fn weight(&self, stage: Stage) -> u32 {
        self.weights.get(stage as usize).copied().unwrap_or(0)
    }

    fn word(&self, stage: Stage) -> &'static str {
        self.words.get(stage as usize).copied().flatten().map_or("", |(_, word)| word)
    }

    /// True if the customer says that nothing is bought yet, and what speaks for it is at least half of what speaks
    /// for a later stage.
    fn is_undecided(&self) -> bool {
        let later = self.weight(Stage::Delivery).max(self.weight(Stage::Aftersale));
        self.undecided && 2 * self.weight(Stage::Presale) >= later
    }

    fn best_after_order(&self) -> Option<Stage> {
        let (delivery, after) = (self.weight(Stage::Delivery), self.weight(Stage::Aftersale));
        match delivery.cmp(&after) {
            std::cmp::Ordering::Greater => Some(Stage::Delivery),
            std::cmp::Ordering::Less => Some(Stage::Aftersale),
            std::cmp::Ordering::Equal => (after > 0).then_some(Stage::Aftersale),
        }
    }

    fn best(&self) -> Option<(Stage, &'static str)> {
        let heaviest = *self.weights.iter().max()?;
        // On a tie the later stage: who has the thing in hand asks about it, too.
        let place = (0..3).rev().find(|at| self.weights[*at] == heaviest && heaviest > 0)?;
        Some((Stage::ALL[place], self.words[place]?.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_decide_before_words_and_words_before_nothing() {
        let turn = |text: &str| Turn {
            speaker: Speaker::Buyer,
            kind: TurnKind::Said,
            time: Some(Moment(1_000_000)),
            agent: None,
            text: text.to_string(),
        };
        let day = 86_400;
        let began = Moment(100 * day);
        for (text, names_order, orders, expect) in [
            ("穿几码合适", false, vec![], (Stage::Presale, Why::Word("穿几码"))),
            ("快递到哪了", false, vec![], (Stage::Delivery, Why::Word("快递到哪"))),
            ("收到了，有股味道，能退吗", false, vec![], (Stage::Aftersale, Why::Word("收到了"))),
            ("在吗", false, vec![], (Stage::Unknown, Why::Nothing)),
            ("在吗", true, vec![], (Stage::Delivery, Why::NamesOrder)),
            ("破了怎么办", true, vec![], (Stage::Aftersale, Why::NamesOrder)),
            ("在吗", false, vec![Moment(101 * day)], (Stage::Presale, Why::OrderedLater)),
            ("在吗", false, vec![Moment(98 * day)], (Stage::Delivery, Why::OrderedBefore(2))),
            ("在吗", false, vec![Moment(80 * day)], (Stage::Aftersale, Why::OrderedBefore(20))),
            ("有没有货，想买", false, vec![Moment(50 * day)], (Stage::Presale, Why::Word("想买"))),
            ("显示已签收，我没收到货", false, vec![], (Stage::Delivery, Why::Word("显示已签收"))),
            ("不用了，谢谢", false, vec![], (Stage::Unknown, Why::Nothing)),
            ("我想先咨询一下，坏了给退货吗", false, vec![], (Stage::Presale, Why::Word("先咨询"))),
            ("https://item.example.com/item.htm?id=1 在吗", false, vec![], (Stage::Unknown, Why::FromPage)),
            ("https://item.example.com/item.htm?id=1 在吗", true, vec![], (Stage::Delivery, Why::NamesOrder)),
            ("我买的什么时候发货", false, vec![], (Stage::Delivery, Why::Word("什么时候发货"))),
            ("Where is my order?", false, vec![], (Stage::Delivery, Why::Word("where is my order"))),
        ] {
            let known = Known { names_order, orders: &orders, began: Some(began) };
            assert_eq!(stage(&[turn(text)], known), expect, "{text}");
        }
    }
}

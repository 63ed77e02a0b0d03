//! Why a record has not a label: rule by rule, what failed, what killed it, and what would have to change.

use super::classifier::{Classifier, Scratch};
use super::compile::{Step, slot};
use super::operator::{self, OPERATORS, Operator, Places, Sight};
use super::scan::Item;
use crate::said;
use crate::taxonomy::{Cue, Keyword, Rule, Taxonomy};
use crate::text::{Folded, script};
use crate::words::Lang::{En, Zh};
use crate::words::{Kind, Said, Span, Speaker, Stance, View};

/// Most words that a hint names.
const SHOWN: usize = 6;

/// Why one rule gives no label, or another stance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// The rule, by its place among the category's rules.
    pub rule: usize,
    /// The stance of its block.
    pub stance: Stance,
    /// What happened to it.
    pub reason: Reason,
}

/// Words of a verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The turn, by its place in the record.
    pub turn: usize,
    /// Bytes of the verbatim.
    pub span: Span,
    /// What stands there.
    pub text: String,
}

/// What happened to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It holds, and gives this stance by these cues.
    Holds(Stance, Vec<(Cue, Quote)>),
    /// It names a topic only, and a rule with a side holds in the same clause.
    Yields(Quote),
    /// It listens to somebody who said nothing.
    Silent(Speaker),
    /// The record does not meet this condition of `only`.
    Record(&'static str),
    /// None of these words stands in the record: of this operator, list from 1.
    Missing(&'static str, usize, Vec<String>),
    /// The first word stands only inside the second: an `unless` or a longer keyword.
    Masked(Quote, Quote),
    /// The words stand too far apart, or in different clauses.
    Apart(&'static str, Quote, Quote),
    /// No pattern matches a clause.
    Pattern,
    /// Its operators hold, but not in the same clause, sentence or turn.
    Scattered,
    /// A word of `without` forbids it.
    Barred(Quote),
    /// A word of `without_record` forbids it, be it of the rule or at the head of its category or a net.
    Silenced(Quote),
    /// None of these categories has evidence there.
    Category(Vec<String>),
    /// It names a topic, and asks for an opinion that is not there.
    NoOpinion(Quote),
    /// Denied, and so withdrawn; or said of something else.
    Denied(Quote, Vec<(Cue, Quote)>),
    /// Praise that shares a place with a complaint of the category.
    Shared(Quote),
    /// Only named in a chat, or told of there: nobody asks about it, and nobody praises it.
    InChat(Quote),
}

impl Classifier {
    /// Goes through the rules of a category for one record, in the order of its file.
    pub fn why_not(&self, taxonomy: &Taxonomy, view: &View<'_>, category: usize) -> Vec<WhyNot> {
        let view = &self.staged(view);
        let mut scratch = Scratch::default();
        let (mut found, mut heard) = (Vec::new(), None);
        let steps = self.program().steps.iter().enumerate().filter(|(_, s)| usize::from(s.category) == category);
        for (number, step) in steps {
            let rule = usize::from(step.rule);
            let source = &taxonomy.categories()[category].rules[rule];
            if heard.replace(step.speaker) != Some(step.speaker) {
                self.hear(view, step.speaker, &mut scratch);
            }
            scratch.hits.deal(self.program(), &scratch.page, std::iter::once(step));
            let case = Case { view, scratch: &scratch, step, source, number: number as u32 };
            found.push(WhyNot { rule, stance: step.stance, reason: case.reason() });
        }
        found
    }
}

/// One rule and the record, heard.
struct Case<'a> {
    view: &'a View<'a>,
    scratch: &'a Scratch,
    step: &'a Step,
    source: &'a Rule,
    number: u32,
}

impl Case<'_> {
    fn reason(&self) -> Reason {
        let page = &self.scratch.page;
        if page.text.is_empty() || page.clauses.is_empty() {
            return Reason::Silent(self.step.speaker);
        }
        let kind = if self.scratch.talks { Kind::Chat } else { self.view.kind };
        let view = &View { kind, ..*self.view };
        if let Some(condition) =
            self.step.only.as_ref().and_then(|only| operator::refuses(only, view, || script::language(&page.text)))
        {
            return Reason::Record(condition);
        }
        let (mut items, mut apart) = (Vec::new(), Vec::new());
        self.scratch.hits.items(self.step, &mut items, &mut apart);
        let all = items.clone();
        operator::settle(&mut items);
        let sight = Sight { page, step: self.step, items: &items, clauses: u32::MAX };
        let mut places = Places::default();
        for operator in OPERATORS.iter().filter(|o| !(o.slots)(self.step).is_empty()) {
            if let Some(reason) = self.operand(operator, &all, &items) {
                return reason;
            }
            let mut own = Places::default();
            (operator.places)(&sight, &mut own);
            if own.ends.is_empty() {
                return self.apart(operator, &items);
            }
            if places.ends.is_empty() {
                places = own;
            } else {
                operator::keep(&mut places, |a| own.iter().any(|b| sight.unit(a[0]) == sight.unit(b[0])));
                if places.ends.is_empty() {
                    return Reason::Scattered;
                }
            }
        }
        let barred = places.iter().find_map(|parts| apart.iter().find(|b| sight.bars(**b, parts[0])));
        let free = places.iter().any(|parts| !apart.iter().any(|b| sight.bars(*b, parts[0])));
        match barred {
            Some(word) if !free && word.slot == slot::WITHOUT => Reason::Barred(self.quote(word.span())),
            Some(word) if !free => Reason::Silenced(self.quote(word.span())),
            _ => self.verdict(&places),
        }
    }

    /// Why an operand of an operator was not found, if it was not.
    fn operand(&self, operator: &Operator, all: &[Item], items: &[Item]) -> Option<Reason> {
        if operator.key == "pattern" {
            return None;
        }
        let slots = (operator.slots)(self.step);
        let missing = slots.clone().find(|slot| !items.iter().any(|i| i.slot == *slot))?;
        if let Some(item) = all.iter().find(|i| i.slot == missing) {
            let longer = |o: &&Item| o.span().covers(item.span()) && o.span().len() > item.span().len();
            if let Some(mask) = all.iter().find(longer) {
                return Some(Reason::Masked(self.quote(item.span()), self.quote(mask.span())));
            }
        }
        let list = usize::from(missing - slots.start);
        let words: &[Keyword] = match operator.key {
            "any" => &self.source.any,
            "near" => &self.source.near[list],
            "then" => &self.source.then[list],
            _ => &self.source.all[list],
        };
        let shown = words.iter().take(SHOWN).map(|k| k.written.to_string()).collect();
        Some(Reason::Missing(operator.key, list + 1, shown))
    }

    /// Why words that are all there do not make a place.
    fn apart(&self, operator: &Operator, items: &[Item]) -> Reason {
        if operator.key == "pattern" {
            return Reason::Pattern;
        }
        let slots = (operator.slots)(self.step);
        let of = |slot: u8| items.iter().filter(move |i| i.slot == slot);
        let pairs = slots.clone().skip(1).flat_map(|b| of(slots.start).flat_map(move |x| of(b).map(move |y| (x, y))));
        match pairs.min_by_key(|(x, y)| x.start.abs_diff(y.start)) {
            Some((x, y)) => Reason::Apart(operator.key, self.quote(x.span()), self.quote(y.span())),
            None => Reason::Scattered,
        }
    }

    /// What became of a rule whose operators hold.
    fn verdict(&self, places: &Places) -> Reason {
        let own = || self.scratch.found.iter().filter(|f| f.step == self.number);
        let place = places.iter().next().map(|parts| parts[0].span());
        let cues_of = |f: &super::classifier::Found| {
            let cues = &self.scratch.cues[f.cues.0 as usize..f.cues.1 as usize];
            cues.iter().map(|c| (c.cue, self.quote(Span { start: c.start, end: c.end }))).collect::<Vec<_>>()
        };
        if let Some((f, stance)) = own().find_map(|f| Some((f, f.stance?))) {
            return Reason::Holds(stance, cues_of(f));
        }
        if let Some(f) = own().next() {
            let quote = self.quote(self.scratch.parts[f.parts.0 as usize].span());
            let cues = cues_of(f);
            return match (self.step.opinion, cues.is_empty() && self.scratch.talks) {
                (true, _) => Reason::NoOpinion(quote),
                (_, true) => Reason::InChat(quote),
                _ if cues.is_empty() => Reason::Shared(quote),
                _ => Reason::Denied(quote, cues),
            };
        }
        match place {
            Some(place) if self.step.parents.is_empty() => Reason::Yields(self.quote(place)),
            _ => Reason::Category(self.source.category.clone()),
        }
    }

    fn quote(&self, span: Span) -> Quote {
        let page = &self.scratch.page;
        let sheet = page.sheet_at(span.start);
        let turn = page.sheets[sheet].turn as usize;
        let text = self.view.turns[turn].text;
        let span = page.back(sheet, &Folded::new(text), span);
        Quote { turn, span, text: span.of(text).to_owned() }
    }
}

impl WhyNot {
    /// The reason as a sentence, with what would have to change.
    pub fn said(&self) -> Said {
        let rule = self.rule + 1;
        let stance = |lang| self.stance.name(lang);
        let head = Said::new(format!("规则 {rule}（{}）：", stance(Zh)), format!("rule {rule} ({}): ", stance(En)));
        let said = self.reason.said();
        Said { zh: head.zh + &said.zh, en: head.en + &said.en }
    }
}

impl Reason {
    fn said(&self) -> Said {
        match self {
            Reason::Holds(stance, cues) => holds(*stance, cues),
            Reason::Yields(topic) => {
                said!(
                    "“{t}”只是话题，同一句里有更明确的规则成立，以那条为准",
                    "`{t}` only names the topic; a rule with a side holds in the same clause and goes first",
                    t = topic.text
                )
            }
            Reason::Silent(speaker) => {
                said!(
                    "它只听 {who} 的话，而 {who} 没有说话",
                    "it listens to the {who}, who said nothing",
                    who = speaker.key()
                )
            }
            Reason::Record(key) => {
                said!("这条记录不符合 only 里的 {key}", "the record does not meet `{key}` of `only`", key = key)
            }
            Reason::Missing(operator, list, words) => missing(operator, *list, &words.join(", ")),
            Reason::Masked(word, by) => masked(&word.text, &by.text),
            Reason::Apart(operator, a, b) => apart(operator, &a.text, &b.text),
            Reason::Pattern => said!("正则表达式没有匹配任何一句", "the pattern matches no clause"),
            Reason::Scattered => {
                said!(
                    "各个条件分别成立，但不在同一个范围里；可以放宽 scope",
                    "its operators hold, but not within one scope; widen `scope`"
                )
            }
            Reason::Barred(word) => {
                said!("有“{w}”，它在 without 里", "`{w}` is there, and stands in `without`", w = word.text)
            }
            Reason::Silenced(word) => said!(
                "这个人说了“{w}”，它在 without_record 里：这条规则的，或这个类目、大类开头的",
                "the speaker said `{w}`, which stands in `without_record`: of this rule, or at the head of its category or net",
                w = word.text
            ),
            Reason::Category(ids) => {
                let ids = ids.join(", ");
                said!(
                    "同一范围里没有这些类目的证据：{ids}",
                    "none of these categories has evidence in its scope: {ids}",
                    ids = ids
                )
            }
            Reason::NoOpinion(topic) => {
                said!(
                    "提到了“{t}”，但没有说好坏，也没有问",
                    "`{t}` is named without an opinion or a question",
                    t = topic.text
                )
            }
            Reason::InChat(word) => said!(
                "“{w}”在聊天里只是提到，没有问起、也没有称赞；专门给聊天用的规则写 only = {{ kind = \"chat\" }}",
                "`{w}` is only named in a chat, neither asked about nor praised; a rule for chats says only = {{ kind = \"chat\" }}",
                w = word.text
            ),
            Reason::Denied(word, cues) => {
                let (zh, en) = named(cues);
                Said::new(
                    format!("因为{zh}，“{}”不算数", word.text),
                    format!("`{}` does not count because of {en}", word.text),
                )
            }
            Reason::Shared(word) => said!(
                "“{w}”在这个类目的不满里面，不另算好评",
                "`{w}` is part of a complaint of the category, and no praise beside it",
                w = word.text
            ),
        }
    }
}

fn missing(operator: &str, list: usize, words: &str) -> Said {
    said!(
        "{operator} 的第 {list} 组词一个也没出现（{words} …）；把客户用的说法加进去就能找到",
        "no word of list {list} of `{operator}` is there ({words} ...); add the customer's wording to it",
        operator = operator,
        list = list,
        words = words
    )
}

fn masked(word: &str, by: &str) -> Said {
    said!(
        "“{word}”在更长的“{by}”里面，被它盖住；要算它，就从 unless 或词表里去掉“{by}”",
        "`{word}` stands inside the longer `{by}`, which covers it; to count it, take `{by}` out of `unless` or the lists"
    )
}

fn apart(operator: &str, a: &str, b: &str) -> Said {
    said!(
        "“{a}”和“{b}”离得太远，或不在同一句；可以加大 within 或放宽 scope（{operator}）",
        "`{a}` and `{b}` stand too far apart or in different clauses; raise `within` or widen `scope` (`{operator}`)"
    )
}

fn holds(stance: Stance, cues: &[(Cue, Quote)]) -> Said {
    let (zh, en) = (stance.name(Zh), stance.name(En));
    if cues.is_empty() {
        return Said::new(format!("成立，给出{zh}"), format!("it holds and gives {en}"));
    }
    let (by_zh, by_en) = named(cues);
    Said::new(
        format!("成立，但{by_zh}使它成为{zh}；要固定立场可写 fixed = true"),
        format!("it holds, and {by_en} makes it {en}; `fixed = true` would keep its own stance"),
    )
}

/// The words of cues with what they do, in Chinese and English.
fn named(cues: &[(Cue, Quote)]) -> (String, String) {
    let zh: Vec<_> = cues.iter().map(|(cue, q)| format!("“{}”（{}）", q.text, cue.name(Zh))).collect();
    let en: Vec<_> = cues.iter().map(|(cue, q)| format!("`{}` ({})", q.text, cue.name(En))).collect();
    (zh.join("、"), en.join(", "))
}

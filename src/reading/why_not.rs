//! Why a record has not a label: rule by rule, what failed, what killed it, and what would have to change.

use super::classifier::{Classifier, Scratch};
use super::compile::{Step, slot};
use super::operator::{self, OPERATORS, Operator, Places, Sight};
use super::scan::Item;
use crate::said;
use crate::taxonomy::{Category, Cue, Edges, Keyword, Rule, Scope, Taxonomy};
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
    /// How near it came.
    pub nearness: Nearness,
}

/// How near a rule came to holding; the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// It holds.
    Holds,
    /// One thing is in its way.
    Close,
    /// Somebody else said its words, or its first list has a word and another has none.
    Partly,
    /// The words of its pattern are there, and the pattern does not fit.
    Pattern,
    /// Nothing of it is there, or it is for other records.
    Far,
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
    /// It listens to the first, and only the other said its words.
    Heard(Speaker, Speaker, Quote),
    /// The record does not meet this condition of `only`; it has this instead.
    Record(&'static str, String),
    /// None of these words stands in the record: of this operator, list from 1.
    Missing(&'static str, usize, Vec<String>),
    /// The first word stands only inside the second: an `unless` or a longer keyword.
    Masked(Quote, Quote),
    /// The word is there, but not with the edges that this keyword asks for.
    Edge(String, Quote),
    /// The words of an operator stand so far apart, which is more than its `within`.
    Apart(&'static str, Quote, Quote, usize, usize),
    /// The words of an operator do not stand in one unit of its scope; how far apart, and its `within`, if it has one.
    Clauses(&'static str, Quote, Quote, Scope, Option<(usize, usize)>),
    /// The words of `then` stand in the wrong order.
    Order(Quote, Quote),
    /// Words of two lists share a place.
    Overlap(Quote, Quote),
    /// No pattern matches a clause.
    Pattern,
    /// Its operators hold, but not in the same clause, sentence or turn.
    Scattered,
    /// A word of `without` forbids it.
    Barred(Quote),
    /// A word of `without_record` forbids it: of the rule, or at the head of this category or net.
    Silenced(Quote, Option<String>),
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
    /// Goes through the rules of a category for one record: the nearest first, and else in the order of its file.
    pub fn why_not(&self, taxonomy: &Taxonomy, view: &View<'_>, category: usize) -> Vec<WhyNot> {
        let view = &self.staged(view);
        let mut scratch = Scratch::default();
        let (mut found, mut heard) = (Vec::new(), None);
        let all = self.program().steps.iter().zip(0u32..);
        let steps: Vec<(&Step, u32)> = all.filter(|(s, _)| usize::from(s.category) == category).collect();
        for (step, number) in &steps {
            if heard.replace(step.speaker) != Some(step.speaker) {
                self.hear(view, step.speaker, &mut scratch);
            }
            scratch.hits.deal(self.program(), &scratch.page, std::iter::once(*step));
            let case = Case { view, scratch: &scratch, step, taxonomy, number: *number };
            let (nearness, reason) = case.reason();
            found.push(WhyNot { rule: step.rule.into(), stance: step.stance, reason, nearness });
        }
        // What a rule listens for may have been said by somebody else.
        let mut others: Vec<Speaker> = view.turns.iter().map(|turn| turn.speaker).collect();
        others.sort();
        others.dedup();
        for other in others {
            self.hear(view, other, &mut scratch);
            let far = |((step, _), why): &(&(&Step, u32), &mut WhyNot)| {
                why.nearness == Nearness::Far && step.speaker != other
            };
            for ((step, number), why) in steps.iter().zip(&mut found).filter(far) {
                scratch.hits.deal(self.program(), &scratch.page, std::iter::once(*step));
                let case = Case { view, scratch: &scratch, step, taxonomy, number: *number };
                if let Some(quote) = case.said_here() {
                    (why.nearness, why.reason) = (Nearness::Partly, Reason::Heard(step.speaker, other, quote));
                }
            }
        }
        found.sort_by_key(|why| (why.nearness, why.rule));
        found
    }
}

/// Why a rule does not hold, and how near it came.
type Failed = Box<(Nearness, Reason)>;

fn failed(nearness: Nearness, reason: Reason) -> Result<Places, Failed> {
    Err(Box::new((nearness, reason)))
}

/// One rule and the record, heard.
struct Case<'a> {
    view: &'a View<'a>,
    scratch: &'a Scratch,
    step: &'a Step,
    taxonomy: &'a Taxonomy,
    number: u32,
}

impl Case<'_> {
    fn category(&self) -> &Category {
        &self.taxonomy.categories()[usize::from(self.step.category)]
    }

    fn source(&self) -> &Rule {
        &self.category().rules[usize::from(self.step.rule)]
    }

    /// The first condition of `only` that the record does not meet, and what it has instead.
    fn refused(&self) -> Option<Reason> {
        let kind = if self.scratch.talks { Kind::Chat } else { self.view.kind };
        let view = &View { kind, ..*self.view };
        let lang = || script::language(&self.scratch.page.text);
        let condition = operator::refuses(self.step.only.as_ref()?, view, lang)?;
        let has = match condition {
            "stars" => view.stars.map_or_else(String::new, |stars| stars.to_string()),
            "kind" => kind.key().to_owned(),
            "stage" => view.stage.to_owned(),
            "platform" => view.platform.to_owned(),
            "sku" => view.sku.to_owned(),
            _ => lang().unwrap_or("other").to_owned(),
        };
        Some(Reason::Record(condition, has))
    }

    fn reason(&self) -> (Nearness, Reason) {
        let page = &self.scratch.page;
        if page.text.is_empty() || page.clauses.is_empty() {
            return (Nearness::Far, Reason::Silent(self.step.speaker));
        }
        match (self.refused(), self.places()) {
            (Some(refused), Ok(places)) if !places.ends.is_empty() => (Nearness::Close, refused),
            (Some(refused), _) => (Nearness::Far, refused),
            (None, Err(failed)) => *failed,
            (None, Ok(places)) => match self.verdict(&places) {
                reason @ Reason::Holds(..) => (Nearness::Holds, reason),
                reason @ Reason::Category(_) if places.ends.is_empty() => (Nearness::Far, reason),
                reason => (Nearness::Close, reason),
            },
        }
    }

    /// What would hold of what somebody said to whom the rule does not listen.
    fn said_here(&self) -> Option<Quote> {
        let is_silent = self.scratch.page.clauses.is_empty() || self.refused().is_some();
        let places = self.places().ok().filter(|_| !is_silent)?;
        places.iter().next().map(|parts| self.quote(parts[0].span()))
    }

    /// The places where its operators hold, or why they do not.
    fn places(&self) -> Result<Places, Failed> {
        let page = &self.scratch.page;
        let (mut items, mut apart) = (Vec::new(), Vec::new());
        self.scratch.hits.items(self.step, &mut items, &mut apart);
        let all = items.clone();
        operator::settle(&mut items);
        if let Some(failed) = self.operands(&all, &items) {
            return Err(Box::new(failed));
        }
        let sight = Sight { page, step: self.step, items: &items, clauses: u32::MAX };
        let mut places = Places::default();
        for operator in OPERATORS.iter().filter(|o| !(o.slots)(self.step).is_empty()) {
            let mut own = Places::default();
            (operator.places)(&sight, &mut own);
            if own.ends.is_empty() && operator.key == "pattern" {
                let has_words = self.step.needed().iter().any(|operand| operand.is_trigger());
                let is_near = has_words && self.scratch.hits.clauses_for(self.step) != 0;
                return failed(if is_near { Nearness::Pattern } else { Nearness::Far }, Reason::Pattern);
            }
            if own.ends.is_empty() {
                return failed(Nearness::Close, self.apart(operator, &sight));
            }
            if places.ends.is_empty() {
                places = own;
            } else {
                operator::keep(&mut places, |a| own.iter().any(|b| sight.unit(a[0]) == sight.unit(b[0])));
                if places.ends.is_empty() {
                    return failed(Nearness::Close, Reason::Scattered);
                }
            }
        }
        let barred = places.iter().find_map(|parts| apart.iter().find(|b| sight.bars(**b, parts[0])));
        let free = places.iter().any(|parts| !apart.iter().any(|b| sight.bars(*b, parts[0])));
        match barred {
            Some(word) if !free && word.slot == slot::WITHOUT => {
                failed(Nearness::Close, Reason::Barred(self.quote(word.span())))
            }
            Some(word) if !free => failed(Nearness::Close, self.silenced(word.span())),
            _ => Ok(places),
        }
    }

    /// Why an operand of an operator was not found, if one was not: what is wholly missing goes before what nearly counts.
    fn operands(&self, all: &[Item], items: &[Item]) -> Option<(Nearness, Reason)> {
        let is_there = |slot: u8| items.iter().any(|item| item.slot == slot);
        let words = || OPERATORS.iter().filter(|o| o.key != "pattern").map(|o| (o, (o.slots)(self.step)));
        let has_first = words().find(|(_, slots)| !slots.is_empty()).is_some_and(|(_, slots)| is_there(slots.start));
        let mut nearly = None;
        for (operator, slots) in words() {
            for slot in slots.clone().filter(|slot| !is_there(*slot)) {
                let list = usize::from(slot - slots.start);
                let known: &[Keyword] = match operator.key {
                    "any" => &self.source().any,
                    "near" => &self.source().near[list],
                    "then" => &self.source().then[list],
                    _ => &self.source().all[list],
                };
                let Some(reason) = self.masked(slot, all).or_else(|| self.edge(known)) else {
                    let shown = known.iter().take(SHOWN).map(|k| k.written.to_string()).collect();
                    let nearness = if has_first { Nearness::Partly } else { Nearness::Far };
                    return Some((nearness, Reason::Missing(operator.key, list + 1, shown)));
                };
                nearly.get_or_insert((Nearness::Close, reason));
            }
        }
        nearly
    }

    /// The word of a list that a longer one covers.
    fn masked(&self, slot: u8, all: &[Item]) -> Option<Reason> {
        let item = all.iter().find(|i| i.slot == slot)?;
        let longer = |o: &&Item| o.span().covers(item.span()) && o.span().len() > item.span().len();
        let mask = all.iter().find(longer)?;
        Some(Reason::Masked(self.quote(item.span()), self.quote(mask.span())))
    }

    /// The word that stands there without the punctuation or the end that its `|` asks for.
    fn edge(&self, known: &[Keyword]) -> Option<Reason> {
        let text = &self.scratch.page.text;
        known.iter().filter(|word| word.edges.asks_for_a_stop()).find_map(|word| {
            let asks = |edge: u8| word.edges.0 & edge != 0;
            let is_word = |(at, found): &(usize, &str)| {
                let (before, after) = (text[..*at].chars().next_back(), text[at + found.len()..].chars().next());
                !(asks(Edges::WORD_LEFT) && before.is_some_and(script::is_letter)
                    || asks(Edges::WORD_RIGHT) && after.is_some_and(script::is_letter))
            };
            let (at, found) = text.match_indices(&*word.folded).find(is_word)?;
            Some(Reason::Edge(word.written.to_string(), self.quote(Span::new(at, at + found.len()))))
        })
    }

    /// Why words that are all there do not make a place: the two that come nearest, of lists that never meet.
    fn apart(&self, operator: &Operator, sight: &Sight<'_>) -> Reason {
        let slots = (operator.slots)(self.step);
        let of = |slot: u8| sight.items.iter().copied().filter(move |i| i.slot == slot);
        let (ordered, bounded) = (operator.key == "then", operator.key != "all");
        let gap = |x: Item, y: Item| {
            let (first, second) = if x.start <= y.start { (x, y) } else { (y, x) };
            script::units(self.scratch.page.text.get(first.end as usize..second.start as usize).unwrap_or_default())
        };
        // First those of one unit, and then those nearby.
        let reason = |x: Item, y: Item| {
            let (a, b) = (|| self.quote(x.span()), || self.quote(y.span()));
            let gap = gap(x, y);
            let far = gap > self.step.within;
            match () {
                _ if sight.unit(x) != sight.unit(y) => {
                    let gap = bounded.then_some((gap, self.step.within));
                    Some((true, Reason::Clauses(operator.key, a(), b(), self.step.scope, gap)))
                }
                _ if x.span().overlaps(y.span()) => Some((false, Reason::Overlap(a(), b()))),
                _ if ordered && y.start < x.end => Some((false, Reason::Order(a(), b()))),
                _ if bounded && far => Some((false, Reason::Apart(operator.key, a(), b(), gap, self.step.within))),
                _ => None,
            }
        };
        let lists = slots.clone().skip(1).map(|b| (if ordered { b - 1 } else { slots.start }, b));
        let nearest = lists.filter_map(|(a, b)| {
            let pairs = of(a).flat_map(|x| of(b).map(move |y| (x, y)));
            let reasons: Option<Vec<_>> = pairs.map(|(x, y)| Some((gap(x, y), reason(x, y)?))).collect();
            reasons?.into_iter().min_by_key(|(gap, (parted, _))| (*parted, *gap))
        });
        let nearest = nearest.min_by_key(|(gap, (parted, _))| (*parted, *gap));
        nearest.map_or(Reason::Scattered, |(_, (_, reason))| reason)
    }

    /// A word of `without_record`, and the head that it stands in, if it is not the rule's own.
    fn silenced(&self, span: Span) -> Reason {
        let word = span.of(&self.scratch.page.text);
        let has = |list: &[Keyword]| list.iter().any(|keyword| *keyword.folded == *word);
        let heads = std::iter::once(usize::from(self.step.category)).chain(self.category().nets.iter().copied());
        let head = heads.filter(|_| !has(&self.source().without_record));
        let head = head.into_iter().find(|at| has(self.taxonomy.own_without_record(*at)));
        Reason::Silenced(self.quote(span), head.map(|at| self.taxonomy.categories()[at].id.clone()))
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
            _ => Reason::Category(self.source().category.clone()),
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
            Reason::Silent(speaker) => Said::new(
                format!("它只听{0}的话，而{0}没有说话", speaker.name(Zh)),
                format!("it listens to the {}, who said nothing", speaker.name(En)),
            ),
            Reason::Heard(to, by, word) => heard(*to, *by, &word.text),
            Reason::Record(key, has) => refused(key, has),
            Reason::Edge(written, word) => edge(written, &word.text),
            Reason::Missing(operator, list, words) => missing(operator, *list, &words.join(", ")),
            Reason::Masked(word, by) => masked(&word.text, &by.text),
            Reason::Apart(operator, a, b, gap, within) => apart(operator, [a, b], *gap, *within),
            Reason::Clauses(operator, a, b, scope, gap) => clauses(operator, [a, b], *scope, *gap),
            Reason::Order(a, b) => order(&a.text, &b.text),
            Reason::Overlap(a, b) => said!(
                "“{a}”和“{b}”占着同样的字，不能各算各的",
                "`{a}` and `{b}` share a place, and cannot both count",
                a = a.text,
                b = b.text
            ),
            Reason::Pattern => {
                said!("正则表达式和哪一句都对不上", "the pattern does not fit any clause")
            }
            Reason::Scattered => {
                said!(
                    "各个条件分别成立，但不在同一个范围里；可以放宽 scope",
                    "its operators hold, but not within one scope; widen `scope`"
                )
            }
            Reason::Barred(word) => {
                said!("有“{w}”，它在 without 里", "`{w}` is there, and stands in `without`", w = word.text)
            }
            Reason::Silenced(word, head) => silenced(&word.text, head.as_deref()),
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

fn edge(written: &str, word: &str) -> Said {
    said!(
        "有“{word}”，但两边还连着别的字，而词表里写的是“{written}”：| 要求那一边是标点、空格或开头结尾",
        "`{word}` is there, but other words adjoin it, and the list has `{written}`: `|` asks for punctuation, a space or an end there"
    )
}

fn order(a: &str, b: &str) -> Said {
    said!(
        "“{a}”和“{b}”都在，但次序反了：then 要“{a}”在前；次序不要紧就用 near",
        "`{a}` and `{b}` are there in the wrong order: `then` wants `{a}` first; where the order does not matter, use `near`"
    )
}

fn apart(operator: &str, [a, b]: [&Quote; 2], gap: usize, within: usize) -> Said {
    let (a, b) = (&a.text, &b.text);
    said!(
        "“{a}”和“{b}”离得太远：中间 {gap} 个字词，within = {within}；可以加大 within（{operator}）",
        "`{a}` and `{b}` stand too far apart: {gap} characters or words between them, `within` = {within}; raise `within` (`{operator}`)"
    )
}

fn clauses(operator: &str, [a, b]: [&Quote; 2], scope: Scope, gap: Option<(usize, usize)>) -> Said {
    let (a, b, key) = (&a.text, &b.text, scope.key());
    let (zh, en) = match scope {
        Scope::Clause => ("分句", "clauses"),
        Scope::Sentence => ("句子", "sentences"),
        _ => ("消息", "messages"),
    };
    let (zh_gap, en_gap) = match gap {
        Some((gap, within)) => {
            (format!("，中间 {gap} 个字词，within = {within}"), format!(", {gap} apart, `within` = {within}"))
        }
        None => Default::default(),
    };
    Said::new(
        format!("“{a}”和“{b}”在不同的{zh}里（scope = \"{key}\"{zh_gap}）；可以放宽 scope（{operator}）"),
        format!("`{a}` and `{b}` stand in different {en} (`scope` = {key}{en_gap}); widen `scope` (`{operator}`)"),
    )
}

fn silenced(word: &str, head: Option<&str>) -> Said {
    match head {
        None => said!(
            "这个人说了“{word}”，它在这条规则的 without_record 里",
            "the speaker said `{word}`, which stands in `without_record` of this rule"
        ),
        Some(head) => said!(
            "这个人说了“{word}”，它在 {head} 开头的 without_record 里，管它下面的全部规则",
            "the speaker said `{word}`, which stands in `without_record` at the head of {head}, for all rules below it"
        ),
    }
}

fn heard(to: Speaker, by: Speaker, word: &str) -> Said {
    Said::new(
        format!("“{word}”是{}说的，它只听{}的话（only 里的 speaker）", by.name(Zh), to.name(Zh)),
        format!("the {} said `{word}`, and it listens to the {} (`speaker` of `only`)", by.name(En), to.name(En)),
    )
}

fn refused(key: &str, has: &str) -> Said {
    match has {
        "" => {
            said!("这条记录不符合 only 里的 {key}：它没有", "the record does not meet `{key}` of `only`: it has none")
        }
        has => said!(
            "这条记录不符合 only 里的 {key}：它是 {has}",
            "the record does not meet `{key}` of `only`: it has {has}"
        ),
    }
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

//! The check of a taxonomy, like a compiler's: what is dead, doubled, covered, too broad or untested.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{line_of, problem, written_at};
use super::rule::WITHIN;
use super::{Category, Cue, CueWord, Edges, Keyword, Rule, Taxonomy, required};
use crate::said;
use crate::text::script::is_han;
use crate::words::{Problem, Said, Severity, Span, Stance};

impl Taxonomy {
    /// Looks through a taxonomy that could be read. `files` are the files it was read from; what is
    /// wrong with their form is told by [`Taxonomy::read`].
    pub fn check(&self, files: &BTreeMap<String, String>) -> Vec<Problem> {
        let mut report = Report { files, path: String::new(), problems: Vec::new() };
        for (at, category) in self.categories().iter().enumerate() {
            report.path.clone_from(&category.file);
            report.head(self, at);
            for rule in &category.rules {
                report.path = rule.file.to_string();
                report.rule(rule, self);
                report.forbidden(&category.without_record, rule);
            }
            report.doubled(category);
            report.untested(category);
        }
        report.circles(self);
        report.cues(self);
        report.lists(self);
        report.problems.extend(super::names::check(self, files));
        report.problems
    }
}

struct Report<'a> {
    files: &'a BTreeMap<String, String>,
    /// The file that is looked at.
    path: String,
    problems: Vec<Problem>,
}

impl Report<'_> {
    fn tell(&mut self, code: &'static str, severity: Severity, at: Span, what: Said, help: Said) {
        let text = self.files.get(&self.path).map_or("", String::as_str);
        self.problems.push(problem((&self.path, text), code, severity, at, what, Some(help)));
    }

    fn rule(&mut self, rule: &Rule, taxonomy: &Taxonomy) {
        self.broad(rule);
        self.joined(rule);
        self.idle_reach(rule);
        self.covered(rule, taxonomy.cues());
        self.idle_unless(rule);
        for pattern in rule.pattern.iter().filter(|p| required(&p.folded).is_empty()) {
            self.tell(
                "slow_pattern",
                Severity::Note,
                pattern.at,
                said!(
                    "这个正则没有必须出现的词，要在每一句上试",
                    "this pattern needs no word, so it is tried on every clause"
                ),
                said!("写上一个一定会出现的词。", "Give it a word that must be there."),
            );
        }
    }

    /// One character by itself is found all over, a Han character inside hundreds of words; a pattern that asks for nothing fits
    /// every clause.
    fn broad(&mut self, rule: &Rule) {
        let guarded =
            !rule.near.is_empty() || !rule.then.is_empty() || !rule.all.is_empty() || !rule.without.is_empty();
        for keyword in rule.any.iter().filter(|k| !guarded && !k.edges.asks_for_a_stop()) {
            let mut chars = keyword.folded.chars();
            let single = chars.next().is_some_and(|c| c.is_alphabetic()) && chars.next().is_none();
            if single && !rule.unless.iter().any(|mask| covers(mask, keyword)) {
                let word = &keyword.written;
                self.tell(
                    "single_character",
                    Severity::Warning,
                    keyword.at,
                    said!(
                        "单独一个字“{word}”到处都会出现",
                        "the single character `{word}` is found all over",
                        word = word
                    ),
                    said!(
                        "换成两个字以上的词，或用 near、unless 限定。",
                        "Use a word of two characters or more, or guard it with near or unless."
                    ),
                );
            }
        }
        for pattern in rule.pattern.iter().filter(|p| p.regex.is_match("")) {
            self.tell(
                "empty_pattern",
                Severity::Warning,
                pattern.at,
                said!("这个正则什么也不要求，句句都算", "this pattern asks for nothing, so it fits every clause"),
                said!("写上一个一定会出现的词。", "Give it a word that must be there."),
            );
        }
    }

    /// Several words that stand in one pair of quotes: with the signs between them they are found next to nowhere.
    fn joined(&mut self, rule: &Rule) {
        for keyword in rule.keywords().filter(|k| k.list.is_none()) {
            let word = &keyword.written;
            let inner = word.trim().trim_matches(['*', '|']);
            let is_word = |part: &str| part.chars().filter(|c| is_han(*c)).count() > 1;
            let is_pattern = inner.contains(['(', '[']) && inner.contains(['|', ']']) || inner.contains(".*");
            // One comma or space may be meant: 以后，不买.
            let is_list = [("、；;/|*", 2), ("，, 、；;/|*", 3)].iter().any(|(signs, least)| {
                let parts = || inner.split(|c| signs.contains(c)).filter(|part| !part.is_empty());
                parts().count() >= *least && parts().all(is_word)
            });
            if is_list || is_pattern && inner.contains(is_han) {
                self.tell(
                    "joined",
                    Severity::Warning,
                    keyword.at,
                    said!(
                        "“{word}”会当成一个词去找，连同里面的符号",
                        "`{word}` is looked for as one word, with all signs within it",
                        word = word
                    ),
                    said!(
                        "几个词就分开写：[\"…\", \"…\"]；先后出现用 then，正则用 pattern。",
                        "Write several words apart: [\"…\", \"…\"]; for one after the other there is then, for a pattern pattern."
                    ),
                );
            }
        }
    }

    /// A distance that nothing is measured by, and a list that stands near none.
    fn idle_reach(&mut self, rule: &Rule) {
        if rule.within != WITHIN && rule.near.is_empty() && rule.then.is_empty() {
            self.tell(
                "idle_within",
                Severity::Warning,
                rule.at,
                said!(
                    "within 只对 near 和 then 起作用，这条规则里没有",
                    "`within` is for near and then, and this rule has none"
                ),
                said!("删去它，或把 any 改成 near。", "Take it away, or make near of any."),
            );
        }
        for (name, lists) in [("near", &rule.near), ("then", &rule.then), ("all", &rule.all)] {
            // Beside other words one list of `all` asks for more.
            let is_alone = name != "all" || asked_for(rule).count() == 1 && rule.pattern.is_empty();
            if let ([only], true) = (&lists[..], is_alone && rule.category.is_empty()) {
                self.tell(
                    "lone_list",
                    Severity::Warning,
                    only[0].at,
                    said!("{name} 只有一组词，和 any 一样", "{name} has one list of words, which is the same as any"),
                    said!(
                        "写成两组：{name} = [[\"…\"], [\"…\"]]；只要一组就用 any。",
                        "Write two: {name} = [[\"…\"], [\"…\"]]; for one there is any."
                    ),
                );
            }
        }
    }

    /// Categories whose rules ask for each other: neither can be told first.
    fn circles(&mut self, taxonomy: &Taxonomy) {
        let categories = taxonomy.categories();
        let asks = |at: usize| {
            let named = categories[at].rules.iter().flat_map(|r| &r.category).filter_map(|id| taxonomy.find(id));
            let named: Vec<usize> = named.collect();
            // Whoever asks for a net asks for what stands below it.
            let is_asked = |c: &usize| named.contains(c) || categories[*c].nets.iter().any(|net| named.contains(net));
            (0..categories.len()).filter(is_asked).collect::<Vec<usize>>()
        };
        for (at, category) in categories.iter().enumerate() {
            let back = category.rules.iter().find(|rule| {
                rule.category.iter().filter_map(|id| taxonomy.find(id)).any(|asked| reaches(asked, at, &asks))
            });
            if let Some(rule) = back {
                let id = &category.id;
                let asked = &rule.category[0];
                self.path = rule.file.to_string();
                let text = self.files.get(&self.path).map_or("", String::as_str);
                let place = written_at(text, rule, asked);
                self.tell(
                    "circle",
                    Severity::Warning,
                    place,
                    match asked == id {
                        true => said!("“{id}”要看它自己，这定不了", "{id} asks for itself, which cannot be told"),
                        false => said!(
                            "“{id}”要看“{asked}”，而“{asked}”又要看“{id}”：绕了一圈，谁也定不了",
                            "{id} asks for {asked}, which asks for {id} again: neither can be told first"
                        ),
                    },
                    said!("去掉一处 category，改写要找的词。", "Take a `category` away and write words in its place."),
                );
            }
        }
    }

    /// A keyword that holds another of the same list finds nothing that the other does not, unless it keeps a cue within it from
    /// being heard: 不能验货 is a word of its own beside 能验货.
    fn covered(&mut self, rule: &Rule, cues: &[CueWord]) {
        let short: Vec<&Keyword> = rule.any.iter().filter(|k| k.edges.is_free()).collect();
        for keyword in rule.any.iter().filter(|k| k.list.is_none()) {
            let inner = short.iter().find(|s| s.folded.len() < keyword.folded.len() && keyword.always_holds(s));
            let masked = |inner: &Keyword| rule.unless.iter().any(|u| u.folded.contains(&*inner.folded));
            let mutes = |inner: &Keyword| {
                cues.iter().any(|c| keyword.always_holds(&c.keyword) && !inner.always_holds(&c.keyword))
            };
            if let Some(inner) = inner.filter(|inner| !masked(inner) && !mutes(inner)) {
                let (word, inner) = (&keyword.written, &inner.written);
                self.tell(
                    "shadowed",
                    Severity::Note,
                    keyword.at,
                    said!(
                        "“{word}”可以删去：有它的地方，同一条规则的“{inner}”都找得到",
                        "`{word}` can go: wherever it stands, `{inner}` of the same rule is found",
                        word = word,
                        inner = inner
                    ),
                    said!(
                        "删去后标签不变，只是标出的词短一些；“{inner}”不能删。",
                        "No label changes without it, only the words that are shown get shorter; `{inner}` has to stay.",
                        inner = inner
                    ),
                );
            }
        }
    }

    /// An `unless` that covers no keyword of its rule masks nothing.
    fn idle_unless(&mut self, rule: &Rule) {
        if !rule.pattern.is_empty() {
            return;
        }
        let operands: Vec<&Keyword> = operands(rule).collect();
        for mask in rule.unless.iter().filter(|k| k.list.is_none()) {
            if operands.iter().any(|keyword| covers(mask, keyword)) {
                continue;
            }
            let word = &mask.written;
            let what = match operands.iter().any(|keyword| keyword.folded == mask.folded) {
                true => said!(
                    "“{word}”正是本规则要找的词：除外词要比它长才起作用，这里什么也盖不住",
                    "`{word}` is what this rule looks for: an exception works only where it is longer, so it masks nothing",
                    word = word
                ),
                false => said!(
                    "unless 里的“{word}”不包含本规则的任何词，什么也盖不住",
                    "`{word}` of `unless` holds no keyword of this rule, so it masks nothing",
                    word = word
                ),
            };
            let help = said!(
                "写成包含关键词的更长的词；要整句排除就用 without。",
                "Write a longer word that holds a keyword; to forbid a word anywhere use without."
            );
            self.tell("dead_unless", Severity::Warning, mask.at, what, help);
        }
    }

    /// Words at the head of a category that stand there twice, that a net above forbids too, or that silence no rule.
    fn head(&mut self, taxonomy: &Taxonomy, at: usize) {
        let categories = taxonomy.categories();
        let own = taxonomy.own_without_record(at);
        let Some(first) = own.first() else { return };
        self.repeated(own);
        self.said_before(&categories[at].without_record[own.len()..], own);
        let is_below = |(i, c): (usize, &Category)| (i == at || c.nets.contains(&at)) && !c.rules.is_empty();
        if !categories.iter().enumerate().any(is_below) {
            self.tell(
                "idle_head",
                Severity::Warning,
                first.at,
                said!(
                    "这个类目和它下面的类目都没有规则，这里的 without_record 管不到什么",
                    "neither this category nor one below it has rules, so its `without_record` silences nothing"
                ),
                said!("删去它，或写上规则。", "Take it away, or add rules."),
            );
        }
    }

    /// What a rule forbids though that is forbidden farther already, and keywords that hold a forbidden word.
    fn forbidden(&mut self, head: &[Keyword], rule: &Rule) {
        self.said_before(head, &rule.without_record);
        let far = [head, &rule.without_record].concat();
        self.said_before(&far, &rule.without);
        let forbidden: Vec<&Keyword> = far.iter().chain(&rule.without).collect();
        let is_silent = |keyword: &Keyword| forbidden.iter().any(|word| keyword.always_holds(word));
        if asked_for(rule).any(|list| list.iter().all(is_silent)) {
            self.tell(
                "dead_rule",
                Severity::Warning,
                rule.at,
                said!(
                    "要找的词里都有不许出现的词，这条规则永远不成立",
                    "all words that it looks for hold a forbidden one, so this rule never holds"
                ),
                said!(
                    "看 without 和 without_record（也看类目开头），去掉其中一边。",
                    "Look at without and without_record (the head of the category has one too), and take away one side."
                ),
            );
            return;
        }
        for keyword in operands(rule).filter(|k| k.list.is_none()) {
            let Some(word) = forbidden.iter().find(|word| keyword.always_holds(word)) else { continue };
            self.tell(
                "silenced",
                Severity::Warning,
                keyword.at,
                said!(
                    "“{written}”里面有不许出现的“{word}”，永远不算",
                    "`{written}` holds `{word}`, which is forbidden, so it never counts",
                    written = keyword.written,
                    word = word.written
                ),
                said!(
                    "删去它，或从 without、without_record（也看类目开头）里去掉“{word}”。",
                    "Take it away, or `{word}` out of without or without_record (the head of the category has one too).",
                    word = word.written
                ),
            );
        }
    }

    /// Words of `list` that `before` forbids already; a shared list if all of its words are.
    fn said_before(&mut self, before: &[Keyword], list: &[Keyword]) {
        let before: BTreeSet<(&str, Edges)> = before.iter().map(|k| (&*k.folded, k.edges)).collect();
        for words in list.chunk_by(|a, b| a.list.is_some() && a.at == b.at) {
            if words.iter().all(|k| before.contains(&(&*k.folded, k.edges))) {
                self.double("repeated", &words[0], None);
            }
        }
    }

    /// The same keyword twice in one list, or in two rules of one stance that ask the same of it.
    fn doubled(&mut self, category: &Category) {
        let mut seen: BTreeMap<(Stance, &str, Edges), Vec<&Rule>> = BTreeMap::new();
        for rule in &category.rules {
            self.path = rule.file.to_string();
            for list in lists(rule) {
                self.repeated(list);
            }
            let plain = rule.without.is_empty() && rule.without_record.is_empty() && rule.only.is_free();
            let alone = rule.near.is_empty() && rule.then.is_empty() && rule.all.is_empty() && rule.pattern.is_empty();
            for keyword in rule.any.iter().filter(|k| k.list.is_none() && plain && alone && rule.category.is_empty()) {
                let before = seen.entry((rule.stance, &keyword.folded, keyword.edges)).or_default();
                let other = before.iter().find(|o| !std::ptr::eq(**o, rule) && alike(o, rule, &keyword.folded));
                if let Some(other) = other {
                    let place = other.any.iter().find(|k| k.folded == keyword.folded).map_or(other.at, |k| k.at);
                    let text = self.files.get(&*other.file).map_or("", String::as_str);
                    self.double("doubled", keyword, Some(&format!("{}:{}", other.file, line_of(text, place))));
                }
                before.push(rule);
            }
        }
    }

    /// What stands twice in one list; a word that a shared list brings as well can go, the list cannot.
    fn repeated(&mut self, list: &[Keyword]) {
        let (brought, own): (Vec<&Keyword>, Vec<&Keyword>) = list.iter().partition(|k| k.list.is_some());
        let mut seen: BTreeSet<(&str, Edges)> = brought.iter().map(|k| (&*k.folded, k.edges)).collect();
        for keyword in own.into_iter().filter(|k| !seen.insert((&k.folded, k.edges))) {
            self.double("repeated", keyword, None);
        }
    }

    /// Words that stand twice in a shared list, and lists that no rule names.
    fn lists(&mut self, taxonomy: &Taxonomy) {
        for list in taxonomy.lists() {
            self.path.clone_from(&list.file);
            self.repeated(&list.words);
        }
        for list in taxonomy.idle_lists() {
            self.path.clone_from(&list.file);
            let name = &list.name;
            self.tell(
                "unused_list",
                Severity::Warning,
                list.at,
                said!("没有规则用到词表“{name}”", "no rule names the list `{name}`", name = name),
                said!(
                    "在规则里写 \"@{name}\"，或删去它。",
                    "Write \"@{name}\" in a rule, or take it away.",
                    name = name
                ),
            );
        }
    }

    /// Tells of a word that stands there already; in which file and line, if another rule has it.
    fn double(&mut self, code: &'static str, keyword: &Keyword, other: Option<&str>) {
        let word = &keyword.written;
        let what = match other {
            Some(other) => said!(
                "“{word}”在 {other} 已经写过（折叠之后相同）",
                "`{word}` stands in {other} already (the same once folded)"
            ),
            None => said!("“{word}”已经写过（折叠之后相同）", "`{word}` stands here already (the same once folded)"),
        };
        self.tell(code, Severity::Warning, keyword.at, what, said!("删去一个。", "Take one away."));
    }

    /// A stance with rules and without an example is not tested.
    fn untested(&mut self, category: &Category) {
        for stance in Stance::ALL {
            let Some(first) = category.rules.iter().find(|r| r.stance == stance) else { continue };
            let has_example = category.examples.iter().any(|e| e.stance == Some(stance));
            // A topic's mention may be nothing but the place where opinions are looked for.
            if !has_example && stance != Stance::Mention {
                self.path = first.file.to_string();
                let (key, head) = (stance.key(), &category.file);
                self.tell(
                    "untested",
                    Severity::Warning,
                    first.at,
                    said!(
                        "有 [[{key}]] 规则，却没有例句",
                        "there are [[{key}]] rules and no example of one",
                        key = key
                    ),
                    said!(
                        "在 {head} 的 [examples] 里给 {key} 写一两句。",
                        "Write a sentence or two for {key} below [examples] in {head}.",
                        key = key,
                        head = head
                    ),
                );
            }
        }
    }

    /// A cue that says two contrary things, or asks for an edge where none is looked for.
    fn cues(&mut self, taxonomy: &Taxonomy) {
        let mut seen: BTreeMap<(&str, Edges), Cue> = BTreeMap::new();
        for word in taxonomy.cues() {
            if word.cue.stands_in_place() && word.keyword.edges.asks_for_a_stop() {
                self.path.clone_from(&word.file);
                let (text, list) = (&word.keyword.written, word.cue.key());
                self.tell(
                    "idle_edge",
                    Severity::Warning,
                    word.keyword.at,
                    said!(
                        "“{text}”里的 | 在 {list} 里不起作用",
                        "the `|` of `{text}` has no effect in {list}",
                        text = text,
                        list = list
                    ),
                    said!("去掉 |。", "Leave it out."),
                );
            }
            let key = (&*word.keyword.folded, word.keyword.edges);
            let Some(before) = seen.insert(key, word.cue) else { continue };
            let contrary =
                matches!((before, word.cue), (Cue::Positive, Cue::Negative) | (Cue::Negative, Cue::Positive));
            if before == word.cue || contrary {
                self.path.clone_from(&word.file);
                let (text, one, two) = (&word.keyword.written, before.key(), word.cue.key());
                self.tell(
                    if contrary { "contrary_cue" } else { "doubled" },
                    Severity::Warning,
                    word.keyword.at,
                    said!(
                        "“{text}”既在 {one} 又在 {two} 里",
                        "`{text}` stands in {one} and in {two}",
                        text = text,
                        one = one,
                        two = two
                    ),
                    said!("只留一处。", "Keep it in one place."),
                );
            }
        }
    }
}

/// True if whoever asks for one category asks for another in the end.
fn reaches(from: usize, to: usize, asks: &impl Fn(usize) -> Vec<usize>) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(asks(at));
        }
    }
    false
}

/// True if a mask is a longer word that holds a keyword.
fn covers(mask: &Keyword, keyword: &Keyword) -> bool {
    mask.folded.len() > keyword.folded.len() && mask.folded.contains(&*keyword.folded)
}

/// True if two rules treat a keyword alike: the same reach and stance, and exceptions that cover the same of it.
fn alike(a: &Rule, b: &Rule, word: &str) -> bool {
    let masks = |rule: &Rule| {
        let over = rule.unless.iter().filter(|u| u.folded.len() > word.len() && u.folded.contains(word));
        over.map(|u| u.folded.clone()).collect::<BTreeSet<_>>()
    };
    let (one, two) = (masks(a), masks(b));
    let same = (a.scope, a.denied, a.fixed, a.opinion) == (b.scope, b.denied, b.fixed, b.opinion);
    same && (one == two || one.is_empty() || two.is_empty())
}

/// The lists of which a rule needs a word each.
fn asked_for(rule: &Rule) -> impl Iterator<Item = &[Keyword]> {
    let many = rule.near.iter().chain(&rule.then).chain(&rule.all);
    std::iter::once(&rule.any).chain(many).map(Vec::as_slice).filter(|list| !list.is_empty())
}

fn operands(rule: &Rule) -> impl Iterator<Item = &Keyword> {
    asked_for(rule).flatten()
}

fn lists(rule: &Rule) -> impl Iterator<Item = &[Keyword]> {
    [&rule.unless, &rule.without, &rule.without_record].into_iter().map(Vec::as_slice).chain(asked_for(rule))
}

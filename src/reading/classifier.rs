//! The classifier: labels of a record, fast, and the same labels with their evidence.

use std::cell::OnceCell;

use super::chat;
use super::compile::Program;
use super::manner::{self, Manner, is_covered};
use super::operator::{self, Desk, Part, Places};
use super::page::Page;
use super::scan::{CueHit, Hits};
use super::stance::{self, Bench, Heard, Held};
use crate::taxonomy::{Cue, Taxonomy};
use crate::text::{Folded, script};
use crate::words::{Kind, LabelId, Span, Speaker, Stance, TurnKind, TurnView, View};

/// A taxonomy made ready to read records. Share one between threads; give each a [`Scratch`].
pub struct Classifier {
    program: Program,
}

/// Working memory of one thread, kept from record to record so that reading one allocates nothing.
#[derive(Default)]
pub struct Scratch {
    pub(super) page: Page,
    pub(super) hits: Hits,
    desk: Desk,
    places: Places,
    bench: Bench,
    /// The rules that may hold.
    pub(super) chosen: Vec<u32>,
    pub(super) found: Vec<Found>,
    pub(super) parts: Vec<Part>,
    /// The keywords of what was found.
    held: Vec<Held>,
    pub(super) cues: Vec<CueHit>,
    labels: Vec<LabelId>,
    /// What was heard reads like a message to the shop, whatever kind its record has.
    pub(super) talks: bool,
}

/// A rule that holds, with the stance that its cues gave it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub step: u32,
    category: u16,
    clause: u32,
    /// The rule names a topic only: it yields to a rule with a side in the same clause.
    topic: bool,
    pub stance: Option<Stance>,
    pub parts: (u32, u32),
    pub cues: (u32, u32),
}

/// What a record says, with the evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The labels of categories, sorted; nets are not among them ([`Classifier::labels`] adds them).
    pub labels: Vec<Label>,
}

/// A category given with a stance, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The category and the stance.
    pub id: LabelId,
    /// The places that say so, in order; never empty.
    pub evidence: Vec<Evidence>,
}

/// One place that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The turn, by its place in the record.
    pub turn: usize,
    /// From its first keyword to its last, in bytes of the verbatim.
    pub span: Span,
    /// The keywords, in bytes of the verbatim.
    pub keywords: Vec<Span>,
    /// The rule, by its place among the category's rules.
    pub rule: usize,
    /// The cues that decided the stance; none if it is the rule's own.
    pub cues: Vec<Said>,
}

/// A cue in a verbatim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it does.
    pub cue: Cue,
    /// Where it stands, in bytes of the verbatim.
    pub span: Span,
}

impl Classifier {
    /// Makes a taxonomy ready.
    pub fn new(taxonomy: &Taxonomy) -> Classifier {
        Classifier { program: Program::new(taxonomy) }
    }

    /// What runs, for those who explain it.
    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    /// The labels of a record, sorted, each once, those of nets included.
    pub fn labels<'s>(&self, view: &View<'_>, scratch: &'s mut Scratch) -> &'s [LabelId] {
        let view = &self.staged(view);
        scratch.labels.clear();
        for speaker in self.speakers(view) {
            self.hear(view, speaker, scratch);
            let given = scratch.found.iter().filter_map(|f| Some(LabelId::new(f.category.into(), f.stance?)));
            scratch.labels.extend(given);
        }
        finish(&mut scratch.labels);
        for i in 0..scratch.labels.len() {
            let id = scratch.labels[i];
            let nets = &self.program.nets[id.category()];
            scratch.labels.extend(nets.iter().map(|net| LabelId::new((*net).into(), id.stance())));
        }
        sort(&mut scratch.labels);
        &scratch.labels
    }

    /// The record with the stage that a chat's words tell, where a rule asks for one and nobody has told it.
    pub(super) fn staged<'v>(&self, view: &View<'v>) -> View<'v> {
        let tells = self.program.asks_stage && view.kind == Kind::Chat && view.stage.is_empty();
        View { stage: if tells { chat::stage::of_words(view.turns).key() } else { view.stage }, ..*view }
    }

    /// The labels of a record with their evidence.
    pub fn read(&self, view: &View<'_>) -> Reading {
        let view = &self.staged(view);
        let mut scratch = Scratch::default();
        let mut ids = Vec::new();
        let mut evidence: Vec<(LabelId, Evidence)> = Vec::new();
        for speaker in self.speakers(view) {
            self.hear(view, speaker, &mut scratch);
            let folds: Vec<Folded> =
                scratch.page.sheets.iter().map(|s| Folded::new(view.turns[s.turn as usize].text)).collect();
            for found in &scratch.found {
                if let Some(stance) = found.stance {
                    let id = LabelId::new(found.category.into(), stance);
                    ids.push(id);
                    evidence.push((id, self.quote(&scratch, found, &folds)));
                }
            }
        }
        finish(&mut ids);
        evidence.sort_by_key(|(id, e)| (*id, e.turn, e.span.start, e.span.end, e.rule));
        let mut labels: Vec<Label> = ids.into_iter().map(|id| Label { id, evidence: Vec::new() }).collect();
        for (id, one) in evidence {
            if let Ok(at) = labels.binary_search_by_key(&id, |l| l.id) {
                labels[at].evidence.push(one);
            }
        }
        Reading { labels }
    }

    /// Reads one text as a review of an unknown product.
    pub fn read_text(&self, text: &str) -> Reading {
        self.read(&view_of(&[turn_of(text)]))
    }

    /// The labels of one text, as [`labels`](Classifier::labels).
    pub fn text_labels<'s>(&self, text: &str, scratch: &'s mut Scratch) -> &'s [LabelId] {
        self.labels(&view_of(&[turn_of(text)]), scratch)
    }

    /// The speakers that both rules and record have.
    fn speakers<'v>(&self, view: &'v View<'_>) -> impl Iterator<Item = Speaker> + use<'v, '_> {
        self.program.speakers.iter().copied().filter(|s| view.turns.iter().any(|t| t.speaker == *s))
    }

    /// Reads what one speaker said; the result stands in `scratch.found`.
    pub(super) fn hear(&self, view: &View<'_>, speaker: Speaker, scratch: &mut Scratch) {
        let Scratch { page, hits, found, parts, cues, talks, .. } = scratch;
        found.clear();
        parts.clear();
        cues.clear();
        page.fill(view.turns, speaker);
        if page.text.is_empty() {
            return;
        }
        hits.scan(&self.program, page);
        let cues = &hits.cues;
        page.cut(|text, borders| {
            let contrasts = cues.iter().enumerate().filter(|(i, c)| is_border(text, cues, *i, c));
            borders.extend(contrasts.map(|(_, c)| c.start));
        });
        if page.clauses.is_empty() {
            return;
        }
        if view.kind != Kind::Chat {
            page.unmark_pictures(&self.program.grammar, |clause| manner::asks(hits, clause));
        }
        *talks = view.kind == Kind::Chat || manner::talks_to_shop(page, hits);
        let view = &View { kind: if *talks { Kind::Chat } else { view.kind }, ..*view };
        self.choose(view, speaker, scratch);
        let Scratch { page, hits, chosen, .. } = scratch;
        hits.deal(&self.program, page, chosen.iter().map(|number| &self.program.steps[*number as usize]));
        for i in 0..scratch.chosen.len() {
            self.run(scratch.chosen[i], scratch);
        }
        self.settle(scratch);
    }

    /// Chooses the rules that may hold, in the order in which they are to run.
    fn choose(&self, view: &View<'_>, speaker: Speaker, scratch: &mut Scratch) {
        let Scratch { page, hits, chosen, .. } = scratch;
        let Program { steps, always, second, .. } = &self.program;
        let lang = OnceCell::new();
        let lang = || *lang.get_or_init(|| script::language(&page.text));
        chosen.clear();
        chosen.extend(hits.woken().chain(always.iter().copied()).chain(second.iter().copied()).filter(|number| {
            let step = &steps[*number as usize];
            let refuses = |only| operator::refuses(only, view, lang).is_some();
            step.speaker == speaker && !step.only.as_ref().is_some_and(refuses)
        }));
    }

    fn run(&self, number: u32, scratch: &mut Scratch) {
        let step = &self.program.steps[number as usize];
        let Scratch { page, hits, desk, places, found, parts, .. } = scratch;
        let clauses = hits.clauses_for(step);
        if clauses == 0 {
            return;
        }
        operator::run(page, hits, step, clauses, desk, places);
        if !step.parents.is_empty() {
            let evidence: Vec<Part> = found
                .iter()
                .filter(|f| step.parents.contains(&f.category))
                .map(|f| parts[f.parts.0 as usize])
                .collect();
            operator::with_categories(page, step, places, &evidence);
        }
        for place in places.iter() {
            let from = parts.len() as u32;
            parts.extend_from_slice(place);
            found.push(Found {
                step: number,
                category: step.category,
                clause: place[0].clause,
                topic: step.stance == Stance::Mention && !step.fixed,
                stance: None,
                parts: (from, parts.len() as u32),
                cues: (0, 0),
            });
        }
    }

    /// Lets topics yield to rules with a side, and decides the stances.
    fn settle(&self, scratch: &mut Scratch) {
        let Scratch { page, hits, bench, found, parts, held, cues, talks, .. } = scratch;
        found.sort_unstable_by_key(|f| (f.category, f.clause, f.topic, f.step, f.parts));
        let mut sided = None;
        found.retain(|f| {
            let place = (f.category, f.clause);
            if !f.topic {
                sided = Some(place);
            }
            !f.topic || sided != Some(place)
        });
        held.clear();
        for (of, f) in found.iter().enumerate() {
            let complains = self.program.steps[f.step as usize].stance == Stance::Complaint;
            let keywords = &parts[f.parts.0 as usize..f.parts.1 as usize];
            let hold = |p: &Part| Held { category: f.category, of: of as u32, complains, span: p.span() };
            held.extend(keywords.iter().map(hold));
        }
        let heard = Heard {
            page,
            grammar: &self.program.grammar,
            cues: &hits.cues,
            apart: &hits.apart,
            replies: &hits.replies,
            held,
        };
        let reviews = manner::reviews(hits);
        for f in found.iter_mut() {
            let step = &self.program.steps[f.step as usize];
            let clause = &page.clauses[f.clause as usize];
            let place = &parts[f.parts.0 as usize..f.parts.1 as usize];
            let manner = Manner::of(*talks, reviews, page.is_short(clause));
            f.stance = stance::decide(heard, step, place, clause, manner, bench);
            let from = cues.len() as u32;
            cues.extend_from_slice(&bench.used);
            f.cues = (from, cues.len() as u32);
        }
        drop_shared_praise(&page.text, found, parts);
    }

    fn quote(&self, scratch: &Scratch, found: &Found, folds: &[Folded]) -> Evidence {
        let parts = &scratch.parts[found.parts.0 as usize..found.parts.1 as usize];
        let cues = &scratch.cues[found.cues.0 as usize..found.cues.1 as usize];
        let sheet = scratch.page.sheet_at(parts[0].start);
        let back = |span: Span| scratch.page.back(sheet, &folds[sheet], span);
        let mut keywords: Vec<Span> =
            parts.iter().filter(|p| scratch.page.sheet_at(p.start) == sheet).map(|p| back(p.span())).collect();
        keywords.sort();
        let start = keywords.iter().map(|k| k.start).min().unwrap_or(0);
        let end = keywords.iter().map(|k| k.end).max().unwrap_or(0);
        Evidence {
            turn: scratch.page.sheets[sheet].turn as usize,
            span: Span { start, end },
            keywords,
            rule: self.program.steps[found.step as usize].rule.into(),
            cues: cues.iter().map(|c| Said { cue: c.cue, span: back(Span { start: c.start, end: c.end }) }).collect(),
        }
    }
}

/// Drops the praise of a category that shares a place with a complaint of it in the same clause: the complaint has used up what
/// turns it (gave my hair zero volume, 滋润度不够). In other scripts than Han praise that holds all of the complaint stays
/// (*pricey, but worth it*).
fn drop_shared_praise(text: &str, found: &mut [Found], parts: &[Part]) {
    for same in found.chunk_by_mut(|a, b| (a.category, a.clause) == (b.category, b.clause)) {
        let span = |f: &Found| {
            let parts = &parts[f.parts.0 as usize..f.parts.1 as usize];
            let (start, end) = (parts.iter().map(|p| p.start).min(), parts.iter().map(|p| p.end).max());
            Span { start: start.unwrap_or(0), end: end.unwrap_or(0) }
        };
        for i in 0..same.len() {
            let praise = span(&same[i]);
            let han = || text[praise.start as usize..praise.end as usize].contains(script::is_han);
            let shares = |f: &Found| {
                let own = span(f);
                let stays = praise.covers(own) && praise != own && !han();
                f.stance == Some(Stance::Complaint) && own.overlaps(praise) && !stays
            };
            if same[i].stance == Some(Stance::Praise) && same.iter().any(shares) {
                same[i].stance = None;
            }
        }
    }
}

/// True if this cue begins a clause: a contrast word that no longer cue covers. 就是 is one after an opinion or by itself, not
/// right after a topic (物流就是给力).
fn is_border(text: &str, cues: &[CueHit], i: usize, hit: &CueHit) -> bool {
    let turns = || {
        let before = &text[..hit.start as usize];
        let from = before.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| at + 1) as u32;
        let opinion = |c: &CueHit| c.start >= from && matches!(c.cue, Cue::Positive | Cue::Negative);
        from >= hit.start || before.ends_with(char::is_whitespace) || cues[..i].iter().any(opinion)
    };
    (hit.cue == Cue::Contrast || hit.cue == Cue::Turn && turns()) && !is_covered(cues, i, hit)
}

/// Sorts labels, and drops a mention where the same category has a side.
fn finish(labels: &mut Vec<LabelId>) {
    sort(labels);
    let mut category = None;
    labels.retain(|id| {
        let sided = category == Some(id.category());
        category = Some(id.category());
        id.stance() != Stance::Mention || !sided
    });
}

fn sort(labels: &mut Vec<LabelId>) {
    labels.sort_unstable();
    labels.dedup();
}

fn turn_of(text: &str) -> TurnView<'_> {
    TurnView { speaker: Speaker::Buyer, kind: TurnKind::Said, text }
}

fn view_of<'a>(turns: &'a [TurnView<'a>]) -> View<'a> {
    View { kind: Kind::Review, platform: "", sku: "", stars: None, stage: "", lang: "", turns }
}

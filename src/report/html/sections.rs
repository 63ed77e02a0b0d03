//! The sections of the page, from the shifts down to the definitions.

use maud::{Markup, html};

use super::charts::{self, Bar, Line, Pair, Slope};
use crate::report::model::{Direction, Event, MIN_BASE_FOR_PERCENT, MatrixCell, Quote, Shift, Tone, Trend};
use crate::report::wording::{
    self, area_name, effect_line, event_name, legend, owner_name, read_line, reason_name, rest_line, standing_line,
};
use crate::report::{Report, number, place_name, safe, wider_lines};
use crate::words::{Lang, Stance};

/// Lines in one trend chart, bars and pairs in the others.
const LINES: usize = 6;
const BARS: usize = 12;
const PAIRS: usize = 12;
const SLOPES: usize = 8;

fn quote_link(quotes: &[usize]) -> Option<String> {
    quotes.first().map(|i| format!("#q{i}"))
}

/// The quote that a category and stance leads to.
fn door(report: &Report, category: &str, stance: Stance) -> Option<String> {
    let at = report.quotes.iter().position(|q| q.category.id == category && q.stance == stance);
    at.map(|i| format!("#q{i}"))
}

/// One card for every rise and fall that holds.
pub fn shifts(report: &Report, lang: Lang) -> Markup {
    html! {
        h2 { (lang.of("站得住的变化", "Shifts that hold")) }
        @if report.shifts.is_empty() { p { (lang.of("没有。", "None.")) } }
        div.cards { @for shift in &report.shifts { (card(report, shift, lang)) } }
        @for line in wider_lines(report, lang, usize::MAX) { p { (line) } }
        @for note in &report.mixed { p { (note.in_lang(lang)) } }
        @if !report.shifts.is_empty() { p.soft.legend { (legend(lang)) } }
        p.soft { (rest_line(report, lang)) }
    }
}

fn card(report: &Report, shift: &Shift, lang: Lang) -> Markup {
    let tone = match report.tone(shift) {
        Tone::Worse => "worse",
        Tone::Better => "better",
        Tone::Neither => "neither",
    };
    let class = format!("{tone} {}", if shift.direction == Direction::Rise { "rise" } else { "fall" });
    let title = format!("{} · {}", place_name(&shift.place, lang), shift.category.name.in_lang(lang));
    let spark = charts::spark(&shift.series, &report.periods.join(" "));
    html! {
        article.card {
            h3 { span class=(class) { (shift.direction.mark()) } " " (title) " · " (shift.stance.name(lang)) }
            @match quote_link(&shift.quotes) { Some(href) => a href=(href) { (spark) }, None => (spark) }
            p.numbers {
                b class=(class) { (number::share(shift.now)) } " ← " (number::share(shift.before)) br;
                (number::points(shift.change)) (lang.of(" 个百分点", " points")) " · " (number::times(shift.times, lang)) br;
                @if shift.direction == Direction::Fall {
                    (lang.of(format!("至少少 {} 条", shift.extra), format!("at least {} fewer records", shift.extra)))
                } @else {
                    (lang.of(format!("至少多 {} 条", shift.extra), format!("at least {} extra records", shift.extra)))
                }
                @if let Some(ours) = shift.ours { br; (wording::ours(ours, lang)) }
            }
            @for cause in &shift.causes { p.cause { (cause.in_lang(lang)) } }
            @if let Some(&i) = shift.quotes.first() { blockquote { a href={ "#q" (i) } { (words(&report.quotes[i])) } } }
            @if !shift.category.action.in_lang(lang).is_empty() {
                p.soft { (lang.of("下一步：", "next: ")) (shift.category.action.in_lang(lang)) " (" (owner_name(&shift.category.owner, lang)) ")" }
            }
        }
    }
}

/// Which complaints make up the most, or which praise.
pub fn pareto(report: &Report, stance: Stance, lang: Lang) -> Markup {
    let complaints: Vec<_> = report.trends.iter().filter(|t| t.stance == stance).collect();
    let now = |t: &Trend| t.series.last().copied().unwrap_or_default();
    let all: u64 = complaints.iter().map(|t| now(t).mentions).sum();
    let bars: Vec<Bar> = complaints
        .iter()
        .take(BARS)
        .map(|t| Bar {
            name: t.category.name.in_lang(lang),
            title: match t.ours {
                Some(ours) => format!("{}  {}", number::share(now(t)), wording::ours(ours, lang)),
                None => number::share(now(t)),
            },
            count: now(t).mentions,
            href: door(report, &t.category.id, t.stance),
        })
        .collect();
    let (head, sum) = match stance {
        Stance::Praise => (
            lang.of("本期好评从多到少", "Praise of this period, most first"),
            lang.of("∑：累计占这些好评提及的比例", "∑: cumulative share of these mentions of praise"),
        ),
        _ => (
            lang.of("本期不满从多到少", "Complaints of this period, most first"),
            lang.of("∑：累计占全部不满提及的比例", "∑: cumulative share of all complaint mentions"),
        ),
    };
    html! {
        @if !bars.is_empty() {
            h2 { (head) }
            div.scroll { (charts::pareto(&bars, all)) }
            p.soft { (sum) }
        }
    }
}

/// A trend as a line of the slope chart; `None` where a period has too few records for a percentage.
fn slope_of<'a>(report: &'a Report, trend: &'a Trend, before: usize, lang: Lang) -> Option<Slope<'a>> {
    let (before, now) = (trend.series[before], *trend.series.last()?);
    let is_large = before.base.min(now.base) >= MIN_BASE_FOR_PERCENT;
    let same = |s: &Shift| s.category.id == trend.category.id && s.stance == trend.stance && s.place.sku.is_none();
    let name = trend.category.name.in_lang(lang);
    is_large.then_some(Slope {
        name,
        title: format!("{name} {} ← {}", number::share(now), number::share(before)),
        before: before.share()?,
        now: now.share()?,
        strong: report.shifts.iter().any(same),
        href: door(report, &trend.category.id, trend.stance),
    })
}

/// The most frequent complaints in the two periods; bold where a shift of the whole shop holds.
pub fn slope(report: &Report, lang: Lang) -> Markup {
    let Some(before) = report.periods.iter().position(|p| *p == report.against) else { return html! {} };
    let complaints = report.trends.iter().filter(|t| t.stance == Stance::Complaint);
    let rows: Vec<Slope> = complaints.filter_map(|t| slope_of(report, t, before, lang)).take(SLOPES).collect();
    html! {
        @if rows.len() > 1 {
            h2 { (lang.of("两期对照：说得最多的不满", "Two periods: the most frequent complaints")) }
            div.scroll { (charts::slope(&rows, &report.against, &report.period)) }
            p.soft { (lang.of("粗线：有一家店全店的变化站得住。", "Bold: a shift of a whole shop holds.")) }
        }
    }
}

/// SKU × category as a heat map; every cell with complaints leads to words.
pub fn matrix(report: &Report, lang: Lang) -> Markup {
    let shares = report.matrix.rows.iter().flat_map(|r| &r.cells).filter(|c| c.now.base >= MIN_BASE_FOR_PERCENT);
    let top = shares.filter_map(|c| c.now.share()).fold(0.0, f64::max);
    html! {
        @if !report.matrix.rows.is_empty() {
            h2 { (lang.of("SKU × 类别：不满占比", "SKU × category: share of complaints")) }
            div.scroll.wide { table {
                thead { tr {
                    th { "SKU" } th { (lang.of("样本", "base")) } th { (lang.of("差评率", "bad reviews")) }
                    @for category in &report.matrix.categories { th { (category.name.in_lang(lang)) } }
                } }
                tbody { @for row in &report.matrix.rows { tr {
                    td.name { (place_name(&row.place, lang)) }
                    td { (row.base) }
                    td { (number_only(row.bad)) }
                    @for cell in &row.cells { (heat(cell, top, cell.quote.map(|i| format!("#q{i}")))) }
                } } }
            } }
            p.soft { (lang.of("有框：上升站得住。灰：样本少于 20，只给条数。", "Framed: a rise that holds. Grey: base below 20, counts only.")) }
        }
    }
}

fn number_only(ratio: crate::report::model::Ratio) -> String {
    match ratio.share() {
        Some(p) if ratio.base >= MIN_BASE_FOR_PERCENT => format!("{:.1}%", p * 100.0),
        Some(_) => format!("{}/{}", ratio.mentions, ratio.base),
        None => "—".into(),
    }
}

fn heat(cell: &MatrixCell, top: f64, href: Option<String>) -> Markup {
    let small = cell.now.base < MIN_BASE_FOR_PERCENT;
    let level = match cell.now.share() {
        Some(p) if !small && top > 0.0 => (p / top * 7.0).ceil() as u32,
        _ => 0,
    };
    let mut class = format!("h{level}");
    if small {
        class.push_str(" few");
    }
    if cell.direction == Direction::Rise {
        class.push_str(" holds");
    }
    let title = format!("{} ← {}", number::share(cell.now), number::share(cell.before));
    let mark = if cell.direction == Direction::Rise { " ▲" } else { "" };
    html! {
        td class=(class) title=(title) {
            @if cell.now.mentions == 0 { "·" } @else {
                @match href { Some(href) => a href=(href) { (number_only(cell.now)) (mark) }, None => { (number_only(cell.now)) (mark) } }
            }
        }
    }
}

/// The most frequent complaints over time, with what happened.
pub fn trends(report: &Report, lang: Lang) -> Markup {
    let lines: Vec<Line> = report
        .trends
        .iter()
        .filter(|t| t.stance == Stance::Complaint)
        .take(LINES)
        .map(|t| Line {
            name: t.category.name.in_lang(lang),
            series: &t.series,
            href: door(report, &t.category.id, t.stance),
        })
        .collect();
    let events: Vec<_> = report.events.iter().filter_map(|e| Some((report.place_of_day(&e.day)?, e))).collect();
    html! {
        @if !lines.is_empty() && report.periods.len() > 1 {
            h2 { (lang.of("走势", "Over time")) }
            div.scroll { (charts::trend(&lines, &report.periods, &events, lang)) }
            @if !report.events.is_empty() {
                ul.soft { @for event in &report.events { (happened(event, lang)) } }
            }
        }
    }
}

/// An event with what changed after it and not beside it.
fn happened(event: &Event, lang: Lang) -> Markup {
    html! {
        li {
            b { (event.day) } " " (event_name(&event.kind, lang)) " " (event.sku) " " (safe::shown(&event.text))
            @for effect in &event.effects { br; (effect_line(effect, event.control.as_ref(), lang)) }
            @if event.effects.is_empty() && event.control.is_some() {
                (lang.of("：之后没有站得住的变化", ": nothing that holds changed after it"))
            }
        }
    }
}

/// The figures a shop is held to, and what each complaint costs in stars.
pub fn standing(report: &Report, lang: Lang) -> Markup {
    let Some(standing) = &report.standing else { return html! {} };
    html! {
        h2 { (lang.of("考核指标与机会", "What the shop is held to, and where stars are to be won")) }
        p { (standing_line(standing, lang)) }
        @if !standing.costs.is_empty() {
            div.scroll { table {
                thead { tr {
                    th { (lang.of("方面", "area")) } th { (lang.of("不满", "complaint")) } th { (lang.of("占有星评价", "of rated reviews")) }
                    th { (lang.of("低几星", "stars lower")) } th { (lang.of("均分可升", "mean would gain")) } th {}
                } }
                tbody { @for cost in &standing.costs { tr {
                    td.name { (area_name(&cost.category.area, lang)) } td.name { (cost.category.name.in_lang(lang)) }
                    td { (number::share(cost.ratio)) } td { (format!("{:.1} ± {:.1}", cost.gap, 1.96 * cost.se)) }
                    td { (format!("{:.2}", cost.opportunity)) }
                    td.name { @if cost.biggest { b { (lang.of("★ 该方面最大机会", "★ biggest of its area")) } } }
                } } }
            } }
            p.soft { (lang.of("相关不等于因果：抱怨一样的人常常也抱怨别的。", "An association: people who complain of one thing often complain of another too.")) }
        }
    }
}

/// Own shops against competitors.
pub fn versus(report: &Report, lang: Lang) -> Markup {
    let pairs: Vec<(String, &crate::report::model::Versus)> = report
        .versus
        .iter()
        .take(PAIRS)
        .map(|v| (format!("{} · {}", v.category.name.in_lang(lang), v.stance.name(lang)), v))
        .collect();
    let pairs: Vec<Pair> = pairs
        .iter()
        .map(|(name, v)| Pair {
            name,
            title: format!("{} : {}  {}", number::share(v.own), number::share(v.other), if v.holds { "✓" } else { "" }),
            own: v.own.share().unwrap_or(0.0),
            other: v.other.share().unwrap_or(0.0),
            strong: v.holds,
            href: quote_link(&v.quotes),
        })
        .collect();
    html! {
        @if !pairs.is_empty() {
            h2 { (lang.of("自家与竞品", "Own shops and competitors")) }
            div.scroll { (charts::dumbbell(&pairs, lang.of("自家", "own"), lang.of("竞品", "competitor"))) }
            @for note in &report.versus_notes { p { (note.in_lang(lang)) } }
            p.soft { (lang.of("✓：差距站得住。仅就公开的评价而言。", "✓: the gap holds. Among published reviews only.")) }
        }
    }
}

/// The customers' words, each the target of the marks above.
pub fn quotes(report: &Report, lang: Lang) -> Markup {
    // On paper nothing can be followed: only the quotes of shifts and competitors are printed.
    let printed = report.told_quotes();
    html! {
        @if !report.quotes.is_empty() {
            h2 { (lang.of("原声", "The customers' words")) }
            @for (i, quote) in report.quotes.iter().enumerate() {
                div class={ "quote" (if printed.contains(&i) { "" } else { " more" }) } id={ "q" (i) } {
                    b { (quote.category.name.in_lang(lang)) " · " (quote.stance.name(lang)) }
                    " " (words(quote))
                    div.soft {
                        (quote.day.as_deref().unwrap_or("")) " "
                        @if let Some(stars) = quote.stars { (format!("{stars:.0}★ ")) }
                        (place_name(&quote.place, lang)) " · " (quote.place.shop) " · " (quote.file) ":" (quote.row) " · " (quote.uid)
                        @if quote.alike > 0 { (lang.of(format!(" · 另有 {} 条类似", quote.alike), format!(" · {} more alike", quote.alike))) }
                    }
                }
            }
        }
    }
}

fn words(quote: &Quote) -> Markup {
    html! {
        @for (text, matched) in quote.pieces() {
            @if matched { mark { (safe::shown(text)) } } @else { (safe::shown(text)) }
        }
    }
}

/// What the words and numbers mean.
pub fn definitions(report: &Report, lang: Lang) -> Markup {
    html! {
        h2 { (lang.of("口径", "Definitions")) }
        dl {
            @for definition in &report.definitions {
                dt { (definition.term.in_lang(lang)) } dd { (definition.meaning.in_lang(lang)) }
            }
            dt { (lang.of("读入", "read")) } dd { (read_line(&report.read, lang)) }
            @for (reason, count) in &report.read.left_out {
                dt { (lang.of("未计入", "left out")) } dd { (reason_name(reason, lang)) " " (count) }
            }
            dt { (lang.of("指纹", "fingerprints")) } dd { (number::short(&report.taxonomy)) " · " (number::short(&report.data)) }
        }
    }
}

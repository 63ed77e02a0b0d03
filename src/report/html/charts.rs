//! Charts as inline SVG: every mark stands in a link to the words behind it, and carries its numbers as a title.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

use crate::report::event_name;
use crate::report::model::{Event, Ratio};
use crate::words::Lang;

/// A bar of a Pareto chart.
pub struct Bar<'a> {
    pub name: &'a str,
    pub title: String,
    pub count: u64,
    pub href: Option<String>,
}

/// A line of a trend chart.
pub struct Line<'a> {
    pub name: &'a str,
    pub series: &'a [Ratio],
    pub href: Option<String>,
}

/// A line of a slope chart.
pub struct Slope<'a> {
    pub name: &'a str,
    pub title: String,
    pub before: f64,
    pub now: f64,
    pub strong: bool,
    pub href: Option<String>,
}

/// A row of a dumbbell chart.
pub struct Pair<'a> {
    pub name: &'a str,
    pub title: String,
    pub own: f64,
    pub other: f64,
    pub strong: bool,
    pub href: Option<String>,
}

/// Wraps a mark in its link.
fn door(href: &Option<String>, title: &str, inside: Markup) -> Markup {
    html! {
        @match href {
            Some(href) => a href=(href) { title { (title) } (inside) },
            None => g { title { (title) } (inside) },
        }
    }
}

/// Little columns, one a period; the last one is this period.
pub fn spark(series: &[Ratio], title: &str) -> Markup {
    let top = series.iter().filter_map(|r| r.share()).fold(0.0, f64::max);
    let width = series.len() * 10;
    html! {
        svg width=(width) height="28" viewBox={ "0 0 " (width) " 28" } role="img" {
            title { (title) }
            @for (i, ratio) in series.iter().enumerate() {
                @if let Some(share) = ratio.share() {
                    @let height = if top > 0.0 { (share / top * 26.0).max(1.0) } else { 1.0 };
                    rect.bar x=(i * 10) y=(format!("{:.1}", 28.0 - height)) width="8" height=(format!("{height:.1}")) {}
                }
            }
        }
    }
}

/// Bars by size with the cumulative share up to 80%.
pub fn pareto(bars: &[Bar], all: u64) -> Markup {
    let top = bars.iter().map(|b| b.count).max().unwrap_or(1).max(1);
    // The title stands behind the bar, and the sum behind both.
    let title = bars.iter().map(|b| b.title.width()).max().unwrap_or(0) as f64 * 6.8;
    let longest = (670.0 - title).min(520.0);
    let height = bars.len() * 24 + 8;
    let mut sum = 0;
    let rows: Vec<(usize, &Bar, f64)> = bars
        .iter()
        .enumerate()
        .map(|(i, bar)| {
            sum += bar.count;
            (i, bar, sum as f64 / all.max(1) as f64)
        })
        .collect();
    html! {
        svg width="900" height=(height) viewBox={ "0 0 900 " (height) } role="img" {
            @for (i, bar, reached) in rows {
                @let y = i * 24 + 4;
                @let width = bar.count as f64 / top as f64 * longest;
                (door(&bar.href, &bar.title, html! {
                    text x="150" y=(y + 14) text-anchor="end" { (bar.name) }
                    rect.bar x="160" y=(y) width=(format!("{width:.1}")) height="18" rx="2" {}
                    text x=(format!("{:.1}", 168.0 + width)) y=(y + 14) { (bar.title) }
                    text.soft x="890" y=(y + 14) text-anchor="end" { (format!("∑ {:.0}%", reached * 100.0)) }
                }))
            }
        }
    }
}

/// Events with the line that their names stand on: names that would cover each other go below.
fn staggered<'a>(events: &[(f64, &'a Event)], step: f64) -> Vec<(f64, usize, &'a Event)> {
    const NAME: f64 = 90.0;
    let mut ends: Vec<f64> = Vec::new();
    let place = |&(at, event): &(f64, &'a Event)| {
        let x = at * step;
        let level = ends.iter().position(|end| *end <= x).unwrap_or(ends.len());
        if level == ends.len() {
            ends.push(0.0);
        }
        ends[level] = x + NAME;
        (at, level, event)
    };
    events.iter().map(place).collect()
}

/// Shares over the periods, with what happened marked.
pub fn trend(lines: &[Line], periods: &[String], events: &[(f64, &Event)], lang: Lang) -> Markup {
    const W: f64 = 900.0;
    const H: f64 = 300.0;
    const LEFT: f64 = 46.0;
    const BOTTOM: f64 = 30.0;
    let top = lines.iter().flat_map(|l| l.series).filter_map(|r| r.share()).fold(0.0, f64::max).max(0.01);
    let step = (W - LEFT - 210.0) / (periods.len().max(2) - 1) as f64;
    let name = periods.iter().map(|p| p.width()).max().unwrap_or(0) as f64 * 6.8 + 12.0;
    let every = ((name / step).ceil() as usize).max(1);
    let x = |i: f64| LEFT + i * step;
    let y = |p: f64| H - BOTTOM - p / top * (H - BOTTOM - 16.0);
    html! {
        svg width=(W) height=(H) viewBox={ "0 0 " (W) " " (H) } role="img" {
            @for tick in 0..=4 {
                @let p = top * f64::from(tick) / 4.0;
                line.axis x1=(LEFT) x2=(format!("{:.1}", x((periods.len().max(2) - 1) as f64))) y1=(format!("{:.1}", y(p))) y2=(format!("{:.1}", y(p))) {}
                text.soft x=(LEFT - 6.0) y=(format!("{:.1}", y(p) + 4.0)) text-anchor="end" { (format!("{:.1}%", p * 100.0)) }
            }
            @for (i, period) in periods.iter().enumerate() {
                // Names stand as close as they are wide; the last one, which the report is on, always does.
                @if (periods.len() - 1 - i).is_multiple_of(every) {
                    text.soft x=(format!("{:.1}", x(i as f64))) y=(H - 10.0) text-anchor="middle" { (period) }
                }
            }
            @for (at, level, event) in staggered(events, step) {
                @let at = &at;
                line.event x1=(format!("{:.1}", x(*at))) x2=(format!("{:.1}", x(*at))) y1="8" y2=(H - BOTTOM) { title { (event.day) " " (event_name(&event.kind, lang)) " " (event.text) } }
                // Near the right edge a name goes to the left of its line, off the legend.
                @let right = x(*at) + 90.0 > x((periods.len().max(2) - 1) as f64);
                text.soft x=(format!("{:.1}", x(*at) + if right { -3.0 } else { 3.0 })) y=(16 + 14 * level)
                    text-anchor=(if right { "end" } else { "start" }) { "◆ " (event_name(&event.kind, lang)) }
            }
            @for (n, line) in lines.iter().enumerate() {
                @let points: Vec<(f64, f64, Ratio)> = line.series.iter().enumerate()
                    .filter_map(|(i, r)| r.share().map(|p| (x(i as f64), y(p), *r))).collect();
                polyline class={ "line l" (n) } points=(points.iter().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")) {}
                @for (px, py, ratio) in &points {
                    (door(&line.href, &format!("{} {}", line.name, crate::report::share(*ratio)), html! {
                        circle class={ "l" (n) } cx=(format!("{px:.1}")) cy=(format!("{py:.1}")) r="4" {}
                    }))
                }
                @if let Some((px, _, _)) = points.last() {
                    (door(&line.href, line.name, html! {
                        circle class={ "l" (n) } cx=(format!("{:.1}", px + 62.0)) cy=(n * 20 + 24) r="5" {}
                        text class={ "l" (n) } x=(format!("{:.1}", px + 72.0)) y=(n * 20 + 28) { (line.name) }
                    }))
                }
            }
        }
    }
}

/// Two periods side by side: one line a ratio, as steep as it moved; names that would cover each other move apart.
pub fn slope(rows: &[Slope], before: &str, now: &str) -> Markup {
    const H: f64 = 320.0;
    const GAP: f64 = 18.0;
    let top = rows.iter().map(|r| r.before.max(r.now)).fold(0.01, f64::max);
    let y = |p: f64| H - 14.0 - p / top * (H - 50.0);
    let apart = |side: &dyn Fn(&Slope) -> f64| -> Vec<f64> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| side(&rows[*b]).total_cmp(&side(&rows[*a])));
        let (mut places, mut last) = (vec![0.0; rows.len()], 14.0);
        // From the top down, then pushed up from the bottom where they ran out of it.
        for &i in &order {
            last = f64::max(y(side(&rows[i])), last + GAP);
            places[i] = last;
        }
        let mut last = H;
        for &i in order.iter().rev() {
            last = f64::min(places[i], last - GAP);
            places[i] = last;
        }
        places
    };
    let (left, right) = (apart(&|r| r.before), apart(&|r| r.now));
    html! {
        svg.small width="620" height=(H) viewBox={ "0 0 620 " (H) } role="img" {
            text.soft x="90" y="16" text-anchor="end" { (before) }
            text.soft x="330" y="16" { (now) }
            @for (i, row) in rows.iter().enumerate() {
                (door(&row.href, &row.title, html! {
                    text x="60" y=(format!("{:.1}", left[i] + 4.0)) text-anchor="end" { (format!("{:.1}%", row.before * 100.0)) }
                    line class={ "slope" (if row.strong { " strong" } else { "" }) } x1="90" x2="330"
                        y1=(format!("{:.1}", y(row.before))) y2=(format!("{:.1}", y(row.now))) {}
                    circle.own cx="90" cy=(format!("{:.1}", y(row.before))) r="4" {}
                    circle.own cx="330" cy=(format!("{:.1}", y(row.now))) r="4" {}
                    text x="360" y=(format!("{:.1}", right[i] + 4.0)) font-weight=(if row.strong { "700" } else { "400" }) {
                        (format!("{:.1}%  ", row.now * 100.0)) (row.name)
                    }
                }))
            }
        }
    }
}

/// Own against competitors: two dots a row, joined.
pub fn dumbbell(pairs: &[Pair], own: &str, other: &str) -> Markup {
    let top = pairs.iter().map(|p| p.own.max(p.other)).fold(0.01, f64::max);
    let x = |p: f64| 200.0 + p / top * 400.0;
    let height = pairs.len() * 26 + 30;
    html! {
        svg width="900" height=(height) viewBox={ "0 0 900 " (height) } role="img" {
            circle.own cx="206" cy="12" r="6" {} text x="218" y="16" { (own) }
            rect.other x="340" y="6" width="12" height="12" {} text x="358" y="16" { (other) }
            @for (i, pair) in pairs.iter().enumerate() {
                @let y = i * 26 + 40;
                (door(&pair.href, &pair.title, html! {
                    text x="190" y=(y + 4) text-anchor="end" font-weight=(if pair.strong { "700" } else { "400" }) { (pair.name) }
                    line.gap x1=(format!("{:.1}", x(pair.own))) x2=(format!("{:.1}", x(pair.other))) y1=(y) y2=(y) {}
                    circle.own cx=(format!("{:.1}", x(pair.own))) cy=(y) r="6" {}
                    rect.other x=(format!("{:.1}", x(pair.other) - 6.0)) y=(y - 6) width="12" height="12" {}
                    text.soft x="890" y=(y + 4) text-anchor="end" { (pair.title) }
                }))
            }
        }
    }
}

//! The report as one HTML file: no network, no script, a strict content policy, and every mark a way to the words.

mod charts;
mod sections;

use std::io::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{Report, footing, heading, put, shops};
use crate::error::Result;
use crate::words::{Lang, Stance};

const STYLE: &str = include_str!("style.css");

/// Writes the page.
pub fn write(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let shops = shops(report, lang);
    let page = page(&format!("{shops} · {}", report.period), lang, &body(report, &shops, lang));
    put(out, &page.into_string())
}

/// A whole page around its body: no network, no script, only our own style.
pub(super) fn page(title: &str, lang: Lang, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.of("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) " · earful" }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

fn body(report: &Report, shops: &str, lang: Lang) -> Markup {
    html! {
        (schemes(lang))
        h1 { (shops) }
        p { (heading(report, lang)) }
        p.verdict { (report.verdict.in_lang(lang)) }
        @for caution in &report.cautions { p.caution { "⚠ " (caution.in_lang(lang)) } }
        p.soft { (footing(report, lang)) }
        (sections::shifts(report, lang))
        @if report.is_of_rivals() {
            (sections::versus(report, lang))
            (sections::pareto(report, Stance::Praise, lang))
        }
        (sections::pareto(report, Stance::Complaint, lang))
        (sections::slope(report, lang))
        (sections::matrix(report, lang))
        (sections::trends(report, lang))
        (sections::standing(report, lang))
        @if !report.is_of_rivals() { (sections::versus(report, lang)) }
        (super::service::page(report, lang))
        (sections::quotes(report, lang))
        (sections::definitions(report, lang))
    }
}

/// Only this page's own style sheet, named by its hash; nothing else is loaded or run.
fn policy() -> String {
    let hash = base64(&Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'")
}

/// Which colour a rise has differs between countries; the mark ▲▼ never does.
fn schemes(lang: Lang) -> Markup {
    let choices = [
        ("meaning", lang.of("按好坏", "by meaning"), true),
        ("cn", lang.of("红涨绿跌", "red up"), false),
        ("intl", lang.of("绿涨红跌", "green up"), false),
    ];
    html! {
        fieldset.scheme {
            (lang.of("配色", "colours"))
            @for (key, name, on) in choices {
                input type="radio" name="scheme" id={ "scheme-" (key) } checked[on];
                label for={ "scheme-" (key) } { (name) }
            }
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for i in 0..4 {
            if i <= chunk.len() {
                out.push(char::from(ALPHABET[(bits >> (18 - 6 * i) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

//! Finds personal data: patterns in a fixed order, the first that claims a place wins.
//!
//! The patterns have no look-around: a rule names which neighbours forbid a match, and code looks at them.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::check;
use super::hint::Hint;
use super::rules::{Edge, RULES, Rule};
use super::wide::Narrow;
use crate::words::{Span, keyed};

/// What kind of personal data a place holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pii {
    /// E-mail address.
    Email,
    /// Order number.
    Order,
    /// Parcel number.
    Courier,
    /// Chinese identity number, 18 or 15 digits; or an American one.
    Identity,
    /// Payment card.
    BankCard,
    /// Mobile number with an extension that the platform lends.
    VirtualMobile,
    /// Chinese mobile number.
    Mobile,
    /// Chinese landline.
    Landline,
    /// A shop's public number: found so that nothing else claims it, and kept.
    Hotline,
    /// Telephone of another country.
    Phone,
    /// Street address with a house number.
    Address,
    /// WeChat account.
    Wechat,
    /// QQ account.
    Qq,
    /// Passport.
    Passport,
    /// Travel permit.
    Permit,
    /// Number plate.
    Plate,
    /// Internet address.
    Ip,
    /// Name of a person.
    Name,
}

keyed!(Pii {
    Email = "email",
    Order = "order",
    Courier = "courier",
    Identity = "cn_id",
    BankCard = "bank_card",
    VirtualMobile = "virtual_mobile",
    Mobile = "mobile",
    Landline = "landline",
    Hotline = "hotline",
    Phone = "phone",
    Address = "address",
    Wechat = "wechat",
    Qq = "qq",
    Passport = "passport",
    Permit = "permit",
    Plate = "plate",
    Ip = "ip",
    Name = "name",
});

/// A place with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub pii: Pii,
    /// Where, in bytes of the text.
    pub span: Span,
}

static COMPILED: LazyLock<Vec<(&Rule, Regex)>> =
    LazyLock::new(|| RULES.iter().map(|rule| (rule, Regex::new(rule.pattern).expect("a fixed pattern"))).collect());

/// All personal data in a text, in the order of the text.
pub fn find(text: &str) -> Vec<Found> {
    find_hinted(text, Hint::of(text))
}

/// [`find`] where the hint is already there.
pub(super) fn find_hinted(text: &str, hint: Hint) -> Vec<Found> {
    if hint.is_clean() {
        return Vec::new();
    }
    if hint.wide {
        let narrow = Narrow::of(text);
        let mut found = search(narrow.text(), hint);
        found.iter_mut().for_each(|f| f.span = narrow.back(f.span));
        return found;
    }
    search(text, hint)
}

/// Places that are claimed.
struct Claims {
    found: Vec<Found>,
    /// For every byte, whether it is claimed.
    taken: Vec<bool>,
}

impl Claims {
    fn is_free(&self, span: Span) -> bool {
        !self.taken.get(span.start as usize..span.end as usize).is_some_and(|bytes| bytes.contains(&true))
    }

    fn take(&mut self, pii: Pii, span: Span, text: &str) {
        self.taken.resize(text.len(), false);
        self.taken[span.start as usize..span.end as usize].fill(true);
        self.found.push(Found { pii, span });
    }
}

fn search(text: &str, hint: Hint) -> Vec<Found> {
    let mut claims = Claims { found: Vec::new(), taken: Vec::new() };
    for (rule, pattern) in COMPILED.iter().filter(|(rule, _)| (rule.when)(hint)) {
        let mut from = 0;
        while let Some(hit) = pattern.captures_at(text, from) {
            let whole = hit.get(0).expect("group 0 is the match");
            match claim(rule, &hit, text).filter(|span| claims.is_free(*span)) {
                Some(span) => {
                    claims.take(rule.pii, span, text);
                    from = whole.end();
                }
                None => from = whole.start() + text[whole.start()..].chars().next().map_or(1, char::len_utf8),
            }
            if from > text.len() {
                break;
            }
        }
    }
    if !claims.found.is_empty() {
        names_beside(text, &mut claims);
        orders_beside(text, &mut claims);
    }
    claims.found.sort_by_key(|f| f.span.start);
    claims.found
}

/// The place that a match claims: the group if the rule has one, else all of it.
fn claim(rule: &Rule, hit: &Captures<'_>, text: &str) -> Option<Span> {
    let whole = hit.get(0)?;
    let mut groups = hit.iter().skip(1).flatten();
    let place = groups.next().unwrap_or(whole);
    let bare_name = rule.pii == Pii::Name && hit.get(2).is_some();
    if bare_name && (!check::starts_with_family_name(place.as_str()) || text[place.end()..].starts_with(check::is_han))
    {
        return None;
    }
    let fits = rule.edge.allows(text, place.start(), place.end()) || groups_edge(rule, hit, text);
    (fits && (rule.check)(place.as_str(), text)).then(|| Span::new(place.start(), place.end()))
}

/// Where context stands before the number, only what follows it can forbid.
fn groups_edge(rule: &Rule, hit: &Captures<'_>, text: &str) -> bool {
    let Some(group) = hit.iter().skip(1).flatten().next() else { return false };
    matches!(rule.edge, Edge::Word | Edge::Digit) && !text[group.end()..].starts_with(|c: char| c.is_ascii_digit())
}

/// 订单号507 and 596: where one number is an order's, another of its length is too.
fn orders_beside(text: &str, claims: &mut Claims) {
    let mut orders: Vec<usize> = claims.found.iter().filter(|f| f.pii == Pii::Order).map(|f| f.span.len()).collect();
    if orders.is_empty() {
        return;
    }
    orders.sort_unstable();
    orders.dedup();
    let mut start = 0;
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        let span = Span::new(start, start + run.len());
        start += run.len() + text[start + run.len()..].chars().next().map_or(0, char::len_utf8);
        if orders.contains(&run.len()) && claims.is_free(span) {
            claims.take(Pii::Order, span, text);
        }
    }
}

/// In an address block (name, telephone, address in one line) the name stands beside the others.
fn names_beside(text: &str, claims: &mut Claims) {
    const APART: &[char] = &[' ', ',', '，', '、', ':', '：', '\t', '\n'];
    let is_name = |word: &str| {
        (2..=3).contains(&word.chars().count())
            && word.chars().all(check::is_han)
            && check::starts_with_family_name(word)
    };
    let blocks: Vec<Span> = claims
        .found
        .iter()
        .filter(|f| matches!(f.pii, Pii::Address | Pii::Mobile | Pii::VirtualMobile | Pii::Landline))
        .map(|f| f.span)
        .collect();
    for block in blocks {
        let (before, after) = (&text[..block.start as usize], &text[block.end as usize..]);
        let rest = after.trim_start_matches(APART);
        let word = &rest[..rest.find(|c: char| !check::is_han(c)).unwrap_or(rest.len())];
        let start = text.len() - rest.len();
        let behind = (rest.len() < after.len()).then(|| Span::new(start, start + word.len()));
        let rest = before.trim_end_matches(APART);
        let word = &rest[rest
            .rfind(|c: char| !check::is_han(c))
            .map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8))..];
        let ahead = (rest.len() < before.len()).then(|| Span::new(rest.len() - word.len(), rest.len()));
        for span in [behind, ahead].into_iter().flatten() {
            if is_name(span.of(text)) && claims.is_free(span) {
                claims.take(Pii::Name, span, text);
            }
        }
    }
}

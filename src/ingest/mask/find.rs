//! Finds personal data: patterns in a fixed order, the first that claims a place wins.
//!
//! The patterns have no look-around: a rule names which neighbours forbid a match, and code looks at them.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::check;
use super::hint::Hint;
use super::wide::Narrow;
use crate::words::Span;

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

impl Pii {
    /// The word used in ledgers.
    pub fn key(self) -> &'static str {
        match self {
            Pii::Email => "email",
            Pii::Order => "order",
            Pii::Courier => "courier",
            Pii::Identity => "cn_id",
            Pii::BankCard => "bank_card",
            Pii::VirtualMobile => "virtual_mobile",
            Pii::Mobile => "mobile",
            Pii::Landline => "landline",
            Pii::Hotline => "hotline",
            Pii::Phone => "phone",
            Pii::Address => "address",
            Pii::Wechat => "wechat",
            Pii::Qq => "qq",
            Pii::Passport => "passport",
            Pii::Permit => "permit",
            Pii::Plate => "plate",
            Pii::Ip => "ip",
            Pii::Name => "name",
        }
    }
}

/// A place with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub pii: Pii,
    /// Where, in bytes of the text.
    pub span: Span,
}

/// Which neighbours forbid a match.
#[derive(Clone, Copy)]
enum Edge {
    /// None.
    Free,
    /// A digit.
    Digit,
    /// A digit or a full stop before a digit.
    Number,
    /// A Latin letter or a digit.
    Word,
}

impl Edge {
    fn allows(self, text: &str, start: usize, end: usize) -> bool {
        let before = text[..start].chars().next_back().unwrap_or(' ');
        let mut after = text[end..].chars();
        let next = after.next().unwrap_or(' ');
        match self {
            Edge::Free => true,
            Edge::Digit => !before.is_ascii_digit() && !next.is_ascii_digit(),
            Edge::Number => {
                let runs_on = next == '.' && after.next().is_some_and(|c| c.is_ascii_digit());
                !before.is_ascii_digit() && before != '.' && !next.is_ascii_digit() && !runs_on
            }
            Edge::Word => !before.is_ascii_alphanumeric() && !next.is_ascii_alphanumeric(),
        }
    }
}

struct Rule {
    pii: Pii,
    pattern: Regex,
    edge: Edge,
    /// True if the text can hold it at all.
    when: fn(Hint) -> bool,
    /// A check of what was matched, given the whole text.
    check: fn(found: &str, text: &str) -> bool,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(rules);

fn rules() -> Vec<Rule> {
    let any = |_: &str, _: &str| true;
    let digits = |hint: Hint| hint.digits;
    let word = |hint: Hint| hint.word;
    let rule = |pii, pattern: &str, edge, when, check| {
        let pattern = Regex::new(pattern).expect("a fixed pattern");
        Rule { pii, pattern, edge, when, check }
    };
    let about_cards = |found: &str, text: &str| {
        check::is_card(found)
            && (has_any(text, &["卡", "银行", "銀行", "card", "Card", "visa", "Visa", "bank"]) || is_grouped(found))
    };
    let about_passports = |_: &str, text: &str| has_any(text, &["护照", "護照", "证件", "passport", "Passport"]);
    vec![
        rule(Pii::Email, r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", Edge::Free, |h: Hint| h.at, any),
        rule(Pii::Order, r"\d{6}-\d{15}", Edge::Digit, digits, any),
        rule(Pii::Order, r"\d{3}-\d{7}-\d{7}", Edge::Digit, digits, any),
        rule(
            Pii::Order,
            r"(?i)(?:订单|訂單|单号|單號|order|pesanan)(?:编号|編號|number|no\.?|id)?[号號是为:： #]*(\d{10,}|\d{6}[A-Z0-9]{8})",
            Edge::Word,
            digits,
            any,
        ),
        rule(Pii::Courier, r"(?:SF|JDVB|JDV|JD|YT|ZTO|STO|DPK|JT|YD|EMS)\d{10,}", Edge::Word, digits, any),
        rule(
            Pii::Courier,
            r"(?:运单|快递|物流|運單|tracking)(?:号|号码|單號|单号|number)?[是为:： #]*(\d{10,})",
            Edge::Digit,
            digits,
            any,
        ),
        rule(
            Pii::Identity,
            r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]",
            Edge::Word,
            digits,
            |found, _| check::is_identity(found),
        ),
        rule(
            Pii::Identity,
            r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}",
            Edge::Digit,
            digits,
            |_, text| has_any(text, &["身份证", "身份證", "证件"]),
        ),
        rule(Pii::Identity, r"\d{3}-\d{2}-\d{4}", Edge::Digit, digits, |_, text| {
            has_any(text, &["SSN", "ssn", "ocial"])
        }),
        rule(Pii::BankCard, r"\d(?:[ -]?\d){12,18}", Edge::Digit, digits, about_cards),
        rule(
            Pii::VirtualMobile,
            r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:-|转|轉|,|，|#)\d{4}",
            Edge::Digit,
            digits,
            any,
        ),
        rule(Pii::Mobile, r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}", Edge::Digit, digits, any),
        rule(Pii::Landline, r"(?:\(0\d{2,3}\) ?|0\d{2,3}[- ]?)\d{7,8}", Edge::Digit, digits, any),
        rule(Pii::Hotline, r"[48]00-?\d{3}-?\d{4}", Edge::Digit, digits, any),
        rule(Pii::Phone, r"(?:\+?1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}", Edge::Number, digits, any),
        rule(Pii::Phone, r"\+\d{1,3}[- ]?\(?\d{1,4}\)?(?:[- ]?\d{2,4}){2,4}", Edge::Digit, digits, |found, _| {
            (8..=15).contains(&found.bytes().filter(u8::is_ascii_digit).count())
        }),
        rule(
            Pii::Address,
            r"(?:[\x{4e00}-\x{9fa5}]{2,8}?(?:省|市|区|县|镇|街道|區|縣|鎮)){2,}[\x{4e00}-\x{9fa5}]{1,10}(?:路|街|巷|道|村)\d+[号號弄](?:\d+(?:栋|单元|室|号楼|楼|棟|單元|樓|层))*",
            Edge::Free,
            |h: Hint| h.house,
            any,
        ),
        rule(
            Pii::Wechat,
            r"(?i)(?:微信|wechat|weixin|wx|vx|v信|薇信|薇)[号號是:： ]*[A-Za-z][A-Za-z0-9_-]{5,}",
            Edge::Free,
            word,
            is_account,
        ),
        rule(Pii::Qq, r"(?i)(?:QQ|扣扣)[号號是:： ]*\d{5,}", Edge::Free, word, any),
        rule(Pii::Passport, r"[EGDSP]\d{8}", Edge::Word, digits, about_passports),
        rule(Pii::Permit, r"[HM]\d{8,10}", Edge::Word, digits, |_, text| {
            has_any(text, &["通行证", "通行證", "回乡证"])
        }),
        rule(
            Pii::Plate,
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}",
            Edge::Word,
            |h: Hint| h.plate,
            |found, _| found.bytes().any(|b| b.is_ascii_digit()),
        ),
        rule(Pii::Ip, r"(?:\d{1,3}\.){3}\d{1,3}", Edge::Number, digits, |found, _| check::is_address_of_net(found)),
        rule(
            Pii::Name,
            r"(?:收货人|收件人|联系人|寄件人|收貨人|聯絡人|姓名)(?:姓名)?(?:[是为:： ]{1,3}([\x{4e00}-\x{9fa5}]{2,4}|[A-Za-z]+(?: [A-Z][a-z]+)?)|([\x{4e00}-\x{9fa5}]{2,3}))",
            Edge::Free,
            word,
            any,
        ),
    ]
}

fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Sixteen digits in groups of four look like nothing but a card.
fn is_grouped(found: &str) -> bool {
    found.len() == 19 && [4, 9, 14].iter().all(|at| matches!(found.as_bytes()[*at], b' ' | b'-'))
}

/// "wx" is also a word's beginning: an account has a digit or a sign, or stands behind the whole word.
fn is_account(found: &str, _: &str) -> bool {
    let id = found.trim_start_matches(|c: char| !c.is_ascii());
    found.len() > id.len() || id.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'_' | b':'))
}

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

fn search(text: &str, hint: Hint) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for rule in RULES.iter().filter(|rule| (rule.when)(hint)) {
        let mut from = 0;
        while let Some(hit) = rule.pattern.captures_at(text, from) {
            let whole = hit.get(0).expect("group 0 is the match");
            match claim(rule, &hit, text).filter(|span| !found.iter().any(|f| f.span.overlaps(*span))) {
                Some(span) => {
                    found.push(Found { pii: rule.pii, span });
                    from = whole.end();
                }
                None => from = whole.start() + text[whole.start()..].chars().next().map_or(1, char::len_utf8),
            }
            if from > text.len() {
                break;
            }
        }
    }
    if found.iter().any(|f| f.pii == Pii::Address) {
        names_beside(text, &mut found);
    }
    found.sort_by_key(|f| f.span.start);
    found
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

/// In an address block (name, telephone, address in one line) the name stands beside the others.
fn names_beside(text: &str, found: &mut Vec<Found>) {
    const APART: &[char] = &[' ', ',', '，', '、', ':', '：', '\t', '\n'];
    let is_name = |word: &str| {
        (2..=3).contains(&word.chars().count())
            && word.chars().all(check::is_han)
            && check::starts_with_family_name(word)
    };
    let blocks: Vec<Span> = found
        .iter()
        .filter(|f| matches!(f.pii, Pii::Address | Pii::Mobile | Pii::VirtualMobile))
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
            if is_name(span.of(text)) && !found.iter().any(|f| f.span.overlaps(span)) {
                found.push(Found { pii: Pii::Name, span });
            }
        }
    }
}

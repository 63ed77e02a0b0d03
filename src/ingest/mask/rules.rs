//! What personal data looks like: the table of patterns, in the order in which they claim a place.

use super::check;
use super::find::Pii;
use super::hint::Hint;

/// A kind of personal data, and how it is told from other digits and words.
pub struct Rule {
    /// What it finds.
    pub pii: Pii,
    /// The pattern; a group in it is what is masked, else the whole match.
    pub pattern: &'static str,
    /// Which neighbours forbid a match.
    pub edge: Edge,
    /// True if the text can hold it at all.
    pub when: fn(Hint) -> bool,
    /// A check of what was matched, given the whole text.
    pub check: fn(found: &str, text: &str) -> bool,
}

/// Which neighbours forbid a match.
#[derive(Clone, Copy, Debug)]
pub enum Edge {
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
    /// True if the neighbours of these bytes do not forbid a match.
    pub fn allows(self, text: &str, start: usize, end: usize) -> bool {
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

const fn rule(
    pii: Pii,
    pattern: &'static str,
    edge: Edge,
    when: fn(Hint) -> bool,
    check: fn(&str, &str) -> bool,
) -> Rule {
    Rule { pii, pattern, edge, when, check }
}

/// The rules, the first that claims a place wins it.
pub static RULES: &[Rule] = &[
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
    rule(Pii::Identity, r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}", Edge::Digit, digits, |_, text| {
        has_any(text, &["身份证", "身份證", "证件"])
    }),
    rule(Pii::Identity, r"\d{3}-\d{2}-\d{4}", Edge::Digit, digits, |_, text| has_any(text, &["SSN", "ssn", "ocial"])),
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
        r"(?i)(?:微信|wechat|weixin|wx|vx|v信|薇信|薇)[号號是:： ]*[A-Za-z][A-Za-z0-9_-]{5,40}",
        Edge::Free,
        word,
        is_account,
    ),
    rule(Pii::Qq, r"(?i)(?:QQ|扣扣)[号號是:： ]*\d{5,}", Edge::Free, word, any),
    rule(Pii::Passport, r"[EGDSP]\d{8}", Edge::Word, digits, about_passports),
    rule(Pii::Permit, r"[HM]\d{8,10}", Edge::Word, digits, |_, text| has_any(text, &["通行证", "通行證", "回乡证"])),
    rule(
        Pii::Plate,
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}",
        Edge::Word,
        |h: Hint| h.plate,
        |found, _| found.bytes().any(|b| b.is_ascii_digit()),
    ),
    rule(Pii::Ip, r"(?:\d{1,3}\.){3}\d{1,3}", Edge::Number, digits, |found, _| {
        check::is_address_of_net(found) && found.len() >= 9
    }),
    rule(
        Pii::Name,
        r"(?:收货人|收件人|联系人|寄件人|收貨人|聯絡人|姓名)(?:姓名)?(?:(?: ?[：:] ?|[是为])([\x{4e00}-\x{9fa5}]{2,4}|[A-Za-z]+(?: [A-Z][a-z]+)?)| ?([\x{4e00}-\x{9fa5}]{2,3}))",
        Edge::Free,
        word,
        any,
    ),
];

fn any(_: &str, _: &str) -> bool {
    true
}

fn digits(hint: Hint) -> bool {
    hint.digits
}

fn word(hint: Hint) -> bool {
    hint.word
}

fn about_cards(found: &str, text: &str) -> bool {
    let context = &["卡", "银行", "銀行", "card", "Card", "visa", "Visa", "bank"];
    check::is_card(found) && (has_any(text, context) || is_grouped(found))
}

fn about_passports(_: &str, text: &str) -> bool {
    has_any(text, &["护照", "護照", "证件", "passport", "Passport"])
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

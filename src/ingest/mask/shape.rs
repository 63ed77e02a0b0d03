//! How each kind of personal data looks when it is masked: the shapes that people in China know.

use super::Keys;
use super::find::Pii;
use super::wide::Narrow;
use crate::words::Token;

/// A token in a text: short, in brackets, the same for the same person or order.
pub fn label(what: &str, token: Token) -> String {
    format!("[{what}#{:04x}]", token.0 >> 48)
}

/// Writes the masked form of what was found.
pub fn push(out: &mut String, pii: Pii, found: &str, keys: &Keys) {
    let narrow = Narrow::of(found);
    let digits: String = narrow.text().chars().filter(char::is_ascii_digit).collect();
    let masked = match pii {
        Pii::Email => email(narrow.text()),
        Pii::Order => label("订单", keys.token("order", "", narrow.text())),
        Pii::Courier => label("运单", keys.parcel(narrow.text())),
        Pii::Name => label("姓名", keys.token("name", "", found)),
        Pii::Mobile => ends(last(&digits, 11), 3, 4),
        Pii::VirtualMobile => ends(last(&digits[..digits.len() - 4], 11), 3, 4) + "-****",
        Pii::BankCard => format!("{} **** **** {}", &digits[..4], last(&digits, 4)),
        Pii::Identity if digits.len() >= 17 => ends(narrow.text(), 1, 2),
        Pii::Landline => landline(&digits),
        Pii::Phone => phone(narrow.text()),
        Pii::Address => address(found),
        Pii::Wechat => "[微信]".into(),
        Pii::Qq => "[QQ]".into(),
        Pii::Plate => found.chars().take(3).collect::<String>() + "***" + last(&digits, 1),
        Pii::Ip => {
            let mut parts = narrow.text().split('.');
            format!("{}.{}.*.*", parts.next().unwrap_or("*"), parts.next().unwrap_or("*"))
        }
        Pii::Passport | Pii::Permit | Pii::Identity => stars(narrow.text().chars().count()),
        Pii::Hotline => found.into(),
    };
    out.push_str(&masked);
}

fn stars(count: usize) -> String {
    "*".repeat(count)
}

fn last(text: &str, count: usize) -> &str {
    &text[text.len().saturating_sub(count)..]
}

/// The first and last characters, stars between them. The text is ASCII.
fn ends(text: &str, head: usize, tail: usize) -> String {
    if text.len() <= head + tail {
        return stars(text.len());
    }
    format!("{}{}{}", &text[..head], stars(text.len() - head - tail), last(text, tail))
}

fn email(text: &str) -> String {
    match text.split_once('@') {
        Some((name, domain)) => format!("{}****@{domain}", &name[..1]),
        None => stars(text.len()),
    }
}

/// The area stays: 0755-****0000. Three digits are an area where 010 or 02x stands.
fn landline(digits: &str) -> String {
    let area = if digits.starts_with("010") || digits.starts_with("02") { 3 } else { 4 };
    format!("{}-****{}", &digits[..area], last(digits, 4))
}

/// All digits but the last four become stars; signs stay.
fn phone(text: &str) -> String {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let mut seen = 0;
    let hide = |c: char| {
        seen += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && seen + 4 <= digits { '*' } else { c }
    };
    text.chars().map(hide).collect()
}

/// Province and city stay; where there is none, nothing does.
fn address(text: &str) -> String {
    let city = text.find('市').map(|at| at + '市'.len_utf8());
    let province = text.find('省').map(|at| at + '省'.len_utf8());
    format!("{}********", &text[..city.or(province).unwrap_or(0)])
}

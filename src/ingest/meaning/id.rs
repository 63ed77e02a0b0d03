//! Ids as text: freed of what spreadsheets wrap around them, and marked where a spreadsheet has damaged them.

use crate::ingest::table::{Cell, LIST};

/// An id of a review, product, SKU or order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// The id.
    pub text: String,
    /// True if digits were lost on the way (6.9E+17): nothing may be joined on it.
    pub damaged: bool,
}

/// Reads an id; of a list, the first.
pub fn id(cell: Cell<'_>) -> Option<Id> {
    match cell {
        Cell::Text(text) => from_text(text),
        // Excel keeps 15 digits: what is longer has lost some.
        Cell::Number(n) if n.fract() == 0.0 && n.abs() < 1e15 => Some(Id { text: format!("{n}"), damaged: false }),
        Cell::Number(n) => Some(Id { text: format!("{n:e}"), damaged: true }),
        Cell::Bool(_) | Cell::Empty | Cell::Error | Cell::Date(_) => None,
    }
}

fn from_text(text: &str) -> Option<Id> {
    let is_none =
        |text: &str| text.is_empty() || ["null", "none", "nan", "-", "0"].iter().any(|n| text.eq_ignore_ascii_case(n));
    let text = text.split(LIST).map(str::trim).find(|part| !is_none(part))?;
    let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let text = text.trim_start_matches('\'').trim();
    let text = if text.starts_with("gid://") { text.rsplit('/').next().unwrap_or(text) } else { text };
    (!is_none(text)).then(|| Id { text: text.to_string(), damaged: is_damaged(text) })
}

/// `6.9E+17`, or eighteen digits and more of which all behind the fifteenth are 0.
fn is_damaged(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().all(u8::is_ascii_digit);
    if digits && bytes.len() >= 18 {
        return bytes[15..].iter().all(|b| *b == b'0');
    }
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    exponent.starts_with('+')
        && exponent[1..].bytes().all(|b| b.is_ascii_digit())
        && mantissa.parse::<f64>().is_ok_and(|m| (1.0..10.0).contains(&m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_text_and_damage_is_seen() {
        for (text, expect, damaged) in [
            ("7300000000000000001", "7300000000000000001", false),
            ("=\"3000000000000000011\"", "3000000000000000011", false),
            ("'6900001\t", "6900001", false),
            ("gid://shopify/Product/7000000000001", "7000000000001", false),
            ("6.9E+17", "6.9E+17", true),
            ("690000000000000000", "690000000000000000", true),
            ("100000000000000000001", "100000000000000000001", false),
            ("240103-000000000000001", "240103-000000000000001", false),
            ("00000000000017", "00000000000017", false),
            ("1E+05A", "1E+05A", false),
            ("77\u{1f}78", "77", false),
        ] {
            assert_eq!(id(Cell::Text(text)), Some(Id { text: expect.into(), damaged }), "{text}");
        }
        assert_eq!(id(Cell::Number(123456789012345.0)).unwrap().text, "123456789012345");
        assert!(id(Cell::Number(690123456789012345.0)).unwrap().damaged);
        assert_eq!((id(Cell::Text(" ")), id(Cell::Text("null"))), (None, None));
    }
}

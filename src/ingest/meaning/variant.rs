//! Variants split into attributes: 颜色分类:天空蓝;容量:350ml, ['黑,L'], {"Color":"Red"}, columns of their own.

use crate::ingest::table::LIST;

/// Most attributes that are kept of one record.
const MOST: usize = 16;

/// Splits one cell into attributes and adds them. `header` names what stands alone in a column of its own.
pub fn add(text: &str, header: &str, out: &mut Vec<(String, String)>) {
    for part in text.split(LIST).map(str::trim).filter(|p| !p.is_empty()) {
        let before = out.len();
        if !from_json(part, out) {
            from_text(part, out);
        }
        // A value that stands alone in a column of its own is named by the column.
        if let ([one], Some(name)) = (&mut out[before..], header_name(header))
            && one.0.is_empty()
        {
            one.0 = name;
        }
    }
    let mut seen: Vec<(String, String)> = Vec::with_capacity(out.len());
    out.retain(|pair| {
        let new = !pair.1.is_empty() && !is_default(pair) && !seen.contains(pair) && seen.len() < MOST;
        if new {
            seen.push(pair.clone());
        }
        new
    });
}

/// "Default Title": a product without variants.
fn is_default((name, value): &(String, String)) -> bool {
    name.is_empty()
        && ["default", "default title", "默认", "默认规格", "null", "none"]
            .iter()
            .any(|d| value.eq_ignore_ascii_case(d))
}

/// What a column for one attribute is called, in the words of its own language.
fn header_name(header: &str) -> Option<String> {
    let folded = header.to_lowercase();
    let name = match folded.trim_start_matches("product").trim_matches(['_', ' ']) {
        "color" | "colour" if folded.starts_with("product") => "颜色",
        "size" if folded.starts_with("product") => "尺码",
        "color" | "colour" | "size" | "颜色" | "颜色分类" | "尺码" | "尺寸" | "容量" | "口味" | "型号" | "款式"
        | "規格" | "顏色" => {
            return Some(header.trim().to_string());
        }
        _ => return None,
    };
    Some(name.to_string())
}

/// A JSON object of attributes, or a list (JSON's or Python's) of variants.
fn from_json(text: &str, out: &mut Vec<(String, String)>) -> bool {
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let value = serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace('\'', "\"")));
    match value {
        Ok(serde_json::Value::Object(map)) => {
            out.extend(map.iter().take(MOST).map(|(name, value)| (bare(name), scalar(value))));
            true
        }
        Ok(serde_json::Value::Array(list)) => {
            for item in list.iter().take(MOST) {
                match item {
                    serde_json::Value::String(text) => from_text(text, out),
                    serde_json::Value::Object(map) => out.extend(named(map)),
                    _ => {}
                }
            }
            true
        }
        _ => false,
    }
}

/// `{"name": "Color", "value": "Red"}`, or an object of attributes.
fn named(map: &serde_json::Map<String, serde_json::Value>) -> Vec<(String, String)> {
    let get = |keys: [&str; 3]| keys.into_iter().find_map(|key| map.get(key)).map(scalar);
    match (get(["name", "key", "k"]), get(["value", "val", "v"])) {
        (Some(name), Some(value)) => vec![(name, value)],
        _ => map.iter().map(|(name, value)| (bare(name), scalar(value))).collect(),
    }
}

/// `Color:` is called `Color`.
fn bare(name: &str) -> String {
    name.trim().trim_end_matches([':', '：']).to_string()
}

fn scalar(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.trim().to_string(),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => String::new(),
        other => other.to_string(),
    }
}

/// `name:value` parts by `;`, by `,` or by lines; without names, the values by themselves.
fn from_text(text: &str, out: &mut Vec<(String, String)>) {
    const NAMES: [char; 3] = [':', '：', '='];
    let has_names = text.contains(NAMES);
    let strong = [';', '；', '|', '\n', '\t'];
    let weak = [',', '，', '、'];
    let cut = |c: char| strong.contains(&c) || weak.contains(&c) && (!has_names || !text.contains(strong));
    for part in text.split(cut).map(str::trim).filter(|p| !p.is_empty()) {
        match part.split_once(NAMES) {
            Some((name, value)) if !name.trim().is_empty() => named_pairs(name.trim(), value.trim(), out),
            // "Color: Sky, Blue": what has no name goes on with the value before.
            _ if has_names && !out.is_empty() => {
                let last = out.last_mut().expect("not empty");
                last.1 = format!("{},{part}", last.1);
            }
            _ => out.push((String::new(), part.trim_start_matches(NAMES).trim().into())),
        }
    }
}

/// `Color:Blue Size:M`: a value that holds the next name ends before it.
fn named_pairs(name: &str, value: &str, out: &mut Vec<(String, String)>) {
    let next = value.find([':', '：']).and_then(|colon| value[..colon].rfind(' '));
    match next {
        Some(blank) if out.len() < MOST => {
            out.push((name.into(), value[..blank].trim().into()));
            let rest = value[blank..].trim();
            match rest.split_once([':', '：']) {
                Some((name, value)) => named_pairs(name.trim(), value.trim(), out),
                None => out.push((String::new(), rest.into())),
            }
        }
        _ => out.push((name.into(), value.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, header: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        add(text, header, &mut out);
        out
    }

    #[test]
    fn variants_of_every_writing() {
        type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
        let cases: &[Case] = &[
            ("颜色分类:天空蓝;容量:350ml", "SKU", &[("颜色分类", "天空蓝"), ("容量", "350ml")]),
            ("颜色：黑；尺码：XL", "规格", &[("颜色", "黑"), ("尺码", "XL")]),
            ("Color: Sky Blue, Size: 12oz", "Style", &[("Color", "Sky Blue"), ("Size", "12oz")]),
            ("Color: Red, White; Size: L", "Style", &[("Color", "Red, White"), ("Size", "L")]),
            ("Color:Blue Size:M ", "skuInfo", &[("Color", "Blue"), ("Size", "M")]),
            ("Color: Sky Blue", "Style", &[("Color", "Sky Blue")]),
            ("['黑,L','白,XL']", "规格", &[("", "黑"), ("", "L"), ("", "白"), ("", "XL")]),
            ("{\"Color:\": \"Red\", \"Size\": 7}", "style", &[("Color", "Red"), ("Size", "7")]),
            ("[{\"name\":\"Color\",\"value\":\"Red\"}]", "options", &[("Color", "Red")]),
            ("Black,iPhone 13", "model_name", &[("", "Black"), ("", "iPhone 13")]),
            ("天空蓝", "productColor", &[("颜色", "天空蓝")]),
            ("XL", "尺码", &[("尺码", "XL")]),
            ("白色 L", "sku", &[("", "白色 L")]),
            ("Default Title", "variant", &[]),
            ("黑\u{1f}白", "options", &[("", "黑"), ("", "白")]),
            ("[broken", "options", &[("", "[broken")]),
        ];
        for (text, header, expect) in cases {
            let got = split(text, header);
            let got: Vec<(&str, &str)> = got.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(got, *expect, "{text}");
        }
        assert!(
            split(&"a:b;".repeat(99), "SKU").len() == 1
                && split(&(0..99).map(|n| format!("a{n}:b;")).collect::<String>(), "").len() == MOST
        );
    }
}

//! `only`: which records a rule looks at.

use crate::taxonomy::Only;
use crate::words::View;

/// The first condition that the record does not meet; `lang` tells the language of what the speaker
/// said, where the record does not.
pub(in crate::reading) fn refuses(
    only: &Only,
    view: &View<'_>,
    lang: impl FnOnce() -> Option<&'static str>,
) -> Option<&'static str> {
    let among = |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
    let speaks = || {
        let told = if view.lang.is_empty() { lang().unwrap_or("other") } else { view.lang };
        // Scripts tell Chinese and English apart, and call every other language so.
        among(&only.lang, told) || !["zh", "en"].contains(&told) && among(&only.lang, "other")
    };
    let conditions = [
        ("stars", only.stars.is_none_or(|(low, high)| view.stars.is_some_and(|s| (low..=high).contains(&s)))),
        ("kind", only.kind.is_empty() || only.kind.contains(&view.kind)),
        ("stage", among(&only.stage, view.stage)),
        ("platform", among(&only.platform, view.platform)),
        ("sku", among(&only.sku, view.sku)),
        ("lang", only.lang.is_empty() || speaks()),
    ];
    conditions.into_iter().find(|(_, met)| !met).map(|(key, _)| key)
}

//! `only`: which records a rule looks at.

use crate::taxonomy::Only;
use crate::words::View;

/// True if the record fits; `lang` is the language of what the speaker said.
pub(in crate::reading) fn holds(only: &Only, view: &View<'_>, lang: &str) -> bool {
    let among = |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
    let stars = only.stars.is_none_or(|(low, high)| view.stars.is_some_and(|s| (low..=high).contains(&s)));
    stars
        && (only.kind.is_empty() || only.kind.contains(&view.kind))
        && among(&only.stage, view.stage)
        && among(&only.platform, view.platform)
        && among(&only.sku, view.sku)
        && among(&only.lang, lang)
}

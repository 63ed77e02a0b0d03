//! The words that a file of a taxonomy may use as names and values, what people write in their place, and where each belongs.

use crate::said;
use crate::words::{Said, Stance};

/// What a category's file may say.
pub(super) const CATEGORY_KEYS: [&str; 11] = [
    "name",
    "means",
    "area",
    "owner",
    "action",
    "without_record",
    "complaint",
    "praise",
    "question",
    "mention",
    "examples",
];

/// What a rule may say.
pub(super) const RULE_KEYS: [&str; 15] = [
    "any",
    "all",
    "near",
    "then",
    "within",
    "unless",
    "without",
    "without_record",
    "opinion",
    "pattern",
    "category",
    "only",
    "scope",
    "denied",
    "fixed",
];

/// What `only` of a rule may say.
pub(super) const ONLY_KEYS: [&str; 9] =
    ["stars", "rating", "speaker", "kind", "stage", "platform", "source", "sku", "lang"];

/// Words of a list that are told.
const SHOWN: usize = 40;

/// What people write, and the word that they mean by it.
const MEANT: [(&str, &str); 37] = [
    ("任何", "any"),
    ("任一", "any"),
    ("词", "any"),
    ("关键词", "any"),
    ("keywords", "any"),
    ("words", "any"),
    ("全部", "all"),
    ("附近", "near"),
    ("距离", "within"),
    ("distance", "within"),
    ("除外", "unless"),
    ("除非", "unless"),
    ("except", "unless"),
    ("排除", "without"),
    ("不含", "without"),
    ("not", "without"),
    ("exclude", "without"),
    ("正则", "pattern"),
    ("regex", "pattern"),
    ("类别", "category"),
    ("类目", "category"),
    ("只看", "only"),
    ("范围", "scope"),
    ("名称", "name"),
    ("名字", "name"),
    ("含义", "means"),
    ("负责人", "owner"),
    ("负责", "owner"),
    ("做法", "action"),
    ("例句", "examples"),
    ("例子", "examples"),
    ("none", "nothing"),
    ("商品", "product"),
    ("产品", "product"),
    ("物流", "logistics"),
    ("快递", "logistics"),
    ("服务", "service"),
];

/// The known word that is meant by `name`: in other words, or misspelt.
pub(super) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let small = name.trim().to_lowercase();
    let other = MEANT.iter().find(|(word, _)| *word == small).map(|(_, key)| *key);
    let meant = other.or_else(|| Stance::written(&small).map(Stance::key));
    let meant = known.iter().find(|k| meant == Some(**k));
    if let Some(meant) = meant.or_else(|| known.iter().find(|k| **k == small)) {
        return Some(meant);
    }
    // People seldom miss the first letter.
    let begins = |k: &str| k.chars().next() == small.chars().next();
    let near = known.iter().map(|k| (distance(&small, &k.to_lowercase()), !begins(k), *k)).min()?;
    let letters = small.chars().count();
    // A word all of whose letters differ is none that was meant.
    (near.0 <= 1 + letters / 4 && near.0 < letters).then_some(near.2)
}

/// Asks whether that word was meant, if there is one.
pub(super) fn did_you_mean(name: &str, known: &[&str]) -> Option<Said> {
    nearest(name, known).map(|near| said!("是不是“{near}”？", "Did you mean `{near}`?"))
}

/// What is said of a word that one of a list should be.
pub(super) fn one_of(name: &str, known: &[&str]) -> Said {
    let more = if known.len() > SHOWN { " …" } else { "" };
    let list = known[..known.len().min(SHOWN)].join(", ") + more;
    did_you_mean(name, known).map_or_else(
        || said!("这里可以写：{list}", "What can stand here: {list}"),
        |near| Said::new(format!("{}可以写：{list}", near.zh), format!("{} What can stand here: {list}", near.en)),
    )
}

/// Where a name belongs that stands in a wrong place.
pub(super) fn home(name: &str) -> Option<Said> {
    let is_stance = Stance::from_key(name).is_some();
    Some(match name {
        "none" => said!(
            "没有标签的句子写在 [examples] 下面：none = [\"…\"]",
            "Sentences without a label stand below [examples]: none = [\"…\"]"
        ),
        _ if is_stance => said!(
            "规则另起一段，以 [[{name}]] 开头；例句写在 [examples] 下面。",
            "A rule begins with a line [[{name}]] of its own; sentences stand below [examples]."
        ),
        _ if RULE_KEYS.contains(&name) => {
            said!(
                "它要写在规则里，在 [[complaint]] 这样的一行下面。",
                "It belongs into a rule, below a line such as [[complaint]]."
            )
        }
        _ if CATEGORY_KEYS.contains(&name) => {
            said!(
                "它要写在文件开头，在第一个 [[…]] 上面。",
                "It belongs to the head of the file, above the first [[…]]."
            )
        }
        _ if ONLY_KEYS.contains(&name) => {
            said!("它要写在 only 里：only = {{ {name} = \"…\" }}", "It belongs into only: only = {{ {name} = \"…\" }}")
        }
        _ => return None,
    })
}

/// Edits (insert, delete, replace) from one word to another.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let edit = (corner + usize::from(ca != *cb)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], edit);
        }
    }
    row[b.len()]
}

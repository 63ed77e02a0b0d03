//! Names of columns: the profiles and the alias dictionary, read once from the files in `profiles/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::field::Field;
use super::source::DateOrder;
use crate::text::fold::fold;
use crate::words::{Kind, Lang, Said};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/profiles");

/// One known export: a file `profiles/<key>.toml`.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The file's name without its ending.
    pub key: String,
    /// What an operator calls it.
    pub name: Said,
    /// Platform key; empty if the file itself says it.
    pub platform: String,
    /// What its rows are, or are parts of.
    pub kind: Kind,
    /// Sets of headers: if all of one set are there, it is this export. Empty for text that is no table.
    pub signatures: Vec<Vec<String>>,
    /// Field -> headers in order of rank.
    pub fields: BTreeMap<Field, Vec<String>>,
    /// Field -> path of a value that stands once in the file, outside the rows.
    pub file: BTreeMap<Field, String>,
    /// Paths of inner lists whose elements are rows of their own: the messages of a conversation.
    pub each: Vec<String>,
    /// True if the first element of the inner list says again what the outer one says.
    pub outer_repeats: bool,
    /// Fields by column of the same export without a header row.
    pub layouts: Vec<Vec<Field>>,
    /// Zone of its times.
    pub zone: Option<String>,
    /// Order of its numeric dates.
    pub date_order: Option<DateOrder>,
    /// Lowest and highest rating.
    pub scale: Option<(f32, f32)>,
    /// What the file's name carries of the product: `asin` or `digits`.
    pub product_in_name: Option<String>,
    /// The sample that a test reads.
    pub sample: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Bilingual,
    platform: String,
    kind: String,
    signatures: Vec<Vec<String>>,
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    file: BTreeMap<String, String>,
    #[serde(default)]
    each: Vec<String>,
    #[serde(default)]
    outer_repeats: bool,
    #[serde(default)]
    layouts: Vec<Vec<String>>,
    zone: Option<String>,
    date_order: Option<String>,
    scale: Option<(f32, f32)>,
    product_in_name: Option<String>,
    sample: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bilingual {
    zh: String,
    en: String,
}

/// The dictionary `profiles/aliases.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Aliases {
    /// Field -> names.
    fields: BTreeMap<String, Vec<String>>,
    /// What a file is that has such columns and no customer's words -> names.
    against: BTreeMap<String, Against>,
    answer: Answer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Against {
    name: Bilingual,
    flag: Option<String>,
    headers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    name: Bilingual,
    says: FxHashSet<String>,
    beside: FxHashSet<String>,
}

/// A kind of file, other than one of customers' words.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// What an operator calls it.
    pub name: Said,
    /// The option that imports it nevertheless.
    pub flag: Option<String>,
}

/// All that is known of columns' names.
pub struct Vocabulary {
    /// The profiles in order of their keys.
    pub profiles: Vec<Profile>,
    aliases: FxHashMap<String, Vec<Field>>,
    against: FxHashMap<String, usize>,
    others: Vec<Other>,
    /// What a site answers when it refuses a download, the keys that say so, and those that may stand beside them.
    answer: (Other, FxHashSet<String>, FxHashSet<String>),
    /// All headers of all profiles, as names are compared.
    headers: FxHashSet<String>,
    /// Headers of profiles that may be a list or an object and are taken as one cell.
    whole: FxHashSet<String>,
}

static KNOWN: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::load);

/// The vocabulary, read at the first call.
pub fn known() -> &'static Vocabulary {
    &KNOWN
}

impl Vocabulary {
    fn load() -> Vocabulary {
        let mut profiles = Vec::new();
        let mut aliases = None;
        for file in FILES.files() {
            let key = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = file.contents_utf8().expect("profiles are UTF-8");
            if key == "aliases" {
                aliases =
                    Some(toml::from_str::<Aliases>(text).unwrap_or_else(|e| panic!("profiles/aliases.toml: {e}")));
            } else {
                let written = toml::from_str(text).unwrap_or_else(|e| panic!("profiles/{key}.toml: {e}"));
                profiles.push(Profile::new(key, written));
            }
        }
        profiles.sort_by(|a, b| a.key.cmp(&b.key));
        Vocabulary::new(profiles, aliases.expect("profiles/aliases.toml is there"))
    }

    fn new(profiles: Vec<Profile>, written: Aliases) -> Vocabulary {
        let mut aliases: FxHashMap<String, Vec<Field>> = FxHashMap::default();
        let mut add = |header: &str, field: Field| {
            let fields = aliases.entry(normal(header)).or_default();
            if !fields.contains(&field) {
                fields.push(field);
            }
        };
        for (key, names) in &written.fields {
            let field = field(key, "aliases");
            names.iter().for_each(|name| add(name, field));
        }
        // The word of a field is a name for it, where no other field has taken it.
        for field in Field::ALL.iter().filter(|field| **field != Field::Nothing) {
            aliases.entry(normal(field.key())).or_insert_with(|| vec![*field]);
        }
        let mut against: FxHashMap<String, usize> = FxHashMap::default();
        let mut others = Vec::new();
        for kind in written.against.into_values() {
            against.extend(kind.headers.iter().map(|h| (normal(h), others.len())));
            others.push(Other { name: Said::new(kind.name.zh, kind.name.en), flag: kind.flag });
        }
        let all = profiles.iter().flat_map(|p| p.fields.values().flatten());
        let headers = all.map(|header| normal(header)).collect();
        let whole = FxHashSet::default();
        let Answer { name, says, beside } = written.answer;
        let answer = (Other { name: Said::new(name.zh, name.en), flag: None }, says, beside);
        let mut vocabulary = Vocabulary { profiles, aliases, against, others, answer, headers, whole };
        vocabulary.learn_from_profiles();
        vocabulary
    }

    /// Headers on which all profiles agree are aliases too; those of variants, pictures and tags may be objects.
    fn learn_from_profiles(&mut self) {
        let mut learnt: BTreeMap<String, Option<Field>> = BTreeMap::new();
        for profile in &self.profiles {
            for (field, headers) in &profile.fields {
                for header in headers {
                    if matches!(
                        field,
                        Field::SkuText
                            | Field::Images
                            | Field::Videos
                            | Field::Tags
                            | Field::PlatformTags
                            | Field::Nothing
                    ) {
                        self.whole.insert(header.clone());
                    }
                    let said = learnt.entry(normal(header)).or_insert(Some(*field));
                    if *said != Some(*field) {
                        *said = None;
                    }
                }
            }
        }
        for (header, field) in learnt {
            if let Some(field) = field.filter(|f| !matches!(f, Field::Nothing | Field::Text)) {
                self.aliases.entry(header).or_insert_with(|| vec![field]);
            }
        }
    }

    /// The fields that a header may mean, the likeliest first.
    pub fn fields(&self, header: &str) -> &[Field] {
        self.aliases.get(&normal(header)).map_or(&[], Vec::as_slice)
    }

    /// The kind of file, other than one of customers' words, that has such a column.
    pub fn against(&self, header: &str) -> Option<&Other> {
        self.against.get(&normal(header)).map(|kind| &self.others[*kind])
    }

    /// What a site answers when it refuses a download, if these keys are those of such an answer.
    pub fn answer<'k>(&self, keys: impl Iterator<Item = &'k str>) -> Option<&Other> {
        let (answer, says, beside) = &self.answer;
        let mut refuses = false;
        for key in keys.map(str::to_ascii_lowercase) {
            match says.contains(&key) {
                true => refuses = true,
                false if beside.contains(&key) => {}
                false => return None,
            }
        }
        refuses.then_some(answer)
    }

    /// True if the text is the name of a column, as profiles and aliases know them.
    pub fn is_name(&self, text: &str) -> bool {
        let name = normal(text);
        self.aliases.contains_key(&name) || self.headers.contains(&name)
    }

    /// True if a list or object of this name is one cell.
    pub fn is_whole(&self, path: &str) -> bool {
        self.whole.contains(path)
    }

    /// The profile of a key.
    pub fn profile(&self, key: &str) -> Option<&Profile> {
        self.profiles.iter().find(|p| p.key == key)
    }

    /// How many cells of a text's first lines are known names, whatever parts the cells.
    pub fn familiar(&self, text: &str) -> usize {
        text.lines()
            .take(10)
            .flat_map(|line| line.split([',', ';', '\t', '|', '"', '<', '>']))
            .filter(|cell| !cell.is_ascii() && (!self.fields(cell).is_empty() || self.against(cell).is_some()))
            .count()
    }
}

fn field(key: &str, file: &str) -> Field {
    key.parse().unwrap_or_else(|()| panic!("profiles/{file}.toml: there is no field `{key}`"))
}

impl Profile {
    fn new(key: String, written: Written) -> Profile {
        let fields = written.fields.into_iter().map(|(f, headers)| (field(&f, &key), headers)).collect();
        let file = written.file.into_iter().map(|(f, path)| (field(&f, &key), path)).collect();
        let layouts = written.layouts.iter().map(|layout| layout.iter().map(|f| field(f, &key)).collect()).collect();
        let kind = Kind::from_key(&written.kind).unwrap_or_else(|| panic!("profiles/{key}.toml: kind"));
        let order = |name: &str| DateOrder::from_key(name).unwrap_or_else(|| panic!("profiles/{key}.toml: date_order"));
        let date_order = written.date_order.as_deref().map(order);
        Profile {
            name: Said::new(written.name.zh, written.name.en),
            platform: written.platform,
            kind,
            signatures: written.signatures,
            fields,
            file,
            each: written.each,
            outer_repeats: written.outer_repeats,
            layouts,
            zone: written.zone,
            date_order,
            scale: written.scale,
            product_in_name: written.product_in_name,
            sample: written.sample,
            key,
        }
    }

    /// The field and rank of a header, compared as names are.
    pub fn field_of(&self, header: &str) -> Option<(Field, usize)> {
        let wanted = normal(header);
        self.fields
            .iter()
            .find_map(|(field, headers)| headers.iter().position(|h| normal(h) == wanted).map(|rank| (*field, rank)))
    }
}

/// One line of `earful formats`.
#[derive(Clone, Debug)]
pub struct Format {
    /// What `--profile` takes.
    pub key: &'static str,
    /// What an operator calls it.
    pub name: &'static Said,
    /// Platform key; empty if the file itself says it.
    pub platform: &'static str,
    /// What its rows are, or are parts of.
    pub kind: Kind,
    /// Name of the sample file that tests read.
    pub sample: &'static str,
}

impl Format {
    /// The name in one language.
    pub fn name(&self, lang: Lang) -> &'static str {
        self.name.in_lang(lang)
    }
}

/// All known exports, in order of their keys.
pub fn formats() -> impl Iterator<Item = Format> {
    known().profiles.iter().map(|p| Format {
        key: &p.key,
        name: &p.name,
        platform: &p.platform,
        kind: p.kind,
        sample: &p.sample,
    })
}

/// Folded, letters and digits only: so two spellings of a name are one. Paths and attributes stay apart:
/// `a.b` is not `ab`.
pub fn normal(header: &str) -> String {
    let mut name = fold(header);
    name.retain(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '@' | '#'));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_what_they_say() {
        for (a, b) in [
            ("Review Text", "review_text"),
            ("ＳＫＵ", "sku"),
            ("評價內容", "评价内容"),
            ("标题(翻译)", "标题翻译"),
            (" ReviewText ", "review_text"),
        ] {
            assert_eq!(normal(a), normal(b));
        }
        assert_ne!(normal("from.name"), normal("fromname"));
        assert_eq!(known().fields("評論內容"), [Field::Text]);
        assert_eq!(known().fields("标题(翻译)"), [Field::TextTranslated]);
        assert_eq!(known().against("收货地址").unwrap().name.en, "an export of orders");
    }

    #[test]
    fn every_profile_is_whole() {
        assert!(known().profiles.len() >= 59);
        for profile in &known().profiles {
            let key = &profile.key;
            for header in profile.signatures.iter().flatten() {
                assert!(profile.field_of(header).is_some(), "{key}: {header} of the signature has no field");
            }
            let text = profile.fields.contains_key(&Field::Text);
            assert_eq!(text, !profile.signatures.is_empty(), "{key}: text");
            assert!(!profile.name.zh.is_empty() && !profile.name.en.is_empty() && !profile.sample.is_empty(), "{key}");
            let mut seen = std::collections::BTreeSet::new();
            for header in profile.fields.values().flatten() {
                assert!(seen.insert(normal(header)), "{key}: {header} twice");
            }
        }
    }
}

//! The codebook: a folder tree of TOML files becomes categories with rules, and cue lists.
//! Pure: from (path, text) pairs to a [`Taxonomy`] and the problems met on the way.

mod category;
mod changes;
mod check;
mod cues;
mod file;
mod fingerprint;
pub mod foreign;
mod keys;
mod keyword;
mod list;
mod mend;
mod names;
mod part;
mod read;
mod required;
pub mod rule;
pub mod sheet;
mod slip;
mod union;
pub mod write;

use fingerprint::Fingerprint;
use include_dir::{Dir, include_dir};

pub use category::{Area, Category, Example, parted};
pub use changes::{Changes, Moved, changes};
pub use cues::{CUES, Cue, CueWord};
pub use file::place_of;
pub use keys::distance;
pub use keyword::{Edges, Keyword};
pub use list::{LISTS, WordList};
pub use mend::{can_go, mended};
pub use names::unmet;
pub use required::{frequencies, frequency, required};
pub use rule::{Denied, Only, Pattern, Rule, Scope};
pub use union::{united, united_words};

/// Changes whenever the same taxonomy reads some text differently; part of every fingerprint.
pub const ENGINE_VERSION: u32 = 5;

/// The default taxonomy, as it stands in the folder `taxonomy`.
static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/taxonomy");

/// A codebook: categories in the order of their ids, and the cue lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taxonomy {
    categories: Vec<Category>,
    cues: Vec<CueWord>,
    lists: Vec<WordList>,
}

impl Taxonomy {
    /// The categories in the order of their ids; a category's place here is its place in a
    /// [`LabelId`](crate::words::LabelId).
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The cue words of all languages.
    pub fn cues(&self) -> &[CueWord] {
        &self.cues
    }

    /// The place of a category.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.categories.binary_search_by(|c| c.id.as_str().cmp(id)).ok()
    }

    /// The words that a category's own head forbids to all of its rules, without those of the nets above it.
    pub fn own_without_record(&self, at: usize) -> &[Keyword] {
        let category = &self.categories[at];
        let of_nets = category.nets.first().map_or(0, |net| self.categories[*net].without_record.len());
        &category.without_record[..category.without_record.len() - of_nets]
    }

    /// Names what the labels depend on: rules, cue lists, folding and engine, but not names,
    /// meanings and examples. Numbers of two fingerprints must not be compared. 64 hex digits.
    pub fn fingerprint(&self) -> String {
        let mut print = Fingerprint::default();
        print.add(&format!("fold {} engine {ENGINE_VERSION}", crate::text::FOLD_VERSION));
        for category in &self.categories {
            print.add(&category.id);
            category.each_part(|part| print.add(part));
        }
        for word in &self.cues {
            print.add(&format!("{:?} {} {:?}", word.cue, word.keyword.folded, word.keyword.edges));
        }
        print.finish().to_hex().to_string()
    }
}

/// How the files of a taxonomy are written: the name and text of the page that stands beside them.
pub const GUIDE: (&str, &str) = ("README.md", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/taxonomy/README.md")));

/// The files of the default taxonomy: paths relative to its folder, with their text.
pub fn bundled_files() -> Vec<(String, String)> {
    fn collect(dir: &Dir<'_>, out: &mut Vec<(String, String)>) {
        for file in dir.files() {
            if let Some(text) = file.contents_utf8().filter(|_| file.path().extension().is_some_and(|e| e == "toml")) {
                out.push((file.path().to_string_lossy().replace('\\', "/"), text.to_owned()));
            }
        }
        dir.dirs().for_each(|d| collect(d, out));
    }
    let mut out = Vec::new();
    collect(&BUNDLED, &mut out);
    out.sort();
    out
}

/// The default taxonomy.
pub fn bundled() -> Taxonomy {
    Taxonomy::read(bundled_files()).0
}

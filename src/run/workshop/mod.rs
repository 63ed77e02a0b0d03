//! The workshop around a taxonomy: check it, run its examples, see what an edit would move, what stays unlabelled,
//! which words it lacks.

mod breadth;
mod check;
mod clauses;
mod coverage;
mod diff;
mod edit;
mod exchange;
mod list;
mod place;
mod suggest;

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::error::{Error, Result};
use crate::reading::Classifier;
use crate::reading::examples::{self, Misread};
use crate::report::model::{Base, Counted};
use crate::run::facts::Facts;
use crate::said;
use crate::taxonomy::{self, Example, Taxonomy};
use crate::workspace::Workspace;

pub use check::{Ask as Check, Checked, check};
pub use coverage::{Cluster, Coverage, coverage};
pub use diff::{Diff, Moved, OfKind, Quote, Why, diff, diff_from_bundled};
pub use edit::{Edited, edit, mend};
pub use exchange::{Ask as Import, Ready, export, prepare};
pub use list::{Listed, Whole, list};
pub use place::{Earlier, earlier};
pub use suggest::{Beside, Phrase, Suggested, suggest};

/// The rows with words of every record file, of every kind.
fn texts(facts: &Facts) -> Vec<RoaringBitmap> {
    let base = Counted { base: Base::Text, kind: None };
    facts.files.iter().map(|file| file.counted(base)).collect()
}

/// The examples that an edit breaks: read otherwise than written now, and not before. Categories that the edit does not
/// reach are not read.
pub(super) fn broken(old: &Taxonomy, new: &Taxonomy) -> Vec<Misread> {
    let prints = |t: &Taxonomy| {
        let all: Vec<usize> = (0..t.categories().len()).collect();
        let prints = t.category_fingerprints(&all);
        t.categories().iter().map(|c| c.id.clone()).zip(prints).collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (prints(old), prints(new));
    let is_same = |at: &usize| {
        let category = &new.categories()[*at];
        let was = old.find(&category.id).map(|was| &old.categories()[was]);
        let same = |e: &Example, w: &Example| (e.stance, &e.text) == (w.stance, &w.text);
        before.get(&category.id) == after.get(&category.id)
            && was.is_some_and(|w| {
                category.examples.len() == w.examples.len()
                    && category.examples.iter().zip(&w.examples).all(|(e, w)| same(e, w))
            })
    };
    let reached: Vec<usize> = (0..new.categories().len()).filter(|at| !is_same(at)).collect();
    let mut wrong = examples::misread(new, &Classifier::new(new), &reached);
    if !wrong.is_empty() {
        let places: Vec<usize> = reached.iter().filter_map(|at| old.find(&new.categories()[*at].id)).collect();
        let was = examples::misread(old, &Classifier::new(old), &places);
        let same =
            |w: &Misread, now: &Misread| (&w.category, w.stance, &w.text) == (&now.category, now.stance, &now.text);
        wrong.retain(|now| !was.iter().any(|w| same(w, now)));
    }
    wrong
}

/// Makes the bundled taxonomy the workspace's own, to be edited.
pub fn own(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let files = taxonomy::bundled_files();
    if files.is_empty() {
        return Err(Error::new("taxonomy", said!("这个程序没有带词表", "this program was built without a taxonomy")));
    }
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    workspace.write()?.own_taxonomy(files.chain([taxonomy::GUIDE]))
}

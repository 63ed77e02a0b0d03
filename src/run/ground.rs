//! What every job on a workspace's records stands on: the records, what is known of each, and the taxonomy that reads
//! them. Opened once; to read a taxonomy and to make it ready take longer than most of what is then asked.

use std::sync::OnceLock;

use super::facts::Facts;
use crate::error::Result;
use crate::reading::Classifier;
use crate::records::Store;
use crate::taxonomy::Taxonomy;
use crate::workspace::Workspace;

/// The records of a workspace and the taxonomy that reads them.
pub struct Ground {
    /// The records.
    pub store: Store,
    /// The taxonomy of the workspace.
    pub taxonomy: Taxonomy,
    /// Facts of all records.
    pub facts: Facts,
    classifier: OnceLock<Classifier>,
}

impl Ground {
    /// Opens the records of a workspace.
    pub fn open(workspace: &Workspace) -> Result<Ground> {
        Ground::read_by(workspace, super::taxonomy::of_workspace(workspace)?)
    }

    /// The same, read by another taxonomy than the workspace's.
    pub fn read_by(workspace: &Workspace, taxonomy: Taxonomy) -> Result<Ground> {
        let store = Store::open(&workspace.records())?;
        let facts = Facts::read(&store)?;
        Ok(Ground { store, taxonomy, facts, classifier: OnceLock::new() })
    }

    /// What reads a record by the taxonomy; made ready when it is first asked for.
    pub fn classifier(&self) -> &Classifier {
        self.classifier.get_or_init(|| Classifier::new(&self.taxonomy))
    }
}

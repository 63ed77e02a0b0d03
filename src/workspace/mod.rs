//! A workspace: plain files in a folder.

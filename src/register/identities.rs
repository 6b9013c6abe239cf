//! What the issues of a document said when it was dispatched: kept in its internal `.figures.json`, whose hash the
//! register has.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::identity::{IssueIdentity, normalised};
use crate::register::entry::{FileHash, RegisterEntry};

/// An issue as its document kept it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredIssue {
    /// What the register calls it.
    pub handle: String,
    /// The id as written.
    pub id: Option<String>,
    /// The key of its identity.
    pub key: String,
    /// The unit.
    pub unit: String,
    /// The site.
    pub site: String,
    /// The day of finding.
    pub found_on: Option<NaiveDate>,
    /// The description as written.
    pub description: String,
}

impl StoredIssue {
    /// Returns its identity, with unit and site as they were called then.
    #[must_use]
    pub fn identity(&self) -> IssueIdentity {
        let Self { unit, site, found_on, description, .. } = self;
        IssueIdentity {
            unit: unit.clone(),
            site: site.clone(),
            found_on: *found_on,
            description: normalised(description),
        }
    }
}

/// The part of a `.figures.json` that is read here.
#[derive(Default, Deserialize)]
struct Sheet {
    #[serde(default)]
    issues: Vec<StoredIssue>,
}

/// Returns the issues that a document kept, none if its figures are missing or altered or keep none: a public edition
/// keeps none, nor does a version of duban before identities.
#[must_use]
pub fn stored_issues(root: &Path, entry: &RegisterEntry) -> Vec<StoredIssue> {
    figures(entry).filter_map(|file| read(root, file)).flat_map(|sheet| sheet.issues).collect()
}

/// Returns the same, and whether all figures could be read: missing ones may be put back.
pub(super) fn stored_issues_and_whether_all(root: &Path, entry: &RegisterEntry) -> (Vec<StoredIssue>, bool) {
    let sheets: Vec<Option<Sheet>> = figures(entry).map(|file| read(root, file)).collect();
    let all = sheets.iter().all(Option::is_some);
    (sheets.into_iter().flatten().flat_map(|sheet| sheet.issues).collect(), all)
}

/// The files of figures of a document.
fn figures(entry: &RegisterEntry) -> impl Iterator<Item = &FileHash> {
    entry.files.iter().filter(|file| file.path.ends_with(".figures.json"))
}

fn read(root: &Path, file: &FileHash) -> Option<Sheet> {
    let bytes = fs::read(root.join(&file.path)).ok().filter(|bytes| file.is_of(bytes))?;
    serde_json::from_slice(&bytes).ok()
}

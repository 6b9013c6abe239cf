//! The photos of issues: which issue has which, and where the bytes of each are.
//!
//! A photo floats over the cells of a workbook, lies in one of its cells, or is a file that a log names. An [`Album`] is
//! made of the rows of a run ([`PhotoRows`]) and the pictures of its workbooks ([`Books`]); what can't be given to an issue
//! becomes a fault, so that no photo is dropped in silence. A [`PhotoStore`] reads the bytes, one photo at a time.
//!
//! - `rows`: what rows say of photos, collected while the logs are read
//! - `books`: the pictures of workbooks; `sheets`: which row of a sheet each belongs to
//! - `names`: the names in a cell; `files`: the files of names, in `folders` and ZIP archives
//! - `photo`: a photo of an issue; `origin`: where its bytes are
//! - `making`: the album in the making; `fault`: what is told of it
//! - `store`: the bytes

mod books;
mod fault;
mod files;
mod folders;
mod making;
mod names;
mod origin;
mod photo;
mod rows;
mod sheets;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::fault::Faults;
use crate::model::Row;
use crate::model::stage::Stage;
use crate::project::Project;
use crate::source::Sources;
use making::Making;
use origin::Origin;

pub use books::Books;
pub use folders::PhotoFolders;
pub use names::named_pictures;
pub use photo::{ALBUM, IssuePhoto};
pub use rows::{PhotoRows, RowKey};
pub use store::PhotoStore;

/// The photos of the issues of a run.
#[derive(Clone, Debug, Default)]
pub struct Album {
    by_row: FxHashMap<RowKey, Vec<Arc<IssuePhoto>>>,
    origins: BTreeMap<String, Origin>,
}

/// How many photos there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoCounts {
    /// Issues with photos.
    pub issues: usize,
    /// Photos, each counted once however many issues it shows.
    pub photos: usize,
    /// How often one is given to an issue, by stage in the order of [`Stage::ALL`].
    pub by_stage: [usize; 4],
}

impl Album {
    /// Makes the album of a run. What can't be given to an issue, or should be looked at, is added to `faults`.
    #[must_use]
    pub fn new(
        rows: PhotoRows,
        books: &Books,
        (sources, project): (&Sources, &Project),
        folders: &PhotoFolders,
        faults: &mut Faults,
    ) -> Self {
        let mut making = Making::new(rows, sources, project, folders, faults);
        sheets::add(&mut making, books);
        let (by_row, origins) = making.made();
        Self { by_row, origins }
    }

    /// The photos of the issue in a row: by column, from left to right.
    #[must_use]
    pub fn of(&self, row: &Row) -> &[Arc<IssuePhoto>] {
        self.by_row.get(&RowKey::of(row)).map_or(&[], Vec::as_slice)
    }

    /// The issues with their photos, in the order of the logs.
    #[must_use]
    pub fn rows(&self) -> Vec<(RowKey, &[Arc<IssuePhoto>])> {
        let mut rows: Vec<_> = self.by_row.iter().map(|(key, photos)| (*key, photos.as_slice())).collect();
        rows.sort_by_key(|(key, _)| *key);
        rows
    }

    /// How many photos there are.
    #[must_use]
    pub fn counts(&self) -> PhotoCounts {
        let mut by_stage = [0; 4];
        for photo in self.by_row.values().flatten() {
            for (count, stage) in by_stage.iter_mut().zip(Stage::ALL) {
                *count += usize::from(photo.stage == stage);
            }
        }
        PhotoCounts { issues: self.by_row.len(), photos: self.origins.len(), by_stage }
    }

    /// What reads the bytes of its photos.
    #[must_use]
    pub fn store(&self, project: &Project) -> PhotoStore {
        let photos = self.rows().into_iter().flat_map(|(_, photos)| photos).map(AsRef::as_ref);
        PhotoStore::new(self.origins.clone(), photos, &project.photos)
    }
}

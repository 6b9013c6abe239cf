//! The pictures of the workbooks of a run: where they stand, and none of their bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::photo::{PhotoError, SheetPicture, pictures};
use crate::place::SourceId;
use crate::source::Sources;

/// The pictures of the workbooks of a run.
#[derive(Debug, Default)]
pub struct Books {
    pub(super) by_path: BTreeMap<PathBuf, Result<Vec<SheetPicture>, PhotoError>>,
    with_pictures: Arc<BTreeSet<SourceId>>,
}

impl Books {
    /// Reads what the workbooks among some logs say of their pictures.
    #[must_use]
    pub fn read(sources: &Sources, ids: &[SourceId]) -> Self {
        let mut by_path = BTreeMap::new();
        let mut with_pictures = BTreeSet::new();
        for id in ids {
            let source = sources.get(*id);
            let (Some(sheet), Some(path)) = (&source.sheet, source.on_disk()) else { continue };
            let read = by_path.entry(path.to_owned()).or_insert_with(|| of(path));
            if read.as_ref().is_ok_and(|pictures| pictures.iter().any(|picture| picture.sheet == sheet.name)) {
                with_pictures.insert(*id);
            }
        }
        Self { by_path, with_pictures: Arc::new(with_pictures) }
    }

    /// The sheets that have pictures.
    #[must_use]
    pub fn sheets(&self) -> &Arc<BTreeSet<SourceId>> {
        &self.with_pictures
    }
}

/// The pictures of a workbook on disk.
pub(super) fn of(path: &Path) -> Result<Vec<SheetPicture>, PhotoError> {
    pictures(BufReader::new(File::open(path)?))
}

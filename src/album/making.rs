//! An album in the making: each photo is given to its rows, and told where it can't be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fault::{AbsentPhoto, LargePhoto, MissingPhoto, PhotoOutside, SamePhoto, Unreadable, UnreadablePhoto};
use super::files::{Files, Found};
use super::folders::PhotoFolders;
use super::names::{Named, names};
use super::origin::{Origin, within};
use super::photo::IssuePhoto;
use super::rows::{PhotoCell, PhotoRow, PhotoRows, RowKey};
use crate::fault::Faults;
use crate::model::Field;
use crate::model::stage::Stage;
use crate::photo::PictureKind;
use crate::picture::{PictureError, is_cut_off};
use crate::place::{Place, SourceId};
use crate::platform::paths::real_path;
use crate::project::Project;
use crate::source::Sources;

/// An album in the making.
pub(super) struct Making<'m> {
    pub(super) rows: PhotoRows,
    pub(super) sources: &'m Sources,
    project: &'m Project,
    root: Option<PathBuf>,
    files: Files,
    pub(super) faults: &'m mut Faults,
    /// The photos of each row, with the column of each.
    by_row: FxHashMap<RowKey, Vec<(u16, Arc<IssuePhoto>)>>,
    origins: BTreeMap<String, Origin>,
    /// Where each photo stood first: its rows, its stage, and the cell.
    first: FxHashMap<String, (Vec<RowKey>, Stage, Place)>,
    /// What each log names and has not, by its place; and whether it has any that it names.
    missing: BTreeMap<SourceId, MissingOfLog>,
}

/// The photos that a log names and has not.
#[derive(Default)]
struct MissingOfLog {
    photos: Vec<(Place, Field, MissingPhoto)>,
    /// Whether it has any that it names.
    has_others: bool,
}

/// The photos of each row.
pub(super) type PhotosByRow = FxHashMap<RowKey, Vec<Arc<IssuePhoto>>>;

/// So many photos of a log are told one by one even if it has none that it names.
const TOLD_APART: usize = 5;

/// A photo that was found in a cell.
pub(super) struct FoundPhoto {
    /// The rows that have it: several if their cells are merged.
    pub(super) rows: Vec<RowKey>,
    pub(super) column: u16,
    pub(super) stage: Stage,
    pub(super) cell: Place,
    pub(super) place: String,
    pub(super) found: Found,
}

impl<'m> Making<'m> {
    pub(super) fn new(
        mut rows: PhotoRows,
        sources: &'m Sources,
        project: &'m Project,
        folders: &PhotoFolders,
        faults: &'m mut Faults,
    ) -> Self {
        rows.rows.sort_by_key(|row| row.key);
        let files = Files::new(folders, project.photos.folder.as_deref());
        let root = folders.root.as_ref().and_then(|root| real_path(root).ok());
        let (by_row, origins, first, missing) = Default::default();
        Self { rows, sources, project, root, files, faults, by_row, origins, first, missing }
    }

    /// Adds the photos that rows name. Returns the photos of each row, by column, and where the bytes of each are.
    pub(super) fn made(mut self) -> (PhotosByRow, BTreeMap<String, Origin>) {
        for row in std::mem::take(&mut self.rows.rows) {
            self.named(&row);
        }
        self.tell_missing();
        let by_row = self.by_row.into_iter().map(|(key, mut photos)| {
            photos.sort_by_key(|(column, _)| *column);
            (key, photos.into_iter().map(|(_, photo)| photo).collect())
        });
        (by_row.collect(), self.origins)
    }

    /// Adds the photos that a row names.
    fn named(&mut self, row: &PhotoRow) {
        let source = self.sources.get(row.key.source);
        let log = source.on_disk().map(|path| (path, source.name.as_str()));
        for PhotoCell { column, field, text, place } in &row.cells {
            let is_evidence = *field == Field::Evidence;
            for named in names(text) {
                let name = match named {
                    Named::Picture(name) => name,
                    // Evidence may be anything.
                    Named::Other(_) | Named::Address(_) if is_evidence => continue,
                    Named::Other(name) => {
                        self.unreadable(name.to_owned(), Unreadable::OtherFile, (*place, *field));
                        continue;
                    }
                    Named::Address(address) => {
                        self.faults.add_at(*place, *field, AbsentPhoto::Address(address.to_owned()));
                        continue;
                    }
                };
                let found = self.files.find(name, log).and_then(|found| {
                    let look = self.files.look(&found.origin)?;
                    Ok((found, look))
                });
                match found {
                    Ok((found, look)) => {
                        self.missing.entry(row.key.source).or_default().has_others = true;
                        let at = (*place, *field);
                        if !self.is_usable(look, name, at) {
                            continue;
                        }
                        let bytes = self.files.read(&found.origin, self.project.photos.max_bytes);
                        match bytes {
                            Ok(bytes) if self.is_whole(&bytes, name, at) => {}
                            Ok(_) => continue,
                            Err(error) => {
                                self.tell(error, name, at);
                                continue;
                            }
                        }
                        let shown = match &found.member {
                            Some(member) => format!("{}/{member}", found.file),
                            None => found.file.clone(),
                        };
                        let stage = field.stage().unwrap_or_default();
                        let (rows, column, cell) = (vec![row.key], *column, *place);
                        self.add(FoundPhoto { rows, column, stage, cell, place: shown, found });
                    }
                    Err(error) => self.tell(error, name, (*place, *field)),
                }
            }
        }
    }

    /// Tells what is missing: once for a log that was handed in without its photos.
    fn tell_missing(&mut self) {
        for MissingOfLog { photos, has_others } in std::mem::take(&mut self.missing).into_values() {
            let count = photos.len();
            let is_told_once = !has_others && count > TOLD_APART;
            for (place, field, mut what) in photos.into_iter().take(if is_told_once { 1 } else { count }) {
                what.of_all = is_told_once.then_some(count);
                self.faults.add_at(place, field, what);
            }
        }
    }

    fn tell(&mut self, error: PictureError, name: &str, (place, field): (Place, Field)) {
        let name = name.to_owned();
        match error {
            PictureError::Outside => self.faults.add_at(place, field, PhotoOutside { name }),
            PictureError::Missing { folders } => {
                let what = MissingPhoto { name, searched: folders, several: Vec::new(), of_all: None };
                self.missing.entry(place.source).or_default().photos.push((place, field, what));
            }
            PictureError::Several { files } => {
                let what = MissingPhoto { name, searched: Vec::new(), several: files, of_all: None };
                self.faults.add_at(place, field, what);
            }
            PictureError::Unreadable { why } => self.unreadable(name, Unreadable::Io(why), (place, field)),
            PictureError::CutOff => self.unreadable(name, Unreadable::CutOff, (place, field)),
        }
    }

    /// Whether a photo can be used by what it is and its number of bytes; if not, that is told.
    pub(super) fn is_usable(
        &mut self,
        (kind, bytes): (PictureKind, u64),
        name: &str,
        (place, field): (Place, Field),
    ) -> bool {
        let (name, most) = (name.to_owned(), self.project.photos.max_bytes);
        match kind {
            PictureKind::Jpeg | PictureKind::Png | PictureKind::Gif | PictureKind::Bmp | PictureKind::Webp => {
                if bytes > most {
                    self.faults.add_at(place, field, LargePhoto { name, bytes, most });
                }
                bytes <= most
            }
            kind => {
                self.unreadable(name, Unreadable::Kind(kind), (place, field));
                false
            }
        }
    }

    /// Whether the bytes of a photo are all there; if not, that is told.
    pub(super) fn is_whole(&mut self, bytes: &[u8], name: &str, at: (Place, Field)) -> bool {
        let is_whole = !is_cut_off(bytes);
        if !is_whole {
            self.unreadable(name.to_owned(), Unreadable::CutOff, at);
        }
        is_whole
    }

    /// Tells of a photo that can't be read.
    pub(super) fn unreadable(&mut self, name: String, why: Unreadable, (place, field): (Place, Field)) {
        self.faults.add_at(place, field, UnreadablePhoto { name, why });
    }

    /// The most bytes that a photo may have.
    pub(super) fn most_bytes(&self) -> u64 {
        self.project.photos.max_bytes
    }

    /// Gives a photo to its rows. That it stands elsewhere, too, is told: merged cells are one place.
    pub(super) fn add(&mut self, photo: FoundPhoto) {
        let FoundPhoto { rows, column, stage, cell, place, found } = photo;
        let id = found.origin.id(&self.stable(&found.origin, &found.file));
        if let Some((known, before, first)) = self.first.get(&id) {
            let is_same_issue = known.iter().any(|row| rows.contains(row));
            // Twice in one cell is once.
            if is_same_issue && *before == stage {
                return;
            }
            let other = self.sources.get(first.source).line_name(first.line);
            let what = SamePhoto { place: place.clone(), other, is_same_issue };
            self.faults.add_full(cell, what, None, Some(*first));
        } else {
            self.first.insert(id.clone(), (rows.clone(), stage, cell));
        }
        self.origins.entry(id.clone()).or_insert(found.origin);
        let photo = Arc::new(IssuePhoto { id, stage, place, file: found.file, member: found.member });
        for row in rows {
            self.by_row.entry(row).or_default().push((column, Arc::clone(&photo)));
        }
    }

    /// The name of the file of a photo by which it is called: where it lies in the project, if it does, so that it is called
    /// the same from wherever the run is started.
    fn stable(&self, origin: &Origin, file: &str) -> String {
        let (Origin::Book { path, .. } | Origin::File(path) | Origin::Member { archive: path, .. }) = origin;
        within(path, self.root.as_deref()).unwrap_or_else(|| file.to_owned())
    }

    /// The path of a workbook on disk, and what it is called.
    pub(super) fn book(&self, source: SourceId) -> Option<(&'m Path, &'m str)> {
        let sources = self.sources;
        let source = sources.get(source);
        Some((source.on_disk()?, source.name.as_str()))
    }
}

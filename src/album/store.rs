//! The bytes of photos, one at a time: memory does not grow with their number.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use zip::ZipArchive;

use super::books;
use super::files::Files;
use super::files::{open, read_file, read_member, unreadable};
use super::folders::PhotoFolders;
use super::origin::{Origin, within};
use super::photo::IssuePhoto;
use crate::document::photo::PhotoSource;
use crate::photo::PictureReader;
use crate::picture::{Picture, PictureError, Preparation, prepared_as};
use crate::platform::paths::real_path;
use crate::project::photos::PhotoSettings;
use crate::source::workbook::is_workbook;

/// So many workbooks and archives are kept open.
const MAX_OPEN: usize = 32;

type Book = PictureReader<BufReader<File>>;
type Archive = ZipArchive<BufReader<File>>;

/// Reads the photos of a run, and makes each ready for a document.
#[derive(Default)]
pub struct PhotoStore {
    origins: BTreeMap<String, Origin>,
    /// Where they stand, for messages: the first place of each.
    places: BTreeMap<String, String>,
    settings: PhotoSettings,
    books: Mutex<BTreeMap<PathBuf, Book>>,
    archives: Mutex<BTreeMap<PathBuf, Archive>>,
}

impl PhotoStore {
    pub(super) fn new<'p>(
        origins: BTreeMap<String, Origin>,
        photos: impl Iterator<Item = &'p IssuePhoto>,
        settings: &PhotoSettings,
    ) -> Self {
        let mut places = BTreeMap::new();
        for photo in photos {
            places.entry(photo.id.clone()).or_insert_with(|| photo.place.clone());
        }
        Self { origins, places, settings: settings.clone(), ..Self::default() }
    }

    /// The store of photos that saved data tell of. `logs` are the names of the logs of their issues: nothing is read but in
    /// their folders and in the project.
    #[must_use]
    pub fn of_saved(
        photos: &[IssuePhoto],
        logs: &BTreeSet<String>,
        folders: &PhotoFolders,
        settings: &PhotoSettings,
    ) -> Self {
        let mut found = Saved { folders, logs, files: Files::new(folders, settings.folder.as_deref()) };
        let mut origins = BTreeMap::new();
        let mut books: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for photo in photos {
            if is_workbook(Path::new(&photo.file)) {
                books.entry(&photo.file).or_default().insert(&photo.id);
            } else if let Some(origin) = found.file(photo) {
                origins.insert(photo.id.clone(), origin);
            }
        }
        for (file, ids) in books {
            origins.extend(found.in_book(file, &ids));
        }
        Self::new(origins, photos.iter(), settings)
    }

    /// How many photos there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }
}

impl PhotoSource for PhotoStore {
    fn photo(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError> {
        let origin = self.origins.get(id).ok_or_else(|| PictureError::Missing { folders: Vec::new() })?;
        let (limit, side) = (self.settings.max_bytes, self.settings.max_side);
        let (mut cut, mut turn) = ([0; 4], None);
        let bytes = match origin {
            Origin::Book { path, content, cut: own_cut, turn: own_turn } => {
                (cut, turn) = (*own_cut, *own_turn);
                let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
                let book = kept_open(&mut books, path, |path| {
                    let file = File::open(path).map_err(|error| unreadable(&error))?;
                    PictureReader::open(BufReader::new(file)).map_err(|error| unreadable(&error))
                })?;
                book.read(content, limit).map_err(|error| unreadable(&error))?
            }
            Origin::File(path) => read_file(path, limit)?,
            Origin::Member { archive, number } => {
                let mut archives = self.archives.lock().unwrap_or_else(PoisonError::into_inner);
                read_member(kept_open(&mut archives, archive, open)?, *number, limit)?
            }
        };
        if bytes.len() as u64 > limit {
            return Err(unreadable(&format!("> {limit} bytes")));
        }
        let most = (most.0.min(side), most.1.min(side));
        prepared_as(&bytes, &Preparation { most, quality: self.settings.quality, cut, turn })
    }

    fn place(&self, id: &str) -> String {
        self.places.get(id).map_or_else(|| id.to_owned(), Clone::clone)
    }
}

/// What is open for a path, opened if need be.
fn kept_open<'k, T>(
    kept: &'k mut BTreeMap<PathBuf, T>,
    path: &Path,
    open: impl Fn(&Path) -> Result<T, PictureError>,
) -> Result<&'k mut T, PictureError> {
    if !kept.contains_key(path) {
        if kept.len() >= MAX_OPEN {
            kept.clear();
        }
        kept.insert(path.to_owned(), open(path)?);
    }
    kept.get_mut(path).ok_or_else(|| unreadable(&"it is not open"))
}

/// Finds again what saved data tell of.
struct Saved<'s> {
    folders: &'s PhotoFolders,
    logs: &'s BTreeSet<String>,
    files: Files,
}

impl Saved<'_> {
    /// The folders from which logs are named.
    fn bases(&self) -> impl Iterator<Item = &Path> {
        self.folders.root.iter().map(PathBuf::as_path).chain([self.folders.working.as_path()])
    }

    fn file(&mut self, photo: &IssuePhoto) -> Option<Origin> {
        let path = match &photo.member {
            Some(member) => format!("{}/{member}", photo.file),
            None => photo.file.clone(),
        };
        let bases: Vec<PathBuf> = self.bases().map(Path::to_owned).collect();
        // In the project, or else in the folder of a log.
        if let Ok(found) = self.files.find(&path, None) {
            return Some(found.origin);
        }
        self.logs.iter().find_map(|log| {
            let folder = log.rsplit_once('/').map_or("", |(folder, _)| folder);
            let own = path.strip_prefix(folder)?.trim_start_matches('/');
            bases.iter().find_map(|base| Some(self.files.find(own, Some((&base.join(log), log))).ok()?.origin))
        })
    }

    /// The pictures of a workbook that have one of some ids.
    fn in_book(&self, file: &str, ids: &BTreeSet<&str>) -> BTreeMap<String, Origin> {
        let mut origins = BTreeMap::new();
        // A workbook with photos is a log.
        let is_log = self.logs.contains(file);
        let path = self.bases().map(|base| base.join(file)).find(|path| path.is_file()).filter(|_| is_log);
        let Some(path) = path else { return origins };
        let root = self.folders.root.as_ref().and_then(|root| real_path(root).ok());
        let within = within(&path, root.as_deref());
        for picture in books::of(&path).unwrap_or_default() {
            let origin = Origin::of_picture(&path, &picture);
            let id = origin.id(within.as_deref().unwrap_or(file));
            if ids.contains(id.as_str()) {
                origins.insert(id, origin);
            }
        }
        origins
    }
}

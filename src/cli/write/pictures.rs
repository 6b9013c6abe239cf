//! The pictures that tags of a Word template name: read, and in a public edition left out unless released.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::cli::session::Session;
use crate::dataset::issues::ListedIssue;
use crate::dataset::{Data, Edition};
use crate::document::photo::PhotoSource;
use crate::picture::{Picture, PictureError, find, prepared};
use crate::word_template::Filled;

/// Where a run finds pictures.
pub(super) struct PictureSource<'m> {
    /// The folder of the project.
    root: PathBuf,
    /// The working folder, from which logs are named.
    folder: PathBuf,
    /// Whether a public edition shows pictures that logs name.
    is_released: bool,
    /// The office's own, such as its seal, which every letter has.
    own: Mutex<BTreeMap<PrintedPicture, Picture>>,
    /// The photos of the issues, which templates name by what `photos()` calls them.
    photos: &'m dyn PhotoSource,
}

/// The name of a picture, and the width and height in pixels in which it is printed.
type PrintedPicture = (String, (u32, u32));

/// A picture that can't be used.
pub(super) struct UnusablePicture {
    pub(super) name: String,
    pub(super) error: PictureError,
}

impl<'m> PictureSource<'m> {
    pub(super) fn new(session: &Session<'_>, photos: &'m dyn PhotoSource) -> Self {
        let folder = session.world.folder.clone();
        // Without the dots, for messages.
        let root = folder.join(&session.project.root).components().collect();
        Self { root, folder, is_released: session.project.privacy.shows_pictures, own: Mutex::default(), photos }
    }

    /// Reads the pictures of a filled template. Returns how many are left out of a public edition: those that the template
    /// does not name itself, unless the config releases them.
    ///
    /// # Errors
    /// The first that can't be used.
    pub(super) fn fill(&self, filled: &mut Filled, data: &Data) -> Result<usize, UnusablePicture> {
        let (mut pictures, mut left_out) = (BTreeMap::new(), 0);
        let own: BTreeSet<&str> = filled.template.named_pictures().map(|named| named.name).collect();
        let mut folders = None;
        for (name, most) in filled.picture_names() {
            let is_own = own.contains(name);
            if data.edition == Edition::Public && !is_own && !self.is_released {
                left_out += 1;
                continue;
            }
            let key = (name.to_owned(), most);
            let known = || self.own.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(picture) = known().get(&key) {
                pictures.insert(name.to_owned(), picture.clone());
                continue;
            }
            let read = match self.photos.photo(name, most) {
                // No photo of an issue is called that.
                Err(PictureError::Missing { .. }) => {
                    read(name, folders.get_or_insert_with(|| self.folders(data)), most)
                }
                read => read,
            };
            let picture = read.map_err(|error| UnusablePicture { name: name.to_owned(), error })?;
            if is_own {
                known().insert(key, picture.clone());
            }
            pictures.insert(name.to_owned(), picture);
        }
        filled.pictures = pictures;
        Ok(left_out)
    }

    /// The folder of the project, and those of the logs.
    fn folders(&self, data: &Data) -> Vec<PathBuf> {
        let files = data.records.each_issue().filter_map(ListedIssue::file);
        let parents: BTreeSet<&Path> = files.filter_map(|file| Path::new(file).parent()).collect();
        let mut folders = vec![self.root.clone()];
        for parent in parents {
            let known = [self.root.join(parent), self.folder.join(parent)].into_iter().find(|folder| folder.is_dir());
            folders.extend(known.filter(|folder| !folders.contains(folder)));
        }
        folders
    }
}

fn read(name: &str, folders: &[PathBuf], most: (u32, u32)) -> Result<Picture, PictureError> {
    let path = find(name, folders)?;
    let bytes = fs::read(&path).map_err(|error| PictureError::Unreadable { why: error.to_string() })?;
    prepared(&bytes, most)
}

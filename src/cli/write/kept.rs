//! Photos that a run has prepared, in a temporary file: every format of a document shows them, and so do all documents bound
//! together. To prepare one takes a hundred times as long as to read it here.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::document::photo::PhotoSource;
use crate::picture::{Picture, PictureError};
use crate::platform::scratch::ScratchFile;

/// A source that prepares each photo once.
pub(super) struct KeptPhotos<'s> {
    source: &'s dyn PhotoSource,
    spool: Mutex<Spool>,
}

#[derive(Default)]
struct Spool {
    /// Without a name; it goes with the run.
    file: Option<ScratchFile>,
    end: u64,
    /// By the id of a photo, and its greatest width and height.
    places: FxHashMap<(String, (u32, u32)), KeptPhoto>,
}

/// Where a photo is in the file, and what it is.
struct KeptPhoto {
    at: u64,
    length: usize,
    format: &'static str,
    size: (u32, u32),
}

impl<'s> KeptPhotos<'s> {
    pub(super) fn new(source: &'s dyn PhotoSource) -> Self {
        Self { source, spool: Mutex::default() }
    }

    fn spool(&self) -> MutexGuard<'_, Spool> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PhotoSource for KeptPhotos<'_> {
    fn photo(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError> {
        let key = (id.to_owned(), most);
        // What can't be kept, or read again, is prepared again.
        if let Some(picture) = self.spool().get(&key) {
            return Ok(picture);
        }
        let picture = self.source.photo(id, most)?;
        let _ = self.spool().keep(key, &picture);
        Ok(picture)
    }

    fn place(&self, id: &str) -> String {
        self.source.place(id)
    }
}

impl Spool {
    fn get(&mut self, key: &(String, (u32, u32))) -> Option<Picture> {
        let kept = self.places.get(key)?;
        let file = self.file.as_mut()?;
        let mut bytes = vec![0; kept.length];
        file.seek(SeekFrom::Start(kept.at)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        Some(Picture { bytes, format: kept.format, size: kept.size })
    }

    fn keep(&mut self, key: (String, (u32, u32)), picture: &Picture) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(ScratchFile::new()?),
        };
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&picture.bytes)?;
        let (at, length) = (self.end, picture.bytes.len());
        self.end += length as u64;
        self.places.insert(key, KeptPhoto { at, length, format: picture.format, size: picture.size });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl PhotoSource for Counting {
        fn photo(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if id == "none" {
                return Err(PictureError::Outside);
            }
            Ok(Picture { bytes: format!("{id} {most:?}").into_bytes(), format: "jpeg", size: most })
        }
    }

    #[test]
    fn a_photo_is_prepared_once_for_each_size() {
        let counting = Counting::default();
        let kept = KeptPhotos::new(&counting);
        for _ in 0..3 {
            for (id, most) in [("a", (4, 3)), ("long", (4, 3)), ("a", (8, 6))] {
                let picture = kept.photo(id, most).unwrap();
                assert_eq!((picture.bytes, picture.size), (format!("{id} {most:?}").into_bytes(), most));
            }
        }
        assert_eq!(counting.0.load(Ordering::Relaxed), 3);
        for _ in 0..2 {
            assert_eq!(kept.photo("none", (1, 1)), Err(PictureError::Outside));
        }
    }
}

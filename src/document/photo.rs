//! Photos: where a writer gets them, the room that each has on paper, and what is said of one that can't be shown.
//!
//! A document names its photos; their bytes come from a [`PhotoSource`] while a file is written, one at a time.

use crate::document::layout::TEXT_WIDTH_MM;
use crate::document::{Block, Document};
pub use crate::document::{Photo, PhotoCell, Photos};
use crate::picture::{Picture, PictureError};
use crate::words::lang::Lang;

/// Gives the photos that documents name.
pub trait PhotoSource: Sync {
    /// Returns the photo of an id, upright and without metadata, at most as many pixels wide and high as `most`.
    ///
    /// # Errors
    /// There is no such photo, or it can't be read.
    fn photo(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError>;

    /// Returns where a photo is from, for messages: the place in a log, or else its id.
    fn place(&self, id: &str) -> String {
        id.to_owned()
    }
}

/// A source without any photo.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPhotos;

impl PhotoSource for NoPhotos {
    fn photo(&self, _id: &str, _most: (u32, u32)) -> Result<Picture, PictureError> {
        Err(PictureError::Missing { folders: Vec::new() })
    }
}

/// A photo in whose place a file says that it can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadablePhoto {
    /// Its id.
    pub id: String,
    /// Where it is from.
    pub place: String,
    /// What is wrong with it.
    pub error: PictureError,
}

impl UnreadablePhoto {
    /// Returns the message about it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let Self { place, error, .. } = self;
        lang.pick(
            format!("照片“{place}”用不了：{}", error.text(lang)),
            format!("the photo `{place}` can't be used: {}", error.text(lang)),
        )
    }
}

/// Reads the photos of a file as it is written, and keeps account of those that can't be read.
pub(crate) struct PhotoReader<'p> {
    source: &'p dyn PhotoSource,
    unreadable: Vec<UnreadablePhoto>,
}

impl<'p> PhotoReader<'p> {
    pub(crate) fn new(source: &'p dyn PhotoSource) -> Self {
        Self { source, unreadable: Vec::new() }
    }

    /// Returns a photo as large as it is printed.
    ///
    /// # Errors
    /// It can't be read: what stands in its place.
    pub(crate) fn read(&mut self, photo: &Photo, room: PhotoRoom, lang: Lang) -> Result<Picture, String> {
        self.source.photo(&photo.id, room.pixels()).map_err(|error| {
            let reason = error.reason(lang);
            if self.unreadable.iter().all(|known| known.id != photo.id) {
                let place = self.source.place(&photo.id);
                self.unreadable.push(UnreadablePhoto { id: photo.id.clone(), place, error });
            }
            lang.pick(format!("（照片读不出：{reason}）"), format!("(photo can't be read: {reason})"))
        })
    }

    /// Returns a photo that was read before.
    ///
    /// # Errors
    /// It can't be read now.
    pub(crate) fn again(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError> {
        self.source.photo(id, most)
    }

    /// Returns those that could not be read, each once.
    pub(crate) fn unreadable(self) -> Vec<UnreadablePhoto> {
        self.unreadable
    }
}

/// Whether a text is the id of a photo.
pub(crate) fn is_photo_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The resolution in which photos are kept: what Word keeps for print.
const DPI: f64 = 220.0;
/// The least resolution in which a photo is printed: one of fewer pixels is printed smaller than its room, in the size in
/// which a screen shows it.
const LEAST_DPI: f64 = 96.0;
const MM_PER_INCH: f64 = 25.4;

/// The width of a column of photos beside each other, and of one by itself, at most.
const COLUMN_MM: f64 = 76.0;
const SINGLE_COLUMN_MM: f64 = 124.0;
/// What a column is wider than its photos.
const BESIDE_MM: f64 = 4.0;

/// The room that a photo has on paper, in millimetres: 4 wide and 3 high, in a column a little wider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhotoRoom {
    /// The width of the column.
    pub column: f64,
    /// The greatest width of a photo.
    pub width: f64,
    /// The greatest height of a photo.
    pub height: f64,
}

impl PhotoRoom {
    /// The largest size in pixels that a photo needs to have.
    #[must_use]
    pub fn pixels(self) -> (u32, u32) {
        (pixels(self.width), pixels(self.height))
    }

    /// The width and height in which a photo of so many pixels is printed: in its proportions, as large as there is room, but no
    /// larger than its pixels allow.
    #[must_use]
    pub fn printed(self, (width, height): (u32, u32)) -> (f64, f64) {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let scale = (self.width / width).min(self.height / height).min(MM_PER_INCH / LEAST_DPI);
        (width * scale, height * scale)
    }
}

fn pixels(mm: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on a page")]
    let pixels = (mm / MM_PER_INCH * DPI).ceil() as u32;
    pixels.max(1)
}

impl Document {
    /// Whether it shows photos.
    #[must_use]
    pub fn has_photos(&self) -> bool {
        let bodies = std::iter::once(&self.body).chain(self.attachments.iter().map(|part| &part.body));
        bodies.flatten().any(|block| matches!(block, Block::Photos(photos) if photos.photos().next().is_some()))
    }
}

impl Photos {
    /// Returns the number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).chain([self.header.len()]).max().unwrap_or_default()
    }

    /// Returns the room of each photo: that of two columns, unless there are more; a single column is wider.
    #[must_use]
    pub fn room(&self) -> PhotoRoom {
        let columns = f64::from(u32::try_from(self.width().max(1)).unwrap_or(u32::MAX));
        let most = if self.width() < 2 { SINGLE_COLUMN_MM } else { COLUMN_MM };
        let column = (TEXT_WIDTH_MM / columns).min(most);
        let width = (column - BESIDE_MM).max(column / 2.0);
        PhotoRoom { column, width, height: width * 3.0 / 4.0 }
    }

    /// Returns the photos, row by row.
    pub fn photos(&self) -> impl Iterator<Item = &Photo> {
        self.rows
            .iter()
            .flatten()
            .filter_map(|cell| if let PhotoCell::Photo(photo) = cell { Some(photo) } else { None })
    }
}

impl Photo {
    /// Returns what stands below it: `图1　楼道堆放杂物`.
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        let caption = self.caption.trim();
        let Some(number) = self.number else { return caption.to_owned() };
        let gap = if caption.is_empty() { "" } else { lang.pick("　", ". ") };
        format!("{}{number}{gap}{caption}", lang.pick("图", "Figure "))
    }

    /// Returns what is said to whoever can't see it, on one line: its caption, or else its number.
    #[must_use]
    pub fn alt(&self, lang: Lang) -> String {
        let caption = self.caption.trim();
        let text = if caption.is_empty() { self.label(lang) } else { caption.to_owned() };
        text.replace(['\n', '\r'], " ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photos(columns: usize) -> Photos {
        Photos { header: vec![String::new(); columns], ..Photos::default() }
    }

    #[test]
    fn a_pair_has_its_room_and_nothing_is_stretched() {
        let pair = photos(2).room();
        assert_eq!((pair.column, pair.width, pair.height, pair.pixels()), (76.0, 72.0, 54.0, (624, 468)));
        for (pixels, (width, height)) in [
            ((4000, 3000), (72.0, 54.0)),
            ((3000, 4000), (40.5, 54.0)),
            ((4000, 1000), (72.0, 18.0)),
            // Of few pixels: as large as on a screen.
            ((96, 48), (25.4, 12.7)),
        ] {
            let printed = pair.printed(pixels);
            assert!((printed.0 - width).abs() < 1e-9 && (printed.1 - height).abs() < 1e-9, "{pixels:?}: {printed:?}");
        }
        let single = photos(1).room();
        assert_eq!((single.column, single.width, single.height), (124.0, 120.0, 90.0));
        assert_eq!((photos(3).room().column, photos(3).room().width), (52.0, 48.0));
        assert!(photos(40).room().width > 1.0);
    }

    #[test]
    fn a_photo_that_can_not_be_read_is_told_once_and_says_so_in_its_place() {
        let mut reader = PhotoReader::new(&NoPhotos);
        let photo = Photo { id: "a1".to_owned(), caption: String::new(), number: Some(3) };
        for _ in 0..2 {
            let said = reader.read(&photo, photos(2).room(), Lang::Zh).unwrap_err();
            assert_eq!(said, "（照片读不出：没有这个文件）");
        }
        assert_eq!(reader.unreadable().len(), 1);
        assert_eq!((photo.label(Lang::Zh), photo.alt(Lang::En)), ("图3".to_owned(), "Figure 3".to_owned()));
    }
}

//! Pictures of a few bytes with which a workbook is made: the photos take their places as its parts are written, so that no
//! more than one of them is in memory.

use std::collections::HashMap;
use std::io;

use rust_xlsxwriter::{Image, ObjectMovement, XlsxError};

use crate::digest;
use crate::document::photo::{PhotoReader, PhotoRoom};
use crate::document::{Document, Photo};
use crate::picture::{Picture, PictureError};
use crate::words::lang::Lang;

/// The photos of a workbook.
pub(super) struct StandIns<'r, 'p> {
    reader: &'r mut PhotoReader<'p>,
    /// The id and the greatest size of the photo behind the bytes of each.
    photos: HashMap<Vec<u8>, (String, (u32, u32))>,
}

/// A picture of a few bytes in the place of a photo.
pub(super) struct StandIn {
    bytes: Vec<u8>,
    /// The width and height of the photo in pixels.
    pub(super) size: (u32, u32),
}

/// The most characters that Excel takes for a description.
const MAX_ALT: usize = 255;

impl StandIn {
    /// The picture as it is put into a sheet, so many millimetres wide and high.
    ///
    /// # Errors
    /// None for the bytes that are made here.
    pub(super) fn image(
        &self,
        (width, height): (f64, f64),
        photo: &Photo,
        document: &Document,
    ) -> Result<Image, XlsxError> {
        let image = Image::new_from_buffer(&self.bytes)?.set_scale_to_size(pixels(width), pixels(height), false);
        let alt: String = photo.alt(document.lang).chars().take(MAX_ALT).collect();
        Ok(image.set_alt_text(alt).set_object_movement(ObjectMovement::MoveAndSizeWithCells))
    }
}

/// A length in pixels of 96 to the inch.
pub(super) fn pixels(mm: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on a page")]
    let pixels = (mm / 25.4 * 96.0).round() as u32;
    pixels.max(1)
}

impl<'r, 'p> StandIns<'r, 'p> {
    pub(super) fn new(reader: &'r mut PhotoReader<'p>) -> Self {
        Self { reader, photos: HashMap::new() }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }

    /// The picture in the place of a photo; the same for photos of the same bytes, of which a workbook has one.
    ///
    /// # Errors
    /// The photo can't be read: what stands in its place.
    pub(super) fn of(&mut self, photo: &Photo, room: PhotoRoom, lang: Lang) -> Result<StandIn, String> {
        let picture = self.reader.read(photo, room, lang)?;
        let bytes = small(&picture);
        self.photos.entry(bytes.clone()).or_insert_with(|| (photo.id.clone(), room.pixels()));
        Ok(StandIn { bytes, size: picture.size })
    }

    /// The bytes of the photo behind a picture; none if the picture is not in the place of one.
    ///
    /// # Errors
    /// It could be read before, and can't be now.
    pub(super) fn photo(&self, stand_in: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let Some((id, most)) = self.photos.get(stand_in) else { return Ok(None) };
        let failed = |error: PictureError| io::Error::other(error.to_string());
        self.reader.again(id, *most).map(|picture| Some(picture.bytes)).map_err(failed)
    }
}

/// A picture that has the format and the size of another and no pixels. It says which that is.
fn small(picture: &Picture) -> Vec<u8> {
    let (width, height) = picture.size;
    let said = digest::of(&picture.bytes);
    if picture.format == "jpeg" {
        let segment = |mark: u8, content: &[u8]| {
            let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
            [&[0xFF, mark], &length[..], content].concat()
        };
        let [width, height] = [width, height].map(|side| u16::try_from(side).unwrap_or(u16::MAX).to_be_bytes());
        // The frame: eight bits, one component. The scan is empty.
        let frame = segment(0xC0, &[&[8], &height[..], &width[..], &[1, 1, 0x11, 0]].concat());
        let parts = [&[0xFF, 0xD8], &*segment(0xFE, said.as_bytes()), &frame, &segment(0xDA, &[]), &[0xFF, 0xD9]];
        return parts.concat();
    }
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes();
        [&length[..], name, content, &[0; 4]].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let said = [b"Comment\0", said.as_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n", &*chunk(b"IHDR", &head), &chunk(b"tEXt", &said), &chunk(b"IEND", &[])].concat()
}

//! The pictures of an `.xls` ([MS-XLS]), which is also what WPS calls `.et`.
//!
//! All pictures lie in the records of the workbook itself, those of shapes among the records of their sheets; each is cut
//! into records of 8 KB. They are read through a table of the pieces, so that no more than one picture is in memory.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::read::ZlibDecoder;

use super::drawing::{MAX_PICTURES, too_many};
use super::error::PhotoError;
use super::kind::{HEAD, PictureKind};
use super::office_art::{ArtShape, GROUP, Head, PICTURE, PICTURES, long, shapes, word};
use super::package::{check, within};
use super::sheet_picture::{Blip, Content, Doubt, Form, Missing, Packing, SheetPicture, doubts};
use crate::compound::{self, Stream};
use crate::placement::{Anchor, Axis, Corner, EMU_PIXEL, Grid, Part, Region, Sizes, WHOLE};

// Types of records.
const EOF: u16 = 0x000a;
const PASSWORD: u16 = 0x002f;
const CONTINUE: u16 = 0x003c;
const DEFAULT_WIDTH: u16 = 0x0055;
const OBJECT: u16 = 0x005d;
const COLUMNS: u16 = 0x007d;
const IMAGE_DATA: u16 = 0x007f;
const SHEET: u16 = 0x0085;
const STANDARD_WIDTH: u16 = 0x0099;
const MERGED: u16 = 0x00e5;
const DRAWING_GROUP: u16 = 0x00eb;
const DRAWING: u16 = 0x00ec;
const TEXT_OBJECT: u16 = 0x01b6;
const ROW: u16 = 0x0208;
const DEFAULT_HEIGHT: u16 = 0x0225;
const BOF: u16 = 0x0809;

/// EMU in a twip, a twentieth of a point.
const EMU_TWIP: i64 = 635;
/// A sheet of an `.xls`.
const SHEET_ROWS: u32 = 65_536;
const SHEET_COLUMNS: u32 = 256;
const MAX_SHEETS: usize = 1024;
/// The most bytes of the drawing of a sheet, which holds no pictures.
const MAX_DRAWING: usize = 1 << 26;
/// Metafiles are compressed; what they become is bounded by the limit of a picture.
const DIB: u16 = 9;

/// The records of a workbook.
pub(super) struct Records<R> {
    input: BufReader<Stream<R>>,
    /// Where the next byte is read, and where the next record begins.
    at: u64,
    next: u64,
    length: u64,
    sheets: Vec<(String, u64)>,
    /// The pieces of the records of all pictures: where each begins, among them and in the stream, and its length.
    pieces: Vec<(u64, u64, u64)>,
}

/// The head of a record.
#[derive(Clone, Copy)]
struct RecordHead {
    kind: u16,
    length: u16,
    /// Where its body begins.
    body: u64,
}

impl<R: Read + Seek> Records<R> {
    /// Opens a workbook, and finds its sheets and the pieces of its pictures.
    pub(super) fn open(input: R) -> Result<Self, PhotoError> {
        let damaged = || PhotoError::damaged("Workbook", &"a chain of sectors has no end");
        let stream = compound::open(input, &["Workbook", "Book"])?.ok_or_else(damaged)?;
        let length = stream.length();
        if length == 0 {
            let package = compound::open(stream.into_inner(), &["EncryptedPackage"])?;
            let is_encrypted = package.is_some_and(|package| package.length() > 0);
            return Err(if is_encrypted { PhotoError::Encrypted } else { PhotoError::NoWorkbook });
        }
        let (sheets, pieces) = (Vec::new(), Vec::new());
        let mut records = Self { input: BufReader::new(stream), at: 0, next: 0, length, sheets, pieces };
        records.globals()?;
        Ok(records)
    }

    fn globals(&mut self) -> Result<(), PhotoError> {
        let (mut is_group, mut end) = (false, 0_u64);
        if self.record()?.is_none_or(|head| head.kind != BOF) {
            return Err(PhotoError::NoWorkbook);
        }
        while let Some(head) = self.record()? {
            match head.kind {
                EOF => break,
                PASSWORD => return Err(PhotoError::Encrypted),
                SHEET if self.sheets.len() < MAX_SHEETS => {
                    let body = self.body(head)?;
                    self.sheets.push((sheet_name(&body), long(&body, 0).into()));
                }
                _ => {}
            }
            is_group = head.kind == DRAWING_GROUP || is_group && head.kind == CONTINUE;
            if is_group {
                self.pieces.push((end, head.body, head.length.into()));
                end += u64::from(head.length);
            }
        }
        Ok(())
    }

    fn seek(&mut self, to: u64) -> io::Result<()> {
        let by = i64::try_from(to).and_then(|to| i64::try_from(self.at).map(|at| to - at));
        match by {
            Ok(by) => self.input.seek_relative(by)?,
            Err(_) => drop(self.input.seek(SeekFrom::Start(to))?),
        }
        self.at = to;
        Ok(())
    }

    /// Reads as many bytes as there are, at most as many as the buffer holds.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.input.read(rest)? {
                0 => break,
                read => filled += read,
            }
        }
        self.at += filled as u64;
        Ok(filled)
    }

    /// Reads the head of the next record; `None` at the end, or if the record leads beyond it.
    fn record(&mut self) -> io::Result<Option<RecordHead>> {
        self.seek(self.next)?;
        let mut head = [0; 4];
        if self.fill(&mut head)? < head.len() {
            return Ok(None);
        }
        let head = RecordHead { kind: word(&head, 0), length: word(&head, 2), body: self.at };
        self.next = self.at + u64::from(head.length);
        Ok(Some(head).filter(|_| self.next <= self.length))
    }

    fn body(&mut self, head: RecordHead) -> io::Result<Vec<u8>> {
        let mut body = vec![0; head.length.into()];
        self.seek(head.body)?;
        let filled = self.fill(&mut body)?;
        body.truncate(filled);
        Ok(body)
    }

    /// Reads bytes of the records of all pictures.
    fn fill_from_pieces(&mut self, mut at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        let mut piece = self.pieces.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
        while let (Some(rest), Some((start, body, length))) =
            (buffer.get_mut(filled..), self.pieces.get(piece).copied())
        {
            let within = at.saturating_sub(start).min(length);
            let most = usize::try_from(length - within).unwrap_or(usize::MAX).min(rest.len());
            if rest.is_empty() {
                break;
            }
            self.seek(body + within)?;
            let read = self.fill(rest.get_mut(..most).unwrap_or_default())?;
            filled += read;
            at += read as u64;
            if read < most {
                break;
            }
            piece += 1;
        }
        Ok(filled)
    }

    /// Returns the pictures that shapes name by their numbers, from 1; `None` where a number has no bytes.
    fn blips(&mut self) -> Result<Vec<Option<Blip>>, PhotoError> {
        let (mut blips, mut at) = (Vec::new(), 0);
        let mut bytes = [0; Head::SIZE];
        while self.fill_from_pieces(at, &mut bytes)? == bytes.len() {
            let head = Head::of(bytes);
            at += bytes.len() as u64;
            match head.kind {
                GROUP | PICTURES if head.is_container => continue,
                PICTURE => {
                    // What is told of a picture is in 36 bytes and its name, of which the length is told there.
                    let mut told = [0; 36];
                    let filled = self.fill_from_pieces(at, &mut told)?;
                    let name = told.get(33).copied().unwrap_or(0);
                    let inner = at + 36 + u64::from(name);
                    let is_there = filled == told.len() && 36 + u32::from(name) + 8 < head.length;
                    blips.push(if is_there { self.blip_at(inner)? } else { None });
                }
                0xf018..=0xf117 => blips.push(self.blip_at(at - bytes.len() as u64)?),
                _ => {}
            }
            at += u64::from(head.length);
            if blips.len() > MAX_PICTURES {
                return Err(too_many());
            }
        }
        Ok(blips)
    }

    /// Returns where the bytes of a picture are whose record begins at a place.
    fn blip_at(&mut self, at: u64) -> io::Result<Option<Blip>> {
        let mut head = [0; Head::SIZE];
        if self.fill_from_pieces(at, &mut head)? < head.len() {
            return Ok(None);
        }
        let head = Head::of(head);
        // One hash or two.
        let hashes: u32 = if head.instance & 1 == 1 { 32 } else { 16 };
        let body = at + Head::SIZE as u64 + u64::from(hashes);
        let (skipped, packing) = match head.kind {
            0xf01a..=0xf01c => {
                let mut told = [0; 34];
                self.fill_from_pieces(body, &mut told)?;
                (34, Packing::Metafile { is_deflated: told.get(32) == Some(&0) })
            }
            0xf01f => (1, Packing::Dib),
            0xf01d | 0xf01e | 0xf029 | 0xf02a => (1, Packing::File),
            _ => return Ok(None),
        };
        let length = head.length.checked_sub(hashes + skipped);
        Ok(length.map(|length| Blip { at: body + u64::from(skipped), length, packing }))
    }

    /// Reads the bytes of a picture.
    pub(super) fn blip(&mut self, blip: &Blip, limit: u64) -> Result<Vec<u8>, PhotoError> {
        let length = u64::from(blip.length);
        // A length beyond the end is not believed.
        let whole = self.pieces.last().map_or(0, |(start, _, length)| start + length);
        if blip.at.saturating_add(length) > whole {
            return Err(PhotoError::damaged("MsoDrawingGroup", &"a picture leads beyond the end"));
        }
        check(length, limit)?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        let filled = self.fill_from_pieces(blip.at, &mut bytes)?;
        bytes.truncate(filled);
        match blip.packing {
            Packing::File | Packing::Metafile { is_deflated: false } => Ok(bytes),
            Packing::Dib => within(bitmap_file(&bytes), limit),
            Packing::Metafile { is_deflated: true } => {
                let mut drawing = Vec::new();
                let mut input = ZlibDecoder::new(bytes.as_slice()).take(limit.saturating_add(1));
                input.read_to_end(&mut drawing).map_err(|error| PhotoError::damaged("MsoDrawingGroup", &error))?;
                within(drawing, limit)
            }
        }
    }

    /// Tells what a picture is, and its number of bytes, without reading it all.
    pub(super) fn blip_look(&mut self, blip: &Blip) -> Result<(PictureKind, u64), PhotoError> {
        let kind = match blip.packing {
            Packing::Dib => PictureKind::Bmp,
            Packing::Metafile { .. } => PictureKind::Metafile,
            Packing::File => {
                let mut head = [0; HEAD];
                let length = head.len().min(usize::try_from(blip.length).unwrap_or(usize::MAX));
                let head = head.get_mut(..length).unwrap_or_default();
                let filled = self.fill_from_pieces(blip.at, head)?;
                PictureKind::of(head.get(..filled).unwrap_or_default())
            }
        };
        Ok((kind, blip.length.into()))
    }

    /// Reads the bitmap whose record begins at a place.
    pub(super) fn bitmap(&mut self, at: u64, limit: u64) -> Result<Vec<u8>, PhotoError> {
        self.next = at;
        let mut bytes = Vec::new();
        while let Some(head) = self.record()? {
            let is_next = if bytes.is_empty() { head.kind == IMAGE_DATA } else { head.kind == CONTINUE };
            if !is_next || head.length == 0 {
                break;
            }
            bytes.extend(self.body(head)?);
            if bytes.len() as u64 > limit {
                break;
            }
        }
        if bytes.is_empty() {
            return Err(PhotoError::damaged("ImData", &"there is no picture"));
        }
        let length = long(&bytes, 4) as usize;
        let body = bytes.get(8..).unwrap_or_default();
        let body = body.get(..length.min(body.len())).unwrap_or_default();
        within(if word(&bytes, 0) == DIB { bitmap_file(body) } else { body.to_vec() }, limit)
    }

    /// Returns the pictures of all sheets.
    pub(super) fn pictures(&mut self) -> Result<Vec<SheetPicture>, PhotoError> {
        let blips = self.blips()?;
        let mut pictures = Vec::new();
        // Sheets have no record in common; many that begin at one place would be read for ever.
        let mut left = self.length.saturating_mul(2);
        for (name, start) in self.sheets.clone() {
            self.next = start;
            let sheet = self.sheet(&mut left)?;
            pictures.extend(sheet.pictures(&name, &blips)?);
            if pictures.len() > MAX_PICTURES {
                return Err(too_many());
            }
        }
        Ok(pictures)
    }

    /// Reads the sheet whose records begin here, and takes their length off what may be read.
    fn sheet(&mut self, left: &mut u64) -> Result<Sheet, PhotoError> {
        let mut sheet = Sheet::default();
        let (mut depth, mut continued, mut text) = (0, Continued::Nothing, TextLeft::default());
        while let Some(head) = self.record()? {
            let overlap = || PhotoError::damaged("Workbook", &"sheets share their records");
            *left = left.checked_sub(4 + u64::from(head.length)).ok_or_else(overlap)?;
            match head.kind {
                // A chart in the sheet is a nested stream of records.
                BOF => depth += 1,
                EOF if depth <= 1 => break,
                EOF => depth -= 1,
                _ if depth > 1 => {}
                CONTINUE => {
                    let body = self.body(head)?;
                    match continued {
                        Continued::Text if text.take(&body) => {}
                        Continued::Drawing => sheet.draw(&body)?,
                        // Excel goes on with a drawing behind the record of one of its objects.
                        Continued::Text | Continued::Object if sheet.is_cut() => sheet.draw(&body)?,
                        _ => {}
                    }
                }
                DRAWING => {
                    let body = self.body(head)?;
                    sheet.draw(&body)?;
                }
                OBJECT | COLUMNS | ROW | DEFAULT_WIDTH | STANDARD_WIDTH | DEFAULT_HEIGHT | MERGED | TEXT_OBJECT => {
                    let body = self.body(head)?;
                    text = TextLeft::of(&body);
                    sheet.record(head.kind, &body);
                }
                IMAGE_DATA => {
                    let anchor = sheet.object.take();
                    sheet.bitmaps.push((anchor, head.body.saturating_sub(4)));
                }
                _ => {}
            }
            continued = match head.kind {
                DRAWING => Continued::Drawing,
                OBJECT => Continued::Object,
                TEXT_OBJECT => Continued::Text,
                CONTINUE => continued,
                _ => Continued::Nothing,
            };
            if sheet.bitmaps.len() > MAX_PICTURES {
                return Err(too_many());
            }
        }
        Ok(sheet)
    }
}

/// What a record goes on with that continues another.
#[derive(Clone, Copy)]
enum Continued {
    Nothing,
    Drawing,
    Object,
    Text,
}

/// What of a text is still to come: its characters, then its formats.
#[derive(Default)]
struct TextLeft {
    characters: usize,
    formats: usize,
}

impl TextLeft {
    fn of(body: &[u8]) -> Self {
        Self { characters: word(body, 10).into(), formats: word(body, 12).into() }
    }

    /// Takes a record of the text; whether it is one.
    fn take(&mut self, body: &[u8]) -> bool {
        if self.characters > 0 {
            let size = if body.first().is_some_and(|flag| flag & 1 == 1) { 2 } else { 1 };
            self.characters = self.characters.saturating_sub(body.len().saturating_sub(1).div_ceil(size).max(1));
            return true;
        }
        let is_text = self.formats > 0;
        self.formats = self.formats.saturating_sub(body.len().max(1));
        is_text
    }
}

/// A sheet that is being read.
#[derive(Default)]
struct Sheet {
    rows: Sizes,
    columns: Sizes,
    width: Option<i64>,
    standard_width: Option<i64>,
    height: Option<i64>,
    merged: Vec<Region>,
    drawing: Vec<u8>,
    /// Up to where the drawing was looked at, for whether it ends within a record.
    looked_at: usize,
    /// The corners of the last object of an old program.
    object: Option<[u16; 8]>,
    bitmaps: Vec<(Option<[u16; 8]>, u64)>,
}

impl Sheet {
    fn draw(&mut self, body: &[u8]) -> Result<(), PhotoError> {
        self.drawing.extend(body);
        if self.drawing.len() > MAX_DRAWING {
            let what = ("一张表里图形的字节数", "bytes in the drawing of a sheet");
            return Err(PhotoError::TooLarge { what, limit: MAX_DRAWING as u64 });
        }
        Ok(())
    }

    /// Whether the drawing, as far as it was read, ends within a record.
    fn is_cut(&mut self) -> bool {
        while let Some((head, _)) = self.drawing.get(self.looked_at..).and_then(<[u8]>::split_first_chunk) {
            let head = Head::of(*head);
            let length = if head.is_container { 0 } else { head.length as usize };
            let next = self.looked_at.saturating_add(Head::SIZE).saturating_add(length);
            if next > self.drawing.len() {
                return true;
            }
            self.looked_at = next;
        }
        self.looked_at < self.drawing.len()
    }

    fn record(&mut self, kind: u16, body: &[u8]) {
        match kind {
            COLUMNS => {
                let is_hidden = word(body, 8) & 1 == 1;
                let width = if is_hidden { 0 } else { width(word(body, 4)) };
                self.columns.push(word(body, 0).into(), word(body, 2).into(), width);
            }
            ROW => {
                let row = word(body, 0).into();
                let is_hidden = word(body, 12) & 0x20 != 0;
                let height = i64::from(word(body, 6) & 0x7fff) * EMU_TWIP;
                self.rows.push(row, row, if is_hidden { 0 } else { height });
            }
            DEFAULT_WIDTH => self.width = Some((i64::from(word(body, 0)) * 7 + 5 + 7) / 8 * 8 * EMU_PIXEL),
            STANDARD_WIDTH => self.standard_width = Some(width(word(body, 0))),
            DEFAULT_HEIGHT => {
                let is_hidden = word(body, 0) & 2 != 0;
                self.height = Some(if is_hidden { 0 } else { i64::from(word(body, 2)) * EMU_TWIP });
            }
            MERGED => {
                let regions = body.get(2..).unwrap_or_default().chunks_exact(8);
                self.merged.extend(regions.map(|region| [0, 2, 4, 6].map(|at| word(region, at).into())));
            }
            // An object of today begins with the record that says what it is.
            OBJECT if word(body, 0) != 0x15 => {
                self.object =
                    Some([10, 12, 14, 16, 18, 20, 22, 24].map(|at| word(body, at))).filter(|_| body.len() >= 26);
            }
            _ => {}
        }
    }

    fn pictures(self, name: &str, blips: &[Option<Blip>]) -> Result<Vec<SheetPicture>, PhotoError> {
        let width = self.standard_width.or(self.width).unwrap_or(64 * EMU_PIXEL);
        let grid = Grid {
            rows: Axis::new(self.rows, self.height.unwrap_or(20 * EMU_PIXEL), SHEET_ROWS),
            columns: Axis::new(self.columns, width, SHEET_COLUMNS),
            merged: self.merged,
        };
        let drawn = shapes(&self.drawing, MAX_PICTURES);
        if drawn.len() > MAX_PICTURES {
            return Err(too_many());
        }
        let anchor = |corners: &[u16; 8]| {
            let [left, right_of_left, top, down_of_top, right, right_of_right, bottom, down_of_bottom] = *corners;
            let corner = |column: u16, across: u16, row: u16, down: u16| {
                let (column, row) = (column.into(), row.into());
                let right = grid.columns.size(column) * i64::from(across.min(1024)) / 1024;
                Corner { row, column, right, down: grid.rows.size(row) * i64::from(down.min(256)) / 256 }
            };
            let from = corner(left, right_of_left, top, down_of_top);
            Anchor::Corners(from, corner(right, right_of_right, bottom, down_of_bottom))
        };
        let anchors = drawn.iter().map(|shape| (shape.anchor.as_ref(), shape.part));
        let anchors = anchors.chain(self.bitmaps.iter().map(|(corners, _)| (corners.as_ref(), WHOLE)));
        let anchors: Vec<(Option<Anchor>, Part)> =
            anchors.map(|(corners, part)| (corners.map(&anchor), part)).collect();
        let bitmaps = self.bitmaps.into_iter().map(|(_, at)| (ArtShape::default(), Some(Content::Bitmap { at })));
        let all = drawn.into_iter().map(|shape| (shape, None)).chain(bitmaps);
        let placed = all.zip(&anchors).zip(grid.places(&anchors)?);
        Ok(placed
            .map(|(((shape, bitmap), (anchor, _)), place)| {
                let mut doubts = doubts(anchor.as_ref(), &place);
                doubts.extend(shape.is_hidden.then_some(Doubt::Hidden));
                let content = bitmap.unwrap_or_else(|| content(&shape, blips));
                let ArtShape { name: own, description, crop, turn, form, .. } = shape;
                SheetPicture {
                    sheet: name.to_owned(),
                    form,
                    name: own,
                    description,
                    cells: place.cells,
                    doubts,
                    crop,
                    turn,
                    content,
                }
            })
            .collect())
    }
}

/// Where the bytes of a shape's picture are.
fn content(shape: &ArtShape, blips: &[Option<Blip>]) -> Content {
    if shape.form == Form::Object {
        return Content::Missing(Missing::Object(String::new()));
    }
    let number = shape.picture.unwrap_or(0);
    let blip = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)).and_then(|at| blips.get(at));
    match blip.copied().flatten() {
        Some(blip) => Content::Blip(blip),
        None if !shape.file.is_empty() && (shape.is_linked || shape.picture.is_none()) => {
            Content::Linked(shape.file.clone())
        }
        None => Content::Missing(Missing::Unknown(number.to_string())),
    }
}

/// The width of a column, in EMU, of one in 1/256 of a digit.
fn width(digits: u16) -> i64 {
    (i64::from(digits) * 7 + 128) / 256 * EMU_PIXEL
}

/// The name of a sheet.
fn sheet_name(body: &[u8]) -> String {
    let length = usize::from(body.get(6).copied().unwrap_or(0));
    let text = body.get(8..).unwrap_or_default();
    if body.get(7).is_some_and(|flags| flags & 1 == 1) {
        let units = text.chunks_exact(2).take(length).map(|two| word(two, 0));
        return char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    text.iter().take(length).map(|byte| char::from(*byte)).collect()
}

/// A bitmap with the head of a file, which workbooks leave out.
fn bitmap_file(bitmap: &[u8]) -> Vec<u8> {
    let head = long(bitmap, 0);
    let (bits, colour_size) = if head == 12 { (word(bitmap, 10), 3) } else { (word(bitmap, 14), 4) };
    let colours = match (head, long(bitmap, 32)) {
        (13.., told) if told > 0 => told.min(256),
        _ if bits <= 8 => 1 << bits,
        _ => 0,
    };
    // Three masks say which bits are which colour.
    let masks = if head == 40 && long(bitmap, 16) == 3 { 12 } else { 0 };
    let start = 14_u32.saturating_add(head).saturating_add(colours * colour_size + masks);
    let size = u32::try_from(bitmap.len()).unwrap_or(u32::MAX).saturating_add(14);
    let mut file = b"BM".to_vec();
    file.extend([size, 0, start].map(u32::to_le_bytes).as_flattened());
    file.extend(bitmap);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of a drawing: an atom of a length.
    fn atom(length: u8) -> Vec<u8> {
        let mut bytes = vec![0, 0, 0x0b, 0xf0, length, 0, 0, 0];
        bytes.extend(vec![7; length.into()]);
        bytes
    }

    #[test]
    fn a_drawing_that_ends_within_a_record_is_cut() {
        let mut sheet = Sheet::default();
        assert!(!sheet.is_cut());
        sheet.draw(&atom(4)).unwrap();
        assert!(!sheet.is_cut());
        let next = atom(9);
        sheet.draw(&next[..5]).unwrap();
        assert!(sheet.is_cut());
        sheet.draw(&next[5..11]).unwrap();
        assert!(sheet.is_cut());
        sheet.draw(&next[11..]).unwrap();
        assert!(!sheet.is_cut());
    }

    #[test]
    fn a_text_ends_with_its_formats() {
        // Five characters, of which two come first, as two bytes each, and sixteen bytes of formats.
        let mut body = vec![0; 18];
        (body[10], body[12]) = (5, 16);
        let mut text = TextLeft::of(&body);
        assert!(text.take(&[1, 65, 0, 66, 0]));
        assert!(text.take(&[0, 67, 68, 69]));
        assert!(text.take(&[0; 16]));
        assert!(!text.take(&[0; 16]));
        assert!(!TextLeft::default().take(b"drawing"));
    }

    #[test]
    fn a_bitmap_gets_the_head_of_a_file() {
        let core = [&[12, 0, 0, 0, 8, 0, 6, 0, 1, 0, 24, 0][..], &[0; 144]].concat();
        assert_eq!(bitmap_file(&core)[..14], *b"BM\xaa\0\0\0\0\0\0\0\x1a\0\0\0");
        let mut info = vec![0; 40];
        (info[0], info[14]) = (40, 8);
        assert_eq!(long(&bitmap_file(&info), 10), 14 + 40 + 1024);
        info[32] = 2;
        assert_eq!(long(&bitmap_file(&info), 10), 14 + 40 + 8);
        assert_eq!(bitmap_file(b""), b"BM\x0e\0\0\0\0\0\0\0\x12\0\0\0");
    }
}

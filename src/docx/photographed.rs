//! The photos of a Word file: the tables that show them, and their parts. A photo is packed as it is read, so that no more than
//! one is in memory; the same picture is one part, however often it is shown.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use rustc_hash::FxHashMap;

use super::long::Settled;
use super::part::OFFICE;
use super::xml::{escape, paragraph, run};
use crate::digest;
use crate::document::layout::twips;
use crate::document::photo::{PhotoReader, PhotoRoom, PhotoSource, UnreadablePhoto};
use crate::document::{Photo, PhotoCell, Photos};
use crate::ooxml::archive::{Archive, Packed};
use crate::words::lang::Lang;

/// The photos that a file shows so far.
pub(super) struct PhotoParts<'p> {
    /// What the names of their parts and relationships begin with, as nothing else in the file does.
    prefix: String,
    reader: PhotoReader<'p>,
    parts: Vec<PhotoPart>,
    /// The positions of parts, by the id and the size that was asked for, and by the digest of their bytes.
    asked: FxHashMap<(String, (u32, u32)), usize>,
    digests: FxHashMap<String, usize>,
    /// Their parts.
    media: Archive,
    failed: Option<io::Error>,
}

/// The part of a picture.
struct PhotoPart {
    /// The ending of its name.
    format: &'static str,
    /// Its size in pixels.
    size: (u32, u32),
}

/// What a file shows of photos.
pub(super) struct FinishedPhotos {
    /// The parts, to be put behind the others.
    pub(super) media: Archive,
    /// Those that could not be read.
    pub(super) unreadable: Vec<UnreadablePhoto>,
}

impl<'p> PhotoParts<'p> {
    /// None so far.
    pub(super) fn new(prefix: &str, source: &'p dyn PhotoSource) -> Self {
        Self {
            prefix: prefix.to_owned(),
            reader: PhotoReader::new(source),
            parts: Vec::new(),
            asked: FxHashMap::default(),
            digests: FxHashMap::default(),
            media: Archive::default(),
            failed: None,
        }
    }

    /// The position of the part of a photo, or what stands in its place.
    fn part(&mut self, photo: &Photo, room: PhotoRoom, lang: Lang) -> Result<usize, String> {
        let asked = (photo.id.clone(), room.pixels());
        if let Some(part) = self.asked.get(&asked) {
            return Ok(*part);
        }
        let picture = self.reader.read(photo, room, lang)?;
        let next = self.parts.len();
        let part = *self.digests.entry(digest::of(&picture.bytes)).or_insert(next);
        if part == next {
            self.parts.push(PhotoPart { format: picture.format, size: picture.size });
            let name = format!("word/{}", self.target(part));
            let packed = Packed::stored(picture.bytes).and_then(|packed| self.media.add(&name, &packed));
            self.failed = self.failed.take().or(packed.err());
        }
        self.asked.insert(asked, part);
        Ok(part)
    }

    /// The name of the part at a position, from the text.
    fn target(&self, part: usize) -> String {
        let format = self.parts.get(part).map_or("", |part| part.format);
        format!("media/{}{}.{format}", self.prefix, part + 1)
    }

    /// The relationships to the parts, each with its id and target, from the text.
    pub(super) fn relationships(&self) -> Vec<(String, String)> {
        (0..self.parts.len()).map(|part| (format!("{}{}", self.prefix, part + 1), self.target(part))).collect()
    }

    /// The formats of the parts, by the ends of their names.
    pub(super) fn formats(&self) -> BTreeSet<&'static str> {
        self.parts.iter().map(|part| part.format).collect()
    }

    /// Returns the parts.
    ///
    /// # Errors
    /// They are larger than 4 GB, or a temporary file can't be written.
    pub(super) fn finish(self) -> io::Result<FinishedPhotos> {
        let finished = FinishedPhotos { media: self.media, unreadable: self.reader.unreadable() };
        self.failed.map_or(Ok(finished), Err)
    }

    /// Writes photos as a table, a row for those that stand beside each other, and the paragraph that has to follow a table.
    /// `number` is that of the last drawing of the file. The rows of a long one are settled as they are written, if they may
    /// be.
    pub(super) fn table(
        &mut self,
        (xml, mut settled): (&mut String, Option<&mut Settled>),
        lang: Lang,
        photos: &Photos,
        number: &mut usize,
    ) {
        let (count, room) = (photos.width(), photos.room());
        if let Some(caption) = &photos.caption {
            xml.push_str(&paragraph("Caption", "", &run(lang, caption)));
        }
        if count == 0 {
            return;
        }
        let column = twips(room.column);
        let total = i64::from(column) * i64::try_from(count).unwrap_or(1);
        let _ = write!(
            xml,
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0420\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" \
             w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"/><w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>",
            escape(&described(photos, lang))
        );
        for _ in 0..count {
            let _ = write!(xml, "<w:gridCol w:w=\"{column}\"/>");
        }
        xml.push_str("</w:tblGrid>\n");
        let width = format!("<w:tc><w:tcPr><w:tcW w:w=\"{column}\" w:type=\"dxa\"/>");
        if photos.header.iter().any(|name| !name.trim().is_empty()) {
            xml.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            for at in 0..count {
                let name = photos.header.get(at).map_or("", String::as_str);
                let name = paragraph("TableTextHeader", CENTRED, &run(lang, name));
                xml.extend([&*width, "<w:vAlign w:val=\"center\"/></w:tcPr>", &name, "</w:tc>"]);
            }
            xml.push_str("</w:tr>\n");
        }
        let mut starts = Vec::new();
        for cells in &photos.rows {
            if let Some(settled) = &mut settled {
                settled.next(xml, &mut starts);
            }
            xml.push_str("<w:tr><w:trPr><w:cantSplit/>");
            if is_to_be_filled(cells, count) {
                let _ = write!(xml, "<w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/>", twips(room.height));
            }
            xml.push_str("</w:trPr>");
            for at in 0..count {
                xml.push_str(&width);
                self.cell(xml, lang, cells.get(at), room, number);
                xml.push_str("</w:tc>");
            }
            xml.push_str("</w:tr>\n");
        }
        xml.push_str("</w:tbl>\n");
        // Room before what follows; at the end of a page there is none.
        xml.push_str(&paragraph("Tiny", "<w:spacing w:after=\"120\" w:line=\"20\" w:lineRule=\"exact\"/>", ""));
    }

    fn cell(&mut self, xml: &mut String, lang: Lang, cell: Option<&PhotoCell>, room: PhotoRoom, number: &mut usize) {
        let said = |text: &str| {
            paragraph("TableText", CENTRED, &if text.is_empty() { String::new() } else { run(lang, text) })
        };
        let Some(PhotoCell::Photo(photo)) = cell else {
            let text = if let Some(PhotoCell::Text(text)) = cell { text.as_str() } else { "" };
            xml.extend(["<w:vAlign w:val=\"center\"/></w:tcPr>", &said(text)]);
            return;
        };
        let shown = match self.part(photo, room, lang) {
            Ok(part) => {
                *number += 1;
                let drawing = self.drawing(photo, part, (room, lang), *number);
                paragraph("Photo", "", &drawing)
            }
            Err(text) => said(&text),
        };
        xml.extend(["<w:vAlign w:val=\"center\"/></w:tcPr>", &shown]);
        let label = photo.label(lang);
        if !label.is_empty() {
            xml.push_str(&paragraph("PhotoCaption", "", &run(lang, &label)));
        }
    }

    /// The run with the drawing of a photo.
    fn drawing(&self, photo: &Photo, part: usize, (room, lang): (PhotoRoom, Lang), number: usize) -> String {
        let (width, height) = room.printed(self.parts.get(part).map_or((1, 1), |part| part.size));
        let (cx, cy) = (emu(width), emu(height));
        let (alt, name) = (escape(&photo.alt(lang)), format!("{}{}", self.prefix, part + 1));
        format!(
            "<w:r><w:drawing><wp:inline xmlns:wp=\"{INLINE}\" distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
             <wp:extent cx=\"{cx}\" cy=\"{cy}\"/><wp:docPr id=\"{number}\" name=\"Photo {number}\" descr=\"{alt}\"/>\
             <wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a=\"{DRAWING}\" noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>\
             <a:graphic xmlns:a=\"{DRAWING}\"><a:graphicData uri=\"{PICTURE}\"><pic:pic xmlns:pic=\"{PICTURE}\"><pic:nvPicPr>\
             <pic:cNvPr id=\"{number}\" name=\"{name}\" descr=\"{alt}\"/>\
             <pic:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></pic:cNvPicPr></pic:nvPicPr>\
             <pic:blipFill><a:blip xmlns:r=\"{OFFICE}\" r:embed=\"{name}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>\
             </w:drawing></w:r>"
        )
    }
}

const INLINE: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
const CENTRED: &str = "<w:jc w:val=\"center\"/>";

/// What the photos are, for those who don't see them: the line above, else the names of the columns.
fn described(photos: &Photos, lang: Lang) -> String {
    let heads: Vec<&str> = photos.header.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    let text = photos.caption.clone().unwrap_or_else(|| heads.join(lang.pick("、", ", ")));
    if text.is_empty() { lang.pick("照片", "Photos").to_owned() } else { text }
}

/// Whether photos are to be put in a row by hand: it has none, and a place without a text.
fn is_to_be_filled(cells: &[PhotoCell], count: usize) -> bool {
    let is_blank = |cell: &PhotoCell| matches!(cell, PhotoCell::Text(text) if text.trim().is_empty());
    cells.iter().all(|cell| matches!(cell, PhotoCell::Text(_))) && (cells.len() < count || cells.iter().any(is_blank))
}

/// A length in the unit of drawings, of which 36,000 are a millimetre.
fn emu(mm: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on a page")]
    let emu = (mm * 36_000.0).round().max(1.0) as u64;
    emu
}

//! The drawings of an `.xls` ([MS-ODRAW]): a tree of records, read from its bytes without recursion.

use super::sheet_picture::{Crop, Form, Turn};
use crate::placement::{Measure, Part, Rectangle, WHOLE};

// Types of records.
pub(super) const GROUP: u16 = 0xf000;
pub(super) const PICTURES: u16 = 0xf001;
pub(super) const PICTURE: u16 = 0xf007;
const SHEET: u16 = 0xf002;
const SHAPES: u16 = 0xf003;
/// The kind of shape that is a picture, even without one.
const PICTURE_FRAME: u16 = 75;
const SHAPE: u16 = 0xf004;
const GROUP_MEASURE: u16 = 0xf009;
const SHAPE_FLAGS: u16 = 0xf00a;
const PROPERTIES: [u16; 3] = [0xf00b, 0xf121, 0xf122];
const CHILD_ANCHOR: u16 = 0xf00f;
const CELL_ANCHOR: u16 = 0xf010;

// Flags of shapes.
const IS_GROUP: u32 = 1;
const IS_PATRIARCH: u32 = 4;
const IS_DELETED: u32 = 8;
const IS_OBJECT: u32 = 0x10;
const IS_MIRRORED: u32 = 0x40;
const IS_UPSIDE_DOWN: u32 = 0x80;

/// The flag of a link to a file.
const LINKED: u32 = 8;

/// The head of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) instance: u16,
    pub(super) is_container: bool,
    pub(super) kind: u16,
    pub(super) length: u32,
}

impl Head {
    /// The number of bytes of a head.
    pub(super) const SIZE: usize = 8;

    pub(super) fn of(bytes: [u8; Self::SIZE]) -> Self {
        let [a, b, c, d, length @ ..] = bytes;
        let version = u16::from_le_bytes([a, b]);
        Self {
            instance: version >> 4,
            is_container: version & 0xf == 0xf,
            kind: u16::from_le_bytes([c, d]),
            length: u32::from_le_bytes(length),
        }
    }
}

/// A picture in the drawing of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ArtShape {
    /// The columns, rows and shares of cells of two corners: column, 1/1024 of it, row, 1/256 of it; twice.
    pub(super) anchor: Option<[u16; 8]>,
    pub(super) part: Part,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) form: Form,
    pub(super) is_hidden: bool,
    pub(super) crop: Crop,
    pub(super) turn: Turn,
    /// The number of the picture, from 1.
    pub(super) picture: Option<u32>,
    /// The file that it was taken from, and whether it is only linked.
    pub(super) file: String,
    pub(super) is_linked: bool,
}

#[derive(Default)]
struct Group {
    anchor: Option<[u16; 8]>,
    measure: Option<Measure>,
}

#[derive(Default)]
struct Shape {
    is_frame: bool,
    flags: u32,
    measure: Option<Rectangle>,
    cells: Option<[u16; 8]>,
    within: Option<Rectangle>,
    properties: Properties,
}

#[derive(Default)]
struct Properties {
    picture: u32,
    file: String,
    flags: u32,
    name: String,
    description: String,
    fill: u32,
    fill_picture: u32,
    fill_file: String,
    crop: [i32; 4],
    angle: i32,
    is_hidden: bool,
}

/// Returns the pictures in the drawing of a sheet, which is `data`; about as many as `most`, if there are more.
pub(super) fn shapes(data: &[u8], most: usize) -> Vec<ArtShape> {
    let mut found = Vec::new();
    // The containers that are open, with their ends.
    let mut open: Vec<(usize, u16)> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut shape = Shape::default();
    let mut at = 0;
    while let Some((head, after)) = data.get(at..).and_then(<[u8]>::split_first_chunk).filter(|_| found.len() <= most) {
        let head = Head::of(*head);
        let end = (at + Head::SIZE).saturating_add(head.length as usize).min(data.len());
        let body = after.get(..end - at - Head::SIZE).unwrap_or_default();
        at += Head::SIZE;
        match head.kind {
            SHEET | SHAPES | SHAPE if head.is_container => {
                open.push((end, head.kind));
                match head.kind {
                    SHAPES => groups.push(Group::default()),
                    SHAPE => shape = Shape::default(),
                    _ => {}
                }
            }
            kind => {
                at = end;
                shape.record(kind, head.instance, body);
            }
        }
        while let Some((_, kind)) = open.pop_if(|(end, _)| *end <= at) {
            match kind {
                SHAPE => found.extend(std::mem::take(&mut shape).finish(&mut groups)),
                SHAPES => drop(groups.pop()),
                _ => {}
            }
        }
    }
    found
}

impl Shape {
    fn record(&mut self, kind: u16, instance: u16, body: &[u8]) {
        match kind {
            SHAPE_FLAGS => (self.is_frame, self.flags) = (instance == PICTURE_FRAME, long(body, 4)),
            GROUP_MEASURE => self.measure = Some(rectangle(body)),
            CHILD_ANCHOR => self.within = Some(rectangle(body)),
            CELL_ANCHOR => {
                let words = [1, 2, 3, 4, 5, 6, 7, 8].map(|at| word(body, at * 2));
                self.cells = Some(words).filter(|_| body.len() >= 18);
            }
            kind if PROPERTIES.contains(&kind) => self.properties.read(instance, body),
            _ => {}
        }
    }

    /// Returns the shape if it is a picture; what a group says of itself goes to the group.
    fn finish(self, groups: &mut [Group]) -> Option<ArtShape> {
        let (group, above) = groups.split_last_mut().map(|(group, above)| (Some(group), above)).unwrap_or_default();
        if self.flags & IS_GROUP != 0 {
            let above = above.last();
            let group = group.filter(|_| self.flags & IS_PATRIARCH == 0)?;
            group.anchor = self.cells.or(above.and_then(|above| above.anchor));
            group.measure = match (above.and_then(|above| above.measure), self.within) {
                (Some(measure), Some(outer)) => self.measure.and_then(|inner| measure.within(outer, inner)),
                _ => self.measure.and_then(Measure::outermost),
            };
            return None;
        }
        let Properties {
            picture,
            file,
            flags,
            name,
            description,
            fill,
            fill_picture,
            fill_file,
            crop,
            angle,
            is_hidden,
        } = self.properties;
        // 2: tiles, 3: a picture.
        let is_fill = !self.is_frame
            && picture == 0
            && file.is_empty()
            && matches!(fill, 2 | 3)
            && (fill_picture > 0 || !fill_file.is_empty());
        let is_object = self.flags & IS_OBJECT != 0;
        let is_picture = self.is_frame || picture > 0 || !file.is_empty() || is_fill || is_object;
        if self.flags & (IS_DELETED | IS_PATRIARCH) != 0 || !is_picture {
            return None;
        }
        let group = group.as_deref();
        let part = self.within.filter(|_| self.cells.is_none());
        let part = part.zip(group.and_then(|group| group.measure)).and_then(|(own, measure)| measure.part(own));
        let [top, bottom, left, right] = crop.map(|side| share(side, 100_000));
        let turn = Turn {
            angle: 0,
            is_mirrored: self.flags & IS_MIRRORED != 0,
            is_upside_down: self.flags & IS_UPSIDE_DOWN != 0,
        };
        Some(ArtShape {
            anchor: self.cells.or(group.and_then(|group| group.anchor)),
            part: part.unwrap_or(WHOLE),
            name,
            description,
            is_hidden,
            form: if is_object {
                Form::Object
            } else if is_fill {
                Form::Fill
            } else {
                Form::Floating
            },
            crop: if crop == [0; 4] { Crop::Whole } else { Crop::Sides { left, top, right, bottom } },
            turn: turn.by(i64::from(angle) * 60_000 / 65_536),
            picture: Some(if is_fill { fill_picture } else { picture }).filter(|picture| *picture > 0),
            is_linked: flags & LINKED != 0,
            file: if is_fill { fill_file } else { file },
        })
    }
}

impl Properties {
    /// Reads a table of properties: six bytes each, and behind the table the values that are longer.
    fn read(&mut self, count: u16, body: &[u8]) {
        let (table, mut long_ones) = body.split_at(body.len().min(usize::from(count) * 6));
        for property in table.chunks_exact(6) {
            let (id, number) = (word(property, 0), long(property, 2));
            let is_long = id & 0x8000 != 0;
            let mut text = || {
                let length = usize::try_from(number).unwrap_or(usize::MAX).min(long_ones.len());
                let (own, rest) = long_ones.split_at(length);
                long_ones = rest;
                of_utf16(own)
            };
            let signed = number.cast_signed();
            match (id & 0x3fff, is_long) {
                (0x0004, false) => self.angle = signed,
                (id @ 0x0100..=0x0103, false) => {
                    if let Some(side) = self.crop.get_mut(usize::from(id - 0x0100)) {
                        *side = signed;
                    }
                }
                (0x0104, false) => self.picture = number,
                (0x0105, true) => self.file = text(),
                (0x0106, false) => self.flags = number,
                (0x0180, false) => self.fill = number,
                (0x0186, false) => self.fill_picture = number,
                (0x0187, true) => self.fill_file = text(),
                (0x0380, true) => self.name = text(),
                (0x0381, true) => self.description = text(),
                // The second bit, if the one that says that it counts is set.
                (0x03bf, false) => self.is_hidden = number & 0x0002_0002 == 0x0002_0002,
                (_, true) => drop(text()),
                _ => {}
            }
        }
    }
}

/// A number in 1/65,536, in other shares.
fn share(fixed: i32, of: i64) -> i32 {
    i32::try_from(i64::from(fixed) * of / 65_536).unwrap_or(i32::MAX)
}

fn rectangle(body: &[u8]) -> Rectangle {
    let [left, top, right, bottom] = [0, 4, 8, 12].map(|at| f64::from(long(body, at).cast_signed()));
    [left, top, right - left, bottom - top]
}

fn of_utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|two| word(two, 0)).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Reads two bytes; 0 beyond the end.
pub(super) fn word(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_le_bytes(*two))
}

/// Reads four bytes; 0 beyond the end.
pub(super) fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(word(bytes, at)) | u32::from(word(bytes, at + 2)) << 16
}

//! Photos in the cells of a table: they float over their cells and go with them when rows are sorted, filtered or made higher.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::LINE_PT;
use super::column::Column;
use super::stand_in::StandIns;
use super::text;
use crate::document::photo::PhotoRoom;
use crate::document::{Cell, Document, Table};

/// The room of a photo in a cell: as large as clerks paste them.
const ROOM: PhotoRoom = PhotoRoom { column: 32.0, width: 30.0, height: 22.5 };
/// The same in pixels, with what is between photos.
const WIDTH_PX: u32 = 113 + GAP_PX;
const HEIGHT_PX: u32 = 85 + GAP_PX;
const GAP_PX: u32 = 4;
/// As many stand beside each other.
const BESIDE: usize = 2;
/// A row is at most so high, in pixels.
const HIGHEST_PX: u32 = 545;
/// A character is so wide, in pixels.
const CHARACTER_PX: u32 = 7;

/// How many photos are in the cells of a table.
#[derive(Debug, Default)]
pub(super) struct CellPhotos {
    /// The most that a cell of each column has.
    by_column: Vec<usize>,
    /// The most that a cell of each row has.
    by_row: Vec<usize>,
}

impl CellPhotos {
    pub(super) fn of(table: &Table) -> Self {
        let mut photos = Self::default();
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let count = cell.photos().count();
                if count == 0 {
                    continue;
                }
                for (counts, at) in [(&mut photos.by_row, row), (&mut photos.by_column, column)] {
                    counts.resize(counts.len().max(at + 1), 0);
                    if let Some(most) = counts.get_mut(at) {
                        *most = count.max(*most);
                    }
                }
            }
        }
        photos
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }

    /// Makes columns as wide as their photos.
    pub(super) fn widen(&self, columns: &mut [Column]) {
        for (column, count) in columns.iter_mut().zip(&self.by_column).filter(|(_, count)| **count > 0) {
            let beside = u32::try_from((*count).min(BESIDE)).unwrap_or(1);
            let width = usize::try_from((beside * WIDTH_PX + GAP_PX).div_ceil(CHARACTER_PX)).unwrap_or_default();
            column.need.least = column.need.least.max(width);
            column.need.natural = column.need.natural.max(width);
            column.need.longest = column.need.longest.max(width);
        }
    }

    /// The height of the photos of a row, in lines of text.
    pub(super) fn lines(&self, row: usize) -> u32 {
        let count = self.by_row.get(row).copied().unwrap_or_default();
        let height = HEIGHT_PX * u32::try_from(count.div_ceil(BESIDE)).unwrap_or(u32::MAX / HEIGHT_PX);
        if count == 0 { 0 } else { (height.min(HIGHEST_PX) * 3).div_ceil(4 * LINE_PT) }
    }

    /// Lays the photos of a row over its cells. Where there are more than a row has room for, they are smaller.
    ///
    /// # Errors
    /// There are more columns than a worksheet can hold.
    pub(super) fn insert(
        &self,
        sheet: &mut Worksheet,
        (row, index): (u32, usize),
        cells: &[Cell],
        (document, photos): (&Document, &mut StandIns<'_, '_>),
    ) -> Result<(), XlsxError> {
        if self.by_row.get(index).is_none_or(|count| *count == 0) {
            return Ok(());
        }
        for (at, cell) in (0_u16..).zip(cells) {
            let rows = u32::try_from(cell.photos().count().div_ceil(BESIDE)).unwrap_or(u32::MAX).max(1);
            let high = (HIGHEST_PX / rows).clamp(GAP_PX + 1, HEIGHT_PX);
            let share = f64::from(high - GAP_PX) / f64::from(HEIGHT_PX - GAP_PX);
            for (number, photo) in cell.photos().enumerate() {
                let (line, beside) = (number / BESIDE, number % BESIDE);
                let [line, beside] = [line, beside].map(|count| u32::try_from(count).unwrap_or_default());
                match photos.of(photo, ROOM, document.lang) {
                    Ok(stand_in) => {
                        let (width, height) = ROOM.printed(stand_in.size);
                        let image = stand_in.image((width * share, height * share), photo, document)?;
                        let (left, top) = (GAP_PX + beside * WIDTH_PX, GAP_PX / 2 + line * high);
                        sheet.insert_image_with_offset(row, at, &image, left, top)?;
                    }
                    Err(why) => {
                        sheet.write_string(row, at, text::fit(&format!("{} {why}", text::of(cell))))?;
                    }
                }
            }
        }
        Ok(())
    }
}

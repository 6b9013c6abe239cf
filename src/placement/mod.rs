//! The cells of a sheet as rectangles: which of them a picture stands in. Knows nothing of formats.
//!
//! Readers that take the cell where a picture begins are wrong where somebody set it a few pixels too high. So it is the
//! cell that holds most of it; where none holds it, because the picture is larger than its row, the one where it begins.
//!
//! - `axis`: heights and widths; `group`: members of groups

mod axis;
mod group;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use axis::{Axis, Sizes};
pub(crate) use group::{Measure, Part, Rectangle, WHOLE};

/// A cell that covers less of a picture than this, in percent of the picture's area, may not be the one it was meant for.
pub const SURE: u8 = 60;

/// EMU, the unit of drawings, in a pixel at 96 dpi, and in a point.
pub(crate) const EMU_PIXEL: i64 = 9525;
pub(crate) const EMU_POINT: f64 = 12700.0;
/// No picture is larger or farther away, in EMU.
const FAR: i64 = 1 << 50;
/// A picture is told to stand in so many columns at most, the best ones.
const MAX_CELLS: usize = 16;
/// Merged cells are remembered for each column; there are no more of them in all.
const MAX_MERGED: usize = 1 << 22;

/// A cell, or a range of merged cells, that a picture stands in. Rows and columns are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its first and last row; several if cells are merged downwards.
    pub rows: (u32, u32),
    /// Its first and last column.
    pub columns: (u32, u32),
    /// How much of the picture's area lies in it, in percent.
    pub share: u8,
}

impl Cell {
    /// Whether enough of the picture lies in it to be sure that it was meant for it.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.share >= SURE
    }
}

/// Where a picture stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its cells, best first; none if it is bound to nothing.
    pub(crate) cells: Vec<Cell>,
    /// Whether it has no width or no height, as in a hidden row; its cell is then the one where it begins.
    pub(crate) is_flat: bool,
}

/// More merged cells than are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyMerged(pub(crate) usize);

/// A corner of a picture: a cell, and how far it lies within it, in EMU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Corner {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) down: i64,
    pub(crate) right: i64,
}

/// What a picture is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The cells of its corners.
    Corners(Corner, Corner),
    /// The cell where it begins; its width and height.
    Sized(Corner, (i64, i64)),
    /// The cell that it is measured from, in EMU that may lead out of the cell; its width and height.
    Measured(Corner, (i64, i64)),
    /// Nothing: its place on the page; its width and height.
    Page((i64, i64), (i64, i64)),
}

/// The region of merged cells: first row, last row, first column, last column.
pub(crate) type Region = [u32; 4];

/// The cells of a sheet.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) rows: Axis,
    pub(crate) columns: Axis,
    pub(crate) merged: Vec<Region>,
}

/// The rectangle of a picture.
#[derive(Clone, Debug)]
struct Frame {
    x: (i64, i64),
    y: (i64, i64),
    /// The cell where it begins.
    begins: (u32, u32),
}

/// A row, a column, or merged ones: first, last, and how much of them is covered.
type Band = (u32, u32, i64);

impl Grid {
    /// Returns where pictures stand, in their order.
    pub(crate) fn places(&self, pictures: &[(Option<Anchor>, Part)]) -> Result<Vec<Place>, TooManyMerged> {
        let frames: Vec<Option<Frame>> =
            pictures.iter().map(|(anchor, part)| anchor.map(|anchor| self.frame(&anchor, *part))).collect();
        let columns = |frame: &Frame| self.columns.covered(frame.x.0, frame.x.1);
        let covered: Vec<_> = frames.iter().map(|frame| frame.as_ref().map(columns).unwrap_or_default()).collect();
        let mut touched: BTreeSet<u32> = covered.iter().flatten().map(|(column, _)| *column).collect();
        touched.extend(frames.iter().flatten().map(|frame| frame.begins.1));
        let merged = Merged::new(&self.merged, &touched)?;
        let places = frames.iter().zip(covered);
        let place = |(frame, columns): (&Option<Frame>, Vec<(u32, i64)>)| {
            frame.as_ref().map(|frame| self.place(frame, &columns, &merged)).unwrap_or_default()
        };
        Ok(places.map(place).collect())
    }

    /// Returns the ranges of cells, such as those that hold pictures themselves.
    pub(crate) fn ranges(&self, cells: &[(u32, u32)]) -> Result<Vec<Cell>, TooManyMerged> {
        let touched = cells.iter().map(|(_, column)| *column).collect();
        let merged = Merged::new(&self.merged, &touched)?;
        Ok(cells.iter().map(|(row, column)| merged.cell(*row, *column, 100)).collect())
    }

    fn frame(&self, anchor: &Anchor, part: Part) -> Frame {
        let place = |axis: &Axis, index: u32, within: i64| axis.start(index) + within.clamp(0, axis.size(index));
        let at = |corner: &Corner| {
            (place(&self.columns, corner.column, corner.right), place(&self.rows, corner.row, corner.down))
        };
        let ((left, top), (right, bottom), begins) = match anchor {
            Anchor::Corners(from, to) => (at(from), at(to), Some((from.row, from.column))),
            Anchor::Sized(from, (width, height)) => {
                let (left, top) = at(from);
                let end = |start: i64, size: i64| start + size.clamp(0, FAR);
                ((left, top), (end(left, *width), end(top, *height)), Some((from.row, from.column)))
            }
            Anchor::Measured(from, (width, height)) => {
                let left = self.columns.start(from.column) + from.right.clamp(-FAR, FAR);
                let top = self.rows.start(from.row) + from.down.clamp(-FAR, FAR);
                (
                    (left, top),
                    (left + (*width).clamp(0, FAR), top + (*height).clamp(0, FAR)),
                    Some((from.row, from.column)),
                )
            }
            Anchor::Page((x, y), (width, height)) => {
                let (left, top) = ((*x).clamp(0, FAR), (*y).clamp(0, FAR));
                ((left, top), (left + (*width).clamp(0, FAR), top + (*height).clamp(0, FAR)), None)
            }
        };
        let between = |from: i64, to: i64, share: f64| from + scaled(to.max(from) - from, share);
        let (x, y) = (
            (between(left, right, part[0]), between(left, right, part[2])),
            (between(top, bottom, part[1]), between(top, bottom, part[3])),
        );
        let begins = begins.filter(|_| part == WHOLE);
        let (row, column) = begins.unwrap_or_else(|| (self.rows.at(y.0), self.columns.at(x.0)));
        Frame { x, y, begins: (row.min(self.rows.last()), column.min(self.columns.last())) }
    }

    fn place(&self, frame: &Frame, columns: &[(u32, i64)], merged: &Merged) -> Place {
        let rows = self.rows.covered(frame.y.0, frame.y.1);
        let (width, height) = (frame.x.1 - frame.x.0, frame.y.1 - frame.y.0);
        if rows.is_empty() || columns.is_empty() {
            return Place { cells: vec![merged.cell(frame.begins.0, frame.begins.1, 0)], is_flat: true };
        }
        let single = rows.iter().map(|(row, part)| (*row, *row, *part)).collect();
        let Some(row) = best_first(single, height, &self.rows).first().map(|row| row.0) else {
            return Place::default();
        };
        let columns = bands(columns, |column| {
            let cell = merged.cell(row, column, 0);
            cell.columns
        });
        let columns = best_first(columns, width, &self.columns).into_iter().take(MAX_CELLS);
        let cells = columns.filter_map(|(first, last, across)| {
            let rows = bands(&rows, |row| merged.cell(row, first, 0).rows);
            let (top, bottom, down) = best_first(rows, height, &self.rows).into_iter().next()?;
            Some(Cell { rows: (top, bottom), columns: (first, last), share: percent(across, width, down, height) })
        });
        Place { cells: cells.collect(), is_flat: false }
    }
}

/// Joins those that belong to one range of merged cells.
fn bands(covered: &[(u32, i64)], range: impl Fn(u32) -> (u32, u32)) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (index, part) in covered {
        let (first, last) = range(*index);
        match bands.last_mut() {
            Some(band) if (band.0, band.1) == (first, last) => band.2 += part,
            _ => bands.push((first, last, *part)),
        }
    }
    bands
}

/// Puts the one that holds most of a picture first. Where none holds enough of it, it was set where it begins: over the
/// first of which at least half lies beneath it.
fn best_first(mut bands: Vec<Band>, whole: i64, axis: &Axis) -> Vec<Band> {
    let size = |band: &Band| axis.start(band.1) + axis.size(band.1) - axis.start(band.0);
    let begins = bands.iter().find(|band| band.2.saturating_mul(2) >= size(band)).copied();
    bands.sort_by_key(|(.., part)| std::cmp::Reverse(*part));
    let is_sure = bands.first().is_none_or(|best| best.2.saturating_mul(100) >= whole.saturating_mul(SURE.into()));
    if let (false, Some(begins)) = (is_sure, begins) {
        bands.retain(|band| *band != begins);
        bands.insert(0, begins);
    }
    bands
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "lengths of a sheet in EMU")]
fn scaled(length: i64, share: f64) -> i64 {
    (length as f64 * share.clamp(0.0, 1.0)) as i64
}

#[expect(clippy::cast_precision_loss, reason = "lengths of a sheet in EMU")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
fn percent(across: i64, width: i64, down: i64, height: i64) -> u8 {
    let share = across as f64 / width.max(1) as f64 * (down as f64 / height.max(1) as f64);
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}

/// The merged cells of the columns that matter.
struct Merged(BTreeMap<u32, Vec<Region>>);

impl Merged {
    fn new(regions: &[Region], touched: &BTreeSet<u32>) -> Result<Self, TooManyMerged> {
        let mut by_column: BTreeMap<u32, Vec<Region>> = BTreeMap::new();
        let mut count = 0_usize;
        for region in regions {
            let [top, bottom, first, last] = *region;
            if top > bottom || first > last {
                continue;
            }
            for column in touched.range(first..=last) {
                by_column.entry(*column).or_default().push(*region);
                count += 1;
            }
            if count > MAX_MERGED {
                return Err(TooManyMerged(MAX_MERGED));
            }
        }
        for regions in by_column.values_mut() {
            regions.sort_unstable();
            // They don't overlap in a file that is whole.
            let mut next = 0;
            regions.retain(|[top, bottom, ..]| {
                let is_free = *top >= next;
                next = if is_free { bottom.saturating_add(1) } else { next };
                is_free
            });
        }
        Ok(Self(by_column))
    }

    fn cell(&self, row: u32, column: u32, share: u8) -> Cell {
        let regions = self.0.get(&column).map(Vec::as_slice).unwrap_or_default();
        let at = regions.partition_point(|[_, bottom, ..]| *bottom < row);
        match regions.get(at) {
            Some([top, bottom, first, last]) if *top <= row => {
                Cell { rows: (*top, *bottom), columns: (*first, *last), share }
            }
            _ => Cell { rows: (row, row), columns: (column, column), share },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of 100 and columns of 200, of which row 3 is hidden and row 5 is 40.
    fn grid(merged: &[Region]) -> Grid {
        let mut rows = Sizes::default();
        rows.push(3, 3, 0);
        rows.push(5, 5, 40);
        Grid {
            rows: Axis::new(rows, 100, 1000),
            columns: Axis::new(Sizes::default(), 200, 100),
            merged: merged.to_vec(),
        }
    }

    fn page(x: i64, y: i64, width: i64, height: i64) -> Anchor {
        Anchor::Page((x, y), (width, height))
    }

    fn cells(merged: &[Region], anchor: Anchor) -> Vec<(u32, u32, u32, u32, u8)> {
        let places = grid(merged).places(&[(Some(anchor), WHOLE)]).unwrap();
        let cells = places[0].cells.iter().map(|it| (it.rows.0, it.rows.1, it.columns.0, it.columns.1, it.share));
        cells.collect()
    }

    #[test]
    fn a_picture_stands_where_most_of_it_is() {
        // Two too high.
        assert_eq!(cells(&[], page(10, 98, 100, 50)), [(1, 1, 0, 0, 96)]);
        // Over two columns.
        assert_eq!(cells(&[], page(150, 110, 100, 50)), [(1, 1, 0, 0, 50), (1, 1, 1, 1, 50)]);
        assert_eq!(cells(&[], page(180, 110, 100, 50)), [(1, 1, 1, 1, 80), (1, 1, 0, 0, 20)]);
        // Larger than its row: where it begins; set too high, where it was meant to begin.
        assert_eq!(cells(&[], page(10, 20, 100, 250)), [(0, 0, 0, 0, 32)]);
        assert_eq!(cells(&[], page(10, 90, 100, 205)), [(1, 1, 0, 0, 49)]);
        // The hidden row 3 is no row.
        assert_eq!(cells(&[], page(10, 300, 100, 100)), [(4, 4, 0, 0, 100)]);
    }

    #[test]
    fn merged_cells_are_one_cell() {
        assert_eq!(cells(&[[0, 2, 0, 0]], page(10, 110, 100, 250)), [(0, 2, 0, 0, 76)]);
        assert_eq!(cells(&[[0, 2, 0, 1]], page(150, 110, 100, 50)), [(0, 2, 0, 1, 100)]);
        // Merged in one of two columns only.
        assert_eq!(cells(&[[0, 2, 1, 1]], page(150, 110, 100, 150)), [(1, 1, 0, 0, 30), (0, 2, 1, 1, 50)]);
    }

    #[test]
    fn a_picture_without_size_stands_where_it_begins() {
        let corner = |down| Corner { row: 3, column: 1, down, right: 20 };
        let places = grid(&[]).places(&[(Some(Anchor::Corners(corner(0), corner(70))), WHOLE)]).unwrap();
        let Place { cells, is_flat } = &places[0];
        assert_eq!((cells[0].rows, cells[0].columns, *is_flat), ((3, 3), (1, 1), true));
    }

    #[test]
    fn a_picture_in_a_group_has_its_part() {
        let from = Corner { row: 0, column: 0, down: 0, right: 0 };
        let to = Corner { row: 0, column: 1, down: 100, right: 200 };
        let part = [0.55, 0.0, 1.0, 1.0];
        let places = grid(&[]).places(&[(Some(Anchor::Corners(from, to)), part)]).unwrap();
        assert_eq!(places[0].cells, [Cell { rows: (0, 0), columns: (1, 1), share: 100 }]);
    }
}

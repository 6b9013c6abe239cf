//! Which rows of a sheet have which of its pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;

use super::books::Books;
use super::fault::{AbsentPhoto, Stray, StrayPicture, Unreadable, UnreadablePhoto, UnsurePhoto};
use super::files::Found;
use super::making::{FoundPhoto, Making};
use super::origin::Origin;
use super::rows::{RowKey, SheetColumns};
use crate::model::Field;
use crate::model::stage::Stage;
use crate::photo::{Cell, Content, Crop, Form, Missing, PhotoError, PictureReader, SheetPicture};
use crate::place::{OneBased, Place, SourceId};
use crate::source::workbook::address;

/// The rows of the issues of a sheet, by line.
type IssueRows = BTreeMap<u32, Vec<RowKey>>;

/// The cells, by line and column, that hold a picture as their rows say, and of which no picture is known yet.
type AwaitedCells = BTreeSet<(u32, u32)>;

/// Adds the pictures of workbooks, and tells of cells whose picture is lost.
pub(super) fn add(making: &mut Making<'_>, books: &Books) {
    let sheets: BTreeSet<SourceId> = making.rows.rows.iter().map(|row| row.key.source).collect();
    let mut lost: Vec<Place> = Vec::new();
    for source in sheets {
        let Some(sheet) = &making.sources.get(source).sheet else { continue };
        let Some((path, _)) = making.book(source) else { continue };
        let of_book = books.by_path.get(path);
        let rows = making.rows.rows.iter().filter(|row| row.key.source == source);
        let cells = rows.flat_map(|row| row.pictured.iter().map(|column| (row.key.line.get(), u32::from(*column))));
        let mut awaited: AwaitedCells = cells.collect();
        if let Some(Ok(pictures)) = of_book {
            let pictures: Vec<&SheetPicture> = pictures.iter().filter(|picture| picture.sheet == sheet.name).collect();
            if let (false, Some(columns)) = (pictures.is_empty(), making.rows.sheets.get(&source).cloned()) {
                SheetAlbum::new(making, source, columns).add(making, &pictures, &mut awaited);
            }
        }
        lost.extend(awaited.into_iter().map(|(line, column)| cell_place(source, line, column)));
        // Of a workbook whose pictures are not known, only one in a cell is known to be there.
        if let Some(Err(error)) = of_book
            && *error != PhotoError::NoWorkbook
        {
            let name = making.sources.get(source).name.clone();
            let what = UnreadablePhoto { name, why: Unreadable::Book(error.clone()) };
            making.faults.add(Place::file(source), what);
        }
    }
    for place in lost {
        making.faults.add_at(place, Field::Photo, AbsentPhoto::Lost);
    }
}

/// A sheet and the rows of its issues.
struct SheetAlbum {
    source: SourceId,
    columns: SheetColumns,
    /// The columns that have a head, and the field of those for photos.
    heads: BTreeMap<u32, Option<Field>>,
    rows: IssueRows,
}

impl SheetAlbum {
    fn new(making: &Making<'_>, source: SourceId, columns: SheetColumns) -> Self {
        let mut rows = IssueRows::new();
        for row in making.rows.rows.iter().filter(|row| row.key.source == source) {
            rows.entry(row.key.line.get()).or_default().push(row.key);
        }
        let mut heads: BTreeMap<u32, Option<Field>> = BTreeMap::new();
        for field in crate::model::field::FIELDS.iter().map(|info| info.field) {
            if let Some(cell) = columns.columns.get(field) {
                heads.insert(u32::try_from(cell).unwrap_or(u32::MAX), None);
            }
        }
        heads.extend(columns.columns.extra.iter().map(|(_, cell)| (u32::from(*cell), None)));
        heads.extend(columns.columns.photos.iter().map(|(cell, field)| (u32::from(*cell), Some(*field))));
        Self { source, columns, heads, rows }
    }

    /// The field of a column for photos. A column without a head belongs to the one at its left: their heads are merged.
    fn photo_field(&self, column: u32) -> Option<Field> {
        if self.is_beside(column) {
            return None;
        }
        *self.heads.range(..=column).next_back()?.1
    }

    /// Whether a column is no column of the table, but lies to its right.
    fn is_beside(&self, column: u32) -> bool {
        usize::try_from(column).map_or(true, |column| column >= self.columns.width)
    }

    fn add(&self, making: &mut Making<'_>, pictures: &[&SheetPicture], awaited: &mut AwaitedCells) {
        let Some((path, name)) = making.book(self.source) else { return };
        let mut reader =
            File::open(path).map_err(PhotoError::from).and_then(|file| PictureReader::open(BufReader::new(file)));
        for picture in pictures {
            let Some(cell) = picture.cell(|column| self.photo_field(column).is_some()) else {
                making.faults.add(Place::file(self.source), StrayPicture { at: Stray::Nowhere });
                continue;
            };
            // Merged cells may be a million: those that wait for a picture are few.
            let (first, last) = lines(cell);
            let rows = awaited.range((first, 0)..=(last, u32::MAX)).copied();
            let held: Vec<_> = rows.filter(|(_, at)| (cell.columns.0..=cell.columns.1).contains(at)).collect();
            for cell in held {
                awaited.remove(&cell);
            }
            let (column, field) = self.column(cell);
            let place = self.place(cell, column);
            let rows = match self.rows_of(cell, column) {
                Ok(rows) => rows,
                Err(at) => {
                    making.faults.add(place, StrayPicture { at });
                    continue;
                }
            };
            let at = (place, field.unwrap_or(Field::Photo));
            let shown = {
                let sheet = &picture.sheet;
                let cell = u16::try_from(column).map_or_else(|_| String::new(), |at| address(place.line.get(), at));
                format!("{name}!{sheet}!{cell}")
            };
            match &picture.content {
                Content::Missing(Missing::Object(_)) => {
                    making.unreadable(shown, Unreadable::Object(picture.content.clone()), at);
                    continue;
                }
                // The reader of cells has told of a picture in a cell that is not for photos.
                Content::Missing(_) if field.is_none() && matches!(picture.form, Form::WpsCell | Form::ExcelCell) => {
                    continue;
                }
                Content::Linked(_) | Content::Missing(_) => {
                    making.faults.add_at(at.0, at.1, AbsentPhoto::InBook(picture.content.clone()));
                    continue;
                }
                Content::Part(_) | Content::Blip(_) | Content::Bitmap { .. } => {}
            }
            let usable = match &mut reader {
                Ok(reader) => is_usable(making, reader, &picture.content, (&shown, at)),
                Err(error) => Err(error.clone()),
            };
            match usable {
                Ok(true) => {}
                Ok(false) => continue,
                Err(error) => {
                    making.unreadable(shown, Unreadable::Book(error), at);
                    continue;
                }
            }
            let is_cut = picture.crop == Crop::Unmeasured;
            if !cell.is_sure() || !picture.doubts.is_empty() || is_cut {
                // Without a size it has no share.
                let share = (!cell.is_sure() && cell.share > 0).then_some(cell.share);
                let what = UnsurePhoto { share, doubts: picture.doubts.clone(), is_cut };
                making.faults.add_at(at.0, at.1, what);
            }
            let origin = Origin::of_picture(path, picture);
            let found = Found { origin, file: name.to_owned(), member: None };
            let stage = field.and_then(Field::stage).unwrap_or(Stage::Other);
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            making.add(FoundPhoto { rows, column, stage, cell: place, place: shown, found });
        }
    }

    /// The column of a cell, and its field if it is for photos: the first such column of merged ones.
    fn column(&self, cell: &Cell) -> (u32, Option<Field>) {
        let last = cell.columns.1.min(cell.columns.0.saturating_add(MAX_MERGED));
        let of_photos = (cell.columns.0..=last).find_map(|column| Some((column, self.photo_field(column)?)));
        of_photos.map_or((cell.columns.0, None), |(column, field)| (column, Some(field)))
    }

    /// The place of a cell: that of its first row that is an issue.
    fn place(&self, cell: &Cell, column: u32) -> Place {
        let (first, last) = lines(cell);
        let line = self.rows.range(first..=last).next().map_or(first, |(line, _)| *line);
        cell_place(self.source, line, column)
    }

    /// The issues in the rows of a cell.
    fn rows_of(&self, cell: &Cell, column: u32) -> Result<Vec<RowKey>, Stray> {
        let (first, last) = lines(cell);
        let rows: Vec<RowKey> = self.rows.range(first..=last).flat_map(|(_, rows)| rows).copied().collect();
        if self.is_beside(column) {
            return Err(Stray::Beside);
        }
        if !rows.is_empty() {
            return Ok(rows);
        }
        let is_above = self.rows.first_key_value().is_none_or(|(line, _)| last < *line);
        let is_below = self.rows.last_key_value().is_some_and(|(line, _)| first > *line);
        Err(match (is_above, is_below) {
            (true, _) => Stray::Above,
            (_, true) => Stray::Below,
            _ => Stray::Between,
        })
    }
}

/// Whether a picture can be used; if not, that is told.
///
/// # Errors
/// It can't be read.
fn is_usable(
    making: &mut Making<'_>,
    reader: &mut PictureReader<BufReader<File>>,
    content: &Content,
    (shown, at): (&str, (Place, Field)),
) -> Result<bool, PhotoError> {
    let look = reader.look(content)?;
    if !making.is_usable(look, shown, at) {
        return Ok(false);
    }
    let bytes = reader.read(content, making.most_bytes())?;
    Ok(making.is_whole(&bytes, shown, at))
}

fn cell_place(source: SourceId, line: u32, column: u32) -> Place {
    Place::cell(source, OneBased::from_one(line), usize::try_from(column).unwrap_or(usize::MAX))
}

/// So many columns of merged cells are looked through.
const MAX_MERGED: u32 = 1 << 12;

/// The first and last line of a cell.
fn lines(cell: &Cell) -> (u32, u32) {
    (cell.rows.0.saturating_add(1), cell.rows.1.saturating_add(1))
}

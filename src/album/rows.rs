//! What the rows of logs say of photos, collected while they are read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::fold::Fold;
use crate::model::row::Columns;
use crate::model::{Entry, Field, Row};
use crate::place::{OneBased, Place, SourceId};

/// The row that an issue stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// Its log.
    pub source: SourceId,
    /// Its line.
    pub line: OneBased,
    /// The number of records that begin before it on the same line.
    before: u32,
}

impl RowKey {
    /// That of a row.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        Self { source: row.source, line: row.line, before: row.before }
    }
}

/// A cell for photos that says something.
#[derive(Clone, Debug)]
pub(super) struct PhotoCell {
    pub(super) column: u16,
    pub(super) field: Field,
    pub(super) text: Box<str>,
    pub(super) place: Place,
}

/// The row of an issue, as far as photos are concerned.
#[derive(Clone, Debug)]
pub(super) struct PhotoRow {
    pub(super) key: RowKey,
    pub(super) cells: Vec<PhotoCell>,
    /// The columns of the cells that hold a picture, as the workbook says.
    pub(super) pictured: Vec<u16>,
}

/// The columns of a sheet.
#[derive(Clone, Debug)]
pub(super) struct SheetColumns {
    pub(super) columns: Arc<Columns>,
    pub(super) width: usize,
}

/// What the rows of logs say of photos: those that name or hold some, and of sheets with pictures all.
#[derive(Clone, Debug)]
pub struct PhotoRows {
    /// The sheets that have pictures.
    with_pictures: Arc<BTreeSet<SourceId>>,
    pub(super) rows: Vec<PhotoRow>,
    pub(super) sheets: BTreeMap<SourceId, SheetColumns>,
}

impl PhotoRows {
    /// None so far. `with_pictures` are the sheets that have pictures ([`Books::sheets`](super::Books::sheets)).
    #[must_use]
    pub fn new(with_pictures: &Arc<BTreeSet<SourceId>>) -> Self {
        Self { with_pictures: Arc::clone(with_pictures), rows: Vec::new(), sheets: BTreeMap::new() }
    }
}

impl Fold<Entry<'_>> for PhotoRows {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let row = &*issue.row;
        let may_name_photos = !row.columns.photos.is_empty();
        // Nearly every log.
        if !may_name_photos && self.with_pictures.is_empty() {
            return;
        }
        let has_pictures = self.with_pictures.contains(&row.source);
        let says = |(column, field): &(u16, Field)| {
            let text = row.cell(usize::from(*column));
            let place = || row.cell_place(usize::from(*column));
            (!text.is_empty()).then(|| PhotoCell { column: *column, field: *field, text: text.into(), place: place() })
        };
        let cells: Vec<PhotoCell> = row.columns.photos.iter().filter_map(says).collect();
        let pictured: Vec<u16> = row.pictured.iter().filter_map(|cell| u16::try_from(*cell).ok()).collect();
        if has_pictures || !cells.is_empty() || !pictured.is_empty() {
            self.rows.push(PhotoRow { key: RowKey::of(row), cells, pictured });
        }
        if has_pictures {
            let columns = || SheetColumns { columns: Arc::clone(&row.columns), width: row.len() };
            self.sheets.entry(row.source).or_insert_with(columns);
        }
    }

    fn merge(&mut self, later: Self) {
        self.rows.extend(later.rows);
        for (source, columns) in later.sheets {
            self.sheets.entry(source).or_insert(columns);
        }
    }
}

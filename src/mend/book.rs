//! Edits in a workbook: its sheets are read as `check` reads them, their XML is mended in place, and read again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use crate::mend::cell;
use crate::mend::csv_rows::{CsvSheet, doubtful};
use crate::mend::edit::Edit;
use crate::mend::fault::{EditFault, MendError, What};
use crate::mend::grid::{CellAt, Found, Grid};
use crate::mend::input::{LogBytes, MendTarget};
use crate::mend::outcome::{Mended, MendedCell, check_was, with_plain_breaks};
use crate::mend::package::{Package, TableRows};
use crate::mend::sheet::{Values, mended, refused};
use crate::mend::sheet_map::{SheetMap, map};
use crate::project::Project;
use crate::source::Source;
use crate::source::workbook::choice::Choice;
use crate::source::workbook::{self, BookError, Bytes, WrittenSheet, address, written_sheet};
use crate::{log, source};

/// A sheet that edits name, as it reads.
struct Sheet {
    name: String,
    text: String,
    /// What is found beside its text.
    look: source::Sheet,
    /// What it is read from; taken by whoever reads it.
    source: Option<Source>,
}

/// Mends a workbook.
pub(super) fn mend(
    log: &LogBytes<'_>,
    edits: &[Edit],
    target: MendTarget,
    project: &Project,
) -> Result<Mended, MendError> {
    let bytes: Arc<[u8]> = log.bytes.into();
    let book = Book { name: log.name, bytes: Arc::clone(&bytes) };
    let mut faults = Vec::new();
    let (mut sheets, sheet_of) = book.sheets(log, edits, project, &mut faults)?;
    let first = sheets.first_mut().and_then(|sheet| sheet.source.take());
    let mut grids = Vec::new();
    for sheet in &sheets {
        grids.push(Grid::new(&sheet.text, b',', project)?);
    }
    let names = log::own_header_fields(project);
    let mut found: Vec<Found<'_>> = vec![Found::new(); sheets.len()];
    // Those that show something else now.
    let mut cells = Vec::new();
    for (edit, sheet) in edits.iter().zip(&sheet_of) {
        let Some(sheet) = *sheet else { continue };
        faults.extend(cell::unfit(&edit.value).map(|what| EditFault::new(edit, what)));
        match grids[sheet].find(&edit.place, &names) {
            Ok(at) => {
                let shows = grids[sheet].shows(at);
                faults.extend(check_was(edit, &shows));
                let old = with_plain_breaks(&shows);
                if old != with_plain_breaks(&edit.value) {
                    cells.push(MendedCell { place: edit.place.to_string(), old, new: edit.value.clone() });
                }
                if found[sheet].insert(at, edit).is_some() {
                    faults.push(EditFault::new(edit, What::Twice));
                }
            }
            Err(what) => faults.push(EditFault::new(edit, what)),
        }
    }
    if target == MendTarget::Csv {
        let one = (sheets.as_slice(), grids.as_slice(), found.as_slice(), first);
        let ([sheet], [grid], [found], Some(source)) = one else {
            return Err(if faults.is_empty() { MendError::SeveralSheets } else { MendError::Faults(faults) });
        };
        let rows = CsvSheet::new(grid, found, &sheet.look.merged);
        faults.extend(rows.refusals());
        if !faults.is_empty() {
            return Err(MendError::Faults(faults));
        }
        rows.check_doubtful(doubtful(source, project)?)?;
        let left_out = book.log_names(log, project)?.into_iter().filter(|name| *name != sheet.name).collect();
        let (hidden, struck) = (sheet.look.hidden.len(), sheet.look.struck.len());
        return Ok(Mended { bytes: rows.bytes(), cells, has_formulas: false, left_out, hidden, struck });
    }
    let mut surgery = Surgery::new(&bytes)?;
    let mut mended_sheets = BTreeMap::new();
    let mut merged = Vec::new();
    for ((sheet, grid), found) in sheets.iter().zip(&grids).zip(&found) {
        let Some(written) = book.written(&sheet.name)? else { return Err(MendError::NotWritable) };
        let xml = surgery.package.sheet(&written.part)?;
        let rows: BTreeSet<u32> = found.keys().map(|at| at.line - 1).collect();
        let map = map(&xml, &rows).map_err(|why| MendError::Broken(format!("{}: {why}", written.part)))?;
        let tables = surgery.package.tables(&written.part)?;
        for (at, edit) in found {
            faults.extend(refusal(&map, &tables, *at).map(|what| EditFault::new(edit, what)));
        }
        merged.push(map.merged.clone());
        surgery.main.clone_from(&written.main);
        let values: Values<'_> = found
            .iter()
            .filter(|(at, edit)| with_plain_breaks(&grid.shows(**at)) != with_plain_breaks(&edit.value))
            .filter_map(|(at, edit)| Some(((at.line - 1, u32::try_from(at.cell).ok()?), edit.value.as_str())))
            .collect();
        if !values.is_empty() && faults.is_empty() {
            let (xml, lost) = mended(&xml, &map, &values, &written);
            surgery.lost_formula |= lost;
            mended_sheets.insert(written.part.clone(), xml);
        }
    }
    if !faults.is_empty() {
        return Err(MendError::Faults(faults));
    }
    if mended_sheets.is_empty() {
        return Ok(Mended { bytes: log.bytes.to_vec(), cells, ..Mended::default() });
    }
    let Surgery { mut package, main, lost_formula } = surgery;
    let has_formulas = package.has_formulas(&main)?;
    let bytes = package.rewritten(mended_sheets, &main, lost_formula)?;
    let again = Book { name: log.name, bytes: bytes.as_slice().into() };
    for (((sheet, old), found), merged) in sheets.iter().zip(&grids).zip(&found).zip(&merged) {
        let text = again.sheet(&sheet.name)?.ok_or_else(|| MendError::Changed(sheet.name.clone()))?.text;
        let new = Grid::new(&text, b',', project)?;
        compare(&sheet.name, old, &new, found, merged)?;
    }
    Ok(Mended { bytes, cells, has_formulas, ..Mended::default() })
}

/// What is written when all is known.
struct Surgery<'b> {
    package: Package<'b>,
    main: String,
    lost_formula: bool,
}

impl<'b> Surgery<'b> {
    fn new(bytes: &'b [u8]) -> Result<Self, MendError> {
        if !bytes.starts_with(b"PK") {
            return Err(MendError::NotWritable);
        }
        Ok(Self { package: Package::open(bytes)?, main: String::new(), lost_formula: false })
    }
}

/// What keeps a cell from being written.
fn refusal(map: &SheetMap, tables: &[TableRows], at: CellAt) -> Option<What> {
    let Some(place) = u32::try_from(at.cell).ok().and_then(|column| Some((at.line.checked_sub(1)?, column))) else {
        return Some(What::NoSuchColumn);
    };
    let table = tables.iter().find(|table| table.rows.iter().any(|area| area.has(place)));
    table.map(|table| What::TableRow { table: table.name.clone() }).or_else(|| refused(map, place))
}

/// The bytes of a workbook.
struct Book<'n> {
    name: &'n str,
    bytes: Arc<[u8]>,
}

impl Book<'_> {
    fn open(&self) -> Box<dyn Bytes> {
        Box::new(Cursor::new(Arc::clone(&self.bytes)))
    }

    fn read(&self, choice: &Choice<'_>) -> Result<Vec<Source>, BookError> {
        workbook::read(self.name, &|| Ok(self.open()), choice)
    }

    fn written(&self, sheet: &str) -> Result<Option<WrittenSheet>, MendError> {
        written_sheet(&|| Ok(self.open()), sheet).map_err(MendError::Book)
    }

    /// A sheet by its very name.
    fn sheet(&self, name: &str) -> Result<Option<Sheet>, MendError> {
        // Where no sheet has the name, it may be a number or a pattern.
        let choice = Choice { wanted: &[name.to_owned()], is_log: &|_| false };
        let read = match self.read(&choice) {
            Err(BookError::NoSheet { .. }) => return Ok(None),
            read => read.map_err(MendError::Book)?,
        };
        let named = read.into_iter().find(|source| source.sheet.as_ref().is_some_and(|sheet| sheet.name == name));
        named.map(sheet_of).transpose()
    }

    /// The sheets that `check` would read.
    fn logs(&self, log: &LogBytes<'_>, project: &Project) -> Result<Vec<Sheet>, MendError> {
        let is_log = |head: &[u8]| log::looks_like_log(head, project);
        let wanted = if log.sheets.is_empty() { &project.sheets } else { log.sheets };
        let chosen = self.read(&Choice { wanted, is_log: &is_log }).map_err(MendError::Book)?;
        chosen.into_iter().filter(|source| source.sheet.is_some()).map(sheet_of).collect()
    }

    /// The names of all sheets that look like logs or that `check` would read, in their order.
    fn log_names(&self, log: &LogBytes<'_>, project: &Project) -> Result<Vec<String>, MendError> {
        let mut logs: BTreeSet<String> = self.logs(log, project)?.into_iter().map(|sheet| sheet.name).collect();
        let is_log = |head: &[u8]| log::looks_like_log(head, project);
        let read = self.read(&Choice { wanted: &[], is_log: &is_log }).map_err(MendError::Book)?;
        for sheet in read.into_iter().filter_map(|source| source.sheet) {
            logs.insert(sheet.name);
            logs.extend(sheet.left);
        }
        Ok(self.names()?.into_iter().filter(|name| logs.contains(name)).collect())
    }

    /// The sheets that edits name, each once, and which of them each edit names; those that `check` would read, if there
    /// is none.
    fn sheets(
        &self,
        log: &LogBytes<'_>,
        edits: &[Edit],
        project: &Project,
        faults: &mut Vec<EditFault>,
    ) -> Result<(Vec<Sheet>, Vec<Option<usize>>), MendError> {
        let mut sheets: Vec<Sheet> = Vec::new();
        let mut read = Vec::new();
        if edits.is_empty() || edits.iter().any(|edit| edit.place.sheet.is_none()) {
            sheets = self.logs(log, project)?;
            read = sheets.iter().map(|sheet| sheet.name.clone()).collect();
        }
        let mut which = Vec::new();
        for edit in edits {
            let ((Some(name), _) | (None, [name])) = (&edit.place.sheet, read.as_slice()) else {
                let sheets = if read.is_empty() { self.names()? } else { read.clone() };
                faults.push(EditFault::new(edit, What::WhichSheet(sheets)));
                which.push(None);
                continue;
            };
            let known = sheets.iter().position(|sheet| sheet.name == *name);
            let found = match known {
                Some(known) => Some(known),
                None => self.sheet(name)?.map(|sheet| {
                    sheets.push(sheet);
                    sheets.len() - 1
                }),
            };
            if found.is_none() {
                faults.push(EditFault::new(edit, What::NoSheet(self.names()?)));
            }
            which.push(found);
        }
        Ok((sheets, which))
    }

    fn names(&self) -> Result<Vec<String>, MendError> {
        // A name that no sheet can have, since it has a mark that none may have.
        match self.read(&Choice { wanted: &["\u{0}/".to_owned()], is_log: &|_| false }) {
            Err(BookError::NoSheet { there, .. }) => Ok(there),
            Err(error) => Err(MendError::Book(error)),
            Ok(_) => Ok(Vec::new()),
        }
    }
}

fn sheet_of(source: Source) -> Result<Sheet, MendError> {
    let text = source.read_to_string().map_err(|error| MendError::Broken(error.to_string()))?;
    let look = source.sheet.clone().unwrap_or_default();
    Ok(Sheet { name: look.name.clone(), text, look, source: Some(source) })
}

/// Holds a mended sheet against the one before: the edited cells have their values, all others theirs.
fn compare(
    name: &str,
    old: &Grid<'_>,
    new: &Grid<'_>,
    found: &Found<'_>,
    merged: &[crate::mend::sheet_map::Area],
) -> Result<(), MendError> {
    let width = |grid: &Grid<'_>, line| grid.record(line).map_or(0, |record| record.cells.len());
    for line in 1..=old.last_line().max(new.last_line()) {
        for cell in 0..width(old, line).max(width(new, line)) {
            let at = CellAt { line, cell };
            let read = with_plain_breaks(&new.shows(at));
            let before = with_plain_breaks(&old.shows(at));
            let expected = found.get(&at).map_or(before.clone(), |edit| with_plain_breaks(&edit.value));
            if read == expected {
                continue;
            }
            // A cell that is merged downwards speaks for its rows, which are not blank.
            let place = u32::try_from(cell).map(|column| (line - 1, column));
            let area = merged.iter().find(|area| place.is_ok_and(|place| area.has(place)));
            let first = area
                .and_then(|area| Some(CellAt { line: area.first.0 + 1, cell: usize::try_from(area.first.1).ok()? }));
            let speaks = first.filter(|first| first.cell == cell).and_then(|first| found.get(&first));
            if speaks.is_none_or(|edit| with_plain_breaks(&edit.value) != read) {
                let place = address(line, u16::try_from(cell).unwrap_or(u16::MAX));
                return Err(MendError::Changed(format!("{name}!{place}")));
            }
        }
    }
    Ok(())
}

//! New cells in the XML of a sheet: only they differ.

use std::collections::BTreeMap;

use crate::mend::cell::{Content, Held, content, written};
use crate::mend::fault::What;
use crate::mend::sheet_map::{Area, CellAt, CellFormula, RowAt, SheetMap};
use crate::ooxml::{XmlEdit, edited};
use crate::source::workbook::{WrittenSheet, address};

/// New values, by row and column from 0.
pub(super) type Values<'e> = BTreeMap<(u32, u32), &'e str>;

/// The column, the value and the style of a cell that is not there yet.
type NewCell<'v> = (u32, &'v str, Option<usize>);

/// What keeps a cell from being written.
pub(super) fn refused(map: &SheetMap, (row, column): (u32, u32)) -> Option<What> {
    let place = (row, column);
    let cell = map.rows.get(&row).and_then(|row| row.cells.iter().find(|cell| cell.column == column));
    if let Some(area) = map.merged.iter().find(|area| area.has(place) && area.first != place) {
        return Some(What::Merged { first: name(area.first), area: named(area) });
    }
    if let Some(area) = map.arrays.iter().find(|area| area.has(place)) {
        return Some(What::ArrayFormula { area: named(area) });
    }
    match cell {
        Some(CellAt { formula: Some(CellFormula::Shared { group, has_area }), .. }) => {
            let cells = map.shared.get(group).map(Vec::as_slice).unwrap_or_default();
            let gives = *has_area || cells.first() == Some(&place);
            let area = around(cells).filter(|area| gives && !area.is_one_cell())?;
            Some(What::SharedFormula { area: named(&area) })
        }
        Some(_) => None,
        // A cell that is put in would move those behind it that say no place.
        None => {
            let row = map.rows.get(&row);
            let is_numbered = row.map_or(map.rows_are_numbered, |row| row.cells.iter().all(|cell| cell.has_address));
            (!is_numbered).then_some(What::NoAddresses)
        }
    }
}

/// The XML of a sheet with new values, and whether a cell lost its formula.
pub(super) fn mended(xml: &str, map: &SheetMap, values: &Values<'_>, sheet: &WrittenSheet) -> (String, bool) {
    let mut edits: Vec<XmlEdit> = Vec::new();
    let mut lost_formula = false;
    let mut rows: BTreeMap<u32, BTreeMap<u32, &str>> = BTreeMap::new();
    for ((row, column), value) in values {
        rows.entry(*row).or_default().insert(*column, value);
    }
    // Rows that are put in at one place are one edit, in their order.
    let mut new_rows: BTreeMap<usize, String> = BTreeMap::new();
    for (number, cells) in &rows {
        if let Some(row) = map.rows.get(number) {
            lost_formula |= in_row(&mut edits, map, (*number, row), cells, sheet);
            continue;
        }
        let cells = cells.iter().map(|(column, value)| (*column, *value, column_style(map, *column)));
        let inner = new_cells(*number, cells, map, sheet);
        if let (false, Some(at)) = (inner.is_empty(), map.gaps.get(number)) {
            let prefix = &map.prefix;
            let row = format!("<{prefix}row r=\"{}\">{inner}</{prefix}row>", number + 1);
            new_rows.entry(*at).or_default().push_str(&row);
        }
    }
    let prefix = &map.prefix;
    for (at, text) in new_rows {
        edits.push(match &map.empty_data {
            Some(tag) => {
                let open =
                    xml.get(tag.clone()).unwrap_or_default().trim_end_matches('>').trim_end_matches('/').trim_end();
                (tag.clone(), format!("{open}>{text}</{prefix}sheetData>"))
            }
            None => (at..at, text),
        });
    }
    edits.extend(dimension(map, values));
    (edited(xml, edits), lost_formula)
}

/// The edits of a row that is there. True if a cell loses its formula.
fn in_row(
    edits: &mut Vec<XmlEdit>,
    map: &SheetMap,
    (number, row): (u32, &RowAt),
    values: &BTreeMap<u32, &str>,
    sheet: &WrittenSheet,
) -> bool {
    let mut lost_formula = false;
    // By the place in the XML: cells that are put in before the same one are one edit.
    let mut new: BTreeMap<usize, Vec<NewCell<'_>>> = BTreeMap::new();
    let mut replaced: BTreeMap<usize, XmlEdit> = BTreeMap::new();
    for (column, value) in values {
        if let Some(cell) = row.cells.iter().find(|cell| cell.column == *column) {
            lost_formula |= cell.formula.is_some();
            let content = content(value, held(cell), cell.style, sheet);
            let written = written(&content, &cell.attributes, &map.prefix);
            replaced.insert(cell.range.start, (cell.range.clone(), written));
        } else {
            let behind = row.cells.iter().find(|cell| cell.column > *column);
            let at = behind.map_or(row.end, |cell| cell.range.start);
            let style = row.style.or_else(|| column_style(map, *column));
            new.entry(at).or_default().push((*column, value, style));
        }
    }
    for (at, cells) in new {
        let inner = new_cells(number, cells.into_iter(), map, sheet);
        if inner.is_empty() {
            continue;
        }
        match replaced.get_mut(&at) {
            // The cell behind them is another too.
            Some((_, cell)) => cell.insert_str(0, &inner),
            // `<row/>` is opened.
            None if row.is_empty => {
                edits.push((row.tag.end - 2..row.tag.end, format!(">{inner}</{}row>", map.prefix)));
            }
            None => edits.push((at..at, inner)),
        }
    }
    edits.extend(replaced.into_values());
    lost_formula
}

fn new_cells<'v>(row: u32, cells: impl Iterator<Item = NewCell<'v>>, map: &SheetMap, sheet: &WrittenSheet) -> String {
    let cells = cells.filter_map(|(column, value, style)| {
        let content = content(value, Held::Nothing, style, sheet);
        let styled = style.map_or_else(String::new, |style| format!(" s=\"{style}\""));
        let attributes = format!(" r=\"{}\"{styled}", name((row, column)));
        (content != Content::Blank).then(|| written(&content, &attributes, &map.prefix))
    });
    cells.collect()
}

/// What a cell holds, by its type.
fn held(cell: &CellAt) -> Held {
    match cell.kind.as_str() {
        _ if !cell.has_value => Held::Nothing,
        "" | "n" => Held::Number,
        "b" => Held::Truth,
        _ => Held::Text,
    }
}

/// The style of a column, which cells have that are not there.
fn column_style(map: &SheetMap, column: u32) -> Option<usize> {
    map.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&column)).map(|(.., style)| *style)
}

/// Widens what the sheet says of its cells.
fn dimension(map: &SheetMap, values: &Values<'_>) -> Option<XmlEdit> {
    let (range, area) = map.dimension.as_ref()?;
    let mut wider = *area;
    for ((row, column), _) in values.iter().filter(|(_, value)| !value.is_empty()) {
        wider.first = (wider.first.0.min(*row), wider.first.1.min(*column));
        wider.last = (wider.last.0.max(*row), wider.last.1.max(*column));
    }
    (wider != *area).then(|| (range.clone(), named(&wider)))
}

/// The smallest area that has some cells.
fn around(cells: &[(u32, u32)]) -> Option<Area> {
    let rows = || cells.iter().map(|cell| cell.0);
    let columns = || cells.iter().map(|cell| cell.1);
    Some(Area { first: (rows().min()?, columns().min()?), last: (rows().max()?, columns().max()?) })
}

fn name((row, column): (u32, u32)) -> String {
    address(row + 1, u16::try_from(column).unwrap_or(u16::MAX))
}

fn named(area: &Area) -> String {
    if area.is_one_cell() { name(area.first) } else { format!("{}:{}", name(area.first), name(area.last)) }
}

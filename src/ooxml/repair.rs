//! Repairs what is left after tags have removed paragraphs, rows and cells: cells without a paragraph, rows without a
//! cell, tables without a row. Word reports a file with any of these as damaged.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::edits::{XmlEdit, edited};

/// An element whose end tag has not been read yet.
struct OpenElement {
    name: String,
    start: usize,
    /// The name of its last child that is a paragraph, a table or a content control.
    last_block: Option<&'static str>,
    /// The number of rows of a table, or of cells of a row.
    count: usize,
    /// The columns of a table: the range of each `w:gridCol`, and its width in twips.
    grid: Vec<(Range<usize>, usize)>,
    /// The number of columns of a row, or of the widest row of a table.
    columns: usize,
    /// The range of the `w:tcW` of each cell, and the number of columns the cell spans.
    widths: Vec<(Range<usize>, usize)>,
    /// The number of columns a cell spans.
    span: usize,
}

/// Returns the XML of a filled part with missing paragraphs inserted and empty rows and tables removed.
///
/// A table whose number of columns has changed keeps its total width, and its columns become equally wide. XML that
/// can't be parsed is returned unchanged.
pub(crate) fn repaired(xml: String) -> String {
    match edits(&xml) {
        Some(edits) => edited(&xml, edits),
        None => xml,
    }
}

/// Returns the edits in no particular order, or `None` if the XML can't be parsed.
fn edits(xml: &str) -> Option<Vec<XmlEdit>> {
    let mut reader = Reader::from_str(xml);
    let (mut open, mut edits): (Vec<OpenElement>, Vec<XmlEdit>) = (Vec::new(), Vec::new());
    let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).ok();
    loop {
        let start = at(&reader)?;
        match reader.read_event().ok()? {
            Event::Start(element) => open.push(OpenElement::new(&element, start)),
            Event::Empty(element) => {
                let name = element.name();
                let range = start..at(&reader)?;
                if let "w:gridCol" | "w:tcW" | "w:gridSpan" | "w:gridBefore" | "w:gridAfter" = name.as_ref() {
                    record_columns(&mut open, &element, range);
                } else if let Some(name) = block(name.as_ref()) {
                    record_block(&mut open, name);
                }
            }
            Event::End(_) => close(&mut open, start..at(&reader)?, &mut edits)?,
            Event::Eof => return Some(edits),
            _ => {}
        }
    }
}

impl OpenElement {
    fn new(element: &BytesStart<'_>, start: usize) -> Self {
        let name = element.name().as_ref().to_owned();
        Self { name, start, last_block: None, count: 0, grid: Vec::new(), columns: 0, widths: Vec::new(), span: 1 }
    }
}

fn block(name: &str) -> Option<&'static str> {
    ["w:p", "w:tbl", "w:sdt"].into_iter().find(|block| *block == name)
}

/// Returns the innermost open element of a name.
fn nearest<'o>(open: &'o mut [OpenElement], name: &str) -> Option<&'o mut OpenElement> {
    open.iter_mut().rev().find(|open| open.name == name)
}

/// Records that a paragraph, table or content control was read inside the innermost open element.
fn record_block(open: &mut [OpenElement], name: &'static str) {
    if let Some(parent) = open.last_mut() {
        parent.last_block = Some(name);
    }
}

/// Records the column widths and spans that an empty element states.
fn record_columns(open: &mut [OpenElement], element: &BytesStart<'_>, range: Range<usize>) {
    let value = |key: &str| -> Option<String> {
        let attribute = element.try_get_attribute(key).ok().flatten()?;
        Some(attribute.value.as_ref().to_owned())
    };
    let number = |key: &str| value(key).and_then(|text| text.parse::<usize>().ok());
    match element.name().as_ref() {
        "w:gridCol" => {
            if let Some(table) = nearest(open, "w:tbl") {
                table.grid.push((range, number("w:w").unwrap_or(0)));
            }
        }
        "w:gridSpan" => {
            if let Some(cell) = nearest(open, "w:tc") {
                cell.span = number("w:val").unwrap_or(1).max(1);
            }
        }
        "w:tcW" => {
            if let Some(cell) = nearest(open, "w:tc").filter(|_| value("w:type").as_deref() == Some("dxa")) {
                cell.widths.push((range, 0));
            }
        }
        _ => {
            if let Some(row) = nearest(open, "w:tr") {
                row.columns += number("w:val").unwrap_or(0);
            }
        }
    }
}

/// Closes the innermost element and adds the edits it needs. Returns `None` if none is open.
fn close(open: &mut Vec<OpenElement>, tag: Range<usize>, edits: &mut Vec<XmlEdit>) -> Option<()> {
    let closed = open.pop()?;
    let whole = closed.start..tag.end;
    let needs_paragraph = match closed.name.as_str() {
        "w:tc" => !matches!(closed.last_block, Some("w:p" | "w:sdt")),
        "w:hdr" | "w:ftr" | "w:txbxContent" => closed.last_block.is_none(),
        // A content control around runs or rows holds no paragraphs.
        "w:sdtContent" => {
            let around = open.iter().rev().nth(1).map_or("", |around| around.name.as_str());
            closed.last_block.is_none() && matches!(around, "w:body" | "w:tc" | "w:hdr" | "w:ftr" | "w:txbxContent")
        }
        _ => false,
    };
    if needs_paragraph {
        edits.push((tag.start..tag.start, "<w:p/>".to_owned()));
    }
    match closed.name.as_str() {
        "w:tc" => {
            if let Some(row) = nearest(open, "w:tr") {
                row.count += 1;
                row.columns += closed.span;
                row.widths.extend(closed.widths.into_iter().map(|(range, _)| (range, closed.span)));
            }
        }
        "w:tr" | "w:tbl" if closed.count == 0 => edits.push((whole, String::new())),
        "w:tr" => {
            if let Some(table) = nearest(open, "w:tbl") {
                table.count += 1;
                table.columns = table.columns.max(closed.columns);
                table.widths.extend(closed.widths);
            }
        }
        "w:tbl" => {
            even_columns(closed, edits);
            record_block(open, "w:tbl");
        }
        name => {
            if let Some(name) = block(name) {
                record_block(open, name);
            }
        }
    }
    Some(())
}

/// Makes the columns of a table equally wide if their number has changed; their total width stays the same.
fn even_columns(table: OpenElement, edits: &mut Vec<XmlEdit>) {
    let (Some((first, _)), Some((last, _))) = (table.grid.first(), table.grid.last()) else { return };
    if table.columns == table.grid.len() || table.columns == 0 {
        return;
    }
    let width = table.grid.iter().map(|(_, width)| width).sum::<usize>() / table.columns;
    let column = format!("<w:gridCol w:w=\"{width}\"/>");
    edits.push((first.start..last.end, column.repeat(table.columns)));
    for (range, span) in table.widths {
        edits.push((range, format!("<w:tcW w:w=\"{}\" w:type=\"dxa\"/>", width * span)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str) {
        let around = |inner: &str| format!("<w:body>{inner}</w:body>");
        assert_eq!(repaired(around(before)), around(after));
    }

    #[test]
    fn a_cell_has_a_paragraph_at_its_end() {
        check(
            "<w:tbl><w:tr><w:tc><w:tcPr/></w:tc><w:tc><w:p></w:p></w:tc></w:tr></w:tbl>",
            "<w:tbl><w:tr><w:tc><w:tcPr/><w:p/></w:tc><w:tc><w:p></w:p></w:tc></w:tr></w:tbl>",
        );
        let inner = "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
        check(
            &format!("<w:tbl><w:tr><w:tc><w:p/>{inner}</w:tc></w:tr></w:tbl>"),
            &format!("<w:tbl><w:tr><w:tc><w:p/>{inner}<w:p/></w:tc></w:tr></w:tbl>"),
        );
        assert_eq!(repaired("<w:hdr></w:hdr>".to_owned()), "<w:hdr><w:p/></w:hdr>");
    }

    #[test]
    fn rows_and_tables_that_hold_nothing_are_taken_out() {
        let row = "<w:tr><w:tc><w:p/></w:tc></w:tr>";
        check(&format!("<w:tbl>{row}<w:tr><w:trPr/></w:tr></w:tbl>"), &format!("<w:tbl>{row}</w:tbl>"));
        check("<w:p/><w:tbl><w:tblPr/><w:tr></w:tr></w:tbl><w:p/>", "<w:p/><w:p/>");
        check(
            "<w:tbl><w:tr><w:tc><w:tbl></w:tbl></w:tc></w:tr></w:tbl>",
            "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        );
    }

    #[test]
    fn columns_that_were_added_share_the_width_that_was_drawn() {
        let table = |grid: &[usize], cells: &[(usize, usize)]| {
            let grid: Vec<String> = grid.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
            let grid = grid.concat();
            let cell = |(width, span): &(usize, usize)| {
                let span = if *span > 1 { format!("<w:gridSpan w:val=\"{span}\"/>") } else { String::new() };
                format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}</w:tcPr><w:p/></w:tc>")
            };
            let cells = cells.iter().map(cell).collect::<Vec<_>>().concat();
            format!("<w:tbl><w:tblGrid>{grid}</w:tblGrid><w:tr>{cells}</w:tr></w:tbl>")
        };
        check(&table(&[4000, 5000], &[(4000, 1), (5000, 1)]), &table(&[4000, 5000], &[(4000, 1), (5000, 1)]));
        check(
            &table(&[4000, 5000], &[(4000, 1), (5000, 1), (5000, 1)]),
            &table(&[3000, 3000, 3000], &[(3000, 1), (3000, 1), (3000, 1)]),
        );
        check(&table(&[4000, 5000], &[(9000, 2)]), &table(&[4000, 5000], &[(9000, 2)]));
        check(&table(&[3000, 3000], &[(3000, 1), (6000, 2)]), &table(&[2000, 2000, 2000], &[(2000, 1), (4000, 2)]));
    }
}

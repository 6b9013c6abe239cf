//! Tables.

use std::fmt::Write as _;

use super::xml::{paragraph, run, runs};
use crate::document::layout::{
    MARGIN_BOTTOM_MM, MARGIN_TOP_MM, PAGE_HEIGHT_MM, TABLE_SMALL_FROM, TEXT_WIDTH_MM, twips,
};
use crate::document::text::columns;
use crate::document::{Align, Cell, Table, plain};
use crate::words::lang::Lang;

/// Returns `table` with its caption, and a paragraph of little height below that keeps two tables apart.
pub(super) fn table(lang: Lang, table: &Table, landscape: bool) -> String {
    let mut xml = String::new();
    let count = table.width();
    if let Some(caption) = &table.caption {
        xml.push_str(&paragraph("Caption", "", &run(lang, caption)));
    }
    if count == 0 {
        return xml;
    }
    let total = if landscape { twips(PAGE_HEIGHT_MM - MARGIN_TOP_MM - MARGIN_BOTTOM_MM) } else { twips(TEXT_WIDTH_MM) };
    let widths = widths(table, u32::try_from(total).unwrap_or(0));
    let style = if count > TABLE_SMALL_FROM { "TableTextSmall" } else { "TableText" };
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0420\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" \
         w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid>"
    );
    for width in &widths {
        let _ = write!(xml, "<w:gridCol w:w=\"{width}\"/>");
    }
    xml.push_str("</w:tblGrid>\n");
    let header_style = format!("{style}Header");
    if !table.header.is_empty() {
        row(&mut xml, lang, &table.header, &widths, true, |_| (header_style.as_str(), Align::Center));
    }
    for cells in &table.rows {
        row(&mut xml, lang, cells, &widths, false, |index| (style, table.align(index)));
    }
    if table.header.is_empty() && table.rows.is_empty() {
        row(&mut xml, lang, &[], &widths, false, |index| (style, table.align(index)));
    }
    xml.push_str("</w:tbl>\n");
    xml.push_str(&paragraph("Tiny", "<w:spacing w:line=\"160\" w:lineRule=\"exact\"/>", ""));
    xml
}

fn row<'a>(
    xml: &mut String,
    lang: Lang,
    cells: &[Cell],
    widths: &[u32],
    header: bool,
    look: impl Fn(usize) -> (&'a str, Align),
) {
    xml.push_str("<w:tr><w:trPr><w:cantSplit/>");
    if header {
        xml.push_str("<w:tblHeader/>");
    }
    xml.push_str("</w:trPr>");
    for (index, width) in widths.iter().enumerate() {
        let (style, align) = look(index);
        let align = match align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        };
        let inner = cells.get(index).map(|cell| runs(lang, &cell.0)).unwrap_or_default();
        let text = paragraph(style, &format!("<w:jc w:val=\"{align}\"/>"), &inner);
        let _ = write!(
            xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{}</w:tc>",
            text.trim_end()
        );
    }
    xml.push_str("</w:tr>\n");
}

/// Shares `total` among the columns by what stands in them.
///
/// Every column gets room for four half-width characters at least; a long text counts as 40, for it wraps.
fn widths(table: &Table, total: u32) -> Vec<u32> {
    let count = table.width();
    let mut weights = vec![4_u32; count];
    for cells in std::iter::once(&table.header).chain(&table.rows) {
        for (weight, cell) in weights.iter_mut().zip(cells) {
            let widest = plain(&cell.0).lines().map(columns).max().unwrap_or(0);
            *weight = (*weight).max(u32::try_from(widest).unwrap_or(40).min(40));
        }
    }
    // The padding of a cell is about two half-width characters.
    let sum: u64 = weights.iter().map(|weight| u64::from(weight + 2)).sum();
    let mut widths: Vec<u32> = weights
        .iter()
        .map(|weight| u32::try_from(u64::from(total) * u64::from(weight + 2) / sum.max(1)).unwrap_or(0))
        .collect();
    let left = total.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += left;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_whole_width() {
        let table = Table {
            header: vec!["序号".into(), "单位".into(), "问题".into()],
            rows: vec![vec!["1".into(), "某某单位".into(), "很长".repeat(50).as_str().into()]],
            ..Table::default()
        };
        let widths = widths(&table, 8844);
        assert_eq!(widths.iter().sum::<u32>(), 8844);
        assert!(widths[0] < widths[1] && widths[1] < widths[2], "{widths:?}");
    }
}

//! Tables.

use std::fmt::Write as _;

use super::xml::{paragraph, run, runs};
use crate::document::layout::{
    MARGIN_BOTTOM_MM, MARGIN_TOP_MM, PAGE_HEIGHT_MM, TABLE_SMALL_FROM, TEXT_WIDTH_MM, twips,
};
use crate::document::text::columns;
use crate::document::{Align, Cell, Table, plain};
use crate::words::lang::Lang;

/// Returns `table` with its caption and the paragraph that has to follow a table. That paragraph is one point high, so
/// that a table that fills its page is not followed by an empty one.
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
    xml.push_str(&paragraph("Tiny", "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>", ""));
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

/// Distributes `total`, in twips, over the columns according to their content.
///
/// A column whose longest line fits into an equal share gets the width of that line, so that numbers, dates and states
/// don't wrap. Columns with longer text share the rest. If all columns fit, the rest is distributed over all of them.
fn widths(table: &Table, total: u32) -> Vec<u32> {
    let count = table.width();
    let natural: Vec<u32> = (0..count)
        .map(|column| {
            let longest = |cells: &Vec<Cell>| {
                cells.get(column).and_then(|cell| plain(&cell.0).lines().map(columns).max()).unwrap_or(0)
            };
            // A header may wrap to two lines; the cells below it should not wrap.
            let body = table.rows.iter().map(longest).max().unwrap_or(0);
            let widest = body.max(longest(&table.header).div_ceil(2));
            u32::try_from(widest).unwrap_or(u32::MAX).clamp(4, 400) * HALF_CHARACTER + PADDING
        })
        .collect();
    let mut widths = vec![0; count];
    let mut open: Vec<usize> = (0..count).collect();
    let mut left = total;
    loop {
        let share = left / u32::try_from(open.len().max(1)).unwrap_or(1);
        let (fit, wide): (Vec<usize>, Vec<usize>) = open.iter().partition(|column| natural[**column] <= share);
        for column in &fit {
            widths[*column] = natural[*column];
            left -= natural[*column];
        }
        open = wide;
        if fit.is_empty() || open.is_empty() {
            break;
        }
    }
    // By the square root of the length: a text four times as long gets twice the width.
    let spread: Vec<usize> = if open.is_empty() { (0..count).collect() } else { open };
    let weight = |column: usize| f64::from(natural[column]).sqrt();
    let sum: f64 = spread.iter().map(|column| weight(*column)).sum();
    let mut rest = left;
    for (index, column) in spread.iter().enumerate() {
        let part = if index + 1 == spread.len() { rest } else { share_of(left, weight(*column) / sum).min(rest) };
        widths[*column] += part;
        rest -= part;
    }
    widths
}

/// The width of a half-width character of a table's text with some tracking, in twips.
const HALF_CHARACTER: u32 = 125;
/// The left and right padding of a cell together, in twips.
const PADDING: u32 = 240;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the width of a page")]
fn share_of(total: u32, part: f64) -> u32 {
    (f64::from(total) * part).floor() as u32
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

//! Tables.

use std::fmt::Write as _;

use super::fit::{Fit, WRITTEN_IN_HEIGHT_MM, is_written_in};
use super::long::Settled;
use super::xml::{escape, paragraph, run, runs};
use crate::document::layout::{
    MARGIN_BOTTOM_MM, MARGIN_TOP_MM, PAGE_HEIGHT_MM, TABLE_SMALL_FROM, TEXT_WIDTH_MM, twips,
};
use crate::document::{Align, Cell, Table, plain};
use crate::words::lang::Lang;

/// Writes `table` with its caption and the paragraph that has to follow a table. That paragraph is one point high, so
/// that a table that fills its page is not followed by an empty one.
///
/// The rows of a long one are settled as they are written, if they may be.
pub(super) fn table(
    (xml, mut settled): (&mut String, Option<&mut Settled>),
    lang: Lang,
    table: &Table,
    landscape: bool,
) {
    let total = if landscape { twips(PAGE_HEIGHT_MM - MARGIN_TOP_MM - MARGIN_BOTTOM_MM) } else { twips(TEXT_WIDTH_MM) };
    let fit = Fit::new(lang, u32::try_from(total).unwrap_or(0));
    for part in &fit.parts(table) {
        part_of((xml, settled.as_deref_mut()), lang, part, fit);
    }
}

/// Writes a table that fits the page, or a part of one.
fn part_of((xml, mut settled): (&mut String, Option<&mut Settled>), lang: Lang, table: &Table, fit: Fit) {
    let (count, total) = (table.width(), fit.total);
    if let Some(caption) = &table.caption {
        xml.push_str(&paragraph("Caption", "", &run(lang, caption)));
    }
    if count == 0 {
        return;
    }
    let widths = fit.widths(table);
    let style = if count > TABLE_SMALL_FROM { "TableTextSmall" } else { "TableText" };
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"04A0\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"1\" \
         w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"/>{}</w:tblPr><w:tblGrid>",
        described(table, lang)
    );
    for width in &widths {
        let _ = write!(xml, "<w:gridCol w:w=\"{width}\"/>");
    }
    xml.push_str("</w:tblGrid>\n");
    let header_style = format!("{style}Header");
    if !table.header.is_empty() {
        row(xml, lang, &table.header, &widths, RowSort::Header, |_| (header_style.as_str(), Align::Center));
    }
    let sort = if (0..count).any(|column| is_written_in(table, column)) { RowSort::WrittenIn } else { RowSort::Usual };
    // The first row goes with the second: a page never ends after a head and one row.
    let first_style = format!("{style}First");
    let mut starts = Vec::new();
    for (index, cells) in table.rows.iter().enumerate() {
        if let Some(settled) = &mut settled {
            settled.next(xml, &mut starts);
        }
        let style = if index == 0 && table.rows.len() > 1 { first_style.as_str() } else { style };
        row(xml, lang, cells, &widths, sort, |index| (style, table.align(index)));
    }
    if table.header.is_empty() && table.rows.is_empty() {
        row(xml, lang, &[], &widths, sort, |index| (style, table.align(index)));
    }
    xml.push_str("</w:tbl>\n");
    xml.push_str(&paragraph("Tiny", "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>", ""));
}

/// Returns what a table is about, for those who don't see it: its caption, else the heads of its columns.
fn described(table: &Table, lang: Lang) -> String {
    let heads: Vec<String> = table.header.iter().map(|cell| plain(&cell.0)).filter(|head| !head.is_empty()).collect();
    let text = table.caption.clone().unwrap_or_else(|| heads.join(lang.pick("、", ", ")));
    if text.is_empty() { String::new() } else { format!("<w:tblCaption w:val=\"{}\"/>", escape(&text)) }
}

/// What a row is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowSort {
    Header,
    Usual,
    /// Some of its cells are to be written in by hand.
    WrittenIn,
}

fn row<'a>(
    xml: &mut String,
    lang: Lang,
    cells: &[Cell],
    widths: &[u32],
    sort: RowSort,
    look: impl Fn(usize) -> (&'a str, Align),
) {
    xml.push_str("<w:tr><w:trPr><w:cantSplit/>");
    match sort {
        RowSort::Header => xml.push_str("<w:tblHeader/>"),
        RowSort::WrittenIn => {
            let _ = write!(xml, "<w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/>", twips(WRITTEN_IN_HEIGHT_MM));
        }
        RowSort::Usual => {}
    }
    xml.push_str("</w:trPr>");
    for (index, width) in widths.iter().enumerate() {
        let (style, align) = look(index);
        let align = match align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        };
        // Written in one go: a long table has many cells.
        let _ = write!(
            xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>\
             <w:p><w:pPr><w:pStyle w:val=\"{style}\"/><w:jc w:val=\"{align}\"/></w:pPr>"
        );
        if let Some(cell) = cells.get(index) {
            xml.push_str(&runs(lang, &cell.0));
        }
        xml.push_str("</w:p></w:tc>");
    }
    xml.push_str("</w:tr>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_tall_rows_and_a_filled_table_has_not() {
        let header = ["序号", "问题", "整改措施"].map(Cell::from).to_vec();
        let form = Table { header, rows: vec![vec!["1".into(), "门未锁".into()]; 2], ..Table::default() };
        let written = |of: &Table| {
            let mut xml = String::new();
            table((&mut xml, None), Lang::Zh, of, true);
            xml
        };
        let xml = written(&form);
        assert_eq!(xml.matches("<w:trHeight w:val=\"850\" w:hRule=\"atLeast\"/>").count(), 2);
        let filled = Table { rows: vec![vec!["1".into(); 3]], ..form };
        assert!(!written(&filled).contains("trHeight"));
    }
}

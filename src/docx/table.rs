//! Tables.

use std::fmt::Write as _;

use super::xml::{escape, paragraph, run, runs};
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
        row(&mut xml, lang, &table.header, &widths, RowSort::Header, |_| (header_style.as_str(), Align::Center));
    }
    let sort = if (0..count).any(|column| is_written_in(table, column)) { RowSort::WrittenIn } else { RowSort::Usual };
    // The first row goes with the second: a page never ends after a head and one row.
    let first_style = format!("{style}First");
    for (index, cells) in table.rows.iter().enumerate() {
        let style = if index == 0 && table.rows.len() > 1 { first_style.as_str() } else { style };
        row(&mut xml, lang, cells, &widths, sort, |index| (style, table.align(index)));
    }
    if table.header.is_empty() && table.rows.is_empty() {
        row(&mut xml, lang, &[], &widths, sort, |index| (style, table.align(index)));
    }
    xml.push_str("</w:tbl>\n");
    xml.push_str(&paragraph("Tiny", "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>", ""));
    xml
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

/// Whether the cells of a column are to be written in by hand: it has a head, and no row fills it.
fn is_written_in(table: &Table, column: usize) -> bool {
    let is_blank = |cells: &Vec<Cell>| cells.get(column).is_none_or(|cell| plain(&cell.0).trim().is_empty());
    !table.rows.is_empty() && !is_blank(&table.header) && table.rows.iter().all(is_blank)
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
/// don't wrap. Columns with longer text share the rest. If all columns fit, the rest is distributed over all of them. A column
/// to be written in has room for a hand, and none is narrower than its longest word, as far as there is room.
fn widths(table: &Table, total: u32) -> Vec<u32> {
    let count = table.width();
    let written_in = (0..count).filter(|column| is_written_in(table, *column)).count();
    // Columns with text have two fifths of the table at least.
    let hand = u32::try_from(twips(WRITTEN_IN_WIDTH_MM)).unwrap_or(0);
    let hand = hand.min(total * 3 / 5 / u32::try_from(written_in.max(1)).unwrap_or(1));
    let natural: Vec<u32> = (0..count)
        .map(|column| {
            if is_written_in(table, column) {
                return hand;
            }
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
    with_room_for_words(widths, table)
}

/// Widens the columns that are narrower than their longest word, at the cost of the widest.
fn with_room_for_words(mut widths: Vec<u32>, table: &Table) -> Vec<u32> {
    let needed: Vec<u32> = (0..widths.len())
        .map(|column| {
            let cells = table.rows.iter().chain([&table.header]).filter_map(|cells| cells.get(column));
            let longest = cells.map(|cell| longest_word(&plain(&cell.0))).max().unwrap_or(0);
            u32::try_from(longest).unwrap_or(u32::MAX).min(40) * HALF_CHARACTER + PADDING
        })
        .collect();
    for column in 0..widths.len() {
        while widths[column] < needed[column] {
            let spare = |other: &usize| widths[*other].saturating_sub(needed[*other]);
            let Some(widest) = (0..widths.len()).filter(|other| *other != column).max_by_key(spare) else { break };
            let more = (needed[column] - widths[column]).min(spare(&widest) / 2);
            if more == 0 {
                break;
            }
            widths[widest] -= more;
            widths[column] += more;
        }
    }
    widths
}

/// The width of the longest word that is not broken, in half-width columns: a Chinese text is broken anywhere.
fn longest_word(text: &str) -> usize {
    text.split(|c: char| c.is_whitespace() || !c.is_ascii()).map(str::len).max().unwrap_or(0)
}

/// The width of a column to be written in, and the height of its rows.
const WRITTEN_IN_WIDTH_MM: f64 = 24.0;
const WRITTEN_IN_HEIGHT_MM: f64 = 15.0;

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
    fn what_is_written_in_by_hand_has_room() {
        let header =
            ["序号", "问题", "整改措施", "整改情况（已完成／正在整改／未整改）", "完成时间", "责任人", "佐证", "备注"];
        let row = |n: &str| {
            let mut cells: Vec<Cell> = vec![n.into(), "村卫生室采样人员无培训合格记录，采样手法不规范".into()];
            cells.resize(8, Cell::default());
            cells
        };
        let form =
            Table { header: header.map(Cell::from).to_vec(), rows: vec![row("1"), row("2")], ..Table::default() };
        for total in [12_757, 8_844] {
            let widths = widths(&form, total);
            assert_eq!(widths.iter().sum::<u32>(), total);
            let least = if total > 10_000 { 1_200 } else { 800 };
            assert!(widths[2..].iter().all(|width| *width >= least), "{widths:?}");
            assert!(widths[1] > widths[0], "{widths:?}");
        }
        let xml = table(Lang::Zh, &form, true);
        assert_eq!(xml.matches("<w:trHeight w:val=\"850\" w:hRule=\"atLeast\"/>").count(), 2);
        let filled = Table { rows: vec![vec!["1".into(); 8]], ..form };
        assert!(!table(Lang::Zh, &filled, true).contains("trHeight"));
    }

    #[test]
    fn a_word_is_not_broken_where_there_is_room() {
        let long = "text ".repeat(60);
        let table = Table {
            header: ["No.", "Category", "Site", "Description", "Demand"].map(Cell::from).to_vec(),
            rows: vec![vec![
                "1".into(),
                "Temperature-control".into(),
                "Millbrook".into(),
                long.as_str().into(),
                long.as_str().into(),
            ]],
            ..Table::default()
        };
        let widths = widths(&table, 8_844);
        assert_eq!(widths.iter().sum::<u32>(), 8_844);
        assert!(widths[1] >= 19 * HALF_CHARACTER + PADDING && widths[2] >= 9 * HALF_CHARACTER + PADDING, "{widths:?}");
    }

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

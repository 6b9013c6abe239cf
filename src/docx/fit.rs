//! How a table fits its page: the widths of its columns, and what becomes of one that is too wide. It is turned if it stands
//! in an attachment (`body`); else it is transposed, if it has few rows; else it is split, with its first column in each part.

use std::borrow::Cow;

use crate::document::layout::{
    ENGLISH_TABLE_PT, ENGLISH_TABLE_SMALL_PT, TABLE_PT, TABLE_SMALL_FROM, TABLE_SMALL_PT, twips,
};
use crate::document::text::columns;
use crate::document::{Align, Cell, Table, said};
use crate::words::lang::Lang;

/// The width of a column to be written in, and the height of its rows.
const WRITTEN_IN_WIDTH_MM: f64 = 24.0;
pub(super) const WRITTEN_IN_HEIGHT_MM: f64 = 15.0;

/// The width of a half-width character in [`TABLE_PT`] with some tracking, in twips.
const HALF_CHARACTER: f64 = 125.0;
/// The left and right padding of a cell together, in twips.
const PADDING: u32 = 240;
/// Half-width characters of a Chinese text that stay on one line at least: three characters.
const CHINESE_WORD: usize = 6;
/// Half-width characters that a column of sentences takes where a table is split.
const SENTENCE: usize = 30;

/// The room for a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    lang: Lang,
    /// The width, in twips.
    pub(super) total: u32,
}

/// Whether the cells of a column are to be written in by hand: it has a head, and no row fills it.
pub(super) fn is_written_in(table: &Table, column: usize) -> bool {
    let is_blank = |cells: &Vec<Cell>| cells.get(column).is_none_or(|cell| said(&cell.0).trim().is_empty());
    !table.rows.is_empty() && !is_blank(&table.header) && table.rows.iter().all(is_blank)
}

impl Fit {
    pub(super) fn new(lang: Lang, total: u32) -> Self {
        Self { lang, total }
    }

    /// Returns a table as it fits: itself, transposed, or in parts.
    pub(super) fn parts(self, table: &Table) -> Vec<Cow<'_, Table>> {
        if self.fits(table) {
            return vec![Cow::Borrowed(table)];
        }
        // Records that run over pages are read by rows.
        if table.rows.len() + 1 < table.width() {
            let transposed = transposed(table);
            if self.fits(&transposed) {
                return vec![Cow::Owned(transposed)];
            }
        }
        let groups = self.groups(table);
        let last = groups.len().saturating_sub(1);
        let part = |(index, columns): (usize, &Vec<usize>)| {
            let caption = if index == 0 || last == 0 {
                table.caption.clone()
            } else {
                let more = self.lang.pick("续表", "continued");
                Some(table.caption.as_ref().map_or_else(
                    || more.to_owned(),
                    |caption| self.lang.pick(format!("{caption}（{more}）"), format!("{caption} ({more})")),
                ))
            };
            Cow::Owned(Table { caption, ..with_columns(table, columns) })
        };
        groups.iter().enumerate().map(part).collect()
    }

    /// Whether no word of a table is broken.
    fn fits(self, table: &Table) -> bool {
        (0..table.width()).map(|column| self.least(table, column)).sum::<u32>() <= self.total
    }

    /// The columns of each part, the first one in all of them.
    fn groups(self, table: &Table) -> Vec<Vec<usize>> {
        let wanted = |column: usize| {
            let usual = self.natural(table, column).min(self.half(table, SENTENCE) + PADDING);
            usual.max(self.least(table, column)).min(self.total / 2)
        };
        let mut groups = vec![vec![0]];
        let mut left = self.total.saturating_sub(wanted(0));
        for column in 1..table.width() {
            let width = wanted(column);
            if width > left && groups.last().is_some_and(|group| group.len() > 1) {
                groups.push(vec![0]);
                left = self.total.saturating_sub(wanted(0));
            }
            left = left.saturating_sub(width);
            groups.last_mut().into_iter().for_each(|group| group.push(column));
        }
        groups
    }

    /// Distributes the room, in twips, over the columns according to their content.
    ///
    /// A column whose longest line fits into an equal share gets the width of that line, so that numbers, dates and states
    /// don't wrap. Columns with longer text share the rest. If all columns fit, the rest is distributed over all of them. A
    /// column to be written in has room for a hand, and none is narrower than its longest word, as far as there is room.
    pub(super) fn widths(self, table: &Table) -> Vec<u32> {
        let (count, total) = (table.width(), self.total);
        let natural: Vec<u32> = (0..count).map(|column| self.natural(table, column)).collect();
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
        self.with_room_for_words(widths, table)
    }

    /// Widens the columns that are narrower than their longest word, at the cost of the widest.
    fn with_room_for_words(self, mut widths: Vec<u32>, table: &Table) -> Vec<u32> {
        let needed: Vec<u32> = (0..widths.len()).map(|column| self.least(table, column)).collect();
        for column in 0..widths.len() {
            while widths[column] < needed[column] {
                let spare = |other: &usize| widths[*other].saturating_sub(needed[*other]);
                let Some(widest) = (0..widths.len()).filter(|other| *other != column).max_by_key(spare) else { break };
                let more = (needed[column] - widths[column]).min(spare(&widest).div_ceil(2));
                if more == 0 {
                    break;
                }
                widths[widest] -= more;
                widths[column] += more;
            }
        }
        widths
    }

    /// The width at which no line of a column wraps, or the room for a hand.
    fn natural(self, table: &Table, column: usize) -> u32 {
        if is_written_in(table, column) {
            // Columns with text have two fifths of the table at least.
            let written_in = (0..table.width()).filter(|column| is_written_in(table, *column)).count();
            let hand = u32::try_from(twips(WRITTEN_IN_WIDTH_MM)).unwrap_or(0);
            return hand.min(self.total * 3 / 5 / u32::try_from(written_in.max(1)).unwrap_or(1));
        }
        let longest = |cells: &Vec<Cell>| {
            cells.get(column).and_then(|cell| said(&cell.0).lines().map(columns).max()).unwrap_or(0)
        };
        // A header may wrap to two lines; the cells below it should not wrap.
        let body = table.rows.iter().map(longest).max().unwrap_or(0);
        let widest = body.max(longest(&table.header).div_ceil(2));
        self.half(table, widest.clamp(4, 400)) + PADDING
    }

    /// The width below which a word of a column is broken.
    fn least(self, table: &Table, column: usize) -> u32 {
        let cells = table.rows.iter().chain([&table.header]).filter_map(|cells| cells.get(column));
        let longest = cells.map(|cell| longest_word(&said(&cell.0))).max().unwrap_or(0);
        self.half(table, longest.min(40)) + PADDING
    }

    /// The width of so many half-width characters in the size of a table's text.
    fn half(self, table: &Table, characters: usize) -> u32 {
        let is_small = table.width() > TABLE_SMALL_FROM;
        let pt = match self.lang {
            Lang::Zh if is_small => TABLE_SMALL_PT,
            Lang::Zh => TABLE_PT,
            Lang::En if is_small => ENGLISH_TABLE_SMALL_PT,
            Lang::En => ENGLISH_TABLE_PT,
        };
        let characters = f64::from(u32::try_from(characters).unwrap_or(u32::MAX));
        rounded((characters * HALF_CHARACTER * pt / TABLE_PT).ceil())
    }
}

/// The width of the longest word that is not broken, in half-width columns: a Chinese text is broken anywhere, but not after
/// each character.
fn longest_word(text: &str) -> usize {
    let words = text.split(|c: char| c.is_whitespace() || !c.is_ascii()).map(str::len).max().unwrap_or(0);
    let chinese = text.split(|c: char| c.is_whitespace() || c.is_ascii()).map(columns).max().unwrap_or(0);
    words.max(chinese.min(CHINESE_WORD))
}

/// The table with its columns as rows.
fn transposed(table: &Table) -> Table {
    let cell = |cells: &Vec<Cell>, column: usize| cells.get(column).cloned().unwrap_or_default();
    let lines: Vec<&Vec<Cell>> = std::iter::once(&table.header).chain(&table.rows).collect();
    let row = |column: usize| lines.iter().map(|cells| cell(cells, column)).collect::<Vec<_>>();
    let are_numbers = table.width() > 1 && (1..table.width()).all(|column| table.align(column) == Align::Right);
    let align = |index: usize| if index > 0 && are_numbers { Align::Right } else { Align::Left };
    Table {
        caption: table.caption.clone(),
        columns: (0..lines.len()).map(align).collect(),
        header: row(0),
        rows: (1..table.width()).map(row).collect(),
        shown: Vec::new(),
    }
}

/// The table with some of its columns.
fn with_columns(table: &Table, columns: &[usize]) -> Table {
    let pick =
        |cells: &Vec<Cell>| columns.iter().map(|column| cells.get(*column).cloned().unwrap_or_default()).collect();
    Table {
        caption: table.caption.clone(),
        columns: columns.iter().map(|column| table.align(*column)).collect(),
        header: if table.header.is_empty() { Vec::new() } else { pick(&table.header) },
        rows: table.rows.iter().map(pick).collect(),
        shown: Vec::new(),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the width of a page")]
fn share_of(total: u32, part: f64) -> u32 {
    (f64::from(total) * part).floor() as u32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred characters at most")]
fn rounded(width: f64) -> u32 {
    width.clamp(0.0, 1e6) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().copied().map(Cell::from).collect()
    }

    #[test]
    fn what_is_written_in_by_hand_has_room() {
        let header =
            ["序号", "问题", "整改措施", "整改情况（已完成／正在整改／未整改）", "完成时间", "责任人", "佐证", "备注"];
        let row = |n: &str| {
            let mut cells: Vec<Cell> = vec![n.into(), "村卫生室采样人员无培训合格记录，采样手法不规范".into()];
            cells.resize(8, Cell::default());
            cells
        };
        let form = Table { header: cells(&header), rows: vec![row("1"), row("2")], ..Table::default() };
        for total in [12_757, 8_844] {
            let widths = Fit::new(Lang::Zh, total).widths(&form);
            assert_eq!(widths.iter().sum::<u32>(), total);
            let least = if total > 10_000 { 1_200 } else { 750 };
            assert!(widths[2..].iter().all(|width| *width >= least), "{widths:?}");
            assert!(widths[1] > widths[0], "{widths:?}");
        }
    }

    #[test]
    fn a_word_is_not_broken_where_there_is_room() {
        let long = "text ".repeat(60);
        let table = Table {
            header: cells(&["No.", "Category", "Site", "Description", "Demand"]),
            rows: vec![cells(&["1", "Temperature-control", "Millbrook", &long, &long])],
            ..Table::default()
        };
        let fit = Fit::new(Lang::En, 8_844);
        let widths = fit.widths(&table);
        assert_eq!(widths.iter().sum::<u32>(), 8_844);
        for column in 0..5 {
            assert!(widths[column] >= fit.least(&table, column), "{widths:?}");
        }
    }

    #[test]
    fn columns_share_the_whole_width() {
        let table = Table {
            header: cells(&["序号", "单位", "问题"]),
            rows: vec![cells(&["1", "某某单位", &"很长".repeat(50)])],
            ..Table::default()
        };
        let widths = Fit::new(Lang::Zh, 8_844).widths(&table);
        assert_eq!(widths.iter().sum::<u32>(), 8_844);
        assert!(widths[0] < widths[1] && widths[1] < widths[2], "{widths:?}");
    }

    #[test]
    fn a_table_that_is_too_wide_is_transposed_or_split() {
        let heads: Vec<String> = (0..20).map(|n| format!("Category-{n:02}")).collect();
        let heads: Vec<&str> = std::iter::once("Unit").chain(heads.iter().map(String::as_str)).collect();
        let row = |name: &str| {
            let mut row = cells(&[name]);
            row.extend((1..=20).map(|n| Cell::from(n.to_string().as_str())));
            row
        };
        let table = |rows: usize| Table {
            caption: Some("Counts".into()),
            columns: std::iter::once(Align::Left).chain([Align::Right; 20]).collect(),
            header: cells(&heads),
            rows: (0..rows).map(|n| row(&format!("Unit-{n}"))).collect(),
            ..Table::default()
        };
        let fit = Fit::new(Lang::En, 8_844);
        let few = table(2);
        let parts = fit.parts(&few);
        assert_eq!((parts.len(), parts[0].width(), parts[0].rows.len()), (1, 3, 20));
        assert_eq!((said(&parts[0].rows[4][0].0), said(&parts[0].rows[4][2].0)), ("Category-04".into(), "5".into()));
        let many = table(30);
        let parts = fit.parts(&many);
        assert!(parts.len() > 1);
        assert_eq!(
            parts.iter().map(|part| part.width() - 1).sum::<usize>(),
            20,
            "each column once, and the first in all"
        );
        assert!(parts.iter().all(|part| said(&part.rows[7][0].0) == "Unit-7" && fit.fits(part)));
        assert_eq!(parts[1].caption.as_deref(), Some("Counts (continued)"));
    }
}

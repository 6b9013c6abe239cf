//! Tables on a terminal: they fit its width. Long texts go on several lines, and columns that have no room are left out and
//! named; a figure is never cut.

use std::collections::BTreeMap;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::model::moves::Move;
use crate::source::excerpt::harmless;
use crate::tally::show::{Grid, head, move_head, table};
use crate::words::lang::Lang;

/// A text is not wrapped into less than this.
const NARROWEST: usize = 12;
/// The blanks between two columns.
const GAP: usize = 2;

/// What a cell tells at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    /// Overdue, void: red.
    Alarm,
    /// Due soon, pending: yellow.
    Notice,
}

impl Shade {
    /// The sequence that begins the colour.
    fn begin(self) -> &'static str {
        match self {
            Self::Alarm => "\u{1b}[31m",
            Self::Notice => "\u{1b}[33m",
        }
    }
}

/// How a grid is shown on a terminal.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// The columns that are left out first, then next, where there is no room; the others always stay.
    pub dispensable: Vec<usize>,
    /// The columns of long texts, which may go on several lines.
    pub long: Vec<usize>,
    /// Cells with a colour: row, column and which.
    pub shades: Vec<(usize, usize, Shade)>,
}

/// A table that fits, and the heads of the columns that are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FittedTable {
    /// The table.
    pub text: String,
    /// What is left out, in the order of the grid.
    pub left_out: Vec<String>,
}

/// Returns how a tally is shown on a terminal: the groups, the number found, and what is open and overdue stay;
/// what is overdue is coloured. In a comparison, the moves stay longer than the dispositions.
#[must_use]
pub fn of_tally(grid: &Grid, lang: Lang) -> Screen {
    let place =
        |name: &str| grid.header.iter().skip(grid.words).position(|head| head == name).map(|at| at + grid.words);
    let named = |name: &str| place(head(name, lang));
    let moves = Move::ALL.map(|moved| move_head(moved, lang));
    let differences = [lang.pick("发现增减", "± found"), lang.pick("未整改增减", "± open")];
    let rate = place(lang.pick("整改率", "rate"));
    let always = ["found", "open", "overdue"].map(named);
    // From the most dispensable: what is counted beside issues, then how issues were handled, then the rest.
    let beside = ["sites", "units", "inspections", "repeat", "late"].map(named);
    let states = ["closed", "due_soon"].map(named);
    let last = states.into_iter().chain(differences.map(&place)).chain([rate, named("rectified")]);
    let last: Vec<usize> = last.chain(moves.iter().rev().map(|name| place(name))).flatten().collect();
    let mut dispensable: Vec<usize> = beside.into_iter().flatten().collect();
    let dispositions = (grid.words..grid.header.len()).rev();
    let is_other = |column: &usize| !always.contains(&Some(*column)) && !last.contains(column);
    let dispositions: Vec<usize> =
        dispositions.filter(|column| is_other(column) && !dispensable.contains(column)).collect();
    dispensable.extend(dispositions);
    dispensable.extend(last);
    let overdue = named("overdue").into_iter().flat_map(|column| {
        let late = move |row: &Vec<String>| row.get(column).is_some_and(|cell| cell != "0" && cell != "-");
        grid.rows.iter().enumerate().filter(move |(_, row)| late(row)).map(move |(row, _)| (row, column, Shade::Alarm))
    });
    Screen { dispensable, long: (0..grid.words).collect(), shades: overdue.collect() }
}

/// Renders a table for a terminal of `width` columns; of any width if there is none.
#[must_use]
pub fn fitted(grid: &Grid, screen: &Screen, width: Option<usize>, in_colour: bool) -> FittedTable {
    let mut kept: Vec<usize> = (0..grid.header.len()).collect();
    let mut widths: Vec<usize> = kept.iter().map(|column| natural(grid, *column)).collect();
    if let Some(width) = width {
        let mut next = screen.dispensable.iter();
        loop {
            widths = shrunk(grid, screen, &kept, width);
            if total(&widths) <= width {
                break;
            }
            match next.next() {
                Some(column) => kept.retain(|other| other != column),
                None => break,
            }
        }
    }
    let left_out = (0..grid.header.len()).filter(|column| !kept.contains(column));
    let left_out = left_out.filter_map(|column| grid.header.get(column).cloned()).collect();
    let at = |row: &[String], column: usize| row.get(column).map(|cell| harmless(cell)).unwrap_or_default();
    let mut rows = Vec::new();
    // By line and place; the first that a cell is given counts.
    let mut shades: BTreeMap<(usize, usize), Shade> = BTreeMap::new();
    let mut of_rows: BTreeMap<usize, Vec<(usize, Shade)>> = BTreeMap::new();
    for (row, column, shade) in screen.shades.iter().filter(|_| in_colour) {
        let place = kept.iter().position(|kept| kept == column);
        of_rows.entry(*row).or_default().extend(place.map(|place| (place, *shade)));
    }
    for (index, row) in grid.rows.iter().enumerate() {
        let cells: Vec<Vec<String>> =
            kept.iter().zip(&widths).map(|(column, width)| wrapped(&at(row, *column), *width)).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1);
        for line in 0..lines {
            for (place, shade) in of_rows.get(&index).into_iter().flatten() {
                shades.entry((rows.len(), *place)).or_insert(*shade);
            }
            rows.push(cells.iter().map(|cell| cell.get(line).cloned().unwrap_or_default()).collect::<Vec<_>>());
        }
    }
    let words = kept.iter().filter(|column| **column < grid.words).count();
    let header = kept.iter().map(|column| at(&grid.header, *column)).collect();
    let plain = Grid { header, rows, words };
    let text = table(&plain);
    FittedTable { text: if in_colour { coloured(&text, &plain, &shades) } else { text }, left_out }
}

/// The width of a column if nothing is wrapped.
fn natural(grid: &Grid, column: usize) -> usize {
    let rows = std::iter::once(&grid.header).chain(&grid.rows);
    rows.filter_map(|row| row.get(column)).map(|cell| harmless(cell).width()).max().unwrap_or(0)
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// The widths of the columns kept, those of long texts narrowed as far as it takes: the widest first.
fn shrunk(grid: &Grid, screen: &Screen, kept: &[usize], width: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = kept.iter().map(|column| natural(grid, *column)).collect();
    let is_long = |at: usize| kept.get(at).is_some_and(|column| screen.long.contains(column));
    while total(&widths) > width {
        let widest = (0..widths.len()).filter(|at| is_long(*at)).max_by_key(|at| widths.get(*at).copied());
        let floor = widest.and_then(|at| kept.get(at)).and_then(|column| grid.header.get(*column));
        let floor = floor.map_or(NARROWEST, |head| head.width().max(NARROWEST));
        match widest.and_then(|at| widths.get_mut(at)).filter(|column| **column > floor) {
            Some(column) => *column -= 1,
            None => break,
        }
    }
    widths
}

/// A text on lines of at most `width` columns: broken at blanks where there are some, else between any two characters.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > width && !line.is_empty() {
            let cut = line.rfind(' ').filter(|at| *at > 0 && c.is_ascii_graphic());
            let rest = cut.map(|at| line.split_off(at)).unwrap_or_default().trim_start().to_owned();
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            (used, line) = (rest.width(), rest);
            if c == ' ' {
                continue;
            }
        }
        line.push(c);
        used += wide;
    }
    lines.push(line);
    lines
}

/// A table with colours; `shades` tells the colour of a cell by its line and place.
fn coloured(text: &str, grid: &Grid, shades: &BTreeMap<(usize, usize), Shade>) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.lines().enumerate() {
        // Above the rows are the heads and a rule.
        let row = number.checked_sub(2).and_then(|row| Some((row, grid.rows.get(row)?)));
        let Some((row, cells)) = row else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let (mut rest, mut columns) = (line, cells.iter().enumerate());
        // The cells stand in the line in their order, with blanks between them.
        for (column, cell) in columns.by_ref() {
            let Some((before, after)) = rest.split_once(cell.as_str()).filter(|_| !cell.is_empty()) else { continue };
            out.push_str(before);
            match shades.get(&(row, column)) {
                Some(shade) => out.extend([shade.begin(), cell, "\u{1b}[0m"]),
                None => out.push_str(cell),
            }
            rest = after;
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        Grid {
            header: row(["单位", "标题", "发现", "逾期", "整改率"]),
            rows: vec![
                row(["甲街道", "关于开展夏季安全生产大检查情况的通报", "12", "3", "50.0%"]),
                row(["乙", "a title of several words", "1", "0", "100.0%"]),
            ],
            words: 2,
        }
    }

    fn screen() -> Screen {
        Screen { dispensable: vec![4, 3], long: vec![1], shades: vec![(0, 3, Shade::Alarm)] }
    }

    #[test]
    fn a_table_fits_every_width_that_its_figures_leave() {
        let grid = grid();
        for width in 26..90 {
            let FittedTable { text, left_out } = fitted(&grid, &screen(), Some(width), false);
            assert!(text.lines().all(|line| line.width() <= width), "{width}\n{text}");
            for figure in ["12", "甲街道"] {
                assert!(text.contains(figure), "{width}\n{text}");
            }
            assert_eq!(text.contains("100.0%"), !left_out.contains(&"整改率".to_owned()), "{width}\n{text}");
            // What is wrapped is all there.
            let letters: String =
                text.chars().filter(|c| "关于开展夏季安全生产大检查情况的通报".contains(*c)).collect();
            assert!(letters.chars().count() >= 18, "{width}\n{text}");
        }
        let narrow = fitted(&grid, &screen(), Some(30), false);
        assert_eq!(narrow.left_out, ["逾期", "整改率"]);
        assert_eq!(fitted(&grid, &screen(), Some(80), false).left_out, [""; 0]);
    }

    #[test]
    fn without_a_terminal_a_table_is_as_it_is() {
        let grid = grid();
        assert_eq!(fitted(&grid, &screen(), None, false).text, table(&grid));
    }

    #[test]
    fn a_colour_is_that_of_its_cell_and_takes_no_room() {
        let grid = grid();
        let FittedTable { text, .. } = fitted(&grid, &screen(), Some(80), true);
        assert_eq!(text.matches("\u{1b}[31m3\u{1b}[0m").count(), 1, "{text:?}");
        assert_eq!(text.replace("\u{1b}[31m", "").replace("\u{1b}[0m", ""), table(&grid));
    }

    #[test]
    fn texts_are_broken_at_blanks_or_between_chinese_characters() {
        assert_eq!(wrapped("a title of words", 8), ["a title", "of words"]);
        assert_eq!(wrapped("一二三四五", 6), ["一二三", "四五"]);
        assert_eq!(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("", 4), [""]);
    }
}

//! Writes the cells of a sheet as CSV: one line per row, with merged cells filled downwards.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::Range;

use calamine::Data;
use chrono::Datelike as _;

use crate::source::workbook::error::BookError;
use crate::source::workbook::limits::MAX_CELLS;
use crate::source::workbook::plain::number_format::{hides_year, shows_month};
use crate::source::workbook::plain::strings::Struck;
use crate::source::workbook::shape::Merged;
use crate::spool::{Spool, Spooled};

/// Maximum size of a sheet, that of `.xlsx`; cells beyond it are ignored.
pub(super) const MAX_ROWS: u32 = 1_048_576;
pub(super) const MAX_COLUMNS: u32 = 16_384;

/// What is found in a sheet beside the text of its cells.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Hidden rows that are not blank, from 1.
    pub(super) hidden: Vec<u32>,
    /// Rows all of whose cells are struck out, from 1.
    pub(super) struck: Vec<u32>,
    /// The cells, by line from 1 and column from 0, with a number that may have been typed with a zero at its end.
    pub(super) short_numbers: Vec<(u32, usize)>,
    /// The cells, by line from 1 and column from 0, of which a part is struck out.
    pub(super) struck_parts: Vec<(u32, usize)>,
    /// The days whose year does not show: for each column from 0, the lines from 1, as runs of first and last.
    hidden_years: BTreeMap<usize, Vec<(u32, u32)>>,
    /// The cells merged over several rows: first and last line, from 1, and column, from 0.
    pub(super) merged: Vec<(u32, u32, usize)>,
    /// The number of days with a time, and of those at 16:00.
    days: usize,
    days_at_16: usize,
    first_day: Option<(u32, usize)>,
}

impl Found {
    /// Returns the first of the days, by line from 1 and column from 0, if there are several and all are at 16:00:
    /// midnight in China, which a library has written as UTC.
    pub(super) fn utc_days(&self) -> Option<(u32, usize)> {
        self.first_day.filter(|_| self.days >= 2 && self.days == self.days_at_16)
    }

    /// Returns the days whose year does not show: runs of first and last line, from 1, and column, from 0.
    pub(super) fn hidden_years(&self) -> Vec<(u32, u32, usize)> {
        let runs = self.hidden_years.iter();
        runs.flat_map(|(column, runs)| runs.iter().map(|(first, last)| (*first, *last, *column))).collect()
    }

    fn hide_year(&mut self, line: u32, column: usize) {
        let runs = self.hidden_years.entry(column).or_default();
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => runs.push((line, line)),
        }
    }

    fn see(&mut self, place: (u32, u32), value: &Data) {
        let Data::DateTime(moment) = value else { return };
        let Some(time) = moment.as_datetime().filter(|_| moment.as_f64() >= 1.0) else { return };
        self.days += 1;
        self.days_at_16 += usize::from(chrono::NaiveTime::from_hms_opt(16, 0, 0) == Some(time.time()));
        self.first_day.get_or_insert((place.0 + 1, place.1 as usize));
    }
}

/// The text that a number or another value shows.
#[derive(Clone, Debug, Default)]
struct Shown {
    text: String,
    unseen: Option<Unseen>,
}

/// What the text of a cell leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unseen {
    /// A number may have been typed with a zero at its end, and could be a day then.
    Zero,
    /// A day has a year that does not show.
    Year,
    /// Some of it is struck out.
    StruckPart,
}

/// A cell of the current row; its text is in `texts`.
#[derive(Clone, Debug)]
struct Cell {
    column: u32,
    text: Range<usize>,
    unseen: Option<Unseen>,
    is_struck: bool,
}

/// The look of a cell, as far as it says something of its value.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// The number format, unless it is the general one.
    pub(super) format: Option<String>,
    /// Whether the text is struck out.
    pub(super) is_struck: bool,
}

/// Writes cells, which must arrive row by row, as CSV.
pub(super) struct TableWriter<'m> {
    text: Spool,
    /// The current row, from 0, and its cells in the order of their columns.
    row: u32,
    cells: Vec<Cell>,
    texts: Vec<u8>,
    /// The merged cells that begin in later rows.
    merged: std::iter::Peekable<std::slice::Iter<'m, Merged>>,
    /// The merged cells that include rows below the one they begin in, with their text.
    active: Vec<(Merged, ActiveText)>,
    /// Hidden rows, from 0, in order.
    hidden: Vec<u32>,
    found: Found,
    /// The number of cells written so far, empty ones included.
    count: u64,
    /// The greatest column so far.
    width: u32,
    /// Lines that have not been handed on yet.
    lines: Vec<u8>,
}

/// Bytes of lines that are handed on together.
const LINES: usize = 64 * 1024;

/// The text of a merged cell, and what it leaves open.
type ActiveText = (Vec<u8>, Option<Unseen>);

impl<'m> TableWriter<'m> {
    /// Creates an empty table. `merged` and `hidden` must be in the order of rows.
    pub(super) fn new(merged: &'m [Merged], hidden: &[u32]) -> Self {
        let found = Found {
            merged: merged.iter().map(|one| (one.first_row + 1, one.last_row + 1, one.column as usize)).collect(),
            ..Found::default()
        };
        Self {
            text: Spool::default(),
            row: 0,
            cells: Vec::new(),
            texts: Vec::new(),
            merged: merged.iter().peekable(),
            active: Vec::new(),
            hidden: hidden.to_vec(),
            found,
            count: 0,
            width: 0,
            lines: Vec::new(),
        }
    }

    /// Adds a cell at a row and column, from 0. Returns false if its row is beyond the first `limit` rows. `look` is
    /// that of the cell, where it is known.
    ///
    /// # Errors
    /// The cells are out of order, there are too many, or the text cannot be written.
    pub(super) fn cell(
        &mut self,
        (row, column): (u32, u32),
        value: Data,
        look: Option<&Look>,
        limit: Option<u32>,
    ) -> Result<bool, BookError> {
        if row < MAX_ROWS && limit.is_none() {
            self.found.see((row, column), &value);
        }
        let format = look.and_then(|look| look.format.as_deref());
        let Shown { text, unseen } = shown(value, format);
        let is_struck = look.is_some_and(|look| look.is_struck);
        self.push((row, column), text.as_bytes(), unseen, is_struck, limit)
    }

    /// Adds a cell with a text, in the same way.
    ///
    /// # Errors
    /// As [`TableWriter::cell`].
    pub(super) fn text(
        &mut self,
        place: (u32, u32),
        text: &[u8],
        struck: Struck,
        limit: Option<u32>,
    ) -> Result<bool, BookError> {
        let unseen = (struck == Struck::Part).then_some(Unseen::StruckPart);
        self.push(place, text, unseen, struck == Struck::Whole, limit)
    }

    /// Tells that a row, from 0, is hidden; rows must arrive in order.
    pub(super) fn hide(&mut self, row: u32) {
        self.hidden.push(row);
    }

    fn push(
        &mut self,
        (row, column): (u32, u32),
        text: &[u8],
        unseen: Option<Unseen>,
        is_struck: bool,
        limit: Option<u32>,
    ) -> Result<bool, BookError> {
        if text.is_empty() || row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Ok(true);
        }
        if limit.is_some_and(|limit| row >= limit) {
            return Ok(false);
        }
        // A cell that goes back would be written to the place of another.
        let previous = self.cells.last().map(|cell| cell.column);
        if row < self.row || row == self.row && previous.is_some_and(|previous| column <= previous) {
            return Err(BookError::out_of_order());
        }
        while self.row < row {
            self.end_row()?;
        }
        let start = self.texts.len();
        self.texts.extend_from_slice(text);
        self.cells.push(Cell { column, text: start..self.texts.len(), unseen, is_struck });
        Ok(true)
    }

    /// Returns the table, and what was found beside it.
    ///
    /// # Errors
    /// There are too many cells, or the text cannot be written.
    pub(super) fn finish(mut self) -> Result<(Spooled, Found), BookError> {
        self.end_row()?;
        self.text.write_all(&self.lines)?;
        Ok((self.text.finish()?, self.found))
    }

    /// Writes the current row as a line.
    fn end_row(&mut self) -> Result<(), BookError> {
        self.fill_merged();
        let mut at = 0;
        for cell in &self.cells {
            self.lines.resize(self.lines.len() + (cell.column - at) as usize, b',');
            at = cell.column;
            push_cell(&mut self.lines, &self.texts[cell.text.clone()]);
            match cell.unseen {
                Some(Unseen::Zero) => self.found.short_numbers.push((self.row + 1, at as usize)),
                Some(Unseen::Year) => self.found.hide_year(self.row + 1, at as usize),
                Some(Unseen::StruckPart) => self.found.struck_parts.push((self.row + 1, at as usize)),
                None => {}
            }
        }
        // A row has as many cells as the widest row before it: in the sheet, they have the same width.
        self.width = self.width.max(at);
        if !self.cells.is_empty() {
            self.lines.resize(self.lines.len() + (self.width - at) as usize, b',');
            self.count += u64::from(self.width) + 1;
        }
        if self.count > MAX_CELLS {
            return Err(BookError::TooLarge { what: "cells", limit: MAX_CELLS });
        }
        if !self.cells.is_empty() && self.hidden.binary_search(&self.row).is_ok() {
            self.found.hidden.push(self.row + 1);
        }
        // The running number before a row that is struck out is often left as it was.
        let is_number = |cell: &Cell| self.texts[cell.text.clone()].iter().all(u8::is_ascii_digit);
        let is_before = usize::from(self.cells.len() > 1 && self.cells.first().is_some_and(is_number));
        if !self.cells.is_empty() && self.cells[is_before..].iter().all(|cell| cell.is_struck) {
            self.found.struck.push(self.row + 1);
        }
        self.lines.push(b'\n');
        if self.lines.len() >= LINES {
            self.text.write_all(&self.lines)?;
            self.lines.clear();
        }
        self.texts.clear();
        self.cells.clear();
        self.row += 1;
        Ok(())
    }

    /// Repeats a cell that is merged over several rows in each of them, such as a unit beside its five issues.
    ///
    /// Only downwards: a title merged over several columns remains one cell. A row without any other cell stays blank.
    fn fill_merged(&mut self) {
        let row = self.row;
        self.active.retain(|(merged, _)| merged.last_row >= row);
        if !self.cells.is_empty() {
            // A cell merged over the rows of several issues says nothing of a single row being struck out.
            let is_struck = self.cells.iter().all(|cell| cell.is_struck);
            for (merged, (text, unseen)) in &self.active {
                if let Err(at) = self.cells.binary_search_by_key(&merged.column, |cell| cell.column) {
                    let start = self.texts.len();
                    self.texts.extend_from_slice(text);
                    let (text, unseen) = (start..self.texts.len(), *unseen);
                    self.cells.insert(at, Cell { column: merged.column, text, unseen, is_struck });
                }
            }
        }
        while let Some(merged) = self.merged.next_if(|merged| merged.first_row <= row) {
            if merged.first_row == row
                && let Some(cell) = self.cells.iter().find(|cell| cell.column == merged.column)
            {
                let text = self.texts[cell.text.clone()].to_vec();
                self.active.push((*merged, (text, cell.unseen)));
            }
        }
    }
}

/// Appends a cell, quoted if it must be.
fn push_cell(line: &mut Vec<u8>, text: &[u8]) {
    let is_special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.iter().any(is_special) {
        line.extend_from_slice(text);
        return;
    }
    let is_quoted = text.iter().any(|byte| matches!(byte, b',' | b'"'));
    line.extend(is_quoted.then_some(b'"'));
    for byte in text {
        match byte {
            b'\n' | b'\r' => line.extend_from_slice("\u{2028}".as_bytes()),
            b'"' => line.extend_from_slice(b"\"\""),
            byte => line.push(*byte),
        }
    }
    line.extend(is_quoted.then_some(b'"'));
}

/// Returns the text that a cell shows.
fn shown(value: Data, format: Option<&str>) -> Shown {
    if let Data::Float(number) = value {
        let text = number_shown(number, format);
        let unseen = may_be_short(&text).then_some(Unseen::Zero);
        return Shown { text, unseen };
    }
    let month = format.filter(|format| shows_month(format)).and_then(|_| month_of(&value));
    let is_day = matches!(value, Data::DateTime(_));
    let unseen = format.filter(|format| is_day && hides_year(format)).map(|_| Unseen::Year);
    Shown { text: month.unwrap_or_else(|| plain(value)), unseen }
}

/// The month of a day, as a cell shows it whose format leaves the day out. It is no day, though one is kept.
fn month_of(value: &Data) -> Option<String> {
    let Data::DateTime(moment) = value else { return None };
    let day = moment.as_datetime()?;
    Some(format!("{}年{}月", day.year(), day.month()))
}

/// Returns the text that a number shows.
fn number_shown(number: f64, format: Option<&str>) -> String {
    // The shortest text that reads back as the same number; whole numbers have no decimal point.
    format.and_then(|format| in_format(number, format)).unwrap_or_else(|| number.to_string())
}

/// Returns the text that a number shows, but for signs between its digits, if all that its format makes of it is known.
pub(super) fn number_shown_surely(number: f64, format: Option<&str>) -> Option<String> {
    match format {
        // A nought may have a section of its own.
        Some(format) => in_format(number, format).filter(|_| number > 0.0 || !format.contains(';')),
        // The general format shows smaller ones with an exponent.
        None => (number.abs() >= 1e-4 || number.to_bits() == 0).then(|| number.to_string()),
    }
}

/// Whether a number may be a day written without its last zero: `8.2` may have been typed as 8.20, the twentieth of
/// August. `8.4` can't: no month has a day 40.
fn may_be_short(text: &str) -> bool {
    let Some((month, day)) = text.split_once('.') else { return false };
    month.parse().is_ok_and(|month: u32| (1..=12).contains(&month)) && matches!(day, "1" | "2" | "3")
}

/// Returns a number as a number format of zeros shows it: `0.00` shows 8.1 as `8.10`, and `000` shows 7 as `007`.
///
/// `None` for any other format, and where the format would show less than the number says.
fn in_format(number: f64, format: &str) -> Option<String> {
    // The first section is that of positive numbers; `_` leaves the width of the character after it.
    let section = format.split(';').next()?;
    let mut zeros = section.strip_prefix("#,##").unwrap_or(section);
    while let Some((before, _)) = zeros.rsplit_once('_').filter(|(_, width)| width.chars().count() == 1) {
        zeros = before;
    }
    let (whole, decimals) = zeros.trim_end().split_once('.').unwrap_or((zeros.trim_end(), ""));
    let are_zeros = |text: &str| text.len() <= 15 && text.bytes().all(|byte| byte == b'0');
    if whole.is_empty() || !are_zeros(whole) || !are_zeros(decimals) || !(0.0..1e15).contains(&number) {
        return None;
    }
    let text = format!("{number:.*}", decimals.len());
    let same = text.parse::<f64>().is_ok_and(|read| (read - number).abs() < 1e-9);
    let digits = text.split('.').next().map_or(0, str::len);
    same.then(|| "0".repeat(whole.len().saturating_sub(digits)) + &text)
}

/// Returns the text of a value that is no fraction.
fn plain(value: Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => if truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => match moment.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Some(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
            None => moment.as_f64().to_string(),
        },
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    use super::*;

    fn table(cells: &[(u32, u32, &str)], merged: &[Merged]) -> String {
        let mut grid = TableWriter::new(merged, &[]);
        for (row, column, text) in cells {
            grid.cell((*row, *column), Data::String((*text).to_owned()), None, None).unwrap();
        }
        String::from_utf8(grid.finish().unwrap().0.into_vec().unwrap()).unwrap()
    }

    #[test]
    fn a_row_of_the_sheet_is_a_line_of_the_table() {
        let text = table(&[(0, 1, "a\nb"), (3, 0, "c,\"d\""), (3, 2, "e")], &[]);
        assert_eq!(text, ",a\u{2028}b\n\n\n\"c,\"\"d\"\"\",,e\n");
    }

    #[test]
    fn a_cell_merged_downwards_speaks_for_its_rows() {
        let merged = [Merged { first_row: 1, last_row: 3, column: 0 }];
        let text = table(&[(0, 0, "u"), (1, 0, "甲"), (1, 1, "1"), (2, 1, "2"), (4, 1, "3")], &merged);
        assert_eq!(text, "u\n甲,1\n甲,2\n\n,3\n", "the empty row stays empty, and the merged cell ends");
    }

    #[test]
    fn a_number_is_what_its_cell_shows() {
        for (number, format, expected, is_short) in [
            (8.1, Some("0.00"), "8.10", false),
            (8.1, Some("0.00_ "), "8.10", false),
            (8.1, Some("#,##0.00;[Red]-#,##0.00"), "8.10", false),
            (8.1, Some("0.0"), "8.1", true),
            (8.1, Some("General"), "8.1", true),
            (8.1, None, "8.1", true),
            (8.15, Some("0.0"), "8.15", false),
            (8.4, None, "8.4", false),
            (13.2, None, "13.2", false),
            (0.2, None, "0.2", false),
            (7.0, Some("000"), "007", false),
            (7.0, Some("0"), "7", false),
            (7.5, Some("0"), "7.5", false),
            (0.5, Some("0%"), "0.5", false),
            (1234.5, Some("#,##0.00"), "1234.50", false),
            (-8.1, Some("0.00"), "-8.1", false),
        ] {
            let shown = shown(Data::Float(number), format);
            assert_eq!(
                (shown.text.as_str(), shown.unseen == Some(Unseen::Zero)),
                (expected, is_short),
                "{number} {format:?}"
            );
        }
    }

    #[test]
    fn a_day_is_the_month_that_its_cell_shows() {
        let day = ExcelDateTime::new(44_409.0, ExcelDateTimeType::DateTime, false);
        for (format, expected) in [
            (Some("yyyy\"年\"m\"月\""), "2021年8月"),
            (Some("mmm-yy"), "2021年8月"),
            (Some("yyyy\"年\"m\"月\"d\"日\""), "2021-08-01"),
            (Some("m\"月\"d\"日\""), "2021-08-01"),
            (Some("h:mm"), "2021-08-01"),
            (None, "2021-08-01"),
        ] {
            assert_eq!(shown(Data::DateTime(day), format).text, expected, "{format:?}");
        }
    }

    #[test]
    fn a_row_is_struck_out_though_its_running_number_is_not() {
        let mut grid = TableWriter::new(&[], &[]);
        for (row, cells) in [["1", "甲", "堵塞"], ["2", "乙", "过期"], ["x", "丙", "损坏"]].iter().enumerate()
        {
            for (column, text) in cells.iter().enumerate() {
                let place = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
                grid.text(place, text.as_bytes(), Struck::Nothing.in_style(column > 0 && row > 0), None).unwrap();
            }
        }
        assert_eq!(grid.finish().unwrap().1.struck, [2]);
    }

    #[test]
    fn cells_out_of_order_are_refused() {
        let mut grid = TableWriter::new(&[], &[]);
        let text = || Data::String("x".to_owned());
        assert!(grid.cell((2, 1), text(), None, None).unwrap());
        assert!(grid.cell((2, 1), text(), None, None).is_err());
        assert!(grid.cell((1, 5), text(), None, None).is_err());
    }
}

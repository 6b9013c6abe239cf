//! Tables whose last row or column holds totals: formulas that agree with duban's own figures, and a chart.

use rust_xlsxwriter::{Chart, ChartType, Worksheet, XlsxError};

use super::cells::{HEADER, column_letter};
use super::charted::place;
use super::column::number;
use crate::document::{Align, Table, plain};

/// Where the totals of a table are; rows and columns count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TotalCells {
    /// The first column of figures.
    first: usize,
    /// The column of totals, which is the last.
    column: Option<usize>,
    /// The row of totals, which is the last.
    row: Option<usize>,
}

/// The labels of a row or column of totals.
const TOTAL_LABELS: [&str; 4] = ["合计", "总计", "Total", "total"];

/// Finds the totals of a table; `None` if it has none, or no columns of figures.
pub(super) fn of(table: &Table) -> Option<TotalCells> {
    let width = table.width();
    let first = (0..width).find(|index| table.align(*index) == Align::Right).filter(|first| *first > 0)?;
    let is_total = |text: Option<String>| text.is_some_and(|text| TOTAL_LABELS.contains(&text.trim()));
    let column = width.checked_sub(1).filter(|last| is_total(table.header.get(*last).map(|cell| plain(&cell.0))));
    let row = table
        .rows
        .len()
        .checked_sub(1)
        .filter(|last| is_total(table.rows.get(*last).and_then(|row| row.first()).map(|cell| plain(&cell.0))));
    (column.is_some() || row.is_some()).then_some(TotalCells { first, column, row })
}

impl TotalCells {
    /// Returns the first column of figures.
    pub(super) fn first(&self) -> usize {
        self.first
    }

    /// Returns whether the last row holds totals.
    pub(super) fn has_row(&self) -> bool {
        self.row.is_some()
    }

    /// Returns the formula of a total, or `None` if the cell is no total or the sum differs from duban's figure. It
    /// differs legitimately where an issue has several values and is counted once in the total.
    pub(super) fn formula(&self, table: &Table, row: usize, column: usize) -> Option<String> {
        let value = figure(table, row, column)?;
        let top = HEADER + 2;
        let line = |row: usize| u32::try_from(row).unwrap_or(0) + top;
        if Some(row) == self.row && column >= self.first && row > 0 {
            let sum: f64 = (0..row).map(|above| figure(table, above, column).unwrap_or(0.0)).sum();
            let letter = column_letter(column);
            return is_equal(sum, value).then(|| format!("=SUM({letter}{top}:{letter}{})", line(row - 1)));
        }
        if Some(column) == self.column && column > self.first {
            let sum: f64 = (self.first..column).map(|left| figure(table, row, left).unwrap_or(0.0)).sum();
            let (from, to) = (column_letter(self.first), column_letter(column - 1));
            return is_equal(sum, value).then(|| format!("=SUM({from}{0}:{to}{0})", line(row)));
        }
        None
    }

    /// Returns the columns that a chart shows. Parts of a whole are stacked: columns that add up to the total in every row.
    /// Of others, such as found, rectified and open, which hold the same issues again, the first alone is shown; of parts that
    /// overlap, since an issue may have several values, the total.
    fn charted(&self, table: &Table) -> Vec<usize> {
        let rows = self.row.unwrap_or(table.rows.len());
        let Some(total) = self.column else { return vec![self.first] };
        let sum = |row| (self.first..total).filter_map(|column| figure(table, row, column)).sum::<f64>();
        let are_parts = (0..rows).all(|row| is_equal(sum(row), figure(table, row, total).unwrap_or(0.0)));
        if are_parts { (self.first..total).collect() } else { vec![total] }
    }

    /// Inserts a chart at row `below`, under the table and its notes: a bar for each row. It is no larger than a `page`.
    /// Returns its height in pixels, if there is anything to show.
    pub(super) fn chart(
        &self,
        sheet: &mut Worksheet,
        name: &str,
        table: &Table,
        below: u32,
        page: (u32, u32),
    ) -> Result<Option<u32>, XlsxError> {
        let rows = self.row.unwrap_or(table.rows.len());
        let columns = self.charted(table);
        if rows == 0 || columns.is_empty() {
            return Ok(None);
        }
        let bottom = HEADER + u32::try_from(rows).unwrap_or(0);
        let mut chart = Chart::new(ChartType::BarStacked);
        for column in &columns {
            let at = u16::try_from(*column).unwrap_or(u16::MAX);
            chart
                .add_series()
                .set_name((name, HEADER, at))
                .set_categories((name, HEADER + 1, 0, bottom, 0))
                .set_values((name, HEADER + 1, at, bottom, at));
        }
        // The first row at the top, as in the table.
        chart.y_axis().set_reverse();
        // Without this, a short axis would have marks at half issues.
        let bar = |row: usize| columns.iter().filter_map(|column| figure(table, row, *column)).sum::<f64>();
        if (0..rows).all(|row| bar(row) <= 10.0) {
            chart.x_axis().set_major_unit(1.0);
        }
        place(sheet, chart, rows, below, page).map(Some)
    }
}

/// Returns the figure of a cell; `None` for an empty cell or text.
fn figure(table: &Table, row: usize, column: usize) -> Option<f64> {
    let cell = table.rows.get(row)?.get(column)?;
    number(plain(&cell.0).trim())
}

fn is_equal(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Cell;

    fn table(rows: &[&[&str]]) -> Table {
        let cells = |row: &[&str]| row.iter().map(|text| Cell::from(*text)).collect::<Vec<_>>();
        Table {
            caption: None,
            columns: vec![Align::Left, Align::Right, Align::Right, Align::Right],
            header: cells(&["责任单位", "消防", "环卫", "合计"]),
            rows: rows.iter().map(|row| cells(row)).collect(),
            shown: Vec::new(),
        }
    }

    #[test]
    fn totals_are_formulas_where_they_are_sums() {
        let table = table(&[&["甲", "1", "2", "3"], &["乙", "", "4", "4"], &["合计", "1", "6", "7"]]);
        let totals = of(&table).unwrap();
        assert_eq!(totals.formula(&table, 0, 3).as_deref(), Some("=SUM(B4:C4)"));
        assert_eq!(totals.formula(&table, 2, 1).as_deref(), Some("=SUM(B4:B5)"));
        assert_eq!(totals.formula(&table, 2, 3).as_deref(), Some("=SUM(D4:D5)"));
        assert_eq!(totals.formula(&table, 0, 1), None);
    }

    #[test]
    fn a_total_that_is_no_sum_stays_a_figure() {
        let table = table(&[&["甲", "1", "2", "2"], &["合计", "1", "2", "2"]]);
        let totals = of(&table).unwrap();
        assert_eq!(totals.formula(&table, 0, 3), None);
        assert_eq!(totals.formula(&table, 1, 3).as_deref(), Some("=SUM(D4:D4)"));
    }

    #[test]
    fn only_parts_of_a_whole_are_stacked() {
        let charted = |table: &Table| of(table).unwrap().charted(table);
        let parts = table(&[&["甲", "1", "2", "3"], &["乙", "", "4", "4"], &["合计", "1", "6", "7"]]);
        assert_eq!(charted(&parts), [1, 2]);
        // An issue has several values.
        assert_eq!(charted(&table(&[&["甲", "1", "2", "2"], &["合计", "1", "2", "2"]])), [3]);
        // Found, rectified and open: each is counted again.
        let mut counts = table(&[&["甲", "5", "3", "2"], &["合计", "5", "3", "2"]]);
        counts.header = ["责任单位", "发现", "已整改", "未整改"].map(Cell::from).to_vec();
        assert_eq!(charted(&counts), [1]);
    }

    #[test]
    fn a_table_of_words_has_no_totals() {
        let mut words = table(&[&["合计", "1", "2", "3"]]);
        words.columns = vec![Align::Left; 4];
        assert_eq!(of(&words), None);
    }
}

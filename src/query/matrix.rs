//! `table(rows=KEY, columns=KEY, …)`: a table of counts with its totals, as Markdown that no value can break out of.

use rustc_hash::FxHashMap;

use crate::dataset::{Record, RowSet};
use crate::model::key::Key;
use crate::query::call_error::CallError;
use crate::query::context::QueryContext;
use crate::query::parts::{CountCell, CountCells, markdown};
use crate::tally::TallyReport;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;
use indexmap::IndexMap;

/// The table, and under it a note if the counts of a row or column add to more than its total.
pub(crate) fn table(context: &QueryContext, mut arguments: Record) -> Result<String, CallError> {
    let mut axis = |name: &str| -> Result<Option<(String, Key)>, CallError> {
        match arguments.shift_remove(name) {
            Some(value) => {
                let text = value.as_str().unwrap_or_default().to_owned();
                context.issue_key(&text).map(|key| Some((text, key)))
            }
            None => Ok(None),
        }
    };
    let (rows, columns) = (axis("rows")?, axis("columns")?);
    let Some((row_name, row_key)) = rows else {
        let en = "table needs rows=\"KEY\", such as table(rows=\"unit\", columns=\"category\")";
        let zh = "table 要写明 rows=\"键\"，例如 table(rows=\"unit\", columns=\"category\")";
        return Err(CallError::new(context.messages, zh, en));
    };
    let query = context.only_issues("table", arguments)?;
    let by_row = context.tally(&query, &[row_key])?;
    let selected = context.select(&query)?;
    let mut recorded = query.clone();
    recorded.selection.insert("rows".to_owned(), row_name.into());
    let lang = context.data.lang;
    let cells = cells_of(context, &selected, row_key, columns.as_ref().map(|(_, key)| *key));
    let mut table = CountTable {
        lang,
        context,
        keys: (row_key, columns.as_ref().map(|(_, key)| *key)),
        rows: cells,
        cells: CountCells::new(context, &query),
        header: vec![row_key.label(lang)],
        lines: Vec::new(),
    };
    let mut several = by_row.sum_over_groups() > by_row.total.found;
    match columns {
        None => table.counts(&by_row)?,
        Some((column_name, column_key)) => {
            recorded.selection.insert("columns".to_owned(), column_name.into());
            let by_column = context.tally(&query, &[column_key])?;
            let both = context.tally(&query, &[row_key, column_key])?;
            several |= by_column.sum_over_groups() > by_column.total.found;
            table.matrix(&by_row, &by_column, &both, column_key)?;
        }
    }
    let total = context.count(&query, &[], None, by_row.total.found)?;
    let CountTable { header, lines, cells, .. } = table;
    let id = context.note_parts("table", &recorded, &total, &selected, cells.parts);
    let mut text = markdown(&header, &lines, id);
    if several {
        let zh = "注：同一问题可能同时计入多类，分项之和大于合计。";
        let en = "Note: an issue may count under several values, so the parts add to more than the total.";
        text.extend(["\n", lang.pick(zh, en), "\n"]);
    }
    Ok(text)
}

/// The rows that each cell counts, by its row and column; a total has no row or no column.
pub(super) type CellRows = FxHashMap<(Option<Symbol>, Option<Symbol>), RowSet>;

pub(super) fn cells_of(context: &QueryContext, selected: &[usize], row_key: Key, column_key: Option<Key>) -> CellRows {
    let mut cells = CellRows::default();
    let values = |index: usize, key: Key| {
        let mut values = context.issue_values(index, key);
        // What has no value stands under a blank one.
        if values.is_empty() {
            values.push(Symbol::default());
        }
        values
    };
    for index in selected {
        let rows = values(*index, row_key);
        let columns = column_key.map(|key| values(*index, key)).unwrap_or_default();
        for row in rows {
            cells.entry((Some(row), None)).or_default().push(*index);
            for column in &columns {
                cells.entry((Some(row), Some(*column))).or_default().push(*index);
            }
        }
        for column in columns {
            cells.entry((None, Some(column))).or_default().push(*index);
        }
    }
    cells
}

/// A table of counts in the making.
struct CountTable<'q> {
    lang: Lang,
    context: &'q QueryContext,
    /// Those of the rows and the columns.
    keys: (Key, Option<Key>),
    rows: CellRows,
    cells: CountCells<'q>,
    header: Vec<String>,
    lines: Vec<Vec<CountCell>>,
}

impl CountTable<'_> {
    fn label(&self, key: Key, value: &str) -> String {
        match value {
            "" => blank(self.lang).to_owned(),
            value => self.context.project.value_label(key, value, self.lang),
        }
    }

    /// One column: the count.
    fn counts(&mut self, by_row: &TallyReport) -> Result<(), CallError> {
        self.header.push(self.lang.pick("问题数", "Issues").to_owned());
        for group in &by_row.groups {
            let name = CountCell::label(self.label(self.keys.0, only(&group.key)));
            let count = self.count(Some(only(&group.key)), None, group.counts.found)?;
            self.lines.push(vec![name, count]);
        }
        let total = self.count(None, None, by_row.total.found)?;
        self.lines.push(vec![CountCell::label(self.total()), total]);
        Ok(())
    }

    fn matrix(
        &mut self,
        by_row: &TallyReport,
        by_column: &TallyReport,
        both: &TallyReport,
        column_key: Key,
    ) -> Result<(), CallError> {
        let columns: Vec<&str> = by_column.groups.iter().map(|group| only(&group.key)).collect();
        self.header.extend(columns.iter().map(|value| self.label(column_key, value)).collect::<Vec<_>>());
        self.header.push(self.total());
        let mut counts: IndexMap<(&str, &str), u64> = IndexMap::new();
        for group in &both.groups {
            let mut values = group.key.values().map(String::as_str);
            if let (Some(row), Some(column)) = (values.next(), values.next()) {
                counts.insert((row, column), group.counts.found);
            }
        }
        for group in &by_row.groups {
            let row = only(&group.key);
            let mut line = vec![CountCell::label(self.label(self.keys.0, row))];
            for column in &columns {
                // A cell without an issue stays empty: zeros hide what is there.
                line.push(match counts.get(&(row, *column)) {
                    None | Some(0) => CountCell::label(String::new()),
                    Some(count) => self.count(Some(row), Some(column), *count)?,
                });
            }
            line.push(self.count(Some(row), None, group.counts.found)?);
            self.lines.push(line);
        }
        let mut last = vec![CountCell::label(self.total())];
        for group in &by_column.groups {
            last.push(self.count(None, Some(only(&group.key)), group.counts.found)?);
        }
        last.push(self.count(None, None, by_row.total.found)?);
        self.lines.push(last);
        Ok(())
    }

    /// A count as it is shown.
    fn count(&mut self, row: Option<&str>, column: Option<&str>, count: u64) -> Result<CountCell, CallError> {
        let of = [row.map(|value| (self.keys.0, value)), self.keys.1.zip(column)];
        let named = of.iter().flatten().map(|(key, value)| (key.to_string(), [(*value).to_owned()]));
        let named: Vec<(String, [String; 1])> = named.collect();
        let keys: Vec<(&str, &[String])> = named.iter().map(|(key, values)| (key.as_str(), &values[..])).collect();
        let rows = self.rows.get(&(row.map(Symbol::new), column.map(Symbol::new))).cloned().unwrap_or_default();
        self.cells.count(&keys, count, rows)
    }

    fn total(&self) -> String {
        self.lang.pick("合计", "Total").to_owned()
    }
}

pub(super) fn only(key: &IndexMap<String, String>) -> &str {
    key.values().next().map_or("", String::as_str)
}

/// The word for a value that the logs leave blank.
pub(super) fn blank(lang: Lang) -> &'static str {
    lang.pick("（未填）", "(blank)")
}

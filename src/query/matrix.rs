//! `table(rows=KEY, columns=KEY, …)`: a table of counts with its totals, as Markdown that no value can break out of.

use crate::dataset::Record;
use crate::dataset::record::texts;
use crate::document::{Align, Shown, markdown};
use crate::model::key::Key;
use crate::query::call_error::CallError;
use crate::query::context::{Query, QueryContext};
use crate::tally::TallyReport;
use crate::words::lang::Lang;
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
    let mut table = CountTable { lang, context, query: &query, header: vec![row_key.label(lang)], lines: Vec::new() };
    let mut several = by_row.sum_over_groups() > by_row.total.found;
    match columns {
        None => table.counts(&by_row, row_key)?,
        Some((column_name, column_key)) => {
            recorded.selection.insert("columns".to_owned(), column_name.into());
            let by_column = context.tally(&query, &[column_key])?;
            let both = context.tally(&query, &[row_key, column_key])?;
            several |= by_column.sum_over_groups() > by_column.total.found;
            table.matrix(&by_row, &by_column, &both, row_key, column_key)?;
        }
    }
    let total = context.count(&query, &[], None, by_row.total.found)?;
    context.note("table", &recorded, &total, &selected);
    let mut text = table.markdown();
    if several {
        let zh = "注：同一问题可能同时计入多类，分项之和大于合计。";
        let en = "Note: an issue may count under several values, so the parts add to more than the total.";
        text.extend(["\n", lang.pick(zh, en), "\n"]);
    }
    Ok(text)
}

/// A table of counts in the making.
struct CountTable<'q> {
    lang: Lang,
    context: &'q QueryContext,
    query: &'q Query,
    header: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl CountTable<'_> {
    fn label(&self, key: Key, value: &str) -> String {
        match value {
            "" => blank(self.lang).to_owned(),
            value => self.context.project.value_label(key, value, self.lang),
        }
    }

    /// One column: the count.
    fn counts(&mut self, by_row: &TallyReport, key: Key) -> Result<(), CallError> {
        self.header.push(self.lang.pick("问题数", "Issues").to_owned());
        for group in &by_row.groups {
            let name = self.label(key, only(&group.key));
            let count = self.count(&[(key, only(&group.key))], group.counts.found)?;
            self.lines.push(vec![name, count]);
        }
        self.lines.push(vec![self.total(), self.count(&[], by_row.total.found)?]);
        Ok(())
    }

    fn matrix(
        &mut self,
        by_row: &TallyReport,
        by_column: &TallyReport,
        both: &TallyReport,
        row_key: Key,
        column_key: Key,
    ) -> Result<(), CallError> {
        let columns: Vec<&str> = by_column.groups.iter().map(|group| only(&group.key)).collect();
        self.header.extend(columns.iter().map(|value| self.label(column_key, value)).collect::<Vec<_>>());
        self.header.push(self.total());
        let mut cells: IndexMap<(&str, &str), u64> = IndexMap::new();
        for group in &both.groups {
            let mut values = group.key.values().map(String::as_str);
            if let (Some(row), Some(column)) = (values.next(), values.next()) {
                cells.insert((row, column), group.counts.found);
            }
        }
        for group in &by_row.groups {
            let row = only(&group.key);
            let mut line = vec![self.label(row_key, row)];
            for column in &columns {
                // A cell without an issue stays empty: zeros hide what is there.
                line.push(match cells.get(&(row, *column)) {
                    None | Some(0) => String::new(),
                    Some(count) => self.count(&[(row_key, row), (column_key, column)], *count)?,
                });
            }
            line.push(self.count(&[(row_key, row)], group.counts.found)?);
            self.lines.push(line);
        }
        let mut last = vec![self.total()];
        for group in &by_column.groups {
            last.push(self.count(&[(column_key, only(&group.key))], group.counts.found)?);
        }
        last.push(self.count(&[], by_row.total.found)?);
        self.lines.push(last);
        Ok(())
    }

    /// A count as it is shown.
    fn count(&self, of: &[(Key, &str)], count: u64) -> Result<String, CallError> {
        let names: Vec<(String, &str)> = of.iter().map(|(key, value)| (key.to_string(), *value)).collect();
        let keys: Vec<(&str, &str)> = names.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        Ok(texts(&self.context.count(self.query, &keys, None, count)?).concat())
    }

    fn total(&self) -> String {
        self.lang.pick("合计", "Total").to_owned()
    }

    fn markdown(&self) -> String {
        let align = |column| if column == 0 { Align::Left } else { Align::Right };
        let heads = self.header.iter().enumerate().map(|(at, head)| (head.as_str(), align(at), Shown::Everywhere));
        markdown::table(&heads.collect::<Vec<_>>(), &self.lines)
    }
}

fn only(key: &IndexMap<String, String>) -> &str {
    key.values().next().map_or("", String::as_str)
}

/// The word for a value that the logs leave blank.
fn blank(lang: Lang) -> &'static str {
    lang.pick("（未填）", "(blank)")
}

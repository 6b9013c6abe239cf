//! What the cells of a table or a chart count: each is a part of its figure, with its rows.

use crate::dataset::RowSet;
use crate::dataset::figure::FigurePart;
use crate::dataset::record::texts;
use crate::document::markdown::{escape, figure};
use crate::document::source::FigureId;
use crate::query::call_error::CallError;
use crate::query::context::{Query, QueryContext};

/// A cell of a table of counts.
pub(super) struct CountCell {
    /// As it is shown.
    pub(super) text: String,
    /// Which part of the figure it is, 0 for the whole, if it is a count.
    pub(super) part: Option<usize>,
}

impl CountCell {
    /// A cell that counts nothing.
    pub(super) fn label(text: String) -> Self {
        Self { text, part: None }
    }
}

/// The cells of a figure in the making.
pub(super) struct CountCells<'q> {
    context: &'q QueryContext,
    query: &'q Query,
    /// What the cells so far count.
    pub(super) parts: Vec<FigurePart>,
}

impl<'q> CountCells<'q> {
    pub(super) fn new(context: &'q QueryContext, query: &'q Query) -> Self {
        Self { context, query, parts: Vec::new() }
    }

    /// A count of what the query selects, limited to some values of each of some keys, as it is shown. Without keys it is
    /// the whole figure.
    pub(super) fn count(
        &mut self,
        keys: &[(&str, &[String])],
        count: u64,
        rows: RowSet,
    ) -> Result<CountCell, CallError> {
        let limited = keys.iter().fold(self.query.clone(), |query, (key, values)| query.limited_to(key, values));
        let text = texts(&self.context.count_of(&limited, None, count)?).concat();
        if keys.is_empty() {
            return Ok(CountCell { text, part: Some(0) });
        }
        // Never rows that are not those of the count.
        let part = (rows.len() as u64 == count).then(|| {
            let key = keys.iter().map(|(key, values)| ((*key).to_owned(), values.join("|"))).collect();
            self.parts.push(FigurePart { key, value: count, rows });
            self.parts.len()
        });
        Ok(CountCell { text, part })
    }
}

/// The table of the figure with a number, as Markdown.
pub(super) fn markdown(header: &[String], lines: &[Vec<CountCell>], id: usize) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |cell: &CountCell| match cell.part {
        Some(part) => figure(FigureId { figure: id, part }, &escape(&cell.text)),
        None => escape(&cell.text),
    };
    let rule: Vec<&str> = (0..header.len()).map(|column| if column == 0 { "---" } else { "--:" }).collect();
    let mut text = line(header.iter().map(|cell| escape(cell)).collect());
    text.extend(["| ", &rule.join(" | "), " |\n"]);
    text.extend(lines.iter().map(|cells| line(cells.iter().map(cell).collect())));
    text
}

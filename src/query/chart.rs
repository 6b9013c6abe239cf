//! `chart(rows=KEY, stack=KEY)`, `chart(rows="month", line=["found", "open_at_end"])`: a chart, as Markdown that no value can
//! break out of. It is a table whose cells are parts of its figure, as those of `table()` are.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::dataset::record::texts;
use crate::dataset::{Record, RowSet};
use crate::document::chart::ChartForm;
use crate::document::markdown::escape;
use crate::model::key::{Key, StateKey};
use crate::model::period::Length;
use crate::query::call_error::CallError;
use crate::query::context::{Query, QueryContext};
use crate::query::matrix::{blank, cells_of, only};
use crate::query::parts::{CountCell, CountCells, markdown};
use crate::query::series::{MOST, SpanMeasure, Trend, hidden};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The states whose counts may be a series.
const STATES: [&str; 6] = ["rectified", "open", "closed", "overdue", "due_soon", "late"];

/// What a column of a chart counts.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    /// Issues that have a value of the key that is stacked.
    Value(String),
    /// All issues of the row.
    All,
    /// Those in a state on the day of the document.
    State(StateKey),
    /// What is counted of a span of time.
    Span(SpanMeasure),
}

/// What a chart is to show.
struct Asked {
    form: ChartForm,
    rows: Key,
    stack: Option<Key>,
    measures: Vec<Column>,
    top: Option<usize>,
    caption: Option<String>,
}

/// The chart; nothing if there is nothing to show.
pub(super) fn chart(context: &QueryContext, mut arguments: Record) -> Result<String, CallError> {
    let written = ["rows", "stack", "line", "bars", "top"].map(|name| (name, arguments.get(name).cloned()));
    let asked = Asked::read(context, &mut arguments)?;
    let query = context.only_issues("chart", arguments)?;
    let mut recorded = query.clone();
    for (name, value) in written {
        recorded.selection.extend(value.map(|value| (name.to_owned(), value)));
    }
    let selected = context.select(&query)?;
    let lang = context.data.lang;
    let mut table = ChartTable {
        context,
        lang,
        asked: &asked,
        cells: CountCells::new(context, &query),
        notes: Vec::new(),
        is_cut: false,
    };
    let (columns, lines) = match asked.rows {
        Key::Found(length) => table.over_time(&query, &selected, length)?,
        _ => table.by_value(&query, &selected)?,
    };
    if lines.is_empty() {
        return Ok(String::new());
    }
    let mut header = vec![asked.rows.label(lang)];
    header.extend(columns.iter().map(|column| table.head(column)));
    let ChartTable { cells, notes, is_cut, .. } = table;
    let total = context.count_of(&query, None, selected.len() as u64)?;
    let id = context.note_parts("chart", &recorded, &total, &selected, cells.parts);
    let caption = asked.caption.clone().unwrap_or_else(|| asked.usual_caption(&columns, is_cut, lang));
    let (form, table) = (asked.form.name(), markdown(&header, &lines, id));
    let mut text = format!("<!-- chart: {form} -->\n\n: {}\n\n{table}", escape(&caption));
    for note in notes {
        text.extend(["\n", &escape(&note), "\n"]);
    }
    Ok(text)
}

impl Asked {
    fn read(context: &QueryContext, arguments: &mut Record) -> Result<Self, CallError> {
        let lang = context.messages;
        let wrong = |zh: &str, en: &str| Err(CallError::new(lang, zh, en));
        let Some(rows) = arguments.shift_remove("rows") else {
            return wrong(
                "chart 要写明 rows=\"键\"，例如 chart(rows=\"unit\", stack=\"state\", top=10)",
                "chart needs rows=\"KEY\", such as chart(rows=\"unit\", stack=\"state\", top=10)",
            );
        };
        let rows = context.issue_key(rows.as_str().unwrap_or_default())?;
        let (stack, line, bars) =
            (arguments.shift_remove("stack"), arguments.shift_remove("line"), arguments.shift_remove("bars"));
        let stack = match stack {
            Some(key) => Some(context.issue_key(key.as_str().unwrap_or_default())?),
            None => None,
        };
        if let Some(several) = stack.filter(|key| context.project.may_have_several(*key)) {
            let label = several.label(lang);
            let zh = format!("一个问题可有多个{label}，不是整体的各部分，不能堆积：用 bars 或 table()");
            let en = format!(
                "an issue may have several values of {several}, which are no parts of a whole: use bars or table()"
            );
            return Err(CallError::new(lang, zh, en));
        }
        let is_time = matches!(rows, Key::Found(_));
        let (form, measures) = match (stack, line, bars) {
            (Some(_), None, None) => (ChartForm::Stacked, Vec::new()),
            (None, Some(line), None) if is_time => (ChartForm::Lines, measures(context, &line, is_time)?),
            (None, Some(_), None) => {
                return wrong(
                    "折线图的 rows 是时间：day、week、month、quarter 或 year；其他的用 bars",
                    "lines go over time: rows is day, week, month, quarter or year; use bars for others",
                );
            }
            (None, None, bars) => {
                let bars = bars.unwrap_or_else(|| json!("found"));
                (ChartForm::Bars, measures(context, &bars, is_time)?)
            }
            _ => {
                return wrong("chart 只能有 stack、line、bars 中的一个", "a chart has one of stack, line and bars");
            }
        };
        let top = match arguments.shift_remove("top") {
            None => None,
            Some(top) => match top.as_u64().and_then(|top| usize::try_from(top).ok()).filter(|top| *top > 0) {
                Some(top) => Some(top),
                None => return wrong("`top` 是大于 0 的整数", "`top` is a number above 0"),
            },
        };
        let caption = arguments.shift_remove("caption").map(|caption| texts(&caption).concat());
        Ok(Self { form, rows, stack, measures, top, caption })
    }

    fn usual_caption(&self, columns: &[Column], is_cut: bool, lang: Lang) -> String {
        let rows = self.rows.label(lang);
        let limit = if is_cut {
            lang.pick("（问题较多的，其余合为其他）", " (those with most, the rest as others)")
        } else {
            ""
        };
        match (self.stack, columns) {
            (Some(stack), _) => {
                let stack = stack.label(lang);
                lang.pick(
                    format!("按{rows}、{stack}统计的问题数{limit}"),
                    format!("Issues by {} and {}{limit}", low(&rows), low(&stack)),
                )
            }
            (None, [Column::All]) => {
                lang.pick(format!("按{rows}统计的问题数{limit}"), format!("Issues by {}{limit}", low(&rows)))
            }
            (None, columns) => {
                let names: Vec<String> = columns.iter().map(|column| head(column, lang)).collect();
                let names = names.join(lang.pick("、", ", "));
                lang.pick(
                    format!("按{rows}统计的{names}问题数{limit}"),
                    format!("Issues by {}: {}{limit}", low(&rows), low(&names)),
                )
            }
        }
    }
}

fn low(text: &str) -> String {
    text.to_lowercase()
}

/// The measures that an argument names.
fn measures(context: &QueryContext, value: &Value, is_time: bool) -> Result<Vec<Column>, CallError> {
    let names = texts(value);
    let spans = SpanMeasure::ALL.iter().filter(|(name, _)| is_time && *name != "found");
    let known: Vec<&str> = std::iter::once("found").chain(STATES).chain(spans.map(|(name, _)| *name)).collect();
    let read = |name: &String| {
        if name == "found" {
            return Ok(Column::All);
        }
        if let Some((_, measure)) = SpanMeasure::ALL.iter().find(|(known, _)| is_time && known == name) {
            return Ok(Column::Span(*measure));
        }
        match name.parse() {
            Ok(Key::Is(state)) if STATES.contains(&name.as_str()) => Ok(Column::State(state)),
            _ => Err(CallError::unknown(context.messages, ("指标", "measure"), name, &known)),
        }
    };
    let columns = names.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if columns.is_empty() {
        return Err(CallError::unknown(context.messages, ("指标", "measure"), "", &known));
    }
    if columns.iter().any(|column| matches!(column, Column::Span(_))) && context.policy().is_some() {
        return Err(hidden("chart", context.messages));
    }
    Ok(columns)
}

fn head(column: &Column, lang: Lang) -> String {
    match column {
        Column::Value(value) => value.clone(),
        Column::All => lang.pick("发现", "Found").to_owned(),
        Column::State(state) => Key::Is(*state).label(lang),
        Column::Span(measure) => measure.label(lang).to_owned(),
    }
}

/// The columns and the rows of a chart.
type Lines = (Vec<Column>, Vec<Vec<CountCell>>);

/// A chart in the making.
struct ChartTable<'q> {
    context: &'q QueryContext,
    lang: Lang,
    asked: &'q Asked,
    cells: CountCells<'q>,
    notes: Vec<String>,
    /// Whether some rows are merged into one.
    is_cut: bool,
}

impl ChartTable<'_> {
    fn head(&self, column: &Column) -> String {
        match (column, self.asked.stack) {
            (Column::Value(value), Some(stack)) => self.label(stack, value),
            _ => head(column, self.lang),
        }
    }

    fn label(&self, key: Key, value: &str) -> String {
        match value {
            "" => blank(self.lang).to_owned(),
            value => self.context.project.value_label(key, value, self.lang),
        }
    }

    /// A row for each value of a key; with `top` the rest is one row.
    fn by_value(&mut self, query: &Query, selected: &[usize]) -> Result<Lines, CallError> {
        let key = self.asked.rows;
        let mut groups: Vec<(String, u64)> = self
            .context
            .tally(query, &[key])?
            .groups
            .iter()
            .map(|group| (only(&group.key).to_owned(), group.counts.found))
            .filter(|(_, found)| *found > 0)
            .collect();
        let columns = self.columns(query)?;
        let cells = cells_of(self.context, selected, key, None);
        let rows_of = |value: &str| cells.get(&(Some(Symbol::new(value)), None)).cloned().unwrap_or_default();
        let mut rest = Vec::new();
        if let Some(top) = self.asked.top.filter(|top| groups.len() > top + 1) {
            groups.sort_by_key(|(_, found)| Reverse(*found));
            rest = groups.split_off(top);
        }
        let mut lines = Vec::new();
        for (value, _) in groups {
            let rows = rows_of(&value);
            let label = self.label(key, &value);
            lines.push(self.line(label, &[value], &rows, &columns)?);
        }
        if !rest.is_empty() {
            let names: Vec<String> = rest.into_iter().map(|(name, _)| name).collect();
            let mut rows: Vec<usize> = names.iter().flat_map(|name| rows_of(name).iter().collect::<Vec<_>>()).collect();
            rows.sort_unstable();
            rows.dedup();
            self.is_cut = true;
            let label = self.lang.pick("其他", "Others").to_owned();
            lines.push(self.line(label, &names, &rows.into_iter().collect(), &columns)?);
        }
        Ok((columns, lines))
    }

    fn columns(&self, query: &Query) -> Result<Vec<Column>, CallError> {
        let Some(stack) = self.asked.stack else { return Ok(self.asked.measures.clone()) };
        let report = self.context.tally(query, &[stack])?;
        let groups = report.groups.iter().filter(|group| group.counts.found > 0);
        Ok(groups.map(|group| Column::Value(only(&group.key).to_owned())).collect())
    }

    /// A row for each day, week, month, quarter or year, those without issues too.
    fn over_time(&mut self, query: &Query, selected: &[usize], length: Length) -> Result<Lines, CallError> {
        let trend = Trend::of(self.context, query, selected, length);
        let columns = self.columns(query)?;
        let has_states = columns.iter().any(|column| !matches!(column, Column::All | Column::Value(_)));
        if trend.undated > 0 && has_states {
            let n = trend.undated;
            self.notes.push(self.lang.pick(
                format!("注：{n}个问题只有状态、没有整改日期，按一直已整改计。"),
                format!("Note: rectified by a status without a date, and counted so on every day: {n}."),
            ));
        }
        let skipped = trend.spans.len().saturating_sub(self.asked.top.unwrap_or(MOST));
        let mut lines = Vec::new();
        for (at, span) in trend.spans.iter().enumerate().skip(skipped) {
            let found = trend.rows(at, SpanMeasure::Found);
            let label = span.label(length, trend.has_years(), self.lang);
            let mut line = self.line(label, std::slice::from_ref(&span.name), &found, &columns)?;
            for (cell, column) in line.iter_mut().skip(1).zip(&columns) {
                if let Column::Span(measure) = column {
                    let rows = trend.rows(at, *measure);
                    let name = SpanMeasure::ALL.iter().find(|(_, known)| known == measure).map_or("", |(name, _)| name);
                    let named = [(length.key(), [span.name.clone()]), ("measure", [name.to_owned()])];
                    let keys: Vec<(&str, &[String])> = named.iter().map(|(key, values)| (*key, &values[..])).collect();
                    *cell = self.cells.count(&keys, rows.len() as u64, rows)?;
                }
            }
            lines.push(line);
        }
        Ok((columns, lines))
    }

    /// The name and the counts of a row that has one of some values. What is counted of spans is filled in later.
    fn line(
        &mut self,
        label: String,
        values: &[String],
        rows: &RowSet,
        columns: &[Column],
    ) -> Result<Vec<CountCell>, CallError> {
        let key = self.asked.rows.to_string();
        let mut line = vec![CountCell::label(label)];
        for column in columns {
            let (more, counted): (Option<(String, [String; 1])>, RowSet) = match column {
                Column::All => (None, rows.clone()),
                Column::Value(value) => {
                    let Some(stack) = self.asked.stack else { continue };
                    let has = |index: &usize| {
                        let own = self.context.issue_values(*index, stack);
                        if own.is_empty() { value.is_empty() } else { own.iter().any(|own| own.as_str() == value) }
                    };
                    (Some((stack.to_string(), [value.clone()])), rows.iter().filter(has).collect())
                }
                Column::State(state) => {
                    let states = self.context.states();
                    let has = |index: &usize| states.get(*index).is_some_and(|known| state.holds(*known));
                    (Some((Key::Is(*state).to_string(), ["yes".to_owned()])), rows.iter().filter(has).collect())
                }
                Column::Span(_) => {
                    line.push(CountCell::label(String::new()));
                    continue;
                }
            };
            let mut keys: Vec<(&str, &[String])> = vec![(&key, values)];
            keys.extend(more.iter().map(|(key, values)| (key.as_str(), &values[..])));
            line.push(self.cells.count(&keys, counted.len() as u64, counted)?);
        }
        Ok(line)
    }
}

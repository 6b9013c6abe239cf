//! Trends and repeats: `series(by="week")`, `repeats()`.

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};

use crate::dataset::figure::FigurePart;
use crate::dataset::{Record, RowSet};
use crate::model::Field;
use crate::model::key::Key;
use crate::model::period::{Length, Period};
use crate::model::state::{AsOf, State};
use crate::query::call_error::CallError;
use crate::query::context::{Query, QueryContext};
use crate::words::lang::Lang;

/// A trend has at most so many days, weeks, months …: the last ones.
pub(super) const MOST: usize = 60;

/// One day, week, month, quarter or year of a trend.
pub(super) struct Span {
    /// As it is written, such as `2021-W32`.
    pub(super) name: String,
    period: Period,
    /// The last day of it that is over.
    end: NaiveDate,
}

/// What a trend counts beside the issues found in a span and what is known of them today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpanMeasure {
    /// Issues found in it.
    Found,
    /// Issues rectified at its end and not at the end of the span before.
    RectifiedWithin,
    /// Issues open at its end, whenever they were found.
    OpenAtEnd,
    /// Issues overdue at its end.
    OverdueAtEnd,
}

impl Span {
    /// What it is called in a chart: 8月, 8.9—8.15; with the year if the trend has several.
    pub(super) fn label(&self, length: Length, has_years: bool, lang: Lang) -> String {
        let (Some(from), Some(to)) = (self.period.from, self.period.to) else { return self.name.clone() };
        let zh = match length {
            Length::Day => format!("{}.{}", from.month(), from.day()),
            Length::Week if from == to => format!("{}.{}", from.month(), from.day()),
            Length::Week => format!("{}.{}—{}.{}", from.month(), from.day(), to.month(), to.day()),
            Length::Month => format!("{}月", from.month()),
            Length::Quarter => format!("第{}季度", ["一", "二", "三", "四"][from.month0() as usize / 3]),
            Length::Year => return lang.pick(format!("{}年", from.year()), from.year().to_string()),
        };
        let en = match length {
            Length::Day => from.format("%-d %b").to_string(),
            Length::Week if from == to => from.format("%-d %b").to_string(),
            Length::Week => format!("{}–{}", from.format("%-d %b"), to.format("%-d %b")),
            Length::Month => from.format("%b").to_string(),
            _ => format!("Q{}", from.month0() / 3 + 1),
        };
        let year = from.year();
        match (lang, has_years) {
            (Lang::Zh, true) => format!("{year}年{zh}"),
            (Lang::Zh, false) => zh,
            (Lang::En, true) => format!("{en} {year}"),
            (Lang::En, false) => en,
        }
    }
}

impl SpanMeasure {
    /// All of them, by their names.
    pub(super) const ALL: [(&'static str, Self); 4] = [
        ("found", Self::Found),
        ("rectified_within", Self::RectifiedWithin),
        ("open_at_end", Self::OpenAtEnd),
        ("overdue_at_end", Self::OverdueAtEnd),
    ];

    pub(super) fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Found => lang.pick("发现", "Found"),
            Self::RectifiedWithin => lang.pick("期内整改", "Rectified within"),
            Self::OpenAtEnd => lang.pick("期末未整改", "Open at the end"),
            Self::OverdueAtEnd => lang.pick("期末逾期", "Overdue at the end"),
        }
    }
}

/// What a part of a trend or a chart is called, by the name of what it counts.
pub(crate) fn measure_label(name: &str, lang: Lang) -> Option<&'static str> {
    SpanMeasure::ALL.iter().find(|(known, _)| *known == name).map(|(_, measure)| measure.label(lang))
}

/// The issues of a query over time. What is counted is what the query selects; an issue without a day of finding stands in
/// no span.
pub(super) struct Trend {
    pub(super) spans: Vec<Span>,
    /// For each span the rows of each measure, in the order of [`SpanMeasure::ALL`].
    rows: Vec<[RowSet; 4]>,
    /// How many of the issues count as rectified on every day, since only an undated status says so.
    pub(super) undated: u64,
}

impl Trend {
    /// The rows that a measure counts in a span.
    pub(super) fn rows(&self, span: usize, measure: SpanMeasure) -> RowSet {
        let at = SpanMeasure::ALL.iter().position(|(_, known)| *known == measure).unwrap_or_default();
        self.rows.get(span).and_then(|rows| rows.get(at)).cloned().unwrap_or_default()
    }

    /// Whether it goes over several years.
    pub(super) fn has_years(&self) -> bool {
        let year = |span: Option<&Span>| span.and_then(|span| span.period.from).map(|day| day.year());
        year(self.spans.first()) != year(self.spans.last())
    }

    /// Counts the rows of a query, in spans up to the day of the document.
    pub(super) fn of(context: &QueryContext, query: &Query, selected: &[usize], length: Length) -> Self {
        let issues = &context.data.records.counted().issues;
        let spans = spans(context, query, selected, length);
        let mut rows: Vec<[RowSet; 4]> = spans.iter().map(|_| Default::default()).collect();
        let states = context.states();
        let undated = selected.iter().filter(|index| states.get(**index).is_some_and(|state| state.by_undated_word));
        let undated = undated.count() as u64;
        let before = spans.first().and_then(|span| span.period.from).and_then(|day| day.pred_opt());
        for index in selected {
            let Some(issue) = issues.get(*index).filter(|issue| issue.found_on.is_some()) else { continue };
            let on = |day: NaiveDate| State::of(issue, &AsOf { day, soon: day });
            let was_done = |state: State| state.is_counted() && state.rectified;
            let mut is_done = before.is_some_and(|day| was_done(on(day)));
            for (span, rows) in spans.iter().zip(&mut rows) {
                let state = on(span.end);
                let is_there = state.is_counted();
                let counted = [
                    span.period.contains(issue.found_on) && is_there,
                    was_done(state) && !is_done,
                    is_there && !state.rectified,
                    is_there && state.overdue,
                ];
                for (rows, _) in rows.iter_mut().zip(counted).filter(|(_, is_counted)| *is_counted) {
                    rows.push(*index);
                }
                is_done = was_done(state);
            }
        }
        Self { spans, rows, undated }
    }
}

/// The spans from the first day of finding to the last day on which anything happened, or those of the period, but never beyond
/// the day of the document; at most [`MOST`].
fn spans(context: &QueryContext, query: &Query, selected: &[usize], length: Length) -> Vec<Span> {
    let issues = &context.data.records.counted().issues;
    let each = || selected.iter().filter_map(|index| issues.get(*index));
    let period = query.period();
    let Some(first) = period.from.or_else(|| each().filter_map(|issue| issue.found_on).min()) else {
        return Vec::new();
    };
    // The span of the last event is as long as it has lasted by the day of the document.
    let days = each().flat_map(|issue| [issue.found_on, issue.rectified_on, issue.verified_on, issue.closed_on]);
    let lasts = |day: NaiveDate| Period::holding(day, length).to;
    let last = period.to.or_else(|| days.flatten().max().and_then(lasts)).unwrap_or(context.as_of.day);
    let last = last.min(context.as_of.day);
    let mut spans = Vec::new();
    // From the last one back.
    let mut day = last;
    while day >= first && spans.len() < MOST {
        let whole = Period::holding(day, length);
        let (Some(from), Some(to)) = (whole.from, whole.to) else { break };
        let period = Period { from: Some(from.max(first)), to: Some(to.min(last)) };
        spans.push(Span { name: length.of(day), period, end: to.min(last) });
        let Some(before) = from.pred_opt() else { break };
        day = before;
    }
    spans.reverse();
    spans
}

/// `series(by="week", …)`: the issues found, rectified within, and open and overdue at the end of each day, week, month,
/// quarter or year.
pub(super) fn series(context: &QueryContext, mut arguments: Record) -> Result<Value, CallError> {
    let by = arguments.shift_remove("by").and_then(|by| by.as_str().map(str::to_owned)).unwrap_or_default();
    let length = Length::ALL.into_iter().find(|length| length.key() == by).ok_or_else(|| {
        CallError::unknown(context.messages, ("时间单位", "unit of time"), &by, &Length::ALL.map(Length::key))
    })?;
    let mut query = context.only_issues("series", arguments)?;
    if context.policy_of(query.of).is_some() {
        return Err(hidden("series", context.messages));
    }
    let selected = context.select(&query)?;
    let trend = Trend::of(context, &query, &selected, length);
    query.selection.insert("by".to_owned(), by.clone().into());
    let mut parts = Vec::new();
    let spans = trend.spans.iter().enumerate().map(|(at, span)| {
        let mut map = Record::new();
        map.insert("name".to_owned(), span.name.clone().into());
        map.insert("from".to_owned(), span.period.from.map(|day| day.to_string()).into());
        map.insert("to".to_owned(), span.period.to.map(|day| day.to_string()).into());
        for (name, measure) in SpanMeasure::ALL {
            let rows = trend.rows(at, measure);
            let value = rows.len() as u64;
            map.insert(name.to_owned(), value.into());
            let key = [(by.clone(), span.name.clone()), ("measure".to_owned(), name.to_owned())].into_iter().collect();
            parts.push(FigurePart { key, value, rows });
        }
        Value::Object(map)
    });
    let spans: Vec<Value> = spans.collect();
    context.note_parts("series", &query, &json!(spans.len()), &selected, parts);
    Ok(spans.into())
}

/// `repeats(…)`: each unit and category in which the same kind of issue was found more than once, the most first.
pub(super) fn repeats(context: &QueryContext, arguments: Record) -> Result<Value, CallError> {
    let query = context.only_issues("repeats", arguments)?;
    if context.policy_of(query.of).is_some() {
        return Err(hidden("repeats", context.messages));
    }
    let (selected, filter) = (context.select(&query)?, context.filter(&query)?);
    let mut pairs: indexmap::IndexMap<[String; 2], RowSet> = indexmap::IndexMap::new();
    for index in &selected {
        let values = |field| context.issue_values(*index, Key::Field(field));
        for unit in values(Field::Unit) {
            // Of a category that is not selected, only the issues are here that have another beside it.
            for category in values(Field::Category).into_iter().filter(|one| filter.selects(Field::Category, *one)) {
                pairs.entry([unit.to_string(), category.to_string()]).or_default().push(*index);
            }
        }
    }
    pairs.retain(|_, rows| rows.len() > 1);
    let rank = |key: &str, value: &str| context.rank(query.of, key, value);
    pairs.sort_by_cached_key(|[unit, category], rows| {
        let ranks = (rank("unit", unit), rank("category", category));
        (std::cmp::Reverse(rows.len()), ranks, unit.clone(), category.clone())
    });
    let mut parts = Vec::new();
    let list = pairs.into_iter().map(|([unit, category], rows)| {
        let (found, key) = (rows.len() as u64, [("unit", &unit), ("category", &category)]);
        let key = key.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
        parts.push(FigurePart { key, value: found, rows });
        json!({"unit": unit, "category": category, "found": found, "repeat": found - 1})
    });
    let list: Vec<Value> = list.collect();
    let mut rows: Vec<usize> = parts.iter().flat_map(|part| part.rows.iter()).collect();
    rows.sort_unstable();
    rows.dedup();
    context.note_parts("repeats", &query, &json!(list.len()), &rows, parts);
    Ok(list.into())
}

/// What can't be told where small counts are hidden: it would give them away.
pub(super) fn hidden(function: &str, lang: Lang) -> CallError {
    let zh = format!("隐去小数的公开版里不能用 {function}：会泄露隐去的数");
    let en = format!("{function} has no place in a public edition that hides small counts: it would tell them");
    CallError::new(lang, zh, en).with_help(
        lang,
        "先用 {% if not small_counts %} 判断",
        "ask {% if not small_counts %} first",
    )
}

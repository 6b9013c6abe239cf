//! The functions of templates: the only way to a figure. Each call is recorded with its rows.

use indexmap::IndexSet;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::dataset::Record;
use crate::dataset::issues::ListedIssue;
use crate::dataset::ledger::Ledger;
use crate::dataset::record::texts;
use crate::model::key::Key;
use crate::model::value::UNSTATED;
use crate::query::call_error::CallError;
use crate::query::compare::Comparand;
use crate::query::context::{Query, QueryContext};
use crate::query::record_list::RecordList;
use crate::query::{chart, corrections, matrix, photos, rank, series};
use crate::tally::Group;
use crate::tally::counts::rate;
use crate::words::symbol::Symbol;

/// Every function, in the order of help texts.
pub(crate) const FUNCTIONS: [&str; 17] = [
    "count",
    "rate",
    "distinct",
    "sum",
    "values",
    "issues",
    "records",
    "tally",
    "rank",
    "series",
    "repeats",
    "table",
    "chart",
    "ledger",
    "photos",
    "photo_pairs",
    "corrections",
];

/// The result of a function.
pub(crate) enum Output {
    /// Data, escaped where it is printed.
    Data(Value),
    /// Records of a list, by their indexes: each is asked for when it is needed ([`QueryContext::record`]).
    Records(RecordList, Vec<usize>),
    /// Markdown with escaped cells.
    Markup(String),
}

/// Calls a function by its name.
pub(crate) fn call(context: &QueryContext, function: &'static str, arguments: Record) -> Result<Output, CallError> {
    let value = match function {
        "count" => count(context, arguments)?,
        "rate" => share(context, arguments)?,
        "distinct" => distinct(context, arguments)?,
        "sum" => sum(context, arguments)?,
        "values" => values(context, arguments)?,
        "issues" => return records(context, "issues", arguments),
        "records" => return records(context, "records", arguments),
        "tally" => tally(context, arguments)?,
        "rank" => rank::rank(context, arguments)?,
        "series" => series::series(context, arguments)?,
        "repeats" => series::repeats(context, arguments)?,
        "chart" => return chart::chart(context, arguments).map(Output::Markup),
        "photos" => photos::photos(context, arguments)?,
        "corrections" => corrections::corrections(context, arguments)?,
        "photo_pairs" => return photos::pairs(context, arguments).map(Output::Markup),
        "ledger" => return ledger(context, arguments).map(Output::Markup),
        _ => return matrix::table(context, arguments).map(Output::Markup),
    };
    Ok(Output::Data(value))
}

/// `count(KEY=VALUE…)`
fn count(context: &QueryContext, arguments: Record) -> Result<Value, CallError> {
    number("count", context, arguments, &|context, arguments| {
        let query = context.query(arguments)?;
        let rows = context.select(&query)?;
        let value = context.count(&query, &[], None, rows.len() as u64)?;
        Ok((query, value, rows))
    })
}

/// What a function counts: its query, the number, and the rows.
type Number = (Query, Value, Vec<usize>);

/// A number, recorded; with `against` beside that of the earlier side.
fn number(
    function: &'static str,
    context: &QueryContext,
    mut arguments: Record,
    counted: &dyn Fn(&QueryContext, Record) -> Result<Number, CallError>,
) -> Result<Value, CallError> {
    let against = context.take_against(&mut arguments)?;
    let (query, value, rows) = counted(context, arguments.clone())?;
    let id = context.note(function, &query, &value, &rows);
    let Some(comparand) = against else { return Ok(value) };
    let (then, before, before_rows) = counted(&comparand.context, arguments)?;
    let before = (&then, &before, before_rows.as_slice());
    Ok(context.compared_count(&comparand, function, (&query, &value, id), before))
}

/// `rate(of={KEY: VALUE…}, KEY=VALUE…)`: the share of the rows selected that are also `of`.
fn share(context: &QueryContext, mut arguments: Record) -> Result<Value, CallError> {
    let against = context.take_against(&mut arguments)?;
    let now = Share::of(context, arguments.clone())?;
    if now.whole.is_empty() && against.is_none() && !context.is_dry_run {
        let zh = "没有记录，算不出占比；先用 {% if count(…) %} 判断";
        let en = "there is no share of no rows; ask {% if count(…) %} first";
        return Err(CallError::new(context.messages, zh, en));
    }
    let value = context.rate((&now.narrower, &[]), (&now.query, &[]), json!(rate(now.part, now.whole.len() as u64)))?;
    let id = context.note("rate", &now.query, &value, &now.whole);
    let Some(comparand) = against else { return Ok(value) };
    let then = Share::of(&comparand.context, arguments)?;
    let parts = |share: &Share| (share.part, share.whole.len() as u64);
    Ok(context.compared_rate(&comparand, (id, parts(&now)), (&then.query, &then.whole, parts(&then))))
}

/// A share before it is divided.
struct Share {
    query: Query,
    whole: Vec<usize>,
    narrower: Query,
    part: u64,
}

impl Share {
    fn of(context: &QueryContext, mut arguments: Record) -> Result<Self, CallError> {
        let Some(Value::Object(of)) = arguments.shift_remove("of") else {
            let zh = "rate 要说明占比是谁的：rate(of={\"rectified\": true})";
            let en = "rate needs to know of what: rate(of={\"rectified\": true})";
            return Err(CallError::new(context.messages, zh, en));
        };
        let mut query = context.query(arguments.clone())?;
        let whole = context.select(&query)?;
        let mut narrower = arguments;
        let mut both = narrower.shift_remove("where").and_then(|value| value.as_object().cloned()).unwrap_or_default();
        both.extend(of.clone());
        narrower.insert("where".to_owned(), both.into());
        let narrower = context.query(narrower)?;
        let part = context.select(&narrower)?.len() as u64;
        query.selection.insert("of".to_owned(), of.into());
        Ok(Self { query, whole, narrower, part })
    }
}

/// `distinct(of=KEY, …)`: how many different values there are.
fn distinct(context: &QueryContext, arguments: Record) -> Result<Value, CallError> {
    number("distinct", context, arguments, &|context, mut arguments| {
        let key = named(context, "distinct", &mut arguments)?;
        let (mut query, rows, mut values) = different(context, &key, arguments)?;
        // What is not stated is no category of its own.
        values.retain(|value| value != UNSTATED);
        query.selection.insert("of".to_owned(), key.into());
        Ok((query, json!(values.len()), rows))
    })
}

/// `values(of=KEY, …)`: the different values, in the vocabulary's order or that of the logs.
fn values(context: &QueryContext, mut arguments: Record) -> Result<Value, CallError> {
    let key = named(context, "values", &mut arguments)?;
    let (mut query, rows, mut values) = different(context, &key, arguments)?;
    values.sort_by_key(|value| context.rank(query.of, &key, value));
    query.selection.insert("of".to_owned(), key.into());
    context.note("values", &query, &json!(values.len()), &rows);
    Ok(json!(values))
}

type DistinctValues = (Query, Vec<usize>, Vec<String>);

fn different(context: &QueryContext, key: &str, arguments: Record) -> Result<DistinctValues, CallError> {
    let query = context.query(arguments)?;
    context.key(query.of, key)?;
    let rows = context.select(&query)?;
    let mut values: Vec<String> = if let (RecordList::Issues, Ok(key)) = (query.of, key.parse::<Key>()) {
        let seen: IndexSet<Symbol> = rows.iter().flat_map(|index| context.issue_values(*index, key)).collect();
        seen.into_iter().map(|value| value.to_string()).collect()
    } else {
        let seen: IndexSet<String> = rows.iter().flat_map(|index| context.values(query.of, *index, key)).collect();
        seen.into_iter().collect()
    };
    values.retain(|value| !value.is_empty());
    context.note_values(&query, values.len() as u64);
    Ok((query, rows, values))
}

/// `sum(of=KEY, …)`: the sum of a number.
fn sum(context: &QueryContext, arguments: Record) -> Result<Value, CallError> {
    number("sum", context, arguments, &|context, mut arguments| {
        let key = named(context, "sum", &mut arguments)?;
        let mut query = context.query(arguments)?;
        context.key(query.of, &key)?;
        let rows = context.select(&query)?;
        let mut total: u64 = 0;
        for index in &rows {
            for text in context.values(query.of, *index, &key) {
                let number: u64 = text.parse().map_err(|_| {
                    let (zh, en) = (format!("`{key}` 不是数：{text}"), format!("`{key}` is no number: {text}"));
                    CallError::new(context.messages, zh, en)
                })?;
                total = total.saturating_add(number);
            }
        }
        let value = context.count(&query, &[], Some(&key), total)?;
        query.selection.insert("of".to_owned(), key.into());
        Ok((query, value, rows))
    })
}

/// `issues(…)`, `records(of="measures", …)`: the records themselves.
fn records(context: &QueryContext, function: &'static str, mut arguments: Record) -> Result<Output, CallError> {
    if let Some(of) = arguments.shift_remove("of") {
        arguments.insert("records".to_owned(), of);
    }
    let query = context.query(arguments)?;
    let rows = context.select(&query)?;
    if let Some(policy) = context.policy_of(query.of) {
        policy.list(query.of.name(), &rows);
    }
    context.note(function, &query, &json!(rows.len()), &rows);
    Ok(Output::Records(query.of, rows))
}

/// `ledger(paper=[KEY…], …)`: the issues as a table that is read as a log again. It lists them, and is recorded so.
fn ledger(context: &QueryContext, mut arguments: Record) -> Result<String, CallError> {
    let on_paper = arguments.shift_remove("paper").map(|keys| texts(&keys));
    for key in on_paper.iter().flatten() {
        context.key(RecordList::Issues, key)?;
    }
    let query = context.only_issues("ledger", arguments)?;
    let rows = context.select(&query)?;
    if let Some(policy) = context.policy_of(query.of) {
        policy.list(query.of.name(), &rows);
    }
    context.note("issues", &query, &json!(rows.len()), &rows);
    let (records, project) = (&context.data.records, &context.project);
    let (as_of, lang, caption) =
        (&context.as_of, context.data.lang, &|issue: ListedIssue<'_>, stage| context.caption(issue, stage));
    Ok(Ledger { records, project, as_of, lang, on_paper, caption }.table(&rows))
}

/// `tally(by=KEY | "KEY,KEY" | [KEY…], …)`: groups with their counts.
fn tally(context: &QueryContext, mut arguments: Record) -> Result<Value, CallError> {
    let against = context.take_against(&mut arguments)?;
    let by = match arguments.shift_remove("by") {
        Some(Value::String(text)) => text.split(',').map(|key| key.trim().to_owned()).collect(),
        Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    let keys = by.iter().map(|name| context.issue_key(name)).collect::<Result<Vec<Key>, _>>()?;
    let mut query = context.only_issues("tally", arguments.clone())?;
    let report = context.tally(&query, &keys)?;
    let rows = context.select(&query)?;
    query.selection.insert("by".to_owned(), by.clone().into());
    let id = context.note("tally", &query, &json!(report.groups.len()), &rows);
    let before =
        against.map(|comparand| earlier_groups(context, (id, &by, &keys), &comparand, arguments)).transpose()?;
    let groups = report.groups.iter().map(|group| {
        let Ok(Value::Object(mut map)) = serde_json::to_value(group) else { return Ok(Value::Null) };
        if keys.len() == 1 {
            map.insert("name".to_owned(), group.key.values().next().cloned().unwrap_or_default().into());
        }
        if context.policy().is_some() {
            hide_counts(context, &query, group, &mut map)?;
        }
        if let Some(before) = &before {
            map.insert(
                "before".to_owned(),
                before.get(&values_of(group)).cloned().unwrap_or_else(|| json!({"found": 0})),
            );
        }
        Ok(Value::Object(map))
    });
    groups.collect()
}

/// The values of the keys of a group.
fn values_of(group: &Group) -> Vec<String> {
    group.key.values().cloned().collect()
}

/// The counts of the groups of the earlier side, recorded as a figure that the tally with a number is compared with.
fn earlier_groups(
    context: &QueryContext,
    (id, by, keys): (usize, &[String], &[Key]),
    comparand: &Comparand,
    arguments: Record,
) -> Result<FxHashMap<Vec<String>, Value>, CallError> {
    let earlier = &comparand.context;
    let mut query = earlier.only_issues("tally", arguments)?;
    let report = earlier.tally(&query, keys)?;
    let rows = earlier.select(&query)?;
    query.selection.insert("by".to_owned(), by.into());
    let before = context.note("tally", &query, &json!(report.groups.len()), &rows);
    context.figures.compare(id, before);
    let groups = report.groups.iter().map(|group| {
        let mut counts = serde_json::to_value(&group.counts).unwrap_or_default();
        // What is due soon looks ahead from the day, and is not compared.
        if let Value::Object(counts) = &mut counts {
            counts.shift_remove("due_soon");
        }
        (values_of(group), counts)
    });
    Ok(groups.collect())
}

/// Shows the counts of a group as a public edition shows them.
fn hide_counts(context: &QueryContext, query: &Query, group: &Group, map: &mut Record) -> Result<(), CallError> {
    let own: Vec<(&str, &str)> = group.key.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let counts = &group.counts;
    map.insert("found".to_owned(), context.count(query, &own, None, counts.found)?);
    for (key, value) in [
        ("rectified", counts.rectified),
        ("open", counts.open),
        ("closed", counts.closed),
        ("overdue", counts.overdue),
        ("due_soon", counts.due_soon),
        ("late", counts.late),
    ] {
        let keys = [own.as_slice(), &[(key, "yes")]].concat();
        map.insert(key.to_owned(), context.count(query, &keys, None, value)?);
    }
    for (key, values) in [("disposition", &counts.disposition), ("source", &counts.source)] {
        let mut shown = Record::new();
        for (value, count) in values {
            let keys = [own.as_slice(), &[(key, value.as_str())]].concat();
            shown.insert(value.clone(), context.count(query, &keys, None, *count)?);
        }
        map.insert(key.to_owned(), shown.into());
    }
    map.insert("repeat".to_owned(), context.count(query, &own, Some("repeat"), counts.repeat)?);
    let rectified = [own.as_slice(), &[("rectified", "yes")]].concat();
    let rate = context.rate((query, &rectified), (query, &own), json!(counts.rectified_rate))?;
    map.insert("rectified_rate".to_owned(), rate);
    Ok(())
}

fn named(context: &QueryContext, function: &str, arguments: &mut Record) -> Result<String, CallError> {
    match arguments.shift_remove("of") {
        Some(Value::String(key)) => Ok(key),
        _ => Err(CallError::new(
            context.messages,
            format!("{function} 要写明 of=\"键\"，例如 {function}(of=\"unit\")"),
            format!("{function} needs of=\"KEY\", such as {function}(of=\"unit\")"),
        )),
    }
}

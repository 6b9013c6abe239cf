//! The functions of templates: the only way to a figure. Each call is written down with its rows.

use serde_json::{Value, json};

use crate::kind::book::{Book, Of, Query};
use crate::kind::complaint::Complaint;
use crate::kind::data::Record;
use crate::kind::matrix;
use crate::model::key::Key;
use crate::tally::counts::rate;
use crate::words::lang::Lang;

/// Every function, in the order of help texts.
pub(super) const FUNCTIONS: [&str; 9] =
    ["count", "rate", "distinct", "sum", "values", "issues", "records", "tally", "table"];

/// What a function gives to the template.
pub(super) enum Output {
    /// Data, to be escaped where it is printed.
    Data(Value),
    /// Markdown whose cells are escaped already.
    Markup(String),
}

/// Calls a function by its name.
pub(super) fn call(book: &Book, function: &'static str, arguments: Record) -> Result<Output, Complaint> {
    let value = match function {
        "count" => count(book, arguments)?,
        "rate" => share(book, arguments)?,
        "distinct" => distinct(book, arguments)?,
        "sum" => sum(book, arguments)?,
        "values" => values(book, arguments)?,
        "issues" => records(book, "issues", arguments)?,
        "records" => records(book, "records", arguments)?,
        "tally" => tally(book, arguments)?,
        _ => return matrix::table(book, arguments).map(Output::Markup),
    };
    Ok(Output::Data(value))
}

/// `count(KEY=VALUE…)`
fn count(book: &Book, arguments: Record) -> Result<Value, Complaint> {
    let query = book.query(arguments)?;
    let rows = book.select(&query)?;
    let value = json!(rows.len());
    book.note("count", &query, &value, &rows);
    Ok(value)
}

/// `rate(of={KEY: VALUE…}, KEY=VALUE…)`: the share of the rows selected that are also `of`.
fn share(book: &Book, mut arguments: Record) -> Result<Value, Complaint> {
    let lang = book.messages;
    let Some(Value::Object(of)) = arguments.shift_remove("of") else {
        let zh = "rate 要说明占比是谁的：rate(of={\"rectified\": true})";
        return Err(Complaint::new(lang, zh, "rate needs to know of what: rate(of={\"rectified\": true})"));
    };
    let mut query = book.query(arguments.clone())?;
    let whole = book.select(&query)?;
    let mut narrower = arguments;
    let mut both = narrower.shift_remove("where").and_then(|value| value.as_object().cloned()).unwrap_or_default();
    both.extend(of.clone());
    narrower.insert("where".to_owned(), both.into());
    let part = book.select(&book.query(narrower)?)?;
    query.selection.insert("of".to_owned(), of.into());
    if whole.is_empty() && !book.is_rehearsal {
        let zh = "没有记录，算不出占比；先用 {% if count(…) %} 判断";
        let en = "there is no share of no rows; ask {% if count(…) %} first";
        return Err(Complaint::new(lang, zh, en));
    }
    let value = json!(rate(part.len() as u64, whole.len() as u64));
    book.note("rate", &query, &value, &whole);
    Ok(value)
}

/// `distinct(of=KEY, …)`: how many different values there are.
fn distinct(book: &Book, mut arguments: Record) -> Result<Value, Complaint> {
    let key = named(book, "distinct", &mut arguments)?;
    let (mut query, rows, values) = different(book, &key, arguments)?;
    query.selection.insert("of".to_owned(), key.into());
    let value = json!(values.len());
    book.note("distinct", &query, &value, &rows);
    Ok(value)
}

/// `values(of=KEY, …)`: the different values, in the vocabulary's order or that of the logs.
fn values(book: &Book, mut arguments: Record) -> Result<Value, Complaint> {
    let key = named(book, "values", &mut arguments)?;
    let (mut query, rows, mut values) = different(book, &key, arguments)?;
    values.sort_by_key(|value| book.rank(query.of, &key, value));
    query.selection.insert("of".to_owned(), key.into());
    book.note("values", &query, &json!(values.len()), &rows);
    Ok(json!(values))
}

type Different = (Query, Vec<usize>, Vec<String>);

fn different(book: &Book, key: &str, arguments: Record) -> Result<Different, Complaint> {
    let query = book.query(arguments)?;
    book.key(query.of, key)?;
    let rows = book.select(&query)?;
    let mut seen = indexmap::IndexSet::new();
    for index in &rows {
        seen.extend(book.values(query.of, *index, key).into_iter().filter(|value| !value.is_empty()));
    }
    Ok((query, rows, seen.into_iter().collect()))
}

/// `sum(of=KEY, …)`: the sum of a number.
fn sum(book: &Book, mut arguments: Record) -> Result<Value, Complaint> {
    let key = named(book, "sum", &mut arguments)?;
    let mut query = book.query(arguments)?;
    book.key(query.of, &key)?;
    let rows = book.select(&query)?;
    let mut total: u64 = 0;
    for index in &rows {
        for text in book.values(query.of, *index, &key) {
            let number: u64 = text.parse().map_err(|_| {
                let (zh, en) = (format!("`{key}` 不是数：{text}"), format!("`{key}` is no number: {text}"));
                Complaint::new(book.messages, zh, en)
            })?;
            total = total.saturating_add(number);
        }
    }
    query.selection.insert("of".to_owned(), key.into());
    let value = json!(total);
    book.note("sum", &query, &value, &rows);
    Ok(value)
}

/// `issues(…)`, `records(of="measures", …)`: the records themselves.
fn records(book: &Book, function: &'static str, mut arguments: Record) -> Result<Value, Complaint> {
    if let Some(of) = arguments.shift_remove("of") {
        arguments.insert("records".to_owned(), of);
    }
    let query = book.query(arguments)?;
    let rows = book.select(&query)?;
    book.note(function, &query, &json!(rows.len()), &rows);
    Ok(rows.iter().map(|index| Value::Object(book.record(query.of, *index))).collect())
}

/// `tally(by=KEY | "KEY,KEY" | [KEY…], …)`: groups with their counts.
fn tally(book: &Book, mut arguments: Record) -> Result<Value, Complaint> {
    let by = match arguments.shift_remove("by") {
        Some(Value::String(text)) => text.split(',').map(|key| key.trim().to_owned()).collect(),
        Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    let keys = by.iter().map(|name| key(book, name)).collect::<Result<Vec<Key>, _>>()?;
    let mut query = only_issues(book, "tally", arguments)?;
    let report = book.tally(&query, &keys)?;
    let rows = book.select(&query)?;
    query.selection.insert("by".to_owned(), by.into());
    book.note("tally", &query, &json!(report.groups.len()), &rows);
    let groups = report.groups.iter().map(|group| {
        let mut value = serde_json::to_value(group).unwrap_or_default();
        if let ([_], Value::Object(map)) = (keys.as_slice(), &mut value) {
            map.insert("name".to_owned(), group.key.values().next().cloned().unwrap_or_default().into());
        }
        value
    });
    Ok(groups.collect())
}

/// The query of a function that counts issues only.
pub(super) fn only_issues(book: &Book, function: &str, arguments: Record) -> Result<Query, Complaint> {
    let query = book.query(arguments)?;
    if query.of == Of::Issues {
        return Ok(query);
    }
    let (zh, en) = (format!("{function} 只统计问题"), format!("{function} counts issues only"));
    Err(Complaint::new(book.messages, zh, en))
}

/// A key to group issues by.
pub(super) fn key(book: &Book, name: &str) -> Result<Key, Complaint> {
    let known: Vec<&str> = Key::all().map(|(name, _)| name).collect();
    name.parse().map_err(|_| Complaint::unknown(book.messages, ("键", "key"), name, &known))
}

fn named(book: &Book, function: &str, arguments: &mut Record) -> Result<String, Complaint> {
    match arguments.shift_remove("of") {
        Some(Value::String(key)) => Ok(key),
        _ => Err(Complaint::new(
            book.messages,
            format!("{function} 要写明 of=\"键\"，例如 {function}(of=\"unit\")"),
            format!("{function} needs of=\"KEY\", such as {function}(of=\"unit\")"),
        )),
    }
}

/// The word for a value that the logs leave blank.
pub(super) fn blank(lang: Lang) -> &'static str {
    lang.pick("（未填）", "(blank)")
}

//! What the rows give today: the value of a figure, counted again as it was, and the selections that give a number.

use indexmap::IndexSet;
use serde_json::{Value, json};

use crate::dataset::figure::Figure;
use crate::dataset::{Edition, FigureSheet, Record};
use crate::document::source::FigureId;
use crate::query::{FUNCTIONS, QueryContext, call};

/// How many selections are proposed for a number.
const MOST_CANDIDATES: usize = 5;
/// The states an issue may be in.
const STATES: [&str; 5] = ["rectified", "open", "overdue", "closed", "late"];
/// The keys by which offices count.
const KEYS: [&str; 6] = ["disposition", "category", "unit", "source", "region", "team"];

/// Why figures are not counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCounted {
    /// A public edition may have hidden or masked rows.
    Public,
    /// A letter speaks of the issues it was written for.
    Letter,
    /// The logs were not read.
    NoRows,
}

/// Counts a figure again; nothing for one that depends on more than the rows.
pub(crate) fn again(context: &QueryContext, figure: &Figure, is_dispatched: bool) -> Option<Figure> {
    let scope = &figure.scope;
    // What a dispatched document spoke of counts as reported now, by that document itself.
    let is_of_register = is_dispatched && figure.selection.keys().any(|key| key.trim_end_matches('!') == "reported")
        || figure.selection.get("records").is_some_and(|records| records == "documents");
    if scope.against.is_some() || scope.earlier_logs || figure.against.is_some() || is_of_register {
        return None;
    }
    let function = FUNCTIONS.into_iter().find(|function| *function == figure.function)?;
    let (mut arguments, mut not) = (Record::new(), Record::new());
    for (key, value) in &figure.selection {
        match key.strip_suffix('!') {
            Some(key) => not.insert(key.to_owned(), value.clone()),
            None => arguments.insert(key.clone(), value.clone()),
        };
    }
    if !not.is_empty() {
        arguments.insert("not".to_owned(), not.into());
    }
    match (&scope.from, &scope.to) {
        (None, None) => {
            arguments.insert("period".to_owned(), "all".into());
        }
        (from, to) => {
            for (key, day) in [("from", from), ("to", to)] {
                if let Some(day) = day {
                    arguments.insert(key.to_owned(), day.as_str().into());
                }
            }
        }
    }
    if let Some(unit) = &scope.unit {
        arguments.entry("unit").or_insert_with(|| unit.as_str().into());
    }
    let before = context.figures().len();
    call(context, function, arguments).ok()?;
    let counted = context.figures();
    let same = |other: &&Figure| {
        (&other.function, &other.selection) == (&figure.function, &figure.selection)
            && other.scope.from == figure.scope.from
            && other.scope.to == figure.scope.to
    };
    let fresh = counted.get(before..).unwrap_or_default().iter().rev().find(same);
    fresh.or_else(|| counted.iter().rev().find(same)).cloned()
}

/// The value of a figure or of its part.
pub(crate) fn value_of(figure: &Figure, part: usize) -> Option<Value> {
    match part.checked_sub(1) {
        None => Some(figure.value.clone()),
        Some(index) => figure.parts.get(index).map(|part| json!(part.value)),
    }
}

/// The value of a figure's part in a figure that was counted again: a part that has no rows any more is 0.
pub(crate) fn value_again(traced: &Figure, now: &Figure, id: FigureId) -> Option<Value> {
    match id.part.checked_sub(1) {
        None => Some(now.value.clone()),
        Some(index) => {
            let key = &traced.parts.get(index)?.key;
            Some(json!(now.parts.iter().find(|part| part.key == *key).map_or(0, |part| part.value)))
        }
    }
}

/// Why the figures of a sheet are not counted again, if they are not.
pub(crate) fn not_counted(sheet: &FigureSheet, is_letter: bool, has_rows: bool) -> Option<NotCounted> {
    if !has_rows {
        Some(NotCounted::NoRows)
    } else if sheet.head.edition == Edition::Public {
        Some(NotCounted::Public)
    } else {
        is_letter.then_some(NotCounted::Letter)
    }
}

/// Every count by a state, a value, or both, each with what it selects.
pub(crate) fn all_counts(context: &QueryContext) -> Vec<(Record, u64)> {
    let mut selections: IndexSet<Vec<(String, Value)>> = IndexSet::new();
    selections.insert(Vec::new());
    let states: Vec<(String, Value)> = STATES.iter().map(|state| ((*state).to_owned(), json!(true))).collect();
    selections.extend(states.iter().map(|state| vec![state.clone()]));
    for key in KEYS {
        let arguments = Record::from_iter([("of".to_owned(), json!(key)), ("period".to_owned(), json!("all"))]);
        let Ok(crate::query::Output::Data(Value::Array(values))) = call(context, "values", arguments) else { continue };
        for value in values.into_iter().take(200) {
            let own = (key.to_owned(), value);
            selections.insert(vec![own.clone()]);
            selections.extend(states.iter().map(|state| vec![own.clone(), state.clone()]));
        }
    }
    let count = |selection: Vec<(String, Value)>| {
        let selection = Record::from_iter(selection);
        let mut arguments = selection.clone();
        arguments.insert("period".to_owned(), json!("all"));
        match call(context, "count", arguments).ok()? {
            crate::query::Output::Data(value) => Some((selection, value.as_u64()?)),
            _ => None,
        }
    };
    let mut counts: Vec<(Record, u64)> = selections.into_iter().filter_map(count).collect();
    // What says less is likelier meant.
    counts.sort_by_key(|(selection, _)| selection.len());
    counts
}

/// The selections that give a number.
pub(crate) fn candidates(counts: &[(Record, u64)], value: u64) -> Vec<Record> {
    let fitting = counts.iter().filter(|(_, count)| *count == value);
    fitting.take(MOST_CANDIDATES).map(|(selection, _)| selection.clone()).collect()
}

//! The values of figures, and the selections that give a number.

use indexmap::IndexSet;
use serde_json::{Value, json};

use crate::dataset::{Figure, Record};
use crate::document::source::FigureId;
use crate::query::{QueryContext, call};

/// How many selections are proposed for a number.
const MOST_CANDIDATES: usize = 5;
/// The states an issue may be in.
const STATES: [&str; 5] = ["rectified", "open", "overdue", "closed", "late"];
/// The keys by which offices count.
const KEYS: [&str; 6] = ["disposition", "category", "unit", "source", "region", "team"];

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

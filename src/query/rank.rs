//! `rank(by="unit", of="rectified_rate")`: the values of a key in the order of a measure, each with its place.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::dataset::figure::FigurePart;
use crate::dataset::{Record, RowSet};
use crate::model::key::Key;
use crate::project::rankings::ListColour;
use crate::query::call_error::CallError;
use crate::query::compare::SMALL;
use crate::query::context::{Query, QueryContext};
use crate::query::matrix::{cells_of, only};
use crate::query::series::hidden;
use crate::tally::Group;
use crate::tally::counts::Counts;
use crate::words::symbol::Symbol;

/// What values are ranked by.
const MEASURES: [&str; 8] = ["found", "rectified_rate", "rectified", "open", "closed", "overdue", "late", "repeat"];
const RATE: &str = "rectified_rate";

/// A value of the key with what it is ranked by.
struct Ranked {
    name: String,
    counts: Counts,
    /// What it is ranked by, as a fraction; nothing if it has no rank.
    measure: Option<(u64, u64)>,
    place: Option<usize>,
    is_tied: bool,
}

/// `rank(by=KEY, of=MEASURE, order="high" | "low", list="red" | "black", …)`: those that are equal share a place, and the next
/// has the place that it would have without ties. Of a rate with fewer than five issues there is no rank: those come last.
pub(super) fn rank(context: &QueryContext, mut arguments: Record) -> Result<Value, CallError> {
    let lang = context.messages;
    let against = context.take_against(&mut arguments)?;
    let mut word = |name: &str, usual: &str, known: &[&str]| -> Result<String, CallError> {
        let text = arguments.shift_remove(name).and_then(|value| value.as_str().map(str::to_owned));
        let text = text.unwrap_or_else(|| usual.to_owned());
        if known.is_empty() || known.contains(&text.as_str()) {
            return Ok(text);
        }
        Err(CallError::unknown(lang, ("选择", "choice"), &text, known))
    };
    let by = word("by", "unit", &[])?;
    let (of, order) = (word("of", "found", &MEASURES)?, word("order", "high", &["high", "low"])?);
    let wanted = word("list", "", &["", "red", "black"])?;
    let key = context.issue_key(&by)?;
    let mut query = context.only_issues("rank", arguments.clone())?;
    if context.policy_of(query.of).is_some() {
        return Err(hidden("rank", lang));
    }
    let ranked = ranked(context, &query, key, &of, &order)?;
    let selected = context.select(&query)?;
    for (name, value) in [("by", &by), ("of", &of), ("order", &order)] {
        query.selection.insert(name.to_owned(), value.as_str().into());
    }
    let id = note(context, context, &query, &ranked, (key, &of), &selected);
    let before = match &against {
        None => FxHashMap::default(),
        Some(comparand) => {
            let earlier = &comparand.context;
            let mut then = earlier.only_issues("rank", arguments)?;
            let before = self::ranked(earlier, &then, key, &of, &order)?;
            let rows = earlier.select(&then)?;
            then.selection.extend(query.selection.iter().map(|(key, value)| (key.clone(), value.clone())));
            // The figure has the rows of the earlier side.
            let before_id = note(context, earlier, &then, &before, (key, &of), &rows);
            context.figures.compare(id, before_id);
            before.into_iter().map(|one| (one.name.clone(), one)).collect()
        }
    };
    let project = &context.project;
    let list = ranked.iter().map(|one| {
        let mut map = Record::new();
        map.insert("name".to_owned(), one.name.clone().into());
        map.insert("found".to_owned(), one.counts.found.into());
        map.insert("value".to_owned(), value(&one.counts, &of));
        map.insert("is_small".to_owned(), (one.counts.found < SMALL).into());
        map.insert("tied".to_owned(), one.is_tied.into());
        map.insert(
            "list".to_owned(),
            project.rankings.list_of(|of| measure(&one.counts, of)).map_or("", ListColour::key).into(),
        );
        if let Some(place) = one.place {
            map.insert("place".to_owned(), place.into());
        }
        if let Some(before) = before.get(&one.name) {
            map.insert("before".to_owned(), value(&before.counts, &of));
            if let (Some(place), Some(earlier)) = (one.place, before.place) {
                map.insert("before_place".to_owned(), earlier.into());
                let moved = i64::try_from(earlier).unwrap_or_default() - i64::try_from(place).unwrap_or_default();
                map.insert("moved".to_owned(), moved.into());
            }
        }
        map
    });
    let is_wanted = |map: &Record| wanted.is_empty() || map.get("list").and_then(Value::as_str) == Some(&wanted);
    Ok(list.filter(is_wanted).map(Value::Object).collect())
}

/// The values of the key in their order.
fn ranked(context: &QueryContext, query: &Query, key: Key, of: &str, order: &str) -> Result<Vec<Ranked>, CallError> {
    let report = context.tally(query, &[key])?;
    let groups = report.groups.into_iter().filter(|group| group.counts.found > 0 && !only(&group.key).is_empty());
    let mut list: Vec<Ranked> = groups
        .map(|group: Group| {
            let measure = measure(&group.counts, of);
            Ranked { name: only(&group.key).to_owned(), counts: group.counts, measure, place: None, is_tied: false }
        })
        .collect();
    // Equal ones stay in the order of the vocabulary.
    list.sort_by(|one, other| match (one.measure, other.measure) {
        (Some(one), Some(other)) if order == "low" => compared(one, other),
        (Some(one), Some(other)) => compared(other, one),
        (one, other) => other.is_some().cmp(&one.is_some()),
    });
    let measures: Vec<Option<(u64, u64)>> = list.iter().map(|one| one.measure).collect();
    for one in &mut list {
        let Some(own) = one.measure else { continue };
        let is_same = |other: &&Option<(u64, u64)>| other.is_some_and(|other| compared(other, own) == Ordering::Equal);
        one.place = measures.iter().position(|other| is_same(&other)).map(|at| at + 1);
        one.is_tied = measures.iter().filter(is_same).count() > 1;
    }
    Ok(list)
}

/// Compares two fractions exactly.
fn compared((part, whole): (u64, u64), (other_part, other_whole): (u64, u64)) -> Ordering {
    (u128::from(part) * u128::from(other_whole)).cmp(&(u128::from(other_part) * u128::from(whole)))
}

fn measure(counts: &Counts, of: &str) -> Option<(u64, u64)> {
    if of == RATE {
        return (counts.found >= SMALL).then_some((counts.rectified, counts.found));
    }
    count(counts, of).map(|count| (count, 1))
}

fn count(counts: &Counts, of: &str) -> Option<u64> {
    counts.numbers().iter().find(|(name, _)| *name == of).and_then(|(_, count)| *count)
}

/// What a value is ranked by, as templates get it.
fn value(counts: &Counts, of: &str) -> Value {
    if of == RATE { json!(counts.rectified_rate) } else { json!(count(counts, of)) }
}

/// Records a ranking that was counted on one side of a document.
fn note(
    context: &QueryContext,
    side: &QueryContext,
    query: &Query,
    ranked: &[Ranked],
    (key, of): (Key, &str),
    selected: &[usize],
) -> usize {
    let cells = cells_of(side, selected, key, None);
    let states = side.states();
    let parts = ranked.iter().map(|one| {
        let all = cells.get(&(Some(Symbol::new(&one.name)), None)).cloned().unwrap_or_default();
        let rows: RowSet = match of.parse() {
            Ok(Key::Is(state)) => {
                all.iter().filter(|row| states.get(*row).is_some_and(|known| state.holds(*known))).collect()
            }
            _ => all,
        };
        let place = one.place.map(|place| ("place".to_owned(), place.to_string()));
        let key = std::iter::once((key.to_string(), one.name.clone())).chain(place).collect();
        FigurePart { key, value: rows.len() as u64, rows }
    });
    let list: Vec<Value> = ranked.iter().map(|one| value(&one.counts, of)).collect();
    context.note_parts("rank", query, &json!(list), selected, parts.collect())
}

//! JSON Schemas of the input (logs, `duban.yaml`) and of the JSON output (`tally`, `check`).

mod config;
mod fields;

use serde_json::{Map, Value, json};

use crate::fault::Code;
use crate::log::SECTIONS;
use crate::model::declared::TALLIED;
use crate::model::field::{FIELDS, FieldInfo, FieldKind, REQUIRED};
use crate::model::value::{DISPOSITIONS, MEASURE_TYPES, SOURCES, STATUSES};

pub use config::config;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the schema of `tally --format json`.
///
/// # Errors
/// As [`config()`].
pub fn tally() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("schema/tally.json"))
}

/// Returns the schema of YAML and JSON logs, generated from the table of fields.
#[must_use]
pub fn log() -> Value {
    let record = |wanted: fn(&FieldInfo) -> bool| {
        let mut properties = Map::new();
        for info in FIELDS.iter().filter(|info| wanted(info)) {
            let property = property(info);
            for name in [info.key, info.zh].iter().chain(info.synonyms.iter().filter(|name| !name.is_ascii())) {
                properties.entry(*name).or_insert_with(|| property.clone());
            }
        }
        json!({ "type": "object", "properties": properties })
    };
    let issue = record(|info| info.of.issue);
    let mut defaults = issue["properties"].as_object().cloned().unwrap_or_default();
    let mut inspection = record(|info| info.of.inspection);
    for name in names_of("issues") {
        inspection["properties"][name] = json!({ "$ref": "#/$defs/issues" });
    }
    let required: Vec<&str> = REQUIRED.iter().map(|field| field.key()).collect();
    let count = json!({ "type": "integer", "minimum": 0 });
    let by_value = json!({ "type": "object", "additionalProperties": count });
    let mut counts = Map::new();
    counts.insert("found".to_owned(), count.clone());
    counts.insert("as_of".to_owned(), json!({
        "description": "The day for which rectified, open, overdue … are declared; else they are held against the day of the run",
        "type": "string"
    }));
    for name in TALLIED.iter().flat_map(|(name, others)| [name].into_iter().chain(others.iter())) {
        counts.insert((*name).to_owned(), json!({ "anyOf": [count, by_value] }));
    }
    let totals = json!({
        "description": "Declared counts, which must match the rows",
        "type": "object",
        "properties": counts,
        "additionalProperties": by_value
    });
    for (key, value) in [
        ("issues", json!({ "$ref": "#/$defs/issues" })),
        ("inspections", json!({ "type": "array", "items": { "$ref": "#/$defs/inspection" } })),
        ("measures", json!({ "type": "array", "items": { "$ref": "#/$defs/measure" } })),
        ("totals", totals),
    ] {
        defaults.extend(names_of(key).map(|name| (name.to_owned(), value.clone())));
    }
    json!({
        "$schema": DIALECT,
        "title": "duban issue log",
        "description": format!(
            "A list of issues, or a mapping with issues, inspections, measures, totals and file-wide defaults. \
             An issue needs {}, under any of their names, in the issue itself or as a default.",
            required.join(", ")
        ),
        "oneOf": [{ "$ref": "#/$defs/issues" }, { "type": "object", "properties": defaults }],
        "$defs": {
            "issues": { "type": "array", "items": { "$ref": "#/$defs/issue" } },
            "issue": issue,
            "inspection": inspection,
            "measure": record(|info| info.of.measure),
        }
    })
}

/// Returns all names of a section of a log.
fn names_of(section: &str) -> impl Iterator<Item = &'static str> {
    let of = SECTIONS.into_iter().filter(move |(name, _)| *name == section);
    of.flat_map(|(name, others)| [name].into_iter().chain(others.iter().copied()))
}

fn property(info: &FieldInfo) -> Value {
    let description = format!("{} · {}", info.zh, info.en);
    let values = match info.key {
        "disposition" => Some(DISPOSITIONS),
        "status" => Some(STATUSES),
        "source" => Some(SOURCES),
        "type" => Some(MEASURE_TYPES),
        _ => None,
    };
    let text = json!({ "type": ["string", "number", "boolean", "null"] });
    let mut property = match info.kind {
        FieldKind::Number => json!({ "type": ["integer", "string", "null"] }),
        FieldKind::Values => json!({ "anyOf": [text, { "type": "array", "items": text }] }),
        _ => text,
    };
    property["description"] = description.into();
    if let Some(values) = values {
        // Examples, not an enum: a project may add its own values and spellings.
        property["examples"] = values.iter().flat_map(|value| [value.key, value.zh]).collect();
    }
    property
}

/// Returns the schema of `check --format json`, with the codes of the table.
///
/// # Errors
/// As [`config()`].
pub fn check() -> serde_json::Result<Value> {
    let mut schema: Value = serde_json::from_str(include_str!("schema/check.json"))?;
    let codes: Vec<String> = Code::all().map(|code| code.to_string()).collect();
    schema["properties"]["diagnostics"]["items"]["properties"]["code"]["enum"] = codes.into();
    Ok(schema)
}

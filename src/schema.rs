//! JSON Schemas of the input (logs, `duban.yaml`, edits) and of the JSON output (`tally`, `check`, `proof`, `drift`).

mod config;
mod fields;
mod log;

use serde_json::Value;

use crate::fault::Code;

pub use config::config;
pub use log::log;

/// Returns the schema of `tally --format json`.
///
/// # Errors
/// As [`config()`].
pub fn tally() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("schema/tally.json"))
}

/// Returns the schema of `proof --format json`.
///
/// # Errors
/// As [`config()`].
pub fn proof() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("schema/proof.json"))
}

/// Returns the schema of `drift --format json`.
///
/// # Errors
/// As [`config()`].
pub fn drift() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("schema/drift.json"))
}

/// Returns the schema of the edits that `mend --edits` reads.
///
/// # Errors
/// As [`config()`].
pub fn edits() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("schema/edits.json"))
}

/// Returns the schema of `check --format json`, with the codes of duban and the form of own ones.
///
/// # Errors
/// As [`config()`].
pub fn check() -> serde_json::Result<Value> {
    let mut schema: Value = serde_json::from_str(include_str!("schema/check.json"))?;
    let codes: Vec<String> = Code::built_in().map(|code| code.to_string()).collect();
    schema["properties"]["diagnostics"]["items"]["properties"]["code"] = serde_json::json!({ "type": "string", "anyOf": [{ "enum": codes }, { "type": "string", "pattern": "^X[0-9]{3}$" }] });
    Ok(schema)
}

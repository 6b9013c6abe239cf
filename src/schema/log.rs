//! The schema of YAML and JSON logs: it tells what `check` tells of keys, values and what is missing, in the words of a project.

use serde_json::{Map, Value, json};

use super::fields::{alternatives, exactly};
use crate::fault::Code;
use crate::log::{DITTO, FILLERS, SECTIONS};
use crate::model::declared::TALLIED;
use crate::model::field::{FIELDS, Field, FieldInfo, FieldKind, MAY_BE_UNSTATED, PHOTOS, REQUIRED, WEAK};
use crate::project::Project;
use crate::words::lang::Lang;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A key that no field has is kept under `extra`, and told by this code.
const UNKNOWN_COLUMN: Code = Code::known("L105");

/// Returns the schema of the logs of a project: its units, categories and other values, its columns, and what its config
/// fills in. `Project::default()` is that of logs without a project.
#[must_use]
pub fn log(project: &Project) -> Value {
    let issue = record(project, |info| info.of.issue, &[]);
    let sections: Vec<&str> =
        SECTIONS.iter().flat_map(|(name, others)| [name].into_iter().chain(others.iter())).copied().collect();
    let lists: Vec<&str> = names_of("issues").collect();
    let mut inspection = record(project, |info| info.of.inspection, &lists);
    let mut file = record(project, |info| info.of.issue, &sections);
    // What the issues of an inspection take from it, and those of a file from the file.
    let of_inspection = |field: Field| match field {
        Field::FoundOn => Some(Field::Date),
        Field::Team | Field::Unit | Field::Region | Field::Tags => Some(field),
        _ => None,
    };
    let needed: Vec<Field> = REQUIRED.into_iter().filter(|field| !MAY_BE_UNSTATED.contains(field)).collect();
    let needed: Vec<Field> =
        needed.into_iter().filter(|field| !project.defaults.iter().any(|(default, _)| default == field)).collect();
    for name in names_of("issues") {
        inspection["properties"][name] = json!({ "$ref": "#/$defs/issues" });
    }
    for (key, value) in [
        ("issues", json!({ "$ref": "#/$defs/issues" })),
        ("inspections", list("#/$defs/inspection")),
        ("measures", list("#/$defs/measure")),
        ("totals", totals(project)),
    ] {
        for name in names_of(key) {
            file["properties"][name] = value.clone();
        }
    }
    // A mapping without a list is one issue.
    let has_list: Vec<Value> = sections.iter().map(|name| json!({ "required": [name] })).collect();
    let one = needed.iter().map(|field| present(&[*field], project, &[]));
    let mut rules = vec![json!({ "if": { "anyOf": has_list }, "else": { "allOf": one.collect::<Vec<_>>() } })];
    for field in &needed {
        let in_file = present(&[*field], project, &sections);
        let lacking = present(&[*field], project, &[]);
        let issues = json!({ "items": { "type": "object", "allOf": [lacking] } });
        let nested = properties(&lists, &issues);
        let inspections = match of_inspection(*field) {
            None => json!({ "items": nested }),
            Some(field) => json!({ "items": { "if": { "not": present(&[field], project, &lists) }, "then": nested } }),
        };
        let mut then = properties(&lists, &issues);
        for name in names_of("inspections") {
            then["properties"][name] = inspections.clone();
        }
        rules.push(json!({ "if": { "not": in_file }, "then": then }));
    }
    file["allOf"] = rules.into();
    let in_list: Vec<Value> = needed.iter().map(|field| present(&[*field], project, &[])).collect();
    json!({
        "$schema": DIALECT,
        "title": "duban issue log",
        "description": "督查问题台账：问题的列表，或含 问题、检查、处置、合计 的映射，其余的键对整个文件有效 · a list of issues, or a \
                        mapping with issues, inspections, measures, totals and values for the whole file",
        "anyOf": [
            { "type": "array", "items": { "$ref": "#/$defs/issue", "allOf": in_list } },
            file,
        ],
        "$defs": {
            "issues": list("#/$defs/issue"),
            "issue": issue,
            "inspection": inspection,
            "measure": record(project, |info| info.of.measure, &[]),
        }
    })
}

/// A list, or nothing.
fn list(of: &str) -> Value {
    json!({ "type": ["array", "null"], "items": { "$ref": of } })
}

fn properties(names: &[&str], value: &Value) -> Value {
    let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
    json!({ "properties": properties })
}

/// The pattern of keys that name a field as a header does: in any letter case, with an asterisk, a note in brackets, 名称, and
/// of photos with a number.
fn spelled<'a>(names: impl IntoIterator<Item = &'a str>, info: &FieldInfo, reserved: &[&str]) -> String {
    let is_free = |name: &&str| !reserved.iter().any(|other| other.eq_ignore_ascii_case(name));
    let names = names.into_iter().filter(is_free);
    let number = if PHOTOS.contains(&info.field) { "[0-9①-⑨]*" } else { "" };
    format!("^\\*?({})(名称)?{number} *([(（].*)?[*:：]?$", alternatives(names))
}

/// A key that names one of the fields is there. The first names are those that an editor tells.
fn present(fields: &[Field], project: &Project, reserved: &[&str]) -> Value {
    let mut any = Vec::new();
    for field in fields {
        any.extend([field.info().zh, field.key()].map(|name| json!({ "required": [name] })));
    }
    for field in fields {
        let all = names(project, *field);
        let pattern = spelled(all.iter().map(String::as_str), field.info(), reserved);
        // There is one that this must not have.
        any.push(json!({ "not": { "patternProperties": { pattern: false } } }));
    }
    json!({ "anyOf": any })
}

/// A record with the fields that it may have; `reserved` are keys that stand for something else there.
fn record(project: &Project, wanted: fn(&FieldInfo) -> bool, reserved: &[&str]) -> Value {
    let (mut offered, mut patterns) = (Map::new(), Map::new());
    let kinds = FIELDS.iter().filter(|info| wanted(info));
    for info in kinds.clone() {
        for name in [info.zh, info.key] {
            offered.insert(name.to_owned(), property(info, project));
        }
    }
    for info in kinds {
        let own = names(project, info.field);
        // The label of one field may be a header of another.
        let is_own = |name: &&str| [info.zh, info.key].contains(name) || !offered.contains_key(*name);
        let others = own.iter().map(String::as_str).filter(is_own);
        patterns.insert(spelled(others, info, reserved), property(info, project));
    }
    let ignored: Vec<&str> = project.ignore.iter().map(String::as_str).collect();
    if !ignored.is_empty() {
        patterns.insert(exactly(ignored), json!({}));
    }
    offered.insert("extra".to_owned(), json!({ "description": "其他列 · other columns" }));
    // Where the project says that other columns are no fault, they are none here.
    let is_closed = project.severities.of(UNKNOWN_COLUMN).is_some();
    json!({
        "type": "object",
        "properties": offered,
        "patternProperties": patterns,
        "additionalProperties": !is_closed
    })
}

/// All names of a field in the logs of a project, those that people write first.
fn names(project: &Project, field: Field) -> Vec<String> {
    let info = field.info();
    let own = project.columns.iter().filter(|(of, _)| *of == field).map(|(_, header)| header.as_str());
    let weak = WEAK.iter().filter(|(_, of)| *of == field).map(|(header, _)| *header);
    let all =
        [info.zh, info.key].into_iter().chain(own).chain([info.en]).chain(info.synonyms.iter().copied()).chain(weak);
    let mut names: Vec<String> = Vec::new();
    for name in all {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Returns all names of a section of a log.
fn names_of(section: &str) -> impl Iterator<Item = &'static str> {
    let of = SECTIONS.into_iter().filter(move |(name, _)| *name == section);
    of.flat_map(|(name, others)| [name].into_iter().chain(others.iter().copied()))
}

/// A field: any text, or the values that it may have.
fn property(info: &FieldInfo, project: &Project) -> Value {
    let text = json!({ "type": ["string", "number", "boolean", "null"] });
    let vocabulary = project.vocabularies.of(info.field);
    let one = if vocabulary.closed && matches!(info.kind, FieldKind::Value | FieldKind::Values) {
        values(info, project)
    } else {
        text
    };
    let mut property = match info.kind {
        FieldKind::Number => json!({ "type": ["integer", "string", "null"] }),
        FieldKind::Values => json!({ "anyOf": [one, { "type": "array", "items": one }] }),
        // Other columns of such a name are read as one text.
        FieldKind::Text => json!({ "type": ["string", "number", "boolean", "null", "array"], "items": one }),
        _ => one,
    };
    property["description"] = format!("{} · {}", info.zh, info.en).into();
    property
}

/// The values of a field with a closed list: labels and keys are offered, every other spelling is right.
fn values(info: &FieldInfo, project: &Project) -> Value {
    let vocabulary = project.vocabularies.of(info.field);
    let mut offered: Vec<String> = Vec::new();
    for lang in Lang::ALL {
        for value in vocabulary.values() {
            let name = lang.pick(vocabulary.label(*value, Lang::Zh), value.to_string());
            if !offered.contains(&name) {
                offered.push(name);
            }
        }
    }
    let mut others: Vec<String> = vocabulary.spellings().map(|text| text.replace('*', "\u{0}")).collect();
    others.extend(DITTO.into_iter().chain(FILLERS).map(str::to_owned));
    if info.field == Field::SignedOff {
        others.extend(project.vocabularies.of(Field::Status).spellings());
    }
    let others = alternatives(others.iter().map(String::as_str)).replace('\u{0}', ".*");
    // Several values in one text, and a sanction beside a disposition, are for `check` to read.
    let is_several = info.kind == FieldKind::Values || info.field == Field::Disposition;
    let several = if is_several { "|.*[、;；,，+/\\n].*" } else { "" };
    json!({
        "anyOf": [
            { "enum": offered },
            { "type": "string", "pattern": format!("^ *({others}{several})? *[。.;,]?$") },
            { "type": "null" }
        ]
    })
}

/// Declared counts.
fn totals(project: &Project) -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let by_value = json!({ "type": "object", "additionalProperties": count });
    let mut counts = Map::new();
    for name in ["发现", "found", "发现问题", "合计"] {
        counts.insert(name.to_owned(), count.clone());
    }
    for name in ["统计日", "as_of", "截至"] {
        counts.insert(name.to_owned(), json!({
            "description": "已整改、未整改、逾期等是哪一天的；不写则与统计日相比 · the day for which rectified, open, overdue … are declared; \
                            else they are held against the day of the run",
            "type": "string"
        }));
    }
    for name in TALLIED.iter().flat_map(|(name, others)| [name].into_iter().chain(others.iter())) {
        counts.insert((*name).to_owned(), json!({ "anyOf": [count, by_value] }));
    }
    let fields = FIELDS.iter().filter(|info| info.of.issue).flat_map(|info| names(project, info.field));
    let fields: Vec<String> = fields.collect();
    let mut patterns = Map::new();
    patterns.insert(format!("^({})$", alternatives(fields.iter().map(String::as_str))), by_value);
    json!({
        "description": "申报的合计，要与各行相符 · declared counts, which must match the rows",
        "type": "object",
        "properties": counts,
        "patternProperties": patterns,
        "additionalProperties": false
    })
}

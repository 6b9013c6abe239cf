//! The schemas say of a file what the reader says of it: editors then complete and check as `duban` does.

use std::path::Path;

use duban::model::field::FIELDS;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use crate::project::Project;

fn schema(of: &str) -> Validator {
    let schema: Value = Project::with(&[]).run(&["schema", of]).success().json();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn fault(schema: &Validator, value: &Value) -> Option<String> {
    schema.validate(value).err().map(|error| error.to_string())
}

#[test]
fn every_schema_is_one() {
    for of in ["log", "config", "tally", "check"] {
        schema(of);
    }
}

/// What the machine prints, and every config and YAML log of the examples.
#[test]
fn what_is_right_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (config, log) = (schema("config"), schema("log"));
    let mut seen = (0, 0);
    let mut folders = vec![root.join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name == "duban.yaml" {
                seen.0 += 1;
                let fault = fault(&config, &yaml(&std::fs::read_to_string(&path).unwrap()));
                assert_eq!(fault, None, "{}", path.display());
            } else if name.ends_with(".yaml") && path.parent().unwrap().ends_with("logs") {
                seen.1 += 1;
                let fault = fault(&log, &yaml(&std::fs::read_to_string(&path).unwrap()));
                assert_eq!(fault, None, "{}", path.display());
            }
        }
    }
    assert!(seen.0 >= 8 && seen.1 >= 4, "{seen:?}");
    let project = Project::example("zhengdong-2021");
    for (of, command) in [
        ("tally", &["tally", "--by", "unit,category"][..]),
        ("tally", &["tally", "--by", "unit", "--compare", "previous"]),
        ("check", &["check"]),
    ] {
        let mut arguments: Vec<&str> = command.to_vec();
        arguments.extend(["--as-of", "2021-08-20", "--format", "json"]);
        let json = project.run(&arguments).json();
        assert_eq!(fault(&schema(of), &json), None, "{of}");
    }
    let project = Project::with(&[("log.csv", include_str!("../cmd/ten-faults.csv"))]);
    let faulty = project.run(&["check", "@/log.csv", "--format", "json"]).json();
    assert_eq!(fault(&schema("check"), &faulty), None);
}

/// Configs that both refuse.
const BROKEN_CONFIGS: [&str; 36] = [
    "lnag: zh",
    "lang: fr",
    "lang: [zh]",
    "office: 郑东",
    "office: {nmae: 甲}",
    "office: {address: above}",
    "logs: {a: b}",
    "sheets: {a: b}",
    "units: {甲: 乙}",
    "units: [{nmae: 甲}]",
    "units: [{aliases: [乙]}]",
    "teams: [{name: 甲, head: 乙}]",
    "categories: [{aliases: [a]}]",
    "columns: {unti: [单位]}",
    "columns: {unit: {a: b}}",
    "values: {unti: {a: [b]}}",
    "values: {unit: [a]}",
    "defaults: {unti: 甲}",
    "not_issues: {a: b}",
    "dates: dym",
    "calendar: us",
    "calendar: notes.txt",
    "calendar: {file: notes}",
    "calendar: {off: 2021-01-01, on: 2021-01-02}",
    "due_soon_days: -1",
    "due_soon_days: soon",
    "due_soon_days: {days: 3, work: true}",
    "fonts: {arial: x}",
    "paper: a3",
    "ladder: []",
    "ladder: [{rung: reminder}]",
    "ladder: [{rung: reminder, overdue: soon}]",
    "ladder: [{overdue: 3}]",
    "series: {bulletin: {reset: yearly}}",
    "series: {bulletin: {number: '第{n}期', reset: monthly}}",
    "rules: {V101: fatal}",
];

/// Logs that both refuse: what has the wrong shape.
const BROKEN_LOGS: [&str; 14] = [
    "just text",
    "issues: 3",
    "issues: {unit: 甲}",
    "issues: [甲]",
    "- 甲\n- 乙",
    "- {unit: {name: 甲}}",
    "- {description: [a, {b: c}]}",
    "- {found_on: {day: 3}}",
    "inspections: 甲",
    "inspections: [甲]",
    "inspections: [{date: 2021-08-03, issues: 甲}]",
    "inspections: [{date: 2021-08-03, issues: [甲]}]",
    "measures: [[甲]]",
    "totals: [3]",
];

#[test]
fn what_is_wrong_fails_in_both() {
    let (config, log) = (schema("config"), schema("log"));
    let mut disagree = Vec::new();
    for text in BROKEN_CONFIGS {
        let project = Project::with(&[("duban.yaml", text), ("a.yaml", "[]\n")]);
        let run = project.run(&["check", "@/a.yaml"]);
        if run.status != 2 || !run.stderr.contains("error[C4") || config.is_valid(&yaml(text)) {
            disagree.push(format!("{text}: reader {}, schema {}", run.status, config.is_valid(&yaml(text))));
        }
    }
    for text in BROKEN_LOGS {
        let project = Project::with(&[("a.yaml", text)]);
        let run = project.run(&["check", "@/a.yaml", "--only", "L", "--format", "json"]);
        let told = run.json()["diagnostics"].to_string().contains("L110");
        if !told || log.is_valid(&yaml(text)) {
            disagree.push(format!("{text}: reader {told}, schema {}", log.is_valid(&yaml(text))));
        }
    }
    assert!(disagree.is_empty(), "\n{}", disagree.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The schema is nowhere stricter than the reader: every name of every field passes, whatever is written there.
    #[test]
    fn every_name_of_a_field_passes(
        picked in proptest::collection::btree_map(0..FIELDS.len(), (any::<prop::sample::Index>(), "[a-z甲0-9 -]{0,6}"), 1..8),
        wrapped: bool,
    ) {
        let mut record = serde_json::Map::new();
        for (field, (name, value)) in &picked {
            let info = &FIELDS[*field];
            let names: Vec<&str> = [info.key, info.zh].into_iter().chain(info.synonyms.iter().copied()).collect();
            if info.of.issue {
                record.insert((*name.get(&names)).to_owned(), Value::from(value.as_str()));
            }
        }
        let issues = serde_json::json!([record]);
        let log = if wrapped { serde_json::json!({ "问题": issues }) } else { issues };
        let run = Project::with(&[("a.json", &log.to_string())]).run(&["check", "@/a.json", "--only", "L110", "--format", "json"]);
        prop_assert_eq!(run.status, 0, "{}", run.stdout);
        prop_assert!(schema("log").is_valid(&log), "{}", log);
    }
}

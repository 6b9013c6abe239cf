//! The schemas say of a file what the reader says of it: editors then complete and check as `duban` does.

use std::path::Path;

use duban::model::field::{FIELDS, FieldKind};
use duban::words::lang::Lang;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use crate::project::{Project, run_in};

fn schema(of: &str) -> Validator {
    schema_in(&Project::with(&[]), of)
}

/// A schema with the words of a project.
fn schema_in(project: &Project, of: &str) -> Validator {
    let schema: Value = project.run(&["schema", of]).success().json();
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
    for of in ["log", "config", "tally", "check", "proof", "drift"] {
        schema(of);
    }
}

/// What the machine prints, and every config and YAML log of the examples.
#[test]
fn what_is_right_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = schema("config");
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
                let run = run_in(path.parent().unwrap(), Lang::En, b"", &["schema", "log"]).success();
                let log = jsonschema::validator_for(&run.json()).unwrap();
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
    let with_rows = project.run(&["check", "@/log.csv", "--format", "json", "--rows"]).json();
    assert!(with_rows["tables"][0]["rows"].as_array().is_some_and(|rows| !rows.is_empty()));
    assert_eq!(fault(&schema("check"), &with_rows), None);
}

/// What `proof` and `drift` print, with something of each kind.
#[test]
fn what_is_told_of_documents_passes() {
    let project = Project::example("zhengdong-2021");
    let day = ["--all", "--as-of", "2021-08-20"];
    for kind in ["bulletin", "interview"] {
        project.run(&[&["-q", "draft", kind, "--to", "md", "-o", "@/drafts"], &day[..]].concat()).success();
    }
    let of = "drafts/bulletin-draft-2021-08-20";
    let mut text = std::fs::read_to_string(project.path().join(format!("{of}.md"))).unwrap();
    for (from, to) in [
        ("开展督查59次", "开展督查58次"),
        ("截至8月20日，已整改", "截至8月32日，已整改"),
        ("立行立改8个", "立行立改若干个"),
        ("整改率81.3%", "整改率81.3%，同比下降12%"),
        ("| 贾陈社区 | 2 |", "| 槐荫社区 | 2 |"),
        ("| 合计 | 10 |", "| 合计 | 11 |"),
        ("且无交接班签字", "且无交接记录"),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    project.write("final.md", text.as_bytes());
    let of = format!("@/{of}.figures.json");
    let told = project.run(&["-q", "proof", "@/final.md", "--of", &of, "--format", "json"]).json();
    for key in ["changed", "new", "missing", "sums", "names", "altered", "slips"] {
        assert!(!told[key].as_array().unwrap().is_empty(), "{key}: {told}");
    }
    let proof = schema("proof");
    assert_eq!(fault(&proof, &told), None);
    let interview = "@/drafts/interview-draft-2021-08-20-安和镇人民政府.md";
    let blank = project.run(&["-q", "proof", interview, "--format", "json"]).json();
    assert!(!blank["blanks"].as_array().unwrap().is_empty() && fault(&proof, &blank).is_none(), "{blank}");
    let (mut more, mut less) = (told.clone(), told);
    more["more"] = 1.into();
    less.as_object_mut().unwrap().remove("slips");
    assert!(!proof.is_valid(&more) && !proof.is_valid(&less));

    project.run(&[&["-q", "dispatch", "bulletin", "--to", "md"], &day[..]].concat()).success();
    let log = project.path().join("logs/03-online.csv");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.lines().take(6).collect::<Vec<_>>().join("\n")).unwrap();
    let told = project.run(&["drift", "--all", "--as-of", "2021-09-20", "--format", "json"]).json();
    let documents = told["documents"].as_array().unwrap();
    assert!(documents.iter().any(|document| !document["rows"].as_array().unwrap().is_empty()), "{told}");
    assert!(documents.iter().any(|document| document["not_judged"].is_string()), "{told}");
    assert_eq!(fault(&schema("drift"), &told), None);
}

/// Configs that both refuse.
const BROKEN_CONFIGS: [&str; 45] = [
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
    "rules: [R204]",
    "rules: [{code: R204}]",
    "rules: [{code: R204, severity: fatal}]",
    "rules: [{code: R204, when: open, message: a}]",
    "rules: [{code: X101, when: open}]",
    "rules: [{code: X101, when: open, message: [a]}]",
    "rules: [{code: X101, when: open, message: {de: a}}]",
    "rules: [{code: X101, when: open, mesage: a}]",
    "rules: {X101: {when: open}}",
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

/// Logs that `check` finds fault with and that editors do, too: unknown keys and values, and what is missing.
const FAULTY_LOGS: [(&str, &str); 14] = [
    ("L105", "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 责任单立: 甲社区}"),
    ("L105", "- {found_on: 2021-08-03, unit: 甲社区, description: x, colour: red}"),
    ("L105", "title: 台账\nissues: [{found_on: 2021-08-03, unit: 甲社区, description: x}]"),
    ("L105", "inspections: [{date: 2021-08-03, colour: red}]"),
    ("V105", "- {发现日期: 2021-08-03, 单位: 乙社区, 问题描述: x}"),
    ("V106", "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 类别: 市容}"),
    ("V102", "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 整改方式: 慢慢改}"),
    ("V103", "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 状态: 不知道}"),
    ("V104", "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 问题来源: 天上}"),
    ("V109", "- {发现日期: 2021-08-03, 问题描述: x}"),
    ("V109", "- {单位: 甲社区, 问题描述: x}"),
    ("V109", "问题: [{发现日期: 2021-08-03, 单位: 甲社区}]"),
    ("V109", "检查: [{督查日期: 2021-08-03, 问题: [{问题描述: x}]}]"),
    ("V109", "found_on: 2021-08-03\ndescription: x"),
];

/// Logs that neither finds fault with.
const SOUND_LOGS: [&str; 12] = [
    "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x}",
    "- {Found On: 2021-08-03, 乡镇街道: 甲居委会, 存在问题: x, 整改方式: 立即整改, Status: DONE}",
    "单位: 甲社区\n问题: [{发现日期: 2021-08-03, 问题描述: x}]",
    "检查: [{督查日期: 2021-08-03, 单位: 甲社区, 问题: [{问题描述: x}, {问题描述: y}]}]",
    "发现日期: 2021-08-03\n单位: 甲社区\n问题描述: x",
    "- {发现日期: 2021-08-03, 承办部门: 甲社区, 问题描述: x, 打印: 1, 问题类别: 消防、环境}",
    "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 问题类别: [消防, 环境]}",
    "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 照片1: a.jpg, 照片2: [b.jpg, c.jpg]}",
    "- {发现日期: 2021-08-03, 单位: 甲社区, 问题描述: x, 整改方式: 限期整改、罚款500元, 整改期限: 3个工作日内}",
    "- {发现日期: 2021-08-03, 单位名称: 甲社区, 问题描述（必填）: x}",
    "问题: []\n合计: {发现: 0, 已整改: 0, 截至: 2021-08-20, 责任单位: {甲社区: 0}}",
    "issues:\nmeasures: [{type: 约谈, date: 2021-08-03, people: 2}]",
];

#[test]
fn editors_tell_of_logs_what_check_tells() {
    let config = "units: [{name: 甲社区, aliases: [甲居委会]}]\ncategories: [消防, 环境]\ncolumns: {unit: [承办部门]}\nignore: [打印]\n";
    let project = Project::with(&[("duban.yaml", config)]);
    let log = schema_in(&project, "log");
    let mut disagree = Vec::new();
    let logs = FAULTY_LOGS.into_iter().chain(SOUND_LOGS.map(|text| ("", text)));
    for (code, text) in logs {
        project.write("a.yaml", text.as_bytes());
        let told = project.run(&[
            "check",
            "@/a.yaml",
            "--only",
            "L1,V1",
            "--allow",
            "L102,L120,V120,V131,L123,V136",
            "--format",
            "json",
        ]);
        let told = told.json()["diagnostics"].to_string();
        let (found, passes) = (told.contains("\"code\""), log.is_valid(&yaml(text)));
        if found == passes || !code.is_empty() && !told.contains(code) {
            disagree.push(format!("{code} {text}\nschema {:?}\ncheck {told}", fault(&log, &yaml(text))));
        }
    }
    assert!(disagree.is_empty(), "\n{}", disagree.join("\n"));
}

#[test]
fn a_schema_grows_with_the_project_where_its_config_asks_for_it() {
    let line = "# yaml-language-server: $schema=.duban/config.schema.json\n";
    let project = Project::with(&[("duban.yaml", &format!("{line}units: [甲]\n")), ("a.yaml", "[]\n")]);
    let file = project.path().join(".duban/log.schema.json");
    assert!(!file.exists());
    let _ = project.run(&["check", "@/a.yaml"]);
    let first = std::fs::read_to_string(&file).unwrap();
    project.write("duban.yaml", format!("{line}units: [甲, 乙社区]\n").as_bytes());
    let _ = project.run(&["check", "@/a.yaml"]);
    let second = std::fs::read_to_string(&file).unwrap();
    assert!(!first.contains("乙社区") && second.contains("乙社区"));
    assert!(project.path().join(".duban/config.schema.json").exists());
    let quiet = Project::with(&[("duban.yaml", "units: [甲]\n"), ("a.yaml", "[]\n")]);
    let _ = quiet.run(&["check", "@/a.yaml"]);
    assert!(!quiet.path().join(".duban").exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The schema is nowhere stricter than the reader: every name of every field passes, and what is written there unless the
    /// field has a closed list of values.
    #[test]
    fn every_name_of_a_field_passes(
        picked in proptest::collection::btree_map(0..FIELDS.len(), (any::<prop::sample::Index>(), "[a-z甲0-9 -]{0,6}"), 1..8),
        wrapped: bool,
    ) {
        let mut record = serde_json::Map::new();
        for key in ["found_on", "unit", "description"] {
            record.insert(key.to_owned(), Value::from("2021-08-03"));
        }
        for (field, (name, value)) in &picked {
            let info = &FIELDS[*field];
            let names: Vec<&str> = [info.key, info.zh].into_iter().chain(info.synonyms.iter().copied()).collect();
            let is_listed = matches!(info.kind, FieldKind::Value | FieldKind::Values);
            if info.of.issue {
                record.insert((*name.get(&names)).to_owned(), Value::from(if is_listed { "" } else { value.as_str() }));
            }
        }
        let issues = serde_json::json!([record]);
        let log = if wrapped { serde_json::json!({ "问题": issues }) } else { issues };
        let run = Project::with(&[("a.json", &log.to_string())]).run(&["check", "@/a.json", "--only", "L110,L105", "--format", "json"]);
        prop_assert_eq!(run.status, 0, "{}", run.stdout);
        prop_assert!(schema("log").is_valid(&log), "{}", log);
    }
}

//! Allowances: what is let pass, for how long, and what is told of those that let nothing pass.

use serde_json::{Value, json};

use crate::project::{Project, Run};

const HEAD: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期,备注\n";

/// Closed without a date: R204.
fn row(id: &str, unit: &str, note: &str) -> String {
    format!("{id},2021-08-03,{unit},消防,{id}处堆物,限期整改,2021-08-10,已销号,,{note}\n")
}

fn project(config: &str, rows: &[String]) -> Project {
    let config = format!("lang: zh\nlogs: [logs]\nunits: [{{name: 甲, aliases: [甲办]}}, 乙]\n{config}");
    Project::with(&[("duban.yaml", &config), ("logs/a.csv", &format!("{HEAD}{}", rows.concat()))])
}

fn check(project: &Project, day: &str) -> Run {
    project.run(&["check", "--as-of", day, "--format", "json"])
}

/// Codes, files and lines.
fn found(run: &Run) -> Vec<String> {
    let list = run.json()["diagnostics"].as_array().unwrap().clone();
    let file = |one: &Value| one["file"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    list.iter().map(|one| format!("{} {} {}", one["code"].as_str().unwrap(), file(one), one["line"])).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_row_is_let_pass_until_its_day() {
    let note = "duban: allow R204 至2021-08-20 因为纸质已归档";
    let project = project("", &[row("A", "甲", note), row("B", "甲", "")]);
    let run = check(&project, "2021-08-20");
    assert_eq!(found(&run), ["R204 a.csv 3"], "the day itself still counts");
    assert_eq!(run.json()["allowed"], json!({"R204": 1}));
    let run = check(&project, "2021-08-21");
    assert_eq!(found(&run), ["R204 a.csv 2", "L113 a.csv 2", "R204 a.csv 3"]);
    let expired = run.json()["diagnostics"][1].clone();
    let message = expired["message"].as_str().unwrap();
    assert!(message.contains("R204") && message.contains("2021-08-20") && message.contains("纸质已归档"), "{message}");
    assert_eq!(expired["severity"], "warning");
    assert!(run.json().get("allowed").is_none());
    let told = project.run(&["check", "--as-of", "2021-08-20", "-v"]).stderr;
    assert!(told.contains("放行 1 处：R204 1"), "{told}");
}

#[test]
fn the_config_lets_pass_rows_files_and_ids() {
    let rows = [row("A", "甲办", ""), row("B", "乙", ""), row("C", "乙", "")];
    for (scope, left) in [
        ("where: {unit: 甲办}", &["R204 a.csv 3", "R204 a.csv 4"][..]),
        ("where: [{unit: 甲}, {unit: 乙}]", &NOTHING),
        ("id: [B, C]", &["R204 a.csv 2"]),
        ("id: B, where: {unit: 甲}", &["R204 a.csv 2", "R204 a.csv 3", "R204 a.csv 4"]),
        ("file: logs/a.csv", &NOTHING),
        ("file: logs", &NOTHING),
        ("file: 'logs/*.csv', id: A", &["R204 a.csv 3", "R204 a.csv 4"]),
        ("file: logs/b.csv", &["R204 a.csv 2", "R204 a.csv 3", "R204 a.csv 4"]),
    ] {
        let config = format!("allowances:\n- {{code: R204, {scope}, until: 2021-12-31, why: 归档}}\n");
        let project = project(&config, &rows);
        let run = check(&project, "2021-08-20");
        let (faults, told): (Vec<String>, Vec<String>) =
            found(&run).into_iter().partition(|fault| !fault.starts_with("L113"));
        assert_eq!(faults, left, "{scope}");
        // One that lets nothing pass is told where it stands, if all logs were read.
        let unused: &[&str] = if left.len() == 3 { &["L113 duban.yaml 5"] } else { &NOTHING };
        assert_eq!(told, unused, "{scope}");
        let run = project.run(&["check", "@/logs/a.csv", "--as-of", "2021-08-20", "--format", "json"]);
        assert!(!run.stdout.contains("L113"), "{scope}: {run:?}");
        let run = check(&project, "2022-01-01");
        let expired = found(&run);
        assert_eq!(expired.iter().filter(|fault| fault.starts_with("R204")).count(), 3, "{scope}");
        assert_eq!(expired.iter().filter(|fault| *fault == "L113 duban.yaml 5").count(), 1, "{scope}: {expired:?}");
    }
}

#[test]
fn a_dispatch_heeds_the_config_until_the_day() {
    let config = "allowances: [{code: [R204, closed-not-rectified], where: {unit: 甲}, until: 2021-08-20, why: 归档}]\n\
                  office: {name: 某办}\n";
    let project = project(config, &[row("A", "甲", "")]);
    let dispatch = |day: &str| project.run(&["dispatch", "bulletin", "--all", "--as-of", day, "--to", "md"]);
    assert_eq!(dispatch("2021-08-21").status, 1);
    let run = dispatch("2021-08-20");
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn an_allowance_of_the_config_needs_code_scope_day_and_reason() {
    for (item, expected) in [
        ("{code: R204, where: {unit: 甲}, why: x}", "C403"),
        ("{code: R204, where: {unit: 甲}, until: 2021-12-31}", "C403"),
        ("{code: R204, until: 2021-12-31, why: x}", "C403"),
        ("{where: {unit: 甲}, until: 2021-12-31, why: x}", "C403"),
        ("{code: R299, where: {unit: 甲}, until: 2021-12-31, why: x}", "R299"),
        ("{code: R211, where: {unit: 甲}, until: 2021-12-31, why: x}", "R211"),
        ("{code: R204, where: {unit: 丁}, until: 2021-12-31, why: x}", "丁"),
        ("{code: R204, where: {unit: 甲}, until: 12-31, why: x}", "12-31"),
        ("{code: R204, file: '[', until: 2021-12-31, why: x}", "C403"),
        ("{code: R204, files: a, until: 2021-12-31, why: x}", "file"),
    ] {
        let project = project(&format!("allowances: [{item}]\n"), &[]);
        let run = project.run(&["check"]);
        assert!(run.status == 2 && run.stderr.contains(expected), "{item}: {run:?}");
    }
}

/// The same in Chinese keys, in a YAML log, with a value that the file sets for all.
#[test]
fn a_value_of_several_rows_is_let_pass_only_if_all_of_them_are() {
    let log = "unit: 丙\nissues:\n- {id: A, found_on: 2021-08-03, category: 消防, description: 堆物, disposition: 现场整改}\n\
               - {id: B, found_on: 2021-08-03, category: 环境, description: 占道, disposition: 现场整改}\n";
    for (condition, left) in [("{问题类别: 消防}", 1), ("[{问题类别: 消防}, {问题类别: 环境}]", 0)] {
        let config = format!(
            "语言: 中文\n台账: [logs]\n单位: [甲]\n放行: [{{代码: V105, 条件: {condition}, 期限: 2021-12-31, 理由: 新设单位}}]\n"
        );
        let project = Project::with(&[("duban.yaml", &config), ("logs/a.yaml", log)]);
        let run = check(&project, "2021-08-20");
        assert_eq!(found(&run).iter().filter(|fault| fault.starts_with("V105")).count(), left, "{condition}: {run:?}");
    }
}

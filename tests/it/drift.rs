//! Documents that were sent out are made again from logs that have changed since: what was wrong, what came later, what a
//! correction says of it, and whether the bytes are those that went out.

use duban::words::lang::Lang;
use serde_json::Value;

use crate::git::done;
use crate::project::{Project, Run};

const HEADER: &str = "问题编号,检查时间,责任单位,问题类别,问题描述,整改方式,整改期限,整改情况,整改完成时间\n";
const ROWS: [&str; 5] = [
    "A-1,2021-08-01,甲社区,消防,楼道堆放杂物,限期整改,2021-08-10,,\n",
    "A-2,2021-08-02,乙社区,消防,灭火器压力不足,限期整改,2021-08-09,已整改,2021-08-08\n",
    "A-3,2021-08-03,甲社区,卫生,垃圾桶没有加盖,现场整改,,,2021-08-03\n",
    "A-4,2021-08-04,丙社区,卫生,食品没有标签,限期整改,2021-08-30,,\n",
    "A-5,2021-08-05,丙社区,消防,安全出口上锁,限期整改,2021-08-12,,\n",
];
const DAY: &str = "2021-08-20";
const LATER: &str = "2021-09-10";

/// A project whose bulletin and letters of the ladder are sent out.
fn dispatched() -> Project {
    let project = Project::with(&[
        ("duban.yaml", "office: {name: 督办室, code: 督}\nlogs: [logs]\n"),
        ("logs/a.csv", &(HEADER.to_owned() + &ROWS.concat())),
    ]);
    project.run(&["-q", "dispatch", "bulletin", "--as-of", DAY, "--to", "md"]).success();
    project.run(&["-q", "dispatch", "due", "--as-of", DAY, "--to", "md"]).success();
    project
}

/// Changes a row, adds one or takes it out.
fn edit(project: &Project, from: &str, to: &str) {
    let path = project.path().join("logs/a.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn drift(project: &Project, document: &str) -> (u8, Value) {
    let run = project.run(&["drift", document, "--as-of", LATER, "--format", "json"]);
    (run.status, run.json()["documents"][0].clone())
}

/// The figure that counts something: what it was, is on its day and is today, and why.
fn figure<'d>(drift: &'d Value, function: &str, selection: &str) -> Option<(Value, Value, Value, &'d str)> {
    let found = drift["figures"].as_array()?.iter().find(|figure| {
        figure["function"] == function && figure["selection"].as_str().is_some_and(|text| text == selection)
    })?;
    Some((found["was"].clone(), found["own_day"].clone(), found["today"].clone(), found["cause"].as_str()?))
}

fn changes(drift: &Value) -> Vec<(String, String)> {
    let rows = drift["rows"].as_array().unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| (text(row, "id"), text(row, "change"))).collect()
}

#[test]
fn what_has_not_changed_is_not_told() {
    let project = dispatched();
    let run = project.run(&["drift", "--all", "--as-of", DAY]).success();
    assert!(run.stdout.contains("第1期") && !run.stdout.contains("当时就不对"), "{}", run.stdout);
    // Rows that stand elsewhere and are spelt otherwise say the same.
    edit(&project, ROWS[1], "");
    edit(&project, ROWS[4], &(ROWS[4].to_owned() + &ROWS[1].replace("2021-08-08", "2021年8月8日")));
    let (status, drift) = drift(&project, "第1期");
    assert_eq!((status, changes(&drift)), (0, vec![]));
}

#[test]
fn a_day_that_was_known_too_late_makes_a_figure_wrong_and_one_after_it_does_not() {
    let project = dispatched();
    // Rectified before the day of the bulletin, and after it.
    edit(&project, ROWS[0], &ROWS[0].replace("2021-08-10,,", "2021-08-10,已整改,2021-08-09"));
    edit(&project, ROWS[4], &ROWS[4].replace("2021-08-12,,", "2021-08-12,已整改,2021-08-25"));
    let (status, drift) = drift(&project, "第1期");
    assert_eq!(status, 1);
    let open = figure(&drift, "count", "open=true reported=false").unwrap();
    assert_eq!(open, (3.into(), 2.into(), 1.into(), "wrong"));
    assert_eq!(changes(&drift), [("A-1".to_owned(), "edited".to_owned())]);
    // The letter to 甲社区 would not have been written.
    let letter = project.run(&["drift", "--all", "--as-of", LATER, "--format", "json"]).json();
    let of_unit = |unit: &str| {
        let all = letter["documents"].as_array().unwrap();
        let is_of = |drift: &&Value| drift["figures_file"].as_str().is_some_and(|file| file.contains(unit));
        all.iter().find(is_of).unwrap().clone()
    };
    assert_eq!(of_unit("甲社区")["not_written"], true);
    assert_ne!(of_unit("丙社区")["not_written"], true);
    assert!(of_unit("丙社区")["figures"].as_array().unwrap().iter().all(|figure| figure["cause"] == "later"));
}

#[test]
fn a_status_without_a_day_can_not_be_judged() {
    let project = dispatched();
    edit(&project, ROWS[0], &ROWS[0].replace("2021-08-10,,", "2021-08-10,已整改,"));
    let (status, drift) = drift(&project, "第1期");
    assert_eq!(status, 0, "{drift}");
    assert_eq!(figure(&drift, "count", "open=true reported=false").unwrap().3, "undated");
    assert_eq!(changes(&drift), [("A-1".to_owned(), "undated".to_owned())]);
    // What goes out must be certain.
    let run = project.run(&["dispatch", "更正", "--of", "第1期", "--as-of", LATER, "--to", "md"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("说不清"), "{}", run.stderr);
    let numbers = project.run(&["register", "--format", "json"]).json();
    assert!(numbers.as_array().unwrap().iter().all(|entry| entry["kind"] != "correction"));
}

#[test]
fn rows_that_came_and_went_are_named() {
    let project = dispatched();
    edit(&project, ROWS[3], "A-9,2021-08-06,丁社区,卫生,垃圾堆放,限期整改,2021-08-19,,\n");
    let (status, drift) = drift(&project, "第1期");
    let of = |id: &str, change: &str| (id.to_owned(), change.to_owned());
    assert_eq!((status, changes(&drift)), (1, vec![of("A-9", "added"), of("A-4", "removed")]));
    let run = project.run_lang(Lang::En, &["drift", "第1期", "--as-of", LATER, "--lang", "en"]);
    assert!(run.stdout.contains("A-9  no figure of the document had this row"), "{}", run.stdout);
    // A row found after the day of the document is none of its business.
    edit(&project, "A-9,2021-08-06", "A-9,2021-08-26");
    edit(&project, "A-9", &format!("{}A-9", ROWS[3]));
    let (status, _) = self::drift(&project, "第1期");
    assert_eq!(status, 0);
}

#[test]
fn logs_with_errors_are_told_and_nothing_is_corrected_by_them() {
    let project = dispatched();
    edit(&project, ROWS[0], &ROWS[0].replace("2021-08-10", "2021-08-40"));
    let (status, drift) = drift(&project, "第1期");
    assert_eq!((status, &drift["errors"]), (1, &1.into()), "{drift}");
    let run = project.run(&["drift", "第1期", "--as-of", LATER]);
    assert!(run.stdout.contains("现在的台账有 1 处错误"), "{}", run.stdout);
    let run = corrected(&project);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("没有发文"), "{}", run.stderr);
}

fn corrected(project: &Project) -> Run {
    project.run(&["dispatch", "更正", "--of", "第1期", "--as-of", LATER, "--to", "md"])
}

#[test]
fn a_correction_says_what_was_wrong_once() {
    let project = dispatched();
    assert!(corrected(&project).success().stderr.contains("没有需要更正的"));
    edit(&project, ROWS[0], &ROWS[0].replace("2021-08-10,,", "2021-08-10,已整改,2021-08-09"));
    corrected(&project).success();
    let text = std::fs::read_to_string(project.path().join("documents/correction-2021-001.md")).unwrap();
    assert!(text.contains("（第1期）") && text.contains("未整改3个") && text.contains("未整改2个"), "{text}");
    // The register links both, and the figures know their rows.
    let list = project.run(&["register", "--format", "json"]).json();
    let entry = list.as_array().unwrap().iter().find(|entry| entry["kind"] == "correction").unwrap();
    assert_eq!((&entry["corrects"]["number"], &entry["after"][0]), (&"第1期".into(), &"第1期".into()));
    let figures = std::fs::read_to_string(project.path().join("documents/correction-2021-001.figures.json")).unwrap();
    let sheet: Value = serde_json::from_str(&figures).unwrap();
    let of_correction = |figure: &&Value| figure["function"] == "correction";
    let figures: Vec<&Value> = sheet["figures"].as_array().unwrap().iter().filter(of_correction).collect();
    assert!(figures.iter().any(|figure| figure["value"] == 2 && !figure["rows"].as_array().unwrap().is_empty()));
    // What is corrected is no error any more, and is not corrected again.
    let (status, drift) = drift(&project, "第1期");
    assert_eq!(status, 0, "{drift}");
    assert_eq!(figure(&drift, "count", "open=true reported=false").unwrap().3, "corrected");
    assert!(corrected(&project).success().stderr.contains("没有需要更正的"));
    // The next error is.
    edit(&project, ROWS[3], &ROWS[3].replace("2021-08-30,,", "2021-08-30,已整改,2021-08-18"));
    corrected(&project).success();
    let text = std::fs::read_to_string(project.path().join("documents/correction-2021-002.md")).unwrap();
    assert!(text.contains("未整改1个"), "{text}");
    project.run(&["register", "verify"]).success();
}

#[test]
fn a_correction_needs_a_document_and_no_other_kind_has_one() {
    let project = dispatched();
    for (arguments, told) in [
        (&["draft", "更正"][..], "--of"),
        (&["draft", "更正", "--of", "第9期"], "第9期"),
        (&["draft", "通报", "--of", "第1期"], "只用于更正"),
        (&["draft", "更正", "--of", "第1期", "--edition", "public"], "公开版"),
    ] {
        let run = project.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(told), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn documents_are_made_again_from_the_commit_that_brought_them() {
    let project = dispatched();
    let commit = |message: &str| {
        done(project.path(), &["add", "-A"]);
        done(project.path(), &["commit", "-qm", message]);
    };
    done(project.path(), &["init", "-q"]);
    project.write(".gitignore", b".duban/\n");
    commit("dispatched");
    edit(&project, ROWS[0], &ROWS[0].replace("2021-08-10,,", "2021-08-10,已整改,2021-08-09"));
    corrected(&project).success();
    commit("corrected");
    edit(&project, ROWS[3], "");
    let run = project.run(&["register", "verify", "--rebuild"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("相同 4 份，不同 0 份"), "{}", run.stderr);
    // From the logs as they are now, it is another document; and a template that has changed makes other bytes.
    let run = project.run(&["register", "verify", "--rebuild", "第1期", "--at", "."]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("数字也不同"), "{}", run.stdout);
    let run = project.run(&["register", "verify", "--rebuild", "第1期", "--at", "no-such-commit"]);
    assert_eq!(run.status, 2, "{run:?}");
}

#[test]
fn without_a_repository_the_logs_as_they_are_make_the_same_bytes() {
    let project = dispatched();
    project.run(&["register", "verify", "--rebuild"]).success();
    // Figures that were touched are not believed.
    let path = project.path().join("documents/bulletin-2021-001.figures.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"value\":5", "\"value\":6", 1)).unwrap();
    let run = project.run(&["drift", "第1期"]);
    assert!(run.stdout.contains("被改动过"), "{}", run.stdout);
}

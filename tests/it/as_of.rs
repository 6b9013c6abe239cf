//! The states as of a day: what a plain model of the definitions gives is what a tally, a template, `due` and the rows
//! behind a figure say.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::project::{Project, rows_of};

/// A row, with the days of August 2021 that it gives.
#[derive(Clone, Debug)]
struct Row {
    found: Option<u32>,
    disposition: &'static str,
    status: &'static str,
    deadline: Option<u32>,
    rectified: Option<u32>,
    verified: Option<u32>,
    closed: Option<u32>,
}

/// What is true of a row on a day.
#[derive(Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
struct Truth {
    rectified: bool,
    closed: bool,
    overdue: bool,
    late: bool,
}

/// The definitions, word by word; nothing if the row is not there or withdrawn.
fn truth(row: &Row, day: u32) -> Option<Truth> {
    if row.status == "撤销" || row.found.is_some_and(|found| found > day) {
        return None;
    }
    let denied = ["退回", "重启", "整改中", "未整改", "部分整改"].contains(&row.status);
    let later = |on: Option<u32>| on.is_some_and(|on| on > day);
    let by = |on: Option<u32>| on.is_some_and(|on| on <= day);
    let mut truth = Truth::default();
    if !denied {
        let word_holds = !later(row.closed) && !later(row.verified) && !later(row.rectified);
        truth.closed = by(row.closed) || row.status == "已销号" && word_holds;
        let done = if row.rectified.is_some() { row.rectified } else { row.verified };
        let word = ["已整改", "已复核"].contains(&row.status) && done.is_none();
        truth.rectified = truth.closed || row.disposition == "现场整改" || by(done) || word;
        truth.late = by(row.rectified) && row.deadline.is_some_and(|deadline| row.rectified > Some(deadline));
    }
    truth.overdue = !truth.rectified && row.deadline.is_some_and(|deadline| deadline < day);
    Some(truth)
}

fn row() -> impl Strategy<Value = Row> {
    let words = [
        "",
        "已交办",
        "已签收",
        "已反馈",
        "已移送",
        "已整改",
        "已复核",
        "已销号",
        "整改中",
        "未整改",
        "部分整改",
        "退回",
        "重启",
        "撤销",
    ];
    let on = || proptest::option::of(2..14_u32);
    let days = (proptest::option::weighted(0.9, 2..14_u32), on(), on(), on(), on());
    (days, select(vec!["现场整改", "限期整改", "交办", "持续整改"]), select(words.to_vec())).prop_map(
        |((found, deadline, rectified, verified, closed), disposition, status)| Row {
            found,
            disposition,
            status,
            deadline,
            rectified,
            verified,
            closed,
        },
    )
}

fn log(rows: &[Row]) -> String {
    let mut text =
        "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期,复查日期,销号日期\n".to_owned();
    for (number, row) in rows.iter().enumerate() {
        let day = |on: Option<u32>| on.map_or_else(String::new, |on| format!("2021-08-{on:02}"));
        let cells = [
            format!("A-{number}"),
            day(row.found),
            "甲社区".to_owned(),
            "消防".to_owned(),
            format!("第{number}处"),
            row.disposition.to_owned(),
            day(row.deadline),
            row.status.to_owned(),
            day(row.rectified),
            day(row.verified),
            day(row.closed),
        ];
        text += &(cells.join(",") + "\n");
    }
    text
}

const TEMPLATE: &str = "\
---
title: 统计
---
{{ count() }} {{ count(rectified=true) }} {{ count(open=true) }} {{ count(closed=true) }} {{ count(overdue=true) }} {{ count(late=true) }}
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn tally_template_due_and_trace_say_what_the_model_says(
        rows in proptest::collection::vec(row(), 1..12),
        day in 1..16_u32,
    ) {
        let template = ("report-templates/count/zh.md", TEMPLATE);
        let project = Project::with(&[("duban.yaml", "logs: [a.csv]\n"), ("a.csv", &log(&rows)), template]);
        let as_of = format!("2021-08-{day:02}");
        let there: Vec<(usize, Truth)> =
            rows.iter().enumerate().filter_map(|(number, row)| Some((number, truth(row, day)?))).collect();
        let ids = |holds: fn(&Truth) -> bool| -> Vec<String> {
            there.iter().filter(|(_, truth)| holds(truth)).map(|(number, _)| format!("A-{number}")).collect()
        };
        let expected = [
            ids(|_| true),
            ids(|truth| truth.rectified),
            ids(|truth| !truth.rectified),
            ids(|truth| truth.closed),
            ids(|truth| truth.overdue),
            ids(|truth| truth.late),
        ];
        let tally = project.run(&["tally", "--as-of", &as_of, "--format", "json"]).success().json();
        for (name, ids) in ["found", "rectified", "open", "closed", "overdue", "late"].into_iter().zip(&expected) {
            prop_assert_eq!(&tally["total"][name], &Value::from(ids.len()), "{}", name);
        }
        let left_out = rows.iter().filter(|row| row.status != "撤销" && row.found.is_some_and(|found| found > day)).count();
        prop_assert_eq!(&tally["left_out"]["after_as_of"], &Value::from(left_out));

        let due = project.run(&["due", "--all", "--as-of", &as_of, "--format", "json"]).success().json();
        let listed = |state: Option<&str>| {
            let units = due["units"].as_array().unwrap().iter();
            let items = units.flat_map(|unit| unit["issues"].as_array().unwrap());
            let items = items.filter(|item| state.is_none_or(|state| item["state"] == state));
            let mut ids: Vec<String> = items.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
            ids.sort_by_key(|id| id[2..].parse::<usize>().unwrap());
            ids
        };
        prop_assert_eq!(&listed(None), &expected[2]);
        prop_assert_eq!(&listed(Some("overdue")), &expected[4]);
        prop_assert_eq!(&due["left_out"], &tally["left_out"]);
        prop_assert_eq!(&due["by_undated_word"], &tally["by_undated_word"]);

        let run = project.run(&["draft", "count", "--to", "md", "-o", "@/out", "--as-of", &as_of]).success();
        let figures = run.stdout.lines().find(|line| line.ends_with(".figures.json")).unwrap();
        let figures: Value = serde_json::from_str(&std::fs::read_to_string(project.path().join(figures)).unwrap()).unwrap();
        prop_assert_eq!(&figures["left_out"], &tally["left_out"]);
        prop_assert_eq!(&figures["by_undated_word"], &tally["by_undated_word"]);
        for (figure, ids) in figures["figures"].as_array().unwrap().iter().zip(&expected) {
            let rows = rows_of(&figures, figure).into_iter();
            let rows: Vec<&str> = rows.map(|row| row["id"].as_str().unwrap()).collect();
            prop_assert_eq!(&rows, ids, "{}", figure);
        }
    }
}

fn tally(log: &str, day: &str) -> (Value, String) {
    let project = Project::with(&[("log.csv", log)]);
    let run = project.run(&["tally", "@/log.csv", "--as-of", day, "--format", "json"]).success();
    (run.json(), run.stderr)
}

const HEADER: &str = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期\n";

#[test]
fn what_comes_later_is_left_out_and_told() {
    let log = format!(
        "{HEADER}2021-08-03,甲,消防,a,现场整改,,,\n2021-08-20,甲,消防,b,交办,,,\n2021-08-21,甲,消防,c,交办,,,\n,甲,消防,d,交办,,,\n\
         2021-08-32,甲,消防,e,交办,,,\n"
    );
    let (report, told) = tally(&log, "2021-08-07");
    // A row whose day is missing or unreadable is there on every day.
    assert_eq!((&report["total"]["found"], &report["left_out"]["after_as_of"]), (&3.into(), &2.into()));
    assert!(told.contains("统计日 2021-08-07 之后的 2 行不计入") && told.contains("log.csv:3"), "{told}");
    let (report, told) = tally(&log, "2021-08-21");
    assert_eq!((&report["total"]["found"], &report["left_out"]["after_as_of"]), (&5.into(), &0.into()));
    assert!(!told.contains("不计入"), "{told}");
    // Only rows that would be counted are told.
    let project = Project::with(&[("log.csv", &log)]);
    let arguments =
        ["tally", "@/log.csv", "--as-of", "2021-08-07", "--where", "disposition=on_site", "--format", "json"];
    assert_eq!(project.run(&arguments).success().json()["left_out"]["after_as_of"], 0);
}

#[test]
fn a_word_without_a_day_is_told_where_the_run_looks_back() {
    let rows = "2021-08-03,甲,消防,a,限期整改,2021-08-06,已整改,\n2021-08-03,甲,消防,b,限期整改,2021-08-06,已销号,2021-08-05\n";
    let later = "2021-08-03,甲,消防,c,限期整改,2021-08-06,已销号,2021-08-15\n";
    for (log, day, undated, rectified) in [
        // The day of another row, or that of the title, is later.
        (format!("{HEADER}{rows}{later}"), "2021-08-10", 1, 2),
        (format!("某区问题台账\n截至2021年8月20日\n{HEADER}{rows}"), "2021-08-10", 1, 2),
        (format!("某区问题台账（截至2021年8月20日）\n{HEADER}{rows}"), "2021-08-20", 0, 2),
        (format!("{HEADER}{rows}"), "2021-08-10", 0, 2),
        (format!("{HEADER}{rows}{later}"), "2021-08-15", 0, 3),
    ] {
        let (report, told) = tally(&log, day);
        assert_eq!(report["by_undated_word"], undated, "{log}{told}");
        assert_eq!(report["total"]["rectified"], rectified, "{log}");
        assert_eq!(told.contains("只凭没有日期的状态"), undated > 0, "{told}");
    }
}

#[test]
fn a_denial_wins_and_is_told() {
    for word in ["退回", "重启", "未整改", "未完成", "待整改", "整改中", "办理中", "部分整改"] {
        let log =
            format!("{HEADER}2021-08-03,甲,消防,a,现场整改,,{word},\n2021-08-03,甲,消防,b,交办,,{word},2021-08-05\n");
        let (report, told) = tally(&log, "2021-08-20");
        assert_eq!((&report["total"]["rectified"], &report["total"]["open"]), (&0.into(), &2.into()), "{word}");
        assert!(told.contains("2 个问题有整改日期或写着现场整改，但状态是"), "{word}: {told}");
    }
    for word in ["登记", "已交办", "已签收", "已反馈", "已移送"] {
        let log =
            format!("{HEADER}2021-08-03,甲,消防,a,现场整改,,{word},\n2021-08-03,甲,消防,b,交办,,{word},2021-08-05\n");
        let (report, told) = tally(&log, "2021-08-20");
        assert_eq!(report["total"]["rectified"], 2, "{word}: {told}");
    }
}

#[test]
fn what_has_no_day_of_rectification_is_not_late_and_is_told() {
    let log = format!(
        "{HEADER}2021-08-03,甲,消防,a,限期整改,2021-08-06,已整改,\n2021-08-03,甲,消防,b,限期整改,2021-08-06,已整改,2021-08-07\n\
         2021-08-03,甲,消防,c,限期整改,2021-08-25,已整改,\n2021-08-03,甲,消防,d,现场整改,2021-08-06,,\n"
    );
    let (report, told) = tally(&log, "2021-08-20");
    assert_eq!(report["total"]["late"], 1);
    // Only one: the deadline of another has not passed, and the last was rectified when it was found.
    assert!(told.contains("1 个已整改的问题没有整改完成日期"), "{told}");
}

/// On any day of August 2021 the example says what the days of its rows say.
#[test]
fn a_look_back_gives_what_the_days_of_the_rows_give() {
    let project = Project::example("zhengdong-2021");
    let data = project.run(&["draft", "summary", "--data", "--as-of", "2021-12-31"]).success().json();
    let issues = data["records"]["issues"].as_array().unwrap();
    assert_eq!(issues.len(), 75);
    for day in 1..=31 {
        let day = format!("2021-08-{day:02}");
        let by = |issue: &Value, key: &str| issue[key].as_str().is_some_and(|on| on <= day.as_str());
        let is = |issue: &Value, key: &str, values: &[&str]| issue[key].as_str().is_some_and(|is| values.contains(&is));
        let found: Vec<&Value> = issues.iter().filter(|issue| by(issue, "found_on")).collect();
        let rectified = found.iter().filter(|issue| {
            let by_day = by(issue, "rectified_on") || is(issue, "disposition", &["on_site"]);
            by_day && !is(issue, "status", &["returned", "reopened", "in_progress"])
        });
        let rectified = rectified.count();
        let arguments = ["tally", "--as-of", &day, "--format", "json"];
        let report = project.run(&arguments).success().json();
        let expected = (Value::from(found.len()), Value::from(rectified), Value::from(found.len() - rectified));
        let total = &report["total"];
        assert_eq!(
            (&total["found"], &total["rectified"], &total["open"]),
            (&expected.0, &expected.1, &expected.2),
            "{day}"
        );
        assert_eq!(report["by_undated_word"], 0, "{day}");
        if day == "2021-08-10" {
            assert_eq!((found.len(), rectified), (53, 41));
        }
    }
}

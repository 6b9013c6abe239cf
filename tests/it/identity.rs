//! An issue is what it says, not where it stands: letters find their issues again.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::project::{Project, Run};

const CONFIG: &str = "rules: {R206: warning}\nlang: zh\noffice: {name: 某区督查室}\nlogs: [logs]\n";
const HEADER: &str = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态,整改日期\n";
const FIRST: &str = "2021-08-03,甲社区,消防,灭火器过期,限期整改,2021-08-10,整改中,\n";
const SECOND: &str = "2021-08-04,乙社区,消防,通道堵塞,限期整改,2021-08-30,整改中,\n";
const NEW: &str = "2021-08-05,丙社区,消防,电线老化,限期整改,2021-08-10,整改中,\n";

#[test]
fn an_issue_is_no_other_for_a_blank_or_a_full_stop_in_its_description() {
    let row = |description: &str| format!("2021-08-03,甲社区,消防,{description},限期整改,2021-08-10,整改中,\n");
    let codes = |files: &[(&str, String)]| -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(name, rows)| (*name, format!("{HEADER}{rows}"))).collect();
        let project = Project::with(&files.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
        let logs: Vec<String> = files.iter().map(|(name, _)| format!("@/{name}")).collect();
        let mut arguments = vec!["check", "--as-of", "2021-08-08", "--format", "json", "--only", "R206,R221,L122"];
        arguments.extend(logs.iter().map(String::as_str));
        let json = project.run(&arguments).json();
        let faults = json["diagnostics"].as_array().unwrap().iter();
        faults.map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
    };
    for (one, other) in
        [("灭火器过期。", "灭火器过期"), ("通道 堵塞", "通道堵塞"), ("Ａ座３楼", "a座3楼；"), ("通\u{200b}道", "通道")]
    {
        assert_eq!(codes(&[("a.csv", row(one) + &row(other))]), ["R206"], "{one}");
        let new = row("线路老化");
        assert_eq!(codes(&[("a.csv", row(one) + &new), ("b.csv", row(other))]), ["R221"], "{one}");
    }
    assert!(codes(&[("a.csv", row("灭火器过期") + &row("灭火器未过期"))]).is_empty());
}

/// A project whose log has the first two rows; 甲社区 had reminder 1.
fn reminded() -> Project {
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &[HEADER, FIRST, SECOND].concat())]);
    dispatch(&project, "2021-08-12", &[]).success();
    let documents = documents(&project);
    assert_eq!(documents.len(), 1, "{documents:?}");
    project
}

fn dispatch(project: &Project, day: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["dispatch", "due", "--as-of", day, "--to", "md", "-o", "@/documents"];
    arguments.extend(more);
    project.run(&arguments)
}

/// Unit, kind and the letters before, of each document.
fn documents(project: &Project) -> Vec<(String, String, Vec<String>)> {
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let after = |entry: &Value| entry["after"].as_array().into_iter().flatten().map(text).collect();
    list.as_array().unwrap().iter().map(|entry| (text(&entry["unit"]), text(&entry["kind"]), after(entry))).collect()
}

fn due(project: &Project, day: &str) -> Value {
    project.run(&["due", "--as-of", day, "--format", "json"]).success().json()
}

/// The rung and the letter before, by unit.
fn rungs(due: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let units = due["units"].as_array().unwrap().iter();
    let items = units.flat_map(|unit| unit["issues"].as_array().unwrap().iter().map(move |item| (unit, item)));
    items.map(|(unit, item)| (text(&unit["unit"]), text(&item["rung"]), text(&item["after"]))).collect()
}

fn replace_logs(project: &Project, name: &str, text: &str) {
    std::fs::remove_dir_all(project.path().join("logs")).unwrap();
    project.write(&format!("logs/{name}"), text.as_bytes());
}

#[test]
fn a_row_put_in_above_inherits_no_letter() {
    let spelt = "2021年8月3日,甲社区,消防,灭火器过期。,限期整改,2021-08-10,已反馈,\n";
    let with_ids = "序号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态\n\
        2,2021.8.3,甲社区,消防,灭火器过期,限期整改,8月10日,整改中\n1,2021.8.5,丙社区,消防,电线老化,限期整改,8月10日,整改中\n";
    for (name, text) in [
        ("a.csv", [HEADER, NEW, FIRST, SECOND].concat()),
        ("a.csv", [HEADER, SECOND, NEW, FIRST].concat()),
        ("台账9月.csv", [HEADER, NEW, FIRST, SECOND].concat()),
        ("a.csv", ["某区问题台账,,,,,,,\n", HEADER, NEW, FIRST, SECOND].concat()),
        ("a.csv", [HEADER, NEW, spelt].concat()),
        ("a.csv", with_ids.to_owned()),
        ("a.csv", with_ids.replace("序号", "编号")),
        ("a.yaml", "issues:\n- {unit: 丙社区, found_on: 2021-08-05, category: 消防, description: 电线老化, disposition: deadline, deadline: 2021-08-10}\n\
          - {unit: 甲社区, found_on: 2021-08-03, category: 消防, description: 灭 火器过期, disposition: deadline, deadline: 2021-08-10}\n".to_owned()),
    ] {
        let project = reminded();
        replace_logs(&project, name, &text);
        let run = dispatch(&project, "2021-08-18", &[]).success();
        let letters = documents(&project);
        let letter = |unit: &str, kind: &str, after: &[&str]| {
            (unit.to_owned(), kind.to_owned(), after.iter().map(|number| (*number).to_owned()).collect::<Vec<_>>())
        };
        let expected = [letter("丙社区", "reminder", &[]), letter("甲社区", "supervision", &["提醒〔2021〕1号"])];
        assert_eq!(letters[1..], expected, "{text}{}", run.stderr);
        let paper = std::fs::read_to_string(project.path().join("documents/reminder-2021-002-丙社区.md")).unwrap();
        assert!(!paper.contains("提醒〔2021〕1号") && !paper.contains("k-"), "{paper}");
    }
}

#[test]
fn saved_as_a_workbook_it_is_the_same_log() {
    let project = reminded();
    let before = due(&project, "2021-08-18");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
    for (row, line) in [HEADER, SECOND, FIRST].concat().lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
            match rust_xlsxwriter::ExcelDateTime::parse_from_str(cell) {
                Ok(date) if cell.starts_with("2021-") => {
                    sheet.write_datetime_with_format(row, column, &date, &day).unwrap();
                }
                _ => {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
    }
    std::fs::remove_dir_all(project.path().join("logs")).unwrap();
    project.write("logs/b.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(due(&project, "2021-08-18"), before);
}

#[test]
fn what_was_altered_is_near_and_stops_a_dispatch() {
    for altered in [
        FIRST.replace("灭火器过期", "灭火器已过期两具"),
        FIRST.replace("甲社区", "甲社区居委会"),
        FIRST.replace("2021-08-03", "2021年8月3日").replace("过期", "过期未换"),
    ] {
        let project = reminded();
        replace_logs(&project, "a.csv", &[HEADER, NEW, &altered, SECOND].concat());
        let due = due(&project, "2021-08-18");
        let near: Vec<&Value> =
            due["units"].as_array().unwrap().iter().flat_map(|unit| unit["near"].as_array().unwrap()).collect();
        assert_eq!(near.len(), 1, "{due}");
        assert_eq!(near[0]["number"], "提醒〔2021〕1号");
        assert_ne!(near[0]["was"], near[0]["now"]);
        let run = dispatch(&project, "2021-08-18", &[]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.contains("甲社区") && run.stderr.contains("--skip-uncertain"), "{}", run.stderr);
        assert_eq!(documents(&project).len(), 1);
        dispatch(&project, "2021-08-18", &["--skip-uncertain"]).success();
        assert_eq!(documents(&project)[1..], [("丙社区".to_owned(), "reminder".to_owned(), Vec::new())]);
        let key = near[0]["key"].as_str().unwrap();
        dispatch(&project, "2021-08-18", &["--same-issue", key]).success();
        assert_eq!(documents(&project)[2].1, "supervision");
        // The letter names the issue as it is now: nothing is uncertain any more.
        assert_eq!(dispatch(&project, "2021-08-19", &[]).success().stdout, "");
    }
    let project = reminded();
    let run = dispatch(&project, "2021-08-18", &["--new-issue", "k-000000000000"]);
    assert_eq!(run.status, 2, "an answer to nothing: {}", run.stderr);
    replace_logs(&project, "a.csv", &[HEADER, &FIRST.replace("灭火器过期", "灭火器已过期两具")].concat());
    let key = due(&project, "2021-08-18")["units"][0]["near"][0]["key"].as_str().unwrap().to_owned();
    dispatch(&project, "2021-08-18", &["--new-issue", &key]).success();
    assert_eq!(documents(&project)[1].1, "reminder");
}

#[test]
fn numbers_that_begin_again_are_no_ids() {
    let header = format!("编号,{HEADER}");
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/7月.csv", &format!("{header}1,{FIRST}2,{SECOND}"))]);
    dispatch(&project, "2021-08-12", &[]).success();
    let august = format!("{header}1,{NEW}2,{}", FIRST.replace("甲", "丁").replace("08-03", "08-06"));
    project.write("logs/8月.csv", august.as_bytes());
    let check = project.run(&["check", "--as-of", "2021-08-18"]);
    assert!(!check.stdout.contains("L108"), "{}", check.stdout);
    let rungs = rungs(&due(&project, "2021-08-18"));
    let of = |unit: &str| {
        rungs.iter().find(|(name, ..)| name == unit).map(|(_, rung, after)| (rung.as_str(), after.as_str()))
    };
    assert_eq!(of("甲社区"), Some(("supervision", "提醒〔2021〕1号")));
    assert_eq!((of("丙社区"), of("丁社区")), (Some(("reminder", "-")), Some(("reminder", "-"))));
}

#[test]
fn an_id_that_was_given_to_another_issue_inherits_nothing() {
    let header = format!("编号,{HEADER}");
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &format!("{header}WT-1,{FIRST}"))]);
    dispatch(&project, "2021-08-12", &[]).success();
    for (row, rung) in [
        (format!("WT-1,{NEW}"), "reminder"),
        (format!("WT-1,{}", NEW.replace("丙社区", "甲社区")), "supervision"),
        (format!("WT-1,{}", NEW.replace("08-05", "08-03")), "supervision"),
        (format!("WT-1,{}", NEW.replace("电线老化", "灭火器过期")), "supervision"),
    ] {
        replace_logs(&project, "a.csv", &format!("{header}{row}"));
        let run = project.run(&["due", "--as-of", "2021-08-18", "--format", "json"]).success();
        assert_eq!(rungs(&run.json())[0].1, rung, "{row}");
        assert_eq!(run.stderr.contains("WT-1"), rung == "reminder", "{}", run.stderr);
    }
}

#[test]
fn equal_rows_are_as_many_as_they_are() {
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &[HEADER, FIRST, FIRST].concat())]);
    dispatch(&project, "2021-08-12", &[]).success();
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    let issues = list[0]["issues"].as_array().unwrap();
    assert_eq!(issues.len(), 2, "{list}");
    assert_eq!(dispatch(&project, "2021-08-12", &[]).success().stdout, "");
    // One more of them: two had a letter, one had none.
    replace_logs(&project, "b.csv", &[HEADER, FIRST, FIRST, FIRST].concat());
    let due = rungs(&due(&project, "2021-08-18"));
    assert_eq!(due.iter().filter(|(_, rung, _)| rung == "reminder").count(), 1, "{due:?}");
    assert_eq!(due.iter().filter(|(_, rung, _)| rung == "supervision").count(), 2, "{due:?}");
}

/// A register of the first version: the issue is called by its place.
fn of_the_first_version(log: &str) -> Project {
    let table = "series,kind,n,date,unit,issues\nreminder,reminder,1,2021-08-12,甲社区,logs/a:2\n";
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", log), ("old.csv", table)]);
    project.run(&["register", "import", "@/old.csv"]).success();
    project
}

#[test]
fn an_old_id_is_taken_over_only_where_nothing_else_could_be_meant() {
    let project = of_the_first_version(&[HEADER, FIRST, SECOND].concat());
    assert_eq!(rungs(&due(&project, "2021-08-18"))[0].1, "supervision");
    for log in [
        // Another row of the unit could be meant.
        [HEADER, FIRST, &FIRST.replace("灭火器过期", "电线裸露")].concat(),
        // The row there is another unit's.
        [HEADER, NEW, FIRST, SECOND].concat(),
    ] {
        let project = of_the_first_version(&log);
        assert_eq!(dispatch(&project, "2021-08-18", &[]).status, 1, "{log}");
        assert_eq!(documents(&project).len(), 1);
        let due = due(&project, "2021-08-18");
        let units = due["units"].as_array().unwrap().iter();
        let near: Vec<String> = units
            .filter(|unit| !unit["near"].as_array().unwrap().is_empty())
            .map(|unit| unit["unit"].to_string())
            .collect();
        assert_eq!(near, ["\"甲社区\""], "{due}");
    }
    // Found after the letter: not the issue that it named.
    let project = of_the_first_version(&[HEADER, &FIRST.replace("08-03", "08-13")].concat());
    assert_eq!(rungs(&due(&project, "2021-08-18"))[0].1, "reminder");
}

/// One of several spellings of a log with the same rows.
fn spelt(rows: &[String], order: &[usize], form: usize) -> (String, String) {
    let rows: Vec<Vec<&str>> = order.iter().map(|at| rows[*at].split(',').collect()).collect();
    let day = |text: &str| match form % 3 {
        0 => text.to_owned(),
        1 => text.replace('-', "/"),
        _ => text.replacen('-', "年", 1).replacen('-', "月", 1) + "日",
    };
    if form == 3 {
        let item = |row: &Vec<&str>| {
            format!(
                "{{\"unit\":\"{}\",\"found_on\":\"{}\",\"description\":\"{}\",\"category\":\"消防\",\"disposition\":\"deadline\",\"deadline\":\"{}\"}}",
                row[1], row[0], row[2], row[3]
            )
        };
        return ("x.json".into(), format!("{{\"issues\":[{}]}}", rows.iter().map(item).collect::<Vec<_>>().join(",")));
    }
    let line = |(at, row): (usize, &Vec<&str>)| {
        let (unit, text, found, until) = (row[1], row[2], day(row[0]), day(row[3]));
        match form % 4 {
            0 => format!("{found},{unit},消防,{text},限期整改,{until}\n"),
            1 => format!("{},{until},限期整改,{text}。,消防,{unit},{found}\n", at + 1),
            _ => format!("{},{found},{unit},消防, {text}\u{200b},限期整改,{until}\n", at + 1),
        }
    };
    let header = match form % 4 {
        0 => "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n",
        1 => "序号,整改期限,整改方式,问题描述,问题类别,责任单位,发现日期\n",
        _ => "某区台账,,,,,,\n编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n",
    };
    (format!("台账{form}.csv"), header.to_owned() + &rows.iter().enumerate().map(line).collect::<String>())
}

#[test]
fn order_name_and_format_of_a_log_are_no_matter() {
    let row = (0..3_usize, 1..4_u32, 0..4_usize).prop_map(|(unit, day, text)| {
        let (unit, text) =
            (["甲社区", "乙社区", "丙社区"][unit], ["灭火器过期", "通道堵塞", "灭火器失效", "Ａ座电线老化"][text]);
        format!("2021-08-0{day},{unit},{text},2021-08-1{day}")
    });
    let changed = (prop::collection::vec(row, 1..8), 0..6_usize, 0..8_usize).prop_flat_map(|(rows, first, second)| {
        let order = Just((0..rows.len()).collect::<Vec<_>>()).prop_shuffle();
        (Just(rows), order, Just(first), Just(second))
    });
    // A hundredth of what was run by hand: PROPTEST_CASES=10000.
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { 100 };
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&changed, |(rows, order, first, second)| {
            let plain: Vec<usize> = (0..rows.len()).collect();
            let (name, text) = spelt(&rows, &plain, first);
            let project = Project::with(&[("duban.yaml", CONFIG), (&format!("logs/{name}"), &text)]);
            dispatch(&project, "2021-08-12", &["-q"]).success();
            let before = due(&project, "2021-08-20");
            let (name, text) = spelt(&rows, &order, second);
            replace_logs(&project, &name, &text);
            let after = due(&project, "2021-08-20");
            prop_assert_eq!(before, after, "{}", text);
            Ok(())
        })
        .unwrap();
}

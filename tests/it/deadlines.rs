//! `duban due --format ics -o FILE`: a calendar that is updated in place.

use std::collections::BTreeSet;

use crate::project::Project;

const CONFIG: &str = "lang: zh\noffice: {name: 督查室}\nlogs: [log.csv]\n";
const HEADER: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态\n";

fn lines(project: &Project, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project.path().join("due.ics")).unwrap();
    let found = text.split("\r\n").filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    found.map(str::to_owned).collect()
}

#[test]
fn a_calendar_is_updated_in_place() {
    let rows =
        "WT-1,2021-08-03,甲,消防,堆物,限期整改,2021-08-20,\nWT-2,2021-08-04,乙,消防,无台账,限期整改,2021-08-21,\n";
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &format!("{HEADER}{rows}"))]);
    let run = |day: &str| {
        let run = project.run(&["due", "--format", "ics", "-o", "due.ics", "--as-of", day]);
        assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        let ids = lines(&project, "UID").into_iter().map(|uid| uid.split('.').next().unwrap().to_owned());
        let rest = lines(&project, "SEQUENCE").into_iter().zip(lines(&project, "STATUS"));
        ids.zip(rest).map(|(id, (number, status))| format!("{id} {number} {status}")).collect::<BTreeSet<_>>()
    };
    let entries = |texts: [&str; 2]| texts.map(str::to_owned).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(run("2021-08-19"), entries(["WT-1 0 CONFIRMED", "WT-2 0 CONFIRMED"]));
    // One is rectified, the other overdue, and the rows stand in another order.
    let rows = "WT-2,2021-08-04,乙,消防,无台账,限期整改,2021-08-21,\nWT-1,2021-08-03,甲,消防,堆物,限期整改,2021-08-20,已整改\n";
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    assert_eq!(run("2021-08-22"), entries(["WT-1 1 CANCELLED", "WT-2 1 CONFIRMED"]));
}

#[test]
fn a_file_that_is_no_calendar_of_ours_is_not_overwritten() {
    let rows = "WT-1,2021-08-03,甲,消防,堆物,限期整改,2021-08-20,\n";
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &format!("{HEADER}{rows}"))]);
    for text in [&b"BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n"[..], b"\xff\xfe", b""] {
        project.write("due.ics", text);
        let run = project.run(&["due", "--format", "ics", "-o", "due.ics"]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains("due.ics") && run.stderr.contains("不会覆盖"), "{}", run.stderr);
        assert_eq!(std::fs::read(project.path().join("due.ics")).unwrap(), text);
    }
    // Every other format writes what it would print.
    for format in ["table", "json", "csv"] {
        let printed = project.run(&["due", "--format", format]);
        let written = project.run(&["due", "--format", format, "-o", "out.txt"]);
        assert_eq!((written.status, written.stdout.as_str()), (0, ""));
        assert_eq!(std::fs::read_to_string(project.path().join("out.txt")).unwrap(), printed.stdout, "{format}");
    }
}

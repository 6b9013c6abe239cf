//! What faulty logs mean for counting and writing: `dispatch` is refused, the others tell and go on.

use duban::fault::{Code, CodeTable, Severity};
use duban::words::lang::Lang;

use crate::explain::{Example, examples};
use crate::project::{Project, Run};

const CONFIG: &str = "lang: zh\noffice: {name: 某办, code: 某}\nlogs: [logs]\n";
const HEADER: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态\n";
/// A deadline before the day of finding, and a row that is entered twice.
const FAULTY: &str = "A1,2021-08-03,甲社区,消防,堆物,限期整改,2021-08-01,整改中
A2,2021-08-03,乙社区,消防,灭火器过期,限期整改,2021-08-10,整改中
A3,2021-08-03,乙社区,消防,灭火器过期,限期整改,2021-08-10,整改中
";

fn project(rows: &str) -> Project {
    Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &format!("{HEADER}{rows}"))])
}

fn numbers(project: &Project) -> usize {
    project.run(&["register", "list", "--format", "json"]).success().json().as_array().unwrap().len()
}

fn dispatch(project: &Project, more: &[&str]) -> Run {
    project.run(&[&["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md"], more].concat())
}

#[test]
fn a_dispatch_over_faulty_logs_takes_no_number() {
    let project = project(FAULTY);
    let run = dispatch(&project, &[]);
    assert_eq!((run.status, run.stdout.as_str(), numbers(&project)), (1, "", 0), "{}", run.stderr);
    for told in ["R201", "logs/a.csv:2:30", "R206", "logs/a.csv:4:1", "--accept R201,R206"] {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
    assert!(!project.path().join("documents").exists());
    let quiet = dispatch(&project, &["-q"]);
    assert!(quiet.status == 1 && quiet.stderr.contains("R201"), "{}", quiet.stderr);
    let all = project.run(&["dispatch", "due", "--as-of", "2021-08-20", "--to", "md"]);
    assert_eq!((all.status, numbers(&project)), (1, 0), "{}", all.stderr);
}

#[test]
fn what_is_accepted_is_kept_in_the_register() {
    let project = project(FAULTY);
    for (arguments, status) in [
        (&["--accept", "R206"][..], 2),
        (&["--why", "已核"], 2),
        (&["--accept", "R206", "--why", " "], 2),
        (&["--accept", "R206", "--why", "已核"], 1),
        (&["--accept", "R201,R206,V101", "--why", "已核"], 2),
        (&["--accept", "R299", "--why", "已核"], 2),
    ] {
        let run = dispatch(&project, arguments);
        assert_eq!((run.status, numbers(&project)), (status, 0), "{arguments:?} {}", run.stderr);
    }
    dispatch(&project, &["--accept", "R201", "--accept", "doubled-issue", "--why", "两处确为两件"]).success();
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    assert_eq!(list[0]["accepted"], serde_json::json!({"R201": 1, "R206": 1}));
    assert_eq!(list[0]["accepted_at"]["R206"], serde_json::json!(["logs/a.csv:4:1"]));
    assert_eq!(list[0]["accepted_why"], "两处确为两件");
    let shown = project.run(&["register", "list", "-v"]).success().stdout;
    assert!(shown.contains("放行 R206 1 处：logs/a.csv:4:1；理由：两处确为两件"), "{shown}");
    assert!(!project.run(&["register", "list"]).success().stdout.contains("放行"));
    project.run(&["register", "verify"]).success();
    let figures = std::fs::read_to_string(project.path().join("documents/bulletin-2021-001.figures.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    assert_eq!((&figures["faults"][0]["code"], &figures["faults"][0]["refusing"]), (&"R201".into(), &1.into()));
}

#[test]
fn what_fails_after_a_number_was_taken_has_a_status_of_its_own() {
    let project = project("A1,2021-08-03,甲社区,消防,堆物,现场整改,,\n");
    // All documents in one file, under a name that is a folder.
    project.write("documents/bulletin-2021-08-20-together.html/x", b"");
    let run = project.run(&["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "html", "--together"]);
    assert_eq!((run.status, numbers(&project)), (4, 1), "{}", run.stderr);
    assert!(run.stderr.contains("第1期 已取号"), "{}", run.stderr);
    project.run(&["register", "verify"]).success();
}

#[test]
fn the_others_tell_the_same_and_go_on() {
    let project = project(FAULTY);
    let draft = project.run(&["draft", "bulletin", "--as-of", "2021-08-20", "--to", "md"]).success();
    let due = project.run(&["due", "--as-of", "2021-08-20"]).success();
    assert!(draft.stderr.contains("R206") && draft.stderr.contains("R201"), "{}", draft.stderr);
    assert_eq!(draft.stderr, due.stderr);
    let path = project.path().join("drafts/bulletin-draft-2021-08-20.figures.json");
    assert!(std::fs::read_to_string(path).unwrap().contains("\"R206\""));
    project.write("logs/b.csv", format!("{HEADER}B1,不是日期,甲社区,消防,堆物,现场整改,,\n").as_bytes());
    let tally = project.run(&["tally", "--as-of", "2021-08-20"]).success();
    assert!(tally.stderr.contains("V101") && tally.stderr.contains("logs/b.csv:2:4"), "{}", tally.stderr);
}

#[test]
fn data_of_a_faulty_log_are_refused_as_the_log_is() {
    let project = project(FAULTY);
    let data = project.run(&["draft", "bulletin", "--as-of", "2021-08-20", "--data"]).success().stdout;
    project.write("data.json", data.as_bytes());
    let run = project.run(&["dispatch", "bulletin", "--from-data", "data.json", "--to", "md"]);
    assert_eq!((run.status, numbers(&project)), (1, 0), "{}", run.stderr);
}

#[test]
fn faults_in_rows_of_another_unit_do_not_stop_a_letter() {
    let project = project(FAULTY);
    let to = |unit: &str| project.run(&["dispatch", "reminder", "--unit", unit, "--as-of", "2021-08-12", "--to", "md"]);
    assert_eq!(to("乙社区").status, 1);
    assert_eq!(to("甲社区").status, 1);
    project.write("logs/a.csv", format!("{HEADER}{}", FAULTY.replace("A1,2021-08-03", "A1,2021-07-03")).as_bytes());
    let run = to("甲社区").success();
    assert!(run.stderr.contains("R206"), "told all the same: {}", run.stderr);
    // A row without a readable unit may be anyone's, and so may a fault of the whole file.
    project.write("logs/b.csv", format!("{HEADER}B1,2021-08-03,,消防,堆物二,现场整改,,\n").as_bytes());
    assert_eq!(to("甲社区").status, 1);
    project
        .write("logs/b.csv", format!("{HEADER}B1,2021-08-03,乙社区,消防,堆物二,现场整改,,\n合计,7,,,,,,\n").as_bytes());
    assert_eq!(to("甲社区").status, 1);
    // All rows of a JSON log may stand on one line.
    let json = r#"{"issues":[{"编号":"C1","发现日期":"2021-08-03","责任单位":"乙社区","问题类别":"消防","问题描述":"三","整改方式":"看着办"},{"编号":"C2","发现日期":"2021-08-03","责任单位":"甲社区","问题类别":"消防","问题描述":"四","整改方式":"现场整改"}]}"#;
    project.write("logs/b.csv", HEADER.as_bytes());
    project.write("logs/c.json", json.as_bytes());
    assert_eq!(to("甲社区").status, 1);
}

#[test]
fn a_day_after_that_of_as_of_is_a_note() {
    let rows = "A1,2021-08-21,甲社区,消防,堆物,限期整改,2021-08-28,整改中\n";
    // Today is 2021-08-20.
    let project = project(rows);
    let run = project.run(&["dispatch", "bulletin", "--to", "md"]);
    assert!(run.status == 1 && run.stderr.contains("R205"), "{}", run.stderr);
    dispatch(&project, &[]).success();
    assert_eq!(project.run(&["check", "--as-of", "2021-08-20"]).status, 0);
    assert_eq!(project.run(&["check"]).status, 1);
    project.write("duban.yaml", format!("{CONFIG}rules: {{R205: error}}\n").as_bytes());
    assert_eq!(dispatch(&project, &[]).status, 1, "the project's own word");
}

#[test]
fn the_baseline_of_the_config_lets_known_faults_pass() {
    let project = project(FAULTY);
    project.run(&["check", "--as-of", "2021-08-20", "--write-baseline", "@/known.json"]).success();
    project.write("duban.yaml", format!("{CONFIG}baseline: known.json\n").as_bytes());
    project.run(&["check", "--as-of", "2021-08-20"]).success();
    dispatch(&project, &[]).success();
    let more = format!("{HEADER}{FAULTY}A4,2021-08-03,丙社区,消防,新问题,限期整改,2021-08-02,整改中\n");
    project.write("logs/a.csv", more.as_bytes());
    assert_eq!(dispatch(&project, &[]).status, 1);
    project.write("duban.yaml", format!("{CONFIG}baseline: nowhere.json\n").as_bytes());
    assert_eq!(dispatch(&project, &[]).status, 2);
}

#[test]
fn a_log_in_which_nothing_was_recognised_ends_with_status_two() {
    let good = format!("{HEADER}A1,2021-08-03,甲社区,消防,堆物,现场整改,,\n");
    let row =
        r#"{"发现日期":"2021-08-03","责任单位":"甲社区","问题类别":"消防","问题描述":"堆物","整改方式":"现场整改"}"#;
    let lost = [
        ("log.csv", "甲,乙,丙\n1,2,3\n".to_owned()),
        ("log.json", format!(r#"{{"data":[{row}]}}"#)),
        ("log.json", format!(r#"{{"code":0,"result":{{"total":1,"list":[{row}]}}}}"#)),
        ("log.json", format!(r#"{{"issues":[{row}],"more":[{row}]}}"#)),
        ("log.json", r#"[{"a":1,"b":2}]"#.to_owned()),
        ("log.yaml", "台帐:\n  - {发现日期: 2021-08-03, 责任单位: 甲社区, 问题描述: 堆物}\n".to_owned()),
        ("log.yaml", "a: 1\nb: 2\n".to_owned()),
        ("log.yaml", "- {发现日期: 2021-08-03\n".to_owned()),
        ("log.yaml", "issues: 见附件\n".to_owned()),
    ];
    for (name, text) in lost {
        let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &good), (&format!("logs/{name}"), &text)]);
        for command in [&["tally"][..], &["due"], &["draft", "bulletin"], &["dispatch", "bulletin"]] {
            let run = project.run(&[command, &["--as-of", "2021-08-20"]].concat());
            assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name} {text} {command:?} {}", run.stderr);
            assert!(run.stderr.contains(&format!("logs/{name}:")), "{}", run.stderr);
        }
        assert_eq!(numbers(&project), 0);
        for format in ["text", "json", "github", "gitlab", "sarif", "junit", "rdjson", "html", "md"] {
            let run = project.run(&["check", "--as-of", "2021-08-20", "--format", format]);
            assert_eq!(run.status, 1, "{name} {text} {format} {}{}", run.stdout, run.stderr);
        }
    }
}

#[test]
fn a_log_without_rows_is_one_of_no_issues_and_named_in_every_run() {
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", HEADER), ("logs/b.yaml", "issues: []\n")]);
    for command in [&["tally"][..], &["due"], &["draft", "bulletin"], &["dispatch", "bulletin"]] {
        let run = project.run(&[command, &["--as-of", "2021-08-20"]].concat()).success();
        assert!(run.stderr.contains("L102  台账没有记录  logs/a.csv:1:1、logs/b.yaml:1:1"), "{}", run.stderr);
    }
}

#[test]
fn a_rule_that_needs_a_column_is_told_once_for_the_log() {
    let head = "发现日期,责任单位,问题类别,问题描述,整改方式,整改状态\n";
    let rows: Vec<String> = (1..=9).map(|n| format!("2021-08-0{n},甲社区,消防,堆物{n},限期整改,已销号\n")).collect();
    let rows = rows.concat();
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &format!("{head}{rows}"))]);
    let report = project.run(&["check", "--as-of", "2021-08-20", "--format", "json"]).success().json();
    let faults = report["diagnostics"].as_array().unwrap();
    let found: Vec<_> = faults.iter().map(|fault| (fault["code"].as_str().unwrap(), fault["line"].as_u64())).collect();
    assert_eq!(found, [("L123", Some(1)), ("L123", Some(1))], "{report}");
    dispatch(&project, &[]).success();
    // In YAML each record has its own keys: one that has the day makes the others lack it.
    let record = |more: &str| {
        format!(
            "- {{发现日期: 2021-08-03, 责任单位: 甲, 问题类别: 消防, 问题描述: 甲, 整改方式: 交办, 整改状态: 已销号{more}}}\n"
        )
    };
    project.write("logs/a.csv", HEADER.as_bytes());
    project.write("logs/b.yaml", record("").as_bytes());
    assert_eq!(project.run(&["check", "--as-of", "2021-08-20", "--only", "R204,L123"]).status, 0);
    project.write("logs/b.yaml", (record("") + &record(", 整改完成日期: 2021-08-04")).as_bytes());
    let run = project.run(&["check", "--as-of", "2021-08-20", "--only", "R204,L123", "--format", "json"]);
    assert_eq!((run.status, run.json()["diagnostics"][0]["code"].as_str()), (1, Some("R204")), "{}", run.stdout);
}

/// Code, file, and whether the message names both files, of every fault that `check` finds.
fn found(project: &Project, names: &[&str]) -> Vec<(String, String, bool)> {
    let report = project.run(&["check", "--as-of", "2021-08-20", "--format", "json"]).json();
    let faults = report["diagnostics"].as_array().unwrap().clone();
    let text = |fault: &serde_json::Value, key: &str| fault[key].as_str().unwrap().to_owned();
    let all = faults.iter().map(|fault| {
        let message = text(fault, "message");
        (text(fault, "code"), text(fault, "file"), names.iter().all(|name| message.contains(name)))
    });
    all.collect()
}

const LEDGER: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态,整改完成日期\n";

/// A hundred open issues, every third of them rectified in the second month.
fn month(second: bool, issues: std::ops::Range<usize>) -> String {
    let rows = issues.map(|n| {
        let done = if second && n % 3 == 0 { "已整改,2021-08-09" } else { "整改中," };
        format!("W{n},2021-08-03,甲社区,消防,问题{n},限期整改,2021-08-10,{done}\n")
    });
    LEDGER.to_owned() + &rows.collect::<String>()
}

#[test]
fn the_same_submission_twice_is_one_fault_with_both_names() {
    let text = month(false, 0..100);
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/台账.csv", &text), ("logs/台账 - 副本.csv", &text)]);
    let both = ["logs/台账.csv", "logs/台账 - 副本.csv"];
    let one = |file: &str| [("L122".to_owned(), file.to_owned(), true)];
    assert_eq!(found(&project, &both), one("logs/台账.csv"));
    assert_eq!((dispatch(&project, &[]).status, numbers(&project)), (1, 0));
    // To a unit whose row is not the first of the file, it is a fault all the same.
    let run = project.run(&["dispatch", "reminder", "--unit", "乙社区", "--as-of", "2021-08-20"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    // In another order, in another format, without ids, and as sheets of one workbook.
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    project.write("logs/台账 - 副本.csv", (lines.join("\n") + "\n").as_bytes());
    assert_eq!(found(&project, &both), one("logs/台账.csv"));
    let without = text.lines().map(|line| line.split_once(',').unwrap().1.to_owned() + "\n").collect::<String>();
    for name in both {
        project.write(name, without.as_bytes());
    }
    assert_eq!(found(&project, &both), one("logs/台账.csv"));
    project
        .write("duban.yaml", format!("{CONFIG}\n").replace("[logs]", "['logs', '!logs/台账 - 副本.csv']").as_bytes());
    assert_eq!(found(&project, &both), []);
    dispatch(&project, &[]).success();
    // A duplicate within one file is a fault of its row, as before.
    project.write("logs/台账.csv", (text.clone() + text.lines().nth(1).unwrap() + "\n").as_bytes());
    let codes: Vec<String> = found(&project, &[]).into_iter().map(|(code, ..)| code).collect();
    assert_eq!(codes, ["R206", "L108"]);
}

#[test]
fn a_ledger_that_repeats_open_rows_proposes_to_count_the_newest() {
    let project = Project::with(&[
        ("duban.yaml", CONFIG),
        ("logs/台账2021-07.csv", &month(false, 0..60)),
        ("logs/台账2021-08.csv", &month(true, 30..90)),
    ]);
    let both = ["logs/台账2021-07.csv", "logs/台账2021-08.csv"];
    assert_eq!(found(&project, &both), [("R221".to_owned(), both[1].to_owned(), true)]);
    let report = project.run(&["check", "--as-of", "2021-08-20"]);
    assert!(report.stdout.contains("logs: [{latest: 'logs/台账*.csv'}] 写在"), "{}", report.stdout);
    assert_eq!(dispatch(&project, &[]).status, 1);
    let latest = CONFIG.replace("[logs]", "[{latest: 'logs/台账*.csv'}]");
    project.write("duban.yaml", latest.as_bytes());
    let tally = project.run(&["tally", "--as-of", "2021-08-20", "--format", "json"]).success();
    assert_eq!(
        (tally.json()["total"]["found"].as_u64(), tally.json()["total"]["rectified"].as_u64()),
        (Some(60), Some(20))
    );
    assert!(tally.stderr.contains("logs/台账2021-08.csv；没有计入：logs/台账2021-07.csv"), "{}", tally.stderr);
    dispatch(&project, &[]).success();
    // The day in a title row goes before the name, where every file has one.
    for (name, day, text) in [("07", "8月31日", month(false, 0..60)), ("08", "7月31日", month(true, 30..90))] {
        let text = format!("某区台账（截至2021年{day}）\n{text}");
        project.write(&format!("logs/台账2021-{name}.csv"), text.as_bytes());
    }
    let tally = project.run(&["tally", "--as-of", "2021-08-20", "--format", "json"]).success();
    assert_eq!(tally.json()["total"]["rectified"].as_u64(), Some(0), "the one of 31 August, though named 07");
}

#[test]
fn which_submission_is_the_newest_is_never_guessed() {
    let with = |names: &[&str]| {
        let latest = CONFIG.replace("[logs]", "[{latest: 'logs/*.csv'}]");
        let project = Project::with(&[("duban.yaml", &latest)]);
        for name in names {
            project.write(&format!("logs/{name}.csv"), month(false, 0..3).as_bytes());
        }
        project.run(&["tally", "--as-of", "2021-08-20"])
    };
    assert_eq!(with(&["台账"]).status, 0, "one file needs no date");
    assert_eq!(with(&["台账7月", "台账8月"]).status, 0);
    for names in [
        ["台账", "台账8月"],
        ["甲组台账8月", "乙组台账8月"],
        ["台账12月", "台账1月"],
        ["台账2021年7月", "台账8月"],
        ["台账1.1", "台账1.2"],
    ] {
        let run = with(&names);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{names:?} {}", run.stderr);
        assert!(run.stderr.contains("logs/"), "{}", run.stderr);
    }
    let project =
        Project::with(&[("duban.yaml", &CONFIG.replace("[logs]", "[logs, '!logs/无.csv']")), ("logs/a.csv", HEADER)]);
    assert!(project.run(&["tally"]).success().stderr.contains("'!logs/无.csv' 没有排除任何文件"));
    project.write("duban.yaml", CONFIG.replace("[logs]", "[{newest: logs}]").as_bytes());
    assert!(project.run(&["tally"]).stderr.contains("C402"));
}

#[test]
fn what_duban_wrote_is_known_again() {
    let rows = month(false, 0..5) + "W9,2021-08-03,乙社区,消防,别的问题,限期整改,2021-08-01,整改中,\n";
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &rows)]);
    assert_eq!(project.run(&["check", "--as-of", "2021-08-20", "--annotate", "@/logs/back.xlsx"]).status, 1);
    let both = ["logs/a.csv", "logs/back.xlsx"];
    let beside = |name: &str| {
        let faults = found(&project, &["logs/a.csv", name]);
        let of_pair: Vec<_> = faults.iter().filter(|(code, ..)| code == "L122").collect();
        assert_eq!(of_pair.len(), 1, "{faults:?}");
        assert!(of_pair[0].2 && !faults.iter().any(|(code, ..)| code == "R206" || code == "L108"), "{faults:?}");
    };
    beside(both[1]);
    // Alone it is a log, and told as such.
    let alone = project.run(&["tally", "@/logs/back.xlsx", "--as-of", "2021-08-20", "--format", "json"]).success();
    assert_eq!(alone.json()["total"]["found"].as_u64(), Some(6));
    assert!(alone.stderr.contains("L121"), "{}", alone.stderr);
    std::fs::remove_file(project.path().join("logs/back.xlsx")).unwrap();
    // A drafted ledger, moved away from its figures.
    project.run(&["draft", "ledger", "--as-of", "2021-08-20", "-o", "@/drafts"]).success();
    let ledger = project.path().join("drafts/ledger-draft-2021-08-20.xlsx");
    std::fs::copy(&ledger, project.path().join("logs/ledger.xlsx")).unwrap();
    beside("logs/ledger.xlsx");
    assert_eq!(dispatch(&project, &[]).status, 1);
    let alone = project.run(&["tally", "@/logs/ledger.xlsx", "--as-of", "2021-08-20", "--format", "json"]).success();
    assert_eq!(alone.json()["total"]["found"].as_u64(), Some(6));
    assert!(alone.stderr.contains("L121"), "{}", alone.stderr);
}

#[test]
fn tallies_and_figures_are_never_logs() {
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", &month(true, 0..5))]);
    project.run(&["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md"]).success();
    let figures = std::fs::read(project.path().join("documents/bulletin-2021-001.figures.json")).unwrap();
    project.write("own/figures.json", &figures);
    for (name, arguments) in [
        ("tally.csv", &["tally", "--by", "unit,category", "--format", "csv"][..]),
        ("tally.json", &["tally", "--by", "unit,category", "--format", "json"]),
        ("part.json", &["tally", "--by", "unit", "--partial"]),
        ("due.csv", &["due", "--all", "--format", "csv"]),
        ("due.json", &["due", "--all", "--format", "json"]),
        ("check.json", &["check", "--format", "json"]),
    ] {
        let run = project.run(&[arguments, &["--as-of", "2021-08-20"]].concat()).success();
        project.write(&format!("own/{name}"), run.stdout.as_bytes());
    }
    project.run(&["tally", "--by", "unit,category", "--format", "xlsx", "-o", "@/own/tally.xlsx"]).success();
    for format in ["csv", "json", "xlsx"] {
        let path = format!("@/own/register.{format}");
        project.run(&["register", "list", "--format", format, "-o", &path]).success();
    }
    let data = project.run(&["draft", "bulletin", "--data", "--as-of", "2021-08-20"]).success().stdout;
    project.write("own/data.json", data.as_bytes());
    let mut names: Vec<_> =
        std::fs::read_dir(project.path().join("own")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names.len(), 12);
    for name in names {
        let name = name.to_string_lossy().into_owned();
        let run = project.run(&["tally", "@/logs/a.csv", &format!("@/own/{name}")]);
        assert_eq!(
            (run.status, run.stdout.as_str(), run.stderr.contains("L103")),
            (2, "", true),
            "{name}: {}",
            run.stderr
        );
    }
}

/// Ledgers as offices keep them: each leaves something out.
const WITH_GAPS: [(&str, &str); 10] = [
    (
        "only whether it is closed",
        "序号,检查日期,责任单位,问题类别,存在问题,整改方式,是否销号\n1,2021-08-03,甲社区,消防,堆物,限期整改,是\n2,2021-08-04,乙社区,消防,灭火器过期,限期整改,否\n",
    ),
    (
        "no deadlines",
        "检查日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲社区,消防,堆物,限期整改\n2021-08-04,乙社区,消防,灭火器过期,限期整改\n",
    ),
    (
        "closed, and no day",
        "检查日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态\n2021-08-03,甲社区,消防,堆物,限期整改,2021-08-10,已销号\n",
    ),
    (
        "columns of its own",
        "检查日期,责任单位,问题类别,问题描述,整改方式,网格员意见,附图\n2021-08-03,甲社区,消防,堆物,现场整改,同意,\n",
    ),
    (
        "a mobile number in the text",
        "检查日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲社区,消防,店主13800138000拒不配合,现场整改\n",
    ),
    ("no rows yet", "检查日期,责任单位,问题类别,问题描述,整改方式\n"),
    (
        "titles, signatures, a total",
        "某区问题台账,,,,\n截至2021年8月20日,,,,\n检查日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲社区,消防,堆物,限期整改\n合计,1,,,\n填表人：某某,,,,\n",
    ),
    (
        "no unit list, no status",
        "检查日期,责任单位,问题类别,问题描述,整改方式,整改期限,网格长签字\n2021-08-03,甲社区,消防,堆物,限期整改,2021-08-10,某某\n",
    ),
    (
        "replied only",
        "检查日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态,领导批示\n2021-08-03,甲社区,消防,堆物,限期整改,2021-08-10,已反馈,\n",
    ),
    (
        "signed off, and a remark",
        "检查日期,责任单位,问题类别,问题描述,整改方式,整改期限,是否销号,情况反馈\n2021-08-03,甲社区,消防,堆物,立行立改,,是,\n",
    ),
];

/// Ledgers without the way of rectification or without a category, or with a blank there.
const UNSTATED: [(&str, &str); 3] = [
    (
        "no way",
        "序号,检查日期,责任单位,问题类别,问题描述,整改状态\n1,2021-08-03,甲社区,消防,堆物,已整改\n2,2021-08-04,乙社区,消防,灭火器过期,整改中\n",
    ),
    (
        "neither way nor category",
        "检查日期,责任单位,问题描述,整改状态\n2021-08-03,甲社区,堆物,已整改\n2021-08-04,乙社区,灭火器过期,整改中\n",
    ),
    (
        "a blank way and a blank category",
        "检查日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲社区,消防,堆物,\n2021-08-04,乙社区,,灭火器过期,现场整改\n",
    ),
];

/// The ledgers that a dispatch is refused over, or of which it says nothing.
fn refused(ledgers: &[(&str, &str)]) -> String {
    let mut refused = Vec::new();
    for (gap, text) in ledgers {
        let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", text)]);
        let run = dispatch(&project, &[]);
        if (run.status, numbers(&project), run.stderr.contains("处警告")) != (0, 1, true) {
            refused.push(format!("{gap}: {} {}", run.status, run.stderr));
        }
    }
    refused.join("\n")
}

#[test]
fn ledgers_with_gaps_are_dispatched_with_warnings() {
    assert_eq!(refused(&WITH_GAPS), "");
}

#[test]
fn ledgers_that_state_no_way_are_dispatched_with_warnings() {
    assert_eq!(refused(&UNSTATED), "");
}

/// The codes that refuse a dispatch, with the examples of their pages in both languages.
fn refusing() -> Vec<(Code, Lang, Example, Example)> {
    let mut found = Vec::new();
    let codes = CodeTable::default();
    for code in codes.all() {
        let (text, info) = (code.to_string(), codes.info(code));
        // Needs an option of `check`, today's date, or no log at all.
        let is_elsewhere = matches!(text.as_str(), "R205" | "R208" | "R209") || text.starts_with(['C', 'T']);
        if is_elsewhere || info.severity != Severity::Error && text != "L115" {
            continue;
        }
        for lang in [Lang::Zh, Lang::En] {
            let (wrong, right) = examples(info.page(lang));
            found.push((code, lang, wrong, right));
        }
    }
    found
}

fn dispatch_example(example: &Example) -> (Run, usize) {
    let project = Project::with(&[("duban.yaml", "office: {name: 某办}\n")]);
    let logs = example.write(&project);
    let logs: Vec<&str> = logs.iter().map(String::as_str).collect();
    let run = dispatch(&project, &logs);
    let taken = numbers(&project);
    (run, taken)
}

#[test]
fn forty_faulty_logs_take_no_number_and_forty_mended_ones_take_forty() {
    let all = refusing();
    assert!(all.len() >= 40, "{}", all.len());
    let mut taken = 0;
    for (code, lang, wrong, right) in &all {
        let (run, numbers) = dispatch_example(wrong);
        assert!(matches!(run.status, 1 | 2), "{code} {lang}: {run:?}");
        assert_eq!((numbers, run.stderr.contains(&code.to_string())), (0, true), "{code} {lang}: {run:?}");
        let (run, numbers) = dispatch_example(right);
        assert_eq!((run.status, numbers), (0, 1), "{code} {lang}: {run:?}");
        taken += numbers;
    }
    assert_eq!(taken, all.len());
}

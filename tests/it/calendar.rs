//! Where the calendar ends: what is counted there, who says so, and how a year is taken in.

use duban::words::lang::Lang;

use crate::project::{Project, Run};

const HEAD: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态\n";

/// A project with rows of `id,found,deadline`.
fn project(config: &str, rows: &[(&str, &str, &str)]) -> Project {
    let row = |(id, found, deadline): &(&str, &str, &str)| {
        format!("{id},{found},甲社区,消防,{id}的问题,限期整改,{deadline},整改中\n")
    };
    let log = format!("{HEAD}{}", rows.iter().map(row).collect::<String>());
    Project::with(&[("duban.yaml", &format!("lang: zh\nlogs: [logs]\n{config}")), ("logs/a.csv", &log)])
}

/// `id deadline` of every open issue.
fn deadlines(project: &Project, as_of: &str) -> Vec<String> {
    let json = project.run(&["due", "--all", "--as-of", as_of, "--format", "json"]).success().json();
    let units = json["units"].as_array().unwrap().iter();
    let issues = units.flat_map(|unit| unit["issues"].as_array().unwrap());
    issues.map(|issue| format!("{} {}", issue["id"].as_str().unwrap(), issue["deadline"].as_str().unwrap())).collect()
}

/// The places of C404 in a check.
fn told(project: &Project, as_of: &str) -> Vec<String> {
    let json = project.run(&["check", "--as-of", as_of, "--format", "json"]).success().json();
    let faults = json["diagnostics"].as_array().unwrap().iter().filter(|fault| fault["code"] == "C404");
    faults
        .map(|fault| format!("{}:{} {}", fault["line"], fault["column"], fault["message"].as_str().unwrap()))
        .collect()
}

fn says(run: &Run, text: &str) -> usize {
    run.stderr.matches(text).count()
}

#[test]
fn deadlines_heed_the_days_off_by_statute_where_no_notice_is_known() {
    let rows = [
        ("WT-1", "2027-09-28", "5个工作日内"),
        ("WT-2", "2026-12-28", "5个工作日内"),
        // 春节: 除夕 is a Friday, two of its days are made up for.
        ("WT-3", "2027-02-04", "1个工作日内"),
        ("WT-4", "2027-04-30", "2个工作日内"),
        // Before the notices too: three days of May under the law of 1999, made up for in 2005.
        ("WT-5", "2005-04-29", "2个工作日内"),
        ("WT-6", "2006-09-29", "1个工作日内"),
        // Announced: the weekend of 12 April 2008 was ordinary, 4 May was worked.
        ("WT-7", "2008-05-02", "1个工作日内"),
        ("WT-8", "2013-06-07", "1个工作日内"),
    ];
    let project = project("calendar: cn\n", &rows);
    let mut found = deadlines(&project, "2027-10-06");
    found.sort();
    assert_eq!(
        found,
        [
            "WT-1 2027-10-08",
            "WT-2 2027-01-05",
            "WT-3 2027-02-11",
            "WT-4 2027-05-06",
            "WT-5 2005-05-06",
            "WT-6 2006-10-05",
            "WT-7 2008-05-04",
            "WT-8 2013-06-08",
        ]
    );
    // Each year once, at its first row.
    let told = told(&project, "2027-10-06");
    let years: Vec<&str> = told.iter().map(|text| text.split("日历没有 ").nth(1).unwrap().get(..4).unwrap()).collect();
    assert_eq!((years, told[0].split(' ').next()), (vec!["2027", "2005", "2006"], Some("2:37")));

    let run = project.run(&["due", "--as-of", "2027-10-06", "--format", "csv"]).success();
    assert!(!run.stdout.contains("WT-1,2027-10-08,1"), "not overdue: {}", run.stdout);
    for year in ["2005", "2006", "2027"] {
        assert_eq!(says(&run, &format!("日历没有 {year} 年的放假安排")), 1, "{}", run.stderr);
    }
    assert_eq!(says(&run, "C404"), 0, "told once: {}", run.stderr);
    let run = project.run(&["tally", "--as-of", "2027-10-06"]).success();
    assert_eq!(says(&run, "日历没有 2027 年的放假安排"), 1);
    let run = project.run(&["due", "--as-of", "2027-10-06", "-q"]).success();
    assert_eq!(run.stderr, "");
}

#[test]
fn nothing_is_said_where_the_calendar_knows_the_days() {
    for (config, found, deadline) in [
        ("calendar: cn\n", "2026-12-17", "5个工作日内"),
        ("calendar: cn\n", "2026-11-30", "2026-12-31"),
        ("calendar: cn\n", "2026-03-02", "5日内"),
        ("calendar: weekdays\n", "2027-03-01", "5日内"),
        ("calendar: cn\n", "2027-03-01", "24小时内"),
        ("calendar: weekdays\n", "2027-09-28", "5个工作日内"),
        ("calendar: cn\nrules: {C404: off}\n", "2027-09-28", "5个工作日内"),
        ("", "2007-01-04", "5个工作日内"),
    ] {
        let project = project(config, &[("WT-1", found, deadline)]);
        assert_eq!(told(&project, "2027-12-01"), [""; 0], "{config}{found} {deadline}");
        let run = project.run(&["due", "--as-of", "2027-12-01"]).success();
        assert_eq!(says(&run, "C404") + says(&run, "放假安排"), 0, "{config}{found}: {}", run.stderr);
    }
    // Whether the last of 5 days is worked, nobody knows yet.
    let unknown = project("calendar: cn\n", &[("WT-1", "2027-03-01", "5日内")]);
    assert_eq!(told(&unknown, "2027-12-01").len(), 1);
    assert_eq!(deadlines(&unknown, "2027-03-01"), ["WT-1 2027-03-08"]);
    // Weekdays are weekdays in every year.
    let project = project("calendar: weekdays\n", &[("WT-1", "2026-12-28", "5个工作日内")]);
    assert_eq!(deadlines(&project, "2026-12-28"), ["WT-1 2027-01-04"]);
}

#[test]
fn the_last_days_of_december_belong_to_the_next_notice() {
    for (found, count) in [("2026-12-23", 0), ("2026-12-24", 1), ("2026-12-29", 1), ("2025-12-29", 0)] {
        let project = project("", &[("WT-1", found, "1个工作日内")]);
        assert_eq!(told(&project, "2026-12-31").len(), count, "{found}");
    }
}

#[test]
fn days_for_an_answer_and_rungs_are_told_too() {
    // The deadline is a day; what is counted is the rung, which comes three working days before it.
    let ladder = "ladder: [{rung: reminder, due_within: 3 workdays}]\n";
    let one = project(ladder, &[("WT-1", "2026-12-01", "2027-01-04")]);
    let run = one.run(&["due", "--as-of", "2026-12-10", "--all", "--format", "csv"]).success();
    // Thursday the 31st, the 30th and the 29th: New Year's Day and the weekend are off.
    assert!(run.stdout.contains(",reminder,2026-12-29,"), "{}", run.stdout);
    assert_eq!(says(&run, "日历没有 2027 年的放假安排"), 1, "{}", run.stderr);

    // The letter's day for an answer.
    let letter = project("", &[("WT-1", "2026-12-01", "2026-12-29")]);
    let kind = "title: {zh: 函, en: Letter}\nper: unit\nreply_workdays: 3\n";
    letter.write("report-templates/letter/kind.yaml", kind.as_bytes());
    letter.write("report-templates/letter/zh.md", "{{ reply_by | cn_date }}前回复。\n".as_bytes());
    letter.write("report-templates/letter/en.md", b"By {{ reply_by }}.\n");
    let draft = ["draft", "letter", "--as-of", "2026-12-30", "--to", "md", "-o", "@/out"];
    let run = letter.run(&draft).success();
    let path = run.stdout.lines().find(|line| line.ends_with(".md")).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("2027年1月5日前回复"), "{text}");
    assert_eq!(says(&run, "日历没有 2027 年的放假安排"), 1, "{}", run.stderr);

    // What is due soon, in working days.
    let soon = project("due_soon_days: {days: 3, working: true}\n", &[("WT-1", "2026-12-01", "2027-01-05")]);
    let run = soon.run(&["tally", "--as-of", "2026-12-30", "--format", "json"]).success();
    assert_eq!(run.json()["total"]["due_soon"], 1, "31 December, 4 and 5 January");
    assert_eq!(says(&run, "日历没有 2027 年的放假安排"), 1, "{}", run.stderr);
    let run = soon.run(&["tally", "--as-of", "2026-12-10", "--format", "json"]).success();
    assert_eq!(run.stderr, "");
}

/// Not the arrangement of 2027, which was not announced when this was written, but a whole year's in its form.
const MADE_UP: &str = "date,kind,name\n2026-12-27,work,元旦\n2027-01-01,off,元旦\n2027-02-05,off,春节\n2027-02-08,off,春节\n\
    2027-02-09,off,春节\n2027-02-20,work,春节\n2027-04-05,off,清明节\n2027-05-03,off,劳动节\n2027-06-09,off,端午节\n\
    2027-09-15,off,中秋节\n2027-10-01,off,国庆节\n2027-10-04,off,国庆节\n2027-10-05,off,国庆节\n2027-10-06,off,国庆节\n\
    2027-10-09,work,国庆节\n";

#[test]
fn a_year_is_taken_in_and_counts() {
    let project = project("", &[("WT-1", "2027-09-28", "5个工作日内"), ("WT-2", "2026-12-24", "2个工作日内")]);
    project.write("2027.csv", MADE_UP.as_bytes());
    let run = project.run(&["calendar", "--import", "@/2027.csv"]).success();
    assert!(run.stdout.trim_end().ends_with("calendar.csv"), "{run:?}");
    assert!(run.stderr.contains("2027 年：休 12 天，班 3 天"), "{}", run.stderr);
    let config = std::fs::read_to_string(project.path().join("duban.yaml")).unwrap();
    assert_eq!(config, "lang: zh\nlogs: [logs]\ncalendar: {file: calendar.csv}\n");
    assert_eq!(std::fs::read_to_string(project.path().join("calendar.csv")).unwrap(), MADE_UP);

    // 29, 30 September; 7, 8 October; Saturday the 9th is worked. Sunday, 27 December, too.
    assert_eq!(deadlines(&project, "2027-09-28"), ["WT-2 2026-12-27", "WT-1 2027-10-09"]);
    assert_eq!(told(&project, "2027-09-28"), [""; 0]);
    let json = project.run(&["calendar", "2027", "--format", "json"]).success().json();
    assert_eq!((&json["known"], &json["basis"][0]["kind"]), (&true.into(), &"file".into()));
    assert_eq!(json["open_from"], "2027-12-25");
    assert_eq!(
        project.run(&["calendar", "2026", "--format", "json"]).success().json()["open_from"],
        serde_json::Value::Null
    );

    // Again, amended: what was there of the year goes.
    let amended = MADE_UP.replace("2027-10-09,work,国庆节\n", "");
    project.write("2027.csv", amended.as_bytes());
    project.run(&["calendar", "--import", "@/2027.csv"]).success();
    assert_eq!(std::fs::read_to_string(project.path().join("calendar.csv")).unwrap(), amended);
    // A single day is added, and the others stay.
    project.write("local.csv", "日期,安排,名称\n2027-04-14,休,三月三\n".as_bytes());
    project.run(&["calendar", "--import", "@/local.csv"]).success();
    let text = std::fs::read_to_string(project.path().join("calendar.csv")).unwrap();
    assert_eq!(text.lines().count(), amended.lines().count() + 1);
}

#[test]
fn an_import_makes_the_file_that_the_config_names() {
    let project = project("calendar: {base: cn, file: calendar.csv}\n", &[]);
    let missing = project.run(&["tally"]);
    assert!(missing.status == 2 && missing.stderr.contains("没有这个文件"), "{missing:?}");
    assert!(missing.stderr.contains("duban calendar --import"), "{missing:?}");
    project.write("2027.csv", MADE_UP.as_bytes());
    project.run(&["calendar", "--import", "@/2027.csv"]).success();
    assert_eq!(project.read("calendar.csv"), MADE_UP);
    // Another fault of the config stops it.
    project.write("duban.yaml", "lang: zh\ncalendar: {file: other.csv}\ndue_soon_days: x\n".as_bytes());
    assert_eq!(project.run(&["calendar", "--import", "@/2027.csv"]).status, 2);
}

#[test]
fn what_the_calendar_prints_can_be_taken_in_again() {
    let from = project("calendar: cn\n", &[]);
    let printed = from.run(&["calendar", "2025", "--format", "json"]).success().stdout;
    let project = project("", &[]);
    project.write("2025.json", printed.as_bytes());
    let run = project.run(&["calendar", "--import", "@/2025.json"]).success();
    assert!(run.stderr.contains("2025 年：休 28 天，班 5 天") && !run.stderr.contains("不同"), "{}", run.stderr);
    let again = project.run(&["calendar", "2025", "--format", "json"]).success().json();
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&again["workdays"], &again["months"]), (&printed["workdays"], &printed["months"]));
}

#[test]
fn an_import_that_would_mislead_is_refused_or_told() {
    // Not a whole year: the law still holds, and the rest is still told.
    let project = project("", &[("WT-1", "2027-09-28", "5个工作日内")]);
    let without = MADE_UP.replace("2027-09-15,off,中秋节\n", "");
    project.write("part.csv", without.as_bytes());
    let run = project.run(&["calendar", "--import", "@/part.csv"]).success();
    assert!(run.stderr.contains("文件里没有 中秋节 2027-09-15，不是全年的安排"), "{}", run.stderr);
    assert_eq!(told(&project, "2027-09-28").len(), 1);

    // A file that says otherwise than the notice.
    project.write("other.csv", "date,kind\n2026-10-10,off\n2026-10-07,off\n".as_bytes());
    let run = project.run(&["calendar", "--import", "@/other.csv"]).success();
    assert!(run.stderr.contains("有 1 天与内置的安排不同"), "{}", run.stderr);

    let before = std::fs::read(project.path().join("calendar.csv")).unwrap();
    for (name, text, wanted) in [
        ("a.csv", "date,kind\n2027-02-30,off\n", "a.csv:2:1: error[C403]: date 不能是“2027-02-30”"),
        ("a.json", "{\"year\": 2027, \"days\": []}", "没有放假或上班的日子"),
        (
            "a.ics",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:立春\nDTSTART:20270204\nEND:VEVENT\n",
            "1 个事件没有写明休或班",
        ),
        ("b.csv", "date,kind\n2027-02-05,off\n2027-02-05,work\n", "“2027-02-05”出现了两次"),
        ("c.csv", "节日,哪天\n春节,2027-02-05\n", "header 不能是“节日,哪天”"),
    ] {
        project.write(name, text.as_bytes());
        let run = project.run(&["calendar", "--import", &format!("@/{name}")]);
        assert_eq!(run.status, 2, "{run:?}");
        assert!(run.stderr.contains(wanted), "{}", run.stderr);
    }
    let run = project.run(&["calendar", "2028", "--import", "@/part.csv"]);
    assert!(run.status == 2 && run.stderr.contains("没有2028 年的放假或上班的日子"), "{run:?}");
    assert_eq!(project.run(&["calendar", "--import", "@/none.csv"]).status, 2);
    assert_eq!(std::fs::read(project.path().join("calendar.csv")).unwrap(), before, "nothing was written");
}

#[test]
fn a_config_that_says_otherwise_is_not_rewritten() {
    for config in ["calendar: cn\n", "calendar: {base: weekdays}\n", "calendar: {file: 2027.json}\n"] {
        let project = project(config, &[]);
        project.write("2027.json", b"{\"days\": [{\"date\": \"2027-10-01\", \"isOffDay\": true}]}");
        project.write("2027.csv", MADE_UP.as_bytes());
        let run = project.run(&["calendar", "--import", "@/2027.csv"]);
        assert!(run.status == 2 && run.stderr.contains("file: calendar.csv"), "{run:?}");
        assert!(!project.path().join("calendar.csv").exists());
    }
    // A mapping in braces takes no line after it.
    let braces = Project::with(&[("duban.yaml", "{lang: zh, logs: [logs]}\n"), ("2027.csv", MADE_UP)]);
    assert_eq!(braces.run(&["calendar", "--import", "@/2027.csv"]).status, 2);
    assert_eq!(std::fs::read_to_string(braces.path().join("duban.yaml")).unwrap(), "{lang: zh, logs: [logs]}\n");
    // A file with another name, and rows that the config overrides.
    let config = "calendar: {file: days.csv, work: [2027-10-06]}\n";
    let named = project(config, &[("WT-1", "2027-09-28", "5个工作日内")]);
    assert_eq!(named.run(&["due"]).status, 2, "the file that the config names is not there");
    named.write("days.csv", MADE_UP.as_bytes());
    assert_eq!(deadlines(&named, "2027-09-28"), ["WT-1 2027-10-08"]);
    let nowhere = Project::with(&[("2027.csv", MADE_UP)]);
    assert_eq!(nowhere.run(&["calendar", "--import", "@/2027.csv"]).status, 2, "there is no project");
}

#[test]
fn a_year_is_printed_with_what_it_stands_on() {
    let nowhere = Project::with(&[]);
    let run = nowhere.run(&["calendar"]).success();
    assert!(run.stdout.starts_with("2021 年：250 个工作日\n依据：国务院办公厅关于 2021 年"), "{}", run.stdout);
    assert!(run.stdout.contains("2021-09-18  周六  班    中秋节"), "{}", run.stdout);
    let run = nowhere.run_lang(Lang::En, &["calendar", "2027"]).success();
    assert!(run.stdout.contains("the arrangement was not announced by 2026-11-27"), "{}", run.stdout);
    assert!(run.stdout.contains("2027-02-10  Wed  off   Spring Festival  in lieu"), "{}", run.stdout);
    let json = nowhere.run(&["calendar", "2020", "--format", "json"]).success().json();
    assert_eq!(json["basis"].as_array().map(Vec::len), Some(2), "amended once");
    let weekdays = project("calendar: weekdays\n", &[]);
    let json = weekdays.run(&["calendar", "2027", "--format", "json"]).success().json();
    assert_eq!((&json["known"], &json["workdays"], &json["days"]), (&true.into(), &261.into(), &serde_json::json!([])));
}

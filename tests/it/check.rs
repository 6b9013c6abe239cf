//! `duban check` as a user meets it: every fault at its place, the exit status.

use duban::words::lang::Lang;

use crate::project::{Project, run_in};

const CONFIG: &str = "lang: zh
units: [{name: 金光路街道办事处, aliases: [金光路办事处]}, 贾陈社区]
categories: [消防安全, 环境卫生]
teams: [第一组, 第二组]
sites: [3号楼, 便民市场]
";

/// Twenty rows, a different fault in each, and the place where it must be found.
const ROWS: [(&str, &str, &str); 20] = [
    ("A1,2021-13-40,第一组,贾陈社区,3号楼,消防安全,甲,现场整改,,已整改,2021-08-03,", "V101", "2021-13-40"),
    ("A2,2021-08-03,第一组,贾陈社区,3号楼,消防安全,乙,现场整该,,已整改,2021-08-03,", "V102", "现场整该"),
    ("A3,2021-08-03,第一组,贾陈社区,3号楼,消防安全,丙,现场整改,,已正改,2021-08-03,", "V103", "已正改"),
    ("A4,2021-08-03,第一组,贾陈社区,3号楼,消防安全,丁,现场整改,,已整改,2021-08-03,暗仿", "V104", "暗仿"),
    ("A5,2021-08-03,第一组,贾陈小区,3号楼,消防安全,戊,现场整改,,已整改,2021-08-03,", "V105", "贾陈小区"),
    ("A6,2021-08-03,第一组,贾陈社区,3号楼,消防安拳,己,现场整改,,已整改,2021-08-03,", "V106", "消防安拳"),
    ("A7,2021-08-03,第三组,贾陈社区,3号楼,消防安全,庚,现场整改,,已整改,2021-08-03,", "V107", "第三组"),
    ("A8,2021-08-03,第一组,贾陈社区,4号楼,消防安全,辛,现场整改,,已整改,2021-08-03,", "V108", "4号楼"),
    ("A9,2021-08-03,第一组,,3号楼,消防安全,壬,现场整改,,已整改,2021-08-03,", "V109", ""),
    ("B1,2021-08-03,第一组,贾陈社区,3号楼,消防安全,癸,限期整改,尽快,整改中,,", "V110", "尽快"),
    ("B2,2021-08-03,第一组,贾陈社区,3号楼,消防安全,子,限期整改,15,整改中,,", "V110", "15"),
    ("B3,2021-08-03,第一组,贾陈社区,3号楼,消防安全,丑,限期整改,2021-08-01,整改中,,", "R201", "2021-08-01"),
    ("B4,2021-08-03,第一组,贾陈社区,3号楼,消防安全,寅,限期整改,,整改中,,", "R202", ""),
    ("B5,2021-08-03,第一组,贾陈社区,3号楼,消防安全,卯,限期整改,2021-08-10,已整改,2021-08-01,", "R203", "2021-08-01"),
    ("B6,2021-08-03,第一组,贾陈社区,3号楼,消防安全,辰,限期整改,2021-08-10,已销号,,", "R204", ""),
    ("B7,2021-09-03,第一组,贾陈社区,3号楼,消防安全,巳,交办,,整改中,,", "R205", "2021-09-03"),
    ("A1,2021-08-03,第一组,贾陈社区,3号楼,消防安全,午,现场整改,,已整改,2021-08-03,", "L108", "A1"),
    ("B8,2021-08-03,第一组,贾陈社区,3号楼,消防安全,午,现场整改,,已整改,2021-08-03,", "R206", ""),
    ("B9,2021-08-03,第一组,贾陈社区,3号楼,消防安全,身份证11010519491231002X,现场整改,,已整改,2021-08-03,", "P301", ""),
    ("C1,2021-08-03,第一组,贾陈社区,3号楼,消防安全,未,现场整改", "L107", ""),
];

const HEADER: &str =
    "编号,检查日期,检查组,责任单位,点位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期,问题来源";

#[test]
fn twenty_faults_are_twenty_each_at_its_place() {
    let mut text = format!("{HEADER}\n");
    for (row, _, _) in ROWS {
        text += row;
        text.push('\n');
    }
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &text)]);
    let run = project.run(&["check", "@/log.csv", "--format", "json", "--as-of", "2021-08-20"]);
    assert_eq!(run.status, 1);
    let report = run.json();
    let faults = report["diagnostics"].as_array().unwrap();
    let got: Vec<(u64, &str)> =
        faults.iter().map(|fault| (fault["line"].as_u64().unwrap(), fault["code"].as_str().unwrap())).collect();
    let expected: Vec<(u64, &str)> = (2..).zip(ROWS).map(|(line, (_, code, _))| (line, code)).collect();
    assert_eq!(got, expected);
    assert_eq!(
        (report["errors"].as_u64(), report["warnings"].as_u64()),
        (Some(18), Some(1)),
        "a day after --as-of is a note"
    );
    for (fault, (row, code, cell)) in faults.iter().zip(ROWS) {
        let column = usize::try_from(fault["column"].as_u64().unwrap()).unwrap();
        let at: String = row.chars().skip(column - 1).collect();
        assert!(at.starts_with(cell), "{code} points at {at:?}");
    }
}

#[test]
fn a_clean_log_gives_silence_and_success() {
    let log =
        format!("{HEADER}\nA1,2021-08-03,第一组,金光路办事处,便民市场,环境卫生,甲,限期整改,3个工作日内,整改中,,暗访\n");
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &log)]);
    let run = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
}

/// Who looks at a screen is told that all is well; a script is not.
#[test]
fn on_a_terminal_one_line_says_that_all_is_well() {
    let project = Project::with(&[(
        "log.csv",
        "发现日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲,消防,堵塞,现场整改\n",
    )]);
    let check = |more: &[&str]| {
        let arguments = [&["check", "@/log.csv", "--as-of", "2021-08-20"], more].concat();
        project.run_changed(Lang::Zh, &arguments, &|world| world.stdout_is_terminal = true)
    };
    let run = check(&[]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{run:?}");
    assert!(run.stderr.contains("1 个文件、1 个问题，没有发现错误"), "{run:?}");
    assert_eq!(check(&["-q"]).stderr, "");
    assert!(!check(&["--format", "json"]).stderr.contains("没有发现错误"));
}

#[test]
fn what_is_not_there_is_named_with_status_two() {
    let project = Project::with(&[]);
    for (lang, expected) in [(Lang::Zh, "没有这个文件或文件夹"), (Lang::En, "no such file or folder")] {
        let run = project.run_lang(lang, &["check", "@/nowhere"]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains(expected) && run.stdout.is_empty(), "{run:?}");
    }
    assert_eq!(project.run(&["check"]).status, 2, "no PATH and no project");
    assert_eq!(project.run(&["chek"]).status, 2);
    assert_eq!(project.run(&["tally", "@/", "--by", "nothing"]).status, 2);
}

#[test]
fn severities_follow_the_project_and_the_command() {
    let log = "发现日期,责任单位,问题类别,问题描述,整改方式,多余\n2021-08-03,甲,乙,丙,现场整改,丁\n";
    let project = Project::with(&[("log.csv", log)]);
    let status = |more: &[&str]| project.run(&[&["check", "@/log.csv", "--as-of", "2021-08-20"], more].concat()).status;
    assert_eq!(status(&[]), 0, "an unknown column is a warning");
    assert_eq!(status(&["--deny", "warnings"]), 1);
    assert_eq!(status(&["--deny", "L105"]), 1);
    assert_eq!(status(&["--deny", "warnings", "--allow", "unknown-column"]), 0);
    assert_eq!(status(&["--deny", "L999"]), 2);
    project.write("duban.yaml", b"rules: {L105: error}\n");
    assert_eq!(status(&[]), 1);
}

#[test]
fn standard_input_is_a_log_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let log = b"[{found_on: 2021-08-03, unit: a, category: b, description: c, disposition: on_site}]";
    let run = run_in(folder.path(), Lang::En, log, &["tally", "-", "--input-format", "yaml", "--format", "json"]);
    assert_eq!(run.success().json()["total"]["disposition"]["on_site"], 1);
    let bad = b"found_on,unit,category,description,disposition\n2021-08-03,,b,c,on_site\n";
    let run = run_in(folder.path(), Lang::En, bad, &["check", "-", "--format", "json"]);
    assert_eq!(run.status, 1);
    let report = run.json();
    assert_eq!(report["diagnostics"][0]["file"], "-");
    assert_eq!(report["diagnostics"][0]["column"], 12);
}

#[test]
fn a_broken_config_tells_every_fault_with_its_place() {
    let config = "lang: zz\nunit: [a]\nrules: {V1O1: error}\nseries: {b: {number: 第期}}\n";
    let project = Project::with(&[("duban.yaml", config)]);
    let run = project.run_lang(Lang::En, &["tally"]);
    assert_eq!(run.status, 2);
    for place in [":1:7: error[C403]", ":2:1: error[C402]", ":3:9: error[C402]", ":4:22: error[C403]"] {
        assert!(run.stderr.contains(place), "{place} not in {}", run.stderr);
    }
}

#[test]
fn every_document_of_a_yaml_file_is_read_and_a_doubled_key_is_told() {
    let log = "team: 第一组
issues:
  - {found_on: 2021-08-03, unit: 贾陈社区, category: 消防安全, description: 甲, disposition: 现场整改}
---
team: 第二组
issues:
  - {found_on: 2021-08-03, unit: 贾陈社区, category: 消防安全, description: 乙, disposition: 现场整改}
issues:
  - {found_on: 2021-08-03, unit: 贾陈社区, category: 消防安全, description: 丙, disposition: 现场整改}
---
found_on: 2021-08-03
unit: 贾陈社区
category: 消防安全
description: 一个文件里只有一条
disposition: 现场整改
";
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.yaml", log)]);
    let tally =
        project.run(&["tally", "@/log.yaml", "--by", "team", "--format", "json", "--as-of", "2021-08-20"]).json();
    let found: Vec<(&str, u64)> = tally["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["key"]["team"].as_str().unwrap(), group["found"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, [("第一组", 1), ("第二组", 2), ("", 1)]);
    let check = project.run(&["check", "@/log.yaml", "--format", "json", "--as-of", "2021-08-20"]).json();
    let faults = check["diagnostics"].as_array().unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!((faults[0]["code"].as_str(), faults[0]["line"].as_u64()), (Some("L106"), Some(8)));
}

#[test]
fn records_on_one_line_are_told_apart_by_what_they_say() {
    let record = |text: &str| {
        format!(
            "{{\"found_on\":\"2021-08-03\",\"unit\":\"贾陈社区\",\"category\":\"消防安全\",\"description\":\"{text}\",\
             \"disposition\":\"deadline\",\"deadline\":\"2021-08-10\"}}"
        )
    };
    let log = format!("[{},{}]", record("甲"), record("乙"));
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.json", &log)]);
    let due = project.run(&["due", "@/log.json", "--format", "json", "--as-of", "2021-08-20"]).json();
    let issues = due["units"][0]["issues"].as_array().unwrap();
    assert_eq!(issues.len(), 2);
    assert!(issues.iter().all(|issue| issue["id"].is_null()), "{due}");
    assert_ne!(issues[0]["key"], issues[1]["key"]);
}

#[test]
fn a_default_holds_for_every_field_and_a_withdrawn_issue_for_no_total() {
    let config = format!("{CONFIG}defaults: {{deadline: 3日内, disposition: 限期整改}}\n");
    let log = "发现日期,责任单位,问题类别,问题描述,状态
2021-08-03,贾陈社区,消防安全,甲,整改中
2021-08-03,贾陈社区,消防安全,乙,整改中
2021-08-03,贾陈社区,消防安全,丙,撤销
合计：2个
注：1.期限均为3日,2.撤销的不计
单位负责人：张三,,经办人：李四
报送单位（盖章）：某某社区
";
    let project = Project::with(&[("duban.yaml", &config), ("log.csv", log)]);
    let run = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20"]);
    assert!(run.status == 0 && run.stdout.contains("L119") && run.stdout.contains("0 处错误，0 处警告"), "{run:?}");
    let due = project.run(&["due", "@/log.csv", "--format", "json", "--as-of", "2021-08-20"]).json();
    assert_eq!(due["units"][0]["overdue"], 2);
    assert_eq!(due["units"][0]["issues"][0]["deadline"], "2021-08-06");
}

/// Codes were renamed; configs, notes and scripts with the former names must go on working.
#[test]
fn former_names_of_codes_work_wherever_a_name_is_accepted() {
    let log = |note: &str| {
        let row =
            |description: &str, note: &str| format!("A1,2021-08-03,贾陈社区,消防安全,{description},现场整改,{note}\n");
        format!("编号,发现日期,责任单位,问题类别,问题描述,整改方式,备注\n{}{}", row("甲", ""), row("乙", note))
    };
    let check = |config: &str, note: &str, options: &[&str]| {
        let project = Project::with(&[("duban.yaml", config), ("log.csv", &log(note))]);
        let run = project.run(&[&["check", "@/log.csv", "--format", "json"], options].concat());
        let faults = run.json()["diagnostics"].as_array().unwrap().clone();
        let codes = faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned());
        (run.status, codes.collect::<Vec<String>>())
    };
    let found = vec!["L108".to_owned()];
    assert_eq!(check("", "", &[]), (1, found.clone()));
    for name in ["duplicate-id", "doubled-id"] {
        let rules = format!("rules: {{{name}: warning}}\n");
        assert_eq!(check(&rules, "", &[]), (0, found.clone()), "rules: {name}");
        assert_eq!(check(&rules, "", &["--deny", name]), (1, found.clone()), "--deny {name}");
        assert_eq!(check("", "", &["--allow", name]), (0, vec![]), "--allow {name}");
        assert_eq!(check("", "", &["--only", name]), (1, found.clone()), "--only {name}");
        let note = format!("duban: allow {name} because 原编号如此");
        assert_eq!(check("", &note, &[]), (0, vec![]), "{note}");
        let page = Project::with(&[]).run_lang(Lang::En, &["explain", name]).stdout;
        assert!(page.starts_with("L108 duplicate-id "), "{page}");
    }
    let listed = Project::with(&[]).run_lang(Lang::En, &["check", "--only", "duplicate-idd"]).stderr;
    assert!(listed.contains("did you mean duplicate-id?") && !listed.contains("doubled"), "{listed}");
}

/// Annotations are looked for from the root of the repository, wherever the command runs.
#[test]
fn reports_for_ci_name_files_from_the_root_of_the_repository() {
    let log = "发现日期,责任单位,问题类别,问题描述,整改方式\n2021-13-40,甲,消防,堵塞,现场整改\n";
    let project = Project::with(&[("offices/east/duban.yaml", "logs: [logs]\n"), ("offices/east/logs/a.csv", log)]);
    std::fs::create_dir(project.path().join(".git")).unwrap();
    let east = project.path().join("offices/east").to_string_lossy().into_owned();
    for (format, expected) in [
        ("github", "file=offices/east/logs/a.csv,line=2"),
        ("gitlab", "\"path\": \"offices/east/logs/a.csv\""),
        ("sarif", "\"uri\": \"offices/east/logs/a.csv\""),
        ("junit", "offices/east/logs/a.csv"),
        ("rdjson", "\"path\": \"offices/east/logs/a.csv\""),
    ] {
        let arguments = ["check", "-C", &east, "--as-of", "2021-08-20", "--format", format];
        let at_root = project.run(&arguments);
        assert!(at_root.stdout.contains(expected), "{format}: {at_root:?}");
        let within = project.run_changed(Lang::Zh, &arguments, &|world| world.folder = east.clone().into());
        assert_eq!(within.stdout, at_root.stdout, "{format}");
        let named =
            project.run_changed(Lang::Zh, &arguments, &|world| world.repository = Some(project.path().join("offices")));
        assert!(named.stdout.contains("east/logs/a.csv") && !named.stdout.contains("offices/east"), "{format}");
    }
}

/// 已整改 in a total row includes what is signed off, as in a tally.
#[test]
fn a_total_of_what_is_rectified_includes_what_is_closed() {
    let rows = "2021-08-03,甲,消防,一,限期整改,2021-08-10,已整改\n2021-08-03,甲,消防,二,限期整改,2021-08-10,闭合\n2021-08-03,甲,消防,三,限期整改,2021-08-10,\n";
    for (declared, told) in [("2", None), ("1", None), ("3", Some("申报“已整改” 3 个，各行实有 2 个"))]
    {
        let log = format!(
            "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改情况\n{rows}合计,,,3条,,,已整改{declared}条\n"
        );
        let project = Project::with(&[("log.csv", log.as_str())]);
        let run = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--only", "R207"]);
        assert_eq!(run.stdout.contains("R207"), told.is_some(), "{declared}: {run:?}");
        assert!(told.is_none_or(|told| run.stdout.contains(told)), "{run:?}");
    }
}

#[test]
fn letters_say_why_there_are_none_where_no_deadline_was_read() {
    let log = |head: &str| {
        format!("发现日期,责任单位,问题类别,问题描述,整改方式,{head}\n2021-08-03,甲,消防,一,限期整改,2021-08-10\n")
    };
    let project = Project::with(&[]);
    project.write("log.csv", log("整改时现").as_bytes());
    let letters =
        |project: &Project| project.run(&["draft", "reminder", "@/log.csv", "--as-of", "2021-08-20", "--to", "md"]);
    let run = letters(&project);
    assert!(run.status == 0 && run.stderr.contains("1 个未整改的问题都没有读到整改期限"), "{run:?}");
    project.write("log.csv", log("整改期限").as_bytes());
    let run = letters(&project);
    assert!(!run.stderr.contains("没有读到整改期限") && run.stdout.contains("reminder"), "{run:?}");
}

/// What an inspection says it found is held against the issues of its day, and of its team and unit where these tell them apart.
#[test]
fn an_inspection_that_found_more_than_there_is_is_told() {
    const ISSUES: &str = "发现日期,检查组,责任单位,问题类别,问题描述,整改方式\n\
        2021-08-03,一组,甲社区,消防,灭火器过期,现场整改\n\
        2021-08-03,一组,乙社区,消防,通道堵塞,现场整改\n\
        2021-08-04,二组,甲社区,卫生,垃圾未清运,现场整改\n";
    let told = |issues: &str, inspections: &[&str]| {
        let table = format!("日期,结束日期,检查组,责任单位,点位数,发现问题数\n{}\n", inspections.join("\n"));
        let project = Project::with(&[("issues.csv", issues), ("visits.csv", table.as_str())]);
        let run = project.run(&["check", "@/issues.csv", "@/visits.csv", "--only", "R216", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let told = report["diagnostics"].as_array().unwrap().iter();
        told.map(|one| format!("{}: {}", one["line"], one["message"].as_str().unwrap())).collect::<Vec<_>>().join("\n")
    };
    let all = ["2021-08-03,,一组,甲社区,2,1", "2021-08-03,,一组,乙社区,1,1", "2021-08-04,,二组,甲社区,1,1个"];
    assert_eq!(told(ISSUES, &all), "");
    // Days of which nothing is stated, and inspections without a number.
    assert_eq!(told(ISSUES, &["2021-08-04,,二组,甲社区,1,1", "2021-08-03,,一组,甲社区,2,"]), "");
    assert_eq!(
        told(ISSUES, &["2021-08-03,,一组,甲社区,2,3", all[1], all[2]]),
        "2: 检查写着发现问题 3 个，台账里这次检查（2021-08-03，一组，甲社区）的问题有 1 个"
    );
    assert_eq!(
        told(ISSUES, &["2021-08-03,,一组,甲社区,2,0", all[1], all[2]]),
        "2: 检查写着发现问题 0 个，台账里这次检查（2021-08-03，一组，甲社区）的问题有 1 个"
    );
    // A round of several days; and units that are called otherwise, so that only teams tell them apart.
    assert_eq!(told(ISSUES, &["2021-08-02,2021-08-06,一组,东街道,9,2", all[2]]), "");
    assert_eq!(
        told(ISSUES, &["2021-08-02,2021-08-06,一组,东街道,9,2", "2021-08-03,,一组,西街道,9,1", all[2]]),
        "2: 2 次检查写着共发现问题 3 个，台账里（2021-08-02至2021-08-06，一组）的问题有 2 个"
    );
    // One that was withdrawn may be among the number or not.
    let withdrawn = ISSUES
        .replace("整改方式\n", "整改方式,整改状态\n")
        .replace("灭火器过期,现场整改", "灭火器过期,现场整改,撤销")
        .replace("整改\n", "整改,\n");
    assert_eq!(told(&withdrawn, &all), "");
    assert_eq!(told(&withdrawn, &["2021-08-03,,一组,甲社区,2,0", all[1], all[2]]), "");
    // Without any issue, each file is told once.
    let none = &ISSUES[..=ISSUES.find('\n').unwrap()];
    assert_eq!(told(none, &all), "2: 3 次检查写着发现问题 3 个，读入的台账里一个问题也没有");
    assert_eq!(told(none, &["2021-08-03,,一组,甲社区,2,0"]), "");
}

//! Rules of the office's own: what is told, where, and that an own code is a code like any other.

use duban::fault::{ConfigProblem, FaultKind, Faults, words};
use duban::place::{SourceId, Spot};
use duban::project::config::parse;
use duban::words::lang::Lang;
use rust_xlsxwriter::Workbook;

use crate::project::{Project, Run};

/// Rules over a column that is there, a blank one, and one that the log lacks.
const CONFIG: &str = "\
office: {name: 某办}
rules:
  - {code: X101, when: 'workdays(found_on, deadline) > 30', message: {zh: 期限太长, en: too far away}, severity: error}
  - {code: X102, when: 'blank(备注)', message: 没有说明, field: 备注}
  - {code: X103, when: 'blank(measures) or contains(description, \"漏水\")', message: 没有措施, severity: info}
";

const HEADER: [&str; 8] = ["发现日期", "责任单位", "问题类别", "问题描述", "整改方式", "整改期限", "状态", "备注"];
const ROWS: [[&str; 8]; 3] = [
    ["2021-03-03", "贾陈社区", "消防安全", "楼道堆放杂物", "限期整改", "2021-08-10", "整改中", "x"],
    ["2021-08-03", "贾陈社区", "消防安全", "灭火器过期", "限期整改", "2021-08-10", "整改中", ""],
    ["2021-08-03", "贾陈社区", "环境卫生", "屋顶漏水", "限期整改", "2021-08-11", "整改中", "x"],
];

fn csv() -> String {
    let line = |cells: &[&str]| cells.join(",") + "\n";
    line(&HEADER) + &ROWS.map(|row| line(&row)).concat()
}

/// A record for each row; a blank cell has no key.
fn yaml() -> String {
    let record = |row: &[&str; 8]| {
        let pairs = HEADER.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        format!("- {{{}}}\n", pairs.map(|(key, cell)| format!("{key}: {cell}")).collect::<Vec<_>>().join(", "))
    };
    ROWS.iter().map(record).collect()
}

fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in std::iter::once(&HEADER).chain(&ROWS).enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The faults of own rules and L123, with the field and the row's number in its log.
fn told(run: &Run) -> Vec<(String, String, u64)> {
    let report = run.json();
    let of = |fault: &serde_json::Value| {
        let text = |key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        (text("code"), text("field"), fault["line"].as_u64().unwrap())
    };
    let mut told: Vec<_> = report["diagnostics"].as_array().unwrap().iter().map(of).collect();
    told.retain(|(code, ..)| code.starts_with('X') || code == "L123");
    told
}

fn check(project: &Project, arguments: &[&str]) -> Run {
    let always = ["check", "--as-of", "2021-08-20", "--format", "json"];
    project.run(&[&always[..], arguments].concat())
}

#[test]
fn a_rule_tells_the_same_of_every_form_of_a_log() {
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &csv()), ("log.yaml", &yaml())]);
    project.write("log.xlsx", &xlsx());
    for (log, first) in [("@/log.csv", 2), ("@/log.xlsx", 2), ("@/log.yaml", 1)] {
        let run = check(&project, &[log]);
        let wanted = [
            ("L123", "measures", 1),
            ("X101", "found_on", first),
            ("X102", "note", first + 1),
            ("X103", "measures", first + 2),
        ];
        let mut told = told(&run);
        told.sort();
        assert_eq!(told, wanted.map(|(code, field, line)| (code.to_owned(), field.to_owned(), line)), "{log} {run:?}");
        assert_eq!(run.status, 1);
    }
}

/// Blocks of a file are read side by side, and records with keys of their own are held against all of them.
#[test]
fn rules_tell_the_same_of_a_long_log() {
    let rows = ROWS.map(|row| row.join(",") + "\n").concat().repeat(20_000);
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &(HEADER.join(",") + "\n" + &rows))]);
    let run = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--only", "X", "--max", "3"]);
    for count in ["20000  X101", "20000  X102", "20000  X103"] {
        assert!(run.stdout.contains(count), "{run:?}");
    }
}

/// In a log of YAML a key that some records have is blank in the others; one that none has is told once.
#[test]
fn a_column_of_some_records_is_blank_in_the_others() {
    let log = yaml()
        + "- {发现日期: 2021-08-03, 责任单位: 乙社区, 问题类别: 消防安全, 问题描述: 堵塞, 整改方式: 现场整改, 整改措施: 清运, 备注: y}\n";
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.yaml", &log)]);
    let told = told(&check(&project, &["@/log.yaml"]));
    let count = |wanted: &str| told.iter().filter(|(code, ..)| code == wanted).count();
    assert_eq!((count("X103"), count("L123")), (3, 0), "{told:?}");
}

#[test]
fn an_own_code_is_a_code_like_any_other() {
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &csv())]);
    let codes = |arguments: &[&str]| {
        let run = check(&project, &[&["@/log.csv"], arguments].concat());
        let mut codes: Vec<String> = told(&run).into_iter().map(|(code, ..)| code).collect();
        codes.sort();
        (run.status, codes.join(" "))
    };
    assert_eq!(codes(&["--allow", "X101"]), (0, "L123 X102 X103".to_owned()));
    assert_eq!(codes(&["--allow", "X,L123"]), (0, String::new()));
    assert_eq!(codes(&["--only", "x102", "--deny", "X102"]), (1, "X102".to_owned()));
    assert_eq!(codes(&["--allow", "X101", "--deny", "warnings"]).0, 1);
    let run = check(&project, &["--deny", "X110", "@/log.csv"]);
    assert!(run.status == 2 && run.stderr.contains("X101"), "{run:?}");
    // The baseline knows it, and so does what a row allows.
    project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--write-baseline", "@/old.json"]).success();
    assert_eq!(codes(&["--baseline", "@/old.json"]), (0, String::new()));
    let allowed = csv().replace("整改中,x\n2021-08-03", "整改中,duban: allow X101 because 另有批示\n2021-08-03");
    project.write("log.csv", allowed.as_bytes());
    assert_eq!(codes(&[]), (0, "L123 X102 X103".to_owned()));
    assert!(!check(&project, &["@/log.csv"]).stdout.contains("L113"));
    for (lang, title) in [(Lang::Zh, "期限太长"), (Lang::En, "too far away")] {
        let explain = |arguments: &[&str]| project.run_lang(lang, &[&["explain"], arguments].concat()).success().stdout;
        assert!(explain(&["X101"]).contains("workdays(found_on, deadline) > 30"));
        assert!(explain(&["x101"]).starts_with(&format!("X101 {title}\n")));
        assert!(explain(&[]).contains(&format!("  {title}\n")));
    }
}

#[test]
fn every_form_of_the_report_has_own_rules() {
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &csv())]);
    for format in ["text", "json", "github", "gitlab", "sarif", "junit", "html"] {
        let run = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--format", format]);
        assert!(run.stdout.contains("X101") && run.stdout.contains("期限太长"), "{format} {run:?}");
    }
    let run = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--format", "sarif"]).json();
    let rules = run["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "X101").unwrap();
    assert_eq!(
        (&rule["shortDescription"]["text"], &rule["defaultConfiguration"]["level"]),
        (&"期限太长".into(), &"error".into())
    );
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("workdays"));
}

#[test]
fn a_dispatch_is_refused_and_accepted_by_an_own_code() {
    let config = format!("{CONFIG}logs: [log.csv]\n");
    let project = Project::with(&[("duban.yaml", &config), ("log.csv", &csv())]);
    let dispatch = |more: &[&str]| project.run(&[&["dispatch", "bulletin", "--as-of", "2021-08-20"], more].concat());
    let run = dispatch(&[]);
    assert!(run.status == 1 && run.stderr.contains("--accept X101"), "{run:?}");
    let run = dispatch(&["--accept", "X101", "--why", "另有批示"]);
    assert_eq!(run.status, 0, "{run:?}");
    let entries = project.run(&["register", "list", "--format", "json"]).success().json();
    assert_eq!(entries[0]["accepted"]["X101"], 1);
}

/// Working days over a year whose holidays nobody knows are told, as for deadlines in words.
#[test]
fn working_days_of_an_unknown_year_are_told() {
    let log = csv().replace("2021-", "2031-");
    let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &log)]);
    let run = project.run(&["check", "@/log.csv", "--as-of", "2031-08-20", "--format", "json"]);
    assert!(run.stdout.contains("C404"), "{run:?}");
}

/// What an office writes can't break out of a report.
#[test]
fn texts_of_a_rule_stay_texts() {
    let evil =
        r#""a\n::error file=x::y \e[31m\u202E <script>alert(1)</script> [b](javascript:c) %0A::set-env ]]> & `d` | e""#;
    let config = format!(
        "rules: [{{code: X101, when: 'blank(note)', message: {evil}, title: {evil}, help: {evil}, why: {evil}, severity: error}}]\n"
    );
    let project = Project::with(&[("duban.yaml", &config), ("log.csv", &csv())]);
    for format in ["text", "json", "github", "gitlab", "sarif", "junit", "html"] {
        for lang in Lang::ALL {
            let run = project.run_lang(lang, &["check", "@/log.csv", "--as-of", "2021-08-20", "--format", format]);
            assert_eq!(run.status, 1, "{run:?}");
            assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{format} {run:?}");
            let is_command = |line: &&str| line.trim_start().starts_with("::");
            let commands: Vec<&str> = run.stdout.lines().filter(is_command).collect();
            assert_eq!(commands.len(), usize::from(format == "github"), "{format} {commands:?}");
            if matches!(format, "html" | "junit") {
                assert!(!run.stdout.contains("<script>"), "{format} {run:?}");
            }
        }
    }
    let run = project.run(&["explain", "X101"]).success();
    assert!(
        !run.stdout.contains('\u{1b}') && !run.stdout.lines().any(|line| line.trim_start().starts_with("::")),
        "{run:?}"
    );
}

/// The faults of a config: message, line to write, and the place.
fn faults(config: &str) -> Vec<(String, Option<String>, u32, u32)> {
    let mut faults = Faults::default();
    let _ = parse(SourceId(0), config, &mut faults);
    let of = |fault: &duban::fault::Fault| {
        let FaultKind::Config { line, .. } = &fault.what else { panic!("{fault:?}") };
        let column = if let Spot::Chars { column, .. } = fault.place.spot { column.get() } else { 0 };
        (words(&fault.what, None, Lang::En).message, line.clone(), fault.place.line.get(), column)
    };
    faults.sorted().into_iter().map(of).collect()
}

#[test]
fn every_fault_of_a_rule_is_told_at_its_place() {
    for (config, message, line, place) in [
        (
            "rules:\n- {code: X101, when: 'deadlin < found_on', message: a}",
            "there is no field `deadlin`",
            Some("when: \"deadline < found_on\""),
            (2, 23),
        ),
        (
            "rules:\n- code: X101\n  when: 整改方式 == \"限其整改\"\n  message: a",
            "disposition has no value",
            None,
            (3, 17),
        ),
        (
            "rules: [{code: X101, when: \"deadline > 30\", message: a}]",
            "a day can't be compared with a number",
            None,
            (1, 29),
        ),
        ("rules: [{code: X101, when: 'open and', message: a}]", "expected a value, found the end", None, (1, 37)),
        // Folded or escaped, it doesn't stand in the file letter by letter.
        (
            "rules:\n- code: X101\n  message: a\n  when: >\n    open and\n    opn\n",
            "there is no field `opn`",
            Some("when: open and open"),
            (5, 5),
        ),
        ("rules: [{code: X1, when: open, message: a}]", "code can't be `X1`", Some("code: X101"), (1, 16)),
        ("rules: [{code: R204, when: open, message: a}]", "code can't be `R204`", Some("code: X101"), (1, 16)),
        ("rules: [{code: V1O1, severity: off}]", "code can't be `V1O1`", Some("code: V101"), (1, 16)),
        (
            "rules: [{code: X101, when: open, message: a}, {code: x101, when: late, message: b}]",
            "duplicate code `x101`: it is `X101` of line 1",
            None,
            (1, 54),
        ),
        (
            "rules: [{code: X101, when: open}]",
            "expected code, when and message, found mapping",
            Some("- {message: the deadline is too far away, code: X101, when: open}"),
            (1, 9),
        ),
        ("rules: [{code: X101, wen: open, message: a}]", "there is no key `wen`", Some("when: open"), (1, 22)),
        (
            "rules: [{when: open, message: a}]",
            "expected a code, found mapping",
            Some("- {code: X101, when: open, message: a}"),
            (1, 9),
        ),
        ("rules: [R204]", "expected a mapping, found `R204`", None, (1, 9)),
        (
            "rules: [{code: X101, when: open, message: a, severity: fatal}]",
            "severity can't be `fatal`",
            Some("severity: warning"),
            (1, 56),
        ),
        (
            "rules: [{code: X101, when: open, message: a, field: deadlin}]",
            "field can't be `deadlin`",
            Some("field: deadline"),
            (1, 53),
        ),
        ("rules: [{code: X101, when: open, message: {zn: a}}]", "there is no key `zn`", Some("zh: a"), (1, 44)),
        ("rules: [{code: X101, when: open, message: [a]}]", "expected text, found list", None, (1, 43)),
        (
            "rules: {X101: warning}",
            "expected code, when and message, found `warning`",
            Some("X101: {when: deadline < found_on, message: the deadline is too far away}"),
            (1, 15),
        ),
        ("rules: {X101: {when: opn, message: a}}", "there is no field `opn`", Some("when: open"), (1, 22)),
    ] {
        let found = faults(config);
        let fits = |(text, mended, at, column): &(String, Option<String>, u32, u32)| {
            let is_line = line.is_none_or(|line| mended.as_deref() == Some(line));
            text.contains(message) && is_line && (*at, *column) == place
        };
        assert!(found.iter().any(fits), "{config}: {found:?}");
    }
}

#[test]
fn all_faults_of_all_rules_are_told_at_once() {
    let config = "rules:\n- {code: X101, when: 'opn and lat', message: a}\n- {code: X102, when: 'deadline > \"x\"', message: b, severity: bad}\n";
    assert_eq!(faults(config).len(), 4, "{:?}", faults(config));
    for text in ["(".repeat(10_000), "open or ".repeat(130_000), "\"((a{1000}){1000}){1000}\"".to_owned()] {
        let config = format!("rules:\n- code: X101\n  message: a\n  when: '{text}'\n");
        let mut faults = Faults::default();
        let project = parse(SourceId(0), &config, &mut faults);
        assert!(project.rules.is_empty());
        for fault in faults.sorted() {
            assert!(matches!(&fault.what, FaultKind::Config { problem: ConfigProblem::Condition(_), .. }), "{fault:?}");
            for lang in Lang::ALL {
                let words = words(&fault.what, None, lang);
                assert!(words.message.len() + words.help.unwrap_or_default().len() < 1000);
            }
        }
        assert_eq!(faults.sorted().len(), 1);
    }
}

/// A mapping and a list say the same, in both languages, and name values of lists that stand below them.
#[test]
fn both_forms_and_languages_are_read() {
    let forms = [
        "rules:\n- {code: R204, severity: warning}\n- {code: X101, when: 'unit == \"乙\" and open', message: a, severity: off}\nunits: [{name: 甲, aliases: [乙]}]\n",
        "rules: {R204: warning, X101: {when: 'unit == \"甲\" and open', message: a, severity: off}}\nunits: [{name: 甲, aliases: [乙]}]\n",
        "规则:\n- {代码: R204, 级别: 警告}\n- {代码: X101, 条件: 责任单位 == “乙” 且 未整改, 提示: {英文: a}, 级别: 不查}\n单位: [{名称: 甲, 别名: [乙]}]\n",
    ];
    let read: Vec<_> = forms
        .iter()
        .map(|config| {
            let mut faults = Faults::default();
            let project = parse(SourceId(0), config, &mut faults);
            assert!(faults.is_empty(), "{config} {faults:?}");
            let printed: Vec<String> =
                project.rules.iter().map(|rule| rule.condition.print(&project, Lang::En)).collect();
            let codes = project.severities.codes();
            let severities = ["R204", "X101"].map(|code| project.severities.of(codes.find(code).unwrap()));
            (printed, severities)
        })
        .collect();
    assert_eq!(read[0].0, ["unit == \"甲\" and open"]);
    assert!(read.iter().all(|one| *one == read[0]), "{read:?}");
}

/// The rules of the documentation are those that its transcripts run.
#[test]
fn the_documentation_shows_the_rules_that_it_runs() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let config = read("tests/cmd/own-rules/duban.yaml");
    let rules = config.split_once("rules:").unwrap().1;
    for page in ["docs/checking.md", "docs/checking.zh-CN.md"] {
        assert!(read(page).contains(&format!("```yaml\nrules:{rules}```\n")), "{page}");
    }
}

#[test]
fn the_config_lets_faults_of_own_rules_pass() {
    let config = "logs: [logs]\nallowances:\n- {code: X101, where: {unit: 甲社区}, until: 2021-12-31, why: 已批准}\n\
                  rules:\n- {code: X101, when: 'days(found_on, deadline) > 5', message: 期限太长, severity: error}\n";
    let log = "问题编号,检查时间,责任单位,问题类别,问题描述,整改方式,整改期限\n\
               A-1,2021-08-01,甲社区,消防,楼道堆放杂物,限期整改,2021-08-10\n\
               A-2,2021-08-01,乙社区,消防,灭火器压力不足,限期整改,2021-08-10\n";
    let project = Project::with(&[("duban.yaml", config), ("logs/a.csv", log)]);
    let report = project.run(&["check", "--as-of", "2021-08-05", "--format", "json"]).json();
    let lines: Vec<_> = report["diagnostics"].as_array().unwrap().iter().map(|fault| fault["line"].as_u64()).collect();
    assert_eq!((lines, &report["allowed"]["X101"]), (vec![Some(3)], &1.into()), "{report}");
}

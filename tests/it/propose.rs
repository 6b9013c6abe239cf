//! `duban init --from`: a project set up from logs, and `duban config add`.

use duban::words::lang::Lang;

use crate::project::{Project, Run, run_in};

const HAZARDS: &str = include_str!("../fixtures/propose/hazards.csv");
const FOOD: &str = include_str!("../fixtures/propose/food.csv");

/// The path of a file in the folder of a project, for a command line.
fn file(project: &Project, name: &str) -> String {
    project.path().join(name).to_str().unwrap().to_owned()
}

fn root(project: &Project) -> String {
    project.path().to_str().unwrap().to_owned()
}

fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path().join(name)).unwrap()
}

/// A folder with a log, set up; the answers are lines of standard input.
fn set_up(name: &str, log: &str, lang: Lang, answers: Option<&str>) -> (Project, Run) {
    let project = Project::with(&[(name, log)]);
    let how = if answers.is_some() { "--ask" } else { "--yes" };
    let answers = answers.unwrap_or_default().as_bytes();
    let run = run_in(project.path(), lang, answers, &["init", "--from", &file(&project, name), how]);
    (project, run)
}

fn total(project: &Project, lang: Lang, day: &str) -> serde_json::Value {
    let run = run_in(project.path(), lang, b"", &["tally", "-C", &root(project), "--as-of", day, "--format", "json"]);
    run.success().json()["total"].clone()
}

#[test]
fn a_ledger_that_was_never_described_gives_papers_after_three_answers() {
    // The office, the column of the unit, guesses, 现场处置, blank units.
    let (project, run) = set_up("台账.csv", HAZARDS, Lang::Zh, Some("某督查室\n1\n\n\n\n"));
    assert_eq!(run.status, 0, "{}", run.stderr);
    let config = read(&project, "duban.yaml");
    for line in [
        "  责任单位: 施工",
        "    已销号:\n      - 已整改销号",
        "    已整改:\n      - 现场处置",
        "  责任单位: 未写明责任单位",
        "  名称: 某督查室",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    for name in ["张三", "李四", "王五"] {
        assert!(!config.contains(name), "no person is listed:\n{config}");
    }
    let total = total(&project, Lang::Zh, "2024-08-31");
    let counted = ["found", "rectified", "open", "closed", "overdue"].map(|key| total[key].as_u64().unwrap());
    assert_eq!(counted, [6, 3, 3, 1, 2]);
    for kind in ["bulletin", "reminder"] {
        let out = file(&project, "out");
        let root = root(&project);
        let arguments = ["draft", kind, "-C", &root, "--as-of", "2024-08-31", "--to", "md", "-o", &out];
        assert_eq!(run_in(project.path(), Lang::Zh, b"", &arguments).status, 0, "{kind}");
    }
    assert!(read(&project, "out/bulletin-draft-2024-08-31.md").contains("发现问题6个"));
}

#[test]
fn what_may_be_two_is_never_guessed() {
    let (project, run) = set_up("台账.csv", HAZARDS, Lang::Zh, None);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let config = read(&project, "duban.yaml");
    assert!(config.contains("  # 责任单位: 施工") && config.contains("  # 责任单位: 监理"), "{config}");
    assert!(!config.contains("\n  责任单位:"), "{config}");
    assert!(run.stderr.contains("duban config add 列.责任单位 施工"), "{}", run.stderr);
    // The line that is named makes it right.
    let arguments = ["config", "add", "-C", &root(&project), "列.责任单位", "施工"];
    run_in(project.path(), Lang::Zh, b"", &arguments).success();
    let last = line_after(&config);
    let expected = config.replacen(&last, &format!("{last}\n  责任单位: 施工"), 1);
    assert_eq!(read(&project, "duban.yaml"), expected);
    let total = total(&project, Lang::Zh, "2024-08-31");
    assert_eq!((total["found"].as_u64(), total["units"].as_u64()), (Some(6), Some(2)));
}

/// The line of the config after which another column is added.
fn line_after(config: &str) -> String {
    let columns = config.split("\n列:\n").nth(1).unwrap();
    let last = columns.lines().take_while(|line| line.starts_with(' ')).filter(|line| !line.trim().starts_with('#'));
    last.last().unwrap().to_owned()
}

#[test]
fn guesses_are_taken_only_where_that_is_asked_for() {
    let (project, run) = set_up("food.csv", FOOD, Lang::En, None);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("no issue: Description = blank, Disposition = blank (2 rows"), "{}", run.stderr);
    let total_of = total(&project, Lang::En, "2021-08-20");
    assert_eq!((total_of["found"].as_u64(), total_of["rectified"].as_u64()), (Some(4), Some(1)));
    // Without --yes, and nobody to ask, a guess is a comment.
    let other = Project::with(&[("food.csv", FOOD)]);
    let run = run_in(other.path(), Lang::En, b"", &["init", "--from", &file(&other, "food.csv")]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        read(&other, "duban.yaml").contains("# - {description: \"\", disposition: \"\"}"),
        "{}",
        read(&other, "duban.yaml")
    );
    assert!(run.stderr.contains("Guesses, written as comments"), "{}", run.stderr);
}

#[test]
fn nothing_is_overwritten_and_a_file_without_a_log_gives_nothing() {
    let project = Project::with(&[("duban.yaml", "lang: en\n"), ("a.csv", FOOD), ("b.csv", "name,phone\nx,1\n")]);
    let run = run_in(project.path(), Lang::En, b"", &["init", "--from", &file(&project, "a.csv"), "--yes"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("duban.yaml is there already"), "{}", run.stderr);
    assert_eq!(read(&project, "duban.yaml"), "lang: en\n");
    let new = file(&project, "new");
    let run = run_in(project.path(), Lang::En, b"", &["init", &new, "--from", &file(&project, "b.csv"), "--yes"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no log was recognised"), "{}", run.stderr);
    assert!(!std::path::Path::new(&new).join("duban.yaml").exists());
    // A log from outside is copied into the new project, and found there.
    let run = run_in(project.path(), Lang::En, b"", &["init", &new, "--from", &file(&project, "a.csv"), "--yes"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(read(&project, "new/logs/a.csv"), FOOD);
    assert!(read(&project, "new/duban.yaml").contains("  - logs/a.csv\n"));
}

#[test]
fn a_nasty_cell_stays_a_cell() {
    let log = "检查日期,责任单位,问题类别,问题描述,整改方式,整改状态\n\
               2021-08-03,\"甲: {x}\n# 注\",\"- a, ]\",楼道堆物,限期整改,\"弄好: [了]\"\n\
               2021-08-03,\"甲: {x}\n# 注\",\"- a, ]\",无灭火器,限期整改,\"弄好: [了]\"\n\
               2021-08-04,乙,消防,线路老化,限期整改,\"弄好: [了]\"\n\
               2021-08-04,乙,消防,违规停车,限期整改,整改中\n";
    let (project, run) = set_up("a.csv", log, Lang::Zh, Some("\n6\n\n"));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("0 处错误"), "{}\n{}", run.stderr, read(&project, "duban.yaml"));
    let total = total(&project, Lang::Zh, "2021-08-20");
    assert_eq!(
        (total["found"].as_u64(), total["rectified"].as_u64(), total["units"].as_u64()),
        (Some(4), Some(3), Some(2))
    );
}

#[test]
fn a_name_that_could_be_a_pattern_is_the_name_of_a_file() {
    for name in ["!food.csv", "food[1].csv", "food *.csv"] {
        let (project, run) = set_up(name, FOOD, Lang::En, None);
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
        assert_eq!(total(&project, Lang::En, "2021-08-20")["found"].as_u64(), Some(4), "{name}");
    }
}

#[test]
fn config_add_refuses_what_would_be_wrong() {
    let project = Project::with(&[("duban.yaml", "lang: en\nunits: [A]   # the one\n")]);
    let add = |arguments: &[&str]| {
        let root = root(&project);
        run_in(project.path(), Lang::En, b"", &[&["config", "add", "-C", &root], arguments].concat())
    };
    assert_eq!(add(&["units", "B", "C"]).status, 0);
    assert_eq!(read(&project, "duban.yaml"), "lang: en\nunits: [A, B, C]   # the one\n");
    for (arguments, message) in [
        (&["units", "D", "A"][..], "has `A` already"),
        (&["dates.year", "soon"], "year can't be `soon`"),
        (&["ladder", "x"], "nothing can be added under `ladder`"),
    ] {
        let run = add(arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert_eq!(read(&project, "duban.yaml"), "lang: en\nunits: [A, B, C]   # the one\n");
    }
}

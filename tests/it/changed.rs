//! `check --changed-since`: what was there at a commit is not shown, what came since is.

use std::path::Path;

use duban::words::lang::Lang;

use crate::git::done;
use crate::project::{Project, Run};
use crate::workbook::{Sheet, workbook};

const CONFIG: &str = "lang: zh\nlogs: [logs]\nunits: [甲, 乙]\n";
const HEAD: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n";
const OLD: [&str; 4] = [
    "A1,2021-13-40,甲,消防,堆物,现场整改,\n",
    "A2,2021-08-03,乙,消防,占道,现场整该,\n",
    "A3,2021-08-03,乙,消防,缺灯,限期整改,2021-08-01\n",
    "A3,2021-08-03,甲,消防,漏水,现场整改,\n",
];

fn log(rows: &[&str]) -> String {
    format!("{HEAD}{}", rows.concat())
}

fn commit(folder: &Path) {
    done(folder, &["add", "-A"]);
    done(folder, &["commit", "-qm", "x"]);
}

/// A project in a folder of a repository, with a commit that has faults.
fn repository(name: &str, bytes: &[u8]) -> Project {
    let project = Project::with(&[("office/duban.yaml", CONFIG)]);
    project.write(&format!("office/logs/{name}"), bytes);
    done(project.path(), &["init", "-q"]);
    commit(project.path());
    project
}

fn check(project: &Project, since: &str) -> Run {
    let office = project.path().join("office").to_string_lossy().into_owned();
    let arguments =
        ["check", "-C", &office, "--as-of", "2021-08-20", "--format", "json", &format!("--changed-since={since}")];
    project.run_changed(Lang::Zh, &arguments, &|world| world.folder = project.path().join("office/logs"))
}

fn new(project: &Project) -> Vec<String> {
    let run = check(project, "HEAD");
    assert!(run.stderr.contains("HEAD 时就有的"), "{run:?}");
    let list = run.json()["diagnostics"].as_array().unwrap().clone();
    let has_errors = list.iter().any(|one| one["severity"] == "error");
    assert_eq!(run.status == 1, has_errors, "{run:?}");
    list.iter().map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["line"])).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_row_that_stayed_or_moved_is_not_told_again() {
    let project = repository("a.csv", log(&OLD).as_bytes());
    assert_eq!(new(&project), NOTHING);
    let mut turned = OLD;
    turned.reverse();
    let above = "A0,2021-08-03,甲,消防,无灯,现场整改,\n";
    for text in [log(&turned), log(&[&[above], &turned[..]].concat()), log(&OLD).replace('\n', "\r\n")] {
        project.write("office/logs/a.csv", text.as_bytes());
        assert_eq!(new(&project), NOTHING);
    }
    project
        .write("office/logs/a.csv", log(&[&["A9,2021-08-03,丙,消防,无灯,现场整改,\n"], &OLD[..]].concat()).as_bytes());
    assert_eq!(new(&project), ["V105 2"]);
    project.write("office/logs/a.csv", log(&OLD).replace("2021-08-01", "2021-07-31").as_bytes());
    assert_eq!(new(&project), ["R201 4"]);
}

#[test]
fn a_new_file_is_new_and_a_renamed_one_is_not() {
    let project = repository("a.csv", log(&OLD).as_bytes());
    let logs = project.path().join("office/logs");
    std::fs::rename(logs.join("a.csv"), logs.join("第二组 %20`b`.csv")).unwrap();
    assert_eq!(new(&project).len(), 4, "Git does not know yet that it was renamed");
    done(project.path(), &["add", "-A"]);
    assert_eq!(new(&project), NOTHING);
    project.write("office/logs/c.csv", log(&["C1,2021-08-03,甲,消防,别处,现场整该,\n"]).as_bytes());
    assert_eq!(new(&project), ["V102 2"]);
}

#[test]
fn workbooks_and_yaml_are_read_as_they_were() {
    let text = log(&OLD);
    let book = |text: &str| workbook(&[Sheet { name: "8月", text, hidden: vec![], struck: vec![] }]);
    let project = repository("a.xlsx", &book(&text));
    assert_eq!(new(&project), NOTHING);
    project.write("office/logs/a.xlsx", &book(&log(&[&OLD[..], &["A5,2021-02-30,甲,消防,新,现场整改,\n"]].concat())));
    assert_eq!(new(&project), ["V101 6"]);

    let yaml = "unit: 丙\nissues:\n- {id: A, found_on: 2021-13-40, category: 消防, description: 堆物, disposition: 现场整改}\n\
                - {id: B, found_on: 2021-08-03, category: 消防, description: 占道, disposition: 现场整该}\n";
    let project = repository("a.yaml", yaml.as_bytes());
    assert_eq!(new(&project), NOTHING);
    let (head, rows) = yaml.split_at(yaml.find("- ").unwrap());
    let rows: Vec<&str> = rows.lines().rev().collect();
    let more = "- {id: C, found_on: 2021-08-03, category: 消防, description: 无灯, disposition: 现场整盖}";
    project.write("office/logs/a.yaml", format!("{head}{more}\n{}\n", rows.join("\n")).as_bytes());
    assert_eq!(new(&project), ["V105 1", "V102 3"], "the new row takes the unit of the file, too");
}

/// What is wrong with a file as a whole is told when it comes, and not again.
#[test]
fn totals_and_headers_are_told_when_they_change() {
    let text = format!("{HEAD}A1,2021-08-03,甲,消防,堆物,现场整改,\n合计,,,,,5,\n");
    let project = repository("a.csv", text.as_bytes());
    assert_eq!(new(&project), NOTHING);
    project.write("office/logs/a.csv", text.replace(",5,", ",4,").as_bytes());
    assert_eq!(new(&project), ["R207 3"]);
    project.write("office/logs/a.csv", text.replace("整改期限", "整改时现").as_bytes());
    assert_eq!(new(&project), ["L105 1"]);
}

/// What the baseline of the config takes away counts for neither side.
#[test]
fn a_baseline_and_a_commit_do_not_count_a_fault_twice() {
    let project = repository("a.csv", log(&OLD[1..2]).as_bytes());
    let office = project.path().join("office").to_string_lossy().into_owned();
    let known = format!("{office}/known.json");
    project.run(&["check", "-C", &office, "--as-of", "2021-08-20", "--write-baseline", &known]).success();
    project.write("office/duban.yaml", format!("{CONFIG}baseline: known.json\n").as_bytes());
    commit(project.path());
    // The same row once more.
    project.write("office/logs/a.csv", log(&[OLD[1], &OLD[1].replace("A2", "A8")]).as_bytes());
    assert!(new(&project).contains(&"V102 3".to_owned()), "{:?}", new(&project));
}

#[test]
fn what_git_can_not_give_is_said_with_what_to_do() {
    let project = repository("a.csv", log(&OLD).as_bytes());
    for (since, expected) in
        [("nowhere", "没有提交 `nowhere`"), ("--output=x", "没有提交 `--output=x`"), ("HEAD:office", "没有提交")]
    {
        let run = check(&project, since);
        assert!(run.status == 2 && run.stderr.contains(expected), "{run:?}");
        assert!(!project.path().join("x").exists());
    }
    commit_more(&project);
    let clone = Project::with(&[]);
    let from = format!("file://{}", project.path().display());
    done(clone.path(), &["clone", "-q", "--depth", "1", &from, "."]);
    let run = check(&clone, "HEAD~1");
    assert!(run.status == 2 && run.stderr.contains("git fetch --unshallow"), "{run:?}");
    let outside = Project::with(&[("office/duban.yaml", CONFIG), ("office/logs/a.csv", &log(&OLD))]);
    let run = check(&outside, "HEAD");
    assert!(run.status == 2 && run.stderr.contains("不在 git 仓库里"), "{run:?}");
}

fn commit_more(project: &Project) {
    project.write("more", b"");
    commit(project.path());
}

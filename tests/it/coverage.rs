//! What a bulletin covers without `--period`: the issues that no bulletin before it reported, whatever row they stand in.

use serde_json::Value;

use crate::project::{Project, Run};

const CONFIG: &str = "lang: zh\noffice: {name: 某区督查室}\nlogs: [logs]\n";
const HEADER: &str = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态,整改日期\n";
const FIRST: &str = "2021-08-03,甲社区,消防,灭火器过期,限期整改,2021-08-10,整改中,\n";
const SECOND: &str = "2021-08-04,乙社区,消防,通道堵塞,现场整改,,已整改,2021-08-04\n";
const NEW: &str = "2021-08-05,丙社区,卫生,垃圾未清运,限期整改,2021-08-30,整改中,\n";
const INSPECTIONS: &str = "日期,检查组,点位数\n2021-08-03,一组,2\n2021-08-12,一组,1\n2021-08-15,二组,3\n";

/// A project whose bulletin of 12 August reported the first two issues.
fn reported() -> Project {
    let log = [HEADER, FIRST, SECOND].concat();
    let files = [("duban.yaml", CONFIG), ("logs/a.csv", log.as_str()), ("logs/inspections.csv", INSPECTIONS)];
    let project = Project::with(&files);
    dispatch(&project, "2021-08-12", &[]).success();
    project
}

fn dispatch(project: &Project, day: &str, more: &[&str]) -> Run {
    let arguments = ["dispatch", "bulletin", "--as-of", day, "--to", "md", "-o", "@/documents"];
    project.run(&[&arguments, more].concat())
}

fn draft(project: &Project, more: &[&str]) -> Run {
    let arguments = ["draft", "bulletin", "--as-of", "2021-08-20", "--to", "md", "-o", "@/drafts"];
    project.run(&[&arguments, more].concat()).success()
}

fn text(project: &Project) -> String {
    std::fs::read_to_string(project.path().join("drafts/bulletin-draft-2021-08-20.md")).unwrap()
}

/// The descriptions in the list of issues.
fn listed(text: &str) -> Vec<&str> {
    let list = text.split_once("# 问题清单").map_or("", |(_, list)| list);
    ["灭火器过期", "通道堵塞", "垃圾未清运", "干粉灭火器过期"]
        .into_iter()
        .filter(|words| list.contains(words))
        .collect()
}

fn replace_log(project: &Project, rows: &[&str]) {
    project.write("logs/a.csv", [&[HEADER], rows].concat().concat().as_bytes());
}

#[test]
fn the_next_bulletin_covers_what_was_not_reported() {
    let project = reported();
    replace_log(&project, &[NEW, FIRST, SECOND]);
    let run = draft(&project, &[]);
    assert!(run.stderr.contains("此前已通报的 2 个"), "{}", run.stderr);
    let written = text(&project);
    assert_eq!(listed(&written), ["垃圾未清运"]);
    for wanted in
        ["开展督查1次", "尚未通报的问题1个", "此前通报的问题2个", "已整改1个，未整改1个", "甲社区：灭火器过期"]
    {
        assert!(written.contains(wanted), "{wanted}: {written}");
    }
    assert!(!written.contains("通道堵塞"), "it is rectified and was reported: {written}");
    let figures =
        std::fs::read_to_string(project.path().join("drafts/bulletin-draft-2021-08-20.figures.json")).unwrap();
    let figures: Value = serde_json::from_str(&figures).unwrap();
    assert_eq!(
        (&figures["figures"][0]["value"], &figures["figures"][0]["selection"]["reported"]),
        (&1.into(), &false.into())
    );
}

#[test]
fn all_of_them_or_those_of_a_period_on_request() {
    let project = reported();
    replace_log(&project, &[FIRST, SECOND, NEW]);
    for more in [&["--all"][..], &["--again"], &["--period", "2021-08"]] {
        draft(&project, more);
        assert_eq!(listed(&text(&project)), ["灭火器过期", "通道堵塞", "垃圾未清运"], "{more:?}");
    }
    draft(&project, &["--period", "2021-09"].map(|text| text.replace("09", "07")).each_ref().map(String::as_str));
    assert!(listed(&text(&project)).is_empty());
}

#[test]
fn what_a_void_bulletin_reported_is_covered_again() {
    let project = reported();
    let number = project.run(&["register", "list", "--format", "json"]).success().json()[0]["number"].clone();
    project.run(&["register", "void", number.as_str().unwrap(), "--why", "日期有误"]).success();
    let run = draft(&project, &[]);
    assert!(!run.stderr.contains("已通报"), "{}", run.stderr);
    assert_eq!(listed(&text(&project)), ["灭火器过期", "通道堵塞"]);
}

/// An issue whose description was altered is perhaps a reported one: a draft tells, a dispatch wants an answer.
#[test]
fn an_altered_issue_is_not_taken_for_a_new_one_in_silence() {
    let project = reported();
    let altered = FIRST.replace("灭火器", "干粉灭火器");
    replace_log(&project, &[&altered, SECOND, NEW]);
    let run = draft(&project, &[]);
    assert!(run.stderr.contains("干粉灭火器过期"), "{}", run.stderr);
    let refused = dispatch(&project, "2021-08-20", &[]);
    assert_eq!(refused.status, 1, "{refused:?}");
    let key = run
        .stderr
        .split_whitespace()
        .find_map(|word| word.split('：').find(|word| word.starts_with("k-")))
        .unwrap()
        .to_owned();
    let same = draft(&project, &["--same-issue", &key]);
    assert!(same.stderr.contains("此前已通报的 2 个"), "{}", same.stderr);
    assert_eq!(listed(&text(&project)), ["垃圾未清运"]);
    draft(&project, &["--new-issue", &key]);
    assert_eq!(listed(&text(&project)).len(), 3);
    let skipped = dispatch(&project, "2021-08-20", &["--skip-uncertain"]).success();
    let path = project.path().join(skipped.stdout.lines().next().unwrap());
    assert_eq!(listed(&std::fs::read_to_string(path).unwrap()), ["垃圾未清运"]);
}

/// A public bulletin that hides small counts lists no issues, but has reported them.
#[test]
fn a_bulletin_without_a_list_has_reported_its_issues() {
    let config = format!("{CONFIG}privacy: {{small_counts: 5}}\n");
    let log = [HEADER, FIRST, SECOND].concat();
    let project = Project::with(&[("duban.yaml", config.as_str()), ("logs/a.csv", log.as_str())]);
    dispatch(&project, "2021-08-12", &["--edition", "public"]).success();
    replace_log(&project, &[FIRST, SECOND, NEW]);
    draft(&project, &[]);
    assert_eq!(listed(&text(&project)), ["垃圾未清运"]);
}

/// A bulletin that was entered without its issues can't be heeded, and that is told.
#[test]
fn a_bulletin_of_unknown_issues_is_told() {
    let log = [HEADER, FIRST].concat();
    let import = "series,kind,year,n,number,date,title\nbulletin,bulletin,2021,1,第1期,2021-08-01,关于检查情况的通报\n";
    let files = [("duban.yaml", CONFIG), ("logs/a.csv", log.as_str()), ("import.csv", import)];
    let project = Project::with(&files);
    project.run(&["register", "import", "@/import.csv"]).success();
    let run = draft(&project, &[]);
    assert!(run.stderr.contains("第1期 没有所写问题的清单"), "{}", run.stderr);
    assert_eq!(listed(&text(&project)), ["灭火器过期"]);
}

/// A bulletin of a period refers to its text only for issues that stand there; those of no day or another one are listed.
#[test]
fn a_bulletin_of_a_period_lists_what_its_text_does_not() {
    let project = reported();
    replace_log(&project, &[FIRST, SECOND, &NEW.replace("08-05", "07-05")]);
    draft(&project, &["--period", "2021-08"]);
    assert!(text(&project).contains("未整改1个，见上文"), "{}", text(&project));
    draft(&project, &["--period", "2021-07"]);
    let written = text(&project);
    assert!(!written.contains("见上文") && written.contains("甲社区：灭火器过期"), "{written}");
}

#[test]
fn a_site_is_visited_however_its_name_is_spelled() {
    let project = Project::with(&[
        ("duban.yaml", "sites: {file: sites.csv}\nlogs: [b.csv]\n"),
        ("sites.csv", "点位,责任单位\n甲 卡口(东),甲社区\n"),
        ("b.csv", "检查日期,检查组,点位数,检查点位\n2021-08-03,一组,1,甲 卡口(东)\n"),
    ]);
    let run = project.run(&["check", "--coverage", "--as-of", "2021-08-20"]);
    assert!(run.status == 0 && !run.stdout.contains("R211"), "{run:?}");
    // By another of its names; and one that is not in the list is no fault of the inspection.
    project.write("sites.csv", "点位,别名,责任单位\n东卡口,1号卡口,甲社区\n".as_bytes());
    project.write("b.csv", "检查日期,检查组,点位数,检查点位\n2021-08-03,一组,2,1号卡口、西卡口\n".as_bytes());
    let run = project.run(&["check", "--coverage", "--as-of", "2021-08-20"]);
    assert!(run.status == 0 && run.stdout.is_empty(), "{run:?}");
}

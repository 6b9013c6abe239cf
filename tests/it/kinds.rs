//! The texts of the built-in kinds, word for word, and what a kind asks of the writer.

use std::path::Path;
use std::sync::LazyLock;

use duban::words::lang::Lang;
use duban::write::Format;

use crate::project::{Project, Run};

/// The built-in kinds, in the order in which they are listed.
pub(crate) fn built_in() -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        duban::kind::kinds(&duban::project::Project::default()).into_iter().map(|info| info.name).collect()
    });
    NAMES.iter().map(String::as_str)
}

/// Those that are drafted from logs alone: a correction is of another document, and has tests of its own.
pub(crate) fn drafted() -> impl Iterator<Item = &'static str> {
    built_in().filter(|kind| *kind != "correction")
}

/// What `--to` takes for all formats that duban writes by itself.
pub(crate) fn every_format() -> String {
    let own = Format::ALL.into_iter().filter(|format| *format != Format::Pdf);
    own.map(Format::extension).collect::<Vec<_>>().join(",")
}

/// What a writer gives for the document of a kind in `tests/golden`.
pub(crate) fn given(kind: &str) -> &'static [&'static str] {
    match kind {
        "assignment" => &["--set", "by=UNIT"],
        "interview" => &["--set", "time=9:00", "--set", "place=201"],
        "contact-card" => &["--set", "phone=12345"],
        _ => &[],
    }
}

#[test]
fn each_folder_of_report_templates_is_a_built_in_kind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("report-templates");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut folders: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    folders.sort();
    let mut names: Vec<&str> = built_in().collect();
    assert_eq!(names.first(), Some(&"bulletin"), "in the order of built-in.json");
    names.sort_unstable();
    assert_eq!(names, folders);
}

/// The documents of the examples as they are pinned in `tests/golden`; `TRYCMD=overwrite` writes them anew.
#[test]
fn each_kind_reads_as_it_is_pinned() {
    let examples = [
        ("zhengdong-2021", Lang::Zh, "2021-08-18", "永丰乡人民政府"),
        ("city-food-2024", Lang::En, "2024-06-14", "Sunny Side Bakery"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (example, lang, day, unit) in examples {
        let project = Project::example(example);
        for kind in drafted() {
            // The bulletins of the example's register have reported all its issues.
            let all = if kind == "bulletin" { &["--all"][..] } else { &[] };
            let arguments = [&["draft", kind, "--as-of", day, "--to", "md", "--unit", unit], all, given(kind)].concat();
            let run = project.run_lang(lang, &arguments).success();
            let written: Vec<&str> = run.stdout.lines().filter(|line| line.ends_with(".md")).collect();
            assert_eq!(written.len(), 1, "{kind}: {}", run.stdout);
            let got = std::fs::read_to_string(project.path().join(written[0])).unwrap();
            let golden = folder.join(format!("{kind}.{lang}.md"));
            if std::env::var_os("TRYCMD").is_some_and(|value| value == "overwrite") {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&golden, &got).unwrap();
            }
            let wanted = std::fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
            assert_eq!(got, wanted, "{}", golden.display());
        }
    }
}

const DAY: [&str; 2] = ["--as-of", "2021-08-20"];

fn run(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[arguments, &DAY].concat())
}

#[test]
fn a_dispatch_takes_no_number_before_all_that_is_asked_for_is_given() {
    let project = Project::example("zhengdong-2021");
    let register = || std::fs::read(project.path().join("register.jsonl")).unwrap();
    let before = register();
    let refused = run(&project, &["dispatch", "interview", "--set", "time=8月23日9时"]);
    assert_eq!(refused.status, 2);
    for wanted in ["--set place=", "--set by="] {
        assert!(refused.stderr.contains(wanted), "{}", refused.stderr);
    }
    assert!(!refused.stderr.contains("--set time="), "{}", refused.stderr);
    assert_eq!(register(), before, "no number was taken");
    let draft = run(&project, &["draft", "interview", "--to", "md"]).success();
    assert!(draft.stderr.contains("--set time="), "a draft tells what is left blank: {}", draft.stderr);
    let given = ["dispatch", "interview", "--set", "time=8月23日9时", "--set", "place=二楼", "--set", "by=李主任"];
    run(&project, &given).success();
    assert_ne!(register(), before);
}

#[test]
fn a_key_that_no_template_names_is_told_with_the_one_meant() {
    let project = Project::example("zhengdong-2021");
    let wrong = run(&project, &["draft", "interview", "--set", "palce=二楼"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("`place`") && wrong.stderr.contains("recorder"), "{}", wrong.stderr);
    assert!(!project.path().join("drafts").exists());
    // A project's own template may name others.
    project.write("report-templates/interview/zh.md", "---\ntitle: 约谈\n---\n\n{{ set.palce }}\n".as_bytes());
    run(&project, &["draft", "interview", "--set", "palce=二楼"]).success();
}

#[test]
fn an_issue_is_assigned_once_unless_asked_again() {
    let project = Project::example("zhengdong-2021");
    let unit = ["--unit", "永丰乡", "--to", "md"];
    let first = run(&project, &[&["dispatch", "assignment"], &unit[..]].concat()).success();
    assert_eq!(first.stdout.lines().filter(|line| line.ends_with(".md")).count(), 1);
    let second = run(&project, &[&["dispatch", "assignment"], &unit[..]].concat()).success();
    assert_eq!(second.stdout, "", "{}", second.stderr);
    let again = run(&project, &[&["dispatch", "assignment", "--again"], &unit[..]].concat()).success();
    assert_eq!(again.stdout.lines().filter(|line| line.ends_with(".md")).count(), 1);
}

#[test]
fn the_ladders_letters_quote_one_another() {
    let project = Project::example("zhengdong-2021");
    run(&project, &["dispatch", "due", "--unit", "永丰乡", "--to", "md", "-o", "@/out"]).success();
    let later =
        project.run(&["draft", "due", "--unit", "永丰乡", "--to", "md", "-o", "@/later", "--as-of", "2021-08-30"]);
    let later = later.success();
    let interview = later.stdout.lines().find(|line| line.contains("interview") && line.ends_with(".md")).unwrap();
    let text = std::fs::read_to_string(interview).unwrap();
    assert!(text.contains("督办函（郑东督办〔2021〕1号，8月20日）"), "{text}");
    assert!(text.contains("GS-025") && !text.contains("XS-011"), "only what calls for it: {text}");
}

#[test]
fn what_is_the_same_each_time_stands_in_the_config() {
    let project = Project::example("zhengdong-2021");
    let config = std::fs::read_to_string(project.path().join("duban.yaml")).unwrap();
    let with = |more: &str| {
        let set = format!("set: {{topic: 疫情防控, {more}, ");
        project.write("duban.yaml", config.replace("set: {topic: 疫情防控, ", &set).as_bytes());
    };
    with("place: 二楼会议室, by: 李主任");
    assert_eq!(project.run(&["kinds", "check"]).success().status, 0);
    let run = run(&project, &["draft", "interview", "--to", "md", "--unit", "永丰乡", "--set", "by=王主任"]).success();
    assert!(run.stderr.contains("--set time=") && !run.stderr.contains("--set place="), "{}", run.stderr);
    let text = std::fs::read_to_string(run.stdout.lines().find(|line| line.ends_with(".md")).unwrap()).unwrap();
    assert!(text.contains("约谈地点：二楼会议室") && text.contains("约谈人：王主任"), "{text}");
    with("palce: 二楼会议室");
    let wrong = project.run(&["kinds", "check"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("`palce`") && wrong.stderr.contains("`place`"), "{}", wrong.stderr);
}

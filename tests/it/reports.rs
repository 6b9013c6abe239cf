//! The forms of the report: each can be read by its reader, and no cell breaks out of it.

use serde_json::Value;

use crate::project::Project;

const HEAD: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\n";

fn project(cell: &str) -> Project {
    let log = format!("{HEAD}A,2021-13-40,甲,消防,\"{cell}\",现场整该\nB,2021-08-03,乙,消防,\"{cell}\",现场整改\n");
    Project::with(&[("duban.yaml", "lang: zh\n"), ("logs/第一组 a.csv", &log)])
}

fn report(project: &Project, format: &str) -> String {
    let run = project.run(&["check", "@/logs", "--as-of", "2021-08-20", "--format", format]);
    assert_eq!(run.status, 1);
    run.stdout
}

/// What tries to be a command, a tag, an entity or a control sequence.
const EVIL: [&str; 5] = ["a%0A::error::b", "</td><script>x</script>&", "]]>\u{1b}[31m", "a\nb::warning::c", "正常"];

#[test]
fn github_gets_one_command_a_line() {
    for cell in EVIL {
        let text = report(&project(cell), "github");
        for line in text.lines() {
            assert!(line.starts_with("::error file="), "{line}");
            // A cell of two lines is before the second fault.
            let at = if cell.contains('\n') && line.contains("V102") { 3 } else { 2 };
            assert!(line.contains(&format!(",line={at},col=")) && line.contains(",title=V10"), "{line}");
        }
        assert_eq!(text.lines().count(), 2, "{text}");
    }
    let many: Vec<String> = (0..30).map(|n| format!("A{n},2021-13-40,甲,消防,堆物{n},现场整改\n")).collect();
    let project = Project::with(&[("logs/log.csv", &format!("{HEAD}{}", many.concat()))]);
    let text = report(&project, "github");
    assert_eq!(text.lines().count(), 11, "{text}");
    assert!(text.lines().last().unwrap().starts_with("::notice title=duban::还有 20 处"), "{text}");
}

#[test]
fn gitlab_gets_distinct_fingerprints_that_stay_when_lines_move() {
    let fingerprints = |text: &str| -> Vec<String> {
        let list: Value = serde_json::from_str(text).unwrap();
        list.as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let one = project("堆物");
    let before = fingerprints(&report(&one, "gitlab"));
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    let moved = std::fs::read_to_string(one.path().join("logs/第一组 a.csv")).unwrap();
    one.write("logs/第一组 a.csv", moved.replacen(HEAD, &format!("标题\n{HEAD}"), 1).as_bytes());
    assert_eq!(before, fingerprints(&report(&one, "gitlab")));
}

/// What the 2.1.0 schema asks of a log like ours.
#[test]
fn sarif_has_rules_results_and_regions() {
    let sarif: Value = serde_json::from_str(&report(&project("堆物"), "sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# "));
        let location = &result["locations"][0]["physicalLocation"];
        let uri = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && uri.ends_with("logs/%E7%AC%AC%E4%B8%80%E7%BB%84%20a.csv"), "{uri}");
        let region = &location["region"];
        assert_eq!(region["startLine"], 2);
        assert!(region["startColumn"].as_u64() < region["endColumn"].as_u64(), "{region}");
    }
    let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&Value::from(3), &Value::from(13)));
}

#[test]
fn junit_counts_what_it_does_not_show() {
    let project = project("a");
    for (max, shown) in [("1", 1), ("0", 0), ("2", 2)] {
        let run = project.run(&["check", "@/logs", "--as-of", "2021-08-20", "--format", "junit", "--max", max]);
        let all = "<testsuites name=\"duban check\" tests=\"2\" failures=\"2\">";
        assert!(run.stdout.contains(all), "{max}: {}", run.stdout);
        let left = format!("<testsuite name=\"duban check\" tests=\"{}\" failures=\"{}\">", 2 - shown, 2 - shown);
        assert_eq!(run.stdout.contains(&left), shown < 2, "{max}: {}", run.stdout);
    }
}

#[test]
fn junit_and_html_are_whole_whatever_a_cell_holds() {
    for cell in EVIL {
        let project = project(cell);
        let junit = report(&project, "junit");
        let mut reader = quick_xml::Reader::from_str(&junit);
        let mut failures = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(start) => failures += usize::from(start.name().as_ref() == "failure"),
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(failures, 2, "{junit}");
        let html = report(&project, "html");
        assert!(!html.contains("<script") && !html.contains('\u{1b}'), "{html}");
        assert_eq!(html.matches("<article").count(), 2);
        assert!(html.contains("<mark>2021-13-40</mark>"), "{html}");
    }
}

#[test]
fn a_report_goes_to_a_file_whole() {
    let project = project("堆物");
    let shown = report(&project, "sarif");
    let run = project.run(&["check", "@/logs", "--as-of", "2021-08-20", "--format", "sarif", "-o", "@/out.sarif"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert_eq!(std::fs::read_to_string(project.path().join("out.sarif")).unwrap(), shown);
}

/// The shell lines of a CI definition, run as its runner would, with the binary of this build on the path.
pub(crate) fn run_line(folder: &std::path::Path, line: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_duban")).parent().unwrap().display().to_string();
    let path = format!("{binary}:{}", std::env::var("PATH").unwrap());
    let run = std::process::Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
}

pub(crate) fn definition(name: &str) -> Value {
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

#[test]
fn the_github_action_fails_on_a_bad_log_and_passes_a_good_one() {
    let steps = definition("action.yml")["runs"]["steps"].clone();
    let lines: Vec<String> =
        steps.as_array().unwrap().iter().map(|step| step["run"].as_str().unwrap().to_owned()).collect();
    let variables = [
        ("PATHS", "logs"),
        ("ARGUMENTS", "--as-of 2021-08-20"),
        ("SARIF", "out.sarif"),
        ("GITHUB_STEP_SUMMARY", "summary.md"),
    ];
    let bad = project("堆物");
    let run = |line: &str| run_line(bad.path(), line, &variables);
    assert_eq!(run(&lines[0]).0, Some(0), "duban is there already");
    assert_eq!(run(&lines[1]).0, Some(0));
    let sarif = std::fs::read_to_string(bad.path().join("out.sarif")).unwrap();
    assert!(serde_json::from_str::<Value>(&sarif).unwrap()["runs"][0]["results"].as_array().unwrap().len() == 2);
    assert_eq!(run(&lines[2]).0, Some(0));
    let summary = std::fs::read_to_string(bad.path().join("summary.md")).unwrap();
    assert!(summary.starts_with("## ") && summary.contains("❌ V101"), "{summary}");
    let (status, shown) = run(&lines[3]);
    assert_eq!(status, Some(1));
    assert!(shown.starts_with("::error file=logs/"), "{shown}");
    let good = format!("{HEAD}A,2021-08-03,甲,消防,堆物,现场整改\n");
    bad.write("logs/第一组 a.csv", good.as_bytes());
    assert_eq!(run(&lines[3]), (Some(0), String::new()));
}

#[test]
fn the_gitlab_job_leaves_its_reports() {
    let job = definition("examples/ci/gitlab-ci.yml")["duban"].clone();
    let bad = project("堆物");
    bad.write("duban.yaml", "lang: zh\nlogs: [logs]\n".as_bytes());
    let script: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let statuses: Vec<_> = script.iter().map(|line| run_line(bad.path(), line, &[]).0).collect();
    assert_eq!(statuses, [Some(0), Some(0), Some(1)]);
    assert!(bad.path().join("duban.html").is_file());
    let report = job["artifacts"]["reports"]["codequality"].as_str().unwrap();
    let json: Value = serde_json::from_str(&std::fs::read_to_string(bad.path().join(report)).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
}

#[test]
fn the_pre_commit_hook_checks_the_logs_of_the_project() {
    let hook = definition(".pre-commit-hooks.yaml")[0].clone();
    let bad = project("堆物");
    bad.write("duban.yaml", "lang: zh\nlogs: [logs]\n".as_bytes());
    // A file that is no log, which a commit may change, is none of its business.
    bad.write("ci.yaml", b"on: push\n");
    assert_eq!(hook["pass_filenames"], false);
    assert_eq!(run_line(bad.path(), hook["entry"].as_str().unwrap(), &[]).0, Some(1));
    std::fs::remove_dir_all(bad.path().join("logs")).unwrap();
    bad.write("logs/a.csv", format!("{HEAD}B,2021-08-03,乙,消防,堆物,现场整改\n").as_bytes());
    assert_eq!(run_line(bad.path(), hook["entry"].as_str().unwrap(), &[]).0, Some(0));
}

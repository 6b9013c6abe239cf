//! The reports that other tools read in CI: review comments, annotations, the summary of a job.

use duban::words::lang::Lang;
use serde_json::Value;

use crate::project::Project;
use crate::workbook::{Sheet, workbook};

const HEAD: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\n";

fn report(project: &Project, format: &str) -> String {
    let run = project.run(&["check", "@/logs", "--as-of", "2021-08-20", "--format", format]);
    assert_eq!(run.status, 1);
    run.stdout
}

/// GitHub shows ten of each level, so warnings take no room from errors.
#[test]
fn github_gets_as_many_of_each_level_as_it_shows() {
    let rows: Vec<String> = (0..15).map(|n| format!("A{n},2021-13-40,甲,,堆物{n} 1380013{n:04},现场整改\n")).collect();
    let project = Project::with(&[("logs/log.csv", &format!("{HEAD}{}", rows.concat()))]);
    let text = report(&project, "github");
    let levels: Vec<&str> = text.lines().map(|line| line.split([' ', ':']).nth(2).unwrap()).collect();
    let count = |level| levels.iter().filter(|of| **of == level).count();
    assert_eq!((count("error"), count("warning"), count("notice")), (10, 10, 1), "{text}");
    assert!(levels.is_sorted_by_key(|level| ["error", "warning", "notice"].iter().position(|of| of == level)));
    assert!(text.contains("还有 11 处"), "15 errors, 15 telephone numbers, one finding of blank categories: {text}");
}

/// What the published schema of the format asks: the names of the fields and their types.
fn assert_is_rdjson(report: &Value) {
    let is_object = |value: &Value, names: &[&str]| {
        value.as_object().is_some_and(|object| object.keys().all(|key| names.contains(&key.as_str())))
    };
    let is_severity = |value: &Value| value.as_str().is_some_and(|text| ["ERROR", "WARNING", "INFO"].contains(&text));
    let is_position = |value: &Value| {
        is_object(value, &["line", "column"]) && ["line", "column"].iter().all(|key| value[key].as_u64() > Some(0))
    };
    assert!(is_object(report, &["source", "severity", "diagnostics"]), "{report}");
    assert!(report["source"]["name"].is_string());
    assert!(report.get("severity").is_none_or(is_severity), "{report}");
    for one in report["diagnostics"].as_array().unwrap() {
        assert!(is_object(one, &["message", "location", "severity", "code"]), "{one}");
        assert!(one["message"].is_string() && one["code"]["value"].is_string() && is_severity(&one["severity"]));
        assert!(is_object(&one["location"], &["path", "range"]) && one["location"]["path"].is_string(), "{one}");
        if let Some(range) = one["location"].get("range") {
            assert!(is_object(range, &["start", "end"]) && is_position(&range["start"]), "{one}");
            assert!(is_position(&range["end"]), "{one}");
        }
    }
}

/// Columns count bytes of UTF-8, in a file of any encoding.
#[test]
fn reviewdog_gets_ranges_in_bytes() {
    let log = format!(
        "{HEAD}👩\u{200d}🚒甲一,2021-13-40,甲,消防,\"堆,\"\"物\",现场整改\r\nB,2021-08-03,乙,消防,\"两\n行😀\",现场整该\r\n\
         C,2021-08-03,,消防,物,现场整改\r\n"
    );
    let (gb, _, lost) = encoding_rs::GB18030.encode(&log);
    assert!(!lost);
    let project = Project::with(&[("logs/log.csv", &log)]);
    for bytes in [log.as_bytes(), &gb] {
        project.write("logs/log.csv", bytes);
        let report: Value = serde_json::from_str(&report(&project, "rdjson")).unwrap();
        assert_is_rdjson(&report);
        assert_eq!((&report["source"]["name"], &report["severity"]), (&"duban".into(), &"ERROR".into()));
        let lines: Vec<&str> = log.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        let found = report["diagnostics"].as_array().unwrap().iter().map(|one| {
            let at =
                |end: &str, key: &str| usize::try_from(one["location"]["range"][end][key].as_u64().unwrap()).unwrap();
            assert_eq!(at("start", "line"), at("end", "line"));
            let text = &lines[at("start", "line") - 1][at("start", "column") - 1..at("end", "column") - 1];
            (one["code"]["value"].as_str().unwrap(), text)
        });
        assert_eq!(
            found.collect::<Vec<_>>(),
            [("V101", "2021-13-40"), ("V117", "\"堆,\"\"物\""), ("V102", "现场整该"), ("V109", "")]
        );
    }
}

#[test]
fn reviewdog_gets_the_cell_of_a_workbook_in_the_message() {
    let text = format!("{HEAD}A,2021-13-40,甲,消防,堆物,现场整改\n");
    let sheet = Sheet { name: "8月", text: &text, hidden: vec![], struck: vec![] };
    let project = Project::with(&[]);
    project.write("logs/log.xlsx", &workbook(&[sheet]));
    let report: Value = serde_json::from_str(&report(&project, "rdjson")).unwrap();
    assert_is_rdjson(&report);
    let one = &report["diagnostics"][0];
    assert!(one["location"].get("range").is_none(), "{one}");
    assert!(one["message"].as_str().unwrap().starts_with("8月!B2 "), "{one}");
}

#[test]
fn a_job_summary_is_tables_that_no_cell_breaks() {
    let name = "logs/a`b` @d 100%.csv";
    for cell in ["a|b", "`c`", "<img src=x>", "[d](http://e.example)", "@office #12", "a\nb", "\\| x |", "~~~"] {
        let log = format!("{HEAD}A,2021-08-03,甲,消防,堆物,\"{cell}\"\nB,\"{cell}\",甲,消防,堆物,现场整改\n");
        let project = Project::with(&[("duban.yaml", "logs: [logs]\n"), (name, &log)]);
        for lang in [Lang::Zh, Lang::En] {
            let run = project.run_lang(lang, &["check", "@/logs", "--as-of", "2021-08-20", "--format", "md"]);
            assert_eq!(run.status, 1);
            let text = &run.stdout;
            let extension = comrak::options::Extension {
                table: true,
                autolink: true,
                strikethrough: true,
                ..comrak::options::Extension::default()
            };
            let html = comrak::markdown_to_html(text, &comrak::Options { extension, ..comrak::Options::default() });
            assert!(!html.contains("<a ") && !html.contains("<code") && !html.contains("<img"), "{html}");
            assert_eq!(html.matches("<table>").count(), 2, "{html}");
            let rows = text.lines().filter(|line| line.starts_with("| ")).count();
            assert_eq!(html.matches("<tr>").count(), rows, "{html}");
            assert!(!html.contains("@office") && !html.contains("@d") && !html.contains("#12"), "{html}");
        }
    }
}

#[test]
fn a_job_summary_stays_below_the_limit_and_shows_errors_first() {
    let rows: Vec<String> =
        (0..8000).map(|n| format!("A{n},2021-08-03,甲,消防,堆物 1380013{n:04},现场整改\n")).collect();
    let log = format!("{HEAD}{}Z,2021-13-40,甲,消防,最后,现场整改\n", rows.concat());
    let project = Project::with(&[("logs/log.csv", &log)]);
    let text = report(&project, "md");
    assert!(text.len() < 600 * 1024, "{}", text.len());
    let place = |line: u32| text.find(&format!("| {line}&#58;")).unwrap();
    assert!(place(8002) < place(2), "the error of the last row is above the warnings");
    let shown = text.lines().filter(|line| line.contains("| ⚠️ P302 |")).count() - 1;
    assert!(shown > 1000 && text.contains(&format!("还有 {} 处没有列出", 8000 - shown)), "{shown}");
    let good = Project::with(&[("logs/log.csv", &format!("{HEAD}A,2021-08-03,甲,消防,堆物,现场整改\n"))]);
    let run = good.run(&["check", "@/logs", "--as-of", "2021-08-20", "--format", "md"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "1 个文件、1 个问题，没有发现错误\n"));
}

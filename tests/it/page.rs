//! The page for the leader: its figures, its links, what it may hold, the same bytes.

use serde_json::{Value, json};

use crate::project::{Project, rows_of};

const LOG: &str = "id,found_on,unit,site,category,description,disposition,deadline,rectified_on,responsible\n\
    A1,2021-08-02,甲,东门,消防,通道堵塞,deadline,2021-08-05,2021-08-04,王小明\n\
    A2,2021-08-03,甲,,消防,灭火器过期，王小明在场,deadline,2021-08-06,,王小明\n\
    A3,2021-08-09,乙,,用电,\"</li><script>alert(1)</script>\",deadline,2021-08-30,,\n";

fn project(config: &str) -> Project {
    Project::with(&[
        ("log.csv", LOG),
        ("duban.yaml", &format!("lang: zh\nlogs: [log.csv]\noffice: {{name: 某督查室}}\n{config}")),
    ])
}

fn page(project: &Project, more: &[&str]) -> (String, Value) {
    let run = project.run(&[&["page", "--as-of", "2021-08-10", "-o", "@/out/page.html"], more].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    let read = |name: &str| std::fs::read_to_string(project.path().join(name)).unwrap();
    (read("out/page.html"), serde_json::from_str(&read("out/page.figures.json")).unwrap())
}

#[test]
fn a_page_has_every_issue_with_its_place_and_every_figure_with_its_rows() {
    let project = project("units: [{name: 甲}, {name: 乙}]\n");
    let (html, figures) = page(&project, &[]);
    for part in [
        "<title>某督查室督查情况一览</title>",
        "<dt>读入</dt><dd>1份台账，3个问题、0次督查</dd>",
        // By unit, then what is overdue first.
        "<li id=\"i1\"><i>1</i> <b>甲</b> <code>A2</code> <span class=\"late\">逾期</span>",
        "<li id=\"i2\"><i>2</i> <b>甲</b> <code>A1</code> <span class=\"done\">已整改</span>",
        "<span class=\"place\">log.csv:4</span>",
        "<a href=\"#i1\">灭火器过期，王小明在场</a>",
        "&lt;/li&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let count =
        figures["figures"].as_array().unwrap().iter().find(|figure| figure["selection"] == json!({"overdue": true}));
    assert_eq!(rows_of(&figures, count.unwrap())[0]["id"], json!("A2"));
    // Nothing is compared where no bulletin went out.
    assert!(!html.contains("较上期") && !html.contains("<dt>比较</dt>"));
    let (compared, _) = page(&project, &["--period", "2021-08", "--compare", "2021-07"]);
    assert!(compared.contains("2021年7月为0") && compared.contains("<dt>比较</dt><dd>2021-07（2021-07-31）</dd>"));
    let printed = project.run(&["page", "--as-of", "2021-08-10"]);
    assert_eq!(printed.stdout, html);
    assert_eq!(project.run(&["trace", "@/out/page.html"]).status, 0);
}

/// What the policy allows is what the page has, by its hash, and nothing else.
#[test]
fn the_policy_of_a_page_names_its_style_and_its_script() {
    let (html, _) = page(&project(""), &[]);
    let between = |start: &str, end: &str| {
        let rest = &html[html.find(start).unwrap() + start.len()..];
        &rest[..rest.find(end).unwrap()]
    };
    let policy = between("Content-Security-Policy\" content=\"", "\"");
    let hash = |text: &str| format!("'sha256-{}'", duban::digest::base64(text.as_bytes()));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            hash(between("<style>", "</style>")),
            hash(between("<script>", "</script>"))
        )
    );
    assert!(!html.contains(" style=\"") && !html.contains("http://www") && !html.contains("https://"));
}

#[test]
fn a_public_page_names_no_person() {
    let (html, figures) = page(&project("privacy: {}\n"), &["--edition", "public"]);
    assert!(!html.contains("王小明") && !figures.to_string().contains("王小明"));
    assert!(html.contains("灭火器过期"));
    let refused = project("privacy: {small_counts: 3}\n").run(&["page", "--edition", "public"]);
    assert!(refused.status == 2 && refused.stderr.contains("藏起小数"), "{}", refused.stderr);
}

#[test]
fn a_page_without_issues_is_one_too() {
    let project = project("");
    project.write("log.csv", format!("{}\n", LOG.lines().next().unwrap()).as_bytes());
    let run = project.run(&["page", "--as-of", "2021-08-10", "-o", "@/out/page.html"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let html = std::fs::read_to_string(project.path().join("out/page.html")).unwrap();
    assert!(html.contains("没有逾期未整改的问题") && html.contains("全部问题（0个）"), "{html}");
}

#[test]
fn the_next_letter_and_those_so_far_stand_beside_an_overdue_issue() {
    let project = project("units: [{name: 甲}, {name: 乙}]\n");
    let sent = project.run(&["dispatch", "reminder", "--as-of", "2021-08-05", "--unit", "甲", "-o", "@/sent"]);
    assert_eq!(sent.status, 0, "{}", sent.stderr);
    let (html, _) = page(&project, &[]);
    let start = html.find("<section id=\"overdue\"").unwrap();
    let row = &html[start..start + html[start..].find("</section>").unwrap()];
    assert!(row.contains("提醒〔2021〕1号") && row.contains("<td>督办函</td>"), "{row}");
}

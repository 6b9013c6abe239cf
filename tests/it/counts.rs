//! A tally and a template count the same: from the logs, and from the data they were saved as.

use crate::project::Project;

const LOG: &str = "\
编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期
A-1,2021-08-01,甲社区,消防,通道堵塞,限期整改,2021-08-10 12:00,已整改,2021-08-10 15:00
A-2,2021-08-02,甲社区,消防,灯坏,限期整改,2021-08-10 12:00,已整改,2021-08-10 11:00
A-3,2021-08-03,乙社区,环境,堆物,持续整改,长期坚持,,
A-4,2021-08-04,乙社区,环境,积水,持续整改,长期坚持,,
A-5,2021-08-05,乙社区,环境,无期限,现场整改,,,
";

const TEMPLATE: &str = "\
---
title: 统计
---
逾期整改{{ count(late=true) }}。

{% for i in issues() %}{{ i.id }}:{{ i.late }}:{% if i.deadline %}{{ i.deadline | cn_date }}{% else %}无{% endif %}；{% endfor %}

{% for i in issues(late=true) %}{% for key, value in i %}{{ key }} {% endfor %}{% endfor %}

{% for g in tally(by=\"deadline\") %}{{ g.name or \"空\" }}={{ g.found }}/{{ g.late }}；{% endfor %}

{% for g in tally(by=\"deadline\") %}{{ count(deadline=g.name) }}，{% endfor %}共{{ values(of=\"deadline\") | enumerate_cn }}。

无日期{{ count(deadline=false) }}，有日期{{ count(deadline=true) }}，空{{ count(deadline=\"\") }}；\
{% for g in tally(by=\"unit\", deadline=false) %}{{ g.name }}{{ g.found }}{% endfor %}；{{ count(not={\"deadline\": false}) }}。
";

fn project() -> Project {
    let template = ("report-templates/count/zh.md", TEMPLATE);
    Project::with(&[("duban.yaml", "logs: [logs/*.csv]\n"), ("logs/a.csv", LOG), template])
}

/// The Markdown that the template gives, without escapes.
fn rendered(project: &Project, more: &[&str]) -> String {
    let run = project.run(&[&["draft", "count", "--to", "md", "-o", "@/out"], more].concat());
    assert_eq!(run.status, 0, "{run:?}");
    let text = std::fs::read_to_string(project.path().join(run.stdout.lines().next().unwrap())).unwrap();
    std::fs::remove_dir_all(project.path().join("out")).unwrap();
    text.replace('\\', "")
}

fn tally(project: &Project) -> serde_json::Value {
    project.run(&["tally", "--by", "deadline", "--format", "json"]).success().json()
}

#[test]
fn a_tally_and_a_template_agree_on_the_hour_and_on_deadlines_in_words() {
    let project = project();
    let tally = tally(&project);
    assert_eq!(tally["total"]["late"], 1);
    let groups = tally["groups"].as_array().unwrap().iter().map(|group| {
        let name = group["deadline"].as_str().or_else(|| group["key"]["deadline"].as_str()).unwrap();
        format!("{}={}/{}；", if name.is_empty() { "空" } else { name }, group["found"], group["late"])
    });
    let groups: Vec<String> = groups.collect();
    assert_eq!(groups.len(), 3, "{tally}");
    assert!(groups.contains(&"长期坚持=2/0；".to_owned()) && groups.contains(&"2021-08-10=2/1；".to_owned()));
    let text = rendered(&project, &[]);
    assert!(text.contains("逾期整改1。"), "{text}");
    assert!(text.contains("A-1:true:2021年8月10日；A-2:false:2021年8月10日；A-3:false:无；"), "{text}");
    assert!(text.contains(&groups.concat()), "{groups:?}\n{text}");
    let counts: Vec<&str> = groups.iter().map(|group| &group[group.find('=').unwrap() + 1..][..1]).collect();
    assert!(text.contains(&format!("{}，共2021-08-10、长期坚持。", counts.join("，"))), "{counts:?}\n{text}");
    // A deadline in words is no day, and is not blank.
    assert!(text.contains("无日期3，有日期2，空1；乙社区3；2。"), "{text}");
    // What is only counted by is nothing that a template prints.
    assert!(text.contains("deadline ") && !text.contains("written") && !text.contains("past_the_hour"), "{text}");
}

#[test]
fn saved_data_and_a_public_edition_count_the_same() {
    let project = project();
    let from_logs = rendered(&project, &[]);
    assert_eq!(rendered(&project, &["--edition", "public"]), from_logs);
    let data = project.run(&["draft", "count", "--data"]).success().stdout;
    project.write("data.json", data.as_bytes());
    std::fs::remove_dir_all(project.path().join("logs")).unwrap();
    assert_eq!(rendered(&project, &["--from-data", "@/data.json"]), from_logs);
}

#[test]
fn an_issue_without_an_id_is_asked_for_by_its_key() {
    let project = project();
    project.write("logs/a.csv", LOG.replace("A-3", "").as_bytes());
    let template = "---\ntitle: 统计\n---\n{% for i in issues() %}{{ i.id }}={% if i.id %}{{ count(id=i.id) }}{% else %}{{ count(id=i.key) }}{% endif %}；{% endfor %}\n";
    project.write("report-templates/count/zh.md", template.as_bytes());
    let text = rendered(&project, &[]);
    assert!(text.contains("A-2=1；=1；A-4=1；"), "{text}");
}

/// 整改情况 goes into the status, but is counted and selected by its own text.
#[test]
fn progress_is_counted_by_its_text_beside_a_status() {
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,状态,整改情况\n\
               1,2021-08-03,甲社区,消防,通道堵塞,限期整改,整改中,已约谈\n\
               2,2021-08-03,甲社区,消防,灯坏,限期整改,整改中,已下达通知\n";
    let project = Project::with(&[("a.csv", log)]);
    let tally = |more: &[&str]| {
        let run = project.run(&[&["tally", "@/a.csv", "--as-of", "2021-10-01", "--format", "csv"], more].concat());
        assert_eq!(run.status, 0, "{run:?}");
        run.stdout.lines().map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(tally(&["--by", "progress"])[1..], ["已下达通知 1", "已约谈 1", "* 2"]);
    assert!(tally(&["--where", "progress=已约谈"])[1].starts_with("1 "));
}

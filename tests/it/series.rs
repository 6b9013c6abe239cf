//! Series of numbers: no two print the same, what is for the office itself has none, and a series goes on as it was.

use std::collections::BTreeSet;

use crate::kinds::{drafted, given};
use crate::project::{Project, Run};

const CONFIG: &str = "lang: zh\noffice: {name: 某督查室, code: 某督}\nlogs: [log.csv]\n";
const LOG: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\nA-1,2021-08-03,甲社区,消防,通道堵塞,限期整改,2021-08-10\n";

fn project(more: &str) -> Project {
    Project::with(&[("duban.yaml", &format!("{CONFIG}{more}")), ("log.csv", LOG)])
}

fn dispatch(project: &Project, kind: &str, day: &str, lang: &str) -> Run {
    let arguments = ["dispatch", kind, "--as-of", day, "--to", "md", "--lang", lang];
    let by: &[&str] = if kind == "interview" { &["--set", "by=主任"] } else { &[] };
    project.run(&[&arguments[..], given(kind), by].concat())
}

fn numbers(project: &Project) -> Vec<String> {
    let list = project.run(&["register", "list", "--format", "json"]).json();
    list.as_array().unwrap().iter().map(|entry| entry["number"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_two_series_print_the_same_number() {
    for lang in ["zh", "en"] {
        let project = project("");
        for kind in drafted() {
            let run = dispatch(&project, kind, "2021-08-20", lang);
            let is_internal = matches!(kind, "ledger" | "contact-card");
            assert_eq!(run.status, if is_internal { 2 } else { 0 }, "{kind}: {run:?}");
            if is_internal {
                assert!(run.stdout.is_empty() && run.stderr.contains("series: none"), "{run:?}");
                let draft = project.run(&["draft", kind, "--as-of", "2021-08-20", "--to", "md", "--lang", lang]);
                let text = std::fs::read_to_string(project.path().join(draft.stdout.lines().next().unwrap())).unwrap();
                assert!(!text.contains("〔2021〕") && !text.contains("draft: true"), "{text}");
            }
        }
        let numbers = numbers(&project);
        assert_eq!(numbers.len(), drafted().count() - 2);
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "{numbers:?}");
        assert!(numbers.iter().all(|number| !number.contains("督督")), "{numbers:?}");
        let last = numbers.last().unwrap();
        assert_eq!(project.run(&["register", "void", last, "--why", "误发"]).status, 0, "{last}");
    }
}

/// A kind of the project's own is marked by its title.
#[test]
fn a_kind_of_the_projects_own_has_a_mark_of_its_own() {
    let project = project("");
    for (kind, title) in [("notice", "情况通报"), ("visit", "回访函")] {
        project.write(&format!("report-templates/{kind}/kind.yaml"), format!("title: {title}\n").as_bytes());
        project.write(&format!("report-templates/{kind}/zh.md"), "---\ntitle: 通知\n---\n如下。\n".as_bytes());
        assert_eq!(dispatch(&project, kind, "2021-08-20", "zh").status, 0);
    }
    assert_eq!(numbers(&project), ["某督情况通报〔2021〕1号", "某督回访函〔2021〕1号"]);
}

#[test]
fn a_series_goes_on_as_it_was_printed() {
    let project = project("");
    let imported = "series,kind,n,date,number,unit\nbriefing,briefing,4,2021-08-02,第4期,\n\
                    supervision,supervision,2,2021-08-02,某督督办〔2021〕2号,甲社区\nsummary,summary,1,2021-08-02,〔2021〕1号,\n";
    project.write("before.csv", imported.as_bytes());
    assert_eq!(project.run(&["register", "import", "before.csv"]).status, 0);
    for kind in ["briefing", "supervision", "summary"] {
        let run = dispatch(&project, kind, "2021-08-20", "zh");
        assert_eq!(run.status, 0, "{run:?}");
    }
    assert_eq!(numbers(&project)[3..], ["第5期", "某督督办〔2021〕3号", "〔2021〕2号"]);
    assert_eq!(project.run(&["register", "verify"]).status, 0);
}

#[test]
fn two_series_with_one_pattern_are_a_fault() {
    let project = project("series:\n  bulletin: {number: '第{n}期'}\n  briefing: {number: '第{n}期'}\n");
    for lang in ["zh", "en"] {
        let run = project.run(&["tally", "--lang", lang]);
        assert_eq!(run.status, 2, "{run:?}");
        assert!(run.stderr.contains("bulletin") && run.stderr.contains("第{n}期"), "{run:?}");
    }
}

/// Printed on both sides, each letter of a run begins on a sheet of its own; the second run of a day has files of its own.
#[test]
fn letters_put_together_begin_on_a_sheet_of_their_own() {
    let project = Project::example("zhengdong-2021");
    let run = || {
        let arguments = ["dispatch", "reminder", "--as-of", "2021-08-20", "--to", "docx,html", "--together", "--again"];
        let run = project.run(&arguments);
        assert_eq!(run.status, 0, "{run:?}");
        run.stdout.lines().filter(|line| line.contains("together")).map(str::to_owned).collect::<Vec<_>>()
    };
    let first = run();
    assert_eq!(first.len(), 2);
    let before: Vec<Vec<u8>> = first.iter().map(|name| std::fs::read(project.path().join(name)).unwrap()).collect();
    let second = run();
    assert!(second.iter().all(|name| name.contains("together-2.")), "{second:?}");
    for (name, bytes) in first.iter().zip(before) {
        assert_eq!(std::fs::read(project.path().join(name)).unwrap(), bytes, "{name}");
    }
    let all = project.run(&["draft", "reminder", "--as-of", "2021-08-20", "--to", "docx,html", "--together"]);
    let bound = |ending: &str| {
        let name = all.stdout.lines().find(|name| name.contains("together") && name.ends_with(ending)).unwrap();
        std::fs::read(project.path().join(name)).unwrap()
    };
    let xml = String::from_utf8(crate::word_template::parts(&bound(".docx"))["word/document.xml"].clone()).unwrap();
    let letters = all.stdout.lines().filter(|name| name.ends_with(".docx")).count() - 1;
    assert_eq!(xml.matches("<w:type w:val=\"oddPage\"/>").count(), letters);
    assert!(String::from_utf8(bound(".html")).unwrap().contains("break-before:right"));
}

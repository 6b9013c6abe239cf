//! Receipts: what a team sends with its log, and what the office finds.

use duban::words::lang::Lang;
use serde_json::Value;

use crate::project::{Project, Run};

const CONFIG: &str = "lang: en\nunits: [Alder, Birch]\n";
const LOG: &str = "unit,category,description,disposition,found_on,deadline,id\n\
    Alder,fire,blocked stairs,deadline,2021-08-02,2021-08-10,A1\nCedar,fire,no lamp,deadline,2021-08-02,2021-08-12,A2\n";

fn project() -> Project {
    Project::with(&[("duban.yaml", CONFIG), ("a.csv", LOG), ("b.csv", LOG)])
}

fn ran(project: &Project, arguments: &[&str]) -> Run {
    project.run_lang(Lang::En, arguments)
}

fn held(project: &Project, log: &str) -> (u8, Value, String) {
    let run = ran(project, &["check", &format!("@/{log}"), "--receipt", "r.txt", "--format", "json"]);
    (run.status, run.json()["receipt"].clone(), run.stderr)
}

fn kinds(receipt: &Value) -> Vec<&str> {
    receipt["differences"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_receipt_is_held_against_the_log() {
    let project = project();
    let write = ["check", "@/a.csv", "--as-of", "2021-08-15", "--write-receipt", "r.txt", "--write-receipt", "r.svg"];
    ran(&project, &write);
    assert!(project.read("r.svg").starts_with("<svg"));
    let schema = ran(&project, &["schema", "check"]).success().json();
    let whole = ran(&project, &["check", "@/a.csv", "--receipt", "r.txt", "--format", "json"]).json();
    assert!(jsonschema::is_valid(&schema, &whole), "{whole}");
    let (status, receipt, stderr) = held(&project, "a.csv");
    // `Cedar` is an error, then as now.
    assert_eq!((status, &receipt["holds"], kinds(&receipt)), (1, &Value::Bool(true), vec![]), "{stderr}");
    assert_eq!(receipt["as_of"], "2021-08-15");
    assert!(stderr.contains("the files are those that were checked"), "{stderr}");
    // The same bytes under another name.
    assert_eq!(kinds(&held(&project, "b.csv").1), ["file_renamed"]);
    // Another byte, which changes no count.
    project.write("a.csv", LOG.replace("lamp", "lamps").as_bytes());
    let (status, receipt, stderr) = held(&project, "a.csv");
    assert_eq!((status, &receipt["holds"], kinds(&receipt)), (1, &Value::Bool(false), vec!["file_changed"]));
    assert!(stderr.contains("a.csv is not the file that was checked"), "{stderr}");
    project.write("a.csv", LOG.replace("Cedar", "Birch").as_bytes());
    assert_eq!(kinds(&held(&project, "a.csv").1), ["file_changed", "count"]);
    // The line that a phone reads is enough.
    let last = project.read("r.txt").lines().last().unwrap().to_owned();
    project.write("r.txt", last.as_bytes());
    assert_eq!(kinds(&held(&project, "a.csv").1), ["other_files", "count"]);
    project.write("a.csv", LOG.as_bytes());
    assert_eq!(kinds(&held(&project, "a.csv").1), [""; 0]);
}

#[test]
fn a_day_after_that_of_the_receipt_is_the_same_fault_on_every_day() {
    let project = project();
    // Found after the day of the run, which is 2021-08-20.
    project.write("a.csv", LOG.replace("Cedar", "Birch").replace("2021-08-02", "2021-08-29").as_bytes());
    for written in [&["--as-of", "2021-08-20"][..], &[]] {
        ran(&project, &[&["check", "@/a.csv", "--write-receipt", "r.txt"], written].concat());
        let (status, receipt, stderr) = held(&project, "a.csv");
        assert_eq!((status, &receipt["holds"], kinds(&receipt)), (1, &Value::Bool(true), vec![]), "{stderr}");
    }
}

#[test]
fn a_log_without_faults_and_another_config() {
    let project = project();
    project.write("a.csv", LOG.replace("Cedar", "Birch").as_bytes());
    ran(&project, &["check", "@/a.csv", "--write-receipt", "r.txt"]).success();
    assert_eq!(held(&project, "a.csv").0, 0);
    project
        .write("duban.yaml", format!("# ours\n{}", CONFIG.replace("[Alder, Birch]", "\n- Alder\n- Birch")).as_bytes());
    assert_eq!((held(&project, "a.csv").0, kinds(&held(&project, "a.csv").1)), (0, vec![]), "the same is said");
    project.write("duban.yaml", CONFIG.replace("Birch", "Birch, Cedar").as_bytes());
    assert_eq!((held(&project, "a.csv").0, kinds(&held(&project, "a.csv").1)), (0, vec!["config"]));
    project.write("duban.yaml", CONFIG.replace(", Birch", "").as_bytes());
    assert_eq!((held(&project, "a.csv").0, kinds(&held(&project, "a.csv").1)), (1, vec!["count", "config"]));
}

#[test]
fn what_is_no_receipt_is_told_with_its_line() {
    let project = project();
    ran(&project, &["check", "@/a.csv", "@/b.csv", "--lang", "zh", "--write-receipt", "r.txt"]);
    let text = project.read("r.txt");
    assert_eq!(kinds(&held(&project, "").1), [""; 0], "{text}");
    for (altered, line) in [
        (text.replace("错误：", "错误：1"), 11),
        (text.lines().take(6).collect::<Vec<_>>().join("\n"), 6),
        (text.replace(":E", ":F"), 19),
        (LOG.to_owned(), 3),
    ] {
        project.write("r.txt", altered.as_bytes());
        let run = ran(&project, &["check", "@/", "--receipt", "r.txt"]);
        assert!(run.status == 2 && run.stderr.contains(&format!("r.txt:{line}: ")), "{line} {}", run.stderr);
    }
    for wrong in [&["--as-of", "2021-08-20"][..], &["--deny", "warnings"], &["--only", "V101"]] {
        assert_eq!(ran(&project, &[&["check", "@/a.csv", "--receipt", "r.txt"][..], wrong].concat()).status, 2);
    }
}

#[test]
fn what_is_not_so_of_the_same_file_is_told_with_its_line() {
    let project = project();
    project.write("b.csv", LOG.lines().take(2).collect::<Vec<_>>().join("\n").as_bytes());
    ran(&project, &["check", "@/a.csv", "@/b.csv", "--write-receipt", "r.txt"]);
    let text = project.read("r.txt");
    assert_eq!(kinds(&held(&project, "").1), [""; 0], "{text}");
    project.write(
        "r.txt",
        text.replace("issues: 2", "issues: @").replace("issues: 1", "issues: 2").replace('@', "1").as_bytes(),
    );
    let run = ran(&project, &["check", "@/", "--receipt", "r.txt"]);
    assert!(run.status == 2 && run.stderr.contains("r.txt:6: the file is the same"), "{run:?}");
    project.write("r.txt", text.replace("errors: ", "").as_bytes());
    assert_eq!(ran(&project, &["check", "@/", "--receipt", "r.txt"]).status, 2);
}

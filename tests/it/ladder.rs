//! The ladder walked from day to day: every letter once, in order, each naming the one before.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::project::Project;

const RUNGS: [&str; 4] = ["reminder", "supervision", "interview", "bulletin"];
const SAID: [&str; 6] = ["--set", "time=上午9时", "--set", "place=第一会议室", "--set", "by=副主任李某某"];

/// Four weeks of the example, a dispatch each day; the transcript is `ladder.txt`, `SNAPSHOTS=overwrite` writes it.
#[test]
fn four_weeks_on_the_ladder() {
    let project = Project::example("zhengdong-2021");
    let before = records(&project).len();
    let mut transcript = String::new();
    let mut day: NaiveDate = "2021-08-20".parse().unwrap();
    let end: NaiveDate = "2021-09-17".parse().unwrap();
    let mut seen = before;
    while day <= end {
        let as_of = day.to_string();
        let mut arguments = vec!["dispatch", "due", "--to", "md", "--as-of", as_of.as_str(), "-o", "@/letters"];
        arguments.extend(SAID);
        project.run(&arguments).success();
        let again = project.run(&arguments).success();
        assert_eq!(again.stdout, "", "{as_of}: what was sent is not sent again");
        let records = records(&project);
        if records.len() > seen {
            let _ = writeln!(transcript, "$ duban dispatch due --as-of {as_of}");
        }
        for record in &records[seen..] {
            let text = |key: &str| record[key].as_str().unwrap_or("-").to_owned();
            let _ = write!(transcript, "  {}  {}", text("number"), text("unit"));
            for id in record["issues"].as_array().unwrap() {
                let _ = write!(transcript, " {}", id.as_str().unwrap());
            }
            let after: Vec<&str> =
                record["after"].as_array().into_iter().flatten().filter_map(|n| n.as_str()).collect();
            if !after.is_empty() {
                let _ = write!(transcript, "  ← {}", after.join(" "));
            }
            let _ = writeln!(transcript);
        }
        seen = records.len();
        day = day.succ_opt().unwrap();
    }
    each_rung_once_and_in_order(&project);
    snapbox::assert_data_eq!(transcript, snapbox::file!["ladder.txt"]);
}

fn records(project: &Project) -> Vec<serde_json::Value> {
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    list.as_array().unwrap().clone()
}

/// By issue: no rung twice, none passed over, and each letter names the one before in the register and on paper.
fn each_rung_once_and_in_order(project: &Project) {
    let mut stands: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for record in records(project) {
        let kind = record["kind"].as_str().unwrap();
        let after: Vec<&str> = record["after"].as_array().into_iter().flatten().filter_map(|n| n.as_str()).collect();
        let Some(step) = RUNGS.iter().position(|rung| *rung == kind) else { continue };
        if kind == "bulletin" && after.is_empty() {
            continue;
        }
        let number = record["number"].as_str().unwrap().to_owned();
        for id in record["issues"].as_array().unwrap() {
            let id = id.as_str().unwrap().to_owned();
            match stands.get(&id) {
                None => assert_eq!(step, 0, "{id} begins with {number}"),
                Some((below, letter)) => {
                    assert_eq!(step, below + 1, "{id}: {number} after {letter}");
                    assert!(after.contains(&letter.as_str()), "{number} follows {letter}");
                    let file = record["files"][0]["path"].as_str().unwrap();
                    let text = std::fs::read_to_string(project.path().join(file)).unwrap();
                    assert!(text.contains(letter.as_str()), "{number} names {letter}:\n{text}");
                }
            }
            stands.insert(id, (step, number.clone()));
        }
    }
    assert!(stands.values().any(|(step, _)| *step == 3), "somebody climbed to the top");
}

#[test]
fn a_letter_is_dispatched_once_unless_asked_again() {
    let project = Project::example("city-food-2024");
    let dispatch = |more: &[&str]| {
        let mut arguments = vec!["dispatch", "reminder", "--as-of", "2024-06-14", "--to", "md", "-o", "@/letters"];
        arguments.extend(more);
        project.run(&arguments).success().stdout.lines().filter(|line| line.ends_with(".md")).count()
    };
    let first = dispatch(&[]);
    assert!(first > 1);
    assert_eq!(dispatch(&[]), 0);
    assert_eq!(dispatch(&["--again"]), first);
}

#[test]
fn a_dispatch_says_what_is_still_to_be_given() {
    let project = Project::example("zhengdong-2021");
    let run = project.run(&["dispatch", "interview", "--as-of", "2021-08-20", "--set", "time=9时"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--set place=") && !run.stderr.contains("--set time="), "{}", run.stderr);
    let run = project.run(&["draft", "interview", "--as-of", "2021-08-20", "--to", "md"]).success();
    let path = run.stdout.lines().next().unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains("待填：约谈地点"));
}

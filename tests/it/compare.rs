//! A submission beside the one before it: what is new, carried over, rectified since, open again; in tallies and templates.

use std::process::Command;

use serde_json::{Value, json};

use crate::project::{Project, rows_of};

const HEAD: &str = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期,状态\n";
const JULY: &str = "2021-07-03,甲,消防,楼道堆物,限期整改,2021-07-20,,整改中\n\
                    2021-07-03,乙,消防,灭火器过期,限期整改,2021-07-20,2021-07-10,\n\
                    2021-07-03,丙,消防,通道上锁,限期整改,2021-07-20,,整改中\n\
                    2021-07-04,丁,消防,灯坏,限期整改,2021-07-20,,整改中\n";
/// One is new, one rectified, one open again, one carried over; 丁's is gone, and what may be it is another's.
const AUGUST: &str = "2021-08-03,甲,用电,私拉电线,限期整改,2021-08-20,,整改中\n\
                      2021-07-03,甲,消防,楼道堆物,限期整改,2021-07-20,2021-08-02,\n\
                      2021-07-03,乙,消防,灭火器过期,限期整改,2021-07-20,,重启\n\
                      2021-07-03,丙,消防,通道 上锁。,限期整改,2021-07-20,,整改中\n\
                      2021-07-04,戊,消防,灯坏,限期整改,2021-07-20,,整改中\n";

fn project(logs: &str) -> Project {
    let (july, august) = (format!("{HEAD}{JULY}"), format!("{HEAD}{AUGUST}"));
    Project::with(&[
        ("logs/台账2021-07.csv", july.as_str()),
        ("logs/台账2021-08.csv", august.as_str()),
        ("duban.yaml", &format!("lang: zh\nlogs: [{logs}]\n")),
        ("report-templates/moves/kind.yaml", "title: {zh: 变化}\nseries: moves\nformats: [md]\n"),
        (
            "report-templates/moves/zh.md",
            "---\ntitle: 变化\n---\n与{{ against.name }}比：新增{{ count(move=\"new\") }}个，结转{{ count(move=[\"carried_over\", \"open_again\"]) }}个，\
             {% for i in issues(move=\"rectified_since\") %}{{ i.description }}已整改（{{ i.move }}）{% endfor %}。\
             {% for g in tally(by=\"unit\", move=\"new\") %}{{ g.name }}{{ g.found }}{% endfor %}\n",
        ),
    ])
}

fn moves(counts: &Value) -> [u64; 4] {
    ["new", "carried_over", "rectified_since", "open_again"].map(|key| counts["moves"][key].as_u64().unwrap())
}

#[test]
fn a_tally_tells_how_issues_moved_since_the_submission_before() {
    let project = project("{latest: 'logs/*.csv'}");
    for old in ["previous", "@/logs/台账2021-07.csv"] {
        let run = project.run(&["tally", "--compare", old, "--by", "unit", "--format", "json"]);
        let tally = run.json();
        assert_eq!(tally["against"], json!({"from": null, "to": null, "as_of": "2021-07-31"}), "{old}");
        assert_eq!(moves(&tally["total"]), [2, 1, 1, 1]);
        assert_eq!((&tally["total"]["against"]["found"], &tally["total"]["against"]["open"]), (&json!(4), &json!(3)));
        let of = |unit: &str| {
            let groups = tally["groups"].as_array().unwrap();
            let group = groups.iter().find(|group| group["key"]["unit"] == unit).unwrap();
            (group["found"].as_u64().unwrap(), group["against"]["found"].as_u64().unwrap(), moves(group))
        };
        assert_eq!(of("甲"), (2, 1, [1, 0, 1, 0]));
        assert_eq!(of("乙"), (1, 1, [0, 0, 0, 1]));
        // A unit that only one of them has is in both.
        assert_eq!((of("丁"), of("戊")), ((0, 1, [0; 4]), (1, 0, [1, 0, 0, 0])));
        assert!(run.stderr.contains("当时的 1 个问题现在没有了"), "{}", run.stderr);
        assert!(run.stderr.contains("1 个新问题可能就是它们"), "{}", run.stderr);
    }
    let selected = ["tally", "--compare", "previous", "--where", "unit=乙", "--format", "json"];
    assert_eq!(moves(&project.run(&selected).json()["total"]), [0, 0, 0, 1]);
    let table = project.run(&["tally", "--compare", "previous", "--by", "unit"]).stdout;
    assert!(table.contains("新增  结转  其后整改  又未整改  发现增减  未整改增减"), "{table}");
    let csv = project.run(&["tally", "--compare", "previous", "--by", "unit", "--format", "csv"]).stdout;
    assert!(csv.lines().last().unwrap().contains(",2,1,1,1,4,1,3,"), "{csv}");
}

/// What is open now was open, was opened again, or is new; whatever the order of the rows.
#[test]
fn moves_add_up() {
    let project = project("'logs/台账2021-08.csv'");
    let run = |arguments: &[&str]| project.run(&[&["tally", "--format", "json"], arguments].concat()).json();
    let whole = run(&["--compare", "@/logs/台账2021-07.csv"]);
    let [new, carried, _, again] = moves(&whole["total"]);
    assert_eq!(new + carried + again, whole["total"]["open"].as_u64().unwrap());
    let turned: Vec<&str> = AUGUST.lines().rev().collect();
    project.write("logs/台账2021-08.csv", format!("{HEAD}{}\n", turned.join("\n")).as_bytes());
    assert_eq!(run(&["--compare", "@/logs/台账2021-07.csv"]), whole);
    // Compared with itself, nothing moved.
    let itself = run(&["--compare", "@/logs/台账2021-08.csv"]);
    assert_eq!(moves(&itself["total"]), [0, 4, 0, 0]);
    // A log that is none gives no figure.
    project.write("old.csv", b"a,b\n1,2\n");
    assert_eq!(project.run(&["tally", "--compare", "@/old.csv"]).status, 2);
}

#[test]
fn a_template_knows_how_issues_moved() {
    let project = project("{latest: 'logs/*.csv'}");
    let run = project.run(&["draft", "moves", "--compare", "previous", "-o", "@/out"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let text = std::fs::read_to_string(project.path().join(run.stdout.lines().next().unwrap())).unwrap();
    let expected = "与logs/台账2021-07.csv比：新增2个，结转2个，楼道堆物已整改（rectified\\_since）。";
    assert!(text.contains(expected) && (text.contains("甲1戊1") || text.contains("戊1甲1")), "{text}");
    let figures = std::fs::read_dir(project.path().join("out")).unwrap().map(|file| file.unwrap().path());
    let figures = figures.into_iter().find(|path| path.to_string_lossy().ends_with(".figures.json")).unwrap();
    let figures: Value = serde_json::from_slice(&std::fs::read(figures).unwrap()).unwrap();
    assert_eq!(figures["against"], json!({"name": "logs/台账2021-07.csv", "as_of": "2021-07-31", "other_logs": true}));
    assert_eq!(figures["figures"][0]["selection"], json!({"move": "new"}));
    assert_eq!(rows_of(&figures, &figures["figures"][0]).len(), 2);
    // Without something to compare with, there is no such figure.
    let run = project.run(&["draft", "moves", "-o", "@/out"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    let checked = project.run(&["kinds", "check", "moves"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let template = project.path().join("report-templates/moves/zh.md");
    let text = std::fs::read_to_string(&template).unwrap();
    std::fs::write(&template, text.replace("\"new\"", "\"newly\"")).unwrap();
    assert_eq!(project.run(&["kinds", "check", "moves"]).status, 2);
}

/// Without a submission before, the last bulletin says from which day on.
#[test]
fn the_day_of_the_last_bulletin_is_the_one_before() {
    let project = project("'logs/台账2021-08.csv'");
    let refused = project.run(&["tally", "--compare", "previous"]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    let dispatch = ["dispatch", "bulletin", "--as-of", "2021-08-01", "--to", "md"];
    let run = project.run(&dispatch);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let tally = project.run(&["tally", "--compare", "previous", "--format", "json"]).json();
    assert_eq!(tally["against"]["as_of"], "2021-08-01");
    // 甲's was rectified on 2 August, and one was found on the 3rd.
    assert_eq!(moves(&tally["total"]), [1, 3, 1, 0]);
    assert_eq!(project.run(&["tally", "--compare", "previous", "--as-of", "2021-08-01"]).status, 2);
}

#[test]
fn a_revision_is_of_its_title_or_of_the_day_of_its_commit() {
    let project = project("'logs/台账2021-08.csv'");
    let git = |arguments: &[&str]| {
        let run = Command::new("git")
            .current_dir(project.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .env("GIT_COMMITTER_DATE", "2021-08-11T09:00:00+08:00")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "one"]);
    let tally = || {
        let run = Command::new(env!("CARGO_BIN_EXE_duban"))
            .current_dir(project.path())
            .args(["tally", "--as-of", "2021-08-15", "--compare", "git:HEAD", "--format", "json"])
            .output()
            .unwrap();
        serde_json::from_slice::<Value>(&run.stdout).unwrap()
    };
    let before = tally();
    // July's log, which is no log of the run today, is none of the revision.
    assert_eq!((&before["against"]["as_of"], moves(&before["total"])), (&json!("2021-08-11"), [0, 4, 0, 0]));
    project.write("logs/台账2021-08.csv", format!("台账（截至2021年8月5日）\n{HEAD}{AUGUST}").as_bytes());
    git(&["commit", "-q", "-a", "-m", "two"]);
    assert_eq!(tally()["against"]["as_of"], "2021-08-05");
}

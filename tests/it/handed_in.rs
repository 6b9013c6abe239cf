//! Logs that are handed in at the desk: what is told of them, and where they go.

use serde_json::{Value, json};

use crate::desk::{LOG, ask};
use crate::project::Project;

fn take(project: &Project, mut request: Value) -> (Value, Value, Value) {
    request["call"] = "take".into();
    let answer = ask(project, request);
    (answer["status"].clone(), answer["result"]["state"].clone(), answer["result"]["place"].clone())
}

#[test]
fn a_log_of_the_same_name_is_the_one_that_is_meant() {
    let project = Project::with(&[
        ("duban.yaml", "logs: ['a/*.csv', 'b/*.csv']\n"),
        ("b/台账.csv", LOG),
        ("in/台账.csv", "other"),
    ]);
    let ask_for = |replace: bool| take(&project, json!({"file": "in/台账.csv", "replace": replace}));
    assert_eq!(ask_for(false), (1.into(), "occupied".into(), "b/台账.csv".into()));
    assert_eq!(ask_for(true), (0.into(), "taken".into(), "b/台账.csv".into()));
    assert!(!project.path().join("a/台账.csv").exists());
    // Of two nobody knows which.
    project.write("a/台账.csv", LOG.as_bytes());
    let answer = ask(&project, json!({"call": "take", "file": "in/台账.csv", "replace": true}));
    assert_eq!(answer["status"], 2, "{answer}");
    let messages = answer["messages"].as_str().unwrap();
    assert!(messages.contains("a/台账.csv、b/台账.csv"), "{messages}");
    assert_eq!(project.read("a/台账.csv"), LOG);
}

#[test]
fn what_the_config_leaves_out_is_not_taken_in_unseen() {
    let project = Project::with(&[
        ("duban.yaml", "logs: ['logs/*.csv', '!logs/~*', '!logs/草稿.csv', 'more']\n"),
        ("more/x.csv", LOG),
        ("in/草稿.csv", LOG),
    ]);
    assert_eq!(take(&project, json!({"file": "in/草稿.csv"})), (0.into(), "taken".into(), "more/草稿.csv".into()));
    project.write("duban.yaml", "logs: ['logs/*.csv', '!**/草稿*']\n".as_bytes());
    project.write("in/草稿 2.csv", LOG.as_bytes());
    let answer = ask(&project, json!({"call": "take", "file": "in/草稿 2.csv"}));
    assert!(answer["status"] == 2 && answer["messages"].as_str().unwrap().contains("排除了 草稿 2.csv"), "{answer}");
}

#[test]
fn a_log_that_was_taken_away_meanwhile_comes_back_only_when_asked_for() {
    let project = Project::with(&[("duban.yaml", "logs: ['logs/*.csv']\n"), ("in/台账.csv", "mine")]);
    let opened = duban::digest::of(LOG.as_bytes());
    let ask_for = |log: &str, was: Option<&str>| {
        take(&project, json!({"file": "in/台账.csv", "as": log, "replace": true, "was": was}))
    };
    assert_eq!(ask_for("logs/台账.csv", Some(&opened)), (1.into(), "changed".into(), "logs/台账.csv".into()));
    assert!(!project.path().join("logs").exists());
    // It is no log of the project, and never was.
    assert_eq!(ask_for("elsewhere/台账.csv", None).0, 2);
    assert_eq!(ask_for("logs/台账.csv", None).1, "taken");
    assert_eq!(project.read("logs/台账.csv"), "mine");
}

#[test]
fn what_others_wrote_meanwhile_is_not_replaced_unasked() {
    let project =
        Project::with(&[("duban.yaml", "logs: ['logs/*.csv']\n"), ("logs/台账.csv", LOG), ("in/台账.csv", "mine")]);
    let opened = duban::digest::of(LOG.as_bytes());
    let ask_for = |was: Option<&str>| {
        take(&project, json!({"file": "in/台账.csv", "as": "logs/台账.csv", "replace": true, "was": was}))
    };
    project.write("logs/台账.csv", b"theirs");
    assert_eq!(ask_for(Some(&opened)), (1.into(), "changed".into(), "logs/台账.csv".into()));
    assert_eq!(project.read("logs/台账.csv"), "theirs");
    project.write("logs/台账.csv", LOG.as_bytes());
    assert_eq!(ask_for(Some(&opened)).1, "taken");
    project.write("logs/台账.csv", b"theirs");
    assert_eq!(ask_for(None).1, "taken", "whoever says so may");
    assert_eq!(project.read("logs/台账.csv"), "mine");
}

#[test]
fn each_row_says_its_unit_where_the_cell_does_not() {
    let config = "units: [{name: 甲社区, aliases: [甲居委会]}, 乙社区]\nlogs: ['logs/*.csv']\n";
    let log = "责任单位,问题类别,问题描述,整改方式,检查时间\n乙社区,消防,x,现场整改,2021-08-01\n\
               同上,消防,y,现场整改,2021-08-01\n甲居委会,消防,z,现场整改,2021-08-01\n";
    let project = Project::with(&[("duban.yaml", config), ("in/a.csv", log)]);
    let answer = ask(&project, json!({"call": "check", "files": ["in/a.csv"]}));
    let rows = answer["result"]["tables"][0]["rows"].as_array().unwrap();
    let units: Vec<&Value> = rows.iter().map(|row| &row["unit"]).collect();
    assert_eq!(units, [&Value::Null, &Value::Null, &"乙社区".into(), &"甲社区".into()]);
}

#[test]
fn of_two_desks_that_take_a_log_in_at_once_the_second_is_told() {
    let project = Project::with(&[
        ("duban.yaml", "logs: ['logs/*.csv']\n"),
        ("logs/台账.csv", LOG),
        ("in/一.csv", "one"),
        ("in/二.csv", "two"),
    ]);
    let opened = duban::digest::of(LOG.as_bytes());
    for _ in 0..8 {
        project.write("logs/台账.csv", LOG.as_bytes());
        let ask_for =
            |file: &str| take(&project, json!({"file": file, "as": "logs/台账.csv", "replace": true, "was": opened})).1;
        let mut states = std::thread::scope(|scope| {
            ["in/一.csv", "in/二.csv"].map(|file| scope.spawn(move || ask_for(file))).map(|desk| desk.join().unwrap())
        });
        states.sort_by_key(Value::to_string);
        assert_eq!(states, ["changed", "taken"]);
    }
}

#[test]
fn of_several_values_in_a_cell_the_one_that_is_wrong_is_told_and_taught() {
    let config = "logs: ['logs/*.csv']\ncategories: [消防, 环境]\n";
    let log = "责任单位,问题类别,问题描述,整改方式,整改期限,检查时间\n甲,消防、环镜,x,限期整改,2021-08-10,2021-08-01\n\
               甲,环镜,y,限期整改,2021-08-10,2021-08-01\n甲,消访、环镜,z,限期整改,2021-08-10,2021-08-01\n";
    let project = Project::with(&[("duban.yaml", config), ("in/a.csv", log)]);
    let answer = ask(&project, json!({"call": "check", "files": ["in/a.csv"]}));
    let fault = |row: usize| {
        let fault = &answer["result"]["tables"][0]["rows"][row]["faults"][0];
        assert_eq!(fault["code"], "V106", "{answer}");
        (fault["near"].clone(), fault["word"].clone(), fault["mended"].clone())
    };
    assert_eq!(fault(1), (json!(["环境"]), json!("环镜"), json!(["消防、环境"])));
    assert_eq!(fault(2), (json!(["环境"]), Value::Null, Value::Null));
    // Of two that are wrong, one keeps the other no more.
    assert_eq!(fault(3), (json!(["消防"]), json!("消访"), json!(["消防、环境"])));
    let schema = project.run(&["schema", "check"]).success().json();
    assert!(jsonschema::is_valid(&schema, &answer["result"]), "{answer}");
}

#[test]
fn a_word_may_mean_a_value_with_points_in_its_name() {
    let project = Project::with(&[("duban.yaml", "units: [No. 3 Works]\nlogs: ['logs/*.csv']\n")]);
    let answer = ask(&project, json!({"call": "learn", "field": "unit", "value": "Works no. 3", "as": "No. 3 Works"}));
    assert_eq!(answer["status"], 0, "{answer}");
    let config = project.read("duban.yaml");
    assert!(config.ends_with("values:\n  unit:\n    No. 3 Works:\n      - Works no. 3\n"), "{config}");
}

#[test]
fn an_allowance_for_a_file_is_told_where_it_does_not_hold() {
    let config = "units: [甲社区]\nlogs: ['logs/*.csv']\n\
                  allowances: [{code: V105, file: 'logs/台账.csv', until: 2031-01-01, why: 改名}]\n";
    let project = Project::with(&[("duban.yaml", config), ("in/台账.csv", LOG), ("logs/台账.csv", LOG)]);
    let said = |files: Value| {
        let answer = ask(&project, json!({"call": "check", "files": files}));
        answer["messages"].as_str().unwrap().contains("按文件（file:）")
    };
    assert!(said(json!(["in/台账.csv"])) && !said(json!([])));
}

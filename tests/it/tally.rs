//! `duban tally`: the counts of the contract, on the example and on small logs.

use duban::words::lang::Lang;

use crate::project::Project;

#[test]
fn the_example_gives_the_published_figures() {
    let project = Project::example("zhengdong-2021");
    let count = |conditions: &[&str]| {
        let mut arguments = vec!["tally", "--as-of", "2021-08-20", "--format", "json"];
        for condition in conditions {
            arguments.extend(["--where", condition]);
        }
        project.run(&arguments).success().json()["total"].clone()
    };
    let all = count(&[]);
    assert_eq!(
        (&all["found"], &all["units"], &all["rectified"], &all["open"], &all["overdue"], &all["due_soon"]),
        (&75.into(), &20.into(), &61.into(), &14.into(), &5.into(), &5.into())
    );
    assert_eq!(count(&["tags=线上督查"])["inspections"], 15);
    assert_eq!(count(&["tags=线上督查", "disposition=交办"])["found"], 14);
    assert_eq!(count(&["tags=嵌入式督查"])["found"], 16);
    let sieve = count(&["tags=过筛式督查"]);
    assert_eq!(
        (&sieve["found"], &sieve["disposition"]["on_site"], &sieve["disposition"]["deadline"]),
        (&33.into(), &17.into(), &16.into())
    );
    assert_eq!(count(&["source=市级转办"])["found"], 3);
    assert_eq!(count(&["source=superior"])["found"], 3);
    assert_eq!(count(&["unit=金光路办事处"])["found"], count(&["unit=金光路街道办事处"])["found"]);
    assert_eq!(count(&["open=yes", "unit!=石桥社区"])["found"], 12);
}

#[test]
fn groups_have_the_order_of_the_vocabulary_then_of_their_size() {
    let log = "发现日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,小,类,甲,现场整改\n2021-08-03,大,类,乙,限期整改\n\
               2021-09-03,大,类,丙,现场整改\n2021-07-30,名录,类,丁,交办\n";
    let project = Project::with(&[("log.csv", log)]);
    let groups = |by: &str| -> Vec<String> {
        let arguments = ["tally", "@/log.csv", "--by", by, "--as-of", "2021-09-30", "--format", "json"];
        let run = project.run(&arguments).success().json();
        run["groups"].as_array().unwrap().iter().map(|group| group["key"][by].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(groups("unit"), ["大", "名录", "小"]);
    assert_eq!(groups("month"), ["2021-07", "2021-08", "2021-09"]);
    assert_eq!(groups("disposition"), ["on_site", "deadline", "assigned"]);
    project.write("duban.yaml", "units: [名录, 小, 大]\n".as_bytes());
    assert_eq!(groups("unit"), ["名录", "小", "大"]);
}

#[test]
fn an_issue_of_several_categories_repeats_in_each_by_itself() {
    let log = "发现日期,责任单位,问题类别,问题描述,整改方式,标签\n2021-08-03,丙村,环境,e,现场整改,甲、乙\n2021-08-03,丙村,环境,f,现场整改,甲\n\
               2021-08-03,丙村,环境、消防,g,现场整改,甲、乙\n2021-08-03,丙村,消防、环境,h,现场整改,乙\n2021-08-03,丙村,其他,i,现场整改,甲\n\
               2021-08-03,丁村,消防,j,现场整改,甲\n";
    let project = Project::with(&[("log.csv", log)]);
    let repeats = |options: &[&str]| -> (u64, Vec<String>) {
        let run = project.run(&[&["tally", "@/log.csv", "--format", "json"], options].concat()).success().json();
        let groups = run["groups"].as_array().unwrap().iter();
        let groups = groups.map(|group| format!("{} {}/{}", group["key"], group["found"], group["repeat"]));
        (run["total"]["repeat"].as_u64().unwrap(), groups.map(|group| group.replace(['{', '}', '"'], "")).collect())
    };
    assert_eq!(repeats(&[]), (4, vec![]));
    let by_category = ["category:环境 4/3", "category:消防 3/1", "category:其他 1/0"].map(str::to_owned).to_vec();
    assert_eq!(repeats(&["--by", "category"]), (4, by_category));
    // The total doesn't depend on how many groups an issue is in.
    for by in ["unit", "tags", "category,tags", "unit,category"] {
        assert_eq!(repeats(&["--by", by]).0, 4, "{by}");
    }
    assert_eq!(repeats(&["--where", "category=消防"]).0, 1);
    assert_eq!(repeats(&["--by", "unit", "--where", "category=消防"]).1, ["unit:丙村 2/1", "unit:丁村 1/0"]);
    assert_eq!(repeats(&["--where", "category!=消防"]).0, 1);
}

#[test]
fn counts_have_the_shape_of_the_contract() {
    let log = "issues:\n- {found_on: 2021-08-03, unit: 甲, category: [消防, 环卫], description: a, disposition: deadline, deadline: 2021-08-10, rectified_on: 2021-08-12}\n\
               - {found_on: 2021-08-03, unit: 甲, category: 消防, description: b, disposition: on_site, status: 撤销}\n\
               - {found_on: 2021-08-04, unit: 甲, category: 消防, description: c, disposition: on_site}\n";
    let project = Project::with(&[("log.yaml", log)]);
    let run = project.run(&["tally", "@/log.yaml", "--by", "category", "--format", "json", "--as-of", "2021-08-20"]);
    let report = run.success().json();
    let expected = serde_json::json!({
        "found": 2, "disposition": {"on_site": 1, "deadline": 1}, "source": {}, "rectified": 2, "open": 0, "closed": 0,
        "overdue": 0, "due_soon": 0, "late": 1, "repeat": 1, "units": 1, "sites": 0, "inspections": 0,
        "rectified_rate": 1.0
    });
    assert_eq!(report["total"], expected);
    assert_eq!(report["groups"][0]["key"]["category"], "消防");
    assert_eq!(report["groups"][0]["inspections"], serde_json::Value::Null);
    let table = project.run(&["tally", "@/log.yaml", "--by", "category", "--as-of", "2021-08-20"]).success();
    assert!(table.stderr.contains("多于合计"), "{}", table.stderr);
    let markdown = project.run(&["tally", "@/log.yaml", "--by", "category", "--format", "md"]).success();
    assert!(markdown.stdout.starts_with("| 问题类别 | 发现 |"), "{}", markdown.stdout);
    let csv = project.run(&["tally", "@/log.yaml", "--by", "category", "--format", "csv"]).success();
    assert!(csv.stdout.starts_with("category,found,rectified,"), "{}", csv.stdout);
}

#[test]
fn what_a_cell_holds_stays_in_its_cell() {
    let log = "unit,found_on,category,description,disposition\n\"=1+1\",2021-08-03,\"a|b*<script>\",x,on_site\n";
    let project = Project::with(&[("log.csv", log)]);
    let csv = project.run(&["tally", "@/log.csv", "--by", "unit", "--format", "csv"]).success();
    assert!(csv.stdout.contains("\n'=1+1,1,"), "{}", csv.stdout);
    let markdown = project.run(&["tally", "@/log.csv", "--by", "category", "--format", "md"]).success();
    assert!(markdown.stdout.contains("| a\\|b\\*\\<script\\> |"), "{}", markdown.stdout);
}

#[test]
fn periods_select_by_the_day_of_finding_both_ends_included() {
    let log = "found_on,unit,category,description,disposition\n2021-08-01,a,b,c,on_site\n2021-08-31,a,b,d,on_site\n2021-09-01,a,b,e,on_site\n";
    let project = Project::with(&[("log.csv", log)]);
    let found = |more: &[&str]| {
        let run = project.run(&[&["tally", "@/log.csv", "--as-of", "2021-09-30", "--format", "json"], more].concat());
        run.success().json()["total"]["found"].as_u64().unwrap()
    };
    assert_eq!(found(&["--period", "2021-08"]), 2);
    assert_eq!(found(&["--from", "2021-08-31"]), 2);
    assert_eq!(found(&["--to", "2021-08-31"]), 2);
    assert_eq!(found(&["--period", "2021-W35"]), 2);
    assert_eq!(found(&["--period", "2020"]), 0);
    assert_eq!(project.run(&["tally", "@/log.csv", "--period", "2021-13"]).status, 2);
    assert_eq!(project.run(&["tally", "@/log.csv", "--from", "2021-09-01", "--to", "2021-08-01"]).status, 2);
}

#[test]
fn a_condition_that_nothing_can_meet_is_refused() {
    let project = Project::example("zhengdong-2021");
    for (condition, expected) in [
        ("overdue=ture", "是否指 `true`"),
        ("disposition=限期整该", "是否指 `限期整改`"),
        ("unit=贾陈小区", "是否指 `贾陈社区`"),
        ("found_on=8月", "2021-08-20"),
        ("month=2021-13", "2021-08"),
    ] {
        let run = project.run(&["tally", "--where", condition]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{condition}");
        assert!(run.stderr.contains(expected), "{condition}: {}", run.stderr);
    }
    let counted = |condition: &str| {
        project.run(&["tally", "--where", condition, "--format", "json"]).json()["total"]["found"].clone()
    };
    assert_eq!(counted("disposition=现场指导整改"), counted("disposition=on_site"));
    assert_eq!(counted("overdue=是"), counted("overdue=yes"));
}

/// Each log counted where it lies, the counts added in the city and the cities' in the province: byte for byte what one
/// tally of all logs prints.
#[test]
fn pieces_add_up_to_one_tally_of_all() {
    let project = Project::example("zhengdong-2021");
    let day = ["--as-of", "2021-08-20"];
    let logs: Vec<String> = {
        let folder = project.path().join("logs");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("@/logs/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        names.sort();
        names
    };
    for asked in [
        &[][..],
        &["--by", "unit,category"],
        &["--by", "tags"],
        &["--by", "month", "--where", "disposition=deadline|on_site"],
    ] {
        let run = |arguments: &[&str]| {
            let run = project.run(arguments);
            assert_eq!(run.status, 0, "{arguments:?}: {}", run.stderr);
            run.stdout
        };
        let parts: Vec<String> = (0..logs.len()).map(|log| format!("@/part{log}.json")).collect();
        for (log, part) in logs.iter().zip(&parts) {
            run(&[&["tally", log, "--partial", "-o", part], asked, &day].concat());
        }
        let (city, town) = parts.split_at(3);
        for (parts, out) in [(city, "@/city.json"), (town, "@/town.json")] {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            run(&[&["merge"], &parts[..], &["--partial", "-o", out]].concat());
        }
        for format in ["table", "json", "csv", "md"] {
            let whole = run(&[&["tally", "--format", format], asked, &day].concat());
            assert_eq!(run(&["merge", "@/town.json", "@/city.json", "--format", format]), whole, "{asked:?}");
        }
        let twice = project.run(&["merge", "@/city.json", &parts[0]]);
        assert!(
            twice.status == 2 && twice.stderr.contains("part0.json") && twice.stdout.is_empty(),
            "{}",
            twice.stderr
        );
    }
    assert_eq!(project.run(&["merge", "@/duban.yaml"]).status, 2);
    assert_eq!(project.run(&["merge"]).status, 2);
}

/// Excel takes CSV for the code page of the system unless it is marked; what a pipe reads is never marked.
#[test]
fn csv_for_excel_is_marked_in_files_alone() {
    let project = Project::example("zhengdong-2021");
    let run =
        |arguments: &[&str], marks: bool| project.run_changed(Lang::Zh, arguments, &|world| world.marks_csv = marks);
    for command in [&["tally", "--by", "unit"][..], &["due"], &["register", "list"]] {
        let path = project.path().join("out.csv");
        let file = |marks: bool| {
            let done = run(&[command, &["--format", "csv", "-o", path.to_str().unwrap()]].concat(), marks);
            assert_eq!(done.status, 0, "{}", done.stderr);
            std::fs::read_to_string(&path).unwrap()
        };
        let (plain, marked) = (file(false), file(true));
        assert_eq!(marked, format!("\u{feff}{plain}"), "{command:?}");
        assert_eq!(run(&[command, &["--format", "csv"]].concat(), true).stdout, plain, "{command:?}");
    }
}

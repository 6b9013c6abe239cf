//! What a command would ignore, or what would break the project, is refused with a sentence that says how to go on.

use duban::words::lang::Lang;

use crate::project::{Project, run_in};

const LOG: &str =
    "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n2021-08-02,甲,消防,堆物,限期整改,2021-08-10\n";

fn project(config: &str) -> Project {
    Project::with(&[("duban.yaml", config), ("a.csv", LOG)])
}

#[test]
fn an_option_without_effect_is_refused() {
    let project = project("lang: zh\nlogs: [a.csv]\n");
    for (arguments, told) in [
        (&["check", "-", "--fix"][..], "标准输入（-）没有文件可改"),
        (&["check", "@/a.csv", "-", "--fix", "--dry-run"], "标准输入（-）没有文件可改"),
        (&["check", "--fix", "--only", "V101"], "不能与"),
        (&["check", "--annotate", "@/out.docx"], ".xlsx"),
        (&["mend", "@/a.csv", "--sheet", "8月", "--set", "2:2=乙", "-o", "@/b.csv"], "--sheet 只用于工作簿"),
        (&["draft", "summary", "--data", "-o", "@/out"], "不能与"),
        (&["draft", "summary", "--data", "--to", "md"], "不能与"),
        (&["register", "-o", "@/x", "verify"], "只用于列出登记簿"),
        (&["page", "--edition", "both"], "不能是 `both`"),
        (&["watch", "通榜"], "没有"),
    ] {
        let run = project.run(arguments);
        assert!(run.status == 2 && run.stderr.contains(told), "{arguments:?} {run:?}");
    }
    assert_eq!(project.read("a.csv"), LOG);
    assert!(!project.path().join("b.csv").exists() && !project.path().join("x").exists());
}

#[test]
fn what_is_added_to_the_config_must_be_whole() {
    let config = "lang: zh\n台账: [a.csv]\n取值:\n  状态:\n    已整改: [改好]\n";
    let project = project(config);
    for (key, value, told) in [
        ("单位", " ", "值是空的"),
        ("台账", "没有.csv", "项目里没有 没有.csv"),
        ("logs", "没有.csv", "项目里没有 没有.csv"),
        ("取值.状态.规范值", "办结", "要换成一个真的名字"),
        ("取值.状态.已销号", "改好", "已在 取值.状态.已整改 下"),
    ] {
        let run = project.run(&["config", "add", key, value]);
        assert!(run.status == 2 && run.stderr.contains(told), "{key} {run:?}");
    }
    assert_eq!(project.read("duban.yaml"), config);
    project.write("b.csv", LOG.as_bytes());
    for (key, value) in [("台账", "b.csv"), ("台账", "teams/*.csv"), ("台账", "!c.csv"), ("取值.状态.已销号", "了结")]
    {
        project.run(&["config", "add", key, value]).success();
    }
}

/// A config with Chinese keys and one with English ones, each with the list already: what a message says to type adds to it.
#[test]
fn what_a_message_says_to_type_mends_the_config() {
    for config in [
        "lang: zh\nlogs: [a.csv]\n单位: [乙]\n列: {点位: 地点}\n",
        "lang: zh\nlogs: [a.csv]\nunits: [乙]\ncolumns: {site: 地点}\n",
    ] {
        let project = project(config);
        project.write("a.csv", LOG.replace("责任单位", "责任单位,经办").replace("甲,", "甲,丙,").as_bytes());
        let run = project.run(&["check", "--format", "json"]);
        for told in ["duban config add units 甲", "duban config add ignore 经办"] {
            assert!(run.stdout.contains(told), "{told} {run:?}");
            let words: Vec<&str> = told.split(' ').skip(1).collect();
            project.run(&words).success();
        }
        let run = project.run(&["check", "--format", "json"]).success();
        assert!(!run.stdout.contains("duban config add"), "{run:?}");
    }
}

#[test]
fn a_new_project_stands_in_the_folder_that_is_named() {
    let place = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run_in(place.path(), Lang::Zh, b"", arguments);
    run(&["init", "-C", "p2"]).success();
    assert!(place.path().join("p2/duban.yaml").is_file() && !place.path().join("duban.yaml").exists());
    let two = run(&["init", "p3", "-C", "p4"]);
    assert!(two.status == 2 && two.stderr.contains("只写一个"), "{two:?}");
    let log = place.path().join("a.csv");
    std::fs::write(&log, LOG).unwrap();
    let log = log.to_str().unwrap();
    let last = run(&["init", "--yes", "--from", log, "p5"]);
    assert!(last.status == 2 && last.stderr.contains("duban init 文件夹 --from 台账"), "{last:?}");
    run(&["init", "p5", "--yes", "--from", log]).success();
    run(&["init", "-C", "p6", "--yes", "--from", log]).success();
    assert!(place.path().join("p6/logs/a.csv").is_file());
    assert!(run(&["init", "--help"]).stdout.contains("用法：duban init [文件夹] [选项]"));
    assert!(run_in(place.path(), Lang::En, b"", &["init", "--help"]).stdout.contains("duban init [DIR] [OPTIONS]"));
}

#[test]
fn the_help_says_what_can_and_what_must_be_given() {
    let help = |lang, command: &str| run_in(std::path::Path::new("."), lang, b"", &[command, "--help"]).stdout;
    let mend = help(Lang::Zh, "mend");
    assert!(
        mend.contains("duban mend [选项] --output <") && mend.contains("<--set <") && mend.contains("|--edits <"),
        "{mend}"
    );
    for lang in Lang::ALL {
        assert!(!help(lang, "page").contains("both"));
        let draft = help(lang, "draft");
        assert!(draft.lines().all(|line| line.trim() != "}"), "{draft}");
    }
    assert!(help(Lang::En, "draft").contains("{date}, and in such brackets n"));
}

#[test]
fn what_the_system_says_of_a_file_is_said_in_the_language_and_with_its_path() {
    let project = project("lang: zh\nlogs: [a.csv]\n");
    project.write("folder/a.txt", b"");
    for arguments in [
        &["merge", "@/no.json"][..],
        &["mend", "@/no.csv", "--set", "2:2=乙", "-o", "@/b.csv"],
        &["proof", "@/no.docx"],
        &["trace", "@/no.docx"],
        &["gate", "--module", "@/no.wasm", "-o", "@/gate.html"],
        &["check", "--receipt", "@/no.txt"],
        &["check", "--baseline", "@/no.json"],
        &["draft", "summary", "--from-data", "@/no.json"],
        &["register", "import", "@/no.csv"],
        &["calendar", "--import", "@/no.csv"],
    ] {
        let run = project.run(arguments);
        assert!(
            run.status == 2 && run.stderr.contains("没有这个文件或文件夹") && run.stderr.contains("/no."),
            "{run:?}"
        );
        assert!(!run.stderr.contains("os error"), "{run:?}");
    }
    for arguments in [
        &["form", "-o", "@/."][..],
        &["tally", "-o", "@/folder"],
        &["page", "-o", "@/folder"],
        &["check", "-o", "@/folder"],
    ] {
        let run = project.run(arguments);
        assert!(run.status == 2 && run.stderr.contains("是文件夹"), "{run:?}");
    }
    for arguments in [&["tally", "-o", "@/a.csv/x"][..], &["draft", "summary", "-o", "@/a.csv"], &["init", "@/a.csv"]] {
        let run = project.run(arguments);
        assert!(run.status >= 2 && !run.stderr.contains("os error") && run.stderr.contains("a.csv"), "{run:?}");
    }
    let english = project.run_lang(Lang::En, &["merge", "@/no.json", "--lang", "en"]);
    assert!(english.stderr.contains("there is no such file or folder"), "{english:?}");
}

#[test]
fn one_count_of_faults_is_told_everywhere() {
    let rows = "2021-08-02,甲,消防,堆物,停业,2021-08-10\n".repeat(5);
    let log = format!("{}{rows}", LOG.lines().next().unwrap().to_owned() + "\n");
    let project = project("lang: zh\nlogs: [a.csv]\n");
    project.write("a.csv", log.as_bytes());
    let errors = project.run(&["check", "--format", "json"]).json()["errors"].as_u64().unwrap();
    let told = project.run(&["due"]).stderr;
    assert!(told.contains(&format!("台账有 {errors} 处错误")), "{errors} {told}");
}

#[test]
fn a_value_that_no_issue_has_is_told() {
    let project = project("lang: zh\nlogs: [a.csv]\n");
    for (arguments, told) in [
        (&["tally", "--where", "unit=丙"][..], "没有责任单位是“丙”的问题；台账里有：甲"),
        (&["due", "--where", "unit=丙"], "没有责任单位是“丙”的问题"),
        (&["draft", "reminder", "--unit", "丙"], "没有责任单位是“丙”的问题"),
    ] {
        let run = project.run(arguments);
        assert!(run.stderr.contains(told), "{arguments:?} {run:?}");
    }
    for condition in ["unit=甲", "unit!=丙", "unit="] {
        let run = project.run(&["tally", "--where", condition]).success();
        assert!(!run.stderr.contains("没有责任单位"), "{condition} {run:?}");
    }
    let day = project.run(&["tally", "--where", "found_on=abc"]);
    assert!(day.status == 2 && day.stderr.contains("要写成 2021-08-20 这样"), "{day:?}");
}

//! `duban form`: what goes out is read back as a log.

use std::collections::BTreeSet;
use std::io::Read as _;

use duban::words::lang::Lang;
use serde_json::Value;

use crate::project::{Project, Run};

/// A config that takes every way of naming columns and values, with names that try to get out of their cells.
const ODD: &str = r#"lang: zh
office: {name: '=HYPERLINK("http://x","督查室")'}
units: [甲社区, '=1+1', '@乙', '<r>丙</r>', 'a"b,c', "O'Neil", '丁&<戊>']
teams: [{name: 第一组, aliases: [一组], units: [甲社区, '=1+1']}, '=组', {name: 第三组}]
sites:
  - {name: 一号点, team: 一组}
  - {name: 二号点, unit: '=1+1'}
  - {name: 三号点, unit: '@乙'}
  - {name: 四号点, team: '=组'}
  - 五号点
categories: [消防, '环境、卫生', '+内业']
columns: {unit: [整改的单位], severity: [风险], site: [在何处, 在哪里], tags: [专项甲]}
ignore: [整改情况, progress, Progress]
values: {disposition: {on_site: [边查边改], own_way: [自定]}, status: {withdrawn: [不算]}}
defaults: {category: 消防}
"#;

fn check(project: &Project, name: &str) -> (Value, Run) {
    let run = project.run(&["check", &format!("@/{name}"), "--format", "json"]);
    (run.json(), run)
}

fn codes(report: &Value) -> Vec<String> {
    let faults = report["diagnostics"].as_array().unwrap();
    faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

/// A part of a workbook.
fn part(project: &Project, name: &str, part: &str) -> String {
    let file = std::fs::File::open(project.path().join(name)).unwrap();
    let mut text = String::new();
    zip::ZipArchive::new(file).unwrap().by_name(part).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_form_that_nobody_filled_in_is_a_log_without_issues() {
    let projects = [
        Project::with(&[]),
        Project::with(&[("duban.yaml", ODD)]),
        Project::example("zhengdong-2021"),
        Project::example("city-food-2024"),
    ];
    for (at, project) in projects.iter().enumerate() {
        for lang in ["zh", "en"] {
            let made = project.run(&["form", "-o", "form.xlsx", "--lang", lang]);
            assert_eq!((made.status, made.stdout.as_str(), made.stderr.as_str()), (0, "", ""), "{at} {lang}");
            let (report, run) = check(project, "form.xlsx");
            assert_eq!(run.status, 0, "{at} {lang} {report}");
            assert_eq!((report["issues"].as_u64(), codes(&report)), (Some(0), vec!["L102".to_owned()]), "{at} {lang}");
        }
    }
}

#[test]
fn the_same_form_has_the_same_bytes_and_another_one_other_ids() {
    let project = Project::with(&[("duban.yaml", ODD)]);
    let form = |more: &[&str]| {
        let mut arguments = vec!["form", "-o", "form.xlsx"];
        arguments.extend(more);
        assert_eq!(project.run(&arguments).status, 0, "{more:?}");
        (std::fs::read(project.path().join("form.xlsx")).unwrap(), ids(&project, "form.xlsx"))
    };
    let (bytes, first) = form(&["--team", "一组"]);
    assert_eq!(form(&["--team", "第一组", "--as-of", "2021-08-20", "--serial", "1"]).0, bytes);
    assert_eq!(first.len(), 100);
    for other in [
        &["--team", "第三组"][..],
        &[],
        &["--team", "一组", "--serial", "2"],
        &["--team", "一组", "--as-of", "2021-09-20"],
    ] {
        assert!(form(other).1.is_disjoint(&first), "{other:?}");
    }
}

/// The ids that a form gives to its rows.
fn ids(project: &Project, name: &str) -> BTreeSet<String> {
    let strings = part(project, name, "xl/sharedStrings.xml");
    let texts = strings.split("<t").filter_map(|text| text.split_once('>')?.1.split_once('<')).map(|(text, _)| text);
    texts.filter(|text| text.starts_with("DB-")).map(str::to_owned).collect()
}

#[test]
fn names_of_the_config_stay_texts() {
    let project = Project::with(&[("duban.yaml", ODD)]);
    assert_eq!(project.run(&["form", "-o", "form.xlsx"]).status, 0);
    let strings = part(&project, "form.xlsx", "xl/sharedStrings.xml");
    for text in ["=1+1", "@乙", "r&gt;丙&lt;/r&gt;", "O'Neil", "丁&amp;&lt;戊&gt;", "=HYPERLINK("] {
        assert!(strings.contains(text), "{text}");
    }
    let sheet = part(&project, "form.xlsx", "xl/worksheets/sheet1.xml");
    let formulas: Vec<&str> = sheet.split("<f>").skip(1).map(|rest| rest.split("</f>").next().unwrap()).collect();
    assert_eq!(formulas.len(), 2, "the total row has the only formulas: {formulas:?}");
    // A list whose values could end it stands on the hidden sheet.
    assert!(sheet.contains("<formula1>list_"), "{sheet}");
    assert!(part(&project, "form.xlsx", "xl/workbook.xml").contains(r#"state="hidden""#));
    // The office's own headers, and no column for what it ignores.
    for header in ["整改的单位*", "风险", "在何处", "专项甲"] {
        assert!(strings.contains(&format!(">{header}<")), "{header}");
    }
    assert!(!strings.contains(">整改情况<") && strings.contains(">问题类别<"), "a category has a default");
}

#[test]
fn a_team_has_its_own_units_and_sites() {
    let project = Project::with(&[("duban.yaml", ODD)]);
    let lists = |team: &str| {
        assert_eq!(project.run(&["form", "--team", team, "-o", "form.xlsx"]).status, 0, "{team}");
        let texts = part(&project, "form.xlsx", "xl/sharedStrings.xml")
            + &part(&project, "form.xlsx", "xl/worksheets/sheet1.xml");
        ["一号点", "二号点", "三号点", "四号点", "五号点", "甲社区", "@乙"].map(|name| texts.contains(name))
    };
    assert_eq!(lists("一组"), [true, true, false, false, true, true, false]);
    assert_eq!(lists("=组"), [false, true, true, true, true, true, true], "a team without units has those of all");
    let unknown = project.run(&["form", "--team", "第二组", "-o", "no.xlsx"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("第二组") && unknown.stderr.contains("是否指"), "{}", unknown.stderr);
    assert!(!project.path().join("no.xlsx").exists());
}

#[test]
fn what_has_no_effect_is_refused() {
    let project = Project::with(&[("duban.yaml", "lang: zh\n"), ("log.csv", "发现日期,问题描述\n")]);
    for arguments in [
        &["form", "log.csv", "-o", "form.xlsx"][..],
        &["form", "--with", "open", "--format", "xlsform", "log.csv", "-o", "form.xlsx"],
        &["form", "--rows", "0", "-o", "form.xlsx"],
        &["form", "--rows", "9", "--format", "xlsform", "-o", "form.xlsx"],
        &["form", "--team", "", "-o", "form.xlsx"],
    ] {
        let run = project.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(!run.stderr.is_empty() && !project.path().join("form.xlsx").exists(), "{arguments:?}");
    }
    let no_header = Project::with(&[("duban.yaml", "ignore: [责任单位, Responsible unit, unit]\n")]);
    let run = no_header.run(&["form", "-o", "form.xlsx"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("责任单位") && run.stderr.contains("columns:"), "{}", run.stderr);
}

/// A log with an id from elsewhere, one without, and a 序号; two of its issues are open.
const LOG: &str =
    "编号,发现日期,交办日期,检查组,责任单位,点位,问题类别,问题描述,整改方式,整改期限,状态,是否销号,备注,网格
WT-7,2021-08-03,,第一组,甲社区,一号点,消防,\"=1+1 楼道\n堆物\",限期整改,3个工作日内,整改中,否,先改,东
,2021-08-04,2021-08-06,第一组,甲社区,,消防,灭火器过期,限期整改,5个工作日内,,,,
WT-9,2021-08-04,,第一组,甲社区,,消防,已改好的,现场整改,,已整改,,,
WT-8,2021-08-05,,第三组,甲社区,,消防、内业,无台账,持续整改,长期坚持,,,,
";

#[test]
fn open_issues_keep_their_identity_and_their_days() {
    let config = "lang: zh\nlogs: [logs]\nunits: [甲社区]\nteams: [第一组, 第三组]\n";
    let project = Project::with(&[("duban.yaml", config), ("logs/a.csv", LOG)]);
    let due = |paths: &[&str]| {
        let mut arguments = vec!["due", "--all", "--format", "json"];
        arguments.extend(paths);
        let run = project.run(&arguments);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let issues = run.json()["units"][0]["issues"].as_array().unwrap().clone();
        issues
            .into_iter()
            .map(|issue| ["id", "key", "deadline", "state"].map(|key| issue[key].to_string()))
            .collect::<BTreeSet<_>>()
    };
    let made = project.run(&["form", "--with", "open", "-o", "form.xlsx"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    assert!(made.stderr.contains("网格") && made.stderr.contains("预填了 3 个"), "{}", made.stderr);
    assert_eq!(due(&["@/form.xlsx"]), due(&[]));
    assert_eq!(due(&[]).len(), 3);
    let (report, _) = check(&project, "form.xlsx");
    assert_eq!((report["issues"].as_u64(), codes(&report)), (Some(3), Vec::new()), "{report}");
    // A form of one team has its own issues, under other ids for new ones.
    let all = ids(&project, "form.xlsx");
    assert_eq!(project.run(&["form", "--with", "open", "--team", "第三组", "-o", "form.xlsx"]).status, 0);
    assert_eq!(check(&project, "form.xlsx").0["issues"], 1);
    assert!(all.is_disjoint(&ids(&project, "form.xlsx")));
}

#[test]
fn an_id_that_came_with_a_copied_row_is_nobodys() {
    let project = Project::with(&[("duban.yaml", "lang: zh\n")]);
    assert_eq!(project.run(&["form", "-o", "form.xlsx"]).status, 0);
    let ids: Vec<String> = ids(&project, "form.xlsx").into_iter().collect();
    let (one, two, three) = (&ids[0], &ids[1], &ids[2]);
    let header = "问题编号,发现日期*,检查组,责任单位*,问题类别*,问题描述*,整改方式*\n";
    let copied = format!(
        "{header}{one},2021-08-04,第一组,甲,消防,乙,现场整改\n{two},2021-08-04,第一组,甲,消防,丙,现场整改\n\
         {three},,第一组,,,,\n{one},2021-08-03,第一组,甲,消防,甲,交办\n合计：3个,,,,,,现场整改2个、交办1个\n"
    );
    let other = format!("{header}{one},2021-08-03,第一组,甲,消防,甲,交办\n{three}x,,第一组,,,,\n");
    project.write("a.csv", copied.as_bytes());
    project.write("b.csv", other.as_bytes());
    let (report, run) = check(&project, "a.csv");
    assert_eq!(
        (run.status, report["issues"].as_u64(), codes(&report)),
        (0, Some(3), vec!["L118".to_owned()]),
        "{report}"
    );
    assert_eq!(report["diagnostics"][0]["line"], 5);
    let due = project.run(&["due", "--all", "@/a.csv", "--format", "json"]).json();
    let issue = &due["units"][0]["issues"][0];
    assert!(issue["id"].is_null() && issue["key"].as_str().unwrap().starts_with("k-"), "{due}");
    // In another file the id is the issue's own, and a row whose id no form gave is a row with blanks.
    let (report, _) = check(&project, "b.csv");
    assert_eq!(report["issues"], 2, "{report}");
    assert!(codes(&report).contains(&"V109".to_owned()), "{report}");
    let both = project.run(&["check", "@/a.csv", "@/b.csv", "--format", "json"]).json();
    let codes = codes(&both);
    assert!(codes.contains(&"R221".to_owned()) && !codes.contains(&"L108".to_owned()), "{both}");
}

#[test]
fn a_row_copied_from_the_form_before_is_another_issue() {
    let project = Project::with(&[("duban.yaml", "lang: zh\n")]);
    assert_eq!(project.run(&["form", "-o", "form.xlsx"]).status, 0);
    let id = ids(&project, "form.xlsx").into_iter().next().unwrap();
    let header = "问题编号,发现日期,责任单位,问题类别,问题描述,整改方式\n";
    project.write("a.csv", format!("{header}{id},2021-07-03,甲,消防,楼道堆物,交办\n").as_bytes());
    project.write("b.csv", format!("{header}{id},2021-08-03,甲,消防,无台账,交办\n").as_bytes());
    let both = project.run(&["check", "@/a.csv", "@/b.csv", "--format", "json"]).json();
    assert_eq!(codes(&both), ["L108"], "{both}");
    let moves = project.run(&["tally", "@/b.csv", "--compare", "@/a.csv", "--format", "json"]).json();
    assert_eq!((&moves["total"]["moves"]["new"], &moves["total"]["moves"]["carried_over"]), (&1.into(), &0.into()));
    // Its day alone was corrected, or its words.
    for row in ["2021-07-04,甲,消防,楼道堆物", "2021-07-03,甲,消防,楼道堆满杂物"] {
        project.write("b.csv", format!("{header}{id},{row},交办\n").as_bytes());
        let moves = project.run(&["tally", "@/b.csv", "--compare", "@/a.csv", "--format", "json"]).json();
        assert_eq!(moves["total"]["moves"]["carried_over"], 1, "{row}");
    }
}

#[test]
fn the_help_is_in_both_languages() {
    let project = Project::with(&[]);
    assert!(project.run_lang(Lang::Zh, &["form", "--help"]).stdout.contains("检查组"));
    assert!(project.run_lang(Lang::En, &["form", "--help"]).stdout.contains("Team that fills it in"));
}

#[test]
fn what_odk_central_and_kobo_export_is_read_back() {
    let project = Project::with(&[("duban.yaml", "lang: zh\nunits: [甲社区]\n")]);
    let answers = "TZD4M4H-0f3a9c10,2021-08-01,甲社区,消防,堆物,deadline,2021-08-28,in_progress";
    let names = "id,found_on,unit,category,description,disposition,deadline,status";
    let labels = "问题编号;发现日期;责任单位;问题类别;问题描述;整改方式;整改期限;状态";
    let central = format!(
        "SubmissionDate,{names},meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,AttachmentsExpected,\
         Status,ReviewState,DeviceID,Edits,FormVersion\n2021-08-02T03:12:45.123Z,{answers},uuid:1,uuid:1,5,Alice,0,0,,,\
         collect:x,0,2021082001\n"
    );
    let kobo = format!(
        "start;end;{labels};_id;_uuid;_submission_time;_validation_status;_notes;_status;_submitted_by;__version__;_tags;\
         _index;meta/rootUuid\n2021-08-02T05:40:39.000+08:00;2021-08-02T05:41:13.000+08:00;TZD4M4H-0f3a9c10;2021-08-01;\
         甲社区;消防;堆物;限期整改;2021-08-28;整改中;61;u;2021-08-02T09:41:19;;;submitted_via_web;;vA1;;1;uuid:u\n"
    );
    for (name, text) in [("central.csv", central), ("kobo.csv", kobo)] {
        project.write(name, text.as_bytes());
        let (report, run) = check(&project, name);
        assert_eq!(
            (run.status, report["issues"].as_u64(), codes(&report)),
            (0, Some(1), Vec::new()),
            "{name} {report}"
        );
        let due = project.run(&["due", "--all", &format!("@/{name}"), "--format", "json"]).json();
        let issue = &due["units"][0]["issues"][0];
        assert_eq!((issue["id"].as_str(), issue["deadline"].as_str()), (Some("TZD4M4H-0f3a9c10"), Some("2021-08-28")));
    }
    // The same columns in a log that no such tool wrote are unknown.
    project.write("log.csv", format!("{names},Status,_index\n{answers},,1\n").as_bytes());
    let (report, run) = check(&project, "log.csv");
    assert_eq!(run.status, 1, "{report}");
    assert_eq!(codes(&report), ["L106", "L105"], "{report}");
}

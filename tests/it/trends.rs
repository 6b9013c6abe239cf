//! A period beside another, ranks, red and black lists, ages, trends, repeats, charts and subtotals, counted by hand.

use serde_json::{Value, json};

use crate::project::{Project, rows_of};

/// Counted by hand for the day 2021-08-10: July has 6 issues, all of 甲 but one of 乙; August 8.
const LOG: &str = "id,found_on,unit,category,description,disposition,deadline,rectified_on\n\
    A1,2021-07-05,甲,消防,a,deadline,2021-07-12,2021-07-10\n\
    A2,2021-07-06,甲,消防,b,deadline,2021-07-13,2021-07-15\n\
    A3,2021-07-06,甲,用电,c,on_site,,\n\
    A4,2021-07-20,甲,用电,d,deadline,2021-07-27,2021-08-02\n\
    A5,2021-07-21,甲,燃气,e,deadline,2021-07-28,2021-07-28\n\
    A6,2021-07-22,乙,燃气,f,deadline,2021-08-05,\n\
    B1,2021-08-02,甲,消防,g,on_site,,\n\
    B2,2021-08-02,乙,消防,h,deadline,2021-08-09,\n\
    B3,2021-08-03,乙,消防,i,deadline,2021-08-12,\n\
    B4,2021-08-03,乙,用电,j,deadline,2021-08-12,2021-08-05\n\
    B5,2021-08-04,乙,用电,k,deadline,2021-08-12,\n\
    B6,2021-08-05,乙,燃气,l,deadline,2021-08-12,2021-08-06\n\
    B7,2021-08-09,丙,消防,m,deadline,2021-08-16,\n\
    B8,2021-08-09,丙,消防,n,immediate,2021-08-09,2021-08-09\n";

const CONFIG: &str = "lang: zh\nlogs: ['*.csv']\n\
    units: [{name: 甲, group: 东}, {name: 乙, group: 东}, {name: 丙, group: 西}]\n\
    rankings:\n  red: {open: '<=0'}\n  black: {overdue: '>=1'}\n";

fn project(template: &str) -> Project {
    Project::with(&[
        ("log.csv", LOG),
        ("duban.yaml", CONFIG),
        ("report-templates/look/kind.yaml", "title: {zh: 看}\nseries: none\nformats: [md]\n"),
        ("report-templates/look/zh.md", &format!("---\ntitle: 看\n---\n{template}\n")),
    ])
}

/// The text of a draft for August, without its front matter, and its figures.
fn draft(template: &str, more: &[&str]) -> (String, Value) {
    draft_of(&project(template), more)
}

fn draft_of(project: &Project, more: &[&str]) -> (String, Value) {
    let run = project
        .run(&[&["draft", "look", "--period", "2021-08", "--as-of", "2021-08-10", "-o", "@/out"], more].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    let read = |ending: &str| {
        let files = std::fs::read_dir(project.path().join("out")).unwrap().map(|file| file.unwrap().path());
        let path = files.into_iter().find(|path| path.to_string_lossy().ends_with(ending)).unwrap();
        std::fs::read_to_string(path).unwrap()
    };
    let text = read(".md");
    let text = text.rsplit_once("---\n\n").map(|(_, text)| text.to_owned()).unwrap();
    (text, serde_json::from_str(&read(".figures.json")).unwrap())
}

fn text(template: &str) -> String {
    draft(template, &["--compare", "2021-07"]).0
}

#[test]
fn a_tally_is_compared_with_a_period_as_it_stood_at_its_end() {
    let project = project("");
    let run = project.run(&[
        "tally",
        "--by",
        "group,unit",
        "--period",
        "2021-08",
        "--compare",
        "2021-07",
        "--as-of",
        "2021-08-10",
        "--format",
        "json",
    ]);
    let tally = run.json();
    assert_eq!(tally["against"], json!({"from": "2021-07-01", "to": "2021-07-31", "as_of": "2021-07-31"}));
    // On 31 July A4 was overdue and A6 open, in time.
    let before = &tally["total"]["against"];
    assert_eq!((&before["found"], &before["open"], &before["overdue"]), (&json!(6), &json!(2), &json!(1)));
    assert_eq!(
        (&tally["total"]["found"], &tally["total"]["open"], &tally["total"]["overdue"]),
        (&json!(8), &json!(4), &json!(1))
    );
    // Whatever was found or open before has moved: A4 was rectified, A6 was not.
    let moves = json!({"new": 8, "carried_over": 1, "rectified_since": 1, "open_again": 0});
    assert_eq!(tally["total"]["moves"], moves);
    let subtotals: Vec<(&str, u64, u64)> = tally["subtotals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let found = |counts: &Value| counts["found"].as_u64().unwrap();
            (group["key"]["group"].as_str().unwrap(), found(group), found(&group["against"]))
        })
        .collect();
    assert_eq!(subtotals, [("东", 6, 6), ("西", 2, 0)]);
    assert_eq!(
        tally["subtotals"][0]["moves"],
        json!({"new": 6, "carried_over": 1, "rectified_since": 1, "open_again": 0})
    );
    // A file of this name goes before the period; a period to come is none.
    assert!(
        project
            .run(&["tally", "--compare", "2021-09", "--as-of", "2021-08-10"])
            .stderr
            .contains("在统计日 2021-08-10 之后")
    );
    project.write("2021-07", b"x");
    assert_ne!(project.run(&["tally", "--compare", "2021-07"]).status, 0);
}

#[test]
fn subtotals_add_up_at_every_level() {
    let project = project("");
    let run = |arguments: &[&str]| project.run(&[&["tally", "--as-of", "2021-08-10"], arguments].concat());
    let table = run(&["--by", "group,unit"]).stdout;
    let names: Vec<&str> = table.lines().skip(2).filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(names, ["甲", "乙", "小计", "丙", "小计", "14"], "{table}");
    let tally = run(&["--by", "month,group,unit", "--subtotals", "--format", "json"]).json();
    let found = |list: &Value, keys: usize| -> u64 {
        let groups = list.as_array().unwrap().iter().filter(|group| group["key"].as_object().unwrap().len() == keys);
        groups.map(|group| group["found"].as_u64().unwrap()).sum()
    };
    assert_eq!(
        (found(&tally["subtotals"], 1), found(&tally["subtotals"], 2), found(&tally["groups"], 3)),
        (14, 14, 14)
    );
    let csv = run(&["--by", "group,unit", "--format", "csv"]).stdout;
    assert!(csv.lines().any(|line| line.starts_with("东,*,12,")), "{csv}");
    // A tally by other keys has them only if they are asked for, and one that can't have them says so.
    assert!(run(&["--by", "unit,category", "--format", "json"]).json().get("subtotals").is_none());
    for (by, message) in [("unit", "两个以上"), ("unit,tags", "标签")] {
        let refused = run(&["--by", by, "--subtotals"]);
        assert!(refused.status == 2 && refused.stderr.contains(message), "{}", refused.stderr);
    }
    // Parts that are merged have the same.
    let part = run(&["--by", "group,unit", "--partial", "-o", "@/a.part"]);
    assert_eq!(part.status, 0, "{}", part.stderr);
    assert_eq!(project.run(&["merge", "@/a.part"]).stdout, table);
}

#[test]
fn a_count_stands_beside_that_of_the_earlier_period() {
    let (text, figures) = draft(
        "{% set c = count(against=\"previous\") %}{% set r = rate(of={\"rectified\": true}, against=\"previous\") %}\
         {{ c.value }}-{{ c.before }}={{ c.difference }} {{ c | change }}\n\n{{ r | change }}\n\n\
         {{ count(unit=\"丙\", against=\"previous\") | change }}\n\n{{ count(overdue=true, against=\"previous\") | change(unit=\"件\") }}\n\n\
         {{ rate(of={\"rectified\": true}, unit=\"丙\", against=\"previous\") | change }}\n\n\
         {{ rate(of={\"rectified\": true}, unit=\"乙\", against=\"previous\") | change }}\n\n\
         {{ count(against=\"year\") | change }}，{{ count(against=\"before\") | change }}，{{ count(against=\"2021-Q2\") | change }}",
        &["--compare", "2021-07"],
    );
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    // 8 against 6; 4 of 8 against 4 of 6. August is not over: ten days of it are compared with the same days of July.
    assert_eq!(
        lines,
        [
            "8-6=2 较2021年7月增加2个，增长33.3%",
            "较2021年7月（66.7%）下降16.7个百分点",
            "2021年7月为0",
            "较2021年7月持平",
            "2021年7月无可比数据",
            "2021年7月为1个中的0个",
            "上年同期为0，较上月同期增加5个，2021年第二季度为0",
        ]
    );
    let list = figures["figures"].as_array().unwrap();
    let (now, before) = (&list[0], &list[1]);
    assert_eq!((&now["value"], &now["against"], &before["value"]), (&json!(8), &before["id"], &json!(6)));
    assert_eq!(
        before["scope"],
        json!({"from": "2021-07-01", "to": "2021-07-31", "unit": null, "as_of": "2021-07-31", "against": "previous"})
    );
    let ids = |figure: &Value| -> Vec<String> {
        rows_of(&figures, figure).iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(before), ["A1", "A2", "A3", "A4", "A5", "A6"]);
}

#[test]
fn without_something_to_compare_with_a_call_says_what_is_missing() {
    let project = project("{% if compared %}{{ count(against=\"previous\") | change }}{% else %}没有{% endif %}");
    let run = |arguments: &[&str]| project.run(&[&["draft", "look", "-o", "@/out"], arguments].concat());
    assert_eq!(run(&[]).status, 0);
    let refused = |call: &str, message: &str| {
        project.write("report-templates/look/zh.md", format!("---\ntitle: 看\n---\n{{{{ {call} }}}}\n").as_bytes());
        let run = run(&["--period", "2021-08"]);
        assert!(run.status != 0 && run.stderr.contains(message), "{call}: {}", run.stderr);
    };
    refused("count(against=\"previous\") | change", "没有比较的对象");
    refused("count(against=\"privious\") | change", "是否指 `previous`");
    refused("count(against=\"before\", period=\"all\") | change", "不能再写 `period`");
    refused("count(due_soon=true, against=\"before\") | change", "不能与此前比较");
    refused("count() | change", "`change` 前面要有比较");
    refused("chart(rows=\"unit\", stack=\"tags\")", "不能堆积");
    refused("chart(rows=\"unit\", line=\"found\")", "折线图的 rows 是时间");
    refused("chart(rows=\"unit\", bars=\"open_at_end\")", "没有指标 `open_at_end`");
    refused("rank(by=\"unit\", of=\"weight\") | length", "没有选择 `weight`");
}

#[test]
fn equal_ones_share_a_place_and_few_issues_have_no_rate() {
    let line = "{{ u.name }}{{ u.place or \"-\" }}{% if u.tied %}并{% endif %}{{ u.list }}{% if u.before_place %}({{ u.before_place }},{{ u.moved }}){% endif %} ";
    let ranked = |call: &str| text(&format!("{{% for u in {call} %}}{line}{{% endfor %}}"));
    // August: 乙 5 found (2 rectified), 丙 2 (1), 甲 1 (1); July: 甲 5, 乙 1.
    assert_eq!(
        ranked("rank(by=\"unit\", of=\"found\", against=\"previous\")").trim(),
        "乙1black(2,1) 丙2 甲3red(1,-2)"
    );
    assert_eq!(ranked("rank(by=\"unit\", of=\"rectified\")").trim(), "乙1black 甲2并red 丙2并");
    assert_eq!(ranked("rank(by=\"unit\", of=\"rectified_rate\")").trim(), "乙1black 甲-red 丙-");
    assert_eq!(ranked("rank(by=\"unit\", of=\"open\", order=\"low\", list=\"red\")").trim(), "甲1red");
}

#[test]
fn trends_have_every_week_and_stand_as_of_its_end() {
    let template = "{% for s in series(by=\"week\", period=\"all\") %}{{ s.name }} {{ s.found }} {{ s.rectified_within }} {{ s.open_at_end }} {{ s.overdue_at_end }}\n\n{% endfor %}";
    let (text, figures) = draft(template, &[]);
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            // A1 on 10 July, A3 at once; A2 is open.
            "2021-W27 3 2 1 0",
            "2021-W28 0 1 0 0",
            "2021-W29 3 0 3 0",
            // A5 on the 28th; A4 is overdue.
            "2021-W30 0 1 2 1",
            // Found B1 to B6; rectified A4, B1, B4, B6; open A6 (overdue), B2, B3, B5.
            "2021-W31 6 4 4 1",
            // To 10 August: B7, B8; rectified B8; overdue A6 and, since the 9th, B2.
            "2021-W32 2 1 5 2",
        ]
    );
    let figure = &figures["figures"][0];
    let part = figure["parts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|part| part["key"] == json!({"week": "2021-W32", "measure": "overdue_at_end"}));
    assert_eq!(part.unwrap()["value"], json!(2));
    assert_eq!(part.unwrap()["rows"].as_array().unwrap().len(), 2);
}

#[test]
fn repeats_are_told_by_unit_and_category() {
    let found = text("{% for p in repeats() %}{{ p.unit }}{{ p.category }}{{ p.found }}/{{ p.repeat }} {% endfor %}");
    assert_eq!(found.trim(), "乙消防2/1 乙用电2/1 丙消防2/1");
}

#[test]
fn repeats_in_a_category_are_of_that_category_alone() {
    let template = "{% for p in repeats(category=\"消防\") %}{{ p.unit }}{{ p.category }}{{ p.found }}/{{ p.repeat }} {% endfor %}\
                    {% for row in tally(by=\"category\") %}{{ row.name }}{{ row.repeat }} {% endfor %}";
    let project = project(template);
    project.write("log.csv", LOG.replace("乙,消防", "乙,消防、用电").as_bytes());
    let (text, _) = draft_of(&project, &[]);
    assert_eq!(text.trim(), "乙消防2/1 丙消防2/1 消防2 用电3 燃气0");
}

#[test]
fn a_chart_is_a_table_whose_cells_have_their_rows() {
    let (text, figures) = draft(
        "{{ chart(rows=\"unit\", stack=\"state\") }}\n\n{{ chart(rows=\"category\", top=1) }}\n\n\
        {{ chart(rows=\"month\", line=[\"found\", \"open_at_end\"], period=\"all\", caption=\"趋势|x\") }}\n\n{{ chart(rows=\"age\", open=true) }}",
        &[],
    );
    assert_eq!(
        text,
        "<!-- chart: stacked -->\n\n: 图1　按责任单位、整改状态统计的问题数\n\n\
         | 责任单位 | 已整改 | 未逾期 | 逾期 |\n|---|--:|--:|--:|\n| 甲 | 1 | 0 | 0 |\n| 乙 | 2 | 2 | 1 |\n| 丙 | 1 | 1 | 0 |\n\n\
         <!-- chart: bars -->\n\n: 图2　按问题类别统计的问题数（问题较多的，其余合为其他）\n\n\
         | 问题类别 | 发现 |\n|---|--:|\n| 消防 | 5 |\n| 其他 | 3 |\n\n\
         <!-- chart: lines -->\n\n: 图3　趋势\\|x\n\n| 月份 | 发现 | 期末未整改 |\n|---|--:|--:|\n| 7月 | 6 | 2 |\n| 8月 | 8 | 5 |\n\n\
         <!-- chart: bars -->\n\n: 图4　按未整改天数统计的问题数\n\n| 未整改天数 | 发现 |\n|---|--:|\n| 0～3天 | 1 |\n| 4～7天 | 2 |\n| 8～14天 | 1 |\n"
    );
    let charts: Vec<&Value> =
        figures["figures"].as_array().unwrap().iter().filter(|figure| figure["function"] == "chart").collect();
    assert_eq!(charts.len(), 4);
    for figure in &charts {
        for part in figure["parts"].as_array().unwrap() {
            let rows: u64 = part["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|rows| match rows {
                    Value::Array(ends) => ends[1].as_u64().unwrap() - ends[0].as_u64().unwrap() + 1,
                    _ => 1,
                })
                .sum();
            assert_eq!(part["value"].as_u64(), Some(rows), "{part}");
        }
    }
    assert_eq!(charts[1]["parts"][1]["key"], json!({"category": "用电|燃气"}));
}

#[test]
fn a_document_of_other_logs_is_compared_with_these() {
    let project = project("{% set c = count(period=\"all\") %}{{ c }} {{ count(against=\"previous\") | change }}");
    let earlier: Vec<&str> = LOG.lines().take(3).collect();
    project.write("old/log.csv", format!("{}\n", earlier.join("\n")).as_bytes());
    let run = project.run(&["draft", "look", "--as-of", "2021-08-10", "--compare", "@/old", "-o", "@/out"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let path = project.path().join(run.stdout.lines().next().unwrap());
    assert!(std::fs::read_to_string(&path).unwrap().contains("14 较上期增加12个"));
    let figures = std::fs::read_to_string(path.with_extension("figures.json")).unwrap();
    let figures: Value = serde_json::from_str(&figures).unwrap();
    let before =
        figures["figures"].as_array().unwrap().iter().find(|figure| figure["scope"]["against"] == "previous").unwrap();
    assert_eq!(before["scope"]["earlier_logs"], json!(true));
    let rows = rows_of(&figures, before);
    assert!(rows.len() == 2 && rows.iter().all(|row| row["file"].as_str().unwrap().contains("old")), "{rows:?}");
    // The same from saved data.
    let data = project.run(&["draft", "look", "--as-of", "2021-08-10", "--compare", "@/old", "--data"]).stdout;
    project.write("data.json", data.as_bytes());
    let again = project.run(&["draft", "look", "--from-data", "@/data.json", "-o", "@/again"]);
    assert_eq!(again.status, 0, "{}", again.stderr);
    let read =
        |folder: &str| std::fs::read_to_string(project.path().join(folder).join(path.file_name().unwrap())).unwrap();
    assert_eq!(read("again"), read("out"));
    // A public edition says nothing of logs that were not looked through for persons.
    let public = project.run(&["draft", "look", "--compare", "@/old", "--edition", "public", "-o", "@/public"]);
    assert!(public.status != 0 && public.stderr.contains("公开版不与另外的台账比较"), "{}", public.stderr);
}

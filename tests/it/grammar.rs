//! One grammar of tables: every command means the same row.

use crate::project::Project;

/// A lone carriage return in a quoted cell, as a spreadsheet on an old Mac leaves it.
const LOG: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n\
    A-1,2021-08-01,甲社区,消防,\"通道堵塞\r楼梯间堆物\",现场整改,\n\
    A-2,2021年8月2日,乙社区,消防,灯坏,现场整改,\n\
    A-3,2021年8月3日,丙社区,消防,门坏,限期整改,\n";

#[test]
fn fixing_gives_each_row_its_own_day() {
    let project = Project::with(&[("q.csv", LOG)]);
    project.run(&["check", "@/q.csv", "--fix", "--as-of", "2021-08-20"]);
    let fixed = std::fs::read_to_string(project.path().join("q.csv")).unwrap();
    assert_eq!(fixed, LOG.replace("2021年8月2日", "2021-08-02").replace("2021年8月3日", "2021-08-03"));
}

#[test]
fn a_diff_has_the_lines_of_check() {
    let project = Project::with(&[("q.csv", LOG)]);
    let run = project.run(&["check", "@/q.csv", "--fix", "--dry-run", "--as-of", "2021-08-20"]);
    assert!(run.stdout.contains("@@ -4 +4 @@\n-A-2,2021年8月2日"), "{}", run.stdout);
    let run = project.run(&["check", "@/q.csv", "--format", "json", "--as-of", "2021-08-20"]);
    // A-3 has a deadline to be set, and stands on line 5.
    assert!(run.stdout.contains("\"line\": 5"), "{}", run.stdout);
}

#[test]
fn a_remark_stands_at_its_row() {
    use calamine::{Reader as _, Xlsx, open_workbook};
    let project = Project::with(&[("q.csv", &LOG.replace("灯坏,现场整改", "灯坏,现场整该"))]);
    project.run(&["check", "@/q.csv", "--annotate", "@/back.xlsx", "--as-of", "2021-08-20"]);
    let mut book: Xlsx<_> = open_workbook(project.path().join("back.xlsx")).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let remark = |row: u32| sheet.get_value((row, 7)).map(ToString::to_string).unwrap_or_default();
    assert!(remark(1).is_empty(), "{}", remark(1));
    assert!(remark(2).contains("V102"), "{}", remark(2));
    assert!(remark(3).contains("R202"), "{}", remark(3));
}

#[test]
fn a_table_of_sites_may_look_as_a_log_may() {
    for (delimiter, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r")] {
        let sites = ["点位一览表", "点位|责任单位", "\"一号\r卡口\"|甲社区", "二号卡口|乙社区"]
            .join(end)
            .replace('|', delimiter);
        let project = Project::with(&[
            ("duban.yaml", "sites: {file: sites.csv}\nlogs: [log.csv]\n"),
            ("sites.csv", &sites),
            ("log.csv", "检查日期,检查组,点位数,点位\n2021-08-02,一组,1,三号卡口\n"),
        ]);
        let run =
            project.run(&["check", "--coverage", "--period", "2021-08", "--format", "json", "--as-of", "2021-08-20"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let unvisited: Vec<_> =
            report["diagnostics"].as_array().unwrap().iter().filter(|fault| fault["code"] == "R211").collect();
        // 一号卡口 has a line break in its name, and the line after it is still the second record's.
        let lines: Vec<_> = unvisited.iter().map(|fault| fault["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, [3, 5], "{delimiter:?} {}", run.stdout);
    }
}

#[test]
fn a_table_of_sites_without_names_is_told_what_it_lacks() {
    let project = Project::with(&[("duban.yaml", "sites: {file: sites.csv}\n"), ("sites.csv", "甲,乙\n一号,甲社区\n")]);
    let run = project.run(&["tally", "--lang", "en"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("name | 点位 | 点位名称"), "{}", run.stderr);
}

#[test]
fn earlier_documents_may_come_from_any_spreadsheet() {
    let table =
        "已发文件一览\r\nseries;n;date;title\r\nbulletin;13;2021-08-13;\"两\r行\"\r\nbulletin;14;2021-08-33;x\r\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(table);
    let project = Project::with(&[("duban.yaml", "lang: zh\n")]);
    project.write("old.csv", &bytes);
    let run = project.run(&["register", "import", "@/old.csv"]);
    assert!(run.stderr.contains("第 5 行：date 不能是“2021-08-33”"), "{}", run.stderr);
    project.write("old.csv", table.replace("08-33", "08-14").as_bytes());
    assert_eq!(project.run(&["register", "import", "@/old.csv"]).status, 0);
}

/// What a log says is mended in its own language, whatever that of the messages is.
#[test]
fn fixing_keeps_the_language_of_the_log() {
    let project = Project::with(&[("q.csv", &LOG.replace("限期整改", "限时整改"))]);
    project.run_lang(duban::words::lang::Lang::En, &["check", "@/q.csv", "--fix", "--as-of", "2021-08-20"]);
    assert!(project.read("q.csv").contains(",限期整改,"), "{}", project.read("q.csv"));
}

//! The words that offices use, as headers and as values.

use serde_json::json;

use crate::project::Project;

/// Rows under a header, with their states on 12 August: found, rectified, closed, overdue.
fn states(table: &str) -> [u64; 4] {
    let project = Project::with(&[("a.csv", table)]);
    let tally = project.run(&["tally", "@/a.csv", "--as-of", "2021-08-12", "--format", "json"]).success().json();
    ["found", "rectified", "closed", "overdue"].map(|key| tally["total"][key].as_u64().unwrap())
}

fn codes(table: &str) -> Vec<String> {
    let project = Project::with(&[("a.csv", table)]);
    let report = project.run(&["check", "@/a.csv", "--as-of", "2021-08-12", "--format", "json"]).json();
    let faults = report["diagnostics"].as_array().unwrap().iter();
    faults.map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

/// A ledger with a deadline of 10 August in each row, and more columns.
fn ledger(header: &str, rows: &[&str]) -> String {
    let head = format!("编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,{header}\n");
    let row = |(at, row): (usize, &&str)| {
        format!("WT-{at},2021-08-03,甲社区,消防,灭火器过期{at},限期整改,2021-08-10,{row}\n")
    };
    std::iter::once(head).chain(rows.iter().enumerate().map(row)).collect()
}

#[test]
fn progress_is_the_status_where_no_column_is() {
    assert_eq!(states(&ledger("整改情况", &["已整改", "已完成", "未整改"])), [3, 2, 0, 1]);
    assert_eq!(states(&ledger("整改完成情况", &["整改完毕", "已组织人员清运", "整改中", ""])), [4, 1, 0, 3]);
    assert_eq!(states(&ledger("整改结果", &["按期整改", "部分整改"])), [2, 1, 0, 1]);
    // Beside a column that is the status it is heard where that is empty, or to deny it; else it says no more than that.
    let both =
        ledger("整改情况,整改状态", &["已整改,整改中", "未整改,已整改", "已整改,", "已整改,已交办", "已清运,已整改"]);
    assert_eq!(states(&both), [5, 2, 0, 3]);
    assert_eq!(codes(&both).iter().filter(|code| *code == "R213").count(), 3);
    let text =
        "- {发现日期: 2021-08-03, 责任单位: 甲, 问题类别: 消防, 问题描述: 乙, 整改方式: 交办, 整改情况: 已整改}\n";
    let project = Project::with(&[("a.yaml", text)]);
    let tally = project.run(&["tally", "@/a.yaml", "--as-of", "2021-08-12", "--format", "json"]).success().json();
    assert_eq!(tally["total"]["rectified"], 1);
}

#[test]
fn signing_off_beside_the_status_denies_nothing_but_that_it_is_closed() {
    let both = ledger("整改状态,是否销号", &["已整改,否", "已整改,是", "整改中,否", ",是", ",否", "已销号,否"]);
    assert_eq!(states(&both), [6, 4, 2, 2]);
    assert_eq!(states(&ledger("整改情况,销号情况", &["已整改,未销号", "未整改,", ",已销号"])), [3, 2, 1, 1]);
    // A day of rectification holds although the issue is not signed off; a day of closing does not.
    let days =
        ledger("整改完成日期,销号日期,是否闭环", &["2021-08-09,,否", ",2021-08-10,×", "2021-08-09,2021-08-10,是"]);
    assert_eq!(states(&days), [3, 2, 1, 1]);
    // Alone, it tells of the closing and nothing else.
    assert_eq!(states(&ledger("是否销号", &["√", "×", "否", "已整改"])), [4, 2, 1, 2]);
    assert!(codes(&both).iter().all(|code| code != "L106" && code != "V103"), "{:?}", codes(&both));
    assert!(codes(&ledger("是否销号", &["看情况"])).contains(&"V103".to_owned()));
}

#[test]
fn a_review_goes_before_what_the_unit_says() {
    let reviewed = ["已整改,合格", "已整改,不合格", "已整改,经复查，已清运", "整改中,合格", ",未整改", ",已整改"];
    let table = ledger("整改状态,复查结果", &reviewed);
    assert_eq!(states(&table), [6, 3, 0, 3]);
    assert!(!codes(&table).contains(&"V103".to_owned()));
    // What the reviewer wrote is not lost.
    let project = Project::with(&[("a.csv", &table)]);
    let run = project.run(&["tally", "@/a.csv", "--by", "extra.复查结果", "--format", "csv"]).success();
    assert!(run.stdout.contains("经复查"), "{}", run.stdout);
}

#[test]
fn a_sentence_that_says_otherwise_than_what_is_counted_is_told() {
    let told = |header: &str, row: &str| {
        let table = ledger(header, &[row]);
        (states(&table)[1], codes(&table).contains(&"R215".to_owned()))
    };
    for (header, row, expected) in [
        ("整改情况,整改完成日期", "正在整改，预计8月15日完成,2021-08-09", (1, true)),
        ("整改情况,整改完成日期", "原未整改，现已整改,2021-08-09", (1, false)),
        ("复查日期,复查结果", "2021-08-12,仍未整改到位，现场仍有杂物", (1, true)),
        ("复查日期,复查结果", "2021-08-12,仍未整改到位", (0, false)),
        ("整改状态,复查结果", "已整改,整改不彻底，须再查", (1, true)),
        ("整改状态,复查结果", "已整改,整改不彻底", (0, false)),
        ("整改状态,备注", "整改中,已销号", (0, true)),
        ("整改状态,备注", "整改中,经批准延期至8月25日", (0, true)),
        ("整改状态,备注", "整改中,施工队未到", (0, false)),
        ("整改状态,整改情况", "整改中,已更换灭火器", (0, false)),
    ] {
        assert_eq!(told(header, row), expected, "{header}: {row}");
    }
}

#[test]
fn midnight_behind_a_deadline_is_no_hour() {
    let late = |row: &str| {
        let project = Project::with(&[(
            "a.csv",
            &format!(
                "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期\n2021-08-03,甲,消防,乙,限期整改,{row}\n"
            ),
        )]);
        let run = project.run(&["tally", "@/a.csv", "--as-of", "2021-08-12", "--format", "json"]).success();
        run.json()["total"]["late"].as_u64().unwrap()
    };
    assert_eq!(late("2021-08-10 00:00:00,2021-08-10 15:23:41"), 0);
    assert_eq!(late("2021/8/10 0:00,2021/8/10 15:23"), 0);
    for deadline in ["2021-08-10 18:00", "2021年8月10日18时前", "2021年8月10日下午6时前"] {
        for (done, is_late) in [("2021-08-10 19:00", 1), ("2021年8月10日19时30分", 1), ("2021-08-10 17:59", 0)] {
            assert_eq!(late(&format!("{deadline},{done}")), is_late, "{deadline} {done}");
        }
    }
}

#[test]
fn a_tick_means_what_its_column_asks() {
    assert_eq!(states(&ledger("是否整改", &["是", "否"])), [2, 1, 0, 1]);
    assert_eq!(states(&ledger("是否办结", &["是", "否"])), [2, 1, 1, 1]);
    assert_eq!(states(&ledger("是否整改,是否销号", &["是,否", "是,是", "否,否"])), [3, 2, 1, 1]);
}

#[test]
fn words_of_the_status_are_known() {
    for (word, expected) in [
        ("关闭", [1, 1, 1, 0]),
        ("闭环", [1, 1, 1, 0]),
        ("已闭环", [1, 1, 1, 0]),
        ("开放", [1, 0, 0, 1]),
        ("未闭环", [1, 0, 0, 1]),
        ("已完成整改", [1, 1, 0, 0]),
        ("整改完毕", [1, 1, 0, 0]),
        ("按期整改", [1, 1, 0, 0]),
        ("合格", [1, 1, 0, 0]),
        ("不合格", [1, 0, 0, 1]),
        ("已落实", [1, 1, 0, 0]),
        ("待解决", [1, 0, 0, 1]),
        ("已解决", [1, 1, 0, 0]),
        ("待复查", [1, 0, 0, 1]),
        ("待销号", [1, 0, 0, 1]),
    ] {
        let table = ledger("隐患状态", &[word]);
        assert_eq!(states(&table), expected, "{word}");
        assert!(!codes(&table).contains(&"V103".to_owned()), "{word}");
    }
}

#[test]
fn words_of_the_disposition_are_known_and_a_fine_is_none() {
    for (words, value) in [
        (
            &["停工整改", "停业整顿", "限期改正", "责令改正", "下发整改通知书", "Notice to Comply", "Stop work"][..],
            "deadline",
        ),
        (&["现场处理", "Corrected", "即查即改"], "on_site"),
        (&["口头警告"], "advised"),
        (&["限期整改、罚款", "限期改正，罚款500元", "罚款200元；限期整改、限期改正"], "deadline"),
    ] {
        for word in words {
            let table = format!(
                "发现日期,责任单位,问题类别,问题描述,处理措施,期限\n2021-08-03,甲,消防,乙,\"{word}\",2021-08-10\n"
            );
            let project = Project::with(&[("a.csv", &table)]);
            let tally = project.run(&["tally", "@/a.csv", "--format", "json"]).success().json();
            assert_eq!(tally["total"]["disposition"][value], 1, "{word}: {tally}");
        }
    }
    for word in ["罚款", "罚款1000元", "限期整改、现场整改"] {
        let table =
            format!("发现日期,责任单位,问题类别,问题描述,整改方式,期限\n2021-08-03,甲,消防,乙,{word},2021-08-10\n");
        assert!(codes(&table).contains(&"V102".to_owned()), "{word}");
    }
}

#[test]
fn headers_of_public_ledgers_are_known() {
    let table = "隐患编号,检查日期,被检查部门,检查区域,检查项,问题及隐患,处置措施,整改期限,隐患状态,罚款金额,整改前图片,整改后图片,销项日期,整改责任人,复查人员\n\
        A1,2021-08-03,甲车间,东区,消防,灭火器过期,限期整改,2021-08-10,已闭环,500,有,有,2021-08-09,某,某\n";
    // No column for the date of rectification: R204 can't be checked.
    assert_eq!(codes(table), ["L123"]);
    // Beside a column that says it better, such a header is kept as it is, whichever comes first.
    let table = "发现日期,检查区域,施工单位,责任单位,隐患部位,检查内容,问题类别,不合格项描述,处理措施,整改方式,照片\n\
        2021-08-03,东区,某公司,甲,3号楼,消火栓,消防,无水,已督促,现场整改,有\n";
    assert_eq!(codes(table), Vec::<String>::new());
    let project = Project::with(&[("a.csv", table)]);
    let by = |key: &str| {
        project.run(&["tally", "@/a.csv", "--by", key, "--format", "json"]).json()["groups"][0]["key"][key].clone()
    };
    assert_eq!([by("unit"), by("site"), by("category"), by("extra.施工单位")], ["甲", "3号楼", "消防", "某公司"]);
}

#[test]
fn a_review_bears_out_a_closing() {
    let with = |header: &str, row: &str| codes(&ledger(header, &[row])).contains(&"R204".to_owned());
    assert!(with("状态,整改完成日期,复查日期", "已销号,,"));
    assert!(!with("状态,整改完成日期,复查日期", "已销号,,2021-08-09"));
    assert!(!with("是否销号,复查时间", "是,2021-08-09"));
}

/// 57 rows with a disposition and a column that nobody knows, and one with another.
fn unknown_words() -> String {
    let row = |at: usize, word: &str| format!("2021-08-{:02},甲社区,消防,灭火器过期{at},{word},三级\n", at % 9 + 1);
    let head = "发现日期,责任单位,问题类别,问题描述,整改方式,管控级别\n".to_owned();
    let rows = (0..57).map(|at| row(at, "挂账处理"));
    std::iter::once(head).chain(rows).chain([row(57, "挂牌销号")]).collect()
}

#[test]
fn a_word_unknown_in_many_rows_is_one_finding_in_every_format() {
    let project = Project::with(&[("a.csv", &unknown_words())]);
    let run = |format: &str| project.run(&["check", "@/a.csv", "--format", format, "--as-of", "2021-08-20"]);
    let json = run("json").json();
    let found = json["diagnostics"].as_array().unwrap();
    let words: Vec<_> = found.iter().filter(|fault| fault["code"] == "V102").collect();
    assert_eq!((words.len(), &json["errors"]), (2, &2.into()), "{json}");
    let first = words[0];
    assert_eq!((&first["line"], &first["count"]), (&2.into(), &57.into()));
    let lines: Vec<u64> = first["rows"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, (2..=58).collect::<Vec<_>>());
    assert!(words[1].get("count").is_none() && words[1].get("rows").is_none());
    let line = "duban config add values.disposition.规范值 挂账处理";
    assert!(first["help"].as_str().unwrap().contains(line), "{first}");
    for format in ["text", "github", "gitlab", "sarif", "junit", "html"] {
        let text = run(format).stdout.replace("\n  ", "").replace("\n    = ", "");
        let times = text.matches("整改方式“挂账处理”不在词表中，共 57 行：2–58").count();
        // JUnit says it in an attribute and in the text.
        assert_eq!(times, if format == "junit" { 2 } else { 1 }, "{format}: {text}");
    }
    let sarif = run("sarif").json();
    let counts = sarif["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["occurrenceCount"].clone());
    assert!(counts.into_iter().any(|count| count == 57));
}

#[test]
fn the_line_to_paste_makes_the_word_known() {
    let project = Project::with(&[("a.csv", &unknown_words())]);
    let config = "values: {disposition: {deadline: [挂账处理], assigned: [挂牌销号]}}\nignore: [管控级别]\n";
    project.write("duban.yaml", config.as_bytes());
    let run = project.run(&["check", "@/a.csv", "--as-of", "2021-08-20"]);
    assert!(!run.stdout.contains("V102") && !run.stdout.contains("L105"), "{}", run.stdout);
}

#[test]
fn a_column_missing_in_every_sheet_is_one_finding() {
    let table = "发现日期,责任单位,问题类别,问题描述\n2021-08-03,甲,消防,乙\n";
    let project = Project::with(&[("a.csv", table), ("b.csv", table)]);
    let json = project.run(&["check", "@/a.csv", "@/b.csv", "--format", "json"]).json();
    let missing = json["diagnostics"].as_array().unwrap().iter().filter(|fault| fault["field"] == "disposition");
    assert_eq!(missing.count(), 2, "one for each file: {json}");
}

const PAPERS: [&str; 6] = ["bulletin", "briefing", "summary", "ledger", "contact-card", "reminder"];

/// The dispositions of a tally, which must be found together, and the codes of `check`.
fn partition(table: &str, config: &str) -> (serde_json::Value, Vec<String>) {
    let project = Project::with(&[("a.csv", table), ("duban.yaml", config)]);
    for kind in PAPERS {
        let run = project.run(&["draft", kind, "@/a.csv", "--as-of", "2021-08-12", "--to", "md", "-o", "@/out"]);
        assert_eq!(run.status, 0, "{kind}: {run:?}");
    }
    let total = project.run(&["tally", "@/a.csv", "--as-of", "2021-08-12", "--format", "json"]).success().json();
    let total = total["total"].clone();
    let parts = total["disposition"].as_object().unwrap().values().map(|count| count.as_u64().unwrap());
    assert_eq!(total["found"].as_u64(), Some(parts.sum()), "{total}");
    let json = project.run(&["check", "@/a.csv", "--as-of", "2021-08-12", "--format", "json"]).json();
    let faults = json["diagnostics"].as_array().unwrap().iter();
    let codes = faults.map(|fault| {
        let count = fault["count"].as_u64().unwrap_or(1);
        format!("{} {} {count}", fault["code"].as_str().unwrap(), fault["severity"].as_str().unwrap())
    });
    (total["disposition"].clone(), codes.collect())
}

#[test]
fn a_ledger_without_dispositions_gives_every_paper() {
    let (none, codes) = partition("发现日期,责任单位,问题描述\n2021-08-03,甲,乙\n2021-08-03,甲,丙\n", "{}");
    assert_eq!((none, codes), (serde_json::json!({"unstated": 2}), vec!["L120 warning 1".to_owned(); 2]));
    let head = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n";
    let table = format!(
        "{head}2021-08-03,甲,消防,乙,,\n2021-08-03,甲,,丙,现场整改,\n2021-08-03,甲,消防,丁,/,\n2021-08-03,甲,/,戊,待定,\n"
    );
    let (blanks, codes) = partition(&table, "{}");
    assert_eq!(blanks, serde_json::json!({"on_site": 1, "unstated": 3}));
    assert_eq!(codes, ["V120 warning 3", "V120 warning 2"]);
}

#[test]
fn a_word_that_nobody_knows_counts_as_unstated() {
    let table = "发现日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲,消防,乙,挂账\n2021-08-03,甲,别的,丙,挂账\n2021-08-03,甲,消防、别的,丁,现场整改\n";
    let config = "categories: [消防]\n";
    let (counts, codes) = partition(table, config);
    assert_eq!(counts, serde_json::json!({"on_site": 1, "unstated": 2}));
    assert_eq!(codes, ["V102 error 2", "V106 error 2"]);
    let project = Project::with(&[("a.csv", table), ("duban.yaml", config)]);
    let by = |arguments: &[&str]| {
        let all = [&["tally", "@/a.csv", "--format", "json", "--by", "category"], arguments].concat();
        let json = project.run(&all).success().json();
        let groups = json["groups"].as_array().unwrap().iter();
        let groups = groups.map(|group| format!("{} {}", group["key"]["category"].as_str().unwrap(), group["found"]));
        (groups.collect::<Vec<_>>(), json["total"]["repeat"].clone())
    };
    assert_eq!(by(&[]), (vec!["消防 2".to_owned(), "unstated 1".to_owned()], 1.into()));
    for condition in ["category=未注明", "category=unstated", "category=", "category!=消防"] {
        assert_eq!(by(&["--where", condition]).0, ["unstated 1"], "{condition}");
    }
    let table = project.run(&["tally", "@/a.csv", "--by", "category"]).success().stdout;
    assert!(table.contains("未注明"), "{table}");
}

#[test]
fn a_bulletin_names_what_is_not_stated() {
    let table = "发现日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲,消防,乙,\n2021-08-03,甲,,丙,现场整改\n";
    let project = Project::with(&[("a.csv", table)]);
    project.run(&["draft", "bulletin", "@/a.csv", "--as-of", "2021-08-12", "--to", "md", "-o", "@/out"]).success();
    let mut files = std::fs::read_dir(project.path().join("out")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|end| end == "md")).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("其中现场整改1个、未注明1个"), "{text}");
    assert!(!text.contains("unstated"), "{text}");
}

/// `CODE:LINE` of each fault of `log.csv`.
fn found(project: &Project) -> Vec<String> {
    let check = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--format", "json"]).json();
    let list = check["diagnostics"].as_array().unwrap();
    list.iter().map(|fault| format!("{}:{}", fault["code"].as_str().unwrap(), fault["line"])).collect()
}

/// Both columns can't be right: the one that denies counts, and it is told.
#[test]
fn columns_that_contradict_each_other_are_told() {
    let log = |rows: &str| {
        let head =
            "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期,整改状态,复查结果,是否销号,销号日期";
        let rows: Vec<String> = rows
            .lines()
            .enumerate()
            .map(|(at, row)| format!("2021-08-03,甲,消防,问题{at},限期整改,2021-08-10,{row}"))
            .collect();
        Project::with(&[("log.csv", &format!("{head}\n{}\n", rows.join("\n")))])
    };
    let wrong = log(
        ",整改中,,是,\n,整改中,合格,,\n2021-08-09,已整改,不合格,是,\n2021-08-09,已销号,,否,\n2021-08-09,已整改,,否,2021-08-11",
    );
    assert_eq!(found(&wrong), ["R213:2", "R213:3", "R213:4", "R213:5", "R213:6"]);
    let counts = wrong.run(&["tally", "@/log.csv", "--as-of", "2021-08-20", "--format", "json"]).json();
    assert_eq!((&counts["total"]["rectified"], &counts["total"]["closed"]), (&json!(2), &json!(0)));
    let sound =
        log("2021-08-09,已整改,合格,是,2021-08-11\n2021-08-09,已整改,不合格,,\n,整改中,,否,\n2021-08-09,已整改,,否,");
    assert_eq!(found(&sound), [""; 0]);
}

/// 整改情况 told in sentences is no status, which is one thing to know about a log.
#[test]
fn progress_in_sentences_counts_as_open_and_is_told_once() {
    let head = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期,整改情况";
    let rows = "2021-08-03,甲,消防,问题一,限期整改,2021-08-10,,已更换灭火器3具\n\
                2021-08-03,甲,消防,问题二,限期整改,2021-08-10,,已整改，等待验收\n\
                2021-08-03,甲,消防,问题三,限期整改,2021-08-10,,\n\
                2021-08-03,甲,消防,问题四,限期整改,2021-08-10,2021-08-09,已清理\n\
                2021-08-03,甲,消防,问题五,限期整改,2021-08-10,,已整改\n\
                2021-08-03,甲,消防,问题六,现场整改,,,当场清走\n";
    let project = Project::with(&[("log.csv", &format!("{head}\n{rows}"))]);
    assert_eq!(found(&project), ["R214:2"]);
    let text = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20"]).stdout;
    assert!(text.contains("2 个问题按未整改计"), "{text}");
    // What the help says to write is understood.
    project.write("duban.yaml", "values: {status: {rectified: ['已整改*', '已更换*']}}\n".as_bytes());
    assert_eq!(found(&project), [""; 0]);
    let counts = project.run(&["tally", "@/log.csv", "--as-of", "2021-08-20", "--format", "json"]).json();
    assert_eq!(counts["total"]["rectified"], 5);
}

/// A paper prints the marks of a text's own script; the ledger, which is read back, those of the log.
#[test]
fn papers_have_the_punctuation_of_the_script() {
    let table = "发现日期,责任单位,问题类别,问题描述,整改方式\n\
        2021-08-03,甲社区,消防,\"标有\"\"A级\"\"字样,压力1,000千帕;未检\",限期整改\n\
        2021-08-03,乙社区,消防,\"Door blocked，exit unlit\",限期整改\n";
    let project = Project::with(&[("a.csv", table), ("duban.yaml", "{}")]);
    let draft = |kind: &str, lang: &str| {
        let arguments =
            ["draft", kind, "@/a.csv", "--as-of", "2021-08-12", "--to", "md", "-o", "@/out", "--lang", lang];
        let run = project.run(&arguments).success();
        std::fs::read_to_string(project.path().join(run.stdout.lines().next().unwrap())).unwrap()
    };
    for lang in ["zh", "en"] {
        let paper = draft("bulletin", lang);
        assert!(paper.contains("标有“A级”字样，压力1,000千帕；未检"), "{paper}");
        assert!(paper.contains("Door blocked, exit unlit"), "{paper}");
        let ledger = draft("ledger", lang);
        assert!(ledger.contains("压力1,000千帕;未检") && ledger.contains("Door blocked，exit unlit"), "{ledger}");
    }
    let check = project.run(&["check", "@/a.csv", "--as-of", "2021-08-12", "--only", "V117", "--format", "json"]);
    let fault = &check.json()["diagnostics"][0];
    assert_eq!((&fault["code"], &fault["severity"], &fault["line"]), (&"V117".into(), &"info".into(), &2.into()));
    assert!(fault["message"].as_str().unwrap().starts_with("2 格"), "{fault}");
}

#[test]
fn several_units_in_a_cell_are_told_unless_a_list_knows_them() {
    let table = "发现日期,责任单位,问题类别,问题描述,整改方式\n\
        2021-08-03,甲社区、乙社区,消防,通道堵塞,现场整改\n2021-08-04,甲社区、乙社区,消防,灯坏,现场整改\n";
    let lines = |config: &str| {
        let project = Project::with(&[("duban.yaml", config), ("log.csv", table)]);
        let run = project.run(&["check", "@/log.csv", "--only", "V118", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        report["diagnostics"].as_array().unwrap().iter().map(|one| one["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(lines("lang: zh\n"), [2, 3]);
    assert_eq!(lines("lang: zh\nunits: [甲社区、乙社区]\n"), [0; 0]);
}

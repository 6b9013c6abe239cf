//! An edited document is held against its draft: planted edits are told at their place, harmless ones are not told.

use std::io::{Cursor, Read as _};
use std::path::Path;

use duban::words::lang::Lang;
use serde_json::Value;

use crate::project::{Project, Run};
use crate::word_file::word;

/// The examples with their drafts, which tests edit.
fn drafts(example: &str, day: &str) -> Project {
    let project = Project::example(example);
    for kind in ["bulletin", "summary"] {
        project
            .run(&["-q", "draft", kind, "--all", "--as-of", day, "--to", "docx,md,html", "-o", "@/drafts"])
            .success();
    }
    project
}

fn zhengdong() -> Project {
    drafts("zhengdong-2021", "2021-08-20")
}

fn proof(project: &Project, of: &str, document: &str, bytes: &[u8]) -> Run {
    project.write(document, bytes);
    let (document, of) = (format!("@/{document}"), format!("@/drafts/{of}.figures.json"));
    project.run(&["-q", "proof", &document, "--of", &of, "--format", "json"])
}

/// An edit of a text, the list in which it is told, and what is told of it.
type Edit = (&'static str, &'static str, &'static str, &'static str);

/// What an entry says that is told.
fn says(entry: &Value) -> String {
    ["written", "message", "traced"].iter().filter_map(|key| entry[*key].as_str()).collect::<Vec<_>>().join("|")
}

fn planted(project: &Project, draft: &str, edits: &[Edit]) {
    let text = std::fs::read_to_string(project.path().join(format!("drafts/{draft}.md"))).unwrap();
    for (from, to, list, told) in edits {
        assert!(text.contains(from), "{from}");
        let run = proof(project, draft, "final.md", text.replacen(from, to, 1).as_bytes());
        let report = run.json();
        assert_eq!(run.status, 1, "{from} -> {to}: {}", run.stdout);
        let entries = report[*list].as_array().unwrap();
        assert!(entries.iter().any(|entry| says(entry).contains(told)), "{from} -> {to}: {}", run.stdout);
        adds_up(&report);
    }
}

/// Every number that was seen is counted once.
fn adds_up(report: &Value) {
    let count = |key: &str| report[key].as_u64().unwrap_or_else(|| report[key].as_array().unwrap().len() as u64);
    assert_eq!(count("seen"), count("same") + count("changed") + count("new") + count("other"), "{report}");
}

fn harmless(project: &Project, draft: &str, edits: &[(&str, &str)]) {
    let text = std::fs::read_to_string(project.path().join(format!("drafts/{draft}.md"))).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        let run = proof(project, draft, "final.md", text.replacen(from, to, 1).as_bytes());
        assert_eq!(run.status, 0, "{from} -> {to}: {}{}", run.stdout, run.stderr);
        adds_up(&run.json());
    }
}

/// Nineteen figures of a sentence, each edited by hand.
#[test]
fn a_changed_figure_of_the_text_is_told() {
    let edits: &[Edit] = &[
        ("开展督查59次", "开展督查58次", "changed", "58|59"),
        ("点位110个", "点位101个", "changed", "101"),
        ("单位20个", "单位21个", "changed", "21"),
        ("现场整改25个", "现场整改二十六个", "changed", "二十六"),
        ("立行立改8个", "立行立改９个", "changed", "９"),
        ("限期整改24个", "限期整改30余个", "changed", "30余"),
        ("持续整改1个", "持续整改2个", "changed", "2"),
        ("日常检查4个", "日常检查14个", "changed", "14"),
        ("专项督查31个", "专项督查13个", "changed", "13"),
        ("日常检查4个、专项督查31个", "日常检查31个、专项督查4个", "changed", "31|4"),
        ("已整改61个", "已整改16个", "changed", "16|61"),
        ("未整改14个（其中逾期5个）", "未整改14个（其中逾期4个）", "changed", "4|5"),
        ("整改率81.3%", "整改率83.1%", "changed", "83.1%|81.3%"),
        ("整改率81.3%", "整改率83.1%", "sums", "61 ÷ 75"),
        ("整改率81.3%", "整改率81.3‰", "changed", "81.3‰"),
        ("限期整改24个", "限期整改23个", "sums", "75"),
        ("整改率81.3%", "整改情况良好", "missing", "81.3%"),
        ("发现问题75个。现将", "发现问题75个，同比下降12%。现将", "new", "12%"),
        ("隔离酒店23个，涉及", "隔离酒店32个，涉及", "changed", "32|23"),
    ];
    planted(&zhengdong(), "bulletin-draft-2021-08-20", edits);
}

#[test]
fn a_changed_cell_a_date_a_name_and_a_description_are_told() {
    let edits: &[Edit] = &[
        ("| 贾陈社区 | 2 |", "| 贾陈社区 | 3 |", "changed", "3|2"),
        ("| 贾陈社区 | 2 |", "| 贾陈社区 | 3 |", "sums", "4"),
        ("| 合计 | 10 |", "| 合计 | 11 |", "changed", "11|10"),
        ("| 清溪路街道办事处 | 1 | 2 |  |", "| 清溪路街道办事处 | 1 | 2 | 1 |", "new", "1"),
        ("| 贾陈社区 | 2 |  | 1 |", "| 贾陈社区 |  |  | 1 |", "missing", "2"),
        ("| 贾陈社区 | 2 |", "| 槐荫社区 | 2 |", "names", "槐荫社区|贾陈社区"),
        ("| 金光路街道办事处 | 5 | 0 | 0 |", "| 金光路街道办事处 | 4 | 0 | 0 |", "changed", "4|5"),
        ("截至8月20日，已整改", "截至8月21日，已整改", "changed", "8月21日"),
        ("截至8月20日，已整改", "截至8月32日，已整改", "slips", "8月32日"),
        ("\"第16期\"", "\"第17期\"", "changed", "第17期"),
        ("现场约60人聚集", "现场约80人聚集", "changed", "约80"),
        ("（一）康宁路街道办事处（1个）", "（一）康宁路街道办事处（2个）", "changed", "2|1"),
        ("（一）康宁路街道办事处（1个）", "（一）康平路街道办事处（1个）", "names", "康平路"),
        ("期限8月25日", "期限8月26日", "changed", "8月26日"),
        ("开展督查59次", "开展督查XX次", "slips", "XX"),
        ("开展督查59次", "开展督查XX次", "missing", "59"),
        ("现将有关情况", "即33=17+15。现将有关情况", "sums", "33=17+15"),
    ];
    let project = zhengdong();
    planted(&project, "bulletin-draft-2021-08-20", edits);
    let text = std::fs::read_to_string(project.path().join("drafts/bulletin-draft-2021-08-20.md")).unwrap();
    let text = text.replace("且无交接班签字", "且无交接记录");
    let report = proof(&project, "bulletin-draft-2021-08-20", "final.md", text.as_bytes()).json();
    let key = report["altered"][0]["key"].as_str().unwrap();
    assert!(key.starts_with("k-") && report["changed"].as_array().unwrap().is_empty(), "{report}");
}

#[test]
fn changed_figures_of_a_summary_are_told() {
    let edits: &[Edit] = &[
        ("工作专班12个", "工作专班11个", "changed", "11|12"),
        ("### （二）嵌入式督查", "### （二）嵌入式督查\n\n### （三）其他督查", "moved", "嵌入式"),
        ("检查点位70余个", "检查点位80余个", "changed", "80余"),
        ("检查点位70余个", "检查点位71个", "changed", "71"),
        ("限期整改16个", "限期整改15个", "sums", "33"),
        ("约谈主要负责人4人", "约谈主要负责人5人", "changed", "5|4"),
        ("用时2天", "用时三天", "changed", "三"),
        ("8月6日立案", "8月5日立案", "changed", "8月5日"),
        ("工作提醒函14份", "工作提醒函十五份", "changed", "十五"),
        ("〔2021〕1号", "[2021]1号", "slips", "[2021]1号"),
    ];
    planted(&zhengdong(), "summary-draft-2021-08-20", edits);
    let english: &[Edit] = &[
        ("15 are rectified", "16 are rectified", "changed", "16|15"),
        ("(60.0%)", "(66.0%)", "changed", "66.0%"),
        ("25 issues were found", "twenty issues were found", "changed", "twenty"),
        ("| Noodle House Group |  | 3 |", "| Noodle House Group |  | 2 |", "changed", "2|3"),
        ("June 21, 2024", "June 12, 2024", "changed", "June 12, 2024"),
    ];
    planted(&drafts("city-food-2024", "2024-06-14"), "bulletin-draft-2024-06-14", english);
}

#[test]
fn harmless_edits_are_not_told() {
    let edits = [
        ("监督检查", "监督检查"),
        ("发现问题75个。现将", "共查出问题75个。现将"),
        ("检查发现问题75个，其中", "检查发现问题七十五个，其中："),
        ("点位110个", "点位１１０个"),
        ("点位110个", "点位100余个"),
        ("点位110个", "点位 110 个"),
        ("整改率81.3%", "整改率百分之八十一点三"),
        ("整改率81.3%", "整改率为81%"),
        ("截至2021年8月20日，", "截至二〇二一年八月二十日，"),
        ("截至8月20日，已整改", "截至2021年8月20日，已整改"),
        ("已整改61个，未整改14个", "已整改**61**个，未整改14个"),
        ("现将有关情况通报如下。", "现将有关情况通报如下，请遵照执行。各单位要进一步提高认识，举一反三。"),
        ("按来源分，", "按照问题来源划分，"),
        ("各有关单位", "各有关责任单位"),
        ("整改率81.3%。", "整改率81.3%。\n\n对整改不力的，将一并追究责任。"),
    ];
    harmless(&zhengdong(), "bulletin-draft-2021-08-20", &edits);
    let english = [
        ("25 issues were found", "25 matters were identified"),
        ("As of June 14, 2024, 15 are rectified", "By 14 June 2024, 15 had been put right"),
        ("please put them right at once", "please act at once"),
    ];
    harmless(&drafts("city-food-2024", "2024-06-14"), "bulletin-draft-2024-06-14", &english);
}

/// Changes the body of the bulletin as a Word file.
fn edited_word(project: &Project, from: &str, to: &str) -> Vec<u8> {
    word(&project.path().join("drafts/bulletin-draft-2021-08-20.docx"), &|name, xml| {
        if name == "word/document.xml" {
            assert!(xml.contains(from), "{from}");
            return xml.replacen(from, to, 1);
        }
        xml
    })
}

const BREAK: &str = "</w:t></w:r><w:r><w:t xml:space=\"preserve\">";

/// Runs, tracked changes, text boxes, fields and charts of Word files.
#[test]
fn what_word_writes_is_read_as_a_reader_sees_it() {
    let project = zhengdong();
    let tracked = |deleted: &str, inserted: &str| {
        format!(
            "</w:t></w:r><w:del w:id=\"1\" w:author=\"a\"><w:r><w:delText>{deleted}</w:delText></w:r></w:del>\
             <w:ins w:id=\"2\" w:author=\"a\"><w:r><w:t>{inserted}</w:t></w:r></w:ins><w:r><w:t xml:space=\"preserve\">"
        )
    };
    let of_box = "</w:t></w:r><w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice><w:txbxContent><w:p><w:r><w:t>发现问题98个</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>发现问题98个</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>";
    let moved =
        "</w:t></w:r><w:moveFrom w:id=\"3\" w:author=\"a\"><w:r><w:t>，整改率81.3%</w:t></w:r></w:moveFrom><w:r><w:t>";
    for (from, to, list, told) in [
        ("开展督查59次", "开展督查58次".to_owned(), "changed", "58|59"),
        ("开展督查59次", format!("开展督查6{BREAK}9次"), "changed", "69|59"),
        ("已整改61个", format!("已整改{}个", tracked("61", "62")), "changed", "62|61"),
        ("，整改率81.3%", moved.to_owned(), "missing", "81.3%"),
        ("现将有关情况", of_box.to_owned(), "new", "98"),
        (">贾陈社区<", ">槐荫社区<".to_owned(), "names", "槐荫社区|贾陈社区"),
    ] {
        let run = proof(&project, "bulletin-draft-2021-08-20", "final.docx", &edited_word(&project, from, &to));
        let report = run.json();
        let entries = report[list].as_array().unwrap();
        let found = entries.iter().filter(|entry| says(entry).contains(told)).count();
        assert_eq!((run.status, found), (1, 1), "{from} -> {to}: {}", run.stdout);
        adds_up(&report);
    }
    let page = "</w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>77个</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\">";
    for (from, to) in [
        ("开展督查59次", format!("开展督查5{BREAK}9次")),
        ("检查发现问题", format!("检查{}问题", tracked("发现", "查出"))),
        ("已整改61个", format!("已整改{}个", tracked("62", "61"))),
        ("现将有关情况", format!("{page}现将有关情况")),
    ] {
        let run = proof(&project, "bulletin-draft-2021-08-20", "final.docx", &edited_word(&project, from, &to));
        assert_eq!(run.status, 0, "{from} -> {to}: {}", run.stdout);
        let tracked = run.json()["tracked"].as_array().unwrap().len();
        assert_eq!(tracked > 0, to.contains("<w:ins "), "{}", run.stdout);
    }
    let path = project.path().join("drafts/bulletin-draft-2021-08-20.docx");
    let chart = word(&path, &|name, xml| {
        if name.contains("charts/chart") { xml.replacen("<c:v>5</c:v>", "<c:v>55</c:v>", 1) } else { xml }
    });
    let run = proof(&project, "bulletin-draft-2021-08-20", "final.docx", &chart);
    let changed = &run.json()["changed"][0];
    assert!(says(changed).contains("55|5") && changed["place"].as_str().unwrap().starts_with('图'), "{}", run.stdout);
}

/// Every format of every draft is what it was made from.
#[test]
fn a_draft_that_nobody_edited_is_clean() {
    for (example, day) in [("zhengdong-2021", "2021-08-20"), ("city-food-2024", "2024-06-14")] {
        let project = Project::example(example);
        for kind in ["bulletin", "summary", "reminder", "ledger"] {
            let all = ["-q", "draft", kind, "--all", "--as-of", day, "--to", "docx,md,html", "-o", "@/drafts"];
            project.run(&all).success();
        }
        let mut seen = 0;
        for entry in std::fs::read_dir(project.path().join("drafts")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension != "json") {
                let run = project.run(&["-q", "proof", path.to_str().unwrap(), "--format", "json"]);
                assert_eq!(run.status, 0, "{}: {}{}", path.display(), run.stdout, run.stderr);
                seen += run.json()["same"].as_u64().unwrap();
            }
        }
        assert!(seen > 500, "{seen}");
    }
}

#[test]
fn a_new_figure_has_selections_and_a_changed_log_is_drift() {
    let project = zhengdong();
    let draft = "bulletin-draft-2021-08-20";
    let text = std::fs::read_to_string(project.path().join(format!("drafts/{draft}.md"))).unwrap();
    let text = text.replacen("已整改61个", "已整改62个", 1).replacen("现将有关", "其中辖区内逾期5个。现将有关", 1);
    let report = proof(&project, draft, "final.md", text.as_bytes()).json();
    assert_eq!((&report["changed"][0]["now"], &report["drift"]), (&"61".into(), &Value::Array(Vec::new())));
    let candidates = report["new"][0]["candidates"].as_array().unwrap();
    assert!(candidates.contains(&serde_json::json!({"overdue": true})) && candidates.len() <= 5, "{report}");
    // A row goes.
    let log = project.path().join("logs/01-sieve-a.csv");
    let rows = std::fs::read_to_string(&log).unwrap();
    let kept: Vec<&str> = rows.lines().filter(|line| !line.starts_with("GS-001")).collect();
    std::fs::write(&log, kept.join("\n")).unwrap();
    let report = proof(&project, draft, "final.md", text.as_bytes()).json();
    assert_eq!(report["changed"][0]["traced"], "61");
    assert!(report["drift"].as_array().unwrap().iter().any(|one| one["traced"] == 75 && one["now"] == 74), "{report}");
}

/// Everything is made again: letters, those of the ladder, what compares with an earlier day, and a public edition beside its
/// internal one.
#[test]
fn letters_comparisons_and_public_editions_are_counted_again() {
    let project = Project::example("zhengdong-2021");
    let (unit, day) = ("永丰乡人民政府", "2021-08-20");
    for (folder, kind, more) in [
        ("letters", "reminder", &["--all", "--edition", "both"][..]),
        ("due", "due", &[]),
        ("compared", "bulletin", &["--all", "--compare", "2021-07"]),
        ("unreported", "bulletin", &[]),
    ] {
        let out = format!("@/{folder}");
        let run = [&["-q", "draft", kind, "--as-of", day, "--to", "md", "-o", &out][..], more].concat();
        project.run(&run).success();
    }
    let letter = format!("reminder-draft-{day}-{unit}");
    let read = |of: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(project.path().join(format!("{of}.md"))).unwrap();
        assert!(text.contains(from), "{of}: {from}: {text}");
        project.write("final.md", text.replacen(from, to, 1).as_bytes());
        let of = format!("@/{of}.figures.json");
        project.run(&["-q", "proof", "@/final.md", "--of", &of, "--format", "json"]).json()
    };
    let all = [
        (format!("letters/{letter}"), "逾期未整改2个", "逾期未整改3个", "2"),
        (format!("letters/{letter}-公开版"), "逾期未整改2个", "逾期未整改3个", "2"),
        (format!("due/{letter}"), "逾期未整改1个", "逾期未整改3个", "1"),
        (format!("compared/bulletin-draft-{day}"), "发现问题75个。现将", "发现问题76个。现将", "75"),
    ];
    for (of, from, to, now) in &all {
        let report = read(of, from, to);
        assert_eq!(
            (&report["changed"][0]["now"], &report["not_counted"]),
            (&(*now).into(), &Value::Null),
            "{of}: {report}"
        );
        assert_eq!(report["drift"], serde_json::json!([]), "{of}: {report}");
    }
    let unreported = read(&format!("unreported/bulletin-draft-{day}"), "现将", "兹将");
    assert_eq!(
        (&unreported["drift"], &unreported["not_counted"]),
        (&serde_json::json!([]), &Value::Null),
        "{unreported}"
    );
    // A public edition alone keeps nothing of its run.
    std::fs::remove_file(project.path().join(format!("letters/{letter}.figures.json"))).unwrap();
    let alone = read(&all[1].0, all[1].1, all[1].2);
    assert!(alone["not_counted"].is_string() && alone["changed"][0]["now"].is_null(), "{alone}");
}

#[test]
fn a_copy_has_a_comment_beside_each_place() {
    let project = zhengdong();
    let of = "@/drafts/bulletin-draft-2021-08-20.figures.json";
    project.write("final.docx", &edited_word(&project, "开展督查59次", "开展督查58次"));
    let run = project.run(&["-q", "proof", "@/final.docx", "--of", of, "--annotate", "@/told.docx"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.contains("原为 59，现写 58，台账为 59"), "{}", run.stdout);
    let mut comments = String::new();
    let bytes = std::fs::read(project.path().join("told.docx")).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.by_name("word/comments.xml").unwrap().read_to_string(&mut comments).unwrap();
    assert!(comments.contains("原为 59，现写 58"), "{comments}");
    let run = project.run(&["-q", "proof", "@/drafts/bulletin-draft-2021-08-20.md", "--annotate", "@/told.docx"]);
    assert_eq!(run.status, 2, "{}", run.stdout);
}

/// The two pages of the documentation show what a run prints.
#[test]
fn the_documentation_shows_real_runs() {
    for (example, day, page, lang, name, edits) in [
        (
            "zhengdong-2021",
            "2021-08-20",
            "docs/proof.zh-CN.md",
            Lang::Zh,
            "通报终稿.md",
            &[("已整改61个", "已整改62个"), ("| 贾陈社区 | 2 |  | 1 |", "| 贾陈社区 | 2 | 1 | 1 |")][..],
        ),
        (
            "city-food-2024",
            "2024-06-14",
            "docs/proof.md",
            Lang::En,
            "final.md",
            &[
                ("15 are rectified", "16 are rectified"),
                ("| Sunny Side Bakery |  | 1 |", "| Sunny Side Bakery | 1 | 1 |"),
                (
                    "Gap under the rear door wide enough for rodents (f",
                    "Gap under the back door wide enough for rodents (f",
                ),
            ],
        ),
    ] {
        let project = drafts(example, day);
        let draft = format!("bulletin-draft-{day}");
        let mut text = std::fs::read_to_string(project.path().join(format!("drafts/{draft}.md"))).unwrap();
        for (from, to) in edits {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        project.write(name, text.as_bytes());
        let of = format!("@/drafts/{draft}.figures.json");
        let run = project.run_lang(lang, &["-q", "proof", &format!("@/{name}"), "--of", &of]);
        let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        assert!(page.contains(&format!("```text\n{}```", run.stdout)), "{}", run.stdout);
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let project = zhengdong();
    for (name, bytes, told) in
        [("final.doc", &b"x"[..], ".docx"), ("final.docx", b"x", ".docx"), ("final.md", b"\xff\xfe", "UTF-8")]
    {
        project.write(name, bytes);
        let of = "@/drafts/bulletin-draft-2021-08-20.figures.json";
        for lang in Lang::ALL {
            let run = project.run_lang(lang, &["proof", &format!("@/{name}"), "--of", of]);
            assert_eq!(run.status, 2, "{}", run.stdout);
            assert!(run.stderr.contains(told), "{}", run.stderr);
        }
    }
    project.write("final.md", "无".as_bytes());
    let run = project.run(&["proof", "@/final.md"]);
    assert!(run.status == 2 && run.stderr.contains("--of"), "{}", run.stderr);
}

/// What older versions wrote has no text: numbers are looked up in the draft beside it, or by their values.
#[test]
fn figures_of_older_versions_are_read() {
    let project = zhengdong();
    let name = "drafts/summary-draft-2021-08-20";
    let path = project.path().join(format!("{name}.figures.json"));
    let mut sheet: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    sheet.as_object_mut().unwrap().remove("printed");
    std::fs::write(&path, sheet.to_string()).unwrap();
    let text = std::fs::read_to_string(project.path().join(format!("{name}.md"))).unwrap();
    let text = text.replacen("工作专班12个", "工作专班11个", 1);
    let run = proof(&project, "summary-draft-2021-08-20", "final.md", text.as_bytes());
    assert_eq!((run.status, says(&run.json()["changed"][0]).as_str()), (1, "11|12"), "{}", run.stdout);
    std::fs::remove_file(project.path().join(format!("{name}.docx"))).unwrap();
    let text = text.replacen("工作专班11个", "工作专班987个", 1);
    let run = proof(&project, "summary-draft-2021-08-20", "final.md", text.as_bytes());
    let report = run.json();
    assert!(report["is_by_value"] == true && says(&report["new"][0]).contains("987"), "{}", run.stdout);
}

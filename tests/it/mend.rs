//! `duban mend`: single cells of a log, and nothing else.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::Path;

use duban::words::lang::Lang;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::project::{Project, Run, run_in};
use crate::real_data::data;

const LOG: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\r\n\
    A1,2021-08-99,甲社区,消防,\"楼道,堆物\",限期整改,2021-08-10\r\nA2,2021-08-02,乙社区,消防,占道,限期整改\r\n";

fn ran(project: &Project, arguments: &[&str]) -> Run {
    project.run_lang(Lang::En, arguments)
}

/// The faults that `check` tells of a log, as JSON.
fn faults(project: &Project, log: &str) -> Vec<Value> {
    let json = ran(project, &["check", &format!("@/{log}"), "--as-of", "2021-08-20", "--format", "json"]).json();
    json["diagnostics"].as_array().unwrap().iter().filter(|fault| fault["severity"] != "info").cloned().collect()
}

/// The parts of a package by name.
fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut package = ZipArchive::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let part = |at: usize, package: &mut ZipArchive<_>| {
        let mut part = package.by_index(at).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        (name, bytes)
    };
    (0..package.len()).map(|at| part(at, &mut package)).collect()
}

#[test]
fn what_check_tells_is_mended_where_it_tells_it() {
    let project = Project::with(&[("a.csv", LOG)]);
    // Line and column as they are told, and as they are printed.
    let fault = faults(&project, "a.csv").into_iter().find(|fault| fault["code"] == "V101").unwrap();
    let place = format!("a.csv:{}:{}=2021-08-09", fault["line"], fault["column"]);
    let run = ran(&project, &["mend", "a.csv", "-o", "b.csv", "--set", &place]).success();
    assert!(run.stdout.is_empty() && run.stderr.contains("`2021-08-99` is `2021-08-09` now"), "{run:?}");
    assert_eq!(project.read("b.csv"), LOG.replace("2021-08-99", "2021-08-09"));
    assert_eq!(project.read("a.csv"), LOG);
    let edits = json!({ "edits": [
        { "line": fault["line"], "column": fault["column"], "was": "2021-08-99", "value": "2021-08-09" },
        { "line": 3, "column": "deadline", "was": "", "value": "2021-08-12" },
        { "cell": "E2", "was": "楼道,堆物", "value": "楼道\"堆物\"" },
    ] });
    let schema = ran(&project, &["schema", "edits"]).success().json();
    assert!(jsonschema::is_valid(&schema, &edits), "{edits}");
    project.write("edits.json", edits.to_string().as_bytes());
    ran(&project, &["mend", "a.csv", "-o", "c.csv", "--edits", "edits.json"]).success();
    let expected = LOG.replace("2021-08-99", "2021-08-09").replace("占道,限期整改", "占道,限期整改,2021-08-12");
    assert_eq!(project.read("c.csv"), expected.replace("\"楼道,堆物\"", "\"楼道\"\"堆物\"\"\""));
    assert_eq!(faults(&project, "c.csv"), Vec::<Value>::new());
}

#[test]
fn what_is_not_as_the_edits_say_is_left_alone() {
    let project = Project::with(&[("a.csv", LOG), ("b.csv", "kept")]);
    let edits = json!({ "edits": [
        { "line": 2, "column": 4, "was": "2021-08-98", "value": "x" },
        { "line": 9, "column": 4, "was": "", "value": "x" },
        { "line": 3, "column": "整改期限", "was": "", "value": "2021-08-12" },
    ] });
    project.write("edits.json", edits.to_string().as_bytes());
    let run = ran(&project, &["mend", "a.csv", "-o", "b.csv", "--edits", "edits.json"]);
    assert_eq!((run.status, project.read("b.csv").as_str()), (2, "kept"));
    for told in ["2 faults in the edits", "2:4: it should show `2021-08-98`", "9:4: there is no row on this line"] {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
    for wrong in [
        &["a.csv", "-o", "a.csv", "--set", "A2=x"][..],
        &["a.csv", "-o", "b.xlsx", "--set", "A2=x"],
        &["a.csv", "-o", "b.csv", "--set", "A2"],
        &["a.csv", "-o", "b.csv"],
        &["none.csv", "-o", "b.csv", "--set", "A2=x"],
        &["-", "-o", "b.csv", "--edits", "-"],
        &["a.csv", "-o", "b.csv", "--edits", "a.csv"],
    ] {
        let run = ran(&project, &[&["mend"][..], wrong].concat());
        assert_eq!((run.status, project.read("b.csv").as_str()), (2, "kept"), "{wrong:?} {}", run.stderr);
    }
    assert_eq!(project.read("a.csv"), LOG);
}

#[test]
fn a_log_comes_from_standard_input_and_the_edits_too() {
    let project = Project::with(&[("a.csv", LOG)]);
    let given = |stdin: &[u8], arguments: &[&str]| run_in(project.path(), Lang::En, stdin, arguments).success();
    given(LOG.as_bytes(), &["mend", "-", "-o", "b.csv", "--set", "C2=丙社区"]);
    assert_eq!(project.read("b.csv"), LOG.replace("甲社区", "丙社区"));
    let edits = json!({ "edits": [{ "cell": "C2", "was": "甲社区", "value": "丙社区" }] }).to_string();
    given(edits.as_bytes(), &["mend", "a.csv", "-o", "c.csv", "--edits", "-"]);
    assert_eq!(project.read("c.csv"), project.read("b.csv"));
    given(b"- unit: a\n", &["mend", "-", "--input-format", "yaml", "-o", "d.yaml", "--set", "1:unit=b"]);
    assert_eq!(project.read("d.yaml"), "- unit: b\n");
}

/// A workbook with photos keeps them, and shows the new value where the old one stood.
#[test]
fn a_workbook_keeps_its_photos() {
    for name in ["log-openpyxl.xlsx", "log-xlsxwriter.xlsx", "log-wps-cells.xlsx", "log-excel-cells.xlsx"] {
        let project = Project::with(&[]);
        let bytes =
            std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos").join(name)).unwrap();
        project.write("a.xlsx", &bytes);
        let before = ran(&project, &["check", "@/a.xlsx", "--as-of", "2026-12-01", "--format", "json"]).json();
        ran(&project, &["mend", "a.xlsx", "-o", "b.xlsx", "--set", "2:责任单位=丁 <社区>"]).success();
        let after = ran(&project, &["check", "@/b.xlsx", "--as-of", "2026-12-01", "--format", "json"]).json();
        let text = |value: &Value| value.to_string().replace("b.xlsx", "a.xlsx");
        assert_eq!(text(&after["photos"]), text(&before["photos"]), "{name}");
        let (old, new) = (parts(&project.path().join("a.xlsx")), parts(&project.path().join("b.xlsx")));
        let changed: Vec<&String> = old.keys().filter(|part| old.get(*part) != new.get(*part)).collect();
        assert!(old.len() == new.len() && changed.len() == 1 && changed[0].contains("sheet"), "{name}: {changed:?}");
        ran(&project, &["mend", "b.xlsx", "-o", "b.csv", "--set", "A1="]).success();
        assert!(project.read("b.csv").contains("丁 <社区>"));
    }
}

#[test]
fn a_workbook_of_another_format_is_written_as_csv_only() {
    let project = Project::with(&[]);
    for ending in ["xls", "ods"] {
        let name = format!("log-libreoffice.{ending}");
        let bytes =
            std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos").join(&name)).unwrap();
        project.write(&name, &bytes);
        let out = format!("b.{ending}");
        let run = ran(&project, &["mend", &name, "-o", &out, "--set", "2:责任单位=丁"]);
        assert!(
            run.status == 2 && run.stderr.contains("-o FILE.csv") && !project.path().join(&out).exists(),
            "{run:?}"
        );
        ran(&project, &["mend", &name, "-o", "b.csv", "--set", "2:责任单位=丁"]).success();
        assert!(project.read("b.csv").lines().nth(1).unwrap().contains(",丁,"), "{}", project.read("b.csv"));
    }
}

/// Workbooks that nobody here wrote: two cells are mended, or it is said why not, and no other part differs.
#[test]
fn real_workbooks_are_mended() {
    let (mut mended, mut refused) = (0, 0);
    for folder in ["suite-calamine/tests", "suite-frictionless/data"] {
        let Some(folder) = data(folder) else { continue };
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
            if !matches!(ending.as_str(), "xlsx" | "xlsm") || file.metadata().unwrap().len() > 200_000 {
                continue;
            }
            let project = Project::with(&[]);
            let out = format!("out.{ending}");
            let run =
                ran(&project, &["mend", file.to_str().unwrap(), "-o", &out, "--set", "B2=改 <&>", "--set", "Z99=12"]);
            let out = project.path().join(out);
            if run.status != 0 {
                assert!(run.status == 2 && !run.stderr.contains("would not read") && !out.exists(), "{}", run.stderr);
                refused += 1;
                continue;
            }
            mended += 1;
            let (old, new) = (parts(&file), parts(&out));
            let changed: Vec<&String> = old.keys().filter(|part| old.get(*part) != new.get(*part)).collect();
            let may_change = ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/calcChain.xml"];
            let sheets = changed.iter().filter(|part| !may_change.contains(&part.as_str())).count();
            assert!(sheets == 1 && new.keys().all(|part| old.contains_key(part)), "{}: {changed:?}", file.display());
        }
    }
    assert!(mended == 0 && refused == 0 || mended > 3 * refused, "{mended} {refused}");
}

#[test]
fn a_csv_says_which_sheets_it_does_not_hold() {
    let project = Project::with(&[("duban.yaml", "units: [甲社区]\nsheets: ['*月']\n")]);
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["八月", "九月"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(["责任单位,问题描述,整改方式,发现日期", "甲社区,占道,现场整改,2021-08-02"])
        {
            for (column, text) in (0..).zip(cells.split(',')) {
                sheet.write(row, column, text).unwrap();
            }
        }
    }
    project.write("a.xlsx", &book.save_to_buffer().unwrap());
    let run = ran(&project, &["mend", "@/a.xlsx", "--set", "八月!B2=占道经营", "-o", "@/a.csv", "--quiet"]).success();
    assert!(run.stderr.contains("left out: 九月"), "{}", run.stderr);
    assert!(project.read("a.csv").contains("占道经营"));
}

/// A workbook with a sheet of issues called 台账, which `change` goes on with.
fn book(change: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").unwrap();
    let rows = [
        "编号,责任单位,问题类别,问题描述,整改方式,发现日期",
        "1,甲社区,消防,占道,现场整改,2021-08-02",
        "2,甲社区,消防,灯坏,现场整改,2021-08-02",
    ];
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells.split(',')) {
            sheet.write(row, column, text).unwrap();
        }
    }
    change(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn a_csv_tells_what_only_the_look_of_the_sheet_said() {
    let project = Project::with(&[]);
    let bytes = book(|book| {
        let sheet = book.worksheet_from_name("台账").unwrap();
        sheet.write(1, 5, 8.2).unwrap();
        sheet.write(2, 6, 1.1).unwrap();
        sheet.set_row_hidden(2).unwrap();
        // It looks like a log, and nobody asks for it.
        let other = book.add_worksheet().set_name("旧台账").unwrap();
        for (column, text) in (0..).zip(["编号", "责任单位", "问题描述", "整改方式", "发现日期"]) {
            other.write(0, column, text).unwrap();
        }
    });
    project.write("a.xlsx", &bytes);
    let mend = |set: &[&str]| {
        let sets = set.iter().flat_map(|set| ["--set", set]);
        let begin = ["mend", "a.xlsx", "--sheet", "台账", "-o", "b.csv"];
        ran(&project, &begin.into_iter().chain(sets).collect::<Vec<_>>())
    };
    let run = mend(&["D2=占道经营"]);
    assert!(
        run.status == 2 && run.stderr.contains("F2 are numbers") && !project.path().join("b.csv").exists(),
        "{run:?}"
    );
    let run = mend(&["F2=2021-08-20"]).success();
    assert!(run.stderr.contains("1 hidden row") && run.stderr.contains("left out: 旧台账"), "{}", run.stderr);
    assert!(project.read("b.csv").contains("2021-08-20") && project.read("b.csv").contains("1.1"));
}

#[test]
fn formulas_of_other_sheets_are_told() {
    let project = Project::with(&[]);
    project.write("a.xlsx", &book(|_| ()));
    let run = ran(&project, &["mend", "a.xlsx", "-o", "b.xlsx", "--set", "D2=占道经营"]).success();
    assert!(!run.stderr.contains("formulas"), "{}", run.stderr);
    let bytes = book(|book| {
        let sheet = book.add_worksheet().set_name("汇总").unwrap();
        sheet.write_formula(0, 0, "=COUNTIF(台账!B:B,\"甲社区\")").unwrap();
    });
    project.write("a.xlsx", &bytes);
    let run = ran(&project, &["mend", "a.xlsx", "-o", "b.xlsx", "--set", "台账!D2=占道经营"]).success();
    assert!(run.stderr.contains("the workbook has formulas"), "{}", run.stderr);
}

//! Rows are read as they show: errors, numbers as days, subtotals, fillers, years.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{Formula, Workbook};
use serde_json::Value;

use crate::project::Project;

const HEADER: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态,备注\n";

/// Code, place and field of every fault that `check` finds in a file.
fn faults(project: &Project, file: &str) -> Vec<(String, String, String)> {
    let json = project.run(&["check", &format!("@/{file}"), "--as-of", "2021-08-20", "--format", "json"]).json();
    let place = |fault: &Value| match fault["cell"].as_str() {
        Some(cell) => cell.to_owned(),
        None => fault["line"].to_string(),
    };
    let list = json["diagnostics"].as_array().unwrap();
    list.iter()
        .map(|fault| {
            let field = fault["field"].as_str().unwrap_or_default();
            (fault["code"].as_str().unwrap().to_owned(), place(fault), field.to_owned())
        })
        .collect()
}

/// The same without the fields.
fn places(project: &Project, file: &str) -> Vec<(String, String)> {
    faults(project, file).into_iter().map(|(code, place, _)| (code, place)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(code, place)| ((*code).to_owned(), (*place).to_owned())).collect()
}

fn tally(project: &Project, file: &str, by: &str) -> Value {
    let file = format!("@/{file}");
    project.run(&["tally", &file, "--by", by, "--as-of", "2021-08-20", "--format", "json"]).json()
}

/// Names and counts of the groups of a tally.
fn groups(project: &Project, file: &str, by: &str) -> Vec<(String, u64)> {
    let json = tally(project, file, by);
    let groups = json["groups"].as_array().unwrap();
    let mut groups: Vec<(String, u64)> = groups
        .iter()
        .map(|group| (group["key"][by].as_str().unwrap_or_default().to_owned(), group["found"].as_u64().unwrap()))
        .collect();
    groups.sort();
    groups
}

/// A package with a text replaced in the part of its first sheet.
fn patched(book: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let mut file = package.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        if name == part {
            let old = String::from_utf8(text).unwrap();
            assert!(old.contains(from), "{old}");
            text = old.replace(from, to).into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&text).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A package with one more part.
fn with_part(book: &[u8], part: &str, text: &str) -> Vec<u8> {
    let mut out = zip::ZipWriter::new_append(Cursor::new(book.to_vec())).unwrap();
    out.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap().into_inner()
}

/// A sheet of text; what begins with `=` is a formula.
fn sheet(text: &str) -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").unwrap();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            if let Some(formula) = cell.strip_prefix('=') {
                sheet.write_formula(row, column, Formula::new(formula).set_result("甲社区")).unwrap();
            } else if !cell.is_empty() {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book
}

#[test]
fn an_error_value_is_no_unit_category_or_day() {
    let text = format!(
        "{HEADER}WT-1,2021-08-03,#N/A,消防,灭火器过期,现场整改,,,\n\
         WT-2,2021-08-03,甲社区,#REF!,通道堵塞,现场整改,,,\n\
         WT-3,#VALUE!,甲社区,消防,#NAME?,现场整改,,,\n\
         WT-4,2021-08-03,甲社区,消防,灭火器过期,#NULL!,#NUM!,#DIV/0!,Err:522\n\
         #SPILL!,2021-08-03,甲社区,消防,#3楼灭火器过期,现场整改,,,#1门\n"
    );
    let project = Project::with(&[("log.csv", &text)]);
    let expected = [
        ("2", "unit"),
        ("3", "category"),
        ("4", "found_on"),
        ("4", "description"),
        ("5", "disposition"),
        ("5", "deadline"),
        ("5", "status"),
        ("5", "note"),
        ("6", "id"),
    ];
    let found: Vec<(String, String)> = faults(&project, "log.csv")
        .into_iter()
        .map(|(code, place, field)| {
            assert_eq!(code, "V112", "{place} {field}");
            (place, field)
        })
        .collect();
    assert_eq!(found, pairs(&expected));
    assert_eq!(groups(&project, "log.csv", "unit"), [(String::new(), 1), ("甲社区".to_owned(), 4)]);
    let yaml = "- {found_on: 2021-08-03, unit: '#N/A', category: 消防, description: 过期, disposition: 现场整改}\n";
    project.write("log.yaml", yaml.as_bytes());
    assert_eq!(places(&project, "log.yaml"), pairs(&[("V112", "1")]));
}

/// The rows of a long log come from the cache; an error in a text that is not looked up there is found all the same.
#[test]
fn an_error_value_is_found_in_every_row() {
    let row = |id: u32, text: &str| format!("WT-{id},2021-08-03,甲社区,消防,{text},现场整改,,,\n");
    let rows: String = (1..=40).map(|id| row(id, "灭火器过期")).collect();
    let text = format!("{HEADER}{rows}{}{}", row(41, "#REF!"), row(42, "Err:508"));
    let project = Project::with(&[("log.csv", &text)]);
    assert_eq!(places(&project, "log.csv").iter().filter(|(code, _)| code == "V112").count(), 2);
}

/// The library refuses a workbook with a newer error; the cell is named and everything else is read.
#[test]
fn newer_errors_of_excel_do_not_stop_a_workbook() {
    let rows = format!(
        "{HEADER}WT-1,2021-08-03,=A9,消防,灭火器过期,现场整改\nWT-2,2021-08-03,乙社区,消防,通道堵塞,现场整改\n"
    );
    let book = sheet(&rows).save_to_buffer().unwrap();
    let project = Project::with(&[]);
    for error in ["#SPILL!", "#CALC!", "#GETTING_DATA", "#N/A"] {
        let cell = r#"t="str"><f>A9</f><v>甲社区</v>"#;
        let book = patched(&book, "xl/worksheets/sheet1.xml", cell, &format!(r#"t="e"><f>A9</f><v>{error}</v>"#));
        project.write("log.xlsx", &book);
        assert_eq!(places(&project, "log.xlsx"), pairs(&[("V112", "C2")]), "{error}");
        assert_eq!(groups(&project, "log.xlsx", "unit"), [(String::new(), 1), ("乙社区".to_owned(), 1)]);
    }
}

#[test]
fn a_formula_without_a_result_is_called_one() {
    let rows = format!("{HEADER}WT-1,2021-08-03,=A9,消防,灭火器过期,现场整改\n");
    let book = sheet(&rows).save_to_buffer().unwrap();
    let cell = r#"<c r="C2" t="str"><f>A9</f><v>甲社区</v></c>"#;
    let project = Project::with(&[]);
    for (stored, expected) in [
        ("<c r=\"C2\"><f>A9</f><v></v></c>", "V113"),
        ("<c r=\"C2\"><f>A9</f><v/></c>", "V113"),
        ("<c r=\"C2\"><f>A9</f></c>", "V113"),
        ("<c r=\"C2\"><f>A9</f><v>0</v></c>", "V113"),
        // A result, though an empty one.
        ("<c r=\"C2\" t=\"str\"><f>A9</f><v></v></c>", "V109"),
    ] {
        project.write("log.xlsx", &patched(&book, "xl/worksheets/sheet1.xml", cell, stored));
        assert_eq!(places(&project, "log.xlsx"), pairs(&[(expected, "C2")]), "{stored}");
    }
    // Without the note to calculate on opening, a 0 is a result.
    let stored = "<c r=\"C2\"><f>A9</f><v>0</v></c>";
    let book = patched(&book, "xl/worksheets/sheet1.xml", cell, stored);
    let book = patched(&book, "xl/workbook.xml", " fullCalcOnLoad=\"1\"", "");
    project.write("log.xlsx", &book);
    assert_ne!(places(&project, "log.xlsx"), pairs(&[("V113", "C2")]));
}

#[test]
fn a_picture_in_a_cell_is_no_text() {
    let text = format!("{HEADER}WT-1,2021-08-03,甲社区,消防,灭火器过期,现场整改,,,\"=DISPIMG(\"\"ID_12\"\",1)\"\n");
    let project = Project::with(&[("log.csv", &text)]);
    assert_eq!(places(&project, "log.csv"), pairs(&[("V114", "2")]));
    // A picture that Excel has placed in a cell.
    let rows = format!("{HEADER}WT-1,2021-08-03,甲社区,消防,灭火器过期,现场整改,,,=A9\n");
    let book = sheet(&rows).save_to_buffer().unwrap();
    let cell = r#"<c r="I2" t="str"><f>A9</f><v>甲社区</v></c>"#;
    let book = patched(&book, "xl/worksheets/sheet1.xml", cell, r#"<c r="I2" t="e" vm="1"><v>#VALUE!</v></c>"#);
    project.write("log.xlsx", &book);
    assert_eq!(places(&project, "log.xlsx"), pairs(&[("V112", "I2")]), "the data of the cell may be an error, too");
    let structure = r#"<rvStructures><s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/></s></rvStructures>"#;
    project.write("log.xlsx", &with_part(&book, "xl/richData/rdrichvaluestructure.xml", structure));
    assert_eq!(places(&project, "log.xlsx"), pairs(&[("V114", "I2")]));
}

#[test]
fn rows_without_height_are_hidden() {
    let mut book = sheet(&format!("{HEADER}WT-1,2021-08-03,甲社区,消防,灭火器过期,现场整改\n"));
    book.worksheet_from_index(0).unwrap().set_row_height(1, 0).unwrap();
    let project = Project::with(&[]);
    project.write("log.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(places(&project, "log.xlsx"), pairs(&[("L114", "A2")]));
}

//! Rows are read as they show: errors, numbers as days, subtotals, fillers, years.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::Value;

use crate::project::Project;
use crate::workbook::{Sheet, workbook};

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
pub(crate) fn patched(book: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    with_parts_changed(book, |name, bytes| {
        if name != part {
            return bytes;
        }
        let old = String::from_utf8(bytes).unwrap();
        assert!(old.contains(from), "{old}");
        old.replace(from, to).into_bytes()
    })
}

/// A package whose parts are what `change` makes of their names and bytes.
pub(crate) fn with_parts_changed(book: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let mut file = package.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let bytes = change(&name, bytes);
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
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

#[test]
fn rows_that_are_hidden_or_struck_out_are_counted_and_told() {
    let rows = "WT-1,2021-08-03,甲社区,消防,灭火器过期,现场整改\n".repeat(4);
    let text = format!("{HEADER}{rows}");
    let book = workbook(&[Sheet { name: "台账", text: &text, hidden: vec![2], struck: vec![3, 4] }]);
    let project = Project::with(&[]);
    project.write("log.xlsx", &book);
    let tally = project.run(&["tally", "@/log.xlsx", "--as-of", "2021-08-20", "--format", "json"]).json();
    assert_eq!(tally["total"]["found"], 4);
    assert_eq!((&tally["left_out"]["hidden"], &tally["left_out"]["struck"]), (&1.into(), &2.into()));
}

/// A sheet of text; what follows `#` is a number, with the number format after `|`.
fn numbers(text: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账2021").unwrap();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            if let Some((number, format)) = cell.strip_prefix('#').and_then(|cell| cell.split_once('|')) {
                let format = Format::new().set_num_format(format);
                sheet.write_number_with_format(row, column, number.parse::<f64>().unwrap(), &format).unwrap();
            } else if !cell.is_empty() {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_number_is_the_day_that_its_cell_shows() {
    let row = |day: &str, deadline: &str| format!("WT,{day},甲社区,消防,灭火器过期{deadline},限期整改,{deadline}\n");
    let text = [
        HEADER.to_owned(),
        row("2021-07-28", "#8.1|0.00"),
        row("2021-07-28", "#8.2|General"),
        row("2021-07-28", "8.20"),
        row("2021-07-28", "#8.15|General"),
        row("#7.3|0.0", "2021-08-10"),
        row("2021-07-28", "#10.1|General"),
        row("2021-07-28", "#8.4|General"),
    ];
    let project = Project::with(&[("duban.yaml", "rules: {L108: off}\n")]);
    project.write("log.xlsx", &numbers(&text.concat()));
    let found: Vec<_> = places(&project, "log.xlsx").into_iter().filter(|(code, _)| code == "V101").collect();
    assert_eq!(found, pairs(&[("V101", "G3"), ("V101", "B6"), ("V101", "G7")]));
    let due = project.run(&["due", "@/log.xlsx", "--all", "--as-of", "2021-08-09", "--format", "csv"]).stdout;
    let days: Vec<&str> = due.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    assert_eq!(days, ["2021-08-04", "2021-08-10", "2021-08-10", "2021-08-15", "2021-08-20", "", ""], "{due}");
}

#[test]
fn a_time_in_utc_belongs_to_the_day_of_the_office() {
    let record = |found: &str, deadline: &str| {
        format!(
            "- {{found_on: '{found}', unit: 甲, category: 消防, description: 过期{found}, disposition: 限期整改, \
             deadline: '{deadline}'}}\n"
        )
    };
    let text = [
        record("2021-07-31T16:00:00.000Z", "2021-08-09T16:00:00.000Z"),
        record("2021-07-31T16:00:00+00:00", "2021-08-10"),
        record("2021-08-01T00:00:00+08:00", "2021-08-10T23:59:59+08:00"),
        record("2021-08-01 09:00:00", "2021-08-10 17:00"),
        record("2021-07-31 20:00Z", "2021-08-10T15:59Z"),
    ];
    let project = Project::with(&[("log.yaml", &text.concat())]);
    assert_eq!(groups(&project, "log.yaml", "month"), [("2021-08".to_owned(), 5)]);
    let json = project.run(&["tally", "@/log.yaml", "--as-of", "2021-08-10", "--format", "json"]).json();
    assert_eq!((&json["total"]["overdue"], &json["total"]["due_soon"]), (&0.into(), &5.into()));
    project.write("duban.yaml", b"dates: {zone: '+00:00'}\n");
    assert_eq!(groups(&project, "log.yaml", "month"), [("2021-07".to_owned(), 4), ("2021-08".to_owned(), 1)]);
    project.write("duban.yaml", b"dates: {zone: Beijing}\n");
    assert_eq!(project.run(&["tally", "@/log.yaml"]).status, 2);
}

#[test]
fn the_year_of_a_day_never_comes_from_the_day_of_the_run() {
    let header = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期\n";
    let row = |days: &str| {
        let days: Vec<&str> = days.split(',').collect();
        format!("{},甲社区,消防,灭火器过期,限期整改,{},{}\n", days[0], days[1], days[2])
    };
    let title = "某区问题台账（截至2021年1月20日）\n";
    for (name, text, expected) in [
        ("log.csv", [header, &row("8月3日,8月10日,")].concat(), None),
        ("log.csv", [header, &row("8月3日,2021-08-10,")].concat(), Some("2021-08")),
        ("log.csv", [header, &row("12月20日,1月10日,2022-01-05")].concat(), Some("2021-12")),
        ("log.csv", [title, header, &row("12月20日,1月10日,")].concat(), Some("2020-12")),
        ("台账2021年8月.csv", [header, &row("8月3日,8月10日,")].concat(), Some("2021-08")),
        ("2021/log.csv", [header, &row("8月3日,8月10日,")].concat(), None),
        ("202112.csv", [header, &row("1月3日,1月10日,")].concat(), Some("2022-01")),
        ("2021.csv", [header, &row("1月3日,12月30日,")].concat(), Some("2021-01")),
        ("log.csv", [header, &row("2020-12-30,,"), &row("1月3日,1月10日,")].concat(), Some("2021-01")),
        // The row's own days go before the title, and the title before the row before.
        ("log.csv", [title, header, &row("2019-12-30,,"), &row("12月31日,,2019-12-31")].concat(), Some("2019-12")),
        ("log.csv", [title, header, &row("2019-12-30,,"), &row("12月31日,,")].concat(), Some("2020-12")),
    ] {
        let project = Project::with(&[(name, &text)]);
        for as_of in ["2022-01-10", "2023-08-20", "2024-02-29"] {
            let file = format!("@/{name}");
            let json = project.run(&["tally", &file, "--by", "month", "--as-of", as_of, "--format", "json"]).json();
            let months: Vec<&str> =
                json["groups"].as_array().unwrap().iter().filter_map(|group| group["key"]["month"].as_str()).collect();
            let found = months.iter().copied().find(|month| Some(*month) == expected);
            assert_eq!(found, expected, "{name} {text} {json}");
        }
        let is_told = places(&project, name).iter().any(|(code, _)| code == "V101");
        assert_eq!(is_told, expected.is_none(), "{name} {text}");
    }
    // The remedy of the message.
    let project = Project::with(&[("log.csv", &[header, &row("8月3日,8月10日,")].concat())]);
    let run = project.run(&["check", "@/log.csv"]);
    assert!(run.stdout.contains("dates.year 2021"), "{}", run.stdout);
    project.write("duban.yaml", b"dates: {year: 2021}\n");
    assert_eq!(groups(&project, "log.csv", "month"), [("2021-08".to_owned(), 1)]);
}

#[test]
fn units_that_look_alike_are_one() {
    let units =
        ["金光路办事处", "\u{2fa6}光路办事处", "金光路办事处\u{200b}", "\u{f90a}光路办事处", "金光路\u{feff}办事处"];
    let row = |(at, unit): (usize, &&str)| format!(",2021-08-03,{unit},{}产安全,描述{at},现场整改,,,\n", "\u{2f63}");
    let rows: String = units.iter().enumerate().map(row).collect();
    let project = Project::with(&[("log.csv", &format!("{HEADER}{rows}"))]);
    assert_eq!(groups(&project, "log.csv", "unit"), [("金光路办事处".to_owned(), 5)]);
    assert_eq!(groups(&project, "log.csv", "category"), [("生产安全".to_owned(), 5)]);
    project.write("duban.yaml", "units: [金光路办事处]\ncategories: [生产安全]\n".as_bytes());
    assert_eq!(places(&project, "log.csv"), []);
    assert_eq!(groups(&project, "log.csv", "unit"), [("金光路办事处".to_owned(), 5)]);
    let selected =
        project.run(&["tally", "@/log.csv", "--where", "unit=\u{2fa6}光路办事处", "--format", "json"]).json();
    assert_eq!(selected["total"]["found"], 5);
}

/// Messages of R207, by line.
fn totals(project: &Project, file: &str) -> Vec<(u64, String)> {
    let json = project.run(&["check", &format!("@/{file}"), "--as-of", "2021-08-20", "--format", "json"]).json();
    let list = json["diagnostics"].as_array().unwrap();
    list.iter()
        .filter(|fault| fault["code"] != "L119")
        .map(|fault| {
            assert_eq!(fault["code"], "R207", "{fault}");
            (fault["line"].as_u64().unwrap(), fault["message"].as_str().unwrap().to_owned())
        })
        .collect()
}

/// Every count of a tally may be declared in YAML; those that depend on a day, for the day that they name.
#[test]
fn totals_of_a_yaml_log_are_held_against_a_tally() {
    let log = |totals: &str| {
        format!(
            "totals: {totals}\n\
             issues:\n\
             - {{found_on: 2021-08-02, unit: 甲, site: 东门, category: 消防, description: 灯坏, disposition: on_site}}\n\
             - {{found_on: 2021-08-02, unit: 甲, site: 西门, category: 消防, description: 门坏, disposition: deadline, deadline: 2021-08-05, rectified_on: 2021-08-06}}\n\
             - {{found_on: 2021-08-03, unit: 乙, category: 消防, description: 窗坏, disposition: deadline, deadline: 2021-08-05}}\n\
             - {{found_on: 2021-08-03, unit: 乙, category: 消防, description: 误登, disposition: deadline, deadline: 2021-08-05, status: 撤销}}\n\
             inspections:\n\
             - {{date: 2021-08-02, team: 一组}}\n"
        )
    };
    let messages = |text: &str| {
        let project = Project::with(&[("log.yaml", &log(text))]);
        totals(&project, "log.yaml").into_iter().map(|(_, message)| message).collect::<Vec<_>>()
    };
    let sound = "{found: 3, rectified: 2, open: 1, closed: 0, overdue: 1, due_soon: 0, late: 1, repeat: 1, units: 2, sites: 2, inspections: 1, unit: {甲: 2}}";
    assert_eq!(messages(sound), [""; 0]);
    assert_eq!(messages("{发现: 3, 已整改: 2, 未整改: 1, 逾期: 1, 逾期整改: 1, 单位: 2, 点位: 2, 督查: 1}"), [""; 0]);
    // On the 4th, nothing but what was fixed on site was rectified.
    assert_eq!(messages("{as_of: 2021-08-04, found: 3, rectified: 1, open: 2, overdue: 0, due_soon: 2}"), [""; 0]);
    assert_eq!(
        messages("{rectified: 3, units: 3, 督查: 2}"),
        [
            "申报“已整改” 3 个，各行在 2021-08-20 实有 2 个",
            "申报“单位” 3 个，各行在 2021-08-20 实有 2 个",
            "申报“督查” 2 个，各行在 2021-08-20 实有 1 个",
        ]
    );
    assert_eq!(messages("{as_of: 2021-08-04, rectified: 2}"), ["申报“已整改” 2 个，各行在 2021-08-04 实有 1 个"]);
}

#[test]
fn subtotals_are_held_against_their_rows_and_never_counted() {
    let row = |id: u32, unit: &str| format!("WT-{id},2021-08-03,{unit},消防,描述{id},现场整改,,,\n");
    let (a, b) = ([row(1, "甲社区"), row(2, "甲社区")].concat(), row(3, "乙社区"));
    let check = |text: String, wrong: &[(u64, &str)]| {
        let project = Project::with(&[("log.csv", &format!("{HEADER}{text}"))]);
        let found = totals(&project, "log.csv");
        let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, wrong.iter().map(|(line, _)| *line).collect::<Vec<_>>(), "{text} {found:?}");
        for ((_, message), (_, part)) in found.iter().zip(wrong) {
            assert!(message.contains(part), "{message}");
        }
        let json = tally(&project, "log.csv", "unit");
        assert_eq!((&json["total"]["found"], &json["total"]["units"]), (&3.into(), &2.into()), "{text}");
    };
    for (one, two, all) in [
        ("甲社区 计数", "乙社区 计数", "总计数"),
        ("甲社区 汇总", "乙社区 汇总", "总计"),
        ("甲社区 Count", "乙社区 Count", "Grand Count"),
        ("小计", "小计", "合计"),
    ] {
        let text = |x: u32, y: u32, z: u32| format!("{a},,{one},,{x},,,,\n{b},,{two},,{y},,,,\n,,{all},,{z},,,,\n");
        check(text(2, 1, 3), &[]);
        check(text(3, 1, 3), &[(4, "2")]);
        check(text(2, 2, 3), &[(6, "1")]);
        check(text(2, 1, 4), &[(7, "3")]);
    }
    // The label of an Excel table's total row, and a total of each part.
    check(format!("{a}{b}汇总,,,,,,,,3\n"), &[]);
    check(format!("{a}合计,,,,2,,,,\n{b}合计,,,,1,,,,\n"), &[]);
    check(format!("{a}合计,,,,2,,,,\n{b}合计,,,,1,,,,\n合计,,,,3,,,,\n"), &[]);
    check(format!("{a}合计,,,,2,,,,\n{b}合计,,,,3,,,,\n"), &[(6, "1")]);
    check(format!("合计,,,,3,,,,\n{a}{b}"), &[]);
    // Together at the foot, in a column of their own.
    check(format!("{a}{b}甲社区 小计,,,,2,,,,\n乙社区 小计,,,,1,,,,\n合计,,,,3,,,,\n"), &[]);
    check(format!("{a}{b}甲社区 小计,,,,1,,,,\n乙社区 小计,,,,2,,,,\n"), &[(5, "2"), (6, "1")]);
    // All in one cell.
    check(format!("{a}{b}\"合计：3个，其中现场整改3个、限期整改0个，未整改0个\",,,,,,,,\n"), &[]);
    check(format!("{a}{b}\"合计：4个，其中现场整改2个、未整改1个\",,,,,,,,\n"), &[(5, "3"), (5, "3"), (5, "0")]);
    // Groups within groups: the label tells the column.
    check(format!("{a},,甲社区 计数,,2,,,,\n,,,消防 计数,2,,,,\n{b},,乙社区 计数,,1,,,,\n,,,消防 计数,1,,,,\n"), &[]);
    // Rows that are no issues, wherever they stand.
    for line in ["说明：红色为逾期", "第1页 共3页", "Page 1 of 3", "一、消防安全", "（以下空白）", "※本表一式两份"]
    {
        check(format!("{line},,,,,,,,\n{a}{line},,,,,,,,\n{b}{line},,,,,,,,\n"), &[]);
        check(format!("{a}{line}\n{b}{line}\n"), &[]);
    }
    let long = format!("说明：{}", "本表由各检查组填写，每周五前报送。".repeat(5));
    check(format!("{a}{b}{long},,,,,,,,\n"), &[]);
}

/// What says something of an issue is an issue, perhaps a faulty one, and never a note that is passed over.
#[test]
fn no_row_with_a_cell_of_an_issue_is_passed_over() {
    let header = "序号,发现日期,责任单位,问题类别,问题描述,整改方式,备注\n1,2021-08-03,乙村,消防,通道堵塞,现场整改,\n";
    let found = |row: &str| {
        let project = Project::with(&[("log.csv", &format!("{header}{row}\n"))]);
        let others = faults(&project, "log.csv").into_iter().filter(|(code, ..)| code != "L119");
        (tally(&project, "log.csv", "unit")["total"]["found"].as_u64().unwrap(), others.count())
    };
    for row in [
        ",,,,●污水横流,,",
        ",,,,说明：此处污水横流,,",
        ",,,,※污水横流,,",
        "●4,,乙村,消防,灭火器过期,限期整改",
        "★4,2021-08-04,乙村,消防,灭火器过期,限期整改",
        "注1,,乙村,消防,灭火器过期,限期整改",
        "3、灭火器丢失,,,,,,",
        "▲乙村,,乙村,,,,",
    ] {
        let (count, faults) = found(row);
        assert!(count == 2 && faults > 0, "{row}: {count} {faults}");
    }
    for row in [
        "2,,,,,,",
        "（2）,,,,,,",
        "合计,,,,,,",
        "●红色为逾期,,,,,,",
        ",,,,（以下空白）,,",
        "一、消防安全,,,,,,",
        "填表人：张三,,审核人：李四,,,,",
    ] {
        assert_eq!(found(row), (1, 0), "{row}");
    }
    // A note with commas, under ids.
    let note = "说明：红色为逾期,黄色为将到期,绿色为已整改\n";
    let project = Project::with(&[("log.csv", &(header.replace("序号", "编号") + note))]);
    assert_eq!(faults(&project, "log.csv"), [("L119".to_owned(), "3".to_owned(), String::new())]);
    // A count beside the running numbers is held against the rows.
    for (row, expected) in [("合计：2个,,,,,,", 1), ("合计：1个,,,,,,", 0)] {
        assert_eq!(found(row), (1, expected), "{row}");
    }
}

#[test]
fn a_unit_may_be_called_like_a_total() {
    let rows = "WT-1,,数据汇总,消防,灭火器过期,现场整改,,,\nWT-2,2021-08-03,合计,消防,通道堵塞,现场整改,,,\n";
    let project = Project::with(&[("log.csv", &format!("{HEADER}{rows}"))]);
    assert_eq!(tally(&project, "log.csv", "unit")["total"]["found"], 2);
}

#[test]
fn as_above_is_the_value_above() {
    let rows = "WT-1,2021-08-03,甲社区,消防,灭火器过期,现场整改,,,\n\
                WT-2,同上,同上,卫生,\"垃圾,\"\"乱倒\"\"\",现场整改,,,\n\
                WT-3,〃,同上。,同上,同前,同上,,,\n\
                WT-4,2021-08-04,乙社区,消防,同上楼层堆物,现场整改,,,\n";
    let project = Project::with(&[("log.csv", &format!("{HEADER}{rows}"))]);
    assert_eq!(groups(&project, "log.csv", "unit"), [("乙社区".to_owned(), 1), ("甲社区".to_owned(), 3)]);
    assert_eq!(groups(&project, "log.csv", "category"), [("卫生".to_owned(), 2), ("消防".to_owned(), 2)]);
    let told = places(&project, "log.csv").into_iter().filter(|(code, _)| code == "V116").count();
    assert_eq!(told, 2 + 5);
    // Other marks, and blanks in them.
    let marks = ["同　上", "同 上", " 同上", "″", "“", "”", "\"\"\"\"", "如上", "上同", "Ditto", "as above", "do."];
    let row = |(id, unit): (usize, &&str)| format!("WT-{id},2021-08-03,{unit},消防,{id}号楼堆物,现场整改,,,\n");
    let rows: String = ["甲社区"].iter().chain(&marks).enumerate().map(row).collect();
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    assert_eq!(groups(&project, "log.csv", "unit"), [("甲社区".to_owned(), 1 + marks.len() as u64)]);
    let told = places(&project, "log.csv").into_iter().filter(|(code, _)| code == "V116").count();
    assert_eq!(told, marks.len());
    // Nothing above.
    let rows = "WT-1,2021-08-03,同上,消防,灭火器过期,现场整改,,,\n";
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    assert_eq!(groups(&project, "log.csv", "unit"), [(String::new(), 1)]);
    // The row above was read from another part of the file.
    let row =
        |id: u32, unit: &str| format!("WT-{id},2021-08-03,{unit},消防,描述{id},现场整改,,,{}\n", "备注".repeat(40));
    let rows: String = (1..4000).map(|id| row(id, if id == 1 { "甲社区" } else { "同上" })).collect();
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    assert_eq!(groups(&project, "log.csv", "unit"), [("甲社区".to_owned(), 3999)]);
}

#[test]
fn a_filler_is_no_unit_and_its_row_counts() {
    let fillers = ["无", "/", "—", "0", "待定", "N/A"];
    let rows = fillers.map(|unit| format!("WT,2021-08-03,{unit},{unit},描述{unit},现场整改,,,\n")).concat();
    let project = Project::with(&[("log.csv", &format!("{HEADER}{rows}")), ("duban.yaml", "rules: {L108: off}\n")]);
    assert_eq!(groups(&project, "log.csv", "unit"), [(String::new(), 6)]);
    let units = faults(&project, "log.csv").into_iter().filter(|(code, _, field)| code == "V109" && field == "unit");
    assert_eq!(units.count(), 6);
}

#[test]
fn what_is_passed_over_among_the_rows_is_told() {
    let header = "检查日期,责任单位,问题类别,问题描述,整改方式,整改期限\n2021-08-03,甲村,消防,通道堵塞,现场整改,\n";
    let read = |row: &str| {
        let project = Project::with(&[("log.csv", &format!("{header}{row}\n"))]);
        let codes: Vec<String> = faults(&project, "log.csv").into_iter().map(|(code, ..)| code).collect();
        (tally(&project, "log.csv", "unit")["total"]["found"].as_u64().unwrap(), codes)
    };
    for row in ["说明：红色为逾期,,,,,", "一、已销号问题（1个）,,,,,", "（二）未整改问题,,,,,"]
    {
        assert_eq!(read(row), (1, vec!["L119".to_owned()]), "{row}");
    }
    for row in ["一、消防安全,,,,,", "填表人：张三,,审核人：李四,,,填表日期：2021年8月3日", "（以下空白）,,,,,"]
    {
        assert_eq!(read(row), (1, Vec::new()), "{row}");
    }
    // It begins like a signature, and is an issue without its unit.
    for row in ["2021-08-05,,台账,签字（盖章）不全,限期整改,2021-08-10", ",,台账,审核 把关不严,限期整改,2021-08-10"]
    {
        let (found, codes) = read(row);
        assert!(found == 2 && codes.contains(&"V109".to_owned()), "{row}: {found} {codes:?}");
    }
}

#[test]
fn one_unit_is_one_however_it_is_spelled() {
    let header = "检查日期,责任单位,问题类别,问题描述,整改方式\n";
    let units = ["甲社区(东)", "甲　社区（东）", "\"甲\n社区（东）\"", "甲社区\u{200b}（东）", "甲社区（东)"];
    let rows = units.iter().enumerate().map(|(at, unit)| format!("2021-08-03,{unit},消防,堵塞{at},现场整改\n"));
    let project = Project::with(&[("log.csv", &format!("{header}{}", rows.collect::<String>()))]);
    assert_eq!(groups(&project, "log.csv", "unit"), [("甲社区（东）".to_owned(), 5)]);
}

#[test]
fn a_row_is_no_issue_only_if_nothing_contradicts_it() {
    for (rest, counts) in [
        ("未发现问题,,", false),
        ("无,/,—", false),
        ("正常。,,", false),
        ("/,,", false),
        ("无,现场整改,", true),
        ("正常,,2021-08-10", true),
        ("未发现问题整改,,", true),
        ("无灭火器,,", true),
    ] {
        let row = format!("WT-1,2021-08-03,甲社区,消防,{rest},,\n");
        let project = Project::with(&[("log.csv", &format!("{HEADER}{row}"))]);
        assert_eq!(tally(&project, "log.csv", "unit")["total"]["found"], u64::from(counts), "{rest}");
        let codes: Vec<String> = places(&project, "log.csv").into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes.contains(&"L116".to_owned()), !counts, "{codes:?}");
        assert_eq!(codes.contains(&"L102".to_owned()), !counts, "a log of no issues: {codes:?}");
    }
}

#[test]
fn a_time_beside_the_day_of_finding_is_no_doubled_column() {
    let row = "2021-08-03,09:30,甲社区,消防,灭火器过期,现场整改\n";
    let project = Project::with(&[("log.csv", &format!("发现日期,时间,责任单位,问题类别,问题描述,整改方式\n{row}"))]);
    assert_eq!(places(&project, "log.csv"), []);
    assert_eq!(groups(&project, "log.csv", "month"), [("2021-08".to_owned(), 1)]);
    let row = "09:30,2021-08-03,甲社区,消防,灭火器过期,现场整改\n";
    project.write("log.csv", format!("时间,发现日期,责任单位,问题类别,问题描述,整改方式\n{row}").as_bytes());
    assert_eq!(places(&project, "log.csv"), []);
    assert_eq!(groups(&project, "log.csv", "month"), [("2021-08".to_owned(), 1)]);
    // Twice the same says nothing more.
    let text = "日期,日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,2021-08-04,甲社区,消防,灭火器过期,现场整改\n";
    project.write("log.csv", text.as_bytes());
    assert!(places(&project, "log.csv").contains(&("L106".to_owned(), "1".to_owned())));
}

/// A YAML or JSON log has one grammar with a table: 同上, fillers, the project's own names and vague ones.
#[test]
fn a_record_is_read_as_a_row_is() {
    let yaml = "- {发现日期: 2021-08-03, 单位: 甲, 类别: 消防, 问题描述: 灯坏, 整改方式: 现场整改}\n\
                - {发现日期: 同上, 问题描述: 门坏, 单位: 同上, 类别: 〃, 整改方式: 同上}\n\
                - {发现日期: 2021-08-04, 单位: 无, 类别: 消防, 问题描述: 窗坏, 整改方式: 现场整改}\n\
                - {发现日期: 同上, 单位: 乙, 类别: 消防, 问题描述: 墙裂, 整改方式: 现场整改, 备注: 同上}\n";
    let csv = "发现日期,单位,类别,问题描述,整改方式,备注\n2021-08-03,甲,消防,灯坏,现场整改,\n同上,同上,〃,门坏,同上,\n\
               2021-08-04,无,消防,窗坏,现场整改,\n同上,乙,消防,墙裂,现场整改,同上\n";
    let read = |name: &str, text: &str| {
        let project = Project::with(&[(name, text)]);
        let path = format!("@/{name}");
        let tally = project.run(&["tally", &path, "--by", "unit", "--as-of", "2021-08-20", "--format", "json"]).json();
        let check = project.run(&["check", &path, "--as-of", "2021-08-20", "--format", "json"]).json();
        let messages: Vec<String> =
            check["diagnostics"].as_array().unwrap().iter().map(|fault| fault["message"].to_string()).collect();
        (tally, messages)
    };
    let (tally, messages) = read("log.yaml", yaml);
    assert_eq!(groups_of(&tally), [("甲", 2), ("", 1), ("乙", 1)]);
    assert!(messages.iter().any(|message| message.contains("按上一行的“甲”读")), "{messages:?}");
    assert_eq!((tally, messages), read("log.csv", csv));
    // The project's own key counts, wherever it stands; a vague one never does beside another.
    let config = "columns: {unit: [承办社区]}\n";
    let log = "- {单位: 街道, 时间: 2020-01-01, 发现日期: 2021-08-03, 承办社区: 甲, 类别: 消防, 问题描述: 灯坏, 整改方式: 现场整改}\n";
    let project = Project::with(&[("duban.yaml", config), ("log.yaml", log)]);
    let tally =
        project.run(&["tally", "@/log.yaml", "--by", "unit", "--where", "month=2021-08", "--format", "json"]).json();
    assert_eq!(groups_of(&tally), [("甲", 1)]);
    let check = project.run(&["check", "@/log.yaml", "--as-of", "2021-08-20", "--format", "json"]).json();
    assert_eq!(check["diagnostics"], serde_json::json!([]), "{check}");
}

fn groups_of(tally: &Value) -> Vec<(&str, u64)> {
    let groups = tally["groups"].as_array().unwrap().iter();
    groups.map(|group| (group["key"]["unit"].as_str().unwrap(), group["found"].as_u64().unwrap())).collect()
}

/// Text of a Western encoding that would pass as GB18030 is not read as rare hanzi.
#[test]
fn western_text_is_not_read_as_chinese() {
    for (text, expected) in [
        ("M\u{fc}ller GmbH", "0xFC"),
        ("K\u{f6}ln Stra\u{df}e", "0xF6"),
        ("Caf\u{e9}s S\u{e3}o Jo\u{e3}ozinho", "0xE9"),
    ] {
        let bytes: Vec<u8> =
            format!("Found on,Unit,Category,Description,Disposition\n2021-08-03,{text},Fire,x,on site\n")
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
        let project = Project::with(&[]);
        project.write("log.csv", &bytes);
        let check = project.run(&["check", "@/log.csv", "--format", "json"]).json();
        let fault = &check["diagnostics"][0];
        assert_eq!((&fault["code"], &fault["line"]), (&"L101".into(), &2.into()), "{check}");
        assert!(fault["message"].as_str().unwrap().contains(expected), "{fault}");
        assert_eq!(project.run(&["tally", "@/log.csv"]).status, 2);
    }
}

/// A stray quote takes the row below into its cell; a text of several lines does not look like one.
#[test]
fn a_row_within_a_cell_is_told() {
    let told = |text: &str| {
        let project = Project::with(&[("log.csv", text)]);
        let check = project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--format", "json"]).json();
        let list = check["diagnostics"].as_array().unwrap().iter();
        list.filter(|fault| fault["code"] == "L124").map(|fault| fault["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let head = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\n";
    let row = |id: &str, text: &str| format!("{id},2021-08-03,甲,消防,{text},现场整改\n");
    // Two, three and five rows in one; a day without a year; another delimiter.
    let swallowing = format!("{head}{}{}{}", row("A", "\"灯坏"), row("B", "门坏\""), row("C", "窗坏"));
    assert_eq!(told(&swallowing), [2]);
    let three = format!("{head}{}{}{}{}", row("Z", "好"), row("A", "\"灯坏"), row("B", "门坏"), row("C", "\"窗坏"));
    assert_eq!(told(&three), [3]);
    assert_eq!(told(&three.replace("2021-08-03", "8月3日")), [3]);
    assert_eq!(told(&three.replace(',', ";")), [3]);
    assert_eq!(told(&three.replace('\n', "\r\n")), [3]);
    for text in [
        "\"灯坏\n门坏\"",
        "\"一、灯坏,门坏,窗坏\n二、墙裂,地陷,水漏,电断,气泄\"",
        "\"见 2021-08-03 通知,\n要求:灯,门,窗,墙,地,水\"",
        "\"他说\"\"整改\"\",\n,,,,,\"",
    ] {
        let log = format!("{head}{}{}", row("A", text), row("B", "窗坏"));
        assert_eq!(told(&log), [0; 0], "{text}");
    }
}

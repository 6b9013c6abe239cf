//! Workbooks as logs.

use std::io::Write as _;

use crate::project::Project;

/// The ledger that duban writes is a log with the tally of the logs it was made from.
#[test]
fn a_ledger_reads_back_to_the_same_tally() {
    let project = Project::example("zhengdong-2021");
    project.run(&["draft", "ledger", "--as-of", "2021-08-20", "-o", "@/out"]).success();
    let tally = |paths: &[&str]| {
        let mut arguments = vec!["tally", "--by", "unit,category", "--as-of", "2021-08-20", "--format", "json"];
        arguments.extend(paths);
        let mut json = project.run(&arguments).success().json();
        // A ledger lists issues only.
        json["total"]["inspections"] = 0.into();
        json
    };
    assert_eq!(tally(&["@/out/ledger-draft-2021-08-20.xlsx"]), tally(&[]));
    // Beside its figures a ledger is a document; it is read when it is named.
    assert_eq!(project.run(&["tally", "@/out"]).status, 2);
    std::fs::remove_file(project.path().join("out/ledger-draft-2021-08-20.figures.json")).unwrap();
    assert_eq!(tally(&["@/out"]), tally(&[]));
}

/// A fault of a workbook names its cell; the annotated workbook that `check` gives back is read, too.
#[test]
fn a_fault_of_a_workbook_names_its_cell() {
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\nA,2021-08-03,甲,消防,\"楼道,\n堆物\",现场整改\nB,2021-13-40,乙,消防,过期,现场整改\n";
    let project = Project::with(&[("log.csv", log)]);
    project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--annotate", "@/back.xlsx"]);
    let json = project.run(&["check", "@/back.xlsx", "--as-of", "2021-08-20", "--format", "json"]).json();
    let fault = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fault| fault["code"] == "V101")
        .unwrap_or_else(|| panic!("{json}"))
        .clone();
    assert_eq!((&fault["line"], &fault["cell"], &fault["sheet"]), (&3.into(), &"B3".into(), &"log.csv".into()));
    let text = project.run(&["check", "@/back.xlsx", "--as-of", "2021-08-20"]).stdout;
    assert!(text.contains("log.csv!B3 "), "{text}");
}

/// What is no workbook, and what would fill the memory, is refused with a sentence.
#[test]
fn hostile_workbooks_are_refused() {
    let project = Project::with(&[("log.xlsx", "no workbook")]);
    let refused = || {
        let run = project.run(&["check", "@/log.xlsx"]);
        assert_eq!(run.status, 2, "{}", run.stdout);
        assert!(run.stderr.contains("log.xlsx"), "{}", run.stderr);
    };
    refused();
    // A few bytes that say they are two gigabytes when unpacked.
    let mut package = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    package.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    package.write_all(b"<workbook/>").unwrap();
    let mut bytes = package.finish().unwrap().into_inner();
    let directory = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    bytes[directory + 24..directory + 28].copy_from_slice(&0x8000_0000_u32.to_le_bytes());
    project.write("log.xlsx", &bytes);
    refused();
}
